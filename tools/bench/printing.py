"""1,000 certificates into one PDF, against a bare canvas that draws the same page through one shared form."""

from __future__ import annotations

import datetime
import io

from tests.printing import bare_certificates
from tools.bench.harness import ROUNDS, Case, expect, in_turn, median, ratio, seconds
from tools.bench.people import People

from fulian_desktop.printing.documents import Certificate, write_certificates

PAGES = 1_000
DAY = datetime.date(2026, 3, 8)


def certificates(count: int) -> list[Certificate]:
    """Certificates with a name and a number each."""
    people = People("certificates", "140702101201")
    return [
        Certificate(
            name=f"{people.name()}家庭", body="在二〇二六年度“最美家庭”评选活动中，荣获“最美家庭”称号。",
            issuers=("安禾县妇女联合会", "安禾县清溪乡妇女联合会"), date=DAY, serial=f"QX-2026-{i:04d}",
        )
        for i in range(1, count + 1)
    ]


def measure(pages: int = PAGES, rounds: int = ROUNDS) -> list[Case]:
    """``certificates_vs_bare``."""
    items = certificates(pages)
    bare_certificates.register()

    def product() -> float:
        out = io.BytesIO()
        taken = seconds(lambda: write_certificates(items, out))
        expect("certificates", "pages", count_pages(out.getvalue()), pages)
        return taken

    def bare() -> float:
        out: list[bytes] = []
        taken = seconds(lambda: out.append(bare_certificates.bare(items)))
        expect("bare certificates", "pages", count_pages(out[0]), pages)
        return taken

    found = in_turn({"product": product, "bare": bare}, rounds)
    return [Case("certificates_vs_bare", ratio(found["bare"], found["product"]), 0.4, 0.6, samples=found,
                 note=f"{pages / median(found['product']):.0f} pages a second, bare {pages / median(found['bare']):.0f}")]


def count_pages(data: bytes) -> int:
    """How many pages a PDF has, by another program's reading."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(data)
    try:
        return len(pdf)
    finally:
        pdf.close()
