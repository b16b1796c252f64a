"""接收上报: looking at what lies on sticks, merging what was chosen, taking a whole merge back, a report on paper (DESIGN §8).

Rules:

* Looking writes nothing. A merge is one action: all of it, or, cancelled or failed, nothing.
* A unit is one line, however many of its packages lie there; a file that is refused as a whole is a line of its own.
* Lines that need attention come first; the counts of the lines add up to those of the merge, always.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from fulian_desktop.errors import InputProblem, NotFound
from fulian_desktop.exchange import stick
from fulian_desktop.merge import apply as applying
from fulian_desktop.progress import Progress
from fulian_desktop.services.exchanging import imports, merge_packages, note_new_epoch
from fulian_desktop.services.office import Office
from fulian_desktop.services.rights import take_in
from fulian_desktop.services.unprintable import naming
from fulian_desktop.store import books
from fulian_desktop.store.workspace import now_ms

WORDS = {
    "added": "新增", "changed": "修改", "unchanged": "没变化", "conflicts": "冲突", "refused": "拒收", "waiting": "等待",
}
"""What a record of a package comes to, in the order of the sum line, and what people call it."""

COUNTS = tuple(WORDS)
IN_PARTS = {"merged", "unchanged", "waiting", "fork"}
"""States of packages that were read: the rest are refused as a whole."""

ORDER = (
    "conflicts", "refused", "damaged", "unknown-signer", "revoked", "not-for-us", "out-of-scope", "too-new", "fork", "waiting",
    "mergeable", "receipt", "unchanged", "others",
)
"""States of lines, what needs attention first."""

ATTENTION = frozenset(ORDER[: ORDER.index("mergeable")])
REFUSED_WHOLE = frozenset({"damaged", "unknown-signer", "revoked", "not-for-us", "out-of-scope", "too-new", "others"})
NOTHING_NEW = frozenset({"unchanged"})


@dataclass(frozen=True)
class Line:
    """What the packages of one unit come to, or one file that is refused.

    Attributes:
        unit: Its code, "" when a damaged file does not even say; ``name`` what it is called, else the file's name.
        state: One of :data:`ORDER`. files: The files' names. counts: Of records, by :data:`COUNTS`.
        reason: A sentence: what is the matter, what to do next; "" when nothing is.
        photos: How many came along. photos_missing: How many are named and have not come.
    """

    unit: str
    name: str
    state: str
    files: tuple[str, ...]
    counts: Mapping[str, int]
    reason: str = ""
    photos: int = 0
    photos_missing: int = 0

    @property
    def total(self) -> int:
        """Records it touches."""
        return sum(self.counts.values())

    @property
    def may_be_chosen(self) -> bool:
        """Whether merging it would do anything."""
        return self.state not in REFUSED_WHOLE | NOTHING_NEW


@dataclass(frozen=True)
class Received:
    """What lies there (``looked``), or what a merge came to (``merged``).

    Attributes:
        lines: Problems first.
        paths: File name → where files of that name lie.
        packages: Ids of the packages that this merge brought in; empty when it was only looked.
        warnings: Sentences about what is saved but not finished.
    """

    lines: tuple[Line, ...]
    paths: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    packages: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """The counts of all lines together."""
        return add_up(self.lines)

    def files_of(self, lines: Iterable[Line]) -> list[Path]:
        """Where the files of some lines lie."""
        return list(dict.fromkeys(path for line in lines for name in line.files for path in self.paths.get(name, ())))


def add_up(lines: Iterable[Line]) -> dict[str, int]:
    """The counts of some lines together, ``in`` first."""
    several = list(lines)
    sums = {name: sum(line.counts.get(name, 0) for line in several) for name in COUNTS}
    return {"in": sum(sums.values()), **sums}


def look(office: Office, paths: Sequence[Path], progress: Progress | None = None) -> Received:
    """Open and verify everything in files and folders and say what a merge would do. Nothing is written."""
    report = merge_packages(office, paths, dry_run=True, progress=progress)
    found: dict[str, tuple[Path, ...]] = {}
    for path in stick.find_packages(paths):
        found[path.name] = (*found.get(path.name, ()), path)
    return Received(plan_lines(report["packages"], office.workspace.unit_names()), found)


def merge(office: Office, files: Sequence[Path], progress: Progress | None = None) -> Received:
    """Merge files as one action, after a backup; cancelled on its way it leaves every record as it was."""
    before, known = _standing_imports(office), len(office.workspace.warnings)
    report = merge_packages(office, files, progress=progress)
    new = sorted(_standing_imports(office) - before)
    warnings = tuple(office.workspace.warnings[known:])
    return Received(plan_lines(report["packages"], office.workspace.unit_names()), packages=tuple(new), warnings=warnings)


def _standing_imports(office: Office) -> set[str]:
    return {one.package for one in books.imports(office.workspace.db) if one.undone_at is None}


_OTHERS = "给别的单位的，不用管。"


def plan_lines(packages: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> tuple[Line, ...]:
    """The lines of a merge's report: one a unit, and one a file that is refused as a whole."""
    whole: list[Line] = []
    by_unit: dict[str, list[Mapping[str, Any]]] = {}
    for one in packages:
        if one["state"] in IN_PARTS:
            by_unit.setdefault(one["unit"], []).append(one)
        elif one["state"] == "not-for-us" and any(other["state"] != "not-for-us" for other in packages):
            # Villages may share a stick: beside something for us, what is for others is nobody's mistake.
            name = names.get(one["unit"], one["file"])
            whole.append(Line(one["unit"], name, "others", (one["file"],), _counts([one]), _OTHERS))
        else:
            name = names.get(one["unit"], one["unit"]) or one["file"]
            whole.append(Line(one["unit"], name, one["state"], (one["file"],), _counts([one]), one["reason"]))
    lines = [*whole, *(_unit_line(unit, several, names.get(unit, unit)) for unit, several in by_unit.items())]
    return tuple(sorted(lines, key=lambda line: (ORDER.index(line.state), line.unit, line.files)))


