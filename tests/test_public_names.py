"""The public names: sorted, all there, and none of them dear before it is asked for."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import kg


def test_the_public_names_are_sorted_and_listed():
    assert sorted(kg.__all__) == dir(kg)
    assert list(kg._ROOMS) == sorted(kg._ROOMS)


@pytest.mark.parametrize("name", kg.__all__)
def test_a_public_name_leads_to_a_documented_thing(name):
    assert getattr(kg, name).__doc__


def test_type_checkers_see_the_same_names():
    text = Path(kg.__file__).read_text("utf-8")
    seen = dict(re.findall(r"^    from (\S+) import \w+ as (\w+)$", text, re.MULTILINE))
    named = {name: room for room, name in re.findall(r"^    from (\S+) import \w+ as (\w+)$", text, re.MULTILINE)}
    assert seen
    assert named == kg._ROOMS


def test_a_name_that_is_not_public_is_refused():
    with pytest.raises(AttributeError, match="no public name bild"):
        kg.bild  # noqa: B018


def test_importing_the_package_imports_no_library():
    code = "import sys, kg; assert not {'rdflib', 'pydantic', 'pyoxigraph', 'flask'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", code], check=True)
