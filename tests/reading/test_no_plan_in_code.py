"""The reader understands structure: no reference, line or name of one plan stands in its code."""

import re
from pathlib import Path

import pytest

import kg
from kg.register import Register
from kg.settings import bundled
from kg.tables import known_codes

ROOMS = ("documents", "reading")
CODE = sorted(path for room in ROOMS for path in (Path(kg.__file__).parent / room).glob("*.py"))


@pytest.fixture(scope="module")
def names() -> set[str]:
    """Every label and spelling of the bundled register."""
    register = Register.load(bundled("data") / "register", known_codes(bundled("ontology")))
    return {entry.label for entry in register.entries.values()} | {row.spelling for row in register.spellings}


def code_of(path: Path) -> str:
    """The lines of a file that do something: no docstrings, no comments."""
    text = re.sub(r'"""(?:.|\n)*?"""', "", path.read_text(encoding="utf-8"))
    return re.sub(r"(?m)#.*$", "", text)


@pytest.mark.parametrize("path", CODE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_name_of_the_register_stands_in_the_code(path: Path, names: set[str]):
    code = code_of(path)
    assert len(names) > 150
    assert {name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", code)} == set()


@pytest.mark.parametrize("path", CODE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_reference_and_no_line_stands_in_the_code(path: Path):
    assert re.findall(r"[\"'](?:\d+\.\d+|L\d{3,}\S*|sp/\d\S*)[\"']", code_of(path)) == []