def _unit_line(unit: str, packages: Sequence[Mapping[str, Any]], name: str) -> Line:
    counts = _counts(packages)
    state = _state(counts, {one["state"] for one in packages})
    sealed = sum(one.get("sealed", 0) for one in packages)
    if sealed and state in ("receipt", "unchanged"):
        state = "mergeable"  # nothing that is counted here, and news all the same
    missing = max(one.get("photos_missing", 0) for one in packages)
    reason = _reason(state, counts, packages) or _sealed_words(sealed)
    return Line(
        unit, name, state, tuple(one["file"] for one in packages), counts, reason,
        sum(one.get("photos", 0) for one in packages), missing,
    )


def _sealed_words(changes: int) -> str:
    """That something came for the rights room; what, only the room can tell."""
    return f"有 {changes:,} 条加密的维权变更，只有档案室打得开" if changes else ""


def _counts(packages: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {name: sum(one[name] for one in packages) for name in COUNTS}


def _state(counts: Mapping[str, int], states: set[str]) -> str:
    for name in ("conflicts", "refused"):
        if counts[name]:
            return name
    if "fork" in states:
        return "fork"
    if counts["waiting"] or "waiting" in states:
        return "waiting"
    if counts["added"] or counts["changed"]:
        return "mergeable"
    return "receipt" if "merged" in states and not counts["unchanged"] else "unchanged"


def _reason(state: str, counts: Mapping[str, int], packages: Sequence[Mapping[str, Any]]) -> str:
    said = next((one["reason"] for one in packages if one["state"] == state and one["reason"]), "")
    problem = next((text for one in packages for text in one.get("problems", ())), "")
    own = {
        "conflicts": f"{counts['conflicts']} 条记录两边填的不一样，合并后再选用哪个",
        "refused": f"{counts['refused']} 条里有本不该由对方填的内容，那些内容不收，其余照常",
        "receipt": "只有回执，没有新记录",
        "unchanged": "已导入过，没有新内容",
    }
    return problem or own.get(state) or said


# --- taking a merge back -----------------------------------------------------------------------------------


def undo_merge(office: Office, packages: Sequence[str], progress: Progress | None = None) -> dict[str, Any]:
    """Take back all packages that one merge brought in, after one backup (DESIGN §8).

    Returns:
        ``{"packages", "records", "forwarded"}``: how many packages and records, and the names of the units to which
        something was already passed on since.

    Raises:
        NotFound: One of them was never merged.
        InputProblem: All of them are taken back already.
    """
    progress = progress or Progress()
    found = [books.find_import(office.workspace.db, package) for package in packages]
    standing = [one for one in found if one is not None and one.undone_at is None]
    if None in found:
        raise NotFound("没有合并过这个包。", "not-found")
    if not standing:
        raise InputProblem("这次合并已经撤销过了。", "undone")
    progress.step(0, len(standing), "先做备份")
    office.workspace.backup_before("undo")
    epoch = office.workspace.epoch
    going = progress.without_cancel()  # each is a transaction: half of a merge taken back helps nobody
    records = 0
    for done, one in enumerate(reversed(standing)):
        going.step(done, len(standing), one.file)
        records += applying.undo_import(office.workspace, one)
    take_in(office)
    note_new_epoch(office, epoch)
    names = office.workspace.unit_names()
    since = min(one.at for one in standing)
    to = {names.get(sent["to"], sent["to"]) for sent in books.exports_since(office.workspace.db, since)}
    return {"packages": len(standing), "records": records, "forwarded": sorted(to)}


@dataclass(frozen=True)
class PastImport:
    """A package merged earlier: when (ms), whose, what came of it, and whether it was taken back."""

    package: str
    at: int
    unit: str
    name: str
    state: str
    counts: Mapping[str, int]
    undone_at: int | None


def past_imports(office: Office) -> list[PastImport]:
    """The packages merged so far that brought something new, the latest first."""
    names = office.workspace.unit_names()
    return [
        PastImport(one["package"], one["at"], one["unit"], names.get(one["unit"], one["unit"]),
                   _state(one, {one["state"]}), {name: one[name] for name in COUNTS}, one["undone_at"])
        for one in imports(office) if one["in"] > one["unchanged"] or one.get("sealed")
    ]


# --- on paper ----------------------------------------------------------------------------------------------


def print_report(
    office: Office, received: Received, target: Path | BinaryIO, *, states: Mapping[str, str], done: bool
) -> None:
    """The lines of a merge as a table on A4, with the units as they are called now.

    Args:
        office: Whose merge.
        received: What lay there, or what the merge came to.
        target: The PDF to write, or an open file.
        states: What a line's state is called, by its code.
        done: Whether it has been merged, or only looked at.
    """
    from fulian_desktop.printing.documents import Column, Table, write_table

    columns = (
        Column("序号", 0.6, "center"), Column("单位", 1.8, "left"), Column("结果", 1.1, "center"),
        *(Column(word, 0.8, "right") for word in WORDS.values()), Column("说明", 4, "left"),
    )
    names = office.workspace.unit_names()
    called = [names.get(line.unit, line.name) for line in received.lines]
    rows = [
        [str(i), name, states[line.state], *(f"{line.counts[name]:,}" for name in COUNTS), line.reason or "—"]
        for i, (name, line) in enumerate(zip(called, received.lines, strict=True), 1)
    ]
    sums = received.counts
    now = datetime.datetime.fromtimestamp(now_ms() / 1000)
    table = Table(
        f"{office.unit_name}{'合并报告' if done else '合并预览'}", columns, rows, subtitle=f"接收单位：{office.unit_name}",
        aside=f"{now.year}年{now.month}月{now.day}日 {now:%H:%M}", landscape=True,
        notes=(f"共收到 {sums['in']:,} 条：" + "，".join(f"{word} {sums[name]:,}" for name, word in WORDS.items()) + "。",),
    )
    said = [pair for name, line in zip(called, received.lines, strict=True) for pair in (("文件", name), ("说明", line.reason))]
    with naming(office, (), said=said):
        write_table(table, target)
