"""How the command line explains itself: every command in 中文, documented, with exit codes 0, 1 and 2 (DESIGN §11)."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import pytest
from tests.builders import PASSPHRASE, a_township

from fulian_desktop.cli import main
from fulian_desktop.cli.usage import parser_of

ROOT = Path(__file__).parents[2]
CHINESE = re.compile("[一-鿿]")


def _commands() -> dict[str, argparse.ArgumentParser]:
    (found,) = [a for a in parser_of()._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(found.choices)


COMMANDS = sorted(_commands())
DESIGNED = [
    "init", "invite", "join", "units", "request", "approve", "add", "edit", "delete", "history", "show", "list", "import-sheet",
    "acts", "undo", "export-sheet", "template", "export", "inspect", "merge", "imports", "undo-import", "conflicts", "settle",
    "duplicates", "join-records", "roll-call", "report", "reports", "print", "check", "backup", "restore", "demo",
]


def test_every_designed_command_is_there():
    assert set(DESIGNED) <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_documented_in_the_readme(name):
    readme = (ROOT / "README.md").read_text("utf-8")
    assert re.search(rf"`fulian {name}`", readme), f"README.md says nothing of `fulian {name}`"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_explains_itself_in_chinese(name, capsys):
    with pytest.raises(SystemExit) as end:
        main([name, "--help"])
    assert end.value.code == 0
    text = capsys.readouterr().out
    assert text.startswith("用法：")
    assert not re.search(r"usage:|positional arguments|options:|show this help", text)
    parser = _commands()[name]
    assert CHINESE.search(parser.description or "")
    for action in parser._actions:
        assert CHINESE.search(action.help or ""), f"{name}: {action.dest} has no help"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_json_and_a_passphrase_file(name):
    options = {option for action in _commands()[name]._actions for option in action.option_strings}
    assert {"--json", "--passphrase-file", "-h", "--help"} <= options


@pytest.mark.parametrize(("argv", "said"), [
    ([], "还缺：命令"),
    (["merge"], "还缺：WS"),
    (["merge", "ws", "stick", "--colour"], "不认识：--colour"),
    (["print", "ws", "poster", "-o", "x.pdf"], "只能是"),
    (["list", "ws", "family", "--limit", "many"], "要写整数"),
    (["export", "ws", "--to"], "后面要写内容"),
    (["undo", "ws"], "还缺：操作号"),
    (["flatten", "ws"], "不能是 'flatten'"),
])
def test_wrong_usage_ends_with_2_and_says_in_chinese_what_is_wrong(argv, said, capsys):
    with pytest.raises(SystemExit) as end:
        main(argv)
    assert end.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert "--help" in err


def test_without_json_a_refusal_is_one_sentence_on_the_error_stream(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("FULIAN_PASSPHRASE", PASSPHRASE)
    assert main(["list", str(tmp_path / "nothing"), "family"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert CHINESE.search(err)
    assert err.count("\n") == 1
    assert "Traceback" not in err


@pytest.mark.parametrize(("argv", "code"), [
    (["list", "{ws}", "family"], 0),
    (["list", "{ws}", "spaceship"], 1),
    (["list", "{ws}", "family", "--where", "colour=red"], 1),
    (["list", "{ws}", "family", "--where", "head"], 1),
    (["list", "{ws}", "family", "--unit", "12"], 1),
    (["show", "{ws}", "not-an-id"], 1),
    (["show", "{ws}", "0" * 32], 1),
    (["edit", "{ws}", "0" * 32, "head=x"], 1),
    (["delete", "{ws}", "zz"], 1),
    (["undelete", "{ws}", "0" * 31], 1),
    (["history", "{ws}", "0" * 32], 1),
    (["transfer", "{ws}", "0" * 32, "--unit", "140702101202"], 1),
    (["transfer", "{ws}", "--unit", "140702101202"], 1),
    (["transfer", "{ws}", "--all-of", "12", "--unit", "140702101201"], 1),
    (["undo", "{ws}", "0" * 32], 1),
    (["add", "{ws}", "family"], 1),
    (["add", "{ws}", "family", "=x"], 1),
    (["add", "{ws}", "family", "--from-json", "{tmp}/none.json"], 1),
    (["units", "{ws}", "add"], 1),
    (["units", "{ws}", "add", "12", "x"], 1),
    (["settle", "{ws}", "0" * 32, "head=x"], 1),
    (["join-records", "{ws}", "0" * 32, "1" * 32], 1),
    (["merge", "{ws}", "{tmp}/nothing"], 1),
    (["merge", "{ws}", "{tmp}"], 1),
    (["undo-import", "{ws}", "0" * 32], 1),
    (["export", "{ws}", "--to", "12", "-o", "{tmp}"], 1),
    (["export", "{ws}", "--to", "140702101299", "-o", "{tmp}"], 1),
    (["export", "{ws}", "--to", "all-below", "-o", "{tmp}"], 1),
    (["inspect", "{tmp}/nothing.flpkg"], 1),
    (["import-sheet", "{ws}", "family", "{tmp}/nothing.xlsx"], 1),
    (["template", "spaceship", "-o", "{tmp}/t.xlsx"], 1),
    (["template", "family", "-o", "{tmp}/t.csv"], 1),
    (["template", "family", "-o", "{tmp}/t.xlsx"], 0),
    (["report", "{ws}", "no-such-report"], 1),
    (["reports", "{ws}"], 0),
    (["approve", "{ws}", "{tmp}"], 1),
    (["join", "{tmp}/new", "{tmp}/none.flpkg", "--unit", "140702101201", "--person", "王"], 1),
    (["restore", "{tmp}/none.flbak", "{tmp}/new"], 1),
    (["backup", "{ws}", "-o", "{tmp}/b.flbak"], 0),
    (["check", "{ws}"], 0),
    (["check", "{ws}", "--unit", "12"], 1),
    (["init", "{ws}", "--unit", "140702101000", "--unit-name", "清溪镇", "--person", "李红"], 1),
    (["init", "{tmp}/new", "--unit", "14", "--unit-name", "清溪镇", "--person", "李红"], 1),
    (["init", "{tmp}/new", "--unit", "140702101000", "--unit-name", "", "--person", "李红"], 1),
])
def test_a_refusal_ends_with_1_and_an_object_that_says_why(argv, code, fulian, tmp_path):
    ws = tmp_path / "town"
    a_township(ws).close()
    empty = tmp_path / "empty"
    empty.mkdir()
    result = fulian(*(a.format(ws=ws, tmp=empty) for a in argv), code=code)
    if code:
        assert set(result["error"]) == {"code", "text"}
        assert CHINESE.search(result["error"]["text"])
        assert re.fullmatch("[a-z0-9-]+", result["error"]["code"])
    assert json.dumps(result)
