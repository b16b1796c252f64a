"""The reference merger judged by hand-worked histories, and by what DESIGN §4 says of every merge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.property.comparison import compare, differences, plain
from tests.property.reference_merger import (
    Key,
    Outcome,
    is_above,
    level,
    merge_reference,
    next_name,
    start_name,
)
from tests.property.worlds import (
    APPROVING,
    CLOCKS,
    COUNTY,
    NEIGHBOUR,
    OUTSIDER,
    ROWS,
    TOWNSHIP,
    VILLAGE,
    Made,
    World,
    change_line,
    deep_world,
    kind_specs,
    random_world,
    record_id,
    recut,
    relabelled,
    resigned,
    segment_of,
    wide_world,
    worlds,
)

THING: Key = (VILLAGE, "thing", record_id(1))
PASSED, RETURNED = {"result": "passed"}, {"result": "returned"}
ROW = f"t:{ROWS[0]}"


class Story:
    """A few changes of one village's records, by label; an office writes one stream unless told."""

    def __init__(self) -> None:
        self.made: dict[str, Made] = {}
        self.tips: dict[tuple[str, str, str], Made] = {}
        self.lost: set[str] = set()
        self.limits: list[dict[str, Any]] = []

    def put(
        self,
        label: str,
        author: str,
        values: dict[str, Any] | None = None,
        after: Iterable[str] = (),
        *,
        epoch: int = 0,
        cls: str = "ordinary",
        kind: str = "thing",
        record: int = 1,
        action: str = "put",
        at: int = 0,
        back_to: str | None = None,
    ) -> Story:
        epoch = epoch or [VILLAGE, TOWNSHIP, COUNTY, OUTSIDER].index(author) + 1
        stream = (f"{epoch:032x}", VILLAGE, cls)
        tip = self.made[back_to] if back_to else self.tips.get(stream)
        parents = [self.made[one].name if one in self.made else one for one in after]
        line = change_line(kind, record, values, action=action, parents=parents, at=CLOCKS[0] + at)
        prev, seq = (tip.name, tip.seq + 1) if tip else (start_name(stream), 1)
        self.made[label] = self.tips[stream] = Made(stream, author, prev, seq, line, kind, record)
        return self

    def delete(self, label: str, author: str, after: Iterable[str] = (), **more: Any) -> Story:
        return self.put(label, author, None, after, action="delete", **more)

    def restore(self, label: str, author: str, after: Iterable[str] = (), **more: Any) -> Story:
        return self.put(label, author, None, after, action="restore", **more)

    def lose(self, label: str) -> Story:
        self.lost.add(label)
        return self

    def limit(self, *labels: str) -> Story:
        epoch, unit, cls = self.made[labels[0]].stream
        tips = [(self.made[label].name, self.made[label].seq) for label in labels]
        self.limits.append({"epoch": epoch, "unit": unit, "cls": cls, "tips": tips})
        return self

    def world(self) -> World:
        return World(
            [segment_of([made]) for label, made in self.made.items() if label not in self.lost], self.limits
        )

    def outcome(self, key: Key = THING) -> dict[str, Any]:
        """What is not as in a record that exists and has nothing else to say, with labels for names."""
        world = self.world()
        found = merge_reference(world.segments, world.limits, world.kinds).get(key)
        if found is None:
            return {"held": False}
        label = {made.name: one for one, made in self.made.items()}
        told = {
            "fields": found.fields,
            "conflicts": found.conflicts,
            "exists": found.exists,
            "deleted": found.deleted,
            "delete_marked": found.delete_marked,
            "changed_after_approval": found.changed_after_approval,
            "refused": {(label[name], what, why) for name, what, why in found.refused},
            "unknown": {(label[name], what) for name, what in found.unknown},
            "waiting": {label[name] for name in found.waiting},
            "invalid": {label[name] for name in found.invalid},
        }
        quiet = {**vars(Outcome()), "exists": True}
        return {point: value for point, value in told.items() if value != quiet[point]}


def a_story() -> Story:
    """The village has put a = 甲 (change v)."""
    return Story().put("v", VILLAGE, {"a": "甲"})


