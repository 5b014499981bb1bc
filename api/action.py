"""The page of one action: everything its rows of the plan say, each fact with its cell, and who points to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api import queries
from api.facts import Coded, Named, Statement
from api.forms import Given
from api.queries import Record
from api.said import Cell, Document, Said, called, cells_of, said_of
from api.spreadsheets import Table
from api.things import Asked, address_of, questions_about, thing_page
from api.updates import Deadline, Post, deadlines_of, posts_of, said_of_action
from api.updates import Said as Update
from kg.names import DCTERMS, PLAN
from kg.questions.binding import iri as as_iri


@dataclass(frozen=True)
class Fact:
    """A statement of the action's rows; `within` is the step, year or measure it stands in, None for the action."""

    kind: str
    statement: Statement
    within: Named | None

    @property
    def value(self) -> str | None:
        """What it says beside its label, in one line; None where that is all."""
        return None


@dataclass(frozen=True)
class Lead(Fact):
    """A body named as lead, and how it stands to the others."""

    partner: Named
    role: Coded

    @property
    def value(self) -> str | None:
        return f"{self.partner.name} ({self.role.name})"


@dataclass(frozen=True)
class Timed(Fact):
    """A fact with dates: `due` in words, how often, what it waits for. None or empty is not stated."""

    due: str | None
    frequency: Coded | None
    conditional_on: tuple[Named, ...]

    @property
    def value(self) -> str | None:
        return "; ".join(self.times) or None

    @property
    def times(self) -> tuple[str, ...]:
        """When it is due, how often, and what it waits for, in words."""
        due = [f"due {self.due}"] if self.due else []
        waits = [f"subject to {_names(self.conditional_on)}"] if self.conditional_on else []
        return (*due, *([self.frequency.name] if self.frequency else []), *waits)


@dataclass(frozen=True)
class Step(Timed):
    """One thing the action promises to do."""


@dataclass(frozen=True)
class YearStatus(Timed):
    """Where the action stands in one year: its states, whether intended or reported, and through what it is done."""

    year: Named
    states: tuple[Coded, ...]
    stated_as: Coded | None
    through: tuple[Named, ...]

    @property
    def value(self) -> str | None:
        stated_as = [self.stated_as.name] if self.stated_as else []
        through = [f"through {_names(self.through)}"] if self.through else []
        return "; ".join([self.year.name, _names(self.states), *stated_as, *through, *self.times])


@dataclass(frozen=True)
class Measure(Fact):
    """How the action is to be measured, by what method; `states` says where that is still to be decided."""

    method: Coded | None
    states: tuple[Coded, ...]

    @property
    def value(self) -> str | None:
        return _names([self.method, *self.states] if self.method else self.states) or None


@dataclass(frozen=True)
class Reading(Fact):
    """The figures of a measure for a year, as printed: 73, -12."""

    year: Named
    target: str | None
    actual: str | None

    @property
    def value(self) -> str | None:
        return f"{self.year.name}; target {self.target or 'not stated'}; actual {self.actual or 'not stated'}"


@dataclass(frozen=True)
class Reference(Fact):
    """A pointer: its kind, what it leads to, and the printed words that say where in that."""

    reference_kind: Coded
    target: Named
    locator: str | None

    @property
    def value(self) -> str | None:
        return "; ".join([self.reference_kind.name, self.target.name, *([self.locator] if self.locator else [])])


@dataclass(frozen=True)
class Pointer:
    """A cross-reference of something else that leads here: who points, in which of its parts."""

    by: Named
    reference: Reference


@dataclass(frozen=True)
class NamedIn(Fact):
    """A body, place or initiative named in the words; `what` says which of the three."""

    of: Named
    what: str

    @property
    def value(self) -> str | None:
        return f"{self.of.name} ({self.what})"


@dataclass(frozen=True)
class Improvement:
    """A statement of what is to be improved under the action's delivery priority."""

    statement: Statement
    summary: str | None


