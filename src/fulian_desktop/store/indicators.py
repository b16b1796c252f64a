"""Indicators compiled to SQL over the view: groups of records that count alike, each with the ids behind it.

Rules:

* An indicator is one question, two where its categories overlap. Measured over 90,000 records: 10 to 50 ms each.
* Deleted records do not count, nor do those joined to a record that counts (``same_as``).
* What is bound in the text comes from declarations and codes, never from what a record says.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from fulian_desktop.domain.fields import Codes, Reference
from fulian_desktop.domain.indicator import (
    AnyOf,
    AtLeast,
    AtStage,
    Between,
    Condition,
    Dated,
    Distinct,
    Filled,
    HasRow,
    In,
    Indicator,
    Is,
    Money,
    Not,
    NotOlder,
    OfLevel,
    OfYear,
    Rows,
    Split,
    Sum,
    When,
)
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.domain.stages import Stage, level_names
from fulian_desktop.domain.units import Level, scope_range
from fulian_desktop.store.vault import Connection
from fulian_desktop.store.view import INCOMPLETE, NOT_LIVING, find_rows, layout

LEVEL_NAME = "deciding_level"
"""A category that no column holds: the level that issued the campaign of a nomination."""

ALL = "*"
"""The category of groups that stand beside overlapping ones: a person in two categories is one person."""

NOW = "now"
"""The name of the moment of what stands without anybody asking since when."""

BAR = "|"
"""Stands between the parts of a category that is made of several columns: 树|棵."""

_CAMPAIGN = 'r."campaign_unit"'
_DECIDED = frozenset({Stage.APPROVED, Stage.AWARDED, Stage.REVOKED})


class Moment(NamedTuple):
    """A stretch of days that is looked at, and what it is called (``2026-03``): first and last day, ISO."""

    name: str
    first: str
    last: str


class Group(NamedTuple):
    """Records that count alike.

    Attributes:
        indicator: The indicator's code. unit: Of which unit.
        moment: Name of the moment; of what is known to the year only, the year; "" for records without a date.
        category: Category of the indicator's split, "" for none; :data:`ALL` for all of them where categories overlap.
        key: Which of the different ones (:class:`Distinct`).
        value: What they add up to. records: How many they are. about, incomplete: How many of them are stated 约, are 待补全.
        ids: Their ids, 32 hex digits each, one after the other, none twice; "" where they were not asked for.
    """

    indicator: str
    unit: str
    moment: str
    category: str
    key: str
    value: int
    records: int
    about: int
    incomplete: int
    ids: str


class _Sql:
    """Pieces of SQL about the rows ``r`` of a kind, and the values bound in them, in the order of the text."""

    def __init__(self, kind: Kind, day: str, today: str) -> None:
        self.kind, self.at = kind, layout(kind)
        self.day, self.today = day, today

    def column(self, name: str) -> str:
        """The expression of a flat name; a name without a level is that of the deciding level."""
        if name == LEVEL_NAME:
            return _level_of(_CAMPAIGN)
        if name in self.at.at:
            return f'r."{name}"'
        whens = [f"WHEN '{level.code}' THEN r.{level_names(self.kind, level)[name]}" for level in Level]
        return f"CASE {_level_of(_CAMPAIGN)} {' '.join(whens)} END"

    def condition(self, condition: Condition) -> str:
        """A condition as an expression that is 1 or 0."""
        return f"coalesce({self._condition(condition)}, 0)"

    def _condition(self, one: Condition) -> str:
        make = _MAKERS[type(one)]
        return str(make(self, one))

    def is_(self, one: Is) -> str:
        """Equal to a value."""
        return f"{self.column(one.name)} IS {_literal(one.value)}"

    def in_(self, one: In) -> str:
        """One of several codes; a column of several codes is JSON text."""
        part = self.kind.flat.get(one.name)
        if part is not None and isinstance(part.type, Codes):
            quoted = [_literal(f'"{code}"') for code in one.values]
            return "(" + " OR ".join(f"instr({self.column(one.name)}, {code}) > 0" for code in quoted) + ")"
        return f"{self.column(one.name)} IN ({', '.join(map(_literal, one.values))})"

    def not_(self, one: Not) -> str:
        """The opposite."""
        return f"NOT {self.condition(one.condition)}"

    def filled(self, one: Filled) -> str:
        """Any value."""
        return f"{self.column(one.name)} IS NOT NULL"

    def between(self, one: Between) -> str:
        """Within bounds."""
        bounds = [(">=", one.least), ("<=", one.most)]
        return " AND ".join(f"{self.column(one.name)} {sign} {_literal(v)}" for sign, v in bounds if v is not None)

    def at_least(self, one: AtLeast) -> str:
        """Two columns side by side."""
        return f"{self.column(one.name)} >= {self.column(one.than)}"

    def not_older(self, one: NotOlder) -> str:
        """Not yet so many years and one."""
        return f"date({self.column(one.name)}, '+{one.years + 1} years') > {self.day}"

    def has_row(self, one: HasRow) -> str:
        """A row of a sub-table, which is a JSON object of rows."""
        found = f"SELECT 1 FROM json_each(r.{one.table}) j WHERE json_extract(j.value, '$.{one.column}')"  # noqa: S608
        return f"EXISTS ({found} IN ({', '.join(map(_literal, one.values))}))"

    def of_level(self, one: OfLevel) -> str:
        """The level of the record's unit."""
        return f"{_level_of('r.unit')} = '{one.level.code}'"

    def any_of(self, one: AnyOf) -> str:
        """One of several conditions."""
        return "(" + " OR ".join(map(self.condition, one.conditions)) + ")"

    def at_stage(self, one: AtStage) -> str:
        """What ``domain.stages`` says of the deciding level's approval."""
        if not _DECIDED.issuperset(one.stages):
            raise ValueError(f"only {sorted(s.value for s in _DECIDED)} are compiled")
        cases = [f"WHEN '{level.code}' THEN {self._decided(level, one.stages)}" for level in Level]
        return f"CASE {_level_of(_CAMPAIGN)} {' '.join(cases)} END"

    def _decided(self, level: Level, stages: Sequence[Stage]) -> str:
        code = level.code
        ends = f"coalesce(r.notice_{code}_to, r.notice_{code}_from, '')"
        approved = (
            f"(r.approval_{code}_result IS 'passed' AND coalesce(r.approval_{code}_date, '{self.today}') > {ends} "
            f"AND (r.notice_{code}_objection IS NULL OR r.notice_{code}_finding IS NOT NULL) "
            f"AND NOT {self._in_conflict(f'approval_{code}', f'notice_{code}', 'campaign')})"
        )
        revoked = (
            f"((r.revoked_{code}_date IS NOT NULL OR r.revoked_{code}_reason IS NOT NULL) "
            f"AND NOT {self._in_conflict(f'revoked_{code}')})"
        )
        awarded = (
            f"(r.award_{code}_date >= coalesce(r.approval_{code}_date, '') AND NOT {self._in_conflict(f'award_{code}')}) IS TRUE"
        )
        wanted = {
            Stage.REVOKED: revoked, Stage.AWARDED: f"(NOT {revoked} AND {awarded})",
            Stage.APPROVED: f"(NOT {revoked} AND NOT {awarded})",
        }
        return f"({approved} AND ({' OR '.join(wanted[stage] for stage in stages)}))"

    def _in_conflict(self, *fields: str) -> str:
        return "(" + " OR ".join(f"instr(coalesce(r.conflicts, ''), '\"{field}\"') > 0" for field in fields) + ")"


