"""Reads source files as trees, for the tests that prove the sentences of the design about them.

Each finder returns where it found something, as ``path:line what``, so that a failing test says what to mend.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "fulian_desktop"

_CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_SQL = re.compile(
    r"\bSELECT\b.+\bFROM\b|\bINSERT\s+(OR\s+\w+\s+)?INTO\b|\bREPLACE\s+INTO\b|\bDELETE\s+FROM\b"
    r"|\bUPDATE\s+\S+\s+SET\b|\b(CREATE|ALTER|DROP)\s+(TEMP\s+|VIRTUAL\s+|UNIQUE\s+)?(TABLE|INDEX|VIEW|TRIGGER)\b"
    r"|\bPRAGMA\s+\w+|\bATTACH\s+DATABASE\b|\bORDER\s+BY\b",
    re.IGNORECASE | re.DOTALL,
)
_EVERYTHING = {"Exception", "BaseException"}


@dataclass(frozen=True)
class Import:
    """One module that a file imports."""

    module: str
    line: int
    late: bool


def sources(root: Path) -> list[Path]:
    """Every Python file of a package, in order."""
    found = sorted(root.rglob("*.py"))
    assert found, f"no source files in {root}"
    return found


def room_of(path: Path, root: Path) -> str:
    """The first name below the package: ``store`` for store/vault.py, ``cli`` for cli/usage.py."""
    first = path.relative_to(root).parts[0]
    return first.removesuffix(".py")


def imports(path: Path, root: Path) -> list[Import]:
    """All imports of a file, at the top or inside functions; relative ones made absolute."""
    tree = ast.parse(path.read_text("utf-8"), str(path))
    late = {
        id(inner)
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for inner in ast.walk(outer)
    }
    found = []
    for node in ast.walk(tree):
        for module in _modules(node, path, root):
            found.append(Import(module, getattr(node, "lineno", 0), id(node) in late))
    return found


def _modules(node: ast.AST, path: Path, root: Path) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            package = (PACKAGE, *path.relative_to(root).parent.parts)
            base = ".".join((*package[: len(package) - node.level + 1], *filter(None, [base])))
        yield from (f"{base}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        first = node.args[0] if node.args else None
        if name in ("import_module", "__import__") and isinstance(first, ast.Constant):
            yield str(first.value)


def uses(root: Path, module: str) -> list[tuple[str, str]]:
    """Where ``module`` or something in it is imported: (file within the package, ``file:line module``)."""
    return [
        (str(path.relative_to(root)), f"{path.relative_to(root)}:{found.line} {found.module}")
        for path in sources(root)
        for found in imports(path, root)
        if found.module == module or found.module.startswith(f"{module}.")
    ]


def crossings(root: Path, allowed: dict[str, set[str]]) -> list[str]:
    """Imports between the package's rooms that ``allowed`` does not name."""
    found = []
    for path in sources(root):
        room = room_of(path, root)
        for item in imports(path, root):
            parts = item.module.split(".")
            if parts[0] != PACKAGE or len(parts) < 2 or parts[1] == room:
                continue
            # ``from fulian_desktop import __version__`` names no room.
            is_room = (root / parts[1]).is_dir() or (root / f"{parts[1]}.py").is_file()
            if is_room and parts[1] not in allowed[room]:
                found.append(f"{path.relative_to(root)}:{item.line} {room} -> {parts[1]}")
    return found


def sql(root: Path) -> list[str]:
    """Strings that read like SQL; docstrings are prose, and a part of an f-string is read with the whole."""
    found = []
    for path in sources(root):
        tree = ast.parse(path.read_text("utf-8"))
        passed_over = _docstrings(tree) | _parts(tree)
        for node in ast.walk(tree):
            text = _text(node)
            if text is not None and id(node) not in passed_over and _SQL.search(text):
                found.append(f"{path.relative_to(root)}:{node.lineno} {text[:60]!r}")  # type: ignore[attr-defined]
    return found


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "x" for part in node.values]
        return "".join(map(str, parts))
    return None


def _docstrings(tree: ast.AST) -> set[int]:
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def _parts(tree: ast.AST) -> set[int]:
    return {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}


def chinese_comparisons(root: Path) -> list[str]:
    """Comparisons and patterns with a 中文 text in them."""
    found = []
    for path in sources(root):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Compare | ast.MatchValue):
                continue
            texts = [text for inner in ast.walk(node) if (text := _text(inner)) and _CJK.search(text)]
            if texts:
                found.append(f"{path.relative_to(root)}:{node.lineno} {texts[0]!r}")
    return found


def swallowed_errors(root: Path) -> list[str]:
    """Handlers that catch everything and do nothing, bare ``except:``, and ``suppress(Exception)``."""
    found = []
    for path in sources(root):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (isinstance(node, ast.ExceptHandler) and _swallows(node)) or _suppresses_everything(node):
                found.append(f"{path.relative_to(root)}:{node.lineno}")  # type: ignore[attr-defined]
    return found


def _swallows(node: ast.ExceptHandler) -> bool:
    if node.type is None:
        return True
    caught = {inner.id for inner in ast.walk(node.type) if isinstance(inner, ast.Name)}
    idle = all(isinstance(step, ast.Pass | ast.Continue | ast.Break) or _is_bare(step) for step in node.body)
    return idle and bool(caught & _EVERYTHING)


def _is_bare(step: ast.stmt) -> bool:
    if isinstance(step, ast.Return):
        return step.value is None or isinstance(step.value, ast.Constant)
    return isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant)


def _suppresses_everything(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
        return False
    name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
    caught = {inner.id for part in node.args for inner in ast.walk(part) if isinstance(inner, ast.Name)}
    return name == "suppress" and bool(caught & _EVERYTHING)


def words(root: Path, pattern: str, suffix: str = "*.py") -> list[str]:
    """Lines that match a pattern."""
    return [
        f"{path.relative_to(root)}:{number} {line.strip()[:80]}"
        for path in sorted(root.rglob(suffix))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]
