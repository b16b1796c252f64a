"""A document to be worked on further: .docx in the layout of GB/T 9704.

Rules:

* A4, 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm; 22 lines of 28.95 pt, 28 characters of 三号 (16 pt) a line. The characters are
  set by a spacing of their own, a quarter of a point less: a grid of characters is read differently by each program.
* Body 仿宋_GB2312, title 二号 (22 pt) 方正小标宋简体, first heads 黑体, second heads 楷体_GB2312. The file names the faces; Word
  and WPS have them or take what comes near.
* Page number 四号 ``— 1 —``: at the right on odd pages, at the left on even ones, one character in.
* Texts are plain: python-docx escapes them, and what XML cannot hold was never let in.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, Any, BinaryIO

from fulian_desktop.printing.pdf import write_bytes
from fulian_desktop.printing.texts import one_line, plain_date, whole_text

if TYPE_CHECKING:
    from pathlib import Path

TOP, LEFT, WIDTH, HEIGHT = 37.0, 28.0, 156.0, 225.0  # mm
LINE = 28.95  # pt
BODY, TITLE, NUMBER, SMALL = 16.0, 22.0, 14.0, 10.5  # pt
CHARACTERS = 28
MOST_TITLE = 19
"""So many characters of a title stand on one line."""

SONG, FANG, KAI, HEI, XIAO = "宋体", "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"
LATIN = "Times New Roman"
FACES = {"head": HEI, "subhead": KAI, "body": FANG}


@dataclass(frozen=True, slots=True)
class Essay:
    """A text with a table at its end.

    Attributes:
        title: Above it, behind the issuer's name; on a line of its own where both are too long for one.
        paragraphs: Style (``head``, ``subhead``, ``body``) and text.
        issuer: Who signs. date: Of the signature.
        table_title: Above the table. heads: Its heads. rows: Texts. shares: Of the width, one a column.
        notes: Below it.
    """

    title: str
    paragraphs: Sequence[tuple[str, str]]
    issuer: str
    date: datetime.date
    table_title: str
    heads: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    shares: tuple[float, ...]
    notes: Sequence[str] = ()


def write_docx(essay: Essay, target: Path | BinaryIO) -> None:
    """Write a text as .docx.

    Args:
        essay: What it says.
        target: A path (the file appears when it is whole) or an open binary file.

    Raises:
        MachineProblem: The file cannot be written.
    """
    from docx import Document

    document = Document()
    _set_page(document)
    _set_properties(document, essay)
    whole = essay.issuer + essay.title
    lines = [whole] if len(whole) <= MOST_TITLE else [essay.issuer, essay.title]
    for line in lines:
        _paragraph(document, one_line(line), XIAO, TITLE, align="center", after=LINE if line is lines[-1] else 0.0)
    for style, text in essay.paragraphs:
        _paragraph(document, whole_text(text), FACES[style], BODY, indent=2, keep=style != "body")
    _paragraph(document, "", FANG, BODY)
    for text in (one_line(essay.issuer), plain_date(essay.date)):
        _paragraph(document, text, FANG, BODY, align="right", right=4, keep=True)
    _add_table(document, essay)
    buffer = io.BytesIO()
    document.save(buffer)
    write_bytes(buffer.getvalue(), target)


def _set_page(document: Any) -> None:  # noqa: ANN401 - a docx.Document
    """Paper, margins, the grid of lines and characters, page numbers."""
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(297 - TOP - HEIGHT)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(210 - LEFT - WIDTH)
    section.header_distance, section.footer_distance = Mm(15), Mm(297 - TOP - HEIGHT - 7 - NUMBER * 0.3528)
    properties = section._sectPr  # noqa: SLF001 - python-docx has no word for the grid
    for grid in properties.findall(_name("w:docGrid")):
        properties.remove(grid)
    properties.append(_element("w:docGrid", type="lines", linePitch=round(LINE * 20)))
    document.settings.odd_and_even_pages_header_footer = True
    normal = document.styles["Normal"]
    _set_font(normal, FANG, BODY)
    normal.element.get_or_add_rPr().append(_element("w:spacing", val=floor((WIDTH / 25.4 * 72 / CHARACTERS - BODY) * 20)))
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = 0
    for footer, align, side in ((section.footer, "right", "end"), (section.even_page_footer, "left", "start")):
        footer.is_linked_to_previous = False
        _number(footer.paragraphs[0], align, side)


def _set_properties(document: Any, essay: Essay) -> None:  # noqa: ANN401
    told = document.core_properties
    told.title, told.author = one_line(essay.issuer + essay.title), one_line(essay.issuer)
    told.last_modified_by = told.comments = ""
    told.created = told.modified = datetime.datetime.combine(essay.date, datetime.time())


def _number(paragraph: Any, align: str, side: str) -> None:  # noqa: ANN401
    """``— 1 —`` one character in from its side."""
    _set_place(paragraph, align)
    place: dict[str, object] = {f"{side}Chars": 100, side: round(NUMBER * 20)}
    paragraph._p.get_or_add_pPr().append(_element("w:ind", **place))  # noqa: SLF001
    for text in ("— ", None, " —"):
        run = paragraph.add_run(text or "")
        _set_font(run, SONG, NUMBER)
        if text is None:
            for part in ("begin", "instr", "end"):
                run._r.append(  # noqa: SLF001
                    _element("w:instrText", " PAGE ") if part == "instr" else _element("w:fldChar", fldCharType=part)
                )


def _paragraph(
    document: Any, text: str, face: str, size: float, *, align: str = "", indent: int = 0, right: int = 0,  # noqa: ANN401
    after: float = 0.0, keep: bool = False,
) -> None:
    """A paragraph in one face; indents in characters, ``keep`` with the next."""
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    _set_place(paragraph, align)
    form = paragraph.paragraph_format
    form.line_spacing, form.space_after = Pt(LINE if size <= BODY else LINE * 1.2), Pt(after)
    form.keep_with_next = keep or None
    if indent or right:
        place: dict[str, object] = {"firstLineChars": indent * 100, "firstLine": round(indent * size * 20)} if indent else {}
        place |= {"endChars": right * 100, "end": round(right * size * 20)} if right else {}
        paragraph._p.get_or_add_pPr().append(_element("w:ind", **place))  # noqa: SLF001
    _set_font(paragraph.add_run(text), face, size)


def _add_table(document: Any, essay: Essay) -> None:  # noqa: ANN401
    """The table on a page of its own, its head repeated."""
    from docx.enum.text import WD_BREAK
    from docx.shared import Mm, Pt

    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    _paragraph(document, one_line(essay.table_title), HEI, BODY, align="center", after=6.0, keep=True)
    table = document.add_table(rows=0, cols=len(essay.heads))
    table.style, table.autofit = "Table Grid", False
    widths = [Mm(WIDTH * share / sum(essay.shares)) for share in essay.shares]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, texts in enumerate([essay.heads, *essay.rows]):
        row = table.add_row()
        if number == 0:
            row._tr.get_or_add_trPr().append(_element("w:tblHeader"))  # noqa: SLF001
        row._tr.get_or_add_trPr().append(_element("w:cantSplit"))  # noqa: SLF001
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph._p.get_or_add_pPr().append(_element("w:snapToGrid", val=0))  # noqa: SLF001
            paragraph.paragraph_format.line_spacing = Pt(SMALL * 1.4)
            if number == 0:
                _set_place(paragraph, "center")
            _set_font(paragraph.add_run(whole_text(text)), HEI if number == 0 else SONG, SMALL)
    for note in essay.notes:
        _paragraph(document, whole_text(note), KAI, SMALL)


def _set_place(paragraph: Any, align: str) -> None:  # noqa: ANN401
    from docx.enum.text import WD_ALIGN_PARAGRAPH as PLACES

    paragraph.alignment = {"center": PLACES.CENTER, "right": PLACES.RIGHT, "left": PLACES.LEFT}.get(align, PLACES.JUSTIFY)


def _set_font(styled: Any, face: str, size: float) -> None:  # noqa: ANN401 - a run or a style
    """The face for Chinese and the one for figures and Latin letters."""
    from docx.shared import Pt

    styled.font.size, styled.font.name = Pt(size), LATIN
    fonts = styled.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(_name("w:eastAsia"), face)


def _name(tag: str) -> str:
    from docx.oxml.ns import qn

    return qn(tag)


def _element(tag: str, text: str = "", /, **attributes: object) -> Any:  # noqa: ANN401
    """An element of WordprocessingML that python-docx has no word for."""
    from docx.oxml import OxmlElement

    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(_name(f"w:{key}"), str(value))
    if text:
        made.text = text
    return made
