"""Finds things by their words: an index of every name, reference, summary and printed word of a snapshot.

The index is an SQLite file `{home}/search/{snapshot}-{version}.sqlite`, made once for a snapshot and never changed.
"""

from kg.finding.index import Found, Group, Index, Piece, nearest, open_index

__all__ = ["Found", "Group", "Index", "Piece", "nearest", "open_index"]
