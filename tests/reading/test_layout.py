"""Where things stand in plans of many shapes: columns, priorities, references, and what is no action."""

from pathlib import Path

import pytest

from kg.documents import Document
from kg.errors import InputError
from kg.reading import Rules
from kg.reading.layout import Layout, lay_out
from kg.tables.values import parse_cell
from tests.reading.built import Heading, Merged, Table, built, cells, doubts, every_cell, outline

HEADER = ["Ref", "What we will do", "Lead", "By when", "RAG"]
ROW = ["1.1", "Light the park", "Council", "May 2025", "Green"]


@pytest.fixture
def lay(rules: Rules):
    def laid(*parts: Heading | Table, kind: str = "docx") -> Layout:
        document: Document = built(*parts, kind=kind)
        layout = lay_out(document, rules)
        assert every_cell(document, layout)
        assert all(parse_cell(placed.id) for placed in layout.placed)
        return layout

    return laid


# --- columns ---

HEADINGS = {
    "Action": "activity", "What we will do": "activity", "KEY ACTIONS": "activity", "Task": "activity",
    "Action(s)*": "activity", "Action\nWhat will we do to get there": "activity", "Lead": "lead-partners",
    "Lead agency": "lead-partners", "Lead Partner(s):": "lead-partners", "Who?": "lead-partners",
    "Lead officer": "owner", "Supporting partners": "supporting-partners", "What difference will it make?":
    "expected-outcome", "Success measure": "measure", "How will we know": "measure", "Timescale": "timescale",
    "By when (month and year)": "timescale", "Target date": "timescale", "Status": "status", "Status (RAG)": "rag",
    "BRAG": "rag", "RAG rating (Red, Amber, Green)": "rag", "Progress": "progress", "Latest update": "progress",
    "Comments": "comments", "Budget": "resources", "Action no.": "ref-no", "#": "ref-no", "2024/25": "2024-2025",
    "2024": "2024", "Q2 24/25": "2024-2025-q2", "Apr-Jun 2024": "2024-2025-q1", "Q1 (Apr – Jun 2024)": "2024-2025-q1",
    "Q1 2024": "2024-q1", "Progress update Q2 2024/25": "2024-2025-q2-progress", "RAG Q2 24/25": "2024-2025-q2-rag",
    "2024/25 target": "2024-2025-target", "Actual 2023/24": "2023-2024-actual", "Year 1 (2024/25)": "2024-2025",
    "Status 2024/25": "2024-2025",
}  # fmt: skip


def test_a_status_of_a_year_stands_beside_what_else_is_said_of_it(lay):
    header = [*HEADER[:3], "2024/25", "Status 2024/25"]
    layout = lay(Table([header, ["1.1", "Light the park", "Council", "Ongoing", "Complete"]]))
    assert [read.column for read in layout.columns[3:]] == ["2024-2025", "2024-2025-status"]


@pytest.mark.parametrize(("heading", "column"), HEADINGS.items())
def test_a_heading_is_known_by_what_it_means(heading: str, column: str, lay):
    others = [words for words, name in zip(HEADER, ("ref-no", "activity", "lead-partners", "timescale", "rag"),
                                           strict=True) if name != column]  # fmt: skip
    if column == "activity":
        others = ["Ref", "Lead", "By when"]
    layout = lay(Table([[*others, heading], [*["1.1", "Do this", "Council", "May", "Green"][: len(others)], "Words"]]))
    (read,) = [read for read in layout.columns if read.heading == " ".join(heading.split())]
    assert (read.column, read.confidence >= 0.9) == (column, True)
    assert not [doubt for doubt in layout.doubts if doubt.words == heading]


@pytest.mark.parametrize(
    ("heading", "column", "how"),
    [("Action owner's comments", "comments", "ending"), ("Lead time needed", "lead-partners", "opening"),
     ("Timescle", "timescale", "near"), ("Suport partners", "supporting-partners", "near")],
)  # fmt: skip
def test_a_heading_known_in_part_is_read_and_doubted(heading: str, column: str, how: str, lay):
    layout = lay(Table([["Ref", "Action", "RAG", heading], ["1.1", "Do this", "Red", "words"]]))
    (doubt,) = [doubt for doubt in layout.doubts if doubt.words == heading]
    assert (doubt.proposed, doubt.sheet, doubt.column) == (column, "table-1", "column 4")
    assert 0.6 <= (doubt.confidence or 0) < 1
    assert next(read.how for read in layout.columns if read.heading == heading) == how


