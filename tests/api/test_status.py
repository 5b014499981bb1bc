"""Where every action stands in each year, and what changes from one year to the next."""

import csv
import io
import re
from collections import Counter

import pytest
from openpyxl import load_workbook

from kg.questions import Answer, bound, find_question

YEARS = ["2015/16", "2016/17", "2017/18"]


def asked(client, **given):
    answer = client.get("/status.json", query_string=given)
    assert answer.status_code == 200, answer.text
    return answer.json


def answered(hackney, question, **given):
    return list(Answer.parse(hackney.store.query(bound(find_question(question), hackney.names, given)).body).records())


def refs(page):
    return [one["ref"] for one in page["actions"]]


def counts(page, part):
    return {one["name"]: one["counts"] for one in page[part]}


def changed(page, year, change):
    return {
        action["ref"]
        for action in page["actions"]
        for one in action["years"]
        if one["year"]["name"] == year and change in one["change"]
    }


def test_147_statuses_of_49_actions_are_shown_in_the_order_of_the_plan(client, hackney):
    page = asked(client)
    assert page["total"] == sum(len(action["years"]) for action in page["actions"]) == 147
    assert page["years"] == YEARS
    assert refs(page) == [row["ref"] for row in answered(hackney, "Q02")]
    assert len(page["actions"]) == 49


def test_eighteen_are_to_be_confirmed_and_twelve_do_not_apply(client, source):
    states = counts(asked(client), "states")
    assert sum(states["To be confirmed"]) == 18
    assert states["Not applicable"] == [12, 0, 0]
    cells = re.sub(r"<[^>]+>", "\t", source.read_text("utf-8"))
    assert len(re.findall(r"\bN/A\b", cells)) == 12


def test_the_counts_are_those_of_the_rows(client):
    page = asked(client)
    for index, year in enumerate(YEARS):
        found = Counter(
            state["name"]
            for action in page["actions"]
            for one in action["years"]
            if one["year"]["name"] == year
            for state in one["states"]
        )
        assert {name: shown[index] for name, shown in counts(page, "states").items() if shown[index]} == found


def test_what_is_to_be_confirmed_is_what_the_question_finds(client, hackney):
    per_year = {row["year"]: row["n"] for row in answered(hackney, "Q06")}
    assert counts(asked(client), "states")["To be confirmed"] == [per_year[year] for year in YEARS]


def test_actions_that_start_are_those_of_the_question(client, hackney):
    page = asked(client)
    rows = answered(hackney, "Q17")
    assert {(row["ref"], row["next_year"]) for row in rows} == {
        (ref, year) for year in YEARS for ref in changed(page, year, "starts")
    }
    assert counts(page, "changes")["starts"] == [None, 10, 0]


@pytest.mark.parametrize(("before", "year"), [("2015/16", "2016/17"), ("2016/17", "2017/18")])
def test_actions_that_change_are_those_of_the_question_and_the_others_stay(client, hackney, before, year):
    page = asked(client)
    changing = {row["ref"] for row in answered(hackney, "Q18", year=before)}
    assert changed(page, year, "changes") == changing
    assert changed(page, year, "stays") == set(refs(page)) - changing
    assert changed(page, year, "starts") <= changing


def test_a_status_that_never_moves_has_the_same_words_year_after_year(client, hackney):
    never = {row["ref"] for row in answered(hackney, "Q19")}
    same = {
        action["ref"]
        for action in asked(client)["actions"]
        if all(one["same_words"] is not False for one in action["years"])
        and not all([state["name"] for state in one["states"]] == ["Ongoing"] for one in action["years"])
    }
    assert same == never
    assert never


def test_the_first_year_is_compared_with_nothing(client):
    first = [action["years"][0] for action in asked(client)["actions"]]
    assert all(one["same_words"] is None and set(one["change"]) <= {"tbc"} for one in first)


def test_four_statuses_report_what_was_done_all_of_2015_16(client):
    page = asked(client)
    assert counts(page, "stated_as") == {"Intended": [45, 49, 49], "Reported": [4, 0, 0]}
    reported = {action["ref"] for action in page["actions"] if action["years"][0]["stated_as"]["name"] == "Reported"}
    assert reported == {"2.7", "4.1", "4.3", "4.4"}


def test_a_status_names_what_it_is_delivered_through_and_its_cell(client):
    action = next(one for one in asked(client)["actions"] if one["ref"] == "1.1")
    second = action["years"][1]
    assert [one["name"] for one in second["through"]] == ["Gangs Action Plan", "Youth Justice Plan"]
    assert second["printed"] == "Delivery through Gangs Action Plan and Youth Justice Plan"
    assert second["sources"][0]["label"] == "line 8, 2016-2017"
    assert second["change"] == ["starts", "changes"]


@pytest.mark.parametrize("change", ["starts", "changes", "stays", "tbc"])
def test_a_change_narrows_the_actions_and_not_the_counts(client, change):
    whole, page = asked(client), asked(client, change=change)
    assert refs(page) == [
        one["ref"] for one in whole["actions"] if any(change in year["change"] for year in one["years"])
    ]
    assert 0 < len(page["actions"]) < 49
    assert page["states"] == whole["states"]
    assert page["courses"] == whole["courses"]
    assert page["all_actions"] == 49


def states(action):
    return [{state["name"] for state in year["states"]} for year in action["years"]]


def test_each_course_counts_the_actions_it_shows(client):
    page = asked(client)
    courses = {one["name"]: one["n"] for one in page["courses"]}
    assert courses == {name: len(asked(client, change=name)["actions"]) for name in courses}
    assert courses["changes"] + courses["never"] == 49
    assert courses["starts"] == 10


