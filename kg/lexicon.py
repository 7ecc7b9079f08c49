"""The only reader of data/: word tables (TSV), wordings (YAML patterns) and prompts. A malformed line is refused with its number.

A table is `data/lexicon/NAME.tsv`: a header of `# purpose: … `, `# columns: a<TAB>b`, `# origin: …`, `# licence: …`,
then sorted, unique rows in NFC. A pattern file is `data/patterns/NAME.yaml`: a list of `name`, `pattern` (a regular
expression over the folded text), `examples` (at least two) and `counterexamples` (at least one).
"""

import functools
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import regex
import yaml

from kg.errors import LexiconError
from kg.expressions import compiled
from kg.model import digest

_COMMENT = regex.compile(r"<!--.*?-->", regex.DOTALL)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where the package has it
_HEADER = ("purpose", "columns", "origin", "licence")

Row = Mapping[str, str]


def data_directory() -> Path:
    """Return the directory of the data files: inside the installed package, else beside it in a checkout."""
    packaged = Path(__file__).with_name("data")
    return packaged if packaged.is_dir() else Path(__file__).parents[1] / "data"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One wording: its name, the compiled expression, and the sentences that prove it both ways."""

    name: str
    regex: "regex.Pattern[str]"
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a chat model is told; `digest` stands for the words, so that it can be said which of them a statement came of."""

    text: str
    digest: str


def read_table(path: Path) -> tuple[Row, ...]:
    """Read a TSV table with its header; raise LexiconError with the line's number where it is malformed."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"{path}: cannot be read as UTF-8 ({error}); give a tab-separated file") from error
    header: dict[str, str] = {}
    rows: list[Row] = []
    keys: set[tuple[str, ...]] = set()
    columns: tuple[str, ...] = ()
    previous = ""
    for number, line in enumerate(lines, 1):
        where = f"{path}:{number}"
        if line.startswith("#"):
            name, _, value = line[1:].strip().partition(":")
            header[name.strip()] = value.strip()
            continue
        if not columns:
            missing = [name for name in _HEADER if name not in header]
            if missing:
                raise LexiconError(f"{where}: the header lacks {', '.join(missing)}; add '# {missing[0]}: …' above the rows")
            columns = tuple(header["columns"].split("\t"))
        cells = tuple(line.split("\t"))
        if len(cells) != len(columns):
            raise LexiconError(f"{where}: {len(cells)} columns instead of {len(columns)} ({', '.join(columns)})")
        if not cells[0] or cells != tuple(cell.strip() for cell in cells):
            raise LexiconError(f"{where}: the first cell is empty or a cell has blanks around it")
        if unicodedata.normalize("NFC", line) != line:
            raise LexiconError(f"{where}: not in Unicode NFC")
        if cells in keys:
            raise LexiconError(f"{where}: stands twice; remove one")
        if line < previous:
            raise LexiconError(f"{where}: not sorted (after {previous!r}); sort the rows by code point")
        keys.add(cells)
        previous = line
        rows.append(MappingProxyType(dict(zip(columns, cells, strict=True))))
    return tuple(rows)


def read_patterns(path: Path) -> tuple[Pattern, ...]:
    """Read a pattern file; raise LexiconError where an entry is incomplete or does not compile."""
    try:
        entries = yaml.load(path.read_text("utf-8"), _LOADER)
    except (OSError, yaml.YAMLError) as error:
        raise LexiconError(f"{path}: cannot be read as YAML ({error})") from error
    patterns = []
    for number, entry in enumerate(entries or (), 1):
        where = f"{path}: entry {number}"
        if not isinstance(entry, dict) or set(entry) != {"name", "pattern", "examples", "counterexamples"}:
            raise LexiconError(f"{where}: needs exactly name, pattern, examples, counterexamples")
        if len(entry["examples"]) < 2 or not entry["counterexamples"]:
            raise LexiconError(f"{where} ({entry['name']}): needs two examples and a counter-example")
        try:
            expression = compiled(entry["pattern"])
        except regex.error as error:
            raise LexiconError(f"{where} ({entry['name']}): {error}") from error
        patterns.append(Pattern(entry["name"], expression, tuple(entry["examples"]), tuple(entry["counterexamples"])))
    return tuple(patterns)


def read_prompt(path: Path) -> Prompt:
    """Read the words for a model, without the comment at their head; LexiconError where there are none."""
    try:
        text = _COMMENT.sub("", path.read_text("utf-8")).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"{path}: cannot be read as UTF-8 ({error})") from error
    if not text:
        raise LexiconError(f"{path}: is empty; write down what the model is to be told")
    return Prompt(text, digest(text))


@dataclass(frozen=True, eq=False)
class Lexicon:
    """All word tables and patterns of one data directory, read when first asked for.

    `names` are rows of the names table that a user added with `--lexicon FILE`.
    """

    directory: Path = field(default_factory=data_directory)
    names: tuple[Row, ...] = ()

    @functools.cache  # noqa: B019 - a lexicon lives as long as the process
    def table(self, name: str) -> tuple[Row, ...]:
        """Return the rows of data/lexicon/NAME.tsv, with the user's own rows after those of `names`."""
        rows = read_table(self.directory / "lexicon" / f"{name}.tsv")
        return rows + self.names if name == "names" else rows

    @functools.cache  # noqa: B019
    def words(self, name: str) -> tuple[str, ...]:
        """Return the first column of data/lexicon/NAME.tsv."""
        return tuple(next(iter(row.values())) for row in self.table(name))

    @functools.cache  # noqa: B019
    def patterns(self, name: str) -> tuple[Pattern, ...]:
        """Return the patterns of data/patterns/NAME.yaml, in the order of the file."""
        return read_patterns(self.directory / "patterns" / f"{name}.yaml")

    def prompt(self, name: str) -> Prompt:
        """Return what data/prompts/NAME.md has a model told."""
        return read_prompt(self.directory / "prompts" / f"{name}.md")


def alternation(words: Iterable[str]) -> str:
    """Join words into a regular-expression alternation, longest first.

    >>> alternation(["将", "将会"])
    '(?:将会|将)'
    """
    return "(?:" + "|".join(map(regex.escape, sorted(words, key=lambda word: (-len(word), word)))) + ")"
