"""Queries from outside run in processes that can be killed: what is too much ends, and the next one is answered."""

import json
import sys
import threading
import time
from pathlib import Path

import pytest

from kg.errors import AnswerTooLarge, NoSnapshot, QueryLimit, QueryRefused, QueryTimeout, WorkerBusy
from kg.graph.store import Snapshot
from kg.graph.workers import WorkerPool

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
# 61 triples, seven times with themselves: three thousand thousand million rows.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o . ?p ?q ?r . ?s ?t ?u }"
# No bracket within another, so the guard lets it pass; the engine's parser builds it one level a plus.
CRASHING = f"SELECT ({'+'.join(['1'] * 200_000)} AS ?x) {{}}"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process give up network and memory")


@pytest.fixture
def pool(snapshot):
    pool = WorkerPool(snapshot, size=1)
    yield pool
    pool.close()


def count(pool: WorkerPool) -> str:
    return json.loads(pool.query(COUNT).body)["results"]["bindings"][0]["n"]["value"]


def processes(pool: WorkerPool) -> set[int]:
    return {worker._process.pid for worker in pool._all}


def test_a_query_is_answered_as_the_store_would(pool, snapshot):
    assert (count(pool), pool.snapshot) == ("61", snapshot.id)
    assert pool.query(COUNT, solutions="csv").body == b"n\r\n61\r\n"
    assert pool.query("CONSTRUCT WHERE { ?s <urn:label> ?o }", graph="nt").kind == "graph"


def test_a_query_over_its_time_is_killed_and_the_next_is_answered(pool):
    (before,) = processes(pool)
    with pytest.raises(QueryTimeout, match=r"stopped after 0\.3 seconds"):
        pool.query(ENDLESS, timeout=0.3)
    assert not Path(f"/proc/{before}").exists()
    assert count(pool) == "61"


def test_a_query_that_crashes_the_engine_is_refused_and_the_next_is_answered(pool):
    with pytest.raises(QueryRefused, match="too deep or too expensive"):
        pool.query(CRASHING, timeout=60)
    assert count(pool) == "61"


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE in line 1"),
        ("SELECT * {\n SERVICE SILENT <http://127.0.0.1:9/> {} }", "SERVICE in line 2"),
        ("LOAD <http://127.0.0.1:9/>", "updates are not taken here"),
        ("INSERT DATA { <urn:s> <urn:p> <urn:o> }", "updates are not taken here"),
        ("CREATE GRAPH <urn:g>", "cannot be understood"),
        ("SELECT * {" + "{" * 200, "too deep"),
        ("SELECT nonsense", "line 1, column "),
        ("", "cannot be understood"),
    ],
)
def test_what_is_refused_costs_no_process(pool, query, says):
    before = processes(pool)
    with pytest.raises(QueryRefused, match=says):
        pool.query(query)
    assert processes(pool) == before


def test_an_answer_that_is_too_large_is_refused_and_never_cut(snapshot):
    pool = WorkerPool(snapshot, size=1, largest=2_000)
    try:
        with pytest.raises(AnswerTooLarge, match="larger than 2,000 bytes; ask for less, or add a LIMIT"):
            pool.query("SELECT * { ?s ?p ?o }")
        with pytest.raises(AnswerTooLarge, match="larger than 500 bytes"):
            pool.query("SELECT * { ?s ?p ?o } LIMIT 5", largest=500)
        with pytest.raises(AnswerTooLarge, match="larger than 2,000 bytes"):
            pool.query("SELECT * { ?s ?p ?o }", largest=5_000)
        assert len(json.loads(pool.query("SELECT * { ?s ?p ?o } LIMIT 2").body)["results"]["bindings"]) == 2
    finally:
        pool.close()


@LINUX
def test_a_query_cannot_take_more_memory_than_it_may(snapshot):
    pool = WorkerPool(snapshot, size=1, memory=700 * 1024**2, timeout=60)
    try:
        with pytest.raises((QueryRefused, QueryLimit)) as caught:
            pool.query("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?c ?f ?i ?l")
        assert not isinstance(caught.value, QueryTimeout)
        assert count(pool) == "61"
    finally:
        pool.close()


@LINUX
def test_a_worker_starts_well_below_its_limit_every_time(snapshot):
    for _ in range(5):
        pool = WorkerPool(snapshot, size=1, memory=400 * 1024**2)
        try:
            assert count(pool) == "61"
        finally:
            pool.close()


@LINUX
def test_a_worker_has_no_network(pool):
    assert count(pool) == "61"
    (pid,) = processes(pool)
    ours, its = (Path(f"/proc/{process}/ns/net").readlink() for process in ("self", pid))
    if ours == its:
        pytest.skip("this system does not let a process leave its network")
    devices = Path(f"/proc/{pid}/net/dev").read_text().splitlines()[2:]
    assert [line.split(":")[0].strip() for line in devices] in ([], ["lo"])
    # Not even itself: the one device there is not up, so it has no address.
    assert "127.0.0.1" not in Path(f"/proc/{pid}/net/fib_trie").read_text()


def test_a_query_waits_its_turn_and_no_longer_than_its_time(snapshot):
    pool = WorkerPool(snapshot, size=1, waiting=1)
    answers: list[object] = []

    def ask(query: str, seconds: float) -> None:
        try:
            answers.append(pool.query(query, timeout=seconds).kind)
        except QueryLimit as error:
            answers.append(type(error))

    try:
        assert count(pool) == "61"
        busy = threading.Thread(target=ask, args=(ENDLESS, 3))
        busy.start()
        while pool._turns._value:  # until the first one runs
            time.sleep(0.01)
        waiting = threading.Thread(target=ask, args=(COUNT, 30))
        waiting.start()
        while pool._room._value:  # until the second one waits
            time.sleep(0.01)
        with pytest.raises(WorkerBusy, match="Too many queries are waiting"):
            pool.query(COUNT)
        busy.join()
        waiting.join()
        assert answers == [QueryTimeout, "solutions"]
    finally:
        pool.close()


def test_a_query_that_never_got_a_turn_is_told_so(snapshot):
    pool = WorkerPool(snapshot, size=1)
    try:
        pool._turns.acquire()
        with pytest.raises(WorkerBusy, match=r"No query could be started within 0\.1 seconds"):
            pool.query(COUNT, timeout=0.1)
    finally:
        pool.close()


def test_a_worker_that_died_while_nobody_asked_is_replaced(pool):
    assert count(pool) == "61"
    (worker,) = pool._all
    worker._process.kill()
    worker._process.wait()
    assert count(pool) == "61"


def test_closing_ends_every_process_and_answers_no_more(snapshot):
    pool = WorkerPool(snapshot, size=2)
    assert count(pool) == "61"
    workers = list(pool._all)
    pool.close()
    assert len(workers) == 2
    assert not any(worker.alive for worker in workers)
    with pytest.raises(NoSnapshot, match="ending"):
        pool.query(COUNT)


def test_a_snapshot_that_is_gone_is_told(tmp_path):
    pool = WorkerPool(Snapshot("0123456789ab", tmp_path / "gone", "", 0, 0), size=1)
    try:
        with pytest.raises(NoSnapshot, match="Snapshot 0123456789ab cannot be opened"):
            pool.query(COUNT)
    finally:
        pool.close()
