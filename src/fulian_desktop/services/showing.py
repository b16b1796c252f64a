"""How one record is shown to scripts (DESIGN §11)."""

from __future__ import annotations

import datetime
from typing import Any

from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import find_kind
from fulian_desktop.domain.stages import deciding_level, stage_of, with_level_names
from fulian_desktop.errors import InputProblem
from fulian_desktop.services.office import Office, today
from fulian_desktop.store.view import CHANGED_AFTER_APPROVAL, DELETE_MARKED, DELETED, INCOMPLETE, Row

MARKS = {
    DELETED: "deleted", DELETE_MARKED: "delete-marked", CHANGED_AFTER_APPROVAL: "changed-after-approval",
    INCOMPLETE: "incomplete",
}


def kind_named(code: str) -> Kind:
    """The declared kind, by which the ledger goes; an input problem when there is none."""
    kind = find_kind(code)
    if kind is None:
        raise InputProblem(f"没有“{code}”这一类记录。", "unknown-kind")
    return kind


def kind_in_force(office: Office, code: str, unit: str = "") -> Kind:
    """The kind with what was issued: to anybody here, or for the records of a unit; an input problem when there is none."""
    kinds = office.kinds.for_unit(unit) if unit else office.kinds
    return kinds.find(code) or kind_named(code)


def show_row(row: Row, day: datetime.date | None = None) -> dict[str, Any]:
    """A record as scripts read it (DESIGN §11): id, kind, unit, values, stage, conflicts and its marks."""
    kind = kind_named(row.kind)
    stage = stage_of(kind, row.flat, row.conflicts, day or today())
    return {
        "id": row.id, "kind": row.kind, "unit": row.unit, "values": with_level_names(kind, row.flat, deciding_level(row.flat)),
        "stage": stage.code if stage else None, "stage_label": stage.label if stage else None,
        "conflicts": list(row.conflicts), "marks": [name for bit, name in MARKS.items() if row.flags & bit],
        "entered_by": row.created_by, "entered_at": row.created_at,
    }
