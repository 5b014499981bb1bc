"""The bytes of a text file become text: which encoding they are in, and how sure that is."""

import re
from dataclasses import dataclass
from typing import Final

from kg.errors import InputError, Problem

_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe\0\0", "utf-32", "UTF-32"),
    (b"\0\0\xfe\xff", "utf-32", "UTF-32"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
# Beyond ASCII, what an English office text prints, with a few names and prices.
_USUAL: Final = frozenset("’‘“”–—…£€•·°½¼¾©®™§²³ éèêëàâäáíìîïóòôöøúùûüçñÉÈÀÖÜÇ\xa0")


@dataclass(frozen=True)
class Text:
    """Decoded text. ``encoding`` is its printed name; ``guessed`` says that the bytes do not prove it."""

    words: str
    encoding: str
    guessed: bool = False


def decode(data: bytes, name: str) -> Text:
    """The text in the bytes of the file called ``name``. InputError where it is none, or mixed."""
    for mark, codec, encoding in _BOMS:
        if data.startswith(mark):
            return Text(_strictly(data, codec, encoding, name), encoding)
    if b"\0" in data:
        return _without_mark(data, name)
    try:
        return Text(data.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        _refuse_mixed(data, name)
    windows, mac = data.decode("cp1252", "replace"), data.decode("mac_roman")
    if _usual(mac) > _usual(windows):
        return Text(mac, "Mac Roman", guessed=True)
    # Five bytes mean nothing in Windows-1252; Latin-1 has control characters there.
    return Text(windows, "Windows-1252", guessed=True)


def _strictly(data: bytes, codec: str, encoding: str, name: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(codec, "ignore")
        where = before.count("\n") + 1
        sentence = f"is marked as {encoding} and is not. Save it as UTF-8."
        raise InputError(Problem(sentence, name, where)) from None


def _without_mark(data: bytes, name: str) -> Text:
    """UTF-16 shows itself by a zero in nearly every second byte of English text."""
    sample = data[:20_000]
    for codec, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        others = len(sample) // 2
        if others and zeros.count(0) > 0.3 * others and sample.count(0) < 1.2 * zeros.count(0) and len(data) % 2 == 0:
            return Text(_strictly(data, codec, "UTF-16", name), "UTF-16", guessed=True)
    line = data.count(b"\n", 0, data.index(b"\0")) + 1
    raise InputError(Problem("holds zero bytes, so it is not a text file.", name, line))


def _refuse_mixed(data: bytes, name: str) -> None:
    """InputError where some lines are UTF-8 and others are not."""
    utf8 = other = 0
    for number, line in enumerate(re.split(rb"\r\n|\n|\r", data), start=1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            utf8 = utf8 or number
        except UnicodeDecodeError:
            other = other or number
    if utf8 and other:
        sentence = (
            f"is written in two encodings: line {utf8} is UTF-8 and line {other} is not (Windows-1252, perhaps). Open "
            "it in the program it comes from, correct that line, and save it as UTF-8."
        )
        raise InputError(Problem(sentence, name, max(utf8, other)))


def _usual(words: str) -> int:
    return sum(1 if each in _USUAL else -1 for each in words if not each.isascii())
