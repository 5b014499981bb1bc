"""The update round as a workbook: one partner's actions with empty cells to fill, and what comes back in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from kg.errors import InputError, Problem
from kg.register import Register
from kg.tables import Action, Plan, Update, nearest, period_label, year_of
from kg.workbooks.guidance import MARK_SHEET, mark, marked, start_here
from kg.workbooks.look import Sheet, add_list, lay_out
from kg.workbooks.opened import open_workbook, sheet_names
from kg.workbooks.people import person_in
from kg.workbooks.text import is_formula, put, words_in

KIND: Final = "update-round"
SHEET: Final = "Updates"
NO_CHANGE: Final = "No change"
UNSTATED: Final = "not stated"
COLUMNS: Final = (
    "Ref", "Action", "With whom", "By when", "Said last", "State", "RAG", "Progress", "Said by", "Date",
)  # fmt: skip
FIXED: Final = COLUMNS[:5]
ANSWERS: Final = {"State": "status", "RAG": "rag", "Progress": "progress"}
"""The columns that answer, with the column of a plan that each stands for."""
NOTES: Final = {
    "State": "Where the action stands. Choose one; No change says that nothing moved since last time.",
    "RAG": "Red: off track. Amber: at risk. Green: on track.",
    "Progress": "What was done, in your words. No names of people, no e-mail addresses, no telephone numbers.",
    "Said by": "The body that says so. A post or a person's name does not go here.",
    "Date": "The day this was so, such as 2016-07-31 or 31/07/2016.",
}
WIDTHS: Final = {
    "Ref": 8, "Action": 34, "With whom": 26, "By when": 16, "Said last": 34, "State": 16, "RAG": 12, "Progress": 44,
    "Said by": 24, "Date": 13,
}  # fmt: skip
LONGEST_LABEL: Final = 120


@dataclass(frozen=True)
class Labels:
    """The codes a person may choose, by the label people know: states and RAG ratings."""

    states: Mapping[str, str]
    rags: Mapping[str, str]

    def named(self, code: str) -> str:
        """The label of a code."""
        return {code: label for label, code in [*self.states.items(), *self.rags.items()]}.get(code, code)


@dataclass(frozen=True)
class Round:
    """What one partner is asked about one plan and period; with its units, also what those lead."""

    plan: Plan
    register: Register
    partner: str
    period: str
    labels: Labels
    units: bool = False

    @property
    def name(self) -> str:
        """The partner by its usual name."""
        return str(self.register.entries[self.partner].label)

    @cached_property
    def bodies(self) -> tuple[str, ...]:
        """The partner and the units below it, by id: who may speak for it."""
        found = [self.partner]
        for one in found:
            found += [
                body.id
                for body in self.register.of_kind("body")
                for above in (body.unit_of, body.sub_organization_of)
                if above and body.id not in found and self.body(above) == one
            ]
        return tuple(dict.fromkeys(found))

    def body(self, name: str) -> str | None:
        """The id of the body that a name stands for."""
        return self.register.resolve(name, self.plan.meta.borough, ("body",))

    @cached_property
    def leads(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of the bodies that lead each action, by its path, in printed order."""
        led: dict[str, tuple[str, ...]] = {}
        for lead in self.plan.rows["leads"]:
            led[lead.element] = (*led.get(lead.element, ()), self.body(lead.partner) or lead.partner)
        return led

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """The actions the partner is asked about, in the order of the plan."""
        asked = self.bodies if self.units else (self.partner,)
        rows = sorted(self.plan.rows["actions"], key=lambda row: row.position)
        return tuple(row for row in rows if set(asked) & set(self.leads.get(row.path, ())))

    def label_of(self, id_: str) -> str:
        """The usual name of a body."""
        return str(self.register.entries[id_].label) if id_ in self.register.entries else id_


# --- going out -------------------------------------------------------------------------------------------------------


