"""The words of documents: dates, and texts made fit for one line or for paragraphs.

Rules: what is too long for its place by any measure is refused here, before anything is laid out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fulian_desktop.printing.fonts import clean
from fulian_desktop.printing.typeset import MOST_CHARACTERS, TextTooLong

if TYPE_CHECKING:
    import datetime

MOST_LINE = 200  # characters of a text that stands on one line

_DIGITS = "〇一二三四五六七八九"
HEAD_NUMERALS = "一二三四五六七八九"
# What may follow a family's name when it is called: it is set smaller. Typography, not a rule of the work.
CALLED_AFTER = ("家庭", "同志", "女士", "先生")


def chinese_date(date: datetime.date) -> str:
    """Return a date in Chinese figures: 二〇二六年三月八日."""
    year = "".join(_DIGITS[int(digit)] for digit in str(date.year))
    return f"{year}年{_small_number(date.month)}月{_small_number(date.day)}日"


def plain_date(date: datetime.date) -> str:
    """Return a date in Arabic figures without leading noughts: 2026年3月2日 (GB/T 9704)."""
    return f"{date.year}年{date.month}月{date.day}日"


def _small_number(value: int) -> str:
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return head + (_DIGITS[ones] if ones else "")


def one_line(text: str) -> str:
    """Return a text for one line; longer than any line could be is refused before layout."""
    text = clean(text).strip()
    if len(text) > MOST_LINE:
        raise TextTooLong(f"“{text[:16]}……”太长（{len(text)} 字），这里只能排一行。请改短后再打印。")
    return text


def whole_text(text: str) -> str:
    """Return a text that may take several lines, cleaned; longer than a document could be is refused."""
    if len(text) > MOST_CHARACTERS:
        raise TextTooLong(f"一段文字超过 {MOST_CHARACTERS} 字，不能排版：“{text[:12]}……”。请分段或删减。")
    return clean(text).strip()


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, parted at line breaks, without empty ones."""
    return [part for part in (whole_text(line) for line in text.splitlines()) if part]


def called(name: str) -> tuple[str, str]:
    """Part a name as called into the name and what follows it, with the colon."""
    for after in CALLED_AFTER:
        if name.endswith(after) and len(name) > len(after):
            return name[: -len(after)], f"{after}："
    return name, "："
