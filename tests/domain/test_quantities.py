"""Numbers as people write them (DOMAIN §3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulian_desktop.domain.people import HOUSEHOLDS, PEOPLE
from fulian_desktop.domain.quantities import Quantity, read_quantity

EXACT, ABOUT = False, True


@pytest.mark.parametrize(("typed", "number", "about", "unit"), [
    ("1600余人", 1600, ABOUT, "人"), ("近400场", 400, ABOUT, "场"), ("上千人", 1000, ABOUT, "人"),
    ("1万余人次", 10_000, ABOUT, "人次"), ("2.4万余户", 24_000, ABOUT, "户"), ("两百", 200, EXACT, None),
    ("壹仟元整", 1000, EXACT, "元"), ("68人", 68, EXACT, "人"), ("10名", 10, EXACT, "名"),
    ("50余人", 50, ABOUT, "人"),
    ("3000多人", 3000, ABOUT, "人"), ("80多家", 80, ABOUT, "家"), ("１６００", 1600, EXACT, None),
    ("1,600", 1600, EXACT, None), ("1，600人", 1600, EXACT, "人"), ("1,234,567", 1_234_567, EXACT, None),
])
def test_the_examples_of_the_design_are_read(typed, number, about, unit):
    reading = read_quantity(typed)
    assert reading.problem is None
    assert (reading.value.number, reading.value.about, reading.value.unit) == (number, about, unit)


@pytest.mark.parametrize(("typed", "number", "about"), [
    ("约30人", 30, ABOUT), ("30人左右", 30, ABOUT), ("三十人上下", 30, ABOUT), ("100人以上", 100, ABOUT),
    ("100+", 100, ABOUT),
    ("不到100人", 100, ABOUT), ("超过五百人", 500, ABOUT), ("逾千人", 1000, ABOUT), ("十几人", 10, ABOUT),
    ("二十几户", 20, ABOUT),
    ("50来人", 50, ABOUT), ("百余人", 100, ABOUT), ("近千人", 1000, ABOUT), ("千人", 1000, ABOUT),
    ("上百万", 1_000_000, ABOUT),
    ("万余", 10_000, ABOUT), ("十万余人", 100_000, ABOUT), ("20多万", 200_000, ABOUT),
    ("2000余万", 20_000_000, ABOUT),
    ("40多名妇女", 40, ABOUT), ("共50人", 50, EXACT), ("共约50人", 50, ABOUT), ("  68 人 ", 68, EXACT),
    ("68人。", 68, EXACT),
    ("一千二", 1200, EXACT), ("两万五", 25_000, EXACT), ("一百一", 110, EXACT), ("一千零五", 1005, EXACT),
    ("一万零五百", 10_500, EXACT), ("二十", 20, EXACT), ("廿五", 25, EXACT), ("卅", 30, EXACT),
    ("十二", 12, EXACT),
    ("十", 10, EXACT), ("一百", 100, EXACT), ("三点五万", 35_000, EXACT), ("1.5万", 15_000, EXACT),
    ("3千", 3000, EXACT),
    ("1万2千3百", 12_300, EXACT), ("1万2000", 12_000, EXACT), ("1亿2千万", 120_000_000, EXACT),
    ("3千5", None, None),
    ("0", 0, EXACT), ("零", 0, EXACT), ("0人", 0, EXACT), ("12.0", 12, EXACT), ("226场次", 226, EXACT),
    ("18名儿童", 18, EXACT),
    ("100\u200b人", 100, EXACT), ("第3", None, None),
])
def test_what_village_cadres_type_is_read_or_left(typed, number, about):
    value = read_quantity(typed).value
    assert (value and value.number, value and value.about) == (number, about)


@pytest.mark.parametrize(("typed", "code"), [
    ("30-40人", "range"), ("30~40", "range"), ("30至40人", "range"), ("30—40", "range"),
    ("30人到40人", "range"),
    ("三四十人", "range"), ("七八个", "range"), ("两三百人", "range"), ("三五户", "range"),
    ("若干", "vague"), ("许多人", "vague"), ("几百人", "vague"), ("几十", "vague"), ("数十人", "vague"),
    ("数千人", "vague"),
    ("不详", "vague"), ("全体妇女", "vague"), ("成百上千人", "vague"), ("大量", "vague"),
    ("-5", "negative"), ("－5人", "negative"), ("−5", "negative"), ("负三", "negative"),
    ("50人，其中妇女30人", "several"), ("50人(其中妇女30人)", "several"), ("12户36人", "several"),
    ("30 40", "several"),
    ("1 600", "several"), ("0.5", "fraction"), ("12.5人", "fraction"), ("1.00005万", "fraction"),
    ("50%", "unreadable"), ("①30", "unreadable"), ("abc", "unreadable"), ("1,60", "unreadable"),
    ("1万2", "unreadable"),
    ("二〇二六", "unreadable"), ("万万", "unreadable"), ("千百", "unreadable"),
    ("22个村委会妇女主任", "unreadable"), ("½", "unreadable"),
    ("10²", "unreadable"), ("5月份", "unreadable"), ("1万亿", "too-big"), ("99999999999", "too-big"),
    ("3" * 80, "unreadable"),
    ("全镇各村妇女主任和妇联执委参加" * 6, "unreadable"),
])
def test_what_is_no_single_number_is_a_problem_and_no_guess(typed, code):
    reading = read_quantity(typed)
    assert reading.value is None
    assert reading.problem.code == code
    assert "请" in reading.problem.text


@pytest.mark.parametrize("typed", ["", "   ", "无", "-", "——", "/", "没有"])
def test_a_blank_or_a_dash_is_no_value_and_no_problem(typed):
    assert read_quantity(typed).empty


@pytest.mark.parametrize(("typed", "factor", "number"), [
    ("1.2", 10_000, 12_000), (2.4, 10_000, 24_000), (0.1 + 0.2, 10_000, 3000), ("1600人", 10_000, 1600),
    ("1.2万", 10_000, 12_000), (3, 1, 3), (3.0, 1, 3), (1e6, 1, 1_000_000),
])
def test_a_unit_in_the_head_counts_for_bare_numbers_only(typed, factor, number):
    assert read_quantity(typed, factor=factor).value.number == number


@pytest.mark.parametrize("value", [True, float("nan"), float("inf"), 0.5, -3, 10**12])
def test_a_cell_that_holds_no_count_is_a_problem(value):
    assert read_quantity(value).problem is not None


def test_a_measure_word_that_does_not_belong_there_is_a_problem():
    assert read_quantity("22个村", units=HOUSEHOLDS).problem.code == "unit"
    assert read_quantity("12户", units=PEOPLE).problem.code == "unit"
    assert read_quantity("22个村", units=PEOPLE).problem.code == "unit"
    assert read_quantity("80多家企业", units=HOUSEHOLDS).problem.code == "unit"
    assert read_quantity("50个人", units=PEOPLE).value == Quantity(50, False, "个人")
    assert read_quantity("12户", units=PEOPLE | HOUSEHOLDS).value == Quantity(12, False, "户")
    assert read_quantity("12", units=PEOPLE).value == Quantity(12)


def test_the_word_behind_the_measure_word_is_kept_for_the_caller():
    assert read_quantity("40多名妇女").value == Quantity(40, True, "名", "妇女")


@given(st.integers(0, 10**9))
def test_every_whole_number_comes_back(number):
    for typed in (str(number), f"{number:,}", number, f"{number}余人"):
        assert read_quantity(typed).value.number == number


@given(st.integers(1, 99_999))
def test_every_number_spoken_in_characters_comes_back(number):
    assert read_quantity(spoken(number)).value.number == number


def spoken(number):
    """一万零五十: an independent writer of what the reader reads."""
    if number >= 10_000:
        rest = number % 10_000
        gap = "零" if 0 < rest < 1000 else ""
        return f"{spoken(number // 10_000)}万{gap}{spoken(rest) if rest else ''}"
    text, gap = "", False
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if gap else "") + "零一二三四五六七八九"[digit] + word
            gap = False
        else:
            gap = bool(text)
    return text


@given(st.text(max_size=80))
def test_no_text_makes_the_reader_fail(typed):
    reading = read_quantity(typed)
    assert reading.value is None or reading.problem is None
