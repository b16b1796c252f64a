"""What a revoked key signed counts up to its cut, in whatever order segments and revocation arrive (DESIGN §6; FAULTS 46, 47)."""

from __future__ import annotations

import pytest
from tests.builders import TOWN, VILLAGE, added
from tests.e2e.builders import a_county, adds_up, digest, shown

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.exchange.statements import Cut, issue_revocation
from fulian_desktop.services.exchanging import holdings_for, merge_packages
from fulian_desktop.services.records import edit_record
from fulian_desktop.store import queries


def _titles(office):
    return sorted(r.flat["title"] for r in queries.list_rows(office.workspace.db, kind_of("activity")))


def _revoke(town, village):
    """The township stops the village's computer at what it holds of it."""
    key = village.keys.key
    signed = town.workspace.log.streams_signed_by(key)
    cuts = [Cut(h.stream, *h.tips[0]) for h in holdings_for(town, TOWN) if h.stream in signed]
    texts = issue_revocation(town.keys, issuer=TOWN, unit=VILLAGE, key=key, cuts=cuts, keeps=town.trust.issued_by(key), serial=50)
    with town.workspace.transaction():
        town.keep_trust(town.trust.add(texts)[0])


@pytest.fixture
def reported(country):
    """A village that has handed in one activity."""
    record = added(country[VILLAGE], "activity", title="停用以前").id
    country.carry(country[VILLAGE], country[TOWN])
    return country, record


def test_what_lies_before_the_cut_counts_and_what_lies_beyond_does_not(reported):
    country, record = reported
    village, town = country[VILLAGE], country[TOWN]
    _revoke(town, village)
    before = digest(town)
    edit_record(village, record, {"title": "停用以后改的"})
    added(village, "activity", title="停用以后")
    report = merge_packages(town, [country.packed(village, TOWN)])
    assert adds_up(report)
    (line,) = report["packages"]
    assert line["state"] == "revoked"
    assert "停用" in line["reason"]
    assert line["added"] == line["changed"] == 0
    assert _titles(town) == ["停用以前"]
    assert shown(town, record)["values"]["title"] == "停用以前"
    assert digest(town) == before


def test_the_revocation_travels_up_and_cuts_there_too(reported):
    country, _ = reported
    village, town = country[VILLAGE], country[TOWN]
    county = a_county(country)
    added(village, "activity", title="还没有交的")
    late = country.packed(village, TOWN)
    _revoke(town, village)
    merge_packages(town, [late])
    country.carry(town, county, full=True)
    assert _titles(county) == _titles(town) == ["停用以前"]
    assert county.trust.revoked_keys() == town.trust.revoked_keys() == {village.keys.key}
    assert digest(county, VILLAGE) == digest(town, VILLAGE)


def test_a_revocation_that_arrives_after_the_segments_takes_back_what_lies_beyond(reported):
    country, record = reported
    village, town = country[VILLAGE], country[TOWN]
    county = a_county(country)
    cut_here = {h.stream: h.tips[0] for h in holdings_for(town, TOWN)}
    edit_record(village, record, {"title": "停用以后改的"})
    country.carry(village, town)
    country.carry(town, county)
    assert _titles(county) == ["停用以后改的"]
    key = village.keys.key
    cuts = [Cut(s, *cut_here[s]) for s in sorted(town.workspace.log.streams_signed_by(key)) if s in cut_here]
    texts = issue_revocation(town.keys, issuer=TOWN, unit=VILLAGE, key=key, cuts=cuts, keeps=[], serial=50)
    with town.workspace.transaction():
        town.keep_trust(town.trust.add(texts)[0])
    report = country.carry(town, county)
    assert adds_up(report)
    assert _titles(county) == ["停用以前"]
    digest(county)
