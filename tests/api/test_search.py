"""The search: what is found, in what order, what is said where nothing is, hostile words, and the index behind it."""

import csv
import io
import re
import sqlite3

import pytest

from kg.errors import PlangraphError
from kg.finding import nearest, open_index

HTML = {"Accept": "text/html"}


@pytest.fixture
def search(client):
    """Searches and gives what was found by kind."""

    def find(q: str, **parameters: str) -> dict:
        response = client.get("/search.json", query_string={"q": q, **parameters})
        assert response.status_code == 200, response.text
        return {kind["kind"]: kind for kind in response.json["kinds"]} | {"data": response.json}

    return find


@pytest.fixture
def index(hackney):
    found = open_index(hackney.settings.home, hackney.store)
    yield found
    found.close()


def names(kind: dict) -> list[str]:
    return [hit["name"] for hit in kind["hits"]]


def test_a_reference_finds_its_action_and_no_other(search):
    assert [hit["ref"] for hit in search("2.10")["action"]["hits"]] == ["2.10"]
    assert search("2.1")["action"]["hits"][0]["ref"] == "2.1"
    assert "2.10" not in [hit["ref"] for hit in search("2.1")["action"]["hits"]]


def test_a_delivery_priority_is_found_by_both_its_numbers(search):
    assert search("4/1")["priority"]["hits"][0]["name"] == "Residential burglary"


@pytest.mark.parametrize("spelling", ["MPS", "mps", "Met police", "Police", "metropolitan"])
def test_every_spelling_finds_the_body(search, spelling):
    assert "Metropolitan Police Service" in names(search(spelling)["body"])


def test_the_thing_with_just_that_name_comes_first(search):
    assert names(search("safer communities")["body"])[0] == "Safer Communities"
    assert names(search("Public Health")["body"])[0] == "Public Health"


def test_names_come_before_texts(search):
    hits = search("licensing", kind="action", size="50")["action"]["hits"]
    in_label = [any(piece["found"] for piece in hit["label"]) for hit in hits]
    assert in_label == sorted(in_label, reverse=True)
    assert in_label[0]
    assert not in_label[-1]


def test_a_beginning_and_a_plural_are_enough(search):
    assert search("burglar")["data"]["total"] >= search("burglaries")["data"]["total"] > 0
    assert "Burglary" in names(search("burglaries")["theme"])


def test_all_the_words_must_be_there(search):
    both, one = search("dalston shoreditch")["data"]["total"], search("dalston")["data"]["total"]
    assert 0 < both < one


def test_an_action_is_found_by_the_words_of_its_steps(search):
    found = search("polycarbonate")
    assert {hit["ref"] for hit in found["action"]["hits"]} == {"2.2", "2.11"}
    assert {hit["within"]["name"][:4].strip() for hit in found["step"]["hits"]} == {"2.2", "2.11"}


def test_printed_words_are_found(search):
    found = search("Multi-Agency but Police Lead")
    assert found["lead"]["total"] == 2
    assert {hit["within"]["name"][:3] for hit in found["lead"]["hits"]} == {"2.2"}


def test_the_exact_words_of_the_document_are_found_where_they_are_held(client, client_with_words):
    assert client.get("/search.json?q=legitimate+employment").json["total"] == 0
    kinds = client_with_words.get("/search.json?q=legitimate+employment").json["kinds"]
    cells = next(kind for kind in kinds if kind["kind"] == "cell")
    assert [hit["name"] for hit in cells["hits"]] == ["line 90, activity"]


def test_the_words_found_are_marked(client):
    text = client.get("/search?q=dalston", headers=HTML).text
    assert "<mark>Dalston</mark>" in text
    assert 'href="/hackney/place/dalston"' in text


def test_kinds_are_counted_and_one_can_be_chosen(client, search):
    total = search("police")["action"]["total"]
    assert total > 5
    chosen = search("police", kind="action", size="10")
    assert chosen["data"]["total"] == total
    assert len(chosen["action"]["hits"]) == 10
    refs = [hit["ref"] for hit in chosen["action"]["hits"]]
    second = [hit["ref"] for hit in search("police", kind="action", size="10", page="2")["action"]["hits"]]
    assert not set(refs) & set(second)
    assert 'rel="next"' in client.get("/search?q=police&kind=action&size=10", headers=HTML).text


