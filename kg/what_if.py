"""What if a body withdraws, a plan slips or is dropped, a forum stops: what loses its carrier, and what leans on that.

An action has carriers of two sorts: who leads it, and what it is delivered through, in a year or by its own words. To
lose the only one of a sort is the first level, one of several the second; whatever else leads to what is lost is the
third. Collective wording ("All Partners") is a lead: where nothing but that is left, it is said, and the action is not
called without a lead. Slipping and being dropped take the same away: no text says how long an action could wait.
Nothing is weighed or added up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import networkx as nx

from kg.network import (
    DEPENDING,
    HANDED_ON,
    LED_BY,
    NAMING,
    Link,
    Thing,
    above,
    doubted,
    link,
    thing,
    with_parts,
)
from kg.questions import listed

WITHDRAWS, SLIPS, DROPPED, STOPS = HOWS = ("withdraws", "slips", "is dropped", "stops")
"""What can happen to a body, a plan, a plan, a forum."""
_SEVERAL: Final = {WITHDRAWS: "withdraw", SLIPS: "slip", DROPPED: "are dropped", STOPS: "stop"}
SOLE, WEAKENED, REFERENCED = LEVELS = ("sole carrier lost", "shared carrier weakened", "only referenced")
FARTHEST: Final = 30
"""What leans on what is affected is followed so many hops."""


@dataclass(frozen=True)
class Change:
    """A body, plan or forum and what happens to it; and how many actions it leads and carries, and what else names it.

    `carries` counts what is delivered through it or a part of it, `named` what else leads to it.
    """

    thing: Thing
    how: str
    leads: int
    carries: int
    named: int


@dataclass(frozen=True)
class Lead:
    """A body that leads an action, and how uncertain that reading is ("ambiguous"), "" where it is not."""

    thing: Thing
    doubt: str


@dataclass(frozen=True)
class Affected:
    """An action, priority or plan that leads to what is lost: how badly, why, and by which links.

    `years` are those in which its only vehicle is lost, `by_words` says the same of what its own words name as vehicle.
    `beside` are the leads that stay, `only_collective` that all of these are collective wording. `part_of` is what it
    lies in, the nearest first.
    """

    thing: Thing
    level: str
    why: tuple[str, ...]
    years: tuple[str, ...]
    by_words: bool
    beside: tuple[Lead, ...]
    only_collective: bool
    part_of: tuple[Thing, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Leaning:
    """Something that leans on what is affected, `hop` links away, and the link."""

    thing: Thing
    hop: int
    part_of: tuple[Thing, ...]
    link: Link


@dataclass(frozen=True)
class Downstream:
    """Another plan that is touched: affected actions feed or deliver it, or parts of it lean on them."""

    plan: Thing
    links: tuple[Link, ...]


@dataclass(frozen=True)
class WhatIf:
    """What follows from some changes at once.

    `priorities` are delivery priorities whose every action loses an only carrier, `indicators` those they own.
    `leaning` is what leans on the first two levels, the nearest first.
    """

    changes: tuple[Change, ...]
    affected: tuple[Affected, ...]
    priorities: tuple[Thing, ...]
    indicators: tuple[Thing, ...]
    leaning: tuple[Leaning, ...]
    downstream: tuple[Downstream, ...]

    def at(self, level: str) -> tuple[Affected, ...]:
        """What is affected at one level."""
        return tuple(one for one in self.affected if one.level == level)

    @property
    def years(self) -> Mapping[str, tuple[Thing, ...]]:
        """By year, the actions whose only vehicle of that year is lost."""
        years = sorted({year for one in self.affected for year in one.years})
        return {year: tuple(one.thing for one in self.affected if year in one.years) for year in years}


def what_if(network: nx.MultiDiGraph[str], changes: Sequence[tuple[str, str]]) -> WhatIf:
    """What follows if all of `changes` happen: pairs of an IRI and one of `HOWS`.

    What lies in a plan is lost with it, and is not listed as affected. The units of a body are lost only where they are
    given too.
    """
    lost: dict[str, str] = {}
    for iri, how in changes:
        lost |= dict.fromkeys(with_parts(network, [iri]), how)
    affected = tuple(_affected(network, lost))
    carriers = [one for one in affected if one.level != REFERENCED]
    priorities = tuple(_left(network, lost, {one.thing.iri for one in affected if one.level == SOLE}))
    seeds = [*(one.thing.iri for one in carriers), *priorities]
    leaning = tuple(_leaning(network, seeds, set(lost)))
    return WhatIf(
        tuple(_change(network, iri, how) for iri, how in changes),
        affected,
        tuple(thing(network, priority) for priority in priorities),
        tuple(thing(network, node) for node, said in network.nodes(data=True)
              if said["kind"] == "indicator" and said["part_of"] in priorities),
        leaning,
        tuple(_downstream(network, carriers, leaning, set(lost))),
    )  # fmt: skip


def _change(network: nx.MultiDiGraph[str], iri: str, how: str) -> Change:
    inside = with_parts(network, [iri])
    kinds: dict[str, set[str]] = {}
    for node in inside:
        for one, _, kind in network.in_edges(node, data="kind"):
            if one not in inside:
                kinds.setdefault(one, set()).add(kind)
    leads = {one for one, its in kinds.items() if LED_BY in its}
    carries = {one for one, its in kinds.items() if its & DEPENDING}
    return Change(thing(network, iri), how, len(leads), len(carries), len(kinds.keys() - leads - carries))


# --- the three levels --------------------------------------------------------------------------------------------


def _affected(network: nx.MultiDiGraph[str], lost: Mapping[str, str]) -> Iterator[Affected]:
    """What leads to something lost, the worst first, in the order of the network."""
    leading = {one for node in lost if node in network for one in network.predecessors(node)}
    found = [_judged(network, node, lost) for node in network if node in leading and node not in lost]
    yield from sorted(found, key=lambda one: LEVELS.index(one.level))


def _judged(network: nx.MultiDiGraph[str], node: str, lost: Mapping[str, str]) -> Affected:
    leads = [other for other, kind in _edges(network, node) if kind == LED_BY]
    gone, beside = [one for one in leads if one in lost], [one for one in leads if one not in lost]
    only_collective = bool(gone and beside) and all(network.nodes[one]["collective"] for one in beside)
    emptied, thinned = _vehicles(network, node, lost)
    level = REFERENCED
    if (gone and not beside) or emptied:
        level = SOLE
    elif gone or thinned:
        level = WEAKENED
    links = tuple(link(network, node, other) for other in network.successors(node) if other in lost)
    said = _Sentences(network, node, lost)
    why = (*said.of_leads(gone, beside, only_collective=only_collective), *said.of_vehicles(emptied, thinned))
    return Affected(
        thing(network, node), level, why or _named(links),
        tuple(sorted(year for year in emptied if year)), None in emptied,
        tuple(Lead(thing(network, one), said.doubt(one, (LED_BY,))) for one in beside), only_collective,
        tuple(thing(network, whole) for whole in above(network, node)), links,
    )  # fmt: skip


Vehicles = dict[str | None, tuple[list[str], list[str]]]
"""By year (None: by the action's own words) the vehicles that are lost and those that stay."""


def _vehicles(network: nx.MultiDiGraph[str], node: str, lost: Mapping[str, str]) -> tuple[Vehicles, Vehicles]:
    """The vehicles of a thing where some are lost: where none stays, and where others do.

    What its own words name carries it in every year too, and what any year names carries what its words say.
    """
    by_year: Vehicles = {}
    for _, other, said in network.out_edges(node, data=True):
        if said["kind"] in DEPENDING:
            found = by_year.setdefault(said["year"], ([], []))[other not in lost]
            if other not in found:
                found.append(other)
    touched: Vehicles = {}
    for year, (out, stay) in by_year.items():
        others = [both[1] for when, both in by_year.items() if year is None or when is None]
        touched[year] = (out, stay or list(dict.fromkeys(one for some in others for one in some)))
    touched = {year: both for year, both in touched.items() if both[0]}
    emptied = {year: both for year, both in touched.items() if not both[1]}
    return emptied, {year: both for year, both in touched.items() if both[1]}


def _edges(network: nx.MultiDiGraph[str], node: str) -> Iterator[tuple[str, str]]:
    for _, other, kind in network.out_edges(node, data="kind"):
        yield other, kind


@dataclass(frozen=True)
class _Sentences:
    """Why something stands at the first or the second level: a sentence for each sort of carrier.

    A carrier that is read with doubt is followed by that doubt.
    """

    network: nx.MultiDiGraph[str]
    node: str
    lost: Mapping[str, str]

    def of_leads(self, gone: Sequence[str], beside: Sequence[str], *, only_collective: bool) -> Iterator[str]:
        if not gone:
            return
        happens, rest = self._happens(gone, (LED_BY,)), self._names(beside, (LED_BY,))
        if not beside:
            yield f"{happens}, and nobody else leads it."
        elif only_collective:
            yield f"{happens}: only collective wording is left ({rest})."
        else:
            yield f"{happens}; {rest} {'leads' if len(beside) == 1 else 'lead'} it too."

    def of_vehicles(self, emptied: Vehicles, thinned: Vehicles) -> Iterator[str]:
        for vehicles, others in ((emptied, False), (thinned, True)):
            same: dict[tuple[tuple[str, ...], ...], list[str | None]] = {}
            for year, both in vehicles.items():
                same.setdefault(tuple(map(tuple, both)), []).append(year)
            for (out, stay), years in same.items():
                # Words of its own that name a vehicle may say that it delivers that, or is delivered through that.
                verb = "it delivers or is delivered through" if None in years else "it is delivered through"
                also = f"{self._names(stay, DEPENDING, years)} too" if others else "nothing else"
                yield f"{self._happens(out, DEPENDING, years)}, and {_when(years)} {verb} {also}."

    def doubt(self, other: str, kinds: Collection[str], years: Collection[str | None] = (None,)) -> str:
        """How uncertain the reading is that something carries it in one of these ways and years (None: in any)."""
        edges = self.network.get_edge_data(self.node, other).values()
        return doubted(
            said["certainty"]
            for said in edges
            if said["kind"] in kinds and (None in years or said["year"] in {None, *years})
        )

    def _happens(self, nodes: Sequence[str], kinds: Collection[str], years: Collection[str | None] = (None,)) -> str:
        by_how = {how: [node for node in nodes if self.lost[node] == how] for how in HOWS}
        return listed(
            [
                f"{self._names(its, kinds, years)} {how if len(its) == 1 else _SEVERAL[how]}"
                for how, its in by_how.items()
                if its
            ]
        )

    def _names(self, nodes: Iterable[str], kinds: Collection[str], years: Collection[str | None] = (None,)) -> str:
        return listed([_with(thing(self.network, node), self.doubt(node, kinds, years)) for node in nodes])


def _when(years: Sequence[str | None]) -> str:
    stated = sorted(year for year in years if year)
    parts = [f"in {listed(stated)}"] if stated else []
    return listed([*parts, *(["by its own words"] if None in years else [])])


def _named(links: Sequence[Link]) -> tuple[str, ...]:
    """What something that is only at the third level says of what is lost."""
    return tuple(f"It {one.verbs} {_with(one.other, one.doubt)}." for one in links)


def _with(named: Thing, doubt: str) -> str:
    return f"{named.name} ({doubt})" if doubt else named.name


# --- what follows ------------------------------------------------------------------------------------------------


def _left(network: nx.MultiDiGraph[str], lost: Mapping[str, str], sole: set[str]) -> Iterator[str]:
    """The delivery priorities none of whose actions keeps its carriers."""
    actions: dict[str, list[str]] = {}
    for node, said in network.nodes(data=True):
        if said["kind"] == "action" and node not in lost:
            actions.setdefault(said["part_of"], []).append(node)
    for node, kind in network.nodes(data="kind"):
        if kind == "delivery priority" and node in actions and sole.issuperset(actions[node]):
            yield node


def _leaning(network: nx.MultiDiGraph[str], seeds: Sequence[str], lost: set[str]) -> Iterator[Leaning]:
    """What depends on or points to the affected, then what does to that, each thing once where it is nearest."""
    seen, level = {*seeds, *lost}, list(seeds)
    for hop in range(1, FARTHEST + 1):
        after: list[str] = []
        for node in level:
            for one, _, kind in network.in_edges(node, data="kind"):
                if one not in seen and kind not in NAMING and kind != LED_BY:
                    seen.add(one)
                    after.append(one)
                    inside = tuple(thing(network, whole) for whole in above(network, one))
                    yield Leaning(thing(network, one), hop, inside, link(network, one, node))
        level = after


def _downstream(
    network: nx.MultiDiGraph[str], carriers: Sequence[Affected], leaning: Sequence[Leaning], lost: set[str]
) -> Iterator[Downstream]:
    found: dict[str, list[Link]] = {}
    for one in carriers:
        for other, kind in dict.fromkeys(_edges(network, one.thing.iri)):
            plan = _plan(network, other)
            if kind in HANDED_ON and plan and other not in lost:
                found.setdefault(plan, []).append(link(network, one.thing.iri, other))
    own = {_plan(network, one.thing.iri) for one in carriers}
    for lean in leaning:
        plan = _plan(network, lean.thing.iri)
        if plan and plan not in own:
            found.setdefault(plan, []).append(lean.link)
    for plan, links in found.items():
        yield Downstream(thing(network, plan), tuple(dict.fromkeys(links)))


def _plan(network: nx.MultiDiGraph[str], node: str) -> str | None:
    """The plan that a thing is or lies in."""
    return next((one for one in (node, *above(network, node)) if network.nodes[one]["kind"] == "plan"), None)