def an_approved_story() -> Story:
    """The village has put a = 甲 (v), the township has passed it (t)."""
    return a_story().put("t", TOWNSHIP, {"result_township": PASSED}, ["v"])


APPROVED = {"a": "甲", "result_township": PASSED}
FIELDS_A = {"fields": {"a": "甲"}}

HISTORIES: dict[str, tuple[Story, dict[str, Any]]] = {
    "one put shows": (a_story(), FIELDS_A),
    "a put without values makes no record": (Story().put("v", VILLAGE), {"exists": False}),
    "a put of null alone makes a record without values": (Story().put("v", VILLAGE, {"a": None}), {}),
    "the next change of a stream descends from the one before": (
        a_story().put("v2", VILLAGE, {"a": "乙"}, at=-5),
        {"fields": {"a": "乙"}},
    ),
    "another record between does not break that descent": (
        a_story().put("o", VILLAGE, {"a": "丙"}, record=2).put("v2", VILLAGE, {"a": "乙"}, at=-5),
        {"fields": {"a": "乙"}},
    ),
    "two levels put different values": (
        a_story().put("t", TOWNSHIP, {"a": "乙"}, at=1),
        {"fields": {"a": "乙"}, "conflicts": {"a": ['"乙"', '"甲"']}},
    ),
    "two levels put the same value": (a_story().put("t", TOWNSHIP, {"a": "甲"}), FIELDS_A),
    "two levels put different fields": (
        a_story().put("t", TOWNSHIP, {"b": 1}),
        {"fields": {"a": "甲", "b": 1}},
    ),
    "a number and a truth value differ, member order does not": (
        Story()
        .put("v", VILLAGE, {"c": {"number": 1, "about": True}})
        .put("t", TOWNSHIP, {"c": {"about": True, "number": 1}}),
        {"fields": {"c": {"number": 1, "about": True}}},
    ),
    "a conflict is settled by a change of the field that saw both": (
        a_story().put("t", TOWNSHIP, {"a": "乙"}, at=1).put("s", TOWNSHIP, {"a": "丙"}, ["v"]),
        {"fields": {"a": "丙"}},
    ),
    "a conflict is not settled by a change of another field": (
        a_story().put("t", TOWNSHIP, {"a": "乙"}, at=1).put("s", TOWNSHIP, {"b": 1}, ["v"]),
        {"fields": {"a": "乙", "b": 1}, "conflicts": {"a": ['"乙"', '"甲"']}},
    ),
    "null is a value in a conflict and no value in the record": (
        a_story().put("t", TOWNSHIP, {"a": None}, at=1),
        {"conflicts": {"a": ['"甲"', "null"]}},
    ),
    "depth goes before clocks": (
        Story()
        .put("v", VILLAGE, {"a": "甲"})
        .put("v2", VILLAGE, {"a": "乙"})
        .put("t", TOWNSHIP, {"a": "丙"}, at=99),
        {"fields": {"a": "乙"}, "conflicts": {"a": ['"丙"', '"乙"']}},
    ),
    "rows are fields of their own and null removes one": (
        Story()
        .put("v", VILLAGE, {ROW: {"name": "甲"}, f"t:{ROWS[1]}": {"name": "乙"}})
        .put("v2", VILLAGE, {ROW: None}),
        {"fields": {f"t:{ROWS[1]}": {"name": "乙"}}},
    ),
    "a village writes what is the township's": (
        Story().put("v", VILLAGE, {"a": "甲", "w": "甲"}),
        {"fields": {"a": "甲"}, "refused": {("v", "w", "written-by")}},
    ),
    "the county writes what is the township's": (
        Story().put("k", COUNTY, {"w": "甲"}),
        {"fields": {"w": "甲"}},
    ),
    "a village approves itself": (
        Story().put("v", VILLAGE, {"a": "甲", "result_township": PASSED}),
        {"fields": {"a": "甲"}, "refused": {("v", "result_township", "written-by")}},
    ),
    "set once at the start, not later": (
        Story().put("v", VILLAGE, {"s": "甲"}).put("v2", VILLAGE, {"s": "乙", "a": "甲"}),
        {"fields": {"s": "甲", "a": "甲"}, "refused": {("v2", "s", "set-once")}},
    ),
    "set once is corrected from above": (
        Story().put("v", VILLAGE, {"s": "甲"}).put("t", TOWNSHIP, {"s": "乙"}, ["v"]),
        {"fields": {"s": "乙"}},
    ),
    "a value of another form is refused, the rest holds": (
        Story().put("v", VILLAGE, {"a": "甲", "b": 1001}),
        {"fields": {"a": "甲"}, "refused": {("v", "b", "form")}},
    ),
    "an office beside may write nothing, and nobody waits for it": (
        a_story().put("x", OUTSIDER, {"a": "丙", "b": 1}, ["v"]).put("v2", VILLAGE, {"b": 2}, ["x"]),
        {"fields": {"a": "甲", "b": 2}, "refused": {("x", "a", "author"), ("x", "b", "author")}},
    ),
    "an office beside may not delete or restore": (
        a_story().delete("x", OUTSIDER, ["v"]).restore("y", OUTSIDER),
        {**FIELDS_A, "refused": {("x", "delete", "author"), ("y", "restore", "author")}},
    ),
    "unknown fields are named one by one and never refused": (
        a_story().put("x", OUTSIDER, {"new": 1, "t": [], f"a:{ROWS[0]}": 1}, ["v"]),
        {**FIELDS_A, "unknown": {("x", "new"), ("x", "t"), ("x", f"a:{ROWS[0]}")}},
    ),
    "an issued field is one of every kind, before its definition came": (
        a_story().put("x", VILLAGE, {"x_new": ["a", "b"]}, ["v"]),
        {"fields": {**FIELDS_A["fields"], "x_new": ["a", "b"]}},
    ),
    "an issued field has the form that all of them have, and no rows": (
        a_story().put("x", VILLAGE, {"x_new": {"text": "甲"}, f"x_new:{ROWS[0]}": 1}, ["v"]),
        {**FIELDS_A, "refused": {("x", "x_new", "form")}, "unknown": {("x", f"x_new:{ROWS[0]}")}},
    ),
    "an issued field is written by the unit and the offices above it": (
        a_story().put("x", OUTSIDER, {"x_new": 1}, ["v"]),
        {**FIELDS_A, "refused": {("x", "x_new", "author")}},
    ),
    "an edit that the approval saw is covered": (an_approved_story(), {"fields": APPROVED}),
    "an edit after the approval": (
        an_approved_story().put("v2", VILLAGE, {"b": 1}, ["t"]),
        {"fields": {**APPROVED, "b": 1}, "changed_after_approval": True},
    ),
    "an edit beside the approval": (
        an_approved_story().put("v2", VILLAGE, {"b": 1}),
        {"fields": {**APPROVED, "b": 1}, "changed_after_approval": True},
    ),
    "an edit of a row after the approval": (
        an_approved_story().put("v2", VILLAGE, {ROW: {"name": "甲"}}, ["t"]),
        {"fields": {**APPROVED, ROW: {"name": "甲"}}, "changed_after_approval": True},
    ),
    "an edit of what the approval does not cover": (
        an_approved_story().put("v2", VILLAGE, {"c": {"number": 1}}, ["t"]),
        {"fields": {**APPROVED, "c": {"number": 1}}},
    ),
    "an edit after the approval, overwritten since by the approving office": (
        an_approved_story().put("v2", VILLAGE, {"b": 1}, ["t"]).put("t2", TOWNSHIP, {"b": 2}, ["v2"]),
        {"fields": {**APPROVED, "b": 2}, "changed_after_approval": True},
    ),
    "an edit by the approving level itself": (
        an_approved_story().put("t2", TOWNSHIP, {"b": 1}),
        {"fields": {**APPROVED, "b": 1}},
    ),
    "approving again, with the same value, covers the edit": (
        an_approved_story()
        .put("v2", VILLAGE, {"b": 1}, ["t"])
        .put("t2", TOWNSHIP, {"result_township": PASSED}, ["v2"]),
        {"fields": {**APPROVED, "b": 1}},
    ),
    "one approval above that saw the edit is enough": (
        an_approved_story()
        .put("v2", VILLAGE, {"b": 1}, ["t"])
        .put("k", COUNTY, {"result_county": PASSED}, ["v2"]),
        {"fields": {**APPROVED, "b": 1, "result_county": PASSED}},
    ),
    "an approval withdrawn leaves nothing to mark": (
        an_approved_story()
        .put("t2", TOWNSHIP, {"result_township": RETURNED})
        .put("v2", VILLAGE, {"b": 1}, ["t2"]),
        {"fields": {"a": "甲", "b": 1, "result_township": RETURNED}},
    ),
    "approvals in conflict mark nothing, and still protect from deletion": (
        an_approved_story()
        .put("k", COUNTY, {"result_township": RETURNED}, ["v"], at=1)
        .put("v2", VILLAGE, {"b": 1}, ["t", "k"])
        .delete("d", VILLAGE),
        {
            "fields": {"a": "甲", "b": 1, "result_township": RETURNED},
            "conflicts": {"result_township": ['{"result":"passed"}', '{"result":"returned"}']},
            "refused": {("d", "delete", "delete-level")},
        },
    ),
    "a lower level does not touch an approval it saw": (
        a_story()
        .put("k", COUNTY, {"result_township": PASSED}, ["v"])
        .put("t", TOWNSHIP, {"result_township": None}, ["k"]),
        {"fields": APPROVED, "refused": {("t", "result_township", "approval-level")}},
    ),
    "a lower level that had not seen it makes a conflict": (
        a_story()
        .put("k", COUNTY, {"result_township": PASSED}, ["v"])
        .put("t", TOWNSHIP, {"result_township": None}, ["v"], at=-1),
        {"fields": APPROVED, "conflicts": {"result_township": ["null", '{"result":"passed"}']}},
    ),
    "a deleted record keeps its values": (a_story().delete("d", VILLAGE), {**FIELDS_A, "deleted": True}),
    "a delete beside an edit marks": (
        a_story().put("t", TOWNSHIP, {"b": 1}, ["v"]).delete("d", VILLAGE),
        {"fields": {"a": "甲", "b": 1}, "delete_marked": True},
    ),
    "a refused edit beside a delete saves nothing": (
        a_story().put("t", TOWNSHIP, {"b": "many"}, ["v"]).delete("d", VILLAGE),
        {**FIELDS_A, "deleted": True, "refused": {("t", "b", "form")}},
    ),
    "an edit after a delete brings back but does not settle": (
        a_story().delete("d", VILLAGE).put("v2", VILLAGE, {"b": 1}),
        {"fields": {"a": "甲", "b": 1}, "delete_marked": True},
    ),
    "a restore settles the delete it saw": (a_story().delete("d", VILLAGE).restore("r", VILLAGE), FIELDS_A),
    "a restore does not settle the delete it did not see": (
        a_story().delete("d", VILLAGE).restore("r", VILLAGE).delete("d2", TOWNSHIP, ["v"]),
        {**FIELDS_A, "delete_marked": True},
    ),
    "two deletes together cover what neither covers alone": (
        a_story().put("t", TOWNSHIP, {"b": 1}, ["v"]).delete("d", VILLAGE).delete("d2", TOWNSHIP),
        {"fields": {"a": "甲", "b": 1}, "deleted": True},
    ),
    "a delete of nothing": (Story().delete("d", VILLAGE), {"exists": False, "deleted": True}),
    "a village does not delete what the township approved": (
        an_approved_story().delete("d", VILLAGE, ["t"]),
        {"fields": APPROVED, "refused": {("d", "delete", "delete-level")}},
    ),
    "the township does": (
        an_approved_story().delete("d", TOWNSHIP),
        {"fields": APPROVED, "deleted": True},
    ),
    "a village that had not seen the approval deletes, and is marked": (
        an_approved_story().delete("d", VILLAGE),
        {"fields": APPROVED, "delete_marked": True},
    ),
    "a change whose parent is not there waits, and so does what follows": (
        a_story()
        .put("m", TOWNSHIP, {"b": 1})
        .put("t", COUNTY, {"b": 2}, ["m"])
        .put("v2", VILLAGE, {"b": 3}, ["t"])
        .lose("m"),
        {**FIELDS_A, "waiting": {"t", "v2"}},
    ),
    "a change beyond a gap of its stream waits": (
        a_story().put("o", VILLAGE, {"a": "丙"}, record=2).put("v2", VILLAGE, {"b": 1}).lose("o"),
        {**FIELDS_A, "waiting": {"v2"}},
    ),
    "a parent of another record": (
        a_story()
        .put("o", TOWNSHIP, {"a": "丙"}, record=2)
        .put("v2", VILLAGE, {"b": 1}, ["o"])
        .put("v3", VILLAGE, {"b": 2}),
        {**FIELDS_A, "invalid": {"v2"}, "waiting": {"v3"}},
    ),
    "an invalid change does not stop other records of its stream": (
        Story().put("v", VILLAGE, {"a": "丙"}, record=2, action="merge").put("v2", VILLAGE, {"a": "甲"}),
        FIELDS_A,
    ),
    "an unknown action": (
        a_story().put("v2", VILLAGE, None, action="merge"),
        {**FIELDS_A, "invalid": {"v2"}},
    ),
    "a delete with values": (
        a_story().put("v2", VILLAGE, {"a": None}, action="delete"),
        {**FIELDS_A, "invalid": {"v2"}},
    ),
    "what is invalid by itself is so beyond a gap too": (
        a_story().put("o", VILLAGE, {"b": 1}).put("v2", VILLAGE, None, action="merge").lose("o"),
        {**FIELDS_A, "invalid": {"v2"}},
    ),
    "a stream of another class": (
        a_story().put("p", TOWNSHIP, {"b": 1}, cls="published"),
        {**FIELDS_A, "invalid": {"p"}},
    ),
    "two branches of one stream both count": (
        a_story().put("v2", VILLAGE, {"a": "乙"}, at=1).put("v3", VILLAGE, {"a": "丙"}, at=2, back_to="v"),
        {"fields": {"a": "丙"}, "conflicts": {"a": ['"丙"', '"乙"']}},
    ),
    "a limit takes away what lies beyond, and what follows waits": (
        a_story().put("v2", VILLAGE, {"b": 1}).put("t", TOWNSHIP, {"b": 2}, ["v2"]).limit("v"),
        {**FIELDS_A, "waiting": {"t"}},
    ),
    "a limit takes away the other branch": (
        a_story().put("v2", VILLAGE, {"b": 1}).put("v3", VILLAGE, {"b": 2}, back_to="v").limit("v3"),
        {"fields": {"a": "甲", "b": 2}},
    ),
    "a limit not held lets pass the smaller numbers of every branch": (
        a_story()
        .put("v2", VILLAGE, {"b": 1})
        .put("v3", VILLAGE, {"b": 2}, back_to="v")
        .lose("v3")
        .limit("v3"),
        FIELDS_A,
    ),
    "of two limits the earlier wins": (
        a_story().put("v2", VILLAGE, {"b": 1}).put("v3", VILLAGE, {"b": 2}).limit("v3").limit("v"),
        FIELDS_A,
    ),
    "of two tips of one limit either will do": (
        a_story()
        .put("v2", VILLAGE, {"b": 1})
        .put("v3", VILLAGE, {"b": 1}, back_to="v", at=7)
        .limit("v2", "v3"),
        {"fields": {"a": "甲", "b": 1}},
    ),
    "a limit whose tip lies beyond another is still held": (
        a_story()
        .put("v2", VILLAGE, {"b": 1})
        .put("v3", VILLAGE, {"b": 2}, back_to="v")
        .limit("v")
        .limit("v3"),
        FIELDS_A,
    ),
    "a record of which everything lies beyond": (
        Story().put("o", VILLAGE, {"a": "丙"}, record=2).put("v", VILLAGE, {"a": "甲"}).limit("o"),
        {"held": False},
    ),
}