def _level_of(unit: str) -> str:
    """The level of a unit's code, as ``domain.units.level_of``."""
    return (
        f"CASE WHEN substr({unit}, 10, 3) <> '000' THEN 'village' WHEN substr({unit}, 7, 3) <> '000' THEN 'township' "
        f"WHEN substr({unit}, 5, 2) <> '00' THEN 'county' WHEN substr({unit}, 3, 2) <> '00' THEN 'city' "
        f"WHEN {unit} IS NOT NULL THEN 'province' END"
    )


def _literal(value: str | int) -> str:
    """A declared value as SQL; values come from declarations and from codes that an office issued, never from records."""
    if isinstance(value, int):
        return str(int(value))
    return "'" + value.replace("'", "''") + "'"


_MAKERS: dict[type, Callable[[Any, Any], str]] = {
    Is: _Sql.is_, In: _Sql.in_, Not: _Sql.not_, Filled: _Sql.filled, Between: _Sql.between,
    AtLeast: _Sql.at_least, NotOlder: _Sql.not_older, HasRow: _Sql.has_row, OfLevel: _Sql.of_level, AnyOf: _Sql.any_of,
    AtStage: _Sql.at_stage,
}


class _Time(NamedTuple):
    """When rows count: what is joined, the moment's name, the day that conditions look at, the condition on the row."""

    join: str
    name: str
    day: str
    where: str


