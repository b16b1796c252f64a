"""Reports of what was done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fulian_desktop.domain.day_words import period_text
from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.services.office import Office
from fulian_desktop.services.reports.table import How, Report, label, notes, year_rows, year_title


def activity_ledger(office: Office, year: int | None) -> Report:
    """活动台账: every activity of the year, in order of its day."""
    kind = kind_of("activity")
    columns: list[tuple[str, How]] = [
        ("序号", "number"), ("单位", "text"), ("日期", "text"), ("主题", "text"), ("类别", "text"), ("地点", "text"),
        ("场次", "number"), ("参加人次", "number"),
    ]
    report = Report("activity-ledger", f"{year_title(year)}活动台账", columns, landscape=True)
    names = office.workspace.unit_names()
    rows = sorted(year_rows(office, kind, year), key=lambda r: (r.flat.get("date_from", ""), r.unit, r.no))
    for i, row in enumerate(rows, 1):
        flat = row.flat
        report.rows.append([
            i, names.get(row.unit, row.unit), _period(flat), flat.get("title", ""),
            label(kind, "category", flat.get("category", "")), flat.get("place", ""), flat.get("sessions", 1),
            flat.get("participants"),
        ])
        report.ids.append([row.id])
    sessions, participants = sum(r[6] for r in report.rows), sum(r[7] or 0 for r in report.rows)
    report.total = {"records": len(rows), "sessions": sessions, "participants": participants}
    report.total_row = ["合计", "", "", "", "", "", report.total["sessions"], report.total["participants"]]
    report.notes = notes(rows, "participants_about", "sessions_about")
    return report


def _period(flat: Mapping[str, Any]) -> str:
    """The days of an activity in words, "" where they are not known."""
    first, last = flat.get("date_from"), flat.get("date_to")
    return period_text(first, last, str(flat.get("date_precision"))) if first and last else ""
