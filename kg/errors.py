"""One family of errors; each says what went wrong, where, and what to do about it."""


class KgError(Exception):
    """Anything a user can put right; its text is one line: what, where, what to do."""


class LexiconError(KgError):
    """A data file under data/ (or a user's own) has a malformed line."""


class ReadError(KgError):
    """A document cannot be read: missing, not text, or in no known encoding."""


class ExtractionError(KgError):
    """A stage was handed something that contradicts its contract, e.g. a quote that is not in the text."""


class JudgementError(KgError):
    """Judgements of names are malformed or contradict each other."""


class LlmError(KgError):
    """A chat model is not set, cannot be reached, or does not do what it was asked."""


class BudgetSpent(LlmError):
    """The next request might cost more than is left; what was answered so far is kept."""


class ReviewError(KgError):
    """Decisions about statements are malformed, or about none that the store has."""


class StoreError(KgError):
    """The store cannot be opened, read or written."""


class StoreUnavailable(StoreError, OSError):
    """A store at an address does not answer, not wholly, or not to us."""


class StoreRefused(StoreUnavailable, RuntimeError):
    """A store at an address answers that it does not do what it was asked."""


class EngineError(KgError):
    """The engine that was to do the work is not installed, cannot be started, or has given up."""


class QueryError(KgError):
    """A SPARQL query or another request for data is malformed or asks for what is not allowed."""


class ValidationError(KgError):
    """The graph breaks a shape, or a quote no longer stands in its source."""