def _time(sql: _Sql, when: When, moments: Sequence[Moment]) -> _Time:
    first, last = moments[0].first, moments[-1].last
    if isinstance(when, Dated):
        columns = [sql.column(name) for name in when.days]
        day = f"coalesce({', '.join(columns)})" if len(columns) > 1 else columns[0]
        known = f"substr({day}, 1, 7)"
        if when.precision:
            known = f"CASE WHEN {sql.column(when.precision)} = 'year' THEN substr({day}, 1, 4) ELSE {known} END"
        part = sql.kind.flat.get(when.days[0])
        undated = f" OR {day} IS NULL" if part is None or part.field.asked else ""
        return _Time("", known, day, f"({day} BETWEEN '{first}' AND '{last}'{undated})")
    if isinstance(when, OfYear):
        year = sql.column(when.name)
        return _Time("", f"CAST({year} AS TEXT)", f"'{last}'", f"{year} BETWEEN {first[:4]} AND {last[:4]}")
    if not (when.since or when.until or when.term):  # nobody asks since when: as it stands now
        return _Time("", f"'{NOW}'", f"'{last}'", "1")
    rows = " UNION ALL ".join(f"SELECT '{m.name}' AS name, '{m.last}' AS last" for m in moments)
    holds = []
    if when.since:
        holds.append(f"({sql.column(when.since)} IS NULL OR {sql.column(when.since)} <= m.last)")
    if when.until:
        holds.append(f"({sql.column(when.until)} IS NULL OR {sql.column(when.until)} > m.last)")
    if when.term:
        begun, ended = (sql.column(name) for name in when.term)
        holds.append(f"({ended} IS NULL OR {ended} >= m.last OR julianday({ended}) - julianday({begun}) < 366)")
    return _Time(f"CROSS JOIN ({rows}) m", "m.name", "m.last", " AND ".join(holds))


def groups(
    db: Connection, indicators: Sequence[Indicator], unit: str, moments: Sequence[Moment], today: str, *, ids: bool = True
) -> Iterator[Group]:
    """All groups of the indicators' records within a unit's scope.

    Args:
        db: The connection that holds their kinds.
        indicators: Those that count records.
        unit: Records of this unit and those below it.
        moments: Stretches of days that follow one another without a gap; what stands is looked at on the last day of each.
        today: ISO; an approval without a date is taken to be of today.
        ids: Whether to name the records: of three million that is a hundred million characters an indicator.
    """
    joined = {kind: _joined(db, kind_of(kind)) for kind in {one.kind for one in indicators}}
    for one in indicators:
        asked = _Asked(one, unit, moments, today, joined[one.kind])
        yield from asked.groups(db, one.split, ids=ids)
        if one.split is not None and one.split.several:
            yield from (group._replace(category=ALL) for group in asked.groups(db, None, ids=ids))


