"""The cells of a workbook, or of what was pasted from one, as plain values.

Rules:

* A file is verified (``preflight``) before openpyxl sees it, and its sheets are read only as far as cells are filled.
* A formula stands for its stored result; one without a result, and a cell that shows an error, are :class:`Broken`.
* Dates stay dates, numbers numbers; a whole float is a whole number. A number whose format shows a word with it
  (18人, ¥350) is that text: what people see is what they meant.
"""

from __future__ import annotations

import datetime
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from fulian_desktop.errors import Refused
from fulian_desktop.progress import Progress
from fulian_desktop.sheets.preflight import (
    MAX_COLUMN,
    MAX_ROW,
    Shape,
    check_workbook,
    column_letters,
    column_number,
)

_ESCAPED = re.compile(r"_x005F_(x[0-9A-Fa-f]{4}_)|_x([0-9A-Fa-f]{4})_")
_LITERAL = re.compile(r'"([^"]*)"')
_DIGIT_PLACE = re.compile(r"[0#?]")
_SCALED = re.compile(r"[0#?],+(?![0#?])|!\.|\\\.|%|E[+-]")
MAX_PASTED = 5_000_000  # code points


@dataclass(frozen=True)
class Broken:
    """A cell without a usable value. ``text`` says in 中文 what is wrong with it."""

    shown: str
    text: str


Cell = str | int | float | bool | datetime.date | datetime.time | Broken | None


_UNSOLVED = Broken("公式", "是公式，但文件里没有算出的结果，请用 WPS 或 Excel 打开保存一次再导入，或直接填数")
_ERROR = Broken("错误值", "是出错的公式（如 #REF!），请改正后再导入")


@dataclass
class Grid:
    """One sheet: ``rows[0]`` is the sheet's row 1.

    Attributes:
        name: The sheet's name, empty for pasted cells.
        hidden: Whether people see it.
        rows: Cell values, all rows equally long.
        merged: Merged ranges as (first row, first column, last row, last column), from 1.
    """

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False

    def at(self, row: int, column: int) -> Cell:
        """The cell at row and column, from 1; None outside."""
        return self.rows[row - 1][column - 1] if row <= len(self.rows) and column <= len(self.rows[row - 1]) else None


def cell_name(row: int, column: int) -> str:
    """``(5, 2)`` → ``B5``."""
    return f"{column_letters(column)}{row}"


def read_workbook(path: Path, progress: Progress | None = None) -> list[Grid]:
    """All sheets of an .xlsx, the hidden ones marked.

    Args:
        path: The file.
        progress: Counts rows while they are read.

    Raises:
        Refused: It is no .xlsx, damaged, or beyond the bounds (FAULTS 69).
        MachineProblem: It cannot be read.
    """
    shapes = check_workbook(path)
    import openpyxl  # type: ignore[import-untyped]

    count = _Count(progress or Progress(), sum(shape.last_row for shape in shapes))
    try:
        with path.open("rb") as stream, warnings.catch_warnings():
            # It warns of what it would not write back (WPS's own extensions); nothing is written back here.
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(stream, read_only=True, data_only=True)
            found = {sheet.title: sheet for sheet in workbook.worksheets}
            grids = [_grid(found[shape.name], shape, count) for shape in shapes if shape.name in found]
            workbook.close()
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        # openpyxl's ways of saying that a part is not what the standard asks for
        raise Refused(f"“{path.name}”里有不合规范的内容，请用 WPS 或 Excel 打开后另存为 .xlsx 再试。", "damaged") from error
    return grids


@dataclass
class _Count:
    progress: Progress
    total: int
    done: int = 0

    def row(self) -> None:
        self.done += 1
        if self.done % 200 == 0:
            self.progress.step(self.done, self.total, "打开表格")


def _grid(sheet: object, shape: Shape, count: _Count) -> Grid:
    grid = Grid(shape.name, hidden=shape.hidden, merged=shape.merged)
    if not shape.last_row:
        return grid
    sheet.reset_dimensions()  # type: ignore[attr-defined] # what the file says of its size is not to be believed
    cells: Iterable[tuple[Any, ...]] = sheet.iter_rows(  # type: ignore[attr-defined]
        max_row=shape.last_row, max_col=shape.last_column)
    for values in cells:
        row = [_plain(cell) for cell in values[: shape.last_column]]
        grid.rows.append(row + [None] * (shape.last_column - len(row)))
        count.row()
    for name, broken in _broken(shape):
        row_number, column = _place(name)
        if row_number <= len(grid.rows):
            grid.rows[row_number - 1][column - 1] = broken
    return grid


