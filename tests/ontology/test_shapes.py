"""Each rule of shapes.ttl: broken alone it says its own message and nothing else; a good plan breaks none."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from pyshacl import validate
from rdflib import RDF, Graph, URIRef

from kg.names import RDFS, SH
from kg.prefixes import PREFIXES

HERE = Path(__file__).parent
SHAPE = "https://w3id.org/plangraph/shape#"
BASE = "https://example.org/id/tinford/"
ANY = URIRef("urn:any")


class Break(NamedTuple):
    """How to break one rule of the good plan."""

    rule: str
    lost: str = ""
    """Turtle triples to take away; * stands for anything."""
    told: str = ""
    """Turtle triples to add."""
    says: str = ""
    """The message, where it holds a name or number of the plan; blank = as shapes.ttl has it."""


FACT = 'rdfs:label "x"@en ; plan:source <cell/L001> ; plan:certainty code:cert-stated .'
BODY = 'rdfs:label "New"@en ; skos:prefLabel "New"@en ; org:classification code:ptype-council'
STATUS = f"plan:period fy:2023-2024 ; plan:state code:status-na ; plan:statedAs code:stated-intended ; {FACT}"

BREAKS = [
    # Everything that was read
    Break("Label", lost="<sp> rdfs:label *"),
    Break("Label", told='<outcome> rdfs:label "Safer still"@en'),
    Break("Label", lost="<improvement> rdfs:label *", told='<improvement> rdfs:label "Amélioration"@fr'),
    Break("Source", lost="<indicator> plan:source *"),
    Break("Source", told="<joint> plan:source <nowhere>"),
    Break("Certainty", lost="<joint/lead/1> plan:certainty *"),
    Break("Certainty", told="<joint/lead/1> plan:certainty code:cert-normalised"),
    Break("Note", lost="<alone/2024> skos:editorialNote *"),
    Break("Note", lost="<plan/youth> skos:editorialNote *"),
    Break("Verbatim", told='<joint/mention> plan:verbatim "the market"'),
    Break("Due", told='<joint/step> plan:due "soon"'),
    Break("Due", told='<plan/youth> plan:due "2024-05-31"^^xsd:date'),
    Break("StatementOwner", lost="<sp> plan:hasOutcome *"),
    Break("StatementOwner", told="<alone> plan:hasLead <alone/lead> . <alone> plan:hasMention <joint/mention>"),
    Break("CellFile", lost="<cell/L001> oa:hasSource *"),
    Break("CellLine", lost="<cell/L001> plan:line *"),
    Break("CellLine", lost="<cell/L001> plan:line *", told="<cell/L001> plan:line 0"),
    Break("CellColumn", lost="<cell/L001> plan:column *"),
    # Plans and priorities
    Break("PlanName", lost="<plan/youth> rdfs:label *"),
    Break("PlanType", lost="<plan/youth> dcterms:type *"),
    Break("PriorityReference", lost="<dp> dcterms:identifier *", told="<dp> dcterms:identifier 1"),
    Break("StrategicPriorityParent", told="<sp> dcterms:isPartOf <plan/youth>"),
    Break("DeliveryPriorityParent", told="<dp> dcterms:isPartOf <plan/safety>"),
    Break(
        "DeliveryPriorityAction",
        told=f'<dp/2> a plan:DeliveryPriority ; dcterms:isPartOf <sp> ; dcterms:identifier "2" ;'
        f" plan:state code:status-tbc ; {FACT}",
    ),
    Break(
        "DeliveryPriorityMeasured",
        lost="<dp> plan:hasIndicator *",
        told="<joint> plan:hasIndicator <indicator>",
    ),
    Break("ImprovementParent", lost="<improvement> dcterms:isPartOf *"),
    # Actions
    Break("ActionReference", lost="<alone> dcterms:identifier *"),
    Break("ActionReference", lost="<alone> dcterms:identifier *", told="<alone> dcterms:identifier 1.1"),
    Break("ActionParent", told="<alone> dcterms:isPartOf <sp>"),
    Break("ActionPosition", lost="<alone> schema:position *"),
    Break("ActionStep", lost="<alone/step> * * . * * <alone/step>"),
    Break("ActionLead", lost="<alone/lead> * * . * * <alone/lead>"),
    Break("SoleLead", lost="<joint/lead/1> plan:role *", told="<joint/lead/1> plan:role code:role-sole"),
    Break("JointLead", lost="<joint/lead/2> * * . * * <joint/lead/2>"),
    Break(
        "ActionStatus",
        lost="<joint/2023> * * . <joint/2024> * * . <joint> plan:hasStatus *",
        says="Action 1.1 has no status for any year: its year cells were empty or not understood.",
    ),
    Break(
        "ActionReferenceOnce",
        lost="<alone> dcterms:identifier *",
        told='<alone> dcterms:identifier "1.1"',
        says="Two actions of this plan have the reference 1.1.",
    ),
    Break(
        "ActionStatusOnce",
        told=f"<alone> plan:hasStatus <again> . <again> a plan:Status ; {STATUS}",
        says="Action 1.10 has two statuses for 2023/24.",
    ),
    Break(
        "ActionStatusEveryYear",
        lost="<alone/2024> * * . * * <alone/2024>",
        says="Action 1.10 has no status for 2024/25, a year of its plan.",
    ),
    # Leads and statuses
    Break("LeadPartner", lost="<joint/lead/1> plan:partner *"),
    Break("LeadPartner", told="<joint/lead/1> plan:partner <org/wardens>"),
    Break("LeadPartner", lost="<joint/lead/1> plan:partner *", told="<joint/lead/1> plan:partner <org/nobody>"),
    Break("LeadRole", lost="<joint/lead/1> plan:role *"),
    Break("StatusPeriod", told="<joint/2023> plan:period <not-a-year>"),
    Break("StatusState", lost="<joint/2023> plan:state *"),
    Break("StatusStatedAs", told="<joint/2023> plan:statedAs code:stated-reported"),
    Break("VehicleMissing", lost="<joint/2024> plan:deliveredThrough *"),
    Break("VehicleWithoutState", told="<joint/2023> plan:deliveredThrough <org/council>"),
    Break("VehicleKnown", told="<joint/2024> plan:deliveredThrough <place/market>"),
    Break("PointerMissing", lost="<alone/xref> * * . * * <alone/xref>"),
    Break("PointerWithoutState", lost="<alone/2023> plan:state *", told="<alone/2023> plan:state code:status-na"),
    # Deadlines, owning posts, updates
    Break("DeadlinePeriod", told="<joint/deadline> plan:period fy:2023-2024"),
    Break("DeadlinePeriod", lost="<joint/update> plan:period *", told="<joint/update> plan:period <not-a-year>"),
    Break("OwnerPost", lost="<joint/owner> plan:post *"),
    Break("OwnerPartner", told="<joint/owner> plan:partner <org/council>"),
    Break("UpdateSays", lost="<joint/update> plan:rag * . <joint/update> plan:progress *"),
    Break("UpdateRag", told="<joint/update> plan:rag code:rag-red"),
    Break("UpdateDate", lost="<joint/update> dcterms:date *", told='<joint/update> dcterms:date "autumn"'),
    # Indicators and readings
    Break("IndicatorOwner", lost="<dp> plan:hasIndicator *", told="<dp> plan:state code:status-tbc"),
    Break("IndicatorOwner", told="<joint> plan:hasIndicator <indicator>"),
    Break("IndicatorDirection", lost="<indicator> plan:higherIsBetter *"),
    Break("ReadingPeriod", lost="<reading> plan:period *"),
    Break("ReadingFigure", lost="<reading/tbc> plan:state *"),
    Break("ReadingTarget", told="<reading> plan:target -11.0"),
    Break("ReadingTarget", lost="<reading> plan:target *", told='<reading> plan:target "-12%"'),
    Break("ReadingActual", told="<reading> plan:actual -5.0"),
    Break("ReadingBaseYear", told="<reading> plan:baseYear fy:2024-2025"),
    # Pointers, names, edges
    Break("CrossReferenceTarget", lost="<alone/xref> plan:pointsTo *"),
    Break("CrossReferenceTarget", lost="<alone/xref> plan:pointsTo *", told="<alone/xref> plan:pointsTo <plan/x>"),
    Break("CrossReferenceKind", lost="<alone/xref> dcterms:type *"),
    Break("MentionOf", lost="<joint/mention> plan:of *", told="<joint/mention> plan:of <place/unknown>"),
    Break("DerivedSubject", told="<joint/2024> plan:dependsOn <plan/youth>"),
    # Bodies
    Break("BodyName", told='<org/wardens> skos:prefLabel "Street wardens"@en'),
    Break("BodyName", lost="<org/wardens> rdfs:label *", told='<org/wardens> rdfs:label "Street wardens"@en'),
    Break("BodyType", told='<org/new> a org:Organization ; rdfs:label "New"@en ; skos:prefLabel "New"@en'),
    Break("BodyType", told="<org/wardens> org:classification code:ptype-police"),
    Break("BodyUnitOf", told=f"<org/new> a org:OrganizationalUnit ; {BODY} ; org:unitOf <org/wardens>"),
    Break("BodyParent", told="<org/night-wardens> org:unitOf <org/council>"),
    Break("BodyNotInItself", told="<org/council> org:subOrganizationOf <org/night-wardens>"),
    Break("BodyNotInItself", told="<org/council> org:subOrganizationOf <org/council>"),
    Break(
        "BodyNameOnce",
        told='<org/wardens> skos:altLabel "The council"@en',
        says="The name The council belongs to two bodies: nobody can tell which is meant.",
    ),
    Break(
        "BodyNameOnce",
        told=f'<../org/shared> a org:Organization ; {BODY} ; skos:altLabel "Wardens"@en',
        says="The name Wardens belongs to two bodies: nobody can tell which is meant.",
    ),
    # Codes
    Break("StateCode", told="<joint/2023> plan:state code:status-ongoign"),
    Break("RagCode", lost="<joint/update> plan:rag *", told="<joint/update> plan:rag code:status-tbc"),
    Break("StatedAsCode", lost="<joint/2023> plan:statedAs *", told="<joint/2023> plan:statedAs code:cert-stated"),
    Break("RoleCode", lost="<joint/lead/1> plan:role *", told="<joint/lead/1> plan:role code:role-leading"),
    Break(
        "CertaintyCode",
        lost="<sp> plan:certainty *",
        told='<sp> plan:certainty code:sure ; skos:editorialNote "x"@en',
    ),
    Break(
        "BodyTypeCode",
        lost="<org/wardens> org:classification *",
        told="<org/wardens> org:classification code:wardens",
    ),
    Break("UnitCode", lost="<indicator> plan:unit *", told="<indicator> plan:unit code:unit-dogs"),
    Break("FrequencyCode", told="<joint/step> plan:frequency code:freq-never"),
    Break("GroupCode", told="<joint> plan:forGroup code:theme-noise"),
    Break("ThemeCode", told="<joint> dcterms:subject code:group-residents"),
    Break("PurposeCode", told="<org/wardens> org:purpose code:theme-licensing"),
    Break("TypeCode", lost="<indicator> dcterms:type *", told="<indicator> dcterms:type code:unit-percent"),
    Break("Condition", told="<joint/step> plan:conditionalOn <place/market>"),
]  # fmt: skip


def turtle(triples: str) -> Graph:
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    end = "" if triples.rstrip().endswith(".") else " ."
    return Graph().parse(data=f"@base <{BASE}> .\n{prefixes}{triples}{end}", format="turtle")


@pytest.fixture(scope="module")
def good(vocabulary, codes) -> Graph:
    return Graph().parse(HERE / "good.ttl") + vocabulary + codes


def findings(data: Graph, shapes: Graph) -> set[tuple[str, str, URIRef]]:
    """(rule, message, severity) of each result, as any SHACL engine reports them."""
    _, report, _ = validate(data, shacl_graph=shapes, inplace=True)
    return {
        (
            str(report.value(result, SH.sourceShape)).removeprefix(SHAPE),
            str(report.value(result, SH.resultMessage)),
            report.value(result, SH.resultSeverity),
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }


def test_a_good_plan_breaks_no_rule(good, shapes):
    assert findings(good, shapes) == set()


@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.rule)
def test_a_broken_rule_says_its_message_and_no_other_does(broken, good, shapes):
    data = Graph() + good
    for pattern in turtle(re.sub(r"(?<=\s)\*", f"<{ANY}>", f" {broken.lost}")) if broken.lost else ():
        found = list(data.triples(tuple(None if term == ANY else term for term in pattern)))
        assert found, f"nothing to take away: {pattern}"
        for triple in found:
            data.remove(triple)
    if broken.told:
        data += turtle(broken.told)
    rule = URIRef(SHAPE + broken.rule)
    says = broken.says or str(shapes.value(rule, SH.message))
    assert findings(data, shapes) == {(broken.rule, says, shapes.value(rule, SH.severity))}


def rules(shapes: Graph) -> set[URIRef]:
    return {shape for shape in shapes.subjects() if isinstance(shape, URIRef) and shape.startswith(SHAPE)}


def test_every_rule_is_broken_by_a_case(shapes):
    assert {rule.removeprefix(SHAPE) for rule in rules(shapes)} == {broken.rule for broken in BREAKS}


def test_every_rule_has_one_message_a_severity_and_a_target(shapes):
    for rule in rules(shapes):
        constraint = shapes.value(rule, SH.sparql) or rule
        assert [message.language for message in shapes.objects(constraint, SH.message)] == ["en"], rule
        assert shapes.value(rule, SH.severity) in {SH.Violation, SH.Warning}, rule
        targets = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
        assert any(shapes.value(rule, target) for target in targets), rule


def test_severity_stands_on_the_named_shape_and_not_inside_a_query(shapes):
    assert {type(shape) for shape in shapes.subjects(SH.severity)} == {URIRef}


def test_no_two_rules_say_the_same(shapes):
    said = [str(message) for message in shapes.objects(None, SH.message)]
    assert len(said) == len(set(said))


def test_shapes_speak_only_of_terms_that_exist(shapes, vocabulary, codes):
    ours = tuple(PREFIXES[prefix] for prefix in ("plan", "code"))
    named = {term for triple in shapes for term in triple if isinstance(term, URIRef) and term.startswith(ours)}
    assert named <= {*vocabulary.subjects(RDFS.label), *codes.subjects(RDFS.label)}
    asked = {word for query in shapes.objects(None, SH.select) for word in re.findall(r"\bplan:(\w+)", query)}
    assert {URIRef(PREFIXES["plan"] + word) for word in asked} <= set(vocabulary.subjects(RDFS.label))
