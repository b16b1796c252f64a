"""Conflicts as a person reads them, and what was decided about them (DESIGN §4).

Rules:

* Nothing is chosen beforehand, and every competing value stays in the record's history whatever is chosen.
* A decision speaks only about what was seen: when another change came in between, nothing is written and it is said.
* Sensitive values are masked unless they are asked for, and that is logged (DESIGN §9).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fulian_desktop.domain.checks import check_record, stops_save
from fulian_desktop.domain.entry import read_entry, to_values
from fulian_desktop.domain.fields import Composite, Field, Integer, Period, Reference, Scalar, parts_of
from fulian_desktop.domain.forms import value_text
from fulian_desktop.domain.issued import ANY
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.units import level_of
from fulian_desktop.domain.words import masked
from fulian_desktop.errors import InputProblem, NotFound
from fulian_desktop.ledger.counting import Held
from fulian_desktop.ledger.fold import Folded, judge_value, may_write
from fulian_desktop.ledger.json import canonical
from fulian_desktop.services.clocks import is_doubtful
from fulian_desktop.services.office import Office, today
from fulian_desktop.services.records import Planned, load_folded, row_id, write_act
from fulian_desktop.services.reopening import ancestors_of, reopened_records, with_reopened
from fulian_desktop.store import books, queries
from fulian_desktop.store.log import RecordKey
from fulian_desktop.store.view import CONFLICT, Row

EMPTY = "没填"


# --- values as people read them ----------------------------------------------------------------------------


def shown_text(declared: Field, value: Any, *, reveal: bool) -> str:  # noqa: ANN401 - any ledger value
    """A field's ledger value as people read it; a sensitive one masked unless it is to be revealed."""
    if value is None:
        return EMPTY
    if not declared.sensitive or reveal:
        return value_text(declared, value)
    return masked(declared.type, value)


def moment_text(at: int) -> str:
    """A moment (ms) as people write it; one that cannot be right is said to be doubtful."""
    when = datetime.datetime.fromtimestamp(at / 1000, tz=datetime.UTC).astimezone()
    year = "" if when.year == today().year else f"{when.year}年"
    return f"{year}{when.month}月{when.day}日 {when:%H:%M}" + ("（那台电脑的时间不准）" if is_doubtful(at) else "")


# --- conflicts ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class InQueue:
    """A record with fields in conflict, as the queue shows it."""

    record: str
    unit: str
    unit_name: str
    kind: str
    kind_label: str
    name: str
    fields: int


@dataclass(frozen=True)
class Teller:
    """Who set a value: person, unit, when; ``note`` is what was written beside it."""

    actor: str
    unit_name: str
    when: str
    note: str = ""


@dataclass(frozen=True)
class Choice:
    """One of the competing values; several who set the same one stand together."""

    text: str
    tellers: tuple[Teller, ...]


@dataclass(frozen=True)
class Disputed:
    """One field in conflict.

    Attributes:
        code: The field, or one row of a sub-table (``members:0123456789ab``).
        old: What stood there before the competing changes.
        choices: In the order in which they were set; the last one shows meanwhile.
        can_type: Whether another value can be typed.
        blocked: Why this office cannot settle it, or "".
        hidden: Whether values are masked.
    """

    code: str
    label: str
    old: str
    choices: tuple[Choice, ...]
    can_type: bool
    blocked: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class Dispute:
    """A record in conflict: its fields to be settled, and what both sides agree on.

    ``seen`` names the competing changes: a decision is only about them.
    """

    record: str
    unit: str
    unit_name: str
    kind: str
    kind_label: str
    name: str
    fields: tuple[Disputed, ...]
    agreed: tuple[tuple[str, str], ...]
    seen: frozenset[bytes]

    @property
    def hidden(self) -> bool:
        """Whether a value that competes is masked."""
        return any(one.hidden for one in self.fields)


@dataclass(frozen=True)
class Decided:
    """What came of a decision: the act, or by field why what was typed cannot be read (then nothing was written)."""

    act: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


