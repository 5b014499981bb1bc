"""`/gaps`: everything the plans leave open, unmeasured, unclear or wrongly printed, by severity and kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from api import queries
from api.facets import Facet, Value, chosen_things, facets, fits
from api.forms import Given
from api.spreadsheets import Table
from api.twins import SUFFIX, page
from kg.gaps import Gap, Severity, Thing, find_gaps, load_kinds
from kg.questions import Parameter

blueprint = Blueprint("gaps", __name__)

TITLES: Final = {"partner": "Partner", "priority": "Priority", "year": "Year", "plan": "Plan"}
CHOSEN: Final = {"severity": "Severity", "kind": "Kind", **TITLES}
KINDS: Final = load_kinds()
SEVERITIES: Final = tuple(dict.fromkeys(kind.severity for kind in KINDS))
SEVERITY_OF: Final = {kind.name: kind.severity.name for kind in KINDS}
DECISION: Final = "decision"
"""The severity whose number comes first: what somebody has to decide."""
OWN: Final = (
    Parameter(
        name="severity", type="choice", choices=tuple(one.name for one in SEVERITIES), example="decision",
        meaning="; ".join(f"{one.name}: {one.title.lower()}" for one in SEVERITIES),
    ),
    Parameter(
        name="kind", type="choice", choices=tuple(kind.name for kind in KINDS), example="status-tbc",
        meaning="Only gaps of this kind",
    ),
    Parameter(name="priority", type="priority", example="2/1", meaning="Strategic (2) or delivery priority (2/1)"),
)  # fmt: skip
COLUMNS: Final = (
    "Severity", "Kind", "Reference", "About", "Year", "Words", "Wording", "Read as", "Waits on", "Who should act",
    "Delivery priority", "Strategic priority", "Certainty", "Note", "Source", "Plan",
)  # fmt: skip
SHOWN_OF_A_KIND: Final = 100
"""So many of a kind the page lists before a kind is chosen: twenty plans would else be twenty thousand lines."""
OPENED: Final = 25
"""So many gaps in all, and their lists stand open on the page."""


@dataclass(frozen=True)
class KindCount:
    """A kind of gap: what it means, the named question that finds it, and how many there are.

    `n` counts those that fit the other choices made, whatever kind and severity were chosen.
    """

    name: str
    title: str
    why: str
    question: str
    question_id: str
    n: int


@dataclass(frozen=True)
class SeverityCount:
    """A severity: the rule by which a kind gets it, how many gaps have it, and its kinds."""

    name: str
    title: str
    rule: str
    n: int
    kinds: tuple[KindCount, ...]


@dataclass(frozen=True)
class Gaps:
    """The gaps that fit, in the order of severity and kind; `total` is how many there are in all plans held.

    One point may stand under several kinds, so `places` counts the cells they stand in, each with what it is about.
    `to_decide` is how many need an owner's decision.
    """

    total: int
    places: int
    to_decide: int
    severities: tuple[SeverityCount, ...]
    facets: tuple[Facet, ...]
    gaps: tuple[Gap, ...]

    @property
    def titles(self) -> Mapping[str, str]:
        """What the choices are called."""
        return CHOSEN

    @property
    def called(self) -> Mapping[str, str]:
        """What the severities and kinds are called, by their names in addresses."""
        kinds = {kind.name: kind.title for severity in self.severities for kind in severity.kinds}
        return kinds | {severity.name: severity.title for severity in self.severities}

    @property
    def by_kind(self) -> list[tuple[SeverityCount, list[tuple[KindCount, list[Gap]]]]]:
        """The gaps shown by severity and kind, those that have none left out."""
        listed = {title: list(some) for title, some in groupby(self.gaps, key=lambda one: one.kind)}
        found = [
            (severity, [(kind, listed[kind.title]) for kind in severity.kinds if kind.title in listed])
            for severity in self.severities
        ]
        return [part for part in found if part[1]]

    @property
    def opened(self) -> bool:
        """Whether there are so few that the lists stand open."""
        return len(self.gaps) <= OPENED

    @property
    def shown_of_a_kind(self) -> int:
        """How many of a kind the page lists before one is chosen."""
        return SHOWN_OF_A_KIND

    def table(self) -> Table:
        """A row a gap."""
        rows = [
            (one.severity, one.kind, one.ref, one.about.name, one.year, one.words, one.wording, one.read_as,
             one.waits_on, one.owner, _name(one.delivery_priority), _name(one.priority), one.certainty, one.note,
             one.source, one.plan.name)
            for one in self.gaps
        ]  # fmt: skip
        return Table(COLUMNS, rows, "Gaps")

    def more_tables(self) -> tuple[Table, ...]:
        """How many points there are by each way of counting; what the kinds mean, and how many of each there are."""
        numbers = [(words, n) for words, n in (
            ("Points that need an owner's decision", self.to_decide),
            ("Points in all; a point may stand under several kinds, and counts under each", len(self.gaps)),
            ("Distinct places: cells, each with what it is about", self.places),
        )]  # fmt: skip
        rows = [
            (severity.title, severity.rule, kind.title, kind.why, kind.question_id, kind.n)
            for severity in self.severities
            for kind in severity.kinds
        ]
        return (
            Table(("What is counted", "How many"), numbers, "Numbers"),
            Table(("Severity", "Its rule", "Kind", "What it means", "Question", "Points"), rows, "Kinds"),
        )


@page(blueprint, "/gaps", "gaps.html", title="What must be decided", door="To decide", parameters=OWN)
def gaps(given: Given) -> Gaps:
    """What is undecided, not measurable, not held or not printed whole, by severity, partner, priority and year."""
    found: tuple[Gap, ...] = queries.kept("gaps", lambda: find_gaps(queries.ask))
    years = sorted({gap.year for gap in found if gap.year})
    chosen = {value for value in chosen_things(given, CHOSEN) if value[0] != "year"}
    chosen |= {(name, given.words[name]) for name in ("kind", "severity") if name in given.words}
    chosen |= {("year", thing.name) for thing in given.things.get("year", ())}
    having = [(gap, _values(gap, years)) for gap in found]
    names = {thing.iri: thing.name for gap in found for thing in _things(gap)}
    priorities = dict.fromkeys(thing.iri for gap in found for thing in (gap.priority, gap.delivery_priority) if thing)
    order = (*sorted(priorities, key=lambda iri: _numbers(names[iri])), *years)
    kinds = Counter(gap.kind_name for gap, values in having if fits(values, chosen, "kind", "severity"))
    fitting = tuple(gap for gap, values in having if fits(values, chosen))
    return Gaps(
        len(found),
        len({(gap.about.iri, gap.source) for gap in fitting}),
        sum(SEVERITY_OF[gap.kind_name] == DECISION for gap in fitting),
        tuple(_counted(severity, kinds) for severity in SEVERITIES),
        facets(TITLES, [values for _, values in having], chosen, names, order),
        fitting,
    )


@blueprint.get(f"/decide.{SUFFIX}")
@blueprint.get("/decide")
def decide(suffix: str = "") -> ResponseReturnValue:
    """Where this page used to be."""
    query = request.query_string.decode()
    address = url_for("gaps.gaps") + (f".{suffix}" if suffix else "")
    return redirect(address + (f"?{query}" if query else ""), 308)


def _values(gap: Gap, years: Sequence[str]) -> set[Value]:
    """What a gap can be chosen by. What has no year is open in every one, and always told."""
    found = {("kind", gap.kind_name), ("severity", SEVERITY_OF[gap.kind_name]), ("plan", gap.plan.iri)}
    found |= {("partner", partner.iri) for partner in gap.partners}
    found |= {("priority", thing.iri) for thing in (gap.priority, gap.delivery_priority) if thing}
    return found | {("year", year) for year in ([gap.year] if gap.year else years)}


def _things(gap: Gap) -> Sequence[Thing]:
    return (*gap.partners, *(thing for thing in (gap.priority, gap.delivery_priority) if thing), gap.plan)


def _numbers(name: str) -> list[int]:
    """The number a priority begins with, for sorting: 2 before 2/1 before 10."""
    return [int(part) if part.isdigit() else 0 for part in name.partition(" ")[0].split("/")]


def _counted(severity: Severity, counts: Mapping[str, int]) -> SeverityCount:
    kinds = tuple(
        KindCount(kind.name, kind.title, kind.why, kind.question.name, kind.question.id, counts.get(kind.name, 0))
        for kind in KINDS
        if kind.severity == severity
    )
    return SeverityCount(severity.name, severity.title, severity.rule, sum(kind.n for kind in kinds), kinds)


def _name(thing: Thing | None) -> str | None:
    return thing.name if thing else None
