"""The manual's table of the eighteen systems says what the program declares, and has no empty cell."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from tools.systems_page import PAGE, ROOT, TESTS, row

from fulian_desktop.domain.indicator import SYSTEMS

KNOWN = [system for system in SYSTEMS if row(system) is not None]


def rows() -> dict[int, list[str]]:
    """System → the cells of its row on the page."""
    found = [line.strip("|").split(" | ") for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    return {int(cells[0]): [cell.strip() for cell in cells] for cells in found if cells[0].strip().isdecimal()}


def test_the_page_has_a_row_for_each_of_the_eighteen_systems_and_no_empty_cell() -> None:
    assert list(rows()) == list(SYSTEMS)
    assert {system: cells for system, cells in rows().items() if len(cells) != 7 or not all(cells)} == {}


@pytest.mark.parametrize("system", KNOWN)
def test_a_row_says_what_is_declared(system: int) -> None:
    """When it fails: ``python -m tools.systems_page``."""
    assert row(system) in PAGE.read_text("utf-8").splitlines()


@pytest.mark.parametrize("system", TESTS)
def test_the_test_that_is_named_is_there(system: int) -> None:
    file, name = TESTS[system]
    tree = ast.parse(Path(ROOT / file).read_text("utf-8"))
    assert name in {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}
