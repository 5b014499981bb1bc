"""The repair sheet: what an import understood and doubts as a workbook that a person fills in and hands back."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

from kg.errors import InputError, Problem
from kg.importing.corrections import Correction, cells_of, corrections_between
from kg.importing.memory import Decision, Memory, Unfit
from kg.importing.report import Report
from kg.importing.wording import code_in_words, code_named, column_in_words, column_named, in_words
from kg.reading.report import KINDS
from kg.reading.wording import shortened
from kg.register import Body, Register, Spelling, folded
from kg.tables import TABLES, Plan, PlanMeta, Row, named, nearest
from kg.tables.values import period_column
from kg.workbooks import Folder, add_tables, open_workbook, read_tables, sheet_names
from kg.workbooks.look import BRAND, Sheet, add_list, lay_out
from kg.workbooks.saving import saved
from kg.workbooks.text import is_formula, put, put_rows, words_in

REPAIR_FILE: Final = "repair.xlsx"
SUMMARY, DOUBTS, COLUMNS, PARTNERS, KEPT = "Summary", "Doubts", "Columns", "Partners", "Kept aside"
SAME, NEW, NO_BODY = "same as", "new body", "not a body"
ACCEPT, CORRECT, IGNORE = "accept", "correct", "ignore"
PARTNER: Final = "partner: "
"""What begins the name of a decision that a printed name is no body."""
META: Final = "plan.toml"
CHANGEABLE: Final = ("label", "description", "type", "publisher", "first_period", "last_period", "editorial_note")
"""What of plan.toml a person may correct; the rest says which plan and document it is."""
BELONGS: Final = {
    "activity": "steps", "expected-outcome": "outcomes", "measure": "measures", "timescale": "deadlines",
    "progress": "updates",
}  # fmt: skip
"""Where a text that was kept aside may go: the column it belongs to, and the table that holds such texts."""
_HEADERS: Final = {
    DOUBTS: ("No.", "Where", "Words", "Why", "Proposed reading", "Sure", "Decision", "Note"),
    COLUMNS: ("Where", "Heading", "Was read as", "How", "Sure", "Read as", "Reason"),
    PARTNERS: ("Printed", "Times", "Was read as", "How sure", "Like", "Decision", "Known as", "Kind of body",
               "Certainty", "Reason"),
    KEPT: ("No.", "Where", "Heading", "Words", "Why", "Cell", "Belongs to", "Column"),
}  # fmt: skip
_FILLED_IN: Final = {
    DOUBTS: ("Decision", "Note"),
    COLUMNS: ("Read as", "Reason"),
    PARTNERS: ("Decision", "Known as", "Kind of body", "Certainty", "Reason"),
    KEPT: ("Belongs to", "Column"),
}
_WIDTHS: Final = {
    "No.": 14, "Where": 34, "Words": 44, "Why": 52, "Proposed reading": 26, "Sure": 8, "Decision": 13, "Note": 34,
    "Heading": 30, "Was read as": 26, "How": 12, "Read as": 22, "Reason": 34, "Printed": 30, "Times": 8, "How sure": 16,
    "Like": 34, "Known as": 34, "Kind of body": 20, "Certainty": 18, "Cell": 22, "Belongs to": 14, "Column": 18,
}  # fmt: skip
_NOTES: Final = {
    PARTNERS: {
        "Decision": f"{SAME}: another name of a body, choose it under Known as. {NEW}: a body of its own. {NO_BODY}: "
                    f"these words name nobody. {SAME} and {NEW} need a Reason.",
        "Known as": f'Beside "{SAME}": the body that the name stands for, which may be another new name of this sheet.',
        "Reason": f"Needed beside {SAME} and {NEW}: why, in a few words. Choose one, or write your own.",
    },
}  # fmt: skip
REASONS: Final = (
    "Named in this plan, and not yet in the register.", "An abbreviation of its name.", "Another spelling of its name.",
    "A former name.", "Misprinted.",
)  # fmt: skip
"""Why a name is taken as it is: what is offered in the sheet of partners; anything else may be written too."""
FONT: Final = "Calibri"
_PROPOSED: Final = "Proposed by the reader"
"""What begins the note of a body that nobody reviewed."""
_GONE: Final = "this sheet is missing: take it from a copy, or delete the workbook and read the document again."


# --- writing -----------------------------------------------------------------------------------------------------


def as_workbook(report: Report, memory: Memory, register: Register, codes: frozenset[str]) -> bytes:
    """The repair sheet of an import that was not refused; the same import gives the same bytes."""
    plan = report.plan
    if plan is None:
        raise ValueError("a refused import has no repair sheet")
    book = Workbook()
    _summary(book, report)
    lists = {
        "Decision": (ACCEPT, CORRECT, IGNORE),
        "Partner": (SAME, NEW, NO_BODY),
        "Known as": tuple(
            sorted(
                {entry.label for entry in register.of_kind("body")}
                | {each.printed for each in report.partners if each.new},
                key=str.casefold,
            )
        ),
        "Kind of body": tuple(sorted(code for code in codes if code.startswith("ptype-"))),
        "Certainty": tuple(sorted(code for code in codes if code.startswith("cert-"))),
        "Partner reason": REASONS,
        "Read as": columns_to_choose(report),
        "Belongs to": tuple(row.identifier for row in plan.rows["actions"]),
        "Column": tuple(BELONGS),
    }
    _table(book, DOUBTS, (
        (each.name, each.place, each.doubt.words, in_words(each.doubt.sentence, plan),
         in_words(each.doubt.proposed, plan), _sure(each.doubt.confidence), each.decision, each.note)
        for each in report.findings
    ))  # fmt: skip
    _table(book, COLUMNS, (
        (each.place, each.heading, column_in_words(each.column or "aside"), each.how, _sure(each.confidence),
         column_in_words(each.column or "aside"),
         memory.columns.get(each.heading, ("", ""))[1])
        for each in report.columns
    ))  # fmt: skip
    _table(book, PARTNERS, (
        (each.printed, str(each.times), each.known_as, code_in_words(each.certainty),
         "; ".join(f"{like.label} ({like.score})" for like in each.suggestions),
         _partner_decision(each.printed, memory), "", "", "", "")
        for each in report.partners
    ))  # fmt: skip
    _table(book, KEPT, (
        (each.name, each.place, each.heading, each.words, each.sentence, each.cell, "", "") for each in report.kept
    ))  # fmt: skip
    # Sheets of tables are large: they are laid out once all that a person must look at first is there.
    held = Folder(replace(plan, rows={**plan.rows, "differences": ()}), tables=_tables())
    add_tables(book, held)
    ranges = {name: add_list(book, name, words) for name, words in lists.items() if words}
    for name, columns in _HEADERS.items():
        choices = {each: ranges[each] for each in columns if each in ranges and each in _FILLED_IN[name]}
        if name == PARTNERS:
            choices |= {"Decision": ranges["Partner"], "Reason": ranges["Partner reason"]}
        fixed = [each for each in columns if each not in _FILLED_IN[name]]
        lay_out(book[name], Sheet(columns, choices=choices, widths=_WIDTHS, fixed=fixed, spare=1,
                                  notes=_NOTES.get(name, {}), loose=("Read as", "Reason")))  # fmt: skip
        _let_grow(book[name], [_WIDTHS[each] for each in columns])
    return saved(book)


def _let_grow(sheet: Any, widths: Sequence[int]) -> None:
    """Give every row the height that its words need: not every program works that out when it opens a workbook."""
    for cells in sheet.iter_rows(min_row=2):
        lines = (
            sum(max(1, -(-len(line) // max(width - 2, 1))) for line in str(cell.value).split("\n"))
            for cell, width in zip(cells, widths, strict=False)
            if cell.value is not None
        )
        sheet.row_dimensions[cells[0].row].height = min(max(lines, default=1) * 15 + 3, 400)


def columns_to_choose(report: Report) -> tuple[str, ...]:
    """What a column may be read as: those of a plan, the periods of this one, or kept aside."""
    known = (
        "ref-no", "priority", "delivery-priority", "activity", "lead-partners", "supporting-partners", "owner",
        "expected-outcome", "measure", "timescale", "status", "rag", "progress", "resources", "comments",
        "improvement-actions",
    )  # fmt: skip
    read = (each.column for each in report.columns if each.column)
    return tuple(dict.fromkeys((*known, *sorted(each for each in read if period_column(each)), "aside", "ignore")))


def _partner_decision(printed: str, memory: Memory) -> str:
    return NO_BODY if PARTNER + folded(printed) in memory.decisions else ""


def _tables() -> tuple[str, ...]:
    return tuple(table for table in TABLES if table != "differences")


def _sure(confidence: float | None) -> str:
    return "" if confidence is None else f"{confidence:.0%}"


def _table(book: Any, title: str, rows: Iterable[Sequence[str]]) -> None:
    put_rows(book.create_sheet(title), [_HEADERS[title], *rows])


def _summary(book: Any, report: Report) -> None:
    """The first sheet: what to do, what to count, how much there is to look at."""
    sheet = book.active
    sheet.title = SUMMARY
    lines: list[tuple[str, str, str]] = [
        ("title", f"Repair sheet: {report.plan.meta.label if report.plan else ''}", ""),
        ("", f"Read from {report.document}. Nothing in this workbook is lost when you close it: correct it, save it, "
             "and read it again.", ""),
        ("heading", "What to do", ""),
        ("", "1. Count the figures below by eye against the document.", ""),
        ("", f"2. {COLUMNS}: choose what a column is read as where that is wrong.", ""),
        ("", f"3. {PARTNERS}: say of each new name whose it is, and in the column Reason why: {SAME} and {NEW} need a "
             "reason, because the register keeps it with the name.", ""),
        ("", f"4. {DOUBTS}: decide on each: {ACCEPT} (it is right), {CORRECT} (you mend it in the sheet of its table), "
             f"{IGNORE} (it does not matter).", ""),
        ("", f"5. {KEPT}: say where a text belongs. Then correct the sheets of tables: change a cell, add a row, "
             "delete one.", ""),
        ("", "6. Save, and run: plangraph read repair.xlsx --out FOLDER, where FOLDER is the one it lies in.", ""),
        ("heading", "Count by eye", ""),
        *(("count", words, str(number)) for words, number in report.counts),
        ("heading", "The tables of the document", ""),
        ("count", "Printed rows", str(report.rows.all)),
        ("count", "of them rows of actions", str(report.rows.actions)),
        ("count", "of them headings and others", str(report.rows.headings)),
        ("count", "of them kept aside as a whole", str(report.rows.kept)),
        ("heading", "To look at", ""),
        *(("count", KINDS.get(kind, kind).capitalize(), str(number)) for kind, number in report.by_kind.items()),
        ("count", "Partners the register does not know", str(sum(each.new for each in report.partners))),
        ("count", "Corrections kept from before", str(report.corrections)),
    ]  # fmt: skip
    for number, (kind, words, figure) in enumerate(lines, 1):
        cell = sheet.cell(number, 1)
        put(cell, words)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if kind == "title":
            cell.font = Font(name=FONT, bold=True, size=16, color=BRAND)
        elif kind == "heading":
            cell.font = Font(name=FONT, bold=True, color="FFFFFF")
            cell.fill = PatternFill("solid", fgColor=BRAND)
            sheet.cell(number, 2).fill = PatternFill("solid", fgColor=BRAND)
        if figure:
            put(sheet.cell(number, 2), figure)
            sheet.cell(number, 2).alignment = Alignment(horizontal="right")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 84, 12
    _let_grow(sheet, (84, 12))
    sheet.row_dimensions[1].height = 26
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = sheet.PAPERSIZE_A4, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


# --- reading -----------------------------------------------------------------------------------------------------


@dataclass
class _Reader:
    """One repair sheet on its way into what a person decided; what is wrong joins ``problems``."""

    book: Any
    file: str
    memory: Memory
    before: Plan
    register: Register
    codes: frozenset[str]
    problems: list[Problem] = field(default_factory=list)
    reviewed: dict[str, Body] = field(default_factory=dict)
    """Bodies that were only proposed and that a decision on another name builds on, by id."""
    places: dict[str, int] = field(default_factory=dict)
    """The row of the sheet of partners that each new body and spelling comes from."""

    def lines(self, title: str) -> list[tuple[int, dict[str, str]]]:
        """The rows of one of our sheets that say something, as cells by heading."""
        if title not in self.book.sheetnames:
            self.problem(_GONE, title)
            return []
        sheet, columns = self.book[title], _HEADERS[title]
        heads = [words_in(cell).strip() for cell in sheet[1]][: len(columns)]
        for column in columns:
            if column not in heads:
                strange = [head for head in heads if head not in columns]
                self.problem(f"this column is missing{nearest(column, strange)}.", title, 1, column)
        if not set(columns) <= set(heads):
            return []
        found = []
        for number, cells in enumerate(sheet.iter_rows(min_row=2, max_col=len(heads)), 2):
            for cell, head in zip(cells, heads, strict=True):
                if is_formula(cell):
                    self.problem("this is a formula: write what it shows.", title, number, head)
            said = {head: words_in(cell).strip() for cell, head in zip(cells, heads, strict=True)}
            if any(said.values()):
                found.append((number, said))
        return found

    def problem(self, sentence: str, sheet: str, row: int | None = None, column: str = "") -> None:
        self.problems.append(Problem(sentence, f"{self.file}, sheet {sheet}", row, column))

    def one_of(self, words: str, known: Sequence[str], sheet: str, row: int, column: str) -> bool:
        """Whether a cell holds one of the words it may; a problem where not."""
        if words and words not in known:
            self.problem(f'"{words}" is none of {", ".join(known)}{nearest(words, known)}.', sheet, row, column)
            return False
        return bool(words)

    def refuse_another_plan(self) -> None:
        """InputError where the sheet was made for another plan or document: nothing else about it matters then."""
        if META not in self.book.sheetnames:
            return
        rows = ((*map(words_in, cells), "", "")[:2] for cells in self.book[META].iter_rows(min_row=2))
        said = {key.strip(): words.strip() for key, words in rows}
        here = self.before.meta
        checksum = said.get("source.sha256", here.source.sha256)
        if checksum == here.source.sha256 and said.get("plan", here.plan) == here.plan:
            return
        theirs, ours = f'"{said.get("label", "")}"', f'"{here.label}"'
        if theirs == ours:
            theirs += f", as read from {said.get('source.file') or 'another document'}"
            ours += f", as read from {here.source.file}"
            if said.get("source.file") == here.source.file:
                theirs = theirs.replace("read from", "it stood in another version of")
        raise InputError(
            f"{self.file}: This repair sheet belongs to {theirs}; here is {ours}. "
            "Read it into the folder that it was made in."
        )

    def decisions(self) -> dict[str, Decision]:
        decided = {}
        for row, said in self.lines(DOUBTS):
            name = said["No."]
            if not re.fullmatch(r"[0-9a-f]{12}(-\d+)?", name):
                self.problem("the number of this doubt is gone: take the row from a copy.", DOUBTS, row, "No.")
                continue
            before = self.memory.decisions.get(name, Decision(name, ""))
            decision = said["Decision"].casefold()
            if self.one_of(decision, (ACCEPT, CORRECT, IGNORE), DOUBTS, row, "Decision") or before.decision:
                decided[name] = Decision(name, decision, said["Note"], said["Where"], said["Words"], said["Why"])
            elif said["Note"]:
                self.problem("a note stands here without a decision.", DOUBTS, row, "Decision")
        return decided

    def columns(self) -> dict[str, tuple[str, str]]:
        known = {
            "ref-no", "priority", "delivery-priority", "activity", "lead-partners", "supporting-partners", "owner",
            "expected-outcome", "measure", "timescale", "status", "rag", "progress", "resources", "comments",
            "improvement-actions", "aside", "ignore",
        }  # fmt: skip
        decided: dict[str, tuple[str, str]] = {}
        for row, said in self.lines(COLUMNS):
            wanted = column_named(said["Read as"])
            if wanted == column_named(said["Was read as"]) or not wanted:
                continue
            if not said["Heading"]:
                self.problem("a column without a heading cannot be decided on: give it one in the document.", COLUMNS,
                             row, "Read as")  # fmt: skip
            elif wanted not in known and not period_column(wanted):
                sentence = f'"{wanted}" is no column of a plan{nearest(wanted, known)}, nor a year such as 2024-2025.'
                self.problem(sentence, COLUMNS, row, "Read as")
            elif decided.get(said["Heading"], (wanted, ""))[0] != wanted:
                self.problem(f'"{said["Heading"]}" is decided on twice, and differently.', COLUMNS, row, "Read as")
            else:
                decided[said["Heading"]] = (wanted, said["Reason"] or "Decided by a person in the repair sheet.")
        return decided

    def partners(self) -> tuple[list[Body], list[Spelling], dict[str, Decision]]:
        bodies: list[Body] = []
        spellings: list[Spelling] = []
        decided: dict[str, Decision] = {}
        lines = self.lines(PARTNERS)
        elsewhere = {
            folded(said["Printed"]): row for row, said in lines if said["Decision"].casefold() in (SAME, NO_BODY)
        }
        for row, said in lines:
            printed, decision = said["Printed"], said["Decision"].casefold()
            name = PARTNER + folded(printed)
            known = self.one_of(decision, (SAME, NEW, NO_BODY), PARTNERS, row, "Decision")
            if name in self.memory.decisions and decision != NO_BODY:
                decided[name] = Decision(name, "")
            if not known:
                if said["Known as"] and not decision:
                    self.problem(f'a body stands here without the decision "{SAME}".', PARTNERS, row, "Decision")
                continue
            certainty = code_named(said["Certainty"], "cert-") or (
                "cert-normalised" if decision == SAME else "cert-stated"
            )
            kind = code_named(said["Kind of body"], "ptype-") or "ptype-unstated"
            for column, code, prefix in (("Certainty", certainty, "cert-"), ("Kind of body", kind, "ptype-")):
                self.one_of(code, sorted(c for c in self.codes if c.startswith(prefix)), PARTNERS, row, column)
            if decision == NO_BODY:
                decided[name] = Decision(name, NO_BODY, said["Reason"], "", printed, "is not a body.")
                continue
            if not said["Reason"]:
                self.problem(
                    f"say why: {decision} needs a reason, which the register keeps with the name.",
                    PARTNERS,
                    row,
                    "Reason",
                )
                continue
            if decision == SAME:
                other = elsewhere.get(folded(said["Known as"]))
                if other is not None:
                    sentence = (
                        f'row {other} says that "{said["Known as"]}" is itself no body of its own: choose another.'
                    )
                    self.problem(sentence, PARTNERS, row, "Known as")
                    continue
                id_ = self._body(said["Known as"], row)
                if id_ is None:
                    continue
                same = {"spelling": printed, "of": id_, "scope": self.before.meta.borough, "certainty": certainty,
                        "editorial_note": said["Reason"]}  # fmt: skip
                spellings.append(Spelling.model_validate(same))
                self.places[spellings[-1].path] = row
                self._review(id_, f'"{printed}" is said to be the same: {said["Reason"]}', row)
            else:
                new = self._new_body(printed, kind, certainty, said["Reason"], row)
                if new:
                    bodies.append(new)
                    self.places[new.path] = row
                    self._review_around(new, said["Reason"], row)
        decided_on = {body.id for body in bodies}
        bodies += [body for id_, body in self.reviewed.items() if id_ not in decided_on]
        return bodies, spellings, decided

    def _review(self, id_: str, reason: str, row: int) -> None:
        """Take a body that is only proposed into the register, because a row of the sheet builds on it."""
        entry = self.register.entries.get(id_)
        if isinstance(entry, Body) and entry.editorial_note.startswith(_PROPOSED) and id_ not in self.reviewed:
            self.reviewed[id_] = entry.model_copy(update={"editorial_note": reason})
            self.places.setdefault(id_, row)
            self._review_around(entry, reason, row)

    def _review_around(self, body: Body, reason: str, row: int) -> None:
        for _, mark, name in named(body):
            self._review(self.register.resolve(name, self.before.meta.borough, mark.kinds) or "", reason, row)

    def _body(self, words: str, row: int) -> str | None:
        """The id of the body that a printed name is said to be the same as; a problem where it is none."""
        id_ = self.register.resolve(words, self.before.meta.borough, ("body",)) if words else None
        if not words:
            self.problem(f'choose whom it is the same as, beside "{SAME}".', PARTNERS, row, "Known as")
        elif id_ is None:
            near = self.register.nearest(words, ("body",))
            self.problem(f'"{words}" is nobody in the register{near}.', PARTNERS, row, "Known as")
        return id_

    def _new_body(self, printed: str, kind: str, certainty: str, reason: str, row: int) -> Body | None:
        id_ = self.register.resolve(printed, self.before.meta.borough, ("body",))
        entry = self.register.entries.get(id_ or "")
        if entry is None or not entry.editorial_note.startswith(_PROPOSED):
            self.problem(f'"{printed}" is known already.', PARTNERS, row, "Decision")
            return None
        return Body.model_validate(
            {
                **entry.model_dump(by_alias=True),
                "classification": kind,
                "certainty": certainty,
                "editorial_note": reason,
            }
        )

    def kept(self) -> list[Correction]:
        """The rows that texts kept aside become."""
        actions = {row.identifier for row in self.before.rows["actions"]}
        made: list[Correction] = []
        taken: dict[str, int] = {}
        for row, said in self.lines(KEPT):
            action, column = said["Belongs to"], said["Column"]
            if not action and not column:
                continue
            known = self.one_of(column, tuple(BELONGS), KEPT, row, "Column")
            if action not in actions:
                self.problem(
                    f'"{action}" is no action of this plan{nearest(action, actions)}.', KEPT, row, "Belongs to"
                )
            elif not known:
                self.problem("say to which column it belongs.", KEPT, row, "Column")
            else:
                table, owner = BELONGS[column], f"action/{action}"
                last = max((each.position for each in self.before.rows[table] if each.owner == owner), default=0)
                position = taken.setdefault(f"{table} {owner}", last) + 1
                taken[f"{table} {owner}"] = position
                cell = re.sub(r"-comments$", f"-{column}", said["Cell"])
                values = {
                    "element": owner, "position": str(position), "label": shortened(said["Words"]),
                    "verbatim": said["Words"], "source": cell, "certainty": "cert-stated",
                    "editorial_note": "Kept aside by the reader; a person said where it belongs.",
                }  # fmt: skip
                if table == "updates":
                    values["progress"] = said["Words"]
                try:
                    made += _added(table, TABLES[table].model_validate(values))
                except ValueError as error:
                    self.problem(f"this cannot become a row of {table}: {error}.", KEPT, row, "Cell")
        return made

    def tables(self) -> list[Correction]:
        """What was changed, added and taken out in the sheets of tables."""
        missing = [
            name for name in (META, *(f"{table}.csv" for table in _tables())) if name not in self.book.sheetnames
        ]
        for name in missing:
            self.problem(_GONE, name)
        if missing:
            return []
        found: list[Problem] = []
        read = read_tables(self.book, self.codes, found)
        self.problems += [replace(problem, file=f"{self.file}, sheet {problem.file}") for problem in found]
        if read is None or found:
            return []
        self._new_names(read.plan)
        return [*self.meta(read.plan.meta), *corrections_between(self.before, read.plan)]

    def meta(self, after: PlanMeta) -> list[Correction]:
        """What was changed of plan.toml."""
        was, now = _meta_cells(self.before.meta), _meta_cells(after)
        for key in was:
            if was[key] != now[key] and key not in CHANGEABLE:
                self.problem(f"{key} says which plan this is and cannot be changed here: give it to the command.", META)
        return [Correction(META, "plan", key, was[key], now[key]) for key in CHANGEABLE if was[key] != now[key]]

    def _new_names(self, after: Plan) -> None:
        """Names that a person wrote and nobody knows."""
        for table, rows in after.rows.items():
            before: set[Row] = set(self.before.rows.get(table, ()))
            for row in rows:
                if row in before:
                    continue
                for column, mark, name in named(row):
                    code = mark.codes and name.startswith(f"{mark.codes}-") and name in self.codes
                    element = mark.elements and name in after.elements
                    if code or element or self.register.resolve(name, after.meta.borough, mark.kinds):
                        continue
                    near = self.register.nearest(name, mark.kinds)
                    sentence = f'"{name}" is nobody in the register{near}.'
                    self.problem(sentence, f"{table}.csv", after.numbers.get((table, row.path)), column)


def read_repair(
    path: Path,
    memory: Memory,
    before: Plan,
    register: Register,
    codes: frozenset[str],
    check: Callable[[Memory], object],
) -> Memory:
    """What a person decided in the repair sheet ``path``, beside ``memory``.

    ``before`` are the tables as they stand beside it, ``register`` knows everybody they name; ``check`` raises `Unfit`
    where a memory does not fit the register. InputError with every problem, each with its sheet, row and column.
    """
    reader = _Reader(open_workbook(path), path.name, memory, before, register, codes)
    reader.refuse_another_plan()
    decisions, columns = reader.decisions(), reader.columns()
    bodies, spellings, nobodies = reader.partners()
    corrections = [*reader.tables(), *reader.kept()]
    if reader.problems:
        raise InputError(reader.problems)
    more = Memory(columns, tuple(corrections), {**decisions, **nobodies}, tuple(bodies), tuple(spellings))
    try:
        check(memory.with_more(more))
    except Unfit as unfit:
        for row, problem in zip(unfit.rows, unfit.problems, strict=True):
            at = reader.places.get(row.path) if row is not None else None
            if at is None:
                reader.problems.append(problem)
            else:
                reader.problem(problem.message, PARTNERS, at, "Known as" if isinstance(row, Spelling) else "Decision")
        raise InputError(reader.problems) from None
    return more


def is_repair(path: Path) -> bool:
    """Whether a file is a repair sheet, by its sheets; a file that is no workbook is none."""
    return {SUMMARY, DOUBTS, KEPT, META} <= sheet_names(path)


def _added(table: str, row: Row) -> list[Correction]:
    cells = cells_of(row)
    return [
        Correction(table, row.path, "", "", "row"),
        *(Correction(table, row.path, column, "", words) for column, words in cells.items() if words),
    ]


def _meta_cells(meta: PlanMeta) -> dict[str, str]:
    values = meta.model_dump()
    return {
        **{key: str(values[key] or "") for key in values if key not in ("source", "revision")},
        "source.file": meta.source.file, "source.sha256": meta.source.sha256,
    }  # fmt: skip
