"""Assessment on paper: the ranking of units, and a sheet of each unit behind it (PAPER §6, assessment-a4).

Rules: rows of 8.05 mm; figures stand on the right edge of their column, the points that a column has under its head; the
first three ranks stand in rings, and equal ranks look alike; the row of averages is last. The same checks as for any table
come first: every character has a typeface, nothing is cut.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from fulian_desktop.printing import drawers, tables  # noqa: F401 - register their zone types
from fulian_desktop.printing.documents import Table
from fulian_desktop.printing.fonts import require_glyphs, stack_for
from fulian_desktop.printing.layout import (
    Block,
    Layout,
    Page,
    Pagination,
    Values,
    Zone,
    blocks_of,
    carry_rows,
    draw_document,
    flow,
    paginate,
    value_of,
)
from fulian_desktop.printing.layouts import TABLE_A4_PORTRAIT
from fulian_desktop.printing.paint import Pen
from fulian_desktop.printing.pdf import MM, PdfFile, write_bytes
from fulian_desktop.printing.texts import one_line, plain_date, whole_text
from fulian_desktop.printing.typeset import wrap_fitted
from fulian_desktop.printing.values import PrintReport, check_choice, table_of, table_texts, texts_of
from fulian_desktop.progress import Progress

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence
    from pathlib import Path

HEAD, ROW = 13.6, 8.05  # mm
RING = 3.0  # radius of a rank's ring, mm
_RANK, _NAME, _TOTAL = 12.0, 27.0, 18.0  # widths, mm; the rest is shared
_AFTER_SIGN = 2.0


@dataclass(frozen=True, slots=True)
class ScoreColumn:
    """A column of figures: its head and, small below it, the points it has (15) or its weight (40%)."""

    head: str
    small: str = ""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A unit's row: its rank (None: not ranked), its name, its figures as texts, the total last."""

    rank: int | None
    name: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """The ranking.

    Attributes:
        title: Two lines. left, right: Above the table.
        columns: Those of the figures, the total last. rows: In order of rank.
        average: Its name and its figures; empty: no such row.
        notes: Small, below. issuer, date: Who signs, and when.
    """

    title: tuple[str, str]
    left: str
    right: str
    columns: tuple[ScoreColumn, ...]
    rows: Sequence[ScoreRow]
    average: ScoreRow | None
    notes: tuple[str, ...]
    issuer: str
    date: datetime.date


ASSESSMENT_A4 = Layout(
    210,
    297,
    (
        Zone("text", (20, 31, 170, 0), "title", "title1", "center", "first"),
        Zone("text", (20, 42.3, 170, 0), "title", "title2", "center", "first"),
        Zone("text", (20, 54.4, 100, 0), "table.meta", "left", "left", "first"),
        Zone("text", (120, 54.4, 70, 0), "table.meta", "right", "right", "first"),
        Zone("scores", (20, 0, 170, 0), "", "scores"),
        Zone("notes", (20, 0, 170, 0), "table.note", "notes", options={"before": 2.4}),
        Zone(
            "sign",
            (90, 260, 92, 0),
            "notice.sign.close",
            pages="last",
            options={"fields": ("issuers", "date"), "date": "notice.sign.close", "drop": 8.0, "follow": 9.5},
        ),
        Zone("pageno", (20, 287, 170, 0), "pageno.dash", options={"pattern": "— {number} —", "always": True}),
    ),
    body=(20, 59.2, 170, 219),
    later=(20, 22, 170, 256),
)


