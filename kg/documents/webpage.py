"""A web page: its headings, paragraphs and tables in order; nothing in it is run or fetched."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from lxml import etree, html

from kg.documents import limits
from kg.documents.colour import class_fills, page_fill
from kg.documents.decoding import Text
from kg.documents.gathering import Gathered, joined
from kg.documents.model import Cell
from kg.documents.pieces import Paragraph, Piece, assembled

TEXT: Final = "text"
_UNSEEN: Final = frozenset(
    {"script", "style", "template", "head", "noscript", "iframe", "object", "svg", "math", "colgroup"}
)
_BLOCKS: Final = frozenset(
    {"p", "div", "section", "article", "main", "header", "footer", "nav", "aside", "blockquote", "pre", "form",
     "figure", "figcaption",
     "address", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "th", "table", "tbody",
     "thead", "tfoot", "caption", "center", "fieldset", "details", "summary", "hr", "body", "html"}
)  # fmt: skip
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_:-]{1,30})", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_ITALIC = re.compile(r"font-style\s*:\s*italic", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\n\r\f]+")


def parse_page(data: bytes, text: Text, name: str) -> Gathered:
    """The page in the bytes ``data``, decoded as ``text`` unless the page says another encoding."""
    reader = _Reader(name)
    words = text.words
    said = _CHARSET.search(data[:4000])
    if text.guessed and said:
        try:
            words = data.decode(said[1].decode())
        except (LookupError, UnicodeDecodeError):
            reader.gathered.note(f"The page says it is written in {said[1].decode()}, and is not; it is read as "
                                 f"{text.encoding}.")  # fmt: skip
    elif text.guessed:
        reader.gathered.note(f"It is written in {text.encoding} as far as its letters show.")
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(words.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise reader.gathered.refuse(
            "is a page that cannot be read. Open it in a browser, and save it again."
        ) from None
    if any("depth" in entry.message.lower() or "huge" in entry.message.lower() for entry in parser.error_log):
        raise reader.gathered.refuse(
            "is nested too deeply, as by hundreds of tables within tables. Copy the table into a new document, "
            "and save that."
        )
    reader.fills = class_fills([each.text or "" for each in root.iter("style")])
    reader.blocks(root)
    reader.flush()
    reader.gathered.lines += reader.line
    reader.gathered.done(understand=False)
    return reader.gathered


class _Reader:
    def __init__(self, name: str) -> None:
        self.gathered = Gathered(name, "html")
        self.line = 0
        self.fills: dict[str, str] = {}
        self.loose = _Words(self, TEXT, lambda: self.line + 1, "")

    def blocks(self, parent: Any) -> None:
        """Everything below an element, tables as tables, the rest as lines of text."""
        self.loose.text(parent.text)
        for each in parent:
            self._block(each)
            self.loose.text(each.tail)

    def _block(self, each: Any) -> None:
        tag = each.tag if isinstance(each.tag, str) else ""
        if self._unseen(each, tag):
            return
        if tag == "table" and not self._is_layout(each):
            self.flush()
            self._table(each)
        elif re.fullmatch(r"h[1-6]", tag):
            self.flush()
            self.loose.children(each)
            self.flush(int(tag[1]))
        elif tag in _BLOCKS and (tag != "p" or any(True for _ in each.iter("table"))):
            self.flush()
            self.blocks(each)
            self.flush()
        elif tag in ("ul", "ol", "p"):
            self.flush()
            self.loose.element(each)
            self.flush()
        else:
            self.loose.element(each)

    def flush(self, level: int = 0) -> None:
        """End a line of text."""
        paragraphs = self.loose.taken()
        groups = [paragraphs] if paragraphs and paragraphs[0].listed else [[p] for p in paragraphs]
        for group in groups:
            if any(p.words.strip() for p in group):
                self.line += 1
                self.gathered.sheets.setdefault(TEXT, "text")
                self.gathered.row([Cell(self.line, 0, assembled(group), TEXT)], level=level)

    def _unseen(self, each: Any, tag: str) -> bool:
        if not tag or tag in _UNSEEN:
            return True
        if each.get("hidden") is not None or _HIDDEN.search(each.get("style") or ""):
            words = joined(each.itertext())
            if words:
                self.gathered.note("A hidden part of the page; its words are kept here and not read.", kept=words)
            return True
        if tag == "img":
            self.gathered.pictures += 1
            self.gathered.note("A picture is not read.", kept=each.get("alt") or "")
        return False

    def _is_layout(self, table: Any) -> bool:
        """Whether a table only arranges others: it has some inside, and no heading cells or rows like theirs."""
        if next(table.iterdescendants("table"), None) is None:
            return False
        own = list(_rows(table))
        if any(cell.tag == "th" for row, _ in own for cell in row):
            return False
        plain = [row for row, _ in own if next(row.iterdescendants("table"), None) is None and len(_cells(row)) > 1]
        return len(plain) < 2

    def _table(self, table: Any) -> None:
        caption = next((each for each in table if each.tag == "caption"), None)
        if caption is not None:
            self.loose.children(caption)
            self.flush()
        self.gathered.tables += 1
        if self.gathered.tables > limits.MAX_TABLES:
            raise self.gathered.refuse(
                f"has more than {limits.MAX_TABLES:,} tables. Save the part that holds the plan."
            )
        number = self.gathered.tables
        sheet = f"table-{number}"
        self.gathered.sheets[sheet] = f"table {number}"
        rows = list(_rows(table))
        taken: dict[int, int] = {}
        for line, (row, heading) in enumerate(rows, start=1):
            column = 0
            cells = []
            for element in _cells(row):
                while taken.get(column, 0) >= line:
                    column += 1
                across = min(max(1, _int(element.get("colspan"), 1)), limits.MAX_COLUMNS + 1)
                down = _int(element.get("rowspan"), 1)
                down = min(len(rows) - line + 1, down if down > 0 else len(rows))
                self.gathered.columns(column + across, f"{sheet}, row {line}")
                place = self._words_of(element, sheet, line, column)
                cells.append(Cell(line, column, place, sheet, down, across, self._fill_of(element)))
                for covered in range(column, column + across):
                    taken[covered] = max(taken.get(covered, 0), line + down - 1)
                column += across
            header = heading or (len(cells) > 1 and all(one.tag == "th" for one in _cells(row)))
            self.gathered.row(cells, table=number, header=header)
        self.gathered.lines += len(rows)

    def _fill_of(self, element: Any) -> str:
        """The colour of a cell: its own, that of its row, or that of what stands in it without words."""
        for each in (element, element.getparent()):
            if fill := self._background(each):
                return fill
        if any(words.strip() for words in element.itertext()):
            return ""
        return next((fill for each in element.iterdescendants() if (fill := self._background(each))), "")

    def _background(self, element: Any) -> str:
        if own := page_fill(element.get("style") or "", element.get("bgcolor") or ""):
            return own
        names = (element.get("class") or "").split()
        return next((self.fills[name] for name in names if name in self.fills), "")

    def _words_of(self, element: Any, sheet: str, line: int, column: int) -> str:
        words = _Words(self, sheet, lambda: line, str(column))
        words.children(element)
        return assembled(words.taken())


class _Words:
    """Collects the paragraphs of one place."""

    def __init__(self, reader: _Reader, sheet: str, line: Callable[[], int], column: str) -> None:
        self.reader = reader
        self._place = (sheet, line, column)
        self.paragraphs = [Paragraph()]
        self.marks: list[tuple[bool, bool, str | None]] = [(False, False, None)]
        self.lists: list[str] = []

    def where(self) -> tuple[str, int, str]:
        """The place, for notes."""
        sheet, line, column = self._place
        return sheet, line(), column

    def taken(self) -> list[Paragraph]:
        """The paragraphs with words; begins anew."""
        found, self.paragraphs = [each for each in self.paragraphs if each.words.strip()], [Paragraph()]
        return found

    def text(self, words: str | None) -> None:
        """Words of the page: blanks as one, none at the start of a paragraph."""
        if not words:
            return
        words = _BLANKS.sub(" ", words)
        last = self.paragraphs[-1].words
        if words.startswith(" ") and (not last or last[-1] in " \n"):
            words = words[1:]
        if words:
            self.paragraphs[-1].pieces.append(Piece(words, *self.marks[-1]))

    def children(self, parent: Any) -> None:
        """Everything inside an element."""
        self.text(parent.text)
        for each in parent:
            self.element(each)
            self.text(each.tail)

    def element(self, each: Any) -> None:
        """One element and what is in it."""
        tag = each.tag if isinstance(each.tag, str) else ""
        if self.reader._unseen(each, tag):
            return
        if tag == "br":
            self.paragraphs[-1].pieces.append(Piece("\n"))
        elif tag in ("ul", "ol"):
            self.lists.append(tag)
            self.children(each)
            self.lists.pop()
            self._begin()
        elif tag == "li":
            self._begin("li")
            self.children(each)
            self._begin()
        elif tag == "del":
            self.reader.gathered.note("Deleted words are left out.", *self.where(), kept=joined(each.itertext()))
        elif tag == "table":
            self._nested(each)
        elif tag in _BLOCKS:
            self._begin()
            self.children(each)
            self._begin()
        else:
            self._marked(each, tag)

    def _nested(self, table: Any) -> None:
        self.reader.gathered.note("A table stands inside this cell; its words are kept, a row a line.", *self.where())
        for row, _ in _rows(table):
            self._begin()
            for place, cell in enumerate(_cells(row)):
                if place:
                    self.paragraphs[-1].pieces.append(Piece("  "))
                self._marked(cell, "span")
        self._begin()

    def _marked(self, each: Any, tag: str) -> None:
        bold, italic, link = self.marks[-1]
        style = each.get("style") or ""
        bold = bold or tag in ("b", "strong") or bool(_BOLD.search(style))
        italic = italic or tag in ("i", "em") or bool(_ITALIC.search(style))
        link = each.get("href", "#") if tag == "a" and each.get("href") is not None else link
        self.marks.append((bold, italic, link))
        if tag in ("s", "strike"):
            self.reader.gathered.note("Words are struck through, and read all the same.", *self.where())
        if tag in ("input", "select") and each.get("value"):
            self.text(each.get("value"))
        self.children(each)
        self.marks.pop()

    def _begin(self, tag: str = "") -> None:
        listed = (self.lists[-1] if self.lists else "ul") if tag else ""
        depth = max(0, len(self.lists) - 1)
        if self.paragraphs[-1].words.strip():
            self.paragraphs.append(Paragraph([], listed, depth))
        else:
            self.paragraphs[-1] = Paragraph([], listed, depth)


def _rows(table: Any) -> Iterator[tuple[Any, bool]]:
    """The rows of a table itself, and whether they stand in its head."""
    for each in table:
        if each.tag == "tr":
            yield each, False
        elif each.tag in ("thead", "tbody", "tfoot"):
            for row in each:
                if row.tag == "tr":
                    yield row, each.tag == "thead"


def _cells(row: Any) -> list[Any]:
    return [each for each in row if each.tag in ("td", "th")]


def _int(words: str | None, otherwise: int) -> int:
    try:
        return int((words or "")[:6])
    except ValueError:
        return otherwise
