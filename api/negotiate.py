"""Choose a media type by the Accept header (RFC 9110, section 12.5.1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True)
class Offer:
    """One form an answer can take.

    `name` is the store's word for it, `media_type` its own media type, `also` others that ask for the same
    bytes and are then what the answer is labelled with.
    """

    name: str
    media_type: str
    also: tuple[str, ...] = ()


NAMED: Final = 2  # the specificity of a range that names the very type
PAGE_TYPES: Final = ("text/html", "application/xhtml+xml")
HTML: Final = Offer("html", PAGE_TYPES[0], PAGE_TYPES[1:])
# In each list the first is what a client gets that states no preference.
SOLUTIONS: Final = (
    Offer("json", "application/sparql-results+json", ("application/json",)),
    Offer("xml", "application/sparql-results+xml", ("application/xml",)),
    Offer("csv", "text/csv"),
    Offer("tsv", "text/tab-separated-values"),
)
GRAPHS: Final = (
    Offer("ttl", "text/turtle"),
    Offer("nt", "application/n-triples"),
    Offer("rdf", "application/rdf+xml", ("application/xml",)),
    Offer("jsonld", "application/ld+json", ("application/json",)),
)


@dataclass(frozen=True)
class Range:
    """One entry of an Accept header: `type/subtype`, either of them `*`, and its weight 0..1."""

    type: str
    subtype: str
    quality: float

    def specificity(self, media_type: str) -> int:
        """NAMED for the very type, 1 for `type/*`, 0 for `*/*`, -1 where the range does not cover it."""
        type_, _, subtype = media_type.partition("/")
        if (self.type, self.subtype) == (type_, subtype):
            return NAMED
        if (self.type, self.subtype) == (type_, "*"):
            return 1
        return 0 if (self.type, self.subtype) == ("*", "*") else -1


def ranges(accept: str) -> tuple[Range, ...]:
    """The ranges of an Accept header; an empty one accepts everything, a broken entry is skipped."""
    if not accept.strip():
        return (Range("*", "*", 1.0),)
    return tuple(found for entry in accept.split(",") if (found := _range(entry)) is not None)


def choose(accept: str, offers: Sequence[Offer]) -> Offer | None:
    """The offer the client likes best, labelled as it asked, or None where it accepts none of them.

    The most specific range decides about each media type, so `text/csv;q=0, */*` excludes CSV. Equal weights
    go to the type that was named rather than covered by a wildcard, then to the earlier offer. A wildcard
    never stands for a second name (`also`): who excludes an offer by its own name has excluded it.
    """
    wanted = ranges(accept)
    best: tuple[float, int] = (0.0, -1)
    chosen: Offer | None = None
    for offer in offers:
        for media_type in (offer.media_type, *offer.also):
            rank = _rank(media_type, wanted)
            named = rank[1] == NAMED or media_type == offer.media_type
            if named and rank[0] > 0 and rank > best:
                best, chosen = rank, replace(offer, media_type=media_type)
    return chosen


def prefers_html(accept: str, others: Sequence[Offer]) -> bool:
    """Whether the client is a browser at heart: it names HTML, and likes it no less than any of `others`."""
    named = any(found.specificity(media_type) == NAMED for found in ranges(accept) for media_type in PAGE_TYPES)
    chosen = choose(accept, (HTML, *others))
    return named and chosen is not None and chosen.name == HTML.name


def listing(offers: Iterable[Offer]) -> str:
    """The media types on offer, for a 406 that says what there is."""
    return ", ".join(dict.fromkeys(offer.media_type for offer in offers))


def _rank(media_type: str, wanted: Sequence[Range]) -> tuple[float, int]:
    matching = [(found.specificity(media_type), found.quality) for found in wanted]
    specificity, quality = max(matching, default=(-1, 0.0))
    return (quality, specificity) if specificity >= 0 else (0.0, -1)


def _range(entry: str) -> Range | None:
    name, *parameters = (part.strip() for part in entry.split(";"))
    type_, slash, subtype = name.lower().partition("/")
    if not (type_ and slash and subtype):
        return None
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "q":
            try:
                quality = float(value)
            except ValueError:
                return None
    # `not <=` rather than `>`: nan is out of range too.
    return Range(type_, subtype, quality) if 0 <= quality <= 1 else None
