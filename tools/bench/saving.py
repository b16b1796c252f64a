"""Saving one record, log and search index included, against a bare insert of its row, both on disk before they return.

Saves and bare inserts take turns one by one, so that both meet the same disk. The village has a year's records.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

from tools.bench import raw
from tools.bench.harness import Case, expect, percentile
from tools.bench.people import People
from tools.bench.township import Made, open_copy, village_units

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import add_record
from fulian_desktop.store.view import layout

SAVES = 500
STALL = 3.0


def measure(made: Made, work: Path, saves: int = SAVES) -> list[Case]:
    """``save_p50``, ``save_p99``, ``save_longest``: in multiples of the bare insert's own."""
    unit = village_units(1)[0]
    people = People("saving", unit)
    sql = f"SELECT * FROM {layout(kind_of('family')).table} WHERE id = ?"
    with open_copy(made.merged, work / "product") as office:
        bare = _Bare(work / "raw", office)
        before = office.counts()["family"]
        product: list[float] = []
        plain: list[float] = []
        for number in range(saves + 10):  # the first ten warm up
            entries = _typed(people)
            start = time.perf_counter()
            saved = add_record(office, "family", entries, unit=unit)
            middle = time.perf_counter()
            row = office.workspace.db.execute(sql, [bytes.fromhex(saved.id)]).fetchone()
            fetched = time.perf_counter()
            bare.insert(row)
            end = time.perf_counter()
            if number >= 10:
                product.append((middle - start) * 1000)
                plain.append((end - fetched) * 1000)
        expect("save", "records", office.counts()["family"], before + saves + 10)
        bare.check(before + saves + 10)
    shutil.rmtree(work / "product")
    samples = {"save_ms": product, "bare_ms": plain}
    return [
        _case("save_p50", product, plain, 0.50, samples), _case("save_p99", product, plain, 0.99, {}),
        Case("save_longest", max(product) / max(plain), STALL, at_least=False,
             note=f"longest save {max(product):.1f} ms, longest bare insert {max(plain):.1f} ms"),
    ]


def _case(name: str, product: list[float], plain: list[float], share: float, samples: dict[str, list[float]]) -> Case:
    mine, theirs = percentile(product, share), percentile(plain, share)
    return Case(name, mine / theirs, 3.0, at_least=False, samples=samples, note=f"{mine:.2f} ms, bare insert {theirs:.2f} ms")


class _Bare:
    """The same table, indices and pragmas, with the records that the township has, and nothing beside."""

    def __init__(self, folder: Path, office: Office) -> None:
        self.db = raw.new_database(folder)
        raw.insert_all(self.db, raw.fetch_rows(office.workspace.db))
        self.statement = layout(kind_of("family")).insert

    def insert(self, row: tuple[Any, ...]) -> None:
        self.db.execute(self.statement, row)  # autocommit: on disk when this returns

    def check(self, wanted: int) -> None:
        expect("bare insert", "rows", self.db.execute("SELECT count(*) FROM k_family").fetchone()[0], wanted)
        self.db.close()


def _typed(people: People) -> dict[str, Any]:
    """A family as it is typed into the form."""
    return {
        "head": people.name(), "address": people.address(), "head_id_number": people.id_number(), "phone": people.phone(),
        "ethnicity": "汉族", "political": "群众", "education": "初中", "occupation": "务农", "size": "4",
    }
