"""Planning a merge: what would become of every record, without writing a byte (DESIGN §8).

Merging is union of sets: the verified segments are staged beside the stored log, every record they touch is
folded anew from all its changes, and the outcome is counted. ``apply`` writes exactly this.

A record touched by a package counts once, in the first that fits: refused, waiting, conflicts, added, changed,
unchanged; ``in`` is the sum, per package and in all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from fulian_desktop.domain.kinds import find_kind
from fulian_desktop.exchange.package import Package, VerifiedSegment
from fulian_desktop.exchange.refusals import sentence
from fulian_desktop.exchange.trust import Trust
from fulian_desktop.ledger.chains import Limit, Run, Tip
from fulian_desktop.ledger.streams import Stream, start_name
from fulian_desktop.merge.sealed import SealedPart, SealedStaging
from fulian_desktop.progress import Progress
from fulian_desktop.store import books
from fulian_desktop.store.bulk import many_objects
from fulian_desktop.store.log import Log, Placed, RecordKey
from fulian_desktop.store.records import Result, fold_keys
from fulian_desktop.store.vault import Connection
from fulian_desktop.store.view import NOT_LIVING, find_rows

OUTCOMES = ("added", "changed", "unchanged", "conflicts", "refused", "waiting")


@dataclass
class Incoming:
    """One file: either an opened package, or the state and sentence with which it was refused.

    ``photos``: the hashes of those photos of the package that were kept (services/photos.py); their bytes are not
    carried along.
    """

    file: str
    package: Package | None = None
    state: str = ""
    reason: str = ""
    unit: str = ""
    package_id: str = ""
    photos: frozenset[str] = frozenset()


@dataclass
class PackagePlan:
    """What one file comes to. ``state`` as in DESIGN §11; counts are of records."""

    incoming: Incoming
    state: str = "unchanged"
    reason: str = ""
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    stood: dict[Stream, list[Tip]] = field(default_factory=dict)
    touched: dict[RecordKey, list[Placed]] = field(default_factory=dict)
    through: int | None = None
    lacking: list[tuple[str, str]] = field(default_factory=list)  # (record, hash of a photo that is not held)
    sealed: SealedPart = field(default_factory=SealedPart)

    @property
    def total(self) -> int:
        """How many records it touches: ``in``. What is sealed is no record here."""
        return sum(self.counts.values())

    @property
    def sealed_counts(self) -> dict[str, int]:
        """``sealed``: how many changes for the rights room came new; empty when there are none."""
        return {"sealed": self.sealed.changes} if self.sealed.changes else {}

    @property
    def photo_counts(self) -> dict[str, int]:
        """``photos`` kept and ``photos_missing`` of the records it touches; empty when it is about no photo."""
        missing = len({hash_ for _, hash_ in self.lacking})
        return {"photos": len(self.incoming.photos), "photos_missing": missing} if self.incoming.photos or missing else {}


@dataclass
class MergePlan:
    """The whole action, ready to be applied; nothing is written yet."""

    log: Log
    version: tuple[int, int]
    packages: list[PackagePlan]
    results: dict[RecordKey, Result]
    sure_new: bool
    trust: Trust
    lifted: list[str]

    @property
    def totals(self) -> dict[str, int]:
        """The counts of all packages together, ``in`` first."""
        sums = {name: sum(p.counts[name] for p in self.packages) for name in OUTCOMES}
        return {"in": sum(sums.values()), **sums}


@many_objects()
def plan_merge(
    db: Connection, incoming: Sequence[Incoming], *, own_unit: str, trust: Trust, undone: dict[str, str],
    version: tuple[int, int], progress: Progress | None = None,
    held_photos: Callable[[Iterable[str]], set[str]] | None = None,
) -> MergePlan:
    """Plan the merge of opened packages and refused files.

    Args:
        db: The workspace's connection (read only here).
        incoming: The packages, and the files that were refused, in the order in which they are merged.
        own_unit: This office's unit.
        trust: With all statements that came along.
        undone: Package id → day on which its import was undone, as people write it.
        version: What the workspace says of its state now; ``apply`` compares.
        progress: Told package by package and record by record; may cancel.
        held_photos: Says which photos are held; without it, missing photos are not looked for.
    """
    progress = progress or Progress()
    log = Log(db, own_unit)
    fresh_log = not log.streams()
    plans: list[PackagePlan] = []
    affected: set[RecordKey] = set()
    lifted: list[str] = []
    closed = SealedStaging(db, log)
    for i, one in enumerate(incoming):
        progress.step(i, len(incoming), one.file)
        plan = PackagePlan(one, one.state, one.reason)
        plans.append(plan)
        if one.package is None:
            continue
        affected |= _stage_one(log, closed, one.package, plan, lifted)
    affected |= _stage_cuts(log, trust)
    closed.stage_cuts(trust)
    for plan in plans:
        closed.look_back(plan.sealed, undone)
    touched: dict[RecordKey, list[Placed]] = {}
    for plan in plans:
        for key, new in plan.touched.items():
            if new:
                touched[key] = [*touched[key], *new] if key in touched else new
    affected |= concerned(db, log, touched)
    places = all_places(log, touched, affected, empty=fresh_log)
    results: dict[RecordKey, Result] = {}
    keys = list(places)
    for start in range(0, len(keys), 5_000):
        progress.step(start, len(keys), "核对记录")
        results.update(fold_keys(log, {key: places[key] for key in keys[start : start + 5_000]}))
    living = {} if fresh_log else _living(db, results)
    _count(log, plans, results, living, undone)
    _note_missing_photos(plans, results, held_photos)
    return MergePlan(log, version, plans, results, fresh_log, trust, lifted)


def _stage_one(log: Log, closed: SealedStaging, package: Package, plan: PackagePlan, lifted: list[str]) -> set[RecordKey]:
    """Stage a package; one that was undone before has its caps lifted. Returns the records that this alone concerns."""
    affected: set[RecordKey] = set()
    source = f"undo:{package.header.package}"
    streams = log.limits_from(source)
    for stream in streams:
        log.stage_limit(stream, source, None)
        affected |= keys_in(log, stream)
    _stage_package(log, package, plan)
    plan.sealed = closed.stage(package)
    plan.stood.update(plan.sealed.stood)
    if streams:
        lifted.append(package.header.package)
        plan.sealed.lifted = any(stream.cls == "restricted" for stream in streams)
        _note_lifted(log, package, plan)
    return affected


def _stage_package(log: Log, package: Package, plan: PackagePlan) -> None:
    for verified in package.segments:
        header = verified.header
        if header.cls == "restricted":
            continue
        stream = header.stream
        if stream not in plan.stood:
            plan.stood[stream] = _tips(log, stream)
        runs = log.stage_segment(
            verified.segment, header, verified.names, verified.changes, verified.signer.unit, package.header.package
        )
        touched = plan.touched
        unit = header.unit
        if len(runs) == 1 and runs[0].last - runs[0].first + 1 == header.count:
            run_no = runs[0].no
            for seq, change in enumerate(verified.changes, header.first):
                key = RecordKey(unit, change.kind, bytes.fromhex(change.record))
                place = Placed(run_no, seq)
                if key in touched:
                    touched[key].append(place)
                else:
                    touched[key] = [place]
        elif not runs:
            for change in verified.changes:
                touched.setdefault(RecordKey(unit, change.kind, bytes.fromhex(change.record)), [])
            continue
        else:
            _note_mixed(touched, verified, runs)
        newest = max(change.at for change in verified.changes)
        plan.through = max(plan.through or newest, newest)


def _note_lifted(log: Log, package: Package, plan: PackagePlan) -> None:
    """What an undo had set aside is news again: its changes count as this package's."""
    for verified in package.segments:
        if verified.header.cls == "restricted":
            continue
        number = log.number(verified.header.stream)
        for i, change in enumerate(verified.changes):
            key = RecordKey(verified.header.unit, change.kind, bytes.fromhex(change.record))
            at = log.find_tip(number, Tip(verified.names[i * 32 : i * 32 + 32], verified.header.first + i))
            if at is not None and Placed(*at) not in plan.touched[key]:
                plan.touched[key].append(Placed(*at))


