"""What must hold of every page: names for screen readers, tabbing as one reads, words in Chinese, nothing cut or off the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

INPUTS = (QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractButton, QAbstractItemView, QAbstractSpinBox)
KNOWN_WORDS = {
    "excel", "word", "wps", "pdf", "ctrl", "shift", "alt", "esc", "del", "tab", "home", "end", "pgup", "pgdn", "xlsx",
    "flpkg", "flbak",
}
ROW = 8
"""Two widgets whose tops differ by less stand in one row."""


def shown(root: QWidget) -> Iterator[QWidget]:
    """All visible widgets below, the root too."""
    for widget in (root, *root.findChildren(QWidget)):
        if widget.isVisibleTo(root.window()):
            yield widget


def inputs(root: QWidget) -> list[QWidget]:
    """Visible widgets that take the focus by Tab and that a person works with."""
    found = [w for w in shown(root) if isinstance(w, INPUTS) and w.isEnabled() and w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    return [w for w in found if not isinstance(w.parentWidget(), (QComboBox, QAbstractSpinBox))]


def without_a_name(root: QWidget) -> list[str]:
    """Inputs that a screen reader could not name."""
    def named(widget: QWidget) -> bool:
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        return bool((widget.accessibleName() or text).strip())

    return [f"{type(w).__name__} {w.objectName()} in {type(w.parentWidget()).__name__}" for w in inputs(root) if not named(w)]


def tab_walk(root: QWidget, most: int = 300) -> list[QWidget]:
    """The widgets in the order in which the Tab key reaches them, once round."""
    all_of_them = inputs(root)
    if not all_of_them:
        return []
    all_of_them[0].setFocus(Qt.FocusReason.TabFocusReason)
    walked: list[QWidget] = []
    for _ in range(most):
        at = QApplication.focusWidget()
        if at is None or at in walked:
            break
        walked.append(at)
        # as the key does it: the widget that has the focus asks those around it
        if isinstance(at, QAbstractItemView):
            at.setTabKeyNavigation(False)
        QTest.keyClick(at, Qt.Key.Key_Tab)
    return [w for w in walked if w in all_of_them]


def backwards(root: QWidget) -> list[str]:
    """Steps of Tab that go up and not to the right: out of the order in which one reads."""
    def place(widget: QWidget) -> tuple[int, int, int]:
        at = widget.mapTo(root.window(), QPoint(0, 0))
        return at.x(), at.y(), at.y() + widget.height()

    walked = tab_walk(root)
    first = min(range(len(walked)), key=lambda i: (place(walked[i])[1] // ROW, place(walked[i])[0]), default=0)
    order = walked[first:] + walked[:first]
    wrong = []
    for before, after in pairwise(order):
        (x, y, _), (next_x, _, bottom) = place(before), place(after)
        if bottom <= y - ROW and next_x <= x:
            wrong.append(f"{_called(before)} → {_called(after)}")
    return wrong


def foreign(root: QWidget) -> list[str]:
    """Visible words in Latin letters that are no names of keys or files."""
    found = []
    for widget in shown(root):
        text = widget.text() if isinstance(widget, (QLabel, QAbstractButton)) else ""
        if isinstance(widget, QLineEdit):
            text = widget.placeholderText()
        if is_foreign(text):
            found.append(text)
    return found


def is_foreign(text: str) -> bool:
    """Whether a text has a word in Latin letters that is no name of a key or a file, nor part of a path or an example."""
    words = [word for word in re.findall("[A-Za-z]{3,}", text) if word.lower() not in KNOWN_WORDS]
    return bool(words) and "如 " not in text and "/" not in text and "\\" not in text and "_" not in text


def marked_up(root: QWidget) -> list[str]:
    """Labels that would read a person's text as markup."""
    return [w.text() for w in shown(root) if isinstance(w, QLabel) and w.textFormat() != Qt.TextFormat.PlainText and w.text()]


def cut(root: QWidget) -> list[str]:
    """Labels whose words do not fit where they stand, and that do not say so by a tooltip."""
    found = []
    for widget in shown(root):
        if isinstance(widget, QLabel) and widget.text() and not widget.toolTip() and widget.pixmap().isNull():
            if widget.wordWrap():
                if widget.heightForWidth(widget.width()) > widget.height() + 2:
                    found.append(widget.text())
            elif widget.fontMetrics().horizontalAdvance(widget.text()) > widget.width() + 2 and "\n" not in widget.text():
                found.append(widget.text())
    return found


def settle() -> None:
    """Let layouts and paints happen."""
    for _ in range(3):
        QApplication.processEvents()


def _called(widget: QWidget) -> str:
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "") or type(widget).__name__
