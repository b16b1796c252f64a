"""Writing to a stick that is full, read-only, locked, pulled out or a fake; finding what lies on one."""

from __future__ import annotations

import errno
import os
from datetime import date
from pathlib import Path

import pytest

from fulian_desktop.errors import InputProblem, MachineProblem, NotFound
from fulian_desktop.exchange import stick
from fulian_desktop.exchange.refusals import PackageRefused
from fulian_desktop.exchange.stick import (
    PROBLEMS,
    check_writable,
    find_packages,
    package_name,
    read_bounded,
    sweep_parts,
    write_to_folder,
)

NAME = "140702101201-00007-20250308-up-140702101000.flpkg"


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def fine(data: bytes) -> None:
    assert data


def write(folder: Path, data: bytes = b"new", **more) -> Path:
    return write_to_folder(folder, NAME, data, **({"verify": fine, "sleep": lambda seconds: None} | more))


def code_of(act) -> str:
    with pytest.raises(MachineProblem) as caught:
        act()
    assert caught.value.text in PROBLEMS.values() or caught.value.code == "too-many"
    return caught.value.code


def test_a_written_file_lies_there_under_its_name_and_nothing_else(tmp_path):
    path = write(tmp_path, b"x" * 3_000_000)
    assert path == tmp_path / NAME
    assert path.read_bytes() == b"x" * 3_000_000
    assert names_in(tmp_path) == [NAME]


def test_the_steps_come_in_their_order(tmp_path, monkeypatch):
    steps = []
    real_fsync, real_replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (steps.append("fsync"), real_fsync(fd)))
    monkeypatch.setattr(os, "replace", lambda a, b: (steps.append("rename"), real_replace(a, b)))

    def verify(data: bytes) -> None:
        assert names_in(tmp_path) == [NAME + ".part"]
        steps.append("verify")

    write(tmp_path, verify=verify)
    assert steps == ["fsync", "verify", "rename", "fsync"]


def spoiling(monkeypatch, name: str, error: OSError, times: int = 10**6):
    """Let ``os.<name>`` fail that many times."""
    real = getattr(os, name)
    left = [times]

    def fail(*args):
        if left[0] > 0:
            left[0] -= 1
            raise error
        return real(*args)

    monkeypatch.setattr(os, name, fail)


@pytest.mark.parametrize(
    ("name", "error", "code"),
    [
        ("fsync", OSError(errno.ENOSPC, "full"), "disk-full"),
        ("fsync", OSError(errno.EIO, "io"), "io"),
        ("fsync", OSError(errno.ENODEV, "gone"), "gone"),
        ("replace", OSError(errno.EROFS, "ro"), "read-only"),
        ("replace", FileNotFoundError(errno.ENOENT, "gone"), "gone"),
        ("replace", OSError(errno.EBUSY, "busy"), "locked"),
        ("replace", PermissionError(errno.EACCES, "antivirus"), "locked"),
    ],
)
def test_a_failure_leaves_the_old_file_and_no_part(tmp_path, monkeypatch, name, error, code):
    (tmp_path / NAME).write_bytes(b"old")
    spoiling(monkeypatch, name, error)
    assert code_of(lambda: write(tmp_path)) == code
    assert (tmp_path / NAME).read_bytes() == b"old"
    assert names_in(tmp_path) == [NAME]


def test_a_disk_that_fills_up_while_writing(tmp_path, monkeypatch):
    real_open = Path.open

    class Full:
        def __init__(self, file):
            self.file = file

        def __enter__(self):
            return self

        def __exit__(self, *exc):
            self.file.close()

        def write(self, data):
            self.file.write(data[:10])
            raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(
        Path,
        "open",
        lambda self, mode="r", *a: (
            Full(real_open(self, mode, *a)) if mode == "wb" else real_open(self, mode, *a)
        ),
    )
    assert code_of(lambda: write(tmp_path)) == "disk-full"
    assert names_in(tmp_path) == []


