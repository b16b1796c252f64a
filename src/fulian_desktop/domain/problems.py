"""Problems: what is doubtful or missing in something a person typed. Data, not exceptions."""

from __future__ import annotations

from fulian_desktop.domain.immutable import Immutable


class Problem(Immutable):
    """One finding.

    Attributes:
        code: Stable English code for scripts.
        text: 中文: what is wrong and what to do.
        field: Flat name it stands at, or "".
        stops: Whether it stops a save (only a missing first asked field does, DOMAIN §2).
    """

    code: str
    text: str
    field: str = ""
    stops: bool = False
