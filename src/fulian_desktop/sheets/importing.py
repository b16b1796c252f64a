"""From a workbook, or cells pasted from one, to records that are previewed and then saved (DESIGN §9, §11; FAULTS 70).

Rules:

* Every visible sheet with a head for the kind is read; hidden ones and those without a head are named.
* Nothing is saved here and nothing is guessed: what cannot be read is beside the record (``sheets.rows``).
* The year of dates without one is the caller's, else that of the title, of the sheet's or the file's name, else
  today's; it is said.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fulian_desktop.domain.dates import FIRST_YEAR, LAST_YEAR
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.texts import search_key
from fulian_desktop.errors import Refused
from fulian_desktop.progress import Progress
from fulian_desktop.sheets.columns import HELP_SHEET, LISTS_SHEET
from fulian_desktop.sheets.matching import UNIT_COLUMN, Head, choose_columns, find_head, head_key, labels_of, name_at
from fulian_desktop.sheets.preflight import column_letters
from fulian_desktop.sheets.reader import Grid, pasted_grid, read_workbook
from fulian_desktop.sheets.rows import CellProblem, SheetRow, Skipped, TableReader

__all__ = [
    "UNIT_COLUMN", "CellProblem", "ReadHead", "SheetResult", "SheetRow", "Skipped", "read_pasted", "read_sheet",
    "unread_as_remarks",
]

MAX_ROWS = 100_000
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")
_SUFFIX = re.compile(r"(?:妇女联合会|妇联|村民委员会|居民委员会|村委会|居委会|党总支|党支部)$")


@dataclass(frozen=True)
class ReadHead:
    """A column of a sheet and what it was taken for.

    Attributes:
        sheet: The sheet's name, empty for pasted cells.
        letters: The column, like ``B``.
        label: Its head, told apart from the others.
        name: Name of the kind's column, :data:`UNIT_COLUMN`, or "" for none.
    """

    sheet: str
    letters: str
    label: str
    name: str


@dataclass
class SheetResult:
    """What a workbook holds for one kind.

    Attributes:
        rows: The records, in order.
        skipped: Rows that are none.
        unmatched: Heads of columns that no field has; their cells are in ``unread``.
        matched: Head as written → 中文 label of the field it was taken for.
        heads: Every column with a head and what it was taken for, table by table.
        notes: 中文 sentences about the whole: hidden sheets, the year taken.
        year: The year of dates without one.
        year_note: That one of the notes that says where the year is from.
    """

    rows: list[SheetRow] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    matched: dict[str, str] = field(default_factory=dict)
    heads: list[ReadHead] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    year: int = 0
    year_note: str = ""


def read_sheet(
    path: Path, kind: Kind, *, year: int | None, units: Mapping[str, str], today: datetime.date,
    progress: Progress | None = None, columns: Mapping[str, str] | None = None, keep_typed: bool = False,
) -> SheetResult:
    """Read the records of a kind from an .xlsx.

    Args:
        path: The workbook; every visible sheet with a fitting head is read.
        kind: What its rows are.
        year: The year of dates without one; None takes it from title, sheet name or file name, else today's.
        units: Name → code of the units that a 村 or 单位 column may name; empty when all rows are this office's.
        today: The day of the import.
        progress: Counts rows.
        columns: What a person says that columns are (``matching.choose_columns``).
        keep_typed: Keep each cell's text as it stands in the sheet (:attr:`SheetRow.typed`).

    Returns:
        The records with their problems; nothing is saved.

    Raises:
        Refused: The file is no .xlsx or beyond the bounds (FAULTS 69), or no sheet has a head for this kind
            (``no-head``), or there are too many rows (``too-large``).
        MachineProblem: The file cannot be read.
    """
    grids = read_workbook(path, progress)
    choice = _Choice(columns or {}, keep_typed)
    return _read(grids, kind, year, units, today, path.stem, progress or Progress(), choice)


def read_pasted(
    text: str, kind: Kind, *, year: int | None, units: Mapping[str, str], today: datetime.date,
    progress: Progress | None = None, columns: Mapping[str, str] | None = None, keep_typed: bool = False,
) -> SheetResult:
    """Read records from cells copied in WPS or Excel, head included; otherwise as :func:`read_sheet`."""
    choice = _Choice(columns or {}, keep_typed)
    return _read([pasted_grid(text)], kind, year, units, today, "", progress or Progress(), choice)


@dataclass(frozen=True)
class _Choice:
    """How the reading differs from what would be done unasked."""

    columns: Mapping[str, str]
    keep_typed: bool


def unread_as_remarks(kind: Kind, row: SheetRow) -> str:
    """What the record does not hold, as lines for 备注: ``日期：春节后``."""
    lines = []
    for name, text in row.unread.items():
        part = kind.flat.get(name)
        table = next((t for t in kind.tables if t.code == name), None)
        label = part.field.label if part else table.label if table else name
        lines.append(f"{label}：{text}")
    return "\n".join(lines)


def _read(
    grids: list[Grid], kind: Kind, year: int | None, units: Mapping[str, str], today: datetime.date,
    stem: str, progress: Progress, choice: _Choice,
) -> SheetResult:
    result = SheetResult()
    tables = _tables(grids, kind, result, choice.columns)
    if not tables:
        wanted = "、".join(f"“{f.label}”" for f in kind.fields if f.asked)
        raise Refused(
            f"没有找到“{kind.label}”的表头。请检查表里有没有写着{wanted}等的一行，或用程序里的模板填写。",
            "no-head")
    result.year = _sheet_year(year, tables, stem, today, result)
    total = sum(len(grid.rows) - head.last for grid, head in tables)
    if total > MAX_ROWS:
        raise Refused(f"表里有 {total} 行，一次最多导入 {MAX_ROWS} 行，请分成几个文件。", "too-large")
    find_unit = _Units(units).find if units else None
    done = 0
    for grid, head in tables:
        reader = TableReader(
            grid, head, kind, year=result.year, today=today, find_unit=find_unit,
            prefix=f"{grid.name}!" if len(tables) > 1 else "", keep_typed=choice.keep_typed,
        )
        for number in range(head.last + 1, len(grid.rows) + 1):
            done += 1
            progress.step(done, total, "读取表格")
            read = reader.read(number)
            if isinstance(read, SheetRow):
                result.rows.append(read)
            elif read is not None:
                result.skipped.append(read)
    return result


def _tables(grids: list[Grid], kind: Kind, result: SheetResult, columns: Mapping[str, str]) -> list[tuple[Grid, Head]]:
    tables = []
    for grid in grids:
        if grid.hidden:
            if grid.name != LISTS_SHEET and grid.rows:
                result.notes.append(f"隐藏的工作表“{grid.name}”没有导入；要导入请先取消隐藏。")
            continue
        if grid.name == HELP_SHEET:  # of a template: its examples read like rows of some kinds
            continue
        head = find_head(grid, kind)
        if head is not None:
            if columns:
                choose_columns(head, kind, columns)
            tables.append((grid, head))
        elif grid.rows:
            result.notes.append(f"工作表“{grid.name}”里没有找到表头，没有导入。")
    for grid, head in tables:
        result.heads += [
            ReadHead(grid.name, column_letters(number), label, name_at(head, number)) for number, label in labels_of(head).items()
        ]
        result.matched.update({m.head: m.column.label for m in head.matched.values()})
        result.unmatched += [h for h in head.unmatched.values() if h and h not in result.unmatched]
    return tables


def _sheet_year(
    year: int | None, tables: list[tuple[Grid, Head]], stem: str, today: datetime.date, result: SheetResult
) -> int:
    if year is not None:
        return year
    texts = [*(t for _, head in tables for t in head.titles), *(grid.name for grid, _ in tables), stem]
    for text in texts:
        found = _YEAR.search(search_key(text))
        if found and FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
            result.year_note = f"没有写年份的日期按“{text.strip()}”算作 {found[1]} 年。"
            result.notes.append(result.year_note)
            return int(found[1])
    result.year_note = f"表里没有写年份，没有写年份的日期算作今年（{today.year} 年）；不对请在导入时选年份。"
    result.notes.append(result.year_note)
    return today.year


class _Units:
    """Finds a unit by the name that people write: with or without 妇联, 村委会, or the township before it."""

    def __init__(self, units: Mapping[str, str]) -> None:
        self.codes = set(units.values())
        self.by_name: dict[str, str] = {}
        self.by_stem: dict[str, set[str]] = {}
        for name, code in units.items():
            self.by_name[self._key(name)] = code
            self.by_stem.setdefault(_stem(self._key(name)), set()).add(code)

    @staticmethod
    def _key(name: str) -> str:
        return _SUFFIX.sub("", head_key(name))

    def find(self, typed: str) -> str | None:
        """The code, or None when no unit or several fit."""
        key = self._key(typed)
        if key in self.codes or key in self.by_name:
            return self.by_name.get(key, key)
        found = self.by_stem.get(_stem(key), set())
        if not found:
            found = {code for name, code in self.by_name.items() if len(name) > 1 and key.endswith(name)}
        return next(iter(found)) if len(found) == 1 else None


def _stem(key: str) -> str:
    shorter = re.sub(r"(?:村|社区|行政村)$", "", key)
    return shorter if len(shorter) > 1 else key
