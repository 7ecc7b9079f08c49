"""How much of the workers' time a client may take: a bucket of seconds that fills again as time goes by."""

import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil

from api.errors import BudgetSpent

_CLIENTS = 10_000  # that are remembered; the one that asked longest ago is forgotten first


class Budget:
    """Seconds of query time that each client has left.

    >>> clock = iter([0, 0, 30, 30]).__next__
    >>> budget = Budget(20, 60, clock)
    >>> budget.check("192.0.2.1"); budget.spend("192.0.2.1", 25); budget.check("192.0.2.1")
    """

    def __init__(self, seconds: float, window: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Allow each client so many seconds of query time in any `window` of seconds."""
        self._seconds = seconds
        self._rate = seconds / window
        self._window = window
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # seconds left, and when

    def check(self, client: str) -> None:
        """Raise BudgetSpent where a client has nothing left."""
        left = self._now(client)[0]
        if left <= 0:
            wait = ceil((self._seconds * 0.1 - left) / self._rate)  # until a tenth is there again
            raise BudgetSpent(
                f"this client's queries took their {self._seconds:g} s of the last {self._window:g} s; ask again in {wait} s",
                retry_after=wait,
            )

    def spend(self, client: str, seconds: float) -> None:
        """Take off what a query took."""
        left, now = self._now(client)
        self._left[client] = (left - seconds, now)
        self._left.move_to_end(client)
        if len(self._left) > _CLIENTS:
            self._left.popitem(last=False)

    def _now(self, client: str) -> tuple[float, float]:
        now = self._clock()
        left, then = self._left.get(client, (self._seconds, now))
        return min(self._seconds, left + (now - then) * self._rate), now
