"""A brief says what the questions answer, for every body and every priority, and says so where there is nothing."""

from collections import Counter

import pytest

from kg.briefs import Brief, Section, Table, brief
from kg.errors import InputError, NotFound
from tests.briefs.conftest import asker_of


def section(paper: Brief, start: str) -> Section:
    return next(one for one in paper.sections if one.title.startswith(start))


def table(paper: Brief, start: str) -> Table:
    return section(paper, start).tables[0]


def column(found: Table, name: str) -> list[str]:
    return [row[found.columns.index(name)].words for row in found.rows]


def places(found: Table) -> set[str]:
    """Every place of the document that a table cites."""
    return {place for row in found.rows for cell in row if cell.source for place in cell.source.split("; ")}


def cited(answer: list[dict]) -> set[str]:
    return {place for row in answer for place in row["source"].split("; ")}


def test_there_is_a_brief_for_every_body_that_leads(of_bodies):
    assert len(of_bodies) == 32


def test_a_brief_leads_what_the_question_says_it_leads(of_bodies, rows):
    for iri, paper in of_bodies.items():
        answer = rows("actions-a-partner-leads", partner=iri)
        found = table(paper, "What")
        assert column(found, "Ref") == [row["ref"] for row in answer]
        assert column(found, "Action") == [row["title"] for row in answer]
        assert column(found, "Role") == [row["role"] for row in answer]
        assert column(found, "Source") == [row["source"] for row in answer]


def test_what_is_led_alone_and_with_others_adds_up(of_bodies, rows):
    for iri, paper in of_bodies.items():
        alone = [row["ref"] for row in rows("what-one-partner-carries-alone", partner=iri, collective="yes")
                 if row["kind"] == "action"]  # fmt: skip
        found = table(paper, "What")
        beside = dict(zip(column(found, "Ref"), column(found, "With whom"), strict=True))
        assert [ref for ref, whom in beside.items() if whom == "nobody"] == alone
        n, joint = len(beside), len(beside) - len(alone)
        how = (
            f"{len(alone)} alone and {joint} with others" if alone and joint else "all alone" if alone else "none alone"
        )
        assert f"leads {n} of the 49 actions of the Hackney Community Safety Plan 2015-18: {how}." in paper.summary[0]


def test_with_whom_is_the_answer_about_shared_actions(of_bodies, rows):
    for iri, paper in of_bodies.items():
        answer = rows("shared-actions", partner=iri, collective="yes")
        shared = {row["a2"] if row["a1_iri"] == iri else row["a1"]: str(row["shared"]) for row in answer}
        if not shared:
            assert section(paper, "With whom").words == (f"{paper.name} leads all of them alone.",)
            continue
        found = table(paper, "With whom")
        assert dict(zip(column(found, "Partner"), column(found, "Actions"), strict=True)) == shared


def test_who_shares_an_action_has_a_picture_of_the_partners_in_the_table(of_bodies, rows):
    drawn = set()
    for iri, paper in of_bodies.items():
        one = section(paper, "With whom")
        if one.figure:
            drawn.add(iri)
            for row in one.tables[0].rows:
                if row[1].words != "Collective wording":
                    assert f'data-key="{row[0].iri}"' in one.figure.svg
                    assert row[0].words in one.figure.words
    answer = rows("shared-actions", collective="yes")
    assert drawn == {row[side] for row in answer for side in ("a1_iri", "a2_iri")}


def test_every_year_says_what_the_action_says(write, rows):
    found = table(write(partner="Safer Communities"), "Year by year")
    assert found.columns == ("Ref", "2015/16", "2016/17", "2017/18")
    for ref, *years in found.rows:
        answer = rows("status-of-an-action", action=ref.words)
        assert [cell.words for cell in years] == [row["words"] for row in answer]
        assert [cell.quoted for cell in years] == [row["wording"] == "as printed" for row in answer]
        assert [cell.source for cell in years] == [row["source"] for row in answer]
        assert ["reported as done" in cell.notes for cell in years] == [
            row["stated_as"] == "Reported" for row in answer
        ]


def test_what_is_undecided_is_the_answer_about_decisions(of_bodies, rows):
    for iri, paper in of_bodies.items():
        answer = rows("what-must-be-decided-next", partner=iri)
        one = section(paper, "What is undecided")
        if not answer:
            assert one.words[0] == "Nothing is marked as undecided."
            continue
        assert one.tables[0].caption.startswith(f"What is undecided: {len(answer)} point")
        assert places(one.tables[0]) == cited(answer)
        kinds = Counter(row["open"] for row in answer)
        assert all(f"{kind} ({n})" in " ".join(paper.summary) for kind, n in kinds.items())


