"""By what the records of a kind are counted in a year: its date, the number and the amount that are added up.

Derived from the declarations: figures of the first page and the index that answers them (store/view.py) ask here. Issued
fields have no index, and change nothing of it.
"""

from __future__ import annotations

from fulian_desktop.domain.fields import QUANTITY, Composite, Day, Field, Money, Period
from fulian_desktop.domain.kind import Kind


def date_of(kind: Kind) -> str:
    """The flat name of the date by which a kind counts, "" when only the day of its entry says when.

    The first date that is asked for; else the first date of a kind that holds no ID number: there a date is
    somebody's birth.
    """
    dates = [f for f in kind.fields if isinstance(f.type, Period | Day) and not f.issuer]
    found = next((f for f in dates if f.asked), None) or (None if kind.id_numbers else next(iter(dates), None))
    return found.flat[0] if found is not None else ""


def number_of(kind: Kind) -> Field | None:
    """The number that is asked for in lists and worth adding up (how many came), or None."""
    return next((f for f in kind.fields if f.type is QUANTITY and f.asked and f.column), None)


def money_of(kind: Kind) -> str:
    """The flat name of the amount that lists show, "" when there is none."""
    for declared in kind.fields:
        parts = declared.type.parts if isinstance(declared.type, Composite) else ()
        first = parts[0].type if parts else declared.type
        if declared.column and not declared.issuer and isinstance(first, Money) and not first.rate:
            return declared.flat[0]
    return ""
