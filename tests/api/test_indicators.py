"""Targets beside actual figures, priorities without a number, and the measures of actions."""

import csv
import io
import re

import pytest
from openpyxl import load_workbook

from kg.questions import Answer, bound, find_question

GUN, KNIFE = "Reduction in the number of gun discharges.", "knife injury victims"


def asked(client, **given):
    answer = client.get("/indicators.json", query_string=given)
    assert answer.status_code == 200, answer.text
    return answer.json


def indicators(page):
    return [one for priority in page["priorities"] for one in priority["indicators"]]


def readings(page):
    return [(one, reading) for one in indicators(page) for reading in one["readings"]]


def answered(hackney, question, **given):
    return list(Answer.parse(hackney.store.query(bound(find_question(question), hackney.names, given)).body).records())


def table(client, **given):
    text = client.get("/indicators.csv", query_string=given).data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_seven_indicators_are_owned_and_three_of_them_are_to_be_confirmed(client):
    owned = indicators(asked(client))
    assert len(owned) == 7
    tbc = {one["label"] for one in owned if [state["name"] for state in one["states"]] == ["To be confirmed"]}
    assert tbc == {"Crime", "ASB", "Commercial Noise (NTE)"}
    assert all(not one["readings"] for one in owned if one["label"] in tbc)


def test_nine_readings_have_a_target_four_an_actual_and_four_are_to_be_confirmed(client):
    found = [reading for _, reading in readings(asked(client))]
    assert sum(one["target"] is not None for one in found) == 9
    assert sum(one["actual"] is not None for one in found) == 4
    later = [one for one in found if one["states"]]
    assert [one["year"]["name"] for one in later] == ["2017/18"] * 4
    assert all(one["target"] is None and one["actual"] is None and one["verdict"] is None for one in later)


def test_three_of_four_targets_were_missed_and_the_one_met_has_no_stated_unit(client):
    verdicts = {
        one["label"]: reading["verdict"] for one, reading in readings(asked(client)) if reading["actual"] is not None
    }
    assert sorted(verdicts.values()) == ["met", "missed", "missed", "missed"]
    assert verdicts["Sanction Detections Serious Youth Violence."] == "met"


def test_gun_discharges_were_to_rise_by_73_and_by_the_footnote_to_fall_by_20_against_2012_13(client):
    gun = next(one for one in indicators(asked(client)) if one["label"] == GUN)
    twice = {
        reading["base_year"]["name"]: (reading["target"], reading["actual"], reading["certainty"])
        for reading in gun["readings"]
        if reading["year"]["name"] == "2015/16"
    }
    assert twice == {"2014/15": (73, 93, "Stated"), "2012/13": (-20, None, "Inferred")}


def test_the_figures_are_those_the_document_prints(client, source):
    cell = re.sub(r"<[^>]+>|\s+", " ", source.read_text("utf-8").splitlines()[7])
    printed = [reading["printed"] for _, reading in readings(asked(client)) if reading["target"] is not None]
    assert len(printed) == 9
    assert all(re.sub(r"\s+", " ", words) in re.sub(r"\s+", " ", cell) for words in printed)


def test_which_way_is_good_is_said_in_words(client):
    better = {one["label"]: one["better"] for one in indicators(asked(client))}
    assert better[GUN] == "lower"
    assert better["Sanction Detections Serious Youth Violence."] == "higher"
    assert better["Crime"] is None


def test_the_verdicts_are_those_of_the_question(client, hackney):
    asked_by_name = {
        (row["indicator_iri"], row["year"], row["base_year"]): row["verdict"] for row in answered(hackney, "Q20")
    }
    shown = {
        (one["iri"], reading["year"]["name"], reading["base_year"] and reading["base_year"]["name"]): reading["verdict"]
        for one, reading in readings(asked(client))
        if reading["verdict"]
    }
    assert shown == asked_by_name


@pytest.mark.parametrize(
    ("kind", "refs"),
    [
        ("with figures", ["1/1"]),
        ("named, figures to be confirmed", ["2/1"]),
        ("to be confirmed", ["1/2", "1/3", "3/2", "4/1", "4/2", "4/3"]),
        ("defined elsewhere", ["2/2", "6/1"]),
        ("none stated", ["3/1"]),
    ],
)
def test_every_delivery_priority_has_its_kind(client, kind, refs):
    assert [one["ref"] for one in asked(client)["priorities"] if one["kind"] == kind] == refs


