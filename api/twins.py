"""A page and its data twins: one view gives the facts, and they are shown as HTML, JSON, CSV, a workbook or RDF.

    @page(blueprint, "/indicators", "indicators.html", title="Indicators", door="Plan")
    def indicators(given: Given) -> Indicators: ...

The view returns a dataclass; its JSON is the API, described by the page's entry in `PAGES` (see api/openapi.py). Where
it has a method `table()`, the page is a spreadsheet too. A suffix (`/indicators.csv`) chooses the form, else `Accept`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, get_type_hints
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from pydantic import TypeAdapter
from werkzeug.exceptions import NotAcceptable

from api import forms, queries, spreadsheets
from api.negotiate import Offer, choose, listing
from kg.questions import Parameter

FORMS: Final[Mapping[str, Offer]] = {
    "html": Offer("html", "text/html", ("application/xhtml+xml",)),
    "json": Offer("json", "application/json"),
    "csv": Offer("csv", "text/csv"),
    "xlsx": Offer("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ttl": Offer("ttl", "text/turtle"),
    "jsonld": Offer("jsonld", "application/ld+json"),
    "nt": Offer("nt", "application/n-triples"),
}
FORM_NAMES: Final = {
    "html": "Page", "json": "JSON", "csv": "CSV", "xlsx": "Excel", "ttl": "Turtle", "jsonld": "JSON-LD",
    "nt": "N-Triples",
}  # fmt: skip
RDF: Final = ("ttl", "jsonld", "nt")
SHEETS: Final = ("csv", "xlsx")
SUFFIX: Final = f"<any({','.join(FORMS)}):suffix>"


@dataclass(frozen=True)
class Page:
    """One kind of page: what the address is, what it takes, what it gives.

    `rule` is Flask's, with named parts; `parts` describes those. `door` is the part of the site it belongs to.
    """

    endpoint: str
    rule: str
    template: str
    title: str
    summary: str
    door: str
    parameters: tuple[Parameter, ...]
    parts: tuple[Parameter, ...]
    forms: tuple[str, ...]
    model: type
    view: Callable[..., Any] = field(repr=False)

    @property
    def takes(self) -> tuple[Parameter, ...]:
        """Every parameter of the address, the scope with them."""
        own = {parameter.name for parameter in self.parameters}
        return (*self.parameters, *(parameter for parameter in forms.SCOPE if parameter.name not in own))


PAGES: dict[str, Page] = {}
"""Every page by endpoint, as the blueprints register them when they are imported."""


def page(
    blueprint: Blueprint,
    rule: str,
    template: str,
    *,
    title: str,
    door: str,
    parameters: Sequence[Parameter] = (),
    parts: Sequence[Parameter] = (),
    suffixed: str = "",
    rdf: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a view as a page at `rule`, and its twins at the same with a suffix (`suffixed` where that differs).

    The view gets a `Given` and the named parts of the address, and returns a dataclass. With `rdf` it has an `iri`, and
    what the graph says of that is a twin too.
    """

    def register(view: Callable[..., Any]) -> Callable[..., Any]:
        made = described(
            view, f"{blueprint.name}.{view.__name__}", rule, template, title, door, parameters, parts, rdf
        )  # fmt: skip

        def answer(suffix: str = "", **named: str) -> ResponseReturnValue:
            return respond(made, suffix, named)

        blueprint.add_url_rule(f"{suffixed or rule}.{SUFFIX}", view.__name__, answer, methods=["GET"])
        blueprint.add_url_rule(rule, view.__name__, answer, methods=["GET"])
        return view

    return register


def described(
    view: Callable[..., Any],
    endpoint: str,
    rule: str,
    template: str,
    title: str,
    door: str,
    parameters: Sequence[Parameter] = (),
    parts: Sequence[Parameter] = (),
    rdf: bool = False,
) -> Page:
    """The page that a view makes, noted in PAGES: its forms follow from what the view returns."""
    model = get_type_hints(view)["return"]
    offered = ("html", "json", *(SHEETS if hasattr(model, "table") else ()), *(RDF if rdf else ()))
    summary = (view.__doc__ or "").strip().split("\n")[0]
    PAGES[endpoint] = Page(
        endpoint, rule, template, title, summary, door, tuple(parameters), tuple(parts), offered, model, view
    )  # fmt: skip
    return PAGES[endpoint]


