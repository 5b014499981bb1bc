"""Each derived edge comes from statements of its kind and from nothing else."""

import pytest
from rdflib import Graph

from kg.build import RULES
from kg.graph.store import MemoryStore
from kg.prefixes import PREFIXES

EDGES = {
    "lead-partner": "leadPartner",
    "mentions": "mentions",
    "at-place": "atPlace",
    "involves": "involves",
    "depends-on": "dependsOn",
    "refers-to": "refersTo",
}
A = "a plan:Action ; plan:hasStep :s . :s a plan:Step , plan:Statement "
THINGS = """
:body org:classification code:ptype-police . :place a schema:Place . :scheme a plan:Initiative .
:other a plan:Plan . :tasking a org:OrganizationalCollaboration ; org:classification code:ptype-forum .
"""


def derived(rule: str, turtle: str) -> set[str]:
    """The edges one rule derives, as "subject object" by local name."""
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    lines = (
        Graph().parse(data=f"{prefixes}@prefix : <urn:> .\n{THINGS}{turtle}", format="turtle").serialize(format="nt")
    )
    found = MemoryStore([lines]).construct((RULES / f"{rule}.rq").read_text("utf-8"))
    edges = [line.split() for line in found]
    assert {edge for _, edge, *_ in edges} <= {f"<{PREFIXES['plan']}{EDGES[rule]}>"}
    return {f"{subject[5:-1]} {target[5:-1]}" for subject, _, target, _ in edges}


@pytest.mark.parametrize(
    ("rule", "turtle", "edges"),
    [
        (
            "lead-partner",
            ":a plan:hasLead [ plan:partner :body ] , [ plan:partner :tasking ] .",
            {"a body", "a tasking"},
        ),
        ("lead-partner", ":a plan:hasMention [ plan:of :body ] .", set()),
        ("mentions", f":a {A}; plan:hasMention [ plan:of :body ] .", {"a body"}),
        ("mentions", ":a a plan:Action ; plan:hasMention [ plan:of :body ] , [ plan:of :place ] .", {"a body"}),
        ("mentions", ":a a plan:DeliveryPriority ; plan:hasMention [ plan:of :body ] .", set()),
        ("at-place", f":a {A}; plan:hasMention [ plan:of :place ] , [ plan:of :body ] .", {"a place"}),
        ("at-place", ":a a plan:Action ; plan:hasMention [ plan:of :scheme ] .", set()),
        ("involves", f":a {A}; plan:hasMention [ plan:of :scheme ] , [ plan:of :body ] .", {"a scheme"}),
        ("depends-on", ":a plan:hasStatus [ plan:deliveredThrough :other , :tasking ] .", {"a other", "a tasking"}),
        (
            "depends-on",
            ":a plan:hasCrossReference [ dcterms:type code:xref-delivers ; plan:pointsTo :other ] .",
            {"a other"},
        ),
        (
            "depends-on",
            f":a {A}; plan:hasCrossReference [ dcterms:type code:xref-delivers ; plan:pointsTo :other ] .",
            {"a other"},
        ),
        (
            "depends-on",
            ":a plan:hasCrossReference [ dcterms:type code:xref-see-also ; plan:pointsTo :other ] .",
            set(),
        ),
        (
            "depends-on",
            ":a plan:hasStatus :y . :y a plan:Statement ; plan:hasCrossReference"
            " [ dcterms:type code:xref-delivers ; plan:pointsTo :other ] .",
            set(),
        ),
        ("refers-to", ":a plan:hasCrossReference [ plan:pointsTo :other ] .", {"a other"}),
        ("refers-to", f":a {A}; plan:hasCrossReference [ plan:pointsTo :other ] .", {"a other"}),
        (
            "refers-to",
            ":a plan:hasStatus :y . :y a plan:Statement ; plan:hasCrossReference [ plan:pointsTo :other ] .",
            {"a other"},
        ),
        ("refers-to", ":a plan:hasStatus [ plan:deliveredThrough :other ] .", set()),
    ],
)
def test_an_edge_comes_from_statements_of_its_kind_alone(rule, turtle, edges):
    assert derived(rule, turtle) == edges


def test_there_is_one_rule_for_each_derived_edge():
    assert {path.stem for path in RULES.glob("*.rq")} == set(EDGES)
