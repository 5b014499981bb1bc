"""An Excel workbook: sheets in order, merged cells, numbers as they are printed, what is hidden apart."""

import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final

from lxml import etree

from kg.documents import limits
from kg.documents.colour import Theme, sheet_fill, theme_colours
from kg.documents.gathering import Gathered, joined
from kg.documents.model import Cell
from kg.documents.numberformat import BUILT_IN, printed
from kg.documents.package import Package, attribute, child, local
from kg.documents.pieces import Piece, inline, link_target

WORKBOOK_FORMAT: Final = "plangraph-workbook"
"""The format of a document that is a plan's own workbook; all of it is in its rows, hidden or not."""
META_SHEET: Final = "plan.toml"
"""The sheet by which a plan's own workbook is known."""
_REF = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_WRITTEN = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LINK = re.compile(r'^\s*_?(?:xl\w*\.)?HYPERLINK\(\s*"([^"]*)"', re.IGNORECASE)
_REACHING = re.compile(r"\||\bWEBSERVICE\(|\bCALL\(|\bEXEC\(|\[\d*\]|^\s*DDE", re.IGNORECASE)
_KEPT: Final = "Its words are kept here and not read; show it in Excel and save the file to have it read."
_FAR_ROWS: Final = 500
_FAR_COLUMNS: Final = 60


@dataclass(frozen=True)
class _Look:
    """How a cell style prints: number format, marks and the colour behind."""

    form: str = "General"
    bold: bool = False
    italic: bool = False
    struck: bool = False
    fill: str = ""


_Words = tuple[tuple[Piece, bool], ...]
"""Stretches of words, each with whether it takes the marks of its cell."""


@dataclass
class _Stored:
    """A cell as stored: its row and column from 1 and 0, and the HTML of what it prints."""

    row: int
    column: int
    html: str
    number: float | None = None
    general: bool = False
    fill: str = ""


@dataclass
class _Sheet:
    """What one sheet's part says."""

    cells: dict[int, list[_Stored]] = field(default_factory=dict)
    fills: dict[tuple[int, int], str] = field(default_factory=dict)
    """The colours of cells that print nothing."""
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    links: dict[tuple[int, int], str] = field(default_factory=dict)
    filtered: bool = False
    ruled: bool = False
    """Whether rules colour some of its cells."""


def parse_workbook(package: Package, main: str, root: Any) -> Gathered:
    """The workbook whose main part is ``main``. InputError where there is too much, or nothing."""
    reader = _Reader(package, main, root)
    reader.run()
    return reader.gathered


