"""Workbooks for people: the template of a plan, and the round that asks a partner and keeps what comes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from kg.build import Tables, current_versions, ontology_triples, read_tables
from kg.errors import InputError, NotFound, Problem
from kg.graph.store import Snapshot, building
from kg.names import CODE, SCHEMA, SKOS
from kg.register import Register
from kg.settings import Settings
from kg.tables import Plan, Update, known_codes, load_plan, nearest
from kg.workbooks.kept import keep, new_among, numbered, with_kept_updates
from kg.workbooks.rounds import (
    Labels,
    Marks,
    Returned,
    Round,
    marks_of,
    opened,
    read_period,
    read_round,
    round_workbook,
)
from kg.workbooks.tables import Folder
from kg.workbooks.template import all_tables, new_plan

NOT_OFFERED: Final = frozenset({"status-see", "status-described", "status-elsewhere", "status-not-stated"})
"""States that only the words of a plan can have: a pointer, a description, an empty cell."""


@dataclass(frozen=True)
class Taken:
    """What one returned workbook added: how many statements are new, how many were held, who has not answered what."""

    returned: Returned
    added: tuple[Update, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What to tell whoever handed it in."""
        given = self.returned
        name, said = given.path.name, len(given.updates)
        held = said - len(self.added)
        lines = [f"{name}: {_counted(len(self.added), 'statement')} of {given.asked.name} added."]
        if not said:
            lines = [f"{name}: nothing is filled in, so nothing is added."]
        elif held:
            lines.append(f"{_counted(held, 'statement')} {'was' if held == 1 else 'were'} held already.")
        if given.unanswered:
            lines.append(f"Not answered: {', '.join(given.unanswered)}.")
        return (" ".join(lines), *given.notes)


def ask_partner(
    settings: Settings, snapshot: Snapshot, *, partner: str, period: str, plan: str = "", units: bool = False
) -> tuple[Any, Round]:
    """The workbook of a partner's round, and what it asks. InputError where a name names nobody or leads nothing."""
    tables = _held(settings, snapshot)
    held = current_versions(tables.plans)
    chosen = _plan(held, tables, plan, partner)
    body = _body(tables, chosen, partner)
    asked = Round(chosen, tables.register, body, read_period(period), _labels(settings.ontology), units)
    return round_workbook(asked), asked


def take_updates(settings: Settings, snapshot: Snapshot, files: Sequence[Path], today: date) -> list[Taken]:
    """Read returned workbooks and keep what they say. InputError with every problem of all; nothing is added then."""
    tables = _held(settings, snapshot)
    labels = _labels(settings.ontology)
    problems: list[Problem] = []
    returned: list[Returned] = []
    for path in files:
        try:
            book, sha256 = opened(path)
            marks = marks_of(book, path.name)
            asked = _asked(tables, marks, labels, path.name)
            read, wrong = read_round(book, sha256, path, asked, marks.version, today)
        except InputError as error:
            problems.extend(error.problems)
        else:
            problems.extend(wrong)
            returned.append(read)
    if problems:
        raise InputError(problems)
    with building(settings.home):
        return _kept(settings, tables, returned)


def empty_template(settings: Settings, first: str) -> Any:
    """A workbook to write a new plan in, its years from `first` on."""
    codes = known_codes(settings.ontology)
    labels = _labels(settings.ontology)
    register = Register.load(settings.data / "register", codes)
    return new_plan(register, read_period(first), labels.states, labels.rags)


def template_of(settings: Settings, words: str, snapshot: Callable[[], Snapshot]) -> Any:
    """A workbook with every table of a plan: of the folder `words`, else of the published plan of that name."""
    codes = known_codes(settings.ontology)
    folder = Path(words)
    if folder.is_dir():
        plan = load_plan(folder, codes)
        register = Register.load(settings.data / "register", codes)
        own = folder / "register"
        return all_tables(Folder.of(plan, codes), register.extended(own, codes) if own.is_dir() else register, codes)
    tables = _held(settings, snapshot())
    plan = _plan(current_versions(tables.plans), tables, words, "")
    return all_tables(Folder.of(plan, codes), tables.register, codes)


