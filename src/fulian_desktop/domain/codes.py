"""Code lists: stable English codes with their 中文 labels, and the other words people use for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from fulian_desktop.domain.immutable import Immutable


class CodeList(Immutable):
    """Codes in the order in which they are offered.

    Attributes:
        labels: code → 中文 label.
        aliases: Other words → code, where the meaning is clear (宣传培训 is 宣传宣讲).
    """

    labels: Mapping[str, str] = MappingProxyType({})
    aliases: Mapping[str, str] = MappingProxyType({})

    @classmethod
    def of(cls, *pairs: tuple[str, str], aliases: dict[str, str] | None = None) -> CodeList:
        """A list from (code, label) pairs."""
        return cls(dict(pairs), aliases or {})

    def __iter__(self) -> Iterator[str]:
        return iter(self.labels)

    def __hash__(self) -> int:
        return hash(tuple(self.labels))

    def label(self, code: str) -> str:
        """The label of a code; a code that is not in the list shows as it stands."""
        return self.labels.get(code, code)

    def find(self, word: str) -> str | None:
        """The code for a code, a label or an alias; None when the word is not known."""
        if word in self.labels:
            return word
        for code, label in self.labels.items():
            if label == word:
                return code
        return self.aliases.get(word)
