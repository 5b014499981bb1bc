"""`/plans`: the plans held as contents lists, those known by name only; and the page of one plan, held or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint

from api import queries
from api.facts import Coded, Named, Statement
from api.forms import Given
from api.priorities import LeadCount, StrategicPriority, contents, leads_of, table_of
from api.queries import Record
from api.references import COLUMNS, Leaning, Reference, every_reference, leaning, within_scope
from api.said import Said, said_of
from api.spreadsheets import Table
from api.things import Asked, questions_about, thing_page
from api.twins import page
from kg.names import DCTERMS, PLAN, RDF, SKOS
from kg.questions import find_question

blueprint = Blueprint("plans", __name__)


@dataclass(frozen=True)
class Gap:
    """A number that no strategic priority has: the priority that follows it, and where that stands."""

    missing: int
    following: Named
    source: str


@dataclass(frozen=True)
class Contents:
    """A plan held, in the order of the document; `gaps` are numbers its strategic priorities skip."""

    plan: Named
    priorities: tuple[StrategicPriority, ...]
    gaps: tuple[Gap, ...]

    @property
    def improvements(self) -> int:
        """How many statements of what is to be improved it has."""
        return sum(len(dp.improvements) for sp in self.priorities for dp in sp.delivery_priorities)


@dataclass(frozen=True)
class NamedOnly:
    """A document known by name: its type, how many parts of which plan cite it, and which those are."""

    document: Named
    type: str | None
    cited: int
    cited_in: str
    citing: Named


@dataclass(frozen=True)
class Plans:
    """The plans held with their contents, and the documents that are named only, the most cited first."""

    held: tuple[Contents, ...]
    named_only: tuple[NamedOnly, ...]

    def table(self) -> Table:
        """A row an action of the plans held."""
        return table_of([sp for plan in self.held for sp in plan.priorities], "Plans")


@page(blueprint, "/plans", "plans.html", title="Plans and priorities", door="Plan")
def plans(given: Given) -> Plans:
    """Each plan held as a contents list in the order of the document, then the plans known by name but not held."""
    wanted = {thing.iri for thing in given.things.get("plan", ())}
    held = tuple(
        _contents(given, Named(row["plan"], row["label"]))
        for row in queries.records("plans-held")
        if not wanted or row["plan"] in wanted
    )
    return Plans(held, _named_only(given))


@dataclass(frozen=True)
class Match:
    """A document that may be the same one, and why they are kept apart."""

    document: Named
    certainty: str | None
    note: str | None


@dataclass(frozen=True)
class Section(Statement):
    """A part of a document that is not held, by the words that name it (`identifier`), and the references to it."""

    identifier: str
    references: tuple[Reference, ...]


@dataclass(frozen=True)
class SourceFile:
    """The file a plan was read from and the sha256 of its bytes."""

    iri: str
    name: str
    sha256: str


@dataclass(frozen=True)
class Count:
    """How many elements of a type a plan has."""

    type: str
    n: int

    @property
    def words(self) -> str:
        """The type as it is said of so many."""
        if self.n == 1:
            return self.type
        return f"{self.type[:-1]}ies" if self.type.endswith("y") else f"{self.type}s"


@dataclass(frozen=True)
class PlanPage:
    """A document: a plan whose text is held (`source` is the file it was read from), or one named only (None).

    `years` are those it is for; `due` is in words. `depends` and `refers` say who leans on it, `references_in` with
    which words; its own references are `references_out`. Of a plan named only the contents and counts are empty.
    `notes` are its own, and what was noted where others name it.
    """

    iri: str
    label: str
    summary: str | None
    type: Coded | None
    years: tuple[Named, ...]
    publisher: Named | None
    due: str | None
    conditional_on: tuple[Named, ...]
    other_names: tuple[str, ...]
    certainty: str | None
    notes: tuple[str, ...]
    source: SourceFile | None
    counts: tuple[Count, ...]
    contents: Contents
    leads: tuple[LeadCount, ...]
    references_out: tuple[Reference, ...]
    references_in: tuple[Reference, ...]
    depends: Leaning
    refers: Leaning
    sections: tuple[Section, ...]
    matches: tuple[Match, ...]
    questions: tuple[Asked, ...]

    @property
    def held(self) -> bool:
        """Whether its text is held."""
        return self.source is not None

    def table(self) -> Table:
        """A row an action where the plan is held, else a row a reference to it."""
        if self.held:
            return table_of(self.contents.priorities, self.label)
        return Table(COLUMNS, [one.row for one in self.references_in], self.label)


@thing_page(PLAN.Plan, "/{borough}/plan/{plan}", "plan.html", title="Plan", door="Plan")
def plan(given: Given, iri: str) -> PlanPage:
    """A plan: its contents, counts, source and references where it is held; who leans on it in any case."""
    its = said_of([iri])[iri]
    source = _source(its)
    every = within_scope(given, every_reference())
    to_it = tuple(one for one in every if one.document == its.name and one.plan != its.name)
    inside = _contents(given, its.name) if source else Contents(its.name, (), ())
    return PlanPage(
        iri,
        its.name.name,
        its.one(DCTERMS.description) or its.one(SKOS.definition),
        its.code(DCTERMS.type),
        tuple(sorted(its.named(DCTERMS.temporal), key=lambda year: year.name)),
        next(iter(its.named(DCTERMS.publisher)), None),
        its.due,
        its.named(PLAN.conditionalOn),
        tuple(name.name for name in its.all(SKOS.altLabel)),
        its.one(PLAN.certainty),
        tuple(note.name for note in its.all(SKOS.editorialNote)),
        source,
        _counts(iri) if source else (),
        inside,
        leads_of(action for priority in inside.priorities for action in priority.actions),
        tuple(one for one in every if one.plan == its.name and one.document != its.name),
        to_it,
        leaning(one for one in to_it if one.depends),
        leaning(one for one in to_it if one.points),
        _sections(to_it),
        _matches(its),
        questions_about(iri, "plan", also=("Q33",)),
    )


def _contents(given: Given, own: Named) -> Contents:
    rows: list[Record] = list(queries.ask(find_question("gaps-in-the-numbering"), {"plan": own.iri}).records())
    gaps = tuple(Gap(row["missing"], Named(row["next_iri"], row["next"]), row["source"]) for row in rows)
    return Contents(own, contents(given, own.iri), gaps)


def _named_only(given: Given) -> tuple[NamedOnly, ...]:
    words = {name: given.words[name] for name in ("borough", "plan", "partner") if name in given.words}
    rows: list[Record] = list(queries.ask(find_question("plans-cited-but-not-held"), words).records())
    return tuple(
        NamedOnly(
            Named(row["plan_iri"], row["plan"]),
            row["type"],
            row["citedBy"],
            row["cited_in"],
            Named(row["plan_name_iri"], row["plan_name"]),
        )
        for row in rows
    )


def _source(its: Said) -> SourceFile | None:
    for file in its.named(DCTERMS.source):
        return SourceFile(file.iri, file.name, said_of([file.iri])[file.iri].one(DCTERMS.identifier) or "")
    return None


def _counts(iri: str) -> tuple[Count, ...]:
    rows: list[Record] = list(queries.ask(find_question("how-big-is-the-plan"), {"plan": iri}).records())
    return tuple(Count(row["type"], row["n"]) for row in rows)


def _sections(to_it: Sequence[Reference]) -> tuple[Section, ...]:
    """The parts of a document that nothing but references to it names, in the order they are first named."""
    by_section: dict[str, list[Reference]] = {}
    for one in to_it:
        if one.target != one.document:
            by_section.setdefault(one.target.iri, []).append(one)
    return tuple(
        Section(**vars(its.statement), identifier=its.one(DCTERMS.identifier) or "", references=tuple(by_section[iri]))
        for iri, its in said_of(by_section).items()
        # What a plan that is held says of itself has a class of its own.
        if {kind.iri for kind in its.all(RDF.type)} == {str(PLAN.PlanElement)}
    )


def _matches(its: Said) -> tuple[Match, ...]:
    found = said_of(match.iri for match in its.named(SKOS.closeMatch))
    return tuple(
        Match(match.name, match.one(PLAN.certainty), match.one(SKOS.editorialNote)) for match in found.values()
    )
