"""Questions about records: one, many, searched, filtered, a page at a time.

Pages go by key, never by OFFSET: measured over a million rows under 2 ms against 20 to 36 ms.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from fulian_desktop.domain.immutable import Immutable
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import all_kinds
from fulian_desktop.domain.texts import search_key
from fulian_desktop.domain.units import scope_range
from fulian_desktop.store.vault import Connection
from fulian_desktop.store.view import META, NOT_LIVING, Layout, Row, layout


class Page(Immutable):
    """Where a page begins: after this sort value and number."""

    value: Any
    no: int


def find_by_id(db: Connection, record: str, unit: str | None = None) -> Row | None:
    """The record of that id (32 hex digits), deleted ones included; the unit decides where two share an id."""
    try:
        key = bytes.fromhex(record)
    except ValueError:
        return None
    for kind in all_kinds():
        where = layout(kind)
        for raw in db.execute(f"SELECT * FROM {where.table} WHERE id = ?", [key]):  # noqa: S608 - derived names
            if unit is None or raw[2] == unit:
                return where.read(raw)
    return None


def list_rows(
    db: Connection, kind: Kind, *, search: str = "", where_equal: Mapping[str, Any] | None = None, unit: str | None = None,
    sort: str = "no", descending: bool = False, after: Page | None = None, limit: int | None = None, deleted: bool = False,
    flag: int = 0, year: tuple[str, int] | None = None,
) -> Iterator[Row]:
    """Records of a kind, a page at a time.

    Args:
        db: The workspace's connection.
        kind: Of which kind.
        search: What was typed into the search box.
        where_equal: Flat name → value.
        unit: Only records of this unit and those below it.
        sort: A flat name or ``no``.
        descending: The other way round.
        after: The last row of the page before.
        limit: Rows a page.
        deleted: Deleted ones instead of living ones.
        flag: Only rows with this flag.
        year: (flat name of a date, year).
    """
    at = layout(kind)
    if sort not in META and sort not in kind.flat:
        raise KeyError(sort)
    indexed = False
    clauses, values = _filters(at, where_equal or {}, unit, year, deleted=deleted, flag=flag)
    table = f"{at.table} r"
    if search.strip():
        from fulian_desktop.domain.pinyin import match_expression

        expression = match_expression(search) if at.searched else None
        if expression is None:
            return
        from fulian_desktop.store.search import pending_numbers

        waiting = pending_numbers(db, kind)
        if waiting:  # saved just now: looked through beside the index, and compared like every hit
            clauses.append(f"r.no IN (SELECT rowid FROM s_{kind.code}(?) UNION SELECT value FROM json_each(?))")  # noqa: S608
            values += [expression, json.dumps(waiting)]
        else:
            table = f"s_{kind.code} s JOIN {at.table} r ON r.no = s.rowid"
            clauses.append(f"s.s_{kind.code} MATCH ?")  # a column query is not possible with detail=none
            values.append(expression)
        indexed = not waiting
    found = 0
    for more, bound, by in _runs_of_order(kind, sort, after, descending=descending, searching=indexed):
        sql = f"SELECT r.* FROM {table} WHERE {' AND '.join(clauses + more)} ORDER BY {by}"  # noqa: S608 - derived names
        for raw in db.execute(sql, values + bound):
            row = at.read(raw)
            if search.strip() and not _really_matches(kind, row, search):
                continue
            yield row
            found += 1
            if limit is not None and found >= limit:
                return


def _filters(
    at: Layout, where_equal: Mapping[str, Any], unit: str | None, year: tuple[str, int] | None, *, deleted: bool, flag: int
) -> tuple[list[str], list[Any]]:
    clauses: list[str] = ["r.flags & 1 = 1" if deleted else f"r.flags & {NOT_LIVING} = 0"]
    values: list[Any] = []
    if flag:
        clauses.append(f"r.flags & {flag} != 0")
    if unit is not None:
        clauses.append("r.unit BETWEEN ? AND ?")
        values += scope_range(unit)
    for name, value in where_equal.items():
        clauses.append(f'r."{at.columns[at.at[name]]}" IS ?')
        values.append(_stored(value))
    if year is not None:
        clauses.append(f'r."{at.columns[at.at[year[0]]]}" BETWEEN ? AND ?')
        values += [f"{year[1]}-01-01", f"{year[1]}-12-31"]
    return clauses, values


def _runs_of_order(
    kind: Kind, sort: str, after: Page | None, *, descending: bool, searching: bool
) -> Iterator[tuple[list[str], list[Any], str]]:
    """(clauses, values, ORDER BY) of the queries that follow one another: no comparison reaches rows without a value.

    Rows without a value come first, descending last, as SQLite sorts them; each query walks its index.
    """
    side, order = ("<", "DESC") if descending else (">", "ASC")
    if sort == "no":
        beyond = ([f"r.no {side} ?"], [after.no]) if after is not None else ([], [])
        yield (*beyond, f"{'s.rowid' if searching else 'r.no'} {order}")
        return
    column = f'r."{sort}"'
    by = f"{column} {order}, r.no {order}"
    value = _stored(after.value) if after is not None else None
    without: tuple[list[str], list[Any], str] = ([f"{column} IS NULL"], [], by)
    having: tuple[list[str], list[Any], str] = ([f"{column} IS NOT NULL"], [], by)
    if after is None:
        yield from (having, without) if descending else (without, having)
    elif value is None:
        yield [f"{column} IS NULL", f"r.no {side} ?"], [after.no], by
        if not descending:
            yield having
    else:
        yield [f"({column}, r.no) {side} (?, ?)"], [value, after.no], by
        if descending:
            yield without


def _stored(value: Any) -> Any:  # noqa: ANN401 - a column's value
    """A flat value as its column holds it: several codes are one text there."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if isinstance(value, list) else value


