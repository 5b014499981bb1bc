"""The numbers that Word prints before paragraphs and stores nowhere: counted again as Word counts them."""

from dataclasses import dataclass, field
from typing import Any, Final

from kg.documents.package import attribute, child, local

_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LEVELS: Final = 9


@dataclass
class Level:
    """One level of a list: where it starts, how its number looks and what is printed around it."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int = -1
    """The level that, when it counts on, sets this one back; -1 is any higher one."""


@dataclass
class Numbering:
    """The lists of a document and how far each has counted."""

    _abstract: dict[str, dict[int, Level]] = field(default_factory=dict)
    _lists: dict[str, tuple[str, dict[int, Level], dict[int, int]]] = field(default_factory=dict)
    _counted: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, root: Any) -> "Numbering":
        """The lists that the root of numbering.xml defines."""
        found = cls()
        styled: dict[str, str] = {}
        linked: dict[str, str] = {}
        for each in root:
            if local(each) == "abstractNum":
                name = attribute(each, "abstractNumId")
                found._abstract[name] = {i: level for one in each if (i := _index(one)) >= 0 for level in [_level(one)]}
                if (link := child(each, "styleLink")) is not None:
                    styled[attribute(link, "val")] = name
                if (link := child(each, "numStyleLink")) is not None:
                    linked[name] = attribute(link, "val")
        for name, style in linked.items():
            if style in styled:
                found._abstract[name] = found._abstract[styled[style]]
        for each in root:
            if local(each) == "num":
                found._add_list(each)
        return found

    def _add_list(self, element: Any) -> None:
        abstract = child(element, "abstractNumId")
        name = attribute(abstract, "val") if abstract is not None else ""
        own: dict[int, Level] = {}
        starts: dict[int, int] = {}
        for override in element:
            if local(override) != "lvlOverride":
                continue
            level = _int(attribute(override, "ilvl"), 0)
            if (start := child(override, "startOverride")) is not None:
                starts[level] = _int(attribute(start, "val"), 1)
            if (lvl := child(override, "lvl")) is not None:
                own[level] = _level(lvl)
        self._lists[attribute(element, "numId")] = (name, own, starts)

    def level(self, number: str, depth: int) -> Level | None:
        """The level of a list, or None where there is no such."""
        if number not in self._lists:
            return None
        abstract, own, _ = self._lists[number]
        return own.get(depth) or self._abstract.get(abstract, {}).get(depth)

    def count(self, number: str, depth: int) -> str:
        """Count a paragraph of list ``number`` at ``depth`` and return what Word prints before it; "" for a bullet."""
        level = self.level(number, depth)
        if level is None or not 0 <= depth < _LEVELS:
            return ""
        abstract, _, starts = self._lists[number]
        counted = self._counted.setdefault(abstract, [None] * _LEVELS)
        before = counted[depth]
        if depth in starts and (number, depth) not in self._begun:
            counted[depth] = starts[depth]
        else:
            counted[depth] = level.start if before is None else before + 1
        self._begun.add((number, depth))
        for deeper in range(depth + 1, _LEVELS):
            below = self.level(number, deeper)
            if below is None or below.restart == -1 or depth < below.restart:
                counted[deeper] = None
        return "" if level.form == "bullet" else self._printed(number, level, counted)

    def _printed(self, number: str, level: Level, counted: list[int | None]) -> str:
        words = level.text
        for place in range(_LEVELS):
            mark = f"%{place + 1}"
            if mark not in words:
                continue
            one = self.level(number, place) or Level()
            value = counted[place]
            words = words.replace(mark, printed(one.start if value is None else value, one.form))
        return words.strip()


def printed(value: int, form: str) -> str:
    """A number as a list prints it: "4", "04", "d", "IV"."""
    if form in ("lowerLetter", "upperLetter") and 0 < value < 1000:
        letters = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letters.upper() if form == "upperLetter" else letters
    if form in ("lowerRoman", "upperRoman") and 0 < value < 4000:
        out = ""
        for worth, sign in _ROMAN:
            out += sign * (value // worth)
            value %= worth
        return out.upper() if form == "upperRoman" else out
    if form == "none":
        return ""
    return f"{value:02d}" if form == "decimalZero" else str(value)


def _index(element: Any) -> int:
    return _int(attribute(element, "ilvl"), 0) if local(element) == "lvl" else -1


def _level(element: Any) -> Level:
    level = Level()
    for each in element:
        value = attribute(each, "val")
        match local(each):
            case "start":
                level.start = _int(value, 1)
            case "numFmt":
                level.form = value
            case "lvlText":
                level.text = value[:100]
            case "lvlRestart":
                level.restart = _int(value, -1)
    return level


def _int(words: str, otherwise: int) -> int:
    try:
        return max(-1, min(int(words), 1_000_000))
    except ValueError:
        return otherwise