def _note_mixed(touched: dict[RecordKey, list[Placed]], verified: VerifiedSegment, runs: list[Run]) -> None:
    """A segment of which some changes were held before: those touch their records without news."""
    header = verified.header
    at = [0] * header.count
    for run in runs:
        at[run.first - header.first : run.last - header.first + 1] = [run.no] * (run.last - run.first + 1)
    for seq, (run_no, change) in enumerate(zip(at, verified.changes, strict=True), header.first):
        places = touched.setdefault(RecordKey(header.unit, change.kind, bytes.fromhex(change.record)), [])
        if run_no:
            places.append(Placed(run_no, seq))


def _tips(log: Log, stream: Stream) -> list[Tip]:
    """Where a stream stands: the tip of each branch held without a gap, its start when nothing is held."""
    if stream not in log.streams():
        return [Tip(start_name(stream), 0)]
    tips = [Tip(log.name_at(run, seq), seq) for run, seq in log.chain(log.number(stream)).tips()]
    return tips or [Tip(start_name(stream), 0)]


def keys_in(log: Log, stream: Stream) -> set[RecordKey]:
    """The keys of all records that the stored runs of a stream touch; none of one that only lies here sealed."""
    if stream not in log.streams():
        return set()
    number = log.number(stream)
    found: set[RecordKey] = set()
    for run in list(log.chain(number).runs.values()):
        for seq in range(run.first, run.last + 1):
            change = log.change_at(run.no, seq)
            found.add(RecordKey(stream.unit, change.kind, bytes.fromhex(change.record)))
    return found


