"""unit_name 单位名称: what an office calls itself and the offices below it. Published: all read the same."""

from __future__ import annotations

from fulian_desktop.domain.fields import Field, Phone, Text, UnitCode
from fulian_desktop.domain.kind import Kind

KIND = Kind(
    code="unit_name", label="单位名称", cls="published", nav="settings", order=90, icon="unit",
    verb="登记单位",
    identity=("code",),
    title=("name",), measure_word="个",
    fields=(
        Field("code", "单位代码", UnitCode(), asked=True, column=True, set_once=True, indexed=True),
        Field("name", "单位名称", Text(60), asked=True, column=True, search="name"),
        Field("federation", "妇联全称", Text(100), column=True),
        Field("office_phone", "办公电话", Phone(), column=True),
    ),
)