def respond(made: Page, suffix: str, named: Mapping[str, str]) -> Response:
    """Answer a request for a page in the form it asks for."""
    form = chosen_form(made.forms, suffix)
    # A page shows its form with an example before anything was chosen; a program is told what is missing.
    given = forms.read(made.takes, fill=form == "html")
    etag = f"{queries.own_store().snapshot}-{release()}-{form}"
    response = Response(content_type=FORMS[form].media_type)
    response.set_etag(etag, weak=True)
    if not request.if_none_match.contains_weak(etag):
        shown = made.view(given, **named)
        response.set_data(body(made, form, given, shown, named))
    else:
        response.status_code = 304
    if form in ("html", "csv", "ttl"):
        response.content_type = f"{FORMS[form].media_type}; charset=utf-8"
    if form in SHEETS:
        response.headers["Content-Disposition"] = f'attachment; filename="{_file_name()}.{form}"'
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    _link_to_others(response, made, form, given.examples)
    return response


def chosen_form(offered: Sequence[str], suffix: str) -> str:
    """The form a suffix names, else the one `Accept` likes best. Raises NotAcceptable with what exists."""
    offers = [FORMS[name] for name in offered]
    if suffix:
        if suffix not in offered:
            ends = ", ".join(f".{name}" for name in offered)
            raise NotAcceptable(f"This page does not exist as .{suffix}; it exists with the endings {ends}.")
        return suffix
    best = choose(request.headers.get("Accept", ""), offers)
    if best is None:
        raise NotAcceptable(f"This page exists as {listing(offers)}.")
    return best.name


def body(made: Page, form: str, given: forms.Given, shown: Any, named: Mapping[str, str]) -> bytes:
    """The bytes of one form of what a view returned."""
    if form == "html":
        return render_template(made.template, page=made, given=given, shown=shown, named=named).encode()
    if form == "json":
        return adapter(made.model).dump_json(shown, indent=2)
    if form in RDF:
        return queries.graph("describe", form, thing=(f"<{shown.iri}>",))
    table = shown.table()
    return spreadsheets.as_csv(table) if form == "csv" else spreadsheets.as_workbook(table)


@cache
def adapter(model: type) -> TypeAdapter[Any]:
    """What writes a page's dataclass as JSON and describes it."""
    return TypeAdapter(model)


def other_address(form: str, examples: Mapping[str, str]) -> str:
    """The address of the page being shown in another form, the parameters kept, those filled in from examples too."""
    path = request.path
    query = "&".join(part for part in (request.query_string.decode(), urlencode(examples)) if part)
    stem = path.rsplit(".", 1)[0] if path.rsplit(".", 1)[-1] in FORMS else path
    stem = stem if stem != "/" else "/index"
    return f"{stem}.{form}" + (f"?{query}" if query else "")


@cache
def release() -> str:
    """A name for this version of the pages: with another one, what a browser kept is stale."""
    digest = hashlib.sha256()
    for path in sorted(Path(current_app.root_path).rglob("*")):
        if path.suffix in (".html", ".py", ".rq", ".json", ".txt") and "node_modules" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def _file_name() -> str:
    name = request.path.strip("/").rsplit(".", 1)[0] if "." in request.path else request.path.strip("/")
    return "-".join(part for part in name.replace(".", "-").split("/") if part) or "plangraph"


def _link_to_others(response: Response, made: Page, form: str, examples: Mapping[str, str]) -> None:
    for other in made.forms:
        if other != form:
            link = f'<{other_address(other, examples)}>; rel="alternate"; type="{FORMS[other].media_type}"'
            response.headers.add("Link", link)
