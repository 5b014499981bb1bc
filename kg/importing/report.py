"""What an import understood, doubts and refused, in one shape: page, workbook, table and terminal all show this."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from openpyxl.utils import get_column_letter
from rapidfuzz import fuzz, process, utils

from kg.documents import Document
from kg.importing.corrections import short_name
from kg.importing.memory import Decision
from kg.reading import Doubt, Interpretation
from kg.reading.parts import ColumnRead
from kg.reading.report import KINDS
from kg.reading.wording import shortened
from kg.register import Register, borough_of, folded, kind_of
from kg.tables import CERTAINTIES, REPORT_FILE, Plan, named, period_label

SUGGESTED_FROM: Final = 75
"""How alike two names must be, of 100, for one to be suggested for the other."""
_WITHIN: Final = 90
"""How alike a name is to one that has all its words and more."""
REPORT_COLUMNS: Final = (
    "kind", "line", "column", "words", "sentence", "sheet", "proposed", "confidence", "decision",
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """A doubt with its name, its place as a person sees it, and what was decided on it ("": nothing yet)."""

    name: str
    doubt: Doubt
    place: str
    decision: str = ""
    note: str = ""

    @property
    def open(self) -> bool:
        """Whether a person should decide on it and did not yet; what is only noted needs no decision."""
        return not self.decision and self.doubt.kind != "noted"


@dataclass(frozen=True)
class Suggestion:
    """A known name that a printed one is like, of 100."""

    id: str
    label: str
    score: int


@dataclass(frozen=True)
class Partner:
    """A printed name of a body: what it is read as, how sure, how often, and for a new one what it is like."""

    printed: str
    id: str
    known_as: str
    certainty: str
    times: int
    new: bool
    note: str = ""
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def state(self) -> str:
        """matched, suggested or unknown."""
        return ("suggested" if self.suggestions else "unknown") if self.new else "matched"


@dataclass(frozen=True)
class ReadColumn:
    """A column of a table: its heading and place, what it is read as ("": kept aside), how and how surely."""

    place: str
    heading: str
    column: str
    how: str
    confidence: float
    proposed: str = ""


@dataclass(frozen=True)
class ReadTable:
    """A table of the document and what it was taken for."""

    place: str
    sentence: str


@dataclass(frozen=True)
class KeptCell:
    """Text that fits no table: where it stands, under which heading, why."""

    name: str
    place: str
    heading: str
    words: str
    sentence: str
    cell: str


@dataclass(frozen=True)
class Rows:
    """The printed rows of the document's tables, each counted once."""

    all: int = 0
    actions: int = 0
    kept: int = 0

    @property
    def headings(self) -> int:
        """Headings, priorities and what else is no action."""
        return self.all - self.actions - self.kept


