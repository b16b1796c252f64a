"""Looking after the workspace: check, digest, backup, restore (DESIGN §7)."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from fulian_desktop.domain.units import covers, is_code
from fulian_desktop.errors import Damaged, InputProblem
from fulian_desktop.ledger.json import canonical
from fulian_desktop.ledger.segments import BadSegment, check_chain, check_names, read_header, split_body
from fulian_desktop.progress import Progress
from fulian_desktop.services.office import Office
from fulian_desktop.services.photos import MAX_NAMED
from fulian_desktop.store import books, photos, sealed, vault
from fulian_desktop.store.backups import restore_backup, write_backup
from fulian_desktop.store.rebuild import all_results
from fulian_desktop.store.records import Result
from fulian_desktop.store.view import INCOMPLETE, layout, raw_row, row_numbers
from fulian_desktop.store.workspace import Workspace


def digest_line(result: Result) -> bytes:
    """One line of the digest: [unit, kind, id, values, conflicts] of a living record, as RFC 8785."""
    folded = result.folded
    fields = {code: sorted({canonical(s.value).decode() for s in settings}) for code, settings in folded.conflicts.items()}
    return canonical([result.key.unit, result.key.kind, result.key.id.hex(), folded.values, fields])


def check(office: Office, *, unit: str | None = None, progress: Progress | None = None) -> dict[str, Any]:
    """Fold everything from the log alone, compare with the view, verify every segment and every photo.

    Args:
        office: Whose workspace.
        unit: Only records of this unit and below count and enter the digest, so that offices can be compared.
        progress: Told record by record; may cancel.

    Returns:
        ``{"ok", "records", "changes", "digest", "problems"}``; restricted kinds are left out of all of it but the problems:
        what lies sealed is verified as far as that goes without opening it, the rights room if it is open. Photos that
        have not come are no problem and named as ``missing_photos``: ``[{"record", "hash"}]``, where there are any.
    """
    if unit is not None and not is_code(unit):
        raise InputProblem("单位代码是 12 位数字，请核对。", "unit-code")
    workspace = office.workspace
    problems: list[dict[str, Any]] = []
    if not vault.pages_verify(workspace.db):
        problems.append({"code": "damaged", "record": "", "text": "数据文件有损坏。下一步：用最近的备份恢复。"})
        return {"ok": False, "records": 0, "changes": 0, "digest": "", "problems": problems}
    lines: dict[tuple[str, str, str], bytes] = {}
    seen: dict[str, set[int]] = {}
    for results in all_results(workspace.log, progress):
        for key, result in results.items():
            kind, folded = result.kind, result.folded
            if kind is None or not result.counted.order:
                continue
            _compare_row(workspace, result, problems, seen)
            if folded.exists and not folded.deleted and kind.cls != "restricted" and (unit is None or covers(unit, key.unit)):
                lines[key.unit, key.kind, key.id.hex()] = digest_line(result)
    _look_for_strangers(workspace, seen, problems)
    changes = _verify_segments(office, problems)
    _verify_sealed(office, problems)
    if office.room is not None:
        _check_room(office.room, problems)
    digest = hashlib.sha256(b"".join(lines[key] + b"\n" for key in sorted(lines))).hexdigest()
    lacking = _verify_photos(workspace, unit, problems)
    return {"ok": not problems, "records": len(lines), "changes": changes, "digest": digest, "problems": problems,
            **({"missing_photos": lacking} if lacking else {})}


def _verify_photos(workspace: Workspace, unit: str | None, problems: list[dict[str, Any]]) -> list[dict[str, str]]:
    try:
        for hash_ in photos.unsound(workspace):
            text = f"照片 {hash_[:8]} 的内容和编号对不上。下一步：用带照片的备份恢复。"
            problems.append({"code": "photo", "record": "", "text": text})
        lacking = [one for one in photos.lacking(workspace) if unit is None or covers(unit, one.unit)]
    except Damaged as damaged:
        problems.append({"code": "photos-damaged", "record": "", "text": damaged.text})
        return []
    return [{"record": one.record, "hash": one.hash} for one in lacking[:MAX_NAMED]]


def _compare_row(workspace: Workspace, result: Result, problems: list[dict[str, Any]], seen: dict[str, set[int]]) -> None:
    kind = result.kind
    assert kind is not None  # noqa: S101 - the caller looked
    where = layout(kind)
    found = raw_row(workspace.db, kind, result.key.unit, result.key.id)
    if found is None:
        problems.append({"code": "row-missing", "record": result.key.id.hex(), "text": "这条记录在表里没有，重建后会恢复。"})
        return
    seen.setdefault(kind.code, set()).add(found[0])
    expected = where.whole(where.row(found[0], result.key.id, result.key.unit, result.folded))
    expected[3] |= found[3] & INCOMPLETE
    if list(found) != expected:
        text = "这条记录的表和变更不一致，重建后会恢复。"
        problems.append({"code": "row-differs", "record": result.key.id.hex(), "text": text})


def _check_room(room: Office, problems: list[dict[str, Any]]) -> None:
    """The view of the opened rights room against its log, and its log against what was signed."""
    workspace = room.workspace
    if not vault.pages_verify(workspace.db):
        problems.append({"code": "damaged", "record": "", "text": "维权档案室的文件有损坏。下一步：用最近的备份恢复。"})
        return
    seen: dict[str, set[int]] = {}
    for results in all_results(workspace.log):
        for result in results.values():
            if result.kind is not None and result.counted.order:
                _compare_row(workspace, result, problems, seen)
    _look_for_strangers(workspace, seen, problems)
    for no, segment in books.all_segments(workspace.db):
        try:
            check_names(read_header(segment.header), split_body(segment.body))
        except BadSegment:
            text = f"维权档案室第 {no} 段变更和签名对不上。下一步：用最近的备份恢复。"
            problems.append({"code": "segment", "record": "", "text": text})


def _verify_sealed(office: Office, problems: list[dict[str, Any]]) -> None:
    """Of what lies sealed, all that can be told without opening it: who signed it, and that no byte has changed."""
    from fulian_desktop.exchange.package import SegmentRefused, verify_segment
    from fulian_desktop.exchange.trust import Signer

    ours = {office.keys.key: Signer(office.unit, office.keys.key, office.keys.sign_public, office.keys.box_public)}
    for one in (one for members in sealed.all_sealed(office.workspace.db).values() for one in members):
        try:
            verify_segment(
                sealed.segment(office.workspace.db, one.no), trust=office.trust, own_unit=office.unit, extra_signers=ours
            )
        except SegmentRefused:
            text = f"第 {one.no} 段加密的维权变更签名对不上。下一步：用最近的备份恢复。"
            problems.append({"code": "segment", "record": "", "text": text})


def _look_for_strangers(workspace: Workspace, seen: dict[str, set[int]], problems: list[dict[str, Any]]) -> None:
    for kind in workspace.tables():
        rows = row_numbers(workspace.db, kind)
        problems += [
            {"code": "row-unknown", "record": str(no), "text": "表里多出一条没有来历的记录，重建后会去掉。"}
            for no in rows - seen.get(kind.code, set())
        ]


def _verify_segments(office: Office, problems: list[dict[str, Any]]) -> int:
    from fulian_desktop.exchange.keys import verify
    from fulian_desktop.ledger.segments import SIGNING_CONTEXT

    db = office.workspace.db
    changes = books.uncut_changes(db)
    for no, segment in books.all_segments(db):
        header = read_header(segment.header)
        changes += header.count
        own = header.key == office.keys.key
        signer = office.trust.signer(header.key)
        public = office.keys.sign_public if own else signer.sign_public if signer else b""
        try:
            check_chain(header, segment.body, split_body(segment.body))
            good = bool(public) and verify(public, SIGNING_CONTEXT, segment.header, segment.signature)
        except BadSegment:
            good = False
        if not good:
            problems.append({"code": "segment", "record": "", "text": f"第 {no} 段变更的签名对不上。下一步：用最近的备份恢复。"})
    return changes


def backup(office: Office, target: Path) -> dict[str, Any]:
    """Write a backup file with the photos, re-opened and checked before it counts."""
    if target.exists():
        raise InputProblem("这个文件名已经有了。请换一个名字。", "exists")
    path = write_backup(office.workspace, target, photos=True)
    with office.workspace.transaction():
        office.workspace.record("backup", {"file": path.name})
    return {"file": str(path), "bytes": path.stat().st_size}


def restore(source: Path, folder: Path, passphrase: str) -> dict[str, Any]:
    """A workspace from a backup; opens with that day's passphrase or recovery code, in a new epoch."""
    restore_backup(source, folder, passphrase)
    with Office(Workspace.open(folder, passphrase)) as office:
        with office.workspace.transaction():
            office.workspace.mint_epoch()
            office.workspace.set_setting("exported", "")
            office.workspace.record("restore", {"file": source.name})
        return {"unit": office.unit, "records": sum(office.counts().values()), "epoch": office.workspace.epoch}
