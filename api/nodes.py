"""The pages of what has no page made for it: cells, places, initiatives, and the general page of any other thing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from api import queries
from api.facts import Named, Statement
from api.forms import Given
from api.queries import Record
from api.said import Cell, Said, Value, called, from_the_other_end, local, said_of
from api.said import cells as cells_at
from api.spreadsheets import Table
from api.things import Asked, questions_about, thing_page
from kg.names import PLAN, RDF, RDFS, SCHEMA, SKOS
from kg.questions import Column, find_question
from kg.questions.binding import iri as as_iri

# Said elsewhere on the page, or of use to programs only.
_APART: Final = frozenset(
    map(str, (RDF.type, RDFS.label, SKOS.prefLabel, SKOS.editorialNote, PLAN.source, PLAN.certainty, PLAN.verbatim))
)
# Every statement and element is one of these too; the special class says more.
_GENERAL: Final = frozenset(map(str, (PLAN.Statement, PLAN.PlanElement)))


@dataclass(frozen=True)
class Property:
    """A property in words and its values; `total` counts all of them, `values` holds the first."""

    iri: str
    name: str
    values: tuple[Value, ...]
    total: int


@dataclass(frozen=True)
class Node:
    """Any thing: what it is, what it belongs to (from the plan down), what is said of it, and what leads to it."""

    iri: str
    kind: str
    statement: Statement
    belongs_to: tuple[Named, ...]
    properties: tuple[Property, ...]
    pointing: tuple[Property, ...]


@dataclass(frozen=True)
class ReadFact:
    """A fact read from a cell: what kind it is and the step, action or priority it belongs to."""

    kind: str
    statement: Statement
    belongs_to: Named | None


@dataclass(frozen=True)
class CellPage:
    """One cell of the document, what was read from it, and the other cells of its line."""

    iri: str
    cell: Cell
    facts: tuple[ReadFact, ...]
    line_beside: tuple[Named, ...]

    def table(self) -> Table:
        """A row a fact."""
        columns = ["kind", "fact", "belongs to", "printed", "certainty", "note"]
        rows = [
            [fact.kind, fact.statement.label, fact.belongs_to.name if fact.belongs_to else None,
             fact.statement.printed, fact.statement.certainty, fact.statement.note]
            for fact in self.facts
        ]  # fmt: skip
        return Table(columns, rows, self.cell.source.label)


@dataclass(frozen=True)
class Occurrence:
    """A place of the plan that names something: the action or priority, and the statement with the printed words."""

    element: Named
    statement: Statement


@dataclass(frozen=True)
class NamedPage:
    """A place or an initiative: its spellings, how it stands to others of its kind, who runs it, where it is named.

    `columns` and `rows` are the answer to the named question D08 about it.
    """

    iri: str
    kind: str
    name: str
    spellings: tuple[str, ...]
    definition: str | None
    certainty: str
    note: str | None
    lies_in: tuple[Named, ...]
    holds: tuple[Named, ...]
    run_by: tuple[Named, ...]
    occurrences: tuple[Occurrence, ...]
    columns: tuple[Column, ...]
    rows: tuple[dict[str, Any], ...]
    questions: tuple[Asked, ...]

    def table(self) -> Table:
        """The answer to D08 as a sheet."""
        names = [column.name for column in self.columns]
        return Table(names, [[row[name] for name in names] for row in self.rows], self.name)


@thing_page("", "/{path}", "node.html", title="Anything in the graph", door="")
def anything(_given: Given, iri: str) -> Node:
    """Any thing of the graph: what is said of it and what leads to it, every property in words."""
    said = said_of([iri])[iri]
    return Node(
        iri,
        _kinds(said),
        said.statement,
        _belongs_to(iri),
        tuple(
            Property(property_, said.words[property_], values, len(values))
            for property_, values in said.values.items()
            if property_ not in _APART
        ),
        tuple(_pointing(iri)),
    )


def _kinds(said: Said) -> str:
    """What a thing is, in words: its special classes, the general ones only where there are no others."""
    classes = said.all(RDF.type)
    special = [value for value in classes if value.iri not in _GENERAL] or list(classes)
    # A class of another vocabulary has no label here: OrganizationalUnit is read as it is written.
    words = (re.sub(r"(?<=[a-z])(?=[A-Z])", " ", value.name) for value in special)
    return ", ".join(dict.fromkeys(word.capitalize() for word in words)) or "Thing"


def _called(row: Record, iri: str, name: str) -> Named:
    return Named(row[iri], called(row["ref"], row[name]) or local(row[iri]))


def _belongs_to(iri: str) -> tuple[Named, ...]:
    """What a thing belongs to, from the plan down."""
    found: list[Named] = []
    # A step at a time: the engine finds a whole chain only by walking the chains of everything.
    while row := queries.record("belongs-to", thing=(as_iri(found[0].iri if found else iri),)):
        found.insert(0, _called(row, "above", "name"))
    return tuple(found)


def _pointing(iri: str) -> Iterable[Property]:
    this = as_iri(iri)
    for count in queries.records("pointing-counts", thing=(this,)):
        found = queries.records("pointing", thing=(this,), property=(as_iri(count["property"]),))
        things = [_called(row, "from", "name") for row in found]
        words = from_the_other_end(count["property"], count["property_name"])
        yield Property(count["property"], words, tuple(Value(thing.name, thing.iri) for thing in things), count["n"])


@thing_page(PLAN.Cell, "/{borough}/source/{sha8}/cell/{cell}", "cell.html", title="Source cell", door="")
def cell(_given: Given, iri: str) -> CellPage:
    """One cell of the document: its line and column, its words where they are held, and every fact read from it."""
    this = as_iri(iri)
    rows = queries.records("read-from-cell", cell=(this,))
    owners = {
        row["thing"]: _called(row, "above", "name")
        for row in queries.records("belongs-to", thing=tuple(as_iri(row["fact"]) for row in rows))
    }
    facts = tuple(
        ReadFact(
            row["kind"],
            Statement(row["fact"], row["label"], row["printed"], row["certainty"], row["note"], ()),
            owners.get(row["fact"]),
        )
        for row in rows
    )
    beside = tuple(Named(row["other"], row["column"]) for row in queries.records("cells-of-the-line", cell=(this,)))
    return CellPage(iri, cells_at({iri: [Named(row["fact"], row["label"]) for row in rows]})[0], facts, beside)


@thing_page(SCHEMA.Place, "/{borough}/place/{place}", "named.html", title="Place", door="Plan")
def place(_given: Given, iri: str) -> NamedPage:
    """One place: its spellings, and everything the plans say there."""
    return _named_page(iri, "place")


@thing_page(PLAN.Initiative, "/{borough}/initiative/{initiative}", "named.html", title="Initiative", door="Plan")
def initiative(_given: Given, iri: str) -> NamedPage:
    """One scheme or campaign: who runs it, and the actions that use it."""
    return _named_page(iri, "initiative")


def _named_page(iri: str, kind: str) -> NamedPage:
    rows: list[Record] = [
        row
        for name in ("every-mention", "every-reference")
        for row in queries.ask(find_question(name), {"to": iri}).records()
    ]
    said = said_of([iri, *(row["words_iri"] for row in rows)])
    mine = said[iri]
    everything = find_question("D08")
    answer = queries.ask(everything, {"thing": iri})
    return NamedPage(
        iri,
        kind,
        mine.name.name,
        tuple(value.name for value in mine.all(SKOS.altLabel)),
        mine.one(SKOS.definition),
        mine.statement.certainty,
        mine.statement.note,
        mine.named(SCHEMA.containedInPlace),
        tuple(_called(row, "from", "name") for row in queries.records(
            "pointing", thing=(as_iri(iri),), property=(as_iri(str(SCHEMA.containedInPlace)),))),
        mine.named(PLAN.runBy),
        tuple(Occurrence(Named(row["from_iri"], row["from"]), said[row["words_iri"]].statement) for row in rows),
        everything.columns,
        tuple(answer.records()),
        questions_about(iri, kind, also=("D03", everything.id)),
    )  # fmt: skip
