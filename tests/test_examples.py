"""The synthetic plan: built only when asked for, it makes the page of a plan named only come alive, and points back."""

import hashlib
import io
import shutil
from collections.abc import Iterator

import pytest

from api import create_app
from api.current import CurrentStore
from kg.build import build
from kg.errors import InputError
from kg.graph.store import LocalStore, dump
from kg.prefixes import PREFIXES
from kg.questions import Answer, ask
from kg.settings import Settings
from tests.browser.addresses import ADDRESSES, MISSING
from tests.conftest import ROOT, YOUTH_JUSTICE, Built, built

FOLDER = YOUTH_JUSTICE
ID = "https://w3id.org/plangraph/id/"
GRAPH = "https://w3id.org/plangraph/graph/"
SAFETY = "hackney/plan/community-safety-plan-2015-18"
YOUTH = "hackney/plan/youth-justice-plan"
TITLE = "Youth Justice Plan 2016-18 (synthetic example)"
DECLARED = " ".join(f"PREFIX {prefix}: <{iri}>" for prefix, iri in PREFIXES.items())
# What is not a page: a brief is about one priority, a trace begins with one action, and two plans have a 1 and a 2.2.
REFUSED = {MISSING: 404, "/brief?priority=1": 400, "/trace?from=2.2&to=VAWG+Strategy": 400}
# The pages of the example itself; those of the bundled plan are in ADDRESSES.
OWN = [
    f"/{YOUTH}", f"/{YOUTH}/sp/1", f"/{YOUTH}/sp/1/dp/2", f"/{YOUTH}/action/2.1", f"/{YOUTH}/xref/1",
    f"/{YOUTH}/action/2.1/step/2/xref/1", f"/{YOUTH}/section/engagement-resettlement", f"/?plan={TITLE}",
    f"/actions?plan={TITLE}", f"/status?plan={TITLE}", f"/indicators?plan={TITLE}", f"/references?plan={TITLE}",
    f"/shared?plan={TITLE}", f"/partners?plan={TITLE}", "/search?q=1.6", "/hackney/org/youth-offending-team",
]  # fmt: skip


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> Iterator[Built]:
    """The bundled plan and the example."""
    yield from built(Settings.read(environ={}, home=tmp_path_factory.mktemp("both")), add=[YOUTH_JUSTICE])


def client_of(held: Built):
    store = CurrentStore(lambda: held.snapshot, lambda _snapshot: held.store)
    return create_app(held.settings, store, store).test_client()


@pytest.fixture(scope="module")
def pages(both):
    """A client of the pages over both plans."""
    return client_of(both)


def values(held: Built, query: str) -> list[str]:
    return [str(row[0]) for row in Answer.parse(held.store.query(f"{DECLARED} {query}").body).rows]


def page(client, address: str) -> dict:
    answer = client.get(f"/{address}.json")
    assert answer.status_code == 200, answer.text
    return answer.json


def graph_of(held: Built, name: str) -> set[str]:
    """The triples of a plan's graphs, by the beginning of their names."""
    out = io.BytesIO()
    dump(held.snapshot, "nq", out)
    return {
        line for line in out.getvalue().decode().splitlines() if f"<https://w3id.org/plangraph/graph/{name}" in line
    }


# --- built only when asked for ---------------------------------------------------------------------------------

HELD = "SELECT ?label { ?plan dcterms:source ?file . ?plan a plan:Plan ; rdfs:label ?label } ORDER BY ?label"


def test_the_default_build_holds_the_bundled_plan_alone(hackney):
    assert values(hackney, HELD) == ["Hackney Community Safety Plan 2015-18"]


def test_beside_the_bundled_plan_the_example_says_that_it_is_invented(both):
    assert values(both, HELD) == ["Hackney Community Safety Plan 2015-18", TITLE]
    assert "invented" in (FOLDER / "youth-justice-plan.txt").read_text("utf-8")


def test_the_bundled_plan_is_the_same_to_the_triple_beside_the_example(hackney, both):
    alone = graph_of(hackney, "hackney/community-safety-plan-2015-18/")
    assert len(alone) > 5_000
    assert alone == graph_of(both, "hackney/community-safety-plan-2015-18/")


def test_the_example_breaks_no_rule(both):
    query = "SELECT ?what { GRAPH ?g { ?result sh:focusNode ?what } }"
    found = values(both, query)
    assert [iri for iri in found if iri.startswith(ID + SAFETY)]
    assert [iri for iri in found if iri.startswith(ID + YOUTH)] == []


