"""Snapshots: written whole, published by one swap, and never lost, whenever a process is killed."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kg.errors import InputError, NoSnapshot, QueryRefused
from kg.graph.store import (
    KEPT,
    LocalStore,
    MemoryStore,
    building,
    current,
    dump,
    list_snapshots,
    publish,
    rollback,
    write_snapshot,
)
from tests.graph.conftest import GRAPH, OTHER, quads

LABEL = "SELECT ?label { ?s <urn:label> ?label }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def put(home: Path, label: str) -> str:
    """Write and publish a snapshot with this label, as a build does; its id."""
    with building(home):
        snapshot = write_snapshot(home, quads(label), frozenset([GRAPH]))
        publish(home, snapshot)
    return snapshot.id


def asked(home: Path) -> str:
    """The label in the published snapshot."""
    store = LocalStore(current(home))
    label = store.query(LABEL, solutions="csv").body.decode().split()[1]
    store.close()
    return label


def left_over(home: Path) -> set[str]:
    """What lies below home beside the lock, the pointer and whole snapshots."""
    whole = {snapshot.id for snapshot in list_snapshots(home)}
    below = {path.name for path in (home / "snapshots").iterdir()} - whole
    return below | {path.name for path in home.iterdir()} - {".building", "current", "snapshots"}


# --- asking ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store(snapshot):
    store = LocalStore(snapshot)
    yield store
    store.close()


def test_the_default_graph_is_the_union_of_the_graphs_named_for_it(store, snapshot):
    assert json.loads(store.query(COUNT).body)["results"]["bindings"][0]["n"]["value"] == "61"
    assert (snapshot.triples, snapshot.quads, snapshot.plans) == (61, 65, ("a-plan",))


def test_the_other_graphs_are_reached_by_graph_and_from(store):
    for query in (
        f"{LABEL[:-1]} }}".replace("{", f"FROM <{OTHER}> {{", 1),
        f"SELECT ?label {{ GRAPH <{OTHER}> {LABEL[14:]} }}",
    ):
        assert store.query(query, solutions="csv").body == b"label\r\nSecond\r\n"


def test_graphs_given_with_the_question_replace_those_it_names(store):
    query = LABEL.replace("{", f"FROM <{GRAPH}> {{", 1)
    assert b"Second" in store.query(query, default_graphs=[OTHER]).body
    named = "SELECT ?g ?label { GRAPH ?g { ?s <urn:label> ?label } }"
    assert b"First" not in store.query(named, named_graphs=[OTHER]).body


@pytest.mark.parametrize(
    ("form", "media_type", "body"),
    [
        ("csv", "text/csv", b"label\r\nFirst\r\n"),
        ("tsv", "text/tab-separated-values", b'?label\n"First"@en\n'),
        ("json", "application/sparql-results+json", None),
        ("xml", "application/sparql-results+xml", None),
    ],
)
def test_rows_come_in_the_form_asked_for(store, form, media_type, body):
    result = store.query(LABEL, solutions=form)
    assert (result.kind, result.media_type) == ("solutions", media_type)
    assert result.body == body or (body is None and b"First" in result.body)


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_yes_and_no_are_one_word_where_the_standard_has_no_form(store, form):
    assert store.query("ASK { ?s <urn:label> ?o }", solutions=form).body == b"true"
    assert store.query("ASK { ?s <urn:nothing> ?o }", solutions=form).body == b"false"


@pytest.mark.parametrize("form", ["ttl", "nt", "rdf", "jsonld"])
def test_a_graph_comes_in_the_form_asked_for(store, form):
    result = store.query("CONSTRUCT WHERE { ?s <urn:label> ?o }", graph=form)
    assert (result.kind, b"First" in result.body) == ("graph", True)


def test_a_wrong_query_is_refused_with_its_place(store):
    with pytest.raises(QueryRefused, match=r"^The query cannot be understood: line 2, column \d+: "):
        store.query("SELECT * {\n ?s ?p }")


def test_a_graph_name_that_is_no_iri_is_refused(store):
    with pytest.raises(QueryRefused, match="cannot be answered"):
        store.query(LABEL, default_graphs=["no iri"])


def test_a_closed_store_answers_nothing(snapshot):
    store = LocalStore(snapshot)
    store.close()
    with pytest.raises(NoSnapshot, match="closed"):
        store.query(LABEL)


def test_a_construct_in_memory_gives_sorted_lines_once():
    memory = MemoryStore(quads("x", 12))
    lines = memory.construct("CONSTRUCT { ?s a <urn:T> } { GRAPH ?g { ?s ?p ?o } }")
    assert lines == sorted(set(lines))
    assert len(lines) == 13


# --- writing, publishing, going back ---------------------------------------------------------------------------


def test_nothing_is_published_before_the_first_build(tmp_path):
    assert current(tmp_path) is None
    assert list_snapshots(tmp_path) == []
    with pytest.raises(NoSnapshot, match="no earlier snapshot"):
        rollback(tmp_path)


def test_the_same_content_in_any_order_is_the_same_snapshot_and_written_once(tmp_path):
    one = write_snapshot(tmp_path, quads("x"), frozenset([GRAPH]))
    written = (one.path / "manifest.json").stat().st_mtime_ns
    two = write_snapshot(tmp_path, list(reversed(quads("x"))) * 2, frozenset([GRAPH]))
    assert two == one
    assert (two.path / "manifest.json").stat().st_mtime_ns == written


def test_another_default_graph_is_another_snapshot(tmp_path):
    assert write_snapshot(tmp_path, quads("x"), frozenset()) != write_snapshot(tmp_path, quads("x"), frozenset([GRAPH]))


def test_a_snapshot_is_not_asked_before_it_is_published(tmp_path):
    put(tmp_path, "old")
    write_snapshot(tmp_path, quads("new"), frozenset([GRAPH]))
    assert asked(tmp_path) == "old"


def test_going_back_goes_one_further_each_time(tmp_path):
    ids = [put(tmp_path, label) for label in ("a", "b", "c")]
    assert [rollback(tmp_path).id, rollback(tmp_path).id] == [ids[1], ids[0]]
    assert asked(tmp_path) == "a"
    with pytest.raises(NoSnapshot):
        rollback(tmp_path)


def test_after_going_back_and_building_the_one_before_is_the_one_that_was_asked(tmp_path):
    for label in ("a", "b", "c"):
        put(tmp_path, label)
    rollback(tmp_path)
    put(tmp_path, "d")
    seen = []
    for _ in range(3):
        rollback(tmp_path)
        seen.append(asked(tmp_path))
    assert seen == ["b", "c", "a"]


def test_publishing_what_is_published_changes_nothing(tmp_path):
    first = put(tmp_path, "a")
    put(tmp_path, "b")
    put(tmp_path, "b")
    assert rollback(tmp_path).id == first


def test_only_the_last_few_snapshots_stay(tmp_path):
    ids = [put(tmp_path, f"label{number}") for number in range(KEPT + 2)]
    assert {snapshot.id for snapshot in list_snapshots(tmp_path)} == set(ids[-KEPT:])
    assert not left_over(tmp_path)


def test_a_published_snapshot_that_is_gone_is_told_with_the_cure(tmp_path):
    (tmp_path / "current").write_text("0123456789ab\n")
    with pytest.raises(NoSnapshot, match="run `plangraph build`"):
        current(tmp_path)


@pytest.mark.parametrize("name", ["../../etc", "0123456789AB", "x"])
def test_a_pointer_cannot_lead_out_of_the_folder(tmp_path, name):
    (tmp_path / "current").write_text(name)
    with pytest.raises(NoSnapshot):
        current(tmp_path)


@pytest.mark.parametrize("manifest", ["{}", "not json", '{"format": 99}', "[]"])
def test_a_snapshot_that_cannot_be_read_is_not_listed_and_is_written_anew(tmp_path, manifest):
    id_ = put(tmp_path, "x")
    (tmp_path / "snapshots" / id_ / "manifest.json").write_text(manifest)
    assert list_snapshots(tmp_path) == []
    with pytest.raises(NoSnapshot, match="run `plangraph build`"):
        current(tmp_path)
    assert put(tmp_path, "x") == id_
    assert asked(tmp_path) == "x"


def test_a_store_that_is_damaged_is_told_by_its_snapshot(tmp_path):
    id_ = put(tmp_path, "x")
    (tmp_path / "snapshots" / id_ / "store" / "CURRENT").write_text("nonsense")
    with pytest.raises(NoSnapshot, match=f"Snapshot {id_} cannot be opened"):
        LocalStore(current(tmp_path))


def test_a_second_build_waits_for_the_first(tmp_path):
    began, ended = threading.Event(), []

    def second():
        began.set()
        with building(tmp_path):
            ended.append("second")

    with building(tmp_path):
        waiting = threading.Thread(target=second)
        waiting.start()
        began.wait()
        with pytest.raises(InputError, match="Another build is under way"), building(tmp_path, patience=0.1):
            pass
        ended.append("first")
    waiting.join()
    assert ended == ["first", "second"]


def test_a_build_that_fails_lets_go(tmp_path):
    with pytest.raises(ZeroDivisionError), building(tmp_path):
        1 / 0  # noqa: B018
    with building(tmp_path, patience=0):
        pass


# --- dumping ---------------------------------------------------------------------------------------------------


def dumped(snapshot, form: str, graph: str | None = None) -> str:
    out = io.BytesIO()
    dump(snapshot, form, out, graph)
    return out.getvalue().decode()


def test_n_quads_are_the_lines_that_were_written_sorted(snapshot):
    assert dumped(snapshot, "nq").splitlines(keepends=True) == sorted(quads("First") + quads("Second", 3, OTHER))


def test_one_graph_or_the_default_graph_is_dumped(snapshot):
    assert len(dumped(snapshot, "nt").splitlines()) == 61
    assert len(dumped(snapshot, "nt", OTHER).splitlines()) == 4


@pytest.mark.parametrize("graph", ["https://example.org/graph/three", "no iri"])
def test_a_graph_that_is_not_there_cannot_be_dumped(snapshot, graph):
    with pytest.raises(InputError, match=f"There is no graph {graph}"):
        dumped(snapshot, "nt", graph)


def test_a_format_nobody_knows_is_refused_with_those_there_are(snapshot):
    with pytest.raises(InputError, match="take one of nq, trig, ttl, nt, rdf, jsonld"):
        dumped(snapshot, "xlsx")


# --- killed at every step --------------------------------------------------------------------------------------


# Writes and publishes a snapshot, and kills itself as `kill -9` does at the n-th thing it asks of the file system;
# prints nothing and ends with 0 where there are fewer.
def test_the_tables_are_kept_beside_the_store_and_are_part_of_its_name(tmp_path):
    lines, default = quads("one"), frozenset([GRAPH])
    first = write_snapshot(tmp_path, lines, default, tables={"plans/a/b/plan.toml": b"1"})
    assert (first.tables_path / "plans" / "a" / "b" / "plan.toml").read_bytes() == b"1"
    assert write_snapshot(tmp_path, lines, default, tables={"plans/a/b/plan.toml": b"1"}).id == first.id
    ids = {first.id, write_snapshot(tmp_path, lines, default).id}
    ids.add(write_snapshot(tmp_path, lines, default, tables={"plans/a/b/plan.toml": b"2"}).id)
    ids.add(write_snapshot(tmp_path, lines, default, tables={"plans/a/b": b"plan.toml1"}).id)
    assert len(ids) == 4


KILLED = """
import os, signal, sys
from pathlib import Path
from kg.graph.store import building, publish, write_snapshot
from tests.graph.conftest import GRAPH, quads

