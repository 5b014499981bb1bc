"""`/compare/versions`: what changed between two versions of a plan that are held, an action at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from flask import Blueprint, current_app

from api import queries
from api.forms import Given
from api.spreadsheets import Table
from api.twins import page
from kg.build import current_versions
from kg.comparing import COLUMNS, KINDS, Changes, compare, marked
from kg.comparing.sources import decisions_of, find_published, names_of, published
from kg.errors import InputError
from kg.questions import Parameter, Value
from kg.register import Register
from kg.settings import Settings
from kg.tables import Plan, known_codes

blueprint = Blueprint("compare_versions", __name__)

PARAMETERS: Final = (
    Parameter(
        name="old", type="text", example="tinford/safety-plan-2023-25/4c987dc4",
        meaning="The earlier version: BOROUGH/PLAN/VERSION, or a plan by its title",
    ),
    Parameter(
        name="new", type="text", example="tinford/safety-plan-2023-25/2024-06",
        meaning="The later version; without it and the other, the last two versions held of one plan",
    ),
)  # fmt: skip
Words = str | None


@dataclass(frozen=True)
class Version:
    """A version that is held. `path` is what an address calls it by; `current` whether it is the one that counts."""

    path: str
    label: str
    years: tuple[str, ...]
    actions: int
    current: bool


@dataclass(frozen=True)
class Detail:
    """One change in words. `kind` is a key of this answer; `old` and `new` are references.

    `old_iri` and `new_iri` are addresses of the actions, where the version is the one that counts.
    """

    kind: str
    old: Words
    new: Words
    title: str
    before: Words
    after: Words
    year: Words
    note: Words
    old_iri: Words
    new_iri: Words

    @property
    def words(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """What was and what is said, in runs of words that are the same, gone or new."""
        return marked(self.before or "", self.after or "")


@dataclass(frozen=True)
class Paired:
    """Two actions taken for one: `score` is how alike their words are, 0 to 1."""

    old: str
    new: str
    score: float
    sure: bool
    reason: str


@dataclass(frozen=True)
class VersionsCompared:
    """What changed from `old` to `new`; both None where fewer than two versions are held.

    `added` and `dropped` are references; `renumbered` and `reworded` pairs [old, new]; the triples end with the year.
    `statuses_changed` holds those that are resolved or new Tbc too. `changes` tells every one of them in words.
    """

    held: tuple[Version, ...]
    old: Version | None
    new: Version | None
    summary: str
    kept: int
    unchanged: int
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    moved: tuple[dict[str, Words], ...] = ()
    renumbered: tuple[tuple[str, str], ...] = ()
    reworded: tuple[tuple[str, str], ...] = ()
    leads_changed: tuple[dict[str, str | list[str]], ...] = ()
    tbc_resolved: tuple[tuple[str, str, str], ...] = ()
    tbc_new: tuple[tuple[str, str, str], ...] = ()
    statuses_changed: tuple[tuple[str, str, str], ...] = ()
    status_words_changed: tuple[tuple[str, str, str], ...] = ()
    documents_gained: tuple[str, ...] = ()
    documents_lost: tuple[str, ...] = ()
    pairs: tuple[Paired, ...] = ()
    changes: tuple[Detail, ...] = ()

    @property
    def tables(self) -> list[tuple[str, str, list[Detail]]]:
        """The kinds of change there are: key, name, and the changes."""
        return [(kind, KINDS[kind], list(group)) for kind, group in groupby(self.changes, key=lambda one: one.kind)]

    @property
    def none_of(self) -> list[str]:
        """The kinds of change there are none of."""
        found = {one.kind for one in self.changes}
        return [name for kind, name in KINDS.items() if kind not in found and kind != "unsure"]

    def table(self) -> Table:
        """A row a change."""
        rows = [[KINDS[one.kind], *(getattr(one, name) or "" for name in COLUMNS[1:])] for one in self.changes]
        return Table(COLUMNS, rows, "Changes")

    def more_tables(self) -> list[Table]:
        """How many there are of each kind, and which actions were paired."""
        counts: list[list[Value]] = [[name, len(rows)] for _, name, rows in self.tables]
        counts.insert(0, ["", self.summary])
        pairs: list[list[Value]] = [[one.old, one.new, one.score, one.sure, one.reason] for one in self.pairs]
        return [
            Table(("change", "n"), counts, "Summary"),
            Table(("old", "new", "score", "sure", "reason"), pairs, "Pairs"),
        ]


@dataclass(frozen=True)
class Held:
    """Every version the snapshot holds, by its path; which of them count; and the names they use."""

    plans: Mapping[str, Plan]
    current: frozenset[str]
    register: Register


def held() -> Held:
    """The versions of the snapshot that is shown, from its tables; nothing else is read from disk."""
    found: Held = queries.kept("versions", _read)
    return found


def _read() -> Held:
    tables, codes = queries.own_tables(), known_codes(_settings().ontology)
    plans = published(tables, codes)
    current = frozenset(plan.meta.graph_path for plan in current_versions(plans.values()).values())
    return Held(plans, current, names_of(tables, codes))


def _settings() -> Settings:
    settings: Settings = current_app.extensions["plangraph.settings"]
    return settings


@page(
    blueprint, "/compare/versions", "compare-versions.html", title="What changed", door="Compare", parameters=PARAMETERS
)
def versions(given: Given) -> VersionsCompared:
    """What changed between two versions of a plan: actions, leads, statuses, targets, documents leaned on."""
    found = held()
    listed = tuple(_version(plan, found) for plan in found.plans.values())
    chosen = _chosen(given, found)
    if chosen is None:
        nothing = "Fewer than two versions are held, so there is nothing to compare yet."
        return VersionsCompared(listed, None, None, nothing, 0, 0)
    old, new = chosen
    changes = compare(old, new, decisions_of(_settings()), found.register)
    return _compared(listed, found, old, new, changes)


def _chosen(given: Given, found: Held) -> tuple[Plan, Plan] | None:
    """The two versions asked for; without any, a version that revises another, with that one."""
    words = {name: given.words[name] for name in ("old", "new") if name in given.words}
    if len(words) == 1:
        raise InputError(f'This needs both "old" and "new"; {"new" if "old" in words else "old"} is missing.')
    if words:
        return find_published(dict(found.plans), words["old"]), find_published(dict(found.plans), words["new"])
    revising = [plan for plan in found.plans.values() if plan.meta.revised_path in found.plans]
    if revising:
        return found.plans[revising[-1].meta.revised_path], revising[-1]
    plans = list(found.plans.values())
    return (plans[-2], plans[-1]) if len(plans) > 1 else None


def _version(plan: Plan, found: Held) -> Version:
    path = plan.meta.graph_path
    return Version(path, plan.meta.label, tuple(plan.meta.periods), len(plan.rows["actions"]), path in found.current)


def _compared(listed: tuple[Version, ...], found: Held, old: Plan, new: Plan, changes: Changes) -> VersionsCompared:
    told = changes.as_json()
    return VersionsCompared(
        listed,
        _version(old, found),
        _version(new, found),
        changes.summary,
        changes.kept,
        changes.unchanged,
        added=tuple(told["added"]),
        dropped=tuple(told["dropped"]),
        moved=tuple(told["moved"]),
        renumbered=tuple(map(tuple, told["renumbered"])),
        reworded=tuple(map(tuple, told["reworded"])),
        leads_changed=tuple(told["leads_changed"]),
        tbc_resolved=tuple(map(tuple, told["tbc_resolved"])),
        tbc_new=tuple(map(tuple, told["tbc_new"])),
        statuses_changed=tuple(map(tuple, told["statuses_changed"])),
        status_words_changed=tuple(map(tuple, told["status_words_changed"])),
        documents_gained=tuple(told["documents_gained"]),
        documents_lost=tuple(told["documents_lost"]),
        pairs=tuple(
            Paired(pair.old.reference, pair.new.reference, pair.score, pair.sure, pair.reason)
            for pair in changes.alignment.pairs
        ),
        changes=tuple(_details(found, old, new, changes)),
    )


def _details(found: Held, old: Plan, new: Plan, changes: Changes) -> Iterator[Detail]:
    for kind, entries in changes.lists():
        for one in entries:
            yield Detail(
                kind, one.old, one.new, one.title, one.before, one.after, one.year, one.note,
                _iri(found, old, one.old), _iri(found, new, one.new),
            )  # fmt: skip


def _iri(found: Held, plan: Plan, reference: str | None) -> str | None:
    """The address of an action, where its version is the one that counts."""
    if reference is None or plan.meta.graph_path not in found.current or f"action/{reference}" not in plan.elements:
        return None
    return f"{_settings().base}id/{plan.meta.id}/action/{reference}"
