"""nomination 评选申报 (DOMAIN §2): one family or person in one campaign, with the facts of each level.

Review, notice, approval, award and revocation exist once a level and are writable at that level and above.
The deciding level is that which issued the campaign; the stage is derived from the facts (domain.stages).
"""

from __future__ import annotations

from fulian_desktop.domain.fields import (
    Code,
    Composite,
    Day,
    Field,
    Flag,
    Integer,
    Part,
    Reference,
    Table,
    Text,
    with_group,
)
from fulian_desktop.domain.honors import GRADES, HONOR_LEVELS, RESULTS, VETOES, WAYS
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.rules import nomination_dates, nomination_level
from fulian_desktop.domain.units import LEVELS, Level

LEVEL_CODES = ("village", "township", "county", "city", "province")


def _facts(code: str, level: Level) -> tuple[Field, ...]:
    """The facts of one level; flat names are ``review_township_result`` and so on."""
    label = f"{level.label}级"
    result = Part("result", Code(codes=RESULTS), "结果")
    day = Part("date", Day(), "日期")
    person = Part("person", Text(60), "人")
    return with_group(
        f"{label}评审",
        Field(f"review_{code}", f"{label}初评", Composite((result, day, person)), written_by=level),
        Field(f"notice_{code}", f"{label}公示", Composite((
            Part("from", Day(), "起"), Part("to", Day(), "止"),
            Part("objection", Text(1000, lines=True), "异议"),
            Part("finding", Text(1000, lines=True), "处理"),
        )), written_by=level, ahead=True),
        Field(f"approval_{code}", f"{label}审批",
              Composite((result, day, person, Part("opinion", Text(1000, lines=True), "意见"))),
              written_by=level, approves=level),
        Field(f"award_{code}", f"{label}表彰", Composite((
            Part("called", Text(100), "称呼"), Part("honor_level", Code(codes=HONOR_LEVELS), "级别"),
            Part("certificate_no", Text(60), "证书编号"), day,
        )), written_by=level),
        Field(f"revoked_{code}", f"{label}撤销",
              Composite((day, Part("reason", Text(1000, lines=True), "原因"))), written_by=level),
    )


KIND = Kind(
    code="nomination", label="评选申报", cls="ordinary", nav="family", order=20, icon="nomination",
    verb="申报评选",
    identity=("campaign_name", "family_name", "person_name"),
    title=("called", "family_name", "person_name"), rules=(nomination_dates, nomination_level), stages=True,
    measure_word="户", photos_wanted=2,  # 生活照
    told=(("way", "recommender"), ("motto",), ("deeds_short",), ("grade",), ("deeds",), ("earlier_honors",),
          ("recommended_to",), ("override_reason",), ("remarks",)),
    fields=(
        *with_group(
            "申报",
            Field("campaign", "评选活动", Reference(kinds=("campaign",)), asked=True, column=True,
                  set_once=True, covered=True, indexed=True,
                  aliases=("评选", "评选名称", "称号", "荣誉称号")),
            Field("family", "家庭", Reference(kinds=("family",)), asked=True, unless="person", column=True,
                  set_once=True, covered=True, indexed=True,
                  search="name", aliases=("户主", "户主姓名", "家庭户主", "姓名")),
            Field("person", "个人", Reference(kinds=("person",)), set_once=True, covered=True, search="name"),
            Field("called", "证书称呼", Text(100), column=True, covered=True, search="name",
                  aliases=("证书姓名",)),
            Field("way", "推荐方式", Code(codes=WAYS), asked=True, covered=True),
            Field("recommender", "推荐单位", Text(100), covered=True),
            Field("grade", "等次", Code(codes=GRADES), column=True, covered=True),
            Field("motto", "家风家训", Text(200), covered=True),
            Field("deeds_short", "事迹简介", Text(300, lines=True), covered=True,
                  aliases=("简要事迹", "事迹")),
            Field("deeds", "主要事迹", Text(1200, lines=True), covered=True),
            Field("earlier_honors", "曾获荣誉", Text(500, lines=True), covered=True),
            Field("vetoes", "否决项核查", Table((
                Part("item", Code(codes=VETOES), "事项"), Part("clear", Flag(), "没有"),
                Part("checked_by", Text(60), "核查人"),
            ), most=40), answers="campaign.vetoes"),
            Field("scores", "初评打分",
                  Table((Part("criterion", Text(200), "条件"), Part("points", Integer(0, 1000), "得分")),
                        most=40), answers="campaign.criteria", aliases=("评分",)),
            Field("submitted_date", "送审日期", Day(), column=True),
            Field("withdrawn_date", "撤回日期", Day()),
            Field("recommended_to", "推荐到", Code(codes=HONOR_LEVELS)),
            Field("override_reason", "说明原因", Text(500, lines=True),
                  help="同年同称号等提醒仍要申报时写明"),
        ),
        *(fact for code in LEVEL_CODES for fact in _facts(code, LEVELS[code])),
    ),
)
