"""Work on very many small objects at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def many_objects() -> Iterator[None]:
    """The cycle collector rests meanwhile: it would walk millions of values that hold no cycles, again and again.

    Measured on a merge of 90,000 records: a quarter of the time. What was made goes to the oldest generation unwalked,
    or waking up would begin with a walk over all of it (0.06 s of a merge each time). Nested use is fine.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()
            gc.unfreeze()
            gc.enable()
