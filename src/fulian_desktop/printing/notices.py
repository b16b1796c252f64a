"""The public notice (公示) in the layout of GB/T 9704: paragraphs, a list, where to object, who signs.

Rules: as for all documents (``documents``): texts come as they shall stand, and are checked before anything is laid out. It
names families in public, so it is never had with characters put into words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, BinaryIO

from fulian_desktop.printing import drawers, tables  # noqa: F401 - they register their zone types
from fulian_desktop.printing.fonts import require_glyphs
from fulian_desktop.printing.layout import (
    Layout,
    Pagination,
    Values,
    Zone,
    blocks_of,
    carry_rows,
    draw_document,
    paginate,
)
from fulian_desktop.printing.layouts import NOTICE_A4
from fulian_desktop.printing.paint import Pen
from fulian_desktop.printing.palette import STYLES
from fulian_desktop.printing.pdf import PdfFile, write_bytes
from fulian_desktop.printing.tables import Column
from fulian_desktop.printing.texts import HEAD_NUMERALS, one_line, paragraphs, plain_date, whole_text
from fulian_desktop.printing.values import PrintReport, check_choice, table_of, table_texts, texts_of
from fulian_desktop.progress import Progress

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["Column", "Notice", "PrintReport", "write_notice"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A public notice (公示) in the layout of GB/T 9704; identity numbers come masked.

    Attributes:
        title: Broken into lines of like length.
        paragraphs: Before the list.
        columns: Of the list.
        rows: Of the list.
        period: Words after the head 公示时间; without it that head is left out.
        notes: Small, below the list.
        objections: Paragraphs under the head 意见反映; without them that head is left out.
        contact: A last paragraph there (受理电话：…).
        issuer: Who signs.
        date: Of the signature, in Arabic figures as GB/T 9704 has it.
    """

    title: str
    paragraphs: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]]
    issuer: str
    date: datetime.date
    period: str = ""
    notes: tuple[str, ...] = ()
    objections: tuple[str, ...] = ()
    contact: str = ""


def write_notice(
    doc: Notice, target: Path | BinaryIO, *, palette: str = "color", progress: Progress | None = None
) -> PrintReport:
    """Write a public notice on A4 (GB/T 9704): body 16 pt on 28, or 15 on 26 where that saves a page.

    Raises:
        InputProblem: A row of another length than the columns.
        MissingGlyphs: A character no typeface has.
        TextTooLong: A text that has no room.
        MachineProblem: The file cannot be written.
    """
    check_choice("A4", ("A4",), palette)
    values = _notice_values(doc)
    columns, rows = values["table"]
    texts = [
        *table_texts(columns, rows),
        *texts_of(values, ("title", "paragraphs", "notes", "objections", "issuers")),
    ]
    require_glyphs([*texts, values["period"][1]])
    pdf = PdfFile(NOTICE_A4.width, NOTICE_A4.height, title=values["title"], author=values["issuers"][0])
    pen = Pen(pdf, palette)
    layout, pagination = _notice_pages(pen, NOTICE_A4, values)
    closer = _closer(NOTICE_A4)
    closer_layout, closer_pages = _notice_pages(pen, closer, values)
    if len(closer_pages.pages) < len(pagination.pages):
        layout, pagination = closer_layout, closer_pages
    draw_document(pdf, pen, layout, values, pagination, progress or Progress())
    write_bytes(pdf.finish(), target)
    return PrintReport(pdf.page_count)


def _notice_values(doc: Notice) -> Values:
    columns, rows = table_of(doc.columns, doc.rows)
    heads = iter(HEAD_NUMERALS)
    objections = [part for text in doc.objections for part in paragraphs(text)]
    objections += paragraphs(doc.contact)
    return {
        "title": one_line(doc.title),
        "paragraphs": tuple(part for text in doc.paragraphs for part in paragraphs(text)),
        "period": (f"{next(heads)}、公示时间", one_line(doc.period)) if doc.period else ("", ""),
        "list_head": (f"{next(heads)}、公示名单", ""),
        "table": (columns, rows),
        "notes": tuple(whole_text(note) for note in doc.notes),
        "objections_head": (f"{next(heads)}、意见反映", "") if objections else ("", ""),
        "objections": tuple(objections),
        "issuers": (one_line(doc.issuer),),
        "date": plain_date(doc.date),
    }


def _notice_pages(pen: Pen, layout: Layout, values: Values) -> tuple[Layout, Pagination]:
    blocks = blocks_of(pen, layout, values)
    pagination = paginate(layout, blocks)
    sign = next(zone for zone in layout.zones if zone.type == "sign")
    needed: float = sign.options["follow"] + sign.options["drop"] + 2.0
    if pagination.end + needed > layout.later[1] + layout.later[3]:
        pagination = carry_rows(layout, [replace(block, row=True) for block in blocks], rows=2)
    # The signature follows the text on a single page too.
    cy = min(sign.box[1], pagination.end + sign.options["follow"])
    moved = replace(sign, box=(sign.box[0], cy, sign.box[2], sign.box[3]))
    return replace(layout, zones=tuple(moved if zone is sign else zone for zone in layout.zones)), pagination


def _closer(layout: Layout) -> Layout:
    def close(zone: Zone) -> Zone:
        options: dict[str, Any] = dict(zone.options)
        if "date" in options:
            options["date"] = f"{options['date']}.close"
        style = f"{zone.style}.close" if f"{zone.style}.close" in STYLES else zone.style
        return replace(zone, style=style, options=options)

    return replace(layout, zones=tuple(close(zone) for zone in layout.zones))
