"""The order in which one reads a page, found from its layouts: what Tab follows.

Qt chains widgets in the order in which they were made, and a page makes some anew while it is shown (tasks, rows of
filters). The order of the layouts is the order of reading whatever was made when, so Tab asks it each time.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGridLayout,
    QLayout,
    QScrollArea,
    QStackedWidget,
    QWidget,
)


def tab_stops(root: QWidget) -> list[QWidget]:
    """The widgets that Tab stops at, in reading order: those seen, enabled, and taking the focus by Tab."""
    return [
        w for w in _widgets(root)
        if w.isEnabled() and w.isVisibleTo(root) and w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.focusProxy() is None
    ]


def step(root: QWidget, *, forward: bool) -> bool:
    """Give the focus to the stop after (or before) the one that has it, round and round; False when there is none."""
    stops = tab_stops(root)
    if not stops:
        return False
    at: QWidget | None = QApplication.focusWidget()
    while at is not None and at not in stops:
        at = at.parentWidget()
    here = stops.index(at) if at is not None else (-1 if forward else 0)
    there = stops[(here + (1 if forward else -1)) % len(stops)]
    there.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    show_in_scrolled(there)
    return True


def show_in_scrolled(widget: QWidget) -> None:
    """Scroll every area around a widget until the widget is seen."""
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget)
        around = around.parentWidget()


def _widgets(root: QWidget) -> Iterator[QWidget]:
    """A widget, then what it holds in the order of its layout; what stands in no layout comes last, as it was made."""
    yield root
    if isinstance(root, (QComboBox, QAbstractSpinBox)):
        return  # one stop, whatever it is made of
    if isinstance(root, (QScrollArea, QStackedWidget)):
        inside = root.widget() if isinstance(root, QScrollArea) else root.currentWidget()
        held = [inside] if inside is not None else []
    else:
        layout = root.layout()
        held = list(_laid_out(layout)) if layout is not None else []
        known = set(held)
        held += [w for w in root.children() if isinstance(w, QWidget) and not w.isWindow() and w not in known]
    for widget in held:
        yield from _widgets(widget)


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    """The widgets of a layout and of the layouts in it, in its order.

    Layouts are asked where something stands, never for their items: PySide keeps a wrapper of every item that was asked
    for, an item that Qt deletes leaves its wrapper behind, and a layout made later at the same address is then taken for it.
    """
    parent = layout.parentWidget()
    if parent is None:
        return
    parts = [child for child in parent.children() if isinstance(child, QWidget)]
    parts += [child for child in layout.children() if isinstance(child, QLayout)]  # type: ignore[misc]
    placed = [(layout.indexOf(part), part) for part in parts]
    order = sorted((at for at in placed if at[0] >= 0), key=lambda at: _place(layout, at[0]))
    for _, part in order:
        if isinstance(part, QLayout):
            yield from _laid_out(part)
        else:
            yield part


def _place(layout: QLayout, index: int) -> tuple[int, int]:
    """Row and column; in a box its index says it."""
    if isinstance(layout, QGridLayout):
        at: tuple[int, ...] = layout.getItemPosition(index)  # type: ignore[assignment]
        return at[0], at[1]
    return index, 0
