"""Whatever a plan says, no word of it is lost, and no person is named in anything that is made of it."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment

from kg.documents import parse_dump
from kg.importing import import_document
from kg.reading import Interpretation, Rules, cells_by_id, interpret
from kg.register import Register

HEADER = ("Ref", "Activity", "Lead", "Outcome", "Measure", "Timescale", "Owner", "RAG", "Progress", "Comments", "Doors")
WORDS = st.lists(st.from_regex(r"[a-z]{3,8}", fullmatch=True), min_size=1, max_size=10).map(" ".join)
FORMS = (
    "Cllr {surname}", "Dr {given} {surname}", "{given} {surname}, Head of Licensing",
    "Head of Licensing ({given} {surname})", "Licensing Manager - {given} {surname}", "zxcv.x@example.org",
    "Mrs {surname} on 020 7946 0123", "Inspector {surname}", "Agreed with Sergeant {given} {surname}.",
    "<p>Head of Licensing</p><p>{given} {surname}</p>",
)  # fmt: skip
PERSON = st.builds(
    lambda form, given, surname: form.format(given=given, surname=surname),
    st.sampled_from(FORMS),
    st.sampled_from(["Jo", "Sam", "J."]),
    st.sampled_from(["Zxcvqwert", "O'Zxcvbury", "O&#x27;Zxcvbury", "Zxcvham-Zxcvton"]),
)
TRACES = re.compile(r"zxcv|7946", re.IGNORECASE)


@pytest.fixture(scope="module")
def said(rules: Rules, tiny_register: Register):
    def saying(**cells: str) -> str:
        given = {"Ref": "1.1", "Activity": "We act.", "Lead": "Youth Team"} | cells
        line = "\t".join(given.get(name, "") for name in HEADER)
        document = parse_dump("\n".join(["\t".join(HEADER), line, ""]).encode(), Path("plan.txt"))
        reading: Interpretation = interpret(document, rules, tiny_register, "tinford", "plan")
        everything = [str(row) for table in reading.tables.rows.values() for row in table]
        everything += [f"{each.words} {each.sentence} {each.proposed} {each.kind}" for each in reading.doubts]
        everything += [str(rows) for rows in reading.names.proposals.values()]
        everything += [each.cell.words for each in reading.layout.kept]
        return " ".join([*everything, *cells_by_id(document, rules).values()])

    return saying


@pytest.mark.parametrize("column", ["Activity", "Measure", "Timescale", "Progress", "RAG", "Comments", "Doors"])
@settings(max_examples=8, deadline=None)
@given(words=WORDS)
def test_no_word_is_lost(column: str, words: str, said):
    assert words in said(**{column: words})


@settings(max_examples=60, deadline=None)
@given(column=st.sampled_from(HEADER[1:]), person=PERSON)
def test_no_person_is_named(column: str, person: str, said):
    everything = said(**{column: person})
    assert TRACES.search(everything) is None
    assert "withheld" in everything


def test_no_person_stands_in_any_file_that_an_import_writes(tmp_path: Path):
    book = Workbook()
    book.active.append(HEADER)
    for at, form in enumerate(FORMS[:-1], start=1):
        person = form.format(given="Jo", surname="Zxcvqwert")
        book.active.append([f"1.{at}", person, person, person, person, person, person, person, person, person, person])
    book.active["B2"].comment = Comment("Ask Cllr Zxcvqwert.", "Jo Zxcvqwert")
    hidden = book.create_sheet("Notes")
    hidden["A1"] = "Call Ms Zxcvqwert on 020 7946 0123."
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "plan.xlsx")
    import_document(tmp_path / "plan.xlsx", tmp_path / "out")
    for path in (tmp_path / "out").rglob("*.*"):
        words = path.read_bytes()
        if path.suffix == ".xlsx":
            with ZipFile(path) as package:
                words = b" ".join(package.read(name) for name in package.namelist())
        assert TRACES.search(words.decode()) is None, path.name
