"""How verdicts are shown: counts by cause, examples of each, the sentences with most that is wrong; and all of it as JSON."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby

from kg.cli.output import Cell, shortened, table
from kg.evaluation import Cause, Claim, Count, Source, Verdict, counts

_COLUMNS = ("stance", "subject", "predicate", "object", "value", "when", "due", "speaker")
_CORE = "core records"
_DETAILS = 6  # how many details of a cause a table names
_TEXT = 400  # columns of the terminal that a sentence takes


@dataclass(frozen=True, slots=True)
class Worst:
    """A sentence, what is wrong in it, and every verdict of it."""

    document: str
    start: int
    text: str
    errors: int
    verdicts: tuple[Verdict, ...]


def sides(verdicts: Sequence[Verdict]) -> dict[str, list[Verdict]]:
    """Return the verdicts of what should have been found and of what was; those of a pair are in both."""
    return {
        _CORE: [verdict for verdict in verdicts if verdict.gold is not None and verdict.gold.core],
        "predictions": [verdict for verdict in verdicts if verdict.found is not None],
    }


def causes_as_tables(verdicts: Sequence[Verdict]) -> str:
    """Return a table of the core records by cause, and one of the predictions; what pairs have in detail stands in the first."""
    parts = []
    for side, of_side in sides(verdicts).items():
        detailed = [count for count in counts(of_side) if side == _CORE or count.detail is None or count.cause is Cause.UNFILED]
        parts.append(f"{len(of_side)} {side}\n{table(['cause', 'detail', 'records', 'share', 'denials'], list(_rows(detailed)))}")
    return "\n\n".join(parts)


def _rows(found: Iterable[Count]) -> Iterator[list[Cell]]:
    """Yield a row a cause, and one for each of its most frequent details."""
    for _, group in groupby(found, key=lambda count: count.cause):
        for number, count in enumerate(group):
            if number <= _DETAILS:
                cause = count.cause if count.detail is None else None
                yield [cause, count.detail, count.records, f"{count.share:.3f}", count.denials]


def causes_as_records(verdicts: Sequence[Verdict], examples: int) -> dict[str, list[dict[str, object]]]:
    """Return the counts of both sides as JSON objects, those of a whole cause with some of its records."""
    found: dict[str, list[dict[str, object]]] = {}
    for side, of_side in sides(verdicts).items():
        rows = found.setdefault(side.replace(" ", "_"), [])
        chosen = examples_of(of_side, examples)
        for count in counts(of_side):
            rows.append({**asdict(count), "share": round(count.share, 4)})
            if count.detail is None and chosen.get(count.cause):
                rows[-1]["examples"] = list(map(asdict, chosen[count.cause]))
    return found


def examples_of(verdicts: Iterable[Verdict], number: int) -> dict[Cause, list[Verdict]]:
    """Return up to so many verdicts of each cause of error, from as many documents as there are."""
    by_cause: defaultdict[Cause, defaultdict[str, list[Verdict]]] = defaultdict(lambda: defaultdict(list))
    for verdict in verdicts:
        if verdict.is_error:
            by_cause[verdict.cause][verdict.claim.doc].append(verdict)
    return {cause: list(_in_turn(list(by_cause[cause].values())))[:number] for cause in Cause if cause in by_cause}


def _in_turn(groups: Sequence[Sequence[Verdict]]) -> Iterator[Verdict]:
    for number in range(max(map(len, groups))):
        yield from (group[number] for group in groups if number < len(group))


def examples_as_text(verdicts: Sequence[Verdict], number: int) -> Iterator[str]:
    """Yield up to so many examples of each cause: document, quote, and the records side by side."""
    shown: set[int] = set()
    for of_side in sides(verdicts).values():
        for cause, chosen in examples_of((one for one in of_side if id(one) not in shown), number).items():
            yield f"{cause}\n" + "\n".join(_example(verdict) for verdict in chosen)
        shown.update(map(id, of_side))


def _example(verdict: Verdict) -> str:
    claim = verdict.claim
    detail = f"  ({verdict.detail})" if verdict.detail else ""
    records = table(["", *_COLUMNS], list(_sides(verdict)))
    return f"  {claim.doc}:{claim.start}{detail}  “{shortened(claim.quote, _TEXT)}”\n" + _indented(records, 4)


def _sides(verdict: Verdict) -> Iterator[list[Cell]]:
    for side, claim in (("gold" if verdict.gold is None or verdict.gold.core else "optional", verdict.gold), ("found", verdict.found)):
        if claim is not None:
            yield [side, *(_cell(claim, column) for column in _COLUMNS)]


def _cell(claim: Claim, column: str) -> Cell:
    value: str | None = getattr(claim, column)
    return value or "-"


def worst(verdicts: Iterable[Verdict], sources: Mapping[str, Source], number: int) -> list[Worst]:
    """Return the sentences in which most is wrong, those first; a record that was tried and not met is one error."""
    sentences: defaultdict[tuple[str, int, int], list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        claim = verdict.claim
        sentences[claim.doc, *sources[claim.doc].sentence(claim)].append(verdict)
    errors = Counter({key: sum(verdict.is_error for verdict in of_sentence) for key, of_sentence in sentences.items()})
    ranked = sorted((key for key in errors if errors[key]), key=lambda key: (-errors[key], key))[:number]
    return [
        Worst(name, start, sources[name].text[start:end], errors[name, start, end], tuple(sentences[name, start, end]))
        for name, start, end in ranked
    ]


def worst_as_text(sentence: Worst) -> str:
    """Return a sentence with its gold and its predicted records below, each pair with what is wrong."""
    rows: list[list[Cell]] = []
    for verdict in sentence.verdicts:
        mark = f"{verdict.cause}: {verdict.detail}" if verdict.detail else verdict.cause
        for number, side in enumerate(_sides(verdict)):
            rows.append([mark if number == 0 else None, *side])
    head = f"{sentence.document}:{sentence.start}  {sentence.errors} errors\n  {shortened(sentence.text, _TEXT)}\n"
    return head + _indented(table(["cause", "", *_COLUMNS], rows), 2)


def worst_as_record(sentence: Worst) -> dict[str, object]:
    """Return a sentence as a JSON object."""
    return {
        "doc": sentence.document,
        "start": sentence.start,
        "text": sentence.text,
        "errors": sentence.errors,
        "records": list(map(asdict, sentence.verdicts)),
    }


def _indented(text: str, columns: int) -> str:
    return "\n".join(" " * columns + line for line in text.splitlines())
