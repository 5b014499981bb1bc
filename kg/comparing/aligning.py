"""Which action of one version is which of another: by words and place, one to one, with a score and a reason."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from kg.comparing.decisions import Decided
from kg.comparing.wording import folded, likeness, telling
from kg.tables import Plan

STEPS, TITLE, OUTCOME = 0.55, 0.25, 0.2
"""How much the parts of an action's words count; what one of two actions lacks counts nothing."""
SAME_REFERENCE, SAME_PLACE, SAME_LEADS = 0.10, 0.08, 0.05
"""How much is added where the reference, the place or the leads are the same: hints, never proof."""
ALIKE: Final = 0.5
"""From here on the words alone make a pair."""
HALF_ALIKE: Final = 0.25
"""From here on the words make a pair where the reference and the place are the same."""
SURE: Final = 0.65
CLOSE: Final = 0.05
"""Two candidates as near to each other as this cannot be told apart by their words."""
NEAR: Final = 0.3
"""From here on the nearest action is named for one that has no counterpart."""
COMMON: Final = 50
"""A word that stands in more actions than this leads to none of them: what is like an action shares a rarer one."""

LOOKED_AT: Final = 12
"""So many candidates of an action are compared in full."""


@dataclass(frozen=True)
class Acting:
    """An action with what belongs to it. `priority` and `delivery` are paths; `leads` are (partner, printed name)."""

    reference: str
    position: int
    path: str
    title: str
    steps: tuple[str, ...]
    outcomes: tuple[str, ...]
    priority: str
    delivery: str
    place: str
    leads: tuple[tuple[str, str], ...]
    statuses: Mapping[str, Any]

    @property
    def words(self) -> str:
        """All it says."""
        return " ".join((self.title, *self.steps, *self.outcomes))


@dataclass(frozen=True)
class Pair:
    """Two actions taken for one. `score` is how alike their words are, 0 to 1; `sure` whether nobody need look."""

    old: Acting
    new: Acting
    score: float
    reason: str
    sure: bool = True


@dataclass(frozen=True)
class Alignment:
    """The pairs in the order of the newer version, and what has no counterpart, each in its own order.

    `near` holds, by path, the action of the other version that comes nearest to one without a counterpart.
    """

    pairs: tuple[Pair, ...]
    dropped: tuple[Acting, ...]
    added: tuple[Acting, ...]
    near: Mapping[tuple[str, str], tuple[Acting, float]]


def acting_of(plan: Plan) -> tuple[Acting, ...]:
    """The actions of a plan in order."""
    by_element: dict[str, dict[str, list[Any]]] = {
        table: defaultdict(list) for table in ("steps", "outcomes", "leads", "statuses")
    }
    for table, found in by_element.items():
        for row in plan.rows.get(table, ()):
            found[row.element].append(row)
    places = {row.path: row for row in plan.rows["delivery-priorities"]}
    return tuple(
        Acting(
            row.identifier,
            row.position,
            row.path,
            row.label,
            tuple(one.label for one in _in_order(by_element["steps"][row.path])),
            tuple(one.label for one in _in_order(by_element["outcomes"][row.path])),
            places[row.is_part_of].is_part_of if row.is_part_of in places else "",
            row.is_part_of,
            places[row.is_part_of].label if row.is_part_of in places else "",
            tuple(_printed(_in_order(by_element["leads"][row.path]))),
            {one.period: one for one in by_element["statuses"][row.path]},
        )
        for row in _in_order(plan.rows["actions"])
    )


def _in_order(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: row.position)


