"""Linear models over combinations of fields, for many rows at once: a value is looked up once, not once a row and feature."""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from kg.errors import LexiconError
from kg.extraction.statements.linear import LinearModel, Scores

Numbers: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Templates: TypeAlias = Sequence[tuple[str, ...]]
_JOINT = "\x1f"
_FLAG = ("", "y")
_COUNTS = tuple(map(str, range(100)))
_ROWS = 512  # that are scored at once: what they take from the weights stays in the processor's cache


class Column(NamedTuple):
    """What a field says of each row: some values, and the place of each row's among them, shape (rows,); place -1 is a blank."""

    values: Sequence[str]
    places: Numbers

    def at(self, rows: Numbers) -> "Column":
        """Return the column of these rows."""
        return Column(self.values, self.places[rows])

    def only(self, where: Flags) -> "Column":
        """Return the column with a blank wherever `where` does not hold."""
        return Column(self.values, np.where(where, self.places, -1))

    def spread(self, where: Flags) -> "Column":
        """Return a column of more rows: this one's where `where` holds, one after another, and a blank elsewhere."""
        places = np.full(len(where), -1)
        places[where] = self.places
        return Column(self.values, places)

    def holds(self, test: Callable[[str], bool]) -> Flags:
        """Say which rows have a value that passes a test; a blank never does."""
        return np.array([*map(test, self.values), False], np.bool_)[self.places]

    def strings(self) -> list[str]:
        """Return the value of each row.

        >>> Column(("n", "v"), np.array([0, 1, 1])).only(np.array([True, True, False])).strings()
        ['n', 'v', '']
        """
        values = [*self.values, ""]
        return [values[place] for place in self.places.tolist()]


Columns: TypeAlias = Mapping[str, Column]


def flags(where: npt.ArrayLike) -> Column:
    """Return `y` for each row where something holds, and a blank elsewhere."""
    return Column(_FLAG, np.asarray(where, np.int64))


def counts(numbers: npt.ArrayLike, most: int = len(_COUNTS) - 1) -> Column:
    """Return the numbers, none below zero, as they are written; larger ones than `most` as that.

    >>> counts([0, 7, 12], 9).strings()
    ['0', '7', '9']
    """
    return Column(_COUNTS, np.minimum(np.asarray(numbers, np.int64), most))


def levels(numbers: npt.ArrayLike, steps: Sequence[float]) -> Column:
    """Return how many of the steps each number is above.

    >>> levels([-3.0, 0.5, 9.0], (0.0, 0.5, 1.0)).strings()
    ['0', '1', '3']
    """
    return Column(_COUNTS, np.searchsorted(steps, numbers).astype(np.int64))


def texts(strings: Sequence[str]) -> Column:
    """Return a column of strings, one a row, each kept once.

    >>> texts(["是", "否", "是"])
    Column(values=['是', '否'], places=array([0, 1, 0]))
    """
    codes: dict[str, int] = {}
    places = np.array([codes.setdefault(text, len(codes)) for text in strings], np.int64)
    return Column(list(codes), places)


def features(templates: Templates, columns: Columns, first: int = 0) -> list[list[str]]:
    """Return a feature a template for each row: the template's number, counted from `first`, and the values of its fields.

    >>> words, tags = (Column(values, np.arange(2)) for values in (("鸿蒙", "发布"), ("nz", "v")))
    >>> [row[0].split("\\x1f") for row in features([("word", "tag")], {"word": words, "tag": tags})]
    [['0', '鸿蒙', 'nz'], ['0', '发布', 'v']]
    """
    strings = {field: columns[field].strings() for field in {field for fields in templates for field in fields}}
    made = [
        [_JOINT.join((str(number), *values)) for values in zip(*(strings[field] for field in fields), strict=True)]
        for number, fields in enumerate(templates, first)
    ]
    return [list(row) for row in zip(*made, strict=True)]


