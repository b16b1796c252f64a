"""A field that names another record: found by name, pinyin initials or number, kept as a plain name, or entered on the spot.

Rules:

* What is typed and not chosen stays a plain name: somebody who has no record here.
* Looking happens beside the window; an answer to what was typed before is dropped.
* A new record is entered with its asked fields only, in a small dialog; the rest can be filled in later.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from fulian_desktop.domain.fields import Reference
from fulian_desktop.domain.forms import Cell, Note, cells_of, look_over
from fulian_desktop.progress import Progress
from fulian_desktop.services.entering import Found, find_references
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import Saved, add_record
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.cards import Banner
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.editors import Editor, make_editor
from fulian_desktop.ui.lines import TypedLine
from fulian_desktop.ui.problems import sentence_for
from fulian_desktop.ui.suggest import Suggestion, Suggestions
from fulian_desktop.ui.theme import set_role
from fulian_desktop.ui.widgets import plain_label

LOOK_AFTER_MS = 150


class _New:
    """The last line of the list: enter a record of this kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind


class PickLine(TypedLine):
    """The line of a reference; its list is filled by :class:`ReferenceEditor`."""

    opened = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme)
        self.list = Suggestions(desk.theme, self)
        self.destroyed.connect(self.list.deleteLater)
        self.put_icon("找一找", "search").triggered.connect(self.opened)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↑ ↓ choose, Esc puts the list away."""
        step = {int(Qt.Key.Key_Down): 1, int(Qt.Key.Key_Up): -1}.get(event.key())
        if step is not None:
            if self.list.is_open:
                self.list.move_by(step)
            else:
                self.opened.emit()
        elif event.key() == Qt.Key.Key_Escape and self.list.is_open:
            self.list.hide()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """While the list is open Esc is its own."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) \
                and event.key() == Qt.Key.Key_Escape and self.list.is_open:
            event.accept()
            return True
        return super().event(event)

    def enter(self, *, back: bool) -> None:
        """Take what is chosen; going on follows from that, or at once."""
        if back or not self.list.is_open or not self.list.take():
            self.list.hide()
            super().enter(back=back)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The list goes with the focus."""
        self.list.hide()
        super().focusOutEvent(event)


class ReferenceEditor(Editor):
    """Names another record, or somebody who has none.

    Args:
        unit: Whose records come first.
    """

    edit: PickLine

    def __init__(self, desk: Desk, cell: Cell, unit: str) -> None:
        assert isinstance(cell.type, Reference)  # noqa: S101 - chosen by its type
        line = PickLine(desk)
        line.setPlaceholderText("打名字或拼音首字母找")
        super().__init__(desk.theme, cell, line)
        self._desk, self._unit, self._kinds = desk, unit, cell.type.kinds
        self._chosen: dict[str, str] | None = None
        self._asked = 0
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(LOOK_AFTER_MS)
        self._wait.timeout.connect(self._look)
        line.textEdited.connect(self._typed)
        line.opened.connect(self._look)
        line.list.chosen.connect(self._take)

    def serve(self, unit: str) -> None:
        """Another unit's records come first, and what is entered on the spot is that unit's."""
        self._unit = unit

    def value(self) -> Any:  # noqa: ANN401 - an entry
        """The record's key with its name, a plain name, or None."""
        if self._chosen is not None:
            return dict(self._chosen)
        return self.edit.text() if self.edit.text().strip() else None

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        """Show a record that was chosen, or a name."""
        self._chosen = None
        if isinstance(value, dict):
            self._chosen = {k: v for k, v in value.items() if v} if value.get("id") else None
            value = value.get("name") or ("（还没收到名称）" if value.get("id") else "")
        self.edit.setText(value or "")
        self.edit.setCursorPosition(0)
        self._say_whose()

    def say(self, note: Note | None) -> None:
        """Without anything else to say, whether a record was chosen."""
        super().say(note)
        if note is None and not self.locked:
            self._say_whose()

    def _say_whose(self) -> None:
        if self._chosen is not None and self._chosen.get("about"):
            self.note.say(self._chosen["about"], "ok")
        elif self._chosen is None and self.edit.text().strip() and not self.edit.hasFocus():
            self.note.say("没有选档案，只记名字", "hint")
        else:
            self.note.say("")

    def _typed(self, _text: str) -> None:
        self._chosen = None
        self._wait.start()
        self.changed.emit()

    def _look(self) -> None:
        if self.edit.isReadOnly():
            return
        typed = self.edit.text().strip() if self._chosen is None else ""
        self._asked += 1
        number, kinds, unit = self._asked, self._kinds, self._unit

        def work(office: Office, _progress: Progress) -> list[Found]:
            return find_references(office, kinds, typed, unit)

        self._desk.ask(self, work, lambda found: self._offer(number, typed, found))

    def _offer(self, number: int, typed: str, found: list[Found]) -> None:
        if number != self._asked or not self.edit.hasFocus():
            return
        lines = [Suggestion(one.name, one.about, one) for one in found]
        for code in self._kinds if typed else ():
            kind = self._desk.kinds.find(code)
            if kind is not None:
                lines.append(Suggestion(f"＋ 给“{typed}”建{kind.label}", "", _New(code)))
        self.edit.list.offer(lines, current=_surely_meant(typed, [one.name for one in found]))

    def _take(self, means: object) -> None:
        if isinstance(means, Found):
            self._choose(means)
            self.entered.emit()
        elif isinstance(means, _New):
            QuickAdd(self._desk, self, means.kind, self._unit, self.edit.text().strip(), self._choose).open()

    def _choose(self, found: Found) -> None:
        self.set_value({"id": found.id, "unit": found.unit, "kind": found.kind, "name": found.name})
        if self._chosen is not None:
            self._chosen["about"] = found.about
            self._say_whose()
        self.changed.emit()


