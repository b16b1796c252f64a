"""A year's work on paper: four figures, a table of this year and last, the text, charts, the sources (PAPER §6 report).

Rules: groups of the table bear their head once, in the middle of their rows, and are not parted from it; every later page says
whose it is; the signature follows the text.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, BinaryIO

from fulian_desktop.printing import drawers, table_sets  # noqa: F401 - registers their zone types
from fulian_desktop.printing.charts import Chart
from fulian_desktop.printing.fonts import MissingGlyphs, require_glyphs, spell_out, stack_for
from fulian_desktop.printing.layout import Block, Page, Values, Zone, blocks_of, draw_document, flow, paginate, value_of
from fulian_desktop.printing.layouts import STATISTICS_A4
from fulian_desktop.printing.paint import Pen
from fulian_desktop.printing.pdf import MM, PdfFile, write_bytes
from fulian_desktop.printing.table_sets import Section, cleaned
from fulian_desktop.printing.texts import one_line, plain_date, whole_text
from fulian_desktop.printing.typeset import EM, break_lines
from fulian_desktop.printing.values import SPELLED_NOTE, PrintReport, check_choice, table_texts
from fulian_desktop.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ROW, HEAD = 6.62, 7.7  # mm
KPI_HEIGHT, KPI_GAP = 25.0, 5.1  # mm
EDGES = (0.0, 23.0, 64.0, 76.0, 104.0, 130.0, 156.0)
"""Where the columns begin: group, label, unit, this year, last year, change; and the end."""

HEADS = ("类别", "指标", "单位", "本年", "上年", "增减")


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure set large: what it is called, its number, its unit, how it changed."""

    label: str
    value: str
    unit: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator under its group's head: this year's number, last year's, the change; as texts."""

    group: str
    label: str
    unit: str
    value: str
    before: str
    change: str


