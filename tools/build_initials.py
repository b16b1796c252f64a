"""Makes resources/initials.txt: which character begins with which pinyin letter, out of pypinyin's table of single characters.

    .venv/bin/python -m tools.build_initials

One line a letter: the letter, then its characters by code point. pypinyin itself reads 47,000 phrases when it is
imported (0.2 s in which the window stands still) and is only needed here and in the test that holds the file to it.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "resources" / "initials.txt"


def table() -> str:
    """The file's text."""
    from pypinyin.constants import PINYIN_DICT

    by_letter: dict[str, list[str]] = {}
    for point, pinyin in sorted(PINYIN_DICT.items()):
        letter = unicodedata.normalize("NFD", pinyin[0])[0]
        if letter.isascii() and letter.isalpha():
            by_letter.setdefault(letter, []).append(chr(point))
    return "".join(f"{letter}{''.join(chars)}\n" for letter, chars in sorted(by_letter.items()))


if __name__ == "__main__":
    TARGET.write_text(table(), "utf-8")
