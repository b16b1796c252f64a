"""Finding sticks: what Linux and Windows say of drives, told by stand-ins for /proc, /sys and kernel32."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fulian_desktop.services import sticks
from fulian_desktop.services.sticks import Stick, size_words, stick_of


def a_machine(folder: Path, disks: dict[str, tuple[str, bool]]) -> Path:
    """A ``/sys``: disk → (bus it hangs on, whether it is removable); each has one partition."""
    blocks = folder / "sys" / "class" / "block"
    blocks.mkdir(parents=True)
    for disk, (bus, removable) in disks.items():
        place = folder / "sys" / "devices" / bus / "block" / disk
        (place / f"{disk}1").mkdir(parents=True)
        (place / "removable").write_text("1\n" if removable else "0\n", "ascii")
        (place / f"{disk}1" / "partition").write_text("1\n", "ascii")
        (blocks / disk).symlink_to(place)
        (blocks / f"{disk}1").symlink_to(place / f"{disk}1")
    return folder / "sys"


def found(folder: Path, lines: list[str], disks: dict[str, tuple[str, bool]]) -> list[tuple[str, str]]:
    mounts = folder / "mounts"
    mounts.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return [(str(path), name) for path, name in sticks._on_linux(mounts, a_machine(folder, disks))]


@pytest.mark.parametrize(
    ("bus", "removable", "is_stick"),
    [("pci0/ata1", False, False), ("pci0/ata1", True, True), ("pci0/usb2/2-1", False, True), ("pci0/usb2/2-1", True, True)],
    ids=["built-in disk", "card reader", "hard disk on USB", "stick"],
)
def test_a_stick_is_what_can_be_taken_out(tmp_path: Path, bus: str, removable: bool, is_stick: bool):
    there = found(tmp_path, ["/dev/sdb1 /media/wang/KINGSTON vfat rw 0 0"], {"sdb": (bus, removable)})
    assert there == ([("/media/wang/KINGSTON", "KINGSTON")] if is_stick else [])


def test_a_stick_without_partitions_counts_too(tmp_path: Path):
    assert found(tmp_path, ["/dev/sdb /mnt/u vfat rw 0 0"], {"sdb": ("usb1", True)}) == [("/mnt/u", "u")]


def test_the_systems_own_mounts_and_second_mounts_are_passed_over(tmp_path: Path):
    lines = [
        "proc /proc proc rw 0 0", "/dev/sda1 / ext4 rw 0 0", "/dev/sdb1 /mnt/u vfat rw 0 0", "/dev/sdb1 /mnt/again vfat rw 0 0",
        "/dev/sdz1 /mnt/nobody vfat rw 0 0", "broken",
    ]
    assert found(tmp_path, lines, {"sda": ("usb1", True), "sdb": ("usb1", True)}) == [("/mnt/u", "u")]


def test_a_space_in_the_name_of_a_stick_is_read(tmp_path: Path):
    lines = ["/dev/sdb1 /media/wang/MY\\040STICK vfat rw 0 0"]
    assert found(tmp_path, lines, {"sdb": ("usb1", True)}) == [("/media/wang/MY STICK", "MY STICK")]


def test_a_system_that_does_not_say_has_no_sticks(tmp_path: Path):
    assert list(sticks._on_linux(tmp_path / "nowhere", tmp_path)) == []


class Kernel:
    """C: built in, E: a stick, G: a DVD drive."""

    def __init__(self) -> None:
        self.kinds = {"C:\\": 3, "E:\\": 2, "G:\\": 5}
        self.modes: list[int] = [7]

    def SetErrorMode(self, mode: int) -> int:
        self.modes.append(mode)
        return self.modes[-2]

    def GetLogicalDrives(self) -> int:
        return sum(1 << ord(root[0]) - ord("A") for root in self.kinds)

    def GetDriveTypeW(self, root: str) -> int:
        return self.kinds[root]


def test_windows_names_sticks_by_their_letter_and_is_left_as_it_was():
    kernel = Kernel()
    assert [(str(path)[:2], name) for path, name in sticks._on_windows(kernel)] == [("E:", "E 盘")]
    assert kernel.modes == [7, sticks._NO_BOXES, 7]


def test_a_stick_that_is_pulled_out_while_it_is_asked_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    gone, here = tmp_path / "gone", tmp_path / "here"
    here.mkdir()
    monkeypatch.setattr(sticks, "_on_linux", lambda *_: iter([(gone, "gone"), (here, "here")]))
    monkeypatch.setattr("sys.platform", "linux")
    (stick,) = sticks.sticks()
    assert (stick.folder, stick.name) == (here, "here")
    assert abs(stick.free - shutil.disk_usage(here).free) < 1 << 30


def test_a_folder_is_known_by_the_stick_it_lies_on(tmp_path: Path):
    stick = Stick(tmp_path / "u", "u", 5 << 20)
    assert stick_of(tmp_path / "u" / "上报", [stick]) is stick
    assert stick_of(tmp_path / "other", [stick]) is None
    assert stick.room == "还剩 5.0 MB"


@pytest.mark.parametrize(("size", "words"), [(0, "0 B"), (900, "900 B"), (4_404_019, "4.2 MB"), (13_529_146_982, "12.6 GB")])
def test_sizes_are_said_as_people_read_them(size: int, words: str):
    assert size_words(size) == words
