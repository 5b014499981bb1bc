"""Sentences, short labels and slugs of printed words."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from kg.reading.layout import Line

LABEL_LENGTH = 100
TITLE_LENGTH = 60

_STOP = re.compile(r"[.!?](?=[\"')\]]*\s+[\"'(\[]*[A-Z0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|incl|approx|vs|no|nos|st|dr|mr|mrs|ms|pp|p)|\b[A-Z])\.$", re.IGNORECASE
)


def sentences(line: Line) -> Iterator[Line]:
    """The sentences of a line, each with the cells of the whole line."""
    text = line.text
    start = 0
    for stop in _STOP.finditer(text):
        # No abbreviation is longer than the few characters looked at.
        before = text[max(start, stop.end() - 8) : stop.end()]
        if _ABBREVIATION.search(before) and not before.endswith("etc."):
            continue
        end = stop.end()
        while end < len(text) and text[end] in "\"')]":
            end += 1
        yield Line(line.segment.part(start, end), line.sources)
        start = end
    rest = line.segment.part(start, len(text))
    if rest.text:
        yield Line(rest, line.sources)


def shortened(words: str, length: int = LABEL_LENGTH) -> str:
    """``words`` where they fit into ``length`` characters, else their beginning and an ellipsis."""
    words = re.sub(r"\s+([.,;:])(?=\s|$)", r"\1", " ".join(words.split()))
    if len(words) <= length:
        return words
    cut = words[:length].rsplit(" ", 1)[0].rstrip(" ,;:-–(")
    return f"{cut} …"


def title(words: str, length: int = TITLE_LENGTH) -> str:
    """``words`` as a heading: without the stop, colon or comma at their end, shortened."""
    return shortened(words.strip().rstrip(" .:;,-–"), length)


def slug(words: str, *, most_words: int = 0) -> str:
    """Lower case ASCII words joined by hyphens, at most ``most_words`` of them (0: all)."""
    plain = unicodedata.normalize("NFKD", words.replace("'", "").replace("’", ""))
    parts = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower())
    return "-".join(parts[:most_words] if most_words else parts)


def stops_short(words: str, unfinished: Sequence[str]) -> bool:
    """Whether the text breaks off within a sentence: it ends with a word that wants another."""
    last = words.rsplit(maxsplit=1)[-1] if words.split() else ""
    return last.casefold() in unfinished
