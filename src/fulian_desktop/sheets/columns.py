"""The columns that a kind has in a sheet, derived from its declaration (DESIGN §3): template, import and export use these.

Rules:

* A period, a reference, a number with its 约 or its unit stand in one column, as people write them (``8月21日—25日``,
  ``1600余人``).
* What else a composite holds (资金来源 beside 金额) has a column of its own.
* Of sub-tables, those of things with a number (物资, 成效数字) stand in one column: ``衣物500件、大米20袋``.
* Judgements of a level (审批 …) are no columns to be typed: they are made in the program.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fulian_desktop.domain.fields import (
    Composite,
    Field,
    Integer,
    Part,
    Period,
    Reference,
    Scalar,
    Table,
    Text,
    parts_of,
)
from fulian_desktop.domain.kind import Kind

LISTS_SHEET = "选项"  # of a template: what the drop-down lists offer, hidden
HELP_SHEET = "填表说明"
_OWN_UNIT = re.compile(r"\((?:元|份|人|户|万元)\)$")


@dataclass(frozen=True)
class SheetColumn:
    """One column.

    Attributes:
        name: The name that entries take: a field's code or a part's flat name.
        label: 中文 head.
        field: The field it belongs to.
        type: The type of what is typed there.
        asked: Whether it is asked for (marked ``*``).
        end: Whether it is the end of a period: understood when a sheet has it, offered by none.
    """

    name: str
    label: str
    field: Field
    type: Scalar | Period | Reference | Table
    asked: bool = False
    end: bool = False

    @property
    def is_listed(self) -> bool:
        """Whether a roster has it even where nothing fills it: it is asked for, or a column of the list."""
        return self.asked or (self.field.column and self.name == self.field.code)


def columns_of(kind: Kind) -> list[SheetColumn]:
    """The columns of a kind in the order of its form."""
    found: list[SheetColumn] = []
    for declared in kind.fields:
        if declared.written_by is None and declared.code != "photos" and not declared.joining:
            found += _columns(kind, declared)
    return found


def _columns(kind: Kind, declared: Field) -> list[SheetColumn]:
    of = declared.type
    if isinstance(of, Table):
        return [SheetColumn(declared.code, declared.label, declared, of)] if is_countable(of) else []
    if isinstance(of, Scalar | Reference):
        return [SheetColumn(declared.code, declared.label, declared, of, declared.asked)]
    if isinstance(of, Period):
        whole = SheetColumn(declared.code, declared.label, declared, of, declared.asked)
        label = declared.label.removesuffix("日期")
        ends = [
            SheetColumn(flat, f"{label}{word}日期", declared, part.type, end=True)
            for flat, part, word in zip(declared.flat, parts_of(of), ("开始", "结束"), strict=False)
        ]
        return [whole, *ends]
    return _composite(kind, declared, of)


def _composite(kind: Kind, declared: Field, of: Composite) -> list[SheetColumn]:
    parts = list(zip(declared.flat, of.parts, strict=True))
    found: list[SheetColumn] = []
    if isinstance(of.parts[0].type, Integer):
        found.append(SheetColumn(declared.code, declared.label, declared, of.parts[0].type, declared.asked))
        parts = [(flat, part) for flat, part in parts[1:] if part.name not in ("about", "unit")]
    return found + [SheetColumn(flat, _part_label(kind, declared, part), declared, part.type) for flat, part in parts]


def _part_label(kind: Kind, declared: Field, part: Part) -> str:
    """A part's own label where it says enough and nothing else has it (资金来源), else behind the field's (经费来源)."""
    same = [
        p.label for f in kind.fields if isinstance(f.type, Composite) for p in parts_of(f.type) if p.label == part.label
    ]
    if len(part.label) > 2 and len(same) == 1:
        return part.label
    return _OWN_UNIT.sub("", declared.label) + part.label


def is_countable(table: Table) -> bool:
    """Whether rows of a sub-table can be written as ``衣物500件``: a name first, then a number."""
    return (
        len(table.columns) > 1 and isinstance(table.columns[0].type, Text)
        and isinstance(table.columns[1].type, Integer)
    )
