"""Notices when nobody types or moves the mouse: after a short while there is time to tidy, after a long one to lock.

Rules:

* Keys, mouse, wheel and touch anywhere in the program count, dialogs included; nothing else does.
* Tidying goes on in short pieces until nothing is left, and begins anew only after somebody was there again.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

REST_SECONDS = 20
_LOOK_EVERY_MS = 1_000
_SIGNS = frozenset({
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel, QEvent.Type.TouchBegin,
    QEvent.Type.InputMethod,
})


class IdleWatch(QObject):
    """Counts the seconds since the last sign of a person.

    Args:
        minutes: Gives after how many minutes to lock.
        clock: Gives seconds that only grow.
    """

    rested = Signal()
    """Nobody is there and there is something left to tidy; emitted once a second until :meth:`all_tidy`."""

    expired = Signal()
    """Nobody was there for the minutes chosen."""

    def __init__(
        self, minutes: Callable[[], int], parent: QObject | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._minutes, self._clock = minutes, clock
        self._last = clock()
        self._tidy = False
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Begin to watch."""
        self._last = self._clock()
        app = QCoreApplication.instance()
        if app is not None:
            app.installEventFilter(self)
        self._timer.start()

    def stop(self) -> None:
        """Watch no more."""
        self._timer.stop()
        app = QCoreApplication.instance()
        if app is not None:
            app.removeEventFilter(self)

    def all_tidy(self) -> None:
        """Nothing is left to tidy until somebody works again."""
        self._tidy = True

    def look(self) -> None:
        """Compare the clock with the last sign."""
        idle = self._clock() - self._last
        if idle >= self._minutes() * 60:
            self._last = self._clock()  # once, not every second from now on
            self.expired.emit()
        elif idle >= REST_SECONDS and not self._tidy:
            self.rested.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Note signs of a person; none is ever taken away."""
        if event.type() in _SIGNS:
            self._last = self._clock()
            self._tidy = False
        return False
