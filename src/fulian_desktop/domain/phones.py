"""Telephone numbers: 11-digit mobiles, landlines with area code, 400 and service numbers (DOMAIN §2).

A doubtful number is kept and warned of, never refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.quantities import plain_decimal
from fulian_desktop.domain.texts import folded

PhoneKind = Literal["mobile", "landline", "service"]

_COUNTRY = re.compile(r"^(?:\+|00)86(?=[01])|^86(?=1[3-9][0-9]{9}$)")
_MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
_LANDLINE = re.compile(r"(0(?:10|2[0-57-9]|[3-9][0-9]{2}))([2-9][0-9]{6,7})", re.ASCII)
_EXTENSION = re.compile(r"(?:转|-|—|#|EXT\.?)([0-9]{1,6})$")
_SERVICE = re.compile(r"[48]00[0-9]{7}|1[0-9]{2}|1[02][0-9]{3}|9[56][0-9]{3,4}", re.ASCII)
_LOCAL = re.compile(r"[2-9][0-9]{6,7}", re.ASCII)
_BETWEEN = re.compile(r"[,;/、|\n]|或|和")


@dataclass(frozen=True)
class PhoneReading:
    """A telephone number in one form, and what is doubtful about it.

    Attributes:
        normalised: ``13812345678``, ``0874-7123456``, ``0874-7123456转801``; as typed when it cannot be read.
        kind: What it is, None when doubtful.
        problem: ``length``, ``characters``, ``area-code``, ``several``, ``prefix`` or ``excel-damage``; None
            when sound or blank.
    """

    normalised: str
    kind: PhoneKind | None = None
    problem: Problem | None = None

    @property
    def valid(self) -> bool:
        """Whether it is a number that can be dialled."""
        return self.kind is not None


def check_phone(text: str | int | float) -> PhoneReading:
    """Read and check a telephone number as typed, or a number from a sheet."""
    if not isinstance(text, str):
        number = plain_decimal(text)
        text = str(text) if number is None or number != number.to_integral_value() else str(int(number))
    return _read(text)


@lru_cache(maxsize=64)  # entering one asks twice: to read it and to warn
def _read(text: str) -> PhoneReading:
    plain = folded(text).replace("'", "").upper()
    if not plain:
        return PhoneReading("")
    several = [part for part in _BETWEEN.split(plain) if sum(c.isdigit() for c in part) >= 7]
    if len(several) > 1:
        return PhoneReading(text.strip(), problem=Problem(
            "several", f"这里有 {len(several)} 个号码，请只填一个，另一个写到备注"))
    digits = _COUNTRY.sub("", re.sub(r"[ \-—.()]", "", plain))
    if re.fullmatch(r"[0-9]\.[0-9]+E\+?[0-9]+", plain):
        return PhoneReading(plain, problem=Problem(
            "excel-damage", "Excel 把号码当成了数，请把这一列设成“文本”后重新填写"))
    if _MOBILE.fullmatch(digits):
        return PhoneReading(digits, "mobile")
    landline = _landline(plain, digits)
    if landline is not None:
        return PhoneReading(landline, "landline")
    if _SERVICE.fullmatch(digits):
        return PhoneReading(digits, "service")
    return PhoneReading(text.strip(), problem=_what_is_wrong(digits))


def _landline(plain: str, digits: str) -> str | None:
    whole = _LANDLINE.fullmatch(digits)
    if whole:
        return f"{whole[1]}-{whole[2]}"
    extension = _EXTENSION.search(plain)
    if extension is None:
        return None
    before = _COUNTRY.sub("", re.sub(r"[ \-—.()]", "", plain[: extension.start()]))
    main = _LANDLINE.fullmatch(before)
    return f"{main[1]}-{main[2]}转{extension[1]}" if main else None


def _what_is_wrong(digits: str) -> Problem:
    if not re.fullmatch("[0-9]+", digits):
        return Problem("characters", "电话里有不是数字的字，请只填号码，如 13812345678 或 0874-7123456")
    if _LOCAL.fullmatch(digits):
        return Problem("area-code", "座机号前请加区号，如 0874-7123456")
    if digits.startswith("0"):
        wrong = f"座机号位数不对：区号加号码应是 10 到 12 位，现在是 {len(digits)} 位，请核对"
        return Problem("length", wrong)
    off = 11 - len(digits)
    if off == 0:
        return Problem("prefix", f"手机号应以 13 到 19 开头，现在是 {digits[:2]}，请核对")
    many = "一两三四五六七八九十"[min(abs(off), 10) - 1]
    which = "少" if off > 0 else "多"
    return Problem("length", f"{which}{many}位：手机号要 11 位，现在是 {len(digits)} 位，请核对")


def mask_phone(text: str) -> str:
    """``138****5678``, ``0874-****456``: for lists and prints (DESIGN §9)."""
    if _MOBILE.fullmatch(text):
        return f"{text[:3]}****{text[-4:]}"
    area, dash, local = text.partition("-")
    if dash and len(local) > 3:
        return f"{area}-{'*' * (len(local) - 3)}{local[-3:]}"
    return "*" * (len(text) - 3) + text[-3:] if len(text) > 6 else "*" * len(text)
