"""上报与合并: packages out and in, receipts, undo of an import, the roll call (DESIGN §5, §8)."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from fulian_desktop.domain.texts import closed
from fulian_desktop.domain.units import covers, is_above, is_code, level_of
from fulian_desktop.errors import FulianError, InputProblem, MachineProblem, NotFound, Refused
from fulian_desktop.exchange import stick
from fulian_desktop.exchange.addressing import may_receive, may_receive_sealed
from fulian_desktop.exchange.contents import Contents, Holding
from fulian_desktop.exchange.envelope import inspect, verify_written
from fulian_desktop.exchange.package import Deciphered, decipher, open_package, sign_segment, write_package
from fulian_desktop.exchange.refusals import PackageRefused, PackageTooLarge
from fulian_desktop.exchange.trust import Signer, Trust
from fulian_desktop.ledger.chains import Tip
from fulian_desktop.ledger.segments import Segment, check_chain, header_bytes, make_header
from fulian_desktop.merge import apply as applying
from fulian_desktop.merge.plan import Incoming, MergePlan, plan_merge
from fulian_desktop.progress import Progress
from fulian_desktop.services import photos
from fulian_desktop.services.hand_over import about_carried, left_behind
from fulian_desktop.services.office import Office, today
from fulian_desktop.services.reporting import lacking_of, standings
from fulian_desktop.services.rights import seal_own, take_in
from fulian_desktop.store import books, sealed
from fulian_desktop.store.bulk import many_objects
from fulian_desktop.store.installation import note_export
from fulian_desktop.store.log import Log
from fulian_desktop.store.photos import has, note_sent
from fulian_desktop.store.workspace import new_id, now_ms

CUT = 500  # changes a segment: an edit reads its record's earlier changes out of whole bodies


# --- out ---------------------------------------------------------------------------------------------------


def cut_tails(office: Office) -> int:
    """Sign everything not yet signed: the office's own uncut changes become segments; returns how many changes."""
    workspace = office.workspace
    cut = 0
    if not books.uncut_changes(workspace.db):
        return cut
    made = now_ms()
    with workspace.transaction(put_away=True) as log:
        for number in books.tail_streams(workspace.db):
            lines = books.tail_lines(workspace.db, number)
            cut += len(lines)
            run = next(r for r in log.chain(number).runs.values() if r.last >= 1 and log.is_tail(r.no))
            first, prev = run.first, run.prev
            for start in range(0, len(lines), CUT):
                chunk = lines[start : start + CUT]
                header, body = make_header(log.stream(number), first, prev, chunk, key=office.keys.key, made=made)
                segment = sign_segment(office.keys, header_bytes(header), body)
                log.cut_tail(number, segment, header, check_chain(header, body, chunk))
                first, prev = first + len(chunk), bytes.fromhex(header.last)
    workspace.forget_log()
    return cut


def select_segments(office: Office, receiver: str, *, full: bool = False) -> tuple[list[Segment], int, set[str]]:
    """Everything that the receiver is not known to hold, in stream order.

    Returns:
        The segments, how many changes they carry, and the ids of the keys that signed them.
    """
    workspace = office.workspace
    log = workspace.log
    computers = [] if full else books.holdings_of(workspace.db, receiver)
    if len(computers) < len({*office.trust.boxes_for(receiver)} - {office.keys.box_public}):
        computers = []  # a computer of the receiver's never said what it holds: it may hold nothing
    chosen: list[Segment] = []
    changes = 0
    keys: set[str] = set()
    for stream, number in sorted(log.streams().items()):
        if not may_receive(receiver, stream):
            continue
        believed = [_paths(log, number, _believed(log, number, held.get(stream, []))) for held in computers]
        skip = _segments_held(log, number, believed)
        for no, key, count in books.segment_heads(workspace.db, number):
            if no not in skip and log.segment_within(number, no):
                chosen.append(books.segment(workspace.db, no))
                changes += count
                keys.add(key)
    return chosen, changes, keys


