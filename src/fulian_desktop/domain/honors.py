"""Honor titles with the criteria that ship with them, and the points that rule a family out (DOMAIN §2)."""

from __future__ import annotations

from fulian_desktop.domain.codes import CodeList

HONORS = CodeList.of(
    ("most_beautiful_family", "最美家庭"), ("five_good_family", "五好家庭"), ("civilized_family", "文明家庭"),
    ("safe_family", "平安家庭"), ("healthy_family", "健康家庭"), ("green_family", "绿色家庭"),
    ("reading_family", "书香家庭"),
    ("clean_hands_family", "廉洁家庭"), ("tidy_family", "清洁家庭"), ("beautiful_courtyard", "美丽庭院"),
    ("harmonious_family", "和谐家庭"), ("amicable_family", "和睦家庭"),
    ("green_beautiful_family", "绿美家庭"),
    ("filial_family", "孝老爱亲家庭"), ("good_mother_in_law", "好婆婆"), ("good_daughter_in_law", "好儿媳"),
    ("capable_woman", "女强人"), ("volunteer_family", "巾帼志愿家庭"),
    aliases={"五好文明家庭": "five_good_family", "五好文明特色家庭": "five_good_family",
             "平安家庭示范户": "safe_family",
             "清廉家庭": "clean_hands_family", "洁净家庭": "tidy_family", "好媳妇": "good_daughter_in_law"},
)

GRADES = CodeList.of(("model", "示范户"), ("fine", "精品户"))

HONOR_LEVELS = CodeList.of(
    ("national", "全国"), ("province", "省级"), ("city", "市级"), ("county", "县级"), ("township", "乡级"),
    ("village", "村级"),
    aliases={"国家级": "national", "区级": "county", "镇级": "township", "乡镇级": "township",
             "街道级": "township", "社区级": "village"},
)

WAYS = CodeList.of(
    ("self", "自荐"), ("others", "他荐"), ("organization", "组织推荐"),
    aliases={"自我推荐": "self", "群众推荐": "others", "他人推荐": "others", "组织": "organization",
             "单位推荐": "organization"},
)

RESULTS = CodeList.of(
    ("passed", "通过"), ("rejected", "未通过"), ("returned", "退回"),
    aliases={"同意": "passed", "不同意": "rejected", "不通过": "rejected"},
)

VETOES = CodeList.of(
    ("crime", "违法犯罪"), ("domestic_violence", "家庭暴力"), ("dishonest_debtor", "失信被执行"),
    ("collective_arrears", "拖欠集体款项"), ("neglect_of_elders", "虐待遗弃老人"),
    ("lavish_banquets", "大操大办"),
    ("gambling_superstition", "赌博迷信"), ("illegal_building", "违规搭建"),
)

# Criteria that a new campaign starts with: (text, points). Titles that are not named start empty.
CRITERIA: dict[str, tuple[tuple[str, int], ...]] = {
    "most_beautiful_family": tuple((t, 20) for t in ("爱国守法", "夫妻和睦", "孝老爱亲", "教子有方",
                                                     "邻里互助")),
    "five_good_family": tuple((t, 20) for t in ("爱国守法", "夫妻和睦", "科学教子", "勤俭持家", "邻里团结")),
    "beautiful_courtyard": tuple((t, 20) for t in ("布局美", "绿化美", "居室美", "卫生美", "家风美")),
    "safe_family": tuple((t, 0) for t in ("无犯罪", "无毒品", "无家暴", "无事故", "无陋习", "无纠纷")),
}

# What a person, group or unit may be given beside the titles of families.
TITLES = CodeList.of(
    ("march_8_bearer", "三八红旗手"), ("march_8_group", "三八红旗集体"), ("womens_post", "巾帼文明岗"),
    ("merit_pacesetter", "巾帼建功标兵"), ("merit_group", "巾帼建功先进集体"), ("advanced_federation", "先进妇联"),
    ("advanced_worker", "优秀妇女工作者"), ("womens_home_model", "示范妇女之家"), ("other_title", "其他荣誉"),
    *HONORS.labels.items(),
    aliases={"红旗手": "march_8_bearer", "巾帼标兵": "merit_pacesetter", "巾帼建功先进个人": "merit_pacesetter",
             "优秀妇联干部": "advanced_worker", "先进妇女组织": "advanced_federation", **HONORS.aliases},
)
