"""The map in a real browser: it answers to a mouse and to keys, alone it opens offline, and it is light."""

import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conftest import ROOT

HOUSING = "https://w3id.org/plangraph/id/hackney/org/hackney-housing"
SAFER = "https://w3id.org/plangraph/id/hackney/org/safer-communities"


@pytest.fixture
def page(chromium):
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    page.close()
    assert said == []


def lit(page, kind: str) -> list[str]:
    return page.evaluate(
        f"[...document.querySelectorAll('svg.app-drawing .{kind}')].filter(e => !e.hasAttribute('opacity'))"
        ".map(e => e.dataset.key ?? [e.dataset.a, e.dataset.b].sort().join(' '))"
    )


def test_choosing_a_box_lights_what_it_touches_and_tells_its_actions(page, server):
    page.goto(f"{server}/map")
    page.locator(f'.app-box[data-key="{HOUSING}"]').click()
    assert len(lit(page, "app-box")) == 4
    assert all(HOUSING in ends for ends in lit(page, "app-line"))
    told = page.locator("[data-picked]")
    assert told.locator("h2").inner_text() == "Hackney Housing"
    assert "4.15 Bicycles in communal areas of housing" in told.inner_text()
    address = parse_qs(urlsplit(page.url).query)
    assert address == {"select": ["hackney/org/hackney-housing"]}
    page.keyboard.press("Escape")
    assert told.is_hidden()
    assert len(lit(page, "app-box")) == 30


def test_choosing_a_line_tells_the_actions_behind_it(page, server):
    page.goto(f"{server}/map")
    page.locator(
        f'.app-line[data-a="{HOUSING}"][data-b="{SAFER}"], .app-line[data-a="{SAFER}"][data-b="{HOUSING}"]'
    ).locator("text").click()
    told = page.locator("[data-picked]").inner_text()
    assert "4 shared actions" in told
    assert "3.1 Promote cohesive communities" in told
    assert sorted(lit(page, "app-box")) == sorted([HOUSING, SAFER])
    page.reload()
    assert "4 shared actions" in page.locator("[data-picked]").inner_text()


def test_the_address_alone_shows_the_same_without_scripts(chromium, server):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}/map?select=Hackney+Housing&beside=Safer+Communities")
    assert "3.1" in page.locator("#selected").inner_text()
    assert sorted(lit_without_scripts(page)) == sorted([HOUSING, SAFER])
    page.locator(f'.app-box[data-key="{SAFER}"]').click()
    assert page.locator("#selected h2").inner_text() == "Safer Communities"
    context.close()


def lit_without_scripts(page) -> list[str]:
    boxes = page.locator("svg.app-drawing .app-box:not([opacity])")
    return [boxes.nth(n).get_attribute("data-key") for n in range(boxes.count())]


def test_every_box_is_reached_and_opened_by_keyboard(page, server):
    page.goto(f"{server}/map")
    page.locator(".app-map-canvas").focus()
    reached = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.dataset.key"))
    assert len(reached) == 30
    assert None not in reached
    key = page.evaluate("document.activeElement.dataset.key")
    page.keyboard.press("Enter")
    assert page.locator("[data-picked]").is_visible()
    assert key in lit(page, "app-box")


def test_a_partner_is_found_by_its_name(page, server):
    page.goto(f"{server}/map")
    page.get_by_label("Find a partner").select_option(label="Hackney Housing")
    assert page.locator("[data-picked] h2").inner_text() == "Hackney Housing"
    assert len(lit(page, "app-box")) == 4


def test_the_free_view_draws_the_network(page, server):
    page.goto(f"{server}/map?view=explore")
    page.wait_for_selector("#explore[data-ready=yes] canvas")
    assert page.locator("#explore canvas").bounding_box()["width"] > 700


@pytest.mark.parametrize(("address", "most"), [("/map", 100_000), ("/map?view=explore", 300_000)])
def test_the_map_is_light(chromium, server, address, most):
    # Beyond what every page loads: the page itself and what only it needs.
    page = chromium.new_page()
    sizes = {}
    page.on(
        "response",
        lambda one: sizes.update(
            {one.url: sum(one.request.sizes()[k] for k in ("responseBodySize", "responseHeadersSize"))}
        ),
    )
    page.goto(server + "/about", wait_until="networkidle")
    shared = set(sizes)
    page.goto(server + address, wait_until="networkidle")
    page.close()
    own = sum(size for url, size in sizes.items() if url not in shared)
    assert 5_000 < own < most


@pytest.mark.parametrize(
    ("of", "view"),
    [("partners", "picture"), ("actions", "picture"), ("dependencies", "picture"), ("partners", "explore")],
)
def test_a_map_in_one_file_opens_offline_and_asks_nobody(page, hackney, tmp_path, of, view):
    out = tmp_path / "map.html"
    command = [sys.executable, "-m", "kg.cli", "map", "--of", of, "--view", view, "--out", str(out)]
    subprocess.run([*command, "--home", str(hackney.settings.home)], cwd=ROOT, check=True, capture_output=True)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(out.as_uri(), wait_until="networkidle")
    assert asked == [out.as_uri()]
    if view == "explore":
        page.wait_for_selector("#explore[data-ready=yes] canvas")
        return
    page.locator(".app-box").first.click()
    assert page.locator("[data-picked]").is_visible()
    assert "select=" not in page.url
