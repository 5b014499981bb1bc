"""plangraph.ttl and alignment.ttl: every term is labelled, defined, exemplified, and the one that kg.names knows."""

import ast
import re
from pathlib import Path

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import ClosedNamespace

from kg import names
from kg.names import DCTERMS, OWL, PLAN, RDF, RDFS, SCHEMA, SKOS
from kg.prefixes import PREFIXES

ROOT = Path(__file__).parents[2]
CLOSED = {name: value for name, value in vars(names).items() if isinstance(value, ClosedNamespace)}
HOME = URIRef(PREFIXES["plan"].rstrip("#"))
CLASSES = [
    "Plan",
    "PlanElement",
    "StrategicPriority",
    "DeliveryPriority",
    "Action",
    "ImprovementAction",
    "Indicator",
    "Initiative",
    "Statement",
    "Step",
    "Lead",
    "Status",
    "Reading",
    "Outcome",
    "Deadline",
    "Owner",
    "Update",
    "CrossReference",
    "Mention",
    "Cell",
]
SUPERCLASSES = {
    "Plan": "prov:Plan schema:CreativeWork",
    "StrategicPriority": "plan:PlanElement",
    "DeliveryPriority": "plan:PlanElement",
    "Action": "plan:PlanElement schema:Action",
    "ImprovementAction": "plan:PlanElement",
    "Indicator": "plan:PlanElement",
    "Initiative": "schema:Project",
    "Statement": "prov:Entity",
    "Cell": "oa:SpecificResource",
    **dict.fromkeys(
        ["Step", "Lead", "Status", "Reading", "Outcome", "Deadline", "Owner", "Update", "CrossReference", "Mention"],
        "plan:Statement",
    ),
}
DERIVED = {"leadPartner", "mentions", "atPlace", "involves", "dependsOn", "refersTo"}


def terms() -> list[str]:
    """Local names of what plangraph.ttl defines, in its order."""
    text = (ROOT / "ontology" / "plangraph.ttl").read_text("utf-8")
    return re.findall(r"^plan:(\w+) a ", text, re.MULTILINE)


def properties(vocabulary: Graph) -> set[str]:
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
    return {term.removeprefix(PREFIXES["plan"]) for kind in kinds for term in vocabulary.subjects(RDF.type, kind)}


def only(graph: Graph, term: URIRef, said: URIRef) -> Literal:
    """The one English text said of a term."""
    (text,) = graph.objects(term, said)
    assert text.language == "en"
    assert text.strip() == str(text) != ""
    return text


@pytest.mark.parametrize("term", terms())
def test_a_term_is_labelled_defined_and_exemplified(term, vocabulary):
    for said in (RDFS.label, SKOS.definition, SKOS.example):
        only(vocabulary, PLAN[term], said)
    assert set(vocabulary.objects(PLAN[term], RDFS.isDefinedBy)) == {HOME}


def test_names_and_turtle_hold_the_same_terms():
    assert sorted(dir(PLAN)) == sorted(terms())


def test_there_are_the_twenty_classes_and_their_superclasses(vocabulary):
    assert {str(iri).removeprefix(PREFIXES["plan"]) for iri in vocabulary.subjects(RDF.type, OWL.Class)} == set(CLASSES)
    for term in CLASSES:
        above = {vocabulary.qname(iri) for iri in vocabulary.objects(PLAN[term], RDFS.subClassOf)}
        assert above == set(SUPERCLASSES.get(term, "").split()), term
    assert (PLAN.ImprovementAction, OWL.disjointWith, PLAN.Action) in vocabulary


def test_a_property_says_what_it_stands_on_and_leads_to_once(vocabulary):
    for term in properties(vocabulary):
        for one, several in ((RDFS.domain, SCHEMA.domainIncludes), (RDFS.range, SCHEMA.rangeIncludes)):
            said = [len(list(vocabulary.objects(PLAN[term], way))) for way in (one, several)]
            assert said == [1, 0] or (said[0] == 0 and said[1] > 1), term


