"""The window under bad input, over the real pages and services; what is proved elsewhere is named here and not repeated.

* Names: markup in the list and its details (test_listing.py), in conflicts (test_conflicts.py), on the first page
  (test_home.py), in a pasted table (test_sheet.py), in names of persons (test_unlock.py), in a sentence (test_shell.py), on
  paper (printing/test_names_in_pdf.py). Here: each sort of odd name through every page that shows it.
* Photos: what is refused, and within how much memory (services/test_photos.py). Here: in the form, while it goes on working.
* A stick that vanishes: in a hand-in (test_handing_in.py), between plan and merge (test_merging.py). Here: while packages are
  being read.
* A folder without rights: a hand-in to a read-only stick (test_handing_in.py), a log that cannot be written (test_app.py).
  Here: everything else that is written where a person says, and the folder of the records itself.
* A full disk: each step of a save and a merge (faults/test_storage.py), a full stick (test_handing_in.py), a merge
  (test_merging.py). Here: the form, its draft and an import over a database whose disk is full.
* A second start: test_window.py::test_a_second_start_brings_the_first_window_forward_and_gets_no_claim,
  test_window.py::test_what_another_window_has_open_is_not_opened_here_and_it_is_said,
  test_app.py::test_a_second_start_on_the_same_records_ends_at_once_without_a_window.
* A clock that is wrong: the sentence (services/test_starting.py), the order of changes (merge/test_merging.py). Here: a working
  window ten years back.
"""

from __future__ import annotations

import ctypes
import datetime
import io
import re
import shutil
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget
from tests.builders import SIBLING, THIRD, TOWN, VILLAGE, added
from tests.e2e.builders import Country, a_country, digest
from tests.faults.disk import FULL, Disk, error, failing
from tests.gui import walk
from tests.gui.conftest import wait_until_idle
from tests.gui.fakes import PASSPHRASE

from fulian_desktop.domain.texts import closed
from fulian_desktop.services import exchanging
from fulian_desktop.services.listing import list_records
from fulian_desktop.services.office import Office, open_office
from fulian_desktop.services.records import add_record, edit_record
from fulian_desktop.services.settling import conflict_queue
from fulian_desktop.store.drafts import drafts
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.history import HistoryDialog
from fulian_desktop.ui.memory import Memory
from fulian_desktop.ui.merge_table import words_of as words_of_line
from fulian_desktop.ui.merging import Phase
from fulian_desktop.ui.ports import services
from fulian_desktop.ui.shell import Shell
from fulian_desktop.ui.widgets import tip_of
from fulian_desktop.ui.window import MainWindow

CTRL, ENTER = Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_Return
ODD = {
    "200 characters": "长" * 199 + "尾",
    "markup": "<b>粗</b><img src=x>&amp;",
    "emoji": "慰问👩\u200d👧❤\ufe0f😀老人",
    "right to left": "\u202e王秀英\u200f讲座",
    "invisible": "王\u200b秀\ufeff英\u00ad\u2060讲座",
}
ODD_NAMES = pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
NEXT_STEP = re.compile("请|下一步")


@pytest.fixture
def make_window(qtbot) -> Callable[[Desk], Shell]:
    """A function that shows all pages of an office."""

    def make(desk: Desk) -> Shell:
        made = Shell(desk)
        qtbot.addWidget(made)
        made.resize(1366, 696)
        made.show()
        made.activateWindow()
        qtbot.waitUntil(made.isActiveWindow)
        return made

    return make


@pytest.fixture
def window(make_window, desk: Desk) -> Shell:
    return make_window(desk)


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Country]:
    with a_country(tmp_path / "country", VILLAGE, SIBLING, THIRD) as country:
        yield country


def go(qtbot, window: Shell, place: str, **about: Any) -> Any:
    """Show a page and wait until it has read what it shows."""
    window.desk.go(place, about)
    return settled(qtbot, window)


def settled(qtbot, window: Shell) -> Any:
    for _ in range(3):
        wait_until_idle(qtbot, window.desk)
        walk.settle()
    assert window.page is not None
    return window.page


