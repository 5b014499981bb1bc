"""What a plan is made of, in the order of the document; and the pages of a strategic and of a delivery priority."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from api import actions, queries
from api.actions import Entry
from api.facts import Coded, Named, Statement
from api.forms import Given
from api.references import Reference, every_reference, led_by, within_scope
from api.said import Said, said_of
from api.spreadsheets import Table
from api.things import thing_page
from kg.names import CODE, DCTERMS, PLAN
from kg.questions.binding import iri as as_iri

SHARES: Final = str(CODE["xref-shares-indicators"])


@dataclass(frozen=True)
class Improvement(Statement):
    """What is to be improved under a delivery priority; `summary` in our words."""

    summary: str | None


@dataclass(frozen=True)
class Reading(Statement):
    """The figures of an indicator for a year, as printed: 73 is +73%. `base_year` is what they are measured against.

    `states` says where a figure is still to be confirmed; None is not stated.
    """

    year: Named
    base_year: Named | None
    target: str | None
    actual: str | None
    states: tuple[Coded, ...]


@dataclass(frozen=True)
class Indicator(Statement):
    """An overarching indicator: its unit, whether higher is better (None: nothing says so), and its figures by year."""

    unit: Coded | None
    higher_is_better: bool | None
    states: tuple[Coded, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class DeliveryPriority(Statement):
    """A delivery priority: `ref` is its number behind that of its strategic priority (2/1).

    `states` stands where its indicators are to be confirmed as a whole; `shares` are pointers to indicators stated
    elsewhere. `actions` are those in scope, out of `all_actions` in all.
    """

    ref: str
    summary: str | None
    objective: str | None
    states: tuple[Coded, ...]
    indicators: tuple[Indicator, ...]
    shares: tuple[Reference, ...]
    actions: tuple[Entry, ...]
    all_actions: int
    improvements: tuple[Improvement, ...]

    @property
    def name(self) -> Named:
        """It by number and title."""
        return Named(self.iri, f"{self.ref}. {self.label}")


@dataclass(frozen=True)
class StrategicPriority(Statement):
    """A strategic priority: its printed number, its outcomes, and its delivery priorities in order."""

    ref: str
    summary: str | None
    outcomes: tuple[Statement, ...]
    delivery_priorities: tuple[DeliveryPriority, ...]

    @property
    def name(self) -> Named:
        """It by number and title."""
        return Named(self.iri, f"{self.ref}. {self.label}")

    @property
    def actions(self) -> tuple[Entry, ...]:
        """The actions in scope."""
        return tuple(action for dp in self.delivery_priorities for action in dp.actions)

    @property
    def all_actions(self) -> int:
        """How many actions it has, in scope or not."""
        return sum(dp.all_actions for dp in self.delivery_priorities)


@dataclass(frozen=True)
class LeadCount:
    """A body and the references of the actions it leads here, in order."""

    partner: Named
    actions: tuple[Named, ...]


@dataclass(frozen=True)
class Around:
    """What stands around a priority: its plan, who leads how many of its actions (most first), what it points to, what
    points to it from outside, and the priorities before and after it.
    """

    plan: Named
    leads: tuple[LeadCount, ...]
    points_to: tuple[Reference, ...]
    pointed_at_by: tuple[Reference, ...]
    before: Named | None
    after: Named | None


@dataclass(frozen=True)
class StrategicPriorityPage:
    """A strategic priority of a plan and what stands around it."""

    iri: str
    priority: StrategicPriority
    around: Around

    def table(self) -> Table:
        """A row an action."""
        return table_of((self.priority,), f"Priority {self.priority.ref}")


@dataclass(frozen=True)
class DeliveryPriorityPage:
    """A delivery priority, the strategic priority it belongs to, and what stands around it."""

    iri: str
    priority: DeliveryPriority
    strategic_priority: Named
    around: Around

    def table(self) -> Table:
        """A row an action."""
        return actions.table_of(self.priority.actions, f"Priority {self.priority.ref}".replace("/", "-"))


@thing_page(
    PLAN.StrategicPriority,
    "/{borough}/plan/{plan}/sp/{n}",
    "strategic-priority.html",
    title="Strategic priority",
    door="Plan",
)
def strategic_priority(given: Given, iri: str) -> StrategicPriorityPage:
    """A strategic priority: its outcome, its delivery priorities with their actions, who leads here, its references."""
    plan, priorities = _plan_of(given, iri)
    mine = next(sp for sp in priorities if sp.iri == iri)
    around = _around(given, plan, mine.name, mine.actions, [sp.name for sp in priorities])
    return StrategicPriorityPage(iri, mine, around)


@thing_page(
    PLAN.DeliveryPriority,
    "/{borough}/plan/{plan}/sp/{n}/dp/{m}",
    "delivery-priority.html",
    title="Delivery priority",
    door="Plan",
)
def delivery_priority(given: Given, iri: str) -> DeliveryPriorityPage:
    """A delivery priority: objective, indicators with their figures, actions with leads and states, improvements."""
    plan, priorities = _plan_of(given, iri)
    above, mine = next((sp, dp) for sp in priorities for dp in sp.delivery_priorities if dp.iri == iri)
    order = [dp.name for sp in priorities for dp in sp.delivery_priorities]
    return DeliveryPriorityPage(iri, mine, above.name, _around(given, plan, mine.name, mine.actions, order))


def contents(given: Given, plan: str) -> tuple[StrategicPriority, ...]:
    """The strategic priorities of a plan and everything below them, in the order of the document.

    The partner of the scope narrows the actions, its year their states.
    """
    below, said = queries.kept(f"outline of {plan}", lambda: _outline(plan))
    parts = Parts(below, said, _actions_by_priority(given, plan), led_by(given))
    return tuple(parts.strategic(iri) for iri in below.get(plan, ()))


Below = Mapping[str, Sequence[str]]
"""What is right below each part of a plan, in the order of the document."""


@dataclass(frozen=True)
class Parts:
    """What is known of one plan, from which its priorities are put together.

    `said` is what is said of each part, outcome, indicator and reading; `entries` the actions by delivery priority;
    `led` those the partner of the scope leads, None where there is no partner.
    """

    below: Below
    said: Mapping[str, Said]
    entries: Mapping[str, Sequence[Entry]]
    led: frozenset[str] | None

    def strategic(self, iri: str) -> StrategicPriority:
        """One strategic priority."""
        its = self.said[iri]
        ref = its.one(DCTERMS.identifier) or ""
        return StrategicPriority(
            **vars(its.statement),
            ref=ref,
            summary=its.one(DCTERMS.description),
            outcomes=tuple(one.statement for one in self._of(its, PLAN.hasOutcome)),
            delivery_priorities=tuple(self.delivery(dp, ref) for dp in self.below.get(iri, ())),
        )

    def delivery(self, iri: str, within: str) -> DeliveryPriority:
        """One delivery priority of the strategic priority numbered `within`."""
        its = self.said[iri]
        entries = self.entries.get(iri, ())
        return DeliveryPriority(
            **vars(its.statement),
            ref=f"{within}/{its.one(DCTERMS.identifier)}",
            summary=its.one(DCTERMS.description),
            objective=its.one(PLAN.objective),
            states=its.coded(PLAN.state),
            indicators=tuple(self._indicator(one) for one in self._of(its, PLAN.hasIndicator)),
            shares=tuple(one for one in every_reference() if one.element.iri == iri and one.kind.iri == SHARES),
            actions=tuple(entry for entry in entries if self.led is None or entry.iri in self.led),
            all_actions=len(entries),
            improvements=tuple(
                Improvement(**vars(self.said[one].statement), summary=self.said[one].one(DCTERMS.description))
                for one in self.below.get(iri, ())
            ),
        )

    def _indicator(self, its: Said) -> Indicator:
        higher = its.one(PLAN.higherIsBetter)
        return Indicator(
            **vars(its.statement),
            unit=its.code(PLAN.unit),
            higher_is_better=None if higher is None else higher in ("true", "yes"),
            states=its.coded(PLAN.state),
            readings=tuple(
                sorted(
                    (self._reading(self.said[value.iri]) for value in its.named(PLAN.hasReading)),
                    key=lambda one: (one.year.name, one.iri),
                )
            ),
        )

    @staticmethod
    def _reading(its: Said) -> Reading:
        return Reading(
            **vars(its.statement),
            year=its.named(PLAN.period)[0],
            base_year=next(iter(its.named(PLAN.baseYear)), None),
            target=its.one(PLAN.target),
            actual=its.one(PLAN.actual),
            states=its.coded(PLAN.state),
        )

    def _of(self, its: Said, kind: str) -> list[Said]:
        return sorted((self.said[value.iri] for value in its.named(kind)), key=lambda one: one.order)


def leads_of(entries: Iterable[Entry]) -> tuple[LeadCount, ...]:
    """Who leads these actions, the one that leads most first."""
    led: dict[Named, list[Named]] = defaultdict(list)
    for entry in entries:
        for lead in entry.leads:
            led[lead].append(Named(entry.iri, entry.ref))
    ranked = sorted(led, key=lambda lead: (-len(led[lead]), lead.name.casefold()))
    return tuple(LeadCount(lead, tuple(led[lead])) for lead in ranked)


def table_of(priorities: Sequence[StrategicPriority], title: str) -> Table:
    """A row an action, in the order of the document."""
    return actions.table_of([action for sp in priorities for action in sp.actions], title)


def _outline(plan: str) -> tuple[Below, Mapping[str, Said]]:
    below: dict[str, list[str]] = defaultdict(list)
    for row in queries.records("outline", plan=(as_iri(plan),)):
        below[row["parent"]].append(row["element"])
    said = said_of(element for elements in below.values() for element in elements)
    for further in (PLAN.hasOutcome, PLAN.hasIndicator), (PLAN.hasReading,):
        said |= said_of(value.iri for its in said.values() for kind in further for value in its.named(kind))
    return below, said


def _actions_by_priority(given: Given, plan: str) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in actions.entries(queries.records("actions", plan=(as_iri(plan),)), given):
        found[entry.delivery_priority.iri].append(entry)
    return found


def _plan_of(given: Given, iri: str) -> tuple[Named, tuple[StrategicPriority, ...]]:
    """The plan a priority belongs to, and what it is made of."""
    row = queries.record("plan-of", element=(as_iri(iri),))
    return Named(row["plan"], row["plan_name"]), contents(given, row["plan"])


def _around(given: Given, plan: Named, mine: Named, entries: Sequence[Entry], order: Sequence[Named]) -> Around:
    place = order.index(mine)
    inside = {row["part"] for row in queries.records("parts-of", element=(as_iri(mine.iri),))}
    every = within_scope(given, every_reference())
    return Around(
        plan,
        leads_of(entries),
        tuple(one for one in every if one.element.iri in inside),
        tuple(one for one in every if one.target.iri in inside and one.element.iri not in inside),
        order[place - 1] if place else None,
        order[place + 1] if place + 1 < len(order) else None,
    )
