"""`/status`: where every action stands in each year, and what is otherwise than the year before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from flask import Blueprint

from api import queries
from api.actions import Entry, entries
from api.facts import Coded, Named, Statement
from api.forms import Given
from api.references import led_by
from api.said import Said, said_of
from api.spreadsheets import Table
from api.twins import page
from api.vocabulary import Code, codes
from kg.names import CODE, PLAN
from kg.questions import Parameter

blueprint = Blueprint("status", __name__)

STATES: Final = str(CODE["state"])
TBC, NOT_APPLICABLE, ONGOING, CONDITIONAL = (
    str(CODE[f"status-{name}"]) for name in ("tbc", "na", "ongoing", "conditional")
)
REPORTED: Final = str(CODE["stated-reported"])
# What these say alone, a set phrase says in full; of the others the words tell more.
PLAIN: Final = frozenset({TBC, NOT_APPLICABLE, ONGOING})
CHANGES: Final = {
    "starts": "did not apply the year before, and is neither to be confirmed nor not applicable now; it also changes",
    "changes": "is in other states than the year before, whatever the words",
    "stays": "is in the same states as the year before",
    "tbc": "is to be confirmed",
}
"""What may be said of a year beside the one before it, and what that means."""
COURSES: Final = {
    "starts": "In some year it begins, having not applied the year before.",
    "changes": "In some year it is in other states than the year before.",
    "never": "It is in the same states in every year.",
    "tbc": "In some year it is to be confirmed.",
    "open": "It is still to be confirmed in the last year.",
    "ongoing": "Every year says ongoing and nothing else.",
}
"""What may be said of an action over its years; what is said of a single year counts once for the action."""
CHANGE: Final = Parameter(
    name="change", type="choice", choices=tuple(dict.fromkeys((*CHANGES, *COURSES))), example="starts",
    meaning="Only actions of which this is so in some year, or in the one of the scope; or over all of them: "
    "never (changes), open (at the end), ongoing (and nothing else)",
)  # fmt: skip
OPENED: Final = 5
COLUMNS: Final = (
    "ref", "title", "year", "states", "stated_as", "status", "printed", "through", "due", "conditional_on", "change",
    "same_words", "certainty", "note", "source", "leads", "delivery_priority", "priority", "plan",
)  # fmt: skip


@dataclass(frozen=True)
class YearStatus(Statement):
    """Where an action stands in one year: its states, whether intended or reported, and through what it is done.

    `due` is in words. `change` holds what is so beside the year before: starts and changes, or stays; and tbc.
    `same_words`: its words are those of the year before; None where there is none to compare with.
    """

    year: Named
    states: tuple[Coded, ...]
    stated_as: Coded | None
    through: tuple[Named, ...]
    due: str | None
    conditional_on: tuple[Named, ...]
    change: tuple[str, ...]
    same_words: bool | None

    @property
    def is_reported(self) -> bool:
        """Whether it says what was done, not what is to happen."""
        return self.stated_as is not None and self.stated_as.iri == REPORTED

    @property
    def waits_unsaid(self) -> bool:
        """Whether it waits for something by our reading, where the cell states no condition."""
        return bool(self.conditional_on) and CONDITIONAL not in {state.iri for state in self.states}

    @property
    def says_more(self) -> bool:
        """Whether its words tell more than its states."""
        return not {state.iri for state in self.states} <= PLAIN


@dataclass(frozen=True)
class ActionYears:
    """An action and its years in order. `ref` is its printed reference, `title` ours."""

    iri: str
    ref: str
    title: str
    leads: tuple[Named, ...]
    delivery_priority: Named
    priority: Named
    plan: Named
    years: tuple[YearStatus, ...]

    @property
    def course(self) -> tuple[str, ...]:
        """What is so of it over its years, by the names of `COURSES`, and of any of them, by those of `CHANGES`."""
        found = {name for year in self.years for name in year.change}
        states = [{state.iri for state in year.states} for year in self.years]
        found |= set() if "changes" in found else {"never"}
        found |= {"open"} if states and TBC in states[-1] else set()
        found |= {"ongoing"} if states and all(one == {ONGOING} for one in states) else set()
        return tuple(name for name in CHANGE.choices if name in found)

    def of(self, year: str) -> YearStatus | None:
        """Where it stands in that year, None where nothing is said."""
        return next((one for one in self.years if one.year.name == year), None)


@dataclass(frozen=True)
class Count:
    """How many of the actions in scope something is so of, in each year in the order of `Statuses.years`.

    None where there is no year before to compare with.
    """

    name: str
    code: Coded | None
    counts: tuple[int | None, ...]


@dataclass(frozen=True)
class Course:
    """How many of the actions in scope something is so of over their years, and what that means."""

    name: str
    meaning: str
    n: int


@dataclass(frozen=True)
class Statuses:
    """The actions in the order of their plans, with their years.

    `total` is how many statuses the scope holds; `courses` count its actions by what happens to them over the years;
    `states`, `stated_as` and `changes` count its statuses by year, one in two states in both; `waiting` those that by
    our reading wait for something, and whose cells state no condition. The choice of `change` is left out of account in
    all of these, it narrows only `actions`.
    """

    total: int
    all_actions: int
    years: tuple[str, ...]
    courses: tuple[Course, ...]
    states: tuple[Count, ...]
    waiting: Count
    stated_as: tuple[Count, ...]
    changes: tuple[Count, ...]
    actions: tuple[ActionYears, ...]
    legend: tuple[Code, ...]

    @property
    def meanings(self) -> dict[str, str]:
        """What the words for a change mean."""
        return CHANGES

    def short(self, state: Coded) -> str:
        """What a state is called where there is little room."""
        return next((code.short for code in self.legend if code.iri == state.iri and code.short), state.name)

    @property
    def who_waits(self) -> list[tuple[ActionYears, YearStatus]]:
        """The years of the actions shown that are counted as waiting."""
        return [(action, year) for action in self.actions for year in action.years if year.waits_unsaid]

    @property
    def opened(self) -> bool:
        """Whether there are so few actions that their words stand open below the strips."""
        return len(self.actions) <= OPENED

    @property
    def by_priority(self) -> list[tuple[Named, Named, list[str], list[tuple[Named, list[ActionYears]]]]]:
        """The plan, the strategic priority, the years there, and the actions by delivery priority, in order."""
        found = []
        for (plan, priority), group in groupby(self.actions, key=lambda one: (one.plan, one.priority)):
            rows = list(group)
            by_delivery = [(dp, list(some)) for dp, some in groupby(rows, key=lambda one: one.delivery_priority)]
            found.append((plan, priority, _years(rows), by_delivery))
        return found

    def table(self) -> Table:
        """A row an action and year."""
        return Table(COLUMNS, [_row(action, year) for action in self.actions for year in action.years], "Status")


def _row(action: ActionYears, year: YearStatus) -> list[str | bool | None]:
    stated_as = year.stated_as.name if year.stated_as else None
    return [
        action.ref, action.title, year.year.name, _names(year.states), stated_as, year.label, year.printed,
        _names(year.through), year.due, _names(year.conditional_on), "; ".join(year.change) or None, year.same_words,
        year.certainty, year.note, "; ".join(source.label for source in year.sources), _names(action.leads),
        action.delivery_priority.name, action.priority.name, action.plan.name,
    ]  # fmt: skip


@page(blueprint, "/status", "status.html", title="Status by year", door="Plan", parameters=(CHANGE,))
def status(given: Given) -> Statuses:
    """Where every action stands in each year, intended or reported, and what changes from one year to the next."""
    scoped = _within_scope(given)
    change = given.choice("change", "")
    years = _years(scoped)
    every = [year for action in scoped for year in action.years]
    legend = next((tuple(one.codes) for one in codes(given).lists if one.iri == STATES), ())
    order = [code.iri for code in legend]
    return Statuses(
        len(every),
        len(scoped),
        tuple(years),
        tuple(
            Course(name, words, sum(name in one.course for one in scoped))
            for name, words in COURSES.items()
            if len(years) > 1 or name in CHANGES
        ),
        _counts(years, [(year.year.name, state) for year in every for state in year.states], order),
        _waiting(years, every),
        _counts(years, [(year.year.name, year.stated_as) for year in every if year.stated_as], order),
        tuple(_changing(name, years, every) for name in CHANGES if name != "tbc"),
        tuple(action for action in scoped if not change or change in action.course),
        legend,
    )


def _within_scope(given: Given) -> list[ActionYears]:
    every: tuple[ActionYears, ...] = queries.kept("statuses", lambda: tuple(_read()))
    plans, wanted = ({thing.iri for thing in given.things.get(name, ())} for name in ("plan", "year"))
    led = led_by(given)
    return [
        ActionYears(**vars(one) | {"years": tuple(y for y in one.years if not wanted or y.year.iri in wanted)})
        for one in every
        if (not plans or one.plan.iri in plans) and (led is None or one.iri in led)
    ]


def _read() -> Iterable[ActionYears]:
    """Every action of every plan with all its years."""
    rows = queries.records("statuses")
    said = said_of(row["status"] for row in rows)
    by_action: dict[str, list[Said]] = defaultdict(list)
    for row in rows:
        by_action[row["action"]].append(said[row["status"]])
    for entry in entries(queries.records("actions"), Given({}, {}, {})):
        yield _action(entry, by_action[entry.iri])


def _action(entry: Entry, statuses: Sequence[Said]) -> ActionYears:
    by_year = {_first_year(one): one for one in statuses}
    return ActionYears(
        entry.iri, entry.ref, entry.title, entry.leads, entry.delivery_priority, entry.priority, entry.plan,
        tuple(_year(one, by_year.get(_first_year(one) - 1)) for one in statuses),
    )  # fmt: skip


def _first_year(status: Said) -> int:
    """The calendar year in which its year begins: 2015 of 2015/16."""
    return int(status.named(PLAN.period)[0].name[:4])


def _year(mine: Said, before: Said | None) -> YearStatus:
    return YearStatus(
        **vars(mine.statement),
        year=mine.named(PLAN.period)[0],
        states=mine.coded(PLAN.state),
        stated_as=mine.code(PLAN.statedAs),
        through=mine.named(PLAN.deliveredThrough),
        due=mine.due,
        conditional_on=mine.named(PLAN.conditionalOn),
        change=tuple(_change(_states(mine), _states(before) if before else None)),
        same_words=None if before is None else mine.name.name.casefold() == before.name.name.casefold(),
    )


def _states(status: Said) -> frozenset[str]:
    return frozenset(state.iri for state in status.coded(PLAN.state))


def _change(now: frozenset[str], before: frozenset[str] | None) -> Iterable[str]:
    if before is not None:
        if NOT_APPLICABLE in before and not now & {NOT_APPLICABLE, TBC}:
            yield "starts"
        yield "stays" if now == before else "changes"
    if TBC in now:
        yield "tbc"


def _years(actions: Iterable[ActionYears]) -> list[str]:
    return sorted({year.year.name for action in actions for year in action.years})


def _counts(years: Sequence[str], found: Iterable[tuple[str, Coded]], order: Sequence[str]) -> tuple[Count, ...]:
    """How often each code stands in each year, in the order of its list."""
    counts = Counter(found)
    standing = sorted(
        {code for _, code in counts}, key=lambda code: (order.index(code.iri) if code.iri in order else 0, code.name)
    )
    return tuple(Count(code.name, code, tuple(counts[year, code] for year in years)) for code in standing)


def _waiting(years: Sequence[str], every: Iterable[YearStatus]) -> Count:
    counts = Counter(year.year.name for year in every if year.waits_unsaid)
    return Count("waiting", None, tuple(counts[year] for year in years))


def _changing(name: str, years: Sequence[str], every: Sequence[YearStatus]) -> Count:
    comparable = {year.year.name for year in every if year.same_words is not None}
    counts = Counter(year.year.name for year in every if name in year.change)
    return Count(name, None, tuple(counts[year] if year in comparable else None for year in years))


def _names(things: Iterable[Named | Coded]) -> str | None:
    return "; ".join(thing.name for thing in things) or None
