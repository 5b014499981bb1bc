"""The pipeline: what stands in which graph, the same bytes twice, nothing published from bad input, nothing lost."""

import io
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.build import ONTOLOGY_FILES, build, current_versions, read_tables
from kg.cli import main
from kg.errors import InputError
from kg.graph.store import LocalStore, current, dump, list_snapshots
from kg.prefixes import PREFIXES
from kg.questions import Answer
from kg.settings import Settings
from tests.conftest import TINY, TINY_PLAN, tiny_data

PLAN = Path("plans", "tinford", "safety-plan-2023-25")
BASE = "https://w3id.org/plangraph/"
HERE = f"{BASE}graph/tinford/safety-plan-2023-25/4c987dc4"
DECLARED = " ".join(f"PREFIX {prefix}: <{iri}>" for prefix, iri in PREFIXES.items())


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def rows(store, query: str) -> list[tuple]:
    return list(Answer.parse(store.query(f"{DECLARED} {query}").body).rows)


def values(store, query: str) -> set[str]:
    return {str(row[0]) for row in rows(store, query)}


def n_quads(snapshot) -> list[str]:
    out = io.BytesIO()
    dump(snapshot, "nq", out)
    return out.getvalue().decode().splitlines()


# --- what stands where -----------------------------------------------------------------------------------------


def test_the_named_graphs_are_those_of_the_contract(tiny):
    assert values(tiny.store, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }") == {
        f"{BASE}graph/{name}" for name in ("reference", "catalog", "ontology", "questions", "quality")
    } | {HERE, f"{HERE}/derived"}


def test_the_default_graph_is_the_union_of_all_but_quality_and_questions(tiny):
    graphs: dict[str, set[str]] = {}
    for line in n_quads(tiny.snapshot):
        triple, graph = re.fullmatch(r"(.*) <(\S+)> \.", line).groups()
        graphs.setdefault(graph, set()).add(triple)
    out = io.BytesIO()
    dump(tiny.snapshot, "nt", out)
    left_out = {f"{BASE}graph/quality", f"{BASE}graph/questions"}
    union = set().union(*(triples for graph, triples in graphs.items() if graph not in left_out))
    assert {line.removesuffix(" .") for line in out.getvalue().decode().splitlines()} == union
    assert tiny.snapshot.triples == len(union)


def test_there_is_no_blank_node_anywhere(tiny, hackney):
    for built in (tiny, hackney):
        assert not [line for line in n_quads(built.snapshot) if re.search(r"(^| )_:", line)]


def test_every_derived_edge_stands_in_the_derived_graph_alone(tiny):
    query = f"SELECT DISTINCT ?p {{ GRAPH <{HERE}/derived> {{ ?s ?p ?o }} }}"
    derived = {"leadPartner", "mentions", "atPlace", "involves", "dependsOn", "refersTo"}
    assert values(tiny.store, query) == {PREFIXES["plan"] + name for name in derived}
    edges = " ".join(f"plan:{name}" for name in derived)
    assert values(tiny.store, f"SELECT DISTINCT ?g {{ VALUES ?p {{ {edges} }} GRAPH ?g {{ ?s ?p ?o }} }}") == {
        f"{HERE}/derived"
    }


def test_derived_edges_begin_at_plans_and_elements_only(hackney):
    query = "SELECT DISTINCT ?s { ?s plan:dependsOn|plan:refersTo ?o FILTER NOT EXISTS { ?s a plan:Plan } "
    query += "FILTER NOT EXISTS { ?s a plan:PlanElement } }"
    assert values(hackney.store, query) == set()


def test_the_catalog_says_version_source_and_size_of_each_plan_graph(tiny):
    query = f"SELECT ?v ?sha ?n {{ GRAPH <{BASE}graph/catalog> {{ <{HERE}> a dcat:Dataset ; dcat:version ?v ; "
    query += "dcterms:identifier ?sha ; void:triples ?n } }"
    (found,) = rows(tiny.store, query)
    held = sum(line.endswith(f"<{HERE}> .") for line in n_quads(tiny.snapshot))
    sha = "4c987dc4b212e5c61decee2fbf9e65ac52cf8f637928d82dddf7264ef1b8cc66"
    assert [str(value) for value in found] == ["4c987dc4", sha, str(held)]


def test_the_catalog_lists_every_other_graph(tiny):
    listed = values(tiny.store, "SELECT ?g { ?c a dcat:Catalog ; dcat:dataset ?g }")
    assert listed == values(tiny.store, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }") - {f"{BASE}graph/catalog"}


def test_there_is_no_clock_in_any_graph(tiny):
    assert not [line for line in n_quads(tiny.snapshot) if re.search(r'"\d{4}-\d\d-\d\dT', line)]
    assert not [line for line in n_quads(tiny.snapshot) if tiny.snapshot.created[:10] in line]


def test_all_files_of_the_ontology_are_read(tiny):
    assert sorted(path.name for path in tiny.settings.ontology.glob("*.ttl")) == sorted(ONTOLOGY_FILES)


def test_the_bundled_plan_breaks_no_rule(hackney):
    assert values(hackney.store, f"SELECT ?ok {{ GRAPH <{BASE}graph/quality> {{ ?r sh:conforms ?ok }} }}") == {"True"}