def typed(widget: QWidget, text: str) -> None:
    """Type as an input method does."""
    widget.setFocus()
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def press(qtbot, window: Shell, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> Any:
    at = QApplication.focusWidget()
    assert at is not None
    qtbot.keyClick(at, key, held)
    return settled(qtbot, window)


def words_of(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text()]


def asked(qtbot, desk: Desk, work: Callable[[Office], Any]) -> Any:
    """What a service says, on the thread where the office lives."""
    answers: list[Any] = []
    desk.ask(desk, lambda office, _progress: work(office), answers.append)
    qtbot.waitUntil(lambda: answers != [], timeout=10_000)
    return answers[0]


def is_a_sentence(text: str) -> bool:
    """中文 with a next step, nothing that a program says."""
    foreign = [word for word in re.findall("[A-Za-z]{3,}", text) if word.lower() not in {*walk.KNOWN_WORDS, "jpg"}]
    return NEXT_STEP.search(text) is not None and foreign == [] and text.endswith("。")


def goes_on(qtbot, window: Shell) -> None:
    """Another record can be entered as ever."""
    page = go(qtbot, window, "form", nav="activity", kind="activity")
    typed(page.editors["title"].edit, "照常登记")
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    assert window.line.words.text().startswith("已保存：照常登记")


# --- names -----------------------------------------------------------------------------------------------------------


@ODD_NAMES
def test_an_odd_name_is_saved_as_typed_found_and_shown_as_it_is_on_every_page(qtbot, window: Shell, odd: str):
    page = go(qtbot, window, "form", nav="activity", kind="activity")
    typed(page.editors["title"].edit, odd)
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    (row,) = [r for r in asked(qtbot, window.desk, lambda o: list_records(o, "activity")) if r["values"]["title"] == odd]
    assert window.line.words.text().startswith(f"已保存：{odd[:18]}")
    assert window.line.words.textFormat() is Qt.TextFormat.PlainText
    assert window.line.words.toolTip() == tip_of(window.line.words.text())

    page = go(qtbot, window, "list", nav="activity", kind="activity", search=odd[:3])
    model = page.shown.model
    title = next(i for i, column in enumerate(model.columns) if column.title)
    (at,) = [n for n in range(model.rowCount()) if model.index(n, title).data() == odd]
    assert "<b>" not in (model.index(at, title).data(Qt.ItemDataRole.ToolTipRole) or "")
    page.shown.view.go_to(at)
    qtbot.waitUntil(lambda: page.shown.details.title.text() == odd)
    assert walk.marked_up(window) == []

    page = go(qtbot, window, "form", nav="activity", kind="activity", record=row["id"])
    assert page.editors["title"].value() == odd
    assert page.entries() == {}
    assert walk.marked_up(window) == []
    for button in (page.save_button, page.cancel_button):
        assert page.rect().contains(button.mapTo(page, button.rect().bottomRight()))


@ODD_NAMES
def test_an_odd_name_stands_in_the_history_as_it_is_and_ends_before_what_follows(qtbot, window: Shell, odd: str):
    row = asked(qtbot, window.desk, lambda office: add_record(office, "activity", {"title": odd}))
    asked(qtbot, window.desk, lambda office: edit_record(office, row.id, {"title": "新名字"}))
    page = go(qtbot, window, "form", nav="activity", kind="activity", record=row.id)
    qtbot.mouseClick(page.fields.history.all_button, Qt.MouseButton.LeftButton)
    dialog = page.fields.history.findChild(HistoryDialog)
    assert f"{closed(odd)} → 新名字" in words_of(dialog)
    assert walk.marked_up(dialog) == []
    dialog.close()


@ODD_NAMES
def test_a_draft_with_an_odd_name_is_offered_on_the_first_page_by_its_name(qtbot, window: Shell, odd: str):
    page = go(qtbot, window, "form", nav="activity", kind="activity")
    typed(page.editors["title"].edit, odd)
    go(qtbot, window, "home")
    assert any(f"最近一条：“{closed(odd)}”活动" in text for text in words_of(window.page))
    assert walk.marked_up(window) == []
    assert walk.cut(window.page) == []
    page = go(qtbot, window, "form", nav="activity", kind="activity")
    qtbot.mouseClick(page.banner.button, Qt.MouseButton.LeftButton)
    settled(qtbot, window)
    assert page.editors["title"].value() == odd


@ODD_NAMES
def test_an_odd_name_is_deleted_and_brought_back_with_its_name_in_the_sentence(qtbot, window: Shell, odd: str):
    asked(qtbot, window.desk, lambda office: add_record(office, "activity", {"title": odd, "date": "2026.3.9"}))
    page = go(qtbot, window, "list", nav="activity", kind="activity")
    page.shown.filters.search.setFocus()
    page.shown.filters.search.insert(odd[:5])
    qtbot.waitUntil(lambda: page.shown.model.rowCount() == 1)
    settled(qtbot, window)
    page.shown.view.setFocus()
    press(qtbot, window, Qt.Key.Key_Home)
    press(qtbot, window, Qt.Key.Key_Delete)
    assert window.line.words.text() == f"已删除“{closed(odd[:30])}”。"
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    titles = [r["values"]["title"] for r in asked(qtbot, window.desk, lambda office: list_records(office, "activity"))]
    assert odd in titles


@ODD_NAMES
def test_an_odd_name_is_printed_or_the_preview_says_what_cannot_be(qtbot, window: Shell, odd: str):
    asked(qtbot, window.desk, lambda office: add_record(office, "activity", {"title": odd, "date": "2026.3.9"}))
    go(qtbot, window, "list", nav="activity", kind="activity")
    page = press(qtbot, window, Qt.Key.Key_P, CTRL)
    said = [text for text in words_of(page) if text.startswith("还没有打印")]
    if page.made is None:
        assert [is_a_sentence(text) for text in said] == [True]
        assert [button.accessibleName() for button in page.unprintable.rows] == ["打开活动“慰问〔表情〕老人”"]
        page.unprintable.spell_button.click()
        settled(qtbot, window)
        assert page.print.isEnabled()
    else:
        document = pypdfium2.PdfDocument(page.made.pdf)
        printed = "".join(sheet.get_textpage().get_text_bounded() for sheet in document)
        document.close()
        wanted = [char for char in odd if char.isprintable() and not "\ufe00" <= char <= "\ufe0f"]
        assert {*wanted} <= {*printed}
    assert walk.marked_up(window) == []
    goes_on(qtbot, window)


@ODD_NAMES
def test_odd_names_in_conflict_are_shown_as_they_are(qtbot, three: Country, make_desk, make_window, odd: str):
    village, town = three[VILLAGE], three[TOWN]
    record = added(village, "activity", title=odd).id
    three.carry(village, town)
    edit_record(village, record, {"place": odd})
    edit_record(town, record, {"place": "文化广场"})
    three.carry(village, town)
    window = make_window(make_desk(town))
    page = go(qtbot, window, "conflicts", nav="exchange", record=record)
    assert page.title.text().startswith(odd[:18])
    assert page.title.toolTip() == tip_of(odd)
    assert odd in {card.words for card in page.rows[0].choices.cards}
    assert walk.marked_up(window) == []
    press(qtbot, window, Qt.Key.Key_1)
    press(qtbot, window, ENTER, CTRL)
    assert conflict_queue(town)[0] == 0


def test_what_turns_the_direction_of_writing_ends_with_the_name():
    assert closed("王秀英") == "王秀英"
    assert closed("\u202e王\u2067秀英") == "\u202e王\u2067秀英\u2069\u202c"
    assert closed("\u202e王\u202c秀英\u2066\u2069") == "\u202e王\u202c秀英\u2066\u2069"


@pytest.mark.parametrize("name", ["长" * 201, "😀" * 201, "名\u200b" * 101], ids=["characters", "emoji", "invisible"])
def test_a_name_that_is_too_long_is_said_and_stays_as_typed(qtbot, window: Shell, name: str):
    page = go(qtbot, window, "form", nav="activity", kind="activity")
    typed(page.editors["title"].edit, name)
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    assert page.editors["title"].edit.text() == name
    assert "最多 200 字" in page.editors["title"].note.words.text()
    assert "请删去" in page.editors["title"].note.words.text()
    assert page.isVisible()
    assert page.drafts.is_dirty


# --- photos ----------------------------------------------------------------------------------------------------------


def one_colour(path: Path, size: tuple[int, int], mode: str) -> Path:
    Image.new(mode, size, 1).save(path)
    return path


def a_claim(path: Path, side: int) -> Path:
    """A picture of ten pixels whose header says that it is larger."""
    buffer = io.BytesIO()
    form = "PNG" if path.suffix == ".png" else "JPEG"
    Image.new("L", (10, 10), 90).save(buffer, form)
    data = bytearray(buffer.getvalue())
    if form == "PNG":
        data[16:24] = struct.pack(">II", side, side)
        data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    else:
        at = data.index(b"\xff\xc0") + 5
        data[at:at + 4] = struct.pack(">HH", side, side)
    path.write_bytes(data)
    return path


def paste_file(qtbot, window: Shell, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    QGuiApplication.clipboard().setMimeData(mime)
    press(qtbot, window, Qt.Key.Key_V, CTRL)
    QGuiApplication.clipboard().clear()


@pytest.mark.parametrize("make", [
    lambda folder: one_colour(folder / "合影.png", (10_000, 10_000), "1"), lambda folder: a_claim(folder / "合影.png", 10_000),
    lambda folder: a_claim(folder / "合影.jpg", 10_000), lambda folder: a_claim(folder / "合影.jpg", 65_000),
], ids=["a PNG", "a PNG that claims it", "a JPEG that claims it", "a JPEG that claims four thousand"])
def test_a_photo_of_a_hundred_megapixels_that_cannot_be_taken_is_said_and_what_was_typed_stays(
    qtbot, window: Shell, tmp_path: Path, make: Callable[[Path], Path],
):
    page = go(qtbot, window, "form", nav="activity", kind="activity")
    typed(page.editors["title"].edit, "合影留念")
    paste_file(qtbot, window, make(tmp_path))
    assert window.line.words.text().startswith("合影.")
    assert is_a_sentence(window.line.words.text().partition("：")[2])
    assert page.photos.tiles == []
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    assert window.line.words.text().startswith("已保存：合影留念")
    goes_on(qtbot, window)


def test_a_jpeg_of_a_hundred_megapixels_is_taken_small_while_one_goes_on_typing(qtbot, window: Shell, tmp_path: Path):
    path = one_colour(tmp_path / "合影.jpg", (10_000, 10_000), "L")
    page = go(qtbot, window, "form", nav="activity", kind="activity")
    page.photos.take([path])
    typed(page.editors["title"].edit, "合影留念")
    assert window.desk.runner.busy, "nobody waited for the photo"
    qtbot.waitUntil(lambda: len(page.photos.tiles) == 1, timeout=20_000)
    settled(qtbot, window)
    assert page.editors["title"].value() == "合影留念"
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    assert window.line.words.text().startswith("已保存：合影留念")


# --- a stick that vanishes -------------------------------------------------------------------------------------------


def test_a_stick_pulled_out_while_packages_are_read_is_a_sentence_and_no_record_is_half_there(
    qtbot, three: Country, make_desk, make_window, monkeypatch
):
    stick, town = three.stick(), three[TOWN]
    for unit in (VILLAGE, SIBLING, THIRD):
        added(three[unit], "activity", title=f"{unit}的活动")
        shutil.copy(three.packed(three[unit], TOWN), stick)
    window = make_window(make_desk(town))
    page = go(qtbot, window, "merge", nav="exchange", paths=[stick])
    assert page.phase is Phase.PLAN
    real = exchanging.Progress.step

    def step(progress: Any, done: int, total: int, what: str) -> None:
        if page.phase is Phase.MERGING and done == 1 and stick.exists():
            shutil.rmtree(stick)
        real(progress, done, total, what)

    monkeypatch.setattr(exchanging.Progress, "step", step)
    page.merge_chosen()
    settled(qtbot, window)
    assert not stick.exists()
    monkeypatch.undo()
    assert page.phase is Phase.DONE
    said = [words_of_line(line) for line in page.table.lines.shown]
    assert all(is_a_sentence(f"{text}。") and "U 盘" in text for text in said[:2])
    assert said[2] == ""
    assert [digest(town, unit) == digest(three[unit], unit) for unit in (VILLAGE, SIBLING, THIRD)] == [True, False, False]
    assert town.counts()["activity"] == 1
    goes_on(qtbot, window)


# --- a folder without rights -----------------------------------------------------------------------------------------

_VERSION, _OVER_RIGHTS = 0x20080522, 1 << 1 | 1 << 2  # of Linux: capability sets; to read and write whatever the rights say


@pytest.fixture
def bound_by_rights() -> Iterator[None]:
    """Rights of files count for this thread, and those that it begins, also where root runs the tests."""
    libc = ctypes.CDLL(None, use_errno=True)
    head = (ctypes.c_uint32 * 2)(_VERSION, 0)
    now = (ctypes.c_uint32 * 6)()
    assert libc.capget(head, now) == 0
    less = (ctypes.c_uint32 * 6)(*now)
    less[0] &= ~_OVER_RIGHTS
    assert libc.capset(head, less) == 0
    yield
    assert libc.capset(head, now) == 0


@pytest.fixture
def shut(bound_by_rights: None, tmp_path: Path) -> Iterator[Path]:
    """A folder in which nothing may be written."""
    folder = tmp_path / "只能看"
    folder.mkdir()
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)


def save_preview(qtbot, window: Shell) -> None:
    go(qtbot, window, "list", nav="family", kind="family")
    press(qtbot, window, Qt.Key.Key_P, CTRL)
    press(qtbot, window, Qt.Key.Key_S, CTRL)


def export_list(qtbot, window: Shell) -> None:
    page = go(qtbot, window, "list", nav="family", kind="family")
    page.acts.export_to(show_sensitive=False)
    settled(qtbot, window)


def save_template(qtbot, window: Shell) -> None:
    page = go(qtbot, window, "sheet", nav="family", kind="family")
    qtbot.mouseClick(page.start.template, Qt.MouseButton.LeftButton)
    settled(qtbot, window)


def back_up(qtbot, window: Shell) -> None:
    page = go(qtbot, window, "settings")
    page._back_up_to_stick()
    settled(qtbot, window)


@pytest.mark.parametrize("act", [save_preview, export_list, save_template, back_up])
def test_what_is_written_into_a_folder_without_rights_is_a_sentence_and_the_window_goes_on(
    qtbot, shut: Path, window: Shell, monkeypatch, act: Callable[[Any, Shell], None]
):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(shut / "名册"), ""))
    act(qtbot, window)
    assert window.line.isVisible()
    assert is_a_sentence(window.line.words.text()), window.line.words.text()
    assert re.search("权限|能否写入|不让写", window.line.words.text())
    assert list(shut.iterdir()) == []
    goes_on(qtbot, window)


