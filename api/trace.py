"""`/trace`: what a thing leads to and what leads to it, hop by hop, and the ways between two things."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Any, Final

from flask import Blueprint
from markupsafe import Markup
from pydantic import Field

from api import layout, queries
from api.forms import Given
from api.networks import node, scoped, suggestions, whole
from api.spreadsheets import Table
from api.twins import page
from kg.maps.svg import Kind, Look, look_of
from kg.maps.traces import of_trace, thing_of
from kg.network import DEPENDING, Fact, Link
from kg.network import Thing as Node
from kg.questions import Parameter, Thing
from kg.trace import BOTH, DEEPEST, DIRECTIONS, IN, OUT, Paths, Trace
from kg.trace import paths as paths_between
from kg.trace import trace as traced

blueprint = Blueprint("trace", __name__)

USUAL_DEPTH: Final = 4
PARAMETERS: Final = (
    Parameter(
        name="from", type="thing", example="1.6",
        meaning="Where it begins: an action, plan, body, priority, place or initiative; a section by its address",
    ),
    Parameter(name="to", type="thing", example="Youth Justice Plan", meaning="Only the shortest ways to this"),
    Parameter(
        name="direction", type="choice", example=BOTH, choices=DIRECTIONS,
        meaning="out: what it leads to; in: what leads to it",
    ),
    Parameter(name="depth", type="number", example="3", meaning=f"How many hops, {DEEPEST} at most"),
)  # fmt: skip
LARGEST_PICTURE: Final = 60
"""A picture shows no more things: the list says all."""
LARGEST_TABLE: Final = 200
"""A page shows no longer table below its list; the CSV and the workbook hold all."""
COLUMNS: Final = ("direction", "hop", "from", "from kind", "how", "to", "to kind", "year", "words", "wording",
                  "locator", "role", "certainty", "source", "plan")  # fmt: skip


@dataclass(frozen=True)
class TracePage:
    """What a thing leads to (the trace out), what leads to it (in), or the ways between two things (`paths`).

    `is_example`: nothing was asked, and this shows what would be.
    """

    start: Node
    is_example: bool
    direction: str
    depth: int
    traces: tuple[Trace, ...]
    paths: Paths | None
    # Not what it is made of: pydantic would want to describe the network inside.
    picture: Annotated[Any, Field(exclude=True)]

    @property
    def suggestions(self) -> tuple[tuple[str, str], ...]:
        """What there is to begin with."""
        return suggestions()

    @property
    def svg(self) -> Markup:
        """The picture, every box a link to the trace of what it stands for."""
        return Markup(self.picture.as_svg(box=_address))  # noqa: S704  its template has escaped what it was given

    @property
    def key(self) -> list[tuple[Kind, Look]]:
        """The kinds of boxes there are and how they look."""
        return [(kind, look_of(self.picture.kinds, kind.name)) for kind in self.picture.kinds]

    @property
    def has_table(self) -> bool:
        """Whether the table is short enough to stand on the page."""
        return 0 < len(self.rows) <= LARGEST_TABLE

    @cached_property
    def rows(self) -> list[tuple[str, int, Link, Fact]]:
        """The direction, the hop, the link and the fact of every row, each link once."""
        links: dict[tuple[str, Link], int] = {}
        for one in self.traces:
            for hop in one.walk():
                links.setdefault((one.direction, hop.link), hop.depth)
        for way in self.paths.ways if self.paths else ():
            for number, link in enumerate(way, 1):
                links.setdefault((self.paths.direction if self.paths else "", link), number)
        return [(direction, hop, link, fact) for (direction, link), hop in links.items() for fact in link.facts]

    def table(self) -> Table:
        """A row a fact."""
        rows = [
            [direction, hop, link.one.name, link.one.kind, fact.verb, link.other.name, link.other.kind, fact.year,
             fact.words, fact.wording, fact.locator, fact.role, fact.certainty, fact.source, fact.plan_name]
            for direction, hop, link, fact in self.rows
        ]  # fmt: skip
        return Table(COLUMNS, rows, "Trace")


@page(blueprint, "/trace", "trace.html", title="Trace", door="Connections", parameters=PARAMETERS)
def trace(given: Given) -> TracePage:
    """What leads where from an action, plan, body, section, place or initiative, with the words behind every hop."""
    start, end = given.one("from") or _example(), given.one("to")
    direction, depth = given.choice("direction", BOTH), given.number("depth", USUAL_DEPTH)
    network = scoped(given)
    paths: Paths | None = None
    traces: tuple[Trace, ...] = ()
    if end:
        paths = paths_between(network, start.iri, end.iri, direction)
        paths = replace(paths, start=node(network, start), end=node(network, end))
    else:
        traces = tuple(
            replace(traced(network, start.iri, way, depth), start=node(network, start))
            for way in (OUT, IN)
            if direction in (way, BOTH)
        )
        # What has something to show comes first: nothing leads out of a body.
        traces = tuple(sorted(traces, key=lambda one: not one.hops))
    reached = sum(one.reached for one in traces)
    picture = of_trace(node(network, start), traces, layout.whose) if 0 < reached <= LARGEST_PICTURE else None
    return TracePage(node(network, start), "from" not in given.words, direction, depth, traces, paths, picture)


def _example() -> Thing:
    """What most is delivered through: it shows best what a trace is."""
    network = whole()

    def carries(iri: str) -> int:
        return len({one for one, _, kind in network.in_edges(iri, data="kind") if kind in DEPENDING})

    plans = [iri for iri, kind in network.nodes(data="kind") if kind in ("plan", "forum")]
    iri = max(plans, key=carries, default="")
    return Thing(iri, network.nodes[iri]["kind"], network.nodes[iri]["label"]) if iri else Thing("", "", "Nothing")


def _address(key: str) -> str:
    path = thing_of(key).removeprefix(f"{queries.names().base}id/")
    return layout.at("trace.trace", **{"from": path})