@dataclass(frozen=True, slots=True)
class Statistics:
    """A year's work.

    Attributes:
        issuer: Whose, on the first line of the title, and who signs. title: What it is, on the second.
        period: At the left below the title. date: Of the signature.
        key_figures: Four. lines: Of the table, by group. notes: Below it.
        paragraphs: Style (``head``, ``subhead``, ``body``) and text.
        charts: In order. sources: A table at the end.
    """

    issuer: str
    title: str
    period: str
    date: datetime.date
    key_figures: tuple[KeyFigure, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    paragraphs: tuple[tuple[str, str], ...]
    charts: tuple[Chart, ...]
    sources: Section


def write_statistics(
    doc: Statistics, target: Path | BinaryIO, *, palette: str = "color", progress: Progress | None = None
) -> PrintReport:
    """Write a year's work on A4.

    Raises:
        MissingGlyphs: A character no typeface has.
        TextTooLong: A text that has no room.
        MachineProblem: The file cannot be written.
    """
    check_choice("A4", ("A4",), palette)
    sources = cleaned(doc.sources)
    values: Values = {
        "issuer": one_line(doc.issuer), "title": one_line(doc.title), "period": one_line(doc.period),
        "made": f"制表日期：{plain_date(doc.date)}", "running": one_line(f"{doc.issuer} · {doc.title}"),
        "kpis": doc.key_figures, "lines": doc.lines, "notes": tuple(map(whole_text, doc.notes)),
        "essay": tuple((style, whole_text(text)) for style, text in doc.paragraphs),
        "signed": (one_line(doc.issuer), plain_date(doc.date)), "charts": doc.charts,
        "sections": ((sources,), True),
    }
    try:
        require_glyphs([values["issuer"], values["title"], *values["notes"], *(text for _, text in values["essay"])])
        require_glyphs([text for chart in doc.charts for text in chart.texts])
        require_glyphs([sources.head, *table_texts(sources.columns, sources.rows)])
    except MissingGlyphs as missing:
        missing.spelled = lambda target: write_statistics(_spelled(doc), target, palette=palette)
        raise
    layout = STATISTICS_A4
    pdf = PdfFile(layout.width, layout.height, title=values["title"], author=values["issuer"])
    pen = Pen(pdf, palette)
    draw_document(pdf, pen, layout, values, paginate(layout, blocks_of(pen, layout, values)), progress or Progress())
    write_bytes(pdf.finish(), target)
    return PrintReport(pdf.page_count)


def _spelled(doc: Statistics) -> Statistics:
    """The same with what no typeface has put into words, and a note that says so."""
    rows = [[spell_out(text) for text in row] for row in doc.sources.rows]
    return replace(
        doc, paragraphs=tuple((style, spell_out(text)) for style, text in doc.paragraphs), notes=(*doc.notes, SPELLED_NOTE),
        sources=replace(doc.sources, rows=rows),
        charts=tuple(replace(chart, labels=tuple(map(spell_out, chart.labels))) for chart in doc.charts),
    )


@flow("kpis")
def flow_kpis(pen: Pen, zone: Zone, page: Page, tighten: float) -> list[Block]:
    """Make the block of the key figures side by side, each under a red rule."""
    figures: Sequence[KeyFigure] = value_of(zone, page.values)
    if not figures:
        return []
    x, _, width, _ = zone.box
    wide = (width - KPI_GAP * (len(figures) - 1)) / len(figures)
    styles = {name: page.layout.style(f"kpi.{name}") for name in ("label", "change", "value", "unit")}

    def draw(pen: Pen, y: float) -> None:
        for number, figure in enumerate(figures):
            left = x + number * (wide + KPI_GAP)
            pen.rule(left, left + wide, y, "red", 1.4)
            used = pen.text(left, y + 5.2, figure.label, styles["label"])
            if figure.change:
                pen.text(left + wide, y + 5.2, figure.change, styles["change"], align="right", room=wide - used - 1)
            unit = len(figure.unit) * styles["unit"].size / MM
            used = pen.text(left, y + 14.6, figure.value, styles["value"], room=wide - unit - 2.5)
            pen.text(left + used + 1.6, y + 16.2, figure.unit, styles["unit"])

    return [Block(KPI_HEIGHT, draw, row=False)]


@flow("indicators")
def flow_indicators(pen: Pen, zone: Zone, page: Page, tighten: float) -> list[Block]:
    """Make blocks of the table: the head, then a block a group, so that its head stands in the middle of its rows."""
    lines: Sequence[Line] = value_of(zone, page.values)
    if not lines:
        return []
    setter = _Lines(page, zone.box[0])
    head = Block(HEAD, setter.head, keep_next=True, row=False, close=setter.close)
    blocks = [head]
    for group, members in groupby(lines, key=lambda line: line.group):
        rows = list(members)

        def draw(pen: Pen, y: float, group: str = group, rows: Sequence[Line] = rows) -> None:
            setter.group(pen, y, group, rows)

        blocks.append(Block(ROW * len(rows), draw, repeat=(head,), close=setter.close))
    return blocks


class _Lines:
    """Sets the rows of the table of indicators."""

    def __init__(self, page: Page, x: float) -> None:
        self.edges = [x + edge for edge in EDGES]
        self.styles = {name: page.layout.style(f"stat.{name}") for name in ("head", "group", "label", "unit", "now", "before")}

    def head(self, pen: Pen, y: float) -> None:
        left, right = self.edges[0], self.edges[-1]
        pen.panel(left, y, right - left, HEAD, "tint")
        pen.rule(left, right, y, "ink", 1.3)
        self._cells(pen, y + HEAD / 2, HEADS, ("head",) * 6)
        pen.rule(left, right, y + HEAD, "ink", 0.7)

    def group(self, pen: Pen, y: float, group: str, rows: Sequence[Line]) -> None:
        for number, line in enumerate(rows):
            at = y + number * ROW
            texts = ("", line.label, line.unit, line.value, line.before, line.change)
            self._cells(pen, at + ROW / 2, texts, ("group", "label", "unit", "now", "before", "label"))
            if number:
                pen.rule(self.edges[1], self.edges[-1], at, "hair", 0.3)
        left, right = self.edges[:2]
        middle = (left + right) / 2
        pen.text(middle, y + ROW * len(rows) / 2, group, self.styles["group"], align="center", room=right - left - 2)
        pen.rule(self.edges[0], self.edges[-1], y + ROW * len(rows), "hair", 0.6)

    def close(self, pen: Pen, y: float) -> None:
        pen.rule(self.edges[0], self.edges[-1], y, "ink", 1.3)

    def _cells(self, pen: Pen, cy: float, texts: Sequence[str], styles: Sequence[str]) -> None:
        for number, (text, style) in enumerate(zip(texts, styles, strict=True)):
            left, right = self.edges[number], self.edges[number + 1]
            align = ("center", "left", "center", "right", "right", "right")[number]
            at = {"left": left + 3, "center": (left + right) / 2, "right": right - 3}[align]
            if text:
                pen.text(at, cy, text, self.styles[style], align=align, room=right - left - 3)


@flow("essay")
def flow_essay(pen: Pen, zone: Zone, page: Page, tighten: float) -> list[Block]:
    """Make a block of every line of a text with heads; a head stays with what follows it."""
    x, _, width, _ = zone.box
    blocks: list[Block] = []
    for kind, text in value_of(zone, page.values):
        style = page.layout.style(f"essay.{kind}")
        stack = stack_for(style.font, text)
        pitch = style.pitch / MM
        lines = break_lines(text, stack, width * MM / style.size * EM, indent=2 * EM)
        for number, line in enumerate(lines):

            def draw(pen: Pen, y: float, line=line, first=number == 0, style=style, font=stack.name, pitch=pitch) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
                at = x + (2 * style.size / MM if first else 0.0)
                pen.line(at, y + pitch / 2, line, stack_for(font, line.text), style.size, style.colour)

            keep = kind != "body" or (number in (0, len(lines) - 2) and len(lines) > 1)
            blocks.append(Block(pitch, draw, keep_next=keep, row=False))
    if blocks:
        blocks[0].gap = zone.options.get("before", 0.0)
    return blocks


@flow("signed")
def flow_signed(pen: Pen, zone: Zone, page: Page, tighten: float) -> list[Block]:
    """Make the block of the signature: who and when, at the right."""
    issuer, date = value_of(zone, page.values)
    style = page.layout.style("essay.body")
    x, _, width, _ = zone.box
    pitch = style.pitch / MM

    def draw(pen: Pen, y: float) -> None:
        right = x + width - 4 * style.size / MM
        for number, text in enumerate((issuer, date)):
            pen.text(right, y + pitch * (number + 0.5), text, style, align="right", room=width * 0.8)

    return [Block(pitch * 2, draw, gap=pitch, row=False)]
