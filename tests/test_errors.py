"""Errors say the fact and the place, and carry the exit code and the HTTP status."""

import inspect
import re

import pytest

from kg import errors
from kg.errors import PROBLEMS_SHOWN, Candidate, InputError, PlangraphError, Problem, Several

FAMILY = {
    name: value for name, value in vars(errors).items() if inspect.isclass(value) and issubclass(value, PlangraphError)
}


def test_the_tree_in_the_docstring_is_the_family():
    drawn = re.findall(r"^[ │├└─]*(\w+) +exit (\d), HTTP (\d+)", errors.__doc__, re.MULTILINE)
    assert {(name, int(code), int(status)) for name, code, status in drawn} == {
        (name, error.exit_code, error.status) for name, error in FAMILY.items()
    }


def test_the_indentation_in_the_docstring_is_the_descent():
    above: list[str] = []
    for branch, name in re.findall(r"^ {4}([ │├└─]*)(\w+) +exit", errors.__doc__, re.MULTILINE):
        depth = len(branch) // 4
        above[depth:] = [name]
        assert depth == 0 or FAMILY[name].__base__ is FAMILY[above[depth - 1]]


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        (Problem("it is wrong."), "it is wrong."),
        (Problem("it is wrong.", "leads.csv"), "leads.csv: it is wrong."),
        (Problem("it is wrong.", "leads.csv", 87), "leads.csv:87: it is wrong."),
        (Problem("it is wrong.", "leads.csv", 87, "partner"), 'leads.csv:87: column "partner": it is wrong.'),
        (Problem("it is wrong.", column="partner"), 'column "partner": it is wrong.'),
    ],
)
def test_a_problem_is_printed_with_what_is_known_of_its_place(problem, says):
    assert str(problem) == says


def test_an_error_takes_a_sentence_a_problem_or_many():
    assert str(InputError("no.")) == str(InputError(Problem("no."))) == "no."
    assert str(InputError([Problem("one."), Problem("two.")])) == "one.\ntwo."


@pytest.mark.parametrize(("more", "words"), [(1, "... and 1 more problem."), (2, "... and 2 more problems.")])
def test_after_twenty_problems_the_others_are_counted(more, words):
    error = InputError([Problem(f"{number}.") for number in range(PROBLEMS_SHOWN + more)])
    assert len(error.problems) == PROBLEMS_SHOWN + more
    assert str(error).splitlines()[PROBLEMS_SHOWN:] == [words]


@pytest.mark.parametrize("error", FAMILY.values(), ids=FAMILY)
def test_every_error_of_ours_is_caught_as_one(error):
    # What words mean is said beside them.
    more = ("plan", [Candidate("", "one", "one", "", "")]) if error is Several else ()
    with pytest.raises(PlangraphError, match="the fact"):
        raise error("the fact", *more)
