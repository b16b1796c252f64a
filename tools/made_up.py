"""A made-up township with its villages, for looking at the window: everybody and everything in it is invented.

A year of 2025 as the demo makes it, and the first weeks of 2026 on top: who was honoured, what was handed in, returned, put
up for notice, begun and not finished, what two offices wrote differently, what lies on a stick and waits to be merged, who
asks to be let in; and an office that has only just begun. Everything is written through services, at clocks of its own, so
the pages show what a working office shows.
"""

from __future__ import annotations

import contextlib
import datetime
import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from fulian_desktop.domain.assessment import CHECKS, ITEM
from fulian_desktop.domain.honors import CRITERIA, VETOES
from fulian_desktop.domain.id_numbers import check_digit
from fulian_desktop.services import enrol, exchanging, printing
from fulian_desktop.services.assessment import Mark, give_points, load_board, make_default_scheme
from fulian_desktop.services.batch import add_many, edit_many
from fulian_desktop.services.demo_data import TOWNSHIP, YEAR, Inventor, village_name
from fulian_desktop.services.listing import list_records
from fulian_desktop.services.office import Office, create_office
from fulian_desktop.services.pairing import part_records
from fulian_desktop.services.photos import attach
from fulian_desktop.services.records import add_record, delete_records, edit_record
from fulian_desktop.services.upkeep import backup
from fulian_desktop.store.drafts import save_draft

PASSPHRASE = "柳树湾 2026"
TODAY = "2026-03-09T10:42:00"
_VILLAGES, _RECORDS = 6, 60
_APPROVED = 6
_ORDER = ("family", "person", "activity", "nomination", "aid")


@dataclass(frozen=True)
class MadeUp:
    """Where it lies, and what is worth opening.

    Attributes:
        township, village, begun: Workspaces; ``begun`` has nothing in it yet.
        stick: What is to be merged. asking: Where requests to be let in lie. invitation: The township's.
        chair: Who works in the village.
        honoured, running: Ids of last year's campaign, which has its families, and of this year's.
        activity: Id of the village's activity that has photos. returned: Of its nomination that came back.
    """

    township: Path
    village: Path
    begun: Path
    stick: Path
    asking: Path
    invitation: Path
    chair: str
    honoured: str
    running: str
    activity: str
    returned: str


@contextlib.contextmanager
def clock(at: str) -> Iterator[None]:
    """Let the program believe that it is a moment."""
    before = os.environ.get("FULIAN_CLOCK")
    os.environ["FULIAN_CLOCK"] = at
    try:
        yield
    finally:
        if before is None:
            del os.environ["FULIAN_CLOCK"]
        else:
            os.environ["FULIAN_CLOCK"] = before


def make_up(folder: Path) -> MadeUp:
    """Invent everything into an empty folder; takes some seconds.

    ``FULIAN_DATA`` has to point to a folder of its own: exports are noted there.
    """
    with contextlib.ExitStack() as opened:
        with clock("2025-12-20T09:00:00"):
            township, campaigns, villages = _last_year(folder, opened)
        office = villages[0]
        with clock("2026-01-08T10:20:00"):
            _honour(township, campaigns)
        with clock("2026-02-05T15:30:00"):
            _begin_of_the_year(office)
            _carry(folder, office, township, "february")
        with clock("2026-03-04T11:10:00"):
            returned = _nominations(office, campaigns["running"])
            _carry(folder, office, township, "march")
            edit_record(township, returned, {
                "approval_township_result": "退回", "approval_township_date": "2026-03-04", "approval_township_person": "李红梅",
                "approval_township_opinion": "缺家庭生活照 1 张",
            })
            _assess(township)
            _carry(folder, township, office, "back")
        stick = _second_round(folder, township, villages[1:])
        invitation = folder / "邀请" / "invitation.flpkg"
        with clock("2026-03-09T09:20:00"):
            activity = _this_month(office, campaigns["running"])
            add_record(township, "activity", {
                "title": "“她力量”直播带货🌹", "date": "2026.3.6", "category": "培训", "place": "镇文化站", "participants": "63",
            })
            asking = _asking(folder, opened, invitation)
            begun = _begun(folder)
            backup(township, folder / "清溪镇.flbak")
        for one in (township, office):
            _date_backups(one)
        return MadeUp(
            township.workspace.folder, office.workspace.folder, begun, stick, asking, invitation, office.person,
            honoured=campaigns["beautiful_family"], running=campaigns["running"], activity=activity, returned=returned,
        )


