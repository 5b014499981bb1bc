"""What changed between two versions of a plan, as lists whose counts add up."""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from kg.comparing.aligning import Acting, Alignment, Pair, acting_of, align
from kg.comparing.decisions import Decided, Decision, decided
from kg.comparing.wording import folded, likeness, telling
from kg.register import Register
from kg.tables import Plan
from kg.tables.values import period_label

TBC: Final = "status-tbc"
NOT_STATED: Final = "status-not-stated"
SAME_NAME: Final = 0.8
"""From here on two names of a priority or an indicator are one name reworded."""
WORTH: Final = 0.5
"""A priority is another's successor where name, place and actions together say so much."""


@dataclass(frozen=True)
class Side:
    """One of the two versions: its graph path, its title, its years and how many actions it has."""

    path: str
    label: str
    years: tuple[str, ...]
    actions: int


@dataclass(frozen=True)
class Entry:
    """One change of one action (or of a priority, an indicator), in words.

    `old` and `new` are references, None where there is none on that side. `before` and `after` are what was and what
    is said. `year` is as people write it, where the change is one of a year. `note` says more: why, how sure.
    """

    old: str | None
    new: str | None
    title: str
    before: str | None = None
    after: str | None = None
    year: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Changes:
    """Everything that changed. Pairs are in the order of the newer version, what was dropped in that of the older.

    `statuses_changed` holds every year of a kept action whose states or vehicle are others, a Tbc that was resolved or
    is new among them. `reworded` leaves out what differs only by the new numbers of the actions it refers to.
    """

    old: Side
    new: Side
    alignment: Alignment
    added: tuple[Entry, ...]
    dropped: tuple[Entry, ...]
    moved: tuple[Entry, ...]
    renumbered: tuple[Entry, ...]
    reworded: tuple[Entry, ...]
    leads: tuple[tuple[Pair, tuple[str, ...], tuple[str, ...]], ...]
    tbc_resolved: tuple[Entry, ...]
    tbc_new: tuple[Entry, ...]
    statuses_changed: tuple[Entry, ...]
    status_words_changed: tuple[Entry, ...]
    targets_moved: tuple[Entry, ...]
    measures_changed: tuple[Entry, ...]
    deadlines_changed: tuple[Entry, ...]
    owners_changed: tuple[Entry, ...]
    priorities_renamed: tuple[Entry, ...]
    documents_gained: tuple[Entry, ...]
    documents_lost: tuple[Entry, ...]
    unsure: tuple[Entry, ...]

    @property
    def kept(self) -> int:
        """How many actions are in both versions."""
        return len(self.alignment.pairs)

    @cached_property
    def leads_changed(self) -> tuple[Entry, ...]:
        """The actions whose leads are others: `before` who was withdrawn, `after` who was added."""
        return tuple(_of(pair, "; ".join(gone) or None, "; ".join(came) or None) for pair, came, gone in self.leads)

    @cached_property
    def unchanged(self) -> int:
        """How many of the kept actions are in none of the lists, but for a doubt about the pair."""
        touched = {
            (one.old, one.new) for name, entries in self.lists() if name not in NOT_OF_ACTIONS for one in entries
        }
        return sum((pair.old.reference, pair.new.reference) not in touched for pair in self.alignment.pairs)

    def lists(self) -> Iterator[tuple[str, tuple[Entry, ...]]]:
        """Every kind of change by its name, in the order they are told."""
        for name in KINDS:
            yield name, getattr(self, name)

    def rows(self) -> list[tuple[str | None, ...]]:
        """A row a change, in the columns of COLUMNS."""
        return [
            (KINDS[name], one.old, one.new, one.title, one.before, one.after, one.year, one.note)
            for name, entries in self.lists()
            for one in entries
        ]

    @property
    def summary(self) -> str:
        """The change in a few sentences, with counts that add up."""
        old, new = self.old.actions, self.new.actions
        said = [
            f"{old} {_actions(old)} before, {new} now: {self.kept} kept, {len(self.dropped)} dropped, "
            f"{len(self.added)} added."
        ]
        if self.kept:
            several = [
                f"{len(entries)} {words}"
                for name, words in _IN_SUMMARY.items()
                if (entries := {(one.old, one.new) for one in getattr(self, name)})
            ]
            counted = f": {', '.join(several)}; one action may be in several of these" if several else ""
            said.append(f"Of the {self.kept} kept, {self.unchanged} stand as they were{counted}.")
        years = [f"{len(getattr(self, name))} {words}" for name, words in _OF_YEARS.items() if getattr(self, name)]
        said += [f"By year: {', '.join(years)}."] if years else []
        said += [f"Figures of indicators moved: {len(self.targets_moved)}."] if self.targets_moved else []
        said += [f"Pairs that are unsure: {len(self.unsure)}."] if self.unsure else []
        return " ".join(said)

    def as_json(self) -> dict[str, Any]:
        """The change as one JSON object; see the README for its keys."""

        def pairs(entries: Iterable[Entry]) -> list[list[str | None]]:
            return [[one.old, one.new] for one in entries]

        def triples(entries: Iterable[Entry]) -> list[list[str | None]]:
            return [[one.old, one.new, one.year] for one in entries]

        return {
            "old": _side(self.old),
            "new": _side(self.new),
            "summary": self.summary,
            "kept": self.kept,
            "unchanged": self.unchanged,
            "added": [one.new for one in self.added],
            "dropped": [one.old for one in self.dropped],
            "moved": [{"old": one.old, "new": one.new, "from": one.before, "to": one.after} for one in self.moved],
            "renumbered": pairs(self.renumbered),
            "reworded": pairs(self.reworded),
            "leads_changed": [
                {"old": pair.old.reference, "new": pair.new.reference, "added": list(came), "withdrawn": list(gone)}
                for pair, came, gone in self.leads
            ],
            "tbc_resolved": triples(self.tbc_resolved),
            "tbc_new": triples(self.tbc_new),
            "statuses_changed": triples(self.statuses_changed),
            "status_words_changed": triples(self.status_words_changed),
            **{name: [_plain(one) for one in getattr(self, name)] for name in _MORE},
            "documents_gained": [one.title for one in self.documents_gained],
            "documents_lost": [one.title for one in self.documents_lost],
            "unsure": [_plain(one) for one in self.unsure],
            "pairs": [
                {
                    "old": pair.old.reference, "new": pair.new.reference, "score": pair.score, "sure": pair.sure,
                    "reason": pair.reason,
                }
                for pair in self.alignment.pairs
            ],
        }  # fmt: skip


