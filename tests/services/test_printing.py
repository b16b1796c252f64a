"""What is decided about paper: who stands on a roll, a notice, a certificate (DOMAIN §5)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.builders import SIBLING, TOWN, VILLAGE, a_township
from tests.e2e.builders import a_country, a_nomination

from fulian_desktop.errors import InputProblem
from fulian_desktop.services import printing
from fulian_desktop.services.board import missing_list
from fulian_desktop.services.enrol import add_unit
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import add_record, edit_record
from fulian_desktop.services.reports import make_report, write_report
from fulian_desktop.services.unprintable import NAMED, Unprintable, print_spelled
from fulian_desktop.store import queries

NAMES = ("王㛃", "李䶮", "张𡛕", "赵𬱖", "买买提·阿不都拉")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Office]:
    with a_township(tmp_path / "t") as office:
        yield office


def _nominated(town: Office, name: str, campaign: str) -> str:
    number = "140702196503081226"
    family = add_record(town, "family", {"head": name, "address": "3组12号", "head_id_number": number}, unit=VILLAGE)
    entries = {"campaign": campaign, "family": family.id, "way": "organization", "submitted_date": "2026-01-05"}
    return add_record(town, "nomination", entries, unit=VILLAGE).id


def _campaign(town: Office) -> str:
    entries = {"title": "2025年度最美家庭", "honor": "most_beautiful_family", "year": 2025, "public_days": 5}
    return add_record(town, "campaign", entries).id


def _text(pdf: Path) -> str:
    return subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True).stdout


def test_the_honor_roll_names_the_approved_and_nothing_private(town: Office, tmp_path: Path) -> None:
    campaign = _campaign(town)
    for name in NAMES:
        edit_record(town, _nominated(town, name, campaign), {"approval_result": "通过", "approval_date": "2026-02-01"})
    _nominated(town, "钱未批", campaign)
    printing.print_honor_roll(town, tmp_path / "roll.pdf")
    text = _text(tmp_path / "roll.pdf")
    assert [name for name in NAMES if name not in text] == []
    assert "钱未批" not in text
    assert "12号" not in text
    assert "140702196503081226" not in text


def test_a_notice_names_those_with_a_notice_of_the_deciding_level_only(town: Office, tmp_path: Path) -> None:
    campaign = _campaign(town)
    edit_record(town, _nominated(town, "孙公示", campaign), {"public_from": "2026-01-10", "public_to": "2026-01-15"})
    village = {"notice_village_from": "2026-01-10", "notice_village_to": "2026-01-15"}
    edit_record(town, _nominated(town, "周村里", campaign), village)
    decided = {"public_from": "2026-01-10", "public_to": "2026-01-15", "approval_result": "通过", "approval_date": "2026-02-01"}
    edit_record(town, _nominated(town, "吴已批", campaign), decided)
    assert printing.print_notice(town, tmp_path / "notice.pdf")["families"] == 1
    text = _text(tmp_path / "notice.pdf")
    assert "孙公示" in text
    assert "周村里" not in text
    assert "吴已批" not in text


def test_a_village_prints_its_own_notice_of_those_it_recommends(tmp_path: Path) -> None:
    with a_country(tmp_path, VILLAGE) as country:
        village, town = country[VILLAGE], country[TOWN]
        campaign = _campaign(town)
        country.carry(town, village)
        record = a_nomination(village, campaign, head="周村里")
        edit_record(village, record, {"notice_village_from": "2026-01-10", "notice_village_to": "2026-01-15"})
        printing.print_notice(village, tmp_path / "notice.pdf")
        text = _text(tmp_path / "notice.pdf").replace("\n", "")
        assert "周村里" in text
        assert "拟推荐下列 1 户家庭参评" in text
        assert "柳树湾村妇" in text
        assert "清溪镇妇" not in text


def test_a_notice_without_anybody_is_said(town: Office, tmp_path: Path) -> None:
    _nominated(town, "周村里", _campaign(town))
    with pytest.raises(InputProblem, match="公示"):
        printing.print_notice(town, tmp_path / "notice.pdf")


def test_a_certificate_keeps_its_number_when_it_is_printed_again(town: Office, tmp_path: Path) -> None:
    campaign = _campaign(town)
    record = _nominated(town, "王㛃", campaign)
    edit_record(town, record, {"approval_result": "通过", "approval_date": "2026-02-01"})
    numbers = []
    for name in ("a.pdf", "b.pdf"):
        printing.print_certificates(town, tmp_path / name)
        row = queries.find_by_id(town.workspace.db, record)
        assert row is not None
        numbers.append(row.flat["award_township_certificate_no"])
        assert numbers[-1] in _text(tmp_path / name)
    assert numbers[0] == numbers[1]


def test_a_roster_shows_no_address_and_masks_telephones(town: Office, tmp_path: Path) -> None:
    entries = {"head": "王秀英", "address": "3组12号", "phone": "13812345678"}
    add_record(town, "family", entries, unit=VILLAGE)
    printing.print_roster(town, tmp_path / "roster.pdf")
    text = _text(tmp_path / "roster.pdf")
    assert "王秀英" in text
    assert "12号" not in text
    assert "13812345678" not in text


def test_an_honor_roll_and_certificates_name_the_record_and_are_never_printed_with_words_for_a_name(
    town: Office, tmp_path: Path
) -> None:
    campaign = _campaign(town)
    record = _nominated(town, "李\U000323AF", campaign)
    edit_record(town, record, {"approval_result": "通过", "approval_date": "2026-02-01"})
    for write in (printing.print_honor_roll, printing.print_certificates):
        with pytest.raises(Unprintable) as refused:
            write(town, tmp_path / "paper.pdf")
        (culprit,) = refused.value.culprits
        assert (culprit.kind, culprit.record, culprit.characters) == ("nomination", record, "字 U+323AF")
        assert refused.value.spelled is None
        with pytest.raises(Unprintable):
            print_spelled(lambda target, write=write: write(town, target), tmp_path / "paper.pdf")
    assert not (tmp_path / "paper.pdf").exists()


def test_of_a_report_the_record_is_named_too(town: Office, tmp_path: Path) -> None:
    record = add_record(town, "activity", {"title": "献花\U0001f339", "date": "2026.3.8"}).id
    with pytest.raises(Unprintable, match="活动“献花〔表情〕”") as refused:
        write_report(town, make_report(town, "activity-ledger"), tmp_path / "ledger.pdf")
    assert [one.record for one in refused.value.culprits] == [record]
    with (tmp_path / "ledger.pdf").open("wb") as file:
        refused.value.spelled(file)
    assert "献花〔表情〕" in _text(tmp_path / "ledger.pdf")


def test_many_records_with_such_characters_are_counted_and_the_first_named(town: Office, tmp_path: Path) -> None:
    for number in range(NAMED + 5):
        add_record(town, "activity", {"title": f"献花{number}\U0001f339", "date": "2026.3.8"})
    with pytest.raises(Unprintable) as refused:
        printing.print_roster(town, tmp_path / "roster.pdf", kind_code="activity")
    assert (len(refused.value.culprits), refused.value.count) == (NAMED, NAMED + 5)


def test_a_units_name_is_named_once_and_not_with_every_record_of_the_unit(town: Office, tmp_path: Path) -> None:
    unit = add_unit(town, VILLAGE, "柳树\U0001f339湾村")
    for title in ("讲座", "献花\U0001f339"):
        add_record(town, "activity", {"title": title, "date": "2026.3.8"}, unit=VILLAGE)
    for write in (
        lambda: printing.print_roster(town, tmp_path / "paper.pdf", kind_code="activity"),
        lambda: write_report(town, make_report(town, "activity-ledger"), tmp_path / "paper.pdf"),
    ):
        with pytest.raises(Unprintable) as refused:
            write()
        assert [(one.label, one.name) for one in refused.value.culprits] == [
            ("单位名称", "柳树〔表情〕湾村"), ("活动", "献花〔表情〕"),
        ]
        assert refused.value.culprits[0].record == unit


def test_the_list_of_those_who_have_not_reported_names_the_unit(town: Office, tmp_path: Path) -> None:
    unit = add_unit(town, VILLAGE, "柳树\U0001f339湾村")
    add_unit(town, SIBLING, "杏花村")
    with pytest.raises(Unprintable, match="单位名称“柳树〔表情〕湾村”") as refused:
        write_report(town, missing_list(town), tmp_path / "missing.pdf")
    assert [one.record for one in refused.value.culprits] == [unit]
    with (tmp_path / "missing.pdf").open("wb") as file:
        refused.value.spelled(file)
    assert {"柳树〔表情〕湾村", "杏花村"} <= set(_text(tmp_path / "missing.pdf").split())


def test_a_unit_that_is_on_no_line_of_the_paper_is_not_named(town: Office, tmp_path: Path) -> None:
    add_unit(town, SIBLING, "杏花\U0001f339村")
    record = add_record(town, "activity", {"title": "献花\U0001f339", "date": "2026.3.8"}).id
    with pytest.raises(Unprintable) as refused:
        printing.print_roster(town, tmp_path / "roster.pdf", kind_code="activity")
    assert [one.record for one in refused.value.culprits] == [record]
