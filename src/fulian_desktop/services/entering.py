"""What the window's form asks for: a record as it is to be filled in, drafts, references by name, checks, saving.

Rules:

* What is typed is a draft within two seconds; a draft goes with the save of its record, in one transaction.
* What this office may not write is known before anybody types it, with the reason in words.
* An edit sends only what was changed, so what others changed meanwhile stays theirs.
"""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fulian_desktop.domain.fields import Field, Text
from fulian_desktop.domain.forms import cells_of, change_words
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.pinyin import initials
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.units import Level, is_above, is_code, level_of, parent_of
from fulian_desktop.errors import InputProblem
from fulian_desktop.ledger.fold import Folded, may_write
from fulian_desktop.services.clocks import is_doubtful
from fulian_desktop.services.lookups import campaign_facts, other_record_problems
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import Saved, add_record, edit_record, history, load_folded
from fulian_desktop.services.referring import Mention, honors, mentions
from fulian_desktop.services.serving import Unit, chooses_unit
from fulian_desktop.services.showing import kind_in_force
from fulian_desktop.store import books, queries
from fulian_desktop.store import drafts as store
from fulian_desktop.store.view import DELETED, Row
from fulian_desktop.store.workspace import now_ms

LONGEST_UNIT = 12
"""A unit's name of more characters has no room on a button or under a step; there the level is named."""

_UNIT = "@unit"  # no cell is called so
_NOT_OURS = "这条记录归别的单位管，本单位只能看。"
_IS_DELETED = "这条记录已经删除，恢复以后才能改。"
_BY_LEVEL = "由{level}及以上妇联填写，本单位只能看。"
_SET_ONCE = "登记后不能改；填错了请删除这条，重新登记。"
_APPROVED = "上级已经审批，本单位不能再改。"


@dataclass(frozen=True)
class Draft:
    """A form that was left unfinished: its id, when it was kept (ms), what it is called, what was typed, and for which unit."""

    id: str
    at: int
    name: str
    entries: dict[str, Any]
    unit: Unit


@dataclass(frozen=True)
class Step:
    """One thing that happened to a record.

    Attributes:
        at: When, in ms; ``doubtful``: that clock cannot have been right.
        who: The person; ``where``: the unit's name.
        what: What was done, in a word.
        changes: (label, before, after) of each field.
        note: What the person wrote about it.
        state: "" when it counts, else why it does not, in words.
        came: Whose package brought it here, "" when it was written here; ``came_at``: when, in ms.
    """

    at: int
    doubtful: bool
    who: str
    where: str
    what: str
    changes: tuple[tuple[str, str, str], ...]
    note: str
    state: str
    came: str = ""
    came_at: int = 0


@dataclass(frozen=True)
class Start:
    """A form as it opens.

    Attributes:
        kind: Of which kind; ``record``: its id, None for a new one; ``unit``: whose, with its name.
        flat: Flat values of the record; of a new one what stands from the beginning.
        whole: Why nothing of it may be written, "" when something may.
        locked: Field code → why this office may not write it.
        joined: Facts of other records that its rules and its steps need (how long the campaign's notice runs).
        answered: Sub-table's code → what it answers (``Field.answers``), of those whose question is known.
        absent: Codes of references whose record has not arrived; of kinds with stages.
        units: What its unit and those above it are called, without 妇联, by their level; of kinds with stages.
        last: Flat values of the record of this kind entered last, for copying.
        honors: Titles it was given; ``mentions``: what else refers to it.
        drafts: Unfinished forms, the latest first: of this record, or of new ones of this kind.
        chooses_unit: Whether a new record may be entered for other units too.
    """

    kind: Kind
    record: str | None
    unit: str
    unit_name: str
    flat: dict[str, Any] = field(default_factory=dict)
    whole: str = ""
    deleted: bool = False
    locked: dict[str, str] = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()
    joined: dict[str, Any] = field(default_factory=dict)
    answered: dict[str, Any] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    last: dict[str, Any] = field(default_factory=dict)
    drafts: tuple[Draft, ...] = ()
    honors: tuple[Mention, ...] = ()
    mentions: tuple[Mention, ...] = ()
    steps: tuple[Step, ...] = ()
    chooses_unit: bool = False
    units: Mapping[Level, str] = field(default_factory=dict)