def select_sealed(
    office: Office, receiver: str, *, full: bool = False, own: bool = False, again: Set[bytes] = frozenset(),
) -> tuple[list[Segment], int, set[str]]:
    """As :func:`select_segments`, of what is sealed for rights rooms.

    What other offices sent goes on to those above as it came: they asked for it. This installation's own goes only when
    it is asked for here.

    Args:
        office: Who sends.
        receiver: To whom.
        full: Whatever the receiver said it holds.
        own: This installation's own too.
        again: Headers of what goes in any case.
    """
    workspace = office.workspace
    computers = [] if full else books.holdings_of(workspace.db, receiver)
    if len(computers) < len({*office.trust.boxes_for(receiver)} - {office.keys.box_public}):
        computers = []
    chosen: list[sealed.Sealed] = []
    for stream, members in sorted(sealed.all_sealed(workspace.db).items()):
        if not may_receive_sealed(receiver, stream):
            continue
        chain = sealed.SealedChain(stream, members, workspace.log.limits(stream).values())
        held = [chain.held_by(computer.get(stream, [])) for computer in computers]
        skip = set.intersection(*held) if held else set()
        chosen += [
            one for one in members
            if (one.no not in skip or one.header in again) and (own or one.package is not None) and chain.within(one)
        ]
    segments = [sealed.segment(workspace.db, one.no) for one in chosen]
    return segments, sum(one.count for one in chosen), {one.key for one in chosen}


def _believed(log: Log, number: int, tips: Sequence[Tip]) -> Sequence[Tip]:
    """What a computer says it holds of a stream, nothing where it knows fewer branches than there are.

    Two computers that go by one epoch speak as one: what one of them holds says nothing of the other, and the other
    branch is what makes it mint a new epoch.
    """
    chain = log.chain(number)
    return () if chain.forked and len(tips) < len(chain.tips()) else tips


def _paths(log: Log, number: int, tips: Sequence[Tip]) -> dict[int, int]:
    """Run → last seq that lies on the chain of one of the tips."""
    path: dict[int, int] = {}
    for tip in tips:
        at = log.find_tip(number, tip)
        if at is not None:
            for run, seq in log.chain(number).path(*at).items():
                path[run] = max(path.get(run, 0), seq)
    return path


def _segments_held(log: Log, number: int, known: Sequence[dict[int, int]]) -> set[int]:
    """Segments all of whose changes every computer of the receiver holds; none while nothing is known of it."""
    if not known:
        return set()
    by_segment: dict[int, bool] = {}
    for run, segment in log.runs_with_segments(number):
        if segment is not None:
            whole = all(path.get(run.no, 0) >= run.last for path in known)
            by_segment[segment] = by_segment.get(segment, True) and whole
    return {segment for segment, whole in by_segment.items() if whole}


def holdings_for(office: Office, receiver: str) -> tuple[Holding, ...]:
    """What this office says it holds of each stream within the receiver's scope."""
    log = office.workspace.log
    found = []
    for stream, number in sorted(log.streams().items()):
        if may_receive(receiver, stream):
            tips = [(log.name_at(run, seq).hex(), seq) for run, seq in log.chain(number).tips()]
            if tips:
                found.append(Holding(stream, tuple(sorted(tips))))
    for stream, members in sorted(sealed.all_sealed(office.workspace.db).items()):
        if may_receive_sealed(receiver, stream):
            ends = sealed.SealedChain(stream, members, ()).tips()
            found += [Holding(stream, tuple(sorted((tip.name.hex(), tip.seq) for tip in ends)))] if ends else []
    return tuple(found)


