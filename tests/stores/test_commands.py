"""Every verb of the command, and backups, whatever holds the graph."""

import pytest

from kg.errors import StoreError
from kg.graph.backup import backup, restore
from kg.graph.store import Store
from tests.conftest import SAMPLES, Kg
from tests.graph_fixtures import extraction
from tests.stores.conftest import emptied, rows

# ── backup ──


def test_a_backup_moves_a_store_from_anywhere_to_anywhere(held, servers, tmp_path, denial):
    held.store.bulk_add([extraction(), denial])
    held.store.judge([("青禾科技", "北山汽车")])
    expected, merged = held.store.export("nq"), rows(held.store.query("SELECT ?s ?p ?o { ?s ?p ?o }"))
    file = tmp_path / "backup.nq.gz"
    with file.open("wb") as output:
        backup(held.store, output)
    restore(file, tmp_path / "restored")
    with Store.open(tmp_path / "restored", read_only=True) as store:
        assert store.export("nq") == expected and rows(store.query("SELECT ?s ?p ?o { ?s ?p ?o }")) == merged
    if held.server:
        held.store.close()
        with pytest.raises(StoreError, match="not overwritten"):
            restore(file, held.place)
        restore(file, emptied(held.server))
        assert held.again().export("nq") == expected
        assert rows(held.store.query("SELECT ?s ?p ?o { ?s ?p ?o }")) == merged


# ── the command line ──


def test_every_verb_runs_on_a_remote_store(kg: Kg, remote, tmp_path):
    remote.store.close()
    place = emptied(remote.server)
    built = kg("build", "--store", place, "--ner", "none", SAMPLES / "huawei_roundtable_retold.md")
    assert built.status == 0, built.err
    local_store = str(tmp_path / "local")
    assert kg("build", "--store", local_store, "--ner", "none", SAMPLES / "huawei_roundtable_retold.md").status == 0
    for verb in (
        ["ask", "who-denied-what", "about=华为"],
        ["show", "华为"],
        ["export", "--format", "nq"],
        ["export", "--format", "csv"],
        ["verify"],
        ["validate"],
    ):
        theirs, ours = kg(*verb, "--store", place), kg(*verb, "--store", local_store)
        assert theirs.status == 0 and theirs.out == ours.out and len(ours.out) > 30, (verb, theirs.err)
    table = str(tmp_path / "judged.tsv")
    judged = kg("same", "华为", "华为云", "--store", place)
    assert judged.status == 2 and "--judgements" in judged.err
    assert kg("same", "鸿蒙", "欧拉", "--store", place, "--judgements", table).status == 0
    assert kg("backup", place, str(tmp_path / "b.gz")).status == 0
    assert kg("withdraw", "huawei_roundtable_retold", "--store", place).status == 0
    assert kg("verify", "--store", place).out == "verified: 0 quotes stand in their sources\n"
