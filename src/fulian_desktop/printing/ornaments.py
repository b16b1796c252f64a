"""Ornaments, all vectors (PAPER §4): frames, dividers, clouds, ribbons, lozenges, the watermark.

Rules: an ornament is drawn into a box given in mm and by roles of the palette; no emblem of state, party or
federation and no seal is drawn. Points are mm from the ornament's own centre.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from fulian_desktop.printing.paint import Pen, Point

Box = tuple[float, float, float, float]
Strokes = tuple[tuple["Point", ...], ...]

# 祥云, left of the title; knots of smooth curves.
CLOUD: Strokes = (
    (
        (10, 0.48),
        (8.73, 0.78),
        (6.74, 1.1),
        (5.34, 1.23),
        (3.9, 1.31),
        (2.4, 1.36),
        (0.05, 1.36),
        (-1.57, 1.33),
        (-3.25, 1.3),
        (-4.98, 1.26),
        (-7.68, 1.23),
        (-8.6, 1.22),
        (-9.38, 1.05),
        (-10.08, 0.7),
        (-10.89, -0.11),
        (-11.22, -0.77),
        (-11.37, -1.47),
        (-11.34, -2.17),
        (-10.99, -3.12),
        (-10.58, -3.64),
        (-10.07, -4.02),
        (-9.49, -4.25),
        (-8.6, -4.31),
        (-8.04, -4.17),
        (-7.56, -3.9),
        (-7.17, -3.53),
        (-6.8, -2.84),
        (-6.72, -2.36),
        (-6.77, -1.88),
        (-6.92, -1.45),
        (-7.32, -0.94),
        (-7.67, -0.72),
        (-8.04, -0.6),
        (-8.42, -0.57),
        (-8.93, -0.71),
        (-9.2, -0.9),
        (-9.41, -1.14),
        (-9.54, -1.41),
        (-9.58, -1.81),
        (-9.52, -2.06),
        (-9.41, -2.26),
        (-9.26, -2.42),
        (-8.99, -2.54),
        (-8.82, -2.56),
    ),
    (
        (-7.64, -3.46),
        (-7.74, -4.6),
        (-7.24, -5.97),
        (-6.49, -6.7),
        (-5.56, -7.09),
        (-4.3, -7.02),
        (-3.5, -6.59),
        (-2.95, -5.92),
        (-2.69, -4.87),
        (-2.85, -4.11),
        (-3.43, -3.36),
        (-4.03, -3.06),
        (-4.66, -3.01),
        (-5.37, -3.3),
        (-5.73, -3.69),
        (-5.89, -4.16),
        (-5.81, -4.74),
        (-5.59, -5.06),
        (-5.29, -5.25),
        (-4.89, -5.28),
        (-4.65, -5.17),
    ),
    (
        (-2, -4.03),
        (-1.15, -4.39),
        (0.01, -4.34),
        (0.75, -3.95),
        (1.37, -3.11),
        (1.52, -2.37),
        (1.28, -1.45),
        (0.84, -0.94),
        (0.28, -0.64),
        (-0.51, -0.62),
        (-1.02, -0.84),
        (-1.46, -1.37),
        (-1.58, -1.83),
        (-1.51, -2.26),
        (-1.21, -2.7),
        (-0.89, -2.87),
        (-0.46, -2.88),
        (-0.21, -2.76),
        (-0.02, -2.49),
        (-0, -2.29),
    ),
    (
        (1.44, -0.39),
        (2.69, -0.2),
        (4.09, -0.2),
        (5.68, -0.33),
        (7.48, -0.49),
        (9.53, -0.62),
        (11.86, -0.64),
    ),
    (
        (-11.7, 2.09),
        (-7.43, 2.48),
        (-3.1, 2.56),
        (1.12, 2.41),
        (5.04, 2.09),
    ),
)
# Half of the 如意 head in the middle of the divider; the other half is its mirror image.
RUYI: Strokes = (
    (
        (0, -3.43),
        (0.4, -2.98),
        (0.82, -2.76),
        (1.38, -2.57),
        (1.94, -2.34),
        (2.98, -2.08),
        (3.64, -1.62),
        (4.07, -0.87),
        (4.12, -0.07),
        (3.78, 0.71),
        (2.97, 1.17),
        (1.98, 0.89),
        (1.58, 0.05),
        (1.93, -0.71),
        (2.52, -0.93),
        (3.12, -0.65),
        (3.26, -0.1),
        (2.98, 0.28),
        (2.65, 0.32),
        (2.43, 0.11),
    ),
    (
        (1.19, -0.22),
        (0.84, 0.47),
        (0.44, 0.95),
        (0, 1.32),
    ),
)

# 回纹 spirals in units, from the outer corner inwards.
SPIRAL_CORNER = ((0, 0), (7, 0), (7, 7), (0, 7), (0, 2), (5, 2), (5, 5), (2, 5), (2, 3.6), (3.4, 3.6))
SPIRAL_BAND = ((0, 0), (0, 4), (4, 4), (4, 1.35), (1.35, 1.35), (1.35, 2.7), (2.7, 2.7))


def frame_double(pen: Pen, box: Box) -> None:
    """Red rule outside, gold rule inside stepping round a spiral at each corner."""
    x, y, w, h = box
    pen.rectangle(x, y, w, h, "red", 1.8)
    _notched(pen, x + 2.2, y + 2.2, w - 4.4, h - 4.4, 9.0, 0.6)
    _corners(pen, (x + 4.26, y + 4.26, w - 8.52, h - 8.52), SPIRAL_CORNER, 0.82, "gold", 0.9)


def frame_fret(pen: Pen, box: Box) -> None:
    """The certificate's frame: red and gold rules, a band of 回纹 mirrored about each side's middle."""
    x, y, w, h = box
    pen.rectangle(x, y, w, h, "red", 2.2)
    pen.rectangle(x + 1.5, y + 1.5, w - 3, h - 3, "gold", 0.5)
    inner = (x + 3.6, y + 3.6, w - 7.2, h - 7.2)
    _corners(pen, inner, _scaled_corner(), 1.0, "red", 1.25)
    _band(pen, inner)
    _notched(pen, x + 9.38, y + 9.38, w - 18.76, h - 18.76, 8.68, 0.5)


def divider_ruyi(pen: Pen, box: Box) -> None:
    """A 如意 head between two tapering rules; the box's middle is its centre."""
    x, y, w, h = box
    cx, cy, half = x + w / 2, y + h / 2, w / 2
    for side in (1, -1):
        for stroke in RUYI:
            pen.curve([(cx + side * px, cy + py) for px, py in stroke], "gold", 0.85)
        pen.area(
            [
                (cx + side * 5.63, cy - 0.16),
                (cx + side * half, cy - 0.06),
                (cx + side * half, cy + 0.06),
                (cx + side * 5.63, cy + 0.16),
            ],
            "gold",
        )
        pen.path(((cx + side * 8.63, cy + 1.1), (cx + side * (half - 8), cy + 1.1)), "gold", 0.5)
        lozenge(pen, cx + side * 5.83, cy, 0.75, "gold")


