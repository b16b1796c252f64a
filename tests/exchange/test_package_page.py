"""The page that fixes the bytes and the program say the same."""

from __future__ import annotations

import json
import re
import zlib
from pathlib import Path

import pytest
from tests.exchange.page_example import TOWN, example, example_keys, invitation

from fulian_desktop.exchange import contents, envelope, statements
from fulian_desktop.exchange.enrol import read_invitation
from fulian_desktop.exchange.envelope import CONTEXT, MAGIC
from fulian_desktop.exchange.keys import verify
from fulian_desktop.exchange.refusals import SENTENCES
from fulian_desktop.exchange.statements import read_statement

PAGE = (Path(__file__).parents[2] / "docs" / "package-format.md").read_text(encoding="utf-8")


def on_the_page(title: str) -> str:
    """The indented block after ``title:``, its lines joined."""
    block = PAGE.split(f"\n{title}:\n\n", 1)[1]
    lines = []
    for line in block.split("\n"):
        if not line.startswith("    "):
            break
        lines.append(line[4:])
    return "".join(lines)


# Compressors may differ in their bytes: the payload and what follows from it are read back, not written.
BY_COMPRESSOR = {
    "header of a package (an invitation without segments)",
    "signature of the package",
    "payload of the package (hex)",
}


@pytest.mark.parametrize("title", [title for title in example() if title not in BY_COMPRESSOR])
def test_the_worked_values_of_the_page_are_those_of_the_program(title):
    assert on_the_page(title) == example()[title]


def the_package_of_the_page() -> bytes:
    head, signature, payload = (on_the_page(title) for title in example() if title in BY_COMPRESSOR)
    raw = head.encode()
    return MAGIC + len(raw).to_bytes(4, "big") + raw + bytes.fromhex(signature) + bytes.fromhex(payload)


def test_the_package_of_the_page_is_whole_and_reads_as_written():
    invited = read_invitation(the_package_of_the_page())
    assert invited.unit == TOWN
    assert invited.contents.profile == {"name": "示例乡妇联", "units": []}
    assert invited.fingerprint == on_the_page("fingerprint")


def test_the_package_of_the_page_can_be_taken_apart_by_hand():
    """With nothing but the standard library and Ed25519, as the page says."""
    data = the_package_of_the_page()
    length = int.from_bytes(data[8:12], "big")
    head, signature, payload = data[12 : 12 + length], data[12 + length : 76 + length], data[76 + length :]
    assert verify(example_keys().sign_public, b"", b"fulian-package-1\n" + head, signature)
    assert CONTEXT == b"fulian-package-1\n"
    plain = zlib.decompress(payload)
    size = int.from_bytes(plain[:4], "big")
    assert len(plain) == size + 4 == json.loads(head)["plain"]
    assert json.loads(plain[4:])["package"] == json.loads(head)["package"]


def test_the_program_writes_that_package_but_for_its_compression():
    ours, theirs = (
        json.loads(envelope.unseal(invitation()).header_bytes),
        json.loads(on_the_page("header of a package (an invitation without segments)")),
    )
    for name in ("hash", "payload"):
        del ours[name], theirs[name]
    assert ours == theirs


def section(number: int) -> str:
    return PAGE.split(f"\n## {number}. ", 1)[1].split("\n## ", 1)[0]


def members(text: str) -> set[str]:
    """The names in the first cells of a section's tables of members."""
    return {name for row in re.findall(r"^\| (`.*?) \|", text, re.M) for name in re.findall(r"`(\w+)`", row)}


def test_the_tables_of_members_are_those_of_the_program():
    assert members(section(5).split("### How", 1)[0]) == envelope._MEMBERS
    assert members(section(6)) == contents._MEMBERS
    named = members(section(7))
    assert named == set().union(*(wanted for wanted, _ in statements._READERS.values()))


def test_every_code_of_the_reading_table_has_a_sentence():
    table = section(5).split("### How it is read", 1)[1]
    codes = {
        code for row in re.findall(r"\| ([^|]*) \|$", table, re.M) for code in re.findall(r"`([a-z-]+)`", row)
    }
    refusing = {code for code in SENTENCES if not code.startswith(("segment-", "photo", "statement"))}
    assert codes == refusing


def test_the_statements_of_the_page_verify():
    for title in example():
        if title.startswith(("a claim", "a certificate")):
            assert read_statement(on_the_page(title))
