"""What a list shows of a record: each cell as people read it, the pairs of the details pane, and where a hit stands.

Rules:

* Sensitive values are masked as in sheets and on paper, unless the record was asked to be shown (DESIGN §9).
* Nothing there is ``—``; zero is something.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from fulian_desktop.domain.day_words import day_text, period_text
from fulian_desktop.domain.fields import (
    Code,
    Codes,
    Composite,
    Day,
    Field,
    FlatPart,
    Hundredths,
    Integer,
    Money,
    Period,
    Reference,
    Scalar,
    Table,
)
from fulian_desktop.domain.hundredths import format_hundredths
from fulian_desktop.domain.issued import Unfit
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.matching import terms_of
from fulian_desktop.domain.pinyin import initials
from fulian_desktop.domain.stages import Stage
from fulian_desktop.domain.texts import search_key
from fulian_desktop.domain.words import coded, masked
from fulian_desktop.domain.yuan import format_yuan
from fulian_desktop.ui.columns import Column, Look

if TYPE_CHECKING:
    from fulian_desktop.services.browsing import Listed

NOTHING = "—"
MOST_SHOWN = 10
"""Rows of a sub-table in the details pane."""


STAGE_TONES = {
    Stage.DRAFT: "mute", Stage.SUBMITTED: "info", Stage.REVIEW_PASSED: "info", Stage.REVIEW_FAILED: "error",
    Stage.IN_NOTICE: "warn", Stage.NOTICE_ENDED: "warn", Stage.OBJECTION: "error", Stage.APPROVED: "ok",
    Stage.REJECTED: "error", Stage.RETURNED: "warn", Stage.AWARDED: "ok", Stage.WITHDRAWN: "mute", Stage.REVOKED: "error",
}


# --- cells -------------------------------------------------------------------------------------------------


def cell_text(
    column: Column, row: Listed, units: Mapping[str, str], year: int, *, reveal: bool = False
) -> str:
    """What a column shows of a record, "" for nothing.

    Args:
        column: Which column.
        row: The record.
        units: Unit code → name.
        year: Days of this year stand without it.
        reveal: Whether sensitive values are shown.
    """
    if column.look is Look.UNIT:
        return short_unit(units.get(row.unit, row.unit))
    if column.look is Look.STAGE:
        return row.stage_label
    if column.look is Look.MARKS:
        return photos_text(len(row.flat.get("photos") or ()), column.photos)
    declared = column.field
    if declared is None or not _is_there(row.flat.get(column.name)):
        return ""
    if isinstance(declared.type, Reference):
        return str(row.flat[column.name])
    if column.look is Look.DATE and (day := _one_day(declared, row.flat)) is not None and day.year != year:
        return f"{day.year}.{day.month}.{day.day}"  # 2025年11月18日 would need half as much room again
    return field_text(declared, row.flat, year, reveal=reveal, with_source=False)


def photos_text(count: int, wanted: int) -> str:
    """How many photos a record has; where it is to have more, what is lacking: ``缺照片``, ``缺 1 张``."""
    if count < wanted:
        return f"缺 {wanted - count} 张" if count else "缺照片"
    return str(count) if count else ""


def _one_day(declared: Field, flat: Mapping[str, Any]) -> datetime.date | None:
    """The day that a field names, None when it names a stretch."""
    first, *more = (flat.get(part.flat) for part in declared.flat_parts)
    if isinstance(first, Unfit) or (isinstance(declared.type, Period) and more != [first, "day"]):
        return None
    return datetime.date.fromisoformat(str(first))


def short_unit(name: str) -> str:
    """A unit's name without the federation behind it: it stands in a column of units."""
    return name.removesuffix("妇女联合会").removesuffix("妇联") or name


