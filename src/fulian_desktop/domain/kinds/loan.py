"""loan 创业贷款 (DOMAIN §2): who borrowed how much for what, from which bank, and when it was paid back."""

from __future__ import annotations

from collections.abc import Iterator

from fulian_desktop.domain.fields import (
    QUANTITY,
    Composite,
    Day,
    Field,
    Flag,
    Integer,
    Money,
    Part,
    Reference,
    Text,
    with_group,
)
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.people import PEOPLE
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.rules import Flat, in_order, whole_of


def loan_rules(flat: Flat) -> Iterator[Problem]:
    """The subsidy is less than the loan; an amount of subsidy means that it is subsidised."""
    amount, subsidy = whole_of(flat, "amount"), whole_of(flat, "subsidy")
    if amount is not None and subsidy is not None and subsidy > amount:
        yield Problem("subsidy-over-amount", "贴息金额比贷款金额还多，请核对", "subsidy")
    if subsidy and not flat.get("subsidised"):
        yield Problem("subsidy-unmarked", "填了贴息金额，没有勾“贴息”，请核对", "subsidised")


KIND = Kind(
    code="loan", label="创业贷款", cls="ordinary", nav="care", order=60, icon="loan", verb="登记贷款",
    identity=("applicant_name", "lent_date", "amount"),
    title=("applicant_name", "project"), rules=(
        loan_rules,
        in_order("loan-order", ("applied_date", "申请日期"), ("reviewed_date", "初审日期"), ("lent_date", "放款日期"),
                 ("repaid_date", "还清日期")),
        in_order("due-early", ("lent_date", "放款日期"), ("due_date", "到期日期")),
    ), measure_word="笔",
    fields=(
        *with_group(
            "贷款",
            Field("applicant", "申请人", Reference(kinds=("person", "family")), asked=True, column=True, search="name",
                  aliases=("借款人", "姓名", "贷款人")),
            Field("people", "人数", QUANTITY, counts=PEOPLE, help="一条代表多人时填，不填是 1 人"),
            Field("project", "创业项目", Text(200), column=True, search="text", aliases=("项目", "贷款用途", "用途")),
            Field("amount", "金额(元)", Composite((Part("fen", Money(), ""), Part("about", Flag(), "约"))),
                  flat=("amount", "amount_about"), asked=True, column=True, aliases=("贷款金额", "金额", "放款金额")),
            Field("months", "期限(月)", Integer(1, 600), column=True, aliases=("贷款期限", "期限")),
            Field("subsidised", "贴息", Flag(), aliases=("是否贴息",)),
            Field("subsidy", "贴息金额(元)", Money(), aliases=("贴息金额",)),
            Field("guarantee", "担保", Text(100), aliases=("担保人", "担保方式")),
            Field("bank", "银行", Text(100), column=True, indexed=True, aliases=("贷款银行", "经办银行", "放款银行")),
        ),
        *with_group(
            "办理",
            Field("lent_date", "放款日期", Day(), asked=True, column=True, indexed=True,
                  aliases=("放款时间", "贷款时间", "日期", "时间")),
            Field("applied_date", "申请日期", Day(), aliases=("申请时间",)),
            Field("reviewed_date", "初审日期", Day(), aliases=("审核时间",)),
            Field("due_date", "到期日期", Day(), column=True, ahead=True, aliases=("到期时间",)),
            Field("repaid_date", "还清日期", Day(), column=True, aliases=("还款日期", "还清时间")),
            Field("jobs", "带动就业人数", QUANTITY, counts=PEOPLE, aliases=("带动就业", "带动人数")),
        ),
    ),
)