def column_name(column: int) -> str:
    """The letters of a column counted from 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


class _Reader:
    def __init__(self, package: Package, main: str, root: Any) -> None:
        self.package = package
        self.main = main
        self.gathered = Gathered(package.name, "xlsx")
        self.relations = package.relations(main)
        self.strings: list[_Words] = []
        self.looks: list[_Look] = []
        self.sheets = _children(root, "sheets")
        if len(self.sheets) > limits.MAX_SHEETS:
            raise self.gathered.refuse(
                f"has {len(self.sheets):,} sheets; a workbook may have {limits.MAX_SHEETS}. Delete those that are not "
                "the plan's, and save it again."
            )
        properties = child(root, "workbookPr")
        self.since_1904 = properties is not None and attribute(properties, "date1904") in ("1", "true")
        self.ours = META_SHEET in (attribute(each, "name") for each in self.sheets)
        if self.ours:
            self.gathered.format = WORKBOOK_FORMAT

    def run(self) -> None:
        """Read every sheet."""
        parts = {kind: target for kind, target, outside in self.relations.values()
                 if not outside and target in self.package}  # fmt: skip
        if "sharedStrings" in parts:
            self._read_strings(parts["sharedStrings"])
        if "styles" in parts:
            theme = theme_colours(self.package.xml(parts["theme"])) if "theme" in parts else {}
            self._read_styles(self.package.xml(parts["styles"]), theme)
        for each in self.sheets:
            self._read_sheet(each)
        self.gathered.done(understand=not self.ours)

    # --- what the sheets share ---

    def _events(
        self, part: str, tags: tuple[str, ...], events: tuple[str, ...] = ("end",)
    ) -> Iterator[tuple[str, Any]]:
        data = self.package.read(part)
        self.package.check_xml(data, part)
        try:
            walk = etree.iterparse(
                io.BytesIO(data), events=events, tag=tuple(f"{{*}}{tag}" for tag in tags), resolve_entities=False,
                no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
            )  # fmt: skip
            yield from walk
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self.package.not_xml(error, part) from None

    def _read_strings(self, part: str) -> None:
        for _, element in self._events(part, ("si",)):
            if len(self.strings) >= limits.MAX_STRINGS:
                raise self.gathered.refuse(
                    f"holds more than {limits.MAX_STRINGS:,} texts. Keep the plan, delete the rest."
                )
            self.strings.append(_rich(element))
            _forget(element)

    def _read_styles(self, root: Any, theme: Theme) -> None:
        forms = dict(BUILT_IN)
        for each in _children(root, "numFmts"):
            forms[_int(attribute(each, "numFmtId"))] = attribute(each, "formatCode")[:300]
        fonts = [
            (_on(child(each, "b")), _on(child(each, "i")), _on(child(each, "strike")))
            for each in _children(root, "fonts")
        ]
        palette = [attribute(each, "rgb") for each in _children(child(root, "colors"), "indexedColors")]
        fills = [] if self.ours else [sheet_fill(each, theme, palette) for each in _children(root, "fills")]
        for each in _children(root, "cellXfs")[: limits.MAX_STYLES]:
            font, fill = _int(attribute(each, "fontId")), _int(attribute(each, "fillId"))
            bold, italic, struck = fonts[font] if 0 <= font < len(fonts) else (False, False, False)
            behind = fills[fill] if 0 <= fill < len(fills) else ""
            form = forms.get(_int(attribute(each, "numFmtId")), "General")
            self.looks.append(_Look(form, bold, italic, struck, behind))

    # --- one sheet ---

    def _read_sheet(self, element: Any) -> None:
        title = attribute(element, "name")
        kind, part, outside = self.relations.get(attribute(element, "id"), ("", "", False))
        if outside or part not in self.package:
            raise self.gathered.refuse(
                f'is damaged: the sheet "{title}" is missing. Open it in Excel, and save it again.'
            )
        if kind != "worksheet":
            self.gathered.pictures += 1
            self.gathered.note(
                f'The sheet "{title}" is a {kind.removesuffix("sheet") or "picture"} and holds no table.'
            )
            return
        slug = self.gathered.sheet(title)
        self.gathered.tables += 1
        sheet = self._parsed(part, slug)
        self._note_beside(part, slug)
        if attribute(element, "state") in ("hidden", "veryHidden") and not self.ours:
            words = joined(_plain(cell.html) for row in sheet.cells.values() for cell in row)
            if words:
                self.gathered.note(f'The sheet "{title}" is hidden. Its words are kept here and not read; show it in '
                                   "Excel and save it to have it read.", slug, kept=words)  # fmt: skip
            return
        self._lay_down(sheet, slug)

    def _parsed(self, part: str, slug: str) -> _Sheet:
        sheet = _Sheet()
        row = column = 0
        tags = ("c", "row", "col", "mergeCell", "hyperlink", "autoFilter", "cfRule")
        links = self.package.relations(part)
        for event, element in self._events(part, tags, ("start", "end")):
            name = local(element)
            if event == "start":
                if name == "row":
                    row, column = _int(attribute(element, "r"), row + 1), 0
                    if _hidden(element, "ht"):
                        sheet.hidden_rows.add(row)
                continue
            if name == "c":
                if found := _REF.fullmatch(attribute(element, "r")):
                    column = _column(found[1])
                if (stored := self._cell(element, row, column, slug)) is not None:
                    sheet.cells.setdefault(row, []).append(stored)
                elif (fill := self._look(attribute(element, "s")).fill) and len(sheet.fills) < limits.MAX_CELLS:
                    sheet.fills[row, column] = fill
                column += 1
                if len(sheet.cells) > limits.MAX_ROWS:
                    raise self.gathered.refuse(
                        f"more than {limits.MAX_ROWS:,} rows that print something. Keep the plan in it and delete the "
                        "rest, or part it into several files.",
                        f"{slug}, row {row}",
                    )
            else:
                self._beside_cells(name, element, sheet, slug, links)
            _forget(element)
        return sheet

    def _beside_cells(
        self, name: str, element: Any, sheet: _Sheet, slug: str, links: dict[str, tuple[str, str, bool]]
    ) -> None:
        if name == "col" and _hidden(element, "width"):
            sheet.hidden_columns.append((_int(attribute(element, "min")) - 1, _int(attribute(element, "max")) - 1))
        elif name == "autoFilter":
            sheet.filtered = True
        elif name == "cfRule":
            sheet.ruled = True
        elif name in ("mergeCell", "hyperlink") and (area := _area(attribute(element, "ref"))):
            if name == "mergeCell":
                sheet.merged.append(area)
                if len(sheet.merged) > limits.MAX_MERGED:
                    raise self.gathered.refuse(f"more than {limits.MAX_MERGED:,} merged cells. Unmerge them.", slug)
            else:
                _, target, outside = links.get(attribute(element, "id"), ("", "#", False))
                sheet.links[area[0], area[1]] = target if outside else "#"

    def _cell(self, element: Any, row: int, column: int, slug: str) -> _Stored | None:
        kind = attribute(element, "t", "n")
        look = self._look(attribute(element, "s"))
        value = formula = inside = None
        for each in element:
            match local(each):
                case "v":
                    value = each.text
                case "f":
                    formula = each.text or ""
                case "is":
                    inside = each
        where = (slug, row, str(column))
        link = self._note_formula(formula, value, kind, where) if formula is not None else None
        number = _finite(value) if kind == "n" else None
        words = self._words(kind, value, inside, where) if number is None else self._number(number, look, where)
        html = _html(words) if self.ours else _html(words, look, link)
        if not html.strip():
            return None
        if look.struck and not self.ours:
            self.gathered.note("Is struck through, and read all the same.", *where)
        return _Stored(row, column, html, number, look.form == "General", look.fill)

    def _words(self, kind: str, value: str | None, inside: Any, where: tuple[str, int, str]) -> _Words:
        if kind == "inlineStr":
            return _rich(inside) if inside is not None else ()
        if kind == "s":
            place = _int(value or "", -1)
            if 0 <= place < len(self.strings):
                return self.strings[place]
            self.gathered.note("Points to a text that is missing; the cell is read as empty.", *where)
            return ()
        if kind == "b":
            return _plainly("TRUE" if value == "1" else "FALSE")
        if kind == "e" and value:
            self.gathered.note(f"Prints the error {value}: its formula leads nowhere.", *where)
        return _plainly(value or "")

    def _look(self, style: str) -> _Look:
        place = _int(style)
        return self.looks[place] if 0 <= place < len(self.looks) else _Look()

    def _number(self, value: float, look: _Look, where: tuple[str, int, str]) -> _Words:
        found = printed(value, look.form, since_1904=self.since_1904)
        if found.partly and not self.ours:
            sentence = (
                f'Is stored as a date of which the sheet shows a part, read as "{found.words}". Perhaps something else '
                "was typed, such as 2010/11 or 1-2, and Excel made a date of it."
            )
            self.gathered.note(sentence, *where)
        return _plainly(found.words)

    def _note_formula(self, formula: str, value: str | None, kind: str, where: tuple[str, int, str]) -> str | None:
        """Tell of a formula; the address it links to, if it only does that."""
        shown, link = f"={formula[:200]}", _LINK.match(formula)
        if _REACHING.search(formula):
            self.gathered.note(f"Holds a formula that reaches outside the workbook; it was not run: {shown}", *where)
        elif not value:
            sentence = (
                "Holds a formula and not what it gives; the cell is read as empty. Open the file in Excel and save it "
                "again."
            )
            self.gathered.note(sentence, *where, kept=f"={formula[:2000]}")
        elif kind != "e" and not link:
            self.gathered.note(f"Holds a formula; what it gave last is read: {shown}", *where)
        return link[1] if link else None

    def _note_beside(self, part: str, slug: str) -> None:
        """Pictures and comments; who wrote a comment is not kept."""
        for kind, target, outside in self.package.relations(part).values():
            if outside or target not in self.package:
                continue
            # LibreOffice leaves an empty one where there are comments.
            if kind == "drawing" and len(self.package.xml(target)):
                self.gathered.pictures += 1
                self.gathered.note("A picture, chart or shape on the sheet is not read.", slug)
            elif kind == "comments":
                self._note_comments(self.package.xml(target), slug)

    def _note_comments(self, root: Any, slug: str) -> None:
        authors = [(each.text or "").strip() for each in _children(root, "authors")]
        for each in _children(root, "commentList"):
            area = _area(attribute(each, "ref"))
            text = child(each, "text")
            words = _plain(_html(_rich(text))) if text is not None else ""
            for author in authors:
                if author and words.lstrip().startswith(f"{author}:"):
                    words = words.lstrip()[len(author) + 1 :]
            if words.strip() and area:
                self.gathered.note("A comment; it stands in no cell.", slug, area[0], str(area[1]), words)

    # --- cells become rows ---

    def _lay_down(self, sheet: _Sheet, slug: str) -> None:
        rows = dict(sorted(sheet.cells.items()))
        if not self.ours:
            self._take_hidden(rows, sheet, slug)
            self._take_far(rows, slug)
        used = sorted({cell.column for row in rows.values() for cell in row})
        if not self.ours:
            self._note_lost_zeros(rows, slug)
        self.gathered.columns(len(used), slug)
        if not rows:
            return
        if sheet.ruled and not self.ours:
            sentence = "Rules colour cells of the sheet (conditional formatting); what they colour is not read."
            self.gathered.note(sentence, slug)
        last_row, last_column = max(rows), used[-1]
        self.gathered.lines += last_row
        begins, covered = self._merged(sheet, last_row, last_column)
        for number, row in rows.items():
            stored = {cell.column: cell for cell in row}
            cells = []
            for column in used:
                found = stored.get(column)
                if (number, column) in covered:
                    if found is not None:
                        sentence = "Words in a merged cell that the cell before hides."
                        self.gathered.note(sentence, slug, number, str(column), _plain(found.html))
                    continue
                html = found.html if found else ""
                if (link := sheet.links.get((number, column))) is not None and html and not self.ours:
                    html = f'<a href="{link_target(link)}">{html}</a>'
                down, across = begins.get((number, column), (1, 1))
                fill = found.fill if found else sheet.fills.get((number, column), "")
                cells.append(Cell(number, column, html, slug, down, across, fill))
            self.gathered.row(cells, table=self.gathered.tables, always=self.ours)
        lost = [place for place in sheet.fills if place[0] in rows and place[1] not in used and place not in covered]
        self._note_colours(lost, sheet, slug)

    def _note_colours(self, lost: list[tuple[int, int]], sheet: _Sheet, slug: str) -> None:
        """Tell of colours in columns that print nothing."""
        hidden = [range(first, last + 1) for first, last in sheet.hidden_columns]
        seen = sorted(place for place in lost if not any(place[1] in columns for columns in hidden))
        if len({sheet.fills[place] for place in seen}) > 1:
            named = ", ".join(f"{column_name(column)}{row} {sheet.fills[row, column]}" for row, column in seen[:20])
            more = " and others" if len(seen) > 20 else ""
            sentence = f"Cells are coloured in a column without any words, and are not read: {named}{more}."
            self.gathered.note(sentence, slug, *seen[0][:1])

    def _merged(
        self, sheet: _Sheet, last_row: int, last_column: int
    ) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
        begins: dict[tuple[int, int], tuple[int, int]] = {}
        covered: set[tuple[int, int]] = set()
        places = 0
        for top, left, lowest, outermost in sheet.merged:
            bottom, right = min(lowest, last_row), min(outermost, last_column)
            if top > bottom or left > right:
                continue
            places += (bottom - top + 1) * (right - left + 1)
            if places > 2 * limits.MAX_CELLS:
                raise self.gathered.refuse(
                    "its merged cells cover more than a plan has. Unmerge them, and save it again."
                )
            begins[top, left] = (bottom - top + 1, right - left + 1)
            covered.update((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
            covered.discard((top, left))
        return begins, covered

    def _take_hidden(self, rows: dict[int, list[_Stored]], sheet: _Sheet, slug: str) -> None:
        why = " by a filter" if sheet.filtered else ""
        for number in sorted(sheet.hidden_rows & rows.keys()):
            words = "  ".join(_plain(cell.html) for cell in rows.pop(number))
            sentence = f"The row is hidden{why}. {_KEPT}"
            self.gathered.note(sentence, slug, number, kept=words)
        for first, last in sheet.hidden_columns:
            for column in sorted({c.column for row in rows.values() for c in row if first <= c.column <= last}):
                hidden = [cell for row in rows.values() for cell in row if cell.column == column]
                sentence = f"Column {column_name(column)} is hidden. {_KEPT}"
                words = joined(_plain(cell.html) for cell in hidden)
                self.gathered.note(sentence, slug, hidden[0].row, str(column), words)
                for number in list(rows):
                    rows[number] = [cell for cell in rows[number] if cell.column != column]
                    if not rows[number]:
                        del rows[number]

    def _take_far(self, rows: dict[int, list[_Stored]], slug: str) -> None:
        """Cells far below or beside all others are slips; they would make a table of them."""
        numbers = sorted(rows)
        for before, after in pairwise(numbers):
            if after - before > _FAR_ROWS:
                self._take(rows, [cell for number in numbers if number >= after for cell in rows[number]], slug)
                break
        columns = sorted({cell.column for row in rows.values() for cell in row})
        for before, after in pairwise(columns):
            if after - before > _FAR_COLUMNS:
                self._take(rows, [cell for row in rows.values() for cell in row if cell.column >= after], slug)
                break

    def _take(self, rows: dict[int, list[_Stored]], cells: list[_Stored], slug: str) -> None:
        for cell in cells:
            name = f"{column_name(cell.column)}{cell.row}"
            self.gathered.note(f"The cell {name} stands far from all others. Its words are kept here and not read.",
                               slug, cell.row, str(cell.column), _plain(cell.html))  # fmt: skip
            rows[cell.row].remove(cell)
            if not rows[cell.row]:
                del rows[cell.row]

    def _note_lost_zeros(self, rows: dict[int, list[_Stored]], slug: str) -> None:
        """A number such as 1.1 that follows 1.9 was 1.10 when it was typed."""
        before: dict[int, str] = {}
        for row in rows.values():
            for cell in row:
                words = _plain(cell.html).strip()
                last = before.get(cell.column, "")
                before[cell.column] = words
                whole, _, part = words.partition(".")
                head, _, tail = last.partition(".")
                if cell.number is None or not cell.general or len(part) != 1 or not tail.isdigit() or head != whole:
                    continue
                if int(tail) + 1 == int(part) * 10:
                    sentence = (
                        f'Is the number {words} and follows "{last}": {words}0 was typed, perhaps. Make the column '
                        "text and type it again."
                    )
                    self.gathered.note(sentence, slug, cell.row, str(cell.column))
                    before[cell.column] = f"{words}0"


def _children(element: Any, name: str) -> list[Any]:
    found = child(element, name)
    return [] if found is None else list(found)


def _rich(element: Any) -> _Words:
    """The words of a text, runs with their marks; how it is pronounced is left out."""
    pieces: list[tuple[Piece, bool]] = []
    for each in element:
        name = local(each)
        if name == "t":
            pieces.append((Piece(_unwritten(each.text or "")), True))
        elif name == "r" and (text := child(each, "t")) is not None:
            marks = child(each, "rPr")
            piece = Piece(_unwritten(text.text or ""), _on(child(marks, "b")), _on(child(marks, "i")))
            pieces.append((piece, marks is None))
    return tuple(pieces)


def _plainly(words: str) -> _Words:
    return ((Piece(_unwritten(words)), True),)


def _html(words: _Words, look: _Look = _Look(), link: str | None = None) -> str:
    """Words in a cell of such a look: a run that has marks of its own does not take those of the cell."""
    return inline(
        replace(
            piece, bold=piece.bold or (takes and look.bold), italic=piece.italic or (takes and look.italic), link=link
        )
        for piece, takes in words
    )


def _unwritten(words: str) -> str:
    words = _WRITTEN.sub(lambda found: chr(int(found[1], 16)), words)
    return words.replace("\r\n", "\n").replace("\r", "\n")


def _plain(content: str) -> str:
    return Cell(0, 0, content).text if "<" in content else html.unescape(content)


def _forget(element: Any) -> None:
    element.clear(keep_tail=False)
    before = element.getprevious()
    while before is not None:
        parent = element.getparent()
        if parent is None:
            break
        parent.remove(before)
        before = element.getprevious()


def _hidden(element: Any, size: str) -> bool:
    given = attribute(element, size)
    return attribute(element, "hidden") in ("1", "true") or bool(given and _float(given) == 0)


def _area(ref: str) -> tuple[int, int, int, int] | None:
    """The first row and column and the last of "A1:C3"; rows from 1, columns from 0."""
    first, _, last = ref.replace("$", "").partition(":")
    begin, end = _REF.fullmatch(first), _REF.fullmatch(last or first)
    if begin is None or end is None:
        return None
    return int(begin[2]), _column(begin[1]), int(end[2]), _column(end[1])


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _on(element: Any) -> bool:
    return element is not None and attribute(element, "val", "1").lower() not in ("0", "false")


def _int(words: str, otherwise: int = 0) -> int:
    try:
        return int(words[:12])
    except ValueError:
        return otherwise


def _float(words: str) -> float:
    try:
        return float(words)
    except ValueError:
        return 1.0


def _finite(words: str | None) -> float | None:
    try:
        value = float(words) if words else None
    except ValueError:
        return None
    return value if value is None or abs(value) < 1e300 else None
