"""`/compare/plans`: plans side by side in the same terms, whatever their boroughs call things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint

from api import queries
from api.compare_versions import held
from api.facts import Named
from api.forms import Given
from api.layout import choices
from api.spreadsheets import Table
from api.twins import page
from kg.comparing import acting_of
from kg.comparing.counterparts import COUNTERPART, Told, nearest_of
from kg.questions import Parameter, Value, find_question

blueprint = Blueprint("compare_plans", __name__)

PARAMETERS: Final = tuple(
    Parameter(name=name, type="plan", example=example, meaning=meaning)
    for name, example, meaning in (
        ("a", "Hackney Community Safety Plan 2015-18", "The first plan"),
        ("b", "Marlow Vale Safer Vale Plan 2023-25 (synthetic example)", "The second"),
        ("c", "Tinford Safety Plan 2023-25 (synthetic example)", "A third, if wanted"),
    )
)
SHARES: Final = (
    ("Joint actions", "two or more leads", "C01"),
    ("To be confirmed", "in at least one year", "C01"),
    ("Measured", "a way of measuring the action is named", "C01"),
)
COUNTED: Final = (("leads", 1, "leads"), ("tbc", 0, "years"), ("measures", 0, "measures"))
"""The column of C01 that each share counts, more than what, and the column without which it is not stated."""
NO_ROLE: Final = "No role in the register"


@dataclass(frozen=True)
class ActionRef:
    """An action by its reference."""

    iri: str
    ref: str
    title: str


@dataclass(frozen=True)
class Cell:
    """A figure of one plan: `n` things, `share` of them in percent of all its actions, and the actions behind it.

    `n` None is not stated: the plan says nothing of this kind at all; that is not zero.
    """

    n: int | None
    share: int | None = None
    actions: tuple[ActionRef, ...] = ()


@dataclass(frozen=True)
class Line:
    """One thing told of every plan, in the order of the plans. `question` is the named question it comes from."""

    name: str
    note: str | None
    question: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class PlanSide:
    """A plan that is compared, with how many actions it has and for which years it is."""

    iri: str
    name: str
    actions: int


@dataclass(frozen=True)
class Figure:
    """An indicator of one plan: how many targets and actual figures it prints; none is 0, and said so."""

    iri: str
    name: str
    plan: str
    targets: int
    actuals: int


@dataclass(frozen=True)
class Alone:
    """An action without a counterpart in the other plans: what comes nearest, and how near, 0 to 1."""

    action: ActionRef
    plan: str
    nearest: ActionRef | None
    nearest_plan: str | None
    score: float | None


@dataclass(frozen=True)
class SideBySide:
    """Plans side by side. Every figure has its actions behind it and the number of the question that gives it."""

    offered: tuple[Named, ...]
    plans: tuple[PlanSide, ...]
    shares: tuple[Line, ...]
    themes: tuple[Line, ...]
    groups: tuple[Line, ...]
    roles: tuple[Line, ...]
    documents: tuple[Line, ...]
    indicators: tuple[Figure, ...]
    alone: tuple[Alone, ...]
    counterpart: float = COUNTERPART

    @property
    def parts(self) -> list[tuple[str, str, tuple[Line, ...]]]:
        """The tables: their key, their name, their lines."""
        return [
            ("shares", "Joint, open and measured actions", self.shares),
            ("roles", "Partners by role", self.roles),
            ("themes", "Themes", self.themes),
            ("groups", "Groups of people", self.groups),
            ("documents", "Documents and forums leaned on", self.documents),
        ]

    def table(self) -> Table:
        """A row a figure and plan."""
        rows: list[Sequence[Value]] = [
            [part, line.name, plan.name, cell.n, cell.share, "; ".join(one.ref for one in cell.actions), line.question]
            for _, part, lines in self.parts
            for line in lines
            for plan, cell in zip(self.plans, line.cells, strict=True)
        ]
        return Table(("part", "what", "plan", "n", "percent", "actions", "question"), rows, "Side by side")

    def more_tables(self) -> list[Table]:
        """The indicators, and the actions without a counterpart."""
        figures: list[Sequence[Value]] = [[one.plan, one.name, one.targets, one.actuals] for one in self.indicators]
        alone: list[Sequence[Value]] = [
            [
                one.plan, one.action.ref, one.action.title, one.nearest_plan, one.nearest.ref if one.nearest else None,
                one.nearest.title if one.nearest else None, one.score,
            ]
            for one in self.alone
        ]  # fmt: skip
        return [
            Table(("plan", "indicator", "targets", "actuals"), figures, "Indicators"),
            Table(
                ("plan", "action", "title", "nearest plan", "nearest", "its title", "score"), alone, "No counterpart"
            ),
        ]


@page(blueprint, "/compare/plans", "compare-plans.html", title="Side by side", door="Compare", parameters=PARAMETERS)
def plans(given: Given) -> SideBySide:
    """Plans side by side: themes, groups, partners by role, shares, indicators, documents, and what only one has."""
    offered = queries.kept("scope", choices).plan
    wanted = [given.thing(name) for name in ("a", "b", "c")]
    chosen = list(dict.fromkeys(thing.iri for thing in wanted if thing))
    # What was not chosen is filled up from what is held, so that there is always something to see.
    chosen += [plan.iri for plan in offered if plan.iri not in chosen][: max(0, 2 - len(chosen))]
    names = {plan.iri: plan.name for plan in offered}
    chosen = [iri for iri in chosen if iri in names]
    rows = {question: _rows(question, chosen) for question in ("C01", "C02", "C03", "C04", "N02")}
    sides = tuple(PlanSide(iri, names[iri], len(rows["C01"][iri])) for iri in chosen)
    about = {kind: _only(rows["C02"], "kind", kind) for kind in ("theme", "group")}
    return SideBySide(
        offered,
        sides,
        tuple(_shares(sides, rows["C01"])),
        themes=tuple(_lines(sides, about["theme"], "about", "C02")),
        groups=tuple(_lines(sides, about["group"], "about", "C02")),
        roles=tuple(_lines(sides, rows["C03"], "role", "C03")),
        documents=tuple(_documents(sides, rows["N02"], rows["C01"])),
        indicators=tuple(
            Figure(row["indicator_iri"], row["indicator"], side.name, row["targets"], row["actuals"])
            for side in sides
            for row in rows["C04"][side.iri]
        ),
        alone=tuple(_alone(sides, rows["C01"], about["theme"])),
    )


Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def _rows(question: str, chosen: Iterable[str]) -> Rows:
    """The rows of a named question, by plan."""
    return {iri: list(queries.ask(find_question(question), {"plan": iri}).records()) for iri in chosen}


def _only(rows: Rows, column: str, value: str) -> Rows:
    return {iri: [row for row in some if row[column] == value] for iri, some in rows.items()}


def _cell(rows: Iterable[Mapping[str, Any]], actions: int) -> Cell:
    refs = tuple(dict.fromkeys(ActionRef(row["ref_iri"], row["ref"], row["title"]) for row in rows))
    return Cell(len(refs), round(100 * len(refs) / actions) if actions else None, refs)


def _shares(sides: Sequence[PlanSide], rows: Rows) -> Iterable[Line]:
    # A plan without any lead, year or measure does not state these; that is not none.
    for (name, note, question), (column, more_than, stated) in zip(SHARES, COUNTED, strict=True):
        cells = tuple(
            _cell([row for row in rows[side.iri] if row[column] > more_than], side.actions)
            if any(row[stated] for row in rows[side.iri])
            else Cell(None)
            for side in sides
        )
        yield Line(name, note, question, cells)


def _lines(sides: Sequence[PlanSide], rows: Rows, column: str, question: str) -> Iterable[Line]:
    """A line for everything that stands in a column, what most actions of all plans are about first."""
    found: dict[str, dict[str, list[Mapping[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for iri, some in rows.items():
        for row in some:
            found[row[column] or NO_ROLE][iri].append(row)
    stated = {iri for iri, some in rows.items() if some}
    lines = []
    for name, by_plan in found.items():
        cells = tuple(
            _cell(by_plan.get(side.iri, ()), side.actions) if side.iri in stated else Cell(None) for side in sides
        )
        bodies = sorted({row["partner"] for some in by_plan.values() for row in some if "partner" in row})
        lines.append(Line(name, ", ".join(bodies) or None, question, cells))
    return sorted(lines, key=lambda line: (line.name == NO_ROLE, -sum(cell.n or 0 for cell in line.cells), line.name))


def _documents(sides: Sequence[PlanSide], rows: Rows, actions: Rows) -> Iterable[Line]:
    """The documents and forums that each plan leans on; a section counts as its document, the plan itself does not."""
    titles = {row["ref_iri"]: row for some in actions.values() for row in some}
    found: dict[tuple[str, str], dict[str, list[Mapping[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for iri, some in rows.items():
        for row in some:
            to, name = (row["within_iri"], row["within"]) if row["to_kind"] == "section" else (row["to_iri"], row["to"])
            if row["to_kind"] in ("plan", "section", "forum", "body") and to != iri:
                found[to, name][iri].append(row)
    lines = []
    for (_, name), by_plan in found.items():
        cells = []
        for side in sides:
            behind = [titles[row["from_iri"]] for row in by_plan.get(side.iri, ()) if row["from_iri"] in titles]
            refs = _cell(behind, side.actions).actions
            cells.append(Cell(len(by_plan.get(side.iri, ())), None, refs))
        lines.append(Line(name, None, "N02", tuple(cells)))
    return sorted(lines, key=lambda line: (-sum(cell.n or 0 for cell in line.cells), line.name))


def _alone(sides: Sequence[PlanSide], actions: Rows, themes: Rows) -> Iterable[Alone]:
    words = _words(sides)
    names = {side.iri: side.name for side in sides}
    of: dict[str, set[str]] = defaultdict(set)
    for some in themes.values():
        for row in some:
            of[row["ref_iri"]].add(row["about_iri"])
    told = {
        iri: [
            Told(row["ref_iri"], words.get(row["ref_iri"]) or row["title"], frozenset(of[row["ref_iri"]]))
            for row in some
        ]
        for iri, some in actions.items()
    }
    refs = {
        row["ref_iri"]: (ActionRef(row["ref_iri"], row["ref"], row["title"]), names[iri])
        for iri, some in actions.items()
        for row in some
    }
    for side in sides if len(sides) > 1 else ():
        others = [one for iri, some in told.items() if iri != side.iri for one in some]
        near = nearest_of(told[side.iri], others)
        for one in told[side.iri]:
            best, score = near.get(one.iri, (None, None))
            if score is None or score < COUNTERPART:
                nearest, plan = refs[best] if best else (None, None)
                yield Alone(refs[one.iri][0], side.name, nearest, plan, score)


def _words(sides: Sequence[PlanSide]) -> dict[str, str]:
    """All that the actions of the plans say, by address."""
    by_id = {plan.meta.id: plan for path, plan in held().plans.items() if path in held().current}
    found: dict[str, str] = {}
    for side in sides:
        id_ = side.iri.rpartition("/id/")[2]
        if id_ in by_id:
            found |= {f"{side.iri}/{one.path}": one.words for one in acting_of(by_id[id_])}
    return found
