"""Drawers of the simple zone types: ornament, text, para, call, sign, code, runhead, pageno.

Rules: a drawer reads its zone, its value and the style, and draws with the pen; it knows no document.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from fulian_desktop.printing.fonts import stack_for
from fulian_desktop.printing.layout import Block, Page, Zone, drawer, flow, value_of
from fulian_desktop.printing.ornaments import ORNAMENTS
from fulian_desktop.printing.pdf import MM
from fulian_desktop.printing.typeset import (
    EM,
    Fitted,
    TextTooLong,
    balance,
    break_lines,
    fit_name,
    fit_text,
    set_line,
)

if TYPE_CHECKING:
    from fulian_desktop.printing.paint import Pen
    from fulian_desktop.printing.palette import Style
    from fulian_desktop.printing.typeset import Line


@drawer("ornament")
def draw_ornament(pen: Pen, zone: Zone, page: Page) -> None:
    """Draw the ornament that the zone's style names."""
    ORNAMENTS[zone.style](pen, zone.box)


@drawer("text")
def draw_text(pen: Pen, zone: Zone, page: Page) -> None:
    """Draw one line, made to fit the box's width."""
    text = value_of(zone, page.values)
    if not text:
        return
    x, cy, width, _ = zone.box
    at = x + {"left": 0.0, "center": width / 2, "right": width}[zone.align]
    pen.text(at, cy, text, page.layout.style(zone.style), align=zone.align, room=width)


@drawer("para")
def draw_para(pen: Pen, zone: Zone, page: Page) -> None:
    """Draw paragraphs from the box's top (the first line's centre), indented by two em, ragged when asked.

    Where the text would leave the box, size and pitch shrink to no less than 70 %.
    """
    paragraphs = value_of(zone, page.values)
    style = page.layout.style(zone.style)
    x, cy, width, height = zone.box
    for part in (1.0, 0.92, 0.85, 0.78, 0.7):
        smaller = style.scaled(part)
        lines = _set_paragraphs(paragraphs, smaller, width, justify=not zone.options.get("ragged", False))
        if (len(lines) - 1) * smaller.pitch / MM <= height + 0.01:
            break
    else:
        raise TextTooLong(f"“{paragraphs[0][:16]}……”太长，一页里排不下。请删减后再打印。")
    if part < 0.9:
        page.warnings.append(f"“{paragraphs[0][:16]}……”较长，字号已缩小到 {part:.0%}，请看看是否合适。")
    for number, (indent, line, font) in enumerate(lines):
        stack = stack_for(font, line.text)
        at = x + indent * smaller.size / EM / MM
        pen.line(at, cy + number * smaller.pitch / MM, line, stack, smaller.size, style.colour)


def _set_paragraphs(paragraphs: tuple[str, ...], style: Style, width: float, *, justify: bool) -> list[tuple[float, Line, str]]:
    lines = []
    for text in paragraphs:
        stack = stack_for(style.font, text)
        measure = width * MM / style.size * EM
        broken = break_lines(text, stack, measure, indent=2 * EM, justify=justify, keep_quoted=not justify)
        lines += [(2 * EM if number == 0 else 0.0, line, stack.name) for number, line in enumerate(broken)]
    return lines


@flow("paras")
def flow_paras(pen: Pen, zone: Zone, page: Page, tighten: float) -> list[Block]:
    """Make a block of every line of the paragraphs; two lines of a paragraph at least stay together."""
    style = page.layout.style(zone.style)
    x, _, width, _ = zone.box
    pitch = style.pitch / MM
    blocks: list[Block] = []
    for text in value_of(zone, page.values):
        stack = stack_for(style.font, text)
        lines = break_lines(text, stack, width * MM / style.size * EM, indent=2 * EM)
        for number, line in enumerate(lines):
            indent = 2 * style.size / MM if number == 0 else 0.0

            def draw(pen: Pen, y: float, line: Line = line, indent: float = indent, font: str = stack.name) -> None:
                pen.line(x + indent, y + pitch / 2, line, stack_for(font, line.text), style.size, style.colour)

            keep = number in (0, len(lines) - 2) and len(lines) > 1
            blocks.append(Block(pitch, draw, keep_next=keep, row=False))
    if blocks:
        blocks[0].gap = zone.options.get("before", 0.0)
        if zone.options.get("after"):
            blocks.append(Block(zone.options["after"], _nothing, row=False))
    return blocks


