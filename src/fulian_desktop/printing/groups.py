"""The honor roll's groups: names in columns under heads, in four densities (PAPER §5 to §7).

Rules:

* How closely they are set is a density (``densities``).
* Order is the caller's: title, level, unit. Nothing is sorted here.
* Units stand below names, or as a side label; where all families are of one unit it is not said at all.
* A name longer than its cell uses a free cell on its right first.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from fulian_desktop.printing.densities import DENSITIES, Density
from fulian_desktop.printing.fonts import stack_for
from fulian_desktop.printing.layout import Block, Page, Zone, flow, value_of
from fulian_desktop.printing.ornaments import lozenge, ribbon
from fulian_desktop.printing.paint import LEADING
from fulian_desktop.printing.palette import STYLES, Style
from fulian_desktop.printing.pdf import MM
from fulian_desktop.printing.typeset import Fitted, fit_name, fit_text, name_width, wrap_fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fulian_desktop.printing.fonts import Stack
    from fulian_desktop.printing.paint import Pen


@dataclass(frozen=True, slots=True)
class HonorRollEntry:
    """One family: its name as called, the unit that is said beside it, the level's label and the title."""

    name: str
    unit: str = ""
    level: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class HonorRollGroup:
    """Families under one head (县级最美家庭), in the order in which they are printed."""

    head: str
    entries: tuple[HonorRollEntry, ...]


def grouped(entries: Sequence[HonorRollEntry]) -> tuple[HonorRollGroup, ...]:
    """Part entries, already in their final order, into groups by title and level.

    A group's head is its level and title as labelled: 县级 + 最美家庭.
    """
    parts = groupby(entries, key=lambda entry: (entry.title, entry.level))
    return tuple(HonorRollGroup(f"{level}{title}", tuple(group)) for (title, level), group in parts)


LABEL_LINES = 4  # of a side label at most


@dataclass(frozen=True, slots=True)
class _Cell:
    """A name placed by its left edge or centre (``x`` in mm, by ``align``), and the unit to stand below it."""

    x: float
    name: Fitted
    stack: Stack
    align: str
    unit: Fitted | None


def _extra_lines(fitted: Fitted) -> float:
    """Return the height of all lines but the first, mm."""
    return (len(fitted.lines) - 1) * fitted.size * LEADING / MM


@flow("groups")
def flow_groups(pen: Pen, zone: Zone, page: Page, tighten: float) -> list[Block]:
    """Make blocks of heads and rows at the density that the values name."""
    density = DENSITIES[page.values["density"]]
    groups = value_of(zone, page.values)
    units = {entry.unit for group in groups for entry in group.entries}
    setter = _Setter(zone, density, len(units) > 1, page.values["counter"], tighten)
    setter.columns = _columns(density, groups, zone.box[2])
    blocks: list[Block] = []
    for number, group in enumerate(groups):
        made = setter.group(group)
        made[0].spread = number > 0 or density.head == "ribbon"
        made[0].gap = density.gap if number else 0.0
        blocks += made
    return blocks


def _columns(density: Density, groups: Sequence[HonorRollGroup], width: float) -> int:
    """Choose two or three columns for centred rows, so that they are even and names fit."""
    if not density.centred:
        return density.columns
    widest = 0.0
    for group in groups:
        for entry in group.entries:
            stack = stack_for("song-700", entry.name)
            natural = name_width(entry.name, stack, density.size) / MM
            if len(entry.name) <= 4:
                widest = max(widest, natural)
    most = max(len(group.entries) for group in groups)
    long_names = any(len(entry.name) > 4 for group in groups for entry in group.entries)
    if most in (2, 4) or (long_names and not density.condensed) or widest > width / 3 - 4:
        return 2
    return min(3, most)


