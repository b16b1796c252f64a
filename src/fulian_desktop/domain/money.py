"""How people write amounts: ``1.07亿元``, ``11.7万元``, ``折合人民币3000元``, ``壹仟贰佰元整`` (DOMAIN §3).

Money is whole fen, from the first digit read to the last printed; nothing here is a float. What does not come
to whole fen, another currency, or an amount a person (``350元/人`` where a sum is asked) is a problem, not a
guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.quantities import Numeral, plain_decimal, read_numeral
from fulian_desktop.domain.texts import Reading, folded, quoted

MAX_FEN = 10**15
_EMPTY = {"", "无", "没有", "-", "--", "—", "——", "/", "\\", "空"}
_LEAD = re.compile(
    r"(?:折合人民币|折合|折款|折价|折现|估价|估值|价值|总价值|总值|总价|总额|总金额|金额|人民币|现金|资金|捐款"
    r"|共计|总计|合计|累计|共|计|为|¥|RMB|CNY|:)+",
    re.IGNORECASE,
)
_IN_YUAN = re.compile(r"¥|人民币|RMB|CNY", re.IGNORECASE)
_FOREIGN = re.compile(r"\$|美元|美金|港币|港元|欧元|日元|英镑|韩元|USD|HKD", re.IGNORECASE)
_RATE_BEFORE = re.compile(r"每(?:人次|人|户|名|位|家|件|份|套|个)")
_RATE_AFTER = re.compile(r"(?:/|每|一)(?:人次|人|户|名|位|家|件|份|套|个|月|年|学期)$")
_TAIL = re.compile(r"(?:整|正|左右|上下|以上|\+|余|多|人民币|\(人民币\))+$")
_ABOUT_TAIL = re.compile(r"左右|上下|以上|\+|余|多")
_YUAN = ("元", "圆", "块钱", "块")
_JIAO = ("角", "毛")
_FEN = "分"
_CN_DIGITS = "一二三四五六七八九壹贰叁肆伍陆柒捌玖"
_SMALL_DIGITS = {c: i % 9 + 1 for i, c in enumerate(_CN_DIGITS)}
_PARTS = re.compile(rf"(?:(?P<jiao>[0-9{_CN_DIGITS}])[{''.join(_JIAO)}])?(?:零?(?P<fen>[0-9{_CN_DIGITS}]){_FEN})?")


@dataclass(frozen=True)
class Money:
    """An amount in whole fen; ``about`` when it was stated as an approximation."""

    fen: int
    about: bool = False


def read_money(text: str | int | float, *, factor_fen: int = 100, rate: bool = False) -> Reading[Money]:
    """Read an amount of yuan.

    Args:
        text: As typed, or a number from a sheet.
        factor_fen: What a bare number counts, in fen, from the column's head: 100 under 元, 1,000,000 under
            万元.
        rate: Whether an amount a person or household may stand there (a 标准: ``350元/人``, ``每户200元``).

    Returns:
        The money in fen; or a problem with code ``negative``, ``range``, ``vague``, ``several``, ``sub-fen``,
        ``currency``, ``rate``, ``too-big`` or ``unreadable``. Empty for a blank, 无 or a dash. Source: DOMAIN
        §3.
    """
    if not isinstance(text, str):
        return _in_fen(plain_decimal(text), factor_fen, about=False, shown=quoted(str(text)))
    shown = quoted(text)
    typed = folded(text).rstrip("。;,.、")
    if typed in _EMPTY:
        return Reading()
    if _FOREIGN.search(typed):
        return Reading(problem=Problem("currency", f"{shown}不是人民币，请折成人民币填写，原币写到备注"))
    typed, is_rate = _without_rate(typed)
    if is_rate and not rate:
        return Reading(problem=Problem("rate", f"{shown}是每人（户）的标准，请填总金额，标准填到“标准”里"))
    lead = _LEAD.match(typed)
    if lead:
        typed = typed[lead.end():]
        factor_fen = 100 if _IN_YUAN.search(lead[0]) else factor_fen
    numeral = read_numeral(typed) if typed else Problem("unreadable", "")
    if isinstance(numeral, Problem):
        return Reading(problem=_as_money(numeral, shown))
    return _amount(numeral, factor_fen, shown)


def _without_rate(typed: str) -> tuple[str, bool]:
    before, after = _RATE_BEFORE.match(typed), _RATE_AFTER.search(typed)
    if before:
        return typed[before.end():], True
    return (typed[: after.start()], True) if after else (typed, False)


def _as_money(problem: Problem, shown: str) -> Problem:
    advice = {
        "range": "是一个范围，请只填一个数；说不准可填“3000余元”",
        "negative": "是负数，金额请填 0 或更大的数",
        "several": "里不止一个数，请只填一个金额，其余写到备注",
        "vague": "里没有可以读出的金额，请填一个数，如 3000元",
    }
    return Problem(problem.code, shown + advice.get(problem.code, "读不出金额，请填如 3000元 或 1.2万元"))


def _amount(numeral: Numeral, factor_fen: int, shown: str) -> Reading[Money]:
    about, rest = numeral.about, numeral.rest
    tail = _TAIL.search(rest)
    if tail:
        about, rest = about or bool(_ABOUT_TAIL.search(tail[0])), rest[: tail.start()]
    if rest == _FEN:
        return _in_fen(numeral.value, 1, about=about, shown=shown)
    if rest.startswith(_JIAO) and numeral.value in range(10):
        small = _small_change(f"{numeral.value}{rest}")
        if small is not None:
            return _in_fen(Decimal(small), 1, about=about, shown=shown)
    unit = next((u for u in _YUAN if rest.startswith(u)), None)
    if unit is None:
        if rest:
            return Reading(problem=_rest_problem(rest, shown))
        return _in_fen(numeral.value, 100 if numeral.scaled else factor_fen, about=about, shown=shown)
    small = _small_change(rest[len(unit):])
    if small is None:
        return Reading(problem=_rest_problem(rest[len(unit):], shown))
    return _in_fen(numeral.value * 100 + small, 1, about=about, shown=shown)


def _small_change(rest: str) -> int | None:
    """Fen of ``5角2分``, ``伍角``; 0 for nothing; None when it is something else."""
    found = _PARTS.fullmatch(rest)
    if found is None:
        return None
    jiao, fen = (_SMALL_DIGITS.get(d, 0) or int(d) if d else 0 for d in (found["jiao"], found["fen"]))
    return jiao * 10 + fen


def _rest_problem(rest: str, shown: str) -> Problem:
    if re.search("[0-9]", rest):
        return Problem("several", f"{shown}里不止一个数，请只填一个金额，其余写到备注")
    return Problem("unreadable", f"{shown}里除了金额还有别的字，请只填金额，如 3000元，其余写到备注")


def _in_fen(value: Decimal | None, factor_fen: int, *, about: bool, shown: str) -> Reading[Money]:
    if value is None:
        return Reading(problem=Problem("unreadable", f"{shown}不是一个金额，请填一个数，如 3000元"))
    fen = value * factor_fen
    if fen < 0:
        return Reading(problem=Problem("negative", f"{shown}是负数，金额请填 0 或更大的数"))
    if fen > MAX_FEN:
        return Reading(problem=Problem("too-big", f"{shown}太大，请核对是不是多打了几位"))
    if fen != fen.to_integral_value():
        return Reading(problem=Problem("sub-fen", f"{shown}不到一分钱的零头没法记，请填到分，如 12.35元"))
    return Reading(Money(int(fen), about))


_CAPITAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"


def format_capitals(fen: int) -> str:
    """``120050`` → ``壹仟贰佰元伍角整``: an amount in capitals as receipts carry it (支付结算办法, 附一).

    Args:
        fen: 0 up to 9,999 亿 yuan.
    """
    if not 0 <= fen < 10**14:
        raise ValueError(f"no amount for a receipt: {fen} fen")
    yuan, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    text = _capital_integer(yuan) + "元" if yuan or not rest else ""
    if jiao:
        text += f"{_CAPITAL_DIGITS[jiao]}角"
    elif cents and yuan:
        text += "零"
    return text + (f"{_CAPITAL_DIGITS[cents]}分" if cents else "整")


def _capital_integer(number: int) -> str:
    if number == 0:
        return "零"
    text, gap = "", False
    digits = str(number)
    for place, char in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        digit = int(char)
        if digit:
            text += ("零" if gap else "") + _CAPITAL_DIGITS[digit] + ("", "拾", "佰", "仟")[place % 4]
            gap = False
        else:
            gap = bool(text)
        if place % 4 == 0 and place and int(digits[max(0, len(digits) - place - 4): len(digits) - place]):
            text += "万" if place == 4 else "亿"
    return text
