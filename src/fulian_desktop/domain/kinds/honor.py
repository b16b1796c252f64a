"""honor 荣誉 (DOMAIN §2): a title that a person, family, group or unit holds, by whom and since when."""

from __future__ import annotations

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import (
    QUANTITY,
    Code,
    Day,
    Field,
    Reference,
    Text,
    with_group,
)
from fulian_desktop.domain.honors import HONOR_LEVELS, TITLES
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.rules import in_order

HOLDERS = CodeList.of(
    ("person", "个人"), ("family", "家庭"), ("group", "集体"), ("unit", "本妇联"),
    aliases={"单位": "unit", "妇联": "unit", "户": "family"},
)

KIND = Kind(
    code="honor", label="荣誉", cls="ordinary", nav="family", order=40, icon="medal", verb="登记荣誉",
    identity=("holder_name", "title", "date"),
    title=("holder_name", "called"), rules=(in_order("revoked-early", ("date", "授予日期"), ("revoked_date", "撤销日期")),),
    measure_word="项",
    fields=(
        *with_group(
            "荣誉",
            Field("holder", "获得者", Reference(kinds=("person", "family", "post_holder", "organisation", "team")), asked=True,
                  column=True, search="name", indexed=True, aliases=("获奖者", "姓名", "获奖单位", "荣誉获得者")),
            Field("holder_type", "获得者是", Code(codes=HOLDERS), asked=True, column=True, aliases=("类型", "对象类型")),
            Field("title", "荣誉称号", Code(codes=TITLES), asked=True, column=True, indexed=True, aliases=("称号", "荣誉")),
            Field("called", "荣誉全称", Text(100), column=True, search="text", aliases=("荣誉名称", "奖项")),
            Field("level", "级别", Code(codes=HONOR_LEVELS), asked=True, column=True, aliases=("荣誉级别",)),
            Field("number", "个数", QUANTITY, help="一条代表多个时填，不填是 1 个"),
            Field("given_by", "授予单位", Text(100), column=True, aliases=("颁发单位", "表彰单位")),
            Field("date", "授予日期", Day(), asked=True, column=True, aliases=("时间", "获奖时间", "表彰日期")),
            Field("certificate_no", "证书编号", Text(60), aliases=("证书号",)),
            Field("revoked_date", "撤销日期", Day()),
            Field("deeds", "事迹", Text(2000, lines=True), aliases=("主要事迹", "事迹简介")),
        ),
        Field("override_reason", "说明原因", Text(500, lines=True), group="备注和照片", help="提醒确实如此时写明"),
    ),
)
