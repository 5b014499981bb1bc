"""The index of one snapshot's words: made once beside the snapshot, opened read-only, asked in plain words."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sqlite3
import tempfile
import threading
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from heapq import nsmallest
from pathlib import Path
from typing import Final, Protocol

from rapidfuzz import process

from kg.errors import PlangraphError
from kg.graph.store import Result
from kg.names import PLAN
from kg.questions import Names, Thing, load_questions
from kg.questions.binding import bind
from kg.questions.binding import iri as as_iri

VERSION: Final = 1
"""The version of the index; another one is not read but made anew."""
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "action": (PLAN.Action,), "priority": (PLAN.StrategicPriority, PLAN.DeliveryPriority),
    "improvement": (PLAN.ImprovementAction,), "indicator": (PLAN.Indicator,), "step": (PLAN.Step,),
    "outcome": (PLAN.Outcome,), "status": (PLAN.Status,), "lead": (PLAN.Lead,), "reference": (PLAN.CrossReference,),
    "mention": (PLAN.Mention,), "cell": (PLAN.Cell,),
}  # fmt: skip
"""The kinds of things read by class; bodies, plans, places, initiatives, themes, groups come by their names."""
NAMED: Final = ("body", "plan", "place", "initiative", "theme", "group")
NUMBERED: Final = ("action", "priority")
SHORTEST_BEGINNING: Final = 3
RANKED: Final = 2000
"""Where more than this fits, the words are too common for their weight to say anything, and names come first only."""
ON, OFF = "\x02", "\x03"
"""What stands around the words found, in text from the index."""
_HERE: Final = Path(__file__).resolve().parent
_SQL: Final = {
    name: (_HERE / f"{name}.sql").read_text("utf-8") for name in ("schema", "fill", "fits", "ranks", "exact", "shown")
}
_SPARQL: Final = {name: (_HERE / f"{name}.rq").read_text("utf-8") for name in ("words", "said", "above")}
_WORD: Final = re.compile(r"[^\W_]+(?:[./][^\W_]+)*")
_making: Final = threading.Lock()


class Asked(Protocol):
    """The part of a Store that is needed here."""

    @property
    def snapshot(self) -> str: ...

    def query(self, sparql: str, *, solutions: str = "json") -> Result: ...


@dataclass(frozen=True)
class Piece:
    """A piece of text; `found` where it is what was looked for."""

    text: str
    found: bool


@dataclass(frozen=True)
class Found:
    """A thing found: its label and, where they hold the words, some of its text or other spellings around them.

    `within` and `within_label` say what it belongs to, blank where nothing is.
    """

    kind: str
    iri: str
    ref: str
    label: tuple[Piece, ...]
    context: tuple[Piece, ...]
    within: str
    within_label: str
    plan: str


@dataclass(frozen=True)
class Group:
    """The things of one kind that fit: how many there are, and some of them, best first."""

    kind: str
    total: int
    found: tuple[Found, ...]


class Index:
    """An index opened for asking, from one thread. Close it when done."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
        self._db.row_factory = sqlite3.Row
        # Things of a kind stand together, so the number of a row tells its kind.
        kinds = self._db.execute("SELECT kind, first FROM kind ORDER BY first").fetchall()
        self._kinds: list[str] = [row["kind"] for row in kinds]
        self._firsts: list[int] = [row["first"] for row in kinds]

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def groups(
        self, words: str, *, kind: str = "", plans: Sequence[str] = (), first: int = 0, size: int = 5
    ) -> list[Group]:
        """What has all of these words, by kind: `size` of each from the one numbered `first`, counted from 0.

        A word of three letters or more fits where another begins with it; one with a digit (2.10, 2015/16) only whole.
        `kind` and `plans` (IRIs) narrow. Nothing is found where `words` holds no letter and no digit.
        """
        match = _match(words)
        if not match:
            return []
        given = {"match": match, "in_names": f"{{ref label names}} : ({match})", "plans": json.dumps([*plans])}
        fits: dict[str, list[tuple[int, bool]]] = defaultdict(list)
        for id_, named in self._db.execute(_SQL["fits"], given):
            fits[self._kind(id_)].append((id_, bool(named)))
        if kind:
            fits = {kind: fits[kind]} if kind in fits else {}
        exact = {id_ for (id_,) in self._db.execute(_SQL["exact"], {"asked": " ".join(words.split())})}
        ranks: dict[int, float] = {}
        if sum(map(len, fits.values())) <= RANKED:
            ranks = dict(tuple(row) for row in self._db.execute(_SQL["ranks"], {"match": match}))

        def order(fit: tuple[int, bool]) -> tuple[bool, bool, float, int]:
            # The thing asked for by its name first, then names before texts; what fits alike in the plans' order.
            id_, named = fit
            return id_ not in exact, not named, ranks.get(id_, 0.0), id_

        return [
            Group(name, len(found), tuple(
                self._shown(id_, match) for id_, _ in nsmallest(first + size, found, key=order)[first:]
            ))
            for name, found in fits.items()
        ]  # fmt: skip

    def _kind(self, id_: int) -> str:
        return self._kinds[bisect_right(self._firsts, id_) - 1]

    def _shown(self, id_: int, match: str) -> Found:
        given = {"match": match, "id": id_, "on": ON, "off": OFF}
        return _found(self._db.execute(_SQL["shown"], given).fetchone())

    def instead(self, words: str) -> str | None:
        """The same with each word that stands nowhere replaced by the nearest that does; None where none is near."""
        better = [self._nearest(word) for word in _WORD.findall(words)]
        return " ".join(word for word in better if word) if any(better) and all(better) else None

    def _nearest(self, word: str) -> str | None:
        if self._db.execute("SELECT 1 FROM found WHERE found MATCH ? LIMIT 1", (_word(word),)).fetchone():
            return word
        known = [row["term"] for row in self._db.execute("SELECT term FROM word WHERE length(term) > 2")]
        match = process.extractOne(word.casefold(), known, score_cutoff=70)
        return match[0] if match else None


