"""Narrowing a list by facets: what fits the choices made, and how many there would be for each other choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from api.forms import Given

Value = tuple[str, str]
"""A facet and one of its values, by IRI, or by name where the value has none."""


@dataclass(frozen=True)
class Choice:
    """One value of a facet: how many of what is shown have it, and whether it is chosen."""

    iri: str
    name: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A way to narrow the list."""

    name: str
    title: str
    choices: tuple[Choice, ...]


def fits(values: Set[Value], chosen: Set[Value], *but: str) -> bool:
    """Whether something has one of the values chosen in every facet, the facets `but` left out of account."""
    facets = {name for name, _ in chosen} - {*but}
    return all(any((name, iri) in values for facet, iri in chosen if facet == name) for name in facets)


def facets(
    titles: Mapping[str, str],
    having: Iterable[Set[Value]],
    chosen: Set[Value],
    names: Mapping[str, str],
    order: Sequence[str] = (),
) -> tuple[Facet, ...]:
    """The facets of `titles` that leave a choice, over things with these values; `names` calls the values by name.

    A facet counts what would be shown if its own choice were another one, so it is not narrowed by itself. The values
    in `order` stand in that order, the others by how many have them.
    """
    every = list(having)
    places = {value: place for place, value in enumerate(order)}
    found = []
    for facet, title in titles.items():
        counts = Counter(
            iri for values in every if fits(values, chosen, facet) for name, iri in values if name == facet
        )
        called = {iri: names.get(iri, iri) for iri in counts}
        ranked = sorted(counts, key=lambda iri: (places.get(iri, 0), -counts[iri], called[iri]))
        choices = tuple(Choice(iri, called[iri], counts[iri], (facet, iri) in chosen) for iri in ranked)
        found.append(Facet(facet, title, choices))
    return tuple(one for one in found if len(one.choices) > 1 or any(choice.chosen for choice in one.choices))


def chosen_things(given: Given, titles: Mapping[str, str]) -> set[Value]:
    """What was chosen in these facets, where the choices are things with an address."""
    return {(name, thing.iri) for name, things in given.things.items() for thing in things if name in titles}
