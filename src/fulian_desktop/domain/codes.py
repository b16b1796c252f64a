"""Code lists: stable English codes with their 中文 labels, and the other words people use for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from fulian_desktop.domain.immutable import Immutable

NOT_COME = "还没收到的选项"
_ISSUED = re.compile(r"[0-9]{12}:[a-z][a-z0-9_]{0,59}", re.ASCII)


def is_issued_code(code: str) -> bool:
    """Whether a code was added by an office (``unit:code``, DESIGN §2)."""
    return ":" in code and _ISSUED.fullmatch(code) is not None


class CodeList(Immutable):
    """Codes in the order in which they are offered.

    Attributes:
        labels: code → 中文 label.
        aliases: Other words → code, where the meaning is clear (宣传培训 is 宣传宣讲).
        withdrawn: Codes that are shown and understood where they stand, and offered no more.
    """

    labels: Mapping[str, str] = MappingProxyType({})
    aliases: Mapping[str, str] = MappingProxyType({})
    withdrawn: frozenset[str] = frozenset()

    @classmethod
    def of(cls, *pairs: tuple[str, str], aliases: dict[str, str] | None = None) -> CodeList:
        """A list from (code, label) pairs."""
        return cls(dict(pairs), aliases or {})

    def __iter__(self) -> Iterator[str]:
        return iter(self.offered)

    @property
    def offered(self) -> Mapping[str, str]:
        """Code → label of what can be chosen."""
        if not self.withdrawn:
            return self.labels
        return {code: label for code, label in self.labels.items() if code not in self.withdrawn}

    def __hash__(self) -> int:
        return hash(tuple(self.labels))

    def label(self, code: str) -> str:
        """The label of a code; one that an office issued and that has not come says so, any other shows as it stands."""
        return self.labels.get(code) or (NOT_COME if is_issued_code(code) else code)

    def find(self, word: str) -> str | None:
        """The code for a code, a label or an alias; None when the word is not known."""
        if word in self.labels:
            return word
        for code, label in self.labels.items():
            if label == word:
                return code
        return self.aliases.get(word)
