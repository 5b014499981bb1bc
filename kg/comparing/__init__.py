"""Two versions of a plan set side by side: which action became which, and what changed."""

from kg.comparing.aligning import Acting, Alignment, Pair, acting_of, align
from kg.comparing.decisions import DIFFERENT, SAME, Decision, decide_pairs, decided, load_decisions, remember
from kg.comparing.versions import COLUMNS, KINDS, Changes, Entry, compare, marked

__all__ = [
    "COLUMNS",
    "DIFFERENT",
    "SAME",
    "Acting",
    "Alignment",
    "Changes",
    "Decision",
    "Entry",
    "KINDS",
    "Pair",
    "acting_of",
    "align",
    "compare",
    "decide_pairs",
    "decided",
    "load_decisions",
    "marked",
    "remember",
]
