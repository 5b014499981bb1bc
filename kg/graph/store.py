"""The only door to Oxigraph: write a snapshot, publish it, open it read-only, ask it, dump it.

A snapshot is a folder `{home}/snapshots/{id}` with an Oxigraph store and a manifest; the file `{home}/current`
names the published one. Snapshots are never changed: a build writes a new one and swaps the name, so readers never
see a half-built graph.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final, Protocol, TypeVar

import pyoxigraph as ox

from kg.errors import InputError, NoSnapshot, QueryRefused
from kg.prefixes import PREFIXES

FORMAT: Final = 1
"""The version of the snapshot layout; another one is not opened."""
KEPT: Final = 5
"""How many snapshots stay for going back."""

SOLUTIONS: Final = {
    "json": (ox.QueryResultsFormat.JSON, "application/sparql-results+json"),
    "xml": (ox.QueryResultsFormat.XML, "application/sparql-results+xml"),
    "csv": (ox.QueryResultsFormat.CSV, "text/csv"),
    "tsv": (ox.QueryResultsFormat.TSV, "text/tab-separated-values"),
}
GRAPHS: Final = {
    "ttl": (ox.RdfFormat.TURTLE, "text/turtle"),
    "nt": (ox.RdfFormat.N_TRIPLES, "application/n-triples"),
    "rdf": (ox.RdfFormat.RDF_XML, "application/rdf+xml"),
    "jsonld": (ox.RdfFormat.JSON_LD, "application/ld+json"),
}
DATASETS: Final = {
    "nq": (ox.RdfFormat.N_QUADS, "application/n-quads"),
    "trig": (ox.RdfFormat.TRIG, "application/trig"),
}


@dataclass(frozen=True)
class Result:
    """An answer as bytes. `kind` is solutions, boolean or graph."""

    kind: str
    media_type: str
    body: bytes


class Store(Protocol):
    """What everyone else sees of a store; a remote SPARQL 1.1 store can stand behind it as well."""

    @property
    def snapshot(self) -> str:
        """What is being asked: the id of a snapshot."""
        ...

    def query(
        self,
        sparql: str,
        *,
        solutions: str = "json",
        graph: str = "ttl",
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        timeout: float | None = None,
        largest: int | None = None,
    ) -> Result:
        """Ask. `solutions` (json xml csv tsv) is the form of rows and yes/no, `graph` (ttl nt rdf jsonld) of graphs.

        Graphs given here replace those the query names. An answer of more than `largest` bytes is refused, where given.
        Raises QueryRefused, QueryLimit, AnswerTooLarge, QueryTimeout, WorkerBusy.
        """
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


@dataclass(frozen=True)
class Snapshot:
    """A built graph on disk. `triples` counts the default graph, `quads` everything."""

    id: str
    path: Path
    created: str
    triples: int
    quads: int
    plans: tuple[str, ...] = ()

    @property
    def store_path(self) -> Path:
        """The Oxigraph folder inside."""
        return self.path / "store"

    @property
    def tables_path(self) -> Path:
        """The tables it was built from, laid out as a data folder is."""
        return self.path / "tables"


def _serialised(results: object, solutions: str, graph: str) -> Result:
    if isinstance(results, ox.QueryTriples):
        rdf_format, media_type = GRAPHS[graph]
        prefixes = PREFIXES if graph in ("ttl", "rdf") else None
        return Result("graph", media_type, ox.serialize(results, format=rdf_format, prefixes=prefixes) or b"")
    form, media_type = SOLUTIONS[solutions]
    if isinstance(results, ox.QueryBoolean) and solutions in ("csv", "tsv"):
        # The standard's CSV and TSV have no form for yes and no; one word is what clients expect.
        return Result("boolean", media_type, b"true" if results else b"false")
    kind = "boolean" if isinstance(results, ox.QueryBoolean) else "solutions"
    return Result(kind, media_type, results.serialize(format=form))  # type: ignore[attr-defined]


def ask(
    store: ox.Store,
    sparql: str,
    solutions: str,
    graph: str,
    default_graphs: Sequence[str],
    named_graphs: Sequence[str],
) -> Result:
    """Run one query on an open Oxigraph store. Raises QueryRefused with the engine's words for a wrong query."""
    dataset: dict[str, object] = {}
    try:
        if default_graphs or named_graphs:
            dataset = {
                "default_graph": [ox.NamedNode(iri) for iri in default_graphs],
                "named_graphs": [ox.NamedNode(iri) for iri in named_graphs],
            }
        return _serialised(store.query(sparql, **dataset), solutions, graph)  # type: ignore[arg-type]
    except SyntaxError as error:
        raise QueryRefused(f"The query cannot be understood: {_plainly(str(error))}") from None
    except (ValueError, RuntimeError, OSError) as error:
        raise QueryRefused(f"The query cannot be answered: {error}") from None


def _plainly(message: str) -> str:
    """The engine's complaint with its place in words, without the pages of what it would have taken instead."""
    place = re.match(r"error at (\d+):(\d+): (.*)", message.strip(), re.DOTALL)
    if not place:
        return " ".join(message.split())
    why = place[3].split("expected", 1)[0].strip(" :,;") or "something else belongs here"
    return f"line {place[1]}, column {place[2]}: {' '.join(why.split())}."