def test_a_locked_file_is_tried_again_for_at_most_two_and_a_half_seconds(tmp_path, monkeypatch):
    waited = []
    spoiling(monkeypatch, "replace", PermissionError(errno.EACCES, "antivirus"), times=3)
    assert write(tmp_path, sleep=waited.append).read_bytes() == b"new"
    assert len(waited) == 3
    waited.clear()
    spoiling(monkeypatch, "replace", PermissionError(errno.EACCES, "antivirus"))
    assert code_of(lambda: write(tmp_path, sleep=waited.append)) == "locked"
    assert 2.0 <= sum(waited) <= 2.5


def test_a_windows_sharing_violation_is_a_lock(tmp_path, monkeypatch):
    error = OSError(errno.EINVAL, "sharing violation")
    error.winerror = 32
    spoiling(monkeypatch, "replace", error)
    assert code_of(lambda: write(tmp_path)) == "locked"


def test_what_reads_back_differently_is_not_written(tmp_path, monkeypatch):
    """A fake or failing stick: the file that lies there is not the one that was written."""
    real = os.fsync

    def rot(fd):
        real(fd)
        for part in tmp_path.glob("*.part"):
            part.write_bytes(b"rot")

    monkeypatch.setattr(os, "fsync", rot)
    assert code_of(lambda: write(tmp_path)) == "unwritten"
    assert names_in(tmp_path) == []


def test_what_its_verifier_refuses_is_not_written(tmp_path):
    def refuse(data: bytes) -> None:
        raise PackageRefused("damaged")

    with pytest.raises(PackageRefused):
        write(tmp_path, verify=refuse)
    assert names_in(tmp_path) == []


def test_a_file_that_vanishes_after_writing_is_said(tmp_path, monkeypatch):
    real = os.replace
    monkeypatch.setattr(os, "replace", lambda a, b: (real(a, b), Path(b).unlink()))
    assert code_of(lambda: write(tmp_path)) == "vanished"


def test_a_folder_that_is_gone_is_said(tmp_path):
    assert code_of(lambda: write(tmp_path / "stick")) == "gone"
    assert code_of(lambda: check_writable(tmp_path / "stick")) == "gone"


def test_a_stick_that_cannot_sync_folders_is_still_written(tmp_path, monkeypatch):
    real, calls = os.fsync, []

    def fsync(fd):
        calls.append(fd)
        if len(calls) == 2:
            raise OSError(errno.EINVAL, "not supported")
        real(fd)

    monkeypatch.setattr(os, "fsync", fsync)
    assert write(tmp_path).exists()
    assert len(calls) == 2


def test_a_read_only_stick_is_said_before_work_starts(tmp_path, monkeypatch):
    def fail(self, data):
        raise OSError(errno.EROFS, "read-only")

    check_writable(tmp_path)
    assert names_in(tmp_path) == []
    monkeypatch.setattr(Path, "write_bytes", fail)
    assert code_of(lambda: check_writable(tmp_path)) == "read-only"


def test_a_stick_too_full_is_said_before_work_starts(tmp_path):
    assert code_of(lambda: check_writable(tmp_path, 1 << 60)) == "disk-full"


@pytest.mark.parametrize(
    "name", ["../x", "a b", "村.flpkg", "x.", "", "a" * 61, ".hidden", "a/b", "a\0b", "x\n"]
)
def test_a_name_that_some_system_would_not_take_is_refused_with_a_sentence(tmp_path, name):
    with pytest.raises(InputProblem) as caught:
        write_to_folder(tmp_path, name, b"x", verify=fine)
    assert caught.value.code == "file-name"
    assert "请换一个" in caught.value.text
    assert names_in(tmp_path) == []


def test_a_folder_is_never_written_over(tmp_path):
    (tmp_path / NAME).mkdir()
    with pytest.raises(InputProblem, match="是一个文件夹"):
        write(tmp_path, b"x")
    assert (tmp_path / NAME).is_dir()
    assert names_in(tmp_path) == [NAME]


