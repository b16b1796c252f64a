"""Writing an .xlsx that opens clean in WPS and Excel and prints as it stands: one title, one table a sheet.

Rules:

* Text is text: nothing a person typed becomes a formula, whatever it begins with (FAULTS 59). Such a cell also carries the
  mark of a leading apostrophe, so that editing it keeps it text.
* Numbers are numbers, dates dates, money has two decimals; ID and telephone numbers are text, or Excel would round them.
* A text longer than a cell can hold (32,767 UTF-16 units) is not cut: the cell says so, and the caller is told (FAULTS 61).
* The file appears under its name only when it is whole and on the disk.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, islice
from math import ceil
from pathlib import Path
from typing import Any, Literal

from fulian_desktop.errors import InputProblem, MachineProblem
from fulian_desktop.progress import Progress
from fulian_desktop.sheets.preflight import column_letters

MAX_CELL = 32_767
MAX_SHEET_ROWS = 1_048_576
_MEASURED_ROWS = 300  # rows by which widths are chosen
_NARROWEST, _WIDEST = 6.0, 46.0
_HIGHEST = 400.0  # points; Excel allows 409
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NOT_IN_TITLE = re.compile(r"[\\/*?:\[\]]")
# What makes a spreadsheet take a text for a formula, full-width forms included.
_LIVE = tuple("=+-@\t\r＝＋－＠")

Kind = Literal["text", "number", "money", "date", "index"]
Value = str | int | Decimal | datetime.date | None


@dataclass(frozen=True)
class Stated:
    """A number that is shown with a word: 1600余, 8户. Still a number in the sheet."""

    number: int | Decimal
    word: str


@dataclass(frozen=True)
class BookColumn:
    """A column of a sheet. ``group`` stands above columns that follow each other and share it."""

    label: str
    kind: Kind = "text"
    group: str = ""
    width: float | None = None


@dataclass
class BookSheet:
    """One table to be written.

    Attributes:
        name: Tab name; what Excel does not allow in it is taken out, and it is cut to 31 characters.
        title: Above the table, over its whole width.
        columns: Its columns.
        rows: Its rows, each as long as ``columns``.
        subtitle: Below the title: unit, date, 单位：元.
        notes: Below the table.
        totals: A last row in bold, as long as ``columns``.
        portrait: A4 upright; otherwise A4 landscape.
        frozen: How many columns stay in sight.
    """

    name: str
    title: str
    columns: Sequence[BookColumn]
    rows: Iterable[Sequence[Value | Stated]]
    subtitle: str = ""
    notes: Sequence[str] = ()
    totals: Sequence[Value | Stated] | None = None
    portrait: bool = False
    frozen: int = 2


@dataclass
class Written:
    """What was written: the number of rows, and the cells whose text does not fit a cell."""

    rows: int = 0
    too_long: list[str] = field(default_factory=list)


def write_book(path: Path, sheets: Sequence[BookSheet], *, progress: Progress | None = None) -> Written:
    """Write a workbook.

    Args:
        path: Where; an older file of that name is replaced only by a whole new one.
        sheets: Its sheets, at least one.
        progress: Counts rows.

    Returns:
        What was written, and which cells could not hold their text.

    Raises:
        InputProblem: More rows than a sheet has (``too-many-rows``).
        MachineProblem: Disk full, no right to write, or the file is open elsewhere.
    """
    import openpyxl  # type: ignore[import-untyped]

    book = openpyxl.Workbook(write_only=True)
    book.properties.creator = "妇联工作台"
    written = Written()
    _register_styles(book)
    names: set[str] = set()
    try:
        for sheet in sheets:
            _Writer(book, sheet, _tab_name(sheet.name, names), written, progress or Progress()).write()
        save_book(book, path)
    except BaseException:
        for page in book.worksheets:
            if not page.closed:
                page.close()  # ends openpyxl's own temporary file of this sheet
        raise
    return written


def save_book(book: Any, path: Path) -> None:  # noqa: ANN401 - openpyxl has no types
    """Save an openpyxl workbook whole or not at all.

    Raises:
        MachineProblem: It could not be written; what stood under that name still stands there.
    """
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as stream:
            book.save(stream)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):  # where nothing could be written, nothing can be taken away either
            part.unlink(missing_ok=True)
        raise MachineProblem(
            f"“{path.name}”没有写成：请看磁盘是否已满、能否写入，或这个表是否正在 WPS 里打开，处理后再试。",
            "not-written"
        ) from error


def inert(text: str) -> str:
    """A text that XML can hold and that Excel's own escapes (``_x000D_``) do not change."""
    return _ESCAPE.sub("_x005F_", _NOT_IN_XML.sub("", text))


