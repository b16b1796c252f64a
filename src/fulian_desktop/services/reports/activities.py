"""Reports of what was done: activities, publicity, problems found."""

from __future__ import annotations

from fulian_desktop.services.reports.declared import (
    NUMBER,
    RECORDS,
    UNIT,
    Column,
    Listing,
    Plan,
    Summary,
    filled,
    none_of,
    share,
)
from fulian_desktop.services.reports.engine import Asked
from fulian_desktop.store.view import Row

OVERDUE, OPEN = "逾期", "办理中"


def _is_overdue(row: Row, asked: Asked) -> int:
    """Whether an issue should have been settled by the day that is looked at, and is not."""
    due = row.flat.get("due_date")
    return int(not row.flat.get("settled_date") and due is not None and due < asked.day.isoformat())


def _state(row: Row, asked: Asked) -> str:
    """How an issue that is not settled stands."""
    return OVERDUE if _is_overdue(row, asked) else OPEN


PLANS = (
    Plan(
        "activity-ledger", "活动台账", "工作", "全年的活动，按日期排好；场次和人次有合计。", landscape=True,
        tables=(
            Listing("activity", (
                NUMBER, UNIT, "date", "title", "category", "place",
                Column("sessions", adds=True, otherwise=1), Column("participants", adds=True),
            )),
        ),
    ),
    Plan(
        "publicity", "宣传稿件台账", "工作", "登记的稿件，和按媒体、级别算的篇数。", landscape=True,
        tables=(
            Summary("publicity", ("medium", "level"), (Column("number", otherwise=1),), "按媒体和级别"),
            Listing("publicity", (
                NUMBER, UNIT, "date", "title", "medium", "medium_name",
                "level", Column("number", adds=True, otherwise=1), "author",
            ), "稿件"),
        ),
    ),
    Plan(
        "issues", "问题清单", "工作", "发现、转交、办结的问题，各单位的办结率，哪些逾期了。", landscape=True,
        tables=(
            Summary("issue", (UNIT,), (
                Column(RECORDS, "发现"), Column(RECORDS, "转交", where=filled("handed_date", "handed_to"), key="handed"),
                Column(RECORDS, "办结", where=filled("settled_date"), key="settled"),
                Column(head="逾期", read=_is_overdue, how="number", key="overdue"), share("办结率(%)", "settled", "records"),
            ), "办理情况"),
            Listing("issue", (
                NUMBER, UNIT, "found_date", "title", "source", "handed_to",
                "due_date", "settled_date", Column(head="状态", read=_state),
            ), "还没办结的", where=none_of(filled("settled_date")), order=("due_date", "found_date")),
            Listing("issue", (
                NUMBER, UNIT, "found_date", "title", "source", "handed_to",
                "settled_date", "result",
            ), "已办结的", where=filled("settled_date"), order=("settled_date",)),
        ),
    ),
)
