"""report_period 报送要求 (DOMAIN §2): how often the offices below report, by which day, and what. Published."""

from __future__ import annotations

from collections.abc import Iterator

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.extensible import KINDS
from fulian_desktop.domain.fields import Code, Codes, Day, Field, Flag, Integer, Text, with_group
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.rules import Flat, in_order

CYCLES = CodeList.of(
    ("monthly", "按月"), ("quarterly", "按季"), ("half_yearly", "半年"), ("yearly", "按年"),
    aliases={"每月": "monthly", "每季度": "quarterly", "季度": "quarterly", "每半年": "half_yearly", "每年": "yearly"},
)


def period_rules(flat: Flat) -> Iterator[Problem]:
    """A monthly report is due within the month that follows."""
    due = flat.get("due_day")
    if flat.get("cycle") == "monthly" and type(due) is int and due > 28:
        yield Problem("due-late", "有的月份没有这一天，到月底就算截止", "due_day")


KIND = Kind(
    code="report_period", label="报送要求", cls="published", nav="settings", order=50, icon="clock", verb="定报送要求",
    title=("title",), identity=("title",),
    rules=(period_rules, in_order("period-order", ("from_day", "从哪天起"), ("to_day", "到哪天止"))),
    measure_word="条", governs=True,
    fields=with_group(
        "报送要求",
        Field("title", "名称", Text(60), asked=True, column=True, search="name", aliases=("要求",)),
        Field("cycle", "周期", Code(codes=CYCLES), asked=True, column=True),
        Field("due_day", "几天内报齐", Integer(1, 92), asked=True, column=True, aliases=("截止日",),
              help="周期过后几天以内，如填 5 是下个月 5 日截止"),
        Field("wanted", "要报的类别", Codes(codes=KINDS), column=True, help="不选就是都要报"),
        Field("from_day", "从哪天起", Day(), ahead=True),
        Field("to_day", "到哪天止", Day(), ahead=True),
        Field("withdrawn", "停用", Flag(), column=True),
    ),
)
