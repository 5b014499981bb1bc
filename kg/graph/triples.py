"""Rows to RDF: the only place where an IRI is minted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.errors import InputError, Problem
from kg.names import (
    CODE,
    DCAT,
    DCTERMS,
    FY,
    INTERVAL,
    OA,
    ORG,
    PLAN,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SH,
    SKOS,
    VOID,
    XSD,
)
from kg.register import Body, Initiative, KnownPlan, Place, Register, Section, borough_of
from kg.tables import (
    Action,
    CrossReference,
    Deadline,
    DeliveryPriority,
    Fact,
    ImprovementAction,
    Indicator,
    Lead,
    Measure,
    Mention,
    NameOf,
    Outcome,
    Owner,
    Plan,
    Reading,
    Row,
    Status,
    Step,
    StrategicPriority,
    Update,
    named,
    parse_cell,
    period_label,
    year_of,
    years_between,
)

Triple = tuple[URIRef, URIRef, Node]

CLASSES: Final[dict[type[Row], URIRef]] = {
    StrategicPriority: PLAN.StrategicPriority,
    DeliveryPriority: PLAN.DeliveryPriority,
    Action: PLAN.Action,
    ImprovementAction: PLAN.ImprovementAction,
    Step: PLAN.Step,
    Lead: PLAN.Lead,
    Status: PLAN.Status,
    Outcome: PLAN.Outcome,
    Indicator: PLAN.Indicator,
    Measure: PLAN.Indicator,
    Reading: PLAN.Reading,
    Deadline: PLAN.Deadline,
    Owner: PLAN.Owner,
    Update: PLAN.Update,
    CrossReference: PLAN.CrossReference,
    Mention: PLAN.Mention,
}
ELEMENTS: Final = frozenset(
    {PLAN.StrategicPriority, PLAN.DeliveryPriority, PLAN.Action, PLAN.ImprovementAction, PLAN.Indicator}
)
# What an element says of a row that belongs to it.
BELONGING: Final[dict[type[Row], URIRef]] = {
    Step: PLAN.hasStep,
    Lead: PLAN.hasLead,
    Status: PLAN.hasStatus,
    Outcome: PLAN.hasOutcome,
    Indicator: PLAN.hasIndicator,
    Measure: PLAN.hasIndicator,
    Reading: PLAN.hasReading,
    Deadline: PLAN.hasDeadline,
    Owner: PLAN.hasOwner,
    Update: PLAN.hasUpdate,
    CrossReference: PLAN.hasCrossReference,
    Mention: PLAN.hasMention,
}


def ntriples(term: Node) -> str:
    """A term as N-Triples writes it; rdflib's own n3() writes long strings in Turtle's way."""
    if not isinstance(term, Literal):
        return term.n3()
    words = str(term).translate(_ESCAPED)
    if term.language:
        return f'"{words}"@{term.language}'
    if term.datatype is None or term.datatype == XSD.string:
        return f'"{words}"'
    return f'"{words}"^^<{term.datatype}>'


_ESCAPED: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def text(words: str) -> Literal:
    """English text."""
    return Literal(words, lang="en")


def as_code(local: str) -> URIRef:
    """The IRI of a code."""
    return CODE[local]


def year(period: str) -> URIRef:
    """The IRI of a period, as reference.data.gov.uk names it: 2015-2016, 2016, 2015-2016-q1 or 2016-q1."""
    whole, quarter = year_of(period), period.partition("-q")[2]
    if not quarter:
        return FY[whole] if "-" in whole else URIRef(f"{_INTERVALS}year/{whole}")
    return URIRef(
        f"{_INTERVALS}government-quarter/{whole}/Q{quarter}"
        if "-" in whole
        else f"{_INTERVALS}quarter/{whole}-Q{quarter}"
    )


_INTERVALS: Final = "http://reference.data.gov.uk/id/"


def _kind_of_period(period: str) -> URIRef:
    if "-q" in period:
        return INTERVAL.BusinessQuarter if "-" in year_of(period) else INTERVAL.CalendarQuarter
    return INTERVAL.BusinessYear if "-" in period else INTERVAL.CalendarYear


def due(words: str) -> Literal:
    """A date, or a month where no day is known."""
    return Literal(words, datatype=XSD.date if words.count("-") == 2 else XSD.gYearMonth)


# Columns of the plan tables whose value is said as it stands: the property and how to write the value.
SAID: Final[dict[str, tuple[URIRef, Callable[[Any], Node]]]] = {
    "identifier": (DCTERMS.identifier, Literal),
    "position": (SCHEMA.position, Literal),
    "label": (RDFS.label, text),
    "description": (DCTERMS.description, text),
    "objective": (PLAN.objective, text),
    "verbatim": (PLAN.verbatim, Literal),
    "locator": (PLAN.locator, Literal),
    "link": (PLAN.link, Literal),
    "due": (PLAN.due, due),
    "post": (PLAN.post, text),
    "date": (DCTERMS.date, due),
    "rag": (PLAN.rag, as_code),
    "progress": (PLAN.progress, text),
    "period": (PLAN.period, year),
    "base_year": (PLAN.baseYear, year),
    "target": (PLAN.target, lambda figure: Literal(Decimal(figure), datatype=XSD.decimal)),
    "actual": (PLAN.actual, lambda figure: Literal(Decimal(figure), datatype=XSD.decimal)),
    "higher_is_better": (PLAN.higherIsBetter, Literal),
    "state": (PLAN.state, as_code),
    "stated_as": (PLAN.statedAs, as_code),
    "role": (PLAN.role, as_code),
    "unit": (PLAN.unit, as_code),
    "type": (DCTERMS.type, as_code),
    "frequency": (PLAN.frequency, as_code),
    "flaw": (PLAN.flaw, as_code),
    "subject": (DCTERMS.subject, as_code),
    "for_group": (PLAN.forGroup, as_code),
    "certainty": (PLAN.certainty, as_code),
    "editorial_note": (SKOS.editorialNote, text),
}
# Columns whose value is a name, an id, a code or an element path.
POINTING: Final[dict[str, URIRef]] = {
    "partner": PLAN.partner,
    "was_attributed_to": PROV.wasAttributedTo,
    "of": PLAN.of,
    "points_to": PLAN.pointsTo,
    "delivered_through": PLAN.deliveredThrough,
    "conditional_on": PLAN.conditionalOn,
    "publisher": DCTERMS.publisher,
    "unit_of": ORG.unitOf,
    "sub_organization_of": ORG.subOrganizationOf,
    "is_replaced_by": DCTERMS.isReplacedBy,
    "close_match": SKOS.closeMatch,
    "run_by": PLAN.runBy,
    "contained_in": SCHEMA.containedInPlace,
}


@dataclass(frozen=True)
class Minter:
    """Makes every IRI, below one base.

    `held` are the ids of the plans built together and of their elements: what one plan may point to in another.
    """

    base: str
    register: Register
    codes: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()

    def known(self, id_: str) -> URIRef:
        """The IRI of a register entry."""
        return URIRef(f"{self.base}id/{id_}")

    def element(self, plan_id: str, path: str) -> URIRef:
        """The IRI of a part of a plan, by its path; `plan` is the plan itself."""
        # What belongs to the plan itself stands right below it: `{plan}/xref/1`.
        below = path.removeprefix("plan").removeprefix("/") if path.split("/", maxsplit=1)[0] == "plan" else path
        return self.known(f"{plan_id}/{below}" if below else plan_id)

    def source(self, borough: str, sha256: str) -> URIRef:
        """The IRI of a source file."""
        return self.known(f"{borough}/source/{sha256[:8]}")

    def graph(self, path: str) -> URIRef:
        """The IRI of a named graph."""
        return URIRef(f"{self.base}graph/{path}")

    def plan_graph(self, plan: Plan) -> URIRef:
        """The named graph of what a plan asserts."""
        return self.graph(plan.meta.graph_path)

    def target(self, name: str, mark: NameOf, borough: str, plan: Plan | None = None) -> URIRef | None:
        """What a name stands for: a code, a part of this plan or another, or the one register entry of these kinds."""
        if mark.codes and name.startswith(f"{mark.codes}-") and name in self.codes:
            return as_code(name)
        if mark.elements and plan is not None and name in plan.elements:
            return self.element(plan.meta.id, name)
        if mark.elements and name in self.held:
            return self.known(name)
        found = self.register.resolve(name, borough, mark.kinds)
        return self.known(found) if found else None


def unknown_names(plan: Plan, minter: Minter) -> list[Problem]:
    """Every name in a plan's tables that nobody answers to, with the nearest known one."""
    problems = []
    tables: list[tuple[str, Any]] = [(table, row) for table, rows in plan.rows.items() for row in rows]
    for table, row in [*tables, ("plan.toml", plan.meta)]:
        for column, mark, name in named(row):
            if minter.target(name, mark, plan.meta.borough, plan) is None:
                near = minter.register.nearest(name, mark.kinds)
                sentence = f'"{name}" is nobody in the register{near}.'
                problems.append(plan.problem(sentence, table, row if isinstance(row, Row) else None, column))
    return problems


