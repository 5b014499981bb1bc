"""A document of any format: rows of cells with their printed structure, and notes on what was met on the way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kg.documents.printed import Segment, segments_of, split_dashes


def cell_id(line: int, column: str, sheet: str = "") -> str:
    """The name of a cell in every table: "L087-activity", or "sheet-1-R12-activity" where there are sheets."""
    return f"{sheet}-R{line}-{column}" if sheet else f"L{line:03d}-{column}"


@dataclass(frozen=True)
class Cell:
    """A cell of a table, or a line of text.

    ``line`` is its line in a text, its row in a sheet, from 1; ``column`` its place in the grid, from 0. A merged cell
    stands once, where it begins, and covers ``rows`` by ``columns`` places. ``sheet`` is a slug: of the sheet of a
    workbook, "table-2" for the second table of a Word or HTML page, "text" for its paragraphs; "" in a text dump.
    ``html`` is its content: escaped text with p, br, ul, ol, li, b, i and a, and no other tag that means anything.
    ``fill`` is the colour behind it, "#rrggbb"; "" where there is none, or white.
    """

    line: int
    column: int
    html: str
    sheet: str = ""
    rows: int = 1
    columns: int = 1
    fill: str = ""

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """Paragraphs, list items and pieces parted by two or more blanks, in printed order."""
        return tuple(segments_of(self.html))

    @cached_property
    def listed(self) -> tuple[Segment, ...]:
        """The segments with " - " bullets split off, as kind "dash"."""
        return tuple(piece for segment in self.segments for piece in split_dashes(segment))

    @cached_property
    def text(self) -> str:
        """The exact words: a paragraph or list item a line, a gap as two blanks."""
        words = ""
        for segment in self.segments:
            words += ("" if not words else "  " if segment.gap else "\n") + segment.text
        return words

    @cached_property
    def words(self) -> str:
        """The exact words on one line, single blanks."""
        return " ".join(segment.text for segment in self.segments)

    @property
    def empty(self) -> bool:
        """Whether nothing is printed in it."""
        return not self.segments

    @property
    def coloured(self) -> bool:
        """Whether it says nothing but a colour."""
        return bool(self.fill) and self.empty

    def named(self, column: str) -> str:
        """Its name in the tables, standing in a column called so."""
        return cell_id(self.line, column, self.sheet)


@dataclass(frozen=True)
class Row:
    """One row of a table, or one line of text.

    ``table`` counts the tables of the document from 1 (a sheet is one); 0 is text outside them. ``level`` is that of a
    heading, from 1; 0 is no heading. ``header`` says that the format itself marks it as a header row.
    """

    cells: tuple[Cell, ...]
    table: int = 0
    level: int = 0
    header: bool = False

    @property
    def line(self) -> int:
        """The line or row it stands in."""
        return self.cells[0].line


@dataclass(frozen=True)
class Note:
    """Something a person should know about the file itself: a hidden row, a deletion accepted, a picture, a formula.

    ``kept`` are words that stand in no row of the document and must not get lost.
    """

    sentence: str
    sheet: str = ""
    line: int = 0
    column: str = ""
    kept: str = ""


@dataclass(frozen=True)
class Document:
    """A file of lines and cells.

    ``rows`` holds the rows that print something, in order. ``lines`` counts those of the file, or the rows of all
    sheets. ``format`` is text, html, docx, xlsx or csv. ``sheets`` gives the printed name of each sheet by its slug.
    """

    path: Path
    sha256: str
    lines: int
    rows: tuple[Row, ...]
    format: str = "text"
    sheets: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    @property
    def cells(self) -> Iterator[Cell]:
        """Every cell of every row, empty ones included."""
        return (cell for row in self.rows for cell in row.cells)
