"""organisation 妇女组织 (DOMAIN §2): those outside the code tree, as 机关妇委会, 企业妇联, 妇女微家."""

from __future__ import annotations

from collections.abc import Iterator

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import Code, Day, Field, Flag, Integer, Phone, Text, with_group
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.rules import Flat, phone_rule

TYPES = CodeList.of(
    ("institution", "机关事业单位妇委会"), ("enterprise", "企业妇联"), ("new_group", "新经济新社会组织妇联"),
    ("industry", "行业协会妇联"), ("village_group", "村(居)民小组妇女组织"), ("micro_home", "妇女微家"), ("other", "其他"),
    aliases={"妇委会": "institution", "机关妇委会": "institution", "两新组织": "new_group", "两新组织妇联": "new_group",
             "行业妇联": "industry", "微家": "micro_home"},
)


def organisation_rules(flat: Flat) -> Iterator[Problem]:
    """What has a founding day is built; a demonstration is built."""
    if flat.get("founded_date") and not flat.get("built"):
        yield Problem("founded-not-built", "填了成立日期，没有勾“已建”，请核对", "built")
    if flat.get("demonstration") and not flat.get("built"):
        yield Problem("demonstration-not-built", "示范点应是已建的组织，请核对", "built")


KIND = Kind(
    code="organisation", label="妇女组织", cls="ordinary", nav="organisation", order=30, icon="organisation", verb="登记组织",
    identity=("name",),
    title=("name",), rules=(organisation_rules, phone_rule("phone")), measure_word="个",
    fields=(
        *with_group(
            "组织",
            Field("name", "名称", Text(100), asked=True, column=True, search="name", aliases=("组织名称", "妇女组织")),
            Field("type", "类型", Code(codes=TYPES), asked=True, column=True, indexed=True, aliases=("组织类型", "类别")),
            Field("belongs_to", "所属单位", Text(100), column=True, aliases=("所在单位", "依托单位")),
            Field("required", "应建", Flag(), aliases=("是否应建",)),
            Field("built", "已建", Flag(), column=True, aliases=("是否已建", "是否组建")),
            Field("founded_date", "成立日期", Day(), column=True, aliases=("成立时间",)),
            Field("leader", "负责人", Text(60), column=True, search="name", aliases=("主任", "主席")),
            Field("phone", "电话", Phone(), sensitive="phone", search="tail", aliases=("联系电话",)),
            Field("women", "妇女人数", Integer(0, 10**7), column=True, aliases=("女职工", "妇女数")),
            Field("demonstration", "示范点", Flag(), aliases=("是否示范",)),
        ),
    ),
)
