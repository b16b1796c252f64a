"""Keeping the workspace: who may open it, its backups, and what was done with it.

Rules:

* Whoever changes a passphrase, hands over, or wants another recovery code proves the present one first.
* 换人: the new person in, the old passphrase and recovery code out, in one write of the key file.
* The log says who exported, showed, merged; its words for people stand here, one line a thing done.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fulian_desktop.domain.kinds import find_kind
from fulian_desktop.domain.texts import clean_text
from fulian_desktop.errors import InputProblem
from fulian_desktop.services.office import Office
from fulian_desktop.services.starting import folder_warning
from fulian_desktop.store import diary, keystore

_STAMPED = re.compile(r"(\d{8}-\d{6})(?:-\d+)?-([a-z]+)\.flbak", re.ASCII)

_REASONS = {"merge": "合并前", "undo": "撤销前", "upgrade": "升级前", "manual": "自己备份"}


# --- who may open it -------------------------------------------------------------------------------------------------


def change_passphrase(office: Office, present: str, new: str) -> None:
    """Give the person of this session another passphrase; the recovery code stays."""
    _prove(office, present)
    keystore.add_person(office.workspace.folder, office.workspace.key, office.person, new)
    _note(office, "passphrase", {})


def hand_over(office: Office, present: str, person: str, new: str) -> str:
    """换人: let a new person in under a new passphrase, the present one out; returns the new recovery code."""
    _prove(office, present)
    workspace, old = office.workspace, office.person
    name = person_name(person)
    if name != old and name in keystore.persons(workspace.folder):
        raise InputProblem("这个人已经能打开了。下一步：锁定后选这个人，用本人的密码打开。", "person-exists")
    recovery = keystore.replace_person(workspace.folder, workspace.key, old, name, new)
    _note(office, "hand-over", {"to": name})
    workspace.person = name
    return recovery


def add_person(office: Office, present: str, person: str, new: str) -> None:
    """Let one more person open the workspace."""
    _prove(office, present)
    name = person_name(person)
    if name in keystore.persons(office.workspace.folder):
        raise InputProblem("这个人已经能打开了。", "person-exists")
    keystore.add_person(office.workspace.folder, office.workspace.key, name, new)
    _note(office, "person-added", {"name": name})


def renew_recovery_code(office: Office, present: str) -> str:
    """Make another recovery code; the old one opens nothing any more."""
    _prove(office, present)
    return new_recovery_code(office)


def new_recovery_code(office: Office) -> str:
    """As :func:`renew_recovery_code`, for an office that was opened this moment."""
    workspace = office.workspace
    code = keystore.replace_recovery(workspace.folder, workspace.key)
    _note(office, "recovery-code", {})
    return code


def person_name(typed: str) -> str:
    """What was typed as the name of a person, cleaned; :class:`InputProblem` when there is none."""
    name, problems = clean_text(typed, max_code_points=60)
    if name is None:
        raise InputProblem(problems[-1].text, problems[-1].code)
    if not name:
        raise InputProblem("还没有填使用人姓名。", "no-name")
    return name


def _prove(office: Office, present: str) -> None:
    keystore.unlock(office.workspace.folder, present, office.person)


def _note(office: Office, what: str, about: dict[str, Any]) -> None:
    with office.workspace.transaction():
        office.workspace.record(what, about)


# --- backups ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BackupFile:
    """A backup of the workspace's own folder: when, why (中文), how large."""

    path: Path
    at: datetime.datetime
    why: str
    size: int


def list_backups(office: Office) -> list[BackupFile]:
    """The backups beside the workspace, the latest first; when is read from the name, never from the file's times."""
    found = []
    for path in (office.workspace.folder / "backups").glob("*.flbak"):
        stamped = _STAMPED.fullmatch(path.name)
        if stamped is not None:
            at = datetime.datetime.strptime(stamped[1], "%Y%m%d-%H%M%S")
            found.append(BackupFile(path, at, _REASONS.get(stamped[2], "备份"), path.stat().st_size))
    return sorted(found, key=lambda one: one.at, reverse=True)


def back_up_here(office: Office) -> BackupFile:
    """Write a backup beside the workspace, re-opened and checked; photos are left to backups on a stick."""
    path = office.workspace.backup_before("manual")
    _note(office, "backup", {"file": path.name})
    return next(one for one in list_backups(office) if one.path == path)


