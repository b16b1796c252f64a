"""What an .xlsx must be before openpyxl may open it (FAULTS 69).

Rules:

* A sheet from outside is a zip of XML from anybody. Its size, its number of parts, what they inflate to, its cells and
  their places are bounded, and a document type declaration is refused at its first character,
  so that no entity is ever expanded.
* Everything is read here as a stream, so that a file that lies about itself costs no more than the bounds.
* A blank cell far away (somebody formatted whole columns) is no reason to refuse; a filled one is, and is named.
* On the way the shape of each sheet is noted: where it ends, what is merged, which formulas have no result, what is an error.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO
from xml.parsers import expat

from fulian_desktop.errors import MachineProblem, Refused

MAX_FILE = 50 * 1024 * 1024
MAX_PARTS = 2_000
MAX_INFLATED = 300 * 1024 * 1024
MAX_PART_RATIO = 400  # a sheet of equal rows inflates some 50 times; deflate itself cannot pass 1,032
MAX_CELLS = 1_000_000
MAX_ROW = 200_000
MAX_COLUMN = 500
_SMALL = 1024 * 1024
_CHUNK = 256 * 1024
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
_REDO = "请用 WPS 或 Excel 打开，把要导入的行复制到新表，另存为 .xlsx 再试"


@dataclass
class Shape:
    """What is known of one sheet.

    Attributes:
        name: As people see it.
        hidden: Whether it is hidden.
        last_row: The last row with a filled cell, from 1; 0 when there is none.
        last_column: The last column with a filled cell, from 1.
        merged: Merged ranges as (first row, first column, last row, last column).
        unsolved: Cells whose formula has no stored result, like ``B5``.
        errors: Cells that show an error (#REF!).
    """

    name: str
    hidden: bool = False
    last_row: int = 0
    last_column: int = 0
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    unsolved: set[str] = field(default_factory=set)
    errors: set[str] = field(default_factory=set)


def check_workbook(path: Path) -> list[Shape]:
    """Verify an .xlsx within bounds and say what sheets it has, in their order.

    Args:
        path: The file.

    Raises:
        Refused: ``not-a-sheet``, ``old-sheet``, ``too-large``, ``damaged`` or ``unsafe``,
        with a sentence and what to do.
        MachineProblem: The file cannot be read.
    """
    try:
        size = path.stat().st_size
        if size > MAX_FILE:
            raise Refused(f"“{path.name}”有 {size >> 20} MB，太大了，{_REDO}。", "too-large")
        with path.open("rb") as stream:
            _check_beginning(path.name, stream)
            with zipfile.ZipFile(stream) as archive:
                return _check_archive(path.name, archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, expat.ExpatError, UnicodeDecodeError):
        raise Refused(f"“{path.name}”已损坏，打不开，请重新复制一份再试。", "damaged") from None
    except RuntimeError:  # zipfile's word for an encrypted part
        raise Refused(f"“{path.name}”加了密码，请去掉密码另存为 .xlsx 再试。", "not-a-sheet") from None
    except OSError as error:
        raise MachineProblem(f"“{path.name}”读不出来，请检查文件还在不在、有没有被别的程序打开。", "unreadable") from error


def _check_beginning(name: str, stream: IO[bytes]) -> None:
    beginning = stream.read(8)
    stream.seek(0)
    if beginning == _OLD_OFFICE:
        raise Refused(f"“{name}”是旧版 .xls 或加了密码，请用 WPS 或 Excel 另存为不带密码的 .xlsx 再试。", "old-sheet")
    if not beginning.startswith(b"PK\x03\x04"):
        raise Refused(f"“{name}”不是 Excel 表格，请用 WPS 或 Excel 另存为 .xlsx 再试。", "not-a-sheet")


def _check_archive(name: str, archive: zipfile.ZipFile) -> list[Shape]:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_INFLATED:
        raise Refused(f"“{name}”解开后太大，没有打开，{_REDO}。", "too-large")
    names = [part.filename for part in parts]
    if len(set(names)) != len(names):
        raise Refused(f"“{name}”里有重名的部分，不是正常的表格，{_REDO}。", "unsafe")
    if "xl/workbook.xml" not in names:
        raise Refused(f"“{name}”不是 .xlsx 表格，请用 WPS 或 Excel 另存为 .xlsx 再试。", "not-a-sheet")
    book = _Workbook()
    links = _Links()
    shapes: dict[str, Shape] = {}
    budget = _Budget(name)
    for part in parts:
        if part.file_size > _SMALL and part.file_size > part.compress_size * MAX_PART_RATIO:
            raise Refused(f"“{name}”解开后太大，没有打开，{_REDO}。", "too-large")
        if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        handler: _Handler = _Handler()
        if part.filename == "xl/workbook.xml":
            handler = book
        elif part.filename == "xl/_rels/workbook.xml.rels":
            handler = links
        elif part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
            handler = _Sheet(budget, shapes.setdefault(part.filename, Shape("")))
        with archive.open(part) as stream:
            _parse(name, stream, handler)
    return [
        _named(shapes.get(links.targets.get(link, ""), Shape("")), title, hidden) for title, hidden,
        link in book.sheets
    ]


def _named(shape: Shape, title: str, hidden: bool) -> Shape:
    shape.name, shape.hidden = title, hidden
    return shape


class _Handler:
    """Notes what an element says; the plain one notes nothing."""

    listens = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins; ``tag`` without its namespace."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """A piece of text between tags."""


def _parse(name: str, stream: IO[bytes], handler: _Handler) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")

    def doctype(*_: object) -> None:
        raise Refused(f"“{name}”里有不该有的内容（DTD），为安全没有打开，{_REDO}。", "unsafe")

    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = doctype
    if handler.listens:
        parser.StartElementHandler = lambda tag, attributes: handler.start(_local(tag), attributes)
        parser.EndElementHandler = lambda tag: handler.end(_local(tag))
        parser.CharacterDataHandler = handler.text
    while chunk := stream.read(_CHUNK):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _local(tag: str) -> str:
    return tag.rpartition(" ")[2]


class _Workbook(_Handler):
    """xl/workbook.xml: names, order and visibility of the sheets."""

    listens = True

    def __init__(self) -> None:
        self.sheets: list[tuple[str, bool, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            link = next((v for k, v in attributes.items() if k.endswith(" id")), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), hidden, link))


class _Links(_Handler):
    """xl/_rels/workbook.xml.rels: which part a sheet is."""

    listens = True

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            target = attributes.get("Target", "")
            whole = PurePosixPath(target.lstrip("/")) if target.startswith("/") else PurePosixPath("xl", target)
            self.targets[attributes.get("Id", "")] = str(whole)


@dataclass
class _Budget:
    """How many cells the whole workbook has so far."""

    name: str
    cells: int = 0


class _Sheet(_Handler):
    """A worksheet: its cells counted and placed, merged ranges, formulas without a result, errors."""

    listens = True

    def __init__(self, budget: _Budget, shape: Shape) -> None:
        self.budget, self.shape = budget, shape
        self._row = self._column = 0
        self._at, self._type = "", ""
        self._formula = self._value = self._in_value = self._result = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._begin_cell(attributes)
        elif tag == "row":
            self._row = int(r) if (r := attributes.get("r", "")).isascii() and r.isdigit() and len(r) < 9 else self._row + 1
            self._column = 0
        elif tag == "f":
            self._formula = True
        elif tag in ("v", "is"):
            self._value = self._in_value = True
        elif tag == "mergeCell":
            self._note_merged(attributes.get("ref", ""))

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self.budget.cells += 1
        if self.budget.cells > MAX_CELLS:
            raise Refused(f"“{self.budget.name}”的单元格超过 {MAX_CELLS // 10_000} 万个，没有打开，{_REDO}。", "too-large")
        place = _CELL.fullmatch(attributes.get("r", ""))
        if place:
            self._column, self._row = column_number(place[1]), int(place[2])
        else:
            self._column += 1
        self._at = f"{column_letters(self._column)}{self._row}"
        self._type = attributes.get("t", "")
        self._formula = self._value = self._in_value = self._result = False

    def text(self, data: str) -> None:
        if self._in_value and data.strip():
            self._result = True

    def end(self, tag: str) -> None:
        if tag != "c":
            self._in_value = self._in_value and tag not in ("v", "is")
            return
        # An empty <v> is what many exporters write who cannot calculate; Excel marks a text that is empty as "str".
        if self._formula and not self._result and self._type != "str":
            self.shape.unsolved.add(self._at)
        if not (self._value or self._formula):
            return
        if self._row > MAX_ROW or self._column > MAX_COLUMN:
            raise Refused(f"“{self.budget.name}”的 {self._at} 格有内容，离表格太远，没有打开，{_REDO}。", "too-large")
        if self._type == "e":
            self.shape.errors.add(self._at)
        self.shape.last_row = max(self.shape.last_row, self._row)
        self.shape.last_column = max(self.shape.last_column, self._column)

    def _note_merged(self, ref: str) -> None:
        first, _, last = ref.partition(":")
        a, b = _CELL.fullmatch(first), _CELL.fullmatch(last)
        if a and b and len(self.shape.merged) < MAX_ROW:
            self.shape.merged.append((int(a[2]), column_number(a[1]), int(b[2]), column_number(b[1])))


def column_number(letters: str) -> int:
    """``A`` → 1, ``AA`` → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 → ``A``, 27 → ``AA``."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
