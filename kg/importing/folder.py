"""The folder an import writes: the document is read, and its tables, proposals and report are laid down together."""

import re
from collections.abc import Iterable
from pathlib import Path

from kg.documents import read_dump
from kg.errors import InputError
from kg.reading import Doubt, Report, Rules, interpret
from kg.reading.wording import slug
from kg.register import Register
from kg.settings import bundled
from kg.tables import REPORT_FILE, TABLES, known_codes, write_plan

DEFAULT_BOROUGH = "local"
_WRITTEN = [table for table in TABLES if table != "differences"]


def import_document(
    path: Path,
    out: Path,
    *,
    data: Path | None = None,
    borough: str | None = None,
    plan: str | None = None,
    register: Register | None = None,
    replace: bool = False,
) -> Report:
    """Read the document ``path`` and write its plan tables, plan.toml and report.csv into the folder ``out``.

    ``data`` holds register/ and reading/ (default: the bundled folder); ``register`` replaces the former.
    Names nobody knows are proposed in out/register/. Where ``borough`` or ``plan`` is not given, "local"
    and the file's name are taken and reported as doubtful. InputError where the document cannot be read:
    then report.csv alone is written. InputError too where ``out`` holds tables that a person made or corrected,
    unless ``replace`` says that they may go; nothing is touched then.
    """
    if not replace:
        _refuse_to_overwrite(out)
    data = bundled("data") if data is None else data
    borough_slug, plan_slug = _slugs(path, borough, plan)
    try:
        document = read_dump(path)
        rules = Rules.load(data / "reading")
        if register is None:
            register = Register.load(data / "register", known_codes(bundled("ontology")))
        reading = interpret(document, rules, register, borough_slug, plan_slug)
    except InputError as error:
        # An earlier reading's tables beside this report would look like its result.
        _clear(out)
        Report(path.name, refused=tuple(str(error).splitlines())).write(out)
        raise
    doubts = [*_unstated(borough, plan, borough_slug, plan_slug), *reading.doubts]
    _clear(out)
    write_plan(reading.tables, out)
    (out / "differences.csv").unlink(missing_ok=True)
    reading.names.write(out / "register")
    understood = {table: len(reading.tables.rows[table]) for table in _WRITTEN}
    report = Report(path.name, understood, tuple(doubts))
    report.write(out)
    return report


def _slugs(path: Path, borough: str | None, plan: str | None) -> tuple[str, str]:
    given = {"borough": borough, "plan": plan}
    for option, value in given.items():
        if value is not None and not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", value):
            suggestion = f' such as "{slug(value)}"' if slug(value) else ""
            raise InputError(f'--{option} must be lower-case letters, digits and hyphens{suggestion}, not "{value}".')
    return borough or DEFAULT_BOROUGH, plan or slug(path.stem) or "plan"


def _unstated(borough: str | None, plan: str | None, borough_slug: str, plan_slug: str) -> Iterable[Doubt]:
    if borough is None:
        yield Doubt(0, "borough", borough_slug, "is taken as the borough because none was given (--borough).")
    if plan is None:
        yield Doubt(
            0,
            "plan",
            plan_slug,
            "is taken as the plan's name, from the file's, because none was given (--plan).",
        )


def _refuse_to_overwrite(out: Path) -> None:
    """Raise InputError where ``out`` holds a plan that is not, or no longer, what an earlier reading wrote."""
    if not (out / "plan.toml").exists():
        return
    report = out / REPORT_FILE
    # The report is written last, so what is newer than it was corrected by hand.
    written = report.stat().st_mtime_ns if report.exists() else 0
    tables = [out / "plan.toml", *out.glob("*.csv"), *(out / "register").glob("*.csv")]
    if any(table.stat().st_mtime_ns > written for table in tables):
        raise InputError(
            f"{out} holds tables that were made or corrected by hand, and reading would overwrite them. "
            "Name another folder with --out, or say --replace."
        )


def _clear(out: Path) -> None:
    """Remove what an earlier reading wrote into ``out``, and nothing else."""
    for name in ("plan.toml", REPORT_FILE, *(f"{table}.csv" for table in TABLES)):
        (out / name).unlink(missing_ok=True)
    for name in ("bodies", "plans", "sections"):
        (out / "register" / f"{name}.csv").unlink(missing_ok=True)
    folder = out / "register"
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
