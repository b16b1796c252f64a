"""The key derivation is Argon2id as RFC 9106 has it, whichever library computes it."""

from __future__ import annotations

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from fulian_desktop.store import keystore


def test_another_library_derives_the_same_key() -> None:
    salt = bytes(range(16))
    theirs = Argon2id(salt=salt, length=32, iterations=1, lanes=1, memory_cost=65_536).derive("清溪镇的密码".encode())
    assert keystore._derive("清溪镇的密码", salt) == theirs
