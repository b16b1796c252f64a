"""The command line: every use case without a screen (DESIGN §11).

Each command calls the service that the window calls. With ``--json`` one JSON object goes to standard output;
exit 0 done, 1 something was refused (the object says what), 2 wrong usage. Libraries load late: ``list`` has to
start fast.
"""

from __future__ import annotations

import gc
import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fulian_desktop.errors import FulianError, machine_sentence

if TYPE_CHECKING:
    from fulian_desktop.services.unlocking import Unlocking


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code.

    Args:
        argv: The words after ``fulian``; None: those of this process, which ends with the command.
    """
    if argv is not None:
        return _run(list(argv))
    gc.set_threshold(50_000)  # what a start makes stays: looking through it again and again took 7 ms
    code = _run(sys.argv[1:])
    gc.freeze()  # else all of it is looked through once more at the end: 5 ms
    return code


def _run(words: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        # piped on a Chinese Windows they are GBK, which lacks characters of people's names
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower() != "utf-8":
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    unlocking = _begin_unlocking(words)
    from fulian_desktop.cli.usage import parser_of

    arguments = parser_of(words[0] if words else "").parse_args(words)
    arguments.unlocking = unlocking
    try:
        result, code = arguments.run(arguments)
    except FulianError as error:
        result, code = {"error": {"code": error.code, "text": error.text}}, 1
    except BrokenPipeError:
        return 1
    except OSError as error:
        # Whatever path was typed: what the machine did is a sentence, in the window too (ui/problems.py).
        result, code = {"error": {"code": "machine", "text": machine_sentence(error)}}, 1
    _print(result, as_json=arguments.json)
    return int(code)


def _begin_unlocking(words: list[str]) -> Unlocking | None:
    """Derive the key while everything else is imported, even the parser; None where it has to be done later.

    ``fulian list WS …``: the second word is the workspace. Where it is not, or is none, nothing is lost.
    """
    passphrase = os.environ.get("FULIAN_PASSPHRASE")
    if not passphrase or len(words) < 2 or "--passphrase-file" in words:
        return None
    from fulian_desktop.services.unlocking import Unlocking

    try:
        return Unlocking(Path(words[1]), passphrase)
    except FulianError:
        return None  # whoever opens this folder in earnest is told


def _print(result: dict[str, Any] | list[Any] | bytes, *, as_json: bool) -> None:
    out = sys.stdout
    if isinstance(result, bytes) and as_json:  # JSON text already, of many megabytes
        out.flush()
        out.buffer.write(result)
        out.buffer.write(b"\n")
        out.buffer.flush()
    elif isinstance(result, bytes):
        out.write(json.dumps(json.loads(result), ensure_ascii=False, indent=1) + "\n")
    elif as_json:
        out.write(json.dumps(result, ensure_ascii=False) + "\n")
    elif isinstance(result, dict) and set(result) == {"error"}:
        sys.stderr.write(result["error"]["text"] + "\n")
    else:
        out.write(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    out.flush()
