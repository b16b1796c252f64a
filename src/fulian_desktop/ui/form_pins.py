"""What is pinned in a form: kept for the next record of its kind, as long as the window is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from fulian_desktop.domain.forms import copied_cells
from fulian_desktop.domain.kind import Kind
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.editors import Editor
from fulian_desktop.ui.lines import TypedLine

_pins: WeakKeyDictionary[Desk, dict[str, Pins]] = WeakKeyDictionary()


class Pins:
    """The pins of one kind: cell → the entry that the next record begins with.

    Attributes:
        unit: For which unit the next record is, "" for the own.
    """

    def __init__(self) -> None:
        self.unit = ""
        self._entries: dict[str, Any] = {}

    def entries(self) -> dict[str, Any]:
        """What the next record begins with."""
        return dict(self._entries)

    def offer(self, editor: Editor, kind: Kind) -> None:
        """Give an editor of a new record its pin, where the cell is one that the next record may share."""
        if isinstance(editor.edit, TypedLine) and not editor.locked and editor.cell.name in copied_cells(kind):
            pin = editor.edit.add_pin(f"下一{kind.measure_word}沿用")
            pin.setChecked(editor.cell.name in self._entries)
            pin.toggled.connect(lambda on: self._set(editor, on))

    def _set(self, editor: Editor, on: bool) -> None:
        if on:
            self._entries[editor.cell.name] = editor.value()
        else:
            self._entries.pop(editor.cell.name, None)

    def keep(self, editors: Mapping[str, Editor]) -> None:
        """A record is saved: what its pinned cells hold now is what the next one begins with."""
        for name in self._entries.keys() & editors.keys():
            self._entries[name] = editors[name].value()


def toggle_pin(editor: Editor) -> None:
    """Set or lift the pin of an editor that has one."""
    if isinstance(editor.edit, TypedLine) and editor.edit.pin is not None:
        editor.edit.pin.toggle()


def pins_of(desk: Desk, kind_code: str) -> Pins:
    """The pins of a kind in this window."""
    return _pins.setdefault(desk, {}).setdefault(kind_code, Pins())
