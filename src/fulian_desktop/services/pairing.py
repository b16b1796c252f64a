"""Suspected duplicates as a person reads them: pairs side by side, joined, or judged to be two (DESIGN §8).

Rules:

* Nothing is joined or parted by itself; sensitive values are masked unless they are asked for, and that is logged.
* Pairs come a page at a time, the firm ones first: a page begins after the last pair of the one before, so a pair that is
  decided meanwhile shifts nothing.
* "Not the same" is a change like any other: it is set on one of the two records, in that record's unit's stream, so it
  travels to whoever receives that record, counts wherever both are known, and is undone as an act.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from fulian_desktop.domain.fields import Field
from fulian_desktop.domain.kind import Alike, Kind
from fulian_desktop.domain.likeness import contradict, names_alike, sounds_of
from fulian_desktop.errors import InputProblem, NotAllowed, NotFound
from fulian_desktop.ledger.fold import may_write
from fulian_desktop.ledger.json import canonical
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import Planned, Saved, write_act
from fulian_desktop.services.settling import log_revealed, moment_text, shown_text
from fulian_desktop.services.showing import kind_in_force, kind_named
from fulian_desktop.store import alike, queries
from fulian_desktop.store.alike import Candidate
from fulian_desktop.store.log import RecordKey
from fulian_desktop.store.view import Row

PAGE = 200
"""Pairs that are read at a time."""


@dataclass(frozen=True)
class Place:
    """A pair's place among all of them: its kind, which of the kind's rules, the values it agrees in, the second's number.

    Among those judged not to be the same: rule 0, and for values the row of the second that says so.
    """

    kind: str
    rule: int
    values: tuple[Any, ...]
    no: int


@dataclass(frozen=True)
class Suspected:
    """Two records that may be one: ``firm`` for the same ID number, else ``soft``."""

    kind: str
    kind_label: str
    certainty: str
    records: tuple[str, str]
    names: tuple[str, str]
    unit_names: tuple[str, str]
    units: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Pairs:
    """A page of pairs; ``next`` is where the next one begins, None when this is the last."""

    pairs: tuple[Suspected, ...]
    next: Place | None = None


@dataclass(frozen=True)
class Side:
    """One of two records: whose, and when it was entered and last changed, by whom."""

    record: str
    name: str
    unit_name: str
    entered: str
    changed: str


@dataclass(frozen=True)
class Line:
    """One field of two records beside each other."""

    label: str
    left: str
    right: str
    same: bool


@dataclass(frozen=True)
class Pair:
    """Two records field by field; what both lack is left out. ``hidden``: sensitive values are masked."""

    kind: str
    sides: tuple[Side, Side]
    lines: tuple[Line, ...]
    hidden: bool


# --- which pairs there are -----------------------------------------------------------------------------------


def suspected_pairs(office: Office, after: Place | None = None, *, limit: int | None = PAGE) -> Pairs:
    """A page of suggestions, the firm ones first; joined ones and those judged to be two are left out.

    Args:
        office: Who looks.
        after: :attr:`Pairs.next` of the page before.
        limit: How many pairs; None for all.
    """
    names = office.workspace.unit_names()
    found: list[tuple[Place, Suspected]] = []
    for kind, number in _rules(office):
        if after is not None and (not kind.alike[number].firm, kind.code, number) < _order(after):
            continue
        begun = after if after is not None and (kind.code, number) == (after.kind, after.rule) else None
        left = None if limit is None else limit + 1 - len(found)
        for place, first, second in islice(_pairs(office, kind, number, begun), left):
            certainty = "firm" if kind.alike[number].firm else "soft"
            found.append((place, Suspected(
                kind.code, kind.label, certainty, (first.id, second.id), (first.name, second.name),
                (names.get(first.unit, first.unit), names.get(second.unit, second.unit)), (first.unit, second.unit),
            )))
        if limit is not None and len(found) > limit:
            return Pairs(tuple(pair for _, pair in found[:limit]), found[limit - 1][0])
    return Pairs(tuple(pair for _, pair in found))


def _rules(office: Office) -> list[tuple[Kind, int]]:
    """Every kind's rules by number, in the order in which pairs are shown: the firm ones of all kinds first."""
    found = [(kind, number) for kind in office.kinds.all() for number in range(len(kind.alike))]
    return sorted(found, key=lambda one: (not one[0].alike[one[1]].firm, one[0].code, one[1]))


