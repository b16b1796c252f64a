"""Days and stretches of days in words: one form for lists, forms, sheets, reports and papers.

Rules:

* From and to are joined by — and what both share is said once, as people write it: ``8月21日—25日`` (DOMAIN §3).
* With its year a text reads back as the same days and the same precision (domain/dates.py).
"""

from __future__ import annotations

import datetime


def day_text(day: str | datetime.date, year: int | None = None) -> str:
    """A day in words: ``2026年3月8日``.

    Args:
        day: The day, or its ISO date.
        year: Days of this year stand without it: ``3月8日``.
    """
    found = datetime.date.fromisoformat(day) if isinstance(day, str) else day
    return f"{_year(found, year)}{found.month}月{found.day}日"


def period_text(first: str, last: str, precision: str, year: int | None = None) -> str:
    """A stretch of days in words: ``2026年3月8日``, ``2026年3月8日—10日``, ``2025年6月—7月``, ``2024年``.

    Args:
        first: ISO date.
        last: ISO date; "" for the same day.
        precision: ``day``, ``month`` or ``year``.
        year: Days and months of this year stand without it; a year stands for itself.
    """
    start, end = (datetime.date.fromisoformat(day) for day in (first, last or first))
    if precision == "year":
        return f"{start.year}年" if start.year == end.year else f"{start.year}年—{end.year}年"
    same_month = (start.year, start.month) == (end.year, end.month)
    until = "" if start.year == end.year else f"{end.year}年"
    if precision == "month":
        text = f"{_year(start, year)}{start.month}月"
        return text if same_month else f"{text}—{until}{end.month}月"
    text = day_text(start, year)
    return text if start == end else f"{text}—{until}{'' if same_month else f'{end.month}月'}{end.day}日"


def _year(day: datetime.date, year: int | None) -> str:
    return "" if day.year == year else f"{day.year}年"