def open_index(home: Path, store: Asked) -> Index:
    """The index of the snapshot that `store` holds, made first where it is missing.

    Raises PlangraphError where it cannot be: this Python's SQLite has no FTS5, or the folder cannot be written.
    """
    path = home / "search" / f"{store.snapshot}-{VERSION}.sqlite"
    try:
        if not path.exists():
            with _making:
                if not path.exists():
                    _make(path, store)
        return Index(path)
    except (OSError, sqlite3.Error) as error:
        why = "this Python's SQLite was built without FTS5" if "fts5" in str(error) else str(error)
        raise PlangraphError(f"Nothing can be looked for: {why}.") from None


def _make(path: Path, store: Asked) -> None:
    """Write the index beside its place and move it there, so that nobody reads half of one."""
    snapshots = path.parent.parent / "snapshots"
    for needed in (path.parent, snapshots):
        needed.mkdir(parents=True, exist_ok=True)
    # Among the snapshots, because there the next build sweeps up what was killed.
    with tempfile.TemporaryDirectory(prefix=".indexing-", dir=snapshots) as folder:
        new = Path(folder) / "index.sqlite"
        with closing(sqlite3.connect(new)) as db:
            # It is moved into place when it is whole: a journal would only cost time.
            db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;")
            db.executescript(_SQL["schema"])
            for name in ("said", "above"):
                db.executemany(f"INSERT INTO {name} VALUES (?, ?)", _rows(store, _SPARQL[name]))  # noqa: S608 our names
            db.executemany("INSERT INTO entry (kind, iri, ref, label, names, words) VALUES (?, ?, ?, ?, ?, ?)",
                           _entries(store))  # fmt: skip
            db.executescript(_SQL["fill"])
            db.commit()
        with new.open("rb") as file:
            os.fsync(file.fileno())
        new.replace(path)
    for other in path.parent.glob("*.sqlite"):
        # The index of a snapshot that is gone serves nobody.
        if other != path and not (snapshots / other.name.split("-")[0]).exists():
            other.unlink(missing_ok=True)


def _entries(store: Asked) -> Iterator[tuple[str, ...]]:
    """Rows of kind, iri, ref, label, other names, words: everything that can be found."""
    for kind, classes in KINDS.items():
        for class_ in classes:
            for iri, label, ref in _rows(store, bind(_SPARQL["words"], {"class": [as_iri(class_)]})):
                yield kind, iri, ref if kind in NUMBERED else "", label, "", ""
    names = Names.load(store)
    for kind in NAMED:
        for thing in names.of_kind(kind):
            yield kind, thing.iri, "", thing.name, " · ".join(thing.others), ""
    for question in load_questions().values():
        yield "question", question.name, question.id, question.title, "", question.question


def _rows(store: Asked, sparql: str) -> Iterable[list[str]]:
    # As CSV, not JSON: a country's plans are millions of rows, and a dict for each would not fit.
    # The marks around what is found must be ours alone.
    text = store.query(sparql, solutions="csv").body.decode("utf-8").replace(ON, "").replace(OFF, "")
    rows = csv.reader(io.StringIO(text, newline=""))
    next(rows)
    return rows


def _match(words: str) -> str:
    """The words as FTS5 asks for them: all of them must be there."""
    return " AND ".join(map(_word, _WORD.findall(words)))


def _word(word: str) -> str:
    """One word: whole where it is short or has a digit, else as a beginning, also of the singular of a plural."""
    if len(word) < SHORTEST_BEGINNING or any(letter.isdigit() for letter in word):
        return f'"{word}"'
    singular = re.sub(r"s$", "", re.sub(r"ies$", "y", word)) if len(word) > 3 else word
    return f'"{word}"*' if singular == word else f'("{word}"* OR "{singular}"*)'


def _found(row: sqlite3.Row) -> Found:
    # The text around the words, where the label alone does not show why the thing was found.
    context = next((row[name] for name in ("names", "words", "inside") if ON in row[name]), "")
    return Found(
        row["kind"], row["iri"], row["ref"], _pieces(row["label"]), _pieces(context),
        row["within"], row["within_label"], row["plan"],
    )  # fmt: skip


def _pieces(marked: str) -> tuple[Piece, ...]:
    parts = re.split(f"({ON}[^{OFF}]*{OFF})", marked)
    return tuple(Piece(part.strip(ON + OFF), part.startswith(ON)) for part in parts if part)


def nearest(words: str, names: Names, most: int = 3) -> list[Thing]:
    """The bodies, plans, places and initiatives with a name most like `words`, best first."""
    by_name = {
        name.casefold(): thing
        for thing in names.things.values()
        if thing.kind in NAMED
        for name in (thing.name, *thing.others)
    }
    like = process.extract(words.casefold(), by_name.keys(), limit=3 * most, score_cutoff=60)
    return list(dict.fromkeys(by_name[name] for name, _, _ in like))[:most]
