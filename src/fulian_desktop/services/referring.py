"""What refers to a record, as its form shows it: titles it was given, aid, pairs, visits, and records that are one with it.

Rules:

* Nothing of it is stored in the record: it is gathered when the form opens, by references that have an index. Without one
  each opening of a form would read all records of a county.
* What refers to one of several records that were judged to be one shows under all of them (DESIGN §4).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from fulian_desktop.domain.counting_by import date_of
from fulian_desktop.domain.fields import Code, Field, Reference
from fulian_desktop.domain.forms import value_text
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.stages import HONORED, stage_of
from fulian_desktop.services.office import Office
from fulian_desktop.store import queries
from fulian_desktop.store.joining import group_of
from fulian_desktop.store.view import NOT_LIVING, Row

MOST = 30
"""So many records of a kind are named, the latest entered: whose they are a list shows."""

_HONOR = "honor"


@dataclass(frozen=True)
class Mention:
    """A record that refers to another one: what it says, and when or whose it is."""

    title: str
    about: str


def honors(office: Office, kind: Kind, row: Row, day: datetime.date) -> tuple[Mention, ...]:
    """The titles given to a record: nominations that were decided in its favour, and titles entered as such."""
    found = []
    for other, reference in _referring(office, kind):
        if not other.stages and other.code != _HONOR:
            continue
        for given in queries.list_rows(office.workspace.db, other, where_equal={reference.code: row.id}):
            if other.code == _HONOR:
                found.append(_honor(other, given))
                continue
            stage = stage_of(other, given.flat, given.conflicts, day)
            if stage is not None and stage.stage in HONORED and stage.level is not None:
                found.append(_title(given, stage.level.code, f"{stage.level.label}级"))
    return tuple(found)


def _title(row: Row, level: str, label: str) -> Mention:
    day = row.flat.get(f"award_{level}_date") or row.flat.get(f"approval_{level}_date") or ""
    return Mention(str(row.flat.get("campaign_name") or "评选"), "，".join(filter(None, (label, str(day)[:4]))))


def _honor(kind: Kind, row: Row) -> Mention:
    called = str(row.flat.get("called") or _said(kind, "title", row))
    return Mention(called, "，".join(filter(None, (_said(kind, "level", row), str(row.flat.get("date") or "")[:4]))))


def mentions(office: Office, kind: Kind, row: Row) -> tuple[Mention, ...]:
    """What else refers to a record, kind by kind; first the records that are one with it."""
    return (*_same(office, kind, row), *(
        _mention(other, given)
        for other, reference in _referring(office, kind) if not other.stages and other.code != _HONOR
        for given in queries.list_rows(
            office.workspace.db, other, where_equal={reference.code: row.id}, descending=True, limit=MOST)
    ))


def _same(office: Office, kind: Kind, row: Row) -> Iterator[Mention]:
    names = office.workspace.unit_names()
    for record in group_of(office.workspace.db, kind, row.id)[1:]:
        other = queries.find_by_id(office.workspace.db, record)
        if other is not None and not other.flags & NOT_LIVING:
            yield Mention(f"同一个：{kind.name_of(other.flat)}", names.get(other.unit, other.unit))


def _mention(kind: Kind, row: Row) -> Mention:
    """A record by its kind, the first code that is asked for (which program, which purpose) and its date."""
    code = next((f for f in kind.fields if f.asked and isinstance(f.type, Code)), None)
    what = _said(kind, code.code, row) if code is not None else ""
    day = str(row.flat.get(date_of(kind)) or "")
    shown = {"month": 7, "year": 4}.get(str(row.flat.get("date_precision")), 10)
    return Mention(f"{kind.label}：{what}" if what else kind.label, day[:shown])


def _said(kind: Kind, code: str, row: Row) -> str:
    declared = kind.declared(code)
    return value_text(declared, declared.assemble(row.flat))


def _referring(office: Office, kind: Kind) -> Iterator[tuple[Kind, Field]]:
    """The kinds and their references that may name a record of a kind; what is restricted lies elsewhere, under its own key."""
    for other in (other for other in office.kinds.all() if other.cls != "restricted"):
        for reference in other.references:
            can = isinstance(reference.type, Reference) and kind.code in reference.type.kinds
            if can and reference.indexed and not reference.joining and kind.cls != "published":
                yield other, reference
