"""What many tests stand on: the bundled plan and the tiny plan, each built once and opened read-only."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import pytest

from kg.build import build
from kg.graph.store import LocalStore, Snapshot
from kg.network.references import QUESTIONS, references
from kg.questions import Names, ask
from kg.settings import Settings
from tests.plain_tables import Plain

ROOT = Path(__file__).resolve().parent.parent
TINY = ROOT / "tests" / "tiny"
TINY_PLAN = ROOT / "data" / "examples" / "tinford" / "safety-plan-2023-25"
YOUTH_JUSTICE = ROOT / "data" / "examples" / "hackney" / "youth-justice-plan"
SOURCE = ROOT.parent / "shared" / "seed" / "hackney-community-safety-plan-2015-18.txt"


@dataclass(frozen=True)
class Built:
    """A built plan: its settings, its snapshot, the snapshot opened, and the names in it."""

    settings: Settings
    snapshot: Snapshot
    store: LocalStore
    names: Names


@pytest.fixture(scope="session")
def source() -> Path:
    """The document the bundled plan was read from."""
    if not SOURCE.exists():
        pytest.skip("the source document is not kept in this repository and is not at hand")
    return SOURCE


@pytest.fixture(scope="session")
def hackney(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """The bundled plan."""
    yield from built(Settings.read(environ={}, home=tmp_path_factory.mktemp("hackney")))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """The tiny plan alone, with its own register."""
    data = tiny_data(tmp_path_factory.mktemp("tiny-data"))
    yield from built(Settings.read(environ={}, home=tmp_path_factory.mktemp("tiny"), data=data))


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """The bundled plan and every example: three boroughs, two plans of one of them, two versions of another's."""
    yield from built(Settings.read(environ={}, home=tmp_path_factory.mktemp("examples")), examples=True)


@pytest.fixture(scope="session")
def networks(hackney: Built, tiny: Built) -> dict[str, nx.MultiDiGraph]:
    """What leads to what in both plans, by the names of their fixtures."""
    return {
        name: references({question: ask(built.store, question, built.names) for question in QUESTIONS})
        for name, built in (("hackney", hackney), ("tiny", tiny))
    }


@pytest.fixture(scope="session")
def plain(hackney: Built, tiny: Built) -> dict[str, Plain]:
    """The tables of both plans, read without any of our code."""
    folders = {
        "hackney": (hackney, "hackney/community-safety-plan-2015-18"),
        "tiny": (tiny, "tinford/safety-plan-2023-25"),
    }
    return {
        name: Plain(built.settings.data / "plans" / folder, built.settings.data / "register")
        for name, (built, folder) in folders.items()
    }


def tiny_data(folder: Path) -> Path:
    """Lay the tiny plan into `folder` as a data folder of its own, and return it."""
    shutil.copytree(TINY_PLAN, folder / "plans" / "tinford" / "safety-plan-2023-25")
    (folder / "plans" / "tinford" / "safety-plan-2023-25" / "register").rename(folder / "register")
    shutil.copytree(ROOT / "data" / "reading", folder / "reading")
    return folder


def built(settings: Settings, *, add: Sequence[Path] = (), examples: bool = False) -> Iterator[Built]:
    """Build with these settings, open it, and close it when the tests are done."""
    snapshot = build(settings, add=add, examples=examples)
    store = LocalStore(snapshot)
    yield Built(settings, snapshot, store, Names.load(store))
    store.close()
