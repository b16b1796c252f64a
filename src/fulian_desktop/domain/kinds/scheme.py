"""scheme 考核方案 (DOMAIN §2): what an office scores the offices right below it by in a year. Published.

The office that issues a scheme is the one whose reviews count. An item is known by its code: scores are kept under it, so
a code once given stays with its item, and a blank one is filled in by the row's own id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import Code, Day, Field, Hundredths, Integer, Part, Table, Text, with_group
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.rules import Flat, whole_of


class _Indicators(CodeList):
    """The indicators that have one figure a unit, by their codes; read when first asked for, as they ask for all kinds."""

    @property  # type: ignore[misc]
    def labels(self) -> Mapping[str, str]:
        """Code → label."""
        from fulian_desktop.domain.indicators import all_indicators

        return {one.code: one.label for one in all_indicators() if one.has_total}


SOURCES = CodeList.of(("judged", "人工评分"), ("computed", "按数据算分"))
WAYS_OF_POINTS = CodeList.of(("proportion", "按完成比例"), ("all_or_nothing", "达标得满分"), ("per_piece", "按件得分"))
HALF_WEIGHT, YEAR_WEIGHT = 40, 60
EXTRA_MOST = 1000  # hundredths


def scheme_rules(flat: Flat) -> Iterator[Problem]:
    """The weights make a whole; every item has points, each code stands once, a computed one says what it counts."""
    half, year = whole_of(flat, "half_weight"), whole_of(flat, "year_weight")
    if half is not None and year is not None and half + year != 100:
        yield Problem("weights", f"半年权重 {half} 加全年权重 {year} 不是 100，请核对", "year_weight")
    seen: set[str] = set()
    for number, row in enumerate(flat.get("items") or (), 1):
        code, name = row.get("code"), row.get("text") or f"第 {number} 行"
        if code and code in seen:
            yield Problem("item-twice", f"考核项目里编号 {code} 用了两次，请改成不同的编号", "items")
        seen.add(code)
        if not row.get("points"):
            yield Problem("item-points", f"考核项目“{name}”没有分值，不计分，请补上", "items")
        if row.get("source") == "computed" and not row.get("indicator"):
            yield Problem("item-indicator", f"考核项目“{name}”按数据算分，还没有选用哪个指标", "items")


KIND = Kind(
    code="scheme", label="考核方案", cls="published", nav="assessment", order=10, icon="scheme", verb="制定方案",
    identity=("title", "year"), title=("title",), rules=(scheme_rules,), measure_word="个",
    fields=(
        *with_group(
            "基本情况",
            Field("title", "名称", Text(100), asked=True, column=True, search="name", aliases=("方案名称", "考核名称")),
            Field("year", "年度", Integer(1949, 2100), asked=True, column=True, indexed=True, aliases=("年份",)),
            Field("half_weight", "半年权重(%)", Integer(0, 100), column=True, help="不填是 40"),
            Field("year_weight", "全年权重(%)", Integer(0, 100), column=True, help="不填是 60"),
            Field("extra_most", "加分上限", Hundredths(), help="每次考核最多加多少分，不填是 10"),
            Field("half_closed", "半年考核结束日期", Day(), help="填上以后半年的得分不再改"),
            Field("year_closed", "全年考核结束日期", Day(), help="填上以后全年的得分不再改"),
        ),
        *with_group(
            "考核内容",
            Field("items", "考核项目", Table((
                Part("code", Text(10), "编号"), Part("section", Text(20), "部分"), Part("text", Text(300), "考核内容"),
                Part("points", Hundredths(), "分值"), Part("source", Code(codes=SOURCES), "怎样评分"),
                Part("indicator", Code(codes=_Indicators()), "指标"), Part("target", Hundredths(), "目标"),
                Part("way", Code(codes=WAYS_OF_POINTS), "得分办法"), Part("order", Integer(0, 999), "顺序"),
            ), most=100)),
            Field("deductions", "扣分项", Table((
                Part("code", Text(10), "编号"), Part("text", Text(300), "情形"), Part("points", Hundredths(), "扣分"),
            ), most=40)),
            Field("vetoes", "否决项", Table((Part("code", Text(10), "编号"), Part("text", Text(300), "情形")), most=40)),
            Field("extras", "加分项", Table((
                Part("code", Text(10), "编号"), Part("text", Text(300), "情形"), Part("points", Hundredths(), "加分"),
            ), most=40)),
        ),
    ),
)
