"""Reports of what was given."""

from __future__ import annotations

from fulian_desktop.domain.fields import Code
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.domain.yuan import format_yuan
from fulian_desktop.services.office import Office
from fulian_desktop.services.reports.table import How, Report, label, notes, year_rows, year_title
from fulian_desktop.store.view import Row


def aid_summary(office: Office, year: int | None) -> Report:
    """资金汇总: by program and fund source: records, people, households, money in fen, value of goods."""
    kind = kind_of("aid")
    columns: list[tuple[str, How]] = [
        ("项目", "text"), ("资金来源", "text"), ("条数", "number"), ("人数", "number"), ("户数", "number"), ("金额(元)", "money"),
        ("物资折价(元)", "money"),
    ]
    report = Report("aid-summary", f"{year_title(year)}帮扶救助资金汇总表", columns)
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in year_rows(office, kind, year):
        groups.setdefault((row.flat.get("program", ""), row.flat.get("fund_source", "")), []).append(row)
    for (program, source), members in sorted(groups.items(), key=lambda g: _order(kind, g[0])):
        people = sum(r.flat.get("people", 0) for r in members if r.flat.get("people_unit", "person") == "person")
        households = sum(r.flat.get("people", 0) for r in members if r.flat.get("people_unit") == "household")
        amount = sum(r.flat.get("amount", 0) for r in members)
        goods = sum(g.get("value", 0) for r in members for g in r.flat.get("goods", ()))
        labels = [label(kind, "program", program), label(kind, "fund_source", source)]
        report.rows.append([*labels, len(members), people, households, amount, goods])
        report.ids.append([r.id for r in members])
    sums = [sum(row[i] for row in report.rows) for i in range(2, 7)]
    report.total = dict(zip(("records", "people", "households", "amount", "goods_value"), sums, strict=True))
    report.total_row = ["合计", "", *sums]
    rows = [row for members in groups.values() for row in members]
    report.notes = [f"金额合计 {format_yuan(report.total['amount'])} 元", *notes(rows, "amount_about")]
    return report


def _order(kind: Kind, codes: tuple[str, str]) -> tuple[int, ...]:
    found = []
    for name, code in zip(("program", "fund_source"), codes, strict=True):
        type_ = kind.flat[name].type
        listed = list(type_.codes) if isinstance(type_, Code) else []
        found.append(listed.index(code) if code in listed else len(listed))
    return tuple(found)
