"""Searching a million persons in one workspace, and paging through them sorted.

The rows are laid out and indexed by product code, in bulk and without a log; building them takes minutes, so the
workspace is kept. Before measuring, the index has been tidied as an idle program does it.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from tools.bench.harness import Case, expect, median, percentile, wrong
from tools.bench.people import YEAR_START_MS, People
from tools.bench.township import MARK, TOWN, create, forget_older, open_made, village_units

from fulian_desktop.domain import pinyin
from fulian_desktop.domain.kinds import all_kinds, kind_of
from fulian_desktop.domain.pinyin import match_expression
from fulian_desktop.store import queries, search, view
from fulian_desktop.store.queries import Page, list_rows
from fulian_desktop.store.search import index_rows
from fulian_desktop.store.vault import Connection
from fulian_desktop.store.view import SparseRow, layout, write_row
from fulian_desktop.store.workspace import Workspace, new_id

PERSONS = 1_000_000
QUERIES = 300
ROWS = 50
_BATCH = 20_000
_MAKING = b"1"  # another number when the rows below are made differently
KIND = kind_of("person")


def _digest(count: int) -> str:
    modules = (view, search, pinyin)
    sources = [Path(str(m.__file__)).read_bytes() for m in modules] + [_MAKING, view.shape().encode()]
    return hashlib.sha256(b"\0".join(sources) + str(count).encode()).hexdigest()[:16]


def make(root: Path, count: int = PERSONS) -> Path:
    """The workspace with that many persons, built when it is not there yet."""
    folder = root / f"persons-{count}-{_digest(count)}"
    if (folder / MARK).exists():
        return folder
    forget_older(root, f"persons-{count}-*")
    with create(folder, TOWN, "清溪乡妇女联合会") as office:
        db = office.workspace.db
        for batch in _rows(count):
            _transaction(db, lambda batch=batch: [write_row(db.execute, row, new=True) for row in batch])
        pages = _pages(db)
        where = layout(KIND)
        for start in range(1, count + 1, _BATCH):
            raw = db.execute(f"SELECT * FROM {where.table} WHERE no BETWEEN ? AND ?", [start, start + _BATCH - 1]).fetchall()
            _transaction(db, lambda raw=raw: index_rows(db, KIND, map(where.read, raw), fresh=True))
        _tidy(office.workspace)
        about = {"index_mb": _index_pages(db) * 4096 / 1e6, "rows_mb": pages * 4096 / 1e6}
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    (folder / MARK).write_text(json.dumps(about), "utf-8")
    return folder


def _transaction(db: Connection, work: Callable[[], None]) -> None:
    db.execute("BEGIN IMMEDIATE")
    work()
    db.execute("COMMIT")


def _pages(db: Connection) -> int:
    return int(db.execute("PRAGMA page_count").fetchone()[0]) - int(db.execute("PRAGMA freelist_count").fetchone()[0])


def _index_pages(db: Connection) -> int:
    """How many pages the index takes: those that would be free without it (rolled back)."""
    pages = _pages(db)
    db.execute("BEGIN IMMEDIATE")
    db.execute(f"DROP TABLE s_{KIND.code}")
    without = _pages(db)
    db.execute("ROLLBACK")
    return pages - without


def _tidy(workspace: Workspace) -> None:
    """As an idle program: until there is nothing left to merge."""
    for _ in range(20_000):
        before = workspace.db.total_changes
        workspace.tidy()
        if workspace.db.total_changes - before <= 2 * len(all_kinds()):  # to ask whether there is anything to merge is a change
            return
    wrong("search", "tidying does not end")


def _rows(count: int) -> Iterator[list[SparseRow]]:
    where = layout(KIND)
    people = People("a million", "140702101201")
    units = village_units(300)
    for start in range(1, count + 1, _BATCH):
        yield [_row(where, people, no, units[no % 300]) for no in range(start, min(start + _BATCH, count + 1))]


def _row(where: view.Layout, people: People, no: int, unit: str) -> SparseRow:
    birth = people.day(1935, 85)
    flat = {
        "no": no, "id": bytes.fromhex(new_id()), "unit": unit, "flags": 0, "created_at": YEAR_START_MS + no,
        "created_by": "李秀英",
        "changed_at": YEAR_START_MS + no, "changed_by": "李秀英", "name": people.name(), "sex": "female", "birth_date": birth,
        "id_number": people.id_number(), "phone": people.phone(), "address": people.address(), "tags": '["low_income"]',
    }
    return SparseRow(where.filled(tuple(where.at[name] for name in flat)), list(flat.values()))


# --- measuring ---------------------------------------------------------------------------------------------


def measure(root: Path, count: int = PERSONS, queries_each: int = QUERIES) -> list[Case]:
    """``search_…_p99_ms``, the index alone, its size, and a page of a sorted list."""
    folder = make(root, count)
    about = json.loads((folder / MARK).read_text("utf-8"))
    with open_made(folder) as office:
        db = office.workspace.db
        expect("search", "persons", queries.count_rows(db, KIND), count)
        names = _names(db, count, queries_each)
        cases = _search_cases(db, names)
        cases.append(Case("search_index_mb", about["index_mb"], 40, at_least=False, unit="MB",
                          note=f"all searched fields; the rows take {about['rows_mb']:.0f} MB"))
        cases += _page_cases(db, count)
    return cases


def _names(db: Connection, count: int, wanted: int) -> list[str]:
    chosen = Random("fulian-bench-queries-1").sample(range(1, count + 1), min(wanted, count))
    return [str(db.execute("SELECT name FROM k_person WHERE no = ?", [no]).fetchone()[0]) for no in chosen]


def _search_cases(db: Connection, names: list[str]) -> list[Case]:
    two = [name[i : i + 2] for number, name in enumerate(names) for i in [number % (len(name) - 1)]]
    initials = [pinyin.initials(name)[0] for name in names]
    for query, name in list(zip(two, names, strict=True))[:5]:
        _check_found(db, query, name)
    cases = []
    for label, typed in (("two_chars", two), ("initials", initials)):
        whole = [_ms(lambda q=q: list(list_rows(db, KIND, search=q, limit=ROWS))) for q in typed]
        bare = [_ms(lambda q=q: _look_up(db, q)) for q in typed]
        for query in typed[:20]:
            if not list(list_rows(db, KIND, search=query, limit=ROWS)):
                wrong("search", f"{query} finds nothing")
        cases.append(Case(f"search_{label}_p99_ms", percentile(whole, 0.99), 5, at_least=False, unit="ms",
                          samples={"ms": whole},
                          note=f"{len(typed)} queries, {ROWS} rows fetched; median {median(whole):.2f} ms"))
        cases.append(Case(f"search_{label}_index_p99_ms", percentile(bare, 0.99), 1, at_least=False, unit="ms",
                          samples={"ms": bare}, note=f"the index alone; median {median(bare):.2f} ms"))
    sql = "SELECT * FROM k_person WHERE name LIKE ? ORDER BY no LIMIT ?"
    like = [_ms(lambda q=q: db.execute(sql, [f"%{q}%", ROWS]).fetchall()) for q in two[:5]]
    cases.append(Case("search_like_ms", median(like), unit="ms", note="the same by LIKE, told only"))
    return cases


def _look_up(db: Connection, query: str) -> list[Any]:
    """The index alone: which numbers."""
    sql = "SELECT rowid FROM s_person WHERE s_person MATCH ? ORDER BY rowid LIMIT ?"
    found: list[Any] = db.execute(sql, [match_expression(query), ROWS]).fetchall()
    return found


def _check_found(db: Connection, query: str, name: str) -> None:
    """What LIKE finds first in name and address, the search finds first."""
    sql = "SELECT no FROM k_person WHERE name LIKE ?1 OR address LIKE ?1 ORDER BY no LIMIT ?2"
    wanted = [no for (no,) in db.execute(sql, [f"%{query}%", ROWS])]
    expect("search", f"rows for {query} of {name}", [row.no for row in list_rows(db, KIND, search=query, limit=ROWS)], wanted)


def _ms(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def _page_cases(db: Connection, count: int) -> list[Case]:
    """A page of the list sorted by name, from anywhere in it, by key; and by OFFSET for comparison."""
    random = Random("fulian-bench-pages-1")
    places = [random.randrange(1, count + 1) for _ in range(100)]
    cases = []
    for label, sort in (("page_ms", "name"), ("page_by_number_ms", "no")):
        taken: list[float] = []
        for no in places:
            page = _page_at(db, sort, no)
            taken.append(_ms(lambda sort=sort, page=page: list(list_rows(db, KIND, sort=sort, after=page, limit=ROWS))))
            if sum(taken) > 20_000 and len(taken) >= 5:
                break
        _check_page(db, sort, places[0])
        cases.append(Case(label, median(taken), 2 if sort == "name" else None, at_least=False, unit="ms", samples={"ms": taken},
                          note=f"{ROWS} rows sorted by {sort} from {len(taken)} places; p99 {percentile(taken, 0.99):.2f} ms"))
    sql = "SELECT * FROM k_person ORDER BY no LIMIT ? OFFSET ?"
    offset = [_ms(lambda no=no: db.execute(sql, [ROWS, no]).fetchall()) for no in places[:20]]
    cases.append(Case("page_by_offset_ms", median(offset), unit="ms", note="by OFFSET, sorted by number, told only"))
    return cases


def _page_at(db: Connection, sort: str, no: int) -> Page:
    return Page(db.execute(f"SELECT {sort} FROM k_person WHERE no = ?", [no]).fetchone()[0], no)


def _check_page(db: Connection, sort: str, no: int) -> None:
    page = _page_at(db, sort, no)
    sql = f"SELECT no FROM k_person WHERE {sort} > ?1 OR ({sort} = ?1 AND no > ?2) ORDER BY {sort}, no LIMIT ?3"
    wanted = [n for (n,) in db.execute(sql, [page.value, no, ROWS])]
    found = [row.no for row in list_rows(db, KIND, sort=sort, after=page, limit=ROWS)]
    expect("page", f"rows after {no} by {sort}", found, wanted)


