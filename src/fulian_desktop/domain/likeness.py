"""Whether two records may be one and the same: what names, numbers and days say of it (DESIGN §8). Pure.

Rules:

* Names are alike that have the same pinyin initials, by any of their readings, or that differ in one character of three or more:
  so they are heard, and so they are misread. Of two characters one is half of the name.
* A number or a day is nearly the same with one sign mistyped, left out or too much, or with two neighbours in each other's
  place; of a day also with month and day in each other's place.
* What only one of the two has says nothing.
"""

from __future__ import annotations

from fulian_desktop.domain.pinyin import initials
from fulian_desktop.domain.texts import search_key

_LEAST_MISREAD = 3


def names_alike(first: str | None, second: str | None) -> bool:
    """Whether two names may be one person's."""
    if not first or not second:
        return False
    one, other = (search_key(name).replace(" ", "") for name in (first, second))
    if one == other or not set(initials(one)).isdisjoint(initials(other)):
        return True
    return len(one) == len(other) >= _LEAST_MISREAD and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def nearly_same(first: str, second: str) -> bool:
    """Whether two numbers or ISO days are the same but for one slip of the keys."""
    if len(first) > len(second):
        first, second = second, first
    if len(second) - len(first) > 1:
        return False
    same = next((at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), len(first))
    rest, other = first[same:], second[same:]
    if len(first) != len(second):
        return rest == other[1:]
    swapped = len(rest) > 1 and rest[0] == other[1] and rest[1] == other[0] and rest[2:] == other[2:]
    return rest[1:] == other[1:] or swapped or _month_and_day_changed(first, second)


def _month_and_day_changed(first: str, second: str) -> bool:
    parts = first.split("-")
    return len(parts) == 3 and "-".join((parts[0], parts[2], parts[1])) == second


def contradict(first: str | None, second: str | None) -> bool:
    """Whether two values say that their records are two: both are there and more than a slip apart."""
    return bool(first and second) and not nearly_same(search_key(str(first)), search_key(str(second)))


def sounds_of(name: str | None) -> tuple[str, ...]:
    """Under which initials a name is looked for; none without a name, "" of one that has no reading."""
    return (initials(name) or ("",)) if name else ()


