"""Columns on paper as wide as what stands in them, numbers at the right; where there is no room the widest texts wrap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fulian_desktop.printing.tables import Column

_MEASURED = 400
"""So many rows tell how wide a column is."""

_NARROWEST, _WIDEST, _SHORT, _ROOM = 4.0, 40.0, 12.0, 3.6
"""Half-width characters: between which a column's width lies, up to which a text stands in the middle, room of a cell's sides."""

LANDSCAPE, PORTRAIT = 138.0, 91.0
"""How many of them a page is wide."""

_DENSE_ROOM, _DENSE = 1.8, 1.1
"""Of a dense table: room of a cell's sides, and how many more fit on a page."""


def columns_for(
    heads: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]], room: float, *, dense: bool = False,
) -> tuple[Column, ...]:
    """The columns of a table.

    Args:
        heads: Each column's words and how it is shown: ``text`` or a sort of number.
        rows: What stands in it.
        room: :data:`LANDSCAPE` or :data:`PORTRAIT`.
        dense: Whether it is printed densely, its first column holding for the rows below too.
    """
    from fulian_desktop.printing.tables import Column
    from fulian_desktop.sheets.book import display_width

    side = _DENSE_ROOM if dense else _ROOM
    room *= _DENSE if dense else 1
    aligns, widths = [], []
    for i, (head, how) in enumerate(heads):
        shown = sorted(display_width(row[i]) for row in rows[:_MEASURED]) or [0]
        usual = shown[int(len(shown) * 0.9)] if how == "text" else shown[-1]
        widths.append(min(max(usual, min(display_width(head), 8), _NARROWEST), _WIDEST) + side)
        aligns.append("right" if how != "text" else "center" if shown[-1] <= _SHORT else "left")
    cap = _cap([w for w, a in zip(widths, aligns, strict=True) if a != "right"],
               room - sum(w for w, a in zip(widths, aligns, strict=True) if a == "right"))
    widths = [w if a == "right" else min(w, cap) for w, a in zip(widths, aligns, strict=True)]
    words = (head.replace("\n", " ") for head, _ in heads)
    kinds = ["total" if dense and i == 0 else "cell" for i in range(len(widths))]
    return tuple(Column(head, width, align, kind) for head, width, align, kind in zip(words, widths, aligns, kinds, strict=True))


def _cap(widths: Sequence[float], room: float) -> float:
    """Up to which width columns are cut, the widest first, so that all of them have room."""
    narrow = sorted(widths)
    for number, width in enumerate(narrow):
        left = len(narrow) - number
        if width * left >= room:
            return max(room / left, _SHORT)
        room -= width
    return narrow[-1] if narrow else _WIDEST
