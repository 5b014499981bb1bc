"""What a person decided about a plan's import, kept beside its tables, so that every later import knows it."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from kg.errors import InputError, Problem
from kg.importing.corrections import Correction, together
from kg.reading.rules import plain
from kg.register import FILES, Body, Register, Spelling, folded
from kg.tables import DECISIONS_FILE, Difference, header, read_rows, read_text, shown, write_rows

COLUMNS: Final = "reading/columns.csv"
CORRECTED: Final = "reading/corrected.csv"
DIFFERENCES: Final = "differences.csv"
_HEADERS: Final = {
    COLUMNS: ("heading", "column", "editorial_note"),
    CORRECTED: ("table", "key", "column", "words"),
    DECISIONS_FILE: ("doubt", "decision", "editorial_note", "column", "words", "sentence"),
}


@dataclass(frozen=True)
class Decision:
    """What a person said of one doubt (by its name, see `kg.importing.report`), and of what."""

    doubt: str
    decision: str
    note: str = ""
    column: str = ""
    words: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class Memory:
    """Columns by heading, corrections of rows, decisions on doubts by name, reviewed bodies and spellings."""

    columns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    bodies: tuple[Body, ...] = ()
    spellings: tuple[Spelling, ...] = ()

    @classmethod
    def load(cls, folder: Path, codes: frozenset[str]) -> "Memory":
        """What is remembered in the folder of an import. Raises InputError with every problem of its files."""
        problems: list[Problem] = []
        columns = {row["heading"]: (row["column"], row["editorial_note"]) for row in _read(folder, COLUMNS, problems)}
        words = {(row["table"], row["key"], row["column"]): row["words"] for row in _read(folder, CORRECTED, problems)}
        differences: list[Difference] = []
        if (folder / DIFFERENCES).exists():
            differences, _ = read_rows(folder / DIFFERENCES, Difference, header(Difference), codes, problems)
        decisions = {
            row["doubt"]: Decision(
                row["doubt"], row["decision"], row["editorial_note"], row["column"], row["words"], row["sentence"]
            )
            for row in _read(folder, DECISIONS_FILE, problems)
        }
        register: dict[str, list[Any]] = {"bodies": [], "spellings": []}
        for name in register:
            row_type, known = FILES[name]
            if (path := folder / "register" / f"{name}.csv").exists():
                register[name], _ = read_rows(path, row_type, known, codes, problems)
        if problems:
            raise InputError(problems)
        corrections = tuple(
            Correction(row.table, row.key, row.column, row.read, row.kept,
                       words.get((row.table, row.key, row.column), ""), row.editorial_note)
            for row in differences
        )  # fmt: skip
        return cls(columns, corrections, decisions, tuple(register["bodies"]), tuple(register["spellings"]))

    def with_more(self, more: "Memory") -> "Memory":
        """This with what was decided since, which wins."""
        # A heading is one however its blanks and marks are printed; a body is one by its id, a spelling by its words.
        headings = {plain(heading): heading for heading in self.columns}
        columns = dict(self.columns)
        for heading, decided in more.columns.items():
            columns.pop(headings.get(plain(heading), ""), None)
            columns[heading] = decided
        taken = {folded(row.spelling) for row in more.spellings}
        new = {row.id for row in more.bodies}
        decisions = {**self.decisions, **more.decisions}
        return replace(
            self,
            columns=columns,
            corrections=tuple(together(self.corrections, more.corrections)),
            decisions={name: decision for name, decision in decisions.items() if decision.decision},
            bodies=(*(row for row in self.bodies if row.id not in new), *more.bodies),
            spellings=(*(row for row in self.spellings if folded(row.spelling) not in taken), *more.spellings),
        )

    def write(self, folder: Path) -> None:
        """Lay the files that have rows into a folder."""
        _write(folder, COLUMNS, ((heading, *decided) for heading, decided in self.columns.items()))
        spoken = [each for each in self.corrections if each.words]
        _write(folder, CORRECTED, ((*each.place, each.words) for each in spoken))
        _write(folder, DECISIONS_FILE,
               ((each.doubt, each.decision, each.note, each.column, each.words, each.sentence)
                for each in sorted(self.decisions.values(), key=lambda each: each.doubt)))  # fmt: skip
        if self.corrections:
            rows = [each.as_difference() for each in self.corrections]
            write_rows(folder / DIFFERENCES, header(Difference), rows)
        for name, entries in (("bodies", self.bodies), ("spellings", self.spellings)):
            if entries:
                (folder / "register").mkdir(exist_ok=True)
                write_rows(folder / "register" / f"{name}.csv", FILES[name][1], entries)

    def known(self, register: Register, folder: Path, codes: frozenset[str]) -> Register:
        """A register with all that a person decided; ``folder`` holds the files of this memory."""
        return register.extended(folder / "register", codes) if (folder / "register").is_dir() else register


def _read(folder: Path, name: str, problems: list[Problem]) -> list[dict[str, str]]:
    """The rows of one of our small files, by column; a file that is missing has none."""
    path = folder / name
    if not path.exists():
        return []
    try:
        rows = list(csv.DictReader(io.StringIO(read_text(path), newline=""), strict=True))
    except InputError as error:
        problems.extend(error.problems)
        return []
    except csv.Error as error:
        problems.append(Problem(f"this is no CSV ({error}).", shown(path)))
        return []
    for number, row in enumerate(rows, 2):
        if set(row) != set(_HEADERS[name]) or None in row.values():
            columns = ", ".join(_HEADERS[name])
            problems.append(Problem(f"the columns of this file are {columns}.", shown(path), number))
            return []
    return rows


def _write(folder: Path, name: str, rows: Iterable[tuple[str, ...]]) -> None:
    lines = list(rows)
    if not lines:
        return
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_HEADERS[name])
        writer.writerows(lines)
