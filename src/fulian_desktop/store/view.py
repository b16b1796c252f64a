"""The view: one STRICT table a kind, derived from the declarations, rebuilt from the log whenever they change.

A row is what :func:`fold_record` says of a record, laid flat. Nothing reads the truth from here: a row can be
thrown away and made again. ``flags`` says what lists filter by; whether a row's doubtful values and search
tokens are up to date is kept in ``todo``, so that a merge does not wait for them.
"""

from __future__ import annotations

import copy
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fulian_desktop.domain.counting_by import date_of, money_of, number_of
from fulian_desktop.domain.fields import Codes, Composite, Flag, Table
from fulian_desktop.domain.issued import is_issued
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import all_kinds, any_by_hand, restricted_kinds
from fulian_desktop.store.vault import Connection

if TYPE_CHECKING:
    import msgspec

    from fulian_desktop.ledger.fold import Folded

DELETED, DELETE_MARKED, CHANGED_AFTER_APPROVAL, INCOMPLETE, CONFLICT, ABSENT = 1, 2, 4, 8, 16, 32
NO_PHOTOS = 64
"""Fewer photos than the kind wants. It is in no column: :func:`lacks_photos` says it as a list is read."""

NOT_LIVING = DELETED | ABSENT
ISSUED = "issued"
META = ("no", "id", "unit", "flags", "conflicts", "created_at", "created_by", "changed_at", "changed_by")
_FIRST = len(META)
FLAGS = 3  # where the flags stand in a row
_UPDATED = 3  # columns before are the row's key
_TOKENS = 2  # another number when domain/pinyin.py makes other search tokens: the index is made anew with the view

_WAITING_TABLE = (
    "CREATE TABLE todo (kind TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, "
    "PRIMARY KEY (kind, last, first)) STRICT, WITHOUT ROWID"
)

# What was worked out once and holds until something is written (store/kept.py).
_KEPT_TABLE = (
    "CREATE TABLE kept (name TEXT PRIMARY KEY, state TEXT NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL) STRICT"
)

@lru_cache(maxsize=1)
def _encoder() -> msgspec.json.Encoder:
    import msgspec  # late: what only lists records does not write any

    return msgspec.json.Encoder(order="sorted")


def _read_table_rows(text: str) -> list[dict[str, Any]]:
    """A sub-table's column → its rows, in order of their ids."""
    rows = json.loads(text)
    return [{"row": row_id, **rows[row_id]} for row_id in sorted(rows)]


class Filled(NamedTuple):
    """Which columns some rows have values in, and the statements that write such rows.

    Binding a None costs sqlcipher3 1.1 µs (int and str 0.04), and a nomination has 127 columns of which some fifteen
    have a value: measured 127 µs a row bound whole, 16 µs this way.
    """

    columns: tuple[int, ...]
    insert: str
    update: str


class SparseRow(NamedTuple):
    """A row to be written: its values, in the order of the columns that have one (number, key and flags first)."""

    filled: Filled
    values: list[Any]


class Row(NamedTuple):
    """A record as the view has it; ``flat`` holds flat names that have a value, sub-tables as lists of rows."""

    no: int
    id: str
    unit: str
    kind: str
    flags: int
    conflicts: tuple[str, ...]
    created_at: int
    created_by: str
    changed_at: int
    changed_by: str
    flat: dict[str, Any]


def _flags(folded: Folded) -> int:
    flags = 0 if folded.exists else ABSENT
    if folded.deleted:
        flags |= DELETED
    if folded.delete_marked:
        flags |= DELETE_MARKED
    if folded.changed_after_approval:
        flags |= CHANGED_AFTER_APPROVAL
    return flags | CONFLICT if folded.conflicts else flags


def lacks_photos(kind: Kind) -> str:
    """The condition on a row ``r`` that has fewer photos than its kind wants."""
    if kind.photos_wanted < 2:
        return "r.photos IS NULL" if kind.photos_wanted else "0"
    return f"(SELECT count(*) FROM json_each(r.photos)) < {kind.photos_wanted}"  # noqa: S608 - a declared number