def reference_triples(
    register: Register, periods: Iterable[str], minter: Minter, held: Iterable[Plan] = ()
) -> Iterator[Triple]:
    """Bodies, plans known by name, their sections' parents, places, years and the quarters of years.

    Sections and initiatives are left to the plan that names them, because their source is a cell of it. A plan in
    `held` speaks for itself.
    """
    speaking = {plan.meta.id: plan for plan in held}
    for entry in register.entries.values():
        if entry.id in speaking:
            yield from _beside(speaking[entry.id], entry, minter)
        elif isinstance(entry, Body | KnownPlan | Place):
            yield from _entry(entry, minter)
    known = {period for entry in register.of_kind("plan") for period in (entry.first_period, entry.last_period)}
    spoken = {*periods, *known} - {""}
    for period in sorted(spoken | {year_of(period) for period in spoken}):
        yield year(period), RDF.type, _kind_of_period(period)
        yield year(period), RDFS.label, text(period_label(period))
        if year_of(period) != period:
            yield year(period), DCTERMS.isPartOf, year(year_of(period))


def _entry(entry: Any, minter: Minter) -> Iterator[Triple]:
    iri = minter.known(entry.id)
    yield from ((iri, RDF.type, kind) for kind in _kinds(entry))
    yield iri, RDFS.label, text(entry.label)
    if isinstance(entry, Body):
        yield iri, SKOS.prefLabel, text(entry.label)
        yield iri, ORG.classification, as_code(entry.classification)
        for purpose in entry.purpose:
            yield iri, ORG.purpose, as_code(purpose)
    for label in minter.register.labels_of(entry.id):
        yield iri, SKOS.altLabel, text(label)
    if isinstance(entry, KnownPlan):
        yield iri, DCTERMS.type, as_code(entry.type)
        yield from _span(iri, entry.first_period, entry.last_period)
        if entry.due:
            yield iri, PLAN.due, due(entry.due)
    if isinstance(entry, Section):
        yield iri, DCTERMS.isPartOf, minter.known(entry.is_part_of)
        yield iri, DCTERMS.identifier, Literal(entry.identifier)
    if getattr(entry, "definition", ""):
        yield iri, SKOS.definition, text(entry.definition)
    yield iri, PLAN.certainty, as_code(entry.certainty)
    if entry.editorial_note:
        yield iri, SKOS.editorialNote, text(entry.editorial_note)
    for column, mark, name in named(entry):
        target = minter.target(name, mark, borough_of(entry.id))
        if column in POINTING and target is not None:
            yield iri, POINTING[column], target


