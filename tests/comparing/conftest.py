"""The two versions of the tiny plan, as curated tables and as documents."""

import pytest

from kg.comparing import Changes, compare
from kg.comparing.sources import both_registers, read_side
from kg.settings import Settings
from tests.conftest import TINY, TINY_PLAN

REVISED = TINY_PLAN.parent / "safety-plan-2023-25-revised"
FOLDERS = (TINY_PLAN, REVISED)
DOCUMENTS = (TINY / "tiny-plan.txt", TINY / "tiny-plan-revised.txt")


def compared(pair, home) -> Changes:
    settings = Settings.read(environ={}, home=home)
    old, new = (read_side(settings, str(path), None) for path in pair)
    return compare(old.plan, new.plan, (), both_registers(old, new))


@pytest.fixture(scope="session", params=[FOLDERS, DOCUMENTS], ids=["tables", "documents"])
def changes(request, tmp_path_factory) -> Changes:
    """What changed from the tiny plan to its later version."""
    return compared(request.param, tmp_path_factory.mktemp("home"))
