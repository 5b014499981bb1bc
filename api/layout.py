"""What stands around every page: the doors, the scope bar, addresses that carry the scope, components and assets."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote, urlencode

from flask import Flask, current_app, g, request, url_for
from jinja2 import ChainableUndefined, ChoiceLoader, PackageLoader, PrefixLoader
from markupsafe import Markup

from api import forms, queries, twins
from api.facts import Named
from kg.errors import PlangraphError
from kg.questions import OF_SEVERAL, borough_of, listed, short_names

# The five doors in order. Each opens on the first page named here; the others are the second line below it.
DOORS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "Plan": (
        ("plans.plans", "Plans and priorities"),
        ("actions.actions", "Actions"),
        ("status.status", "Status by year"),
        ("indicators.indicators", "Indicators"),
        ("updates.updates", "Update round"),
    ),
    "Partners": (
        ("partners.partners", "All partners"),
        ("shared.shared", "Shared actions"),
        ("maps.maps", "Map"),
        ("brief.brief", "Briefs"),
    ),
    "Connections": (
        ("references.references", "Documents referred to"),
        ("trace.trace", "Trace"),
        ("what_if.what_if_page", "What if"),
    ),
    "Compare": (
        ("compare_versions.versions", "What changed"),
        ("compare_plans.plans", "Side by side"),
    ),
    "To decide": (("gaps.gaps", "What must be decided"),),
    "Ask": (
        ("questions.questions", "Questions"),
        ("sparql.query", "Query"),
        ("search.search", "Search"),
        ("downloads.downloads", "Downloads"),
        ("vocabulary.vocabulary", "Vocabulary"),
        ("openapi.openapi", "API"),
    ),
}


@dataclass(frozen=True)
class Choices:
    """What the scope bar offers."""

    borough: tuple[Named, ...]
    plan: tuple[Named, ...]
    partner: tuple[Named, ...]
    year: tuple[Named, ...]

    def of_borough(self, words: str) -> Choices:
        """The plans and partners of the borough of this name, and the partners that boroughs share."""
        around = {"", *(one.iri for one in self.borough if words.casefold() in (one.name.casefold(), one.iri))}
        if len(around) == 1:
            return self
        plans, partners = (
            tuple(one for one in offered if borough_of(one.iri) in around) for offered in (self.plan, self.partner)
        )
        return replace(self, plan=plans, partner=partners)


_PART: Final = re.compile(r"(.*/id/([^/]+/plan/[^/]+))/(?:action|sp)/")
MOST_NAMED: Final = 3
"""So many plans are named one by one."""
BUILT: Final = Path(__file__).parent / "static" / "built"


def _assets() -> dict[str, str]:
    """The names of what the front end was built into, by the names of its sources."""
    try:
        assets: dict[str, str] = json.loads((BUILT / "manifest.json").read_text("utf-8"))
    except FileNotFoundError:
        raise PlangraphError("The front end is not built; run `make install`, or `pip install .`.") from None
    return assets


def explore_script() -> str:
    """The script of the free view of the map, for a page that holds it."""
    return (BUILT / _assets()["explore.js"]).read_text("utf-8")


def add_to(app: Flask) -> None:
    """Give the templates what they need."""
    assets = _assets()
    app.jinja_loader = ChoiceLoader(
        [
            PackageLoader("api"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    # The framework's macros ask for parameters that were not given; our own templates may not.
    components = app.jinja_env.overlay(undefined=ChainableUndefined)

    def component(name: str, **params: Any) -> Markup:
        module = components.get_template(f"govuk_frontend_jinja/components/{name}/macro.html").module
        macro = "govuk" + "".join(part.capitalize() for part in name.split("-"))
        return Markup(getattr(module, macro)(params))  # noqa: S704  the macro has escaped what it was given

    def asset(name: str) -> str:
        return url_for("static", filename=f"built/{assets[name]}")

    app.jinja_env.globals.update(
        at=at,
        asset=asset,
        cells_of=cells_of,
        endpoints=app.view_functions,
        component=component,
        here=forms.here,
        thing_url=thing_url,
        whose=whose,
        by_plan=by_plan,
        other_address=twins.other_address,
        FORM_NAMES=twins.FORM_NAMES,
    )
    app.context_processor(around)


def around() -> dict[str, Any]:
    """What the frame of a page shows: doors, scope, snapshot. A page about a failure must do without a graph."""
    try:
        snapshot = queries.own_store().snapshot
        offered = queries.kept("scope", choices).of_borough(scope().get("borough", ""))
        return {
            "doors": doors(), "scope": scope(), "choices": offered, "snapshot": snapshot, "in_scope": in_words(),
        }  # fmt: skip
    except PlangraphError:
        return {"doors": doors(), "scope": {}, "choices": Choices((), (), (), ()), "snapshot": "", "in_scope": ()}


def doors() -> dict[str, list[tuple[str, str]]]:
    """The doors whose pages exist."""
    here = {door: [page for page in pages if page[0] in current_app.view_functions] for door, pages in DOORS.items()}
    return {door: pages for door, pages in here.items() if pages}


def scope() -> dict[str, str]:
    """The scope of this request as it stands in the address: what links to other pages carry along."""
    return {
        parameter.name: value for parameter in forms.SCOPE if (value := request.args.get(parameter.name, "").strip())
    }


def choices() -> Choices:
    """What the scope bar offers: the plans held, the bodies that lead, the years that have statuses or readings."""
    rows = queries.records("scope-choices")

    def of(kind: str) -> tuple[Named, ...]:
        return tuple(Named(str(row["iri"]), str(row["name"])) for row in rows if row["kind"] == kind)

    names = queries.names()
    boroughs = tuple(Named(thing.iri, thing.name) for thing in names.of_kind("borough"))
    # Where a name means several bodies, each stands with its borough; the name alone, in an address, means them all.
    partners = tuple(
        Named(one.iri, place_of(one.iri, one.name)) if len(names.find(one.name, "body")) > 1 else one
        for one in of("partner")
    )
    return Choices(boroughs, of("plan"), partners, of("year"))


def in_words() -> tuple[str, ...]:
    """What this page covers, a sentence each: the plans, and where a name of the scope means more than one thing."""
    try:
        things, _ = queries.names().resolved(forms.SCOPE, {name: (words,) for name, words in scope().items()})
    except PlangraphError:
        # What is wrong with it, the page itself says.
        return ()
    known, held = queries.kept("scope", choices), len(queries.kept("scope", choices).plan)
    plans = things.get("plan") or known.plan
    boroughs = things.get("borough", ()) or (known.borough if len(known.borough) > 1 else ())
    whose = f" of {listed([one.name for one in boroughs])}" if boroughs and len(plans) > 1 else ""
    named = listed([plan.name for plan in plans]) if len(plans) <= MOST_NAMED else ""
    if len(plans) == 1:
        said = [f"{named}, the one plan held." if held == 1 else f"{named}, one of {held} plans held."]
    else:
        said = [f"{'All ' if len(plans) == held else ''}{len(plans)} plans held{whose}{f': {named}' if named else ''}."]
    for name in ("plan", "partner"):
        if len(things.get(name, ())) > 1 and name in scope():
            both = listed([place_of(thing.iri, thing.name) for thing in things[name]])
            said.append(f"“{scope()[name]}” is the name of {len(things[name])}, and all are meant: {both}.")
    years = things.get("year", ())
    if len(years) > 1:
        said.append(f"{years[0].name} with what is said of its quarters: {listed([one.name for one in years[1:]])}.")
    return tuple(said)


def plans_in_scope() -> Mapping[str, str]:
    """The plans this page covers: by their IRI a word or two that tells each from the others."""
    if "plangraph_plans" not in g:
        words = {name: (given,) for name, given in scope().items() if name in ("borough", "plan")}
        things, _ = queries.names().resolved(forms.SCOPE, words)
        g.plangraph_plans = short_names(
            {plan.iri: plan.name for plan in things.get("plan") or queries.kept("scope", choices).plan},
            {one.iri: one.name for one in queries.kept("scope", choices).borough},
        )
    found: Mapping[str, str] = g.plangraph_plans
    return found


def whose(iri: str) -> str:
    """Which plan a part of a plan is of, where this page covers several; "" for what is no part of a plan, and on the
    pages of that plan."""
    found = _PART.match(iri)
    if not found or len(plans := plans_in_scope()) < 2 or unquote(request.path).startswith(f"/{found[2]}/"):
        return ""
    return plans.get(found[1], "")


def by_plan(things: Sequence[Any]) -> list[tuple[str, list[Any]]]:
    """Things with an `iri` in order, those that follow each other in one plan together, with what `whose` says."""
    return [(plan, list(group)) for plan, group in groupby(things, lambda one: whose(one.iri))]


def place_of(iri: str, name: str) -> str:
    """A name with the borough it belongs to behind it."""
    borough = queries.names().things.get(borough_of(iri))
    return f"{name} ({borough.name})" if borough else f"{name} ({OF_SEVERAL})"


def cells_of(labels: str, plan: str | None) -> list[tuple[str, str]]:
    """The cells in a column `source` ("line 8, activity; line 9, activity"), each with its IRI, "" where it has none.

    `plan` is the plan the row belongs to; without it a cell is found where one document only is held.
    """
    known: dict[tuple[str, str], str] = queries.kept("cells by label", _cells_by_label)
    plans = [plan] if plan else [choice.iri for choice in queries.kept("scope", choices).plan]
    return [(label, known.get((plans[0], label), "") if len(plans) == 1 else "") for label in labels.split("; ")]


def _cells_by_label() -> dict[tuple[str, str], str]:
    return {(row["plan"], row["label"]): row["cell"] for row in queries.records("cells-by-label")}


def at(endpoint: str, **values: Any) -> str:
    """The address of a page, the scope carried along; a value that is None or blank is left out."""
    given = {name: value for name, value in {**scope(), **values}.items() if value not in (None, "")}
    return url_for(endpoint, **given)


def thing_url(iri: str) -> str:
    """The page of a thing of the graph; what is none of ours keeps its own address."""
    base = f"{queries.names().base}id/"
    if not iri.startswith(base):
        return vocabulary_url(iri)
    # Pages hold hundreds of these, so not by url_for, which takes longer than the rest of such a page; a test holds
    # the two to be the same.
    if "plangraph_scope" not in g:
        carried = urlencode(scope(), safe="/")
        g.plangraph_scope = f"?{carried}" if carried else ""
    return f"/{quote(iri.removeprefix(base))}{g.plangraph_scope}"


def vocabulary_url(iri: str) -> str:
    """The page of a term of our vocabulary or of a code; any other address as it is, if a browser may follow it."""
    for prefix, endpoint in (("ns#", "vocabulary.vocabulary"), ("code#", "vocabulary.codes")):
        head, found, term = iri.partition(prefix)
        if found and head.endswith("/plangraph/"):
            return f"{at(endpoint)}#{term}"
    return iri if iri.startswith(("http://", "https://")) else ""
