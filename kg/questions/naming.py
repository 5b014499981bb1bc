"""What people write for a parameter becomes terms of the graph: names in any spelling, references, addresses."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Protocol

from kg.errors import InputError, NotFound
from kg.graph.store import Result
from kg.questions.answer import Answer
from kg.questions.binding import bind, literal
from kg.questions.binding import iri as as_iri
from kg.questions.question import Parameter
from kg.register import folded
from kg.tables import nearest

_HERE: Final = Path(__file__).resolve().parent
NAMES: Final = (_HERE / "names.rq").read_text("utf-8")
ELEMENTS: Final = (_HERE / "elements.rq").read_text("utf-8")
THERE: Final = (_HERE / "there.rq").read_text("utf-8")

_YES: Final = frozenset({"yes", "true", "1", "on", "y"})
_NO: Final = frozenset({"no", "false", "0", "off", "n"})
_YEAR: Final = re.compile(r"(\d{4})\s*[-/–]\s*(?:\d\d)?(\d\d)")
_PRIORITY: Final = re.compile(r"(?:sp/)?([\w.-]+)(?:/(?:dp/)?([\w.-]+))?")
_IRI: Final = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")
# What `thing` may be, tried in this order: a name that is a body and a place is meant as the body first.
THINGS: Final = ("body", "plan", "place", "initiative", "theme", "group")


class Asked(Protocol):
    """The part of a Store that is needed here."""

    def query(self, sparql: str) -> Result:
        """Ask, for SPARQL JSON results."""
        ...


@dataclass(frozen=True)
class Thing:
    """Something with a name: its IRI, its kind (see TYPES), its usual name and its other spellings."""

    iri: str
    kind: str
    name: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Names:
    """Every name in a graph, read once. Actions and priorities are looked up by reference when asked for."""

    store: Asked
    things: Mapping[str, Thing]

    @classmethod
    def load(cls, store: Asked) -> Names:
        """All names that the graph of `store` holds; bodies, plans, places, initiatives, codes and years."""
        usual: dict[str, tuple[str, str]] = {}
        others: dict[str, list[str]] = defaultdict(list)
        for row in Answer.parse(store.query(NAMES).body).rows:
            iri, kind, name, is_usual = (str(value) for value in row)
            if is_usual == "True" and iri not in usual:
                usual[iri] = (kind, name)
            elif name != usual.get(iri, ("", ""))[1]:
                others[iri].append(name)
        return cls(store, {iri: Thing(iri, *found, tuple(others[iri])) for iri, found in usual.items()})

    def of_kind(self, kind: str) -> list[Thing]:
        """The things of one kind, by name."""
        return sorted((t for t in self.things.values() if t.kind == kind), key=lambda t: (folded(t.name), t.iri))

    def find(self, words: str, kind: str, example: str = "") -> tuple[Thing, ...]:
        """What `words` stands for, where things of `kind` are meant.

        An address or its path, a name in any spelling and case, a printed reference, a year as 2015/16. Several where
        several boroughs use the name. Raises NotFound with the nearest name and, if given, an example that works.
        """
        found = self._by_address(words) or self._by_words(words, kind)
        if not found:
            raise NotFound(self._unknown(words, kind, example))
        return found

    def terms(self, parameter: Parameter, words: str) -> tuple[str, ...]:
        """The serialised terms that `words` stands for. Raises NotFound or InputError with what would work."""
        if parameter.type in _PLAIN:
            return (_PLAIN[parameter.type](parameter, words),)
        return tuple(as_iri(thing.iri) for thing in self.find(words, parameter.type, parameter.example))

    def _by_address(self, words: str) -> tuple[Thing, ...]:
        iri = words if _IRI.fullmatch(words) else ""
        path = words.strip("/").removeprefix("id/")
        if not iri and self.base and "/" in path and re.fullmatch(r"[\w./-]+", path, re.ASCII):
            iri = f"{self.base}id/{path}"
        if not iri:
            return ()
        if iri in self.things:
            return (self.things[iri],)
        rows = Answer.parse(self.store.query(bind(THERE, {"iri": [as_iri(iri)]})).body).rows
        return tuple(Thing(str(row[0]), "", str(row[1])) for row in rows)

    def _by_words(self, words: str, kind: str) -> tuple[Thing, ...]:
        if kind == "year":
            year = _YEAR.search(words)
            words = f"{year[1]}/{year[2]}" if year else words
        if kind in ("action", "priority"):
            return self._by_reference(words, kind)
        for wanted in THINGS if kind == "thing" else (kind,):
            found = tuple(t for t in self._by_name.get(folded(words), ()) if t.kind == wanted)
            if found:
                return found
        if kind == "thing":
            return self._by_reference(words, "action") or self._by_reference(words, "priority")
        return ()

    def _by_reference(self, words: str, kind: str) -> tuple[Thing, ...]:
        parts = _PRIORITY.fullmatch(words.removeprefix("action/").strip())
        if not parts or (kind == "action" and parts[2]):
            return ()
        reference, within = (parts[2], parts[1]) if parts[2] else (parts[1], None)
        sparql = bind(ELEMENTS, {"reference": [literal(reference)]})
        rows = Answer.parse(self.store.query(sparql).body).records()
        return tuple(
            Thing(str(row["iri"]), kind, str(row["name"]))
            for row in rows
            if row["kind"] == kind and row["within"] == within
        )

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[Thing]]:
        by_name: dict[str, list[Thing]] = defaultdict(list)
        for thing in self.things.values():
            for name in dict.fromkeys(folded(name) for name in (thing.name, *thing.others)):
                by_name[name].append(thing)
        return by_name

    @cached_property
    def base(self) -> str:
        """What the addresses of this graph begin with."""
        plans = (thing.iri for thing in self.things.values() if thing.kind == "plan" and "/id/" in thing.iri)
        return next((iri[: iri.index("/id/") + 1] for iri in plans), "")

    def _unknown(self, words: str, kind: str, example: str) -> str:
        kinds = THINGS if kind == "thing" else (kind,)
        names = {name for t in self.things.values() if t.kind in kinds for name in (t.name, *t.others)}
        works = f' "{example}" would work.' if example else ""
        return f'No {kind} is called "{words[:80]}"{nearest(words, names)}.{works}'


def _text(_parameter: Parameter, words: str) -> str:
    return literal(words)


def _flag(parameter: Parameter, words: str) -> str:
    if words.strip().casefold() in _YES:
        return "true"
    if words.strip().casefold() in _NO:
        return "false"
    raise InputError(f'"{parameter.name}" is yes or no, not "{words[:80]}".')


def _number(parameter: Parameter, words: str) -> str:
    if not re.fullmatch(r"[0-9]{1,9}", words.strip(), re.ASCII):
        raise InputError(f'"{parameter.name}" is a whole number such as {parameter.example}, not "{words[:80]}".')
    return str(int(words))


def _choice(parameter: Parameter, words: str) -> str:
    if words not in parameter.choices:
        raise InputError(f'"{parameter.name}" is one of {", ".join(parameter.choices)}, not "{words[:80]}".')
    return literal(words)


# The types that name nothing in the graph, and how each becomes a term.
_PLAIN: Final[Mapping[str, Callable[[Parameter, str], str]]] = {
    "text": _text, "flag": _flag, "number": _number, "choice": _choice,
}  # fmt: skip
