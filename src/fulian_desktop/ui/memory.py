"""What the window remembers between two starts: where the records lie and how a person likes it; nothing about people.

Rules:

* Every value has a name (``display/scale``), a type and what holds until somebody chose: :meth:`Memory.get`.
* A value that cannot be read as its type (a file mended by hand) counts as not chosen.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QSettings

V = TypeVar("V", str, int, float, bool)

_FOLDER = "workspace/folder"
_SCALE = "display/scale"
_LOOK = "display/look"
_IDLE = "lock/idle-minutes"

SMALLEST_SCALE, LARGEST_SCALE = 1.0, 1.75
IDLE_MINUTES = 15
MOST_IDLE_MINUTES = 240


class Look(StrEnum):
    """Which colours the window takes."""

    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"


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

    def get(self, name: str, usual: V) -> V:
        """Return what was kept under a name, as the type of ``usual``, which holds until somebody chose."""
        kept = self._settings.value(name)
        if kept is None:
            return usual
        text = str(kept)
        try:
            return type(usual)(text == str(True)) if isinstance(usual, bool) else type(usual)(text)
        except ValueError:
            return usual

    def set(self, name: str, value: str | int | float | bool) -> None:
        """Keep a value under a name, at once."""
        self._settings.setValue(name, str(value))
        self._settings.sync()

    @property
    def folder(self) -> Path | None:
        """The workspace opened last, if any."""
        kept = self.get(_FOLDER, "")
        return Path(kept) if kept else None

    @folder.setter
    def folder(self, folder: Path) -> None:
        self.set(_FOLDER, str(folder))

    @property
    def scale(self) -> float:
        """How large everything is drawn, 1.0 to 1.75."""
        return min(max(self.get(_SCALE, SMALLEST_SCALE), SMALLEST_SCALE), LARGEST_SCALE)

    @scale.setter
    def scale(self, scale: float) -> None:
        self.set(_SCALE, scale)

    @property
    def look(self) -> Look:
        """Light, dark, or as the system has it."""
        kept = self.get(_LOOK, Look.LIGHT.value)
        return Look(kept) if kept in set(Look) else Look.LIGHT

    @look.setter
    def look(self, look: Look) -> None:
        self.set(_LOOK, look.value)

    @property
    def idle_minutes(self) -> int:
        """After how many minutes without a key or the mouse the window locks, 1 to 240."""
        return min(max(self.get(_IDLE, IDLE_MINUTES), 1), MOST_IDLE_MINUTES)

    @idle_minutes.setter
    def idle_minutes(self, minutes: int) -> None:
        self.set(_IDLE, minutes)
