"""`/trace`: what a thing leads to and what leads to it, hop by hop, and the ways between two things."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Annotated, Any, Final

import networkx as nx
from flask import Blueprint
from markupsafe import Markup
from pydantic import Field

from api import layout, queries
from api.facts import Named
from api.forms import Given
from api.spreadsheets import Table
from api.twins import page
from kg.maps.columns import Edge, Item, place
from kg.maps.picture import Picture
from kg.maps.svg import Kind, Look, look_of
from kg.network.references import DEPENDING, QUESTIONS, SAYS, Fact, Link, above, narrowed, references
from kg.network.references import Thing as Node
from kg.questions import Parameter, Thing, counted
from kg.trace import BOTH, DEEPEST, DIRECTIONS, IN, OUT, Hop, Paths, Trace
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
"""A picture has no more boxes: the list says all."""
LARGEST_TABLE: Final = 200
"""A page shows no longer table below its list; the CSV and the workbook hold all."""
KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind("start", "Where it begins", "#0b0c0c", 3),
        Kind("action", "Action", "#4c2c92", 4),
        Kind("priority", "Priority, indicator or improvement action", "#1d70b8", 2),
        Kind("plan", "Plan, or a section of it", "#b5570b", 1),
        Kind("body", "Body or forum", "#026c38", 3),
        Kind("place", "Place or initiative", "#505a5f", 6),
    )
}
_KIND_OF: Final = {
    "action": "action", "plan": "plan", "section": "plan", "body": "body", "forum": "body", "place": "place",
    "initiative": "place",
}  # fmt: skip
COLUMNS: Final = ("direction", "hop", "from", "from kind", "how", "to", "to kind", "year", "words", "locator", "role",
                  "certainty", "source", "plan")  # fmt: skip


@dataclass(frozen=True)
class TracePage:
    """What a thing leads to (the trace out), what leads to it (in), or the ways between two things (`paths`).

    `is_example`: nothing was asked, and this shows what would be. `others` are what else bears the name that was given.
    """

    start: Node
    is_example: bool
    others: tuple[Named, ...]
    direction: str
    depth: int
    traces: tuple[Trace, ...]
    paths: Paths | None
    # Not what it is made of: pydantic would want to describe the network inside.
    picture: Annotated[Any, Field(exclude=True)]

    @property
    def says(self) -> dict[str, str]:
        """Each kind of fact as a verb."""
        return dict(SAYS)

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
            [direction, hop, link.one.name, link.one.kind, SAYS[fact.kind], link.other.name, link.other.kind, fact.year,
             fact.words, fact.locator, fact.role, fact.certainty, fact.source, fact.plan_name]
            for direction, hop, link, fact in self.rows
        ]  # fmt: skip
        return Table(COLUMNS, rows, "Trace")


@page(blueprint, "/trace", "trace.html", title="Trace", door="Connections", parameters=PARAMETERS)
def trace(given: Given) -> TracePage:
    """What leads where from an action, plan, body, section, place or initiative, with the words behind every hop."""
    things = given.things.get("from") or (_example(),)
    start, *others = in_scope(things, given)
    direction, depth = given.choice("direction", BOTH), given.number("depth", USUAL_DEPTH)
    network = scoped(given)
    end = given.thing("to")
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
    return TracePage(
        node(network, start), "from" not in given.words, tuple(Named(one.iri, _told(one)) for one in others),
        direction, depth, traces, paths, _picture(node(network, start), traces),
    )  # fmt: skip


def whole() -> nx.MultiDiGraph[str]:
    """What leads where in the whole graph, made once for a snapshot."""
    found: nx.MultiDiGraph[str] = queries.kept(
        "references network", lambda: references({name: queries.asker(name, {}) for name in QUESTIONS})
    )
    return found


def scoped(given: Given, *, leads: bool = True) -> nx.MultiDiGraph[str]:
    """That in the scope of a request: what a plan says, of a year, and with `leads` in the actions a body leads."""
    years = [thing.name for thing in given.things.get("year", ())]
    plans, partners = ([thing.iri for thing in given.things.get(name, ())] for name in ("plan", "partner"))
    return narrowed(whole(), plans, years, partners if leads else ())


def node(network: nx.MultiDiGraph[str], thing: Thing) -> Node:
    """A thing that people named, as the network has it, or as they call it where it is not in there."""
    if thing.iri in network:
        return Node(thing.iri, network.nodes[thing.iri]["label"], network.nodes[thing.iri]["kind"])
    return Node(thing.iri, thing.name, thing.kind or "thing")


def in_scope(things: Sequence[Thing], given: Given) -> list[Thing]:
    """These things, those that lie in a plan of the scope first: two plans may use one reference."""
    plans = tuple(f"{thing.iri}/" for thing in given.things.get("plan", ()))
    return sorted(things, key=lambda thing: not thing.iri.startswith(plans) if plans else False)


def suggestions() -> tuple[tuple[str, str], ...]:
    """What a form can offer: what to write for a thing, and what to show beside it, in the order of the plans."""
    found: tuple[tuple[str, str], ...] = queries.kept("suggestions", lambda: tuple(_suggestions(whole())))
    return found


def _suggestions(network: nx.MultiDiGraph[str]) -> Iterator[tuple[str, str]]:
    names, base = queries.names(), f"{queries.names().base}id/"
    refs = [said["label"].split(" ")[0] for _, said in network.nodes(data=True) if said["kind"] in _NUMBERED]
    for iri, said in network.nodes(data=True):
        ref, _, title = said["label"].partition(" ")
        if said["kind"] in _NUMBERED and refs.count(ref) == 1:
            yield ref, title
        elif iri in names.things:
            yield said["label"], said["kind"]
        elif said["kind"] not in ("indicator", "improvement action"):
            yield iri.removeprefix(base), said["label"]


_NUMBERED: Final = ("action", "delivery priority", "strategic priority")


def _told(thing: Thing) -> str:
    """A thing and the plan it lies in: its name alone would not tell it from another."""
    network = whole()
    plans = [network.nodes[one]["label"] for one in above(network, thing.iri) if one in network]
    return ", ".join([node(network, thing).name, *plans[-1:]])


def _example() -> Thing:
    """What most is delivered through: it shows best what a trace is."""
    network = whole()

    def carries(iri: str) -> int:
        return len({one for one, _, kind in network.in_edges(iri, data="kind") if kind in DEPENDING})

    plans = [iri for iri, kind in network.nodes(data="kind") if kind in ("plan", "forum")]
    iri = max(plans, key=carries, default="")
    return Thing(iri, network.nodes[iri]["kind"], network.nodes[iri]["label"]) if iri else Thing("", "", "Nothing")


# --- the picture -------------------------------------------------------------------------------------------------


def _picture(start: Node, traces: Sequence[Trace]) -> Picture | None:
    """What leads here on the left, where it leads on the right; None where that is nothing or too much."""
    hops = {one.direction: list(one.walk()) for one in traces}
    sides = {direction: _side(direction, found) for direction, found in hops.items()}
    things = {key: hop.thing for side in sides.values() for key, hop in side.items()}
    if not things or len(things) > LARGEST_PICTURE:
        return None
    columns = [
        *reversed(_columns(sides.get(IN, {}))),
        [Item(start.iri, start.name, "start")],
        *_columns(sides.get(OUT, {})),
    ]
    weights: dict[tuple[str, str], Link] = {}
    for direction, found in hops.items():
        for key, beside, link in _ends(direction, start, found):
            ends = (beside, key) if direction == OUT else (key, beside)
            if ends[0] != ends[1]:
                weights.setdefault(ends, link)
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_nodes_from([start.iri, *things])
    network.add_edges_from(weights)
    kinds = {"start", *(_kind(thing) for thing in things.values())}
    edges = [
        Edge(*ends, kind="depends" if _depends(link) else "refers", directed=True) for ends, link in weights.items()
    ]
    return Picture(
        f"Trace of {start.name}",
        f"{counted(len(things), 'thing')} reached; {counted(len(weights), 'link')}. Arrows point to what is leant on.",
        network,
        tuple(sorted((KINDS[kind] for kind in kinds), key=lambda kind: kind.order)),
        {key: f"{thing.name} ({thing.kind})" for key, thing in ({start.iri: start} | things).items()},
        {ends: in_words(link) for ends, link in weights.items()},
        lambda: place(columns, edges),
    )


def _side(direction: str, hops: Sequence[Hop]) -> dict[str, Hop]:
    return {f"{direction} {hop.thing.iri}": hop for hop in hops if not hop.again}


def _columns(side: dict[str, Hop]) -> list[list[Item]]:
    by_depth = sorted(side.items(), key=lambda one: one[1].depth)
    return [
        [Item(key, hop.thing.name, _kind(hop.thing)) for key, hop in found]
        for _, found in groupby(by_depth, key=lambda one: one[1].depth)
    ]


def _ends(direction: str, start: Node, hops: Sequence[Hop]) -> Iterator[tuple[str, str, Link]]:
    """The box a hop comes to, the box it comes from, and the link between them."""
    followed = {hop.thing.iri for hop in hops if not hop.again}
    for hop in hops:
        ends = {hop.link.one.iri, hop.link.other.iri}
        before = next(iter(ends - {hop.thing.iri}), hop.thing.iri)
        key, beside = (f"{direction} {iri}" if iri in followed else start.iri for iri in (hop.thing.iri, before))
        yield key, beside, hop.link


def _kind(thing: Node) -> str:
    return _KIND_OF.get(thing.kind, "priority")


def _depends(link: Link) -> bool:
    return any(fact.kind in DEPENDING for fact in link.facts)


def in_words(link: Link) -> str:
    """A link as a sentence."""
    verbs = " and ".join(dict.fromkeys(SAYS[fact.kind] for fact in link.facts))
    years = sorted({fact.year for fact in link.facts if fact.year})
    return f"{link.one.name} {verbs} {link.other.name}" + (f" ({', '.join(years)})" if years else "")


def _address(key: str) -> str:
    iri = key.rsplit(" ", 1)[-1]
    return layout.at("trace.trace", **{"from": iri.removeprefix(f"{queries.names().base}id/")})
