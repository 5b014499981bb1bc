"""The folder an import writes: the document is read, what a person decided is laid over it, all is put down at once."""

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from kg.documents import Document, open_document
from kg.errors import InputError, Problem
from kg.importing.corrections import Correction, Unsettled, corrected, together, unsettled_name
from kg.importing.from_template import Filled, filled
from kg.importing.memory import COLUMNS, CORRECTED, LEFT_OUT, REVIEWED, Memory
from kg.importing.page import as_page
from kg.importing.repair import META, NO_BODY, PARTNER, REPAIR_FILE, as_workbook, is_repair, read_repair
from kg.importing.report import (
    Partner,
    Places,
    ReadTable,
    Report,
    columns_of,
    findings_of,
    kept_of,
    partners_of,
    rows_of,
    written_before,
)
from kg.reading import Doubt, Interpretation, Rules, interpret
from kg.reading.wording import slug
from kg.register import FILES, Register, folded
from kg.settings import bundled
from kg.tables import (
    DECISIONS_FILE,
    REPORT_FILE,
    TABLES,
    UNFINISHED,
    Plan,
    PlanMeta,
    Row,
    known_codes,
    load_plan,
    named,
    parse_cell,
    write_plan,
    write_rows,
)
from kg.workbooks.rounds import is_round

DEFAULT_BOROUGH: Final = "local"
PAGE_FILE: Final = "report.html"
_READY: Final = "ready"
_WRITING: Final = "ready.part"
_OURS: Final = ("plan.toml", *(f"{table}.csv" for table in TABLES))
"""The tables: what no person writes into without their being told apart from what was read."""
_REMEMBERED: Final = {f"{name}.csv" for name in (*REVIEWED, Path(LEFT_OUT).stem)}
"""What lies in register/ out of the memory of the import."""
_FOLDERS: Final = ("register", "proposed", "reading")


@dataclass(frozen=True)
class _Wanted:
    """What the command says of the plan itself; blank: as the document or an earlier import says."""

    borough: str | None
    plan: str | None
    said: Mapping[str, str]


def import_document(
    path: Path,
    out: Path,
    *,
    data: Path | None = None,
    borough: str | None = None,
    plan: str | None = None,
    register: Register | None = None,
    replace: bool = False,
    title: str = "",
    first_period: str = "",
    last_period: str = "",
) -> Report:
    """Read the document ``path`` and write its plan tables and what there is to say about them into the folder ``out``.

    The folder then holds plan.toml and the tables, report.csv, report.html, the workbook repair.xlsx, and proposed/
    with the names nobody knows. What a person decided in repair.xlsx, in register/, reading/columns.csv,
    differences.csv and decisions.csv of that folder is read first and stays. ``path`` may be the repair.xlsx of the
    folder: then the document is read anew that its tables came from, found by its name and checksum.

    ``data`` holds register/ and reading/ (default: the bundled folder); ``register`` replaces the former. Where
    ``borough`` or ``plan`` is not given, they stay as they were, or "local" and the file's name are taken and reported.
    ``title``, ``first_period`` and ``last_period`` win over what the document says.

    InputError where the document cannot be read: the report then says why, and all else in ``out`` stays as it was.
    InputError too where ``out`` holds tables that a person made or changed, unless ``replace`` says that they may go,
    and where the repair sheet cannot be understood; nothing is touched then.
    """
    said = {"label": title, "first_period": first_period, "last_period": last_period}
    wanted = _Wanted(borough, plan, {key: value for key, value in said.items() if value})
    _check_slugs(borough, plan)
    if is_round(path):
        raise InputError(f"{path.name}: This is an update workbook: use plangraph update {path.name}")
    return _Import(path, out, bundled("data") if data is None else data, register, wanted).run(replaced=replace)


