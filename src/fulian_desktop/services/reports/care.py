"""Reports of what was given: aid, the two cancers, donations, loans, pairings and visits."""

from __future__ import annotations

from fulian_desktop.domain.indicator import Standing
from fulian_desktop.domain.yuan import format_yuan
from fulian_desktop.services.reports.declared import (
    ALWAYS,
    NUMBER,
    RECORDS,
    UNIT,
    YEAR,
    Column,
    Dated,
    Flat,
    Listing,
    Plan,
    Summary,
    both,
    filled,
    none_of,
    one_of,
)
from fulian_desktop.services.reports.engine import Asked, listed
from fulian_desktop.services.reports.table import Report
from fulian_desktop.store.view import Row


def value_of_goods(row: Row, _asked: Asked) -> int | None:
    """What the goods of a record are worth, in fen; None without goods."""
    return sum(one.get("value", 0) for one in row.flat["goods"]) if "goods" in row.flat else None


def _in_households(flat: Flat) -> bool:
    """Whether it is households that are counted: where it says so, and of a family that says nothing."""
    unit = flat.get("people_unit")
    return _BY_HOUSEHOLD(flat) if unit else _TO_FAMILY(flat)


_BY_HOUSEHOLD, _TO_FAMILY = one_of("people_unit", "household"), one_of("recipient_kind", "family")
PERSONS = Column("people", "人数", adds=True, otherwise=1, where=none_of(_in_households))
HOUSEHOLDS = Column("people", "户数", adds=True, otherwise=1, where=_in_households, key="households")
GOODS_VALUE = Column(head="物资折价(元)", read=value_of_goods, how="money", adds=True, key="goods_value")
AMOUNT = Column("amount", adds=True)


def _amount_note(report: Report, _asked: Asked) -> str:
    return f"金额合计 {format_yuan(report.total['amount'])} 元"


# --- the two cancers: names masked, diseases only counted ----------------------------------------------------------------

_TWO_CANCERS = one_of("program", "two_cancers")
_CERVICAL = ("cervical_2b", "cervical_3a", "cervical_3b", "cervical_4a", "cervical_4b")


def _ill(head: str, name: str, *codes: str) -> Column:
    """How many persons: a row may stand for several."""
    return Column("people", head, otherwise=1, where=one_of(name, *codes), key=codes[0])


# --- donations and what was made of them --------------------------------------------------------------------------------


def _spent(asked: Asked) -> dict[str, list[Row]]:
    """Donation → the aids that name it, of whatever year and unit: a donation may be spent elsewhere, and later."""
    found: dict[str, list[Row]] = {}
    for row in Asked(asked.office).rows(asked.kind("aid"), ALWAYS):
        if row.flat.get("donation"):
            found.setdefault(row.flat["donation"], []).append(row)
    return found


def _aids_of(row: Row, asked: Asked) -> list[Row]:
    return asked.once("spent", _spent).get(row.id, [])


def _used(row: Row, asked: Asked) -> int:
    return sum(aid.flat.get("amount", 0) for aid in _aids_of(row, asked))


def _left(row: Row, asked: Asked) -> int:
    return int(row.flat.get("amount", 0)) - _used(row, asked)


_DONATIONS = Listing("donation", (
    NUMBER, UNIT, "date", "donor", Column("donors", adds=True, otherwise=1), AMOUNT,
    "goods", GOODS_VALUE, "purpose",
    Column(head="已用(元)", read=_used, how="money", adds=True, key="used"),
    Column(head="结余(元)", read=_left, how="money", adds=True, key="left"),
), "收到的捐赠")


_DONATED = one_of("fund_source", "donation")
_UNNAMED = both(_DONATED, none_of(filled("donation", "donation_name")))


def _unnamed(_report: Report, asked: Asked) -> str:
    count = sum(_UNNAMED(row.flat) for row in asked.rows(asked.kind("aid"), Dated()))
    return f"另有 {count} 条帮扶写了资金来源是社会捐赠，没写是哪笔捐款" if count else ""


_EXPENSES = Listing("aid", (
    NUMBER, Column("donation", "捐赠人"), UNIT, "date", "program", "recipient", PERSONS, HOUSEHOLDS, AMOUNT, "goods", "signed_by",
), "捐赠的使用", note=_unnamed)