def is_live(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula (FAULTS 59)."""
    return text.startswith(_LIVE)


def display_width(text: str) -> int:
    """The width of the longest line in half-width characters: a Chinese one counts two.

    By its bytes in GB 18030, which is near enough and 20 times quicker than asking for each character.
    """
    return max(len(line.encode("gb18030", "replace")) for line in text.split("\n"))


def _tab_name(name: str, taken: set[str]) -> str:
    plain = _NOT_IN_TITLE.sub(" ", inert(name)).strip(" '")[:31] or "表"
    unique, n = plain, 2
    while unique.lower() in taken:
        unique, n = f"{plain[:27]}({n})", n + 1
    taken.add(unique.lower())
    return unique


def _register_styles(book: Any) -> None:  # noqa: ANN401
    """The styles of a workbook, each once: a style a cell would cost more than all the rest."""
    from openpyxl.styles import (  # type: ignore[import-untyped]
        Alignment,
        Border,
        Font,
        NamedStyle,
        PatternFill,
        Side,
    )

    thin = Side(style="thin", color="A6A6A6")
    lines = Border(left=thin, right=thin, top=thin, bottom=thin)

    def add(name: str, font: Font, across: str, border: Border, fill: str = "", indent: int = 0) -> None:
        book.add_named_style(NamedStyle(
            name, font=font, border=border,
            alignment=Alignment(horizontal=across, vertical="center", wrap_text=True, indent=indent),
            fill=PatternFill("solid", fgColor=fill) if fill else PatternFill(),
        ))

    plain, bold = Font(name="宋体", size=11), Font(name="宋体", size=11, bold=True)
    add("标题", Font(name="黑体", size=18, bold=True), "center", Border())
    add("副标题", plain, "left", Border())
    add("表头", bold, "center", lines, "FBE5E1")
    for name, across in (("文字", "left"), ("数", "right"), ("居中", "center")):
        indent = int(across != "center")
        add(name, plain, across, lines, indent=indent)
        add(f"{name}合计", bold, across, lines, "F2F2F2", indent)
    add("注", plain, "left", Border())


_STYLES: dict[Kind, str] = {"text": "文字", "number": "数", "money": "数", "date": "居中", "index": "居中"}


class _Writer:
    """Writes one sheet row by row."""

    def __init__(
        self, book: Any, sheet: BookSheet, name: str, written: Written, progress: Progress  # noqa: ANN401
    ) -> None:
        self.sheet, self.written, self.progress = sheet, written, progress
        self.page = book.create_sheet(name)
        self.width = len(sheet.columns)
        self.widths: list[float] = []
        self.row = 0

    def write(self) -> None:
        """Title, head, rows, totals, notes; then what the page needs for printing."""
        rows = iter(self.sheet.rows)
        first = list(islice(rows, _MEASURED_ROWS))
        self._set_up(first)
        self._line(self.sheet.title, "标题", height=32)
        if self.sheet.subtitle:
            self._line(self.sheet.subtitle, "副标题", height=20)
        self._head()
        for row in chain(first, rows):
            self._data(row, "")
            self.written.rows += 1
            self.progress.step(self.written.rows, 0, "写入表格")
        if self.sheet.totals is not None:
            self._data(self.sheet.totals, "合计")
        for note in self.sheet.notes:
            self._line(note, "注", height=None)

    def _set_up(self, first: Sequence[Sequence[Value | Stated]]) -> None:
        page = self.page
        self.widths = list(_widths(self.sheet, first))
        for number, width in enumerate(self.widths, 1):
            page.column_dimensions[column_letters(number)].width = width
        head = self._first_head_row()
        last = head + self._head_rows() - 1
        page.freeze_panes = f"{column_letters(min(self.sheet.frozen, self.width - 1) + 1)}{last + 1}"
        page.print_title_rows = f"{head}:{last}"
        page.page_setup.orientation = "portrait" if self.sheet.portrait else "landscape"
        page.page_setup.paperSize = 9  # A4
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
        page.print_options.horizontalCentered = True
        page.page_margins.left = page.page_margins.right = 0.5
        page.page_margins.top = page.page_margins.bottom = 0.7
        page.oddFooter.center.text = "第 &P 页 共 &N 页"

    def _first_head_row(self) -> int:
        return 3 if self.sheet.subtitle else 2

    def _head_rows(self) -> int:
        return 2 if any(column.group for column in self.sheet.columns) else 1

    def _line(self, text: str, style: str, *, height: float | None) -> None:
        self.row += 1
        if height:
            self.page.row_dimensions[self.row].height = height
        if self.width > 1:
            self.page.merged_cells.add(f"A{self.row}:{column_letters(self.width)}{self.row}")
        self.page.append([self._cell(text, style), *[None] * (self.width - 1)])

    def _head(self) -> None:
        columns = self.sheet.columns
        if self._head_rows() == 2:
            self._merge_groups()
            self._append([column.group or column.label for column in columns], "表头")
        self.page.row_dimensions[self.row + 1].height = 24
        self._append([column.label for column in columns], "表头")

    def _merge_groups(self) -> None:
        row, start = self.row + 1, 0
        columns = self.sheet.columns
        for i in range(1, self.width + 1):
            if i < self.width and columns[i].group and columns[i].group == columns[start].group:
                continue
            left, right = column_letters(start + 1), column_letters(i)
            if not columns[start].group:
                self.page.merged_cells.add(f"{left}{row}:{left}{row + 1}")
            elif i - start > 1:
                self.page.merged_cells.add(f"{left}{row}:{right}{row}")
            start = i

    def _append(self, values: Sequence[Value | Stated], style: str) -> None:
        self.row += 1
        self.page.append([self._cell(value, style) for value in values])

    def _data(self, values: Sequence[Value | Stated], more: str) -> None:
        self.row += 1
        if self.row >= MAX_SHEET_ROWS:
            raise InputProblem(f"超过 {MAX_SHEET_ROWS} 行，一个表放不下，请分单位或分年度导出。", "too-many-rows")
        lines = max(map(_lines, values, self.widths), default=1)
        self.page.row_dimensions[self.row].height = min(15.0 * lines + 5, _HIGHEST)
        self.page.append([
            self._cell(value, _STYLES[column.kind] + more, column.kind)
            for value, column in zip(values, self.sheet.columns, strict=True)
        ])

    def _cell(self, value: Value | Stated, style: str, kind: Kind = "text") -> Any:  # noqa: ANN401
        from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]

        cell = WriteOnlyCell(self.page)
        cell.style = style
        if isinstance(value, str):
            self._set_text(cell, value)
        elif isinstance(value, Stated):
            cell.value = value.number
            cell.number_format = _format(value.number, kind, value.word.replace('"', ""))
        elif value is not None:
            cell.value = value
            cell.number_format = _format(value, kind, "")
        return cell

    def _set_text(self, cell: Any, text: str) -> None:  # noqa: ANN401
        text = inert(text)
        units = len(text.encode("utf-16-le")) // 2
        if units > MAX_CELL:
            self.written.too_long.append(f"{self.page.title}第 {self.row} 行")
            text = f"（共 {len(text)} 字，一格放不下，请在程序里查看）"
        cell.value = text
        cell.data_type = "s"
        cell.number_format = "@"
        if is_live(text):
            cell.quotePrefix = True


def _format(value: Value, kind: Kind, word: str) -> str:
    if isinstance(value, datetime.date):
        return "yyyy-mm-dd"
    digits = -int(value.as_tuple().exponent) if isinstance(value, Decimal) else 0
    plain = "#,##0.00" if kind == "money" or digits > 1 else "0.0" if digits == 1 else "0"
    return f'{plain}"{word}"' if word else plain


def _widths(sheet: BookSheet, rows: Sequence[Sequence[Value | Stated]]) -> Iterator[float]:
    """A width for each column that its Chinese fits in; long texts wrap at the widest."""
    for i, column in enumerate(sheet.columns):
        if column.width is not None:
            yield column.width
            continue
        shown = [_shown(row[i], column.kind) for row in rows]
        widths = sorted(display_width(text) for text in shown if text)
        usual = widths[int(len(widths) * 0.95)] if len(widths) > 20 else max(widths, default=0)
        head = min(display_width(column.label), 16)
        yield min(max(usual, head, _NARROWEST - 2) + 2.5, _WIDEST)


def _lines(value: Value | Stated, width: float) -> int:
    """How many lines a text takes in a column: WPS leaves a row that has no height as high as one line."""
    if not isinstance(value, str) or (len(value) * 2 < width and "\n" not in value):
        return 1
    return sum(max(1, ceil(display_width(line) / (width - 1.5))) for line in value[:MAX_CELL].split("\n"))


def _shown(value: Value | Stated, kind: Kind) -> str:
    if isinstance(value, Stated):
        return _shown(value.number, kind) + value.word
    if value is None:
        return ""
    if isinstance(value, datetime.date):
        return "2026-03-08"
    return f"{value:,.2f}" if kind == "money" and not isinstance(value, str) else str(value)
