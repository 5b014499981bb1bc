"""The tiny plan's tables in a folder that a test may spoil."""

import shutil
from pathlib import Path

import pytest

from kg.settings import bundled
from kg.tables import known_codes
from tests.conftest import TINY_PLAN


@pytest.fixture(scope="session")
def codes() -> frozenset[str]:
    return known_codes(bundled("ontology"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(TINY_PLAN, tmp_path / "plan")
