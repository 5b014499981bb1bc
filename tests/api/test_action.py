"""The page of an action: every fact against the document, its twins, its links, and what is said where nothing is."""

import csv
import html
import io
import re

import pytest

PLAN = "/hackney/plan/community-safety-plan-2015-18"
ACTIONS = f"{PLAN}/action"


@pytest.fixture
def action(client):
    """Reads one action as JSON."""

    def read(ref: str) -> dict:
        response = client.get(f"{ACTIONS}/{ref}.json")
        assert response.status_code == 200, response.text
        return response.json

    return read


def plain(words: str) -> str:
    """A line of the document without its mark-up, its spaces made one."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", words)).split())


def cells(fact: dict) -> list[str]:
    return [source["label"] for source in fact["statement"]["sources"]]


def by_line(data: dict) -> list[tuple[str, int]]:
    """The printed words of every fact, each with the lines of its cells."""
    facts = [
        *data["leads"], *data["years"], *data["steps"], *data["outcomes"], *data["measures"], *data["points_to"],
        *data["named"],
    ]  # fmt: skip
    return [
        (fact["statement"]["printed"], int(re.search(r"line (\d+)", cell)[1]))
        for fact in facts
        if fact["statement"]["printed"]
        for cell in cells(fact)
    ]


@pytest.mark.parametrize("ref", ["2.5", "4.5", "4.15", "2.2", "6.3"])
def test_the_printed_words_of_every_fact_stand_on_its_source_line(action, source, ref):
    lines = [plain(line) for line in source.read_text("utf-8").split("\n")]
    printed = by_line(action(ref))
    assert printed
    for words, line in printed:
        assert plain(words) in lines[line - 1], (words, line)


def test_the_leads_of_2_5_come_in_printed_order_with_their_reading(action):
    leads = action("2.5")["leads"]
    read = [(lead["partner"]["name"], lead["statement"]["printed"], lead["statement"]["certainty"]) for lead in leads]
    assert read == [
        ("Metropolitan Police Service", "Police/Licensing", "Ambiguous"),
        ("LBH Licensing", "Police/Licensing", "Ambiguous"),
        ("Town Centre Management", "Regeneration (Town Centre Management)", "Normalised"),
        ("Safer Communities", "Safer Communities", "Stated"),
    ]  # fmt: skip
    assert {lead["role"]["name"] for lead in leads} == {"Joint lead"}
    assert all(cells(lead) == ["line 42, lead-partners"] for lead in leads)


def test_2_5_points_to_a_section_to_agendas_and_to_action_1_9(action):
    pointers = action("2.5")["points_to"]
    assert [(one["target"]["name"], one["locator"]) for one in pointers] == [
        ("VAWG Strategy, section 4bi", "4bi"),
        ("Safeguarding and CSE agendas", None),
        ("1.9 Child exploitation and abuse", "1.9 above"),
    ]
    assert [one["by"]["name"] for one in action("1.9")["pointed_at_by"]] == [
        "2.5 Sexual assaults in the night time economy"
    ]


def test_2_5_has_six_steps_and_names_a_scheme_in_the_last(action):
    data = action("2.5")
    assert len(data["steps"]) == 6
    assert [(one["what"], one["of"]["name"], one["within"]["iri"][-1]) for one in data["named"]] == [
        ("body", "Public Health", "5"),
        ("body", "Metropolitan Police Service", "6"),
        ("initiative", "Operation Makesafe", "6"),
    ]
    assert [measure["method"]["name"] for measure in data["measures"]] == ["Evaluation"]


def test_4_5_was_read_from_two_lines_of_the_document(action):
    data = action("4.5")
    assert [source["label"] for source in data["statement"]["sources"]] == [
        "line 87, activity", "line 87, ref-no", "line 90, activity",
    ]  # fmt: skip
    assert [cells(step) for step in data["steps"]] == [
        ["line 87, activity"], ["line 87, activity", "line 90, activity"], ["line 90, activity"],
    ]  # fmt: skip
    assert "line 87, activity; line 87, ref-no; line 90, activity" in data["citation"]


def test_4_5_changes_from_year_to_year(action):
    years = action("4.5")["years"]
    assert [(year["year"]["name"], year["statement"]["printed"]) for year in years] == [
        ("2015/16", "N/A"),
        ("2016/17", "IOM Action Plan under development"),
        ("2017/18", "Delivery through IOM Action Plan"),
    ]
    assert [[thing["name"] for thing in year["through"]] for year in years] == [[], [], ["IOM Action Plan"]]
    assert {year["stated_as"]["name"] for year in years} == {"Intended"}


def test_the_tail_of_4_15_brings_two_more_leads(action):
    leads = action("4.15")["leads"]
    assert [(lead["partner"]["name"], cells(lead)[0]) for lead in leads] == [
        ("Safer Communities", "line 106, lead-partners"),
        ("Hackney Housing", "line 109, lead-partners"),
        ("Registered Landlords", "line 109, lead-partners"),
    ]
    assert "page break" in leads[1]["statement"]["note"]


def test_the_leads_of_2_2_are_unequal(action):
    assert [(lead["partner"]["name"], lead["role"]["name"]) for lead in action("2.2")["leads"]] == [
        ("Metropolitan Police Service", "Principal lead"),
        ("Multi-Agency", "Contributing"),
    ]
    assert [one["what"] for one in action("2.2")["named"]].count("place") == 1


def test_6_3_stops_in_the_middle_of_a_sentence_and_only_points(action):
    data = action("6.3")
    outcome = data["outcomes"][0]["statement"]
    assert outcome["printed"] == "Reduce the"
    assert outcome["certainty"] == "Ambiguous"
    assert [[state["name"] for state in year["states"]] for year in data["years"]] == [["See elsewhere"]] * 3
    assert {one["target"]["name"] for one in data["points_to"]} == {
        "Substance Misuse Health Needs Assessment",
        "Service specification for the Young People's Substance Misuse Service",
    }
    assert data["after"] is None
    assert data["before"]["name"].startswith("6.2 ")


def test_a_condition_says_what_it_waits_for(action):
    waits = [
        (year["year"]["name"], {thing["name"] for thing in year["conditional_on"]}) for year in action("4.2")["years"]
    ]
    assert ("2016/17", {"Funding", "Mayor's Office for Policing and Crime"}) in waits


def test_an_action_stands_between_the_one_before_and_the_one_after(action):
    data = action("2.10")
    assert data["ref"] == "2.10"
    assert data["before"]["name"].startswith("2.9 ")
    assert data["after"]["name"].startswith("2.11 ")


def test_the_page_shows_every_step_lead_and_cell(client, action):
    text = html.unescape(client.get(f"{ACTIONS}/2.5", headers={"Accept": "text/html"}).text)
    data = action("2.5")
    for fact in (*data["steps"], *data["leads"], *data["outcomes"], *data["measures"], *data["points_to"]):
        assert fact["statement"]["label"] in text
        assert all(f">{cell}</a>" in text for cell in cells(fact))
    assert data["citation"] in text
    assert text.count("<h1") == 1
    assert "/questions/who-leads-an-action?action=hackney/plan/community-safety-plan-2015-18/action/2.5" in text
    assert "/questions/who-is-needed-in-the-room?thing=" in text


def test_what_is_not_stated_is_said(client):
    text = client.get(f"{ACTIONS}/4.15", headers={"Accept": "text/html"}).text
    assert "No measure is stated." in text
    assert "Nothing: no cross-reference names it." in text
    assert "No place is named." in text


def test_the_citation_names_plan_document_cell_and_snapshot(action, store):
    said = action("2.2")["citation"]
    for part in (
        "Hackney Community Safety Plan 2015-18", "action 2.2", "sha256 begins 6935b8e2", "line 37, activity",
        store.snapshot, f"http://localhost{ACTIONS}/2.2",
    ):  # fmt: skip
        assert part in said


def test_the_sheet_has_a_row_for_every_fact(client, action):
    response = client.get(f"{ACTIONS}/2.5.csv")
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert [row["kind"] for row in rows].count("step") == len(action("2.5")["steps"])
    assert rows[0] | {"kind": "action", "ref": "2.5"} == rows[0]
    assert {row["source"] for row in rows if row["kind"] == "lead"} == {"line 42, lead-partners"}


def test_a_graph_built_with_the_document_shows_the_exact_words(client_with_words, source):
    text = html.unescape(client_with_words.get(f"{ACTIONS}/4.5", headers={"Accept": "text/html"}).text)
    tail = plain(source.read_text("utf-8").split("\n")[89])
    assert "Exact words" in text
    assert tail[:40] in " ".join(text.split())
