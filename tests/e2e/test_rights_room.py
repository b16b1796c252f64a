"""The rights room: what is in it is nowhere else, travels sealed, and comes out equal at every office that has a room."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from tests.builders import COUNTY, PASSPHRASE, TOWN, VILLAGE, added, reopened
from tests.e2e.builders import a_county, a_put, crafted, opened, packed_segments, shown

from fulian_desktop.domain.kinds import all_kinds, kind_of, restricted_kinds
from fulian_desktop.errors import InputProblem, MachineProblem, WrongPassphrase
from fulian_desktop.exchange.package import decipher, sign_segment
from fulian_desktop.exchange.sealed import encrypt
from fulian_desktop.exchange.statements import issue_room
from fulian_desktop.ledger.segments import Segment, header_bytes, make_header
from fulian_desktop.ledger.streams import Stream, start_name
from fulian_desktop.services import exchanging, rights
from fulian_desktop.services.browsing import reveal
from fulian_desktop.services.exchanging import export_package, merge_packages
from fulian_desktop.services.keeping import activity
from fulian_desktop.services.office import Office, open_office
from fulian_desktop.services.records import acts, add_record, delete_records, edit_record, undo_act
from fulian_desktop.services.rights_figures import statistics
from fulian_desktop.services.sheets import export_sheet, import_sheet
from fulian_desktop.services.upkeep import backup, check, restore
from fulian_desktop.store import books, keystore, queries, sealed, vault
from fulian_desktop.store.backups import write_backup
from fulian_desktop.store.drafts import drafts, save_draft
from fulian_desktop.store.installation import data_folder
from fulian_desktop.store.room import ROOM, ROOM_KEYS, Room

SECOND = "second-secret"
TEXTS = ("丈夫酗酒后多次殴打", "赵某兰", "13903548761", "柳树湾老井东侧", "告诫字〔2026〕7号", "派出所已到场劝离")
CASE = {
    "appeal": TEXTS[0], "party": TEXTS[1], "phone": TEXTS[2], "address": TEXTS[3], "warning_no": TEXTS[4], "result": TEXTS[5],
    "date": "2026-03-02", "channel": "来访", "category": "婚姻家庭", "subcategory": "家暴", "handling": "调解",
    "settled_date": "2026-03-20", "number": "2026-01",
}


def a_room(office: Office) -> rights.RoomOffice:
    """The opened room of an office; made when it has none."""
    if rights.has_room(office):
        return rights.open_room(office, SECOND)
    rights.create_room(office, SECOND)
    assert office.room is not None
    return office.room


def a_case(office: Office, **entries: str) -> str:
    """A case entered in the opened room; returns its id."""
    return add_record(a_room(office), "rights_case", {**CASE, **entries}).id


def sent(office: Office, to: str, stick: Path, *, full: bool = False, rights_too: bool = True) -> Path:
    """A package of an office on a stick, with its own cases."""
    (written,) = export_package(office, to, stick, full=full, rights=rights_too)
    return Path(written["file"])


def plain_parts(path: Path) -> Iterator[bytes]:
    """A file's bytes, and those of what is in it when it is a zip."""
    yield path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield archive.read(name)


def dump(workspace_folder: Path, key: bytes, target: Path) -> bytes:
    """A database opened with its key and written out in the clear, bodies unpacked."""
    connection = vault.connect(workspace_folder / vault.DATABASE, key)
    target.unlink(missing_ok=True)
    connection.execute(f"ATTACH DATABASE '{target}' AS plain KEY ''")
    connection.execute("SELECT sqlcipher_export('plain')").fetchall()
    bodies = b"".join(segment.body for _, segment in books.all_segments(connection))
    connection.close()
    return target.read_bytes() + bodies


def found_in(data: bytes) -> list[str]:
    """Which texts of the case can be read in some bytes, in any encoding that a program might have used."""
    lowered = data.lower()
    return [
        text for text in TEXTS
        if text.encode() in data or text.encode("utf-16-le") in data or text.encode("utf-16-be") in data
        or text.encode("gb18030") in data or text.encode("unicode_escape").lower() in lowered
    ]


