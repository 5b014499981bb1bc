"""A plan's folder as a whole: it survives being written, and one mistake is one message."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.tables import TABLES, Plan, PlanRevision, load_plan, read_plan, write_plan
from tests.conftest import ROOT

HACKNEY = ROOT / "data" / "plans" / "hackney" / "community-safety-plan-2015-18"


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def complaints(folder: Path, codes: frozenset[str]) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_plan(folder, codes)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


# --- a round trip ----------------------------------------------------------------------------------------------


def content(plan: Plan) -> tuple:
    return plan.meta, dict(plan.rows)


@pytest.mark.parametrize("source", ["tiny", "hackney"])
def test_a_plan_survives_being_written_and_read(source, folder, codes, tmp_path):
    plan = load_plan(folder if source == "tiny" else HACKNEY, codes)
    write_plan(plan, tmp_path / "written")
    assert content(load_plan(tmp_path / "written", codes)) == content(plan)


def test_writing_twice_gives_the_same_bytes(folder, codes, tmp_path):
    for name in ("one", "two"):
        write_plan(load_plan(folder, codes), tmp_path / name)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == sorted(["plan.toml", *(f"{table}.csv" for table in TABLES)])
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in names)


def test_quotes_backslashes_and_line_ends_survive_in_the_meta_data(folder, codes, tmp_path):
    plan = load_plan(folder, codes)
    words = 'He said "no" \\ twice\n\tand left\x7f'
    meta = plan.meta.model_copy(update={"description": words, "revision": PlanRevision(of="2022")})
    write_plan(replace(plan, meta=meta), tmp_path / "written")
    assert load_plan(tmp_path / "written", codes).meta == meta


def test_tables_that_are_not_needed_may_be_left_out(folder, codes):
    for table in ("differences", "readings", "mentions"):
        (folder / f"{table}.csv").unlink()
    assert load_plan(folder, codes).rows["readings"] == ()


# --- what the meta data says -----------------------------------------------------------------------------------


def test_a_plan_is_named_by_borough_plan_and_version(folder, codes):
    meta = load_plan(folder, codes).meta
    assert (meta.id, meta.graph_version) == ("tinford/plan/safety-plan-2023-25", "4c987dc4")
    assert meta.graph_path == "tinford/safety-plan-2023-25/4c987dc4"
    assert meta.model_copy(update={"version": "draft"}).graph_path == "tinford/safety-plan-2023-25/draft"
    assert meta.periods == ["2023-2024", "2024-2025"]


@pytest.mark.parametrize(
    ("of", "path"),
    [("2022", "tinford/safety-plan-2023-25/2022"), ("tinford/old-plan/1", "tinford/old-plan/1")],
)
def test_a_revision_is_of_this_plan_or_of_another(folder, codes, of, path):
    meta = load_plan(folder, codes).meta
    assert meta.revised_path == ""
    assert meta.model_copy(update={"revision": PlanRevision(of=of)}).revised_path == path


# --- one mistake, one message ----------------------------------------------------------------------------------

DAMAGE = "A spreadsheet turns a reference such as 2.10 into 2.1 unless its column is kept as text."
MISTAKES = [
    ("leads", "element,position,partner", "element,position,partnr",
     'leads.csv:1: column "partner": this column is missing (nearest: partnr).'),
    ("leads", "role-joint", "role-jont",
     'leads.csv:2: column "role": "role-jont" is no code (nearest: role-joint).'),
    ("actions", ",1.10,", ",1.1,",
     f'actions.csv:11: column "identifier": action 1.1 stands twice, first in row 2. {DAMAGE}'),
    ("statuses", "action/1.9,2024-2025", "action/1.9,2023-2024",
     'statuses.csv:19: column "period": action/1.9 has two statuses for 2023-2024, the first in row 18.'),
    ("actions", "1.2,2,", "1.2,1,", 'actions.csv:3: column "position": position 1 is taken already, by row 2.'),
    ("leads", "action/1.1,2", "action/1.1,1",
     'leads.csv:3: column "position": action/1.1/lead/1 stands twice, first in row 2.'),
    ("leads", "action/1.1,1", "action/1.12,1",
     'leads.csv:2: column "element": "action/1.12" does not exist in this plan (nearest: action/1.2).'),
    ("leads", "action/1.1,1", "sp/1,1",
     'leads.csv:2: column "element": "sp/1" is no action, and this belongs to one.'),
    ("actions", "sp/1/dp/1,1.1", "sp/1/dp/11,1.1",
     'actions.csv:2: column "is_part_of": "sp/1/dp/11" does not exist in this plan (nearest: sp/1/dp/1).'),
    ("readings", ",-10,", ",+10%,",
     'readings.csv:2: column "target": "+10%" is not a number (write 73 or -12, without a plus or percent sign).'),
]  # fmt: skip


@pytest.mark.parametrize(("table", "old", "new", "says"), MISTAKES, ids=lambda value: str(value)[:24])
def test_a_mistake_is_told_once_with_row_and_column(folder, codes, table, old, new, says):
    spoil(folder / f"{table}.csv", old, new)
    assert complaints(folder, codes) == [says]


def test_a_reference_a_spreadsheet_shortened_is_explained_to_those_that_belong_to_it(folder, codes):
    # 2.10 was kept in the other tables, and became 2.1 in its own: 2.1 exists, 2.10 does not.
    for table in ("actions", "leads", "statuses", "steps", "cross-references", "outcomes", "measures", "mentions"):
        path = folder / f"{table}.csv"
        path.write_text(re.sub(r"\b1\.10\b", "1.30", path.read_text("utf-8")), "utf-8")
    spoil(folder / "actions.csv", ",1.30,", ",1.3000,")
    (said,) = {re.sub(r"^\S+ column \"\w+\": ", "", line) for line in complaints(folder, codes) if DAMAGE in line}
    assert said.startswith('"action/1.30" does not exist in this plan')


def test_every_mistake_of_a_folder_is_told_at_once(folder, codes):
    spoil(folder / "leads.csv", "role-joint", "role-jont")
    spoil(folder / "readings.csv", ",-10,", ",ten,")
    spoil(folder / "plan.toml", 'sha256 = "4', 'sha256 = "Z')
    assert [line.split(":")[0] for line in complaints(folder, codes)] == ["plan.toml", "leads.csv", "readings.csv"]


def test_a_table_nobody_knows_is_told_with_the_nearest_name(folder, codes):
    (folder / "led.csv").write_text("x")
    assert complaints(folder, codes) == ["led.csv: no table has this name (nearest: leads)."]


@pytest.mark.parametrize("table", ["actions", "leads", "statuses", "priorities", "delivery-priorities"])
def test_a_plan_needs_its_main_tables(folder, codes, table):
    (folder / f"{table}.csv").unlink()
    assert complaints(folder, codes) == [f"{table}.csv: this file is missing."]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"doctype-action-plan"', '"doctype-acton-plan"', 'column "type": "doctype-acton-plan" is no code (nearest: '),
        ('borough = "tinford"', 'borough = "Tin Ford"', 'column "borough": "Tin Ford" is not written like'),
        ('sha256 = "4', 'sha256 = "Z', 'column "source.sha256": "Zc98'),
        ('last_period = "2024-2025"', 'last_period = "2021-2022"', "the plan ends before it begins."),
        ("plan =", "plan is", "this is not TOML: "),
        ("label =", "lable =", 'column "lable": '),
    ],
)
def test_a_mistake_in_the_meta_data_names_its_entry(folder, codes, old, new, says):
    spoil(folder / "plan.toml", old, new)
    assert any(line.startswith("plan.toml: ") and says in line for line in complaints(folder, codes))


def test_a_folder_without_meta_data_is_no_plan(tmp_path, codes):
    with pytest.raises(InputError, match=r"holds no plan\.toml, so it is no plan"):
        load_plan(tmp_path, codes)


def test_rows_with_a_mistake_are_left_out_and_the_others_kept(folder, codes):
    whole = len(load_plan(folder, codes).rows["leads"])
    spoil(folder / "leads.csv", "role-joint", "role-jont")
    problems = []
    plan = read_plan(folder, codes, problems)
    assert (len(plan.rows["leads"]), len(problems)) == (whole - 1, 1)
