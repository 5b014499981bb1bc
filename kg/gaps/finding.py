"""Finds every gap of the plans held: asks each kind's question and puts what it tells into its place in the plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kg.gaps.kinds import TOLD, Kind, Thing, Told, load_kinds
from kg.questions import Answer, Question, find_question

LEADS, PARTS, REFERENCES, MENTIONS = ("N01", "G03", "N02", "N03")
ACTION: Final = "action"
Ask = Callable[[Question, Mapping[str, str]], Answer]
"""Answers a named question with what a person would write for its parameters."""


@dataclass(frozen=True)
class Gap:
    """One gap: what is open, in which part of which plan, whose it is, and where the document leaves it open.

    `severity` and `kind` are titles, `kind_name` is what addresses call the kind. `ref` is the printed reference of
    what it is `about`. `owner` is in words: the leads in the order printed, or that none is named and who leads there.
    `partners` are those it concerns: the leads of the action; of a delivery priority all who lead something in it; of a
    document, a body or an initiative those whose actions name it. `wording` says whether `words` are as printed or
    ours, `read_as` what they were read as. `source` is cells, by line and column. None is not stated.
    """

    severity: str
    kind: str
    kind_name: str
    ref: str | None
    about: Thing
    owner: str
    partners: tuple[Thing, ...]
    delivery_priority: Thing | None
    priority: Thing | None
    plan: Thing
    year: str | None
    words: str | None
    wording: str | None
    read_as: str | None
    waits_on: str | None
    certainty: str | None
    note: str | None
    source: str | None


def find_gaps(ask: Ask) -> tuple[Gap, ...]:
    """Every gap of the plans held: the kinds in their order, within each the order of its question's answer."""
    places = _Places(ask)
    return tuple(
        places.gap(kind, told) for kind in load_kinds() for told in kind.told_by(ask(kind.question, kind.given))
    )


class _Places:
    """The parts of all plans held, who leads them, and where things outside a plan are named."""

    def __init__(self, ask: Ask) -> None:
        def rows(question: str) -> Iterable[Mapping[str, Any]]:
            return ask(find_question(question), {}).records()

        self.parts = {str(row["part_iri"]): row for row in rows(PARTS)}
        self.leads: dict[str, dict[Thing, None]] = defaultdict(dict)
        naming: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in rows(LEADS):
            partner = Thing(row["partner_iri"], row["partner"])
            for led in (row["ref_iri"], row["delivery_priority_iri"]):
                self.leads[led][partner] = None
            naming[row["plan_name_iri"], partner.iri].add(row["ref_iri"])
        for row in (*rows(REFERENCES), *rows(MENTIONS)):
            for named in {row["to_iri"], row.get("within_iri")} - {None}:
                naming[row["plan_name_iri"], named].add(row["from_iri"])
        order = {iri: place for place, iri in enumerate(self.parts)}
        # By plan and thing, the parts that name it in the order of the document.
        self.named_by = {one: sorted(some & order.keys(), key=order.__getitem__) for one, some in naming.items()}

    def gap(self, kind: Kind, told: Told) -> Gap:
        """What an answer tells, in its place in the plan."""
        part = self.parts.get(told.about.iri)
        return Gap(
            severity=kind.severity.title,
            kind=kind.title,
            kind_name=kind.name,
            ref=part["ref"] if part else None,
            about=Thing(told.about.iri, part["part"]) if part else told.about,
            owner=self._owner(told, part),
            partners=tuple(self._partners(told, part)),
            delivery_priority=_named(part, "delivery_priority"),
            priority=_named(part, "priority"),
            plan=told.plan,
            **{name: told.says.get(name) for name in TOLD},
        )

    def _owner(self, told: Told, part: Mapping[str, Any] | None) -> str:
        if part is None:
            parts = (self.parts[iri] for iri in self.named_by.get((told.plan.iri, told.about.iri), ()))
            return f"no lead named: named by {', '.join(dict.fromkeys(one['ref'] or one['part'] for one in parts))}"
        if part["kind"] != ACTION:
            # An improvement action stands under its delivery priority, and bears its number.
            what = "delivery priority" if part["delivery_priority_iri"] else part["kind"]
            there = self.leads.get(str(part["delivery_priority_iri"]), {})
            led = f", led by {', '.join(partner.name for partner in there)}" if there else ""
            return f"no lead named: {' '.join(filter(None, (what, part['ref'])))}{led}"
        return ", ".join(partner.name for partner in self.leads[told.about.iri]) or "no lead named"

    def _partners(self, told: Told, part: Mapping[str, Any] | None) -> Iterable[Thing]:
        """Those it concerns, each once."""
        if part is None:
            naming = self.named_by.get((told.plan.iri, told.about.iri), ())
            return dict.fromkeys(partner for iri in naming for partner in self.leads.get(iri, {}))
        return self.leads.get(told.about.iri if part["kind"] == ACTION else str(part["delivery_priority_iri"]), {})


def _named(part: Mapping[str, Any] | None, column: str) -> Thing | None:
    return Thing(part[f"{column}_iri"], part[column]) if part and part[f"{column}_iri"] else None
