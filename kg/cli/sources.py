"""What the causes of errors are sought in: documents as the pipeline lays them out, and the cue words. Loads slowly."""

from collections.abc import Callable

from kg.evaluation import Source
from kg.extraction.statements.context import Context
from kg.extraction.statements.cues import predicate_cues
from kg.folding import fold
from kg.lexicon import Lexicon
from kg.model import Predicate


def source(context: Context) -> Source:
    """Return a document's text, its sentences, and every name that was found in it."""
    names = {
        name
        for reference in context.references
        for name in (reference.mention.text, reference.entity, reference.canonical)
        if name is not None
    }
    sentences = [(sentence.start, sentence.end) for sentence in context.layout.sentences]
    return Source(context.document.text, sentences, sorted(names))


def cued(lexicon: Lexicon) -> Callable[[str, Predicate], bool]:
    """Return whether a text has a cue word for a predicate, as a function of both.

    >>> cued(Lexicon())("安屿科技推出了智能手表", Predicate.LAUNCHES)
    True
    """
    finder = predicate_cues(lexicon)
    return lambda text, predicate: any(predicate in cue.points_to for cue in finder.find(fold(text)))
