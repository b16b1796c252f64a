"""Resident ID numbers: GB 11643-1999, and what Excel does to them (DOMAIN §3, FAULTS 67, 68).

A wrong number is kept and warned of, never refused: the card may be wrong and the person still needs help.
Each finding is a problem of its own. ``valid`` says that the form, region, date and check digit all hold.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.quantities import plain_decimal
from fulian_desktop.domain.texts import folded

Sex = Literal["male", "female"]

# GB/T 2260 province codes; 81-83 are residence permits of Hong Kong, Macau and Taiwan, 9x those of
# foreigners.
_PROVINCES = """
    11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83
"""
PROVINCES = frozenset(re.findall("[0-9]{2}", _PROVINCES))
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_FORM = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_OLD = re.compile(r"[0-9]{15}", re.ASCII)
_SCIENTIFIC = re.compile(r"[0-9]\.[0-9]+E\+?1[47]", re.ASCII)
_SEPARATORS = re.compile(r"[\s\-—.·'_]")
_TO_TEXT = "请把表里这一列设成“文本”，对照身份证重新填写"
_MAYBE = Problem("excel-maybe", "身份证号末三位是 000，可能被 Excel 改过，请对照身份证核对末三位")
_DAMAGED = Problem("excel-damage", f"身份证号末三位成了 000，是 Excel 只留 15 位造成的，{_TO_TEXT}")
_WRONG_CHECK = Problem(
    "check-digit", "身份证号校验不对，可能输错了一位，请对照身份证核对；确实如此请写明原因"
)


@dataclass(frozen=True)
class IdReading:
    """What an ID number says.

    Attributes:
        normalised: Half-width, upper-case X, without blanks; as typed when it is no ID number at all.
        valid: Whether form, region, birth date and check digit hold.
        sex: ``male`` or ``female`` by the 17th digit, None when the form is wrong.
        birth_date: None when there is no such date.
        region: The first six digits when plausible.
        problems: ``length``, ``characters``, ``region``, ``birth-date``, ``future``, ``check-digit``,
            ``excel-damage``, ``excel-maybe``, ``old-15``; none for a blank.
    """

    normalised: str
    valid: bool = False
    sex: Sex | None = None
    birth_date: datetime.date | None = None
    region: str | None = None
    problems: tuple[Problem, ...] = ()


def check_digit(first17: str) -> str:
    """The 18th character for 17 digits (GB 11643, ISO 7064 MOD 11-2)."""
    return _CHECKS[sum(w * int(d) for w, d in zip(_WEIGHTS, first17, strict=True)) % 11]


def check_id_number(text: str | int | float, *, today: datetime.date | None = None) -> IdReading:
    """Read and check a resident ID number.

    Args:
        text: As typed, or a number from a sheet (Excel keeps 15 of its digits).
        today: When given, a birth date after it is a problem.

    Returns:
        What it says and each thing that is wrong with it. Source: GB 11643, DOMAIN §3.
    """
    if not isinstance(text, str):
        number = plain_decimal(text)
        if number is None or number != number.to_integral_value():
            return IdReading(str(text), problems=(_length_problem(str(text)),))
        text = str(int(number)) if isinstance(text, int) else f"{int(number)}"
    return _read(text, today)


@lru_cache(maxsize=64)  # entering one asks three times: to read it, to fill sex and birth date, to warn
def _read(text: str, today: datetime.date | None) -> IdReading:
    typed = _SEPARATORS.sub("", plain := folded(text).upper().replace("×", "X"))
    if _SCIENTIFIC.fullmatch(plain):
        return IdReading(plain, problems=(Problem(
            "excel-damage", f"“{plain}”是 Excel 把身份证号当成了数，后几位已经丢失，{_TO_TEXT}"),))
    if not typed:
        return IdReading("")
    if _OLD.fullmatch(typed):
        return _old(typed)
    if _FORM.fullmatch(typed) is None:
        return IdReading(typed, problems=(_length_problem(typed),))
    return _full(typed, today)


def _full(number: str, today: datetime.date | None) -> IdReading:
    problems: list[Problem] = []
    region = number[:6] if _is_region(number) else None
    if region is None:
        problems.append(Problem("region", f"身份证号开头“{number[:6]}”不是地区代码，请核对前 6 位"))
    birth = _date(number[6:14])
    if birth is None:
        wrong = f"身份证号里的出生日期“{number[6:14]}”不存在，请核对第 7 到 14 位"
        problems.append(Problem("birth-date", wrong))
    elif today is not None and birth > today:
        problems.append(Problem("future", f"身份证号里的出生日期 {birth} 还没到，请核对第 7 到 14 位"))
    right = check_digit(number[:17]) == number[17]
    if number.endswith("000"):
        problems.append(_MAYBE if right else _DAMAGED)
    elif not right:
        problems.append(_WRONG_CHECK)
    valid = right and region is not None and not any(p.code in ("birth-date", "future") for p in problems)
    sex: Sex = "male" if int(number[16]) % 2 else "female"
    return IdReading(number, valid, sex, birth, region, tuple(problems))


def _old(number: str) -> IdReading:
    """A 15-digit number of before 1999: two-digit year (19yy), no check digit."""
    seventeen = number[:6] + "19" + number[6:]
    birth = _date(seventeen[6:14])
    if not _is_region(number) or birth is None:
        return IdReading(number, problems=(_length_problem(number),))
    new = seventeen + check_digit(seventeen)
    return IdReading(
        number, False, "male" if int(number[14]) % 2 else "female", birth, number[:6],
        (Problem("old-15", f"这是 15 位的旧号码，换成 18 位应是 {new}，请对照身份证核对后填写"),),
    )


def _length_problem(typed: str) -> Problem:
    if len(typed) == 18 or not re.fullmatch("[0-9]*X?", typed):
        return Problem("characters", "身份证号只能是数字，最后一位可以是 X，请对照身份证核对")
    short = 18 - len(typed)
    what = f"少 {short} 位" if short > 0 else f"多 {-short} 位"
    return Problem("length", f"{what}：身份证号要 18 位，现在是 {len(typed)} 位，请对照身份证核对")


def _is_region(number: str) -> bool:
    return (number[:2] in PROVINCES or number[0] == "9") and number[2:4] != "00"


def _date(eight: str) -> datetime.date | None:
    try:
        day = datetime.date(int(eight[:4]), int(eight[4:6]), int(eight[6:]))
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2100 else None


def age_on(birth: datetime.date, day: datetime.date) -> int:
    """Completed years (周岁) on ``day``; 0 before the first birthday and before birth."""
    return max(0, day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day)))


def mask_id(text: str) -> str:
    """``3****************X``: only the first and last character, for lists and prints (DESIGN §9)."""
    return text[0] + "*" * (len(text) - 2) + text[-1] if len(text) > 2 else "*" * len(text)
