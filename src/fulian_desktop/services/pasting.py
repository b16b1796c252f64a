"""Importing a ledger before the eyes of a person: an .xlsx or cells pasted from WPS, first looked at, then taken in.

Rules:

* Looking and taking in are the same reading (``services.sheets``); looking writes nothing.
* Every column can be given another field than the one it was taken for; what no field takes stays in 备注.
* What is wrong with a cell is named at that cell; what is wrong with a row as a whole, at the row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fulian_desktop.domain.fields import Day, Period
from fulian_desktop.domain.kind import Kind
from fulian_desktop.errors import InputProblem
from fulian_desktop.progress import Progress
from fulian_desktop.services.office import Office, today
from fulian_desktop.services.sheets import STATES, take_rows, units_below
from fulian_desktop.services.showing import kind_in_force
from fulian_desktop.sheets.columns import columns_of
from fulian_desktop.sheets.importing import UNIT_COLUMN, ReadHead, SheetResult, read_pasted, read_sheet
from fulian_desktop.sheets.reader import pasted_grid


@dataclass(frozen=True)
class Source:
    """Where the rows come from: a file, or else what was pasted."""

    path: Path | None = None
    text: str = ""


@dataclass(frozen=True)
class Choice:
    """How they are to be read.

    Attributes:
        year: Of dates without one; None takes the sheet's, else this year.
        columns: Head → name of a column of the kind, the unit's, or "" for none; heads that are not named are matched.
    """

    year: int | None = None
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Trouble:
    """Something wrong. ``head`` is the column it stands in, "" when it concerns the row as a whole."""

    head: str
    cell: str
    text: str


@dataclass(frozen=True)
class PreviewRow:
    """A row and what becomes of it.

    Attributes:
        place: Row number, behind the sheet's name where there are several.
        state: ``new``, ``changed``, ``unchanged``, ``skipped`` or ``invalid``.
        cells: Head → what stands there.
        troubles: What is wrong with it; a row that is not invalid is taken in nevertheless.
        reason: Why it is skipped: ``total``, ``section``, ``head`` or ``foot``.
        record: Id of the record it makes or changes, "" for none.
    """

    place: str
    state: str
    cells: Mapping[str, str]
    troubles: tuple[Trouble, ...] = ()
    reason: str = ""
    record: str = ""


@dataclass(frozen=True)
class Preview:
    """A ledger as it was read.

    Attributes:
        kind: Code of the kind.
        heads: Its columns: (head, name of what it was taken for).
        offered: What a column can be taken for: (name, label).
        rows: Its rows in order.
        total: State → number of rows.
        notes: 中文 sentences about the whole.
        year: The year that dates without one were given.
        dated: Whether a year matters: the kind has a date among the columns that were found.
        act: The act that wrote it, "" when nothing was written.
    """

    kind: str
    heads: Sequence[tuple[str, str]]
    offered: Sequence[tuple[str, str]]
    rows: Sequence[PreviewRow]
    total: Mapping[str, int]
    notes: Sequence[str]
    year: int
    dated: bool
    act: str = ""


def pasted_cells(text: str) -> list[list[str]]:
    """Cells copied in WPS or Excel, row by row, "" for an empty one; empty rows at the end are none.

    Raises:
        Refused: Too many.
    """
    rows = [[str(cell or "").strip() for cell in row] for row in pasted_grid(text).rows]
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def look_into(
    office: Office, kind_code: str, source: Source, choice: Choice = Choice(), *, progress: Progress | None = None
) -> Preview:
    """What would become of every row; nothing is written.

    Raises:
        Refused: No .xlsx, damaged, too large, or without a head for this kind.
        InputProblem: Nothing was pasted.
    """
    return _run(office, kind_in_force(office, kind_code), source, choice, progress, dry_run=True)


def take_in(
    office: Office, kind_code: str, source: Source, choice: Choice = Choice(), *, progress: Progress | None = None
) -> Preview:
    """Write what can be written, as one act; otherwise as :func:`look_into`."""
    return _run(office, kind_in_force(office, kind_code), source, choice, progress, dry_run=False)


def _run(office: Office, kind: Kind, source: Source, choice: Choice, progress: Progress | None, *, dry_run: bool) -> Preview:
    sheet = _read(office, kind, source, choice, progress)
    results, act = take_rows(office, kind, sheet, dry_run=dry_run, progress=progress)
    typed = {(row.sheet, row.row): row.typed for row in sheet.rows}
    several = len({head.sheet for head in sheet.heads}) > 1
    labels = {(head.sheet if several else "", head.letters): head.label for head in sheet.heads}
    by_field = _heads_of_fields(kind, sheet.heads)
    first = sheet.heads[0].label if sheet.heads else ""
    rows = []
    for result in results:
        name, number = result.get("sheet", ""), result["row"]
        rows.append(PreviewRow(
            place=f"{name} {number}" if several else str(number), state=result["state"],
            cells=typed.get((name, number)) or {first: result.get("text", "")},
            troubles=tuple(_trouble(labels, by_field, problem) for problem in result["problems"]),
            reason=result.get("reason", ""), record=result["id"] or "",
        ))
    dated = _is_dated(kind, sheet)
    return Preview(
        kind=kind.code, heads=_heads(sheet.heads), offered=_offered(kind), rows=rows,
        total={state: sum(row.state == state for row in rows) for state in STATES}, year=sheet.year, dated=dated, act=act,
        notes=tuple(note for note in sheet.notes if dated or note != sheet.year_note),
    )


def _read(office: Office, kind: Kind, source: Source, choice: Choice, progress: Progress | None) -> SheetResult:
    units, day, columns = units_below(office), today(), dict(choice.columns)
    if source.path is not None:
        return read_sheet(
            source.path, kind, year=choice.year, units=units, today=day, progress=progress, columns=columns, keep_typed=True
        )
    if not source.text.strip():
        raise InputProblem("剪贴板里没有表格。下一步：在 WPS 或 Excel 里选中表格（连同表头），复制后再粘贴。", "nothing-pasted")
    return read_pasted(
        source.text, kind, year=choice.year, units=units, today=day, progress=progress, columns=columns, keep_typed=True
    )


def _heads(heads: Sequence[ReadHead]) -> list[tuple[str, str]]:
    """The columns of all tables, each head once."""
    found: dict[str, str] = {}
    for head in heads:
        found[head.label] = found.get(head.label) or head.name
    return list(found.items())


def _offered(kind: Kind) -> list[tuple[str, str]]:
    return [*((column.name, column.label) for column in columns_of(kind)), (UNIT_COLUMN, "单位（村）")]


def _is_dated(kind: Kind, sheet: SheetResult) -> bool:
    names = {head.name for head in sheet.heads}
    return any(isinstance(column.type, Day | Period) and column.name in names for column in columns_of(kind))


def _heads_of_fields(kind: Kind, heads: Sequence[ReadHead]) -> dict[str, str]:
    """Flat name → the head it is read from, so that what is missing is named where it belongs."""
    columns = {column.name: column for column in columns_of(kind)}
    found: dict[str, str] = {}
    for head in heads:
        column = columns.get(head.name)
        if column is not None:
            whole = column.name == column.field.code and not column.field.is_table
            for flat in column.field.flat if whole else (column.name,):
                found.setdefault(flat, head.label)
    return found


def _trouble(
    labels: Mapping[tuple[str, str], str], by_field: Mapping[str, str], problem: Mapping[str, str]
) -> Trouble:
    name, _, place = problem["cell"].rpartition("!")
    head = labels.get((name, place.rstrip("0123456789"))) or by_field.get(problem["field"], "")
    return Trouble(head, problem["cell"], problem["text"])