def conflict_queue(office: Office, *, first: str = "", limit: int = 300) -> tuple[int, list[InQueue]]:
    """How many records are in conflict, and the first of them. Reads rows only, so it stays quick for many.

    Args:
        office: Who looks.
        first: A record that is wanted; it comes first where it is not among the others.
        limit: How many are read.
    """
    names = office.workspace.unit_names()
    total = 0
    found: list[InQueue] = []
    for kind in office.kinds.all():
        total += queries.count_rows(office.workspace.db, kind, flag=CONFLICT)
        left = limit - len(found)
        if left > 0:
            found += [
                _in_queue(kind, row, names)
                for row in queries.list_rows(office.workspace.db, kind, flag=CONFLICT, limit=left)
            ]
    for key, fields in reopened_records(office, alone=True).items():
        row = queries.find_by_id(office.workspace.db, key.id.hex(), key.unit)
        if row is not None:
            total += 1
            found.append(replace(_in_queue(office.kinds.of(key.kind), row, names), fields=fields))
    if first and all(one.record != first for one in found):
        wanted = queries.find_by_id(office.workspace.db, first)
        if wanted is not None and wanted.conflicts:
            found.insert(0, _in_queue(office.kinds.of(wanted.kind), wanted, names))
    return total, found


def _in_queue(kind: Kind, row: Row, names: Mapping[str, str]) -> InQueue:
    return InQueue(
        row.id, row.unit, names.get(row.unit, row.unit), kind.code, kind.label, kind.name_of(row.flat), len(row.conflicts)
    )


def dispute(office: Office, record: str, unit: str | None = None, *, reveal: bool = False) -> Dispute:
    """A record's fields in conflict side by side; nothing in ``fields`` when it has none (any more).

    Args:
        office: Who looks.
        record: Its id.
        unit: Whose record, where an id stands for several.
        reveal: Show sensitive values whole; logged.
    """
    row, kind, folded = to_decide(office, record, unit)
    if reveal:
        log_revealed(office, [row])
    names = office.workspace.unit_names()
    disputed = []
    for code in sorted(folded.conflicts, key=lambda code: _place(kind, code)):
        declared = _declared(kind, code)
        choices = tuple(
            Choice(shown_text(declared, value, reveal=reveal), tuple(_teller(h, names) for h in held))
            for value, held in _competing(folded, code)
        )
        disputed.append(Disputed(
            code, declared.label, shown_text(declared, _before(folded, code), reveal=reveal), choices,
            can_type=_can_type(declared), blocked=_blocked(office, declared, row.unit),
            hidden=bool(declared.sensitive) and not reveal,
        ))
    queued = _in_queue(kind, row, names)
    return Dispute(
        record, row.unit, queued.unit_name, kind.code, kind.label, queued.name, tuple(disputed),
        _agreed(kind, folded, reveal=reveal), _seen(folded),
    )


def decide(
    office: Office, record: str, unit: str, *, chosen: Mapping[str, int], typed: Mapping[str, str], seen: frozenset[bytes],
) -> Decided:
    """Settle fields in conflict, each to one of its competing values or to what was typed; goes into the log and travels.

    Args:
        office: Who decides.
        record: Its id.
        unit: Whose record.
        chosen: Field → which of :attr:`Disputed.choices`.
        typed: Field → another value as people write it; blank takes the value away.
        seen: :attr:`Dispute.seen` of what was looked at.

    Raises:
        InputProblem: Another change came in between, or the record could not be saved so.
        NotAllowed: Not this office's to settle.
    """
    row, kind, folded = to_decide(office, record, unit)
    if _seen(folded) != seen:
        raise InputProblem("这条记录刚才又有改动，没有保存。请再看一遍，重新选。", "changed-meanwhile")
    values: dict[str, Any] = {code: _competing(folded, code)[place][0] for code, place in chosen.items()}
    problems: dict[str, str] = {}
    for code, text in typed.items():
        value, problem = _read(kind, folded, code, text)
        if problem:
            problems[code] = problem
        values[code] = value
    if problems or not values:
        return Decided(problems=problems)
    stop = stops_save(check_record(kind, kind.flatten({**folded.values, **values})))
    if stop is not None:
        raise InputProblem(stop.text, stop.code)
    key = RecordKey(row.unit, row.kind, bytes.fromhex(record))

    def forget(_act: str, _results: object) -> None:
        if set(folded.conflicts) <= set(values):
            books.forget_reopened(office.workspace.db, key)

    act, _ = write_act(office, [Planned(key, values=values)], "处理冲突", also=forget)
    return Decided(act)


def to_decide(office: Office, record: str, unit: str | None = None) -> tuple[Row, Kind, Folded]:
    """A record's row, kind and fold, what was settled and taken back among its conflicts."""
    row, kind, folded = load_folded(office, record, unit)
    return row, kind, with_reopened(office, RecordKey(row.unit, row.kind, bytes.fromhex(row.id)), kind, folded)


