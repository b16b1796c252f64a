"""The yardstick for certificates: a bare reportlab canvas drawing the same page, text by plain drawString.

One shared form holds what all pages have in common, each page draws its own texts. No line breaking, no
fallback of faces, no checks: it is what a programmer would write who trusts the data.
"""

from __future__ import annotations

import io

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from fulian_desktop.printing.documents import Certificate, chinese_date
from fulian_desktop.printing.fonts import font_file
from fulian_desktop.printing.layouts import CERTIFICATE_A4
from fulian_desktop.printing.ornaments import ORNAMENTS
from fulian_desktop.printing.paint import Pen
from fulian_desktop.printing.pdf import MM, PdfFile

FACES = {"Kai": "kai-400", "Song": "song-400", "SongBold": "song-700", "Title": "song-900", "Hei": "hei-400"}


def register() -> None:
    """Give reportlab the same typeface files."""
    for name, face in FACES.items():
        pdfmetrics.registerFont(TTFont(name, str(font_file(face))))


def bare(items: list[Certificate]) -> bytes:
    """Draw the certificates; return the file."""
    out = io.BytesIO()
    width, height = 297 * MM, 210 * MM
    canvas = Canvas(out, pagesize=(width, height), pageCompression=1, invariant=1)
    pen = Pen(PdfFile(297, 210), "color")
    for zone in CERTIFICATE_A4.zones:
        if zone.type == "ornament":
            ORNAMENTS[zone.style](pen, zone.box)
    canvas.beginForm("page")
    for operator in pen.take():
        canvas.addLiteral(operator)
    canvas.setFont("Title", 50)
    canvas.drawCentredString(width / 2, height - 52 * MM, "荣 誉 证 书")
    canvas.endForm()
    for item in items:
        canvas.doForm("page")
        canvas.setFont("Kai", 29)
        canvas.drawString(42 * MM, height - 87 * MM, f"{item.name}：")
        canvas.setFont("Kai", 24)
        canvas.drawString(60 * MM, height - 102 * MM, item.body[:22])
        canvas.drawString(42 * MM, height - 117 * MM, item.body[22:])
        canvas.drawString(60 * MM, height - 132 * MM, item.closing)
        canvas.setFont("SongBold", 17)
        canvas.drawRightString(257 * MM, height - 155 * MM, "    ".join(item.issuers))
        canvas.setFont("Song", 16)
        canvas.drawRightString(250 * MM, height - 166 * MM, chinese_date(item.date))
        canvas.setFont("Hei", 8.6)
        canvas.drawString(42 * MM, height - 183 * MM, f"编号：{item.serial}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()
