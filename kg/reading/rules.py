"""What headings, markers, status words and cues mean: the tables of data/reading."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process

from kg.errors import InputError

_HEADERS = {
    "columns": ("heading", "column"),
    "markers": ("marker", "meaning"),
    "status-words": ("words", "position", "state"),
    "cues": ("words", "kind", "meaning"),
    "rag": ("words", "rag", "state", "certainty"),
    "posts": ("words", "kind"),
}
_NUMBER_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBER = rf"(?P<n>\d+(?:\.\d+)*[a-z]?|(?-i:[A-Z])|{'|'.join(_NUMBER_WORDS)})(?![^\W_])"
_NEAR = 83
"""How like a known heading an unknown one must be, of 100: one wrong letter in six."""
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
        return r"\s+".join(re.escape(word).replace(r"\{n\}", _NUMBER) for word in words)


@dataclass(frozen=True)
class StatusWords:
    """A set phrase of a year cell, where in the cell it counts, and the state it means.

    ``position`` is whole (it is all of the cell), start (of a line), anywhere, or capital (anywhere,
    printed with one).
    """

    words: str
    position: str
    state: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds the phrase as whole words."""
        return phrase(self.words)


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

    @cached_property
    def begins(self) -> str:
        """Small letters that stand in every text the cue stands in."""
        return _begins(self.words)


@dataclass(frozen=True)
class Rating:
    """Words of a RAG or status cell, the RAG and the state they mean (either may be blank).

    ``sure`` is False for a colour that partnerships print for different things.
    """

    words: str
    rag: str = ""
    state: str = ""
    sure: bool = True


@dataclass(frozen=True)
class Recognised:
    """What a column heading may mean: ``columns`` by preference, none where no rule knows it.

    ``how`` is exact, beginning (a known heading, then an explanation), ending or opening (known words at the end or
    the start of others), near (one like it), decided (by an officer) or unknown; ``confidence`` goes from 0 to 1.
    """

    columns: tuple[str, ...]
    how: str
    confidence: float
    known: str = ""

    @property
    def sure(self) -> bool:
        """Whether the heading itself is known, not only words of it."""
        return self.how in ("exact", "beginning", "decided")


