"""Icons: own SVG files on a grid of 24, coloured by token when they are drawn."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from fulian_desktop.errors import MachineProblem
from fulian_desktop.resources import resource

_STAND_IN = "record"


@lru_cache(maxsize=512)
def pixmap(name: str, size: int, colour: str, ratio: float = 1.0) -> QPixmap:
    """Return an icon as pixels; the same one is drawn once.

    Args:
        name: A file of resources/icons without its ending; an unknown one is drawn as a sheet of paper.
        size: Edge in pixels before the screen's ratio.
        colour: A token's value.
        ratio: Device pixels a pixel.
    """
    drawn = QPixmap(round(size * ratio), round(size * ratio))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    svg = _svg(name).replace(b"currentColor", colour.encode())
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, drawn.width(), drawn.height()))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn


def icon(name: str, colour: str, size: int = 24) -> QIcon:
    """Return an icon for buttons and fields, at one and two device pixels a pixel."""
    made = QIcon(pixmap(name, size, colour))
    made.addPixmap(pixmap(name, size, colour, 2.0))
    return made


def app_icon() -> QIcon:
    """Return the program's own icon, in the sizes that title and task bars use."""
    made = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(pixmap("app", size, ""))
    return made


@lru_cache(maxsize=256)
def _svg(name: str) -> bytes:
    try:
        path = resource(f"icons/{name}.svg")
    except MachineProblem:
        path = resource(f"icons/{_STAND_IN}.svg")
    return path.read_bytes()
