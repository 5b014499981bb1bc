"""A file becomes cells: lines, columns and printed structure, without any meaning."""

from kg.documents.dump import (
    Cell,
    Document,
    Run,
    Segment,
    cell_id,
    parse_dump,
    read_dump,
)

__all__ = ["Cell", "Document", "Run", "Segment", "cell_id", "parse_dump", "read_dump"]
