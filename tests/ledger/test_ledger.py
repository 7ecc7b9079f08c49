"""The ledger as a whole: valid, the same from the same statements, made again only after a change, and asked from the command line."""

import json
import re
from pathlib import Path

import pytest

from kg.cli import app
from kg.graph.iris import BASE
from kg.graph.keeping import keep_ledger
from kg.graph.records import LinkType
from kg.graph.store import Store
from kg.graph.validate import validate
from kg.model import Kind, Predicate, Stance
from ontology.terms import KG
from tests.ledger.story import KINDS, said, told
from tests.ledger.test_questions import world

DROPPED = ["linkType", "later", "earlier", "basis", "promisedIn", "commitment", "decidedBy", "wording", "inDocument", "answer"]


def filled(*, backwards: bool = False) -> bytes:
    """Return the little world with its ledger as N-Quads."""
    documents = world()
    with Store.in_memory() as store:
        store.bulk_add(reversed(documents) if backwards else documents)
        keep_ledger(store)
        return store.export("nq")


def test_it_is_valid_and_the_same_in_whatever_order_documents_come() -> None:
    assert validate(filled()) == []
    assert filled() == filled(backwards=True)


@pytest.mark.parametrize("name", DROPPED)
def test_the_shapes_miss_what_is_left_out(name: str) -> None:
    kept = [line for line in filled().decode().splitlines(keepends=True) if f"<{KG}{name}> " not in line]
    broken = {finding.shape.rpartition("#")[2] for finding in validate("".join(kept).encode()) if finding.shape}
    assert broken, name


def test_it_is_made_again_only_where_something_changed() -> None:
    documents = world()
    with Store.in_memory() as store:
        store.bulk_add(documents[:-1])
        assert keep_ledger(store)
        assert not keep_ledger(store)
        before = store.export("nq")
        store.add(documents[-1])
        assert store.ledger.state != store.ledger_state()
        assert keep_ledger(store)
        store.withdraw(documents[-1].document.name)
        assert keep_ledger(store)
        assert store.export("nq") == before


def test_names_judged_to_be_one_meet_in_the_ledger_and_part_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "青禾", Kind.COMPANY)
    rumour = told("rumour", "2021-05-06", said("传青禾出售青禾云", Stance.REPORTS, "青禾", Predicate.DIVESTS, "青禾云"))
    denial = said("没有出售青禾云的计划", Stance.DENIES, "青禾科技", Predicate.DIVESTS, "青禾云", speaker="青禾科技")
    with Store.in_memory() as store:
        store.bulk_add([rumour, told("denial", "2021-05-08", denial)])
        keep_ledger(store)
        before = store.export("nq")
        assert store.ledger.links().items == []
        store.judge([("青禾科技", "青禾")])
        keep_ledger(store)
        assert [(link.type, link.earlier.subject) for link in store.ledger.links().items] == [(LinkType.DENIES_RUMOUR, "青禾科技")]
        store.judge([])
        keep_ledger(store)
        assert store.export("nq") == before


def test_nothing_of_the_ledger_is_a_plain_edge() -> None:
    edges = {line for line in filled().decode().splitlines() if line.endswith(f"<{BASE}ledger> .")}
    plain = re.compile(rf"^<{BASE}entity/[^>]+> <{KG}\w+> <{BASE}entity/")
    assert edges
    assert not [edge for edge in edges if plain.match(edge)]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store on disk, with its ledger."""
    path = tmp_path_factory.mktemp("ledger") / "store"
    with Store.open(path) as store:
        store.bulk_add(world())
        keep_ledger(store)
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what a verb prints."""
    app(arguments, prog_name="kg", standalone_mode=False)
    return capsys.readouterr().out


def test_links_are_printed_with_both_quotes(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = run(capsys, "links", "--store", str(directory), "--type", "deniesRumour", "--about", "青禾科技")
    assert "没有出售青禾云的计划" in text
    assert "外界传青禾科技出售青禾云" in text


def test_promises_stand_as_of_a_day(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    open_then, met_now = (
        json.loads(run(capsys, "promises", "--store", str(directory), "--about", "禾OS", "--as-of", day, "--format", "json"))
        for day in ("2021-06", "2022-02")
    )
    assert [one["status"] for one in open_then if one["due"] == "2021-12"] == ["open"]
    assert [one["status"] for one in met_now if one["due"] == "2021-12"] == ["met"]


def test_evasions_are_listed_as_csv(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header, row = run(capsys, "answers", "--store", str(directory), "--outcome", "evades", "--format", "csv").splitlines()
    assert header.split(",")[:2] == ["id", "iri"]
    assert "不便透露。" in row


def test_a_claim_is_traced_from_a_statement_of_it(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(directory, read_only=True) as store:
        denial = next(one for one in store.statements() if one.quote == "没有出售青禾云的计划")
    text = run(capsys, "trace", denial.id, "--store", str(directory))
    assert text == run(capsys, "trace", denial.proposition, "--store", str(directory))
    assert text.index("外界传青禾科技出售青禾云") < text.index("没有出售青禾云的计划")
    assert "said first" in text
    assert "新川日报 ← 林一舟 ← 董事长 ← 青禾科技" in text


def test_an_old_ledger_is_said_to_be_old(directory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(tmp_path / "store") as store:
        store.bulk_add(world())
    app(["links", "--store", str(tmp_path / "store")], prog_name="kg", standalone_mode=False)
    printed = capsys.readouterr()
    assert printed.out == "nothing found\n"
    assert "make it again with `kg ledger" in printed.err
    assert "made again: links" in run(capsys, "ledger", "--store", str(tmp_path / "store"))
    assert "up to date" in run(capsys, "ledger", "--store", str(tmp_path / "store"))