def _order(place: Place) -> tuple[bool, str, int]:
    return not kind_named(place.kind).alike[place.rule].firm, place.kind, place.rule


def _pairs(office: Office, kind: Kind, number: int, after: Place | None) -> Iterator[tuple[Place, Candidate, Candidate]]:
    """The pairs of one rule, in order; those that an earlier rule of the kind finds too are left to it."""
    rule = kind.alike[number]
    read = alike.candidates(office.workspace.db, kind, rule, after.values if after is not None else None)
    for values, group in groupby(read, key=lambda one: one.key):
        begun = after.no if after is not None and values == after.values else 0
        for first, second in plan_pairs(list(group), rule):
            if second.no > begun and not any(agree(earlier, first, second) for earlier in kind.alike[:number]):
                yield Place(kind.code, number, values, second.no), first, second


def plan_pairs(group: Sequence[Candidate], rule: Alike) -> list[tuple[Candidate, Candidate]]:
    """Which of the records that agree are shown side by side: each with the first before it that it may be.

    In the order of the second one's number, so that a page may begin after it.
    """
    pairs = []
    before: dict[str, list[Candidate]] = {}  # by what the names sound like: a whole village may live at 本村
    for second in group:
        sounds = sounds_of(second.values[rule.sounds]) if rule.sounds else ("",)
        near = [one for sound in sounds for one in before.get(sound, ())]
        among = group if rule.sounds and sounds and len(group) <= _LOOKED_THROUGH else near
        first = next((one for one in among if one.no < second.no and _may_be_one(rule, one, second)), None)
        if first is not None:
            pairs.append((first, second))
        for sound in sounds:
            before.setdefault(sound, []).append(second)
    return pairs


_LOOKED_THROUGH = 60
"""In a group of no more each is held against each, so that names are found that are written, not heard, alike."""


def _may_be_one(rule: Alike, first: Candidate, second: Candidate) -> bool:
    if _parted(first, second) or (rule.sounds and not names_alike(first.values[rule.sounds], second.values[rule.sounds])):
        return False
    return not any(contradict(first.values[name], second.values[name]) for name in rule.unlike)


def agree(rule: Alike, first: Candidate, second: Candidate) -> bool:
    """Whether two records are alike by a rule: all of its values are there and equal, and nothing speaks against it."""
    if any(first.values[name] is None or first.values[name] != second.values[name] for name in rule.same):
        return False
    if rule.begins and (first.values[rule.begins] or "")[:1] != (second.values[rule.begins] or " ")[:1]:
        return False
    return _may_be_one(rule, first, second)


def _parted(first: Candidate, second: Candidate) -> bool:
    return second.id in first.parted or first.id in second.parted


# --- two that are not the same ---------------------------------------------------------------------------------


def part_records(office: Office, keep: str, other: str) -> Saved:
    """Say that two records are not the same: sets a row of ``not_same`` on the second, which says of the first.

    Raises:
        NotFound: There is no such record. InputProblem: They are not of one kind, or it was said already.
        NotAllowed: Neither of them is this office's to write.
    """
    first, second = (_row(office, record) for record in (keep, other))
    kind = kind_in_force(office, second.kind)
    if first.kind != second.kind or keep == other or not kind.alike:
        raise InputProblem("两条记录不是同一类，不用判。", "other-kind")
    if not may_write(office.unit, second.unit):
        first, second = second, first
    if not may_write(office.unit, second.unit):
        raise NotAllowed("这两条记录都不归本单位管，由上级妇联来定。", "refused-author")
    if _says(first, second) or _says(second, first):
        raise InputProblem("这两条已经判过不是同一个了。", "parted")
    return _write_parting(office, second, parting_row(first), {"unit": first.unit, "id": first.id}, "不是同一个")


def parting_row(of: Row) -> str:
    """The id of the row that says "not this one": made of the other record's key, so that two offices make the same."""
    return hashlib.sha256(f"{of.kind}/{of.unit}/{of.id}".encode()).hexdigest()[:12]


def _says(row: Row, of: Row) -> bool:
    return any(one["row"] == parting_row(of) for one in row.flat.get("not_same", ()))


