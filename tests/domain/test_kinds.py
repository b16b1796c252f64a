"""The declared kinds, against DOMAIN §2."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fulian_desktop.domain import kinds
from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import Code, Composite, Field, Period, Reference, Table
from fulian_desktop.domain.honors import HONORS, RESULTS, WAYS
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import all_kinds, find_kind, kind_of, register, restricted_kinds, unregister
from fulian_desktop.domain.kinds.activity import CATEGORIES
from fulian_desktop.domain.units import Level

KINDS = [k.code for k in [*all_kinds(), *restricted_kinds()]]
LEVELS = [level.code for level in Level]

# "Names of kinds and main fields that the command line and scripts rely on" (DOMAIN §2).
NAMES = {
    "activity": "title category date_from date_to date_precision sessions sessions_about place organizer partners speaker"
    " participants participants_about women men children households materials content outcome measures cost fund_source",
    "family": "head head_id_number phone address members tags",
    "person": "name sex id_number birth_date phone address tags family",
    "campaign": "title honor year public_days workdays quota",
    "nomination": "campaign family person called way deeds_short deeds grade submitted_date withdrawn_date "
    + " ".join(
        f"review_{lv}_result review_{lv}_date review_{lv}_person notice_{lv}_from notice_{lv}_to notice_{lv}_objection"
        f" notice_{lv}_finding approval_{lv}_result approval_{lv}_date approval_{lv}_person approval_{lv}_opinion"
        f" award_{lv}_called award_{lv}_honor_level award_{lv}_certificate_no award_{lv}_date revoked_{lv}_date"
        f" revoked_{lv}_reason"
        for lv in LEVELS
    ),
    "aid": "program recipient recipient_name recipient_category date_from date_to date_precision people people_unit"
    " standard amount goods fund_source operator signed_by",
}
COLUMNS = {
    ("activity", "measures"): ["name", "number", "unit"],
    ("family", "members"): ["name", "relation", "sex", "birth_date", "occupation"],
    ("aid", "goods"): ["name", "quantity", "unit", "value"],
}


def flat_names(kind: Kind) -> list[str]:
    return [p.flat for f in kind.fields for p in f.flat_parts] + [t.code for t in kind.tables]


@pytest.mark.parametrize(("kind", "name"), [(k, n) for k, names in NAMES.items() for n in names.split()])
def test_a_name_that_scripts_rely_on_exists(kind: str, name: str) -> None:
    assert name in flat_names(kind_of(kind))


@pytest.mark.parametrize(("where", "columns"), COLUMNS.items())
def test_a_sub_table_has_the_columns_that_scripts_rely_on(where: tuple[str, str], columns: list[str]) -> None:
    table = kind_of(where[0]).declared(where[1]).type
    assert isinstance(table, Table)
    assert set(columns) <= {c.name for c in table.columns}


@pytest.mark.parametrize(
    ("codes", "wanted"),
    [
        (
            CATEGORIES,
            "publicity law training parenting reading culture festival volunteering health environment job_fair"
            " meeting study_visit fundraising other",
        ),
        (WAYS, "self others organization"),
        (RESULTS, "passed rejected returned"),
    ],
)
def test_a_code_list_has_the_codes_that_scripts_rely_on_in_order(codes: CodeList, wanted: str) -> None:
    assert list(codes) == wanted.split()


def test_the_honors_that_scripts_rely_on_exist() -> None:
    named = (
        "most_beautiful_family five_good_family civilized_family safe_family healthy_family green_family"
        " reading_family clean_hands_family beautiful_courtyard"
    )
    assert set(named.split()) <= set(HONORS)


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("activity", ["title", "category", "date", "participants"]),
        ("family", ["head", "address"]),
        ("campaign", ["title", "honor", "year"]),
        ("nomination", ["campaign", "family", "way"]),
        ("person", ["name"]),
        ("aid", ["program", "recipient", "date", "amount"]),
    ],
)
def test_what_is_bold_in_the_domain_is_asked_for(kind: str, asked: list[str]) -> None:
    assert [f.code for f in kind_of(kind).fields if f.asked] == asked


@pytest.mark.parametrize("kind", KINDS)
def test_flat_names_are_unique_within_a_kind(kind: str) -> None:
    names = flat_names(kind_of(kind))
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("kind", KINDS)
def test_a_head_name_that_is_a_flat_name_is_its_own_first_part(kind: str) -> None:
    for declared in kind_of(kind).fields:
        part = kind_of(kind).flat.get(declared.code)
        if part is not None:
            assert part.field is declared
            assert declared.flat[0] == declared.code


@pytest.mark.parametrize("kind", KINDS)
def test_declarations_hold_together(kind: str) -> None:
    declared = kind_of(kind)
    assert declared.cls in ("published", "ordinary", "restricted")
    assert declared.title
    for name in declared.title:
        assert name in declared.flat
    for field in declared.fields:
        assert field.label
        assert field.group or declared.code == "unit_name"
        if field.unless:
            assert declared.declared(field.unless)
        if isinstance(field.type, Reference):
            assert all(find_kind(k) is not None for k in field.type.kinds)


@pytest.mark.parametrize("kind", KINDS)
def test_every_alias_of_a_code_list_leads_to_a_code(kind: str) -> None:
    for field in kind_of(kind).fields:
        types = [p.type for p in field.flat_parts]
        types += [c.type for c in field.type.columns] if isinstance(field.type, Table) else []
        for one in types:
            if isinstance(one, Code):
                assert set(one.codes.aliases.values()) <= set(one.codes)
                assert len(set(one.codes.labels.values())) == len(one.codes.labels)


@pytest.mark.parametrize("kind", KINDS)
def test_labels_and_other_heads_of_a_column_are_said_once(kind: str) -> None:
    heads = [h for f in kind_of(kind).fields if f.column for h in {f.label, *f.aliases}]
    twice = {h for h in heads if heads.count(h) > 1}
    assert not twice


def test_the_facts_of_a_level_are_written_by_that_level() -> None:
    kind = kind_of("nomination")
    for level, fact in itertools.product(Level, ("review", "notice", "approval", "award", "revoked")):
        assert kind.declared(f"{fact}_{level.code}").written_by is level
    assert [f.approves for f in kind.approvals] == sorted(Level, reverse=True)


def test_references_that_carry_authority_are_set_once_and_covered() -> None:
    kind = kind_of("nomination")
    assert {f.code for f in kind.fields if f.set_once} == {"campaign", "family", "person"}
    assert {"campaign", "family", "called", "deeds", "grade"} <= {f.code for f in kind.fields if f.covered}


def test_sensitive_fields_are_declared_so() -> None:
    sensitive = {(k.code, f.code): f.sensitive for k in all_kinds() for f in k.fields if f.sensitive}
    assert sensitive["family", "head_id_number"] == sensitive["person", "id_number"] == "id"
    assert sensitive["family", "phone"] == sensitive["person", "phone"] == "phone"
    assert sensitive["aid", "account"] == "bank"
    assert sensitive["aid", "disease"] == sensitive["person", "health"] == "health"


def test_every_record_has_remarks_photos_and_what_it_is_the_same_as() -> None:
    for kind in all_kinds():
        assert {"remarks", "photos", "same_as"} <= {f.code for f in kind.fields}


def test_a_row_key_finds_its_sub_table_and_nothing_else_does() -> None:
    kind = kind_of("family")
    found = kind.field("members:0123456789ab")
    assert found is not None
    assert found.code == "members"
    for wrong in ("members", "members:", "members:0123456789AB", "head:0123456789ab", "nobody:0123456789ab"):
        assert kind.field(wrong) is None


def test_each_kind_stands_in_a_module_of_its_name() -> None:
    modules = {f.stem for f in Path(kinds.__path__[0]).glob("*.py")} - {"__init__"}
    assert modules == {kind.code for kind in [*all_kinds(), *restricted_kinds()]}


def test_one_kind_is_read_without_the_others() -> None:
    program = (
        "import sys; from fulian_desktop.domain.kinds import all_kinds, find_kind; assert find_kind('family').code == 'family'; "
        "read = [m for m in sys.modules if m.startswith('fulian_desktop.domain.kinds.')]; "
        "assert read == ['fulian_desktop.domain.kinds.family'], read; assert find_kind('../family') is None; "
        "assert len(all_kinds()) > 15"
    )
    subprocess.run([sys.executable, "-c", program], check=True, env={"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)})


def test_a_kind_is_declared_once_and_can_be_added_and_taken_out() -> None:
    kind = Kind("made_up", "样例", "ordinary", "family", 1, "x", "登记", (Field("name", "名称", Period()),))
    register(kind)
    try:
        with pytest.raises(ValueError, match="declared twice"):
            register(kind)
        assert kind_of("made_up") is kind
    finally:
        unregister("made_up")
    assert find_kind("made_up") is None
    with pytest.raises(KeyError):
        kind_of("made_up")


def test_a_flat_name_declared_twice_is_caught() -> None:
    two = (Field("date", "日期", Period()), Field("date_from", "起", Composite(())))
    with pytest.raises(ValueError, match="date_from"):
        Kind("made_up", "样例", "ordinary", "family", 1, "x", "登记",
             (two[0], Field("date_from", "起", Code())))
