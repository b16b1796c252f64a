"""From starting the program to a window that can be used, on a workspace of 90,000 records; and a save from key to 已保存.

Each start is a process of its own, offscreen. What unlocking's key derivation takes is measured in the same process and taken
off (it is meant to be slow); an empty QMainWindow, shown by another process in turn, is what the rest is held against.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tools.bench.harness import Case, in_turn, median, ratio, wrong
from tools.bench.township import PASSPHRASE, Made

RUNS = 7

_EMPTY = """
import json, sys, time
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.show()
while not window.windowHandle().isExposed():
    app.processEvents()
app.processEvents()
print(json.dumps({"seconds": time.time() - float(sys.argv[1])}))
"""

_PROGRAM = """
import json, sys, time
began, passphrase = float(sys.argv[1]), sys.argv[2]
del sys.argv[1:]
from fulian_desktop.__main__ import main
deriving = []

def look(window, timer):
    if window.shell is None:
        edit = window.unlock.passphrase_edit
        if edit.isEnabled() and not edit.text() and not window.runner.busy:
            edit.setText(passphrase)
            edit.returnPressed.emit()
    elif window.shell.page is not None and not window.runner.busy:
        timer.stop()
        whole = time.time() - began
        print(json.dumps({"seconds": whole - sum(deriving), "whole": whole}), flush=True)
        window.close()

def watched():
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication
    from fulian_desktop.store import keystore
    derive = keystore._derive
    def timed(*words):
        start = time.perf_counter()
        try:
            return derive(*words)
        finally:
            deriving.append(time.perf_counter() - start)
    keystore._derive = timed
    window = next(one for one in QApplication.topLevelWidgets() if hasattr(one, "unlock"))
    timer = QTimer(window)
    timer.timeout.connect(lambda: look(window, timer))
    timer.start(1)
    return run_events()

class Watch:
    # what the program imports, and when, is its own affair: Qt is touched once it is there
    @staticmethod
    def find_spec(name, path=None, target=None):
        global run_events
        if name == "fulian_desktop.ui.window":
            sys.meta_path.remove(Watch)
            from PySide6.QtWidgets import QApplication
            run_events, QApplication.exec = QApplication.exec, staticmethod(watched)

sys.meta_path.insert(0, Watch)
sys.exit(main())
"""


def _child(program: str, *words: str, **more: str) -> dict[str, float]:
    """The figures that a program, run in a process of its own and offscreen, prints; ``more`` is of its environment."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), **more}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program lies there compiled
    command = [sys.executable, "-c", "import sys, time; sys.argv.insert(1, str(time.time()))\n" + program, *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode != 0 or not done.stdout.strip():
        wrong("window", done.stderr[-400:])
    return dict(json.loads(done.stdout.splitlines()[-1]))


def measure(made: Made, work: Path, runs: int = RUNS) -> list[Case]:
    """``window_vs_empty``: multiples of an empty window's start."""
    config = work.resolve() / "config"  # a relative one counts as none
    settings = config / "fulian-desktop" / "window.ini"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(f"[workspace]\nfolder={made.merged.resolve()}\n", "utf-8")
    wholes: list[float] = []

    def window() -> float:
        found = _child(_PROGRAM, PASSPHRASE, XDG_CONFIG_HOME=str(config))
        wholes.append(found["whole"])
        return found["seconds"]

    window()  # an installed program lies there compiled, and its typefaces unpacked
    found = in_turn({"window": window, "empty": lambda: _child(_EMPTY)["seconds"]}, runs)
    return [Case(
        "window_vs_empty", ratio(found["window"], found["empty"]), 6, 2, at_least=False, samples=found,
        note=f"{median(found['window']):.2f} s to the first page without the derivation, {median(wholes[1:]):.2f} s with it, "
             f"empty {median(found['empty']):.2f} s",
    )]


_TYPING = """
import json, sys, time
from pathlib import Path
folder, passphrase = Path(sys.argv[2]), sys.argv[3]
from datetime import date
from PySide6.QtCore import QEventLoop, QTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from fulian_desktop.services.office import open_office
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.jobs import JobRunner
from fulian_desktop.ui.memory import Memory
from fulian_desktop.ui.shell import Shell
from fulian_desktop.ui.theme import Theme
app = QApplication([])
theme = Theme()
theme.apply(app)
runner = JobRunner()
office = open_office(folder, passphrase)
desk = Desk(theme, runner, Memory(Path(sys.argv[4])), office, unit=office.unit, unit_name=office.unit_name,
            person=office.person, today=date.today)
shell = Shell(desk)
shell.resize(1366, 696)
shell.show()
shell.activateWindow()
desk.go("list", {"nav": "care", "kind": "person"})

def spin(ms):
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()

spin(3_000)  # the list is read, counting goes on
beats = [time.perf_counter()]
heart = QTimer()
heart.setTimerType(Qt.TimerType.PreciseTimer)
heart.timeout.connect(lambda: beats.append(time.perf_counter()))
heart.start(1)
box = shell.page.search_box()
box.setFocus()
for word in ("wgy", "lxz", "zhang", "1234", "sss"):
    box.clear()
    for letter in word:
        start = time.perf_counter()
        QTest.keyClick(box, letter)
        spin(120)
    spin(1_500)
heart.stop()
longest = max(after - before for before, after in zip(beats, beats[1:]))
shell.close()
runner.close(last=office.close)
print(json.dumps({"seconds": longest}))
"""


def typing(folder: Path, work: Path, count: int, runs: int = 3) -> list[Case]:
    """``window_typing_ms``: the longest that the window stood still while one typed into the search box over a million."""
    from tools.bench.searching import make

    persons = make(folder, count)
    work.mkdir(parents=True, exist_ok=True)
    longest = [_child(_TYPING, str(persons), PASSPHRASE, str(work / "typing.ini"))["seconds"] * 1000 for _ in range(runs)]
    return [Case("window_typing_ms", median(longest), 50, at_least=False, unit="ms", samples={"longest": longest},
                 note=f"{count} persons, 17 letters; the longest of {runs} runs {max(longest):.0f} ms")]
