"""考核, 规划监测 (DOMAIN §1, systems 16 and 17): schemes and scores, and the plans' indicators with their targets."""

from __future__ import annotations

from fulian_desktop.domain.indicator import (
    AnyOf,
    AtLeast,
    Distinct,
    Filled,
    Indicator,
    Is,
    Not,
    OfYear,
    Records,
    Share,
    Split,
    Standing,
)

_YEAR = OfYear()
_LOWER = Is("lower_is_better", True)  # a rate of deaths: met when it is not above its target
_MET = (
    Filled("target"), Filled("value"), AnyOf((_LOWER, AtLeast("value", "target"))),
    AnyOf((Not(_LOWER), AtLeast("target", "value"))),
)

INDICATORS = (
    # 16 考核
    Indicator("schemes", "考核方案", 16, "scheme", "个", Records(), _YEAR),
    Indicator("units_scored", "有考核得分的单位", 16, "score", "个", Distinct("unit"), Standing()),
    Indicator("scores", "考核得分", 16, "score", "项", Records(), Standing(), split=Split("check")),
    # 17 规划监测
    Indicator("plan_indicators", "规划监测指标", 17, "indicator_value", "项", Records(), _YEAR, split=Split("plan")),
    Indicator("plan_targets", "有目标值的指标", 17, "indicator_value", "项", Records(), _YEAR, (Filled("target"),),
              Split("plan")),
    Indicator("plan_targets_met", "达到目标值的指标", 17, "indicator_value", "项", Records(), _YEAR, _MET, Split("plan")),
    Indicator("plan_targets_met_share", "规划目标达标率", 17, "", "%", Share("plan_targets_met", "plan_targets")),
)