@pytest.mark.parametrize("sentence", HISTORIES)
def test_hand_worked_histories(sentence: str) -> None:
    story, expected = HISTORIES[sentence]
    assert story.outcome() == expected


def test_a_change_of_an_unknown_kind_is_named_once_in_any_class_and_deletes_nothing() -> None:
    story = Story().put("v", VILLAGE, {"p": 1, "q": 2}, kind="later", cls="published")
    story.delete("d", OUTSIDER, ["v"], kind="later", cls="restricted")
    assert story.outcome((VILLAGE, "later", record_id(1))) == {
        "exists": False,
        "unknown": {("v", None), ("d", None)},
    }


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        (VILLAGE, 0),
        (TOWNSHIP, 1),
        (COUNTY, 2),
        ("140700000000", 3),
        ("140000000000", 4),
        ("140702000201", 0),
        ("419001101000", 1),
        ("419001000000", 2),
    ],
)
def test_a_level_is_read_from_the_code(unit: str, expected: int) -> None:
    assert level(unit) == expected


@pytest.mark.parametrize(
    ("office", "unit", "expected"),
    [
        (TOWNSHIP, VILLAGE, True),
        (COUNTY, VILLAGE, True),
        ("140000000000", VILLAGE, True),
        (COUNTY, "140702000201", True),
        (VILLAGE, VILLAGE, False),
        (VILLAGE, TOWNSHIP, False),
        (NEIGHBOUR, VILLAGE, False),
        (OUTSIDER, VILLAGE, False),
        (
            "140702100000",
            VILLAGE,
            False,
        ),  # township 100 is not above 101, though its digits without zeros begin so
        ("140710000000", "140711101201", False),
    ],
)
def test_an_office_is_above_by_code_segments(office: str, unit: str, expected: bool) -> None:
    assert is_above(office, unit) is expected