def _broken(shape: Shape) -> Iterable[tuple[str, Broken]]:
    for name in shape.unsolved:
        yield name, _UNSOLVED
    for name in shape.errors - shape.unsolved:
        yield name, _ERROR


def _unescaped(found: re.Match[str]) -> str:
    """The standard's ``_x000D_``: openpyxl leaves it. Line ends become one; what else is escaped is a control character."""
    if found[1]:
        return f"_{found[1]}"
    char = chr(int(found[2], 16))
    if char in "\n\t":
        return char
    return "" if char < " " else found[0]


@lru_cache(maxsize=512)
def _words(number_format: str) -> tuple[str, str]:
    """The words that a number format shows around a number: ``0"人"`` → 人, ``"¥"#,##0.00`` → ¥.

    A format that also scales (``0!.0,"万"`` shows 12,000 as 1.2万) is passed over: its number is what it is.
    """
    shown = number_format.split(";")[0]
    if _SCALED.search(shown) or not _LITERAL.search(shown):
        return "", ""
    digits = [found.start() for found in _DIGIT_PLACE.finditer(_LITERAL.sub(lambda m: " " * len(m[0]), shown))]
    if not digits:
        return "", ""
    words = [(found.start(), (found[1] or "").strip()) for found in _LITERAL.finditer(shown)]
    return "".join(w for at, w in words if at < digits[0]), "".join(w for at, w in words if at > digits[-1])


def _place(name: str) -> tuple[int, int]:
    letters = name.rstrip("0123456789")
    return int(name[len(letters):]), column_number(letters)


def _plain(cell: Any) -> Cell:  # noqa: ANN401 - openpyxl has no types
    value = cell.value
    if type(value) in (int, float):
        number = int(value) if float(value).is_integer() and abs(value) < 10**18 else value
        before, after = _words(str(cell.number_format or ""))
        return f"{before}{number:.15g}{after}" if isinstance(number, float) and (before or after) else (
            f"{before}{number}{after}" if before or after else number)
    if isinstance(value, str):
        return _ESCAPED.sub(_unescaped, value)
    if isinstance(value, datetime.timedelta):
        return str(value)
    if value is None or isinstance(value, int | datetime.date | datetime.time):
        return value
    return str(value)


def pasted_grid(text: str) -> Grid:
    """Cells copied from WPS or Excel: rows by line ends, columns by tabs, quoted where a cell holds either.

    Raises:
        Refused: More was pasted than one sheet of records can be (``too-large``).
    """
    if len(text) > MAX_PASTED:
        raise Refused("粘贴的内容太多，请分几次粘贴，或存成 .xlsx 后导入。", "too-large")
    rows = _pasted_rows(text)
    if len(rows) > MAX_ROW or max(map(len, rows), default=0) > MAX_COLUMN:
        raise Refused("粘贴的行或列太多，请分几次粘贴，或存成 .xlsx 后导入。", "too-large")
    width = max(map(len, rows), default=0)
    return Grid("", [[*row, *[None] * (width - len(row))] for row in rows])


def _pasted_rows(text: str) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    row: list[Cell] = []
    i, end = 0, len(text)
    while i < end:
        value, i = _pasted_cell(text, i)
        row.append(value or None)
        if i >= end or text[i] == "\n":
            rows.append(row)
            row = []
        i += 1
    if row:  # the text ends with a tab: its last cell is empty
        rows.append([*row, None])
    return rows


def _pasted_cell(text: str, i: int) -> tuple[str, int]:
    """The cell that begins at ``i``, and where the tab or line end behind it stands."""
    if text.startswith('"', i):
        closing = i + 1
        while (closing := text.find('"', closing)) >= 0 and text.startswith('"', closing + 1):
            closing += 2
        behind = closing + 1
        if closing >= 0 and (behind >= len(text) or text[behind] in "\t\r\n"):
            behind += text.startswith("\r\n", behind)
            return text[i + 1: closing].replace('""', '"'), behind
    stops = [found for sign in "\t\n" if (found := text.find(sign, i)) >= 0]
    stop = min(stops, default=len(text))
    return text[i:stop].rstrip("\r"), stop
