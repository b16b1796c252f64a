"""维权, 督查走访 (DOMAIN §1, systems 13 and 14): cases only where they can be read, and never a name."""

from __future__ import annotations

from fulian_desktop.domain.indicator import (
    BY_PERIOD,
    AnyOf,
    Condition,
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
_PEOPLE, _CASES, _TIMES = Sum(("people",), otherwise=1), Sum(("cases",), otherwise=1), Sum(("times",), otherwise=1)


def _cases(code: str, label: str, *where: Condition, unit: str = "件", split: Split | None = None) -> Indicator:
    return Indicator(code, label, 13, "rights_case", unit, _CASES, _CASE, where, split)


INDICATORS = (
    # 13 维权
    _cases("cases", "接待来访来信来电", split=Split("channel")),
    Indicator("case_people", "接待人次", 13, "rights_case", "人次", _PEOPLE, _CASE, split=Split("channel")),
    _cases("cases_by_category", "各类案件", split=Split("category")),
    _cases("cases_by_handling", "各种办理", split=Split("handling", several=True)),
    _cases("cases_mediated", "调解", In("handling", ("mediation",)), split=Split("category")),
    _cases("cases_referred", "转办", In("handling", ("referral",))),
    _cases("cases_violence", "家庭暴力", Is("subcategory", "violence")),
    _cases("cases_settled", "办结", Filled("settled_date")),
    Indicator("cases_settled_share", "办结率", 13, "", "%", Share("cases_settled", "cases")),
    _cases("warnings_asked", "申请告诫书", Filled("warning_asked_date"), unit="份"),
    _cases("warnings", "出具告诫书", Filled("warning_date"), unit="份"),
    _cases("orders_asked", "申请保护令", Filled("order_asked_date"), unit="份"),
    _cases("orders", "签发保护令", Filled("order_issued_date"), unit="份"),
    Indicator("orders_share", "保护令签发率", 13, "", "%", Share("orders", "orders_asked")),
    # 14 督查走访
    Indicator("visits", "走访", 14, "visit", "次", _TIMES, BY_PERIOD, split=Split("purpose")),
    Indicator("visit_households", "走访户数", 14, "visit", "户", Sum(("households",)), BY_PERIOD),
    Indicator("visit_money", "走访慰问金", 14, "visit", "元", Money("money"), BY_PERIOD),
    Indicator("inspections", "督查检查", 14, "visit", "次", _TIMES, BY_PERIOD, (Is("purpose", "inspection"),)),
    Indicator("villages_visited", "督查走访村数", 14, "visit", "个", Sum(("villages",), otherwise=1), BY_PERIOD,
              (In("purpose", ("inspection", "survey")),)),
    Indicator("issues", "发现问题", 14, "issue", "件", Records(), _FOUND, split=Split("source")),
    Indicator("issues_handed_on", "转交问题", 14, "issue", "件", Records(), _FOUND,
              (AnyOf((Filled("handed_date"), Filled("handed_to"))),)),
    Indicator("issues_settled", "办结问题", 14, "issue", "件", Records(), _FOUND, (Filled("settled_date"),)),
    Indicator("issues_settled_share", "问题办结率", 14, "", "%", Share("issues_settled", "issues")),
)