def _write_parting(office: Office, row: Row, name: str, value: dict[str, str] | None, label: str) -> Saved:
    key = RecordKey(row.unit, row.kind, bytes.fromhex(row.id))
    act, _ = write_act(office, [Planned(key, values={f"not_same:{name}": value})], label)
    return Saved(row.id, act)


def _row(office: Office, record: str, unit: str | None = None) -> Row:
    found = queries.find_by_id(office.workspace.db, record, unit)
    if found is None:
        raise NotFound("找不到这条记录。", "not-found")
    return found


def parted_pairs(office: Office, after: Place | None = None, *, limit: int | None = PAGE) -> Pairs:
    """A page of the pairs that were judged not to be the same, here or at another office.

    One whose other record is not here is left out.

    Args:
        office: Who looks.
        after: :attr:`Pairs.next` of the page before.
        limit: How many pairs; None for all.
    """
    found = list(islice(_parted_pairs(office, after), None if limit is None else limit + 1))
    more = limit is not None and len(found) > limit
    shown = found[:limit]
    return Pairs(tuple(pair for _, pair in shown), shown[-1][0] if more else None)


def _parted_pairs(office: Office, after: Place | None) -> Iterator[tuple[Place, Suspected]]:
    names = office.workspace.unit_names()
    for kind in sorted((kind for kind in office.kinds.all() if kind.alike), key=lambda kind: kind.code):
        if after is not None and kind.code < after.kind:
            continue
        begun = (after.no, *after.values) if after is not None and kind.code == after.kind else (0, "")
        for no, record, unit, name, others in alike.parted_records(office.workspace.db, kind, begun[0]):
            for says, other_unit, other in others:
                row = queries.find_by_id(office.workspace.db, other, other_unit) if (no, says) > begun else None
                if row is not None:
                    yield Place(kind.code, 0, (says,), no), Suspected(
                        kind.code, kind.label, "parted", (row.id, record), (kind.name_of(row.flat), name),
                        (names.get(row.unit, row.unit), names.get(unit, unit)), (row.unit, unit),
                    )


def unpart_records(office: Office, first: str, second: str) -> Saved:
    """Take back that two records are not the same, whichever of them says so: they may be suggested again.

    Raises:
        InputProblem: Nobody said it. NotAllowed: Not this office's to write.
    """
    rows = [_row(office, record) for record in (first, second)]
    for says, of in (rows, rows[::-1]):
        if _says(says, of):
            return _write_parting(office, says, parting_row(of), None, "重新核对是不是同一个")
    raise InputProblem("这两条没有判过，还在要核对的里面。", "not-parted")


# --- two side by side --------------------------------------------------------------------------------------------


def compare(office: Office, records: tuple[str, str], *, reveal: bool = False) -> Pair:
    """Two records of one kind field by field; showing sensitive values whole is logged."""
    left, right = (_row(office, record) for record in records)
    kind = kind_in_force(office, left.kind)
    if reveal:
        log_revealed(office, [left, right])
    names = office.workspace.unit_names()
    lines, hidden = [], False
    for declared in kind.fields:
        if declared.joining:
            continue
        values = [_whole(declared, row.flat) for row in (left, right)]
        if values == [None, None]:
            continue
        hidden |= bool(declared.sensitive) and not reveal
        texts = [_whole_text(declared, value, reveal=reveal) for value in values]
        lines.append(Line(declared.label, texts[0], texts[1], same=canonical(values[0]) == canonical(values[1])))
    return Pair(kind.code, (_side(kind, left, names), _side(kind, right, names)), tuple(lines), hidden)


def _whole(declared: Field, flat: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a ledger value, or rows without their ids
    if not declared.is_table:
        return declared.assemble(flat)
    rows = [{name: value for name, value in row.items() if name != "row"} for row in flat.get(declared.code) or ()]
    return rows or None


def _whole_text(declared: Field, value: Any, *, reveal: bool) -> str:  # noqa: ANN401
    if declared.is_table and value is not None:
        return "\n".join(shown_text(declared, row, reveal=reveal) for row in value)
    return shown_text(declared, value, reveal=reveal)


def _side(kind: Kind, row: Row, names: Mapping[str, str]) -> Side:
    return Side(
        row.id, kind.name_of(row.flat), names.get(row.unit, row.unit), f"{row.created_by} {moment_text(row.created_at)}",
        f"{row.changed_by} {moment_text(row.changed_at)}",
    )
