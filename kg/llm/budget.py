"""What may be spent in a run, in tokens or money: a request that might go beyond it is not sent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kg.errors import BudgetSpent, LlmError
from kg.llm.endpoint import Prices


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of prompts and answers."""

    prompt: int = 0
    answer: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.prompt + self.answer

    def __add__(self, other: "Usage") -> "Usage":
        """Return both together."""
        return Usage(self.prompt + other.prompt, self.answer + other.answer)


class Budget:
    """Counts what requests cost, those under way with the most that they may cost. Threads may share one."""

    def __init__(self, *, tokens: int | None = None, cost: float | None = None, prices: Prices | None = None) -> None:
        """Begin at nought; LlmError where money is limited and no prices are known."""
        if cost is not None and prices is None:
            raise LlmError(
                "a limit of cost needs prices; set KG_LLM_PRICES to those of a million tokens of prompt and answer, as in 0.5,1.5"
            )
        self._tokens, self._cost, self._prices = tokens, cost, prices
        self._lock = threading.Lock()
        self._reserved = Usage()
        self.spent = Usage()

    @property
    def cost(self) -> float | None:
        """Return what was spent in money, None where no prices are known."""
        return None if self._prices is None else self._prices.cost(self.spent.prompt, self.spent.answer)

    @contextmanager
    def reserved(self, most: Usage) -> Iterator[None]:
        """Hold back the most that a request may cost while it is under way; BudgetSpent where that is more than is left.

        >>> with Budget(tokens=100).reserved(Usage(80, 40)):  # doctest: +ELLIPSIS
        ...     pass
        Traceback (most recent call last):
        kg.errors.BudgetSpent: the budget does not cover the next request (120 tokens at most, 100 of 100 left); ...
        """
        with self._lock:
            self._check(most)
            self._reserved += most
        try:
            yield
        finally:
            with self._lock:
                self._reserved = Usage(self._reserved.prompt - most.prompt, self._reserved.answer - most.answer)

    def spend(self, usage: Usage) -> None:
        """Count what a request did cost."""
        with self._lock:
            self.spent += usage

    def _check(self, most: Usage) -> None:
        after = self.spent + self._reserved + most
        if self._tokens is not None and after.total > self._tokens:
            left = self._tokens - self.spent.total
            self._refuse(f"{most.total} tokens at most, {left} of {self._tokens} left")
        if self._cost is not None and self._prices is not None and self._prices.cost(after.prompt, after.answer) > self._cost:
            asked, spent = self._prices.cost(most.prompt, most.answer), self._prices.cost(self.spent.prompt, self.spent.answer)
            self._refuse(f"a cost of {asked:.4f} at most, {self._cost - spent:.4f} of {self._cost:g} left")

    def _refuse(self, why: str) -> None:
        raise BudgetSpent(f"the budget does not cover the next request ({why}); what was answered is kept, go on with a larger one")
