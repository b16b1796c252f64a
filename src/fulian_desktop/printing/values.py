"""What all documents do with their values before anything is laid out: tables made even, texts gathered, choices checked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fulian_desktop.errors import InputProblem
from fulian_desktop.printing.palette import PALETTES
from fulian_desktop.printing.texts import one_line, whole_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fulian_desktop.printing.layout import Values
    from fulian_desktop.printing.tables import Column

SPELLED_NOTE = "注：〔 〕里说的是字库里没有、印不出来的字。"
"""Stands on a paper on which such characters were put into words."""


@dataclass(frozen=True, slots=True)
class PrintReport:
    """What was printed.

    Attributes:
        pages: How many.
        warnings: 中文 sentences about what the reader should look at.
    """

    pages: int
    warnings: list[str] = field(default_factory=list)


def table_of(columns: tuple[Column, ...], rows: Sequence[Sequence[str]]) -> tuple[tuple[Column, ...], list[list[str]]]:
    """A table's columns and rows as they can be set.

    Raises:
        InputProblem: No column, or a row of another length.
    """
    if not columns:
        raise InputProblem("表格没有列，不能打印。", "nothing-to-print")
    columns = tuple(replace(column, head=one_line(column.head)) for column in columns)
    cleaned = []
    for number, row in enumerate(rows, 1):
        if len(row) != len(columns):
            raise InputProblem(f"第 {number} 行有 {len(row)} 格，表头有 {len(columns)} 格，不能打印。", "bad-table")
        kinds = [column.kind for column in columns]
        cleaned.append([one_line(text) if kind == "name" else whole_text(text) for text, kind in zip(row, kinds, strict=True)])
    return columns, cleaned


def table_texts(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """Every text of a table."""
    yield from (column.head for column in columns)
    for row in rows:
        yield from row


def texts_of(values: Values, names: Sequence[str]) -> Iterable[str]:
    """The texts of some values: each is a text or several."""
    for name in names:
        value = values[name]
        if isinstance(value, str):
            yield value
        else:
            yield from value


def check_choice(paper: str, papers: Sequence[str], palette: str) -> None:
    """Raise :class:`InputProblem` for a paper or a palette that there is not."""
    if paper not in papers:
        raise InputProblem(f"没有“{paper}”这种纸张。可以选：{'、'.join(papers)}。", "unknown-paper")
    if palette not in PALETTES:
        raise InputProblem(f"没有“{palette}”这种颜色方案。可以选：{'、'.join(PALETTES)}。", "unknown-palette")
