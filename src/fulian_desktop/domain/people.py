"""Code lists about people that several kinds share (DOMAIN §2)."""

from __future__ import annotations

from fulian_desktop.domain.codes import CodeList

SEXES = CodeList.of(("female", "女"), ("male", "男"))

ETHNICITIES = CodeList.of(
    ("han", "汉族"), ("mongol", "蒙古族"), ("hui", "回族"), ("tibetan", "藏族"), ("uyghur", "维吾尔族"),
    ("miao", "苗族"),
    ("yi", "彝族"), ("zhuang", "壮族"), ("bouyei", "布依族"), ("korean", "朝鲜族"), ("manchu", "满族"),
    ("dong", "侗族"),
    ("yao", "瑶族"), ("bai", "白族"), ("tujia", "土家族"), ("hani", "哈尼族"), ("kazakh", "哈萨克族"),
    ("dai", "傣族"),
    ("li", "黎族"), ("lisu", "傈僳族"), ("va", "佤族"), ("she", "畲族"), ("gaoshan", "高山族"),
    ("lahu", "拉祜族"),
    ("shui", "水族"), ("dongxiang", "东乡族"), ("naxi", "纳西族"), ("jingpo", "景颇族"),
    ("kirgiz", "柯尔克孜族"),
    ("tu", "土族"), ("daur", "达斡尔族"), ("mulao", "仫佬族"), ("qiang", "羌族"), ("blang", "布朗族"),
    ("salar", "撒拉族"),
    ("maonan", "毛南族"), ("gelao", "仡佬族"), ("xibe", "锡伯族"), ("achang", "阿昌族"), ("pumi", "普米族"),
    ("tajik", "塔吉克族"), ("nu", "怒族"), ("uzbek", "乌孜别克族"), ("russian", "俄罗斯族"),
    ("ewenki", "鄂温克族"),
    ("deang", "德昂族"), ("bonan", "保安族"), ("yugur", "裕固族"), ("gin", "京族"), ("tatar", "塔塔尔族"),
    ("derung", "独龙族"), ("oroqen", "鄂伦春族"), ("hezhen", "赫哲族"), ("monba", "门巴族"),
    ("lhoba", "珞巴族"),
    ("jino", "基诺族"),
    aliases={"汉": "han", "回": "hui", "满": "manchu", "彝": "yi", "壮": "zhuang", "苗": "miao",
             "藏": "tibetan"},
)

POLITICAL = CodeList.of(
    ("party_member", "中共党员"), ("probationary", "中共预备党员"), ("league_member", "共青团员"),
    ("democratic_party", "民主党派"), ("non_party", "无党派人士"), ("masses", "群众"),
    aliases={"党员": "party_member", "预备党员": "probationary", "团员": "league_member"},
)

EDUCATION = CodeList.of(
    ("primary", "小学及以下"), ("junior", "初中"), ("senior", "高中(中专)"), ("college", "大专"),
    ("bachelor", "本科"), ("postgraduate", "研究生"),
    aliases={"小学": "primary", "文盲": "primary", "高中": "senior", "中专": "senior", "大学": "bachelor",
             "专科": "college"},
)

FAMILY_TAGS = CodeList.of(
    ("low_income_allowance", "低保"), ("five_guarantees", "五保"), ("out_of_poverty", "脱贫户"),
    ("single_parent", "单亲"),
    ("left_behind", "留守"), ("disabled", "残疾"), ("military", "军属"), ("party_family", "党员户"),
    ("two_daughters", "双女户"), ("lost_only_child", "失独"), ("risk_of_poverty", "监测户"),
    aliases={"低保户": "low_income_allowance", "五保户": "five_guarantees", "军人家庭": "military",
             "单亲家庭": "single_parent"},
)

PERSON_TAGS = CodeList.of(
    ("two_cancers", "两癌患者"), ("left_behind_woman", "留守妇女"), ("left_behind_child", "留守儿童"),
    ("child_in_hardship", "困境儿童"), ("single_mother", "单亲母亲"), ("orphan", "孤儿"),
    ("de_facto_orphan", "事实无人抚养儿童"), ("disabled_woman", "残疾妇女"), ("elderly_alone", "高龄独居"),
    ("lost_only_child", "失独"), ("low_income", "低收入"), ("other_hardship", "其他困难"),
    aliases={"两癌": "two_cancers", "困难群众": "other_hardship", "贫困户": "low_income",
             "困难儿童": "child_in_hardship"},
)

RELATIONS = CodeList.of(
    ("head", "户主"), ("spouse", "配偶"), ("son", "子"), ("daughter", "女"), ("daughter_in_law", "儿媳"),
    ("son_in_law", "女婿"), ("grandson", "孙子"), ("granddaughter", "孙女"), ("father", "父"),
    ("mother", "母"),
    ("sibling", "兄弟姐妹"), ("other", "其他"),
    aliases={"妻": "spouse", "夫": "spouse", "妻子": "spouse", "丈夫": "spouse", "儿子": "son",
             "女儿": "daughter",
             "长子": "son", "次子": "son", "长女": "daughter", "次女": "daughter", "父亲": "father",
             "母亲": "mother"},
)

# Measure words of a count of people and of a count of households, as they are typed.
PEOPLE = frozenset({"人", "名", "位", "个人", "人次", "人·次", "人(次)", "人/次"})
HOUSEHOLDS = frozenset({"户", "家", "户次", "人户"})
