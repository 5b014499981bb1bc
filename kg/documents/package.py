"""The zip file behind a Word or Excel document: looked through with care before any of it is parsed."""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote

from lxml import etree

from kg.documents import limits
from kg.errors import InputError

_XML_PARTS: Final = (".xml", ".rels", ".vml")
_DOCTYPES: Final = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
_CHUNK: Final = 1 << 16
_DECLARED: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{1,40})")
_ENCODINGS: Final = {
    b"utf-8",
    b"utf8",
    b"utf-16",
    b"utf-16le",
    b"utf-16be",
    b"us-ascii",
    b"iso-8859-1",
    b"windows-1252",
}
DAMAGED: Final = "is damaged: {}. Open it in Word, Excel or LibreOffice, and save it again."


def local(element: Any) -> str:
    """The name of an element without its namespace; "" for a comment or an instruction."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str, default: str = "") -> str:
    """An attribute by its name, in whatever namespace it stands: strict and transitional files differ in them."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return default


def child(element: Any, name: str) -> Any:
    """The first child called so, or None."""
    return next((each for each in element if local(each) == name), None) if element is not None else None


class Package:
    """A zip file whose every entry has been unpacked once, in pieces, and found no larger than may be.

    InputError where it is damaged, encrypted, too large, holds a part twice, or an XML part with a DOCTYPE.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
            raise self._damaged("its table of contents cannot be read") from None
        self._parts: dict[str, zipfile.ZipInfo] = {}
        self._look_through()

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._parts

    @property
    def parts(self) -> list[str]:
        """The names of all parts, in lower case."""
        return list(self._parts)

    def read(self, part: str) -> bytes:
        """The bytes of a part. InputError where there is none."""
        info = self._parts.get(part.lower())
        if info is None:
            raise self._damaged(f'the part "{part[:100]}" is missing')
        return b"".join(self._pieces(info))

    def xml(self, part: str) -> Any:
        """The root element of a part. InputError where it is no XML, too deep, or holds a DOCTYPE."""
        data = self.read(part)
        self.check_xml(data, part)
        try:
            return etree.fromstring(data, parser())
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self.not_xml(error, part) from None

    def relations(self, part: str) -> dict[str, tuple[str, str, bool]]:
        """What a part points to, by id: the last word of the type, the target, and whether that lies outside."""
        folder, base = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{base}.rels")
        if rels not in self:
            return {}
        found = {}
        for each in self.xml(rels):
            if local(each) != "Relationship":
                continue
            outside = each.get("TargetMode", "").lower() == "external"
            target = each.get("Target", "")
            if not outside:
                target = posixpath.normpath(posixpath.join("/", folder, unquote(target)))[1:]
            found[each.get("Id", "")] = (each.get("Type", "").rpartition("/")[2], target, outside)
        return found

    def check_xml(self, data: bytes, part: str) -> None:
        """Refuse what an office program never writes and a parser could trip over."""
        if any(mark in data for mark in _DOCTYPES):
            raise self._doctype(part)
        start = data[:400].lstrip(b"\xef\xbb\xbf\xff\xfe")
        declared = _DECLARED.match(start)
        if (declared and declared[1].lower() not in _ENCODINGS) or not start.replace(b"\0", b"").lstrip().startswith(
            b"<"
        ):
            raise self._damaged(f'the part "{part}" is no XML in a common encoding')

    def not_xml(self, error: Exception, part: str) -> InputError:
        """The sentence for what the parser says."""
        words = str(error).lower()
        if "depth" in words:
            return InputError(
                f'{self.name}: the part "{part}" is nested too deeply, as by hundreds of tables within tables. Copy '
                "the table into a new document, and save that."
            )
        if "huge" in words or "too long" in words or "lookup" in words:
            return InputError(
                f"{self.name}: a cell or paragraph has more than {limits.MAX_CELL_LENGTH:,} characters. Part it."
            )
        return self._damaged(f'the part "{part}" is cut off or is no XML')

    def _look_through(self) -> None:
        infos = self._zip.infolist()
        if len(infos) > limits.MAX_ENTRIES:
            raise InputError(
                f"{self.name} holds {len(infos):,} parts; a document may have {limits.MAX_ENTRIES:,}. Copy the table "
                "into a new document, and save that."
            )
        end = 0
        for info in sorted(infos, key=lambda each: each.header_offset):
            # Parts that share their bytes are how a small file unpacks to a huge one.
            if info.header_offset < end:
                raise self._damaged("its parts overlap")
            end = info.header_offset + 30 + len(info.filename.encode("utf-8", "replace")) + info.compress_size
        total = 0
        for info in infos:
            name = info.filename.replace("\\", "/")
            if name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0] or "\0" in name:
                raise self._damaged("a part is named as if it lay outside the file")
            if info.flag_bits & 1:
                raise InputError(f"{self.name} is locked with a password. Save a copy without one, and read that.")
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise self._damaged("it is packed in a way that office programs do not use")
            if name.endswith("/"):
                continue
            if name.lower() in self._parts:
                raise self._damaged(f'it holds the part "{name[:100]}" twice')
            self._parts[name.lower()] = info
            total = self._look_at(info, name, total)

    def _look_at(self, info: zipfile.ZipInfo, name: str, total: int) -> int:
        """Unpack one entry in pieces, and keep none of it."""
        before = b""
        markup = name.lower().endswith(_XML_PARTS)
        for piece in self._pieces(info):
            total += len(piece)
            if total > limits.MAX_UNPACKED:
                raise InputError(
                    f"{self.name} unpacks to more than {limits.MAX_UNPACKED / 1e6:.0f} MB, which no plan needs: it may "
                    "be a zip bomb. Copy the table into a new document, and save that."
                )
            if markup:
                if any(mark in before + piece for mark in _DOCTYPES):
                    raise self._doctype(name)
                before = piece[-20:]
        return total

    def _pieces(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with self._zip.open(info) as file:
                while piece := file.read(_CHUNK):
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
            raise self._damaged(f'the part "{info.filename[:100]}" cannot be unpacked') from None

    def _doctype(self, part: str) -> InputError:
        return InputError(
            f'{self.name} is refused: its part "{part}" holds a DOCTYPE, which no office program writes and which can '
            "reach for other files. Copy the table into a new document, and save that."
        )

    def _damaged(self, why: str) -> InputError:
        return InputError(f"{self.name} {DAMAGED.format(why)}")


def parser() -> Any:
    """An XML parser that fetches nothing, expands nothing and has the depth and length of text limited."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