def _assess(township: Office) -> None:
    """Last year's assessment: every village has points for every item at both checks, some have the same total."""
    scheme = make_default_scheme(township, 2025).id
    board = load_board(township, scheme)
    for check in CHECKS:
        give_points(township, scheme, check, [
            Mark(unit, ITEM, item.code, item.points - place // 2 * 7 % 5 * (number % 3) * 50)
            for place, (unit, _) in enumerate(board.units) for number, item in enumerate(board.scheme.items)
        ])


def _last_year(folder: Path, opened: contextlib.ExitStack) -> tuple[Office, dict[str, str], list[Office]]:
    """The township, its campaigns, its villages with the records of 2025, all merged."""
    township, _ = create_office(
        folder / "清溪镇", unit=TOWNSHIP, unit_name="清溪镇妇联", person="李红梅", passphrase=PASSPHRASE, parent="140702000000",
        parent_name="榆次区妇联",
    )
    opened.callback(township.close)
    names = [(TOWNSHIP, "清溪镇妇联"), *map(village_name, range(_VILLAGES + 2))]
    add_many(township, "unit_name", [{"code": code, "name": name} for code, name in names])
    campaigns = {}
    for honor, title, year in (("最美家庭", "2025年度最美家庭", 2025), ("五好家庭", "2025年度五好家庭", 2025),
                               ("最美家庭", "2026年度最美家庭", 2026)):
        campaigns[f"{honor}{year}"] = add_record(township, "campaign", {
            "title": title, "honor": honor, "year": year, "public_days": 5, "workdays": True, "quota": 30, "cycle": "yearly",
            "criteria": [
                {"row": f"{place:012x}", "text": text, "points": str(points)}
                for place, (text, points) in enumerate(CRITERIA["most_beautiful_family"])
            ],
        }).id
    invitation = folder / "邀请" / "invitation.flpkg"
    invitation.parent.mkdir()
    enrol.invite(township, invitation)
    by_honor = {"beautiful_family": campaigns["最美家庭2025"], "five_good_family": campaigns["五好家庭2025"]}
    villages, reports = [], folder / "U盘一"
    for number in range(_VILLAGES):
        villages.append(_village(folder, number, invitation, by_honor, reports))
        opened.callback(villages[-1].close)
    enrol.approve(township, [reports], target=folder / "certificates.flpkg")
    for office in villages:
        _carry(folder, township, office, f"down-{office.unit}")
    return township, {**by_honor, "running": campaigns["最美家庭2026"]}, villages


def _honour(township: Office, campaigns: dict[str, str]) -> None:
    """Last year's: the beautiful families have their certificates; some five-good ones are approved, some wait for it."""
    notice = {
        "review_township_result": "通过", "review_township_date": "2025-12-22", "review_township_person": "李红梅",
        "notice_township_from": "2025-12-23", "notice_township_to": "2025-12-29",
    }
    approval = {
        "approval_township_result": "通过", "approval_township_date": "2026-01-05", "approval_township_person": "李红梅",
    }
    beautiful, five_good = (
        [row["id"] for row in list_records(township, "nomination", where={"campaign": campaigns[honor]})]
        for honor in ("beautiful_family", "five_good_family")
    )
    edit_many(township, dict.fromkeys((*beautiful, *five_good), notice), label="批量公示")
    edit_many(township, dict.fromkeys((*beautiful, *five_good[:_APPROVED]), approval), label="批量审批")
    printing.print_certificates(township, BytesIO(), campaign=campaigns["beautiful_family"], date=datetime.date(2026, 3, 8))


def _asking(folder: Path, opened: contextlib.ExitStack, invitation: Path) -> Path:
    """Two villages that are not in yet: their requests, as they brought them."""
    asking = folder / "U盘三"
    for number, person in ((_VILLAGES, "张秀兰"), (_VILLAGES + 1, "刘春花")):
        code, _name = village_name(number)
        office, _, _ = enrol.join(folder / code, invitation, unit=code, person=person, passphrase=PASSPHRASE)
        opened.callback(office.close)
        (asking / code).mkdir(parents=True)
        enrol.request(office, asking / code / "request.flpkg")
    return asking


def _begun(folder: Path) -> Path:
    """A township that has only just begun."""
    office, _ = create_office(
        folder / "乌金山镇", unit="140702100000", unit_name="乌金山镇妇联", person="赵敏", passphrase=PASSPHRASE,
        parent="140702000000", parent_name="榆次区妇联",
    )
    office.close()
    return office.workspace.folder


def _village(folder: Path, number: int, invitation: Path, campaigns: dict[str, str], reports: Path) -> Office:
    inventor = Inventor(number)
    made = inventor.village(_RECORDS, campaigns)
    person = "王桂芳" if number == 0 else made.chair
    office, _, _ = enrol.join(folder / made.code, invitation, unit=made.code, person=person, passphrase=PASSPHRASE)
    for kind in _ORDER:
        entries = made.records[kind]
        add_many(office, kind, [entry.values for entry in entries], records=[entry.id for entry in entries], year=YEAR)
    stick = reports / made.code
    stick.mkdir(parents=True)
    enrol.request(office, stick / "request.flpkg")
    exchanging.export_package(office, "up", stick)
    return office


def _carry(folder: Path, sender: Office, receiver: Office, name: str) -> None:
    stick = folder / "路上" / name
    stick.mkdir(parents=True)
    (written,) = exchanging.export_package(sender, receiver.unit, stick)
    exchanging.merge_packages(receiver, [Path(written["file"])])


def _begin_of_the_year(office: Office) -> None:
    for day, title, category, people in (
        ("2025.1.9", "送春联进家庭", "文体活动", "40"), ("2025.2.12", "元宵节猜灯谜", "文体活动", "57"),
        ("2025.3.5", "学雷锋志愿服务", "志愿服务", "33"), ("2025.3.8", "三八节座谈会", "会议", "45"),
        ("2026.1.8", "“两癌”筛查知识讲座", "健康义诊", "64"), ("2026.1.16", "巧手剪窗花", "文体活动", "31"),
        ("2026.1.27", "“寒假不孤单”亲子阅读", "亲子阅读", "28"), ("2026.2.3", "春节慰问困难妇女", "节日慰问", "12"),
    ):
        add_record(office, "activity", {
            "title": title, "date": day, "category": category, "place": "村文化活动室", "participants": people, "women": people,
        })
    for day, who, program, amount in (
        ("2026.1.15", "李秀兰", "慰问金", "500元"), ("2026.2.6", "赵小雨", "春蕾计划", "1000元"),
        ("2026.2.6", "刘欣怡", "春蕾计划", "1000元"),
    ):
        add_record(office, "aid", {"recipient_name": who, "program": program, "date": day, "amount": amount, "people": "1人"})


def _nominations(office: Office, campaign: str) -> str:
    """Two families of this year's campaign: one put up for notice, one that will be returned; returns its id."""
    ids = []
    for head, address in (("赵素芳", "二组 18 号"), ("李秀兰", "一组 3 号")):
        family = add_record(office, "family", {
            "head": head, "address": address, "phone": "15400135721" if head == "赵素芳" else "", "size": "4",
        }).id
        ids.append(add_record(office, "nomination", {
            "campaign": campaign, "family": family, "called": f"{head}家庭", "way": "组织推荐", "recommender": "柳树湾村妇联",
            "motto": "勤俭持家，孝老爱亲，邻里和睦", "submitted_date": "2026-03-02", "review_village_result": "通过",
            "review_village_date": "2026-03-04", "review_village_person": "王桂芳", "notice_village_from": "2026-03-05",
            "notice_village_to": "2026-03-11",
            "deeds_short": "十二年如一日照料膝盖有伤的婆婆；农闲带着十几户姐妹种大棚菜，每户年增收六千多元。",
            "vetoes": [
                {"item": item, "clear": True, "checked_by": who}
                for item, who in zip(VETOES, ("派出所", "网格员", "镇司法所", "村委会") * 2, strict=True)
            ],
            "scores": [
                {"criterion": text, "points": str(points)}
                for text, points in (("爱国守法", 18), ("夫妻和睦", 17), ("孝老爱亲", 20), ("教子有方", 16), ("邻里互助", 16))
            ],
        }).id)
    for number, caption in enumerate(("照料婆婆", "教姐妹种菜"), 1):
        attach(office, ids[0], _picture(number), caption)
    return ids[1]


def _this_month(office: Office, campaign: str) -> str:
    """What was entered since the last hand-in, begun and left, and deleted; returns the activity that has photos."""
    first = ""
    for day, title, category, people in (
        ("2026.3.2", "村级妇女议事会", "会议", "23"), ("2026.3.5", "学雷锋志愿服务", "志愿服务", "41"),
        ("2026.3.7", "反家暴普法讲座", "普法维权", "52"), ("2026.3.8", "三八节普法宣传进村", "普法维权", "86"),
    ):
        first = add_record(office, "activity", {
            "title": title, "date": day, "category": category, "place": "村委会广场", "participants": people, "women": people,
            "content": "宣讲《妇女权益保障法》，现场发放资料，解答婚姻、继承方面的问题。",
        }).id
    for number, caption in enumerate(("活动现场", "解答问题"), 1):
        attach(office, first, _picture(number), caption)
    add_record(office, "family", {"head": "陈改花", "address": "三组"})
    for row in list_records(office, "family", limit=12)[6:10]:
        add_record(office, "nomination", {
            "campaign": campaign, "family": row["id"], "called": f"{row['values']['head']}家庭", "way": "群众推荐",
            "submitted_date": "2026-03-09", "deeds_short": "院里院外收拾得干净，邻里有事总是第一个到。",
        })
    number = "14079019880612002" + check_digit("14079019880612002")
    for more in ({"tags": "低收入"}, {"phone": "15400135788", "address": "二组 7 号"}):
        add_record(office, "person", {"name": "陈玉梅", "id_number": number, **more})
    add_record(office, "person", {"name": "孙玉珍", "phone": "1540013572"})
    add_record(office, "person", {"name": "刘欣怡", "id_number": "140790201503120027", "tags": "留守儿童"})
    add_record(office, "person", {"name": "刘欣怡", "id_number": "140790201503120027", "address": "一组"})
    for title, day in (("三八节普法宣传", "2026.3.8"), ("学雷锋志愿服务", "2026.3.5")):  # entered twice by mistake
        delete_records(office, [add_record(office, "activity", {"title": title, "date": day, "place": "村委会广场"}).id])
    for name, one, other in (("王玉兰", "二组 6 号", "五组 11 号"), ("李桂英", "一组 9 号", "四组 2 号")):
        pair = [add_record(office, "family", {"head": name, "address": address}).id for address in (one, other)]
        part_records(office, *pair)
    with clock("2026-03-08T16:20:00"):
        save_draft(office.workspace, "draft-1", "family", {"head": "周秀英", "address": "四组"})
    save_draft(office.workspace, "draft-2", "activity", {"title": "三八节表彰会", "place": "村委会"})
    return first


def _second_round(folder: Path, township: Office, villages: list[Office]) -> Path:
    """What lies on the stick for the township, and what was written differently before: some settled by nobody."""
    stick = folder / "U盘二"
    for place, office in enumerate(villages):
        records = [row["record"] for row in _some_records(office)]
        with clock("2026-03-03T10:00:00"):
            edit_many(office, {record: {"remarks": "年初核对过"} for record in records[:6]}, label="年初核对")
            if place < 3:
                edit_many(township, {record: {"remarks": "镇里核对过"} for record in records[:2]}, label="核对")
                if place == 0:
                    _carry(folder, office, township, f"conflict-{office.unit}")
        if place == len(villages) - 1:
            continue  # has not reported
        with clock("2026-03-06T10:00:00"):
            add_record(office, "activity", {
                "title": "三八节座谈会", "date": "2026.3.6", "category": "会议", "place": "村委会", "participants": "35",
            })
            (stick / office.unit).mkdir(parents=True)
            exchanging.export_package(office, "up", stick / office.unit)
    broken = next(iter(sorted(stick.rglob("*.flpkg"))[-1:]))
    broken.write_bytes(broken.read_bytes()[:-700] + bytes(700))
    return stick


def _date_backups(office: Office) -> None:
    """Names of backups bear this computer's own clock; here the last one is of this morning."""
    *older, last = sorted((office.workspace.folder / "backups").glob("*.flbak"))
    for path in older:
        path.unlink()
    last.rename(last.with_name("20260309-080500-merge.flbak"))


def _some_records(office: Office) -> list[dict[str, str]]:
    return [{"record": row["id"]} for row in list_records(office, "family", limit=8)]


def _picture(number: int) -> bytes:
    """A drawn scene, so that nobody's photo is needed."""
    image = Image.new("RGB", (960, 640), (216, 228, 214) if number % 2 else (242, 228, 206))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 470, 960, 640), fill=(176, 190, 160) if number % 2 else (206, 176, 140))
    draw.rectangle((250, 90, 710, 230), fill=(178, 36, 44))
    for place, colour in enumerate(((96, 72, 118), (168, 62, 84), (62, 92, 132), (204, 150, 60), (84, 124, 96))):
        left = 120 + place * 160
        draw.ellipse((left + 20, 300, left + 90, 370), fill=(224, 180, 150))
        draw.rounded_rectangle((left, 372, left + 110, 560), 30, fill=colour)
    out = BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()
