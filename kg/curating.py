"""Changes to the register, each worked out and tried before it is made: bodies proposed, merged, split."""

from __future__ import annotations

import csv
import io
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import Final

from rapidfuzz import fuzz, process, utils

from kg.build import read_tables, relate
from kg.errors import InputError, NotFound
from kg.reading.wording import slug
from kg.register import FILES, Body, Register, Spelling, borough_of, folded
from kg.settings import Settings
from kg.tables import TABLES, NameOf, Row, known_codes
from kg.writing import laid_beside

SUGGESTED: Final = 80.0
"""From this likeness on (0 to 100) a known name is suggested for a proposed one; it is never taken by itself."""
SEPARATOR: Final = " | "
Cells = dict[str, str]


@dataclass(frozen=True)
class Known:
    """A body of the register: how it is spelt, and how often each plan's tables name it."""

    body: Body
    borough: str
    spellings: tuple[str, ...]
    used: Mapping[str, int]


@dataclass(frozen=True)
class Proposal:
    """A body that a reading proposed: `verdict` is matched, suggested (with its `score`, 0 to 100) or unknown."""

    body: Body
    verdict: str
    known: str = ""
    score: float = 0.0


@dataclass(frozen=True)
class Change:
    """New contents of files of a data folder, by path below it; `counts` says how many rows of each change."""

    title: str
    contents: Mapping[str, str]
    counts: Mapping[str, int]
    lines: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    data: Path = field(default_factory=Path)

    def told(self) -> Iterator[str]:
        """What it would do, a line each."""
        yield self.title
        for path, n in self.counts.items():
            yield f"  {n:>4} row{'' if n == 1 else 's'}  {path}"
        yield from self.lines
        yield from (f"The shapes would say: {finding}" for finding in self.findings)
        if not self.findings:
            yield "The shapes would find nothing new."

    def write(self, home: Path) -> Path:
        """Write the files, whole or not at all, and give the folder below `home` where they stand as they were."""
        kept = Path(tempfile.mkdtemp(prefix="register-before-", dir=_made(home)))
        for path in self.contents:
            _made((kept / path).parent)
            if (self.data / path).exists():
                shutil.copy2(self.data / path, kept / path)
        parts: list[tuple[Path, Path]] = []
        try:
            for path, text in self.contents.items():
                write = partial(Path.write_text, data=text, encoding="utf-8", newline="")
                parts.append((laid_beside(self.data / path, write), self.data / path))
            for written, place in parts:
                written.replace(place)
        except OSError:
            for path in self.contents:
                if (kept / path).exists():
                    shutil.copy2(kept / path, self.data / path)
            raise
        finally:
            for written, _ in parts:
                written.unlink(missing_ok=True)
        return kept


def bodies(settings: Settings) -> list[Known]:
    """Every body of the register of the data folder with what names it, in file order."""
    register = _register(settings)
    used: dict[str, Counter[str]] = {}
    for path, kind, rows in _files(settings.data):
        if kind not in TABLES:
            continue
        for row in rows:
            for column, kinds in _naming(TABLES[kind]):
                for name in _listed(row.get(column, "")):
                    id_ = register.resolve(name, path.split("/")[1], kinds)
                    if id_:
                        used.setdefault(id_, Counter())[path.rsplit("/", 2)[-2]] += 1
    return [
        Known(body, borough_of(body.id), tuple(register.labels_of(body.id)), used.get(body.id, {}))
        for body in register.of_kind("body")
    ]


def proposals(settings: Settings, folder: Path) -> list[Proposal]:
    """What a reading left in `folder`/proposed, each body beside what the register knows. Raises InputError."""
    known = _register(settings)
    codes = known_codes(settings.ontology)
    proposed = Register.load(folder / "proposed", codes) if (folder / "proposed").is_dir() else Register({})
    names = [one.label for one in known.of_kind("body")]
    names += [one.spelling for one in known.spellings if one.of in known.entries]
    told = []
    for body in proposed.of_kind("body"):
        found = known.resolve(body.label, borough_of(body.id), ("body",))
        best = process.extractOne(body.label, names, scorer=fuzz.WRatio, processor=utils.default_process)
        if found:
            told.append(Proposal(body, "matched", found, 100.0))
        elif best and best[1] >= SUGGESTED:
            told.append(Proposal(body, "suggested", best[0], round(best[1], 1)))
        else:
            told.append(Proposal(body, "unknown"))
    return told


