"""The file: pages, a form drawn once, embedded typefaces. The only module that makes PDF objects.

Rules:

* Pages are made of operator strings; reportlab's ``pdfdoc`` numbers, compresses and writes the objects.
* Typefaces are embedded as composite fonts (Type 0, Identity-H), subset to what the document uses.
  reportlab's own TrueType embedding cuts a face into fonts of 256 characters and writes characters beyond
  U+FFFF as five hexadecimal digits into the ToUnicode map, which no reader understands: 张𡛕 could neither be
  searched nor copied. Here the map is written in UTF-16BE (ISO 32000-1, 9.10.3), in one place
  (:func:`_to_unicode`).
* A code of a font is a character with the room after it: reading programs take a gap for a space, a wide
  character for a character.
* The same pages give the same bytes: no clock, no random number, characters in order of first use.
* A file gets its name only when it is whole: temporary file in the same folder, fsync, rename.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from fulian_desktop.errors import MachineProblem
from fulian_desktop.printing.fonts import Face, face

if TYPE_CHECKING:
    from collections.abc import Sequence

# reportlab has no types.
ReportlabObject = Any

MM = 72 / 25.4  # points in a millimetre


class Codes(dict[tuple[str, int], str]):
    """(character, room after it) → four hexadecimal digits of its code, given in order of first use.

    The room, in thousandths of an em, is added to the advance width of that code alone.
    """

    def __missing__(self, key: tuple[str, int]) -> str:
        code = self[key] = f"{len(self) + 1:04X}"
        return code


class EmbeddedFace:
    """A face as used by one document.

    Args:
        source: The typeface.
        tag: Its resource name in the file, e.g. ``F1``.
    """

    def __init__(self, source: Face, tag: str) -> None:
        self.source = source
        self.tag = tag
        self.codes = Codes()

    def add_objects(self, doc: ReportlabObject) -> ReportlabObject:
        """Put the font's objects into the document; return the reference for the resources."""
        from reportlab.pdfbase import pdfdoc  # type: ignore[import-untyped]

        order = [ch for ch, _ in self.codes]
        file = self.source.file
        base = f"{_subset_tag(self.tag)}+{file.name.decode('ascii')}"
        program = pdfdoc.PDFStream(content=self.source.subset(dict.fromkeys(order)), filters=[pdfdoc.PDFZCompress])
        program.dictionary["Length1"] = len(program.content)
        descriptor = pdfdoc.PDFDictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": pdfdoc.PDFName(base),
                "Flags": 4,
                "FontBBox": pdfdoc.PDFArray([round(x) for x in file.bbox]),
                "ItalicAngle": 0,
                "Ascent": round(file.ascent),
                "Descent": round(file.descent),
                "CapHeight": round(file.capHeight),
                "StemV": round(file.stemV),
                "FontFile2": doc.Reference(program, f"program:{base}"),
            }
        )
        widths = pdfdoc.PDFArray([1, pdfdoc.PDFArray([_number(self.source.width(ch) + room) for ch, room in self.codes])])
        descendant = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": pdfdoc.PDFName(base),
                "CIDSystemInfo": pdfdoc.PDFDictionary({"Registry": "(Adobe)", "Ordering": "(Identity)", "Supplement": 0}),
                "FontDescriptor": doc.Reference(descriptor, f"descriptor:{base}"),
                "DW": 1000,
                "W": widths,
                "CIDToGIDMap": doc.Reference(self._glyph_map(order), f"glyphs:{base}"),
            }
        )
        to_unicode = pdfdoc.PDFStream(content=_to_unicode(order), filters=[pdfdoc.PDFZCompress])
        font = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": pdfdoc.PDFName(base),
                "Encoding": "/Identity-H",
                "DescendantFonts": pdfdoc.PDFArray([doc.Reference(descendant, f"descendant:{base}")]),
                "ToUnicode": doc.Reference(to_unicode, f"unicode:{base}"),
            }
        )
        return doc.Reference(font, f"font:{base}")

    def _glyph_map(self, order: list[str]) -> ReportlabObject:
        """Map codes to glyphs: several codes may show one glyph."""
        from reportlab.pdfbase import pdfdoc

        glyphs = self.source.glyphs
        placed: dict[int, int] = {0: 0}
        numbers = [0]
        for ch in order:
            numbers.append(placed.setdefault(glyphs[ord(ch)], len(placed)))
        content = b"".join(number.to_bytes(2, "big") for number in numbers)
        return pdfdoc.PDFStream(content=content, filters=[pdfdoc.PDFZCompress])


