"""The key file: the random database key, wrapped for everyone who may open the workspace.

``keystore.json`` holds the database key wrapped by Argon2id (64 MiB) of each person's passphrase and once more by
the printed recovery code (DESIGN §7). Imports little and no database: at a start the derivation begins as soon as
this module is there, and runs beside all other imports (services/unlocking.py).
"""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

from nacl import bindings as sodium
from nacl.exceptions import CryptoError

from fulian_desktop.errors import Damaged, InputProblem, MachineProblem, TooNew, WrongPassphrase
from fulian_desktop.store.files import replace_file

KEYSTORE = "keystore.json"
_FORMAT = 1
_MEMORY = 64 * 1024 * 1024
_PASSES = 1
_RECOVERY_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_ABOUT = b"fulian-keystore-1"


def _derive(passphrase: str, salt: bytes) -> bytes:
    if len(salt) != 16:
        raise ValueError("salt")  # the keystore is damaged; the library's own error says nothing of that
    # libsodium lets other threads run meanwhile, and takes the widest instructions that the processor has
    return bytes(
        sodium.crypto_pwhash_alg(
            32, passphrase.encode("utf-8"), salt, _PASSES, _MEMORY, sodium.crypto_pwhash_ALG_ARGON2ID13
        )
    )


def _wrap(key: bytes, passphrase: str) -> dict[str, str]:
    salt, nonce = os.urandom(16), os.urandom(12)
    sealed = sodium.crypto_aead_chacha20poly1305_ietf_encrypt(key, _ABOUT, nonce, _derive(passphrase, salt))
    return {name: base64.b64encode(value).decode() for name, value in (("salt", salt), ("nonce", nonce), ("sealed", sealed))}


def _unwrap(entry: Any, passphrase: str) -> bytes | None:  # noqa: ANN401 - as it stands in the file
    try:
        salt, nonce, sealed = (base64.b64decode(entry[name], validate=True) for name in ("salt", "nonce", "sealed"))
        if len(nonce) != 12 or len(sealed) != 48:
            raise ValueError("nonce or key")
        wrapping = _derive(passphrase, salt)
    except (KeyError, ValueError, TypeError) as error:
        raise Damaged("钥匙文件损坏。下一步：用最近的备份恢复。") from error
    try:
        return bytes(sodium.crypto_aead_chacha20poly1305_ietf_decrypt(sealed, _ABOUT, nonce, wrapping))
    except CryptoError:
        return None


def new_recovery_code() -> str:
    """A recovery code to print: eight groups of four, 160 bits, no letters that look alike."""
    import secrets

    letters = "".join(secrets.choice(_RECOVERY_ALPHABET) for _ in range(32))
    return "-".join(letters[i : i + 4] for i in range(0, 32, 4))


def _plain_recovery(code: str) -> str:
    return "".join(c for c in code.upper() if c in _RECOVERY_ALPHABET)


def check_passphrase(passphrase: str) -> None:
    """A passphrase has at least six code points; :class:`InputProblem` says so."""
    if len(passphrase) < 6:
        raise InputProblem(f"密码至少要 6 位，现在是 {len(passphrase)} 位。", "passphrase-short")


def create_keystore(folder: Path, person: str, passphrase: str, *, name: str = KEYSTORE) -> tuple[bytes, str]:
    """Make a key and write the key file; returns (database key, recovery code). ``name`` is the file's, here and below."""
    check_passphrase(passphrase)
    key, recovery = os.urandom(32), new_recovery_code()
    store = {"format": _FORMAT, "persons": {person: _wrap(key, passphrase)}, "recovery": _wrap(key, _plain_recovery(recovery))}
    _write(folder, store, name)
    return key, recovery


def _digest(store: dict[str, Any]) -> str:
    """Over all but itself: a bit that rots in a wrapped key must not look like a wrong passphrase."""
    rest = {name: value for name, value in store.items() if name != "digest"}
    return sodium.crypto_hash_sha256(json.dumps(rest, ensure_ascii=True, sort_keys=True).encode("ascii")).hex()


