"""The documents: plain values in, a PDF out.

Rules:

* Callers give texts as they shall stand: masked, ordered, named as the certificate names them.
* Before anything is laid out every text is checked against the typefaces (:class:`fonts.MissingGlyphs`) and
  for length (:class:`typeset.TextTooLong`): a document is whole or there is none.
* Only a table may be written with such characters put into words (and a hand-over slip, ``slips``), and only when it is
  asked for: a working paper may say 〔表情〕, a name on a wall or on a certificate is printed as it is or not at all.
* The same values give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from fulian_desktop.errors import InputProblem
from fulian_desktop.printing import tables  # noqa: F401 - registers its zone types
from fulian_desktop.printing.densities import choose_density
from fulian_desktop.printing.drawers import sign_reach
from fulian_desktop.printing.fonts import MissingGlyphs, require_glyphs, spell_out
from fulian_desktop.printing.groups import HonorRollEntry, HonorRollGroup, grouped
from fulian_desktop.printing.layout import (
    Values,
    blocks_of,
    carry_rows,
    draw_document,
    draw_items,
    paginate,
    shifted,
)
from fulian_desktop.printing.layouts import (
    CERTIFICATE_PAPERS,
    HONOR_ROLL_LIST_A4,
    TABLE_A4_LANDSCAPE,
    TABLE_A4_PORTRAIT,
    certificate_layout,
    without_preprinted,
)
from fulian_desktop.printing.paint import Pen
from fulian_desktop.printing.palette import STYLES
from fulian_desktop.printing.pdf import PdfFile, write_bytes
from fulian_desktop.printing.tables import Column
from fulian_desktop.printing.texts import called, chinese_date, one_line, paragraphs, plain_date, whole_text
from fulian_desktop.printing.typeset import TextTooLong
from fulian_desktop.printing.values import SPELLED_NOTE, PrintReport, check_choice, table_of, table_texts, texts_of
from fulian_desktop.progress import Progress

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence
    from pathlib import Path

__all__ = [
    "Certificate",
    "Column",
    "HonorRoll",
    "HonorRollEntry",
    "HonorRollGroup",
    "PrintReport",
    "Table",
    "chinese_date",
    "grouped",
    "plain_date",
    "write_certificates",
    "write_honor_roll",
    "write_table",
]

MOST_INTRO = 400  # characters of an honor roll's introduction


@dataclass(frozen=True, slots=True)
class HonorRoll:
    """An honor roll (光荣榜, 名单式).

    Attributes:
        issuer: Above the title.
        campaign: Below it, e.g. 二〇二六年度“最美家庭”.
        intro: One paragraph, at most 400 characters; may be empty.
        groups: In order: title, level, unit by code.
        issuers: Who signs.
        date: Of the signature.
        title: Large words; 光荣榜 and the like are set in the heaviest weight.
        counter: What is counted beside a head.
    """

    issuer: str
    campaign: str
    groups: tuple[HonorRollGroup, ...]
    issuers: tuple[str, ...]
    date: datetime.date
    intro: str = ""
    title: str = "光荣榜"
    counter: str = "户"


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate (荣誉证书).

    Attributes:
        name: As called, e.g. 王建国、李秀英家庭.
        body: What it says, without the closing; line breaks make paragraphs.
        issuers: Side by side above the date, each with room for a seal.
        date: Printed in Chinese figures.
        serial: Small at the foot; may be empty.
        closing: Its own paragraph.
        code: What a QR code above the serial holds: serial and check code, nothing personal; empty: no code.
    """

    name: str
    body: str
    issuers: tuple[str, ...]
    date: datetime.date
    serial: str = ""
    closing: str = "特发此证，以资鼓励。"
    code: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A plain table document: roster, report, receipt list.

    Attributes:
        title: Above it.
        columns: Heads, shares of the width, alignment, kind.
        rows: Texts, as many a row as columns.
        subtitle: Above the table at the left (填报单位：…).
        aside: Above the table at the right (填报日期：…).
        notes: Small lines below.
        landscape: A4 landscape instead of portrait.
        signatures: Labels with a line to sign on, on the last page.
        total: Words beside the signatures (合计 …).
    """

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]]
    subtitle: str = ""
    aside: str = ""
    notes: tuple[str, ...] = ()
    landscape: bool = False
    signatures: tuple[str, ...] = ()
    total: str = ""


def write_honor_roll(
    doc: HonorRoll,
    target: Path | BinaryIO,
    *,
    paper: str = "A4",
    palette: str = "color",
    progress: Progress | None = None,
) -> PrintReport:
    """Write an honor roll as a list, from one family to thousands (PAPER §7).

    Args:
        doc: What it says.
        target: A path (the file appears when it is whole) or an open binary file.
        paper: ``A4``.
        palette: ``color`` or ``mono``.
        progress: Counts pages.

    Raises:
        InputProblem: No family, or an unknown paper or palette.
        MissingGlyphs: A character no typeface has.
        TextTooLong: A text that has no room.
        MachineProblem: The file cannot be written.
    """
    check_choice(paper, ("A4",), palette)
    groups = tuple(
        replace(
            group,
            head=one_line(group.head),
            entries=tuple(replace(entry, name=one_line(entry.name), unit=one_line(entry.unit)) for entry in group.entries),
        )
        for group in doc.groups
        if group.entries
    )
    if not groups:
        raise InputProblem("光荣榜上还没有家庭。请先选好评上的家庭再打印。", "nothing-to-print")
    if len(doc.intro) > MOST_INTRO:
        raise TextTooLong(f"前言超过 {MOST_INTRO} 字，光荣榜上排不下。请删减后再打印。")
    values: Values = {
        "issuer": one_line(doc.issuer),
        "title": one_line(doc.title),
        "campaign": one_line(doc.campaign),
        "intro": tuple(paragraphs(doc.intro)),
        "groups": groups,
        "issuers": tuple(one_line(text) for text in doc.issuers),
        "date": chinese_date(doc.date),
        "counter": one_line(doc.counter),
    }
    texts = [entry.name for group in groups for entry in group.entries]
    texts += [entry.unit for group in groups for entry in group.entries]
    texts += [group.head for group in groups]
    require_glyphs([*texts, *texts_of(values, ("issuer", "title", "campaign", "intro", "issuers", "counter"))])

    layout = HONOR_ROLL_LIST_A4
    pdf = PdfFile(layout.width, layout.height, title=values["campaign"], author=values["issuer"])
    pen = Pen(pdf, palette)
    zone = next(zone for zone in layout.zones if zone.type == "groups")
    sign = next(zone for zone in layout.zones if zone.type == "sign")
    reach = sign_reach(len(doc.issuers), STYLES[sign.style])
    sign_room = 26.0 + reach
    x, y, width, height = layout.body
    layout = replace(layout, body=(x, y, width, height - reach))
    floor = layout.later[1] + layout.later[3]
    layout, pagination = choose_density(pen, layout, values, zone, sign_room, floor)
    draw_document(pdf, pen, layout, values, pagination, progress or Progress())
    write_bytes(pdf.finish(), target)
    return PrintReport(pdf.page_count)


def write_certificates(
    items: Sequence[Certificate],
    target: Path | BinaryIO,
    *,
    paper: str = "A4-landscape",
    palette: str = "color",
    preprinted_only: bool = False,
    offset_mm: tuple[float, float] = (0.0, 0.0),
    progress: Progress | None = None,
) -> PrintReport:
    """Write certificates into one file, one page each.

    Args:
        items: In printing order.
        target: A path (the file appears when it is whole) or an open binary file.
        paper: One of ``layouts.CERTIFICATE_PAPERS``.
        palette: ``color`` or ``mono``.
        preprinted_only: 套打: print only what is not on the bought form already.
        offset_mm: Moves everything right and down, for printers that feed askew.
        progress: Counts certificates.

    Raises:
        InputProblem: None to print, or an unknown paper or palette.
        MissingGlyphs: A character no typeface has.
        TextTooLong: A text that has no room.
        MachineProblem: The file cannot be written.
    """
    check_choice(paper, tuple(CERTIFICATE_PAPERS), palette)
    if not items:
        raise InputProblem("没有要打印的证书。请先选好家庭。", "nothing-to-print")
    layout = certificate_layout(paper)
    if preprinted_only:
        layout = without_preprinted(layout)
    if offset_mm != (0.0, 0.0):
        layout = shifted(layout, *offset_mm)
    values = [_certificate_values(item) for item in items]
    require_glyphs(_certificate_texts(values))
    pdf = PdfFile(
        layout.width,
        layout.height,
        title="荣誉证书",
        author=values[0]["issuers"][0] if items[0].issuers else "",
    )
    warnings = draw_items(pdf, Pen(pdf, palette), layout, values, progress or Progress(), "正在排印证书")
    write_bytes(pdf.finish(), target)
    return PrintReport(pdf.page_count, warnings)


def _certificate_values(item: Certificate) -> Values:
    return {
        "call": called(one_line(item.name)),
        "body": (*paragraphs(item.body), *paragraphs(item.closing)),
        "issuers": tuple(one_line(text) for text in item.issuers),
        "date": chinese_date(item.date),
        "serial": f"编号：{one_line(item.serial)}" if item.serial else "",
        "code": one_line(item.code),
    }


def _certificate_texts(values: Sequence[Values]) -> Iterable[str]:
    for item in values:
        yield item["call"][0]
        yield from item["body"]
        yield from item["issuers"]
        yield item["serial"]


def write_table(doc: Table, target: Path | BinaryIO, *, palette: str = "color", progress: Progress | None = None) -> PrintReport:
    """Write a table document on A4.

    Raises:
        InputProblem: No column, or a row of another length.
        MissingGlyphs: A character no typeface has.
        TextTooLong: A text that has no room.
        MachineProblem: The file cannot be written.
    """
    check_choice("A4", ("A4",), palette)
    columns, rows = table_of(doc.columns, doc.rows)
    values: Values = {
        "title": one_line(doc.title),
        "subtitle": one_line(doc.subtitle),
        "aside": one_line(doc.aside),
        "table": (columns, rows),
        "notes": tuple(whole_text(note) for note in doc.notes),
        "signatures": (tuple(one_line(label) for label in doc.signatures), one_line(doc.total)),
    }
    try:
        require_glyphs([*table_texts(columns, rows), *texts_of(values, ("title", "subtitle", "aside", "notes"))])
        require_glyphs([*values["signatures"][0], values["signatures"][1]])
    except MissingGlyphs as missing:
        missing.spelled = lambda target: write_table(_spelled(doc), target, palette=palette)
        raise
    layout = TABLE_A4_LANDSCAPE if doc.landscape else TABLE_A4_PORTRAIT
    pdf = PdfFile(layout.width, layout.height, title=values["title"])
    pen = Pen(pdf, palette)
    blocks = blocks_of(pen, layout, values)
    pagination = paginate(layout, blocks)
    if len(pagination.pages) > 1 and not any(item.block.row for item in pagination.pages[-1]):
        pagination = carry_rows(layout, blocks)
    draw_document(pdf, pen, layout, values, pagination, progress or Progress())
    write_bytes(pdf.finish(), target)
    return PrintReport(pdf.page_count)


def _spelled(doc: Table) -> Table:
    """The same table with what no typeface has put into words, and a note that says so."""
    return replace(
        doc, title=spell_out(doc.title), rows=[[spell_out(text) for text in row] for row in doc.rows],
        subtitle=spell_out(doc.subtitle), aside=spell_out(doc.aside), notes=(*map(spell_out, doc.notes), SPELLED_NOTE),
        signatures=tuple(map(spell_out, doc.signatures)), total=spell_out(doc.total),
    )
