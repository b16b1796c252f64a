"""What a yearly report says about its own figures: 约数, 待补全, what spans years, what has no date, what does not add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from fulian_desktop.domain.day_words import period_text
from fulian_desktop.domain.indicator import Dated, Indicator
from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.domain.units import Level, level_of
from fulian_desktop.services.indicators import Figures, database_of
from fulian_desktop.services.office import Office
from fulian_desktop.store import indicators as store
from fulian_desktop.store import queries

NAMED = 8
"""So many records that span years, or units that lack something, are named; of more it is said how many."""

Values = dict[str, Any]
_LEVEL_WORDS = {Level.VILLAGE: "村（社区）", Level.TOWNSHIP: "乡镇（街道）"}


def notes_of(office: Office, figures: Figures, year: int, lines: Sequence[Values]) -> tuple[list[str], list[Values]]:
    """The notes below a year's figures, and the records that span years: id, kind, from, to."""
    spanning = [one for kind, when in _kinds(figures.indicators) for one in _spanning(office, figures.unit, kind, when, year)]
    notes = [*_marks(lines), *_span_notes(office, spanning, year), *_undated(figures), *_sums(lines)]
    return [*notes, *_lacking(office, figures, year)], spanning


def _marks(lines: Sequence[Values]) -> Iterator[str]:
    """How many records of the year are 约 and 待补全, each counted once as often as figures say so at most."""
    for mark, word in (("about", "约数按所写的数计入，含约数的指标"), ("incomplete", "待补全的记录照样计入，含待补全的指标")):
        found = [f"{line['label']} {line[mark]} 条" for line in lines if line[mark] and line["category"] is None]
        if found:
            yield f"{word}：{_some(found)}。"


def _kinds(indicators: Sequence[Indicator]) -> list[tuple[str, Dated]]:
    """The kinds whose records may span years, and by which days."""
    found = {one.kind: one.when for one in indicators if one.kind and isinstance(one.when, Dated) and one.when.first}
    return sorted(found.items())


def _spanning(office: Office, unit: str, kind: str, when: Dated, year: int) -> Iterator[Values]:
    database = database_of(office, kind_of(kind))
    if database is not None:
        span = (f"{year}-01-01", f"{year}-12-31")
        for record, first, last in store.spanning(database, kind_of(kind), when, unit, *span):
            yield {"id": record, "kind": kind, "from": first, "to": last}


def _span_notes(office: Office, spanning: Sequence[Values], year: int) -> Iterator[str]:
    if not spanning:
        return
    named = []
    for one in spanning[:NAMED]:
        database = database_of(office, kind_of(one["kind"]))
        row = queries.find_by_id(database, one["id"]) if database is not None else None
        if row is not None:
            named.append(f"{kind_of(one['kind']).name_of(row.flat)}（{period_text(one['from'], one['to'], 'day')}）")
    more = f"等 {len(spanning)} 条" if len(spanning) > len(named) else ""
    yield f"跨年的记录计入最后一天所在的 {year} 年：{'、'.join(named)}{more}。"


def _undated(figures: Figures) -> Iterator[str]:
    by_kind: dict[str, int] = defaultdict(int)  # of the indicators of a kind the one that counts the most of them
    for one in figures.indicators:
        if one.kind:
            by_kind[one.kind] = max(by_kind[one.kind], figures.undated(one.code).records)
    found = [f"{kind_of(kind).label} {count} 条" for kind, count in by_kind.items() if count]
    if found:
        yield f"没有日期，没有计入任何一年：{_some(found)}。下一步：补上日期。"


def _sums(lines: Sequence[Values]) -> Iterator[str]:
    """Why the units do not add up to the whole, where they do not."""
    shares = any(line["share"] for line in lines)
    differing = [line["label"] for line in lines if not line["share"] and _differs(line)]
    if shares:
        yield "百分比按各单位自己的数算，不能相加。"
    if differing:
        yield f"各单位相加不等于合计，因为同一个对象只算一次：{_some(differing)}。"


def _differs(line: Values) -> bool:
    return line["value"] is not None and sum(value or 0 for value, _ in line["units"]) != line["value"]


def _lacking(office: Office, figures: Figures, year: int) -> Iterator[str]:
    """The units that have fewer than they should."""
    names = office.workspace.unit_names()
    months = {moment.name for moment in figures.moments if moment.name.startswith(f"{year}-")}
    for one in figures.indicators:
        if not one.least or not figures.figure(one.code, months=months).value:
            continue
        for level, least in one.least:
            units = [unit for unit in figures.units if level_of(unit) is level]
            short = [unit for unit in units if (figures.figure(one.code, unit, months=months, own=True).value or 0) < least]
            if short:
                named = _some([names[unit] for unit in short])
                yield f"{one.label}不足 {least} {one.unit}的{_LEVEL_WORDS[level]} {len(short)} 个：{named}。"


def _some(texts: Sequence[str]) -> str:
    return "、".join(texts[:NAMED]) + (f"等 {len(texts)} 项" if len(texts) > NAMED else "")
