"""How people write dates: ``3月6日上午``, ``8月21日—25日``, ``9月份``, ``全年``, ``3.8`` (DOMAIN §3).

Rules:

* A year that is not written comes from the context: the sheet's year, or this year on a form.
* ``今年`` and ``去年`` follow the context's year; 今天, 昨天, 上月 are reckoned from today and only where
  today lies in the context's year (in a ledger of 2009, 昨天 is not yesterday).
* A period of months covers whole months and one of years whole years; a part of a month (上旬) is given in
  days.
* The time of day and the weekday are passed over. Festivals, the lunar calendar, 春节后, 截至目前, 3月8日前
  are not read: the caller takes the sheet's year at year precision and names the cell (DOMAIN §2).
* A sheet's number may have lost a zero: 3.1 may have been 3.10, and is not guessed.
"""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from typing import Literal

from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.quantities import plain_decimal
from fulian_desktop.domain.texts import Reading, folded, quoted

Precision = Literal["day", "month", "year"]
FIRST_YEAR, LAST_YEAR = 1900, 2100
_EMPTY = frozenset({"", "-", "—", "——", "/", "无"})
_FIRST_SERIAL = 20_000  # an Excel serial of 1954; below it a number is a count, not a day
_EPOCH = datetime.date(1899, 12, 30)  # Excel's day 0, right for every serial from 61 on


@dataclass(frozen=True)
class Period:
    """From one day to another, both included, and how exactly that is known."""

    date_from: datetime.date
    date_to: datetime.date
    precision: Precision


def year_period(year: int) -> Period:
    """The whole of a year, at year precision: what a row without a readable date takes (DOMAIN §2)."""
    return Period(datetime.date(year, 1, 1), datetime.date(year, 12, 31), "year")


def month_period(year: int, month: int, last: int | None = None) -> Period:
    """A month, or the months up to ``last`` of the same year, at month precision."""
    to = last or month
    end = datetime.date(year, to, calendar.monthrange(year, to)[1])
    return Period(datetime.date(year, month, 1), end, "month")


def read_date(
    text: str | int | float | datetime.date, *, year: int | None, today: datetime.date
) -> Reading[Period]:
    """Read a date or a period.

    Args:
        text: As typed, or a date, date and time, or number from a sheet (Excel serial or 20260308).
        year: The year of a date without one: the sheet's or campaign's; None takes that of ``today``.
        today: The day on which it is typed.

    Returns:
        The period; or a problem with code ``unreadable``, ``impossible``, ``year``, ``order``, ``relative``,
        ``lunar``, ``festival``, ``several`` or ``ambiguous``. Empty for a blank or a dash. Source: DOMAIN §3.
    """
    years = _Years(today.year if year is None else year, today.year + 1)
    try:
        if isinstance(text, datetime.date):
            return Reading(_day(text.year, text.month, text.day))
        if not isinstance(text, str):
            return Reading(_from_number(text, years.base))
        typed = folded(text).strip("。;,、:")
        if typed in _EMPTY:
            return Reading()
        if len(typed) > 60:
            raise _Unread("unreadable", f"{quoted(text)}太长，读不出日期，请填几月几日，如 3月8日")
        return Reading(_from_text(typed, years, year, today))
    except _Unread as unread:
        return Reading(problem=Problem(unread.code, unread.text or _advice(unread.code, quoted(str(text)))))


@dataclass(frozen=True)
class _Years:
    """The year of a date without one, and the latest that two digits can mean."""

    base: int
    latest: int


class _Unread(Exception):
    def __init__(self, code: str = "unreadable", text: str = "") -> None:
        super().__init__(code)
        self.code, self.text = code, text


def _advice(code: str, shown: str) -> str:
    return shown + {
        "impossible": "没有这一天，请核对月和日",
        "year": f"的年份不在 {FIRST_YEAR} 到 {LAST_YEAR} 之间，请核对",
        "order": "结束早于开始；如果跨年，请写明年份，如 2025年12月28日—2026年1月3日",
        "relative": "是相对今天说的，补录往年的请填几月几日",
        "lunar": "是农历，请换成公历填写，如 3月8日",
        "festival": "是按节日说的，请填几月几日；说不准可只填月份",
        "several": "不止一个日期，请只填一个日期，或填起止，如 8月21日—25日",
        "ambiguous": "在表格里可能是 1 日，也可能是 10 日、20 日或 30 日，请写成几月几日",
    }.get(code, "读不出日期，请填几月几日，如 3月8日；说不准可只填月份，如 3月份")


