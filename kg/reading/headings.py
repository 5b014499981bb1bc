"""Header rows and what the columns below them mean."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kg.documents import Cell
from kg.reading.grid import GridRow
from kg.reading.numbering import printed_reference
from kg.reading.periods import HeadingPeriod, find_periods, in_year, period_in_heading
from kg.reading.rules import Recognised, Rules, normal
from kg.tables.values import period_column

ASIDE = ("aside", "ignore")
"""Columns of the rules whose cells are kept aside, the second without a doubt."""
OTHER = "other:"
"""How the rules mark a heading of tables that hold no actions."""
OF_A_PERIOD = ("rag", "progress", "status", "target", "actual")
_SINGLE = ("ref-no", "priority", "delivery-priority", "rag", "status", "timescale")
"""Columns that a table has once; of others two are read together."""
_NEEDED = ("ref-no", "activity", "lead-partners", "expected-outcome")
"""Columns that are read from a heading known only by its first words, where no other is that column."""
_SAYS_SOMETHING = frozenset(
    {"lead-partners", "supporting-partners", "owner", "expected-outcome", "measure", "timescale", "status", "rag",
     "progress", "resources", "comments", "ref-no"}
)  # fmt: skip
_FIGURES = ("target", "actual", "baseline")
_LONGEST = 200
"""No heading has more characters, explanations included."""
_SHORT = 60
_SURELY_NEAR = 0.9
"""As like a known heading, a misspelt one is that, whatever single words of it mean."""
_LONGEST_REFERENCE = 14
_REFERENCE = re.compile(r"(?=\S*\d)[\w./-]{1,10}")


@dataclass(frozen=True)
class Column:
    """A column of a table: its header cells, and what it was recognised as (see `ColumnRead`)."""

    index: int
    cells: tuple[Cell, ...]
    words: str
    column: str | None
    how: str
    confidence: float
    proposed: str = ""
    doubt: str = ""
    ignored: bool = False
    """Whether its cells are kept aside without a doubt."""


@dataclass
class Header:
    """The header of a table: how many rows it has, its columns by place, what the table holds.

    ``kind`` is actions, more (of actions that stand elsewhere), indicators or aside.
    """

    line: int
    sheet: str
    rows: int
    columns: dict[int, Column]
    kind: str = "aside"
    sentence: str = ""
    width: int = 0
    marked: bool = False
    cells: list[Cell] = field(default_factory=list)

    def name(self, place: int) -> str | None:
        """What stands in a place, None where its cells are kept aside."""
        column = self.columns.get(place)
        return None if column is None else column.column

    @property
    def names(self) -> set[str]:
        """What its columns are."""
        return {column.column for column in self.columns.values() if column.column}

    def ignored(self, place: int) -> bool:
        """Whether the cells of a place are kept aside without a doubt."""
        column = self.columns.get(place)
        return column is not None and column.ignored

    def words(self, place: int) -> str:
        """The heading of a place as printed."""
        column = self.columns.get(place)
        return "" if column is None else column.words


class Headings:
    """Reads headers of one document; ``year`` is the one year its title names, for quarters without one."""

    def __init__(self, rules: Rules, year: str = "") -> None:
        self.rules = rules
        self.year = year

    def is_header(self, row: GridRow, *, first: bool = False) -> bool:
        """Whether a row holds headings: two or more that are known, and they are most of it or its first row."""
        printed = row.own
        if len(printed) < 2 or any(len(cell.words) > _LONGEST for cell in printed):
            return False
        sure, like = set(), 0
        for cell in printed:
            found = self._known(cell)
            if found is None:
                continue
            if isinstance(found, HeadingPeriod) or found.sure:
                sure.add((found.period or found.quarter) if isinstance(found, HeadingPeriod) else found.known)
            else:
                like += 1
        words = any(isinstance(name, str) and not period_column(name) for name in sure)
        if len(sure) >= 2 and words and (len(sure) * 2 > len(printed) or first or row.row.header):
            return True
        near = first or row.row.header
        if near and (words or not sure) and all(len(cell.words) <= _SHORT for cell in printed):
            like += sum(1 for cell in printed if self._known(cell) is None and self.rules.nearest(cell.words).columns)
            return (len(sure) + like) >= (2 if sure else 3) and (len(sure) + like) * 2 > len(printed)
        return row.row.header and bool(sure or like) and all(len(cell.words) <= _SHORT for cell in printed)

    def _known(self, cell: Cell) -> HeadingPeriod | Recognised | None:
        if len(cell.words) > _LONGEST:
            return None
        if (period := self._period(cell.words)) is not None:
            return period
        found = self.rules.recognise(cell.text)
        return found if found.columns else None

    def _period(self, words: str) -> HeadingPeriod | None:
        """The period of a heading, where its other words are none or say what is given for it."""
        found = period_in_heading(words) if len(words) <= _LONGEST else None
        if found is None or not found.rest:
            return found
        rest = self.rules.recognise(found.rest)
        return found if rest.columns and rest.columns[0] in (*OF_A_PERIOD, "comments", "baseline") else None

    # --- a header of one, two or three rows ---

    def read(self, rows: Sequence[GridRow], at: int, until: int, depth: int = 1) -> Header:
        """The header that begins in row ``at`` and has ``depth`` rows at least; ``until`` ends the rows it heads."""
        top = at
        while at + depth < min(until, at + 4) and self.goes_on(rows[at : at + depth], rows[at + depth]):
            depth += 1
        header_rows = rows[top : at + depth]
        body = rows[at + depth : until]
        width = max(row.width for row in [*header_rows, *body[:5]])
        columns = {}
        # A year that other headings of the table name holds for its quarters, before one that a title names.
        year = year_of_title(cell.words for row in header_rows for cell in row.own) or self.year
        for place in range(min(width, 200)):
            cells = self._above(header_rows, place)
            columns[place] = self._column(place, cells, year)
        header = Header(
            rows[at].line, rows[at].row.cells[0].sheet, depth, columns, width=width,
            marked=any(row.row.header for row in header_rows),
            cells=[cell for row in header_rows for cell in row.own],
        )  # fmt: skip
        self._settle(header, body)
        return header

    def opens_above(self, row: GridRow, header: GridRow) -> bool:
        """Whether a row is the upper part of the header below it: years over quarters, or cells merged into it."""
        printed = row.own
        if not printed or any(len(cell.words) > _LONGEST for cell in printed):
            return False
        if any(cell.columns >= max(row.width, header.width) for cell in printed):
            return False
        merged = [cell for cell in printed if cell.line + cell.rows > header.line]
        spread = [cell for cell in printed if cell.columns > 1 or self._period(cell.words)]
        return len(merged) + len([cell for cell in spread if cell not in merged]) == len(printed) and (
            any(self._period(cell.words) for cell in printed) or bool(merged) or len(printed) > 1
        )

    def goes_on(self, above: Sequence[GridRow], row: GridRow) -> bool:
        """Whether a row below a header belongs to it: sub-headings, under cells that span them or under nothing."""
        printed = row.own
        if not printed or any(len(cell.words) > _SHORT for cell in printed):
            return False
        known = [self._known(cell) for cell in printed]
        sure = [one for one in known if isinstance(one, HeadingPeriod) or (one is not None and one.sure)]
        if not sure or len(sure) * 2 <= len(printed):
            return False
        if any(cell.column + cell.columns >= row.width > 1 and cell.column == 0 for cell in printed):
            return False
        spanned = all(
            (over := above[-1].places.get(cell.column)) is None or over.columns > 1 or self._period(over.words)
            for cell in printed
        )
        times = len(sure) == len(printed) and all(isinstance(one, HeadingPeriod) for one in sure)
        return spanned or times

    def _above(self, rows: Sequence[GridRow], place: int) -> tuple[Cell, ...]:
        """The header cells of a place from the top; a year that is not merged reaches over the blanks behind it."""
        cells: list[Cell] = []
        for depth, row in enumerate(rows):
            cell = row.places.get(place)
            if cell is None and depth < len(rows) - 1 and any(below.places.get(place) for below in rows[depth + 1 :]):
                left = max((at for at in row.places if at < place), default=-1)
                before = row.places.get(left)
                if before is not None and self._period(before.words):
                    cell = before
            if cell is not None and cell not in cells:
                cells.append(cell)
        return tuple(cells)

    def _column(self, place: int, cells: tuple[Cell, ...], year: str) -> Column:
        words = " ".join(cell.words for cell in cells)
        if not cells:
            return Column(place, (), "", None, "unknown", 0.0)
        for decided in (words, cells[-1].words):
            found = self.rules.recognise(decided)
            if found.how == "decided":
                name = found.columns[0]
                return Column(place, cells, words, name, "decided", 1.0)
        period, quarter, rest = "", 0, []
        for cell in cells:
            found_period = self._period(cell.words)
            if found_period is None:
                rest.append(cell.text)
                continue
            period = found_period.period or period
            quarter = found_period.quarter or quarter
            if found_period.rest:
                rest.append(found_period.rest)
        guessed = ""
        if quarter and not period and year:
            period, guessed = year, f"names a quarter without its year; read as one of {year}."
        if quarter and period and "-q" not in period:
            period = in_year(quarter, period)
        best = self._best(rest)
        if period:
            return self._of_period(Column(place, cells, words, period, "period", 0.8 if guessed else 1.0, "", guessed),
                                   best)  # fmt: skip
        if quarter:
            proposed = next((column for column in best.columns if column in OF_A_PERIOD), "")
            doubt = "names a quarter, and no heading or title says of which year; its cells are kept aside."
            return Column(place, cells, words, None, "unknown", 0.0, proposed, doubt)
        if not best.sure and (near := self.rules.nearest(words)).confidence > max(best.confidence, _SURELY_NEAR):
            best = near
        return Column(place, cells, words, "|".join(best.columns) or None, best.how, best.confidence, best.known)

    def _best(self, texts: Sequence[str]) -> Recognised:
        """The meaning of stacked headings: of the lowest that is known, else of all of them as one."""
        found = [self.rules.recognise(text) for text in reversed(texts)]
        whole = self.rules.recognise(" ".join(texts)) if len(texts) > 1 else None
        if whole is not None and whole.how == "exact":
            return whole
        return next((one for one in found if one.sure), None) or next(
            (one for one in found if one.columns), Recognised((), "unknown", 0.0)
        )

    @staticmethod
    def _of_period(column: Column, best: Recognised) -> Column:
        for name in best.columns:
            if name in OF_A_PERIOD:
                return replace(column, column=f"{column.column}-{name}")
            if name in ("comments", "baseline"):
                return replace(column, column=f"{column.column}-{'progress' if name == 'comments' else 'actual'}")
        return column

    # --- which heading takes which column ---

    def _settle(self, header: Header, body: Sequence[GridRow]) -> None:
        """Give every column one meaning, and say what the table holds."""
        columns = header.columns
        foreign = sum(1 for column in columns.values() if (column.column or "").startswith(OTHER))
        self._behind_periods(columns)
        self._states_of_periods(columns)
        self._called_actions(columns, body)
        self._by_preference(columns)
        self._nearest(columns)
        self._not_how_urgent(columns, body)
        self._by_content(columns, body)
        self._what_it_holds(header, foreign)
        for place, column in columns.items():
            name = column.column
            if name == "indicator":
                columns[place] = replace(column, column="measure")
            if name in _FIGURES:
                doubt = "gives figures of no year; its cells are kept aside."
                columns[place] = replace(column, column=None, doubt=column.doubt or doubt)
            if name in ASIDE or (name or "").startswith(OTHER):
                doubt = "" if name == "ignore" or header.kind == "aside" else "has no place in a plan; kept aside."
                columns[place] = replace(column, column=None, doubt=column.doubt or doubt, ignored=name == "ignore")

    @staticmethod
    def _behind_periods(columns: dict[int, Column]) -> None:
        """A column RAG or Progress that stands once behind each of several periods says it of that period."""
        for name in OF_A_PERIOD:
            places = [place for place, column in columns.items() if name in (column.column or "").split("|")]
            if len(places) < 2:
                continue
            left: dict[int, str] = {}
            for place in places:
                before = columns.get(place - 1)
                for step in range(1, 4):
                    before = columns.get(place - step)
                    found = period_column(before.column or "") if before else None
                    if found is not None:
                        left[place] = found[0]
                        break
            if len(left) == len(places) and len(set(left.values())) == len(left):
                for place, period in left.items():
                    columns[place] = replace(columns[place], column=f"{period}-{name}", how="period", confidence=0.9)

    @staticmethod
    def _states_of_periods(columns: dict[int, Column]) -> None:
        """A status column of a year says what the year's own column would say, where nothing else is said of it."""
        said = [found for column in columns.values() if (found := period_column(column.column or ""))]
        for place, column in columns.items():
            found = period_column(column.column or "")
            if found is not None and found[1] == "status" and sum(period == found[0] for period, _ in said) == 1:
                columns[place] = replace(column, column=found[0])

    @staticmethod
    def _called_actions(columns: dict[int, Column], body: Sequence[GridRow]) -> None:
        """Of two columns of actions one may hold their references: "Action 1" beside "Description"."""
        columns_of = [place for place, column in columns.items() if (column.column or "").split("|")[0] == "activity"]
        if len(columns_of) < 2 or any(column.column == "ref-no" for column in columns.values()):
            return
        for place in columns_of:
            words = _down([row for row in body if len(row.own) > 1], place)
            if words and all(len(word) <= _LONGEST_REFERENCE and printed_reference(word) for word in words):
                columns[place] = replace(columns[place], column="ref-no")
                return

    def _by_preference(self, columns: dict[int, Column]) -> None:
        """Sure headings first, then those with a choice, then those known by some of their words."""
        taken: dict[str, int] = {}

        def order(place: int) -> tuple[bool, bool, bool, int]:
            column = columns[place]
            sure = column.how in ("exact", "beginning", "decided", "period")
            choices = (column.column or "").split("|")
            # Who owns an action leads it only where no other column says which body does.
            return not sure, len(choices) > 1, "owner" in choices, place

        for place in sorted(columns, key=order):
            column = columns[place]
            if column.column is None:
                continue
            choices = column.column.split("|")
            free = next((name for name in choices if name not in taken), None)
            if column.how == "opening" and free not in _NEEDED:
                # The last word of a heading says what it is: a budget code is no budget.
                columns[place] = replace(
                    column, column=None, proposed=choices[0], confidence=0.0,
                    doubt=f"begins like {choices[0]}, but may be something else; its cells are kept aside.",
                )  # fmt: skip
                continue
            sure = column.how in ("exact", "beginning", "decided", "period")
            if free is not None:
                taken[free] = place
                doubt = column.doubt
                if column.how == "near":
                    doubt = _near(column.proposed, column.confidence, free)
                elif not sure:
                    doubt = f"is read as {free} because of some of its words; the heading itself is not known."
                columns[place] = replace(column, column=free, proposed=free, doubt=doubt)
                if free in ASIDE or free.startswith(OTHER):
                    taken.pop(free)
                continue
            name = choices[0]
            other = columns[taken[name]].words
            if not sure or name in _SINGLE or period_column(name):
                doubt = f'may be {name}, as "{other}" is; its cells are kept aside.'
                columns[place] = replace(column, column=None, how="unknown", confidence=0.0, proposed=name, doubt=doubt)
            else:
                doubt = f'is read together with "{other}": both are {name}.'
                columns[place] = replace(column, column=name, proposed=name, confidence=0.8, doubt=doubt)

    def _nearest(self, columns: dict[int, Column]) -> None:
        taken = {column.column for column in columns.values()}
        for place, column in columns.items():
            if column.column is not None or not column.words or column.doubt:
                continue
            near = self.rules.nearest(column.words)
            name = next((name for name in near.columns if name not in taken), None)
            if name is None or name in ASIDE or name.startswith(OTHER):
                continue
            taken.add(name)
            doubt = _near(near.known, near.confidence, name)
            columns[place] = replace(column, column=name, how="near", confidence=near.confidence, doubt=doubt)

    def _not_how_urgent(self, columns: dict[int, Column], body: Sequence[GridRow]) -> None:
        """A priority column of high, medium and low names no priority of the plan."""
        for place, column in columns.items():
            words = _down(body, place) if column.column == "priority" else []
            if words and all(self.rules.marker_alone(word, "urgency") for word in words):
                doubt = "says how urgent an action is, not which priority it serves; kept aside."
                columns[place] = replace(column, column=None, doubt=doubt)

    def _by_content(self, columns: dict[int, Column], body: Sequence[GridRow]) -> None:
        names = {column.column for column in columns.values()}
        rows = [row for row in body if len(row.own) > 1]
        unknown = [column for column in columns.values() if column.column is None and not column.doubt]
        if "ref-no" not in names:
            for column in unknown:
                words = _down(rows, column.index)
                fits = [word for word in words if _REFERENCE.fullmatch(word)]
                if words and len(fits) * 5 >= len(rows) * 4 and len(set(fits)) == len(fits):
                    doubt = "holds what looks like references, and is read so."
                    columns[column.index] = replace(column, column="ref-no", how="content", confidence=0.7, doubt=doubt)
                    break
        said = {name for name in names if name and (name in _SAYS_SOMETHING or period_column(name))} - {"ref-no"}
        if "activity" in names or len(said) < 2:
            return
        spare = [
            column for column in columns.values()
            if column.column in (None, "delivery-priority", "comments") and column.how != "beginning"
        ]  # fmt: skip
        longest = max(
            ((sum(map(len, words)) / len(words), column) for column in spare
             if (words := _down(rows, column.index)) and len(words) * 5 >= len(rows) * 4),
            key=lambda entry: entry[0], default=None,
        )  # fmt: skip
        if longest is not None and longest[0] >= 15 and columns[longest[1].index].column != "ref-no":
            doubt = "is read as the actions: no heading names them, and its cells say most."
            place = longest[1].index
            columns[place] = replace(columns[place], column="activity", how="content", confidence=0.6, doubt=doubt)

    def _what_it_holds(self, header: Header, foreign: int) -> None:
        columns = header.columns
        names = header.names
        said = {name for name in names if name in _SAYS_SOMETHING or period_column(name)}
        if foreign >= 2 or (foreign and len(said) < 2):
            kinds = sorted({name[len(OTHER) :] for name in names if name.startswith(OTHER)})
            header.sentence = f"is a table of another kind ({', '.join(kinds)}); it is kept aside as a whole."
        elif "activity" in names and said:
            header.kind = "actions"
            for place, column in columns.items():
                if column.column in ("indicator", *_FIGURES):
                    doubt = f"is {column.column} in a table of actions; read as part of the measure."
                    columns[place] = replace(
                        column, column="measure", confidence=min(column.confidence, 0.8), doubt=column.doubt or doubt
                    )
            header.sentence = "is a table of actions."
        elif names & {"indicator", "measure"} and (names & set(_FIGURES) or any(map(period_column, names))):
            header.kind, header.sentence = "indicators", "is a table of indicators."
        elif "ref-no" in names and said - {"ref-no"}:
            header.kind, header.sentence = "more", "says more of actions that stand in another table."
        else:
            header.sentence = "has no column of actions; it is kept aside as a whole."


def _near(known: str, confidence: float, column: str) -> str:
    return f'is no heading we know; it is like "{known}" ({confidence:.0%}) and read as {column}.'


def year_of_title(texts: Iterable[str]) -> str:
    """The one financial year that the lines above the tables name, "" where they name none or several."""
    years = {period for text in texts for period, _, _ in find_periods(text)}
    return next(iter(years)) if len(years) == 1 else ""


def _down(rows: Sequence[GridRow], place: int) -> list[str]:
    """The words of the cells of one place, those that begin in each row."""
    found: Mapping[int, Cell]
    words = []
    for row in rows:
        found = row.places
        cell = found.get(place)
        if cell is not None and row.begins(cell) and cell.column == place:
            words.append(normal(cell.words))
    return words
