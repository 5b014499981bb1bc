"""The fill of a cell as "#rrggbb", from what each format writes; "" where it has none, or white."""

import colorsys
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from kg.documents.package import attribute, child, local

_SCHEME: Final = ("lt1", "dk1", "lt2", "dk2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6", "hlink",
                  "folHlink")  # fmt: skip
"""The colours of a theme in the order in which Excel counts them."""
_WORD_NAMES: Final = {
    "background1": "lt1", "light1": "lt1", "text1": "dk1", "dark1": "dk1", "background2": "lt2", "light2": "lt2",
    "text2": "dk2", "dark2": "dk2", "hyperlink": "hlink", "followedHyperlink": "folHlink",
}  # fmt: skip
_PALETTE: Final = (
    "000000", "ffffff", "ff0000", "00ff00", "0000ff", "ffff00", "ff00ff", "00ffff",
    "800000", "008000", "000080", "808000", "800080", "008080", "c0c0c0", "808080",
    "9999ff", "993366", "ffffcc", "ccffff", "660066", "ff8080", "0066cc", "ccccff",
    "000080", "ff00ff", "ffff00", "00ffff", "800080", "800000", "008080", "0000ff",
    "00ccff", "ccffff", "ccffcc", "ffff99", "99ccff", "ff99cc", "cc99ff", "ffcc99",
    "3366ff", "33cccc", "99cc00", "ffcc00", "ff9900", "ff6600", "666699", "969696",
    "003366", "339966", "003300", "333300", "993300", "993366", "333399", "333333",
)  # fmt: skip
"""The colours that old workbooks count, from 8 on."""
_NAMES: Final = {
    "red": "ff0000", "darkred": "8b0000", "firebrick": "b22222", "crimson": "dc143c", "indianred": "cd5c5c",
    "tomato": "ff6347", "orangered": "ff4500", "salmon": "fa8072", "lightcoral": "f08080", "maroon": "800000",
    "orange": "ffa500", "darkorange": "ff8c00", "gold": "ffd700", "yellow": "ffff00", "goldenrod": "daa520",
    "lightyellow": "ffffe0", "khaki": "f0e68c", "moccasin": "ffe4b5", "green": "008000", "darkgreen": "006400",
    "lime": "00ff00", "limegreen": "32cd32", "forestgreen": "228b22", "seagreen": "2e8b57",
    "mediumseagreen": "3cb371", "lightgreen": "90ee90", "palegreen": "98fb98", "springgreen": "00ff7f",
    "lawngreen": "7cfc00", "chartreuse": "7fff00", "yellowgreen": "9acd32", "olive": "808000",
    "olivedrab": "6b8e23", "blue": "0000ff", "navy": "000080", "darkblue": "00008b", "mediumblue": "0000cd",
    "royalblue": "4169e1", "dodgerblue": "1e90ff", "deepskyblue": "00bfff", "skyblue": "87ceeb",
    "lightskyblue": "87cefa", "lightblue": "add8e6", "powderblue": "b0e0e6", "steelblue": "4682b4",
    "cornflowerblue": "6495ed", "aqua": "00ffff", "cyan": "00ffff", "teal": "008080", "turquoise": "40e0d0",
    "lightcyan": "e0ffff", "aliceblue": "f0f8ff", "purple": "800080", "violet": "ee82ee", "fuchsia": "ff00ff",
    "magenta": "ff00ff", "pink": "ffc0cb", "lightpink": "ffb6c1", "lavender": "e6e6fa", "black": "000000",
    "grey": "808080", "gray": "808080", "silver": "c0c0c0", "lightgrey": "d3d3d3", "lightgray": "d3d3d3",
    "darkgrey": "a9a9a9", "darkgray": "a9a9a9", "dimgray": "696969", "dimgrey": "696969", "gainsboro": "dcdcdc",
    "whitesmoke": "f5f5f5", "beige": "f5f5dc", "brown": "a52a2a", "amber": "ffbf00",
}  # fmt: skip
_FUNCTION = re.compile(
    r"(rgb|hsl)a?\(\s*([\d.]+)(?:deg)?(%?)[\s,]+([\d.]+)(%?)[\s,]+([\d.]+)(%?)\s*(?:[,/]\s*([\d.]+))?"
)
_BACKGROUND = re.compile(r"(?:^|[;{\s])background(?:-color)?\s*:\s*([^;}]+)", re.IGNORECASE)
_CLASS = re.compile(r"\.([A-Za-z_][\w-]*)\s*\{([^{}]{0,4000})\}")
_WHITE: Final = "#ffffff"

Theme = Mapping[str, str]
"""The colours of a theme by name ("accent1"), six hexadecimal digits each."""


def filled(digits: str) -> str:
    """A colour of six or eight hexadecimal digits (the first two of eight say how dense) as a fill."""
    found = digits.strip().lstrip("#").lower()[-6:]
    if not re.fullmatch(r"[0-9a-f]{6}", found) or f"#{found}" == _WHITE:
        return ""
    return f"#{found}"


def theme_colours(root: Any) -> Theme:
    """The colours of a theme part."""
    scheme = child(child(root, "themeElements"), "clrScheme")
    found = {}
    for each in scheme if scheme is not None else ():
        for colour in each:
            found[local(each)] = attribute(colour, "lastClr") or attribute(colour, "val")
    return {name: value for name, value in found.items() if re.fullmatch(r"[0-9A-Fa-f]{6}", value)}


