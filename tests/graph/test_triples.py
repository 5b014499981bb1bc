"""The contract of the ontology: which IRIs are minted, how literals are written, what stands in which graph."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Graph, Literal, URIRef

from kg.build import read_tables
from kg.graph.triples import Minter, due, ntriples, plan_triples, reference_triples, skolemised, text
from kg.names import DCTERMS, FY, PLAN, RDFS, SCHEMA, SKOS, XSD
from kg.questions import Answer
from kg.settings import Settings
from tests.conftest import tiny_data

BASE = "https://example.org/plans/"
HERE = f"{BASE}id/tinford/plan/safety-plan-2023-25"


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    data = tiny_data(tmp_path_factory.mktemp("data"))
    return read_tables(Settings.read(environ={}, data=data, base=BASE))


@pytest.fixture(scope="module")
def minter(tables) -> Minter:
    return Minter(BASE, tables.register, tables.codes)


@pytest.fixture(scope="module")
def graph(tables, minter) -> Graph:
    """What the tiny plan asserts."""
    graph = Graph()
    for triple in plan_triples(tables.plans[0], minter):
        graph.add(triple)
    return graph


# --- IRIs ------------------------------------------------------------------------------------------------------

SHAPES = [
    r"tinford/plan/safety-plan-2023-25",
    r"tinford/plan/safety-plan-2023-25/sp/\d+(/dp/\d+(/improvement/\d+)?)?",
    r"tinford/plan/safety-plan-2023-25/action/\d+\.\d+",
    r"tinford/plan/safety-plan-2023-25/action/\d+\.\d+/(step|lead|outcome|measure|update|xref|mention)/\d+",
    r"tinford/plan/safety-plan-2023-25/action/\d+\.\d+/status/\d{4}-\d{4}",
    r"tinford/plan/safety-plan-2023-25/action/\d+\.\d+/(step/\d+|status/\d{4}-\d{4})/(xref|mention)/\d+",
    r"tinford/plan/safety-plan-2023-25/sp/\d+(/dp/\d+)?(/improvement/\d+)?(/indicator/[a-z-]+)?/(outcome|step|xref|mention)/\d+",
    r"tinford/plan/safety-plan-2023-25/sp/\d+/dp/\d+/indicator/[a-z-]+(/reading/\d{4}-\d{4}(-vs-\d{4}-\d{4})?)?",
    r"tinford/plan/safety-plan-2023-25/(xref|mention)/\d+",
    r"tinford/plan/[a-z0-9-]+/section/[a-z0-9-]+",
    r"tinford/initiative/[a-z-]+",
    r"tinford/source/4c987dc4",
    r"tinford/source/4c987dc4/cell/L\d{3,}-[a-z0-9-]+",
    # The workbooks that came back with updates.
    r"tinford/source/[0-9a-f]{8}(/cell/updates-R\d+-[a-z0-9-]+)?",
]  # fmt: skip


def test_every_iri_has_one_of_the_forms_of_the_contract(graph):
    forms = re.compile("|".join(f"(?:{re.escape(BASE)}id/{form})" for form in SHAPES))
    assert not {subject for subject in graph.subjects() if not forms.fullmatch(subject)}


@pytest.mark.parametrize(
    "path",
    [
        "", "/sp/1", "/sp/1/dp/2", "/sp/1/dp/1/improvement/1", "/action/1.10", "/action/1.1", "/action/1.1/step/1",
        "/action/1.1/lead/2", "/action/1.10/status/2023-2024", "/action/1.2/measure/1", "/action/1.2/step/2/xref/1",
        "/sp/1/dp/1/indicator/street-robberies/reading/2023-2024-vs-2019-2020",
        "/sp/1/dp/1/indicator/street-robberies/reading/2023-2024",
    ],
)  # fmt: skip
def test_an_iri_of_the_contract_is_minted(graph, path):
    assert (URIRef(HERE + path), RDFS.label, None) in graph


def test_the_base_is_below_every_iri_of_ours(tables, minter, graph):
    minted = [*graph, *reference_triples(tables.register, {"2023-2024"}, minter)]
    ours = {term for triple in minted for term in triple if isinstance(term, URIRef) and "tinford" in term}
    assert ours
    assert all(term.startswith(BASE) for term in ours)
    assert not {term for triple in minted for term in triple if term.startswith("https://w3id.org/plangraph/id/")}


def test_there_is_no_blank_node(graph):
    assert not [term for triple in graph for term in triple if isinstance(term, BNode)]


def test_a_reference_is_a_string_and_the_tenth_is_not_the_first(graph):
    one, ten = (URIRef(f"{HERE}/action/{reference}") for reference in ("1.1", "1.10"))
    assert graph.value(ten, DCTERMS.identifier) == Literal("1.10") != graph.value(one, DCTERMS.identifier)


# --- literals --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [RDFS.label, SKOS.editorialNote, DCTERMS.description, PLAN.objective])
def test_words_of_ours_are_english(graph, said):
    assert {value.language for value in graph.objects(None, said)} == {"en"}


@pytest.mark.parametrize("said", [DCTERMS.identifier, PLAN.verbatim, PLAN.column, PLAN.locator])
def test_words_as_printed_are_plain(graph, said):
    assert {(value.language, value.datatype) for value in graph.objects(None, said)} == {(None, None)}


@pytest.mark.parametrize(
    ("said", "datatype"),
    [
        (PLAN.line, XSD.integer), (SCHEMA.position, XSD.integer),
        (PLAN.target, XSD.decimal), (PLAN.actual, XSD.decimal),
        (PLAN.higherIsBetter, XSD.boolean),
    ],
)  # fmt: skip
def test_numbers_have_their_datatype(graph, said, datatype):
    assert {value.datatype for value in graph.objects(None, said)} == {datatype}


def test_figures_stand_as_printed(graph):
    reading = URIRef(f"{HERE}/sp/1/dp/1/indicator/knife-injuries/reading/2023-2024")
    figures = (graph.value(reading, PLAN.target), graph.value(reading, PLAN.actual))
    assert [value.toPython() for value in figures] == [Decimal("-10"), Decimal("-4")]


def test_years_are_named_as_people_write_them(tables, minter):
    labels = {s: o for s, p, o in reference_triples(tables.register, {"2023-2024"}, minter) if p == RDFS.label}
    assert labels[FY["2023-2024"]] == text("2023/24")


def test_a_month_stays_a_month():
    assert due("2016-07").datatype == XSD.gYearMonth
    assert due("2016-07-31").datatype == XSD.date


def test_a_body_has_one_name_twice_and_every_spelling(tables, minter):
    graph = Graph()
    for triple in reference_triples(tables.register, (), minter):
        graph.add(triple)
    force = URIRef(f"{BASE}id/tinford/org/westmere-constabulary")
    assert graph.value(force, SKOS.prefLabel) == graph.value(force, RDFS.label) == text("Westmere Constabulary")
    assert set(graph.objects(force, SKOS.altLabel)) == {text("Constabulary")}


def test_a_split_row_names_each_of_its_cells(graph):
    cells = set(graph.objects(URIRef(f"{HERE}/action/1.4"), PLAN.source))
    assert {cell.rsplit("/", 1)[1] for cell in cells} == {"L011-ref-no", "L011-activity", "L014-activity"}


def test_a_cell_names_file_line_and_column(graph):
    cell = URIRef(f"{BASE}id/tinford/source/4c987dc4/cell/L011-activity")
    assert graph.value(cell, PLAN.line) == Literal(11)
    assert graph.value(cell, PLAN.column) == Literal("activity")
    assert graph.value(cell, RDFS.label) == text("line 11, activity")


def test_every_cell_that_is_named_is_there(graph):
    assert set(graph.objects(None, PLAN.source)) == set(graph.subjects(PLAN.line))


def test_the_words_of_a_cell_stand_in_it_only_where_the_document_is_at_hand(tables, minter, graph):
    cell = URIRef(f"{BASE}id/tinford/source/4c987dc4/cell/L011-activity")
    assert graph.value(cell, PLAN.verbatim) is None
    told = set(plan_triples(tables.plans[0], minter, {"L011-activity": "as printed"}))
    assert (cell, PLAN.verbatim, Literal("as printed")) in told
    assert told - set(graph) == {(cell, PLAN.verbatim, Literal("as printed"))}


# --- N-Triples and skolems ---------------------------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from([None, "en"]))
def test_any_words_survive_being_written_as_n_triples(words, language):
    literal = Literal(words, lang=language)
    line = f"<urn:s> <urn:p> {ntriples(literal)} .\n"
    assert set(Graph().parse(data=line, format="nt").objects()) == {literal}


def test_blank_nodes_become_iris_made_from_what_they_say():
    turtle = "@prefix : <urn:> . :a :p [ :q [ :r 1 ] , 2 ] ; :s ( 1 2 ) . :b :p [ :q 2 , [ :r 1 ] ] ."
    one, two = (set(skolemised(Graph().parse(data=turtle))) for _ in range(2))
    assert one == two
    assert not [term for triple in one for term in triple if isinstance(term, BNode)]
    said = {str(s): o for s, p, o in one if str(p) == "urn:p"}
    assert said["urn:a"] == said["urn:b"]
    assert len(one) == 3 + 2 + 1 + 4


def test_what_belongs_to_the_plan_itself_stands_right_below_it(hackney):
    pointers = "SELECT ?x { ?plan a plan:Plan ; plan:hasCrossReference ?x }"
    declared = "PREFIX plan: <https://w3id.org/plangraph/ns#> "
    (row,) = Answer.parse(hackney.store.query(declared + pointers).body).rows
    assert row == ("https://w3id.org/plangraph/id/hackney/plan/community-safety-plan-2015-18/xref/1",)
