"""Whatever path is typed on the command line: a sentence and exit code 1, never a traceback."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest
from tests.builders import PASSPHRASE, PERSON, TOWN, VILLAGE, a_township
from tests.e2e.builders import a_campaign
from tests.e2e.fixtures import Fulian

from fulian_desktop.services import enrol
from fulian_desktop.services.records import add_record

LONG = "x" * 300
JOIN = ("--unit", VILLAGE, "--person", PERSON, "--unit-name", "柳树湾村妇联")
INIT = ("--unit", TOWN, "--unit-name", "柳镇妇联", "--person", PERSON)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A township with its workspace ``ws``, an invitation, a village's request, and files and folders of every bad kind."""
    made = tmp_path_factory.mktemp("place")
    with a_township(made / "ws") as town:
        add_record(town, "family", {"head": "王秀英", "address": "3组12号"})
        a_campaign(town)
        enrol.add_unit(town, VILLAGE, "柳树湾村妇联")
        enrol.invite(town, made / "invitation.flpkg")
    shutil.copytree(made / "ws", made / "untouched")
    office, _, _ = enrol.join(
        made / "village", made / "invitation.flpkg", unit=VILLAGE, person=PERSON, passphrase=PASSPHRASE, unit_name="柳树湾村妇联"
    )
    with office:
        enrol.request(office, made / "request.flpkg")
    (made / "folder").mkdir()
    (made / "file").write_bytes(b"x")
    for end in ("", ".flpkg", ".xlsx", ".json", ".flbak"):
        (made / f"empty{end}").write_bytes(b"")
        (made / f"junk{end}").write_bytes(bytes(range(255, 0, -1)) * 20)
        (made / f"named{end}").mkdir()
    (made / "texts.json").write_text('["王秀英", 1]', "utf-8")
    for name in ("no-database", "empty-database", "folder-for-database", "empty-keystore"):
        (made / name).mkdir()
        (made / name / "keystore.json").write_bytes((made / "ws" / "keystore.json").read_bytes())
    (made / "empty-database" / "workspace.db").write_bytes(b"")
    (made / "folder-for-database" / "workspace.db").mkdir()
    (made / "empty-keystore" / "keystore.json").write_bytes(b"")
    return made