class LocalStore:
    """A snapshot opened read-only in this process: for queries of our own, which are trusted."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._store: ox.Store | None = _opened(snapshot)

    @property
    def snapshot(self) -> str:
        return self._snapshot.id

    def query(
        self,
        sparql: str,
        *,
        solutions: str = "json",
        graph: str = "ttl",
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        timeout: float | None = None,  # noqa: ARG002 our own queries are known to end
        largest: int | None = None,  # noqa: ARG002 and to be small
    ) -> Result:
        if self._store is None:
            raise NoSnapshot("This store is closed.")
        return ask(self._store, sparql, solutions, graph, default_graphs, named_graphs)

    def close(self) -> None:
        self._store = None


class MemoryStore:
    """A store in memory, for deriving edges while a graph is being built."""

    snapshot = "memory"

    def __init__(self, lines: Iterable[str]) -> None:
        self._store = ox.Store()
        self._store.bulk_load("".join(lines).encode(), format=ox.RdfFormat.N_QUADS)

    def construct(self, sparql: str) -> list[str]:
        """The triples a CONSTRUCT makes, as sorted N-Triples lines."""
        answer = ask(self._store, sparql, "json", "nt", (), ())
        return sorted(set(answer.body.decode().splitlines(keepends=True)))


def _opened(snapshot: Snapshot) -> ox.Store:
    try:
        return ox.Store.read_only(str(snapshot.store_path))
    except (OSError, RuntimeError) as error:
        raise NoSnapshot(f"Snapshot {snapshot.id} cannot be opened: {error}") from None


@contextlib.contextmanager
def building(home: Path, patience: float = 60.0) -> Iterator[None]:
    """Hold the right to change what lies below `home`; a second one waits `patience` seconds, then raises InputError.

    The system lets go of it when the process ends, however it ends.
    """
    home.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + patience
    with (home / ".building").open("a") as file:
        while not _locked(file):
            if time.monotonic() > deadline:
                raise InputError(f"Another build is under way in {home}; try again when it has ended.")
            time.sleep(0.05)
        yield


def _locked(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _text_of(path: Path) -> str:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return path.read_text(encoding="utf-8")
    return ""


# --- writing ---------------------------------------------------------------------------------------------------


def write_snapshot(
    home: Path,
    quads: Sequence[str],
    default: frozenset[str],
    plans: Sequence[str] = (),
    tables: Mapping[str, bytes] | None = None,
) -> Snapshot:
    """Write a snapshot from N-Quads lines and return it; nothing is published yet.

    `quads` are lines of named graphs, each ending in a line feed; the default graph is made to hold the union of the
    graphs whose IRIs stand in `default`. `tables` are the files they were made from, by their paths, kept beside the
    store. The id is made from the sorted lines and the tables, so the same content is the same snapshot and is not
    written twice.
    """
    lines = sorted(set(quads))
    digest = hashlib.sha256()
    digest.update(f"{FORMAT}\n{chr(10).join(sorted(default))}\n".encode())
    for line in lines:
        digest.update(line.encode())
    for name, content in sorted((tables or {}).items()):
        digest.update(f"{name}\n{len(content)}\n".encode() + content)
    id_ = digest.hexdigest()[:12]
    folder = home / "snapshots"
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    final = folder / id_
    there = _readable(final)
    if there is not None:
        return there
    union = sorted({_without_graph(line) for line in lines if _graph_of(line) in default})
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=folder))
    try:
        store = ox.Store(str(building / "store"))
        store.bulk_load("".join(lines).encode(), format=ox.RdfFormat.N_QUADS)
        store.bulk_load("".join(union).encode(), format=ox.RdfFormat.N_TRIPLES, to_graph=ox.DefaultGraph())
        store.optimize()
        store.flush()
        del store
        for name, content in (tables or {}).items():
            path = building / "tables" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        manifest = {
            "format": FORMAT,
            "id": id_,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "triples": len(union),
            "quads": len(lines),
            "plans": list(plans),
        }
        _write_durably(building / "manifest.json", json.dumps(manifest, indent=2) + "\n")
        _remove(final)
        building.rename(final)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return _read(final)


_GRAPH: Final = re.compile(r"<([^<>\s]*)> \.\n?$")


def _graph_of(line: str) -> str:
    match = _GRAPH.search(line)
    return match[1] if match else ""


def _without_graph(line: str) -> str:
    return _GRAPH.sub(".\n", line)


def _write_durably(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sweep(folder: Path) -> None:
    """Remove what builds left behind that were killed. Only for whoever holds the right to build."""
    for path in folder.glob(".*"):
        shutil.rmtree(path, ignore_errors=True)


def _remove(snapshot: Path) -> None:
    """Remove a snapshot, if it is there. The name goes first: killed in between, no half of one bears it."""
    with contextlib.suppress(FileNotFoundError):
        hidden = snapshot.rename(snapshot.with_name(f".removed-{snapshot.name}"))
        shutil.rmtree(hidden, ignore_errors=True)


def publish(home: Path, snapshot: Snapshot) -> None:
    """Make a snapshot the one that is asked. Snapshots beyond the last few are removed."""
    before = _pointer(home)
    history = [id_ for id_ in _history(home) if id_ not in (before, snapshot.id)]
    # After a rollback the one that is asked now was published last, whatever stands behind it.
    history += [before, snapshot.id] if before not in ("", snapshot.id) else [snapshot.id]
    kept = history[-KEPT:]
    _point(home, snapshot.id, kept)
    for path in (home / "snapshots").glob("[!.]*"):
        if path.name not in kept:
            _remove(path)


def rollback(home: Path) -> Snapshot:
    """Publish again what was published before. Raises NoSnapshot where nothing was."""
    with building(home):
        now = _pointer(home)
        history = _history(home)
        place = history.index(now) if now in history else len(history)
        for id_ in reversed(history[:place]):
            snapshot = _find(home, id_)
            if snapshot is not None:
                # The history stays as it is, so that a second rollback goes one further back.
                _point(home, snapshot.id, history)
                return snapshot
    raise NoSnapshot("There is no earlier snapshot to go back to.")


def current(home: Path) -> Snapshot | None:
    """The published snapshot; None where nothing is published. Raises NoSnapshot where it is named but gone."""
    id_ = _pointer(home)
    if not id_:
        return None
    snapshot = _find(home, id_)
    if snapshot is None:
        raise NoSnapshot(f'The published snapshot "{id_[:40]}" is not there; run `plangraph build`.')
    return snapshot


def list_snapshots(home: Path) -> list[Snapshot]:
    """All snapshots on disk that can be opened, oldest first."""
    found = [snapshot for path in (home / "snapshots").glob("[!.]*") if (snapshot := _readable(path)) is not None]
    return sorted(found, key=lambda snapshot: (snapshot.created, snapshot.id))


def _find(home: Path, id_: str) -> Snapshot | None:
    path = home / "snapshots" / id_
    return _read(path) if re.fullmatch(r"[0-9a-f]{12}", id_) and (path / "manifest.json").exists() else None


def _readable(path: Path) -> Snapshot | None:
    with contextlib.suppress(NoSnapshot):
        return _read(path)
    return None


def _read(path: Path) -> Snapshot:
    try:
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise NoSnapshot(f"Snapshot {path.name} was made by another version; run `plangraph build`.")
        return Snapshot(
            manifest["id"], path, manifest["created"], manifest["triples"], manifest["quads"],
            tuple(manifest["plans"]),
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        raise NoSnapshot(f"The manifest of snapshot {path.name} cannot be read; run `plangraph build`.") from None


# --- the pointer -----------------------------------------------------------------------------------------------


def _pointer(home: Path) -> str:
    return next(iter(_text_of(home / "current").split()), "")


def _history(home: Path) -> list[str]:
    return _text_of(home / "current").split()[1:]


def _point(home: Path, id_: str, history: Sequence[str]) -> None:
    """Swap the pointer: its first line is the published id, the others what was published, oldest first."""
    home.mkdir(parents=True, exist_ok=True)
    new = home / ".current"
    _write_durably(new, "\n".join([id_, *history]) + "\n")
    new.replace(home / "current")


# --- dumping ---------------------------------------------------------------------------------------------------


def dump(snapshot: Snapshot, form: str, out: IO[bytes], graph: str | None = None) -> None:
    """Write a snapshot: nq and trig all named graphs, ttl nt rdf jsonld the default graph or one named `graph`.

    N-Quads and N-Triples are sorted, so two dumps of one content are the same bytes.
    """
    store = _opened(snapshot)
    if form in DATASETS:
        quads: Iterator[ox.Quad] = (
            quad for quad in store.quads_for_pattern(None, None, None)
            if not isinstance(quad.graph_name, ox.DefaultGraph)
        )  # fmt: skip
        _dump(quads, form, DATASETS[form][0], out)
        return
    if form not in GRAPHS:
        raise InputError(f'"{form}" is no format; take one of {", ".join([*DATASETS, *GRAPHS])}.')
    names = {name.value: name for name in store.named_graphs() if isinstance(name, ox.NamedNode)}
    if graph and graph not in names:
        raise InputError(f"There is no graph {graph} in snapshot {snapshot.id}.")
    name = names[graph] if graph else ox.DefaultGraph()
    triples = (quad.triple for quad in store.quads_for_pattern(None, None, None, name))
    _dump(triples, form, GRAPHS[form][0], out)


Statement = TypeVar("Statement", ox.Quad, ox.Triple)


def _dump(statements: Iterable[Statement], form: str, rdf_format: ox.RdfFormat, out: IO[bytes]) -> None:
    # Sorted, because the store's own order depends on hashes that another version may make differently.
    ordered = sorted(statements, key=str)
    prefixes = PREFIXES if form in ("ttl", "trig", "rdf") else None
    ox.serialize(ordered, out, format=rdf_format, prefixes=prefixes)
