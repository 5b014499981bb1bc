"""The exact words of the document laid over tables that hold the facts in other words."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from kg.documents import Document
from kg.reading.reader import interpret
from kg.reading.rules import Rules
from kg.register import Register
from kg.tables import Plan

_QUOTED = ("outcomes", "statuses", "steps", "measures", "readings")
"""The tables whose rows are whole cells, lines, sentences or bullets. All others hold their words already."""


def quoted(plan: Plan, document: Document, rules: Rules, register: Register) -> Plan:
    """``plan`` with ``verbatim`` filled in for the rows that have none, from the ``document`` it was read from.

    Only where the reader parts the words of an action as its table does: where it finds one step more, nobody
    knows which words belong to which. Those rows, and rows with words of their own, stay as they are.
    """
    read = interpret(document, rules, register, plan.meta.borough, plan.meta.plan).tables
    rows = dict(plan.rows)
    for table in _QUOTED:
        ours, theirs = _by_owner(plan.rows.get(table, ())), _by_owner(read.rows[table])
        alike = {owner for owner in ours if _places(ours[owner]) == _places(theirs[owner])}
        words = {path: row.verbatim for owner in alike for path, row in theirs[owner].items()}
        rows[table] = tuple(
            row if row.verbatim or not words.get(row.path) else row.model_copy(update={"verbatim": words[row.path]})
            for row in plan.rows.get(table, ())
        )
    return replace(plan, rows=rows)


def _by_owner(rows: Iterable[Any]) -> defaultdict[str, dict[str, Any]]:
    owned: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for row in rows:
        owned[row.owner][row.path] = row
    return owned


def _places(rows: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    return {path: frozenset(row.source) for path, row in rows.items()}
