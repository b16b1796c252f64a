"""What leaves a list: a roster in a sheet or on paper, rows on the clipboard.

Rules:

* It is the list as it is filtered and sorted, masked unless the whole was asked for.
* Carrying sensitive values out is written into the activity log (DESIGN §9).
* Which columns a sheet can have follows from the kind's declaration; the command line takes the usual ones.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fulian_desktop.errors import InputProblem
from fulian_desktop.progress import Progress
from fulian_desktop.services.browsing import Query, rows_of
from fulian_desktop.services.office import Office
from fulian_desktop.services.showing import kind_in_force
from fulian_desktop.store import queries

if TYPE_CHECKING:
    from fulian_desktop.domain.kind import Kind
    from fulian_desktop.services.papers import Made

MOST_PRINTED = 3_000
"""Rows of a roster on paper: a hundred and twenty pages."""

LOOKED_THROUGH = 20_000
"""So many records, the latest entered, tell which columns hold anything; it takes a tenth of a second at most."""


@dataclass(frozen=True)
class OutColumn:
    """A column that a sheet of a kind can have.

    Attributes:
        name: By which :func:`export_listed` takes it. label: Its head.
        sensitive: Whether its values are masked unless the whole is asked for.
        usual: Whether it is in the sheet until somebody chose: asked for, listed, or filled in some record.
    """

    name: str
    label: str
    sensitive: bool
    usual: bool


def columns_out(office: Office, kind_code: str) -> list[OutColumn]:
    """The columns that a sheet of a kind can have, the unit first, then in the order of its form."""
    from fulian_desktop.sheets.exporting import UNIT, UNIT_LABEL, names_in, roster_columns

    kind = kind_in_force(office, kind_code)
    columns = roster_columns(kind)
    names = dict.fromkeys(name for column in columns for name in names_in(column))
    filled = queries.filled(office.workspace.db, kind, list(names), among=LOOKED_THROUGH)
    return [OutColumn(UNIT, UNIT_LABEL, sensitive=False, usual=True)] + [
        OutColumn(
            column.name, column.label, bool(column.field.sensitive),
            usual=column.is_listed or any(name in filled for name in names_in(column)),
        )
        for column in columns
    ]


def export_listed(
    office: Office, query: Query, path: Path, *, show_sensitive: bool, columns: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The list as it is filtered and sorted as a roster (.xlsx); logged, with whether sensitive values are in it.

    Args:
        office: Whose records.
        query: Which list.
        path: The file.
        show_sensitive: Whether sensitive values are written whole.
        columns: Names of :func:`columns_out` in the order wanted; None takes the usual ones.
        progress: Counts rows; may cancel.
    """
    from fulian_desktop.sheets.exporting import RosterRow, write_roster

    kind = kind_in_force(office, query.kind)
    names = office.workspace.unit_names()
    found = [RosterRow(names.get(row.unit, row.unit), row.flat) for row in rows_of(office, kind, query)]
    written = write_roster(
        path, kind, found, title=f"{office.unit_name}{kind.label}名册", reveal=show_sensitive, columns=columns, progress=progress,
    )
    holds = show_sensitive and (columns is None or _has_sensitive(kind, columns))
    with office.workspace.transaction():
        office.workspace.record("export-sheet", {"kind": kind.code, "rows": len(found), "sensitive": holds})
    return {"file": str(path), "rows": len(found), "too_long": list(written.too_long)}


def _has_sensitive(kind: Kind, columns: Iterable[str]) -> bool:
    from fulian_desktop.sheets.exporting import roster_columns

    wanted = set(columns)
    return any(column.field.sensitive for column in roster_columns(kind) if column.name in wanted)


def paper_of(office: Office, query: Query, progress: Progress | None = None) -> Made:
    """The list as it is filtered and sorted as a roster on paper, sensitive values masked; made in memory.

    Raises:
        InputProblem: Nothing to print, more than :data:`MOST_PRINTED` rows, or a character that no typeface has.
    """
    from fulian_desktop.printing.pages import page_sizes
    from fulian_desktop.services.papers import Made
    from fulian_desktop.services.printing import print_roster

    found = list(islice(rows_of(office, kind_in_force(office, query.kind), query), MOST_PRINTED + 1))
    if not found:
        raise InputProblem("这里没有可以打印的记录。下一步：清除筛选，再打印。", "nobody")
    if len(found) > MOST_PRINTED:
        raise InputProblem(f"超过 {MOST_PRINTED:,} 条，打印要用很多纸。下一步：先筛选，或者导出成表格。", "too-many")
    buffer = io.BytesIO()
    told = print_roster(office, buffer, kind_code=query.kind, progress=progress, listed=found)
    pdf = buffer.getvalue()
    return Made(pdf, page_sizes(pdf), len(found), "行", tuple(told["warnings"]))


def as_clipboard(office: Office, lines: Sequence[Sequence[str]], revealed: Sequence[str] = ()) -> str:
    """Cells as a spreadsheet takes them from the clipboard: parted by tabs, and none of them ever a formula.

    Args:
        office: In whose activity log it is noted.
        lines: Cells, line by line, the head first.
        revealed: Ids of the records whose sensitive values are among them; those are noted.
    """
    from fulian_desktop.sheets.book import is_live

    def cell(text: str) -> str:
        plain = " ".join(text.replace("\t", " ").split("\n"))
        return f"'{plain}" if is_live(plain) else plain

    if revealed:
        with office.workspace.transaction():
            office.workspace.record("copy", {"records": list(revealed), "sensitive": True})
    return "\n".join("\t".join(map(cell, line)) for line in lines)
