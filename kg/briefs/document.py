"""What a brief is made of: sections of sentences and tables, whose cells keep where in the document they stand."""

from __future__ import annotations

from dataclasses import dataclass

UNSTATED = "not stated"


@dataclass(frozen=True)
class Cell:
    """The words of one cell.

    `iri` is what they name; `quoted` is whether they are as printed in the document. `notes` is what must be known of
    them (the year, how certain the reading is); `source` is where they stand ("line 8, activity; line 9, activity"),
    in the document of the plan whose IRI is `plan`.
    """

    words: str
    iri: str | None = None
    quoted: bool = False
    notes: tuple[str, ...] = ()
    source: str | None = None
    plan: str | None = None


@dataclass(frozen=True)
class Table:
    """Rows of cells, none of them empty. `widths` are the shares of its columns, in percent."""

    caption: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Figure:
    """A picture as an SVG file, and in words what it shows."""

    svg: str
    words: str
    caption: str


@dataclass(frozen=True)
class Section:
    """A heading, sentences, tables. `questions` are the names of the questions whose answers its facts are."""

    title: str
    words: tuple[str, ...]
    tables: tuple[Table, ...]
    questions: tuple[str, ...]
    figure: Figure | None = None


@dataclass(frozen=True)
class Brief:
    """A paper for the board about what a body leads, or about a priority: `iri` and `name` say about which.

    `summary` holds its numbers in sentences. `snapshot` is the graph it was made from.
    """

    iri: str
    name: str
    title: str
    subtitle: str
    summary: tuple[str, ...]
    sections: tuple[Section, ...]
    snapshot: str
