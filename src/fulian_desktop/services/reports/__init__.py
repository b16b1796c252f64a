"""Reports: figures out of records, each with the records behind it (DOMAIN §4).

Counting: an ``about`` number counts as stated and the total says 含约数 n 条; a record counts in the year of its last
day; people and households are counted apart; a record marked 待补全 counts, and the report says how many there are.

Which reports there are stands in the ``PLANS`` of the modules named below; nothing else lists them.
"""

from __future__ import annotations

from fulian_desktop.domain.units import covers
from fulian_desktop.errors import InputProblem
from fulian_desktop.services.office import Office, today
from fulian_desktop.services.reports import (
    activities,
    assessed,
    care,
    families,
    organisation,
    standing,
    summary,
    yearly_tables,
)
from fulian_desktop.services.reports.declared import Plan
from fulian_desktop.services.reports.engine import Asked, make
from fulian_desktop.services.reports.output import write_report, write_report_pdf
from fulian_desktop.services.reports.table import Report

__all__ = ["REPORTS", "Plan", "Report", "make_report", "write_report", "write_report_pdf"]

_GROUPS = (summary, yearly_tables, standing, activities, care, families, organisation, assessed)
REPORTS: dict[str, Plan] = {plan.name: plan for group in _GROUPS for plan in group.PLANS}
"""Name → report, in the order of the window."""


def make_report(office: Office, name: str, year: int | None = None, unit: str | None = None) -> Report:
    """The report of that name.

    Args:
        office: Whose records.
        name: Which report.
        year: Of which year; None: of all.
        unit: Only of this unit and those below it; None: of all that the office has.

    Raises:
        InputProblem: No such report, or a unit that does not lie below this office.
    """
    if name not in REPORTS:
        raise InputProblem(f"没有“{name}”这张表。可用的有：{'、'.join(REPORTS)}。", "unknown-report")
    if unit is not None and not covers(office.unit, unit):
        raise InputProblem(f"“{unit}”不是本单位或下级单位的代码，请核对。", "unit")
    plan = REPORTS[name]
    return make(plan, Asked(office, today().year if plan.of_a_year and year is None else year, unit))
