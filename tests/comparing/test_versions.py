"""What changed in the later version of the tiny plan: every list was written by hand from reading both documents."""

import json
from dataclasses import replace

import pytest

from kg.comparing import DIFFERENT, SAME, Decision, compare, marked
from kg.tables import load_plan
from tests.comparing.conftest import FOLDERS, REVISED
from tests.conftest import TINY_PLAN

BY_HAND = {
    "added": ["1.11", "4.2"],
    "dropped": ["1.7"],
    "moved": [("4.2", "2.4")],
    "renumbered": [
        ["1.3", "1.2"], ["1.2", "1.3"], ["1.8", "1.7"], ["1.9", "1.8"], ["1.10", "1.9"], ["1.11", "1.10"],
        ["4.2", "2.4"],
    ],
    "reworded": [["1.4", "1.4"], ["1.11", "1.10"]],
    "leads_changed": [
        {"old": "1.1", "new": "1.1", "added": ["Harbour Trust"], "withdrawn": []},
        {"old": "1.6", "new": "1.6", "added": [], "withdrawn": ["Constabulary"]},
    ],
    "tbc_resolved": [["1.3", "1.2", "2023/24"], ["1.6", "1.6", "2024/25"]],
    "tbc_new": [["1.9", "1.8", "2024/25"]],
    "statuses_changed": [
        ["1.3", "1.2", "2023/24"], ["1.4", "1.4", "2024/25"], ["1.5", "1.5", "2024/25"], ["1.6", "1.6", "2024/25"],
        ["1.9", "1.8", "2024/25"],
    ],
    "documents_gained": ["Station Plan"],
}  # fmt: skip


@pytest.fixture(scope="module")
def tiny_codes():
    from kg.settings import bundled
    from kg.tables import known_codes

    return known_codes(bundled("ontology"))


@pytest.fixture(scope="module")
def plans(tiny_codes):
    return tuple(load_plan(folder, tiny_codes) for folder in FOLDERS)


@pytest.mark.parametrize("kind", BY_HAND)
def test_each_kind_of_change_is_what_a_reader_of_both_documents_finds(changes, kind):
    found = changes.as_json()[kind]
    if kind == "moved":
        found = [(one["old"], one["new"]) for one in found]
    assert found == BY_HAND[kind]


def test_the_move_says_from_where_to_where(changes):
    (moved,) = changes.as_json()["moved"]
    assert (moved["from"], moved["to"]) == ("4/2 Cycle theft", "2/2 Planning for the evening")


def test_the_targets_that_moved_and_the_priority_that_was_renamed_are_told(changes):
    told = changes.as_json()
    assert [(one["before"], one["after"], one["year"]) for one in told["targets_moved"]] == [
        ("-8", "-12", "2024/25"),
        ("Tbc", "-5", "2024/25"),
    ]
    assert [(one["before"], one["after"]) for one in told["priorities_renamed"]] == [
        ("Street violence & youth safety", "Street violence and young people")
    ]


def test_the_summary_counts_add_up(changes):
    assert changes.summary.startswith("16 actions before, 17 now: 15 kept, 1 dropped, 2 added. Of the 15 kept, 4 stand")
    assert (changes.kept + len(changes.dropped), changes.kept + len(changes.added)) == (16, 17)


def test_a_plan_beside_itself_has_not_changed(plans):
    for plan in plans:
        same = compare(plan, plan)
        assert [name for name, entries in same.lists() if entries] == []
        assert same.unchanged == same.kept == len(plan.rows["actions"])


def test_backwards_everything_is_turned_round(plans):
    there, back = compare(*plans), compare(*reversed(plans))
    assert [one.old for one in back.dropped] == [one.new for one in there.added]
    assert {(one.new, one.old) for one in back.renumbered} == {(one.old, one.new) for one in there.renumbered}
    assert {(one.new, one.old, one.year) for one in back.tbc_new} == {
        (one.old, one.new, one.year) for one in there.tbc_resolved
    }


def test_an_empty_plan_loses_or_gains_everything(plans):
    old, new = plans
    empty = replace(new, rows=dict.fromkeys(new.rows, ()))
    assert len(compare(old, empty).dropped) == 16
    assert len(compare(empty, old).added) == 16
    assert compare(empty, empty).summary == "0 actions before, 0 now: 0 kept, 0 dropped, 0 added."


def test_what_a_person_said_comes_first_and_is_one_to_one(plans):
    old, new = plans
    between = {"old_version": old.meta.graph_path, "new_version": new.meta.graph_path}
    same = Decision(**between, old="1.7", new="4.2", decision=SAME)
    apart = Decision(**between, old="1.11", new="1.10", decision=DIFFERENT)
    told = compare(old, new, [same, apart]).as_json()
    assert told["dropped"] == ["1.11"]
    assert told["added"] == ["1.10", "1.11"]
    assert ["1.7", "4.2"] in told["renumbered"]
    elsewhere = Decision(**(between | {"new_version": "tinford/other/1"}), old="1.7", new="4.2", decision=SAME)
    assert compare(old, new, [elsewhere]).as_json()["dropped"] == ["1.7"]


def test_two_actions_with_the_same_words_are_told_apart_by_their_numbers(plans):
    old, _ = plans
    twin = {row.element: row for row in old.rows["steps"]}["action/1.3"]
    rows = dict(old.rows)
    rows["actions"] = tuple(
        row.model_copy(update={"label": "A safe room"}) if row.identifier == "1.4" else row for row in rows["actions"]
    )
    rows["steps"] = tuple(row for row in rows["steps"] if row.element not in ("action/1.3", "action/1.4")) + tuple(
        twin.model_copy(update={"element": element}) for element in ("action/1.3", "action/1.4")
    )
    same = replace(old, rows=rows)
    assert compare(same, same).renumbered == ()
    assert compare(same, same).dropped == ()


def test_the_json_has_the_keys_that_were_promised_and_is_json(changes):
    told = json.loads(json.dumps(changes.as_json()))
    assert {
        "added", "dropped", "renumbered", "reworded", "moved", "leads_changed", "tbc_resolved", "tbc_new",
        "statuses_changed",
    } <= told.keys()  # fmt: skip
    assert all(set(one) >= {"old", "new"} for one in (*told["moved"], *told["leads_changed"]))
    assert all(len(one) == 3 for one in told["statuses_changed"])


def test_words_side_by_side_mark_what_is_gone_and_what_is_new():
    old, new = marked("visit the ten people", "visit the fifteen people")
    assert old == [("same", "visit the"), ("gone", "ten"), ("same", "people")]
    assert new == [("same", "visit the"), ("new", "fifteen"), ("same", "people")]


def test_the_later_version_says_which_it_revises():
    assert (REVISED / "plan.toml").read_text("utf-8").endswith('of = "4c987dc4"\n')
    assert TINY_PLAN.name == "safety-plan-2023-25"
