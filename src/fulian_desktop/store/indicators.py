"""Indicators compiled to SQL over the view: groups of records that count alike, each with the ids behind it.

Rules:

* Indicators of a kind that count at the same time share one pass. It groups by unit, month, categories and by which of
  the indicators' conditions hold, so that a record stands in one group, and a figure is a sum of groups.
* Deleted records do not count, nor do those joined to another one (``same_as``).
* A sub-table's rows and different values are passes of their own: their keys would part all other groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from fulian_desktop.domain.fields import Codes, Composite, Reference
from fulian_desktop.domain.indicator import (
    AnyOf,
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
    Standing,
    Sum,
    When,
)
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.domain.stages import Stage, level_names
from fulian_desktop.domain.units import Level, scope_range
from fulian_desktop.store.vault import Connection
from fulian_desktop.store.view import INCOMPLETE, NOT_LIVING, layout

LEVEL_NAME = "deciding_level"
"""A category that no column holds: the level that issued the campaign of a nomination."""

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
        indicator: The indicator's code. unit: Of which unit. moment: Name of the moment; of what is known to the year
            only, the year.
        category: Category of the indicator's split, "" for none. key: Which of the different ones (:class:`Distinct`).
        value: What they add up to. about, incomplete: How many of them are stated 约, are 待补全.
        ids: Their ids, 32 hex digits each, one after the other.
    """

    indicator: str
    unit: str
    moment: str
    category: str
    key: str
    value: int
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
        if isinstance(one, Is):
            return f"{self.column(one.name)} IS {_literal(one.value)}"
        if isinstance(one, In):
            part = self.kind.flat.get(one.name)
            if part is not None and isinstance(part.type, Codes):
                quoted = [_literal('"' + str(code) + '"') for code in one.values]
                return "(" + " OR ".join(f"instr({self.column(one.name)}, {code}) > 0" for code in quoted) + ")"
            return f"{self.column(one.name)} IN ({', '.join(_literal(v) for v in one.values)})"
        if isinstance(one, Not):
            return f"NOT {self.condition(one.condition)}"
        if isinstance(one, Filled):
            return f"{self.column(one.name)} IS NOT NULL"
        if isinstance(one, Between):
            bounds = [(">=", one.least), ("<=", one.most)]
            return " AND ".join(f"{self.column(one.name)} {sign} {_literal(v)}" for sign, v in bounds if v is not None)
        if isinstance(one, NotOlder):
            return f"date({self.column(one.name)}, '+{one.years + 1} years') > {self.day}"
        if isinstance(one, HasRow):
            found = f"SELECT 1 FROM json_each(r.{one.table}) j WHERE json_extract(j.value, '$.{one.column}')"  # noqa: S608
            return f"EXISTS ({found} IN ({', '.join(_literal(v) for v in one.values)}))"
        if isinstance(one, OfLevel):
            return f"{_level_of('r.unit')} = '{one.level.code}'"
        if isinstance(one, AtStage):
            return self._stage(one.stages)
        return "(" + " OR ".join(self.condition(c) for c in one.conditions) + ")"

    def _stage(self, stages: frozenset[Stage]) -> str:
        """What ``domain.stages`` says of the deciding level's approval, as an expression."""
        if not stages <= _DECIDED:
            raise ValueError(f"only {sorted(s.value for s in _DECIDED)} are compiled")
        cases = [f"WHEN '{level.code}' THEN {self._decided(level, stages)}" for level in Level]
        return f"CASE {_level_of(_CAMPAIGN)} {' '.join(cases)} END"

    def _decided(self, level: Level, stages: frozenset[Stage]) -> str:
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
        return f"({approved} AND ({' OR '.join(wanted[stage] for stage in sorted(stages, key=lambda s: s.value))}))"

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


class _Time(NamedTuple):
    """When rows count: tables joined, the moment's name, the day that conditions look at, the condition on the row."""

    join: str
    name: str
    day: str
    where: str


def _time(sql: _Sql, when: When, moments: Sequence[Moment]) -> _Time:
    first, last = moments[0].first, moments[-1].last
    if isinstance(when, Dated):
        day = f"coalesce({', '.join(sql.column(n) for n in when.days)})" if len(when.days) > 1 else sql.column(when.days[0])
        known = f"CASE WHEN {sql.column(when.precision)} IS 'year' THEN substr({day}, 1, 4) ELSE substr({day}, 1, 7) END" \
            if when.precision else f"substr({day}, 1, 7)"
        return _Time("", known, day, f"{day} BETWEEN '{first}' AND '{last}'")
    if isinstance(when, OfYear):
        year = sql.column(when.name)
        return _Time("", f"CAST({year} AS TEXT)", f"'{last}'", f"{year} BETWEEN {first[:4]} AND {last[:4]}")
    rows = " UNION ALL ".join(f"SELECT '{m.name}' AS name, '{m.last}' AS last" for m in moments)
    holds = []
    if when.since:
        holds.append(f"({sql.column(when.since)} IS NULL OR {sql.column(when.since)} <= m.last)")
    if when.until:
        holds.append(f"({sql.column(when.until)} IS NULL OR {sql.column(when.until)} > m.last)")
    if when.term:
        begun, ended = (sql.column(name) for name in when.term)
        holds.append(f"({ended} IS NULL OR {ended} >= m.last OR julianday({ended}) - julianday({begun}) < 366)")
    return _Time(f"CROSS JOIN ({rows}) m", "m.name", "m.last", " AND ".join(holds) or "1")


