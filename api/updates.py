"""`/updates`: who was asked and has answered, what moved since last time, what is overdue, where two leads disagree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final

from flask import Blueprint, current_app

from api import queries
from api.facts import Coded, Named
from api.forms import Given
from api.spreadsheets import Table
from api.twins import page
from kg.errors import InputError
from kg.questions import Parameter
from kg.settings import Settings
from kg.workbooks import unheard

blueprint = Blueprint("updates", __name__)

ON: Final = Parameter(
    name="on", type="text", example="2016-07-31",
    meaning="The day by which to say what is overdue; without it the day of the newest statement",
)  # fmt: skip
DONE: Final = frozenset({"Complete"})
COLUMNS: Final = (
    "Ref", "Action", "Said by", "Date", "Period", "State", "RAG", "Progress", "Words", "File", "Certainty", "Source",
    "Plan",
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One statement on an action: by whom, when, of which period, and the cell of the workbook it was said in."""

    action: Named
    ref: str
    said_by: Named | None
    date: str | None
    period: str | None
    state: str | None
    rag: Coded | None
    progress: str | None
    words: str
    nth: int
    file: str
    certainty: str
    source: str
    plan: Named
    iri: str


@dataclass(frozen=True)
class Answering:
    """A partner and the actions it leads: those it has answered for in the period, and those it has not."""

    partner: Named
    answered: tuple[Named, ...]
    open: tuple[Named, ...]
    last: str | None

    @property
    def led(self) -> int:
        """How many actions it was asked about."""
        return len(self.answered) + len(self.open)


@dataclass(frozen=True)
class Moved:
    """What a body says of an action now, beside what it said before."""

    before: Said
    now: Said


@dataclass(frozen=True)
class Due:
    """A deadline that lies before the day asked about, and the last statement on its action."""

    action: Named
    ref: str
    words: str
    due: str
    last: Said | None
    source: str
    plan: Named


@dataclass(frozen=True)
class Conflict:
    """An action of which two bodies say different things, each by its latest statement."""

    action: Named
    ref: str
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Updates:
    """The round in the scope. `on` is the day by which deadlines are judged, None where nothing gives one.

    `deadlines` is how many the plans state. No clock is asked: a graph says the same tomorrow. `unheard` says what is
    kept of versions that are not built.
    """

    total: int
    on: str | None
    on_is_given: bool
    deadlines: int
    partners: tuple[Answering, ...]
    moved: tuple[Moved, ...]
    overdue: tuple[Due, ...]
    conflicts: tuple[Conflict, ...]
    said: tuple[Said, ...]
    unheard: tuple[str, ...] = ()

    @property
    def answered(self) -> int:
        """How many partners have said anything."""
        return sum(bool(one.answered) for one in self.partners)

    @property
    def by_action(self) -> list[tuple[Said, list[Said]]]:
        """The statements by action, the newest first."""
        grouped = [list(some) for _, some in groupby(self.said, key=lambda one: one.action.iri)]
        return [(some[0], some[::-1]) for some in grouped]

    def table(self) -> Table:
        """A row a statement."""
        rows = [
            (one.ref, one.action.name, _name(one.said_by), one.date, one.period, one.state, _name(one.rag),
             one.progress, one.words, one.file, one.certainty, one.source, one.plan.name)
            for one in self.said
        ]  # fmt: skip
        return Table(COLUMNS, rows, "Updates")

    def more_tables(self) -> tuple[Table, ...]:
        """Who has answered, what moved, what is overdue."""
        who = [
            (one.partner.name, one.led, len(one.answered), len(one.open), one.last,
             ", ".join(action.name for action in one.open) or None)
            for one in self.partners
        ]  # fmt: skip
        moved = [
            (one.now.ref, one.now.action.name, _name(one.now.said_by), _name(one.before.rag), _name(one.now.rag),
             one.before.words, one.now.words, one.before.date, one.now.date, one.now.source)
            for one in self.moved
        ]  # fmt: skip
        due = [
            (one.ref, one.action.name, one.words, one.due, one.last.words if one.last else None, one.source)
            for one in self.overdue
        ]
        return (
            Table(("Partner", "Leads", "Answered", "Not answered", "Last answer", "Open actions"), who, "Who answered"),
            Table(("Ref", "Action", "Said by", "RAG before", "RAG now", "Before", "Now", "Date before", "Date now",
                   "Source"), moved, "Moved"),
            Table(("Ref", "Action", "Deadline", "Due", "Said last", "Source"), due, "Overdue"),
        )  # fmt: skip