@dataclass(frozen=True)
class Report:
    """The outcome of one import; ``plan`` is None and ``refused`` says why where nothing was read."""

    document: str
    refused: tuple[str, ...] = ()
    plan: Plan | None = None
    findings: tuple[Finding, ...] = ()
    partners: tuple[Partner, ...] = ()
    documents: tuple[str, ...] = ()
    columns: tuple[ReadColumn, ...] = ()
    tables: tuple[ReadTable, ...] = ()
    kept: tuple[KeptCell, ...] = ()
    rows: Rows = field(default_factory=Rows)
    corrections: int = 0
    folder: Path | None = None

    @property
    def understood(self) -> dict[str, int]:
        """How many rows each table has."""
        return {} if self.plan is None else {t: len(r) for t, r in self.plan.rows.items() if t != "differences"}

    @property
    def open(self) -> list[Finding]:
        """What nobody decided yet."""
        return [finding for finding in self.findings if finding.open]

    @property
    def kept_besides(self) -> list[Finding]:
        """What else is kept aside and is none of the cells in ``kept``: each is told once."""
        cells = {(each.words, each.sentence) for each in self.kept}
        kept = (each for each in self.findings if each.doubt.kind == "kept")
        return [each for each in kept if (each.doubt.words, each.doubt.sentence) not in cells]

    @property
    def by_kind(self) -> dict[str, int]:
        """How many open doubts there are of each kind, in the order of the kinds."""
        counted = Counter(finding.doubt.kind for finding in self.open)
        return {kind: counted[kind] for kind in (*KINDS, *counted) if counted[kind]}

    @property
    def certainties(self) -> list[tuple[str, tuple[int, ...]]]:
        """The rows of each table by `CERTAINTIES`; tables without rows are left out."""
        counted = []
        for table, rows in (self.plan.rows if self.plan else {}).items():
            of = Counter(getattr(row, "certainty", "") for row in rows)
            if rows and table != "differences":
                counted.append((table, tuple(of[each] for each in CERTAINTIES)))
        return counted

    @property
    def counts(self) -> list[tuple[str, int]]:
        """What a person can count in the document, in words and numbers."""
        if self.plan is None:
            return []
        rows: Mapping[str, Sequence[Any]] = self.plan.rows
        statuses = Counter(row.period for row in rows["statuses"])
        return [
            ("Priorities", len(rows["priorities"])),
            ("Delivery priorities", len(rows["delivery-priorities"])),
            ("Actions", len(rows["actions"])),
            ("Lead partners named", len(rows["leads"])),
            ("Different lead partners", len({row.partner for row in rows["leads"]})),
            *((f"Statuses for {period_label(period)}", n) for period, n in sorted(statuses.items())),
            ("Outcomes", len(rows["outcomes"])),
            ("Measures of actions", len(rows["measures"])),
            ("Indicators", len(rows["indicators"])),
            ("Deadlines", len(rows["deadlines"])),
            ("Owning posts", len(rows["owners"])),
            ("Updates (RAG, progress)", len(rows["updates"])),
            ("Improvement statements", len(rows["improvements"])),
            ("Cells kept aside", len(self.kept)),
            ("Names of people withheld", sum(finding.doubt.kind == "withheld" for finding in self.findings)),
        ]

    def __str__(self) -> str:
        """What the terminal shows."""
        if self.refused:
            return "\n".join(["Refused; no tables were written:", *(f"  {sentence}" for sentence in self.refused)])
        lines = [f"{self.document}", "", *(f"{n:>6} {words}" for words, n in self.counts if n)]
        lines += [f"{self.corrections:>6} Corrections kept"] if self.corrections else []
        if self.open:
            lines += ["", f"To look at ({len(self.open)}):"]
            lines += [f"{n:>6} {KINDS.get(kind, kind)}" for kind, n in self.by_kind.items()]
        else:
            lines += ["", "Nothing is doubtful."]
        unknown = [partner for partner in self.partners if partner.new]
        if unknown:
            lines += ["", f"Partners the register does not know ({len(unknown)}):"]
            lines += [f'  "{partner.printed}" is no body the register knows{_like(partner)}' for partner in unknown]
        if self.folder is not None:
            lines += [
                "",
                f"What was understood and what is doubtful: {self.folder / 'report.html'}",
                f"To correct it, fill in {self.folder / 'repair.xlsx'} and read the document again;",
                f"to build it, run: plangraph build --add {self.folder}",
            ]
        return "\n".join(lines)

    def lines(self) -> Iterator[tuple[str, ...]]:
        """The rows of report.csv, in the order of `REPORT_COLUMNS`."""
        for sentence in self.refused:
            yield ("refused", "", "", "", sentence, "", "", "", "")
        for table, n in self.understood.items():
            yield ("understood", "", table, "", f"{n} rows", "", "", "", "")
        for finding in self.findings:
            doubt = finding.doubt
            sure = "" if doubt.confidence is None else f"{doubt.confidence:.2f}"
            yield (doubt.kind, str(doubt.line or ""), doubt.column, doubt.words, doubt.sentence, doubt.sheet,
                   doubt.proposed, sure, finding.decision)  # fmt: skip
        for partner in self.partners:
            like = "; ".join(f"{each.label} ({each.score})" for each in partner.suggestions)
            yield (partner.state, "", "partner", partner.printed, f"{partner.times} times", "",
                   partner.known_as if not partner.new else like, "", "")  # fmt: skip

    def write(self, folder: Path, written: Mapping[str, str] | None = None) -> None:
        """Write report.csv into a folder; ``written`` are the checksums of the files beside it, by name."""
        with (folder / REPORT_FILE).open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(REPORT_COLUMNS)
            rows.writerows(self.lines())
            for name, checksum in (written or {}).items():
                rows.writerow(("written", "", "", name, checksum, "", "", "", ""))


