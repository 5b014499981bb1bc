"""What people write for a parameter becomes terms of the graph: names in any spelling, references, addresses."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, Protocol

from kg.errors import Candidate, InputError, NotFound, Several
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
PARTS: Final = (_HERE / "parts.rq").read_text("utf-8")

_YES: Final = frozenset({"yes", "true", "1", "on", "y"})
_NO: Final = frozenset({"no", "false", "0", "off", "n"})
_YEAR: Final = re.compile(r"(\d{4})(?:\s*[-/–]\s*(?:\d\d)?(\d\d))?(?:[\s-]*[qQ]([1-4]))?(?!\d)")
_IN_A_BOROUGH: Final = re.compile(r"(.*?/id/(?!org/|plan/|place/|initiative/)[^/]+)(?:/|$)")
_IN_A_PLAN: Final = re.compile(r"(.*/id/[^/]+/plan/[^/]+)/")
_PRIORITY: Final = re.compile(r"(?:sp/)?([\w.-]+)(?:/(?:dp/)?([\w.-]+))?")
_BRACKETED: Final = re.compile(r"(.+?) \((.+)\)")
_IRI: Final = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")
OF_SEVERAL: Final = "of several boroughs"
"""Stands in brackets behind the name of what boroughs share, where a borough behind it would tell it from another."""
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
    parts: Mapping[str, tuple[Thing, ...]] = field(default_factory=dict)
    """What stands together: the plans held of a borough, the quarters of a year; by the IRI of the whole."""

    @classmethod
    def load(cls, store: Asked) -> Names:
        """All names that the graph of `store` holds; bodies, plans, boroughs, places, initiatives, codes and years."""
        usual: dict[str, tuple[str, str]] = {}
        others: dict[str, list[str]] = defaultdict(list)
        for row in Answer.parse(store.query(NAMES).body).rows:
            iri, kind, name, is_usual = (str(value) for value in row)
            if is_usual == "True" and iri not in usual:
                usual[iri] = (kind, name)
            elif name != usual.get(iri, ("", ""))[1]:
                others[iri].append(name)
        things = {iri: Thing(iri, *found, tuple(others[iri])) for iri, found in usual.items()}
        parts: dict[str, list[Thing]] = defaultdict(list)
        for part, whole in Answer.parse(store.query(PARTS).body).rows:
            around = str(whole) if whole else borough_of(str(part))
            if around and str(part) in things:
                parts[around].append(things[str(part)])
            if around and around not in things:
                things[around] = _borough(around, things)
        return cls(store, things, {around: tuple(found) for around, found in parts.items()})

    def of_kind(self, kind: str) -> list[Thing]:
        """The things of one kind, by name."""
        return sorted((t for t in self.things.values() if t.kind == kind), key=lambda t: (folded(t.name), t.iri))

    def resolved(
        self, parameters: Iterable[Parameter], values: Mapping[str, Sequence[str]]
    ) -> tuple[dict[str, tuple[Thing, ...]], dict[str, tuple[str, ...]]]:
        """What is given (by the name of the parameter, as written) as things and as serialised terms.

        A borough narrows `plan` to its plans and has no terms of its own; a year has its quarters beside it; a name
        used in several places is what lies in the plans given, where anything of it does. Raises NotFound or
        InputError with what would work.
        """
        known = {parameter.name: parameter for parameter in parameters}
        things: dict[str, tuple[Thing, ...]] = {}
        terms: dict[str, tuple[str, ...]] = {}

        def found(name: str) -> tuple[Thing, ...]:
            of = known[name]
            return tuple(dict.fromkeys(one for word in values[name] for one in self.find(word, of.type, of.example)))

        scope = [name for name in ("borough", "plan") if name in values]
        things |= {name: found(name) for name in scope}
        if "borough" in things:
            things["plan"] = self._plans_of(things["borough"], things.get("plan"))
        within = things.get("plan", ())
        for name, words in values.items():
            if known[name].type in _PLAIN:
                terms[name] = tuple(dict.fromkeys(_PLAIN[known[name].type](known[name], word) for word in words))
            elif name not in scope:
                parts = (self.parts.get(one.iri, ()) if one.kind == "year" else () for one in found(name))
                things[name] = tuple(
                    dict.fromkeys((*self.narrowed(found(name), within), *(part for some in parts for part in some)))
                )
        terms |= {
            name: tuple(as_iri(thing.iri) for thing in some) for name, some in things.items() if name != "borough"
        }
        return things, terms

    def _plans_of(self, boroughs: Sequence[Thing], plans: Sequence[Thing] | None) -> tuple[Thing, ...]:
        """These plans, those of the boroughs; all that are held where no plan is given."""
        if plans is None:
            return tuple(plan for borough in boroughs for plan in self.parts[borough.iri])
        around = {borough.iri for borough in boroughs}
        kept = tuple(plan for plan in plans if borough_of(plan.iri) in around)
        if not kept:
            named = " and ".join(borough.name for borough in boroughs)
            raise NotFound(f'"{plans[0].name[:80]}" is no plan of {named}; take one of the two out of the scope.')
        return kept

    def narrowed(self, things: Sequence[Thing], plans: Sequence[Thing]) -> tuple[Thing, ...]:
        """Of several things of one name those that lie in these plans, are of their boroughs or of no borough.

        All, where none is or no plan is given.
        """
        if len(things) < 2 or not plans:
            return tuple(things)
        boroughs = {"", *(borough_of(plan.iri) for plan in plans)}
        insides = tuple(f"{plan.iri}/" for plan in plans)
        kept = tuple(
            thing
            for thing in things
            if thing.iri.startswith(insides) or ("/plan/" not in thing.iri and borough_of(thing.iri) in boroughs)
        )
        return kept or tuple(things)

    def find(self, words: str, kind: str, example: str = "") -> tuple[Thing, ...]:
        """What `words` stands for, where things of `kind` are meant.

        An address or its path, a name in any spelling and case, a printed reference, a year as 2015/16. Several where
        several boroughs use the name. Raises NotFound with the nearest name and, if given, an example that works.
        """
        found = self._by_address(words) or self._by_words(words, kind) or self._by_words_and_place(words, kind)
        if not found:
            raise NotFound(self._unknown(words, kind, example))
        return found

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
            words = _period(*year.groups()) if year else words
        if kind in ("action", "priority"):
            return self._by_reference(words, kind)
        for wanted in THINGS if kind == "thing" else (kind,):
            found = tuple(t for t in self._by_name.get(folded(words), ()) if t.kind == wanted)
            if found:
                return found
        if kind in ("plan", "thing"):
            # The slug that a plan was given when it was read.
            slug = f"/plan/{words.strip()}"
            if found := tuple(thing for thing in self.of_kind("plan") if thing.iri.endswith(slug)):
                return found
        if kind == "thing":
            return self._by_reference(words, "action") or self._by_reference(words, "priority")
        return ()

    def _by_words_and_place(self, words: str, kind: str) -> tuple[Thing, ...]:
        """A name or reference with its borough or plan in brackets behind it: "Licensing (Tinford)"."""
        parts = _BRACKETED.fullmatch(words)
        if not parts:
            return ()
        found = self._by_words(parts[1], kind)
        if parts[2] == OF_SEVERAL:
            return tuple(one for one in found if not borough_of(one.iri))
        around = (*self._by_words(parts[2], "borough"), *self._by_words(parts[2], "plan"))
        return tuple(one for one in found if one.iri.startswith(tuple(f"{place.iri}/" for place in around)))

    def only(self, things: Sequence[Thing], words: str, parameter: str) -> Thing:
        """The one thing that `words`, given as `parameter`, stand for. Raises Several where they are several."""
        if len(things) > 1:
            raise Several(words, parameter, [self.known_by(thing) for thing in things])
        return things[0]

    def known_by(self, thing: Thing) -> Candidate:
        """A thing with what tells it from another of its name: the plan it lies in and the borough."""
        inside = _IN_A_PLAN.match(thing.iri)
        plan = self.things[inside[1]].name if inside and inside[1] in self.things else ""
        borough = self.things.get(borough_of(thing.iri))
        path = thing.iri.removeprefix(f"{self.base}id/")
        return Candidate(thing.iri, path, thing.name, plan, borough.name if borough else "")

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


def _period(year: str, ending: str | None, quarter: str | None) -> str:
    """A year or a quarter as its label has it: 2015/16, 2016, 2015/16 Q1."""
    return year + (f"/{ending}" if ending else "") + (f" Q{quarter}" if quarter else "")


def borough_of(iri: str) -> str:
    """The address of the borough that a thing belongs to ("http.../id/hackney"); "" for what boroughs share."""
    found = _IN_A_BOROUGH.match(iri)
    return found[1] if found else ""


def short_names(plans: Mapping[str, str], boroughs: Mapping[str, str] | None = None) -> dict[str, str]:
    """Of plans (names by IRI) a few words that tell each from the others: its borough, where that has no other here;
    else its name without the borough and without what stands in brackets behind it.

    `boroughs` are the names of boroughs by IRI; without one it is called as addresses write it.
    """
    around = {iri: borough_of(iri) for iri in plans}
    called = {iri: (boroughs or {}).get(borough) or _as_written(borough) for iri, borough in around.items()}
    beside = Counter(around.values())
    short = {
        iri: called[iri]
        if around[iri] and beside[around[iri]] == 1
        else _BRACKETED.sub(r"\1", name.removeprefix(f"{called[iri]} "))
        for iri, name in plans.items()
    }
    taken = Counter(short.values())
    return {iri: short[iri] if taken[short[iri]] == 1 else name for iri, name in plans.items()}


def _as_written(borough: str) -> str:
    return borough.rsplit("/", 1)[-1].replace("-", " ").title()


def _borough(iri: str, things: Mapping[str, Thing]) -> Thing:
    """A borough by the name of the place of that name, where the graph knows it, and as addresses write it."""
    slug = iri.rsplit("/", 1)[-1]
    place = things.get(f"{iri}/place/{slug}")
    name = place.name if place else _as_written(iri)
    return Thing(iri, "borough", name, (slug, *(place.others if place else ())))


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
