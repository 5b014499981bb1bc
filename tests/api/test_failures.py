"""Failures leave as problem+json for programs and as a page for people, with the same sentence."""

import logging

import pytest
from markupsafe import escape

from kg.errors import NoSnapshot


def test_programs_get_a_problem_document(client):
    answer = client.get("/nowhere")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    sentence = answer.json["detail"]
    assert sentence.startswith("There is nothing at this address")
    assert answer.json == {"type": "about:blank", "title": "Not Found", "status": 404, "detail": sentence}


def test_browsers_get_a_page_with_the_same_sentence(client):
    answer = client.get("/nowhere", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert escape(client.get("/nowhere").json["detail"]) in answer.text


@pytest.mark.parametrize("address", ["/nowhere", "/sparql?query=a&query=b"])
def test_failures_are_not_cached_and_vary_by_accept(client, address):
    answer = client.get(address)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Accept" in answer.headers["Vary"]


def test_our_errors_carry_their_own_status(client, store):
    store.failure = NoSnapshot("Nothing is built.")
    answer = client.get("/")
    assert (answer.status_code, answer.json["detail"]) == (503, "Nothing is built.")
    assert answer.headers["Retry-After"]


def test_a_fault_of_ours_is_logged_and_told_without_its_insides(client, store, caplog):
    store.failure = RuntimeError("secret insides")
    with caplog.at_level(logging.ERROR):
        answer = client.get("/")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "secret insides" in caplog.text