def _really_matches(kind: Kind, row: Row, search: str) -> bool:
    """Whether a row is what was typed: each term in a text, as initials, or as the end of a number.

    Tokens of two characters may meet in the wrong order, numbers are kept by four digits, and rows saved just now
    are not in the index at all: every hit is looked at once more, and nothing is found that this does not find.
    """
    from fulian_desktop.store.search import searched_columns

    letters: dict[str, str] = {}

    def of(name: str) -> str:  # only the columns that a term asks about are brought into the form of search keys
        if name not in letters:
            letters[name] = _letters(str(row.flat[name]))
        return letters[name]

    columns = [(name, how) for name, how in searched_columns(kind) if row.flat.get(name)]
    for term in search_key(search).split():
        typed = _letters(term)
        if any("a" <= c <= "z" for c in typed) and any(how == "name" and _reads_as(of(name), typed) for name, how in columns):
            continue
        if any(how != "tail" and typed in of(name) for name, how in columns):
            continue
        if typed and not (_is_tail(typed) and any(how == "tail" and of(name).endswith(typed) for name, how in columns)):
            return False
    return True


def _is_tail(typed: str) -> bool:
    return len(typed) >= 4 and typed.isascii() and (typed.isdigit() or (typed[-1] == "x" and typed[:-1].isdigit()))


def _letters(text: str) -> str:
    """What of a text is compared: letters and digits, in the form of search keys."""
    return "".join(c for c in search_key(text) if c.isalnum())


@lru_cache(maxsize=16_384)
def _readings(char: str) -> frozenset[str]:
    from fulian_desktop.domain.pinyin import initials

    return frozenset(initials(char))


def _reads_as(text: str, typed: str) -> bool:
    """Whether initials, or characters and initials (王xy), stand one after the other in a text.

    A character without a reading is passed over, as the index does.
    """
    from fulian_desktop.domain.pinyin import initials

    if any(typed in whole for whole in initials(text)):  # nearly always
        return True
    options = [_readings(char) for char in text]
    for whole in initials(text[:2]):  # 单于 is no 单
        if len(whole) == len(options[:2]):
            options[: len(whole)] = [options[i] | {letter} for i, letter in enumerate(whole)]
    for start in range(len(text)):
        at = start
        for letter in typed:
            while at < len(text) and not options[at] and text[at] != letter:
                at += 1
            if at == len(text) or (text[at] != letter and letter not in options[at]):
                break
            at += 1
        else:
            return True
    return False


def count_rows(db: Connection, kind: Kind, *, flag: int = 0) -> int:
    """How many living records of a kind, or those of them with a flag."""
    more = f" AND flags & {flag} != 0" if flag else ""
    sql = f"SELECT count(*) FROM {layout(kind).table} WHERE flags & {NOT_LIVING} = 0{more}"  # noqa: S608
    return int(db.execute(sql).fetchone()[0])


def findings(db: Connection, state: str | None = None) -> list[dict[str, Any]]:
    """Refused values, unknown fields, waiting and invalid changes: record, unit, kind, change, what, reason, state."""
    sql = "SELECT record, unit, kind, state, change, what, reason FROM finding"
    rows = db.execute(f"{sql} WHERE state = ?" if state else sql, [state] if state else [])
    return [
        {"record": bytes(r).hex(), "unit": u, "kind": k, "state": s, "change": bytes(c).hex(), "what": w, "reason": why}
        for r, u, k, s, c, w, why in rows
    ]
