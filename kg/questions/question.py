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
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from kg.errors import InputError, NotFound, Problem
from kg.questions.answer import Value

FOLDER: Final = Path(__file__).resolve().parent / "rq"
TOPICS: Final = (
    "Every day", "Actions", "Partners", "Plans and references", "Status and decisions", "Indicators and measures",
    "About this document",
)  # fmt: skip
"""The topics in the order of the shop window."""
TYPES: Final = (
    "body", "plan", "place", "initiative", "theme", "group", "state", "year", "action", "priority", "thing", "flag", "text",
)  # fmt: skip
"""What a parameter can be. `thing` is any of the kinds but a year or a state, `flag` is yes or no."""
IRI_ENDING: Final = "_iri"
_WORDS: Final = ("id", "title", "question", "why", "topic")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_VALUES: Final = re.compile(r"^[ \t]*VALUES \?(\w+) \{ ?(.*?) ?\}[ \t]*$", re.MULTILINE)
UNDEF: Final = "UNDEF"


@dataclass(frozen=True)
class Parameter:
    """What may be given: its type is one of TYPES, `default` the terms asked where nothing is (UNDEF: anything)."""

    name: str
    type: str
    required: bool
    example: str
    default: str
    meaning: str = ""


@dataclass(frozen=True)
class Column:
    """One column of the answer and what it means."""

    name: str
    meaning: str

    @property
    def is_address(self) -> bool:
        """Whether it holds the IRI of what another column names."""
        return self.name.endswith(IRI_ENDING)


@dataclass(frozen=True)
class Promise:
    """What the answer on the tiny plan of the tests holds: these rows, and how many there are where `total` says so."""

    given: Mapping[str, str]
    rows: tuple[Mapping[str, Value], ...] = ()
    total: int | None = None


@dataclass(frozen=True)
class Question:
    """A named question: `name` is its file's name, its address and its command; `sparql` the text below the header."""

    name: str
    id: str
    title: str
    question: str
    why: str
    topic: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    sparql: str
    promises: tuple[Promise, ...] = field(default=(), repr=False)

    def parameter(self, name: str) -> Parameter:
        """The parameter of this name. Raises InputError that lists those there are."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        known = ", ".join(parameter.name for parameter in self.parameters) or "none"
        raise InputError(f'{self.id} takes no parameter "{name}"; it takes: {known}.')

    def bind(self, terms: Mapping[str, Sequence[str]]) -> str:
        """The SPARQL with the serialised terms of each parameter in its VALUES line.

        A parameter that may be anything and is not among `terms` loses its line: the engine then plans without it.
        """

        def line(found: re.Match[str]) -> str:
            given = terms.get(found[1])
            if given:
                return f"VALUES ?{found[1]} {{ {' '.join(given)} }}"
            return "" if found[2] == UNDEF and found[1] in names else found[0]

        names = {parameter.name for parameter in self.parameters}
        return _VALUES.sub(line, self.sparql)


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
    def bad(key: str, message: str) -> InputError:
        at = next((n for n, line in enumerate(header, 1) if re.match(rf"\s*\[*{re.escape(key)}\b", line)), 1)
        return _bad(path, at, message)

    known = {*_WORDS, "parameters", "columns", "promises"}
    for key in said:
        if key not in known:
            raise bad(key, f'"{key}" is nothing a header holds; it holds {", ".join(sorted(known))}.')
    for key in _WORDS:
        if not isinstance(said.get(key), str) or not said[key].strip():
            raise bad(key, f'the header lacks "{key}".')
    if said["topic"] not in TOPICS:
        raise bad("topic", f'"{said["topic"]}" is no topic; the topics are {", ".join(TOPICS)}.')
    lines = {found[1]: found[2] for found in _VALUES.finditer(sparql)}
    parameters = []
    for name, given in said.get("parameters", {}).items():
        unknown = set(given) - {"type", "required", "example", "meaning"}
        if not _NAME.fullmatch(name) or unknown:
            raise bad(name, f'parameter "{name}" is not written like name = {{ type = "...", example = "..." }}.')
        if given.get("type") not in TYPES:
            raise bad(name, f'parameter "{name}" has no type of {", ".join(TYPES)}.')
        if not isinstance(given.get("example"), str) or not given["example"]:
            raise bad(name, f'parameter "{name}" has no example.')
        if name not in lines:
            raise bad(name, f'parameter "{name}" has no line VALUES ?{name} {{ ... }} of its own in the query.')
        required = bool(given.get("required", False))
        parameters.append(
            Parameter(name, given["type"], required, given["example"], lines[name], given.get("meaning", ""))
        )
    columns = tuple(Column(name, meaning) for name, meaning in said.get("columns", {}).items())
    if not columns:
        raise bad("columns", "the header names no columns.")
    names = {column.name for column in columns}
    for column in columns:
        if column.is_address and column.name.removesuffix(IRI_ENDING) not in names:
            raise bad(column.name, f'"{column.name}" is the address of no column.')
    promises = tuple(
        Promise(promise.get("given", {}), tuple(promise.get("rows", ())), promise.get("total"))
        for promise in said.get("promises", ())
    )
    return Question(
        path.stem, *(said[key].strip() for key in _WORDS), tuple(parameters), columns, sparql, promises
    )  # fmt: skip


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
    from kg.tables import nearest

    raise NotFound(f'There is no question "{name}"{nearest(name, questions)}; /questions lists all of them.')
