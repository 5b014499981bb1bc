"""Every notebook runs from top to bottom, shows what its file says it shows, and can be read without running."""

import re
from xml.etree import ElementTree as ET

import pytest

from tests.notebooks.running import NOTEBOOKS, read, run

LARGEST = 100_000


def shown(notebook) -> list[tuple[str, list[dict]]]:
    """Each cell's source and what is shown below it."""
    return [(cell.source, [dict(output) for output in cell.get("outputs", ())]) for cell in notebook.cells]


def media(notebook) -> list[dict]:
    """What is shown, by media type."""
    return [output.data for cell in notebook.cells for output in cell.get("outputs", ()) if "data" in output]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_is_kept_is_what_running_it_shows(path, hackney):
    assert shown(run(path, hackney.settings.home)) == shown(read(path)), "run `make notebooks` and look at what changed"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_can_be_read_without_running(path):
    notebook = read(path)
    first, *_, last = notebook.cells
    assert re.match(r"# .+\?\n", first.source), "it begins with the question it answers"
    assert "The short answer: **" in first.source
    assert last.cell_type == "markdown" or last.outputs
    assert sum(cell.cell_type == "markdown" for cell in notebook.cells) > 4
    assert [one for one in media(notebook) if "<table>" in one.get("text/html", "")]
    assert [one for one in media(notebook) if "image/svg+xml" in one]
    assert not [one for cell in notebook.cells for one in cell.get("outputs", ())
                if one.output_type == "error" or one.get("name") == "stderr"]  # fmt: skip
    assert path.stat().st_size < LARGEST


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_its_pictures_keep_their_words_and_ask_nobody_for_anything(path):
    for one in media(read(path)):
        if "image/svg+xml" in one:
            svg = ET.fromstring(one["image/svg+xml"])  # noqa: S314  our own
            assert "".join(svg.itertext()).strip()
            assert not re.search(r'(?:href|src)="(?!#)', one["image/svg+xml"])


def test_they_are_numbered_in_order():
    assert [int(path.stem.partition("-")[0]) for path in NOTEBOOKS] == [1, 2, 3]
