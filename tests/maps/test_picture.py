"""Pictures of the partnership: what the tables say is drawn, all of it and nothing else, whatever the labels hold."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import networkx as nx
import pytest
from PIL import Image

from kg.errors import NotFound, TooLarge
from kg.maps.asking import OF, PARTNERS, Drawn, Wanted, draw
from kg.maps.drawing import Box, Drawing, Line
from kg.maps.explore import as_explorable
from kg.maps.files import FILES
from kg.maps.partners import place
from kg.maps.partnership import of_partners
from kg.maps.picture import Picture
from kg.maps.png import as_png
from kg.maps.saved import saving
from kg.maps.svg import Kind
from kg.network import CANONICAL, NAMES, actions_of, partners
from kg.questions import ask
from tests.conftest import ROOT

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<img src=x onerror=alert(1)> href="javascript:alert(1)" </script>&amp;'


@pytest.fixture(params=["hackney", "tiny"])
def built(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def drawings(tmp_path_factory) -> Path:
    """Where the drawings of these tests are kept: working one out takes a second."""
    return tmp_path_factory.mktemp("drawings")


@pytest.fixture
def drawn(drawings):
    """Draws a plan, and gives the network of leads with the picture."""

    def made(built, words: Mapping[str, str] | None = None, **choices) -> Drawn:
        wanted = Wanted.read(built.names, words or {}, **choices)
        return draw(
            lambda name, given: ask(built.store, name, built.names, **given), wanted, "abc", saving(drawings, place)
        )

    return made


def both(made: Drawn) -> tuple[Picture, nx.Graph]:
    return made.picture, made.leads


def parts(svg: str, class_: str) -> list[ET.Element]:
    # What is parsed here we have just drawn ourselves.
    return [part for part in ET.fromstring(svg).iter() if part.get("class") == class_]  # noqa: S314


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize("collective", [False, True])
def test_the_svg_has_a_box_for_each_partner_and_a_line_for_each_pair(built, names, collective, drawn):
    picture, leads = both(drawn(built, names=names, collective=collective))
    graph = partners(leads)
    svg = picture.as_svg()
    assert {box.get("data-key") for box in parts(svg, "app-box")} == set(graph)
    found = {frozenset((line.get("data-a"), line.get("data-b"))): line.get("data-n") for line in parts(svg, "app-line")}
    assert found == {frozenset(ends): str(weight) for *ends, weight in graph.edges(data="weight")}


def test_every_box_says_in_words_its_type_and_how_much_it_leads(hackney, drawn):
    picture, _ = both(drawn(hackney))
    words = {box.find(f"{SVG}title").text for box in parts(picture.as_svg(), "app-box")}
    assert "Safer Communities (19). Council. Leads 19 actions, 3 of them alone; shares actions with 11 others" in words


def test_the_number_on_a_line_is_printed_from_two_up(hackney, drawn):
    picture, _ = both(drawn(hackney))
    for line in parts(picture.as_svg(), "app-line"):
        printed = [text.text for text in line.iter(f"{SVG}text")]
        assert printed == ([line.get("data-n")] if int(line.get("data-n")) > 1 else [])


def test_the_actions_that_several_lead_have_several_lines(built, drawn):
    picture, leads = both(drawn(built, of="actions", collective=True))
    lines = {(line.get("data-a"), line.get("data-b")) for line in parts(picture.as_svg(), "app-line")}
    assert lines == {(key, action) for action in actions_of(leads) for key in leads[action]}
    assert {box.key for box in picture.drawing.boxes} == set(leads)


def test_least_leaves_only_pairs_that_share_as_much(hackney, drawn):
    picture, leads = both(drawn(hackney, least=2))
    strong = [weight for *_, weight in partners(leads).edges(data="weight") if weight >= 2]
    assert sorted(line.weight for line in picture.drawing.lines) == sorted(strong)
    assert all(picture.network.degree(box.key) for box in picture.drawing.boxes)


def test_around_one_partner_no_number_changes(hackney, drawn):
    _, leads = both(drawn(hackney))
    (key,) = (key for key, label in leads.nodes(data="label") if label == "Hackney Housing")
    whole, part = of_partners(leads), of_partners(leads, around=key)
    assert {box.key for box in part.drawing.boxes} == {key, *partners(leads)[key]}
    assert all(part.network.nodes[one]["n"] == whole.network.nodes[one]["n"] for one in part.network)


def test_what_is_picked_stays_in_front_with_what_it_touches(hackney, drawn):
    picture, leads = both(drawn(hackney))
    (key,) = (key for key, label in leads.nodes(data="label") if label == "Hackney Housing")
    svg = picture.as_svg(picked=[key])
    lit = {box.get("data-key") for box in parts(svg, "app-box") if box.get("opacity") is None}
    assert lit == {key, *partners(leads)[key]}
    assert all(
        key in (line.get("data-a"), line.get("data-b")) for line in parts(svg, "app-line") if not line.get("opacity")
    )


@pytest.mark.parametrize("of", OF)
def test_the_free_view_has_the_same_boxes_lines_and_places(built, of, drawn):
    picture, _ = both(drawn(built, of=of))
    explorable = as_explorable(picture)
    assert {(node["id"], node["x"], node["y"]) for node in explorable["nodes"]} == {
        (box.key, box.x, box.y) for box in picture.drawing.boxes
    }
    assert {frozenset((edge["from"], edge["to"])) for edge in explorable["edges"]} == {
        frozenset((line.a, line.b)) for line in picture.drawing.lines
    }
    assert explorable["options"]["physics"]["enabled"] is False


@pytest.mark.parametrize("of", OF)
def test_a_file_is_the_same_bytes_in_every_process(tiny, of, tmp_path):
    made = []
    for seed in ("1", "2"):
        home = tmp_path / seed
        code = (
            "import sys; from pathlib import Path; from kg import ask, open_graph; from kg.maps.asking import *\n"
            "from kg.maps.files import FILES; graph = open_graph(sys.argv[1])\n"
            "drawn = draw(lambda name, given: ask(graph, name, **given), Wanted(of=sys.argv[2]), 'abc')\n"
            "for form, make in FILES.items(): sys.stdout.buffer.write(make(drawn) + b'\\n--\\n')"
        )
        command = [sys.executable, "-c", code, str(tiny.settings.home), of]
        environment = os.environ | {"PYTHONHASHSEED": seed, "PLANGRAPH_HOME": str(home)}
        made.append(subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True).stdout)
    assert made[0] == made[1]
    assert made[0].count(b"\n--\n") == len(FILES)


def test_a_png_is_twice_as_large_as_the_picture(hackney, drawn):
    picture, _ = both(drawn(hackney))
    image = Image.open(BytesIO(picture.as_png(["A note."])))
    assert image.width == pytest.approx(2 * (picture.drawing.width + 48), abs=2)
    assert image.getpixel((5, 5)) == (255, 255, 255, 255)


def test_a_label_is_text_wherever_it_stands():
    box = Box("k", (HOSTILE,), 50, 20, 90, 30, 12, "one")
    other = replace(box, key="l", y=80)
    drawing = Drawing(100, 100, (box, other), (Line("k", "l", 1, ((50, 35), (50, 65))),))
    kinds, boxes = (Kind("one", HOSTILE, HOSTILE, 1),), {"k": HOSTILE, "l": HOSTILE}
    hostile = Picture(HOSTILE, HOSTILE, nx.Graph([("k", "l")]), kinds, boxes, {("k", "l"): HOSTILE}, lambda: drawing)
    svg = hostile.as_svg(notes=[HOSTILE], box=lambda _key: "/x")
    assert not [part.tag for part in ET.fromstring(svg).iter() if "img" in part.tag or "script" in part.tag]  # noqa: S314
    assert "<img" not in svg
    assert {box.find(f"{SVG}title").text for box in parts(svg, "app-box")} == {HOSTILE}


def test_nobody_leads_anything_is_an_empty_picture(hackney, drawn):
    for of in OF:
        empty = drawn(hackney, {"plan": "Youth Justice Plan"}, of=of)
        assert empty.picture.drawing.boxes == empty.picture.drawing.lines == ()
        assert ET.fromstring(empty.picture.as_svg(notes=empty.notes)) is not None  # noqa: S314


def test_every_reference_of_the_plan_is_a_line_and_every_action_a_box(hackney, drawn):
    picture = drawn(hackney, of="dependencies").picture
    answer = ask(hackney.store, "every-reference", hackney.names)
    asked = {row["from_iri"] for row in answer.records() if row["from_kind"] == "action"}
    actions = {row["ref_iri"] for row in ask(hackney.store, "every-lead", hackney.names).records()}
    assert {key for key in asked if picture.network.out_degree(key)} == asked
    assert actions <= {box.key for box in picture.drawing.boxes}
    lines = {(line.a, line.b): line.weight for line in picture.drawing.lines if line.kind != "part"}
    assert lines == {(a, b): weight for a, b, weight in picture.network.edges(data="weight")}
    assert sum(lines.values()) == len(answer)


def test_a_partner_or_a_priority_leaves_what_its_actions_lean_on(hackney, drawn):
    whole = drawn(hackney, of="dependencies").picture
    for words, prefix in (({"partner": "Integrated Gangs Unit"}, "1."), ({"priority": "1/1"}, "1.")):
        part = drawn(hackney, words, of="dependencies").picture
        actions = [said["label"] for _, said in part.network.nodes(data=True) if said["kind"] == "action"]
        assert actions
        assert all(label.startswith(prefix) for label in actions)
        assert set(part.network.edges) < set(whole.network.edges)


# --- kept -----------------------------------------------------------------------------------------


def test_a_drawing_is_worked_out_once_and_read_after_that(tiny, tmp_path, drawn):
    leads = drawn(tiny).leads
    made = []

    def watched(network):
        made.append(network)
        return place(network)

    first = saving(tmp_path, watched)(partners(leads))
    assert saving(tmp_path, watched)(partners(leads)) == first
    assert len(made) == 1
    network = partners(leads)
    network.remove_node(next(iter(network)))
    saving(tmp_path, watched)(network)
    assert len(made) == 2


def test_a_kept_drawing_that_cannot_be_read_is_made_anew(tiny, tmp_path, drawn):
    leads = drawn(tiny).leads
    placed = saving(tmp_path, place)
    first = placed(partners(leads))
    (file,) = (tmp_path / "maps").glob("*.json")
    file.write_text("{")
    assert placed(partners(leads)) == first
    assert file.read_text() != "{"


def test_where_nothing_can_be_written_it_is_drawn_all_the_same(tiny, tmp_path, drawn):
    leads = drawn(tiny).leads
    (tmp_path / "maps").write_text("a file, not a folder")
    assert saving(tmp_path, place)(partners(leads)).boxes


def test_the_usual_names_are_what_is_drawn_if_nothing_is_said():
    assert (Wanted().of, Wanted().names) == (PARTNERS, CANONICAL)


def test_what_xml_cannot_hold_is_left_out_of_every_file(drawn, hackney):
    made = drawn(hackney, of="partners")
    for key, said in made.picture.network.nodes(data=True):
        said["label"] = f"{said['label']}\x01\ufffe"
        made.picture.boxes[key] += "\x08"
    try:
        ET.fromstring(FILES["svg"](made))  # noqa: S314
        ET.fromstring(FILES["graphml"](made))  # noqa: S314
        ET.fromstring(FILES["gexf"](made))  # noqa: S314
        assert FILES["png"](made).startswith(b"\x89PNG")
    finally:
        for _, said in made.picture.network.nodes(data=True):
            said["label"] = said["label"].removesuffix("\x01\ufffe")


def test_a_csv_of_a_map_holds_no_formula(drawn, hackney):
    made = drawn(hackney, of="dependencies")
    key = next(key for key, _ in made.picture.network.edges)
    made.picture.network.nodes[key]["label"] = made.picture.network.nodes[key]["called"] = "=cmd|'/c calc'!A1"
    assert b"'=cmd|" in FILES["csv"](made)
    assert b"\n=cmd" not in FILES["csv"](made)


def test_a_picture_too_large_for_a_png_is_refused_and_a_large_one_drawn_smaller():
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}"><rect width="9" height="9"/></svg>'
    with pytest.raises(TooLarge, match="take the SVG"):
        as_png(drawing.format(9000, 9000))
    image = Image.open(BytesIO(as_png(drawing.format(4000, 4000))))
    assert 3000 <= image.width < 5000


def test_a_borough_without_a_plan_is_said_to_be_none(hackney):
    with pytest.raises(NotFound, match="nearest: Hackney"):
        Wanted.read(hackney.names, {"borough": "hackny"})
