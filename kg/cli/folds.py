"""What was read in folds, judged: each fold, all together, by document, by cause, and by how much was learned from. Loads slowly."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import mean

from kg.cli.errors import causes_as_records, causes_as_tables
from kg.cli.evaluate import By, as_records, parted, table_by, tables
from kg.cli.output import Cell, table
from kg.cli.sources import cued, source
from kg.evaluation import Claim, Figures, Scores, Share, Verdict, claim, score, verdicts
from kg.lexicon import Lexicon
from kg.training.corpus import Annotated
from kg.training.folds import Reading

_CURVE = ("statement", "detection", "named", "denials")  # the criteria that a learning curve shows


@dataclass(frozen=True, slots=True)
class Point:
    """How well is read with weights fitted on a share of the documents; sizes are the mean of the folds."""

    share: float
    documents: int
    records: int
    scores: Scores


@dataclass(frozen=True, slots=True)
class Folds:
    """The figures of readings of unseen documents."""

    names: Sequence[Sequence[str]]
    each: Sequence[Scores]
    together: Scores
    by_document: dict[str, Scores]
    verdicts: Sequence[Verdict]
    curve: Sequence[Point]  # empty where all weights were fitted on all documents


def judge(names: Sequence[Sequence[str]], golds: Sequence[Claim], readings: Sequence[Reading], documents: Iterable[Annotated]) -> Folds:
    """Return the figures of what was read in folds of these documents, which are the ones that the gold records are of."""
    claims = _claims(reading for reading in readings if reading.share == 1)
    shares = sorted({reading.share for reading in readings})
    sources = {document.name: source(document.context) for document in documents}
    return Folds(
        names,
        [score([gold for gold in golds if gold.doc in of_fold], claims) for of_fold in names],
        score(golds, claims),
        {name: score(*part) for name, part in parted(golds, claims, By.DOCUMENT)},
        verdicts(golds, claims, {}, sources=sources, cued=cued(Lexicon())),
        [_point(share, golds, [one for one in readings if one.share == share]) for share in shares] if len(shares) > 1 else [],
    )


def _claims(readings: Iterable[Reading]) -> list[Claim]:
    return [claim(statement) for reading in readings for statement in reading.statements]


def _point(share: float, golds: Sequence[Claim], readings: Sequence[Reading]) -> Point:
    documents, records = (round(mean(sizes)) for sizes in zip(*((one.documents, one.records) for one in readings), strict=True))
    return Point(share, documents, records, score(golds, _claims(readings)))


def as_text(folds: Folds) -> str:
    """Return the figures as tables, one below the other."""
    parts = [
        _by_fold(folds),
        f"all folds\n{tables(folds.together)}",
        table_by(By.DOCUMENT, folds.by_document),
        causes_as_tables(folds.verdicts),
    ]
    return "\n\n".join([*parts, *([_curve(folds.curve)] if folds.curve else [])])


def as_record(folds: Folds) -> dict[str, object]:
    """Return the figures as a JSON object; the curve only where there is one."""
    found: dict[str, object] = {
        "folds": [{"documents": names, **as_records(scores)} for names, scores in zip(folds.names, folds.each, strict=True)],
        "all": as_records(folds.together),
        "by": {name: as_records(scores) for name, scores in folds.by_document.items()},
        "errors": causes_as_records(folds.verdicts, 0),
    }
    if folds.curve:
        found["curve"] = [
            {"share": point.share, "documents": point.documents, "records": point.records, **as_records(point.scores)}
            for point in folds.curve
        ]
    return found


def _by_fold(folds: Folds) -> str:
    """Return a row a criterion: F1 or accuracy of all folds together, the mean of the folds, and each fold."""
    rows: list[list[Cell]] = []
    for (name, together), *each in zip(*(scores.rows() for scores in (folds.together, *folds.each)), strict=True):
        known = [number for _, figures in each if (number := _main(figures)) is not None]
        middle = mean(known) if known else None
        rows.append([name, *map(_number, [_main(together), middle, *(_main(figures) for _, figures in each)])])
    return table(["", "together", "mean", *(f"fold {number}" for number in range(1, len(folds.each) + 1))], rows)


def _curve(points: Sequence[Point]) -> str:
    """Return a row a share: how many records the weights were fitted on, and the F1 that they reach."""
    columns = ["share", "documents", "records", *_CURVE]
    return table(columns, list(_points(points)))


def _points(points: Iterable[Point]) -> Iterator[list[Cell]]:
    for point in points:
        figures = dict(point.scores.rows())
        yield [f"{point.share:.3f}", point.documents, point.records, *(_number(_main(figures[name])) for name in _CURVE)]


def _main(figures: Figures | Share) -> float | None:
    return figures.f1 if isinstance(figures, Figures) else figures.accuracy


def _number(number: float | None) -> str:
    return "-" if number is None else f"{number:.4f}"
