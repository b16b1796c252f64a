"""What is missing or doubtful in a record: 待补全 and its reasons (DOMAIN §2).

Rules:

* Only a kind's first asked-for field stops a save. Every other gap or doubtful value is saved and listed.
* :func:`check_record` looks at one record; the functions below it compare it with others, which the caller
  finds. They are given flat values and say nothing about a record that they are not given.
* A doubt that a person explained under ``override_reason`` is no longer a doubt (DOMAIN §3, DESIGN §8).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fulian_desktop.domain.codes import is_issued_code
from fulian_desktop.domain.fields import Code, Codes, Day, Field, FlatPart, Integer, Money, Reference, Table
from fulian_desktop.domain.honors import HONOR_LEVELS, HONORS
from fulian_desktop.domain.issued import Unfit
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.texts import search_key
from fulian_desktop.domain.units import Level

Flat = Mapping[str, Any]

MISSING = "missing"
# Said, but no reason to go back to the record.
_NOT_A_GAP = frozenset({"no-holiday-table", "code-not-come"})
# What a written reason settles: the number on the card is what it is, the second aid was meant.
_OVERRIDABLE = frozenset({
    "id-check-digit", "id-region", "id-birth-date", "id-length", "id-excel-maybe", "sex-differs",
    "birth-differs",
    "two-cancers-again", "two-cancers-maybe-again", "festival-again", "title-again", "higher-level-held",
    "two-cancers-standard", "two-cancers-cash", "sum-differs", "approval-without-notice", "donation-overspent",
})


def check_record(kind: Kind, flat: Flat, *, today: datetime.date | None = None) -> list[Problem]:
    """Everything that is missing or doubtful in one record.

    Args:
        kind: Its kind.
        flat: Its flat values, sub-tables as lists of rows.
        today: When given, days after it are named.

    Returns:
        Gaps first (code ``missing``), then doubtful values, then the kind's own rules. Source: DOMAIN §2.
    """
    problems = list(_gaps(kind, flat))
    problems += _values(kind, flat, today)
    for rule in kind.rules:
        problems += rule(flat)
    return unexplained(flat, problems)


def unexplained(flat: Flat, problems: list[Problem]) -> list[Problem]:
    """The problems that are left when a person wrote down why the rest is as it is."""
    if not flat.get("override_reason"):
        return problems
    return [p for p in problems if p.code not in _OVERRIDABLE]


def is_incomplete(problems: Iterable[Problem]) -> bool:
    """Whether a record with these problems is marked 待补全."""
    return any(problem.code not in _NOT_A_GAP for problem in problems)


def stops_save(problems: Iterable[Problem]) -> Problem | None:
    """The problem that stops a save, if there is one."""
    return next((problem for problem in problems if problem.stops), None)


def is_filled(field: Field, flat: Flat) -> bool:
    """Whether a field has what counts of it: a composite its first part, a reference an id or a name."""
    if isinstance(field.type, Reference):
        return any(flat.get(name) for name in field.flat[:2])
    value = flat.get(field.flat[0])
    return value is not None and value != "" and value != [] and value is not False


def _gaps(kind: Kind, flat: Flat) -> Iterator[Problem]:
    for field in kind.fields:
        if not field.asked or is_filled(field, flat):
            continue
        instead = kind.declared(field.unless) if field.unless else None
        if instead is not None and is_filled(instead, flat):
            continue
        stops = field is kind.first_asked
        what = f"“{field.label}”" + (f"或“{instead.label}”" if instead is not None else "")
        text = f"{what}还没填，填上才能保存" if stops else f"{what}还没填，可以先保存，以后补上"
        yield Problem(MISSING, text, field.flat[0], stops)


def _values(kind: Kind, flat: Flat, today: datetime.date | None) -> Iterator[Problem]:
    parts = kind.flat
    tables = kind.tables
    bounds = kind.bounds
    for name, value in flat.items():  # a kind has up to 130 flat names and a record some twenty of them
        part = parts.get(name)
        if part is None or value is None:
            continue
        if isinstance(value, Unfit):
            yield Problem("unfit", f"“{part.label}”里的“{value[:MOST_QUOTED]}”不合这一栏的要求，请重填", name)
        elif isinstance(part.type, _CHECKED):
            yield from _value(part, value, today)
        if type(value) is int and value > _most(part, bounds):
            yield from _absurd(part, value, _most(part, bounds))
    for table in tables:
        if table.code in flat:
            yield from _rows(table, flat[table.code] or ())


_CHECKED = (Code, Money, Day)
MOST_QUOTED = 20
MOST_FEN = 100_000_000_000
MOST_COUNTED = 100_000_000
"""Above a thousand million yuan, or a hundred million of anything, it is asked whether that is meant, where no office said."""


def _most(part: FlatPart, bounds: Mapping[str, int]) -> int:
    return bounds.get(part.flat, MOST_FEN if isinstance(part.type, Money) else MOST_COUNTED)


def _absurd(part: FlatPart, value: int, most: int) -> Iterator[Problem]:
    if isinstance(part.type, Money):
        from fulian_desktop.domain.yuan import format_yuan

        yield Problem("absurd", f"“{part.label}”是 {format_yuan(value)} 元，超过 {format_yuan(most)} 元，请核对", part.flat)
    elif isinstance(part.type, Integer):
        yield Problem("absurd", f"“{part.label}”是 {value:,}，超过 {most:,}，请核对", part.flat)


def _value(part: FlatPart, value: object, today: datetime.date | None) -> Iterator[Problem]:
    if isinstance(part.type, Code):
        yield from _unknown_codes(part.type, value, part.label, part.flat)
    elif isinstance(part.type, Money) and type(value) is int and value < 0:
        yield Problem("negative", f"“{part.label}”是负数，请核对", part.flat)
    elif isinstance(part.type, Day) and today is not None and isinstance(value, str):
        # A period may end ahead; any other day of a record has happened, unless its field says otherwise.
        ahead = part.member == "to" or part.field.ahead
        if not ahead and value > today.isoformat():
            yield Problem("future", f"“{part.label}” {value} 还没到，请核对", part.flat)


def _unknown_codes(kind: Code, value: object, label: str, name: str) -> Iterator[Problem]:
    for code in value if isinstance(value, list) and isinstance(kind, Codes) else [value]:
        if not isinstance(code, str) or code in kind.codes.labels:
            continue
        if is_issued_code(code):  # its list may not have arrived here
            yield Problem("code-not-come", f"“{label}”里有上级增加的选项，还没收到；合并下发包后会显示名称", name)
        else:
            yield Problem("unknown-code", f"“{label}”里的“{code}”不在可选项里，请重选", name)


def _rows(table: Field, rows: Iterable[Flat]) -> Iterator[Problem]:
    columns = {c.name: c for c in table.type.columns} if isinstance(table.type, Table) else {}
    for row in rows:
        for name, value in row.items():
            column = columns.get(name)
            if column is not None and isinstance(column.type, Code):
                yield from _unknown_codes(column.type, value, f"{table.label}{column.label}", table.code)


# --- against other records ---------------------------------------------------------------------------------


def check_once_in_a_lifetime(flat: Flat, others: Iterable[Flat]) -> list[Problem]:
    """两癌救助 is given once in a lifetime (DOMAIN §2 aid).

    Args:
        flat: An aid, with ``recipient_id_number`` joined from the person's record when that is known.
        others: Other aids, of any year and village, joined alike.

    Returns:
        ``two-cancers-again`` for the same ID number or the same person's record;
        ``two-cancers-maybe-again`` for the same name where one of the two has no ID number.
    """
    if flat.get("program") != "two_cancers":
        return []
    for other in others:
        if other.get("program") != "two_cancers" or was_refused(other):
            continue
        same = _same_recipient(flat, other)
        when = _when(other)
        if same:
            return [Problem(
                "two-cancers-again",
                f"{_who(flat)}{when}已领过两癌救助，一生只能救助一次；确需登记请写明原因", "recipient")]
        if same is None:
            return [Problem(
                "two-cancers-maybe-again", f"{when}有一位同名的{_who(flat)}领过两癌救助，请核对身份证号",
                "recipient")]
    return []


def check_festival(flat: Flat, others: Iterable[Flat]) -> list[Problem]:
    """The same person aided twice at one festival of one year warns (DOMAIN §2 aid)."""
    festival, year = flat.get("festival"), _year(flat)
    if not festival or not year:
        return []
    for other in others:
        if other.get("festival") == festival and _year(other) == year and _same_recipient(flat, other):
            return [Problem(
                "festival-again",
                f"{_who(flat)}在{year}年这个节点已登记过帮扶（{_when(other)}），请核对；确需再登记请写明原因",
                "festival")]
    return []


def check_title_once(flat: Flat, others: Iterable[Flat]) -> list[Problem]:
    """The same family (or person) and title in one year once (DOMAIN §2 "Rules").

    Args:
        flat: A nomination with ``campaign_honor`` and ``campaign_year`` joined from its campaign.
        others: Other nominations, joined alike; a withdrawn one does not count.
    """
    honor, year = flat.get("campaign_honor"), flat.get("campaign_year")
    for other in others:
        if other.get("withdrawn_date") or not year or other.get("campaign_year") != year:
            continue
        if _same_nominee(flat, other) and _same_title(flat, other):
            called = flat.get("campaign_honor_label") or (HONORS.label(str(honor)) if honor else "这个称号")
            return [Problem(
                "title-again",
                f"{_nominee(flat)}{year}年已申报过“{called}”，同一年只能申报一次；确需申报请写明原因",
                "family")]
    return []


def check_higher_level(flat: Flat, others: Iterable[Flat]) -> list[Problem]:
    """A title already held at a higher level warns (DOMAIN §2 "Rules").

    Args:
        flat: A nomination with ``campaign_honor`` and ``campaign_unit``.
        others: Honored nominations (joined alike) and ``honor`` records; ``held_level`` is the level of the
            title, a code of the honor levels.
    """
    from fulian_desktop.domain.stages import deciding_level

    deciding = deciding_level(flat)
    order = list(HONOR_LEVELS)
    if deciding is None:
        return []
    for other in others:
        held = other.get("held_level")
        if held in order and order.index(str(held)) < order.index(deciding.code) \
                and _same_nominee(flat, other) and _same_title(flat, other):
            return [Problem(
                "higher-level-held",
                f"{_nominee(flat)}已有{HONOR_LEVELS.label(str(held))}的同一称号，再报{deciding.label}级请核对；确需申报请写明原因",
                "family")]
    return []


def _same_recipient(flat: Flat, other: Flat) -> bool | None:
    """True for one person, False for two, None when only the names tell and they agree.

    Records that were judged to be one bear the same recipient here, whatever their ID numbers say.
    """
    if flat.get("recipient") and flat["recipient"] == other.get("recipient"):
        return True
    ids = [_id_number(f) for f in (flat, other)]
    if all(ids):
        return ids[0] == ids[1]
    names = [search_key(str(f.get("recipient_name") or "")) for f in (flat, other)]
    return None if names[0] and names[0] == names[1] else False


def _id_number(flat: Flat) -> str:
    return search_key(str(flat.get("recipient_id_number") or "")).replace(" ", "")


def _same_nominee(flat: Flat, other: Flat) -> bool:
    return any(flat.get(who) and flat.get(who) == other.get(who) for who in ("family", "person"))


def _same_title(flat: Flat, other: Flat) -> bool:
    honor = flat.get("campaign_honor")
    return bool(honor) and honor == other.get("campaign_honor")


def _who(flat: Flat) -> str:
    return str(flat.get("recipient_name") or "该对象")


def _nominee(flat: Flat) -> str:
    return str(flat.get("called") or flat.get("family_name") or flat.get("person_name") or "该户")


def _year(flat: Flat) -> str:
    return str(flat.get("date_to") or flat.get("date_from") or "")[:4]


def _when(flat: Flat) -> str:
    """The date of another record, no more exact than it is known; 此前 without one."""
    day = flat.get("date_from")
    if not isinstance(day, str):
        return "此前"
    shown = {"day": 10, "month": 7}.get(str(flat.get("date_precision")), 4)
    return day[:shown]


def was_refused(flat: Flat) -> bool:
    """Whether an aid was refused. Not approved this year means applying anew, so what was refused was not given."""
    return any(flat.get(f"approval_{level.code}_result") == "rejected" for level in Level)