def test_a_heading_nearly_known_is_not_used_where_another_is_that_column(lay):
    layout = lay(Table([["Ref", "Action", "Timescale", "Timescle"], ["1.1", "Do this", "May", "words"]]))
    assert cells(layout, "1.1")["timescale"] == "May"
    assert [(kept.heading, kept.cell.words) for kept in layout.kept] == [("Timescle", "words")]


def test_a_heading_that_only_begins_like_another_is_kept_aside_and_proposed(lay):
    layout = lay(Table([["Ref", "Action", "Lead", "Budget code"], ["1.1", "Do this", "Council", "RC-100"]]))
    (doubt,) = [doubt for doubt in layout.doubts if doubt.words == "Budget code"]
    assert (doubt.proposed, [kept.cell.words for kept in layout.kept]) == ("resources", ["RC-100"])


def test_partners_beside_a_lead_support_and_alone_they_lead(lay):
    beside = lay(Table([["Ref", "Action", "Lead", "Partners"], ["1.1", "Do this", "Council", "Police"]]))
    alone = lay(Table([["Ref", "Action", "Partners", "RAG"], ["1.1", "Do this", "Police", "Red"]]))
    assert cells(beside, "1.1")["supporting-partners"] == cells(alone, "1.1")["lead-partners"] == "Police"


def test_what_an_officer_decided_on_a_heading_wins(rules: Rules, tmp_path: Path):
    (tmp_path / "columns.csv").write_text("heading,column\nColour,rag\nLead,owner\nNoise,ignore\n", encoding="utf-8")
    table = Table([["Ref", "Action", "Lead", "Colour", "Noise"], ["1.1", "Do this", "Council", "Red", "loud"]])
    layout = lay_out(built(table), rules.extended(tmp_path))
    assert cells(layout, "1.1") == {"ref-no": "1.1", "activity": "Do this", "owner": "Council", "rag": "Red"}
    assert [(kept.cell.words, kept.silent) for kept in layout.kept] == [("loud", True)]
    assert not [doubt for doubt in layout.doubts if doubt.words in ("Noise", "loud", "Colour")]


def test_years_may_stand_above_what_is_said_of_them(lay):
    layout = lay(Table([
        [Merged("Ref", 2), Merged("Action", 2), Merged("2023/24", 1, 2), None, Merged("2024/25", 1, 2), None],
        [None, None, "RAG", "Progress", "RAG", "Progress"],
        ["1.1", "Do this", "Red", "late", "Green", "done"],
    ]))  # fmt: skip
    assert cells(layout, "1.1") == {
        "ref-no": "1.1", "activity": "Do this", "2023-2024-rag": "Red", "2023-2024-progress": "late",
        "2024-2025-rag": "Green", "2024-2025-progress": "done",
    }  # fmt: skip


def test_quarters_below_a_year_are_quarters_of_it_though_nothing_is_merged(lay):
    layout = lay(Table([["", "", "2024/25", "", "", ""], ["Ref", "Action", "Q1", "Q2", "Q3", "Q4"],
                        ["1.1", "Do this", "a", "b", "c", "d"]]), kind="csv")  # fmt: skip
    assert layout.periods == [f"2024-2025-q{n}" for n in (1, 2, 3, 4)]
    assert cells(layout, "1.1")["2024-2025-q3"] == "c"


def test_a_rag_column_behind_each_quarter_is_that_of_the_quarter(lay):
    layout = lay(Table([["Ref", "Action", "Q1 24/25", "RAG", "Q2 24/25", "RAG"], ["1", "Do this", "a", "R", "b", "G"]]))
    assert cells(layout, "1")["2024-2025-q1-rag"] == "R"
    assert cells(layout, "1")["2024-2025-q2-rag"] == "G"


def test_a_quarter_without_a_year_takes_that_of_the_title_and_is_doubted(lay):
    table = Table([["Ref", "Action", "Lead", "Q3"], ["1.1", "Do this", "Council", "done"]])
    assert cells(lay(Heading("Safer Plan 2024/25"), table), "1.1")["2024-2025-q3"] == "done"
    without = lay(table)
    assert [kept.cell.words for kept in without.kept] == ["done"]
    assert any("no heading or title says of which year" in sentence for sentence in doubts(without))


def test_a_column_of_high_and_low_names_no_priority(lay):
    layout = lay(Table([["Ref", "Action", "Lead", "Priority"], ["1", "Do this", "Council", "High"],
                        ["2", "Do that", "Council", "Low"]]))  # fmt: skip
    assert len(layout.priorities) == 1
    assert [kept.cell.words for kept in layout.kept] == ["High", "Low"]


