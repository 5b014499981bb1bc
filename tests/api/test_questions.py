"""The questions as pages: the catalogue, the form and the answer of each, their data twins, and bad input."""

import csv
import io
import re
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook

from kg.questions import Answer, bound, load_questions

QUESTIONS = load_questions()
PLAN = "Hackney Community Safety Plan 2015-18"


@pytest.fixture
def client(app):
    return app.test_client()


def soup(client, address: str) -> BeautifulSoup:
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return BeautifulSoup(answer.data, "lxml")


def examples(name: str) -> dict[str, str]:
    return {each.name: each.example for each in QUESTIONS[name].parameters if each.required}


def table(page: BeautifulSoup) -> list[list[str]]:
    return [[cell.get_text(" ", strip=True) for cell in row.select("td")] for row in page.select("main tbody tr")]


# --- the catalogue -------------------------------------------------------------------------------


def test_the_catalogue_shows_every_question_with_the_daily_ones_first(client):
    page = soup(client, "/questions")
    topics = [heading.get_text() for heading in page.select("main h2")]
    assert (topics[0], topics[-1]) == ("Every day", "About this document")
    links = [link["href"] for link in page.select("main section a")]
    assert links == [f"/questions/{name}" for name in QUESTIONS]
    text = page.select_one("main").get_text(" ")
    for question in QUESTIONS.values():
        assert question.title in text
        assert question.question in text
        assert question.id in text


def test_links_of_the_catalogue_carry_the_scope(client):
    page = soup(client, "/questions?partner=MPS")
    assert all(link["href"].endswith("?partner=MPS") for link in page.select("main section a"))


def test_the_catalogue_for_programs_has_the_promised_shape(client):
    entries = client.get("/questions.json").json["questions"]
    assert [entry["name"] for entry in entries] == list(QUESTIONS)
    for entry, question in zip(entries, QUESTIONS.values(), strict=True):
        assert list(entry) == ["id", "name", "title", "question", "topic", "parameters", "columns", "url"]
        assert [list(each) for each in entry["parameters"]] == [["name", "type", "required", "example"]] * len(
            question.parameters
        )
        assert entry["columns"] == [{"name": each.name, "meaning": each.meaning} for each in question.columns]
        assert entry["url"] == f"/questions/{question.name}"


