"""The made-up worlds are sharp enough: a merger that reads one sentence of DESIGN §4 wrongly is told apart.

Each row changes one expression of the reference merger into a plausible mistake. One that no world shows here
would go unnoticed in the product too.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest
from tests.property import reference_merger
from tests.property.comparison import differences
from tests.property.worlds import random_world

WORLDS = 400
PLACE = 'return change.depth, change.body["at"], change.name'
STANDING_SEEN = "self.standing(name, self.ancestors(change))"
GONE = "puts | set(self.restores) <= gone"
COVERS = "not any(change is a or change in self.ancestors(a) for a in higher)"
MISTAKES = {
    "the oldest head shows": ("max(heads, key=lambda head", "min(heads, key=lambda head"),
    "clocks before depth": (PLACE, 'return change.body["at"], change.depth, change.name'),
    "clocks ignored": (PLACE, "return change.depth, 0, change.name"),
    "a stream's own previous change is no parent": ("change.parents.add(earlier.name)", "pass"),
    "only the very last change of a stream is": (
        "while earlier is not None and earlier.key",
        "while False and earlier.key",
    ),
    "a gap is jumped": (
        "[c for c in held if c.rooted and c not in invalid]",
        "[c for c in held if c not in invalid]",
    ),
    "the class is not judged": ("kind is not None and kind.cls != change.stream[2]", "False"),
    "the class of unknown kinds is judged": (
        "kind is not None and kind.cls != change.stream[2]",
        '(kind.cls if kind else "ordinary") != change.stream[2]',
    ),
    "a delete may have values": ('action != "put" and "values" in change.body', "False"),
    "any action will do": ('action not in ("put", "delete", "restore")', "False"),
    "a parent may be of another record": ("all(p.key != change.key for p in by_name[name])", "False"),
    "what descends from the invalid is invalid": (
        "        if change in invalid:",
        "        if change in invalid or any(one.name in change.parents for one in invalid):",
    ),
    "a limit always goes by number": ("if tip is not None and tip.rooted:", "if False:"),
    "limits do nothing": ("if change.stream != stream or change.name in allowed", "if True"),
    "the last limit wins": (
        "held = [change for change in held if",
        "held = [change for change in stored.values() if",
    ),
    "set-once may be set any time": ("if spec.set_once and", "if False and"),
    "set-once holds for offices above": ("change.parents and not is_above(author, unit)", "change.parents"),
    "set-once looks at written parents": (
        "set_once and change.parents",
        'set_once and change.body.get("parents")',
    ),
    "written_by means exactly that level": ("level(author) < LEVELS.index", "level(author) != LEVELS.index"),
    "written_by means nothing": ('if spec.written_by != "unit" and', "if False and"),
    "an approval may be undone from below": ("if spec.approval and any(", "if False and any("),
    "an approval may not be changed by its own level": (
        "self.rank(a) > level(author)",
        "self.rank(a) >= level(author)",
    ),
    "approvals of other fields count": (
        "for a in self.standing(name, self.ancestors(change))",
        "for one in self.approvals() for a in self.standing(one, self.ancestors(change))",
    ),
    "approvals that it had not seen count": (STANDING_SEEN, "self.standing(name)"),
    "a delete needs no level": ("self.rank(a) > self.rank(change)\n", "False\n"),
    "a delete needs a higher level": (
        "self.rank(a) > self.rank(change)\n",
        "self.rank(a) >= self.rank(change)\n",
    ),
    "a delete heeds approvals it had not seen": (
        "for a in self.standing(name, past)",
        "for a in self.standing(name)",
    ),
    "anybody may delete": ("elif not is_writer(self.author(change), change.stream[1]):", "elif False:"),
    "any result approves": ('v["result"] in self.kind.approving', 'v["result"]'),
    "approvals in conflict mark": ("if name not in self.out.conflicts for a", "for a"),
    "an edit of the approving level marks": (
        "if self.rank(a) > self.rank(change)]",
        "if self.rank(a) >= self.rank(change)]",
    ),
    "every approval must have seen the edit": (COVERS, COVERS.replace("any", "all")),
    "only edits that still show mark": (
        "for change, _ in settings if",
        "for change, _ in self.heads(name) if",
    ),
    "every field is covered": ("].covered else ()", "].approval is False else ()"),
    "rows are not covered": (
        'name.partition(":")[0]].covered',
        'name.partition(":")[0]].covered and ":" not in name',
    ),
    "only edits that saw the approval mark": (
        "if higher and not any(",
        "if higher and any(a in self.ancestors(change) for a in higher) and not any(",
    ),
    "null is no value in a conflict": (
        "for _, value in heads}",
        "for _, value in heads if value is not None}",
    ),
    "null shows": ("if shown is not None:", "if True:"),
    "null makes no record": ("for change, _ in settings}", "for change, one in settings if one is not None}"),
    "any put makes a record": ("bool(puts)", 'any(change.body["action"] == "put" for change in self.order)'),
    "any delete deletes": (GONE, "True"),
    "a restore does not matter": (GONE, "puts <= gone"),
    "a put does not matter": (GONE, "set(self.restores) <= gone"),
    "a put without effect saves": (
        GONE,
        'not {change for change in self.order if change.body["action"] != "delete"} - gone',
    ),
    "one restore settles every delete": (
        "any(d not in undone for d in self.deletes)",
        "bool(self.deletes) and not undone & set(self.deletes)",
    ),
    "what is deleted is marked": ("not self.out.deleted and any", "any"),
    "unknown fields are refused": (
        "if spec is None:",
        "if spec is None and is_writer(self.author(change), change.stream[1]):",
    ),
    "any descendant settles a conflict": (
        "for _, value in heads}",
        "for c, value in heads if not any(c in self.ancestors(other) for other in self.order)}",
    ),
    "forms are not judged": (
        "if value is not None and not",
        "if spec.approval and value is not None and not",
    ),
    "null is of no form": ("if value is not None and not spec.check(value)", "if not spec.check(value)"),
    "a delete of an unknown kind is not named": (
        "for change in mine}",
        'for change in mine if change.body["action"] == "put"}',
    ),
    "issued fields are unknown": ('if re.fullmatch("x_[a-z][a-z0-9_]{0,29}", name):', "if False:"),
    "issued fields take anything": ("return FieldSpec(is_issued_value)", "return FieldSpec(lambda value: True)"),
    "depth goes by the shallowest parent": ("change.depth = 1 + max(", "change.depth = 1 + min("),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_some_world_tells_a_wrong_reading_apart(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right, wrong = MISTAKES[mistake]
    source = Path(reference_merger.__file__).read_text(encoding="utf-8")
    assert source.count(right) == 1, "the reference has changed: change this row with it"
    module = ModuleType("mistaken_merger")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(source.replace(right, wrong), mistake, "exec"), module.__dict__)
    for seed in range(WORLDS):
        if differences(random_world(seed), module.merge_reference):
            return
    pytest.fail(f"{WORLDS} worlds show nothing wrong when {mistake}")
