"""Every page type in a real browser: accessible at three widths, nothing sideways, nothing from elsewhere."""

from urllib.parse import urlsplit

import pytest

from api.twins import PAGES
from tests.browser.addresses import ADDRESSES, MISSING

CASES = [address for addresses in ADDRESSES.values() for address in addresses]
WIDTHS = (320, 768, 1280)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def test_every_page_type_has_an_address_here():
    assert set(ADDRESSES) - {""} == set(PAGES)


@pytest.mark.parametrize("address", CASES)
def test_a_page_is_accessible_and_keeps_to_itself(address, chromium, server, axe):
    page = chromium.new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: said.append("a dialog opened"))
    try:
        page.goto(server + address, wait_until="networkidle")
        assert page.locator("h1").count() == 1
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"scrolls sideways at {width}"
            # The policy of our pages lets no script in; the checker is put in by the browser itself.
            found = page.evaluate(f"async () => {{ {axe}; return await axe.run(document, {{runOnly: {RULES!r}}}) }}")
            broken = [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found["violations"]]
            assert not broken, f"at {width}: {broken}"
        expected = [text for text in said if "404" not in text or address != MISSING]
        assert expected == []
        assert {urlsplit(url).netloc for url in asked} <= {urlsplit(server).netloc}
    finally:
        page.close()


def test_the_home_page_is_light(chromium, server):
    page = chromium.new_page()
    sizes = []
    page.on("response", lambda response: sizes.append(response.request.sizes()))
    page.goto(server + "/", wait_until="networkidle")
    page.close()
    transferred = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
    assert 5_000 < transferred < 150_000


def test_a_page_works_without_scripts(chromium, server):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 900})
    page = context.new_page()
    page.goto(server + "/")
    page.get_by_label("I am").select_option(label="Hackney Housing")
    page.get_by_role("button", name="Show what is mine").click()
    assert page.locator("h1").inner_text() == "Hackney Housing"
    page.get_by_role("link", name="To decide").click()
    assert page.locator("h1").inner_text() == "What must be decided"
    page.goto(server + "/query")
    page.get_by_label("SPARQL query").fill("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    page.get_by_role("button", name="Ask", exact=True).click()
    assert page.locator("table").count() >= 1
    context.close()


def test_the_whole_menu_is_reached_by_keyboard(chromium, server):
    page = chromium.new_page()
    page.goto(server + "/")
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
    page.close()
    assert reached[0] == "Skip to the content"
    assert {"Plan", "Partners", "Connections", "To decide", "Ask"} <= set(reached)
