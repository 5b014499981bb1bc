"""Briefs for the board: what a partner leads, or what stands in a priority, with every line's place in the document."""

from kg.briefs.content import brief
from kg.briefs.document import Brief, Cell, Figure, Section, Table
from kg.briefs.word import as_word

__all__ = ["Brief", "Cell", "Figure", "Section", "Table", "as_word", "brief"]
