"""The scoring of statements: what counts as found, and that its figures are those of the reference scorer."""

import importlib.util
import json
import random
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kg.errors import ReadError
from kg.evaluation import Claim, Figures, Share, as_record, normalise, read_aliases, read_claims, score
from kg.model import Predicate, Stance

SHARED = Path(__file__).parents[2] / "shared"
SCORER = SHARED / "tools" / "score.py"
GOLD = [
    SHARED / "gold" / "000_b15b3ecfd5e3af6e.jsonl",
    SHARED / "gold" / "brightfood_manassen_2011.jsonl",
    *sorted((SHARED / "gold-once").glob("*.jsonl"))[:6],
]

DENIAL = Claim(
    doc="notice",
    start=10,
    end=22,
    quote="安屿科技否认出售云业务",
    speaker="安屿科技",
    stance=Stance.DENIES,
    subject="安屿科技",
    predicate=Predicate.DIVESTS,
    object="云业务",
    value=None,
    when=None,
    due="2025",
)
FIGURE = replace(
    DENIAL, start=40, end=60, stance=Stance.ASSERTS, predicate=Predicate.METRIC, object="收入", value="120000000", due=None, when="2023"
)


def test_the_same_claims_score_one_throughout() -> None:
    scores = score([DENIAL, FIGURE], [FIGURE, DENIAL])
    assert [row.f1 for _, row in scores.rows() if isinstance(row, Figures)] == [1.0] * 5
    assert scores.speaker == Share(2, 2)
    assert scores.when_due == Share(2, 2)
    assert scores.value == Share(1, 1)
    assert not scores.missed
    assert not scores.spurious


def test_another_stance_is_the_same_relation_and_no_statement() -> None:
    scores = score([DENIAL], [replace(DENIAL, stance=Stance.PLANS)])
    assert scores.relation.f1 == 1.0
    assert scores.statement.f1 == scores.detection.f1 == scores.denials.f1 == 0.0
    assert scores.missed == (DENIAL,)


def test_another_object_is_detected_and_no_relation() -> None:
    scores = score([DENIAL], [replace(DENIAL, object="手机")])
    assert scores.detection.f1 == 1.0
    assert scores.relation.f1 == 0.0


def test_a_denial_counts_by_its_object_alone() -> None:
    found = replace(DENIAL, predicate=Predicate.EXITS, subject="公司")
    assert score([DENIAL], [found]).denials.f1 == 1.0


def test_a_denial_without_an_object_counts_by_its_predicate() -> None:
    gold = replace(DENIAL, predicate=Predicate.LISTS, object=None)
    assert score([gold], [gold]).denials.f1 == 1.0
    assert score([gold], [replace(gold, predicate=Predicate.OWNS)]).denials.f1 == 0.0


@pytest.mark.parametrize(("start", "end", "right"), [(21, 40, 1), (22, 40, 0), (0, 10, 0), (0, 104, 1), (0, 105, 0)])
def test_evidence_has_to_overlap_and_not_to_be_far_longer(start: int, end: int, right: int) -> None:
    assert score([DENIAL], [replace(DENIAL, start=start, end=end)]).statement.right == right


def test_two_predictions_of_one_statement_are_one_right_and_one_spurious() -> None:
    scores = score([DENIAL], [DENIAL, replace(DENIAL, start=12)])
    assert as_record(scores.statement) == {"p": 0.5, "r": 1.0, "f1": 0.6667, "right": 1, "core_found": 1, "core": 1, "predicted": 2}
    assert scores.spurious == (replace(DENIAL, start=12),)


def test_an_optional_record_is_right_when_found_and_not_missed_when_not() -> None:
    optional = replace(FIGURE, core=False)
    assert score([DENIAL, optional], [DENIAL]).statement == Figures(right=1, core_found=1, core=1, predicted=1)
    assert score([DENIAL, optional], [DENIAL, FIGURE]).statement == Figures(right=2, core_found=1, core=1, predicted=2)


def test_documents_that_the_gold_does_not_name_are_left_out() -> None:
    assert score([DENIAL], [DENIAL, replace(DENIAL, doc="another")]).statement.predicted == 1