@page(blueprint, "/updates", "updates.html", title="Update round", door="Plan", parameters=(ON,))
def updates(given: Given) -> Updates:
    """Who has answered and who has not, what moved since last time, what is overdue, where two leads disagree."""
    scope = {name: given.words[name] for name in ("borough", "plan", "partner", "year") if name in given.words}
    settings: Settings = current_app.extensions["plangraph.settings"]
    lasting = {name: words for name, words in scope.items() if name != "year"}
    said = tuple(_said(row) for row in _rows("every-update", scope))
    deadlines = _rows("every-deadline", lasting)
    on = _day(given.words["on"]) if "on" in given.words else max((one.date for one in said if one.date), default=None)
    return Updates(
        len(said),
        on,
        "on" in given.words,
        len(deadlines),
        tuple(_partners(_rows("who-has-answered", scope))),
        tuple(_moved(scope, said)),
        tuple(_overdue(deadlines, on, said)),
        tuple(_conflicts(said)),
        said,
        unheard(settings.home, queries.own_tables()),
    )


@dataclass(frozen=True)
class Deadline:
    """By when an action is to be done, or how often, as the plan says it."""

    words: str
    due: str | None
    period: str | None
    how_often: str | None
    certainty: str
    source: str


@dataclass(frozen=True)
class Post:
    """The post that answers for an action, and the body it belongs to."""

    post: str
    partner: Named | None
    certainty: str
    source: str


def said_of_action(action: str) -> tuple[Said, ...]:
    """What was said of one action, the newest first."""
    return tuple(_said(row) for row in reversed(_rows("every-update", {})) if row["ref_iri"] == action)


def round_of(body: str, given: Given) -> tuple[Answering | None, tuple[Said, ...]]:
    """What one body was asked and what it said in the scope, the newest first; None where it is asked nothing."""
    scope = {name: given.words[name] for name in ("borough", "plan", "year") if name in given.words} | {"partner": body}
    said = [one for one in map(_said, _rows("every-update", scope)) if one.said_by and one.said_by.iri == body]
    asked = [one for one in _partners(_rows("who-has-answered", scope)) if one.partner.iri == body]
    return (asked[0] if asked else None), tuple(sorted(said, key=lambda one: one.date or "", reverse=True))


def deadlines_of(action: str) -> tuple[Deadline, ...]:
    """By when one action is to be done."""
    return tuple(
        Deadline(row["words"], row["due"], row["period"], row["how_often"], row["certainty"], row["source"])
        for row in _rows("every-deadline", {})
        if row["ref_iri"] == action
    )


def posts_of(action: str) -> tuple[Post, ...]:
    """Which posts answer for one action."""
    return tuple(
        Post(row["post"], _named(row, "partner"), row["certainty"], row["source"])
        for row in _rows("every-owner", {})
        if row["ref_iri"] == action
    )


def _rows(question: str, given: Mapping[str, str]) -> list[Mapping[str, Any]]:
    return list(queries.asker(question, given).records())


def _said(row: Mapping[str, Any]) -> Said:
    rag = Coded(row["rag_iri"], row["rag"]) if row["rag_iri"] else None
    return Said(
        Named(row["ref_iri"], row["title"]), row["ref"], _named(row, "said_by"), row["date"], row["period"],
        row["state"], rag, row["progress"], row["words"], int(row["nth"]), row["file"], row["certainty"],
        row["source"], _named(row, "plan_name") or Named("", ""), row["update_iri"],
    )  # fmt: skip


def _named(row: Mapping[str, Any], column: str) -> Named | None:
    return Named(row[f"{column}_iri"], row[column]) if row[f"{column}_iri"] else None


