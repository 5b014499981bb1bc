"""Plans of other shapes are read as what they say: scored cell by cell against truths no reader wrote."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from kg.importing import import_document
from kg.tables import REPORT_FILE, Plan
from tests.reading.shapes import make

FOLDER = Path(make.__file__).parent
DOCUMENTS = sorted({*make.DOCUMENTS, *make.SAVED_BY_AN_OFFICE})
ENOUGH = 0.95
SCORED = {
    "priorities": ("label",), "delivery-priorities": ("label",), "actions": ("words",), "leads": ("partner",),
    "statuses": ("words", "state"), "outcomes": ("words",), "measures": ("words",), "owners": ("post",),
    "deadlines": ("words", "due", "period", "frequency"), "updates": ("rag", "progress", "state"),
    "cross-references": ("points_to",), "mentions": ("of",),
}  # fmt: skip
"""By table, the fields in which nothing may stand that the document does not say."""

COLUMNS = {
    "priorities": ("priority", "heading"), "actions": ("activity", "ref-no"), "leads": ("lead-partners",),
    "statuses": tuple("0123456789"), "outcomes": ("expected-outcome",), "measures": ("measure",),
    "owners": ("owner",), "deadlines": ("timescale",), "updates": ("rag", "progress", "status"),
}  # fmt: skip
"""How the columns end whose cells a table is read from."""


@dataclass(frozen=True)
class Fact:
    """One line of a truth."""

    element: str
    table: str
    field: str
    period: str
    value: str
    cell: str

    def __str__(self) -> str:
        period = f" of {self.period}" if self.period else ""
        return f"{self.cell}: {self.element} {self.table} {self.field}{period} is {self.value!r}"


class Reading:
    """What was read of one document, asked for in the words of a truth."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan = plan
        self.folder = folder
        with (folder / REPORT_FILE).open(encoding="utf-8", newline="") as file:
            self.report = [row for row in csv.DictReader(file) if row["kind"] not in ("understood", "written")]
        actions: list[Any] = sorted(plan.rows["actions"], key=lambda row: row.position)
        self.places = {row.path: f"#{n}" for n, row in enumerate(actions, start=1)}

    def names(self, row: Any, table: str) -> set[str]:
        """What a truth may call the element a row belongs to, small letters."""
        path = row.path if table in ("priorities", "delivery-priorities", "actions") else row.element
        return {path.casefold(), self.places.get(path, path)}

    def values(self, row: Any, table: str, name: str) -> set[str]:
        """What a row says in a field of a truth."""
        if name == "words" and table == "actions":
            steps = [step.verbatim or step.label for step in self.plan.rows["steps"] if step.element == row.path]
            return {bare(" ".join(steps)), bare(row.description), bare(row.label)} - {""}
        if name == "words":
            return {bare(getattr(row, each, "")) for each in ("verbatim", "label", "description", "progress")} - {""}
        if name == "partner":
            return {bare(row.partner), bare(row.verbatim)} - {""}
        found = getattr(row, name)
        return set(found) if isinstance(found, tuple) else {bare(found)} - {""}

    def rows(self, table: str, element: str, period: str) -> Iterator[Any]:
        """The rows of a table that belong to an element; those of a period, where the table has one."""
        for row in self.plan.rows[table]:
            of_period = table not in ("statuses", "updates") or row.period == period
            if element.casefold() in self.names(row, table) and of_period:
                yield row

    def holds(self, fact: Fact) -> bool:
        """Whether a fact stands where it should."""
        if fact.table == "withheld":
            return not self.printed(fact.value) and self.reports(fact)
        if fact.table == "reported":
            return self.reports(fact)
        # A label ends without the mark behind its words.
        wanted = [
            bare(part).rstrip(".:;") if fact.table == "actions" else bare(part) for part in fact.value.split(" | ")
        ]
        for row in self.rows(fact.table, fact.element, fact.period):
            values = self.values(row, fact.table, fact.field)
            if fact.table == "actions" and fact.field == "words":
                if all(any(part in value for value in values) for part in wanted):
                    return True
            elif wanted[0] in values:
                return True
        return False

    def reports(self, fact: Fact) -> bool:
        """Whether the report names a fact: by its words, or by its cell; a hidden row by its place and that word."""
        place = row_of(fact.cell)
        here = [row for row in self.report if place == (row["sheet"], row["line"])]
        if fact.field == "place":
            return any(fact.value in row["sentence"].casefold() for row in here)
        if fact.table == "withheld":
            return any(row["kind"] == "withheld" for row in here)
        value = bare(fact.value)
        return any(value in bare(row["words"]) for row in self.report) or any(
            row["column"].endswith(COLUMNS.get(fact.table, ())) for row in here
        )

    def printed(self, name: str) -> bool:
        """Whether a person's name stands in any file that was written."""
        return any(name.casefold() in words.casefold() for path in self.folder.rglob("*") for words in texts(path))

    def beyond(self, facts: list[Fact]) -> list[str]:
        """What stands in the tables and is no fact of the document."""
        wrong = []
        for table, fields in SCORED.items():
            for row in self.plan.rows[table]:
                names = self.names(row, table)
                period = row.period if table in ("statuses", "updates") else ""
                said = [fact for fact in facts if fact.table == table and fact.element.casefold() in names
                        and fact.period in ("", period)]  # fmt: skip
                for name in fields:
                    values = self.values(row, table, name) - {"status-not-stated"}
                    if values and not any(self._is_of(values, fact) for fact in said if fact.field == name):
                        # What words mean may be left open by a truth, but the words themselves may not.
                        if name == "state" and any(fact.field == "words" for fact in said):
                            continue
                        wrong.append(f"{table} {row.path} {name}: {sorted(values)} ({', '.join(row.source)})")
        return wrong

    @staticmethod
    def _is_of(values: set[str], fact: Fact) -> bool:
        whole = bare(fact.value.replace(" | ", " "))
        return bool(values & {whole, fact.value}) or (fact.table == "actions" and any(v in whole for v in values))


