"""志愿服务, 活动, 培训就业, 宣传, 总结 (DOMAIN §1, systems 4 to 6, 15 and 18): what was held and what came of it."""

from __future__ import annotations

from fulian_desktop.domain.indicator import (
    BY_PERIOD,
    Condition,
    Dated,
    Indicator,
    Is,
    Money,
    Records,
    Rows,
    Split,
    Standing,
    Sum,
)

_TEAM = Standing("founded_date", "disbanded_date")
_SESSIONS = Sum(("sessions",), otherwise=1)
_NUMBER = Sum(("number",), otherwise=1)
_MOTHERS = Is("type", "loving_mothers")
_VOLUNTEERING, _TRAINING = Is("category", "volunteering"), Is("category", "training")
_CATEGORY = Split("category")


def _activity(
    code: str, label: str, system: int, unit: str, name: str, *where: Condition, split: Split | None = None
) -> Indicator:
    return Indicator(code, label, system, "activity", unit, Sum((name,)), BY_PERIOD, where, split)


INDICATORS = (
    # 4 志愿服务
    Indicator("teams", "志愿队伍", 4, "team", "支", _NUMBER, _TEAM, split=Split("type")),
    Indicator("team_members", "志愿队员", 4, "team", "人", Sum(("members",)), _TEAM, split=Split("type")),
    Indicator("volunteering_sessions", "志愿服务活动", 4, "activity", "场", _SESSIONS, BY_PERIOD, (_VOLUNTEERING,)),
    _activity("volunteering_participants", "志愿服务参加人次", 4, "人次", "participants", _VOLUNTEERING),
    _activity("volunteering_hours", "志愿服务时数", 4, "小时", "hours", _VOLUNTEERING),
    Indicator("mothers_teams", "爱心妈妈团", 4, "team", "支", _NUMBER, _TEAM, (_MOTHERS,)),
    Indicator("mothers", "爱心妈妈", 4, "team", "人", Sum(("members",)), _TEAM, (_MOTHERS,)),
    Indicator("mothers_raised", "爱心妈妈团募集资金", 4, "team", "元", Money("raised"), _TEAM, (_MOTHERS,)),
    Indicator("mothers_raised_goods", "爱心妈妈团募集物资折价", 4, "team", "元", Rows("raised_goods", "value", money=True), _TEAM,
              (_MOTHERS,)),
    # 5 活动
    Indicator("sessions", "活动场次", 5, "activity", "场", _SESSIONS, BY_PERIOD, split=_CATEGORY),
    _activity("participants", "参加人次", 5, "人次", "participants", split=_CATEGORY),
    _activity("activity_women", "其中妇女", 5, "人次", "women"),
    _activity("activity_children", "其中儿童", 5, "人次", "children"),
    _activity("activity_households", "受益户数", 5, "户", "households"),
    _activity("materials", "发放资料", 5, "份", "materials", split=_CATEGORY),
    Indicator("activity_cost", "活动经费", 5, "activity", "元", Money("cost"), split=_CATEGORY),
    Indicator("measures", "活动成效", 5, "activity", "", Rows("measures", "number", by=("name", "unit"))),
    # 6 培训就业
    Indicator("classes", "培训班", 6, "activity", "期", Sum(("classes", "sessions"), otherwise=1), BY_PERIOD, (_TRAINING,)),
    _activity("trained", "培训人次", 6, "人次", "participants", _TRAINING),
    _activity("certified", "取得证书", 6, "人", "certified"),
    _activity("employed", "实现就业", 6, "人", "employed"),
    _activity("started_business", "创业", 6, "人", "started_business"),
    Indicator("job_fairs", "招聘会", 6, "activity", "场", _SESSIONS, BY_PERIOD, (Is("category", "job_fair"),)),
    _activity("job_fair_participants", "招聘会参加人次", 6, "人次", "participants", Is("category", "job_fair")),
    # 15 宣传
    Indicator("publicity", "宣传稿件", 15, "publicity", "篇", _NUMBER, Dated("date"), split=Split("medium")),
    Indicator("publicity_by_level", "各级媒体刊发", 15, "publicity", "篇", _NUMBER, Dated("date"), split=Split("level")),
    # 18 总结上报
    Indicator("highlights", "写进总结的活动", 18, "activity", "项", Records(), BY_PERIOD, (Is("highlight", True),), _CATEGORY),
)