@pytest.fixture
def three(country):
    """Village, township and county, each with a room of which the others know."""
    county = a_county(country)
    for office in (county, country[TOWN], country[VILLAGE]):
        a_room(office)
    country.carry(county, country[TOWN])
    country.carry(country[TOWN], country[VILLAGE])
    return country


# --- nothing to be read --------------------------------------------------------------------------------------------


def test_with_the_room_closed_no_byte_of_a_case_can_be_read_anywhere(three, tmp_path, monkeypatch):
    village, town = three[VILLAGE], three[TOWN]
    added(village, "activity", title="普法宣传")
    case = a_case(village)
    save_draft(village.room.workspace, "d1", "rights_case", {"appeal": TEXTS[0], "party": TEXTS[1]})
    edit_record(village.room, case, {"return_visit": TEXTS[0]})
    stick = three.stick()
    package = sent(village, "up", stick)
    merge_packages(town, [package])
    town_up = sent(town, "up", three.stick())
    kept = backup(village, tmp_path / "out.flbak")["file"]
    village.workspace.backup_before("manual")
    monkeypatch.delenv("FULIAN_RIGHTS_PASSPHRASE", raising=False)
    for office in (village, town):
        rights.close_room(office)
    for kind in all_kinds():
        export_sheet(village, kind.code, tmp_path / f"{kind.code}.xlsx")
    searched = []
    folders = [tmp_path, three.folder, data_folder()]
    for path in {p for folder in folders for p in folder.rglob("*") if p.is_file()}:
        for data in plain_parts(path):
            searched.append(path.name)
            assert found_in(data) == [], path
    assert {ROOM, ROOM_KEYS, vault.DATABASE, package.name, Path(kept).name} <= set(searched)
    for office in (village, town):
        assert found_in(dump(office.workspace.folder, office.workspace.key, tmp_path / "plain.db")) == []
    for file, office in ((package, town), (town_up, three[COUNTY])):
        text = decipher(file, trust=office.trust, keys=[office.keys], own_unit=office.unit).text
        assert b'"class":"restricted"' in text
        assert found_in(text) == []


def test_what_the_search_above_looks_for_is_found_where_it_is(three, tmp_path):
    """The search can fail: it finds the texts in the room itself, and in a workspace that has them."""
    village = three[VILLAGE]
    a_case(village)
    room = village.room.workspace
    plain = tmp_path / "room.db"
    room.db.execute(f"ATTACH DATABASE '{plain}' AS plain KEY ''")
    room.db.execute("SELECT sqlcipher_export('plain')").fetchall()
    assert found_in(plain.read_bytes()) == list(TEXTS)
    added(village, "activity", title=TEXTS[0])
    assert found_in(dump(village.workspace.folder, village.workspace.key, tmp_path / "plain.db")) == [TEXTS[0]]


def test_while_the_room_is_closed_there_is_no_such_kind(fulian, country):
    village = country[VILLAGE]
    case = a_case(village)
    digest = check(village)["digest"]
    rights.close_room(village)
    assert check(village)["digest"] == digest
    ws = village.workspace.folder
    sheet = country.stick() / "x.xlsx"
    for words in (("list", ws, "rights_case"), ("add", ws, "rights_case", "appeal=x"),
                  ("export-sheet", ws, "rights_case", "-o", sheet)):
        assert fulian(*words, code=1)["error"]["code"] == "unknown-kind"
    assert fulian("show", ws, case, code=1)["error"]["code"] == "not-found"
    assert fulian("check", ws)["ok"]
    assert all(act["label"] != "登记案件" for act in fulian("acts", ws)["acts"])
    assert fulian("export", ws, "--to", "up", "-o", country.stick(), "--rights", code=1)["error"]["code"] == "room-closed"
    assert "sealed" not in fulian("export", ws, "--to", "up", "-o", country.stick())
    assert village.counts().keys().isdisjoint(kind.code for kind in restricted_kinds())


