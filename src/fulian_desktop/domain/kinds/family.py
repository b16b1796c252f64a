"""family 家庭档案 (DOMAIN §2). The village is the record's unit; the address is 组 and 门牌."""

from __future__ import annotations

from fulian_desktop.domain.fields import (
    Code,
    Codes,
    Day,
    Field,
    IdNumber,
    Integer,
    Part,
    Phone,
    Table,
    Text,
    with_group,
)
from fulian_desktop.domain.kind import Alike, Kind
from fulian_desktop.domain.people import EDUCATION, ETHNICITIES, FAMILY_TAGS, POLITICAL, RELATIONS, SEXES
from fulian_desktop.domain.rules import id_number_rule, members_rule, phone_rule

KIND = Kind(
    code="family", label="家庭档案", cls="ordinary", nav="family", order=10, icon="family", verb="登记家庭",
    identity=("head", "address"),
    title=("head",), rules=(id_number_rule("head_id_number"), phone_rule("phone"), members_rule),
    daily=True, measure_word="户",
    alike=(
        Alike(firm=True, same=("head_id_number",)),
        Alike(firm=False, same=("unit", "address"), sounds="head", unlike=("head_id_number",)),
        Alike(firm=False, same=("phone",), sounds="head", unlike=("head_id_number",)),
        Alike(firm=False, same=("unit", "head"), unlike=("head_id_number",)),
    ),
    fields=(
        *with_group(
            "户主",
            Field("head", "户主", Text(60), asked=True, column=True, search="name", covered=False,
                  aliases=("户主姓名", "姓名", "家庭户主", "家庭代表")),
            Field("address", "住址", Text(200), asked=True, column=True, search="text", sensitive="address",
                  aliases=("家庭住址", "地址", "家庭地址", "组别", "门牌")),
            Field("head_id_number", "户主身份证号", IdNumber(), sensitive="id", search="tail",
                  aliases=("身份证号", "身份证号码", "身份证", "户主身份证")),
            Field("phone", "电话", Phone(), column=True, sensitive="phone", search="tail",
                  aliases=("手机号", "联系电话", "手机", "联系方式", "电话号码")),
            Field("ethnicity", "民族", Code(codes=ETHNICITIES)),
            Field("political", "政治面貌", Code(codes=POLITICAL)),
            Field("education", "文化程度", Code(codes=EDUCATION), aliases=("学历",)),
            Field("occupation", "职业", Text(100), aliases=("工作单位", "职业/单位")),
        ),
        *with_group(
            "家庭",
            Field("size", "家庭人口", Integer(0, 99), column=True, aliases=("人口", "人口数", "家庭人数")),
            Field("members", "家庭成员", Table((
                Part("name", Text(60), "姓名"), Part("relation", Code(codes=RELATIONS), "关系"),
                Part("sex", Code(codes=SEXES), "性别"), Part("birth_date", Day(), "出生日期"),
                Part("occupation", Text(100), "职业"),
            ), most=40)),
            Field("tags", "标签", Codes(codes=FAMILY_TAGS), column=True,
                  aliases=("家庭类别", "家庭类型", "类别")),
        ),
        Field("override_reason", "说明原因", Text(500, lines=True), group="备注和照片",
              help="身份证号等提醒确实如此时写明"),
    ),
)