@dataclass(frozen=True)
class ActionPage:
    """One action of a plan: `ref` is its printed reference, `version` that of the plan.

    `before` and `after` are the actions that stand beside it in the plan; `citation` is a sentence to quote.
    """

    iri: str
    ref: str
    summary: str | None
    statement: Statement
    strategic_priority: Named
    delivery_priority: Named
    plan: Named
    version: str | None
    themes: tuple[Coded, ...]
    groups: tuple[Coded, ...]
    leads: tuple[Lead, ...]
    years: tuple[YearStatus, ...]
    steps: tuple[Step, ...]
    outcomes: tuple[Fact, ...]
    measures: tuple[Measure, ...]
    readings: tuple[Reading, ...]
    deadlines: tuple[Deadline, ...]
    posts: tuple[Post, ...]
    updates: tuple[Update, ...]
    points_to: tuple[Reference, ...]
    pointed_at_by: tuple[Pointer, ...]
    named: tuple[NamedIn, ...]
    improvements: tuple[Improvement, ...]
    cells: tuple[Cell, ...]
    document: Document
    citation: str
    before: Named | None
    after: Named | None
    questions: tuple[Asked, ...]

    @property
    def has_words(self) -> bool:
        """Whether the graph holds the exact words of its cells."""
        return any(cell.source.words for cell in self.cells)

    def named_as(self, what: str) -> tuple[NamedIn, ...]:
        """What is named in the words, of one sort: body, place or initiative."""
        return tuple(named for named in self.named if named.what == what)

    def within(self, iri: str) -> tuple[Reference | NamedIn, ...]:
        """The pointers and names that stand in one step or year."""
        inside: tuple[Reference | NamedIn, ...] = (*self.points_to, *self.named)
        return tuple(fact for fact in inside if fact.within and fact.within.iri == iri)

    def table(self) -> Table:
        """A row a fact."""
        columns = ["ref", "kind", "fact", "value", "printed", "certainty", "note", "source"]
        facts = ((fact.kind, fact.statement, fact.value) for fact in self._facts())
        rows = [
            [self.ref, kind, statement.label, value, *_reading(statement)]
            for kind, statement, value in (("action", self.statement, self.summary), *facts)
        ]
        return Table(columns, rows, f"Action {self.ref}")

    def _facts(self) -> tuple[Fact, ...]:
        return (*self.leads, *self.years, *self.steps, *self.outcomes, *self.measures, *self.readings,
                *self.points_to, *self.named)  # fmt: skip


def _reading(statement: Statement) -> list[str | None]:
    cells = "; ".join(source.label for source in statement.sources)
    return [statement.printed, statement.certainty, statement.note, cells]


def _names(things: Iterable[Named | Coded]) -> str:
    return ", ".join(thing.name for thing in things)


@thing_page(PLAN.Action, "/{borough}/plan/{plan}/action/{ref}", "action.html", title="Action", door="Plan")
def action(_given: Given, iri: str) -> ActionPage:
    """One action: who leads it, what is to be done, where it stands in each year, and the cell of every fact."""
    this = as_iri(iri)
    place = queries.record("action-place", action=(this,))
    rows = queries.records("action-facts", action=(this,))
    pointing = queries.records("pointed-at-by", thing=(this,))
    improvements = [row["improvement"] for row in queries.records("improvements-beside", action=(this,))]
    said = said_of([iri, *(row["fact"] for row in rows), *improvements,
                    *(row[part] for row in pointing for part in ("fact", "within"))])  # fmt: skip
    facts = _facts(rows, said, iri)
    mine = said[iri]
    before, after = _beside(place["plan"], iri)
    cells = cells_of([mine, *(said[row["fact"]] for row in rows)])
    return ActionPage(
        iri=iri,
        ref=mine.one(DCTERMS.identifier) or "not stated",
        summary=mine.one(DCTERMS.description),
        statement=mine.statement,
        strategic_priority=Named(place["sp"], f"{place['sp_ref']}. {place['sp_name']}"),
        delivery_priority=Named(place["dp"], f"{place['sp_ref']}/{place['dp_ref']}. {place['dp_name']}"),
        plan=Named(place["plan"], place["plan_name"]),
        version=place["version"],
        themes=mine.coded(DCTERMS.subject),
        groups=mine.coded(PLAN.forGroup),
        leads=facts["lead"],
        years=facts["status"],
        steps=facts["step"],
        outcomes=facts["outcome"],
        measures=facts["measure"],
        readings=facts["reading"],
        deadlines=deadlines_of(iri),
        posts=posts_of(iri),
        updates=said_of_action(iri),
        points_to=facts["cross-reference"],
        pointed_at_by=tuple(_pointer(row, said) for row in pointing),
        named=facts["mention"],
        improvements=tuple(
            Improvement(said[one].statement, said[one].one(DCTERMS.description)) for one in improvements
        ),
        cells=cells,
        document=cells[0].document,
        citation=_citation(mine, place["plan_name"], cells[0].document),
        before=before,
        after=after,
        questions=questions_about(iri, "action", also=("D03",)),
    )


