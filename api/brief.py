"""`/brief`: a paper for the board about a partner or a priority, to print or as a Word document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from flask import Blueprint

from api import queries
from api.forms import Given
from api.twins import page
from kg import briefs
from kg.errors import InputError
from kg.questions import Parameter

blueprint = Blueprint("brief", __name__)

PRIORITY: Final = Parameter(
    name="priority", type="priority", example="2/1",
    meaning="A strategic priority (2) or a delivery priority (2/1); with a partner, what it leads there",
)  # fmt: skip


KEPT: Final = 24
"""Word documents that are kept ready."""
MOST: Final = "who-leads-most"
"""The question that gives the example, where nobody was chosen: whoever leads most."""


@dataclass(frozen=True)
class BriefPage:
    """A brief. Where nothing was `chosen`, it is an example: about who leads most; None where no plan is held."""

    chosen: bool
    brief: briefs.Brief | None

    def as_word(self) -> bytes:
        """The brief as a Word document. Raises InputError where there is none."""
        if self.brief is None:
            raise InputError("There is nothing to write a brief about: no plan is held.")
        # Writing one takes a second or more; within a snapshot the same brief is the same file.
        write: Callable[[briefs.Brief], bytes] = queries.kept("briefs", lambda: lru_cache(maxsize=KEPT)(briefs.as_word))
        return write(self.brief)

    @property
    def file_name(self) -> str:
        """What its file is called."""
        return f"brief {self.brief.name}"[:80] if self.brief else "brief"


@page(blueprint, "/brief", "brief.html", title="Brief for the board", door="Partners", parameters=(PRIORITY,))
def brief(given: Given) -> BriefPage:
    """A paper for the board: what a partner leads or a priority holds, with whom, what is open, what it leans on."""
    words = dict(given.words)
    chosen = bool(words.keys() & {"partner", "priority"})
    if not chosen:
        leading = next(queries.asker(MOST, words).records(), None)
        if leading is None:
            return BriefPage(chosen, None)
        words["partner"] = str(leading["partner_iri"])
    made = briefs.brief(queries.asker, queries.names(), queries.own_store().snapshot, words, queries.place_once())
    return BriefPage(chosen, made)
