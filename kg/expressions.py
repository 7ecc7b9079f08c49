"""Regular expressions of the library `regex`, compiled once for a user and not once a run: hundreds take longer than a short text.

What a compiled expression is made of goes onto a shelf under the expression itself, as the library gives it to whoever pickles one.
"""

import atexit
import copyreg
import functools
from collections.abc import Mapping
from typing import Any

import regex

from kg.shelf import keep, kept

_KIND = "expressions"
_MOST = 2000  # that are kept, so that those which nobody compiles any more go at some time


class Expressions:
    """Expressions that were kept, and those compiled since."""

    def __init__(self) -> None:
        self._kept: Mapping[str, Any] = kept(_KIND, regex.__version__) or {}
        self._fresh: dict[str, Any] = {}
        self._used: set[str] = set()
        self._put_together, _ = _taken_apart(regex.compile(""))

    def compiled(self, pattern: str, flags: int) -> "regex.Pattern[str]":
        """Return an expression, put together from what was kept where that is there."""
        name = f"{flags} {pattern}"
        self._used.add(name)
        if name in self._kept:
            expression: regex.Pattern[str] = self._put_together(*self._kept[name])
            return expression
        expression = regex.compile(pattern, flags)
        self._fresh[name] = _taken_apart(expression)[1]
        return expression

    def keep(self) -> None:
        """Keep what was compiled since, beside what was there."""
        if not self._fresh:
            return
        every = {**self._kept, **self._fresh}
        keep(_KIND, regex.__version__, every if len(every) <= _MOST else {name: every[name] for name in sorted(self._used)})
        self._kept, self._fresh = every, {}


def compiled(pattern: str, flags: int = 0) -> "regex.Pattern[str]":
    r"""Return what `regex.compile` returns, with any error of its own.

    >>> compiled(r"(?P<year>\d{4})年").search("华为2021年会开源")["year"]
    '2021'
    """
    return _expressions().compiled(pattern, int(flags))


def keep_compiled() -> None:
    """Keep what this process has compiled by now, for processes to come; done at its end as well, where it is not killed."""
    _expressions().keep()


@functools.cache
def _expressions() -> Expressions:
    expressions = Expressions()
    atexit.register(expressions.keep)
    return expressions


def _taken_apart(expression: "regex.Pattern[str]") -> tuple[Any, tuple[Any, ...]]:
    """Return what puts an expression together, and from what: as pickle does it, whose files can do more than we want to trust."""
    taken = copyreg.dispatch_table[type(expression)](expression)
    if isinstance(taken, str):
        raise TypeError(f"{expression!r} is pickled by its name")
    return taken[0], taken[1]
