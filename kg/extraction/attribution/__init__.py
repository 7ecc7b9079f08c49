"""Who answers for each clause of a document: the innermost named source, the turn's speaker, or nobody.

`frames` finds where a sentence hands over to a source (`徐直军表示`, `据路透社报道`), `quotations` whose words stand in
marks, `voice` who speaks where no sentence says so, and `stretch` puts them together for one paragraph.
"""

import itertools
from collections.abc import Sequence

from kg.extraction.attribution.frames import SPEAKERS, Memory, Scene
from kg.extraction.attribution.stretch import Base, Stretch
from kg.extraction.attribution.voice import document_voice, interviewee, officers, topic, turn_speaker
from kg.extraction.attribution.words import words
from kg.lexicon import Lexicon
from kg.model import Attribution, Document, Layout, Reference, Role

__all__ = ["attribute"]


def attribute(
    document: Document, view: str, layout: Layout, references: Sequence[Reference], lexicon: Lexicon
) -> list[Attribution]:
    """Return one attribution a clause, in the order of `layout.clauses`; `view` is the folded text."""
    wording = words(lexicon)
    able = [reference for reference in references if reference.kind in SPEAKERS]
    scene = Scene(view, able, [reference.mention.start for reference in able], {})
    scene = Scene(view, able, scene.starts, officers(scene, wording))
    whole = document_voice(document, view, layout, wording)
    guest = interviewee(layout, able)
    platform = bool(wording.patterns["investor_platform"].search(view))
    main = topic(able, layout)
    out: list[Attribution] = []
    numbered = enumerate(layout.clauses)
    last: str | None = None
    for (_, turn_number), group in itertools.groupby(
        numbered, key=lambda item: (layout.sentences[item[1].sentence].block, layout.sentences[item[1].sentence].turn)
    ):
        turn = layout.turns[turn_number]
        if turn.role is Role.NARRATION:
            base = Base(whole or turn.speaker, False, False, not (whole or turn.speaker))
        else:
            asked = turn.role is Role.QUESTION
            base = Base(turn_speaker(turn, guest, platform), asked, asked, False)
        stretch = Stretch(scene, wording, base, Memory(topic=main, person=last, speaker=None), layout.sentences)
        out.extend(stretch.attributions(list(group)))
        last = stretch.memory.person or last
    return out
