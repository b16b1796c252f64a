"""What is doubtful inside one record: the rules that kinds name (DOMAIN §2, §3; DESIGN §4 "warns").

Rules:

* A rule reads flat values and yields problems. It never refuses, never changes a value, and never looks at
  another record (``domain.checks`` has the rules that need other records).
* A rule is silent about what is missing (``checks.check_record`` names gaps) and about a wrong form.
* A number stated as an approximation gets the benefit of the doubt: only what is plainly impossible is named.
* Amounts are fen, dates ISO texts (which compare as dates do), codes English.

A nomination's campaign may be joined to its flat values by who calls: ``campaign_unit`` (its 12-digit unit,
part of the reference), ``campaign_public_days`` and ``campaign_workdays`` (from the campaign's record), and
``campaign_holidays``, a :class:`~fulian_desktop.domain.workdays.HolidayTable` of what was issued.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.units import Level, is_code, level_of
from fulian_desktop.domain.workdays import HolidayTable, notice_last_day

Flat = Mapping[str, Any]
Rule = Callable[[Flat], Iterable[Problem]]

EARLIEST = "1949-01-01"
LONGEST_DAYS = 731
LEAST_NOTICE_DAYS = 3  # the shortest in use (DOMAIN §2); judged by until the campaign has arrived
CENTRAL_STANDARD_FEN = 1_000_000  # 两癌救助, central lottery fund: 10,000 yuan a person, once in a lifetime


# --- dates and numbers -------------------------------------------------------------------------------------


def dates_in_reach(flat: Flat) -> Iterator[Problem]:
    """The period of an activity or aid: not before 1949, not over two years, not the wrong way round.

    Days after today are named by ``checks.check_record``, which knows today.
    """
    first, last = text_of(flat, "date_from"), text_of(flat, "date_to")
    if first and first < EARLIEST:
        yield Problem("date-early", f"日期 {first} 太早，请核对年份", "date_from")
    if not first or not last:
        return
    if last < first:
        yield Problem("date-order", f"结束日期 {last} 早于开始日期 {first}，请核对", "date_to")
    elif (days := days_between(first, last)) is not None and days > LONGEST_DAYS:
        yield Problem("date-long", f"从 {first} 到 {last} 超过两年，请核对；分几次办的请分开登记", "date_to")


def parts_within_whole(flat: Flat) -> Iterator[Problem]:
    """Women, children, men, certified … cannot be more than took part; women and men together neither.

    Children may be counted among women and men, so the three are never added up. ``1600余`` may be up to
    1,700 and ``近400`` down to 300: only what lies beyond is named.
    """
    whole = most_of(flat, "participants")
    if whole is None:
        return
    shown = flat["participants"]
    labels = {
        "women": "其中妇女", "children": "其中儿童", "men": "其中男性", "certified": "取得证书人数",
        "employed": "就业人数", "started_business": "创业人数",
    }
    over = False
    for name, label in labels.items():
        least = least_of(flat, name)
        if least is not None and least > whole:
            over = True
            yield Problem(
                "part-over-whole", f"{label} {flat[name]} 比参加人次 {shown} 还多，请核对两个数", name,
            )
    women, men = least_of(flat, "women"), least_of(flat, "men")
    if not over and women is not None and men is not None and women + men > whole:
        yield Problem(
            "parts-over-whole",
            f"妇女 {flat['women']} 加男性 {flat['men']} 超过参加人次 {shown}，请核对三个数", "men",
        )


def _step(number: int) -> int:
    """What the last stated digit of an approximation counts: 100 for 1600余, 10 for 20余, 1000 for 上千."""
    step = 1
    while number and number % (step * 10) == 0:
        step *= 10
    return step


def most_of(flat: Flat, name: str) -> int | None:
    """The most that the number at ``name`` can stand for: an approximation may be a step more."""
    number = whole_of(flat, name)
    return number if number is None or not flat.get(f"{name}_about") else number + _step(number)


def least_of(flat: Flat, name: str) -> int | None:
    """The least that the number at ``name`` can stand for."""
    number = whole_of(flat, name)
    return number if number is None or not flat.get(f"{name}_about") else max(0, number - _step(number))


def in_order(code: str, *named: tuple[str, str]) -> Rule:
    """A rule: these days (flat name, label) follow each other where they are filled in; ``code`` names the problem."""

    def order(flat: Flat) -> Iterator[Problem]:
        filled = [(name, label, text_of(flat, name)) for name, label in named if text_of(flat, name)]
        for (_, before, first), (name, label, then) in itertools.pairwise(filled):
            if then < first:
                yield Problem(code, f"{label} {then} 早于{before} {first}，请核对", name)

    return order


# --- persons -----------------------------------------------------------------------------------------------


def id_number_rule(name: str) -> Rule:
    """A rule for a resident ID number at ``name``: form, check digit, date, region (GB 11643)."""

    def id_number(flat: Flat) -> Iterator[Problem]:
        text = text_of(flat, name)
        if text:
            from fulian_desktop.domain.id_numbers import check_id_number

            for found in check_id_number(text).problems:
                yield Problem(f"id-{found.code}", found.text, name)

    return id_number


def phone_rule(name: str) -> Rule:
    """A rule for a telephone number at ``name``."""

    def phone(flat: Flat) -> Iterator[Problem]:
        text = text_of(flat, name)
        if text:
            from fulian_desktop.domain.phones import check_phone

            found = check_phone(text).problem
            if found is not None:
                yield Problem(f"phone-{found.code}", found.text, name)

    return phone


def id_agrees(flat: Flat) -> Iterator[Problem]:
    """Sex and birth date of a person agree with a valid ID number."""
    text = text_of(flat, "id_number")
    if not text:
        return
    from fulian_desktop.domain.id_numbers import check_id_number

    read = check_id_number(text)
    if not read.valid:
        return
    sex, birth = flat.get("sex"), text_of(flat, "birth_date")
    if sex and read.sex and sex != read.sex:
        yield Problem("sex-differs", "性别和身份证号对不上，请核对是哪一个错了", "sex")
    if birth and read.birth_date and birth != read.birth_date.isoformat():
        yield Problem(
            "birth-differs", f"出生日期 {birth} 和身份证号里的 {read.birth_date} 对不上，请核对",
            "birth_date",
        )


def members_rule(flat: Flat) -> Iterator[Problem]:
    """Members of a family: not more than its size, one head who is the head, nobody twice."""
    members = [row for row in flat.get("members") or () if isinstance(row, Mapping)]
    size = whole_of(flat, "size")
    if size is not None and len(members) > size:
        yield Problem(
            "members-over-size", f"家庭成员有 {len(members)} 人，家庭人口填的是 {size}，请核对", "size",
        )
    heads = [row.get("name") for row in members if row.get("relation") == "head"]
    if len(heads) > 1:
        yield Problem("two-heads", f"家庭成员里有 {len(heads)} 个户主，请只留一个", "members")
    elif heads and heads[0] and flat.get("head") and heads[0] != flat["head"]:
        yield Problem(
            "head-differs", f"家庭成员里的户主是{heads[0]}，上面填的户主是{flat['head']}，请核对",
            "members",
        )
    seen = set()
    for row in members:
        key = (row.get("name"), row.get("birth_date"))
        if key[0] and key in seen:
            yield Problem("member-twice", f"家庭成员{key[0]}登记了两次，请删去一行", "members")
        seen.add(key)


# --- nominations -------------------------------------------------------------------------------------------


def nomination_dates(flat: Flat) -> Iterator[Problem]:
    """The order of a nomination's dates, level by level (DOMAIN §2 "Rules").

    Submitted before withdrawn, reviewed, published; a notice that runs its days; no approval before the day
    after the notice's last; an objection has a finding; an award follows an approval.
    """
    submitted, withdrawn = text_of(flat, "submitted_date"), text_of(flat, "withdrawn_date")
    if withdrawn and not submitted:
        yield Problem(
            "withdrawn-unsubmitted", "填了撤回日期，没有送审日期，请补上送审日期或去掉撤回日期",
            "withdrawn_date",
        )
    elif withdrawn and withdrawn < submitted:
        yield Problem(
            "withdrawn-early",
            f"撤回日期 {withdrawn} 早于送审日期 {submitted}；又重新送审的，请去掉撤回日期",
            "withdrawn_date",
        )
    for level in Level:
        yield from _level_dates(flat, level, submitted)


def _level_dates(flat: Flat, level: Level, submitted: str) -> Iterator[Problem]:
    code, label = level.code, level.label
    review = text_of(flat, f"review_{code}_date")
    if submitted and review and review < submitted and flat.get(f"review_{code}_result") != "returned":
        yield Problem(
            "review-early", f"{label}初评日期 {review} 早于送审日期 {submitted}，请核对",
            f"review_{code}_date",
        )
    yield from _notice(flat, level, review)
    yield from _approval(flat, level)
    approval, award = text_of(flat, f"approval_{code}_date"), text_of(flat, f"award_{code}_date")
    if not award:
        return
    if flat.get(f"approval_{code}_result") != "passed":
        yield Problem(
            "award-unapproved", f"{label}还没有审批通过就填了表彰日期，请先补上审批", f"award_{code}_date",
        )
    elif approval and award < approval:
        yield Problem(
            "award-early", f"{label}表彰日期 {award} 早于审批日期 {approval}，请核对", f"award_{code}_date",
        )
    revoked = text_of(flat, f"revoked_{code}_date")
    if revoked and revoked < award:
        yield Problem(
            "revoked-early", f"{label}撤销日期 {revoked} 早于表彰日期 {award}，请核对",
            f"revoked_{code}_date",
        )


def _notice(flat: Flat, level: Level, review: str) -> Iterator[Problem]:
    code, label = level.code, level.label
    first, last = text_of(flat, f"notice_{code}_from"), text_of(flat, f"notice_{code}_to")
    if review and first and first < review:
        yield Problem(
            "notice-early", f"{label}公示从 {first} 开始，早于初评日期 {review}，请核对",
            f"notice_{code}_from",
        )
    if first and last and last < first:
        yield Problem("notice-order", f"{label}公示截止 {last} 早于开始 {first}，请核对", f"notice_{code}_to")
    elif first and last:
        yield from _notice_length(flat, level, first, last)
    if flat.get(f"notice_{code}_objection") and not flat.get(f"notice_{code}_finding"):
        yield Problem(
            "objection-open", f"{label}公示有异议，还没有处理结果，请先调查并写明处理",
            f"notice_{code}_finding",
        )


def _notice_length(flat: Flat, level: Level, first: str, last: str) -> Iterator[Problem]:
    """Shorter than its days. Without the campaign only the least that any campaign uses is asked for."""
    start = day_of(first)
    if start is None:
        return
    days = whole_of(flat, "campaign_public_days") or LEAST_NOTICE_DAYS
    workdays = bool(flat.get("campaign_workdays"))
    holidays = flat.get("campaign_holidays")
    table = holidays if isinstance(holidays, HolidayTable) else None
    due, doubts = notice_last_day(start, days, workdays, table)
    for doubt in doubts:
        yield Problem(doubt.code, doubt.text, f"notice_{level.code}_to")
    if last < due.isoformat():
        what = "个工作日" if workdays else "天"
        yield Problem(
            "notice-short", f"{level.label}公示不满 {days} {what}，至少要到 {due}，请延长后再审批",
            f"notice_{level.code}_to")


def _approval(flat: Flat, level: Level) -> Iterator[Problem]:
    code, label = level.code, level.label
    if flat.get(f"approval_{code}_result") != "passed":
        return
    name = f"approval_{code}_date"
    day = text_of(flat, name)
    first, last = text_of(flat, f"notice_{code}_from"), text_of(flat, f"notice_{code}_to")
    if not day:
        yield Problem("approval-undated", f"{label}审批通过没有日期，请补上", name)
    elif last and day <= last:
        yield Problem(
            "approval-before-notice-ended",
            f"{label}公示到 {last} 才结束，{day} 的审批不算数，请在公示结束后再审批", name,
        )
    elif not first and not last:
        yield Problem("approval-without-notice", f"{label}审批前没有登记公示，请补上公示起止日期", name)


def nomination_level(flat: Flat) -> Iterator[Problem]:
    """Who is named once, and a title of the level of the office which issued the campaign (DESIGN §4)."""
    if flat.get("family") and flat.get("person"):
        yield Problem("family-and-person", "一条申报只申报一个家庭或一个人，请去掉一个", "person")
    unit = flat.get("campaign_unit")
    if not is_code(unit):
        return
    issuing = level_of(str(unit))
    for level in Level:
        name = f"award_{level.code}_honor_level"
        named = flat.get(name)
        if named and named != issuing.code:
            yield Problem(
                "title-level", f"这次评选是{issuing.label}级发起的，称号级别应是{issuing.label}级，请核对",
                name,
            )


# --- aid ---------------------------------------------------------------------------------------------------


def aid_rules(flat: Flat) -> Iterator[Problem]:
    """Aid: the sum agrees with standard × people, people have a unit, dates in order, 两癌 by its rule."""
    people, unit = whole_of(flat, "people"), flat.get("people_unit")
    if people is not None and not unit:
        yield Problem("people-unit", f"“{people}”没说是人还是户，请选单位", "people_unit")
    if people is not None and people > 1 and flat.get("recipient_kind") in ("person", "family"):
        yield Problem(
            "people-over-one", f"受助对象是一个，人(户)数是 {people}，请核对；发给多人的请填一批人的名称",
            "people",
        )
    yield from _sum(flat)
    applied, paid = text_of(flat, "applied_date"), text_of(flat, "paid_date")
    if applied and paid and paid < applied:
        yield Problem("paid-early", f"发放日期 {paid} 早于申请日期 {applied}，请核对", "paid_date")
    for level in Level:
        day = text_of(flat, f"approval_{level.code}_date")
        if paid and day and paid < day and flat.get(f"approval_{level.code}_result") == "passed":
            yield Problem(
                "paid-before-approval", f"发放日期 {paid} 早于{level.label}审批日期 {day}，请核对",
                "paid_date",
            )
    total, returned, own = (whole_of(flat, f"cost_{part}") for part in ("total", "reimbursed", "own"))
    if total is not None and (returned or 0) + (own or 0) > total:
        yield Problem("costs-over-total", "报销加自付超过总费用，请核对", "cost_total")
    if flat.get("program") == "two_cancers":
        yield from _two_cancers(flat)


def _sum(flat: Flat) -> Iterator[Problem]:
    people, standard, amount = (whole_of(flat, name) for name in ("people", "standard", "amount"))
    about = any(flat.get(f"{name}_about") for name in ("people", "standard", "amount"))
    if people is None or standard is None or amount is None or about or people * standard == amount:
        return
    from fulian_desktop.domain.yuan import format_yuan

    yield Problem(
        "sum-differs",
        f"标准 {format_yuan(standard)} 元 × {people} 是 {format_yuan(people * standard)} 元，"
        f"金额填的是 {format_yuan(amount)} 元，请核对",
        "amount",
    )


def _two_cancers(flat: Flat) -> Iterator[Problem]:
    """The central rule. A local program's amount is its own: only the lottery fund's or an unsaid one."""
    if flat.get("payment") in ("cash", "goods"):
        yield Problem(
            "two-cancers-cash", "两癌救助金应通过银行转账发放，不发现金，请改为银行转账并填开户行和账号",
            "payment",
        )
    if flat.get("people_unit") == "household" or flat.get("recipient_kind") == "family":
        yield Problem("two-cancers-person", "两癌救助发给患者本人，请按人登记，不按户", "people_unit")
    if flat.get("fund_source") not in (None, "", "lottery"):
        return
    amount, people = whole_of(flat, "amount"), whole_of(flat, "people")
    each = CENTRAL_STANDARD_FEN
    standard = whole_of(flat, "standard")
    wrong_sum = amount is not None and not flat.get("amount_about") and amount != each * (people or 1)
    if wrong_sum or (standard is not None and standard != each):
        yield Problem(
            "two-cancers-standard", "中央两癌救助标准是每人 10000 元，请核对金额；地方项目请选资金来源",
            "amount" if wrong_sum else "standard",
        )


# --- reading flat values -----------------------------------------------------------------------------------


def text_of(flat: Flat, name: str) -> str:
    """The text at ``name``, "" when there is none."""
    value = flat.get(name)
    return value if isinstance(value, str) else ""


def whole_of(flat: Flat, name: str) -> int | None:
    """The whole number at ``name``, None when there is none."""
    value = flat.get(name)
    return value if type(value) is int else None


def day_of(text: str) -> datetime.date | None:
    """The day that an ISO text names, None when it names none."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def overlap(first: tuple[str, str], second: tuple[str, str]) -> bool:
    """Whether two stretches of ISO days have a day in common; "" is without a beginning, or without an end."""
    return all(not last or not begun or begun <= last for (begun, _), (_, last) in ((first, second), (second, first)))


def days_between(first: str, last: str) -> int | None:
    """Days from one ISO date to another, None when one of them is no date."""
    a, b = day_of(first), day_of(last)
    return None if a is None or b is None else (b - a).days
