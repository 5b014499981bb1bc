"""`/what-if`: what falls if a body withdraws, a plan slips or is dropped, a forum stops; several at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import networkx as nx
from flask import Blueprint

from api import queries
from api.facts import Named
from api.forms import Given
from api.leads import bodies
from api.networks import node, scoped, whole
from api.spreadsheets import Table
from api.twins import page
from kg.network import LED_BY, POINTING, Fact, Link, Thing, led_actions
from kg.questions import Parameter
from kg.what_if import DROPPED, LEVELS, REFERENCED, SLIPS, STOPS, WITHDRAWS, Affected, Change, Lead, WhatIf, what_if

blueprint = Blueprint("what_if", __name__)

HOWS: Final = {"withdraw": WITHDRAWS, "slips": SLIPS, "dropped": DROPPED, "stops": STOPS}
"""What is said to happen by each parameter."""
PARAMETERS: Final = (
    Parameter(name="withdraw", type="body", example="Integrated Gangs Unit", several=True, meaning="A body withdraws"),
    Parameter(name="slips", type="plan", example="Youth Justice Plan", several=True, meaning="A plan is late"),
    Parameter(name="dropped", type="plan", example="Gangs Action Plan", several=True, meaning="A plan is given up"),
    Parameter(name="stops", type="body", example="Partnership Tasking", several=True, meaning="A forum meets no more"),
    Parameter(name="units", type="flag", example="yes", meaning="Whether the units of a body withdraw with it"),
)
COLUMNS: Final = ("level", "hop", "what", "kind", "part of", "why", "years without vehicle", "leads that stay", "how",
                  "to", "year", "words", "wording", "certainty", "source", "plan")  # fmt: skip
LEANS: Final = "leans on what is affected"
LEFT: Final = "all its actions lose an only carrier"


@dataclass(frozen=True)
class Said:
    """A change as it stands in the address: the parameter, the words given, and what they name."""

    parameter: str
    how: str
    words: str
    names: tuple[Named, ...]


@dataclass(frozen=True)
class WhatIfPage:
    """What follows if all that was said happens. `is_example`: nothing was said, and this shows what would be.

    With a partner in the scope only the actions it leads are listed as affected; the priorities all of whose actions
    lose an only carrier are always found in the whole plan.
    """

    said: tuple[Said, ...]
    is_example: bool
    units: bool
    found: WhatIf

    @property
    def levels(self) -> list[tuple[str, tuple[Affected, ...]]]:
        """The three levels and what is affected at each."""
        return [(level, self.found.at(level)) for level in LEVELS]

    @property
    def is_of_plans(self) -> bool:
        """Whether a plan is late or given up."""
        return any(one.how in (SLIPS, DROPPED) for one in self.said)

    @property
    def pointing(self) -> tuple[int, int, int]:
        """How many of the affected point to what falls away and lose a carrier, only point to it, only name it."""
        points = [
            (one.level == REFERENCED, any(link.kinds & POINTING for link in one.links)) for one in self.found.affected
        ]
        return points.count((False, True)), points.count((True, True)), points.count((True, False))

    @property
    def idle(self) -> tuple[Change, ...]:
        """What leads nothing and through which nothing is delivered."""
        return tuple(change for change in self.found.changes if not change.leads and not change.carries)

    @property
    def offered(self) -> Mapping[str, list[tuple[str, str]]]:
        """What each parameter can be given, with what that is: what leads or carries something first."""
        network = whole()
        found: dict[str, list[tuple[str, str]]] = {name: [] for name in HOWS}
        for iri, said in network.nodes(data=True):
            kind, name = said["kind"], said["label"]
            if kind in ("body", "forum"):
                found["withdraw"].append((name, f"{_leads(network, iri)} led"))
            if kind == "forum":
                found["stops"].append((name, kind))
            if kind == "plan":
                found["slips"].append((name, kind))
        return found | {"dropped": found["slips"]}

    def table(self) -> Table:
        """A row a fact by which something is affected or leans on that, and one for each priority and indicator hit."""
        rows = [
            [one.level, 0, one.thing.name, one.thing.kind, _last(one.part_of), " ".join(one.why),
             ", ".join(one.years) or None, ", ".join(map(_with_doubt, one.beside)) or None, *_row(link, fact)]
            for one in self.found.affected for link in one.links for fact in link.facts
        ]  # fmt: skip
        rows += [
            [LEANS, lean.hop, lean.thing.name, lean.thing.kind, _last(lean.part_of), None, None, None,
             *_row(lean.link, fact)]
            for lean in self.found.leaning for fact in lean.link.facts
        ]  # fmt: skip
        left = (*self.found.priorities, *self.found.indicators)
        rows += [[LEFT, 0, thing.name, thing.kind, *[None] * (len(COLUMNS) - 4)] for thing in left]
        return Table(COLUMNS, rows, "What if")


@page(blueprint, "/what-if", "what-if.html", title="What if", door="Connections", parameters=PARAMETERS)
def what_if_page(given: Given) -> WhatIfPage:
    """What loses its only carrier, one of several or a reference if some bodies, plans or forums fall away, and why."""
    network = scoped(given, leads=False)
    units = given.flag("units")
    said = tuple(_said(given)) or (_example(network),)
    changes = [
        (iri, one.how)
        for one in said
        for named in one.names
        for iri in ([named.iri, *_units(named.iri)] if units and one.how == WITHDRAWS else [named.iri])
    ]
    found = what_if(network, list(dict.fromkeys(changes)))
    known = {named.iri: Thing(named.iri, named.name, "thing") for one in said for named in one.names}
    found = replace(
        found,
        changes=tuple(
            replace(one, thing=one.thing if one.thing.iri in network else known.get(one.thing.iri, one.thing))
            for one in found.changes
        ),
        affected=_of_partner(given, found.affected),
    )
    return WhatIfPage(said, not given.each, units, found)


def _said(given: Given) -> list[Said]:
    found = []
    for name, how in HOWS.items():
        kind = next(parameter.type for parameter in PARAMETERS if parameter.name == name)
        for words in given.each.get(name, ()):
            names = queries.names()
            one = names.only(names.narrowed(names.find(words, kind), given.things.get("plan", ())), words, name)
            found.append(Said(name, how, words, (Named(one.iri, node(whole(), one).name),)))
    return found


def _of_partner(given: Given, affected: tuple[Affected, ...]) -> tuple[Affected, ...]:
    """What of it the partner of the scope leads, where there is one."""
    partners = given.things.get("partner", ())
    led = led_actions(whole(), [thing.iri for thing in partners])
    return tuple(one for one in affected if not partners or one.thing.iri in led)


def _units(iri: str) -> list[str]:
    """The bodies below a body, those of the network of leads and names."""
    known = bodies()

    def is_below(body: str) -> bool:
        seen = {body}
        while (above := known[body].part_of) and above.iri in known and above.iri not in seen:
            if above.iri == iri:
                return True
            body = above.iri
            seen.add(body)
        return False

    return [body for body in known if is_below(body) and body in whole()]


def _example(network: nx.MultiDiGraph[str]) -> Said:
    """The body whose leaving would be felt most: which leads most actions alone."""

    def alone(iri: str) -> int:
        led = led_actions(network, [iri])
        return sum(1 for action in led if len(_leads_of(network, action)) == 1)

    found = [iri for iri, kind in network.nodes(data="kind") if kind in ("body", "forum")]
    iri = max(found, key=alone, default="")
    name = str(network.nodes[iri]["label"]) if iri else "Nobody"
    return Said("withdraw", WITHDRAWS, name, (Named(iri, name),) if iri else ())


def _leads_of(network: nx.MultiDiGraph[str], action: str) -> list[str]:
    return [other for _, other, kind in network.out_edges(action, data="kind") if kind == LED_BY]


def _leads(network: nx.MultiDiGraph[str], iri: str) -> str:
    led = len(led_actions(network, [iri]))
    return f"{led} action{'' if led == 1 else 's'}"


def _with_doubt(lead: Lead) -> str:
    return f"{lead.thing.name} ({lead.doubt})" if lead.doubt else lead.thing.name


def _last(part_of: tuple[Thing, ...]) -> str | None:
    return part_of[0].name if part_of else None


def _row(link: Link, fact: Fact) -> list[str | None]:
    return [fact.verb, link.other.name, fact.year, fact.words, fact.wording, fact.certainty, fact.source,
            fact.plan_name]  # fmt: skip