@pytest.mark.parametrize(("parents", "invalid"), [(64, False), (65, True)])
def test_sixty_four_parents_may_be_written(parents: int, invalid: bool) -> None:
    world = wide_world(parents)
    found = merge_reference(world.segments, [], world.kinds)[THING]
    assert bool(found.invalid) is invalid
    assert found.fields["b"] == (parents - 1 if invalid else 999)


@pytest.mark.parametrize(
    ("depth", "shown", "invalid", "waiting"), [(10_000, 2, 0, 0), (10_001, 1, 1, 0), (10_003, 1, 1, 2)]
)
def test_a_record_is_at_most_ten_thousand_changes_deep(
    depth: int, shown: int, invalid: int, waiting: int
) -> None:
    world = deep_world(depth)
    found = merge_reference(world.segments, [], world.kinds)[THING]
    assert (found.fields, len(found.invalid), len(found.waiting)) == ({"b": shown}, invalid, waiting)


def test_names_are_those_of_the_package_format() -> None:
    """Figures from sha256sum."""
    start = start_name((f"{1:032x}", VILLAGE, "ordinary"))
    assert start == "ed070f6649af01fef3f084fe5493119d193d1478ae1c67e1a1862b020069cd56"
    assert next_name(start, b'{"a":1}') == "8f9de0006e76f39f92e6c35fa372c338500b1740cfa6f1a185614e2b0118bc57"


