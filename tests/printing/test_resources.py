"""Where shipped files are looked for."""

from __future__ import annotations

import sys

import pytest

from fulian_desktop.errors import MachineProblem
from fulian_desktop.resources import resource


def test_the_source_tree_has_its_resources():
    assert resource("fonts/manifest.json").is_file()


def test_the_environment_wins(tmp_path, monkeypatch):
    (tmp_path / "fonts").mkdir()
    monkeypatch.setenv("FULIAN_RESOURCES", str(tmp_path))
    assert resource("fonts") == tmp_path / "fonts"


def test_a_frozen_program_looks_into_its_bundle(tmp_path, monkeypatch):
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "x.txt").write_text("x")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resource("x.txt") == tmp_path / "resources" / "x.txt"


def test_a_missing_file_is_a_broken_installation_and_says_what_to_do():
    with pytest.raises(MachineProblem) as caught:
        resource("fonts/none.ttf")
    assert caught.value.code == "resource-missing"
    assert "重新安装" in caught.value.text