@flow("heading")
def flow_heading(pen: Pen, zone: Zone, page: Page, tighten: float) -> list[Block]:
    """Make a block of a heading (Hei, two em in), with words running on after it in the zone's style."""
    style = page.layout.style(zone.style)
    head, rest = value_of(zone, page.values)
    if not head:
        return []
    x, _, width, _ = zone.box
    pitch = style.pitch / MM

    def draw(pen: Pen, y: float) -> None:
        at = x + 2 * style.size / MM
        bold = page.layout.style("notice.heading").scaled(style.size / 16)
        at += pen.text(at, y + pitch / 2, head, bold, room=x + width - at)
        if rest:
            at += style.size / MM
            pen.text(at, y + pitch / 2, rest, style, room=x + width - at)

    return [Block(pitch, draw, keep_next=True, row=False)]


@flow("title")
def flow_title(pen: Pen, zone: Zone, page: Page, tighten: float) -> list[Block]:
    """Make a block of a centred title in lines of like length, at most four."""
    style = page.layout.style(zone.style)
    text = value_of(zone, page.values)
    x, _, width, _ = zone.box
    stack = stack_for(style.font, text)
    for part in (1.0, 0.9, 0.8, 0.7):
        size = style.size * part
        lines = balance(text, stack, width * 0.92 * MM / size * EM)
        if len(lines) <= zone.options.get("most_lines", 2) or part == 0.7:
            break
    if len(lines) > 4:
        raise TextTooLong(f"标题“{text[:16]}……”太长（{len(text)} 字）。请改短后再打印。")
    pitch = style.pitch * part / MM

    def draw(pen: Pen, y: float) -> None:
        for number, line in enumerate(lines):
            left = x + (width - line.width * size / EM / MM) / 2
            pen.line(left, y + pitch * (number + 0.5), line, stack, size, style.colour)
        ornament = zone.options.get("ornament")
        if ornament:
            below = y + pitch * len(lines) + 2.7
            ORNAMENTS[ornament](pen, (x + width / 2 - 22, below, 44, 0))

    return [Block(pitch * len(lines) + zone.options.get("after", 0.0), draw, keep_next=True, row=False)]


def _nothing(pen: Pen, y: float) -> None:
    """Room only."""


@drawer("call")
def draw_call(pen: Pen, zone: Zone, page: Page) -> None:
    """Draw how a certificate calls its family: the name in its style, what follows smaller, then a colon."""
    name, rest = value_of(zone, page.values)
    style = page.layout.style(zone.style)
    body = page.layout.style(zone.options["rest"])
    x, cy, width, _ = zone.box
    stack = stack_for(style.font, name)
    rest_stack = stack_for(body.font, rest)
    rest_line = set_line(rest, rest_stack)
    rest_width = rest_line.width * body.size / EM
    gap = 0.22 * style.size
    fitted = fit_name(name, stack, style.size, width * MM - rest_width - gap)
    pen.fitted(x, cy, fitted, stack, style.colour)
    at = x + (fitted.width + gap) / MM
    pen.line(at, cy, rest_line, rest_stack, body.size, body.colour)


@drawer("sign")
def draw_sign(pen: Pen, zone: Zone, page: Page) -> None:
    """Draw issuers and date; on a page with a flow it follows the flow, but no lower than its box."""
    issuers, date = (page.values.get(name, "") for name in zone.options["fields"])
    x, cy, width, _ = zone.box
    if page.count > 1 and page.flow_end:
        reach = sign_reach(len(issuers), page.layout.style(zone.style))
        cy = min(cy, page.flow_end + zone.options.get("follow", 22.0) + reach)
    style = page.layout.style(zone.style)
    date_style = page.layout.style(zone.options["date"])
    drop = zone.options["drop"]
    if zone.options.get("abreast"):
        _sign_abreast(pen, zone, issuers, date, cy, (style, date_style))
        return
    fits = [(text, _fit_sign(text, style, width)) for text in issuers]
    date_fit = _fit_sign(date, date_style, width)
    block = max(fitted.width / MM for _, fitted in [*fits, (date, date_fit)])
    middle = x + width - block / 2
    pitch = style.size * 1.5 / MM
    top = cy - pitch * (len(fits) - 1)
    for number, (text, fitted) in enumerate(fits):
        pen.fitted(middle, top + number * pitch, fitted, stack_for(style.font, text), style.colour, align="center")
    pen.fitted(middle, cy + drop, date_fit, stack_for(date_style.font, date), date_style.colour, align="center")


