"""The log: streams, segments, runs, the office's own uncut changes, and the index of changes.

Segment bodies are the log (DESIGN §4): a change that came in a segment is never copied into a row; the index
says only which record it is of and where it stands. A :class:`Log` can be given things that are not written
yet (``stage_…``), so that a plan sees them together with what is stored; :meth:`Log.flush` writes them inside
the caller's transaction. Nothing here is ever deleted or changed once written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from fulian_desktop.domain.units import level_of
from fulian_desktop.ledger.chains import Chain, Limit, Run, Tip
from fulian_desktop.ledger.changes import Change, read_change
from fulian_desktop.ledger.counting import Held
from fulian_desktop.ledger.fold import may_write
from fulian_desktop.ledger.segments import Segment, SegmentHeader
from fulian_desktop.ledger.streams import Stream, start_name
from fulian_desktop.store.bodies import pack, pack_beside, unpack
from fulian_desktop.store.vault import Connection

CHUNK = 500


_SEQ = (1 << 32) - 1


def tail_no(stream: int, seq: int) -> int:
    """The key under which an uncut change lies in the tail."""
    return stream << 32 | seq


def place_of(no: int) -> tuple[int, int]:
    """(stream, seq) of such a key."""
    return no >> 32, no & _SEQ


def tail_range(stream: int) -> tuple[int, int]:
    """The first and last key of a stream's uncut changes."""
    return tail_no(stream, 0), tail_no(stream, _SEQ)


class RecordKey(NamedTuple):
    """A record's full key; ``id`` is 16 bytes."""

    unit: str
    kind: str
    id: bytes


class Placed(NamedTuple):
    """Where a change stands."""

    run: int
    seq: int


class StagedSegment(NamedTuple):
    """A verified segment that is not written yet: its bytes, names (32 bytes each) and changes."""

    no: int
    stream: int
    segment: Segment
    header: SegmentHeader
    names: bytes
    changes: Sequence[Change]
    package: str


class _RunAt(NamedTuple):
    """Which bytes a run's changes are: position ``base`` of a segment, or the tail when ``segment`` is None."""

    run: Run
    stream: int
    segment: int | None
    base: int
    author: str


class OwnChange(NamedTuple):
    """A change of this installation, not yet cut into a segment."""

    stream: int
    seq: int
    name: bytes
    line: bytes
    change: Change


def _rank(author: str, unit: str) -> tuple[bool, int]:
    """Of several signers of one change the highest writer of its record's unit is the author."""
    return may_write(author, unit), -level_of(author)


# What folding asks of a run again and again: stream, author, complete, chain if limited, and of a staged run its
# names and changes with the offset from seq to position.
_View = tuple[Stream, str, bool, Chain | None, bytes | None, Sequence[Change] | None, int]