@pytest.mark.parametrize("extra_first", [False, True])
def test_a_change_signed_by_two_offices_is_the_higher_ones(extra_first: bool) -> None:
    world = resigned(Story().put("v", VILLAGE, {"w": "甲"}).world(), TOWNSHIP, 0)
    found = merge_reference(world.segments[:: -1 if extra_first else 1], [], world.kinds)
    assert found[THING].fields == {"w": "甲"}


def told(world: World) -> dict[Key, dict[str, Any]]:
    return {
        key: plain(one) for key, one in merge_reference(world.segments, world.limits, world.kinds).items()
    }


CALM = settings(
    max_examples=60,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@CALM
@given(worlds(), st.integers(0, 2**32))
def test_order_duplicates_and_cutting_do_not_matter(world: World, seed: int) -> None:
    rnd = Random(seed)
    expected = told(world)
    assert told(World(rnd.sample(world.segments, len(world.segments)), world.limits[::-1])) == expected
    assert told(World(world.segments * 2, world.limits * 2)) == expected
    assert told(recut(world, rnd)) == expected


@CALM
@given(worlds(), st.integers(0, 40))
def test_what_arrives_later_makes_nothing_valid_that_was_invalid(world: World, count: int) -> None:
    early, late = (
        merge_reference(world.segments[:count], [], world.kinds),
        merge_reference(world.segments, [], world.kinds),
    )
    for key, one in early.items():
        assert one.invalid <= late[key].invalid


@CALM
@given(worlds(), st.integers(0, 40))
def test_what_counts_once_counts_for_ever(world: World, count: int) -> None:
    early, late = (
        merge_reference(world.segments[:count], [], world.kinds),
        merge_reference(world.segments, [], world.kinds),
    )
    for key, one in early.items():
        assert one.refused <= late[key].refused
        assert one.unknown <= late[key].unknown
        assert one.exists <= late[key].exists


@CALM
@given(
    worlds(),
    st.integers(0, 40),
    st.sampled_from([{"unit": NEIGHBOUR}, {"cls": "published"}, {"epoch": "f" * 32}]),
)
def test_a_segment_under_a_false_header_adds_nothing_that_counts(
    world: World, which: int, header: dict[str, str]
) -> None:
    """Its chain leads to the start of another stream, so it is never held back to its own."""
    assume(world.segments)
    before, after = told(world), told(relabelled(world, which, **header))
    for key, one in after.items():
        for point in ("fields", "conflicts", "exists", "deleted", "delete_marked", "refused", "unknown"):
            assert one[point] == before.get(key, plain(Outcome()))[point]


def test_random_worlds_reach_every_outcome() -> None:
    """Else the comparison with the product would prove little."""
    reached: Counter[str] = Counter()
    for seed in range(300):
        world = random_world(seed)
        with_limits = told(world)
        reached["limit that matters"] += with_limits != told(World(world.segments, []))
        for one in with_limits.values():
            reached.update(
                f"refused {what if what in ('delete', 'restore') else 'value'} {why}"
                for _, what, why in one["refused"]
            )
            reached.update("unknown kind" if what is None else "unknown field" for _, what in one["unknown"])
            reached.update(point for point in ("conflicts", "waiting", "invalid") if one[point])
            reached.update(
                point for point in ("deleted", "delete_marked", "changed_after_approval") if one[point]
            )
            reached["does not exist"] += not one["exists"]
            reached["null in a conflict"] += any("null" in values for values in one["conflicts"].values())
            reached["conflict of approvals"] += any(name.startswith("result") for name in one["conflicts"])
            reached["row"] += any(name.startswith("t:") for name in one["fields"])
    every = {
        *(f"refused value {why}" for why in ("author", "written-by", "set-once", "approval-level", "form")),
        *("refused delete author", "refused delete delete-level", "refused restore author"),
        *("conflicts", "null in a conflict", "conflict of approvals", "row", "does not exist"),
        *("deleted", "delete_marked", "changed_after_approval"),
        *("unknown kind", "unknown field", "waiting", "invalid", "limit that matters"),
    }
    assert {one for one in every if reached[one] < 5} == set(), reached


def test_a_seed_makes_the_same_world_again() -> None:
    assert random_world(7) == random_world(7)
    assert random_world(7) != random_world(8)


def test_the_test_kinds_approve_by_passed_alone() -> None:
    for spec in kind_specs().values():
        assert spec.approving == APPROVING


@pytest.mark.parametrize(
    "point", ["fields", "conflicts", "exists", "deleted", "refused", "waiting", "invalid", "unknown"]
)
def test_a_fold_that_differs_in_one_point_is_noticed(point: str) -> None:
    def wrong(*world: Any) -> dict[Key, Outcome]:
        found = merge_reference(*world)
        for one in found.values():
            value = getattr(one, point)
            setattr(one, point, not value if isinstance(value, bool) else type(value)())
        return found

    seeds = [seed for seed in range(40) if differences(random_world(seed), wrong)]
    assert seeds
    with pytest.raises(AssertionError, match=f"{point}: reference"):
        compare(random_world(seeds[0]), wrong)


def test_a_record_missing_from_the_fold_is_noticed() -> None:
    assert differences(a_story().world(), lambda *_: {}) == [f"{THING}: only the reference has this record"]


def test_the_reference_agrees_with_itself() -> None:
    compare(random_world(3), merge_reference)
