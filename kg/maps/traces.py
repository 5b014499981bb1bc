"""The picture of a trace: what leads to a thing on its left, what it leads to on its right, a column for each hop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

import networkx as nx

from kg.maps import dependencies as leaning
from kg.maps.columns import Edge, Item, place
from kg.maps.picture import Picture
from kg.maps.svg import Kind
from kg.network import DEPENDING, Link, Thing
from kg.network.dependencies import ACTION, DELIVERY, FORUM, OTHER, PLAN
from kg.questions import counted
from kg.trace import IN, OUT, Hop, Trace

START: Final = "start"
_SAME: Final = {kind.name: kind for kind in leaning.KINDS}
# What is the same thing in both pictures looks the same. Here all kinds may share a column, so each has an outline.
KINDS: Final = (
    Kind(START, "Where it begins", "#0b0c0c", 3),
    _SAME[ACTION],
    replace(_SAME[DELIVERY], label="Priority, indicator or improvement action"),
    replace(_SAME[PLAN], label="Plan, or a section of it"),
    replace(_SAME[FORUM], label="Body or forum"),
    replace(_SAME[OTHER], label="Place or initiative", order=6),
)
_KIND_OF: Final[Mapping[str, str]] = {
    "action": ACTION, "plan": PLAN, "section": PLAN, "body": FORUM, "forum": FORUM, "place": OTHER, "initiative": OTHER,
}  # fmt: skip


def of_trace(start: Thing, traces: Sequence[Trace], whose: Callable[[str], str] = lambda _iri: "") -> Picture:
    """The picture of the traces of a thing, one in each direction at most.

    `whose` says of an IRI which plan it is a part of, where that needs saying.
    A thing that both leads here and is led to has two boxes: see `thing_of` for what a box stands for.
    """
    hops = {one.direction: list(one.walk()) for one in traces}
    sides = {direction: _side(direction, found) for direction, found in hops.items()}
    things = {key: hop.thing for side in sides.values() for key, hop in side.items()}

    def told(thing: Thing) -> str:
        plan = whose(thing.iri)
        return f"{thing.name} ({plan})" if plan else thing.name

    columns = [
        *reversed(_columns(sides.get(IN, {}), told)),
        [Item(start.iri, told(start), START)],
        *_columns(sides.get(OUT, {}), told),
    ]
    links: dict[tuple[str, str], Link] = {}
    for direction, found in hops.items():
        for key, beside, link in _ends(direction, start, found):
            ends = (beside, key) if direction == OUT else (key, beside)
            if ends[0] != ends[1]:
                links.setdefault(ends, link)
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_nodes_from([start.iri, *things])
    network.add_edges_from(links)
    kinds = {START, *(_kind(thing) for thing in things.values())}
    edges = [
        Edge(*ends, kind=leaning.DEPENDS if link.kinds & DEPENDING else leaning.REFERS, directed=True)
        for ends, link in links.items()
    ]
    return Picture(
        f"Trace of {start.name}",
        f"{counted(len(things), 'thing')} reached; {counted(len(links), 'link')}. Arrows point to what is leant on.",
        network,
        tuple(kind for kind in KINDS if kind.name in kinds),
        {key: f"{told(thing)} ({thing.kind})" for key, thing in ({start.iri: start} | things).items()},
        {ends: _in_words(link) for ends, link in links.items()},
        lambda: place(columns, edges),
    )


def thing_of(key: str) -> str:
    """The IRI of what a box stands for, by the key of the box."""
    return key.rsplit(" ", 1)[-1]


def _side(direction: str, hops: Sequence[Hop]) -> dict[str, Hop]:
    return {f"{direction} {hop.thing.iri}": hop for hop in hops if not hop.again}


def _columns(side: dict[str, Hop], told: Callable[[Thing], str]) -> list[list[Item]]:
    by_depth = sorted(side.items(), key=lambda one: one[1].depth)
    return [
        [Item(key, told(hop.thing), _kind(hop.thing)) for key, hop in found]
        for _, found in groupby(by_depth, key=lambda one: one[1].depth)
    ]


def _ends(direction: str, start: Thing, hops: Sequence[Hop]) -> Iterator[tuple[str, str, Link]]:
    """The box a hop comes to, the box it comes from, and the link between them."""
    followed = {hop.thing.iri for hop in hops if not hop.again}
    for hop in hops:
        ends = {hop.link.one.iri, hop.link.other.iri}
        before = next(iter(ends - {hop.thing.iri}), hop.thing.iri)
        key, beside = (f"{direction} {iri}" if iri in followed else start.iri for iri in (hop.thing.iri, before))
        yield key, beside, hop.link


def _kind(thing: Thing) -> str:
    return _KIND_OF.get(thing.kind, DELIVERY)


def _in_words(link: Link) -> str:
    years = sorted({fact.year for fact in link.facts if fact.year})
    return f"{link.one.name} {link.verbs} {link.other.name}" + (f" ({', '.join(years)})" if years else "")