# --- opening -----------------------------------------------------------------------------------------------


def start_form(
    office: Office, kind_code: str, *, record: str | None = None, unit: str | None = None, day: datetime.date,
) -> Start:
    """Everything a form needs to open.

    Args:
        office: Who opens it.
        kind_code: Of which kind; may be "" when ``record`` is given.
        record: The record to change, None for a new one.
        unit: Whose record; this office's by default.
        day: Today.
    """
    initials("妇")  # the table of readings takes 0.2 s when first used: here, not at the first key
    if record is None:
        unit = unit if unit is not None and is_code(unit) else office.unit
        kind = kind_in_force(office, kind_code, unit)
        last = next(queries.list_rows(office.workspace.db, kind, unit=unit, descending=True, limit=1), None)
        ours = may_write(office.unit, unit)
        return Start(
            kind, None, unit, _unit_name(office, unit), whole="" if ours else _NOT_OURS,
            locked=_locked_new(office, kind, unit), last=dict(last.flat) if last else {},
            drafts=_drafts(office, kind, None), chooses_unit=ours and chooses_unit(office, kind),
        )
    row, kind, folded = load_folded(office, record, unit)
    whole = _NOT_OURS if not may_write(office.unit, row.unit) else _IS_DELETED if row.flags & DELETED else ""
    named = _named(office, kind, row)
    return Start(
        kind, record, row.unit, _unit_name(office, row.unit), dict(row.flat), whole, bool(row.flags & DELETED),
        _locked(office, kind, row.unit, folded), row.conflicts, _joined(office, named, row.unit), _answered(kind, named),
        tuple(code for code, other in named.items() if other is None), drafts=_drafts(office, kind, record),
        honors=honors(office, kind, row, day), mentions=mentions(office, kind, row), steps=history_of(office, record),
        units=_units_over(office, kind, row.unit),
    )


def _unit_name(office: Office, unit: str) -> str:
    return office.workspace.unit_names().get(unit, unit)


def _units_over(office: Office, kind: Kind, unit: str) -> dict[Level, str]:
    """What a unit and those above it are called, as far as they are known and short enough for a button."""
    if not kind.stages:
        return {}
    names = office.workspace.unit_names()
    found: dict[Level, str] = {}
    code: str | None = unit
    while code is not None:
        name = names.get(code, "")
        name = name.removesuffix("妇女联合会").removesuffix("妇联") or name
        if 0 < len(name) <= LONGEST_UNIT:
            found[level_of(code)] = name
        code = parent_of(code)
    return found


def _named(office: Office, kind: Kind, row: Row) -> dict[str, dict[str, Any] | None]:
    """Reference's code → flat values of the record that it names, None where that has not arrived; of kinds with stages."""
    found: dict[str, dict[str, Any] | None] = {}
    for declared in kind.references if kind.stages else ():
        record, unit = row.flat.get(declared.code), row.flat.get(f"{declared.code}_unit")
        if record and not declared.joining:
            other = queries.find_by_id(office.workspace.db, str(record), unit)
            found[declared.code] = None if other is None else dict(other.flat)
    return found


def _joined(office: Office, named: Mapping[str, Mapping[str, Any] | None], unit: str) -> dict[str, Any]:
    """What the campaign of a nomination says of its notice, under the names that ``domain.rules`` reads."""
    campaign = named.get("campaign")
    return {} if campaign is None else campaign_facts(office, campaign, unit)


def _answered(kind: Kind, named: Mapping[str, Mapping[str, Any] | None]) -> dict[str, Any]:
    """What the sub-tables of a record answer, where the record that asks is here and asks something."""
    found = {}
    for declared in kind.tables:
        reference, _, name = declared.answers.partition(".")
        asked = (named.get(reference) or {}).get(name)
        if asked:
            found[declared.code] = asked
    return found


