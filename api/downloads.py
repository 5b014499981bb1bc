"""`/downloads`: everything as files, made once for each snapshot, each with its size and checksum."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import weakref
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

from flask import Blueprint, Response, current_app, send_file, url_for
from werkzeug.exceptions import NotFound

from api import queries, spreadsheets
from api.forms import Given
from api.spreadsheets import Table
from api.twins import page
from kg import network
from kg.graph.store import Snapshot, dump, list_snapshots
from kg.questions import Value, find_question
from kg.settings import Settings
from kg.tables import TABLES, Plan, as_cell, header, known_codes, load_plan, nearest

blueprint = Blueprint("downloads", __name__)

Writer = Callable[[IO[bytes]], Any]
CHECKSUMS: Final = "SHA256SUMS"
LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a ZIP: the same content is the same bytes."""


@dataclass(frozen=True)
class Download:
    """One file: what is in it, its size in bytes, its checksum, its address."""

    name: str
    group: str
    title: str
    media_type: str
    size: int
    sha256: str
    url: str

    @property
    def size_in_words(self) -> str:
        """Its size for people."""
        return f"{self.size / 1024**2:.1f} MB" if self.size >= 1024**2 else f"{max(1, round(self.size / 1024))} kB"


@dataclass(frozen=True)
class Downloads:
    """Every file there is of the snapshot that is shown."""

    snapshot: str
    files: tuple[Download, ...]

    @property
    def groups(self) -> dict[str, list[Download]]:
        """The files by what they are good for."""
        found: dict[str, list[Download]] = {}
        for one in self.files:
            found.setdefault(one.group, []).append(one)
        return found

    def table(self) -> Table:
        """A row a file."""
        columns = ["name", "title", "media type", "size", "sha256", "url"]
        rows: list[list[Value]] = [
            [one.name, one.title, one.media_type, one.size, one.sha256, one.url] for one in self.files
        ]
        return Table(columns, rows, "Downloads")


@page(blueprint, "/downloads", "downloads.html", title="Downloads", door="Ask")
def downloads(_given: Given) -> Downloads:
    """The graph, the tables it was built from and the partnership network as files, with sizes and checksums."""
    files = [
        Download(one.name, one.kind.group, one.kind.title, one.kind.media_type, one.size, one.sha256,
                 url_for("downloads.file", name=one.name, _external=True))
        for one in _shelf().files.values()
    ]  # fmt: skip
    return Downloads(queries.own_store().snapshot, tuple(files))


@blueprint.get("/downloads/<name>")
def file(name: str) -> Response:
    """One file, or the list of checksums as `sha256sum --check` reads it."""
    files = _shelf().files
    if name == CHECKSUMS:
        return Response("".join(f"{one.sha256}  {one.name}\n" for one in files.values()), mimetype="text/plain")
    if name not in files:
        raise NotFound(f'There is no file "{name[:80]}"{nearest(name, files)}; /downloads lists all of them.')
    one = files[name]
    response = send_file(
        one.path, one.kind.media_type, as_attachment=True, download_name=name, etag=one.sha256, last_modified=None
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


# --- making them --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """What a file is: its place in the list, what is in it, its media type, and what writes it."""

    group: str
    title: str
    media_type: str
    write: Writer


@dataclass(frozen=True)
class Made:
    """A file that was made."""

    name: str
    kind: Kind
    path: Path
    size: int
    sha256: str


class Shelf:
    """The files of one snapshot, in a folder that goes when the shelf does."""

    def __init__(self, kinds: dict[str, Kind]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="plangraph-downloads-"))
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        self.files = {name: self._made(name, kind) for name, kind in kinds.items()}

    def _made(self, name: str, kind: Kind) -> Made:
        path = self.folder / name
        with path.open("wb") as out:
            kind.write(out)
        with path.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        return Made(name, kind, path, path.stat().st_size, digest)


def _shelf() -> Shelf:
    found: Shelf = queries.kept("downloads", lambda: Shelf(dict(_kinds())))
    return found


GRAPH: Final = "The graph"
TABLES_OF: Final = "The tables it was built from"
NETWORK: Final = "The partnership as a network"
RDF_FILES: Final = {
    "nq": ("Every graph, with its name: N-Quads", "application/n-quads"),
    "trig": ("Every graph, with its name: TriG", "application/trig"),
    "ttl": ("What is asked by default: Turtle", "text/turtle"),
    "nt": ("What is asked by default: N-Triples", "application/n-triples"),
    "jsonld": ("What is asked by default: JSON-LD", "application/ld+json"),
}
WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _kinds() -> Iterator[tuple[str, Kind]]:
    settings: Settings = current_app.extensions["plangraph.settings"]
    wanted = queries.own_store().snapshot
    snapshot = next(one for one in list_snapshots(settings.home) if one.id == wanted)
    for form, (title, media_type) in RDF_FILES.items():
        yield f"plangraph.{form}", Kind(GRAPH, title, media_type, partial(dump, snapshot, form))
    if snapshot.tables_path.is_dir():
        words = "A data folder to correct and build again: CSV files, zipped"
        yield "plangraph-tables.zip", Kind(TABLES_OF, words, "application/zip", partial(_zip, snapshot))
        words = "The plan tables to read and filter: one workbook, a sheet a table"
        yield "plangraph-tables.xlsx", Kind(TABLES_OF, words, WORKBOOK, partial(_workbook, snapshot, settings))
    pairs = network.measured(network.leads(queries.ask(find_question(network.LEADS), {})))
    for name, media_type, words, written in (
        ("graphml", "application/graphml+xml", "Partners who lead actions together: GraphML", network.as_graphml),
        ("gexf", "application/gexf+xml", "Partners who lead actions together: GEXF, for Gephi", network.as_gexf),
    ):
        write = partial(_put, written(pairs))
        yield f"plangraph-partners.{name}", Kind(NETWORK, words, media_type, write)


def _put(body: bytes, out: IO[bytes]) -> None:
    out.write(body)


def _zip(snapshot: Snapshot, out: IO[bytes]) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(snapshot.tables_path.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(snapshot.tables_path).as_posix(), LONG_AGO)
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)


def _workbook(snapshot: Snapshot, settings: Settings, out: IO[bytes]) -> None:
    codes = known_codes(settings.ontology)
    plans = [load_plan(path.parent, codes) for path in sorted(snapshot.tables_path.glob("plans/*/*/plan.toml"))]
    sheets = [_sheet(table, plans) for table in TABLES]
    out.write(spreadsheets.as_workbook(*(sheet for sheet in sheets if sheet.rows)))


def _sheet(table: str, plans: list[Plan]) -> Table:
    columns = header(TABLES[table])
    rows: list[list[Any]] = []
    for plan in plans:
        for row in plan.rows[table]:
            values = row.model_dump(by_alias=True)
            rows.append([plan.meta.graph_path, *(_valued(values[column]) for column in columns)])
    return Table(["plan", *columns], rows, table)


def _valued(value: Any) -> Any:
    """A number as a number, everything else as the table writes it."""
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else as_cell(value) or None
