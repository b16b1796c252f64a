"""What is to be done next: the words of each sort of task, and its row on the first page."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from fulian_desktop.domain.kinds import find_kind
from fulian_desktop.domain.stages import Stage
from fulian_desktop.domain.texts import closed
from fulian_desktop.domain.units import Level
from fulian_desktop.services.overview import Matter, Task, days_since
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.places import place_of
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.widgets import ElidedLabel, IconLabel, plain_label

ROW_HEIGHT = 66
_WHO = {Level.VILLAGE: "村里", Level.TOWNSHIP: "镇里", Level.COUNTY: "县里", Level.CITY: "市里", Level.PROVINCE: "省里"}
_STATES = {"refused": "拒收", "waiting": "等待", "invalid": "不算数", "unknown": "程序旧"}
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Words:
    """A task as people read it.

    Attributes:
        icon: Its icon. tone: The token of the icon; its ground is the token of that name with ``_soft``.
        title: In bold. line: Beneath. verb: The button. place, about: Where the button leads.
    """

    icon: str
    tone: str
    title: str
    line: str
    verb: str
    place: str
    about: dict[str, Any] = field(default_factory=dict)


def day_words(day: datetime.date, today: datetime.date) -> str:
    """``3月9日``; of another year ``2025年12月4日``."""
    return f"{day.month}月{day.day}日" if day.year == today.year else f"{day.year}年{day.month}月{day.day}日"


def weekday_words(day: datetime.date) -> str:
    """``星期一``."""
    return f"星期{_WEEKDAYS[day.weekday()]}"


def moment_words(at: int, today: datetime.date) -> str:
    """A moment (ms) as ``今天 8:05``, ``昨天 16:20`` or ``3月2日``."""
    when = datetime.datetime.fromtimestamp(at / 1000)
    gone = days_since(at, today)
    if gone in (0, 1):
        return f"{'今天' if gone == 0 else '昨天'} {when.hour}:{when.minute:02}"
    return day_words(when.date(), today)


def task_words(task: Task, today: datetime.date) -> Words:
    """How a task is said and where it leads."""
    return _SAID[task.what](task, today)


def _hand_in(task: Task, today: datetime.date) -> Words:
    own, more = f"{task.count:,} 次登记、修改", f"收到的 {task.more:,} 条记录"
    what = f"{own}和{more}" if task.count and task.more else own if task.count else more
    if task.at is None:
        line = "还没有上报过。写到 U 盘里，交给上级妇联。"
    else:
        gone = days_since(task.at, today)
        line = f"上次上报是{moment_words(task.at, today)}" + (f"，已过 {gone} 天。" if gone > 1 else "。")
    return Words("usb", "warn", f"有 {what}还没上报" if task.count else f"{what}还没上报", line, "去上报", "exchange",
                 {"nav": "exchange", "do": "up"})


def _returned(task: Task, _today: datetime.date) -> Words:
    who = _WHO[task.level] if task.level is not None else "上级"
    line = f"退回原因：{task.note}" if task.note else "没有写退回原因，打电话问一问。改好以后再送审。"
    if not task.record:
        return Words("return", "error", f"{who}退回 {task.count} {_word(task.kind)}：{_names(task)}", "改好以后再送审。", "查看",
                     "list", _list(task.kind, stage=Stage.RETURNED.value))
    return Words("return", "error", f"{who}退回：{_named(task)}", line, "去修改", place_of(task.kind), _form(task))


def _objection(task: Task, _today: datetime.date) -> Words:
    line = "查清楚，写明处理结果，才能往下审批。"
    if not task.record:
        return Words("comment", "error", f"有 {task.count} {_word(task.kind)}公示有异议：{_names(task)}", line, "查看", "list",
                     _list(task.kind, stage=Stage.OBJECTION.value))
    return Words("comment", "error", f"公示有异议：{_named(task)}", line, "去处理", place_of(task.kind), _form(task))


def _notice_ended(task: Task, today: datetime.date) -> Words:
    ended = f"{day_words(task.day, today)}期满，" if task.day else ""
    if not task.record:
        return Words("calendar", "info", f"{task.count} {_word(task.kind)}公示期满：{_names(task)}",
                     "没有未办结的异议，可以往下审批了。", "查看", "list", _list(task.kind, stage=Stage.NOTICE_ENDED.value))
    return Words("calendar", "info", f"公示期满：{_named(task)}", f"{ended}没有未办结的异议，可以往下审批了。",
                 "查看", place_of(task.kind), _form(task))


def _in_notice(task: Task, today: datetime.date) -> Words:
    day = task.day or today
    ahead = (day - today).days
    near = ("今天", "明天", "后天")
    when = near[ahead] if ahead < len(near) else day_words(day, today)
    line = f"公示到{day_words(day, today)}（{weekday_words(day)}），目前没有未办结的异议。"
    if not task.record:
        line = f"最早的{when}期满，目前没有未办结的异议。"
        return Words("calendar", "info", f"{task.count} {_word(task.kind)}公示快期满了：{_names(task)}", line, "查看", "list",
                     _list(task.kind, stage=Stage.IN_NOTICE.value))
    return Words("calendar", "info", f"公示{when}期满：{_named(task)}", line, "查看", place_of(task.kind), _form(task))


def _conflict(task: Task, _today: datetime.date) -> Words:
    return Words("conflict", "conflict", f"有 {task.count:,} 条记录两边写得不一样", f"{_kinds(task)}，要选定用哪一个。", "去处理",
                 "conflicts", {"nav": "exchange"})


def _finding(task: Task, _today: datetime.date) -> Words:
    states = "，".join(f"{_STATES.get(state, state)} {count:,} 处" for state, count in task.by_kind)
    title = f"合并进来的有 {task.count:,} 处没有生效"
    place = "exchange" if task.level is Level.VILLAGE else "roll-call"  # whose they are stands on the board
    return Words("stop", "error", title, f"{states}。", "查看", place, {"nav": "exchange"})


def _twice(task: Task, _today: datetime.date) -> Words:
    title = f"两癌救助有 {task.count} 人登记了不止一次：{_names(task)}"
    line = "一生只能救助一次。核对以后删去多的；确实要登记的，写明原因。"
    return Words("conflict", "error", title, line, "查看", "list", _list(task.kind, equal={"program": task.about}))


def _term(task: Task, today: datetime.date) -> Words:
    day = task.day or today
    when = f"{day_words(day, today)}到期" if day >= today else f"{day_words(day, today)}已到期"
    whose = f"，{_names(task)}" if task.count > 1 else ""
    return Words("calendar", "warn", f"{task.note}的任期{'最早' if task.count > 1 else ''}{when}{whose}",
                 "换届或连任以后，登记新一届的任期。", "查看", "list", _list(task.kind))


def _committee(task: Task, _today: datetime.date) -> Words:
    if task.count == 1:
        return Words("organisation", "info", f"{_names(task)}的班子没有配齐", f"{task.note}。", "查看", "list", _list(task.kind))
    title = f"有 {task.count} 个单位的班子没有配齐：{_names(task)}"
    return Words("organisation", "info", title, "主席、副主席、执委还不够数。", "查看", "list", _list(task.kind))


def _draft(task: Task, today: datetime.date) -> Words:
    kind = find_kind(task.kind)
    label = kind.label if kind else ""
    what = f"“{closed(task.names[0])}”{label}" if task.names else f"还没起名的{label}"
    when = f"，{moment_words(task.at, today)}" if task.at is not None else ""
    about = {**_form(task), "record": task.record or None, "draft": task.draft}
    return Words("edit", "text2", f"有 {task.count} 条没填完的草稿", f"最近一条：{what}{when}", "接着填", "form", about)


def _incomplete(task: Task, _today: datetime.date) -> Words:
    return Words("document", "text2", f"有 {task.count:,} 条记录待补全", f"{_kinds(task)}。", "去补全", "list",
                 _list(task.kind, flag="incomplete"))


def _backup(task: Task, today: datetime.date) -> Words:
    title = "还没有备份过" if task.at is None else f"已有 {days_since(task.at, today)} 天没有备份"
    line = "备份到 U 盘或别的硬盘，电脑坏了也找得回来。"
    return Words("backup", "warn", title, line, "去备份", "settings", {"section": "backup"})


_SAID: dict[Matter, Callable[[Task, datetime.date], Words]] = {
    Matter.RETURNED: _returned, Matter.HAND_IN: _hand_in, Matter.OBJECTION: _objection, Matter.NOTICE_ENDED: _notice_ended,
    Matter.IN_NOTICE: _in_notice, Matter.CONFLICT: _conflict, Matter.FINDING: _finding, Matter.DRAFT: _draft,
    Matter.INCOMPLETE: _incomplete, Matter.BACKUP: _backup, Matter.TWICE: _twice, Matter.TERM: _term,
    Matter.COMMITTEE: _committee,
}


def _named(task: Task) -> str:
    name = closed(task.names[0]) if task.names and task.names[0] else "没有名称的一条"
    return f"{name}（{task.about}）" if task.about else name


def _names(task: Task) -> str:
    return "、".join(closed(name) for name in task.names if name) + (" 等" if task.count > len(task.names) else "")


def _kinds(task: Task) -> str:
    found = [(find_kind(code), count) for code, count in task.by_kind]
    return "，".join(f"{kind.label} {count:,} {kind.measure_word}" for kind, count in found if kind is not None)


def _word(code: str) -> str:
    kind = find_kind(code)
    return kind.measure_word if kind else "条"


def _list(code: str, **more: object) -> dict[str, Any]:
    kind = find_kind(code)
    return {"nav": kind.nav if kind else "", "kind": code, **more}


def _form(task: Task) -> dict[str, Any]:
    return {**_list(task.kind), "record": task.record, "unit": task.unit}


# --- the row -----------------------------------------------------------------------------------------------


class TaskRow(QWidget):
    """Icon, what and how it stands, one button."""

    def __init__(self, theme: Theme, words: Words, *, primary: bool = False) -> None:
        super().__init__()
        px = theme.px
        self.setFixedHeight(px(ROW_HEIGHT))
        self.title, self.line = ElidedLabel(words.title), ElidedLabel(words.line, role="label")
        self.title.setFont(theme.font(bold=True))
        self.line.setFont(theme.font(t.HINT))
        self.button = KeyButton(theme, words.verb, primary=primary)
        self.button.setAccessibleName(f"{words.verb}：{words.title}")
        texts = QVBoxLayout()
        texts.setSpacing(px(1))
        texts.addStretch(1)
        texts.addWidget(self.title)
        texts.addWidget(self.line)
        texts.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(px(t.CARD_PAD_X), 0, px(t.CARD_PAD_X), 0)
        layout.setSpacing(px(14))
        ground = "mute_soft" if words.tone == "text2" else f"{words.tone}_soft"
        layout.addWidget(IconLabel(theme, words.icon, words.tone, t.ICON_NAV, ground=ground))
        layout.addLayout(texts, 1)
        layout.addWidget(self.button)


def small_label(theme: Theme, text: str = "", *, role: str = "label") -> QLabel:
    """A grey line in the size of hints."""
    label = plain_label(text, role=role)
    label.setFont(theme.font(t.HINT))
    return label