def _locked_new(office: Office, kind: Kind, unit: str) -> dict[str, str]:
    return {f.code: _by_level(f.written_by) for f in kind.fields if f.written_by is not None and office.level > f.written_by}


def _locked(office: Office, kind: Kind, unit: str, folded: Folded) -> dict[str, str]:
    """What the fold would refuse of this office at this record (DESIGN §4), said beforehand."""
    locked = _locked_new(office, kind, unit)
    above = is_above(office.unit, unit)
    for declared in kind.fields:
        if declared.set_once and not above and folded.values.get(declared.code) is not None:
            locked[declared.code] = _SET_ONCE
        if declared.approves is not None and _is_approved_above(declared, folded, office.level):
            locked[declared.code] = _APPROVED
    return locked


def _by_level(level: Level) -> str:
    return _BY_LEVEL.format(level=level.label)


def _is_approved_above(declared: Field, folded: Folded, level: Level) -> bool:
    if declared.code in folded.conflicts or folded.values.get(declared.code) is None:
        return False
    setting = next((h for h in reversed(list(folded.order)) if declared.code in h.change.values), None)
    return setting is not None and level_of(setting.author) < level


# --- drafts ------------------------------------------------------------------------------------------------


def keep_draft(
    office: Office, draft: str, kind: str, entries: Mapping[str, Any], record: str | None = None, unit: str = "",
) -> None:
    """Keep what stands in a form; on disk when this returns.

    Args:
        office: Where.
        draft: Its id.
        kind: Code of the kind.
        entries: Cell → what was typed.
        record: The record that is changed, None for a new one.
        unit: For which unit a new record is; this office's by default.
    """
    of_another = {_UNIT: unit} if record is None and unit not in ("", office.unit) else {}
    store.save_draft(office.workspace, draft, kind, {**entries, **of_another}, record)


def drop_draft(office: Office, draft: str) -> None:
    """Throw away a draft that nobody wants any more."""
    with office.workspace.transaction():
        store.drop_draft(office.workspace, draft)


def _drafts(office: Office, kind: Kind, record: str | None) -> tuple[Draft, ...]:
    found = []
    for kept in store.drafts(office.workspace):
        if kept["kind"] == kind.code and kept["record"] == record:
            entries = dict(kept["entries"])
            unit = str(entries.pop(_UNIT, office.unit))
            found.append(Draft(kept["id"], kept["at"], kind.name_of(entries), entries, Unit(unit, _unit_name(office, unit))))
    return tuple(found)


# --- checking and saving -----------------------------------------------------------------------------------


def check_others(office: Office, kind_code: str, flat: Mapping[str, Any], record: str | None) -> list[Problem]:
    """What other records say against a form as it stands; nothing is written."""
    return other_record_problems(office, kind_in_force(office, kind_code), flat, record)


def save_form(
    office: Office, kind_code: str, entries: Mapping[str, Any], *, draft: str, record: str | None = None,
    unit: str | None = None, day: datetime.date | None = None,
) -> Saved:
    """Save a form: a new record, or the changed fields of one; its draft goes in the same transaction.

    Raises:
        InputProblem, NotAllowed, MachineProblem: Nothing was written, and the draft is still there.
    """
    entries = {name: _in_order(value) if isinstance(value, list) else value for name, value in entries.items()}
    if record is None:
        return add_record(office, kind_code, entries, unit=unit, draft=draft, day=day)
    saved = edit_record(office, record, entries, unit=unit, draft=draft)
    if not saved.act:  # nothing differed, so nothing was written that would have taken the draft along
        drop_draft(office, draft)
    return saved


def _in_order(rows: list[Any]) -> list[Any]:
    """New rows of a sub-table get ids in the order in which they were typed: rows are shown in that of their ids."""
    second = now_ms() // 1000
    return [
        {"row": f"{second:08x}{place % 4096:03x}{secrets.randbelow(16):x}", **row} if isinstance(row, dict) else row
        for place, row in enumerate(rows)
    ]


