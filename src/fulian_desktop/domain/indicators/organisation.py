"""组织与队伍, 阵地, 网格 (DOMAIN §1, systems 1 to 3): what stands at the end of a month or year."""

from __future__ import annotations

from fulian_desktop.domain.indicator import (
    AnyOf,
    Dated,
    Distinct,
    Filled,
    In,
    Indicator,
    Is,
    Money,
    Not,
    NotOlder,
    OfLevel,
    OfYear,
    Share,
    Split,
    Standing,
    Sum,
    Units,
)
from fulian_desktop.domain.units import Level

IN_POST = Standing("date_from", "left_date", ("date_from", "date_to"))
_SITE = Standing("opened_date", "closed_date")
_HEADS = ("chair", "vice_chair", "part_time_vice_chair", "executive")
_VILLAGE_SIDE = ("village_director", "village_member", "women_member")
_PARTY_SIDE = ("party_secretary", "party_member")
_OWN = Not(Filled("organisation_name"))  # of the unit's own federation, not of a 妇委会 in its area
_FEDERATION = (In("post", _HEADS), _OWN)
_WOMAN = Not(Is("sex", "male"))
_PEOPLE = Sum(("people",), otherwise=1)
_NUMBER = Sum(("number",), otherwise=1)


def _post(code: str, label: str, *conditions: object, least: tuple[tuple[Level, int], ...] = ()) -> Indicator:
    return Indicator(code, label, 1, "post_holder", "人", _PEOPLE, IN_POST, tuple(conditions), least=least)  # type: ignore[arg-type]


def _profile(code: str, label: str, unit: str, system: int, name: str) -> Indicator:
    return Indicator(code, label, system, "unit_profile", unit, Sum((name,)), OfYear())


def _share(code: str, label: str, system: int, part: str, whole: str) -> Indicator:
    return Indicator(code, label, system, "", "%", Share(part, whole))


def _sites(code: str, label: str, type_: str) -> Indicator:
    return Indicator(code, label, 2, "site", "个", _NUMBER, _SITE, (Is("type", type_),))


