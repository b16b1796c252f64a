"""关爱帮扶, 募捐, 结对帮扶, 创业贷款 (DOMAIN §1, systems 9 to 12): people and households are counted apart."""

from __future__ import annotations

from fulian_desktop.domain.indicator import (
    BY_PERIOD,
    AnyOf,
    Dated,
    Filled,
    Indicator,
    Is,
    Money,
    Not,
    Records,
    Rows,
    Split,
    Standing,
    Sum,
)

_PEOPLE = Sum(("people",), otherwise=1)
# Households where it says so; a family that says nothing is one household.
_NOT_HOUSEHOLDS = AnyOf((Is("people_unit", "person"), Not(AnyOf((Filled("people_unit"), Is("recipient_kind", "family"))))))
_PROGRAM, _SOURCE = Split("program"), Split("fund_source")
_PAIR = Standing("date_from", "ended_date", ("date_from", "date_to"))
_LENT = Dated("lent_date")

INDICATORS = (
    # 9 关爱帮扶
    Indicator("people_in_care", "重点对象", 9, "person", "人", Records(), Standing(), split=Split("tags", several=True)),
    Indicator("aid_people", "帮扶救助人数", 9, "aid", "人", _PEOPLE, BY_PERIOD, (_NOT_HOUSEHOLDS,), _PROGRAM),
    Indicator("aid_households", "帮扶救助户数", 9, "aid", "户", _PEOPLE, BY_PERIOD, (Not(_NOT_HOUSEHOLDS),), _PROGRAM),
    Indicator("aid_money", "帮扶救助资金", 9, "aid", "元", Money("amount"), BY_PERIOD, split=_PROGRAM),
    Indicator("aid_money_by_source", "帮扶资金来源", 9, "aid", "元", Money("amount"), BY_PERIOD, split=_SOURCE),
    Indicator("aid_goods_value", "帮扶物资折价", 9, "aid", "元", Rows("goods", "value", money=True), BY_PERIOD, split=_PROGRAM),
    Indicator("aid_goods", "帮扶物资", 9, "aid", "", Rows("goods", "quantity", by=("name", "unit"))),
    Indicator("two_cancers_people", "两癌救助", 9, "aid", "人", _PEOPLE, BY_PERIOD, (Is("program", "two_cancers"),)),
    Indicator("two_cancers_money", "两癌救助资金", 9, "aid", "元", Money("amount"), BY_PERIOD, (Is("program", "two_cancers"),)),
    # 10 募捐
    Indicator("donations", "募捐", 10, "donation", "笔", Records(), split=Split("donor_type")),
    Indicator("donors", "捐赠人数", 10, "donation", "人", Sum(("donors",), otherwise=1), split=Split("donor_type")),
    Indicator("donation_money", "募捐资金", 10, "donation", "元", Money("amount"), split=Split("donor_type")),
    Indicator("donation_goods_value", "募捐物资折价", 10, "donation", "元", Rows("goods", "value", money=True)),
    Indicator("donation_spent", "用募捐支出的帮扶", 10, "aid", "元", Money("amount"), BY_PERIOD,
              (AnyOf((Filled("donation"), Is("fund_source", "donation"))),), _PROGRAM),
    # 11 结对帮扶
    Indicator("pairs", "结对", 11, "pairing", "对", Sum(("pairs",), otherwise=1), _PAIR, split=Split("way")),
    Indicator("pairs_new", "新结对", 11, "pairing", "对", Sum(("pairs",), otherwise=1), Dated("date_from"), split=Split("way")),
    Indicator("pairing_money", "结对资助", 11, "pairing", "元", Money("money"), Dated("date_from")),
    Indicator("pairing_visits", "结对走访", 11, "visit", "次", Sum(("times",), otherwise=1), BY_PERIOD,
              (AnyOf((Is("purpose", "pairing"), Filled("pairing"))),)),
    # 12 创业贷款
    Indicator("loans", "创业贷款", 12, "loan", "笔", Records(), _LENT, split=Split("bank")),
    Indicator("borrowers", "贷款人数", 12, "loan", "人", Sum(("people",), otherwise=1), _LENT, split=Split("bank")),
    Indicator("loan_money", "贷款金额", 12, "loan", "元", Money("amount"), _LENT, split=Split("bank")),
    Indicator("loan_jobs", "贷款带动就业", 12, "loan", "人", Sum(("jobs",)), _LENT),
)
