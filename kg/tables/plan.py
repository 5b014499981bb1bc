"""One plan and its folder: plan.toml and the tables, read and checked as a whole, and written."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from kg.errors import InputError, Problem
from kg.tables.files import faults, nearest, read_rows, read_text, shown, unknown_codes, write_rows
from kg.tables.rows import TABLES, Action, Fact, Row, Status, header
from kg.tables.values import (
    CodeOf,
    NameOf,
    Period,
    Required,
    Sha256,
    Slug,
    Text,
    Version,
    element_kind,
    years_between,
)

NEEDED: Final = frozenset({"priorities", "delivery-priorities", "actions", "leads", "statuses"})
"""The tables without which there is no plan; the others may be left out."""
REPORT_FILE: Final = "report.csv"
"""What the reader leaves beside the tables it wrote; not one of them."""
DECISIONS_FILE: Final = "decisions.csv"
"""What a person decided on the doubts of the reader; no table either."""
UNFINISHED: Final = ".importing"
"""The folder within, from which the files of an import are moved into their places; it is there only meanwhile."""
OWNING: Final = (
    "priorities", "delivery-priorities", "actions", "improvements", "steps", "statuses", "indicators",
    "measures",
)  # fmt: skip
"""The tables whose rows other rows may belong to."""


class PlanSource(BaseModel):
    """The document a plan was read from."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    file: Text
    sha256: Sha256


class PlanRevision(BaseModel):
    """What a plan revises: a version of the same plan, or `{borough}/{plan}/{version}` of another."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    of: Text


class PlanMeta(BaseModel):
    """plan.toml: what the plan is and where it was read from."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    borough: Slug
    plan: Slug
    label: Text
    description: str = ""
    type: Annotated[str, Required, CodeOf("doctype")] = "doctype-action-plan"
    publisher: Annotated[str, NameOf(("body",))] = ""
    first_period: Period = ""
    last_period: Period = ""
    editorial_note: str = ""
    version: Version = ""
    source: PlanSource
    revision: PlanRevision | None = None

    @property
    def id(self) -> str:
        """The register-style id of the plan, such as hackney/plan/community-safety-plan-2015-18."""
        return f"{self.borough}/plan/{self.plan}"

    @property
    def graph_version(self) -> str:
        """The version in the names of the plan's graphs: as given, else 8 digits of the sha256."""
        return self.version or self.source.sha256[:8]

    @property
    def graph_path(self) -> str:
        """What names this version of the plan below the base's graph/."""
        return f"{self.borough}/{self.plan}/{self.graph_version}"

    @property
    def revised_path(self) -> str:
        """The graph path of the version this one revises; "" where it revises none."""
        if self.revision is None or "/" in self.revision.of:
            return self.revision.of if self.revision else ""
        return f"{self.borough}/{self.plan}/{self.revision.of}"

    @property
    def periods(self) -> list[str]:
        """The financial years the plan is for."""
        return years_between(self.first_period, self.last_period) if self.first_period else []


@dataclass(frozen=True)
class Plan:
    """One plan: its meta data, its rows by table, and the row number of each by (table, path)."""

    meta: PlanMeta
    rows: Mapping[str, tuple[Any, ...]]
    folder: Path | None = None
    numbers: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @cached_property
    def elements(self) -> Mapping[str, Any]:
        """The row of every path that rows may belong to; None for the plan itself."""
        return {"plan": None} | {row.path: row for table in OWNING for row in self.rows.get(table, ())}

    def problem(self, message: str, table: str, row: Row | None = None, column: str = "") -> Problem:
        """A problem of one row (of plan.toml, where `table` is that), with its place."""
        name = table if table == "plan.toml" else f"{table}.csv"
        file = shown(self.folder / name) if self.folder else f"{self.meta.id}/{name}"
        return Problem(message, file, self.numbers.get((table, row.path)) if row is not None else None, column)


def load_plan(folder: Path, codes: frozenset[str]) -> Plan:
    """The plan in a folder of tables. Raises InputError with every problem of the folder."""
    problems: list[Problem] = []
    plan = read_plan(folder, codes, problems)
    if problems or plan is None:
        raise InputError(problems)
    return plan


