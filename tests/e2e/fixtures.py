"""The command line as scripts use it."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.builders import PASSPHRASE
from tests.e2e.builders import Country, a_country

from fulian_desktop.cli import main
from fulian_desktop.store import keystore


class Fulian:
    """Runs a command with ``--json`` in this process and gives back what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *argv: object, code: int = 0) -> Any:
        self._capsys.readouterr()
        got = main([*map(str, argv), "--json"])
        out, err = self._capsys.readouterr()
        assert got == code, (argv, got, out, err)
        assert out.endswith("\n")
        assert out.count("\n") == 1
        return json.loads(out)


_derive = functools.cache(keystore._derive)


@pytest.fixture
def fulian(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Fulian:
    """The command line with a passphrase; ``fulian("show", ws, id)`` gives the JSON object, ``code=`` the exit code."""
    monkeypatch.setenv("FULIAN_PASSPHRASE", PASSPHRASE)
    monkeypatch.setattr(keystore, "_derive", _derive)  # the key of one passphrase and salt, once a run instead of every command
    return Fulian(capsys)


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    """A township and one village, enrolled."""
    with a_country(tmp_path) as made:
        yield made
