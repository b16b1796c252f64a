"""``python -m tools.systems_page``: writes docs/manual/systems.md, one row for each system that the yearly reviews count.

Kinds, forms, indicators and reports are read from the declarations; which tests prove a system stands in :data:`TESTS`.
"""

from __future__ import annotations

from pathlib import Path

from fulian_desktop.domain.indicator import SYSTEMS, Indicator
from fulian_desktop.domain.indicators import all_indicators
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.services.reports import REPORTS

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "manual" / "systems.md"

# Navigation item → what the window calls it (ui/places.py has them with their icons).
PLACES = {
    "activity": "活动", "family": "家庭", "care": "帮扶", "rights": "维权", "organisation": "组织", "assessment": "考核",
    "settings": "设置",
}
YEARLY = "tests/services/test_yearly.py"
ASSESSMENT = "tests/services/test_assessment.py"
REVIEWS = "tests/services/test_reviews.py"
# System → test file and test that prove its figures.
TESTS = {
    1: (YEARLY, "test_a_term_ends_by_itself_and_a_month_only_says_when_it_began"),
    2: (YEARLY, "test_what_stands_is_looked_at_on_the_last_day_of_each_month"),
    3: (YEARLY, "test_grids_led_by_women_are_a_share_of_the_grids"),
    4: (REVIEWS, "test_what_a_review_says_comes_out_as_published"),
    5: (YEARLY, "test_a_record_counts_in_the_month_of_its_last_day_and_one_that_spans_years_is_named"),
    6: (REVIEWS, "test_what_a_review_says_comes_out_as_published"),
    7: ("tests/store/test_indicators.py", "test_a_stage_in_sql_is_the_stage_that_the_facts_say"),
    8: (YEARLY, "test_honors_are_counted_by_title_and_level_and_a_revoked_one_is_not"),
    9: (REVIEWS, "test_what_a_review_says_comes_out_as_published"),
    10: (REVIEWS, "test_what_a_review_says_comes_out_as_published"),
    11: (YEARLY, "test_pairs_stand_until_they_end_and_their_visits_are_counted"),
    12: (REVIEWS, "test_what_a_review_says_comes_out_as_published"),
    13: (YEARLY, "test_cases_are_counted_while_their_room_is_open_and_absent_otherwise"),
    14: (YEARLY, "test_problems_found_handed_on_and_settled_are_counted_with_their_share"),
    15: (YEARLY, "test_publicity_is_counted_by_medium_and_level"),
    16: (ASSESSMENT, "test_thirty_villages_stand_where_they_stand_by_hand_and_ties_share_their_rank"),
    17: (ASSESSMENT, "test_a_plans_target_is_met_from_the_side_on_which_it_is_better"),
    18: (YEARLY, "test_the_ids_of_every_figure_looked_up_one_by_one_add_up_to_it"),
}

HEAD = """# 各项工作：登记什么，统计出什么

各级妇联的年度总结要数的十八项工作。每一项登记在哪里、表单叫什么、统计哪些指标、出在哪张表上、哪个测试管着。
本页由 `python -m tools.systems_page` 按程序里的声明生成，`tests/test_systems_page.py` 核对，请不要手改。

| | 工作 | 记录类别 | 表单 | 指标 | 报表 | 测试 |
|---|---|---|---|---|---|---|
"""


def indicators_of(system: int) -> list[Indicator]:
    """The indicators of a system whose kinds this program knows."""
    return [one for one in all_indicators() if one.system == system]


def row(system: int) -> str | None:
    """A system's row; None where this program knows none of its kinds."""
    found = indicators_of(system)
    kinds = [kind_of(code) for code in dict.fromkeys(one.kind for one in found if one.kind)]
    if not kinds:
        return None
    file, test = TESTS[system]
    cells = [
        str(system), SYSTEMS[system], "、".join(f"{kind.label}（{kind.code}）" for kind in kinds),
        "、".join(f"{PLACES[kind.nav]} › {kind.verb}" for kind in kinds), "、".join(one.label for one in found),
        "、".join(reports_of(kinds)), f"`{file}` {test}",
    ]
    return f"| {' | '.join(cells)} |"


def reports_of(kinds: list[Kind]) -> list[str]:
    """The yearly report, and those that list or add up one of these kinds."""
    codes = {kind.code for kind in kinds}
    return [
        plan.title for name, plan in REPORTS.items()
        if name == "yearly" or codes & {*plan.kinds, *(getattr(table, "kind", "") for table in plan.tables)}
    ]


def page() -> str:
    """The whole page."""
    return HEAD + "".join(f"{text}\n" for system in SYSTEMS if (text := row(system)) is not None)


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), "utf-8")
