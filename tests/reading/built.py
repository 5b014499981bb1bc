"""Documents built by hand, a table a list of rows; what stands in a layout, as plain words."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.documents import Cell, Document, Row
from kg.reading.layout import Layout


@dataclass(frozen=True)
class Merged:
    """A cell over several rows and columns, of a colour."""

    words: str
    rows: int = 1
    columns: int = 1
    fill: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading of a level; 0: a plain paragraph."""

    words: str
    level: int = 0


@dataclass(frozen=True)
class Table:
    """Rows of cells; None stands where a merged cell reaches. ``sheet`` is the name of a sheet."""

    rows: Sequence[Sequence[str | Merged | None]]
    sheet: str = ""


def built(*parts: Heading | Table, kind: str = "docx", name: str = "safer-plan.docx") -> Document:
    """The document that a reader of the format would make of these parts."""
    rows: list[Row] = []
    sheets: dict[str, str] = {}
    paragraphs = tables = 0
    for part in parts:
        if isinstance(part, Heading):
            paragraphs += 1
            rows.append(Row((Cell(paragraphs, 0, html.escape(part.words), "text"),), 0, part.level))
            continue
        tables += 1
        sheet = f"sheet-{tables}" if kind == "xlsx" else f"table-{tables}"
        if part.sheet:
            sheets[sheet] = part.sheet
        for line, values in enumerate(part.rows, start=1):
            cells = [
                Cell(
                    line,
                    place,
                    html.escape(value.words).replace("\n", "<br>"),
                    sheet,
                    value.rows,
                    value.columns,
                    value.fill,
                )
                for place, given in enumerate(values)
                if given is not None
                for value in [given if isinstance(given, Merged) else Merged(given)]
            ]
            if any(not cell.empty for cell in cells):
                rows.append(Row(tuple(cells), tables))
    return Document(Path(name), "0" * 64, len(rows), tuple(rows), kind, sheets)


def outline(layout: Layout) -> list[tuple[str, str, str]]:
    """(strategic priority, delivery priority, reference) of every action; priorities as "1 Violence"."""
    return [
        (
            f"{priority.number} {priority.title.text if priority.title else ''}".strip(),
            f"{delivery.number} {delivery.title.text if delivery.title else ''}".strip(),
            action.reference,
        )
        for priority in layout.priorities
        for delivery in priority.deliveries
        for action in delivery.actions
    ]


def cells(layout: Layout, reference: str) -> dict[str, str]:
    """The words of each column of one action."""
    action = next(action for action in layout.actions if action.reference == reference)
    return {column: " ".join(placed.cell.words for placed in found) for column, found in action.cells.items()}


def doubts(layout: Layout) -> list[str]:
    """The sentences of what is doubtful, without what is only kept."""
    return [doubt.sentence for doubt in layout.doubts if doubt.kind == "doubtful"]


def every_cell(document: Document, layout: Layout) -> bool:
    """Whether what was placed and what was kept are all printed cells, each once, and no other but coloured ones."""
    found = [id(placed.cell) for placed in layout.placed] + [id(kept.cell) for kept in layout.kept]
    coloured = {id(cell) for cell in document.cells if cell.coloured}
    printed = sorted(one for one in found if one not in coloured)
    return len(set(found)) == len(found) and printed == sorted(id(cell) for cell in document.cells if not cell.empty)