def _surely_meant(typed: str, names: list[str]) -> int:
    """Which of the names found Enter takes: the one that is the same, or the first by initials; else the plain name stays.

    王秀 is not 王秀英: that one must be chosen.
    """
    same = [place for place, name in enumerate(names) if name == typed]
    if same:
        return same[0] if len(same) == 1 else -1
    return 0 if names and typed.isascii() else -1


class QuickAdd(QDialog):
    """The asked fields of a kind, and no more: a record that is needed now.

    Args:
        done: Gets the new record.
    """

    def __init__(self, desk: Desk, parent: QWidget, kind_code: str, unit: str, name: str, done: Any) -> None:  # noqa: ANN401
        super().__init__(parent)
        kind = desk.kinds.for_unit(unit).find(kind_code)
        assert kind is not None  # noqa: S101 - named by a declaration
        self._desk, self._kind, self._unit, self._done = desk, kind, unit, done
        theme, px = desk.theme, desk.theme.px
        self.setWindowTitle(kind.verb)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_role(self, "page")
        self.problem = Banner(theme)
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(8))
        grid.setColumnStretch(1, 1)
        self.editors: list[Editor] = []
        for cell in cells_of(kind):
            if not cell.asked or isinstance(cell.type, Reference) or cell.is_wide:
                continue
            editor = make_editor(theme, cell)
            word = plain_label(cell.label, role="label")
            word.setBuddy(editor.edit)
            grid.addWidget(word, len(self.editors), 0)
            grid.addWidget(editor, len(self.editors), 1)
            editor.entered.connect(lambda e=editor: self._on(e, 1))
            editor.went_back.connect(lambda e=editor: self._on(e, -1))
            self.editors.append(editor)
        if self.editors:
            self.editors[0].set_value(name)
        self.save = KeyButton(theme, "保存", "Ctrl+S", primary=True)
        self.save.setShortcut("Ctrl+S")
        self.save.clicked.connect(self._save)
        cancel = KeyButton(theme, "取消", "Esc")
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(plain_label("其余的内容以后可以补。", role="hint"), 1)
        foot.addWidget(cancel)
        foot.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(24), px(20), px(24), px(20))
        layout.setSpacing(px(14))
        layout.addWidget(self.problem)
        layout.addLayout(grid)
        layout.addLayout(foot)
        self.setMinimumWidth(px(460))
        self.editors[min(1, len(self.editors) - 1)].begin()  # the name is there already

    def _on(self, editor: Editor, step: int) -> None:
        place = self.editors.index(editor) + step
        if place < len(self.editors):
            self.editors[max(place, 0)].begin()
        else:
            self.save.setFocus(Qt.FocusReason.TabFocusReason)
            self.save.setAutoDefault(True)

    def _save(self) -> None:
        entries = {e.cell.name: e.value() for e in self.editors if e.value() is not None}
        look = look_over(self._kind, entries, base={}, today=self._desk.today())
        if look.stop:
            self.problem.say(look.notes[look.stop].text, "error")
            return
        self.save.setEnabled(False)
        kind, unit, day = self._kind, self._unit, self._desk.today()

        def work(office: Office, _progress: Progress) -> Saved:
            return add_record(office, kind.code, entries, unit=None if kind.cls == "published" else unit, day=day)

        self._desk.ask(self, work, lambda saved: self._saved(saved, look.flat), failed=self._refused)

    def _saved(self, saved: Saved, flat: Any) -> None:  # noqa: ANN401
        kind = self._kind
        unit = self._desk.unit if kind.cls == "published" else self._unit
        self.accept()
        self._done(Found(saved.id, unit, kind.code, kind.name_of(flat), f"新建了{kind.label}"))
        self._desk.tell_changed({kind.code})

    def _refused(self, error: Exception) -> None:
        self.save.setEnabled(True)
        self.problem.say(sentence_for(error).text, "error")
