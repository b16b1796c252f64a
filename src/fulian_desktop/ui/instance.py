"""One window a workspace: a second start brings the first window forward and ends (FAULTS 17).

Rules:

* The lock is a file in the workspace's folder, so it also holds against another user and a shared folder. A lock whose
  process died is taken over by itself; time alone never breaks one.
* The first window listens on a local socket named after the folder; a connection means: come forward.
* Where no lock can be written (a folder that is only read) opening goes on and says by itself what is wrong.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

LOCK = "window.lock"
ANSWER_MS = 1_000


class Instance(QObject):
    """The claim of this process on one workspace folder at a time."""

    summoned = Signal()
    """Another start asked for this window."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder: Path | None = None
        self._lock: QLockFile | None = None
        self._server: QLocalServer | None = None

    def claim(self, folder: Path) -> bool:
        """Take a folder for this process; False when another process has it. An earlier claim is given up."""
        folder = folder.resolve()
        if folder == self._folder and self._lock is not None and self._lock.isLocked():
            return True
        lock = QLockFile(str(folder / LOCK))
        lock.setStaleLockTime(0)
        if folder.is_dir() and not lock.tryLock(0) and lock.error() == QLockFile.LockError.LockFailedError:
            return False
        self.release()
        self._folder, self._lock = folder, lock
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greeted)
        name = _name(folder)
        QLocalServer.removeServer(name)  # left by a process that died; the lock says that nobody listens there
        self._server.listen(name)
        return True

    def release(self) -> None:
        """Give the folder up."""
        if self._server is not None:
            self._server.close()
            self._server.deleteLater()
            self._server = None
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None
        self._folder = None

    def _greeted(self) -> None:
        while self._server is not None and (visitor := self._server.nextPendingConnection()) is not None:
            visitor.disconnected.connect(visitor.deleteLater)
            visitor.disconnectFromServer()
            self.summoned.emit()


def summon(folder: Path) -> bool:
    """Ask the window that has a folder to come forward; whether it answered."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)  # else Windows only lets the task bar blink
    socket = QLocalSocket()
    socket.connectToServer(_name(folder.resolve()))
    answered = socket.waitForConnected(ANSWER_MS)
    socket.abort()
    return answered


def _name(folder: Path) -> str:
    return "fulian-desktop-" + hashlib.sha256(str(folder).encode("utf-8")).hexdigest()[:24]
