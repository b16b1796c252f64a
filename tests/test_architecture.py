"""The sentences of the design about the house (§3), proved from the source; then the finders themselves."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests import architecture

ROOT = Path(__file__).parents[1] / "src" / "fulian_desktop"
LEAVES = {"errors", "progress", "resources"}
BELOW_SERVICES = {"merge", "exchange", "sheets", "printing", "store"}

MAY_IMPORT = {
    "__main__": {"ui", "cli"} | LEAVES,
    "ui": {"services", "domain"} | LEAVES,
    "cli": {"services", "domain"} | LEAVES,
    "services": BELOW_SERVICES | {"ledger", "domain"} | LEAVES,
    "merge": {"exchange", "store", "ledger", "domain"} | LEAVES,
    "exchange": {"ledger", "domain"} | LEAVES,
    "sheets": {"ledger", "domain"} | LEAVES,
    "printing": {"ledger", "domain"} | LEAVES,
    "store": {"ledger", "domain"} | LEAVES,
    "ledger": {"domain"} | LEAVES,
    "domain": LEAVES,
    "resources": {"errors"},
    "progress": set(),
    "errors": set(),
    "__init__": set(),
}

ONLY_IN = {
    "PySide6": ("ui/",),
    "shiboken6": ("ui/",),
    "sqlite_utils": ("store/",),
    "sqlcipher3": ("store/",),
    "pysqlite3": ("store/",),
    "sqlite3": ("store/",),
    "openpyxl": ("sheets/",),
    "reportlab": ("printing/",),
    "docx": ("printing/",),
    "lxml": ("printing/",),
    "pypdfium2": ("printing/",),
    "cryptography": ("exchange/",),
    "nacl": ("store/keystore.py",),
    "pyrage": ("exchange/",),
}

HEAVY = {
    "PySide6",
    "cryptography",
    "docx",
    "lxml",
    "openpyxl",
    "PIL",
    "pypdfium2",
    "pypinyin",
    "reportlab",
    "sqlcipher3",
    "sqlite_utils",
}


def test_the_house_has_the_rooms_of_the_design_and_no_other():
    rooms = {architecture.room_of(path, ROOT) for path in architecture.sources(ROOT)}
    assert rooms <= set(MAY_IMPORT)


def test_imports_between_rooms_go_downwards_only():
    assert architecture.crossings(ROOT, MAY_IMPORT) == []


def test_no_room_can_reach_itself_again_going_down():
    reached: dict[str, set[str]] = {}

    def below(room: str) -> set[str]:
        if room not in reached:
            reached[room] = set().union(MAY_IMPORT[room], *(below(lower) for lower in MAY_IMPORT[room]))
        return reached[room]

    assert [room for room in MAY_IMPORT if room in below(room)] == []


@pytest.mark.parametrize(("module", "places"), ONLY_IN.items())
def test_a_library_stays_in_its_room(module: str, places: tuple[str, ...]):
    assert [where for file, where in architecture.uses(ROOT, module) if not file.startswith(places)] == []


def test_sql_is_written_in_store_only():
    assert [where for where in architecture.sql(ROOT) if not where.startswith("store/")] == []


def test_the_command_line_starts_without_the_heavy_libraries():
    code = "import sys, json, fulian_desktop.cli; print(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT.parent)
    assert run.returncode == 0, run.stderr
    loaded = set(json.loads(run.stdout))
    assert "fulian_desktop.cli" in loaded
    assert sorted(loaded & HEAVY) == []


def test_no_comparison_has_chinese_in_it():
    assert architecture.chinese_comparisons(ROOT) == []


def test_no_error_is_swallowed():
    assert architecture.swallowed_errors(ROOT) == []


def test_nothing_is_left_for_later():
    assert architecture.words(ROOT, r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError") == []


def test_no_test_is_skipped_or_expected_to_fail():
    tests = Path(__file__).parent
    pattern = r"mark\.(skip|skipif|xfail)\b|pytest\.(skip|xfail|importorskip)\(|@unittest\.skip"
    found = architecture.words(tests, pattern)
    assert [where for where in found if not where.startswith("test_architecture.py")] == []


def test_colours_stand_in_the_token_table_only():
    found = architecture.words(ROOT / "ui", r"#[0-9A-Fa-f]{6}\b|#[0-9A-Fa-f]{3}\b|QColor\(\s*\d")
    assert [where for where in found if not where.startswith("tokens.py")] == []


# The finders find: each is given a house with the fault in it.


def a_house(tmp_path: Path, **files: str) -> Path:
    """A package whose files are given as ``room__module="source"``."""
    root = tmp_path / "fulian_desktop"
    for name in ("ui", "services", "store", "merge", "exchange", "domain", "ledger", "sheets", "printing"):
        (root / name).mkdir(parents=True)
        (root / name / "__init__.py").write_text("", "utf-8")
    for name in ("errors", "progress", "resources", "cli"):
        (root / f"{name}.py").write_text("", "utf-8")
    for name, text in files.items():
        root.joinpath(*name.split("__")).with_suffix(".py").write_text(text, "utf-8")
    return root


def test_a_sound_house_has_nothing_to_find(tmp_path: Path):
    root = a_house(
        tmp_path,
        merge__plan="from fulian_desktop.store import queries\nfrom fulian_desktop.errors import Damaged\n",
        store__queries='"""SELECT a FROM b is prose here."""\nimport sqlite_utils\nSQL = "SELECT a FROM b"\n',
        services__office="def go():\n    try:\n        return 1\n    except OSError:\n        pass\n",
        domain__labels='LABEL = "家庭"\nif len(LABEL) == 2:\n    pass\n',
    )
    assert architecture.crossings(root, MAY_IMPORT) == []
    assert [where for where in architecture.sql(root) if not where.startswith("store/")] == []
    assert architecture.chinese_comparisons(root) == []
    assert architecture.swallowed_errors(root) == []


@pytest.mark.parametrize(
    ("module", "text", "found"),
    [
        ("domain__kinds", "from fulian_desktop.store import queries", "domain -> store"),
        ("domain__kinds", "import fulian_desktop.ledger.fold", "domain -> ledger"),
        ("domain__kinds", "from ..ledger import fold", "domain -> ledger"),
        ("domain__kinds", "from .. import ledger", "domain -> ledger"),
        ("ledger__fold", "from fulian_desktop import services", "ledger -> services"),
        ("store__queries", "def f():\n    from fulian_desktop.exchange import keys", "store -> exchange"),
        ("exchange__keys", "from fulian_desktop.merge import plan", "exchange -> merge"),
        ("sheets__read", "import fulian_desktop.store as store", "sheets -> store"),
        ("printing__page", "from fulian_desktop.sheets.write import cell", "printing -> sheets"),
        ("merge__plan", "from fulian_desktop.sheets import read", "merge -> sheets"),
        ("merge__plan", "from fulian_desktop.printing import page", "merge -> printing"),
        ("services__office", "import fulian_desktop.ui.window", "services -> ui"),
        ("services__office", "from fulian_desktop import cli", "services -> cli"),
        ("ui__window", "from fulian_desktop.store import queries", "ui -> store"),
        ("ui__window", "from fulian_desktop import cli", "ui -> cli"),
        ("errors", "from fulian_desktop.domain import units", "errors -> domain"),
        ("progress", "from fulian_desktop import errors", "progress -> errors"),
        ("cli", "import importlib\nimportlib.import_module('fulian_desktop.store.queries')", "cli -> store"),
        (
            "ledger__fold",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from fulian_desktop.merge import plan",
            "ledger -> merge",
        ),
    ],
)
def test_an_import_in_the_wrong_direction_is_found(tmp_path: Path, module: str, text: str, found: str):
    crossings = architecture.crossings(a_house(tmp_path, **{module: text}), MAY_IMPORT)
    assert [where.split(" ", 1)[1] for where in crossings] == [found]


@pytest.mark.parametrize(
    "text",
    [
        "import PySide6",
        "from PySide6.QtWidgets import QLabel",
        "def f():\n    import PySide6.QtCore as core",
        "__import__('PySide6.QtGui')",
    ],
)
def test_a_library_in_the_wrong_room_is_found(tmp_path: Path, text: str):
    root = a_house(tmp_path, services__office=text, ui__window=text)
    assert {file for file, _ in architecture.uses(root, "PySide6")} == {"services/office.py", "ui/window.py"}


@pytest.mark.parametrize(
    "text",
    [
        'Q = "SELECT id FROM record"',
        'Q = "select id\\nfrom record"',
        'def f(t):\n    return f"DELETE FROM {t}"',
        'def f(t):\n    return f"SELECT {t} FROM {t} WHERE 1"',
        'Q = "PRAGMA journal_mode=WAL"',
        'Q = "create table a (b)"',
        'Q = "UPDATE record SET a = 1"',
        'Q = "INSERT OR IGNORE INTO a VALUES (1)"',
    ],
)
def test_sql_outside_store_is_found(tmp_path: Path, text: str):
    assert len(architecture.sql(a_house(tmp_path, services__office=text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        'def f(a):\n    return a == "家庭"',
        'def f(a):\n    return a in ("x", "家庭")',
        'def f(a):\n    return "户" not in a',
        'def f(a):\n    return a == f"{a}户"',
        'def f(a):\n    match a:\n        case "家庭":\n            return 1',
        'def f(a):\n    return a == "，"',
    ],
)
def test_chinese_in_a_comparison_is_found(tmp_path: Path, text: str):
    assert len(architecture.chinese_comparisons(a_house(tmp_path, domain__labels=text))) == 1


@pytest.mark.parametrize(
    "handler",
    [
        "except:\n        raise",
        "except Exception:\n        pass",
        "except Exception as error:\n        ...",
        "except (OSError, BaseException):\n        return None",
        "except Exception:\n        return False",
    ],
)
def test_a_swallowed_error_is_found(tmp_path: Path, handler: str):
    text = f"def f():\n    try:\n        return 1\n    {handler}\n"
    assert len(architecture.swallowed_errors(a_house(tmp_path, services__office=text))) == 1


def test_a_suppressed_exception_is_found(tmp_path: Path):
    text = "import contextlib\nwith contextlib.suppress(Exception):\n    print()\n"
    assert len(architecture.swallowed_errors(a_house(tmp_path, services__office=text))) == 1