def test_what_stays_vague_is_told_apart(client):
    whole = {one["ref"]: states(one) for one in asked(client)["actions"]}
    ongoing = refs(asked(client, change="ongoing"))
    assert ongoing == [ref for ref, years in whole.items() if all(one == {"Ongoing"} for one in years)]
    assert "2.1" in ongoing
    still_open = refs(asked(client, change="open"))
    assert still_open == [ref for ref, years in whole.items() if "To be confirmed" in years[-1]]
    assert "6.1" in still_open


def test_over_one_year_nothing_is_said_of_all_years(client):
    page = asked(client, year="2016/17")
    assert [one["name"] for one in page["courses"]] == ["starts", "changes", "tbc"]


def strips(page):
    """The cells of each action's strip: the mark and the short words."""
    found = {}
    for table in re.findall(r'<table class="govuk-table app-table app-glance".*?</table>', page, re.DOTALL):
        for ref, rest in re.findall(r"<b>([\d.]+)</b>(.*?)</tr>", table, re.DOTALL):
            cells = re.findall(r"<td.*?</td>", rest, re.DOTALL)
            found[ref] = [
                (re.findall(r"app-glance__mark--(\w+)", cell), re.findall(r"app-state[^>]*>([^<]+)<", cell))
                for cell in cells
            ]
    return found


def test_a_strip_says_each_year_in_short_words_and_marks_where_it_changes(client):
    found = strips(client.get("/status").text)
    assert len(found) == 49
    assert found["1.1"] == [([], ["N/A"]), (["starts"], ["Elsewhere"]), ([], ["Elsewhere"])]
    assert found["1.2"][1] == (["changes"], ["Elsewhere", "Ongoing"])
    assert found["2.8"] == [([], ["Tbc"])] * 3


def test_strips_say_what_the_data_say(client):
    found = strips(client.get("/status").text)
    for action in asked(client)["actions"]:
        for (marks, words), year in zip(found[action["ref"]], action["years"], strict=True):
            assert len(words) == len(year["states"])
            assert bool(marks) == ("changes" in year["change"])


def test_the_words_stay_below_the_strips_and_stand_open_where_few_are_shown(client):
    page = client.get("/status").text
    assert page.count("<summary>In words: ") == 5
    assert '<details class="app-facet app-legend" open>' not in page
    few = client.get("/status?partner=Integrated+Gangs+Unit").text
    assert '<details class="app-facet app-legend" open>' in few


def test_a_change_in_a_year_is_that_of_the_year_alone(client, hackney):
    page = asked(client, change="changes", year="2017/18")
    assert refs(page) == [row["ref"] for row in answered(hackney, "Q18", year="2016/17")]
    assert page["years"] == ["2017/18"]
    assert {len(action["years"]) for action in page["actions"]} == {1}


def test_the_scope_narrows_to_what_a_partner_leads(client, hackney):
    page = asked(client, partner="MPS")
    assert set(refs(page)) == {row["ref"] for row in answered(hackney, "Q04", partner="MPS")}
    assert page["total"] == 3 * len(page["actions"])


def test_the_table_has_a_row_an_action_and_year(client):
    rows = list(csv.DictReader(io.StringIO(client.get("/status.csv").data.decode("utf-8-sig"))))
    assert len(rows) == 147
    assert [row["year"] for row in rows[:3]] == YEARS
    assert rows[0] | {"states": "Not applicable", "stated_as": "Intended", "printed": "N/A", "ref": "1.1"} == rows[0]
    assert sum("To be confirmed" in row["states"].split("; ") for row in rows) == 18
    # A reference is text: 2.10 is not 2.1.
    assert sum(row["ref"] == "2.10" for row in rows) == 3
    book = load_workbook(io.BytesIO(client.get("/status.xlsx").data))
    assert book.active.max_row == 148


def test_the_page_says_states_in_words_with_years_as_heads_and_the_legend(client):
    page = client.get("/status").text
    assert page.count("<h1") == 1
    # Each priority has its strip, and below it the same in words.
    assert page.count('role="table"') == 2 * 5
    assert all(page.count(f'role="columnheader">{year}</th>') == 2 * 5 for year in YEARS)
    assert page.count("app-code-status-tbc") == 2 * 18 + 2
    for words in ("Delivered elsewhere", "Nothing is planned for this year.", "<b>reported</b>", "starts",
                  "Tbc - Establishing work programmes", "line 8, 2015-2016"):  # fmt: skip
        assert words in page, words


def test_a_year_of_the_scope_is_the_only_column(client):
    page = client.get("/status?partner=Integrated+Gangs+Unit&year=2015/16").text
    assert 'role="columnheader">2015/16</th>' in page
    assert 'role="columnheader">2016/17</th>' not in page


@pytest.mark.parametrize(
    ("query", "status"), [("change=grows", 400), ("change=starts&change=stays", 400), ("year=1066", 404), ("x=1", 400)]
)
def test_what_it_does_not_take_is_refused(client, query, status):
    assert client.get(f"/status?{query}").status_code == status


def test_nothing_fits_is_said(client):
    page = client.get("/status?change=starts&year=2017/18")
    assert page.status_code == 200
    assert "No action fits all of these choices" in page.text


def test_words_behind_a_set_phrase_are_not_cut_off(client):
    # Line 83 goes on behind "Delivery through Partnership Tasking" with what was done.
    assert "588 homes in Leabridge" in client.get("/status", headers={"Accept": "text/html"}).text