def test_what_it_leans_on_is_every_reference_of_its_actions(of_bodies, rows):
    for iri, paper in of_bodies.items():
        led = {row["ref_iri"] for row in rows("actions-a-partner-leads", partner=iri)}
        answer = [row for row in rows("every-reference", partner=iri) if row["to_iri"] not in led]
        one = section(paper, f"What {paper.name} leans on")
        found = one.tables[0] if one.tables else Table("", (), (), ())
        assert {row[0].iri for row in found.rows} == {row["to_iri"] for row in answer}
        assert places(found) == cited(answer)


def test_where_it_is_named_is_every_mention_of_it_by_what_it_does_not_lead(of_bodies, rows):
    for iri, paper in of_bodies.items():
        led = {row["ref_iri"] for row in rows("actions-a-partner-leads", partner=iri)}
        answer = [row for row in [*rows("every-mention", to=iri), *rows("every-reference", to=iri)]
                  if row["from_iri"] not in led]  # fmt: skip
        one = section(paper, f"Where {paper.name}")
        found = one.tables[0] if one.tables else Table("", (), (), ())
        assert {row[0].iri for row in found.rows} == {row["from_iri"] for row in answer}
        assert places(found) == cited(answer)


def test_the_figures_are_those_of_its_delivery_priorities(write, rows):
    paper = write(partner="Integrated Gangs Unit")
    found = table(paper, "Indicators")
    answer = rows("targets-against-actuals", priority="1/1")
    assert len(found.rows) == len(answer) == 9
    assert column(found, "Verdict") == [row["verdict"] for row in answer]
    gun = next(row for row in found.rows if "against 2014/15" in row[2].notes and row[3].words == "+73%")
    assert [cell.words for cell in gun[4:6]] == ["+93%", "missed"]
    detections = next(row for row in found.rows if row[5].words == "met")
    assert detections[5].notes == ("unit not stated",)


def test_a_priority_says_who_leads_each_of_its_actions(of_priorities, rows):
    assert len(of_priorities) == 5 + 11
    for iri, paper in of_priorities.items():
        answer = rows("every-lead", priority=iri)
        found = table(paper, "Who leads what")
        assert column(found, "Ref") == list(dict.fromkeys(row["ref"] for row in answer))
        assert Counter(", ".join(column(found, "Led by")).split(", ")) == Counter(
            f"{row['partner']} ({row['role'].lower()})" for row in answer
        )
        assert places(found) == cited(answer)


def test_what_points_to_a_priority_from_outside_is_told(write):
    found = table(write(priority="2/1"), "Where this priority is relied on")
    assert "2/2 Co-ordinated multi-agency approach to the management of night time economies." in column(found, "Where")


def test_a_priority_without_a_figure_says_why(write):
    one = section(write(priority="3/1"), "Indicators")
    assert one.words == ("None of its delivery priorities has a target with a figure.",)
    assert column(one.tables[0], "Why") == ["None stated"]


def test_a_partner_within_a_priority_leads_only_what_stands_there(write):
    paper = write(partner="MPS", priority="1")
    assert column(table(paper, "What"), "Ref") == ["1.2", "1.7"]
    assert paper.title.startswith("Brief: Metropolitan Police Service in priority 1, Gang crime")


def test_a_year_narrows_the_years_and_the_open_points(write):
    paper = write(partner="Hackney Housing", year="2016-17")
    assert table(paper, "Year by year").columns == ("Ref", "2016/17")
    assert not any("2017-2018" in place for place in places(table(paper, "What is undecided")))


def test_a_body_that_leads_nothing_is_told_so_and_shown_where_it_is_named(write):
    paper = write(partner="MOPAC")
    assert paper.summary[0].startswith("Mayor's Office for Policing and Crime leads none of the 49 actions")
    found = table(paper, "Where Mayor's Office")
    assert column(found, "How") == ["names", "waits for it: money"]
    assert places(found) == {"line 84, 2016-2017"}


def test_a_body_whose_units_lead_names_them(write):
    assert any("Safer Communities (19)" in sentence for sentence in write(partner="London Borough of Hackney").summary)


def test_what_units_lead_is_listed_and_left_out_of_every_other_number(write, rows):
    paper = write(partner="Metropolitan Police Service")
    theirs = [row for row in rows("actions-a-partner-leads", partner="MPS", rolled_up="yes")
              if row["partner"] != paper.name]  # fmt: skip
    found = table(paper, "What units of")
    assert column(found, "Ref") == [row["ref"] for row in theirs] == ["2.1", "2.11", "4.14", "4.16"]
    assert column(found, "Unit") == [row["partner"] for row in theirs]
    assert column(found, "Source") == [row["source"] for row in theirs]
    assert paper.summary[0].startswith("Metropolitan Police Service leads 17 of")
    assert paper.summary[1].startswith("Its units lead 4 actions: Police Safer Transport (2), ")
    assert paper.summary[2] == "Together that is 21; every other number here leaves the units out."
    assert "leave these out" in section(paper, "What units of").words[0]
    assert not [one for one in write(partner="Safer Communities").sections if "units" in one.title]


