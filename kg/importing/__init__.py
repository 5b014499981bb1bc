"""A document becomes a folder: its plan tables, what was understood and doubted, and what a person corrected."""

from kg.importing.folder import import_document

__all__ = ["import_document"]
