"""Values of fields that an office issued (``x_…``): what the ledger takes without knowing the definition (DESIGN §3).

Rules:

* A definition travels by itself and may arrive after the values, so the fold judges by nothing that it says: every key of
  the right form is a field of every kind, its value one generic bounded form (docs/package-format.md §2).
* The definition is judged in the view: a value that is not of the type that it names is shown as typed, and marked.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from fulian_desktop.domain.fields import MAX_INTEGER, MAX_TEXT, Codes, Field, Scalar, Text

_KEY = re.compile(r"x_[a-z][a-z0-9_]{0,29}", re.ASCII)
_TEXT = Text(MAX_TEXT, lines=True)
_CODES = Codes()


def is_issued(code: str) -> bool:
    """Whether a field's code or flat name has the form of one that an office issued."""
    return code[:2] == "x_" and _KEY.fullmatch(code) is not None


class Issued(Scalar):
    """Any value that an issued field may have: a clean text, a whole number, true, or several codes."""

    def check(self, value: Any) -> bool:  # noqa: ANN401, D102
        if type(value) is int:
            return -MAX_INTEGER <= value <= MAX_INTEGER
        return value is True or _TEXT.check(value) or _CODES.check(value)


ANY = Issued()


@lru_cache(maxsize=4096)
def undefined_field(code: str) -> Field:
    """The field of an issued code as the fold takes it, and as it is shown until its definition has arrived."""
    return Field(code, "还没收到说明的栏目", ANY)


class Unfit(str):
    """A value that is not of the type its field's definition names: the text it is shown as."""

    __slots__ = ()


def as_typed(value: Any) -> Unfit:  # noqa: ANN401 - a ledger value of an issued field
    """A value of no known type in words."""
    if isinstance(value, list):
        return Unfit("、".join(map(str, value)))
    return Unfit("是" if value is True else value)


def fitted(declared: Field, value: Any) -> Any:  # noqa: ANN401 - a ledger value of an issued field
    """The flat value of an issued field: as it is where a definition allows it, else :class:`Unfit`."""
    allowed = declared.type is not ANY and declared.type.check(value)
    return value if allowed else as_typed(value)
