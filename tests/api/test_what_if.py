"""The page of what-ifs: several changes at once, in every form, and any input gets an answer."""

import csv
import io
import re

import pytest
from openpyxl import load_workbook

HTML = {"Accept": "text/html"}
NAMES = ("sole carrier lost", "shared carrier weakened", "only referenced")


def asked(client, *given, **more):
    answer = client.get("/what-if.json", query_string=[*given, *more.items()])
    assert answer.status_code == 200, answer.text
    return answer.json["found"]


def levels(found):
    refs = {name: [] for name in NAMES}
    for one in found["affected"]:
        refs[one["level"]].append(one["thing"]["name"].split(" ")[0])
    return list(refs.values())


def test_the_page_without_a_choice_shows_an_example_and_says_so(client):
    page = client.get("/what-if", headers=HTML)
    assert page.status_code == 200
    assert "An example, because nothing was chosen yet." in page.text
    assert client.get("/what-if.json").json["is_example"]


def test_a_body_withdraws(client):
    assert levels(asked(client, withdraw="IGU")) == [["1.1", "1.3", "1.4"], ["1.2"], []]


def test_several_at_once_are_more_than_each_by_itself(client):
    found = asked(client, ("withdraw", "IGU"), ("withdraw", "MPS"), ("slips", "YJ plan"), ("stops", "LOEG"))
    assert {"1.1", "1.2", "1.6", "1.10", "2.11"} <= set(levels(found)[0])
    assert [change["how"] for change in found["changes"]] == ["withdraws", "withdraws", "slips", "stops"]


def test_the_units_of_a_body_withdraw_with_it_when_asked(client):
    alone = asked(client, withdraw="Metropolitan Police Service")
    whole = asked(client, withdraw="Metropolitan Police Service", units="yes")
    assert len(alone["changes"]) == 1
    assert "Police Licensing" in {change["thing"]["name"] for change in whole["changes"]}
    assert "2.11" not in levels(alone)[1]
    assert "2.11" in levels(whole)[1]


def test_a_body_that_leads_nothing_is_answered_with_a_sentence_and_what_names_it(client):
    page = client.get("/what-if?withdraw=Pub+Watch", headers=HTML).text
    assert "leads no action, and nothing is delivered through it: it is only named or referred to, 1 time" in page
    assert levels(asked(client, withdraw="Pub Watch")) == [[], [], ["2.11"]]


def test_the_partner_of_the_scope_narrows_what_is_listed_and_not_what_is_found(client):
    found = asked(client, stops="Partnership Tasking", partner="LBH Regeneration")
    assert levels(found) == [["4.12"], [], []]


def test_every_form_says_the_same(client):
    given = [("withdraw", "MPS"), ("stops", "Partnership Tasking")]
    found = asked(client, *given)
    facts = sum(len(link["facts"]) for one in found["affected"] for link in one["links"])
    rows = facts + sum(len(one["link"]["facts"]) for one in found["leaning"]) + len(found["priorities"])
    sheet = list(csv.DictReader(io.StringIO(client.get("/what-if.csv", query_string=given).data.decode("utf-8-sig"))))
    assert len(sheet) == rows
    assert {row["what"] for row in sheet if row["level"] in NAMES} == {
        one["thing"]["name"] for one in found["affected"]
    }
    book = load_workbook(io.BytesIO(client.get("/what-if.xlsx", query_string=given).data)).active
    assert book.max_row == rows + 1
    page = client.get("/what-if", query_string=given, headers=HTML).text
    assert page[page.index('id="facts"') :].count('<th scope="row"') == facts
    for id_, level in zip(("sole", "weakened", "referenced"), levels(found), strict=True):
        assert re.search(rf'id="{id_}">[^<]*<span[^>]*>\({len(level)}\)', page)


def test_a_doubtful_lead_that_stays_is_marked_on_the_page_and_in_the_table(client):
    given = {"withdraw": "MPS"}
    page = client.get("/what-if", query_string=given, headers=HTML).text
    assert "Metropolitan Police Service (ambiguous) withdraws; LBH Licensing (ambiguous), Town Centre" in page
    sheet = list(csv.DictReader(io.StringIO(client.get("/what-if.csv", query_string=given).data.decode("utf-8-sig"))))
    assert {row["leads that stay"] for row in sheet if row["what"].startswith("2.5 ")} == {
        "LBH Licensing (ambiguous), Town Centre Management, Safer Communities"
    }
    assert {row["wording"] for row in sheet if row["words"]} == {"as printed"}