class _Import:
    """One import on its way into its folder."""

    def __init__(self, path: Path, out: Path, data: Path, register: Register | None, wanted: _Wanted) -> None:
        self.path = path
        self.out = out
        self.data = data
        self.given = register
        self.wanted = wanted
        self.codes = known_codes(bundled("ontology"))
        self.stage = out / UNFINISHED

    def run(self, *, replaced: bool) -> Report:
        _refuse_links(self.out)
        _finish(self.out)
        written = written_before(self.out)
        if not replaced:
            _refuse_to_overwrite(self.out, written)
        memory = Memory.load(self.out, self.codes).usable(self._base, self.out, self.codes)
        before = self._before(replaced)
        memory = self._with_repairs(memory, before, written)
        source = self._source(before)
        memory = self._with_options(memory)
        try:
            document = open_document(source)
            template = filled(document)
            borough, plan = self._slugs(source, before, template)
            with _staging(self.stage):
                register = self._register(memory)
                rules = Rules.load(self.data / "reading").extended(self.stage / "reading")
                reading = interpret(template.document if template else document, rules, register, borough, plan)
                reading = template.said_in(reading) if template else reading
                return self._lay_down(reading.document, reading, register, memory)
        except InputError as error:
            refused = _told_of(error, self.stage, self.out)
            self._refuse(source.name, written, refused)
            raise refused from None

    # --- what was there before ---

    def _before(self, replaced: bool) -> Plan | None:
        """The tables of the import before; None where there are none, or none that can be used."""
        if not (self.out / "plan.toml").exists():
            return None
        try:
            return load_plan(self.out, self.codes)
        except InputError:
            if replaced:
                return None
            raise

    def _with_repairs(self, memory: Memory, before: Plan | None, written: Mapping[str, str]) -> Memory:
        """The memory with what stands in a repair sheet that was not read yet."""
        beside = self.out / REPAIR_FILE
        changed = beside.is_file() and _checksum(beside) != written.get(REPAIR_FILE)
        given = self.path if is_repair(self.path) else None
        if given is not None and not (beside.exists() and given.samefile(beside)):
            if changed and _checksum(given) != _checksum(beside):
                raise InputError(
                    f"{beside} holds corrections that were not read yet, and {given} is another repair sheet. "
                    f"Read {beside} first, or take it away."
                )
            changed = True
        repair = given or beside
        if not changed:
            return memory
        if before is None:
            raise InputError(
                f"{self.out} holds no tables that {repair.name} could correct: read the document it came from first."
            )
        known = self._known(memory)
        if (self.out / "proposed").is_dir():
            known = known.extended(self.out / "proposed", self.codes, proposed=True)
        return memory.with_more(read_repair(repair, memory, before, known, self.codes, self._known))

    @cached_property
    def _base(self) -> Register:
        return self.given or Register.load(self.data / "register", self.codes)

    def _known(self, memory: Memory) -> Register:
        return memory.known(self._base, self.out, self.codes)

    def _source(self, before: Plan | None) -> Path:
        """The document to read: the one given, or the one the repair sheet given belongs to."""
        if not is_repair(self.path) or before is None:
            return self.path
        source = before.meta.source
        for folder in (self.path.parent, self.out, self.out.parent, Path.cwd()):
            candidate = folder / Path(source.file).name
            if candidate.is_file() and _checksum(candidate) == source.sha256:
                return candidate
        raise InputError(
            f"{self.path.name} corrects what was read from {source.file}, and that document is needed too: put it "
            f"beside {self.out}, or run: plangraph read {source.file} --out {self.out}"
        )

    def _with_options(self, memory: Memory) -> Memory:
        """What the command says of the plan is remembered as a correction."""
        made = {each.place: each for each in memory.corrections}
        for key, value in self.wanted.said.items():
            before = made.get((META, "plan", key))
            read = before.read if before else ""
            made[META, "plan", key] = Correction(META, "plan", key, read, value, note="Given to the command.")
        return replace(memory, corrections=tuple(made.values()))

    def _slugs(self, source: Path, before: Plan | None, template: Filled | None) -> tuple[str, str]:
        said, title = (template.borough, template.title) if template else ("", "")
        borough = self.wanted.borough or said or (before.meta.borough if before else DEFAULT_BOROUGH)
        named_plan = before.meta.plan if before else slug(title) or slug(source.stem) or "plan"
        return borough, self.wanted.plan or named_plan

    # --- the reading ---

    def _register(self, memory: Memory) -> Register:
        """The register with all that was reviewed, out of the files that will lie in the folder."""
        # What else a person put there counts too: plans, places, other spellings.
        if (self.out / "register").is_dir():
            shutil.copytree(self.out / "register", self.stage / "register", ignore=lambda *_: _REMEMBERED)
        memory.write(self.stage)
        return memory.known(self._base, self.stage, self.codes)

    def _lay_down(self, document: Document, reading: Interpretation, register: Register, memory: Memory) -> Report:
        """Write the folder of a reading and return its report."""
        proposals, plan, lost = _without_nobodies(reading, memory)
        plan, memory, doubts, names = _laid_over(plan, memory)
        places = Places(document, reading.layout.columns)
        unstated = _unstated(self.wanted, plan.meta, document.path)
        notes = [
            Doubt(each.line, each.column, each.kept, each.sentence, each.sheet, kind="kept" if each.kept else "noted")
            for each in document.notes
        ]
        known = [each for each in reading.doubts if PARTNER + folded(each.words) not in memory.decisions
                 or "is no body the register knows" not in each.sentence]  # fmt: skip
        left_out = [
            Doubt(0, "partner", each.words,
                  f"stands in {each.file}:{each.row} and cannot be used: {each.sentence} It is kept in {LEFT_OUT}; "
                  "decide on the name again.")
            for each in memory.left_out
        ]  # fmt: skip
        told = [*unstated, *left_out, *notes, *doubts, *lost, *known]
        told.sort(key=lambda each: places.order(each.sheet, each.line))
        findings = findings_of(told, places, memory.decisions, names)
        report = Report(
            document.path.name,
            plan=plan,
            findings=findings,
            partners=(*partners_of(plan, register, proposals.get("bodies", {})), *_nobodies(memory)),
            documents=tuple(row.label for row in proposals.get("plans", {}).values()),
            columns=columns_of(reading, places),
            tables=tuple(ReadTable(places.at(each.sheet, each.line), each.sentence) for each in reading.layout.tables),
            kept=kept_of(reading, places),
            rows=rows_of(document, reading),
            corrections=len(memory.corrections),
            folder=self.out,
        )
        self._write(report, memory, register, proposals)
        _swap(self.out, self.stage)
        return report

    def _write(
        self, report: Report, memory: Memory, register: Register, proposals: Mapping[str, Mapping[str, Any]]
    ) -> None:
        if report.plan is None:
            return
        write_plan(report.plan, self.stage)
        memory.write(self.stage)
        if not memory.corrections:
            (self.stage / "differences.csv").unlink()
        for name, rows in proposals.items():
            if rows:
                (self.stage / "proposed").mkdir(exist_ok=True)
                write_rows(self.stage / "proposed" / f"{name}.csv", FILES[name][1], rows.values())
        # As a build will read it: what does not hold together is told now.
        load_plan(self.stage, self.codes)
        (self.stage / REPAIR_FILE).write_bytes(as_workbook(report, memory, register, self.codes))
        (self.stage / PAGE_FILE).write_bytes(as_page(report))
        report.write(self.stage, {name: _checksum(self.stage / name) for name in sorted(_files(self.stage))})

    def _refuse(self, document: str, written: Mapping[str, str], error: InputError) -> None:
        """Leave the report of a refusal. All else stays as it was: tables, repair sheet and what a person decided."""
        kept = (self.out / "plan.toml").exists()
        report = Report(document, refused=tuple(str(error).splitlines()), folder=self.out if kept else None)
        with _staging(self.stage):
            (self.stage / PAGE_FILE).write_bytes(as_page(report))
            # It still says what the files beside it were, so that nobody's corrections are taken for ours.
            report.write(self.stage, written)
            for name in (PAGE_FILE, REPORT_FILE):
                (self.stage / name).replace(self.out / name)


