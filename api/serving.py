"""Serve the app with waitress until somebody says stop."""

import errno
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from types import FrameType
from typing import Any, Final

import waitress

from api import BODY_LIMIT, create_app
from api.current import CurrentStore
from api.protocol import QUERY_SECONDS
from api.query import TURNS
from kg.errors import InputError
from kg.graph.store import LocalStore, current
from kg.graph.workers import WorkerPool
from kg.questions import load_questions
from kg.settings import Settings

WORKERS: Final = 2
WAITING: Final = 6
# More threads than queries from outside and their answers can hold, so that pages answer beside a flood of them.
THREADS: Final = WORKERS + WAITING + TURNS.holds + 4
# Waitress stops answering at 100 half-sent requests unless it may hold more and drops the silent ones.
CONNECTIONS: Final = 1000
SILENCE_SECONDS: Final = 10


def serve(settings: Settings, on_listening: Callable[[str], None] = print) -> None:
    """Listen on `settings.host` and `settings.port` until SIGINT or SIGTERM, then end the workers and return.

    `on_listening` gets the address once requests are taken. Raises InputError where it cannot be had.
    """
    store = CurrentStore(lambda: current(settings.home), LocalStore)
    pool = CurrentStore(
        lambda: current(settings.home),
        lambda snapshot: WorkerPool(snapshot, size=WORKERS, timeout=QUERY_SECONDS, waiting=WAITING),
    )
    # A stopped server does not wait for queries from outside: their workers end first.
    with closing(store), closing(pool), _stoppable(pool.close):
        app = create_app(settings, store, pool)
        # Read before the first request, or the first dozen that come at once would all read them.
        load_questions()
        try:
            server = waitress.create_server(
                app,
                host=settings.host,
                port=settings.port,
                threads=THREADS,
                connection_limit=CONNECTIONS,
                channel_timeout=SILENCE_SECONDS,
                # The app refuses in its own words; this only keeps a larger body from being stored first.
                max_request_body_size=4 * BODY_LIMIT,
                ident=None,
            )
        except (OSError, ValueError) as error:  # ValueError: a host that has no address
            raise InputError(_why_not(settings, error)) from error
        with closing(server):
            on_listening(f"http://{_shown(settings.host)}:{_port(server)}")
            server.run()


@contextmanager
def _stoppable(first: Callable[[], None]) -> Iterator[None]:
    """End by SIGTERM as by Ctrl-C: call `first`, then leave through the `with` statements."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        first()
        raise SystemExit(0)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except SystemExit as end:
        if end.code not in (0, None):
            raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _port(server: Any) -> int:
    # A host name with two addresses makes two sockets, and another class of server.
    listening: list[tuple[str, int]] = getattr(server, "effective_listen", None) or [("", server.effective_port)]
    return int(listening[0][1])


def _why_not(settings: Settings, error: OSError | ValueError) -> str:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return f"Port {settings.port} on {settings.host} is in use; name another one with --port."
    if number == errno.EACCES:
        return f"Port {settings.port} may not be used by you; ports from 1024 on may."
    return f"This machine has no address {settings.host} to listen on."


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