home, label, steps = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
lines = quads(label)
STEPS = {"open", "os.rename", "os.mkdir", "os.rmdir", "shutil.rmtree"}

def step(event, arguments):
    global steps
    if event in STEPS and str(home) in str(arguments):
        steps -= 1
        if steps == 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(step)
with building(home):
    publish(home, write_snapshot(home, lines, frozenset([GRAPH])))
steps = -1
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_killed_at_any_step_a_build_loses_nothing_and_the_next_one_tidies_up(tmp_path):
    # Full of old snapshots, so that removing one is among the steps.
    for number in range(KEPT):
        put(tmp_path, f"old{number}")
    before = f"old{KEPT - 1}"
    published = 0
    for step in range(1, 200):
        label = f"new{step}"
        command = [sys.executable, "-c", KILLED, str(tmp_path), label, str(step)]
        ended = subprocess.run(command, check=False, cwd=Path(__file__).parents[2]).returncode
        if ended == 0:
            assert asked(tmp_path) == label
            break
        assert ended == -signal.SIGKILL
        assert asked(tmp_path) in (before, label)
        published += asked(tmp_path) == label
        before = f"after{step}"
        put(tmp_path, before)
        assert asked(tmp_path) == before
        assert not left_over(tmp_path)
    assert ended == 0
    assert step > 10
    assert published
