"""amount_bound 数额上限: the amount above which an entry is named as absurd. It warns and never refuses. Published."""

from __future__ import annotations

from collections.abc import Iterator

from fulian_desktop.domain.extensible import AMOUNTS
from fulian_desktop.domain.fields import Code, Field, Integer, Money, with_group
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.rules import Flat


def bound_rules(flat: Flat) -> Iterator[Problem]:
    """A bound says how much."""
    if flat.get("bounds") and flat.get("number") is None and flat.get("amount") is None:
        yield Problem("no-bound", "还没填上限：金额填“金额上限”，数字填“数字上限”", "amount")


KIND = Kind(
    code="amount_bound", label="数额上限", cls="published", nav="settings", order=60, icon="warn", verb="定上限",
    title=("bounds",), identity=("bounds",), keyed=("bounds",), rules=(bound_rules,), measure_word="个", governs=True,
    fields=with_group(
        "上限",
        Field("bounds", "管哪一项", Code(codes=AMOUNTS), asked=True, column=True, set_once=True),
        Field("amount", "金额上限(元)", Money(), column=True, help="超过这个数会提醒核对，仍然可以保存"),
        Field("number", "数字上限", Integer(0, 10**9), column=True, help="超过这个数会提醒核对，仍然可以保存"),
    ),
)