def test_what_units_lead_is_narrowed_as_the_brief_is(write):
    assert column(table(write(partner="MPS", priority="2/1"), "What units of"), "Ref") == ["2.1"]


def test_what_hangs_on_a_condition_alone_stands_among_what_is_undecided(of_bodies, rows):
    for iri, paper in of_bodies.items():
        sections = [one for one in paper.sections if one.title.startswith(("Dates", "What is undecided"))]
        told = [found for one in sections for found in one.tables]
        here = {place for found in told for place in places(found)}
        waits = [row for row in rows("what-a-partner-owes", partner=iri)
                 if row["kind"] != "year" and (row["due"] or row["how_often"] or row["conditional_on"])]  # fmt: skip
        assert cited(waits) <= here
        for row in (row for found in told if "rhythm" in found.caption for row in found.rows):
            assert {row[2].words, row[3].words} != {"not stated"}


def test_the_words_for_how_certain_a_reading_is_are_explained_once_before_they_are_used(of_bodies):
    for paper in of_bodies.values():
        assert ["normalised (another" in " ".join(one.words) for one in paper.sections].index(True) == 0
        assert sum(words.count("normalised (") for one in paper.sections for words in one.words) == 1


def test_what_is_undecided_says_what_it_leaves_out_and_where_that_is(of_bodies, of_priorities):
    for paper in (*of_bodies.values(), *of_priorities.values()):
        said = " ".join(section(paper, "What is undecided").words)
        assert "Left out here, and listed on the page To decide (/gaps): " in said


def test_words_that_stand_in_the_years_are_not_said_again(write):
    paper = write(partner="MPS")
    found = table(paper, "What Metropolitan Police Service leans on")
    again = [row for row in found.rows if row[3].words == "those of the year, above"]
    above = places(table(paper, "Year by year"))
    assert again
    assert {place for row in again for place in row[4].words.split("; ")} <= above


def test_the_documents_are_named_with_their_checksums(write):
    one = section(write(partner="Hackney Housing"), "Where this comes from")
    assert one.words[0].startswith("This brief shows structure, not performance")
    assert column(one.tables[0], "Read from") == ["hackney-community-safety-plan-2015-18.txt"]
    assert one.tables[0].rows[0][3].notes == ("sha256 begins 6935b8e2",)


@pytest.mark.parametrize("name", ["of_bodies", "of_priorities"])
def test_no_cell_is_empty_and_no_row_ends_early(name, request):
    for paper in request.getfixturevalue(name).values():
        for found in (found for one in paper.sections for found in one.tables):
            assert 95 <= sum(found.widths) <= 100
            for row in found.rows:
                assert len(row) == len(found.columns) == len(found.widths)
                assert all(cell.words.strip() not in ("", "None") for cell in row)


def test_every_line_about_the_plan_cites_its_place(of_bodies):
    counted = ("With whom", "Where this comes from")
    for paper in of_bodies.values():
        for found in (found for one in paper.sections if not one.title.startswith(counted) for found in one.tables):
            assert all(any(cell.source for cell in row) for row in found.rows)


def test_every_body_of_the_tiny_plan_has_a_brief(tiny):
    ask = asker_of(tiny)
    bodies = [thing for thing in tiny.names.things.values() if thing.kind == "body"]
    papers = [brief(ask, tiny.names, tiny.snapshot.id, {"partner": body.iri}) for body in bodies]
    assert len(papers) > 15
    assert sum("leads none of" in paper.summary[0] for paper in papers) == 4


@pytest.mark.parametrize(
    ("given", "failure", "said"),
    [
        ({}, InputError, "about a partner or a priority"),
        ({"partner": "  "}, InputError, "about a partner or a priority"),
        ({"partner": "Hackny Housing"}, NotFound, "nearest: Hackney Housing"),
        ({"priority": "9/9"}, NotFound, 'No priority is called "9/9"'),
        ({"partner": "MPS", "plan": "Youth Justice Plan"}, InputError, "Youth Justice Plan is known by name only"),
        ({"priority": "2/1", "plan": "Youth Justice Plan"}, NotFound, "is no priority of that plan"),
        ({"partner": "MPS", "year": "1066"}, NotFound, "year"),
    ],
)
def test_what_cannot_be_a_brief_is_refused_in_a_sentence(write, given, failure, said):
    with pytest.raises(failure, match=said):
        write(**given)
