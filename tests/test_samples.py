"""The sample documents read with their metadata, and their gold statements stand in them, field by field."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kg.model import Predicate, Stance
from kg.reading import read, read_folder

DATA = Path(__file__).parents[1] / "data"
SAMPLES = sorted(read_folder(DATA / "samples"))
FIELDS = ["doc", "start", "end", "quote", "speaker", "stance", "subject", "predicate", "object", "value", "unit", "when", "due"]
DATE = re.compile(r"\d{4}(-(\d{2}(-\d{2})?|H[12]|Q[1-4]))?")
NUMBER_WITH_UNIT_LEFT_IN = re.compile(r"\d+(\.\d+)?[万亿]")
MAY_LACK_OBJECT = {Predicate.LISTS, Predicate.OPEN_SOURCES, Predicate.FOUNDS, Predicate.RESTRICTS, Predicate.PERMITS}
CLAIMED = {Stance.DENIES, Stance.PLANS, Stance.AIMS, Stance.PREDICTS}


def gold(sample: Path) -> list[dict[str, Any]]:
    lines = (DATA / "gold" / f"{sample.stem}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_every_sample_has_gold_and_every_gold_file_a_sample() -> None:
    assert [sample.stem for sample in SAMPLES] == sorted(path.stem for path in (DATA / "gold").glob("*.jsonl"))
    assert len(SAMPLES) >= 8


def test_together_they_hold_every_stance_and_every_predicate() -> None:
    records = [record for sample in SAMPLES for record in gold(sample)]
    assert {record["stance"] for record in records} == set(Stance)
    assert {record["predicate"] for record in records} == set(Predicate)
    assert Counter(record["stance"] for record in records)["denies"] > len(records) / 5


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_says_what_it_is(sample: Path) -> None:
    document = read(sample)
    assert document.title
    assert document.publisher
    assert document.published
    assert DATE.fullmatch(document.published)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_gold_is_well_formed(sample: Path) -> None:
    text = read(sample).text
    records = gold(sample)
    assert records == sorted(records, key=lambda record: (record["start"], record["end"]))
    assert len({json.dumps(record) for record in records}) == len(records)
    for record in records:
        assert list(record) == FIELDS, record
        assert record["doc"] == sample.stem
        assert record["quote"] == text[record["start"] : record["end"]] != "", record
        assert "\n" not in record["quote"], record
        stance, predicate = Stance(record["stance"]), Predicate(record["predicate"])
        assert record["subject"] or predicate is Predicate.PROPOSITION, record
        assert record["object"] or predicate in MAY_LACK_OBJECT, record
        assert predicate is not Predicate.PROPOSITION or stance in CLAIMED, record
        assert all(record[name] is None or DATE.fullmatch(record[name]) for name in ("when", "due")), record
        assert not NUMBER_WITH_UNIT_LEFT_IN.search(record["value"] or ""), record


def test_the_retelling_says_that_it_is_one() -> None:
    text = read(DATA / "samples" / "huawei_roundtable_retold.md").text
    assert "转述" in text[:200]
    assert not set(text) & set("「」"), "indirect speech only"
    assert "“" not in text, "indirect speech only"
