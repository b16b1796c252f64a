"""Keys and persons: who can open a workspace, and what happens to a keystore or a file that is not right."""

from __future__ import annotations

import base64
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.builders import PASSPHRASE, PERSON, a_village, recovery_code

from fulian_desktop.errors import Damaged, FulianError, InputProblem, MachineProblem, TooNew, WrongPassphrase
from fulian_desktop.store import keystore, vault
from fulian_desktop.store.workspace import Workspace


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vault") / "office"
    a_village(folder).close()
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "office"))


def _key(folder: Path) -> bytes:
    return keystore.unlock(folder, PASSPHRASE)[0]


@pytest.mark.parametrize("person", [PERSON, None])
def test_a_passphrase_opens_for_its_person(folder: Path, person: str | None) -> None:
    assert keystore.unlock(folder, PASSPHRASE, person)[1] == PERSON
    assert keystore.persons(folder) == [PERSON]


@pytest.mark.parametrize(
    "spelling", [str, str.lower, lambda c: c.replace("-", ""), lambda c: c.replace("-", " "), lambda c: f"  {c}\n"],
    ids=["as printed", "lower case", "without hyphens", "with blanks", "with white space around"],
)
def test_the_printed_recovery_code_opens_however_it_is_typed(folder: Path, spelling: Callable[[str], str]) -> None:
    assert keystore.unlock(folder, spelling(recovery_code()))[0] == _key(folder)


@pytest.mark.parametrize("wrong", ["", "secret2", "SECRET1", "secret1 ", " secret1", "王", "2" * 32, "x" * 10_000])
def test_anything_else_does_not_open(folder: Path, wrong: str) -> None:
    with pytest.raises(WrongPassphrase):
        keystore.unlock(folder, wrong)


def test_a_passphrase_of_another_person_does_not_open(folder: Path) -> None:
    keystore.add_person(folder, _key(folder), "李红", "another1")
    with pytest.raises(WrongPassphrase):
        keystore.unlock(folder, "another1", PERSON)
    assert keystore.unlock(folder, "another1")[1] == "李红"
    with pytest.raises(WrongPassphrase):
        keystore.unlock(folder, PASSPHRASE, "没有这个人")


def test_a_new_passphrase_puts_the_old_one_out(folder: Path) -> None:
    key = _key(folder)
    keystore.add_person(folder, key, PERSON, "changed1")
    assert keystore.unlock(folder, "changed1") == (key, PERSON)
    with pytest.raises(WrongPassphrase):
        keystore.unlock(folder, PASSPHRASE)


def test_a_person_who_hands_over_can_open_no_more_and_neither_can_the_old_code(folder: Path) -> None:
    key, old_code = _key(folder), recovery_code()
    new_code = keystore.replace_person(folder, key, PERSON, "李红", "another1")
    assert keystore.persons(folder) == ["李红"]
    assert keystore.unlock(folder, "another1") == (key, "李红")
    assert keystore.unlock(folder, new_code)[0] == key
    for out in (PASSPHRASE, old_code):
        with pytest.raises(WrongPassphrase):
            keystore.unlock(folder, out)


@pytest.mark.parametrize("passphrase", ["", "12345", "王秀英"])
def test_a_short_passphrase_is_refused_before_anything_is_written(tmp_path: Path, folder: Path, passphrase: str) -> None:
    before = (folder / keystore.KEYSTORE).read_bytes()
    key = _key(folder)
    with pytest.raises(InputProblem):
        Workspace.create(tmp_path / "new", person=PERSON, passphrase=passphrase, settings={"unit": "1", "unit_name": "x"})
    with pytest.raises(InputProblem):
        keystore.add_person(folder, key, "李红", passphrase)
    with pytest.raises(InputProblem):
        keystore.replace_person(folder, key, PERSON, "李红", passphrase)
    assert (folder / keystore.KEYSTORE).read_bytes() == before
    assert not (tmp_path / "new").exists()


def test_recovery_codes_are_long_and_never_alike() -> None:
    codes = {keystore.new_recovery_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 39 and not set(code) & set("01IO") for code in codes)


def test_neither_passphrase_nor_key_lies_in_the_keystore(folder: Path) -> None:
    text = (folder / keystore.KEYSTORE).read_text("utf-8")
    key = _key(folder)
    for secret in (PASSPHRASE, recovery_code(), recovery_code().replace("-", ""), key.hex(), base64.b64encode(key).decode()):
        assert secret not in text


# --- a keystore that is not right ----------------------------------------------------------------------------


def _members(change: Callable[[dict[str, Any]], Any], *, sign: bool = False) -> Callable[[bytes], bytes]:
    """Change the keystore's members; ``sign``: as a program would that wrote them."""

    def changed(data: bytes) -> bytes:
        store = json.loads(data)
        change(store)
        if sign:
            store["digest"] = keystore._digest(store)
        return json.dumps(store).encode()

    return changed


def _first(store: dict[str, Any]) -> dict[str, str]:
    return store["persons"][PERSON]


DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut off": lambda data: data[:-20],
    "no JSON": lambda _: b"PK\x03\x04",
    "no UTF-8": lambda _: b"\xff\xfe",
    "a list": lambda _: b"[]",
    "an empty object": lambda _: b"{}",
    "no format": _members(lambda s: s.pop("format"), sign=True),
    "format true": _members(lambda s: s.update(format="1"), sign=True),
    "no digest": _members(lambda s: s.pop("digest")),
    "no persons": _members(lambda s: s.pop("persons"), sign=True),
    "persons a list": _members(lambda s: s.update(persons=[]), sign=True),
    "a person without salt": _members(lambda s: _first(s).pop("salt"), sign=True),
    "a salt that is no base64": _members(lambda s: _first(s).update(salt="*"), sign=True),
    "a salt of one byte": _members(lambda s: _first(s).update(salt="AA=="), sign=True),
    "a nonce of one byte": _members(lambda s: _first(s).update(nonce="AA=="), sign=True),
    "a person that is a text": _members(lambda s: s["persons"].update({PERSON: "x"}), sign=True),
    "another wrapped key": _members(lambda s: _first(s).update(sealed=s["recovery"]["sealed"])),
    "a letter of a name": _members(lambda s: s["persons"].update({"王桂芬": s["persons"].pop(PERSON)})),
}


