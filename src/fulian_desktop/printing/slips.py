"""The hand-over slip (上报交接单): what went on the stick, and two who sign for it (PAPER §5, the plain styles of its tables).

Rules: one page where it can be; the two signatures stand side by side and are never parted; like every document it is
checked for characters that no typeface has before anything is laid out, and being a working paper it may say them in words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from fulian_desktop.printing import drawers  # noqa: F401 - registers its zone types
from fulian_desktop.printing.fonts import MissingGlyphs, require_glyphs, spell_out, stack_for
from fulian_desktop.printing.layout import Block, Page, Values, Zone, blocks_of, draw_document, flow, paginate, value_of
from fulian_desktop.printing.layouts import HAND_OVER_A4
from fulian_desktop.printing.paint import Pen
from fulian_desktop.printing.pdf import MM, PdfFile, write_bytes
from fulian_desktop.printing.tables import Column
from fulian_desktop.printing.texts import chinese_date, one_line, whole_text
from fulian_desktop.printing.typeset import fit_text
from fulian_desktop.printing.values import SPELLED_NOTE, PrintReport, check_choice, table_of, table_texts, texts_of
from fulian_desktop.progress import Progress

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence
    from pathlib import Path

    from fulian_desktop.printing.palette import Style

ABREAST = 2
"""So many kinds stand side by side in the table of counts."""

LABEL_SHARE, VALUE_INDENT = 30.0, 3.0  # mm
ROW = 9.2  # mm
GAP = 8.0  # mm between the two who sign


@dataclass(frozen=True, slots=True)
class HandOver:
    """A hand-over slip.

    Attributes:
        title: Above it.
        date: Of the hand-in, in Chinese figures.
        words: At the left below the title.
        facts: Label and value, one a row: unit, person, file.
        number: The package's number, as two people compare it: larger than the rest.
        counts: What of it and how many (``12 户``), in order.
        total: Below the counts.
        notes: What stayed behind, and what to do with the slip.
        parties: Two: who gives and who takes, with the words above their signature.
    """

    title: str
    date: datetime.date
    words: str
    facts: tuple[tuple[str, str], ...]
    number: str
    counts: Sequence[tuple[str, str]]
    total: str
    notes: tuple[str, ...]
    parties: tuple[tuple[str, str], tuple[str, str]]


def write_hand_over(
    doc: HandOver, target: Path | BinaryIO, *, palette: str = "color", progress: Progress | None = None
) -> PrintReport:
    """Write a hand-over slip on A4.

    Raises:
        MissingGlyphs: A character no typeface has.
        TextTooLong: A text that has no room.
        MachineProblem: The file cannot be written.
    """
    check_choice("A4", ("A4",), palette)
    columns, rows = table_of(*_counted(doc.counts))
    facts = [(one_line(label), one_line(value), "slip.value") for label, value in doc.facts]
    values: Values = {
        "title": one_line(doc.title),
        "words": one_line(doc.words),
        "date": chinese_date(doc.date),
        "facts": (*facts, ("包号", one_line(doc.number), "slip.number")),
        "table": (columns, rows),
        "notes": tuple(whole_text(note) for note in (doc.total, *doc.notes) if note),
        "parties": tuple((one_line(words), one_line(name)) for words, name in doc.parties),
    }
    pairs = [text for pair in (*values["facts"], *values["parties"]) for text in pair[:2]]
    try:
        require_glyphs([*table_texts(columns, rows), *texts_of(values, ("title", "words", "notes")), *pairs])
    except MissingGlyphs as missing:
        missing.spelled = lambda target: write_hand_over(_spelled(doc), target, palette=palette)
        raise
    layout = HAND_OVER_A4
    pdf = PdfFile(layout.width, layout.height, title=values["title"])
    pen = Pen(pdf, palette)
    pagination = paginate(layout, blocks_of(pen, layout, values))
    draw_document(pdf, pen, layout, values, pagination, progress or Progress())
    write_bytes(pdf.finish(), target)
    return PrintReport(pdf.page_count)


def _spelled(doc: HandOver) -> HandOver:
    """The same slip with what no typeface has put into words, and a note that says so."""
    (gives, giver), (takes, taker) = doc.parties
    return replace(
        doc, title=spell_out(doc.title), words=spell_out(doc.words), total=spell_out(doc.total),
        facts=tuple((label, spell_out(value)) for label, value in doc.facts),
        counts=[(spell_out(what), count) for what, count in doc.counts],
        notes=(*map(spell_out, doc.notes), SPELLED_NOTE), parties=((gives, spell_out(giver)), (takes, spell_out(taker))),
    )


def _counted(counts: Sequence[tuple[str, str]]) -> tuple[tuple[Column, ...], list[list[str]]]:
    """The table of counts: kinds side by side, filled row by row."""
    columns = (Column("上报的内容", 2, "left"), Column("数量", 1, "right")) * ABREAST
    cells = [text for pair in counts for text in pair]
    width = 2 * ABREAST
    rows = [cells[start : start + width] for start in range(0, len(cells), width)]
    return columns, [row + [""] * (width - len(row)) for row in rows]


@flow("facts")
def flow_facts(pen: Pen, zone: Zone, page: Page, tighten: float) -> list[Block]:
    """Make a block of each label with its value; the value is made to fit its line."""
    label_style = page.layout.style("slip.label")
    x, _, width, _ = zone.box
    blocks: list[Block] = []
    for label, value, named in value_of(zone, page.values):
        style = page.layout.style(named)

        def draw(
            pen: Pen, y: float, label: str = label, value: str = value, style: Style = style, first: bool = not blocks
        ) -> None:
            cy = y + ROW * tighten / 2
            if first:
                pen.rule(x, x + width, y, "ink", 1.3)
            pen.text(x + 2.5, cy, label, label_style, room=LABEL_SHARE - 5)
            stack = stack_for(style.font, value)
            fitted = fit_text(value, stack, style.size, (width - LABEL_SHARE - VALUE_INDENT) * MM)
            pen.fitted(x + LABEL_SHARE + VALUE_INDENT, cy, fitted, stack, style.colour)
            pen.rule(x, x + width, y + ROW * tighten, "hair", 0.5)

        blocks.append(Block(ROW * tighten, draw, keep_next=True, row=False))
    if blocks:
        blocks[-1].height += zone.options.get("after", 0.0)
    return blocks


@flow("parties")
def flow_parties(pen: Pen, zone: Zone, page: Page, tighten: float) -> list[Block]:
    """Make the block in which both sign: words, who it is, a line for the name and one for the day."""
    parties = value_of(zone, page.values)
    head, body = page.layout.style("slip.party"), page.layout.style("table.meta")
    x, _, width, height = zone.box
    room = (width - GAP * (len(parties) - 1)) / len(parties)

    def draw(pen: Pen, y: float) -> None:
        for number, (words, name) in enumerate(parties):
            left = x + number * (room + GAP)
            pen.rectangle(left, y, room, height, "hair", 0.7)
            pen.text(left + 4, y + 8, words, head, room=room - 8)
            pen.text(left + 4, y + 17, name, body, room=room - 8)
            for label, cy in (("签名：", y + 30), ("日期：", y + 42)):
                used = pen.text(left + 4, cy, label, body)
                pen.rule(left + 4 + used, left + room - 6, cy + 3, "small", 0.5)

    return [Block(height, draw, gap=zone.options.get("before", 0.0), row=False)]