# --- what a person decided, laid over a reading --------------------------------------------------------------------


def _laid_over(plan: Plan, memory: Memory) -> tuple[Plan, Memory, list[Doubt], dict[Doubt, str]]:
    """A plan with the corrections that hold, the memory as it is now, and doubts (with names) for those that do not."""
    settled = {name: each.decision for name, each in memory.decisions.items()}
    about_plan = [each for each in memory.corrections if each.table == META]
    meta, kept, unsettled = _corrected_meta(plan.meta, about_plan, settled)
    plan = replace(plan, meta=meta)
    done = corrected(plan, [each for each in memory.corrections if each.table != META], settled)
    unsettled += done.unsettled
    corrections = tuple(together((), [*kept, *done.applied, *(each.correction for each in unsettled)]))
    memory = replace(memory, corrections=corrections)
    doubts, names = [], {}
    for each in unsettled:
        if not each.sentence:
            continue
        row: Any = each.row
        line, column, sheet = _cell_of(row) if row is not None else (0, each.correction.table, "")
        words = f"{each.correction.table}, {each.correction.key}"
        doubt = Doubt(line, column, words, each.sentence, sheet, each.correction.proposal)
        doubts.append(doubt)
        names[doubt] = unsettled_name(each.correction, each.row)
    differences = tuple(each.as_difference() for each in corrections)
    return replace(done.plan, rows={**done.plan.rows, "differences": differences}), memory, doubts, names


