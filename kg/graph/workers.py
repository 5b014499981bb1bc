"""Queries from outside, each in a process that can be killed: the parent's side."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import IO, Any, Final, cast

from kg.confined import FEW_ARENAS, receive, send
from kg.errors import AnswerTooLarge, NoSnapshot, PlangraphError, QueryLimit, QueryRefused, QueryTimeout, WorkerBusy
from kg.graph.store import Result, Snapshot

MEMORY: Final = 2 * 1024**3
"""Bytes of address space a worker may have."""
LARGEST: Final = 50 * 1024**2
"""Bytes an answer may have."""


class _Worker:
    """One process with a store open. Not thread-safe: whoever holds it asks alone."""

    def __init__(self, snapshot: Snapshot, memory: int) -> None:
        command = [sys.executable, "-m", "kg.graph.worker", str(snapshot.store_path), str(memory)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **FEW_ARENAS},
        )
        self._in = cast("IO[bytes]", self._process.stdin)
        self._out = cast("IO[bytes]", self._process.stdout)
        self.ready = False

    def ask(self, sparql: str, options: dict[str, Any], seconds: float) -> tuple[dict[str, Any], bytes] | None:
        """The answer's header and body, or None where the process ended first; it is killed after `seconds`."""
        # Killing from a timer works on every system; waiting on a pipe with a time limit does not.
        timer = threading.Timer(max(seconds, 0.001), self._process.kill)
        timer.start()
        try:
            if not self.ready and receive(self._out) is None:
                return None
            self.ready = True
            send(self._in, options, sparql.encode())
            return receive(self._out)
        except (OSError, ValueError):
            return None
        finally:
            timer.cancel()

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def end(self) -> None:
        """Kill the process and wait for it, so that none is left over."""
        with contextlib.suppress(OSError):
            self._process.kill()
        self._process.wait()
        for pipe in (self._in, self._out):
            # A request may still lie in the buffer for a process that is gone.
            with contextlib.suppress(OSError, ValueError):
                pipe.close()


class WorkerPool:
    """A Store whose queries run in killable processes, `size` at once; one that was killed is replaced at once.

    A query's time counts from the moment it arrives, waiting included. Safe in many threads.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        *,
        size: int = 2,
        timeout: float = 10.0,
        waiting: int = 50,
        memory: int = MEMORY,
        largest: int = LARGEST,
    ) -> None:
        self._snapshot = snapshot
        self._timeout = timeout
        self._memory = memory
        self._largest = largest
        self._room = threading.BoundedSemaphore(size + waiting)
        self._turns = threading.Semaphore(size)
        self._lock = threading.Lock()
        self._all: set[_Worker] = set()
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._closed = False
        for _ in range(size):
            self._idle.put(self._start())

    @property
    def snapshot(self) -> str:
        """The id of the snapshot that is asked."""
        return self._snapshot.id

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
        """Ask in a worker process; see Store.query. `timeout` is in seconds, from now."""
        seconds = self._timeout if timeout is None else timeout
        deadline = time.monotonic() + seconds
        options = {
            "solutions": solutions,
            "graph": graph,
            "default": list(default_graphs),
            "named": list(named_graphs),
            "largest": self._largest if largest is None else min(largest, self._largest),
        }
        if not self._room.acquire(blocking=False):
            raise WorkerBusy("Too many queries are waiting; try again in a moment.")
        try:
            if not self._turns.acquire(timeout=seconds):
                raise WorkerBusy(f"No query could be started within {seconds:g} seconds; try again in a moment.")
            try:
                return self._asked(sparql, options, deadline, seconds)
            finally:
                self._turns.release()
        finally:
            self._room.release()

    def close(self) -> None:
        """End every process; a query that is being answered is refused."""
        with self._lock:
            self._closed = True
            workers, self._all = self._all, set()
        for worker in workers:
            worker.end()

    def _asked(self, sparql: str, options: dict[str, Any], deadline: float, seconds: float) -> Result:
        worker = self._take()
        answer = None
        try:
            answer = worker.ask(sparql, options, deadline - time.monotonic())
        finally:
            if answer is None:
                self._replace(worker)
            else:
                self._idle.put(worker)
        if answer is None:
            if self._closed:
                raise NoSnapshot("The server is ending.")
            if time.monotonic() >= deadline - 0.001:
                raise QueryTimeout(f"The query was stopped after {seconds:g} seconds, which is the limit.")
            if not worker.ready:
                raise NoSnapshot(f"Snapshot {self._snapshot.id} cannot be opened.")
            raise QueryRefused("The query ended its process: it is too deep or too expensive.")
        header, body = answer
        if "refused" in header:
            raise QueryRefused(header["refused"])
        if "large" in header:
            raise AnswerTooLarge(header["large"])
        if "limit" in header:
            raise QueryLimit(header["limit"])
        return Result(header["kind"], header["media_type"], body)

    def _start(self) -> _Worker:
        worker = _Worker(self._snapshot, self._memory)
        with self._lock:
            if not self._closed:
                self._all.add(worker)
                return worker
        worker.end()
        raise NoSnapshot("The server is ending.")

    def _take(self) -> _Worker:
        while True:
            try:
                worker = self._idle.get_nowait()
            except queue.Empty:
                return self._start()
            if worker.alive:
                return worker
            # It died while nobody asked it; the next in line or a new one answers.
            self._forget(worker)

    def _replace(self, worker: _Worker) -> None:
        self._forget(worker)
        with contextlib.suppress(PlangraphError):
            self._idle.put(self._start())

    def _forget(self, worker: _Worker) -> None:
        with self._lock:
            self._all.discard(worker)
        worker.end()
