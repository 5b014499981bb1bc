"""What a brief is written from: the answers to the named questions, each asked once, about one body or priority."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from kg.briefs.asking import Asked, Row
from kg.errors import InputError
from kg.maps.partnership import Placing
from kg.network import LEADS

# The named questions a brief asks.
STATUSES, REFERENCES, MENTIONS, PLANS = ("every-status", "every-reference", "every-mention", "every-plan-held")
LED, OWED, OPEN = ("actions-a-partner-leads", "what-a-partner-owes", "what-must-be-decided-next")
WAITING, CONTENTS, SIZE = ("what-waits-on-money-or-a-decision", "contents-of-the-plan", "how-big-is-the-plan")
TARGETS, WITHOUT, UPDATES = ("targets-against-actuals", "priorities-without-a-number", "every-update")


@dataclass(frozen=True)
class Facts:
    """The answers; `asked` says about what, `place` where the partners of the map stand."""

    asked: Asked
    place: Placing

    @cached_property
    def mine(self) -> list[Row]:
        """A row for each lead the brief is about: those of the body, or all of the priority."""
        return self.asked.rows(LEADS)

    @cached_property
    def around(self) -> list[Row]:
        """Every lead of the plans in which the body leads something; of a priority, its own."""
        if not self.asked.partner:
            return self.mine
        plans = dict.fromkeys(row["plan_name_iri"] for row in self.mine)
        return [row for plan in plans for row in self.asked.everywhere(LEADS, plan=plan)]

    @cached_property
    def leads(self) -> list[Row]:
        """A row for each lead of the actions the brief is about."""
        actions = {row["ref_iri"] for row in self.mine}
        return [row for row in self.around if row["ref_iri"] in actions]

    @cached_property
    def actions(self) -> dict[str, list[Row]]:
        """Their leads by action, in the order of the plans."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.leads:
            found[row["ref_iri"]].append(row)
        return found

    @cached_property
    def plans(self) -> list[Row]:
        """The plans those actions are of; every plan held where there are none."""
        held = self.asked.everywhere(PLANS)
        if self.asked.plan and not held:
            raise InputError(f"{self.asked.plan.name} is known by name only: nothing is held of who leads what in it.")
        mine = {row["plan_name_iri"] for row in self.leads}
        return [row for row in held if row["plan_name_iri"] in mine] or held

    @cached_property
    def delivery_priorities(self) -> dict[str, tuple[str, str]]:
        """Number and title of each delivery priority the actions stand in."""
        return {
            row["dp_iri"]: (f"{row['sp']}/{row['dp']}", row["dp_title"])
            for row in self.asked.rows(CONTENTS)
            if row["ref_iri"] in self.actions
        }

    @cached_property
    def partners(self) -> list[tuple[Row, list[Row]]]:
        """The other bodies that lead these actions, with their leads; the one that leads most first."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.leads:
            if not self.is_it(row):
                found[row["partner_iri"]].append(row)
        ranked = sorted(found.values(), key=lambda rows: (-len(rows), rows[0]["partner"].casefold()))
        return [(rows[0], rows) for rows in ranked]

    @cached_property
    def open(self) -> list[Row]:
        """What is undecided."""
        return self.asked.rows(OPEN)

    @cached_property
    def leaning(self) -> list[Row]:
        """What these actions and priorities lean on, outside of what the brief is about."""
        return self.asked.of_the_year([row for row in self.asked.rows(REFERENCES) if not self.is_inside(row["to_iri"])])

    @cached_property
    def leant_on(self) -> list[Row]:
        """What leans on it, names it or waits for it, outside of what the brief is about."""
        it = self.asked.subject.iri
        waiting = [
            {**row, "from": f"{row['ref']} {row['title']}", "from_iri": row["ref_iri"],
             "kind": f"waits for it: {row['waits_on']}"}
            for row in self.asked.everywhere(WAITING)
            if row["holder_iri"] == it
        ]  # fmt: skip
        rows = [*self.asked.everywhere(REFERENCES, to=it), *self.asked.everywhere(MENTIONS, to=it), *waiting]
        return self.asked.of_the_year([row for row in rows if not self.is_inside(row["from_iri"])])

    @cached_property
    def targets(self) -> list[tuple[str, Row]]:
        """The figures of the delivery priorities, each with the number of its priority."""
        year = {"year": self.asked.year.iri} if self.asked.year else {}
        return [
            (number, row)
            for dp, (number, _) in self.delivery_priorities.items()
            for row in self.asked.everywhere(TARGETS, priority=dp, **year)
        ]

    def is_it(self, lead: Row) -> bool:
        """Whether a lead is that of the body the brief is about."""
        return self.asked.partner is not None and lead["partner_iri"] == self.asked.partner.iri

    def is_inside(self, iri: str) -> bool:
        """Whether something is one of the actions the brief is about, or a part of the priority."""
        priority = self.asked.priority.iri if self.asked.priority else None
        return iri in self.actions or (priority is not None and (iri == priority or iri.startswith(f"{priority}/")))

    @cached_property
    def without(self) -> list[Row]:
        """The delivery priorities that have no figure, and why."""
        return [row for dp in self.delivery_priorities for row in self.asked.everywhere(WITHOUT, priority=dp)]

    @cached_property
    def statuses(self) -> list[Row]:
        """What is said of the actions in each year."""
        return [row for row in self.asked.rows(STATUSES) if row["ref_iri"] in self.actions]

    @cached_property
    def updates(self) -> list[Row]:
        """What was said of the actions since they were planned; of the year where one is asked about."""
        return [row for row in self.asked.rows(UPDATES) if row["ref_iri"] in self.actions]

    @cached_property
    def dated(self) -> list[Row]:
        """What has a date or a rhythm, or is a plan that is not settled; asked of a body only.

        A step that has a condition alone is among what is `open`.
        """
        rows = self.asked.rows(OWED) if self.asked.partner and self.actions else []
        told = [row for row in rows if row["kind"] == "plan" or row["due"] or row["how_often"]]
        return [row for row in told if row["kind"] != "year" and row["ref_iri"] in self.actions]

    @cached_property
    def total(self) -> int:
        """How many actions the plans have."""
        sizes = [row for plan in self.plans for row in self.asked.everywhere(SIZE, plan=plan["plan_name_iri"])]
        return sum(row["n"] for row in sizes if row["type_iri"].endswith("#Action"))

    @cached_property
    def of_units(self) -> list[Row]:
        """A row for each lead of a unit of the body, and of theirs."""
        below = self.asked.rows(LED, rolled_up="yes") if self.asked.partner else []
        units = {row["partner_iri"] for row in below if not self.is_it(row)}
        return [row for row in self.asked.anybody(LEADS) if row["partner_iri"] in units] if units else []

    @cached_property
    def name(self) -> str:
        """What the brief is about, in a few words."""
        partner, priority = self.asked.partner, self.asked.priority
        parts = [partner.name] if partner else []
        if priority:
            number = priority.iri.partition("/sp/")[2].replace("/dp/", "/")
            parts.append(f"priority {number}, {priority.name.rstrip('.')}")
        words = " in ".join(parts)
        return words[:1].upper() + words[1:]

    @property
    def it(self) -> str:
        """What it is about, in a sentence."""
        return self.asked.partner.name if self.asked.partner else "this priority"