def _joined(db: Connection, kind: Kind) -> str:
    """The condition that a row is not joined to another one that counts."""
    away = joined_rows(db, kind)
    return f"r.no NOT IN ({', '.join(map(str, away))})" if away else ""


def joined_rows(db: Connection, kind: Kind) -> list[int]:
    """The numbers of the rows that are joined to another one that counts; of a circle the smallest key stands (DESIGN §4)."""
    table = layout(kind).table
    rows = db.execute(
        f"SELECT no, unit, lower(hex(id)), same_as_unit, same_as FROM {table} "  # noqa: S608 - derived names
        f"WHERE same_as IS NOT NULL AND flags & {NOT_LIVING} = 0"
    ).fetchall()
    if not rows:
        return []
    onward = {(unit, record): (to_unit, to) for _, unit, record, to_unit, to in rows}
    wanted = [bytes.fromhex(to) for _, to in onward.values()]
    found = find_rows(db, kind, wanted).items()
    living = {(unit, record.hex()) for (unit, record), (_, flags) in found if not flags & NOT_LIVING}
    return [no for no, unit, record, *_ in rows if _stands_for((unit, record), onward, living) != (unit, record)]


Key = tuple[str, str]


def _stands_for(key: Key, onward: Mapping[Key, Key], living: Collection[Key]) -> Key:
    """The record that stands for a joined one: the last living one that is named, of a circle the smallest."""
    seen = [key]
    while (following := onward.get(seen[-1])) is not None and following in living:
        if following in seen:
            return min(seen[seen.index(following):])
        seen.append(following)
    return seen[-1]


