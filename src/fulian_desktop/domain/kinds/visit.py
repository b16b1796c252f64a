"""visit 走访 (DOMAIN §2): who was visited on which day, what was found, and what was done about it."""

from __future__ import annotations

from collections.abc import Iterator

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import (
    QUANTITY,
    Code,
    Composite,
    Field,
    Flag,
    Money,
    Part,
    Period,
    Reference,
    Text,
    with_group,
)
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.people import HOUSEHOLDS
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.rules import Flat, dates_in_reach

PURPOSES = CodeList.of(
    ("home", "入户走访"), ("pairing", "结对走访"), ("festival", "节日慰问"), ("inspection", "督查检查"), ("survey", "调研"),
    ("return_visit", "回访"), ("other", "其他"),
    aliases={"走访": "home", "入户": "home", "慰问": "festival", "督查": "inspection", "检查": "inspection",
             "督导": "inspection"},
)
SATISFACTION = CodeList.of(("satisfied", "满意"), ("fair", "基本满意"), ("unsatisfied", "不满意"))


def visit_rules(flat: Flat) -> Iterator[Problem]:
    """A problem that was found says what was done about it."""
    if flat.get("problem") and not flat.get("handling"):
        yield Problem("handling-missing", "写了问题，还没写怎么处理，请补上；要转办的请在维权里登记问题清单", "handling")


KIND = Kind(
    code="visit", label="走访", cls="ordinary", nav="care", order=40, icon="visit", verb="登记走访",
    identity=("visitors", "date_from", "recipient_name"),
    title=("recipient_name", "place", "visitors"), rules=(dates_in_reach, visit_rules), measure_word="次",
    fields=(
        *with_group(
            "走访",
            Field("visitors", "走访人", Text(200), asked=True, column=True, search="name", aliases=("走访干部", "走访人员")),
            Field("date", "日期", Period(), flat=("date_from", "date_to", "date_precision"), asked=True, column=True,
                  indexed=True,
                  aliases=("走访时间", "时间", "走访日期")),
            Field("purpose", "性质", Code(codes=PURPOSES), asked=True, column=True, indexed=True,
                  aliases=("走访类型", "目的", "类别")),
            Field("recipient", "走访对象", Reference(kinds=("person", "family")), asked=True, unless="place", column=True,
                  indexed=True, search="name", aliases=("走访户", "对象", "户主", "姓名")),
            Field("place", "走访地点", Text(200), column=True, aliases=("走访村", "走访的村或单位", "地点")),
            Field("pairing", "哪一对结对", Reference(kinds=("pairing",)), indexed=True),
            Field("times", "次数", QUANTITY, help="一条代表多次时填，不填是 1 次", aliases=("走访次数",)),
            Field("villages", "走访村数", QUANTITY, aliases=("村数",)),
            Field("households", "走访户数", QUANTITY, counts=HOUSEHOLDS, aliases=("户数",)),
        ),
        *with_group(
            "情况",
            Field("situation", "情况", Text(2000, lines=True), aliases=("走访情况", "基本情况")),
            Field("problem", "问题", Text(2000, lines=True), aliases=("发现问题", "存在问题", "困难诉求")),
            Field("handling", "处理", Text(2000, lines=True), aliases=("处理情况", "解决措施")),
            Field("satisfaction", "满意度", Code(codes=SATISFACTION)),
            Field("money", "慰问金(元)", Composite((Part("fen", Money(), ""), Part("about", Flag(), "约"))),
                  flat=("money", "money_about"), aliases=("慰问金额", "慰问金")),
        ),
    ),
)
