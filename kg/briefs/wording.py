"""Numbers and lists in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 action", "4 actions", "2 bodies"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def tallied(counts: Counter[str]) -> str:
    """What was counted, the most first: "conditional (3), in development (1)"."""
    return ", ".join(f"{words} ({n})" for words, n in counts.most_common())


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: "A, B and C"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
