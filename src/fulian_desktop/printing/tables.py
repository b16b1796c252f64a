"""Tables that flow: rosters, reports, the list of a public notice (PAPER §6).

Rules: the head repeats on every page; a row is not broken unless it is taller than a page; cells wrap, names
are fitted and never cut; the last rule is drawn where the table ends on each page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fulian_desktop.printing.fonts import stack_for
from fulian_desktop.printing.layout import Block, Page, Zone, flow, value_of
from fulian_desktop.printing.palette import Style
from fulian_desktop.printing.pdf import MM
from fulian_desktop.printing.typeset import (
    EM,
    Fitted,
    Line,
    break_lines,
    fit_name,
    fit_text,
    set_line,
    wrap_fitted,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fulian_desktop.printing.paint import Pen

PAD = 2.5  # mm left and right of a cell's text
LITTLE = 0.85  # a centred cell a little too long for one line is condensed so far rather than broken
ROW_PAD = 2.5  # mm above and below the text of a row together


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        head: Its words.
        weight: Its share of the table's width.
        align: left, center or right.
        kind: ``cell``, ``name`` (a person's: bold, opened, never broken) or ``id`` (figures and asterisks).
    """

    head: str
    weight: float = 1.0
    align: str = "center"
    kind: str = "cell"


@dataclass(slots=True)
class _Set:
    """A cell set into its column: lines of text, or a fitted name."""

    lines: list[Line]
    fitted: Fitted | None
    style: Style
    font: str


@flow("table")
def flow_table(pen: Pen, zone: Zone, page: Page, tighten: float) -> list[Block]:
    """Make blocks of a table's head and rows; the value is ``(columns, rows)``.

    Option ``total``: the last row is a sum. ``grouped``: what stands in the first column holds for the rows below it too, and
    only the last of them is ruled off across the whole table.
    """
    columns, rows = value_of(zone, page.values)
    setter = _TableSetter(zone, page, columns, tighten)
    head = setter.head()
    body_height = page.layout.later[3] - head.height
    blocks = [head]
    last = len(rows) - 1 if zone.options.get("total") else -1
    grouped = zone.options.get("grouped", False)
    for number, row in enumerate(rows):
        goes_on = grouped and number + 1 < len(rows) and not rows[number + 1][0]
        blocks += setter.row(row, head, body_height, total=number == last, goes_on=goes_on)
    if len(blocks) == 1:
        head.keep_next = False
    return blocks


