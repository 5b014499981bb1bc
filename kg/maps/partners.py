"""The map of partners: who leads actions together, the main network first, then small groups, then who leads alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final

import networkx as nx

from kg.errors import TooLarge
from kg.maps.arranging import Network, arrange
from kg.maps.drawing import Box, Caption, Drawing, Line, Point
from kg.maps.geometry import border, meets
from kg.maps.text import LEADING, broken, width

LARGEST: Final = 80
"""So many boxes take a second or two and 2,200 pixels; at 120 good places are no longer found."""
LARGEST_AREA: Final = 12_000_000
"""A picture of more square pixels has its boxes so far apart that nobody sees which belong together."""
MOST_LINES: Final = 800
"""The same for lines."""
NOT_LINKED: Final = "Pairs and groups not linked to the main network"
GROUPS: Final = "Pairs and groups"
ALONE: Final = "Lead alone (share no action)"

TEXT: Final = 13
HUB_TEXT: Final = 16
WIDEST: Final = 124
"""Pixels a line of a label may take."""
HUB_WIDER: Final = 1.2
"""The label of a hub may be so many times as wide."""
MOST_ROWS: Final = 4
EDGE: Final = 12.0
"""Pixels around the picture, and beside the text in a box."""
GAP: Final = 24.0
"""Pixels between the boxes of a shelf."""
SHELF: Final = 1040.0
"""A shelf is at least this wide before it goes on below."""
CAPTION: Final = 34.0
HUB_LINKS: Final = 4
"""A hub is linked to at least so many, and to at least half as many as the partner linked to most."""
MOST_HUBS: Final = 5
NUMBER: Final = (13.0, 10.0)
"""Half the room a number on a line takes."""


@dataclass(frozen=True)
class Block:
    """Boxes that are placed together, their upper left corner at 0, 0."""

    boxes: tuple[Box, ...]

    @property
    def width(self) -> float:
        """From its first box to its last."""
        return max(box.right for box in self.boxes)

    @property
    def height(self) -> float:
        """From its highest box to its lowest."""
        return max(box.bottom for box in self.boxes)

    def at(self, x: float, y: float) -> list[Box]:
        """Its boxes with its corner elsewhere."""
        return [replace(box, x=round(box.x + x, 1), y=round(box.y + y, 1)) for box in self.boxes]


def place(network: nx.Graph[str], *, seed: int = 1) -> Drawing:
    """The picture of a network of partners, the same for the same network in whatever order it is given.

    A node has `label`, `kind` and `n`, the number of actions it leads; an edge has `weight`, the number both lead.
    TooLarge where there are more than `LARGEST` partners, or `MOST_LINES` pairs, or too many of these cross.
    """
    if len(network) > LARGEST or network.number_of_edges() > MOST_LINES:
        raise TooLarge(
            f"A map of {len(network):,} partners and {network.number_of_edges():,} pairs cannot be read; choose one "
            f"plan, one priority or a year, until no more than {LARGEST} partners and {MOST_LINES} pairs are left."
        )
    nodes = network.nodes
    order = sorted(network, key=lambda key: (-nodes[key]["n"], str(nodes[key]["label"]), key))
    parts = sorted(nx.connected_components(network), key=lambda part: (-len(part), min(map(order.index, part))))
    groups = [[key for key in order if key in part] for part in parts if len(part) > 1]
    blocks = [_block(network.subgraph(group), group, seed) for group in groups]
    main = blocks[:1] if groups and len(groups[0]) > 3 else []
    alone = [_block(network, [key], seed) for key in order if not network.degree(key)]
    room = max([SHELF, *(block.width for block in blocks)])
    boxes: list[Box] = []
    captions: list[Caption] = []
    bottom = EDGE
    for caption, shelf in (("", main), (NOT_LINKED if main else GROUPS, blocks[len(main) :]), (ALONE, alone)):
        if not shelf:
            continue
        if caption:
            bottom += CAPTION if boxes else 14
            captions.append(Caption(caption, EDGE, bottom))
            bottom += 16
        placed, bottom = _shelf(shelf, bottom, room)
        boxes += placed
    full = max((box.right for box in boxes), default=0)
    full = max([full, *(EDGE + width(caption.text, TEXT) for caption in captions)])
    if main:
        aside = round((full - EDGE - main[0].width) / 2, 1)
        boxes = main[0].at(EDGE + aside, EDGE) + boxes[len(main[0].boxes) :]
    if not boxes:
        return Drawing(0, 0, (), ())
    if full * bottom > LARGEST_AREA:
        raise TooLarge(
            f"{network.number_of_edges():,} pairs of {len(network):,} partners are too entangled for a map that can be "
            "read; choose one plan, one priority or a year, or only pairs that share more actions."
        )
    return Drawing(full + EDGE, bottom + EDGE, tuple(boxes), _lines(network, boxes), tuple(captions))


def _shelf(blocks: Sequence[Block], top: float, room: float) -> tuple[list[Box], float]:
    """The boxes of blocks one beside the other, in as many rows as they need; and where the last row ends."""
    rows: list[list[tuple[float, Block]]] = []
    x = 0.0
    for block in blocks:
        if not rows or x + block.width > room:
            rows.append([])
            x = 0.0
        rows[-1].append((x, block))
        x += block.width + GAP
    boxes: list[Box] = []
    for row in rows:
        height = max(block.height for _, block in row)
        for x, block in row:
            boxes += block.at(EDGE + x, top + (height - block.height) / 2)
        top += height + GAP
    return boxes, top - GAP


def _block(network: nx.Graph[str], order: Sequence[str], seed: int) -> Block:
    """The boxes of partners that are all linked, in the best places found."""
    hubs = _hubs(network, order)
    boxes = [_box(key, network.nodes[key], is_hub=key in hubs) for key in order]
    number = {key: at for at, key in enumerate(order)}
    links = sorted(
        (*sorted((number[a], number[b])), int(weight)) for a, b, weight in network.subgraph(order).edges(data="weight")
        if a != b
    )  # fmt: skip
    found = Network(
        [(box.width / 2, box.height / 2) for box in boxes],
        [(a, b, weight) for a, b, weight in links],
        [number[key] for key in hubs],
    )
    points = _row(found) or arrange(found, Random(seed))  # noqa: S311
    placed = [replace(box, x=x, y=y) for box, (x, y) in zip(boxes, points, strict=True)]
    left, top = min(box.left for box in placed), min(box.top for box in placed)
    return Block(tuple(replace(box, x=box.x - left, y=box.y - top) for box in placed))


def _row(network: Network) -> list[Point]:
    """The centres of boxes linked as a chain of at most three, one beside the other; none if they are not."""
    count = len(network.halves)
    if count > 3 or len(network.links) >= count:
        return []
    degrees = [sum(box in link[:2] for link in network.links) for box in range(count)]
    chain = list(range(count))
    if count == 3:
        middle = degrees.index(2)
        chain.remove(middle)
        chain.insert(1, middle)
    points = {}
    x = 0.0
    for box in chain:
        half = network.halves[box][0]
        points[box] = (x + half, 0.0)
        x += 2 * half + 30
    return [points[box] for box in range(count)]


def _hubs(network: nx.Graph[str], order: Sequence[str]) -> list[str]:
    degrees = {key: int(network.degree(key)) for key in order}
    least = max(HUB_LINKS, max(degrees.values()) / 2)
    hubs = [key for key in order if degrees[key] >= least]
    # Where everybody is linked to everybody there is no hub.
    return hubs if len(hubs) <= MOST_HUBS and len(hubs) * 2 < len(order) else []


def _box(key: str, of: Mapping[str, Any], *, is_hub: bool) -> Box:
    size = HUB_TEXT if is_hub else TEXT
    lines = _label(str(of["label"]), f"({of['n']:,})", size, WIDEST * (HUB_WIDER if is_hub else 1))
    across = max(width(line, size) for line in lines) + 2 * (EDGE if is_hub else 9)
    high = len(lines) * size * LEADING + (18 if is_hub else 12)
    return Box(key, lines, 0, 0, round(across, 1), round(high, 1), size, str(of["kind"]))


def _label(label: str, count: str, size: int, widest: float) -> tuple[str, ...]:
    """The words of a box; where they are very long, their beginning."""
    words = [_cut(word, size, widest) for word in label.split()]
    shown = len(words)
    while True:
        # The count keeps beside the last word, which it is joined to until the lines are found.
        last = f"{words[shown - 1]}{'…' if shown < len(words) else ''}" if shown else ""
        joint = "_" if width(f"{last}_{count}", size) <= widest else " "
        lines = broken(" ".join([*words[: max(shown - 1, 0)], f"{last}{joint}{count}"]), size, widest)
        if len(lines) <= MOST_ROWS or shown < 2:
            return (*lines[:-1], " ".join(lines[-1].rsplit(joint, 1)))
        shown -= 1


def _cut(word: str, size: int, widest: float) -> str:
    if width(word, size) <= widest:
        return word
    kept = word[:80]
    while kept and width(f"{kept}…", size) > widest:
        kept = kept[:-1]
    return f"{kept}…"


def _lines(network: nx.Graph[str], boxes: Iterable[Box]) -> tuple[Line, ...]:
    """The lines between the borders of boxes, in the order of the boxes, the numbers on them placed."""
    by_key = {box.key: box for box in boxes}
    place = {key: number for number, key in enumerate(by_key)}
    pairs = sorted(
        (sorted((a, b), key=place.__getitem__), int(weight)) for a, b, weight in network.edges(data="weight") if a != b
    )
    pairs.sort(key=lambda pair: [place[key] for key in pair[0]])
    lines = []
    for (a, b), weight in pairs:
        one, other = by_key[a], by_key[b]
        ends = border(one, (other.x, other.y)), border(other, (one.x, one.y))
        lines.append(Line(a, b, weight, tuple((round(x, 1), round(y, 1)) for x, y in ends)))
    return tuple(_numbered(lines, list(by_key.values())))


def _numbered(lines: Sequence[Line], boxes: Sequence[Box]) -> list[Line]:
    taken: list[Point] = []
    numbered = []
    for line in lines:
        at = _number_at(line, lines, boxes, taken) if line.weight > 1 else None
        if at:
            taken.append(at)
        numbered.append(replace(line, at=at))
    return numbered


def _number_at(line: Line, lines: Sequence[Line], boxes: Sequence[Box], taken: Sequence[Point]) -> Point | None:
    """Where on a line its number hides least, the middle first."""
    (x0, y0), (x1, y1) = line.path
    best: tuple[float, Point] | None = None
    for step in (0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7):
        part = 0.5 + step / 18
        at = round(x0 + (x1 - x0) * part, 1), round(y0 + (y1 - y0) * part, 1)
        bad = 100.0 * sum(
            meets(at, at, (box.x, box.y), box.width / 2 + NUMBER[0] - 2, box.height / 2 + NUMBER[1] - 2)
            for box in boxes
        )
        bad += 30 * sum(abs(x - at[0]) < 2 * NUMBER[0] and abs(y - at[1]) < 2 * NUMBER[1] for x, y in taken)
        bad += 5 * sum(other is not line and meets(other.path[0], other.path[-1], at, *NUMBER) for other in lines)
        bad += abs(step) / 10
        if best is None or bad < best[0]:
            best = bad, at
        if bad < 1:
            break
    return best[1] if best else None
