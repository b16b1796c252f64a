"""campaign 评选活动 (DOMAIN §2): one selection, issued by a level with quota, rounds, dates. Published."""

from __future__ import annotations

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import (
    Code,
    Codes,
    Day,
    Field,
    Flag,
    Integer,
    Part,
    Table,
    Text,
    UnitCode,
    with_group,
)
from fulian_desktop.domain.honors import HONORS, VETOES
from fulian_desktop.domain.kind import Kind

CYCLES = CodeList.of(("yearly", "按年"), ("monthly", "按月"))

KIND = Kind(
    code="campaign", label="评选活动", cls="published", nav="family", order=30, icon="campaign",
    verb="发起评选",
    identity=("title", "year"),
    title=("title",), measure_word="个",
    fields=(
        *with_group(
            "基本情况",
            Field("title", "名称", Text(100), asked=True, column=True, search="name",
                  aliases=("评选名称", "活动名称")),
            Field("honor", "荣誉称号", Code(codes=HONORS), asked=True, column=True, indexed=True,
                  aliases=("称号",)),
            Field("year", "年度", Integer(1949, 2100), asked=True, column=True, indexed=True,
                  aliases=("年份",)),
            Field("cycle", "周期", Code(codes=CYCLES)),
            Field("quota", "名额", Integer(0, 10**6), column=True),
            Field("quotas", "各单位名额",
                  Table((Part("unit", UnitCode(), "单位"), Part("quota", Integer(0, 10**6), "名额")),
                        most=3000)),
        ),
        *with_group(
            "办法",
            Field("criteria", "评选条件",
                  Table((Part("text", Text(200), "条件"), Part("points", Integer(0, 1000), "分值")),
                        most=40)),
            Field("vetoes", "否决项", Codes(codes=VETOES)),
            Field("steps", "阶段",
                  Table((Part("name", Text(40), "阶段"), Part("from", Day(), "起"), Part("to", Day(), "止")),
                        most=20)),
            Field("public_days", "公示天数", Integer(1, 60), column=True),
            Field("workdays", "按工作日", Flag()),
            Field("grades", "等次", Text(200)),
            Field("certificate_text", "证书文字", Text(500, lines=True)),
        ),
    ),
)
