"""The words of a document in arrays, so that what is asked of each word is asked of all of them at once."""

import functools
from collections.abc import Sequence

import numpy as np

from kg.extraction.statements.arguments.coded import Column, Flags, Numbers, texts
from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.tokens import Token
from kg.model import Kind

_JOINING = ("p", "c", "uj")
_PAIRS = {"“": "”", "「": "」", "《": "》", "(": ")", '"': '"', "『": "』"}
_OF = "的"
_OPEN, _CLOSED = "<", ">"  # before and behind the words of a clause
_NO_WORDS = ("-", "|", _OPEN, _CLOSED)  # the first values of `text`; the first two: no word, and the word beyond an edge
NONE, EDGE = 0, 1
_BESIDE = 2  # blank lines on either side of a clause
_KINDS = {kind: number for number, kind in enumerate(Kind)}
_MARKS = ("", "cue", "number", *(kind.value for kind in Kind), *(f"{kind.value}+" for kind in Kind), _OPEN, _CLOSED)
_CUE, _NUMBER, _NAME = 1, 2, 3
_SPELLED = ("p", "c", "u")  # the classes whose words are kept as they are on a way: 把, 由, 和, 的
_FARTHEST = 6  # steps of a way


class Words:
    """All words of a document, a line each.

    Two blank lines stand before and behind the words of each clause: the neighbours of a line are those of the word in its clause.
    `first` and `count` say where the words of each clause stand; `place` is a word's place in its clause, `behind` how many follow it.
    """

    def __init__(self, context: Context) -> None:
        clauses = context.clauses
        rows = [clause.tokens for clause in clauses]
        tokens = [token for row in rows for token in row]
        self.count: Numbers = np.fromiter(map(len, rows), np.int64, len(rows))
        self.first: Numbers = np.cumsum(self.count + 2 * _BESIDE) - self.count - _BESIDE
        self.clause: Numbers = np.repeat(np.arange(len(rows)), self.count + 2 * _BESIDE)
        self.place = np.arange(len(self.clause)) - self.first[self.clause]
        self.behind = self.count[self.clause] - 1 - self.place
        self.text = self._laid_out([token.text for token in tokens])
        self.tag = self._laid_out([token.tag for token in tokens])
        edges = np.where(self.place < 0, *(np.array(ends, np.int64)[self.clause] for ends in _edges(clauses)))
        self.starts, self.ends = edges.copy(), edges
        self.starts[self._holding] = [token.start for token in tokens]
        self.ends[self._holding] = [token.end for token in tokens]
        self.content: Numbers = np.fromiter((clause.attribution.content for clause in clauses), np.int64, len(clauses))
        self.kind = Column([tag[0] for tag in self.tag.values], self.tag.places)
        self.last = Column([text[-1] for text in self.text.values], self.text.places)
        self.side = self._sides()
        self.mark = self._marks(context)
        self.quoted = self._quotations(rows)
        self.joint = self._joints()
        verbs = self.tag.holds(lambda tag: tag[0] == "v" and tag != "vn")
        self.verbs_before: Numbers = np.concatenate([[0], np.cumsum(verbs)])

    @property
    def _holding(self) -> Flags:
        """The lines that hold a word."""
        return (self.place >= 0) & (self.behind >= 0)

    def _laid_out(self, strings: Sequence[str]) -> Column:
        """Return a string a word, and what stands for words where there are none."""
        found = texts([*_NO_WORDS, *strings])
        places = np.where(self.place < 0, _NO_WORDS.index(_OPEN), _NO_WORDS.index(_CLOSED))
        places[self._holding] = found.places[len(_NO_WORDS) :]
        return Column(found.values, places)

    def lines(self, numbers: Numbers) -> Numbers:
        """Return the lines of the words of these clauses, one clause after another."""
        counts = self.count[numbers]
        ends = np.cumsum(counts)
        return np.arange(counts.sum()) + np.repeat(self.first[numbers] - ends + counts, counts)

    def across(self, numbers: Numbers, starts: Numbers, ends: Numbers) -> tuple[Numbers, Numbers]:
        """Return the lines of the first word that a stretch of each of these clauses touches, and of the first one behind it."""
        first, end = self.first[numbers], self.first[numbers] + self.count[numbers]
        low = np.clip(np.searchsorted(self.ends, starts, "right"), first, end)
        return low, np.clip(np.searchsorted(self.starts, ends, "left"), low, end)

    def inside(self, numbers: Numbers, starts: Numbers, ends: Numbers) -> tuple[Numbers, Numbers]:
        """Return the lines of the word in which a stretch of each of these clauses begins, and of the first one behind it."""
        first, end = self.first[numbers], self.first[numbers] + self.count[numbers]
        low = np.clip(np.searchsorted(self.starts, starts, "right") - 1, first, end)
        return low, np.clip(np.searchsorted(self.starts, ends, "left"), first, end)

    def ways(self, low: Numbers, high: Numbers) -> Column:
        """Return what lies between lines `low` and `high`, the latter left out: a step a word, a name or a run of words of one class.

        The way of syntactic paths (Gildea and Jurafsky, 2002) where there is no parse.
        """
        runs, steps = self._runs
        first, last = runs[np.minimum(low, len(runs) - 1)], runs[np.maximum(high - 1, 0)]
        nowhere = len(steps)
        pairs, places = np.unique(np.where(low < high, first * (nowhere + 1) + last, nowhere * (nowhere + 1)), return_inverse=True)
        return Column([_way(steps[begin : end + 1]) for begin, end in (divmod(pair, nowhere + 1) for pair in pairs.tolist())], places)

    @functools.cached_property
    def _runs(self) -> tuple[Numbers, list[str]]:
        """Return the number of the run of like steps that each line is in, and the step of each run."""
        steps = self._steps()
        new = [number for number, step in enumerate(steps) if not number or step != steps[number - 1]]
        begins = np.zeros(len(steps), np.int64)
        begins[new] = 1
        return np.cumsum(begins) - 1, [steps[number] for number in new]

    def _steps(self) -> list[str]:
        """Return what each line is on a way: `N` in a name, `#` a number, a preposition or particle itself, else the class of its word."""
        spelled = [text if tag[0] in _SPELLED else tag[0] for text, tag in zip(self.text.strings(), self.tag.strings(), strict=True)]
        marks = self.mark.places.tolist()
        return [
            "N" if mark >= _NAME and mark < len(_MARKS) - 2 else "#" if mark == _NUMBER else step
            for mark, step in zip(marks, spelled, strict=True)
        ]

    def _sides(self) -> Column:
        """Return the class of each word as a neighbour: the first letter of its tag; `u` is kept for 的, `z` is any other particle."""
        particle = self.kind.holds("u".__eq__) & self.text.holds(_OF.__ne__)
        return Column([*self.kind.values, "z"], np.where(particle, len(self.kind.values), self.kind.places))

    def _marks(self, context: Context) -> Column:
        """Return whether each word lies in a reference (of which kind, `+` at its begin), a quantity or a cue."""
        chars = np.zeros(len(context.view) + 1, np.int64)
        for clause in context.clauses:
            for cue in clause.cues:
                chars[cue.start : min(cue.end, clause.end)] = _CUE
            for quantity in clause.quantities:
                chars[quantity.start : min(quantity.end, clause.end)] = _NUMBER
            for reference in reversed(clause.references):
                mention, kind = reference.mention, _NAME + _KINDS[reference.kind]
                chars[mention.start : min(mention.end, clause.end)] = kind
                chars[mention.start] = kind + len(Kind)
        places = chars[self.starts]
        places[self.place < 0] = _MARKS.index(_OPEN)
        places[self.behind < 0] = _MARKS.index(_CLOSED)
        return Column(_MARKS, places)

    def _quotations(self, rows: Sequence[Sequence[Token]]) -> Column:
        """Return for each word the mark that it stands between, if any."""
        values = ["", *_PAIRS]
        places = np.zeros(len(self.clause), np.int64)
        opening = self.text.holds(_PAIRS.__contains__)
        for number in np.unique(self.clause[opening]).tolist():
            begin = self.first[number]
            places[begin : begin + self.count[number]] = [values.index(mark) for mark in _quoted(rows[number])]
        return Column(values, places)

    def _joints(self) -> Column:
        """Return the last preposition, conjunction, 的 or 、 before each word in its clause."""
        joins = self.tag.holds(_JOINING.__contains__) | self.text.holds("、".__eq__)
        lines = np.arange(len(joins))
        last = np.maximum.accumulate(np.where(joins, lines, -1))
        last = np.concatenate([[-1], last])[:-1]
        return Column(self.text.values, np.where(last >= lines - self.place, self.text.places[last], NONE))