@pytest.fixture
def at_place(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(place)
    return place


def refused(fulian: Fulian, *argv: str) -> dict[str, str]:
    """What a command said that refused: one sentence that ends as sentences do, and no name of an exception."""
    error = fulian(*argv, code=1)["error"]
    assert error["text"].endswith(("。", "？"))
    assert "Error" not in error["text"]
    return error


@pytest.mark.parametrize("ws", [
    "missing", "file", "file/under", "folder", LONG, "empty-keystore", "no-database", "empty-database", "folder-for-database",
])
def test_what_is_no_workspace_is_said(fulian: Fulian, at_place: Path, ws: str):
    refused(fulian, "list", ws, "family")


@pytest.mark.parametrize("ws", ["file", "file/under", LONG, "ws"])
@pytest.mark.parametrize("command", [
    ("init", "{}", *INIT), ("join", "{}", "invitation.flpkg", *JOIN), ("restore", "backup.flbak", "{}"), ("demo", "{}"),
], ids=lambda command: command[0])
def test_a_place_where_no_workspace_can_be_made_is_said(fulian: Fulian, at_place: Path, command: tuple[str, ...], ws: str):
    if command[0] == "restore" and not Path("backup.flbak").exists():
        fulian("backup", "ws", "-o", "backup.flbak")
    if (command[0], ws) != ("demo", "ws"):  # the demonstration takes any folder, and makes its own within
        refused(fulian, *(part.replace("{}", ws) for part in command))


@pytest.mark.parametrize("path", ["missing", "folder", "empty", "junk", "file/under", LONG])
def test_a_file_that_holds_no_passphrase_is_said(fulian: Fulian, at_place: Path, path: str):
    refused(fulian, "list", "ws", "family", "--passphrase-file", path)


READERS = [
    ("join", "new", "{}.flpkg", *JOIN), ("inspect", "{}.flpkg"), ("restore", "{}.flbak", "new"),
    ("add", "ws", "family", "--from-json", "{}.json"), ("import-sheet", "ws", "family", "{}.xlsx"),
]


@pytest.mark.parametrize("path", ["missing", "file/under", "empty", "junk", "named", LONG])
@pytest.mark.parametrize("command", READERS, ids=lambda command: command[0])
def test_a_file_that_cannot_be_read_is_said(fulian: Fulian, at_place: Path, command: tuple[str, ...], path: str):
    refused(fulian, *(part.replace("{}", path) for part in command))
    assert not Path("new").exists()


@pytest.mark.parametrize("path", ["missing.flpkg", "file/under.flpkg", LONG, "named.flpkg"])
def test_a_path_without_a_request_is_said(fulian: Fulian, at_place: Path, path: str):
    refused(fulian, "approve", "ws", path)


@pytest.mark.parametrize("path", ["empty.flpkg", "junk.flpkg"])
def test_a_file_that_is_no_request_or_package_is_named_and_refused(fulian: Fulian, at_place: Path, path: str):
    (asked,) = fulian("approve", "ws", path, code=1)["approved"]
    (merged,) = fulian("merge", "ws", path, code=1)["packages"]
    assert (asked["file"], asked["state"], merged["file"], merged["state"]) == (path, "damaged", path, "damaged")


def test_a_file_of_other_things_than_records_adds_nothing(fulian: Fulian, at_place: Path):
    assert refused(fulian, "add", "ws", "family", "--from-json", "texts.json")["code"] == "json"


WRITERS = [
    ("invite", "ws", "-o", "{}.flpkg"), ("request", "village", "-o", "{}.flpkg"),
    ("approve", "ws", "request.flpkg", "-o", "{}.flpkg"),
    ("export-sheet", "ws", "family", "-o", "{}.xlsx"), ("template", "family", "-o", "{}.xlsx"),
    ("report", "ws", "aid-summary", "-o", "{}.xlsx"), ("report", "ws", "aid-summary", "-o", "{}.pdf"),
    ("print", "ws", "roster", "-o", "{}.pdf"), ("backup", "ws", "-o", "{}.flbak"),
]


@pytest.mark.parametrize("path", ["file/under", "named", LONG])
@pytest.mark.parametrize("command", WRITERS, ids=lambda command: command[0] + command[-1][2:])
def test_a_file_that_cannot_be_written_is_said(fulian: Fulian, at_place: Path, command: tuple[str, ...], path: str):
    if path == "named":
        Path(command[-1].replace("{}", path)).mkdir(exist_ok=True)
    refused(fulian, *(part.replace("{}", path) for part in command))
    assert list(Path().glob("*.part")) == []


@pytest.mark.parametrize("command", [command for command in WRITERS if command[-1] == "{}.flpkg"], ids=lambda command: command[0])
def test_a_name_in_chinese_for_a_file_on_a_stick_is_refused_kindly(fulian: Fulian, at_place: Path, command: tuple[str, ...]):
    error = refused(fulian, *(part.replace("{}", "邀请") for part in command))
    assert error["code"] == "file-name"
    assert "“邀请.flpkg”" in error["text"]
    assert not Path("邀请.flpkg").exists()


def test_nobody_is_approved_when_the_answer_has_no_name(fulian: Fulian, at_place: Path):
    before = fulian("units", "untouched", "list")
    assert [unit["enrolled"] for unit in before["units"] if unit["code"] == VILLAGE] == [False]
    refused(fulian, "approve", "untouched", "request.flpkg", "-o", "答复.flpkg")
    assert fulian("units", "untouched", "list") == before


@pytest.mark.parametrize("folder", ["missing", "file", "file/under", LONG])
def test_a_stick_that_is_not_there_is_said(fulian: Fulian, at_place: Path, folder: str):
    refused(fulian, "export", "village", "--to", "up", "-o", folder)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ENOSPC, errno.EROFS, errno.EBADF])
def test_what_the_machine_could_not_do_is_a_sentence(fulian: Fulian, at_place: Path, monkeypatch, number: int):
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), "记录.xlsx")

    monkeypatch.setattr("fulian_desktop.services.sheets.write_template", fail)
    assert refused(fulian, "template", "family", "-o", "记录.xlsx")["code"] == "machine"
