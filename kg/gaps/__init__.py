"""What a plan leaves open: each kind of gap is declared in `kinds.toml` and found by a named question."""

from kg.gaps.finding import Ask, Gap, find_gaps
from kg.gaps.kinds import Kind, Severity, Thing, load_kinds

__all__ = ["Ask", "Gap", "Kind", "Severity", "Thing", "find_gaps", "load_kinds"]