class Log:
    """Reads the log and stages additions to it. Belongs to one connection and, while staging, to one plan."""

    def __init__(self, connection: Connection, own_unit: str) -> None:
        self._db = connection
        self._own_unit = own_unit
        self._streams: dict[Stream, int] = {
            Stream(epoch, unit, cls): no
            for no, epoch, unit, cls in connection.execute("SELECT no, epoch, unit, class FROM stream")
        }
        self._by_no = {no: stream for stream, no in self._streams.items()}
        self._new_streams: list[tuple[int, Stream]] = []
        self._resigned: dict[bytes, str] = {bytes(n): a for n, a in connection.execute("SELECT name, author FROM resigned")}
        self._new_resigned: dict[bytes, str] = {}
        self._chains: dict[int, Chain] = {}
        self._views: dict[int, _View] = {}
        self._runs: dict[int, dict[int, _RunAt]] = {}
        self._at: dict[int, _RunAt] = {}
        self._lines: dict[int, list[bytes]] = {}
        self._names: dict[int, bytes] = {}
        self._segments: dict[int, StagedSegment] = {}
        self._new_runs: list[_RunAt] = []
        self._attached: list[tuple[int, int]] = []
        self._own: dict[tuple[int, int], OwnChange] = {}
        self._fresh: dict[tuple[int, int], OwnChange] = {}  # as `_own`, but on disk (store/fresh.py)
        self._fresh_of: dict[bytes, list[Placed]] = {}
        for run, place, name, text in connection.execute("SELECT run, place, name, line FROM fresh"):
            line = text.encode()
            self._keep_fresh(run, OwnChange(*place_of(place), bytes(name), line, read_change(line)))
        self._together: tuple[str, int | None] | None = None
        self._packed: Iterator[bytes] | None = None
        self._limits: dict[Stream, dict[str, Limit]] | None = None
        self._limit_changes: dict[tuple[Stream, str], Limit | None] = {}
        self._next = {table: self._last_no(table) + 1 for table in ("stream", "segment", "run")}

    def _last_no(self, table: str) -> int:
        return int(self._db.execute(f"SELECT coalesce(max(no), 0) FROM {table}").fetchone()[0])  # noqa: S608 - fixed names

    def _take(self, table: str) -> int:
        number = self._next[table]
        self._next[table] = number + 1
        return number

    # --- streams, runs, chains ------------------------------------------------------------------------

    def streams(self) -> dict[Stream, int]:
        """All known streams with their numbers."""
        return self._streams

    def stream(self, number: int) -> Stream:
        """The stream of that number."""
        return self._by_no[number]

    def number(self, stream: Stream) -> int:
        """The number of a stream, staged anew when it is not known."""
        known = self._streams.get(stream)
        if known is None:
            known = self._take("stream")
            self._streams[stream] = known
            self._by_no[known] = stream
            self._new_streams.append((known, stream))
            self._runs[known] = {}
        return known

    def _load_runs(self, stream: int) -> dict[int, _RunAt]:
        runs = self._runs.get(stream)
        if runs is None:
            runs = {}
            rows = self._db.execute(
                "SELECT no, first, last, prev, parent, segment, base, author FROM run WHERE stream = ?", [stream]
            ).fetchall()
            uncut = sorted(row[1] for row in rows if row[5] is None)
            for no, first, last, prev, parent, segment, base, author in rows:
                end = last
                if segment is None:  # ends where the tail ends: a save need not write that here too
                    end = self._tail_end(stream, first, next((f - 1 for f in uncut if f > first), _SEQ))
                runs[no] = _RunAt(Run(no, first, end, prev, parent), stream, segment, base, author)
            self._runs[stream] = runs
            self._at.update(runs)
        return runs

    def _tail_end(self, stream: int, first: int, most: int) -> int:
        """Seq of the last uncut change of a run that begins at ``first`` and ends at the latest at ``most``."""
        span = tail_no(stream, first), tail_no(stream, most)
        found = self._db.execute("SELECT coalesce(max(no), 0) FROM tail WHERE no BETWEEN ? AND ?", span).fetchone()[0]
        fresh = (seq for number, seq in self._fresh if number == stream and first <= seq <= most)
        return max([int(found) & _SEQ, *fresh])

    def chain(self, stream: int) -> Chain:
        """How the runs of a stream hang together, under its limits."""
        chain = self._chains.get(stream)
        if chain is None:
            runs = self._load_runs(stream)
            limits = self.limits(self.stream(stream))
            held = [at.run for at in runs.values()]
            chain = Chain(self.stream(stream), held, limits.values(), lambda tip: self.find_tip(stream, tip))
            self._chains[stream] = chain
        return chain

    def _run_at(self, run: int) -> _RunAt:
        at = self._at.get(run)
        if at is None:
            stream = self._db.execute("SELECT stream FROM run WHERE no = ?", [run]).fetchone()[0]
            at = self._load_runs(stream)[run]
        return at

    def stream_of_run(self, run: int) -> int:
        """The stream a run belongs to."""
        return self._run_at(run).stream

    def is_tail(self, run: int) -> bool:
        """Whether a run is the office's own and not yet cut into a segment."""
        return self._run_at(run).segment is None

    def runs_with_segments(self, stream: int) -> list[tuple[Run, int | None]]:
        """The runs of a stream with the segment each lies in (None: not yet cut)."""
        return [(at.run, at.segment) for at in self._load_runs(stream).values()]

    def segment_within(self, stream: int, segment: int) -> bool:
        """Whether any change of a segment lies within every limit: what lies beyond is not passed on."""
        chain = self.chain(stream)
        if not chain.limited:
            return True
        own = [at.run for at in self._load_runs(stream).values() if at.segment == segment]
        return any(chain.within(run.no, run.first) for run in own)

    @property
    def limited(self) -> bool:
        """Whether a limit lies on any stream."""
        return any(self.all_limits().values())

    def is_within(self, place: Placed) -> bool:
        """Whether a change lies within every limit on its stream."""
        chain = self.chain(self._run_at(place.run).stream)
        return not chain.limited or chain.within(place.run, place.seq)

    def last_of(self, run: int) -> int:
        """The seq of a run's last change."""
        return self._run_at(run).run.last

    # --- limits ---------------------------------------------------------------------------------------

    def limits(self, stream: Stream) -> dict[str, Limit]:
        """Source (``undo:PACKAGE`` or ``cut:HASH``) → limit, as staged."""
        return self.all_limits().setdefault(stream, {})

    def all_limits(self) -> dict[Stream, dict[str, Limit]]:
        """Stream → source → limit, as staged."""
        if self._limits is None:
            self._limits = {}
            for epoch, unit, cls, source, tips in self._db.execute("SELECT epoch, unit, class, source, tips FROM limit_on"):
                limit = Limit(tuple(Tip(bytes.fromhex(n), s) for n, s in json.loads(tips)))
                self._limits.setdefault(Stream(epoch, unit, cls), {})[source] = limit
        return self._limits

    def stage_limit(self, stream: Stream, source: str, limit: Limit | None) -> bool:
        """Put a limit on a stream, or lift the one of that source (None); whether anything changed."""
        limits = self.limits(stream)
        if limits.get(source) == limit:
            return False
        if limit is None:
            del limits[source]
        else:
            limits[source] = limit
        self._limit_changes[stream, source] = limit
        if stream in self._streams:
            self._drop_chain(self._streams[stream])
        return True

    def limits_from(self, source: str) -> list[Stream]:
        """The streams on which a limit of that source lies."""
        return [stream for stream, by_source in self.all_limits().items() if source in by_source]

    # --- names and lines ------------------------------------------------------------------------------

    def name_at(self, run: int, seq: int) -> bytes:
        """The name of a stored or staged change."""
        at = self._run_at(run)
        if at.segment is None:
            own = self._own_at(at.stream, seq)
            if own is not None:
                return own.name
            return bytes(self._db.execute("SELECT name FROM tail WHERE no = ?", [tail_no(at.stream, seq)]).fetchone()[0])
        offset = (at.base + seq - at.run.first) * 32
        return self._names_of(at.segment)[offset : offset + 32]

    def _names_of(self, segment: int) -> bytes:
        staged = self._segments.get(segment)
        if staged is not None:
            return staged.names
        names = self._names.get(segment)
        if names is None:
            if len(self._names) > 2_000:
                self._names.clear()
            names = bytes(self._db.execute("SELECT names FROM body WHERE segment = ?", [segment]).fetchone()[0])
            self._names[segment] = names
        return names

    def _lines_of(self, segment: int) -> list[bytes]:
        lines = self._lines.get(segment)
        if lines is None:
            if len(self._lines) > 400:  # bounded: 400 bodies of 500 changes are some 100 MB at most
                self._lines.clear()
            stored = self._db.execute("SELECT body FROM body WHERE segment = ?", [segment]).fetchone()[0]
            lines = unpack(stored).split(b"\n")
            self._lines[segment] = lines
        return lines

    def _tail_names(self, stream: int) -> dict[int, bytes]:
        found = {
            no & _SEQ: bytes(name)
            for no, name in self._db.execute("SELECT no, name FROM tail WHERE no BETWEEN ? AND ?", tail_range(stream))
        }
        for known in (self._fresh, self._own):
            found.update({own.seq: own.name for own in known.values() if own.stream == stream})
        return found

    def _own_at(self, stream: int, seq: int) -> OwnChange | None:
        """An own change that is staged or lies in ``fresh``."""
        return self._own.get((stream, seq)) or self._fresh.get((stream, seq))

    def change_at(self, run: int, seq: int) -> Change:
        """A stored or staged change."""
        at = self._run_at(run)
        if at.segment is None:
            own = self._own_at(at.stream, seq)
            if own is not None:
                return own.change
            line = self._db.execute("SELECT line FROM tail WHERE no = ?", [tail_no(at.stream, seq)]).fetchone()[0]
            return read_change(bytes(line))
        position = at.base + seq - at.run.first
        staged = self._segments.get(at.segment)
        return staged.changes[position] if staged is not None else read_change(self._lines_of(at.segment)[position])

    # --- staging what came in -------------------------------------------------------------------------

    def stage_segment(
        self, segment: Segment, header: SegmentHeader, names: bytes, changes: Sequence[Change], author: str, package: str
    ) -> list[Run]:
        """Add a verified segment; returns the runs of changes that were not held before (empty: all were)."""
        stream = self.number(header.stream)
        held = self._held_positions(stream, header, names, author)
        if len(held) == header.count:
            return []
        number = self._take("segment")
        self._segments[number] = StagedSegment(number, stream, segment, header, names, changes, package)
        added: list[Run] = []
        position = 0
        while position < header.count:
            if position in held:
                position += 1
                continue
            end = position
            while end + 1 < header.count and end + 1 not in held:
                end += 1
            prev = bytes.fromhex(header.prev) if position == 0 else names[(position - 1) * 32 : position * 32]
            added.append(self._add_run(stream, header.first + position, header.first + end, prev, number, position, author))
            position = end + 1
        self._attach_loose(stream, added)
        return added

    def _held_positions(self, stream: int, header: SegmentHeader, names: bytes, author: str) -> set[int]:
        held: set[int] = set()
        better = [at for at in self._load_runs(stream).values() if _rank(author, header.unit) > _rank(at.author, header.unit)]
        last = header.first + header.count - 1
        for at in self._load_runs(stream).values():
            low, high = max(at.run.first, header.first), min(at.run.last, last)
            if low > high:
                continue
            if at.segment is None:
                tail = self._tail_names(stream)
                stored = b"".join(tail[seq] for seq in range(low, high + 1))
            else:
                offset = at.base + low - at.run.first
                stored = self._names_of(at.segment)[offset * 32 : (offset + high - low + 1) * 32]
            start = low - header.first
            theirs = names[start * 32 : (start + high - low + 1) * 32]
            same = high - low + 1
            if stored != theirs:  # a fork inside: names agree up to where the branches part
                same = next(i for i in range(same) if stored[i * 32 : i * 32 + 32] != theirs[i * 32 : i * 32 + 32])
            held.update(range(start, start + same))
            if at in better:
                self._resign({theirs[i * 32 : i * 32 + 32] for i in range(same)}, author, header.unit)
        return held

    def _resign(self, names: set[bytes], author: str, unit: str) -> None:
        for name in names:
            known = self._resigned.get(name)
            if known is None or _rank(author, unit) > _rank(known, unit):
                self._resigned[name] = self._new_resigned[name] = author

    def resigned(self) -> set[bytes]:
        """Names of stored changes for which a higher writer's signature has just arrived: fold their records again."""
        return set(self._new_resigned)

    def _add_run(self, stream: int, first: int, last: int, prev: bytes, segment: int | None, base: int, author: str) -> Run:
        run = Run(self._take("run"), first, last, prev, self._parent(stream, first, prev))
        at = _RunAt(run, stream, segment, base, author)
        self._load_runs(stream)[run.no] = at
        self._at[run.no] = at
        self._new_runs.append(at)
        self._drop_chain(stream)
        return run

    def _parent(self, stream: int, first: int, prev: bytes) -> int | None:
        for at in self._load_runs(stream).values():
            if at.run.first <= first - 1 <= at.run.last and self.name_at(at.run.no, first - 1) == prev:
                return at.run.no
        return None

    def _attach_loose(self, stream: int, added: list[Run]) -> None:
        """Runs that waited for what has come now hang on it."""
        runs = self._load_runs(stream)
        for at in list(runs.values()):
            run = at.run
            if run.parent is not None or run.first == 1:
                continue
            for new in added:
                before = run.first - 1
                if new.no != run.no and new.first <= before <= new.last and self.name_at(new.no, before) == run.prev:
                    moved = at._replace(run=run._replace(parent=new.no))
                    runs[run.no] = self._at[run.no] = moved
                    self._attached.append((run.no, new.no))
                    self._new_runs = [moved if n.run.no == run.no else n for n in self._new_runs]
                    self._drop_chain(stream)
                    break

    def stage_own(self, stream: Stream, change: Change, line: bytes, name_after: Any) -> tuple[int, bytes]:  # noqa: ANN401
        """Add a change of this installation; returns (run, name). ``name_after(prev, line)`` gives the name."""
        number = self.number(stream)
        runs = self._load_runs(number)
        ends = sorted((at.run.last, at.run.no) for at in runs.values())
        if ends:
            seq, last_run = ends[-1][0] + 1, ends[-1][1]
            prev = self.name_at(last_run, seq - 1)
        else:
            seq, last_run, prev = 1, 0, start_name(stream)
        name = name_after(prev, line)
        self._own[number, seq] = OwnChange(number, seq, name, line, change)
        if last_run and runs[last_run].segment is None:
            at = runs[last_run]
            grown = at._replace(run=at.run._replace(last=seq))
            runs[last_run] = self._at[last_run] = grown
            if any(n.run.no == last_run for n in self._new_runs):
                self._new_runs = [grown if n.run.no == last_run else n for n in self._new_runs]
            chain = self._chains.get(number)
            if chain is not None and not chain.grow(grown.run):
                self._drop_chain(number)
            return last_run, name
        return self._add_run(number, seq, seq, prev, None, 0, self._own_unit).no, name

    def find_tip(self, stream: int, tip: Tip) -> tuple[int, int] | None:
        """Where a named change of a stream stands: (run, seq), or None when it is not stored."""
        runs = list(self._load_runs(stream).values())
        for at in runs:
            if at.run.first <= tip.seq <= at.run.last and self.name_at(at.run.no, tip.seq) == tip.name:
                return at.run.no, tip.seq
        found = self._search_runs(runs, {tip.name}).get(tip.name)
        return None if found is None else (found.run, found.seq)

    # --- the changes of records -----------------------------------------------------------------------

    def find(self, records: Iterable[bytes]) -> dict[bytes, list[Placed]]:
        """Where the stored (not the staged) changes of records stand."""
        found: dict[bytes, list[Placed]] = {}
        ids = list(records)
        for start in range(0, len(ids), CHUNK):
            chunk = ids[start : start + CHUNK]
            marks = ",".join("?" * len(chunk))
            rows = self._db.execute(f"SELECT record, run, seq FROM change WHERE record IN ({marks})", chunk)  # noqa: S608
            for record, run, seq in rows:
                found.setdefault(bytes(record), []).append(Placed(run, seq))
        for record in self._fresh_of.keys() & ids if self._fresh_of else ():
            known = found.setdefault(record, [])
            known += [place for place in self._fresh_of[record] if place not in known]  # another process put it away
        return found

    def held(self, key: RecordKey, placed: Sequence[Placed]) -> list[Held]:
        """The changes of one record that lie within every limit, ready for counting."""
        if len(placed) == 1:
            held = self._held_at(key, placed[0])
            return [] if held is None else [held]
        by_name: dict[bytes, tuple[Stream, Held]] = {}
        by_stream: dict[int, list[tuple[Placed, Held]]] = {}
        for place in placed:
            held = self._held_at(key, place)
            if held is None:
                continue
            name, number = held.name, self._run_at(place.run).stream
            stream = self._by_no[number]
            known = by_name.get(name)
            # A name twice: a segment whose labels or numbers lie. Only one place can be held back to its stream's
            # start, and that one is true; among others the choice must not depend on what came first.
            if known is None or (not known[1].complete and (held.complete, stream) > (known[1].complete, known[0])):
                by_name[name] = (stream, held)
            by_stream.setdefault(number, []).append((place, held))
        for number, members in by_stream.items():
            if len(members) > 1:
                self._link_previous(number, members)
        return [held for _, held in by_name.values()]

    def _held_at(self, key: RecordKey, place: Placed) -> Held | None:
        """One change of a record, None when it lies beyond a limit or belongs to another record of the same id."""
        run, seq = place
        view = self._views.get(run)
        if view is None:
            view = self._views[run] = self._view(run)
        stream, author, complete, chain, names, changes, offset = view
        if stream.unit != key.unit or (chain is not None and not chain.within(run, seq)):
            return None
        if names is None or changes is None:
            change, name = self.change_at(run, seq), self.name_at(run, seq)
        else:
            at = seq + offset
            change, name = changes[at], names[at * 32 : at * 32 + 32]
        if change.kind != key.kind:
            return None
        if self._resigned:
            author = self._resigned.get(name, author)
        return Held(name, author, stream.cls, change, complete)

    def _view(self, run: int) -> _View:
        at = self._run_at(run)
        chain = self.chain(at.stream)
        staged = self._segments.get(at.segment) if at.segment is not None else None
        return (
            self._by_no[at.stream], at.author, chain.complete(run), chain if chain.limited else None,
            staged.names if staged else None, staged.changes if staged else None, at.base - at.run.first,
        )

    def _drop_chain(self, stream: int) -> None:
        """What was known of a stream's chain holds no longer."""
        self._chains.pop(stream, None)
        self._views.clear()

    def _link_previous(self, stream: int, members: list[tuple[Placed, Held]]) -> None:
        """The stream's own previous change of the record, going back along the chain, is always a parent."""
        chain = self.chain(stream)
        members.sort(key=lambda m: m[0].seq)
        for i, (place, held) in enumerate(members):
            path = chain.path(place.run, place.seq)
            for earlier, before in reversed(members[:i]):
                if path.get(earlier.run, 0) >= earlier.seq:
                    held.previous = before.name
                    break

    def locate(self, names: set[bytes]) -> dict[bytes, Placed]:
        """Where named changes stand, wherever (a scan over all names: for the rare parent not among its record's)."""
        return self._search_runs([at for stream in self._by_no for at in self._load_runs(stream).values()], names)

    def _search_runs(self, runs: Iterable[_RunAt], names: set[bytes]) -> dict[bytes, Placed]:
        found: dict[bytes, Placed] = {}
        for at in runs:
            if at.segment is None:
                hits = [(name, seq) for seq, name in self._tail_names(at.stream).items() if name in names]
                found.update({name: Placed(at.run.no, seq) for name, seq in hits})
                continue
            blob = self._names_of(at.segment)
            low, high = at.base, at.base + at.run.last - at.run.first
            for name in names:
                position = blob.find(name)
                if position >= 0 and position % 32 == 0 and low <= position // 32 <= high:
                    found[name] = Placed(at.run.no, at.run.first + position // 32 - low)
        return found

    def streams_signed_by(self, key: str) -> set[Stream]:
        """The streams of which segments, stored or staged, are signed by a key."""
        found = {self._by_no[no] for (no,) in self._db.execute("SELECT DISTINCT stream FROM segment WHERE key = ?", [key])}
        return found | {s.header.stream for s in self._segments.values() if s.header.key == key}

    # --- writing --------------------------------------------------------------------------------------

    def keep_together(self, label: str, row: int | None) -> None:
        """The one own change that is staged is a whole act of this label: it is written as one row (store/fresh.py).

        ``row``: number of the record's row in its table.
        """
        self._together = label, row

    @property
    def fresh(self) -> int:
        """How many single saves wait to be put away."""
        return len(self._fresh)

    def _keep_fresh(self, run: int, own: OwnChange) -> None:
        self._fresh[own.stream, own.seq] = own
        self._fresh_of.setdefault(bytes.fromhex(own.change.record), []).append(Placed(run, own.seq))

    def pack_ahead(self) -> None:
        """Begin to compress the bodies that are staged: :meth:`flush` comes when other things have been written."""
        if self._segments:
            self._packed = pack_beside([staged.segment.body for staged in self._segments.values()])

    def flush(self, now: int) -> None:
        """Write all that was staged, inside the caller's transaction. ``now`` in ms."""
        db = self._db
        if self._new_streams:
            db.executemany("INSERT INTO stream VALUES (?,?,?,?)", [(no, *stream) for no, stream in self._new_streams])
        if self._segments or self._attached or self._new_resigned:
            self._flush_received()
        if self._new_runs:
            db.executemany(
                "INSERT INTO run VALUES (?,?,?,?,?,?,?,?,?)",
                [
                    (a.run.no, a.stream, a.run.first, a.run.last, a.run.prev, a.run.parent, a.segment, a.base, a.author)
                    for a in self._new_runs
                ],
            )
        if self._together is not None:
            self._flush_together(*self._together)
        else:
            tail = [(tail_no(o.stream, o.seq), o.name, o.line) for o in self._own.values()]
            db.executemany("INSERT INTO tail VALUES (?,?,?)", tail)
            db.executemany(
                "INSERT INTO change VALUES (?,?,?)",
                [(bytes.fromhex(o.change.record), self._tail_run(o.stream, o.seq), o.seq) for o in self._own.values()],
            )
        for (stream, source), limit in self._limit_changes.items():
            if limit is None:
                db.execute("DELETE FROM limit_on WHERE epoch = ? AND unit = ? AND class = ? AND source = ?", [*stream, source])
            else:
                tips = json.dumps([[tip.name.hex(), tip.seq] for tip in limit.tips])
                db.execute("INSERT OR REPLACE INTO limit_on VALUES (?,?,?,?,?,?)", [*stream, source, tips, now])
        self._forget_staged()

    def _flush_together(self, label: str, row: int | None) -> None:
        (own,) = self._own.values()
        run = self._tail_run(own.stream, own.seq)
        self._db.execute(
            "INSERT INTO fresh (run, place, name, line, label, kind, row) VALUES (?,?,?,?,?,?,?)",
            [run, tail_no(own.stream, own.seq), bytearray(own.name), own.line.decode(), label, own.change.kind, row],
        )
        self._keep_fresh(run, own)

    def _flush_received(self) -> None:
        """Write segments that came in, where their new changes stand, and what hangs on what."""
        db = self._db
        db.executemany("INSERT OR REPLACE INTO resigned VALUES (?,?)", self._new_resigned.items())
        staged = self._segments.values()
        db.executemany(
            "INSERT INTO segment VALUES (?,?,?,?,?,?,?,?,?,?)",
            [
                (s.no, s.stream, s.header.first, s.header.count, bytes.fromhex(s.header.prev), bytes.fromhex(s.header.last),
                 s.segment.header, s.segment.signature, s.header.key, s.package)
                for s in staged
            ],
        )
        packed = self._packed or map(pack, [s.segment.body for s in staged])
        rows = ((s.no, body, s.names) for s, body in zip(staged, packed, strict=True))
        db.executemany("INSERT INTO body VALUES (?,?,?)", rows)
        attached = {run for run, _ in self._attached} - {at.run.no for at in self._new_runs}
        db.executemany("UPDATE run SET parent = ? WHERE no = ?", [(p, r) for r, p in self._attached if r in attached])
        for at in self._new_runs:
            if at.segment is not None:
                changes = self._segments[at.segment].changes
                count = at.run.last - at.run.first + 1
                places = [
                    (bytearray.fromhex(c.record), at.run.no, seq)  # bound without sqlcipher3's slow adapter
                    for seq, c in enumerate(changes[at.base : at.base + count], at.run.first)
                ]
                db.executemany("INSERT INTO change VALUES (?,?,?)", places)

    def _tail_run(self, stream: int, seq: int) -> int:
        for at in self._load_runs(stream).values():
            if at.segment is None and at.run.first <= seq <= at.run.last:
                return at.run.no
        raise AssertionError("an own change without a run")  # pragma: no cover

    def _forget_staged(self) -> None:
        for s in self._segments.values():
            self._names[s.no] = s.names
        if self._segments:
            self._segments.clear()
            self._views.clear()
        self._together = self._packed = None
        for pending in (
            self._new_streams, self._new_resigned, self._new_runs, self._attached, self._own,
            self._limit_changes,
        ):
            pending.clear()

    def cut_tail(self, number: int, segment: Segment, header: SegmentHeader, names: bytes) -> None:
        """Turn part of a stream's own uncut changes into a segment, inside the caller's transaction."""
        db = self._db
        at = next(a for a in self._load_runs(number).values() if a.segment is None and a.run.first == header.first)
        no = self._take("segment")
        db.execute(
            "INSERT INTO segment VALUES (?,?,?,?,?,?,?,?,?,?)",
            [no, number, header.first, header.count, bytes.fromhex(header.prev), bytes.fromhex(header.last),
             segment.header, segment.signature, header.key, None],
        )
        db.execute("INSERT INTO body VALUES (?,?,?)", [no, pack(segment.body), names])
        last = header.first + header.count - 1
        if last < at.run.last:  # a long tail becomes several segments: the rest is a run of its own
            rest = self._take("run")
            db.execute("INSERT INTO run VALUES (?,?,?,?,?,?,?,?,?)",
                       [rest, number, last + 1, at.run.last, bytes.fromhex(header.last), at.run.no, None, 0, at.author])
            # what branches off beyond the cut hangs on the rest from now on
            db.execute("UPDATE run SET parent = ? WHERE stream = ? AND parent = ? AND first > ? AND no != ?",
                       [rest, number, at.run.no, last + 1, rest])
            beyond = tail_no(number, last + 1), tail_range(number)[1]
            moved = db.execute("SELECT line, no FROM tail WHERE no BETWEEN ? AND ?", beyond).fetchall()
            db.executemany("UPDATE change SET run = ? WHERE record = ? AND run = ? AND seq = ?",
                           [(rest, bytes.fromhex(read_change(bytes(line)).record), at.run.no, no & _SEQ) for line, no in moved])
        db.execute("UPDATE run SET segment = ?, base = 0, last = ? WHERE no = ?", [no, last, at.run.no])
        db.execute("DELETE FROM tail WHERE no BETWEEN ? AND ?", [tail_range(number)[0], tail_no(number, last)])
        self._runs.pop(number, None)
        self._drop_chain(number)
        for run in [r for r, a in self._at.items() if a.stream == number]:
            del self._at[run]
