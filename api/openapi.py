"""`/openapi`: what a program can ask of this server, described from the pages, the questions and their dataclasses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import groupby
from typing import Any, Final
from urllib.parse import quote, urlencode

from apispec import APISpec
from flask import Blueprint
from pydantic import TypeAdapter

from api.failures import PROBLEM
from api.forms import LARGEST_SIZE, MOST, Given
from api.negotiate import GRAPHS, SOLUTIONS
from api.questions import page_of
from api.twins import FORMS, PAGES, Page, adapter, page
from kg.questions import Parameter, Question, load_questions

blueprint = Blueprint("openapi", __name__)

Json = dict[str, Any]
ABOUT: Final = """\
Every page of this server is there for programs too: an ending on its address names the form (.json, .csv, .xlsx, and
.ttl, .jsonld, .nt where the page is about a thing); without an ending the Accept header chooses. Names are taken in any
spelling that the graph knows. A blank parameter counts as not given. What is not stated is null in JSON. A long list
is paged by page and size, and its links lead on; a file holds every row. Addresses are paths of this server. What goes
wrong is told as a problem (RFC 9457) with a sentence that says what would work."""
DOORS: Final[Mapping[str, str]] = {
    "Plan": "Priorities, actions, their state in each year, indicators",
    "Partners": "Who leads what, with whom",
    "Connections": "Which documents the plan leans on",
    "Compare": "What changed between two versions of a plan, and plans side by side",
    "To decide": "What is not decided, not dated or not measured",
    "Ask": "The named questions, SPARQL, search, downloads, the vocabulary",
    "About": "The first page, pages of single things, and what is said about this server",
}
# What a value of each type is, said where a parameter does not say it itself.
TYPES: Final[Mapping[str, str]] = {
    "body": "A body, by any of its names",
    "plan": "A plan, by its name",
    "borough": "A borough whose plans are held, by its name",
    "purpose": "A role of bodies, by its name",
    "place": "A place, by its name",
    "initiative": "A scheme or campaign, by its name",
    "theme": "A theme, by its name",
    "group": "A group of people, by its name",
    "state": "A state, by its name",
    "year": "A financial or calendar year or a quarter",
    "action": "An action, by its printed reference",
    "priority": "A strategic priority (2) or a delivery priority (2/1)",
    "thing": "Anything that has a name, or an action by its reference",
    "flag": "Yes or no",
    "text": "Any words",
    "number": "A whole number",
    "choice": "One of these words",
}
FORM_MEANING: Final = "The form of the answer; left out with its dot, the address is the page and Accept chooses"


@dataclass(frozen=True)
class Operation:
    """One address and method, as the page shows it."""

    path: str
    method: str
    described: Mapping[str, Any]


@dataclass(frozen=True)
class Description:
    """An OpenAPI 3.1 document: every address, what it takes, what it answers, and examples that run."""

    openapi: str
    info: Mapping[str, Any]
    tags: Sequence[Mapping[str, Any]]
    paths: Mapping[str, Any]
    components: Mapping[str, Any]

    @property
    def operations(self) -> dict[str, list[Operation]]:
        """The operations by their tag, in the order of the tags."""
        every = [
            Operation(path, method, described)
            for path, item in self.paths.items()
            for method, described in item.items()
        ]
        place = [tag["name"] for tag in self.tags]
        ranked = sorted(every, key=lambda one: place.index(one.described["tags"][0]))
        return {tag: list(group) for tag, group in groupby(ranked, lambda one: one.described["tags"][0])}


@page(blueprint, "/openapi", "openapi.html", title="API", door="Ask")
def openapi(_given: Given) -> Description:
    """Every address of this server, for programs: parameters, answers, examples."""
    return description()


@cache
def description() -> Description:
    """What the document says. It hangs on this version of the pages alone, so it is made once."""
    pages = list(PAGES.values())
    questions = {name: page_of(name) for name in load_questions()}
    models = dict.fromkeys(made.model for made in (*pages, *questions.values()))
    schemas, definitions = TypeAdapter.json_schemas(
        [(model, "serialization", adapter(model)) for model in models], ref_template="#/components/schemas/{model}"
    )
    spec = APISpec(
        "Plangraph",
        version("plangraph"),
        "3.1.0",
        info={"description": ABOUT, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        tags=[{"name": name, "description": meaning} for name, meaning in DOORS.items()],
    )
    for name, schema in sorted(definitions["$defs"].items()):
        spec.components.schema(name, schema)
    spec.components.schema("Problem", _PROBLEM)
    spec.components.response("Problem", _content({PROBLEM: "#/components/schemas/Problem"}, "What is wrong"))
    for made in pages:
        spec.path(_path(made), operations={"get": _get(made, schemas[made.model, "serialization"])})
    for name, made in questions.items():
        schema = _answer_schema(schemas[made.model, "serialization"], load_questions()[name])
        spec.path(_path(made), operations={"get": _get(made, schema)})
    for path, operations in _OTHERS.items():
        spec.path(path, operations=operations)
    return Description(**spec.to_dict())


def _path(made: Page) -> str:
    stem = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", made.rule)
    return f"{stem if stem != '/' else '/index'}.{{form}}"


def _get(made: Page, schema: Json) -> Json:
    # The questions are pages of one endpoint, each at an address of its own.
    named = made.rule.strip("/") if made.endpoint not in PAGES else made.endpoint
    return {
        "operationId": re.sub(r"\W", "_", named),
        "tags": [made.door or "About"],
        "summary": made.title,
        "description": made.summary,
        "parameters": [
            *(_parameter(part, "path") for part in made.parts),
            {
                "name": "form", "in": "path", "required": True, "description": FORM_MEANING,
                "schema": {"type": "string", "enum": list(made.forms)}, "example": "json",
            },
            *(_parameter(parameter, "query") for parameter in made.takes),
        ],
        "responses": {
            "200": {
                "description": made.model.__doc__ or "",
                "content": {
                    FORMS[form].media_type: {"schema": schema} if form == "json" else {} for form in made.forms
                },
            },
            **dict.fromkeys(("400", "404", "406", "503"), "Problem"),
        },
        "x-examples": {form: _example(made, form) for form in made.forms},
    }  # fmt: skip


def _parameter(parameter: Parameter, where: str) -> Json:
    described: Json = {
        "name": parameter.name,
        "in": where,
        "description": parameter.meaning or TYPES[parameter.type],
        "schema": _value_schema(parameter),
        "example": parameter.example,
    }
    if parameter.several:
        described["schema"] = {"type": "array", "items": described["schema"], "maxItems": MOST}
        described["example"] = [parameter.example]
    if parameter.type == "number":
        described["example"] = int(parameter.example)
    if where == "path" or parameter.required:
        described["required"] = True
    return described


def _value_schema(parameter: Parameter) -> Json:
    if parameter.type == "number":
        return {"type": "integer", "minimum": 1, "maximum": LARGEST_SIZE if parameter.name == "size" else 999_999_999}
    choices = ("yes", "no") if parameter.type == "flag" else parameter.choices
    return {"type": "string", "enum": list(choices)} if choices else {"type": "string"}


def _example(made: Page, form: str) -> str:
    """The address of an example, with the least that must be given."""
    path = _path(made).replace("{form}", form)
    for part in made.parts:
        path = path.replace(f"{{{part.name}}}", quote(part.example))
    needed = {parameter.name: parameter.example for parameter in made.parameters if parameter.required}
    return path + (f"?{urlencode(needed)}" if needed else "")


def _answer_schema(answer: Json, question: Question) -> Json:
    """The schema of every answer, and what the columns of this one are."""
    columns = {column.name: {"description": column.meaning} for column in question.columns}
    row = {"type": "object", "required": list(columns), "properties": columns}
    return {"allOf": [answer, {"type": "object", "properties": {"rows": {"type": "array", "items": row}}}]}


def _content(schemas: Mapping[str, str], meaning: str) -> Json:
    return {
        "description": meaning,
        "content": {media: {"schema": {"$ref": schema}} if schema else {} for media, schema in schemas.items()},
    }


_PROBLEM: Final[Json] = {
    "type": "object",
    "description": "What went wrong (RFC 9457); `detail` is a sentence that says what would work.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "choices": {
            "type": "array",
            "description": "Where a name means several things and one is needed: what they are, and where each leads.",
            "items": {
                "type": "object",
                "required": ["name", "value", "url"],
                "properties": {name: {"type": "string"} for name in ("name", "value", "url")},
            },
        },
    },
}
_SPARQL_ANSWERS: Final = {
    "200": _content(dict.fromkeys((name for offer in (*SOLUTIONS, *GRAPHS) for name in (offer.media_type, *offer.also)),
                                  ""), "Rows, yes or no, or a graph; without a query, what the service is"),
    **dict.fromkeys(("400", "406", "413", "415", "503", "504"), "Problem"),
}  # fmt: skip
_QUERY: Final[Json] = {
    "name": "query",
    "in": "query",
    "description": "A SPARQL 1.1 query; prefixes must be declared. It is stopped after ten seconds",
    "schema": {"type": "string"},
    "example": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
}
_DATASET: Final[list[Json]] = [
    {
        "name": name,
        "in": "query",
        "description": meaning,
        "schema": {"type": "array", "items": {"type": "string", "format": "uri"}},
        "explode": True,
    }
    for name, meaning in (
        ("default-graph-uri", "Graphs to ask instead of the default graph"),
        ("named-graph-uri", "Graphs that GRAPH reaches"),
    )
]
# What is no page: the SPARQL protocol, the addresses of things, the health of the server.
_OTHERS: Final[Mapping[str, Json]] = {
    "/sparql": {
        "get": {
            "operationId": "sparql",
            "tags": ["Ask"],
            "summary": "SPARQL",
            "description": "SPARQL 1.1 Protocol over the read-only graph; Accept chooses the form.",
            "parameters": [_QUERY, *_DATASET],
            "responses": _SPARQL_ANSWERS,
            "x-examples": {"json": f"/sparql?{urlencode({'query': _QUERY['example']})}"},
        },
        "post": {
            "operationId": "sparql_post",
            "tags": ["Ask"],
            "summary": "SPARQL, for long queries",
            "description": "The query as the body, or as a field of a form.",
            "parameters": _DATASET,
            "requestBody": {
                "required": True,
                "content": {
                    "application/sparql-query": {"schema": {"type": "string"}, "example": _QUERY["example"]},
                    "application/x-www-form-urlencoded": {
                        "schema": {
                            "type": "object",
                            "required": ["query"],
                            "properties": {"query": {"type": "string"}},
                        },
                        "example": {"query": _QUERY["example"]},
                    },
                },
            },
            "responses": _SPARQL_ANSWERS,
            "x-examples": {},
        },
    },
    "/id/{path}": {
        "get": {
            "operationId": "identifier",
            "tags": ["About"],
            "summary": "The address of a thing",
            "description": "A thing is no document: this leads to the page about it.",
            "parameters": [
                {
                    "name": "path",
                    "in": "path",
                    "required": True,
                    "description": "What follows id/ in its address",
                    "schema": {"type": "string"},
                    "example": "org/metropolitan-police",
                }
            ],
            "responses": {"303": {"description": "Where the page is"}, "404": "Problem"},
            "x-examples": {"html": "/id/org/metropolitan-police"},
        }
    },
    "/healthz": {
        "get": {
            "operationId": "health",
            "tags": ["About"],
            "summary": "Health",
            "description": "Says ok once a query works.",
            "parameters": [],
            "responses": {
                "200": {
                    "description": "The snapshot that answers",
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["status", "snapshot"],
                                "properties": {"status": {"const": "ok"}, "snapshot": {"type": "string"}},
                            }
                        }
                    },
                },
                "503": {"description": "Why nothing can be asked", "content": {"application/json": {}}},
            },
            "x-examples": {"json": "/healthz"},
        }
    },
}
