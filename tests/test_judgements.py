"""What is judged of names: the file, what contradicts, what a store then shows, and that taking it back leaves no trace."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg.cli.proposals import Proposal, proposals
from kg.errors import JudgementError, StoreError
from kg.graph.store import Store
from kg.judgements import Judgement, Judgements, Verdict, judgement, read_judgements, written
from kg.model import Entity, Extraction, Kind, Predicate, Stance
from tests.conftest import Kg
from tests.graph_fixtures import document, extraction, statement

SAME, DIFFERENT = Verdict.SAME, Verdict.DIFFERENT


def judged(*lines: str) -> Judgements:
    """Return judgements written as `甲=乙` and `甲≠乙`."""
    return Judgements(tuple(Judgement(SAME, *line.split("=")) if "=" in line else Judgement(DIFFERENT, *line.split("≠")) for line in lines))


# --- the file


def test_an_entity_goes_by_the_name_that_is_never_second() -> None:
    assert judged("甲=乙", "丙=甲", "丁=戊").entities == (("丙", "乙", "甲"), ("丁", "戊"))
    assert judged("甲=乙", "乙=甲").entities == (("甲", "乙"),)


@pytest.mark.parametrize(
    ("lines", "at_fault"),
    [(("甲=乙", "乙≠甲"), (3, 4)), (("丁≠甲", "甲=乙", "丙=丁", "己=庚", "乙=丁"), (3, 4, 7)), (("甲≠乙", "丙=乙", "丙=甲"), (3, 4, 5))],
)
def test_names_that_are_the_same_and_different_are_refused_with_the_lines(lines: tuple[str, ...], at_fault: tuple[int, ...]) -> None:
    with pytest.raises(JudgementError) as error:
        judged(*lines)
    assert [number for number in range(3, 9) if f"(line {number})" in str(error.value)] == list(at_fault)


def test_what_differs_from_one_differs_from_all_it_is() -> None:
    made = judged("甲=乙", "乙≠丙", "丙=丁")
    assert made.differ("甲", "丁") and made.differ("丁", "乙")
    assert not made.differ("甲", "乙") and not made.differ("甲", "戊")


def test_a_judgement_comes_once_and_goes_whole() -> None:
    made = judged("甲=乙")
    assert made.with_one(Judgement(SAME, "乙", "甲")) is made
    assert made.without(SAME, "乙", "甲") == Judgements()
    with pytest.raises(JudgementError, match="nothing to undo"):
        made.without(DIFFERENT, "甲", "乙")


def test_a_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "judgements.tsv"
    made = Judgements((Judgement(SAME, "甲", "乙", "2024-05-06", "its short name"), Judgement(DIFFERENT, "甲", "丙")))
    path.write_text(written(made), "utf-8")
    assert read_judgements(path) == made
    path.write_text("\n".join(line.rstrip() for line in written(made).splitlines()), "utf-8")  # as an editor may leave it
    assert read_judgements(path) == made
    assert read_judgements(tmp_path / "none.tsv") == Judgements()


@pytest.mark.parametrize(
    ("line", "words"),
    [("same\t甲", ":3: 2 columns"), ("alike\t甲\t乙", ":3: the verdict 'alike'"), ("same\t甲\t甲", ":3: a judgement is about two names")],
)
def test_a_malformed_line_is_refused_with_its_number(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "judgements.tsv"
    path.write_text(f"{written(Judgements())}{line}\n", "utf-8")
    with pytest.raises(JudgementError, match=words):
        read_judgements(path)
    path.write_text("name\tkind\n", "utf-8")
    with pytest.raises(JudgementError, match=":1: no file of judgements"):
        read_judgements(path)
    with pytest.raises(JudgementError, match="a new line"):
        judgement(SAME, ("甲", "乙"), note="one\ntwo")


# --- the store


def rumour() -> Extraction:
    """Return a document that calls 青禾科技 by its group's name: a rumour of what the other document denies, and a purchase."""
    of = document("传闻青禾集团将出售青禾云。青禾集团收购了北山汽车。", name="rumour", published="2021-09-20")
    told = (
        statement(of, "青禾集团将出售青禾云", ("青禾集团", Predicate.DIVESTS, "青禾云"), stance=Stance.REPORTS),
        statement(of, "青禾集团收购了北山汽车", ("青禾集团", Predicate.ACQUIRES, "北山汽车"), speaker="青禾集团"),
    )
    named = [replace(one, subject_kind=Kind.COMPANY, speaker_kind=Kind.COMPANY if one.speaker else None) for one in told]
    entities = (Entity("北山汽车", Kind.COMPANY), Entity("青禾云", Kind.UNIT), Entity("青禾集团", Kind.COMPANY, ("青禾控股",)))
    return Extraction(of, entities, tuple(named), ())


@pytest.fixture
def graph() -> Store:
    store = Store.in_memory()
    store.bulk_add([extraction(), rumour()])
    return store


def everything(store: Store) -> set[str]:
    return set(map(str, store.graph))


