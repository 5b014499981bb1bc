"""`build --source`: the exact words of the document are laid over the tables, of the right document alone."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.build import build
from kg.documents import read_dump
from kg.errors import InputError
from kg.graph.store import LocalStore, current
from kg.reading import Rules, cells_by_id, quoted
from kg.register import Register
from kg.settings import Settings
from kg.tables import Plan, load_plan
from tests.conftest import TINY, Built, tiny_data

DOCUMENT = TINY / "tiny-plan.txt"
PREFIX = (
    "PREFIX plan: <https://w3id.org/plangraph/ns#> PREFIX oa: <http://www.w3.org/ns/oa#> "
    "PREFIX dcterms: <http://purl.org/dc/terms/> "
)


def without_words(plan: Plan) -> Plan:
    """The plan with no exact words in its tables."""
    rows = {
        table: tuple(row.model_copy(update={"verbatim": ""}) if hasattr(row, "verbatim") else row for row in rows)
        for table, rows in plan.rows.items()
    }
    return Plan(plan.meta, rows)


def words(plan: Plan, table: str) -> dict[str, str]:
    return {row.path: row.verbatim for row in plan.rows[table]}


@pytest.mark.parametrize("table", ["outcomes", "statuses", "steps", "measures", "readings"])
def test_tables_without_words_get_those_a_person_would_copy(
    table: str, tiny_tables: Plan, tiny_register: Register, rules: Rules
):
    laid = quoted(without_words(tiny_tables), read_dump(DOCUMENT), rules, tiny_register)
    assert words(laid, table) == words(tiny_tables, table)


def test_words_the_tables_have_are_kept(tiny_tables: Plan, tiny_register: Register, rules: Rules):
    first, *others = tiny_tables.rows["steps"]
    own = Plan(tiny_tables.meta, {**tiny_tables.rows, "steps": (first.model_copy(update={"verbatim": "Own"}), *others)})
    assert quoted(own, read_dump(DOCUMENT), rules, tiny_register).rows["steps"][0].verbatim == "Own"


def test_where_table_and_reader_part_an_action_otherwise_no_words_are_laid(
    tiny_tables: Plan, tiny_register: Register, rules: Rules
):
    plan = without_words(tiny_tables)
    kept = tuple(row for row in plan.rows["steps"] if row.path != "action/1.1/step/2")
    fewer = quoted(Plan(plan.meta, {**plan.rows, "steps": kept}), read_dump(DOCUMENT), rules, tiny_register)
    assert words(fewer, "steps")["action/1.1/step/1"] == ""
    assert words(fewer, "steps")["action/1.2/step/1"] == "Patrol the Old Market on Friday nights."


@pytest.fixture(scope="module")
def tiny_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    data = tiny_data(tmp_path_factory.mktemp("data"))
    return Settings.read(environ={}, home=tmp_path_factory.mktemp("home"), data=data)


@pytest.fixture(scope="module")
def sourced(tiny_settings: Settings) -> Iterator[LocalStore]:
    """The tiny plan, built with its document."""
    store = LocalStore(build(tiny_settings, source=DOCUMENT))
    yield store
    store.close()


def answers(store: LocalStore, query: str) -> list[dict[str, str]]:
    rows = json.loads(store.query(PREFIX + query).body)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in rows]


def test_every_cell_of_the_graph_has_its_exact_words(sourced: LocalStore, rules: Rules):
    printed = cells_by_id(read_dump(DOCUMENT), rules)
    # Updates stand in cells of the workbooks they came back in.
    found = answers(
        sourced,
        "SELECT ?cell ?words { ?plan a plan:Plan ; dcterms:source ?file . ?cell a plan:Cell ; oa:hasSource ?file "
        "OPTIONAL { ?cell plan:verbatim ?words } }",
    )
    assert len(found) > 100
    assert {row["cell"].rsplit("/", 1)[1]: row.get("words") for row in found}.items() <= printed.items()


def test_nothing_in_the_graph_has_two_wordings(sourced: LocalStore):
    twice = "SELECT ?s { ?s plan:verbatim ?a, ?b FILTER(?a < ?b) }"
    assert answers(sourced, twice) == []


def test_without_the_document_no_cell_has_words(tiny: Built):
    assert answers(tiny.store, "SELECT ?cell { ?cell a plan:Cell ; plan:verbatim ?words }") == []


def test_a_document_no_plan_was_read_from_is_refused_and_nothing_published(
    tiny_settings: Settings, sourced: LocalStore, tmp_path: Path
):
    before = current(tiny_settings.home)
    other = tmp_path / "other.txt"
    other.write_bytes(DOCUMENT.read_bytes() + b"\n")
    with pytest.raises(InputError) as refused:
        build(tiny_settings, source=other)
    assert "other.txt (sha256" in str(refused.value)
    assert "is not the document a plan was read from; that is tiny-plan.txt (sha256 4c987dc4...)." in str(refused.value)
    assert current(tiny_settings.home) == before is not None


def test_the_real_document_gives_words_to_every_cell_and_outcome_and_to_steps_parted_alike(
    source: Path, tmp_path: Path, codes: frozenset[str]
):
    settings = Settings.read(environ={}, home=tmp_path)
    store = LocalStore(build(settings, source=source))
    kinds = "VALUES ?kind { plan:Cell plan:Outcome plan:Status plan:Lead plan:Reading }"
    bare = answers(store, f"SELECT ?s {{ {kinds} ?s a ?kind MINUS {{ ?s plan:verbatim ?w }} }}")
    steps = answers(store, "SELECT ?s { ?s a plan:Step MINUS { ?s plan:verbatim ?w } }")
    store.close()
    plan = load_plan(settings.data / "plans/hackney/community-safety-plan-2015-18", codes)
    otherwise = {row.key.split("/step/")[0] for row in plan.rows["differences"] if row.table == "steps"}
    assert bare == []
    assert {"action/" + row["s"].split("/step/")[0].rsplit("/", 1)[1] for row in steps} <= otherwise
