"""The report of an import as one page that opens without a server, and prints."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from kg.importing.report import Report
from kg.importing.wording import code_in_words, column_in_words, in_words
from kg.tables import CERTAINTIES

_HOW = {
    "exact": "its words are known",
    "beginning": "its first words are known",
    "ending": "its last words are known",
    "opening": "some of its words are known",
    "near": "it is like a known heading",
    "period": "it names a year or quarter",
    "decided": "a person decided",
    "content": "from the cells below it",
    "unknown": "no rule knows it",
}


def as_page(report: Report) -> bytes:
    """The page in UTF-8, the same for the same report."""
    style = (Path(__file__).resolve().parent / "report.css").read_text("utf-8")
    certainties = [each.removeprefix("cert-") for each in CERTAINTIES]
    page = _templates().get_template("report.html")
    return page.render(report=report, style=style, how=_HOW, certainties=certainties).encode()


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("kg.importing"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: ILLEGAL_CHARACTERS_RE.sub("", value) if type(value) is str else value,
    )
    templates.globals |= {"in_words": in_words, "column_in_words": column_in_words, "code_in_words": code_in_words}
    return templates