def written_before(folder: Path) -> dict[str, str]:
    """The checksums of the files that an earlier import wrote, by name; none where there was none."""
    try:
        with (folder / REPORT_FILE).open(encoding="utf-8", newline="") as file:
            return {row["words"]: row["sentence"] for row in csv.DictReader(file) if row.get("kind") == "written"}
    except (OSError, UnicodeDecodeError, csv.Error, KeyError):
        return {}


def _like(partner: Partner) -> str:
    if not partner.suggestions:
        return "; nothing there is like it."
    first = partner.suggestions[0]
    return f"; perhaps {first.label} ({first.score} of 100 alike)."


# --- what is put into it ---------------------------------------------------------------------------------------


def findings_of(
    doubts: Iterable[Doubt], places: "Places", decisions: Mapping[str, Decision], names: Mapping[Doubt, str]
) -> tuple[Finding, ...]:
    """The doubts with their places and what was decided before; ``names`` are those that have one of their own."""
    seen: Counter[str] = Counter()
    findings = []
    for each in doubts:
        # Where a name was withheld, nothing we write may give it away.
        doubt = replace(each, words="", proposed="") if each.kind == "withheld" else each
        # Not by line: a decision must outlive a row that is put in above.
        name = names.get(each) or short_name(doubt.kind, doubt.column, doubt.words, doubt.sentence)
        seen[name] += 1
        name += f"-{seen[name]}" if seen[name] > 1 else ""
        decided = decisions.get(name, Decision(name, ""))
        findings.append(Finding(name, doubt, places.of(doubt), decided.decision, decided.note))
    return tuple(findings)


class Places:
    """Where things stand in one document, as whoever looks at it would say."""

    def __init__(self, document: Document, columns: Iterable[ColumnRead]) -> None:
        self.document = document
        self.columns = list(columns)
        met = dict.fromkeys((*document.sheets, *(row.cells[0].sheet for row in document.rows)))
        self._order = {sheet: number for number, sheet in enumerate(met)}

    def order(self, sheet: str, line: int) -> tuple[int, int]:
        """What sorts places as they follow in the document: by sheet, then by row; the whole document first."""
        return (self._order.get(sheet, len(self._order)) if sheet or line else -1), line

    def of(self, doubt: Doubt) -> str:
        """The place of a doubt."""
        column = next(
            (
                each
                for each in reversed(self.columns)
                if each.sheet == doubt.sheet
                and doubt.column in (each.column, each.heading, f"column {each.index + 1}")
                and each.line <= max(doubt.line, 1)
            ),
            None,
        )
        heading = shortened(column.heading, 40) if column is not None and column.heading else ""
        index = column.index if column is not None else None
        return self.at(doubt.sheet, doubt.line, index, heading or doubt.column)

    def at(self, sheet: str, line: int, index: int | None = None, column: str = "") -> str:
        """A place by sheet, row, place in the row and heading."""
        if not line and not sheet:
            return "Whole document"
        name = self.document.sheets.get(sheet, sheet)
        printed = f"Sheet {name}" if self.document.format in ("xlsx", "workbook") else name[:1].upper() + name[1:]
        parts = [printed] if sheet and self.document.format != "csv" else []
        if line:
            parts.append(f"{'row' if sheet else 'line'} {line}")
        lettered = index is not None and index >= 0 and self.document.format in ("xlsx", "csv")
        if lettered and index is not None:
            parts.append(f"column {get_column_letter(index + 1)}" + (f" ({column})" if column else ""))
        elif column:
            parts.append(f"column {column}")
        words = ", ".join(parts)
        return words[:1].upper() + words[1:]


