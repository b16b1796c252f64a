"""issued_field 增加的栏目 (DESIGN §3): a field that an office adds to kinds, for itself and the offices below. Published."""

from __future__ import annotations

from collections.abc import Iterator

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.extensible import KINDS, LISTS
from fulian_desktop.domain.fields import Code, Codes, Field, Flag, Part, Table, Text, with_group
from fulian_desktop.domain.issued import is_issued
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.rules import Flat, text_of

TYPES = CodeList.of(
    ("text", "文字"), ("lines", "多行文字"), ("number", "数字"), ("money", "金额(元)"), ("day", "日期"), ("flag", "是或否"),
    ("code", "选一项"), ("codes", "选几项"),
    aliases={"文本": "text", "整数": "number", "金额": "money", "单选": "code", "多选": "codes", "是否": "flag"},
)
_CHOOSING = ("code", "codes")


def field_rules(flat: Flat) -> Iterator[Problem]:
    """The code has its form; what is chosen from a list has one."""
    code = text_of(flat, "code")
    if code and not is_issued(code):
        yield Problem("issued-code", f"代码“{code}”要写成 x_ 加小写字母，如 x_gewu，请改正", "code")
    if flat.get("type") in _CHOOSING and not (flat.get("choices") or flat.get("list")):
        yield Problem("no-choices", "还没有可选项，请填“可选项”，或者选一份现成的", "choices")


def code_from_label(flat: Flat) -> dict[str, str]:
    """``x_`` and the pinyin initials of the label, where no code was typed."""
    from fulian_desktop.domain.pinyin import initials

    code = text_of(flat, "code").lower()
    if code:
        return {"code": code if code.startswith("x_") else f"x_{code}"}
    letters = "".join(c for c in initials(text_of(flat, "label"))[0] if c.isascii() and c.isalnum())[:28]
    return {"code": f"x_{letters if letters[:1].isalpha() else 'f' + letters}"}


KIND = Kind(
    code="issued_field", label="增加的栏目", cls="published", nav="settings", order=20, icon="table", verb="增加栏目",
    title=("label",), identity=("code",), keyed=("code",), rules=(field_rules,), measure_word="个", governs=True,
    fills=code_from_label,
    fields=with_group(
        "栏目",
        Field("label", "栏目名称", Text(40), asked=True, column=True, search="name", aliases=("名称", "栏目")),
        Field("kinds", "登记表", Codes(codes=KINDS), asked=True, column=True, aliases=("类别", "加到哪里")),
        Field("type", "类型", Code(codes=TYPES), asked=True, column=True, aliases=("填什么",)),
        Field("choices", "可选项", Table((Part("label", Text(40), "名称"), Part("withdrawn", Flag(), "停用")), most=100)),
        Field("list", "用现成的选项", Code(codes=LISTS), help="和别的栏目用同一份选项时才选"),
        Field("group", "放在哪一组", Text(20), help="不填就放在表的最后"),
        Field("asked", "要填", Flag(), help="没填的记录会标出“待补全”，不影响保存"),
        Field("column", "在列表里显示", Flag()),
        Field("searched", "能查找", Flag(), help="查找框里能找到这一栏的文字"),
        Field("code", "代码", Text(32), column=True, set_once=True, help="不填就用名称的拼音首字母"),
        Field("withdrawn", "停用", Flag(), column=True, help="停用后不再让填，已经填的照样显示"),
    ),
)
