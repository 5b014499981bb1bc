"""`/`: what do you want to find out?"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint

from api import queries
from api.forms import Given
from api.twins import page

blueprint = Blueprint("home", __name__)


@dataclass(frozen=True)
class Count:
    """How many of something a plan has."""

    words: str
    n: int


@dataclass(frozen=True)
class HeldPlan:
    """A plan whose text is held: its years, who published it, the file it was read from, and its counts."""

    iri: str
    label: str
    description: str | None
    first: str | None
    last: str | None
    publisher: str | None
    file: str | None
    sha256: str | None
    counts: tuple[Count, ...]


@dataclass(frozen=True)
class Home:
    """The plans held."""

    plans: tuple[HeldPlan, ...]
    snapshot: str


@page(blueprint, "/", "home.html", title="What a partnership plan says", door="", suffixed="/index")
def home(_given: Given) -> Home:
    """What this is, the daily questions, and what each held plan is made of."""
    counts = queries.records("plan-counts")
    plans = tuple(
        HeldPlan(
            row["plan"],
            row["label"],
            row["description"],
            row["first"],
            row["last"],
            row["publisher"],
            row["file"],
            row["sha256"],
            tuple(Count(count["words"], count["n"]) for count in counts if count["plan"] == row["plan"]),
        )
        for row in queries.records("plans-held")
    )
    return Home(plans, queries.own_store().snapshot)
