"""What a year's summary (工作总结) says, declared: sections, their parts, and sentences made of figures.

A sentence is phrases. In a phrase ``{code}`` is an indicator with its unit, ``{code^}`` the same with what it was a year ago,
``{code*}`` its categories (最美家庭38户、美丽庭院72户). A phrase with a figure that is nothing is left out, a sentence without
phrases too, and so are parts and sections: where there is nothing to say nothing is said. A first phrase without figures is
what the others begin with.
"""

from __future__ import annotations

from fulian_desktop.domain.immutable import Immutable

Sentence = tuple[str, ...]


class Part(Immutable):
    """A part of a section.

    Attributes:
        head: Its head. sentences: What its figures say.
        categories: Activities of these categories are told after it, those marked 写进总结 first.
    """

    head: str
    sentences: tuple[Sentence, ...] = ()
    categories: tuple[str, ...] = ()


class Section(Immutable):
    """A section: its head and its parts."""

    head: str
    parts: tuple[Part, ...]


OTHER = "other"
"""The category of activities that have none of those named here."""

OPENING: tuple[Sentence, ...] = (
    ("开展各类活动{sessions^}", "参加{participants^}"),
    ("评出各类家庭{families_honored^}", "获得各级荣誉{honors^}"),
    ("帮扶救助{aid_people^}", "帮扶家庭{aid_households}", "发放资金{aid_money^}"),
    ("培训妇女{trained^}", "带动就业{employed}"),
)

SECTIONS = (
    Section("建强组织阵地", (
        Part("组织队伍", (
            ("现有村(社区){villages}", "妇联主席{chairs}", "副主席{vice_chairs}", "执委{executives^}"),
            ("执委中", "党员占{party_share}", "35岁以下占{young_share}", "大专以上占{educated_share}"),
            ("主席进两委率{chairs_in_committees_share}",),
            ("机关、企业、行业协会等妇女组织已建{organisations}", "应建组织组建率{organisations_share}"),
        ), ("meeting", "study_visit")),
        Part("阵地网格", (
            ("建有妇女之家{womens_homes^}", "儿童之家{childrens_homes}", "家长学校{parents_schools}", "维权站{rights_stations}"),
            ("妇女之家覆盖率{womens_home_share}", "儿童之家覆盖率{childrens_home_share}", "当年新建阵地{sites_opened*}"),
            ("设网格长{grid_leaders}", "网格员{grid_members}", "妇女任网格长的网格占{grids_led_by_women_share}"),
        )),
    )),
    Section("加强思想引领", (
        Part("宣传宣讲", (("各类活动中", "{sessions*}", "发放资料{materials^}"),), ("publicity", "culture", "festival")),
        Part("新闻宣传", (("刊发稿件{publicity^}", "其中{publicity_by_level*}"),)),
    )),
    Section("弘扬家庭文明", (
        Part("家庭评选", (("推荐申报家庭{families_sent_up}", "评出{families_honored*}"),)),
        Part("家庭教育", (), ("parenting", "reading")),
        Part("先进典型", (("受到表彰的有{honors*}", "按级别分{honors_by_level*}"),)),
    )),
    Section("做实关爱帮扶", (
        Part("帮扶救助", (
            ("帮扶救助{aid_people^}", "帮扶家庭{aid_households^}", "发放资金{aid_money^}", "物资折价{aid_goods_value}"),
            ("资金按项目分{aid_money*}",),
            ("其中两癌救助", "{two_cancers_people}", "发放{two_cancers_money}"),
        ), ("health",)),
        Part("社会募捐", (
            ("接受捐赠{donations}", "募得资金{donation_money^}", "物资折价{donation_goods_value}"),
        ), ("fundraising",)),
        Part("结对走访", (("结对帮扶{pairs^}", "结对走访{pairing_visits}"), ("各类走访{visits^}", "走访{visit_households}"))),
    )),
    Section("服务创业就业", (
        Part("技能培训", (
            ("举办培训{classes^}", "培训妇女{trained^}", "取得证书{certified}", "实现就业{employed}", "创业{started_business}"),
            ("举办招聘会{job_fairs}", "参加{job_fair_participants}"),
        ), ("training", "job_fair")),
        Part("创业扶持", (
            ("发放创业贷款{loans^}", "金额{loan_money^}", "带动就业{loan_jobs}"),
            ("有巾帼基地{bases}", "巧娘工作室{workshops}", "来料加工点{processing_points}"),
        )),
    )),
    Section("维护合法权益", (
        Part("普法宣传", (), ("law",)),
        Part("来访调处", (
            ("接待来访来信来电{cases^}", "调解{cases_mediated}", "转办{cases_referred}", "办结率{cases_settled_share}"),
            ("出具告诫书{warnings}", "签发保护令{orders}"),
        )),
        Part("问题督办", (
            ("督查走访{inspections}", "走访村{villages_visited}"),
            ("发现问题{issues^}", "转交{issues_handed_on}", "办结{issues_settled}", "办结率{issues_settled_share}"),
        )),
    )),
    Section("开展志愿服务", (
        Part("志愿队伍", (("有志愿队伍{teams^}", "队员{team_members^}", "爱心妈妈团{mothers_teams}"),)),
        Part("志愿活动", (("开展志愿服务{volunteering_sessions^}", "参加{volunteering_participants^}"),),
             ("volunteering", "environment", OTHER)),
    )),
)