# --- numbers from a sheet ----------------------------------------------------------------------------------


def _from_number(value: int | float, base: int) -> Period:
    number = plain_decimal(value)
    if number is None:
        raise _Unread
    whole = number == number.to_integral_value()
    if number >= _FIRST_SERIAL:
        written = _digits_only(str(int(number))) if whole else None
        if written is not None:
            return written
        if number > 80_000:
            raise _Unread
        day_of = _EPOCH + datetime.timedelta(days=int(number))
        return _day(day_of.year, day_of.month, day_of.day)
    if whole and FIRST_YEAR <= number <= LAST_YEAR:
        return year_period(int(number))
    month, _, day = str(number).partition(".")
    if not day or len(day) > 2 or number < 1:
        raise _Unread
    if day in ("1", "2", "3"):
        raise _Unread("ambiguous")
    return _day(base, int(month), int(day))


def _digits_only(digits: str) -> Period | None:
    """``20260308``, ``202603``; None for other digits."""
    if len(digits) == 8 and digits[:2] in ("19", "20", "21"):
        return _day(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if len(digits) == 6 and digits[:2] in ("19", "20", "21") and 1 <= int(digits[4:]) <= 12:
        return _months(int(digits[:4]), int(digits[4:]))
    return None


# --- bounds ------------------------------------------------------------------------------------------------


def _year(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _Unread("year")
    return year


def _day(year: int, month: int, day: int) -> Period:
    try:
        found = datetime.date(_year(year), month, day)
    except ValueError:
        raise _Unread("impossible") from None
    return Period(found, found, "day")


def _months(year: int, month: int, last: int | None = None) -> Period:
    if not (1 <= month <= 12 and 1 <= (last or month) <= 12):
        raise _Unread("impossible")
    return month_period(_year(year), month, last)


# --- text --------------------------------------------------------------------------------------------------

_CN_BY_DIGIT = ("零〇", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_CN = {char: str(digit) for digit, chars in enumerate(_CN_BY_DIGIT) for char in chars}
_CN_DIGITS = "".join(_CN)
_CN_NUMBER = re.compile(rf"[{_CN_DIGITS}十拾廿卅]+(?=[年月日号]|季度|至|到|—|~|-|、|$)")
_LETTER_O = re.compile(rf"(?<=[{_CN_DIGITS}])[OoΟο0](?=[{_CN_DIGITS}OoΟο0])")
_DAYPART = r"(?:凌晨|清晨|早晨|早上|早|上午|中午|午后|下午|傍晚|晚上|晚|夜间|夜里|夜|全天)"
_COUNT = rf"(?:[0-9]{{1,2}}|[{_CN_DIGITS}十]{{1,3}})"
_TIME = (
    rf"(?:{_COUNT}(?:点|时)(?:钟|整|半|[一三]刻|{_COUNT}分?)?|[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:\.[0-9]+)?)?)"
)
_CLOCK = rf"(?:{_DAYPART}{_TIME}?|{_TIME})"
_TIMES = re.compile(rf"(?:T|[ ])?{_CLOCK}(?:(?:-|—|~|至|到)+{_CLOCK})?(?=$|[-—~至到、,和])")
_WEEKDAY = re.compile(r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?")
_LUNAR = re.compile(r"农历|阴历|正月|腊月|冬月|初[一二三四五六七八九十]|除夕|闰")
_FESTIVAL = re.compile(
    r"元旦|春节|元宵|清明|端午|七夕|中秋|重阳|国庆|五一|五四|六一|七一|八一|十一|三八|节"
)
_RELATIVE_DAYS = {
    "今天": 0, "今日": 0, "当天": 0, "昨天": -1, "昨日": -1, "前天": -2, "前日": -2, "大前天": -3,
    "明天": 1, "明日": 1, "后天": 2,
}
_RELATIVE_YEARS = {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1}
_RELATIVE_MONTHS = {"本月": 0, "当月": 0, "这个月": 0, "上个月": -1, "上月": -1, "下个月": 1, "下月": 1}
_YEAR_WORD = r"(?:(?P<y>[0-9]{4}|[0-9]{2})年?度?)?"
_WHOLE = re.compile(_YEAR_WORD + r"(?:全年度?|整年|一年|1年)")
_HALF = re.compile(_YEAR_WORD + r"(?:(?P<first>上)|下)半年")
_QUARTER = re.compile(_YEAR_WORD + r"(?:第?(?P<q>[1-4])季度|Q(?P<q2>[1-4]))")
_THIRD = re.compile(r"(?P<month>.*月)份?(?:(?P<third>[上中下])旬|初|底|末|中)")


def _from_text(typed: str, years: _Years, year: int | None, today: datetime.date) -> Period:
    untimed = _TIMES.sub("", typed)
    if untimed in _RELATIVE_DAYS:
        _needs_today(year, today)
        day = today + datetime.timedelta(days=_RELATIVE_DAYS[untimed])
        return _day(day.year, day.month, day.day)
    if _LUNAR.search(typed):
        raise _Unread("lunar")
    plain = _plain(typed, years, year, today)
    for pattern, read in ((_WHOLE, _read_whole), (_HALF, _read_half), (_QUARTER, _read_quarter)):
        found = pattern.fullmatch(plain)
        if found:
            return read(found, _full_year(found["y"], years) if found["y"] else years.base)
    third = _THIRD.fullmatch(plain)
    if third:
        return _read_third(third, years)
    digits = _digits_only(plain) if plain.isascii() and plain.isdigit() else None
    if digits is not None:
        return digits
    try:
        return _span(plain, years)
    except _Unread as unread:
        if unread.code == "unreadable" and _FESTIVAL.search(typed):
            raise _Unread("festival") from None
        raise


def _plain(typed: str, years: _Years, year: int | None, today: datetime.date) -> str:
    """Half-width digits for 汉字 numbers, the time of day and weekdays gone, 今年 and 上月 spelled out."""
    typed = _LETTER_O.sub("〇", typed)
    for word, off in _RELATIVE_YEARS.items():
        if typed.startswith(word):
            typed = f"{years.base + off}年{typed[len(word):].removeprefix('度').removeprefix('的')}"
            break
    for word, off in _RELATIVE_MONTHS.items():
        if typed.startswith(word):
            _needs_today(year, today)
            months = today.year * 12 + today.month - 1 + off
            typed = f"{months // 12}年{months % 12 + 1}月{typed[len(word):]}"
            break
    typed = _WEEKDAY.sub("", typed)
    typed = re.sub(r"^(?:于|在)", "", _TIMES.sub("", typed))
    return _CN_NUMBER.sub(lambda m: _arabic(m[0]), typed)


def _needs_today(year: int | None, today: datetime.date) -> None:
    if year is not None and year != today.year:
        raise _Unread("relative")


def _arabic(number: str) -> str:
    """``二〇二六`` → ``2026``, ``二十一`` → ``21``, ``十`` → ``10``; what is no number stays."""
    if all(c in _CN for c in number):
        return "".join(_CN[c] for c in number)
    spoken = re.fullmatch(rf"(?:([{_CN_DIGITS}])?[十拾]|(廿)|(卅))([{_CN_DIGITS}])?", number)
    if spoken is None:
        return number
    tens = "2" if spoken[2] else "3" if spoken[3] else _CN[spoken[1]] if spoken[1] else "1"
    return tens + (_CN[spoken[4]] if spoken[4] else "0")


def _full_year(digits: str, years: _Years) -> int:
    """Two digits: a year up to the next from today, else of the last century (26年 → 2026, 98年 → 1998)."""
    year = int(digits)
    if len(digits) == 4:
        return _year(year)
    century = years.latest // 100 * 100
    return _year(century + year if century + year <= years.latest else century - 100 + year)


def _read_whole(_found: re.Match[str], year: int) -> Period:
    return year_period(_year(year))


def _read_half(found: re.Match[str], year: int) -> Period:
    return _months(year, 1, 6) if found["first"] else _months(year, 7, 12)


def _read_quarter(found: re.Match[str], year: int) -> Period:
    last = 3 * int(found["q"] or found["q2"])
    return _months(year, last - 2, last)


def _read_third(found: re.Match[str], years: _Years) -> Period:
    month = _span(found["month"], years)
    if month.precision != "month" or month.date_from.month != month.date_to.month or found["third"] is None:
        return month
    first, last = {"上": (1, 10), "中": (11, 20), "下": (21, month.date_to.day)}[found["third"]]
    return Period(month.date_from.replace(day=first), month.date_from.replace(day=last), "day")


# --- one point, or from one to another ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Point:
    """What one side of a span says; ``bare`` is a number whose unit the other side tells (the 3 of 3-5月)."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    bare: int | None = None


_POINT = re.compile(
    r"(?:(?P<y>[0-9]{4}|[0-9]{2})年度?)?"
    r"(?:(?P<m>[0-9]{1,2})月份?(?:(?P<d>[0-9]{1,2})[日号]?)?|(?P<only>[0-9]{1,2})[日号]|(?P<bare>[0-9]{1,2}))?"
)
_NUMERIC = tuple(re.compile(p) for p in (
    r"(?P<y>[0-9]{4})(?P<s>[./-])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})日?",
    r"(?P<y>[0-9]{2})(?P<s>[.-])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})日?",
    r"(?P<y>[0-9]{4})[./-](?P<m>[0-9]{1,2})月?份?",
    r"(?:(?P<y>[0-9]{4})年)?(?P<m>[0-9]{1,2})[./](?P<d>[0-9]{1,2})[日号]?",
    r"(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})",
    r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})",
    r"(?P<y>[0-9]{4})",
))
_LONG_DASH = re.compile(r"(?:—|~|至|到|--)+")
_LISTED = re.compile(r"[、,和及]")
_TWO_ISO = re.compile(r"([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})-([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})")


def _span(plain: str, years: _Years) -> Period:
    """One date, from one to another, or adjacent ones (``21日、22日``)."""
    plain = plain.replace("()", "")
    sides, listed = _sides(plain)
    points = [_point(side, years) for side in sides]
    if len(points) == 1:
        return _period(points[0], years)
    if len(points) > 2 and not listed:
        raise _Unread
    start, last = points[0], None
    whole: Period | None = None
    for point in points[1:]:
        start, last = _completed(start, point)
        one, other = _period(start, years), _period(last, years)
        if one.precision != other.precision:
            raise _Unread
        if other.date_from < one.date_from:
            other = _over_new_year(one, last, explicit=point.year is not None or start.year is None)
        if listed and other.date_from != one.date_to + datetime.timedelta(days=1):
            raise _Unread("several")
        whole = Period((whole or one).date_from, other.date_to, one.precision)
        start = last
    assert whole is not None  # noqa: S101 - there are two points at least
    return whole


def _sides(plain: str) -> tuple[list[str], bool]:
    """The parts of a span, and whether they are a list. A hyphen within a date (2026-3-8) parts nothing."""
    if _LISTED.search(plain):
        return _LISTED.split(plain), True
    if _LONG_DASH.search(plain):
        return _LONG_DASH.split(re.sub("^[自从]", "", plain)), False
    two = _TWO_ISO.fullmatch(plain)
    if two:
        return [two[1], two[2]], False
    if "-" in plain and not any(p.fullmatch(plain) for p in _NUMERIC):
        return plain.split("-"), False
    return [plain], False


def _point(side: str, years: _Years) -> _Point:
    for pattern in _NUMERIC:
        found = pattern.fullmatch(side)
        if found:
            parts = found.groupdict()
            year = _full_year(parts["y"], years) if parts.get("y") else None
            if year is not None and len(parts["y"]) == 2 and abs(year - years.base) > 5:
                raise _Unread  # 03.08.26: nobody can tell which is the year
            return _Point(year, _number(parts.get("m")), _number(parts.get("d")))
    found = _POINT.fullmatch(side)
    if found is None or not side:
        raise _Unread
    year = _full_year(found["y"], years) if found["y"] else None
    return _Point(year, _number(found["m"]), _number(found["d"] or found["only"]), _number(found["bare"]))


def _number(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _completed(first: _Point, second: _Point) -> tuple[_Point, _Point]:
    """Each side with what only the other says: its unit, its month, its year."""
    if first.bare is not None and second.bare is None and second.month is not None and second.day is None:
        first = _Point(first.year, first.bare)
    if second.bare is not None and second.year is None:
        second = _Point(None, None, second.bare) if first.day is not None else _Point(None, second.bare)
    month = first.month if second.month is None and second.day is not None else second.month
    second = _Point(second.year if second.year is not None else first.year, month, second.day, second.bare)
    if first.year is None:
        first = _Point(second.year, first.month, first.day, first.bare)
    return first, second


def _period(point: _Point, years: _Years) -> Period:
    if point.bare is not None or (point.day is not None and point.month is None):
        raise _Unread
    year = years.base if point.year is None else point.year
    if point.month is None:
        if point.year is None:
            raise _Unread
        return year_period(_year(year))
    return _months(year, point.month) if point.day is None else _day(year, point.month, point.day)


def _over_new_year(one: Period, last: _Point, *, explicit: bool) -> Period:
    """``2025年12月28日—1月3日`` ends in 2026; anything else that ends before it begins is a slip."""
    if explicit or last.month is None or one.date_from.month < 10 or last.month > 3:
        raise _Unread("order")
    year = one.date_from.year + 1
    return _period(_Point(year, last.month, last.day), _Years(year, year))
