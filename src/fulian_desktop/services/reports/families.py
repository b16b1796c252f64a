"""Reports of families and honors."""

from __future__ import annotations

from typing import Any

from fulian_desktop.domain.day_words import day_text
from fulian_desktop.domain.fields import Code
from fulian_desktop.domain.honors import HONOR_LEVELS
from fulian_desktop.domain.stages import HONORED, NominationStage, deciding_level, stage_of
from fulian_desktop.domain.units import Level
from fulian_desktop.services.office import today
from fulian_desktop.services.reports.declared import (
    ALWAYS,
    NUMBER,
    UNIT,
    Column,
    Listing,
    Plan,
    Summary,
    filled,
    none_of,
)
from fulian_desktop.services.reports.engine import Asked, notes_of
from fulian_desktop.services.reports.table import TOTAL, Report
from fulian_desktop.store.view import Row

Honored = tuple[Row, Row | None, NominationStage]


def honored(asked: Asked) -> list[Honored]:
    """The nominations approved or awarded in campaigns of the year, with their campaign and stage; by unit and entry."""
    nomination, campaign = asked.kind("nomination"), asked.kind("campaign")
    campaigns = {row.id: row for row in Asked(asked.office).rows(campaign, ALWAYS)}
    day = today()
    found: list[Honored] = []
    for row in asked.rows(nomination, ALWAYS):
        issued = campaigns.get(row.flat.get("campaign", ""))
        if asked.year and (issued is None or issued.flat.get("year") != asked.year):
            continue
        stage = stage_of(nomination, row.flat, row.conflicts, day)
        if stage is not None and stage.stage in HONORED:
            found.append((row, issued, stage))
    return sorted(found, key=lambda one: (one[0].unit, one[0].no))


def _name(row: Row) -> str:
    return str(row.flat.get("family_name") or row.flat.get("person_name") or "")


def _honor(row: Row, campaign: Row | None, asked: Asked) -> str:
    """What was awarded: the campaign's title of honor, else the campaign as the nomination names it."""
    if campaign is None:
        return str(row.flat.get("campaign_name", ""))
    type_ = asked.kind("campaign").flat["honor"].type
    code = str(campaign.flat.get("honor", ""))
    return type_.codes.label(code) if isinstance(type_, Code) else code


def family_summary(asked: Asked) -> Report:
    """家庭评选汇总表: 序号, 推荐单位, 户主, 称号, 事迹简介, 备注; of those approved or awarded."""
    report = Report("", "", [("序号", "number"), ("推荐单位", "text"), ("户主", "text"), ("称号", "text"), ("事迹简介", "text"),
                             ("备注", "text")])
    rows = asked.once("honored", honored)
    for row, campaign, stage in rows:
        report.rows.append([
            len(report.rows) + 1, asked.names.get(row.unit, row.unit), _name(row), _honor(row, campaign, asked),
            row.flat.get("deeds_short", ""), stage.label,
        ])
        report.ids.append([row.id])
    report.total = {"records": len(rows)}
    report.notes = notes_of(asked.kind("nomination"), ALWAYS, [row for row, _, _ in rows], (), asked)
    return report


def _award(row: Row) -> dict[str, Any]:
    """The award of the level that decided: level, certificate number, day."""
    level = deciding_level(row.flat) or Level.VILLAGE
    said = {part: row.flat.get(f"award_{level.code}_{part}") for part in ("honor_level", "certificate_no", "date")}
    return {**said, "honor_level": said["honor_level"] or level.code}


def _ranked(asked: Asked) -> list[tuple[tuple[Any, ...], Row, str, str]]:
    """Those honored in the order of an honor roll: title, level from the top, unit, entry."""
    levels = {code: i for i, code in enumerate(HONOR_LEVELS)}
    found = []
    for row, campaign, _ in asked.once("honored", honored):
        honor, level = _honor(row, campaign, asked), str(_award(row)["honor_level"])
        found.append(((honor, levels.get(level, len(levels)), row.unit, row.no), row, honor, HONOR_LEVELS.label(level)))
    return sorted(found, key=lambda one: one[0])


def _honor_roll(asked: Asked) -> Report:
    """Who stands on the honor roll; never an ID number, a telephone or an address."""
    report = Report("", "名册", [("序号", "number"), ("称号", "text"), ("级别", "text"), ("家庭(个人)", "text"), ("单位", "text"),
                                ("证书编号", "text"), ("表彰日期", "text")])
    for _, row, honor, level in _ranked(asked):
        award = _award(row)
        report.rows.append([len(report.rows) + 1, honor, level, _name(row), asked.names.get(row.unit, row.unit),
                            award["certificate_no"] or "", day_text(award["date"]) if award["date"] else ""])
        report.ids.append([row.id])
    report.total = {"records": len(report.rows)}
    return report


def _honor_counts(asked: Asked) -> Report:
    """How many a title and level."""
    report = Report("", "各称号户数", [("称号", "text"), ("级别", "text"), ("户数", "number")])
    groups: dict[tuple[str, str], list[str]] = {}
    for _, row, honor, level in _ranked(asked):
        groups.setdefault((honor, level), []).append(row.id)
    for (honor, level), ids in groups.items():
        report.rows.append([honor, level, len(ids)])
        report.ids.append(ids)
    count = sum(map(len, groups.values()))
    report.total, report.total_row = {"records": count}, [TOTAL, "", count]
    return report


HONORS_HELD = none_of(filled("revoked_date"))
HONOR_COLUMNS = (
    NUMBER, UNIT, "date", "holder", "holder_type", "title", "called",
    "level", "given_by", Column("number", adds=True, otherwise=1),
)

PLANS = (
    Plan("family-summary", "家庭评选汇总表", "家庭和荣誉", "审批通过和已表彰的家庭，带事迹简介。", (family_summary,),
         landscape=True, icon="family"),
    Plan("honor-list", "光荣榜名册", "家庭和荣誉", "上光荣榜的家庭，按称号和级别排好；不写证件号、电话和住址。",
         (_honor_counts, _honor_roll), icon="campaign"),
    Plan(
        "honors", "荣誉台账", "家庭和荣誉", "个人、集体、单位得到的荣誉，按称号和级别算的个数。", landscape=True,
        tables=(
            Summary("honor", ("title", "level"), (Column("number", otherwise=1),), "按称号和级别", where=HONORS_HELD),
            Listing("honor", HONOR_COLUMNS, "荣誉", where=HONORS_HELD),
        ),
    ),
)