def write_scores(
    ranking: ScoreTable, sheets: Sequence[Table], target: Path | BinaryIO, *, palette: str = "color",
    progress: Progress | None = None,
) -> PrintReport:
    """Write the ranking, and behind it a page or more of each sheet, on A4.

    Raises:
        InputProblem: A row of another length than its columns.
        MissingGlyphs: A character no typeface has.
        TextTooLong: A text that has no room.
        MachineProblem: The file cannot be written.
    """
    check_choice("A4", ("A4",), palette)
    values = _ranking_values(ranking)
    sheet_values = [_sheet_values(sheet) for sheet in sheets]
    columns, rows = values["scores"][:2]
    require_glyphs([text for row in rows for text in (row.name, *row.figures)])
    require_glyphs(column.head for column in columns)
    require_glyphs(texts_of(values, ("title1", "title2", "left", "right", "notes", "issuers")))
    for one in sheet_values:
        require_glyphs([*table_texts(*one["table"]), *texts_of(one, ("title", "subtitle", "aside", "notes"))])
    pdf = PdfFile(ASSESSMENT_A4.width, ASSESSMENT_A4.height, title="".join(ranking.title), author=ranking.issuer)
    pen = Pen(pdf, palette)
    progress = progress or Progress()
    layout, pagination = _ranking_pages(pen, values)
    draw_document(pdf, pen, layout, values, pagination, progress)
    for number, one in enumerate(sheet_values, 1):
        progress.step(number, len(sheet_values), "正在排版")
        pagination = paginate(TABLE_A4_PORTRAIT, blocks_of(pen, TABLE_A4_PORTRAIT, one))
        draw_document(pdf, pen, TABLE_A4_PORTRAIT, one, pagination, Progress(), form=f"Sheet{number}")
    write_bytes(pdf.finish(), target)
    return PrintReport(pdf.page_count)


def _ranking_values(doc: ScoreTable) -> Values:
    columns = tuple(replace(column, head=one_line(column.head)) for column in doc.columns)
    rows = [replace(row, name=one_line(row.name)) for row in doc.rows]
    average = (replace(doc.average, name=one_line(doc.average.name)),) if doc.average is not None else ()
    return {
        "title1": one_line(doc.title[0]), "title2": one_line(doc.title[1]), "left": one_line(doc.left),
        "right": one_line(doc.right), "scores": (columns, [*rows, *average], len(average)),
        "notes": tuple(whole_text(note) for note in doc.notes), "issuers": (one_line(doc.issuer),), "date": plain_date(doc.date),
    }


def _sheet_values(doc: Table) -> Values:
    return {
        "title": one_line(doc.title), "subtitle": one_line(doc.subtitle), "aside": one_line(doc.aside),
        "table": table_of(doc.columns, doc.rows), "notes": tuple(whole_text(note) for note in doc.notes),
        "signatures": (tuple(one_line(label) for label in doc.signatures), one_line(doc.total)),
    }


def _ranking_pages(pen: Pen, values: Values) -> tuple[Layout, Pagination]:
    """The pages of a ranking; the signature follows the notes and never stands alone on a page."""
    layout = ASSESSMENT_A4
    blocks = blocks_of(pen, layout, values)
    pagination = paginate(layout, blocks)
    sign = next(zone for zone in layout.zones if zone.type == "sign")
    needed = sign.options["follow"] + sign.options["drop"] + _AFTER_SIGN
    box = layout.body if len(pagination.pages) == 1 else layout.later
    bare = len(pagination.pages) > 1 and not any(item.block.row for item in pagination.pages[-1])
    if bare or pagination.end + needed > box[1] + box[3]:
        pagination = carry_rows(layout, blocks)
    moved = replace(sign, box=(sign.box[0], pagination.end + sign.options["follow"], sign.box[2], sign.box[3]))
    return replace(layout, zones=tuple(moved if zone is sign else zone for zone in layout.zones)), pagination


@flow("scores")
def flow_scores(pen: Pen, zone: Zone, page: Page, tighten: float) -> list[Block]:
    """Make blocks of the head, the rows and the averages; the value is (columns, rows, how many of them are averages)."""
    columns, rows, averages = value_of(zone, page.values)
    setter = _Scores(zone, page, columns)
    head = setter.head()
    blocks = [head]
    for number, row in enumerate(rows):
        blocks.append(setter.row(row, head, average=number >= len(rows) - averages))
    return blocks


