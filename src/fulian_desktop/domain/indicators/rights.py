"""维权, 督查走访 (DOMAIN §1, systems 13 and 14): cases only where they can be read, and never a name."""

from __future__ import annotations

from fulian_desktop.domain.indicator import (
    BY_PERIOD,
    AnyOf,
    Dated,
    Filled,
    In,
    Indicator,
    Is,
    Money,
    Records,
    Share,
    Split,
    Sum,
)

_CASE = Dated("date")
_FOUND = Dated("found_date")
_PEOPLE = Sum(("people",), otherwise=1)

INDICATORS = (
    # 13 维权
    Indicator("cases", "接待来访来信来电", 13, "rights_case", "件", Records(), _CASE, split=Split("channel")),
    Indicator("case_people", "接待人次", 13, "rights_case", "人次", _PEOPLE, _CASE, split=Split("channel")),
    Indicator("cases_by_category", "维权案件类别", 13, "rights_case", "件", Records(), _CASE, split=Split("category")),
    Indicator("cases_by_handling", "维权办理方式", 13, "rights_case", "件", Records(), _CASE, split=Split("handling")),
    Indicator("cases_settled", "维权办结", 13, "rights_case", "件", Records(), _CASE, (Filled("settled_date"),)),
    Indicator("cases_settled_share", "维权办结率", 13, "", "%", Share("cases_settled", "cases")),
    # 14 督查走访
    Indicator("visits", "走访", 14, "visit", "次", Sum(("times",), otherwise=1), BY_PERIOD, split=Split("purpose")),
    Indicator("visit_households", "走访户数", 14, "visit", "户", Sum(("households",)), BY_PERIOD),
    Indicator("visit_money", "走访慰问金", 14, "visit", "元", Money("money"), BY_PERIOD),
    Indicator("inspections", "督查检查", 14, "visit", "次", Sum(("times",), otherwise=1), BY_PERIOD, (Is("purpose", "inspection"),)),
    Indicator("villages_visited", "督查走访村数", 14, "visit", "个", Sum(("villages",), otherwise=1), BY_PERIOD,
              (In("purpose", ("inspection", "survey")),)),
    Indicator("issues", "发现问题", 14, "issue", "件", Records(), _FOUND, split=Split("source")),
    Indicator("issues_handed_on", "转交问题", 14, "issue", "件", Records(), _FOUND,
              (AnyOf((Filled("handed_date"), Filled("handed_to"))),)),
    Indicator("issues_settled", "办结问题", 14, "issue", "件", Records(), _FOUND, (Filled("settled_date"),)),
    Indicator("issues_settled_share", "问题办结率", 14, "", "%", Share("issues_settled", "issues")),
)
