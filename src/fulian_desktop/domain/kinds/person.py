"""person 重点对象 (DOMAIN §2): whom the federation looks after. Health and hardship never stand on a wall."""

from __future__ import annotations

from fulian_desktop.domain.fields import (
    Code,
    Codes,
    Day,
    Field,
    IdNumber,
    Money,
    Phone,
    Reference,
    Text,
    with_group,
)
from fulian_desktop.domain.kind import Alike, Kind
from fulian_desktop.domain.people import PERSON_TAGS, SEXES
from fulian_desktop.domain.rules import id_agrees, id_number_rule, phone_rule

KIND = Kind(
    code="person", label="重点对象", cls="ordinary", nav="care", order=10, icon="person", verb="登记对象",
    identity=("name", "birth_date"),
    title=("name",),
    rules=(id_number_rule("id_number"), id_agrees, phone_rule("phone"), phone_rule("guardian_phone")),
    daily=True, measure_word="人",
    alike=(
        Alike(firm=True, same=("id_number",)),
        Alike(firm=False, same=("birth_date",), begins="name", sounds="name", unlike=("id_number",)),
        Alike(firm=False, same=("unit", "birth_date"), sounds="name", unlike=("id_number",)),
        Alike(firm=False, same=("phone", "name"), unlike=("id_number",)),
        Alike(firm=False, same=("unit", "address", "name"), unlike=("id_number",)),
        Alike(firm=False, same=("phone",), sounds="name", unlike=("id_number", "birth_date")),
        Alike(firm=False, same=("unit", "address"), sounds="name", unlike=("id_number", "birth_date")),
        Alike(firm=False, same=("unit", "name"), unlike=("id_number", "birth_date")),
    ),
    fields=(
        *with_group(
            "本人",
            Field("name", "姓名", Text(60), asked=True, column=True, search="name",
                  aliases=("对象姓名", "受助人", "妇女姓名", "儿童姓名")),
            Field("sex", "性别", Code(codes=SEXES), column=True),
            Field("id_number", "身份证号", IdNumber(), indexed=True, sensitive="id", search="tail",
                  aliases=("身份证号码", "身份证", "证件号码")),
            Field("birth_date", "出生日期", Day(), column=True, aliases=("出生年月", "生日", "出生")),
            Field("phone", "电话", Phone(), column=True, sensitive="phone", search="tail",
                  aliases=("手机号", "联系电话", "手机", "联系方式")),
            Field("address", "住址", Text(200), sensitive="address", search="text",
                  aliases=("家庭住址", "地址")),
            Field("family", "所属家庭", Reference(kinds=("family",))),
        ),
        *with_group(
            "情况",
            Field("tags", "类别", Codes(codes=PERSON_TAGS), column=True, sensitive="health",
                  aliases=("对象类别", "人员类别", "困难类型")),
            Field("guardian", "监护人", Text(60)),
            Field("guardian_phone", "监护人电话", Phone(), sensitive="phone"),
            Field("school", "学校", Text(100), aliases=("就读学校",)),
            Field("grade", "年级", Text(40), aliases=("班级", "年级班级")),
            Field("health", "健康情况", Text(500, lines=True), sensitive="health",
                  aliases=("健康状况", "身体状况")),
            Field("income", "家庭年收入", Money(), aliases=("年收入",)),
            Field("needs", "需求", Text(1000, lines=True), aliases=("困难需求", "帮扶需求")),
            Field("contact", "联系人(执委)", Text(60), aliases=("联系人", "联系执委", "包联执委")),
        ),
        Field("override_reason", "说明原因", Text(500, lines=True), group="备注和照片",
              help="身份证号等提醒确实如此时写明"),
    ),
)