@pytest.mark.parametrize("rights", [0o000, 0o555], ids=["not even looked into", "only looked into"])
def test_records_in_a_folder_without_rights_are_not_opened_and_it_is_said(
    qtbot, theme, made_village: Path, tmp_path: Path, bound_by_rights, rights: int
):
    folder = tmp_path / "village"
    shutil.copytree(made_village, folder)
    for path in folder.iterdir():
        path.chmod(0o444 if path.is_file() else rights)
    folder.chmod(rights)
    memory = Memory(tmp_path / "window.ini")
    memory.folder = folder
    window = MainWindow(theme, services(), memory, version="0.1.0", today=lambda: datetime.date(2026, 3, 9))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: not window.runner.busy and not window.door.busy, timeout=10_000)
    said = words_of(window)
    if rights:
        window.unlock.passphrase_edit.insert(PASSPHRASE)
        qtbot.keyClick(window.unlock.passphrase_edit, ENTER)
        qtbot.waitUntil(lambda: not window.runner.busy and not window.door.busy, timeout=10_000)
        said = words_of(window)
    assert window.shell is None
    assert any("权限" in text and is_a_sentence(text) for text in said), said
    assert not any("损坏" in text or "恢复" in text for text in said if is_a_sentence(text)), "nothing is damaged"
    folder.chmod(0o755)
    for path in folder.iterdir():
        path.chmod(0o644 if path.is_file() else 0o755)
    window.unlock.passphrase_edit.clear()
    window.unlock.passphrase_edit.insert(PASSPHRASE)
    qtbot.keyClick(window.unlock.passphrase_edit, ENTER)
    qtbot.waitUntil(lambda: window.shell is not None, timeout=10_000)
    qtbot.waitUntil(lambda: not window.runner.busy and not window.door.busy, timeout=10_000)
    window.close()