def test_a_column_without_heading_that_holds_references_is_read_so(lay):
    layout = lay(Table([["", "Action", "Lead"], ["A1", "Do this", "Council"], ["A2", "Do that", "Police"]]))
    assert [action.reference for action in layout.actions] == ["A1", "A2"]
    assert any("holds what looks like references" in sentence for sentence in doubts(layout))


# --- priorities ---


def test_headings_of_two_levels_are_strategic_and_delivery_priorities(lay):
    layout = lay(
        Heading("Safer Plan", 1), Heading("Priority 3: Nights", 2), Heading("Strategic Outcome: Calm nights."),
        Heading("Licensing", 3), Table([HEADER, ROW]), Heading("Taxis", 3), Table([HEADER, ["1.2", *ROW[1:]]]),
        Heading("Homes", 2), Heading("Locks", 3), Table([HEADER, ["1.3", *ROW[1:]]]),
    )  # fmt: skip
    assert outline(layout) == [
        ("3 Nights", "1 Licensing", "1.1"), ("3 Nights", "2 Taxis", "1.2"), ("4 Homes", "1 Locks", "1.3"),
    ]  # fmt: skip
    assert layout.priorities[0].outcome is not None
    assert layout.title is not None
    assert layout.title.cell.words == "Safer Plan"


def test_headings_that_name_nothing_part_nothing(lay):
    layout = lay(
        Heading("Priority 1: Nights", 1), Heading("Action plan", 2), Table([HEADER, ROW]),
        Heading("Priority 2: Homes", 1), Heading("Action plan", 2), Table([HEADER, ["2.1", *ROW[1:]]]),
    )  # fmt: skip
    assert outline(layout) == [("1 Nights", "1 Nights", "1.1"), ("2 Homes", "1 Homes", "2.1")]


def test_sheets_are_priorities_where_several_hold_actions(lay):
    layout = lay(
        Table([["Safer Plan"], HEADER, ROW], "1. Nights"), Table([["Safer Plan"], HEADER, ["2.1", *ROW[1:]]], "Homes"),
        Table([["Name", "Email"], ["Somebody", "a@example.org"]], "Contacts"), kind="xlsx",
    )  # fmt: skip
    assert outline(layout) == [("1 Nights", "1 Nights", "1.1"), ("2 Homes", "1 Homes", "2.1")]
    assert [table.kind for table in layout.tables] == ["actions", "aside"]


def test_a_heading_on_a_sheet_is_its_title(lay):
    layout = lay(
        Table([["Priority 1: Safe nights"], HEADER, ROW], "P1"),
        Table([["Priority 2: Safe homes"], HEADER, ["2.1", *ROW[1:]]], "P2"), kind="xlsx",
    )  # fmt: skip
    assert [title for title, _, _ in outline(layout)] == ["1 Safe nights", "2 Safe homes"]
    assert layout.priorities[0].heading is not None


def test_rows_across_the_table_are_priorities_and_their_objective_is_none(lay):
    layout = lay(Table([
        HEADER, [Merged("Theme A: Nights", 1, 5)], [Merged("Objective: fewer fights", 1, 5)], ROW,
        [Merged("Theme B: Homes", 1, 5)], ["2.1", *ROW[1:]], ["Total", "2", "", "", ""], ["End of table"],
    ]))  # fmt: skip
    assert outline(layout) == [("A Nights", "1 Nights", "1.1"), ("B Homes", "1 Homes", "2.1")]
    assert [placed.cell.words for placed in layout.priorities[0].deliveries[0].cells] == ["Objective: fewer fights"]
    assert [kept.cell.words for kept in layout.kept] == ["Total", "2", "End of table"]


def test_a_line_alone_in_its_row_is_a_heading_and_doubted(lay):
    layout = lay(Table([["Action", "Lead", "RAG"], ["Safe nights", "", ""], ["Do this", "Council", "Red"],
                        ["Safe homes", "", ""], ["Do that", "Police", "Red"]]), kind="xlsx")  # fmt: skip
    assert [title for title, _, _ in outline(layout)] == ["1 Safe nights", "2 Safe homes"]
    assert len([sentence for sentence in doubts(layout) if "stands alone in its row" in sentence]) == 2


def test_the_number_of_a_chapter_is_not_that_of_its_priority(lay):
    layout = lay(
        Heading("1. Introduction", 1), Heading("Priority 1: Nights"), Heading("2. Priority 1: Nights", 1),
        Table([HEADER, ROW]), Heading("3. Priority 2: Homes", 1), Table([HEADER, ["2.1", *ROW[1:]]]),
        Heading("4. Governance", 1),
    )  # fmt: skip
    assert [title for title, _, _ in outline(layout)] == ["1 Nights", "2 Homes"]
    assert [placed.cell.words for placed in layout.after] == ["4. Governance"]


