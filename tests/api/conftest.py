"""An app over the bundled plan: real stores that remember what they were asked and can be told to fail."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api import create_app
from api.current import CurrentStore
from kg.build import build
from kg.graph.store import LocalStore, Result, Store
from kg.graph.workers import WorkerPool
from kg.settings import Settings


@dataclass
class Watched:
    """A real store: `asked` keeps the queries and how they were asked; `failure`, where set, is raised instead."""

    store: Store
    failure: Exception | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)

    @property
    def snapshot(self) -> str:
        return self.store.snapshot

    def query(self, sparql: str, **how: Any) -> Result:
        self.asked.append({"sparql": sparql, **how})
        if self.failure is not None:
            raise self.failure
        return self.store.query(sparql, **how)

    def close(self) -> None:
        """The store belongs to the whole session."""


@pytest.fixture(scope="session")
def workers(hackney) -> Iterator[WorkerPool]:
    with closing(WorkerPool(hackney.snapshot, size=1)) as pool:
        yield pool


@pytest.fixture
def settings(hackney) -> Settings:
    return Settings.read(environ={}, home=hackney.settings.home, hosts=("plans.example",))


@pytest.fixture
def store(hackney) -> Watched:
    """What answers our own questions."""
    return Watched(hackney.store)


@pytest.fixture
def pool(workers) -> Watched:
    """What answers queries from outside."""
    return Watched(workers)


@pytest.fixture
def client_of(hackney, store, pool) -> Callable[[Settings], FlaskClient]:
    """Makes a client of an app with these settings."""

    def make(settings: Settings) -> FlaskClient:
        return create_app(settings, CurrentStore(lambda: hackney.snapshot, lambda _snapshot: store), pool).test_client()

    return make


@pytest.fixture
def client(client_of, settings) -> FlaskClient:
    return client_of(settings)


@pytest.fixture(scope="session")
def app(hackney, workers) -> Flask:
    """One app over the real stores, for the many tests that only ask: names are read once."""
    settings = Settings.read(environ={}, home=hackney.settings.home)
    return create_app(settings, CurrentStore(lambda: hackney.snapshot, lambda _snapshot: hackney.store), workers)


@pytest.fixture(scope="session")
def pages(examples) -> FlaskClient:
    """The pages over the bundled plan and every example."""
    store = CurrentStore(lambda: examples.snapshot, lambda _snapshot: examples.store)
    return create_app(examples.settings, store, store).test_client()


@pytest.fixture(scope="session")
def client_with_words(source, tmp_path_factory) -> Iterator[FlaskClient]:
    """The pages over the bundled plan built with its document at hand, so that every cell has its exact words."""
    settings = Settings.read(environ={}, home=tmp_path_factory.mktemp("with-words"))
    snapshot = build(settings, source=source)
    with closing(CurrentStore(lambda: snapshot, LocalStore)) as store:
        yield create_app(settings, store, Watched(store)).test_client()
