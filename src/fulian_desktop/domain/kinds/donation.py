"""donation 募捐 (DOMAIN §2): who gave what; an aid names the donation that it was paid from."""

from __future__ import annotations

from collections.abc import Iterable

from fulian_desktop.domain.checks import was_refused
from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import (
    QUANTITY,
    Code,
    Composite,
    Field,
    Flag,
    Integer,
    Money,
    Part,
    Period,
    Phone,
    Reference,
    Table,
    Text,
    with_group,
)
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.people import PEOPLE
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.rules import Flat, dates_in_reach, least_of, most_of, phone_rule
from fulian_desktop.domain.yuan import format_yuan

DONORS = CodeList.of(
    ("person", "个人"), ("staff", "干部职工"), ("pupils", "师生"), ("enterprise", "企业"), ("organisation", "社会组织"),
    ("anonymous", "匿名"), ("other", "其他"),
    aliases={"爱心人士": "person", "爱心企业": "enterprise", "公司": "enterprise", "单位": "organisation"},
)


def check_spent(flat: Flat, aids: Iterable[Flat]) -> list[Problem]:
    """A donation is not spent twice: what the aids that name it come to is no more than was given. Goods are not judged.

    Args:
        flat: A donation.
        aids: The aids that name it; one that was refused was not paid.
    """
    given, used = most_of(flat, "amount"), _spent(aids)
    if given is None or used <= given:
        return []
    return [Problem("donation-overspent", f"用这笔捐款的帮扶一共 {format_yuan(used)} 元，"
                    f"比捐款多 {format_yuan(used - given)} 元，请核对捐款和帮扶的金额", "amount")]


def check_left(aid: Flat, flat: Flat, aids: Iterable[Flat]) -> list[Problem]:
    """The same, said at an aid: what is left of the donation for it.

    Args:
        aid: An aid that names the donation.
        flat: The donation.
        aids: The other aids that name it.
    """
    given, asked = most_of(flat, "amount"), _spent([aid])
    if given is None:
        return []
    left = given - _spent(aids)
    if asked <= left:
        return []
    return [Problem("donation-overspent", f"这笔捐款是 {format_yuan(given)} 元，别的帮扶用掉以后"
                    f"还剩 {format_yuan(max(0, left))} 元，这里填的是 {format_yuan(asked)} 元，请核对", "amount")]


def _spent(aids: Iterable[Flat]) -> int:
    return sum(least_of(aid, "amount") or 0 for aid in aids if not was_refused(aid))


KIND = Kind(
    code="donation", label="募捐", cls="ordinary", nav="care", order=50, icon="donation", verb="登记募捐",
    identity=("donor", "date_from", "amount"),
    title=("donor",), rules=(dates_in_reach, phone_rule("phone")), measure_word="笔",
    fields=(
        *with_group(
            "捐赠",
            Field("donor", "捐赠人", Text(100), asked=True, column=True, search="name",
                  aliases=("捐款人", "捐赠单位", "捐赠方", "姓名")),
            Field("donor_type", "捐赠人是", Code(codes=DONORS), column=True, indexed=True, aliases=("捐赠类型", "类别")),
            Field("donors", "捐赠人数", QUANTITY, counts=PEOPLE, help="多人一起捐时填，不填是 1", aliases=("人数", "捐款人数")),
            Field("phone", "电话", Phone(), sensitive="phone", search="tail", aliases=("联系电话",)),
            Field("date", "日期", Period(), flat=("date_from", "date_to", "date_precision"), asked=True, column=True,
                  indexed=True,
                  aliases=("捐赠时间", "捐款日期", "时间")),
            Field("activity", "哪次募捐", Reference(kinds=("activity",)), aliases=("募捐活动",)),
            Field("amount", "金额(元)", Composite((Part("fen", Money(), ""), Part("about", Flag(), "约"))),
                  flat=("amount", "amount_about"), asked=True, unless="goods", column=True,
                  aliases=("捐款金额", "金额", "捐款", "善款")),
            Field("goods", "物资", Table((
                Part("name", Text(60), "名称"), Part("quantity", Integer(0, 10**9), "数量"), Part("unit", Text(20), "单位"),
                Part("value", Money(), "价值(元)"))), aliases=("捐赠物资", "物品")),
            Field("purpose", "指定用途", Text(500, lines=True), aliases=("用途", "捐赠用途")),
            Field("receipt", "收据编号", Text(60), aliases=("票据号", "收据号")),
        ),
    ),
)
