"""`plangraph brief`: the file it writes, what it says, and what it refuses."""

import io

import pytest
from click.testing import CliRunner
from docx import Document

from kg.briefs import as_word
from kg.cli import main


@pytest.fixture
def run(hackney, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, ["brief", "--home", str(hackney.settings.home), *words])


def test_it_writes_the_brief_under_the_name_of_the_partner(run, write, tmp_path):
    result = run("--partner", "hackney housing")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Hackney Housing leads 4 of the 49 actions" in result.stderr
    assert result.stderr.endswith("Written to brief-hackney-housing.docx.\n")
    assert (tmp_path / "brief-hackney-housing.docx").read_bytes() == as_word(write(partner="Hackney Housing"))


def test_it_writes_where_it_is_told(run, tmp_path):
    assert run("--priority", "2/1", "--year", "2016/17", "--out", "night.docx").exit_code == 0
    document = Document(io.BytesIO((tmp_path / "night.docx").read_bytes()))
    assert document.paragraphs[0].text.startswith("Brief: Priority 2/1, Targeted action")
    assert document.paragraphs[1].text == "Hackney Community Safety Plan 2015-18, 2016/17"


@pytest.mark.parametrize(
    ("words", "said"),
    [((), "about a partner or a priority"), (("--partner", "Hackny Housing"), "nearest: Hackney Housing")],
)
def test_what_it_cannot_write_about_it_refuses_in_a_sentence(run, tmp_path, words, said):
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not list(tmp_path.iterdir())
