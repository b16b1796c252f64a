"""Numbers with at most two decimals, kept as whole hundredths: points, shares in per cent (``8.5`` is 850).

Nothing is ever a float, and nothing is rounded in reading: a third decimal is a problem, not a guess.
"""

from __future__ import annotations

from decimal import Decimal

from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.quantities import plain_decimal, read_numeral
from fulian_desktop.domain.texts import Reading, folded, quoted

_EMPTY = frozenset({"", "无", "没有", "-", "--", "—", "——", "/"})
_UNITS = frozenset({"", "分", "%"})


def read_hundredths(text: str | int | float) -> Reading[int]:
    """Read a number with at most two decimals: ``8.5``, ``８．５``, ``8.5分``, ``-3.5%``.

    Args:
        text: As typed, or a number from a sheet.

    Returns:
        Whole hundredths; or a problem with code ``about``, ``decimals``, ``unreadable`` or one of
        :func:`~fulian_desktop.domain.quantities.read_numeral`. Empty for a blank, 无 or a dash.
    """
    if not isinstance(text, str):
        return _whole(plain_decimal(text), quoted(str(text)))
    shown, typed = quoted(text), folded(text).rstrip("。;,.、")
    if typed in _EMPTY:
        return Reading()
    sign = -1 if typed.startswith(("-", "负")) else 1
    numeral = read_numeral(typed[1:] if sign < 0 else typed)
    if isinstance(numeral, Problem):
        return Reading(problem=Problem(numeral.code, f"{shown}不是一个数，请填如 8.5 这样的数"))
    if numeral.about:
        return Reading(problem=Problem("about", f"{shown}是约数，这里要填准确的数"))
    if numeral.rest not in _UNITS:
        return Reading(problem=Problem("unreadable", f"{shown}里除了数还有别的字，请只填数，如 8.5"))
    return _whole(numeral.value * sign, shown)


def _whole(value: Decimal | None, shown: str) -> Reading[int]:
    if value is None:
        return Reading(problem=Problem("unreadable", f"{shown}不是一个数，请填如 8.5 这样的数"))
    if value * 100 != (value * 100).to_integral_value():
        return Reading(problem=Problem("decimals", f"{shown}超过两位小数，请填到两位，如 8.55"))
    return Reading(int(value * 100))


def format_hundredths(number: int, least: int = 0) -> str:
    """``850`` → ``8.5``: as few decimals as it has, but at least so many (0, 1 or 2)."""
    whole, rest = divmod(abs(number), 100)
    decimals = f"{rest:02}"
    while len(decimals) > least and decimals.endswith("0"):
        decimals = decimals[:-1]
    return f"{'-' if number < 0 else ''}{whole}{'.' if decimals else ''}{decimals}"
