"""What the graph says of a thing, property by property, in words: what a page shows of a fact is read from here."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from api import queries
from api.facts import Coded, Named, Source, Statement
from kg.names import DCTERMS, OA, ORG, PLAN, PROV, RDF, RDFS, SCHEMA, SKOS
from kg.questions import date_in_words
from kg.questions.binding import iri as as_iri

# What is said with terms of other vocabularies, in our words. Our own properties carry their words in the graph.
WORDS: Final[Mapping[str, str]] = {
    str(DCTERMS.isPartOf): "part of", str(DCTERMS.identifier): "reference", str(DCTERMS.description): "summary",
    str(DCTERMS.type): "type", str(DCTERMS.subject): "theme", str(DCTERMS.source): "read from",
    str(DCTERMS.temporal): "for the year", str(DCTERMS.publisher): "published by",
    str(DCTERMS.isReplacedBy): "replaced by", str(SCHEMA.position): "order",
    str(SCHEMA.containedInPlace): "lies in", str(OA.hasSource): "of the file", str(ORG.classification): "type of body",
    str(ORG.unitOf): "unit of", str(ORG.subOrganizationOf): "part of the body", str(RDFS.label): "label",
    str(SKOS.prefLabel): "name", str(SKOS.altLabel): "other spelling", str(SKOS.definition): "definition",
    str(SKOS.editorialNote): "note", str(SKOS.closeMatch): "may be the same as", str(RDF.type): "is a",
    str(PROV.wasRevisionOf): "revises",
}  # fmt: skip
# The same read from the other end, where "... of" would not be English.
FROM_THE_OTHER_END: Final[Mapping[str, str]] = {
    str(DCTERMS.isPartOf): "parts", str(PLAN.source): "read from it", str(PLAN.pointsTo): "pointed at by",
    str(PLAN.of): "named in", str(PLAN.period): "in this year", str(OA.hasSource): "cells",
    str(SCHEMA.containedInPlace): "places in it", str(DCTERMS.source): "source of",
    str(SKOS.closeMatch): "may be the same as", str(PLAN.deliveredThrough): "delivers in a year",
    str(PLAN.dependsOn): "is leant on by", str(PLAN.refersTo): "is referred to by", str(PLAN.mentions): "named by",
    str(PLAN.atPlace): "what is at this place", str(PLAN.involves): "what uses it", str(PLAN.runBy): "runs",
}  # fmt: skip


@dataclass(frozen=True)
class Value:
    """One value: what to show, and the address of what it names, None where it is plain text or a number."""

    name: str
    iri: str | None = None
    colour: str | None = None


@dataclass(frozen=True)
class Said:
    """Everything said of one thing: its values by property."""

    iri: str
    values: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def all(self, property_: str) -> tuple[Value, ...]:
        """Every value of a property."""
        return self.values.get(str(property_), ())

    def one(self, property_: str) -> str | None:
        """The one value of a property as text, None where nothing is said."""
        return next((value.name for value in self.all(property_)), None)

    @property
    def order(self) -> int:
        """Its place among its like, 0 where none is printed."""
        return int(self.one(SCHEMA.position) or 0)

    def named(self, property_: str) -> tuple[Named, ...]:
        """The things a property leads to."""
        return tuple(Named(value.iri, value.name) for value in self.all(property_) if value.iri)

    def coded(self, property_: str) -> tuple[Coded, ...]:
        """The codes of a property."""
        return tuple(Coded(value.iri, value.name, value.colour) for value in self.all(property_) if value.iri)

    def code(self, property_: str) -> Coded | None:
        """The one code of a property."""
        return next(iter(self.coded(property_)), None)

    @property
    def name(self) -> Named:
        """It and what it is called."""
        return Named(self.iri, self.one(RDFS.label) or local(self.iri))

    @property
    def due(self) -> str | None:
        """The day or month by when, in words: "July 2016"."""
        return date_in_words(self.one(PLAN.due) or "") or None

    @property
    def sources(self) -> tuple[Source, ...]:
        """The cells it was read from. Their exact words are on their own pages."""
        return tuple(Source(cell.iri, cell.name) for cell in sorted(self.named(PLAN.source), key=_in_document_order))

    @property
    def statement(self) -> Statement:
        """It as something the document says in one place."""
        return Statement(
            self.iri,
            self.name.name,
            self.one(PLAN.verbatim),
            self.one(PLAN.certainty) or "not stated",
            self.one(SKOS.editorialNote),
            self.sources,
        )


def said_of(iris: Iterable[str]) -> dict[str, Said]:
    """What is said of each of these things, in the order given."""
    wanted = tuple(dict.fromkeys(iris))
    if not wanted:
        return {}
    values: dict[str, dict[str, list[Value]]] = {iri: defaultdict(list) for iri in wanted}
    words: dict[str, str] = {}
    for row in queries.records("values", of=tuple(map(as_iri, wanted))):
        name = called(row["value_ref"], row["value_name"]) or _shown(row["value"], is_thing=row["is_thing"])
        value = Value(name, row["value"] if row["is_thing"] else None, row["colour"])
        values[row["of"]][row["property"]].append(value)
        words[row["property"]] = in_words(row["property"], row["property_name"])
    return {
        iri: Said(iri, {said: tuple(dict.fromkeys(found)) for said, found in properties.items()}, words)
        for iri, properties in values.items()
    }


@dataclass(frozen=True)
class Document:
    """A file that was read: its name and the sha256 of its bytes."""

    iri: str
    name: str
    sha256: str


@dataclass(frozen=True)
class Cell:
    """A cell of a document: its line (from 1) and column, its words where they are held, and what was read from it."""

    source: Source
    line: int
    column: str
    document: Document
    read: tuple[Named, ...]


def cells_of(facts: Iterable[Said]) -> tuple[Cell, ...]:
    """The cells that these facts were read from, in the order of the document."""
    read: dict[str, list[Named]] = defaultdict(list)
    for fact in facts:
        for source in fact.sources:
            read[source.iri].append(fact.name)
    return cells(read)


def cells(read: Mapping[str, Sequence[Named]]) -> tuple[Cell, ...]:
    """Cells by address, each with what was read from it, in the order of the document."""
    rows = queries.records("cells", cell=tuple(map(as_iri, read))) if read else []
    return tuple(
        Cell(
            Source(row["cell"], row["label"], row["words"]),
            row["line"],
            row["column"],
            Document(row["file"], row["file_name"], row["sha256"]),
            tuple(read[row["cell"]]),
        )
        for row in rows
    )


def in_words(property_: str, label: str | None) -> str:
    """A property in words."""
    return WORDS.get(property_) or label or local(property_)


def from_the_other_end(property_: str, label: str | None) -> str:
    """A property in words, read from its value to what it is said of."""
    own = FROM_THE_OTHER_END.get(property_)
    return own or f"{in_words(property_, label).removeprefix('has ')} of"


def called(ref: str | None, name: str | None) -> str:
    """What a thing is called in a sentence: "2.5 Sexual assaults ..." where it has a printed reference."""
    return " ".join(part for part in (ref, name) if part)


def local(iri: str) -> str:
    """The last part of an address, for what has no label."""
    return iri.rstrip("/").replace("#", "/").rsplit("/", 1)[-1]


def _in_document_order(cell: Named) -> list[int | str]:
    # Line 90 comes before line 106; the words between the numbers are the same in all cells of a file.
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", cell.name)]


def _shown(value: Any, *, is_thing: bool) -> str:
    if is_thing:
        return local(str(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
