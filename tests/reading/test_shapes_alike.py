"""One plan, printed in any shape, is read as the same plan."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents import Document
from kg.errors import InputError
from kg.reading import Rules
from kg.reading.layout import Layout, lay_out
from kg.reading.walking import Walk
from kg.settings import bundled
from kg.tables.values import parse_cell
from tests.reading.built import Heading, Merged, Table, built, every_cell

RULES = Rules.load(bundled("data") / "reading")
WORDS = {
    "ref-no": ["Ref", "Action no.", "#", "Reference"],
    "activity": ["Action", "What we will do", "KEY ACTIONS", "Activity (what will we do?)"],
    "lead-partners": ["Lead", "Lead agency", "Who?", "Lead partner(s)"],
    "expected-outcome": ["Outcome", "What difference will it make?", "Expected outcomes*"],
    "timescale": ["By when", "Timescale", "Deadline"],
    "2024-2025-rag": ["RAG"],
    "2024-2025-progress": ["Progress"],
}
Printed = list[tuple[str, list[dict[str, str]]]]
PERIOD = ("2024-2025-rag", "2024-2025-progress")


@dataclass(frozen=True)
class Shape:
    """How a plan is printed."""

    order: tuple[str, ...]
    headings: dict[str, str]
    two_rows: bool
    merged: bool
    """Whether equal leads below each other are one cell."""
    numbered: bool
    breaks: frozenset[int]
    """Before which priorities the header is printed again."""
    broken: int
    """Before which action of a priority it is printed again."""
    priorities: str = ""


@st.composite
def plans(draw: st.DrawFn) -> Printed:
    """Two to four priorities with one to four actions each."""
    found = []
    names = draw(st.permutations(["Safe nights", "Homes and burglary", "Young people", "Hate crime"]))
    for number, name in enumerate(names[: draw(st.integers(2, 4))], start=1):
        actions = [
            {
                "ref-no": f"{number}.{k}",
                "activity": f"{draw(st.sampled_from(['Visit', 'Write to', 'Train']))} group {number}{k} of the town",
                "lead-partners": draw(st.sampled_from(["Council", "Police", "Fire Service"])),
                "expected-outcome": draw(st.sampled_from(["Fewer fights", "More trust"])),
                "timescale": draw(st.sampled_from(["May 2025", "Ongoing"])),
                "2024-2025-rag": draw(st.sampled_from(["Red", "Green"])),
                "2024-2025-progress": draw(st.sampled_from(["begun", "not begun"])),
            }
            for k in range(1, draw(st.integers(1, 4)) + 1)
        ]
        found.append((name, actions))
    return found


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    plain = [column for column in WORDS if column not in PERIOD]
    # What is said of a year stands below it, side by side.
    order = draw(st.permutations([*plain, "year"]))
    columns = tuple(column for one in order for column in (PERIOD if one == "year" else (one,)))
    return Shape(
        columns,
        {column: draw(st.sampled_from(words)) for column, words in WORDS.items()},
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.booleans()),
        frozenset(draw(st.sets(st.integers(2, 4), max_size=2))),
        draw(st.integers(1, 4)),
    )


def header(shape: Shape, before: list[str]) -> list[list[str | Merged | None]]:
    if not shape.two_rows:
        years = {column: f"2024/25 {shape.headings[column]}" for column in PERIOD}
        return [[*before, *(years.get(column, shape.headings[column]) for column in shape.order)]]
    above: list[str | Merged | None] = [Merged(words, 2) for words in before]
    below: list[str | Merged | None] = [None for _ in before]
    for column in shape.order:
        if column in PERIOD:
            first = shape.order.index(column) == min(shape.order.index(one) for one in PERIOD)
            above.append(Merged("2024/25", 1, 2) if first else None)
            below.append(shape.headings[column])
        else:
            above.append(Merged(shape.headings[column], 2))
            below.append(None)
    return [above, below]


def lines(actions: list[dict[str, str]], shape: Shape, title: str) -> list[list[str | Merged | None]]:
    """The rows of one priority, equal cells below each other merged where the shape says so."""
    found: list[list[str | Merged | None]] = [[action[column] for column in shape.order] for action in actions]
    if shape.merged:
        merge(found, shape.order.index("lead-partners"))
    if "column" in shape.priorities:
        found = [[title, *line] for line in found]
        if shape.priorities == "merged column":
            merge(found, 0)
    return found


def merge(rows: list[list[str | Merged | None]], place: int) -> None:
    """Merge the equal cells of a column."""
    first = 0
    for at in range(1, len(rows) + 1):
        words = rows[first][place]
        if at == len(rows) or rows[at][place] != words:
            rows[first][place] = Merged(str(words), at - first)
            for below in rows[first + 1 : at]:
                below[place] = None
            first = at


def printed(plan: Printed, shape: Shape) -> Document:
    """The plan in a shape; a header is printed again only where no merged cell would be cut."""
    before = ["Priority"] if "column" in shape.priorities else []
    apart = shape.priorities in ("headings", "sheets")
    parts: list[Heading | Table] = [] if shape.priorities == "sheets" else [Heading("Safer Tinford", 1)]
    rows: list[list[str | Merged | None]] = []
    for number, (name, actions) in enumerate(plan, start=1):
        title = f"Priority {number}: {name}" if shape.numbered else name
        if shape.priorities == "headings":
            parts.append(Heading(title, 2))
        if apart or not rows or number in shape.breaks:
            rows = [*([] if apart else rows), *header(shape, before)]
        if shape.priorities == "rows":
            rows.append([Merged(title, 1, len(shape.order))])
        for k, line in enumerate(lines(actions, shape, title), start=1):
            if k == shape.broken and k > 1 and not any(cell is None for cell in line):
                rows += header(shape, before)
            rows.append(line)
        if apart:
            parts.append(Table(rows, title))
    if not apart:
        parts.append(Table(rows))
    return built(*parts, kind="xlsx" if shape.priorities == "sheets" else "docx")


@pytest.mark.parametrize("priorities", ["sheets", "headings", "rows", "column", "merged column"])
@settings(max_examples=40, deadline=None, derandomize=True)
@given(plan=plans(), shape=shapes())
def test_a_plan_in_any_shape_is_the_same_plan(priorities: str, plan: Printed, shape: Shape):
    document = printed(plan, replace(shape, priorities=priorities))
    layout = lay_out(document, RULES)
    found = [
        (
            priority.title.text if priority.title else "",
            [
                {column: " ".join(p.cell.words for p in placed) for column, placed in action.cells.items()}
                for delivery in priority.deliveries
                for action in delivery.actions
            ],
        )
        for priority in layout.priorities
    ]
    assert found == plan
    assert every_cell(document, layout)
    assert [action.reference for action in layout.actions] == [a["ref-no"] for _, actions in plan for a in actions]


CELL = st.sampled_from(
    ["", "Ref", "Action", "Lead", "RAG", "2024/25", "Q1", "Priority", "Objective", "1.1", "1.2", "A1", "Do this.",
     "Visit the park", "visit", "Police", "Green", "Priority 1: Nights", "Theme B", "Objective: peace", "Total",
     "Improvement actions", "Strategic Outcome: calm", "Delivery Priority 2:", "KPI", "Target 2024/25", "Risk"]
)  # fmt: skip
ANY = st.one_of(CELL, st.none(), st.builds(Merged, CELL, st.integers(1, 3), st.integers(1, 4)))
PARTS = st.one_of(
    st.builds(Heading, CELL.filter(bool), st.integers(0, 3)),
    st.builds(Table, st.lists(st.lists(ANY, min_size=1, max_size=6), min_size=1, max_size=8), CELL),
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(PARTS, min_size=1, max_size=6), st.sampled_from(["docx", "xlsx", "csv", "html"]))
def test_whatever_is_printed_is_placed_or_kept_or_refused_in_words(parts: list[Heading | Table], kind: str):
    action = Table([["Ref", "Action", "Lead"], ["9.9", "Act", "Council"]], "Last")
    document = built(*parts, action, kind=kind)
    try:
        layout = lay_out(document, RULES)
    except InputError as error:
        refused = str(error)
    else:
        assert_whole(document, layout)
        return
    assert refused.startswith("safer-plan.docx:")


COLOURED = st.builds(
    Merged, CELL, st.just(1), st.integers(1, 2), st.sampled_from(["", "#ff0000", "#00b050", "#d9d9d9"])
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.lists(st.lists(COLOURED, min_size=4, max_size=4), min_size=1, max_size=6),
    st.sampled_from(["RAG", "Status", "2024/25", "Progress", "Zebedee"]),
    st.sampled_from(["docx", "xlsx", "html"]),
)
def test_whatever_is_said_by_a_colour_is_placed_or_kept(given: list[list[Merged]], heading: str, kind: str):
    table = Table([["Ref", "Action", "Lead", heading], ["9.9", "Act", "Council", "Green"], *given], "Plan")
    document = built(table, kind=kind)
    walk = Walk(document, RULES)
    walk.run()
    heads = {header.line + at for header in walk.headers for at in range(header.rows)}
    layout = lay_out(document, RULES)
    assert_whole(document, layout)
    found = {id(one.cell) for one in [*layout.placed, *layout.kept]}
    for row in document.rows:
        for cell in row.cells:
            if not cell.coloured or row.line in heads:
                continue
            # One colour that most of its row or column has is decoration; every other says something.
            beside = [other.fill for other in row.cells if other is not cell]
            column = [other.fill for other in document.cells if other.column == cell.column and other is not cell]
            if cell.fill not in beside and cell.fill not in column:
                assert id(cell) in found


def assert_whole(document: Document, layout: Layout) -> None:
    """Every cell stands somewhere, under a name a table may cite; every number and reference is one thing's."""
    assert every_cell(document, layout)
    references = [found.reference for found in layout.actions]
    assert len(set(references)) == len(references) > 0
    assert all(parse_cell(placed.id) for placed in layout.placed)
    assert [p.number for p in layout.priorities] == list(dict.fromkeys(p.number for p in layout.priorities))
