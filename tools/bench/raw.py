"""What the program is held against: the same rows and indices, into the same engine, without a log, a check or a view.

Same engine: SQLCipher opened by the product's own ``connect`` (same pragmas). Same rows: those that the product
wrote, fetched beforehand. Same tables and indices: the product's declared ones, without the search index.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.bench.harness import expect, seconds

from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import all_kinds
from fulian_desktop.store.vault import Connection, as_database, connect
from fulian_desktop.store.view import layout

Rows = dict[str, list[tuple[Any, ...]]]


def tables(kind: Kind) -> Iterator[str]:
    """The statements that make a kind's table and indices, without search."""
    return (s for s in layout(kind).create() if s.startswith(("CREATE TABLE", "CREATE UNIQUE INDEX", "CREATE INDEX")))


def new_database(folder: Path) -> Connection:
    """An empty encrypted database with the tables and indices of all kinds."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    db = connect(folder / "raw.db", secrets.token_bytes(32), create=True)
    for kind in all_kinds():
        for statement in tables(kind):
            db.execute(statement)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return db


def fetch_rows(db: Connection) -> Rows:
    """All rows of the view, kind by kind, in the order in which they were written."""
    return {kind.code: db.execute(f"SELECT * FROM {layout(kind).table} ORDER BY no").fetchall() for kind in all_kinds()}


def insert_all(db: Connection, rows: Rows) -> None:
    """Insert everything in one transaction."""
    db.execute("BEGIN IMMEDIATE")
    for kind in all_kinds():
        db.executemany(layout(kind).insert, rows[kind.code])
    db.execute("COMMIT")


def time_inserts(folder: Path, rows: Rows, *, lean: bool = False) -> float:
    """Seconds that plain ``executemany`` takes for the rows."""
    db = new_database(folder)
    taken = seconds(lambda: (insert_lean if lean else insert_all)(db, rows))
    check_counts("raw", db, rows)
    db.close()
    return taken


def insert_lean(db: Connection, rows: Rows) -> None:
    """The same in one transaction, but binding only values that are there: sqlcipher3 takes 1.1 µs to bind a None."""
    db.execute("BEGIN IMMEDIATE")
    for kind in all_kinds():
        where = layout(kind)
        by_shape: dict[tuple[int, ...], list[list[Any]]] = {}
        for row in rows[kind.code]:
            shape = tuple([i for i, value in enumerate(row) if value is not None])
            by_shape.setdefault(shape, []).append([row[i] for i in shape])
        for shape, members in by_shape.items():
            names, marks = ", ".join(f'"{where.columns[i]}"' for i in shape), ",".join("?" * len(shape))
            db.executemany(f"INSERT INTO {where.table} ({names}) VALUES ({marks})", members)
    db.execute("COMMIT")


def time_upserts(folder: Path, rows: Rows, *, lean: bool = False) -> float:
    """Seconds that sqlite-utils' ``upsert_all`` takes for the same rows, as dictionaries, in one transaction.

    Args:
        lean: The dictionaries have only what has a value.
    """
    db = new_database(folder)
    named = {kind.code: [_named(layout(kind).columns, row, lean=lean) for row in rows[kind.code]] for kind in all_kinds()}
    database = as_database(db)

    def upsert() -> None:
        with database.atomic():
            for code, members in named.items():
                if members:
                    database[f"k_{code}"].upsert_all(members, pk="no")

    taken = seconds(upsert)
    check_counts("sqlite-utils", db, rows)
    db.close()
    return taken


def _named(columns: list[str], row: tuple[Any, ...], *, lean: bool) -> dict[str, Any]:
    return {name: value for name, value in zip(columns, row, strict=True) if value is not None or not lean}


def check_counts(case: str, db: Connection, rows: Rows) -> None:
    """As many rows of each kind as there should be."""
    for kind in all_kinds():
        found = db.execute(f"SELECT count(*) FROM {layout(kind).table}").fetchone()[0]
        expect(case, f"rows of {kind.code}", found, len(rows[kind.code]))