def test_without_words_there_is_the_form_with_an_example(client):
    for address in ("/search", "/search?q=", "/search?q=+"):
        response = client.get(address, headers=HTML)
        assert response.status_code == 200
        assert 'href="/search?q=licensing"' in response.text
        assert "things have" not in response.text


def test_where_nothing_fits_the_nearest_words_and_names_are_offered(client, search):
    data = search("burglries")["data"]
    assert (data["total"], data["instead"]) == (0, "burglaries")
    assert "Dalston" in [thing["name"] for thing in search("dalstonn")["data"]["nearest"]]
    text = client.get("/search?q=dalstonn", headers=HTML).text
    assert "Did you mean" in text
    assert 'href="/search?q=dalston"' in text


@pytest.mark.parametrize("hostile", [
    "<script>alert(1)</script>", "\"' OR 1=1; DROP TABLE entry; --", "NEAR(a b)", "a* AND (b", "label:police",
    "^police", "{label} : x", "\x00\x02\x03", "%", "😀", "..../....", "'", "-", "_" * 50, "é" * 100, "ſ", "²",
    "a" * 200,
])  # fmt: skip
def test_hostile_words_are_only_words(client, hostile):
    response = client.get("/search", query_string={"q": hostile}, headers=HTML)
    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert client.get("/search?q=police").status_code == 200


@pytest.mark.parametrize("address", [
    "/search?q=" + "a" * 201, "/search?q=a&q=b", "/search?q=police&kind=zebra", "/search?q=police&kind=action&page=99",
    "/search?q=police&kind=action&size=100000", "/search?q=police&order=rank",
])  # fmt: skip
def test_what_cannot_be_asked_is_400_with_a_sentence(client, address):
    response = client.get(address)
    assert response.status_code == 400
    assert re.search(r"\w+ .*\.", response.json["detail"])


def test_an_unknown_plan_is_404_and_a_known_one_keeps_its_things(client, search):
    assert client.get("/search?q=police&plan=zebra").status_code == 404
    plan = "Hackney Community Safety Plan 2015-18"
    assert search("police", plan=plan)["action"]["total"] == search("police")["action"]["total"]


def test_the_sheet_holds_what_the_page_holds(client, search):
    rows = list(csv.DictReader(io.StringIO(client.get("/search.csv?q=dalston").data.decode("utf-8-sig"))))
    found = search("dalston")["data"]["kinds"]
    assert len(rows) == sum(len(kind["hits"]) for kind in found)
    assert {row["kind"] for row in rows} == {kind["kind"] for kind in found}


def test_every_result_leads_to_a_page(client, search):
    for kind in search("police")["data"]["kinds"]:
        for hit in kind["hits"]:
            assert client.get(hit["address"]).status_code == 200, hit["address"]


def test_every_action_of_the_plan_can_be_found_by_its_reference_and_title(index):
    actions = index._db.execute("SELECT iri, ref, label FROM entry WHERE kind = 'action'").fetchall()
    assert len(actions) == 49
    for iri, ref, label in actions:
        assert iri in [found.iri for group in index.groups(ref, kind="action") for found in group.found]
        first = index.groups(label, kind="action")[0].found[0]
        assert (first.iri, first.ref) == (iri, ref)


def test_the_index_is_made_once_for_a_snapshot_and_made_again_where_it_is_lost(tiny):
    home = tiny.settings.home
    path = next((home / "search").glob("*.sqlite"))
    made = path.stat().st_mtime_ns
    open_index(home, tiny.store).close()
    assert path.stat().st_mtime_ns == made
    path.unlink()
    again = open_index(home, tiny.store)
    assert again.groups("1.9", kind="action")[0].found[0].ref == "1.9"
    again.close()


def test_an_index_that_cannot_be_made_says_why(tmp_path, tiny):
    (tmp_path / "search").write_text("a file where the folder should be")
    with pytest.raises(PlangraphError, match="Nothing can be looked for"):
        open_index(tmp_path, tiny.store)


def test_an_index_is_never_written_to(index):
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        index._db.execute("DELETE FROM entry")


def test_common_words_are_counted_whole(index, monkeypatch):
    whole = {group.kind: group.total for group in index.groups("police")}
    monkeypatch.setattr("kg.finding.index.RANKED", 1)
    assert {group.kind: group.total for group in index.groups("police")} == whole


def test_nearest_names_come_best_first(hackney):
    assert nearest("Safer Comunities", hackney.names)[0].name == "Safer Communities"
