"""One table of a sheet, row by row: which rows are records, and what their cells say (FAULTS 70).

Rules:

* A row below the head is a record, or is named with the reason why not: total, section, repeated head, foot line.
* A cell is read as a person's typing is (``domain.entry``); what cannot be read stays as typed in
  :attr:`SheetRow.unread`, with a problem that names the cell. Cells of columns nobody knows go there too.
* A row without a readable date takes the sheet's year at year precision (DOMAIN §2).
* A cell merged over several rows holds for each of them, unless it is a number: that is counted once, and said.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from fulian_desktop.domain.dates import year_period
from fulian_desktop.domain.entry import read_entry
from fulian_desktop.domain.fields import Day, Hundredths, IdNumber, Integer, Money, Period, Phone
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.money import read_money
from fulian_desktop.domain.quantities import plain_decimal, read_quantity
from fulian_desktop.domain.yuan import format_yuan
from fulian_desktop.sheets.matching import Head, Matched, head_key, labels_of
from fulian_desktop.sheets.reader import Broken, Cell, Grid, cell_name

_TOTAL = re.compile(
    r"(?:本页|本村|本月|本年|本季|本单位|全[年镇村乡县市区]|[上下]半年|第?[0-9一二三四五六七八九十]{1,4}(?:年度?|月份?|季度))?"
    r"(?:合计|总计|小计|共计|累计|总合计)(?:[(0-9].*)?|计"
)
_FOOT = re.compile(
    r"(?:填表人|制表人|制表|填报人|审核人?|负责人|联系人|单位负责人|填表日期|填报日期|填表时间|注|说明|附注|填表说明|单位盖章"
    r"|填报单位|备注)[:：].*|(?:填报)?单位[(（](?:盖章|公章)[)）].*|注[0-9]?[、.].*",
    re.DOTALL,
)


@dataclass(frozen=True)
class CellProblem:
    """What is wrong with a cell.

    Attributes:
        field: Flat name of the field, empty when the column has none.
        cell: Like ``B5``; ``一月!B5`` in a workbook of several tables; empty when the sheet has no such column.
        code: Stable English code.
        text: 中文: what, why, what to do.
    """

    field: str
    cell: str
    code: str
    text: str


@dataclass
class SheetRow:
    """One record of a sheet.

    Attributes:
        row: Row number in the sheet.
        values: Flat name → value, as ``domain.entry.to_values`` takes them.
        problems: What could not be read, cell by cell.
        unit: Code of the unit from a 村 or 单位 column; None when there is none, or when it is not known.
        unread: What the record does not hold, as typed: flat name or head → text. To be kept in 备注.
        sheet: Name of the sheet, empty for pasted cells.
        cells: Flat name → the cell it was read from, so that what is found later can name its cell too.
        typed: Head (``matching.labels_of``) → what the cell shows, when that was asked for.
    """

    row: int
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)
    unit: str | None = None
    unread: dict[str, str] = field(default_factory=dict)
    sheet: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Skipped:
    """A row that is no record: ``total``, ``section``, ``head`` or ``foot``, and its first text."""

    row: int
    reason: str
    text: str
    sheet: str = ""


class TableReader:
    """Reads the rows of one table.

    Args:
        grid: The sheet.
        head: Its head.
        kind: What its rows are.
        year: The year of dates without one.
        today: The day of the import.
        find_unit: Name of a unit → code or None; None when there is nothing to look it up in.
        prefix: What stands before a cell's name (``一月!``).
        keep_typed: Whether rows keep what their cells show.
    """

    def __init__(
        self, grid: Grid, head: Head, kind: Kind, *, year: int, today: datetime.date,
        find_unit: Callable[[str], str | None] | None, prefix: str = "", keep_typed: bool = False,
    ) -> None:
        self.grid, self.head, self.kind = grid, head, kind
        self.year, self.today, self.find_unit, self.prefix = year, today, find_unit, prefix
        self.width = max((len(row) for row in grid.rows), default=0)
        self.period = next((f for f in kind.fields if f.asked and isinstance(f.type, Period)), None)
        heads = {c: m.head for c, m in head.matched.items()} | head.unmatched
        self.labels = labels_of(head) if keep_typed else {}
        self.heads = {column: head_key(text) for column, text in heads.items() if text}
        self.spans = {
            (row, column): span
            for span in grid.merged
            for row in range(max(span[0], head.last + 1), min(span[2], len(grid.rows)) + 1)
            for column in range(span[1], min(span[3], self.width) + 1)
        }

    def read(self, number: int) -> SheetRow | Skipped | None:
        """Read one row: a record, a row that is none, or None for an empty one."""
        own = {column: self.grid.at(number, column) for column in range(1, self.width + 1)}
        filled = [column for column, value in own.items() if not is_blank(value)]
        reason = self._reason_to_skip(number, own, filled)
        if reason:
            return Skipped(number, reason, shown(own[filled[0]]), self.grid.name)
        used = {*self.head.matched, *self.head.unmatched, self.head.unit}
        if used.intersection(filled):
            return self._record(number)
        # A word where only 序号 stands is a heading between rows; a number there alone is an empty line of the form.
        words = [text for c in filled if (text := shown(own[c])) and not text.isdigit()]
        return Skipped(number, "section", words[0], self.grid.name) if words else None

    # --- what is no record ---

    def _reason_to_skip(self, number: int, own: dict[int, Cell], filled: list[int]) -> str:
        if not filled:
            return ""
        first = re.sub(r"\s", "", shown(own[filled[0]]))
        if _TOTAL.fullmatch(first.rstrip(":：")):
            return "total"
        if _FOOT.fullmatch(first) and not self._has_first_asked(own, beside=filled[0]):
            return "foot"
        same = [c for c in filled if c in self.heads and head_key(shown(own[c])) == self.heads[c]]
        if len(same) > 1 and len(same) >= len(filled) - 1:
            return "head"
        span = self.spans.get((number, filled[0]))
        if len(filled) == 1 and span is not None and span[3] - span[1] + 1 > max(2, self.width // 2):
            return "section"
        return ""

    def _has_first_asked(self, own: dict[int, Cell], *, beside: int) -> bool:
        first = self.kind.first_asked
        return any(
            m.column.field is first and c != beside and not is_blank(own.get(c)) for c,
            m in self.head.matched.items()
        )

    # --- a record ---

    def _record(self, number: int) -> SheetRow:
        row = SheetRow(number, sheet=self.grid.name)
        entries: dict[str, Any] = {}
        typed: dict[str, tuple[int, str]] = {}
        for column, matched in self.head.matched.items():
            value = self._value(number, column, matched, row)
            if is_blank(value):
                continue
            name = matched.column.name
            self._note_cells(row, matched, column)
            typed[name] = (column, shown(value))
            if isinstance(value, Broken):
                self._aside(row, name, column, value.shown, "broken-cell", f"这一格{value.text}")
                continue
            entries[name] = self._entry(matched, value, row)
        self._read_entries(row, entries, typed)
        self._read_unit(row)
        for column, head in self.head.unmatched.items():
            value = self.grid.at(number, column)
            if not is_blank(value):
                row.unread[head or f"{cell_name(number, column)}格"] = shown(value)
        for column, label in self.labels.items():
            span = self.spans.get((number, column))
            row.typed[label] = shown(self.grid.at(span[0], span[1]) if span else self.grid.at(number, column))
        return row

    def _note_cells(self, row: SheetRow, matched: Matched, column: int) -> None:
        """A composite's parts stand where the composite stands, unless they have a column of their own."""
        cell = f"{self.prefix}{cell_name(row.row, column)}"
        name, declared = matched.column.name, matched.column.field
        if name == declared.code:
            for flat in declared.flat:
                row.cells.setdefault(flat, cell)
        row.cells[name if name != declared.code or declared.is_table else declared.flat[0]] = cell

    def _value(self, number: int, column: int, matched: Matched, row: SheetRow) -> Cell:
        """The cell, or that it is merged into; a number merged over several rows counts in the first only."""
        span = self.spans.get((number, column))
        if span is None or (span[0] == span[2] and span[1] == span[3]):
            return self.grid.at(number, column)
        top, left, bottom, _ = span
        if column != left:
            return None
        if top < bottom and isinstance(matched.column.type, Integer | IdNumber | Phone):
            value = self.grid.at(number, column) if number == top else None
            if not is_blank(value):
                text = f"“{matched.column.label}”这一格合并了 {bottom - top + 1} 行，只记在第 {top} 行，请核对"
                row.problems.append(self._problem(matched.column.name, number, column, "merged-number", text))
            return value
        return self.grid.at(top, left)

    def _entry(self, matched: Matched, value: Cell, row: SheetRow) -> str | int | float:
        """What a person would have typed: text in yuan for amounts, dates as ISO, the head's 万 worked in."""
        of = matched.column.type
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, datetime.date) or not isinstance(value, str | int | float):
            return shown(value)
        if isinstance(of, Money):
            return _amount(value, matched.factor, rate=of.rate)
        if isinstance(of, Hundredths):
            return value if isinstance(value, str) else f"{plain_decimal(value)}"
        if isinstance(of, Integer):
            return self._count(value, matched, row)
        if isinstance(of, Day | Period | IdNumber | Phone) or isinstance(value, str):
            return value
        return shown(value)

    def _count(self, value: str | int | float, matched: Matched, row: SheetRow) -> str | int | float:
        read = read_quantity(value, factor=matched.factor, units=matched.column.field.counts).value
        if read is None:
            return value
        if read.noun:  # 40多名妇女: the number is read, the word is kept beside it
            row.unread[matched.column.field.flat[0]] = shown(value)
        return f"{read.number}{'余' if read.about else ''}{read.unit or ''}" if matched.factor != 1 else value

    def _read_entries(self, row: SheetRow, entries: dict[str, Any], typed: dict[str, tuple[int, str]]) -> None:
        entry = read_entry(self.kind, entries, year=self.year, today=self.today)
        row.values = entry.flat
        for problem in entry.problems:
            column, _ = self._place(problem.field, typed)
            row.problems.append(self._problem(problem.field, row.row, column, problem.code, problem.text))
        for name, text in entry.unread.items():
            row.unread[name] = self._place(name, typed)[1] or text
        period = self.period
        if period is not None and not row.values.get(period.flat[0]):
            self._take_year(row, period.flat, typed)

    def _take_year(self, row: SheetRow, flat: tuple[str, ...], typed: dict[str, tuple[int, str]]) -> None:
        """No readable date: the sheet's year at year precision, and the cell is named (DOMAIN §2)."""
        whole = year_period(self.year)
        row.values |= dict(zip(flat, (whole.date_from.isoformat(), whole.date_to.isoformat(), "year"), strict=True))
        said = f"先记作 {self.year} 年"
        unread = [i for i, problem in enumerate(row.problems) if problem.field in flat]
        for i in unread:
            row.problems[i] = replace(row.problems[i], text=f"{row.problems[i].text}；{said}")
        if not unread:
            column = next((c for c, m in self.head.matched.items() if m.column.field.flat == flat), 0)
            text = f"没有填日期，{said}，请补上几月几日"
            row.problems.append(self._problem(flat[0], row.row, column, "date-missing", text))

    def _place(self, name: str, typed: dict[str, tuple[int, str]]) -> tuple[int, str]:
        """The column that a flat name was read from, and what stands there."""
        if name in typed:
            return typed[name]
        part = self.kind.flat.get(name)
        if part is None:
            return 0, ""
        beside = [at for other, at in typed.items() if other == part.field.code]
        return beside[0] if beside else (0, "")

    def _read_unit(self, row: SheetRow) -> None:
        column = self.head.unit
        if column is None:
            return
        span = self.spans.get((row.row, column))
        value = self.grid.at(span[0], column) if span else self.grid.at(row.row, column)
        if is_blank(value):
            return
        typed = shown(value)
        if self.find_unit is None:
            row.unread[self.head.unit_head] = typed
            return
        row.unit = self.find_unit(typed)
        if row.unit is None:
            text = f"没有叫“{typed}”的单位，或不止一个，请核对名称，或先在“单位”里添加"
            self._aside(row, "", column, typed, "unknown-unit", text, shown_as="单位")

    # --- problems ---

    def _problem(self, name: str, number: int, column: int, code: str, text: str) -> CellProblem:
        cell = f"{self.prefix}{cell_name(number, column)}" if column else ""
        flat = name if name in self.kind.flat or not name else self._flat_of(name)
        return CellProblem(flat, cell, code, text)

    def _flat_of(self, name: str) -> str:
        declared = next((f for f in self.kind.fields if f.code == name), None)
        return declared.flat[0] if declared is not None and not declared.is_table else name

    def _aside(
        self, row: SheetRow, name: str, column: int, text: str, code: str, why: str, *, shown_as: str = ""
    ) -> None:
        row.unread[shown_as or self._flat_of(name)] = text
        row.problems.append(self._problem(name, row.row, column, code, why))


def _amount(value: str | int | float, factor: int, *, rate: bool) -> str:
    """An amount as text in yuan; unreadable ones stay as typed."""
    if not isinstance(value, str):
        number = plain_decimal(value)
        value = str(value) if number is None else f"{number:f}"
    if factor == 1:
        return value
    read = read_money(value, factor_fen=100 * factor, rate=rate).value
    return value if read is None else f"{format_yuan(read.fen)}{'余' if read.about else ''}元"


def is_blank(value: Cell) -> bool:
    """Whether a cell holds nothing that is seen."""
    return value is None or (isinstance(value, str) and not value.strip())


def shown(value: Cell) -> str:
    """A cell as people see it, near enough to be kept beside a record."""
    if isinstance(value, Broken):
        return value.shown
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value).strip()
