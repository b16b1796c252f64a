"""The commands: each calls the service that the window calls, and says what came of it.

A command is a function from the parsed arguments to (result, exit code): 0 done, 1 something was refused (the
result says what). Libraries load late: ``list`` has to start fast.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fulian_desktop.errors import InputProblem

if TYPE_CHECKING:
    from argparse import Namespace

    from fulian_desktop.services.office import Office

Outcome = tuple[dict[str, Any] | list[Any] | bytes, int]
"""What is printed and the exit code; bytes are JSON already."""


def _passphrase(arguments: Namespace) -> str:
    if arguments.passphrase_file:
        return _read_passphrase(arguments.passphrase_file)
    value = os.environ.get("FULIAN_PASSPHRASE")
    if not value:
        raise InputProblem("没有密码。下一步：用 --passphrase-file 文件，或设置 FULIAN_PASSPHRASE。", "no-passphrase")
    return value


def _read_passphrase(path: str) -> str:
    try:
        return Path(path).read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputProblem("密码文件读不出来。请核对路径；文件要是 UTF-8 文字，只有一行密码。", "passphrase-file") from error


def _second_passphrase(arguments: Namespace) -> str:
    """That of the rights room, "" when none was given."""
    if arguments.rights_passphrase_file:
        return _read_passphrase(arguments.rights_passphrase_file)
    return os.environ.get("FULIAN_RIGHTS_PASSPHRASE", "")


def _office(arguments: Namespace, *, with_room: bool = True) -> Office:
    """The opened office; its rights room too where there is one and its passphrase was given."""
    from fulian_desktop.services.office import open_office

    folder, begun = Path(arguments.ws), arguments.unlocking
    office = open_office(folder, _passphrase(arguments), unlocking=begun if begun and begun.folder == folder else None)
    second = _second_passphrase(arguments) if with_room else ""
    if second:
        from fulian_desktop.services.rights import has_room, open_room

        try:
            if has_room(office) or arguments.rights_passphrase_file:
                open_room(office, second)
        except BaseException:
            office.close()
            raise
    return office


def _with_kind(office: Office, kind: str) -> Office:
    """Where records of a kind lie."""
    from fulian_desktop.domain.kinds import find_kind

    declared = find_kind(kind)
    if declared is None or declared.cls != "restricted":
        return office
    from fulian_desktop.services.rights import holder_of_kind

    return holder_of_kind(office, kind)


def _with_record(office: Office, record: str) -> Office:
    """Where a record lies."""
    if office.room is None:
        return office
    from fulian_desktop.services.rights import holder_of_record

    return holder_of_record(office, record)


def _pairs(items: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in items:
        name, equals, value = item.partition("=")
        if not equals or not name:
            raise InputProblem(f"“{item}”要写成 字段=值。", "usage")
        found[name] = value
    return found


def _problems(problems: Sequence[Any]) -> list[dict[str, str]]:
    return [{"field": p.field, "code": p.code, "text": p.text} for p in problems]


def _flag_refused(rows: Sequence[dict[str, Any]], good: Sequence[str]) -> int:
    return 0 if all(row["state"] in good for row in rows) else 1


def init_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.office import create_office

    office, recovery = create_office(
        Path(a.ws), unit=a.unit, unit_name=a.unit_name, person=a.person, passphrase=_passphrase(a),
        parent=a.parent or "", parent_name=a.parent_name or "",
    )
    with office:
        return {"workspace": str(a.ws), "unit": office.unit, "unit_name": a.unit_name, "recovery_code": recovery}, 0


def invite_command(a: Namespace) -> Outcome:
    from fulian_desktop.services import enrol

    with _office(a) as office:
        return enrol.invite(office, Path(a.output)), 0


def join_command(a: Namespace) -> Outcome:
    from fulian_desktop.services import enrol

    office, recovery, invitation = enrol.join(
        Path(a.ws), Path(a.invitation), unit=a.unit, person=a.person or "", passphrase=_passphrase(a), unit_name=a.unit_name or ""
    )
    with office:
        return {"workspace": str(a.ws), "unit": office.unit, "unit_name": office.unit_name, "parent": invitation.unit,
                "fingerprint": invitation.fingerprint, "recovery_code": recovery}, 0


def units_command(a: Namespace) -> Outcome:
    from fulian_desktop.services import enrol

    with _office(a) as office:
        if a.what == "add":
            if not a.code or not a.name:
                raise InputProblem("要写单位代码和名称。", "usage")
            return {"id": enrol.add_unit(office, a.code, a.name)}, 0
        return {"units": enrol.list_units(office)}, 0


def request_command(a: Namespace) -> Outcome:
    from fulian_desktop.services import enrol

    with _office(a) as office:
        return enrol.request(office, Path(a.output)), 0


def approve_command(a: Namespace) -> Outcome:
    from fulian_desktop.services import enrol

    with _office(a) as office:
        result = enrol.approve(office, [Path(f) for f in a.files], target=Path(a.output) if a.output else None)
        return result, _flag_refused(result["approved"], ("approved",))


def add_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.batch import add_many
    from fulian_desktop.services.records import add_record

    with _office(a) as office:
        if a.from_json is not None:
            given = _read_json(a.from_json)
            many = given if isinstance(given, list) else [given]
            if not all(isinstance(entry, dict) for entry in many):
                raise InputProblem("JSON 里要是一条记录 {字段: 值}，或者这样的几条记录 [{…}, {…}]。", "json")
            entered = [{**entry, **_pairs(a.fields)} for entry in many]
            saved = add_many(_with_kind(office, a.kind), a.kind, entered, unit=a.unit)
            results = [{"id": s.id, "problems": _problems(s.problems)} for s in saved]
            return (results[0] if isinstance(given, dict) else {"records": results}), 0
        one = add_record(_with_kind(office, a.kind), a.kind, _pairs(a.fields), unit=a.unit)
        return {"id": one.id, "problems": _problems(one.problems)}, 0


def _read_json(path: str) -> Any:  # noqa: ANN401 - what the file holds
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8")
        return json.loads(text)
    except (OSError, ValueError) as error:
        raise InputProblem("JSON 文件读不出来。请核对路径；内容要是 UTF-8 的 JSON。", "json") from error


def edit_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.records import edit_record

    with _office(a) as office:
        saved = edit_record(_with_record(office, a.id), a.id, _pairs(a.fields), unit=a.unit)
        return {"id": saved.id, "act": saved.act, "problems": _problems(saved.problems)}, 0


def delete_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.records import delete_records

    with _office(a) as office:
        return {"id": a.id, "act": delete_records(_with_record(office, a.id), [a.id], note=a.note or "")}, 0


def undelete_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.records import restore_records

    with _office(a) as office:
        return {"id": a.id, "act": restore_records(_with_record(office, a.id), [a.id])}, 0


def transfer_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.transferring import transfer_all, transfer_records

    if bool(a.ids) == bool(a.all_of):
        raise InputProblem("写要转的记录的 ID，或者用 --all-of 写整个单位，两样选一样。", "what-to-transfer")
    with _office(a) as office:
        done = transfer_all(office, a.all_of, a.unit) if a.all_of else transfer_records(office, a.ids, a.unit)
    return {"act": done.act, "records": done.records}, 0


def history_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.records import history

    with _office(a) as office:
        return {"history": history(_with_record(office, a.id), a.id)}, 0


def show_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.listing import show_record

    with _office(a) as office:
        return show_record(_with_record(office, a.id), a.id, a.unit), 0


def list_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.listing import list_records

    with _office(a) as office:
        return {"records": list_records(
            _with_kind(office, a.kind), a.kind, search=a.search or "", where=_pairs(a.where or []), unit=a.unit,
            limit=a.limit, deleted=a.deleted,
        )}, 0


def add_photo_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.photos import attach

    with _office(a) as office:
        saved, photo = attach(_with_record(office, a.id), a.id, Path(a.file), a.caption or "", unit=a.unit)
        return {"id": saved.id, "act": saved.act, "hash": photo, "problems": _problems(saved.problems)}, 0


def photo_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.photos import save_photo

    with _office(a) as office:
        return save_photo(office, a.hash, Path(a.output)), 0


def import_sheet_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.sheets import import_sheet

    with _office(a) as office:
        result = import_sheet(_with_kind(office, a.kind), a.kind, Path(a.file), year=a.year, unit=a.unit, dry_run=a.dry_run)
        return result, 1 if result["total"]["invalid"] else 0


def export_sheet_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.sheets import export_sheet

    with _office(a) as office:
        return export_sheet(_with_kind(office, a.kind), a.kind, Path(a.output), show_sensitive=not a.masked), 0


def template_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.sheets import write_template

    if not a.ws:
        return write_template(a.kind, Path(a.output)), 0
    with _office(a) as office:
        return write_template(a.kind, Path(a.output), office), 0


def acts_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.records import acts

    with _office(a) as office:
        found = acts(office)
        if office.room is not None:
            found = sorted([*found, *acts(office.room)], key=lambda act: (act["at"], act["act"]), reverse=True)
        return {"acts": found}, 0


def undo_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.records import undo_act

    with _office(a) as office:
        from fulian_desktop.services.rights import holder_of_act

        return undo_act(holder_of_act(office, a.act), a.act), 0


def export_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.exchanging import export_package

    with _office(a) as office:
        written = export_package(office, a.to, Path(a.output), full=a.full, rights=a.rights)
        return (written[0] if a.to != "all-below" else {"packages": written}), 0


def inspect_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.inspecting import inspect_file

    return inspect_file(Path(a.file)), 0


def merge_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.exchanging import merge_packages

    with _office(a) as office:
        result = merge_packages(office, [Path(p) for p in a.paths], dry_run=a.dry_run)
        return result, _flag_refused(result["packages"], ("merged", "unchanged", "fork", "waiting"))


def imports_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.exchanging import imports

    with _office(a) as office:
        return {"imports": imports(office)}, 0


def undo_import_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.exchanging import undo_import

    with _office(a) as office:
        return undo_import(office, a.package), 0


def conflicts_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.conflicts import conflicts

    with _office(a) as office:
        return [*conflicts(office), *(conflicts(office.room) if office.room is not None else [])], 0


def settle_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.conflicts import settle

    with _office(a) as office:
        saved = settle(_with_record(office, a.record), a.record, _pairs(a.fields))
        return {"id": saved.id, "act": saved.act, "problems": _problems(saved.problems)}, 0


def duplicates_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.conflicts import duplicates

    with _office(a) as office:
        return duplicates(office, judged=a.judged), 0


def join_records_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.conflicts import join_records

    with _office(a) as office:
        saved = join_records(office, a.keep, a.other)
        return {"id": saved.id, "act": saved.act}, 0


def not_same_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.pairing import part_records, unpart_records

    with _office(a) as office:
        saved = (unpart_records if a.take_back else part_records)(office, a.first, a.second)
        return {"id": saved.id, "act": saved.act}, 0


def findings_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.listing import findings

    with _office(a) as office:
        inside = findings(office.room, a.state) if office.room is not None else []
        return {"findings": [*findings(office, a.state), *inside]}, 0


def roll_call_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.exchanging import roll_call

    with _office(a) as office:
        return {"units": roll_call(office)}, 0


def report_command(a: Namespace) -> Outcome:
    with _office(a) as office:
        if a.name == "yearly" and not a.output:  # its JSON says more than its tables, and is there at once a second time
            from fulian_desktop.services.yearly import yearly_text

            return yearly_text(office, a.year, unit=a.unit), 0
        from fulian_desktop.services.reports import make_report, write_report

        report = make_report(office, a.name, a.year, a.unit)
        written = write_report(office, report, Path(a.output)) if a.output else {}
        told = {"report": report.name, "title": report.title, "year": a.year, "unit": a.unit, **report.tables[0].told()}
        further = [{"title": table.title, **table.told()} for table in report.tables[1:]]
        text = {"paragraphs": [text for _, text in report.draft.paragraphs]} if report.draft else {}
        return {**told, "tables": further, **text, **written}, 0


def reports_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.reports import REPORTS

    del a
    return {"reports": [{"name": plan.name, "title": plan.title, "group": plan.group} for plan in REPORTS.values()]}, 0


def assess_command(a: Namespace) -> Outcome:
    from fulian_desktop.services import assessment
    from fulian_desktop.services.office import today

    with _office(a) as office:
        if a.what == "default":
            made = assessment.make_default_scheme(office, a.year or today().year)
            return {"scheme": made.id, "act": made.act, "problems": _problems(made.problems)}, 0
        scheme = assessment.find_scheme(office, year=a.year).id
        acts: dict[str, Callable[[], str]] = {
            "compute": lambda: assessment.accept_proposals(
                office, scheme, a.check, assessment.proposals(office, scheme, a.check)),
            "adopt": lambda: assessment.adopt_own(office, scheme, a.check),
            "close": lambda: assessment.close_check(office, scheme, a.check).act,
            "open": lambda: assessment.open_check(office, scheme, a.check).act,
        }
        return {"scheme": scheme, "act": acts[a.what]()}, 0


def print_paper_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.unprintable import print_spelled

    date = _date(a.date)
    with _office(a) as office:
        if a.spell_out:
            return print_spelled(lambda target: _print_paper(a, office, target, date), Path(a.output)), 0
        return _print_paper(a, office, Path(a.output), date), 0


def _print_paper(a: Namespace, office: Office, target: Path, date: Any) -> dict[str, Any]:  # noqa: ANN401 - a date or None
    from fulian_desktop.services import printing

    if a.what == "honor-roll":
        return printing.print_honor_roll(office, target, campaign=a.campaign, date=date, palette=a.palette)
    if a.what == "certificates":
        return printing.print_certificates(office, target, campaign=a.campaign, date=date, paper=a.paper)
    if a.what == "notice":
        return printing.print_notice(office, target, campaign=a.campaign, date=date, contact=a.contact or "")
    if a.what == "hand-over":
        from fulian_desktop.services.hand_over import print_hand_over

        return print_hand_over(office, target, package=a.package)
    return printing.print_roster(_with_kind(office, a.kind), target, kind_code=a.kind)


def rights_command(a: Namespace) -> Outcome:
    from fulian_desktop.services import rights

    second = _second_passphrase(a)
    if not second and a.what != "status":
        no = "没有第二密码。下一步：用 --rights-passphrase-file 文件，或设置 FULIAN_RIGHTS_PASSPHRASE。"
        raise InputProblem(no, "no-passphrase")
    with _office(a, with_room=a.what not in ("create", "status")) as office:
        if a.what == "create":
            recovery = rights.create_room(office, second, a.person)
            return {"workspace": str(a.ws), "unit": office.unit, "recovery_code": recovery}, 0
        if a.what == "status":
            at = rights.standing(office)
            return {"room": at.there, "persons": list(at.persons), "rooms": [{"unit": u, "name": n} for u, n in at.known]}, 0
        if a.what in ("add-person", "hand-over"):
            if not a.new_passphrase_file or not a.person:
                raise InputProblem("要用 --person 写姓名，用 --new-passphrase-file 给出这个人的第二密码。", "usage")
            new = _read_passphrase(a.new_passphrase_file)
            renewed = {}
            if a.what == "hand-over":
                renewed = {"recovery_code": rights.hand_over(office, second, a.person, new)}
            else:
                rights.add_person(office, second, a.person, new)
            return {"persons": list(rights.standing(office).persons), **renewed}, 0
        from fulian_desktop.services.reports import write_report
        from fulian_desktop.services.rights_figures import statistics

        inner = rights.opened(office)
        report = statistics(inner, a.year)
        written = write_report(inner, report, Path(a.output)) if a.output else {}
        return {"report": report.name, "title": report.title, "year": a.year, "columns": [head for head, _ in report.columns],
                "rows": report.text_rows(), "total": report.total, "notes": report.notes, **written}, 0


def _date(text: str | None) -> Any:  # noqa: ANN401 - a date or None
    if not text:
        return None
    import datetime

    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise InputProblem("日期要写成 2026-03-08 这样。", "date") from error


def check_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.upkeep import check

    with _office(a) as office:
        result = check(office, unit=a.unit)
        return result, 0 if result["ok"] else 1


def backup_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.upkeep import backup

    with _office(a) as office:
        return backup(office, Path(a.output)), 0


def restore_command(a: Namespace) -> Outcome:
    from fulian_desktop.services.upkeep import restore

    return restore(Path(a.file), Path(a.ws), _passphrase(a)), 0


def demo_command(a: Namespace) -> Outcome:
    from fulian_desktop.progress import Progress
    from fulian_desktop.services.demo import run_demo

    progress = Progress() if a.json else Progress(lambda done, total, what: _say(f"{what} {done}/{total}"))
    return run_demo(Path(a.folder), villages=a.villages, records=a.records, progress=progress), 0


def _say(text: str) -> None:
    sys.stderr.write(f"\r\x1b[K{text}")
    sys.stderr.flush()
