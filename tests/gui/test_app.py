"""The program starts, says nothing, and ends; without arguments it is the window."""

from __future__ import annotations

import gc
import logging
import subprocess
import sys
import types
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from fulian_desktop import __main__
from fulian_desktop.services.typefaces import FACES
from fulian_desktop.ui import app, start
from fulian_desktop.ui.instance import Instance
from fulian_desktop.ui.memory import Memory

SOURCE = Path(__file__).parents[2] / "src"

START = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from fulian_desktop.ui import app
from fulian_desktop.ui.memory import Memory
from fulian_desktop.ui.window import MainWindow
from tests.gui.fakes import FakeServices

shown = []
def close_all():
    from PySide6.QtWidgets import QApplication
    for window in QApplication.topLevelWidgets():
        if isinstance(window, MainWindow):
            shown.append(window.windowTitle())
            window.close()
start = MainWindow.showEvent
def show_event(window, event):
    start(window, event)
    QTimer.singleShot(0, close_all)
MainWindow.showEvent = show_event
code = app.run(FakeServices().ports(), Memory(Path(sys.argv[1]) / "window.ini"))
print(shown, code)
"""


def test_the_window_opens_and_closes_without_a_word_of_warning(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    root = Path(__file__).parents[2]
    monkeypatch.setenv("PYTHONPATH", f"{root / 'src'}:{root}")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", START, str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.stdout == "['妇联工作台'] 0\n"
    assert run.stderr == ""


WAIT = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from fulian_desktop.ui import app
from fulian_desktop.ui.memory import Memory
from tests.gui.fakes import FakeServices

PAGES = ("fulian_desktop.ui.shell", "fulian_desktop.ui.home")
def there():
    return [name in sys.modules for name in PAGES]
run_events = QApplication.exec
def watched():
    print(there())
    timer = QTimer()
    timer.timeout.connect(lambda: all(there()) and QApplication.closeAllWindows())
    timer.start(10)
    return run_events()
QApplication.exec = staticmethod(watched)
print(app.run(FakeServices().ports(), Memory(Path(sys.argv[1]) / "window.ini")), there())
"""


def test_the_first_page_is_imported_while_the_passphrase_is_typed_and_not_before(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", f"{Path(__file__).parents[2] / 'src'}:{Path(__file__).parents[2]}")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    Memory(tmp_path / "window.ini").folder = tmp_path
    run = subprocess.run([sys.executable, "-c", WAIT, str(tmp_path)], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (run.stdout, run.stderr) == ("[False, False]\n0 [True, True]\n", "")


def test_a_second_start_on_the_same_records_ends_at_once_without_a_window(tmp_path: Path, monkeypatch, qapp):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", f"{Path(__file__).parents[2] / 'src'}:{Path(__file__).parents[2]}")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    Memory(tmp_path / "window.ini").folder = tmp_path
    first = Instance()
    assert first.claim(tmp_path)
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", START, str(tmp_path)], cwd=tmp_path, capture_output=True, text=True, timeout=60,
    )
    first.release()
    assert (run.stdout, run.stderr) == ("[] 0\n", "")


@pytest.mark.parametrize(("words", "chosen"), [([], "window"), (["--help"], "command"), (["list", "x"], "command")])
def test_without_arguments_the_window_otherwise_the_command_line(monkeypatch, words: list[str], chosen: str):
    called = []
    command_line = types.SimpleNamespace(main=lambda: called.append("command") or 0)
    monkeypatch.setitem(sys.modules, "fulian_desktop.cli", command_line)
    monkeypatch.setattr(start, "start", lambda: called.append("window") or 0)
    monkeypatch.setattr(sys, "argv", ["fulian-desktop", *words])
    assert __main__.main() == 0
    assert called == [chosen]


def test_the_typefaces_are_checked_beside_the_import_of_qt_and_handed_to_the_window(monkeypatch):
    given = []
    monkeypatch.setattr(app, "run", lambda _ports, fonts: given.extend(fonts()) or 7)
    thresholds = gc.get_threshold()
    try:
        assert start.start() == 7
        assert gc.get_threshold()[0] == start.COLLECT_AFTER
    finally:
        gc.set_threshold(*thresholds)
    assert len(given) == len(FACES)


def test_the_source_of_what_is_imported_after_qt_is_not_read():
    program = (
        "from fulian_desktop.ui import start\n"
        "start.import_qt()\n"
        "import calendar, linecache\n"
        "print(calendar.__file__ in linecache.cache)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, cwd=SOURCE)
    assert (run.stdout, run.stderr) == ("False\n", "")


@pytest.fixture
def root_logger():
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield root
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def test_a_defect_that_nobody_caught_is_in_the_log_with_its_traceback(tmp_path: Path, root_logger):
    path = tmp_path / "logs" / "window.log"
    app.keep_log(path)
    try:
        raise ZeroDivisionError("ours")
    except ZeroDivisionError as error:
        app.log_defect(type(error), error, error.__traceback__)
    written = path.read_text("utf-8")
    assert "a defect of ours" in written
    assert "ZeroDivisionError: ours" in written
    assert "test_app.py" in written


def test_a_computer_without_room_for_a_log_still_opens_the_window(tmp_path: Path, root_logger, caplog):
    (tmp_path / "logs").write_text("a file stands where the folder should", "utf-8")
    app.keep_log(tmp_path / "logs" / "window.log")
    assert "no log file" in caplog.text


def test_qt_speaks_chinese_in_its_own_dialogs(qapp):
    before = QLocale()
    try:
        assert app.speak_chinese(qapp)
        assert QCoreApplication.translate("QFileDialog", "Look in:") == "查找范围："
        assert QCoreApplication.translate("QWidgetTextControl", "&Copy") == "复制(&C)"
    finally:
        for translator in qapp.findChildren(QTranslator):
            qapp.removeTranslator(translator)
        QLocale.setDefault(before)
