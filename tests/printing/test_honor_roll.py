"""The honor roll: how many, on how many pages, in which density."""

from __future__ import annotations

import io
import re
import time

import pytest
from tests.printing.helpers import DAY, a_roll, box_of, entries, ink, named, page_sizes, text_of

from fulian_desktop.errors import InputProblem, MachineProblem
from fulian_desktop.printing.documents import (
    HonorRollEntry,
    HonorRollGroup,
    chinese_date,
    grouped,
    write_honor_roll,
)
from fulian_desktop.printing.typeset import TextTooLong
from fulian_desktop.progress import Cancelled, Progress


def printed(*groups: HonorRollGroup, **options) -> tuple[bytes, int]:
    out = io.BytesIO()
    report = write_honor_roll(a_roll(*groups), out, **options)
    return out.getvalue(), report.pages


def name_height(data: bytes, name: str, tmp_path) -> float:
    return box_of(data, name, tmp_path)[4]


@pytest.mark.parametrize(
    ("families", "units", "pages"),
    [(1, 1, 1), (2, 1, 1), (7, 1, 1), (7, 7, 1), (12, 4, 1), (13, 5, 1), (24, 8, 1), (38, 10, 1), (60, 1, 1), (300, 15, 3)],
)
def test_a_roll_of_so_many_families_takes_so_many_pages(families, units, pages):
    data, count = printed(HonorRollGroup("县级最美家庭", entries(families, units)))
    assert count == pages
    assert page_sizes(data) == [(210.0, 297.0)] * pages


def test_three_thousand_families_of_120_villages_take_about_twenty_pages_within_seconds(tmp_path):
    printed(named("王建国"))  # the typefaces are read once a process
    start = time.perf_counter()
    data, pages = printed(HonorRollGroup("县级最美家庭", entries(3000, 120)))
    assert time.perf_counter() - start < 4
    assert 17 <= pages <= 22
    text = text_of(data, tmp_path)
    assert f"第 {pages} 页 · 共 {pages} 页" in text or f"第{pages}页 · 共{pages}页" in text.replace(" ", "")
    assert len(re.findall("县级最美家庭（续）", text)) == pages - 1


@pytest.mark.parametrize("families", [1, 5, 12, 13, 47, 99, 150, 400, 1000])
def test_every_family_is_on_the_roll_exactly_once(families, tmp_path):
    names = tuple(HonorRollEntry(f"第{chr(0x4E00 + i)}户{i}", f"第{i // 9}村") for i in range(families))
    data, _ = printed(HonorRollGroup("县级最美家庭", names))
    text = text_of(data, tmp_path)
    for entry in names:
        assert len(re.findall(rf"{entry.name}(?!\d)", text)) == 1


def test_seven_families_are_set_large_and_a_hundred_small(tmp_path):
    few, _ = printed(named("陈桂兰", *(f"王{x}国" for x in "甲乙丙丁戊己")))
    many, _ = printed(HonorRollGroup("县级最美家庭", (HonorRollEntry("陈桂兰", "甲村"), *entries(99, 5))))
    assert name_height(few, "陈桂兰", tmp_path) > 2 * name_height(many, "陈桂兰", tmp_path)


@pytest.mark.parametrize("families", [60, 75, 90, 105, 120, 135, 150, 163, 171, 230])
def test_the_signature_never_stands_alone(families, tmp_path):
    data, pages = printed(HonorRollGroup("县级最美家庭", entries(families, 6)))
    last = text_of(data, tmp_path, "-f", str(pages), "-l", str(pages))
    assert "二〇二六年三月八日" in last
    signature = last.index("安禾县清溪乡妇女联合会", 20 if pages == 1 else 0)
    rows = re.findall(r"[王李张刘陈杨赵黄周吴](?:秀英|桂兰|[丽敏静]|建国|志强|海霞|小红)", last[:signature])
    assert len(rows) >= 2


@pytest.mark.parametrize("families", [7, 38, 90, 300])
def test_nothing_is_printed_within_ten_millimetres_of_the_edge(families):
    data, pages = printed(HonorRollGroup("县级最美家庭", entries(families, 6)))
    for page in range(pages):
        for edge in ((0, 0, 210, 10), (0, 287, 210, 10), (0, 0, 10, 297), (200, 0, 10, 297)):
            assert ink(data, edge, page) == 0


def test_the_unit_is_said_only_where_there_are_several(tmp_path):
    one, _ = printed(named("王建国", "李秀英"))
    two, _ = printed(HonorRollGroup("县级最美家庭", (HonorRollEntry("王建国", "东村"), HonorRollEntry("李敏", "西村"))))
    assert "柳树湾村" not in text_of(one, tmp_path)
    assert "东村" in text_of(two, tmp_path)
    assert "西村" in text_of(two, tmp_path)


def test_a_unit_with_a_long_name_is_wrapped_not_cut(tmp_path):
    unit = "内蒙古自治区呼伦贝尔市鄂伦春自治旗大杨树镇团结社区居民委员会"
    long = tuple(HonorRollEntry(f"王{chr(0x4E00 + i)}国", unit) for i in range(3))
    data, _ = printed(HonorRollGroup("县级最美家庭", (*entries(140, 5), *long)))
    assert unit in re.sub(r"\s", "", text_of(data, tmp_path, "-raw"))


