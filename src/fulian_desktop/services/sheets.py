"""Ledgers out of Excel and into it: import with row-by-row results, export, template (DESIGN §9, §11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fulian_desktop.domain.checks import check_record, stops_save
from fulian_desktop.domain.entry import to_values
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.units import covers
from fulian_desktop.errors import InputProblem, NotAllowed
from fulian_desktop.ledger.fold import may_write
from fulian_desktop.progress import Progress
from fulian_desktop.services.office import Office, today
from fulian_desktop.services.records import Planned, link_by_name, load_folded, row_id, write_act
from fulian_desktop.services.showing import kind_in_force, kind_named
from fulian_desktop.store import queries
from fulian_desktop.store.log import RecordKey
from fulian_desktop.store.view import Row
from fulian_desktop.store.workspace import new_id

if TYPE_CHECKING:
    from fulian_desktop.sheets.importing import SheetResult


def import_sheet(
    office: Office, kind_code: str, path: Path, *, year: int | None = None, unit: str | None = None, dry_run: bool = False,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Import a ledger as one act; every row gets a result, and what could not be read is named cell by cell.

    Args:
        office: Who imports.
        kind_code: The kind of the rows.
        path: The .xlsx file.
        year: Of dates without one.
        unit: Whose records they are (this office's by default); a 村 or 单位 column sets it row by row.
        dry_run: Say what would happen, write nothing.
        progress: Told row by row; may cancel.

    Returns:
        ``{"rows": [{"row", "state", "id", "values", "problems"}], "total": {…}, "notes", "unmatched", "act"}``; states
        new, changed, unchanged, skipped, invalid (DESIGN §11).
    """
    from fulian_desktop.sheets.importing import read_sheet

    kind = kind_in_force(office, kind_code)
    sheet = read_sheet(path, kind, year=year, units=units_below(office), today=today(), progress=progress)
    rows, act = take_rows(office, kind, sheet, unit=unit, dry_run=dry_run, progress=progress)
    total = {state: sum(r["state"] == state for r in rows) for state in STATES}
    return {
        "rows": rows, "total": {**total, "rows": len(rows)}, "notes": list(sheet.notes), "unmatched": list(sheet.unmatched),
        "year": sheet.year, "act": act,
    }


STATES = ("new", "changed", "unchanged", "skipped", "invalid")


def take_rows(
    office: Office, kind: Kind, sheet: SheetResult, *, unit: str | None = None, dry_run: bool = False,
    progress: Progress | None = None,
) -> tuple[list[dict[str, Any]], str]:
    """What becomes of each row of a sheet that was read, as one act.

    Args:
        office: Who imports.
        kind: The kind of the rows.
        sheet: The sheet.
        unit: Whose records they are where the row does not say; this office's by default.
        dry_run: Write nothing.
        progress: Told row by row; may cancel.

    Returns:
        One result a row in the order of the sheet, and the act, "" when nothing was written.
    """
    own = unit or office.unit
    if not may_write(office.unit, own):
        raise NotAllowed(f"“{own}”不在本单位范围内，不能登记。", "out-of-scope")
    importer = _Importer(office, kind, own)
    progress = progress or Progress()
    rows = []
    for done, row in enumerate(sheet.rows):
        progress.step(done, len(sheet.rows), "核对每一行")
        rows.append(importer.take(row))
    rows += [
        {"row": s.row, "state": "skipped", "id": None, "values": {}, "problems": [], "reason": s.reason, "text": s.text,
         **({"sheet": s.sheet} if s.sheet else {})}
        for s in sheet.skipped
    ]
    order = {name: i for i, name in enumerate(dict.fromkeys(r.get("sheet", "") for r in rows))}
    rows.sort(key=lambda r: (order[r.get("sheet", "")], r["row"]))
    act = ""
    if importer.planned and not dry_run:
        progress.step(len(sheet.rows), len(sheet.rows), "写进记录")
        act, _ = write_act(office, importer.planned, f"导入{kind.label}", all_new=not importer.edits)
    return rows, act


def units_below(office: Office) -> dict[str, str]:
    """Name → code of this unit and those below; where two bear one name, only their codes say which is meant."""
    below = {code: name for code, name in office.workspace.unit_names().items() if covers(office.unit, code)}
    bearers = Counter(below.values())
    return {name if bearers[name] == 1 else code: code for code, name in below.items()}


