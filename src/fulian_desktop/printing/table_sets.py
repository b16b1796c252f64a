"""Several tables under one title: a report with its parts, the books of a 妇女之家 (PAPER §6, the plain styles of its tables).

Rules: each table has its own head, notes and sum; a head never ends a page; where it is asked for each table begins a page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from fulian_desktop.printing import drawers  # noqa: F401 - registers title, subtitle, page number
from fulian_desktop.printing.fonts import MissingGlyphs, require_glyphs, spell_out
from fulian_desktop.printing.layout import Block, Page, Values, Zone, blocks_of, draw_document, flow, paginate, value_of
from fulian_desktop.printing.layouts import TABLES_A4_LANDSCAPE, TABLES_A4_PORTRAIT
from fulian_desktop.printing.paint import Pen
from fulian_desktop.printing.pdf import PdfFile, write_bytes
from fulian_desktop.printing.tables import Column, flow_notes, flow_table
from fulian_desktop.printing.texts import one_line, whole_text
from fulian_desktop.printing.values import SPELLED_NOTE, PrintReport, check_choice, table_of, table_texts
from fulian_desktop.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEAD_HEIGHT, HEAD_GAP = 9.0, 5.0  # mm
DENSE = {"ruled": False, "grouped": True, "row": 6.6, "row_pad": 1.2, "head": 7.6, "pad": 1.4,
         "sizes": {"head": 9.5, "cell": 9.5, "total": 9.5}}
"""PAPER §6: the rows of a report."""

NOTES = Zone("notes", (0, 0, 0, 0), "table.note", "notes")


@dataclass(frozen=True, slots=True)
class Section:
    """One table.

    Attributes:
        head: Above it; "" where it is the only one.
        columns: Heads, shares of the width, alignment.
        rows: Texts, as many a row as columns.
        notes: Small lines below.
        total: Whether the last row is a sum.
        dense: Low rows without upright rules, as figures are printed; the first column holds for the rows below it too.
    """

    head: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]]
    notes: tuple[str, ...] = ()
    total: bool = False
    dense: bool = False


@dataclass(frozen=True, slots=True)
class TableSet:
    """Tables under one title.

    Attributes:
        title: Above them. sections: In order, at least one.
        subtitle: Above the first at the left. aside: At the right.
        landscape: A4 landscape instead of portrait. paged: Whether each table begins a page.
    """

    title: str
    sections: tuple[Section, ...]
    subtitle: str = ""
    aside: str = ""
    landscape: bool = False
    paged: bool = False


def write_tables(
    doc: TableSet, target: Path | BinaryIO, *, palette: str = "color", progress: Progress | None = None
) -> PrintReport:
    """Write tables under one title on A4.

    Raises:
        InputProblem: No column, or a row of another length.
        MissingGlyphs: A character no typeface has.
        TextTooLong: A text that has no room.
        MachineProblem: The file cannot be written.
    """
    check_choice("A4", ("A4",), palette)
    sections = tuple(cleaned(section) for section in doc.sections)
    values: Values = {
        "title": one_line(doc.title), "subtitle": one_line(doc.subtitle), "aside": one_line(doc.aside),
        "sections": (sections, doc.paged),
    }
    try:
        for section in sections:
            require_glyphs([section.head, *section.notes, *table_texts(section.columns, section.rows)])
        require_glyphs([values["title"], values["subtitle"], values["aside"]])
    except MissingGlyphs as missing:
        missing.spelled = lambda target: write_tables(_spelled(doc), target, palette=palette)
        raise
    layout = TABLES_A4_LANDSCAPE if doc.landscape else TABLES_A4_PORTRAIT
    pdf = PdfFile(layout.width, layout.height, title=values["title"])
    pen = Pen(pdf, palette)
    draw_document(pdf, pen, layout, values, paginate(layout, blocks_of(pen, layout, values)), progress or Progress())
    write_bytes(pdf.finish(), target)
    return PrintReport(pdf.page_count)


def cleaned(section: Section) -> Section:
    """A table as it can be set.

    Raises:
        InputProblem: No column, or a row of another length.
    """
    columns, rows = table_of(section.columns, section.rows)
    return replace(section, head=one_line(section.head), columns=columns, rows=rows, notes=tuple(map(whole_text, section.notes)))


def _spelled(doc: TableSet) -> TableSet:
    """The same with what no typeface has put into words, and a note that says so below the last table."""
    sections = [
        replace(section, head=spell_out(section.head), rows=[[spell_out(text) for text in row] for row in section.rows],
                notes=tuple(map(spell_out, section.notes)))
        for section in doc.sections
    ]
    sections[-1] = replace(sections[-1], notes=(*sections[-1].notes, SPELLED_NOTE))
    return replace(doc, title=spell_out(doc.title), sections=tuple(sections), subtitle=spell_out(doc.subtitle))


@flow("sections")
def flow_sections(pen: Pen, zone: Zone, page: Page, tighten: float) -> list[Block]:
    """Make the blocks of each table: its head, its rows, its notes; the value is ``(sections, paged)``."""
    sections, paged = value_of(zone, page.values)
    blocks: list[Block] = []
    for section in sections:
        inner = replace(page, values={"table": (section.columns, section.rows), "notes": section.notes})
        options = {**zone.options, "total": section.total, **(DENSE if section.dense else {})}
        found = [_head(pen, zone, page, section.head)] if section.head else []
        found += flow_table(pen, replace(zone, type="table", field="table", options=options), inner, tighten)
        found += flow_notes(pen, replace(NOTES, box=zone.box), inner, tighten)
        found[0].begins_page = paged
        blocks += found
    return blocks


def _head(pen: Pen, zone: Zone, page: Page, head: str) -> Block:
    x, _, width, _ = zone.box
    style = page.layout.style("table.section")

    def draw(pen: Pen, y: float) -> None:
        pen.text(x, y + HEAD_HEIGHT / 2 - 0.5, head, style, room=width)

    return Block(HEAD_HEIGHT, draw, keep_next=True, gap=HEAD_GAP, row=False)