@dataclass(frozen=True)
class Overview:
    """What the settings page shows of a workspace: where it lies, who may open it, its backups, what was done.

    ``warning`` says in 中文 that the folder is no good place (synced, on another computer), "" when it is.
    """

    folder: Path
    warning: str
    persons: tuple[str, ...]
    backups: tuple[BackupFile, ...]
    done: tuple[Done, ...]


def overview(office: Office) -> Overview:
    """Read what the settings page shows."""
    folder = office.workspace.folder
    return Overview(
        folder, folder_warning(folder), tuple(keystore.persons(folder)), tuple(list_backups(office)), tuple(activity(office)),
    )


# --- what was done ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Done:
    """A line of the activity log in words."""

    at: datetime.datetime
    who: str
    words: str


def activity(office: Office, limit: int = 200) -> list[Done]:
    """What was done with the records lately, the latest first."""
    names = office.workspace.unit_names()
    return [
        Done(datetime.datetime.fromtimestamp(line.at / 1000), line.actor, _words(line, names))
        for line in diary.latest_lines(office.workspace.db, limit)
    ]


def _words(line: diary.Line, names: dict[str, str]) -> str:
    said = _SAID.get(line.what)
    return said(line.about, names) if said else f"做了本版本不认识的事（{line.what}）"


def _kind(about: dict[str, Any]) -> str:
    kind = find_kind(str(about.get("kind", "")))
    return kind.label if kind else "记录"


def _export(about: dict[str, Any], names: dict[str, str]) -> str:
    to = str(about.get("to", ""))
    return f"写上报或下发文件给{names.get(to, to)}，{about.get('changes', 0):,} 条"


def _sheet(about: dict[str, Any], _names: dict[str, str]) -> str:
    shown = "，包含身份证号等" if about.get("sensitive") else ""
    return f"导出{_kind(about)}表格 {about.get('rows', 0):,} 行{shown}"


def _merge(about: dict[str, Any], _names: dict[str, str]) -> str:
    return f"合并 {len(about.get('packages', []))} 个文件，新增 {about.get('added', 0):,} 条，修改 {about.get('changed', 0):,} 条"


def _copy(about: dict[str, Any], _names: dict[str, str]) -> str:
    if "records" in about:  # to the clipboard; the other one is noticed when a workspace is opened
        return f"复制 {len(about['records']):,} 条记录，包含身份证号等"
    return "这份数据是拷贝来的，本机换了新编号"


def _approve(about: dict[str, Any], names: dict[str, str]) -> str:
    return "批准开通：" + "、".join(names.get(unit, unit) for unit in about.get("units", []))


_PAPERS = {"honor-roll": "光荣榜", "certificates": "荣誉证书", "notice": "公示", "roster": "名册", "hand-over": "上报交接单"}

_IN_ROOM = {
    "room": "建维权档案室", "open": "打开维权档案室", "reveal": "在维权档案室查看电话等完整内容", "copy": "在维权档案室复制记录",
    "export-sheet": "从维权档案室导出表格", "print": "从维权档案室打印", "passphrase": "修改维权档案室的密码",
    "hand-over": "维权档案室换人", "person-added": "增加能打开维权档案室的人", "recovery-code": "重新做维权档案室的恢复码",
}

_SAID: dict[str, Callable[[dict[str, Any], dict[str, str]], str]] = {
    "export": _export,
    "export-sheet": _sheet,
    "merge": _merge,
    "approve": _approve,
    "undo-import": lambda about, _: "撤销一次合并",
    "fork": lambda about, _: "发现两台电脑用了同一份数据，本机换了新编号",
    "copy": _copy,
    "print": lambda about, _: f"打印{_PAPERS.get(str(about.get('what', '')), '')} {about.get('count', 0):,} 条",
    "backup": lambda about, _: f"备份到 {about.get('file', '')}",
    "restore": lambda about, _: f"从备份 {about.get('file', '')} 恢复",
    "reveal": lambda about, _: f"查看{_kind(about)}的身份证号等完整内容",
    "passphrase": lambda about, _: "修改密码",
    "hand-over": lambda about, _: f"换人：交给{about.get('to', '')}",
    "person-added": lambda about, _: f"增加使用人{about.get('name', '')}",
    "recovery-code": lambda about, _: "重新做恢复码",
    "rights": lambda about, _: _IN_ROOM.get(str(about.get("what", "")), "在维权档案室做了别的事"),
}