class CodedModel:
    """The part of a linear model whose features are made by some templates, laid out as one table a template.

    `first` is the number of the first of these templates; the bias goes with number 0.
    """

    def __init__(self, model: LinearModel, templates: Templates, first: int = 0) -> None:
        self._templates = templates
        self._weights = np.vstack([np.zeros_like(model.weights[:1]), model.weights[:-1]])
        self._bias = model.weights[-1] if first == 0 else np.zeros_like(model.weights[-1])
        found: dict[str, dict[str, int]] = {field: {} for fields in templates for field in fields}
        known = [[found[field] for field in fields] for fields in templates]
        lines: list[list[list[int]]] = [[] for _ in templates]  # of each feature the codes of its values, and its line among the weights
        for template, values, place in _parts(model, templates, first):
            coded = [codes.setdefault(value, len(codes) + 1) for codes, value in zip(known[template], values, strict=True)]
            lines[template].append([*coded, place])
        every = dict.fromkeys(value for codes in found.values() for value in codes)
        self._numbers = {value: number for number, value in enumerate(every, 1)}
        self._codes = {field: self._coded(codes) for field, codes in found.items()}
        sizes = [[len(codes) + 1 for codes in fields] for fields in known]
        tables = [_table(own, coded) for own, coded in zip(sizes, lines, strict=True)]
        self._table = np.concatenate(tables)
        self._alike = _alike(templates, sizes, [0, *itertools.accumulate(map(len, tables))], {field: at for at, field in enumerate(found)})

    def _coded(self, codes: Mapping[str, int]) -> Numbers:
        """Return the code that each number of a value has in a field, 0 where no feature has the value there."""
        out = np.zeros(len(self._numbers) + 1, np.int64)
        out[[self._numbers[value] for value in codes]] = list(codes.values())
        return out

    def scores(self, columns: Columns) -> Scores:
        """Return the sums of the weights of each row's features, shape (rows, labels); unknown features count nothing."""
        numbered: dict[int, Numbers] = {}  # by the values' identity: several fields look at the same words
        coded = []
        for field, codes in self._codes.items():
            values, places = columns[field]
            if id(values) not in numbered:
                numbered[id(values)] = self._numbered(values)
            coded.append(codes.take(numbered[id(values)])[places])
        every = np.stack(coded)
        out: Scores = np.empty((every.shape[1], len(self._bias)), np.float32)
        for start in range(0, len(out), _ROWS):
            part = slice(start, start + _ROWS)
            np.add.reduce(self._weights.take(self._lines(every[:, part]), 0), 0, out=out[part])
        out += self._bias
        return out

    def _lines(self, coded: Numbers) -> Numbers:
        """Return the line among the weights of each template and row, shape (templates, rows), of the codes of fields and rows."""
        out = np.empty((len(self._templates), coded.shape[1]), np.int64)
        for one in self._alike:
            code = coded[one.fields[0]]
            for field, size in zip(one.fields[1:], one.sizes, strict=True):
                code = code * size + coded[field]
            out[one.templates] = self._table.take(code + one.begins)
        return out

    def _numbered(self, values: Sequence[str]) -> Numbers:
        """Return the number of each value, and last of the blank; 0 where no feature has it."""
        return np.fromiter(map(self._numbers.get, (*values, ""), itertools.repeat(0)), np.int64, len(values) + 1)


class _Alike(NamedTuple):
    """Templates with equally many fields: their numbers; of each its fields and, from the second on, their sizes; where its table begins.

    `fields` is of shape (fields, templates), `sizes` (fields - 1, templates, 1), `begins` (templates, 1).
    """

    templates: Numbers
    fields: Numbers
    sizes: Numbers
    begins: Numbers


def _alike(templates: Templates, sizes: Sequence[Sequence[int]], begins: Sequence[int], fields: Mapping[str, int]) -> list[_Alike]:
    """Return the templates by how many fields they have, so that all of a kind are looked up at once."""
    found = []
    for count in sorted({len(one) for one in templates}):
        own = [number for number, one in enumerate(templates) if len(one) == count]
        places = np.array([[fields[field] for field in templates[number]] for number in own], np.int64).T
        past_first = np.array([sizes[number][1:] for number in own], np.int64).T
        found.append(_Alike(np.array(own), places, past_first[:, :, None], np.array([begins[number] for number in own])[:, None]))
    return found


def _table(sizes: Sequence[int], lines: Sequence[Sequence[int]]) -> npt.NDArray[np.int32]:
    """Return the line among the weights of each combination of codes, the last one's fastest; 0 where no feature has it."""
    table = np.zeros(math.prod(sizes), np.int32)
    *codes, places = np.array(lines, np.int64).reshape(-1, len(sizes) + 1).T
    table[np.ravel_multi_index(codes, sizes)] = places
    return table


def _parts(model: LinearModel, templates: Templates, first: int) -> list[tuple[int, list[str], int]]:
    """Return of each feature its template, the values of the template's fields, and its line in the table of weights."""
    parts = []
    for feature, place in model.index.items():
        name, *values = feature.split(_JOINT)
        number = int(name) - first if name.isdigit() else len(templates)
        if not name.isdigit() or (0 <= number < len(templates) and len(values) != len(templates[number])):
            raise LexiconError(f"weights of arguments: {feature!r} is not a feature that this version makes; run `make train`")
        if 0 <= number < len(templates):
            parts.append((number, values, place + 1))
    return parts
