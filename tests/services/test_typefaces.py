"""The window's typefaces as files."""

from __future__ import annotations

from pathlib import Path

import pytest

from fulian_desktop.errors import Damaged, MachineProblem
from fulian_desktop.printing import fonts
from fulian_desktop.services import typefaces
from fulian_desktop.services.typefaces import FACES, window_fonts


@pytest.fixture
def no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache folder that cannot be made, since a file has its name (also for an administrator)."""
    (tmp_path / "cache").write_bytes(b"")
    monkeypatch.setenv("FULIAN_CACHE", str(tmp_path / "cache"))


def test_the_window_takes_the_files_that_paper_keeps():
    assert window_fonts() == [fonts.font_file(face) for face in FACES]


def test_without_a_cache_folder_the_faces_lie_in_a_temporary_one(no_cache, tmp_path, monkeypatch):
    monkeypatch.setattr(typefaces, "_temporary_folder", lambda: tmp_path)
    assert [path.read_bytes() for path in window_fonts()] == [fonts.font_bytes(face) for face in FACES]
    assert {path.parent for path in window_fonts()} == {tmp_path}


def test_without_any_place_it_is_said(no_cache, tmp_path, monkeypatch):
    monkeypatch.setattr(typefaces, "_temporary_folder", lambda: tmp_path / "gone")
    with pytest.raises(MachineProblem) as caught:
        window_fonts()
    assert caught.value.code == "font-cache"


def test_a_damaged_face_is_no_face(monkeypatch):
    def damaged(name: str) -> Path:
        raise Damaged("字体文件已损坏。", "font-damaged")

    monkeypatch.setattr(typefaces, "font_file", damaged)
    with pytest.raises(Damaged):
        window_fonts()
