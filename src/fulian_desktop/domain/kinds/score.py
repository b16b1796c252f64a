"""score 考核得分 (DOMAIN §2): what one unit got for one item (deduction, veto, extra) at one check of a scheme.

A unit has one record of each scheme, check, entry and item: what the village says of itself and what the office above
finds land in it, each in a composite of its own that only its level may write. Each of them keeps the item as it was when
the points were given (its words, points and target), so a scheme that changes later changes no score.
"""

from __future__ import annotations

from collections.abc import Iterator

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import (
    Code,
    Composite,
    Day,
    Field,
    Hundredths,
    Part,
    RecordId,
    Reference,
    Table,
    Text,
    UnitCode,
    with_group,
)
from fulian_desktop.domain.hundredths import format_hundredths
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.rules import Flat, whole_of
from fulian_desktop.domain.units import LEVELS

CHECKS = CodeList.of(("half", "半年"), ("year", "全年"))
ENTRIES = CodeList.of(("deduction", "扣分"), ("veto", "一票否决"), ("extra", "加分"))
REVIEW_LEVELS = ("township", "county", "city", "province")
_AS_IT_WAS = (
    Part("item", Text(300), "评分时的内容"), Part("full", Hundredths(), "评分时的分值"),
    Part("target", Hundredths(), "评分时的目标"),
)


def score_rules(flat: Flat) -> Iterator[Problem]:
    """Nobody gets more points for an item than it has."""
    if flat.get("entry"):
        return
    for head in ("self", *(f"review_{level}" for level in REVIEW_LEVELS)):
        points, full = whole_of(flat, f"{head}_points"), whole_of(flat, f"{head}_full")
        if points is not None and full is not None and points > full:
            got, most = format_hundredths(points), format_hundredths(full)
            yield Problem("points-over-full", f"得分 {got} 超过这一项的分值 {most}，只按 {most} 计", f"{head}_points")


def _review(code: str) -> Field:
    level = LEVELS[code]
    return Field(
        f"review_{code}", f"{level.label}级考评", Composite((
            Part("points", Hundredths(), "得分"), Part("person", Text(60), "人"), Part("date", Day(), "日期"),
            Part("note", Text(500, lines=True), "说明"), *_AS_IT_WAS, Part("figure", Hundredths(), "完成数"),
        )), written_by=level, group=f"{level.label}级考评",
    )


KIND = Kind(
    code="score", label="考核得分", cls="ordinary", nav="assessment", order=20, icon="score", verb="登记得分",
    identity=("scheme_name", "check", "entry", "item"), keyed=("scheme", "check", "entry", "item"),
    title=("self_item", *(f"review_{level}_item" for level in REVIEW_LEVELS), "item"), rules=(score_rules,), measure_word="项",
    fields=(
        *with_group(
            "考核",
            Field("scheme", "考核方案", Reference(kinds=("scheme",)), asked=True, column=True, set_once=True, indexed=True,
                  aliases=("方案",)),
            Field("check", "哪一次", Code(codes=CHECKS), asked=True, column=True, set_once=True,
                  aliases=("半年全年", "考核时间")),
            Field("entry", "类型", Code(codes=ENTRIES), column=True, set_once=True, help="考核项目的得分不选这一项"),
            Field("item", "项目编号", Text(40), asked=True, column=True, set_once=True, search="text", aliases=("编号", "项目")),
            Field("self", "自评", Composite((
                Part("points", Hundredths(), "得分"), Part("note", Text(500, lines=True), "说明"), Part("date", Day(), "日期"),
                *_AS_IT_WAS,
            )), column=True, aliases=("自评分", "自评得分")),
            Field("evidence", "依据", Table((
                Part("unit", UnitCode(), "单位"), Part("kind", Text(40)), Part("id", RecordId()), Part("name", Text(200), "依据"),
            ), most=100)),
        ),
        *(_review(code) for code in REVIEW_LEVELS),
    ),
)
