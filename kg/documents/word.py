"""A Word document: paragraphs and tables in order, as they stand when every tracked change is accepted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from kg.documents import limits
from kg.documents.colour import Theme, theme_colours, word_fill
from kg.documents.gathering import Gathered, joined
from kg.documents.model import Cell
from kg.documents.numbering import Numbering
from kg.documents.package import Package, attribute, child, local
from kg.documents.pieces import Paragraph, Piece, assembled

TEXT: Final = "text"
_INSIDE: Final = frozenset(
    {"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "bdo", "dir", "AlternateContent", "Choice", "ruby",
     "rubyBase", "oMath", "oMathPara", "body", "fldSimple"}
)  # fmt: skip
_DROPPED: Final = frozenset({"del", "moveFrom"})
_SYMBOLS: Final = {
    "F0B7": "•",
    "F0FC": "✓",
    "F0FE": "☑",
    "F0A8": "☐",
    "F06F": "☐",
    "F0E0": "→",
    "F02D": "-",
    "F0FB": "✗",
}
_TARGET = re.compile(r'HYPERLINK\s+(?:\\\w\s+)*"([^"]*)"', re.IGNORECASE)
_OUTREACH = re.compile(r"^\s*(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|MACROBUTTON)\b", re.IGNORECASE)
_SEVERAL = re.compile(r"[0-9A-Za-z]+[.\-)][0-9A-Za-z]")


@dataclass
class _Style:
    """What a style says itself; None leaves it to the style it is based on."""

    name: str = ""
    based: str = ""
    outline: int | None = None
    bold: bool | None = None
    italic: bool | None = None
    hidden: bool | None = None
    number: tuple[str | None, int | None] = (None, None)


@dataclass
class _Field:
    """A field in the course of a paragraph: its instruction, and whether its result has begun."""

    instruction: str = ""
    result: bool = False

    @property
    def link(self) -> str | None:
        found = _TARGET.search(self.instruction)
        return found[1] if found else ("#" if self.instruction.strip().upper().startswith("HYPERLINK") else None)


@dataclass
class _Where:
    """The place words stand in, for notes; what was dropped there."""

    sheet: str
    line: int
    column: str = ""


def parse_word(package: Package, main: str, root: Any) -> Gathered:
    """The document whose main part is ``main``. InputError where there is too much, or nothing."""
    reader = _Reader(package, main)
    body = child(root, "body")
    if body is not None:
        reader.blocks(body)
    reader.notes_of_parts()
    reader.gathered.lines += reader.line
    reader.gathered.done()
    return reader.gathered


@dataclass
class _Content:
    """The paragraphs of a cell with what generated numbers they carry."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, package: Package, main: str) -> None:
        self.package = package
        self.gathered = Gathered(package.name, "docx", sheets={})
        self.relations = package.relations(main)
        self.styles: dict[str, _Style] = {}
        self.theme: Theme = {}
        self.default = ""
        self.numbering = Numbering()
        self.line = 0
        self.fields: list[_Field] = []
        self.cited: dict[tuple[str, str], _Where] = {}
        self.numbers = 0
        for kind, target, outside in self.relations.values():
            if outside or target not in package:
                continue
            if kind == "styles":
                self._read_styles(package.xml(target))
            elif kind == "numbering":
                self.numbering = Numbering.of(package.xml(target))
            elif kind == "theme":
                self.theme = theme_colours(package.xml(target))

    # --- blocks ---

    def blocks(self, parent: Any) -> None:
        """Every paragraph and table of the body, as rows."""
        for block in self._blocks_in(parent, lambda: _Where(TEXT, self.line + 1)):
            if local(block) == "tbl":
                self._table(block)
            else:
                self._text(block)

    def _blocks_in(self, parent: Any, where: Any) -> Iterator[Any]:
        for each in parent:
            name = local(each)
            if name in ("p", "tbl"):
                yield each
            elif name in _DROPPED:
                self._dropped(each, where())
            elif name in _INSIDE:
                yield from self._blocks_in(each, where)
            elif name == "altChunk":
                self.gathered.note("A file inserted into the document as a whole is not read.")

    def _text(self, paragraph: Any) -> None:
        self.line += 1
        where = _Where(TEXT, self.line)
        found, label = self._paragraph(paragraph, where)
        if found is None:
            return
        if label:
            found.pieces.insert(
                0, replace(found.pieces[0] if found.pieces else Piece(""), words=f"{label} ", link=None)
            )
            found.listed = ""
        if found.words.strip():
            self.gathered.sheets.setdefault(TEXT, "text")
            level = self._heading(paragraph)
            self.gathered.row([Cell(self.line, 0, assembled([found]), TEXT)], level=level)

    def _table(self, table: Any) -> None:
        self.gathered.tables += 1
        if self.gathered.tables > limits.MAX_TABLES:
            raise self.gathered.refuse(
                f"has more than {limits.MAX_TABLES:,} tables. Keep the plan's, and save it again."
            )
        number = self.gathered.tables
        sheet = f"table-{number}"
        self.gathered.sheets[sheet] = f"table {number}"
        rows: list[tuple[list[Cell], bool]] = []
        above: dict[int, tuple[int, int]] = {}
        line = 0
        for element in self._rows_in(table, sheet):
            line += 1
            cells, above = self._row(element, sheet, line, rows, above)
            rows.append((cells, _on(child(child(element, "trPr"), "tblHeader"))))
        self.gathered.lines += line
        for cells, header in rows:
            self.gathered.row(cells, table=number, header=header)

    def _rows_in(self, parent: Any, sheet: str) -> Iterator[Any]:
        for each in parent:
            name = local(each)
            if name == "tr":
                properties = child(each, "trPr")
                if child(properties, "del") is not None:
                    self._dropped(each, _Where(sheet, 0), "A deleted row is left out, as accepting the change does.")
                else:
                    yield each
            elif name in _INSIDE:
                yield from self._rows_in(each, sheet)

    def _row(
        self,
        element: Any,
        sheet: str,
        line: int,
        rows: list[tuple[list[Cell], bool]],
        above: dict[int, tuple[int, int]],
    ) -> tuple[list[Cell], dict[int, tuple[int, int]]]:
        """The cells of a row, and where the cells stand (row, place in it) that a merged one below belongs to."""
        column = _number(child(child(element, "trPr"), "gridBefore"), 0)
        cells: list[Cell] = []
        below: dict[int, tuple[int, int]] = {}
        for tc in self._cells_in(element):
            properties = child(tc, "tcPr")
            where = _Where(sheet, line, str(column))
            if child(properties, "cellDel") is not None:
                self._dropped(tc, where, "A deleted cell is left out, as accepting the change does.")
                continue
            span = max(1, _number(child(properties, "gridSpan"), 1))
            self.gathered.columns(column + span, f"{sheet}, row {line}")
            merged = child(properties, "vMerge")
            content = self._cell(tc, where)
            if merged is not None and attribute(merged, "val", "continue") == "continue" and column in above:
                row, place = above[column]
                first = rows[row][0][place]
                rows[row][0][place] = replace(first, rows=line - first.line + 1)
                below[column] = above[column]
                if content:
                    words = Cell(line, column, content).text
                    self.gathered.note(
                        "Words in a merged cell that the cell above hides.", sheet, line, str(column), words
                    )
            else:
                if merged is not None:
                    below[column] = (len(rows), len(cells))
                cells.append(Cell(line, column, content, sheet, 1, span, self._fill_of(tc, properties)))
            column += span
        return cells, below

    def _fill_of(self, tc: Any, properties: Any) -> str:
        """The colour of a cell: its own, else that of its first paragraph."""
        own = child(properties, "shd")
        return word_fill(own if own is not None else child(child(child(tc, "p"), "pPr"), "shd"), self.theme)

    def _cells_in(self, parent: Any) -> Iterator[Any]:
        for each in parent:
            if local(each) == "tc":
                yield each
            elif local(each) in _INSIDE:
                yield from self._cells_in(each)

    def _cell(self, tc: Any, where: _Where) -> str:
        content = _Content()
        self._fill(content, tc, where)
        numbered = [label for label in content.labels if label]
        alone = len([p for p in content.paragraphs if p.words.strip()]) <= 1
        for paragraph, label in zip(content.paragraphs, content.labels, strict=True):
            # A number that stands alone, or of several levels, is more than the order of a list.
            empty_among_others = not paragraph.words.strip() and not alone
            if label and not empty_among_others and (alone or len(numbered) == 1 or _SEVERAL.search(label)):
                first = paragraph.pieces[0] if paragraph.pieces else Piece("")
                paragraph.pieces.insert(0, replace(first, words=f"{label} ", link=None))
                paragraph.listed = ""
                if alone and not self.numbers:
                    self.numbers = 1
                    self.gathered.note("Word makes numbers in this file by itself; they were counted again as it does.")
                    if numbered[1:]:
                        break
        return assembled(content.paragraphs)

    def _fill(self, content: _Content, parent: Any, where: _Where) -> None:
        for block in self._blocks_in(parent, lambda: where):
            if local(block) == "p":
                paragraph, label = self._paragraph(block, where)
                if paragraph is not None:
                    content.paragraphs.append(paragraph)
                    content.labels.append(label)
                continue
            self.gathered.note("A table stands inside this cell; its words are kept, a row a line.", where.sheet,
                               where.line, where.column)  # fmt: skip
            for row in self._rows_in(block, where.sheet):
                pieces: list[Piece] = []
                for tc in self._cells_in(row):
                    inner = _Content()
                    self._fill(inner, tc, where)
                    for paragraph in inner.paragraphs:
                        if paragraph.words.strip():
                            pieces += [Piece("  "), *paragraph.pieces] if pieces else paragraph.pieces
                content.paragraphs.append(Paragraph(pieces))
                content.labels.append("")

    # --- paragraphs ---

    def _paragraph(self, element: Any, where: _Where) -> tuple[Paragraph | None, str]:
        """A paragraph and the number Word prints before it; None where accepting the changes takes it away."""
        properties = child(element, "pPr")
        mark = child(properties, "rPr")
        paragraph = Paragraph()
        self._runs(element, paragraph, where, None)
        if not paragraph.words.strip() and any(child(mark, name) is not None for name in _DROPPED):
            return None, ""
        number, depth = self._numbered(properties)
        label = ""
        if number and number != "0":
            level = self.numbering.level(number, depth)
            label = self.numbering.count(number, depth)
            if level is not None and level.form != "none":
                paragraph.listed = "ul" if level.form == "bullet" else "ol"
                paragraph.depth = depth
        if not paragraph.listed and not label:
            style = self._chain(properties)
            name = style[0].name.lower() if style else ""
            if number is None and name.startswith(("list bullet", "list number")):
                paragraph.listed = "ul" if "bullet" in name else "ol"
                paragraph.depth = int(name[-1]) - 1 if name[-1].isdigit() else 0
        return paragraph, label

    def _runs(self, parent: Any, paragraph: Paragraph, where: _Where, link: str | None) -> None:
        for each in parent:
            name = local(each)
            if name == "r":
                self._run(each, paragraph, where, link)
            elif name == "hyperlink":
                _, target, outside = self.relations.get(attribute(each, "id"), ("", "#", False))
                self._runs(each, paragraph, where, target if outside else "#")
            elif name in _DROPPED:
                self._dropped(each, where)
            elif name == "AlternateContent":
                choice = child(each, "Choice")
                self._runs(each if choice is None else choice, paragraph, where, link)
            elif name == "fldSimple":
                self._note_outreach(attribute(each, "instr"), where)
                self._runs(each, paragraph, where, _Field(attribute(each, "instr")).link or link)
            elif name == "t" and each.text:
                paragraph.pieces.append(Piece(each.text))
            elif name in _INSIDE or name == "Fallback":
                self._runs(each, paragraph, where, link)
            elif name in ("commentRangeStart", "commentReference"):
                self.cited.setdefault(("comments", attribute(each, "id")), where)

    def _run(self, run: Any, paragraph: Paragraph, where: _Where, link: str | None) -> None:
        properties = child(run, "rPr")
        styles = [*self._named(_value(child(properties, "rStyle"))), *self._chain(child(run.getparent(), "pPr"))]
        bold = self._marked(properties, styles, "b", "bold")
        italic = self._marked(properties, styles, "i", "italic")
        hidden = self._marked(properties, styles, "vanish", "hidden")
        words = ""
        for each in run:
            words += self._run_part(each, where, paragraph)
        inner = next((one.link for one in reversed(self.fields) if one.result and one.link), None)
        if self.fields and not self.fields[-1].result:
            return
        if hidden and words.strip():
            self.gathered.note(
                "Hidden text; it is kept here and not read.", where.sheet, where.line, where.column, words
            )
        elif words:
            if _on(child(properties, "strike")) or _on(child(properties, "dstrike")):
                self.gathered.note(f'Words are struck through and read all the same: "{words.strip()[:200]}".',
                                   where.sheet, where.line, where.column)  # fmt: skip
            paragraph.pieces.append(Piece(words, bold, italic, inner if link is None else link))

    def _run_part(self, each: Any, where: _Where, paragraph: Paragraph) -> str:  # noqa: C901, PLR0911, PLR0912  one case for each thing
        match local(each):
            case "t":
                return (each.text or "").replace("\n", " ")
            case "tab" | "ptab":
                return "  "
            case "br":
                return "" if attribute(each, "type") in ("page", "column") else "\n"
            case "cr":
                return "\n"
            case "noBreakHyphen":
                return "-"
            case "sym":
                code = attribute(each, "char").upper()
                if code not in _SYMBOLS:
                    self.gathered.note(f"A symbol of the font {attribute(each, 'font')} ({code}) is not read.",
                                       where.sheet, where.line, where.column)  # fmt: skip
                return _SYMBOLS.get(code, "")
            case "fldChar":
                return self._field_mark(each)
            case "instrText":
                if self.fields:
                    self.fields[-1].instruction += (each.text or "")[:2000]
                self._note_outreach(each.text or "", where)
            case "footnoteReference" | "endnoteReference":
                kind = local(each).removesuffix("Reference") + "s"
                self.cited.setdefault((kind, attribute(each, "id")), where)
            case "commentReference":
                self.cited.setdefault(("comments", attribute(each, "id")), where)
            case "drawing" | "pict" | "object":
                self._drawing(each, where)
            case "AlternateContent":
                inner = child(each, "Choice")
                return "".join(self._run_part(one, where, paragraph) for one in (each if inner is None else inner))
            case "Fallback":
                return "".join(self._run_part(one, where, paragraph) for one in each)
        return ""

    def _field_mark(self, mark: Any) -> str:
        match attribute(mark, "fldCharType"):
            case "begin":
                self.fields.append(_Field())
                data = child(mark, "ffData")
                if (box := child(data, "checkBox")) is not None:
                    state = child(box, "checked")
                    return "☒" if _on(state if state is not None else child(box, "default")) else "☐"
                if (choices := child(data, "ddList")) is not None:
                    entries = [_value(one) for one in choices if local(one) == "listEntry"]
                    chosen = _number(child(choices, "result"), 0)
                    return entries[chosen] if chosen < len(entries) else ""
            case "separate" if self.fields:
                self.fields[-1].result = True
            case "end" if self.fields:
                self.fields.pop()
        return ""

    def _note_outreach(self, instruction: str, where: _Where) -> None:
        if found := _OUTREACH.match(instruction):
            self.gathered.note(f"A field that reaches outside the document ({found[1].upper()}) was not run; what it "
                               "showed last is read.", where.sheet, where.line, where.column)  # fmt: skip

    def _drawing(self, element: Any, where: _Where) -> None:
        texts = [one for one in element.iter() if local(one) == "txbxContent"]
        for text in texts:
            words = _words(text)
            if words:
                self.gathered.note(
                    "A text box; its words stand in no table.", where.sheet, where.line, where.column, words
                )
        if not texts:
            self.gathered.pictures += 1
            self.gathered.note("A picture is not read.", where.sheet, where.line, where.column)

    def _dropped(self, element: Any, where: _Where, sentence: str = "") -> None:
        words = _words(element, deleted=True)
        if words:
            sentence = sentence or "Deleted words are left out, as accepting the change does."
            self.gathered.note(sentence, where.sheet, where.line, where.column, words)

    # --- styles ---

    def _read_styles(self, root: Any) -> None:
        for each in root:
            if local(each) != "style" or len(self.styles) >= limits.MAX_STYLES:
                continue
            properties, marks = child(each, "pPr"), child(each, "rPr")
            outline = child(properties, "outlineLvl")
            bold, italic, hidden = (
                None if (one := child(marks, name)) is None else _on(one) for name in ("b", "i", "vanish")
            )
            style = _Style(
                _value(child(each, "name")),
                _value(child(each, "basedOn")),
                None if outline is None else _number(outline, 9),
                bold,
                italic,
                hidden,
                _number_of(properties),
            )
            self.styles[attribute(each, "styleId")] = style
            if attribute(each, "type") == "paragraph" and attribute(each, "default") in ("1", "true"):
                self.default = attribute(each, "styleId")

    def _named(self, name: str) -> list[_Style]:
        """A style and those it is based on."""
        chain: list[_Style] = []
        while name in self.styles and len(chain) < 20:
            chain.append(self.styles[name])
            name = chain[-1].based
        return chain

    def _chain(self, properties: Any) -> list[_Style]:
        return self._named(_value(child(properties, "pStyle")) or self.default)

    def _marked(self, properties: Any, styles: list[_Style], tag: str, name: str) -> bool:
        own = child(properties, tag)
        if own is not None:
            return _on(own)
        return bool(next((value for style in styles if (value := getattr(style, name)) is not None), False))

    def _numbered(self, properties: Any) -> tuple[str | None, int]:
        number, depth = _number_of(properties)
        for style in self._chain(properties):
            number = style.number[0] if number is None else number
            depth = style.number[1] if depth is None else depth
        return number, depth or 0

    def _heading(self, paragraph: Any) -> int:
        properties = child(paragraph, "pPr")
        outline = child(properties, "outlineLvl")
        if outline is not None:
            level = _number(outline, 9)
            return level + 1 if level < 9 else 0
        for style in self._chain(properties):
            if found := re.fullmatch(r"heading (\d)", style.name.lower()):
                return int(found[1])
            if style.name.lower() == "title":
                return 1
            if style.outline is not None:
                return style.outline + 1 if style.outline < 9 else 0
        return 0

    # --- what stands beside the text ---

    def notes_of_parts(self) -> None:
        """Keep the words of comments, notes, headers and footers; who wrote a comment is not kept."""
        seen: set[str] = set()
        for kind, target, outside in self.relations.values():
            if outside or target not in self.package:
                continue
            if kind in ("header", "footer"):
                words = _words(self.package.xml(target))
                if words and words not in seen:
                    seen.add(words)
                    self.gathered.note(f"The {kind} of the pages.", kept=words)
            elif kind in ("comments", "footnotes", "endnotes"):
                for each in self.package.xml(target):
                    where = self.cited.get((kind, attribute(each, "id")), _Where("", 0))
                    words = _words(each)
                    if words and attribute(each, "type", "normal") == "normal":
                        what = f"A {kind.removesuffix('s')}; it stands in no table."
                        what = what.replace("A e", "An e")
                        self.gathered.note(what, where.sheet, where.line, where.column, words)


def _words(element: Any, *, deleted: bool = False) -> str:
    """All words below an element, a paragraph a line."""
    lines: list[str] = [""]
    wanted = ("t", "delText") if deleted else ("t",)
    for each in element.iter():
        name = local(each)
        if name == "p":
            lines.append("")
        elif name in wanted:
            lines[-1] += each.text or ""
        elif name in ("tab", "br"):
            lines[-1] += " "
    return joined(lines)


def _on(element: Any) -> bool:
    return element is not None and attribute(element, "val", "true").lower() not in ("0", "false", "off", "none")


def _value(element: Any) -> str:
    return attribute(element, "val") if element is not None else ""


def _number(element: Any, otherwise: int) -> int:
    try:
        return max(0, min(int(_value(element)), 100_000))
    except ValueError:
        return otherwise


def _number_of(properties: Any) -> tuple[str | None, int | None]:
    numbered = child(properties, "numPr")
    if numbered is None:
        return None, None
    number, depth = child(numbered, "numId"), child(numbered, "ilvl")
    return (None if number is None else _value(number)), (None if depth is None else _number(depth, 0))
