"""The search index: two characters, pinyin initials, last four digits (DESIGN §9), and what stands for 待补全.

One contentless FTS5 table a kind with ``detail=none``: measured over a million persons 33 MB and 0.04 ms a
query (docs/BENCH.md); the trigram tokenizer finds no two characters. A hit may be false (王明小王 for 小王明), and of
digits only the last four are kept: what is fetched is compared once more (`domain/matching.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from fulian_desktop.domain.checks import check_record, is_incomplete
from fulian_desktop.domain.fields import Composite
from fulian_desktop.domain.in_force import Kinds
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import find_kind
from fulian_desktop.domain.pinyin import search_tokens, tail_tokens
from fulian_desktop.progress import Progress
from fulian_desktop.store.bulk import many_objects
from fulian_desktop.store.issued import kinds_in
from fulian_desktop.store.vault import Connection
from fulian_desktop.store.view import AGAIN, INCOMPLETE, PENDING, Row, layout, mark_todo


@lru_cache(maxsize=256)
def searched_columns(kind: Kind) -> tuple[tuple[str, str], ...]:
    """(flat name, how it is searched) of every searched field; of a reference its printed name."""
    found = []
    for field in kind.fields:
        if field.search:
            parts = field.flat_parts
            flat = field.code
            if isinstance(field.type, Composite):
                flat = next((p.flat for p in parts if p.member == "name"), parts[0].flat)
            found.append((flat, field.search))
    return tuple(found)


def tokens_of(kind: Kind, flat: dict[str, Any]) -> str:
    """The tokens under which a record is found, parted by blanks."""
    tokens: list[str] = []
    for name, how in searched_columns(kind):
        value = flat.get(name)
        if value:
            tokens += tail_tokens(value) if how == "tail" else search_tokens(value, with_initials=how == "name")
    for name, value in flat.items():  # whether an issued field is searched is asked of what is found: definitions come and go
        if name[:2] == "x_" and type(value) is str:
            tokens += search_tokens(value, with_initials=False)
    return " ".join(tokens)


def index_rows(db: Connection, kind: Kind, rows: Iterable[Row], *, fresh: bool = False, kinds: Kinds | None = None) -> None:
    """Bring search tokens and the 待补全 flag of rows up to date, inside the caller's transaction.

    Args:
        db: The workspace's connection.
        kind: Of which kind the rows are.
        rows: The rows as they stand now.
        fresh: The rows were never indexed, so there is nothing to take out.
        kinds: The kinds in force, by which it is told what is missing or doubtful; the declared ones by default.
    """
    where = layout(kind)
    rows = list(rows)
    if where.searched:
        if not fresh:
            db.executemany(f"DELETE FROM s_{kind.code} WHERE rowid = ?", [(row.no,) for row in rows])  # noqa: S608
        db.executemany(
            f"INSERT INTO s_{kind.code}(rowid, t) VALUES (?, ?)",  # noqa: S608
            [(row.no, tokens) for row in rows if (tokens := tokens_of(kind, row.flat))],
        )
    mark_incomplete(db, kind, rows, kinds)


def mark_incomplete(db: Connection, kind: Kind, rows: Iterable[Row], kinds: Kinds | None = None) -> None:
    """Bring the 待补全 flag of rows up to date, inside the caller's transaction; ``kinds`` as for :func:`index_rows`."""
    marked = []
    judge = judging(kinds, kind)
    for row in rows:
        judged = judge(row.unit)
        flag = incomplete_flag(judged, judged.fit_all(row.flat))
        if row.flags & INCOMPLETE != flag:
            marked.append((row.flags & ~INCOMPLETE | flag, row.no))
    db.executemany(f"UPDATE {layout(kind).table} SET flags = ? WHERE no = ?", marked)  # noqa: S608


@many_objects()
def catch_up(db: Connection, progress: Progress, batch: int = 5_000) -> int:
    """Work off ``todo``, a batch a transaction; returns how many rows. A cancelled one goes on next time."""
    from fulian_desktop.store.fresh import put_away  # late: who only searches does without the ledger

    done = 0
    with _transaction(db):
        put_away(db)
    kinds = kinds_in(db)
    total = db.execute("SELECT coalesce(sum(last - first + 1), 0) FROM todo").fetchone()[0]
    while True:
        progress.step(done, total, "整理查找目录")
        waiting = db.execute("SELECT kind, first, last FROM todo ORDER BY kind, first, last LIMIT ?", [batch]).fetchall()
        if not waiting:
            return done
        with _transaction(db):
            done += _work_off(db, waiting, batch, kinds)


