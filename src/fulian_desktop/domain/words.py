"""Single values in the words of lists, sheets and papers: what a code is called, what of a sensitive value is shown."""

from __future__ import annotations

from typing import Any

from fulian_desktop.domain.fields import Code, Codes, Flag, IdNumber, Phone
from fulian_desktop.domain.id_numbers import mask_id
from fulian_desktop.domain.issued import Unfit
from fulian_desktop.domain.phones import mask_phone

HIDDEN = "******"
"""An address, an account, a health detail where it is not to be read."""


def coded(of: object, value: Any) -> str | None:  # noqa: ANN401 - a flat value
    """A code, several codes or a flag by their labels, what its definition does not allow as typed; else None."""
    if isinstance(value, Unfit):
        return str(value)
    if isinstance(of, Codes):
        return "、".join(of.codes.label(code) for code in value)
    if isinstance(of, Code):
        return of.codes.label(value)
    return "是" if isinstance(of, Flag) else None


def masked(of: object, value: Any) -> str:  # noqa: ANN401 - a flat value
    """A sensitive value as lists and papers show it: the ends of a number, of anything else nothing."""
    if isinstance(of, IdNumber):
        return mask_id(str(value))
    return mask_phone(str(value)) if isinstance(of, Phone) else HIDDEN


def masked_name(name: str) -> str:
    """A name of which only the first character is shown: ``李**``."""
    return name[:1] + "*" * min(len(name) - 1, 2)


def package_number(package: str) -> str:
    """A package's id as two people compare it over a table: its last eight digits, which are random, in two groups."""
    tail = package[-8:].upper()
    return f"{tail[:4]} {tail[4:]}"
