"""Follows references from a thing, out or in, hop by hop, and finds the ways between two things.

What leads where is `kg.network.references`. A trace begins with a thing and all that lies in it: what points to a
section of a plan points to the plan. From then on it goes from fact to fact and never up or down the structure of a
plan, because everything would reach everything; what a thing that was reached lies in is named beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Final

import networkx as nx

from kg.errors import InputError
from kg.network import DEPENDING, LED_BY, NAMING, Link, Thing, above, link, thing, with_parts

OUT, IN, BOTH = DIRECTIONS = ("out", "in", "both")
DEEPEST: Final = 30
"""A trace goes no deeper, whatever was asked: a list within a list that deep helps nobody."""
MOST_HOPS: Final = 2_000
"""A trace shows no more hops, the nearest first."""
MOST_PATHS: Final = 20
"""So many ways between two things are shown."""
MOST_CYCLES: Final = 20
"""So many circles are shown."""


@dataclass(frozen=True)
class Hop:
    """A step of a trace: the thing it comes to, the link it came by, and where it goes on.

    `again` is empty where the thing is followed from here ("above" or "below" in the list where it is followed there,
    "start" where the trace began with it). `part_of` is what it lies in, the nearest first.
    """

    thing: Thing
    link: Link
    depth: int
    again: str
    part_of: tuple[Thing, ...]
    hops: tuple[Hop, ...]

    def walk(self) -> Iterator[Hop]:
        """It and all that follow, as the list has them."""
        yield self
        for hop in self.hops:
            yield from hop.walk()


@dataclass(frozen=True)
class Trace:
    """What a thing leads to (`direction` out) or what leads to it (in), to a depth.

    `reached` counts the things, each once; `deepest` is how far the last of them is. `cut` says in a sentence what is
    left out, or is None. `cycles` are links that lead back to where they began, one circle for each knot of circles.
    """

    start: Thing
    direction: str
    depth: int
    hops: tuple[Hop, ...]
    reached: int
    deepest: int
    cut: str | None
    cycles: tuple[tuple[Link, ...], ...]

    def walk(self) -> Iterator[Hop]:
        """Every hop as the list has them."""
        for hop in self.hops:
            yield from hop.walk()


@dataclass(frozen=True)
class Paths:
    """The shortest ways from one thing, or a part of it, to another: each a row of links; none where nothing leads.

    With `direction` both, a link may be gone against its direction. `cut` says where there are more ways than shown.
    """

    start: Thing
    end: Thing
    direction: str
    ways: tuple[tuple[Link, ...], ...]
    cut: str | None


def trace(network: nx.MultiDiGraph[str], start: str, direction: str = OUT, depth: int = DEEPEST) -> Trace:
    """Follow every fact from `start` (an IRI) out, or back in, `depth` hops far.

    A thing is followed once, where it is nearest to the start; elsewhere it is only named. Raises InputError for a
    depth below 1 or another direction. A thing that is not in the network leads nowhere.
    """
    if direction not in (OUT, IN):
        raise InputError(f'A trace goes out or in, not "{direction[:40]}".')
    if depth < 1:
        raise InputError(f"A trace goes 1 hop or more, not {depth}.")
    asked, depth = depth, min(depth, DEEPEST)
    found = _followed(network, with_parts(network, [start]), direction, depth)
    hops = _nested(network, found, direction)
    cut = None
    if found.more:
        noun = "hop" if depth == 1 else "hops"
        cut = f"It goes on beyond {depth} {noun}{', and no trace is deeper' if asked > DEEPEST else ''}."
    if found.full:
        cut = f"Only the nearest {MOST_HOPS:,} hops are shown."
    reached = [*found.starts, *found.at]
    return Trace(
        thing(network, start), direction, asked, hops, len(found.at), max(found.at.values(), default=0), cut,
        cycles(network, reached),
    )  # fmt: skip


def paths(network: nx.MultiDiGraph[str], start: str, end: str, direction: str = BOTH) -> Paths:
    """The shortest ways from `start` to `end` (out), from `end` to `start` (in), or along links in any direction."""
    if direction not in DIRECTIONS:
        raise InputError(f'"{direction[:40]}" is no direction: take {", ".join(DIRECTIONS)}.')
    one, other = (end, start) if direction == IN else (start, end)
    ones, others = with_parts(network, [one]), with_parts(network, [other])
    ways = _shortest(network, ones, set(others) - set(ones), both=direction == BOTH)
    first = list(islice(ways, MOST_PATHS + 1))
    cut = f"There are more; the first {MOST_PATHS} are shown." if len(first) > MOST_PATHS else None
    shown = tuple(tuple(link(network, *ends) for ends in pairwise(way)) for way in first[:MOST_PATHS])
    return Paths(thing(network, start), thing(network, end), direction, shown, cut)


def cycles(network: nx.MultiDiGraph[str], nodes: Iterable[str]) -> tuple[tuple[Link, ...], ...]:
    """For each knot of things, among these, that lead to each other a shortest circle through the first of them."""
    order = {node: number for number, node in enumerate(dict.fromkeys(nodes))}
    graph = network.subgraph(order)
    found = []
    for knot in nx.strongly_connected_components(graph):
        nearest = min(knot, key=order.__getitem__)
        # Nearly every thing is a knot by itself.
        if len(knot) > 1 or graph.has_edge(nearest, nearest):
            circle = _circle(graph.subgraph(knot), nearest)
            found.append((order[nearest], tuple(link(network, *ends) for ends in pairwise(circle))))
    found.sort(key=lambda one: one[0])
    return tuple(circle for _, circle in found[:MOST_CYCLES])


# --- following ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Followed:
    """Things by how far from the start they are, and for each thing the next ones.

    `more`: they go on deeper; `full`: some were left out because there are too many.
    """

    starts: Sequence[str]
    at: Mapping[str, int]
    next: Mapping[str, Sequence[str]]
    more: bool
    full: bool


def _followed(network: nx.MultiDiGraph[str], starts: Sequence[str], direction: str, depth: int) -> _Followed:
    """Breadth first, so that every thing is followed where it is nearest."""
    at: dict[str, int] = {}
    following: dict[str, Sequence[str]] = {}
    begun, level = set(starts), [node for node in starts if node in network]
    left, full = MOST_HOPS, False
    for far in range(1, depth + 1):
        after: list[str] = []
        for node in level:
            found = _beside(network, node, direction)
            full |= len(found) > left
            following[node] = found[:left]
            left -= len(following[node])
            for other in following[node]:
                if other not in at and other not in begun:
                    at[other] = far
                    after.append(other)
        level = after
        if not level:
            break
    return _Followed(starts, at, following, any(_beside(network, node, direction) for node in level), full)


def _beside(network: nx.MultiDiGraph[str], node: str, direction: str) -> list[str]:
    """The things a thing leads to, or that lead to it: what carries first, what is only named last."""
    found = network.successors(node) if direction == OUT else network.predecessors(node)

    def rank(other: str) -> int:
        edges = network.get_edge_data(*((node, other) if direction == OUT else (other, node)))
        return min(_rank(str(said["kind"]), direction) for said in edges.values())

    return sorted(found, key=rank)


def _rank(kind: str, direction: str) -> int:
    if kind == LED_BY:
        return 2 if direction == OUT else -1
    return 3 if kind in NAMING else int(kind not in DEPENDING)


def _nested(network: nx.MultiDiGraph[str], found: _Followed, direction: str) -> tuple[Hop, ...]:
    begun, done = set(found.starts), set[str]()

    def hops(node: str, depth: int) -> tuple[Hop, ...]:
        made = []
        for other in found.next.get(node, ()):
            ends = (node, other) if direction == OUT else (other, node)
            followed_here = other not in begun and found.at[other] == depth and other not in done
            again = "" if followed_here else "start" if other in begun else "above" if other in done else "below"
            if followed_here:
                done.add(other)
            inside = tuple(thing(network, whole) for whole in above(network, other))
            after = hops(other, depth + 1) if followed_here else ()
            made.append(Hop(thing(network, other), link(network, *ends), depth, again, inside, after))
        return tuple(made)

    return tuple(hop for node in found.starts for hop in hops(node, 1))


# --- ways and circles --------------------------------------------------------------------------------------------


def _shortest(
    network: nx.MultiDiGraph[str], starts: Sequence[str], ends: set[str], *, both: bool
) -> Iterator[tuple[str, ...]]:
    """Every shortest way from one of `starts` to one of `ends`, its nodes in order."""
    before: dict[str, list[str]] = defaultdict(list)
    level = [node for node in starts if node in network]
    seen = set(level)
    for _ in range(DEEPEST):
        if seen & ends:
            break
        after: dict[str, None] = {}
        for node in level:
            beside = dict.fromkeys(network.successors(node))
            if both:
                beside |= dict.fromkeys(network.predecessors(node))
            for other in beside:
                if other not in seen:
                    after[other] = None
                    before[other].append(node)
        level = list(after)
        seen |= after.keys()

    def back(node: str, way: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if node not in before:
            yield (node, *way)
        for earlier in before.get(node, ()):
            yield from back(earlier, (node, *way))

    for end in level:
        if end in ends:
            yield from back(end, ())


def _circle(knot: nx.MultiDiGraph[str], node: str) -> tuple[str, ...]:
    """The shortest way from a thing back to itself in a knot, where everything leads to everything."""
    ways = nx.single_source_shortest_path(knot, node)
    return (*min((ways[last] for last in knot.predecessors(node)), key=len), node)
