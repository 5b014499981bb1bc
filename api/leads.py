"""Who leads what: bodies with their types and the bodies above them, actions with each lead as it was read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api import queries
from api.actions import Entry, entries
from api.facts import Coded, Named, Statement
from api.forms import Given
from api.said import said_of
from kg.names import CODE, PLAN
from kg.questions.binding import iri as as_iri


@dataclass(frozen=True)
class Body:
    """A body: its type, the body it is a unit of (None where it is of none), and the one at the top, maybe itself."""

    iri: str
    name: str
    type: Coded
    part_of: Named | None
    top: Named

    @property
    def is_collective(self) -> bool:
        """Whether it is wording for many bodies that names none of them."""
        return self.type.iri == str(CODE["ptype-collective"])


def bodies() -> Mapping[str, Body]:
    """Every body by its IRI, in the order of the list of types, then by name."""
    found: Mapping[str, Body] = queries.kept("bodies", _bodies)
    return found


def _bodies() -> Mapping[str, Body]:
    return {
        row["body"]: Body(
            row["body"],
            row["name"],
            Coded(row["type"], row["type_name"], row["colour"]),
            Named(row["above"], row["above_name"]) if row["above"] else None,
            Named(row["top"], row["top_name"]),
        )
        for row in queries.records("bodies")
    }


@dataclass(frozen=True)
class Lead:
    """A body that leads an action, in what role; the statement says in which words and cell."""

    partner: Named
    role: Coded
    statement: Statement


@dataclass(frozen=True)
class Led:
    """An action and all its leads, in the order printed."""

    action: Entry
    leads: tuple[Lead, ...]

    def of(self, iris: Iterable[str]) -> tuple[Lead, ...]:
        """The leads that are one of these bodies."""
        wanted = frozenset(iris)
        return tuple(lead for lead in self.leads if lead.partner.iri in wanted)

    def beside(self, iris: Iterable[str]) -> tuple[Named, ...]:
        """Who else leads it."""
        wanted = frozenset(iris)
        return tuple(lead.partner for lead in self.leads if lead.partner.iri not in wanted)


def led(actions: Iterable[str], given: Given) -> tuple[Led, ...]:
    """These actions in the order of their plans, with how each lead was read."""
    iris = tuple(as_iri(action) for action in dict.fromkeys(actions))
    if not iris:
        return ()
    rows = queries.records("leads", action=iris)
    said = said_of(row["lead"] for row in rows)
    leads: dict[str, list[Lead]] = defaultdict(list)
    for row in rows:
        lead = said[row["lead"]]
        leads[row["action"]].append(Lead(lead.named(PLAN.partner)[0], lead.coded(PLAN.role)[0], lead.statement))
    return tuple(
        Led(entry, tuple(leads[entry.iri])) for entry in entries(queries.records("actions", action=iris), given)
    )
