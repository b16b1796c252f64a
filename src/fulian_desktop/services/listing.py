"""Lists of records as scripts read them (DESIGN §11). Imports little: ``fulian list`` has to start fast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fulian_desktop.domain.fields import Code, Flag
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.units import is_code
from fulian_desktop.errors import InputProblem, NotFound
from fulian_desktop.services.office import Office
from fulian_desktop.services.showing import kind_in_force, show_row
from fulian_desktop.store import queries


def list_records(
    office: Office, kind_code: str, *, search: str = "", where: Mapping[str, str] | None = None, unit: str | None = None,
    limit: int | None = None, deleted: bool = False,
) -> list[dict[str, Any]]:
    """Records of a kind, searched and filtered; ``where`` takes codes or their labels."""
    kind = kind_in_force(office, kind_code)
    if unit is not None and not is_code(unit):
        raise InputProblem("单位代码是 12 位数字，请核对。", "unit-code")
    wanted = {name: _coded(kind, name, value) for name, value in (where or {}).items()}
    rows = queries.list_rows(
        office.workspace.db, kind, search=search, where_equal=wanted, unit=unit, limit=limit, deleted=deleted
    )
    return [show_row(row) for row in rows]


def show_record(office: Office, record: str, unit: str | None = None) -> dict[str, Any]:
    """One record by its id; the unit decides where two share an id."""
    row = queries.find_by_id(office.workspace.db, record, unit)
    if row is None:
        raise NotFound("找不到这条记录。", "not-found")
    return show_row(row)


def findings(office: Office, state: str | None = None) -> list[dict[str, Any]]:
    """What has no effect or waits: refused values, unknown kinds and fields, waiting and invalid changes."""
    return queries.findings(office.workspace.db, state)


def _coded(kind: Kind, name: str, value: str) -> Any:  # noqa: ANN401 - a column's value
    from fulian_desktop.domain.entry import flag_of  # late: most lists are not narrowed

    part = kind.flat.get(name)
    if part is None:
        raise InputProblem(f"{kind.label}没有“{name}”这一项。", "unknown-field")
    if isinstance(part.type, Code):
        return part.type.codes.find(value) or value
    if isinstance(part.type, Flag) and flag_of(value) is not None:
        return 1 if flag_of(value) else None
    if part.type.sql == "INTEGER":
        try:
            return int(value)
        except ValueError as error:
            raise InputProblem(f"“{name}”要写数字。", "number") from error
    return value