def _corrected_meta(
    meta: PlanMeta, corrections: Iterable[Correction], settled: Mapping[str, str]
) -> tuple[PlanMeta, list[Correction], list[Unsettled]]:
    """What plan.toml says with its corrections; those given to the command hold whatever the document says."""
    applied: list[Correction] = []
    unsettled: list[Unsettled] = []
    values = meta.model_dump()
    for each in corrections:
        now = str(values.get(each.column) or "")
        given = each.read == "" and each.note == "Given to the command."
        name = unsettled_name(each, None)
        if given or now == each.read or settled.get(name) == "accept":
            values[each.column] = each.kept
            applied.append(each if given else replace(each, read=now))
        elif settled.get(name) != "ignore":
            sentence = f'was corrected when the document said "{each.read}"; now it says "{now}".'
            unsettled.append(Unsettled(each, sentence))
    try:
        return PlanMeta.model_validate(values), applied, unsettled
    except ValidationError as error:
        sentences = [fault["msg"].removeprefix("Value error, ") for fault in error.errors()]
        raise InputError([Problem(f"{sentence}.", META) for sentence in sentences]) from None


def _cell_of(row: Any) -> tuple[int, str, str]:
    """Line, column and sheet of the first cell a row was read from."""
    cell = parse_cell(row.source[0])
    return cell.line, cell.column, cell.sheet


def _without_nobodies(reading: Interpretation, memory: Memory) -> tuple[dict[str, dict[str, Any]], Plan, list[Doubt]]:
    """The proposals and tables without the printed names that a person says are no bodies; their words are told."""
    proposals: dict[str, dict[str, Any]] = {name: dict(rows) for name, rows in reading.names.proposals.items()}
    said = {each.doubt.removeprefix(PARTNER) for each in memory.decisions.values() if each.decision == NO_BODY}
    gone = {id_: row.label for id_, row in proposals["bodies"].items() if folded(row.label) in said}
    if not gone:
        return proposals, reading.tables, []
    words = {*gone, *gone.values()}
    lost: list[Doubt] = []
    rows: dict[str, tuple[Row, ...]] = {}
    for table, held in reading.tables.rows.items():
        kept = []
        for row in held:
            names = [
                name for column, _, name in named(row) if column in ("partner", "of", "points_to") and name in words
            ]
            if names and table in ("leads", "mentions", "cross-references"):
                if table == "leads":
                    line, column, sheet = _cell_of(row)
                    sentence = "is no body, as a person decided; its words are kept here and name no partner."
                    lost.append(
                        Doubt(line, column, getattr(row, "verbatim", "") or names[0], sentence, sheet, kind="kept")
                    )
                continue
            kept.append(row)
        rows[table] = tuple(kept)
    proposals["bodies"] = {id_: row for id_, row in proposals["bodies"].items() if id_ not in gone}
    return proposals, replace(reading.tables, rows=rows), lost


def _nobodies(memory: Memory) -> Iterator[Partner]:
    """The printed names that a person says are no bodies, so that they can say otherwise."""
    for each in memory.decisions.values():
        if each.decision == NO_BODY:
            yield Partner(each.words, "", "", "", 0, False, "is no body, as a person decided")


