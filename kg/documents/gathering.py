"""What a reader of one format hands over, piece by piece: counted, cleaned of what cannot be printed, noted."""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from kg.documents import limits
from kg.documents.model import Cell, Note, Row
from kg.errors import InputError

# What no program prints, except tab and line ends; noncharacters too.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
_OVERRIDING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TAGS = r"(?:p|br|b|strong|i|em|u|ul|ol|li|a|span|div|h[1-6])"
# A whole element, or words in stars: so the text dump prints bold, and nobody types that by chance.
_MARKED_UP = re.compile(rf"&lt;({_TAGS})(?:\s(?:(?!&[lg]t;).)*)?&gt;.*?&lt;/\1&gt;", re.DOTALL)
_TAG = re.compile(rf"&lt;(/?{_TAGS}(?:\s(?:(?!&[lg]t;).)*)?/?)&gt;", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"&amp;(#\d{1,6};|#x[0-9A-Fa-f]{1,5};|[A-Za-z]{2,10};)")
_ANY_TAG = re.compile(r"<[^<>]*>")
_OPENING = ("=", "@")


def escaped(words: str) -> str:
    """Words as the content of a cell: nothing in them is a tag, an entity, or stars for bold."""
    return html.escape(words, quote=True).replace("*", "&#42;").replace("[", "&#91;")


def slug(words: str) -> str:
    """Lower case letters and digits of any script joined by hyphens; "sheet" where there are none."""
    return "-".join(re.findall(r"[^\W_]+", words.casefold()))[:60].rstrip("-") or "sheet"