class Layout:
    """Where the parts of a kind's fields stand in its table; derived, nothing is listed twice."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.table = f"k_{kind.code}"
        self.columns: list[str] = list(META)
        self._sql: list[str] = []
        self.slots: dict[str, int | dict[str, int]] = {}
        self._json_columns: set[int] = set()
        self._flag_columns: set[int] = set()
        self._table_columns: dict[int, str] = {}
        for declared in kind.fields:
            if isinstance(declared.type, Table):
                self._table_columns[self._column(f"{declared.code}", "TEXT")] = declared.code
                continue
            places: dict[str, int] = {}
            for part in declared.flat_parts:
                at = self._column(part.flat, part.type.sql)
                places[part.member] = at
                if isinstance(part.type, Codes):
                    self._json_columns.add(at)
                if isinstance(part.type, Flag):
                    self._flag_columns.add(at)
            self.slots[declared.code] = places if isinstance(declared.type, Composite) else places[""]
        self._issued = self._column(ISSUED, "TEXT")  # values of fields that an office issued (x_…), as JSON
        self.at = {name: i for i, name in enumerate(self.columns)}
        marks = ",".join("?" * len(self.columns))
        self.insert = f"INSERT INTO {self.table} VALUES ({marks})"  # noqa: S608 - derived from declarations
        self._filled: dict[tuple[int, ...], Filled] = {}
        self._filled_by: dict[tuple[Any, ...], Filled] = {}
        self._decoders = [self._decoder(i) for i in range(len(self.columns))]

    def _decoder(self, column: int) -> Callable[[Any], Any] | None:
        """How a column's value becomes a flat value, None when it stands as it is."""
        if column in self._flag_columns:
            return bool
        if column in self._json_columns:
            return json.loads
        return _read_table_rows if column in self._table_columns else None

    def filled(self, columns: tuple[int, ...]) -> Filled:
        """What writes rows that have values in these columns only, the first three among them."""
        found = self._filled.get(columns)
        if found is None:
            names = [f'"{self.columns[i]}"' for i in columns]
            insert = f"INSERT INTO {self.table} ({','.join(names)}) VALUES ({','.join('?' * len(names))})"  # noqa: S608
            sets = [f"{name}=?" for name in names[_UPDATED:]]
            sets += [f'"{c}"=NULL' for i, c in enumerate(self.columns) if i >= _UPDATED and i not in columns]
            found = Filled(columns, insert, f"UPDATE {self.table} SET {','.join(sets)} WHERE no=?")  # noqa: S608
            self._filled[columns] = found
        return found

    def _column(self, name: str, sql: str) -> int:
        self.columns.append(name)
        self._sql.append(f'"{name}" {sql}')
        return len(self.columns) - 1

    def create(self) -> Iterator[str]:
        """The statements that make the table and its indexes."""
        head = (
            "no INTEGER PRIMARY KEY, id BLOB NOT NULL, unit TEXT NOT NULL, flags INTEGER NOT NULL, conflicts TEXT, "
            "created_at INTEGER NOT NULL, created_by TEXT NOT NULL, changed_at INTEGER NOT NULL, changed_by TEXT NOT NULL"
        )
        yield f"CREATE TABLE {self.table} ({head}, {', '.join(self._sql)}) STRICT"
        yield f"CREATE UNIQUE INDEX {self.table}_id ON {self.table} (id, unit)"
        for column in indexed_columns(self.kind):
            yield f'CREATE INDEX {self.table}_{column} ON {self.table} ("{column}", no)'
        yield f"CREATE INDEX {self.table}_marked ON {self.table} (flags) WHERE flags != 0"
        # the figures of the first page: counted in the index, the rows are not read
        number = number_of(self.kind)
        counted = [date_of(self.kind) or "created_at", "flags", number.flat[0] if number else "", money_of(self.kind)]
        names = ", ".join(f'"{column}"' for column in counted if column)
        yield f"CREATE INDEX {self.table}_counted ON {self.table} ({names})"
        if "photos" in self.at:
            yield f"CREATE INDEX {self.table}_photos ON {self.table} (no) WHERE photos IS NOT NULL"
        yield f"CREATE INDEX {self.table}_joined ON {self.table} (same_as) WHERE same_as IS NOT NULL"
        if self.kind.alike:
            yield f"CREATE INDEX {self.table}_parted ON {self.table} (no) WHERE not_same IS NOT NULL"
        if self.searched:
            yield (
                f"CREATE VIRTUAL TABLE s_{self.kind.code} USING fts5(t, content='', contentless_delete=1, detail=none, "
                "tokenize=\"unicode61 remove_diacritics 0\")"
            )
            # automerge stalls a save for 300 ms now and then; merging is done when idle (Workspace.tidy)
            yield f"INSERT INTO s_{self.kind.code}(s_{self.kind.code}, rank) VALUES ('automerge', 0)"  # noqa: S608 - a declared code
            yield f"INSERT INTO s_{self.kind.code}(s_{self.kind.code}, rank) VALUES ('usermerge', 2)"  # noqa: S608 - a declared code
            yield f"INSERT INTO s_{self.kind.code}(s_{self.kind.code}, rank) VALUES ('crisismerge', 1000)"  # noqa: S608 - a declared code

    @property
    def searched(self) -> bool:
        """Whether any field of the kind is looked for."""
        return any(f.search for f in (self.kind.origin or self.kind).fields)

    def row(self, no: int, record: bytes, unit: str, folded: Folded) -> SparseRow:
        """The row of a folded record."""
        order = folded.order
        first, last = order[0].change, order[-1].change
        # sqlcipher3 binds bytes twenty times slower than a bytearray
        values: list[Any] = [no, bytearray(record), unit, _flags(folded), first.at, first.actor, last.at, last.actor]
        tables: dict[str, dict[str, Any]] = {}
        # What is in this row, in its order: records of a kind have the same few forms, a merge a hundred thousand rows.
        form: list[Any] = []
        issued: dict[str, Any] = {}
        for code, value in folded.values.items() if len(order) == 1 else sorted(folded.values.items()):
            if code[:2] == "x_":  # no declared field is called so
                issued[code] = value
            elif type(value) is not dict:
                form.append(code)
                values.append(value if type(value) is not list else _encoder().encode(value).decode())
            elif ":" in code:
                table, _, row_id = code.partition(":")
                tables.setdefault(table, {})[row_id] = value
            else:
                form += (code, len(value), *value)
                values += value.values()
        for table, rows in tables.items():
            form.append(table)
            values.append(_encoder().encode(rows).decode())
        if issued:
            form.append(ISSUED)
            values.append(_encoder().encode(issued).decode())
        if folded.conflicts:
            form.append("conflicts")
            values.append(_encoder().encode(sorted(folded.conflicts)).decode())
        key = tuple(form)
        filled = self._filled_by.get(key)
        if filled is None:
            filled = self._filled_by[key] = self.filled((0, 1, 2, 3, 5, 6, 7, 8, *self._columns_of(form)))
        return SparseRow(filled, values)

    def _columns_of(self, form: Sequence[Any]) -> Iterator[int]:
        """The columns of a row's form: codes of fields, after a composite's code how many and which members it has."""
        parts = iter(form)
        for code in parts:
            slot = self.slots.get(code)
            if isinstance(slot, dict):
                for _ in range(next(parts)):
                    yield slot[next(parts)]
            else:
                yield self.at[code] if slot is None else slot

    def whole(self, row: SparseRow) -> list[Any]:
        """The same row as its table has it, column by column."""
        whole: list[Any] = [None] * len(self.columns)
        for i, value in zip(row.filled.columns, row.values, strict=True):
            whole[i] = bytes(value) if type(value) is bytearray else value
        return whole

    def read(self, raw: Sequence[Any]) -> Row:
        """A row of the table as a :class:`Row`."""
        names, decoders = self.columns, self._decoders
        flat: dict[str, Any] = {}
        for i, value in enumerate(raw):
            if value is not None and i >= _FIRST:
                decode = decoders[i]
                flat[names[i]] = value if decode is None else decode(value)
        if raw[self._issued] is not None:
            flat |= self._read_issued(flat.pop(ISSUED))
        conflicts = tuple(json.loads(raw[4])) if raw[4] else ()
        return Row(raw[0], bytes(raw[1]).hex(), raw[2], self.kind.code, raw[3], conflicts, raw[5], raw[6], raw[7], raw[8], flat)

    def _read_issued(self, text: str) -> dict[str, Any]:
        fit = self.kind.fit
        return {code: fit(code, value) for code, value in json.loads(text).items()}

    def issued_value(self, raw: Sequence[Any], name: str) -> Any:  # noqa: ANN401 - any JSON value
        """What a row, as it lies in its table, has in an issued field."""
        return json.loads(raw[self._issued]).get(name) if raw[self._issued] is not None else None

    def column(self, name: str, table: str = "") -> str:
        """The SQL expression of a flat name or one of :data:`META`; KeyError when the kind has no such name."""
        if name not in self.at and name in self.kind.flat and is_issued(name):
            return f"json_extract({table}{ISSUED}, '$.{name}')"
        return f'{table}"{self.columns[self.at[name]]}"'


