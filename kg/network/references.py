"""What leads to what, as a network: pointers, vehicles, names and leads, out of the answers that have a row for each.

Whatever says something is where an edge begins, and what it says it of is where it ends: an action that is delivered
through a plan, a priority that names a place, an action that a body leads ("led by"). An edge is one fact, so two
things may have several. Up and down the structure of a plan there are no edges: `part_of` says what a thing lies in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import networkx as nx

from kg.names import CODE
from kg.network.partners import COLLECTIVE, DOUBTS, LEADS
from kg.questions import Answer, Value, listed

Row = Mapping[str, Value]

CONTENTS, IMPROVEMENTS, INDICATORS = "contents-of-the-plan", "improvement-actions", "who-holds-the-number"
REFERENCES, MENTIONS = "every-reference", "every-mention"
QUESTIONS: Final = (CONTENTS, IMPROVEMENTS, INDICATORS, REFERENCES, LEADS, MENTIONS)
"""The questions whose answers are all of it."""
DELIVERED_THROUGH, DELIVERS, FEEDS, LED_BY = "delivered through", "delivers", "feeds", "led by"
SAYS: Final[Mapping[str, str]] = {
    DELIVERED_THROUGH: "is delivered through", DELIVERS: "delivers or is delivered through", "see also": "points to",
    "managed by": "is managed by", "measured by": "is measured by", "shares indicators": "shares indicators with",
    FEEDS: "feeds", LED_BY: "is led by", "names": "names", "is at": "is at", "uses": "uses",
}  # fmt: skip
"""Each kind of edge as the verb between the two things: the one list of kinds."""
NAMING: Final = frozenset({"names", "is at", "uses"})
"""The kinds of edge that only name something."""
REFERRING: Final = tuple(kind for kind in SAYS if kind not in {LED_BY, *NAMING})
"""The kinds of reference: what is left without leads and names."""
DEPENDING: Final = frozenset({DELIVERED_THROUGH, DELIVERS})
"""The kinds of edge that make an element depend on what they lead to."""
POINTING: Final = frozenset(REFERRING) - {DELIVERED_THROUGH}
"""The kinds of cross-reference; the other kind of reference says through what a year is delivered."""
HANDED_ON: Final = frozenset({FEEDS, DELIVERS})
"""The kinds of edge by which an action gives something to a plan."""
AS_PRINTED: Final = "as printed"
"""How words stand in an answer that are those of the document; others are our own."""
FORUM: Final = str(CODE["ptype-forum"])


@dataclass(frozen=True)
class Thing:
    """Something in the network: its IRI, what it is called and what kind of thing it is."""

    iri: str
    name: str
    kind: str


@dataclass(frozen=True)
class Fact:
    """Why one thing leads to another: how, and the words, year, place, certainty and cell of the document.

    `wording` says whether the words are "as printed" or "in our words", `source` names the cells, `words_iri` is the
    statement (None for a lead), `plan_name` the plan that says it. None is not stated.
    """

    kind: str
    words: str | None
    wording: str | None
    words_iri: str | None
    year: str | None
    locator: str | None
    role: str | None
    certainty: str | None
    source: str | None
    plan_name: str | None
    plan_name_iri: str | None

    @property
    def verb(self) -> str:
        """How the one leads to the other, between the two."""
        return SAYS[self.kind]

    @property
    def is_printed(self) -> bool:
        """Whether its words are those of the document."""
        return self.wording == AS_PRINTED


@dataclass(frozen=True)
class Alike:
    """Facts that say the same in the same words, of several years maybe."""

    facts: tuple[Fact, ...]

    @property
    def first(self) -> Fact:
        """One that stands for all."""
        return self.facts[0]

    @property
    def years(self) -> list[str]:
        """The years, each once."""
        return sorted({fact.year for fact in self.facts if fact.year})


@dataclass(frozen=True)
class Link:
    """Two things and every fact by which `one` leads to `other`."""

    one: Thing
    other: Thing
    facts: tuple[Fact, ...]

    @property
    def alike(self) -> list[Alike]:
        """The facts in groups of those that say the same."""
        groups: dict[tuple[object, ...], list[Fact]] = {}
        for fact in self.facts:
            same = (fact.kind, fact.words, fact.wording, fact.locator, fact.role, fact.certainty, fact.year is None)
            groups.setdefault(same, []).append(fact)
        return [Alike(tuple(group)) for group in groups.values()]

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of its facts."""
        return frozenset(fact.kind for fact in self.facts)

    @property
    def verbs(self) -> str:
        """In which ways the one leads to the other."""
        return listed(list(dict.fromkeys(fact.verb for fact in self.facts)))

    @property
    def doubt(self) -> str:
        """How uncertain the reading of some fact of it is ("ambiguous"), "" where that of none is."""
        return doubted(fact.certainty for fact in self.facts)


