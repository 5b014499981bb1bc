"""Printed names to bodies, plans, places and initiatives: exact spellings, longest match in a text, never a guess."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field

from kg.errors import InputError, Problem
from kg.tables import (
    Certainty,
    CodeOf,
    Due,
    NameOf,
    Names,
    Period,
    Row,
    Text,
    named,
    nearest,
    read_rows,
    shown,
    write_rows,
)

KINDS: Final = {
    "org": "body",
    "plan": "plan",
    "section": "section",
    "place": "place",
    "initiative": "initiative",
}


class Entry(Row):
    """A thing the register knows. `id` is its IRI path, such as hackney/org/safer-communities."""

    id: Text
    label: Text
    certainty: Certainty
    editorial_note: str = ""

    @property
    def path(self) -> str:
        return self.id

    @property
    def kind(self) -> str:
        """body, plan, section, place or initiative."""
        return kind_of(self.id)


class Body(Entry):
    """A body: an organisation, a unit of one, a forum, or a collective wording."""

    class_: Annotated[Text, Field(alias="class")]
    classification: Annotated[Text, CodeOf("ptype")]
    purpose: Annotated[Names, CodeOf("purpose")] = ()
    unit_of: Annotated[str, NameOf(("body",))] = ""
    sub_organization_of: Annotated[str, NameOf(("body",))] = ""
    is_replaced_by: Annotated[str, NameOf(("body",))] = ""
    close_match: Annotated[Names, NameOf(("body",))] = ()
    definition: str = ""


class KnownPlan(Entry):
    """A plan or document known by name."""

    type: Annotated[Text, CodeOf("doctype")]
    publisher: Annotated[str, NameOf(("body",))] = ""
    first_period: Period = ""
    last_period: Period = ""
    due: Due = ""
    conditional_on: Annotated[Names, NameOf(("body", "plan"), codes="cond")] = ()
    close_match: Annotated[Names, NameOf(("plan",))] = ()
    definition: str = ""


class Section(Entry):
    """A section of a plan that is named but not held."""

    is_part_of: Annotated[Text, NameOf(("plan",))]
    identifier: Text


class Place(Entry):
    """A place; `type` is a schema.org class below Place, `contained_in` the place around it."""

    type: str = ""
    contained_in: Annotated[str, NameOf(("place",))] = ""


class Initiative(Entry):
    """A scheme or campaign with a name of its own."""

    run_by: Annotated[Names, NameOf(("body",))] = ()
    definition: str = ""


class Spelling(Row):
    """A printed name and the thing it names; a spelling in several rows names several things at once."""

    spelling: Text
    of: Text
    position: str = ""
    role: Annotated[str, CodeOf("role")] = ""
    scope: str = ""
    column: Names = ()
    certainty: Certainty
    editorial_note: str = ""

    @property
    def path(self) -> str:
        return f"{self.spelling} -> {self.of} ({self.scope or 'everywhere'}, {'|'.join(self.column) or 'any column'})"


class ThemeWord(Row):
    """Words that suggest a theme."""

    spelling: Text
    subject: Annotated[Text, CodeOf("theme")]
    editorial_note: str = ""

    @property
    def path(self) -> str:
        return f"{self.spelling} -> {self.subject}"


class GroupWord(Row):
    """Words that suggest a group of people."""

    spelling: Text
    for_group: Annotated[Text, CodeOf("group")]
    editorial_note: str = ""

    @property
    def path(self) -> str:
        return f"{self.spelling} -> {self.for_group}"


FILES: Final[dict[str, tuple[type[Row], tuple[str, ...]]]] = {
    "bodies": (Body, ("id", "label", "class", "classification", "purpose", "unit_of", "sub_organization_of",
                      "is_replaced_by", "close_match", "definition", "certainty", "editorial_note")),
    "plans": (KnownPlan, ("id", "label", "type", "publisher", "first_period", "last_period", "due", "conditional_on",
                          "close_match", "definition", "certainty", "editorial_note")),
    "sections": (Section, ("id", "is_part_of", "identifier", "label", "certainty", "editorial_note")),
    "places": (Place, ("id", "label", "type", "contained_in", "certainty", "editorial_note")),
    "initiatives": (Initiative, ("id", "label", "run_by", "definition", "certainty", "editorial_note")),
    "spellings": (Spelling, ("spelling", "of", "position", "role", "scope", "column", "certainty", "editorial_note")),
    "themes": (ThemeWord, ("spelling", "subject", "editorial_note")),
    "groups": (GroupWord, ("spelling", "for_group", "editorial_note")),
}  # fmt: skip
ENTRY_FILES: Final = ("bodies", "plans", "sections", "places", "initiatives")


@dataclass(frozen=True)
class Named:
    """One thing a spelling names, with the role and certainty the spelling gives it."""

    id: str
    certainty: str
    editorial_note: str = ""
    role: str = ""


@dataclass(frozen=True)
class Span:
    """A stretch of a text that names one thing or several: text[start:end]."""

    start: int
    end: int
    words: str
    names: tuple[Named, ...]


@dataclass(frozen=True)
class _Use:
    spelling: str
    named: Named
    scope: str
    columns: tuple[str, ...]

    def holds(self, borough: str, column: str) -> bool:
        # What another borough has alone is not meant here: its Public Health is not ours.
        ours = not borough or borough_of(self.named.id) in ("", borough)
        return ours and self.scope in ("", borough) and (not self.columns or not column or column in self.columns)


@dataclass(frozen=True)
class Register:
    """Everything that is known by name. Entries by id, spellings in file order."""

    entries: Mapping[str, Any]
    spellings: tuple[Spelling, ...] = ()
    themes: tuple[ThemeWord, ...] = ()
    groups: tuple[GroupWord, ...] = ()
    files: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path, codes: frozenset[str]) -> Register:
        """The register of a folder. Raises InputError with every problem of its files."""
        return cls({}).extended(folder, codes)

    def extended(self, folder: Path, codes: frozenset[str], *, proposed: bool = False) -> Register:
        """This register with the files of another folder added; an id that exists already is a problem.

        It is none where another file says the same of it, nor in what is only ``proposed``: two documents may name
        one new body.
        """
        problems: list[Problem] = []
        entries, files = dict(self.entries), dict(self.files)
        words: dict[str, list[Any]] = {"spellings": [], "themes": [], "groups": []}
        for name, (row_type, columns) in FILES.items():
            path = folder / f"{name}.csv"
            if not path.exists():
                continue
            rows, lines = read_rows(path, row_type, columns, codes, problems)
            for row, line in zip(rows, lines, strict=True):
                if not isinstance(row, Entry):
                    words[name].append(row)
                    files[f"{name}:{row.path}"] = (shown(path), line)
                elif row.id in entries:
                    before = files[row.id]
                    if proposed or (row == entries[row.id] and before[0] != shown(path)):
                        continue
                    sentence = f"{row.id} stands twice, first in {before[0]}:{before[1]}."
                    problems.append(Problem(sentence, shown(path), line, "id"))
                else:
                    entries[row.id] = row
                    files[row.id] = (shown(path), line)
        register = Register(
            entries,
            self.spellings + tuple(words["spellings"]),
            self.themes + tuple(words["themes"]),
            self.groups + tuple(words["groups"]),
            files,
        )
        problems.extend(register._loose_ends(codes) if not problems else ())
        if problems:
            raise InputError(problems)
        return register

    def of_kind(self, kind: str) -> list[Any]:
        """All entries of one kind, in file order."""
        return [entry for entry in self.entries.values() if entry.kind == kind]

    def find(self, name: str, borough: str = "", kinds: Iterable[str] = (), column: str = "") -> tuple[Named, ...]:
        """The things a name or id stands for, in printed order; empty where nobody answers to it."""
        wanted = frozenset(kinds) or frozenset(KINDS.values())
        if name in self.entries:
            return (Named(name, self.entries[name].certainty),) if kind_of(name) in wanted else ()
        uses = [use for use in self._uses.get(folded(name), ()) if use.holds(borough, column)]
        found = [use for use in uses if kind_of(use.named.id) in wanted]
        # A spelling of the borough's own, or of this column alone, speaks louder than a general one.
        for louder in (
            lambda use: use.scope == borough and use.columns,
            lambda use: use.scope == borough,
            lambda _use: True,
        ):
            chosen = [use for use in found if louder(use)]
            if chosen:
                return tuple(dict.fromkeys(use.named for use in chosen))
        return ()

    def resolve(self, name: str, borough: str, kinds: Iterable[str]) -> str | None:
        """The id of the one thing a name or id stands for; None where it is nobody or several."""
        ids = {found.id for found in self.find(name, borough, kinds)}
        return ids.pop() if len(ids) == 1 else None

    def longest(self, text: str, borough: str = "", column: str = "", kinds: Iterable[str] = ()) -> list[Span]:
        """All names in a text, the longest first at every place, without overlaps, case and white space folded."""
        spans: list[Span] = []
        for match in self._pattern.finditer(text):
            if match.start() < (spans[-1].end if spans else 0):
                continue
            named = self._longest_at(text, match.start(), borough, column, tuple(kinds))
            if named:
                spans.append(named)
        return spans

    def labels_of(self, id_: str) -> list[str]:
        """Every spelling that names this thing alone, in file order, its label left out."""
        alone = defaultdict(set)
        for row in self.spellings:
            alone[folded(row.spelling), row.scope, row.column].add(row.of)
        labels = (
            row.spelling
            for row in self.spellings
            if row.of == id_ and len(alone[folded(row.spelling), row.scope, row.column]) == 1
        )
        return [label for label in dict.fromkeys(labels) if label != self.entries[id_].label]

    def nearest(self, name: str, kinds: Iterable[str] = ()) -> str:
        """' (nearest: x)' for the known name most like `name`; a suggestion only."""
        wanted = frozenset(kinds) or frozenset(KINDS.values())
        names = {entry.label for entry in self.entries.values() if entry.kind in wanted}
        names |= {row.spelling for row in self.spellings if kind_of(row.of) in wanted}
        return nearest(name, names)

    def write(self, folder: Path) -> None:
        """Write the files that have rows."""
        folder.mkdir(parents=True, exist_ok=True)
        rows: dict[str, Sequence[Row]] = {
            "spellings": self.spellings, "themes": self.themes, "groups": self.groups,
        }  # fmt: skip
        for name, kind in zip(ENTRY_FILES, KINDS.values(), strict=True):
            rows[name] = self.of_kind(kind)
        for name, entries in rows.items():
            if entries:
                write_rows(folder / f"{name}.csv", FILES[name][1], entries)

    @cached_property
    def _uses(self) -> dict[str, list[_Use]]:
        uses: dict[str, list[_Use]] = defaultdict(list)
        for entry in self.entries.values():
            uses[folded(entry.label)].append(_Use(entry.label, Named(entry.id, "cert-stated"), "", ()))
        for row in sorted(self.spellings, key=lambda row: int(row.position or 0)):
            named = Named(row.of, row.certainty, row.editorial_note, row.role)
            uses[folded(row.spelling)].append(_Use(row.spelling, named, row.scope, row.column))
        return uses

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        # Every place where the first word of some name begins; the names are then tried by length.
        if not self._uses:
            return re.compile(r"(?!)")
        first = {_as_printed(name.split(" ", 1)[0]) for name in self._uses}
        return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(first, key=len, reverse=True))})", re.IGNORECASE)

    @cached_property
    def _by_first(self) -> dict[str, list[tuple[str, re.Pattern[str]]]]:
        by_first: dict[str, list[tuple[str, re.Pattern[str]]]] = defaultdict(list)
        for name in sorted(self._uses, key=len, reverse=True):
            words = r"\s+".join(_as_printed(word) for word in name.split(" "))
            by_first[name[:1]].append((name, re.compile(words + r"(?!\w)", re.IGNORECASE)))
        return by_first

    def _longest_at(self, text: str, start: int, borough: str, column: str, kinds: tuple[str, ...]) -> Span | None:
        for name, pattern in self._by_first[folded(text[start])]:
            match = pattern.match(text, start)
            named = self.find(name, borough, kinds, column) if match else ()
            if match and named:
                return Span(start, match.end(), match.group(), named)
        return None

    def _loose_ends(self, codes: frozenset[str]) -> list[Problem]:
        """Names that lead nowhere, and names that two bodies share."""
        problems = []
        for entry in self.entries.values():
            file, line = self.files[entry.id]
            for column, mark, name in named(entry):
                code = mark.codes and name.startswith(f"{mark.codes}-") and name in codes
                if not code and self.resolve(name, borough_of(entry.id), mark.kinds) is None:
                    near = self.nearest(name, mark.kinds)
                    problems.append(Problem(f'"{name}" is nobody in the register{near}.', file, line, column))
        for row in self.spellings:
            if row.of not in self.entries:
                file, line = self.files[f"spellings:{row.path}"]
                problems.append(Problem(f'"{row.of}" is no id in the register{nearest(row.of, self.entries)}.',
                                        file, line, "of"))  # fmt: skip
        return problems or self._shared_names()

    def _shared_names(self) -> list[Problem]:
        """Names that two things of one kind have in one borough; those of two boroughs may have one name."""
        problems = []
        owners: dict[tuple[str, str, str, tuple[str, ...]], list[str]] = defaultdict(list)

        def other(key: tuple[str, str, str, tuple[str, ...]], id_: str) -> str:
            """Who has this name already where it would mean this thing; "" where nobody has."""
            boroughs = ("", borough_of(id_))
            clash = (
                held for held in owners[key] if held != id_ and (borough_of(held) in boroughs or not borough_of(id_))
            )
            found = next(clash, "")
            owners[key].append(id_)
            return found

        for entry in self.entries.values():
            if held := other((folded(entry.label), entry.kind, "", ()), entry.id):
                file, line = self.files[entry.id]
                problems.append(Problem(f'"{entry.label}" is also the name of {held}.', file, line, "label"))
        for row in self.spellings:
            # Several rows with a position are one phrase that names several things; without, they are a clash.
            if row.position:
                continue
            if held := other((folded(row.spelling), kind_of(row.of), row.scope, row.column), row.of):
                file, line = self.files[f"spellings:{row.path}"]
                sentence = f'"{row.spelling}" also names {held}; where it names both, give each a position.'
                problems.append(Problem(sentence, file, line, "spelling"))
        return problems


def kind_of(id_: str) -> str:
    """body, plan, section, place or initiative, by the form of the id; "" where it is none."""
    parts = id_.split("/")
    if "section" in parts[:-1]:
        return "section"
    return next((KINDS[part] for part in parts[:-1] if part in KINDS), "")


def borough_of(id_: str) -> str:
    """The borough an id belongs to; "" for what boroughs share."""
    first = id_.split("/", 1)[0]
    return "" if first in KINDS else first


def _as_printed(word: str) -> str:
    """A pattern for a folded word with either apostrophe."""
    return re.escape(word).replace("'", "['’]")


def folded(name: str) -> str:
    """A name without case, with single spaces and straight apostrophes."""
    return " ".join(name.replace("’", "'").casefold().split())
