"""An office's keys: Ed25519 to sign, X25519 (age) to receive (DESIGN §6).

Rules:

* A key id is the first 32 hex digits of SHA-256: of the 32 raw bytes of an Ed25519 public key, of the ASCII
  ``age1…`` text of a box key. Box keys travel as that text, signing keys as 64 hex digits.
* Everything signed begins with a context string, so a signature made for one purpose never fits another.
* A private key leaves this module only through :meth:`OfficeKeys.to_json`, for the encrypted workspace.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SIGNATURE_BYTES = 64
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BOX_PUBLIC = re.compile(r"age1[a-z0-9]{58}", re.ASCII)


@dataclass(frozen=True, slots=False, repr=False)
class OfficeKeys:
    """The private keys of one installation.

    Args:
        sign_seed: 32 bytes, the Ed25519 seed.
        box_secret: The ``AGE-SECRET-KEY-1…`` text.
    """

    sign_seed: bytes = field(repr=False)
    box_secret: str = field(repr=False)

    @classmethod
    def generate(cls, random: Callable[[int], bytes] = os.urandom) -> OfficeKeys:
        """New keys from 64 bytes of ``random``."""
        return cls(random(32), _bech32("age-secret-key-", random(32)).upper())

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> OfficeKeys:
        """What :meth:`to_json` gave; ``ValueError`` when it is not that."""
        keys = cls(bytes.fromhex(raw["sign"]), str(raw["box"]))
        if len(keys.sign_seed) != 32 or not is_box_public(keys.box_public):
            raise ValueError("not a pair of keys")
        return keys

    def to_json(self) -> dict[str, str]:
        """Both secrets, to be stored encrypted and nowhere else."""
        return {"sign": self.sign_seed.hex(), "box": self.box_secret}

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.sign_seed)

    @cached_property
    def sign_public(self) -> bytes:
        """The 32 raw bytes of the Ed25519 public key."""
        return self._private.public_key().public_bytes_raw()

    @cached_property
    def box_public(self) -> str:
        """The ``age1…`` text; ``ValueError`` when the secret is not an age secret."""
        import pyrage  # type: ignore[import-untyped]

        try:
            return str(pyrage.x25519.Identity.from_str(self.box_secret).to_public())
        except pyrage.IdentityError as error:
            raise ValueError("not an age secret key") from error

    @property
    def key(self) -> str:
        """The signing key's id (32 hex digits)."""
        return key_id(self.sign_public)

    @property
    def box(self) -> str:
        """The box key's id (32 hex digits)."""
        return box_id(self.box_public)

    def sign(self, context: bytes, data: bytes) -> bytes:
        """The 64-byte signature over ``context`` ‖ ``data``."""
        return self._private.sign(context + data)

    def __repr__(self) -> str:
        return f"OfficeKeys({self.key})"


@lru_cache(maxsize=16384)
def key_id(sign_public: bytes) -> str:
    """The id of an Ed25519 public key (docs/package-format.md §4)."""
    return sha256(sign_public).hexdigest()[:32]


@lru_cache(maxsize=16384)
def box_id(box_public: str) -> str:
    """The id of a box key (docs/package-format.md §5)."""
    return sha256(box_public.encode("ascii")).hexdigest()[:32]


def is_box_public(text: object) -> bool:
    """Whether ``text`` is an ``age1…`` key that one can encrypt to."""
    return isinstance(text, str) and _BOX_PUBLIC.fullmatch(text) is not None and _is_recipient(text)


@lru_cache(maxsize=16384)
def _is_recipient(text: str) -> bool:
    import pyrage

    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return True


@lru_cache(maxsize=16384)
def _public(sign_public: bytes) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(sign_public)


def verify(sign_public: bytes, context: bytes, data: bytes, signature: bytes) -> bool:
    """Whether ``signature`` is that of ``sign_public`` over ``context`` ‖ ``data``, bad bytes included."""
    from cryptography.exceptions import InvalidSignature

    if len(signature) != SIGNATURE_BYTES or len(sign_public) != 32:
        return False
    try:
        _public(sign_public).verify(signature, context + data)
    except InvalidSignature:
        return False
    return True


def fingerprint(sign_public: bytes) -> str:
    """The short fingerprint of a signing key: see :func:`spoken`."""
    return spoken(key_id(sign_public))


def spoken(key: str) -> str:
    """Six groups of four digits for a key id, easy to read aloud over the telephone (about 80 bits).

    Made from the id, so that it can be shown for a key of which nothing but the id is known.
    """
    digest = sha256(b"fulian-fingerprint-1\n" + bytes.fromhex(key)).digest()
    digits = f"{int.from_bytes(digest, 'big') % 10**24:024d}"
    return " ".join(digits[i : i + 4] for i in range(0, 24, 4))


def _bech32(prefix: str, data: bytes) -> str:
    """BIP 173 text of ``data``: how age writes its keys (age-encryption.org/v1)."""
    bits = int.from_bytes(data, "big") << (-len(data) * 8 % 5)
    count = (len(data) * 8 + 4) // 5
    words = [bits >> 5 * (count - 1 - i) & 31 for i in range(count)]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = _polymod(expanded + words + [0] * 6) ^ 1
    words += [check >> 5 * (5 - i) & 31 for i in range(6)]
    return prefix + "1" + "".join(_BECH32[word] for word in words)


def _polymod(values: list[int]) -> int:
    generators = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate(generators):
            check ^= generator if top >> i & 1 else 0
    return check