def _stage_cuts(log: Log, trust: Trust) -> set[RecordKey]:
    """Revocations are limits: of each revoked key, what lies beyond its cut is as if not held (DESIGN §6)."""
    affected: set[RecordKey] = set()
    for key in sorted(trust.revoked_keys()):
        for stream in log.streams_signed_by(key):
            for i, cut in enumerate(trust.limits(key, stream)):
                if log.stage_limit(stream, f"cut:{key}:{i}:{cut.name}", Limit((Tip(bytes.fromhex(cut.name), cut.seq),))):
                    affected |= keys_in(log, stream)
    return affected


def concerned(db: Connection, log: Log, touched: dict[RecordKey, list[Placed]]) -> set[RecordKey]:
    """Records that hear news of others' changes: gaps that closed, parents that came, a higher signature."""
    resigned = log.resigned()
    found = books.unsettled(db)
    for place in log.locate(resigned).values() if resigned else ():
        change = log.change_at(*place)
        found.add(RecordKey(log.stream(log.stream_of_run(place.run)).unit, change.kind, bytes.fromhex(change.record)))
    return found - touched.keys()


def all_places(
    log: Log, touched: dict[RecordKey, list[Placed]], affected: set[RecordKey], *, empty: bool
) -> dict[RecordKey, list[Placed]]:
    """Every record to be folded with all its changes, stored and staged."""
    places = dict(touched)
    for key in affected:
        places.setdefault(key, [])
    if empty:
        return places
    stored = log.find({key.id for key in places})
    if stored:
        for key, new in places.items():
            more = stored.get(key.id)
            if more:
                known = set(more)
                places[key] = [*more, *(place for place in new if place not in known)]
    return places


def _living(db: Connection, results: dict[RecordKey, Result]) -> set[RecordKey]:
    by_kind: dict[str, list[RecordKey]] = {}
    for key in results:
        by_kind.setdefault(key.kind, []).append(key)
    living: set[RecordKey] = set()
    for code, keys in by_kind.items():
        kind = find_kind(code)
        if kind is not None:
            rows = find_rows(db, kind, [key.id for key in keys])
            living |= {RecordKey(unit, code, record) for (unit, record), (_, flags) in rows.items() if not flags & NOT_LIVING}
    return living


def _count(
    log: Log, plans: list[PackagePlan], results: dict[RecordKey, Result], living: Any, undone: dict[str, str]  # noqa: ANN401
) -> None:
    seen: set[RecordKey] = set(living)
    limited = log.limited
    for plan in plans:
        if plan.incoming.package is None:
            continue
        counts = plan.counts
        for key, places in plan.touched.items():
            outcome = _outcome(log, results.get(key), places, known=key in seen, limited=limited)
            counts[outcome] += 1
            if outcome == "added":
                seen.add(key)
        plan.state, plan.reason = _state(log, plan, undone)


