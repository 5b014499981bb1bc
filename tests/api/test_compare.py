"""`/compare/versions` and `/compare/plans` over every example: checked by hand, and against the tables themselves."""

import csv
import io

import pytest

from tests.conftest import TINY_PLAN

TINFORD = "Tinford Safety Plan 2023-25 (synthetic example)"
MARLOW = "Marlow Vale Safer Vale Plan 2023-25 (synthetic example)"
VALE = TINY_PLAN.parent.parent / "marlow-vale" / "safer-vale-plan-2023-25"


@pytest.fixture(scope="module")
def beside(pages) -> dict:
    answer = pages.get("/compare/plans.json", query_string={"a": TINFORD, "b": MARLOW})
    assert answer.status_code == 200, answer.text
    return answer.json


def cells(beside: dict, part: str, name: str) -> list:
    (line,) = [line for line in beside[part] if line["name"] == name]
    return [(cell["n"], [one["ref"] for one in cell["actions"]]) for cell in line["cells"]]


# --- two versions ------------------------------------------------------------------------------------------------


def test_without_a_choice_the_version_that_revises_another_is_compared_with_it(pages):
    told = pages.get("/compare/versions.json").json
    assert (told["old"]["path"], told["new"]["path"]) == (
        "tinford/safety-plan-2023-25/4c987dc4",
        "tinford/safety-plan-2023-25/2024-06",
    )
    assert told["dropped"] == ["1.7"]
    assert told["moved"] == [
        {"old": "4.2", "new": "2.4", "from": "4/2 Cycle theft", "to": "2/2 Planning for the evening"}
    ]
    assert told["renumbered"][0] == ["1.3", "1.2"]
    assert told["tbc_new"] == [["1.9", "1.8", "2024/25"]]


def test_a_changed_action_is_a_link_where_its_version_counts_and_none_where_it_was_superseded(pages):
    told = pages.get("/compare/versions.json").json
    moved = next(one for one in told["changes"] if one["kind"] == "moved")
    assert moved["new_iri"].endswith("/id/tinford/plan/safety-plan-2023-25/action/2.4")
    assert moved["old_iri"] is None


def test_the_page_marks_words_by_more_than_colour(pages):
    text = pages.get("/compare/versions").text
    assert "[gone: </span>ten<" in text
    assert "[new: </span>fifteen<" in text


def test_every_form_of_what_changed_is_there(pages):
    rows = list(csv.DictReader(io.StringIO(pages.get("/compare/versions.csv").text.lstrip("\ufeff"))))
    assert [row["old"] for row in rows if row["change"] == "Dropped"] == ["1.7"]
    assert pages.get("/compare/versions.xlsx").status_code == 200


@pytest.mark.parametrize("path", ["/etc", str(TINY_PLAN), "../../data/examples/tinford/safety-plan-2023-25", "<img>"])
def test_a_path_of_the_disk_is_no_version(pages, path):
    answer = pages.get("/compare/versions.json", query_string={"old": path, "new": path})
    assert answer.status_code == 404
    assert "No version held is called" in answer.json["detail"]


def test_one_of_the_two_alone_is_refused_with_what_is_missing(pages):
    answer = pages.get("/compare/versions.json?old=tinford/safety-plan-2023-25")
    assert answer.status_code == 400
    assert "new is missing" in answer.json["detail"]


def test_with_one_version_held_the_page_says_that_there_is_nothing_to_compare(client):
    told = client.get("/compare/versions.json").json
    assert (told["old"], told["kept"]) == (None, 0)
    assert "Only one version is held" in client.get("/compare/versions", headers={"Accept": "text/html"}).text


# --- two plans ---------------------------------------------------------------------------------------------------


def test_shares_of_two_plans_are_those_counted_by_hand_in_both_documents(beside):
    assert [(side["name"], side["actions"]) for side in beside["plans"]] == [(TINFORD, 17), (MARLOW, 13)]
    assert cells(beside, "shares", "Joint actions")[1] == (5, ["1.1", "1.5", "2.1", "2.4", "2.6"])
    assert cells(beside, "shares", "To be confirmed") == [(3, ["1.2", "1.8", "4.2"]), (3, ["1.3", "1.5", "2.3"])]
    assert cells(beside, "shares", "Measured")[0] == (5, ["1.3", "1.6", "1.11", "2.1", "2.2"])


def test_two_boroughs_meet_on_the_role_and_not_on_the_name(beside):
    (line,) = [line for line in beside["roles"] if line["name"] == "Housing"]
    assert line["note"] == "Tinford Homes, Vale Homes"
    assert cells(beside, "roles", "Housing") == [(1, ["1.6"]), (2, ["2.4", "2.5"])]
    assert cells(beside, "roles", "Support of victims")[0] == (0, [])


def test_what_a_plan_does_not_state_is_not_zero(beside):
    # The tiny plan names no theme at all; the neighbour does.
    themes = {line["name"]: [cell["n"] for cell in line["cells"]] for line in beside["themes"]}
    assert themes["Burglary"] == [None, 2]


def test_indicators_are_listed_with_their_figures(beside):
    figures = {(one["plan"], one["name"]): (one["targets"], one["actuals"]) for one in beside["indicators"]}
    assert figures[MARLOW, "Reduction in the number of knife injuries (under 25)."] == (2, 1)
    assert figures[TINFORD, "Reduction in the number of street robberies."] == (3, 1)
    assert figures[TINFORD, "Assaults"] == (0, 0)


def test_actions_with_a_counterpart_are_left_out_and_the_others_name_the_nearest(beside):
    alone = {(one["plan"], one["action"]["ref"]): one for one in beside["alone"]}
    # Both plans train door staff.
    assert (MARLOW, "2.1") not in alone
    assert (MARLOW, "2.5") in alone
    assert all(one["score"] is None or one["score"] < beside["counterpart"] for one in alone.values())


def test_every_figure_is_as_long_as_the_list_behind_it(beside):
    for part in ("shares", "roles", "themes", "groups"):
        for line in beside[part]:
            for cell in line["cells"]:
                assert cell["n"] in (None, len(cell["actions"]))


def test_the_leads_of_the_neighbour_are_those_of_its_table(beside):
    with (VALE / "leads.csv").open(encoding="utf-8") as file:
        police = [row["element"].split("/")[1] for row in csv.DictReader(file) if row["partner"] == "Vale Police"]
    assert cells(beside, "roles", "Policing")[1][1] == police


def test_three_plans_stand_side_by_side_and_every_form_is_there(pages):
    given = {"a": TINFORD, "b": MARLOW, "c": "Hackney Community Safety Plan 2015-18"}
    assert len(pages.get("/compare/plans.json", query_string=given).json["plans"]) == 3
    for form in ("html", "csv", "xlsx"):
        assert pages.get(f"/compare/plans.{form}", query_string=given).status_code == 200


def test_one_plan_alone_is_told_that_there_is_nothing_beside_it(client):
    assert "Only one plan is held" in client.get("/compare/plans", headers={"Accept": "text/html"}).text
