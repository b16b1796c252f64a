"""Charts (PAPER §8): bars side by side, lines, rows of bars.

Rules: this year solid red, last year hatched, or dashed with hollow squares; from zero; at most four lines across; values on the
bars, lines labelled at their ends and pushed apart; nothing round, nothing in three dimensions. A chart is one block of the flow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, Literal

from fulian_desktop.printing.layout import Block, Page, Zone, flow, value_of
from fulian_desktop.printing.ornaments import lozenge
from fulian_desktop.printing.texts import HEAD_NUMERALS

if TYPE_CHECKING:
    from fulian_desktop.printing.paint import Pen
    from fulian_desktop.printing.palette import Style

    Point = tuple[float, float]

HATCH, HATCH_WIDTH = 1.15, 0.45  # mm, pt
DASH, DASH_GAP = 1.6, 1.1  # mm
HEAD, GAP = 13.0, 6.0  # mm
AXIS = 9.0  # mm for the numbers at the left
ROW = 5.75  # mm
LEAST_APART = 9.0  # mm between the labels of two lines
LINES_ACROSS = 4


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart.

    Attributes:
        form: ``bars`` side by side, ``lines``, or ``rows`` of one series.
        title: Its head. unit: Of its numbers.
        labels: Below the bars, or beside the rows.
        names: Of the series, this year's first. series: Their numbers, at most as many as labels: a year that is not over has
            fewer.
        rest: Whether the last row stands for the others together.
    """

    form: Literal["bars", "lines", "rows"]
    title: str
    unit: str
    labels: tuple[str, ...]
    names: tuple[str, ...]
    series: tuple[tuple[int, ...], ...]
    rest: bool = False

    @property
    def texts(self) -> Iterator[str]:
        """Every text of it."""
        yield from (self.title, self.unit, *self.labels, *self.names)


