"""pairing 结对帮扶 (DOMAIN §2): who looks after which child or household, how and for how long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import (
    QUANTITY,
    Code,
    Composite,
    Day,
    Field,
    Flag,
    Money,
    Part,
    Period,
    Phone,
    Reference,
    Text,
    with_group,
)
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.rules import Flat, in_order, overlap, phone_rule, text_of, whole_of
from fulian_desktop.domain.texts import search_key

WAYS = CodeList.of(
    ("loving_mother", "爱心妈妈"), ("one_to_one", "一对一"), ("executive", "执委结对"), ("party_member", "党员结对"),
    ("sponsor", "资助结对"), ("other", "其他"),
    aliases={"爱心妈妈结对": "loving_mother", "一对一帮扶": "one_to_one", "执委联系": "executive"},
)


def pairing_rules(flat: Flat) -> Iterator[Problem]:
    """One recipient is one pair."""
    pairs = whole_of(flat, "pairs")
    if pairs is not None and pairs > 1 and flat.get("recipient"):
        yield Problem("pairs-over-one", f"结对对象是一个，对数是 {pairs}，请核对；一条代表多对的请填一批人的名称", "pairs")


def check_paired_twice(flat: Flat, others: Iterable[Flat]) -> list[Problem]:
    """The same helper paired with the same recipient again, while the earlier pair stands, warns.

    Args:
        flat: A pairing.
        others: Other pairings of the same helper or recipient; records that were judged to be one bear the same recipient.
    """
    for other in others:
        if _same_pair(flat, other) and _at_one_time(flat, other):
            since = text_of(other, "date_from")
            return [Problem(
                "paired-again",
                f"{flat.get('helper')}和{flat.get('recipient_name') or '这个对象'}已经结对"
                f"{f'（{since} 起）' if since else ''}，请核对；那一对已结束的，请先填上结束日期", "recipient")]
    return []


def _same_pair(flat: Flat, other: Flat) -> bool:
    if not _name(flat, "helper") or _name(flat, "helper") != _name(other, "helper"):
        return False
    if flat.get("recipient") and other.get("recipient"):
        return bool(flat["recipient"] == other["recipient"])
    name = _name(flat, "recipient_name")
    return bool(name) and name == _name(other, "recipient_name")


def _name(flat: Flat, name: str) -> str:
    return search_key(text_of(flat, name)).replace(" ", "")


def _at_one_time(flat: Flat, other: Flat) -> bool:
    return overlap(*((text_of(one, "date_from"), text_of(one, "ended_date")) for one in (flat, other)))


KIND = Kind(
    code="pairing", label="结对帮扶", cls="ordinary", nav="care", order=30, icon="pairing", verb="登记结对",
    identity=("helper", "recipient_name"),
    title=("recipient_name", "helper"),
    rules=(
        pairing_rules, in_order("ended-early", ("date_from", "开始日期"), ("ended_date", "结束日期")), phone_rule("helper_phone"),
    ), measure_word="对",
    fields=(
        *with_group(
            "结对",
            Field("helper", "帮扶人", Text(200), asked=True, column=True, search="name",
                  aliases=("爱心妈妈", "结对人", "帮扶责任人")),
            Field("helper_phone", "帮扶人电话", Phone(), sensitive="phone"),
            Field("helper_job", "单位职务", Text(100), aliases=("帮扶人单位职务", "帮扶人单位")),
            Field("recipient", "结对对象", Reference(kinds=("person", "family")), asked=True, column=True, indexed=True,
                  search="name",
                  aliases=("帮扶对象", "结对儿童", "对象姓名", "儿童姓名")),
            Field("way", "方式", Code(codes=WAYS), asked=True, column=True, indexed=True, aliases=("结对方式", "类型")),
            Field("pairs", "对数", QUANTITY, help="一条代表多对时填，不填是 1 对", aliases=("结对数",)),
            Field("period", "起止", Period(), flat=("date_from", "date_to", "date_precision"), asked=True, column=True,
                  aliases=("结对时间", "时间", "日期")),
            Field("ended_date", "结束日期", Day(), aliases=("解除日期",)),
            Field("agreement", "约定", Text(1000, lines=True), aliases=("帮扶措施", "帮扶内容", "约定内容")),
            Field("money", "资助金额(元)", Composite((Part("fen", Money(), ""), Part("about", Flag(), "约"))),
                  flat=("money", "money_about"), aliases=("资助金", "金额", "帮扶资金")),
        ),
    ),
)
