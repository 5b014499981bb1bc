"""RAG, progress and status columns: what is said of an action after it was planned, one update a period."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from kg.documents import Document
from kg.documents.colour import colour_name
from kg.reading.layout import ActionRow, Layout, Placed
from kg.reading.rules import Rating, Rules, normal
from kg.tables.values import period_column, period_label

_SAYING = frozenset({"rag", "progress", "status"})
_KEY = re.compile(r"\s*(?:=|[:–-])\s*")
_KEY_PARTS = re.compile(r"[\n;|]|,(?=\s*\w+\s*[=:–-])|\.(?:\s|$)")


@dataclass
class UpdateRead:
    """What the RAG, progress and status cells of one action say of one period ("": none is named)."""

    period: str
    rag: str = ""
    state: tuple[str, ...] = ()
    progress: str = ""
    note: str = ""
    words: list[str] = field(default_factory=list)
    cells: list[Placed] = field(default_factory=list)
    doubts: list[tuple[Placed, str]] = field(default_factory=list)
    colour: str = ""
    """The name of the colour that its RAG is read from, "" where words say it."""
    coloured: list[Placed] = field(default_factory=list)


def read_updates(action: ActionRow, rules: Rules, colours: Mapping[str, str]) -> Iterator[UpdateRead]:
    """The updates in the cells of one action, in the order of their columns; a colour under a bare period is one.

    ``colours`` are those of the layout.
    """
    found: dict[str, UpdateRead] = {}
    for column, cells in action.cells.items():
        period, says = period_column(column) or ("", column)
        if period and not says and all(_is_colour(placed, rules, colours) for placed in cells):
            says = "rag"
        if says not in _SAYING:
            continue
        update = found.setdefault(period, UpdateRead(period))
        for placed in cells:
            update.cells.append(placed)
            if not placed.cell.empty:
                update.words.append(placed.cell.words)
            if says == "progress":
                _add_progress(update, placed)
            elif colour := colours.get(placed.id):
                _rate_by(colour, placed, update, rules)
            else:
                _rate(placed, says, update, rules)
    _date_by_the_only_other(found)
    yield from found.values()


def _date_by_the_only_other(found: dict[str, UpdateRead]) -> None:
    """Let a rating without a period be of the one period that stands beside it, where the two say different things."""
    if "" not in found or len(found) != 2:
        return
    bare = found[""]
    (dated,) = (update for period, update in found.items() if period)
    if (bare.rag and dated.rag) or (bare.state and dated.state) or (bare.progress and dated.progress):
        return
    dated.rag, dated.state, dated.progress = (
        bare.rag or dated.rag,
        bare.state or dated.state,
        bare.progress or dated.progress,
    )
    dated.colour = dated.colour or bare.colour
    dated.coloured += bare.coloured
    dated.words = [*bare.words, *dated.words]
    dated.cells = [*bare.cells, *dated.cells]
    dated.doubts += bare.doubts
    note = f"What stands beside it without a period is read as of {period_label(dated.period)}."
    dated.note = f"{bare.note} {dated.note} {note}".strip()
    del found[""]


def rated_periods(layout: Layout, rules: Rules) -> frozenset[str]:
    """The periods under whose bare heading nothing stands but colours: those cells are ratings, not statuses."""
    cells: dict[str, list[Placed]] = {}
    for action in layout.actions:
        for column, placed in action.cells.items():
            if (found := period_column(column)) and not found[1]:
                cells.setdefault(found[0], []).extend(placed)
    return frozenset(
        period for period, held in cells.items() if all(_is_colour(placed, rules, layout.colours) for placed in held)
    )


def _is_colour(placed: Placed, rules: Rules, colours: Mapping[str, str]) -> bool:
    """Whether a cell is a colour, in words or alone, and says no state."""
    rating = rules.rating(placed.cell.words)
    return placed.id in colours or (rating is not None and bool(rating.rag) and not rating.state)


def with_key(rules: Rules, document: Document) -> Rules:
    """The rules with what the document's own key says of the colours that partnerships print for different things."""
    unsure = {normal(rating.words): rating for rating in rules.rag if not rating.sure}
    said: dict[str, Rating] = {}
    for row in document.rows:
        printed = [cell for cell in row.cells if not cell.empty]
        texts = [cell.text for cell in printed]
        coloured = [cell for cell in row.cells if cell.coloured]
        if len(printed) == len(coloured) == 1 and rules.rating(printed[0].words):
            texts.append(f"{colour_name(coloured[0].fill)} = {printed[0].words}")
        if len(printed) == 2:
            texts.append(" = ".join(cell.words for cell in printed))
        for text in texts:
            for colour, meaning in _key_entries(text):
                known = unsure.get(normal(colour).strip())
                rating = _meant(meaning, rules)
                if known is not None and rating is not None:
                    said.setdefault(known.words, replace(known, rag=rating.rag, sure=True))
    return replace(rules, rag=(*said.values(), *rules.rag)) if said else rules


def _key_entries(text: str) -> Iterator[tuple[str, str]]:
    """What may be an entry of a key: "Blue = complete", several of them parted by commas, semicolons or lines."""
    for part in _KEY_PARTS.split(text):
        colour, *meaning = _KEY.split(part, maxsplit=1)
        if meaning and len(colour.split()) <= 2:
            yield colour.split()[-1] if colour.split() else "", meaning[0]


def _meant(words: str, rules: Rules) -> Rating | None:
    """The sure rating that words open with: "Completed and closed" is complete."""
    parts = words.split()
    openings = (" ".join(parts[:end]).strip(",.") for end in range(min(len(parts), 4), 0, -1))
    found = (rules.rating(opening) for opening in openings)
    return next((rating for rating in found if rating is not None and rating.sure and rating.rag), None)


def _rate(placed: Placed, says: str, update: UpdateRead, rules: Rules) -> None:
    words = placed.cell.words
    rating = rules.rating(words) or Rating(words)
    if says == "status" and (rating.state or not rating.rag):
        state = rating.state or rules.state_alone(words) or "status-described"
        update.state = tuple(dict.fromkeys([*update.state, state]))
        return
    if not rating.rag:
        # Nothing of a rating that was not understood may get lost: it stands with the progress.
        _add_progress(update, placed)
        update.doubts.append((placed, "is not one RAG that a rule knows; its words are kept as progress."))
    elif update.rag and update.rag != rating.rag:
        update.doubts.append((placed, "says another RAG than the cell before it."))
    else:
        update.rag = rating.rag
        if not rating.sure:
            update.note = f'"{words}" is read as {rating.rag}; partnerships print this for different things.'
            update.doubts.append((placed, f"is read as {rating.rag}; partnerships print this for different things."))


def _rate_by(colour: str, placed: Placed, update: UpdateRead, rules: Rules) -> None:
    """Read a rating from the colour of a cell; what words stand on it are progress."""
    rating = rules.rating(colour) or Rating(colour)
    if not placed.cell.empty:
        _add_progress(update, placed)
    if update.rag and update.rag != rating.rag:
        update.doubts.append((placed, f"has another RAG as its colour ({colour.lower()}) than stands beside it."))
        return
    update.rag = rating.rag
    update.colour = colour
    update.coloured.append(placed)
    update.note = f"Read from the colour of the cell ({placed.cell.fill})."
    if not rating.sure:
        update.note += " Partnerships use this colour for different things."


def _add_progress(update: UpdateRead, placed: Placed) -> None:
    update.progress = "\n".join(part for part in (update.progress, placed.cell.text) if part)
