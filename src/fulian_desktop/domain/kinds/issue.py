"""issue 问题清单 (DOMAIN §2): a problem found, to whom it was handed, when it is due, how it was settled."""

from __future__ import annotations

from collections.abc import Iterator

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import Code, Day, Field, Reference, Text, with_group
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.rules import Flat, in_order

SOURCES = CodeList.of(
    ("visit", "走访"), ("inspection", "督查"), ("screening", "排查"), ("meeting", "座谈"), ("reported", "群众反映"),
    ("other", "其他"),
    aliases={"入户走访": "visit", "督导": "inspection", "反映": "reported"},
)
FIELDS_OF_WORK = CodeList.of(
    ("family", "婚姻家庭"), ("children", "儿童"), ("livelihood", "生活困难"), ("health", "健康"), ("work", "就业创业"),
    ("environment", "环境卫生"), ("organisation", "组织和阵地"), ("other", "其他"),
)


def issue_rules(flat: Flat) -> Iterator[Problem]:
    """What is settled says how; what was handed on says to whom."""
    if flat.get("settled_date") and not flat.get("result"):
        yield Problem("result-missing", "填了办结日期，还没写办理结果，请补上", "result")
    if flat.get("handed_date") and not flat.get("handed_to"):
        yield Problem("handed-to-missing", "填了转交日期，没写转交给哪个单位，请补上", "handed_to")


KIND = Kind(
    code="issue", label="问题清单", cls="ordinary", nav="rights", order=20, icon="issue", verb="登记问题",
    identity=("title", "found_date"),
    title=("title",), rules=(
        issue_rules,
        in_order("handed-early", ("found_date", "发现日期"), ("handed_date", "转交日期"), ("settled_date", "办结日期")),
        in_order("due-early", ("found_date", "发现日期"), ("due_date", "办结期限")),
    ), measure_word="件",
    fields=(
        *with_group(
            "问题",
            Field("title", "问题", Text(200), asked=True, column=True, search="name",
                  aliases=("存在问题", "发现的问题", "问题内容")),
            Field("source", "怎么发现的", Code(codes=SOURCES), asked=True, column=True, aliases=("来源", "发现渠道")),
            Field("field_of_work", "类别", Code(codes=FIELDS_OF_WORK), column=True, aliases=("问题类别",)),
            Field("found_date", "发现日期", Day(), asked=True, column=True, aliases=("时间", "发现时间", "日期")),
            Field("found_by", "发现人", Text(60), aliases=("走访人",)),
            Field("visit", "哪次走访", Reference(kinds=("visit",))),
            Field("details", "具体情况", Text(2000, lines=True), aliases=("情况", "问题描述")),
        ),
        *with_group(
            "办理",
            Field("handed_to", "转交单位", Text(100), column=True, aliases=("责任单位", "移交单位", "转办单位")),
            Field("handed_date", "转交日期", Day(), aliases=("转办时间",)),
            Field("due_date", "办结期限", Day(), column=True, ahead=True, aliases=("整改期限", "期限")),
            Field("settled_date", "办结日期", Day(), column=True, aliases=("整改时间", "办结时间")),
            Field("result", "办理结果", Text(2000, lines=True), aliases=("整改情况", "处理结果", "整改结果")),
        ),
    ),
)