def test_indicators_stated_elsewhere_say_where_and_in_which_words(client):
    shares = {one["ref"]: one["shares"] for one in asked(client)["priorities"] if one["kind"] == "defined elsewhere"}
    assert shares["6/1"][0]["target"]["name"] == "Health KPIs"
    assert shares["2/2"][0]["target"]["iri"].endswith("/sp/2/dp/1")
    assert shares["2/2"][0]["sources"][0]["label"] == "line 52, delivery-priority"


def _said(measure):
    leads, measured_by = (", ".join(one["name"] for one in measure[part]) for part in ("leads", "measured_by"))
    return measure["iri"], measure["method"]["name"], leads, measured_by or None


def test_measures_of_actions_are_counted_apart(client, hackney):
    page = asked(client)
    measures = page["measures"]
    assert len({one["action"]["iri"] for one in measures}) == 19
    rows = [row for row in answered(hackney, "D09") if row["kind"] == "measure of an action"]
    assert [_said(one) for one in measures] == [
        (row["measure_iri"], row["method"], row["leads"], row["measured_by"]) for row in rows
    ]
    assert all(row["figures"] == "none" for row in rows)
    assert not any(one["targets"] or one["actuals"] for one in measures)
    for part, question in (("unmeasured", "Q23"), ("only_evaluated", "Q24")):
        assert [one["iri"] for one in page[part]] == [row["ref_iri"] for row in answered(hackney, question)]
    assert len(page["unmeasured"]) + 19 == 49


def test_a_measure_names_its_leads_and_the_body_it_is_measured_by(client):
    cases = next(one for one in asked(client)["measures"] if one["label"].startswith("Cases taken through LOEG"))
    assert cases["action"]["name"].startswith("2.6 ")
    assert [lead["name"] for lead in cases["leads"]] == ["Noise Pollution", "ASB Team"]
    assert [one["name"] for one in cases["measured_by"]] == ["Licensing Operational Enforcement Group"]


def test_a_year_narrows_the_figures_and_nothing_else(client):
    page = asked(client, year="2016/17")
    assert {reading["year"]["name"] for _, reading in readings(page)} == {"2016/17"}
    assert sum(reading["target"] is not None for _, reading in readings(page)) == 4
    assert len(page["priorities"]) == 11
    assert len(page["measures"]) == 32


def test_a_partner_narrows_to_the_priorities_where_it_leads_something(client, hackney):
    page = asked(client, partner="Hackney Housing")
    led = answered(hackney, "D09", partner="Hackney Housing")
    assert {one["iri"] for one in page["measures"]} == {
        row["measure_iri"] for row in led if row["kind"] == "measure of an action"
    }
    assert {one["iri"] for one in indicators(page)} == {
        row["measure_iri"] for row in led if row["kind"] == "overarching indicator"
    }
    assert [one["iri"] for one in page["unmeasured"]] == [
        row["ref_iri"] for row in answered(hackney, "Q23", partner="Hackney Housing")
    ]


def test_the_table_has_a_row_a_reading_and_says_why_others_have_none(client):
    rows = table(client)
    assert len([row for row in rows if row["year"] != "not stated"]) == 13
    without = [row for row in rows if row["year"] == "not stated"]
    assert sorted(row["priority"] for row in without) == sorted(
        ["1/2", "1/3", "2/1", "2/1", "2/1", "2/2", "3/1", "3/2", "4/1", "4/2", "4/3", "6/1"]
    )
    assert {row[figure] for row in without for figure in ("target", "actual")} == {"not stated"}
    assert {row["target"] for row in rows if KNIFE in row["indicator"]} == {"-44", "-27", "not stated"}


def test_figures_are_numbers_in_the_workbook(client):
    book = load_workbook(io.BytesIO(client.get("/indicators.xlsx").data))
    heads, *rows = book.active.iter_rows(values_only=True)
    targets = [row[heads.index("target")] for row in rows]
    assert sorted(target for target in targets if isinstance(target, int)) == [-44, -27, -20, -14, -12, -11, 10, 20, 73]


def test_the_page_shows_figures_with_their_sign_the_words_as_printed_and_the_cell(client):
    page = client.get("/indicators").text
    assert page.count("<h1") == 1
    for words in ("+73%", "-20%", "15/16 Target +73%* Actual +93%", "lower is better, by our reading", "2012/13",
                  "met (unit not stated)", "no actual yet", "Health KPIs", "line 8, delivery-priority"):  # fmt: skip
        assert words in page, words
    # A target that is to be confirmed is never shown as a figure.
    assert not re.search(r"<td[^>]*app-nowrap[^>]*>\s*0%?\s*</td>", page)