def _way(steps: Sequence[str]) -> str:
    return "".join(steps) if len(steps) <= _FARTHEST else "".join(steps[:3]) + "*" + "".join(steps[-2:])


def _edges(clauses: Sequence[ClauseContext]) -> tuple[list[int], list[int]]:
    return [clause.start for clause in clauses], [clause.end for clause in clauses]


def _quoted(tokens: Sequence[Token]) -> list[str]:
    inside, closing, marks = "", "", []
    for token in tokens:
        if token.text == closing:
            inside = closing = ""
        marks.append(inside)
        if not closing and token.text in _PAIRS:
            inside, closing = token.text, _PAIRS[token.text]
    return marks


class Rows:
    """The words of the clauses that some relations stand in, a row a word, one relation after another.

    `owner` is the relation of each row, `begins` the first row of each relation and the end of the last; `left` and `right` are the
    nearest rows at or before, and at or behind, that hold a word of the relation's cue, -1 where there is none.
    """

    def __init__(self, words: Words, asked: Sequence[tuple[ClauseContext, Sequence[tuple[int, int]]]]) -> None:
        self.words = words
        self.clauses: Numbers = np.fromiter((clause.number for clause, _ in asked), np.int64, len(asked))
        self.begins: Numbers = np.concatenate([[0], np.cumsum(words.count[self.clauses])])
        self.owner: Numbers = np.repeat(np.arange(len(asked)), words.count[self.clauses])
        self.lines = words.lines(self.clauses)
        cue = self._cues([(number, *span) for number, (_, spans) in enumerate(asked) for span in spans])
        rows = np.arange(len(cue))
        left = np.maximum.accumulate(np.where(cue, rows, -1))
        right = np.minimum.accumulate(np.where(cue, rows, len(rows))[::-1])[::-1]
        self.left = np.where(left >= self.begins[self.owner], left, -1)
        self.right = np.where(right < self.begins[self.owner + 1], right, -1)

    def row(self, relations: Numbers, lines: Numbers) -> Numbers:
        """Return the row that each line, of a word of the relation's clause or right behind it, has for its relation."""
        return lines - self.words.first[self.clauses[relations]] + self.begins[relations]

    def nearest(self, first: Numbers, last: Numbers) -> Numbers:
        """Return the row with a word of the cue nearest to either end of each of these runs of rows, the earlier of two; -1 without one."""
        cues = np.stack([self.left[first], self.right[first], self.left[last], self.right[last]])
        far = np.minimum(np.abs(cues - first), np.abs(cues - last))
        size = len(self.lines) + 1
        best = np.where(cues < 0, size * size, far * size + cues).argmin(0)
        return np.asarray(cues[best, np.arange(len(first))])

    def _cues(self, spans: Sequence[tuple[int, int, int]]) -> Flags:
        cue = np.zeros(len(self.lines), np.bool_)
        if spans:
            relations, starts, ends = np.array(spans).T
            low, high = self.words.across(self.clauses[relations], starts, ends)
            for begin, end in zip(self.row(relations, low).tolist(), self.row(relations, high).tolist(), strict=True):
                cue[begin:end] = True
        return cue
