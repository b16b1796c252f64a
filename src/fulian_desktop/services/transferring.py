"""转移: a family that moves, a village that is split or merged into another one (DESIGN §4).

Rules:

* A record's unit never changes. An office over both units makes two changes, as one act: the record anew at the other unit,
  with everything that stands in it, and the old one deleted. Undoing the act brings it back.
* The new record is joined to the old one (``same_as``): what refers to either shows under the new one, and rules over years and
  villages see one person.
* The new record's id is made of the old key and the new unit: done twice, or by two computers, it is one record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import all_kinds
from fulian_desktop.domain.units import is_code
from fulian_desktop.errors import InputProblem, NotAllowed
from fulian_desktop.ledger.fold import Folded, may_write
from fulian_desktop.progress import Progress
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import Planned, load_folded, write_act
from fulian_desktop.store import queries
from fulian_desktop.store.log import RecordKey
from fulian_desktop.store.view import DELETED, Row

_JOINING = ("same_as", "not_same")


@dataclass(frozen=True)
class Transferred:
    """What came of it.

    Attributes:
        act: The act, "" when everything was there already.
        records: Old id → new id, also of those that were transferred before.
    """

    act: str
    records: dict[str, str]


def transferred_id(kind: str, unit: str, record: str, to: str) -> str:
    """The id (32 hex digits) that a record gets at another unit."""
    key = "\n".join((kind, unit, record, to))
    return hashlib.sha256(b"fulian transferred record\n" + key.encode()).hexdigest()[:32]


def transfer_records(office: Office, records: Sequence[str], to: str, *, progress: Progress | None = None) -> Transferred:
    """Transfer records to another unit, as one act.

    Args:
        office: Who transfers them: an office over both units.
        records: Their ids.
        to: The 12-digit code of the unit that they go to.
        progress: Counts records.

    Raises:
        NotFound: One of them is not here. InputProblem: The unit is not known, a record is already there, deleted or in
        conflict. NotAllowed: Not this office's to write, or a higher office has approved part of it; nothing is written.
    """
    if not is_code(to) or to not in office.workspace.unit_names():
        raise InputProblem(f"没有“{to}”这个单位。下一步：先在设置里登记这个单位。", "unit-code")
    progress = progress or Progress()
    planned: list[Planned] = []
    gone: dict[str, str] = {}
    for done, record in enumerate(dict.fromkeys(records)):
        progress.step(done, len(records), "转移")
        row, kind, folded = load_folded(office, record)
        _check(office, row, kind, folded, to)
        gone[record] = transferred_id(kind.code, row.unit, record, to)
        planned += _changes(office, row, kind, folded, to, gone[record])
    if not planned:
        return Transferred("", gone)
    name = office.workspace.unit_names()[to]
    act, _ = write_act(office, planned, f"转到{name}")
    return Transferred(act, gone)


def transfer_all(office: Office, of: str, to: str, *, progress: Progress | None = None) -> Transferred:
    """Transfer every record of a unit that is merged into another one; what only that unit can have stays with it.

    Raises:
        What :func:`transfer_records` raises.
    """
    if not is_code(of):
        raise InputProblem("单位代码是 12 位数字，请核对。", "unit-code")
    own = {"unit": of}
    return transfer_records(office, [
        row.id for kind in all_kinds() if kind.transferable
        for row in queries.list_rows(office.workspace.db, kind, where_equal=own)
    ], to, progress=progress)


def _check(office: Office, row: Row, kind: Kind, folded: Folded, to: str) -> None:
    name = kind.name_of(row.flat)[:30] or kind.label
    if not (may_write(office.unit, row.unit) and may_write(office.unit, to)):
        raise NotAllowed("两个单位要都归本单位管才能转。下一步：请两边共同的上级妇联来转。", "out-of-scope")
    if not kind.transferable:
        raise InputProblem(f"{kind.label}只属于登记它的单位，不能转。", "not-transferable")
    if row.unit == to:
        raise InputProblem(f"“{name}”已经在这个单位了，不用转。", "same-unit")
    if folded.conflicts:
        raise InputProblem(f"“{name}”有两边不一样的内容。下一步：先处理冲突，再转。", "conflict")
    new = queries.find_by_id(office.workspace.db, transferred_id(kind.code, row.unit, row.id, to))
    if row.flags & DELETED and new is None:
        raise InputProblem(f"“{name}”已经删除。下一步：先恢复，再转。", "deleted")


def _changes(office: Office, row: Row, kind: Kind, folded: Folded, to: str, new: str) -> list[Planned]:
    """The two changes, or those of them that are not made yet."""
    there = queries.find_by_id(office.workspace.db, new, to)
    old_key, new_key = (RecordKey(unit, kind.code, bytes.fromhex(id_)) for unit, id_ in ((row.unit, row.id), (to, new)))
    names = office.workspace.unit_names()
    planned = []
    if there is None:
        values: dict[str, Any] = {
            code: value for code, value in folded.values.items() if value is not None and code.partition(":")[0] not in _JOINING
        }
        name = kind.name_of(row.flat)[:200] or kind.label
        values["same_as"] = {"unit": row.unit, "kind": kind.code, "id": row.id, "name": name}
        planned.append(Planned(new_key, values=values, note=f"从{names.get(row.unit, row.unit)}转来"))
    elif there.flags & DELETED:
        planned.append(Planned(new_key, "restore", note=f"从{names.get(row.unit, row.unit)}转来"))
    if not row.flags & DELETED:
        planned.append(Planned(old_key, "delete", note=f"转到{names.get(to, to)}"))
    return planned

