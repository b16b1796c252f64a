"""Certificates: one page a family, on several papers, fast enough for a county."""

from __future__ import annotations

import io
import statistics
import time

import pytest
from tests.printing import bare_certificates
from tests.printing.helpers import a_certificate, box_of, entries, ink, page_sizes, text_of

from fulian_desktop.errors import InputProblem
from fulian_desktop.printing.documents import write_certificates
from fulian_desktop.printing.layouts import CERTIFICATE_PAPERS
from fulian_desktop.printing.typeset import TextTooLong
from fulian_desktop.progress import Progress


def printed(*items, **options) -> bytes:
    out = io.BytesIO()
    assert write_certificates(items, out, **options).pages == len(items)
    return out.getvalue()


def test_a_certificate_says_who_what_by_whom_and_when(tmp_path):
    text = text_of(printed(a_certificate("李䶮家庭")), tmp_path)
    for words in (
        "荣誉证书",
        "李䶮",
        "家庭：",
        "“最美家庭”称号。",
        "特发此证，以资鼓励。",
        "安禾县妇女联合会",
        "安禾县清溪乡妇女联合会",
        "二〇二六年三月八日",
        "编号：QX-2026-0017",
    ):
        assert words in text


@pytest.mark.parametrize(("paper", "size"), CERTIFICATE_PAPERS.items())
def test_each_paper_has_its_size_and_an_empty_margin_of_ten_millimetres(paper, size):
    data = printed(a_certificate(), paper=paper)
    assert page_sizes(data) == [size]
    width, height = size
    for edge in ((0, 0, width, 10), (0, height - 10, width, 10), (0, 0, 10, height), (width - 10, 0, 10, height)):
        assert ink(data, edge) == 0


def test_each_family_has_its_own_page_in_order(tmp_path):
    items = [a_certificate(f"{entry.name}{i}家庭", serial=str(i)) for i, entry in enumerate(entries(30))]
    data = printed(*items)
    pages = text_of(data, tmp_path).split("\f")
    for i, item in enumerate(items):
        assert item.name.removesuffix("家庭") in pages[i]


def test_on_bought_forms_only_what_varies_is_printed_and_may_be_moved(tmp_path):
    plain = printed(a_certificate(), paper="16K")
    form = printed(a_certificate(), paper="16K", preprinted_only=True)
    moved = printed(a_certificate(), paper="16K", preprinted_only=True, offset_mm=(3.0, -2.0))
    text = text_of(form, tmp_path)
    assert "荣誉证书" not in text
    assert "特发此证，以资鼓励。" in text
    assert ink(plain, (0, 0, 260, 30)) > 0
    assert ink(form, (0, 0, 260, 30)) == 0
    _, x, y, *_ = box_of(form, "特发此证，以资鼓励。", tmp_path)
    _, x2, y2, *_ = box_of(moved, "特发此证，以资鼓励。", tmp_path)
    assert (x2 - x, y2 - y) == (pytest.approx(3, abs=0.1), pytest.approx(-2, abs=0.1))


def test_a_title_in_quotes_is_not_broken_over_lines(tmp_path):
    lines = text_of(printed(a_certificate()), tmp_path).splitlines()
    assert sum("“最美家庭”" in line for line in lines) == 2


def test_a_couple_is_called_by_both_names(tmp_path):
    assert "王建国、李秀英" in text_of(printed(a_certificate("王建国、李秀英家庭")), tmp_path)


def test_a_long_body_is_set_smaller_and_one_without_end_is_refused(tmp_path):
    body = "在二〇二六年度“最美家庭”评选活动中，" + "孝老爱亲、邻里和睦、" * 10 + "荣获“最美家庭”称号。"
    out = io.BytesIO()
    report = write_certificates([a_certificate(body=body)], out)
    assert len(report.warnings) == 1
    assert "字号已缩小" in report.warnings[0]
    data = out.getvalue()
    assert body[-10:] in text_of(data, tmp_path).replace("\n", "")
    assert box_of(data, "特发此证，以资鼓励。", tmp_path)[2] < 150
    with pytest.raises(TextTooLong):
        printed(a_certificate(body="好" * 2000))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_any_number_of_issuers_stays_on_the_page(count, tmp_path):
    issuers = tuple(f"安禾县清溪乡人民政府妇女工作委员会{i}" for i in range(count))
    text = text_of(printed(a_certificate(issuers=issuers)), tmp_path)
    for issuer in issuers:
        assert issuer in text
    assert "二〇二六年三月八日" in text


def test_no_certificate_is_refused():
    with pytest.raises(InputProblem):
        write_certificates([], io.BytesIO())


def test_progress_counts_certificates():
    seen = []
    printed(*[a_certificate()] * 120, progress=Progress(report=lambda *step: seen.append(step)))
    assert seen[0][:2] == (0, 120)
    assert seen[-1][:2] == (120, 120)


def test_what_all_certificates_share_is_drawn_once():
    one = len(printed(a_certificate()))
    many = len(printed(*[a_certificate(f"{entry.name}家庭") for entry in entries(90)]))
    assert (many - one) / 89 < 900


def test_a_thousand_certificates_keep_up_with_a_bare_canvas():
    bare_certificates.register()
    items = [a_certificate(f"{entry.name}家庭", serial=f"QX-{i:04d}") for i, entry in enumerate(entries(1000))]
    ratios = []
    for _ in range(3):
        start = time.perf_counter()
        printed(*items)
        middle = time.perf_counter()
        bare_certificates.bare(items)
        ratios.append((time.perf_counter() - middle) / (middle - start))
    assert statistics.median(ratios[1:]) > 0.6


def test_the_code_above_the_serial_is_the_qr_code_of_its_text():
    from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData("QX-2026-0017 7F3A")
    code.make()
    count = code.getModuleCount()
    unit = 15 / count
    data = printed(a_certificate(code="QX-2026-0017 7F3A"))
    for row in range(count):
        for column in range(count):
            inner = (42 + (column + 0.3) * unit, 163 + (row + 0.3) * unit, unit * 0.4, unit * 0.4)
            assert (ink(data, inner) > 0.5) == code.isDark(row, column)


def test_without_a_code_there_is_none():
    assert ink(printed(a_certificate()), (40, 160, 19, 19)) == 0
