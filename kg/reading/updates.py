"""RAG, progress and status columns: what is said of an action after it was planned, one update a period."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.reading.layout import ActionRow, Placed
from kg.reading.rules import Rules, normal
from kg.tables.values import period_column

_SAYING = frozenset({"rag", "progress", "status"})


@dataclass
class UpdateRead:
    """What the RAG, progress and status cells of one action say of one period ("": none is named)."""

    period: str
    rag: str = ""
    state: tuple[str, ...] = ()
    progress: str = ""
    words: list[str] = field(default_factory=list)
    cells: list[Placed] = field(default_factory=list)
    doubts: list[tuple[Placed, str]] = field(default_factory=list)


def read_updates(action: ActionRow, rules: Rules) -> Iterator[UpdateRead]:
    """The updates in the cells of one action, in the order of their columns."""
    found: dict[str, UpdateRead] = {}
    for column, cells in action.cells.items():
        period, says = period_column(column) or ("", column)
        if says not in _SAYING:
            continue
        update = found.setdefault(period, UpdateRead(period))
        for placed in cells:
            update.cells.append(placed)
            update.words.append(placed.cell.words)
            if says == "progress":
                update.progress = "\n".join(part for part in (update.progress, placed.cell.text) if part)
            else:
                _rated(placed, says, update, rules)
    yield from found.values()


def _rated(placed: Placed, says: str, update: UpdateRead, rules: Rules) -> None:
    words = normal(placed.cell.words).strip(" .:;-")
    rag, state = next(((rag, state) for known, rag, state in rules.rag if normal(known) == words), ("", ""))
    if says == "status" and not state:
        state = _state(words, rules)
    if says == "rag" or (rag and not state):
        if update.rag and update.rag != rag:
            update.doubts.append((placed, "says another RAG than the cell before it."))
            return
        update.rag = rag
        if not rag:
            update.doubts.append((placed, "is no RAG that a rule knows; its words are kept."))
        elif words in ("blue", "b", "grey", "yellow"):
            update.doubts.append((placed, f"is read as {rag}; partnerships print this colour for different things."))
        return
    update.state = tuple(dict.fromkeys([*update.state, state or "status-described"]))


def _state(words: str, rules: Rules) -> str:
    known = (entry.state for entry in rules.status_words if normal(entry.words) == words)
    return next((state for state in known if state not in ("status-elsewhere", "status-see", "status-conditional")), "")
