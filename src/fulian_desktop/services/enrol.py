"""Enrolment: invitation, joining, request, approval; and the names of units (DESIGN §6)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fulian_desktop.domain.units import Level, covers, is_above, is_code, level_of
from fulian_desktop.errors import InputProblem, NotAllowed
from fulian_desktop.exchange import stick
from fulian_desktop.exchange.contents import Contents
from fulian_desktop.exchange.enrol import Invitation, read_invitation, read_request, write_invitation, write_request
from fulian_desktop.exchange.envelope import inspect, verify_written
from fulian_desktop.exchange.package import Package, write_package
from fulian_desktop.exchange.refusals import PackageRefused
from fulian_desktop.exchange.statements import Vouching, issue_certificate, issue_superior, read_statement
from fulian_desktop.exchange.trust import Trust
from fulian_desktop.merge import apply as applying
from fulian_desktop.merge.plan import Incoming, plan_merge
from fulian_desktop.services import exchanging
from fulian_desktop.services.office import Office, create_office
from fulian_desktop.services.records import add_record, edit_record
from fulian_desktop.store import queries
from fulian_desktop.store.workspace import new_id, now_ms


def add_unit(office: Office, code: str, name: str) -> str:
    """Name a unit of this office's scope; goes down to every office. Returns the record's id."""
    if not is_code(code):
        raise InputProblem("单位代码是 12 位数字，请核对。", "unit-code")
    if not covers(office.unit, code):
        raise NotAllowed("这个单位不在本单位范围内。", "out-of-scope")
    for row in queries.list_rows(office.workspace.db, office.kinds.of("unit_name"), where_equal={"code": code}):
        if row.unit == office.unit:
            edit_record(office, row.id, {"name": name})
            return row.id
    return add_record(office, "unit_name", {"code": code, "name": name}).id


def list_units(office: Office) -> list[dict[str, Any]]:
    """All units known by name: code, name, enrolled."""
    return [
        {"code": code, "name": name, "enrolled": bool(office.trust.boxes_for(code))}
        for code, name in sorted(office.workspace.unit_names().items())
    ]


def invite(office: Office, target: Path) -> dict[str, Any]:
    """Write the invitation for the offices below: this office's claim, unit names, and what it has issued."""
    stick.check_name(target.name)
    exchanging.cut_tails(office)
    workspace = office.workspace
    names = workspace.unit_names()
    if not names.get(office.unit):
        raise InputProblem("本单位还没有名称。下一步：先在设置里填写单位名称。", "no-name")
    segments = _published(office)
    seq = _spend_number(office)
    data = write_invitation(
        keys=office.keys, trust=office.trust, epoch=workspace.epoch, seq=seq, made=now_ms(), segments=segments,
        profile={"name": names[office.unit],
                 "units": [{"code": c, "name": n} for c, n in sorted(names.items()) if is_above(office.unit, c)]},
    )
    stick.write_to_folder(target.parent, target.name, data, verify=lambda read: verify_written(read, office.keys))
    return {"file": str(target), "fingerprint": _fingerprint(office), "units": len(names) - 1}


def _published(office: Office) -> list[Any]:
    segments, _, _ = exchanging.select_segments(office, office.unit, full=True)
    from fulian_desktop.ledger.segments import read_header

    return [s for s in segments if read_header(s.header).cls == "published" and covers(read_header(s.header).unit, office.unit)]


def _fingerprint(office: Office) -> str:
    from fulian_desktop.exchange.keys import fingerprint

    return fingerprint(office.keys.sign_public)


def _spend_number(office: Office) -> int:
    seq = int(office.workspace.setting("package_seq", "0")) + 1
    with office.workspace.transaction():
        office.workspace.set_setting("package_seq", str(seq))
    return seq


def join(
    folder: Path, invitation: Path, *, unit: str, person: str, passphrase: str, unit_name: str = "",
) -> tuple[Office, str, Invitation]:
    """A lower office's workspace from an invitation, or an existing one that accepts it.

    A person has compared the invitation's fingerprint before this is called.

    Returns:
        The office, the recovery code ("" for an existing workspace), the invitation.
    """
    from fulian_desktop.services.office import open_office
    from fulian_desktop.store.keystore import KEYSTORE

    opened = read_invitation(invitation)
    if not is_above(opened.unit, unit):
        raise InputProblem("邀请不是给这个单位的。请核对单位代码，或向上级要对的邀请。", "not-for-us")
    names = {u["code"]: u["name"] for u in opened.contents.profile.get("units", [])}
    upper = str(opened.contents.profile.get("name", ""))
    if (folder / KEYSTORE).exists():
        office, recovery = open_office(folder, passphrase, person or None), ""
        if office.unit != unit:
            office.close()
            raise InputProblem("这个文件夹是别的单位的数据。请核对单位代码。", "other-unit")
    else:
        name = unit_name or names.get(unit, "")
        if not name:
            raise InputProblem("邀请里没有这个单位的名称。下一步：填写单位名称，或请上级加上。", "no-name")
        office, recovery = create_office(
            folder, unit=unit, unit_name=name, person=person, passphrase=passphrase, parent=opened.unit, parent_name=upper,
        )
    accept(office, opened, upper)
    return office, recovery, opened