def test_two_names_become_one_entity_in_all_that_is_asked(graph: Store) -> None:
    before = {statement.id for name in ("青禾科技", "青禾集团") for statement in graph.statements(entity=name)}
    graph.judge([("青禾科技", "青禾集团")])
    entity = graph.entity("青禾控股")
    assert entity is not None and entity == graph.entity("青禾集团") == graph.entity("青禾科技")
    assert entity.name == "青禾科技" and {"青禾集团", "青禾控股"} <= set(entity.aliases)
    assert {one.id for one in graph.statements(entity="青禾集团")} == before
    assert {one.subject for one in graph.statements(speaker="青禾集团")} == {"青禾科技"}
    assert ("青禾科技", "北山汽车") in {(one.subject, one.object) for one in graph.relations("青禾集团")}
    assert ("青禾科技", "北山汽车") in {(one.subject, one.object) for one in graph.relations("北山汽车")}
    assert "青禾集团" not in {one.name for one in graph.entities()}
    assert graph.summary().entities == len(graph.entities())


def test_a_rumour_and_its_denial_meet_under_two_names(graph: Store) -> None:
    assert list(graph.ask("rumours-denied")) == []
    graph.judge([("青禾科技", "青禾集团")])
    assert len(list(graph.ask("rumours-denied"))) == 1
    assert len({one.proposition for one in graph.statements(entity="青禾云", predicate="divests")}) == 1


def test_a_judgement_taken_back_leaves_no_trace(graph: Store) -> None:
    before, bytes_before = everything(graph), graph.export("nq")
    graph.judge([("青禾科技", "青禾集团")], [("青禾云", "禾OS")])
    said = [line for line in graph.export("nq").splitlines() if line not in bytes_before.splitlines()]
    assert [line.split()[1].rpartition(b"#")[2] for line in said] == [b"differentFrom>", b"sameAs>"]
    graph.judge([("青禾集团", "青禾科技")])
    graph.judge([])
    assert everything(graph) == before
    assert graph.export("nq") == bytes_before


def test_documents_come_and_go_under_judgements(graph: Store) -> None:
    graph.judge([("青禾科技", "青禾集团")])
    merged = everything(graph)
    graph.withdraw("rumour")
    assert "北山汽车" not in {one.object for one in graph.relations("青禾科技")}
    graph.add(rumour())
    assert everything(graph) == merged
    graph.withdraw("qinghe")
    left = graph.entity("青禾集团")
    assert left is not None and left.name == "青禾集团"  # no document knows the name it was to go by
    assert graph.add(extraction()) == "added"
    assert everything(graph) == merged


def test_a_better_reading_of_the_same_text_replaces_the_old_under_judgements(graph: Store) -> None:
    told = rumour()
    fewer = replace(told, statements=told.statements[:1])
    graph.judge([("青禾科技", "青禾集团")])
    assert graph.add(fewer) == "replaced"
    fresh = Store.in_memory()
    fresh.bulk_add([extraction(), fewer])
    fresh.judge([("青禾科技", "青禾集团")])
    assert everything(graph) == everything(fresh)


def purchase() -> Extraction:
    """Return one more document that calls 青禾科技 by its group's name."""
    of = document("青禾集团收购了北山汽车。", name="purchase")
    told = statement(of, "青禾集团收购了北山汽车", ("青禾集团", Predicate.ACQUIRES, "北山汽车"), speaker="青禾集团")
    entities = (Entity("北山汽车", Kind.COMPANY), Entity("青禾集团", Kind.COMPANY))
    return Extraction(of, entities, (replace(told, subject_kind=Kind.COMPANY, speaker_kind=Kind.COMPANY),), ())


class Failing:
    """A database whose writing fails, after so many times that it did not; it counts how often it was asked to."""

    def __init__(self, graph: ox.Store, successes: int) -> None:
        self.graph, self.successes, self.asked = graph, successes, 0

    def __getattr__(self, name: str) -> object:
        found = getattr(self.graph, name)

        def write(*given: object, **named: object) -> object:
            self.asked += 1
            if self.asked > self.successes:
                raise OSError("no space left")
            return found(*given, **named)

        return write if name in {"update", "extend", "bulk_extend"} else found

    def __contains__(self, quad: ox.Quad) -> bool:
        return quad in self.graph


