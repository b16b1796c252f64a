"""How people write numbers: ``1600余人``, ``近400场``, ``上千人``, ``2.4万余户``, ``壹仟`` (DOMAIN §3).

Rules:

* Nothing is guessed. A range (30-40人, 七八个), a vague word (若干, 几百), two numbers in one cell, a
  fraction that does not come to a whole number: each is a problem with its own code, and the text stays as
  typed.
* ``about`` is said by 余 多 几 来 近 约 上 超 左右 以上 不到 +, and by a bare 百, 千 or 万 (百人, 千人大会: a
  way of speaking).
* Nothing is a float inside. A float from a sheet is taken at 15 significant digits, which is what Excel
  shows.
* A number that carries a unit or a 万 of its own speaks for itself; a unit in the column's head (万人次)
  applies only to bare numbers.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.texts import Reading, folded, quoted

MAX_NUMBER = 10**9
_MAX_TYPED = 60  # code points: a longer text is a sentence, and a bound for what is parsed

_DIGITS = {
    **{c: i for i, c in enumerate("零一二三四五六七八九")},
    **{c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2, "俩": 2, "仨": 3, "貳": 2, "弍": 2, "參": 3, "叄": 3, "陸": 6,
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_BIG = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_TENS = {"廿": Decimal(2), "卅": Decimal(3)}  # how many tens each stands for
_ZEROS = frozenset({"零", "〇"})
_ROUND = frozenset("百佰千仟万萬亿億")  # 百人, 上千人: alone, or after 上, a way of speaking
_NUMERAL = "".join(_DIGITS) + "".join(_SMALL) + "".join(_BIG) + "".join(_TENS)
_TOKEN = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?|[" + _NUMERAL + "]")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", re.ASCII)

_BEFORE = re.compile(
    r"(?:共计|总计|合计|累计|共有|约有|计|共|达到|达|大约|约|将近|接近|近|超过|超|逾|至少|不少于|不到|不足|有)+"
)
_EXACT_WORDS = re.compile(r"共计|总计|合计|累计|共有|计|共|达到|达|有")
_ABOUT_INSIDE = "余多几来"
_ABOUT_LEAD = "上"
_POINT = "点"
_NEGATIVE = re.compile(r"负|-\.?[0-9]")
_ABOUT_AFTER = re.compile(r"(?:左右|上下|以上|之多|\+|余|多)+$")
_VAGUE = re.compile(
    r"若干|许多|很多|众多|大量|多数|少数|部分|一些|不等|几|数(?=[十百千万])|不详|未统计|不清楚|半|全体|全部|成百|千上万"
)
_RANGE = re.compile(r"[0-9" + _NUMERAL + r"人名户场次个]\s*(?:-|—|~|至|到)+\s*[0-9" + _NUMERAL + "]")
_EMPTY = {"", "无", "没有", "-", "--", "—", "——", "/", "\\", "无数据", "空"}

MEASURES = tuple(re.findall(r"\S+", """
    个人 人次 人·次 人(次) 人/次 人(户) 场(次) 人户 户次 场次 批次 课时 学时 小时 平方米 平方公里 公里 公斤 千克
    分钟 人 名 位 个 户 家 场 次 期 份 件 套 棵 株 支 条 处 所 对 篇 元 册 本 辆 台 吨 斤 米 亩 天 幅 张 袋 箱
    桶 只 头 床 双 块 盒 瓶 班 届 批 站 村 组 项 封 轮 遍 间 座 面 顶 枚 把 束 包 提 壶 口 岁 分 年 ㎡
