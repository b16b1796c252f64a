"""The ranking of an assessment on paper (PAPER §6, assessment-a4)."""

from __future__ import annotations

import datetime
import io

import pytest
from tests.printing.helpers import box_of, ink, open_pdf, page_sizes, text_of

from fulian_desktop.printing.documents import Column, Table
from fulian_desktop.printing.fonts import MissingGlyphs
from fulian_desktop.printing.scores import HEAD, ROW, ScoreColumn, ScoreRow, ScoreTable, write_scores

SECTIONS = ("组织建设", "阵地建设", "思想引领", "家庭文明", "关爱救助", "维护权益", "巾帼建功", "信息档案")
NAMES = ["柳树湾村", "上坪村", "石桥村", "大槐树村", "杏花村", "东沟村", "西河村", "南岭村", "双井村", "望月村"]


def a_ranking(count=10, sections=SECTIONS, **changes):
    columns = (*(ScoreColumn(s, "15") for s in sections), ScoreColumn("加分", "10"), ScoreColumn("半年", "40%", 1.4),
               ScoreColumn("全年", "60%", 1.4), ScoreColumn("总分"))
    figures = (*("14.5" for _ in sections), "6.5", "103.5", "104.5", "104.10")
    ranks = [1, 1, 3, *range(4, 400)]
    rows = tuple(ScoreRow(ranks[n], NAMES[n % 10] if n < 10 else f"第{n}村", figures) for n in range(count))
    values = {
        "title": ("清溪乡二〇二六年度村级妇联工作", "考核得分排名"), "left": "考核单位：安禾县清溪乡妇女联合会",
        "right": "满分 100 分，加分不超过 10 分", "columns": columns, "rows": rows,
        "average": ScoreRow(None, "全乡平均", figures), "notes": ("注：总分相同的名次并列，其后名次顺延。",),
        "issuer": "安禾县清溪乡妇女联合会", "date": datetime.date(2027, 1, 8), **changes,
    }
    return ScoreTable(**values)


def written(doc, sheets=(), **options):
    target = io.BytesIO()
    write_scores(doc, sheets, target, **options)
    return target.getvalue()


def a_sheet(title="柳树湾村2026年度妇联工作考核得分表", rows=3):
    return Table(title, (Column("考核内容", 3, "left"), Column("考评")), [["自办培训班 2 期", "5.0"]] * rows)


def test_twenty_villages_stand_on_one_page_with_heads_figures_and_signature(tmp_path):
    data = written(a_ranking(20))
    assert page_sizes(data) == [(210.0, 297.0)]
    text = text_of(data, tmp_path, "-layout")
    for words in ("考核得分排名", "柳树湾村", "全乡平均", "104.10", "2027年1月8日", "— 1 —"):
        assert words in text.replace(" ", "").replace("—1—", "— 1 —") or words in text
    assert text.count("104.10") == 21


def test_rows_are_as_high_as_the_picture_has_them_and_begin_where_it_begins(tmp_path):
    data = written(a_ranking(10))
    tops = [box_of(data, name, tmp_path)[2] for name in ("大槐树村", "杏花村", "东沟村")]
    assert tops[1] - tops[0] == pytest.approx(ROW, abs=0.1)
    assert tops[0] == pytest.approx(59.2 + HEAD + 3.5 * ROW, abs=3)


def test_the_first_ranks_stand_in_rings_and_the_first_is_filled():
    data = written(a_ranking(10))
    top = 59.2 + HEAD
    filled = ink(data, (23.2, top + 1.2, 5.6, 5.6))
    plain = ink(data, (23.2, top + 3 * ROW + 1.2, 5.6, 5.6))
    assert filled > 0.5 > plain
    assert ink(data, (23.2, top + ROW + 1.2, 5.6, 5.6)) > 0.5, "two share the first rank"


def test_a_long_ranking_goes_on_under_its_head_and_its_signature_is_not_alone(tmp_path):
    data = written(a_ranking(120))
    pages = text_of(data, tmp_path, "-layout").split("\f")[:-1]
    assert len(pages) == 5
    assert all("名次" in page and "组织" in page for page in pages)
    assert "全乡平均" in pages[-1]
    assert "2027" in pages[-1]
    assert "2027年1月" not in pages[0]


@pytest.mark.parametrize("count", [24, 25, 26, 27])
def test_where_the_signature_does_not_fit_rows_go_along_with_it(tmp_path, count):
    pages = text_of(written(a_ranking(count)), tmp_path, "-layout").split("\f")[:-1]
    assert "全乡平均" in pages[-1]
    assert sum("2027" in page for page in pages) == 1


def test_many_sections_and_long_names_are_made_to_fit_and_nothing_is_left_out(tmp_path):
    many = tuple(f"第{n}部分考核" for n in range(1, 15))
    rows = (ScoreRow(1, "牛家庄镇沙河新民第二社区居民委员会", (*("14.55",) * 14, "6.5", "103.55", "104.55", "104.10")),)
    text = text_of(written(a_ranking(rows=rows, sections=many)), tmp_path).replace("\n", "")
    assert "牛家庄镇沙河新民第二社区居民委员会" in text
    assert text.count("14.55") == 14


def test_sheets_follow_the_ranking_each_on_pages_of_its_own(tmp_path):
    data = written(a_ranking(), [a_sheet(), a_sheet("杏花村2026年度妇联工作考核得分表", rows=60)])
    pages = text_of(data, tmp_path).split("\f")[:-1]
    assert len(pages) == 5
    assert ["考核得分排名" in page for page in pages] == [True, False, False, False, False]
    assert "柳树湾村2026年度" in pages[1].replace(" ", "")
    assert "杏花村2026年度" in pages[2].replace(" ", "")


def test_a_black_and_white_printer_gets_an_outline_for_the_filled_ring():
    data = written(a_ranking(10), palette="mono")
    assert ink(data, (23.2, 59.2 + HEAD + 1.2, 5.6, 5.6)) < 0.5


def test_nobody_ranked_has_no_average_and_says_no_rank(tmp_path):
    rows = (ScoreRow(None, "柳树湾村", (*("—",) * 11, "未评")),)
    text = text_of(written(a_ranking(rows=rows, average=None)), tmp_path)
    assert "未评" in text
    assert "全乡平均" not in text


@pytest.mark.parametrize("changes", [{"issuer": "清溪\U0001f600镇"}, {"rows": (ScoreRow(1, "柳\U0001f600村", ("1",) * 12),)}])
def test_a_character_no_typeface_has_is_named_before_anything_is_printed(changes):
    with pytest.raises(MissingGlyphs):
        written(a_ranking(**changes))


def test_the_same_values_give_the_same_bytes():
    doc = a_ranking()
    assert written(doc, [a_sheet()]) == written(doc, [a_sheet()])
    pdf = open_pdf(written(doc))
    assert len(pdf) == 1
    pdf.close()