def test_at_the_first_start_a_folder_without_rights_is_said_and_what_was_typed_stays(
    qtbot, theme, shut: Path, tmp_path: Path, monkeypatch
):
    monkeypatch.setenv("FULIAN_DATA", str(tmp_path / "data"))
    memory = Memory(tmp_path / "window.ini")
    window = MainWindow(theme, services(), memory, version="0.1.0", today=lambda: datetime.date(2026, 3, 9))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(window.isActiveWindow)

    def idle() -> None:
        qtbot.waitUntil(lambda: not window.runner.busy and not window.door.busy, timeout=20_000)

    qtbot.keyClick(window, Qt.Key.Key_2)
    idle()
    window.first.step.go_on()
    person = window.first.step
    person.person_edit.insert("王桂芳")
    for edit in (person.passphrase.first_edit, person.passphrase.again_edit):
        edit.insert("willow river 26")
    for folder in (shut / "记录", shut):
        person.folder.line.setText(str(folder))
        person.go_on()
        idle()
        assert window.first.step is person
        assert any("权限" in text and is_a_sentence(text) for text in words_of(person)), words_of(person)
        assert (person.person_edit.text(), person.passphrase.first_edit.text()) == ("王桂芳", "willow river 26")
    person.folder.line.setText(str(tmp_path / "记录"))
    person.go_on()
    idle()
    assert window.first.step is not person
    window.close()