@contextmanager
def _transaction(db: Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def _work_off(db: Connection, waiting: list[tuple[str, int, int]], batch: int, kinds: Kinds) -> int:
    """Work off ranges until about ``batch`` rows are done; a long range is worked off from its front."""
    done = 0
    numbers: dict[str, list[int]] = {}
    for code, first, last in waiting:
        upto = min(last, first + batch - done - 1)
        numbers.setdefault(code, []).extend(range(first, upto + 1))
        db.execute("DELETE FROM todo WHERE kind = ? AND first = ? AND last = ?", [code, first, last])
        if upto < last:
            db.execute("INSERT OR IGNORE INTO todo VALUES (?,?,?)", [code, upto + 1, last])
        done += upto - first + 1
        if done >= batch:
            break
    for code, wanted in numbers.items():
        kind = find_kind(code.removeprefix(AGAIN))
        if kind is not None:
            work = mark_incomplete if code.startswith(AGAIN) else index_rows
            work(db, kind, rows_numbered(db, kind, wanted), kinds=kinds)
    return done


def rows_numbered(db: Connection, kind: Kind, numbers: Sequence[int]) -> Iterator[Row]:
    """The rows of these numbers, in their order."""
    where = layout(kind)
    ordered = sorted(numbers)
    for start in range(0, len(ordered), 500):
        chunk = ordered[start : start + 500]
        marks = ",".join("?" * len(chunk))
        for raw in db.execute(f"SELECT * FROM {where.table} WHERE no IN ({marks}) ORDER BY no", chunk):  # noqa: S608
            yield where.read(raw)


def note_saved(db: Connection, kind: Kind, numbers: Sequence[int]) -> None:
    """After an act, inside its transaction: the rows are looked through one by one until the index has them.

    Writing the index at each save costs five to twelve pages of the write-ahead log where this costs one (and
    nothing when it goes into ``fresh``), and FTS5 stalls now and then; searching reads the few rows that wait beside
    the index (:func:`pending_numbers`). Idle time or the next start brings them in, at the latest the two thousandth row.
    """
    mark_todo(db, kind, numbers)
    waiting = db.execute(f"SELECT coalesce(sum(last - first + 1), 0) FROM todo {_NEW}").fetchone()[0]  # noqa: S608 - a constant
    if waiting > PENDING:
        bring_in(db)


_NEW = f"WHERE kind NOT GLOB '{AGAIN}*'"


def bring_in(db: Connection) -> None:
    """Work off what ``todo`` has of rows that the index does not have, inside the caller's transaction."""
    kinds = kinds_in(db)
    new = f"SELECT kind, first, last FROM todo {_NEW} ORDER BY kind, first, last"  # noqa: S608 - a constant
    while ranges := db.execute(new).fetchall():
        _work_off(db, ranges, 5_000, kinds)


def judging(kinds: Kinds | None, kind: Kind) -> Callable[[str], Kind]:
    """By which kind a record of a unit is looked through: what was issued for that unit, the declared one without any."""
    if kinds is None:
        return lambda _unit: kind
    known: dict[str, Kind] = {}

    def of_unit(unit: str) -> Kind:
        if unit not in known:
            known[unit] = kinds.for_unit(unit).of(kind.code)
        return known[unit]

    return of_unit


def incomplete_flag(kind: Kind, flat: Mapping[str, Any]) -> int:
    """:data:`INCOMPLETE` when something is missing or doubtful in a record, else 0."""
    return INCOMPLETE if is_incomplete(check_record(kind, flat)) else 0


def pending_numbers(db: Connection, kind: Kind) -> list[int]:
    """Numbers of the rows whose tokens the index does not have yet (the newest 5,000; a merge works off its own)."""
    ranges = db.execute("SELECT first, last FROM todo WHERE kind = ? ORDER BY first", [kind.code]).fetchall()
    fresh = db.execute("SELECT row FROM fresh WHERE kind = ? AND row IS NOT NULL", [kind.code]).fetchall()
    return [*(no for first, last in ranges for no in range(first, last + 1)), *(no for (no,) in fresh)][-5_000:]
