"""The line above a list: search box, chips derived from the kind, and what narrows the list at the moment.

Rules:

* Chips follow from the declaration: the year of its day, the unit, each code list that is a column, then 待补全, 有冲突,
  缺照片, 已删除.
* A chip opens a list to choose from: one types a few letters (pinyin initials too), ↑↓ and 回车.
* Typing waits a moment before it asks, and never longer: the page asks, this only says that it should.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QSizePolicy, QWidget

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import Code
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.stages import STAGE_LABELS, Stage
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import Chip, IconButton, KeyButton
from fulian_desktop.ui.cells import reads_initials, search_hint
from fulian_desktop.ui.choice_list import ChoiceList
from fulian_desktop.ui.flow import FlowLayout
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.widgets import IconLabel, plain_label

if TYPE_CHECKING:
    from fulian_desktop.services.browsing import Choices, Query
    from fulian_desktop.services.indicators import Behind

TYPING_MS = 150
FLAG_WORDS = {"incomplete": "待补全", "conflict": "有冲突", "no-photos": "缺照片"}
"""The chips of what a list can be narrowed to that has something the matter with it."""


def code_filters(kind: Kind) -> list[tuple[str, str, CodeList]]:
    """(flat name, label, codes) of the code lists that are columns of a kind and not sensitive."""
    return [
        (f.code, f.label, f.type.codes) for f in kind.fields
        if f.column and isinstance(f.type, Code) and not f.sensitive and len(f.type.codes.offered) > 1
    ]


class SearchBox(QLineEdit):
    """Glass, typed text, ×; asks a moment after the last key."""

    asked = Signal(str)
    down = Signal()
    """↓ or Enter: to the table."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        px = theme.px
        self.setAccessibleName("查找")
        self.setFixedHeight(px(t.CONTROL))
        self.setTextMargins(px(26), 0, px(26), 0)
        self._glass = IconLabel(theme, "search", "text2", t.ICON_BUTTON)
        self._glass.setParent(self)
        self.empty = IconButton(theme, "close", "清空")
        self.empty.setParent(self)
        self.empty.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.empty.hide()
        self.empty.clicked.connect(self.clear)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(TYPING_MS)
        self._wait.timeout.connect(lambda: self.asked.emit(self.text()))
        self.textChanged.connect(self._typed)

    def _typed(self, text: str) -> None:
        self.empty.setVisible(bool(text))
        self._wait.start()

    def event(self, event: QEvent) -> bool:
        """Where no typing is to be taken back, Ctrl+Z is the page's."""
        undoes = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) \
            and event.matches(QKeySequence.StandardKey.Undo)
        if undoes and not self.isUndoAvailable():
            event.ignore()
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The glass stands left, the × right."""
        super().resizeEvent(event)
        px = self._theme.px
        self._glass.move(px(10), (self.height() - self._glass.height()) // 2)
        edge = px(28)
        self.empty.setGeometry(self.width() - edge - px(4), (self.height() - edge) // 2, edge, edge)

    def show_text(self, text: str) -> None:
        """Show another search without asking for it."""
        self.setText(text)
        self._wait.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↓ and Enter go to the table, Esc empties."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._wait.isActive():
                self._wait.stop()
                self.asked.emit(self.text())
            self.down.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


@dataclass(frozen=True)
class Narrowed:
    """What a list is narrowed to, apart from the search: year, unit, codes, flag, stage, deleted, the figure that led here."""

    year: int | None = None
    unit: str | None = None
    equal: tuple[tuple[str, str], ...] = ()
    flag: str = ""
    stage: str = ""
    deleted: bool = False
    behind: Behind | None = None

    def with_code(self, name: str, code: str | None) -> Narrowed:
        """The same with another code of a field, or none."""
        rest = tuple(pair for pair in self.equal if pair[0] != name)
        return replace(self, equal=rest if code is None else (*rest, (name, code)))

    @property
    def is_plain(self) -> bool:
        """Whether nothing is narrowed."""
        return self == Narrowed()

    def applied_to(self, query: Query) -> Query:
        """A query with this."""
        return replace(
            query, year=self.year, unit=self.unit, equal=self.equal, flag=self.flag, stage=self.stage, deleted=self.deleted,
            behind=self.behind,
        )


class FilterBar(QWidget):
    """Search box and chips of one kind. ``changed`` says that the list is to be read anew."""

    changed = Signal()

    def __init__(self, theme: Theme, kind: Kind) -> None:
        super().__init__()
        self._theme, self._kind = theme, kind
        self.narrowed = Narrowed()
        self._units: dict[str, str] = {}
        self._years: tuple[int, ...] = ()
        self._counts = dict.fromkeys(FLAG_WORDS, 0)
        self.search = SearchBox(theme)
        self.search.setPlaceholderText(search_hint(kind))
        self.search.setFixedWidth(theme.px(275))
        self.search.setEnabled(any(f.search for f in kind.fields))
        self.search.asked.connect(lambda _text: self.changed.emit())
        self.year = self._choice_chip("全部年份", self._open_years)
        self.unit = self._choice_chip("全部单位", self._open_units)
        self.codes = {
            name: self._choice_chip(f"全部{label}", lambda _on=False, n=name, c=codes, w=label: self._open_codes(n, c, w))
            for name, label, codes in code_filters(kind)
        }
        self.stage = self._choice_chip("全部阶段", self._open_stages)
        if not kind.stages:
            self.stage.hide()  # never shown by hand: before it stands in its row it would be a window for a moment
        self.flags = {flag: self._flag_chip(word, flag) for flag, word in FLAG_WORDS.items()}
        self.deleted = Chip(theme, "已删除")
        self.deleted.clicked.connect(lambda on: self._set(replace(self.narrowed, deleted=on, flag="")))
        self.behind = Chip(theme, "统计数")
        self.behind.clicked.connect(lambda: self._set(replace(self.narrowed, behind=None)))
        self.clear = KeyButton(theme, "清除", style="ghost")
        self.clear.setFixedHeight(theme.px(t.CHIP))
        self.clear.clicked.connect(self.clear_all)
        self.hint: QLabel = plain_label("可打拼音首字母，如 wgy" if reads_initials(kind) else "", role="hint")
        self.hint.setFont(theme.font(t.HINT))
        flow = FlowLayout(theme.px(8))
        flags = (*self.flags.values(), self.deleted, self.behind)
        chips = (self.year, self.unit, *self.codes.values(), self.stage, *flags, self.clear)
        for widget in (self.search, *chips, self.hint):
            flow.addWidget(widget)
        self.setLayout(flow)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._show()

    def _choice_chip(self, word: str, run: Callable[..., None]) -> Chip:
        chip = Chip(self._theme, word, menu=True)
        chip.clicked.connect(run)
        return chip

    def _flag_chip(self, word: str, flag: str) -> Chip:
        chip = Chip(self._theme, word, count=0)
        chip.clicked.connect(lambda on: self._set(replace(self.narrowed, flag=flag if on else "", deleted=False)))
        return chip

    # --- what the page says ---

    def show_choices(self, choices: Choices) -> None:
        """The units and years that there are."""
        self._units, self._years = dict(choices.units), choices.years
        self._show()

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """How many of the list bear each flag; a chip that is on keeps its figure."""
        self._counts = {flag: counts.get(flag, 0) for flag in FLAG_WORDS}
        for flag, chip in self.flags.items():
            chip.show_text(FLAG_WORDS[flag], self._counts[flag])
        self._show_flags()

    def narrow(self, narrowed: Narrowed, search: str = "") -> None:
        """Show what a list is narrowed to, without asking."""
        self.narrowed = narrowed
        self.search.show_text(search)
        self._show()

    def clear_all(self) -> None:
        """Take everything away that narrows the list."""
        self.search.show_text("")
        self._set(Narrowed())

    @property
    def is_narrowed(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.search.text().strip()) or not self.narrowed.is_plain

    # --- choosing ---

    def _set(self, narrowed: Narrowed) -> None:
        self.narrowed = narrowed
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        now = self.narrowed
        self.year.setVisible(bool(self._years) or now.year is not None)
        self._show_chip(self.year, f"{now.year}年" if now.year is not None else "全部年份", now.year is not None)
        self.unit.setVisible(len(self._units) > 1)
        name = self._units.get(now.unit or "", now.unit or "")
        self._show_chip(self.unit, name or "全部单位", now.unit is not None)
        chosen = dict(now.equal)
        for field, label, codes in code_filters(self._kind):
            code = chosen.get(field)
            self._show_chip(self.codes[field], codes.label(code) if code else f"全部{label}", code is not None)
        if self._kind.stages:
            self._show_chip(self.stage, STAGE_LABELS[Stage(now.stage)] if now.stage else "全部阶段", bool(now.stage))
        flags = [(chip, now.flag == flag) for flag, chip in self.flags.items()]
        for chip, on in (*flags, (self.deleted, now.deleted)):
            chip.setChecked(on)
            chip.updateGeometry()
        self._show_flags()
        self.behind.setVisible(now.behind is not None)
        if now.behind is not None:
            self._show_chip(self.behind, now.behind.words, True)
        self.clear.setVisible(self.is_narrowed)

    def _show_flags(self) -> None:
        for flag, chip in self.flags.items():
            chip.setVisible(not self.narrowed.deleted and (self._counts[flag] > 0 or self.narrowed.flag == flag))

    @staticmethod
    def _show_chip(chip: Chip, word: str, on: bool) -> None:
        chip.setChecked(on)
        chip.show_text(word)

    def _open(self, chip: Chip, options: Sequence[tuple[object, str]], chosen: object, take: Callable[[object], None]) -> None:
        shown = ChoiceList(self._theme, self, options, chosen)
        shown.picked.connect(take)
        shown.open_under(chip)

    def _open_years(self) -> None:
        options: list[tuple[object, str]] = [(None, "全部年份"), *((year, f"{year}年") for year in self._years)]

        def take(year: object) -> None:
            self._set(replace(self.narrowed, year=year if isinstance(year, int) else None))

        self._open(self.year, options, self.narrowed.year, take)

    def _open_units(self) -> None:
        options: list[tuple[object, str]] = [(None, "全部单位"), *self._units.items()]

        def take(unit: object) -> None:
            self._set(replace(self.narrowed, unit=unit if isinstance(unit, str) else None))

        self._open(self.unit, options, self.narrowed.unit, take)

    def _open_stages(self) -> None:
        options: list[tuple[object, str]] = [("", "全部阶段"), *((stage.value, word) for stage, word in STAGE_LABELS.items())]
        self._open(self.stage, options, self.narrowed.stage, lambda stage: self._set(replace(self.narrowed, stage=str(stage))))

    def _open_codes(self, name: str, codes: CodeList, label: str) -> None:
        options: list[tuple[object, str]] = [(None, f"全部{label}"), *codes.offered.items()]

        def take(code: object) -> None:
            self._set(self.narrowed.with_code(name, code if isinstance(code, str) else None))

        self._open(self.codes[name], options, dict(self.narrowed.equal).get(name), take)
