"""Counts a snapshot by one `.rq` file each, and gathers what the shapes found in it and in the tables as they stand.

The files of `counts/` are asked in the order of their names. Two header lines, `#+ what` and `#+ rule`, hold what is
counted and the rule in plain words; the query answers with one row: ?count, and ?detail where the parts matter. As it
stands it counts over every held plan; `VALUES ?plan { UNDEF }` is where one plan is bound.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.build import Tables, build, read_tables, relate
from kg.graph.shapes import Finding
from kg.graph.store import LocalStore, Store, current
from kg.questions import Answer
from kg.settings import Settings

_HERE: Final = Path(__file__).resolve().parent
COUNTS: Final = _HERE / "counts"
PLANS: Final = (_HERE / "plans.rq").read_text("utf-8")
FINDINGS: Final = (_HERE / "findings.rq").read_text("utf-8")

_ANY_PLAN: Final = "VALUES ?plan { UNDEF }"
_WORST_FIRST: Final = ("violation", "warning", "info")


@dataclass(frozen=True)
class Count:
    """One number: what is counted, by which rule, and the parts or numbers it is made of, where they matter."""

    number: int
    what: str
    rule: str
    detail: str = ""

    @property
    def words(self) -> str:
        """Everything but the number, as a person reads it behind the number."""
        return f"{self.what}{f' ({self.detail})' if self.detail else ''}: {self.rule}"


@dataclass(frozen=True)
class PlanCounts:
    """The counts of one held plan; `iri` and `label` are the plan's own."""

    iri: str
    label: str
    counts: tuple[Count, ...]


@dataclass(frozen=True)
class Report:
    """What a check found. `snapshot` is the id of what was counted, empty where nothing could be published.

    `findings` come violations first. `differences` says for each plan of the tables, by label, how many differences
    between the automatic reader and the table are listed with a reason.
    """

    snapshot: str
    plans: tuple[PlanCounts, ...]
    findings: tuple[Finding, ...]
    differences: dict[str, int]

    @property
    def violations(self) -> tuple[Finding, ...]:
        """The findings that break a rule; warnings do not."""
        return tuple(finding for finding in self.findings if finding.severity == "violation")


def check(settings: Settings) -> Report:
    """Count the published snapshot, and gather the findings in it and in the tables as they stand now.

    A build refuses to publish a violation, so one is found in tables that were changed since. Where nothing is
    published the tables are built first, if they can be. Raises InputError where the tables cannot be read.
    """
    tables = read_tables(settings)
    differences = {plan.meta.label: len(plan.rows.get("differences", ())) for plan in tables.plans}
    found = set(_found_in_tables(settings, tables))
    broken = any(finding.severity == "violation" for finding in found)
    snapshot = current(settings.home) or (None if broken else build(settings))
    if snapshot is None:
        return Report("", (), _worst_first(found), differences)
    store = LocalStore(snapshot)
    try:
        plans = tuple(count_plans(store))
        found.update(published_findings(store))
    finally:
        store.close()
    return Report(snapshot.id, plans, _worst_first(found), differences)


def count_plans(store: Store) -> Iterator[PlanCounts]:
    """The counts of every held plan, plans by label, counts in the order of their files."""
    for iri, label in Answer.parse(store.query(PLANS).body).rows:
        counts = tuple(_count(store, path, str(iri)) for path in sorted(COUNTS.glob("*.rq")))
        yield PlanCounts(str(iri), str(label), counts)


def _count(store: Store, path: Path, plan: str) -> Count:
    sparql = path.read_text("utf-8")
    said = tomllib.loads("\n".join(line[2:].strip() for line in sparql.splitlines() if line.startswith("#+")))
    answer = Answer.parse(store.query(sparql.replace(_ANY_PLAN, f"VALUES ?plan {{ <{plan}> }}")).body)
    (row,) = answer.records()
    return Count(int(str(row["count"])), said["what"], said["rule"], str(row.get("detail") or ""))


def published_findings(store: Store) -> Iterator[Finding]:
    """What the quality graph of a snapshot holds."""
    cells: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for severity, focus, label, message, shape, cell in Answer.parse(store.query(FINDINGS).body).rows:
        cells[str(severity), str(focus), str(label or focus), str(message), str(shape)] += [str(cell)] if cell else []
    for (severity, focus, label, message, shape), where in cells.items():
        yield Finding(severity, focus, label, message, shape, tuple(sorted(set(where))))


def _found_in_tables(settings: Settings, tables: Tables) -> Iterator[Finding]:
    return (finding for one in relate(settings, tables, {}) for finding in one.findings)


def _worst_first(findings: set[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: (_WORST_FIRST.index(finding.severity), finding)))
