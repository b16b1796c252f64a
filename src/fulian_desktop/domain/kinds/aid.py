"""aid 帮扶救助 (DOMAIN §2): what was given to whom, from which source. Amounts in fen."""

from __future__ import annotations

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import (
    Code,
    Composite,
    Day,
    Field,
    Flag,
    Integer,
    Money,
    Part,
    Period,
    Reference,
    Table,
    Text,
    with_group,
)
from fulian_desktop.domain.honors import RESULTS
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.people import PERSON_TAGS
from fulian_desktop.domain.rules import aid_rules, dates_in_reach
from fulian_desktop.domain.units import Level

PROGRAMS = CodeList.of(
    ("two_cancers", "两癌救助"), ("spring_bud", "春蕾计划"), ("mothers_parcel", "母亲邮包"),
    ("consolation_money", "慰问金"),
    ("consolation_goods", "慰问品"), ("loving_lunch", "爱心午餐"), ("study_aid", "助学"),
    ("medical_aid", "医疗救助"),
    ("temporary_aid", "临时救助"), ("goods", "物资捐赠"), ("health_check", "健康体检"), ("insurance", "保险"),
    ("other", "其他"),
    aliases={
        "“两癌”救助资金": "two_cancers", "两癌": "two_cancers", "“两癌”救助": "two_cancers",
        "春蕾": "spring_bud",
        "“百名贫困儿童爱心午餐”项目": "loving_lunch", "捐赠衣物": "goods", "捐赠物资": "goods",
        "慰问": "consolation_money",
    },
)
PEOPLE_UNITS = CodeList.of(("person", "人"), ("household", "户"),
                           aliases={"名": "person", "位": "person", "家": "household"})
FUND_SOURCES = CodeList.of(
    ("lottery", "中央彩票公益金"), ("province", "省妇联"), ("city", "市妇联"), ("county", "县妇联"),
    ("township", "乡镇"),
    ("donation", "社会捐赠"), ("own", "自筹"), ("other", "其他"),
    aliases={"省": "province", "市": "city", "县": "county", "区妇联": "county", "镇妇联": "township",
             "乡妇联": "township",
             "捐赠": "donation", "爱心企业": "donation", "彩票公益金": "lottery"},
)
PAYMENTS = CodeList.of(("transfer", "银行转账"), ("cash", "现金"), ("goods", "实物"),
                       aliases={"转账": "transfer", "打卡": "transfer"})
CANCER_CATEGORIES = CodeList.of(
    ("allowance", "低保对象"), ("destitute", "特困人员"), ("poverty_risk", "易返贫致贫人口"),
    ("marginal", "低保边缘/刚性支出困难家庭成员"),
)
DISEASES = CodeList.of(
    ("cervical_2b", "宫颈浸润癌ⅡB"), ("cervical_3a", "宫颈浸润癌ⅢA"), ("cervical_3b", "宫颈浸润癌ⅢB"),
    ("cervical_4a", "宫颈浸润癌ⅣA"), ("cervical_4b", "宫颈浸润癌ⅣB"), ("breast", "乳腺浸润癌"),
)
MATERIALS = CodeList.of(
    ("application", "申请表"), ("id_card", "身份证"), ("household_book", "户口本"), ("diagnosis", "诊断证明"),
    ("pathology", "病理报告"), ("bills", "住院/费用单据"), ("income_proof", "低收入证明"),
    ("bank_card", "银行卡"),
)
FESTIVALS = CodeList.of(("spring_festival", "春节"), ("womens_day", "三八"), ("childrens_day", "六一"),
                        ("double_ninth", "重阳"),
                        aliases={"三八节": "womens_day", "六一节": "childrens_day", "重阳节": "double_ninth",
                                 "妇女节": "womens_day"})


def _steps(code: str, level: Level) -> tuple[Field, ...]:
    label = f"{level.label}级"
    return with_group(
        "办理",
        Field(f"check_{code}", f"{label}审核", Composite((
            Part("result", Code(codes=RESULTS), "结果"), Part("date", Day(), "日期"),
            Part("person", Text(60), "人"))), written_by=level),
        Field(f"approval_{code}", f"{label}审批", Composite((
            Part("result", Code(codes=RESULTS), "结果"), Part("date", Day(), "日期"),
            Part("person", Text(60), "人"),
            Part("opinion", Text(1000, lines=True), "意见"))), written_by=level, approves=level),
    )


_MONEY = Composite((Part("fen", Money(), ""), Part("about", Flag(), "约"),
                    Part("source", Code(codes=FUND_SOURCES), "资金来源")))
_STANDARD = Composite((Part("fen", Money(rate=True), ""), Part("about", Flag(), "约")), required=("fen",))

