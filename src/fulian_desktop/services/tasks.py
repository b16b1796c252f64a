"""Many records at once as the window offers it: which tasks there are, what each asks for, and carrying one out (DESIGN §9).

Rules:

* Everything is derived from the declarations: the steps of the own level (初评, 公示, 审批 …) are the fields that its
  level writes; a kind can be entered for chosen records when it asks for a reference to them.
* What is filled in once counts for every record; what a record has of its own counts before it.
* What cannot be read stops all, named by record and cell, before anything is written. One act, undone as one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from fulian_desktop.domain.checks import MISSING
from fulian_desktop.domain.entry import read_entry
from fulian_desktop.domain.fields import Composite, Reference, Table, parts_of
from fulian_desktop.domain.forms import Cell, cells_of
from fulian_desktop.domain.in_force import DECLARED, Kinds
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.stages import stage_of
from fulian_desktop.domain.units import Level
from fulian_desktop.progress import Progress
from fulian_desktop.services.batch import add_many, edit_many
from fulian_desktop.services.office import Office, today
from fulian_desktop.services.records import Saved
from fulian_desktop.services.settling import shown_text
from fulian_desktop.store import queries


class How(Enum):
    """What a task does with the chosen records."""

    STEP = "step"
    CHANGE = "change"
    ADD = "add"


@dataclass(frozen=True)
class Task:
    """One thing that can be done for all chosen records.

    Attributes:
        code: Stable name. label: What the act is called.
        kind: Code of the kind whose records are written.
        field: Of a step or a change: the field. Of an entry: the reference that takes the chosen record.
        cells: What it asks for at once. more: What else can be filled in.
    """

    code: str
    label: str
    how: How
    kind: str
    field: str
    cells: tuple[Cell, ...]
    more: tuple[Cell, ...] = ()

    def label_of(self, cell: Cell) -> str:
        """What stands beside a cell: of a step ``审批结果``, ``审批日期``, without the level that is doing it anyway."""
        level, of = cell.field.written_by, cell.field.type
        if self.how is not How.STEP or level is None or not isinstance(of, Composite):
            return cell.label
        part = next((p.label for p, flat in zip(parts_of(of), cell.field.flat, strict=True) if flat == cell.name), "")
        return cell.field.label.removeprefix(_of_level(level)) + part


@dataclass(frozen=True)
class Chosen:
    """One chosen record: whose, its name, its stage, and what its fields say now (by code)."""

    record: str
    unit: str
    unit_name: str
    name: str
    stage: str
    now: Mapping[str, str]


@dataclass(frozen=True)
class RowResult:
    """What came of one record: the id written, whether something was, and what is doubtful about it."""

    record: str
    written: bool
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Done:
    """What came of a task: the act and a result a record; or, by place and cell, what cannot be read (nothing written)."""

    act: str = ""
    rows: tuple[RowResult, ...] = ()
    unread: Mapping[tuple[int, str], str] = field(default_factory=dict)


# --- what there is to do -----------------------------------------------------------------------------------


def tasks_of(kind_code: str, level: Level, kinds: Kinds = DECLARED) -> list[Task]:
    """What an office of a level can do with many records of a kind: its steps, then new records, then single fields."""
    kind = kinds.of(kind_code)
    by_field: dict[str, list[Cell]] = {}
    for cell in cells_of(kind):
        if not isinstance(cell.type, Table):
            by_field.setdefault(cell.field.code, []).append(cell)
    steps, changes = [], []
    for code, cells in by_field.items():
        declared = cells[0].field
        if declared.written_by is level:
            label = f"批量{declared.label.removeprefix(_of_level(level))}"
            steps.append(Task(f"step:{code}", label, How.STEP, kind.code, code, tuple(cells)))
        elif declared.written_by is None and not declared.set_once:
            changes.append(Task(f"change:{code}", f"批量改{declared.label}", How.CHANGE, kind.code, code, tuple(cells)))
    return [*steps, *_entries_for(kinds, kind), *changes]


def _of_level(level: Level) -> str:
    """How a declaration begins the label of what a level does."""
    return f"{level.label}级"


def _entries_for(kinds: Kinds, kind: Kind) -> list[Task]:
    """New records about chosen ones; of what is published (a campaign) nothing is entered in rows."""
    if kind.cls == "published":
        return []
    found = []
    for other in kinds.all():
        instead = {f.unless for f in other.references if f.asked}
        for declared in other.references:
            of = declared.type
            if not isinstance(of, Reference) or kind.code not in of.kinds or not (declared.asked or declared.code in instead):
                continue
            apart = {declared.code, declared.unless, *(f.code for f in other.references if f.unless == declared.code)}
            cells = [
                cell for cell in cells_of(other)
                if cell.field.code not in apart and cell.field.written_by is None and not cell.aside
                and not isinstance(cell.type, Table)
            ]
            first = [cell for cell in cells if cell.asked or (cell.field.column and cell.name == cell.field.code)]
            more = [cell for cell in cells if cell not in first]
            label = f"批量{other.verb}"
            found.append(Task(f"add:{other.code}", label, How.ADD, other.code, declared.code, tuple(first), tuple(more)))
    return found


def chosen_records(office: Office, records: Sequence[str]) -> list[Chosen]:
    """The chosen records in their order; one that is gone meanwhile is left out. Sensitive values are masked."""
    names = office.workspace.unit_names()
    found = []
    for record in records:
        row = queries.find_by_id(office.workspace.db, record)
        if row is None:
            continue
        kind = office.kinds.of(row.kind)
        stage = stage_of(kind, row.flat, row.conflicts, today())
        values = {f: f.assemble(row.flat) for f in kind.fields if not f.is_table}
        now = {f.code: shown_text(f, value, reveal=False) for f, value in values.items() if value is not None}
        found.append(Chosen(
            record, row.unit, names.get(row.unit, row.unit), kind.name_of(row.flat), stage.label if stage else "", now
        ))
    return found


# --- doing it ----------------------------------------------------------------------------------------------


def carry_out(
    office: Office, task: Task, chosen: Sequence[Chosen], shared: Mapping[str, Any], own: Sequence[Mapping[str, Any]], *,
    progress: Progress | None = None,
) -> Done:
    """Do a task for all chosen records as one act.

    Args:
        office: Who does it.
        task: What is done.
        chosen: For which records.
        shared: Cell → the entry that was filled in once; blanks say nothing.
        own: For each record, cell → the entry it has of its own.
        progress: Counts records.

    Raises:
        InputProblem, NotAllowed: As for one record; the sentence begins with the record's place and nothing is written.
    """
    rows = [{name: entry for name, entry in {**shared, **mine}.items() if not _is_blank(entry)} for mine in own]
    unread = _unread(office, task, rows)
    if unread:
        return Done(unread=unread)
    if task.how is How.ADD:
        entries = [{task.field: one.record, **row} for one, row in zip(chosen, rows, strict=True)]
        saved = add_many(office, task.kind, entries, unit=[one.unit for one in chosen], progress=progress)
        results = [RowResult(one.id, written=True, doubts=_doubts(one)) for one in saved]
    else:
        changes = {one.record: row for one, row in zip(chosen, rows, strict=True) if row}
        saved = edit_many(office, changes, label=task.label, progress=progress)
        by_record = {one.id: RowResult(one.id, written=bool(one.act), doubts=_doubts(one)) for one in saved}
        results = [by_record.get(one.record, RowResult(one.record, written=False)) for one in chosen]
    return Done(next((one.act for one in saved if one.act), ""), tuple(results))


def _is_blank(entry: Any) -> bool:  # noqa: ANN401 - an entry
    return entry in (None, "", []) or (isinstance(entry, str) and not entry.strip())


def _unread(office: Office, task: Task, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[int, str], str]:
    kind = office.kinds.of(task.kind)
    cells = {cell.name: cell for cell in (*task.cells, *task.more)}
    found: dict[tuple[int, str], str] = {}
    for i, row in enumerate(rows):
        entry = read_entry(kind, row, year=None, today=today())
        for name in row:
            flats = {name, *cells[name].flats}
            if flats & entry.unread.keys():
                found[i, name] = next(p.text for p in entry.problems if p.field in flats)
    return found


def _doubts(saved: Saved) -> tuple[str, ...]:
    """What does not fit together; gaps are for the form."""
    return tuple(dict.fromkeys(problem.text for problem in saved.problems if problem.code != MISSING))