def _expenses(asked: Asked) -> Report:
    """What the donations of the first table were spent on; its amount is what that table says is used."""
    given = asked.rows(asked.kind("donation"), _DONATIONS.when)
    return listed(_EXPENSES, [aid for donation in given for aid in _aids_of(donation, asked)], asked)


# --- pairings ------------------------------------------------------------------------------------------------------------

PAIRED = Standing("date_from", "ended_date", ("date_from", "date_to"))
PAIRS = Column("pairs", adds=True, otherwise=1)

PLANS = (
    Plan(
        "aid-summary", "帮扶救助资金汇总表", "关爱帮扶", "按项目和资金来源汇总的人数、户数、金额、物资。",
        tables=(
            Summary("aid", ("program", Column("fund_source", "资金来源")),
                    (Column(RECORDS), PERSONS, HOUSEHOLDS, AMOUNT, GOODS_VALUE), note=_amount_note),
        ),
    ),
    Plan(
        "aid-ledger", "帮扶救助台账", "关爱帮扶", "每一条帮扶：给谁、什么、多少、从哪里来、谁签收。", landscape=True,
        tables=(
            Listing("aid", (
                NUMBER, UNIT, "date", "program", "recipient", PERSONS, HOUSEHOLDS, AMOUNT,
                "goods", GOODS_VALUE, Column("fund_source", "资金来源"), "signed_by",
            )),
        ),
    ),
    Plan(
        "two-cancers", "两癌救助汇总表", "关爱帮扶", "只写姓，不写病种和证件号；各单位的人数、金额和人员类别。", landscape=True,
        tables=(
            Summary("aid", (UNIT,), (
                Column("people", "救助人数", otherwise=1), AMOUNT,
                _ill("低保对象", "cancer_category", "allowance"), _ill("特困人员", "cancer_category", "destitute"),
                _ill("易返贫致贫", "cancer_category", "poverty_risk"), _ill("低保边缘", "cancer_category", "marginal"),
                _ill("宫颈癌", "disease", *_CERVICAL), _ill("乳腺癌", "disease", "breast"),
            ), "各单位", where=_TWO_CANCERS),
            Listing("aid", (
                NUMBER, UNIT, Column("recipient", "姓名", masked=True), "date", AMOUNT,
                Column("fund_source", "资金来源"), "payment", "batch",
            ), "名册", where=_TWO_CANCERS, order=("date_from",)),
        ),
    ),
    Plan(
        "donations", "募捐收支表", "关爱帮扶", "谁捐了多少，用在哪些帮扶上，还剩多少。", landscape=True,
        tables=(_DONATIONS, _expenses),
    ),
    Plan(
        "loans", "创业贷款统计表", "关爱帮扶", "按年度和银行汇总的笔数、人数、金额，和贷款明细。", landscape=True,
        tables=(
            Summary("loan", (YEAR, "bank"), (
                Column(RECORDS, "笔数"), Column("people", otherwise=1), AMOUNT, "subsidy", "jobs",
                Column(RECORDS, "已还清(笔)", where=filled("repaid_date"), key="repaid"),
            ), "按年度和银行"),
            Listing("loan", (
                NUMBER, UNIT, "applicant", Column("people", adds=True, otherwise=1), "project", AMOUNT,
                "months", "bank", "lent_date", "due_date", "repaid_date",
            ), "贷款明细"),
        ),
    ),
    Plan(
        "pairing", "结对走访台账", "关爱帮扶", "当年还在结对的和当年的走访，各单位的对数、次数、慰问金。", landscape=True,
        tables=(
            Summary("pairing", (UNIT,), (PAIRS, Column("money", adds=True)), "各单位结对", when=PAIRED),
            Summary("visit", (UNIT,), (
                Column("times", otherwise=1), "villages", "households", "money",
            ), "各单位走访"),
            Listing("pairing", (
                NUMBER, UNIT, "helper", "recipient", "way", PAIRS, "period",
                "ended_date", Column("money", adds=True),
            ), "结对", when=PAIRED),
            Listing("visit", (
                NUMBER, UNIT, "date", "visitors", "recipient", "place", "purpose", Column("times", adds=True, otherwise=1),
                Column("money", adds=True), "problem", "handling",
            ), "走访"),
        ),
    ),
)
