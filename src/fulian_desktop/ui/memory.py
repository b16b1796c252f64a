"""What the window remembers between two starts: where the records lie; nothing about people."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings

_FOLDER = "workspace/folder"


class Memory:
    """A small settings file of this user on this computer.

    Args:
        path: Where it lies; None: the system's place for settings.
    """

    def __init__(self, path: Path | None = None) -> None:
        if path is None:
            ini, user = QSettings.Format.IniFormat, QSettings.Scope.UserScope
            self._settings = QSettings(ini, user, "fulian-desktop", "window")
        else:
            self._settings = QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def folder(self) -> Path | None:
        """The workspace opened last, if any."""
        value = self._settings.value(_FOLDER)
        return Path(value) if isinstance(value, str) and value else None

    @folder.setter
    def folder(self, folder: Path) -> None:
        self._settings.setValue(_FOLDER, str(folder))
        self._settings.sync()