def _note_missing_photos(
    plans: list[PackagePlan], results: dict[RecordKey, Result], held: Callable[[Iterable[str]], set[str]] | None
) -> None:
    """Which photos, named by the records that a package touches, neither are held nor come with this merge."""
    if held is None:
        return
    named: dict[RecordKey, list[str]] = {}
    for key, result in results.items():
        if result.folded.deleted:
            continue
        for code, value in result.folded.values.items():
            if code.startswith("photos:"):
                named.setdefault(key, []).append(value.get("hash", ""))
    here = held({hash_ for hashes in named.values() for hash_ in hashes if hash_}) if named else set()
    here = here.union({""}, *(plan.incoming.photos for plan in plans))
    for plan in plans:
        if plan.incoming.package is not None:
            for key in plan.touched.keys() & named.keys():
                plan.lacking += [(key.id.hex(), hash_) for hash_ in named[key] if hash_ not in here]
            plan.lacking.sort()


def _outcome(log: Log, result: Result | None, places: list[Placed], *, known: bool, limited: bool) -> str:
    if result is None or not places:
        return "unchanged"
    folded, counted = result.folded, result.counted
    if limited and not any(log.is_within(place) for place in places):
        return "waiting"  # beyond a cut or a cap: kept, without effect
    if folded.refused or counted.waiting or counted.invalid or folded.conflicts or not folded.exists:
        mine = {log.name_at(p.run, p.seq) for p in places}
        if any(r.change in mine for r in folded.refused) or any(h.name in mine for h in counted.invalid):
            return "refused"
        if any(h.name in mine for h in counted.waiting):
            return "waiting"
        if any(folded.order[s.at].name in mine for settings in folded.conflicts.values() for s in settings):
            return "conflicts"
        if not folded.exists:
            return "unchanged"  # nothing of it has an effect here, as of a kind that this program does not know
    return "changed" if known else "added"


_SEGMENT_STATES = {"segment-scope": "out-of-scope", "segment-unknown": "unknown-signer"}


def _state(log: Log, plan: PackagePlan, undone: dict[str, str]) -> tuple[str, str]:
    package = plan.incoming.package
    assert package is not None  # noqa: S101 - refused files have their state already
    if package.problems and not package.segments and package.header.segments:
        first = package.problems[0]
        return _SEGMENT_STATES.get(first.code, "damaged"), first.text
    if package.revoked:
        return "revoked", sentence("revoked", unit=package.header.unit)
    plain = [v.header.stream for v in package.segments if v.header.cls != "restricted"]
    gaps = [run for stream in plain for run in log.chain(log.number(stream)).gaps()]
    new = any(plan.touched.values()) or bool(plan.sealed.new) or plan.sealed.lifted
    beyond = _undone_on(log, package, undone) or plan.sealed.undone_on
    if beyond:
        return "waiting", f"这些内容的合并在{beyond}撤销过。下一步：要恢复，请再合并当时的那个包。"
    if (gaps and plan.counts["waiting"]) or plan.sealed.gap:
        seq = min([run.first for run in gaps], default=plan.sealed.gap)
        return "waiting", f"前面还缺上报包（缺到第 {seq - 1} 条变更）。下一步：合并缺的那个；找不到就请对方重新全部导出。"
    if new and (plan.sealed.forked or any(log.chain(log.number(stream)).forked for stream in plain)):
        return "fork", "两台电脑用了同一个编号，两边的内容都已算上。下一步：请对方只用一台电脑上报。"
    if package.problems:
        return "merged", package.problems[0].text
    return ("merged", "") if new or package.statements else ("unchanged", "已导入过，没有新内容。")


def _undone_on(log: Log, package: Package, undone: dict[str, str]) -> str:
    """The day of the undo beyond whose cap all of a package lies, or ""."""
    for verified in package.segments:
        if verified.header.cls == "restricted":
            continue
        for source in log.limits(verified.header.stream):
            name = source.removeprefix("undo:")
            if source.startswith("undo:") and name in undone:
                chain = log.chain(log.number(verified.header.stream))
                header = verified.header
                tip = Tip(bytes.fromhex(header.last), header.first + header.count - 1)
                last = log.find_tip(log.number(header.stream), tip)
                if last is not None and not chain.within(*last):
                    return undone[name]
    return ""