class _Scores:
    """Sets the ranking's rows into its columns."""

    def __init__(self, zone: Zone, page: Page, columns: Sequence[ScoreColumn]) -> None:
        self.columns = columns
        self.x, _, self.width, _ = zone.box
        self.style = page.layout.style
        rest = self.width - _RANK - _NAME - _TOTAL
        shares = sum(column.weight for column in columns[:-1]) or 1.0
        self.edges = [self.x + _RANK + _NAME]
        for column in columns[:-1]:
            self.edges.append(self.edges[-1] + rest * column.weight / shares)
        self.edges.append(self.x + self.width)

    def head(self) -> Block:
        style = self.style("table.head").scaled(0.9)
        small = self.style("table.cell").scaled(0.85)

        def draw(pen: Pen, y: float) -> None:
            pen.panel(self.x, y, self.width, HEAD, "tint")
            pen.rule(self.x, self.x + self.width, y, "ink", 1.3)
            pen.text(self.x + _RANK / 2, y + HEAD / 2, "名次", style, align="center", room=_RANK)
            pen.text(self.x + _RANK + _NAME / 2, y + HEAD / 2, "单位", style, align="center", room=_NAME)
            for number, column in enumerate(self.columns):
                left, right = self.edges[number], self.edges[number + 1]
                stack = stack_for(style.font, column.head)
                # two characters a line where there are four, as 组织 / 建设
                room = min(right - left - 1.0, 2.2 * style.size / MM) if len(column.head) == 4 else right - left - 1.0
                fitted = wrap_fitted(column.head, stack, style.size, max(room, 3.0) * MM, 3)
                cy = y + (HEAD - 4.2 if column.small else HEAD) / 2 + (0.3 if column.small else 0.0)
                pen.fitted((left + right) / 2, cy, fitted, stack, style.colour, align="center")
                if column.small:
                    pen.text((left + right) / 2, y + HEAD - 2.6, column.small, small, align="center", room=right - left - 1.0)
            pen.rule(self.x, self.x + self.width, y + HEAD, "ink", 0.7)

        return Block(HEAD, draw, keep_next=True, row=False, close=self._close)

    def row(self, row: ScoreRow, head: Block, *, average: bool) -> Block:
        first = row.rank is not None and row.rank <= 3
        plain, bold = self.style("table.cell"), self.style("table.head")
        name = (bold if average else self.style("table.name").scaled(0.9)) if average or first else plain.scaled(1.07)

        stack = stack_for(name.font, row.name)
        fitted = wrap_fitted(row.name, stack, name.size, (_NAME - 4.0) * MM, 2)

        def draw(pen: Pen, y: float) -> None:
            cy = y + ROW / 2
            if average:
                pen.rule(self.x, self.x + self.width, y, "ink", 0.7)
            self._rank(pen, cy, row.rank, average=average)
            pen.fitted(self.x + _RANK + 3.3, cy, fitted, stack, name.colour)
            for number, text in enumerate(row.figures):
                last = number == len(row.figures) - 1
                left, right = self.edges[number], self.edges[number + 1]
                pen.text(right - 1.7, cy, text, bold if last else plain, align="right", room=right - left - 2.0)
            pen.rule(self.x, self.x + self.width, y + ROW, "rule", 0.6)

        return Block(ROW, draw, repeat=(head,), close=self._close)

    def _rank(self, pen: Pen, cy: float, rank: int | None, *, average: bool) -> None:
        x, style = self.x + _RANK / 2, self.style("table.cell")
        if rank is None:
            if not average:
                pen.text(x, cy, "—", style, align="center", room=_RANK)
            return
        if rank <= 3:
            ring = [(x + RING * math.cos(a), cy + RING * math.sin(a)) for a in (math.tau * n / 48 for n in range(48))]
            if rank == 1:
                pen.area(ring, "panel")
            pen.path(ring, "gold" if rank == 3 else "red", 1.1, closed=True)
            if rank == 1:
                inner = [(x + (px - x) * 0.84, cy + (py - cy) * 0.84) for px, py in ring]
                pen.path(inner, "pale", 0.5, closed=True)
            style = replace(self.style("table.head"), colour="ivory" if rank == 1 else "ink")
        pen.text(x, cy, str(rank), style, align="center", room=_RANK)

    def _close(self, pen: Pen, y: float) -> None:
        pen.rule(self.x, self.x + self.width, y, "ink", 1.3)