def cloud_pair(pen: Pen, box: Box) -> None:
    """Two clouds, mirror images, at the left and right ends of the box."""
    x, y, w, h = box
    cy = y + h / 2
    for side, cx in ((1, x + 11.7), (-1, x + w - 11.7)):
        for stroke in CLOUD:
            pen.curve([(cx + side * px, cy + py) for px, py in stroke], "gold", 0.9)


def rule_red(pen: Pen, box: Box) -> None:
    """A short red double rule under a notice's title."""
    x, y, w, _ = box
    pen.rule(x, x + w, y, "red", 1.2)
    pen.rule(x, x + w, y + 1.0, "red", 0.5)


def rule_runhead(pen: Pen, box: Box) -> None:
    """Red and gold rule under a running head."""
    x, y, w, _ = box
    pen.rule(x, x + w, y, "red", 1.1)
    pen.rule(x, x + w, y + 1.0, "gold", 0.5)


def rule_hair(pen: Pen, box: Box) -> None:
    """A hair line under the running head of a report."""
    x, y, w, _ = box
    pen.rule(x, x + w, y, "hair", 0.6)


def watermark(pen: Pen, box: Box) -> None:
    """Guilloche: two rings of seven waves each, very light."""
    if not pen.has("watermark"):
        return
    x, y, w, h = box
    cx, cy, unit = x + w / 2, y + h / 2, min(w, h) / 2 / 54.62
    for radius, swing, lobes in ((26.88, 7.66, 9), (44.24, 10.4, 14)):
        for phase in range(7):
            ring = []
            for step in range(lobes * 12):
                angle = 2 * math.pi * step / (lobes * 12)
                reach = (radius + swing * math.sin(lobes * angle + 2 * math.pi * phase / 7)) * unit
                ring.append((cx + reach * math.cos(angle), cy + reach * math.sin(angle)))
            pen.curve(ring, "watermark", 0.2, closed=True)