def _living(unit: str) -> str:
    low, high = scope_range(unit)
    return f"r.flags & {NOT_LIVING} = 0 AND r.same_as IS NULL AND r.unit BETWEEN '{low}' AND '{high}'"


def groups(
    db: Connection, indicators: Sequence[Indicator], unit: str, moments: Sequence[Moment], today: str
) -> Iterator[Group]:
    """All groups of the indicators' records within a unit's scope.

    Args:
        db: The connection that holds the kinds.
        indicators: Of kinds that are known here.
        unit: Records of this unit and those below it.
        moments: Stretches of days that follow one another without a gap; what stands is looked at on the last day of each.
        today: ISO; a notice without an end runs until then.
    """
    for indicator in indicators:
        if indicator.kind:
            yield from _groups_of(db, indicator, unit, moments, today)


def _groups_of(db: Connection, one: Indicator, unit: str, moments: Sequence[Moment], today: str) -> Iterator[Group]:
    kind = kind_of(one.kind)
    sql = _Sql(kind, "", today)
    time = _time(sql, one.when, moments)
    sql.day = time.day
    joins = [time.join] if time.join else []
    category, split_join = _category(sql, one.split)
    value, about, key = _value(sql, one)
    if isinstance(one.how, Rows):
        joins.append(f"CROSS JOIN json_each(r.{one.how.table}) j")
        if one.how.by:
            category = " || '|' || ".join(f"coalesce(json_extract(j.value, '$.{name}'), '')" for name in one.how.by)
    if split_join:
        joins.append(split_join)
    where = " AND ".join([_living(unit), time.where, *(sql.condition(c) for c in one.where)])
    text = (
        f"SELECT r.unit, {time.name}, {category}, {key}, sum({value}), sum({about}), sum(r.flags & {INCOMPLETE} <> 0), "
        f"group_concat(DISTINCT lower(hex(r.id))) FROM {sql.at.table} r {' '.join(joins)} WHERE {where} GROUP BY 1, 2, 3, 4"  # noqa: S608
    )
    for row in db.execute(text):
        yield Group(one.code, row[0], row[1] or "", str(row[2] if row[2] is not None else ""), str(row[3] or ""), row[4] or 0,
                    row[5] or 0, row[6] or 0, (row[7] or "").replace(",", ""))


def _category(sql: _Sql, split: Split | None) -> tuple[str, str]:
    """The category's expression, and what is joined for it."""
    if split is None:
        return "''", ""
    if split.through:
        kinds = sql.kind.flat[split.name].field.type
        assert isinstance(kinds, Reference)  # noqa: S101 - declared so, and a test says it
        table = layout(kind_of(kinds.kinds[0])).table
        return f'c."{split.through}"', f"LEFT JOIN {table} c ON c.id = unhex({sql.column(split.name)})"
    part = sql.kind.flat.get(split.name)
    if part is not None and isinstance(part.type, Codes):
        return "t.value", f"LEFT JOIN json_each({sql.column(split.name)}) t"
    return sql.column(split.name), ""


def _value(sql: _Sql, one: Indicator) -> tuple[str, str, str]:
    """What a row adds, whether that is 约, and by what different ones are told apart."""
    how = one.how
    if isinstance(how, Sum):
        first = ", ".join(sql.column(name) for name in how.names)
        return f"coalesce({first}, {how.otherwise})", _about(sql, how.names), "''"
    if isinstance(how, Money):
        return sql.column(how.name), _about(sql, (how.name,)), "''"
    if isinstance(how, Rows):
        number = f"json_extract(j.value, '$.{how.column}')" if how.column else "1"
        return number, "coalesce(json_extract(j.value, '$.about'), 0)", "''"
    if isinstance(how, Distinct):
        part = sql.kind.flat.get(how.name)
        column = sql.column(how.name)
        if part is not None and isinstance(part.field.type, Reference):
            return "0", "0", f"coalesce({column}, r.unit || {sql.column(f'{how.name}_name')})"
        return "0", "0", column if how.name == "unit" else f"r.unit || {column}"
    return "1", "0", "''"


def _about(sql: _Sql, names: Sequence[str]) -> str:
    """Whether the number that counts was stated 约: of the first name that is filled."""
    whens = []
    for name in names:
        part = sql.kind.flat[name]
        twin = next((p.flat for p in part.field.flat_parts if p.member == "about"), "") \
            if isinstance(part.field.type, Composite) else ""
        whens.append(f"WHEN {sql.column(name)} IS NOT NULL THEN coalesce({sql.column(twin) if twin else '0'}, 0)")
    return f"CASE {' '.join(whens)} ELSE 0 END"