@pytest.mark.parametrize("spoil", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_keystore_is_said_to_be_damaged_not_a_wrong_passphrase(folder: Path, spoil: Callable[[bytes], bytes]) -> None:
    path = folder / keystore.KEYSTORE
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(Damaged, match="备份"):
        keystore.unlock(folder, PASSPHRASE)


def test_a_keystore_without_the_recovery_code_still_opens_for_its_person(folder: Path) -> None:
    path = folder / keystore.KEYSTORE
    path.write_bytes(_members(lambda s: s.pop("recovery"), sign=True)(path.read_bytes()))
    assert keystore.unlock(folder, PASSPHRASE)[1] == PERSON
    with pytest.raises(Damaged):
        keystore.unlock(folder, recovery_code())


def test_one_bit_flipped_in_the_keystore_is_always_noticed(folder: Path) -> None:
    path = folder / keystore.KEYSTORE
    good = path.read_bytes()
    rng = random.Random(7)
    said = 0
    for _ in range(300):
        bad = bytearray(good)
        at = rng.randrange(len(bad))
        bad[at] ^= 1 << rng.randrange(8)
        path.write_bytes(bad)
        try:
            store = keystore.read_keystore(folder)
        except (Damaged, TooNew):
            said += 1
        else:  # white space between members
            assert store == json.loads(good)
    assert said > 250


@pytest.mark.parametrize("change", [{"format": 2}, {"format": 2, "persons": ["later"]}, {"format": 99, "more": {}}])
def test_a_keystore_from_a_newer_program_is_refused_kindly(folder: Path, change: dict[str, Any]) -> None:
    path = folder / keystore.KEYSTORE
    path.write_bytes(_members(lambda s: s.update(change))(path.read_bytes()))
    with pytest.raises(TooNew, match="升级程序"):
        keystore.unlock(folder, PASSPHRASE)


def test_a_folder_without_a_workspace_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputProblem) as said:
        Workspace.open(tmp_path, PASSPHRASE)
    assert said.value.code == "no-workspace"


# --- a database that is not right -----------------------------------------------------------------------------


def _plain(path: Path) -> None:
    import sqlite3

    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE meta (key, value)")
    connection.commit()
    connection.close()


WRONG_FILES: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "cut in the middle": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "a page short": lambda path: path.write_bytes(path.read_bytes()[:-4096]),
    "a piece of a page short": lambda path: path.write_bytes(path.read_bytes()[:-100]),
    "a page too long": lambda path: path.write_bytes(path.read_bytes() + bytes(4096)),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "another kind of file": lambda path: path.write_bytes(b"PK\x03\x04" * 5_000),
    "a plain SQLite file": _plain,
}


@pytest.mark.parametrize("spoil", WRONG_FILES.values(), ids=WRONG_FILES)
def test_a_database_that_is_not_right_is_damaged_and_restore_is_offered(folder: Path, spoil: Callable[[Path], object]) -> None:
    spoil(folder / vault.DATABASE)
    with pytest.raises(Damaged, match="备份"):
        Workspace.open(folder, PASSPHRASE)


def test_a_database_of_another_key_is_damaged(folder: Path, tmp_path: Path) -> None:
    other, _ = Workspace.create(tmp_path / "other", person="x", passphrase=PASSPHRASE, settings={"unit": "1", "unit_name": "x"})
    other.close()
    shutil.copy(tmp_path / "other" / vault.DATABASE, folder / vault.DATABASE)
    with pytest.raises(Damaged):
        Workspace.open(folder, PASSPHRASE)


@pytest.mark.parametrize(
    ("said", "code", "kind"),
    [
        ("database is locked", "locked", MachineProblem), ("database table is locked: k_family", "locked", MachineProblem),
        ("database or disk is full", "disk-full", MachineProblem), ("disk I/O error", "machine", MachineProblem),
        ("database disk image is malformed", "damaged", Damaged), ("file is not a database", "damaged", Damaged),
        ("attempt to write a readonly database", "machine", MachineProblem),
    ],
)
def test_each_trouble_of_the_database_has_its_sentence(said: str, code: str, kind: type[FulianError]) -> None:
    problem = vault.database_problem(vault.OperationalError(said))
    assert type(problem) is kind
    assert problem.code == code
    assert "下一步" in problem.text


def test_a_database_held_by_another_program_is_not_called_damaged(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = _key(folder)
    holder = vault.connect(folder / vault.DATABASE, key)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    holder.execute("UPDATE meta SET value = value")
    holder.execute("COMMIT")
    with pytest.raises(MachineProblem) as said:
        Workspace.open_with_key(folder, key, PERSON)
    assert said.value.code == "locked"
    holder.close()
    Workspace.open_with_key(folder, key, PERSON).close()


def test_the_files_are_not_readable_without_the_key(folder: Path) -> None:
    with a_village(folder.parent / "named") as office:
        with office.workspace.transaction():
            office.workspace.set_setting("unit_name", "保密的村名")
        files = [p.read_bytes() for p in office.workspace.folder.iterdir() if p.is_file()]
    assert not any("保密的村名".encode() in data or b"CREATE TABLE" in data for data in files)
    assert not any(data.startswith(b"SQLite format 3") for data in files)
