"""Defects that once were, each as the story in which it was found."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.builders import PASSPHRASE, TOWN, VILLAGE, a_village, added, an_office
from tests.store.test_log import LINES, NAMES, START, STREAM, Store, _branch, _cut, _own

from fulian_desktop.errors import WrongPassphrase
from fulian_desktop.ledger.chains import Chain, Run
from fulian_desktop.services import enrol, exchanging
from fulian_desktop.services.office import open_office
from fulian_desktop.services.upkeep import restore
from fulian_desktop.store import vault
from fulian_desktop.store.backups import write_backup


def test_a_gap_is_not_a_fork() -> None:
    """A loose run is no second start: a merge called it a fork."""
    assert not Chain(STREAM, [Run(1, 1, 3, START, None), Run(2, 7, 9, NAMES[6], None)], [], lambda _: None).forked


@pytest.mark.parametrize("sizes", [[5], [8], [3, 3], [9], [10]])
def test_a_tail_cut_before_a_branching_keeps_the_branch_on_its_chain(sizes: list[int]) -> None:
    """What hung on the tail beyond the cut hangs on the run that the rest becomes."""
    store = Store()
    _own(store, 10)
    store.receive(1, [*LINES[:8], *_branch(8, 4)], START)
    before = (store.heads(), store.waiting(), sorted(store.places()))
    tips = {store.log().name_at(*tip) for tip in store.log().chain(1).tips()}
    _cut(store, sizes)
    assert (store.heads(), store.waiting(), sorted(store.places())) == before
    assert {store.log().name_at(*tip) for tip in store.log().chain(1).tips()} == tips
    branch = next(run for run in store.log().chain(1).runs.values() if run.first == 9 and run.parent is not None
                  and store.log().name_at(run.no, 9) != NAMES[9])
    path = store.log().chain(1).path(branch.no, branch.last)
    runs = store.log().chain(1).runs
    assert sorted(seq for no, last in path.items() for seq in range(runs[no].first, min(last, runs[no].last) + 1)) == list(
        range(1, 13)
    )


def test_an_import_taken_back_does_not_make_this_a_copy(tmp_path: Path) -> None:
    """The note of what was exported still names the epoch before."""
    town = an_office(tmp_path / "t", TOWN)
    enrol.add_unit(town, VILLAGE, "柳树湾村")
    enrol.invite(town, tmp_path / "invite.flpkg")
    village, _, _ = enrol.join(tmp_path / "v", tmp_path / "invite.flpkg", unit=VILLAGE, person="王桂芳", passphrase="secret2")
    stick = tmp_path / "stick"
    stick.mkdir()
    enrol.request(village, stick / "request.flpkg")
    enrol.approve(town, [stick], target=tmp_path / "certificate.flpkg")
    added(village, "family")
    exchanging.export_package(village, "up", stick)
    merged = exchanging.merge_packages(town, [stick])
    (tmp_path / "down").mkdir()
    exchanging.export_package(town, "all-below", tmp_path / "down")
    package = next(p["package"] for p in merged["packages"] if p["state"] == "merged")
    exchanging.undo_import(town, package)
    epoch = town.workspace.epoch
    town.close()
    village.close()
    with open_office(tmp_path / "t", PASSPHRASE) as again:
        assert not again.is_copy
        assert again.workspace.epoch == epoch


def test_a_mistyped_passphrase_at_restore_can_be_typed_again(tmp_path: Path) -> None:
    """The first try left a folder that the second was not allowed to write over."""
    with a_village(tmp_path / "v") as office:
        added(office, "family")
        write_backup(office.workspace, tmp_path / "a.flbak")
    with pytest.raises(WrongPassphrase):
        restore(tmp_path / "a.flbak", tmp_path / "back", "mistyped")
    assert restore(tmp_path / "a.flbak", tmp_path / "back", PASSPHRASE)["records"] == 1


def test_a_hand_copy_without_its_wal_is_said_to_be_a_copy(tmp_path: Path) -> None:
    """FAULTS 20: even the word that it exported lay in the -wal."""
    town = an_office(tmp_path / "t", TOWN)
    enrol.add_unit(town, VILLAGE, "柳树湾村")
    enrol.invite(town, tmp_path / "invite.flpkg")
    village, _, _ = enrol.join(tmp_path / "v", tmp_path / "invite.flpkg", unit=VILLAGE, person="王桂芳", passphrase="secret2")
    town.close()
    village.workspace.checkpoint()
    data = (tmp_path / "v" / vault.DATABASE).read_bytes()
    added(village, "family")
    (tmp_path / "stick").mkdir()
    enrol.request(village, tmp_path / "stick" / "request.flpkg")
    exchanging.export_package(village, "up", tmp_path / "stick")
    village.close()
    (tmp_path / "v" / vault.DATABASE).write_bytes(data)
    with open_office(tmp_path / "v", "secret2") as again:
        assert again.is_copy
