"""What an officer corrects in the repair sheet stays, whatever is imported afterwards."""

import shutil
from typing import Any

import pytest

from kg.errors import InputError
from tests.importing.conftest import ROWS, Imported, document


def values(imported: Imported, table: str, column: str) -> list[Any]:
    return [getattr(row, column) for row in imported.plan.rows[table]]


def test_two_imports_of_one_document_give_the_same_bytes(imported: Imported):
    before = imported.files()
    imported.read()
    assert imported.files() == before


def test_a_corrected_cell_stays_through_a_second_import_and_is_listed(imported: Imported):
    with imported.repairing() as book:
        book.put("actions.csv", "label", "Walks", identifier="1.1")
    imported.read()
    after = imported.files()
    assert values(imported, "actions", "label")[0] == "Walks"
    (row,) = imported.rows("differences.csv")
    assert (row["table"], row["key"], row["column"], row["kept"]) == ("actions", "action/1.1", "label", "Walks")
    assert row["editorial_note"]
    imported.read()
    assert imported.files() == after


def test_the_repair_sheet_alone_can_be_read(imported: Imported):
    with imported.repairing() as book:
        book.put("actions.csv", "label", "Walks", identifier="1.1")
    imported.read(path=imported.repair)
    assert values(imported, "actions", "label")[0] == "Walks"
    imported.source.unlink()
    with pytest.raises(InputError, match="that document is needed too: put it beside"):
        imported.read(path=imported.repair)


def test_a_correction_stays_when_a_newer_document_has_more_actions(imported: Imported):
    with imported.repairing() as book:
        book.put("outcomes.csv", "label", "Calm", element="action/1.1")
    imported.read(document(*ROWS, "\t1.4\tWe will sing.\tYouth Team\tJoy.\tOngoing\tOngoing"))
    assert len(imported.plan.rows["actions"]) == 4
    assert values(imported, "outcomes", "label")[0] == "Calm"
    assert not [each for each in imported.report.open if "was corrected" in each.doubt.sentence]


def test_a_correction_of_words_that_changed_is_asked_about_and_not_applied(imported: Imported):
    with imported.repairing() as book:
        book.put("statuses.csv", "state", "status-complete", element="action/1.2", period="2024-2025")
    newer = document(ROWS[0], ROWS[1].replace("Tbc", "Ongoing until June 2024"), ROWS[2])
    imported.read(newer)
    status = next(row for row in imported.plan.rows["statuses"] if row.path == "action/1.2/status/2024-2025")
    assert status.state != ("status-complete",)
    (asked,) = [each for each in imported.report.open if "was corrected" in each.doubt.sentence]
    assert 'when the document said "Tbc"; now it says "Ongoing until June 2024"' in asked.doubt.sentence
    assert asked.doubt.proposed == "state: status-complete"
    assert asked.doubt.line == 5
    # Neither is it lost.
    imported.read()
    assert [each.name for each in imported.report.open if "was corrected" in each.doubt.sentence] == [asked.name]


@pytest.mark.parametrize(("decision", "state"), [("accept", ("status-complete",)), ("ignore", ("status-ongoing",))])
def test_a_correction_asked_about_is_applied_or_dropped_as_decided(
    imported: Imported, decision: str, state: tuple[str, ...]
):
    with imported.repairing() as book:
        book.put("statuses.csv", "state", "status-complete", element="action/1.2", period="2024-2025")
    imported.read(document(ROWS[0], ROWS[1].replace("Tbc", "Ongoing"), ROWS[2]))
    with imported.repairing() as book:
        book.put("Doubts", "Decision", decision, Why="was corrected when")
    for _ in range(2):
        imported.read()
        status = next(row for row in imported.plan.rows["statuses"] if row.path == "action/1.2/status/2024-2025")
        assert status.state == state
        assert not [each for each in imported.report.open if "was corrected" in each.doubt.sentence]


