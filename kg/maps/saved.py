"""Drawings are worked out once: kept as files by what they are drawn from, and read again until that changes."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

import networkx as nx
from pydantic import TypeAdapter, ValidationError

from kg.maps.drawing import Drawing
from kg.maps.partnership import Placing
from kg.maps.text import FONT
from kg.writing import PREFIX, written_whole

KEPT: Final = 400
"""How many drawings stay; each is some ten kilobytes."""
ABANDONED: Final = 3600
"""Seconds after which nobody is still writing a file."""
FOLDER: Final = "maps"
_DRAWING: Final = TypeAdapter(Drawing)
_placing: Final = threading.Lock()


def saving(home: Path, place: Placing) -> Placing:
    """`place`, but what it makes is kept below `home`, and read there the next time the same network comes.

    Where nothing can be written there, it is worked out every time.
    """

    def placed(network: nx.Graph[str]) -> Drawing:
        path = home / FOLDER / f"{_name(place, network)}.json"
        with suppress(OSError, ValidationError):
            return _DRAWING.validate_json(path.read_bytes())
        # One at a time: it is all work for one core, and two that want the same drawing need it once.
        with _placing:
            with suppress(OSError, ValidationError):
                return _DRAWING.validate_json(path.read_bytes())
            drawing = place(network)
            with suppress(OSError):
                _write(path, _DRAWING.dump_json(drawing))
        return drawing

    return placed


def _name(place: Placing, network: nx.Graph[str]) -> str:
    """A name for all that decides a drawing. The order in which nodes and edges came does not."""

    def said(attributes: dict[str, Any]) -> list[tuple[str, str]]:
        return sorted((name, str(value)) for name, value in attributes.items())

    nodes = sorted((key, said(attributes)) for key, attributes in network.nodes(data=True))
    edges = sorted((*sorted(ends), said(attributes)) for *ends, attributes in network.edges(data=True))
    text = json.dumps([_way(), place.__module__, place.__qualname__, nodes, edges])
    return hashlib.sha256(text.encode()).hexdigest()[:24]


@cache
def _way() -> str:
    """A name for how pictures are placed: where that changes, every drawing is worked out anew."""
    digest = hashlib.sha256(Path(FONT).read_bytes())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _write(path: Path, body: bytes) -> None:
    """Write it whole or not at all, and take the oldest away where there are too many."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written_whole(path, lambda part: part.write_bytes(body))
    files = sorted(path.parent.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
    # What a killed process left half written goes too.
    left = [file for file in path.parent.glob(f"{PREFIX}*") if time.time() - file.stat().st_mtime > ABANDONED]
    for old in (*files[KEPT:], *left):
        old.unlink(missing_ok=True)