def references(answers: Mapping[str, Answer]) -> nx.MultiDiGraph[str]:
    """The network in the answers to `QUESTIONS`, by their names.

    A node is an IRI; it has a `label`, a `kind` (action, delivery priority, strategic priority, improvement action,
    indicator, plan, section, forum, body, place or initiative), `part_of` (the IRI of what it lies in, or None) and
    `collective` (whether it is wording for many bodies). An edge has what a `Fact` has. Edges out of a node, and into
    it, come in the order of the documents.
    """
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for row in answers[CONTENTS].records():
        _structure(network, row)
        _node(network, row["ref_iri"], f"{row['ref']} {row['title']}", "action", row["dp_iri"])
    for row in answers[IMPROVEMENTS].records():
        _structure(network, row)
        _node(network, row["text_iri"], row["text"], "improvement action", row["dp_iri"])
    for row in answers[INDICATORS].records():
        if row["kind"] == "overarching indicator":
            _node(network, row["measure_iri"], row["measure"], "indicator", row["ref_iri"])
    for row in answers[REFERENCES].records():
        _said(network, row, row["from_iri"], row["to_iri"])
    for row in answers[LEADS].records():
        kind = "forum" if row["type_iri"] == FORUM else "body"
        _node(network, row["partner_iri"], row["partner"], kind, None, collective=row["type_iri"] == COLLECTIVE)
        _edge(network, row, row["ref_iri"], row["partner_iri"], kind=LED_BY, words=row["printed"], wording=AS_PRINTED)
    for row in answers[MENTIONS].records():
        _said(network, row, row["from_iri"], row["to_iri"])
    return network


def narrowed(
    network: nx.MultiDiGraph[str], plans: Iterable[str] = (), years: Iterable[str] = (), leads: Iterable[str] = ()
) -> nx.MultiDiGraph[str]:
    """The same things with fewer edges: what these plans say, of these years, in actions that these bodies lead.

    Plans and leads are IRIs. Who leads an action is said once for all years, so a year leaves that in. Nothing given is
    no limit.
    """
    wanted_plans, wanted_years, wanted_leads = set(plans), set(years), set(leads)
    if not (wanted_plans or wanted_years or wanted_leads):
        return network
    led = led_actions(network, wanted_leads)
    fewer: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    fewer.add_nodes_from(network.nodes(data=True))
    fewer.add_edges_from(
        (one, other, said)
        for one, other, said in network.edges(data=True)
        if (not wanted_plans or said["plan_name_iri"] in wanted_plans)
        and (not wanted_years or said["kind"] == LED_BY or said["year"] in wanted_years)
        and (not wanted_leads or one in led)
    )
    return fewer


def led_actions(network: nx.MultiDiGraph[str], bodies: Iterable[str]) -> set[str]:
    """The actions that one of these bodies leads."""
    edges = network.in_edges([body for body in bodies if body in network], data="kind")
    return {one for one, _, kind in edges if kind == LED_BY}


def above(network: nx.MultiDiGraph[str], node: str) -> Iterator[str]:
    """What a thing lies in, from the nearest to the plan."""
    seen = {node}
    while node in network and (whole := network.nodes[node]["part_of"]) and whole not in seen:
        seen.add(whole)
        yield whole
        node = whole


def with_parts(network: nx.MultiDiGraph[str], nodes: Iterable[str]) -> list[str]:
    """These things and all that lies in them, in the order of the network."""
    wanted = dict.fromkeys(nodes)
    inside = [node for node in network if node in wanted or any(whole in wanted for whole in above(network, node))]
    return [*(node for node in wanted if node not in network), *inside]


def thing(network: nx.MultiDiGraph[str], iri: str) -> Thing:
    """A thing by its IRI; what is not in the network is called by it."""
    said: Mapping[str, Any] = network.nodes[iri] if iri in network else {"label": iri, "kind": "thing"}
    return Thing(iri, str(said["label"]), str(said["kind"]))


def link(network: nx.MultiDiGraph[str], one: str, other: str) -> Link:
    """The link between two things that stand beside each other, whichever of them it begins with."""
    if not network.has_edge(one, other):
        one, other = other, one
    edges = (network.get_edge_data(one, other) or {}).values()
    return Link(thing(network, one), thing(network, other), tuple(Fact(**said) for said in edges))


def doubted(certainties: Iterable[str | None]) -> str:
    """Of how certain some readings are, what is doubtful, in words: "ambiguous"; "" where nothing is."""
    return listed([certain.lower() for certain in dict.fromkeys(certainties) if certain and certain in DOUBTS])


def _structure(network: nx.MultiDiGraph[str], row: Row) -> None:
    plan, priority, delivery = row["plan_name_iri"], row["sp_iri"], row["dp_iri"]
    _node(network, plan, row["plan_name"], "plan", None)
    _node(network, priority, f"{row['sp']} {row['sp_title']}", "strategic priority", plan)
    _node(network, delivery, f"{row['sp']}/{row['dp']} {row['dp_title']}", "delivery priority", priority)


def _said(network: nx.MultiDiGraph[str], row: Row, one: Value, other: Value) -> None:
    of_plan = row["plan_name_iri"] if row["from_kind"] != "plan" else None
    _node(network, one, row["from"], row["from_kind"], of_plan)
    if row.get("within_iri"):
        _node(network, row["within_iri"], row["within"], "plan", None)
    _node(network, other, row["to"], row["to_kind"], row.get("within_iri"))
    _edge(network, row, one, other, kind=row["kind"], words=row["words"], wording=row["wording"])


def _node(
    network: nx.MultiDiGraph[str], iri: Value, label: Value, kind: Value, part_of: Value, *, collective: bool = False
) -> None:
    # What is known already came from a row that says more of where it lies.
    if iri not in network:
        network.add_node(str(iri), label=str(label), kind=str(kind), part_of=part_of, collective=collective)


def _edge(network: nx.MultiDiGraph[str], row: Row, one: Value, other: Value, **said: Value) -> None:
    kept = ("words_iri", "year", "locator", "role", "certainty", "source", "plan_name", "plan_name_iri")
    attributes: dict[str, Any] = {name: row.get(name) for name in kept} | said
    network.add_edge(str(one), str(other), **attributes)
