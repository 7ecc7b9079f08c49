"""A model as a reader of documents: passages go out, what comes back and stands in the text becomes statements."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from kg.extraction.pipeline import Pipeline, named_entities
from kg.extraction.statements.context import Context
from kg.lexicon import Lexicon
from kg.llm.agreement import agree
from kg.llm.answers import parse
from kg.llm.budget import Budget
from kg.llm.cache import Reply
from kg.llm.chat import Chat
from kg.llm.chunks import Chunk, chunks
from kg.llm.endpoint import Endpoint
from kg.llm.grounding import letters
from kg.llm.prompt import question
from kg.llm.verification import Cause, Rejected, Verifier
from kg.model import MODEL_RULE, Document, Extraction, ModelReading, Statement, Unresolved

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Read:
    statements: tuple[Statement, ...]
    reading: ModelReading


class ModelReader:
    """Reads documents with a chat model; with `rules` too, and says where the two differ. Close it, or use it as a context manager."""

    def __init__(self, endpoint: Endpoint, budget: Budget, pipeline: Pipeline, *, both: bool = False) -> None:
        """Make ready to ask; nothing is sent yet."""
        self.chat = Chat(endpoint, budget)
        self._endpoint, self._pipeline, self._both = endpoint, pipeline, both
        self._lexicon: Lexicon = pipeline.lexicon
        self._prompt = self._lexicon.prompt("statements")
        self._threads = ThreadPoolExecutor(endpoint.jobs, "chat")

    def __enter__(self) -> Self:
        """Return the reader itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Let what is under way end, and close the connections."""
        self._threads.shutdown(cancel_futures=True)
        self.chat.__exit__()

    def begin(self, document: Document) -> Callable[[], Extraction]:
        """Ask the model about a document, and return what waits for its answers.

        That raises BudgetSpent or LlmError where the model was not asked about all of it, or did not answer.
        """
        context, unresolved = self._pipeline.analyse(document)
        passages = list(chunks(context))
        asked = [self._threads.submit(self.chat.ask, question(document, passage, self._prompt)) for passage in passages]
        return lambda: self._end(context, unresolved, self._verified(context, passages, _answered(asked)))

    def _end(self, context: Context, unresolved: Sequence[Unresolved], read: _Read) -> Extraction:
        document = context.document
        exchanges = self._pipeline.exchanges(context)
        if not self._both:
            named = named_entities(read.statements, context.references)
            return Extraction(document, named, read.statements, tuple(unresolved), (), read.reading, exchanges)
        found, unfound = self._pipeline.stated(context)
        both = agree(found, read.statements)
        named = named_entities(both.statements, context.references)
        return Extraction(document, named, both.statements, (*unresolved, *unfound), both.disputes, read.reading, exchanges)

    def _verified(self, context: Context, passages: Sequence[Chunk], replies: Sequence[Reply]) -> _Read:
        rule = f"{MODEL_RULE}{self._endpoint.model} prompt:{self._prompt.digest}"
        verifier = Verifier(context, self._lexicon, rule)
        found: dict[str, Statement] = {}
        rejections: Counter[Cause] = Counter()
        for passage, reply in zip(passages, replies, strict=True):
            answer = parse(reply.text)
            if not (answer.whole and reply.finished):
                rejections[Cause.CUT_OFF] += 1
            in_letters = letters(passage.text)
            for record in answer.records:
                try:
                    statement = verifier.verify(record, passage, in_letters)
                except Rejected as error:
                    rejections[error.cause] += 1
                    log.info("%s: rejected, %s: %.200s", context.document.name, error, record)
                else:
                    found.setdefault(statement.id, statement)
        ordered = sorted(found.values(), key=lambda s: (s.start, s.end, s.predicate, s.stance, s.subject or "", s.object or ""))
        reading = ModelReading(
            self._endpoint.model,
            self._prompt.digest,
            len(replies),
            sum(reply.usage.prompt for reply in replies),
            sum(reply.usage.answer for reply in replies),
            round(sum(reply.seconds for reply in replies), 3),
            len(ordered),
            tuple(sorted((cause.value, count) for cause, count in rejections.items())),
        )
        return _Read(tuple(ordered), reading)


def _answered(asked: Sequence[Future[Reply]]) -> list[Reply]:
    """Return all answers. Where one fails, what has not been sent is not, and what has been, and is paid for, is waited for and kept."""
    try:
        return [one.result() for one in asked]
    except BaseException:
        for one in asked:
            one.cancel()
        for one in asked:
            if not one.cancelled():
                one.exception()
        raise
