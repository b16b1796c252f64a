"""A list of any length: a model that knows the numbers of its rows and reads only those that are seen, and its view.

Rules:

* A row's number takes 8 bytes; its contents are asked for by pages of :data:`PAGE`, those that overlap what is shown,
  and at most :data:`KEPT` rows are held. What has not come yet is an empty line; nothing waits for it.
* Whoever asks again before an answer has come takes the earlier question back.
* After the list is read anew the old contents stand until the new ones come, so nothing flickers.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fulian_desktop.ui.cell_editing import fits_a_line
from fulian_desktop.ui.cells import cell_text
from fulian_desktop.ui.columns import TICK, Column, Look

if TYPE_CHECKING:
    from fulian_desktop.services.browsing import Listed

PAGE, KEPT = 100, 2_000

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class Asked(Protocol):
    """A question under way that can be taken back."""

    def cancel(self) -> None:
        """Take it back."""


Fetch = Callable[[Sequence[int], "Callable[[Iterable[Listed]], None]"], Asked]
"""Asks for the rows of these numbers; the answer goes to the function, later, on the main thread."""


class ListModel(QAbstractTableModel):
    """Rows by their numbers.

    Args:
        fetch: Asks for rows.
        parent: Whose it is.
    """

    def __init__(self, fetch: Fetch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self.columns: tuple[Column, ...] = (TICK,)
        self.units: Mapping[str, str] = {}
        self.year = 0
        self.revealed: set[str] = set()
        self.typed = ""
        self._numbers = array("q")
        self._rows: dict[int, Listed] = {}
        self._before: dict[int, Listed] = {}
        self._asked: dict[int, tuple[int, Asked]] = {}
        self._turn = 0

    # --- what it holds ---

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self.endResetModel()

    def begin(self, numbers: Iterable[int], rows: Iterable[Listed] = ()) -> None:
        """Show another list: its first numbers, and rows that are known already."""
        self.beginResetModel()
        self._take_back(self._asked.copy())
        self._numbers = array("q", numbers)
        self._before = {**self._before, **self._rows} if self._numbers else {}
        self._rows = {row.no: row for row in rows}
        self.endResetModel()

    def add(self, numbers: Sequence[int]) -> None:
        """The list goes on with these numbers."""
        if numbers:
            first = len(self._numbers)
            self.beginInsertRows(QModelIndex(), first, first + len(numbers) - 1)
            self._numbers.extend(numbers)
            self.endInsertRows()

    def want(self, first: int, last: int) -> None:
        """These rows are shown: ask for the pages among them that are not known, and for no others."""
        pages = range(first // PAGE, last // PAGE + 1) if first <= last else range(0)
        self._take_back({page: asked for page, asked in self._asked.items() if page not in pages})
        for page in pages:
            numbers = self._numbers[page * PAGE : (page + 1) * PAGE].tolist()
            if page not in self._asked and any(no not in self._rows for no in numbers):
                self._turn += 1
                self._asked[page] = (self._turn, self._fetch(numbers, self._answer_for(page, self._turn)))

    def _answer_for(self, page: int, turn: int) -> Callable[[Iterable[Listed]], None]:
        def answer(rows: Iterable[Listed]) -> None:
            if self._asked.get(page, (0, None))[0] != turn:
                return  # taken back meanwhile
            del self._asked[page]
            for row in rows:
                self._rows.pop(row.no, None)
                self._rows[row.no] = row
            for no in list(islice(self._rows, max(0, len(self._rows) - KEPT))):
                del self._rows[no]
            if not self._asked:
                self._before = {}
            last = min((page + 1) * PAGE, len(self._numbers)) - 1
            self.dataChanged.emit(self.index(page * PAGE, 0), self.index(last, len(self.columns) - 1))

        return answer

    def _take_back(self, asked: Mapping[int, tuple[int, Asked]]) -> None:
        for page, (_turn, question) in asked.items():
            question.cancel()
            self._asked.pop(page, None)

    def number_at(self, row: int) -> int | None:
        """The number of a row of the list, None beyond it."""
        return self._numbers[row] if 0 <= row < len(self._numbers) else None

    def numbers(self, first: int, last: int) -> list[int]:
        """The numbers of these rows, both included."""
        return self._numbers[first : last + 1].tolist()

    def place_of(self, number: int, among: int = 20_000) -> int | None:
        """Where a number stands among the first so many rows, or None."""
        try:
            return self._numbers.index(number, 0, among)
        except ValueError:
            return None

    def row_at(self, row: int) -> Listed | None:
        """The contents of a row, None while they are not known."""
        number = self.number_at(row)
        return None if number is None else self._rows.get(number) or self._before.get(number)

    # --- what Qt asks ---

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """How many rows are known to be there."""
        return 0 if parent.isValid() else len(self._numbers)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        """How many columns are shown."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """A column's head."""
        across = orientation == Qt.Orientation.Horizontal and section < len(self.columns)
        return self.columns[section].label if across and role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """A cell's text; for screen readers with what stands for nothing, and what is only painted."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = self.row_at(index.row())
        if row is None:
            return ""
        column = self.columns[index.column()]
        text = self.text(column, row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.label} {text or '没有'}" if column.label else ""
        if role == Qt.ItemDataRole.ToolTipRole:
            return None  # the delegate shows what was cut, as plain text
        return text

    def text(self, column: Column, row: Listed) -> str:
        """What a column shows of a record."""
        if column.look is Look.TICK:
            return ""
        text = cell_text(column, row, self.units, self.year, reveal=row.id in self.revealed)
        return " ".join(text[:400].split("\n"))

    def is_masked(self, column: Column, row: Listed) -> bool:
        """Whether a cell holds a sensitive value that is not shown."""
        declared = column.field
        return declared is not None and bool(declared.sensitive) and row.id not in self.revealed \
            and any(row.flat.get(name) for name in declared.flat)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows can be chosen; a cell that can be typed into may be edited (F2, Tab): never one that is masked."""
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        column, row = self.columns[index.column()], self.row_at(index.row())
        if row is None or "deleted" in row.marks or not fits_a_line(column.cell) or self.is_masked(column, row):
            return usual
        return usual | Qt.ItemFlag.ItemIsEditable
