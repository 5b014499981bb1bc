"""`/questions`: the catalogue of named questions; and the page of each, with its form and its answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import Annotated, Final

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from api import forms, layout, queries
from api.forms import Given
from api.spreadsheets import Table
from api.twins import SHEETS, SUFFIX, Page, page, respond
from kg.questions import Column, Parameter, Question, Value, find_question, load_questions
from kg.questions.naming import THINGS

blueprint = Blueprint("questions", __name__)

Cell = str | int | float | bool | None
"""What a cell of an answer is outside: an address or a text, a number, yes or no, or null for "not stated"."""
UNSTATED: Final = "not stated"
# What cannot be chosen from a list that anybody would read to its end is written, with suggestions.
WRITTEN: Final = ("action", "thing", "text", "number")
TITLES: Final = {"thing": "About"}


@dataclass(frozen=True)
class Taken:
    """A parameter: its type says what its value names, in any spelling; the example works."""

    name: str
    type: str
    required: bool
    example: str


@dataclass(frozen=True)
class Entry:
    """A question of the catalogue; `url` is the path of its page, and with an ending (.json) of its answer."""

    id: str
    name: str
    title: str
    question: str
    topic: str
    parameters: tuple[Taken, ...]
    columns: tuple[Column, ...]
    url: str


@dataclass(frozen=True)
class Catalogue:
    """Every question, the daily ones first."""

    questions: tuple[Entry, ...]

    @property
    def topics(self) -> list[tuple[str, list[Entry]]]:
        """The questions by topic."""
        return [(topic, list(entries)) for topic, entries in groupby(self.questions, lambda entry: entry.topic)]

    def table(self) -> Table:
        """A row a question."""
        columns = ["id", "name", "title", "question", "topic", "parameters", "columns", "url"]
        return Table(columns, [_row(entry) for entry in self.questions], "Questions")


def _row(entry: Entry) -> list[str]:
    parameters = ", ".join(parameter.name for parameter in entry.parameters)
    columns = ", ".join(column.name for column in entry.columns)
    return [entry.id, entry.name, entry.title, entry.question, entry.topic, parameters, columns, entry.url]


@page(blueprint, "/questions", "questions.html", title="Questions", door="Ask")
def questions(_given: Given) -> Catalogue:
    """The questions that have a name: what each asks, takes and answers."""
    return Catalogue(tuple(_entry(question) for question in load_questions().values()))


def _entry(question: Question) -> Entry:
    return Entry(
        question.id,
        question.name,
        question.title,
        question.question,
        question.topic,
        tuple(Taken(each.name, each.type, each.required, each.example) for each in question.parameters),
        question.columns,
        url_for("questions.question", name=question.name),
    )


@dataclass(frozen=True)
class Choice:
    """Something a field of the form can be set to: what stands in the address, and what people read."""

    value: str
    name: str


@dataclass(frozen=True)
class FormField:
    """A field of a question's form.

    `kind` is list (one of the choices), written (anything, the choices are suggestions) or tick (the choice or
    nothing); `value` is what it is set to, blank for nothing.
    """

    parameter: Parameter
    title: str
    kind: str
    value: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class QuestionAnswer:
    """The answer to a question as asked with these parameters.

    A row is an object by column; addresses are strings, numbers are numbers, and what is not stated is null. `total`
    counts the rows of all pages, `links` leads to the others, `snapshot` names the build of the graph that answered.
    """

    question: str
    parameters: Mapping[str, str]
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Cell], ...]
    total: int
    links: forms.Links
    snapshot: str
    asked: Annotated[Question, Field(exclude=True)]
    given: Annotated[Given, Field(exclude=True)]
    paging: Annotated[forms.Paging, Field(exclude=True)]
    every_row: Annotated[tuple[Mapping[str, Cell], ...], Field(exclude=True)]

    def table(self) -> Table:
        """Every row, on whatever page: a file has no next one."""
        rows = [[row[column] for column in self.columns] for row in self.every_row]
        return Table(self.columns, rows, self.asked.title)

    @property
    def sparql(self) -> str:
        """The query that was asked."""
        return self.asked.bind(self.given.of(*(each.name for each in self.asked.parameters)))

    @property
    def fields(self) -> Iterator[FormField]:
        """The form of the question, a field a parameter."""
        return (_field(parameter, self.given) for parameter in self.asked.parameters)


@blueprint.get("/questions/<name>")
@blueprint.get(f"/questions/<name>.{SUFFIX}")
def question(name: str, suffix: str = "") -> ResponseReturnValue:
    """A question with its answer, by its name; its number leads there."""
    found = find_question(name)
    if found.name != name:
        ending = f".{suffix}" if suffix else ""
        query = request.query_string.decode()
        return redirect(url_for("questions.question", name=found.name) + ending + (f"?{query}" if query else ""), 303)
    return respond(page_of(found.name), suffix, {})


@cache
def page_of(name: str) -> Page:
    """The page of a question by its name: what it takes is what the question takes."""
    asked = load_questions()[name]
    return Page(
        endpoint="questions.question",
        rule=f"/questions/{asked.name}",
        template="question.html",
        title=asked.title,
        summary=asked.question,
        door="Ask",
        parameters=(*asked.parameters, forms.PAGE, forms.SIZE),
        parts=(),
        forms=("html", "json", *SHEETS),
        model=QuestionAnswer,
        view=_answering(asked),
    )


def _answering(asked: Question) -> Callable[[Given], QuestionAnswer]:
    def view(given: Given) -> QuestionAnswer:
        parameters = {each.name: given.words[each.name] for each in asked.parameters if each.name in given.words}
        answer = queries.ask(asked, parameters)
        every_row = tuple({name: _cell(value) for name, value in row.items()} for row in answer.records())
        where = forms.paging(given, len(every_row), forms.LARGEST_SIZE)
        return QuestionAnswer(
            asked.question,
            parameters,
            answer.columns,
            every_row[where.first : where.first + where.size],
            len(every_row),
            where.links,
            queries.own_store().snapshot,
            asked,
            given,
            where,
            every_row,
        )

    return view


def _cell(value: Value) -> Cell:
    if value == UNSTATED:
        return None
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


# The parameters that choose among what the scope bar offers, and which of its lists.
_OFFERED: Final = {
    "borough": "borough", "plan": "plan", "partner": "partner", "other_partner": "partner", "year": "year",
}  # fmt: skip


def _field(parameter: Parameter, given: Given) -> FormField:
    title = TITLES.get(parameter.name, parameter.name.replace("_", " ").capitalize())
    value = given.words.get(parameter.name, "")
    if parameter.type == "flag":
        # Ticked is what is not usual, so that an empty form asks the usual question.
        other = "no" if parameter.default == "true" else "yes"
        ticked = given.terms.get(parameter.name, (parameter.default,)) != (parameter.default,)
        choice = Choice(other, title if other == "yes" else f"{title}: no")
        return FormField(parameter, choice.name, "tick", other if ticked else "", (choice,))
    words = tuple(Choice(word, word) for word in parameter.choices)
    # The scope's parameters are offered what the scope bar offers: only that has something to tell.
    offered = getattr(queries.kept("scope", layout.choices), _OFFERED.get(parameter.name, ""), None)
    if offered is not None:
        words = tuple(Choice(one.name, one.name) for one in offered)
    choices = words or queries.kept(f"choices of {parameter.type}", lambda: _choices(parameter.type))
    if parameter.type in WRITTEN:
        return FormField(parameter, title, "written", value, choices)
    named = given.thing(parameter.name)
    # In whatever spelling it was given, the list shows the usual one.
    chosen = named.name if named and any(choice.value == named.name for choice in choices) else value
    return FormField(parameter, title, "list", chosen, choices)


def _choices(kind: str) -> tuple[Choice, ...]:
    """Everything a parameter of a type can name, each name once."""
    if kind in ("action", "priority"):
        return _elements(kind)
    names = queries.names()
    named = (thing.name for each in (THINGS if kind == "thing" else (kind,)) for thing in names.of_kind(each))
    choices = tuple(Choice(name, name) for name in dict.fromkeys(named))
    return choices + _elements("action") if kind == "thing" else choices


def _elements(kind: str) -> tuple[Choice, ...]:
    """The actions or the priorities by their printed references, in the order of their plans."""
    found: dict[str, dict[str, None]] = defaultdict(dict)  # several plans may use one reference
    for row in queries.records("actions"):
        if kind == "action":
            found[row["ref"]][row["title"]] = None
        else:
            found[row["sp_ref"]][row["sp_name"]] = None
            found[f"{row['sp_ref']}/{row['dp_ref']}"][row["dp_name"]] = None
    return tuple(Choice(reference, f"{reference} {' or '.join(names)}") for reference, names in found.items())