def field_text(
    declared: Field, flat: Mapping[str, Any], year: int, *, reveal: bool, with_source: bool = True
) -> str:
    """What a field says, "" for nothing; with what else a composite holds behind a figure (约, 来源)."""
    of, parts = declared.type, declared.flat_parts
    if isinstance(of, Table):
        return _table_text(of, flat.get(declared.code) or [], year)
    there = [p for p in parts if _is_there(flat.get(p.flat))]
    if not there:
        return ""
    if declared.sensitive and not reveal:
        return masked(of, flat.get(there[0].flat))
    if isinstance(of, Reference):
        return str(flat.get(declared.flat[1]) or "还没收到")
    if isinstance(of, Period):
        first, last, precision = (str(flat.get(name) or "") for name in declared.flat)
        return period_text(first, last, precision, year)
    if isinstance(of, Composite) and isinstance(parts[0].type, Integer):
        return _figure_text(declared, flat, year, with_source=with_source)
    if isinstance(of, Composite):
        return "，".join(_part_text(p, flat[p.flat], year) for p in there)
    return scalar_text(parts[0].type, flat[parts[0].flat], year)


def _part_text(part: FlatPart, value: Any, year: int) -> str:  # noqa: ANN401 - a flat value
    return scalar_text(part.type, value, year)


def _figure_text(declared: Field, flat: Mapping[str, Any], year: int, *, with_source: bool) -> str:
    """A figure with the 约 before it and its measure word behind it; what else is said of it in brackets."""
    first = declared.flat_parts[0]
    value = flat.get(first.flat)
    about, unit, said = "", "", []
    for part in declared.flat_parts[1:]:
        other = flat.get(part.flat)
        if not _is_there(other):
            continue
        if part.member == "about":
            about = "约 "
        elif part.member == "unit":
            unit = f" {scalar_text(part.type, other, year)}"
        else:
            said.append(scalar_text(part.type, other, year))
    text = f"{about}{scalar_text(first.type, value, year)}{unit}" if _is_there(value) else ""
    if with_source and text and isinstance(first.type, Money):
        text += " 元"
    if not with_source or not said:
        return text
    return f"{text}（{'，'.join(said)}）" if text else "，".join(said)


def _table_text(table: Table, rows: Sequence[Mapping[str, Any]], year: int) -> str:
    lines = [
        " ".join(scalar_text(p.type, row[p.name], year) for p in table.columns if _is_there(row.get(p.name)))
        for row in rows[:MOST_SHOWN]
    ]
    more = [f"等 {len(rows)} 项"] if len(rows) > MOST_SHOWN else []
    return "、".join([line for line in lines if line] + more)


def scalar_text(of: Scalar, value: Any, year: int) -> str:  # noqa: ANN401 - a flat value
    """One value as people read it."""
    if (words := coded(of, value)) is not None:
        return words
    if isinstance(of, Money):
        return format_yuan(value).removesuffix(".00")
    if isinstance(of, Hundredths):
        return format_hundredths(value)
    if isinstance(of, Integer):
        return str(value) if of.least >= 1900 else f"{value:,}"
    return day_text(str(value), year) if isinstance(of, Day) else str(value)


def _is_there(value: Any) -> bool:  # noqa: ANN401 - a flat value
    return value is not None and value is not False and value not in ("", [])


# --- the details pane, sums, and the search box ------------------------------------------------------------


def pairs_of(kind: Kind, row: Listed, year: int, *, reveal: bool) -> list[tuple[str, str]]:
    """(label, text) of every field of a record that holds something and is not its name."""
    found = []
    for declared in kind.fields:
        if declared.joining or set(declared.flat) & set(kind.title[:1]):
            continue
        if declared.code == "photos":
            count = len(row.flat.get("photos") or ())
            text = f"{count} 张" if count else ""
        else:
            text = field_text(declared, row.flat, year, reveal=reveal)
        if text:
            found.append((declared.label.replace("(元)", "").replace("(", "（").replace(")", "）"), text))
    return found


def has_sensitive(kind: Kind, row: Listed) -> bool:
    """Whether something of a record is masked."""
    return any(f.sensitive and any(_is_there(row.flat.get(name)) for name in f.flat) for f in kind.fields)


