"""Report of a year's assessment: the ranking, with the sheet of every unit behind it (``services.assessment_report``)."""

from __future__ import annotations

from fulian_desktop.services.reports.declared import Plan
from fulian_desktop.services.reports.engine import Asked
from fulian_desktop.services.reports.table import Report


def _ranking(asked: Asked) -> Report:
    """Who stands where under the scheme of the year, or under the latest."""
    # late: it writes more than a table, and only this report does
    from fulian_desktop.services.assessment_report import assessment_report

    return assessment_report(asked.office, asked.year, unit=asked.unit)


PLANS = (
    Plan("assessment", "考核得分排名", "考核", "按考核方案算出总分和名次，后面是各单位的得分表。", (_ranking,),
         kinds=("scheme", "score")),
)