# --- the same bytes --------------------------------------------------------------------------------------------


def test_two_builds_in_two_processes_give_the_same_bytes(tmp_path):
    data = tiny_data(tmp_path / "data")
    dumps = []
    for seed in ("1", "2"):
        home = tmp_path / f"home{seed}"
        # Another hash seed, because sets are walked in another order then.
        environ = {**os.environ, "PLANGRAPH_HOME": str(home), "PLANGRAPH_DATA": str(data), "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-m", "kg.cli", "build"], check=True, env=environ, stdout=subprocess.DEVNULL)
        dumps.append("\n".join(n_quads(current(home))))
    assert dumps[0] == dumps[1]
    assert [snapshot.id for snapshot in list_snapshots(tmp_path / "home1")] == [current(tmp_path / "home2").id]


# --- several versions, other plans, the document at hand -------------------------------------------------------


@pytest.fixture
def data(tmp_path):
    return tiny_data(tmp_path / "data")


@pytest.fixture
def settings(data, tmp_path):
    return Settings.read(environ={}, data=data, home=tmp_path / "home")


def revised(tmp_path, version: str = "two") -> Path:
    """Another version of the tiny plan, in which action 1.1 has another name."""
    folder = shutil.copytree(TINY_PLAN, tmp_path / "revised", ignore=shutil.ignore_patterns("register"))
    spoil(folder / "plan.toml", "[source]", f'version = "{version}"\n\n[source]')
    with (folder / "plan.toml").open("a") as file:
        file.write('\n[revision]\nof = "4c987dc4"\n')
    spoil(folder / "actions.csv", ",Ways out,", ",Better ways out,")
    return folder


def test_a_revision_takes_the_default_graph_and_the_old_version_is_reached_by_its_name(settings, tmp_path):
    store = LocalStore(build(settings, add=[revised(tmp_path)]))
    label = f"<{BASE}id/tinford/plan/safety-plan-2023-25/action/1.1> rdfs:label ?l"
    assert values(store, f"SELECT ?l {{ {label} }}") == {"Better ways out"}
    assert values(store, f"SELECT ?l {{ GRAPH <{HERE}> {{ {label} }} }}") == {"Ways out"}
    newer = HERE.replace("4c987dc4", "two")
    assert values(store, "SELECT ?old { ?new prov:wasRevisionOf ?old }") == {HERE}
    assert values(store, f"SELECT ?v {{ <{BASE}id/tinford/plan/safety-plan-2023-25> dcat:version ?v }}") == {"two"}
    assert values(store, f"SELECT ?g {{ GRAPH ?g {{ {label.replace('?l', '?x')} }} }}") == {HERE, newer}


def test_the_version_that_counts_does_not_hang_on_the_order(settings, tmp_path):
    plans = read_tables(settings, [revised(tmp_path)]).plans
    for order in (plans, plans[::-1]):
        assert [plan.meta.graph_version for plan in current_versions(order).values()] == ["two"]


def test_the_same_version_twice_is_refused(settings, tmp_path):
    with pytest.raises(InputError, match=r"version 4c987dc4 of tinford/plan/safety-plan-2023-25 is built already"):
        build(settings, add=[revised(tmp_path, "4c987dc4")])


def test_the_words_of_the_document_are_laid_over_the_cells(settings):
    store = LocalStore(build(settings, source=TINY / "tiny-plan.txt"))
    cell = f"<{BASE}id/tinford/source/4c987dc4/cell/L008-lead-partners>"
    (words,) = values(store, f"SELECT ?w {{ {cell} plan:verbatim ?w }}")
    assert "Constabulary" in words


def test_another_document_is_refused_by_its_sum(settings, tmp_path):
    other = tmp_path / "other.txt"
    other.write_bytes((TINY / "tiny-plan.txt").read_bytes() + b"\n")
    with pytest.raises(InputError, match=r"is not the document a plan was read from; that is tiny-plan\.txt"):
        build(settings, source=other)


def test_without_a_plan_there_is_nothing_to_build(settings, data):
    shutil.rmtree(data / "plans")
    with pytest.raises(InputError, match="There is no plan to build in"):
        build(settings)


# --- bad input -------------------------------------------------------------------------------------------------


def rewritten(change):
    return lambda path: path.write_bytes(change(path.read_bytes()))


def replaced(old: str, new: str):
    return lambda path: spoil(path, old, new)


