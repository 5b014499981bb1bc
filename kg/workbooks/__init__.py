"""Workbooks that people fill in: a plan's tables as sheets and back, the template of a plan, the round of updates."""

from kg.workbooks.kept import keep, kept_updates, new_among, numbered, unheard, with_kept_updates
from kg.workbooks.opened import open_workbook, sheet_names
from kg.workbooks.rounds import (
    Labels,
    Marks,
    Returned,
    Round,
    marks_of,
    opened,
    read_period,
    read_round,
    round_workbook,
)
from kg.workbooks.tables import Folder, add_tables, holds_tables, read_tables

__all__ = [
    "Folder", "Labels", "Marks", "Returned", "Round", "add_tables", "holds_tables", "keep", "kept_updates", "marks_of",
    "new_among", "numbered", "open_workbook", "opened", "read_period", "read_round", "read_tables", "round_workbook",
    "sheet_names", "unheard", "with_kept_updates",
]  # fmt: skip
