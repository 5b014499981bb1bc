"""The picture of dependencies shows the whole network, in the order of the document, and can be read."""

import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from kg.build import build
from kg.graph.store import LocalStore
from kg.maps.dependencies import ALONE, HEADS, KINDS, PART, columns_of, of_dependencies
from kg.maps.geometry import crossings, overlaps, through
from kg.network.dependencies import ACTION, ELEMENTS, FORUM, dependencies, under
from kg.network.references import QUESTIONS, references
from kg.questions import Answer, Names, ask
from kg.settings import Settings
from tests.conftest import YOUTH_JUSTICE

ID = "https://w3id.org/plangraph/id/"
SAFETY = f"{ID}hackney/plan/community-safety-plan-2015-18"
YOUTH = f"{ID}hackney/plan/youth-justice-plan"


def network_of(store, names):
    return dependencies(references({name: ask(store, name, names) for name in QUESTIONS}))


@pytest.fixture(scope="module")
def safety(hackney):
    """The network of the bundled plan."""
    return network_of(hackney.store, hackney.names)


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The network of the bundled plan and the example."""
    store = LocalStore(build(Settings.read(environ={}, home=tmp_path_factory.mktemp("both")), add=[YOUTH_JUSTICE]))
    yield network_of(store, Names.load(store))
    store.close()


@pytest.fixture(params=["safety", "both", "tiny"])
def network(request):
    if request.param == "tiny":
        tiny = request.getfixturevalue("tiny")
        return network_of(tiny.store, tiny.names)
    return request.getfixturevalue(request.param)


def test_every_node_is_a_box_and_every_edge_a_line_with_its_number(network):
    drawing = of_dependencies(network).drawing
    assert {box.key for box in drawing.boxes} == set(network)
    lines = {(line.a, line.b): line.weight for line in drawing.lines if line.kind != PART}
    assert lines == {(a, b): weight for a, b, weight in network.edges(data="weight")}
    parts = {(line.a, line.b) for line in drawing.lines if line.kind == PART}
    assert parts == {(part_of, node) for node, part_of in network.nodes(data="part_of") if part_of}
    assert {line.at is not None for line in drawing.lines if line.weight > 1} == {True}


def test_nothing_overlaps_and_no_line_runs_through_a_box(network):
    drawing = of_dependencies(network).drawing
    assert overlaps(drawing, 2) == []
    assert through(drawing, 1) == []


def test_the_bundled_plan_fits_a_screen_twice_over_and_few_lines_cross(safety):
    drawing = of_dependencies(safety).drawing
    assert drawing.width <= 1200
    assert drawing.height <= 1250
    assert len(crossings(drawing)) <= 50


def test_elements_stand_in_the_order_of_the_document(network):
    drawing = of_dependencies(network).drawing
    for kind in ELEMENTS:
        rows = [drawing.by_key[node].y for node, of in network.nodes(data="kind") if of == kind]
        assert rows == sorted(rows)


def test_actions_that_lean_on_nothing_are_drawn_and_said_to(safety):
    picture = of_dependencies(safety)
    alone = [box.key for box in picture.drawing.boxes if box.kind == ALONE]
    assert len(alone) == 23
    assert {picture.boxes[key].rsplit(". ", 1)[-1] for key in alone} >= {"Leans on nothing"}
    assert Counter(box.kind for box in picture.drawing.boxes)[ACTION] == 26


def test_forums_stand_together_below_their_words(safety):
    drawing = of_dependencies(safety).drawing
    last = sorted((box for box in drawing.boxes if box.x > drawing.width - 200), key=lambda box: box.y)
    kinds = [box.kind == FORUM for box in last]
    assert sum(kinds) == 3
    assert kinds[kinds.index(True) :][:3] == [True] * 3
    assert "Forums and boards" in [caption.text for caption in drawing.captions]


def test_each_column_has_its_head(safety):
    assert [caption.text for caption in of_dependencies(safety).drawing.captions if caption.y < 20] == list(HEADS)


def test_a_plan_stands_before_its_parts_until_something_leans_on_it(safety, both):
    columns, _ = columns_of(safety)
    assert (columns[0][0].key, columns[0][0].label) == (SAFETY, "The plan as a whole")
    columns, edges = columns_of(both)
    assert {SAFETY, YOUTH} <= {item.key for item in columns[-1]}
    back = next(edge for edge in edges if edge.a == YOUTH and edge.b == f"{SAFETY}/action/1.6")
    assert back.directed
    assert not next(edge for edge in edges if edge.b == YOUTH and edge.a == f"{SAFETY}/action/1.6").directed


def test_two_plans_are_named_above_their_priorities(both):
    drawing = of_dependencies(both).drawing
    left = " ".join(caption.text for caption in drawing.captions if caption.x < 20 and caption.y > 20)
    assert left == "Hackney Community Safety Plan 2015-18 Youth Justice Plan 2016-18 (synthetic example)"


def test_every_box_and_line_is_said_in_words(network):
    picture = of_dependencies(network)
    assert set(picture.boxes) == set(network)
    assert set(picture.lines) == {(line.a, line.b) for line in picture.drawing.lines}
    assert {box.kind for box in picture.drawing.boxes} <= {kind.name for kind in KINDS}


def test_the_words_of_a_line_say_how_in_which_years_and_where(safety):
    words = of_dependencies(safety).lines[f"{SAFETY}/action/1.1", f"{ID}hackney/plan/gangs-action-plan"]
    assert words == (
        "1.1 Provision and support for gang members to Gangs Action Plan, 2 references: delivered through in 2016/17 "
        "and 2017/18 (line 8, 2016-2017; line 8, 2017-2018)"
    )


def test_the_picture_is_a_whole_svg_that_says_all_it_shows(network):
    picture = of_dependencies(network)
    root = ET.fromstring(picture.as_svg(notes=("a note",)))  # noqa: S314  our own
    titles = Counter(title.text for title in root.iter("{http://www.w3.org/2000/svg}title"))
    assert titles == Counter(
        [*picture.boxes.values(), *(picture.lines[line.a, line.b] for line in picture.drawing.lines)]
    )
    sizes = [int(text.get("font-size")) for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert min(sizes) >= 12


def test_what_is_left_of_any_action_can_be_drawn(network):
    for action in [node for node, kind in network.nodes(data="kind") if kind == ACTION]:
        part = under(network, [action])
        assert {part_of for _, part_of in part.nodes(data="part_of") if part_of} <= set(part)
        assert {(a, b) for a, b in part.edges} == set(network.out_edges(action))
        assert set(of_dependencies(part).boxes) == set(part)


def test_the_same_network_is_drawn_the_same(safety):
    assert of_dependencies(safety).drawing == of_dependencies(safety).drawing


def test_an_empty_network_is_an_empty_picture():
    picture = of_dependencies(dependencies(references({name: Answer((), ()) for name in QUESTIONS})))
    assert (picture.drawing.boxes, picture.summary[:9]) == ((), "0 actions")