BAD = {
    "a missing column": (
        PLAN / "leads.csv", replaced(",partner,", ",partnr,"),
        'leads.csv:1: column "partner": this column is missing (nearest: partnr).',
    ),
    "an unknown code": (
        PLAN / "leads.csv", replaced("role-joint", "role-jont"),
        'leads.csv:2: column "role": "role-jont" is no code (nearest: role-joint).',
    ),
    "an unknown partner": (
        PLAN / "leads.csv", replaced("Westmere Constabulary", "Westmere Constabulery"),
        'leads.csv:2: column "partner": "Westmere Constabulery" is nobody in the register'
        " (nearest: Westmere Constabulary).",
    ),
    "a duplicate reference": (
        PLAN / "actions.csv", replaced(",1.10,", ",1.1,"),
        'actions.csv:11: column "identifier": action 1.1 stands twice, first in row 2. A spreadsheet turns a reference'
        " such as 2.10 into 2.1 unless its column is kept as text.",
    ),
    "a year twice": (
        PLAN / "statuses.csv", replaced("action/1.9,2024-2025", "action/1.9,2023-2024"),
        'statuses.csv:19: column "period": action/1.9 has two statuses for 2023-2024, the first in row 18.',
    ),
    "another encoding": (
        PLAN / "leads.csv", rewritten(lambda raw: raw.replace(b"Harbour Trust", "H\u00e4fen".encode("latin-1"), 1)),
        "leads.csv:6: byte 0xe4 is not UTF-8 text: save it as CSV UTF-8.",
    ),
    "an empty file": (PLAN / "leads.csv", rewritten(lambda _raw: b""), "leads.csv: this file is empty."),
    "a binary file": (
        PLAN / "leads.csv", rewritten(lambda raw: b"PK\x03\x04\x00" + raw),
        "leads.csv: this is not a text file (it holds zero bytes): save it as CSV UTF-8.",
    ),
    "an empty register": (
        Path("register", "bodies.csv"), rewritten(lambda _raw: b""),
        "bodies.csv: this file is empty.",
    ),
    "a broken rule": (
        PLAN / "leads.csv", replaced("Westmere Constabulary,role-joint", "Westmere Constabulary,role-sole"),
        "tinford/plan/safety-plan-2023-25: Ways out: One lead of this action is called the sole lead, and there are"
        " others. (line 8, activity; line 8, ref-no)",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A home where the tiny plan is published, and the id of its snapshot."""
    folder = tmp_path_factory.mktemp("published")
    settings = Settings.read(environ={}, data=tiny_data(folder / "data"), home=folder / "home")
    return settings.home, build(settings).id


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_message_and_publishes_nothing(name, data, published, monkeypatch):
    home, before = published
    file, change, says = BAD[name]
    change(data / file)
    monkeypatch.setenv("PLANGRAPH_HOME", str(home))
    monkeypatch.setenv("PLANGRAPH_DATA", str(data))
    ended = CliRunner().invoke(main, ["build"])
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert [line.removeprefix(f"{(data / file).parent}/") for line in ended.stderr.splitlines()] == [says]
    assert current(home).id == before
    assert [snapshot.id for snapshot in list_snapshots(home)] == [before]
    assert rows(LocalStore(current(home)), "SELECT (COUNT(?a) AS ?n) { ?a a plan:Action }") == [(16,)]


# --- kill -9 ---------------------------------------------------------------------------------------------------

KILLS = 20
NAME = f"SELECT ?l {{ <{BASE}id/tinford/plan/safety-plan-2023-25/action/1.1> rdfs:label ?l }}"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_killed_at_random_moments_a_build_loses_nothing_while_a_reader_asks(tmp_path):
    home, data = tmp_path / "home", tiny_data(tmp_path / "data")
    environ = {**os.environ, "PLANGRAPH_HOME": str(home), "PLANGRAPH_DATA": str(data)}
    names = ["Ways out"]

    def start() -> subprocess.Popen:
        """A build of the plan in which action 1.1 has a new name."""
        names.append(f"Ways out {len(names)}")
        spoil(data / PLAN / "actions.csv", f",{names[-2]},", f",{names[-1]},")
        command = [sys.executable, "-m", "kg.cli", "build"]
        return subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def published_name() -> str:
        store = LocalStore(current(home))
        (name,) = values(store, NAME)
        store.close()
        return name

    began = time.monotonic()
    assert start().wait() == 0
    whole = time.monotonic() - began
    seen, faults, stop = [published_name()], [], threading.Event()

    def read() -> None:
        while not stop.wait(0.1):
            try:
                seen.append(published_name())
            except Exception as error:  # whatever it is, the test must tell it
                faults.append(repr(error))

    reader = threading.Thread(target=read)
    reader.start()
    moments = random.Random(2015)  # noqa: S311  the same moments each time
    kills = 0
    try:
        while kills < KILLS:
            held = published_name()
            builder, began = start(), time.monotonic()
            try:
                # One kill in each twentieth of a build: from before the first import to the swap.
                assert builder.wait(whole * (kills + moments.random()) / KILLS) == 0
                whole = min(whole, time.monotonic() - began)
            except subprocess.TimeoutExpired:
                builder.kill()
                kills += builder.wait() == -signal.SIGKILL
            assert published_name() in (held, names[-1])
        assert start().wait() == 0
    finally:
        stop.set()
        reader.join()
    assert faults == []
    # Each answer was the old one or the new one, and never an older one again.
    assert seen == sorted(seen, key=names.index)
    assert published_name() == names[-1]
    whole_ones = {snapshot.id for snapshot in list_snapshots(home)}
    assert {path.name for path in (home / "snapshots").iterdir()} == whole_ones
    assert {path.name for path in home.iterdir()} == {".building", "current", "maps", "search", "snapshots"}
