"""`/partners`: every body by type and by how many actions it leads, and how often the plan relies on it besides."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from flask import Blueprint

from api import queries
from api.facts import Coded, Named
from api.forms import Given
from api.leads import Body, bodies
from api.spreadsheets import Table
from api.twins import page
from kg.errors import NotFound
from kg.questions import Parameter, borough_of
from kg.tables import nearest

blueprint = Blueprint("partners", __name__)

TYPE: Final = Parameter(name="type", type="text", example="Police", meaning="Only bodies of this type")
ROLE: Final = Parameter(name="role", type="purpose", example="Policing", meaning="Only bodies there for this")


@dataclass(frozen=True)
class Partner:
    """A body and how many actions it leads, alone and with others, under which strategic priorities.

    `relied_on` counts the actions that name it, are delivered through it or wait for it, and that it does not lead.
    """

    iri: str
    name: str
    type: Coded
    part_of: Named | None
    leads: int
    alone: int
    jointly: int
    priorities: tuple[Named, ...]
    relied_on: int


@dataclass(frozen=True)
class OfType:
    """A type of body and how many bodies of it there are."""

    type: Coded
    n: int


@dataclass(frozen=True)
class Partners:
    """The bodies by type, within each the one that leads most first. `types` counts all bodies, `leading` those shown
    that lead something, `roles` what bodies are there for, whatever they are called and wherever they are."""

    partners: tuple[Partner, ...]
    types: tuple[OfType, ...]
    type: Coded | None
    leading: int
    roles: tuple[Named, ...] = ()

    @property
    def groups(self) -> list[tuple[Coded, list[Partner]]]:
        """The bodies of each type."""
        return [(type_, list(group)) for type_, group in groupby(self.partners, key=lambda partner: partner.type)]

    def table(self) -> Table:
        """A row a body."""
        columns = ["partner", "type", "part of", "leads", "alone", "jointly", "priorities", "relied on"]
        rows = [
            [one.name, one.type.name, one.part_of.name if one.part_of else None, one.leads, one.alone, one.jointly,
             "; ".join(priority.name for priority in one.priorities) or None, one.relied_on]
            for one in self.partners
        ]  # fmt: skip
        return Table(columns, rows, "Partners")


@page(blueprint, "/partners", "partners.html", title="Partners", door="Partners", parameters=(TYPE, ROLE))
def partners(given: Given) -> Partners:
    """Every body: what it is, what it is part of, what it leads alone and with others, and where it is relied on."""
    counted = Counter(body.type for body in bodies().values())
    type_ = _type(given.words["type"], list(counted)) if "type" in given.words else None
    only = {thing.iri for thing in given.things.get("partner", ())}
    purposes = queries.records("purposes")
    roles = tuple(dict.fromkeys(Named(row["purpose"], row["name"]) for row in purposes))
    wanted = {thing.iri for thing in given.things.get("role", ())}
    having = {row["body"] for row in purposes if row["purpose"] in wanted}
    around = {"", *(borough_of(plan.iri) for plan in given.things.get("plan", ()))}
    found = [
        one for one in _partners(given)
        if (not wanted or one.iri in having)
        and (len(around) == 1 or one.leads or one.relied_on or borough_of(one.iri) in around)
    ]  # fmt: skip
    shown = tuple(
        one for one in found if (type_ is None or one.type == type_) and (not only or only & _line(one.iri))
    )  # fmt: skip
    return Partners(
        shown,
        tuple(OfType(one, n) for one, n in counted.items()),
        type_,
        sum(one.leads > 0 for one in shown),
        roles,
    )


def _type(words: str, types: Sequence[Coded]) -> Coded:
    wanted = words.casefold()
    for type_ in types:
        if wanted in (type_.name.casefold(), type_.iri.rpartition("#")[2]):
            return type_
    names = [type_.name for type_ in types]
    raise NotFound(f'No type of body is called "{words[:40]}"{nearest(words, names)}. There are: {", ".join(names)}.')


def _line(iri: str) -> set[str]:
    """A body and those above it."""
    above = bodies()[iri].part_of
    return {iri} | (_line(above.iri) if above else set())


def _partners(given: Given) -> list[Partner]:
    leading: dict[str, set[str]] = defaultdict(set)
    priorities: dict[str, dict[Named, None]] = defaultdict(dict)
    rows = queries.records("leads", **given.of("plan", "year"))
    for row in rows:
        leading[row["body"]].add(row["action"])
        priorities[row["body"]][Named(row["sp"], f"{row['sp_ref']}. {row['sp_name']}")] = None
    several = {action for action, n in Counter(row["action"] for row in rows).items() if n > 1}
    relied_on: dict[str, set[str]] = defaultdict(set)
    for row in queries.records("relied-on", **given.of("plan")):
        if row["ref"]:
            relied_on[row["body"]].add(row["element"])
    made = [_partner(body, leading, several, priorities, relied_on) for body in bodies().values()]
    types = list(dict.fromkeys(body.type for body in bodies().values()))
    return sorted(made, key=lambda one: (types.index(one.type), -one.leads, -one.relied_on))


def _partner(
    body: Body,
    leading: Mapping[str, set[str]],
    several: set[str],
    priorities: Mapping[str, Mapping[Named, None]],
    relied_on: Mapping[str, set[str]],
) -> Partner:
    actions = leading.get(body.iri, set())
    jointly = len(actions & several)
    return Partner(
        body.iri, body.name, body.type, body.part_of, len(actions), len(actions) - jointly, jointly,
        tuple(priorities.get(body.iri, ())), len(relied_on.get(body.iri, set()) - actions),
    )  # fmt: skip
