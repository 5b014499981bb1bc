"""`/decide`: what the plans leave open, as an agenda."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from flask import Blueprint

from api import queries
from api.forms import Given
from api.spreadsheets import Table
from api.twins import page
from kg.questions import Column, find_question

blueprint = Blueprint("decide", __name__)
QUESTION = "D05"


@dataclass(frozen=True)
class Kind:
    """A kind of open point and how many there are."""

    open: str
    n: int


@dataclass(frozen=True)
class Open:
    """Every open point of the plans in scope: to be confirmed, in development, conditional, targets left for later."""

    kinds: tuple[Kind, ...]
    columns: tuple[str, ...]
    rows: tuple[dict[str, str | int | float | bool | None], ...]

    @property
    def described(self) -> tuple[Column, ...]:
        """The columns with their meanings."""
        return find_question(QUESTION).columns

    def table(self) -> Table:
        """A row an open point."""
        return Table(self.columns, [tuple(row.values()) for row in self.rows], "To decide")


@page(blueprint, "/decide", "decide.html", title="What must be decided", door="To decide")
def decide(given: Given) -> Open:
    """What is to be confirmed, in development, conditional, or a target left for later, and whose decision it is."""
    answer = queries.ask(find_question(QUESTION), dict(given.words))
    rows: list[dict[str, Any]] = list(answer.records())
    counts = Counter(str(row["open"]) for row in rows)
    return Open(tuple(Kind(words, n) for words, n in counts.most_common()), answer.columns, tuple(rows))
