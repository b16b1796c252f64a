"""The pen: text and lines in millimetres from the top left, out as PDF operators.

Rules:

* A pen makes operators and decides nothing about layout.
* ``cy`` is the centre of the em box; the baseline lies 0.38 em below it (PAPER §1).
* Text is never markup: a string becomes glyph codes, whatever it says.
* Readers take a wide gap for a space, and ActualText loses characters beyond U+FFFF in PDFium. So wherever the
  room after a character would be wide (opened names, tracked titles, between Han and Latin) the character itself
  is given a wider advance (:mod:`pdf`): 王　㛃 is found as 王㛃, 3 月 8 日 as 3月8日.
* The same piece of text at the same size is encoded once a document.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from fulian_desktop.printing.fonts import RARE, STROKE, Stack, stack_for
from fulian_desktop.printing.palette import PALETTES, Colour, Style
from fulian_desktop.printing.pdf import MM
from fulian_desktop.printing.typeset import EM, Fitted, Line, fit_text, set_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fulian_desktop.printing.pdf import Codes, PdfFile

BASELINE = 0.38  # em below the centre of the em box
WIDE_GAP = 80.0  # thousandths of an em; poppler takes 100 for a space
LEADING = 1.12  # pitch of a fitted text's lines, em
STEP = 20  # thousandths of an em, by which advances are widened in stretched lines; the rest is character space

Point = tuple[float, float]


def _n(value: float) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


class Pen:
    """Collects the operators of one page or form.

    Args:
        pdf: The document whose faces are used.
        palette: ``color`` or ``mono``.
    """

    def __init__(self, pdf: PdfFile, palette: str) -> None:
        self.pdf = pdf
        self.palette_name = palette
        self.palette = PALETTES[palette]
        self.operators: list[str] = []
        self._encoded: dict[tuple[str, str, float, float, float, float, str], str] = {}
        self._fill: Colour | None = None

    def take(self) -> list[str]:
        """Return the operators collected so far and begin afresh, with nothing known of colours."""
        taken, self.operators = self.operators, []
        self._fill = None
        return taken

    def has(self, role: str) -> bool:
        """Say whether the palette draws this role at all."""
        return role in self.palette

    # Text.

    def line(self, x: float, cy: float, line: Line, stack: Stack, size: float, colour: str, *, scale: float = 1.0) -> None:
        """Draw a set line with its left edge at ``x``; size in points, scale 1 = not condensed."""
        if not line.text:
            return
        extra = line.stretch
        opened = line.kerns[0] if len(line.text) == 2 and line.kerns else 0.0
        key = (line.text, stack.name, size, scale, extra, opened, colour)
        body = self._encoded.get(key)
        if body is None:
            body = self._encoded[key] = self._encode(line, stack, size, colour, scale)
        left = x * MM + line.lead * size * scale / EM
        base = (self.pdf.height - cy) * MM - BASELINE * size
        self._set_fill(colour)
        self.operators.append(f"BT {_n(left)} {_n(base)} Td {body} ET")

    def _encode(self, line: Line, stack: Stack, size: float, colour: str, scale: float) -> str:
        wide = round(line.stretch / STEP) * STEP if line.stretch > WIDE_GAP else 0
        rest = line.stretch - wide
        parts = []
        if scale != 1:
            parts.append(f"{_n(scale * 100)} Tz")
        if rest:
            parts.append(f"{_n(rest * size / EM)} Tc")
        at = 0
        for face_name, group in groupby(line.text, key=lambda ch: stack[ch].face):
            run = "".join(group)
            end = at + len(run)
            room = [wide] * len(run)
            if end == len(line.text):
                room[-1] = 0
            parts.append(self._run(run, face_name, line.kerns[at:end], room, stack, size, colour))
            at = end
        if rest:
            parts.append("0 Tc")
        if scale != 1:
            parts.append("100 Tz")
        return " ".join(parts)

    def _run(self, run: str, face_name: str, kerns: list[float], room: list[int], stack: Stack, size: float, colour: str) -> str:
        """Return the operators of characters that share a face."""
        embedded = self.pdf.embedded(face_name)
        show = f"/{embedded.tag} {_n(size)} Tf {_show(run, embedded.codes, kerns, room)}"
        if face_name == RARE and stack.bold:
            red, green, blue = self.palette[colour]
            return f"{_n(STROKE * size)} w {_n(red)} {_n(green)} {_n(blue)} RG 2 Tr {show} 0 Tr"
        return show

    def fitted(self, x: float, cy: float, fitted: Fitted, stack: Stack, colour: str, *, align: str = "left") -> None:
        """Draw a fitted text, ``x`` being what ``align`` says of it; several lines stand round ``cy``."""
        pitch = fitted.size * LEADING / MM
        top = cy - pitch * (len(fitted.lines) - 1) / 2
        for number, line in enumerate(fitted.lines):
            width = line.width * fitted.size * fitted.scale / EM / MM
            left = x - {"left": 0.0, "center": width / 2, "right": width}[align]
            self.line(left, top + number * pitch, line, stack, fitted.size, colour, scale=fitted.scale)

    def text(self, x: float, cy: float, text: str, style: Style, *, align: str = "left", room: float = 0.0) -> float:
        """Draw one line of text in a style, made to fit ``room`` mm when given; return its width in mm."""
        stack = stack_for(style.font, text)
        if room:
            fitted = fit_text(text, stack, style.size, room * MM, tracking=style.tracking)
        else:
            line = set_line(text, stack)
            line.stretch = style.tracking
            line.width += style.tracking * max(len(text) - 1, 0)
            fitted = Fitted([line], style.size)
        self.fitted(x, cy, fitted, stack, style.colour, align=align)
        return fitted.width / MM

    # Lines and areas.

    def path(self, points: Sequence[Point], colour: str, width: float, *, closed: bool = False, cap: int = 0) -> None:
        """Stroke a polyline; width in points, cap 0 butt, 1 round, 2 square."""
        self._set_stroke(colour, width)
        steps = " ".join(f"{self._xy(point)} {'l' if index else 'm'}" for index, point in enumerate(points))
        self.operators.append(f"{cap} J {1 if cap == 1 else 0} j {steps} {'s' if closed else 'S'}")

    def curve(self, points: Sequence[Point], colour: str, width: float, *, closed: bool = False) -> None:
        """Stroke a smooth curve through points (Catmull-Rom) with round ends."""
        self._set_stroke(colour, width)
        ring = list(points)
        if closed:
            before, after = ring[-1], [ring[0], ring[1]]
            ring = [before, *ring, *after]
        else:
            ring = [_mirror(ring[0], ring[1]), *ring, _mirror(ring[-1], ring[-2])]
        steps = [f"1 J 1 j {self._xy(ring[1])} m"]
        for p0, p1, p2, p3 in zip(ring, ring[1:], ring[2:], ring[3:], strict=False):
            first = (p1[0] + (p2[0] - p0[0]) / 6, p1[1] + (p2[1] - p0[1]) / 6)
            second = (p2[0] - (p3[0] - p1[0]) / 6, p2[1] - (p3[1] - p1[1]) / 6)
            steps.append(f"{self._xy(first)} {self._xy(second)} {self._xy(p2)} c")
        self.operators.append(" ".join(steps) + (" s" if closed else " S"))

    def rectangle(self, x: float, y: float, w: float, h: float, colour: str, width: float) -> None:
        """Stroke a rectangle; width in points."""
        self._set_stroke(colour, width)
        self.operators.append(f"0 J 0 j {self._xy((x, y + h))} {_n(w * MM)} {_n(h * MM)} re S")

    def panel(self, x: float, y: float, w: float, h: float, colour: str) -> None:
        """Fill a rectangle."""
        self._set_fill(colour)
        self.operators.append(f"{self._xy((x, y + h))} {_n(w * MM)} {_n(h * MM)} re f")

    def panels(self, boxes: Sequence[tuple[float, float, float, float]], colour: str) -> None:
        """Fill many rectangles as one shape, so that no seam shows between those that touch."""
        self._set_fill(colour)
        parts = [f"{self._xy((x, y + h))} {_n(w * MM)} {_n(h * MM)} re" for x, y, w, h in boxes]
        self.operators.append(" ".join(parts) + " f")

    def area(self, points: Sequence[Point], colour: str) -> None:
        """Fill a polygon."""
        self._set_fill(colour)
        steps = " ".join(f"{self._xy(point)} {'l' if index else 'm'}" for index, point in enumerate(points))
        self.operators.append(f"{steps} h f")

    def rule(self, x1: float, x2: float, y: float, colour: str, width: float) -> None:
        """Draw a horizontal rule; width in points."""
        self.path(((x1, y), (x2, y)), colour, width)

    def form(self, name: str) -> None:
        """Draw a form of the document."""
        self.operators.append(f"/{name} Do")

    def _xy(self, point: Point) -> str:
        return f"{_n(point[0] * MM)} {_n((self.pdf.height - point[1]) * MM)}"

    def _set_fill(self, role: str) -> None:
        colour = self.palette[role]
        if colour != self._fill:
            self._fill = colour
            self.operators.append(f"{_n(colour[0])} {_n(colour[1])} {_n(colour[2])} rg")

    def _set_stroke(self, role: str, width: float) -> None:
        colour = self.palette[role]
        self.operators.append(f"{_n(colour[0])} {_n(colour[1])} {_n(colour[2])} RG {_n(width)} w")


def _mirror(end: Point, neighbour: Point) -> Point:
    return (2 * end[0] - neighbour[0], 2 * end[1] - neighbour[1])


def _show(run: str, codes: Codes, kerns: Sequence[float], room: Sequence[int]) -> str:
    """Return the operator that shows a run; wide room becomes part of a character's own advance."""
    if not any(kerns) and not any(room):
        return f"<{''.join([codes[ch, 0] for ch in run])}> Tj"
    parts = ["[<"]
    for ch, kern, wide in zip(run, kerns or [0.0] * len(run), room, strict=True):
        if kern + wide > WIDE_GAP:
            parts.append(codes[ch, wide + round(kern)])
            continue
        parts.append(codes[ch, wide])
        if kern:
            parts.append(f"> {_n(-kern)} <")
    parts.append(">] TJ")
    return "".join(parts).replace("<>", "")