def badges_of(kind: Kind, row: Listed) -> list[tuple[str, str]]:
    """(word, tone) above a record's name: stage, code lists of the list, conflicts and other marks."""
    found = [(row.stage_label, STAGE_TONES[row.stage])] if row.stage else []
    if "deleted" in row.marks:
        found.append(("已删除", "error"))
    for declared in kind.fields:
        of = declared.type
        if declared.column and isinstance(of, Code) and not isinstance(of, Codes) and not declared.sensitive:
            code = row.flat.get(declared.code)
            if code:
                found.append((of.codes.label(code), "mute"))
    if row.conflicts:
        found.append((f"{len(row.conflicts)} 处冲突", "conflict"))
    for mark, word in (("incomplete", "待补全"), ("delete-marked", "有人删除过"), ("changed-after-approval", "审批后有改动")):
        if mark in row.marks:
            found.append((word, "warn"))
    if kind.photos_lacking(row.flat):
        found.append((photos_text(len(row.flat.get("photos") or ()), kind.photos_wanted), "warn"))
    return found[:4]


def source_text(row: Listed, year: int) -> str:
    """Who entered a record and when, and who changed it last."""
    text = f"{row.entered_by} {moment_text(row.entered_at, year)} 录入"
    if row.changed_at - row.entered_at > 60_000:
        text += f"，{row.changed_by} {moment_text(row.changed_at, year)} 修改"
    return text + "。"


def moment_text(at: int, year: int) -> str:
    """A moment in ms as ``3月7日 17:25``."""
    when = datetime.datetime.fromtimestamp(at / 1000)
    return f"{day_text(when.date().isoformat(), year)} {when:%H:%M}"


def sum_text(kind: Kind, name: str, value: int, *, about: bool) -> str:
    """The sum of a column: ``参加人次 2,431（含约数）``, ``经费 14,130 元``."""
    part = kind.flat[name]
    label = part.field.label.replace("(元)", "").replace("(", "（").replace(")", "）")
    text = f"{label} {scalar_text(part.type, value, 0)}"
    if isinstance(part.type, Money):
        text += " 元"
    return f"{text}（含约数）" if about else text


def search_hint(kind: Kind) -> str:
    """What can be typed into the search box, in one line: ``查户主、住址、号码后四位``."""
    words = [f.label for f in kind.fields if f.search and f.search != "tail"][:2]
    if any(f.search == "tail" for f in kind.fields):
        words.append("号码后四位")
    return f"查{'、'.join(words)}" if words else "这一类不能查找"


def reads_initials(kind: Kind) -> bool:
    """Whether names are found by pinyin initials."""
    return any(f.search == "name" for f in kind.fields)


@lru_cache(maxsize=4096)
def hits(text: str, typed: str, *, by_initials: bool) -> tuple[tuple[int, int], ...]:
    """Where in a shown text stands what was typed: (start, length) in code points.

    Args:
        text: What a cell shows.
        typed: The search.
        by_initials: Whether it is a name, found by pinyin initials too.
    """
    letters = [(c, i) for i, char in enumerate(text) for c in search_key(char) if c.isalnum()]
    joined = "".join(c for c, _ in letters)
    found: set[tuple[int, int]] = set()
    for term in terms_of(typed):
        size = len(term.letters)
        starts = [i for i in range(len(joined) - size + 1) if joined.startswith(term.letters, i)]
        if not starts and by_initials and term.is_read:
            starts = [i for i in range(len(joined) - size + 1) if _reads_at(joined, term.letters, i)]
        for start in starts:
            first, last = letters[start][1], letters[start + size - 1][1]
            found.add((first, last - first + 1))
    return tuple(sorted(found))


def _reads_at(text: str, typed: str, start: int) -> bool:
    return all(letter == text[start + i] or letter in initials(text[start + i]) for i, letter in enumerate(typed))