def export_package(
    office: Office, to: str, folder: Path, *, full: bool = False, rights: bool = False, progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """Write what the receiver is not known to hold as one package a receiver.

    Args:
        office: The sender.
        to: ``up``, a unit code, or ``all-below``.
        folder: Where to write (a stick).
        full: Everything, whatever was acknowledged.
        rights: The office's own cases too; its rights room is open.
        progress: Told receiver by receiver; may cancel.

    Returns:
        ``[{"file", "package", "changes", "records", "to"}]``; also ``sealed`` (changes that go for rights rooms), and when it
        is about photos ``photos`` (how many go) and ``photos_left`` (how many stay for the next package, because they do
        not fit).
    """
    progress = progress or Progress()
    receivers = _receivers(office, to)
    stick.check_writable(folder)
    cut_tails(office)
    again = seal_own(office, anew=full) if rights else frozenset()
    album = photos.Album(office, may_receive)
    written = []
    for i, receiver in enumerate(receivers):
        progress.step(i, len(receivers), office.workspace.unit_names().get(receiver, receiver))
        written.append(_export_one(office, receiver, folder, album, full=full, rights=rights, again=again))
    return written


def _receivers(office: Office, to: str) -> list[str]:
    if to == "up":
        if not office.parent:
            raise InputProblem("还不知道上级是谁。下一步：用上级给的邀请开通。", "no-parent")
        return [office.parent]
    if to == "all-below":
        below = sorted({
            unit for unit in office.workspace.unit_names() if is_above(office.unit, unit) and office.trust.boxes_for(unit)
        })
        if not below:
            raise InputProblem("还没有批准过下级单位。下一步：先批准村里的加入申请。", "nobody-below")
        return below
    if not is_code(to):
        raise InputProblem("收件单位要写 12 位代码，或者 up、all-below。", "unit-code")
    return [to]


def _export_one(
    office: Office, receiver: str, folder: Path, album: photos.Album, *, full: bool, rights: bool, again: Set[bytes],
) -> dict[str, Any]:
    workspace = office.workspace
    boxes = office.trust.boxes_for(receiver)
    if not boxes:
        called = workspace.unit_names().get(receiver, receiver)
        raise InputProblem(f"还没有“{called}”的钥匙。下一步：先用邀请开通，或批准它的申请。", "no-keys")
    segments, changes, keys = select_segments(office, receiver, full=full)
    closed, sealed_changes, signers = select_sealed(office, receiver, full=full, own=rights, again=again)
    segments, keys = [*segments, *closed], keys | signers
    kind = "peer" if receiver == office.unit else "up" if covers(receiver, office.unit) else "down"
    seq = int(workspace.setting("package_seq", "0")) + 1
    package = new_id()
    contents = Contents(
        statements=_statements_for(office, receiver, keys), holdings=holdings_for(office, receiver), before=_before(office),
        missing=album.missing(receiver),
    )
    chosen = album.choose(receiver, (segment.body for segment in segments[: len(segments) - len(closed)]))
    while True:
        try:
            data = write_package(
                keys=office.keys, kind=kind, unit=office.unit, epoch=workspace.epoch, seq=seq, made=now_ms(), recipients=boxes,
                segments=segments, photos=chosen.photos, contents=contents, chain=office.trust.chain(office.keys.key),
                package=package,
            )
            break
        except PackageTooLarge:
            if not chosen.photos:
                raise
            chosen.halve()  # changes first
    chosen.photos.clear()  # they are in the package; its bytes are read back next
    if chosen.left:
        note_sent(workspace, receiver, chosen.hashes, seq)
    tips, everything = office.tips(), office.all_tips()
    with workspace.transaction():  # the number is spent and the tips are noted before the file gets its name
        workspace.set_setting("package_seq", str(seq))
        workspace.set_setting("exported", "1")
    workspace.checkpoint()  # a copy of the file alone knows that it exported
    note_export(workspace.setting("workspace"), workspace.folder, workspace.epoch, tips)
    name = stick.package_name(office.unit, seq, today(), kind, receiver)
    path = stick.write_to_folder(folder, name, data, verify=lambda read: verify_written(read, office.keys))
    with workspace.transaction():
        books.note_export(workspace.db, package, at=now_ms(), file=path.name, receiver=receiver, kind=kind, seq=seq,
                          changes=changes, tips=everything)
        carried = about_carried(office, segments, kind, len(chosen.hashes), len(data))
        slip = left_behind(office) if kind == "up" else {}
        workspace.record("export", {"package": package, "to": receiver, "changes": changes, **carried, **slip})
    about = {"photos": len(chosen.hashes), "photos_left": len(chosen.left)} if chosen.hashes or chosen.left else {}
    records = sum(carried["kinds"].values())
    about |= {"sealed": sealed_changes} if sealed_changes else {}
    return {"file": str(path), "package": package, "changes": changes, "records": records, "to": receiver, **about}


def _statements_for(office: Office, receiver: str, keys: set[str]) -> tuple[str, ...]:
    """Certificates that the receiver needs to verify what goes to it, and no others; all revocations."""
    rooms = [room for room in office.trust.rooms() if covers(room.unit, receiver) or covers(receiver, room.unit)]
    needed = {text for key in (*keys, office.keys.key, *(room.issuer_key for room in rooms)) for text in office.trust.chain(key)}
    needed.update(room.text for room in rooms)
    for signer in office.trust.signers_of(receiver):
        needed.update(office.trust.chain(signer.key))
    needed.update(text for text in office.trust.statements if '"type":"revocation"' in text or '"type":"superior"' in text)
    return tuple(text for text in office.trust.statements if text in needed)


def _before(office: Office) -> tuple[str, ...]:
    """The earlier epochs of this installation, which the current one replaces."""
    return tuple(json.loads(office.workspace.setting("epochs_before", "[]")))


# --- in ----------------------------------------------------------------------------------------------------


@many_objects()
def open_files(
    office: Office, paths: Sequence[Path], *, progress: Progress | None = None, extra: dict[str, Signer] | None = None,
    dry_run: bool = False,
) -> tuple[list[Incoming], Trust]:
    """Open and verify every package in files and folders; one bad file never stops the others.

    Photos that a record names are stored at once, unless it is a dry run.
    """
    progress = progress or Progress()
    files = stick.find_packages(paths)
    incoming: list[Incoming] = []
    trust = office.trust
    for i, (file, deciphered) in enumerate(_deciphered(office, files, trust, extra or {})):
        progress.step(i, len(files), file.name)
        one, trust = _open_one(office, file, deciphered, trust, extra or {})
        if one is not None:
            _take_photos(office, one, write=not dry_run)
            incoming.append(one)
    incoming.sort(key=lambda one: (one.package is None, one.unit, one.package.header.seq if one.package else 0, one.file))
    return incoming, trust


def _deciphered(
    office: Office, files: Sequence[Path], trust: Trust, extra: dict[str, Signer],
) -> Iterator[tuple[Path, Deciphered | None]]:
    """Each file with its first half opened, the next one's being opened beside it; None where that was refused.

    What an earlier package says of whom to believe comes too late for it: a refusal is judged again by the caller.
    """
    from concurrent.futures import ThreadPoolExecutor  # late: only a merge needs it

    keys = [office.keys]

    def first_half(file: Path) -> Deciphered | None:
        try:
            return decipher(file, trust=trust, keys=keys, own_unit=office.unit, extra_signers=extra, allow_revoked=True)
        except (FulianError, OSError):
            return None

    with ThreadPoolExecutor(1, "decipher") as beside:
        ahead = beside.submit(first_half, files[0]) if files else None
        for file, following in zip_longest(files, files[1:]):
            assert ahead is not None  # noqa: S101 - there is one for each file
            found = ahead.result()
            ahead = beside.submit(first_half, following) if following else None
            yield file, found


def _take_photos(office: Office, one: Incoming, *, write: bool) -> None:
    package = one.package
    if package is not None and package.photos:
        bodies = (verified.segment.body for verified in package.segments)
        one.photos = photos.keep_incoming(office, package.photos, bodies, write=write)
        one.package = replace(package, photos=())


def _open_one(
    office: Office, file: Path, deciphered: Deciphered | None, trust: Trust, extra: dict[str, Signer]
) -> tuple[Incoming | None, Trust]:
    """One file opened or refused; None for requests and invitations, which lie on sticks too and are opened elsewhere."""
    one = Incoming(file.name)
    try:
        header = inspect(file)
        if header.kind in ("request", "invitation"):
            return None, trust
        one.unit, one.package_id = header.unit, header.package
        package = open_package(
            deciphered or file, trust=trust, keys=[office.keys], own_unit=office.unit, extra_signers=extra, allow_revoked=True
        )
    except PackageRefused as refusal:
        one.state, one.reason = refusal.state, refusal.text
        return one, trust
    except Refused as refusal:
        one.state, one.reason = refusal.code, refusal.text
        return one, trust
    except (FulianError, OSError) as error:
        one.state = "damaged"
        one.reason = error.text if isinstance(error, FulianError) else "文件读不出来。下一步：重新插一下 U 盘，再合并。"
        return one, trust
    one.package = package
    return one, package.trust


def merge_packages(
    office: Office, paths: Sequence[Path], *, dry_run: bool = False, progress: Progress | None = None,
    extra: dict[str, Signer] | None = None,
) -> dict[str, Any]:
    """Merge all packages in files and folders as one action.

    Returns:
        What DESIGN §11 prints for ``merge``: packages with state, reason and counts, and the total.
    """
    workspace = office.workspace
    incoming, trust = open_files(office, paths, progress=progress, extra=extra, dry_run=dry_run)
    if not incoming:
        raise InputProblem("没有找到上报包（.flpkg）。下一步：选对文件夹或插好 U 盘。", "no-packages")
    undone = _undone(office)
    epoch = workspace.epoch
    while True:
        plan = plan_merge(
            workspace.db, incoming, own_unit=office.unit, trust=trust, undone=undone, version=workspace.version(),
            progress=progress, held_photos=lambda hashes: has(workspace, hashes),
        )
        if dry_run or not any(one.package for one in incoming):
            break
        if any(any(p.touched.values()) or p.sealed.new for p in plan.packages):
            workspace.backup_before("merge")
        try:
            applying.apply_merge(workspace, plan, office.keep_trust)
        except applying.StalePlan:
            continue
        finally:
            office._trust = None  # noqa: SLF001 - what was kept or rolled back is read again
        note_new_epoch(office, epoch)
        _index_afterwards(office, progress)
        take_in(office)
        break
    return report_of(plan) | _given_twice(office, plan, dry_run=dry_run)


def _given_twice(office: Office, plan: MergePlan, *, dry_run: bool) -> dict[str, Any]:
    """Who is now down twice for what is given once in a lifetime, by what this merge brought."""
    came = {key.id.hex() for one in plan.packages for key, new in one.touched.items() if new and key.kind == "aid"}
    if dry_run or not came:
        return {}
    from fulian_desktop.services.repeats import repeats

    found = repeats(office, came)
    if not found:
        return {}
    names = "、".join(closed(one.name) for one in found[:3]) + (" 等" if len(found) > 3 else "")
    office.workspace.warnings.append(f"两癌救助有 {len(found)} 人登记了不止一次：{names}。下一步：到首页按“查看”核对。")
    return {"twice": [{"name": one.name, "records": list(one.records), "units": list(one.units)} for one in found]}


def _index_afterwards(office: Office, progress: Progress | None) -> None:
    """The merge is saved: bringing the search index up to date can be neither cancelled nor fail it.

    What is left undone stays noted and is worked off at the next start.
    """
    try:
        office.workspace.catch_up(progress.without_cancel() if progress else None)
    except MachineProblem as problem:
        office.workspace.warnings.append(problem.text)


def note_new_epoch(office: Office, before: str) -> None:
    """Note a new epoch where copies are noticed by, so that the next start does not take this workspace for one."""
    workspace = office.workspace
    if workspace.epoch != before and workspace.setting("exported"):
        note_export(workspace.setting("workspace"), workspace.folder, workspace.epoch, office.tips())


def _undone(office: Office) -> dict[str, str]:
    """Package → the day on which its import was undone, as people write it."""
    days = {}
    for one in books.imports(office.workspace.db):
        if one.undone_at is not None:
            day = datetime.datetime.fromtimestamp(one.undone_at / 1000, tz=datetime.UTC).astimezone()
            days[one.package] = f"{day.year}年{day.month}月{day.day}日"
    return days


def report_of(plan: MergePlan) -> dict[str, Any]:
    """A plan as scripts and the window read it.

    Packages and total bear ``sealed`` where something came for the rights room (changes; nothing more is known of them
    here), and ``photos`` and ``photos_missing`` where it is about photos; ``missing_photos`` names the first records of
    which a photo has not come: ``[{"record", "hash"}]``.
    """
    lacking = sorted({one for plan_ in plan.packages for one in plan_.lacking})
    kept = len(frozenset().union(*(p.incoming.photos for p in plan.packages)))
    news = sum(p.sealed.changes for p in plan.packages)
    total = {"photos": kept, "photos_missing": len({hash_ for _, hash_ in lacking})} if kept or lacking else {}
    named = {"missing_photos": [{"record": record, "hash": hash_} for record, hash_ in lacking[: photos.MAX_NAMED]]}
    return {
        "packages": [
            {"file": p.incoming.file, "package": p.incoming.package_id, "unit": p.incoming.unit, "state": p.state,
             "reason": p.reason, "in": p.total, **p.counts, **p.photo_counts, **p.sealed_counts,
             "problems": [problem.text for problem in (p.incoming.package.problems if p.incoming.package else ())]}
            for p in plan.packages
        ],
        "total": {**plan.totals, **total, **({"sealed": news} if news else {})},
        **(named if lacking else {}),
    }


# --- afterwards --------------------------------------------------------------------------------------------


def imports(office: Office) -> list[dict[str, Any]]:
    """All imports, the latest first: package, at, file, unit, state, counts, undone_at."""
    return [
        {"package": one.package, "at": one.at, "file": one.file, "unit": one.unit, "kind": one.kind, **one.report,
         "state": one.state, "undone_at": one.undone_at}
        for one in books.imports(office.workspace.db)
    ]


def undo_import(office: Office, package: str) -> dict[str, Any]:
    """Take an import back (DESIGN §8); names to whom the township has already forwarded since."""
    one = books.find_import(office.workspace.db, package)
    if one is None:
        raise NotFound("没有合并过这个包。", "not-found")
    if one.undone_at is not None:
        raise InputProblem("这次合并已经撤销过了。", "undone")
    office.workspace.backup_before("undo")
    epoch = office.workspace.epoch
    records = applying.undo_import(office.workspace, one)
    take_in(office)
    note_new_epoch(office, epoch)
    return {"package": package, "records": records, "forwarded": books.exports_since(office.workspace.db, one.at)}


def roll_call(office: Office) -> list[dict[str, Any]]:
    """Every unit one level below: when its last package came, through which day, and for how many days none has.

    Days are counted by this office's clock. Units that never reported come first, then the longest silent. Where an
    office asks for reports (报送要求), who has not given the last one that is asked for is ``missing``; ``due`` is its last day,
    ``late`` by how many days it is or was too late, ``lacking`` the kinds that are asked for and of which nothing came.
    """
    now = now_ms()
    asked = standings(office, _units_below(office), today())
    lacking = lacking_of(office, asked)
    last = books.last_reports(office.workspace.db)
    board = []
    names = office.workspace.unit_names()
    for unit in _units_below(office):
        known, one = last.get(unit), asked.get(unit)
        board.append({
            "unit": unit, "name": names[unit], "enrolled": bool(office.trust.boxes_for(unit)),
            "last_at": known[0] if known else None, "packages": known[1] if known else 0,
            "through": _day(known[2]) if known and known[2] else None,
            "days": (now - known[0]) // 86_400_000 if known else None,
            "state": "reported" if (known if one is None else one.reported) else "missing",
            "due": one.period.due.isoformat() if one else None, "late": one.late if one else 0,
            "lacking": list(lacking.get(unit, ())),
        })
    return sorted(board, key=lambda b: (b["last_at"] is not None, b["last_at"] or 0, b["unit"]))


def _units_below(office: Office) -> list[str]:
    """The units that are named one level below, in order of code."""
    below = level_of(office.unit) + 1
    return [unit for unit in sorted(office.workspace.unit_names()) if is_above(office.unit, unit) and level_of(unit) == below]


def _day(ms: int) -> str:
    return datetime.datetime.fromtimestamp(ms / 1000, tz=datetime.UTC).astimezone().date().isoformat()
