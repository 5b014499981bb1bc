"""Printed names lead to the thing they name: exact spellings, the longest name, never a guess."""

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.register import FILES, Register, borough_of, folded, kind_of
from kg.settings import bundled
from kg.tables import known_codes
from tests.conftest import ROOT, TINY_PLAN

CODES = known_codes(bundled("ontology"))
FILLED = "hackney/org/"


@pytest.fixture(scope="module")
def register() -> Register:
    return Register.load(ROOT / "data" / "register", CODES)


@pytest.fixture(scope="module")
def tinford() -> Register:
    return Register.load(TINY_PLAN / "register", CODES)


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(TINY_PLAN / "register", tmp_path / "register")


def ids(found) -> list[str]:
    return [named.id for named in found]


# --- one name --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Police", "Metropolitan Police", "MPS", "police", "metropolitan  police"])
def test_every_printed_spelling_of_the_police_leads_to_one_body(register, name):
    assert register.resolve(name, "hackney", ["body"]) == "org/metropolitan-police"


@pytest.mark.parametrize("name", ["Public Health", "Police", "Safer Communities"])
def test_what_one_borough_calls_a_body_of_its_own_is_nobody_in_another(register, name):
    assert register.resolve(name, "hackney", ["body"])
    assert register.resolve(name, "camden", ["body"]) is None
    assert register.resolve("MPS", "camden", ["body"]) == "org/metropolitan-police"


def test_the_council_s_planners_are_one_body_under_two_names(register):
    names = ("LBH Planning", "LBH Planning Department")
    assert len({register.resolve(name, "hackney", ["body"]) for name in names}) == 1


def test_hackney_housing_and_lbh_housing_are_two_entries_closely_matched(register):
    one, two = (register.resolve(name, "hackney", ["body"]) for name in ("Hackney Housing", "LBH Housing"))
    assert one != two
    matches = {*register.entries[one].close_match, *register.entries[two].close_match}
    assert {register.resolve(name, "hackney", ["body"]) for name in matches} <= {one, two}
    assert matches


def test_hackney_homes_was_replaced_by_hackney_housing_and_is_no_spelling_of_it(register):
    homes = register.entries[register.resolve("Hackney Homes", "hackney", ["body"])]
    assert register.resolve(homes.is_replaced_by, "hackney", ["body"]) == f"{FILLED}hackney-housing"


def test_an_id_is_a_name_too(tinford):
    assert tinford.resolve("tinford/org/youth-team", "tinford", ["body"]) == "tinford/org/youth-team"
    assert tinford.resolve("tinford/org/youth-team", "tinford", ["plan"]) is None


def test_a_name_that_is_nobody_s_leads_nowhere(tinford):
    assert tinford.find("Nobody", "tinford") == ()
    assert tinford.resolve("Nobody", "tinford", ["body"]) is None


def test_a_spelling_of_one_borough_says_nothing_in_another(tinford):
    assert tinford.resolve("Constabulary", "tinford", ["body"]) == "tinford/org/westmere-constabulary"
    assert tinford.find("Constabulary", "camden") == ()


def test_a_phrase_may_name_several_bodies_in_printed_order_with_their_roles(tinford):
    found = tinford.find("Several Agencies but Constabulary Lead", "tinford", ["body"], "lead-partners")
    assert [(named.id, named.role) for named in found] == [
        ("tinford/org/westmere-constabulary", "role-principal"),
        ("tinford/org/several-agencies", "role-contributing"),
    ]
    assert tinford.resolve("Several Agencies but Constabulary Lead", "tinford", ["body"]) is None


def test_a_spelling_for_one_column_says_nothing_in_another(tinford):
    assert len(tinford.find("Constabulary/Licensing", "tinford", column="lead-partners")) == 2
    assert tinford.find("Constabulary/Licensing", "tinford", column="activity") == ()


def test_an_ambiguous_spelling_says_so_and_why(tinford):
    for named in tinford.find("Constabulary/Licensing", "tinford", column="lead-partners"):
        assert named.certainty == "cert-ambiguous"
        assert named.editorial_note


def test_the_nearest_name_is_only_told(tinford):
    assert tinford.nearest("Harbor Trust", ["body"]) == " (nearest: Harbour Trust)"
    assert tinford.nearest("Harbor Trust", ["place"]) != " (nearest: Harbour Trust)"


def test_labels_of_a_body_are_the_spellings_that_name_it_alone(tinford):
    assert tinford.labels_of("tinford/org/westmere-constabulary") == ["Constabulary"]


# --- names in a text -------------------------------------------------------------------------------------------


def words(spans) -> list[str]:
    return [span.words for span in spans]


def test_the_longest_name_wins(tinford):
    text = "Council/Constabulary Licensing and Licensing"
    spans = tinford.longest(text, "tinford", "lead-partners", ["body"])
    assert words(spans) == ["Council/Constabulary Licensing", "Licensing"]
    assert ids(spans[0].names) == ["tinford/org/council-licensing", "tinford/org/constabulary-licensing"]


def test_a_part_of_a_word_is_no_name(tinford):
    assert tinford.longest("Quaysides and the xQuayside", "tinford", kinds=["place"]) == []