INDICATORS = (
    # 1 组织与队伍
    Indicator("villages", "村(社区)", 1, "", "个", Units(Level.VILLAGE)),
    _profile("women", "妇女人数", "人", 1, "women"),
    _profile("households", "总户数", "户", 1, "households"),
    _profile("representatives", "妇女代表", "人", 1, "representatives"),
    _post("chairs", "主席", Is("post", "chair"), _OWN, least=((Level.VILLAGE, 1), (Level.TOWNSHIP, 1))),
    _post("vice_chairs", "副主席", In("post", ("vice_chair", "part_time_vice_chair")), _OWN,
          least=((Level.VILLAGE, 2), (Level.TOWNSHIP, 2))),
    _post("part_time_vice_chairs", "兼职副主席", Is("post", "part_time_vice_chair"), _OWN),
    _post("executives", "执委", In("post", _HEADS), _OWN, least=((Level.VILLAGE, 15), (Level.TOWNSHIP, 30))),
    Indicator("posts", "队伍总人数", 1, "post_holder", "人", _PEOPLE, IN_POST, split=Split("post")),
    _post("party_members", "执委中的党员", *_FEDERATION, In("political", ("party_member", "probationary"))),
    _post("young", "执委中35岁以下", *_FEDERATION, NotOlder("birth_date", 35)),
    _post("educated", "执委中大专以上", *_FEDERATION, In("education", ("college", "bachelor", "postgraduate"))),
    _share("party_share", "执委中党员占", 1, "party_members", "executives"),
    _share("young_share", "执委中35岁以下占", 1, "young", "executives"),
    _share("educated_share", "执委中大专以上占", 1, "educated", "executives"),
    _post("chairs_in_committees", "主席进两委", Is("post", "chair"), _OWN, Filled("committee_posts")),
    _share("chairs_in_committees_share", "主席进两委率", 1, "chairs_in_committees", "chairs"),
    _post("women_leaders", "女书记、主任、负责人", _WOMAN,
          In("committee_posts", ("party_secretary", "village_director", "person_in_charge"))),
    _post("women_committee_members", "妇女委员", _WOMAN, In("committee_posts", ("women_member",))),
    _post("women_party_members", "支部女委员", _WOMAN, In("committee_posts", ("party_member",))),
    _post("women_in_both", "交叉任职", _WOMAN, In("committee_posts", _VILLAGE_SIDE), In("committee_posts", _PARTY_SIDE)),
    _profile("committee_members", "两委成员", "人", 1, "committee_members"),
    _profile("committee_women", "两委中的女性", "人", 1, "committee_women"),
    _share("committee_women_share", "两委中女性占", 1, "committee_women", "committee_members"),
    Indicator("organisations", "妇女组织", 1, "organisation", "个", when=Standing("founded_date"), where=(Is("built", True),),
              split=Split("type")),
    Indicator("organisations_required", "应建妇女组织", 1, "organisation", "个", when=Standing(), where=(Is("required", True),)),
    Indicator("organisations_built", "应建中已建", 1, "organisation", "个", when=Standing("founded_date"),
              where=(Is("required", True), Is("built", True))),
    _share("organisations_share", "组建率", 1, "organisations_built", "organisations_required"),
    Indicator("organisations_model", "示范妇女组织", 1, "organisation", "个", when=Standing("founded_date"),
              where=(Is("demonstration", True),)),
    # 2 阵地
    Indicator("sites", "阵地", 2, "site", "个", _NUMBER, _SITE, split=Split("type")),
    _sites("womens_homes", "妇女之家", "womens_home"),
    _sites("childrens_homes", "儿童之家", "childrens_home"),
    _sites("rights_stations", "维权站", "rights_station"),
    _sites("parents_schools", "家长学校", "parents_school"),
    _sites("bases", "巾帼基地", "base"),
    _sites("workshops", "巧娘工作室", "workshop"),
    _sites("processing_points", "来料加工点", "processing_point"),
    Indicator("site_stars", "星级阵地", 2, "site", "个", _NUMBER, _SITE, (Filled("stars"),), Split("stars")),
    Indicator("sites_model", "示范阵地", 2, "site", "个", _NUMBER, _SITE, (Is("demonstration", True),), Split("type")),
    Indicator("sites_by_level", "命名的阵地", 2, "site", "个", _NUMBER, _SITE, (Filled("level"),), Split("level")),
    Indicator("sites_opened", "新建阵地", 2, "site", "个", _NUMBER, Dated("opened_date"), split=Split("type")),
    Indicator("sites_fund", "阵地扶持资金", 2, "site", "元", Money("fund"), Dated("opened_date")),
    Indicator("site_staff", "阵地从业人员", 2, "site", "人", Sum(("staff",)), _SITE, split=Split("type")),
    Indicator("site_households", "阵地带动户数", 2, "site", "户", Sum(("households",)), _SITE, split=Split("type")),
    Indicator("villages_with_womens_home", "有妇女之家的村(社区)", 2, "site", "个", Distinct("unit"), _SITE,
              (Is("type", "womens_home"), OfLevel(Level.VILLAGE))),
    _share("womens_home_share", "妇女之家覆盖率", 2, "villages_with_womens_home", "villages"),
    Indicator("villages_with_childrens_home", "有儿童之家的村(社区)", 2, "site", "个", Distinct("unit"), _SITE,
              (Is("type", "childrens_home"), OfLevel(Level.VILLAGE))),
    _share("childrens_home_share", "儿童之家覆盖率", 2, "villages_with_childrens_home", "villages"),
    # 3 网格
    _profile("grids", "网格", "个", 3, "grids"),
    Indicator("grid_leaders", "网格长", 3, "post_holder", "人", _PEOPLE, IN_POST, (Is("post", "grid_leader"),)),
    Indicator("grid_members", "网格员", 3, "post_holder", "人", _PEOPLE, IN_POST, (Is("post", "grid_member"),)),
    Indicator("grids_led_by_women", "妇女任网格长的网格", 3, "post_holder", "个", Distinct("grid"), IN_POST,
              (Is("post", "grid_leader"), Is("sex", "female"))),
    _share("grids_led_by_women_share", "妇女任网格长的网格占", 3, "grids_led_by_women", "grids"),
    Indicator("grid_households", "网格联系户数", 3, "post_holder", "户", Sum(("households",)), IN_POST,
              (AnyOf((Is("post", "grid_leader"), Is("post", "grid_member"))),)),
)
