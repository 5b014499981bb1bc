"""Workbooks that people fill in: a plan's tables as sheets and back, the template of a plan, the round of updates."""

from kg.workbooks.tables import Folder, add_tables, holds_tables, read_tables
from kg.workbooks.text import open_workbook

__all__ = ["Folder", "add_tables", "holds_tables", "open_workbook", "read_tables"]
