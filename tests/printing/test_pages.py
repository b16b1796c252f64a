"""Pages as pixels: pieces fit together, bounds hold, and two threads never meet in PDFium."""

from __future__ import annotations

import io
import threading

import pytest

from fulian_desktop.errors import Damaged
from fulian_desktop.printing import pages
from fulian_desktop.printing.documents import Column, Table, write_table


def a_roster(rows: int, title: str = "花名册") -> bytes:
    buffer = io.BytesIO()
    columns = (Column("序号", 1, "center"), Column("户主", 3))
    write_table(Table(title, columns, [[str(i), f"王㛃{i}"] for i in range(rows)]), buffer)
    return buffer.getvalue()


def test_sizes_are_those_of_the_paper():
    sizes = pages.page_sizes(a_roster(100))
    assert len(sizes) > 1
    assert {tuple(round(side / 72 * 25.4) for side in size) for size in sizes} == {(210, 297)}


def test_bands_of_a_page_are_the_page():
    pdf = a_roster(20)
    whole = pages.draw_piece(pdf, 0, 72, 0, 0, 595, 842)
    bands = [pages.draw_piece(pdf, 0, 72, 0, top, 595, min(100, 842 - top)) for top in range(0, 842, 100)]
    assert b"".join(bands) == whole
    assert min(whole[0::4]) < 64  # there is ink


def test_a_piece_from_the_middle_is_that_part_of_the_page():
    pdf = a_roster(20)
    whole = pages.draw_piece(pdf, 0, 72, 0, 0, 595, 842)
    row = 595 * 4
    wanted = b"".join(whole[(60 + y) * row + 100 * 4: (60 + y) * row + 300 * 4] for y in range(50))
    assert pages.draw_piece(pdf, 0, 72, 100, 60, 200, 50) == wanted


@pytest.mark.parametrize("data", [b"", b"not a pdf", b"%PDF-1.4\n", a_roster(5)[:300]])
def test_what_is_no_pdf_is_damaged(data: bytes):
    with pytest.raises(Damaged):
        pages.page_sizes(data)


@pytest.mark.parametrize(("width", "height"), [(0, 10), (10, 0), (10_000, 10_000)])
def test_a_piece_has_bounds(width: int, height: int):
    with pytest.raises(ValueError, match="dots"):
        pages.draw_piece(a_roster(5), 0, 72, 0, 0, width, height)


def test_another_document_takes_the_place_of_the_last():
    first, second = a_roster(5, "一"), a_roster(60, "二")
    assert len(pages.page_sizes(first)) == 1
    assert len(pages.page_sizes(second)) > 1
    assert len(pages.page_sizes(first)) == 1
    pages.put_away()
    assert len(pages.page_sizes(second)) > 1
    pages.put_away()


def test_threads_get_the_same_pixels_as_one():
    documents = [a_roster(5, "一"), a_roster(5, "二")]
    wanted = [pages.draw_piece(pdf, 0, 72, 0, 0, 595, 842) for pdf in documents]
    wrong: list[int] = []

    def draw(which: int) -> None:
        for _ in range(10):
            if pages.draw_piece(documents[which], 0, 72, 0, 0, 595, 842) != wanted[which]:
                wrong.append(which)

    threads = [threading.Thread(target=draw, args=(number % 2,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    pages.put_away()
