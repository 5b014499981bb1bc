"""A file becomes cells: lines, columns and printed structure, without any meaning."""

from kg.documents.dump import parse_dump, read_dump
from kg.documents.model import Cell, Document, Note, Row, cell_id
from kg.documents.opening import open_document, read_bytes
from kg.documents.printed import Run, Segment

__all__ = [
    "Cell",
    "Document",
    "Note",
    "Row",
    "Run",
    "Segment",
    "cell_id",
    "open_document",
    "parse_dump",
    "read_bytes",
    "read_dump",
]
