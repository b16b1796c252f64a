"""One editor a cell of a form, chosen by the cell's type; each with the line that says what was read or is wrong.

Rules:

* An editor gives and takes what services take as an entry: text as typed, a code, a list of codes, True, a reference.
* What stands under an editor has an icon and words; an error also has an edge. Colour alone says nothing.
* A locked editor shows what is there and says why it may not be changed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fulian_desktop.domain.fields import Code, Codes, Day, Flag, IdNumber, Integer, Money, Period, Phone, Text
from fulian_desktop.domain.forms import Cell, Note
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import Chip
from fulian_desktop.ui.flow import FlowLayout
from fulian_desktop.ui.lines import CodeLine, TypedLine, TypedLines
from fulian_desktop.ui.theme import Theme, set_state
from fulian_desktop.ui.widgets import IconLabel, plain_label

_TOO_LONG = "粘贴的文字太长，后面的没有放进来，请分成几段。"
_ICONS = {"ok": "ok", "warn": "info", "error": "warn", "hint": "info"}


class NoteLine(QWidget):
    """An icon and a sentence under a field, in the colour of what is said; takes no room when it says nothing."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.tone = ""
        self.words = plain_label()
        self.words.setFont(theme.font(t.HINT))
        self.words.setWordWrap(True)
        self._icon: IconLabel | None = None
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(theme.px(3), theme.px(2), 0, 0)
        self._line.setSpacing(theme.px(5))
        self._line.addWidget(self.words, 1)
        theme.changed.connect(self._colour)
        self.hide()

    def say(self, text: str, tone: str = "ok") -> None:
        """Show a sentence, or nothing."""
        tone = tone if text else ""
        if (text, tone) == (self.words.text(), self.tone):
            return
        self.tone = tone
        self.words.setText(text)
        if self._icon is not None:
            self._line.removeWidget(self._icon)
            self._icon.deleteLater()
            self._icon = None
        if text:
            self._icon = IconLabel(self._theme, _ICONS[tone], self._token(), t.ICON_BADGE)
            self._line.insertWidget(0, self._icon, 0, Qt.AlignmentFlag.AlignTop)
            self._colour()
        self.setVisible(bool(text))

    def _token(self) -> str:
        return "text3" if self.tone == "hint" else self.tone

    def _colour(self) -> None:
        if self.tone:
            self.words.setStyleSheet(f"color: {getattr(self._theme.tokens, self._token())};")


class Editor(QWidget):
    """An editor of one cell.

    ``edit`` is the widget that is typed into and that a label names.
    """

    changed = Signal()
    entered = Signal()
    went_back = Signal()
    left = Signal()
    came = Signal()

    def __init__(self, theme: Theme, cell: Cell, edit: QWidget) -> None:
        super().__init__()
        self.theme, self.cell, self.edit = theme, cell, edit
        self.locked = False
        self.note = NoteLine(theme)
        edit.setAccessibleName(cell.full)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(0)
        self.box.addWidget(edit)
        self.box.addWidget(self.note)
        for name in ("entered", "went_back", "left", "came"):
            if hasattr(edit, name):
                getattr(edit, name).connect(getattr(self, name))
        if isinstance(edit, TypedLine | TypedLines):
            edit.too_long.connect(lambda: self.say(Note(_TOO_LONG, "error")))

    def value(self) -> Any:  # noqa: ANN401 - an entry
        """The entry that stands here; None for nothing."""
        raise AssertionError(f"{type(self).__name__} has no value")  # pragma: no cover

    def set_value(self, value: Any) -> None:  # noqa: ANN401 - an entry
        """Show an entry."""
        raise AssertionError(f"{type(self).__name__} shows no value")  # pragma: no cover

    def targets(self) -> list[QWidget]:
        """The widgets here that may have the focus."""
        return [self.edit]

    def is_in_use(self) -> bool:
        """Whether somebody is typing here."""
        return any(target.hasFocus() for target in self.targets())

    def begin(self) -> None:
        """Take the focus, coming from the field before."""
        self.edit.setFocus(Qt.FocusReason.TabFocusReason)

    def say(self, note: Note | None) -> None:
        """Say something under the field, or nothing."""
        if self.locked:
            return
        wrong = note is not None and note.tone == "error"
        self.note.say(note.text if note else "", note.tone if note else "ok")
        set_state(self.edit, "error" if wrong else "")
        if isinstance(self.edit, TypedLine):
            self.edit.mark_error(wrong)
        self.edit.setAccessibleDescription(note.text if note else "")

    def lock(self, reason: str) -> None:
        """Show what is there, and why it may not be changed here."""
        self.locked = True
        if isinstance(self.edit, TypedLine | TypedLines):
            self.edit.setReadOnly(True)
        else:
            self.edit.setEnabled(False)
        self.note.say(reason, "hint")
        self.edit.setAccessibleDescription(reason)