def test_a_wrong_second_passphrase_says_so_kindly_and_opens_nothing(fulian, country, monkeypatch):
    village = country[VILLAGE]
    a_case(village)
    rights.close_room(village)
    with pytest.raises(WrongPassphrase) as wrong:
        rights.open_room(village, "not-the-one")
    assert "第二密码不对" in wrong.value.text
    assert village.room is None
    with pytest.raises(WrongPassphrase):
        rights.open_room(village, PASSPHRASE)
    monkeypatch.setenv("FULIAN_RIGHTS_PASSPHRASE", "not-the-one")
    refused = fulian("list", village.workspace.folder, "rights_case", code=1)
    assert refused["error"]["code"] == "wrong-passphrase"


def test_the_second_passphrase_is_another_one_and_is_asked_for_once(country):
    village = country[VILLAGE]
    with pytest.raises(InputProblem) as same:
        rights.create_room(village, PASSPHRASE)
    assert same.value.code == "passphrase-same"
    with pytest.raises(InputProblem) as short:
        rights.create_room(village, "abc")
    assert short.value.code == "passphrase-short"
    assert not rights.has_room(village)
    recovery = rights.create_room(village, SECOND)
    with pytest.raises(InputProblem) as again:
        rights.create_room(village, SECOND)
    assert again.value.code == "room-exists"
    rights.close_room(village)
    assert rights.open_room(village, recovery) is village.room


def test_several_persons_each_have_a_second_passphrase_of_their_own(country):
    village = country[VILLAGE]
    case = a_case(village)
    with pytest.raises(WrongPassphrase):
        rights.add_person(village, "not-the-one", "孙丽", "third-secret")
    rights.add_person(village, SECOND, "孙丽", "third-secret")
    rights.close_room(village)
    assert shown(rights.open_room(village, "third-secret", "孙丽"), case)["values"]["party"] == TEXTS[1]
    rights.close_room(village)
    with pytest.raises(WrongPassphrase):
        rights.open_room(village, SECOND, "孙丽")


def test_a_new_person_comes_in_and_the_old_passphrase_and_recovery_code_open_nothing(country):
    village = country[VILLAGE]
    recovery = rights.create_room(village, SECOND)
    case = add_record(village.room, "rights_case", CASE).id
    renewed = rights.hand_over(village, SECOND, "孙丽", "third-secret")
    rights.close_room(village)
    for old in (SECOND, recovery):
        with pytest.raises(WrongPassphrase):
            rights.open_room(village, old)
    assert shown(rights.open_room(village, "third-secret"), case)["values"]["party"] == TEXTS[1]
    rights.change_passphrase(village, "third-secret", "fourth-secret")
    code = rights.renew_recovery_code(village, "fourth-secret")
    rights.close_room(village)
    for old in ("third-secret", renewed):
        with pytest.raises(WrongPassphrase):
            rights.open_room(village, old)
    assert rights.open_room(village, code) is village.room
    assert rights.standing(village).persons == ("孙丽",)


def test_what_was_shown_in_the_room_is_told_to_the_workspaces_log_without_the_case(country):
    village = country[VILLAGE]
    case = a_case(village)
    reveal(village.room, case)
    lines = [one.words for one in activity(village)]
    assert lines[0] == "在维权档案室查看电话等完整内容"
    assert "建维权档案室" in lines
    raw = village.workspace.db.execute("SELECT what, about FROM log").fetchall()
    assert not any(case in about for _, about in raw)


def test_after_an_undo_the_room_writes_into_the_new_epoch_too(three):
    village, town = three[VILLAGE], three[TOWN]
    added(village, "activity", title="普法宣传")
    (done,) = merge_packages(town, [sent(village, "up", three.stick(), rights_too=False)])["packages"]
    before = town.workspace.epoch
    exchanging.undo_import(town, done["package"])
    a_case(town)
    assert {stream.epoch for stream in town.room.workspace.log.streams()} == {town.workspace.epoch} != {before}


def test_a_ledger_of_cases_is_imported_into_the_room_and_exported_from_it(country, tmp_path):
    village = country[VILLAGE]
    room = a_room(village)
    sheet = a_sheet(tmp_path / "台账.xlsx", [
        ["编号", "来访日期", "来访形式", "姓名", "反映问题", "类别", "处理方式"],
        ["1", "2026.3.2", "来访", "赵某兰", "丈夫打人", "婚姻家庭", "调解"],
        ["2", "2026.3.5", "电话", "", "拖欠工资", "劳动", "转办"],
    ])
    told = import_sheet(room, "rights_case", sheet)
    assert told["total"]["new"] == 2
    rows = list(queries.list_rows(room.workspace.db, kind_of("rights_case")))
    assert [row.flat["channel"] for row in rows] == ["visit", "call"]
    assert export_sheet(room, "rights_case", tmp_path / "out.xlsx")["rows"] == 2
    assert list(queries.list_rows(village.workspace.db, kind_of("activity"))) == []


