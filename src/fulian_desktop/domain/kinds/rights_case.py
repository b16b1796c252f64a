"""rights_case 维权案件 (DOMAIN §2): who came how, with what, what was done, how it ended. Restricted: a room of its own."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import QUANTITY, Code, Codes, Day, Field, Flag, Phone, Text, with_group
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.people import PEOPLE
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.rules import Flat, day_of, in_order, text_of

CHANNELS = CodeList.of(
    ("visit", "来访"), ("letter", "来信"), ("call", "来电"), ("hotline", "12338"), ("online", "网络"), ("screening", "排查发现"),
    aliases={"接访": "visit", "上门": "visit", "信件": "letter", "电话": "call", "12338热线": "hotline", "热线": "hotline",
             "微信": "online", "网上": "online", "排查": "screening", "走访发现": "screening"},
)
CATEGORIES = CodeList.of(
    ("marriage", "婚姻家庭"), ("personal", "人身权利"), ("labour", "劳动权益"), ("property", "财产权益"), ("other", "其他"),
    aliases={"婚姻": "marriage", "家庭纠纷": "marriage", "婚姻家庭纠纷": "marriage", "人身": "personal", "人身权益": "personal",
             "劳动": "labour", "财产": "property", "土地": "property"},
)
SUBCATEGORIES = CodeList.of(
    ("violence", "家庭暴力"), ("divorce", "离婚"), ("custody", "抚养"), ("support", "赡养"), ("estate", "财产分割"),
    ("infidelity", "婚外情"), ("land", "土地权益"), ("wages", "拖欠工资"), ("harassment", "性骚扰"), ("assault", "性侵害"),
    ("neighbours", "邻里纠纷"), ("other", "其他"),
    aliases={"家暴": "violence", "离婚纠纷": "divorce", "抚养权": "custody", "抚养费": "custody", "养老": "support",
             "财产": "estate", "继承": "estate", "欠薪": "wages", "邻里": "neighbours"},
)
RISKS = CodeList.of(
    ("low", "一般"), ("medium", "较高"), ("high", "高"),
    aliases={"低": "low", "低风险": "low", "中": "medium", "中风险": "medium", "高风险": "high", "红色": "high", "黄色": "medium",
             "绿色": "low"},
)
HANDLING = CodeList.of(
    ("advice", "咨询"), ("mediation", "调解"), ("referral", "转办"), ("legal_aid", "法律援助"),
    aliases={"咨询解答": "advice", "心理疏导": "advice", "调处": "mediation", "人民调解": "mediation", "转介": "referral",
             "移交": "referral", "转交": "referral", "法援": "legal_aid"},
)

ORDER_ENDS_WITHIN = 30
"""So many days before a protection order ends it is time to look after the case again."""


def handling_rules(flat: Flat) -> Iterator[Problem]:
    """What was handed on says to whom, what was issued was asked for, what is settled says how."""
    if "referral" in (flat.get("handling") or ()) and not flat.get("handed_to"):
        yield Problem("handed-to-missing", "办理方式有“转办”，没写转给哪个单位，请补上", "handed_to")
    if flat.get("order_issued_date") and not flat.get("order_asked_date"):  # the police write a 告诫书 without being asked too
        yield Problem("asked-missing", "填了保护令的签发，没填哪天申请，请补上", "order_asked_date")
    if flat.get("order_issued_date") and not flat.get("order_ends_date"):
        yield Problem("order-end-missing", "签发了保护令，没填到期日期，到期前就不会提醒，请补上", "order_ends_date")
    if flat.get("settled_date") and not flat.get("result"):
        yield Problem("result-missing", "填了办结日期，还没写结果，请补上", "result")
    if flat.get("anonymous") and flat.get("party"):
        yield Problem("anonymous-named", "勾了“不留姓名”，又填了当事人，请核对", "party")


def ends_soon(flat: Flat, today: datetime.date) -> int | None:
    """In how many days the protection order ends (below 0: it has ended); None while that is no task.

    A settled case is one too: the order outlives it. One that ended over thirty days ago has been looked after or never will be.
    """
    end = day_of(text_of(flat, "order_ends_date"))
    if end is None:
        return None
    left = (end - today).days
    return left if abs(left) <= ORDER_ENDS_WITHIN else None


KIND = Kind(
    code="rights_case", label="维权案件", cls="restricted", nav="rights", order=10, icon="rights", verb="登记案件",
    identity=("number", "date"),
    title=("number", "party", "appeal"), rules=(
        handling_rules,
        in_order("case-order", ("date", "日期"), ("settled_date", "办结日期"), ("return_date", "回访日期")),
        in_order("warning-order", ("date", "日期"), ("warning_asked_date", "告诫书申请日期"), ("warning_date", "告诫书日期")),
        in_order("order-order", ("date", "日期"), ("order_asked_date", "保护令申请日期"), ("order_issued_date", "签发日期"),
                 ("order_ends_date", "到期日期")),
    ), measure_word="件",
    fields=(
        *with_group(
            "来访来信",
            Field("appeal", "诉求", Text(2000, lines=True), asked=True, column=True, search="text",
                  aliases=("反映问题", "反映内容", "案情", "主要诉求", "事由")),
            Field("date", "日期", Day(), asked=True, column=True, indexed=True,
                  aliases=("来访日期", "接待日期", "受理日期", "时间")),
            Field("channel", "渠道", Code(codes=CHANNELS), asked=True, column=True, aliases=("来源", "来访形式", "方式")),
            Field("number", "编号", Text(60), column=True, search="text", aliases=("案件编号", "登记号", "序号")),
            Field("people", "人次", QUANTITY, counts=PEOPLE, help="一条代表多人次时填，不填是 1 人次", aliases=("来访人次",)),
            Field("cases", "件数", QUANTITY, help="一条代表多件时填，不填是 1 件"),
        ),
        *with_group(
            "当事人",
            Field("party", "当事人", Text(60), column=True, search="name", aliases=("姓名", "来访人", "来信人", "受害人")),
            Field("anonymous", "不留姓名", Flag(), help="匿名来电来信"),
            Field("phone", "电话", Phone(), sensitive="phone", search="tail", aliases=("联系电话", "手机")),
            Field("address", "住址", Text(200), sensitive="address", aliases=("家庭住址", "地址")),
            Field("other_party", "对方", Text(60), aliases=("对方当事人", "被反映人", "加害人")),
            Field("category", "类别", Code(codes=CATEGORIES), asked=True, column=True, aliases=("案件类别", "问题类别", "类型")),
            Field("subcategory", "子类", Code(codes=SUBCATEGORIES), column=True, aliases=("小类", "纠纷类型")),
            Field("risk", "风险等级", Code(codes=RISKS), column=True, aliases=("风险", "等级")),
        ),
        *with_group(
            "办理",
            Field("handling", "办理方式", Codes(codes=HANDLING), asked=True, column=True, aliases=("处理方式", "处理")),
            Field("handed_to", "转办单位", Text(100), aliases=("移交单位", "转交单位", "承办单位")),
            Field("handler", "经办人", Text(60), aliases=("接待人", "办理人")),
            Field("result", "结果", Text(2000, lines=True), aliases=("处理结果", "办理结果", "调处结果")),
            Field("settled_date", "办结日期", Day(), column=True, indexed=True, aliases=("办结时间", "结案日期")),
            Field("return_date", "回访日期", Day(), aliases=("回访时间",)),
            Field("return_visit", "回访情况", Text(2000, lines=True), aliases=("回访",)),
        ),
        *with_group(
            "告诫书和保护令",
            Field("warning_asked_date", "告诫书申请日期", Day()),
            Field("warning_no", "告诫书文号", Text(60), aliases=("告诫书编号", "告诫书")),
            Field("warning_date", "告诫书日期", Day(), aliases=("出具日期",)),
            Field("order_asked_date", "保护令申请日期", Day(), aliases=("人身安全保护令申请",)),
            Field("order_issued_date", "保护令签发日期", Day(), aliases=("人身安全保护令签发", "保护令")),
            Field("order_ends_date", "保护令到期日期", Day(), ahead=True, indexed=True, aliases=("保护令到期",)),
        ),
    ),
)
