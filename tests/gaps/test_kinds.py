"""The kinds of gap are data: each names a question that exists, columns it answers, and a severity with a rule."""

import pytest

from kg.errors import InputError, NotFound
from kg.gaps import Thing, load_kinds
from kg.questions import Answer

KIND = """
[[severity]]
name = "tidy"
title = "Tidy up"
rule = "It can wait."

[[kind]]
name = "numbering"
title = "Gap in the numbering"
severity = "tidy"
why = "A number is skipped."
question = "Q27"
about = "next"
row = { words = "There is no {missing}.", wording = "in our words" }
"""


@pytest.fixture
def told(tmp_path):
    """Writes kinds with one text put for another, and reads them."""

    def write(old: str = "", new: str = ""):
        assert old in KIND
        path = tmp_path / "kinds.toml"
        path.write_text(KIND.replace(old, new), "utf-8")
        load_kinds.cache_clear()
        return load_kinds(path)

    yield write
    load_kinds.cache_clear()


def test_every_kind_has_a_name_of_its_own_and_says_why_it_matters():
    kinds = load_kinds()
    assert len({kind.name for kind in kinds}) == len({kind.title for kind in kinds}) == len(kinds) > 20
    assert all(kind.why.endswith(".") for kind in kinds)


def test_there_are_three_severities_each_with_a_rule_and_the_kinds_of_one_stand_together():
    severities = [kind.severity for kind in load_kinds()]
    order = ["blocks", "decision", "tidy"]
    assert [one.name for one in dict.fromkeys(severities)] == order
    assert severities == sorted(severities, key=lambda one: order.index(one.name))
    assert all(one.rule.endswith(".") for one in severities)


def test_an_answer_is_read_by_the_columns_the_kind_names(told):
    (kind,) = told()
    columns = ("missing", "next", "next_iri", "source", "plan_name", "plan_name_iri")
    rows = ((5, "Substance misuse", "urn:6", "line 113, heading", "A plan", "urn:plan"),)
    (found,) = kind.told_by(Answer(columns, rows))
    assert found.about == Thing("urn:6", "Substance misuse")
    assert found.plan == Thing("urn:plan", "A plan")
    assert found.says == {"words": "There is no 5.", "wording": "in our words", "source": "line 113, heading"}


@pytest.mark.parametrize("line", ["where = { missing = [5] }", "unless = { missing = [4, 5] }"])
def test_rows_are_taken_or_left_by_the_values_of_a_column(told, line):
    (kind,) = told('about = "next"', f'about = "next"\n{line}')
    columns = ("missing", "next", "next_iri", "source", "plan_name", "plan_name_iri")
    rows = tuple((n, "x", "urn:x", None, "A plan", "urn:plan") for n in (4, 5, 6))
    assert [found.says["words"][-2] for found in kind.told_by(Answer(columns, rows))] == [
        "5" if "where" in line else "6"
    ]


def test_what_a_column_does_not_state_is_not_stated(told):
    (kind,) = told("{missing}", "{source}")
    columns = ("missing", "next", "next_iri", "source", "plan_name", "plan_name_iri")
    (found,) = kind.told_by(Answer(columns, ((5, "x", "urn:x", None, "A plan", "urn:plan"),)))
    assert (found.says["words"], found.says["source"]) == (None, None)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{missing}", "{lost}", "reads lost, which Q27 does not answer"),
        ('about = "next"', 'about = "ref"', "reads ref, ref_iri, which Q27 does not answer"),
        ('about = "next"', 'about = "next"\nwhere = { grade = ["bad"] }', "reads grade, which Q27 does not answer"),
        ("words =", "word =", "says word, which no gap has"),
        (', wording = "in our words"', "", "says words, and not whether they are printed (wording)"),
        ('severity = "tidy"', 'severity = "grave"', 'has the severity "grave", which is not declared'),
        ('about = "next"', 'about = "next"\ngiven = { partner = "MPS" }', 'Q27 takes no parameter "partner"'),
    ],
)
def test_a_kind_that_names_what_does_not_exist_is_refused_with_its_name(told, old, new, says):
    with pytest.raises(InputError) as refused:
        told(old, new)
    assert says in str(refused.value)


def test_a_kind_of_no_question_is_refused(told):
    with pytest.raises(NotFound):
        told("Q27", "Q99")
