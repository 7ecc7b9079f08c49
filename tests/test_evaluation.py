"""The scoring of statements: what counts as found, and that its figures are those of the reference scorer."""

import importlib.util
import json
import random
from dataclasses import fields, replace
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kg.cli.folds import as_text, judge
from kg.errors import ReadError
from kg.evaluation import (
    Cause,
    Claim,
    Figures,
    Share,
    Source,
    Verdict,
    as_record,
    counts,
    differences,
    normalise,
    read_aliases,
    read_claims,
    score,
    verdicts,
)
from kg.extraction.statements.context import Context
from kg.model import Document, Layout, Predicate, Stance, Statement
from kg.training.corpus import Annotated
from kg.training.folds import Reading, part

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


def traced(golds: list[Claim], found: list[Claim], source: Source | None = None) -> list[Verdict]:
    """Return the verdicts where only the word 出售 is a cue."""
    return verdicts(golds, found, {}, sources={"notice": source} if source else {}, cued=lambda quote, predicate: "出售" in quote)


def test_the_same_claims_score_one_throughout() -> None:
    scores = score([DENIAL, FIGURE], [FIGURE, DENIAL])
    assert [row.f1 for _, row in scores.rows() if isinstance(row, Figures)] == [1.0] * 5
    assert scores.speaker == Share(2, 2)
    assert scores.when_due == Share(2, 2)
    assert scores.value == Share(1, 1)
    assert [verdict.cause for verdict in traced([DENIAL, FIGURE], [FIGURE, DENIAL])] == [Cause.NONE, Cause.NONE]


def test_another_stance_is_the_same_relation_and_no_statement() -> None:
    scores = score([DENIAL], [replace(DENIAL, stance=Stance.PLANS)])
    assert scores.relation.f1 == 1.0
    assert scores.statement.f1 == scores.detection.f1 == scores.denials.f1 == 0.0


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


