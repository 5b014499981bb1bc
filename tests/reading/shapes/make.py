"""Make the test documents of other shapes, and the truth of each: `python -m tests.reading.shapes.make`.

Every borough, partner, post and person in them is invented. Four documents are saved by LibreOffice, because what
an office program writes differs from what python-docx and openpyxl write.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from tests.reading.shapes.truth import Truth

HERE: Final = Path(__file__).resolve().parent
NOTICE: Final = "Synthetic test document. The borough, its partners and everybody in it are invented."
HIDDEN_ROW: Final = ("Burglary", 9)
MADE: Final = datetime(2024, 1, 1, tzinfo=UTC)
Maker = Callable[[Path], Truth]


# --- Word ------------------------------------------------------------------------------------------------------


def word(title: str) -> Any:
    """An empty Word document with its title and the notice."""
    document = Document()
    document.core_properties.created = document.core_properties.modified = MADE.replace(tzinfo=None)
    document.add_heading(title, 0)
    document.add_paragraph(NOTICE)
    return document


def table_of(document: Any, rows: list[list[str]], *, header: bool = True) -> Any:
    """A Word table with these cells; its first row is marked as the header that every page repeats."""
    table = document.add_table(len(rows), max(len(row) for row in rows))
    table.style = "Table Grid"
    for i, row in enumerate(rows):
        for j, words in enumerate(row):
            table.cell(i, j).text = words
    if header:
        repeats(table.rows[0])
    return table


def repeats(row: Any) -> None:
    """Mark a row as a header that every page repeats."""
    properties = row._tr.get_or_add_trPr()
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    properties.append(mark)


def tracked(paragraph: Any, kind: str, words: str, number: int) -> None:
    """Add words to a paragraph as a change nobody accepted yet: `ins` or `del`."""
    change = OxmlElement(f"w:{kind}")
    for name, value in (("id", str(number)), ("author", "Drafting"), ("date", "2024-01-01T00:00:00Z")):
        change.set(qn(f"w:{name}"), value)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t" if kind == "ins" else "w:delText")
    text.set(qn("xml:space"), "preserve")
    text.text = words
    run.append(text)
    change.append(run)
    paragraph._p.append(change)


def castlemere(path: Path) -> Truth:
    """Headings with a table each; merged cells, a table split over pages, nested lists, tracked changes."""
    truth, document = Truth(), word("Castlemere Safer Streets Plan 2024 to 2026")
    header = ["Ref", "Action", "Lead partners", "Expected outcome", "2024/25", "2025/26"]

    document.add_heading("Priority 1: Safer town centre", 1)
    truth.priority(1, "Safer town centre", "paragraph 3")
    walk = "People feel safe on the walk."
    rows = [
        ["1.1", "Patrol the market square on Friday nights.", "Castlemere Wardens", "Fewer fights.", "Ongoing", "Tbc"],
        ["1.2", "Mend the broken lamps along Canal Walk.", "", walk, "Survey in May.", "Ongoing"],
        ["1.3", "", "Pubwatch Castlemere; Castlemere Wardens", "", "Tbc", "N/A"],
    ]
    table = table_of(document, [header, *rows])
    # One lead cell for two actions, as people merge it; one outcome for the second and third.
    table.cell(1, 2).merge(table.cell(2, 2)).text = "Castlemere Wardens"
    table.cell(2, 3).merge(table.cell(3, 3)).text = walk
    listed = table.cell(3, 1)
    listed.text = "Train door staff:"
    for style, words in (("", "first aid"), (" 2", "burns and cuts"), ("", "drink spiking")):
        listed.add_paragraph(words, style=f"List Bullet{style}")
    rows[1][2], rows[2][3] = "Castlemere Wardens", walk
    rows[2][1] = "Train door staff: | first aid | burns and cuts | drink spiking"
    stands_in = {("1.2", 3): 2, ("1.3", 4): 3}
    _castlemere_rows(truth, 1, rows, stands_in)

    document.add_heading("Priority 2: Homes free from burglary", 1)
    truth.priority(2, "Homes free from burglary", "paragraph 4")
    sheltered = ["Castlemere Homes Trust", "Fewer homes are broken into.", "Ongoing", "Ongoing"]
    tenants = ["Castlemere Homes Trust / Castlemere Wardens", "Tenants know their locks.", "Tbc", "Tbc"]
    given = [["2.1", "", *sheltered], ["2.2", "Give every new tenant a lock check.", *tenants]]
    table = table_of(document, [header, *given])
    paragraph = table.cell(1, 1).paragraphs[0]
    paragraph.add_run("Fit ")
    tracked(paragraph, "del", "window ", 1)
    tracked(paragraph, "ins", "door ", 2)
    paragraph.add_run("locks in sheltered homes.")
    rows = [
        ["2.1", "Fit door locks in sheltered homes.", *sheltered],
        ["2.2", "Give every new tenant a lock check.", *tenants],
    ]
    _castlemere_rows(truth, 2, rows, {})
    truth.reported("window", "table 2, row 2, column 2", "action/2.1")
    # The same table goes on behind a page break, its header typed again.
    document.add_page_break()
    rest = [
        ["2.3", "Mark bicycles at the station.", "Castlemere Rail Users", "Bicycles are found.", "Ongoing", "Tbc"],
        ["2.4", "Write to a street after burglary.", "Castlemere Wardens", "Streets look out.", "Ongoing", "Ongoing"],
    ]  # fmt: skip
    table_of(document, [header, *rest])
    _castlemere_rows(truth, 3, rest, {})
    document.save(path)
    return truth


def _castlemere_rows(truth: Truth, table: int, rows: list[list[str]], stands_in: dict[tuple[str, int], int]) -> None:
    """The facts of one table; `stands_in` is the row of a merged cell, by reference and column."""
    for row, (reference, words, leads, outcome, first, second) in enumerate(rows, start=2):
        element = f"action/{reference}"
        places = [
            f"table {table}, row {stands_in.get((reference, column), row)}, column {column}" for column in range(7)
        ]
        truth.action(element, words, places[2])
        truth.leads(element, re.split(r"; | / ", leads), places[3])
        truth.outcome(element, outcome, places[4])
        truth.status(element, "2024-2025", first, places[5])
        truth.status(element, "2025-2026", second, places[6])


def wexbury(path: Path) -> Truth:
    """One table; priorities are merged rows over its full width, deadlines are words, nothing has a reference."""
    truth, document = Truth(), word("Wexbury Community Safety Delivery Plan 2024-25")
    parts: list[tuple[str, list[list[str]]]] = [
        ("Reducing serious violence", [
            ["Run a knife surrender bin at the bus station.", "Wexbury Violence Forum", "By end of Q2 2024/25",
             "Number of knives handed in", "Green"],
            ["Offer mentors to pupils at risk of exclusion.", "Wexbury Schools Alliance", "March 2025",
             "Number of pupils with a mentor", "Amber"],
            ["Hold a review after every stabbing.", "Wexbury Violence Forum", "Ongoing",
             "Share of stabbings reviewed within ten days", "Green"],
        ]),
        ("Tackling anti-social behaviour", [
            ["Publish a map of hot spots.", "Wexbury Borough Wardens", "Quarterly", "Number of maps published", "Red"],
            ["Put a youth worker on each estate.", "Wexbury Youth Trust", "By end of Q4 2024/25",
             "Number of young people met", "Not started"],
        ]),
        ("Helping victims", [
            ["Open a drop-in for victims of fraud.", "Wexbury Advice Shop", "31 December 2024",
             "Number of visitors", "Complete"],
            ["Call every victim back within three days.", "Wexbury Victim Line", "Monthly",
             "Share of victims called in time", "Amber"],
        ]),
    ]  # fmt: skip
    rows = [["Action", "Lead", "By when", "Measure of success", "RAG"]]
    merged, order = [], 0
    for number, (title, actions) in enumerate(parts, start=1):
        rows.append([f"Priority {number}: {title}", "", "", "", ""])
        merged.append(len(rows) - 1)
        truth.priority(number, title, f"table 1, row {len(rows)}")
        for k, cells in enumerate(actions, start=1):
            rows.append(cells)
            order += 1
            element, place = f"#{order}", f"table 1, row {len(rows)}, column {{}}"
            truth.made(element, f"{number}.{k}", place.format(1))
            truth.action(element, cells[0], place.format(1))
            truth.leads(element, [cells[1]], place.format(2))
            truth.deadline(element, cells[2], place.format(3))
            truth.measure(element, cells[3], place.format(4))
            truth.rag(element, cells[4], place.format(5))
    table = table_of(document, rows)
    for row in merged:
        words = table.cell(row, 0).text
        table.cell(row, 0).merge(table.cell(row, 4)).text = words
    document.save(path)
    return truth


def brackwater(path: Path) -> Truth:
    """Posts and invented people in one column, a status without a year; delivered as a page for the word processor."""
    truth = Truth()
    parts = [
        ("Domestic abuse", [
            ("BW1", "Train hairdressers to notice abuse.", "Brackwater Refuge",
             "Jo Example, Head of Community Safety", "Head of Community Safety", "Jo Example", "March 2025", "Ongoing"),
            ("BW2", "Offer a room at the library for advice.", "Brackwater Library Friends",
             "Library Manager", "Library Manager", "", "By September 2024", "Complete"),
        ]),
        ("Road danger", [
            ("BW3", "Paint crossings outside schools.", "Brackwater Roads Group",
             "Service Manager, Highways (Sam Sample)", "Service Manager, Highways", "Sam Sample", "30/06/2025",
             "Not started"),
            ("BW4", "Lend speed guns to villages.", "Brackwater Speedwatch",
             "Alex Placeholder – Road Safety Officer", "Road Safety Officer", "Alex Placeholder", "Ongoing",
             "Delayed"),
        ]),
    ]  # fmt: skip
    page = [
        f"<html><head><meta charset='utf-8'><title>Brackwater</title></head><body><h1>Brackwater Partnership Plan "
        f"2024/25</h1><p>{NOTICE}</p>"
    ]
    heads = ("Action no.", "Activity", "Lead agency", "Owner", "Target date", "Status")
    for number, (title, actions) in enumerate(parts, start=1):
        page.append(f"<h2>{title}</h2><table border='1'><tr>" + "".join(f"<th>{head}</th>" for head in heads) + "</tr>")
        truth.priority(number, title, f"paragraph {number + 2}")
        for row, (reference, words, lead, owner, post, person, due, state) in enumerate(actions, start=2):
            cells = (reference, words, lead, owner, due, state)
            page.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
            element, place = f"action/{reference}", f"table {number}, row {row}, column {{}}"
            truth.action(element, words, place.format(2))
            truth.leads(element, [lead], place.format(3))
            truth.owner(element, post, place.format(4), person)
            truth.deadline(element, due, place.format(5))
            truth.state(element, state, place.format(6))
        page.append("</table>")
    page.append("</body></html>")
    path.write_text("\n".join(page), encoding="utf-8")
    return truth


def stourley(path: Path) -> Truth:
    """A second table says more of the actions of the first, by their references."""
    truth, document = Truth(), word("Stourley Safety Programme 2024/25")
    document.add_heading("Theme 1: Young people", 1)
    truth.priority(1, "Young people", "paragraph 3")
    first = [
        ("1.1", "Open the sports hall on Saturday nights.", "Stourley Leisure", "Number of visits", "Green"),
        ("1.2", "Teach pupils how to step in safely.", "Stourley Schools Circle", "Share of pupils taught", "Amber"),
        ("1.3", "Find a mentor for each child in care.", "Stourley Care Council", "Number of mentors", "Red"),
        ("1.4", "Keep the night bus running.", "Stourley Travel", "Number of passengers", "Green"),
    ]
    table_of(document, [["Ref", "Action", "Lead"], *([r, a, lead] for r, a, lead, _, _ in first)])
    document.add_paragraph("How we measure it")
    table_of(document, [["Ref", "How we will measure it", "RAG rating"], *([r, m, c] for r, _, _, m, c in first[::-1])])
    for row, (reference, words, lead, measure, colour) in enumerate(first, start=2):
        element, other = f"action/{reference}", f"table 2, row {7 - row}, column {{}}"
        truth.action(element, words, f"table 1, row {row}, column 2")
        truth.leads(element, [lead], f"table 1, row {row}, column 3")
        truth.measure(element, measure, other.format(2))
        truth.rag(element, colour, other.format(3))
    truth.reported("How we measure it", "paragraph 4")
    document.save(path)
    return truth


# --- Excel -----------------------------------------------------------------------------------------------------


def workbook() -> Workbook:
    """An empty workbook."""
    book = Workbook()
    book.properties.created = book.properties.modified = MADE.replace(tzinfo=None)
    return book


def northaven(path: Path) -> Truth:
    """A sheet a priority, preamble rows, quarters under a year in two header rows, a hidden row and a hidden sheet."""
    truth, book = Truth(), workbook()
    book.remove(book.active)
    parts = {
        "Burglary": [
            ("Visit homes after a break-in.", "Northaven Beat Team", [("G", "Forty made."), ("G", "All visited."),
             ("A", "Two weeks behind."), ("", "")]),
            ("Lend timers for lamps.", "Northaven Libraries", [("R", "No timers yet."), ("A", "Timers ordered."),
             ("G", "Lent to ninety homes."), ("G", "Lent to all who asked.")]),
            ("Check second-hand shops for stolen tools.", "Northaven Trading Watch",
             [("G", "Six shops seen."), ("", ""), ("", ""), ("", "")]),
        ],
        "Nuisance": [
            ("Remove burnt cars within two days.", "Northaven Clean Streets", [("A", "Most within three."),
             ("G", "All within two."), ("G", "Kept up."), ("G", "Kept up again.")]),
            ("Meet neighbours who complain of noise.", "Northaven Mediation",
             [("G", "Ten meetings."), ("R", "Mediator ill."),
             ("A", "Back to work."), ("G", "Backlog cleared.")]),
        ],
        "Hate crime": [
            ("Open three places to report hate crime.", "Northaven Faiths Network",
             [("G", "One is open."), ("G", "Two are open."),
             ("G", "Three are open."), ("", "")]),
        ],
    }  # fmt: skip
    order = 0
    for number, (name, actions) in enumerate(parts.items(), start=1):
        sheet = book.create_sheet(name)
        sheet["A1"], sheet["A2"] = "Northaven Partnership: action tracker", NOTICE
        sheet["A4"], sheet["B4"], sheet["C4"] = "Action", "Lead", "2024/25"
        sheet.merge_cells("A4:A6")
        sheet.merge_cells("B4:B6")
        sheet.merge_cells("C4:J4")
        for quarter in range(4):
            left = 3 + 2 * quarter
            sheet.cell(5, left, f"Q{quarter + 1}")
            sheet.merge_cells(start_row=5, start_column=left, end_row=5, end_column=left + 1)
            sheet.cell(6, left, "RAG")
            sheet.cell(6, left + 1, "Progress")
        truth.priority(number, name, f"{name}!A1")
        for row, (words, lead, quarters) in enumerate(actions, start=7):
            sheet.cell(row, 1, words)
            sheet.cell(row, 2, lead)
            if (name, row) == HIDDEN_ROW:
                (colour, progress), *_ = quarters
                sheet.row_dimensions[row].hidden = True
                truth.hidden(f"{name}!A{row}")
                for column, printed in enumerate((words, lead, colour, progress), start=1):
                    sheet.cell(row, column, printed)
                    truth.reported(printed, f"{name}!{get_column_letter(column)}{row}")
                continue
            order += 1
            element = f"#{order}"
            truth.made(element, f"{number}.{row - 6}", f"{name}!A{row}")
            truth.action(element, words, f"{name}!A{row}")
            truth.leads(element, [lead], f"{name}!B{row}")
            for quarter, (colour, progress) in enumerate(quarters):
                left, period = 3 + 2 * quarter, f"2024-2025-q{quarter + 1}"
                if colour:
                    sheet.cell(row, left, colour)
                    truth.rag(element, colour, f"{name}!{get_column_letter(left)}{row}", period)
                    sheet.cell(row, left + 1, progress)
                    truth.progress(element, progress, f"{name}!{get_column_letter(left + 1)}{row}", period)
    lookups = book.create_sheet("Lookups")
    lookups.sheet_state = "hidden"
    lookups["A1"] = "Choices for the drop-downs"
    truth.reported("Choices for the drop-downs", "Lookups!A1")
    book.save(path)
    return truth


def dunmarsh(path: Path) -> Truth:
    """A priority merged over its actions, calendar years, formulas, a column nobody knows; to be saved by an office."""
    truth, book = Truth(), workbook()
    sheet = book.active
    sheet.title = "Action plan"
    sheet["A1"] = "Dunmarsh Safety Board: plan for 2024 and 2025"
    sheet["A2"] = NOTICE
    for column, head in enumerate(("Priority", "Ref", "Action", "Lead", "Outcome", "2024", "2025", "Budget code"), 1):
        sheet.cell(4, column, head).font = Font(bold=True)
    parts: list[tuple[str, list[tuple[str, ...]]]] = [
        ("Rural crime", [
            ("A1", "Mark farm machines with hidden chips.", "Dunmarsh Farm Watch", "Fewer machines are stolen.",
             "Ongoing", "Tbc", "RC-100"),
            ("A2", "Ride with gamekeepers in the autumn.", "Dunmarsh Rangers", "Poachers are caught.", "Ongoing",
             "Ongoing", "RC-101"),
            ("A3", "Close tracks used for fly-tipping.", "Dunmarsh Lanes Group", "Lanes stay clean.", "Tbc", "Tbc",
             "RC-102"),
        ]),
        ("Safe evenings", [
            ("A4", "Walk students home from the harbour.", "Dunmarsh Street Pastors", "Students get home.", "Ongoing",
             "N/A", "SE-200"),
            ("A5", "Inspect licensed boats.", "Dunmarsh Harbour Office", "Boats keep their licence terms.", "N/A",
             "Ongoing", "SE-201"),
        ]),
    ]  # fmt: skip
    row = 5
    for number, (title, actions) in enumerate(parts, start=1):
        sheet.cell(row, 1, title).alignment = Alignment(vertical="top", wrap_text=True)
        truth.priority(number, title, f"Action plan!A{row}")
        sheet.merge_cells(start_row=row, end_row=row + len(actions) - 1, start_column=1, end_column=1)
        for cells in actions:
            for column, words in enumerate(cells, start=2):
                sheet.cell(row, column, words)
            reference, words, lead, outcome, first, second, code = cells
            # What a formula gives is what is printed.
            sheet.cell(row, 2, f'="A"&{reference[1:]}')
            element, place = f"action/{reference}", f"Action plan!{{}}{row}"
            truth.action(element, words, place.format("C"))
            truth.leads(element, [lead], place.format("D"))
            truth.outcome(element, outcome, place.format("E"))
            truth.status(element, "2024", first, place.format("F"))
            truth.status(element, "2025", second, place.format("G"))
            truth.reported(code, place.format("H"), element)
            row += 1
    book.save(path)
    return truth


def pellworth(path: Path) -> Truth:
    """Headings that are questions, columns in an odd order, progress of one quarter; to be saved by an office."""
    truth, book = Truth(), workbook()
    sheet = book.active
    sheet.title = "Plan 2024-25"
    sheet["A1"] = "Pellworth community safety action plan 2024/25"
    sheet["A2"] = NOTICE
    heads = ("Progress update Q2", "By when", "Who", "What we will do", "How will we know", "What difference", "Ref")
    for column, head in enumerate(heads, 1):
        sheet.cell(4, column, head)
    parts: list[tuple[str, list[tuple[str, ...]]]] = [
        ("Priority 1: Cleaner parks", [
            ("Bins ordered.", "March 2025", "Pellworth Parks Friends", "Put bins by every gate.",
             "Number of bags collected", "Parks are clean.", "P1-01"),
            ("Gates mended.", "By September 2024", "Pellworth Parks Friends", "Lock the park gates at dusk.",
             "Number of nights locked", "Fewer fires in the park.", "P1-02"),
        ]),
        ("Priority 2: Scams", [
            ("Two talks held.", "Quarterly", "Pellworth Bankers Group", "Give talks on scams to older people.",
             "Number of people who came", "Older people keep their money.", "P2-01"),
            ("Not begun.", "2024/25", "Pellworth Post Circle", "Put leaflets in every parcel.",
             "Number of leaflets", "Everybody knows the signs.", "P2-02"),
        ]),
    ]  # fmt: skip
    row = 5
    for number, (title, actions) in enumerate(parts, start=1):
        sheet.cell(row, 1, title)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(heads))
        truth.priority(number, title.partition(": ")[2], f"Plan 2024-25!A{row}")
        row += 1
        for cells in actions:
            for column, words in enumerate(cells, start=1):
                sheet.cell(row, column, words)
            progress, due, lead, words, measure, outcome, reference = cells
            element, place = f"action/{reference}", f"Plan 2024-25!{{}}{row}"
            truth.progress(element, progress, place.format("A"), "2024-2025-q2")
            truth.deadline(element, due, place.format("B"))
            truth.leads(element, [lead], place.format("C"))
            truth.action(element, words, place.format("D"))
            truth.measure(element, measure, place.format("E"))
            truth.outcome(element, outcome, place.format("F"))
            row += 1
    book.save(path)
    return truth


# --- text ------------------------------------------------------------------------------------------------------


def fenwick(path: Path) -> Truth:
    """Semicolons, Windows-1252, the priority in a column, words in quotation marks with a semicolon and a line end."""
    truth = Truth()
    rows = [
        ("Priority", "No.", "Action", "Lead organisation", "Timescale", "Success measure", "RAG"),
        ("Night-time economy", "1", "Test caf\u00e9 owners on refusing drunk guests.", "Fenwick Caf\u00e9 Union",
         "March 2025", "Number of caf\u00e9s tested", "Green"),
        ("Night-time economy", "2", '"Walk the ""blue mile""; talk to doormen."', "Fenwick Night Patrol", "Monthly",
         "Number of walks", "Amber"),
        ("Safer homes", "3", "Fit chains \u2013 at no cost \u2013 for people over seventy.", "Fenwick Care and Repair",
         "2024/25", "Number of chains fitted", "Red"),
        ("Safer homes", "4", "Warn of doorstep sellers.", "Fenwick Traders\u2019 Guild", "Ongoing",
         "Number of warnings", "Complete"),
    ]  # fmt: skip
    path.write_bytes("\r\n".join(";".join(row) for row in rows).encode("cp1252") + b"\r\n")
    numbers = {"Night-time economy": 1, "Safer homes": 2}
    for row, ((before, *_), (title, reference, words, lead, due, measure, colour)) in enumerate(pairwise(rows), 2):
        if before != title:
            truth.priority(numbers[title], title, f"row {row}, column 1")
        element, place = f"action/{reference}", f"row {row}, column {{}}"
        printed = words.strip('"').replace('""', '"')
        truth.action(element, printed, place.format(3))
        truth.leads(element, [lead], place.format(4))
        truth.deadline(element, due, place.format(5))
        truth.measure(element, measure, place.format(6))
        truth.rag(element, colour, place.format(7))
    return truth


def ashby_cove(path: Path) -> Truth:
    """Tabs in UTF-16, a preamble, financial-year columns, a column of comments, no reference."""
    truth = Truth()
    rows = [
        ("Theme", "Activities", "Responsible body", "Desired outcome", "2024/25", "2025/26"),
        ("Drugs", "Search lockers at the ferry port.", "Ashby Cove Port Watch", "Fewer drugs come in.", "Ongoing",
         "Tbc"),
        ("Drugs", "Offer a worker to everyone arrested.", "Ashby Cove Recovery", "More people in treatment.", "Tbc",
         "Ongoing"),
        ("Reoffending", "Meet people at the prison gate.", "Ashby Cove Second Start", "Fewer return to prison.",
         "Ongoing", "Ongoing"),
    ]  # fmt: skip
    lines = ["Ashby Cove reduction plan", NOTICE, "", *("\t".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-16")
    counted, numbers = {"Drugs": 0, "Reoffending": 0}, {"Drugs": 1, "Reoffending": 2}
    for order, (title, words, lead, outcome, first, second) in enumerate(rows[1:], start=1):
        element, place = f"#{order}", f"row {order + 4}, column {{}}"
        if not counted[title]:
            truth.priority(numbers[title], title, place.format(1))
        counted[title] += 1
        truth.made(element, f"{numbers[title]}.{counted[title]}", place.format(2))
        truth.action(element, words, place.format(2))
        truth.leads(element, [lead], place.format(3))
        truth.outcome(element, outcome, place.format(4))
        truth.status(element, "2024-2025", first, place.format(5))
        truth.status(element, "2025-2026", second, place.format(6))
    return truth


def harrowdene(path: Path) -> Truth:
    """A page of the web: rowspan, colspan, header cells, a menu around it, references like P2-03."""
    truth = Truth()
    parts: list[tuple[str, list[tuple[str, ...]]]] = [
        ("Confidence in the police", [
            ("P1-01", "Answer each letter in a week.", "Harrowdene Constables", "Letters answered in time", "Green",
             "Ninety of a hundred."),
            ("P1-02", "Hold a street meeting a month.", "Harrowdene Constables", "Number of meetings", "Amber",
             "Rain stopped two."),
        ]),
        ("Fire and water", [
            ("P2-03", "Visit houseboats with smoke alarms.", "Harrowdene Fire Friends", "Number of boats visited",
             "Green", "All boats seen."),
            ("P2-04", "Teach throwing a rope.", "Harrowdene Lifeboat", "Number of people taught", "Red",
             "No room found."),
            ("P2-05", "Put signs at the weir.", "Harrowdene Lifeboat", "Number of signs", "Complete", "Four signs up."),
        ]),
    ]  # fmt: skip
    page = [
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>Harrowdene plan</title></head><body>",
        "<nav><ul><li><a href='/'>Home</a></li></ul></nav><main><h1>Harrowdene Safer Together 2024/25</h1>",
        f"<p>{NOTICE}</p><table><thead><tr><th rowspan='2'>Ref</th><th rowspan='2'>Key action</th>"
        "<th rowspan='2'>Lead</th><th rowspan='2'>Measure</th><th colspan='2'>2024/25</th></tr>"
        "<tr><th>RAG</th><th>Progress</th></tr></thead><tbody>",
    ]
    row = 2
    for number, (title, actions) in enumerate(parts, start=1):
        row += 1
        page.append(f"<tr><th colspan='6'>{title}</th></tr>")
        truth.priority(number, title, f"table 1, row {row}")
        spanning = 0
        for index, (reference, words, lead, measure, colour, progress) in enumerate(actions):
            row += 1
            element, place = f"action/{reference}", f"table 1, row {row}, column {{}}"
            cells = [f"<td>{reference}</td>", f"<td>{words}</td>"]
            if not spanning:
                spanning = sum(1 for other in actions[index:] if other[2] == lead)
                cells.append(f"<td rowspan='{spanning}'>{lead}</td>" if spanning > 1 else f"<td>{lead}</td>")
            spanning -= 1
            cells += [f"<td>{each}</td>" for each in (measure, colour, progress)]
            page.append(f"<tr>{''.join(cells)}</tr>")
            truth.action(element, words, place.format(2))
            truth.leads(element, [lead], place.format(3))
            truth.measure(element, measure, place.format(4))
            truth.rag(element, colour, place.format(5), "2024-2025")
            truth.progress(element, progress, place.format(6), "2024-2025")
    page.append("</tbody></table></main><footer>Cookies</footer></body></html>")
    path.write_text("\n".join(page), encoding="utf-8")
    return truth


def oakmoor(path: Path) -> Truth:
    """A text dump: priorities are lines of text, the headings are others than those of the bundled plan."""
    truth = Truth()
    parts: list[tuple[str, list[tuple[str, ...]]]] = [
        ("Safer villages", [
            ("1.1", "Set up a watch in each village.", "Oakmoor Village Watch", "Villages look out.", "Ongoing",
             "Ongoing"),
            ("1.2", "Light the path to the mill.", "Oakmoor Lamps", "The path is used at night.", "Tbc", "Ongoing"),
        ]),
        ("Stronger families", [
            ("2.1", "Hold parent evenings at the mosque.", "Oakmoor Parents", "Parents know whom to ask.", "Ongoing",
             "Tbc"),
            ("2.2", "Give each family one worker.", "Oakmoor Family Hub", "Families tell their story once.", "Tbc",
             "Tbc"),
        ]),
    ]  # fmt: skip
    lines = ["Oakmoor Plan for Safety", NOTICE, ""]
    for number, (title, actions) in enumerate(parts, start=1):
        lines += [f"Theme {number}: {title}", ""]
        truth.priority(number, title, f"line {len(lines) - 1}")
        lines.append("Action Ref\tKey activities\tResponsible partner\tImpact\t2024/25\t2025/26")
        for reference, words, lead, outcome, first, second in actions:
            lines.append("\t".join((reference, words, lead, outcome, first, second)))
            element, place = f"action/{reference}", f"line {len(lines)}, column {{}}"
            truth.action(element, words, place.format(2))
            truth.leads(element, [lead], place.format(3))
            truth.outcome(element, outcome, place.format(4))
            truth.status(element, "2024-2025", first, place.format(5))
            truth.status(element, "2025-2026", second, place.format(6))
        lines.append("")
    path.write_text("\n".join(lines), encoding="utf-8")
    return truth


DOCUMENTS: Final[dict[str, Maker]] = {
    "castlemere.docx": castlemere, "stourley.docx": stourley, "northaven.xlsx": northaven, "fenwick.csv": fenwick,
    "ashby-cove.tsv": ashby_cove, "harrowdene.html": harrowdene, "oakmoor.txt": oakmoor,
}  # fmt: skip
SAVED_BY_AN_OFFICE: Final[dict[str, tuple[str, Maker]]] = {
    "wexbury.docx": ("docx", wexbury), "brackwater.docx": ("html", brackwater),
    "dunmarsh.xlsx": ("xlsx", dunmarsh), "pellworth.xlsx": ("xlsx", pellworth),
}  # fmt: skip
"""By name: the format the office program is given, and what makes it."""


def saved_by_an_office(source: Path, folder: Path) -> Path:
    """`source` opened and saved by LibreOffice into `folder`, as Word or Excel file."""
    kind = "xlsx" if source.suffix == ".xlsx" else "docx"
    words = ["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless"]
    # A page opens in the web editor otherwise, which cannot save Word files.
    words += ["--infilter=HTML (StarWriter)"] if source.suffix == ".html" else []
    words += ["--convert-to", kind, "--outdir", str(folder), str(source)]
    subprocess.run(words, check=True, capture_output=True, timeout=120)
    return folder / f"{source.stem}.{kind}"


def steady(path: Path) -> None:
    """Write a zip file again with the same times everywhere, so that it changes only with what it holds."""
    if path.suffix not in (".docx", ".xlsx"):
        return
    with zipfile.ZipFile(path) as package:
        members = [(name, package.read(name)) for name in package.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members:
            package.writestr(zipfile.ZipInfo(name, MADE.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)


def main(folder: Path = HERE) -> None:
    """Make every document and its truth."""
    for name, make in DOCUMENTS.items():
        make(folder / name).write(folder / f"{Path(name).stem}.truth.csv")
        steady(folder / name)
    if shutil.which("soffice") is None:
        sys.exit("soffice is not installed: the documents an office program saves were not made.")
    with tempfile.TemporaryDirectory() as scratch:
        given, saved = Path(scratch) / "given", Path(scratch) / "saved"
        given.mkdir()
        saved.mkdir()
        for name, (kind, make) in SAVED_BY_AN_OFFICE.items():
            source = given / f"{Path(name).stem}.{kind}"
            make(source).write(folder / f"{source.stem}.truth.csv")
            shutil.copyfile(saved_by_an_office(source, saved), folder / name)
            steady(folder / name)


if __name__ == "__main__":
    main()
