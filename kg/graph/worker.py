"""The process that runs queries from outside: `python -m kg.graph.worker STORE MEMORY`.

It reads requests from standard input and writes answers to standard output, each a length, a JSON header and bytes.
It opens the store read-only, has no network where the system allows taking it away, and a limit on memory; it ends
when its standard input does. Its parent kills it when time is up.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from typing import IO, Any, Final

import pyoxigraph as ox

from kg.errors import QueryRefused
from kg.graph import guard
from kg.graph.store import ask

LENGTHS: Final = struct.Struct(">II")
"""What stands before every message: the length of the header and of the body, in bytes."""


def send(stream: IO[bytes], header: dict[str, Any], body: bytes = b"") -> None:
    """Write one message."""
    head = json.dumps(header).encode()
    stream.write(LENGTHS.pack(len(head), len(body)) + head)
    stream.write(body)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """Read one message; None where the other side has ended, in the middle of one too."""
    lengths = stream.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    head, body = LENGTHS.unpack(lengths)
    data = stream.read(head + body)
    return (json.loads(data[:head]), data[head:]) if len(data) == head + body else None


def _confine(memory: int) -> None:
    """Take the network away and limit memory, where the system lets us."""
    if sys.platform != "linux":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    _leave_network()


def _leave_network() -> None:
    import ctypes

    new_user, new_network = 0x10000000, 0x40000000
    libc = ctypes.CDLL(None, use_errno=True)
    # A namespace of its own has no interface that is up. Without the right to make one the guard still refuses SERVICE.
    if libc.unshare(new_user | new_network) != 0:
        libc.unshare(new_network)


def main() -> None:
    """Answer until standard input ends."""
    path, memory = sys.argv[1], int(sys.argv[2])
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    # The engine may print; nothing of it may come between the messages.
    sys.stdout = sys.stderr
    _confine(memory)
    store = ox.Store.read_only(path)
    send(answers, {"ready": os.getpid()})
    while (request := receive(requests)) is not None:
        options, sparql = request
        try:
            text = sparql.decode()
            guard.check(text)
            result = ask(store, text, options["solutions"], options["graph"], options["default"], options["named"])
        except (guard.Refused, QueryRefused) as error:
            send(answers, {"refused": str(error)})
        except (MemoryError, RecursionError):
            send(answers, {"limit": "The query needs more memory than a query may have."})
        else:
            if len(result.body) > options["largest"]:
                words = f"The answer is larger than {options['largest']:,} bytes; ask for less, or add a LIMIT."
                send(answers, {"large": words})
            else:
                send(answers, {"kind": result.kind, "media_type": result.media_type}, result.body)


if __name__ == "__main__":
    main()