def test_a_record_that_leaves_the_words_out_is_filled_from_its_document(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(
        '{"doc": "a", "start": 0, "end": 5, "subject": [0, 3], "stance": "asserts", "predicate": "owns", "object": "岚桥"}\n', "utf-8"
    )
    [found] = read_claims(path, {"a": "泠湖云持有岚桥。"}.__getitem__)
    assert (found.quote, found.subject, found.object) == ("泠湖云持有", "泠湖云", "岚桥")
    with pytest.raises(ReadError, match=r":1: the record gives names by where they stand; say with --corpus"):
        read_claims(path)


# --- causes


@pytest.mark.parametrize(
    ("fields", "cause", "detail"),
    [
        ({}, Cause.NONE, ""),
        ({"speaker": "周远"}, Cause.SPEAKER, "another"),
        ({"due": None, "speaker": None}, Cause.DATE, "due: none found"),
        ({"when": "2024"}, Cause.DATE, "when: none in gold"),
        ({"value": "3", "due": "2026"}, Cause.VALUE, "none in gold"),
        ({"object": "手机"}, Cause.OBJECT, "in the quote"),
        ({"object": None, "value": "3"}, Cause.OBJECT, "none found"),
        ({"subject": "岭湖汽车"}, Cause.SUBJECT, "in the quote"),
        ({"subject": "岭湖汽车", "object": "手机"}, Cause.ARGUMENTS, "in the quote"),
        ({"stance": Stance.PLANS, "subject": "岭湖汽车"}, Cause.STANCE, "plans for denies"),
        ({"predicate": Predicate.EXITS, "subject": "岭湖汽车"}, Cause.PREDICATE, "exits for divests"),
        ({"predicate": Predicate.EXITS, "stance": Stance.PLANS}, Cause.MISSED, "a cue in the quote"),
        ({"predicate": Predicate.EXITS, "subject": "岭湖汽车", "object": "手机"}, Cause.MISSED, "a cue in the quote"),
    ],
)
def test_a_core_record_has_the_first_cause_that_holds(fields: dict[str, Any], cause: Cause, detail: str) -> None:
    (verdict, *others) = traced([DENIAL], [replace(DENIAL, **fields)])
    assert (verdict.cause, verdict.detail, verdict.gold) == (cause, detail, DENIAL)
    assert [other.cause for other in others] == [Cause.UNFILED] * (cause is Cause.MISSED)


@pytest.mark.parametrize(
    ("text", "names", "place"),
    [
        ("一二三四五六七八九十安屿科技否认出售云业务。", ["安屿科技"], "in the quote"),
        ("一二三四五六七八九十安屿科技否认出售云业务。", [], "in the quote, not found as a name"),
        ("“安屿”科技四五六七八公司称并不出售其云业务。", [], "before the quote"),
        ("一二三四五六七八九十公司称并不出售其云业务。安屿科技", [], "after the quote"),
        ("一二三四五六七八九十公司称并不出售其云业务。", [], "nowhere in the text"),
    ],
)
def test_where_a_wrong_subject_would_have_been_is_told_with_the_text(text: str, names: list[str], place: str) -> None:
    source = Source(text, [(0, len(text))], names)
    (verdict,) = traced([replace(DENIAL, quote=text[10:22])], [replace(DENIAL, subject="岭湖汽车")], source)
    assert (verdict.cause, verdict.detail) == (Cause.SUBJECT, place)


def test_a_name_that_was_cut_is_told_from_another() -> None:
    gold = replace(DENIAL, object="面向工厂的车载操作系统")
    (verdict,) = traced([gold], [replace(DENIAL, object="载操作系统工厂面的产品")])
    assert verdict.cause is Cause.NONE, "the characters are mostly the same"
    (verdict,) = traced([gold], [replace(DENIAL, object="操作系统和芯片")])
    assert (verdict.cause, verdict.detail) == (Cause.OBJECT, "cut or worded otherwise")


def test_a_missed_record_is_told_by_what_was_there() -> None:
    other = replace(DENIAL, object="手机")
    claim = replace(DENIAL, predicate=Predicate.PROPOSITION)
    assert [v.detail for v in traced([DENIAL], [])] == ["a cue in the quote"]
    assert [v.detail for v in traced([replace(DENIAL, quote="没有此事")], [])] == ["no cue in the quote"]
    assert [v.detail for v in traced([claim], [])] == ["a claim in words of its own"]
    assert [v.detail for v in traced([DENIAL, other], [DENIAL])] == ["", "one of several"]


def test_a_prediction_too_many_is_told_by_the_gold_there() -> None:
    assert [v.cause for v in traced([DENIAL], [DENIAL, replace(DENIAL, start=12)])] == [Cause.NONE, Cause.DUPLICATE]
    for found, detail in (
        (replace(DENIAL, object="手机"), "one too many of its relation"),
        (replace(FIGURE, start=12, end=20), "other relations there"),
        (FIGURE, "nothing there"),
    ):
        (right, wrong) = traced([DENIAL], [DENIAL, found])
        assert (right.cause, wrong.cause, wrong.detail, wrong.found) == (Cause.NONE, Cause.UNFILED, detail, found)


def test_an_optional_record_is_attempted_and_not_missed() -> None:
    optional = replace(DENIAL, core=False)
    assert traced([optional], []) == []
    (verdict,) = traced([optional], [replace(optional, stance=Stance.PLANS)])
    assert (verdict.cause, verdict.is_error) == (Cause.STANCE, True)


def test_the_attempt_with_most_in_common_is_the_one() -> None:
    near, far = replace(DENIAL, object="手机"), replace(DENIAL, object="手机", subject="岭湖汽车", start=9)
    by_prediction = {verdict.found: verdict.cause for verdict in traced([DENIAL], [far, near])}
    assert by_prediction == {near: Cause.OBJECT, far: Cause.UNFILED}


@pytest.mark.parametrize("seed", range(3))
def test_every_record_and_every_prediction_is_counted_once(seed: int) -> None:
    chance = random.Random(seed)
    golds = [replace(DENIAL, start=chance.randrange(60), end=90, object=chance.choice("甲乙丙丁")) for _ in range(20)]
    found = [replace(chance.choice(golds), stance=chance.choice(list(Stance))) for _ in range(30)]
    traces = traced(golds, found)
    assert sorted(map(repr, golds)) == sorted(repr(v.gold) for v in traces if v.gold)
    assert sorted(map(repr, found)) == sorted(repr(v.found) for v in traces if v.found)
    whole = [count for count in counts(traces) if count.detail is None]
    assert sum(count.records for count in whole) == len(traces)
    assert sum(count.share for count in whole) == pytest.approx(1)
    right = sum(v.cause in (Cause.NONE, Cause.VALUE, Cause.DATE, Cause.SPEAKER) for v in traces)
    assert right == score(golds, found).statement.right


def test_a_sentence_is_the_one_in_which_the_evidence_ends() -> None:
    source = Source("甲。乙丙。丁", [(0, 2), (2, 5)], [])
    assert source.sentence(replace(DENIAL, start=0, end=4)) == (2, 5)
    assert source.sentence(replace(DENIAL, start=0, end=2)) == (0, 2)
    assert source.sentence(replace(DENIAL, start=5, end=6)) == (5, 6), "outside all sentences"


# --- two extractions


def changes(old: list[Claim], new: list[Claim]) -> list[tuple[str, tuple[str, ...]]]:
    return [(change.kind, change.fields) for change in differences(old, new)]


def test_the_same_statements_do_not_differ_wherever_they_stand() -> None:
    assert changes([DENIAL, FIGURE], [FIGURE, DENIAL]) == []
    assert changes([DENIAL], [replace(DENIAL, start=30, end=42)]) == []


def test_statements_are_gained_lost_and_changed() -> None:
    assert changes([DENIAL], [DENIAL, FIGURE]) == [("gained", ())]
    assert changes([DENIAL, FIGURE], [FIGURE]) == [("lost", ())]
    assert changes([DENIAL], [replace(DENIAL, stance=Stance.ASSERTS, due=None)]) == [("changed", ("stance", "due"))]
    assert changes([DENIAL], [replace(DENIAL, unit="元")]) == [("changed", ("unit",))]


def test_another_predicate_or_other_words_are_another_statement() -> None:
    assert changes([DENIAL], [replace(DENIAL, predicate=Predicate.EXITS)]) == [("gained", ()), ("lost", ())]
    assert changes([DENIAL], [replace(DENIAL, doc="another")]) == [("gained", ()), ("lost", ())]
    elsewhere = replace(DENIAL, start=60, end=72, quote="岭湖汽车否认出售工厂", object="工厂")
    assert changes([DENIAL], [elsewhere]) == [("lost", ()), ("gained", ())]
    rewritten = replace(DENIAL, quote="岭湖汽车否认出售工厂", object="工厂")
    assert changes([DENIAL], [rewritten]) == [("gained", ()), ("lost", ())], "the place is the same, the text is not"


def test_a_longer_quote_is_a_change_also_where_the_text_has_moved() -> None:
    longer = replace(DENIAL, start=28, end=42, quote="昨日" + DENIAL.quote)
    assert changes([DENIAL], [longer]) == [("changed", ("quote",))]


def test_of_several_the_nearest_changed() -> None:
    others = [replace(DENIAL, object=name) for name in ("手机", "电池")]
    after = [replace(DENIAL, speaker="周远"), others[1], replace(DENIAL, object="芯片", stance=Stance.PLANS)]
    found = differences([DENIAL, *others], after)
    assert {(change.old.object, change.new.object) for change in found if change.old and change.new} == {
        ("云业务", "云业务"),
        ("手机", "芯片"),
    }


def test_the_one_of_two_that_stayed_in_its_place_is_the_same() -> None:
    again = replace(DENIAL, start=50, end=62)
    (change,) = differences([DENIAL, again], [again])
    assert (change.kind, change.old) == ("lost", DENIAL)


# --- folds


def read(fold: int, share: float, *claims: Claim) -> Reading:
    """Return a reading whose weights saw a hundred documents, or their share."""
    names = [field.name for field in fields(Claim) if field.name != "core"]
    kinds = {"subject_kind": None, "object_kind": None, "speaker_kind": None, "on_behalf_of": None}
    found = tuple(Statement(**{name: getattr(one, name) for name in names}, **kinds, id="", rule="", confidence=1) for one in claims)
    return Reading(fold, share, round(100 * share), round(2000 * share) + fold, found)


def test_folds_are_judged_each_together_and_along_the_curve() -> None:
    other = replace(FIGURE, doc="report")
    readings = [read(0, 1.0, DENIAL, FIGURE), read(1, 1.0, replace(other, object="利润")), read(0, 0.5, FIGURE), read(1, 0.5)]
    folds = judge([["notice"], ["report"]], [DENIAL, FIGURE, other], readings, [])
    assert [scores.statement.f1 for scores in folds.each] == [1.0, 0.0]
    assert folds.together.statement == Figures(right=2, core_found=2, core=3, predicted=3)
    assert {name: scores.detection.f1 for name, scores in folds.by_document.items()} == {"notice": 1.0, "report": 1.0}
    assert [verdict.cause for verdict in folds.verdicts] == [Cause.NONE, Cause.NONE, Cause.OBJECT]
    assert [(point.share, point.documents, point.records, point.scores.statement.f1) for point in folds.curve] == [
        (0.5, 50, 1000, 0.5),
        (1.0, 100, 2000, pytest.approx(2 / 3)),
    ]
    rows = [line.split() for line in as_text(folds).splitlines()]
    assert ["statement", "0.6667", "0.5000", "1.0000", "0.0000"] in rows
    assert ["0.500", "50", "1000", "0.5000", "0.5000", "0.0000", "0.0000"] in rows
    assert not judge([["notice"], ["report"]], [DENIAL, FIGURE, other], readings[:2], []).curve


def test_a_smaller_share_of_documents_is_part_of_a_larger_one() -> None:
    context = Context(Document("", "", "", ""), "", Layout((), (), (), ()), (), ())
    documents = [Annotated(str(number), context, ()) for number in range(20)]
    shares = [[document.name for document in part(documents, share)] for share in (0.125, 0.25, 0.5, 1)]
    assert list(map(len, shares)) == [3, 5, 10, 20]
    assert all(set(small) < set(large) for small, large in pairwise(shares))
    assert shares[-1] == [document.name for document in documents]
    assert shares[0] != shares[-1][:3], "drawn, not cut off"


# --- the figures of the reference scorer


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
