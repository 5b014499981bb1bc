"""`/indicators`: figures beside their targets, the priorities that have none and why, and the measures of actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

from flask import Blueprint

from api import priorities, queries
from api.actions import entries
from api.facts import Coded, Named, Statement
from api.forms import Given
from api.queries import Record
from api.references import Reference, every_reference, led_by
from api.said import said_of
from api.spreadsheets import Table
from api.twins import page
from kg.names import CODE, DCTERMS, PLAN
from kg.questions import figure, find_question

blueprint = Blueprint("indicators", __name__)

TARGETS, WITHOUT_A_NUMBER, WITHOUT_A_MEASURE, ONLY_EVALUATED = ("Q20", "Q22", "Q23", "Q24")
EVERYTHING: Final = Given({}, {}, {})
MEASURED_BY: Final = str(CODE["xref-measured-by"])
OTHER_PLAN: Final = str(CODE["method-other-plan"])
WITH_FIGURES: Final = "with figures"
NAMED_ONLY: Final = "named, figures to be confirmed"
WITHOUT: Final = {
    NAMED_ONLY: "It names its indicators and leaves their figures to be confirmed.",
    "to be confirmed": "It names no indicator: what it is measured by is itself to be confirmed.",
    "defined elsewhere": "It sends the reader to indicators stated elsewhere.",
    "none stated": "It says nothing of indicators.",
}
"""Why a delivery priority has no number, and what that means."""
COLUMNS: Final = (
    "priority", "title", "kind", "indicator", "year", "base_year", "target", "actual", "unit", "better", "verdict",
    "reserve", "state", "printed", "certainty", "note", "source", "plan",
)  # fmt: skip
Figure = int | float
ROOM: Final = 2.0
"""Percent of a scale that stay free at each of its ends."""
NO_TARGET: Final = "no target"
JUDGEMENTS: Final = {
    "met": "The actual figure is as good as the target, or better.",
    "missed": "The actual figure is worse than the target: in the direction wanted, not higher or lower as such.",
    "no actual yet": "There is a target, and the plan prints no actual figure beside it.",
    NO_TARGET: "The target is to be confirmed or not stated: there is nothing to judge by.",
    "cannot judge": "There are a target and an actual figure, and nobody says whether higher or lower is better.",
}
"""How a figure can stand to its target, by the verdicts of question Q20, and what that means."""
CALLED: Final = {"cannot judge": "cannot be judged"}


@dataclass(frozen=True)
class Reading(Statement):
    """The figures of an indicator for a year, as printed: 73 is +73%. `base_year` is what they are measured against.

    `verdict` is that of question Q20, None without a target, and `reserve` what to say beside it. `restates` is the
    base year of another target that this one says again. `states` says where a figure is still to be confirmed. None is
    not stated.
    """

    year: Named
    base_year: Named | None
    target: Figure | None
    actual: Figure | None
    verdict: str | None
    reserve: str | None
    restates: str | None
    states: tuple[Coded, ...]

    @property
    def judged(self) -> str:
        """What it comes to, with its reserve: "met (unit not stated)"."""
        return f"{self.verdict or NO_TARGET}{f' ({self.reserve})' if self.reserve else ''}"


@dataclass(frozen=True)
class Indicator(Statement):
    """An overarching indicator: its unit, which way is good ("lower" or "higher", by our reading), its figures by year.

    None is not stated.
    """

    unit: Coded | None
    better: str | None
    states: tuple[Coded, ...]
    readings: tuple[Reading, ...]

    def figure(self, value: Figure) -> str:
        """A figure with its sign and unit, where they are known."""
        return figure(value, self.unit.iri if self.unit else None)

    def figures(self, reading: Reading | None) -> str:
        """What a reading holds: "target +73%, actual +93%"; the indicator alone where it has none."""
        values = () if reading is None else (("target", reading.target), ("actual", reading.actual))
        found = [f"{name} {self.figure(value)}" for name, value in values if value is not None]
        states = [f"target {state.name.lower()}" for state in (reading or self).states]
        return ", ".join(found or states) or "target not stated"

    def in_words(self, reading: Reading) -> str:
        """The same with what it comes to: "target +73%, actual +93%: missed"."""
        return f"{self.figures(reading)}: {reading.judged}"

    @property
    def several_bases(self) -> bool:
        """Whether one of its years has figures against two base years."""
        return len({one.year for one in self.readings}) < len(self.readings)


@dataclass(frozen=True)
class MeasuredPriority(Statement):
    """A delivery priority: `ref` is its number behind that of its strategic priority (2/1), `label` its title.

    `kind` is "with figures", or why it has none. `states` stands where its indicators are to be confirmed as a whole;
    `shares` are pointers to indicators stated elsewhere.
    """

    ref: str
    plan: Named
    kind: str
    states: tuple[Coded, ...]
    indicators: tuple[Indicator, ...]
    shares: tuple[Reference, ...]

    @property
    def name(self) -> Named:
        """It by number and title."""
        return Named(self.iri, f"{self.ref}. {self.label}")


@dataclass(frozen=True)
class Measure(Statement):
    """A measure of an action: by what method, who leads the action, and how many targets and actual figures it has.

    `measured_by` are the bodies and plans whose measures it takes over, where it does. A method of None is not stated.
    """

    action: Named
    plan: Named
    leads: tuple[Named, ...]
    method: Coded | None
    measured_by: tuple[Named, ...]
    states: tuple[Coded, ...]
    targets: int
    actuals: int


@dataclass(frozen=True)
class Judged:
    """One reading of an indicator, or an indicator that has none: its figures, and the reserve a verdict is under.

    `restates` is the base year of another target that this one says again.
    """

    indicator: Named
    priority: Named
    year: str | None
    base_year: str | None
    figures: str
    reserve: str | None
    restates: str | None


@dataclass(frozen=True)
class Judgement:
    """One way a figure stands to its target, what that means, and what stands so."""

    name: str
    meaning: str
    judged: tuple[Judged, ...]

    @property
    def restating(self) -> int:
        """How many of them say another target again."""
        return sum(one.restates is not None for one in self.judged)


@dataclass(frozen=True)
class Bullet:
    """A reading as a bullet bar, in percent of the scale: the actual figure from zero, the target as a mark on it.

    `good` is where the side begins that is as good as the target or better, and how wide it is. None where there is no
    such figure, or nobody says which way is good.
    """

    label: str
    words: str
    zero: float
    actual: tuple[float, float] | None
    target: float | None
    good: tuple[float, float] | None


@dataclass(frozen=True)
class Scale:
    """From the lowest figure to the highest, zero among them; what lies between is told in percent of it."""

    low: Figure
    high: Figure

    @classmethod
    def over(cls, figures: Iterable[Figure]) -> Scale:
        """The scale that holds all of these."""
        every = [0, *figures]
        return cls(min(every), max(every))

    def place(self, figure: Figure) -> float:
        """Where a figure lies, in percent; a little room is left at both ends for the marks that stand there."""
        return ROOM + (100 - 2 * ROOM) * (figure - self.low) / ((self.high - self.low) or 1)


@dataclass(frozen=True)
class Indicators:
    """Overarching indicators by delivery priority, and apart from them the measures of actions.

    `scorecard` judges each figure of an indicator by its target. `unmeasured` are the actions that state no measure,
    `only_evaluated` those measured by nothing but evaluation.
    """

    scorecard: tuple[Judgement, ...]
    priorities: tuple[MeasuredPriority, ...]
    measures: tuple[Measure, ...]
    unmeasured: tuple[Named, ...]
    only_evaluated: tuple[Named, ...]

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The overarching indicators."""
        return tuple(one for priority in self.priorities for one in priority.indicators)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Their figures."""
        return tuple(reading for one in self.indicators for reading in one.readings)

    @property
    def with_figures(self) -> tuple[MeasuredPriority, ...]:
        """The delivery priorities that have a number."""
        return tuple(one for one in self.priorities if one.kind == WITH_FIGURES)

    @property
    def without(self) -> list[tuple[str, str, list[MeasuredPriority]]]:
        """The others by why they have none, with what that means."""
        by_kind = [
            (kind, words, [one for one in self.priorities if one.kind == kind]) for kind, words in WITHOUT.items()
        ]
        return [group for group in by_kind if group[2]]

    @property
    def methods(self) -> dict[str, int]:
        """How many measures are taken by each method, the most used first."""
        names = [one.method.name if one.method else "not stated" for one in self.measures]
        return {name: names.count(name) for name in sorted(set(names), key=lambda name: (-names.count(name), name))}

    @property
    def by_action(self) -> list[list[Measure]]:
        """The measures, those of an action together."""
        return [list(some) for _, some in groupby(self.measures, key=lambda one: one.action)]

    def scale(self, indicator: Indicator) -> Scale:
        """The scale of its bullets: that of all indicators with its unit, so that bars can be compared."""
        same = [one for one in self.indicators if one.unit == indicator.unit]
        return Scale.over(figure for one in same for figure in _figures(one))

    def bullets(self, indicator: Indicator) -> list[Bullet]:
        """Its readings that have a figure, as bullet bars."""
        scale = self.scale(indicator)
        return [
            _bullet(reading, indicator, scale)
            for reading in indicator.readings
            if reading.target is not None or reading.actual is not None
        ]

    def table(self) -> Table:
        """A row a reading; and a row for what has none, an indicator or a priority, with the reason as its kind."""
        rows = []
        for priority in self.priorities:
            if not priority.indicators:
                rows += [_row(priority, None, said, None) for said in priority.shares or [priority]]
            for one in priority.indicators:
                rows += [_row(priority, one, reading, reading) for reading in one.readings]
                rows += [] if one.readings else [_row(priority, one, one, None)]
        return Table(COLUMNS, rows, "Indicators")


def _scorecard(priorities: Iterable[MeasuredPriority]) -> tuple[Judgement, ...]:
    """Every reading, and every indicator without one, by how it stands to its target."""
    found: dict[str, list[Judged]] = {verdict: [] for verdict in JUDGEMENTS}
    for priority in priorities:
        for one in priority.indicators:
            for reading in one.readings or (None,):
                found[(reading and reading.verdict) or NO_TARGET].append(
                    Judged(
                        Named(one.iri, one.label.rstrip(".")), priority.name, reading.year.name if reading else None,
                        reading.base_year.name if reading and reading.base_year else None, one.figures(reading),
                        reading.reserve if reading else None, reading.restates if reading else None,
                    )
                )  # fmt: skip
    return tuple(
        Judgement(CALLED.get(verdict, verdict), JUDGEMENTS[verdict], tuple(some)) for verdict, some in found.items()
    )


def _bullet(reading: Reading, one: Indicator, scale: Scale) -> Bullet:
    against = f" against {reading.base_year.name}" if one.several_bases and reading.base_year else ""
    target = None if reading.target is None else scale.place(reading.target)
    good = None
    if target is not None and one.better:
        good = (target, 100 - target) if one.better == "higher" else (0.0, target)
    actual = None
    if reading.actual is not None:
        start, end = sorted((scale.place(0), scale.place(reading.actual)))
        actual = (start, end - start)
    return Bullet(f"{reading.year.name}{against}", one.in_words(reading), scale.place(0), actual, target, good)


def _figures(indicator: Indicator) -> list[Figure]:
    figures = (figure for one in indicator.readings for figure in (one.target, one.actual))
    return [figure for figure in figures if figure is not None]


def _row(
    priority: MeasuredPriority, one: Indicator | None, said: Statement, reading: Reading | None
) -> list[str | int | float | bool | None]:
    states = (reading or one or priority).states
    return [
        priority.ref,
        priority.label,
        priority.kind,
        one.label if one else None,
        reading.year.name if reading else None,
        reading.base_year.name if reading and reading.base_year else None,
        reading.target if reading else None,
        reading.actual if reading else None,
        one.unit.name if one and one.unit else None,
        one.better if one else None,
        reading.verdict if reading else None,
        reading.reserve if reading else None,
        ", ".join(state.name for state in states) or None,
        said.printed,
        said.certainty,
        said.note,
        "; ".join(source.label for source in said.sources),
        priority.plan.name,
    ]


@page(blueprint, "/indicators", "indicators.html", title="Indicators", door="Plan")
def indicators(given: Given) -> Indicators:
    """Targets and actual figures with a verdict, priorities without a number and why, and the measures of actions."""
    found: Found = queries.kept("indicators", _read)
    plans, years = ({thing.iri for thing in given.things.get(name, ())} for name in ("plan", "year"))
    led = led_by(given)

    def in_scope(plan: str, *actions: str) -> bool:
        return (not plans or plan in plans) and (led is None or not led.isdisjoint(actions))

    priorities = tuple(_of_years(one, years) for one, actions in found.priorities if in_scope(one.plan.iri, *actions))
    return Indicators(
        _scorecard(priorities),
        priorities,
        tuple(one for one in found.measures if in_scope(one.plan.iri, one.action.iri)),
        *(
            tuple(Named(row["ref_iri"], f"{row['ref']} {row['title']}") for row in rows
                  if in_scope(row["plan_name_iri"], row["ref_iri"]))
            for rows in (found.unmeasured, found.only_evaluated)
        ),
    )  # fmt: skip


def _of_years(priority: MeasuredPriority, years: Set[str]) -> MeasuredPriority:
    """The priority with the figures of these years; of all, where none is named."""
    if not years:
        return priority
    narrowed = (
        replace(one, readings=tuple(reading for reading in one.readings if reading.year.iri in years))
        for one in priority.indicators
    )
    return replace(priority, indicators=tuple(narrowed))


@dataclass(frozen=True)
class Found:
    """What every plan held says of indicators and measures; each priority with the actions below it, by IRI."""

    priorities: tuple[tuple[MeasuredPriority, tuple[str, ...]], ...]
    measures: tuple[Measure, ...]
    unmeasured: tuple[Record, ...]
    only_evaluated: tuple[Record, ...]


def _read() -> Found:
    return Found(
        tuple(_measured_priorities()),
        tuple(_measures()),
        *(_answered(question) for question in (WITHOUT_A_MEASURE, ONLY_EVALUATED)),
    )


def _measured_priorities() -> Iterable[tuple[MeasuredPriority, tuple[str, ...]]]:
    """The delivery priorities of every plan in order, with their actions."""
    verdicts = {(row["indicator_iri"], row["year"], row["base_year"]): row for row in _answered(TARGETS)}
    reasons = {row["dp_iri"]: row["why"] for row in _answered(WITHOUT_A_NUMBER)}
    for row in queries.records("plans-held"):
        for dp in (dp for sp in priorities.contents(EVERYTHING, row["plan"]) for dp in sp.delivery_priorities):
            measured = MeasuredPriority(
                **_statement(dp),
                ref=dp.ref,
                plan=Named(row["plan"], row["label"]),
                kind=_kind(dp, reasons.get(dp.iri)),
                states=dp.states,
                indicators=tuple(_indicator(one, verdicts) for one in dp.indicators),
                shares=dp.shares,
            )
            yield measured, tuple(action.iri for action in dp.actions)


def _kind(dp: priorities.DeliveryPriority, reason: str | None) -> str:
    # To be confirmed has two forms: with indicators that are named, and without any.
    if reason is None:
        return WITH_FIGURES
    return NAMED_ONLY if dp.indicators and reason == "to be confirmed" else reason


Verdicts = Mapping[tuple[str, str, str | None], Record]
"""The answer of question Q20 by indicator, year and base year: what makes a reading one."""


def _indicator(one: priorities.Indicator, verdicts: Verdicts) -> Indicator:
    return Indicator(
        **_statement(one),
        unit=one.unit,
        better={True: "higher", False: "lower", None: None}[one.higher_is_better],
        states=one.states,
        readings=tuple(_reading(reading, one, verdicts) for reading in one.readings),
    )


def _reading(reading: priorities.Reading, of: priorities.Indicator, verdicts: Verdicts) -> Reading:
    base = reading.base_year.name if reading.base_year else None
    judged = verdicts.get((of.iri, reading.year.name, base), {})
    return Reading(
        **_statement(reading),
        year=reading.year,
        base_year=reading.base_year,
        target=_number(reading.target),
        actual=_number(reading.actual),
        verdict=judged.get("verdict"),
        reserve=judged.get("reserve"),
        restates=judged.get("restates"),
        states=reading.states,
    )


def _measures() -> Iterable[Measure]:
    """The measures of all actions, in the order of their plans."""
    rows = queries.records("measures")
    said = said_of(row["measure"] for row in rows)
    measuring = [one for one in every_reference() if one.kind.iri == MEASURED_BY]
    for entry in entries(queries.records("actions"), EVERYTHING):
        for row in rows:
            if row["action"] == entry.iri:
                its = said[row["measure"]]
                method = its.code(DCTERMS.type)
                elsewhere = [one for one in measuring if one.element.iri == entry.iri and _of_another_plan(method)]
                yield Measure(
                    **vars(its.statement),
                    action=Named(entry.iri, f"{entry.ref} {entry.title}"),
                    plan=entry.plan,
                    leads=entry.leads,
                    method=method,
                    measured_by=tuple(dict.fromkeys(one.target for one in elsewhere)),
                    states=its.coded(PLAN.state),
                    targets=row["targets"],
                    actuals=row["actuals"],
                )


def _of_another_plan(method: Coded | None) -> bool:
    return method is not None and method.iri == OTHER_PLAN


def _answered(question: str) -> tuple[Record, ...]:
    return tuple(queries.ask(find_question(question), {}).records())


def _statement(one: Statement) -> dict[str, Any]:
    """The fields of a statement, to make another of."""
    return {name: getattr(one, name) for name in Statement.__dataclass_fields__}


def _number(printed: str | None) -> Figure | None:
    if printed is None:
        return None
    figure = float(printed)
    return int(figure) if figure.is_integer() else figure
