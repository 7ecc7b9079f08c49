"""A chat model as the reader of a verb: what the user asked for, and what it came to. Loads slowly."""

import logging
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kg.cli.options import ReaderChoice
from kg.cli.output import note
from kg.cli.reader import Reader
from kg.llm.budget import Budget
from kg.llm.endpoint import endpoint
from kg.llm.reader import ModelReader
from kg.model import Extraction


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is to read, and what a model may cost."""

    reader: ReaderChoice
    max_tokens: int | None = None
    max_cost: float | None = None


class Tally:
    """What a model has made of documents, counted up as they come."""

    def __init__(self) -> None:
        """Begin at nought."""
        self._documents = self._accepted = self._disputes = 0
        self._rejections: Counter[str] = Counter()
        self._seconds = 0.0

    def add(self, extraction: Extraction) -> None:
        """Count one document, if a model has read it."""
        if extraction.reading is not None:
            self._documents += 1
            self._accepted += extraction.reading.accepted
            self._disputes += len(extraction.disputes)
            self._seconds += extraction.reading.seconds
            self._rejections.update(dict(extraction.reading.rejections))

    def line(self) -> str:
        """Return what there is to say of the answers."""
        causes = ", ".join(f"{cause} {count}" for cause, count in self._rejections.most_common()) or "none"
        return (
            f"{self._documents} documents read by the model: {self._accepted} records borne out by the text, "
            f"{self._rejections.total()} rejected ({causes}), {self._disputes} disputes with the rules, "
            f"{self._seconds / max(1, self._documents):.1f} seconds of answering a document"
        )


@contextmanager
def reading_by(asked: Asked, reader: Reader) -> Iterator[Tally]:
    """Have the reader ask a model, if it is to, and say at the end, on standard error, what went where and what it cost."""
    tally = Tally()
    if asked.reader is ReaderChoice.RULES:
        yield tally
        return
    reached = endpoint(os.environ)
    budget = Budget(tokens=asked.max_tokens, cost=asked.max_cost, prices=reached.prices)
    with ModelReader(reached, budget, reader.pipeline, both=asked.reader is ReaderChoice.BOTH) as model, _logged():
        note(f"kg: passages of the documents go to {reached.server}, model {reached.model}; answers are kept in {reached.cache}")
        reader.reads_by(model.begin, reached.jobs)
        try:
            yield tally
        finally:
            spent = budget.spent
            cost = "" if budget.cost is None else f", at a cost of {budget.cost:.4f}"
            note(f"kg: {tally.line()}")
            note(f"kg: {model.chat.requests} requests sent, {spent.prompt} tokens of prompt and {spent.answer} of answer{cost}")


@contextmanager
def _logged() -> Iterator[None]:
    """Show what is sent, tried again and rejected, where KG_LOG=info asks for it."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("kg: %(message)s"))
    logger = logging.getLogger("kg.llm")
    wanted = os.environ.get("KG_LOG", "").lower() == "info"
    if wanted:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
