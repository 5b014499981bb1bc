"""`/shared`: which partners share which actions, as a matrix and a list; with `a` and `b`, what two of them share."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from flask import Blueprint

from api import queries
from api.facts import Coded, Named
from api.forms import Given
from api.leads import Led, bodies, led
from api.spreadsheets import Table
from api.twins import page
from kg.errors import InputError, NotFound
from kg.names import CODE
from kg.network import CANONICAL, LEADS, NAMES, PRINTED, ROLE, ROLES, ROLLED, actions_of, leads, partners, partners_of
from kg.questions import Parameter, Thing, find_question
from kg.register import folded
from kg.tables import nearest

blueprint = Blueprint("shared", __name__)

BY_NAME: Final = Parameter(
    name="names", type="choice", example=ROLLED, choices=NAMES,
    meaning="canonical: each body by its usual name; printed: as the lead cells print it; rolled: units count as "
    "the body at the top; role: bodies of several boroughs count as what they are there for",
)  # fmt: skip
COLLECTIVE: Final = Parameter(
    name="collective", type="flag", example="yes", meaning="Count wording such as All Partners as a partner"
)
UNDER: Final = Parameter(
    name="priority", type="priority", example="2", meaning="Strategic (2) or delivery priority (2/1)"
)
WHO_COUNTS: Final = (BY_NAME, COLLECTIVE, UNDER)
"""What a partner is and which actions count: the same choices wherever partners are counted in pairs."""
PARAMETERS: Final = (
    *WHO_COUNTS,
    Parameter(
        name="a", type="text", example="Safer Communities",
        meaning="One of two partners, in any spelling; with names=printed as a lead cell prints it",
    ),
    Parameter(name="b", type="text", example="MPS", meaning="The other"),
)  # fmt: skip
SHADES: Final = 5
SPREAD: Final = (PRINTED, ROLE)
"""Where a partner may stand for several bodies, and a body for several partners."""


@dataclass(frozen=True)
class Name:
    """A partner by its name. `key` is what `a` and `b` call it by; `iri` is None where the name is one as printed."""

    key: str
    name: str
    iri: str | None


@dataclass(frozen=True)
class ActionRef:
    """An action by its reference; `plan` is the name of the plan, because two plans may use one reference."""

    iri: str
    ref: str
    plan: str


@dataclass(frozen=True)
class SharingPartner:
    """A partner: the actions it leads, those that no other partner counted here leads, and how many it has in common
    with others. `priorities` counts its actions under each strategic priority, in the order of `Shared.priorities`."""

    partner: Name
    type: Coded
    actions: tuple[ActionRef, ...]
    alone: tuple[ActionRef, ...]
    partners: int
    priorities: tuple[int, ...]


@dataclass(frozen=True)
class Pair:
    """Two partners and the actions they lead together, in the order of the plan."""

    a: Name
    b: Name
    shared: int
    refs: str
    actions: tuple[ActionRef, ...]


@dataclass(frozen=True)
class Apart:
    """An action that one of two partners leads and the other does not, where the other leads something too.

    `kind` says what the two have in common, the same priority, place or theme; `common` is that.
    """

    kind: str
    common: Named
    action: Named
    led_by: str
    leads: str
    source: str


@dataclass(frozen=True)
class Meeting:
    """Two partners: the actions both lead, and what each leads at the same priority, place or theme without the other.

    `bodies` are the bodies that each stands for: its units, or what a printed name means.
    """

    a: Name
    b: Name
    bodies: tuple[tuple[str, ...], tuple[str, ...]]
    actions: tuple[Led, ...]
    apart: tuple[Apart, ...]

    @property
    def by_kind(self) -> list[tuple[str, list[Apart]]]:
        """What they lead apart, by what they have in common."""
        found: dict[str, list[Apart]] = defaultdict(list)
        for one in self.apart:
            found[one.kind].append(one)
        return list(found.items())


@dataclass(frozen=True)
class Shared:
    """Partners by type and by how much they lead, the pairs of them that lead actions together, the largest first.

    `names` is canonical, printed, rolled or role. `focus` holds the keys of the partner of the scope: there the pairs
    are only those with it. With `a` and `b`, `pair` is what these two share, and the rest is as if they were not given.
    A partner in `partners` may share nothing.
    """

    names: str
    collective: bool
    focus: tuple[str, ...]
    partners: tuple[SharingPartner, ...]
    pairs: tuple[Pair, ...]
    priorities: tuple[Named, ...]
    pair: Meeting | None

    @property
    def sharing(self) -> list[SharingPartner]:
        """The partners of the matrix."""
        return [one for one in self.partners if one.partners]

    @property
    def groups(self) -> list[tuple[Coded, list[SharingPartner]]]:
        """The partners of the matrix by type: its columns."""
        return [(type_, list(group)) for type_, group in groupby(self.sharing, key=lambda one: one.type)]

    @property
    def rows(self) -> list[tuple[Coded, list[SharingPartner]]]:
        """Its rows: the same, or only the partner of the scope, because only its pairs are known here."""
        found = [(type_, [one for one in group if self._is_row(one)]) for type_, group in self.groups]
        return [(type_, group) for type_, group in found if group]

    @property
    def by_count(self) -> list[SharingPartner]:
        """The partners of the table of priorities, the one that leads most first."""
        shown = [one for one in self.partners if self._is_row(one)]
        return sorted(shown, key=lambda one: (-len(one.actions), one.partner.name))

    def _is_row(self, one: SharingPartner) -> bool:
        return not self.focus or one.partner.key in self.focus

    @property
    def apart(self) -> list[SharingPartner]:
        """The partners that share none."""
        return [one for one in self.partners if not one.partners]

    @property
    def cells(self) -> Mapping[tuple[str, str], Pair]:
        """The pairs by the keys of both, in both orders."""
        return {keys: one for one in self.pairs for keys in ((one.a.key, one.b.key), (one.b.key, one.a.key))}

    def shade(self, n: int) -> int:
        """How dark a number is shown, from 1 to 5, where the largest of the matrix is 5."""
        return _shade(n, max((one.shared for one in self.pairs), default=1))

    def priority_shade(self, n: int) -> int:
        """The same for the table of priorities."""
        return _shade(n, max((count for one in self.partners for count in one.priorities), default=1))

    def table(self) -> Table:
        """A row a pair; with two partners chosen a row an action."""
        if self.pair is None:
            pairs = [(one.a.name, one.b.name, one.shared, one.refs) for one in self.pairs]
            return Table(["a", "b", "shared", "refs"], pairs, "Shared actions")
        columns = ["ref", "title", "leads", "roles", "delivery priority", "plan", "source"]
        return Table(columns, [_row(one) for one in self.pair.actions], "Shared actions")


def _shade(n: int, largest: int) -> int:
    return 1 if largest <= 1 else 1 + round((SHADES - 1) * math.log(n) / math.log(largest))


def _row(one: Led) -> list[str]:
    sources = dict.fromkeys(source.label for lead in one.leads for source in lead.statement.sources)
    return [
        one.action.ref, one.action.title, "; ".join(lead.partner.name for lead in one.leads),
        "; ".join(lead.role.name for lead in one.leads), one.action.delivery_priority.name, one.action.plan.name,
        "; ".join(sources),
    ]  # fmt: skip


@page(blueprint, "/shared", "shared.html", title="Shared actions", door="Partners", parameters=PARAMETERS)
def shared(given: Given) -> Shared:
    """Which partners lead which actions together: a matrix, the pairs, and what two of them share."""
    leads = _Leads(given)
    focus = tuple(leads.name(key).key for thing in given.things.get("partner", ()) for key in leads.keys_of(thing.iri))
    pairs = tuple(one for one in leads.pairs() if not given.things.get("partner") or {one.a.key, one.b.key} & {*focus})
    return Shared(
        leads.names, leads.collective, focus, tuple(leads.partners(pairs)), pairs, leads.priorities,
        _meeting(given, leads),
    )  # fmt: skip


class _Leads:
    """The leads in scope as networks of partners and actions, and of partners alone, with the names of the page."""

    def __init__(self, given: Given) -> None:
        self.names, self.collective = given.choice("names", CANONICAL), given.flag("collective")
        words = {name: given.words[name] for name in ("borough", "plan", "priority", "year") if name in given.words}
        answer = queries.ask(find_question(LEADS), words)
        # Whoever is left out of the counts is still found by its name.
        roles = queries.asker(ROLES, {}) if self.names == ROLE else None
        self.everybody = leads(answer, self.names, collective=True, roles=roles)
        self.network = leads(answer, self.names, collective=self.collective, roles=roles)
        self.together = partners(self.network)
        self.priorities = tuple(dict.fromkeys(map(self._priority, actions_of(self.everybody))))

    def _priority(self, action: str) -> Named:
        said = self.everybody.nodes[action]
        return Named(str(said["priority"]), str(said["priority_label"]))

    def _refs(self, actions: Iterable[str]) -> tuple[ActionRef, ...]:
        said = self.network.nodes
        return tuple(ActionRef(one, str(said[one]["ref"]), str(said[one]["plan_label"])) for one in actions)

    def name(self, key: str) -> Name:
        """A partner by its key in the network."""
        if self.names == PRINTED:
            return Name(key, key, None)
        name = bodies()[key].name if key in bodies() else str(self.everybody.nodes[key]["label"])
        return Name(key.removeprefix(f"{queries.names().base}id/"), name, key)

    def keys_of(self, iri: str) -> list[str]:
        """The partners that a body is: itself, the body at the top, or all its roles or names it is printed by."""
        if self.names in SPREAD:
            return [key for key in partners_of(self.everybody) if iri in self.everybody.nodes[key]["bodies"]]
        return [self.key_of(iri)]

    def key_of(self, iri: str) -> str:
        """What a body counts as."""
        return bodies()[iri].top.iri if self.names == ROLLED else iri

    def bodies(self, key: str) -> tuple[str, ...]:
        """The bodies that a partner stands for; one that leads nothing stands for itself."""
        return tuple(self.everybody.nodes[key]["bodies"]) if key in self.everybody else (key,)

    def both(self, one: str, other: str) -> list[str]:
        """The actions that two partners lead."""
        if not (one in self.network and other in self.network):
            return []
        return [action for action in actions_of(self.network, one) if self.network.has_edge(other, action)]

    def pairs(self) -> list[Pair]:
        """The pairs, the largest first; within a pair in the order of their keys."""
        made = []
        for ends in self.together.edges:
            one, other = sorted(ends)
            said = self.together.edges[ends]
            refs = self._refs(said["actions"])
            made.append(Pair(self.name(one), self.name(other), said["weight"], said["refs"], refs))
        return sorted(made, key=lambda pair: (-pair.shared, pair.a.name, pair.b.name))

    def partners(self, pairs: Sequence[Pair]) -> list[SharingPartner]:
        """The partners by type, within each the one that leads most first."""
        sharing = Counter(name.key for pair in pairs for name in (pair.a, pair.b))
        nodes = self.together.nodes(data=True)
        made = [(said["kind_order"], self._partner(key, said, sharing)) for key, said in nodes]
        return [one for _, one in sorted(made, key=lambda one: (one[0], -len(one[1].actions), one[1].partner.name))]

    def _partner(self, key: str, said: Mapping[str, Any], sharing: Mapping[str, int]) -> SharingPartner:
        under = Counter(map(self._priority, said["actions"]))
        name = self.name(key)
        beside = {action for *_, actions in self.together.edges(key, data="actions") for action in actions}
        return SharingPartner(
            name,
            Coded(str(CODE[said["kind"]]), said["kind_label"], said["colour"]),
            self._refs(said["actions"]),
            self._refs(action for action in said["actions"] if action not in beside),
            sharing[name.key],
            tuple(under[priority] for priority in self.priorities),
        )


def _meeting(given: Given, leads: _Leads) -> Meeting | None:
    words = [given.words.get(name) for name in ("a", "b")]
    if words == [None, None]:
        return None
    if None in words:
        raise InputError(f'Two partners are needed; "{"a" if words[0] is None else "b"}" is missing.')
    first, second = (_partner_called(str(one), name, given, leads) for name, one in zip(("a", "b"), words, strict=True))
    if first == second:
        raise InputError(f'"{words[0]}" and "{words[1]}" are the same partner here; choose two.')
    return Meeting(
        leads.name(first),
        leads.name(second),
        (leads.bodies(first), leads.bodies(second)),
        led(leads.both(first, second), given),
        _apart(first, second, given, leads),
    )


def _partner_called(words: str, parameter: str, given: Given, leads: _Leads) -> str:
    """The key of the partner that is called so. Raises NotFound, and Several where it is more than one."""
    names, labels = queries.names(), dict(leads.everybody.nodes(data="label"))
    if leads.names in SPREAD:
        partners = partners_of(leads.everybody)
        for key in partners:
            if folded(words) in (folded(key), folded(labels[key])):
                return key
        if leads.names == PRINTED:
            raise NotFound(f'No lead cell prints "{words[:80]}"{nearest(words, partners)}.')
    found = names.narrowed(names.find(words, "body", "Safer Communities"), given.things.get("plan", ()))
    if leads.names in SPREAD:
        found = tuple(Thing(key, "", labels[key]) for one in found for key in leads.keys_of(one.iri))
        if not found:
            raise NotFound(f'"{words[:80]}" leads nothing here.')
        return names.only(found, words, parameter).iri
    return leads.key_of(names.only(found, words, parameter).iri)


def _apart(first: str, second: str, given: Given, leads: _Leads) -> tuple[Apart, ...]:
    """What each leads without the other, by the question of the agenda; it knows bodies, no printed names or roles."""
    if leads.names in SPREAD:
        return ()
    words = {"partner": first, "other_partner": second}
    words |= {name: given.words[name] for name in ("borough", "plan") if name in given.words}
    words |= {"rolled_up": "yes"} if leads.names == ROLLED else {}
    rows: list[dict[str, Any]] = list(queries.ask(find_question("D04"), words).records())
    return tuple(
        Apart(
            row["kind"],
            Named(row["common_iri"], row["common"]),
            Named(row["ref_iri"], f"{row['ref']} {row['title']}"),
            row["led_by"],
            row["leads"],
            row["source"],
        )
        for row in rows
        if row["kind"] != "shared"
    )
