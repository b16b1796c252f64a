"""The lines and boxes that a form is typed into: Enter goes on, and whatever is typed or pasted stays plain text.

Rules:

* Enter goes on and Shift+Enter back, but never while an input method is composing: that Enter is its own.
* In several lines Enter makes a line, and Tab goes on.
* Pasting is bounded, and it is said when something did not fit; nothing is cut silently.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QInputMethodEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.texts import search_key
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.field_icons import FieldIcons
from fulian_desktop.ui.suggest import Suggestion, Suggestions
from fulian_desktop.ui.theme import Theme, set_role
from fulian_desktop.ui.widgets import plain_label

MOST = 40_000
"""UTF-16 units that a field takes; the longest text of a record is half of it."""

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TypedLine(QLineEdit):
    """One line to type in."""

    entered = Signal()
    went_back = Signal()
    left = Signal()
    came = Signal()
    too_long = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._composing = theme, False
        self.setMaxLength(MOST)
        self.setAcceptDrops(False)  # a photo dropped here belongs to the form, not to the text
        self.inputRejected.connect(self.too_long)
        self.pin: QAction | None = None
        self._pin_words: QLabel | None = None
        self._mark: QAction | None = None
        self._icons = FieldIcons(theme, self)
        theme.changed.connect(self._icons.repaint)

    def put_icon(self, does: str, name: str, colour: str = "text2") -> QAction:
        """An icon at the end of the line, in a token's colour, that follows the theme."""
        action = QAction(does, self)
        self._icons.add(action, name, colour)
        return action

    def changeEvent(self, event: QEvent) -> None:
        """A line that may only be read has no icons."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ReadOnlyChange:
            self._icons.place()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Note whether the input method has something in hand."""
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, with Shift back; all else is typing."""
        if event.key() in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if not self._composing:
                self.enter(back=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            event.accept()
            return
        super().keyPressEvent(event)

    def enter(self, *, back: bool) -> None:
        """What Enter does."""
        (self.went_back if back else self.entered).emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say so; the pin is seen."""
        super().focusInEvent(event)
        self._show_pin()
        self.came.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say so."""
        super().focusOutEvent(event)
        self._composing = False
        self._show_pin()
        self.left.emit()

    # --- marks in the field ---

    def mark_error(self, wrong: bool) -> None:
        """An icon at the end of the field while something is wrong with it."""
        if wrong and self._mark is None:
            self._mark = self.put_icon("", "error", "error")
        if self._mark is not None:
            self._mark.setVisible(wrong)

    def add_pin(self, words: str) -> QAction:
        """Give the field a pin that keeps its value for the next record; it is seen while one types here, or set."""
        self.pin = QAction(words, self)
        self.pin.setCheckable(True)
        self.pin.toggled.connect(self._pinned)
        self._pin_words = plain_label(words, role="hint", parent=self)
        self._pin_words.setFont(self._theme.font(t.HINT))
        self._pin_words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._pin_words.hide()
        self._icons.add(self.pin, "pin", "text3")
        self._show_pin()
        return self.pin

    def _pinned(self, on: bool) -> None:
        self.setProperty("pinned", on)
        self.style().unpolish(self)
        self.style().polish(self)
        self._show_pin()

    def _show_pin(self) -> None:
        if self.pin is None or self._pin_words is None:
            return
        on = self.pin.isChecked()
        self._icons.show_as(self.pin, "pin-filled" if on else "pin", "accent" if on else "text3")
        self.pin.setVisible((on or self.hasFocus()) and not self.isReadOnly())
        self._pin_words.setVisible(on)
        self._place_words()

    def _place_words(self) -> None:
        if self._pin_words is not None and not self._pin_words.isHidden():
            size = self._pin_words.sizeHint()
            left = self.width() - size.width() - self._icons.room - self._theme.px(4)
            self._pin_words.setGeometry(left, (self.height() - size.height()) // 2, size.width(), size.height())
            room = self._icons.room + self._theme.px(4) + size.width()
            taken = self.fontMetrics().horizontalAdvance(self.text()) + self._theme.px(20)
            if taken + room > self.width():
                self._pin_words.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the words of the pin in their place."""
        super().resizeEvent(event)
        self._icons.place()
        if self.pin is not None and self.pin.isChecked() and self._pin_words is not None:
            self._pin_words.show()
        self._place_words()