def test_the_catalogue_is_a_spreadsheet_too(client):
    rows = list(csv.DictReader(io.StringIO(client.get("/questions.csv").data.decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == [question.id for question in QUESTIONS.values()]


# --- one question --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_answers_alike_as_page_json_csv_workbook_and_sparql(client, hackney, name):
    question, given = QUESTIONS[name], examples(name)
    answer = Answer.parse(hackney.store.query(bound(question, hackney.names, given)).body)
    query = "&".join(f"{key}={quote(value)}" for key, value in given.items())

    found = client.get(f"/questions/{name}.json?{query}").json
    assert list(found) == ["question", "parameters", "columns", "rows", "total", "links", "snapshot"]
    assert (found["question"], found["parameters"], found["total"]) == (question.question, given, len(answer))
    assert found["columns"] == list(answer.columns)
    assert found["snapshot"] == hackney.snapshot.id
    wanted = [{key: None if value == "not stated" else value for key, value in row.items()} for row in answer.records()]
    assert found["rows"] == [
        {key: float(value) if type(value).__name__ == "Decimal" else value for key, value in row.items()}
        for row in wanted
    ]

    rows = list(csv.reader(io.StringIO(client.get(f"/questions/{name}.csv?{query}").data.decode("utf-8-sig"))))
    assert rows[0] == list(answer.columns)
    assert len(rows) - 1 == len(answer)
    sheet = load_workbook(io.BytesIO(client.get(f"/questions/{name}.xlsx?{query}").data)).active
    assert [cell.value for cell in sheet[1]] == list(answer.columns)
    assert sheet.max_row - 1 == len(answer)

    page = soup(client, f"/questions/{name}?{query}")
    assert len(table(page)) == len(answer)
    assert question.why in page.get_text()
    assert page.select_one("main pre").get_text().strip() == bound(question, hackney.names, given).strip()


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_address_is_shown_instead_of_a_name_and_every_column_is_explained(client, name):
    page = soup(client, f"/questions/{name}")
    assert not [cell for row in table(page) for cell in row if "://" in cell]
    meanings = page.select_one("dl.app-key").get_text(" ")
    headings = [cell.get_text(strip=True) for cell in page.select("main thead th")]
    assert headings or page.select_one("main h2#answer").get_text().startswith("0 rows")
    for heading in headings:
        assert f"{heading} " in meanings
    for column in QUESTIONS[name].columns:
        assert column.is_address or column.meaning in meanings


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_form_has_a_field_for_every_parameter_and_a_label_for_every_field(client, name):
    page = soup(client, f"/questions/{name}")
    form = page.select_one("form.app-ask")
    for parameter in QUESTIONS[name].parameters:
        field = form.select_one(f'[name="{parameter.name}"]')
        assert form.select_one(f'label[for="{field["id"]}"]').get_text(strip=True)
        if "aria-describedby" in field.attrs:
            assert form.select_one(f"#{field['aria-describedby']}").get_text() == parameter.meaning


def test_who_leads_an_action_is_what_the_document_prints(client):
    found = client.get("/questions/who-leads-an-action.json?action=2.3").json
    assert [row["partner"] for row in found["rows"]] == [
        "Metropolitan Police Service", "Safer Communities", "LBH Licensing", "Town Centre Management",
    ]  # fmt: skip
    assert {row["source"] for row in found["rows"]} == {"line 40, lead-partners"}


def test_the_number_of_a_question_leads_to_its_name(client):
    answer = client.get("/questions/q13.json?size=5&partner=MPS")
    assert (answer.status_code, answer.location) == (303, "/questions/joint-actions.json?size=5&partner=MPS")


def test_a_question_that_needs_something_shows_its_example_and_says_so(client):
    page = soup(client, "/questions/agenda-for-two-partners")
    assert "This is an example: nothing was chosen yet for partner and other partner." in page.get_text()
    chosen = [option["value"] for option in page.select("form.app-ask option[selected]")]
    assert chosen == ["Safer Communities", "Metropolitan Police Service"]
    # What is offered in other forms is the same answer, not a failure.
    other = next(link["href"] for link in page.select("a[rel=alternate]") if link.get_text() == "JSON")
    assert client.get(other).json["total"] == len(table(page))


def test_what_was_given_is_not_replaced_by_the_example(client):
    page = soup(client, "/questions/agenda-for-two-partners?partner=Hackney+Housing")
    assert "nothing was chosen yet for other partner." in page.get_text()
    assert page.select_one('form.app-ask select[name="partner"] option[selected]')["value"] == "Hackney Housing"


@pytest.mark.parametrize("form", ["json", "csv", "xlsx"])
def test_a_program_is_told_what_is_missing(client, form):
    answer = client.get(f"/questions/who-leads-an-action.{form}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.json["detail"] == 'This needs "action"; try "2.3".'


@pytest.mark.parametrize("spelling", ["MPS", "police", "Metropolitan Police Service", "id/org/metropolitan-police"])
def test_spellings_find_the_same_body(client, spelling):
    found = client.get("/questions/actions-a-partner-leads.json", query_string={"partner": spelling}).json
    assert found["total"] == 17


def test_a_scope_that_the_question_takes_fills_its_field(client):
    page = soup(client, "/questions/joint-actions?partner=MPS")
    assert page.select_one('form.app-ask [name="partner"] option[selected]')["value"] == "Metropolitan Police Service"
    assert 0 < len(table(page)) < 27


def test_a_scope_that_the_question_does_not_take_is_carried_on_and_changes_nothing(client):
    assert "year" not in [each.name for each in QUESTIONS["joint-actions"].parameters]
    page = soup(client, "/questions/joint-actions?year=2015/16")
    assert len(table(page)) == 27
    assert page.select_one('form.app-ask input[type="hidden"][name="year"]')["value"] == "2015/16"
    found = client.get("/questions/joint-actions.json?year=2015/16").json
    assert (found["total"], found["parameters"]) == (27, {})


def test_a_flag_is_a_box_that_is_ticked_for_what_is_not_usual(client):
    box = 'form.app-ask input[name="{}"]'
    page = soup(client, "/questions/joint-actions")
    assert (page.select_one(box.format("rolled_up"))["value"], page.select_one(box.format("collective"))["value"]) == (
        "yes",
        "no",
    )
    assert not page.select("form.app-ask input[checked]")
    page = soup(client, "/questions/joint-actions?rolled_up=true&collective=0")
    assert len(page.select("form.app-ask input[checked]")) == 2
    page = soup(client, "/questions/joint-actions?rolled_up=no&collective=yes")
    assert not page.select("form.app-ask input[checked]")


def test_an_answer_without_rows_says_what_to_do(client):
    page = soup(client, "/questions/joint-actions?plan=Youth+Justice+Plan")
    assert "Take a choice out and ask again." in page.get_text()
    assert client.get("/questions/joint-actions.json?plan=Youth+Justice+Plan").json["rows"] == []


def test_numbers_stand_on_the_right_and_what_is_not_stated_is_said(client):
    page = soup(client, "/questions/targets-against-actuals")
    numbers = page.select("td.app-number")
    assert numbers
    assert all(re.fullmatch(r"-?[\d.]+|not stated", cell.get_text(strip=True)) for cell in numbers)
    assert "not stated" in page.select_one("main tbody").get_text()


def test_the_query_that_was_asked_can_be_opened_and_answers_the_same(client):
    page = soup(client, "/questions/joint-actions?theme=Burglary")
    link = next(a for a in page.select("main details a") if "query page" in a.get_text())
    assert client.get(link["href"], headers={"Accept": "text/html"}).status_code == 200
    asked = client.get("/sparql", query_string={"query": page.select_one("main pre").get_text()})
    assert len(asked.json["results"]["bindings"]) == len(table(page))


# --- long answers --------------------------------------------------------------------------------


def test_pages_of_an_answer_follow_each_other_and_together_are_the_whole(client):
    whole = client.get("/questions/joint-actions.json").json
    assert (whole["links"]["prev"], whole["links"]["next"]) == (None, None)
    rows, address, seen = [], "/questions/joint-actions.json?size=10", []
    while address:
        found = client.get(address).json
        rows += found["rows"]
        seen.append(found["links"])
        address = found["links"]["next"]
    assert rows == whole["rows"]
    assert len(seen) == 3
    assert seen[2]["prev"] == seen[0]["next"]
    assert {links["first"] for links in seen} == {seen[1]["prev"]}
    assert {links["last"] for links in seen} == {seen[1]["next"]}


def test_a_file_holds_every_row_whatever_page_is_shown(client):
    text = client.get("/questions/joint-actions.csv?size=10&page=2").data.decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(text)))) == 27


# --- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/questions/joint-action.json", 404, "nearest: joint-actions"),
        ("/questions/joint-actions.foo", 404, "There is no question"),
        ("/questions/joint-actions.ttl", 406, ".json"),
        ("/questions.ttl", 406, ".csv"),
        ("/questions/joint-actions.json?partner=Nobody+Here", 404, '"Safer Communities" would work'),
        ("/questions/joint-actions.json?rolled_up=perhaps", 400, "is yes or no"),
        ("/questions/joint-actions.json?partnr=MPS", 400, "nearest: partner"),
        ("/questions/joint-actions.json?partner=MPS&partner=Police", 400, "more than once"),
        ("/questions/joint-actions.json?size=501", 400, "from 1 to 500"),
        ("/questions/joint-actions.json?page=2", 400, "from 1 to 1"),
        ("/questions/joint-actions.json?page=-1", 400, "whole number"),
        ("/questions/joint-actions.json?year=1815/16", 404, "No year"),
        ("/questions.json?topic=Actions", 400, 'takes no "topic"'),
    ],
)
def test_bad_input_is_told_with_what_would_work(client, address, status, says):
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert says in answer.json["detail"]


def test_a_blank_parameter_counts_as_absent(client):
    found = client.get(f"/questions/joint-actions.json?partner=&theme=+&plan={quote(PLAN)}").json
    assert (found["total"], found["parameters"]) == (27, {"plan": PLAN})


def test_what_is_written_is_shown_as_text(client):
    answer = client.get('/questions/joint-actions?partner="><script>alert(1)</script>', headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert b"<script>alert" not in answer.data