def round_workbook(asked: Round) -> Any:
    """The openpyxl workbook that a partner fills in. InputError where it leads no action."""
    from openpyxl import Workbook

    if not asked.actions:
        raise InputError(f"{asked.name} leads no action in {asked.plan.meta.label}, so there is nothing to ask.")
    book = Workbook()
    book.remove(book.active)
    start_here(book, f"Update: {asked.name}, {period_label(asked.period)}", _guidance(asked))
    sheet = book.create_sheet(SHEET)
    for number, cells in enumerate([COLUMNS, *(_asked_of(asked, action) for action in asked.actions)], 1):
        for column, words in enumerate(cells, 1):
            put(sheet.cell(number, column), words)
    choices = {
        "State": add_list(book, "State", (NO_CHANGE, *asked.labels.states)),
        "RAG": add_list(book, "RAG", tuple(asked.labels.rags)),
        "Said by": add_list(book, "Said by", [asked.label_of(body) for body in asked.bodies]),
    }
    lay_out(sheet, Sheet(COLUMNS, choices=choices, notes=NOTES, widths=WIDTHS, fixed=FIXED, spare=0))
    mark(book, KIND, {
        "plan": asked.plan.meta.id, "version": asked.plan.meta.graph_version, "partner": asked.partner,
        "period": asked.period, "units": "yes" if asked.units else "no",
    })  # fmt: skip
    return book


def _guidance(asked: Round) -> tuple[str, ...]:
    count = len(asked.actions)
    return (
        f"{asked.plan.meta.label}: {count} action{'' if count == 1 else 's'} that {asked.name} leads"
        f"{', with its units' if asked.units else ''}, alone or with others.",
        f"On the sheet {SHEET} say where each action stands in {period_label(asked.period)}: state, RAG, progress. "
        "Fill in what you know; a row left empty counts as not answered, not as no change.",
        "Give each answer its day. Said by is the body that answers; choose a unit of it where that is truer.",
        "Leave the grey cells as they are: the reference says which action is meant. To say two things of one action, "
        "copy its row.",
        "Write no names of people, no e-mail addresses and no telephone numbers: such rows are sent back.",
        "Save it as .xlsx and send it back. Nothing that was said before is written over: each answer stands beside "
        "the earlier ones, with who said so and when.",
    )


def _asked_of(asked: Round, action: Action) -> tuple[str, ...]:
    own = asked.bodies if asked.units else (asked.partner,)
    others = [asked.label_of(body) for body in asked.leads[action.path] if body not in own]
    due = [
        " ".join(filter(None, [row.label, f"({row.due})" if row.due and row.due not in row.label else ""]))
        for row in asked.plan.rows.get("deadlines", ())
        if row.element == action.path
    ]
    return (
        action.identifier, action.label, "; ".join(others) or "nobody else", "; ".join(due) or UNSTATED,
        _said_last(asked, action), "", "", "", asked.name, "",
    )  # fmt: skip


def _said_last(asked: Round, action: Action) -> str:
    """The newest statements, then what the plan itself says of the year."""
    said = [row for row in asked.plan.rows.get("updates", ()) if row.element == action.path]
    lines = []
    for row in sorted(said, key=lambda row: (row.date, row.position), reverse=True)[:3]:
        who = asked.label_of(asked.body(row.was_attributed_to) or "") if row.was_attributed_to else "the plan"
        when = ", ".join(filter(None, [row.date, period_label(row.period) if row.period else ""]))
        lines.append(f"{row.label} ({', '.join(filter(None, [who, when]))})")
    statuses = [row for row in asked.plan.rows["statuses"] if row.element == action.path]
    year = year_of(asked.period)
    lines += [f"Planned {period_label(row.period)}: {row.label}" for row in statuses if year_of(row.period) == year]
    return "\n".join(lines) or UNSTATED


# --- coming back -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Returned:
    """A workbook that came back: what it answers to, what it says, and what is wrong with it."""

    path: Path
    sha256: str
    asked: Round
    updates: tuple[Update, ...] = ()
    notes: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()


@dataclass
class _Reading:
    asked: Round
    file: str
    sha256: str
    today: date
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, sentence: str, row: int | None = None, column: str = "") -> None:
        self.problems.append(Problem(sentence, f"{self.file}, {SHEET}", row, column))


@dataclass(frozen=True)
class Marks:
    """What a returned workbook says it answers."""

    plan: str
    version: str
    partner: str
    period: str
    units: bool


def marks_of(book: Any, name: str) -> Marks:
    """What a workbook was made for. InputError where it is none of the round's."""
    found = marked(book)
    if found.get("kind") != KIND or SHEET not in book.sheetnames:
        raise InputError(
            f"{name} is no workbook of an update round: `plangraph update --partner ... --period ...` makes one. "
            "If it is one, its hidden sheet was lost: make it again and copy the answers over."
        )
    return Marks(found.get("plan", ""), found.get("version", ""), found.get("partner", ""), found.get("period", ""),
                 found.get("units") == "yes")  # fmt: skip


