"""The view: derived from the declarations, thrown away and made again from the log."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.builders import a_village, added, reopened

from fulian_desktop.domain import kinds
from fulian_desktop.domain.fields import Code, Field, Flag, Integer, Text
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import all_kinds, kind_of
from fulian_desktop.domain.people import SEXES
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import delete_records, edit_record
from fulian_desktop.services.upkeep import check
from fulian_desktop.store import queries
from fulian_desktop.store.rebuild import rebuild_view
from fulian_desktop.store.view import layout, mark_todo, shape

SONG = (
    Field("name", "名称", Text(60), asked=True, column=True, search="name", indexed=True),
    Field("verses", "段数", Integer(0, 99)),
    Field("loud", "大声", Flag()),
    Field("sung_by", "演唱者", Code(codes=SEXES)),
)


def a_song(*fields: Field) -> Kind:
    return Kind(
        code="song",
        label="歌曲",
        cls="ordinary",
        nav="activity",
        order=99,
        icon="activity",
        verb="登记歌曲",
        fields=fields or SONG,
    )


@contextmanager
def declared(kind: Kind) -> Iterator[Kind]:
    """A further kind, as one more file in domain/kinds/ would declare it."""
    all_kinds()
    kinds.register(kind)
    try:
        yield kind
    finally:
        kinds.unregister(kind.code)


def _objects(office: Office, pattern: str) -> dict[str, str]:
    rows = office.workspace.db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: sql for name, sql in rows if re.fullmatch(pattern, name)}


def test_a_further_kind_needs_one_declaration_for_table_index_and_search(tmp_path: Path) -> None:
    office = a_village(tmp_path / "v")
    kept = added(office, "family").id
    assert _objects(office, "k_song|s_song") == {}
    with declared(a_song()) as kind:
        office = reopened(office)
        tables = _objects(office, "k_song.*|s_song")
        assert set(tables) == {
            "k_song", "k_song_counted", "k_song_id", "k_song_joined", "k_song_marked", "k_song_name", "k_song_photos", "s_song",
        }
        assert "STRICT" in tables["k_song"]
        assert tables["s_song"].startswith("CREATE VIRTUAL TABLE")
        song = added(office, "song", name="茉莉花", verses="3", loud="是").id
        added(office, "song", name="在希望的田野上")
        row = queries.find_by_id(office.workspace.db, song)
        assert row is not None
        assert row.flat == {"name": "茉莉花", "verses": 3, "loud": True}
        for search in ("茉莉", "mlh", "花"):
            assert [r.id for r in queries.list_rows(office.workspace.db, kind, search=search)] == [song]
        assert queries.find_by_id(office.workspace.db, kept) is not None
        assert check(office)["ok"]
        office = reopened(office)
        assert office.counts()["song"] == 2
    office.close()


def test_changes_of_a_kind_not_known_here_are_kept_and_appear_after_an_upgrade(tmp_path: Path) -> None:
    """FAULTS 36: kept, without effect, named."""
    office = a_village(tmp_path / "v")
    with declared(a_song()):
        office = reopened(office)
        song = added(office, "song", name="茉莉花").id
    office = reopened(office)
    assert _objects(office, "k_song|s_song") == {}
    named = queries.findings(office.workspace.db)
    assert [(f["kind"], f["state"], f["record"]) for f in named] == [("song", "unknown", song)]
    report = check(office)
    assert report["ok"]
    assert report["changes"] == 1
    with declared(a_song()) as kind:
        office = reopened(office)
        assert [r.flat["name"] for r in queries.list_rows(office.workspace.db, kind, search="茉莉")] == ["茉莉花"]
        assert queries.findings(office.workspace.db) == []
    office.close()


@pytest.mark.parametrize(
    ("fields", "after"),
    [
        (SONG[:1], {"name": "茉莉花"}),
        ((*SONG, Field("place", "地点", Text(60), indexed=True)), {"name": "茉莉花", "verses": 3}),
        ((SONG[1], SONG[0]), {"name": "茉莉花", "verses": 3}),
        ((Field("name", "名称", Text(60)), SONG[1]), {"name": "茉莉花", "verses": 3}),
        ((SONG[0], Field("verses", "段数", Text(20))), {"name": "茉莉花"}),
    ],
    ids=["a field gone", "a field more", "another order", "no longer searched or indexed", "another type"],
)
def test_a_changed_declaration_rebuilds_the_view_from_the_log(tmp_path: Path, fields: Any, after: dict[str, Any]) -> None:
    office = a_village(tmp_path / "v")
    family = added(office, "family").id
    with declared(a_song()):
        office = reopened(office)
        song = added(office, "song", name="茉莉花", verses="3").id
        before = shape()
    with declared(a_song(*fields)):
        assert shape() != before
        office = reopened(office)
        assert office.workspace.setting("shape") == shape()
        row = queries.find_by_id(office.workspace.db, song)
        assert row is not None
        assert row.flat == after
        assert queries.find_by_id(office.workspace.db, family) is not None
        report = check(office)
        assert report["ok"], report
    office.close()


def test_the_same_declarations_are_not_rebuilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = a_village(tmp_path / "v")
    added(office, "family")
    monkeypatch.setattr("fulian_desktop.store.rebuild.rebuild_view", lambda *_: pytest.fail("rebuilt"))
    reopened(office).close()


def test_the_shape_is_worked_out_once_for_a_program_and_again_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = reopened(a_village(tmp_path / "v"))
    worked_out: list[bool] = []
    monkeypatch.setattr("fulian_desktop.store.workspace.shape", lambda kinds: worked_out.append(True) or shape(kinds))
    office = reopened(office)
    assert worked_out == []
    monkeypatch.setattr("fulian_desktop.store.workspace.edition", lambda: "another program")
    office = reopened(office)
    assert worked_out == [True]
    office.workspace.db.execute("UPDATE meta SET value = 'made by an older one' WHERE key = 'shape'")
    office = reopened(office)
    assert office.workspace.setting("shape") == shape()
    office.close()


@pytest.mark.parametrize("kind", [k.code for k in all_kinds()])
def test_every_declared_field_has_its_columns_and_every_column_comes_from_one(kind: str) -> None:
    declared_kind = kind_of(kind)
    columns = layout(declared_kind).columns[9:-1]
    flats = [p.flat for f in declared_kind.fields for p in f.flat_parts if not f.is_table] + [
        f.code for f in declared_kind.tables
    ]
    assert sorted(columns) == sorted(flats)


SPOILS: dict[str, tuple[Callable[[Any], object], str]] = {
    "a changed value": (lambda db: db.execute("UPDATE k_family SET head = '李四' WHERE no = 1"), "row-differs"),
    "a changed flag": (lambda db: db.execute("UPDATE k_family SET flags = flags | 1 WHERE no = 1"), "row-differs"),
    "a lost row": (lambda db: db.execute("DELETE FROM k_family WHERE no = 1"), "row-missing"),
    "a row too many": (
        lambda db: db.execute("INSERT INTO k_family (no, id, unit, flags, created_at, created_by, changed_at, changed_by) "
                              "VALUES (99, x'00', '140702101201', 0, 0, '', 0, '')"), "row-unknown"),
    "another author": (lambda db: db.execute("UPDATE k_family SET created_by = '别人' WHERE no = 1"), "row-differs"),
}


@pytest.mark.parametrize(("spoil", "code"), SPOILS.values(), ids=SPOILS)
def test_a_view_that_does_not_agree_with_the_log_is_named_and_rebuilt(
    tmp_path: Path, spoil: Callable[[Any], object], code: str
) -> None:
    with a_village(tmp_path / "v") as office:
        added(office, "family", size="3", members=[{"name": "李强"}], tags=["单亲"])
        added(office, "family", head="李四", address="")
        delete_records(office, [added(office, "family", head="赵五").id])
        before = check(office)
        rows = list(office.workspace.db.execute("SELECT * FROM k_family ORDER BY id"))
        assert before["ok"]
        spoil(office.workspace.db)
        spoiled = check(office)
        assert not spoiled["ok"]
        assert {p["code"] for p in spoiled["problems"]} == {code}
        assert rebuild_view(office.workspace) == 3
        assert check(office) == before
        again = list(office.workspace.db.execute("SELECT * FROM k_family ORDER BY id"))
        assert [r[1:] for r in again] == [r[1:] for r in rows]
        assert [r.flat["head"] for r in queries.list_rows(office.workspace.db, kind_of("family"), search="ls")] == ["李四"]


def test_a_rebuild_that_is_cancelled_leaves_the_old_view(tmp_path: Path) -> None:
    from fulian_desktop.progress import Cancelled, Progress

    with a_village(tmp_path / "v") as office:
        record = added(office, "family").id
        with pytest.raises(Cancelled):
            rebuild_view(office.workspace, Progress(cancelled=lambda: True))
        assert queries.find_by_id(office.workspace.db, record) is not None
        edit_record(office, record, {"size": "4"})
        assert check(office)["ok"]


def test_rows_that_are_noted_again_in_pieces_are_noted_once(tmp_path: Path) -> None:
    with a_village(tmp_path / "village") as office:
        db = office.workspace.db
        for numbers in ([3, 4, 5], [6, 7], [3, 4, 5], [6, 7]):
            mark_todo(db, kind_of("family"), numbers)
        assert db.execute("SELECT first, last FROM todo WHERE kind = 'family'").fetchall() == [(3, 7)]
