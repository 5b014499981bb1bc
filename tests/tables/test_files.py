"""One table and its CSV file: every mistake names file, row and column."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.tables import Step, header, known_codes, nearest, read_rows, read_text, shown, write_rows

COLUMNS = header(Step)
GOOD = "action/1.1,1,Meet them,,,,,,L008-activity,cert-stated,"


def steps(path, codes, *lines: str | bytes, head: str = ",".join(COLUMNS)):
    """The rows of a file with these lines and its problems as printed, the folder left out."""
    raw = [line if isinstance(line, bytes) else line.encode() for line in (head, *lines)]
    path.write_bytes(b"\n".join(raw) + b"\n")
    problems = []
    rows, numbers = read_rows(path, Step, COLUMNS, codes, problems)
    return rows, numbers, [str(problem).removeprefix(f"{path.parent}{os.sep}") for problem in problems]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "steps.csv"


def test_rows_are_numbered_as_a_spreadsheet_does(path, codes):
    rows, numbers, problems = steps(path, codes, GOOD, "", ",,,,,,,,,,", GOOD.replace(",1,", ",2,", 1))
    assert ([row.position for row in rows], numbers, problems) == ([1, 2], [2, 5], [])


def test_a_byte_order_mark_and_windows_line_ends_are_taken(path, codes):
    path.write_bytes(b"\xef\xbb\xbf" + f"{','.join(COLUMNS)}\r\n{GOOD}\r\n".encode())
    problems = []
    assert len(read_rows(path, Step, COLUMNS, codes, problems)[0]) == 1
    assert not problems


def test_columns_may_stand_in_any_order(path, codes):
    mixed = ",".join(reversed(COLUMNS))
    rows, _, problems = steps(path, codes, ",".join(reversed(GOOD.split(","))), head=mixed)
    assert (rows[0].label, problems) == ("Meet them", [])


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ("element,position,lable", 'steps.csv:1: column "label": this column is missing (nearest: lable).'),
        ("label,label", 'steps.csv:1: column "label": this column stands twice.'),
        ("verbatim,colour", 'steps.csv:1: column "colour": no such column is known; take it out.'),
    ],
)
def test_a_wrong_header_is_told_by_column(path, codes, head, says):
    names = dict.fromkeys(COLUMNS)
    if "lable" in head:
        names = ["lable" if name == "label" else name for name in names]
    else:
        names = [*names, head.split(",")[1]]
    _, _, problems = steps(path, codes, GOOD, head=",".join(names))
    assert problems == [says]


@pytest.mark.parametrize(("mark", "called"), [(";", "semicolons"), ("\t", "tabs")])
def test_cells_parted_by_something_else_are_told_once(path, codes, mark, called):
    _, _, problems = steps(path, codes, GOOD.replace(",", mark), head=mark.join(COLUMNS))
    assert problems == [f"steps.csv:1: the cells are parted by {called}: save it with commas."]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (GOOD.replace("Meet them", ""), 'steps.csv:3: column "label": nothing stands here, and something must.'),
        (
            GOOD.replace("cert-stated", "cert-statd"),
            'steps.csv:3: column "certainty": "cert-statd" is no code (nearest: cert-stated).',
        ),
        (
            GOOD.replace("cert-stated", "role-sole"),
            'steps.csv:3: column "certainty": "role-sole" is no code.',
        ),
        (
            GOOD.replace("them,,,", "them,soon,,"),
            'steps.csv:3: column "due": "soon" is not a date written like 2016-07-31 or 2016-07.',
        ),
        (
            GOOD.replace("Meet them", "Meet, them"),
            "steps.csv:3: this row has 12 cells and the header has 11: a cell that holds a comma must stand in quotes.",
        ),
        (
            GOOD.replace("Meet them", '"Meet" them'),
            "steps.csv:3: from here on this is no CSV (',' expected after '\"').",
        ),
        (
            GOOD.replace("Meet them", "Überall").encode("latin-1"),
            "steps.csv:3: byte 0xdc is not UTF-8 text: save it as CSV UTF-8.",
        ),
    ],
)
def test_a_wrong_cell_is_told_by_row_and_column(path, codes, line, says):
    _, _, problems = steps(path, codes, GOOD, line)
    assert problems == [says]


def test_a_quote_that_never_closes_is_told(path, codes):
    _, _, problems = steps(path, codes, GOOD, GOOD.replace("Meet them", '"Meet them'))
    assert problems == ["steps.csv:3: from here on this is no CSV (unexpected end of data)."]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (None, "this file is missing."),
        (b"", "this file is empty."),
        (b" \n\n", "this file is empty."),
        (b"PK\x03\x04\x00\x00", "this is not a text file (it holds zero bytes): save it as CSV UTF-8."),
        ("element,position".encode("utf-16"), "this is not a text file (it holds zero bytes): save it as CSV UTF-8."),
    ],
)
def test_a_file_that_is_no_text_is_refused(path, raw, says):
    if raw is not None:
        path.write_bytes(raw)
    with pytest.raises(InputError) as caught:
        read_text(path)
    assert str(caught.value) == f"{path}: {says}"


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_text(tmp_path)


def test_files_below_the_working_directory_are_named_from_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert shown(tmp_path / "data" / "leads.csv") == "data/leads.csv"
    assert shown(tmp_path.parent / "leads.csv") == str(tmp_path.parent / "leads.csv")


def test_the_nearest_name_is_a_hint_and_far_ones_are_not():
    known = ["Hackney Housing", "Young Hackney", "LBH Licensing"]
    assert nearest("Hackney Houseing", known) == " (nearest: Hackney Housing)"
    assert nearest("hackney housing", known) == " (nearest: Hackney Housing)"
    assert nearest("Xyz", known) == ""


def test_codes_are_those_of_the_ontology(codes):
    assert {"status-ongoing", "role-principal", "cert-inferred", "xref-delivers"} <= codes


def test_an_ontology_without_codes_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"codes\.ttl"):
        known_codes(tmp_path)


# A row is stripped when it is read; zero bytes and lone surrogates are no text, returns become line feeds.
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")).map(str.strip)


@given(label=WORDS.filter(bool), verbatim=WORDS)
def test_any_words_survive_being_written_and_read(tmp_path_factory, codes, label, verbatim):
    row = Step(
        element="action/1.1",
        position=1,
        label=label,
        verbatim=verbatim,
        source="L008-activity",
        certainty="cert-stated",
    )
    path = tmp_path_factory.mktemp("steps") / "steps.csv"
    write_rows(path, COLUMNS, [row])
    problems = []
    assert read_rows(path, Step, COLUMNS, codes, problems)[0] == [row]
    assert not problems
