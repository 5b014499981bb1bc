"""What stands around every page: addresses that carry the scope."""

import json

import pytest

from api.layout import BUILT, at, thing_url

BASE = "https://w3id.org/plangraph/id/"
ACTION = "hackney/plan/community-safety-plan-2015-18/action/2.10"


@pytest.mark.parametrize("address", ["/", "/actions?partner=MPS&year=2016/17", "/?plan=A%26B+%3Cx%3E"])
def test_a_thing_has_the_address_the_routes_give_it_with_the_scope(client, address):
    with client.application.test_request_context(address):
        assert thing_url(f"{BASE}{ACTION}") == at("things.thing", path=ACTION)


def test_what_is_none_of_ours_keeps_its_address_where_a_browser_may_follow_it(client):
    with client.application.test_request_context("/"):
        assert thing_url("https://example.org/x") == "https://example.org/x"
        assert thing_url("javascript:alert(1)") == ""


def test_every_file_that_is_served_is_named_by_a_page_or_the_manifest():
    static = BUILT.parent
    named = "".join(
        path.read_text("utf-8") for folder, ending in (("templates", "*.html"), (".", "*.py"))
        for path in (static.parent / folder).glob(ending)
    )  # fmt: skip
    built = set(json.loads((BUILT / "manifest.json").read_text("utf-8")).values()) | {"manifest.json"}
    files = [path for path in static.rglob("*") if path.is_file()]
    assert len(files) > 3
    assert [path.name for path in files if path.name not in (built if path.parent == BUILT else named)] == []
