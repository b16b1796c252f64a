"""Dates as people write them (DOMAIN §3)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulian_desktop.domain.dates import Period, month_period, read_date, year_period

TODAY = dt.date(2026, 11, 21)


def read(typed, year=2026):
    return read_date(typed, year=year, today=TODAY)


@pytest.mark.parametrize(("typed", "day"), [
    ("3月6日", "2009-03-06"), ("3月6日上午", "2009-03-06"), ("10月28日晚", "2009-10-28"),
    ("4月16日下午两点", "2009-04-16"),
    ("3.8", "2009-03-08"), ("3.10", "2009-03-10"), ("3/8", "2009-03-08"), ("3-8", "2009-03-08"),
    ("三月八日", "2009-03-08"),
    ("3月8号", "2009-03-08"), ("3月8", "2009-03-08"), ("十二月三十一日", "2009-12-31"),
    ("三月廿一日", "2009-03-21"), ("03月08日", "2009-03-08"),
    ("2026/3/8", "2026-03-08"), ("2026-3-8", "2026-03-08"), ("2026.3.8", "2026-03-08"),
    ("2026．3．8", "2026-03-08"),
    ("20260308", "2026-03-08"), ("二〇二六年三月八日", "2026-03-08"), ("二○二六年三月八日", "2026-03-08"),
    ("二O二六年三月八日", "2026-03-08"),
    ("二零二六年三月八日", "2026-03-08"), ("贰零贰陆年叁月零捌日", "2026-03-08"),
    ("2026年3月8日", "2026-03-08"),
    ("2026 年 3 月 8 日", "2026-03-08"), ("26年3月8日", "2026-03-08"), ("98年5月6日", "1998-05-06"),
    ("10.3.8", "2010-03-08"),
    ("2026-03-08 14:30:00", "2026-03-08"), ("2026-03-08T14:30", "2026-03-08"),
    ("3月8日 9:30-11:30", "2009-03-08"),
    ("3月8日（星期日）", "2009-03-08"), ("3月8日周日上午9点半", "2009-03-08"),
    ("3月8日上午至下午", "2009-03-08"),
    ("3月8日14时30分", "2009-03-08"), ("２０２６年３月８日", "2026-03-08"), ("于3月8日", "2009-03-08"),
    ("3月8日。", "2009-03-08"),
    ("今年3月8日", "2009-03-08"), ("去年3月8日", "2008-03-08"), ("2026年3.8", "2026-03-08"),
    ("2024年2月29日", "2024-02-29"),
])
def test_a_day_is_read_in_the_year_of_its_context(typed, day):
    exact = dt.date.fromisoformat(day)
    assert read(typed, 2009).value == Period(exact, exact, "day")


@pytest.mark.parametrize(("typed", "first", "last"), [
    ("8月21日—25日", "2009-08-21", "2009-08-25"), ("8月21日-9月2日", "2009-08-21", "2009-09-02"),
    ("2009年8月21日至25日", "2009-08-21", "2009-08-25"), ("8月21日~25日", "2009-08-21", "2009-08-25"),
    ("8月21-25日", "2009-08-21", "2009-08-25"),
    ("8月21日——25日", "2009-08-21", "2009-08-25"), ("8月21日到8月25日", "2009-08-21", "2009-08-25"),
    ("8.21-8.25", "2009-08-21", "2009-08-25"),
    ("8.21-25", "2009-08-21", "2009-08-25"), ("2009/8/21-2009/8/25", "2009-08-21", "2009-08-25"),
    ("2009.8.21-8.25", "2009-08-21", "2009-08-25"),
    ("2009-08-21至2009-08-25", "2009-08-21", "2009-08-25"),
    ("2009-08-21-2009-08-25", "2009-08-21", "2009-08-25"),
    ("20090821-20090825", "2009-08-21", "2009-08-25"), ("八月二十一日至二十五日", "2009-08-21", "2009-08-25"),
    ("8月21日上午至8月25日下午", "2009-08-21", "2009-08-25"), ("自8月21日至25日", "2009-08-21", "2009-08-25"),
    ("8月21、22日", "2009-08-21", "2009-08-22"), ("8月21日、22日、23日", "2009-08-21", "2009-08-23"),
    ("8月31日、9月1日", "2009-08-31", "2009-09-01"),
    ("2008年12月28日—2009年1月3日", "2008-12-28", "2009-01-03"),
    ("2008年12月28日-1月3日", "2008-12-28", "2009-01-03"),
    ("3月上旬", "2009-03-01", "2009-03-10"), ("3月中旬", "2009-03-11", "2009-03-20"),
    ("2月下旬", "2009-02-21", "2009-02-28"),
])
def test_a_span_of_days_is_read_with_both_ends(typed, first, last):
    assert read(typed, 2009).value == Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last), "day")


@pytest.mark.parametrize(("typed", "period"), [
    ("9月份", month_period(2009, 9)), ("4月", month_period(2009, 4)), ("四月", month_period(2009, 4)),
    ("6月份", month_period(2009, 6)),
    ("26年3月", month_period(2026, 3)), ("2026年3月", month_period(2026, 3)),
    ("2026.3", month_period(2026, 3)), ("2026-03", month_period(2026, 3)),
    ("202603", month_period(2026, 3)), ("3月底", month_period(2009, 3)), ("3月初", month_period(2009, 3)),
    ("3-5月", month_period(2009, 3, 5)),
    ("3月—5月", month_period(2009, 3, 5)), ("三至五月", month_period(2009, 3, 5)),
    ("2026年3-5月", month_period(2026, 3, 5)),
    ("3月、4月", month_period(2009, 3, 4)), ("上半年", month_period(2009, 1, 6)),
    ("下半年", month_period(2009, 7, 12)),
    ("2026年上半年", month_period(2026, 1, 6)), ("第一季度", month_period(2009, 1, 3)),
    ("四季度", month_period(2009, 10, 12)),
    ("第3季度", month_period(2009, 7, 9)), ("2026年二季度", month_period(2026, 4, 6)),
    ("Q2", month_period(2009, 4, 6)), ("今年5月", month_period(2009, 5)),
])
def test_a_month_or_several_are_whole_months_at_month_precision(typed, period):
    assert read(typed, 2009).value == period


@pytest.mark.parametrize(("typed", "year"), [
    ("全年", 2009), ("2026年全年", 2026), ("2026年", 2026), ("2026", 2026), ("2026年度", 2026),
    ("二〇二六年", 2026), ("今年", 2009), ("去年", 2008),
    ("本年度", 2009), ("一年", 2009),
])
def test_a_year_keeps_year_precision(typed, year):
    assert read(typed, 2009).value == year_period(year)


def test_a_span_of_years_is_read_at_year_precision():
    assert read("2025-2026年").value == Period(dt.date(2025, 1, 1), dt.date(2026, 12, 31), "year")


@pytest.mark.parametrize(("typed", "days"), [
    ("今天", 0), ("昨天", -1), ("前天", -2), ("大前天", -3), ("昨天下午", -1), ("明天", 1),
])
def test_words_like_yesterday_go_by_today(typed, days):
    day = TODAY + dt.timedelta(days=days)
    assert read(typed, None).value == Period(day, day, "day")


def test_last_month_goes_by_today_also_over_new_year():
    january = dt.date(2026, 1, 5)
    assert read_date("上月", year=None, today=january).value == month_period(2025, 12)
    assert read("上月5日", None).value.date_from == dt.date(2026, 10, 5)
    assert read("本月").value == month_period(2026, 11)


@pytest.mark.parametrize("typed", ["昨天", "今天", "上月5日", "本月"])
def test_yesterday_in_a_ledger_of_another_year_is_not_guessed(typed):
    assert read(typed, 2009).problem.code == "relative"


@pytest.mark.parametrize(("typed", "code"), [
    ("2月30日", "impossible"), ("2月29日", "impossible"), ("13月1日", "impossible"),
    ("4月31日", "impossible"), ("0月5日", "impossible"),
    ("20260230", "impossible"), ("13.5", "impossible"), ("8月21日-32日", "impossible"),
    ("1899年3月", "year"), ("2101-1-1", "year"), ("0308", "year"), ("1850年3月8日", "year"), ("3025", "year"),
    ("12月28日-1月3日", "order"), ("8月25日—21日", "order"), ("2009年8月21日—8月2日", "order"),
    ("5-3月", "order"),
    ("8月21日、25日", "several"), ("3月8日，5月4日", "several"), ("3月、9月", "several"),
    ("正月初八", "lunar"), ("农历三月初三", "lunar"), ("腊月", "lunar"), ("除夕", "lunar"),
    ("春节后", "festival"), ("三八妇女节", "festival"), ("国庆节期间", "festival"), ("六一前夕", "festival"),
    ("截至目前", "unreadable"), ("每月", "unreadable"), ("每周三", "unreadable"), ("3月8日前", "unreadable"),
    ("3月8日起", "unreadable"),
    ("截至3月8日", "unreadable"), ("25日", "unreadable"), ("5", "unreadable"), ("03/08/26", "unreadable"),
    ("08.12.31", "unreadable"),
    ("3月8日至5月", "unreadable"), ("待定", "unreadable"), ("星期三", "unreadable"), ("上午", "unreadable"),
    ("3-5-7-9", "unreadable"),
    ("2026年3-5", "unreadable"), ("5-6", None), ("长" * 100, "unreadable"), ("至", "unreadable"),
    ("21-25日", "unreadable"),
])
def test_what_is_no_date_is_a_problem_that_says_what_to_do(typed, code):
    reading = read(typed)
    assert (reading.problem and reading.problem.code) == code
    if code:
        assert reading.value is None
        assert "请" in reading.problem.text


@pytest.mark.parametrize("typed", ["", " ", "-", "——", "/", "无"])
def test_a_blank_is_no_date_and_no_problem(typed):
    assert read(typed).empty


@pytest.mark.parametrize(("value", "day"), [
    (46089, "2026-03-08"), (46089.604, "2026-03-08"), (39939, "2009-05-06"), (20260308, "2026-03-08"),
    (3.8, "2026-03-08"), (3.12, "2026-03-12"),
    (10.28, "2026-10-28"), (dt.date(2009, 5, 6), "2009-05-06"),
    (dt.datetime(2009, 5, 6, 14, 30), "2009-05-06"), (20000, "1954-10-03"),
])
def test_a_cell_of_a_sheet_holds_a_date_a_serial_or_digits(value, day):
    exact = dt.date.fromisoformat(day)
    assert read(value).value == Period(exact, exact, "day")


def test_a_cell_with_a_year_or_a_month_in_digits_is_read():
    assert read(2026).value == year_period(2026)
    assert read(202603).value == month_period(2026, 3)


@pytest.mark.parametrize("value", [3.1, 3.2, 10.3, 12.1])
def test_a_cell_that_may_have_lost_a_zero_is_not_guessed(value):
    assert read(value).problem.code == "ambiguous"


@pytest.mark.parametrize("value", [
    5, 0, -1, True, float("nan"), 3.125, 99_999, 10**12, dt.date(1850, 1, 1), 0.5,
])
def test_a_cell_that_holds_no_date_is_a_problem(value):
    assert read(value).problem is not None


def test_the_year_is_that_of_today_when_the_form_gives_none():
    assert read("3.8", None).value.date_from == dt.date(2026, 3, 8)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)))
def test_every_day_comes_back_in_every_way_of_writing(day):
    y, m, d = day.year, day.month, day.day
    ways = (day.isoformat(), f"{y}年{m}月{d}日", f"{day:%Y%m%d}", f"{y}/{m}/{d}", f"{y}.{m}.{d}", day)
    for way in ways:
        assert read(way).value == Period(day, day, "day")
    assert read(f"{day.month}月{day.day}日", day.year).value.date_from == day


@given(st.text("0123456789年月日号—-~至、.上下午全季度半春节周今昨天 ", max_size=24) | st.text(max_size=80))
def test_no_text_makes_the_reader_fail(typed):
    value = read(typed).value
    assert value is None or value.date_from <= value.date_to
