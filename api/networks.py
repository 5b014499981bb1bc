"""What leads where in the whole graph, for the pages that follow it: made once, narrowed to a scope, and named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

import networkx as nx

from api import queries
from api.forms import Given
from kg.network import QUESTIONS, narrowed, references
from kg.network import Thing as Node
from kg.questions import Thing

_NUMBERED: Final = ("action", "delivery priority", "strategic priority")


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


def suggestions() -> tuple[tuple[str, str], ...]:
    """What a form can offer: what to write for a thing, and what to show beside it, in the order of the plans."""
    found: tuple[tuple[str, str], ...] = queries.kept("suggestions", lambda: tuple(_suggestions(whole())))
    return found


def _suggestions(network: nx.MultiDiGraph[str]) -> Iterator[tuple[str, str]]:
    names, base = queries.names(), f"{queries.names().base}id/"
    refs = Counter(said["label"].split(" ")[0] for _, said in network.nodes(data=True) if said["kind"] in _NUMBERED)
    for iri, said in network.nodes(data=True):
        ref, _, title = said["label"].partition(" ")
        if said["kind"] in _NUMBERED and refs[ref] == 1:
            yield ref, title
        elif iri in names.things:
            yield said["label"], said["kind"]
        elif said["kind"] not in ("indicator", "improvement action"):
            yield iri.removeprefix(base), said["label"]
