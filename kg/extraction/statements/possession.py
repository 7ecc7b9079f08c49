"""What somebody calls his own by its name: `我们的鹿铃平台` says whose it is, whatever else the clause says of it."""

import functools
from collections.abc import Iterator, Mapping

from kg.extraction.statements.context import ClauseContext
from kg.lexicon import Lexicon
from kg.model import Kind, Predicate, Reference

_OWN = "的"
_OF_US = ("我们", "咱们", "我司", "本公司")  # what begins cue words that say no more than this
_OWNED = frozenset((Kind.PRODUCT, Kind.UNIT))


@functools.cache
def pronouns(lexicon: Lexicon) -> Mapping[str, str]:
    """Return the words of subject_pronouns.tsv, each with whom it refers to."""
    return {row["word"]: row["refers"] for row in lexicon.table("subject_pronouns")}


def ours(clause: ClauseContext, words: Mapping[str, str]) -> Iterator[tuple[str, Reference]]:
    """Yield the products and units that stand by name right behind 我们 or 我们的, each with that word.

    `words` are pronouns. Nothing of what is only asked, nor where another word of the clause says who owns what.
    """
    if clause.attribution.speaker is None or clause.is_question or clause.asked:
        return
    if any(Predicate.OWNS.value in cue.points_to and not cue.word.startswith(_OF_US) for cue in clause.cues):
        return
    named = {one.mention.start: one for one in clause.references if one.kind in _OWNED}
    ends, of = {token.end for token in clause.tokens}, {token.start: token.end for token in clause.tokens if token.text == _OWN}
    for token in clause.tokens:
        we = words.get(token.text) == "we" and len(token.text) > 1
        reference = named.get(of.get(token.end, token.end)) if we else None
        if reference is not None and reference.mention.end in ends:
            yield token.text, reference
