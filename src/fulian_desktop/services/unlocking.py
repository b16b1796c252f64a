"""Unlocking begun early: the key derivation takes as long as everything else at a start, and runs beside it.

Argon2id is meant to be slow (64 MiB) and lets other threads run; meanwhile the rest of the program is imported.
Imports little itself.
"""

from __future__ import annotations

import threading
from pathlib import Path

from fulian_desktop.store.keystore import read_keystore, unlock_keystore


class Unlocking:
    """A key derivation under way for a workspace folder; raises what :func:`read_keystore` raises."""

    def __init__(self, folder: Path, passphrase: str, person: str | None = None) -> None:
        # read here: the other thread then goes straight into the derivation, before imports keep it from running
        self.folder = folder
        self._ask = (read_keystore(folder), passphrase, person)
        self._found: tuple[bytes, str] | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._derive, daemon=True)
        self._thread.start()

    def _derive(self) -> None:
        try:
            self._found = unlock_keystore(*self._ask)
        except BaseException as error:
            self._error = error

    def result(self) -> tuple[bytes, str]:
        """(database key, person); raises what :func:`unlock_keystore` raises."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        assert self._found is not None  # noqa: S101 - one of the two is set
        return self._found
