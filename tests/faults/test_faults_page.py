"""docs/faults.md names a test for every fault, and every test that it names exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "faults.md").read_text("utf-8")
ROWS = [line for line in PAGE.splitlines() if re.match(r"\| *\d+ *\|", line)]
NAMED = sorted(set(re.findall(r"`([a-z0-9_/]+\.py)::(\w+)`", PAGE)))


@cache
def _tests_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / "tests" / path).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_fault_has_its_row() -> None:
    assert [int(row.split("|")[1]) for row in ROWS] == list(range(1, 72))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_every_row_names_a_test(row: str) -> None:
    assert "::test_" in row


@pytest.mark.parametrize(("path", "name"), NAMED, ids=lambda part: part)
def test_a_test_that_the_page_names_exists(path: str, name: str) -> None:
    assert name in _tests_of(path)


SOURCES = sorted((ROOT / "src").rglob("*.py"))


def test_no_module_reads_the_time_of_a_file() -> None:
    """FAULTS 12: a stick's clock is anybody's."""
    times = {"st_mtime", "st_ctime", "st_atime", "st_mtime_ns", "st_ctime_ns", "st_birthtime", "getmtime", "getctime", "getatime"}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in times
    ]
    assert found == []


def test_every_text_file_is_read_and_written_as_utf_8() -> None:
    """FAULTS 14: never in the code page of the computer."""
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            words = {k.arg for k in node.keywords}
            if name == "read_text" and not node.args and "encoding" not in words:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
            if name == "write_text" and len(node.args) < 2 and "encoding" not in words:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []
