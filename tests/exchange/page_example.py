"""The worked example of docs/package-format.md §9, made by the program from fixed keys."""

from __future__ import annotations

from fulian_desktop.exchange.enrol import write_invitation
from fulian_desktop.exchange.envelope import unseal
from fulian_desktop.exchange.keys import OfficeKeys, fingerprint
from fulian_desktop.exchange.package import sign_segment
from fulian_desktop.exchange.statements import issue_certificate, make_claim
from fulian_desktop.exchange.trust import Trust
from fulian_desktop.ledger.changes import Change, change_bytes
from fulian_desktop.ledger.segments import header_bytes, make_header
from fulian_desktop.ledger.streams import Stream, next_name, start_name

TOWN, VILLAGE, EPOCH, MADE = (
    "140702101000",
    "140702101201",
    "00112233445566778899aabbccddeeff",
    1_741_392_000_000,
)
BODY_TITLE = "三八节表彰"


def example_keys() -> OfficeKeys:
    parts = [bytes(range(0x20)), bytes(range(0x20, 0x40))]
    return OfficeKeys.generate(lambda length: parts.pop(0)[:length])


def second_keys() -> OfficeKeys:
    parts = [bytes(range(0x40, 0x60)), bytes(range(0x60, 0x80))]
    return OfficeKeys.generate(lambda length: parts.pop(0)[:length])


def invitation() -> bytes:
    keys = example_keys()
    return write_invitation(
        keys=keys,
        trust=Trust(TOWN, [make_claim(keys, TOWN).text]),
        epoch=EPOCH,
        seq=1,
        made=MADE,
        profile={"name": "示例乡妇联", "units": []},
        package="0123456789abcdef" * 2,
    )


def example() -> dict[str, str]:
    """Title → text, in the page's order; the titles are those of the page."""
    keys = example_keys()
    stream = Stream(EPOCH, VILLAGE, "ordinary")
    change = change_bytes(
        Change(
            act="0" * 31 + "1",
            action="put",
            actor="王芳",
            at=MADE,
            kind="activity",
            record="0195739d5c007000800000000000000a",
            values={"title": BODY_TITLE, "category": "festival"},
        )
    )
    header, body = make_header(stream, 1, start_name(stream), [change], key=keys.key, made=MADE)
    segment = sign_segment(keys, header_bytes(header), body)
    claim = make_claim(second_keys(), VILLAGE)
    envelope = unseal(invitation())
    return {
        "sign public key": keys.sign_public.hex(),
        "key id": keys.key,
        "fingerprint": fingerprint(keys.sign_public),
        "age secret": keys.box_secret,
        "box public key": keys.box_public,
        "box key id": keys.box,
        "a change (UTF-8)": change.decode(),
        f"h_0 of its stream (epoch {EPOCH}, unit {VILLAGE}, class ordinary)": start_name(stream).hex(),
        "h_1, the name of the change": next_name(start_name(stream), change).hex(),
        "header of the segment that holds just this change": segment.header.decode(),
        "signature of the segment": segment.signature.hex(),
        "a claim (of another key, seed 40 to 5f and age secret 60 to 7f)": claim.text,
        "a certificate for it": issue_certificate(keys, issuer=TOWN, claim=claim, serial=1),
        "header of a package (an invitation without segments)": envelope.header_bytes.decode(),
        "signature of the package": envelope.signature.hex(),
        "payload of the package (hex)": bytes(envelope.payload).hex(),
    }