def _beside(plan: Plan, entry: KnownPlan, minter: Minter) -> Iterator[Triple]:
    """What the register adds to a plan that is held: the names others use for it, and what it does not say itself."""
    says = {said for _, said, _ in _about_plan(plan, minter)} - {SKOS.editorialNote}
    for iri, said, what in _entry(entry, minter):
        if said == RDFS.label and str(what) != plan.meta.label:
            yield iri, SKOS.altLabel, what
        elif said not in says:
            yield iri, said, what


def elsewhere(plan: Plan, minter: Minter) -> Iterator[Triple]:
    """That what a plan points to in other plans exists; what it is, they say."""
    for row in plan.rows["cross-references"]:
        if row.points_to in minter.held:
            yield minter.known(row.points_to), RDF.type, RDFS.Resource


def _kinds(entry: Any) -> tuple[URIRef, ...]:
    if isinstance(entry, Body):
        return (ORG[entry.class_],)
    if isinstance(entry, Place):
        return (SCHEMA.Place, SCHEMA[entry.type]) if entry.type else (SCHEMA.Place,)
    kinds: dict[type[Row], URIRef] = {
        KnownPlan: PLAN.Plan,
        Section: PLAN.PlanElement,
        Initiative: PLAN.Initiative,
    }
    return (kinds[type(entry)],)


