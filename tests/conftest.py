"""What every test has: a data folder of its own, one cache of fonts for all, no clock and no passphrase from outside."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepared fonts, shared by all tests of one run."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FULIAN_DATA", str(tmp_path_factory.mktemp("data")))
    monkeypatch.setenv("FULIAN_CACHE", str(cache_folder))
    for name in ("FULIAN_CLOCK", "FULIAN_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)
