"""The header of a `.rq` file: what it must hold, and that a bad one is refused with file and line."""

from pathlib import Path

import pytest

from kg.errors import InputError, NotFound
from kg.questions import find_question, load_questions
from kg.questions.question import TOPICS, read_question

GOOD = """\
#+ id = "Q99"
#+ title = "Actions"
#+ question = "Which actions are there?"
#+ why = "To count them."
#+ topic = "Actions"
#+ [parameters]
#+ plan = { type = "plan", example = "Tinford Safety Plan" }
#+ [columns]
#+ ref = "The printed reference"
SELECT ?ref {
  VALUES ?plan { UNDEF }
  ?action dcterms:identifier ?ref
}
"""


def read(folder: Path, text: str):
    path = folder / "rq" / "actions.rq"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return read_question(path)


def test_a_good_header_is_read(tmp_path):
    question = read(tmp_path, GOOD)
    assert (question.name, question.id, question.topic) == ("actions", "Q99", "Actions")
    assert [(p.name, p.type, p.required, p.default) for p in question.parameters] == [
        ("borough", "borough", False, ""), ("plan", "plan", False, "UNDEF"),
    ]  # fmt: skip
    assert [column.name for column in question.columns] == ["ref"]
    assert question.sparql.startswith("SELECT")


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('#+ why = "To count them."\n', "", 1, '"why"'),
        ('title = "Actions"', 'title = " "', 2, "nothing is said here"),
        ('title = "Actions"', "title = Actions", 2, "not TOML"),
        ('id = "Q99"', 'id = "99"', 1, '"id"'),
        ('topic = "Actions"', 'topic = "Bananas"', 5, "Every day"),
        ('topic = "Actions"', 'topic = "Actions"\n#+ colour = "red"', 6, '"colour"'),
        ('type = "plan"', 'type = "plant"', 7, '"parameters.plan.type"'),
        ("VALUES ?plan { UNDEF }", "VALUES ?plans { UNDEF }", 7, "has no line VALUES ?plan"),
        ('ref = "The', 'ref_uri_iri = "The', 9, "is the address of no column"),
        ("SELECT ?ref {", "SELECT ?ref {\n#+ x = 1", 11, "stands below the query"),
    ],
)
def test_a_bad_header_is_refused_with_file_and_line(tmp_path, old, new, line, says):
    with pytest.raises(InputError) as refused:
        read(tmp_path, GOOD.replace(old, new))
    assert str(refused.value).startswith(f"rq/actions.rq:{line}: ")
    assert says in str(refused.value)


def test_an_id_stands_once(tmp_path):
    read(tmp_path, GOOD)
    (tmp_path / "rq" / "again.rq").write_text(GOOD, "utf-8")
    with pytest.raises(InputError, match=r"Q99 is the id of actions\.rq too"):
        load_questions(tmp_path / "rq")


def test_a_question_is_found_by_name_and_by_number_in_any_case():
    assert find_question("who-leads-an-action") is find_question("q03")


def test_an_unknown_question_names_the_nearest():
    with pytest.raises(NotFound, match="nearest: who-leads-an-action"):
        find_question("who-leads-action")


def test_the_catalogue_is_ordered_by_topic_then_number():
    order = [(TOPICS.index(question.topic), question.id) for question in load_questions().values()]
    assert order == sorted(order)


def test_what_is_given_stands_in_the_values_line_and_what_is_not_leaves_no_line(tmp_path):
    question = read(tmp_path, GOOD)
    assert "VALUES ?plan { <urn:p> <urn:q> }" in question.bind({"plan": ["<urn:p>", "<urn:q>"]})
    assert "VALUES" not in question.bind({})


def test_a_term_without_a_line_is_an_error_and_not_ignored(tmp_path):
    with pytest.raises(ValueError, match="year"):
        read(tmp_path, GOOD).bind({"year": ["<urn:y>"]})