def test_case_white_space_and_apostrophes_are_folded(tinford):
    spans = tinford.longest("at the OLD\n  market; tinford’s cycling strategy 2022 – 2030", "tinford")
    assert ids(named for span in spans for named in span.names) == [
        "tinford/place/old-market",
        "tinford/plan/cycling-strategy-2022-2030",
    ]


PIECES = st.sampled_from(["Police", "MPS", "Hackney Housing", "x", "Young Hackney", ",", "/", "\n"])


@given(st.lists(PIECES).map(" ".join))
def test_spans_are_in_order_without_overlaps_and_hold_their_words(register, text):
    end = 0
    for span in register.longest(text, "hackney"):
        assert (span.start >= end, text[span.start : span.end], bool(span.names)) == (True, span.words, True)
        end = span.end


# --- files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", [ROOT / "data" / "register", TINY_PLAN / "register"])
def test_a_register_survives_being_written_and_read(source, tmp_path):
    register = Register.load(source, CODES)
    register.write(tmp_path / "written")
    again = Register.load(tmp_path / "written", CODES)
    assert dict(again.entries) == dict(register.entries)
    assert (again.spellings, again.themes, again.groups) == (register.spellings, register.themes, register.groups)


def test_entries_of_another_folder_are_added_and_the_first_register_stays(register):
    both = register.extended(TINY_PLAN / "register", CODES)
    assert both.resolve("Harbour Trust", "tinford", ["body"]) == "tinford/org/harbour-trust"
    assert register.find("Harbour Trust", "tinford") == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("bodies", "tinford/org/youth-board,", "tinford/org/youth-team,",
         'bodies.csv:9: column "id": tinford/org/youth-team stands twice, first in '),
        ("bodies", "Youth Board,", "Youth Team,",
         'bodies.csv:9: column "label": "Youth Team" is also the name of tinford/org/youth-team.'),
        ("bodies", "purpose-community-safety,Tinford Council,", "purpose-community-safety,Tinford Counsil,",
         'bodies.csv:4: column "unit_of": "Tinford Counsil" is nobody in the register (nearest: Tinford Council).'),
        ("bodies", "ptype-council", "ptype-counsil",
         'bodies.csv:2: column "classification": "ptype-counsil" is no code (nearest: ptype-council).'),
        ("spellings", "tinford/org/council-licensing", "tinford/org/council-licencing",
         'spellings.csv:3: column "of": "tinford/org/council-licencing" is no id in the register'
         " (nearest: tinford/org/council-licensing)."),
        ("spellings", "Licensing,tinford/org/council-licensing", "Constabulary,tinford/org/council-licensing",
         'spellings.csv:3: column "spelling": "Constabulary" also names tinford/org/westmere-constabulary;'
         " where it names both, give each a position."),
        ("initiatives", "Westmere Constabulary", "Westmere Constabulery",
         'initiatives.csv:2: column "run_by": "Westmere Constabulery" is nobody in the register'
         " (nearest: Westmere Constabulary)."),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_file_row_column_and_the_nearest_name(folder, file, old, new, says):
    path = folder / f"{file}.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InputError) as caught:
        Register.load(folder, CODES)
    assert str(caught.value.problems[0]).removeprefix(f"{folder}/").startswith(says)


def test_a_name_in_two_files_is_told_with_both_places(folder, tinford):
    path = folder / "bodies.csv"
    path.write_text(path.read_text("utf-8").replace("cert-stated", "cert-inferred", 1), "utf-8")
    with pytest.raises(InputError, match=r"bodies\.csv:2: column \"id\": .* stands twice, first in .*bodies\.csv:2"):
        tinford.extended(folder, CODES)


def test_a_register_of_nobody_finds_nobody():
    assert Register({}).longest("Youth Team and all others") == []


def test_a_body_that_two_files_describe_alike_or_one_only_proposes_is_one_body(folder, tinford):
    assert tinford.extended(folder, CODES).entries == tinford.entries
    path = folder / "bodies.csv"
    path.write_text(path.read_text("utf-8").replace("cert-stated", "cert-inferred", 1), "utf-8")
    assert tinford.extended(folder, CODES, proposed=True).entries == tinford.entries


@pytest.mark.parametrize(
    ("id_", "kind", "borough"),
    [
        ("org/metropolitan-police", "body", ""),
        ("hackney/org/hackney-housing", "body", "hackney"),
        ("hackney/plan/vawg-strategy", "plan", "hackney"),
        ("hackney/plan/vawg-strategy/section/4bi", "section", "hackney"),
        ("hackney/place/shoreditch", "place", "hackney"),
        ("hackney/initiative/empower", "initiative", "hackney"),
        ("hackney", "", "hackney"),
    ],
)
def test_an_id_tells_kind_and_borough(id_, kind, borough):
    assert (kind_of(id_), borough_of(id_)) == (kind, borough)


def test_every_file_has_the_columns_its_rows_have():
    for row_type, columns in FILES.values():
        names = {info.alias or name for name, info in row_type.model_fields.items()}
        assert set(columns) == names


@given(st.text())
def test_folding_twice_changes_nothing(name):
    assert folded(folded(name)) == folded(name)