def accept(office: Office, invitation: Invitation, upper_name: str) -> None:
    """Pin the inviting office's key and take in what it has issued; the office keeps its own streams."""
    workspace = office.workspace
    trust = invitation.trust_for(office.unit)
    trust, _ = trust.add(office.trust.statements)
    serial = int(workspace.setting("serial", "0"))
    if level_of(office.unit) < Level.VILLAGE and not _vouched(office, trust, invitation.root.key):
        serial += 1  # the offices below know only us: we vouch for the office above (DESIGN §6)
        trust, _ = trust.add([issue_superior(office.keys, issuer=office.unit, claim=invitation.root, serial=serial)])
    earlier = [pin for pin in json.loads(workspace.setting("pins", "[]")) if pin != invitation.root.text]
    pins = [*earlier, invitation.root.text]  # the latest last: it outranks an earlier key of its unit
    with workspace.transaction():
        office.keep_pins(pins)
        office.keep_trust(trust)
        workspace.set_setting("serial", str(serial))
        workspace.set_setting("parent", invitation.unit)
        workspace.set_setting("parent_name", upper_name)
    office._trust = None  # noqa: SLF001 - read again with the new pin
    package = Package(invitation.header, _signer(invitation), Contents(), invitation.segments, (), (), office.trust, ())
    one = Incoming("invitation", package, unit=invitation.unit, package_id=invitation.header.package)
    plan = plan_merge(workspace.db, [one], own_unit=office.unit, trust=office.trust, undone={}, version=workspace.version())
    applying.apply_merge(workspace, plan, office.keep_trust)
    workspace.catch_up()


def _vouched(office: Office, trust: Trust, key: str) -> bool:
    """Whether this installation has vouched downwards for that key already."""
    return any(
        isinstance(said, Vouching) and said.upwards and said.key == key and said.issuer_key == office.keys.key
        for said in map(read_statement, trust.statements)
    )


def _signer(invitation: Invitation) -> Any:  # noqa: ANN401 - exchange's Signer
    return invitation.trust.signer(invitation.header.key)


def request(office: Office, target: Path) -> dict[str, Any]:
    """Write the request to be certified; the first package goes beside it."""
    stick.check_name(target.name)
    boxes = office.trust.boxes_for(office.parent) if office.parent else []
    profile = {"name": office.unit_name, "person": office.person} if boxes else {}
    data = write_request(
        keys=office.keys, unit=office.unit, epoch=office.workspace.epoch, made=now_ms(), recipients=boxes, profile=profile,
        seq=_spend_number(office),
    )
    stick.write_to_folder(target.parent, target.name, data, verify=lambda read: verify_written(read, office.keys))
    return {"file": str(target), "unit": office.unit, "fingerprint": _fingerprint(office)}


def approve(office: Office, files: Sequence[Path], *, target: Path | None = None) -> dict[str, Any]:
    """Certify requesting offices and merge the first packages that lie beside their requests, in one action.

    Returns:
        ``{"approved": [{"file", "unit", "name", "fingerprint", "state", "reason"}], "merge": report or None, "file": …}``.
    """
    if target is not None:
        stick.check_name(target.name)  # before anybody is certified
    approved: list[dict[str, Any]] = []
    trust: Trust = office.trust
    serial = int(office.workspace.setting("serial", "0"))
    folders: set[Path] = set()
    for file in _request_files(files):
        try:
            asked = read_request(file, keys=[office.keys], own_unit=office.unit)
        except PackageRefused as refusal:
            approved.append({"file": file.name, "unit": "", "state": refusal.state, "reason": refusal.text})
            continue
        serial += 1
        trust, _ = trust.add([issue_certificate(office.keys, issuer=office.unit, claim=asked.claim, serial=serial)])
        folders.add(file.parent)
        name = str(asked.profile.get("name", "")) or office.workspace.unit_names().get(asked.unit, "")
        approved.append({"file": file.name, "unit": asked.unit, "name": name, "person": str(asked.profile.get("person", "")),
                         "fingerprint": asked.fingerprint, "state": "approved", "reason": ""})
    good = [a for a in approved if a["state"] == "approved"]
    with office.workspace.transaction():
        office.keep_trust(trust)
        office.workspace.set_setting("serial", str(serial))
        office.workspace.record("approve", {"units": [a["unit"] for a in good]})
    office._trust = None  # noqa: SLF001 - read again
    known = office.workspace.unit_names()
    for a in good:
        if a["name"] and known.get(a["unit"]) != a["name"] and a["unit"] not in known:
            add_unit(office, a["unit"], a["name"])
    merged = exchanging.merge_packages(office, _packages_beside(folders)) if _packages_beside(folders) else None
    result: dict[str, Any] = {"approved": approved, "merge": merged}
    if target is not None and good:
        result["file"] = str(_write_certificates(office, [a["unit"] for a in good], target))
    return result


def _request_files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in stick.find_packages(paths):
        try:
            if inspect(path).kind == "request":
                found.append(path)
        except PackageRefused:
            if path in paths:
                found.append(path)
    if not found:
        raise InputProblem("没有找到加入申请。下一步：选村里交来的申请文件。", "no-request")
    return found


def _packages_beside(folders: set[Path]) -> list[Path]:
    beside = []
    for path in stick.find_packages(sorted(folders)):
        try:
            if inspect(path).kind in ("up", "peer"):
                beside.append(path)
        except PackageRefused:
            continue  # a damaged neighbour is none of this action's business; merging the folder names it
    return beside


def _write_certificates(office: Office, units: Sequence[str], target: Path) -> Path:
    boxes = sorted({box for unit in units for box in office.trust.boxes_for(unit)})
    wanted = {text for unit in units for s in office.trust.signers_of(unit) for text in office.trust.chain(s.key)}
    data = write_package(
        keys=office.keys, kind="certificate", unit=office.unit, epoch=office.workspace.epoch, seq=_spend_number(office),
        made=now_ms(), recipients=boxes, contents=Contents(statements=tuple(sorted(wanted))),
        chain=office.trust.chain(office.keys.key), package=new_id(),
    )
    return stick.write_to_folder(target.parent, target.name, data, verify=lambda read: verify_written(read, office.keys))
