"""What must be decided: every gap by severity, kind, partner, priority and year; counts that add up."""

import csv
import io
from collections import Counter

import pytest
from openpyxl import load_workbook

from kg.questions import Answer, bound, find_question


def asked(client, **given):
    answer = client.get("/gaps.json", query_string=given)
    assert answer.status_code == 200, answer.text
    return answer.json


def facet(page, name):
    return {one["name"]: one["count"] for part in page["facets"] if part["name"] == name for one in part["choices"]}


def kinds(page):
    return {kind["name"]: kind for severity in page["severities"] for kind in severity["kinds"]}


def test_the_counts_of_kinds_add_up_to_severities_and_to_all(client):
    page = asked(client)
    assert len(page["gaps"]) == page["total"] == sum(one["n"] for one in page["severities"])
    for severity in page["severities"]:
        assert severity["n"] == sum(kind["n"] for kind in severity["kinds"])
        assert severity["n"] == sum(gap["severity"] == severity["title"] for gap in page["gaps"])
    assert {kind["title"]: kind["n"] for kind in kinds(page).values() if kind["n"]} == Counter(
        gap["kind"] for gap in page["gaps"]
    )


def test_every_choice_shows_as_many_as_it_counts(client):
    page = asked(client)
    for name in ("partner", "priority", "year"):
        (choices,) = (part["choices"] for part in page["facets"] if part["name"] == name)
        for choice in choices[:6]:
            value = choice["iri"] if name == "priority" else choice["name"]
            assert len(asked(client, **{name: value})["gaps"]) == choice["count"], choice


@pytest.mark.parametrize("given", [{"kind": "dead-link"}, {"severity": "decision"}, {"kind": "status-tbc"}])
def test_a_kind_or_severity_narrows_the_gaps_and_not_the_table_of_kinds(client, given):
    whole, page = asked(client), asked(client, **given)
    assert page["severities"] == whole["severities"]
    (name, value), = given.items()  # fmt: skip
    counts = {**{n: kind["n"] for n, kind in kinds(page).items()}, **{s["name"]: s["n"] for s in page["severities"]}}
    assert 0 < len(page["gaps"]) == counts[value] < page["total"], name


def test_priorities_add_up_with_what_belongs_to_none(client):
    page = asked(client)
    strategic = [n for name, n in facet(page, "priority").items() if "/" not in name.split(" ")[0]]
    without = sum(gap["priority"] is None for gap in page["gaps"])
    assert sum(strategic) + without == page["total"]


def test_years_are_those_dated_and_what_has_none(client):
    page = asked(client)
    undated = sum(gap["year"] is None for gap in page["gaps"])
    dated = Counter(gap["year"] for gap in page["gaps"] if gap["year"])
    assert facet(page, "year") == {year: n + undated for year, n in dated.items()}


@pytest.mark.parametrize(
    "given", [{}, {"partner": "Safer Communities"}, {"year": "2016/17"}, {"partner": "LBH Housing", "year": "2015/16"}]
)
def test_the_agenda_is_whole_whatever_the_scope(client, hackney, given):
    query = bound(find_question("D05"), hackney.names, given)
    agenda = Counter(
        (row["ref_iri"], row["year"], row["source"], row["owner"])
        for row in Answer.parse(hackney.store.query(query).body).records()
    )
    told = Counter(
        (one["about"]["iri"], one["year"], one["source"], one["owner"].split(", led by")[0])
        for one in asked(client, **given)["gaps"]
    )
    assert agenda
    assert not agenda - told


def test_a_priority_holds_its_delivery_priorities(client):
    whole = asked(client, priority="4")
    parts = [asked(client, priority=f"4/{n}") for n in (1, 2, 3)]
    own = sum(gap["delivery_priority"] is None for gap in whole["gaps"])
    assert len(whole["gaps"]) == own + sum(len(part["gaps"]) for part in parts)


