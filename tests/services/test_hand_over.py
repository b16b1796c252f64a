"""The hand-over slip of a hand-in: what it says was noted when the package was written."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.builders import COUNTY, TOWN, VILLAGE, a_village, added, an_office
from tests.e2e.builders import Country, a_country

from fulian_desktop.domain.words import package_number
from fulian_desktop.errors import NotFound
from fulian_desktop.services.enrol import add_unit
from fulian_desktop.services.hand_over import print_hand_over
from fulian_desktop.services.handing_in import hand_in, hand_ins, offer
from fulian_desktop.services.keeping import activity
from fulian_desktop.services.receiving import past_imports
from fulian_desktop.services.records import edit_record
from fulian_desktop.services.unprintable import Unprintable
from fulian_desktop.store.drafts import save_draft


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    with a_country(tmp_path / "country") as made:
        yield made


def _read(office, path: Path, package: str = "") -> str:
    print_hand_over(office, path, package=package)
    return _text(path)


def _text(path: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    return done.stdout.replace(" ", "")


def test_the_slip_counts_records_as_the_page_counted_them_before(country: Country, tmp_path: Path) -> None:
    village = country[VILLAGE]
    first = added(village, "activity")
    added(village, "activity", title="讲座")
    edit_record(village, first.id, {"title": "改过一次"})
    added(village, "family", address="")
    save_draft(village.workspace, "d", "family", {"head": "王"})
    expected = {kind.label: kind.count for kind in offer(village).kinds}
    written = hand_in(village, country.stick())
    text = _read(village, tmp_path / "slip.pdf")
    assert expected == {"活动": 2, "家庭档案": 1}
    for words in (
        "活动2场", "家庭档案1户", "合计：3条记录", "草稿1份", "待补全1条", written.file.name, "王桂芳", "柳树湾村", "清溪镇",
        package_number(written.package).replace(" ", ""),
    ):
        assert words in text, words


def test_a_slip_printed_again_says_what_it_said(country: Country, tmp_path: Path) -> None:
    village = country[VILLAGE]
    added(village, "activity")
    written = hand_in(village, country.stick())
    before = _read(village, tmp_path / "one.pdf", written.package)
    for _ in range(3):
        added(village, "person")
    hand_in(village, country.stick())
    assert _read(village, tmp_path / "two.pdf", written.package) == before
    assert "重点对象3人" in _read(village, tmp_path / "three.pdf")


def test_nothing_left_behind_is_said_too(country: Country, tmp_path: Path) -> None:
    hand_in(country[VILLAGE], country.stick())
    text = _read(country[VILLAGE], tmp_path / "slip.pdf")
    assert "没有新内容" in text
    assert "草稿0份，待补全0条" in text


def test_the_receiver_sees_the_number_that_stands_on_the_slip(country: Country, tmp_path: Path) -> None:
    village, stick = country[VILLAGE], country.stick()
    added(village, "activity")
    hand_in(village, stick)
    from fulian_desktop.services.exchanging import merge_packages

    merge_packages(country[TOWN], [stick])
    (arrived, *_) = past_imports(country[TOWN])
    assert package_number(arrived.package).replace(" ", "") in _read(village, tmp_path / "slip.pdf")


def test_a_hand_in_of_an_older_program_is_printed_with_what_is_known(country: Country, tmp_path: Path) -> None:
    village = country[VILLAGE]
    added(village, "activity")
    hand_in(village, country.stick())
    with village.workspace.transaction():
        village.workspace.db.execute("UPDATE log SET about = json_remove(about, '$.kinds', '$.drafts', '$.photos', '$.size')")
    text = _read(village, tmp_path / "slip.pdf")
    assert f"合计：{hand_ins(village)[0].records}条变更" in text
    assert "草稿" not in text


def test_before_the_first_hand_in_there_is_no_slip(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as village, pytest.raises(NotFound, match="先上报"):
        print_hand_over(village, tmp_path / "slip.pdf")


def test_a_unit_or_a_person_whose_name_no_typeface_has_is_named_and_may_stand_in_words(tmp_path: Path) -> None:
    with an_office(tmp_path / "town", TOWN, person="李\U000323AF") as town:
        county = an_office(tmp_path / "county", COUNTY)
        country = Country(tmp_path, {TOWN: town, COUNTY: county})
        unit = add_unit(county, COUNTY, "榆次\U0001f339区")
        country.enrol(town, county)
        hand_in(town, country.stick())
        with pytest.raises(Unprintable, match=r"单位名称“榆次〔表情〕区”.*经手人“李〔字") as refused:
            print_hand_over(town, tmp_path / "slip.pdf")
        assert [(one.kind, one.record) for one in refused.value.culprits] == [("unit_name", unit), ("", "")]
        assert not (tmp_path / "slip.pdf").exists()
        with (tmp_path / "words.pdf").open("wb") as file:
            refused.value.spelled(file)
        text = _text(tmp_path / "words.pdf")
        for words in ("榆次〔表情〕区", "李〔字U+323AF〕", "印不出来的字"):
            assert words in text, words
        assert activity(town)[0].words == "打印上报交接单 1 条"
        county.close()


def test_printing_a_slip_is_in_the_activity_log(country: Country, tmp_path: Path) -> None:
    hand_in(country[VILLAGE], country.stick())
    _read(country[VILLAGE], tmp_path / "slip.pdf")
    assert activity(country[VILLAGE])[0].words == "打印上报交接单 1 条"
