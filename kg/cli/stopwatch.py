"""How long each stage takes with a document. Loads slowly."""

from collections import Counter
from itertools import pairwise
from time import process_time

from kg.extraction.pipeline import Pipeline
from kg.extraction.statements.assemble import shipped_models, statements
from kg.extraction.statements.denials import settle
from kg.extraction.statements.stance import judge
from kg.lexicon import Lexicon
from kg.model import Document


class Stopwatch:
    """Reads documents with a pipeline and takes the processor's time."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline, self._lexicon, self._models = pipeline, Lexicon(), shipped_models()

    def read(self, document: Document) -> Counter[str]:
        """Return the seconds of each stage, in their order, and of all together.

        The first stages of `statements` run once alone and once inside it; what the others take is the difference.
        """
        times = [process_time()]
        context, _ = self._pipeline.analyse(document)
        times.append(process_time())
        picks = self._models.detector.detect(context)
        times.append(process_time())
        stances = judge(context, [(pick.clause, pick.predicate) for pick in picks], self._models.stance, self._lexicon)
        times.append(process_time())
        judged = [(pick, *judgement) for pick, judgement in zip(picks, stances, strict=True)]
        list(settle(context, judged, self._models.denials, self._lexicon))
        times.append(process_time())
        statements(context, self._lexicon, self._models)
        times.append(process_time())
        first, detect, stance, denials, whole = (end - start for start, end in pairwise(times))
        return Counter(
            {
                "layout, names, figures, speakers": first,
                "relations": detect,
                "stances": stance,
                "denials": denials,
                "subjects, objects, dates": whole - detect - stance - denials,
                "all": first + whole,
            }
        )
