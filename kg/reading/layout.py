"""Where things stand: a document of any shape as priorities, actions and what is left."""

import re
from collections import defaultdict

from kg.documents import Document, Segment
from kg.errors import InputError, Problem
from kg.reading.colours import settle_colours
from kg.reading.joining import join_tables
from kg.reading.numbering import reference_inside
from kg.reading.parts import (
    ActionRow,
    ColumnRead,
    DeliveryRows,
    IndicatorRow,
    Kept,
    Layout,
    Line,
    Placed,
    PriorityRows,
    TableRead,
    joined,
    lines_of,
)
from kg.reading.persons import withheld, withhold_in
from kg.reading.ranking import Ranked, levels_of, ranked
from kg.reading.report import Doubt
from kg.reading.rules import Rules
from kg.reading.sections import HEADING, PRIORITY, Section
from kg.reading.walking import Entry, Walk
from kg.tables.values import period_column

__all__ = [
    "ActionRow",
    "ColumnRead",
    "DeliveryRows",
    "IndicatorRow",
    "Kept",
    "Layout",
    "Line",
    "Placed",
    "PriorityRows",
    "TableRead",
    "cells_by_id",
    "joined",
    "lay_out",
    "lines_of",
]
FOOTER = "footer"


def cells_by_id(document: Document, rules: Rules) -> dict[str, str]:
    """The words of every cell that was understood: ``{"L087-activity": text}``, in document order.

    They are exact but for persons' names, which are withheld.
    """
    words: dict[str, str] = {}
    for placed in lay_out(withheld(document, rules)[0], rules).placed:
        text = placed.cell.text
        # Text that runs over several cells of a row under one name is one.
        words[placed.id] = f"{words[placed.id]}\n{text}" if placed.id in words else text
    return words


def lay_out(document: Document, rules: Rules) -> Layout:
    """The parts of ``document``.

    InputError where there is no table of actions, or two tables disagree about one action; everything else that does
    not fit becomes a doubt, and its cells are kept.
    """
    walk = Walk(document, rules)
    walk.run()
    layout = _Arranging(document, rules, walk).run()
    withhold_in(layout, rules)
    return layout