def test_its_tables_were_read_from_the_document_beside_them(tmp_path):
    document = FOLDER / "youth-justice-plan.txt"
    assert hashlib.sha256(document.read_bytes()).hexdigest() in (FOLDER / "plan.toml").read_text("utf-8")
    snapshot = build(Settings.read(environ={}, home=tmp_path), source=document, add=[YOUTH_JUSTICE])
    store = LocalStore(snapshot)
    query = 'SELECT ?words { ?cell plan:verbatim ?words ; plan:column "lead-partners" ; plan:line 8 }'
    (words,) = (str(row[0]) for row in Answer.parse(store.query(f"{DECLARED} {query}").body).rows)
    store.close()
    assert words == "IGU/Youth Offending Team"


# --- the page of the plan named only comes alive -----------------------------------------------------------------


def test_the_page_of_the_plan_named_only_fills_with_its_contents(hackney, pages):
    before, after = page(client_of(hackney), YOUTH), page(pages, YOUTH)
    assert (before["label"], before["source"], before["counts"]) == ("Youth Justice Plan", None, [])
    assert (after["label"], after["source"]["name"]) == (TITLE, "youth-justice-plan.txt")
    assert [count["n"] for count in after["counts"]] == [2, 4, 10, 2]
    # Who leans on it, with which words, and which sections they name, is what it was.
    for part in ("depends", "refers"):
        assert after[part] == before[part]
    cells = [[source["iri"] for source in one["sources"]] for one in before["references_in"]]
    assert [[source["iri"] for source in one["sources"]] for one in after["references_in"]] == cells
    assert [one["identifier"] for one in after["sections"]] == [one["identifier"] for one in before["sections"]]


def test_its_own_title_stands_and_the_names_others_print_find_it(both, pages):
    assert values(both, f"SELECT ?l {{ <{ID}{YOUTH}> rdfs:label ?l }}") == [TITLE]
    assert set(page(pages, YOUTH)["other_names"]) == {"Youth Justice Plan", "YJ plan"}
    for name in ("Youth Justice Plan", "YJ plan", TITLE):
        answer = ask(both.store, "what-depends-on-a-plan", both.names, thing=name)
        assert {row["thing_iri"] for row in answer.records()} == {ID + YOUTH}
        assert TITLE in pages.get("/search", query_string={"q": name}).text


def test_what_the_register_knows_and_the_plan_does_not_say_stays(pages):
    after = page(pages, YOUTH)
    assert after["due"] == "July 2016"
    assert [note.split()[0] for note in after["notes"]] == ["Everything", "Said"]


def test_the_plan_is_no_longer_among_those_named_only(hackney, both):
    before, after = (
        {str(row["plan"]) for row in ask(one.store, "plans-cited-but-not-held", one.names).records()}
        for one in (hackney, both)
    )
    assert before - after == {"Youth Justice Plan"}
    assert after <= before


# --- paths through two plans -------------------------------------------------------------------------------------


def test_what_a_section_of_it_is_part_of_is_the_plan_held(both):
    query = f"SELECT ?file {{ <{ID}{SAFETY}/action/1.10> plan:refersTo/dcterms:isPartOf ?p . ?p dcterms:source ?file }}"
    assert len(set(values(both, query))) == 1


def test_it_points_back_to_actions_and_a_delivery_priority_of_the_bundled_plan(both):
    query = f"SELECT DISTINCT ?to {{ ?s dcterms:isPartOf* <{ID}{YOUTH}> ; plan:refersTo ?to }} ORDER BY ?to"
    found = [iri.removeprefix(ID) for iri in values(both, query)]
    assert [iri for iri in found if iri.startswith(SAFETY)] == [
        SAFETY, f"{SAFETY}/action/1.10", f"{SAFETY}/action/1.6", f"{SAFETY}/action/1.7", f"{SAFETY}/sp/1/dp/1",
    ]  # fmt: skip