def test_black_and_white_has_no_colour():
    from tests.printing.helpers import open_pdf

    data, _ = printed(named("王建国", "张𡛕"), palette="mono")
    pdf = open_pdf(data)
    picture = pdf[0].render(scale=1).to_pil().convert("RGB")
    pdf.close()
    assert all(red == green == blue for _, (red, green, blue) in picture.getcolors(1 << 24))


def test_without_an_introduction_the_groups_move_up(tmp_path):
    out = io.BytesIO()
    write_honor_roll(a_roll(HonorRollGroup("县级最美家庭", entries(20, 4)), intro=""), out)
    full, _ = printed(HonorRollGroup("县级最美家庭", entries(20, 4)))
    assert box_of(out.getvalue(), "县级最美家庭", tmp_path)[2] < box_of(full, "县级最美家庭", tmp_path)[2]


def test_entries_are_parted_into_groups_by_title_and_level_in_their_order():
    listed = [
        HonorRollEntry("甲", "一村", "县级", "最美家庭"),
        HonorRollEntry("乙", "二村", "县级", "最美家庭"),
        HonorRollEntry("丙", "一村", "乡级", "最美家庭"),
    ]
    assert [(group.head, len(group.entries)) for group in grouped(listed)] == [("县级最美家庭", 2), ("乡级最美家庭", 1)]


@pytest.mark.parametrize(
    ("change", "error", "code"),
    [
        ({"groups": ()}, InputProblem, "nothing-to-print"),
        ({"intro": "长" * 401}, TextTooLong, "text-too-long"),
        ({"campaign": "长" * 150}, TextTooLong, "text-too-long"),
        ({"groups": (named("王" * 200_000),)}, TextTooLong, "text-too-long"),
    ],
)
def test_what_cannot_be_printed_is_refused_with_a_reason(change, error, code):
    from dataclasses import replace

    with pytest.raises(error) as caught:
        write_honor_roll(replace(a_roll(named("王建国")), **change), io.BytesIO())
    assert caught.value.code == code


@pytest.mark.parametrize("options", [{"paper": "A9"}, {"palette": "neon"}])
def test_an_unknown_paper_or_palette_is_refused(options):
    with pytest.raises(InputProblem):
        printed(named("王建国"), **options)


def test_a_file_appears_only_when_it_is_whole(tmp_path):
    path = tmp_path / "光荣榜.pdf"
    path.write_bytes(b"old")
    steps = iter([False, True, True, True])
    with pytest.raises(Cancelled):
        write_honor_roll(
            a_roll(HonorRollGroup("县级最美家庭", entries(300, 15))), path, progress=Progress(cancelled=lambda: next(steps))
        )
    assert path.read_bytes() == b"old"
    write_honor_roll(a_roll(named("王建国")), path)
    assert path.read_bytes().startswith(b"%PDF-1.5")
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


def test_a_folder_that_is_not_there_is_said_in_words(tmp_path):
    with pytest.raises(MachineProblem) as caught:
        write_honor_roll(a_roll(named("王建国")), tmp_path / "none" / "x.pdf")
    assert caught.value.code == "cannot-write"


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2026-03-08", "二〇二六年三月八日"),
        ("2010-10-10", "二〇一〇年十月十日"),
        ("1999-12-31", "一九九九年十二月三十一日"),
        ("2025-11-20", "二〇二五年十一月二十日"),
        ("2026-01-21", "二〇二六年一月二十一日"),
    ],
)
def test_a_date_in_chinese_figures(iso, words):
    assert chinese_date(DAY.fromisoformat(iso)) == words


def test_a_name_in_two_lines_keeps_clear_of_its_unit_and_of_the_next_row(tmp_path):
    name = "阿不都热合曼·吐尔逊江·买买提艾力"
    rows = (HonorRollEntry("王㛃", "东村"), HonorRollEntry(name, "某某乡长岭村"), *entries(18, 3))
    data, _ = printed(HonorRollGroup("县级最美家庭", rows))
    first = box_of(data, "阿不都热合曼·", tmp_path)
    second = box_of(data, "吐尔逊江·买买提艾力", tmp_path)
    unit = box_of(data, "某某乡长岭村", tmp_path)
    assert first[2] < second[2] < unit[2]
    assert unit[2] - second[2] > 0.6 * second[4]


def test_several_issuers_stand_above_one_another_clear_of_the_names(tmp_path):
    from dataclasses import replace

    issuers = ("安禾县文明办", "安禾县教育局", "安禾县妇女联合会")
    out = io.BytesIO()
    doc = replace(a_roll(HonorRollGroup("县级最美家庭", entries(45, 6)), issuer="安禾县"), issuers=issuers)
    pages = write_honor_roll(doc, out).pages
    tops = [box_of(out.getvalue(), issuer, tmp_path) for issuer in issuers]
    assert [top[0] for top in tops] == [pages - 1] * 3
    assert [top[2] for top in tops] == sorted(top[2] for top in tops)
    assert ink(out.getvalue(), (25, tops[0][2] - 4, 100, 20), pages - 1) == 0