def indexed_columns(kind: Kind) -> tuple[str, ...]:
    """The flat names that have an SQL index, by which a list of any length is sorted: those declared, and the first asked."""
    return tuple(f.flat_parts[0].flat for f in kind.fields if f.indexed or f is kind.first_asked)


@lru_cache(maxsize=512)
def layout(kind: Kind) -> Layout:
    """The layout of a kind's table; a kind with issued fields has the table of the declared one, read by its own word."""
    if kind.origin is None:
        return Layout(kind)
    made = copy.copy(layout(kind.origin))
    made.kind = kind
    return made


def shape(kinds: Iterable[Kind] | None = None) -> str:
    """A digest of the tables of some kinds (the workspace's) and of how tokens are made: another one means a rebuild."""
    kinds = sorted(all_kinds() if kinds is None else kinds, key=lambda k: k.code)
    tables = [s for kind in kinds for s in layout(kind).create()]
    searched = [f"{kind.code} {f.code} {f.search}" for kind in kinds for f in kind.fields if f.search]
    return hashlib.sha256("\n".join([str(_TOKENS), _WAITING_TABLE, _KEPT_TABLE, *tables, *searched]).encode()).hexdigest()


def edition() -> str:
    """What tells the program that made a shape from another one, without importing a kind; "" where that cannot be told.

    Of each module that declares something what it says; in a bundle, which has no such files, version and size. With the
    same one the shape is the same, and a start need not work it out: that took 8 ms with 19 kinds, and this takes 0.7.
    """
    if any_by_hand():
        return ""
    from fulian_desktop import __version__

    here = Path(__file__)
    files = sorted(here.parents[1].glob("domain/**/*.py"))
    seen = hashlib.sha256(f"{__version__} {_TOKENS} {Path(sys.executable).stat().st_size}".encode())
    for file in [*files, here] if files else []:
        seen.update(file.read_bytes())
    return seen.hexdigest()