# --- a full disk -----------------------------------------------------------------------------------------------------


@pytest.fixture
def full_disk(made_village: Path, tmp_path: Path) -> Iterator[tuple[Disk, Office]]:
    """A village on a disk that is full when ``disk.at`` is set, and has room again when it is 0."""
    folder = tmp_path / "on-disk"
    shutil.copytree(made_village, folder)
    disk = Disk(what=error(FULL))
    with failing(disk), open_office(folder, PASSPHRASE) as office:
        yield disk, office


def test_on_a_full_disk_nothing_typed_in_a_form_is_lost_not_even_by_leaving(qtbot, full_disk, make_desk, make_window):
    disk, office = full_disk
    window = make_window(make_desk(office))
    page = go(qtbot, window, "form", nav="activity", kind="activity")
    disk.at = 1
    typed(page.editors["title"].edit, "重阳节慰问")
    qtbot.waitUntil(lambda: page.foot.note.text().startswith("草稿没有存上。磁盘满了"), timeout=5_000)
    assert is_a_sentence(page.foot.note.text())
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    assert page.foot.note.text().startswith("磁盘满了，没有保存。您填的内容还在。")
    assert page.editors["title"].value() == "重阳节慰问"
    press(qtbot, window, Qt.Key.Key_Escape)
    assert window.page is page, "who leaves now would lose it"
    assert page.editors["title"].value() == "重阳节慰问"
    disk.at = 0
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    assert window.line.words.text().startswith("已保存：重阳节慰问")
    assert asked(qtbot, window.desk, lambda o: len(drafts(o.workspace))) == 0
    goes_on(qtbot, window)


