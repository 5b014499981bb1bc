"""The register grows with care: every change is shown first, refused where it would harm, and builds when made."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.build import build
from kg.cli import main
from kg.curating import accept, bodies, merge, proposals, split
from kg.errors import InputError, NotFound
from kg.graph.store import LocalStore
from kg.questions import Names, ask
from kg.settings import Settings
from tests.conftest import ROOT

LEADS = Path("plans/hackney/community-safety-plan-2015-18/leads.csv")


@pytest.fixture
def settings(tmp_path) -> Settings:
    """A copy of the bundled tables."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return Settings.read(environ={}, home=tmp_path / "home", data=tmp_path / "data")


def texts(data: Path) -> dict[str, bytes]:
    return {path.relative_to(data).as_posix(): path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file()}


def led(settings: Settings, partner: str) -> int:
    store = LocalStore(build(settings))
    try:
        return len(ask(store, "actions-a-partner-leads", Names.load(store), partner=partner))
    finally:
        store.close()


def test_a_merge_changes_nothing_until_it_is_written_and_can_be_undone(settings):
    before = texts(settings.data)
    change = merge(settings, "LBH Housing", "Hackney Housing", "One service.")
    assert texts(settings.data) == before
    assert change.counts[str(LEADS)] == 4
    kept = change.write(settings.home)
    after = texts(settings.data)
    assert {path for path in before if before[path] != after[path]} == set(change.contents)
    assert "One service." in (settings.data / "register" / "spellings.csv").read_text("utf-8")
    assert led(settings, "Hackney Housing") == led(settings, "LBH Housing") == 5
    shutil.copytree(kept, settings.data, dirs_exist_ok=True)
    assert texts(settings.data) == before


def test_what_was_printed_is_another_spelling_after_a_merge(settings):
    change = merge(settings, "LBH Housing", "Hackney Housing", "One service.")
    rows = [row for row in change.contents[str(LEADS)].splitlines() if row.startswith("action/3.1,2,")]
    assert rows == ["action/3.1,2,LBH Housing,role-joint,Hackney Housing,L063-lead-partners,cert-normalised,"]


@pytest.mark.parametrize(
    ("kept", "gone", "says"),
    [
        ("Town Centre Management", "LBH Regeneration", "a part of itself"),
        ("Probation", "MPS", "differ in kind"),
        ("Safer Communities", "LBH Safer Communities", "one body already"),
        ("Safer Communities", "LBH Licensing", "named together"),
    ],
)
def test_a_merge_that_would_harm_is_refused_in_a_sentence(settings, kept, gone, says):
    with pytest.raises(InputError, match=says):
        merge(settings, kept, gone, "Because.")


def test_a_body_that_is_not_there_gets_the_nearest(settings):
    with pytest.raises(NotFound, match="nearest: Hackney Housing"):
        merge(settings, "Hackny Housing", "MPS", "Because.")


def test_a_change_needs_a_reason(settings):
    with pytest.raises(InputError, match="Say why"):
        merge(settings, "LBH Housing", "Hackney Housing", " ")


def test_a_split_takes_its_spellings_and_what_is_printed_so(settings):
    officers = ["community safety officers"]
    change = split(settings, "Safer Communities", "Community Safety Officers", officers, "Posts of their own.")
    change.write(settings.home)
    known = {one.body.label: one for one in bodies(settings)}
    assert known["Community Safety Officers"].used == {"community-safety-plan-2015-18": 1}
    assert known["Community Safety Officers"].body.editorial_note == "Posts of their own."
    assert "community safety officers" not in known["Safer Communities"].spellings
    assert led(settings, "Safer Communities") == 19


@pytest.mark.parametrize(
    ("into", "spelling", "says"),
    [("Metropolitan Police Service", "Community Safety", "already"), ("Nightingales", "Nightingale", "is no spelling")],
)
def test_a_split_that_would_clash_is_refused(settings, into, spelling, says):
    with pytest.raises(InputError, match=says):
        split(settings, "Safer Communities", into, [spelling], "Because.")


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder in which a reading proposed three bodies."""
    head = (ROOT / "data" / "register" / "bodies.csv").read_text("utf-8").splitlines()[0]
    rows = [f"hackney/org/{slug},{label},Organization,ptype-unstated,,,,,,,cert-ambiguous,Proposed." for slug, label in
            (("hackny-housing", "Hackny Housing"), ("zebra-club", "Zebra Crossing Club"), ("mps", "MPS"))]  # fmt: skip
    (tmp_path / "read" / "proposed").mkdir(parents=True)
    (tmp_path / "read" / "proposed" / "bodies.csv").write_text("\n".join([head, *rows, ""]), "utf-8")
    return tmp_path / "read"


def test_what_was_proposed_is_matched_suggested_or_unknown(settings, folder):
    told = [(one.body.label, one.verdict, one.known) for one in proposals(settings, folder)]
    assert told == [
        ("Hackny Housing", "suggested", "Hackney Housing"),
        ("Zebra Crossing Club", "unknown", ""),
        ("MPS", "matched", "org/metropolitan-police"),
    ]


def test_a_proposal_is_taken_with_reason_and_certainty(settings, folder):
    accept(settings, folder, "hackny housing", "Hackney Housing", "A slip.", "cert-normalised").write(settings.home)
    accept(settings, folder, "Zebra Crossing Club", "", "It is new.", "cert-inferred").write(settings.home)
    register = settings.data / "register"
    assert "Hackny Housing,hackney/org/hackney-housing,,,hackney,,cert-normalised,A slip.\n" in (
        (register / "spellings.csv").read_text("utf-8")
    )
    assert (register / "bodies.csv").read_text("utf-8").endswith("cert-inferred,It is new.\n")
    assert {one.verdict for one in proposals(settings, folder)} == {"matched"}


def test_tables_that_are_read_only_are_left_alone(settings, monkeypatch):
    monkeypatch.setattr("kg.curating.os.access", lambda *_: False)
    with pytest.raises(InputError, match="PLANGRAPH_DATA"):
        merge(replace(settings), "LBH Housing", "Hackney Housing", "One service.")


def test_the_command_shows_first_and_changes_with_yes(settings):
    given = ["register", "merge", "LBH Housing", "Hackney Housing", "--reason", "One service."]
    given += ["--data", str(settings.data), "--home", str(settings.home)]
    before = texts(settings.data)
    shown = CliRunner().invoke(main, given)
    assert "Nothing is changed yet" in shown.output
    assert texts(settings.data) == before
    made = CliRunner().invoke(main, [*given, "--yes"])
    assert "To undo: cp -r" in made.output
    assert texts(settings.data) != before