def is_round(path: Path) -> bool:
    """Whether a file is a workbook of an update round, by its sheets and its mark."""
    return {MARK_SHEET, SHEET} <= sheet_names(path) and marked(open_workbook(path)).get("kind") == KIND


def opened(path: Path) -> tuple[Any, str]:
    """A returned workbook and the sha256 of its file."""
    book = open_workbook(path)
    return book, hashlib.sha256(path.read_bytes()).hexdigest()


def read_round(
    book: Any, sha256: str, path: Path, asked: Round, version: str, today: date
) -> tuple[Returned, tuple[Problem, ...]]:
    """What came back, and every problem with its row and column; where there is one, nothing of it may be used.

    `version` is that of the plan it was made from; a date may not lie after `today`.
    """
    reading = _Reading(asked, path.name, sha256, today)
    sheet = book[SHEET]
    header = [words_in(cell).strip() for cell in sheet[1]]
    lost = [name for name in COLUMNS if header.count(name) != 1]
    if lost:
        for name in lost:
            reading.wrong(f"this column is {'missing' if name not in header else 'there twice'}.", 1, name)
        return Returned(path, sha256, asked), tuple(reading.problems)
    notes = []
    if version != asked.plan.meta.graph_version:
        notes.append(
            f"{path.name} was made from version {version} of the plan, and version {asked.plan.meta.graph_version} is "
            "published: only actions whose reference and title are still the same are taken."
        )
    updates: list[Update] = []
    answered = set()
    for number, row in enumerate(sheet.iter_rows(min_row=2), 2):
        cells = dict(zip(header, row, strict=False))
        for update in _answer(reading, cells, number):
            updates.append(update)
            answered.add(update.element)
    open_ = tuple(action.identifier for action in asked.actions if action.path not in answered)
    return Returned(path, sha256, asked, tuple(updates), tuple(notes), open_), tuple(reading.problems)


def _answer(reading: _Reading, cells: Mapping[str, Any], number: int) -> Iterator[Update]:
    """The statement of one row; none where it says nothing or something is wrong with it."""
    before = len(reading.problems)
    words = {name: words_in(cell).strip() for name, cell in cells.items() if name in COLUMNS}
    said = {name: words[name] for name in ANSWERS if words[name]}
    for name, cell in cells.items():
        if name in COLUMNS and is_formula(cell):
            reading.wrong("this is a formula: write what it shows.", number, name)
    if not said and not words["Date"]:
        return
    action = _action(reading, words, number)
    if not said:
        reading.wrong("a day stands here, and nothing is said of it: fill in state, RAG or progress.", number, "Date")
    state = _code(reading, words["State"], {NO_CHANGE: "", **reading.asked.labels.states}, number, "State")
    rag = _code(reading, words["RAG"], reading.asked.labels.rags, number, "RAG")
    when = _day(reading, words["Date"], number)
    who = _speaker(reading, words["Said by"], number)
    if person := person_in(words["Progress"]):
        reading.wrong(f"{person} stands here, and people are not named: take it out.", number, "Progress")
    if len(reading.problems) > before or action is None:
        return
    yield Update(
        element=action.path,
        position=1,
        period=reading.asked.period,
        was_attributed_to=who,
        date=when,
        label=_label(said),
        state=(state,) if state else (),
        rag=rag,
        # That nothing moved is something said, in no code of ours.
        progress=words["Progress"] or (NO_CHANGE if words["State"].casefold() == NO_CHANGE.casefold() else ""),
        file=reading.file,
        sha256=reading.sha256,
        source=tuple(f"updates-R{number}-{ANSWERS[name]}" for name in said),
        certainty="cert-stated",
    )


def _label(said: Mapping[str, str]) -> str:
    rag = f"RAG {said['RAG'].lower()}" if "RAG" in said else ""
    words = ". ".join(filter(None, [said.get("State", ""), rag, " ".join(said.get("Progress", "").split())]))
    return words if len(words) <= LONGEST_LABEL else f"{words[:LONGEST_LABEL].rsplit(' ', 1)[0]} …"


