"""Work in a process of its own that can be killed: no network, no files written, an end to memory and time.

Both sides speak in messages over pipes, each a length, a JSON header and bytes.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import subprocess
import sys
import threading
import time
from typing import IO, Any, Final, Literal, cast

LENGTHS: Final = struct.Struct(">II")
"""What stands before every message: the length of the header and of the body, in bytes."""
# Address space is what is limited, and glibc reserves some for every thread: with two arenas it is the same each time.
FEW_ARENAS: Final = {"MALLOC_ARENA_MAX": "2"}
_CPU_EXCEEDED: Final = -24


class Ended(Exception):
    """The process ended before it answered: `reason` is "time" where that was up, else "crash"."""

    def __init__(self, reason: Literal["time", "crash"]) -> None:
        super().__init__(reason)
        self.reason = reason


def send(stream: IO[bytes], header: Any, body: bytes = b"") -> None:
    """Write one message."""
    head = json.dumps(header).encode()
    stream.write(LENGTHS.pack(len(head), len(body)) + head)
    stream.write(body)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[Any, bytes] | None:
    """Read one message; None where the other side has ended, in the middle of one too."""
    lengths = stream.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    head, body = LENGTHS.unpack(lengths)
    data = stream.read(head + body)
    return (json.loads(data[:head]), data[head:]) if len(data) == head + body else None


def confine(*, memory: int = 0, seconds: int = 0, writing: bool = True) -> None:
    """Take the network away from this process and limit its memory (bytes) and its time on the processor.

    Done where the system lets us. Without `writing`, no file can be made larger than it is.
    """
    if sys.platform != "linux":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    if seconds:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    _leave_network()
    if not writing:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _leave_network() -> None:
    import ctypes

    new_user, new_network = 0x10000000, 0x40000000
    libc = ctypes.CDLL(None, use_errno=True)
    # A namespace of its own has no interface that is up.
    if libc.unshare(new_user | new_network) != 0:
        libc.unshare(new_network)


def ask_once(module: str, header: Any, body: bytes, *, seconds: float) -> tuple[Any, bytes]:
    """Start `python -m module`, send it one message and return its answer; it is killed after `seconds`.

    Raises Ended where it ended without one. The module confines itself before it looks at the message.
    """
    process = subprocess.Popen(
        # -P: a file that lies in the folder of the document must not be taken for a module.
        [sys.executable, "-P", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **FEW_ARENAS},
    )
    to_child, from_child = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    deadline = time.monotonic() + seconds
    # Killing from a timer works on every system; waiting on a pipe with a time limit does not.
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        with contextlib.suppress(OSError):
            send(to_child, header, body)
            to_child.close()
        answer = receive(from_child)
    finally:
        timer.cancel()
        process.kill()
        code = process.wait()
        for pipe in (to_child, from_child):
            # The message may still lie in the buffer for a process that is gone.
            with contextlib.suppress(OSError, ValueError):
                pipe.close()
    if answer is None:
        raise Ended("time" if time.monotonic() >= deadline - 0.001 or code == _CPU_EXCEEDED else "crash")
    return answer
