"""What a person decided about which action became which: one CSV file, read before every comparison."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from kg.errors import InputError, Problem
from kg.tables import Plan, Row, header, nearest, read_rows, shown, write_rows
from kg.tables.values import Text

SAME: Final = "same"
DIFFERENT: Final = "different"
FILE: Final = "alignments.csv"
"""The file in the folder of the snapshots and in the data folder."""


class Decision(Row):
    """Two actions of two versions, and whether they are one and the same.

    `old_version` and `new_version` are `{borough}/{plan}/{version}`; `old` and `new` are references.
    """

    old_version: Text
    new_version: Text
    old: Text
    new: Text
    decision: Literal["same", "different"]
    editorial_note: str = ""

    @property
    def path(self) -> str:
        return f"{self.old_version}/{self.old} -> {self.new_version}/{self.new}"


COLUMNS: Final = header(Decision)


@dataclass(frozen=True)
class Decided:
    """The decisions between two versions: pairs of references that are one action, and pairs that are not."""

    same: frozenset[tuple[str, str]] = frozenset()
    different: frozenset[tuple[str, str]] = frozenset()


def load_decisions(paths: Iterable[Path]) -> tuple[Decision, ...]:
    """Every decision of these files, those that exist; of two about one pair the later counts. Raises InputError."""
    problems: list[Problem] = []
    found: dict[str, Decision] = {}
    for path in paths:
        if path.is_file():
            rows, _ = read_rows(path, Decision, COLUMNS, frozenset(), problems)
            found |= {row.path: row for row in rows}
    if problems:
        raise InputError(problems)
    return tuple(found.values())


def decided(decisions: Sequence[Decision], old_version: str, new_version: str) -> Decided:
    """What was decided between two versions."""
    between = [one for one in decisions if (one.old_version, one.new_version) == (old_version, new_version)]
    return Decided(
        *(frozenset((one.old, one.new) for one in between if one.decision == kind) for kind in (SAME, DIFFERENT))
    )


def remember(path: Path, decisions: Iterable[Decision]) -> int:
    """Write decisions into a file beside those it holds; how many it holds then. One about the same pair is replaced.

    Raises InputError where one action would be the same as two.
    """
    kept = {one.path: one for one in load_decisions([path])} | {one.path: one for one in decisions}
    refuse_doubles(kept.values(), path)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_rows(path, COLUMNS, [kept[key] for key in sorted(kept)])
    return len(kept)


def refuse_doubles(decisions: Iterable[Decision], path: Path) -> None:
    """Raise InputError where an action is said to be the same as two of the other version."""
    taken: dict[tuple[str, str, str], str] = {}
    for one in decisions:
        if one.decision != SAME:
            continue
        for key, other in (
            ((one.old_version, one.new_version, f"old {one.old}"), one.new),
            ((one.old_version, one.new_version, f"new {one.new}"), one.old),
        ):
            if taken.setdefault(key, other) != other:
                raise InputError(
                    f"{shown(path)}: the {key[2]} cannot be the same as both {taken[key]} and {other}; "
                    "call one of the pairs different first."
                )


def decide_pairs(home: Path, old: Plan, new: Plan, said: Iterable[tuple[str, str, str]]) -> Path:
    """Remember (same or different, old, new) about two versions in the folder of the snapshots; the file it is kept in.

    Raises InputError where a version has no action of that reference.
    """
    olds, news = ({row.identifier for row in plan.rows["actions"]} for plan in (old, new))
    decisions = []
    for kind, first, second in said:
        for reference, known, words in ((first, olds, "older"), (second, news, "newer")):
            if reference not in known:
                raise InputError(f'The {words} version has no action "{reference[:40]}"{nearest(reference, known)}.')
        told = {"old_version": old.meta.graph_path, "new_version": new.meta.graph_path, "old": first, "new": second}
        decisions.append(Decision.model_validate({**told, "decision": kind}))
    path = home / FILE
    remember(path, decisions)
    return path
