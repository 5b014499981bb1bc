"""What pictures cost: bytes and milliseconds in a real browser, what crosses in them, and how large they may become."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from random import Random
from statistics import median

import networkx as nx
from playwright.sync_api import Browser, sync_playwright

from kg.errors import TooLarge
from kg.graph.store import LocalStore, Snapshot
from kg.maps.asking import OF, Wanted, draw
from kg.maps.geometry import crossings, overlaps, through
from kg.maps.partners import place
from kg.questions import Answer, Names, ask

PAGES = {
    "/map": "under 100 kB, 1 s",
    "/map?of=actions": "",
    "/map?of=dependencies": "",
    "/map?view=explore": "under 300 kB",
}
SHARED = "/about"
"""A page that loads what every page does, and nothing else."""
SIZES = (32, 100, 300, 3000)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]

Row = tuple[str, str, str]
"""What was measured, the figure in words, the target in words."""


def in_the_browser(address: str) -> Iterator[Row]:
    """Bytes beyond what every page loads, and milliseconds from asking until the picture is painted; median of five."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for page, target in PAGES.items():
            found = [_seen(browser, address, page) for _ in range(5)]
            size, seconds = median(size for size, _ in found), median(seconds for _, seconds in found)
            yield f"{page} in Chromium", f"{size / 1000:.0f} kB, {seconds * 1000:.0f} ms", target
        browser.close()


def _seen(browser: Browser, address: str, page: str) -> tuple[int, float]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab, sizes = context.new_page(), {}

    def note(response: object) -> None:
        said = response.request.sizes()  # type: ignore[attr-defined]
        sizes[response.url] = said["responseBodySize"] + said["responseHeadersSize"]  # type: ignore[attr-defined]

    tab.on("response", note)
    tab.goto(address + SHARED, wait_until="networkidle")
    shared = set(sizes)
    began = time.perf_counter()
    tab.goto(address + page)
    tab.wait_for_selector("svg.app-drawing .app-box, #explore[data-ready=yes] canvas", state="attached")
    # A frame after the one in which it was there: by then it is painted.
    tab.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    seconds = time.perf_counter() - began
    tab.wait_for_load_state("networkidle")
    context.close()
    return sum(size for url, size in sizes.items() if url not in shared), seconds


def crossing(snapshot: Snapshot) -> Iterator[Row]:
    """What crosses, overlaps or runs through a box in the pictures of the bundled plan."""
    store = LocalStore(snapshot)
    names = Names.load(store)

    def asker(name: str, given: dict[str, str]) -> Answer:
        return ask(store, name, names, **given)

    for of in OF:
        drawing = draw(asker, Wanted(of=of), snapshot.id).picture.drawing  # type: ignore[arg-type]
        figure = (
            f"{len(crossings(drawing))} crossings, {len(overlaps(drawing))} overlaps, {len(through(drawing))} through; "
            f"{drawing.width:.0f} x {drawing.height:.0f}"
        )
        yield f"picture of {of}", figure, "0 overlaps, 0 through"
    store.close()


def growing() -> Iterator[Row]:
    """Placing networks of more and more partners: two hubs, many small ones, about as many pairs as partners."""
    for size in SIZES:
        network, began = synthetic(size), time.perf_counter()
        try:
            drawing = place(network)
        except TooLarge:
            yield f"placing {size:,} synthetic partners", "refused: more than a picture can show", ""
            continue
        took = time.perf_counter() - began
        bad = len(overlaps(drawing)) + len(through(drawing))
        size_in_words = f"{drawing.width:.0f} x {drawing.height:.0f}"
        figure = f"{took:.1f} s, {len(crossings(drawing))} crossings, {bad} overlaps; {size_in_words}"
        yield f"placing {size:,} synthetic partners", figure, ""


def synthetic(size: int) -> nx.Graph[str]:
    """A network shaped like a partnership, the same every time."""
    random = Random(size)  # noqa: S311  the same network each time
    network: nx.Graph[str] = nx.Graph()
    for number in range(size):
        said = {"kind": "ptype-council", "kind_label": "Council", "n": 1 + size // (number + 1), "alone": 0}
        network.add_node(f"body-{number}", label=f"Synthetic body {number}", **said)
    for number in range(1, size):
        if random.random() < 0.8:
            hub = random.choice((0, 1)) if number > 1 else 0
            network.add_edge(f"body-{number}", f"body-{hub}", weight=random.randint(1, 3), refs="1.1")
        if number > 3 and random.random() < 0.2:
            network.add_edge(f"body-{number}", f"body-{random.randrange(2, number)}", weight=1, refs="1.2")
    network.remove_edges_from(list(nx.selfloop_edges(network)))
    return network
