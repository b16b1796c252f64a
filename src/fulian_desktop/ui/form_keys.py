"""The keys of a form that a line of text would take for itself, and the pictures on the clipboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from fulian_desktop.ui.editors import Editor
from fulian_desktop.ui.photo_strip import holds_pictures

_OF_THE_FORM = (QKeySequence("Ctrl+D"), QKeySequence("Ctrl+T"))
_PASTE = QKeySequence("Ctrl+V")


class FormKeys(QObject):
    """Lets Ctrl+D, Ctrl+T and the Ctrl+V of a picture through to the form, whatever one types in."""

    def watch(self, editor: Editor) -> None:
        """Let them through in this editor."""
        for target in editor.targets():
            target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A shortcut that nobody overrides is the form's."""
        if isinstance(event, QKeyEvent) and not watched.property("readOnly") and is_for_the_form(watched, event):
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def is_for_the_form(watched: QObject, event: QKeyEvent) -> bool:
    """Whether a key pressed in a line belongs to the form around it."""
    typed = QKeySequence(event.keyCombination())
    if event.type() == QEvent.Type.ShortcutOverride and typed in _OF_THE_FORM:
        return True
    is_paste = event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) and typed == _PASTE
    return is_paste and isinstance(watched, QLineEdit | QPlainTextEdit) and is_picture_copied()


def is_picture_copied() -> bool:
    """Whether the clipboard holds pictures rather than text."""
    mime = QGuiApplication.clipboard().mimeData()
    return holds_pictures(mime) and (mime.hasUrls() or not mime.hasText())