def accept(settings: Settings, folder: Path, name: str, of: str, reason: str, certainty: str) -> Change:
    """Take a proposed name into the register: as a spelling of `of`, or, where that is blank, as a body of its own."""
    _said(reason)
    named = (each for each in proposals(settings, folder) if folded(name) in (folded(each.body.label), each.body.id))
    one = next(named, None)
    if one is None:
        raise NotFound(f'"{name}" is not among the bodies proposed in {folder / "proposed"}.')
    if one.verdict == "matched":
        raise InputError(f'"{one.body.label}" is known already: it names {one.known}.')
    register = _register(settings)
    draft = _Draft(settings.data)
    if of:
        body = _body(register, of)
        draft.spell(_spelling(one.body.label, body.id, borough_of(body.id), certainty, reason), body.id)
        title = f'"{one.body.label}" becomes a spelling of {body.label} ({body.id}).'
    else:
        row = one.body.model_copy(update={"certainty": certainty, "editorial_note": reason})
        draft.add("bodies", _cells(row, FILES["bodies"][1]))
        title = f'"{one.body.label}" becomes a body of its own ({one.body.id}).'
    return _tried(settings, draft.change(title))


def merge(settings: Settings, kept: str, gone: str, reason: str, *, even_so: bool = False) -> Change:
    """Make `gone` a spelling of `kept`, in the register and in every plan table of the data folder.

    Raises InputError where a body would become a part of itself, and, without `even_so`, where the two differ in kind
    or borough or lead one action together.
    """
    _said(reason)
    register = _register(settings)
    one, other = _body(register, kept), _body(register, gone)
    if one.id == other.id:
        raise InputError(f"{kept} and {gone} are one body already: {one.id}.")
    if other.id in _above(register, one):
        raise InputError(
            f"{one.label} lies in {other.label}: merged, it would be a part of itself. Merge the other way."
        )
    differ = [
        f"{what}: {a or 'none'} and {b or 'none'}"
        for what, a, b in (
            ("kind", one.class_, other.class_),
            ("type", one.classification, other.classification),
            ("borough", borough_of(one.id), borough_of(other.id)),
        )
        if a != b
    ]
    if differ and not even_so:
        raise InputError(f"{one.label} and {other.label} differ in {'; '.join(differ)}. --even-so merges them.")

    def renamed(name: str, borough: str, kinds: Sequence[str]) -> str:
        return one.label if "body" in kinds and register.resolve(name, borough, kinds) == other.id else name

    draft = _Draft(settings.data)
    draft.drop("bodies", lambda row: row["id"] == other.id)
    draft.set("spellings", lambda row: row["of"] == other.id, {"of": one.id})
    draft.spell(_spelling(other.label, one.id, borough_of(one.id), "cert-normalised", reason), one.id)
    draft.rename(renamed, own=one.id)
    together = draft.doubled()
    if together and not even_so:
        raise InputError(
            f"{one.label} and {other.label} are named together in {', '.join(together[:5])}: one row too many would "
            "stay in each. They are two bodies there; --even-so shows it all the same."
        )
    return _tried(settings, draft.change(f"{other.label} ({other.id}) becomes a spelling of {one.label} ({one.id})."))


def split(settings: Settings, name: str, into: str, spellings: Sequence[str], reason: str) -> Change:
    """Give some spellings of a body, and what plans print so, to a new body of the same kind named `into`."""
    _said(reason)
    register = _register(settings)
    body = _body(register, name)
    borough = borough_of(body.id)
    moved = {folded(spelling) for spelling in spellings}
    theirs = {folded(spelling): spelling for spelling in register.labels_of(body.id)}
    for spelling in spellings:
        if folded(spelling) not in theirs:
            known = ", ".join(theirs.values()) or "none"
            raise InputError(f'"{spelling}" is no spelling of {body.label} alone; these are: {known}.')
    taken = register.resolve(into, borough, ("body",))
    if taken and not (taken == body.id and folded(into) in moved):
        raise InputError(f'"{into}" is the name of {taken} already.')
    path = body.id.rsplit("/", 1)[0] + "/" + slug(into, most_words=12)
    if path in register.entries:
        raise InputError(f"{path} stands in the register already; give the new body another name.")
    new = body.model_copy(
        update={
            "id": path, "label": into, "certainty": "cert-inferred", "editorial_note": reason, "definition": "",
            "is_replaced_by": "", "close_match": (),
        }
    )  # fmt: skip
    draft = _Draft(settings.data)
    draft.add("bodies", _cells(new, FILES["bodies"][1]), body.id)
    draft.set("spellings", lambda row: row["of"] == body.id and folded(row["spelling"]) in moved,
              {"of": path, "certainty": "cert-inferred", "editorial_note": reason})  # fmt: skip
    draft.drop("spellings", lambda row: row["of"] == path and folded(row["spelling"]) == folded(into))

    def printed(row: Cells) -> bool:
        return folded(row.get("verbatim", "")) in moved

    def renamed(name: str, where: str, kinds: Sequence[str]) -> str:
        return into if folded(name) in moved and register.resolve(name, where, kinds) == body.id else name

    draft.rename(renamed, own=path)
    draft.rename(
        lambda name, where, kinds: into if register.resolve(name, where, kinds) == body.id else name,
        own=path, only=printed,
    )  # fmt: skip
    return _tried(settings, draft.change(f"{into} ({path}) is parted from {body.label} ({body.id})."))


