"""issued_code 增加的选项 (DESIGN §2): a code that an office adds to a list, stored as ``unit:code``. Published."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fulian_desktop.domain.extensible import LISTS
from fulian_desktop.domain.fields import Code, Field, Flag, Text, with_group
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.rules import Flat, text_of

CODE = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)


def code_rules(flat: Flat) -> Iterator[Problem]:
    """The code has its form."""
    code = text_of(flat, "code")
    if code and CODE.fullmatch(code) is None:
        yield Problem("issued-code", f"代码“{code}”要用小写字母，如 guangchangwu，请改正", "code")


def code_from_label(flat: Flat) -> dict[str, str]:
    """The pinyin initials of the label, where no code was typed."""
    from fulian_desktop.domain.pinyin import initials

    if text_of(flat, "code"):
        return {}
    letters = "".join(c for c in initials(text_of(flat, "label"))[0] if c.isascii() and c.isalnum())[:40]
    return {"code": letters if letters[:1].isalpha() else f"c{letters}"}


KIND = Kind(
    code="issued_code", label="增加的选项", cls="published", nav="settings", order=30, icon="filter", verb="增加选项",
    title=("label",), identity=("extends", "code"), keyed=("extends", "code"), rules=(code_rules,), measure_word="个",
    governs=True, fills=code_from_label,
    fields=with_group(
        "选项",
        Field("label", "选项名称", Text(40), asked=True, column=True, search="name", aliases=("名称", "选项")),
        Field("extends", "选项表", Code(codes=LISTS), asked=True, column=True, set_once=True, indexed=True),
        Field("aliases", "别的叫法", Text(200), help="台账里可能写的别的词，用顿号隔开"),
        Field("code", "代码", Text(60), column=True, set_once=True, help="不填就用名称的拼音首字母"),
        Field("withdrawn", "停用", Flag(), column=True, help="停用后不再让选，已经选的照样显示"),
    ),
)