def drop_view(db: Connection) -> None:
    """Throw the view away."""
    names = db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND (name GLOB 'k_*' OR sql GLOB 'CREATE VIRTUAL TABLE s_*')"
    ).fetchall()
    for (name,) in names:
        db.execute(f'DROP TABLE "{name}"')
    db.execute("DROP TABLE IF EXISTS todo")
    db.execute("DROP TABLE IF EXISTS kept")


def create_view(db: Connection, kinds: Iterable[Kind] | None = None) -> None:
    """Make the empty tables of some kinds (the workspace's)."""
    db.execute(_WAITING_TABLE)
    db.execute(_KEPT_TABLE)
    for kind in all_kinds() if kinds is None else kinds:
        for statement in layout(kind).create():
            db.execute(statement)


def is_room(db: Connection) -> bool:
    """Whether a database is that of a rights room."""
    return db.execute("SELECT 1 FROM meta WHERE key = 'room'").fetchone() is not None


def tables_in(db: Connection) -> list[Kind]:
    """The kinds whose records a database holds: the restricted ones that of the rights room, all others the workspace's."""
    return restricted_kinds() if is_room(db) else all_kinds()


def holds(db: Connection, kind: Kind) -> bool:
    """Whether a database has a table for a kind: what somebody wrote into a stream of another class finds none."""
    return is_room(db) == (kind.cls == "restricted")