def partners_of(plan: Plan, register: Register, proposed: Mapping[str, Any]) -> tuple[Partner, ...]:
    """Every printed name of a body in the lead and owner cells, the new ones first, then by what they are."""
    counted: Counter[tuple[str, str, str, str]] = Counter()
    by_label = {folded(entry.label): entry.id for entry in proposed.values() if kind_of(entry.id) == "body"}
    for table in ("leads", "owners"):
        for row in plan.rows.get(table, ()):
            for column, mark, name in named(row):
                if column != "partner" or not name:
                    continue
                id_ = register.resolve(name, plan.meta.borough, mark.kinds)
                id_ = id_ or (name if name in proposed else by_label.get(folded(name), ""))
                counted[getattr(row, "verbatim", "") or name, id_, row.certainty, row.editorial_note] += 1
    names = _known_names(register, plan.meta.borough)
    partners = []
    for (printed, id_, certainty, note), times in counted.items():
        entry = register.entries.get(id_)
        # A body of all boroughs that the reader proposes stands for nobody: there is none it could be matched with.
        new = entry is None and (not id_ or borough_of(id_) != "")
        label = proposed[id_].label if entry is None and id_ in proposed else entry.label if entry else ""
        like = _suggestions(label or printed, names, register) if new else ()
        partners.append(Partner(label if new and label else printed, id_, label, certainty, times, new, note, like))
    merged: dict[tuple[str, str], Partner] = {}
    for partner in partners:
        before = merged.get((partner.printed, partner.id))
        merged[partner.printed, partner.id] = (
            partner if before is None else replace(before, times=before.times + partner.times)
        )
    return tuple(sorted(merged.values(), key=lambda each: (not each.new, each.known_as.casefold(), each.printed)))


def _known_names(register: Register, borough: str) -> dict[str, str]:
    """Every name of a body that counts in a borough, and its id."""
    names = {entry.label: entry.id for entry in register.of_kind("body")}
    for row in register.spellings:
        if kind_of(row.of) == "body" and row.scope in ("", borough) and not row.position:
            names.setdefault(row.spelling, row.of)
    return names


def _suggestions(words: str, names: Mapping[str, str], register: Register) -> tuple[Suggestion, ...]:
    """The bodies whose names are most like the words, at most three, each once."""
    found = process.extract(words, list(names), scorer=_alike, processor=utils.default_process,
                            score_cutoff=SUGGESTED_FROM, limit=12)  # fmt: skip
    best: dict[str, Suggestion] = {}
    for name, score, _ in found:
        id_ = names[name]
        best.setdefault(id_, Suggestion(id_, register.entries[id_].label, round(score)))
    return tuple(sorted(best.values(), key=lambda each: (-each.score, each.label))[:3])


def _alike(printed: str, known: str, *, score_cutoff: float | None = None) -> float:
    """How alike two names are, of 100, whatever the order of their words; one of several words within another: much.

    A single word, or half of one, stands in many longer names by chance: that alone counts for nothing.
    """
    score = fuzz.token_sort_ratio(printed, known, score_cutoff=score_cutoff)
    one, other = set(printed.split()), set(known.split())
    within = min(len(one), len(other)) > 1 and (one <= other or other <= one)
    return max(score, _WITHIN) if within else score


def columns_of(interpretation: Interpretation, places: Places) -> tuple[ReadColumn, ...]:
    """The columns of every table, in document order."""
    return tuple(
        ReadColumn(places.at(each.sheet, each.line, each.index), each.heading, each.column or "",
                   each.how, each.confidence, each.proposed)
        for each in interpretation.layout.columns
    )  # fmt: skip


def kept_of(interpretation: Interpretation, places: Places) -> tuple[KeptCell, ...]:
    """Every cell that was kept aside, in document order."""
    kept = []
    for each in interpretation.layout.kept:
        cell = each.cell
        words = cell.words or f"(coloured {cell.fill})"
        name = short_name("kept", each.heading, words)
        place = places.at(cell.sheet, cell.line, cell.column if cell.sheet else None, each.heading)
        kept.append(KeptCell(name, place, each.heading, words, each.sentence, cell.named("comments")))
    return tuple(kept)


def rows_of(document: Document, interpretation: Interpretation) -> Rows:
    """The rows of the document's tables: those of actions, those where everything is kept aside, all others."""
    printed = {(row.cells[0].sheet, row.line) for row in document.rows
               if row.table and not all(cell.empty for cell in row.cells)}  # fmt: skip
    actions = {
        (placed.cell.sheet, placed.cell.line)
        for action in interpretation.layout.actions
        for cells in action.cells.values()
        for placed in cells
    }
    kept = {(each.cell.sheet, each.cell.line) for each in interpretation.layout.kept}
    used = {(placed.cell.sheet, placed.cell.line) for placed in interpretation.layout.placed}
    return Rows(len(printed), len(actions & printed), len((kept - used - actions) & printed))
