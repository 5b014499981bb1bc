"""The kinds of gap, as `kinds.toml` declares them: which named question finds each, and how its answer is read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Final, NamedTuple

from kg.errors import InputError, Problem
from kg.questions import Answer, Question, find_question

KINDS: Final = Path(__file__).with_name("kinds.toml")
TOLD: Final = ("year", "words", "wording", "read_as", "waits_on", "certainty", "note", "source")
"""What an answer may say of a gap beside what it is about."""
UNSTATED: Final = (None, "not stated")
Columns = Mapping[str, Sequence[Any]]
"""Values by the column they may stand in."""


@dataclass(frozen=True)
class Severity:
    """How much hangs on a gap, in words, and the rule by which a kind of gap gets it."""

    name: str
    title: str
    rule: str


@dataclass(frozen=True)
class Thing:
    """A thing by its address and what it is called."""

    iri: str
    name: str


class Told(NamedTuple):
    """One row of an answer as a gap: what it is found in, in which plan, and what is said of it by the names `TOLD`."""

    about: Thing
    plan: Thing
    says: Mapping[str, str | None]


@dataclass(frozen=True)
class Kind:
    """One kind of gap: the question that finds it, and which of the answer's rows it takes (`where`, `unless`).

    `about` is the column that names what the gap is found in; `row` the texts with columns in braces that say the rest.
    """

    name: str
    title: str
    severity: Severity
    why: str
    question: Question
    about: str = "ref"
    given: Mapping[str, str] = field(default_factory=dict)
    where: Columns = field(default_factory=dict)
    unless: Columns = field(default_factory=dict)
    row: Mapping[str, str] = field(default_factory=dict)

    def told_by(self, answer: Answer) -> Iterator[Told]:
        """The gaps of this kind in an answer to its question."""
        for row in answer.records():
            if all(row[name] in few for name, few in self.where.items()) and not any(
                row[name] in few for name, few in self.unless.items()
            ):
                about = Thing(str(row[f"{self.about}_iri"]), str(row[self.about]))
                plan = Thing(str(row["plan_name_iri"]), str(row["plan_name"]))
                yield Told(about, plan, {part: _filled(words, row) for part, words in self.row.items()})


def _filled(words: str, row: Mapping[str, Any]) -> str | None:
    """The text with the row's columns in it; None where one of them is not stated."""
    columns = {name: row[name] for name in _columns(words)}
    return None if any(value in UNSTATED for value in columns.values()) else words.format_map(columns)


def _columns(words: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(words) if name is not None]


@cache
def load_kinds(path: Path = KINDS) -> tuple[Kind, ...]:
    """Every kind in the order of the file. Raises InputError where one names a severity or a column that is none."""
    told = tomllib.loads(path.read_text("utf-8"))
    severities = {one["name"]: Severity(**one) for one in told["severity"]}
    return tuple(_kind(one, severities, path) for one in told["kind"])


def _kind(told: dict[str, Any], severities: Mapping[str, Severity], path: Path) -> Kind:
    question = find_question(told["question"])
    columns = {column.name for column in question.columns}
    texts = {part: f"{{{part}}}" for part in TOLD if part in columns} | told.get("row", {})
    if told["severity"] not in severities:
        raise _bad(told, path, f'has the severity "{told["severity"]}", which is not declared')
    for name in told.get("given", {}):
        question.parameter(name)
    kind = Kind(**told | {"severity": severities[told["severity"]], "question": question, "row": texts})
    read = {kind.about, f"{kind.about}_iri", *kind.where, *kind.unless}
    read |= {name for words in texts.values() for name in _columns(words)}
    if strange := sorted(read - columns):
        raise _bad(told, path, f"reads {', '.join(strange)}, which {question.id} does not answer")
    if "words" in texts and "wording" not in texts:
        raise _bad(told, path, "says words, and not whether they are printed (wording)")
    if strange := sorted(set(texts) - {*TOLD}):
        raise _bad(told, path, f"says {', '.join(strange)}, which no gap has")
    return kind


def _bad(told: Mapping[str, Any], path: Path, what: str) -> InputError:
    return InputError(Problem(f'the kind "{told["name"]}" {what}.', path.name))
