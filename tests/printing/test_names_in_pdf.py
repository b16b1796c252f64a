"""Every name prints, and can be searched and copied."""

from __future__ import annotations

import io
import re
import zlib

import pytest
from tests.printing.helpers import DAY, RARE_NAMES, a_certificate, a_roll, box_of, entries, ink, named, open_pdf, text_of

from fulian_desktop.printing.documents import (
    Column,
    HonorRollGroup,
    Table,
    write_certificates,
    write_honor_roll,
    write_table,
)
from fulian_desktop.printing.fonts import MissingGlyphs
from fulian_desktop.printing.notices import Notice, write_notice


def honor_roll(*names: str) -> bytes:
    out = io.BytesIO()
    write_honor_roll(a_roll(named(*names), HonorRollGroup("乡级最美家庭", entries(20, 4))), out)
    return out.getvalue()


def certificates(*names: str) -> bytes:
    out = io.BytesIO()
    write_certificates([a_certificate(f"{name}家庭") for name in names], out)
    return out.getvalue()


def roster(*names: str) -> bytes:
    out = io.BytesIO()
    columns = (Column("序号"), Column("户主", 3, kind="name"), Column("备注", 3, "left"))
    write_table(Table("汇总表", columns, [[str(i), name, ""] for i, name in enumerate(names)]), out)
    return out.getvalue()


def notice(*names: str) -> bytes:
    out = io.BytesIO()
    columns = (Column("户主", 3, kind="name"), Column("身份证号", 3, kind="id"))
    rows = [[name, "1****************X"] for name in names]
    write_notice(Notice("公示", ("现予公示。",), columns, rows, "妇联", DAY), out)
    return out.getvalue()


@pytest.mark.parametrize("name", RARE_NAMES)
@pytest.mark.parametrize("document", [honor_roll, certificates, roster, notice])
def test_a_rare_name_is_found_as_one_string_and_has_ink_in_every_character(document, name, tmp_path):
    data = document(*RARE_NAMES)
    assert name in text_of(data, tmp_path)
    # In a certificate the name and what follows it are one word for the reader.
    words = re.findall(rf"\S*{name}\S*", text_of(data, tmp_path))
    page, x, y, width, height = box_of(data, words[0], tmp_path)
    width *= len(name) / len(words[0]) if len(words[0]) > len(name) else 1
    if len(name) == 2:
        for part in (0, 2):
            assert ink(data, (x + width * part / 3, y, width / 3, height), page) > 0.04
    else:
        assert ink(data, (x, y, width, height), page) > 0.08


@pytest.mark.parametrize("document", [honor_roll, certificates, roster, notice])
def test_pdfium_copies_every_name_as_it_is_spelt(document):
    pdf = open_pdf(document(*RARE_NAMES))
    text = "".join(page.get_textpage().get_text_range() for page in pdf)
    pdf.close()
    for name in RARE_NAMES:
        assert name in text


@pytest.mark.parametrize("words", ["2026年3月2日至3月6日（5个工作日）", "受理电话：0300-5550126（工作日8:30—17:30）"])
def test_figures_among_han_are_found_as_typed(words, tmp_path):
    out = io.BytesIO()
    columns = (Column("户主", 3, kind="name"),)
    write_notice(Notice("公示", ("现予公示。",), columns, [["王㛃"]], "妇联", DAY, contact=words), out)
    assert words in text_of(out.getvalue(), tmp_path)


def test_the_opened_name_really_stands_apart(tmp_path):
    data = honor_roll("王㛃")
    page, x, y, width, height = box_of(data, "王㛃", tmp_path)
    assert width == pytest.approx(3 * 17 * 25.4 / 72, abs=0.5)
    assert ink(data, (x + width * 0.36, y, width * 0.28, height), page) == 0


def test_tracked_words_are_found_as_they_are_spelt(tmp_path):
    text = text_of(honor_roll("王㛃"), tmp_path)
    assert "光荣榜" in text
    assert "安禾县清溪乡妇女联合会" in text
    assert "二〇二六年三月八日" in text


def test_the_unicode_map_is_utf_16_with_surrogates():
    streams = [zlib.decompress(part) for part in _flate_streams(honor_roll("张𡛕"))]
    maps = b"\n".join(stream for stream in streams if b"beginbfchar" in stream)
    assert b"<D845DED5>" in maps
    assert b"216D5" not in maps.replace(b"D845DED5", b"")


def _flate_streams(data: bytes) -> list[bytes]:
    found = []
    for match in re.finditer(rb"/FlateDecode.*?/Length (\d+).*?stream\n", data, re.DOTALL):
        found.append(data[match.end() : match.end() + int(match.group(1))])
    return found


def test_a_rare_character_in_a_bold_name_is_thickened():
    streams = [zlib.decompress(part) for part in _flate_streams(honor_roll("张𡛕"))]
    pages = b"\n".join(stream for stream in streams if b" Tf" in stream)
    assert b"0.714 w" in pages
    assert pages.count(b"2 Tr") == pages.count(b"0 Tr") == 1


@pytest.mark.parametrize("document", [honor_roll, certificates, roster, notice])
def test_a_character_without_a_glyph_stops_the_document_before_anything_is_written(document):
    with pytest.raises(MissingGlyphs) as caught:
        document("王建国", "阿ᠮ")
    assert list(caught.value.missing) == ["ᠮ"]


@pytest.mark.parametrize("text", ["<b>王</b>", "&lt;", "=1+1", "a&b<c", "(王)\\", "%d{0}"])
@pytest.mark.parametrize("document", [honor_roll, certificates, roster])
def test_what_people_type_is_never_markup(document, text, tmp_path):
    read = text_of(document(text), tmp_path)
    assert text in read.replace("\n", "")


@pytest.mark.parametrize("document", [honor_roll, certificates, roster, notice])
def test_the_same_data_gives_the_same_bytes(document):
    assert document(*RARE_NAMES) == document(*RARE_NAMES)


def test_every_typeface_is_embedded_as_a_subset(tmp_path):
    import subprocess

    path = tmp_path / "fonts.pdf"
    path.write_bytes(certificates(*RARE_NAMES))
    done = subprocess.run(["pdffonts", str(path)], capture_output=True, check=True)
    rows = done.stdout.decode().splitlines()[2:]
    assert len(rows) >= 4
    for row in rows:
        assert re.search(r"CID TrueType\s+Identity-H\s+yes yes yes", row), row
