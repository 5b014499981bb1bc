"""Work in the web process that only few requests may do at once, so that all others are still answered."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from kg.errors import WorkerBusy


class Turns:
    """`size` at once, `waiting` more in line for at most `patience` seconds. Safe in many threads."""

    def __init__(self, *, size: int, waiting: int, patience: float) -> None:
        self.holds = size + waiting
        """The most threads that can be inside or in line."""
        self._patience = patience
        self._room = threading.BoundedSemaphore(self.holds)
        self._turns = threading.BoundedSemaphore(size)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """A turn until the end of the `with`. Raises WorkerBusy where the line is too long or does not move."""
        if not self._room.acquire(blocking=False):
            raise WorkerBusy("Too many answers are waiting to be shown; try again in a moment.")
        try:
            if not self._turns.acquire(timeout=self._patience):
                raise WorkerBusy(f"The answer could not be shown within {self._patience:g} seconds; try again.")
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._room.release()
