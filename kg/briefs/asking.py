"""What a brief asks: named questions, narrowed to one body or one priority."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from kg.errors import InputError, NotFound
from kg.questions import Asker, Names, Thing, find_question, legal

Row = Mapping[str, Any]
EXAMPLES: Final = {"body": "Safer Communities", "priority": "2/1", "plan": "Hackney Community Safety Plan 2015-18"}


@dataclass(frozen=True)
class Asked:
    """A body, a priority, or a body within a priority; in one plan or in all; in one year or in all."""

    ask: Asker
    partner: Thing | None
    priority: Thing | None
    plan: Thing | None
    year: Thing | None

    @classmethod
    def about(cls, ask: Asker, names: Names, given: Mapping[str, str]) -> Asked:
        """What `given` (partner, priority, plan, year; as people write them) asks about.

        Raises NotFound for a name that names nothing, InputError where neither a partner nor a priority is given and
        where a name stands for several.
        """
        words = {name: value.strip() for name, value in given.items() if value.strip()}
        plan = _one(names, words.get("plan"), "plan")
        within = f"{plan.iri}/" if plan else ""
        made = cls(
            ask,
            _one(names, words.get("partner"), "body"),
            _one(names, words.get("priority"), "priority", within),
            plan,
            _one(names, words.get("year"), "year"),
        )
        if not (made.partner or made.priority):
            raise InputError(
                'A brief is about a partner or a priority: give one, such as "Safer Communities" or "2/1".'
            )
        return made

    @property
    def subject(self) -> Thing:
        """What it is about: the body, else the priority."""
        return self.partner or self.priority or Thing("", "", "")

    def rows(self, question: str, **further: str) -> list[Row]:
        """The answer to a question about this body and priority, in this plan and year."""
        return self._rows(question, ("plan", "partner", "priority", "year"), further)

    def anybody(self, question: str) -> list[Row]:
        """The answer whoever leads it."""
        return self._rows(question, ("plan", "priority", "year"), {})

    def everywhere(self, question: str, **further: str) -> list[Row]:
        """The answer whoever leads it, under whatever priority, in whatever year."""
        return self._rows(question, ("plan",), further)

    def of_the_year(self, rows: Sequence[Row]) -> list[Row]:
        """The rows of the year asked about, and those of no year."""
        return [row for row in rows if not self.year or row["year"] in (None, self.year.name)]

    def _rows(self, question: str, scope: Sequence[str], further: Mapping[str, str]) -> list[Row]:
        taken = {parameter.name for parameter in find_question(question).parameters}
        things: dict[str, Thing | None] = {name: getattr(self, name) for name in scope if name in taken}
        words = {name: thing.iri for name, thing in things.items() if thing}
        answer = self.ask(question, {**words, **further})
        return [
            {column: legal(value) if isinstance(value, str) else value for column, value in row.items()}
            for row in answer.records()
        ]


def _one(names: Names, words: str | None, kind: str, within: str = "") -> Thing | None:
    if words is None:
        return None
    found = names.find(words, kind, EXAMPLES.get(kind, ""))
    fitting = [thing for thing in found if thing.iri.startswith(within)]
    if not fitting:
        raise NotFound(f'"{words[:80]}" is no {kind} of that plan.')
    if len(fitting) > 1:
        listed = "; ".join(thing.iri.removeprefix(f"{names.base}id/") for thing in fitting)
        raise InputError(f'"{words[:80]}" is the name of several: {listed}. Give one of these addresses.')
    return replace(fitting[0], name=legal(fitting[0].name))