def _place(kind: Kind, code: str) -> tuple[int, str]:
    """Where a field stands on the form."""
    head = code.partition(":")[0]
    return next((i for i, one in enumerate(kind.fields) if one.code == head), len(kind.fields)), code


def _declared(kind: Kind, code: str) -> Field:
    found = kind.field(code)
    if found is None:
        raise NotFound(f"{kind.label}没有“{code}”这一项。", "unknown-field")
    return found


def _competing(folded: Folded, code: str) -> list[tuple[Any, list[Held]]]:
    """Each competing value once, with the changes that set it, in order."""
    by_bytes: dict[bytes, tuple[Any, list[Held]]] = {}
    for setting in folded.conflicts[code]:
        by_bytes.setdefault(canonical(setting.value), (setting.value, []))[1].append(folded.order[setting.at])
    return list(by_bytes.values())


def _seen(folded: Folded) -> frozenset[bytes]:
    return frozenset(folded.order[s.at].name for settings in folded.conflicts.values() for s in settings)


def _teller(h: Held, names: Mapping[str, str]) -> Teller:
    return Teller(h.change.actor, names.get(h.author, h.author), moment_text(h.change.at), h.change.note)


def _before(folded: Folded, code: str) -> Any:  # noqa: ANN401 - a ledger value
    """What the field was before the competing changes: the last setting with effect that all of them saw."""
    seen_by = ({h.name for h in ancestors_of(folded.order, folded.order[s.at])} for s in folded.conflicts[code])
    shared = set.intersection(*seen_by)
    refused = {(r.change, r.what) for r in folded.refused}
    for h in reversed(folded.order):
        if h.name in shared and code in h.change.values and (h.name, code) not in refused:
            return h.change.values[code]
    return None


def _can_type(declared: Field) -> bool:
    """Whether a value can be written in one line: what has several parts side by side cannot."""
    of = declared.type
    if of is ANY:
        return False  # how it is to be read is said by a definition that has not come
    one_line = isinstance(of, Composite) and isinstance(parts_of(of)[0].type, Integer)
    return isinstance(of, Scalar | Reference | Period) or one_line


def _blocked(office: Office, declared: Field, unit: str) -> str:
    if not may_write(office.unit, unit):
        return "这条记录不归本单位管，由它的上级妇联来定。"
    reason = judge_value(declared, None, office.unit, unit, first=False)
    if reason is None:
        return ""
    if declared.written_by is not None and level_of(office.unit) > declared.written_by:
        return f"这一项要由{declared.written_by.label}及以上妇联来定。"
    return "这一项登记后不能改，由上级妇联来定。"


def _agreed(kind: Kind, folded: Folded, *, reveal: bool) -> tuple[tuple[str, str], ...]:
    """Label and value of the fields that are not in conflict, sub-tables by how many rows they have."""
    found: dict[str, str] = {}
    rows: dict[str, int] = {}
    for code in sorted(folded.values, key=lambda code: _place(kind, code)):
        declared = kind.field(code)
        if declared is None or code in folded.conflicts or folded.values[code] is None:
            continue
        if declared.is_table:
            rows[declared.label] = rows.get(declared.label, 0) + 1
            found[declared.label] = f"{rows[declared.label]} 行"
        else:
            found[declared.label] = shown_text(declared, folded.values[code], reveal=reveal)
    return tuple(found.items())


def _read(kind: Kind, folded: Folded, code: str, text: str) -> tuple[Any, str]:
    """What was typed for a field as its ledger value, or why it cannot be read."""
    declared = _declared(kind, code)
    base = kind.flatten(folded.values)
    name = declared.flat[1] if isinstance(declared.type, Reference) else declared.code
    if not text.strip():
        flat: dict[str, Any] = dict.fromkeys(declared.flat)
    else:
        entry = read_entry(kind, {name: text}, year=None, today=today(), base=base)
        if entry.unread:
            return None, entry.problems[0].text
        flat = {n: value for n, value in entry.flat.items() if n in declared.flat}
        if isinstance(declared.type, Reference):
            flat = {**dict.fromkeys(declared.flat), **flat}  # another name is not the record that was linked
    values, problems = to_values(kind, flat, folded.values, new_row_id=row_id)
    if problems:
        return None, problems[0].text
    return values.get(code, folded.values.get(code)), ""


def log_revealed(office: Office, rows: Sequence[Row]) -> None:
    """Note that sensitive values of these records are shown to the person at the keyboard."""
    with office.workspace.transaction():
        for row in rows:
            office.workspace.record("reveal", {"record": row.id, "kind": row.kind, "unit": row.unit})