def _span(iri: URIRef, first: str, last: str) -> Iterator[Triple]:
    """The years a plan is for, from the first to the last."""
    for period in years_between(first, last) if first else ():
        yield iri, DCTERMS.temporal, year(period)


@dataclass
class _Told:
    """What was said of a plan while its rows were told, for what only the end can tell."""

    cells: set[tuple[str, str]] = field(default_factory=set)
    """The sha256 of the document and the id of every cell."""
    named_in: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def plan_triples(plan: Plan, minter: Minter, words: Mapping[str, str] | None = None) -> Iterator[Triple]:
    """What one plan asserts, from its rows in table order.

    `words` holds the exact words of cells by cell id where the document is at hand.
    """
    told = _Told()
    yield from _about_plan(plan, minter)
    for rows in plan.rows.values():
        for row in rows:
            if type(row) in CLASSES:
                yield from _fact(row, plan, minter, told)
    for id_, cells in sorted(told.named_in.items()):
        entry = minter.register.entries[id_]
        if isinstance(entry, Section | Initiative):
            yield from _entry(entry, minter)
            yield from ((minter.known(id_), PLAN.source, _cell_iri(plan, minter, cell)) for cell in sorted(cells))
    own = plan.meta.source.sha256
    for document, cell in sorted(told.cells):
        yield from _cell(cell, document, plan, minter, (words or {}).get(cell, "") if document == own else "")


def _about_plan(plan: Plan, minter: Minter) -> Iterator[Triple]:
    meta = plan.meta
    iri = minter.element(meta.id, "plan")
    source = minter.source(meta.borough, meta.source.sha256)
    yield iri, RDF.type, PLAN.Plan
    yield iri, RDFS.label, text(meta.label)
    yield iri, DCTERMS.identifier, Literal(meta.plan)
    yield iri, DCTERMS.type, as_code(meta.type)
    yield iri, DCTERMS.source, source
    if meta.description:
        yield iri, DCTERMS.description, text(meta.description)
    if meta.editorial_note:
        yield iri, SKOS.editorialNote, text(meta.editorial_note)
    for column, mark, name in named(meta):
        target = minter.target(name, mark, meta.borough)
        if target is not None:
            yield iri, POINTING[column], target
    yield from _span(iri, meta.first_period, meta.last_period)
    yield from _document(source, meta.source.file, meta.source.sha256)
    # Workbooks that came back with updates; one may hold statements on many actions.
    for file, checksum in sorted({(row.file, row.sha256) for row in plan.rows.get("updates", ()) if row.sha256}):
        yield from _document(minter.source(meta.borough, checksum), file, checksum)