def bare(words: str) -> str:
    """Words with white space collapsed, without list marks at their edges."""
    return " ".join(re.sub(r"(?:^|\s)[•◦▪-]\s", " ", words).split())


def texts(path: Path) -> Iterator[str]:
    """What stands in a file, and in the parts of a workbook."""
    if path.suffix == ".xlsx":
        with ZipFile(path) as package:
            yield from (package.read(name).decode("utf-8", "replace") for name in package.namelist())
    elif path.is_file():
        yield path.read_text(encoding="utf-8")


def row_of(cell: str) -> tuple[str, str] | None:
    """A place as the report writes it, sheet and line; None for a paragraph, whose count nobody prints."""
    if found := re.match(r"(table) (\d+), row (\d+)", cell):
        return f"{found[1]}-{found[2]}", found[3]
    if found := re.fullmatch(r"(.+)![A-Z]+(\d+)", cell):
        return re.sub(r"[^a-z0-9]+", "-", found[1].casefold()), found[2]
    if found := re.match(r"(row|line) (\d+)", cell):
        return ("csv" if found[1] == "row" else ""), found[2]
    return None


def truth_of(document: str) -> list[Fact]:
    """The facts of a document."""
    with (FOLDER / f"{Path(document).stem}.truth.csv").open(encoding="utf-8", newline="") as file:
        return [Fact(**row) for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory):
    """A document read as `plangraph read` does, once."""
    done: dict[str, Reading] = {}

    def reading(document: str) -> Reading:
        if document not in done:
            out = tmp_path_factory.mktemp("read") / "out"
            plan = import_document(FOLDER / document, out).plan
            assert plan is not None
            done[document] = Reading(plan, out)
        return done[document]

    return reading


@pytest.mark.parametrize("document", DOCUMENTS)
def test_nearly_every_cell_stands_in_the_right_field(document: str, read, record_property):
    facts = truth_of(document)
    missed = [fact for fact in facts if not read(document).holds(fact)]
    right = 1 - len(missed) / len(facts)
    record_property("right", f"{len(facts) - len(missed)} of {len(facts)}")
    assert right >= ENOUGH, "\n".join(map(str, missed))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_is_missed_is_named_in_the_report(document: str, read):
    reading = read(document)
    silent = [fact for fact in truth_of(document) if not reading.holds(fact) and not reading.reports(fact)]
    assert silent == [], "\n".join(map(str, silent))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_nothing_stands_in_the_tables_that_the_document_does_not_say(document: str, read):
    wrong = read(document).beyond(truth_of(document))
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("document", make.DOCUMENTS)
def test_a_truth_is_what_lays_out_the_document(document: str, tmp_path: Path):
    make.DOCUMENTS[document](tmp_path / document).write(tmp_path / "truth.csv")
    kept = FOLDER / f"{Path(document).stem}.truth.csv"
    assert (tmp_path / "truth.csv").read_text(encoding="utf-8") == kept.read_text(encoding="utf-8")
    if Path(document).suffix in (".csv", ".tsv", ".html", ".txt"):
        assert (tmp_path / document).read_bytes() == (FOLDER / document).read_bytes()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_truth_says_something_of_every_action_and_names_a_place_for_every_fact(document: str):
    facts = truth_of(document)
    elements = {fact.element for fact in facts if fact.element.startswith(("#", "action/"))}
    assert {fact.element for fact in facts if (fact.table, fact.field) == ("actions", "words")} == elements
    assert len(elements) >= 3
    assert [fact for fact in facts if not (fact.value and fact.cell)] == []
