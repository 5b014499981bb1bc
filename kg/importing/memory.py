"""What a person decided about a plan's import, kept beside its tables, so that every later import knows it."""

import csv
import io
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from kg.errors import InputError, Problem
from kg.importing.corrections import Correction, together
from kg.reading.rules import plain
from kg.register import FILES, Body, Register, Spelling, folded
from kg.tables import DECISIONS_FILE, Difference, Row, header, read_rows, read_text, shown, write_rows

COLUMNS: Final = "reading/columns.csv"
CORRECTED: Final = "reading/corrected.csv"
DIFFERENCES: Final = "differences.csv"
LEFT_OUT: Final = "register/left-out.csv"
REVIEWED: Final = ("bodies", "spellings")
"""The files of the register that a repair sheet adds to."""
_HEADERS: Final = {
    COLUMNS: ("heading", "column", "editorial_note"),
    CORRECTED: ("table", "key", "column", "words"),
    LEFT_OUT: ("file", "row", "words", "sentence"),
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
class LeftOut:
    """A remembered body or spelling that cannot be used: where it stood, what it said, and what is wrong with it."""

    file: str
    row: int
    words: str
    sentence: str


@dataclass(frozen=True)
class Memory:
    """Columns by heading, corrections of rows, decisions on doubts by name, reviewed bodies and spellings.

    ``left_out`` are those of the last two that lead nowhere.
    """

    columns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    bodies: tuple[Body, ...] = ()
    spellings: tuple[Spelling, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

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
        left_out = tuple(
            LeftOut(row["file"], int(row["row"]) if row["row"].isdecimal() else 0, row["words"], row["sentence"])
            for row in _read(folder, LEFT_OUT, problems)
        )
        register: dict[str, list[Any]] = {name: [] for name in REVIEWED}
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
        return cls(columns, corrections, decisions, tuple(register["bodies"]), tuple(register["spellings"]), left_out)

    def with_more(self, more: "Memory") -> "Memory":
        """This with what was decided since, which wins."""
        # A heading is one however its blanks and marks are printed; a body is one by its id, a spelling by its words.
        headings = {plain(heading): heading for heading in self.columns}
        columns = dict(self.columns)
        for heading, decided in more.columns.items():
            columns.pop(headings.get(plain(heading), ""), None)
            columns[heading] = decided
        taken = {folded(row.spelling) for row in more.spellings}
        named_again = taken | {folded(row.label) for row in more.bodies}
        new = {row.id for row in more.bodies}
        decisions = {**self.decisions, **more.decisions}
        return replace(
            self,
            columns=columns,
            corrections=tuple(together(self.corrections, more.corrections)),
            decisions={name: decision for name, decision in decisions.items() if decision.decision},
            bodies=(*(row for row in self.bodies if row.id not in new), *more.bodies),
            spellings=(*(row for row in self.spellings if folded(row.spelling) not in taken), *more.spellings),
            # Whoever decides on a name again has done with what was left out.
            left_out=tuple(each for each in self.left_out if folded(each.words.split(": ")[0]) not in named_again),
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
        _write(folder, LEFT_OUT, ((each.file, str(each.row), each.words, each.sentence) for each in self.left_out))
        self._write_register(folder)

    def _write_register(self, folder: Path) -> None:
        for name, entries in (("bodies", self.bodies), ("spellings", self.spellings)):
            if entries:
                (folder / "register").mkdir(exist_ok=True)
                write_rows(folder / "register" / f"{name}.csv", FILES[name][1], entries)

    def known(self, register: Register, folder: Path, codes: frozenset[str]) -> Register:
        """A register with all that a person decided, and what else they put into the register/ of ``folder``.

        `Unfit` where something of it leads nowhere or clashes; its problems say where it would stand in that folder.
        """
        with tempfile.TemporaryDirectory(prefix="plangraph-") as made:
            laid = Path(made) / "register"
            if (folder / "register").is_dir():
                shutil.copytree(folder / "register", laid)
            for name in REVIEWED:
                (laid / f"{name}.csv").unlink(missing_ok=True)
            self._write_register(Path(made))
            if not laid.is_dir():
                return register
            here, there = {}, {}
            for name in FILES:
                here[shown(laid / f"{name}.csv")] = name
                there[name] = shown(folder / "register" / f"{name}.csv")
            try:
                found = register.extended(laid, codes)
            except InputError as error:
                at = _by_line(laid, codes)
                rows = [at.get((here.get(each.file, ""), each.row or 0)) for each in error.problems]
                told = [replace(each, file=there.get(here.get(each.file, ""), each.file)) for each in error.problems]
                raise Unfit(told, rows) from None
            files = {key: (there.get(here.get(file, ""), file), line) for key, (file, line) in found.files.items()}
            return replace(found, files=files)

    def usable(self, register: Register, folder: Path, codes: frozenset[str]) -> "Memory":
        """This without the bodies and spellings that lead nowhere; they join ``left_out``.

        InputError where what is wrong stands in another file, which only a person can mend.
        """
        memory = self
        while True:
            try:
                memory.known(register, folder, codes)
            except Unfit as unfit:
                bad = {id_: problem for id_, problem in zip(map(_name, unfit.rows), unfit.problems, strict=True) if id_}
                if not bad:
                    raise
                words = {_name(row): _words(row) for row in unfit.rows if row is not None}
                memory = replace(
                    memory,
                    bodies=tuple(row for row in memory.bodies if _name(row) not in bad),
                    spellings=tuple(row for row in memory.spellings if _name(row) not in bad),
                    left_out=(
                        *memory.left_out,
                        *(LeftOut(each.file, each.row or 0, words[name], each.message) for name, each in bad.items()),
                    ),
                )
            else:
                return memory


class Unfit(InputError):
    """Reviewed bodies or spellings that do not fit the register; ``rows`` are those of the problems, in their order."""

    def __init__(self, problems: Iterable[Problem], rows: Iterable[Row | None]) -> None:
        super().__init__(list(problems))
        self.rows = tuple(rows)


def _by_line(folder: Path, codes: frozenset[str]) -> dict[tuple[str, int], Row]:
    """The reviewed rows of a folder by file and line."""
    found: dict[tuple[str, int], Row] = {}
    for name in REVIEWED:
        if (path := folder / f"{name}.csv").exists():
            rows, lines = read_rows(path, *FILES[name], codes, [])
            found |= {(name, line): row for row, line in zip(rows, lines, strict=True)}
    return found


def _name(row: Row | None) -> str:
    return "" if row is None else f"{type(row).__name__} {row.path}"


def _words(row: Row) -> str:
    return f"{row.spelling}: {row.of}" if isinstance(row, Spelling) else row.path


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
