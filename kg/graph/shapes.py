"""SHACL over one plan's graph, and its report as findings in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from kg.graph.triples import Triple
from kg.names import PLAN, RDF, RDFS, SH

_SEVERITIES: Final = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}


@dataclass(frozen=True, order=True)
class Finding:
    """One thing a shape found: how bad (violation, warning, info), what, about what, and in which cells."""

    severity: str
    focus: str
    label: str
    message: str
    shape: str
    cells: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f" ({'; '.join(self.cells)})" if self.cells else ""
        return f"{self.label}: {self.message}{where}"


@cache
def _shapes(path: Path) -> Graph:
    return Graph().parse(path / "shapes.ttl")


def validate(triples: Iterable[Triple], ontology: Path) -> list[Finding]:
    """What the shapes find in one plan's asserted, derived and reference triples, sorted.

    `ontology` is the folder of shapes.ttl; its classes and codes must be among the triples.
    """
    # Here, because importing pySHACL takes longer than everything else a command does.
    from pyshacl import validate as shacl

    data = Graph()
    data.addN((s, p, o, data) for s, p, o in triples)
    _, report, _ = shacl(data, shacl_graph=_shapes(ontology), inplace=True, do_owl_imports=False, advanced=False)
    if not isinstance(report, Graph):
        raise TypeError(f"pySHACL answered with {type(report).__name__} instead of a report")
    return sorted(set(_findings(report, data, _shapes(ontology))))


def _findings(report: Graph, data: Graph, shapes: Graph) -> Iterator[Finding]:
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus = report.value(result, SH.focusNode)
        message = report.value(result, SH.resultMessage)
        cells = sorted(str(data.value(cell, RDFS.label) or cell) for cell in data.objects(focus, PLAN.source))
        shape = _named_shape(report.value(result, SH.sourceShape), shapes)
        # A property shape inside a node shape has no severity of its own: that of the node shape counts.
        severity = shapes.value(shape, SH.severity) or report.value(result, SH.resultSeverity)
        yield Finding(
            _SEVERITIES.get(URIRef(str(severity)), "violation"),
            str(focus),
            str(data.value(focus, RDFS.label) or focus),
            str(message),
            str(shape),
            tuple(cells),
        )


def _named_shape(shape: Node | None, shapes: Graph) -> Node | None:
    """The shape with a name that a part without one belongs to."""
    while shape is not None and not isinstance(shape, URIRef):
        shape = next((subject for subject, _, _ in shapes.triples((None, None, shape))), None)
    return shape


def report_triples(findings: Iterable[Finding], graph: str) -> Iterator[Triple]:
    """The findings as a SHACL report without blank nodes, below the IRI of its graph."""
    report = URIRef(f"{graph}#report")
    found = list(findings)
    yield report, RDF.type, SH.ValidationReport
    yield report, SH.conforms, Literal(not any(finding.severity == "violation" for finding in found))
    names = {word: iri for iri, word in _SEVERITIES.items()}
    for number, finding in enumerate(found, 1):
        result = URIRef(f"{graph}#result-{number}")
        yield report, SH.result, result
        yield result, RDF.type, SH.ValidationResult
        yield result, SH.focusNode, URIRef(finding.focus)
        yield result, SH.resultMessage, Literal(finding.message, lang="en")
        yield result, SH.resultSeverity, names[finding.severity]
        yield result, SH.sourceShape, URIRef(finding.shape)