def _partners(rows: Sequence[Mapping[str, Any]]) -> list[Answering]:
    """Those that have answered for nothing first, then those with most open."""
    by_partner: dict[Named, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_partner[Named(row["partner_iri"], row["partner"])].append(row)
    found = [
        Answering(
            partner,
            tuple(Named(row["ref_iri"], row["ref"]) for row in theirs if row["answers"]),
            tuple(Named(row["ref_iri"], row["ref"]) for row in theirs if not row["answers"]),
            max((row["last"] for row in theirs if row["last"]), default=None),
        )
        for partner, theirs in by_partner.items()
    ]
    return sorted(found, key=lambda one: (bool(one.answered), -len(one.open), one.partner.name.casefold()))


def _moved(scope: Mapping[str, str], said: Sequence[Said]) -> list[Moved]:
    """The latest move of each body on each action."""
    every = {one.iri: one for one in said}
    # The statement before may be of the period before, which the scope leaves out.
    earlier = {one.iri: one for one in map(_said, _rows("every-update", _without(scope, "year")))}
    by_place = {(one.action.iri, one.said_by, one.nth): one for one in earlier.values()}
    latest: dict[tuple[str, str], Moved] = {}
    for row in _rows("what-moved", scope):
        now = every.get(row["update_iri"])
        if now is None:
            continue
        places = [nth for iri, by, nth in by_place if iri == now.action.iri and by == now.said_by and nth < now.nth]
        before = by_place[now.action.iri, now.said_by, max(places)]
        latest[now.action.iri, row["said_by_iri"]] = Moved(before, now)
    return list(latest.values())


def _without(scope: Mapping[str, str], name: str) -> dict[str, str]:
    return {key: words for key, words in scope.items() if key != name}


def _overdue(deadlines: Sequence[Mapping[str, Any]], on: str | None, said: Sequence[Said]) -> list[Due]:
    """The deadlines before the day, without the actions of which somebody says that they are complete."""
    last = {one.action.iri: one for one in said}
    found = []
    for row in deadlines:
        ends = _end(row)
        latest = last.get(row["ref_iri"])
        complete = latest is not None and (latest.state in DONE or (latest.rag and latest.rag.name in DONE))
        if on and ends and ends < on and not complete:
            action, plan = Named(row["ref_iri"], row["title"]), Named(row["plan_name_iri"], row["plan_name"])
            found.append(Due(action, row["ref"], row["words"], ends, latest, row["source"], plan))
    return sorted(found, key=lambda one: one.due)


def _end(row: Mapping[str, Any]) -> str | None:
    """The last day of a deadline: of its month, or of its quarter or year. None where it has no day."""
    if row["due"] and len(row["due"]) > len("2016-07"):
        return str(row["due"])
    if row["due"]:
        year, month = map(int, row["due"].split("-"))
        return _before(year + month // 12, month % 12 + 1)
    words = row["period"] or ""
    if not words:
        return None
    year, financial, quarter = int(words[:4]), "/" in words, words.partition(" Q")[2]
    months = 3 * int(quarter or 4) + (3 if financial else 0)
    return _before(year + months // 12, months % 12 + 1)


def _before(year: int, month: int) -> str:
    return (date(year, month, 1) - timedelta(days=1)).isoformat()


def _conflicts(said: Sequence[Said]) -> list[Conflict]:
    """Where bodies differ in RAG or state of the same action and period, each by the last it said."""
    latest: dict[tuple[str, str | None], dict[Named, Said]] = defaultdict(dict)
    for one in said:
        if one.said_by and (one.rag or one.state):
            latest[one.action.iri, one.period][one.said_by] = one
    return [
        Conflict(some[0].action, some[0].ref, tuple(some))
        for by_body in latest.values()
        if len(some := list(by_body.values())) > 1
        and (len({one.rag for one in some if one.rag}) > 1 or len({one.state for one in some if one.state}) > 1)
    ]


def _day(words: str) -> str:
    try:
        return date.fromisoformat(words.strip()).isoformat()
    except ValueError:
        raise InputError(f'on: "{words[:40]}" is no day; write it like {ON.example}.') from None


def _name(thing: Named | Coded | None) -> str | None:
    return thing.name if thing else None
