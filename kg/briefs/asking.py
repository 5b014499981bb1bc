"""What a brief asks: named questions, narrowed to one body or one priority."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from kg.errors import InputError, NotFound
from kg.questions import Asker, Names, Parameter, Thing, find_question, legal

Row = Mapping[str, Any]
KINDS: Final[Mapping[str, Literal["borough", "plan", "body", "priority", "year"]]] = {
    "borough": "borough", "plan": "plan", "partner": "body", "priority": "priority", "year": "year",
}  # fmt: skip
EXAMPLES: Final = {"body": "Safer Communities", "priority": "2/1", "plan": "Hackney Community Safety Plan 2015-18"}


@dataclass(frozen=True)
class Asked:
    """A body, a priority, or a body within a priority; in one plan or in all; in one year or in all."""

    ask: Asker
    partner: Thing | None
    priority: Thing | None
    plan: Thing | None
    year: Thing | None
    borough: Thing | None = None
    years: tuple[str, ...] = ()

    @classmethod
    def about(cls, ask: Asker, names: Names, given: Mapping[str, str]) -> Asked:
        """What `given` (partner, priority, borough, plan, year; as people write them) asks about.

        Raises NotFound for a name that names nothing, InputError where neither a partner nor a priority is given and
        where a name stands for several.
        """
        words = {name: value.strip() for name, value in given.items() if value.strip()}
        kinds = [Parameter(name=name, type=kind, example=EXAMPLES.get(kind, name)) for name, kind in KINDS.items()]
        things, _ = names.resolved(kinds, {name: (word,) for name, word in words.items() if name in KINDS})
        years = things.pop("year", ())
        borough = _one(names, words, "borough", things)
        # A borough's plans are many; a brief of it is about them all.
        plan = _one(names, words, "plan", things) if "plan" in words else None
        made = cls(
            ask,
            _one(names, words, "partner", things),
            _one(names, words, "priority", things, plan),
            plan,
            years[0] if years else None,
            borough,
            tuple(year.name for year in years),
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
        return self._rows(question, ("borough", "plan", "partner", "priority", "year"), further)

    def anybody(self, question: str) -> list[Row]:
        """The answer whoever leads it."""
        return self._rows(question, ("borough", "plan", "priority", "year"), {})

    def everywhere(self, question: str, **further: str) -> list[Row]:
        """The answer whoever leads it, under whatever priority, in whatever year."""
        return self._rows(question, ("borough", "plan"), further)

    def of_the_year(self, rows: Sequence[Row]) -> list[Row]:
        """The rows of the year asked about, and those of no year."""
        return [row for row in rows if not self.year or row["year"] in (None, *self.years)]

    def _rows(self, question: str, scope: Sequence[str], further: Mapping[str, str]) -> list[Row]:
        taken = {parameter.name for parameter in find_question(question).parameters}
        things: dict[str, Thing | None] = {name: getattr(self, name) for name in scope if name in taken}
        words = {name: thing.iri for name, thing in things.items() if thing}
        answer = self.ask(question, {**words, **further})
        return [
            {column: legal(value) if isinstance(value, str) else value for column, value in row.items()}
            for row in answer.records()
        ]


def _one(
    names: Names, words: Mapping[str, str], name: str, things: Mapping[str, Sequence[Thing]], plan: Thing | None = None
) -> Thing | None:
    """The one thing that is given as `name`, in this plan where there is one; none where it is not given."""
    if name not in words:
        return None
    fitting = [thing for thing in things[name] if plan is None or thing.iri.startswith(f"{plan.iri}/")]
    if not fitting:
        raise NotFound(f'"{words[name][:80]}" is no {KINDS[name]} of that plan.')
    one = names.only(fitting, words[name], name)
    return replace(one, name=legal(one.name))