def test_a_property_is_of_objects_exactly_where_it_leads_to_things(vocabulary):
    text = tuple(PREFIXES[prefix] for prefix in ("xsd", "rdf"))
    for term in properties(vocabulary):
        ranges = {
            *vocabulary.objects(PLAN[term], RDFS.range),
            *vocabulary.objects(PLAN[term], SCHEMA.rangeIncludes),
        }
        is_text = {str(one).startswith(text) for one in ranges}
        kind = OWL.DatatypeProperty if is_text == {True} else OWL.ObjectProperty
        assert len(is_text) == 1, term
        assert (PLAN[term], RDF.type, kind) in vocabulary, term


def test_each_derived_edge_names_its_rule_and_each_rule_is_named(vocabulary):
    notes = {term: vocabulary.value(PLAN[term], SKOS.scopeNote) for term in properties(vocabulary)}
    told = r"Derived, never asserted\. Rule ([a-z-]+): "
    rules = {term: re.match(told, note)[1] for term, note in notes.items() if note}
    assert set(rules) == DERIVED
    files = {path.stem: path.read_text("utf-8") for path in (ROOT / "kg" / "graph" / "rules").glob("*.rq")}
    assert set(files) == set(rules.values())
    for term, rule in rules.items():
        assert re.search(rf"CONSTRUCT \{{ \?\w+ plan:{term} \?\w+ \}}", files[rule]), rule


def test_the_ontology_has_a_licence_and_a_version_and_no_clock(vocabulary):
    assert (HOME, RDF.type, OWL.Ontology) in vocabulary
    assert str(vocabulary.value(HOME, DCTERMS.license)) == "https://creativecommons.org/licenses/by/4.0/"
    assert re.fullmatch(r"\d+\.\d+", str(vocabulary.value(HOME, OWL.versionInfo)))
    assert not set(vocabulary.objects(HOME, DCTERMS.created))


@pytest.mark.parametrize("file", ["plangraph.ttl", "codes.ttl", "alignment.ttl"])
def test_a_file_has_no_blank_nodes_and_imports_nothing(file, folder):
    graph = Graph().parse(folder / file)
    assert not [term for triple in graph for term in triple if isinstance(term, BNode)]
    assert "owl:imports" not in (folder / file).read_text("utf-8")


def test_alignment_speaks_of_our_terms_only(folder, vocabulary, codes):
    aligned = set(Graph().parse(folder / "alignment.ttl").subjects())
    assert aligned <= {*vocabulary.subjects(RDFS.label), *codes.subjects(RDFS.label)}


@pytest.mark.parametrize("file", ["plangraph.ttl", "codes.ttl", "alignment.ttl", "shapes.ttl"])
def test_a_prefix_means_the_same_everywhere(file, folder):
    said = dict(re.findall(r"^@prefix (\w+): <(.+)> \.$", (folder / file).read_text("utf-8"), re.MULTILINE))
    extra = {"freq", "shape"}  # of one file each
    assert {prefix: iri for prefix, iri in said.items() if prefix not in extra}.items() <= PREFIXES.items()


@pytest.mark.parametrize("namespace", CLOSED)
def test_a_misspelt_term_raises(namespace):
    with pytest.raises(AttributeError, match="hasLaed"):
        _ = CLOSED[namespace].hasLaed


def named_terms(file: Path) -> set[tuple[str, str]]:
    """(namespace, term) of every `PLAN.hasLead` in a Python file."""
    return {
        (node.value.id, node.attr)
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in CLOSED
    }


def test_every_term_that_the_code_names_exists():
    files = [file for room in ("kg", "api") for file in (ROOT / room).rglob("*.py")]
    named = {pair: file for file in files for pair in named_terms(file)}
    assert named
    missing = [f"{file}: {name}.{term}" for (name, term), file in named.items() if not hasattr(CLOSED[name], term)]
    assert missing == []
