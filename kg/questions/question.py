"""Reads one `.rq` file: header lines `#+` of TOML, then plain SPARQL; refuses a bad header with file and line.

A header holds id, title, question, why, topic and columns, and where they apply parameters and promises:

    #+ id = "Q03"
    #+ title = "Who leads an action"
    #+ question = "Who leads action 2.3, in the order printed?"
    #+ why = "The first thing anybody asks of an action."
    #+ topic = "Actions"
    #+ [parameters]
    #+ plan = { type = "plan", example = "Hackney Community Safety Plan 2015-18" }
    #+ action = { type = "action", required = true, example = "2.3" }
    #+ [columns]
    #+ partner = "The body, by its usual name"
    #+ [[promises]]
    #+ given = { action = "1.9" }
    #+ rows = [{ partner = "Westmere Constabulary" }]

Below it a parameter is a line of its own, `VALUES ?action { ... }`: what stands between the braces is asked where
nothing is given (UNDEF: anything), so the file runs as it stands in any SPARQL 1.1 engine. A column whose name ends in
`_iri` holds the address of what the column of the same name without the ending calls by its name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from kg.errors import InputError, NotFound, Problem
from kg.questions.answer import IRI_ENDING, Value
from kg.questions.binding import bind, defaults
from kg.tables import nearest

FOLDER: Final = Path(__file__).resolve().parent / "rq"
Topic = Literal[
    "Every day",
    "Actions",
    "Partners",
    "Plans and references",
    "Status and decisions",
    "Indicators and measures",
    "About this document",
]
TOPICS: Final[tuple[str, ...]] = Topic.__args__  # type: ignore[attr-defined]
"""The topics in the order of the shop window."""
Type = Literal[
    "body", "plan", "borough", "purpose", "place", "initiative", "theme", "group", "state", "year", "action",
    "priority", "thing", "flag", "text", "number", "choice",
]  # fmt: skip
"""What a parameter can be. `thing` is any of the kinds but a borough, a year or a state, `flag` is yes or no."""
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")


def _said(value: object) -> object:
    if isinstance(value, str) and not value.strip():
        raise ValueError("nothing is said here, and something must be")
    return value


Words = Annotated[str, BeforeValidator(_said)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Parameter(_Part):
    """What may be given: `default` holds the terms asked where nothing is (UNDEF: anything).

    `several`: an address may give it more than once (pages only; a question takes one value).
    """

    name: str = ""
    type: Type
    required: bool = False
    example: Words
    default: str = ""
    meaning: str = ""
    choices: tuple[str, ...] = ()
    several: bool = False


BOROUGH: Final = Parameter(
    name="borough", type="borough", example="Hackney", meaning="Only the plans held of this borough"
)
"""Stands beside every parameter `plan` without a line of its own: a borough is its plans."""


class Column(_Part):
    """One column of the answer and what it means."""

    name: str
    meaning: Words

    @property
    def is_address(self) -> bool:
        """Whether it holds the IRI of what another column names."""
        return self.name.endswith(IRI_ENDING)


class Promise(_Part):
    """What the answer on the tiny plan of the tests holds: these rows, and how many there are where `total` says so."""

    given: Mapping[str, str] = {}
    rows: tuple[Mapping[str, Value], ...] = ()
    total: int | None = None


class Question(_Part):
    """A named question: `name` is its file's name, its address and its command; `sparql` the text below the header."""

    name: str
    id: Annotated[str, Field(pattern=r"^[A-Z]\d\d$")]
    title: Words
    question: Words
    why: Words
    topic: Topic
    parameters: tuple[Parameter, ...] = ()
    columns: Annotated[tuple[Column, ...], Field(min_length=1)]
    sparql: str
    promises: tuple[Promise, ...] = Field(default=(), repr=False)

    def parameter(self, name: str) -> Parameter:
        """The parameter of this name. Raises InputError that lists those there are."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        known = ", ".join(parameter.name for parameter in self.parameters) or "none"
        raise InputError(f'{self.id} takes no parameter "{name}"; it takes: {known}.')

    def bind(self, terms: Mapping[str, Sequence[str]]) -> str:
        """The SPARQL with the serialised terms of each parameter in its VALUES line; see `binding.bind`."""
        return bind(self.sparql, terms)


def read_question(path: Path) -> Question:
    """The question in one file. Raises InputError with file and line."""
    text = path.read_text("utf-8")
    lines = text.split("\n")
    header = [line.removeprefix("#+").removeprefix(" ") for line in lines if line.startswith("#+")]
    after = next((n for n, line in enumerate(lines) if not line.startswith("#+")), len(lines))
    if len(header) != after:
        late = next(n for n, line in enumerate(lines[after:], after + 1) if line.startswith("#+"))
        raise _bad(path, late, "a header line stands below the query: all of them come first.")
    try:
        said = tomllib.loads("\n".join(header))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        raise _bad(path, int(place[1]) if place else 1, f"the header is not TOML: {error}.") from None
    return _checked(path, header, said, "\n".join(lines[after:]).lstrip("\n"))


def _checked(path: Path, header: Sequence[str], said: dict[str, Any], sparql: str) -> Question:
    def bad(message: str, *place: object) -> InputError:
        keys = [str(part) for part in place if isinstance(part, str)]
        at = next((n for key in reversed(keys) for n, line in enumerate(header, 1) if _names(line, key)), 1)
        return _bad(path, at, message)

    lines = defaults(sparql)
    parameters = said.pop("parameters", {})
    for name, given in parameters.items():
        if not _NAME.fullmatch(name) or not isinstance(given, dict):
            raise bad(f'parameter "{name}" is not written like {name} = {{ type = "...", example = "..." }}.', name)
        if name not in lines:
            raise bad(f'parameter "{name}" has no line VALUES ?{name} {{ ... }} of its own in the query.', name)
    columns = said.pop("columns", {})
    for name in columns:
        if name.endswith(IRI_ENDING) and name.removesuffix(IRI_ENDING) not in columns:
            raise bad(f'"{name}" is the address of no column.', name)
    taken: list[dict[str, Any]] = []
    for name, given in parameters.items():
        taken += [BOROUGH.model_dump()] if name == "plan" else []
        taken.append({**given, "name": name, "default": lines[name]})
    try:
        return Question(
            **said,
            name=path.stem,
            parameters=tuple(taken),
            columns=tuple({"name": name, "meaning": meaning} for name, meaning in columns.items()),
            sparql=sparql,
        )
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False)[0]
        where, names = fault["loc"], {"parameters": [each["name"] for each in taken], "columns": list(columns)}
        place = [names[str(where[0])][part] if isinstance(part, int) and where[0] in names else part for part in where]
        said_of = ".".join(str(part) for part in place)
        raise bad(f'"{said_of}": {fault["msg"].removeprefix("Value error, ")}.', *place) from None


def _names(line: str, key: str) -> bool:
    return re.match(rf"\s*\[*{re.escape(key)}\b", line) is not None


def _bad(path: Path, line: int, message: str) -> InputError:
    return InputError(Problem(message, f"{path.parent.name}/{path.name}", line))


@cache
def load_questions(folder: Path = FOLDER) -> Mapping[str, Question]:
    """All questions by name: the topics in the order of the shop window, within each by number.

    Raises InputError where a file cannot be used, or an id stands twice.
    """
    questions: dict[str, Question] = {}
    for path in sorted(folder.glob("*.rq")):
        question = read_question(path)
        twice = next((other for other in questions.values() if other.id == question.id), None)
        if twice:
            raise _bad(path, 1, f"{question.id} is the id of {twice.name}.rq too.")
        questions[question.name] = question
    return dict(sorted(questions.items(), key=lambda entry: (TOPICS.index(entry[1].topic), entry[1].id)))


def find_question(name: str) -> Question:
    """The question of this name or id, case ignored. Raises NotFound with the nearest names."""
    wanted = name.strip().casefold()
    questions = load_questions()
    for question in questions.values():
        if wanted in (question.name, question.id.casefold()):
            return question
    raise NotFound(f'There is no question "{name}"{nearest(name, questions)}; `plangraph ask` lists them all.')