def _kept(settings: Settings, tables: Tables, returned: Sequence[Returned]) -> list[Taken]:
    # Another hand may have added something since the tables were read, so they are read again.
    by_plan: dict[str, list[Returned]] = defaultdict(list)
    for one in returned:
        by_plan[one.asked.plan.meta.id].append(one)
    taken = {}
    for one_plan in by_plan.values():
        plan: Plan = one_plan[0].asked.plan
        held: tuple[Update, ...] = _with_kept(settings, plan, tables)
        fresh: list[Update] = []
        for one in one_plan:
            added = numbered(new_among(one.updates, (*held, *fresh)), (*held, *fresh))
            taken[one.sha256, one.path] = Taken(one, added)
            fresh.extend(added)
        if fresh:
            files = [(one.sha256, one.path) for one in one_plan if taken[one.sha256, one.path].added]
            keep(settings.home, plan, fresh, files, tables.codes)
    return [taken[one.sha256, one.path] for one in returned]


def _with_kept(settings: Settings, plan: Plan, tables: Tables) -> tuple[Update, ...]:
    rows: tuple[Update, ...] = with_kept_updates(plan, settings.home, tables.codes).rows.get("updates", ())
    return rows


def _held(settings: Settings, snapshot: Snapshot) -> Tables:
    """The tables the published snapshot was built from, with what was said since it was built."""
    try:
        return read_tables(replace(settings, data=snapshot.tables_path))
    except InputError as error:
        # Its tables could be read when it was built.
        old = next((each for each in error.problems if each.row == 1), None)
        if old is None:
            raise
        raise InputError(
            "The published snapshot was built by an earlier version of Plangraph, and its tables lack a column that is "
            f"read now ({Path(old.file).name}: {old.column}). Build again: plangraph build, with the same --add as "
            "before."
        ) from None


def _asked(tables: Tables, marks: Marks, labels: Labels, name: str) -> Round:
    plan = current_versions(tables.plans).get(marks.plan)
    if plan is None:
        raise InputError(f"{name} is about {marks.plan or 'no plan'}, which is not published here.")
    if marks.partner not in tables.register.entries:
        raise InputError(f"{name} was made for {marks.partner or 'nobody'}, which is no body of the register.")
    return Round(plan, tables.register, marks.partner, read_period(marks.period), labels, marks.units)


def _plan(held: dict[str, Plan], tables: Tables, words: str, partner: str) -> Plan:
    if words:
        known = {name: plan for plan in held.values() for name in (plan.meta.label, plan.meta.plan, plan.meta.id)}
        by_form = {name.casefold(): plan for name, plan in known.items()}
        if words.casefold() not in by_form:
            raise NotFound(f'"{words[:80]}" is no plan that is published{nearest(words, known)}.')
        return by_form[words.casefold()]
    leading = [plan for plan in held.values() if _leads(plan, tables, partner)]
    found = leading or list(held.values())
    if len(found) > 1:
        names = "; ".join(plan.meta.label for plan in found)
        raise InputError(f"Say which plan with --plan: {names}.")
    return found[0]


def _leads(plan: Plan, tables: Tables, partner: str) -> bool:
    def body(name: str) -> str | None:
        return tables.register.resolve(name, plan.meta.borough, ("body",))

    wanted = body(partner)
    return wanted is not None and any(body(row.partner) == wanted for row in plan.rows["leads"])


def _body(tables: Tables, plan: Plan, partner: str) -> str:
    found = tables.register.resolve(partner, plan.meta.borough, ("body",))
    if found is None:
        near = tables.register.nearest(partner, ("body",))
        raise NotFound(f'"{partner[:80]}" is no body in the register{near}.')
    return found


def _labels(ontology: Path) -> Labels:
    """What may be chosen, in the order of the code lists."""
    names, schemes, places = {}, {}, {}
    for subject, said, value in ontology_triples(ontology):
        if said == SKOS.prefLabel:
            names[subject] = str(value)
        elif said == SKOS.inScheme:
            schemes[subject] = value
        elif said == SCHEMA.position:
            places[subject] = int(str(value))

    def listed(scheme: str) -> dict[str, str]:
        found = sorted((one for one in schemes if schemes[one] == CODE[scheme]), key=lambda one: places.get(one, 0))
        codes = {names[one]: str(one).removeprefix(str(CODE)) for one in found}
        return {label: code for label, code in codes.items() if code not in NOT_OFFERED}

    return Labels(listed("state"), listed("rag-rating"))


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