def test_an_import_on_a_full_disk_is_said_nothing_is_half_there_and_it_is_done_again(qtbot, full_disk, make_desk, make_window):
    disk, office = full_disk
    window = make_window(make_desk(office))
    before = office.counts()["family"]
    page = go(qtbot, window, "sheet", nav="family", kind="family", text="户主\t住址\n王秀英\t3组\n李桂芳\t5组\n")
    disk.at = 1
    page.take.click()
    settled(qtbot, window)
    said = [page.banner.words.text(), window.line.words.text()]
    assert any(text.startswith("磁盘满了") and is_a_sentence(text) for text in said), said
    disk.at = 0
    assert asked(qtbot, window.desk, lambda o: o.counts()["family"]) == before
    assert window.page is page
    page.take.click()
    settled(qtbot, window)
    assert asked(qtbot, window.desk, lambda o: o.counts()["family"]) == before + 2


def test_a_photo_on_a_full_disk_is_said_and_the_form_stays(qtbot, full_disk, make_desk, make_window, tmp_path: Path):
    disk, office = full_disk
    window = make_window(make_desk(office))
    page = go(qtbot, window, "form", nav="activity", kind="activity")
    path = one_colour(tmp_path / "合影.png", (900, 900), "L")
    disk.at = 1
    page.photos.take([path])
    settled(qtbot, window)
    assert "磁盘满了" in window.line.words.text()
    assert is_a_sentence(window.line.words.text())
    assert page.photos.tiles == []
    disk.at = 0
    page.photos.take([path])
    settled(qtbot, window)
    assert len(page.photos.tiles) == 1


