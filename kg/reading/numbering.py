"""References of actions: as printed and safe in a path, in a cell of their own or before the words of the action."""

import re

_DOTTED = re.compile(r"\s*(\d+[a-z]?(?:\.\d+[a-z]?)+)\.?(?=\s|$|[,;:(])")
_SHORT = re.compile(r"\s*((?=\S*\d)[A-Za-z0-9](?:[A-Za-z0-9.-]{0,6}[A-Za-z0-9])?)[.)]?\s*$")
_CODED = re.compile(
    r"\s*((?=[^\s]*\s?\S*\d)[A-Za-z0-9]{1,12}(?:\s?[-/._–]\s?[A-Za-z0-9]{1,12}){1,4}|[A-Za-z]{1,8}\s?\d+(?:[.-]\d+)*[a-z]?)"
    r"[.:)]?(?=\s|$)"
)
_LETTER = re.compile(r"\s*\(?([A-Za-z]|[ivx]{1,4})[.)]?\s*$")
_CALLED = re.compile(r"\s*(?:actions?|ref(?:erence)?|no|number|item|task)\b\.?\s*[:#]?\s*(?=\S*\d)", re.IGNORECASE)
_UNSAFE = re.compile(r"[^A-Za-z0-9.]+")
_INSIDE = re.compile(
    r"\s*(?:actions?\s+)?((?:\d+[a-z]?(?:\.\d+[a-z]?)+|[A-Z]{1,4}[-/]?\d+(?:[.-]\d+)*[a-z]?|\d+[a-z]?(?=[.):])))"
    r"\s*[.):–-]?\s+(?=\S)"
)


def printed_reference(words: str) -> tuple[str, str] | None:
    """The reference a cell prints, as a path may hold it, and as printed: ("CS-04", "CS/04"); None: it prints none."""
    called = _CALLED.match(words)
    rest = words[called.end() :] if called else words
    found = _DOTTED.match(rest) or _SHORT.match(rest.rstrip(": ")) or _CODED.match(rest) or _LETTER.match(rest)
    if found is None:
        return None
    printed = found[1].rstrip(".")
    return safe(printed), printed


def reference_inside(words: str) -> tuple[str, str] | None:
    """The reference that opens the words of an action: ("1.2", "1.2 ") for "1.2 Run the club"; None where none does."""
    found = _INSIDE.match(words)
    return None if found is None else (safe(found[1]), found.group())


def safe(reference: str) -> str:
    """A reference without what a path may not hold: "CS-04" for "CS/04"."""
    return _UNSAFE.sub("-", reference).strip("-.")