def test_a_column_of_priorities_may_be_merged_or_repeated(lay):
    merged = lay(Table([["Priority", "Objective", *HEADER], [Merged("Nights", 2), "Taxis", *ROW],
                        [None, "Bars", "1.2", *ROW[1:]], ["Homes", "Locks", "1.3", *ROW[1:]]]))  # fmt: skip
    repeated = lay(Table([["Priority", "Objective", *HEADER], ["Nights", "Taxis", *ROW],
                          ["Nights", "Bars", "1.2", *ROW[1:]], ["Homes", "Locks", "1.3", *ROW[1:]]]))  # fmt: skip
    assert outline(merged) == outline(repeated) == [
        ("1 Nights", "1 Taxis", "1.1"), ("1 Nights", "2 Bars", "1.2"), ("2 Homes", "1 Locks", "1.3"),
    ]  # fmt: skip


def test_a_plan_without_priorities_has_one_named_after_it(lay):
    layout = lay(Heading("Safer Tinford", 1), Table([HEADER, ROW]))
    assert outline(layout) == [("1 Safer Tinford", "1 Safer Tinford", "1.1")]
    assert any("No priority is named" in sentence for sentence in doubts(layout))


# --- references ---

REFERENCES = {"1.1": "1.1", "1.1a": "1.1a", "A1": "A1", "P2-03": "P2-03", "2.10": "2.10", "CS/04": "CS-04",
              "Action 3:": "3", "No. 7": "7", "VAWG 2": "VAWG-2", "4.": "4", "(b)": "b"}  # fmt: skip


@pytest.mark.parametrize(("printed", "reference"), REFERENCES.items())
def test_a_reference_is_read_as_a_path_may_hold_it(printed: str, reference: str, lay):
    layout = lay(Table([HEADER, [printed, *ROW[1:]]]))
    assert [(action.reference, action.invented) for action in layout.actions] == [(reference, False)]


def test_missing_references_are_made_beside_the_printed_ones_and_said_once(lay):
    layout = lay(Heading("Priority 2: Homes", 1), Table([HEADER[1:], ["Do this", "Council", "May", "Red"],
                                                         ["Do that", "Council", "May", "Red"]]),
                 Table([HEADER, ["2.1", *ROW[1:]]]))  # fmt: skip
    assert [(action.reference, action.invented) for action in layout.actions] == [
        ("2.2", True), ("2.3", True), ("2.1", False),
    ]  # fmt: skip
    assert len([sentence for sentence in doubts(layout) if "prints no references" in sentence]) == 1


def test_a_reference_may_open_the_words_of_the_action(lay):
    layout = lay(Table([["Action", "Lead"], ["1.2 Run the club", "Council"], ["1.3 Close the club", "Council"]]))
    assert [(action.reference, action.opening) for action in layout.actions] == [("1.2", "1.2 "), ("1.3", "1.3 ")]


def test_numbers_that_begin_again_take_that_of_the_priority(lay):
    table = [HEADER, ["1", *ROW[1:]], ["2", *ROW[1:]]]
    layout = lay(Heading("Priority 1: Nights", 1), Table(table), Heading("Priority 2: Homes", 1), Table(table))
    assert [action.reference for action in layout.actions] == ["1.1", "1.2", "2.1", "2.2"]
    assert len([sentence for sentence in doubts(layout) if "begin again" in sentence]) == 1


# --- rows of one action ---


def test_a_merged_lead_is_that_of_each_action_and_one_cell(lay):
    layout = lay(Table([["Ref", "Action", "Lead"], ["1", "Do this", Merged("Council", 2)], ["2", "Do that", None]]))
    first, second = (action.column("lead-partners") for action in layout.actions)
    assert first == second
    assert [placed.id for placed in layout.placed].count("table-1-R2-lead-partners") == 1
    assert not [sentence for sentence in doubts(layout) if "merged" in sentence]


def test_rows_below_a_merged_reference_are_one_action(lay):
    layout = lay(Table([["Ref", "Action", "Lead"], [Merged("1.1", 2), "Plan it", "Council"], [None, "Do it", "Police"],
                        ["1.2", "End it", "Police"]]))  # fmt: skip
    assert cells(layout, "1.1") == {"ref-no": "1.1", "activity": "Plan it Do it", "lead-partners": "Council Police"}


def test_a_table_without_header_goes_on_from_the_one_before(lay):
    layout = lay(Table([HEADER, ["1.1", "We will visit and", *ROW[2:]]]), Table([["", "talk.", "", "", ""],
                                                                                ["1.2", *ROW[1:]]]))  # fmt: skip
    assert [action.reference for action in layout.actions] == ["1.1", "1.2"]
    assert cells(layout, "1.1")["activity"] == "We will visit and talk."