KINDS: Final[Mapping[str, str]] = {
    "added": "Added",
    "dropped": "Dropped",
    "moved": "Moved to another priority",
    "renumbered": "Renumbered",
    "reworded": "Reworded",
    "leads_changed": "Leads added or withdrawn",
    "tbc_resolved": "To be confirmed, and now resolved",
    "tbc_new": "Newly to be confirmed",
    "statuses_changed": "Statuses changed",
    "status_words_changed": "Statuses in other words, the state the same",
    "targets_moved": "Targets and figures of indicators moved",
    "measures_changed": "Measures changed",
    "deadlines_changed": "Deadlines changed",
    "owners_changed": "Owning posts changed",
    "priorities_renamed": "Priorities renamed, added or dropped",
    "documents_gained": "Documents and forums newly leaned on",
    "documents_lost": "Documents and forums no longer leaned on",
    "unsure": "Pairs that are unsure",
}
"""Every kind of change and what it is called, in the order they are told."""
COLUMNS: Final = ("change", "old", "new", "title", "before", "after", "year", "note")
NOT_OF_ACTIONS: Final = (
    "added", "dropped", "targets_moved", "priorities_renamed", "documents_gained", "documents_lost", "unsure",
)  # fmt: skip
_IN_SUMMARY: Final = {
    "moved": "moved to another priority",
    "renumbered": "renumbered",
    "reworded": "reworded",
    "leads_changed": "with other leads",
    "statuses_changed": "with another status",
}
_OF_YEARS: Final = {
    "tbc_resolved": "Tbc resolved",
    "tbc_new": "newly Tbc",
    "statuses_changed": "statuses changed in all",
}
_MORE: Final = (
    "targets_moved", "measures_changed", "deadlines_changed", "owners_changed", "priorities_renamed",
)  # fmt: skip


def _side(side: Side) -> dict[str, Any]:
    return {"version": side.path, "label": side.label, "years": list(side.years), "actions": side.actions}