def test_rows_that_were_added_and_deleted_stay_so(imported: Imported):
    with imported.repairing() as book:
        book.add("leads.csv", element="action/1.1", position="2", partner="Tinford Council", role="role-joint",
                 source="L004-lead-partners", certainty="cert-stated")  # fmt: skip
        book.delete("steps.csv", element="action/1.3")
    for text in (None, document(*ROWS, "\t1.4\tWe will sing.\tYouth Team\tJoy.\tOngoing\tOngoing")):
        imported.read(text)
        leads = [row.partner for row in imported.plan.rows["leads"] if row.element == "action/1.1"]
        assert leads == ["Youth Team", "Tinford Council"]
        assert "action/1.3" not in values(imported, "steps", "element")


def test_a_row_added_to_an_action_that_is_gone_waits_for_a_decision(imported: Imported):
    with imported.repairing() as book:
        book.add("leads.csv", element="action/1.3", position="2", partner="Youth Team", role="role-joint",
                 source="L006-lead-partners", certainty="cert-stated")  # fmt: skip
    imported.read(document(*ROWS[:2]))
    (asked,) = [each for each in imported.report.open if "was added by a person" in each.doubt.sentence]
    assert "action/1.3, which the document no longer has" in asked.doubt.sentence
    imported.read(document())
    leads = [row.partner for row in imported.plan.rows["leads"] if row.element == "action/1.3"]
    assert leads == ["Tinford Council", "Youth Team"]


def test_taking_a_correction_back_leaves_none(imported: Imported):
    first = imported.files()
    with imported.repairing() as book:
        was = book.book["actions.csv"].cell(2, book.column("actions.csv", "label")).value
        book.put("actions.csv", "label", "Walks", identifier="1.1")
    imported.read()
    with imported.repairing() as book:
        book.put("actions.csv", "label", was, identifier="1.1")
    imported.read()
    assert imported.files() == first


def test_the_title_of_the_plan_is_corrected_or_given(imported: Imported):
    with imported.repairing() as book:
        book.put("plan.toml", "value", "A better title", key="label")
    imported.read()
    imported.read()
    assert imported.plan.meta.label == "A better title"
    imported.read(title="The best title", first_period="2022-2023", last_period="2024-2025")
    imported.read()
    assert imported.plan.meta.label == "The best title"
    assert imported.plan.meta.first_period == "2022-2023"


def test_a_table_changed_by_hand_is_not_overwritten(imported: Imported):
    table = imported.out / "actions.csv"
    text = table.read_text("utf-8").replace("walk the streets", "stroll")
    table.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"corrected by hand \(actions\.csv\)"):
        imported.read()
    assert table.read_text("utf-8") == text
    imported.read(replace=True)
    assert "stroll" not in table.read_text("utf-8")


def test_an_accepted_doubt_is_not_open_again(imported: Imported):
    before = len(imported.report.open)
    with imported.repairing() as book:
        book.put("Doubts", "Decision", "accept", Where="Whole document")
        book.put("Doubts", "Note", "Quite right.", Where="Whole document")
    for text in (None, document(*ROWS[1:])):
        imported.read(text)
        (decided,) = [each for each in imported.report.findings if each.decision]
        assert (decided.decision, decided.note) == ("accept", "Quite right.")
    imported.read(document())
    assert len(imported.report.open) == before - 1
    with imported.repairing() as book:
        book.put("Doubts", "Decision", None, Where="Whole document")
    imported.read()
    assert len(imported.report.open) == before
    assert not (imported.out / "decisions.csv").exists()


def test_a_column_decided_on_is_read_so_in_every_later_document(imported: Imported):
    text = document().replace("Expected Outcome", "Wisdom")
    imported.read(text)
    assert not imported.plan.rows["outcomes"]
    with imported.repairing() as book:
        book.put("Columns", "Read as", "expected-outcome", Heading="Wisdom")
    imported.read()
    assert len(imported.plan.rows["outcomes"]) == 3
    assert imported.rows("reading/columns.csv")[0]["heading"] == "Wisdom"
    imported.read(document(*ROWS[:2]).replace("Expected Outcome", "Wisdom"))
    assert len(imported.plan.rows["outcomes"]) == 2