def _unstated(wanted: _Wanted, meta: PlanMeta, document: Path) -> Iterator[Doubt]:
    if wanted.borough is None and meta.borough == DEFAULT_BOROUGH:
        yield Doubt(
            0, "borough", meta.borough, "is taken as the borough because none was given (--borough).",
            proposed=meta.borough,
        )  # fmt: skip
    if wanted.plan is None and meta.plan == (slug(document.stem) or "plan"):
        sentence = "is taken as the plan's name, from the file's, because none was given (--plan)."
        yield Doubt(0, "plan", meta.plan, sentence, proposed=meta.plan)


def _check_slugs(borough: str | None, plan: str | None) -> None:
    for option, value in {"borough": borough, "plan": plan}.items():
        if value is not None and not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", value):
            suggestion = f' such as "{slug(value)}"' if slug(value) else ""
            raise InputError(f'--{option} must be lower-case letters, digits and hyphens{suggestion}, not "{value}".')


# --- files -----------------------------------------------------------------------------------------------------


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(folder: Path) -> set[str]:
    """The files below a folder, as paths from it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _refuse_links(out: Path) -> None:
    """Refuse a folder whose own folders lead elsewhere: what is written must stay in it."""
    for name in (*_FOLDERS, UNFINISHED):
        if (out / name).is_symlink():
            raise InputError(f"{out / name} is a link to another place; an import writes into its own folder only.")


def _refuse_to_overwrite(out: Path, written: Mapping[str, str]) -> None:
    """Raise InputError where ``out`` holds a plan that is not, or no longer, what an earlier import wrote."""
    if not (out / "plan.toml").exists():
        return
    tables = [name for name in _OURS if name != "differences.csv" and (out / name).exists()]
    changed = [name for name in tables if written.get(name) != _checksum(out / name)]
    gone = [name for name in written if name in _OURS and name != "differences.csv" and not (out / name).exists()]
    if changed or gone:
        raise InputError(
            f"{out} holds tables that were made or corrected by hand ({', '.join([*changed, *gone])}), and reading "
            f"would overwrite them. Put the corrections into {REPAIR_FILE} instead, name another folder with --out, "
            "or say --replace."
        )


@contextmanager
def _staging(stage: Path) -> Iterator[None]:
    """Have the folder in which an import is put together; whatever goes wrong, it is gone afterwards."""
    stage.mkdir(parents=True)
    try:
        yield
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _swap(out: Path, stage: Path) -> None:
    """Move what was put together into its place. From the mark on, the next import finishes what was interrupted."""
    files = sorted(_files(stage), key=lambda name: (name == REPORT_FILE, name))
    (stage / _WRITING).write_text("\n".join(files), encoding="utf-8")
    (stage / _WRITING).replace(stage / _READY)
    _finish(out)


def _finish(out: Path) -> None:
    """Move the files of an import that is whole; throw away one that is not."""
    stage = out / UNFINISHED
    if not stage.is_dir():
        return
    if (stage / _READY).exists():
        new = (stage / _READY).read_text("utf-8").split("\n")
        for name in sorted(_ours(out) - set(new)):
            (out / name).unlink()
        # The report last: it says what the others are.
        for name in new:
            if (stage / name).exists():
                (out / name).parent.mkdir(exist_ok=True)
                (stage / name).replace(out / name)
        for folder in _FOLDERS:
            if (out / folder).is_dir() and not any((out / folder).iterdir()):
                (out / folder).rmdir()
    shutil.rmtree(stage)


def _ours(out: Path) -> set[str]:
    """The files in a folder that imports write."""
    names = {
        *_OURS,
        REPORT_FILE,
        PAGE_FILE,
        REPAIR_FILE,
        DECISIONS_FILE,
        COLUMNS,
        CORRECTED,
        LEFT_OUT,
    }
    names |= {f"proposed/{name}.csv" for name in FILES} | {f"register/{name}.csv" for name in ("bodies", "spellings")}
    return {name for name in names if os.path.lexists(out / name)}


def _told_of(error: InputError, stage: Path, out: Path) -> InputError:
    """The same, with the places where the files would have been."""
    problems = [
        replace(problem, file=problem.file.replace(f"{UNFINISHED}/", "").replace(str(stage), str(out)))
        for problem in error.problems
    ]
    return type(error)(problems)