def test_actions_of_both_plans_hang_on_one_and_on_each_other(both):
    gangs = ask(both.store, "what-depends-on-a-plan", both.names, thing="Gangs Action Plan").records()
    assert {(row["plan_name"], row["ref"]) for row in gangs if row["ref"] in ("1.1", "1.2")} == {
        ("Hackney Community Safety Plan 2015-18", "1.1"),
        ("Hackney Community Safety Plan 2015-18", "1.2"),
        (TITLE, "1.2"),
    }
    # Action 2.1 of the example points to 1.10 of the bundled plan, and that to a section of the example.
    back = ask(both.store, "Q33", both.names, thing="Youth Justice Plan", plan=TITLE).records()
    assert [(row["ref"], row["directly"], row["through"]) for row in back if row["ref"] == "2.1"] == [
        ("2.1", False, "Engagement and resettlement under the Youth Justice Plan")
    ]


def test_there_is_a_circle_of_references_through_both_plans(hackney, both):
    query = "SELECT DISTINCT ?x { ?x (plan:dependsOn|plan:refersTo)+ ?x } ORDER BY ?x"
    assert values(hackney, query) == []
    assert [iri.removeprefix(ID) for iri in values(both, query)] == [f"{SAFETY}/action/1.6", YOUTH]


# --- all examples at once ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def every_example(tmp_path_factory) -> Iterator[Built]:
    """The bundled plan and every example."""
    yield from built(Settings.read(environ={}, home=tmp_path_factory.mktemp("examples")), examples=True)


def test_with_examples_every_plan_is_held_and_all_but_the_bundled_one_say_that_they_are_synthetic(every_example):
    labels = values(every_example, HELD)
    assert labels == [
        "Hackney Community Safety Plan 2015-18",
        "Marlow Vale Safer Vale Plan 2023-25 (synthetic example)",
        "Tinford Safety Plan 2023-25 (synthetic example)",
        TITLE,
    ]
    for toml in (ROOT / "data" / "examples").glob("**/plan.toml"):
        assert "(synthetic example)" in toml.read_text("utf-8")
        assert "invented" in toml.read_text("utf-8")


def test_the_later_version_of_the_tiny_plan_is_the_one_that_counts(every_example):
    query = "SELECT ?v { ?plan a plan:Plan ; dcat:version ?v . FILTER(STRENDS(STR(?plan), '/safety-plan-2023-25')) }"
    assert values(every_example, query) == ["2024-06"]


def test_the_examples_break_no_rule(every_example):
    query = "SELECT ?what { GRAPH ?g { ?result sh:focusNode ?what ; sh:resultSeverity sh:Violation } }"
    assert values(every_example, query) == []


@pytest.mark.parametrize(
    ("folder", "document"),
    [
        ("tinford/safety-plan-2023-25", "tests/tiny/tiny-plan.txt"),
        ("tinford/safety-plan-2023-25-revised", "tests/tiny/tiny-plan-revised.txt"),
        (
            "marlow-vale/safer-vale-plan-2023-25",
            "data/examples/marlow-vale/safer-vale-plan-2023-25/safer-vale-plan.txt",
        ),
    ],
)
def test_the_tables_name_the_document_they_were_read_from(folder, document):
    digest = hashlib.sha256((ROOT / document).read_bytes()).hexdigest()
    assert digest in (ROOT / "data" / "examples" / folder / "plan.toml").read_text("utf-8")


# --- every page over two plans -----------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [*(one for some in ADDRESSES.values() for one in some), *OWN])
def test_every_page_answers_over_two_plans(address, pages):
    answer = pages.get(address, headers={"Accept": "text/html"}, follow_redirects=True)
    assert answer.status_code == REFUSED.get(address, 200)
    assert "<h1" in answer.text


def test_a_name_that_both_plans_use_is_asked_back_with_the_addresses(pages):
    answer = pages.get("/brief", query_string={"priority": "1"}, headers={"Accept": "application/json"})
    assert all(f": {plan}/sp/1" in answer.json["detail"] for plan in (SAFETY, YOUTH))
    assert pages.get("/brief", query_string={"priority": "1", "plan": TITLE}).status_code == 200


def test_a_pointer_to_what_the_other_plan_does_not_hold_is_refused(tmp_path):
    folder = shutil.copytree(FOLDER, tmp_path / "youth-justice-plan")
    table = folder / "cross-references.csv"
    table.write_text(table.read_text("utf-8").replace(f"{SAFETY}/action/1.6", f"{SAFETY}/action/1.66"), "utf-8")
    with pytest.raises(InputError, match=r'cross-references\.csv:9: column "points_to": .*action/1\.66" is nobody'):
        build(Settings.read(environ={}, home=tmp_path / "home"), add=[folder])
