"""A workbook of plan tables is imported as it stands, and its repair sheet corrects it like any other."""

import openpyxl
import pytest

from kg.errors import InputError
from kg.workbooks import Folder, add_tables
from tests.importing.conftest import Imported


@pytest.fixture
def written(imported: Imported) -> Imported:
    """The short plan as a workbook of its tables, imported into a folder of its own."""
    book = openpyxl.Workbook()
    add_tables(book, Folder(imported.plan))
    del book["Sheet"]
    imported.source = imported.folder / "plan.xlsx"
    book.save(imported.source)
    imported.out = imported.folder / "from-workbook"
    return imported


def test_tables_written_in_a_workbook_are_imported_as_they_stand(written: Imported):
    before = {name: data for name, data in Imported(written.folder).files().items() if name.endswith("s.csv")}
    written.read()
    after = written.files()
    tables = [name for name in before if "/" not in name and name != "decisions.csv"]
    assert len(tables) > 10
    assert {name: after[name] for name in tables} == {name: before[name] for name in tables}
    assert after["proposed/bodies.csv"]
    written.read()
    assert written.files() == after


def test_a_correction_of_a_workbook_stays(written: Imported):
    written.read()
    with written.repairing() as book:
        book.put("actions.csv", "label", "Walks", identifier="1.1")
    written.read()
    written.read(path=written.repair)
    assert written.plan.rows["actions"][0].label == "Walks"


def test_a_mistake_in_a_workbook_is_told_with_its_sheet(written: Imported):
    book = openpyxl.load_workbook(written.source)
    book["statuses.csv"]["D2"] = "status-done"
    book.save(written.source)
    with pytest.raises(InputError, match=r'statuses\.csv:2: column "state": "status-done" is no code'):
        written.read()
