"""What people have judged of names: that two are one entity, or that they are not. A table that can be reviewed like code.

One judgement a line, in the order in which they were made: `verdict<TAB>first<TAB>second<TAB>date<TAB>note`. Of names that are
the same, the entity goes by the one that is never given second.
"""

import functools
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kg.errors import JudgementError

COLUMNS = ("verdict", "first", "second", "date", "note")
_NAMED = 3  # columns that a judgement needs; date and note may be left out
_HEADER = (
    "# purpose: which names are one entity and which are not; `kg same` and `kg different` write here",
    "# columns: " + "\t".join(COLUMNS),
)


class Verdict(StrEnum):
    """What two names were judged to be."""

    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judgement: of which two names, when (ISO 8601), and why."""

    verdict: Verdict
    first: str
    second: str
    date: str = ""
    note: str = ""

    def of(self, names: frozenset[str]) -> bool:
        """Say whether it is about these two names, in whatever order."""
        return {self.first, self.second} == names

    def __str__(self) -> str:
        """Return its line of the file."""
        return "\t".join(getattr(self, column) for column in COLUMNS)


@dataclass(frozen=True)
class Judgements:
    """Judgements that do not contradict each other; JudgementError, with the lines at fault, where they would."""

    made: tuple[Judgement, ...] = ()

    def __post_init__(self) -> None:
        """Refuse two names that are both the same, directly or through others, and different."""
        for judgement in self.made:
            if judgement.verdict is Verdict.DIFFERENT and (path := self._path(judgement.first, judgement.second)):
                lines = ", ".join(f"{one.first} same {one.second}{_at(self.made, one)}" for one in path)
                raise JudgementError(
                    f"{judgement.first} and {judgement.second} are judged different{_at(self.made, judgement)}, "
                    f"and the same by {lines}; take one of these back with --undo"
                )

    def with_one(self, judgement: Judgement) -> "Judgements":
        """Return these and one more; the same where it says nothing new."""
        names = frozenset((judgement.first, judgement.second))
        if any(one.verdict is judgement.verdict and one.of(names) for one in self.made):
            return self
        return Judgements((*self.made, judgement))

    def without(self, verdict: Verdict, first: str, second: str) -> "Judgements":
        """Return these without a judgement; JudgementError where it was never made."""
        names = frozenset((first, second))
        kept = tuple(one for one in self.made if one.verdict is not verdict or not one.of(names))
        if len(kept) == len(self.made):
            raise JudgementError(f"{first} and {second} were not judged {verdict}; there is nothing to undo")
        return Judgements(kept)

    @functools.cached_property
    def entities(self) -> tuple[tuple[str, ...], ...]:
        """The names of each entity that has several, first the one it goes by.

        >>> Judgements((Judgement(Verdict.SAME, "阿里巴巴", "阿里"), Judgement(Verdict.SAME, "阿里", "Alibaba"))).entities
        (('阿里巴巴', 'Alibaba', '阿里'),)
        """
        found: list[tuple[str, ...]] = []
        seconds = {one.second for one in self.made if one.verdict is Verdict.SAME}
        seen: set[str] = set()
        for name in self._neighbours:
            if name in seen:
                continue
            names = list(self._reached(name))
            seen.update(names)
            main = next((one for one in self._neighbours if one in names and one not in seconds), name)
            found.append((main, *sorted(set(names) - {main})))
        return tuple(found)

    def differ(self, first: str, second: str) -> bool:
        """Say whether two names were judged different, or are the same as two that were."""
        ones, others = set(self._reached(first)), set(self._reached(second))
        return any(
            one.verdict is Verdict.DIFFERENT
            and ((one.first in ones and one.second in others) or (one.first in others and one.second in ones))
            for one in self.made
        )

    @functools.cached_property
    def _neighbours(self) -> Mapping[str, Sequence[Judgement]]:
        neighbours: dict[str, list[Judgement]] = defaultdict(list)
        for one in self.made:
            if one.verdict is Verdict.SAME:
                neighbours[one.first].append(one)
                neighbours[one.second].append(one)
        return dict(neighbours)

    def _reached(self, name: str) -> Mapping[str, tuple[Judgement, ...]]:
        """Return every name that is the same as `name`, with the judgements that say so."""
        reached: dict[str, tuple[Judgement, ...]] = {name: ()}
        queue = deque((name,))
        while queue:
            here = queue.popleft()
            for one in self._neighbours.get(here, ()):
                there = one.second if one.first == here else one.first
                if there not in reached:
                    reached[there] = (*reached[here], one)
                    queue.append(there)
        return reached

    def _path(self, first: str, second: str) -> tuple[Judgement, ...]:
        return self._reached(first).get(second, ())


def _at(made: Sequence[Judgement], one: Judgement) -> str:
    return f" (line {made.index(one) + 1 + len(_HEADER)})"


def read_judgements(path: Path) -> Judgements:
    """Read a file of judgements; none where there is no file. JudgementError with the line's number where it is malformed."""
    if not path.exists():
        return Judgements()
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise JudgementError(f"{path}: cannot be read ({error}); give the file that `kg same` wrote") from error
    if tuple(lines[: len(_HEADER)]) != _HEADER:
        raise JudgementError(f"{path}:1: no file of judgements; its first line is {_HEADER[0]!r}")
    made = tuple(_parsed(line, f"{path}:{number}") for number, line in enumerate(lines[len(_HEADER) :], 1 + len(_HEADER)))
    try:
        return Judgements(made)
    except JudgementError as error:
        raise JudgementError(f"{path}: {error}") from error


def _parsed(line: str, where: str) -> Judgement:
    cells = line.split("\t")
    if not _NAMED <= len(cells) <= len(COLUMNS):
        raise JudgementError(f"{where}: {len(cells)} columns instead of {len(COLUMNS)} ({', '.join(COLUMNS)})")
    if cells[0] not in set(Verdict):
        raise JudgementError(f"{where}: the verdict {cells[0]!r} is none of {', '.join(Verdict)}")
    verdict, first, second, *rest = cells
    return judgement(Verdict(verdict), (first, second), *rest, where=f"{where}: ")


def judgement(verdict: Verdict, names: tuple[str, str], date: str = "", note: str = "", *, where: str = "") -> Judgement:
    """Return a judgement of two names; JudgementError where they are not two, or where a cell of a table cannot hold them."""
    first, second = (name.strip() for name in names)
    if not first or not second or first == second:
        raise JudgementError(f"{where}a judgement is about two names; {first!r} and {second!r} are not")
    if any(char in text for text in (first, second, date, note) for char in "\t\r\n"):
        raise JudgementError(f"{where}a tab or a new line cannot stand in a table; leave it out")
    return Judgement(verdict, first, second, date, note)


def written(judgements: Judgements) -> str:
    """Return the file that `read_judgements` reads."""
    return "".join(f"{line}\n" for line in (*_HEADER, *judgements.made))