class _Draft:
    """The tables of a data folder, changed in memory."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.files = {path: (kind, rows) for path, kind, rows in _files(data)}
        self.before = {path: [dict(row) for row in rows] for path, (_, rows) in self.files.items()}

    def _rows(self, kind: str) -> Iterator[tuple[str, list[Cells]]]:
        return ((path, rows) for path, (own, rows) in self.files.items() if own == kind)

    def drop(self, kind: str, which: Callable[[Cells], bool]) -> None:
        for _, rows in self._rows(kind):
            rows[:] = [row for row in rows if not which(row)]

    def set(self, kind: str, which: Callable[[Cells], bool], cells: Cells) -> None:
        for _, rows in self._rows(kind):
            for row in rows:
                row.update(cells if which(row) else {})

    def add(self, kind: str, cells: Cells, beside: str = "") -> None:
        """Put a row into the register that holds the body `beside` (behind it, if bodies), else into the shared one."""
        homes = (path for path, rows in self._rows("bodies") if beside and any(row["id"] == beside for row in rows))
        path = f"{next(homes, 'register/bodies.csv').rpartition('/')[0]}/{kind}.csv"
        rows = self.files.setdefault(path, (kind, []))[1]
        self.before.setdefault(path, [])
        at = next((n for n, row in enumerate(rows, 1) if beside and row.get("id") == beside), len(rows))
        rows.insert(at, cells)

    def spell(self, cells: Cells, of: str) -> None:
        """Let a spelling name this body: the row it has already says so, or a new one."""
        for _, rows in self._rows("spellings"):
            for row in rows:
                if folded(row["spelling"]) == folded(cells["spelling"]) and row["of"] == of and not row["position"]:
                    row.update({name: cells[name] for name in ("certainty", "editorial_note")})
                    return
        self.add("spellings", cells, of)

    def rename(
        self,
        to: Callable[[str, str, Sequence[str]], str],
        own: str,
        only: Callable[[Cells], bool] = lambda _row: True,
    ) -> None:
        """Name bodies anew wherever a column names some; an entry never names itself."""
        for path, (kind, rows) in self.files.items():
            row_type = TABLES[kind] if kind in TABLES else FILES[kind][0]
            for row in filter(only, rows):
                borough = path.split("/")[1] if kind in TABLES else borough_of(row.get("id", ""))
                for column, kinds in _naming(row_type):
                    names = _listed(row.get(column, ""))
                    given = [to(name, borough, kinds) for name in names]
                    if given != names:
                        given = [name for name in dict.fromkeys(given) if row.get("id") != own or name in names]
                        row[column] = SEPARATOR.join(given)
                        # What was printed is another spelling of it now.
                        if kind in TABLES and row.get("certainty") == "cert-stated":
                            row["certainty"] = "cert-normalised"

    def doubled(self) -> list[str]:
        """The actions that would have one lead twice."""
        return [
            element
            for _, rows in self._rows("leads")
            for (element, _), n in Counter((row["element"], row["partner"]) for row in rows).items()
            if n > 1
        ]

    def change(self, title: str) -> Change:
        contents, counts, lines = {}, {}, []
        for path, (_, rows) in self.files.items():
            before = self.before[path]
            gone = [row for row in before if row not in rows]
            new = [row for row in rows if row not in before]
            if not gone and not new:
                continue
            counts[path] = max(len(gone), len(new))
            contents[path] = _as_csv(list((before or rows)[0]), rows)
            lines += [f"  - {path}: {_shown(row)}" for row in gone] + [f"  + {path}: {_shown(row)}" for row in new]
        return Change(title, contents, counts, tuple(lines), data=self.data)


def _tried(settings: Settings, change: Change) -> Change:
    """The change with what the shapes would say of it that they do not say now. Raises InputError where it breaks."""
    _refuse_read_only(settings.data)
    with tempfile.TemporaryDirectory(prefix="plangraph-try-") as folder:
        data = Path(folder) / "data"
        for part in ("register", "plans", "examples"):
            if (settings.data / part).is_dir():
                shutil.copytree(settings.data / part, data / part)
        before = _findings(replace(settings, data=data))
        for path, text in change.contents.items():
            (data / path).write_text(text, encoding="utf-8", newline="")
        after = _findings(replace(settings, data=data))
    return replace(change, findings=tuple(sorted(after - before)))


def _findings(settings: Settings) -> frozenset[str]:
    examples = any((settings.data / "examples").glob("**/plan.toml"))
    # The bundled plans must build without the examples too.
    read_tables(settings)
    checked = relate(settings, read_tables(settings, examples=examples), {})
    return frozenset(f"{one.plan.meta.id}: {finding}" for one in checked for finding in one.findings)


def _refuse_read_only(data: Path) -> None:
    inside = Path(__file__).resolve().parent / "bundled"
    if data.resolve().is_relative_to(inside) or not os.access(data / "register", os.W_OK):
        raise InputError(
            f"The tables in {data} are read only. Copy them (cp -r {data} my-data), then give --data my-data or set "
            "PLANGRAPH_DATA."
        )


def _register(settings: Settings) -> Register:
    """The register that all plans share, with those that plans of the data folder bring."""
    codes = known_codes(settings.ontology)
    register = Register.load(settings.data / "register", codes)
    for folder in sorted(path.parent / "register" for path in settings.data.glob("*/**/plan.toml")):
        register = register.extended(folder, codes) if folder.is_dir() else register
    return register


def _files(data: Path) -> Iterator[tuple[str, str, list[Cells]]]:
    """Every table below a data folder: its path, its kind and its rows as written."""
    for path in sorted([*data.glob("register/*.csv"), *data.glob("plans/**/*.csv"), *data.glob("examples/**/*.csv")]):
        in_register = path.parent.name == "register"
        if path.stem in (FILES if in_register else TABLES):
            with path.open(encoding="utf-8-sig", newline="") as lines:
                yield path.relative_to(data).as_posix(), path.stem, [dict(row) for row in csv.DictReader(lines)]


@cache
def _naming(row_type: type[Row]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The columns of a table that may name bodies, with the kinds of things they name."""
    columns = [
        (column, tuple(mark.kinds))
        for column, info in row_type.model_fields.items()
        for mark in info.metadata
        if isinstance(mark, NameOf) and (not mark.kinds or "body" in mark.kinds)
    ]
    return tuple(columns)


