"""What headings, markers, status words and cues mean: the tables of data/reading."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kg.errors import InputError

_HEADERS = {
    "columns": ("heading", "column"),
    "markers": ("marker", "meaning"),
    "status-words": ("words", "position", "state"),
    "cues": ("words", "kind", "meaning"),
}
_POSITIONS = frozenset({"whole", "start", "anywhere", "capital"})


@dataclass(frozen=True)
class Marker:
    """A printed marker such as "Strategic Priority {n}:" and what it opens."""

    words: str
    meaning: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the marker at the start of a text; group ``n`` is the number where one belongs to it."""
        body = self._body
        # A bracket may stand before the colon, as in "Indicators (change on the year before):".
        colon = r"\s*(?:\([^()]*\))?\s*:" if self.words.endswith(":") else r"\b\s*(?:\([^()]*\))?\s*:?"
        return re.compile(r"\s*" + body + colon + r"\s*", re.IGNORECASE)

    @cached_property
    def within(self) -> re.Pattern[str]:
        """Finds the marker with its colon anywhere in a text."""
        return re.compile(r"(?<![^\W_])" + self._body + r"\s*(?:\([^()]*\))?\s*:", re.IGNORECASE)

    @cached_property
    def _body(self) -> str:
        words = self.words.rstrip(":").split()
        return r"\s+".join(re.escape(word).replace(r"\{n\}", r"(?P<n>\d+[a-z]?)") for word in words)


@dataclass(frozen=True)
class StatusWords:
    """A set phrase of a year cell, where in the cell it counts, and the state it means.

    ``position`` is whole (it is all of the cell), start (of a line), anywhere, or capital (anywhere,
    printed with one).
    """

    words: str
    position: str
    state: str


@dataclass(frozen=True)
class Cue:
    """Words that give a sentence a meaning of one ``kind``; ``meaning`` is a code or blank."""

    words: str
    kind: str
    meaning: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds the cue as whole words; a leading * stands for the beginning of a word."""
        return phrase(self.words)


@dataclass(frozen=True)
class Rules:
    """The reading rules; every tuple in the order of its file."""

    columns: tuple[tuple[str, str], ...]
    markers: tuple[Marker, ...]
    status_words: tuple[StatusWords, ...]
    cues: tuple[Cue, ...]

    @classmethod
    def load(cls, folder: Path) -> "Rules":
        """The rules in ``folder`` (data/reading); InputError names file and row of what is wrong."""
        status_words = []
        for row, words, position, state in _read(folder, "status-words"):
            if position not in _POSITIONS:
                raise InputError(
                    f'{folder / "status-words.csv"}:{row}: column "position": "{position}" is none of '
                    f"{', '.join(sorted(_POSITIONS))}."
                )
            status_words.append(StatusWords(words, position, state))
        return cls(
            columns=tuple((heading, column) for _, heading, column in _read(folder, "columns")),
            markers=tuple(Marker(words, meaning) for _, words, meaning in _read(folder, "markers")),
            status_words=tuple(status_words),
            cues=tuple(Cue(words, kind, meaning) for _, words, kind, meaning in _read(folder, "cues")),
        )

    def column_of(self, heading: str) -> str | None:
        """The contract's column for a printed heading, by the longest one known; None: unknown."""
        words = normal(heading)
        fitting = [
            (len(known), column)
            for known, column in self.columns
            if re.match(re.escape(normal(known)) + r"(?![^\W_])", words)
        ]
        return max(fitting)[1] if fitting else None

    def marker(self, text: str, *meanings: str) -> tuple[str, re.Match[str]] | None:
        """The meaning and match of the longest marker (of ``meanings``, if given) that opens ``text``."""
        found = [
            (match.end(), marker.meaning, match)
            for marker in self.markers
            if (not meanings or marker.meaning in meanings) and (match := marker.pattern.match(text))
        ]
        if not found:
            return None
        _, meaning, match = max(found, key=lambda entry: entry[0])
        return meaning, match

    def cues_of(self, kind: str) -> tuple[Cue, ...]:
        """The cues of one kind, longest first, so that "see also" is tried before "see"."""
        return self._by_kind.get(kind, ())

    @cached_property
    def _by_kind(self) -> dict[str, tuple[Cue, ...]]:
        kinds: dict[str, list[Cue]] = {}
        for cue in self.cues:
            kinds.setdefault(cue.kind, []).append(cue)
        return {kind: tuple(sorted(cues, key=lambda cue: -len(cue.words))) for kind, cues in kinds.items()}

    def find_cues(self, kind: str, text: str) -> Iterator[tuple[Cue, int, int]]:
        """Every cue of ``kind`` in ``text`` as (cue, start, end), in order; of overlaps the longest."""
        taken: list[tuple[Cue, int, int]] = []
        for cue in self.cues_of(kind):
            if cue.words == "*":
                continue
            for match in cue.pattern.finditer(text):
                if all(match.end() <= start or match.start() >= end for _, start, end in taken):
                    taken.append((cue, match.start(), match.end()))
        return iter(sorted(taken, key=lambda entry: entry[1]))

    def first_meaning(self, kind: str, text: str) -> str | None:
        """The meaning of the longest cue of ``kind`` in ``text``; a cue "*" stands for anything else."""
        for cue in self.cues_of(kind):
            if cue.words != "*" and cue.pattern.search(text):
                return cue.meaning
        return next((cue.meaning for cue in self.cues_of(kind) if cue.words == "*"), None)


def phrase(words: str) -> re.Pattern[str]:
    """Finds ``words`` as whole words, any case, any blanks; a leading * is any beginning of a word."""
    body = r"\s+".join(map(re.escape, words.lstrip("*").split()))
    opening = r"\b\w+" if words.startswith("*") else r"(?<![^\W_])"
    return re.compile(opening + body + r"(?![^\W_])", re.IGNORECASE)


def normal(text: str) -> str:
    """Case, blanks and typographic quotes and dashes evened out, for comparison only."""
    text = text.replace("’", "'").replace("‘", "'").replace("–", "-").replace("\N{EM DASH}", "-")
    return " ".join(text.split()).casefold()


def _read(folder: Path, name: str) -> Iterator[list[str]]:
    """Each line of a rules file as [row number, its columns by `_HEADERS`]."""
    path = folder / f"{name}.csv"
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read: {error}.") from None
    for row, record in enumerate(rows, start=2):
        values = [(record.get(column) or "").strip() for column in _HEADERS[name]]
        if not values[0]:
            raise InputError(f'{path}:{row}: column "{_HEADERS[name][0]}" is empty.')
        yield [str(row), *values]
