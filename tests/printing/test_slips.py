"""The hand-over slip: everything that both sides compare stands on it, and two places to sign."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from tests.printing.helpers import DAY, box_of, ink, page_sizes, text_of

from fulian_desktop.printing.fonts import MissingGlyphs
from fulian_desktop.printing.slips import HandOver, write_hand_over

KINDS = [("活动", "3 场"), ("家庭档案", "2 户"), ("帮扶救助", "6 条"), ("照片", "9 张")]


def a_slip(**changes) -> HandOver:
    return replace(HandOver(
        title="上报交接单", date=DAY, words="第 12 次上报",
        facts=(("交出单位", "柳树湾村妇联"), ("经手人", "王㛃"), ("文件名", "140799104203-0012-20260309.flpkg，4.2 MB")),
        number="3F2A 91C7", counts=KINDS, total="合计：11 条记录，照片 9 张。",
        notes=("留下没报的：没有保存的草稿 2 份，不在里面。",), parties=(("交", "柳树湾村妇联"), ("接", "清溪镇妇联")),
    ), **changes)


def slip(doc: HandOver) -> bytes:
    out = io.BytesIO()
    write_hand_over(doc, out)
    return out.getvalue()


def test_a_slip_says_who_what_how_many_and_what_stayed_behind(tmp_path):
    text = re.sub(r"\s+", " ", text_of(slip(a_slip()), tmp_path))
    for words in (
        "上报交接单", "第 12 次上报", "二〇二六年三月八日", "柳树湾村妇联", "王㛃", "140799104203-0012-20260309.flpkg",
        "3F2A 91C7", "草稿 2 份",
    ):
        assert words.replace(" ", "") in text.replace(" ", ""), words
    for label, count in KINDS:
        assert label in text
        assert count.replace(" ", "") in text.replace(" ", "")


def test_both_sign_side_by_side_on_one_upright_page(tmp_path):
    data = slip(a_slip())
    assert page_sizes(data) == [(210.0, 297.0)]
    given, taken = box_of(data, "交", tmp_path), box_of(data, "接", tmp_path)
    assert abs(given[2] - taken[2]) < 1
    assert taken[1] - given[1] > 80
    for _, x, y, _, _ in (given, taken):
        assert ink(data, (x + 15, y + 20, 40, 8)) > 0, "a line to sign on"


def test_every_kind_stands_on_the_slip_however_many_there_are(tmp_path):
    counts = [(f"类别{number:02}", f"{number} 条") for number in range(1, 42)]
    read = text_of(slip(a_slip(counts=counts)), tmp_path)
    assert [label for label, _ in counts if label not in read] == []


def test_the_same_slip_gives_the_same_bytes():
    assert slip(a_slip()) == slip(a_slip())


def test_a_character_that_no_typeface_has_is_named_before_anything_is_printed():
    with pytest.raises(MissingGlyphs, match="U\\+1F600"):
        slip(a_slip(facts=(("经手人", "王\U0001f600"),)))


def test_a_slip_may_be_written_with_such_a_character_in_words(tmp_path):
    parties = (("交", "柳树\U0001f339湾村妇联"), ("接", "清溪镇妇联"))
    with pytest.raises(MissingGlyphs) as refused:
        slip(a_slip(facts=(("经手人", "王\U000323AF"),), parties=parties))
    out = io.BytesIO()
    refused.value.spelled(out)
    text = text_of(out.getvalue(), tmp_path).replace(" ", "")
    for words in ("王〔字U+323AF〕", "柳树〔表情〕湾村妇联", "清溪镇妇联", "印不出来的字", "3F2A91C7", "合计：11条记录"):
        assert words in text, words