# --- a clock set back ------------------------------------------------------------------------------------------------


def test_with_the_clock_set_back_ten_years_the_window_says_so_and_goes_on_working(
    qtbot, theme, made_village: Path, tmp_path: Path, monkeypatch
):
    folder = tmp_path / "village"
    shutil.copytree(made_village, folder)
    monkeypatch.setenv("FULIAN_CLOCK", "2016-03-09T09:00:00")
    memory = Memory(tmp_path / "window.ini")
    memory.folder = folder
    window = MainWindow(theme, services(), memory, version="0.1.0", today=lambda: datetime.date(2016, 3, 9))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.unlock.person_box.count() > 0 and window.isActiveWindow(), timeout=10_000)
    window.unlock.passphrase_edit.insert(PASSPHRASE)
    qtbot.keyClick(window.unlock.passphrase_edit, ENTER)
    qtbot.waitUntil(lambda: window.shell is not None, timeout=10_000)
    shell = window.shell
    settled(qtbot, shell)
    warning = "电脑日期可能不对，现在是 2016年3月9日。下一步：先把日期调对，再登记。"
    assert warning in words_of(shell.nav)
    row = asked(qtbot, shell.desk, lambda office: list_records(office, "family", search="赵素芳")[0])
    page = go(qtbot, shell, "form", nav="family", kind="family", record=row["id"])
    typed(page.editors["occupation"].edit, "种大棚菜")
    press(qtbot, shell, Qt.Key.Key_S, CTRL)
    assert shell.line.words.text().startswith("已保存：赵素芳")
    page = go(qtbot, shell, "form", nav="family", kind="family", record=row["id"])
    assert page.editors["occupation"].value() == "种大棚菜"
    first = page.fields.history._steps[0]
    assert ([change[0] for change in first.changes], first.doubtful) == (["职业"], True)
    qtbot.mouseClick(page.fields.history.all_button, Qt.MouseButton.LeftButton)
    dialog = page.fields.history.findChild(HistoryDialog)
    assert "那台电脑的日期不对" in words_of(dialog.cards[0])
    dialog.close()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for place, about in (("home", {}), ("list", {"nav": "family", "kind": "family"}), ("exchange", {}), ("reports", {})):
        go(qtbot, shell, place, **about)
        assert walk.foreign(shell) == []
    goes_on(qtbot, shell)
    monkeypatch.delenv("FULIAN_CLOCK")
    shell.desk.tell_changed({"family"})
    settled(qtbot, shell)
    window.close()