def scale_of(most: int) -> tuple[int, int]:
    """(step, how many steps) of the lines across: a round step, at most four of them, the last at or above ``most``."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if step * factor * LINES_ACROSS >= most:
                return step * factor, max(1, -(-most // (step * factor)))
        step *= 10


@flow("charts")
def flow_charts(pen: Pen, zone: Zone, page: Page, tighten: float) -> list[Block]:
    """Make a block of each chart: its numbered head, then the chart."""
    x, _, width, _ = zone.box
    blocks = []
    for number, chart in enumerate(value_of(zone, page.values)):
        height = HEAD + (len(chart.labels) * ROW + 4 if chart.form == "rows" else zone.options.get(chart.form, 74.0))

        def draw(pen: Pen, y: float, chart: Chart = chart, number: int = number, height: float = height) -> None:
            drawing = _Drawing(pen, page, chart, (x, y + HEAD, width, height - HEAD))
            drawing.head(number)
            {"bars": drawing.bars, "lines": drawing.lines, "rows": drawing.rows}[chart.form]()

        blocks.append(Block(height, draw, gap=GAP, row=False))
    return blocks


class _Drawing:
    """One chart in its box."""

    def __init__(self, pen: Pen, page: Page, chart: Chart, box: tuple[float, float, float, float]) -> None:
        self.pen, self.page, self.chart = pen, page, chart
        self.x, self.y, self.width, self.height = box

    def _style(self, name: str) -> Style:
        return self.page.layout.style(f"chart.{name}")

    def head(self, number: int) -> None:
        """图一 and the title, the unit at the right."""
        cy = self.y - HEAD / 2 - 1
        lozenge(self.pen, self.x + 1.5, cy, 1.4, "red")
        words = f"图{HEAD_NUMERALS[number]}　{self.chart.title}"
        self.pen.text(self.x + 5, cy, words, self._style("head"), room=self.width * 0.7)
        self.pen.text(self.x + self.width, cy, f"单位：{self.chart.unit}", self._style("unit"), align="right")

    def _across(self, left: float, right: float, top: float, bottom: float) -> float:
        """Draw the lines across with their numbers; returns mm for one."""
        step, count = scale_of(max((max(values, default=0) for values in self.chart.series), default=0) or 1)
        each = (bottom - top) / (step * count)
        for line in range(count + 1):
            at = bottom - line * step * each
            self.pen.rule(left, right, at, "ink" if line == 0 else "hair", 1.0 if line == 0 else 0.3)
            self.pen.text(left - 2, at, f"{line * step:,}", self._style("axis"), align="right")
        return each

    def bars(self) -> None:
        """Bars side by side, last year's hatched and at the left, this year's with their values."""
        left, right, top, bottom = self.x + AXIS, self.x + self.width, self.y + 8, self.y + self.height - 6
        each = self._across(left, right, top, bottom)
        room = (right - left) / len(self.chart.labels)
        shown = len(self.chart.series)
        wide = min(room * 0.74 / shown, 8.0)
        for i, label in enumerate(self.chart.labels):
            middle = left + room * (i + 0.5)
            for place, series in enumerate(reversed(range(shown))):
                values = self.chart.series[series]
                if i < len(values) and values[i]:
                    at = middle + (place - shown / 2) * wide + 0.15
                    tall = values[i] * each
                    self._bar((at, bottom - tall, wide - 0.3, tall), old=series > 0)
                    if series == 0:
                        self._value(at + wide / 2, bottom - tall - 2.4, values[i], "center")
            self.pen.text(middle, bottom + 4, label, self._style("axis"), align="center")
        self._legend(right)

    def _value(self, x: float, cy: float, value: int, align: str) -> None:
        self.pen.text(x, cy, f"{value:,}", self._style("value"), align=align)

    def _legend(self, right: float) -> None:
        if len(self.chart.series) < 2:
            return
        at = right - 4
        for series, name in enumerate(self.chart.names):
            at -= self.pen.text(at, self.y + 0.5, name, self._style("now" if series == 0 else "axis"), align="right") + 7
            self._bar((at, self.y - 1.1, 5, 3.2), old=series > 0)
            at -= 8

    def _bar(self, box: tuple[float, float, float, float], *, old: bool) -> None:
        x, y, width, height = box
        if not old:
            self.pen.panel(x, y, width, height, "red")
            return
        for start, end in hatching(width, height):
            self.pen.path(((x + start[0], y + start[1]), (x + end[0], y + end[1])), "small", HATCH_WIDTH)
        self.pen.rectangle(x, y, width, height, "small", HATCH_WIDTH)

    def lines(self) -> None:
        """A line a series: this year's solid with dots, last year's dashed with hollow squares, named at their ends."""
        left, right, top, bottom = self.x + AXIS + 5, self.x + self.width - 24, self.y + 2, self.y + self.height - 6
        each = self._across(left, right, top, bottom)
        room = (right - left) / max(len(self.chart.labels) - 1, 1)
        for i, label in enumerate(self.chart.labels):
            self.pen.text(left + room * i, bottom + 4, label, self._style("axis"), align="center")
        ends = []
        for series in reversed(range(len(self.chart.series))):
            points = [(left + room * i, bottom - value * each) for i, value in enumerate(self.chart.series[series])]
            if points:
                self._line(points, old=series > 0)
                ends.append((points[-1], series))
        for cy, series in _pushed_apart(ends):
            named = self._style("now" if series == 0 else "axis")
            for text, down in ((self.chart.names[series], -1.9), (f"{self.chart.series[series][-1]:,}", 1.9)):
                self.pen.text(right + 3, cy + down, text, named)

    def _line(self, points: Sequence[Point], *, old: bool) -> None:
        if old:
            for start, end in dashes(points):
                self.pen.path((start, end), "small", 0.9)
            for px, py in points:
                self.pen.panel(px - 0.8, py - 0.8, 1.6, 1.6, "paper")
                self.pen.rectangle(px - 0.8, py - 0.8, 1.6, 1.6, "small", 0.8)
            return
        self.pen.path(points, "red", 1.8, cap=1)
        for point in points:
            self.pen.path((point, (point[0] + 0.01, point[1])), "red", 5.0, cap=1)

    def rows(self) -> None:
        """A bar a row with its name at the left and its value at the end; the others together are hatched."""
        values = self.chart.series[0]
        left, right = self.x + 25, self.x + self.width - 16
        most = max(values, default=0) or 1
        self.pen.path(((left, self.y), (left, self.y + len(values) * ROW + 1)), "ink", 1.0)
        for i, (label, value) in enumerate(zip(self.chart.labels, values, strict=True)):
            cy = self.y + 0.5 + (i + 0.5) * ROW
            old = self.chart.rest and i == len(values) - 1
            self.pen.text(left - 3, cy, label, self._style("row"), align="right", room=21)
            wide = (right - left) * value / most
            self._bar((left, cy - 1.75, wide, 3.5), old=old)
            self._value(left + wide + 2, cy, value, "left")


def hatching(width: float, height: float) -> Iterator[tuple[Point, Point]]:
    """Lines at 45° in a rectangle of that size, from its left upper corner."""
    at = HATCH
    while at < width + height:
        yield (max(0.0, at - height), min(at, height)), (min(at, width), max(0.0, at - width))
        at += HATCH * 2**0.5


def dashes(points: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    """The dashes of a polyline, going on round its corners."""
    left, drawing = DASH, True
    for (x1, y1), (x2, y2) in pairwise(points):
        length = hypot(x2 - x1, y2 - y1)
        gone = 0.0
        while gone < length:
            step = min(left, length - gone)
            if drawing:
                a, b = gone / length, (gone + step) / length
                yield (x1 + (x2 - x1) * a, y1 + (y2 - y1) * a), (x1 + (x2 - x1) * b, y1 + (y2 - y1) * b)
            gone, left = gone + step, left - step
            if left <= 1e-9:
                drawing = not drawing
                left = DASH if drawing else DASH_GAP


def _pushed_apart(ends: Sequence[tuple[Point, int]]) -> list[tuple[float, int]]:
    """(centre of its label, series) of lines that end there: labels keep their order from the top, and a distance."""
    placed: list[tuple[float, int]] = []
    for (_, y), series in sorted(ends, key=lambda one: one[0][1]):
        placed.append((max(y, placed[-1][0] + LEAST_APART) if placed else y, series))
    return placed
