"""`/brief`: the paper as a page, as JSON and as a Word document, and the ways to it."""

import io
import re

import pytest
from docx import Document

HOUSING = "/brief?partner=Hackney+Housing"


def test_without_a_subject_it_shows_an_example_and_a_choice(client):
    page, data = client.get("/brief"), client.get("/brief.json").json
    assert page.status_code == 200
    assert "Choose a partner" in page.text
    assert "An example, about the partner that leads most." in page.text
    assert (data["chosen"], data["brief"]["name"]) == (False, "Safer Communities")
    assert client.get("/brief.docx").data == client.get("/brief.docx?partner=Safer+Communities").data


def test_the_page_and_its_data_say_the_same(client):
    page, data = client.get(HOUSING).text, client.get("/brief.json?partner=Hackney+Housing").json["brief"]
    assert f'<h1 class="govuk-heading-l">{data["title"]}</h1>' in page
    assert data["summary"][0] in page
    assert [one["title"] for one in data["sections"]] == re.findall(r'<h2 [^>]*id="section-\d+">(.*?)</h2>', page)
    for table in (table for one in data["sections"] for table in one["tables"]):
        assert table["caption"] in page
        for cell in (cell for row in table["rows"] for cell in row if "&" not in cell["words"]):
            assert cell["words"].split("; ")[0] in page


def test_every_place_in_the_document_is_a_link_to_its_cell(client):
    page = client.get(HOUSING).text
    assert 'href="/hackney/source/6935b8e2/cell/L064-2016-2017?partner=Hackney+Housing"' in page
    assert not re.findall(r'app-source">line \d+', page)


def test_the_word_document_holds_what_the_page_holds(client):
    answer = client.get("/brief.docx?partner=Hackney+Housing")
    assert answer.content_type.endswith("wordprocessingml.document")
    assert 'filename="brief' in answer.headers["Content-Disposition"]
    document = Document(io.BytesIO(answer.data))
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"]
    data = client.get("/brief.json?partner=Hackney+Housing").json["brief"]
    assert headings == [one["title"] for one in data["sections"]]
    assert answer.data == client.get("/brief.docx?partner=Hackney+Housing").data


@pytest.mark.parametrize(
    ("brief", "gaps"),
    [
        ("/brief?partner=MPS", "/gaps?partner=MPS"),
        ("/brief?priority=2/1", "/gaps?priority=2/1"),
        ("/brief?partner=MPS&priority=1", "/gaps?partner=MPS&priority=1"),
        ("/brief", "/gaps?partner=Safer+Communities"),
    ],
)
def test_what_a_brief_leaves_out_is_a_link_away(client, brief, gaps):
    page = client.get(brief).text.replace("%2F", "/").replace("&amp;", "&")
    assert f'href="{gaps}">All of it on To decide</a>' in page
    assert client.get(gaps).status_code == 200


def test_the_picture_is_drawn_in_the_page_and_told_in_words(client):
    page = client.get(HOUSING).text
    assert page.count('<svg xmlns="http://www.w3.org/2000/svg" class="app-drawing"') == 1
    assert "Safer Communities and Hackney Housing: 4 shared actions, 3.1 3.2 4.8 4.15" in page
    assert "style=" not in page


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("/hackney/org/hackney-housing", "/brief?partner=Hackney+Housing"),
        ("/hackney/plan/community-safety-plan-2015-18/sp/2?partner=MPS",
         "/brief?priority=hackney/plan/community-safety-plan-2015-18/sp/2"),
        ("/hackney/plan/community-safety-plan-2015-18/sp/2/dp/1",
         "/brief?priority=hackney/plan/community-safety-plan-2015-18/sp/2/dp/1"),
    ],
)  # fmt: skip
def test_pages_lead_to_their_briefs(client, page, address):
    assert f'href="{address}">Brief for the board</a>' in client.get(page).text.replace("%2F", "/")
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/brief?partner=Hackny+Housing", 404, "nearest: Hackney Housing"),
        ("/brief?priority=9/9", 404, "No priority is called"),
        ("/brief?partner=MPS&plan=Youth+Justice+Plan", 400, "known by name only"),
        ("/brief.csv?partner=MPS", 406, ".docx"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_a_sentence(client, address, status, said):
    answer = client.get(address)
    assert answer.status_code == status
    assert said in answer.text.replace("&#39;", "'")
