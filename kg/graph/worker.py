"""The process that runs queries from outside: `python -m kg.graph.worker STORE MEMORY`.

It reads requests from standard input and writes answers to standard output, each a length, a JSON header and bytes.
It opens the store read-only, has no network where the system allows taking it away, and a limit on memory; it ends
when its standard input does. Its parent kills it when time is up.
"""

from __future__ import annotations

import os
import sys

import pyoxigraph as ox

from kg.confined import confine, receive, send
from kg.errors import QueryRefused
from kg.graph import guard
from kg.graph.store import ask


def main() -> None:
    """Answer until standard input ends."""
    path, memory = sys.argv[1], int(sys.argv[2])
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    # The engine may print; nothing of it may come between the messages.
    sys.stdout = sys.stderr
    confine(memory=memory)
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
