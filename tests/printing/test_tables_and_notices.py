"""Tables and public notices: heads repeat, rows stay whole, nothing is lost."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from tests.printing.helpers import DAY, box_of, entries, ink, page_sizes, text_of

from fulian_desktop.errors import InputProblem
from fulian_desktop.printing.documents import Column, Table, plain_date, write_table
from fulian_desktop.printing.fonts import MissingGlyphs
from fulian_desktop.printing.notices import Notice, write_notice

COLUMNS = (Column("序号", 1), Column("户主", 3, kind="name"), Column("事迹简介", 6, "left"))


def a_table(count: int, **changes) -> Table:
    rows = [[str(i + 1), entry.name, f"事迹{i + 1}。"] for i, entry in enumerate(entries(count))]
    return replace(Table("汇总表", COLUMNS, rows, "填报单位：清溪乡", "2026年2月26日"), **changes)


def table(doc: Table) -> bytes:
    out = io.BytesIO()
    write_table(doc, out)
    return out.getvalue()


@pytest.mark.parametrize(("landscape", "size"), [(True, (297.0, 210.0)), (False, (210.0, 297.0))])
def test_a_table_stands_upright_or_lies(landscape, size):
    assert page_sizes(table(a_table(5, landscape=landscape))) == [size]


def test_the_head_repeats_and_the_signatures_stand_on_the_last_page_only(tmp_path):
    data = table(a_table(100, signatures=("审核人", "填表人"), total="合计 100 户", notes=("注：按村序排列。",)))
    pages = text_of(data, tmp_path).split("\f")[:-1]
    assert len(pages) > 2
    assert all("事迹简介" in page for page in pages)
    assert ["审核人：" in page for page in pages] == [False] * (len(pages) - 1) + [True]
    assert "填报单位：清溪乡" in pages[0]
    assert "填报单位：清溪乡" not in pages[1]
    assert all(re.search(rf"— ?{number} ?—", page) for number, page in enumerate(pages, 1))


@pytest.mark.parametrize("count", [0, 1, 24, 25, 26, 27, 28, 29, 55, 200])
def test_every_row_is_printed_once(count, tmp_path):
    text = text_of(table(a_table(count, signatures=("审核人",))), tmp_path)
    assert sorted(int(n) for n in re.findall(r"事迹(\d+)。", text)) == list(range(1, count + 1))


@pytest.mark.parametrize("count", range(22, 32))
def test_the_signatures_are_never_alone_on_a_page(count, tmp_path):
    pages = text_of(table(a_table(count, signatures=("审核人",))), tmp_path).split("\f")[:-1]
    assert "事迹" in pages[-1].replace("事迹简介", "")


def test_a_cell_of_many_lines_makes_its_row_higher(tmp_path):
    rows = [["1", "王建国", "邻里和睦，孝老爱亲。" * 20], ["2", "李秀英", "短。"]]
    data = table(a_table(0, rows=rows))
    first = box_of(data, "王建国", tmp_path)[2]
    assert box_of(data, "李秀英", tmp_path)[2] - first > 15


def test_a_row_taller_than_a_page_goes_on_without_loss(tmp_path):
    words = "".join(f"{number:04d}号" for number in range(1500))
    data = table(a_table(0, rows=[["1", "王建国", words]]))
    assert len(page_sizes(data)) > 2
    read = re.sub(r"\s", "", text_of(data, tmp_path, "-raw"))
    read = re.sub(r"—\d—(序号户主事迹简介)?", "", read)
    assert words in read


def test_a_name_is_fitted_into_its_cell_and_never_broken(tmp_path):
    assert "古丽米热·吐尔逊" in text_of(table(a_table(0, rows=[["1", "古丽米热·吐尔逊", ""]])), tmp_path)


@pytest.mark.parametrize("change", [{"columns": ()}, {"rows": [["1"]]}])
def test_a_table_that_is_none_is_refused(change):
    with pytest.raises(InputProblem):
        table(a_table(1, **change))


def test_a_table_may_be_written_with_a_character_that_no_typeface_has_in_words(tmp_path):
    doc = a_table(3, rows=[["1", "王建国", "献花\U0001f339"], ["2", "李秀英", "好"]])
    with pytest.raises(MissingGlyphs) as refused:
        table(doc)
    out = io.BytesIO()
    refused.value.spelled(out)
    text = text_of(out.getvalue(), tmp_path)
    assert "献花〔表情〕" in text
    assert "李秀英" in text
    assert "印不出来的字" in text


# Notices.


def a_notice(count: int, **changes) -> Notice:
    columns = (Column("序号", 1), Column("所在村", 2), Column("户主", 3, kind="name"), Column("身份证号", 3, kind="id"))
    rows = [[str(i + 1), "东沟村", entry.name, "1****************X"] for i, entry in enumerate(entries(count))]
    return replace(
        Notice(
            "关于清溪乡二〇二六年度“最美家庭”拟表彰名单的公示",
            ("经家庭自荐、各村推荐和乡妇联初评，拟授予下列家庭称号。现予公示，接受群众监督。",),
            columns,
            rows,
            "安禾县清溪乡妇女联合会",
            DAY,
            period="2026年3月2日至3月6日（5个工作日）",
            notes=("注：名单按村序排列，不分先后。",),
            objections=("对上述家庭如有异议，请在公示期内以来访、来信或来电方式向乡妇联反映。",),
            contact="受理电话：0300-5550126",
        ),
        **changes,
    )


def notice(doc: Notice) -> bytes:
    out = io.BytesIO()
    write_notice(doc, out)
    return out.getvalue()


def test_a_notice_has_its_heads_in_order_and_the_masked_numbers(tmp_path):
    text = text_of(notice(a_notice(10)), tmp_path)
    places = [
        text.index(words) for words in ("一、公示时间", "二、公示名单", "三、意见反映", "2026 年 3 月 8 日".replace(" ", ""))
    ]
    assert places == sorted(places)
    assert text.count("1****************X") == 10


def test_heads_are_numbered_by_what_is_there(tmp_path):
    text = text_of(notice(a_notice(3, period="", objections=(), contact="")), tmp_path)
    assert "一、公示名单" in text
    assert "公示时间" not in text
    assert "意见反映" not in text


@pytest.mark.parametrize("count", [1, 8, 9, 10, 11, 12, 13, 14, 30, 60])
def test_the_signature_of_a_notice_is_inside_the_body_and_never_alone(count, tmp_path):
    data = notice(a_notice(count))
    pages = text_of(data, tmp_path).split("\f")[:-1]
    last = pages[-1]
    assert last.index("安禾县清溪乡妇女联合会") > last.index("受理电话")
    page, _, y, _, height = box_of(data, "安禾县清溪乡妇女联合会", tmp_path)
    assert page == len(pages) - 1
    assert y + height < 262


@pytest.mark.parametrize("count", [10, 40])
def test_a_notice_keeps_the_margins_of_gb_t_9704(count):
    data = notice(a_notice(count))
    for page in range(len(page_sizes(data))):
        for edge in ((0, 0, 210, 35), (0, 0, 27, 270), (185, 0, 25, 270)):
            assert ink(data, edge, page) == 0


def test_the_body_is_set_closer_where_that_saves_a_page(tmp_path):
    heights = {}
    for count in range(6, 16):
        data = notice(a_notice(count))
        heights[count] = (len(page_sizes(data)), box_of(data, "受理电话：0300-5550126", tmp_path)[4])
    sizes = {height for pages, height in heights.values() if pages == 1}
    assert len(sizes) == 2


def test_a_date_in_arabic_figures_has_no_leading_noughts():
    assert plain_date(DAY) == "2026年3月8日"
