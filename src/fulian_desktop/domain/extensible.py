"""What an office may extend by issuing: the kinds, and their code lists by ``kind__name``.

Derived from the declarations when first asked, so a further kind is among them by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import Code, FlatPart, Integer, Period, Reference, Table
from fulian_desktop.domain.kind import Kind

_PARTS = "__"
YEARS_FROM = 1900


class _Derived(Mapping[str, str]):
    """Labels that are read from the declarations: a kind's module cannot name the other kinds while it is imported."""

    def __init__(self, derive: Callable[[tuple[Kind, ...]], Mapping[str, str]]) -> None:
        self._derive = derive

    def _labels(self) -> Mapping[str, str]:
        from fulian_desktop.domain.kinds import all_kinds

        return self._derive(tuple(all_kinds()))

    def __getitem__(self, code: str) -> str:
        return self._labels()[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._labels())

    def __len__(self) -> int:
        return len(self._labels())


def is_extensible(kind: Kind) -> bool:
    """Whether offices add to a kind: not to what they issue, and not to the names of units."""
    return kind.nav != "settings"


@lru_cache(maxsize=8)
def _kinds(kinds: tuple[Kind, ...]) -> dict[str, str]:
    return {kind.code: kind.label for kind in kinds if is_extensible(kind)}


def lists_of(kind: Kind) -> Iterator[tuple[str, str, CodeList]]:
    """(name, label, list) of every code list of a kind's fields; a sub-table's column is ``table_column``."""
    for declared in kind.fields:
        if isinstance(declared.type, Period | Reference) or declared.written_by is not None:
            continue
        if isinstance(declared.type, Table):
            for column in declared.type.columns:
                if isinstance(column.type, Code):
                    yield f"{declared.code}_{column.name}", f"{declared.label}{column.label}", column.type.codes
        else:
            for part in declared.flat_parts:
                if isinstance(part.type, Code):
                    yield part.flat, part.label, part.type.codes


def list_code(kind: str, name: str) -> str:
    """What an issued code names the list by that it extends: ``activity__category``."""
    return f"{kind}{_PARTS}{name}"


@lru_cache(maxsize=8)
def _lists(kinds: tuple[Kind, ...]) -> dict[str, str]:
    return {
        list_code(kind.code, name): f"{kind.label}的{label}"
        for kind in kinds if is_extensible(kind) for name, label, _ in lists_of(kind)
    }


def amounts_of(kind: Kind) -> Iterator[FlatPart]:
    """The flat names of a kind that hold an amount or a number that may be absurd; a year is none."""
    for part in kind.flat.values():
        if isinstance(part.type, Integer) and part.type.least < YEARS_FROM and part.type.most > YEARS_FROM:
            yield part


@lru_cache(maxsize=8)
def _amounts(kinds: tuple[Kind, ...]) -> dict[str, str]:
    return {
        list_code(kind.code, part.flat): f"{kind.label}的{part.label}"
        for kind in kinds if is_extensible(kind) for part in amounts_of(kind)
    }


KINDS = CodeList(_Derived(_kinds))
"""The kinds to which an office may add fields."""

LISTS = CodeList(_Derived(_lists))
"""The code lists to which an office may add codes."""

AMOUNTS = CodeList(_Derived(_amounts))
"""The amounts and numbers that an office may bound."""
