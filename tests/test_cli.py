"""Every verb of the command line: what it prints, what it refuses, and its exit status."""

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import cast

import networkx as nx
import pytest

from kg.cli.index import read_index
from kg.cli.options import ExportFormat
from kg.errors import KgError, ReadError
from kg.evaluation import Claim
from kg.extraction.pipeline import Pipeline
from kg.graph.records import StatementRecord
from kg.graph.store import FORMATS, Store
from kg.model import Document, Extraction, Statement
from kg.reading import Metadata
from tests.conftest import COMMAND, ROOT, Kg, Outcome
from tests.graph_fixtures import TEXT, extraction

VERBS = ["extract", "explain", "build", "withdraw", "ask", "show", "find", "links", "promises", "answers", "trace", "same", "different"]
VERBS += ["review", "export", "plot", "ledger", "validate", "verify", "backup", "restore", "load", "serve"]
VERBS += ["train", "distil", "speed", "diff", "eval"]
NOTICE = "安屿科技公告\n2024年5月6日\n安屿科技否认出售云业务。安屿科技推出了智能手表。\n"
LOADED = """
import sys
from kg.cli import main
sys.argv = ["kg", "--help"]
try:
    main()
finally:
    print(*sorted(sys.modules))
"""
HOLDER = """
import sys
from pathlib import Path
from typing import cast
from kg.graph.store import Store
with Store.open(Path(sys.argv[1])):
    print(flush=True)
    sys.stdin.read()
"""
LEAST = [sys.executable, "-c", "import typer; typer.run(lambda: None)", "--help"]  # what a command costs that does nothing
HEAVY = {
    "fastapi",
    "matplotlib",
    "jieba",
    "networkx",
    "numpy",
    "onnxruntime",
    "opencc",
    "pyoxigraph",
    "pyshacl",
    "rdflib",
    "rich",
    "trafilatura",
}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a store of one document about invented companies."""
    directory = tmp_path / "store"
    with Store.open(directory) as graph:
        graph.add(extraction())
    return directory


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    """Return a document of an invented company."""
    path = tmp_path / "notices" / "anyu.txt"
    path.parent.mkdir()
    path.write_text(NOTICE, "utf-8")
    return path


def refused(outcome: Outcome, *words: str) -> bool:
    """Say whether a run ended with status 2 and one line on standard error that holds the words."""
    return outcome.status == 2 and outcome.out == "" and outcome.err.count("\n") == 1 and all(word in outcome.err for word in words)


def lines(outcome: Outcome) -> list[dict[str, object]]:
    return [json.loads(line) for line in outcome.out.splitlines()]


# --- help


def test_help_lists_every_verb(kg: Kg) -> None:
    outcome = kg("--help")
    assert outcome.status == 0
    assert [line.split()[0] for line in outcome.out.partition("Commands:\n")[2].splitlines() if line.startswith("  ")][:-1] == VERBS
    assert kg() == outcome


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(kg: Kg, verb: str) -> None:
    outcome = kg(verb, "--help")
    assert outcome.status == 0
    assert "Example" in outcome.out
    assert f"kg {verb} " in outcome.out


def test_help_loads_nothing_heavy_and_answers_at_once() -> None:
    run = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(run.stdout.splitlines()[-1].split())
    assert "kg.cli.extract" in loaded
    assert not loaded & HEAVY

    def seconds(*command: str) -> float:
        before = os.times()
        subprocess.run(command, capture_output=True, check=True, cwd=ROOT)
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    in_turns = [(seconds(*COMMAND, "--help"), seconds(*LEAST)) for _ in range(5)]
    assert min(ours for ours, _ in in_turns) < 1.75 * min(least for _, least in in_turns)


# --- what is refused


@pytest.mark.parametrize("arguments", [["ponder"], ["extract"], ["build", "x.txt"], ["export", "--format", "zip", "--store", "x"]])
def test_a_wrong_request_is_refused_in_one_line(kg: Kg, arguments: list[str]) -> None:
    assert refused(kg(*arguments), "kg: ")


@pytest.mark.parametrize("verb", [["ask", "ASK {}"], ["show", "安屿"], ["export"], ["validate"], ["verify"], ["serve"]])
def test_a_store_that_is_not_there_is_refused(kg: Kg, tmp_path: Path, verb: list[str]) -> None:
    assert refused(kg(*verb, "--store", tmp_path / "nowhere"), "nowhere", "kg build")
    assert not (tmp_path / "nowhere").exists()


def test_a_locked_store_is_refused(kg: Kg, store: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(store)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        process.stdout.readline()
        outcome = kg("withdraw", "qinghe", "--store", store)
        process.communicate()
    assert refused(outcome, "another process")


@pytest.mark.parametrize("verb", ["extract", "build"])
def test_a_missing_file_is_refused_before_any_work(kg: Kg, tmp_path: Path, notice: Path, verb: str) -> None:
    outcome = kg(verb, notice, tmp_path / "missing.txt", *(["--store", tmp_path / "new"] if verb == "build" else []))
    assert refused(outcome, "missing.txt", "no such file")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("date", ["24.9.2021", "2021-13", "2021-02-30", "今天"])
def test_a_bad_date_is_refused(kg: Kg, notice: Path, date: str) -> None:
    assert refused(kg("extract", notice, "--date", date, "--ner", "none"), "--date", date)


@pytest.mark.parametrize(("query", "words"), [("SELECT * WHERE { ?s ?p", ["SPARQL"]), ("who_knows_what", ["who_knows_what", "question"])])
def test_a_bad_query_is_refused(kg: Kg, store: Path, query: str, words: list[str]) -> None:
    assert refused(kg("ask", query, "--store", store), *words)


def test_an_update_is_refused(kg: Kg, store: Path) -> None:
    assert refused(kg("ask", "DELETE WHERE { ?s ?p ?o }", "--store", store), "DELETE")


def test_a_lexicon_with_other_columns_is_refused(kg: Kg, notice: Path, tmp_path: Path) -> None:
    table = tmp_path / "mine.tsv"
    table.write_text("# purpose: mine\n# columns: word\n# origin: mine\n# licence: mine\n安屿科技\n", "utf-8")
    assert refused(kg("extract", notice, "--lexicon", table), "mine.tsv", "canonical")


# --- from text to statements


def test_extract_prints_the_fields_in_their_order(kg: Kg, notice: Path) -> None:
    outcome = kg("extract", notice, "--ner", "none")
    assert outcome.status == 0
    records = lines(outcome)
    assert {(record["stance"], record["predicate"], record["subject"]) for record in records} >= {("denies", "divests", "安屿科技")}
    for record in records:
        assert list(record) == [field.name for field in fields(Statement)]
        assert record["doc"] == "anyu"
        assert NOTICE[cast(int, record["start"]) : cast(int, record["end"])] == record["quote"]


def test_extract_reads_standard_input_and_chinese_stays_chinese(kg: Kg) -> None:
    outcome = kg("extract", "-", "--ner", "none", stdin="安屿科技否认出售云业务。\n")
    assert outcome.status == 0
    assert "安屿科技否认出售云业务" in outcome.out
    assert {record["doc"] for record in lines(outcome)} == {"stdin"}


def test_a_relative_date_is_resolved_against_the_date_given(kg: Kg) -> None:
    text = "安屿科技将于明年推出智能手表。\n"
    assert {record["due"] for record in lines(kg("extract", "-", "--ner", "none", "--date", "2021-05", stdin=text))} == {"2022"}


def test_one_document_that_fails_does_not_stop_the_others(kg: Kg, notice: Path) -> None:
    notice.with_name("empty.txt").write_text("\n", "utf-8")
    outcome = kg("extract", notice.parent, "--ner", "none")
    assert outcome.status == 1
    assert {record["doc"] for record in lines(outcome)} == {"anyu"}
    assert outcome.err.count("\n") == 1
    assert "empty.txt" in outcome.err


def test_the_only_document_that_fails_is_refused(kg: Kg, notice: Path) -> None:
    notice.write_bytes(b"\xff\xfe\x00\x01")
    assert refused(kg("extract", notice), "anyu.txt")


def test_a_broken_pipe_is_quiet(notice: Path) -> None:
    for number in range(40):
        notice.with_name(f"copy{number}.txt").write_text(NOTICE * 40, "utf-8")
    command = [*COMMAND, "extract", str(notice.parent), "--ner", "none"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_explain_shows_mentions_and_rules(kg: Kg) -> None:
    outcome = kg("explain", "安屿科技否认出售云业务。", "--ner", "none")
    assert outcome.status == 0
    assert "安屿科技" in outcome.out
    assert "divests" in outcome.out


def test_build_counts_by_stance_and_predicate_and_what_stayed_unresolved(kg: Kg, notice: Path, tmp_path: Path) -> None:
    first = kg("build", notice, "--store", tmp_path / "new", "--ner", "none")
    assert first.status == 0
    assert first.err == ""
    assert "1 added, 0 unchanged, 0 replaced, 0 failed" in first.out
    assert "by stance: " in first.out
    assert "denies 1" in first.out
    assert "divests 1" in first.out
    assert "stayed unresolved" in first.out
    assert "0 added, 1 unchanged" in kg("build", notice, "--store", tmp_path / "new", "--ner", "none").out
    notice.write_text(NOTICE.replace("云业务", "手机业务"), "utf-8")
    assert "0 added, 0 unchanged, 1 replaced" in kg("build", notice, "--store", tmp_path / "new", "--ner", "none").out


def test_build_lists_what_failed_and_goes_on(kg: Kg, notice: Path, tmp_path: Path) -> None:
    notice.with_name("broken.txt").write_bytes(b"\xff\xfe\x00\x01")
    outcome = kg("build", notice.parent, "--store", tmp_path / "new", "--ner", "none")
    assert outcome.status == 1
    assert "broken.txt: " in outcome.err
    assert "1 added, 0 unchanged, 0 replaced, 1 failed" in outcome.out


def test_two_documents_of_one_name_are_refused(kg: Kg, notice: Path, tmp_path: Path) -> None:
    other = tmp_path / "notices" / "2025" / "anyu.txt"
    other.parent.mkdir()
    other.write_text(NOTICE, "utf-8")
    assert refused(kg("build", notice.parent, "--store", tmp_path / "new"), "anyu.txt", "2025")


def test_a_fault_in_one_document_is_listed_and_stops_nothing_else(
    kg: Kg, notice: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice.with_name("odd.txt").write_text(NOTICE, "utf-8")
    extract = Pipeline.extract

    def faulty(pipeline: Pipeline, document: Document) -> Extraction:
        if document.name == "odd":
            raise ZeroDivisionError
        return extract(pipeline, document)

    monkeypatch.setattr(Pipeline, "extract", faulty)
    outcome = kg("build", notice.parent, "--store", tmp_path / "new", "--ner", "none")
    assert outcome.status == 1
    assert "odd.txt: ZeroDivisionError(); a fault of kg" in outcome.err
    assert "1 added, 0 unchanged, 0 replaced, 1 failed" in outcome.out


# --- a table of documents


@pytest.mark.parametrize(
    "header", ["name\tdate\tpublisher", "# name\tdate\tpublisher", "# our files: name, date (as known, ISO 8601), publisher"]
)
def test_an_index_names_its_columns(tmp_path: Path, header: str) -> None:
    path = tmp_path / "index.tsv"
    path.write_text(f"{header}\nanyu\t2024-05\t新川日报\n\nlinghu\t\n", "utf-8")
    assert read_index(path) == {"anyu": Metadata(published="2024-05", publisher="新川日报"), "linghu": Metadata()}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("title\tdate\n", ":1: no column 'name'"),
        ("", ":1: no column 'name'"),
        ("name\tdate\nanyu\t24.9.2021\n", ":2: '24.9.2021' is no date"),
        ("name\tdate\n\t2021\n", ":2: no name"),
    ],
)
def test_a_malformed_index_is_refused_with_the_line(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "index.tsv"
    path.write_text(text, "utf-8")
    with pytest.raises(ReadError, match=complaint):
        read_index(path)


@pytest.mark.parametrize("beside", [True, False])
def test_the_date_of_an_index_dates_the_document(kg: Kg, tmp_path: Path, beside: bool) -> None:
    document = tmp_path / "texts" / "linghu.txt"
    document.parent.mkdir()
    document.write_text("岭湖汽车将于明年推出电动卡车。\n", "utf-8")
    index = (document.parent if beside else tmp_path) / "index.tsv"
    index.write_text("name\tdate\nlinghu\t2019-04\n", "utf-8")
    records = lines(kg("extract", document, "--ner", "none", *([] if beside else ["--index", index])))
    assert {record["due"] for record in records} == {"2020"}


# --- questions to a store


def test_ask_answers_as_table_csv_and_json(kg: Kg, store: Path, tmp_path: Path) -> None:
    query = "SELECT ?who ?text WHERE { ?who kg:denies ?what . ?what rdf:object ?thing . ?thing skos:prefLabel ?text }"
    outcome = kg("ask", query, "--store", store)
    assert outcome.status == 0
    assert [line.split() for line in outcome.out.splitlines()][0::2] == [["who", "text"], ["林一舟", "青禾云"]]
    assert [row["text"] for row in csv.DictReader(io.StringIO(kg("ask", query, "--store", store, "--format", "csv").out))] == ["青禾云"]
    bindings = json.loads(kg("ask", query, "--store", store, "--format", "json").out)["results"]["bindings"]
    assert [row["text"]["value"] for row in bindings] == ["青禾云"]
    (tmp_path / "question.rq").write_text(query, "utf-8")
    assert kg("ask", tmp_path / "question.rq", "--store", store) == outcome
    assert kg("ask", "-", "--store", store, stdin=query) == outcome


def test_ask_answers_the_questions_of_the_ontology(kg: Kg, store: Path) -> None:
    denied = kg("ask", "who-denied-what", "about=青禾", "--store", store)
    assert denied.status == 0
    assert "青禾科技没有出售青禾云的计划" in denied.out
    assert "青禾科技没有出售青禾云的计划" not in kg("ask", "who-denied-what", "about=禾OS", "--store", store).out
    assert "who-denied-what [about=…]" in kg("ask", "--list").out.splitlines()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [(["who-denied-what", "about"], "'about'"), (["who-denied-what", "colour=红"], "'colour'"), (["ASK {}", "about=青禾"], "about")],
)
def test_values_that_fit_no_question_are_refused(kg: Kg, store: Path, arguments: list[str], word: str) -> None:
    assert refused(kg("ask", *arguments, "--store", store), word)


def test_ask_answers_yes_or_no_and_with_a_graph(kg: Kg, store: Path) -> None:
    assert kg("ask", "ASK { ?s kg:stance kg:Denial }", "--store", store).out.splitlines()[-1] == "true"
    assert kg("ask", "ASK { ?s kg:stance kg:Nonsense }", "--store", store).out.splitlines()[-1] == "false"
    triples = kg("ask", "CONSTRUCT { ?e skos:prefLabel ?l } WHERE { ?e skos:prefLabel ?l }", "--store", store).out
    assert '"青禾云"' in triples
    assert all(line.endswith(" .") for line in triples.splitlines())


def test_show_groups_by_stance_with_quotes(kg: Kg, store: Path) -> None:
    outcome = kg("show", "青禾", "--store", store)
    assert outcome.status == 0
    assert outcome.out.startswith("青禾科技 (company)\n  also called ")
    assert "\n  青禾科技 owns 青禾云\n" in outcome.out
    assert "divests" not in outcome.out.partition("\nasserts (")[0]
    denials = outcome.out.partition("\ndenies (1)\n")[2].partition("\n\n")[0]
    assert "2021-09-24  青禾科技 divests 青禾云" in denials
    assert "“青禾科技没有出售青禾云的计划”" in denials
    assert "林一舟, for 青禾科技, qinghe" in denials
    assert "due 2022" in outcome.out


def test_find_shows_the_statements_whose_quotes_hold_all_words(kg: Kg, store: Path) -> None:
    outcome = kg("find", "青禾雲", "計劃", "--store", store)
    assert outcome.status == 0
    assert outcome.out.splitlines()[1] == "    “青禾科技没有出售青禾云的计划”"
    assert len(outcome.out.splitlines()) == 3
    assert len(kg("find", "青禾", "--limit", "2", "--store", store).out.splitlines()) == 6
    assert kg("find", "海王星", "--store", store).out == ""


def test_show_names_what_is_near_an_unknown_name(kg: Kg, store: Path) -> None:
    assert refused(kg("show", "禾", "--store", store), "'禾'", "青禾科技")
    assert refused(kg("show", "海王星", "--store", store), "'海王星'")


# --- a whole store


def test_every_format_of_the_store_can_be_exported() -> None:
    assert set(FORMATS) < set(ExportFormat)


@pytest.mark.parametrize("form", ExportFormat)
def test_export_writes_the_same_to_a_file_and_to_standard_output(kg: Kg, store: Path, tmp_path: Path, form: ExportFormat) -> None:
    target = tmp_path / f"graph.{form}"
    assert kg("export", "--store", store, "--format", form, "-o", target) == Outcome(0, "", "")
    text = target.read_text("utf-8")
    assert "青禾云" in text
    assert kg("export", "--store", store, "--format", form).out == text
    assert [path.name for path in tmp_path.iterdir() if path != store] == [target.name]


def test_a_part_of_the_network_can_be_exported(kg: Kg, store: Path, tmp_path: Path) -> None:
    target = tmp_path / "part.gexf"
    assert kg("export", "--store", store, "--stance", "denies", "--ego", "青禾云", "-o", target) == Outcome(0, "", "")
    part = nx.read_gexf(target)
    assert {data["stance"] for *_, data in part.edges(data=True)} == {"denies"} and "禾OS" not in part
    assert kg("export", "--store", store, "--projection", "propositions", "-o", target).status == 0
    assert "proposition" in {data["kind"] for _, data in nx.read_gexf(target).nodes(data=True)}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--ego", "没有这个"), ("no entity of the store",)),
        (("--since", "yesterday"), ("no date",)),
        (("--stance", "says"), ("says",)),
        (("--format", "ttl", "--stance", "denies"), ("ttl", "gexf")),
        (("--ego", "青禾云", "--until", "1999"), ("no node of this network",)),
    ],
)
def test_a_part_that_is_none_is_refused(kg: Kg, store: Path, tmp_path: Path, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    target = tmp_path / "part.gexf"
    assert refused(kg("export", "--store", store, *arguments, "-o", target), *words)
    assert not target.exists()


def test_the_exported_gexf_reads_back_and_the_table_holds_every_statement(kg: Kg, store: Path, tmp_path: Path) -> None:
    kg("export", "--store", store, "-o", tmp_path / "graph.gexf")
    assert "青禾云" in nx.read_gexf(tmp_path / "graph.gexf").nodes
    rows = list(csv.DictReader(io.StringIO(kg("export", "--store", store, "--format", "csv").out.removeprefix("\ufeff"))))
    assert len(rows) == len(extraction().statements)
    assert list(rows[0]) == [field.name for field in fields(StatementRecord)]
    assert all(TEXT[int(row["start"]) : int(row["end"])] == row["quote"] for row in rows)


def test_an_export_that_fails_leaves_the_old_file(kg: Kg, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "graph.nq"
    target.write_text("old", "utf-8")

    def broken(*_: object) -> bytes:
        raise KgError("the disk is full")

    monkeypatch.setattr(Store, "export", broken)
    assert refused(kg("export", "--store", store, "--format", "nq", "-o", target), "the disk is full")
    assert target.read_text("utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir() if path != store] == [target.name]


def test_an_export_into_a_missing_folder_is_refused(kg: Kg, store: Path, tmp_path: Path) -> None:
    assert refused(kg("export", "--store", store, "-o", tmp_path / "missing" / "graph.gexf"), "graph.gexf", "cannot be written")


def test_a_good_store_is_valid_and_verified(kg: Kg, store: Path) -> None:
    assert kg("validate", "--store", store).out == "valid: the graph keeps every shape\n"
    assert kg("verify", "--store", store).out == f"verified: {len(extraction().statements)} quotes stand in their sources\n"


def test_withdraw_takes_a_document_out(kg: Kg, store: Path) -> None:
    outcome = kg("withdraw", "qinghe", "--store", store)
    assert outcome == Outcome(0, f"withdrawn: qinghe with {len(extraction().statements)} statements\n", "")
    assert refused(kg("withdraw", "qinghe", "--store", store), "qinghe")


def test_the_store_may_come_from_the_environment(kg: Kg, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STORE", str(store))
    assert kg("verify").status == 0


# --- gold statements


@pytest.fixture
def gold(notice: Path, tmp_path: Path) -> Path:
    """Return a folder with the gold statements of the notice."""
    quote = "安屿科技否认出售云业务"
    start = NOTICE.index(quote)
    record = dict.fromkeys([field.name for field in fields(Claim) if field.name != "core"])
    record |= {"doc": notice.stem, "quote": quote, "speaker": "安屿科技", "stance": "denies", "subject": "安屿科技"}
    record |= {"predicate": "divests", "object": "云业务"}
    folder = tmp_path / "gold"
    folder.mkdir()
    (folder / "anyu.jsonl").write_text(json.dumps({**record, "start": start, "end": start + len(quote)}, ensure_ascii=False), "utf-8")
    return folder


def test_eval_compares_a_corpus_with_gold(kg: Kg, gold: Path, notice: Path) -> None:
    outcome = kg("eval", gold, "--corpus", notice.parent, "--ner", "none", "--json")
    assert outcome.status == 0
    assert json.loads(outcome.out)["denials"]["core_found"] == 1


def test_eval_compares_predictions_with_gold_and_names_the_misses(kg: Kg, gold: Path, tmp_path: Path) -> None:
    gold_file = gold / "anyu.jsonl"
    outcome = kg("eval", gold_file, "--predicted", gold_file)
    assert outcome.status == 0
    assert ["statement", "1.0000", "1.0000", "1.0000", "1", "1", "1", "1"] in [line.split() for line in outcome.out.splitlines()]
    nothing = tmp_path / "nothing.jsonl"
    nothing.write_text("", "utf-8")
    missed = kg("eval", gold, "--predicted", nothing, "--examples", "1").out
    assert f"anyu:{NOTICE.index('安屿科技否认')}  (a cue in the quote)  “安屿科技否认出售云业务”" in missed
    assert ["gold", "denies", "安屿科技", "divests", "云业务"] in [line.split()[:5] for line in missed.splitlines()]


def test_eval_needs_something_to_compare(kg: Kg, gold: Path, tmp_path: Path) -> None:
    assert refused(kg("eval", gold), "--corpus", "--predicted")
    assert refused(kg("eval", tmp_path / "missing.jsonl", "--predicted", gold / "anyu.jsonl"), "missing.jsonl")
    assert refused(kg("eval", gold, "--corpus", gold), "gold")


def test_eval_counts_errors_by_cause_and_shows_the_worst_sentences(kg: Kg) -> None:
    samples = ["eval", ROOT / "data" / "gold", "--corpus", ROOT / "data" / "samples", "--ner", "none"]
    result = json.loads(kg(*samples, "--errors", "--examples", "2", "--worst", "3", "--by", "document", "--json").out)
    for side, total in (("core_records", result["statement"]["core"]), ("predictions", result["statement"]["predicted"])):
        whole = [row for row in result["errors"][side] if row["detail"] is None]
        assert sum(row["records"] for row in whole) == total
        right = [row["records"] for row in whole if row["cause"] in ("right", "wrong value", "wrong date", "wrong speaker")]
        assert sum(right) == result["statement"]["core_found" if side == "core_records" else "right"]
        assert all(len(row["examples"]) == min(2, row["records"]) for row in whole if row["cause"] != "right")
    errors = [sentence["errors"] for sentence in result["worst"]]
    assert len(errors) == 3
    assert errors == sorted(errors, reverse=True)
    assert all((record["gold"] or record["found"])["quote"] for sentence in result["worst"] for record in sentence["records"])
    assert sum(part["statement"]["right"] for part in result["by"].values()) == result["statement"]["right"]
    text = kg(*samples, "--errors", "--worst", "1").out
    assert {"missed relation", "wrong subject", "not in gold"} <= {line.partition("  ")[0] for line in text.splitlines()}
    assert result["worst"][0]["text"][:20] in text


def test_eval_needs_the_documents_for_their_sentences(kg: Kg, gold: Path) -> None:
    assert refused(kg("eval", gold, "--predicted", gold / "anyu.jsonl", "--worst", "1"), "--worst", "--corpus")


def test_diff_shows_what_was_gained_lost_and_changed(kg: Kg, notice: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.jsonl"
    new.write_text(kg("extract", notice, "--ner", "none").out, "utf-8")
    statements = [json.loads(line) for line in new.read_text("utf-8").splitlines()]
    denial = next(statement for statement in statements if statement["stance"] == "denies")
    others = [statement for statement in statements if statement is not denial]
    old = tmp_path / "old.jsonl"
    old.write_text("".join(json.dumps(one) + "\n" for one in [{**denial, "stance": "asserts"}, *others[1:]]), "utf-8")
    outcome = kg("diff", old, new)
    assert outcome.status == 0
    assert "anyu: 1 gained, 1 changed" in outcome.out
    assert "stance: asserts → denies" in outcome.out
    assert f"{len(others)} statements before, {len(statements)} after: 1 gained, 1 changed, in 1 of 1 documents" in outcome.out
    assert {(line["change"], tuple(line["fields"])) for line in lines(kg("diff", old, new, "--json"))} == {
        ("gained", ()),
        ("changed", ("stance",)),
    }
    assert [kg("diff", one, new, "--exit-code").status for one in (old, new)] == [1, 0]
    assert kg("diff", old, new, "--json", "--exit-code").status == 1
    assert kg("diff", new, new).out == f"{len(statements)} statements before, {len(statements)} after: nothing, in 0 of 1 documents\n"


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="the code of a revision can only be had from a clone")
def test_make_diff_reads_with_a_revision_and_leaves_nothing_behind(notice: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()

    def make(base: str) -> subprocess.CompletedProcess[str]:
        command = ["make", "--no-print-directory", "diff", f"BASE={base}", f"CORPUS={notice.parent}"]
        return subprocess.run(command, env={**os.environ, "TMPDIR": str(scratch)}, check=False, capture_output=True, text=True, cwd=ROOT)

    same = make("HEAD")
    assert same.returncode == 0, same.stderr
    assert "statements before, " in same.stdout
    unknown = make("no-such-revision")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "no-such-revision is no revision" in unknown.stderr
    assert list(scratch.glob("tmp.*")) == []
    trees = subprocess.run(["git", "worktree", "list"], check=True, capture_output=True, text=True, cwd=ROOT).stdout
    assert str(scratch) not in trees


def test_diff_reads_stores(kg: Kg, store: Path, tmp_path: Path) -> None:
    assert ": nothing, in 0 of 1 documents" in kg("diff", store, store).out
    empty = tmp_path / "empty"
    with Store.open(empty):
        pass
    assert f"qinghe: {len(extraction().statements)} lost" in kg("diff", store, empty).out
    assert refused(kg("diff", store, tmp_path / "nowhere"), "nowhere", "kg extract", "kg build")
    assert refused(kg("diff", store, tmp_path), "not a store")


def test_train_needs_something_to_do_and_every_document(kg: Kg, gold: Path, notice: Path) -> None:
    assert refused(kg("train", gold, "--corpus", notice.parent), "--out", "--folds")
    assert refused(kg("train", gold, "--corpus", gold, "--out", gold / "weights"), "anyu", "--corpus")


def test_folds_are_judged_in_parallel_and_again_without_fitting(kg: Kg, tmp_path: Path) -> None:
    names = ("xiudong_gb18030", "linghu_india_news", "huawei_roundtable_retold", "danchuan_earnings_call", "cangyu_daily_digest")
    files = [ROOT / "data" / "gold" / f"{name}.jsonl" for name in names]
    samples = ROOT / "data" / "samples"
    options = ["--test", files[0], "--test", files[1], "--corpus", samples, "--ner", "none", "--folds", "2", "--json"]
    runs = []
    for jobs in ("1", "2"):
        command = [*COMMAND, "train", *files[2:], *options, "--jobs", jobs, "--predictions", tmp_path / f"{jobs}.jsonl"]
        threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        run = subprocess.run(list(map(str, command)), env={**os.environ, **threads}, check=True, capture_output=True, text=True, cwd=ROOT)
        assert run.stderr.count("read with weights from 4 documents") == 2
        runs.append((run.stdout, (tmp_path / f"{jobs}.jsonl").read_bytes()))
    assert runs[0] == runs[1]
    result = json.loads(runs[0][0])
    assert [fold["documents"] for fold in result["folds"]] == [["linghu_india_news"], ["xiudong_gb18030"]]
    assert result["all"]["detection"]["right"] > 0
    assert sum(fold["statement"]["core"] for fold in result["folds"]) == result["all"]["statement"]["core"]
    again = json.loads(
        kg("eval", *files[:2], "--predicted", tmp_path / "1.jsonl", "--corpus", samples, "--ner", "none", "--errors", "--json").out
    )
    assert again.pop("errors") == result["errors"]
    assert again == result["all"]


def test_folds_that_cannot_be_are_refused(kg: Kg, tmp_path: Path) -> None:
    samples = ROOT / "data" / "samples"
    gold = ROOT / "data" / "gold" / "xiudong_gb18030.jsonl"
    other = ROOT / "data" / "gold" / "linghu_india_news.jsonl"
    train = ["train", gold, "--corpus", samples, "--ner", "none"]
    assert refused(kg(*train, "--out", tmp_path, "--curve"), "--curve", "--folds")
    assert refused(kg(*train, "--test", other, "--folds", "2"), "2 folds of 1 documents", "--test")
    assert refused(kg(*train, "--test", other, "--folds", "1"), "3 documents at least")
    assert refused(kg(*train, "--test", other, "--folds", "1", "--predictions", tmp_path / "no" / "x.jsonl"), "x.jsonl", "no folder")
    (tmp_path / gold.name).write_bytes(gold.read_bytes())
    assert refused(kg(*train, "--test", tmp_path / gold.name, "--folds", "1"), "of the same document")


def test_train_says_what_to_install(kg: Kg, gold: Path, notice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kg.training.corpus", None)
    assert refused(kg("train", gold, "--corpus", notice.parent, "--out", gold / "weights"), "training]")


def test_speed_is_told_by_stage(kg: Kg, notice: Path) -> None:
    rows = [line.split() for line in kg("speed", notice, "--runs", "1").out.splitlines()]
    assert {"relations", "stances", "denials", "all"} <= {row[0] for row in rows}
