"""维权统计: how many came how, with what, what was done; no name, no number of a case, nothing that leads to a person.

A row may stand for many: what comes in counts by 人次 (``people``), what is handled by 件 (``cases``), each 1 unless said. A
case counts in the year of its date; one without a date in none, and the notes say how many there are.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fulian_desktop.domain.fields import Code
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.domain.kinds.rights_case import ends_soon
from fulian_desktop.progress import Progress
from fulian_desktop.services.office import Office
from fulian_desktop.services.reports import Report, write_report_pdf
from fulian_desktop.store import queries
from fulian_desktop.store.view import INCOMPLETE

if TYPE_CHECKING:
    from fulian_desktop.services.papers import Made

Flat = Mapping[str, Any]


def statistics(office: Office, year: int | None = None) -> Report:
    """维权统计表 of the opened room, of one year or of all."""
    kind = kind_of("rights_case")
    rows = list(queries.list_rows(office.workspace.db, kind, year=("date", year) if year else None))
    flats: list[Flat] = [row.flat for row in rows]
    report = Report("rights-statistics", f"{year}年维权统计表" if year else "维权统计表",
                    [("类目", "text"), ("项目", "text"), ("件数", "number"), ("人次", "number")])
    for name, head in (("channel", "来访来信渠道"), ("category", "类别"), ("subcategory", "子类"), ("risk", "风险等级"),
                       ("handling", "办理方式")):
        _by_code(report, kind, name, head, flats)
    asked = _cases(f for f in flats if f.get("warning_asked_date") or _warned(f))
    warned = _cases(f for f in flats if _warned(f))
    ordered = _cases(f for f in flats if f.get("order_asked_date") or f.get("order_issued_date"))
    issued = _cases(f for f in flats if f.get("order_issued_date"))
    settled = _cases(f for f in flats if f.get("settled_date"))
    for head, label, number in (
        ("告诫书", "申请", asked), ("告诫书", "出具", warned), ("人身安全保护令", "申请", ordered),
        ("人身安全保护令", "签发", issued), ("办结", "已办结", settled),
    ):
        report.rows.append([head, label, number, None])
    cases, people = _cases(flats), sum(_number(f, "people") for f in flats)
    report.ids = [[] for _ in report.rows]
    report.total = {"records": len(rows), "cases": cases, "people": people, "settled": settled, "warnings_asked": asked,
                    "warnings_issued": warned, "orders_asked": ordered, "orders_issued": issued}
    report.total_row = ["合计", "", cases, people]
    report.notes = _notes(flats, cases, settled, sum(bool(row.flags & INCOMPLETE) for row in rows))
    return report


def _by_code(report: Report, kind: Kind, name: str, head: str, flats: list[Flat]) -> None:
    """A line for each code that occurs, in the order of the declaration; what has none is 没填."""
    type_ = kind.flat[name].type
    labels = type_.codes.labels if isinstance(type_, Code) else {}

    def has(code: str) -> Callable[[Flat], bool]:
        return lambda flat: code in _codes(flat, name)

    known = [*labels, *sorted({code for flat in flats for code in _codes(flat, name)} - set(labels))]
    for code in known:
        _line(report, head, labels.get(code, code), filter(has(code), flats))
    _line(report, head, "没填", (flat for flat in flats if not _codes(flat, name)))


def _line(report: Report, head: str, label: str, flats: Iterable[Flat]) -> None:
    found = list(flats)
    if found:
        report.rows.append([head, label, _cases(found), sum(_number(f, "people") for f in found)])


def _codes(flat: Flat, name: str) -> list[str]:
    value = flat.get(name)
    return list(value) if isinstance(value, list) else [str(value)] if value else []


def _warned(flat: Flat) -> bool:
    return bool(flat.get("warning_date") or flat.get("warning_no"))


def _number(flat: Flat, name: str) -> int:
    return int(flat.get(name, 1))


def _cases(flats: Iterable[Flat]) -> int:
    return sum(_number(flat, "cases") for flat in flats)


def _notes(flats: list[Flat], cases: int, settled: int, incomplete: int) -> list[str]:
    notes = [f"办结率 {settled * 1000 // cases / 10:g}%（{settled} 件，共 {cases} 件）"] if cases else []
    if any(len(_codes(flat, "handling")) > 1 for flat in flats):
        notes.append("一件可以有几种办理方式，各算一次")
    about = sum(bool(f.get("people_about") or f.get("cases_about")) for f in flats)
    undated = sum(not f.get("date") for f in flats)
    notes += [f"含约数 {about} 条"] if about else []
    notes += [f"没填日期 {undated} 条"] if undated else []
    return [*notes, *([f"含待补全 {incomplete} 条"] if incomplete else [])]


@dataclass(frozen=True)
class Ending:
    """A case whose protection order ends soon or has just ended: in how many days, and what the case is called."""

    record: str
    unit: str
    name: str
    days: int


def orders_ending(office: Office, day: datetime.date) -> tuple[Ending, ...]:
    """The tasks of the opened room: protection orders that end within 30 days or did, the most urgent first."""
    kind = kind_of("rights_case")
    found = []
    for row in queries.list_rows(office.workspace.db, kind):
        days = ends_soon(row.flat, day)
        if days is not None:
            found.append(Ending(row.id, row.unit, kind.name_of(row.flat), days))
    return tuple(sorted(found, key=lambda one: (one.days, one.record)))


def statistics_made(office: Office, year: int | None, progress: Progress | None = None) -> Made:
    """维权统计表 on paper, kept in memory."""
    from fulian_desktop.services.papers import in_memory

    return in_memory(lambda target: write_report_pdf(office, statistics(office, year), target, progress))
