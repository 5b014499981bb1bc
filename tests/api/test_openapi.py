"""The description of the API: it names every address, its examples run, and what the server answers is what it says."""

import re
from dataclasses import asdict
from urllib.parse import urlencode

import pytest
import schemathesis
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounded
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from api.openapi import Operation, description
from kg.questions import load_questions

DESCRIPTION = asdict(description())
EVERY = [one for operations in description().operations.values() for one in operations]
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
# Addresses that no program asks by the description, and why.
LEFT_OUT = {
    "/static/{filename}": "style sheets, scripts and the icon, whose names only the pages know",
    "/questions/{name}": "each question is described at an address of its own",
    "/decide": "where /gaps used to be: it leads there",
    "/codes.css": "the colours of the codes, for the pages",
    "/query": "a form for people; programs ask /sparql",
    "/downloads/{name}": "files, listed with their addresses and checksums by /downloads.json",
    "/.well-known/void": "a redirection that the VoID standard asks for",
}


@pytest.fixture
def client(app):
    return app.test_client()


def test_the_description_is_the_same_in_the_file_and_on_the_page(client):
    assert client.get("/openapi.json").json == DESCRIPTION
    page = BeautifulSoup(client.get("/openapi", headers={"Accept": "text/html"}).data, "lxml")
    text = page.select_one("main").get_text(" ")
    links = {link["href"] for link in page.select("main a")}
    ids = {element["id"] for element in page.select("[id]")}
    for one in EVERY:
        assert one.path in text
        assert one.described["description"] in text
        for parameter in one.described.get("parameters", ()):
            assert parameter["description"] in text
        for address in one.described["x-examples"].values():
            assert address in links
    assert {f"schema-{name}" for name in DESCRIPTION["components"]["schemas"]} <= ids
    assert {link[1:] for link in links if link.startswith("#")} <= ids


def test_operations_have_names_of_their_own_and_a_door():
    names = [one.described["operationId"] for one in EVERY]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"\w+", name) for name in names)
    doors = [tag["name"] for tag in DESCRIPTION["tags"]]
    assert {one.described["tags"][0] for one in EVERY} <= set(doors)


def test_every_question_is_described_with_its_parameters_and_columns():
    for question in load_questions().values():
        described = DESCRIPTION["paths"][f"/questions/{question.name}.{{form}}"]["get"]
        named = [parameter["name"] for parameter in described["parameters"]]
        assert set(named) >= {parameter.name for parameter in question.parameters}
        row = described["responses"]["200"]["content"]["application/json"]["schema"]["allOf"][1]["properties"]["rows"]
        assert row["items"]["properties"] == {
            column.name: {"description": column.meaning} for column in question.columns
        }


def test_every_route_is_described_or_left_out_for_a_reason(app):
    described = {path.removesuffix(".{form}") for path in DESCRIPTION["paths"]} | {"/"}
    routes = set()
    for rule in app.url_map.iter_rules():
        stem = re.sub(r"\.?<any\([^)]*\):\w+>$", "", rule.rule)
        routes.add(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", stem))
    assert routes - described - {"/index"} - set(LEFT_OUT) == set()


@pytest.mark.parametrize("one", EVERY, ids=lambda one: f"{one.method} {one.path}")
def test_every_example_runs(client, one: Operation):
    for form, address in one.described["x-examples"].items():
        answer = client.get(
            address, follow_redirects=True, headers={"Accept": "text/html" if form == "html" else "*/*"}
        )
        assert answer.status_code == 200, address


PAGES = [one for one in EVERY if one.path.endswith(".{form}") and not one.path.startswith("/questions/")]


# A pair of partners is asked for by both of them.
TOGETHER = {"a": "b", "b": "a", "old": ("new",), "new": ("old",)}


# The questions' parameters are tried in tests/questions.
@pytest.mark.parametrize("one", PAGES, ids=lambda one: one.path)
def test_the_example_of_every_parameter_works(client, pages, one: Operation):
    # One plan alone cannot be compared.
    client = pages if one.path.startswith("/compare/") else client
    asked = [parameter for parameter in one.described["parameters"] if parameter["in"] == "query"]
    least = {each["name"]: each["example"] for each in asked if each.get("required")}
    address = one.described["x-examples"]["json"].partition("?")[0]
    examples = {each["name"]: each["example"] for each in asked}
    for name, example in examples.items():
        beside = {other: examples[other] for other in TOGETHER.get(name, ())}
        query = urlencode({**least, **beside, name: example}, doseq=True)
        answer = client.get(f"{address}?{query}")
        assert answer.status_code == 200, f"{address}?{query}: {answer.get_data(as_text=True)}"


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_the_example_is_answered_as_described(app, operation):
    said = [parameter for parameter in operation.definition.raw.get("parameters", ()) if "example" in parameter]

    def given_in(where: str) -> dict[str, str]:
        needed = (each for each in said if each["in"] == where and (each.get("required") or each["name"] == "query"))
        return {each["name"]: each["example"] for each in needed}

    media = {"media_type": "application/x-www-form-urlencoded", "body": {"query": "ASK {}"}}
    case = operation.Case(
        path_parameters=given_in("path"), query=given_in("query"), **(media if operation.method == "post" else {})
    )
    _answered_as_described(app, case)


# What takes nothing, or anything, cannot be asked wrongly.
NEVER_WRONG = ("/healthz", "/id/{path}")
ASKED = [
    pytest.param(operation, mode, id=f"{operation.label} {mode.name.lower()}")
    for operation in OPERATIONS
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or operation.path not in NEVER_WRONG
]


@pytest.mark.parametrize(("operation", "mode"), ASKED)
def test_whatever_is_asked_is_answered_as_described(app, operation, mode):
    @bounded(
        max_examples=3,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode))
    def run(case):
        _answered_as_described(app, case)

    run()


def _answered_as_described(app, case) -> None:
    # Compressed bytes are no JSON to whoever checks them.
    response = case.call(app=app, headers={"Accept-Encoding": "identity"})
    case.validate_response(response, checks=CHECKS)