def find_rows(db: Connection, kind: Kind, ids: Iterable[bytes]) -> dict[tuple[str, bytes], tuple[int, int]]:
    """(unit, id) → (no, flags) of those records that have a row."""
    found: dict[tuple[str, bytes], tuple[int, int]] = {}
    wanted = list(ids) if holds(db, kind) else []
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        marks = ",".join("?" * len(chunk))
        sql = f"SELECT unit, id, no, flags FROM {layout(kind).table} WHERE id IN ({marks})"  # noqa: S608
        found.update({(unit, bytes(record)): (no, flags) for unit, record, no, flags in db.execute(sql, chunk)})
    return found


def raw_row(db: Connection, kind: Kind, unit: str, record: bytes) -> tuple[Any, ...] | None:
    """A record's row as it lies in its table, or None."""
    sql = f"SELECT * FROM {layout(kind).table} WHERE id = ? AND unit = ?"  # noqa: S608
    found: tuple[Any, ...] | None = db.execute(sql, [record, unit]).fetchone()
    return found


def row_numbers(db: Connection, kind: Kind) -> set[int]:
    """The numbers of all rows of a kind."""
    return {no for (no,) in db.execute(f"SELECT no FROM {layout(kind).table}")}  # noqa: S608


def next_no(db: Connection, kind: Kind) -> int:
    """The number that the next new row of a kind gets."""
    return int(db.execute(f"SELECT coalesce(max(no), 0) + 1 FROM {layout(kind).table}").fetchone()[0])  # noqa: S608


def write_row(execute: Callable[..., Any], row: SparseRow, *, new: bool) -> None:
    """Insert or update a row by a cursor's ``execute``, inside the caller's transaction."""
    filled, values = row
    if new:
        execute(filled.insert, values)
    else:
        execute(filled.update, [*values[_UPDATED:], values[0]])


PENDING = 2_000  # so many rows may wait for the index, and so many single saves to be put away, before a save does it


AGAIN = "~"
"""Before the code of a kind in ``todo``: rows that the index has, of which only 待补全 is to be looked at again."""


def look_again(db: Connection, kind: Kind) -> None:
    """Note that every row of a kind may be complete now, or no more. No save waits for it."""
    first, last = db.execute(f"SELECT min(no), max(no) FROM {layout(kind).table}").fetchone()  # noqa: S608 - derived name
    if first is not None:
        db.execute("DELETE FROM todo WHERE kind = ?", [AGAIN + kind.code])
        db.execute("INSERT INTO todo VALUES (?,?,?)", [AGAIN + kind.code, first, last])


def mark_todo(db: Connection, kind: Kind, numbers: Sequence[int]) -> None:
    """Note rows whose problems and search tokens are to be worked out, as ranges of numbers."""
    ranges: list[list[int]] = []
    for no in sorted(numbers):
        if ranges and no <= ranges[-1][1] + 1:
            ranges[-1][1] = no
        else:
            ranges.append([no, no])
    for first, last in ranges:  # new records follow one another, so one range grows; it may grow to one that is there already
        grown = db.execute("UPDATE OR REPLACE todo SET last = ? WHERE kind = ? AND last = ?", [last, kind.code, first - 1])
        if grown.rowcount == 0:
            db.execute("INSERT OR IGNORE INTO todo VALUES (?,?,?)", [kind.code, first, last])
