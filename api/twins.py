"""A page and its data twins: one view gives the facts, and they are shown as HTML, JSON, CSV, a workbook or RDF.

    @page(blueprint, "/indicators", "indicators.html", title="Indicators", door="Plan")
    def indicators(given: Given) -> Indicators: ...

The view returns a dataclass; its JSON is the API, described by the page's entry in `PAGES` (see api/openapi.py). Where
it has a method `table()`, the page is a spreadsheet too (with `more_tables()` the workbook has more sheets); where it
has one of `FILES`, it is that file too. A suffix (`/indicators.csv`) chooses the form, else `Accept`.
"""

from __future__ import annotations

import hashlib
import re
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
from api.turns import Turns
from kg.questions import Parameter

FORMS: Final[Mapping[str, Offer]] = {
    "html": Offer("html", "text/html", ("application/xhtml+xml",)),
    "json": Offer("json", "application/json"),
    "csv": Offer("csv", "text/csv"),
    "xlsx": Offer("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ttl": Offer("ttl", "text/turtle"),
    "jsonld": Offer("jsonld", "application/ld+json"),
    "nt": Offer("nt", "application/n-triples"),
    "svg": Offer("svg", "image/svg+xml"),
    "png": Offer("png", "image/png"),
    "offline.html": Offer("offline.html", "text/html"),
    "graphml": Offer("graphml", "application/graphml+xml"),
    "gexf": Offer("gexf", "application/gexf+xml"),
    "docx": Offer("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
FORM_NAMES: Final = {
    "html": "Page", "json": "JSON", "csv": "CSV", "xlsx": "Excel", "ttl": "Turtle", "jsonld": "JSON-LD",
    "nt": "N-Triples", "svg": "SVG", "png": "PNG", "offline.html": "a page that opens offline", "graphml": "GraphML",
    "gexf": "GEXF", "docx": "Word",
}  # fmt: skip
RDF: Final = ("ttl", "jsonld", "nt")
SHOWN: Final = ("svg", "png")
"""The files that a browser shows rather than saves."""
SHEETS: Final = ("csv", "xlsx")
FILES: Final[Mapping[str, str]] = {
    "svg": "as_svg", "png": "as_png", "offline.html": "as_offline_page", "graphml": "as_graphml", "gexf": "as_gexf",
    "docx": "as_word",
}  # fmt: skip
"""The method of what a view returns that gives the bytes of a form; a page without it does not exist in that form."""
HEAVY: Final = ("png", "docx")
"""The files that keep a core busy for a second or more: one at a time, so that pages are still answered."""
_heavy: Final = Turns(size=1, waiting=6, patience=30.0)
ENDINGS: Final = sorted(FORMS, key=len, reverse=True)
"""The endings of addresses, the longest first: one ends with another."""
SUFFIX: Final = f"<any({','.join(ENDINGS)}):suffix>"


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
    sheets = SHEETS if hasattr(model, "table") else ()
    files = tuple(form for form, method in FILES.items() if hasattr(model, method))
    offered = ("html", "json", *sheets, *(RDF if rdf else ()), *files)
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
    asked = hashlib.sha256(request.full_path.encode()).hexdigest()[:8]
    etag = f"{queries.own_store().snapshot}-{release()}-{form}-{asked}"
    response = Response(content_type=FORMS[form].media_type)
    response.set_etag(etag, weak=True)
    shown = None
    if not request.if_none_match.contains_weak(etag):
        shown = made.view(given, **named)
        response.set_data(body(made, form, given, shown, named))
    else:
        response.status_code = 304
    if form in ("html", "csv", "ttl", "offline.html"):
        response.content_type = f"{FORMS[form].media_type}; charset=utf-8"
    if form in (*SHEETS, *FILES) and form not in SHOWN:
        name = _file_name(form, getattr(shown, "file_name", ""))
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
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
    if form in FILES:
        return _file(form, getattr(shown, FILES[form]))
    table = shown.table()
    if form == "csv":
        return spreadsheets.as_csv(table)
    more = shown.more_tables() if hasattr(shown, "more_tables") else ()
    return spreadsheets.as_workbook(table, *more)


def _file(form: str, make: Callable[[], bytes]) -> bytes:
    if form not in HEAVY:
        return make()
    with _heavy.taken():
        return make()


@cache
def adapter(model: type) -> TypeAdapter[Any]:
    """What writes a page's dataclass as JSON and describes it."""
    return TypeAdapter(model)


def other_address(form: str, examples: Mapping[str, str]) -> str:
    """The address of the page being shown in another form, the parameters kept, those filled in from examples too."""
    query = "&".join(part for part in (request.query_string.decode(), urlencode(examples)) if part)
    stem = _stem() if request.path != "/" else "/index"
    return f"{stem}.{form}" + (f"?{query}" if query else "")


@cache
def release() -> str:
    """A name for this version of the pages: with another one, what a browser kept is stale."""
    digest = hashlib.sha256()
    for path in sorted(Path(current_app.root_path).rglob("*")):
        if path.suffix in (".html", ".py", ".rq", ".json", ".txt") and "node_modules" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def _stem() -> str:
    """The path of this request without the ending that chooses a form."""
    path = request.path
    return next((path.removesuffix(f".{ending}") for ending in ENDINGS if path.endswith(f".{ending}")), path)


def _file_name(form: str, given: str = "") -> str:
    """What a file is saved as: as the page has it, in letters, digits and hyphens, else after its address."""
    name = re.sub(r"[^a-z0-9]+", "-", (given or _stem()).lower()).strip("-") or "plangraph"
    return f"{name}.{form.rpartition('.')[2]}"


def _link_to_others(response: Response, made: Page, form: str, examples: Mapping[str, str]) -> None:
    for other in made.forms:
        if other != form:
            link = f'<{other_address(other, examples)}>; rel="alternate"; type="{FORMS[other].media_type}"'
            response.headers.add("Link", link)
