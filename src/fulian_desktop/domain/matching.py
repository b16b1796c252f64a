"""Whether texts are what a person typed into the search box; pure, and asked of every hit of the index.

Rules:

* Compared are letters and digits alone, in the form of search keys.
* A name holds a term by its characters, by pinyin initials, or by both (王xy); another text by its characters; a number
  ends with it, from four digits on.
* Every term, parted by blanks, is held by one of a record's texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from fulian_desktop.domain.pinyin import initials
from fulian_desktop.domain.texts import search_key


class Term(NamedTuple):
    """One term of what was typed, and how it can be meant."""

    letters: str
    is_tail: bool  # as the end of a number
    is_read: bool  # as initials, for it has a Latin letter


def terms_of(typed: str) -> tuple[Term, ...]:
    """What was typed, term by term; a term without a letter or digit (·) asks for nothing."""
    found = [_letters(term) for term in search_key(typed).split()]
    return tuple(Term(term, _is_tail(term), any("a" <= c <= "z" for c in term)) for term in found if term)


def holds_all(texts: Sequence[tuple[str, str]], terms: Sequence[Term]) -> bool:
    """Whether each term is held by one of a record's texts.

    Args:
        texts: (text, how it is searched: ``name``, ``text`` or ``tail``), as kept.
        terms: What :func:`terms_of` made of the search.
    """
    return all(any(_holds(text, how, term) for text, how in texts) for term in terms)


def _holds(text: str, how: str, term: Term) -> bool:
    if how == "tail":
        return term.is_tail and _letters(text).endswith(term.letters)
    letters = _letters(text)
    return term.letters in letters or (how == "name" and term.is_read and _reads_as(letters, term.letters))


def _is_tail(typed: str) -> bool:
    return len(typed) >= 4 and typed.isascii() and (typed.isdigit() or (typed[-1] == "x" and typed[:-1].isdigit()))


def _letters(text: str) -> str:
    key = search_key(text)
    return key if key.isalnum() else "".join(filter(str.isalnum, key))


@lru_cache(maxsize=16_384)
def _readings(char: str) -> frozenset[str]:
    return frozenset(initials(char))


def _reads_as(text: str, typed: str) -> bool:
    """Whether initials, or characters and initials (王xy), stand one after the other in a text.

    A character without a reading is passed over, as the index does.
    """
    if any(typed in whole for whole in initials(text)):  # nearly always
        return True
    options = [_readings(char) for char in text]
    for whole in initials(text[:2]):  # 单于 is no 单
        if len(whole) == len(options[:2]):
            options[: len(whole)] = [options[i] | {letter} for i, letter in enumerate(whole)]
    for start in range(len(text)):
        at = start
        for letter in typed:
            while at < len(text) and not options[at] and text[at] != letter:
                at += 1
            if at == len(text) or (text[at] != letter and letter not in options[at]):
                break
            at += 1
        else:
            return True
    return False