def test_a_second_table_says_more_of_the_same_actions(lay):
    layout = lay(Table([HEADER[:4], ROW[:4]]), Heading("Progress", 1),
                 Table([["Ref", "RAG", "Progress update Q2 2024/25"], ["1.1", "Green", "Done"]]))  # fmt: skip
    assert cells(layout, "1.1") == {
        "ref-no": "1.1", "activity": "Light the park", "lead-partners": "Council", "timescale": "May 2025",
        "rag": "Green", "2024-2025-q2-progress": "Done",
    }  # fmt: skip


def test_two_tables_that_disagree_are_refused_with_both_cells(lay):
    with pytest.raises(InputError, match=r'"Green" stands in cell table-1-R2-rag, "Red" in cell table-2-R2-rag'):
        lay(Table([HEADER, ROW]), Table([["Ref", "Action", "RAG"], ["1.1", "Light the park", "Red"]]))


def test_a_form_gives_an_action_a_block_of_rows(lay):
    layout = lay(
        Table([["Action 1", Merged("Open a club", 1, 3)], ["Lead", "Police", "By when", "May"]]),
        Table([["Action 2", Merged("Close a club", 1, 3)], ["Lead", "Council", "By when", "June"]]),
    )
    assert cells(layout, "2") == {"activity": "Close a club", "lead-partners": "Council", "timescale": "June"}


# --- what is no action ---


def test_other_tables_are_kept_aside_as_a_whole_and_listed(lay):
    layout = lay(
        Table([HEADER, ROW]),
        Table([["Risk", "Likelihood", "Impact", "Mitigating action", "Owner"], ["Money", "H", "H", "Ask", "Boss"]]),
        Table([["Version", "Date", "Author", "Change"], ["1", "May", "Somebody", "New"]]),
        Table([["Term", "Meaning"], ["ASB", "Anti-social behaviour"]]),
    )  # fmt: skip
    assert [action.reference for action in layout.actions] == ["1.1"]
    assert [table.kind for table in layout.tables] == ["actions", "aside", "aside", "aside"]
    assert len(layout.kept) == 11


def test_every_kept_cell_is_listed_with_its_place(lay):
    layout = lay(Table([[*HEADER, "Colour"], [*ROW, "pink"]]))
    (listed,) = [doubt for doubt in layout.doubts if doubt.kind == "kept"]
    assert (listed.words, listed.column, listed.sheet, listed.line) == ("pink", "Colour", "table-1", 2)


def test_what_stands_behind_a_title_in_its_cell_belongs_to_the_priority(lay):
    title = "Priority 1: Hate crime"
    layout = lay(Table([HEADER, [Merged(f"{title}\nObjective: More people report it", columns=5)], ROW]))
    (priority,) = layout.priorities
    assert priority.title.text == "Hate crime"
    assert [placed.cell.words for placed in priority.deliveries[0].cells] == [
        f"{title} Objective: More people report it"
    ]


def test_references_in_a_column_called_action_are_references(lay):
    header = ["Action", "Description", "Lead"]
    layout = lay(Table([header, ["Action 1", "Light the park", "Council"], ["Action 2", "Mow it", "Council"]]))
    assert [action.reference for action in layout.actions] == ["1", "2"]
    assert [action.column("activity")[0].cell.words for action in layout.actions] == ["Light the park", "Mow it"]


def test_when_an_action_begins_is_no_deadline(lay):
    header = ["Ref", "Action", "Lead", "Start", "End"]
    layout = lay(Table([header, ["1", "Light the park", "Council", "01/04/24", "31/03/25"]]))
    (action,) = layout.actions
    assert [placed.cell.words for placed in action.column("timescale")] == ["31/03/25"]
    assert [kept.cell.words for kept in layout.kept] == ["01/04/24"]


def test_an_owner_beside_an_agency_is_no_partner(lay):
    header = ["Ref", "Action", "Action owner", "Agency", "RAG"]
    layout = lay(Table([header, ["1", "Light the park", "Parks Manager", "Council", "Green"]]))
    assert [read.column for read in layout.columns[2:4]] == ["owner", "lead-partners"]


def test_a_quarter_is_of_the_year_that_another_heading_names(lay):
    header = ["Ref", "Action", "Lead", "Q1 2025/26 update", "RAG Q1"]
    layout = lay(Table([header, ["1", "Light the park", "Council", "Lit", "Green"]]))
    assert [read.column for read in layout.columns[3:]] == ["2025-2026-q1-progress", "2025-2026-q1-rag"]