class _Asked:
    """One indicator's question."""

    def __init__(self, one: Indicator, unit: str, moments: Sequence[Moment], today: str, joined: str) -> None:
        self.one = one
        self.sql = _Sql(kind_of(one.kind), "", today)
        self.time = _time(self.sql, one.when, moments)
        self.sql.day = self.time.day
        low, high = scope_range(unit)
        living = f"r.flags & {NOT_LIVING} = 0 AND r.unit BETWEEN '{low}' AND '{high}'"
        conditions = [living, self.time.where, *map(self.sql.condition, one.where), self._counts(), joined]
        self.where = " AND ".join(condition for condition in conditions if condition)

    def groups(self, db: Connection, split: Split | None, *, ids: bool) -> Iterator[Group]:
        """The groups, with the categories of a split."""
        one, sql = self.one, self.sql
        joins = [self.time.join]
        category, join = _category(sql, split)
        value, about, key = self._value()
        each, incomplete = "", f"sum(r.flags & {INCOMPLETE} <> 0)"
        if isinstance(one.how, Rows):  # several rows of a record
            joins.append(f"JOIN json_each(r.{one.how.table}) j")
            columns = [f"coalesce(json_extract(j.value, '$.{name}'), '')" for name in one.how.by]
            category = f" || '{BAR}' || ".join(columns) or category
            each, incomplete = "DISTINCT ", f"count(DISTINCT CASE WHEN r.flags & {INCOMPLETE} <> 0 THEN r.id END)"
            about = f"count(DISTINCT CASE WHEN {about} THEN r.id END)"
        else:
            about = f"sum({about})"
        joins.append(join)
        named = f"group_concat({each}lower(hex(r.id)))" if ids else "''"
        text = (
            f"SELECT r.unit, {self.time.name}, {category}, {key}, sum({value}), count({each}r.no), {about}, {incomplete}, "  # noqa: S608
            f"{named} FROM {sql.at.table} r {' '.join(joins)} WHERE {self.where} GROUP BY 1, 2, 3, 4"
        )
        for unit, moment, found, which, total, records, abouts, gaps, behind in db.execute(text):
            category = "" if found is None else str(found)
            sums = (total or 0, records, abouts or 0, gaps)
            yield Group(one.code, unit, moment or "", category, which or "", *sums, behind.replace(",", ""))

    def _counts(self) -> str:
        """That a row says a number at all, where it need not: who handed out nothing stands behind no figure."""
        how = self.one.how
        names: tuple[str, ...] = ()
        if isinstance(how, Sum) and not how.otherwise:
            names = how.names
        elif isinstance(how, Money | Distinct):
            names = (how.name,)
        said = [f"{self.sql.column(name)} IS NOT NULL" for name in names]
        parts = [self.sql.kind.flat.get(name) for name in names]
        if any(part is not None and part.field.asked for part in parts):
            said.append(f"r.flags & {INCOMPLETE} <> 0")  # a gap there is 待补全, and the figure says so
        return " OR ".join(said).join("()") if said else ""

    def _value(self) -> tuple[str, str, str]:
        """What a row adds, whether that is 约, and by what different ones are told apart."""
        how, sql = self.one.how, self.sql
        if isinstance(how, Sum):
            return f"coalesce({', '.join(map(sql.column, how.names))}, {how.otherwise})", self._about(how.names), "''"
        if isinstance(how, Money):
            return sql.column(how.name), self._about((how.name,)), "''"
        if isinstance(how, Rows):
            number = f"json_extract(j.value, '$.{how.column}')" if how.column else "1"
            return number, "json_extract(j.value, '$.about')", "''"
        if isinstance(how, Distinct):
            part = sql.kind.flat.get(how.name)
            if part is not None and isinstance(part.field.type, Reference):
                name = sql.column(part.field.flat[1])
                return "0", "0", f"coalesce({sql.column(how.name)}, r.unit || {name})"
            return "0", "0", "r.unit" if how.name == "unit" else f"r.unit || {sql.column(how.name)}"
        return "1", "0", "''"

    def _about(self, names: Sequence[str]) -> str:
        """Whether the number that counts was stated 约: of the first name that is filled."""
        whens = []
        for name in names:
            parts = self.sql.kind.flat[name].field.flat_parts
            twin = next((self.sql.column(p.flat) for p in parts if p.member == "about"), "0")
            whens.append(f"WHEN {self.sql.column(name)} IS NOT NULL THEN coalesce({twin}, 0)")
        return f"CASE {' '.join(whens)} ELSE 0 END"


def _category(sql: _Sql, split: Split | None) -> tuple[str, str]:
    """The category's expression, and what is joined for it."""
    if split is None:
        return "''", ""
    if split.through:
        named = sql.kind.flat[split.name].field.type
        if not isinstance(named, Reference):
            raise ValueError(f"{split.name} names no record")
        table = layout(kind_of(named.kinds[0])).table
        return f'c."{split.through}"', f"LEFT JOIN {table} c ON c.id = unhex({sql.column(split.name)})"
    if split.several:
        return "t.value", f"LEFT JOIN json_each({sql.column(split.name)}) t"
    return sql.column(split.name), ""


def spanning(db: Connection, kind: Kind, when: Dated, unit: str, first: str, last: str) -> list[tuple[str, str, str]]:
    """(id, first day, last day) of the living records that began before a stretch of days and ended in it."""
    sql = _Sql(kind, "", "")
    begun, ended = sql.column(when.first), sql.column(when.days[0])
    low, high = scope_range(unit)
    text = (
        f"SELECT lower(hex(r.id)), {begun}, {ended} FROM {sql.at.table} r WHERE {ended} BETWEEN ? AND ? AND {begun} < ? "  # noqa: S608
        f"AND r.flags & {NOT_LIVING} = 0 AND r.unit BETWEEN ? AND ? ORDER BY {ended}, r.no"
    )
    found: list[tuple[str, str, str]] = db.execute(text, [first, last, first, low, high]).fetchall()
    return found
