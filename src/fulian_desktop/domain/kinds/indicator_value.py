"""indicator_value 规划监测 (DOMAIN §1, system 17): an indicator of the women's or children's development plan in a year."""

from __future__ import annotations

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import Code, Field, Flag, Hundredths, Integer, Text, with_group
from fulian_desktop.domain.kind import Kind

PLANS = CodeList.of(
    ("women", "妇女发展规划"), ("children", "儿童发展规划"), aliases={"妇女": "women", "儿童": "children"},
)
_SIGNED = Hundredths(least=-(10**11))  # growth may be negative

KIND = Kind(
    code="indicator_value", label="规划监测", cls="ordinary", nav="assessment", order=30, icon="monitoring", verb="登记监测值",
    identity=("plan", "indicator", "year"), keyed=("plan", "indicator", "year"), title=("indicator",), measure_word="项",
    fields=with_group(
        "规划监测",
        Field("indicator", "指标", Text(200), asked=True, column=True, search="name", set_once=True,
              aliases=("指标名称", "监测指标")),
        Field("plan", "规划", Code(codes=PLANS), asked=True, column=True, set_once=True, aliases=("规划名称",)),
        Field("year", "年度", Integer(1949, 2100), asked=True, column=True, set_once=True, indexed=True, aliases=("年份",)),
        Field("target", "目标值", _SIGNED, column=True, aliases=("目标",)),
        Field("value", "监测值", _SIGNED, asked=True, column=True, aliases=("实际值", "完成值", "现状值")),
        Field("lower_is_better", "越低越好", Flag(), column=True, aliases=("越低越优",), help="死亡率、发生率一类勾上"),
        Field("unit_word", "计量单位", Text(20), column=True, aliases=("单位名", "计量")),
        Field("source", "数据来源", Text(200), aliases=("来源", "提供单位")),
    ),
)