def _write(folder: Path, store: dict[str, Any], name: str) -> None:
    store["digest"] = _digest(store)
    replace_file(folder / name, json.dumps(store, ensure_ascii=False, indent=1).encode("utf-8"))


def read_keystore(folder: Path, name: str = KEYSTORE) -> dict[str, Any]:
    """The parsed keystore; kind errors when there is none, or it is damaged or newer."""
    try:
        return parse_keystore((folder / name).read_bytes())
    except FileNotFoundError as error:
        raise InputProblem("这个文件夹里没有妇联工作台的数据。请换一个文件夹。", "no-workspace") from error
    except PermissionError as error:
        raise MachineProblem("没有权限看这个文件夹，打不开。下一步：请管理员开放权限，或者换一个文件夹。", "machine") from error
    except OSError as error:
        raise Damaged("钥匙文件读不出来。下一步：用最近的备份恢复。") from error


def parse_keystore(data: bytes) -> dict[str, Any]:
    """The bytes of a keystore, parsed; :class:`Damaged` or :class:`TooNew`."""
    try:
        store = json.loads(data)
    except ValueError as error:
        raise Damaged("钥匙文件损坏。下一步：用最近的备份恢复。") from error
    number = store.get("format") if isinstance(store, dict) else None
    if type(number) is int and number > _FORMAT:  # before its other members, which may differ in a later format
        raise TooNew("数据是新版程序写的，请先升级程序。")
    if number != _FORMAT or store.get("digest") != _digest(store) or not isinstance(store.get("persons"), dict):
        raise Damaged("钥匙文件损坏。下一步：用最近的备份恢复。")
    return dict(store)


def persons(folder: Path, name: str = KEYSTORE) -> list[str]:
    """Who can unlock this workspace."""
    return sorted(read_keystore(folder, name)["persons"])


def unlock(folder: Path, passphrase: str, person: str | None = None, *, name: str = KEYSTORE) -> tuple[bytes, str]:
    """The database key and the person it was unlocked for; :class:`WrongPassphrase` when nothing fits.

    Args:
        folder: The workspace.
        passphrase: A person's, or the recovery code.
        person: Whose; None tries all.
        name: The key file's.
    """
    return unlock_keystore(read_keystore(folder, name), passphrase, person)


def unlock_keystore(store: dict[str, Any], passphrase: str, person: str | None = None) -> tuple[bytes, str]:
    """As :func:`unlock`, of a parsed keystore."""
    names = [person] if person is not None else sorted(store["persons"])
    for name in names:
        entry = store["persons"].get(name)
        if entry is not None:
            key = _unwrap(entry, passphrase)
            if key is not None:
                return key, name
    if len(_plain_recovery(passphrase)) == 32:
        key = _unwrap(store.get("recovery"), _plain_recovery(passphrase))
        if key is not None:
            return key, person or (names[0] if names else "")
    raise WrongPassphrase("密码不对。请再输一次；忘记了可以用恢复码打开。")


def add_person(folder: Path, key: bytes, person: str, passphrase: str, *, name: str = KEYSTORE) -> None:
    """Let one more person unlock, or give a person a new passphrase."""
    check_passphrase(passphrase)
    store = read_keystore(folder, name)
    store["persons"][person] = _wrap(key, passphrase)
    _write(folder, store, name)


def replace_person(folder: Path, key: bytes, old: str, new: str, passphrase: str, *, name: str = KEYSTORE) -> str:
    """换人: new person in, old passphrase and recovery code out; returns the new recovery code."""
    check_passphrase(passphrase)
    store = read_keystore(folder, name)
    store["persons"].pop(old, None)
    recovery = new_recovery_code()
    store["persons"][new] = _wrap(key, passphrase)
    store["recovery"] = _wrap(key, _plain_recovery(recovery))
    _write(folder, store, name)
    return recovery


def replace_recovery(folder: Path, key: bytes, *, name: str = KEYSTORE) -> str:
    """Make another recovery code; the old one opens nothing any more. Returns the new one."""
    store = read_keystore(folder, name)
    recovery = new_recovery_code()
    store["recovery"] = _wrap(key, _plain_recovery(recovery))
    _write(folder, store, name)
    return recovery
