"""`/actions`: all actions, narrowed by facets with counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint

from api import forms, queries
from api.facets import Facet, Value, chosen_things, facets, fits
from api.facts import Coded, Named, named_all
from api.forms import Given
from api.queries import Record
from api.spreadsheets import Table
from api.twins import page
from kg.questions import Parameter

blueprint = Blueprint("actions", __name__)

FACETS: Final = (
    Parameter(name="priority", type="priority", example="2", meaning="Strategic (2) or delivery priority (2/1)"),
    Parameter(
        name="state", type="state", example="To be confirmed", meaning="In some year, or in the one of the scope"
    ),
    Parameter(name="theme", type="theme", example="Burglary", meaning="What it is about"),
    Parameter(name="group", type="group", example="Young people", meaning="Whom it is for"),
    Parameter(name="place", type="place", example="Dalston", meaning="Where it is"),
    Parameter(name="mentions", type="body", example="TFL", meaning="A body named in its words"),
    Parameter(
        name="through", type="thing", example="Partnership Tasking", meaning="The plan or forum it is delivered through"
    ),
)


@dataclass(frozen=True)
class Entry:
    """One action in a list: its printed reference, its title, who leads it, the priority, its state in each year."""

    iri: str
    ref: str
    title: str
    leads: tuple[Named, ...]
    priority: Named
    delivery_priority: Named
    plan: Named
    states: tuple[YearState, ...]
    source: str


@dataclass(frozen=True)
class YearState:
    """The states of one year, in words."""

    year: str
    states: tuple[Coded, ...]


@dataclass(frozen=True)
class Actions:
    """The actions that fit, in the order of their plans; `total` is how many there are without paging."""

    total: int
    paging: forms.Paging
    actions: tuple[Entry, ...]
    facets: tuple[Facet, ...]

    @property
    def titles(self) -> Mapping[str, str]:
        """What each facet is called."""
        return TITLES

    def table(self) -> Table:
        """A row an action."""
        return table_of(self.actions, "Actions")


def table_of(shown: Sequence[Entry], title: str) -> Table:
    """A row an action, a column a year."""
    years = sorted({state.year for action in shown for state in action.states})
    columns = ["ref", "title", "leads", "priority", "delivery priority", *years, "plan", "source"]
    return Table(columns, [_row(action, years) for action in shown], title)


def _row(action: Entry, years: Sequence[str]) -> list[str]:
    stated = {state.year: ", ".join(code.name for code in state.states) for state in action.states}
    leads = ", ".join(lead.name for lead in action.leads)
    return [action.ref, action.title, leads, action.priority.name, action.delivery_priority.name,
            *(stated.get(year, "not stated") for year in years), action.plan.name, action.source]  # fmt: skip


TITLES: Final = {
    "partner": "Lead partner", "priority": "Priority", "state": "State", "theme": "Theme", "group": "For whom",
    "place": "Place", "mentions": "Named in its words", "through": "Delivered through", "plan": "Plan",
}  # fmt: skip


@page(blueprint, "/actions", "actions.html", title="Actions", door="Plan", parameters=(*FACETS, forms.PAGE, forms.SIZE))
def actions(given: Given) -> Actions:
    """Every action, narrowed by partner, priority, state, theme, group, place, and what it is delivered through."""
    rows = queries.records("actions", **given.of("plan"))
    have: dict[str, set[Value]] = defaultdict(set)
    for row in queries.records("action-facets", **given.of("plan", "year")):
        have[row["action"]].add((row["facet"], row["value"]))
    for row in rows:
        have[row["action"]] |= {("priority", row["sp"]), ("priority", row["dp"]), ("plan", row["plan"])}
    chosen = chosen_things(given, TITLES)
    fitting = [row for row in rows if fits(have[row["action"]], chosen)]
    where = forms.paging(given, len(fitting), 100)
    shown = fitting[where.first : where.first + where.size]
    priorities = _priority_names(rows)
    names = {iri: thing.name for iri, thing in queries.names().things.items()} | priorities
    return Actions(
        len(fitting),
        where,
        tuple(entries(shown, given)),
        facets(TITLES, [have[row["action"]] for row in rows], chosen, names, tuple(priorities)),
    )


def _priority_names(rows: Sequence[Record]) -> dict[str, str]:
    """Priorities by their numbers and names, in the order of the plan."""
    found: dict[str, str] = {}
    for row in rows:
        found.setdefault(row["sp"], f"{row['sp_ref']}. {row['sp_name']}")
        found.setdefault(row["dp"], f"{row['sp_ref']}/{row['dp_ref']}. {row['dp_name']}")
    return found


def entries(rows: Sequence[Record], given: Given) -> Iterable[Entry]:
    """The actions in these rows of actions.rq, with leads and states; the year of the scope narrows the states."""
    iris = tuple(f"<{row['action']}>" for row in rows)
    if not iris:
        return
    leads: dict[str, list[Record]] = defaultdict(list)
    for lead in queries.records("actions-leads", action=iris):
        leads[lead["action"]].append(lead)
    states: dict[str, dict[str, list[Coded]]] = defaultdict(lambda: defaultdict(list))
    for state in queries.records("actions-states", action=iris, period=given.terms.get("year", ())):
        code = Coded(state["state"], state["state_name"], state["colour"])
        states[state["action"]][state["year"]].append(code)
    for row in rows:
        yield Entry(
            row["action"],
            row["ref"],
            row["title"],
            named_all(leads[row["action"]], "partner", "partner_name"),
            Named(row["sp"], f"{row['sp_ref']}. {row['sp_name']}"),
            Named(row["dp"], f"{row['sp_ref']}/{row['dp_ref']}. {row['dp_name']}"),
            Named(row["plan"], row["plan_name"]),
            tuple(YearState(year, tuple(codes)) for year, codes in states[row["action"]].items()),
            row["source"],
        )
