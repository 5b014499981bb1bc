"""Take the pictures of the import guide from the real thing: `python -m tests.guide`.

Needs Chromium, LibreOffice and pdftoppm (poppler). A picture whose part cannot be shown is left as it is, and the
reason is printed.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "data" / "importing"
DOCUMENT = ROOT / "tests" / "reading" / "shapes" / "wexbury.docx"
COMMAND = [sys.executable, "-m", "kg.cli"]
# As root (in a container) Chromium refuses to run with its sandbox.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]
SIZE = {"width": 1280, "height": 900}
PARTNER = "Wexbury Violence Forum"
ANSWER = {"RAG": "Green", "Progress": "On time; the first figures are in.", "Said by": PARTNER, "Date": "2024-09-30"}
COLOURS = 64
"""Enough for a page of text; a picture in full colour is four times as large."""


class CannotShow(Exception):
    """Why a picture cannot be taken."""


def run(*words: str) -> None:
    """A command of ours; CannotShow with its sentence where it fails."""
    done = subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotShow(f"plangraph {words[0]}: {done.stderr.strip().splitlines()[-1]}")


def page(browser: Browser, address: str, picture: Path) -> None:
    """The top of a page."""
    tab = browser.new_page(viewport=SIZE)
    answer = tab.goto(address, wait_until="networkidle")
    if answer is not None and answer.status >= 400:
        raise CannotShow(f"{re.sub(r'.*:[0-9]+', '', address)} answers {answer.status}")
    tab.screenshot(path=picture)
    tab.close()
    small(picture)


def workbook(book: Path, name: str, picture: Path, scratch: Path) -> None:
    """One sheet of a workbook as LibreOffice prints it, without the empty paper around it."""
    if missing := [program for program in ("soffice", "pdftoppm") if shutil.which(program) is None]:
        raise CannotShow(f"{' and '.join(missing)} must be installed")
    printed = load_workbook(book)
    if name not in printed.sheetnames:
        raise CannotShow(f"{book.name} has no sheet {name}")
    printed.active = printed[name]
    for sheet in printed:
        sheet.sheet_state = "visible" if sheet.title == name else "hidden"
    for part in (printed[name].oddFooter.left, printed[name].oddFooter.center, printed[name].oddFooter.right):
        part.text = None
    copy = scratch / f"{book.stem}-sheet.xlsx"
    printed.save(copy)
    # A sheet has no picture of its own: it is printed, and the first page of the print is drawn.
    to_pdf = ["soffice", f"-env:UserInstallation=file://{scratch}/office", "--headless", "--convert-to", "pdf"]
    to_png = ["pdftoppm", "-singlefile", "-png", "-r", "160"]
    for words in (
        [*to_pdf, "--outdir", str(scratch), str(copy)],
        [*to_png, str(copy.with_suffix(".pdf")), str(copy.with_suffix(""))],
    ):
        subprocess.run(words, check=True, capture_output=True, timeout=120, env={**os.environ, **fonts(scratch)})
    with Image.open(copy.with_suffix(".png")) as drawn:
        white = Image.new("RGB", drawn.size, "white")
        white.paste(drawn, mask=drawn.getchannel("A") if "A" in drawn.getbands() else None)
    # What differs from white is printed.
    left, top, right, bottom = white.convert("L").point(lambda grey: 255 * (grey < 250)).getbbox() or (0, 0, 1, 1)
    edges = (max(left - 20, 0), max(top - 20, 0), min(right + 20, white.width), min(bottom + 20, white.height))
    white.crop(edges).save(picture)
    small(picture)


def fonts(scratch: Path) -> dict[str, str]:
    """The setting that has LibreOffice print Calibri in a font as narrow as it, where Calibri is not installed."""
    rules = scratch / "fonts.conf"
    rules.write_text(
        "<fontconfig><include ignore_missing='yes'>/etc/fonts/fonts.conf</include><alias><family>Calibri</family>"
        "<accept><family>Carlito</family><family>Liberation Sans Narrow</family></accept></alias></fontconfig>",
        "utf-8",
    )
    return {"FONTCONFIG_FILE": str(rules)}


def small(picture: Path) -> None:
    """Save a picture with few colours."""
    with Image.open(picture) as full:
        few = full.convert("RGB").quantize(COLOURS)
    few.save(picture, optimize=True)


def update_round(home: Path, book: Path) -> None:
    """Ask a partner about the quarter, answer for it, and take its answers."""
    run("update", "--home", str(home), "--partner", PARTNER, "--period", "2024-2025-q2", "--out", str(book))
    filled = load_workbook(book)
    sheet = filled["Updates"]
    header = next(row for row in sheet.iter_rows() if "Progress" in [cell.value for cell in row])
    columns = {cell.value: cell.column for cell in header}
    for row in range(header[0].row + 1, sheet.max_row + 1):
        if sheet.cell(row, columns["Ref"]).value:
            for column, words in ANSWER.items():
                sheet.cell(row, columns[column]).value = words
    filled.save(book)
    run("update", "--home", str(home), str(book))


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The address of a server over what was built in `home`."""
    words = [*COMMAND, "serve", "--port", "0", "--home", str(home)]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        found = re.search(r"http://\S+", server.stdout.readline())
        if found is None:
            raise CannotShow("plangraph serve gave no address")
        yield found[0]
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


def main() -> int:
    """Take every picture; 1 where one could not be taken."""
    PICTURES.mkdir(exist_ok=True)
    missing = 0

    def take(name: str, work: Callable[[Path], None]) -> None:
        nonlocal missing
        try:
            work(PICTURES / name)
        except CannotShow as error:
            missing += 1
            print(f"{name} was not taken. {error}", file=sys.stderr)  # noqa: T201  a script says what it did

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        scratch = Path(folder)
        out, home, template = scratch / "wexbury", scratch / "home", scratch / "plan.xlsx"
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)

        def report(picture: Path) -> None:
            run("read", str(DOCUMENT), "--out", str(out), "--borough", "wexbury", "--plan", "delivery-plan-2024-25")
            page(browser, (out / "report.html").as_uri(), picture)

        def empty_template(picture: Path) -> None:
            run("template", "--out", str(template))
            workbook(template, "Start here", picture, scratch)

        def repair(picture: Path) -> None:
            if not (out / "repair.xlsx").exists():
                raise CannotShow("the document was not read")
            workbook(out / "repair.xlsx", "Doubts", picture, scratch)

        take("report.png", report)
        take("repair.png", repair)
        take("template.png", empty_template)
        added = ["--add", str(out)] if (out / "plan.toml").exists() else []
        build = partial(run, "build", "--home", str(home), "--examples", *added)
        build()
        if added:
            update_round(home, scratch / "violence-forum.xlsx")
            build()
        with served(home) as address:
            for name, where in (("versions.png", "/compare/versions"), ("updates.png", "/updates?borough=Wexbury")):
                take(name, partial(page, browser, address + where))
        browser.close()
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