def _printed(rows: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """The leads with their names as printed; a phrase that names several gives each its usual name."""
    phrases = [row.verbatim for row in rows]
    for row in rows:
        alone = row.verbatim and phrases.count(row.verbatim) == 1
        yield row.partner, row.verbatim if alone else row.partner


def align(old: Sequence[Acting], new: Sequence[Acting], decided: Decided | None = None) -> Alignment:
    """Pair the actions of two versions, one to one. What a person decided comes first."""
    decided = decided or Decided()
    pairs = list(_confirmed(old, new, decided))
    taken_old, taken_new = ({getattr(pair, side).path for pair in pairs} for side in ("old", "new"))
    candidates = [
        (total, words, first, second)
        for first, second in _candidates(old, new)
        if (first.reference, second.reference) not in decided.different
        for words, total in (_scores(first, second),)
    ]
    # The best first; of equals the one that stands earlier, so that the same plans always give the same pairs.
    candidates.sort(key=lambda one: (-one[0], one[2].position, one[3].position))
    rivals = _rivals(candidates)
    for total, words, first, second in candidates:
        if first.path in taken_old or second.path in taken_new or not _makes_pair(words, first, second):
            continue
        taken_old.add(first.path)
        taken_new.add(second.path)
        pairs.append(_pair(words, total, first, second, rivals))
    pairs.sort(key=lambda pair: pair.new.position)
    dropped = tuple(one for one in old if one.path not in taken_old)
    added = tuple(one for one in new if one.path not in taken_new)
    return Alignment(tuple(pairs), dropped, added, _nearest(candidates, dropped, added))


def _confirmed(old: Sequence[Acting], new: Sequence[Acting], decided: Decided) -> Iterator[Pair]:
    olds, news = ({one.reference: one for one in side} for side in (old, new))
    for first, second in sorted(decided.same):
        if first in olds and second in news:
            words, _ = _scores(olds[first], news[second])
            yield Pair(olds[first], news[second], round(words, 2), "confirmed by a person")


def _candidates(old: Sequence[Acting], new: Sequence[Acting]) -> Iterator[tuple[Acting, Acting]]:
    """Pairs worth looking at: those that share something which is not in too many actions."""
    holding: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(new):
        for key in _keys(one):
            holding[key].append(number)
    for first in old:
        shared: dict[int, float] = defaultdict(float)
        for key in _keys(first):
            numbers = holding.get(key, ())
            # Of actions that say the very same, only so many can be told apart by anything but their place.
            for number in numbers if len(numbers) <= COMMON else numbers[:COMMON] if key.startswith("all ") else ():
                shared[number] += 1 / len(numbers)
        # The rarer what they share, the likelier it is; the words of the best are then compared in full.
        best = heapq.nlargest(LOOKED_AT, shared, key=lambda number: (shared[number], -number))
        yield from (
            (first, new[number]) for number in sorted({*best, *holding.get(f"reference {first.reference}", ())})
        )


def _keys(one: Acting) -> Iterable[str]:
    """What may lead from one action to another: its reference, its parts as a whole, its words, and two in a row."""
    words = telling(one.words)
    parts = (
        ("title", one.title),
        ("steps", " ".join(one.steps)),
        ("outcome", " ".join(one.outcomes)),
        ("all", one.words),
    )
    return dict.fromkeys(
        (
            f"reference {one.reference}",
            *(f"{name} {folded(text)}" for name, text in parts if folded(text)),
            *(f"word {word}" for word in words),
            *(f"words {first} {second}" for first, second in pairwise(words)),
        )
    )


def _scores(old: Acting, new: Acting) -> tuple[float, float]:
    """How alike the words are, and that with the hints."""
    parts = [
        (weight, alike)
        for weight, alike in (
            (STEPS, likeness(" ".join(old.steps), " ".join(new.steps))),
            (TITLE, likeness(old.title, new.title)),
            (OUTCOME, likeness(" ".join(old.outcomes), " ".join(new.outcomes))),
        )
        if alike is not None
    ]
    weights = sum(weight for weight, _ in parts)
    words = sum(weight * alike for weight, alike in parts) / weights if weights else 0.0
    hints = SAME_REFERENCE * (old.reference == new.reference) + SAME_PLACE * _same_place(old, new)
    return words, words + hints + SAME_LEADS * _same_leads(old, new)


def _same_place(old: Acting, new: Acting) -> bool:
    return old.delivery == new.delivery or bool(old.place and folded(old.place) == folded(new.place))


def _same_leads(old: Acting, new: Acting) -> bool:
    return {folded(one) for one, _ in old.leads} == {folded(one) for one, _ in new.leads}


def _makes_pair(words: float, old: Acting, new: Acting) -> bool:
    if words >= ALIKE:
        return True
    same_reference = old.reference == new.reference
    return words >= HALF_ALIKE and same_reference and (_same_place(old, new) or _same_leads(old, new))


_Scored = tuple[float, float, Acting, Acting]


def _rivals(candidates: Sequence[_Scored]) -> dict[str, list[_Scored]]:
    """The candidates of every action, by side and path, that could make a pair."""
    rivals: dict[str, list[_Scored]] = defaultdict(list)
    for one in candidates:
        if one[1] >= ALIKE:
            rivals[f"old {one[2].path}"].append(one)
            rivals[f"new {one[3].path}"].append(one)
    return rivals


def _pair(words: float, total: float, old: Acting, new: Acting, rivals: Mapping[str, Sequence[_Scored]]) -> Pair:
    close = sorted(
        {
            (f"the new {other[3].reference}" if other[2] is old else f"the old {other[2].reference}")
            for key in (f"old {old.path}", f"new {new.path}")
            for other in rivals.get(key, ())
            if not (other[2] is old and other[3] is new) and other[0] >= total - CLOSE
        }
    )
    said = ["same words" if words == 1 else "nearly the same words" if words >= 0.85 else "words partly the same"]
    said += ["same reference"] if old.reference == new.reference else []
    said += ["same place"] if _same_place(old, new) else []
    said += ["same leads"] if old.leads and _same_leads(old, new) else []
    reason = ", ".join(said)
    if close:
        reason += f"; but {' and '.join(close[:3])} is as like"
    return Pair(old, new, round(words, 2), reason, words >= SURE and not close)


def _nearest(
    candidates: Sequence[_Scored], dropped: Sequence[Acting], added: Sequence[Acting]
) -> dict[tuple[str, str], tuple[Acting, float]]:
    """The nearest action of the other version, for those without a counterpart."""
    wanted = {("dropped", one.path) for one in dropped} | {("added", one.path) for one in added}
    near: dict[tuple[str, str], tuple[Acting, float]] = {}
    for _, words, old, new in sorted(candidates, key=lambda one: (-one[1], one[2].position, one[3].position)):
        for key, other in ((("dropped", old.path), new), (("added", new.path), old)):
            if words >= NEAR and key in wanted:
                near.setdefault(key, (other, round(words, 2)))
    return near
