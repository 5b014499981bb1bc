"""Every prefix and term we use, in closed namespaces: a misspelt term raises AttributeError."""

from __future__ import annotations

from typing import Final

from rdflib import Namespace
from rdflib.namespace import ClosedNamespace

from kg.prefixes import PREFIXES

__all__ = [
    "CODE", "DCAT", "DCTERMS", "FY", "INTERVAL", "OA", "ORG", "OWL", "PLAN", "PREFIXES", "PROV", "RDF", "RDFS",
    "SCHEMA", "SH", "SKOS", "VOID", "XSD",
]  # fmt: skip


def _closed(prefix: str, terms: str) -> ClosedNamespace:
    return ClosedNamespace(PREFIXES[prefix], terms.split())


# Ours, as ontology/plangraph.ttl defines them.
PLAN: Final = _closed(
    "plan",
    """
    Plan PlanElement StrategicPriority DeliveryPriority Action ImprovementAction Indicator Initiative
    Statement Step Lead Status Reading Outcome Deadline Owner Update CrossReference Mention
    Cell
    source certainty verbatim line column objective
    hasStep due frequency conditionalOn flaw
    hasOutcome hasIndicator
    hasLead partner role
    hasStatus period state statedAs deliveredThrough
    hasReading target actual baseYear unit higherIsBetter
    hasDeadline hasOwner post hasUpdate rag progress
    hasCrossReference pointsTo locator link hasMention of runBy forGroup
    leadPartner mentions atPlace involves dependsOn refersTo
    """,
)

# Open, because their members are data: codes are checked against ontology/codes.ttl when tables are read, and
# years are those that plans speak of.
CODE: Final = Namespace(PREFIXES["code"])
FY: Final = Namespace(PREFIXES["fy"])

# Reused: the terms that we say, ask or read, and no others.
RDF: Final = _closed("rdf", "type first rest nil Property")
RDFS: Final = _closed("rdfs", "label comment subClassOf subPropertyOf isDefinedBy domain range seeAlso Class Resource")
OWL: Final = _closed("owl", "Ontology Class ObjectProperty DatatypeProperty disjointWith versionInfo")
XSD: Final = _closed("xsd", "string integer decimal double boolean date gYear gYearMonth dateTime anyURI")
DCTERMS: Final = _closed(
    "dcterms",
    """
    isPartOf hasPart identifier title description type subject source publisher license created format
    conformsTo temporal date relation isReplacedBy replaces references extent
    """,
)
SKOS: Final = _closed(
    "skos",
    """
    Concept ConceptScheme prefLabel altLabel definition example scopeNote notation editorialNote inScheme
    topConceptOf hasTopConcept closeMatch broader
    """,
)
ORG: Final = _closed(
    "org",
    """
    Organization FormalOrganization OrganizationalUnit OrganizationalCollaboration Role Membership
    classification purpose unitOf subOrganizationOf member role
    """,
)
PROV: Final = _closed("prov", "Entity Plan wasRevisionOf wasDerivedFrom wasAttributedTo")
SCHEMA: Final = _closed(
    "schema",
    """
    Action CreativeWork Project DigitalDocument
    Place AdministrativeArea City CivicStructure Landform LocalBusiness Park Residence TouristAttraction
    position color containedInPlace domainIncludes rangeIncludes startDate endDate
    """,
)
OA: Final = _closed("oa", "SpecificResource hasSource")
DCAT: Final = _closed("dcat", "Catalog Dataset dataset version distribution")
VOID: Final = _closed("void", "Dataset triples entities classes inDataset subset")
SH: Final = _closed(
    "sh",
    """
    NodeShape PropertyShape targetClass targetSubjectsOf targetObjectsOf path severity message
    Violation Warning Info
    ValidationReport ValidationResult conforms result focusNode resultPath resultMessage resultSeverity value
    sourceShape sourceConstraint sourceConstraintComponent
    SPARQLExecutable SPARQLConstraint sparql select ask prefixes declare prefix namespace
    """,
)
INTERVAL: Final = _closed("interval", "BusinessYear BusinessQuarter CalendarYear CalendarQuarter")