def _document(source: URIRef, file: str, sha256: str) -> Iterator[Triple]:
    yield source, RDF.type, SCHEMA.DigitalDocument
    yield source, RDFS.label, text(file)
    yield source, DCTERMS.identifier, Literal(sha256)


def _fact(row: Any, plan: Plan, minter: Minter, told: _Told) -> Iterator[Triple]:
    iri = minter.element(plan.meta.id, row.path)
    kind = CLASSES[type(row)]
    yield iri, RDF.type, kind
    # The general class is said too: nothing reasons at run time, and outside queries may ask for it.
    yield iri, RDF.type, PLAN.PlanElement if kind in ELEMENTS else PLAN.Statement
    parent = getattr(row, "is_part_of", None)
    if parent is not None or isinstance(row, StrategicPriority):
        yield iri, DCTERMS.isPartOf, minter.element(plan.meta.id, parent or "plan")
    else:
        yield minter.element(plan.meta.id, row.element), BELONGING[type(row)], iri
    if not hasattr(row, "label"):
        yield iri, RDFS.label, text(_label(row, plan))
    yield from _said(row, iri)
    for column, mark, name in named(row):
        target = minter.target(name, mark, plan.meta.borough, plan)
        if target is None:
            raise InputError([Problem(f'"{name}" is nobody in the register.', plan.meta.id, column=column)])
        yield iri, POINTING[column], target
        if isinstance(row, CrossReference | Mention):
            id_ = minter.register.resolve(name, plan.meta.borough, mark.kinds)
            if id_:
                told.named_in[id_].update(row.source)
    document = getattr(row, "sha256", "") or plan.meta.source.sha256
    for cell in row.source:
        told.cells.add((document, cell))
        yield iri, PLAN.source, _cell_iri(plan, minter, cell, document)


def _said(row: Fact, iri: URIRef) -> Iterator[Triple]:
    for column in type(row).model_fields:
        value = getattr(row, column)
        if column not in SAID or value is None or value in ("", ()):
            continue
        said, write = SAID[column]
        for one in value if isinstance(value, tuple) else (value,):
            yield iri, said, write(one)


def _label(row: Any, plan: Plan) -> str:
    """A name for a row whose table has none: its words as printed, else what it names."""
    if isinstance(row, Reading):
        indicator = next(one for one in plan.rows["indicators"] + plan.rows["measures"] if one.path == row.element)
        against = f" against {period_label(row.base_year)}" if row.restated else ""
        return f"{indicator.label.rstrip('.')}, {period_label(row.period)}{against}"
    if isinstance(row, Owner):
        return str(row.post)
    return row.verbatim or next(name for _, _, name in named(row))


def _cell_iri(plan: Plan, minter: Minter, cell: str, sha256: str = "") -> URIRef:
    return URIRef(f"{minter.source(plan.meta.borough, sha256 or plan.meta.source.sha256)}/cell/{cell}")


def _cell(cell: str, document: str, plan: Plan, minter: Minter, words: str) -> Iterator[Triple]:
    iri = _cell_iri(plan, minter, cell, document)
    at = parse_cell(cell)
    where = f"sheet {at.sheet}, row {at.line}" if at.sheet else f"line {at.line}"
    yield iri, RDF.type, PLAN.Cell
    yield iri, RDFS.label, text(f"{where}, {at.column}")
    yield iri, OA.hasSource, minter.source(plan.meta.borough, document)
    yield iri, PLAN.line, Literal(at.line)
    yield iri, PLAN.column, Literal(at.column)
    if words:
        yield iri, PLAN.verbatim, Literal(words)


_DATED: Final = ("statuses", "readings", "deadlines", "updates")