KIND = Kind(
    code="aid", label="帮扶救助", cls="ordinary", nav="care", order=20, icon="aid", verb="登记帮扶",
    identity=("program", "recipient_name", "date_from", "amount"),
    title=("recipient_name", "program"), rules=(aid_rules, dates_in_reach), measure_word="条",
    daily=True, photos_wanted=1,  # 签收照片
    fields=(
        *with_group(
            "帮扶",
            Field("program", "项目", Code(codes=PROGRAMS), asked=True, column=True, covered=True,
                  indexed=True,
                  aliases=("帮扶项目", "救助项目", "项目名称", "帮扶内容")),
            Field("recipient", "受助对象", Reference(kinds=("person", "family")), indexed=True, asked=True, column=True,
                  covered=True,
                  search="name", aliases=("受助人", "帮扶对象", "救助对象", "慰问对象", "受助人姓名", "姓名", "对象")),
            Field("recipient_category", "对象类别", Code(codes=PERSON_TAGS), column=True, sensitive="health",
                  aliases=("人员类别", "类别")),
            Field("date", "日期", Period(), flat=("date_from", "date_to", "date_precision"), asked=True,
                  column=True, indexed=True,
                  aliases=("时间", "帮扶时间", "发放时间", "救助时间", "慰问时间", "帮扶日期", "救助日期", "慰问日期")),
            Field("people", "人(户)数", Composite((
                Part("number", Integer(), ""), Part("about", Flag(), "约"),
                Part("unit", Code(codes=PEOPLE_UNITS), "单位"),
            ), required=("number",)), flat=("people", "people_about", "people_unit"), column=True,
            aliases=("人数", "户数", "人（户）数", "数量", "受益人数")),
            Field("standard", "标准", _STANDARD, flat=("standard", "standard_about"),
                  aliases=("补助标准", "发放标准", "标准(元)")),
            Field("amount", "金额(元)", _MONEY, flat=("amount", "amount_about", "fund_source"), asked=True,
                  unless="goods", column=True, covered=True,
                  aliases=("金额", "帮扶金额", "救助金额", "资金", "合计金额", "慰问金", "慰问金额", "救助金", "补助金额",
                           "发放金额", "资助金额")),
            Field("goods", "物资", Table((
                Part("name", Text(60), "名称"), Part("quantity", Integer(0, 10**9), "数量"),
                Part("unit", Text(20), "单位"),
                Part("value", Money(), "价值(元)"),
            )), aliases=("慰问品", "慰问物资", "物品", "物资名称", "帮扶物资")),
            Field("donation", "用的哪笔捐款", Reference(kinds=("donation",)), indexed=True, aliases=("捐款来源",)),
            Field("batch", "批次", Text(60)),
            Field("festival", "节点", Code(codes=FESTIVALS), indexed=True),
        ),
        *with_group(
            "发放",
            Field("applied_date", "申请日期", Day()),
            Field("paid_date", "发放日期", Day()),
            Field("payment", "发放方式", Code(codes=PAYMENTS)),
            Field("bank", "开户行", Text(100)),
            Field("account", "账号", Text(40), sensitive="bank"),
            Field("operator", "经办人", Text(60)),
            Field("signed_by", "签收人", Text(60), aliases=("签收", "签字", "领取人", "领款人")),
            Field("return_visit", "回访",
                  Composite((Part("date", Day(), "日期"), Part("note", Text(1000, lines=True), "情况")))),
        ),
        *(step for level in reversed(Level) for step in _steps(level.code, level)),
        *with_group(
            "两癌救助",
            Field("cancer_category", "人员类别", Code(codes=CANCER_CATEGORIES), sensitive="health"),
            Field("disease", "病种", Code(codes=DISEASES), sensitive="health"),
            Field("diagnosis", "确诊",
                  Composite((Part("date", Day(), "日期"), Part("hospital", Text(100), "医院"))),
                  sensitive="health"),
            Field("cost_total", "总费用", Money()),
            Field("cost_reimbursed", "报销", Money()),
            Field("cost_own", "自付", Money()),
            Field("documents", "材料清单",
                  Table((Part("item", Code(codes=MATERIALS), "材料"), Part("present", Flag(), "齐")),
                        most=40)),
        ),
        *with_group(
            "春蕾",
            Field("school", "学校", Text(100)), Field("school_grade", "年级", Text(40)),
            Field("guardian", "监护人", Text(60)),
            Field("hardship", "困难类型", Text(100), sensitive="health"),
            Field("sponsor", "资助人", Text(100)),
            Field("school_year", "学年", Text(40)),
        ),
        Field("override_reason", "说明原因", Text(500, lines=True), group="备注和照片",
              help="重复救助等提醒仍要登记时写明"),
    ),
)
