"""The page of one body: what it is, what it leads and with whom, and where a plan relies on it without its leading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from api import queries
from api.facts import Coded, Named, Source, Statement
from api.forms import Given
from api.leads import Led, bodies, led
from api.queries import Record
from api.said import Said, said_of
from api.spreadsheets import Table
from api.things import Asked, questions_about, thing_page
from api.updates import Answering, round_of
from api.updates import Said as Update
from kg.names import ORG, SKOS
from kg.questions import borough_of, find_question
from kg.questions.binding import iri as as_iri


@dataclass(frozen=True)
class Spelling:
    """A name the body is printed by: in how many lead cells and elsewhere, how certain the reading is, and why.

    `alone` is false where the words name other bodies as well. A spelling with no source is known, but stands nowhere
    in the plans held as a name by itself.
    """

    words: str
    alone: bool
    as_lead: int
    elsewhere: int
    certainty: str | None
    why: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Unit:
    """A unit of the body and how many actions it leads itself."""

    iri: str
    name: str
    leads: int


@dataclass(frozen=True)
class Share:
    """A body that leads actions together with this one: how many, and their references in the order of the plan."""

    partner: Named
    shared: int
    refs: str


@dataclass(frozen=True)
class Reliance:
    """A fact by which a plan relies on the body: `way` says how, `element` is what relies on it, `year` if it is one's.

    `leads` is whether the body leads that action anyway.
    """

    way: str
    element: Named
    is_action: bool
    leads: bool
    year: str | None
    statement: Statement


@dataclass(frozen=True)
class Counts:
    """How many actions the body leads: in all, alone, with others, together with its units; and under how many
    strategic priorities. `relied_on` counts actions that rely on it and that it does not lead."""

    leads: int
    alone: int
    jointly: int
    with_units: int
    priorities: int
    partners: int
    relied_on: int


@dataclass(frozen=True)
class BodyPage:
    """One body. `part_of` goes up to the body at the top; `statement` is how the body itself was read.

    `asked` is what the update round asks it, None where it leads nothing; `updates` what it said, the newest first.
    """

    iri: str
    name: str
    type: Coded
    borough: Named | None
    roles: tuple[Named, ...]
    definition: str | None
    statement: Statement
    part_of: tuple[Named, ...]
    units: tuple[Unit, ...]
    predecessors: tuple[Named, ...]
    successors: tuple[Named, ...]
    matches: tuple[Named, ...]
    runs: tuple[Named, ...]
    publishes: tuple[Named, ...]
    counts: Counts
    actions: tuple[Led, ...]
    shares: tuple[Share, ...]
    reliances: tuple[Reliance, ...]
    spellings: tuple[Spelling, ...]
    asked: Answering | None
    updates: tuple[Update, ...]
    questions: tuple[Asked, ...]

    @property
    def by_priority(self) -> list[tuple[Named, list[Led]]]:
        """The actions it leads under each strategic priority."""
        found: dict[Named, list[Led]] = defaultdict(list)
        for one in self.actions:
            found[one.action.priority].append(one)
        return list(found.items())

    def relying(self, *ways: str) -> list[Reliance]:
        """How a plan relies on it, in these ways."""
        return [one for one in self.reliances if one.way in ways]

    def table(self) -> Table:
        """A row for each action it leads."""
        columns = ["ref", "title", "role", "beside", "priority", "delivery priority", "printed", "certainty", "note",
                   "plan", "source"]  # fmt: skip
        rows = [
            [one.action.ref, one.action.title, lead.role.name,
             ", ".join(other.name for other in one.beside([self.iri])) or None, one.action.priority.name,
             one.action.delivery_priority.name, lead.statement.printed, lead.statement.certainty, lead.statement.note,
             one.action.plan.name,
             "; ".join(source.label for source in lead.statement.sources)]
            for one in self.actions
            for lead in one.of([self.iri])
        ]  # fmt: skip
        return Table(columns, rows, self.name)


def body(given: Given, iri: str) -> BodyPage:
    """One body (one of several boroughs at /org/{org}): its spellings, what it leads with whom, what relies on it."""
    this = as_iri(iri)
    own, said = bodies()[iri], said_of([iri])[iri]
    related: dict[str, list[Named]] = defaultdict(list)
    for row in queries.records("body-relations", body=(this,)):
        related[row["relation"]].append(Named(row["thing"], row["name"]))
    leads = queries.records("leads", **given.of("plan"))
    mine = _led_by(leads, {iri})
    actions = led(mine, given)
    shares = _shares(given, iri, collective=own.is_collective)
    reliances = _reliances(given, this, set(mine))
    asked, updates = round_of(iri, given)
    alone = sum(not one.beside([iri]) for one in actions)
    return BodyPage(
        iri=iri,
        name=own.name,
        type=own.type,
        borough=_borough(iri),
        roles=tuple(Named(row["purpose"], row["name"]) for row in queries.records("purposes") if row["body"] == iri),
        definition=said.one(SKOS.definition),
        statement=said.statement,
        part_of=_above(iri),
        units=tuple(Unit(unit.iri, unit.name, len(_led_by(leads, {unit.iri}))) for unit in related["unit"]),
        predecessors=tuple(related["predecessor"]),
        successors=tuple(related["successor"]),
        matches=tuple(related["match"]),
        runs=tuple(related["runs"]),
        publishes=tuple(related["publishes"]),
        counts=Counts(
            leads=len(mine),
            alone=alone,
            jointly=len(mine) - alone,
            with_units=len(_led_by(leads, _with_units(iri))),
            priorities=len({one.action.priority for one in actions}),
            partners=len(shares),
            relied_on=len({one.element for one in reliances if one.is_action and not one.leads}),
        ),
        actions=actions,
        shares=shares,
        reliances=reliances,
        spellings=_spellings(this, said),
        asked=asked,
        updates=updates,
        questions=questions_about(iri, "body"),
    )


def _borough(iri: str) -> Named | None:
    """The borough a body belongs to; None where it is of several."""
    found = queries.names().things.get(borough_of(iri))
    return Named(found.iri, found.name) if found else None


for _class in (ORG.OrganizationalUnit, ORG.OrganizationalCollaboration, ORG.FormalOrganization, ORG.Organization):
    thing_page(_class, "/{borough}/org/{org}", "body.html", title="Partner", door="Partners")(body)


def _above(iri: str) -> tuple[Named, ...]:
    above = bodies()[iri].part_of
    return (above, *_above(above.iri)) if above else ()


def _with_units(iri: str) -> set[str]:
    """A body with all its units, and theirs."""
    return {one for one in bodies() if one == iri or iri in {above.iri for above in _above(one)}}


def _led_by(leads: Sequence[Record], iris: set[str]) -> list[str]:
    """The actions that one of these bodies leads, in the order of their plans."""
    return list(dict.fromkeys(row["action"] for row in leads if row["body"] in iris))


def _shares(given: Given, iri: str, *, collective: bool) -> tuple[Share, ...]:
    words = {"partner": iri, **{name: words for name, words in given.words.items() if name in ("borough", "plan")}}
    answer = queries.ask(find_question("Q14"), words | ({"collective": "yes"} if collective else {}))
    rows: list[dict[str, Any]] = list(answer.records())
    shares = []
    for row in rows:
        other = "a2" if row["a1_iri"] == iri else "a1"
        shares.append(Share(Named(row[f"{other}_iri"], row[other]), row["shared"], row["refs"]))
    return tuple(shares)


def _reliances(given: Given, this: str, mine: set[str]) -> tuple[Reliance, ...]:
    rows = queries.records("relied-on", body=(this,), **given.of("plan"))
    said = said_of(row["fact"] for row in rows)
    return tuple(
        Reliance(
            row["way"],
            Named(row["element"], " ".join(part for part in (row["ref"], row["title"]) if part)),
            row["ref"] is not None,
            row["element"] in mine,
            row["year"],
            said[row["fact"]].statement,
        )
        for row in rows
    )


UNUSED: Final = "Known as a spelling; no plan held prints it as a name by itself."


def _spellings(this: str, said: Said) -> tuple[Spelling, ...]:
    alone = {value.name: None for value in said.all(SKOS.altLabel)}
    printed: dict[str, list[Record]] = defaultdict(list)
    usual = said.name.name
    for row in queries.records("spellings", body=(this,)):
        if row["words"] != usual:
            printed[row["words"]].append(row)
    known = {words.casefold() for words in alone}
    made = [_spelling(words, words.casefold() in known, rows) for words, rows in printed.items()]
    found = {one.words.casefold() for one in made}
    unused = [Spelling(words, True, 0, 0, None, (UNUSED,), ()) for words in alone if words.casefold() not in found]
    return (*sorted(made, key=lambda one: (-one.as_lead, -one.elsewhere)), *unused)


def _spelling(words: str, alone: bool, rows: Sequence[Record]) -> Spelling:
    # The least certain reading is the one to know of; where no note says why, the meaning of the certainty does.
    doubtful = max(rows, key=lambda row: row["doubt"])
    notes = dict.fromkeys(row["note"] for row in rows if row["note"])
    return Spelling(
        words,
        alone,
        len({row["fact"] for row in rows if row["as_lead"]}),
        len({row["fact"] for row in rows if not row["as_lead"]}),
        doubtful["certainty"],
        tuple(notes) or (doubtful["meaning"],),
        tuple(dict.fromkeys(Source(row["cell"], row["cell_label"]) for row in rows)),
    )
