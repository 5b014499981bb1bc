"""`/`: what do you want to find out? With `?as=` it is one partner's own page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint

from api import queries
from api.facts import Named
from api.forms import Given
from api.twins import page
from kg.questions import Column, Parameter, find_question, load_questions
from kg.questions.question import TOPICS

blueprint = Blueprint("home", __name__)

# What a partner's own page shows: what it is called there, and the question.
OWN: Final = (
    ("What you owe", "D01"),
    ("What you lead alone", "D02"),
    ("With whom you lead", "Q14"),
    ("What is undecided", "D05"),
)


@dataclass(frozen=True)
class Count:
    """How many of something a plan has."""

    words: str
    n: int


@dataclass(frozen=True)
class HeldPlan:
    """A plan whose text is held: its years, who published it, the file it was read from, and its counts."""

    iri: str
    label: str
    description: str | None
    first: str | None
    last: str | None
    publisher: str | None
    file: str | None
    sha256: str | None
    counts: tuple[Count, ...]


@dataclass(frozen=True)
class Daily:
    """A question of every day: its name is its address below /questions."""

    id: str
    name: str
    title: str
    question: str


@dataclass(frozen=True)
class Part:
    """A question's answer for one partner."""

    title: str
    name: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str | int | float | bool | None], ...]

    @property
    def described(self) -> tuple[Column, ...]:
        """The columns with their meanings."""
        return find_question(self.name).columns


@dataclass(frozen=True)
class Home:
    """The plans held, the daily questions, and with `as` what one partner owes, leads alone, shares, must decide."""

    plans: tuple[HeldPlan, ...]
    questions: tuple[Daily, ...]
    partner: Named | None
    parts: tuple[Part, ...]
    snapshot: str


@page(
    blueprint, "/", "home.html", title="What does the plan say?", door="", suffixed="/index",
    parameters=(
        Parameter(name="as", type="body", example="hackney/org/safer-communities", meaning="The partner who asks"),
    ),
)  # fmt: skip
def home(given: Given) -> Home:
    """What this is, the daily questions, and what each held plan is made of."""
    partner = given.thing("as")
    return Home(
        _plans(),
        tuple(
            Daily(question.id, question.name, question.title, question.question)
            for question in load_questions().values()
            if question.topic == TOPICS[0]
        ),
        Named(partner.iri, partner.name) if partner else None,
        tuple(_part(title, id_, given) for title, id_ in OWN) if partner else (),
        queries.own_store().snapshot,
    )


def _plans() -> tuple[HeldPlan, ...]:
    counts: dict[str, list[Count]] = {}
    for count in queries.records("plan-counts"):
        counts.setdefault(count["plan"], []).append(Count(count["words"], count["n"]))
    return tuple(
        HeldPlan(iri := row.pop("plan"), **row, counts=tuple(counts.get(iri, ())))
        for row in queries.records("plans-held")
    )


def _part(title: str, id_: str, given: Given) -> Part:
    question = find_question(id_)
    taken = {parameter.name for parameter in question.parameters}
    words = {"partner": given.words["as"], **{n: w for n, w in given.words.items() if n in ("borough", "plan", "year")}}
    answer = queries.ask(question, {name: value for name, value in words.items() if name in taken})
    rows: list[dict[str, Any]] = list(answer.records())
    return Part(title, question.name, answer.columns, tuple(rows))
