"""What is typed while one form gives way to the next: kept, and given to the next one. Nobody waits for a form to appear."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication

_TYPED = {QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.InputMethod}


class TypeAhead(QObject):
    """Holds back what is typed from :meth:`begin` to :meth:`end`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._held: list[QEvent] = []
        self._holding = False

    def begin(self) -> None:
        """From now on what is typed waits."""
        app = QCoreApplication.instance()
        if not self._holding and app is not None:
            self._holding = True
            app.installEventFilter(self)

    def end(self) -> None:
        """Give what was typed to whatever has the focus now."""
        held, self._held = self._held, []
        self._stop()
        for event in held:
            target = QApplication.focusWidget()
            if target is not None:
                QCoreApplication.sendEvent(target, event)

    def drop(self) -> None:
        """There is no next form: what was typed had no place to go."""
        self._held = []
        self._stop()

    def _stop(self) -> None:
        app = QCoreApplication.instance()
        if self._holding and app is not None:
            self._holding = False
            app.removeEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Keep keys and input methods' events; all else goes its way."""
        if event.type() not in _TYPED:
            return False
        self._held.append(event.clone())
        return True