CHANGES: dict[str, Callable[[Store], object]] = {
    "adding": lambda store: store.add(purchase()),
    "replacing": lambda store: store.add(replace(extraction(), statements=extraction().statements[1:])),
    "withdrawing": lambda store: store.withdraw("qinghe"),
    "putting": lambda store: store.change_graphs(lambda graphs: graphs.put("urn:g", [])),
    "judging": lambda store: store.judge([]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
@pytest.mark.parametrize("successes", [0, 1])
def test_a_change_under_judgements_is_one_transaction(change: Callable[[Store], object], successes: int) -> None:
    """Whoever reads, or is killed, in the middle of it finds the names that were judged to be one still one."""
    store = Store.in_memory()
    store.bulk_add([extraction(), rumour()])
    store.judge([("青禾科技", "青禾集团")])
    whole = store.graph
    before = everything(store)
    failing: Any = Failing(whole, successes)
    store._graph = failing
    if successes:
        change(store)
        assert failing.asked == 1
    else:
        with pytest.raises(StoreError, match="no space left"):
            change(store)
        assert set(map(str, whole)) == before


# --- what is proposed


def test_what_may_be_one_is_proposed_until_it_is_judged() -> None:
    store = Store.in_memory()
    of = document()
    names = {"南屿航空": ("NY",), "南屿航空集团": (), "NY": (), "檀嶼電訊": (), "檀屿电讯": (), "林一舟": ("NY",), "云海": ()}
    kinds = {"林一舟": Kind.PERSON}
    entities = tuple(Entity(name, kinds.get(name, Kind.COMPANY), aliases) for name, aliases in names.items())
    store.add(replace(extraction(of), entities=(*extraction(of).entities, *entities)))
    found = proposals(store.entities(), Judgements())
    pairs = {frozenset((one.first, one.second)) for one in found}
    assert pairs == set(map(frozenset, (("南屿航空", "南屿航空集团"), ("南屿航空", "NY"), ("檀嶼電訊", "檀屿电讯"))))
    assert Proposal("南屿航空", "南屿航空集团", "南屿航空 is short for 南屿航空集团") in found
    left = proposals(store.entities(), judged("南屿航空≠南屿航空集团", "檀屿电讯≠檀嶼電訊"))
    assert [{one.first, one.second} for one in left] == [{"南屿航空", "NY"}]


# --- the command


def test_judging_from_the_command_line(kg: Kg, tmp_path: Path) -> None:
    store, documents = tmp_path / "store", tmp_path / "documents"
    documents.mkdir()
    (documents / "a.txt").write_text("安屿科技没有出售云业务的计划。安屿科技推出了智能手表。", "utf-8")
    (documents / "b.txt").write_text("据传闻，安屿科技集团将出售云业务。", "utf-8")
    build = ("build", "--ner", "none", "--store", store, documents)
    assert kg(*build).status == 0
    original = kg("export", "--store", store, "--format", "nq").out
    assert "安屿科技 is short for 安屿科技集团" in kg("same", "--store", store).out

    judging = kg("same", "安屿科技", "安屿科技集团", "--store", store, "--note", "its group")
    assert (judging.status, judging.out) == (0, "judged: 安屿科技 and 安屿科技集团 are one\n"), judging.err
    assert (store / "judgements.tsv").read_text("utf-8").splitlines()[-1].endswith("\tits group")
    assert "also called 安屿科技集团" in kg("show", "安屿科技集团", "--store", store).out
    assert "short for" not in kg("same", "--store", store).out
    contradiction = kg("different", "安屿科技集团", "安屿科技", "--store", store)
    assert contradiction.status == 2 and "(line 3)" in contradiction.err and contradiction.out == ""
    assert kg(*build).status == 0
    assert kg("verify", "--store", store).status == kg("validate", "--store", store).status == 0

    assert kg("same", "安屿科技集团", "安屿科技", "--undo", "--store", store).status == 0
    assert kg("export", "--store", store, "--format", "nq").out == original
    assert kg("different", "安屿科技", "安屿科技集团", "--store", store).status == 0
    assert "short for" not in kg("same", "--store", store).out
    alias = kg("same", "安屿科技", "安屿科技", "--store", store)
    assert alias.status == 2 and "two names" in alias.err
    unknown = kg("same", "安屿科技", "不存在的公司", "--store", store)
    assert unknown.status == 2 and "no entity" in unknown.err


def test_a_file_of_judgements_goes_with_any_build(kg: Kg, tmp_path: Path) -> None:
    documents, file = (tmp_path / "a.txt", tmp_path / "b.txt"), tmp_path / "ours.tsv"
    for path, text in zip(documents, ("安屿科技没有出售云业务的计划。", "安屿科技集团推出了智能手表。"), strict=True):
        path.write_text(text, "utf-8")
    build = ("build", "--ner", "none", "--judgements", file, *documents, "--store")
    first, second, plain = (tmp_path / name for name in ("first", "second", "plain"))
    assert kg(*build, plain).status == 0
    assert kg("same", "安屿科技", "安屿科技集团", "--store", plain, "--judgements", file).status == 0
    for store in (first, second):
        assert kg(*build, store).status == 0
    exported = [kg("export", "--store", store, "--format", "nq").out for store in (plain, first, second)]
    assert all(one == other for one, other in itertools.pairwise(exported)) and "sameAs" in exported[0]
    judgements = file.read_text("utf-8")
    file.write_text(written(Judgements()), "utf-8")
    assert kg(*build, first).status == 0
    assert "sameAs" not in kg("export", "--store", first, "--format", "nq").out
    file.write_text(judgements + "different\t安屿科技集团\t安屿科技\n", "utf-8")
    refused = kg(*build, first)
    assert refused.status == 2 and "ours.tsv" in refused.err and "line 3" in refused.err and "line 4" in refused.err
