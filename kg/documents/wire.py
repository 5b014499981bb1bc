"""A document as plain lists on its way from one process to another, and back."""

from pathlib import Path
from typing import Any

from kg.documents.model import Cell, Document, Note, Row


def packed(document: Document) -> dict[str, Any]:
    """Everything but the path and the checksum."""
    return {
        "lines": document.lines,
        "format": document.format,
        "sheets": dict(document.sheets),
        "notes": [[n.sentence, n.sheet, n.line, n.column, n.kept] for n in document.notes],
        "rows": [
            [
                row.table,
                row.level,
                row.header,
                [[c.line, c.column, c.html, c.sheet, c.rows, c.columns, c.fill] for c in row.cells],
            ]
            for row in document.rows
        ],
    }


def unpacked(packed: dict[str, Any], path: Path, sha256: str) -> Document:
    """The document of `path` again."""
    return Document(
        path,
        sha256,
        packed["lines"],
        tuple(
            Row(tuple(Cell(*cell) for cell in cells), table, level, header)
            for table, level, header, cells in packed["rows"]
        ),
        packed["format"],
        packed["sheets"],
        tuple(Note(*note) for note in packed["notes"]),
    )
