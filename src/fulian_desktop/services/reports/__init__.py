"""Reports: figures out of records, each with the records behind it (DOMAIN §4).

Counting: an ``about`` number counts as stated and the total says 含约数 n 条; a record counts in the year of its last
day; people and households are counted apart; a record marked 待补全 counts, and the report says how many there are.
"""

from __future__ import annotations

from collections.abc import Callable

from fulian_desktop.errors import InputProblem
from fulian_desktop.services.office import Office
from fulian_desktop.services.reports.activities import activity_ledger
from fulian_desktop.services.reports.care import aid_summary
from fulian_desktop.services.reports.families import family_summary
from fulian_desktop.services.reports.output import write_report, write_report_pdf
from fulian_desktop.services.reports.table import Report

__all__ = ["REPORTS", "Report", "make_report", "write_report", "write_report_pdf"]

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
