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
from tests.importing.conftest import ROWS, Imported, document


def test_a_refusal_leaves_its_report_and_what_was_decided(imported: Imported):
    with imported.repairing() as book:
        book.put("actions.csv", "label", "Walks", identifier="1.1")
    with pytest.raises(InputError):
        imported.read("nothing that is a plan")
    assert set(imported.files()) == {"report.csv", "report.html", "differences.csv"}
    assert "Import refused" in (imported.out / "report.html").read_text("utf-8")
    imported.read(document())
    assert imported.plan.rows["actions"][0].label == "Walks"


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
        book.put("Partners", "Reason", "A slip of the pen.", Printed="Market Wardns")
        book.put("Partners", "Known as", "Market Wardens", Printed="Market Wardns")
        book.put("Partners", "Decision", "same as", Printed="Market Wardns")
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
