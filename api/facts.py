"""The small parts that pages are made of: things by name, source cells, statements with certainty and note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Named:
    """A thing and the name to show for it."""

    iri: str
    name: str


@dataclass(frozen=True)
class Source:
    """A cell of the document: line and column, and its exact words where the graph was built with the document."""

    iri: str
    label: str
    words: str | None = None


@dataclass(frozen=True)
class Coded:
    """A code of a code list: its name and, where it has one, the colour of its box (white text on it)."""

    iri: str
    name: str
    colour: str | None = None


@dataclass(frozen=True)
class Statement:
    """Something the document says in one place.

    `printed` is its words as printed, where they are kept; `certainty` how certain the reading is; `note` why it was
    read so, where that needs saying.
    """

    iri: str
    label: str
    printed: str | None
    certainty: str
    note: str | None
    sources: tuple[Source, ...]


def named_all(rows: Sequence[Mapping[str, Any]], iri: str, name: str) -> tuple[Named, ...]:
    """The things in two columns of rows, each once, in order, unbound ones left out."""
    return tuple(dict.fromkeys(Named(row[iri], row[name]) for row in rows if row[iri]))
