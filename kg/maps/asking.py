"""From the graph to a picture: what it is a picture of, which leads count, and what a partner is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import networkx as nx

from kg.maps.dependencies import of_dependencies
from kg.maps.partners import place as around_hubs
from kg.maps.partnership import Placing, of_actions, of_partners
from kg.maps.picture import Picture
from kg.network import CANONICAL, LEADS, ROLE, ROLES, leads, led_by
from kg.network.dependencies import dependencies, under
from kg.network.references import QUESTIONS, led_actions, narrowed, references
from kg.questions import Asker, Names, Parameter, Thing

Kind = Literal["plan", "borough", "priority", "theme", "year", "body"]
PARTNERS, ACTIONS, DEPENDENCIES = OF = ("partners", "actions", "dependencies")
"""What there is a picture of."""
NARROWING: Final[Mapping[str, Kind]] = {
    "plan": "plan", "borough": "borough", "priority": "priority", "theme": "theme", "year": "year", "partner": "body",
}  # fmt: skip
"""What a picture can be narrowed to, each with the kind of name it is; a theme says nothing of what leans on what."""
MEANING: Final[Mapping[str, str]] = {
    PARTNERS: "A line means: named as lead in the same cell. It is no measure of how well two partners work together. "
    "In brackets: actions led; on a line: actions shared, from 2 up.",
    ACTIONS: "A line means: the action names this partner as a lead. In brackets: actions led.",
    DEPENDENCIES: "A line to the right means: the words of the plan lead there, in a year's cell or elsewhere.",
}


@dataclass(frozen=True)
class Wanted:
    """What to draw. `words` holds what a person wrote for any of NARROWING, `things` what that stands for.

    `names` and `collective` say what a partner is (see `kg.network.leads`), `least` how many actions a pair shares.
    """

    of: str = PARTNERS
    names: str = CANONICAL
    collective: bool = False
    least: int = 1
    words: Mapping[str, str] = field(default_factory=dict)
    things: Mapping[str, tuple[Thing, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, known: Names, words: Mapping[str, str], **choices: Any) -> Wanted:
        """What a person wants who wrote these words. Raises NotFound for a name that names nothing."""
        given = {name: words[name] for name in NARROWING if words.get(name, "").strip()}
        asked = [Parameter(name=name, type=kind, example=kind) for name, kind in NARROWING.items()]
        found, _ = known.resolved(asked, {name: (word,) for name, word in given.items()})
        return cls(words=given, things=found, **choices)

    def limits(self) -> tuple[str, ...]:
        """What it is narrowed to, in a sentence; nothing where it is not."""
        said = [
            f"{name} {_and(self.things[name]) if name in self.things else word}" for name, word in self.words.items()
        ]
        said += [f"pairs that share {self.least} actions or more"] if self.least > 1 and self.of == PARTNERS else []
        return (f"Only: {'; '.join(said)}.",) if said else ()

    def iris(self, name: str) -> tuple[str, ...]:
        """The IRIs of what it is narrowed to, none where it is not."""
        return tuple(thing.iri for thing in self.things.get(name, ()))


def _and(things: Iterable[Thing]) -> str:
    return " and ".join(dict.fromkeys(thing.name for thing in things))


@dataclass(frozen=True)
class Drawn:
    """A picture of what was wanted, the network of leads in that, and what to know when reading it."""

    wanted: Wanted
    picture: Picture
    leads: nx.Graph[str]
    notes: tuple[str, ...]


def draw(ask: Asker, wanted: Wanted, snapshot: str, place: Placing = around_hubs) -> Drawn:
    """What is wanted as a picture, to be drawn when it is first looked at. `place` says where partners stand."""
    network = _leads(ask, wanted)
    if wanted.of == DEPENDENCIES:
        picture = of_dependencies(_dependencies(ask, wanted))
    elif wanted.of == ACTIONS:
        picture = of_actions(network)
    else:
        picture = of_partners(network, wanted.least, place=place)
    plans = dict.fromkeys(str(plan) for _, plan in network.nodes(data="plan_label") if plan)
    source = f"Source: {', '.join(plans) or 'no plan'}. Structure, not performance. Snapshot {snapshot}."
    return Drawn(wanted, picture, network, (MEANING[wanted.of], *wanted.limits(), source))


def _leads(ask: Asker, wanted: Wanted) -> nx.Graph[str]:
    """Every lead in what is wanted; with a partner all leads of the actions it leads."""
    words = {name: word for name, word in wanted.words.items() if name != "partner"}
    roles = ask(ROLES, {}) if wanted.names == ROLE else None
    network = leads(ask(LEADS, words), wanted.names, collective=wanted.collective, roles=roles)
    return led_by(network, wanted.iris("partner")) if "partner" in wanted.things else network


def _dependencies(ask: Asker, wanted: Wanted) -> nx.DiGraph[str]:
    """What leans on what in what is wanted: of a partner what its actions lean on, of a priority what its parts do."""
    words = {name: wanted.words[name] for name in ("plan", "borough") if name in wanted.words}
    # Where no plan is left, the blank keeps that from meaning every plan.
    plans = ({str(plan) for _, plan in leads(ask(LEADS, words)).nodes(data="plan") if plan} or {""}) if words else ()
    whole = references({name: ask(name, {}) for name in QUESTIONS})
    years = [year.name for year in wanted.things.get("year", ())]
    found = dependencies(narrowed(whole, plans, years), plans)
    if "partner" in wanted.things:
        found = under(found, led_actions(whole, wanted.iris("partner")))
    if "priority" in wanted.things:
        found = under(found, wanted.iris("priority"))
    return found
