"""A store that follows the published snapshot, so that a build is picked up without a restart."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from kg.errors import NoSnapshot
from kg.graph.store import Result, Snapshot, Store


@dataclass
class _Opened:
    """A store on one snapshot, and how many queries it is answering."""

    store: Store
    asking: int = 0
    superseded: bool = False


class CurrentStore:
    """A Store over whatever `current` names at the moment of each query.

    `current` is asked before every query and must be cheap; `open_store` opens a snapshot. A superseded store
    is closed when its last query is answered, so a query never loses its snapshot. Safe in many threads.
    """

    def __init__(self, current: Callable[[], Snapshot | None], open_store: Callable[[Snapshot], Store]) -> None:
        self._current = current
        self._open = open_store
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._closed = False

    @property
    def snapshot(self) -> str:
        """The id of the published snapshot."""
        with self.lease() as store:
            return store.snapshot

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
        """Ask the published snapshot; see Store.query."""
        with self.lease() as store:
            return store.query(
                sparql,
                solutions=solutions,
                graph=graph,
                default_graphs=default_graphs,
                named_graphs=named_graphs,
                timeout=timeout,
                largest=largest,
            )

    def close(self) -> None:
        """Close at once, whoever is still asking; from then on every query is refused."""
        with self._lock:
            self._closed = True
            opened, self._opened = self._opened, None
        if opened is not None:
            opened.store.close()

    @contextmanager
    def lease(self) -> Iterator[Store]:
        """The store of the snapshot that is published now, kept open until the end of the `with`."""
        with self._lock:
            opened = self._follow()
            opened.asking += 1
        try:
            yield opened.store
        finally:
            with self._lock:
                opened.asking -= 1
                done = opened.superseded and opened.asking == 0
            if done:
                opened.store.close()

    def _follow(self) -> _Opened:
        if self._closed:
            raise NoSnapshot("The server is ending.")
        published = self._current()
        if published is None:
            raise NoSnapshot("No snapshot is published; build one with `plangraph build`.")
        before = self._opened
        if before is not None and before.store.snapshot == published.id:
            return before
        self._opened = _Opened(self._open(published))
        if before is not None:
            before.superseded = True
            if before.asking == 0:
                before.store.close()
        return self._opened
