"""The log in a real database: however segments are cut, repeated, forked or late, the same changes are held.

What records come to is compared with an independent reference in tests/property; here it is what the log stores.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import sqlcipher3
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders import COUNTY, TOWN, VILLAGE

from fulian_desktop.ledger.chains import Limit, Tip
from fulian_desktop.ledger.changes import Change, change_bytes, read_body
from fulian_desktop.ledger.segments import Segment, check_chain, header_bytes, make_header
from fulian_desktop.ledger.streams import Stream, next_name, start_name
from fulian_desktop.store import books
from fulian_desktop.store.log import Log, RecordKey
from fulian_desktop.store.migrations import _FIRST
from fulian_desktop.store.rebuild import all_results

STREAM = Stream("ab" * 16, VILLAGE, "ordinary")
START = start_name(STREAM)
RECORDS = 4


def a_line(seq: int, branch: str = "") -> bytes:
    """Change ``seq`` of the stream, about one of four records."""
    return change_bytes(Change(
        act=f"{seq:032x}", action="put", actor="王桂芳", at=seq, kind="family", record=f"{seq % RECORDS:032x}",
        values={"head": f"{branch}{seq}"},
    ))


LINES = [a_line(seq) for seq in range(1, 31)]
NAMES = list(itertools.accumulate(LINES, next_name, initial=START))  # NAMES[seq]: the name of change seq


class Store:
    """A database with a log that is opened anew after each write, as after a restart."""

    def __init__(self) -> None:
        self.db = sqlcipher3.connect(":memory:", isolation_level=None)
        for statement in _FIRST:
            self.db.execute(statement)

    def log(self) -> Log:
        return Log(self.db, TOWN)

    def receive(self, first: int, lines: Sequence[bytes], prev: bytes, *, author: str = VILLAGE, log: Log | None = None) -> int:
        """Stage and write a segment; how many changes were new."""
        mine = log or self.log()
        header, body = make_header(STREAM, first, prev, list(lines), key="0" * 32, made=0)
        names = check_chain(header, body, list(lines))
        added = mine.stage_segment(Segment(header_bytes(header), b"", body), header, names, read_body(body), author, "p")
        if log is None:
            mine.flush(0)
        return sum(run.last - run.first + 1 for run in added)

    def part(self, first: int, last: int, **more: Any) -> int:
        """The stretch of the stream from seq ``first`` to ``last``."""
        return self.receive(first, LINES[first - 1 : last], NAMES[first - 1], **more)

    def places(self) -> dict[bytes, tuple[int, int]]:
        """Name → (run, seq) of every stored change, as its index of records has it."""
        log = self.log()
        rows = self.db.execute("SELECT record, run, seq FROM change").fetchall()
        found = {log.name_at(run, seq): (run, seq) for _, run, seq in rows}
        assert len(found) == len(rows), "a change is stored twice"
        for record, run, seq in rows:
            assert log.change_at(run, seq).record == bytes(record).hex()
        return found

    def heads(self) -> dict[str, Any]:
        return {
            key.id.hex()[-1]: result.folded.values.get("head")
            for results in all_results(self.log()) for key, result in results.items() if result.counted.order
        }

    def everything(self) -> dict[str, list[Any]]:
        """All rows of all tables."""
        tables = [name for (name,) in self.db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: self.db.execute(f"SELECT * FROM {name}").fetchall() for name in tables}

    def waiting(self) -> int:
        return sum(len(result.counted.waiting) for results in all_results(self.log()) for result in results.values())


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store()
    yield made
    made.db.close()


def _last(seq: int) -> dict[str, str]:
    """What the four records show after the first ``seq`` changes."""
    shown: dict[str, str] = {}
    for i in range(1, seq + 1):
        shown[str(i % RECORDS)] = str(i)
    return shown


# --- cuts ----------------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 29)), min_size=1, max_size=12), st.booleans())
def test_overlapping_cuts_in_any_order_hold_each_change_once(cuts: list[tuple[int, int]], at_once: bool) -> None:
    store = Store()
    log = store.log() if at_once else None
    held: set[int] = set()
    for first, more in cuts:
        last = min(30, first + more)
        new = store.part(first, last, log=log)
        assert new == len(set(range(first, last + 1)) - held)
        held |= set(range(first, last + 1))
    if log is not None:
        log.flush(0)
    assert set(store.places()) == {NAMES[seq] for seq in held}
    whole = next((seq - 1 for seq in range(1, 32) if seq not in held), 30)
    assert store.heads() == _last(whole)
    log = store.log()
    (number,) = log.streams().values()
    assert not _forks(log, number)
    reached = {log.name_at(*tip) for tip in log.chain(number).tips()}
    assert reached == ({NAMES[whole]} if whole else set())
    store.db.close()


def _forks(log: Log, number: int) -> int:
    """How many places of a stream have two changes after the same one."""
    after = [run.prev for run in log.chain(number).runs.values()]
    return len(after) - len(set(after))


def test_the_same_segment_again_adds_nothing_and_writes_nothing(store: Store) -> None:
    store.part(1, 10)
    before = store.everything()
    assert store.part(1, 10) == 0
    assert store.part(3, 7) == 0
    assert store.everything() == before


@pytest.mark.parametrize("order", list(itertools.permutations([(1, 8), (9, 16), (17, 30)])))
def test_what_came_late_closes_the_gap_and_then_all_counts(store: Store, order: Any) -> None:
    """FAULTS 28, 29."""
    held: set[int] = set()
    for first, last in order:
        store.part(first, last)
        held |= set(range(first, last + 1))
        whole = next(seq - 1 for seq in range(1, 32) if seq not in held)
        assert store.heads() == _last(whole)
        assert store.waiting() == len(held) - whole
    log = store.log()
    assert log.chain(1).gaps() == []
    assert store.heads() == _last(30)


def test_a_gap_is_named_by_where_it_begins(store: Store) -> None:
    store.part(1, 5)
    store.part(9, 12)
    (loose,) = store.log().chain(1).gaps()
    assert (loose.first, loose.prev) == (9, NAMES[8])


# --- forks ----------------------------------------------------------------------------------------------------


def _branch(after: int, count: int) -> list[bytes]:
    return [a_line(seq, "b") for seq in range(after + 1, after + count + 1)]


@pytest.mark.parametrize("fork", [0, 1, 5, 9, 10])
@pytest.mark.parametrize("other_first", [False, True])
def test_both_branches_of_a_fork_are_held_and_count_as_concurrent(store: Store, fork: int, other_first: bool) -> None:
    """FAULTS 43: a disk image cloned to two computers."""
    deliveries = [lambda: store.part(1, 10), lambda: store.receive(1, [*LINES[:fork], *_branch(fork, 6)], START)]
    for deliver in deliveries[::-1] if other_first else deliveries:
        deliver()
    assert len(store.places()) == 10 + 6
    log = store.log()
    chain = log.chain(1)
    assert len(chain.tips()) == (1 if fork == 10 else 2)
    assert chain.forked is (fork != 10)
    conflicts = {
        key.id.hex()[-1] for results in all_results(log) for key, result in results.items() if "head" in result.folded.conflicts
    }
    both = {str(seq % RECORDS) for seq in range(fork + 1, 11)} & {str(seq % RECORDS) for seq in range(fork + 1, fork + 7)}
    assert conflicts == (set() if fork == 10 else both)


def test_a_branch_of_a_branch_is_held_too(store: Store) -> None:
    store.part(1, 12)
    one = _branch(4, 8)
    store.receive(1, [*LINES[:4], *one], START)
    names = list(itertools.accumulate(one, next_name, initial=NAMES[4]))
    store.receive(8, [a_line(seq, "c") for seq in range(8, 11)], names[3])
    assert len(store.places()) == 12 + 8 + 3
    assert len(store.log().chain(1).tips()) == 3
    assert store.waiting() == 0


# --- signers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(itertools.permutations([VILLAGE, TOWN, COUNTY])))
def test_of_several_signers_the_highest_writer_is_the_author_whichever_came_first(store: Store, order: Any) -> None:
    for author in order:
        store.part(1, 4, author=author)
    assert len(store.places()) == 4
    log = store.log()
    key = RecordKey(VILLAGE, "family", bytes.fromhex(f"{1:032x}"))
    (held,) = log.held(key, log.find([key.id])[key.id])
    assert held.author == COUNTY


def test_what_another_signature_changes_is_named_so_that_it_is_folded_again(store: Store) -> None:
    store.part(1, 6)
    log = store.log()
    store.part(2, 3, author=TOWN, log=log)
    assert log.resigned() == {NAMES[2], NAMES[3]}
    log.flush(0)
    assert log.resigned() == set()
    log = store.log()
    store.part(2, 3, author=VILLAGE, log=log)
    assert log.resigned() == set()


# --- limits ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("restart", [False, True])
def test_limits_hold_the_lowest_counts_and_lifting_brings_back(store: Store, restart: bool) -> None:
    store.part(1, 20)
    log = store.log()

    def after(source: str, seq: int | None) -> dict[str, Any]:
        nonlocal log
        limit = None if seq is None else Limit((Tip(NAMES[seq], seq),))
        assert log.stage_limit(STREAM, source, limit)
        assert not log.stage_limit(STREAM, source, limit)
        log.flush(0)
        log = store.log() if restart else log
        found = {}
        for results in all_results(log):
            found |= {key.id.hex()[-1]: r.folded.values["head"] for key, r in results.items() if r.counted.order}
        return found

    assert after("undo:a", 12) == _last(12)
    assert after("undo:b", 15) == _last(12)
    assert after("cut:c", 7) == _last(7)
    assert after("cut:c", None) == _last(12)
    assert after("undo:a", None) == _last(15)
    assert after("undo:a", 0) == {}
    assert after("undo:a", None) == _last(15)
    assert after("undo:b", None) == _last(20)
    assert log.limits_from("undo:a") == []
    assert len(store.places()) == 20


def test_what_lies_beyond_a_limit_is_kept_and_counts_no_sooner_when_it_comes_again(store: Store) -> None:
    store.part(1, 10)
    log = store.log()
    log.stage_limit(STREAM, "undo:a", Limit((Tip(NAMES[6], 6),)))
    log.flush(0)
    assert store.part(5, 14) == 4
    assert store.heads() == _last(6)
    assert store.log().limits_from("undo:a") == [STREAM]


def test_a_limit_on_a_stream_not_yet_seen_holds_when_it_comes(store: Store) -> None:
    """FAULTS 46: revocation first, segments after."""
    log = store.log()
    log.stage_limit(STREAM, "cut:a", Limit((Tip(NAMES[3], 3),)))
    log.flush(0)
    store.part(1, 10)
    assert store.heads() == _last(3)


# --- the office's own changes -----------------------------------------------------------------------------------


def _own(store: Store, count: int, start: int = 0) -> None:
    log = store.log()
    for seq in range(start + 1, start + count + 1):
        change = read_body(LINES[seq - 1] + b"\n")[0]
        _, name = log.stage_own(STREAM, change, LINES[seq - 1], next_name)
        assert name == NAMES[seq]
    log.flush(0)


def _cut(store: Store, sizes: Sequence[int]) -> None:
    """Cut the tail into segments of these sizes, as an export does."""
    log = store.log()
    for size in sizes:
        run = min((r for r in log.chain(1).runs.values() if log.is_tail(r.no)), key=lambda r: r.first)
        lines = [bytes(x) for (x,) in store.db.execute("SELECT line FROM tail ORDER BY no LIMIT ?", [size])]
        header, body = make_header(STREAM, run.first, run.prev, lines, key="0" * 32, made=0)
        log.cut_tail(1, Segment(header_bytes(header), b"", body), header, check_chain(header, body, lines))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.lists(st.integers(1, 4), max_size=4)), min_size=1, max_size=6))
def test_cut_in_pieces_of_any_size_names_and_records_stay_equal(steps: list[tuple[int, list[int]]]) -> None:
    store = Store()
    written = cut = 0
    for count, sizes in steps:
        _own(store, count, written)
        written += count
        fitting = []
        for size in sizes:
            if cut + size <= written:
                fitting.append(size)
                cut += size
        _cut(store, fitting)
        places = store.places()
        assert set(places) == set(NAMES[1 : written + 1])
        assert store.heads() == _last(written)
        assert store.db.execute("SELECT count(*) FROM tail").fetchone() == (written - cut,)
        log = store.log()
        assert not log.chain(1).forked
        assert log.find_tip(1, Tip(NAMES[written], written)) is not None
    bodies = b"".join(segment.body for _, segment in books.all_segments(store.db))
    assert bodies == b"".join(line + b"\n" for line in LINES[:cut])
    store.db.close()


def test_ones_own_changes_coming_back_in_a_package_add_nothing(store: Store) -> None:
    _own(store, 10)
    assert store.part(1, 6) == 0
    _cut(store, [4])
    assert store.part(1, 10) == 0
    assert store.part(8, 12) == 2
    assert store.heads() == _last(12)


def test_own_changes_go_on_after_what_another_branch_sent(store: Store) -> None:
    _own(store, 5)
    store.part(1, 9)
    _own(store, 3, 9)
    assert store.heads() == _last(12)


# --- finding --------------------------------------------------------------------------------------------------


def test_a_name_is_found_wherever_it_stands_and_nowhere_else(store: Store) -> None:
    store.part(1, 7)
    store.part(12, 15)
    log = store.log()
    wanted = {NAMES[3], NAMES[13], NAMES[9], bytes(32)}
    assert set(log.locate(wanted)) == {NAMES[3], NAMES[13]}
    assert log.find_tip(1, Tip(NAMES[13], 99)) == log.find_tip(1, Tip(NAMES[13], 13))
    assert log.find_tip(1, Tip(NAMES[9], 9)) is None


def test_a_name_that_begins_inside_another_is_not_found(store: Store) -> None:
    store.part(1, 7)
    names = b"".join(NAMES[1:8])
    assert store.log().locate({names[5:37], names[40:72]}) == {}


def test_what_was_staged_and_thrown_away_leaves_nothing(store: Store) -> None:
    store.part(1, 4)
    log = store.log()
    store.part(3, 9, log=log)
    log.stage_limit(STREAM, "undo:a", Limit((Tip(NAMES[2], 2),)))
    del log
    assert len(store.places()) == 4
    assert store.log().limits_from("undo:a") == []


def test_a_plan_sees_staged_and_stored_changes_alike(store: Store) -> None:
    store.part(1, 5)
    log = store.log()
    store.part(4, 12, log=log)
    names = [
        log.name_at(run.no, seq)
        for run in sorted(log.chain(1).runs.values(), key=lambda r: r.first)
        for seq in range(run.first, run.last + 1)
    ]
    assert names == NAMES[1:13]
    changes = [
        log.change_at(run.no, seq).at
        for run in sorted(log.chain(1).runs.values(), key=lambda r: r.first)
        for seq in range(run.first, run.last + 1)
    ]
    assert changes == list(range(1, 13))


def test_sixty_random_deliveries_come_to_the_same(store: Store) -> None:
    rng = random.Random(5)
    for _ in range(60):
        first = rng.randrange(1, 31)
        store.part(first, min(30, first + rng.randrange(12)), author=rng.choice([VILLAGE, TOWN]))
    store.part(1, 30)
    assert store.heads() == _last(30)
    assert len(store.places()) == 30
