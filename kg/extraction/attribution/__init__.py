"""Who answers for each clause of a document: the innermost named source, the turn's speaker, or nobody.

`frames` finds where a sentence hands over to a source (`徐直军表示`, `据路透社报道`), `quotations` whose words stand in
marks, `letters` and `voice` who speaks where no sentence says so, and `stretch` puts them together for one paragraph.
"""

import itertools
from collections.abc import Sequence
from dataclasses import replace

from kg.extraction.attribution.letters import document_voice
from kg.extraction.attribution.scene import SPEAKERS, Frame, Memory, Scene
from kg.extraction.attribution.stretch import Base, Stretch
from kg.extraction.attribution.voice import answering, heading_outlet, interviewee, introduced, issuer, labelled, officers, topic
from kg.extraction.attribution.words import words
from kg.lexicon import Lexicon
from kg.model import Attribution, BlockKind, Clause, Document, Kind, Layout, Reference, Role

__all__ = ["attribute"]

_OPENING = ("“", "「")
_AT_THE_END = 4
_GAP = 9
_DIVIDERS = frozenset({BlockKind.TITLE, BlockKind.HEADING})


def attribute(document: Document, view: str, layout: Layout, references: Sequence[Reference], lexicon: Lexicon) -> list[Attribution]:
    """Return one attribution a clause, in the order of `layout.clauses`; `view` is the folded text, `references` are sorted.

    A speaker is an entity's name, or a name as the text writes it where no reference covers it; None is the outlet itself.

    >>> from kg.model import Block, Mention, Sentence, Turn
    >>> text = "徐直军表示,华为云没有出售计划。"
    >>> clauses = Clause(0, 5, 0), Clause(6, 15, 0)
    >>> layout = Layout((Block(0, 16, BlockKind.PARAGRAPH),), (Turn(0, 16, Role.NARRATION),), (Sentence(0, 16, 0, 0),), clauses)
    >>> person = Reference(Mention(0, 3, "徐直军", Kind.PERSON, "lexicon"), "徐直军", Kind.PERSON, "exact")
    >>> [a.speaker for a in attribute(Document("0", "a", text, "a.txt"), text, layout, [person], Lexicon())]
    ['徐直军', '徐直军']
    """
    wording = words(lexicon)
    able = [reference for reference in references if reference.kind in SPEAKERS and reference.mention.text not in wording.common]
    people = frozenset(reference.entity for reference in able if reference.kind is Kind.PERSON)
    others = frozenset(reference.mention.text for reference in references if reference.kind is not Kind.PERSON)
    papers = frozenset(reference.entity for reference in able if view[reference.mention.start - 1 : reference.mention.start] == "《")
    scene = Scene(view, able, [reference.mention.start for reference in able], people, others, officers(view, able, wording), papers)
    whole = document_voice(document, scene, layout, wording)
    guest = interviewee(layout, able)
    about = topic(view, able, layout, lexicon)
    own = None if whole else issuer(scene, layout, wording, about)
    main = own or about
    out: list[Attribution] = []
    memory, onward, enclosed, medium, previous = Memory(topic=main, issuer=own), None, None, None, 0
    for (number, turn_number), group in itertools.groupby(enumerate(layout.clauses), key=lambda item: _place(layout, item[1])):
        dividers = [between for between in range(previous, number) if layout.blocks[between].kind in _DIVIDERS]
        if dividers:
            last = layout.blocks[dividers[-1]]
            medium = heading_outlet(view, last, wording) if last.kind is BlockKind.HEADING else None
            enclosed = enclosed if dividers == [previous + 1] else None
            headed = scene.between(layout.blocks[dividers[-1]].start, layout.blocks[dividers[-1]].end)
            about = next((reference.entity for reference in headed if reference.kind is not Kind.PERSON), main)
            memory, onward = Memory(topic=own or about, issuer=own), onward if onward and onward.kind == "onward" and not own else None
        previous = number
        turn = layout.turns[turn_number]
        match turn.role:
            case Role.QUESTION:
                base = Base(turn.speaker, True, True, False, guest)
            case Role.ANSWER:
                base = Base(answering(turn.speaker, scene, layout, wording) or own or guest or main, False, False, False)
            case Role.NARRATION:
                voice = (
                    labelled(scene, layout.blocks[number])
                    or whole
                    or turn.speaker
                    or enclosed
                    or introduced(scene, layout.blocks[number], wording)
                )
                base = Base(voice or medium or own, False, False, voice is None)
        memory.speaker = own or memory.speaker
        if onward and onward.speaker is None and not wording.patterns["list_item"].match(view, layout.blocks[number].start):
            onward = None  # rumours that nobody named tells are told on only as a list
        stretch = Stretch(scene, wording, base, memory, layout.sentences, list(group), onward)
        out.extend(stretch.attributions())
        end = layout.blocks[number].end
        if wording.patterns["whole_text"].search(view, max(0, end - 30), end):
            enclosed = None if own else memory.speaker or memory.topic
        onward = _onward(view, end, stretch, onward)
    return [_as_written(one, document, view) for one in out]


def _as_written(attribution: Attribution, document: Document, view: str) -> Attribution:
    """Return an attribution whose speaker has the characters of the document, where the folded text has others (兆伦, 兆倫)."""
    speaker = attribution.speaker
    start = -1 if speaker is None or speaker in document.text else view.find(speaker)
    return attribution if speaker is None or start < 0 else replace(attribution, speaker=document.text[start : start + len(speaker)])


def _place(layout: Layout, clause: Clause) -> tuple[int, int]:
    sentence = layout.sentences[clause.sentence]
    return sentence.block, sentence.turn


def _onward(view: str, end: int, stretch: Stretch, before: Frame | None) -> Frame | None:
    """Return the frame that may go on into the next paragraph: a paper's, or after a colon, and then through what it introduced."""
    frame, memory = stretch.active, stretch.memory
    if not stretch.base.narrated:
        return None
    quoted = view[end - 1] == ":" and view[end : end + _GAP].lstrip().startswith(_OPENING)
    if frame is None and quoted and memory.named_at >= stretch.clauses[0][1].start:
        return Frame(end, end, "onward", memory.person, False)
    if frame is None or (frame.speaker is None and not frame.hearsay):
        return None
    if frame.kind == "report":
        return frame
    introduces = view[end - 1] == ":" and end - frame.end <= _AT_THE_END
    if introduces or (frame is before and frame.kind == "onward"):
        return Frame(frame.start, frame.end, "onward", frame.speaker, frame.hearsay)
    return None
