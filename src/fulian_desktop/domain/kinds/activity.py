"""activity 活动 (DOMAIN §2): what was held, for whom, how many came, what came of it."""

from __future__ import annotations

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import (
    QUANTITY,
    Code,
    Composite,
    Field,
    Flag,
    Integer,
    Money,
    Part,
    Period,
    Table,
    Text,
    with_group,
)
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.people import HOUSEHOLDS, PEOPLE
from fulian_desktop.domain.rules import dates_in_reach, parts_within_whole

CATEGORIES = CodeList.of(
    ("publicity", "宣传宣讲"), ("law", "普法维权"), ("training", "技能培训"), ("parenting", "家庭教育"),
    ("reading", "亲子阅读"), ("culture", "文体活动"), ("festival", "节日慰问"), ("volunteering", "志愿服务"),
    ("health", "健康义诊"), ("environment", "环境整治"), ("job_fair", "招聘就业"), ("meeting", "会议"),
    ("study_visit", "参观学习"), ("fundraising", "募捐"), ("other", "其他"),
    aliases={
        "宣传": "publicity", "宣讲": "publicity", "宣传培训": "publicity", "宣传教育": "publicity",
        "普法宣传": "law", "普法": "law", "法律宣传": "law", "维权": "law", "培训": "training",
        "科技培训": "training",
        "文体": "culture", "文艺活动": "culture", "慰问": "festival", "志愿活动": "volunteering",
        "健康讲座": "health", "健康检查": "health", "义诊": "health", "体检": "health",
        "卫生整治": "environment",
        "招聘会": "job_fair", "就业": "job_fair", "参观": "study_visit", "捐款": "fundraising",
    },
)

KIND = Kind(
    code="activity", label="活动", cls="ordinary", nav="activity", order=10, icon="flag", verb="登记活动",
    identity=("title", "date_from"),
    title=("title",), rules=(dates_in_reach, parts_within_whole), measure_word="场",
    daily=True, photos_wanted=1,
    fields=(
        *with_group(
            "基本情况",
            Field("title", "主题", Text(200), asked=True, column=True, search="name",
                  aliases=("活动名称", "活动主题", "名称", "活动内容", "项目", "活动项目")),
            Field("category", "类别", Code(codes=CATEGORIES), asked=True, column=True, indexed=True,
                  aliases=("活动类别", "类型", "活动类型")),
            Field("date", "日期", Period(), flat=("date_from", "date_to", "date_precision"), asked=True,
                  column=True,
                  indexed=True, aliases=("时间", "活动时间", "活动日期", "举办时间", "开展时间")),
            Field("place", "地点", Text(200), column=True, search="text",
                  aliases=("活动地点", "举办地点", "地址")),
            Field("organizer", "主办", Text(200), aliases=("主办单位", "举办单位", "组织单位")),
            Field("partners", "联合单位", Text(300), aliases=("协办单位", "联合", "参与单位", "协办")),
            Field("speaker", "主讲人", Text(100), aliases=("主持人", "主持人/主讲人", "授课人", "讲师")),
        ),
        *with_group(
            "参加情况",
            Field("sessions", "场次", QUANTITY, column=True, aliases=("场数", "次数", "期次")),
            Field("participants", "参加人次", QUANTITY, counts=PEOPLE, asked=True, column=True,
                  aliases=("参加人数", "人数", "人次", "参与人数", "参与人次", "参加人员数")),
            Field("women", "其中妇女", QUANTITY, counts=PEOPLE, aliases=("妇女人数", "妇女", "女性")),
            Field("children", "其中儿童", QUANTITY, counts=PEOPLE, aliases=("儿童人数", "儿童", "未成年人")),
            Field("men", "其中男性", QUANTITY, counts=PEOPLE, aliases=("男性人数", "男性", "男")),
            Field("households", "户数", QUANTITY, counts=HOUSEHOLDS, aliases=("参与户数", "受益户数")),
            Field("materials", "发放资料(份)", QUANTITY,
                  aliases=("发放资料", "宣传资料", "资料份数", "发放宣传资料(份)")),
        ),
        *with_group(
            "内容和成效",
            Field("content", "内容", Text(5000, lines=True), aliases=("活动简介", "主要内容", "简介")),
            Field("outcome", "成效", Text(5000, lines=True),
                  aliases=("主要成效", "活动成效", "效果", "成果")),
            Field("measures", "成效数字", Table((
                Part("name", Text(60), "名称"), Part("number", Integer(0, 10**12), "数量"),
                Part("about", Flag(), "约"),
                Part("unit", Text(20), "单位"),
            ))),
            Field("cost", "经费(元)",
                  Composite((Part("fen", Money(), ""), Part("about", Flag(), "约"),
                             Part("source", Text(100), "来源"))),
                  flat=("cost", "cost_about", "fund_source"), aliases=("经费", "活动经费", "费用", "支出")),
            Field("news", "新闻稿链接/媒体", Text(1000, lines=True),
                  aliases=("新闻链接", "媒体报道", "报道")),
            Field("highlight", "写进总结", Flag()),
        ),
        *with_group(
            "培训",
            Field("classes", "期数", QUANTITY, aliases=("培训期数",)),
            Field("skill", "培训内容/工种", Text(200), aliases=("培训内容", "工种", "培训工种")),
            Field("hours", "学时", QUANTITY, aliases=("课时",)),
            Field("certified", "取得证书人数", QUANTITY, counts=PEOPLE, aliases=("取证人数", "获证人数")),
            Field("employed", "就业人数", QUANTITY, counts=PEOPLE),
            Field("started_business", "创业人数", QUANTITY, counts=PEOPLE),
        ),
    ),
)
