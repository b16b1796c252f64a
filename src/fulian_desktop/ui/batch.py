"""Many at once: one thing filled in once for all chosen records, rows adjusted where they differ, one act, one undo.

Rules:

* What there is to do and what it asks for comes from the declarations (services/tasks.py); no field is named here.
* A row shows in grey what it takes from above, and in black what it has of its own.
* Nothing is written while something cannot be read; afterwards every row says what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from fulian_desktop.domain.fields import Code, Codes, Flag, Reference
from fulian_desktop.domain.forms import Cell, Note
from fulian_desktop.domain.in_force import DECLARED, Kinds
from fulian_desktop.domain.units import level_of
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.batch_rows import RowsModel, rows_table
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.cards import Banner, ProgressPane
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.editors import Editor, make_editor
from fulian_desktop.ui.form_cards import FormLabel
from fulian_desktop.ui.problems import sentence_for
from fulian_desktop.ui.theme import set_role
from fulian_desktop.ui.widgets import ChoiceBox, plain_label, scrolled

if TYPE_CHECKING:
    from fulian_desktop.services.tasks import Chosen, Done, Task

SIZE = (1080, 620)
FORM_MOST = 232
"""Pixels at 100 %: a longer form scrolls, so that the rows stay in sight."""
_REFERENCE_PARTS = ("id", "name", "unit", "kind")


def batch_actions(kind_code: str, unit: str, kinds: Kinds = DECLARED) -> list[tuple[str, str]]:
    """(mode, label) of what an office can do with many records of a kind, for a menu."""
    from fulian_desktop.services.tasks import tasks_of

    return [(task.code, task.label) for task in tasks_of(kind_code, level_of(unit), kinds)]


def open_batch(desk: Desk, parent: QWidget, kind_code: str, ids: Sequence[str], mode: str = "") -> BatchDialog:
    """Open the dialog over the chosen records of a kind.

    Args:
        desk: The surroundings.
        parent: The window it stands over.
        kind_code: Of which kind the records are.
        ids: The chosen records.
        mode: What to begin with (:func:`batch_actions`); "" for the first.
    """
    dialog = BatchDialog(desk, kind_code, ids, mode, parent)
    dialog.open()
    return dialog


class BatchDialog(QDialog):
    """What to do, what to fill in once, and the chosen records with what is their own."""

    def __init__(
        self, desk: Desk, kind_code: str, record_ids: Sequence[str], mode: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        from fulian_desktop.services.tasks import tasks_of

        self.desk, self.theme = desk, desk.theme
        px = self.theme.px
        self._ids = list(record_ids)
        self.tasks = tasks_of(kind_code, level_of(desk.unit), desk.kinds)
        self._word = desk.kinds.of(kind_code).measure_word
        self.editors: dict[str, Editor] = {}
        self._act, self._said = "", ""
        self._running: Callable[[], None] | None = None
        self._may_go = False
        self.setWindowTitle("一起办")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_role(self, "page")
        self.title = plain_label(f"一起办 {len(self._ids)} {self._word}")
        self.title.setFont(self.theme.font(t.PAGE_TITLE, bold=True))
        self.what = ChoiceBox(self.theme)
        self.what.setAccessibleName("做什么")
        self.what.setMaxVisibleItems(16)
        for task in self.tasks:
            self.what.addItem(task.label, task.code)
        self.banner = Banner(self.theme)
        self.model = RowsModel(self.theme, self.tasks[0])
        self.table = rows_table(self.theme, self.model)
        self.progress = ProgressPane(self.theme)
        self._form = QGridLayout()
        self._lay_out()
        room = parent.window().size() if parent is not None else self.screen().availableSize()
        self.resize(min(px(SIZE[0]), room.width()), min(px(SIZE[1]), room.height()))
        at = max(self.what.findData(mode), 0) if mode else 0
        self.what.setCurrentIndex(at)
        self.what.currentIndexChanged.connect(lambda _place: self._show_task())
        self.what.entered.connect(self._begin)
        self.model.owned.connect(self._count)
        self.table.selectionModel().currentChanged.connect(lambda _now, _before: self._offer_numbers())
        self._show_task()
        self._load()

    # --- building --------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        px = self.theme.px
        head = QHBoxLayout()
        head.setSpacing(px(12))
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(plain_label("做什么", role="label"))
        self.what.setMinimumWidth(px(240))
        head.addWidget(self.what)
        self._form.setHorizontalSpacing(px(12))
        self._form.setVerticalSpacing(px(8))
        self._form.setContentsMargins(0, 0, px(4), 0)
        self._holder = QWidget()
        self._holder.setLayout(self._form)
        self._scroll = scrolled(self._holder, sideways=False)
        self.more = KeyButton(self.theme, "还要填别的", style="ghost", icon="plus")
        self.more.clicked.connect(self._show_more)
        self.number = KeyButton(self.theme, "往下接着编号", style="ghost")
        self.number.clicked.connect(lambda: self.model.number_down(self.table.currentIndex()))
        self.number.hide()
        under = QHBoxLayout()
        self.hint = plain_label(f"上面填一次，每{self._word}都照用；哪一{self._word}不一样，在下面那一格里改。", role="hint")
        under.addWidget(self.hint, 1)
        under.addWidget(self.number)
        under.addWidget(self.more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(24), px(18), px(24), px(18))
        layout.setSpacing(px(10))
        layout.addLayout(head)
        layout.addWidget(self._scroll)
        layout.addLayout(under)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.banner)
        layout.addWidget(self.progress)
        layout.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        self.cancel = KeyButton(self.theme, "取消", "Esc")
        self.undo = KeyButton(self.theme, "撤销", "Ctrl+Z", icon="undo")
        self.save = KeyButton(self.theme, "保存", "Ctrl+回车", primary=True)
        self.undo.hide()
        for button, run in ((self.undo, self._undo), (self.cancel, self.reject), (self.save, self._save)):
            button.clicked.connect(run)
        for key, run in (("Ctrl+Return", self._save), ("Ctrl+Enter", self._save), ("Ctrl+Z", self._undo)):
            QShortcut(QKeySequence(key), self).activated.connect(run)
        foot = QHBoxLayout()
        foot.setSpacing(self.theme.px(8))
        self.reason = plain_label(role="label")
        foot.addWidget(self.undo)
        foot.addStretch(1)
        foot.addWidget(self.reason)
        foot.addWidget(self.cancel)
        foot.addWidget(self.save)
        return foot

    @property
    def task(self) -> Task:
        """What is to be done."""
        return self.tasks[self.what.currentIndex()]

    def _show_task(self) -> None:
        """The cells of another task, and the rows without what was adjusted for the one before."""
        self.banner.say("")
        self._show_cells(self.task.cells)
        self.more.setHidden(not self.task.more)

    def _show_more(self) -> None:
        before = {name: editor.value() for name, editor in self.editors.items()}
        self._show_cells((*self.task.cells, *self.task.more))
        for name, value in before.items():
            if value is not None:
                self.editors[name].set_value(value)
        self.more.hide()
        self._filled()

    def _show_cells(self, cells: Sequence[Cell]) -> None:
        while (item := self._form.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.editors = {cell.name: self._editor(cell) for cell in cells}
        for place, cell in enumerate(cells):
            self._place(place, cell)
        self._form.setColumnStretch(1, 1)
        self._form.setColumnStretch(3, 1)
        self._order_tabs()
        self.model.show_task(self.task, cells)
        self._filled()
        self._fit()

    def _order_tabs(self) -> None:
        """As one reads: what to do, the fields, the rows, the buttons."""
        fields = [target for editor in self.editors.values() for target in editor.targets()]
        stops = [self.what, *fields, self.number, self.more, self.table, self.undo, self.cancel, self.save]
        for earlier, later in pairwise(stops):
            QWidget.setTabOrder(earlier, later)

    def _fit(self) -> None:
        """Give the form the height that it wants, within bounds."""
        self._form.activate()
        width = max(self._scroll.viewport().width(), 400)
        wanted = self._form.heightForWidth(width) if self._form.hasHeightForWidth() else self._form.sizeHint().height()
        self._scroll.setFixedHeight(min(wanted, self.theme.px(FORM_MOST)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width wants another height of the form."""
        super().resizeEvent(event)
        self._fit()

    def _editor(self, cell: Cell) -> Editor:
        if isinstance(cell.type, Reference):
            from fulian_desktop.ui.picker import ReferenceEditor

            editor: Editor = ReferenceEditor(self.desk, cell, self.desk.unit)
        else:
            editor = make_editor(self.theme, cell)
        editor.changed.connect(self._filled)
        editor.left.connect(self._filled)
        editor.entered.connect(lambda: self._go_on(cell.name, 1))
        editor.went_back.connect(lambda: self._go_on(cell.name, -1))
        return editor

    def _place(self, place: int, cell: Cell) -> None:
        label = FormLabel(self.theme, self.editors[cell.name], self.task.label_of(cell))
        row, column = place // 2, 2 * (place % 2)
        self._form.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
        self._form.addWidget(self.editors[cell.name], row, column + 1, Qt.AlignmentFlag.AlignTop)

    # --- filling in ------------------------------------------------------------------------------------------

    def _load(self) -> None:
        from fulian_desktop.services.tasks import chosen_records

        ids = self._ids
        self.save.setEnabled(False)
        self.desk.ask(self, lambda office, _progress: chosen_records(office, ids), self._show_rows)

    def _show_rows(self, chosen: list[Chosen]) -> None:
        self.model.show_rows(chosen)
        self.title.setText(f"一起办 {len(chosen)} {self._word}")
        self.save.setText(f"保存 {len(chosen)} {self._word}")
        self._filled()
        self._begin()

    def _begin(self) -> None:
        first = next(iter(self.editors.values()), None)
        if first is not None:
            first.begin()

    def _go_on(self, name: str, step: int) -> None:
        names = list(self.editors)
        at = names.index(name) + step
        if at >= len(names):
            self.table.setFocus(Qt.FocusReason.TabFocusReason)
        elif at < 0:
            self.what.setFocus(Qt.FocusReason.BacktabFocusReason)
        else:
            self.editors[names[at]].begin()

    def shared(self) -> dict[str, Any]:
        """What is filled in for all."""
        return {name: _entry(editor.value()) for name, editor in self.editors.items() if editor.value() is not None}

    def _filled(self) -> None:
        self._may_go = False
        self.model.show_shared({name: _words(self.editors[name].cell, value) for name, value in self.shared().items()})
        self._count()

    def _offer_numbers(self) -> None:
        self.number.setHidden(not self.model.can_number(self.table.currentIndex()))

    def _count(self) -> None:
        some = bool(self.shared()) or self.model.has_own
        self.save.setEnabled(some and bool(self.model.rows) and not self._act and self._running is None)
        self.reason.setText("" if some or self._act or not self.model.rows else "先填一项，再保存")
        self.model.forget_results()
        self._offer_numbers()

    # --- doing it --------------------------------------------------------------------------------------------

    def _save(self) -> None:
        from fulian_desktop.services.tasks import carry_out

        self.table.setFocus(Qt.FocusReason.OtherFocusReason)  # a cell that is being typed into is taken over first
        if not self.save.isEnabled():
            return
        task, chosen, shared, own = self.task, list(self.model.rows), self.shared(), self.model.own_entries()
        for editor in self.editors.values():
            editor.say(None)
        self.banner.say("")
        job = self.desk.ask(
            self, lambda office, progress: carry_out(office, task, chosen, shared, own, progress=progress), self._done,
            failed=self._not_done, progressed=self.progress.report, cancelled=self._given_up,
        )
        self._running = job.cancel
        self.progress.watch(job)
        self._lock(True)

    def _lock(self, locked: bool) -> None:
        for part in (self.what, self.more, self._holder):
            part.setEnabled(not locked)
        self.model.locked = locked
        self._offer_numbers()
        self.save.setEnabled(not locked)

    def _ended(self) -> None:
        self._running = None
        self.progress.end()

    def _given_up(self) -> None:
        self._ended()
        self._lock(False)
        self.banner.say("停下了，什么都没有写。", "info")

    def _not_done(self, error: Exception) -> None:
        self._ended()
        self._lock(False)
        self.banner.say(sentence_for(error).text, "error")

    def _done(self, done: Done) -> None:
        self._ended()
        if done.unread:
            self._lock(False)
            self._say_unread(done.unread)
            return
        self._act = done.act
        self.model.show_results(done)
        written = sum(row.written for row in done.rows)
        doubts = sum(bool(row.doubts) for row in done.rows)
        if not written:
            self._lock(False)
            self.banner.say(f"每一{self._word}都已经是这样，没有要改的。", "info")
            return
        self._said = f"{self.task.label}：{written} {self._word}写好了。"
        parts = [f"{self.task.label}：{written} {self._word}写好了"]
        if written < len(done.rows):
            parts.append(f"{len(done.rows) - written} {self._word}没有变化")
        if doubts:
            parts.append(f"{doubts} {self._word}有要核对的地方，见名称后面一列")
        self.banner.say("，".join(parts) + "。", "warn" if doubts else "ok")
        self.save.hide()
        self.undo.show()
        self.cancel.setText("完成")
        self._show_now()
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        self.desk.tell_changed({self.task.kind})

    def _show_now(self) -> None:
        """How the records stand after it."""
        from fulian_desktop.services.tasks import chosen_records

        ids = [one.record for one in self.model.rows]
        self.desk.ask(self, lambda office, _progress: chosen_records(office, ids), self.model.show_now)

    def _say_unread(self, unread: Mapping[tuple[int, str], str]) -> None:
        """Where every row takes it from above it is said there, else at the row."""
        shared = self.shared()
        for (row, name), text in unread.items():
            if name in shared and not self.model.is_own(row, name):
                self.editors[name].say(Note(text, "error"))
        self._fit()
        self.model.show_unread(unread)
        self.banner.say(f"{next(iter(unread.values()))}。没有保存，改好再保存。", "error")

    def _undo(self) -> None:
        from fulian_desktop.services.records import undo_act

        act, self._act = self._act, ""
        if not act:
            return
        self.undo.setEnabled(False)
        self.desk.ask(
            self, lambda office, _progress: undo_act(office, act), lambda result: self._undone(result["kept"]),
            failed=lambda error: self.banner.say(sentence_for(error).text, "error"),
        )

    def _undone(self, kept: Sequence[object]) -> None:
        words = f"撤销了，有 {len(kept)} 处后来又改过，没有动。" if kept else "撤销了，和没办以前一样。"
        self.banner.say(words, "info")
        self.undo.setEnabled(True)
        self.undo.hide()
        self.cancel.setText("取消")
        self._show_now()
        self.save.show()
        self._lock(False)
        self.desk.tell_changed({self.task.kind})
        self._count()

    def reject(self) -> None:
        """Esc: stop what runs; what was filled in and not saved wants a second Esc."""
        if self._running is not None:
            self._running()
        elif not self._act and not self._may_go and (self.shared() or self.model.has_own):
            self._may_go = True
            self.banner.say("填的还没保存。再按一次 Esc 就不要了；要保存按 Ctrl+回车。", "warn")
        else:
            if self._act:
                act, desk, kind = self._act, self.desk, self.task.kind
                desk.say(self._said, action="撤销", run=lambda: _take_back(desk, act, kind))
            super().reject()


def _take_back(desk: Desk, act: str, kind: str) -> None:
    """Undo the act when the dialog is closed already."""
    from fulian_desktop.services.records import undo_act

    def undone(_result: object) -> None:
        desk.say("撤销了，和没办以前一样。")
        desk.tell_changed({kind})

    desk.ask(desk, lambda office, _progress: undo_act(office, act), undone)


def _entry(value: Any) -> Any:  # noqa: ANN401 - an entry
    """An editor's value as services take it: of a reference its parts, without what is only said beside it."""
    return {name: value[name] for name in _REFERENCE_PARTS if value.get(name)} if isinstance(value, dict) else value


def _words(cell: Cell, value: Any) -> str:  # noqa: ANN401 - an entry
    """An entry as it stands in a row."""
    if isinstance(value, dict):
        return str(value.get("name", ""))
    if isinstance(cell.type, Codes) and isinstance(value, list):
        return "、".join(cell.type.codes.label(code) for code in value)
    if isinstance(cell.type, Flag):
        return "是"
    return cell.type.codes.label(str(value)) if isinstance(cell.type, Code) else str(value)