def test_names_are_ascii_and_short():
    assert package_name("140702101201", 7, date(2025, 3, 8), "up", "140702101000") == NAME
    longest = package_name("140702101201", 9_999_999, date(2025, 12, 31), "certificate", "140702101000")
    assert len(longest) == 60
    assert package_name("140702101000", 1, date(2025, 3, 8), "invitation") == (
        "140702101000-00001-20250308-invitation.flpkg"
    )
    with pytest.raises(ValueError, match="file name"):
        package_name("140702101201", 10_000_000, date(2025, 3, 8), "certificate", "140702101000")


def test_leftovers_of_a_killed_export_are_swept_and_nothing_else(tmp_path):
    for name in (NAME, NAME + ".part", "fulian-probe.part", "film.part", "list.xlsx"):
        (tmp_path / name).write_bytes(b"x")
    assert [p.name for p in sweep_parts(tmp_path)] == [NAME + ".part", "fulian-probe.part"]
    assert sorted(names_in(tmp_path)) == sorted([NAME, "film.part", "list.xlsx"])


def test_packages_are_found_two_levels_down_once_each_in_order(tmp_path):
    for name in (
        "b.flpkg",
        "a.FLPKG",
        "1/c.flpkg",
        "1/2/d.flpkg",
        "1/2/3/e.flpkg",
        "x.zip",
        "._b.flpkg",
        "1/.y/z.flpkg",
        "b.flpkg.part",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    (tmp_path / "1" / "loop").symlink_to(tmp_path, target_is_directory=True)
    names = [p.name for p in find_packages([tmp_path, tmp_path / "b.flpkg", tmp_path])]
    assert names == ["a.FLPKG", "b.flpkg", "c.flpkg", "d.flpkg"]


def test_a_file_that_is_named_is_taken_whatever_its_suffix(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK")
    assert find_packages([tmp_path / "x.zip"]) == [tmp_path / "x.zip"]


def test_a_path_that_does_not_exist_is_said(tmp_path):
    with pytest.raises(NotFound):
        find_packages([tmp_path / "nowhere"])


def test_too_many_files_are_said(tmp_path, monkeypatch):
    monkeypatch.setattr(stick, "MAX_FOUND", 3)
    for n in range(4):
        (tmp_path / f"{n}.flpkg").write_bytes(b"")
    assert code_of(lambda: find_packages([tmp_path])) == "too-many"
    monkeypatch.setattr(stick, "MAX_LOOKED_AT", 2)
    assert code_of(lambda: find_packages([tmp_path])) == "too-many"


def test_a_folder_that_may_not_be_read_holds_nothing_for_us(tmp_path, monkeypatch):
    (tmp_path / "System Volume Information").mkdir()
    (tmp_path / "a.flpkg").write_bytes(b"x")
    real = Path.iterdir

    def iterdir(self):
        if self.name.startswith("System"):
            raise PermissionError(errno.EACCES, "no")
        return real(self)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    assert [p.name for p in find_packages([tmp_path])] == ["a.flpkg"]


def test_a_stick_that_fails_while_it_is_searched_is_said(tmp_path, monkeypatch):
    def iterdir(self):
        raise OSError(errno.EIO, "io")

    monkeypatch.setattr(Path, "iterdir", iterdir)
    assert code_of(lambda: find_packages([tmp_path])) == "unreadable"
    assert code_of(lambda: sweep_parts(tmp_path)) == "io"


def test_reading_is_bounded_and_a_missing_file_is_said(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"0123456789")
    assert read_bounded(path, 4) == b"0123"
    assert read_bounded(path, 400) == b"0123456789"
    assert read_bounded(path, 4, whole=False) == b"0123"
    assert code_of(lambda: read_bounded(tmp_path / "b", 4)) == "unreadable"


def test_a_locked_file_is_read_after_a_while(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_bytes(b"x")
    waited, real = [], Path.open

    def locked(self, *args):
        if len(waited) < 2:
            raise PermissionError(errno.EACCES, "antivirus")
        return real(self, *args)

    monkeypatch.setattr(Path, "open", locked)
    assert read_bounded(path, 9, sleep=waited.append) == b"x"
    assert len(waited) == 2
