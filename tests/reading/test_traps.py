"""The traps of the source, each as it stands in the tiny document."""

from kg.reading import Interpretation
from tests.reading.conftest import rows


def test_ten_is_not_one(tiny_read: Interpretation):
    identifiers = rows(tiny_read, "actions", "identifier")
    assert identifiers.index("1.10") == identifiers.index("1.1") + 9
    assert rows(tiny_read, "leads", "partner", element="action/1.10") == ["Youth Safety Board"]


def test_delivery_priorities_begin_again_in_each_strategic_priority(tiny_read: Interpretation):
    assert rows(tiny_read, "delivery-priorities", "path") == [
        "sp/1/dp/1", "sp/1/dp/2", "sp/1/dp/3", "sp/2/dp/1", "sp/2/dp/2", "sp/4/dp/1", "sp/4/dp/2",
    ]  # fmt: skip


def test_a_number_left_out_is_not_minted_and_is_reported(tiny_read: Interpretation):
    assert rows(tiny_read, "priorities", "identifier", "position") == [("1", 1), ("2", 2), ("4", 3)]
    assert "Strategic priority 3 is missing between the others." in [doubt.sentence for doubt in tiny_read.doubts]


def test_a_header_repeated_after_a_page_break_opens_nothing_new(tiny_read: Interpretation):
    belonging = rows(tiny_read, "actions", "is_part_of")
    assert [belonging.count(f"sp/1/dp/{n}") for n in (1, 2, 3)] == [4, 5, 2]


def test_a_header_repeated_only_to_carry_improvements_gives_them_to_its_priority(tiny_read: Interpretation):
    assert rows(tiny_read, "improvements", "source", is_part_of="sp/1/dp/1") == [("L017-improvement-actions",)] * 2


def test_a_row_split_over_pages_is_one_action_with_both_cells(tiny_read: Interpretation):
    assert rows(tiny_read, "actions", "source", identifier="1.4") == [
        ("L011-ref-no", "L011-activity", "L014-activity"),
    ]
    steps = rows(tiny_read, "steps", "source", element="action/1.4")
    assert steps == [("L011-activity", "L014-activity"), ("L014-activity",)]


def test_the_tail_of_a_split_row_may_carry_another_lead(tiny_read: Interpretation):
    assert rows(tiny_read, "leads", "partner", "role", "source", element="action/2.3") == [
        ("Council Licensing", "role-joint", ("L042-lead-partners",)),
        ("Parks and Leisure", "role-joint", ("L045-lead-partners",)),
    ]


def test_single_blanks_part_partners_the_register_knows(tiny_read: Interpretation):
    assert rows(tiny_read, "leads", "partner", element="action/1.6") == [
        "Tinford Homes", "Harbour Trust", "Westmere Constabulary",
    ]  # fmt: skip


def test_paragraphs_part_partners_and_and_does_not_part_a_name(tiny_read: Interpretation):
    assert rows(tiny_read, "leads", "partner", element="action/1.3") == ["Harbour Trust", "Parks and Leisure"]


def test_and_parts_two_names_the_register_knows(tiny_read: Interpretation):
    assert rows(tiny_read, "leads", "partner", element="action/1.7") == ["Market Wardens", "Community Team"]


def test_a_slash_means_what_the_register_says(tiny_read: Interpretation):
    two, shared, ambiguous = (
        rows(tiny_read, "leads", "partner", "certainty", element=f"action/{ref}") for ref in ("1.1", "1.8", "2.1")
    )
    assert two == [("Westmere Constabulary", "cert-normalised"), ("Youth Team", "cert-stated")]
    assert shared == [("Council Licensing", "cert-normalised"), ("Constabulary Licensing", "cert-normalised")]
    assert ambiguous == [("Westmere Constabulary", "cert-ambiguous"), ("Council Licensing", "cert-ambiguous")]


def test_unequal_leads_have_a_principal_and_a_contributor(tiny_read: Interpretation):
    assert rows(tiny_read, "leads", "partner", "role", element="action/1.9") == [
        ("Westmere Constabulary", "role-principal"),
        ("Several Agencies", "role-contributing"),
    ]


def test_one_lead_alone_is_sole_and_a_collective_is_never_expanded(tiny_read: Interpretation):
    assert rows(tiny_read, "leads", "partner", "role", element="action/1.11") == [("All Agencies", "role-sole")]