def a_sheet(path: Path, rows: list[list[str]]) -> Path:
    """A ledger as people keep one."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


# --- in the room ---------------------------------------------------------------------------------------------------


def test_in_the_open_room_a_case_is_entered_found_changed_undone_and_deleted_like_any_record(country):
    village = country[VILLAGE]
    case = a_case(village)
    room = village.room
    kind = kind_of("rights_case")
    assert [row.id for row in queries.list_rows(room.workspace.db, kind, search="zml")] == [case]
    saved = edit_record(room, case, {"risk": "高"})
    assert shown(room, case)["values"]["risk"] == "high"
    undo_act(room, saved.act)
    assert "risk" not in shown(room, case)["values"]
    delete_records(room, [case])
    assert list(queries.list_rows(room.workspace.db, kind)) == []
    assert not any("案件" in act["label"] for act in acts(village))
    assert check(village)["ok"]


def test_a_case_takes_no_photos_and_the_workspaces_photos_are_left_alone(fulian, country, monkeypatch, tmp_path):
    village = country[VILLAGE]
    case = a_case(village)
    monkeypatch.setenv("FULIAN_RIGHTS_PASSPHRASE", SECOND)
    picture = tmp_path / "a.jpg"
    picture.write_bytes(b"not even a picture")
    refused = fulian("add-photo", village.workspace.folder, case, picture, code=1)
    assert refused["error"]["code"] == "no-photos"
    assert not (village.workspace.folder / "photos.db").exists()


def test_a_draft_of_a_case_lies_in_the_room_alone(country):
    village = country[VILLAGE]
    save_draft(a_room(village).workspace, "d1", "rights_case", {"party": "赵某兰"})
    assert drafts(village.workspace) == []
    assert [one["id"] for one in drafts(village.room.workspace)] == ["d1"]


def test_a_case_entered_on_the_command_line_with_the_second_passphrase(fulian, country, monkeypatch, tmp_path):
    village = country[VILLAGE]
    ws = village.workspace.folder
    village.close()
    monkeypatch.setenv("FULIAN_RIGHTS_PASSPHRASE", SECOND)
    assert len(fulian("rights", ws, "create")["recovery_code"]) == 39
    case = fulian("add", ws, "rights_case", *(f"{name}={value}" for name, value in CASE.items()))["id"]
    assert fulian("show", ws, case)["values"]["party"] == TEXTS[1]
    assert fulian("edit", ws, case, "risk=高")["act"]
    assert [one["id"] for one in fulian("list", ws, "rights_case", "--search", "赵某")["records"]] == [case]
    assert len(fulian("history", ws, case)["history"]) == 2
    act = fulian("acts", ws)["acts"][0]["act"]
    fulian("undo", ws, act)
    assert "risk" not in fulian("show", ws, case)["values"]
    figures = fulian("rights", ws, "statistics", "--year", "2026", "-o", tmp_path / "figures.pdf")
    assert figures["total"]["cases"] == figures["total"]["settled"] == 1
    assert (tmp_path / "figures.pdf").stat().st_size > 1000
    assert fulian("rights", ws, "status")["room"] is True
    monkeypatch.delenv("FULIAN_RIGHTS_PASSPHRASE")
    assert fulian("list", ws, "rights_case", code=1)["error"]["code"] == "unknown-kind"
    second = tmp_path / "second.txt"
    second.write_text(SECOND + "\n", "utf-8")
    listed = fulian("list", ws, "rights_case", "--rights-passphrase-file", second)["records"]
    assert [one["id"] for one in listed] == [case]


def test_the_statistics_count_people_and_cases_and_name_nobody(country):
    village = country[VILLAGE]
    a_case(village)
    a_case(village, party="", people="14", channel="来电", handling="咨询", settled_date="", result="", warning_no="")
    ordered = {"order_asked_date": "2025-03-03", "order_issued_date": "2025-03-05", "order_ends_date": "2025-09-05"}
    a_case(village, date="2025-03-02", **ordered)
    report = statistics(village.room, 2026)
    rows = {(row[0], row[1]): (row[2], row[3]) for row in report.rows}
    assert rows["来访来信渠道", "来访"] == (1, 1)
    assert rows["来访来信渠道", "来电"] == (1, 14)
    assert rows["办理方式", "调解"] == (1, 1)
    assert rows["告诫书", "出具"][0] == 1
    assert report.total["people"] == 15
    assert report.total["cases"] == 2
    assert report.notes[0] == "办结率 50%（1 件，共 2 件）"
    assert statistics(village.room).total["orders_issued"] == 1
    assert found_in(repr(report).encode()) == []


# --- on its way ----------------------------------------------------------------------------------------------------


def test_a_case_goes_from_village_to_township_to_county_and_comes_out_equal(three):
    village, town, county = three[VILLAGE], three[TOWN], three[COUNTY]
    case = a_case(village)
    report = merge_packages(town, [sent(village, "up", three.stick())])
    assert report["total"]["sealed"] == 1
    assert report["total"]["in"] == 0
    assert shown(town.room, case) == shown(village.room, case)
    edit_record(town.room, case, {"risk": "高"})
    merge_packages(county, [sent(town, "up", three.stick())])
    assert shown(county.room, case) == shown(town.room, case)
    assert shown(county.room, case)["values"]["risk"] == "high"
    merge_packages(village, [sent(town, VILLAGE, three.stick())])
    assert shown(village.room, case)["values"]["risk"] == "high"
    for office in (village, town, county):
        assert check(office)["ok"], check(office)["problems"]


def test_what_came_while_the_room_was_closed_is_there_when_it_is_opened(three):
    village, town = three[VILLAGE], three[TOWN]
    case = a_case(village)
    rights.close_room(town)
    assert merge_packages(town, [sent(village, "up", three.stick())])["packages"][0]["state"] == "merged"
    assert shown(a_room(town), case) == shown(village.room, case)


def test_a_township_without_a_room_forwards_byte_for_byte_what_it_cannot_read(country):
    village, town, county = country[VILLAGE], country[TOWN], a_county(country)
    a_room(county)
    country.carry(county, town)
    country.carry(town, village)
    case = a_case(village)
    package = sent(village, "up", country.stick())
    merge_packages(town, [package])
    assert not rights.has_room(town)
    forwarded = country.packed(town, COUNTY)
    assert packed_restricted(package, town) == packed_restricted(forwarded, county) != []
    merge_packages(county, [forwarded])
    assert shown(county.room, case) == shown(village.room, case)
    assert check(town)["ok"]


def packed_restricted(package: Path, office: Office) -> list[Segment]:
    """The sealed segments of a package, as its receiver reads it."""
    return [one.segment for one in opened(office, package).segments if one.header.cls == "restricted"]


def test_own_cases_go_only_when_asked_and_what_the_receiver_holds_goes_once(three):
    village, town = three[VILLAGE], three[TOWN]
    a_case(village)
    assert "sealed" not in export_package(village, "up", three.stick())[0]
    first = export_package(village, "up", three.stick(), rights=True)[0]
    assert first["sealed"] == 1
    merge_packages(town, [Path(first["file"])])
    three.carry(town, village)
    assert "sealed" not in export_package(village, "up", three.stick(), rights=True)[0]
    assert export_package(village, "up", three.stick(), rights=True, full=True)[0]["sealed"] == 1


def test_merging_the_same_sealed_package_again_changes_nothing(three):
    village, town = three[VILLAGE], three[TOWN]
    a_case(village)
    package = sent(village, "up", three.stick())
    merge_packages(town, [package])
    again = merge_packages(town, [package])
    assert again["packages"][0]["state"] == "unchanged"
    assert "sealed" not in again["total"]


def test_an_import_of_sealed_changes_is_undone_and_merged_again(three):
    village, town = three[VILLAGE], three[TOWN]
    case = a_case(village)
    package = sent(village, "up", three.stick())
    (done,) = merge_packages(town, [package])["packages"]
    exchanging.undo_import(town, done["package"])
    assert queries.find_by_id(town.room.workspace.db, case) is None
    assert "sealed" not in export_package(town, "up", three.stick())[0]
    other = sent(village, "up", three.stick(), full=True, rights_too=False)
    assert other.exists()
    assert merge_packages(town, [package])["packages"][0]["state"] == "merged"
    assert shown(town.room, case) == shown(village.room, case)


def test_an_undo_while_the_room_is_closed_holds_when_it_is_opened(three):
    village, town = three[VILLAGE], three[TOWN]
    case = a_case(village)
    (done,) = merge_packages(town, [sent(village, "up", three.stick())])["packages"]
    rights.close_room(town)
    exchanging.undo_import(town, done["package"])
    assert queries.find_by_id(a_room(town).workspace.db, case) is None


def test_a_missing_earlier_package_is_named_without_opening_anything(three):
    village, town = three[VILLAGE], three[TOWN]
    a_case(village)
    first = sent(village, "up", three.stick())
    rights.close_room(town)
    later = a_case(village)
    (written,) = export_package(village, "up", three.stick(), rights=True)
    both = packed_restricted(Path(written["file"]), town)
    assert len(both) == 2
    only = packed_segments(village, three.stick(), both[1:])
    (report,) = merge_packages(town, [only])["packages"]
    assert report["state"] == "waiting"
    assert "前面还缺上报包" in report["reason"]
    assert queries.find_by_id(a_room(town).workspace.db, later) is None
    merge_packages(town, [first])
    assert shown(town.room, later) == shown(village.room, later)


def test_a_room_that_becomes_known_later_gets_what_was_sealed_before(country):
    village, town = country[VILLAGE], country[TOWN]
    case = a_case(village)
    merge_packages(town, [sent(village, "up", country.stick())])
    assert a_room(town).taken.unreadable == 1
    country.carry(town, village)
    (written,) = export_package(village, "up", country.stick(), rights=True)
    assert written["sealed"] == 1
    merge_packages(town, [Path(written["file"])])
    assert shown(town.room, case) == shown(village.room, case)
    assert check(village)["ok"]
    assert check(town)["ok"]


def test_who_signs_for_another_unit_makes_no_room_of_it(country):
    village, town = country[VILLAGE], country[TOWN]
    box = a_room(village).keys.box_public
    trust, bad = town.trust.add([issue_room(village.keys, unit=TOWN, box=box, serial=9)])
    assert bad == []
    assert trust.rooms() == []
    grown, _ = town.trust.add([issue_room(village.keys, unit=VILLAGE, box=box, serial=9)])
    assert grown.rooms_for(VILLAGE) == [box]
    assert grown.rooms_for(TOWN) == []


def test_a_case_in_an_ordinary_stream_has_no_effect_and_stops_nothing(country):
    village, town = country[VILLAGE], country[TOWN]
    record = "0" * 31 + "1"
    package = crafted(village, country.stick(), [a_put("rights_case", record, {"appeal": "打人"})])
    (report,) = merge_packages(town, [package])["packages"]
    assert report["state"] == "merged"
    assert report["refused"] == 1
    assert check(town)["ok"]


def a_sealed_segment(office: Office, plain: bytes, lines: list[bytes], boxes: list[str]) -> Segment:
    """A restricted segment whose header speaks of ``lines`` while ``plain`` is sealed in it."""
    stream = Stream("ab" * 16, office.unit, "restricted")
    header, body = make_header(
        stream, 1, start_name(stream), lines, key=office.keys.key, made=1, seal=lambda _body: encrypt(plain, boxes),
    )
    return sign_segment(office.keys, header_bytes(header), body)


LINE = a_put("rights_case", "0" * 31 + "2", {"appeal": "真的"})


@pytest.mark.parametrize("plain", [b"", b"no line", b"{}\n", LINE, LINE + b"\n" + LINE + b"\n", b"\xff\n"], ids=repr)
def test_a_segment_whose_inside_is_wrong_is_kept_and_has_no_effect_in_the_room(three, plain):
    village, town = three[VILLAGE], three[TOWN]
    boxes = town.trust.rooms_for(VILLAGE)
    package = packed_segments(village, three.stick(), [a_sealed_segment(village, plain, [LINE], boxes)])
    assert merge_packages(town, [package])["packages"][0]["state"] == "merged"
    assert list(queries.list_rows(town.room.workspace.db, kind_of("rights_case"))) == []
    taken = rights.take_in(town)
    assert len(taken.refused) == 1
    case = a_case(village)
    merge_packages(town, [sent(village, "up", three.stick())])
    assert shown(town.room, case) == shown(village.room, case)


def test_a_record_of_another_class_in_a_sealed_segment_has_no_effect_and_stops_nothing(three):
    village, town = three[VILLAGE], three[TOWN]
    line = a_put("activity", "0" * 31 + "3", {"title": "混进来的"})
    sealed_one = a_sealed_segment(village, line + b"\n", [line], town.trust.rooms_for(VILLAGE))
    merge_packages(town, [packed_segments(village, three.stick(), [sealed_one])])
    assert rights.take_in(town).refused == []
    assert list(queries.list_rows(town.workspace.db, kind_of("activity"))) == []
    assert check(town)["ok"]


# --- kept ----------------------------------------------------------------------------------------------------------


def test_a_backup_takes_the_closed_room_along_and_restoring_brings_it_back(country, tmp_path):
    village = country[VILLAGE]
    case = a_case(village)
    wanted = shown(village.room, case)
    rights.close_room(village)
    backup(village, tmp_path / "a.flbak")
    a_room(village)
    backup(village, tmp_path / "b.flbak")
    for name in ("a", "b"):
        restore(tmp_path / f"{name}.flbak", tmp_path / name, PASSPHRASE)
        with open_office(tmp_path / name, PASSPHRASE) as again:
            assert shown(rights.open_room(again, SECOND), case) == wanted
            later = a_case(again)
            assert shown(again.room, later)["values"]["party"] == TEXTS[1]
            assert again.room.workspace.epoch == again.workspace.epoch != village.workspace.epoch


def test_a_room_that_was_open_when_the_program_was_killed_is_saved_with_its_log(country, tmp_path):
    village = country[VILLAGE]
    case = a_case(village)
    folder = village.workspace.folder
    copy = tmp_path / "killed"
    shutil.copytree(folder, copy)  # as it lies while the room is open: part of it in the -wal
    assert (copy / f"{ROOM}-wal").stat().st_size > 0
    with open_office(copy, PASSPHRASE) as office:
        write_backup(office.workspace, tmp_path / "k.flbak")
    restore(tmp_path / "k.flbak", tmp_path / "back", PASSPHRASE)
    with open_office(tmp_path / "back", PASSPHRASE) as office:
        assert shown(rights.open_room(office, SECOND), case)["values"]["party"] == TEXTS[1]


def test_a_room_is_closed_with_its_workspace_and_opens_again(country):
    village = country[VILLAGE]
    case = a_case(village)
    folder = village.workspace.folder
    again = reopened(village)
    assert not (folder / f"{ROOM}-wal").exists() or (folder / f"{ROOM}-wal").stat().st_size == 0
    assert again.room is None
    assert shown(rights.open_room(again, SECOND), case)["values"]["party"] == TEXTS[1]
    again.close()


def test_a_room_whose_file_rotted_says_so(country):
    village = country[VILLAGE]
    a_case(village)
    rights.close_room(village)
    path = village.workspace.folder / ROOM
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(MachineProblem):
        rights.open_room(village, SECOND)
    assert village.room is None
    assert check(village)["ok"]


def test_the_workspaces_key_opens_no_room(country):
    village = country[VILLAGE]
    a_case(village)
    rights.close_room(village)
    with pytest.raises(MachineProblem):
        vault.connect(village.workspace.folder / ROOM, village.workspace.key)
    assert keystore.persons(village.workspace.folder, ROOM_KEYS) == [village.person]
    assert Room.tables() == restricted_kinds()
    assert sealed.all_sealed(village.workspace.db) == {}