def sheet_fill(element: Any, theme: Theme, palette: Sequence[str]) -> str:
    """The colour of a fill of a workbook's styles; ``palette`` are the workbook's own counted colours, perhaps none."""
    pattern = child(element, "patternFill")
    if pattern is not None:
        if attribute(pattern, "patternType", "none") in ("none", "gray125", "gray0625"):
            return ""
        return _sheet_colour(child(pattern, "fgColor"), theme, palette)
    gradient = child(element, "gradientFill")
    return "" if gradient is None else _sheet_colour(child(child(gradient, "stop"), "color"), theme, palette)


def _sheet_colour(element: Any, theme: Theme, palette: Sequence[str]) -> str:
    if element is None:
        return ""
    digits = attribute(element, "rgb")
    if not digits and (place := attribute(element, "theme")).isdigit():
        digits = theme.get(_SCHEME[int(place)], "") if int(place[:4]) < len(_SCHEME) else ""
    elif not digits and (place := attribute(element, "indexed")).isdigit():
        digits = _counted(int(place[:6]), palette)
    try:
        tint = float(attribute(element, "tint") or 0)
    except ValueError:
        tint = 0.0
    return (
        _lighter(digits, lambda light: light * (1 + tint) if tint < 0 else light * (1 - tint) + tint)
        if tint
        else (filled(digits))
    )


def _counted(place: int, palette: Sequence[str]) -> str:
    if place < len(palette):
        return palette[place]
    # The first eight are counted twice.
    place = place - 8 if place >= 8 else place
    return _PALETTE[place] if place < len(_PALETTE) else ""


def word_fill(shading: Any, theme: Theme) -> str:
    """The colour of a w:shd."""
    if shading is None or (kind := attribute(shading, "val", "clear")) == "nil":
        return ""
    behind = "color" if kind == "solid" else "fill"
    found = filled(attribute(shading, behind))
    named = attribute(shading, "themeColor" if kind == "solid" else "themeFill")
    if found or not named or attribute(shading, behind).lower() == "ffffff":
        return found
    digits = theme.get(_WORD_NAMES.get(named, named), "")
    tint, shade = (
        _hex(attribute(shading, f"{'themeColor' if kind == 'solid' else 'themeFill'}{end}"))
        for end in ("Tint", "Shade")
    )
    if tint is not None:
        return _lighter(digits, lambda light: light * tint + 1 - tint)
    return _lighter(digits, lambda light: light * shade) if shade is not None else filled(digits)


def _hex(digits: str) -> float | None:
    return int(digits, 16) / 255 if re.fullmatch(r"[0-9A-Fa-f]{1,2}", digits) else None


def _lighter(digits: str, change: Any) -> str:
    if not filled(digits) and digits.lower()[-6:] != "ffffff":
        return ""
    red, green, blue = (int(digits[-6:][at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    changed = colorsys.hls_to_rgb(hue, min(1.0, max(0.0, change(light))), saturation)
    return _of_parts(changed)


def _of_parts(parts: Sequence[float]) -> str:
    return filled("".join(f"{round(min(1.0, max(0.0, part)) * 255):02x}" for part in parts))


def page_fill(style: str, bgcolor: str = "") -> str:
    """The background that a style attribute and a bgcolor attribute give an element of a page."""
    found = [match[1].strip() for match in _BACKGROUND.finditer(style[:4000])]
    return css_colour(found[-1] if found else bgcolor)


def class_fills(sheets: Sequence[str]) -> dict[str, str]:
    """The backgrounds that the style sheets within a page give to classes."""
    found = {}
    for sheet in sheets:
        for name, rules in _CLASS.findall(sheet[:500_000]):
            if fill := page_fill(rules):
                found[name] = fill
    return found


def css_colour(words: str) -> str:
    """A colour as style sheets write it."""
    words = words.strip().lower().removesuffix("!important").strip()
    if found := _FUNCTION.match(words):
        kind, opaque = found[1], found[8]
        if opaque is not None and _float(opaque) == 0:
            return ""
        numbers = [_float(found[at]) / (100 if found[at + 1] else 1) for at in (2, 4, 6)]
        if kind == "hsl":
            return _of_parts(colorsys.hls_to_rgb(_float(found[2]) / 360 % 1, min(numbers[2], 1), min(numbers[1], 1)))
        return _of_parts([n if found[at] else n / 255 for n, at in zip(numbers, (3, 5, 7), strict=True)])
    if found := re.match(r"#?([0-9a-f]{3,8})(?=\s|$)", words):
        digits = found[1]
        if len(digits) in (3, 4):
            digits = "".join(digit * 2 for digit in digits)
        if len(digits) == 8 and digits.endswith("00"):
            return ""
        return filled(digits[:6])
    return filled(_NAMES.get(words.split()[0] if words else "", ""))


def _float(words: str) -> float:
    try:
        return float(words)
    except ValueError:
        return 0.0


def colour_name(fill: str) -> str:
    """What people call a fill: Red, Amber, Yellow, Green, Blue, Purple, Grey or Black; "" for none."""
    if not fill:
        return ""
    red, green, blue = (int(fill[at : at + 2], 16) / 255 for at in (1, 3, 5))
    if max(red, green, blue) - min(red, green, blue) < _GREY:
        return "Black" if max(red, green, blue) < _BLACK else "Grey"
    hue = colorsys.rgb_to_hls(red, green, blue)[0] * 360
    return next(name for end, name in _HUES if hue <= end)


_GREY: Final = 0.06
_BLACK: Final = 0.25
# Where one name ends on the wheel of colours and the next begins, in degrees.
_HUES: Final = (
    (18, "Red"), (51, "Amber"), (64, "Yellow"), (170, "Green"), (258, "Blue"), (334, "Purple"), (360, "Red"),
)  # fmt: skip
