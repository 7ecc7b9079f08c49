"""What is known about a document besides its text, and where it is known from."""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

import yaml

from kg.errors import ReadError
from kg.folding import fold
from kg.lexicon import Lexicon

_ISO = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?")
_LINE = re.compile(r"[^\s\ufeff](?:[^\n\r]*\S)?")
_NO_HEADLINE = re.compile(r"。|[,;:…]$|[?!][”’」』]$|^[-*•·]\s|^[\[【]|^\d{1,3}[、.]")
_NEXT_LABEL = re.compile(r"\s+(?=[\u4e00-\u9fff]{2,6}:|(?:19|20)\d\d[-/.年]\d)")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_HEAD_LINES = 20
_HEAD_PROSE = 2  # paragraphs
_SHORTEST_PROSE = 30
_TAIL = 400  # characters
_TAIL_LINES = 4
_LONGEST_LINE = 140
_LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Metadata:
    """Title, publisher, date of publication (ISO 8601, as coarse as known) and author; None where not known."""

    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    author: str | None = None

    def over(self, other: "Metadata") -> "Metadata":
        """Return these values, with the other's where this has none.

        >>> Metadata(title="甲").over(Metadata(title="乙", author="丙"))
        Metadata(title='甲', publisher=None, published=None, author='丙')
        """
        return Metadata(*(getattr(self, field.name) or getattr(other, field.name) for field in fields(Metadata)))


def check_date(published: str, where: str) -> str:
    """Return an ISO 8601 date (`2021`, `2021-09`, `2021-09-24`) as it is; raise ReadError for anything else."""
    match = _ISO.fullmatch(published)
    if match and _iso(match["year"], match["month"], match["day"]) == published:
        return published
    raise ReadError(f"{where}: {published!r} is no date; write 2021, 2021-09 or 2021-09-24")


def read_sidecar(path: Path) -> Metadata:
    """Read the YAML file beside a document; raise ReadError where it holds anything but the four fields."""
    try:
        entries = yaml.safe_load(path.read_text("utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ReadError(f"{path}: cannot be read as YAML ({' '.join(str(error).split())}); write lines such as 'title: …'") from error
    known = [field.name for field in fields(Metadata)]
    if not isinstance(entries, dict) or not set(entries) <= set(known):
        raise ReadError(f"{path}: may hold only {', '.join(known)}, one a line")
    values = {name: None if value is None else str(value).strip() or None for name, value in entries.items()}
    if values.get("published"):
        check_date(str(values["published"]), str(path))
    return Metadata(**values)


def find_metadata(text: str, lines: int = _HEAD_LINES) -> Metadata:
    """Read metadata out of a document's first `lines`, and the date a notice is signed with out of its last.

    >>> find_metadata("某公司否认出售手机业务\\n来源:某某新闻\\n发布时间：2011-06-17\\n公司今天说,没有这样的计划。")
    Metadata(title='某公司否认出售手机业务', publisher='某某新闻', published='2011-06-17', author=None)
    """
    found: dict[str, str] = {}
    head = list(_head(text, lines))
    folded = [fold(line) for line in head]
    parts = [part for line, view in zip(head, folded, strict=True) for part in _parts(line, view)]
    for pattern in _lexicon().patterns("metadata"):
        for line, view in (*zip(head, folded, strict=True), *parts):
            match = pattern.regex.search(view)
            if not match:
                continue
            groups = match.groupdict()
            if "year" in groups and "published" not in found:
                iso = _iso(groups["year"], groups.get("month"), groups.get("day"))
                if iso:
                    found["published"] = iso
            for name in ("title", "publisher", "author"):
                if groups.get(name):
                    start, end = match.span(name)
                    found.setdefault(name, line[start:end].strip("《》* "))
    if "published" not in found:
        found.update(("published", iso) for iso in _signed_dates(text))
    if "title" not in found:
        found.update(("title", title) for title in _headline(head, folded))
    return Metadata(**found)


def _head(text: str, lines: int) -> Iterator[str]:
    """Yield the short lines above and among the first paragraphs; what is further down speaks of something else."""
    prose = 0
    for _, match in zip(range(lines), _LINE.finditer(text), strict=False):
        if len(match[0]) <= _LONGEST_LINE:
            yield match[0]
        prose += "。" in match[0] and len(match[0]) > _SHORTEST_PROSE
        if prose >= _HEAD_PROSE:
            return


def _parts(line: str, view: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a line with several labels (`发布时间:… 来源:…`), each with its folded view."""
    starts = [0, *(match.end() for match in _NEXT_LABEL.finditer(view))]
    if len(starts) > 1 and ":" in view[: starts[1]]:
        for start, stop in zip(starts, [*starts[1:], len(view)], strict=True):
            part = line[start:stop].rstrip()
            yield part, view[start : start + len(part)]


def _headline(head: list[str], folded: list[str]) -> Iterator[str]:
    """Yield the first line if it reads like a headline: short, of one piece, followed by more; no label, no furniture."""
    patterns = [pattern for name in ("furniture", "notes") for pattern in _lexicon().patterns(name)]
    for line, view in zip(head[:-1], folded, strict=False):
        if any(pattern.regex.search(view) for pattern in patterns):
            continue
        asks = view.endswith(("?", "!")) and any(mark in view for mark in ":|")
        if len(line) <= _LONGEST_TITLE and not _NO_HEADLINE.search(view) and not asks:
            yield line.strip("*# ")
        return


def _signed_dates(text: str) -> Iterator[str]:
    for line in text[-_TAIL:].rstrip().splitlines()[-_TAIL_LINES:]:
        for pattern in _lexicon().patterns("signature"):
            match = pattern.regex.search("".join(fold(line).split()))
            if match and (iso := _iso(match["year"].translate(_DIGITS), _number(match["month"]), _number(match["day"]))):
                yield iso


def _number(written: str) -> str:
    """Return a number below 100 in digits: `十二` gives `12`."""
    if "十" not in written:
        return written.translate(_DIGITS)
    tens, _, ones = written.partition("十")
    return str(int(tens.translate(_DIGITS) or 1) * 10 + int(ones.translate(_DIGITS) or 0))


def _iso(year: str, month: str | None, day: str | None) -> str | None:
    """Return the date in ISO 8601, or None if there is no such day."""
    try:
        whole = date(int(year), int(month or 1), int(day or 1)).isoformat()
    except ValueError:
        return None
    return whole if day else whole[:7] if month else whole[:4]


@functools.cache
def _lexicon() -> Lexicon:
    return Lexicon()
