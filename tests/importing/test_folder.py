"""The folder of an import: what a refusal leaves, what an interruption leaves, and that nothing else is touched."""

import shutil
from pathlib import Path

import pytest

from kg.build import build
from kg.errors import InputError
from kg.graph.store import LocalStore
from kg.importing import folder
from kg.settings import Settings
from tests.conftest import TINY_PLAN
from tests.importing.conftest import ROWS, Book, Imported, document

CHOIR = (
    "\t1.4\tWe will sing.\tChoir Club\tJoy.\tOngoing\tOngoing",
    "\t1.5\tWe will hum.\tCCS\tCalm.\tOngoing\tOngoing",
)


def same(book: Book, printed: str, known_as: str) -> None:
    """Say whose a printed name is."""
    book.put("Partners", "Reason", "A slip of the pen.", Printed=printed)
    book.put("Partners", "Known as", known_as, Printed=printed)
    book.put("Partners", "Decision", "same as", Printed=printed)


def test_a_refusal_leaves_its_report_and_all_that_was_there(imported: Imported):
    with imported.repairing() as book:
        book.put("actions.csv", "label", "Walks", identifier="1.1")
    before = imported.files()
    with pytest.raises(InputError):
        imported.read("nothing that is a plan")
    after = imported.files()
    assert {name for name in after if after[name] != before.get(name)} == {"report.csv", "report.html"}
    assert set(after) == set(before)
    assert "Import refused" in (imported.out / "report.html").read_text("utf-8")
    imported.read(document())
    assert imported.plan.rows["actions"][0].label == "Walks"


def test_a_folder_with_a_spelling_that_leads_nowhere_recovers_and_tells_it(imported: Imported):
    spellings = imported.out / "register" / "spellings.csv"
    with imported.repairing() as book:
        same(book, "Market Wardns", "Market Wardens")
    imported.read()
    spellings.write_text(spellings.read_text("utf-8") + "MW,tinford/org/gone,,,tinford,,cert-normalised,So.\n", "utf-8")
    for path in imported.out.iterdir():
        if path.is_file():
            path.unlink()
    report = imported.read()
    (told,) = (each for each in report.findings if each.doubt.words == "MW: tinford/org/gone")
    assert "register/spellings.csv:3" in told.doubt.sentence
    assert [row["spelling"] for row in imported.rows("register/spellings.csv")] == ["Market Wardns"]
    assert [row["words"] for row in imported.rows("register/left-out.csv")] == ["MW: tinford/org/gone"]
    first = imported.files()
    imported.read()
    assert imported.files() == first


def test_a_refusal_touches_nothing_of_anybody_else(imported: Imported):
    (imported.out / "notes.txt").write_text("mine", "utf-8")
    (imported.out / "register").mkdir()
    (imported.out / "register" / "places.csv").write_text(
        "id,label,type,contained_in,certainty,editorial_note\ntinford/place/quay,The Quay,,,cert-stated,\n", "utf-8"
    )
    imported.read()
    with pytest.raises(InputError):
        imported.read("nothing that is a plan")
    assert {"notes.txt", "register/places.csv"} <= set(imported.files())


@pytest.mark.parametrize("after", [0, 1, 5])
def test_an_import_that_is_interrupted_is_finished_by_the_next(
    imported: Imported, after: int, monkeypatch: pytest.MonkeyPatch
):
    with imported.repairing() as book:
        book.put("actions.csv", "label", "Walks", identifier="1.1")
    moves = Path.replace
    done = 0

    def stopping(self: Path, target: Path) -> Path:
        nonlocal done
        if target.parent.name != folder.UNFINISHED:
            done += 1
            if done > after:
                raise KeyboardInterrupt
        return moves(self, target)

    # The power goes: nothing is tidied up either.
    monkeypatch.setattr(Path, "replace", stopping)
    monkeypatch.setattr(folder.shutil, "rmtree", lambda *_, **__: None)
    with pytest.raises(KeyboardInterrupt):
        imported.read(document(*ROWS[:2]))
    monkeypatch.undo()
    monkeypatch.chdir(imported.folder)
    with pytest.raises(InputError, match="was interrupted: read the document again"):
        _ = imported.plan
    imported.read()
    assert not (imported.out / folder.UNFINISHED).exists()
    assert imported.plan.rows["actions"][0].label == "Walks"
    assert len(imported.plan.rows["actions"]) == 2


def test_a_name_may_be_the_same_as_a_body_that_this_plan_proposes(imported: Imported):
    imported.read(document(*ROWS, *CHOIR))
    with imported.repairing() as book:
        same(book, "CCS", "Choir Club")
    imported.read()
    assert [row["id"] for row in imported.rows("register/bodies.csv")] == ["tinford/org/choir-club"]
    leads = [row.partner for row in imported.plan.rows["leads"] if row.element == "action/1.5"]
    assert leads == ["Choir Club"]


def test_decisions_that_clash_are_refused_by_row_before_anything_is_touched(imported: Imported):
    imported.read(document(*ROWS, *CHOIR))
    with imported.repairing() as book:
        same(book, "CCS", "Choir Club")
        same(book, "Choir Club", "Youth Team")
        row = book.row("Partners", Printed="CCS")
    before = imported.files()
    with pytest.raises(InputError, match=f"repair.xlsx, sheet Partners:{row}: "):
        imported.read()
    assert imported.files() == before


def test_a_folder_that_leads_elsewhere_is_refused(imported: Imported):
    elsewhere = imported.folder / "elsewhere"
    elsewhere.mkdir()
    (imported.out / "reading").symlink_to(elsewhere)
    with pytest.raises(InputError, match="is a link to another place"):
        imported.read()
    assert not list(elsewhere.iterdir())


def test_what_was_imported_builds_with_its_proposals_and_decisions(imported: Imported, tmp_path: Path):
    imported.read(document(*ROWS, "\t1.4\tWe will sing.\tChoir Club\tJoy.\tOngoing\tOngoing"))
    with imported.repairing() as book:
        same(book, "Market Wardns", "Market Wardens")
    imported.read()
    # A data folder with the register of the tiny plan and no plan.
    data = tmp_path / "data"
    shutil.copytree(TINY_PLAN / "register", data / "register")
    snapshot = build(Settings.read(environ={}, home=tmp_path / "home", data=data), add=[imported.out])
    store = LocalStore(snapshot)
    base = "https://w3id.org/plangraph/"
    for action, body in (("1.2", "market-wardens"), ("1.4", "choir-club")):
        asked = f"""PREFIX plan: <{base}ns#>
            ASK {{ <{base}id/tinford/plan/plan/action/{action}> plan:leadPartner <{base}id/tinford/org/{body}> }}"""
        assert store.query(asked).body.strip().endswith(b"true}"), action
    store.close()
