"""The report of an import in a browser: it opens alone, is accessible, and fits a narrow screen."""

from pathlib import Path

import pytest

from kg.errors import InputError
from kg.importing import import_document
from kg.register import Register
from tests.conftest import TINY


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report of the tiny plan, read with a register that knows nobody, and that of a refusal."""
    folder = tmp_path_factory.mktemp("imports")
    import_document(TINY / "tiny-plan.txt", folder / "read", register=Register({}))
    (folder / "empty.txt").write_text("nothing that is a plan", "utf-8")
    with pytest.raises(InputError):
        import_document(folder / "empty.txt", folder / "refused")
    return {name: folder / name / "report.html" for name in ("read", "refused")}


@pytest.mark.parametrize("name", ["read", "refused"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_page_opens_alone_is_accessible_and_never_scrolls_sideways(
    reports: dict[str, Path], chromium, axe: str, name: str, width: int
):
    page = chromium.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(reports[name].as_uri())
    assert asked == [reports[name].as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("script").count() == 0
    page.evaluate(axe)
    found = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []
    page.close()
