"""Tables that are forms: a heading stands before each cell, and every action is a block of rows."""

import re
from collections.abc import Sequence
from itertools import pairwise

from kg.documents import Cell
from kg.reading.grid import GridRow
from kg.reading.rules import Recognised, Rules

_LONGEST_LABEL = 60
_SHOWS_ITSELF = 3
"""Within so many rows a form shows that it is one."""
_LABELLED = re.compile(r"(\D*[^\W\d_])\s+(\d[\d.]*[a-z]?)\s*[.:]?")


def pairs_of(rows: Sequence[GridRow], rules: Rules) -> list[list[tuple[Cell, Cell]]] | None:
    """The pairs of heading and cell in each row, where a table is a form: its headings stand before its cells."""
    begins = [row.own for row in rows if len(row.own) > 1][:_SHOWS_ITSELF]
    if not any(_is_label(own[0], rules) and not _is_label(own[1], rules) for own in begins):
        return None
    found: list[list[tuple[Cell, Cell]]] = []
    for row in rows:
        own = row.own
        pairs: list[tuple[Cell, Cell]] = []
        for label, cell in pairwise(own):
            if pairs and pairs[-1][1] is label:
                continue
            if _is_label(label, rules) and not _is_label(cell, rules):
                pairs.append((label, cell))
        found.append(pairs)
    several = [pairs for row, pairs in zip(rows, found, strict=True) if len(row.own) > 1]
    named = [label for pairs in found for label, _ in pairs]
    columns = {label_of(label, rules)[0].columns[0] for label in named}
    whole = sum(1 for row, pairs in zip(rows, found, strict=True) if pairs and len(row.own) == 2 * len(pairs))
    if "activity" not in columns or len(columns) < 2 or whole * 4 < 3 * len(several):
        return None
    return found


def _is_label(cell: Cell, rules: Rules) -> bool:
    return len(cell.words) <= _LONGEST_LABEL and label_of(cell, rules)[0].sure


def label_of(cell: Cell, rules: Rules) -> tuple[Recognised, str]:
    """What a heading before its cell means, and the number behind it, as in "Action 3:"."""
    found = _LABELLED.fullmatch(cell.words)
    return (rules.recognise(found[1]), found[2]) if found else (rules.recognise(cell.text), "")
