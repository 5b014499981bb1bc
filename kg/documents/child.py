"""The process that reads one document: `python -m kg.documents.child`, the file's bytes on its standard input.

It has no network, writes no file, and ends at its limits; its parent kills it when time is up (see opening.py).
"""

import sys

from kg.confined import confine, receive, send


def main() -> None:
    """Read one document and answer with its rows, or with the sentence that says why not."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    # A library may print; nothing of it may come between the messages.
    sys.stdout = sys.stderr
    from kg.documents import wire
    from kg.documents.recognising import parse
    from kg.errors import InputError

    message = receive(requests)
    if message is None:
        return
    options, data = message
    confine(memory=options["memory"], seconds=options["seconds"], writing=False)
    try:
        document = parse(data, options["name"])
        answer = wire.packed(document)
    except InputError as error:
        send(answers, {"refused": [[p.message, p.file, p.row, p.column] for p in error.problems]})
    except MemoryError:
        send(answers, {"limit": "memory"})
    except RecursionError:
        send(answers, {"limit": "depth"})
    else:
        send(answers, answer)


if __name__ == "__main__":
    main()