def periods_of(plan: Plan) -> set[str]:
    """The periods a plan speaks of."""
    rows = [row for table in _DATED for row in plan.rows.get(table, ())]
    spoken = {row.period for row in rows} | {row.base_year for row in plan.rows["readings"]}
    return (spoken | set(plan.meta.periods)) - {""}


def catalog_triples(plan: Plan, minter: Minter, sizes: Mapping[str, int], *, current: bool) -> Iterator[Triple]:
    """What the catalog says of one plan's graphs: version, source, size in triples, and what it is a revision of."""
    catalog = minter.graph("catalog")
    asserted = minter.plan_graph(plan)
    for graph, label in (
        (asserted, plan.meta.label),
        (derived_graph(asserted), f"{plan.meta.label}: derived edges"),
    ):
        yield from _dataset(catalog, graph, label, sizes[str(graph)])
        yield graph, DCAT.version, Literal(plan.meta.graph_version)
        yield graph, DCTERMS.subject, minter.element(plan.meta.id, "plan")
        yield graph, DCTERMS.source, minter.source(plan.meta.borough, plan.meta.source.sha256)
        yield graph, DCTERMS.identifier, Literal(plan.meta.source.sha256)
    yield derived_graph(asserted), PROV.wasDerivedFrom, asserted
    if plan.meta.revised_path:
        yield asserted, PROV.wasRevisionOf, minter.graph(plan.meta.revised_path)
    if current:
        yield minter.element(plan.meta.id, "plan"), DCAT.version, Literal(plan.meta.graph_version)


def shared_catalog_triples(minter: Minter, sizes: Mapping[str, int]) -> Iterator[Triple]:
    """What the catalog says of itself and of the graphs that all plans share."""
    catalog = minter.graph("catalog")
    yield catalog, RDF.type, DCAT.Catalog
    yield catalog, RDFS.label, text("Catalog of the graphs")
    for name, label in (
        ("reference", "Bodies, plans, places and years"),
        ("ontology", "Vocabulary and codes"),
        ("quality", "What the shapes found"),
        ("questions", "The named questions"),
    ):
        yield from _dataset(catalog, minter.graph(name), label, sizes[str(minter.graph(name))])


def _dataset(catalog: URIRef, graph: URIRef, label: str, size: int) -> Iterator[Triple]:
    yield catalog, DCAT.dataset, graph
    yield graph, RDF.type, DCAT.Dataset
    yield graph, RDF.type, VOID.Dataset
    yield graph, RDFS.label, text(label)
    yield graph, VOID.triples, Literal(size)


def derived_graph(asserted: URIRef) -> URIRef:
    """The graph of the edges derived from an asserted graph."""
    return URIRef(f"{asserted}/derived")


def question_triples(questions: Iterable[tuple[str, str, str, str, str]], minter: Minter) -> Iterator[Triple]:
    """The named questions, given as (name, id, title, question, SPARQL)."""
    for name, id_, title, question, sparql in questions:
        iri = URIRef(f"{minter.base}id/question/{name}")
        yield iri, RDF.type, SH.SPARQLExecutable
        yield iri, DCTERMS.identifier, Literal(id_)
        yield iri, RDFS.label, text(title)
        yield iri, DCTERMS.description, text(question)
        yield iri, SH.select, Literal(sparql)


def skolemised(graph: Graph) -> Iterator[Triple]:
    """The triples of an ontology file, each blank node replaced by an IRI made from what it says.

    Two that say the same become one. The nodes must hang together as a tree, as Turtle's brackets write them.
    """

    def named_node(node: Node) -> Node:
        if not isinstance(node, BNode):
            return node
        said = sorted(f"{p.n3()} {ntriples(named_node(o))}" for p, o in graph.predicate_objects(node))
        return URIRef(f"https://w3id.org/plangraph/shape#{sha256(chr(10).join(said).encode()).hexdigest()[:16]}")

    for s, p, o in graph:
        yield URIRef(str(named_node(s))), URIRef(str(p)), named_node(o)
