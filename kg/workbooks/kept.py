"""What partners said in returned workbooks, kept beside the snapshots: only ever added to.

`{home}/updates/{borough}/{plan}/{version}/updates.csv` holds the statements on one version of a plan; each workbook
that they were read from lies beside it, named by its sha256.
"""

from __future__ import annotations

import csv
import shutil
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from kg.errors import InputError, Problem
from kg.tables import Plan, PlanMeta, Update, header, read_rows, write_rows
from kg.writing import written_whole

FOLDER: Final = "updates"
FILE: Final = "updates.csv"


def kept_in(home: Path, meta: PlanMeta) -> Path:
    """The folder of what was said of this version of a plan."""
    return home / FOLDER / meta.graph_path


def kept_updates(home: Path, meta: PlanMeta, codes: frozenset[str]) -> tuple[Update, ...]:
    """What was said of this version of a plan, in the order it came in. InputError where the file is spoilt."""
    path = kept_in(home, meta) / FILE
    if not path.is_file():
        return ()
    problems: list[Problem] = []
    rows, _ = read_rows(path, Update, header(Update), codes, problems)
    if problems:
        raise InputError(problems)
    return tuple(rows)


def with_kept_updates(plan: Plan, home: Path, codes: frozenset[str]) -> Plan:
    """A plan with what was said of it since, behind what its own tables say; what they hold already stands once."""
    own: tuple[Update, ...] = plan.rows.get("updates", ())
    further = new_among(kept_updates(home, plan.meta, codes), own)
    lost = sorted({row.element for row in further if row.element not in plan.elements})
    if lost:
        file = str(kept_in(home, plan.meta) / FILE)
        raise InputError(
            [Problem(f"something was said of {each}, which this plan no longer holds.", file) for each in lost]
        )
    if not further:
        return plan
    return replace(plan, rows={**plan.rows, "updates": (*own, *numbered(further, own))})


def with_carried_updates(plans: Sequence[Plan]) -> list[Plan]:
    """The plans, each version with what was said of the versions it revises, where the action is still the same one.

    The same is an action whose reference and title are both unchanged; of any other nothing is carried over.
    """
    by_version = {plan.meta.graph_path: plan for plan in plans}
    done: dict[str, Plan] = {}

    def carried(plan: Plan) -> Plan:
        path = plan.meta.graph_path
        if path not in done:
            # Set first, so that versions that revise each other in a ring come to an end.
            done[path] = plan
            older = by_version.get(plan.meta.revised_path)
            done[path] = _carry(carried(older), plan) if older is not None else plan
        return done[path]

    return [carried(plan) for plan in plans]


def unheard(home: Path, tables: Path) -> tuple[str, ...]:
    """A sentence for each version of a plan of which something is kept, and that is not among the `tables` built."""
    plans = tables.glob("plans/*/*/plan.toml")
    metas = (PlanMeta.model_validate(tomllib.loads(path.read_text("utf-8-sig"))) for path in plans)
    built = {meta.graph_path for meta in metas}
    sentences = []
    for path in sorted((home / FOLDER).glob(f"*/*/*/{FILE}")):
        version = path.parent.relative_to(home / FOLDER).as_posix()
        if version not in built:
            with path.open(encoding="utf-8", newline="") as file:
                count = sum(1 for _ in csv.DictReader(file))
            said = f"{count} statement{' is' if count == 1 else 's are'} kept on {version}"
            sentences.append(f"{said}, which is not built, so nothing shows them: build that version too, with --add.")
    return tuple(sentences)


def _carry(older: Plan, newer: Plan) -> Plan:
    titles = {row.path: row.label for row in older.rows["actions"]}
    same = {row.path for row in newer.rows["actions"] if titles.get(row.path) == row.label}
    own: tuple[Update, ...] = newer.rows.get("updates", ())
    # What the older document itself says is part of it; only what came back in workbooks goes on.
    said = [row for row in older.rows.get("updates", ()) if row.sha256 and row.element in same]
    further = new_among(said, own)
    if not further:
        return newer
    note = f"Said of version {older.meta.graph_version} of the plan."
    noted = [row if row.editorial_note else row.model_copy(update={"editorial_note": note}) for row in further]
    return replace(newer, rows={**newer.rows, "updates": (*own, *numbered(noted, own))})


def new_among(given: Iterable[Update], held: Iterable[Update]) -> tuple[Update, ...]:
    """Those that say something nobody has said in these words before, each once."""
    known = {_content(row) for row in held}
    fresh: dict[tuple[object, ...], Update] = {}
    for row in given:
        if _content(row) not in known:
            fresh.setdefault(_content(row), row)
    return tuple(fresh.values())


def numbered(given: Iterable[Update], held: Iterable[Update]) -> tuple[Update, ...]:
    """The rows with positions behind those that are taken."""
    last: Counter[str] = Counter()
    for row in held:
        last[row.element] = max(last[row.element], row.position)
    placed = []
    for row in given:
        last[row.element] += 1
        placed.append(row.model_copy(update={"position": last[row.element]}))
    return tuple(placed)


def _content(row: Update) -> tuple[object, ...]:
    return (row.element, row.period, row.was_attributed_to, row.date, row.state, row.rag, row.progress, row.label)


def keep(
    home: Path,
    plan: Plan,
    updates: Sequence[Update],
    workbooks: Iterable[tuple[str, Path]],
    codes: frozenset[str],
) -> None:
    """Add statements on a plan, and the workbooks they were read from as (sha256, path). Nothing is written over."""
    folder = kept_in(home, plan.meta)
    folder.mkdir(parents=True, exist_ok=True)
    before = kept_updates(home, plan.meta, codes)
    for sha256, path in workbooks:
        copy = folder / f"{sha256}.xlsx"
        if not copy.exists():
            written_whole(copy, partial(shutil.copyfile, path))
    # Its workbook first: a statement must never stand there without its source.
    written_whole(folder / FILE, lambda part: write_rows(part, header(Update), [*before, *updates]))
