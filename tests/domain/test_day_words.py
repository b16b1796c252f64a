"""Days and stretches of days in words: one form, short, and read back as what it says."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulian_desktop.domain.dates import read_date
from fulian_desktop.domain.day_words import day_text, period_text

TODAY = datetime.date(2026, 3, 9)
DAYS = st.dates(datetime.date(1950, 1, 1), datetime.date(2090, 12, 31))


@pytest.mark.parametrize(
    ("first", "last", "precision", "text"),
    [("2026-03-08", "2026-03-08", "day", "3月8日"), ("2026-03-08", "", "day", "3月8日"),
     ("2026-03-08", "2026-03-10", "day", "3月8日—10日"), ("2026-03-08", "2026-04-01", "day", "3月8日—4月1日"),
     ("2025-12-30", "2026-01-02", "day", "2025年12月30日—2026年1月2日"), ("2026-06-01", "2026-06-30", "month", "6月"),
     ("2025-08-21", "2025-08-25", "day", "2025年8月21日—25日"), ("2026-06-01", "2026-07-31", "month", "6月—7月"),
     ("2025-06-01", "2025-07-31", "month", "2025年6月—7月"), ("2025-12-01", "2026-01-31", "month", "2025年12月—2026年1月"),
     ("2026-01-01", "2026-12-31", "year", "2026年"), ("2024-01-01", "2025-12-31", "year", "2024年—2025年")],
)
def test_what_both_ends_share_is_said_once_and_this_year_not_at_all(first: str, last: str, precision: str, text: str):
    assert period_text(first, last, precision, 2026) == text


def test_a_day_stands_without_the_year_that_is_meant_anyway():
    assert day_text("2026-03-08", 2026) == "3月8日"
    assert day_text("2026-03-08", 2025) == day_text(datetime.date(2026, 3, 8)) == "2026年3月8日"


@given(DAYS, st.integers(0, 500))
def test_any_stretch_of_days_reads_back_with_its_year(start: datetime.date, days: int):
    end = start + datetime.timedelta(days=days)
    read = read_date(period_text(start.isoformat(), end.isoformat(), "day"), year=None, today=TODAY).value
    assert read is not None
    assert (read.date_from, read.date_to, read.precision) == (start, end, "day")


@pytest.mark.parametrize(
    ("first", "last", "precision"),
    [("2026-03-01", "2026-03-31", "month"), ("2026-03-01", "2026-05-31", "month"), ("2025-12-01", "2026-01-31", "month"),
     ("2026-01-01", "2026-12-31", "year"), ("2024-01-01", "2025-12-31", "year")],
)
def test_months_and_years_read_back_with_their_precision(first: str, last: str, precision: str):
    read = read_date(period_text(first, last, precision), year=None, today=TODAY).value
    assert read is not None
    assert (read.date_from.isoformat(), read.date_to.isoformat(), read.precision) == (first, last, precision)
