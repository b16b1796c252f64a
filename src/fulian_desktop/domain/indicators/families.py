"""家庭评选, 先进典型 (DOMAIN §1, systems 7 and 8): titles given to families, and honors held."""

from __future__ import annotations

from fulian_desktop.domain.indicator import (
    AtStage,
    Dated,
    Filled,
    Indicator,
    Is,
    Not,
    Records,
    Share,
    Split,
    Sum,
)
from fulian_desktop.domain.stages import HONORED

# A title counts on the day it was given, one that is approved and not yet given on the day of the approval.
_GIVEN = Dated(("awarded_date", "approval_date"))
_TITLE = Split("campaign", through="honor")
_HONORED = AtStage(tuple(sorted(HONORED, key=lambda stage: stage.value)))
_SENT = Dated("submitted_date")
_HONOR = Dated("date")
_NUMBER = Sum(("number",), otherwise=1)
_VALID = Not(Filled("revoked_date"))

INDICATORS = (
    # 7 家庭评选
    Indicator("families_sent_up", "推荐申报", 7, "nomination", "户", Records(), _SENT, (Not(Filled("withdrawn_date")),), _TITLE),
    Indicator("families_honored", "评出家庭", 7, "nomination", "户", Records(), _GIVEN, (_HONORED,), _TITLE),
    Indicator("families_by_level", "各级评出家庭", 7, "nomination", "户", Records(), _GIVEN, (_HONORED,),
              Split("deciding_level")),
    Indicator("families_by_grade", "评出的等次", 7, "nomination", "户", Records(), _GIVEN, (_HONORED, Filled("grade")),
              Split("grade")),
    Indicator("model_families", "示范户", 7, "nomination", "户", Records(), _GIVEN, (_HONORED, Is("grade", "model"))),
    Indicator("fine_families", "精品户", 7, "nomination", "户", Records(), _GIVEN, (_HONORED, Is("grade", "fine"))),
    Indicator("families_share", "评出家庭占总户数", 7, "", "%", Share("families_honored", "households")),
    # 8 先进典型
    Indicator("honors", "获得荣誉", 8, "honor", "项", _NUMBER, _HONOR, (_VALID,), Split("title")),
    Indicator("honors_by_level", "各级荣誉", 8, "honor", "项", _NUMBER, _HONOR, (_VALID,), Split("level")),
    Indicator("march_8_bearers", "三八红旗手", 8, "honor", "人", _NUMBER, _HONOR, (_VALID, Is("title", "march_8_bearer"))),
    Indicator("march_8_groups", "三八红旗集体", 8, "honor", "个", _NUMBER, _HONOR, (_VALID, Is("title", "march_8_group"))),
    Indicator("womens_posts", "巾帼文明岗", 8, "honor", "个", _NUMBER, _HONOR, (_VALID, Is("title", "womens_post"))),
    Indicator("pacesetters", "巾帼建功标兵", 8, "honor", "人", _NUMBER, _HONOR,
              (_VALID, Is("title", "merit_pacesetter"))),
    Indicator("good_mothers_in_law", "好婆婆", 8, "honor", "人", _NUMBER, _HONOR,
              (_VALID, Is("title", "good_mother_in_law"))),
    Indicator("good_daughters_in_law", "好儿媳", 8, "honor", "人", _NUMBER, _HONOR,
              (_VALID, Is("title", "good_daughter_in_law"))),
    Indicator("own_honors", "本妇联获得荣誉", 8, "honor", "项", _NUMBER, _HONOR, (_VALID, Is("holder_type", "unit")),
              Split("level")),
)