@pytest.mark.parametrize(
    ("parameter", "name"), [("dropped", "Youth Justice Plan"), ("dropped", "VAWG Strategy"), ("stops", "LOEG")]
)
def test_what_points_to_what_falls_away_is_counted_as_the_page_of_references_counts_it(client, parameter, name):
    page = client.get("/what-if", query_string={parameter: name}, headers=HTML).text
    counted = re.search(r"counts (\d+) that points? to what falls away: (\w+) here, (\w+) above", page)
    total, here, above = (0 if words == "none" else int(words) for words in counted.groups())
    references = client.get("/references.json", query_string={"to": name}).json["references"]
    pointing = {one["element"]["iri"] for one in references if one["how"] != "delivered through"}
    assert total == here + above == len(pointing)
    affected = asked(client, **{parameter: name})["affected"]
    assert here == sum(one["level"] == "only referenced" and one["thing"]["iri"] in pointing for one in affected)


def test_the_page_says_that_slipping_and_being_dropped_take_the_same_away(client):
    sentence = "Whether a plan slips or is dropped makes no difference here"
    slips, dropped = ({way: "Youth Justice Plan"} for way in ("slips", "dropped"))
    assert levels(asked(client, **slips)) == levels(asked(client, **dropped))
    assert all(sentence in client.get("/what-if", query_string=one, headers=HTML).text for one in (slips, dropped))
    assert sentence not in client.get("/what-if?stops=LOEG", headers=HTML).text


def test_the_form_keeps_what_was_said_and_can_take_one_out(client):
    page = client.get("/what-if?withdraw=MPS&withdraw=IGU&slips=YJ+plan", headers=HTML).text
    form = page[page.index('aria-label="What happens"') :]
    assert re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', form[: form.index("</form>")]) == [
        ("withdraw", "MPS"), ("withdraw", "IGU"), ("slips", "YJ plan"),
    ]  # fmt: skip
    out = re.findall(r'href="([^"]+)">Take out', form)
    assert [link.replace("&amp;", "&") for link in out] == [
        "/what-if?withdraw=IGU&slips=YJ+plan",
        "/what-if?withdraw=MPS&slips=YJ+plan",
        "/what-if?withdraw=MPS&withdraw=IGU",
    ]  # fmt: skip
    scope = page[page.index('aria-label="Scope') :]
    assert scope[: scope.index("</form>")].count('name="withdraw"') == 2


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        ([("withdraw", "Nobody at all")], 404, "Nobody at all"),
        ([("slips", "Metropolitan Police Service")], 404, "No plan is called"),
        ([("withdraw", f"body {n}") for n in range(60)], 400, "more than 40 times"),
        ([("units", "yes"), ("units", "no")], 400, "more than once"),
        ([("withdraws", "IGU")], 400, "withdraw"),
    ],
)
def test_bad_input_is_answered_with_what_would_work(client, given, status, sentence):
    answer = client.get("/what-if.json", query_string=given)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert sentence in answer.json["detail"]


def test_hostile_words_are_shown_as_words(client):
    answer = client.get("/what-if", query_string={"withdraw": "<script>alert(1)</script> href"}, headers=HTML)
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text


def test_the_pages_of_bodies_and_plans_ask_what_if(client):
    for path in ("/hackney/org/hackney-housing", "/hackney/plan/youth-justice-plan"):
        [link] = re.findall(r'href="(/what-if\?[^"]+)"', client.get(path, headers=HTML).text)
        assert "An example" not in client.get(link, headers=HTML).text


def test_the_description_of_the_api_says_what_may_be_given_several_times(client):
    described = client.get("/openapi.json").json["paths"]["/what-if.{form}"]["get"]["parameters"]
    schemas = {one["name"]: one["schema"]["type"] for one in described if "schema" in one}
    assert schemas["withdraw"] == schemas["stops"] == "array"
    assert schemas["units"] == "string"
