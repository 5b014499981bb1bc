"""Which bodies a lead cell names, where the register knows none or few of them."""

from pathlib import Path

import pytest

from kg.documents import parse_dump
from kg.reading import Rules, interpret
from kg.register import Register
from tests.reading.conftest import rows


@pytest.fixture
def read_leads(rules: Rules, tiny_register: Register):
    """The partners that a lead cell names, in order, as printed, each with its role."""

    def reading(words: str) -> list[tuple[str, str]]:
        text = f"Strategic Priority 1: Peace\nRef\tActivity\tLead\tOutcome\n1.1\tWe will act.\t{words}\tCalm.\n"
        read = interpret(parse_dump(text.encode(), Path("plan.txt")), rules, tiny_register, "tinford", "plan")
        return rows(read, "leads", "verbatim", "role")

    return reading


@pytest.fixture
def leads(read_leads):
    """The partners that a lead cell names, without their roles."""
    return lambda words: [name for name, _ in read_leads(words)]


@pytest.mark.parametrize(
    ("words", "partners"),
    [
        ("Selby Vale Police", ["Selby Vale Police"]),
        ("Selby Vale Council and Selby Vale Police", ["Selby Vale Council", "Selby Vale Police"]),
        ("Ashmoor Homes & Ashmoor Borough Council", ["Ashmoor Homes", "Ashmoor Borough Council"]),
        ("Ashmoor Police and Crime Commissioner", ["Ashmoor Police and Crime Commissioner"]),
        ("Ashmoor Fire and Rescue Service", ["Ashmoor Fire and Rescue Service"]),
        ("Health and Wellbeing Board", ["Health and Wellbeing Board"]),
        ("Jobcentre Plus", ["Jobcentre Plus"]),
        ("Selby Council; Selby Council (Parks)", ["Selby Council", "Selby Council (Parks)"]),
        ("Quay Youth Team", ["Quay Youth Team"]),
        ("Ashmoor Council (Parks, Markets); Refuge", ["Ashmoor Council (Parks, Markets)", "Refuge"]),
    ],
)
def test_a_lead_cell_names_each_partner_as_printed(words: str, partners: list[str], leads):
    assert leads(words) == partners


def test_a_partner_that_leads_is_named_without_the_mark(leads):
    assert leads("Selby Vale Probation Service (Lead), Ashmoor Homes") == [
        "Selby Vale Probation Service",
        "Ashmoor Homes",
    ]


@pytest.mark.parametrize(
    ("words", "partners"),
    [
        (
            "Lead: Selby Homes Support: Selby Council",
            [("Selby Homes", "role-principal"), ("Selby Council", "role-contributing")],
        ),
        (
            "Selby Homes supported by Selby Council",
            [("Selby Homes", "role-principal"), ("Selby Council", "role-contributing")],
        ),
        ("Selby Homes, with support from Refuge and the Selby Trust", [("Selby Homes", "role-principal")]),
    ],
)
def test_words_before_names_say_who_leads_and_who_supports(words: str, partners: list[tuple[str, str]], read_leads):
    assert read_leads(words)[: len(partners)] == partners
    assert {role for _, role in read_leads(words)[1:]} == {"role-contributing"}


@pytest.mark.parametrize(
    ("words", "partners"),
    [
        ("Jane Example, Selby Vale Police", ["Selby Vale Police"]),
        ("Licensing Team (Priya Example)", ["Licensing Team"]),
        ("Selby Homes - John Example", ["Selby Homes"]),
        ("Anne Example / Highways", ["Highways"]),
        ("Mary Example House", ["Mary Example House"]),
        ("Jane Example", [""]),
        ("Cllr Tom Example", [""]),
    ],
)
def test_a_usual_given_name_and_a_surname_are_nobody_who_leads(words: str, partners: list[str], leads):
    assert leads(words) == partners
