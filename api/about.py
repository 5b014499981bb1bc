"""`/about` and `/accessibility`: how it was made, what it cannot tell, and for whom it works."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

from flask import Blueprint

from api import queries
from api.forms import Given
from api.twins import page

blueprint = Blueprint("about", __name__)


@dataclass(frozen=True)
class Certainty:
    """How many statements of the plans held were read with this certainty, and what it means."""

    name: str
    definition: str
    n: int


@dataclass(frozen=True)
class About:
    """The version, the snapshot, and how much of what is said is interpretation."""

    version: str
    snapshot: str
    certainties: tuple[Certainty, ...]


@page(blueprint, "/about", "about.html", title="About and method", door="")
def about(_given: Given) -> About:
    """How the graph was made, what it cannot tell, whose the words and the facts are."""
    rows = queries.records("certainties")
    return About(
        version("plangraph"),
        queries.own_store().snapshot,
        tuple(Certainty(row["name"], row["definition"], row["n"]) for row in rows),
    )


@dataclass(frozen=True)
class Accessibility:
    """What these pages are tested against."""

    standard: str
    widths: tuple[int, ...]


@page(blueprint, "/accessibility", "accessibility.html", title="Accessibility", door="")
def accessibility(_given: Given) -> Accessibility:
    """What these pages are tested against, and what to do where they fail you."""
    return Accessibility("WCAG 2.2 AA", (320, 768, 1280))
