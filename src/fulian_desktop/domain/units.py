"""Units: 12-digit administrative codes, their levels and their scope.

A code has five segments of 2-2-2-3-3 digits (province, city, county, township, village); the levels above
are written with trailing zeros. Scope goes by these segments, never by a bare prefix of the text (DESIGN §6).
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

_CODE = re.compile(r"[1-9][0-9]{11}", re.ASCII)
_ENDS = {1: 2, 2: 4, 3: 6, 4: 9, 5: 12}


class Level(IntEnum):
    """A level of the federation; a smaller number stands higher."""

    PROVINCE = 1
    CITY = 2
    COUNTY = 3
    TOWNSHIP = 4
    VILLAGE = 5

    @property
    def code(self) -> str:
        """The stable English code, e.g. ``township``."""
        return self.name.lower()

    @property
    def label(self) -> str:
        """What people call it."""
        return _LABELS[self]


_LABELS = {
    Level.PROVINCE: "省", Level.CITY: "市", Level.COUNTY: "县", Level.TOWNSHIP: "乡镇", Level.VILLAGE: "村",
}
LEVELS = {level.code: level for level in Level}


def is_code(text: object) -> bool:
    """Whether ``text`` has the form of a unit code: 12 ASCII digits, a province first."""
    return isinstance(text, str) and _CODE.fullmatch(text) is not None and not text.startswith("00")


@lru_cache(maxsize=65536)
def level_of(code: str) -> Level:
    """The level of a unit (DESIGN §4): digits 10-12 not 000 a village, else 7-9 a township, and so on."""
    if code[9:12] != "000":
        return Level.VILLAGE
    if code[6:9] != "000":
        return Level.TOWNSHIP
    if code[4:6] != "00":
        return Level.COUNTY
    return Level.CITY if code[2:4] != "00" else Level.PROVINCE


def stem(code: str) -> str:
    """The digits of the segments that a unit fixes: 9 for a township."""
    return code[: _ENDS[level_of(code)]]


@lru_cache(maxsize=65536)
def covers(upper: str, lower: str) -> bool:
    """Whether ``lower`` is ``upper`` itself or lies below it, by code segments."""
    return lower.startswith(stem(upper))


def is_above(upper: str, lower: str) -> bool:
    """Whether ``upper`` is an office above ``lower``: a higher level whose segments contain it."""
    return upper != lower and level_of(upper) < level_of(lower) and covers(upper, lower)


def scope_range(code: str) -> tuple[str, str]:
    """The first and last code of a unit's subtree, both included, for queries by range."""
    head = stem(code)
    return head.ljust(12, "0"), head.ljust(12, "9")


def parent_of(code: str) -> str | None:
    """The code one level up, or None above a province."""
    level = level_of(code)
    if level is Level.PROVINCE:
        return None
    return code[: _ENDS[level - 1]].ljust(12, "0")