def scorecard(page):
    return {one["name"]: one["judged"] for one in page["scorecard"]}


def test_the_scorecard_judges_every_reading_and_every_indicator_without_one_once(client):
    page = asked(client)
    card = scorecard(page)
    assert {name: len(judged) for name, judged in card.items()} == {
        "met": 1, "missed": 3, "no actual yet": 5, "no target": 7, "cannot be judged": 0,
    }  # fmt: skip
    assert sum(map(len, card.values())) == sum(len(one["readings"]) or 1 for one in indicators(page))


def test_more_gun_discharges_than_were_to_be_is_missed_although_it_is_higher(client):
    (gun,) = (one for one in scorecard(asked(client))["missed"] if one["indicator"]["name"] == GUN.rstrip("."))
    assert (gun["figures"], gun["year"], gun["base_year"]) == ("target +73%, actual +93%", "2015/16", "2014/15")


def test_a_target_met_without_a_stated_unit_is_met_with_that_reserve(client):
    (met,) = scorecard(asked(client))["met"]
    assert (met["figures"], met["reserve"]) == ("target 10, actual 27", "unit not stated")


def test_what_is_to_be_confirmed_has_no_target_whatever_form_it_has(client):
    words = {(one["indicator"]["name"], one["year"]): one["figures"] for one in scorecard(asked(client))["no target"]}
    assert set(words.values()) == {"target to be confirmed"}
    assert {year for _, year in words} == {"2017/18", None}


def test_a_year_of_the_scope_is_judged_alone(client):
    card = scorecard(asked(client, year="2015/16"))
    assert {name: len(judged) for name, judged in card.items()} == {
        "met": 1, "missed": 3, "no actual yet": 1, "no target": 3, "cannot be judged": 0,
    }  # fmt: skip


def bullets(page):
    """What each bullet bar draws, by its words: places in percent, by the class of the mark."""
    found = {}
    for label, drawn, words in re.findall(
        r"<li>\s*<span>(.*?)</span>\s*<svg viewBox(.*?)</svg>\s*<b>(.*?)</b>", page, re.DOTALL
    ):
        marks = re.findall(r'class="app-bullets__(\w+)" x1?="([\d.]+)"(?: y="\d" width="([\d.]+)")?', drawn)
        found[label, words] = {name: (float(x), float(width or 0)) for name, x, width in marks}
    return found


def test_a_bullet_bar_draws_what_its_words_say_on_the_scale_of_its_unit(client):
    drawn = bullets(client.get("/indicators").text)
    assert len(drawn) == 9
    # From -44 to +93 the scale is 137 wide; it leaves 2 % free at each end.
    place = {figure: round(2 + 96 * (figure + 44) / 137, 2) for figure in (-44, -20, 0, 73, 93)}
    gun = drawn["2015/16 against 2014/15", "target +73%, actual +93%: missed"]
    assert gun["zero"][0] == place[0]
    assert gun["target"][0] == place[73]
    assert gun["actual"] == (place[0], pytest.approx(place[93] - place[0], abs=0.02))
    restated = drawn["2015/16 against 2012/13", "target -20%: no actual yet (restates the target against 2014/15)"]
    assert "actual" not in restated
    assert restated["target"][0] == place[-20]


def test_an_actual_figure_ends_in_the_good_side_exactly_where_the_target_is_met(client):
    for (_, words), marks in bullets(client.get("/indicators").text).items():
        if "actual" in marks:
            (good, width), (start, length), zero = marks["good"], marks["actual"], marks["zero"][0]
            end = start + length if abs(start - zero) < 0.02 else start
            assert (good <= end <= good + width) == words.split(": ")[1].startswith("met"), words


def test_a_bar_says_its_scale_and_which_way_is_better(client):
    page = client.get("/indicators").text
    assert page.count("Scale from -44% to +93%, the same for all indicators in this unit. Further left is better.") == 3
    assert page.count("Scale from 0 to 27, the same for all indicators in this unit. Further right is better.") == 1


def test_a_snapshot_is_read_once_whatever_the_scope(client, store):
    client.get("/indicators.json")
    store.asked.clear()
    assert client.get("/indicators.json?year=2016/17").status_code == 200
    assert not any("hasIndicator" in one["sparql"] for one in store.asked)


@pytest.mark.parametrize(("query", "status"), [("year=never", 404), ("partner=Nobody+at+all", 404), ("change=x", 400)])
def test_a_scope_that_names_nothing_is_refused(client, query, status):
    assert client.get(f"/indicators?{query}").status_code == status
