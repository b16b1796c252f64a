"""The search box: two characters, initials, tails of numbers; never a false hit, never a missed one."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from tests.builders import a_village, added, reopened

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.domain.matching import holds_all, terms_of
from fulian_desktop.domain.pinyin import initials
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import Planned, delete_records, edit_record, restore_records, write_act
from fulian_desktop.store import search as search_index
from fulian_desktop.store import view
from fulian_desktop.store.log import RecordKey
from fulian_desktop.store.queries import list_rows
from fulian_desktop.store.search import pending_numbers
from fulian_desktop.store.workspace import new_id

FAMILIES = {
    "王秀英": ("3组12号", "13812345678", "140702196503081226"),
    "单桂花": ("槐树巷2号", "13900001111", ""),
    "仇小妹": ("", "", ""),
    "王小明小王": ("", "0354-2620123", ""),
    "欧阳娜娜": ("东关", "", ""),
    "阿依古丽·买买提": ("", "", ""),
    "𬱖𡛕": ("", "", ""),
    "Mary": ("", "", ""),
    "王 芳": ("", "", ""),
    "a\"b*": ("", "", ""),
}
QUERIES: list[tuple[str, set[str]]] = [
    ("王秀英", {"王秀英"}),
    ("秀英", {"王秀英"}),
    ("王秀", {"王秀英"}),
    ("王英", set()),
    ("英秀", set()),
    ("王", {"王秀英", "王小明小王", "王 芳"}),
    ("wxy", {"王秀英"}),
    ("WXY", {"王秀英"}),
    ("ｗｘｙ", {"王秀英"}),
    ("xy", {"王秀英"}),
    ("wx", {"王秀英", "王小明小王"}),
    ("wy", set()),
    ("sgh", {"单桂花"}),
    ("dgh", {"单桂花"}),
    ("wxw", set()),
    ("xmx", {"王小明小王"}),
    ("明xw", {"王小明小王"}),
    ("王xw", set()),
    ("qxm", {"仇小妹"}),
    ("oynn", {"欧阳娜娜"}),
    ("王xy", {"王秀英"}),
    ("王小", {"王小明小王"}),
    ("小王", {"王小明小王"}),
    ("王小王", set()),
    ("明小王", {"王小明小王"}),
    ("欧阳", {"欧阳娜娜"}),
    ("娜娜", {"欧阳娜娜"}),
    ("古丽", {"阿依古丽·买买提"}),
    ("古丽买买提", {"阿依古丽·买买提"}),
    ("𡛕", {"𬱖𡛕"}),
    ("𬱖𡛕", {"𬱖𡛕"}),
    ("𬱖", {"𬱖𡛕"}),
    ("mary", {"Mary"}),
    ("ar", {"Mary"}),
    ("王芳", {"王 芳"}),
    ("5678", {"王秀英"}),
    ("12345678", {"王秀英"}),
    ("13812345678", {"王秀英"}),
    ("138 1234 5678", set()),
    ("1226", {"王秀英"}),
    ("081226", {"王秀英"}),
    ("140702", set()),
    ("0123", {"王小明小王"}),
    ("2345", set()),
    ("1111", {"单桂花"}),
    ("12号", {"王秀英"}),
    ("槐树", {"单桂花"}),
    ("槐树巷2", {"单桂花"}),
    ("王 3组", {"王秀英"}),
    ("3组 王", {"王秀英"}),
    ("王 槐树", set()),
    ("wxy 5678", {"王秀英"}),
    ("wxy 1111", set()),
    ("赵", set()),
    ("zz", set()),
    ("%", set()),
    ("*", set()),
    ('"', set()),
    ("' OR 1=1", set()),
    ("王*", {"王秀英", "王小明小王", "王 芳"}),
    ("NEAR(王 秀)", set()),
    ('a"b*', {'a"b*'}),
    ("王\u200b秀英", {"王秀英"}),
]


@pytest.fixture(scope="module", params=["just saved", "indexed"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with a_village(tmp_path_factory.mktemp("search") / "v") as opened:
        for head, (address, phone, number) in FAMILIES.items():
            added(opened, "family", head=head, address=address, phone=phone, head_id_number=number, override_reason="测试")
        if request.param == "indexed":
            assert opened.workspace.catch_up() == len(FAMILIES)
        yield opened


def found(office: Office, search: str) -> set[str]:
    return {row.flat["head"] for row in list_rows(office.workspace.db, kind_of("family"), search=search)}


@pytest.mark.parametrize(("search", "heads"), QUERIES, ids=[q for q, _ in QUERIES])
def test_what_is_typed_finds_these_and_no_others(office: Office, search: str, heads: set[str]) -> None:
    assert found(office, search) == heads


def test_a_blank_search_lists_all(office: Office) -> None:
    assert found(office, "  ") == set(FAMILIES)


def test_a_deleted_record_is_not_found_until_it_is_restored(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        record = added(office, "family").id
        delete_records(office, [record])
        assert found(office, "王秀英") == set()
        restore_records(office, [record])
        assert found(office, "王秀英") == {"王秀英"}


def test_a_changed_record_is_found_by_what_it_is_now_only(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        record = added(office, "family", phone="13812345678").id
        edit_record(office, record, {"head": "单桂花", "phone": "13900001111"})
        assert [found(office, q) for q in ("王秀英", "wxy", "5678")] == [set(), set(), set()]
        assert [found(office, q) for q in ("单桂", "sgh", "1111")] == [{"单桂花"}] * 3
        edit_record(office, record, {"phone": ""})
        assert found(office, "1111") == set()


def test_a_search_that_fails_to_save_leaves_no_trace(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:

        def fails() -> None:
            with office.workspace.transaction():
                office.workspace.db.execute("INSERT INTO s_family(rowid, t) VALUES (7, 'c王秀')")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fails()
        assert office.workspace.db.execute("SELECT count(*) FROM s_family WHERE s_family MATCH 'c王秀'").fetchone() == (0,)


@pytest.mark.parametrize("sort", ["no", "head"])
@pytest.mark.parametrize("descending", [False, True])
def test_hits_come_in_the_order_asked_for_and_by_pages(office: Office, sort: str, descending: bool) -> None:
    from fulian_desktop.store.queries import Page

    db, family = office.workspace.db, kind_of("family")
    whole = [r.no for r in list_rows(db, family, search="王", sort=sort, descending=descending)]
    paged: list[int] = []
    after = None
    while page := list(list_rows(db, family, search="王", sort=sort, descending=descending, limit=1, after=after)):
        paged += [r.no for r in page]
        after = Page(page[-1].flat.get(sort), page[-1].no)
    assert paged == whole
    assert len(whole) == 3


def test_initials_find_what_reading_each_name_finds(tmp_path: Path) -> None:
    rng = random.Random(26)
    characters = "王李张小秀英芳单曾仇解欧阳尉迟M7"
    with a_village(tmp_path / "v") as office:
        heads = sorted(
            {"".join(rng.choices(characters, k=rng.randrange(2, 5))) for _ in range(80)} | {"单于小王", "欧阳芳", "尉迟小英"}
        )
        for head in heads:
            added(office, "family", head=head)
        for _ in range(150):
            name = rng.choice(heads)
            read = rng.choice(initials(name))
            start = rng.randrange(len(read))
            typed = read[start : start + rng.randrange(1, 4)]
            if typed.isdigit():
                continue
            plain = {head for head in heads if any(typed in one for one in initials(head))}
            assert plain <= found(office, typed), typed
            assert name in found(office, typed)


def _a_village_with(folder: Path, heads: Iterable[str]) -> Office:
    office = a_village(folder)
    planned = [Planned(RecordKey(office.unit, "family", bytes.fromhex(new_id())), values={"head": head}) for head in heads]
    write_act(office, planned, "批量登记", all_new=True)
    return office


def test_the_index_finds_what_comparing_every_record_finds(tmp_path: Path) -> None:
    rng = random.Random(9)
    characters = "王李小明石盛曾仇乐英M7"
    heads = ["".join(rng.choices(characters, k=rng.randrange(1, 7))) for _ in range(400)]
    with _a_village_with(tmp_path / "v", heads) as office:
        db, family = office.workspace.db, kind_of("family")
        all_rows = list(list_rows(db, family))
        office.workspace.catch_up()
        assert pending_numbers(db, family) == []
        for _ in range(600):
            name = rng.choice(heads)
            letters = name + "".join(initials(name))
            search = "".join(rng.choices(letters, k=rng.randrange(1, 5)))
            compared = [row.no for row in all_rows if holds_all([(row.flat["head"], "name")], terms_of(search))]
            assert [row.no for row in list_rows(db, family, search=search)] == compared, search


def test_a_program_that_makes_other_tokens_makes_the_index_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = _a_village_with(tmp_path / "v", ["王小王"])
    with monkeypatch.context() as older:
        older.setattr(view, "_TOKENS", 0)
        older.setattr(search_index, "search_tokens", lambda *_, **__: ["c王小", "c小王", "pwx", "pxw"])
        office = reopened(office)
        assert found(office, "wxw") == set()
    office = reopened(office)
    assert found(office, "wxw") == {"王小王"}
    office.close()


def test_three_hundred_random_names_are_found_as_a_plain_scan_finds_them(tmp_path: Path) -> None:
    rng = random.Random(300)
    characters = "王李张小秀英芳明梅兰花桂珍玉单曾仇解𡛕䶮"
    heads = ["".join(rng.choices(characters, k=rng.randrange(2, 6))) for _ in range(300)]
    with _a_village_with(tmp_path / "v", heads) as office:
        db, family = office.workspace.db, kind_of("family")
        for _ in range(300):
            search = "".join(rng.choices(characters, k=rng.randrange(1, 4)))
            plain = [no for (no,) in db.execute("SELECT no FROM k_family WHERE instr(head, ?) > 0 ORDER BY no", [search])]
            assert [row.no for row in list_rows(db, family, search=search)] == plain, search