class _Arranging:
    """What one walk found, put in order."""

    def __init__(self, document: Document, rules: Rules, walk: Walk) -> None:
        self.document = document
        self.rules = rules
        self.walk = walk
        self.entries = walk.entries
        self.layout = Layout(doubts=walk.taken.doubts, columns=walk.columns, tables=walk.tables)

    def run(self) -> Layout:
        self._references_inside()
        self.layout.colours = settle_colours(self.walk)
        self.entries = join_tables(self.entries, self.walk.taken, self.document.path.name)
        if not self.entries:
            raise self._no_table()
        levels = levels_of(self.entries)
        ranks = ranked(self.entries, self.walk.sections.all, levels)
        self.layout.priorities = ranks.priorities
        self._lines(ranks)
        self._without_heading(ranks)
        self._of_sections(ranks)
        if levels.beyond:
            self._doubt(0, HEADING, "", "There are more than two levels of headings; the others are left out.")
        self._actions(ranks)
        self._indicators(ranks)
        self._close()
        return self.layout

    # --- references ---

    def _references_inside(self) -> None:
        """Take references from the words of the actions, where a table has no column for them and most begin so."""
        for entries in self._by_header().values():
            without = [entry for entry in entries if "ref-no" not in entry.header.names]
            found = {id(entry): reference_inside(entry.words("activity")) for entry in without}
            known = [one for one in found.values() if one is not None]
            if not known or len(known) * 2 < len(without) or len({one[0] for one in known}) < len(known):
                continue
            for entry in without:
                if one := found[id(entry)]:
                    entry.reference, entry.printed = one

    def _by_header(self) -> dict[int, list[Entry]]:
        tables: dict[int, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            tables[id(entry.header)].append(entry)
        return tables

    # --- priorities ---

    def _lines(self, ranks: Ranked) -> None:
        """Lines outside the tables: above the first action those of a title page, below the last what follows."""
        first = min(entry.order for entry in self.entries)
        last = max(entry.order for entry in self.entries)
        first = min([first, *(s.order for s in self.walk.sections.all if id(s) in ranks.of_section and s.placed)])
        lines = list(self.walk.free)
        headings: set[int] = set()
        titles: set[int] = set()
        for section in ranks.unused:
            cells = [section.placed, *section.pieces, *section.improvements]
            cells += [section.outcome[0]] if section.outcome else []
            for placed in cells:
                if placed is None or placed.column != HEADING:
                    continue
                self.walk.taken.release(placed.cell)
                lines.append((section.order, placed.cell))
                if placed is section.placed:
                    headings.add(id(placed.cell))
                    if not (section.bare or section.explicit):
                        titles.add(id(placed.cell))
        place = {id(cell): at for at, cell in enumerate(self.document.cells)}
        for order, cell in sorted(lines, key=lambda line: place[id(line[1])]):
            if order < first:
                placed = self.walk.taken.place(cell, HEADING)
                self.layout.before.append(placed)
                if self.layout.title is None and id(cell) in titles:
                    self.layout.title = placed
            elif order > last:
                self.layout.after.append(self.walk.taken.place(cell, FOOTER))
            elif id(cell) in headings:
                self.walk.taken.keep(cell, "", "is a heading, and opens no priority.")
            else:
                self.walk.taken.keep(cell, "", "stands between the tables and was not understood.")
                self._doubt(cell.line, HEADING, cell.words, "stands between heading and table and was not understood.",
                            cell.sheet)  # fmt: skip
        if self.layout.title is None:
            self.layout.title = next((p for p in self.layout.before[:1] if id(p.cell) not in headings), None)

    def _without_heading(self, ranks: Ranked) -> None:
        """Give what has no heading a title, and say so."""
        lines: dict[int, tuple[int, str]] = {}
        for entry in self.entries:
            delivery = ranks.of_entry[id(entry)]
            lines.setdefault(id(delivery), (entry.line, entry.header.sheet))
        named = {id(part) for part in ranks.of_section.values()}
        for priority in self.layout.priorities:
            line, sheet = next((lines[id(d)] for d in priority.deliveries if id(d) in lines), (0, ""))
            if id(priority) not in named:
                if len(self.layout.priorities) == 1:
                    self._one_priority(priority, line, sheet)
                else:
                    self._doubt(
                        line, HEADING, "", f"Actions stand before any priority; read as {priority.number}.", sheet
                    )
            if priority.note.startswith("The document numbers"):
                words = priority.title.text if priority.title else ""
                sentence = f"{priority.note} This one is read as {priority.number}."
                self._doubt(line, HEADING, words, sentence, sheet, priority.number)
            for delivery in priority.deliveries:
                if delivery.note.startswith("The document numbers"):
                    self._doubt(delivery.header.cell.line, PRIORITY, delivery.header.cell.words,
                                f"{delivery.note} This one is read as {delivery.number}.",
                                delivery.header.cell.sheet, delivery.number)  # fmt: skip

    def _one_priority(self, priority: PriorityRows, line: int, sheet: str) -> None:
        if any(not delivery.note for delivery in priority.deliveries):
            self._doubt(line, HEADING, "", "A table stands before any strategic priority; read as priority 1.", sheet)
            return
        title = self.layout.title
        words = title.cell.words if title is not None else self.document.path.stem.replace("-", " ").replace("_", " ")
        priority.title = Segment(words[:200])
        priority.note = "The document names no priority; this one has the title of the plan."
        for delivery in priority.deliveries:
            delivery.title = priority.title
        sentence = f'No priority is named; all actions are read as of one, "{words[:100]}".'
        self._doubt(line, HEADING, "", sentence, sheet)

    def _of_sections(self, ranks: Ranked) -> None:
        """Outcomes, objectives, indicators and improvements of the sections, where they are priorities."""
        for section in self.walk.sections.all:
            part = ranks.of_section.get(id(section))
            if part is None:
                self._of_another(section, ranks)
                continue
            if isinstance(part, PriorityRows):
                if section.outcome:
                    part.outcome = section.outcome
                if not (section.pieces or section.improvements):
                    continue
                if not part.deliveries:
                    for placed in [*section.pieces, *section.improvements]:
                        self._keep_placed(placed, "belongs to a priority without actions.")
                    continue
                part = part.deliveries[0]
            elif section.outcome:
                part.cells.append(section.outcome[0])
            part.cells += section.pieces
            part.improvements += section.improvements

    def _of_another(self, section: Section, ranks: Ranked) -> None:
        """Pieces under a heading that is no priority go to the priority above it, or are kept."""
        cells = [*section.pieces, *section.improvements]
        cells += [section.outcome[0]] if section.outcome else []
        owner = next((id(entry) for entry in self.entries if section in entry.trail), None)
        delivery = ranks.of_entry.get(owner) if owner else None
        for placed in cells:
            if self.walk.taken.placed.get(id(placed.cell)) is not placed:
                continue
            if delivery is None:
                self._keep_placed(placed, "belongs to a heading without actions.")
            elif placed in section.improvements:
                delivery.improvements.append(placed)
            else:
                delivery.cells.append(placed)

    def _keep_placed(self, placed: Placed, sentence: str) -> None:
        self.walk.taken.release(placed.cell)
        self.walk.taken.keep(placed.cell, placed.column, sentence)

    # --- actions ---

    def _actions(self, ranks: Ranked) -> None:
        number = {id(d): p.number for p in self.layout.priorities for d in p.deliveries}
        self._begin_again(ranks, number)
        printed = {entry.reference for entry in self.entries if entry.reference}
        taken: dict[str, Entry] = {}
        made: dict[str, int] = defaultdict(int)
        said: set[int] = set()
        order = {id(d): at for at, d in enumerate(d for p in self.layout.priorities for d in p.deliveries)}
        for entry in sorted(self.entries, key=lambda entry: (order[id(ranks.of_entry[id(entry)])], entry.order)):
            delivery = ranks.of_entry[id(entry)]
            reference, invented = entry.reference, not entry.reference
            sheet = entry.header.sheet
            if invented:
                above = number[id(delivery)]
                while not reference or reference in printed or reference in taken:
                    made[above] += 1
                    reference = f"{above}.{made[above]}"
                self._invented(entry, reference, said)
            elif reference in taken:
                reference = self._unique(reference, {*printed, *taken})
                first = taken[entry.reference]
                self._doubt(entry.line, "ref-no", entry.printed,
                            f"stands twice, first in {_where(first.header.sheet, first.line)}; "
                            f"this action is kept as {reference}.", sheet, reference)  # fmt: skip
            elif "ref-no" in entry.header.names and not entry.note:
                self._written_otherwise(entry, reference, said)
            taken[reference] = entry
            delivery.actions.append(ActionRow(reference, delivery, entry.cells, invented, entry.printed))

    def _begin_again(self, ranks: Ranked, number: dict[int, str]) -> None:
        """Where plain numbers begin again in each priority, put that of the priority before them."""
        seen: dict[str, set[str]] = defaultdict(set)
        for entry in self.entries:
            if re.fullmatch(r"\d+[a-z]?|[A-Za-z]", entry.reference):
                seen[entry.reference].add(number[id(ranks.of_entry[id(entry)])])
        again = {reference for reference, priorities in seen.items() if len(priorities) > 1}
        if not again or len(again) * 3 < len(seen):
            return
        printed = {entry.reference for entry in self.entries}
        first = next(entry for entry in self.entries if entry.reference in seen)
        written = [(entry, f"{number[id(ranks.of_entry[id(entry)])]}.{entry.reference}")
                   for entry in self.entries if entry.reference in seen]  # fmt: skip
        if printed & {reference for _, reference in written} or len({r for _, r in written}) < len(written):
            return
        for entry, reference in written:
            entry.reference = reference
            entry.note = "begins again"
        self._doubt(first.line, "ref-no", first.printed,
                    f"References begin again in each priority; they are written with its number, as {first.reference}.",
                    first.header.sheet, first.reference)  # fmt: skip

    def _written_otherwise(self, entry: Entry, reference: str, said: set[int]) -> None:
        """Say once in a table that a path cannot hold its references as they are printed."""
        if reference != entry.printed.strip() and id(entry.header) not in said:
            said.add(id(entry.header))
            sentence = f"is written {reference}, as a path may hold it, and so are others here."
            self._doubt(entry.line, "ref-no", entry.printed, sentence, entry.header.sheet, reference)

    def _invented(self, entry: Entry, reference: str, said: set[int]) -> None:
        sheet = entry.header.sheet
        if "ref-no" in entry.header.names:
            sentence = f"This action has no reference; it is kept as {reference}."
            self._doubt(entry.line, "ref-no", entry.printed, sentence, sheet, reference)
        elif id(entry.header) not in said:
            said.add(id(entry.header))
            sentence = f"This table prints no references; they were made, from {reference} on."
            self._doubt(entry.header.line, "ref-no", "", sentence, sheet, reference)

    @staticmethod
    def _unique(reference: str, taken: set[str]) -> str:
        letters = (f"{reference}-{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")
        numbers = (f"{reference}-{count}" for count in range(27, len(taken) + 28))
        return next(one for one in (*letters, *numbers) if one not in taken)

    def _indicators(self, ranks: Ranked) -> None:
        """Rows of indicators stand with the priority that their heading names; others are kept aside."""
        for row in self.walk.indicators:
            part = next((p for s in reversed(row.trail) if (p := ranks.of_section.get(id(s))) is not None), None)
            delivery = part.deliveries[0] if isinstance(part, PriorityRows) and part.deliveries else part
            names = row.cells.get("measure") or row.cells.get("activity")
            figures = tuple(
                (found[0], found[1], placed)
                for column, cells in row.cells.items()
                if (found := period_column(column)) and found[1] in ("target", "actual")
                for placed in cells
            )
            if isinstance(delivery, DeliveryRows) and names and figures:
                self.layout.indicators.append(IndicatorRow(delivery, names[0], figures))
                used = {id(names[0].cell), *(id(placed.cell) for _, _, placed in figures)}
            else:
                used = set()
            for column, cells in row.cells.items():
                for placed in cells:
                    if id(placed.cell) not in used:
                        self._keep_placed(
                            Placed(placed.cell, column),
                            "stands in a table of indicators, with no year or no priority it belongs to.",
                        )

    # --- the end ---

    def _close(self) -> None:
        layout = self.layout
        names = {name for header in self.walk.headers if header.kind in ("actions", "more") for name in header.names}
        layout.periods = sorted({found[0] for name in names if (found := period_column(name)) and found[1] == ""}) or (
            sorted({found[0] for name in names if (found := period_column(name))})
        )
        numbers = [int(priority.number) for priority in layout.priorities if priority.number.isdigit()]
        for missing in sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers)):
            self._doubt(0, HEADING, "", f"Strategic priority {missing} is missing between the others.")
        self._empty_years()
        for priority in layout.priorities:
            for delivery in priority.deliveries:
                if not delivery.actions:
                    place = f"Delivery priority {priority.number}/{delivery.number}"
                    header = delivery.header.cell
                    self._doubt(header.line, PRIORITY, "", f"{place} has no action.", header.sheet)
            if not priority.deliveries and priority.heading is not None:
                cell = priority.heading.cell
                self._doubt(cell.line, HEADING, cell.words, "is a priority without any action.", cell.sheet)
        self._every_cell()

    def _empty_years(self) -> None:
        """Say which year an action leaves empty; a year that all leave empty is said once."""
        references = {id(action.cells): action.reference for action in self.layout.actions}
        for entries in self._by_header().values():
            years = [name for name in entries[0].header.names if (found := period_column(name)) and not found[1]]
            for year in sorted(years):
                empty = [entry for entry in entries if year not in entry.cells]
                if len(empty) == len(entries) > 1:
                    self._doubt(entries[0].header.line, year, "", "No action has a status for this year.",
                                entries[0].header.sheet)  # fmt: skip
                    continue
                for entry in empty:
                    reference = references[id(entry.cells)]
                    self._doubt(entry.line, year, "", f"{reference} has no status for this year.", entry.header.sheet)

    def _every_cell(self) -> None:
        """List every printed cell once, in document order: as placed or as kept."""
        for cell in self.document.cells:
            if cell.empty and not (id(cell) in self.walk.taken.placed or id(cell) in self.walk.taken.kept):
                continue
            if (placed := self.walk.taken.placed.get(id(cell))) is not None:
                self.layout.placed.append(placed)
                continue
            self.walk.taken.keep(cell, "", "was not understood.")
            kept = self.walk.taken.kept[id(cell)]
            self.layout.kept.append(kept)
            if not kept.silent:
                self.layout.doubts.append(
                    Doubt(cell.line, kept.heading, cell.words, kept.sentence, cell.sheet, kind="kept")
                )

    def _no_table(self) -> InputError:
        """Why no action was found, with the line where a table was looked for."""
        name = self.document.path.name
        tables = [row for row in self.document.rows if row.table and len([c for c in row.cells if not c.empty]) > 1]
        if not tables:
            parted = ": no line of it is parted by tabs" if self.document.format == "text" else ""
            return InputError(
                f"{name} holds no table{parted}. "
                "A plan needs a table with a column for actions and another for who leads them."
            )
        actions = next((header for header in self.walk.headers if header.kind == "actions"), None)
        if actions is not None:
            return self._problem(actions.line, "", "the table has a header and no action below it.")
        first = next((header.line for header in self.walk.headers), tables[0].line)
        row = next(row for row in tables if row.line == first) if first != tables[0].line else tables[0]
        headings = ", ".join(cell.words[:60].split(" (", maxsplit=1)[0] for cell in row.cells if not cell.empty)
        return self._problem(
            first, "",
            "no table has a column for actions and another for who leads them, by when, or what became of them "
            f"(the first has: {headings}). Name the headings in reading/columns.csv, or change them in the document.",
        )  # fmt: skip

    def _doubt(
        self, line: int, column: str, words: str, sentence: str, sheet: str = "", proposed: str = "",
        confidence: float | None = None,
    ) -> None:  # fmt: skip
        self.layout.doubts.append(Doubt(line, column, words, sentence, sheet, proposed, confidence))

    def _problem(self, line: int, column: str, sentence: str) -> InputError:
        return InputError([Problem(sentence, file=self.document.path.name, row=line, column=column)])


def _where(sheet: str, line: int) -> str:
    return f"{sheet}, row {line}" if sheet else f"line {line}"