def _beside(plan: str, action: str) -> tuple[Named | None, Named | None]:
    """The actions before and after an action in its plan."""
    rows = queries.records("actions-of-plan", plan=(as_iri(plan),))
    things = [None, *(Named(row["action"], called(row["ref"], row["name"])) for row in rows), None]
    place = next(place for place, thing in enumerate(things) if thing and thing.iri == action)
    return things[place - 1], things[place + 1]


def _facts(rows: Sequence[Record], said: Mapping[str, Said], action: str) -> dict[str, tuple[Any, ...]]:
    """The facts of each kind, in the order printed: those of the action itself, then those of its parts in theirs."""
    found: dict[str, list[Fact]] = {kind: [] for kind in MADE}
    ordered = sorted(rows, key=lambda row: (row["within"] != action, said[row["within"]].order,
                                            row["within"], said[row["fact"]].order, row["fact"]))  # fmt: skip
    for row in ordered:
        within = None if row["within"] == action else said[row["within"]].name
        kind, fact = row["kind"], said[row["fact"]]
        found[kind].append(MADE[kind](fact, (kind, fact.statement, within)))
    return {kind: tuple(facts) for kind, facts in found.items()}


Common = tuple[str, Statement, Named | None]


def _lead(said: Said, common: Common) -> Lead:
    return Lead(*common, said.named(PLAN.partner)[0], said.coded(PLAN.role)[0])


def _status(said: Said, common: Common) -> YearStatus:
    return YearStatus(*common, *_times(said), said.named(PLAN.period)[0], said.coded(PLAN.state),
                      said.code(PLAN.statedAs), said.named(PLAN.deliveredThrough))  # fmt: skip


def _step(said: Said, common: Common) -> Step:
    return Step(*common, *_times(said))


def _outcome(_said: Said, common: Common) -> Fact:
    return Fact(*common)


def _measure(said: Said, common: Common) -> Measure:
    return Measure(*common, said.code(DCTERMS.type), said.coded(PLAN.state))


def _figures(said: Said, common: Common) -> Reading:
    return Reading(*common, said.named(PLAN.period)[0], said.one(PLAN.target), said.one(PLAN.actual))


def _reference(said: Said, common: Common) -> Reference:
    return Reference(*common, said.coded(DCTERMS.type)[0], said.named(PLAN.pointsTo)[0], said.one(PLAN.locator))


def _mention(said: Said, common: Common) -> NamedIn:
    of = said.named(PLAN.of)[0]
    return NamedIn(*common, of, queries.names().things[of.iri].kind)


def _times(said: Said) -> tuple[str | None, Coded | None, tuple[Named, ...]]:
    return said.due, said.code(PLAN.frequency), said.named(PLAN.conditionalOn)


# How each kind of fact is made of what is said of it.
MADE: Final[Mapping[str, Callable[[Said, Common], Fact]]] = {
    "lead": _lead, "status": _status, "step": _step, "outcome": _outcome, "measure": _measure, "reading": _figures,
    "cross-reference": _reference, "mention": _mention,
}  # fmt: skip


def _pointer(row: Record, said: Mapping[str, Said]) -> Pointer:
    by = Named(row["element"], called(row["ref"], row["element_name"]))
    within = None if row["within"] == row["element"] else said[row["within"]].name
    fact = said[row["fact"]]
    return Pointer(by, _reference(fact, ("cross-reference", fact.statement, within)))


def _citation(mine: Said, plan: str, document: Document) -> str:
    """A sentence to quote: the plan, the action, where it stands in which file, and what this page shows."""
    where = "; ".join(source.label for source in mine.sources)
    ref, title = mine.one(DCTERMS.identifier), mine.name.name
    return (
        f"{plan}, action {ref}, \u201c{title}\u201d (title by Plangraph), read from {document.name} "
        f"(sha256 begins {document.sha256[:8]}), {where}. "
        f"Plangraph snapshot {queries.own_store().snapshot}, {address_of(mine.iri)}"
    )
