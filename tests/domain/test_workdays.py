"""How long a notice runs (DOMAIN §2 "Rules")."""

from __future__ import annotations

from datetime import date

import pytest

from fulian_desktop.domain.workdays import HolidayTable, approval_from, notice_last_day

# 国务院办公厅 for 2026: 五一 1-5 May, with Saturday 9 May worked.
MAY_2026 = HolidayTable.of(2026, [date(2026, 5, d) for d in range(1, 6)], [date(2026, 5, 9)])


@pytest.mark.parametrize(
    ("first", "days", "last"),
    [
        (date(2026, 3, 2), 1, date(2026, 3, 2)),
        (date(2026, 3, 2), 5, date(2026, 3, 6)),
        (date(2026, 3, 6), 5, date(2026, 3, 10)),
        (date(2026, 2, 27), 3, date(2026, 3, 1)),
        (date(2025, 12, 29), 7, date(2026, 1, 4)),
    ],
)
def test_the_first_day_of_a_notice_in_calendar_days_counts(first: date, days: int, last: date) -> None:
    assert notice_last_day(first, days, False, None) == (last, ())


@pytest.mark.parametrize(
    ("first", "days", "last"),
    [
        (date(2026, 3, 2), 5, date(2026, 3, 6)),  # Monday to Friday
        (date(2026, 3, 6), 5, date(2026, 3, 12)),  # over a weekend
        (date(2026, 3, 7), 1, date(2026, 3, 9)),  # put up on a Saturday
        (date(2026, 4, 30), 3, date(2026, 5, 7)),  # over the holiday
        (date(2026, 5, 7), 3, date(2026, 5, 9)),  # the Saturday is worked
    ],
)
def test_workdays_leave_out_weekends_and_holidays_and_count_worked_weekends(
    first: date, days: int, last: date
) -> None:
    assert notice_last_day(first, days, True, MAY_2026) == (last, ())


def test_a_year_without_a_table_is_said() -> None:
    last, problems = notice_last_day(date(2026, 4, 30), 3, True, None)
    assert last == date(2026, 5, 4)
    assert [p.code for p in problems] == ["no-holiday-table"]
    assert "2026" in problems[0].text


def test_a_notice_over_new_year_needs_the_tables_of_both_years() -> None:
    table = HolidayTable.of(2026, [date(2026, 1, 1)])
    last, problems = notice_last_day(date(2025, 12, 31), 2, True, table)
    assert last == date(2026, 1, 2)
    assert ["2025" in p.text for p in problems] == [True]
    both = table | HolidayTable.of(2025, [])
    assert notice_last_day(date(2025, 12, 31), 2, True, both) == (last, ())


def test_calendar_days_need_no_table() -> None:
    assert notice_last_day(date(2026, 4, 30), 3, False, None)[1] == ()


def test_a_notice_of_no_days_is_no_notice() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        notice_last_day(date(2026, 4, 30), 0, False, None)


def test_approval_is_possible_from_the_day_after_the_last() -> None:
    assert approval_from(date(2026, 2, 28)) == date(2026, 3, 1)
