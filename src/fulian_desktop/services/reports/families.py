"""Reports of families and their honors."""

from __future__ import annotations

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.domain.stages import HONORED, stage_of
from fulian_desktop.services.office import Office, today
from fulian_desktop.services.reports.table import How, Report, label, notes, year_title
from fulian_desktop.store import queries


def family_summary(office: Office, year: int | None) -> Report:
    """家庭评选汇总表: 序号, 推荐单位, 户主, 称号, 事迹简介, 备注; of those approved or awarded."""
    kind = kind_of("nomination")
    columns: list[tuple[str, How]] = [
        ("序号", "number"), ("推荐单位", "text"), ("户主", "text"), ("称号", "text"), ("事迹简介", "text"), ("备注", "text"),
    ]
    report = Report("family-summary", f"{year_title(year)}家庭评选汇总表", columns, landscape=True)
    names = office.workspace.unit_names()
    campaigns = {row.id: row for row in queries.list_rows(office.workspace.db, kind_of("campaign"))}
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
            honor = label(kind_of("campaign"), "honor", campaign.flat.get("honor", ""))
        name = flat.get("family_name") or flat.get("person_name") or ""
        report.rows.append([i, names.get(row.unit, row.unit), name, honor, flat.get("deeds_short", ""), stage.label])
        report.ids.append([row.id])
    report.total = {"records": len(rows)}
    report.notes = notes([row for row, _, _ in rows])
    return report
