"""How alike two texts are: case, spaces and typography folded, the words that carry meaning counted most."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

_NOISE: Final = 0.4
"""How alike, by their letters, two English sentences are that have nothing to do with each other."""
_SMALL: Final = frozenset(
    re.findall(
        r"\w+",
        """a all also an and any are as at be been by each for from has have in into is it its more of on or our out see
        so such that the their them they this through to under up via we which who will with work""",
    )
)


@lru_cache(maxsize=50_000)
def folded(text: str) -> str:
    """The words and numbers of a text in lower case, one space between them."""
    return " ".join(re.findall(r"[^\W_]+(?:[.%][^\W_]+)*%?", text.casefold().replace("’", "'")))


@lru_cache(maxsize=50_000)
def telling(text: str) -> tuple[str, ...]:
    """The words of a text that carry meaning; all of them where none does."""
    words = folded(text).split()
    return tuple(word for word in words if word not in _SMALL) or tuple(words)


def likeness(a: str, b: str) -> float | None:
    """How alike two texts are, 0 to 1; None where one of them says nothing."""
    first, second = folded(a), folded(b)
    if not first or not second:
        return None
    if first == second:
        return 1.0
    letters = max(fuzz.ratio(first, second), fuzz.token_sort_ratio(first, second)) / 100
    # Not quite 1 for the same words in another order: they are not the same text.
    return min(0.99, (max(0.0, letters - _NOISE) / (1 - _NOISE) + _shared(telling(a), telling(b))) / 2)


def _shared(a: Iterable[str], b: Iterable[str]) -> float:
    first, second = Counter(a), Counter(b)
    return 2 * sum((first & second).values()) / (sum(first.values()) + sum(second.values()))