# --- references --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """A record that a reference may name: its key, its name, and what tells it from others of that name."""

    id: str
    unit: str
    kind: str
    name: str
    about: str


def find_references(office: Office, kinds: Sequence[str], typed: str, unit: str, limit: int = 8) -> list[Found]:
    """Records of some kinds by name, pinyin initials or number; the unit's own first.

    Args:
        office: Where.
        kinds: Codes of the kinds that fit.
        typed: What was typed; blank: the latest.
        unit: Whose records come first.
        limit: At most so many.
    """
    names = office.workspace.unit_names()
    found: list[Found] = []
    for code in kinds:
        kind = kind_in_force(office, code)
        # without anything typed every record fits, and those of one unit among a million would have to be looked for
        for place in (unit, None) if typed.strip() else (None,):
            rows = queries.list_rows(
                office.workspace.db, kind, search=typed, unit=place, sort="no", descending=True, limit=limit,
            )
            known = {one.id for one in found}
            found += [_found(kind, row, names) for row in rows if row.id not in known]
    return found[:limit]


def _found(kind: Kind, row: Row, names: Mapping[str, str]) -> Found:
    name = kind.name_of(row.flat)
    told = (cell for cell in cells_of(kind) if cell.field.column and cell.field.sensitive in ("", "address"))
    more = [str(row.flat[c.flats[-1]]) for c in told if type(c.type) is Text and row.flat.get(c.flats[-1])]
    about = [one for one in more if one != name][:1]
    return Found(row.id, row.unit, kind.code, name, " · ".join([*about, names.get(row.unit, row.unit)]))


# --- photos ------------------------------------------------------------------------------------------------


def take_photos(office: Office, files: Sequence[Path | bytes]) -> tuple[list[str], list[str]]:
    """Take pictures in; the hashes of those that are kept, and a sentence for each that is not."""
    from fulian_desktop.services.photos import take_in

    hashes: list[str] = []
    refused: list[str] = []
    for file in files:
        try:
            hashes.append(take_in(office, file))
        except InputProblem as problem:
            name = f"{file.name}：" if isinstance(file, Path) else ""
            refused.append(name + problem.text)
    return hashes, refused


# --- history -----------------------------------------------------------------------------------------------

_STATES = {"waiting": "还缺前面的内容，等收到后才算数", "invalid": "不合规则，不算数"}
_ACTIONS = {"delete": "删除", "restore": "恢复"}


def history_of(office: Office, record: str) -> tuple[Step, ...]:
    """What happened to a record, the latest first: who, when, from which unit, and what changed."""
    names = office.workspace.unit_names()
    _, kind, _ = load_folded(office, record)
    brought = _brought(office, record)
    before: dict[str, Any] = {}
    steps: list[Step] = []
    for one in history(office, record):
        values: dict[str, Any] = one["values"]
        counts = one["state"] == "counts"
        first = counts and not steps
        refused = set(one["refused"])
        changes = tuple(
            change_words(declared, before.get(code), value)
            for code, value in values.items() if (declared := kind.field(code)) is not None
        )
        state = _STATES.get(one["state"], "其中有的内容本单位无权填写，不算数" if refused else "")
        what = _ACTIONS.get(one["action"], kind.verb if first else "修改")
        where = names.get(one["unit"], one["unit"])
        sender, came_at = brought.get(one["change"], ("", 0))
        steps.append(Step(
            one["at"], is_doubtful(one["at"]), one["actor"], where, what, changes, one["note"], state,
            names.get(sender, sender), came_at,
        ))
        if counts:
            before |= {code: value for code, value in values.items() if code not in refused}
    return tuple(reversed(steps))


def _brought(office: Office, record: str) -> dict[str, tuple[str, int]]:
    """Change → (unit whose package brought it, when), of a record's changes that came from outside."""
    log = office.workspace.log
    key = bytes.fromhex(record)
    placed = log.find([key]).get(key, [])
    packages = books.packages_of_runs(office.workspace.db, (place.run for place in placed))
    return {log.name_at(p.run, p.seq).hex(): packages[p.run] for p in placed if p.run in packages}
