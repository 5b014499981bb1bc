"""What a request gives: its parameters checked against those a page takes, names resolved, blanks left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from flask import request

from api import queries
from kg.errors import InputError
from kg.questions import BOROUGH, Parameter, Thing
from kg.tables import nearest

SCOPE: Final = (
    BOROUGH,
    Parameter(name="plan", type="plan", example="Hackney Community Safety Plan 2015-18", meaning="Only this plan"),
    Parameter(name="partner", type="body", example="Safer Communities", meaning="Only what this body leads"),
    Parameter(name="year", type="year", example="2015/16", meaning="Only this year, its quarters with it"),
)
"""The scope bar: these stand on every page and are carried from page to page."""
PAGE: Final = Parameter(name="page", type="number", example="1", meaning="Which page of a long list, from 1")
SIZE: Final = Parameter(name="size", type="number", example="50", meaning="Rows on a page, 1 to 500")
LARGEST_SIZE: Final = 500
LONGEST: Final = 500
"""Characters of a value: longer than any name, and what stands in the scope stands in every link of a page."""
MOST: Final = 40
"""How often a parameter that may be given several times may be given."""


@dataclass(frozen=True)
class Given:
    """What was given: `words` as written, blanks left out, and the terms each stands for.

    `things` holds what each named thing is; several where several boroughs use the name; `plan` the plans of a borough
    that is given. `examples` is what a page
    needs, nobody gave, and was filled in from its examples. `each` holds every value, as written, of a parameter that
    may be given several times: `words` lacks those, `terms` and `things` have those of all values.
    """

    words: Mapping[str, str]
    terms: Mapping[str, tuple[str, ...]]
    things: Mapping[str, tuple[Thing, ...]]
    examples: Mapping[str, str] = field(default_factory=dict)
    each: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, *names: str) -> dict[str, tuple[str, ...]]:
        """The terms of these parameters, those given."""
        return {name: self.terms[name] for name in names if name in self.terms}

    def thing(self, name: str) -> Thing | None:
        """The first thing a parameter names, or None where it was not given."""
        return next(iter(self.things.get(name, ())), None)

    def one(self, name: str) -> Thing | None:
        """The one thing a parameter names, None where it was not given. Raises Several where it names several."""
        return queries.names().only(self.things[name], self.words[name], name) if name in self.things else None

    def number(self, name: str, default: int) -> int:
        """A whole number."""
        return int(self.words.get(name, default))

    def flag(self, name: str) -> bool:
        """Whether yes was said."""
        return self.terms.get(name) == ("true",)

    def choice(self, name: str, default: str) -> str:
        """What was chosen."""
        return self.words.get(name, default)


def read(parameters: Sequence[Parameter], *, fill: bool = False) -> Given:
    """What this request gives for `parameters`; see `check`."""
    return check(parameters, [(name, value) for name, values in request.args.lists() for value in values], fill=fill)


def check(parameters: Sequence[Parameter], pairs: Sequence[tuple[str, str]], *, fill: bool = False) -> Given:
    """Check (name, value) pairs. Raises InputError (400) for a parameter too many or twice, for a value of another type
    and for one that is needed and missing, NotFound (404) for a name that names nothing.

    With `fill` what is needed and missing is its example: a page shows something before anything was chosen.
    """
    known = {parameter.name: parameter for parameter in parameters}
    words: dict[str, str] = {}
    each: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        if len(value) > LONGEST:
            raise InputError(f'"{name[:40]}" is too long: {len(value):,} characters, and {LONGEST} are taken.')
        if name not in known:
            listed = ", ".join(known) or "none"
            raise InputError(f'This page takes no "{name[:40]}"{nearest(name, known)}. It takes: {listed}.')
        if not value.strip():
            continue
        if known[name].several:
            each[name] = tuple(dict.fromkeys((*each.get(name, ()), value.strip())))
            if len(each[name]) > MOST:
                raise InputError(f'"{name}" is given more than {MOST} times.')
        elif name in words:
            raise InputError(f'"{name}" is given more than once; give one value.')
        words[name] = value.strip()
    examples = {each.name: each.example for each in parameters if each.required and each.name not in words}
    for name, example in examples.items():
        if not fill:
            raise InputError(f'This needs "{name}"; try "{example}".')
    words |= examples
    things, terms = queries.names().resolved(parameters, {**{name: (value,) for name, value in words.items()}, **each})
    return Given(words, terms, things, examples, each)


def here(**changes: Any) -> str:
    """The address of the page being shown with some parameters changed, or taken out (None)."""
    given: dict[str, Any] = {
        name: [value for value in values if value.strip()] for name, values in request.args.lists()
    } | changes
    # Another choice begins again at the first page.
    if "page" not in changes:
        given.pop("page", None)
    words = urlencode({name: value for name, value in given.items() if value not in (None, "")}, doseq=True, safe="/")
    return request.path + (f"?{words}" if words else "")


@dataclass(frozen=True)
class Links:
    """Where the other pages of a long list are, as paths of this server; None where there is none."""

    first: str
    prev: str | None
    next: str | None
    last: str


@dataclass(frozen=True)
class Paging:
    """One page of a long list: `page` counts from 1, `total` rows in all."""

    page: int
    size: int
    total: int
    links: Links

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
    number, last = given.number("page", 1), max(1, -(-total // size))
    if not 1 <= number <= last:
        raise InputError(f'"page" is from 1 to {last}, not {number}.')
    links = Links(
        here(page=1),
        here(page=number - 1) if number > 1 else None,
        here(page=number + 1) if number < last else None,
        here(page=last),
    )
    return Paging(number, size, total, links)
