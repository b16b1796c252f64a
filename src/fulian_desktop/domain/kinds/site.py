"""site 阵地 (DOMAIN §2): 妇女之家, 儿童之家, 维权站 and the other places where the work is done."""

from __future__ import annotations

from collections.abc import Iterator

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import (
    QUANTITY,
    Code,
    Composite,
    Day,
    Field,
    Flag,
    Integer,
    Money,
    Part,
    Phone,
    Text,
    with_group,
)
from fulian_desktop.domain.honors import HONOR_LEVELS
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.people import HOUSEHOLDS, PEOPLE
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.rules import Flat, in_order, phone_rule

TYPES = CodeList.of(
    ("womens_home", "妇女之家"), ("childrens_home", "儿童之家"), ("rights_station", "维权站"), ("parents_school", "家长学校"),
    ("marriage_mediation", "婚调室"), ("anti_violence", "反家暴联调室"), ("family_court", "合议庭"),
    ("family_hall", "家风馆"), ("base", "巾帼基地"), ("workshop", "巧娘工作室"), ("processing_point", "来料加工点"),
    ("other", "其他"),
    aliases={"妇女儿童之家": "womens_home", "妇女维权站": "rights_station", "维权服务站": "rights_station",
             "家长学校(示范)": "parents_school", "婚姻家庭纠纷调解室": "marriage_mediation", "基地": "base",
             "巾帼示范基地": "base", "工作室": "workshop", "来料加工": "processing_point"},
)
_FUND = Composite((Part("fen", Money(), ""), Part("about", Flag(), "约"), Part("source", Text(100), "来源")))


def site_rules(flat: Flat) -> Iterator[Problem]:
    """Stars are given to a 妇女之家 and a 儿童之家 only."""
    if flat.get("stars") and flat.get("type") not in ("womens_home", "childrens_home", None):
        yield Problem("stars-elsewhere", "星级只评妇女之家、儿童之家，请核对类型或星级", "stars")


KIND = Kind(
    code="site", label="阵地", cls="ordinary", nav="organisation", order=40, icon="site", verb="登记阵地",
    identity=("name", "type"),
    title=("name",),
    rules=(site_rules, in_order("closed-early", ("opened_date", "建成日期"), ("closed_date", "停用日期")), phone_rule("phone")),
    measure_word="个",
    fields=(
        *with_group(
            "阵地",
            Field("name", "名称", Text(100), asked=True, column=True, search="name", aliases=("阵地名称",)),
            Field("type", "类型", Code(codes=TYPES), asked=True, column=True, indexed=True, aliases=("阵地类型", "类别")),
            Field("number", "个数", QUANTITY, column=True, help="一条代表多个时填，不填是 1 个"),
            Field("level", "级别", Code(codes=HONOR_LEVELS), column=True, aliases=("示范级别",)),
            Field("demonstration", "示范点", Flag(), column=True, aliases=("是否示范",)),
            Field("stars", "星级", Integer(1, 5), column=True),
            Field("opened_date", "建成日期", Day(), column=True, aliases=("成立时间", "建成时间", "挂牌时间")),
            Field("closed_date", "停用日期", Day()),
            Field("place", "地址", Text(200), search="text", aliases=("地点", "位置")),
            Field("area", "面积(平方米)", Integer(0, 10**7), aliases=("面积",)),
        ),
        *with_group(
            "运转",
            Field("manager", "负责人", Text(60), aliases=("管理员", "联系人")),
            Field("phone", "电话", Phone(), sensitive="phone", search="tail", aliases=("联系电话",)),
            Field("staff", "从业人数", QUANTITY, counts=PEOPLE, aliases=("经纪人", "人数")),
            Field("households", "带动户数", QUANTITY, counts=HOUSEHOLDS, aliases=("带动农户",)),
            Field("fund", "扶持资金(元)", _FUND, flat=("fund", "fund_about", "fund_source"),
                  aliases=("资金", "补助资金", "以奖代补")),
        ),
    ),
)
