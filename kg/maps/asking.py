"""From the graph to a picture: which leads count, what a partner is, and what it is a picture of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import networkx as nx

from kg.maps.partners import place as around_hubs
from kg.maps.partnership import Placing, of_actions, of_partners
from kg.maps.picture import Picture
from kg.network import CANONICAL, LEADS, leads, led_by
from kg.questions import Asker

PARTNERS, ACTIONS = OF = ("partners", "actions")
"""What there is a picture of."""
NARROWING: Final = ("plan", "borough", "priority", "theme", "year")
"""What the leads can be narrowed by: parameters of the question they come from."""
MEANING: Final[Mapping[str, str]] = {
    PARTNERS: "A line means: named as lead in the same cell. It is no measure of how well two partners work together.",
    ACTIONS: "A line means: the action names this partner as a lead.",
}


@dataclass(frozen=True)
class Wanted:
    """What to draw. `narrowed` holds what a person wrote for any of NARROWING; `partner` the IRIs of a body.

    `names` and `collective` say what a partner is (see `kg.network.leads`), `least` how many actions a pair shares.
    """

    of: str = PARTNERS
    names: str = CANONICAL
    collective: bool = False
    least: int = 1
    narrowed: Mapping[str, str] = field(default_factory=dict)
    partner: tuple[str, ...] = ()


def leads_for(ask: Asker, wanted: Wanted) -> nx.Graph[str]:
    """The network of leads that a picture is made of; with a partner only the actions it leads, and all their leads."""
    answer = ask(LEADS, wanted.narrowed)
    network = leads(answer, wanted.names, collective=wanted.collective)
    return led_by(network, wanted.partner) if wanted.partner else network


def pictured(network: nx.Graph[str], wanted: Wanted, place: Placing = around_hubs) -> Picture:
    """The picture of a network of leads. `place` says where the partners stand. Raises InputError where too many do."""
    made: Mapping[str, Callable[[], Picture]] = {
        PARTNERS: lambda: of_partners(network, wanted.least, place=place),
        ACTIONS: lambda: of_actions(network),
    }
    return made[wanted.of]()


def notes_on(network: nx.Graph[str], wanted: Wanted, snapshot: str) -> tuple[str, ...]:
    """What to know when reading a picture of a network of leads: what a line means, and where it comes from."""
    plans = dict.fromkeys(str(plan) for _, plan in network.nodes(data="plan_label") if plan)
    source = f"Source: {', '.join(plans) or 'no plan'}. Structure, not performance. Snapshot {snapshot}."
    return MEANING[wanted.of], source
