"""How long things take: `make bench`, or `python -m tests.bench`. It prints a table and asserts nothing.

Commands are measured as people meet them: a process of their own, the start of Python included, with the memory at
its peak. What happens inside is the median of several runs. Beside each figure stands the target, where there is one.
Read the figures only beside the line that names the machine, and run it when the machine does nothing else.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from kg.graph.store import LocalStore, Snapshot, current, dump, write_snapshot
from kg.questions import Names, bound, load_questions
from tests.bench import imports, pictures
from tests.browser.addresses import ADDRESSES, MISSING
from tests.conftest import SOURCE

PLANGRAPH = [sys.executable, "-m", "kg.cli"]
RUNS = 15
ENOUGH_SECONDS = 2.0
QUERY = """PREFIX plan: <https://w3id.org/plangraph/ns#> PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?ref ?title ?partner { ?a a plan:Action ; dcterms:identifier ?ref ; rdfs:label ?title ;
plan:leadPartner/rdfs:label ?partner } ORDER BY ?ref ?partner LIMIT 20"""


@dataclass(frozen=True)
class Line:
    """One line of the table: what was measured, the figure in words, the target in words."""

    what: str
    figure: str
    target: str = ""


def main() -> None:
    """Measure and print."""
    table = Table("measured", "figure", "target", title="Plangraph benchmark", caption=machine())
    for place in (1, 2):
        table.columns[place].justify = "right"
    with tempfile.TemporaryDirectory() as folder:
        for line in measured(Path(folder)):
            table.add_row(line.what, line.figure, line.target)
    Console(width=None if sys.stdout.isatty() else 110).print(table)


def machine() -> str:
    """What the figures were measured on."""
    engine = f"pyoxigraph {version('pyoxigraph')}, rdflib {version('rdflib')}"
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores (load {busy:.1f}), "
        f"Python {platform.python_version()}, {engine}"
    )


def measured(folder: Path) -> Iterator[Line]:
    """Every line, in the order of the work: read, build, load, serve, ask."""
    yield reading(folder)
    yield from (Line(*row) for row in imports.importing())
    home = folder / "home"
    seconds, peak = command("build", "--home", str(home))
    yield Line("plangraph build, with validation", f"{seconds:.2f} s", "under 5 s")
    yield Line("  memory at its peak", f"{peak:.0f} MB", "under 500 MB")
    snapshot = current(home)
    assert snapshot is not None
    yield loading(snapshot, folder / "other")
    yield Line("opening a snapshot", in_ms(timed(lambda: LocalStore(snapshot).close())))
    yield from serving(home)
    yield from (Line(*row) for row in (*pictures.crossing(snapshot), *pictures.growing()))
    yield from asking(snapshot)


def reading(folder: Path) -> Line:
    """A document to plan tables."""
    what = "plangraph read, the bundled plan's document"
    if not SOURCE.exists():
        return Line(what, "skipped: the document is not at hand")
    seconds, peak = command("read", str(SOURCE), "--out", str(folder / "read"))
    return Line(what, f"{seconds:.2f} s, {peak:.0f} MB")


def loading(snapshot: Snapshot, home: Path) -> Line:
    """Quads into a new store on disk, optimised."""
    quads = BytesIO()
    dump(snapshot, "nq", quads)
    lines = quads.getvalue().decode().splitlines(keepends=True)
    began = time.perf_counter()
    write_snapshot(home, lines, frozenset())
    return Line(f"loading {len(lines):,} quads into a new store", in_ms(time.perf_counter() - began))


def serving(home: Path) -> Iterator[Line]:
    """From the command to the first answer, then answers over HTTP."""
    began = time.perf_counter()
    with served(home) as address:
        fetch(f"{address}/healthz")
        yield Line("plangraph serve to the first answer", f"{time.perf_counter() - began:.2f} s", "under 1.5 s")
        for page in [page for pages in ADDRESSES.values() for page in pages if page != MISSING]:
            yield Line(f"page {page}", in_ms(timed(partial(fetch, address + page))), "under 100 ms")
        yield from (Line(*row) for row in pictures.in_the_browser(address))
        free = f"{address}/sparql?query={urllib.parse.quote(QUERY)}"
        yield Line("free SPARQL query of 20 rows over HTTP", in_ms(timed(lambda: fetch(free))))


def asking(snapshot: Snapshot) -> Iterator[Line]:
    """Each named question with the examples of its header, in this process."""
    store = LocalStore(snapshot)
    names = Names.load(store)
    yield Line("all names, for the spellings people write", in_ms(timed(lambda: Names.load(store))))
    for question in load_questions().values():
        given = {one.name: one.example for one in question.parameters if one.required}
        sparql = bound(question, names, given)
        yield Line(f"{question.id} {question.title}", in_ms(timed(partial(store.query, sparql))))
    store.close()


def command(*arguments: str) -> tuple[float, float]:
    """Run a command of ours: seconds from start to end, and megabytes of memory at its peak."""
    began = time.perf_counter()
    process = subprocess.Popen([*PLANGRAPH, *arguments], stdout=subprocess.DEVNULL)
    # Not process.wait(): only the system call gives the memory of this one process.
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"plangraph {arguments[0]} ended with exit code {process.returncode}.")
    # Linux counts in kilobytes, macOS in bytes.
    return seconds, used.ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The address of a server over the snapshot in `home`."""
    words = [*PLANGRAPH, "serve", "--port", "0", "--home", str(home)]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        said = server.stdout.readline()
        address = re.search(r"http://\S+", said)
        if address is None:
            sys.exit(f"plangraph serve gave no address: {said}")
        yield address[0]
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


def fetch(address: str) -> bytes:
    """The body of an answer; an error status raises."""
    with urllib.request.urlopen(address) as answer:
        body: bytes = answer.read()
        return body


def timed(work: Callable[[], object]) -> float:
    """The median seconds of several runs, the first one not counted; what is slow is run less often."""
    work()
    took: list[float] = []
    while len(took) < RUNS and sum(took) < ENOUGH_SECONDS:
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return median(took)


def in_ms(seconds: float) -> str:
    """Seconds as milliseconds in words."""
    return f"{seconds * 1000:.1f} ms"


if __name__ == "__main__":
    main()