def _action(reading: _Reading, words: Mapping[str, str], number: int) -> Action | None:
    """The action a row answers for, if it is the partner's to answer for."""
    asked = reading.asked
    actions: dict[str, Action] = {row.identifier: row for row in asked.plan.rows["actions"]}
    action = actions.get(words["Ref"])
    if action is None:
        near = nearest(words["Ref"], actions) if words["Ref"] else ""
        reading.wrong(f'"{words["Ref"]}" is no action of this plan{near}: the reference was changed.', number, "Ref")
    elif action.label != words["Action"]:
        sentence = f'{action.identifier} is "{action.label}" in the plan: reference or title was changed.'
        reading.wrong(sentence, number, "Action")
    elif action not in asked.actions:
        leads = " and ".join(asked.label_of(body) for body in asked.leads.get(action.path, ())) or "nobody named"
        sentence = f"{action.identifier} is led by {leads}, not by {asked.name}: only they can say how it stands."
        reading.wrong(sentence, number, "Ref")
    else:
        return action
    return None


def _code(reading: _Reading, words: str, known: Mapping[str, str], number: int, column: str) -> str:
    by_form = {label.casefold(): code for label, code in known.items()}
    # R, Comp. or Completed: the beginning of one label, or one label and its ending, is that label.
    said = words.casefold().rstrip(".")
    near = {code for form, code in by_form.items() if said and (form.startswith(said) or said == f"{form}d")}
    if len(near) == 1:
        return near.pop()
    if words and words.casefold() not in by_form:
        reading.wrong(f'"{words[:60]}" is none of: {", ".join(known)}.', number, column)
    return by_form.get(words.casefold(), "")


def _speaker(reading: _Reading, words: str, number: int) -> str:
    asked = reading.asked
    if not words:
        return asked.partner
    body = asked.body(words)
    if person := person_in(words):
        reading.wrong(f"{person} stands here, and people are not named: give the body.", number, "Said by")
    elif body is None:
        reading.wrong("this is no body of the register: give the body that says so, never a person.", number, "Said by")
    elif body not in asked.bodies:
        reading.wrong(f"{asked.label_of(body)} cannot answer in the workbook of {asked.name}.", number, "Said by")
    return body or ""


def _day(reading: _Reading, words: str, number: int) -> str:
    day = _written_day(words)
    if day is None:
        wanted = "write a day such as 2016-07-31 or 31/07/2016"
        sentence = f'"{words[:40]}" is no day: {wanted}.' if words else f"say when this was so: {wanted}."
        reading.wrong(sentence, number, "Date")
        return ""
    begins = first_day(reading.asked.plan.meta.first_period)
    if day > reading.today:
        reading.wrong(f"{day.isoformat()} has not come yet.", number, "Date")
    elif begins and day < begins:
        reading.wrong(f"{day.isoformat()} is before the plan begins, on {begins.isoformat()}.", number, "Date")
    return day.isoformat()


def _written_day(words: str) -> date | None:
    # As people write a day, the day first where both orders are possible.
    for form in ("%d %B %Y", "%d %b %Y", "%d/%m/%y", "%d.%m.%y", "%d-%m-%Y"):
        with suppress(ValueError):
            return datetime.strptime(words, form).date()  # noqa: DTZ007  a day has no time zone
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?: [\d:]{8})?", words)
    parts = [int(part) for part in found.groups()] if found else []
    if not parts and (found := re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", words)):
        parts = [int(part) for part in reversed(found.groups())]
    try:
        return date(*parts) if parts else None
    except ValueError:
        return None


def first_day(period: str) -> date | None:
    """The day a year begins: 1 April of a financial year. None where there is no period."""
    if not period:
        return None
    year = year_of(period)
    return date(int(year[:4]), 4 if "-" in year else 1, 1)


def read_period(words: str) -> str:
    """A period as people write it, in the form of the tables: 2016/17 Q1 is 2016-2017-q1. InputError for no period."""
    found = re.fullmatch(r"(\d{4})(?:\s*[/-]\s*(\d{2}|\d{4}))?(?:[\s-]*q([1-4]))?", words.strip().casefold(), re.ASCII)
    if found:
        first, second, quarter = found.groups()
        if second is None or int(second[-2:]) == (int(first) + 1) % 100:
            year = f"{first}-{int(first) + 1}" if second else first
            return f"{year}-q{quarter}" if quarter else year
    raise InputError(f'"{words[:40]}" is no period: write 2016-2017, 2016, 2016-2017-q1 or 2016-q1.')