class TextEditor(Editor):
    """Anything that is typed into one line: text, numbers, money, days, ID and telephone numbers."""

    edit: TypedLine

    def __init__(self, theme: Theme, cell: Cell) -> None:
        line = TypedLine(theme)
        line.setPlaceholderText(placeholder_of(cell))
        super().__init__(theme, cell, line)
        line.textEdited.connect(lambda _text: self.changed.emit())

    def value(self) -> str | None:
        """The text as typed; None for a blank."""
        return self.edit.text() if self.edit.text().strip() else None

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        """Show a text."""
        self.edit.setText("" if value is None else str(value))
        self.edit.setCursorPosition(0)


def placeholder_of(cell: Cell) -> str:
    """What stands grey in a line where nothing was typed yet: how it may be written."""
    kind = cell.type
    if isinstance(kind, Period):
        return "如 3.8，3月8日—10日，昨天"
    if isinstance(kind, Day):
        return "如 2026.3.8"
    if isinstance(kind, Money) and cell.asked:
        return "如 350，1.2万"
    if isinstance(kind, Integer) and len(cell.flats) > 1 and cell.asked:
        return "如 86，约600"
    return cell.field.help if isinstance(kind, Text) and not isinstance(kind, IdNumber | Phone) else ""


class LinesEditor(Editor):
    """Several lines; near its end it says how many characters there are."""

    edit: TypedLines

    def __init__(self, theme: Theme, cell: Cell) -> None:
        lines = TypedLines(theme)
        lines.setPlaceholderText(cell.field.help)
        super().__init__(theme, cell, lines)
        self._quiet = False
        lines.textChanged.connect(self._typed)

    def _typed(self) -> None:
        if not self._quiet:
            self.changed.emit()

    def value(self) -> str | None:
        """The text as typed; None for a blank."""
        text = self.edit.toPlainText()
        return text if text.strip() else None

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        """Show a text."""
        self._quiet = True
        self.edit.setPlainText("" if value is None else str(value))
        self._quiet = False

    def say(self, note: Note | None) -> None:
        """Without anything else to say, how much of the room is taken, once it is half."""
        if note is None and isinstance(self.cell.type, Text) and not self.locked:
            count, most = len((self.value() or "").strip()), self.cell.type.most
            if count * 2 > most:
                super().say(None)
                self.note.say(f"{count} / {most} 字", "hint")
                return
        super().say(note)


class CodeEditor(Editor):
    """One of a list of words."""

    edit: CodeLine

    def __init__(self, theme: Theme, cell: Cell) -> None:
        assert isinstance(cell.type, Code)  # noqa: S101 - chosen by its type
        line = CodeLine(theme, cell.type.codes)
        super().__init__(theme, cell, line)
        line.textEdited.connect(lambda _text: self.changed.emit())

    def value(self) -> str | None:
        """The code, or what was typed where no code has that word."""
        return self.edit.code()

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        """Show a code's word."""
        self.edit.set_code(value)


