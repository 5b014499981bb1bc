"""`/updates`: what was said of the tiny plan in three returned workbooks, and what is shown where nothing was."""

import pytest

from api import create_app
from api.current import CurrentStore


def test_nothing_said_yet_says_what_to_type(client):
    page = client.get("/updates")
    assert page.status_code == 200
    assert "Nothing has been said yet" in page.text
    assert "plangraph update --partner" in page.text


@pytest.fixture
def tiny_client(tiny):
    """The pages over the tiny plan."""
    store = CurrentStore(lambda: tiny.snapshot, lambda _snapshot: tiny.store)
    return create_app(tiny.settings, store, tiny.store).test_client()


def told(client, address="/updates"):
    return client.get(f"{address}", headers={"Accept": "application/json"}).get_json()


def test_who_has_answered_and_who_has_not(tiny_client):
    partners = {one["partner"]["name"]: one for one in told(tiny_client)["partners"]}
    police = partners["Westmere Constabulary"]
    assert [one["name"] for one in police["answered"]] == ["1.1", "1.4", "1.6"]
    assert [one["name"] for one in police["open"]] == ["1.2", "1.9", "2.1"]
    assert police["last"] == "2024-09-30"
    assert partners["Tinford Homes"]["answered"] == []
    assert "All Agencies" not in partners


def test_what_moved_stands_before_and_now(tiny_client):
    moved = {one["now"]["ref"]: (one["before"]["words"], one["now"]["words"]) for one in told(tiny_client)["moved"]}
    assert moved == {
        "1.1": ("Ongoing. RAG green. The club meets each week.", "No change"),
        "1.4": ("Not started. RAG red. The plan is still in draft.", "Ongoing. RAG amber. Four visits are made."),
        "1.6": ("RAG amber. No list of blocks yet.", "RAG red. Two landlords said no."),
    }


def test_two_leads_who_differ_stand_side_by_side(tiny_client):
    (one,) = told(tiny_client)["conflicts"]
    assert one["ref"] == "1.6"
    assert {each["said_by"]["name"]: each["rag"]["name"] for each in one["said"]} == {
        "Westmere Constabulary": "Red", "Harbour Trust": "Green",
    }  # fmt: skip


def test_the_day_is_that_of_the_newest_statement_until_one_is_given(tiny_client):
    assert told(tiny_client)["on"] == "2024-09-30"
    assert told(tiny_client, "/updates?on=2024-01-31")["on"] == "2024-01-31"
    refused = tiny_client.get("/updates?on=soon")
    assert refused.status_code == 400
    assert "is no day" in refused.text


def test_the_scope_narrows_the_round(tiny_client):
    assert {one["ref"] for one in told(tiny_client, "/updates?partner=Harbour+Trust")["said"]} == {"1.6"}
    assert told(tiny_client, "/updates?year=2023/24")["total"] == 0


def test_the_action_page_shows_what_was_said_the_newest_first(tiny_client):
    said = told(tiny_client, "/tinford/plan/safety-plan-2023-25/action/1.6")["updates"]
    assert [one["nth"] for one in said] == [3, 2, 1]


def test_the_page_of_a_partner_shows_what_it_was_asked_and_what_it_said(tiny_client):
    body = told(tiny_client, "/tinford/org/westmere-constabulary")
    assert [one["name"] for one in body["asked"]["answered"]] == ["1.1", "1.4", "1.6"]
    assert [one["name"] for one in body["asked"]["open"]] == ["1.2", "1.9", "2.1"]
    assert [(one["ref"], one["date"]) for one in body["updates"]][:1] == [("1.1", "2024-09-30")]
    assert {one["said_by"]["name"] for one in body["updates"]} == {"Westmere Constabulary"}
    page = tiny_client.get("/tinford/org/westmere-constabulary").text
    assert "It has answered for 3 of 6 actions, last on 2024-09-30." in page
    assert "Two landlords said no." in page


def test_the_page_of_a_partner_that_has_said_nothing_says_so(tiny_client):
    body = told(tiny_client, "/tinford/org/tinford-homes")
    assert (body["asked"]["answered"], body["updates"]) == ([], [])
    assert "It has said nothing yet" in tiny_client.get("/tinford/org/tinford-homes").text


def test_the_table_has_a_row_a_statement_with_its_cell(tiny_client):
    rows = tiny_client.get("/updates.csv").text.splitlines()
    assert len(rows) == 8
    assert "constabulary-2024-09.xlsx" in rows[2]
    assert tiny_client.get("/updates.xlsx").status_code == 200


# --- deadlines, which only the plan of Marlow Vale has -------------------------------------------------------------


def late(client, on: str) -> list[tuple[str, str, str]]:
    page = told(client, f"/updates?borough=marlow-vale&on={on}")
    return [(one["ref"], one["words"], one["due"]) for one in page["overdue"]]


def test_a_deadline_is_overdue_after_its_day_and_after_the_end_of_its_month_or_quarter(pages):
    assert late(pages, "2024-03-31") == []
    assert late(pages, "2024-04-01") == [("1.1", "March 2024", "2024-03-31")]
    assert [ref for ref, _, _ in late(pages, "2024-06-30")] == ["1.1"]
    assert late(pages, "2024-07-31")[1:] == [
        ("1.4", "2024/25 Q1", "2024-06-30"), ("2.1", "June 2024", "2024-06-30"),
    ]  # fmt: skip
    assert [ref for ref, _, _ in late(pages, "2030-01-01")] == ["1.1", "1.4", "2.1", "1.3", "2.7", "2.4"]


def test_a_rhythm_and_an_ongoing_action_are_never_overdue_and_without_a_day_none_is(pages):
    refs = {ref for ref, _, _ in late(pages, "2099-12-31")}
    assert not refs & {"1.2", "1.6", "2.2", "2.5", "2.6"}
    page = told(pages, "/updates?borough=marlow-vale")
    assert (page["on"], page["overdue"], page["deadlines"]) == (None, [], 11)


def test_an_action_shows_its_deadline_and_the_post_that_answers(pages):
    page = told(pages, "/marlow-vale/plan/safer-vale-plan-2023-25/action/1.1")
    assert [one["words"] for one in page["deadlines"]] == ["March 2024"]
    assert [(one["post"], one["partner"]["name"]) for one in page["posts"]] == [
        ("Youth Service Manager", "Youth Service")
    ]