@dataclass
class Gathered:
    """Rows and notes of a document on their way.

    ``name`` is that of the file, for the sentences of InputError that every method raises where it is too much.
    """

    name: str
    format: str
    rows: list[Row] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    sheets: dict[str, str] = field(default_factory=dict)
    lines: int = 0
    pictures: int = 0
    tables: int = 0
    _cells: int = 0
    _words: int = 0
    _unnoted: int = 0

    def refuse(self, sentence: str, where: str = "") -> InputError:
        """The error that says why the file is not read."""
        return InputError(f"{self.name}{': ' + where if where else ''}{':' if where else ''} {sentence}")

    def sheet(self, title: str) -> str:
        """The slug of a new sheet called so, unlike all others."""
        first = wanted = slug(title)
        number = 2
        while wanted in self.sheets:
            wanted, number = f"{first}-{number}", number + 1
        self.sheets[wanted] = title
        return wanted

    def note(self, sentence: str, sheet: str = "", line: int = 0, column: str = "", kept: str = "") -> None:
        """Keep what a person should know; kept words are never left out, other notes end at a number."""
        kept = self.cleaned(kept)[0].strip()
        self._count(len(kept), sheet, line)
        if len(self.notes) >= limits.MAX_NOTES:
            if kept:
                raise self.refuse(
                    f"has more than {limits.MAX_NOTES:,} places whose words stand outside its tables (hidden rows, "
                    "deletions, comments). Accept the changes, delete what is hidden, and save it again."
                )
            self._unnoted += 1
            return
        self.notes.append(Note(sentence, sheet, line, column, kept))

    def cleaned(self, words: str) -> tuple[str, bool]:
        """The words without characters that cannot be printed, and whether there were any."""
        clean = _UNPRINTABLE.sub(lambda found: " " if found[0] in "\x0b\x0c" else "", words)
        return clean, clean != words

    def row(
        self, cells: Sequence[Cell], *, table: int = 0, level: int = 0, header: bool = False, always: bool = False
    ) -> None:
        """Keep a row, unless nothing is printed in it."""
        kept = [self._checked(cell) for cell in cells]
        if not kept or not (always or any(_prints(cell.html) for cell in kept)):
            if len({cell.fill for cell in kept}) > 1:
                fills = ", ".join(cell.fill for cell in kept if cell.fill)
                self.note(f"A row without words has coloured cells ({fills[:200]}); it is not read.", kept[0].sheet,
                          kept[0].line)  # fmt: skip
            return
        self._cells += len(kept)
        where = _place(kept[0])
        if len(self.rows) >= limits.MAX_ROWS:
            raise self.refuse(
                f"has more than {limits.MAX_ROWS:,} rows. Keep the plan in it and delete the rest, or part it into "
                "several files."
            )
        if self._cells > limits.MAX_CELLS:
            raise self.refuse(f"more than {limits.MAX_CELLS:,} cells. Keep the plan in it and delete the rest.", where)
        self.rows.append(Row(tuple(kept), table, level, header))

    def columns(self, count: int, where: str) -> None:
        """Refuse a table with more columns than one may have."""
        if count > limits.MAX_COLUMNS:
            raise self.refuse(
                f"{count:,} columns; a table may have {limits.MAX_COLUMNS}. Delete the columns that are not the "
                "plan's, and save it again.",
                where,
            )

    def done(self, *, understand: bool = True) -> None:
        """Settle what is only known at the end. InputError where nothing is printed."""
        if self._unnoted:
            self.notes.append(Note(f"{self._unnoted:,} more such places are not listed."))
        if not self.rows:
            if self.pictures:
                raise self.refuse(
                    "holds only pictures, and no table of words. Ask for the file the pictures were made from, or "
                    "type the table."
                )
            if self.tables:
                raise self.refuse("holds a table, and nothing is printed in it. Is this the right file?")
            raise self.refuse("is empty: nothing is printed in it. Is this the right file?")
        if understand and any(_MARKED_UP.search(cell.html) for row in self.rows for cell in row.cells if cell.html):
            self.rows = [replace(row, cells=tuple(map(_understood, row.cells))) for row in self.rows]
            self.notes.append(
                Note("Its cells hold HTML tags typed as text; they are read as the formatting they mean.")
            )

    def _checked(self, cell: Cell) -> Cell:
        if not cell.html:
            return cell
        length = len(cell.html)
        # Marks and escaped letters are longer than what they print; a short cell need not be taken apart to know.
        if length > limits.MAX_CELL_LENGTH and (
            length > 6 * limits.MAX_CELL_LENGTH or len(cell.text) > limits.MAX_CELL_LENGTH
        ):
            raise self.refuse(
                f"a cell or paragraph has more than {limits.MAX_CELL_LENGTH:,} characters. Part it.", _place(cell)
            )
        self._count(len(cell.html), cell.sheet, cell.line)
        clean, changed = self.cleaned(cell.html)
        column = str(cell.column)
        if changed:
            self.note("Characters that cannot be printed were left out.", cell.sheet, cell.line, column)
        if _OVERRIDING.search(clean):
            self.note(
                "Holds invisible marks that turn the direction of writing, so that it may look other than it is "
                "stored. "
                "It is read in the order it is stored; read it again letter by letter.",
                cell.sheet,
                cell.line,
                column,
            )
        return replace(cell, html=clean) if changed else cell

    def _count(self, characters: int, sheet: str, line: int) -> None:
        self._words += characters
        if self._words > limits.MAX_WORDS:
            raise self.refuse(
                f"holds more than {limits.MAX_WORDS:,} characters up to {sheet or 'line'} {line}, which is more than "
                "a plan has. Keep the plan in it and delete the rest."
            )


def _place(cell: Cell) -> str:
    return f"{cell.sheet}, row {cell.line}" if cell.sheet else str(cell.line)


def _understood(cell: Cell) -> Cell:
    """A cell whose words hold tags, with the tags that are known as tags."""
    if "&" not in cell.html:
        return cell
    content = _TAG.sub(lambda found: f"<{html.unescape(found[1])}>", cell.html)
    content = _ENTITY.sub(r"&\1", content.replace("&#42;", "*").replace("&#91;", "["))
    return replace(cell, html=content)


def _prints(content: str) -> bool:
    """Whether more than tags and blanks stand in a cell."""
    return bool(content) and bool(_ANY_TAG.sub("", content).strip() if "<" in content else content.strip())


def looks_like_formula(words: str) -> bool:
    """Whether a spreadsheet would take these words for a formula."""
    return words.lstrip().startswith(_OPENING)


def joined(words: Iterable[str]) -> str:
    """Words of several places as lines, blank ones left out."""
    return "\n".join(each for each in (one.strip() for one in words) if each)