def leads_of(imported: Imported, action: str) -> list[tuple[str, str]]:
    return [(row.partner, row.certainty) for row in imported.plan.rows["leads"] if row.element == f"action/{action}"]


def test_an_unknown_name_is_suggested_never_merged_and_stays_what_was_decided(imported: Imported):
    assert ("Market Wardns", "cert-inferred") in leads_of(imported, "1.2")
    (new,) = [each for each in imported.report.partners if each.new]
    assert (new.printed, new.state, new.suggestions[0].label) == ("Market Wardns", "suggested", "Market Wardens")
    assert [row["label"] for row in imported.rows("proposed/bodies.csv")] == ["Market Wardns"]
    with imported.repairing() as book:
        book.put("Partners", "Known as", "Market Wardens", Printed="Market Wardns")
        book.put("Partners", "Reason", "A slip of the pen.", Printed="Market Wardns")
        book.put("Partners", "Decision", "same as", Printed="Market Wardns")
    for text in (None, document(*ROWS[1:])):
        imported.read(text)
        assert ("Market Wardens", "cert-normalised") in leads_of(imported, "1.2")
        assert not (imported.out / "proposed").exists()
        assert not [each for each in imported.report.partners if each.new]
    (row,) = imported.rows("register/spellings.csv")
    assert (row["spelling"], row["editorial_note"]) == ("Market Wardns", "A slip of the pen.")


def test_a_new_body_is_written_into_the_register_with_its_reason(imported: Imported):
    with imported.repairing() as book:
        book.put("Partners", "Kind of body", "ptype-voluntary", Printed="Market Wardns")
        book.put("Partners", "Reason", "They say so themselves.", Printed="Market Wardns")
        book.put("Partners", "Decision", "new body", Printed="Market Wardns")
    imported.read()
    assert ("Market Wardns", "cert-stated") in leads_of(imported, "1.2")
    (row,) = imported.rows("register/bodies.csv")
    assert (row["id"], row["classification"]) == ("tinford/org/market-wardns", "ptype-voluntary")
    assert row["editorial_note"] == "They say so themselves."


def test_what_is_no_body_leads_nothing_and_its_words_are_told(imported: Imported):
    with imported.repairing() as book:
        book.put("Partners", "Decision", "not a body", Printed="Market Wardns")
    for _ in range(2):
        imported.read()
        assert [name for name, _ in leads_of(imported, "1.2")] == ["Youth Team"]
        assert [each.doubt.words for each in imported.report.findings if each.doubt.kind == "kept"] == ["Market Wardns"]
    with imported.repairing() as book:
        book.put("Partners", "Decision", None, Printed="Market Wardns")
    imported.read()
    assert len(leads_of(imported, "1.2")) == 2


def test_a_text_kept_aside_goes_where_the_officer_says(imported: Imported):
    rows = [f"{row}\t{words}" for row, words in zip(ROWS, ("", "Wait for the hall.", ""), strict=True)]
    imported.read(document(*rows).replace("2024/25", "2024/25\tMusings"))
    assert [each.words for each in imported.report.kept] == ["Wait for the hall."]
    with imported.repairing() as book:
        book.put("Kept aside", "Belongs to", "1.2", Words="Wait for")
        book.put("Kept aside", "Column", "activity", Words="Wait for")
    imported.read()
    imported.read()
    steps = [row.verbatim for row in imported.plan.rows["steps"] if row.element == "action/1.2"]
    assert steps == ["We will talk.", "Wait for the hall."]


def test_the_folder_is_moved_and_still_remembers(imported: Imported):
    with imported.repairing() as book:
        book.put("actions.csv", "label", "Walks", identifier="1.1")
    imported.read()
    shutil.move(imported.out, imported.folder / "elsewhere")
    imported.out = imported.folder / "elsewhere"
    imported.read()
    assert values(imported, "actions", "label")[0] == "Walks"