"""))  # the longer ones first: the first that fits is taken
_UNIT = re.compile("(?P<measure>" + "|".join(map(re.escape, MEASURES)) + r")(?P<noun>[\u3400-\u9fff]{0,6})")
_HOME = "家"  # of households alone, of firms with a noun: 80多家企业


@dataclass(frozen=True)
class Quantity:
    """A whole number as people state it.

    Attributes:
        number: The number stated, in single units.
        about: Whether it was stated as an approximation.
        unit: The measure word as typed (人, 户, 场次 …), or None.
        noun: What follows the measure word (妇女 in 40多名妇女), for the caller to keep.
    """

    number: int
    about: bool = False
    unit: str | None = None
    noun: str = ""


@dataclass(frozen=True)
class Numeral:
    """A number at the start of a text; ``scaled`` when it has a 万 of its own; ``rest`` is what follows."""

    value: Decimal
    about: bool
    scaled: bool
    rest: str


def read_quantity(
    text: str | int | float, *, factor: int = 1, units: Collection[str] = ()
) -> Reading[Quantity]:
    """Read a count of persons, households, sessions or copies.

    Args:
        text: As typed, or a number from a sheet.
        factor: What a bare number counts, from the column's head (10,000 under 万人次).
        units: When given, the only measure words that may stand there (:data:`PEOPLE` for a count of people).

    Returns:
        The quantity; or a problem with code ``negative``, ``range``, ``vague``, ``several``, ``unit``,
        ``fraction``, ``too-big`` or ``unreadable``. Empty for a blank, 无 or a dash. Source: DOMAIN §3.
    """
    if not isinstance(text, str):
        return _whole(plain_decimal(text), factor, shown=str(text), about=False, unit=None)
    if text.isascii() and text.isdecimal() and len(text) < 6:  # as most are typed
        return _whole(Decimal(text), factor, shown=text, about=False, unit=None)
    shown = quoted(text)
    typed = folded(text).rstrip("。;,.、")
    if typed in _EMPTY:
        return Reading()
    numeral = read_numeral(typed)
    if isinstance(numeral, Problem):
        return Reading(problem=numeral)
    about, rest = numeral.about, numeral.rest
    after = _ABOUT_AFTER.search(rest)
    if after:
        about, rest = True, rest[: after.start()]
    rest = rest.removesuffix("整")
    unit, noun = None, ""
    if rest:
        named = _UNIT.fullmatch(rest)
        if named is None:
            return Reading(problem=_why_not(typed, shown, rest))
        unit, noun = named["measure"], named["noun"]
        if units and (unit not in units or (unit == _HOME and noun)):  # 80多家企业 are no households
            wanted = "、".join(sorted(units, key=lambda word: (len(word), word))[:3])
            wrong = f"{shown}的单位是“{unit}”，这里应是{wanted}，请核对后填一个数"
            return Reading(problem=Problem("unit", wrong))
    scale = 1 if numeral.scaled or unit else factor
    read = _whole(numeral.value, scale, shown=shown, about=about, unit=unit)
    return Reading(replace(read.value, noun=noun)) if read.value and noun else read


def read_numeral(typed: str) -> Numeral | Problem:
    """Read the number that a folded text starts with; used for counts and for money.

    Args:
        typed: Text from :func:`~fulian_desktop.domain.texts.folded`.
    """
    shown = quoted(typed)
    if len(typed) > _MAX_TYPED:
        return Problem("unreadable", f"{shown}太长，不是一个数，请只填一个数，其余写到备注")
    if _NEGATIVE.match(typed):
        return Problem("negative", f"{shown}是负数，请填 0 或更大的数")
    if _RANGE.search(typed):
        return Problem("range", f"{shown}是一个范围，请只填一个数；说不准可填“30余”")
    about = False
    before = _BEFORE.match(typed)
    if before:
        about = bool(_EXACT_WORDS.sub("", before[0]))
        typed = typed[before.end():]
    typed, lead = _leading_about(typed)
    found = _scan(typed)
    if found is None:
        code = "vague" if _VAGUE.search(typed) else "unreadable"
        return Problem(code, f"{shown}里没有可以读出的数，请填一个数，如 50 或 50余")
    tokens, inside, rest = found
    value = _value(tokens)
    if isinstance(value, str):
        return _numeral_problem(value, shown)
    rhetorical = len(tokens) == 1 and tokens[0] in _ROUND
    scaled = any(t in _BIG or t in _SMALL for t in tokens)
    return Numeral(value, about or lead or inside or rhetorical, scaled, rest)


def _leading_about(typed: str) -> tuple[str, bool]:
    """Takes the 上 of ``上千人``: it says about, and only before 百, 千 and 万."""
    if len(typed) > 1 and typed[0] == _ABOUT_LEAD and typed[1] in _ROUND:
        return typed[1:], True
    return typed, False


def _scan(typed: str) -> tuple[list[str], bool, str] | None:
    """The number tokens at the start, whether 余 多 几 来 stands among them, and the rest."""
    tokens: list[str] = []
    about, i = False, 0
    while i < len(typed):
        if typed[i] in _ABOUT_INSIDE and tokens and not about:
            about, i = True, i + 1
            continue
        if typed[i] == _POINT and tokens and tokens[-1] in _DIGITS and typed[i + 1: i + 2] in _DIGITS:
            i = _spoken_fraction(typed, i + 1, tokens)
            continue
        token = _TOKEN.match(typed, i)
        if token is None or (about and token[0] not in _BIG and token[0] not in _SMALL):
            break
        tokens.append(token[0])
        i = token.end()
    return (tokens, about, typed[i:]) if tokens else None


def _spoken_fraction(typed: str, i: int, tokens: list[str]) -> int:
    """``三点五``: turns the last digit into a decimal number; returns where it ends."""
    start = i
    while i < len(typed) and typed[i] in _DIGITS:
        i += 1
    decimals = "".join(str(_DIGITS[c]) for c in typed[start:i])
    tokens[-1] = f"{_DIGITS[tokens[-1]]}.{decimals}"
    return i


@dataclass
class _Sum:
    """A number being read: closed 万 and 亿 sections, the open one, and a digit still without its unit."""

    total: Decimal = Decimal(0)
    section: Decimal = Decimal(0)
    digit: Decimal | None = None
    last_unit: int = 0
    last_big: int = 0
    arabic: bool = False
    zero: bool = False

    def big(self, unit: int) -> str | None:
        """Closes a section with 万 or 亿; returns the code of what is wrong."""
        self.section += self.digit or 0
        if self.last_big and unit > self.last_big:  # 1万亿
            self.total = (self.total + self.section) * unit
        elif unit == self.last_big or (self.total and not self.section):
            return "unreadable"
        else:
            self.total += (self.section or 1) * unit
        self.section, self.digit, self.zero = Decimal(0), None, False
        self.last_unit = self.last_big = unit
        return None

    def small(self, unit: int, many: Decimal | None) -> str | None:
        """Adds 十, 百 or 千 of the open section, each smaller than the one before."""
        if self.section % (unit * 10) or (self.section and many is None and unit > 10):
            return "unreadable"
        self.section += (1 if many is None else many) * unit
        self.digit, self.last_unit, self.zero = None, unit, False
        return None

    def figure(self, figure: str) -> str | None:
        """Takes a digit or a run of Arabic ones."""
        if figure in _ZEROS:
            self.zero = True
            return "unreadable" if self.digit is not None else None
        if self.digit is not None:
            return "range" if figure in _DIGITS and not self.arabic else "several"
        if figure in _DIGITS:
            self.digit = Decimal(_DIGITS[figure])
            return None
        self.digit, self.arabic = Decimal(figure.replace(",", "")), True
        return "unreadable" if "," in figure and not _GROUPED.fullmatch(figure) else None


def _value(figures: list[str]) -> Decimal | str:
    """The value of number tokens, or the code of what is wrong with them."""
    if len(figures) == 1 and figures[0] in _ZEROS:
        return Decimal(0)
    number = _Sum()
    for figure in figures:
        if figure in _BIG:
            wrong = number.big(_BIG[figure])
        elif figure in _SMALL:
            wrong = number.small(_SMALL[figure], number.digit)
        elif figure in _TENS:
            wrong = number.small(10, _TENS[figure]) if number.digit is None else "several"
        else:
            wrong = number.figure(figure)
        if wrong:
            return wrong
    above = number.total + number.section
    return _closed(above, number.digit, number.last_unit, spoken=not number.arabic, zero=number.zero)


def _closed(
    above: Decimal, digit: Decimal | None, last_unit: int, *, spoken: bool, zero: bool
) -> Decimal | str:
    """Adds the last digit: ``一千二`` is 1,200, as people say; ``1万2`` nobody can tell."""
    if digit is None or last_unit == 0:
        return above + (digit or 0)
    if zero or last_unit == 10:
        return above + digit if digit < last_unit else "several"
    if spoken:
        return above + digit * (last_unit // 10)
    return above + digit if last_unit // 10 <= digit < last_unit else "unreadable"


def _numeral_problem(code: str, shown: str) -> Problem:
    if code == "range":
        return Problem("range", f"{shown}说的是一个范围，请只填一个数；说不准可填“30余”")
    if code == "several":
        return Problem("several", f"{shown}里不止一个数，请只填一个数，其余写到备注")
    return Problem("unreadable", f"{shown}不像一个数，请填一个数，如 1600 或 1600余")


def _why_not(typed: str, shown: str, rest: str) -> Problem:
    if _VAGUE.search(typed):
        return Problem("vague", f"{shown}说得不确定，请填一个数，如 50 或 50余")
    if re.search(r"[0-9" + _NUMERAL + "]", rest):
        return Problem("several", f"{shown}里不止一个数，请只填一个数，其余写到备注")
    return Problem("unreadable", f"{shown}里除了数还有别的字，请只填数和单位，如 50人")


def plain_decimal(number: int | float) -> Decimal | None:
    """A sheet's number without float noise, at the 15 significant digits that Excel keeps; None for NaN."""
    if isinstance(number, bool) or number != number or number in (float("inf"), float("-inf")):
        return None
    return Decimal(number) if isinstance(number, int) else Decimal(f"{number:.15g}")


def _whole(
    value: Decimal | None, factor: int, *, shown: str, about: bool, unit: str | None
) -> Reading[Quantity]:
    if value is None:
        return Reading(problem=Problem("unreadable", f"{quoted(shown)}不是一个数，请填一个数，如 50"))
    number = value * factor
    shown = shown if shown.startswith("“") else quoted(shown)
    if number < 0:
        return Reading(problem=Problem("negative", f"{shown}是负数，请填 0 或更大的数"))
    if number > MAX_NUMBER:
        return Reading(problem=Problem("too-big", f"{shown}太大，请核对是不是多打了几位"))
    if number != number.to_integral_value():
        return Reading(problem=Problem("fraction", f"{shown}不是整数，请填整数"))
    return Reading(Quantity(int(number), about, unit))