def _body(register: Register, name: str) -> Body:
    ids = {found.id for found in register.find(name, "", ("body",))}
    boroughs = {borough_of(id_) for id_ in register.entries}
    ids |= {found.id for borough in boroughs for found in register.find(name, borough, ("body",))}
    if not ids:
        raise NotFound(f'"{name}" is no body of the register{register.nearest(name, ("body",))}.')
    if len(ids) > 1:
        raise InputError(f'"{name}" names several: {", ".join(sorted(ids))}. Give one of these ids.')
    body: Body = register.entries[ids.pop()]
    return body


def _above(register: Register, body: Body) -> set[str]:
    """The ids of what a body lies in, all the way up."""
    found: set[str] = set()
    while (name := body.unit_of or body.sub_organization_of) and (
        id_ := register.resolve(name, borough_of(body.id), ("body",))
    ) not in {None, *found}:
        found.add(str(id_))
        body = register.entries[str(id_)]
    return found


def _spelling(spelling: str, of: str, scope: str, certainty: str, reason: str) -> Cells:
    row = Spelling(spelling=spelling, of=of, scope=scope, certainty=certainty, editorial_note=reason)
    return _cells(row, FILES["spellings"][1])


def _cells(row: Row, columns: Sequence[str]) -> Cells:
    values = row.model_dump(by_alias=True)
    return {
        column: SEPARATOR.join(values[column]) if isinstance(values[column], tuple) else str(values[column])
        for column in columns
    }


def _listed(cell: str | None) -> list[str]:
    return [name.strip() for name in (cell or "").split("|") if name.strip()]


def _as_csv(columns: Sequence[str], rows: Sequence[Cells]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _shown(row: Cells) -> str:
    return ", ".join(value for value in row.values() if value)[:140]


def _said(reason: str) -> None:
    if not reason.strip():
        raise InputError("Say why: --reason is written beside every row that changes.")


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
