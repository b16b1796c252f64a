"""Amounts as people write them (DOMAIN §3): whole fen, never a float."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulian_desktop.domain.money import Money, format_capitals, read_money
from fulian_desktop.domain.yuan import format_yuan


@pytest.mark.parametrize(("typed", "fen", "about"), [
    ("1.07亿元", 10_700_000_000, False), ("11.7万元", 11_700_000, False), ("1.2万", 1_200_000, False),
    ("折合人民币3000元", 300_000, False), ("350元", 35_000, False), ("6300元", 630_000, False),
    ("5555.3元", 555_530, False), ("￥1,200.50", 120_050, False), ("¥1200", 120_000, False),
    ("壹仟贰佰元整", 120_000, False), ("10万余元", 10_000_000, True), ("10余万元", 10_000_000, True),
    ("壹仟元整", 100_000, False), ("人民币伍佰元整", 50_000, False), ("3元5角", 350, False),
    ("3元5角2分", 352, False),
    ("伍佰元零伍分", 50_005, False), ("两千块", 200_000, False), ("50块钱", 5000, False), ("5角", 50, False),
    ("8分", 8, False), ("壹角贰分", 12, False),
    ("约3000元", 300_000, True), ("3000多元", 300_000, True), ("3000元左右", 300_000, True),
    ("共计1.59万元", 1_590_000, False),
    ("价值2000元", 200_000, False), ("3,000.00", 300_000, False), ("３０００元", 300_000, False),
    ("90万元", 90_000_000, False),
    ("0元", 0, False), ("0", 0, False), ("1万5千元", 1_500_000, False), ("一万二", 1_200_000, False),
    ("上万元", 1_000_000, True),
    ("3000元。", 300_000, False), ("5000元(人民币)", 500_000, False),
])
def test_amounts_are_read_to_the_fen(typed, fen, about):
    assert read_money(typed).value == Money(fen, about)


@pytest.mark.parametrize(("typed", "code"), [
    ("12.345元", "sub-fen"), ("0.0000001万元", "sub-fen"), ("350元/人", "rate"), ("每人350元", "rate"),
    ("200元每户", "rate"),
    ("1000美元", "currency"), ("$100", "currency"), ("500港币", "currency"), ("-5元", "negative"),
    ("负100元", "negative"),
    ("100-200元", "range"), ("三四百元", "range"), ("若干", "vague"), ("几百元", "vague"),
    ("500元和300元", "several"),
    ("500元×3", "several"), ("衣物500件", "unreadable"), ("500件", "unreadable"),
    ("3000元(含物资)", "unreadable"), ("元", "unreadable"),
    ("人民币", "unreadable"), ("5000亿亿元", "unreadable"), ("200000亿元", "too-big"),
])
def test_what_is_no_amount_is_a_problem_and_no_guess(typed, code):
    reading = read_money(typed)
    assert reading.value is None
    assert reading.problem.code == code


@pytest.mark.parametrize(("typed", "fen"), [
    ("350元/人", 35_000), ("每户200元", 20_000), ("350元", 35_000), ("1000元/年", 100_000),
])
def test_a_standard_may_be_an_amount_a_person(typed, fen):
    assert read_money(typed, rate=True).value.fen == fen


@pytest.mark.parametrize(("typed", "fen"), [
    ("1.59", 1_590_000), (1.59, 1_590_000), (0.1 + 0.2, 300_000), ("5000元", 500_000), ("1.2万", 1_200_000),
    ("￥500", 50_000),
])
def test_a_head_in_ten_thousands_counts_for_bare_numbers_only(typed, fen):
    assert read_money(typed, factor_fen=1_000_000).value.fen == fen


@pytest.mark.parametrize("typed", ["", " ", "无", "/", "—"])
def test_a_blank_is_no_amount_and_no_problem(typed):
    assert read_money(typed).empty


@pytest.mark.parametrize("value", [True, float("nan"), 12.345, -1, 10**14])
def test_a_cell_that_holds_no_amount_is_a_problem(value):
    assert read_money(value).problem is not None


@given(st.integers(0, 10**15))
def test_what_is_shown_reads_back_to_the_same_fen(fen):
    assert read_money(format_yuan(fen)).value.fen == fen


@given(st.integers(0, 10**13))
def test_a_float_of_two_decimals_never_loses_a_fen(fen):
    assert read_money(float(f"{fen // 100}.{fen % 100:02}")).value.fen == fen


@given(st.integers(0, 10**13 - 1))
def test_capitals_on_a_receipt_read_back_to_the_same_fen(fen):
    assert read_money(format_capitals(fen)).value.fen == fen


@pytest.mark.parametrize(("fen", "text"), [
    (1_590_000, "15,900.00"), (0, "0.00"), (5, "0.05"), (-100, "-1.00"), (123456789, "1,234,567.89"),
])
def test_yuan_are_shown_with_grouping_and_two_decimals(fen, text):
    assert format_yuan(fen) == text


@pytest.mark.parametrize(("fen", "text"), [
    (0, "零元整"), (120_050, "壹仟贰佰元伍角整"), (1_590_000, "壹万伍仟玖佰元整"), (100_500, "壹仟零伍元整"),
    (10_000_000, "壹拾万元整"), (100_000_500, "壹佰万零伍元整"), (5, "伍分"), (100_005, "壹仟元零伍分"),
    (640_952, "陆仟肆佰零玖元伍角贰分"), (10_000_000_000, "壹亿元整"), (10_700_000_000, "壹亿零柒佰万元整"),
])
def test_receipts_carry_amounts_in_capitals(fen, text):
    assert format_capitals(fen) == text


def test_no_receipt_is_written_for_a_negative_amount():
    with pytest.raises(ValueError, match="no amount"):
        format_capitals(-1)


@given(st.text(max_size=80))
def test_no_text_makes_the_reader_fail(typed):
    reading = read_money(typed)
    assert reading.value is None or reading.problem is None
