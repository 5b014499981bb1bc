"""The action of another plan that comes nearest to one: by words and themes. Nearness, never sameness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kg.comparing.wording import likeness, telling

COUNTERPART: Final = 0.35
"""From here on an action of the other plan is taken for a counterpart; below it there is none."""
THEMES: Final = 0.3
"""How much the same themes add to how alike the words are."""
COMMON: Final = 50


@dataclass(frozen=True)
class Told:
    """An action by its address, with all its words and its themes."""

    iri: str
    words: str
    themes: frozenset[str]


def nearest_of(actions: Sequence[Told], others: Sequence[Told]) -> Mapping[str, tuple[str, float]]:
    """The nearest of the others to each action and how near it is, 0 to 1. What shares nothing is left out."""
    holding: dict[str, list[int]] = defaultdict(list)
    for number, other in enumerate(others):
        for word in {*telling(other.words), *other.themes}:
            holding[word].append(number)
    return {one.iri: best for one in actions if (best := max(_scored(one, others, holding), default=None, key=_order))}


def _order(found: tuple[str, float]) -> tuple[float, str]:
    return found[1], found[0]


def _scored(one: Told, others: Sequence[Told], holding: Mapping[str, Sequence[int]]) -> Iterator[tuple[str, float]]:
    words = {*telling(one.words), *one.themes}
    numbers = {number for word in words for number in holding.get(word, ())[:COMMON]}
    for number in sorted(numbers):
        other = others[number]
        every = one.themes | other.themes
        same = len(one.themes & other.themes) / len(every) if every else 0.0
        score = round(min(1.0, (likeness(one.words, other.words) or 0.0) + THEMES * same), 2)
        if score:
            yield other.iri, score
