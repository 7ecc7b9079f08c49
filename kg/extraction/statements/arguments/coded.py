"""Linear models over combinations of fields, for many rows at once: strings are looked up once a field, not once a feature."""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from kg.errors import LexiconError
from kg.extraction.statements.linear import LinearModel, Scores

Templates: TypeAlias = Sequence[tuple[str, ...]]
Columns: TypeAlias = Mapping[str, Sequence[str]]
_JOINT = "\x1f"


def features(templates: Templates, columns: Columns, first: int = 0) -> list[list[str]]:
    """Return a feature a template for each row: the template's number, counted from `first`, and the values of its fields.

    >>> [row[0].split("\\x1f") for row in features([("word", "tag")], {"word": ["鸿蒙", "发布"], "tag": ["nz", "v"]})]
    [['0', '鸿蒙', 'nz'], ['0', '发布', 'v']]
    """
    made = [
        [_JOINT.join((str(number), *values)) for values in zip(*(columns[field] for field in fields), strict=True)]
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
        parts = _parts(model, templates, first)
        self._codes: dict[str, dict[str, int]] = {field: {} for fields in templates for field in fields}
        for template, values, _ in parts:
            for field, value in zip(templates[template], values, strict=True):
                codes = self._codes[field]
                codes.setdefault(value, len(codes) + 1)
        sizes = {field: len(codes) + 1 for field, codes in self._codes.items()}
        self._sizes = [[sizes[field] for field in fields] for fields in templates]
        self._tables = [np.zeros(math.prod(size), np.int32) for size in self._sizes]
        for template, values, place in parts:
            code = 0
            for field, value in zip(templates[template], values, strict=True):
                code = code * sizes[field] + self._codes[field][value]
            self._tables[template][code] = place

    @property
    def fields(self) -> Iterable[str]:
        """The fields that the templates look at."""
        return self._codes

    def scores(self, columns: Columns) -> Scores:
        """Return the sums of the weights of each row's features, shape (rows, labels); unknown features count nothing."""
        coded = {field: _coded(columns[field], codes) for field, codes in self._codes.items()}
        out: Scores = np.tile(self._bias, (len(next(iter(coded.values()))), 1))
        for fields, sizes, table in zip(self._templates, self._sizes, self._tables, strict=True):
            code = coded[fields[0]]
            for field, size in zip(fields[1:], sizes[1:], strict=True):
                code = code * size + coded[field]
            out += self._weights[table[code]]
        return out


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


def _coded(values: Sequence[str], codes: Mapping[str, int]) -> npt.NDArray[np.int64]:
    return np.fromiter(map(codes.get, values, itertools.repeat(0)), np.int64, len(values))
