"""Setting Chinese: line breaking, closing up, names."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fulian_desktop.printing.fonts import stack_for
from fulian_desktop.printing.typeset import (
    NO_END,
    NO_START,
    TextTooLong,
    balance,
    break_lines,
    fit_name,
    fit_text,
    kerns_of,
    open_name,
    set_line,
    split_name,
)

SONG = stack_for("song-400", "")
BOLD = stack_for("song-700", "")


def texts(text: str, em: float, **options) -> list[str]:
    return [line.text for line in break_lines(text, SONG, em * 1000, **options)]


def test_no_closing_mark_begins_a_line_and_no_opener_ends_one():
    text = "在“最美家庭”（五好）评选中，邻里和睦、孝老爱亲；荣获《光荣》称号。" * 4
    for em in range(4, 30):
        lines = texts(text, em)
        assert "".join(lines) == text
        for line in lines:
            assert line[0] not in NO_START
            assert line[-1] not in NO_END or line is lines[-1]


def test_a_closing_mark_that_just_overflows_stays_flush_at_the_line_end():
    assert texts("一二三四五六七，八九十一", 7.5)[0] == "一二三四五六七，"


@pytest.mark.parametrize(
    ("text", "kerns"),
    [
        ("好”，", [0, -500, 0]),
        ("（“好", [-500, 0, 0]),
        ("。（", [-500, 0]),
        ("共10户", [130, 0, 130, 0]),
        ("共 10 户", [0, 0, 0, 0, 0, 0]),
        ("甲·乙", [80, 80, 0]),
    ],
)
def test_marks_close_up_and_latin_stands_off(text, kerns):
    assert kerns_of(text) == kerns


@pytest.mark.parametrize("em", [6, 7, 8, 9, 10, 11])
def test_a_year_in_han_figures_is_never_broken(em):
    lines = texts("我们在二〇二六年春天举办活动二〇二七年再来一次好吗", em)
    assert sum(line.count("二〇二六年") + line.count("二〇二七年") for line in lines) == 2


def test_a_short_quoted_title_is_kept_whole_when_asked():
    text = "在创建活动评选中荣获“美丽庭院精品户”称号并予以表彰"
    assert any("“美丽庭院精品户”" in line for line in texts(text, 12, keep_quoted=True))
    assert not any("“美丽庭院精品户”" in line for line in texts(text, 12))


def test_the_last_line_has_at_least_two_characters():
    for length in range(5, 60):
        text = "家" * length + "。"
        lines = texts(text, 8)
        if len(lines) > 1:
            assert len([ch for ch in lines[-1] if ch not in NO_START]) >= 2


def test_full_lines_are_stretched_to_the_measure_and_the_last_is_not():
    lines = break_lines("邻里和睦共建美好家园，孝老爱亲传承良好家风，大家都来参加", SONG, 10_300)
    assert [round(line.width) for line in lines[:-1]] == [10_300] * (len(lines) - 1)
    assert lines[-1].stretch == 0


def test_the_first_line_is_indented_by_two_em():
    assert len(texts("家" * 30, 10, indent=2000)[0]) == 8


def test_a_latin_word_is_not_broken_unless_it_is_longer_than_the_line():
    assert texts("请访问 example.org 查询", 7) == ["请访问", "example.org", "查询"]
    assert all(len(line) > 1 for line in texts("x" * 300, 6))


def test_twenty_thousand_unbroken_characters_are_set_quickly_and_more_are_refused():
    start = time.perf_counter()
    assert "".join(texts("a" * 20_000, 20)) == "a" * 20_000
    assert time.perf_counter() - start < 2
    with pytest.raises(TextTooLong):
        texts("a" * 200_000, 20)


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("王㛃，。“”（）《》ab1 ·—%𡛕"), max_size=80), st.floats(1, 20))
def test_no_character_is_lost_whatever_is_typed(text, em):
    lines = texts(text, em)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


# Names.


@pytest.mark.parametrize("name", ["王㛃", "李䶮", "张𡛕", "赵𬱖", "何静"])
def test_a_name_of_two_characters_is_opened_to_three_em(name):
    fitted = fit_name(name, BOLD, 17, 80)
    assert fitted.width == pytest.approx(3 * 17)
    assert (fitted.size, fitted.scale, len(fitted.lines)) == (17, 1, 1)


@pytest.mark.parametrize("name", ["陈桂兰", "欧阳慧敏", "Li", "王b", "王"])
def test_other_names_are_not_opened(name):
    assert open_name(name, BOLD) == 0
    assert max(fit_name(name, BOLD, 17, 200).lines[0].kerns, default=0) < 200


def test_a_long_name_is_condensed_to_72_percent_then_smaller_to_84_then_in_two_lines():
    name = "古丽米热·吐尔逊"
    natural = set_line(name, BOLD, flush=False).width * 17 / 1000
    steps = {}
    for percent in range(100, 20, -1):
        fitted = fit_name(name, BOLD, 17, natural * percent / 100)
        steps[percent] = (len(fitted.lines), fitted.scale, fitted.size / 17)
        assert fitted.width <= natural * percent / 100 + 0.01
    assert steps[100] == (1, 1, 1)
    assert steps[80] == (1, pytest.approx(0.8), 1)
    assert steps[66] == (1, 0.72, pytest.approx(0.66 / 0.72))
    assert steps[58][0] == 2
    assert "".join(line.text for line in fit_name(name, BOLD, 17, natural * 0.5).lines) == name


def test_free_room_on_the_right_is_used_before_a_name_is_condensed():
    assert fit_name("古丽米热·吐尔逊", BOLD, 17, 60).scale < 1
    assert fit_name("古丽米热·吐尔逊", BOLD, 17, 60, free=100).scale == 1


@pytest.mark.parametrize(
    ("name", "halves"),
    [
        ("买买提·阿不都拉", ("买买提·", "阿不都拉")),
        ("阿卜杜拉艾合买提", ("阿卜杜拉", "艾合买提")),
        ("Mary Ann", ("Mary", "Ann")),
    ],
)
def test_a_name_is_split_after_its_dot_or_in_the_middle(name, halves):
    assert split_name(name) == halves


def test_a_line_gives_up_its_tracking_before_it_is_condensed():
    wide = fit_text("光荣榜", BOLD, 62, 400, tracking=340)
    tight = fit_text("光荣榜", BOLD, 62, 200, tracking=340)
    assert wide.lines[0].stretch == 340
    assert 0 < tight.lines[0].stretch < 340
    assert tight.scale == 1


def test_a_line_that_would_become_illegible_is_refused():
    with pytest.raises(TextTooLong):
        fit_text("妇" * 100, BOLD, 16, 200)


def test_a_title_is_broken_into_lines_of_like_length():
    lines = balance("关于清溪乡二〇二六年度“最美家庭”拟表彰名单的公示", BOLD, 20_000)
    widths = [line.width for line in lines]
    assert len(lines) == 2
    assert min(widths) > 0.6 * max(widths)


def test_an_opener_at_the_line_start_stands_flush():
    line = set_line("“最美家庭”", SONG)
    assert line.lead == -500
    assert line.width == 5000