@pytest.mark.parametrize(
    ("gold", "predicted", "same"),
    [
        ("云业务", "“云 业务”", True),
        ("ＭａｔｅＢｏｏｋ", "matebook", True),
        ("智能驾驶系统", "智能驾驶", True),
        ("安屿科技", "岭湖科技", False),
        ("安屿科技", None, False),
        ("安屿科技", "Anyu", False),
    ],
)
def test_names_are_the_same_or_alike(gold: str, predicted: str | None, same: bool) -> None:
    assert score([replace(DENIAL, subject=gold)], [replace(DENIAL, subject=predicted)]).statement.right == same


def test_aliases_make_two_names_one(tmp_path: Path) -> None:
    table = tmp_path / "aliases.tsv"
    table.write_text("安屿科技\tAnyu\n岭湖汽车\tLinghu\n", "utf-8")
    found = replace(DENIAL, subject="Anyu")
    assert score([DENIAL], [found], read_aliases(table)).statement.right == 1
    assert score([DENIAL], [replace(found, subject="Linghu")], read_aliases(table)).statement.right == 0


@pytest.mark.parametrize(("predicted", "agreeing"), [("120000000.0", 1), ("1.2亿", 0), (None, 0)])
def test_values_are_compared_as_numbers(predicted: str | None, agreeing: int) -> None:
    assert score([FIGURE], [replace(FIGURE, value=predicted)]).value == Share(agreeing, 1)


def test_nothing_predicted_scores_nothing_and_shares_are_unknown() -> None:
    scores = score([DENIAL], [])
    assert scores.statement == Figures(0, 0, 1, 0)
    assert scores.statement.f1 == 0.0
    assert scores.speaker.accuracy is None


def test_normalising_drops_what_says_nothing() -> None:
    assert normalise("《Ｍａｔｅ Book》（新）") == normalise("matebook新")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", r":2: not an exchange record"),
        ('{"doc": "a", "start": 0, "end": 1, "stance": "asserts"}', r":2: the record has no field 'predicate'"),
        ('{"doc": "a", "start": 0, "end": 1, "stance": "says", "predicate": "owns"}', r":2: .*'says' is not a valid Stance"),
        ("[]", r":2: not an exchange record"),
    ],
)
def test_a_malformed_record_is_refused_with_its_line(tmp_path: Path, line: str, complaint: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"doc": "a", "start": 0, "end": 1, "stance": "asserts", "predicate": "owns"}\n' + line, "utf-8")
    with pytest.raises(ReadError, match=complaint):
        read_claims(path)


def reference() -> ModuleType:
    specification = importlib.util.spec_from_file_location("score", SCORER)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def disturbed(records: list[dict[str, Any]], seed: int) -> list[dict[str, Any]]:
    """Return the records as a middling extractor would find them: some lost, some doubled, fields changed."""
    chance = random.Random(seed)
    found = []
    for record in records:
        copy = dict(record)
        for field in ("stance", "predicate", "subject", "object", "speaker", "value", "when", "due"):
            if chance.random() < 0.15:
                copy[field] = chance.choice(records)[field]
        for field in ("subject", "object", "speaker"):
            if copy[field] and chance.random() < 0.2:
                copy[field] = copy[field][chance.randrange(3) :] or None
        copy["start"] = max(0, copy["start"] + chance.randrange(-20, 20))
        copy["end"] = max(copy["start"] + 1, copy["end"] + chance.randrange(-20, 60))
        found.extend([copy] * chance.choice([0, 1, 1, 1, 2]))
    chance.shuffle(found)
    return found


@pytest.mark.skipif(not SCORER.exists(), reason="the reference scorer and its gold records lie beside a developer's checkout only")
@pytest.mark.parametrize("seed", range(4))
def test_the_figures_are_those_of_the_reference_scorer(tmp_path: Path, seed: int) -> None:
    golds = [json.loads(line) for path in GOLD for line in path.read_text("utf-8").splitlines()]
    predictions = disturbed(golds, seed)
    expected, _, _ = reference().score(golds, predictions, {})
    assert 0.1 < expected["statement"]["f1"] < 0.9
    for name, records in (("gold", golds), ("predicted", predictions)):
        (tmp_path / name).write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    scores = score(read_claims(tmp_path / "gold"), read_claims(tmp_path / "predicted"))
    assert {name: as_record(row) for name, row in scores.rows()} == expected
