"""Settled conflicts that were taken back: they are to be decided again (DESIGN §4, §9).

Rules:

* In the ledger an undo is a change like any other: it sets the field to what showed before the settlement and is the last
  word about it, because it comes after all the competing changes. No change can make the conflict come back there.
* An approval is set to nothing instead: in conflict it counted towards no stage, so what merely showed meanwhile must not
  count, here or elsewhere, as if somebody had decided it.
* So it comes back where it was taken back, as something to be decided: the values that competed are read again from the
  record's history. It is over as soon as anything else sets the field.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from fulian_desktop.domain.kind import Kind
from fulian_desktop.ledger.counting import Held
from fulian_desktop.ledger.fold import Folded, Setting, fold_record
from fulian_desktop.services.office import Office
from fulian_desktop.store import books
from fulian_desktop.store.books import Reopened
from fulian_desktop.store.log import RecordKey
from fulian_desktop.store.records import fold_keys


def fields_settled(unit: str, kind: Kind | None, before: Sequence[Held], codes: Sequence[str]) -> tuple[str, ...]:
    """Which of some fields were in conflict among the changes that came before."""
    conflicts = fold_record(unit, kind, before).conflicts
    return tuple(code for code in codes if code in conflicts)


def ancestors_of(order: Sequence[Held], of: Held) -> list[Held]:
    """The changes that come before a change, in order."""
    by_name = {h.name: h for h in order}
    found: set[bytes] = set()
    open_names = list(of.parents)
    while open_names:
        name = open_names.pop()
        if name not in found and name in by_name:
            found.add(name)
            open_names += by_name[name].parents
    return [h for h in order if h.name in found]


def with_reopened(office: Office, key: RecordKey, kind: Kind, folded: Folded) -> Folded:
    """A record as it is to be decided: what was settled and taken back stands among its conflicts."""
    taken = next((one for one in books.reopened(office.workspace.db) if one.key == key), None)
    found = _competing(taken, kind, folded) if taken is not None else {}
    return msgspec.structs.replace(folded, conflicts={**folded.conflicts, **found}) if found else folded


def _competing(taken: Reopened, kind: Kind, folded: Folded) -> dict[str, list[Setting]]:
    """The settings that competed before a settlement, of the fields about which its undo still has the last word."""
    settled = next((h for h in folded.order if h.name == taken.settled), None)
    if settled is None:
        return {}
    place = {h.name: i for i, h in enumerate(folded.order)}
    refused = {(one.change, one.what) for one in folded.refused}
    before = fold_record(taken.key.unit, kind, ancestors_of(folded.order, settled))
    found = {}
    for code in taken.fields:
        last = next((h.name for h in reversed(folded.order) if code in h.change.values and (h.name, code) not in refused), b"")
        if last == taken.undone and code not in folded.conflicts and code in before.conflicts:
            found[code] = [Setting(place[before.order[s.at].name], s.value) for s in before.conflicts[code]]
    return found


def reopened_records(office: Office, *, alone: bool = False) -> dict[RecordKey, int]:
    """The records of which a settlement was taken back and nothing was said since, with how many fields that is.

    ``alone``: only those that have no conflict besides, which are counted elsewhere.
    """
    from fulian_desktop.services.showing import kind_in_force

    log, found = office.workspace.log, {}
    for one in books.reopened(office.workspace.db):
        result = fold_keys(log, {one.key: log.find([one.key.id]).get(one.key.id, [])})[one.key]
        competing = _competing(one, kind_in_force(office, one.key.kind), result.folded)
        counted_elsewhere = alone and result.folded.conflicts
        if competing and result.folded.exists and not result.folded.deleted and not counted_elsewhere:
            found[one.key] = len(competing)
    return found
