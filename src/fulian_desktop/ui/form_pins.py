"""What is pinned in a form: kept for the next record of its kind, as long as the window is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.editors import Editor

_pins: WeakKeyDictionary[Desk, dict[str, Pins]] = WeakKeyDictionary()


class Pins:
    """The pins of one kind: cell → the entry that the next record begins with."""

    def __init__(self) -> None:
        self._entries: dict[str, Any] = {}

    def entries(self) -> dict[str, Any]:
        """What the next record begins with."""
        return dict(self._entries)

    def is_set(self, editor: Editor) -> bool:
        """Whether a cell is pinned."""
        return editor.cell.name in self._entries

    def set(self, editor: Editor, on: bool) -> None:
        """Pin what stands in an editor, or no longer."""
        if on:
            self._entries[editor.cell.name] = editor.value()
        else:
            self._entries.pop(editor.cell.name, None)

    def keep(self, editors: Mapping[str, Editor]) -> None:
        """A record is saved: what its pinned cells hold now is what the next one begins with."""
        for name in self._entries.keys() & editors.keys():
            self._entries[name] = editors[name].value()


def pins_of(desk: Desk, kind_code: str) -> Pins:
    """The pins of a kind in this window."""
    return _pins.setdefault(desk, {}).setdefault(kind_code, Pins())