class PdfFile:
    """A document in the making.

    Args:
        width: Page width in mm.
        height: Page height in mm.
        title: Shown by readers.
        author: Shown by readers.
    """

    def __init__(self, width: float, height: float, *, title: str = "", author: str = "") -> None:
        from reportlab.pdfbase import pdfdoc

        self.width = width
        self.height = height
        self._pdfdoc = pdfdoc
        self._doc = pdfdoc.PDFDocument(compression=1, invariant=1, pdfVersion=(1, 5), lang="zh-CN")
        info = self._doc.info
        info.title, info.author, info.creator, info.subject = title, author, "fulian-desktop", ""
        info.producer = "fulian-desktop, ReportLab"
        self._resources = pdfdoc.PDFDictionary({})
        self._forms: dict[str, Any] = {}
        self.faces: dict[str, EmbeddedFace] = {}
        self.page_count = 0
        self._box = pdfdoc.PDFArray([0, 0, round(width * MM, 2), round(height * MM, 2)])
        # A name and not the dictionary itself: it fills while pages are added.
        self._resources_reference = self._doc.Reference(self._resources, "resources")

    def embedded(self, name: str) -> EmbeddedFace:
        """Return the face as used by this document."""
        found = self.faces.get(name)
        if found is None:
            found = self.faces[name] = EmbeddedFace(face(name), f"F{len(self.faces) + 1}")
        return found

    def add_form(self, name: str, operators: Sequence[str]) -> None:
        """Keep operators under a name; a page draws them by ``/name Do``."""
        stream = self._pdfdoc.PDFStream(content="\n".join(operators).encode("ascii"), filters=[self._pdfdoc.PDFZCompress])
        entries = stream.dictionary
        entries["Type"] = self._pdfdoc.PDFName("XObject")
        entries["Subtype"] = self._pdfdoc.PDFName("Form")
        entries["BBox"] = self._box
        entries["Resources"] = self._resources_reference
        self._forms[name] = self._doc.Reference(stream, f"form:{name}")

    def add_page(self, operators: Sequence[str]) -> None:
        """Add a page drawn by these operators."""
        page = self._pdfdoc.PDFPage()
        page.Override_default_compilation = 1
        page.MediaBox = self._box
        page.Resources = self._resources_reference
        page.Contents = self._pdfdoc.PDFStream(content="\n".join(operators).encode("ascii"), filters=[self._pdfdoc.PDFZCompress])
        page.Parent = self._doc.Reference(self._doc.Pages)
        self._doc.Pages.addPage(page)
        self.page_count += 1

    def finish(self) -> bytes:
        """Return the whole file. Nothing can be added afterwards."""
        pdfdoc = self._pdfdoc
        fonts = {embedded.tag: embedded.add_objects(self._doc) for embedded in self.faces.values()}
        self._resources["Font"] = pdfdoc.PDFDictionary(fonts)
        self._resources["XObject"] = pdfdoc.PDFDictionary(dict(self._forms))
        self._resources["ProcSet"] = "[/PDF /Text]"
        data: bytes = self._doc.GetPDFData(None)
        return data


def write_bytes(data: bytes, target: Path | BinaryIO) -> None:
    """Write a finished document to an open binary file, or under a name when it is whole.

    Raises:
        MachineProblem: The folder cannot be written, or the file is open in another program.
    """
    if not isinstance(target, Path):
        target.write(data)
        return
    # Not mkstemp: the file shall be as readable as any other that the person saves.
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):  # where nothing could be written, nothing can be taken away either
            temporary.unlink(missing_ok=True)
        raise MachineProblem(
            f"“{target.name}”没有写成。请检查磁盘空间，关闭正在打开它的程序，或换一个文件名。",
            "cannot-write",
        ) from error


def _subset_tag(tag: str) -> str:
    return "".join(chr(ord("A") + int(digit)) for digit in f"{int(tag[1:]):06d}")


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else round(value, 2)


def _to_unicode(order: list[str]) -> bytes:
    """Return the ToUnicode map: UTF-16BE, so that characters beyond U+FFFF are surrogate pairs."""
    entries = [f"<{code:04X}> <{ch.encode('utf-16-be').hex().upper()}>" for code, ch in enumerate(order, 1)]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<0000> <FFFF>",
        "endcodespacerange",
    ]
    for start in range(0, len(entries), 100):
        part = entries[start : start + 100]
        lines += [f"{len(part)} beginbfchar", *part, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines).encode("ascii")
