"""The downloads: each is what its name says, and shows a denial as a denial."""

import csv
import io
import json
import re

import httpx
import networkx as nx
import pyoxigraph as ox
import pytest


def test_gexf_and_graphml_are_read_by_networkx_with_their_chinese(client: httpx.Client) -> None:
    gexf = client.get("/export.gexf")
    assert gexf.headers["content-type"] == "application/gexf+xml"
    graph = nx.read_gexf(io.BytesIO(gexf.content))
    labels = {data["label"] for _, data in graph.nodes(data=True)}
    assert {"蓝鲸云", "海川集团", "<script>alert('鲸')</script>"} <= labels
    stances = sorted(data["stance"] for _, _, data in graph.edges(data=True))
    assert stances.count("denies") == 1
    assert nx.read_graphml(io.BytesIO(client.get("/export.graphml").content)).number_of_edges() == graph.number_of_edges()


def test_tables_have_a_row_a_node_and_a_row_an_edge(client: httpx.Client) -> None:
    nodes, edges = (
        list(csv.DictReader(io.StringIO(client.get(path).content.decode("utf-8-sig")))) for path in ("/nodes.csv", "/edges.csv")
    )
    assert "蓝鲸云" in {row["Label"] for row in nodes}
    assert {row["Source"] for row in edges} <= {row["Id"] for row in nodes}


@pytest.mark.parametrize(
    ("ending", "syntax"),
    [("nq", ox.RdfFormat.N_QUADS), ("trig", ox.RdfFormat.TRIG), ("ttl", ox.RdfFormat.TURTLE), ("nt", ox.RdfFormat.N_TRIPLES)],
)
def test_rdf_holds_the_denial_and_no_edge_for_it(client: httpx.Client, ending: str, syntax: ox.RdfFormat) -> None:
    answer = client.get(f"/export.{ending}")
    triples = {quad.triple for quad in ox.parse(answer.content, syntax)}
    assert any(triple.predicate.value.endswith("#denies") for triple in triples)
    plain = {(triple.subject.value[-4:], triple.object.value[-3:]) for triple in triples if triple.predicate.value.endswith("#owns")}
    assert plain == {("蓝鲸科技", "蓝鲸云")}
    assert f'filename="statements.{ending}"' in answer.headers["content-disposition"]


def test_json_ld_carries_its_context(client: httpx.Client) -> None:
    assert set(json.loads(client.get("/export.jsonld").content)) == {"@context", "@graph"}


def test_downloads_are_the_same_bytes_each_time(client: httpx.Client) -> None:
    for path in ("/export.gexf", "/export.nq", "/export.ttl"):
        assert client.get(path).content == client.get(path).content
        assert not re.search(rb"lastmodifieddate=\"20(2[4-9]|[3-9])", client.get(path).content)


def test_a_part_of_the_network_can_be_asked_for(client: httpx.Client) -> None:
    def drawn(path: str) -> "nx.Graph[str]":
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        found: nx.Graph[str] = nx.read_gexf(io.BytesIO(answer.content))
        return found

    denied = drawn("/export.gexf?stance=denies")
    assert {data["stance"] for *_, data in denied.edges(data=True)} == {"denies"}
    assert set(drawn("/export.gexf?ego=蓝鲸云&stance=asserts&stance=denies")) < set(drawn("/export.gexf"))
    kinds = {data["kind"] for _, data in drawn("/export.gexf?projection=propositions").nodes(data=True)}
    assert "proposition" in kinds and "company" in kinds
    rows = list(csv.DictReader(io.StringIO(client.get("/edges.csv?stance=denies").content.decode("utf-8-sig"))))
    assert {row["edge_kind"] for row in rows} == {"denied"}


@pytest.mark.parametrize(
    ("query", "status", "word"),
    [
        ("projection=circle", 422, "projection"),
        ("stance=says", 422, "stance"),
        ("depth=0", 422, "depth"),
        ("since=yesterday", 400, "is no date"),
        ("ego=没有这个", 404, "no entity goes by that name"),
        ("ego=蓝鲸云&until=1999", 400, "no node of this network"),
    ],
)
def test_a_part_that_is_none_is_refused_in_plain_words(client: httpx.Client, query: str, status: int, word: str) -> None:
    answer = client.get(f"/export.gexf?{query}")
    assert answer.status_code == status and answer.headers["content-type"] == "application/problem+json"
    assert word in answer.text
