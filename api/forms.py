"""What a request gives: its parameters checked against those a page takes, names resolved, blanks left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import request

from api import queries
from kg.errors import InputError
from kg.questions import Parameter, Thing
from kg.tables import nearest

SCOPE: Final = (
    Parameter(name="plan", type="plan", example="Hackney Community Safety Plan 2015-18", meaning="Only this plan"),
    Parameter(name="partner", type="body", example="Safer Communities", meaning="Only what this body leads"),
    Parameter(name="year", type="year", example="2015/16", meaning="Only this financial year"),
)
"""The scope bar: these stand on every page and are carried from page to page."""
PAGE: Final = Parameter(name="page", type="number", example="1", meaning="Which page of a long list, from 1")
SIZE: Final = Parameter(name="size", type="number", example="50", meaning="Rows on a page, 1 to 500")
LARGEST_SIZE: Final = 500
NAMELESS: Final = ("text", "flag", "number", "choice")


@dataclass(frozen=True)
class Given:
    """What was given: `words` as written, blanks left out, and the terms each stands for.

    `things` holds what each named thing is; several where several boroughs use the name.
    """

    words: Mapping[str, str]
    terms: Mapping[str, tuple[str, ...]]
    things: Mapping[str, tuple[Thing, ...]]

    def of(self, *names: str) -> dict[str, tuple[str, ...]]:
        """The terms of these parameters, those given."""
        return {name: self.terms[name] for name in names if name in self.terms}

    def thing(self, name: str) -> Thing | None:
        """The first thing a parameter names, or None where it was not given."""
        return next(iter(self.things.get(name, ())), None)

    def number(self, name: str, default: int) -> int:
        """A whole number."""
        return int(self.words.get(name, default))

    def flag(self, name: str) -> bool:
        """Whether yes was said."""
        return self.terms.get(name) == ("true",)

    def choice(self, name: str, default: str) -> str:
        """What was chosen."""
        return self.words.get(name, default)


def read(parameters: Sequence[Parameter]) -> Given:
    """What this request gives for `parameters`; see `check`."""
    return check(parameters, [(name, value) for name, values in request.args.lists() for value in values])


def check(parameters: Sequence[Parameter], pairs: Sequence[tuple[str, str]]) -> Given:
    """Check (name, value) pairs. Raises InputError (400) for a parameter too many or twice and for a value of another
    type, NotFound (404) for a name that names nothing.
    """
    known = {parameter.name: parameter for parameter in parameters}
    words: dict[str, str] = {}
    for name, value in pairs:
        if name not in known:
            listed = ", ".join(known) or "none"
            raise InputError(f'This page takes no "{name[:40]}"{nearest(name, known)}. It takes: {listed}.')
        if not value.strip():
            continue
        if name in words:
            raise InputError(f'"{name}" is given more than once; give one value.')
        words[name] = value.strip()
    names = queries.names()
    things = {
        name: names.find(value, known[name].type, known[name].example)
        for name, value in words.items()
        if known[name].type not in NAMELESS
    }
    return Given(words, {name: names.terms(known[name], value) for name, value in words.items()}, things)


@dataclass(frozen=True)
class Paging:
    """One page of a long list: `page` counts from 1, `total` rows in all."""

    page: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The first row of this page, counted from 0."""
        return (self.page - 1) * self.size


def paging(given: Given, total: int, size: int = 50) -> Paging:
    """Where in a list of `total` rows the request wants to be. Raises InputError beyond its ends."""
    size = given.number("size", size)
    if not 1 <= size <= LARGEST_SIZE:
        raise InputError(f'"size" is from 1 to {LARGEST_SIZE}, not {size}.')
    found = Paging(given.number("page", 1), size, total)
    if not 1 <= found.page <= found.pages:
        raise InputError(f'"page" is from 1 to {found.pages}, not {found.page}.')
    return found
