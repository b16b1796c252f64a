"""An amount as it is shown.

Apart from money.py: the patterns by which amounts are read take 8 ms to compile, and the first page only shows some.
"""

from __future__ import annotations


def format_yuan(fen: int) -> str:
    """``1590000`` → ``15,900.00``: fen as yuan with grouping and two decimals."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02}"
