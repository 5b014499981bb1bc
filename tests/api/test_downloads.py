"""`/downloads`: each file is what the list says it is, and holds what the graph and the tables hold."""

import csv
import hashlib
import io
import shutil
import zipfile

import networkx as nx
import pytest
from openpyxl import load_workbook
from rdflib import Dataset, Graph

from api import create_app
from api.current import CurrentStore
from kg.build import build, read_tables
from kg.names import PLAN, RDF
from kg.questions import ask
from kg.settings import Settings
from tests.conftest import tiny_data


@pytest.fixture(scope="module")
def client(hackney, workers):
    """One app for all of these tests: the files are made once."""
    store = CurrentStore(lambda: hackney.snapshot, lambda _snapshot: hackney.store)
    return create_app(hackney.settings, store, workers).test_client()


@pytest.fixture
def listed(client):
    return {file["name"]: file for file in client.get("/downloads.json").json["files"]}


@pytest.fixture
def get(client):
    return lambda name: client.get(f"/downloads/{name}", buffered=True)


def test_the_list_tells_the_size_and_checksum_of_every_file(listed, get):
    assert set(listed) == {
        "plangraph.nq", "plangraph.trig", "plangraph.ttl", "plangraph.nt", "plangraph.jsonld", "plangraph-tables.zip",
        "plangraph-tables.xlsx", "plangraph-partners.graphml", "plangraph-partners.gexf",
    }  # fmt: skip
    for name, said in listed.items():
        answer = get(name)
        assert (answer.status_code, answer.mimetype) == (200, said["media_type"])
        assert (len(answer.data), hashlib.sha256(answer.data).hexdigest()) == (said["size"], said["sha256"])


def test_the_page_names_every_file_and_its_checksum(client, listed):
    page = client.get("/downloads", headers={"Accept": "text/html"}).text
    for name, said in listed.items():
        assert f'href="/downloads/{name}"' in page
        assert said["sha256"] in page


def test_the_checksums_are_a_file_too(listed, get):
    lines = get("SHA256SUMS").text.splitlines()
    assert lines == [f"{said['sha256']}  {name}" for name, said in listed.items()]


@pytest.mark.parametrize(("name", "form"), [("ttl", "turtle"), ("nt", "nt"), ("jsonld", "json-ld")])
def test_the_graph_is_the_default_graph(get, hackney, name, form):
    graph = Graph().parse(data=get(f"plangraph.{name}").data, format=form)
    assert len(graph) == hackney.snapshot.triples
    assert len(set(graph.subjects(RDF.type, PLAN.Action))) == 49


@pytest.mark.parametrize(("name", "form"), [("nq", "nquads"), ("trig", "trig")])
def test_every_graph_is_there_by_its_name(get, hackney, name, form):
    found = Dataset()
    found.parse(data=get(f"plangraph.{name}").data, format=form)
    assert len(found) == hackney.snapshot.quads


def test_the_zip_is_a_data_folder_that_builds_the_same_snapshot(get, hackney, tmp_path):
    zipfile.ZipFile(io.BytesIO(get("plangraph-tables.zip").data)).extractall(tmp_path / "data")
    settings = Settings.read(environ={}, home=tmp_path / "home", data=tmp_path / "data")
    assert build(settings).id == hackney.snapshot.id


def test_the_workbook_has_a_sheet_a_table_and_a_row_a_fact(get, hackney):
    book = load_workbook(io.BytesIO(get("plangraph-tables.xlsx").data))
    (plan,) = read_tables(hackney.settings).plans
    assert {sheet.title: sheet.max_row - 1 for sheet in book} == {
        table: len(rows) for table, rows in plan.rows.items() if rows
    }
    header, *rows = book["actions"].values
    assert [row[header.index("identifier")] for row in rows] == [row.identifier for row in plan.rows["actions"]]
    assert "2.10" in [row[header.index("identifier")] for row in rows]
    header, *rows = book["readings"].values
    assert 73 in [row[header.index("target")] for row in rows]


@pytest.mark.parametrize(("name", "read"), [("graphml", nx.read_graphml), ("gexf", nx.read_gexf)])
def test_the_network_is_the_answer_to_its_question(get, hackney, name, read):
    found = read(io.BytesIO(get(f"plangraph-partners.{name}").data))
    pairs = list(ask(hackney.store, "Q14", hackney.names).records())
    assert found.number_of_edges() == len(pairs)
    for row in pairs:
        edge = found.edges[row["a1_iri"], row["a2_iri"]]
        assert (edge["weight"], edge["refs"]) == (row["shared"], row["refs"])
        assert found.nodes[row["a1_iri"]]["label"] == row["a1"]


def test_a_file_is_not_sent_again_to_who_has_it(client, listed):
    first = client.get("/downloads/plangraph.nt", buffered=True)
    again = client.get("/downloads/plangraph.nt", headers={"If-None-Match": first.headers["ETag"]}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")


def test_a_part_of_a_file_can_be_asked_for(client):
    whole = client.get("/downloads/plangraph-tables.zip", buffered=True).data
    part = client.get("/downloads/plangraph-tables.zip", headers={"Range": "bytes=10-19"}, buffered=True)
    assert (part.status_code, part.data) == (206, whole[10:20])


def test_a_file_that_there_is_not_is_404_with_the_nearest(get):
    answer = get("plangraph.nquads")
    assert (answer.status_code, "plangraph.nq" in answer.json["detail"]) == (404, True)


def test_files_are_made_once_for_a_snapshot(client):
    made = client.application.extensions["plangraph.kept"]
    client.get("/downloads")
    before = made["downloads"]
    client.get("/downloads")
    assert made["downloads"] is before


def test_the_list_is_a_sheet_too(client, listed):
    rows = csv.DictReader(io.StringIO(client.get("/downloads.csv").data.decode("utf-8-sig")))
    assert {row["name"]: row["sha256"] for row in rows} == {name: said["sha256"] for name, said in listed.items()}


def test_two_versions_of_a_plan_build_the_same_snapshot_again(tmp_path):
    data = tiny_data(tmp_path / "data")
    first = data / "plans" / "tinford" / "safety-plan-2023-25"
    # Named so that the one that counts comes last when it is given and first by its name.
    later = shutil.copytree(first, tmp_path / "a-later-version")
    said = (later / "plan.toml").read_text("utf-8")
    (later / "plan.toml").write_text(f'version = "a2"\n{said}', "utf-8")
    settings = Settings.read(environ={}, home=tmp_path / "home", data=data)
    built = build(settings, add=[later])
    again = Settings.read(environ={}, home=tmp_path / "again", data=built.tables_path)
    assert build(again).id == built.id