class CodeLine(TypedLine):
    """A line that offers the words of a code list; typing filters by word and by pinyin initials."""

    settled = Signal()

    def __init__(self, theme: Theme, codes: CodeList) -> None:
        super().__init__(theme)
        self._codes = codes
        self._held: str | None = None
        self.list = Suggestions(theme, self)
        self.list.chosen.connect(self._take)
        self.destroyed.connect(self.list.deleteLater)  # by then it lies in the window
        self.put_icon("打开可选项", "chevron-down").triggered.connect(self.open_all)
        self.textEdited.connect(self._filter)

    def code(self) -> str | None:
        """The code of what stands here; what no code has stays as typed; None for nothing."""
        typed = self.text().strip()
        if self._held and typed == self._codes.label(self._held):
            return self._held  # two codes may have one word, and of one that has not come there is none
        return self._codes.find(typed) or typed or None

    def set_code(self, code: str | None) -> None:
        """Show a code's word."""
        self._held = code
        self.setText(self._codes.label(code) if code else "")
        self.setCursorPosition(0)

    def open_all(self) -> None:
        """Offer all words, with the one chosen marked."""
        if self.isReadOnly():
            return
        codes = list(self._codes)
        now = self.code()
        self.list.offer([self._line(c) for c in codes], current=codes.index(now) if now in codes else 0)

    def _line(self, code: str) -> Suggestion:
        return Suggestion(self._codes.label(code), "", code)

    def _filter(self, typed: str) -> None:
        self.list.offer([self._line(code) for code in matching_codes(self._codes, typed)] if typed.strip() else [])

    def _take(self, code: str) -> None:
        self.set_code(code)
        self.textEdited.emit(self.text())
        self.list.hide()
        self.settled.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↑ ↓ choose, Esc puts the list away."""
        step = {int(Qt.Key.Key_Down): 1, int(Qt.Key.Key_Up): -1}.get(event.key())
        if step is not None and not self._composing:
            if self.list.is_open:
                self.list.move_by(step)
            else:
                self.open_all()
            return
        if event.key() == Qt.Key.Key_Escape and self.list.is_open:
            self.list.hide()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """While the list is open Esc is its own."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) \
                and event.key() == Qt.Key.Key_Escape and self.list.is_open:
            event.accept()
            return True
        return super().event(event)

    def enter(self, *, back: bool) -> None:
        """Take what is chosen in the list, then go on."""
        if self.list.is_open and not back:
            self.list.take()
        self.list.hide()
        super().enter(back=back)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click opens the list, as with any box to choose from."""
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self.open_all()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was begun and can only mean one word is taken; anything else stays as typed."""
        if self.list.is_open:
            self.list.hide()
            fitting = matching_codes(self._codes, self.text()) if self.text().strip() else []
            if len(fitting) == 1:
                self._take(fitting[0])
        super().focusOutEvent(event)


def matching_codes(codes: CodeList, typed: str) -> list[str]:
    """The codes whose word holds what was typed, or whose pinyin initials do; those that begin so first."""
    from fulian_desktop.domain.pinyin import initials

    key = search_key(typed).replace(" ", "")
    ranked: list[tuple[int, str]] = []
    other = {code for word, code in codes.aliases.items() if key and search_key(word).startswith(key)}
    for code in codes:
        words = [search_key(codes.label(code)).replace(" ", ""), *initials(codes.label(code))]
        if any(word.startswith(key) for word in words):
            ranked.append((0, code))
        elif any(key in word for word in words):
            ranked.append((1, code))
        elif code in other:
            ranked.append((2, code))
    return [code for _, code in sorted(ranked, key=lambda pair: pair[0])]


class TypedLines(QPlainTextEdit):
    """Several lines to type in; grows with what is typed."""

    entered = Signal()
    went_back = Signal()
    left = Signal()
    came = Signal()
    too_long = Signal()

    def __init__(self, theme: Theme, *, least: int = 2, most: int = 8) -> None:
        super().__init__()
        self._theme, self._least, self._most = theme, least, most
        set_role(self, "lines")
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.document().setDocumentMargin(theme.px(6))
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fit())
        self._fit()

    def _fit(self) -> None:
        """As high as its lines, between the least and the most; wrapped lines count."""
        lines = max(self._least, min(self._most, round(self.document().size().height())))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 2 * self._theme.px(8) + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width wraps the lines otherwise."""
        super().resizeEvent(event)
        self._fit()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Only text, and no more than a field takes."""
        text = source.text()
        if len(text) > MOST:
            self.too_long.emit()
            text = text[:MOST]
        self.insertPlainText(text)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Only text."""
        return source.hasText()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Shift+Enter goes back; Enter makes a line."""
        if event.key() in _ENTER and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.went_back.emit()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say so."""
        super().focusInEvent(event)
        self.came.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say so."""
        super().focusOutEvent(event)
        self.left.emit()