def test_the_table_has_a_row_a_gap_and_the_workbook_says_what_the_kinds_mean(client):
    rows = list(csv.DictReader(io.StringIO(client.get("/gaps.csv").data.decode("utf-8-sig"))))
    page = asked(client)
    assert len(rows) == page["total"]
    assert Counter(row["Severity"] for row in rows) == {one["title"]: one["n"] for one in page["severities"]}
    tbc = next(row for row in rows if row["Kind"] == "Year to be confirmed")
    assert tbc["Source"].startswith("line ")
    book = load_workbook(io.BytesIO(client.get("/gaps.xlsx?severity=tidy").data))
    assert book.sheetnames == ["Gaps", "Numbers", "Kinds"]
    assert [row[1].value for row in book["Numbers"].iter_rows(min_row=3)] == [
        book["Gaps"].max_row - 1, asked(client, severity="tidy")["places"],
    ]  # fmt: skip
    assert book["Kinds"].max_row == len(kinds(page)) + 1


def test_the_page_counts_links_and_cites(client):
    page = client.get("/gaps").text
    assert page.count("<h1") == 1
    for words in (
        "Blocks a judgement", "Until it is settled", "kind=status-tbc", "no lead named: delivery priority 1/2",
        "There is no strategic priority 5.", "line 118, lead-partners", "questions/dead-links",
    ):  # fmt: skip
        assert words in page, words
    assert "<details" in page
    assert " open>" not in page.split("app-gaps--blocks")[1].split("</section>")[0]


def test_what_needs_a_decision_is_said_first_and_points_and_places_are_both_counted(client):
    page = asked(client)
    decided = [gap for gap in page["gaps"] if gap["severity"] == "Needs an owner's decision"]
    places = {(gap["about"]["iri"], gap["source"]) for gap in page["gaps"]}
    assert (page["to_decide"], page["places"]) == (len(decided), len(places))
    text = client.get("/gaps").text
    assert text.index(f"{len(decided)} need an owner") < text.index(f"{page['total']} points")
    assert f"{len(places)} distinct places" in text


def test_a_sheet_of_a_partner_names_who_leads_where_no_lead_is_named(client):
    rows = list(csv.DictReader(io.StringIO(client.get("/gaps.csv?partner=LBH+Licensing").data.decode("utf-8-sig"))))
    unled = [row["Who should act"] for row in rows if row["Reference"] == "2/1"]
    assert unled
    assert all("delivery priority 2/1, led by " in words and "LBH Licensing" in words for words in unled)


def test_a_kind_that_is_chosen_stands_open_and_can_be_taken_out(client):
    page = client.get("/gaps?kind=text-stops&priority=6").text
    assert '<details class="app-facet" id="text-stops" open>' in page
    assert "Kind: Text that stops" in page
    assert "Reduce the" in page
    assert "Choices made" in page


def test_nothing_fits_is_said(client):
    page = client.get("/gaps?kind=numbering&partner=MPS")
    assert page.status_code == 200
    assert "Nothing fits all of these choices" in page.text


@pytest.mark.parametrize(
    ("query", "status"),
    [("kind=lost", 400), ("severity=awful", 400), ("priority=99", 404), ("partner=Nobody+at+all", 404), ("x=1", 400)],
)
def test_what_it_does_not_take_is_refused(client, query, status):
    assert client.get(f"/gaps?{query}").status_code == status


@pytest.mark.parametrize(("old", "new"), [
    ("/decide", "/gaps"), ("/decide?partner=MPS&year=2016/17", "/gaps?partner=MPS&year=2016/17"),
    ("/decide.csv?partner=MPS", "/gaps.csv?partner=MPS"),
])  # fmt: skip
def test_the_page_this_was_leads_here_for_good_with_its_choices(client, old, new):
    answer = client.get(old)
    assert answer.status_code == 308
    assert answer.headers["Location"] == new
    assert client.get(old, follow_redirects=True).status_code == 200


def test_a_snapshot_is_searched_once_whatever_the_choices(client, store):
    client.get("/gaps.json")
    store.asked.clear()
    assert client.get("/gaps.json?severity=blocks").status_code == 200
    assert not store.asked