class _TableSetter:
    def __init__(self, zone: Zone, page: Page, columns: Sequence[Column], tighten: float) -> None:
        self.columns = columns
        self.x, _, self.width, _ = zone.box
        total = sum(column.weight for column in columns)
        self.edges = [self.x]
        for column in columns:
            self.edges.append(self.edges[-1] + self.width * column.weight / total)
        self.ruled = zone.options.get("ruled", True)
        self.head_height = zone.options.get("head", 9.0)
        self.least = zone.options.get("row", 9.4) * tighten
        self.pad = zone.options.get("row_pad", ROW_PAD) * tighten
        self.side: float = zone.options.get("pad", PAD)
        styles = {kind: page.layout.style(f"table.{kind}") for kind in ("head", "cell", "name", "id", "total")}
        sizes = zone.options.get("sizes", {})
        self.styles = {kind: style.scaled(sizes[kind] / style.size) if kind in sizes else style for kind, style in styles.items()}

    def head(self) -> Block:
        style = self.styles["head"]
        cells = []
        for number, column in enumerate(self.columns):
            stack = stack_for(style.font, column.head)
            room = max(self.edges[number + 1] - self.edges[number] - 2.0, 3.0) * MM
            fitted = wrap_fitted(column.head, stack, style.size, room, 4)
            cells.append(_Set(fitted.lines, fitted, style, stack.name))
        tallest = max(len(cell.lines) for cell in cells)
        height = max(self.head_height, tallest * style.size * 1.3 / MM + 3.0)

        def draw(pen: Pen, y: float) -> None:
            pen.panel(self.x, y, self.width, height, "tint")
            pen.rule(self.x, self.x + self.width, y, "ink", 1.3)
            self._cells(pen, cells, y, height, True)
            pen.rule(self.x, self.x + self.width, y + height, "ink", 0.7)

        return Block(height, draw, keep_next=True, row=False, close=self._close)

    def row(
        self, row: Sequence[str], head: Block, body_height: float, *, total: bool = False, goes_on: bool = False
    ) -> list[Block]:
        """Make a row's block; several when it is taller than a page's body.

        A ``total`` is bold, on a tint. Where its group ``goes_on`` the rule leaves the first column free.
        """
        cells = [self._set(number, text, total=total) for number, text in enumerate(row)]
        pitch = self.styles["cell"].pitch / MM
        most = max(1, int((body_height - self.pad) / pitch))
        tallest = max(len(cell.lines) for cell in cells)
        blocks = []
        for start in range(0, tallest, most):
            part = [
                _Set(
                    cell.lines[start : start + most],
                    cell.fitted if start == 0 else None,
                    cell.style,
                    cell.font,
                )
                for cell in cells
            ]
            lines = max(len(cell.lines) for cell in part)
            height = max(self.least, lines * pitch + self.pad)
            blocks.append(self._row_block(part, height, head, total=total, goes_on=goes_on))
        return blocks

    def _row_block(self, cells: list[_Set], height: float, head: Block, *, total: bool, goes_on: bool) -> Block:
        left = self.edges[1] if goes_on else self.x

        def draw(pen: Pen, y: float) -> None:
            if total:
                pen.panel(self.x, y, self.width, height, "tint")
            self._cells(pen, cells, y, height, False)
            pen.rule(left, self.x + self.width, y + height, "hair", 0.5)

        return Block(height, draw, repeat=(head,), close=self._close)

    def _close(self, pen: Pen, y: float) -> None:
        pen.rule(self.x, self.x + self.width, y, "ink", 1.3)

    def _room(self, number: int) -> float:
        return max(self.edges[number + 1] - self.edges[number] - 2 * self.side, 3.0)

    def _set(self, number: int, text: str, *, total: bool) -> _Set:
        column = self.columns[number]
        style = self.styles["total" if total else column.kind]
        stack = stack_for(style.font, text)
        room = self._room(number) * MM
        if column.kind == "name" and text:
            fitted = fit_name(text, stack, style.size, room + PAD * MM)
            return _Set([Line("")] * len(fitted.lines), fitted, style, stack.name)
        if column.align != "left":
            line = set_line(text, stack)
            if room < line.width * style.size / EM <= room / LITTLE:
                fitted = fit_text(text, stack, style.size, room)
                return _Set([Line("")], fitted, style, stack.name)
        measure = room / style.size * EM
        lines = break_lines(text, stack, measure, justify=column.align == "left")
        return _Set(lines, None, style, stack.name)

    def _cells(self, pen: Pen, cells: list[_Set], y: float, height: float, head: bool) -> None:
        for number, cell in enumerate(cells):
            left, right = self.edges[number], self.edges[number + 1]
            align = "center" if head else self.columns[number].align
            self._cell(pen, cell, (left, right), y + height / 2, align)
            if self.ruled and number:
                pen.path(((left, y), (left, y + height)), "hair", 0.5)

    def _cell(self, pen: Pen, cell: _Set, edges: tuple[float, float], cy: float, align: str) -> None:
        left, right = edges
        at = {"left": left + self.side, "center": (left + right) / 2, "right": right - self.side}[align]
        if cell.fitted is not None:
            text = "".join(line.text for line in cell.fitted.lines)
            pen.fitted(at, cy, cell.fitted, stack_for(cell.font, text), cell.style.colour, align=align)
            return
        pitch = (cell.style.pitch or cell.style.size * 1.3) / MM
        top = cy - pitch * (len(cell.lines) - 1) / 2
        for number, line in enumerate(cell.lines):
            width = line.width * cell.style.size / EM / MM
            start = at - {"left": 0.0, "center": width / 2, "right": width}[align]
            stack = stack_for(cell.font, line.text)
            pen.line(start, top + number * pitch, line, stack, cell.style.size, cell.style.colour)


@flow("notes")
def flow_notes(pen: Pen, zone: Zone, page: Page, tighten: float) -> list[Block]:
    """Make blocks of small notes under a table, one a line or more, without indent."""
    style = page.layout.style(zone.style)
    x, _, width, _ = zone.box
    pitch = style.pitch / MM
    blocks = []
    for text in value_of(zone, page.values):
        stack = stack_for(style.font, text)
        for line in break_lines(text, stack, width * MM / style.size * EM):

            def draw(pen: Pen, y: float, line: Line = line, font: str = stack.name) -> None:
                pen.line(x, y + pitch / 2, line, stack_for(font, line.text), style.size, style.colour)

            blocks.append(Block(pitch, draw, row=False))
    if blocks:
        blocks[0].gap = zone.options.get("before", 1.4)
        blocks[-1].height += zone.options.get("after", 0.0)
    return blocks


@flow("signatures")
def flow_signatures(pen: Pen, zone: Zone, page: Page, tighten: float) -> list[Block]:
    """Make the block of lines to sign on, with words at the right; the value is ``(labels, words)``."""
    labels, words = value_of(zone, page.values)
    if not labels and not words:
        return []
    style = page.layout.style(zone.style)
    x, _, width, _ = zone.box

    def draw(pen: Pen, y: float) -> None:
        cy = y + 8.0
        room = width / (len(labels) + (1 if words else 0))
        for number, label in enumerate(labels):
            at = x + room * number
            used = pen.text(at, cy, f"{label}：", style, room=room * 0.5)
            pen.rule(at + used + 2, at + min(used + 37, room - 6), cy + 2.2, "small", 0.5)
        if words:
            pen.text(x + width, cy, words, style, align="right", room=room)

    return [Block(12.0, draw, row=False)]