def test_the_cell_of_one_delivery_priority_may_be_spread_over_two_rows(tiny_read: Interpretation):
    (spread,) = rows(tiny_read, "delivery-priorities", "label", "state", "source", is_part_of="sp/1", identifier="3")
    assert spread == (
        "Listening to young people",
        ("status-tbc",),
        ("L028-delivery-priority", "L029-delivery-priority"),
    )


def test_a_reference_cell_may_carry_pointers(tiny_read: Interpretation):
    pointers = rows(tiny_read, "cross-references", "points_to", "locator", element="action/2.1")
    assert pointers == [
        ("tinford/plan/harm-strategy/section/3c", "3c"),
        ("Care for Guests agendas", ""),
        ("action/1.2", "1.2 above"),
    ]


def test_bullets_are_read_from_tags_and_from_dashes_in_a_line(tiny_read: Interpretation):
    assert (
        rows(tiny_read, "steps", "verbatim", element="action/1.1")[0] == "Meet every young person found with a knife."
    )
    assert rows(tiny_read, "steps", "verbatim", element="action/1.6") == [
        "We will fit better locks.",
        "Housing officers will call on victims.",
    ]


def test_an_empty_improvement_row_gives_no_statement(tiny_read: Interpretation):
    assert rows(tiny_read, "improvements", "path", is_part_of="sp/1/dp/3") == []


def test_an_outcome_that_stops_in_a_sentence_is_kept_and_marked(tiny_read: Interpretation):
    (outcome,) = rows(tiny_read, "outcomes", "verbatim", "certainty", element="action/4.1")
    assert outcome == ("Reduce the", "cert-ambiguous")
    assert [doubt.line for doubt in tiny_read.doubts if "stops in the middle" in doubt.sentence] == [53]


def test_an_odd_year_is_read_as_a_month_and_marked(tiny_read: Interpretation):
    (step,) = rows(tiny_read, "steps", "due", "certainty", element="sp/2/dp/1/improvement/2")
    assert step == ("2024-07", "cert-ambiguous")


def test_links_that_lead_nowhere_are_kept_as_printed(tiny_read: Interpretation):
    links = {row.link for table in ("cross-references", "mentions") for row in tiny_read.tables.rows[table]}
    assert links == {"", "#"}


def test_a_footnote_restates_a_starred_target_against_its_own_year(tiny_read: Interpretation):
    assert rows(tiny_read, "readings", "period", "base_year", "target", "actual", "state") == [
        ("2023-2024", "2022-2023", -10, -4, ()),
        ("2024-2025", "2023-2024", -8, None, ()),
        ("2023-2024", "2022-2023", 15, 22, ()),
        ("2023-2024", "2019-2020", -12, None, ()),
        ("2024-2025", "", None, None, ("status-tbc",)),
        ("2023-2024", "", 30, 25, ()),
        ("2024-2025", "", None, None, ("status-tbc",)),
    ]


def test_no_indicators_has_five_forms(tiny_read: Interpretation):
    bare = rows(tiny_read, "delivery-priorities", "path", state=("status-tbc",))
    named = rows(tiny_read, "indicators", "path", state=("status-tbc",))
    shared = rows(tiny_read, "cross-references", "element", "points_to", type="xref-shares-indicators")
    assert bare == ["sp/1/dp/2", "sp/1/dp/3"]
    assert named == ["sp/2/dp/1/indicator/assaults", "sp/2/dp/1/indicator/late-noise"]
    assert shared == [("sp/2/dp/2", "sp/2/dp/1"), ("sp/4/dp/1", "Health measures")]
    assert not {"sp/4/dp/2"} & {row.element for row in tiny_read.tables.rows["indicators"]}
    assert rows(tiny_read, "readings", "path", element="sp/2/dp/1/indicator/assaults") == []


def test_the_last_line_points_from_the_plan_itself(tiny_read: Interpretation):
    assert rows(tiny_read, "cross-references", "points_to", "source", element="plan") == [
        ("Harm action plan 2024-2027", ("L060-footer",)),
    ]


def test_a_sentence_before_a_list_is_no_step(tiny_read: Interpretation):
    assert rows(tiny_read, "steps", "verbatim", element="action/2.2") == [
        "Agree closing times; delivered through the High Street Forum",
        "Plan taxis.",
    ]
