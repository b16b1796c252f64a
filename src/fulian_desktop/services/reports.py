"""Reports: figures out of records, each with the records behind it (DOMAIN §4).

Counting: an ``about`` number counts as stated and the total says 含约数 n 条; a record counts in the year of its last
day; people and households are counted apart; a record marked 待补全 counts, and the report says how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Literal

from fulian_desktop.domain.day_words import period_text
from fulian_desktop.domain.fields import Code
from fulian_desktop.domain.forms import value_text
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.stages import HONORED, stage_of
from fulian_desktop.domain.yuan import format_yuan
from fulian_desktop.errors import InputProblem
from fulian_desktop.progress import Progress
from fulian_desktop.services.office import Office, today
from fulian_desktop.services.unprintable import naming
from fulian_desktop.store import queries
from fulian_desktop.store.view import INCOMPLETE, Row

How = Literal["text", "number", "money"]


@dataclass
class Report:
    """A table of figures. ``ids`` gives, for each row, the records behind it; ``total`` the sums by name."""

    name: str
    title: str
    columns: list[tuple[str, How]]
    rows: list[list[Any]] = field(default_factory=list)
    ids: list[list[str]] = field(default_factory=list)
    total: dict[str, int] = field(default_factory=dict)
    total_row: list[Any] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    landscape: bool = False

    def text_rows(self) -> list[list[str]]:
        """The rows as they are printed: money in yuan, empty as —."""
        rows = [*self.rows, self.total_row] if self.total_row else self.rows
        return [[_shown(v, how) for v, (_, how) in zip(row, self.columns, strict=True)] for row in rows]


def _shown(value: Any, how: str) -> str:  # noqa: ANN401 - text, number or money
    if value in (None, ""):
        return "—"
    return format_yuan(value) if how == "money" else f"{value:,}" if isinstance(value, int) and how == "number" else str(value)


def _year_rows(office: Office, kind: Kind, year: int | None) -> Iterator[Row]:
    return queries.list_rows(office.workspace.db, kind, year=("date_to", year) if year else None)


def aid_summary(office: Office, year: int | None) -> Report:
    """资金汇总: by program and fund source: records, people, households, money in fen, value of goods."""
    kind = office.kinds.of("aid")
    columns: list[tuple[str, How]] = [
        ("项目", "text"), ("资金来源", "text"), ("条数", "number"), ("人数", "number"), ("户数", "number"), ("金额(元)", "money"),
        ("物资折价(元)", "money"),
    ]
    report = Report("aid-summary", f"{_year_title(year)}帮扶救助资金汇总表", columns)
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in _year_rows(office, kind, year):
        groups.setdefault((row.flat.get("program", ""), row.flat.get("fund_source", "")), []).append(row)
    for (program, source), members in sorted(groups.items(), key=lambda g: _order(kind, g[0])):
        people = sum(r.flat.get("people", 0) for r in members if r.flat.get("people_unit", "person") == "person")
        households = sum(r.flat.get("people", 0) for r in members if r.flat.get("people_unit") == "household")
        amount = sum(r.flat.get("amount", 0) for r in members)
        goods = sum(g.get("value", 0) for r in members for g in r.flat.get("goods", ()))
        labels = [_label(kind, "program", program), _label(kind, "fund_source", source)]
        report.rows.append([*labels, len(members), people, households, amount, goods])
        report.ids.append([r.id for r in members])
    sums = [sum(row[i] for row in report.rows) for i in range(2, 7)]
    report.total = dict(zip(("records", "people", "households", "amount", "goods_value"), sums, strict=True))
    report.total_row = ["合计", "", *sums]
    rows = [row for members in groups.values() for row in members]
    report.notes = [f"金额合计 {format_yuan(report.total['amount'])} 元", *_notes(rows, "amount_about")]
    return report


def activity_ledger(office: Office, year: int | None) -> Report:
    """活动台账: every activity of the year, in order of its day."""
    kind = office.kinds.of("activity")
    columns: list[tuple[str, How]] = [
        ("序号", "number"), ("单位", "text"), ("日期", "text"), ("主题", "text"), ("类别", "text"), ("地点", "text"),
        ("场次", "number"), ("参加人次", "number"),
    ]
    issued = [declared for declared in kind.fields if declared.issuer and declared.column]
    columns += [(declared.label, "text") for declared in issued]
    report = Report("activity-ledger", f"{_year_title(year)}活动台账", columns, landscape=True)
    names = office.workspace.unit_names()
    rows = sorted(_year_rows(office, kind, year), key=lambda r: (r.flat.get("date_from", ""), r.unit, r.no))
    for i, row in enumerate(rows, 1):
        flat = row.flat
        report.rows.append([
            i, names.get(row.unit, row.unit), _period(flat), flat.get("title", ""),
            _label(kind, "category", flat.get("category", "")), flat.get("place", ""), flat.get("sessions", 1),
            flat.get("participants"), *(value_text(declared, flat.get(declared.code)) for declared in issued),
        ])
        report.ids.append([row.id])
    sessions, participants = sum(r[6] for r in report.rows), sum(r[7] or 0 for r in report.rows)
    report.total = {"records": len(rows), "sessions": sessions, "participants": participants}
    report.total_row = ["合计", "", "", "", "", "", report.total["sessions"], report.total["participants"], *[""] * len(issued)]
    report.notes = _notes(rows, "participants_about", "sessions_about")
    return report


def family_summary(office: Office, year: int | None) -> Report:
    """家庭评选汇总表: 序号, 推荐单位, 户主, 称号, 事迹简介, 备注; of those approved or awarded."""
    kind = office.kinds.of("nomination")
    columns: list[tuple[str, How]] = [
        ("序号", "number"), ("推荐单位", "text"), ("户主", "text"), ("称号", "text"), ("事迹简介", "text"), ("备注", "text"),
    ]
    report = Report("family-summary", f"{_year_title(year)}家庭评选汇总表", columns, landscape=True)
    names = office.workspace.unit_names()
    campaigns = {row.id: row for row in queries.list_rows(office.workspace.db, office.kinds.of("campaign"))}
    day = today()
    rows = []
    for row in queries.list_rows(office.workspace.db, kind):
        campaign = campaigns.get(row.flat.get("campaign", ""))
        if year and (campaign is None or campaign.flat.get("year") != year):
            continue
        stage = stage_of(kind, row.flat, row.conflicts, day)
        if stage is not None and stage.stage in HONORED:
            rows.append((row, campaign, stage))
    for i, (row, campaign, stage) in enumerate(sorted(rows, key=lambda r: (r[0].unit, r[0].no)), 1):
        flat = row.flat
        honor = flat.get("campaign_name", "")
        if campaign:
            honor = _label(office.kinds.of("campaign"), "honor", campaign.flat.get("honor", ""))
        name = flat.get("family_name") or flat.get("person_name") or ""
        report.rows.append([i, names.get(row.unit, row.unit), name, honor, flat.get("deeds_short", ""), stage.label])
        report.ids.append([row.id])
    report.total = {"records": len(rows)}
    report.notes = _notes([row for row, _, _ in rows])
    return report


REPORTS: dict[str, tuple[str, Callable[[Office, int | None], Report]]] = {
    "aid-summary": ("帮扶救助资金汇总表", aid_summary),
    "activity-ledger": ("活动台账", activity_ledger),
    "family-summary": ("家庭评选汇总表", family_summary),
}


def make_report(office: Office, name: str, year: int | None = None) -> Report:
    """The report of that name."""
    if name not in REPORTS:
        raise InputProblem(f"没有“{name}”这张表。可用的有：{'、'.join(REPORTS)}。", "unknown-report")
    return REPORTS[name][1](office, year)


def write_report(office: Office, report: Report, path: Path) -> dict[str, Any]:
    """Write a report to .xlsx or .pdf."""
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        write_report_pdf(office, report, path)
    elif suffix == ".xlsx":
        from fulian_desktop.sheets.book import BookColumn, BookSheet, write_book

        heads = [BookColumn(head, how) for head, how in report.columns]
        rows = [_in_yuan(report, row) for row in report.rows]
        totals = _in_yuan(report, report.total_row) if report.total_row else None
        write_book(path, [BookSheet(report.title[:31], report.title, heads, rows, subtitle=f"填报单位：{office.unit_name}",
                                    notes=report.notes, totals=totals, portrait=not report.landscape)])
    else:
        raise InputProblem("报表要存成 .xlsx 或 .pdf 文件。", "suffix")
    return {"file": str(path)}


def write_report_pdf(office: Office, report: Report, target: Path | BinaryIO, progress: Progress | None = None) -> int:
    """Write a report as a PDF to a path or an open file; returns the number of pages."""
    from fulian_desktop.printing.documents import Column, Table, write_table

    shares = {"text": 2.0, "number": 1.0, "money": 1.5}
    columns = tuple(Column(head, shares[how], "left" if how == "text" else "right") for head, how in report.columns)
    table = Table(
        report.title, columns, report.text_rows(), subtitle=f"填报单位：{office.unit_name}", notes=tuple(report.notes),
        landscape=report.landscape,
    )
    # a row of several records is sums and codes: what people typed stands in rows of one
    behind = ((ids[0], None, texts) for ids, texts in zip(report.ids, report.text_rows(), strict=False) if len(ids) == 1)
    with naming(office, behind):
        return write_table(table, target, progress=progress).pages


def _in_yuan(report: Report, row: list[Any]) -> list[Any]:
    """A row with money as yuan for a sheet, exactly: fen never become a float."""
    return [Decimal(v) / 100 if how == "money" and v not in (None, "") else (v or None if v == "" else v)
            for v, (_, how) in zip(row, report.columns, strict=True)]


def _period(flat: Mapping[str, Any]) -> str:
    """The days of an activity in words, "" where they are not known."""
    first, last = flat.get("date_from"), flat.get("date_to")
    return period_text(first, last, str(flat.get("date_precision"))) if first and last else ""


def _notes(rows: list[Row], *about: str) -> list[str]:
    doubtful = sum(any(row.flat.get(name) for name in about) for row in rows)
    incomplete = sum(bool(row.flags & INCOMPLETE) for row in rows)
    return [*([f"含约数 {doubtful} 条"] if doubtful else []), *([f"含待补全 {incomplete} 条"] if incomplete else [])]


def _year_title(year: int | None) -> str:
    return f"{year}年" if year else ""


def _label(kind: Kind, name: str, code: str) -> str:
    type_ = kind.flat[name].type
    return type_.codes.label(code) if isinstance(type_, Code) and code else code


def _order(kind: Kind, codes: tuple[str, str]) -> tuple[int, ...]:
    found = []
    for name, code in zip(("program", "fund_source"), codes, strict=True):
        type_ = kind.flat[name].type
        listed = list(type_.codes) if isinstance(type_, Code) else []
        found.append(listed.index(code) if code in listed else len(listed))
    return tuple(found)
