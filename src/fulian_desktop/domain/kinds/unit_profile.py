"""unit_profile 单位概况 (DOMAIN §2): a unit's figures of one year, the denominators of shares and coverage."""

from __future__ import annotations

from collections.abc import Iterator

from fulian_desktop.domain.fields import Field, Integer, with_group
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.rules import Flat, whole_of

_PARTS = (
    ("women", "妇女人数", "population", "总人口"), ("children", "儿童人数", "population", "总人口"),
    ("girls", "其中女童", "children", "儿童人数"), ("households", "总户数", "population", "总人口"),
    ("left_behind_women", "留守妇女", "women", "妇女人数"), ("left_behind_children", "留守儿童", "children", "儿童人数"),
    ("single_mothers", "单亲母亲", "women", "妇女人数"), ("committee_women", "两委中的女性", "committee_members", "两委成员"),
)


def profile_rules(flat: Flat) -> Iterator[Problem]:
    """No part is more than its whole."""
    for name, label, whole_name, whole_label in _PARTS:
        part, whole = whole_of(flat, name), whole_of(flat, whole_name)
        if part is not None and whole is not None and part > whole:
            yield Problem("part-over-whole", f"{label} {part} 比{whole_label} {whole} 还多，请核对两个数", name)


KIND = Kind(
    code="unit_profile", label="单位概况", cls="ordinary", nav="organisation", order=10, icon="profile", verb="登记概况",
    identity=("year",), keyed=("year",),
    title=("year",), rules=(profile_rules,), measure_word="份",
    fields=(
        *with_group(
            "基本数字",
            Field("year", "年度", Integer(1949, 2100), asked=True, column=True, indexed=True, set_once=True, aliases=("年份",)),
            Field("population", "总人口", Integer(), asked=True, column=True, aliases=("人口", "人口数", "常住人口")),
            Field("households", "总户数", Integer(), asked=True, column=True, aliases=("户数",)),
            Field("women", "妇女人数", Integer(), asked=True, column=True, aliases=("妇女", "女性人口", "妇女数")),
            Field("children", "儿童人数", Integer(), asked=True, column=True, aliases=("儿童", "未成年人", "儿童数")),
            Field("girls", "其中女童", Integer(), aliases=("女童",)),
            Field("left_behind_women", "留守妇女", Integer()),
            Field("left_behind_children", "留守儿童", Integer()),
            Field("single_mothers", "单亲母亲", Integer()),
        ),
        *with_group(
            "组织",
            Field("groups", "村(居)民小组", Integer(0, 10**5), aliases=("小组数", "村民小组")),
            Field("grids", "网格", Integer(0, 10**5), column=True, aliases=("网格数",)),
            Field("committee_members", "两委成员", Integer(0, 10**4), aliases=("两委人数", "两委成员数")),
            Field("committee_women", "两委中的女性", Integer(0, 10**4), aliases=("女两委", "女性两委成员")),
            Field("representatives", "妇女代表", Integer(0, 10**5), aliases=("妇女代表数",)),
        ),
    ),
)