class _Importer:
    """Decides for each row whether it is new, changes a record, or says nothing new."""

    def __init__(self, office: Office, kind: Kind, unit: str) -> None:
        self.office, self.kind, self.unit = office, kind, unit
        self.planned: list[Planned] = []
        self.edits = 0
        self._by_identity: dict[tuple[Any, ...], Row] | None = None
        self._taken: set[str] = set()

    def take(self, row: Any) -> dict[str, Any]:  # noqa: ANN401 - sheets' SheetRow
        from fulian_desktop.sheets.importing import unread_as_remarks

        kind = self.kind
        unit = row.unit or self.unit
        flat = dict(row.values)
        aside = unread_as_remarks(kind, row)
        if aside:
            flat["remarks"] = "\n".join(part for part in (flat.get("remarks"), aside) if part)
        problems = [{"field": p.field, "cell": p.cell, "code": p.code, "text": p.text} for p in row.problems]
        linked = link_by_name(self.office, kind, flat, unit)
        problems += [{"field": p.field, "cell": "", "code": p.code, "text": p.text} for p in linked]
        known = self._find(unit, flat)
        base: Mapping[str, Any] = {}
        if known is not None:
            _, _, folded = load_folded(self.office, known.id, known.unit)
            base = folded.values
        values, wrong = to_values(kind, flat, base, new_row_id=row_id)
        meant = kind_in_force(self.office, kind.code, unit)
        checked = [*wrong, *check_record(meant, meant.flatten({**base, **values}))]
        told = {p["field"] for p in problems}
        problems += [
            {"field": p.field, "cell": row.cells.get(p.field, ""), "code": p.code, "text": p.text}
            for p in checked if p.field not in told
        ]
        result = {"row": row.row, "state": "new", "id": None, "values": kind.flatten({**base, **values}), "problems": problems}
        if row.sheet:
            result["sheet"] = row.sheet
        if not self._can_be_saved(row, unit, checked, wrong):
            result["state"] = "invalid"  # stays in the sheet as typed; nothing of it is half saved
        elif known is not None:
            result["id"] = known.id
            result["state"] = "changed" if values else "unchanged"
            if values:
                self.edits += 1
                self._plan(RecordKey(unit, kind.code, bytes.fromhex(known.id)), values)
        else:
            result["id"] = kind.keyed_id(unit, kind.flatten(values)) or new_id()
            self._plan(RecordKey(unit, kind.code, bytes.fromhex(result["id"])), values)
        return result

    def _can_be_saved(self, row: Any, unit: str, checked: Sequence[Problem], wrong: Sequence[Problem]) -> bool:  # noqa: ANN401
        """Not without the first asked field, not under a unit that is not known or not ours, not with a value left out."""
        unknown_unit = any(p.code == "unknown-unit" for p in row.problems)
        return stops_save(checked) is None and not wrong and not unknown_unit and may_write(self.office.unit, unit)

    def _plan(self, key: RecordKey, values: dict[str, Any]) -> None:
        self.planned.append(Planned(key, values=values))

    def _find(self, unit: str, flat: Mapping[str, Any]) -> Row | None:
        """The record that this row says again: same unit and same identity; each record answers for one row."""
        if self._by_identity is None:
            self._by_identity = {}
            for row in queries.list_rows(self.office.workspace.db, self.kind):
                self._by_identity.setdefault(self._identity(row.unit, row.flat), row)
        found = self._by_identity.get(self._identity(unit, flat))
        if found is None or found.id in self._taken:
            return None
        self._taken.add(found.id)
        return found

    def _identity(self, unit: str, flat: Mapping[str, Any]) -> tuple[Any, ...]:
        return (unit, *(flat.get(name) for name in self.kind.identity))


def export_sheet(
    office: Office, kind_code: str, path: Path, *, show_sensitive: bool = True, progress: Progress | None = None,
) -> dict[str, Any]:
    """All living records of a kind as a roster; exporting sensitive values is logged."""
    from fulian_desktop.sheets.exporting import RosterRow, write_roster

    kind = kind_in_force(office, kind_code)
    names = office.workspace.unit_names()
    rows = [RosterRow(names.get(row.unit, row.unit), row.flat) for row in queries.list_rows(office.workspace.db, kind)]
    title = f"{office.unit_name}{kind.label}名册"
    written = write_roster(path, kind, rows, title=title, reveal=show_sensitive, progress=progress)
    with office.workspace.transaction():
        office.workspace.record("export-sheet", {"kind": kind.code, "rows": len(rows), "sensitive": show_sensitive})
    return {"file": str(path), "rows": len(rows), "too_long": list(written.too_long)}


def write_template(kind_code: str, path: Path, office: Office | None = None) -> dict[str, Any]:
    """An empty ledger of a kind with drop-down lists and notes; with what was issued where an office is given."""
    from fulian_desktop.sheets.template import write_template as write

    kind = kind_named(kind_code) if office is None else kind_in_force(office, kind_code)
    if path.suffix.lower() != ".xlsx":
        raise InputProblem("模板要存成 .xlsx 文件。", "suffix")
    write(path, kind)
    return {"file": str(path), "kind": kind.code}
