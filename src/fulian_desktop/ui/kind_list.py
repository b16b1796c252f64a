"""The list of one kind: search and chips, the table in its card, what it comes to, and the details beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from fulian_desktop.domain.kind import Kind
from fulian_desktop.services.browsing import Choices, Listed, choices, pictures, sortable, summed_names, year_name
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.cards import SHOWN_AFTER_MS, EmptyState
from fulian_desktop.ui.cells import sum_text
from fulian_desktop.ui.columns import TICK, Column, Look, columns_of, fitting
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.details import PHOTOS, DetailsPane
from fulian_desktop.ui.filters import FLAG_WORDS, FilterBar, Narrowed
from fulian_desktop.ui.list_memory import ListMemory
from fulian_desktop.ui.list_reader import FIRST, STEP, ListReader
from fulian_desktop.ui.page import KeyCap
from fulian_desktop.ui.table import PAGE
from fulian_desktop.ui.table_view import ListView
from fulian_desktop.ui.theme import set_role
from fulian_desktop.ui.widgets import plain_label

if TYPE_CHECKING:
    from fulian_desktop.progress import Progress
    from fulian_desktop.services.office import Office

DETAILS_MS = 60
"""The pane follows when the current row has stood still for so long."""

LEAST_BESIDE = 860
"""Effective width (pixels ÷ scale) under which the details are folded away."""

MOST_KEPT = 500
"""So many chosen rows are found again after the list was read anew."""


class KindList(QWidget):
    """The list of one kind."""

    counted = Signal()
    """The number of records that are listed has changed."""

    new_asked = Signal()

    def __init__(self, desk: Desk, kind: Kind) -> None:
        super().__init__()
        self.desk, self.kind, self.theme = desk, kind, desk.theme
        self.liked = ListMemory(desk.memory, kind)
        self.sort, self.descending = self.liked.sort
        self.choices: Choices | None = None
        self.stale = True
        self._pane_wanted = desk.memory.get("list/details", True)
        self._keep: tuple[int | None, int, int, list[int]] | None = None
        self.reader = ListReader(desk, kind.code, summed_names(kind), self)
        self.model = self.reader.model
        self.view = ListView(self.theme, self.model)
        self.filters = FilterBar(self.theme, kind)
        self.details = DetailsPane(self.theme, kind)
        self.columns: tuple[Column, ...] = columns_of(kind, units=False)
        self._follow = QTimer(self)
        self._follow.setSingleShot(True)
        self._follow.setInterval(DETAILS_MS)
        self._follow.timeout.connect(self.show_details)
        self._fit = QTimer(self)
        self._fit.setSingleShot(True)
        self._fit.setInterval(0)
        self._fit.timeout.connect(self.fit)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(SHOWN_AFTER_MS)
        self._wait.timeout.connect(lambda: self.count.setText("正在查找"))
        self._build()
        self._connect()

    def _build(self) -> None:
        px = self.theme.px
        beside = QHBoxLayout()
        beside.setSpacing(px(14))
        beside.addWidget(self._card(), 1)
        beside.addWidget(self.details)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(t.CARD_GAP))
        layout.addWidget(self.filters)
        layout.addLayout(beside, 1)

    def _card(self) -> QFrame:
        theme, px = self.theme, self.theme.px
        card = QFrame()
        set_role(card, "card")
        self.bodies = QStackedWidget()
        self._begin = KeyButton(theme, self.kind.verb, "Ctrl+N", icon="plus")
        self._begin.clicked.connect(self.new_asked)
        clear = KeyButton(theme, "清除筛选")
        clear.clicked.connect(self.filters.clear_all)
        self._nothing = EmptyState(theme, self.kind.icon, f"还没有{self.kind.label}记录。", self._begin)
        self._no_hit = EmptyState(theme, "search", "没有符合条件的记录。", clear)
        self.reading = QWidget()
        self.reading.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.reading.setAccessibleName("正在读取")
        for body in (self.view, self._nothing, self._no_hit, self.reading):
            self.bodies.addWidget(body)
        self.bodies.setCurrentIndex(3)
        self.count = plain_label()
        self.count.setFont(theme.font(t.DENSE, bold=True))
        self.sums = plain_label(role="label")
        self.sums.setFont(theme.font(t.DENSE))
        self.sums.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.chosen = plain_label(role="accent")
        self.chosen.setFont(theme.font(t.DENSE, bold=True))
        self.chosen.hide()
        foot = QWidget()
        foot.setFixedHeight(px(42))
        line = QHBoxLayout(foot)
        line.setContentsMargins(px(14), 0, px(14), 0)
        line.setSpacing(px(14))
        line.addWidget(self.count)
        line.addWidget(self.chosen)
        line.addWidget(self.sums, 1)
        line.addWidget(self._make_hints())
        rule = QFrame()
        set_role(rule, "line")
        layout = QVBoxLayout(card)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.bodies, 1)
        layout.addWidget(rule)
        layout.addWidget(foot)
        return card

    def _make_hints(self) -> QWidget:
        """What the keys do with rows; not seen where there are none."""
        self.hints = QWidget()
        line = QHBoxLayout(self.hints)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(self.theme.px(14))
        for key, does in (("↑↓", "选行"), ("回车", "打开"), ("空格", "勾选")):
            line.addWidget(KeyCap(self.theme, key))
            words = plain_label(does, role="hint")
            words.setFont(self.theme.font(t.HINT))
            line.addWidget(words)
        self.hints.hide()
        self.bodies.currentChanged.connect(lambda at: self.hints.setVisible(at == 0))
        return self.hints

    def _connect(self) -> None:
        self.filters.changed.connect(self.read)
        self.filters.search.down.connect(self._to_table)
        self.reader.begun.connect(self._begun)
        self.reader.counted.connect(self._show_counts)
        self.model.dataChanged.connect(lambda *_: self._follow.start())
        self.view.moved.connect(self._moved)
        self.view.resized.connect(self._fit.start)
        self.view.can_sort = self.can_sort
        self.view.sort_asked.connect(self._sort)
        self.view.typed_on.connect(self._type_on)
        self.details.closed.connect(lambda: self.show_pane(False))

    # --- reading -------------------------------------------------------------------------------------------

    def open(self, narrowed: Narrowed | None, search: str) -> None:
        """Show the list, narrowed anew (None: as it was left)."""
        if narrowed is not None:
            self.filters.narrow(narrowed, search)
        if self.stale or narrowed is not None:
            self.refresh(first=self.choices is None and narrowed is None)

    def refresh(self, *, first: bool = False) -> None:
        """Read again what can be chosen from, and the list, keeping its place."""
        self.stale = False
        code = self.kind.code

        def done(found: Choices) -> None:
            self._take_choices(found)
            if first and self.kind.periods and self.desk.today().year in found.years and self.filters.narrowed.is_plain:
                self.filters.narrow(replace(self.filters.narrowed, year=self.desk.today().year), self.filters.search.text())
            self.read(keep=not first)

        def work(office: Office, _progress: Progress) -> Choices:
            return choices(office, code)

        self.desk.ask(self, work, done)

    def _take_choices(self, found: Choices) -> None:
        self.choices = found
        self.model.units = found.units
        self.filters.show_choices(found)
        self.details.can_transfer = self.kind.transferable and len(found.units) > 1
        self.columns = columns_of(self.kind, units=len(found.units) > 1)
        self.fit()

    def read(self, *, keep: bool = False) -> None:
        """Read the list as it is narrowed and sorted now."""
        search = self.filters.search.text().strip()
        query = self.filters.narrowed.applied_to(
            replace(self.reader.query, search=search, sort=self.sort, descending=self.descending)
        )
        at_least = FIRST
        self._keep = None
        if keep and self.model.rowCount():
            top, last = self.view.visible_rows()
            self._keep = (self.current_number(), self.view.currentIndex().row(), top, self.chosen_numbers(MOST_KEPT))
            at_least = min(max(FIRST, last + PAGE), STEP)
        self.model.year = query.year or self.desk.today().year
        self._wait.start()
        self.reader.ask(query, at_least=at_least)

    def _begun(self) -> None:
        count = self.model.rowCount()
        now = self.window().focusWidget()
        inside = now is None or self.bodies.isAncestorOf(now)
        self.bodies.setCurrentIndex(0 if count else 2 if self.filters.is_narrowed else 1)
        keep, self._keep = self._keep, None
        if count:
            self._find_place(keep)
        self._place_pane()
        if inside and self.isVisible():
            self.where_to_begin().setFocus(Qt.FocusReason.OtherFocusReason)
        self.view.sorted_by = (self.reader.query.sort, self.reader.query.descending)
        self.view.horizontalHeader().viewport().update()
        self.show_details()

    def where_to_begin(self) -> QWidget:
        """Where the focus goes: the table, what begins the first record, or the search box."""
        return (self.view, self._begin, self.filters.search, self.reading)[self.bodies.currentIndex()]

    def _find_place(self, keep: tuple[int | None, int, int, list[int]] | None) -> None:
        if keep is None:
            self.view.go_to(0)
            self.view.scrollToTop()
            return
        number, row, top, chosen = keep
        found = self.model.place_of(number) if number is not None else None
        place = min(max(row, 0), self.model.rowCount() - 1) if found is None else found
        ticking = self.view.ticking
        self.view.go_to(place)
        self.view.verticalScrollBar().setValue(max(0, place - (row - top)))
        places = (self.model.place_of(one) for one in chosen)
        self.view.choose([one for one in places if one is not None], ticking=ticking)

    def _show_counts(self) -> None:
        count, word = self.reader.count, self.kind.measure_word
        self._wait.stop()
        self.count.setText(f"共 {count:,} {word}" if self.reader.ended else f"共 {count:,} {word}以上，正在数")
        shown = {c.name for c in self.model.columns}
        total = self.reader.total
        self.sums.setText("    ".join(
            sum_text(self.kind, name, value, about=name in total.about) for name, value in total.sums.items()
            if name in shown and value
        ))
        self.sums.setToolTip("")
        if not self.filters.narrowed.flag:
            self.filters.show_counts(total.flagged)
        self.counted.emit()

    # --- columns, sorting, room ------------------------------------------------------------------------------

    def chosen_columns(self) -> tuple[Column, ...]:
        """The columns that were chosen for this kind, or those it begins with."""
        names = self.liked.columns or {c.name for c in self.columns if c.usual}
        return tuple(c for c in self.columns if c.name in names or c.title or c.look in (Look.TICK, Look.MARKS))

    def choose_columns(self, names: Iterable[str]) -> None:
        """Show these columns from now on."""
        self.liked.keep_columns(c.name for c in self.columns if c.name in set(names))
        self.fit()

    def fit(self) -> None:
        """Show those of the columns for which there is room; all, when they were chosen."""
        columns = self.chosen_columns()
        if not self.liked.columns:
            columns = fitting(columns, int(self.view.viewport().width() / self.theme.scale))
        if columns == self.model.columns:
            return
        row, top = self.view.currentIndex().row(), self.view.verticalScrollBar().value()
        self.model.show_columns(columns or (TICK,))
        self.view.share_room()
        self._show_counts()
        if row >= 0:
            self.view.go_to(row)
            self.view.verticalScrollBar().setValue(top)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the details and the hint away where there is no room for them."""
        super().resizeEvent(event)
        self.filters.hint.setVisible(bool(self.filters.hint.text()) and self.width() / self.theme.scale >= LEAST_BESIDE)
        self._place_pane()

    def show_pane(self, wanted: bool) -> None:
        """Open or close the details, and remember it."""
        self._pane_wanted = wanted
        self.desk.memory.set("list/details", wanted)
        self._place_pane()

    def toggle_pane(self) -> None:
        """Open the details, or close them."""
        self.show_pane(not self._pane_wanted)

    def _place_pane(self) -> None:
        has_room = self.width() / self.theme.scale >= LEAST_BESIDE
        self.details.setVisible(self._pane_wanted and has_room and self.bodies.currentIndex() == 0)
        self._follow.start()

    def can_sort(self, column: Column) -> bool:
        """Whether the list can be sorted by a column."""
        count = self.reader.count if self.reader.ended else max(self.reader.count, STEP + 1)
        return column.look not in (Look.TICK, Look.MARKS, Look.STAGE) and sortable(self.kind, column.name, count)

    def _sort(self, place: int, descending: bool | None) -> None:
        if not 0 <= place < len(self.model.columns):
            return
        column = self.model.columns[place]
        if not self.can_sort(column):
            if column.field is not None:
                self.desk.say(f"记录很多，不能按“{column.label}”排序。先筛选到 2 万条以内，或按有箭头的列排。", "info")
            return
        if descending is None:
            again = column.name == self.sort
            descending = not self.descending if again else column.look in (Look.DATE, Look.NUMBER)
        self.sort, self.descending = column.name, descending
        self.liked.keep_sort(column.name, descending=descending)
        self.read()

    # --- choosing --------------------------------------------------------------------------------------------

    def current_row(self) -> Listed | None:
        """The current record, None while it is not known."""
        return self.model.row_at(self.view.currentIndex().row())

    def go_to_number(self, number: int) -> None:
        """Make a record the current one, where it is listed."""
        place = self.model.place_of(number)
        if place is not None and place != self.view.currentIndex().row():
            self.view.go_to(place)

    def current_number(self) -> int | None:
        """The number of the current record."""
        return self.model.number_at(self.view.currentIndex().row())

    def chosen_numbers(self, most: int) -> list[int]:
        """The numbers of the chosen records, from the top, at most so many and one; the current one when none is chosen."""
        found: list[int] = []
        for first, last in self.view.chosen_ranges():
            found += self.model.numbers(first, min(last, first + most - len(found)))
            if len(found) > most:
                break
        current = self.current_number()
        return found or ([current] if current is not None else [])

    def _moved(self) -> None:
        count = self.view.chosen_count()
        many = self.view.ticking or count > 1
        self.chosen.setText(f"已选 {count:,} {self.kind.measure_word}" if many and count else "")
        self.chosen.setVisible(many and count > 0)
        self._follow.start()

    def show_details(self) -> None:
        """Show the current record beside the table."""
        if self.details.isHidden():
            return
        row = self.current_row() if self.model.rowCount() else None
        revealed = row is not None and row.id in self.model.revealed
        if row is not None and row == self.details.row and revealed == self.details.revealed:
            return
        self.details.show_row(row, self.model.units, self.model.year, revealed=revealed)
        if row is not None and row.flat.get("photos"):
            self._ask_pictures(row)

    def _ask_pictures(self, row: Listed) -> None:
        hashes = [str(one["hash"]) for one in sorted(row.flat["photos"], key=lambda one: one.get("order", 0)) if one.get("hash")]

        def work(office: Office, _progress: Progress) -> Sequence[bytes]:
            return pictures(office, hashes[:PHOTOS])

        def done(found: Sequence[bytes]) -> None:
            if self.details.row is not None and self.details.row.id == row.id:
                self.details.show_photos(list(found))

        self.desk.ask(self.details, work, done)

    def _to_table(self) -> None:
        if self.bodies.currentIndex() == 0:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _type_on(self, letter: str) -> None:
        box = self.filters.search
        if box.isEnabled() and letter.strip():
            box.setFocus(Qt.FocusReason.OtherFocusReason)
            box.setText(box.text() + letter)

    def subtitle(self) -> str:
        """What stands beside the title: the year and how many."""
        count = f"{self.reader.count:,} {self.kind.measure_word}"
        year = self.filters.narrowed.year
        return f"{year}年・{count}" if year is not None else count


NARROWING = ("search", "year", "unit", "equal", "flag", *FLAG_WORDS, "stage", "deleted", "behind")
"""What :meth:`Desk.go` may say of a list besides ``nav`` and ``kind``."""


def narrowed_by(kind: Kind, about: Mapping[str, Any]) -> Narrowed | None:
    """What a page that leads here wants to see; None when it says nothing of it."""
    if not any(about.get(name) for name in NARROWING):
        return None
    flag = next((flag for flag in FLAG_WORDS if about.get(flag)), "") or str(about.get("flag") or "")
    equal = tuple((str(name), str(code)) for name, code in dict(about.get("equal") or {}).items() if name in kind.flat)
    year = about.get("year")
    unit = about.get("unit")
    return Narrowed(
        year=year if isinstance(year, int) and year_name(kind) else None, unit=str(unit) if unit else None, equal=equal,
        flag=flag, stage=str(about.get("stage") or "") if kind.stages else "", deleted=bool(about.get("deleted")),
        behind=about.get("behind"),
    )