@dataclass(frozen=True)
class Rules:
    """The reading rules; every tuple in the order of its file. ``decided`` are columns as an officer decided them."""

    columns: tuple[tuple[str, str], ...]
    markers: tuple[Marker, ...]
    status_words: tuple[StatusWords, ...]
    cues: tuple[Cue, ...]
    decided: tuple[tuple[str, str], ...] = ()
    rag: tuple[Rating, ...] = ()
    post_words: tuple[str, ...] = ()
    posts_beside_bodies: tuple[str, ...] = ()
    """Those of them that name a post in a cell of partners too."""
    titles: tuple[str, ...] = ()
    """What stands before the surname of a person: "Cllr"."""
    ranks: tuple[str, ...] = ()
    """Posts that a surname may follow: "Inspector"."""
    no_names: frozenset[str] = frozenset()
    """Words, in small letters, of names of bodies that no person has: "trust"; "young *" counts as the first alone."""
    given_names: frozenset[str] = frozenset()
    """Usual given names of persons, as printed."""
    _recognised: dict[str, Recognised] = field(default_factory=dict, compare=False, repr=False)

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
        people = [(words, kind) for _, words, kind in _read(folder, "posts")]
        return cls(
            columns=tuple((heading, column) for _, heading, column in _read(folder, "columns")),
            markers=tuple(Marker(words, meaning) for _, words, meaning in _read(folder, "markers")),
            status_words=tuple(status_words),
            cues=tuple(Cue(words, kind, meaning) for _, words, kind, meaning in _read(folder, "cues")),
            rag=tuple(
                Rating(words, rag, state, sure != "cert-inferred")
                for _, words, rag, state, sure in _read(folder, "rag")
            ),
            post_words=tuple(words for words, kind in people if kind in ("post", "owner-post")),
            posts_beside_bodies=tuple(words for words, kind in people if kind == "post"),
            titles=tuple(words for words, kind in people if kind == "title"),
            ranks=tuple(words for words, kind in people if kind == "rank"),
            no_names=frozenset(words.casefold() for words, kind in people if kind == "body"),
            given_names=frozenset(words for words, kind in people if kind == "given-name"),
        )

    def extended(self, folder: Path) -> "Rules":
        """These rules with the columns decided in ``folder``/columns.csv, which win; the file may be missing."""
        if not (folder / "columns.csv").exists():
            return self
        decided = tuple((heading, column) for _, heading, column in _read(folder, "columns"))
        return replace(self, decided=(*decided, *self.decided), _recognised={})

    def recognise(self, heading: str) -> Recognised:
        """What a printed heading means: itself, without its explanation, by its end, by its beginning."""
        if heading not in self._recognised:
            self._recognised[heading] = self._recognise(heading)
        return self._recognised[heading]

    def _recognise(self, heading: str) -> Recognised:
        whole = plain(heading)
        opened = self.marker(heading, "strategic-priority", "delivery-priority", "priority")
        if decided := [column for known, column in self.decided if plain(known) == whole]:
            return Recognised((decided[0],), "decided", 1.0, heading)
        without = plain(_BRACKETS.sub(" ", heading))
        if known := next((words for words in (whole, without) if words in self._by_heading), ""):
            return Recognised(self._by_heading[known], "exact", 1.0, known)
        if opened is not None and opened[1]["n"]:
            # A heading such as "Delivery Priority 1:" opens that priority; its own cells stand below it.
            return Recognised(("delivery-priority",), "beginning", 0.95, opened[1].group())
        pieces = [plain(piece) for piece in _EXPLAINED.split(heading) if plain(piece)]
        if pieces and pieces[0] in self._by_heading:
            return Recognised(self._by_heading[pieces[0]], "beginning", 0.95, pieces[0])
        return self._by_some_words((without or whole).split())

    def _by_some_words(self, words: Sequence[str]) -> Recognised:
        """What the last words of a heading mean, the longest known first, else its first words."""
        cuts = range(1, len(words)) if len(words) <= _LONGEST_HEADING else ()
        whole = self._alone.get("only-whole", set())
        for start in cuts:
            if (known := " ".join(words[start:])) in self._by_heading and known not in whole:
                return Recognised(self._by_heading[known], "ending", 0.75, known)
        for end in reversed(cuts):
            if (known := " ".join(words[:end])) in self._by_heading and known not in whole:
                return Recognised(self._by_heading[known], "opening", 0.7, known)
        return Recognised((), "unknown", 0.0)

    def nearest(self, heading: str) -> Recognised:
        """The known heading that ``heading`` is most like, with the likeness as confidence; unknown where none is."""
        words = plain(_BRACKETS.sub(" ", heading)) or plain(heading)
        if len(words) < 3:
            return Recognised((), "unknown", 0.0)
        match = process.extractOne(words, self._by_heading.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR)
        if match is None:
            return Recognised((), "unknown", 0.0)
        return Recognised(self._by_heading[match[0]], "near", round(match[1] / 100, 2), match[0])

    @cached_property
    def _by_heading(self) -> dict[str, tuple[str, ...]]:
        known: dict[str, tuple[str, ...]] = {}
        for heading, column in self.columns:
            known[plain(heading)] = (*known.get(plain(heading), ()), column)
        return known

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

    def marker_alone(self, text: str, meaning: str) -> bool:
        """Whether ``text`` is a marker of ``meaning`` and nothing else."""
        return plain(text) in self._alone.get(meaning, ())

    @cached_property
    def _alone(self) -> dict[str, set[str]]:
        alone: dict[str, set[str]] = {}
        for marker in self.markers:
            alone.setdefault(marker.meaning, set()).add(plain(marker.words))
        return alone

    def rating(self, words: str) -> Rating | None:
        """The rating that ``words`` are and nothing else."""
        return self._ratings.get(normal(words).strip(" .:;-()"))

    @cached_property
    def _ratings(self) -> dict[str, Rating]:
        return {normal(entry.words): entry for entry in reversed(self.rag)}

    def state_alone(self, words: str) -> str:
        """The state that ``words`` are the set phrase of and nothing else, "" where they are none or name more."""
        return self._states.get(normal(words).strip(" .:;-"), "")

    @cached_property
    def _states(self) -> dict[str, str]:
        named = ("status-elsewhere", "status-see", "status-conditional")
        return {normal(entry.words): entry.state for entry in reversed(self.status_words) if entry.state not in named}

    def names_a_post(self, text: str) -> bool:
        """Whether a word that names a post stands in ``text``."""
        # Most texts hold none; to look for letters is far quicker than for whole words.
        letters = text.casefold()
        return any(first in letters and post.search(text) for first, post in self._posts)

    @cached_property
    def _posts(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """What finds each word that names a post, with the letters it begins with."""
        return tuple((_begins(words), phrase(words)) for words in self.post_words)

    @cached_property
    def longest_status_words(self) -> tuple[StatusWords, ...]:
        """The set phrases of year cells, longest first."""
        return tuple(sorted(self.status_words, key=lambda entry: -len(entry.words)))

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
        letters = text.casefold()
        taken: list[tuple[Cue, int, int]] = []
        for cue in self.cues_of(kind):
            if cue.words == "*" or cue.begins not in letters:
                continue
            for match in cue.pattern.finditer(text):
                if all(match.end() <= start or match.start() >= end for _, start, end in taken):
                    taken.append((cue, match.start(), match.end()))
        return iter(sorted(taken, key=lambda entry: entry[1]))

    def first_meaning(self, kind: str, text: str) -> str | None:
        """The meaning of the longest cue of ``kind`` in ``text``; a cue "*" stands for anything else."""
        letters = text.casefold()
        for cue in self.cues_of(kind):
            if cue.words != "*" and cue.begins in letters and cue.pattern.search(text):
                return cue.meaning
        return next((cue.meaning for cue in self.cues_of(kind) if cue.words == "*"), None)


@lru_cache(maxsize=4096)
def phrase(words: str) -> re.Pattern[str]:
    """Finds ``words`` as whole words, any case, any blanks; a leading * is any beginning of a word."""
    body = r"\s+".join(map(re.escape, words.lstrip("*").split()))
    opening = r"\b\w+" if words.startswith("*") else r"(?<![^\W_])"
    return re.compile(opening + body + r"(?![^\W_])", re.IGNORECASE)


def _begins(words: str) -> str:
    """The first of some words in small letters: most texts do not hold it, and that is soon seen."""
    return next(iter(words.lstrip("*").casefold().split()), "")


_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_EXPLAINED = re.compile(r"[\n:;?(\[/,]|\s[-–]\s")
_FOOTNOTE = re.compile(r"[*†‡¹²³⁴⁵]+")
_LONGEST_HEADING = 12


def plain(heading: str) -> str:
    """A heading for comparison: without footnote marks and end stops, "&" as "and", nothing around a slash."""
    words = normal(_FOOTNOTE.sub(" ", heading)).replace("&", " and ").strip(" .:?;-")
    return " ".join(re.sub(r"\s*/\s*", "/", words).split()) or ("#" if "#" in heading else "")


def number_of(printed: str) -> str:
    """The number of a heading as the tables write it: "3" for "Three", others as printed."""
    word = printed.casefold()
    return str(_NUMBER_WORDS.index(word) + 1) if word in _NUMBER_WORDS else printed


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
