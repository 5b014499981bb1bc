"""`/search`: everything that has the words asked for in its name, its text or its printed words, by kind."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, current_app

from api import forms, layout, queries
from api.facts import Named
from api.forms import Given
from api.spreadsheets import Table
from api.twins import page
from kg import finding
from kg.errors import InputError
from kg.finding import Found, Piece
from kg.questions import Parameter

blueprint = Blueprint("search", __name__)

TITLES: Final[Mapping[str, str]] = {
    "action": "Actions", "body": "Partners and other bodies", "plan": "Plans and other documents", "place": "Places",
    "initiative": "Initiatives", "theme": "Themes", "group": "Groups of people", "priority": "Priorities",
    "improvement": "Improvement actions", "indicator": "Indicators and measures", "question": "Questions",
    "step": "Steps of actions", "outcome": "Expected outcomes", "status": "States by year",
    "lead": "Leads as printed", "reference": "Cross-references as printed", "mention": "Names as printed",
    "cell": "Exact words of the document",
}  # fmt: skip
"""The kinds in the order shown: what has a page of its own, then what is said in one place."""
Q: Final = Parameter(
    name="q", type="text", example="licensing", meaning="Words, a name in any spelling, or a reference"
)
KIND: Final = Parameter(
    name="kind", type="choice", example="action", choices=tuple(TITLES), meaning="Only things of this kind"
)
EACH: Final = 5
"""How many of each kind are shown where no kind is chosen."""
LONGEST: Final = 200


@dataclass(frozen=True)
class Hit:
    """Something found: its reference and label, what it belongs to, and the text that has the words.

    Labels and context come in pieces, those that fit marked as found. `address` is its page.
    """

    iri: str | None
    address: str
    ref: str
    name: str
    label: tuple[Piece, ...]
    context: tuple[Piece, ...]
    within: Named | None
    plan: Named | None


@dataclass(frozen=True)
class Kind:
    """The things of one kind that fit: how many, and the best of them."""

    kind: str
    title: str
    total: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Results:
    """What was found for `q`, by kind; where a kind is chosen, `paging` says where in it this page stands.

    Where nothing was found, `instead` holds the nearest words that do stand somewhere and `nearest` like names.
    """

    q: str
    total: int
    kinds: tuple[Kind, ...]
    paging: forms.Paging | None
    instead: str | None
    nearest: tuple[Named, ...]

    def table(self) -> Table:
        """A row a thing."""
        columns = ["kind", "ref", "name", "within", "context", "plan", "address"]
        rows = [
            [kind.kind, hit.ref, hit.name, hit.within.name if hit.within else None,
             "".join(piece.text for piece in hit.context), hit.plan.name if hit.plan else None, hit.iri or hit.address]
            for kind in self.kinds for hit in kind.hits
        ]  # fmt: skip
        return Table(columns, rows, "Search")


@page(blueprint, "/search", "search.html", title="Search", door="Ask", parameters=(Q, KIND, forms.PAGE, forms.SIZE))
def search(given: Given) -> Results:
    """Find actions, partners, plans, places and what is said of them by words, spelling or reference."""
    words, kind = given.words.get("q", ""), given.words.get("kind", "")
    if len(words) > LONGEST:
        raise InputError(f'"q" has {len(words)} characters; search for at most {LONGEST}.')
    if not words:
        return Results("", 0, (), None, None, ())
    plans = [thing.iri for thing in given.things.get("plan", ())]
    home = current_app.extensions["plangraph.settings"].home
    with closing(finding.open_index(home, queries.own_store())) as index:
        groups = index.groups(words, kind=kind, plans=plans, size=EACH)
        total = sum(group.total for group in groups)
        where = forms.paging(given, total, 20) if kind else None
        if where:
            groups = index.groups(words, kind=kind, plans=plans, first=where.first, size=where.size)
        instead = None if total else index.instead(words)
    order = list(TITLES)
    kinds = tuple(
        Kind(group.kind, TITLES[group.kind], group.total, tuple(_hit(found) for found in group.found))
        for group in sorted(groups, key=lambda group: order.index(group.kind))
    )
    return Results(words, total, kinds, where, instead, () if total else _nearest(words))


def _hit(found: Found) -> Hit:
    name = "".join(piece.text for piece in found.label)
    things = queries.names().things
    return Hit(
        None if found.kind == "question" else found.iri,
        _address(found, name),
        found.ref,
        name,
        found.label,
        found.context,
        Named(found.within, found.within_label) if found.within else None,
        Named(found.plan, things[found.plan].name) if found.plan else None,
    )


def _address(found: Found, name: str) -> str:
    if found.kind == "question":
        return f"/questions/{found.iri}"
    if found.kind in ("theme", "group"):
        return layout.at("actions.actions", **{found.kind: name})
    return layout.thing_url(found.iri)


def _nearest(words: str) -> tuple[Named, ...]:
    """The names most like what was looked for."""
    return tuple(Named(thing.iri, thing.name) for thing in finding.nearest(words, queries.names()))
