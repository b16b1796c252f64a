"""Reports of how things stand: who has reported (上报情况), how far the development plans have come (规划监测)."""

from __future__ import annotations

from fulian_desktop.domain.indicator import OfYear
from fulian_desktop.domain.units import covers
from fulian_desktop.services.board import MONTHS, STATE_LABELS, State, day_text, roll_call_board
from fulian_desktop.services.office import today
from fulian_desktop.services.reports.declared import (
    NUMBER,
    RECORDS,
    UNIT,
    Column,
    Flat,
    Listing,
    Plan,
    Summary,
    filled,
    share,
)
from fulian_desktop.services.reports.engine import Asked
from fulian_desktop.services.reports.table import Report
from fulian_desktop.store.view import Row


def _roll_call(asked: Asked) -> Report:
    """How every unit below stands with its reports, today: a roll is called now, whatever the year."""
    day = today()
    report = Report("", "", [
        ("序号", "number"), ("单位", "text"), ("状态", "text"), ("上次上报", "text"), ("填报到", "text"), ("已过天数", "number"),
        (f"近{MONTHS}个月上报月数", "number"), ("冲突", "number"), ("拒收", "number"),
    ])
    cards = [card for card in roll_call_board(asked.office, day) if asked.unit is None or covers(asked.unit, card.unit)]
    for number, card in enumerate(cards, 1):
        report.rows.append([
            number, card.name, STATE_LABELS[card.state], day_text(card.last, day.year), day_text(card.through, day.year),
            card.days, sum(came for _, came in card.months(day)), card.conflicts, card.refused,
        ])
        report.ids.append([])
    counts = {state: sum(card.state is state for card in cards) for state in State}
    report.total = {"units": len(cards), **{state.value: count for state, count in counts.items()}}
    said = "，".join(f"{STATE_LABELS[state]} {count} 个" for state, count in counts.items() if count)
    report.notes = [f"截至{day.year}年{day.month}月{day.day}日，共 {len(cards)} 个单位：{said}。" if cards else "没有下级单位。"]
    return report


def _reached(flat: Flat) -> bool:
    """Whether a plan's indicator has come to its target; of a rate of deaths, is not above it."""
    target, value = flat.get("target"), flat.get("value")
    if target is None or value is None:
        return False
    return bool(value <= target if flat.get("lower_is_better") else value >= target)


def _reached_words(row: Row, _asked: Asked) -> str:
    return "" if "target" not in row.flat or "value" not in row.flat else "达到" if _reached(row.flat) else "未达到"


MONITORED = OfYear("year")

PLANS = (
    Plan(
        "monitoring", "规划监测表", "总结和上报", "两个规划各项指标的目标值和监测值。", landscape=True,
        tables=(
            Summary("indicator_value", ("plan",), (
                Column(RECORDS, "指标(项)"), Column(RECORDS, "有目标值", where=filled("target"), key="targets"),
                Column(RECORDS, "达到目标", where=_reached, key="reached"), share("达标率(%)", "reached", "targets"),
            ), "各规划", when=MONITORED),
            Listing("indicator_value", (
                NUMBER, UNIT, "plan", "indicator", Column("year", how="text"), "unit_word", "target", "value",
                Column(head="达标", read=_reached_words), "source",
            ), "各项指标", when=MONITORED, order=("plan", "indicator", "year", UNIT)),
        ),
    ),
    Plan("roll-call", "上报情况表", "总结和上报", "下级单位本月报了没有，多久没报，有没有冲突和拒收。", (_roll_call,)),
)