class CodesEditor(Editor):
    """Several of a list of words, as chips: ← → go along, Space chooses, Enter goes on."""

    def __init__(self, theme: Theme, cell: Cell) -> None:
        assert isinstance(cell.type, Codes)  # noqa: S101 - chosen by its type
        self.chips: dict[str, Chip] = {}
        holder = QWidget()
        self._flow = FlowLayout(theme.px(6), above=theme.px(2))
        holder.setLayout(self._flow)
        super().__init__(theme, cell, holder)
        for code in cell.type.codes:
            self._add(code, cell.type.codes.label(code))

    def _add(self, code: str, label: str) -> Chip:
        chip = FormChip(self.theme, label)
        chip.setAccessibleDescription(self.cell.full)
        chip.setFocusPolicy(Qt.FocusPolicy.ClickFocus if self.chips else Qt.FocusPolicy.StrongFocus)
        chip.toggled.connect(lambda _on: self.changed.emit())
        chip.stepped.connect(lambda step: self._step(chip, step))
        chip.entered.connect(self.entered)
        chip.went_back.connect(self.went_back)
        self.chips[code] = chip
        self._flow.addWidget(chip)
        return chip

    def _step(self, chip: Chip, step: int) -> None:
        chips = list(self.chips.values())
        chips[(chips.index(chip) + step) % len(chips)].setFocus(Qt.FocusReason.TabFocusReason)

    def targets(self) -> list[QWidget]:
        """The chips."""
        return list(self.chips.values())

    def begin(self) -> None:
        """Begin with the first chip."""
        next(iter(self.chips.values())).setFocus(Qt.FocusReason.TabFocusReason)

    def value(self) -> list[str] | None:
        """The chosen codes, ascending; None for none."""
        return sorted(code for code, chip in self.chips.items() if chip.isChecked()) or None

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        """Choose these; one that the list lacks gets a chip of its own, so that nothing is dropped unseen."""
        wanted = set(value or ())
        of = self.cell.type
        for code in sorted(wanted - self.chips.keys()):
            self._add(code, of.codes.label(code) if isinstance(of, Codes) else code)
        for code, chip in self.chips.items():
            chip.blockSignals(True)
            chip.setChecked(code in wanted)
            chip.blockSignals(False)
            chip.updateGeometry()
            chip.update()


class FlagEditor(Editor):
    """Yes, or nothing."""

    def __init__(self, theme: Theme, cell: Cell) -> None:
        self.chip = FormChip(theme, "是")
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, theme.px(2), 0, 0)
        line.addWidget(self.chip)
        line.addStretch(1)
        super().__init__(theme, cell, holder)
        self.chip.setAccessibleName(cell.full)
        self.chip.toggled.connect(lambda _on: self.changed.emit())
        self.chip.entered.connect(self.entered)
        self.chip.went_back.connect(self.went_back)

    def targets(self) -> list[QWidget]:
        """The chip."""
        return [self.chip]

    def begin(self) -> None:
        """Take the focus."""
        self.chip.setFocus(Qt.FocusReason.TabFocusReason)

    def value(self) -> bool | None:
        """True or None."""
        return self.chip.isChecked() or None

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        """Show it."""
        self.chip.blockSignals(True)
        self.chip.setChecked(bool(value))
        self.chip.blockSignals(False)
        self.chip.updateGeometry()
        self.chip.update()


class FormChip(Chip):
    """A chip in a form: ← → go along its group, Enter goes on."""

    stepped = Signal(int)
    entered = Signal()
    went_back = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and Enter; Space switches as with any button."""
        step = {int(Qt.Key.Key_Right): 1, int(Qt.Key.Key_Left): -1}.get(event.key())
        if step is not None:
            self.stepped.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            (self.went_back if back else self.entered).emit()
        else:
            super().keyPressEvent(event)


Maker = Callable[[Theme, Cell], Editor]

_MAKERS: tuple[tuple[type, Maker], ...] = ((Codes, CodesEditor), (Code, CodeEditor), (Flag, FlagEditor))


def make_editor(theme: Theme, cell: Cell) -> Editor:
    """The editor of a cell of one value; references and tables have editors of their own."""
    for kind, maker in _MAKERS:
        if isinstance(cell.type, kind):
            return maker(theme, cell)
    is_lines = isinstance(cell.type, Text) and cell.type.lines
    return LinesEditor(theme, cell) if is_lines else TextEditor(theme, cell)
