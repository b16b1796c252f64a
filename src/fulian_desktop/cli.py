"""The command line: every use case without a screen (DESIGN §11).

Each command calls the service that the window calls. With ``--json`` one JSON object goes to standard output;
exit 0 done, 1 something was refused (the object says what), 2 wrong usage. Libraries load late: ``list`` has to
start fast.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from fulian_desktop.errors import FulianError, InputProblem, machine_sentence

if TYPE_CHECKING:
    from fulian_desktop.services.office import Office
    from fulian_desktop.services.unlocking import Unlocking

Outcome = tuple[dict[str, Any] | list[Any], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code.

    Args:
        argv: The words after ``fulian``; None: those of this process, which ends with the command.
    """
    if argv is not None:
        return _run(list(argv))
    gc.set_threshold(50_000)  # what a start makes stays: looking through it again and again took 7 ms
    code = _run(sys.argv[1:])
    gc.freeze()  # else all of it is looked through once more at the end: 5 ms
    return code


def _run(words: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        # piped on a Chinese Windows they are GBK, which lacks characters of people's names
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower() != "utf-8":
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    arguments = _parser(words[0] if words else "").parse_args(words)
    try:
        arguments.unlocking = _begin_unlocking(arguments)
        outcome: Outcome = arguments.run(arguments)
        result, code = outcome
    except FulianError as error:
        result, code = {"error": {"code": error.code, "text": error.text}}, 1
    except BrokenPipeError:
        return 1
    except OSError as error:
        # Whatever path was typed: what the machine did is a sentence, in the window too (ui/problems.py).
        result, code = {"error": {"code": "machine", "text": machine_sentence(error)}}, 1
    _print(result, as_json=arguments.json)
    return code


def _print(result: dict[str, Any] | list[Any], *, as_json: bool) -> None:
    out = sys.stdout
    if as_json:
        out.write(json.dumps(result, ensure_ascii=False) + "\n")
    elif isinstance(result, dict) and set(result) == {"error"}:
        sys.stderr.write(result["error"]["text"] + "\n")
    else:
        out.write(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    out.flush()


# --- helpers -----------------------------------------------------------------------------------------------


def _passphrase(arguments: argparse.Namespace) -> str:
    if arguments.passphrase_file:
        try:
            return Path(arguments.passphrase_file).read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise InputProblem("密码文件读不出来。请核对路径；文件要是 UTF-8 文字，只有一行密码。", "passphrase-file") from error
    value = os.environ.get("FULIAN_PASSPHRASE")
    if not value:
        raise InputProblem("没有密码。下一步：用 --passphrase-file 文件，或设置 FULIAN_PASSPHRASE。", "no-passphrase")
    return value


def _office(arguments: argparse.Namespace) -> Office:
    from fulian_desktop.services.office import open_office

    return open_office(Path(arguments.ws), _passphrase(arguments), unlocking=arguments.unlocking)


def _begin_unlocking(arguments: argparse.Namespace) -> Unlocking | None:
    """Derive the key while the command's own modules are imported; None for commands that open no workspace."""
    if not arguments.opens:
        return None
    from fulian_desktop.services.unlocking import Unlocking

    return Unlocking(Path(arguments.ws), _passphrase(arguments))


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


# --- commands ----------------------------------------------------------------------------------------------


def _init(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.office import create_office

    office, recovery = create_office(
        Path(a.ws), unit=a.unit, unit_name=a.unit_name, person=a.person, passphrase=_passphrase(a),
        parent=a.parent or "", parent_name=a.parent_name or "",
    )
    with office:
        return {"workspace": str(a.ws), "unit": office.unit, "unit_name": a.unit_name, "recovery_code": recovery}, 0


def _invite(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services import enrol

    with _office(a) as office:
        return enrol.invite(office, Path(a.output)), 0


def _join(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services import enrol

    office, recovery, invitation = enrol.join(
        Path(a.ws), Path(a.invitation), unit=a.unit, person=a.person or "", passphrase=_passphrase(a), unit_name=a.unit_name or ""
    )
    with office:
        return {"workspace": str(a.ws), "unit": office.unit, "unit_name": office.unit_name, "parent": invitation.unit,
                "fingerprint": invitation.fingerprint, "recovery_code": recovery}, 0


def _units(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services import enrol

    with _office(a) as office:
        if a.what == "add":
            if not a.code or not a.name:
                raise InputProblem("要写单位代码和名称。", "usage")
            return {"id": enrol.add_unit(office, a.code, a.name)}, 0
        return {"units": enrol.list_units(office)}, 0


def _request(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services import enrol

    with _office(a) as office:
        return enrol.request(office, Path(a.output)), 0


def _approve(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services import enrol

    with _office(a) as office:
        result = enrol.approve(office, [Path(f) for f in a.files], target=Path(a.output) if a.output else None)
        return result, _flag_refused(result["approved"], ("approved",))


def _add(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.batch import add_many
    from fulian_desktop.services.records import add_record

    with _office(a) as office:
        if a.from_json is not None:
            given = _read_json(a.from_json)
            many = given if isinstance(given, list) else [given]
            if not all(isinstance(entry, dict) for entry in many):
                raise InputProblem("JSON 里要是一条记录 {字段: 值}，或者这样的几条记录 [{…}, {…}]。", "json")
            saved = add_many(office, a.kind, [{**entry, **_pairs(a.fields)} for entry in many], unit=a.unit)
            results = [{"id": s.id, "problems": _problems(s.problems)} for s in saved]
            return (results[0] if isinstance(given, dict) else {"records": results}), 0
        one = add_record(office, a.kind, _pairs(a.fields), unit=a.unit)
        return {"id": one.id, "problems": _problems(one.problems)}, 0


def _read_json(path: str) -> Any:  # noqa: ANN401 - what the file holds
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8")
        return json.loads(text)
    except (OSError, ValueError) as error:
        raise InputProblem("JSON 文件读不出来。请核对路径；内容要是 UTF-8 的 JSON。", "json") from error


def _edit(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.records import edit_record

    with _office(a) as office:
        saved = edit_record(office, a.id, _pairs(a.fields), unit=a.unit)
        return {"id": saved.id, "act": saved.act, "problems": _problems(saved.problems)}, 0


def _delete(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.records import delete_records

    with _office(a) as office:
        return {"id": a.id, "act": delete_records(office, [a.id], note=a.note or "")}, 0


def _undelete(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.records import restore_records

    with _office(a) as office:
        return {"id": a.id, "act": restore_records(office, [a.id])}, 0


def _history(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.records import history

    with _office(a) as office:
        return {"history": history(office, a.id)}, 0


def _show(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.listing import show_record

    with _office(a) as office:
        return show_record(office, a.id, a.unit), 0


def _list(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.listing import list_records

    with _office(a) as office:
        return {"records": list_records(
            office, a.kind, search=a.search or "", where=_pairs(a.where or []), unit=a.unit, limit=a.limit, deleted=a.deleted
        )}, 0


def _add_photo(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.photos import attach

    with _office(a) as office:
        saved, photo = attach(office, a.id, Path(a.file), a.caption or "", unit=a.unit)
        return {"id": saved.id, "act": saved.act, "hash": photo, "problems": _problems(saved.problems)}, 0


def _photo(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.photos import save_photo

    with _office(a) as office:
        return save_photo(office, a.hash, Path(a.output)), 0


def _import_sheet(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.sheets import import_sheet

    with _office(a) as office:
        result = import_sheet(office, a.kind, Path(a.file), year=a.year, unit=a.unit, dry_run=a.dry_run)
        return result, 1 if result["total"]["invalid"] else 0


def _export_sheet(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.sheets import export_sheet

    with _office(a) as office:
        return export_sheet(office, a.kind, Path(a.output), show_sensitive=not a.masked), 0


def _template(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.sheets import write_template

    return write_template(a.kind, Path(a.output)), 0


def _acts(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.records import acts

    with _office(a) as office:
        return {"acts": acts(office)}, 0


def _undo(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.records import undo_act

    with _office(a) as office:
        return undo_act(office, a.act), 0


def _export(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.exchanging import export_package

    with _office(a) as office:
        written = export_package(office, a.to, Path(a.output), full=a.full)
        return (written[0] if a.to != "all-below" else {"packages": written}), 0


def _inspect(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.inspecting import inspect_file

    return inspect_file(Path(a.file)), 0


def _merge(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.exchanging import merge_packages

    with _office(a) as office:
        result = merge_packages(office, [Path(p) for p in a.paths], dry_run=a.dry_run)
        return result, _flag_refused(result["packages"], ("merged", "unchanged", "fork", "waiting"))


def _imports(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.exchanging import imports

    with _office(a) as office:
        return {"imports": imports(office)}, 0


def _undo_import(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.exchanging import undo_import

    with _office(a) as office:
        return undo_import(office, a.package), 0


def _conflicts(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.conflicts import conflicts

    with _office(a) as office:
        return conflicts(office), 0


def _settle(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.conflicts import settle

    with _office(a) as office:
        saved = settle(office, a.record, _pairs(a.fields))
        return {"id": saved.id, "act": saved.act, "problems": _problems(saved.problems)}, 0


def _duplicates(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.conflicts import duplicates

    with _office(a) as office:
        return duplicates(office), 0


def _join_records(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.conflicts import join_records

    with _office(a) as office:
        saved = join_records(office, a.keep, a.other)
        return {"id": saved.id, "act": saved.act}, 0


def _findings(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.listing import findings

    with _office(a) as office:
        return {"findings": findings(office, a.state)}, 0


def _roll_call(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.exchanging import roll_call

    with _office(a) as office:
        return {"units": roll_call(office)}, 0


def _report(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.reports import make_report, write_report

    with _office(a) as office:
        report = make_report(office, a.name, a.year)
        written = write_report(office, report, Path(a.output)) if a.output else {}
        return {"report": report.name, "title": report.title, "year": a.year, "columns": [head for head, _ in report.columns],
                "rows": report.text_rows(), "ids": report.ids, "total": report.total, "notes": report.notes, **written}, 0


def _reports(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.reports import REPORTS

    del a
    return {"reports": [{"name": name, "title": title} for name, (title, _) in REPORTS.items()]}, 0


def _print_paper(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services import printing

    date = _date(a.date)
    target = Path(a.output)
    with _office(a) as office:
        if a.what == "honor-roll":
            return printing.print_honor_roll(office, target, campaign=a.campaign, date=date, palette=a.palette), 0
        if a.what == "certificates":
            return printing.print_certificates(office, target, campaign=a.campaign, date=date, paper=a.paper), 0
        if a.what == "notice":
            return printing.print_notice(office, target, campaign=a.campaign, date=date, contact=a.contact or ""), 0
        return printing.print_roster(office, target, kind_code=a.kind), 0


def _date(text: str | None) -> Any:  # noqa: ANN401 - a date or None
    if not text:
        return None
    import datetime

    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise InputProblem("日期要写成 2026-03-08 这样。", "date") from error


def _check(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.upkeep import check

    with _office(a) as office:
        result = check(office, unit=a.unit)
        return result, 0 if result["ok"] else 1


def _backup(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.upkeep import backup

    with _office(a) as office:
        return backup(office, Path(a.output)), 0


def _restore(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.services.upkeep import restore

    return restore(Path(a.file), Path(a.ws), _passphrase(a)), 0


def _demo(a: argparse.Namespace) -> Outcome:
    from fulian_desktop.progress import Progress
    from fulian_desktop.services.demo import run_demo

    progress = Progress() if a.json else Progress(lambda done, total, what: _say(f"{what} {done}/{total}"))
    return run_demo(Path(a.folder), villages=a.villages, records=a.records, progress=progress), 0


def _say(text: str) -> None:
    sys.stderr.write(f"\r\x1b[K{text}")
    sys.stderr.flush()


# --- the parser --------------------------------------------------------------------------------------------


# What argparse says in English, as it is said here. The first that fits.
_SAYINGS = (
    (re.compile(r"the following arguments are required: (.+)"), r"还缺：\1"),
    (re.compile(r"unrecognized arguments: (.+)", re.DOTALL), r"不认识：\1"),
    (re.compile(r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", re.DOTALL), r"\1 不能是 \2，只能是：\3"),
    (re.compile(r"argument (.+?): invalid int value: (.+)", re.DOTALL), r"\1 要写整数，不能是 \2"),
    (re.compile(r"argument (.+?): expected (?:one|at least one) argument"), r"\1 后面要写内容"),
    (re.compile(r"argument (.+?): not allowed with argument (.+)"), r"\1 和 \2 不能一起用"),
    (re.compile(r"ambiguous option: (.+?) could match (.+)"), r"\1 可能是 \2，请写全"),
)


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:  # noqa: ANN401 - argparse's
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """An argument parser that speaks 中文."""

    def __init__(
        self, prog: str | None = None, description: str | None = None, parents: Sequence[argparse.ArgumentParser] = (),
    ) -> None:
        super().__init__(prog=prog, description=description, parents=parents, add_help=False, formatter_class=_Help)
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how to see the help; exit code 2."""
        for pattern, saying in _SAYINGS:
            if pattern.fullmatch(message):
                message = pattern.sub(saying, message)
                break
        self.exit(2, f"用法不对：{message}\n{self.format_usage()}看说明：{self.prog} --help\n")


class _NotAsked:
    """Stands for the parser of a command that was not typed: building all forty costs a third of a start."""

    def add_argument(self, *_: object, **__: object) -> None:
        """Nothing."""


def _parser(first: str = "") -> argparse.ArgumentParser:
    """The parser; when the first word names a command, only that command's."""
    common = argparse.ArgumentParser(add_help=False)  # its groups join those of each command by their English titles
    common.add_argument("--json", action="store_true", help="只打印一个 JSON 对象")
    common.add_argument("--passphrase-file", metavar="文件", help="密码所在的文件；也可用环境变量 FULIAN_PASSPHRASE")
    parser = _Parser(prog="fulian", description="妇联工作台：登记、上报、合并、打印。每个命令用 --help 看说明。")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True)
    names: set[str] = set()
    only = first if first and not first.startswith("-") else ""

    def command(
        name: str, run: Callable[[argparse.Namespace], Outcome], about: str, *, ws: bool = True
    ) -> _Parser | _NotAsked:
        names.add(name)
        if only and name != only:
            return _NotAsked()
        made = commands.add_parser(name, parents=[common], help=about, description=about)  # type: ignore[list-item]
        made.set_defaults(run=run, opens=ws and run not in (_init, _join))
        if ws:
            made.add_argument("ws", metavar="WS", help="工作区文件夹")
        return made

    c = command("init", _init, "新建工作区，作为自己的上级")
    c.add_argument("--unit", required=True, help="单位代码，12 位")
    c.add_argument("--unit-name", required=True, help="单位名称")
    c.add_argument("--parent", help="上级单位代码")
    c.add_argument("--parent-name", help="上级单位名称")
    c.add_argument("--person", required=True, help="使用人姓名")
    c = command("invite", _invite, "写一份邀请，给下级单位开通用")
    c.add_argument("-o", "--output", required=True, help="邀请文件 .flpkg")
    c = command("join", _join, "用上级的邀请开通")
    c.add_argument("invitation", metavar="邀请", help="邀请文件")
    c.add_argument("--unit", required=True, help="本单位代码")
    c.add_argument("--unit-name", help="本单位名称（邀请里没有时填）")
    c.add_argument("--person", help="使用人姓名")
    c = command("units", _units, "登记或列出单位名称")
    c.add_argument("what", choices=("add", "list"), help="add 登记，list 列出")
    c.add_argument("code", nargs="?", help="单位代码")
    c.add_argument("name", nargs="?", help="单位名称")
    c = command("request", _request, "写加入申请，和第一个上报包一起交给上级")
    c.add_argument("-o", "--output", required=True, help="申请文件 .flpkg")
    c = command("approve", _approve, "批准加入申请，并合并旁边的第一个上报包")
    c.add_argument("files", nargs="+", metavar="文件", help="申请文件或文件夹")
    c.add_argument("-o", "--output", help="把证书写到这个文件")
    _record_commands(command)
    _sheet_commands(command)
    _package_commands(command)
    _paper_commands(command)
    return parser if not only or only in names else _parser()


def _record_commands(command: Callable[..., _Parser | _NotAsked]) -> None:
    c = command("add", _add, "登记一条记录")
    c.add_argument("kind", metavar="类别", help="记录类别：activity、family、person、aid、campaign、nomination …")
    c.add_argument("fields", nargs="*", metavar="字段=值", help="照平时的写法填")
    c.add_argument("--from-json", metavar="文件", help="从 JSON 文件读（- 为标准输入）")
    c.add_argument("--unit", help="记在哪个单位名下")
    c = command("edit", _edit, "修改一条记录")
    c.add_argument("id", metavar="ID", help="记录的 ID（32 位十六进制）")
    c.add_argument("fields", nargs="+", metavar="字段=值", help="照平时的写法填")
    c.add_argument("--unit", help="记录所在单位")
    c = command("delete", _delete, "删除一条记录（可恢复）")
    c.add_argument("id", metavar="ID", help="记录的 ID（32 位十六进制）")
    c.add_argument("--note", help="原因")
    c = command("undelete", _undelete, "恢复删除的记录")
    c.add_argument("id", metavar="ID", help="记录的 ID（32 位十六进制）")
    c = command("history", _history, "一条记录的来龙去脉")
    c.add_argument("id", metavar="ID", help="记录的 ID（32 位十六进制）")
    c = command("show", _show, "显示一条记录")
    c.add_argument("id", metavar="ID", help="记录的 ID（32 位十六进制）")
    c.add_argument("--unit", help="记录所在单位")
    c = command("list", _list, "列出记录")
    c.add_argument("kind", metavar="类别", help="记录类别：activity、family、person、aid、campaign、nomination …")
    c.add_argument("--search", help="汉字、拼音首字母、电话或身份证末四位")
    c.add_argument("--where", action="append", metavar="字段=值", help="只要这样的，可写多次")
    c.add_argument("--unit", help="只要这个单位及以下的")
    c.add_argument("--limit", type=int, help="最多几条")
    c.add_argument("--deleted", action="store_true", help="列出已删除的")
    command("acts", _acts, "最近的操作")
    c = command("undo", _undo, "撤销一次操作")
    c.add_argument("act", metavar="操作号", help="acts 列出的操作号")
    c = command("add-photo", _add_photo, "给一条记录加照片（JPG、PNG 等；会缩小，去掉拍摄地点）")
    c.add_argument("id", metavar="ID", help="记录的 ID（32 位十六进制）")
    c.add_argument("file", metavar="文件", help="照片文件")
    c.add_argument("--caption", help="照片说明")
    c.add_argument("--unit", help="记录所在单位")
    c = command("photo", _photo, "把一张照片存成文件")
    c.add_argument("hash", metavar="编号", help="照片编号：记录的 photos 里的 hash")
    c.add_argument("-o", "--output", required=True, help="文件.jpg")


def _sheet_commands(command: Callable[..., _Parser | _NotAsked]) -> None:
    c = command("import-sheet", _import_sheet, "从 Excel 台账导入")
    c.add_argument("kind", metavar="类别", help="记录类别：activity、family、person、aid、campaign、nomination …")
    c.add_argument("file", metavar="文件.xlsx", help="台账文件")
    c.add_argument("--year", type=int, help="没写年份的日期算哪一年")
    c.add_argument("--unit", help="记在哪个单位名下")
    c.add_argument("--dry-run", action="store_true", help="只看结果，不导入")
    c = command("export-sheet", _export_sheet, "导出 Excel 名册")
    c.add_argument("kind", metavar="类别", help="记录类别：activity、family、person、aid、campaign、nomination …")
    c.add_argument("-o", "--output", required=True, help="文件.xlsx")
    c.add_argument("--masked", action="store_true", help="身份证号、电话等打星号")
    c = command("template", _template, "写一份空的 Excel 模板", ws=False)
    c.add_argument("kind", metavar="类别", help="记录类别：activity、family、person、aid、campaign、nomination …")
    c.add_argument("-o", "--output", required=True, help="文件.xlsx")


def _package_commands(command: Callable[..., _Parser | _NotAsked]) -> None:
    c = command("export", _export, "写上报包、下发包或互传包")
    c.add_argument("--to", required=True, help="up（上级）、单位代码或 all-below（所有下级）")
    c.add_argument("-o", "--output", required=True, metavar="文件夹", help="写到哪个文件夹（U 盘）")
    c.add_argument("--full", action="store_true", help="全部内容都写")
    c = command("inspect", _inspect, "看一个包自己说了什么（不用钥匙）", ws=False)
    c.add_argument("file", metavar="文件", help="包文件 .flpkg")
    c = command("merge", _merge, "合并上报包、下发包")
    c.add_argument("paths", nargs="+", metavar="文件或文件夹", help="包文件，或放包的文件夹（U 盘）")
    c.add_argument("--dry-run", action="store_true", help="只看结果，不合并")
    command("imports", _imports, "合并过的包")
    c = command("undo-import", _undo_import, "撤销一次合并")
    c.add_argument("package", metavar="包号", help="imports 列出的包号")
    command("conflicts", _conflicts, "有冲突的项")
    c = command("settle", _settle, "处理冲突")
    c.add_argument("record", metavar="记录", help="记录的 ID")
    c.add_argument("fields", nargs="+", metavar="字段=值", help="照平时的写法填")
    command("duplicates", _duplicates, "可能重复的记录")
    c = command("join-records", _join_records, "两条记录是同一个")
    c.add_argument("keep", metavar="保留", help="留下的那条的 ID")
    c.add_argument("other", metavar="另一条", help="另一条的 ID")
    c = command("findings", _findings, "没有生效的内容：拒收、等待、不认识")
    c.add_argument("--state", choices=("refused", "waiting", "unknown", "invalid"), help="只要这一种：拒收、等待、不认识、无效")
    command("roll-call", _roll_call, "各单位上报情况")


def _paper_commands(command: Callable[..., _Parser | _NotAsked]) -> None:
    c = command("report", _report, "做一张报表")
    c.add_argument("name", metavar="报表", help="报表名，见 fulian reports")
    c.add_argument("--year", type=int, help="年度")
    c.add_argument("-o", "--output", help="文件.xlsx 或 .pdf")
    command("reports", _reports, "有哪些报表")
    c = command("print", _print_paper, "打印成 PDF")
    c.add_argument("what", choices=("honor-roll", "certificates", "notice", "roster"), help="光荣榜、证书、公示、花名册")
    c.add_argument("-o", "--output", required=True, help="文件.pdf")
    c.add_argument("--campaign", help="评选活动的 ID（默认最近一个）")
    c.add_argument("--date", help="落款日期 2026-03-08")
    c.add_argument("--palette", choices=("color", "mono"), default="color", help="彩色或黑白")
    c.add_argument("--paper", choices=("A4-landscape", "16K"), default="A4-landscape", help="证书纸张")
    c.add_argument("--kind", default="family", help="花名册的类别")
    c.add_argument("--contact", help="公示的受理电话")
    c = command("check", _check, "核对：变更、表、签名是否一致")
    c.add_argument("--unit", help="只算这个单位及以下的记录")
    c = command("backup", _backup, "备份到一个文件")
    c.add_argument("-o", "--output", required=True, help="文件.flbak")
    c = command("restore", _restore, "从备份恢复成新的工作区", ws=False)
    c.add_argument("file", metavar="备份文件", help="备份文件 .flbak")
    c.add_argument("ws", metavar="WS", help="新工作区的文件夹")
    c = command("demo", _demo, "用编造的数据走一遍全过程", ws=False)
    c.add_argument("folder", metavar="文件夹", help="结果放在这里")
    c.add_argument("--villages", type=int, default=30, help="几个村（默认 30）")
    c.add_argument("--records", type=int, default=3000, help="每村几条记录（默认 3000）")


if __name__ == "__main__":
    raise SystemExit(main())