class _Setter:
    """Sets the groups of one roll at one density."""

    def __init__(self, zone: Zone, density: Density, say_units: bool, counter: str, tighten: float) -> None:
        self.x, _, self.width, _ = zone.box
        self.density = density
        self.counter = counter
        self.columns = density.columns
        self.below = say_units and density.unit == "below"
        self.side = say_units and density.unit == "side"
        pitch = density.pitch if self.below or density.unit == "side" else density.plain_pitch
        self.pitch = pitch * tighten
        self.left = self.x + (density.side if self.side else 0.0)
        self.names_width = self.width - (density.side if self.side else 0.0)

    def group(self, group: HonorRollGroup) -> list[Block]:
        """Make the blocks of one group: its head, then its rows."""
        head = self._head(group.head, len(group.entries))
        again = self._head(f"{group.head}（续）", None)
        blocks = [head]
        if self.side:
            for number, (unit, entries) in enumerate(groupby(group.entries, key=lambda entry: entry.unit)):
                blocks += self._unit_rows(unit, list(entries), again, number == 0)
        else:
            for row in self._rows(group.entries):
                blocks.append(self._row(row, again))
        return blocks

    def _head(self, text: str, count: int | None) -> Block:
        density = self.density
        if density.head == "ribbon":
            style = STYLES["group.ribbon"]
            fitted = fit_text(text, stack_for(style.font, text), style.size, 110 * MM, tracking=style.tracking)
            width = max(46.0, fitted.width / MM + 14)
            middle = self.x + self.width / 2

            def draw_ribbon(pen: Pen, y: float) -> None:
                ribbon(pen, middle, y + 4.8, width)
                pen.fitted(middle, y + 4.8, fitted, stack_for(style.font, text), style.colour, align="center")

            return Block(density.head_height, draw_ribbon, keep_next=True, row=False)

        def draw(pen: Pen, y: float) -> None:
            cy = y + 2.9
            right = self.x + self.width
            lozenge(pen, self.x + 1.6, cy, 1.6, "red")
            if count is not None:
                words = f"{count} {self.counter}"
                right -= pen.text(right, cy + 0.1, words, STYLES["count"], align="right", room=40) + 4.0
            used = pen.text(self.x + 5.4, cy, text, STYLES["group"], room=right - self.x - 20)
            pen.rule(self.x + 5.4 + used + 4.0, right, cy, "gold", 0.6)

        return Block(density.head_height, draw, keep_next=True, row=False)

    def _rows(self, entries: Sequence[HonorRollEntry]) -> list[list[HonorRollEntry]]:
        """Cut entries into rows; in the large density a name wider than its cell has a row to itself."""
        if self.density.condensed:
            return [list(entries[at : at + self.columns]) for at in range(0, len(entries), self.columns)]
        rows: list[list[HonorRollEntry]] = []
        cell = self._column()
        open_row = False
        for entry in entries:
            stack = stack_for("song-700", entry.name)
            wide = name_width(entry.name, stack, self.density.size) / MM > cell - 4
            if wide or not open_row or len(rows[-1]) == self.columns:
                rows.append([])
            rows[-1].append(entry)
            open_row = not wide
        return rows

    def _row(self, entries: Sequence[HonorRollEntry], again: Block) -> Block:
        density = self.density
        cells = self._centred(entries) if density.centred else self._cells(entries)
        top = 0.5 * density.size / MM + (1.4 if self.below else (self.pitch - density.size / MM) / 2)
        higher = self._higher(cells)
        under = max((_extra_lines(cell.unit) for cell in cells if cell.unit is not None), default=0.0)

        def draw(pen: Pen, y: float) -> None:
            for cell in cells:
                self._draw_cell(pen, cell, y + top + higher / 2, higher / 2)

        return Block(self.pitch + higher + under, draw, repeat=(again,))

    def _higher(self, cells: Sequence[_Cell]) -> float:
        """Return by how much names in two lines make a row higher, mm."""
        size = self.density.size
        return max(max(0.0, (len(cell.name.lines) * cell.name.size - size) * LEADING / MM) for cell in cells)

    def _draw_cell(self, pen: Pen, cell: _Cell, cy: float, lower: float) -> None:
        pen.fitted(cell.x, cy, cell.name, cell.stack, "ink", align=cell.align)
        if cell.unit is None:
            return
        middle = cell.x if cell.align == "center" else cell.x + cell.name.width / MM / 2
        lower += self.density.unit_drop * self.pitch / self.density.pitch + _extra_lines(cell.unit) / 2
        style = STYLES["unit"]
        stack = stack_for(style.font, "".join(line.text for line in cell.unit.lines))
        pen.fitted(middle, cy + lower, cell.unit, stack, style.colour, align="center")

    def _cell(self, entry: HonorRollEntry, x: float, room: float, align: str) -> _Cell:
        """Fit a name and the unit below it; ``room`` in mm."""
        stack = stack_for("song-700", entry.name)
        fitted = fit_name(entry.name, stack, self.density.size, room * MM)
        unit = None
        if self.below and entry.unit:
            unit_stack = stack_for(STYLES["unit"].font, entry.unit)
            width = self.names_width / self.columns - 2
            unit = wrap_fitted(entry.unit, unit_stack, self.density.unit_size, width * MM, 2)
        return _Cell(x, fitted, stack, align, unit)

    def _cells(self, entries: Sequence[HonorRollEntry]) -> list[_Cell]:
        """Place a row of names in fixed columns, a long last one into free cells on its right."""
        size = self.density.size
        column = self.names_width / self.columns
        cells = []
        for number, entry in enumerate(entries):
            middle = self.left + column * (number + 0.5)
            natural = name_width(entry.name, stack_for("song-700", entry.name), size) / MM
            free = (self.columns - len(entries)) * column if number == len(entries) - 1 else 0.0
            if natural > column - 3.0 and free:
                start = middle - 1.5 * size / MM
                space = self.left + column * (number + 1) + free - start - 1.5
                cells.append(self._cell(entry, start, space, "left"))
            else:
                cells.append(self._cell(entry, middle, column - 3.0, "center"))
        return cells

    def _centred(self, entries: Sequence[HonorRollEntry]) -> list[_Cell]:
        """Place a row round the middle of the page."""
        column = self._column()
        first = self.left + self.names_width / 2 - column * (len(entries) - 1) / 2
        room = self.names_width if len(entries) == 1 else column - 5
        return [self._cell(entry, first + column * number, room, "center") for number, entry in enumerate(entries)]

    def _column(self) -> float:
        """Return the width of a centred column; two stand nearer together than half the page."""
        return min(self.names_width / self.columns, 61.5)

    def _unit_rows(self, unit: str, entries: list[HonorRollEntry], again: Block, first: bool) -> list[Block]:
        """Make the rows of one unit with its side label; a hair rule parts it from the unit before."""
        rows = [entries[at : at + self.columns] for at in range(0, len(entries), self.columns)]
        label = self._label(unit)
        continued = self._label(f"{unit}（续）")
        blocks = []
        for number, row in enumerate(rows):
            cells = self._cells(row)
            repeat = again if number == 0 else self._labelled(again, continued)
            blocks.append(self._label_row(cells, label if number == 0 else None, number == 0 and not first, repeat))
        # Neither a unit's first row nor its last stands alone on a page.
        if len(blocks) > 1:
            blocks[0].keep_next = blocks[-2].keep_next = True
        if len(label.fitted.lines) > len(rows):
            blocks[-1].height += (len(label.fitted.lines) - len(rows)) * label.fitted.size * LEADING / MM
        return blocks

    def _label(self, unit: str) -> _Label:
        style = STYLES["label"]
        stack = stack_for(style.font, unit)
        room = (self.density.side - 2.5) * MM
        return _Label(wrap_fitted(unit, stack, self.density.label_size, room, LABEL_LINES), style, unit)

    def _labelled(self, again: Block, label: _Label) -> Block:
        """The continued head, which also prints the continued unit's label beside the row that follows."""

        def draw(pen: Pen, y: float) -> None:
            again.draw(pen, y)
            self._draw_label(pen, label, y + again.height + self.pitch / 2)

        return Block(again.height, draw, keep_next=True, row=False)

    def _label_row(self, cells: list[_Cell], label: _Label | None, ruled: bool, again: Block) -> Block:
        room = self.pitch * 0.25 if ruled else 0.0
        higher = self._higher(cells)

        def draw(pen: Pen, y: float) -> None:
            if label is not None:
                self._draw_label(pen, label, y + self.pitch / 2)
            for cell in cells:
                self._draw_cell(pen, cell, y + (self.pitch + higher) / 2, 0.0)

        def rule(pen: Pen, y: float) -> None:
            pen.rule(self.left, self.x + self.width, y - room / 2, "rule", 0.5)

        return Block(self.pitch + higher, draw, gap=room, repeat=(again,), between=rule if ruled else None)

    def _draw_label(self, pen: Pen, label: _Label, cy: float) -> None:
        """Draw a label whose first line stands level with the row."""
        lines = len(label.fitted.lines)
        lower = (lines - 1) * label.fitted.size * LEADING / MM / 2
        stack = stack_for(label.style.font, label.text)
        pen.fitted(self.x + 1.0, cy + lower, label.fitted, stack, label.style.colour)


@dataclass(frozen=True, slots=True)
class _Label:
    fitted: Fitted
    style: Style
    text: str