def read_plan(folder: Path, codes: frozenset[str], problems: list[Problem]) -> Plan | None:
    """The plan in a folder, without the rows that have a problem; what is wrong is added to `problems`.

    None where plan.toml cannot be used.
    """
    if not (folder / "plan.toml").exists():
        problems.append(Problem("this folder holds no plan.toml, so it is no plan.", shown(folder)))
        return None
    if (folder / UNFINISHED).exists():
        problems.append(Problem("an import into this folder was interrupted: read the document again.", shown(folder)))
        return None
    meta = _meta(folder / "plan.toml", codes, problems)
    rows: dict[str, tuple[Any, ...]] = {}
    numbers: dict[tuple[str, str], int] = {}
    whole = True
    for table, row_type in TABLES.items():
        path = folder / f"{table}.csv"
        found = len(problems)
        if table in NEEDED or path.exists():
            read, at = read_rows(path, row_type, header(row_type), codes, problems)
            rows[table] = tuple(read)
            problems.extend(repeated(table, rows[table], at, shown(path)))
            numbers |= {(table, row.path): number for row, number in zip(read, at, strict=True)}
        else:
            rows[table] = ()
        # Rows that were refused would be missed by those that belong to them: one mistake, one message.
        whole = whole and (table not in OWNING or len(problems) == found)
    problems.extend(
        Problem(f"no table has this name{nearest(path.stem, TABLES)}.", shown(path))
        for path in sorted(folder.glob("*.csv"))
        if path.stem not in TABLES and path.name not in (REPORT_FILE, DECISIONS_FILE)
    )
    if meta is None:
        return None
    plan = Plan(meta, rows, folder, numbers)
    problems.extend(loose_ends(plan) if whole else ())
    return plan


def _meta(path: Path, codes: frozenset[str], problems: list[Problem]) -> PlanMeta | None:
    try:
        meta = PlanMeta.model_validate(tomllib.loads(read_text(path)))
    except InputError as error:
        problems.extend(error.problems)
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem(f"this is not TOML: {error}.", shown(path)))
    except ValidationError as error:
        problems.extend(faults(error, shown(path)))
    else:
        problems.extend(unknown_codes(meta, codes, shown(path)))
        if meta.last_period < meta.first_period and meta.last_period:
            problems.append(Problem("the plan ends before it begins.", shown(path), column="last_period"))
        return meta
    return None


def repeated(table: str, rows: tuple[Any, ...], numbers: list[int], file: str) -> Iterator[Problem]:
    """Rows that are the same thing as one before, and positions that are taken."""
    first: dict[str, int] = {}
    places: dict[tuple[str, int], int] = {}
    for row, number in zip(rows, numbers, strict=True):
        if row.path in first:
            yield Problem(_twice(row, first[row.path]), file, number, _key(row))
        elif hasattr(row, "position"):
            # An action's position counts through the whole plan, all others within what the row belongs to.
            place = ("" if table == "actions" else row.owner, row.position)
            if place in places:
                sentence = f"position {row.position} is taken already, by row {places[place]}."
                yield Problem(sentence, file, number, "position")
            places.setdefault(place, number)
        first.setdefault(row.path, number)


def _key(row: Row) -> str:
    return next(name for name in ("identifier", "period", "position", "key") if name in type(row).model_fields)


def _twice(row: Row, first: int) -> str:
    if isinstance(row, Action):
        return f"action {row.identifier} stands twice, first in row {first}. {_DAMAGE}"
    if isinstance(row, Status):
        return f"{row.element} has two statuses for {row.period}, the first in row {first}."
    return f"{row.path} stands twice, first in row {first}."


_DAMAGE: Final = "A spreadsheet turns a reference such as 2.10 into 2.1 unless its column is kept as text."


def loose_ends(plan: Plan) -> Iterator[Problem]:
    """Rows that belong to something that does not exist, or to something that cannot have them."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for path in plan.elements:
        by_kind[element_kind(path)].append(path)
    for table, rows in plan.rows.items():
        for row in rows:
            if not isinstance(row, Fact):
                continue
            column = "element" if hasattr(row, "element") else "is_part_of"
            if row.owner not in plan.elements:
                near = nearest(row.owner, [path for kind in row.owners for path in by_kind[kind]])
                sentence = f'"{row.owner}" does not exist in this plan{near}.'
                if row.owner.rstrip("0") in plan.elements and "." in row.owner:
                    sentence += f" {_DAMAGE}"
                yield plan.problem(sentence, table, row, column)
            elif element_kind(row.owner) not in row.owners:
                owners = " or ".join(row.owners)
                yield plan.problem(f'"{row.owner}" is no {owners}, and this belongs to one.', table, row, column)


def write_plan(plan: Plan, folder: Path) -> None:
    """Write a plan's tables and plan.toml, so that reading them again gives the same plan."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.toml").write_text(meta_as_toml(plan.meta), encoding="utf-8", newline="\n")
    for table, row_type in TABLES.items():
        write_rows(folder / f"{table}.csv", header(row_type), plan.rows.get(table, ()))


def meta_as_toml(meta: PlanMeta, order: Sequence[str] = ()) -> str:
    """plan.toml, what `order` names first and in that order."""

    def entries(values: Mapping[str, Any]) -> list[str]:
        return [f"{name} = {_quoted(value)}" for name, value in values.items() if value]

    said = meta.model_dump(exclude={"source", "revision"})
    lines = entries({name: said[name] for name in dict.fromkeys([*order, *said]) if name in said})
    lines += ["", "[source]", *entries(meta.source.model_dump())]
    if meta.revision is not None:
        lines += ["", "[revision]", *entries(meta.revision.model_dump())]
    return "\n".join([*lines, ""])


def _quoted(words: str) -> str:
    """A TOML basic string: quotes, backslashes and control characters escaped."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'
