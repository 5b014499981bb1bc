"""The page of a thing: `/id/...` answers with a 303 to it, and what the thing is decides which page it gets.

A module of pages registers the page of a class of things:

    @thing_page(PLAN.Action, "/{borough}/plan/{plan}/action/{ref}", "action.html", title="Action", door="Plan")
    def action(given: Given, iri: str) -> ActionPage: ...
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from api import queries
from api.twins import FORMS, Page, described, respond
from kg.questions import Parameter, load_questions
from kg.questions.binding import iri as as_iri
from kg.tables import nearest

blueprint = Blueprint("things", __name__)

# By class, the first class that fits decides; a thing of no class named here gets the general page (the class "").
THING_PAGES: Final[dict[str, Page]] = {}
_PATH: Final = re.compile(r"[\w./-]+", re.ASCII)


def thing_page(
    class_: str, rule: str, template: str, *, title: str, door: str, parameters: Sequence[Parameter] = ()
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the page of the things of a class; `rule` is their address with its parts in braces.

    The view gets a `Given` and the IRI, and returns a dataclass with a field `iri`.
    """

    def register(view: Callable[..., Any]) -> Callable[..., Any]:
        parts = [Parameter(name=name, type="text", example=_EXAMPLES[name]) for name in re.findall(r"\{(\w+)\}", rule)]
        endpoint = f"things.{view.__name__}"
        THING_PAGES[str(class_)] = described(
            view, endpoint, rule, template, title, door, parameters, parts, rdf=True
        )  # fmt: skip
        return view

    return register


# What the parts of an address look like, for the description of the API.
_EXAMPLES: Final = {
    "borough": "hackney", "plan": "community-safety-plan-2015-18", "ref": "2.5", "n": "2", "m": "1",
    "org": "safer-communities", "place": "dalston", "initiative": "operation-makesafe", "section": "4bi",
    "sha8": "6935b8e2", "cell": "L042-activity",
    "path": "hackney/plan/community-safety-plan-2015-18/action/2.5/lead/1",
}  # fmt: skip


@blueprint.get("/id/<path:path>")
def identifier(path: str) -> ResponseReturnValue:
    """A thing is no document: see the page about it."""
    # Nothing but a path of ours: a browser reads `//` and its likes as another host.
    if not _PATH.fullmatch(path) or path.startswith("/"):
        raise NotFound(_nothing(path))
    query = request.query_string.decode()
    return redirect(f"/{path}" + (f"?{query}" if query else ""), 303)


@blueprint.get("/<path:path>")
def thing(path: str) -> ResponseReturnValue:
    """The page of whatever has this path, in the form its suffix or `Accept` asks for."""
    stem, _, ending = path.rpartition(".")
    # References contain dots, so only a known ending is one, and only where nothing has that name.
    iri, suffix = _known(path), ""
    if not iri and ending in FORMS:
        iri, suffix = _known(stem), ending
    if not iri:
        raise NotFound(_nothing(stem if ending in FORMS else path))
    classes = {row["class"] for row in queries.records("classes", thing=(as_iri(iri),))}
    page = next((page for class_, page in THING_PAGES.items() if class_ in classes), None) or THING_PAGES[""]
    return respond(page, suffix, {"iri": iri})


def _known(path: str) -> str:
    """The IRI with this path, or "" where the graph knows none."""
    iri = f"{queries.names().base}id/{path}"
    found = _PATH.fullmatch(path) and queries.records("classes", thing=(as_iri(iri),))
    return iri if found else ""


def _nothing(path: str) -> str:
    base = f"{queries.names().base}id/"
    known = [iri.removeprefix(base) for iri in queries.names().things if iri.startswith(base)]
    return f"There is nothing at this address{nearest(path, known)}. Search finds things by their names."


@dataclass(frozen=True)
class Asked:
    """A named question with a thing filled in: its title, what it asks, and the address of its answer."""

    id: str
    title: str
    question: str
    address: str


def questions_about(iri: str, kind: str, also: Sequence[str] = ()) -> tuple[Asked, ...]:
    """The named questions that need a thing of this kind and nothing else, and those in `also`, asked of this thing."""
    path = iri.removeprefix(f"{queries.names().base}id/")
    found = []
    for question in load_questions().values():
        needed = [parameter for parameter in question.parameters if parameter.required]
        if len(needed) == 1 and (needed[0].type == kind or question.id in also):
            address = f"/questions/{question.name}?{urlencode({needed[0].name: path}, safe='/')}"
            found.append(Asked(question.id, question.title, question.question, address))
    return tuple(found)


def address_of(iri: str) -> str:
    """The whole address of the page of a thing, for quoting: without the scope that the reader has set."""
    return url_for("things.thing", path=iri.removeprefix(f"{queries.names().base}id/"), _external=True)
