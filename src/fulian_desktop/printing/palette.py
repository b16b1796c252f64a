"""Colours by role, and text styles (PAPER §2, §3).

Rules: layouts and drawers name roles, never colours; a palette says what a role looks like. ``mono`` is for
black-and-white printers: lines and text black, tints white, red panels an outline, no watermark.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

Colour = tuple[float, float, float]


def _hex(value: str) -> Colour:
    return (int(value[:2], 16) / 255, int(value[2:4], 16) / 255, int(value[4:], 16) / 255)


BLACK: Colour = (0.0, 0.0, 0.0)
WHITE: Colour = (1.0, 1.0, 1.0)

PALETTES: dict[str, dict[str, Colour]] = {
    "color": {
        "red": _hex("B01019"),
        "red.deep": _hex("7E0C13"),
        "gold": _hex("A87A2A"),
        "pale": _hex("E3C98F"),
        "rule": _hex("E6DAC2"),
        "ivory": _hex("FFF6E0"),
        "ink": _hex("1E1B18"),
        "small": _hex("5E564C"),
        "hair": _hex("B9AC98"),
        "tint": _hex("F3EEE4"),
        "panel": _hex("B01019"),
        "watermark": _hex("F0E2C2"),
        "paper": WHITE,
    },
    "mono": {
        "red": BLACK,
        "red.deep": WHITE,
        "gold": BLACK,
        "pale": BLACK,
        "rule": BLACK,
        "ivory": BLACK,
        "ink": BLACK,
        "small": BLACK,
        "hair": BLACK,
        "tint": WHITE,
        "panel": WHITE,
        "paper": WHITE,
    },
}


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set.

    Attributes:
        font: First face of its stack.
        size: Points.
        colour: A role.
        tracking: Thousandths of an em after each character.
        pitch: Line pitch in points, for paragraphs.
    """

    font: str
    size: float
    colour: str = "ink"
    tracking: float = 0.0
    pitch: float = 0.0

    def scaled(self, factor: float) -> Style:
        """Return the style for a page drawn at another size."""
        return replace(self, size=self.size * factor, pitch=self.pitch * factor)


STYLES: dict[str, Style] = {
    "display": Style("song-900", 62, "red", 340),
    "display.certificate": Style("song-900", 50, "red", 420),
    "campaign": Style("song-700", 19, "ink", 60),
    "kicker": Style("kai-400", 16, "small", 120),
    "intro": Style("kai-400", 12.5, "ink", 0, 20.25),
    "intro.large": Style("kai-400", 14, "ink", 0, 22.68),
    "group": Style("song-700", 14, "red", 40),
    "group.ribbon": Style("song-700", 15, "ivory", 120),
    "count": Style("kai-400", 11.5, "small"),
    "unit": Style("hei-400", 8.4, "small"),
    "label": Style("kai-400", 12.5, "red"),
    "sign": Style("song-700", 15, "ink", 40),
    "date": Style("song-400", 14, "ink"),
    "runhead": Style("song-900", 17, "red", 180),
    "runhead.right": Style("kai-400", 12, "small"),
    "pageno": Style("hei-400", 8.4, "small"),
    "pageno.dash": Style("song-400", 12, "ink"),
    "certificate.name": Style("kai-400", 29, "ink"),
    "certificate.body": Style("kai-400", 24, "ink", 0, 43),
    "certificate.sign": Style("song-700", 17, "ink", 30),
    "certificate.date": Style("song-400", 16, "ink"),
    "serial": Style("hei-400", 8.6, "small"),
    "title": Style("song-700", 22, "ink", 20, 33),
    "notice.body": Style("kai-400", 16, "ink", 0, 28),
    "notice.body.close": Style("kai-400", 15, "ink", 0, 26),
    "notice.heading": Style("hei-700", 15.5, "ink"),
    "notice.sign": Style("kai-400", 16, "ink"),
    "notice.sign.close": Style("kai-400", 15, "ink"),
    "table.meta": Style("kai-400", 11.5, "ink"),
    "table.head": Style("hei-700", 11, "ink"),
    "table.cell": Style("song-400", 10.5, "ink", 0, 15.2),
    "table.name": Style("song-700", 12.5, "ink", 0, 17),
    "table.total": Style("song-700", 10.5, "ink", 0, 15.2),
    "table.section": Style("hei-700", 13, "ink"),
    "table.id": Style("hei-400", 10.2, "ink", 0, 15.2),
    "kpi.label": Style("song-400", 11, "small"),
    "kpi.change": Style("hei-400", 8.8, "small"),
    "kpi.value": Style("song-700", 28, "ink"),
    "kpi.unit": Style("kai-400", 11.5, "small"),
    "stat.head": Style("hei-700", 11, "ink"),
    "stat.group": Style("song-700", 11, "ink"),
    "stat.label": Style("song-400", 11, "ink"),
    "stat.unit": Style("song-400", 10, "small"),
    "stat.now": Style("song-700", 11, "ink"),
    "stat.before": Style("song-400", 11, "small"),
    "essay.head": Style("hei-700", 13, "ink", 0, 21.5),
    "essay.subhead": Style("kai-400", 13, "ink", 0, 21.5),
    "essay.body": Style("song-400", 13, "ink", 0, 21.5),
    "chart.head": Style("song-700", 14.5, "ink"),
    "chart.unit": Style("kai-400", 11, "small"),
    "chart.axis": Style("hei-400", 9.5, "small"),
    "chart.now": Style("hei-700", 10, "ink"),
    "chart.value": Style("hei-700", 9.5, "ink"),
    "chart.row": Style("song-400", 11, "ink"),
    "slip.label": Style("hei-400", 10.5, "small"),
    "slip.value": Style("song-400", 12, "ink"),
    "slip.number": Style("hei-700", 15, "ink", 60),
    "slip.party": Style("hei-700", 12, "ink"),
    "slip.note": Style("song-400", 11, "ink", 0, 17),
    "table.note": Style("kai-400", 10, "small", 0, 14),
}