def sign_reach(issuers: int, style: Style) -> float:
    """Return how far the names of several issuers reach up from the last one, mm."""
    return style.size * 1.5 / MM * max(issuers - 1, 0)


def _fit_sign(text: str, style: Style, width: float) -> Fitted:
    return fit_text(text, stack_for(style.font, text), style.size, width * MM, tracking=style.tracking)


def _sign_abreast(pen: Pen, zone: Zone, issuers: tuple[str, ...], date: str, cy: float, styles: tuple[Style, Style]) -> None:
    """Draw issuers side by side up to the box's right edge, in rows if need be; the date under the last."""
    x, _, width, _ = zone.box
    style, date_style = styles
    gap, drop = zone.options["gap"], zone.options["drop"]
    fits = [_fit_sign(text, style, width) for text in issuers]
    rows: list[list[int]] = [[]]
    used = 0.0
    for number, fitted in enumerate(fits):
        needed = fitted.width / MM + (gap if rows[-1] else 0.0)
        if rows[-1] and used + needed > width:
            rows.append([])
            used, needed = 0.0, fitted.width / MM
        rows[-1].append(number)
        used += needed
    pitch = style.size * 1.6 / MM
    middle = x + width
    for depth, row in enumerate(reversed(rows)):
        at = x + width - sum(fits[number].width / MM for number in row) - gap * (len(row) - 1)
        for number in row:
            stack = stack_for(style.font, issuers[number])
            pen.fitted(at, cy - depth * pitch, fits[number], stack, style.colour)
            if depth == 0:
                middle = at + fits[number].width / MM / 2
            at += fits[number].width / MM + gap
    date_fit = _fit_sign(date, date_style, width)
    middle = min(middle, x + width - date_fit.width / MM / 2)
    pen.fitted(middle, cy + drop, date_fit, stack_for(date_style.font, date), date_style.colour, align="center")


@drawer("code")
def draw_code(pen: Pen, zone: Zone, page: Page) -> None:
    """Draw a QR code of the value into the box, without a quiet zone: the layout keeps white round it."""
    text = value_of(zone, page.values)
    if not text:
        return
    # Late, as everything of reportlab: the command line loads this module.
    from reportlab.graphics.barcode import qrencoder  # type: ignore[import-untyped]

    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    count = code.getModuleCount()
    x, y, width, _ = zone.box
    unit = width / count
    cells = []
    for row in range(count):
        at = 0
        for dark, run in groupby([bool(code.isDark(row, column)) for column in range(count)]):
            length = len(list(run))
            if dark:
                cells.append((x + at * unit, y + row * unit, length * unit, unit))
            at += length
    pen.panels(cells, "ink")


@drawer("runhead")
def draw_runhead(pen: Pen, zone: Zone, page: Page) -> None:
    """Draw the running head of later pages: title left, campaign right, rules below."""
    title, right = (page.values.get(name, "") for name in zone.options["fields"])
    x, cy, width, _ = zone.box
    style = page.layout.style(zone.style)
    used = pen.text(x, cy, title, style, room=width * 0.5)
    pen.text(x + width, cy + 0.3, right, page.layout.style("runhead.right"), align="right", room=width - used - 6)
    ORNAMENTS["rule.runhead"](pen, (x, cy + 6, width, 0))


@drawer("pageno")
def draw_pageno(pen: Pen, zone: Zone, page: Page) -> None:
    """Draw the page's number in the zone's pattern, when there are several pages or it is always asked."""
    if page.count < 2 and not zone.options.get("always"):
        return
    x, cy, width, _ = zone.box
    words = zone.options["pattern"].format(number=page.number, count=page.count)
    pen.text(x + width / 2, cy, words, page.layout.style(zone.style), align="center", room=width)