def _plain(entry: Entry) -> dict[str, str]:
    return {name: value for name, value in vars(entry).items() if value is not None}


def _actions(number: int) -> str:
    return "action" if number == 1 else "actions"


def compare(old: Plan, new: Plan, decisions: Sequence[Decision] = (), register: Register | None = None) -> Changes:
    """What changed from one version to the other.

    `decisions` are those a person took about any versions. `register` knows which spellings are one body or document.
    """
    before, after = acting_of(old), acting_of(new)
    ruling = decided(decisions, old.meta.graph_path, new.meta.graph_path)
    return _Comparison(old, new, (before, after), ruling, register or Register({})).changes()


class _Comparison:
    """One comparison while it is made."""

    def __init__(
        self, old: Plan, new: Plan, actions: tuple[Sequence[Acting], Sequence[Acting]], ruling: Decided,
        register: Register,
    ) -> None:  # fmt: skip
        self.old, self.new = old, new
        self.before, self.after = actions
        self.register = register
        self.alignment = align(self.before, self.after, ruling)
        self.pairs = self.alignment.pairs
        self.deliveries = self._successors("delivery-priorities", "delivery")
        self.priorities = self._successors("priorities", "priority")
        self.numbers = {pair.old.reference: pair.new.reference for pair in self.pairs}

    def changes(self) -> Changes:
        statuses = list(self._statuses())
        gained, lost = self._documents()
        return Changes(
            _side_of(self.old, self.before),
            _side_of(self.new, self.after),
            self.alignment,
            tuple(self._alone("added", one) for one in self.alignment.added),
            tuple(self._alone("dropped", one) for one in self.alignment.dropped),
            tuple(
                _of(pair, _where(pair.old), _where(pair.new))
                for pair in self.pairs
                if self.deliveries.get(pair.old.delivery) != pair.new.delivery
            ),
            tuple(_of(pair) for pair in self.pairs if pair.old.reference != pair.new.reference),
            tuple(entry for pair in self.pairs for entry in self._reworded(pair)),
            tuple((pair, came, gone) for pair in self.pairs for came, gone in (self._leads(pair),) if came or gone),
            tuple(entry for kind, entry in statuses if kind == "resolved"),
            tuple(entry for kind, entry in statuses if kind == "new"),
            tuple(entry for kind, entry in statuses if kind == "changed"),
            tuple(entry for kind, entry in statuses if kind == "words"),
            tuple(self._targets()),
            tuple(self._parts("measures", lambda row: row.label)),
            tuple(self._parts("deadlines", lambda row: row.label)),
            tuple(self._parts("owners", lambda row: row.post)),
            tuple(self._renamed()),
            gained,
            lost,
            tuple(_of(pair, pair.old.title, pair.new.title, note=f"{pair.reason} ({pair.score:.2f})")
                  for pair in self.pairs if not pair.sure),
        )  # fmt: skip

    def _alone(self, kind: str, one: Acting) -> Entry:
        """An action without a counterpart, with the nearest there is."""
        near = self.alignment.near.get((kind, one.path))
        words = "in part like" if kind == "added" else "in part in"
        note = f"{words} {near[0].reference} {near[0].title} ({near[1]:.2f})" if near else None
        old, new = (None, one.reference) if kind == "added" else (one.reference, None)
        where = _where(one)
        return Entry(
            old, new, one.title, None if kind == "added" else where, where if kind == "added" else None, None, note
        )

    def _successors(self, table: str, kind: str) -> dict[str, str]:
        """Which priority of the newer version follows which, by name, place and the actions that went along."""
        went = Counter((getattr(pair.old, kind), getattr(pair.new, kind)) for pair in self.pairs)
        sizes = Counter(getattr(one, kind) for one in self.before)
        scored = []
        for one in self.old.rows[table]:
            for other in self.new.rows[table]:
                name = likeness(one.label, other.label) or 0.0
                share = went[one.path, other.path] / sizes[one.path] if sizes[one.path] else 0.0
                score = (name if name >= SAME_NAME else 0) + share + 0.5 * (one.path == other.path)
                if score >= WORTH:
                    scored.append((-score, one.path, other.path))
        found: dict[str, str] = {}
        for _, one_path, other_path in sorted(scored):
            if one_path not in found and other_path not in found.values():
                found[one_path] = other_path
        return found

    def _renumbered(self, text: str) -> str:
        """An old text with the references to actions as they are now numbered."""
        if not self.numbers:
            return text
        known = "|".join(re.escape(one) for one in sorted(self.numbers, key=len, reverse=True))
        pattern = re.compile(rf"(?<![\w.])(?:{known})(?![\w]|\.\d)")
        return pattern.sub(lambda match: self.numbers[match.group()], text)

    def _reworded(self, pair: Pair) -> Iterator[Entry]:
        old, new = pair.old, pair.new
        changed = []
        for what, was, now in (
            ("steps", " ".join(old.steps), " ".join(new.steps)),
            ("outcome", " ".join(old.outcomes), " ".join(new.outcomes)),
        ):
            if folded(was) != folded(now) and folded(self._renumbered(was)) != folded(now):
                changed.append((what, was, now))
        if _retitled(old, new):
            changed.insert(0, ("title", old.title, new.title))
        if changed:
            yield _of(
                pair,
                " / ".join(was for _, was, _ in changed),
                " / ".join(now for _, _, now in changed),
                note=", ".join(what for what, _, _ in changed),
            )

    def _statuses(self) -> Iterator[tuple[str, Entry]]:
        for pair in self.pairs:
            for period in sorted({*pair.old.statuses} & {*pair.new.statuses}):
                was, now = pair.old.statuses[period], pair.new.statuses[period]
                entry = _of(pair, was.label, now.label, year=period_label(period))
                if TBC in was.state and not {TBC, NOT_STATED} & {*now.state}:
                    yield "resolved", entry
                if TBC in now.state and TBC not in was.state:
                    yield "new", entry
                if {*was.state} != {*now.state} or _folded(was.delivered_through) != _folded(now.delivered_through):
                    yield "changed", entry
                elif folded(self._renumbered(was.label)) != folded(now.label):
                    yield "words", entry

    def _targets(self) -> Iterator[Entry]:
        """Targets and actuals of indicators and of measures that are others, year by year."""
        for old, new in self._indicators():
            label = (new or old).label
            if old is None or new is None:
                words = "indicator added" if old is None else "indicator dropped"
                yield Entry(_place(old), _place(new), label, old and label, new and label, None, words)
                continue
            was, now = (
                {
                    (row.period, row.base_year if row.restated else ""): row
                    for row in plan.rows["readings"]
                    if row.element == path
                }
                for plan, path in ((self.old, old.path), (self.new, new.path))
            )
            for key in sorted({*was, *now}):
                for figure in ("target", "actual"):
                    first, second = (_figure(side.get(key), figure) for side in (was, now))
                    if first != second:
                        base = f", against {period_label(key[1])}" if key[1] else ""
                        yield Entry(
                            _place(old), _place(new), label, first, second, period_label(key[0]), f"{figure}{base}"
                        )

    def _indicators(self) -> Iterator[tuple[Any, Any]]:
        left = list(self.new.rows["indicators"])
        for old in self.old.rows["indicators"]:
            found = max(left, key=lambda new: self._alike(old, new), default=None)
            if found is None or self._alike(old, found) < SAME_NAME:
                yield old, None
            else:
                left.remove(found)
                yield old, found
        yield from ((None, new) for new in left)

    def _alike(self, old: Any, new: Any) -> float:
        same_place: bool = self.deliveries.get(old.element) == new.element
        return (likeness(old.label, new.label) or 0.0) + 0.1 * same_place

    def _parts(self, table: str, said: Callable[[Any], str]) -> Iterator[Entry]:
        """What belongs to an action and is said otherwise, as sets of words."""
        was, now = (_by_element(plan.rows.get(table, ()), said) for plan in (self.old, self.new))
        for pair in self.pairs:
            first, second = was[pair.old.path], now[pair.new.path]
            if {folded(one) for one in first} != {folded(one) for one in second}:
                yield _of(pair, "; ".join(first) or None, "; ".join(second) or None)

    def _renamed(self) -> Iterator[Entry]:
        for table, successors, kind in (
            ("priorities", self.priorities, "strategic priority"),
            ("delivery-priorities", self.deliveries, "delivery priority"),
        ):
            old, new = ({row.path: row for row in plan.rows[table]} for plan in (self.old, self.new))
            for path, row in old.items():
                other = new.get(successors.get(path, ""))
                if other is None:
                    yield Entry(_number(path), None, row.label, row.label, None, None, f"{kind} dropped")
                elif folded(row.label) != folded(other.label):
                    yield Entry(
                        _number(path), _number(other.path), other.label, row.label, other.label, None, f"{kind} renamed"
                    )
            for path, row in new.items():
                if path not in successors.values():
                    yield Entry(None, _number(path), row.label, None, row.label, None, f"{kind} added")

    def _documents(self) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
        was, now = self._leaned_on(self.old), self._leaned_on(self.new)
        return (
            tuple(Entry(None, None, now[name]) for name in sorted(now.keys() - was.keys())),
            tuple(Entry(None, None, was[name]) for name in sorted(was.keys() - now.keys())),
        )

    def _leads(self, pair: Pair) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Who was added and who was withdrawn. A lead is the same where its usual or its printed name is."""

        def names(lead: tuple[str, str], plan: Plan) -> set[str]:
            return {self._name(lead[0], plan)[0], folded(lead[1])}

        was = [(printed, names((usual, printed), self.old)) for usual, printed in pair.old.leads]
        now = [(printed, names((usual, printed), self.new)) for usual, printed in pair.new.leads]
        return (
            tuple(printed for printed, these in now if not any(these & those for _, those in was)),
            tuple(printed for printed, these in was if not any(these & those for _, those in now)),
        )

    def _leaned_on(self, plan: Plan) -> dict[str, str]:
        """The documents, forums and bodies a plan points to or delivers through; no part of a plan that is held."""
        names = [row.points_to for row in plan.rows["cross-references"]]
        names += [name for row in plan.rows["statuses"] for name in row.delivered_through]
        return dict(self._name(name, plan) for name in names if name not in plan.elements and "/action/" not in name)

    def _name(self, name: str, plan: Plan) -> tuple[str, str]:
        """What tells a body or document apart, and its usual name; of a section, that of the document."""
        known = self.register.resolve(name, plan.meta.borough, ("body", "plan", "section", "initiative")) or name
        known = known.split("/section/")[0]
        entry = self.register.entries.get(known)
        usual = entry.label if entry else known.rpartition("/")[2].replace("-", " ") if "/" in known else known
        return folded(usual), usual


def _of(pair: Pair, before: str | None = None, after: str | None = None, **more: str | None) -> Entry:
    return Entry(pair.old.reference, pair.new.reference, pair.new.title, before, after, **more)


def _side_of(plan: Plan, actions: Sequence[Acting]) -> Side:
    years = sorted({period for one in actions for period in one.statuses} | {*plan.meta.periods})
    return Side(plan.meta.graph_path, plan.meta.label, tuple(period_label(one) for one in years), len(actions))


def _where(one: Acting) -> str:
    return f"{_number(one.delivery)} {one.place}".strip()


def _number(path: str) -> str:
    """2/1 for the first delivery priority of the second strategic priority."""
    return path.removeprefix("sp/").replace("/dp/", "/")


def _place(row: Any) -> str | None:
    return None if row is None else _number(row.element)


def _folded(names: Iterable[str]) -> set[str]:
    return {folded(name) for name in names}


def _retitled(old: Acting, new: Acting) -> bool:
    """Whether the title is another. One that only repeats words of the action is ours or the reader's, not printed."""
    if {*telling(old.title)} == {*telling(new.title)}:
        return False
    return not any({*telling(one.title.rstrip("… "))} <= {*telling(" ".join(one.steps))} for one in (old, new))


def _figure(row: Any, name: str) -> str | None:
    if row is None:
        return None
    value = getattr(row, name)
    if value is not None:
        return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value}"
    return "Tbc" if TBC in row.state and name == "target" else None


def _by_element(rows: Iterable[Any], said: Callable[[Any], str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        found[row.element].append(said(row))
    return found


def marked(before: str, after: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The two texts in runs of words, each "same", or "gone" (in the first) or "new" (in the second)."""
    first, second = before.split(), after.split()
    old: list[tuple[str, str]] = []
    new: list[tuple[str, str]] = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if a < b:
            old.append(("same" if what == "equal" else "gone", " ".join(first[a:b])))
        if c < d:
            new.append(("same" if what == "equal" else "new", " ".join(second[c:d])))
    return old, new