def lozenge(pen: Pen, cx: float, cy: float, half: float, colour: str) -> None:
    """A filled square on its corner."""
    pen.area([(cx - half, cy), (cx, cy - half), (cx + half, cy), (cx, cy + half)], colour)


def ribbon(pen: Pen, cx: float, cy: float, width: float) -> None:
    """A red ribbon with tails; ``width`` is its body's. In black and white an outline."""
    half, high = width / 2, 4.8
    for side in (1, -1):
        tail = [
            (cx + side * (half - 4), cy - high + 1.6),
            (cx + side * (half + 8), cy - high + 1.6),
            (cx + side * (half + 4.55), cy + 1.6),
            (cx + side * (half + 8), cy + high + 1.6),
            (cx + side * (half - 4), cy + high + 1.6),
        ]
        fold = [
            (cx + side * half, cy + high),
            (cx + side * (half - 4), cy + high),
            (cx + side * (half - 4), cy + high + 1.6),
        ]
        pen.area(tail, "panel")
        pen.area(fold, "red.deep")
        if pen.palette_name == "mono":
            pen.path(tail, "red", 0.8, closed=True)
            pen.path(fold, "red", 0.8, closed=True)
    pen.panel(cx - half, cy - high, width, 2 * high, "panel")
    if pen.palette_name == "mono":
        pen.rectangle(cx - half, cy - high, width, 2 * high, "red", 0.8)
    for y in (cy - 3.9, cy + 3.9):
        pen.rule(cx - half + 1.2, cx + half - 1.2, y, "pale", 0.5)


ORNAMENTS: dict[str, Callable[[Pen, Box], None]] = {
    "frame.double": frame_double,
    "frame.fret": frame_fret,
    "divider.ruyi": divider_ruyi,
    "cloud.pair": cloud_pair,
    "rule.red": rule_red,
    "rule.runhead": rule_runhead,
    "rule.hair": rule_hair,
    "watermark": watermark,
}


def _notched(pen: Pen, x: float, y: float, w: float, h: float, step: float, width: float) -> None:
    right, bottom = x + w, y + h
    pen.path(
        [
            (x + step, y),
            (right - step, y),
            (right - step, y + step),
            (right, y + step),
            (right, bottom - step),
            (right - step, bottom - step),
            (right - step, bottom),
            (x + step, bottom),
            (x + step, bottom - step),
            (x, bottom - step),
            (x, y + step),
            (x + step, y + step),
        ],
        "gold",
        width,
        closed=True,
    )


def _scaled_corner() -> tuple[Point, ...]:
    # The certificate's corner is the same spiral at 9.14 mm instead of 7 units.
    return tuple((px * 9.14 / 7, py * 9.14 / 7) for px, py in SPIRAL_CORNER)


def _corners(pen: Pen, box: Box, spiral: tuple[Point, ...], unit: float, colour: str, width: float) -> None:
    x, y, w, h = box
    for left in (True, False):
        for top in (True, False):
            points = [
                (x + px * unit if left else x + w - px * unit, y + py * unit if top else y + h - py * unit) for px, py in spiral
            ]
            pen.path(points, colour, width, cap=2)


def _band(pen: Pen, box: Box) -> None:
    """回纹 along the four sides, between the corners, mirrored about each side's middle."""
    x, y, w, h = box
    unit, corner = 0.92, 12.1
    for length, across in ((w, False), (h, True)):
        count = max(1, round((length - 2 * corner) / 5.15 / 2))
        pitch = (length / 2 - corner) / count
        for number in range(count):
            at = corner + (pitch - 4 * unit) / 2 + number * pitch
            for far in (False, True):
                for opposite in (False, True):
                    points = []
                    for px, py in SPIRAL_BAND:
                        along = at + px * unit
                        along = length - along if far else along
                        depth = py * unit
                        if across:
                            points.append((x + w - depth if opposite else x + depth, y + along))
                        else:
                            points.append((x + along, y + h - depth if opposite else y + depth))
                    pen.path(points, "gold", 0.75, cap=2)
