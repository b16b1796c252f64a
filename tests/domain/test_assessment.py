"""Points, totals and ranks (DOMAIN §2 "assessment scheme", "score")."""

from __future__ import annotations

import pytest
from tests.domain.test_entry import TODAY

from fulian_desktop.domain.assessment import (
    DEDUCTION,
    EXTRA,
    ITEM,
    VETO,
    Given,
    Item,
    Scheme,
    Score,
    check_total,
    is_of_old,
    points_of,
    rank,
    scheme_of,
    shared_ranks,
    year_total,
)
from fulian_desktop.domain.default_scheme import default_scheme
from fulian_desktop.domain.entry import read_entry, to_values
from fulian_desktop.domain.forms import cells_of, first_cell, scalar_text, shown, value_text
from fulian_desktop.domain.hundredths import format_hundredths, read_hundredths
from fulian_desktop.domain.kinds import kind_of

CLASSES = Item("7.1", "自办培训班 2 期", 500, "巾帼建功", True, "classes", 200, "per_piece")


# --- hundredths ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"),
    [("8.5", 850), ("８．５", 850), ("8.5分", 850), ("9", 900), ("0", 0), ("98.25%", 9825), ("-3.5%", -350), ("负2", -200),
     ("八点五", 850), (8.5, 850), (7, 700), ("1,234.5", 123450)],
)
def test_a_number_with_two_decimals_is_read_as_people_write_it(typed, read):
    assert read_hundredths(typed).value == read


@pytest.mark.parametrize(
    ("typed", "code"),
    [("8.555", "decimals"), ("约8", "about"), ("8到9", "range"), ("良好", "unreadable"), ("8个", "unreadable"),
     (True, "unreadable")],
)
def test_what_is_no_such_number_is_a_problem_and_no_guess(typed, code):
    found = read_hundredths(typed)
    assert found.value is None
    assert found.problem is not None
    assert found.problem.code == code


@pytest.mark.parametrize("typed", ["", "无", "—"])
def test_a_blank_is_no_number(typed):
    assert read_hundredths(typed).empty


@pytest.mark.parametrize(
    ("number", "least", "text"),
    [(850, 0, "8.5"), (800, 0, "8"), (855, 0, "8.55"), (850, 2, "8.50"), (800, 1, "8.0"), (-50, 0, "-0.5"), (5, 0, "0.05"),
     (0, 2, "0.00")],
)
def test_a_number_is_shown_with_the_decimals_it_has(number, least, text):
    assert format_hundredths(number, least) == text


def test_a_value_typed_into_a_form_reads_back_as_it_is_shown():
    kind = kind_of("indicator_value")
    typed = {"plan": "妇女", "indicator": "孕产妇系统管理率", "year": "2026", "value": "98.25%", "target": "95", "unit_word": "%"}
    entry = read_entry(kind, typed, year=None, today=TODAY)
    assert (entry.flat["value"], entry.flat["target"], entry.problems) == (9825, 9500, [])
    cells = {cell.name: cell for cell in cells_of(kind)}
    assert shown(cells["value"], entry.flat) == "98.25"
    assert value_text(kind.declared("value"), 9825) == "98.25"
    assert scalar_text(first_cell(kind.declared("target")).type, 9500) == "95"


def test_a_whole_number_in_json_counts_hundredths_and_a_fraction_is_not_guessed():
    kind = kind_of("indicator_value")
    read = read_entry(kind, {"value": 9825, "target": 95.5}, year=None, today=TODAY)
    assert read.flat["value"] == 9825
    assert [p.field for p in read.problems] == ["target"]
    assert read.unread == {"target": "95.5"}


def test_negative_points_are_named_and_not_kept_as_points():
    kind = kind_of("scheme")
    rows = [{"code": "k1", "text": "迟报", "points": "-2"}, {"code": "k2", "text": "不报", "points": "3"}]
    read = read_entry(kind, {"deductions": rows}, year=None, today=TODAY)
    assert [row.get("points") for row in read.flat["deductions"]] == [None, 300]
    assert "要在 0 到" in read.problems[0].text
    assert "-2" in read.unread["deductions"]


def test_points_below_zero_have_no_form_that_a_merge_accepts():
    table = kind_of("scheme").declared("deductions").type
    assert table.check({"points": 200})
    assert not table.check({"points": -200})
    assert not table.check({"points": 2.5})


# --- points out of a figure ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "points", "target", "figure", "got"),
    [
        ("proportion", 500, 200, 100, 250), ("proportion", 1000, 300, 100, 333), ("proportion", 1000, 300, 200, 667),
        ("proportion", 1000, 800, 1, 1), ("proportion", 500, 200, 900, 500),
        ("all_or_nothing", 500, 100, 100, 500), ("all_or_nothing", 500, 200, 199, 0),
        ("per_piece", 500, 200, 100, 250), ("per_piece", 500, 200, 199, 250), ("per_piece", 1000, 300, 250, 667),
    ],
)
def test_points_follow_from_figure_and_target(way, points, target, figure, got):
    item = Item("1", "一项", points, computed=True, target=target, way=way)
    assert points_of(item, figure).points == got


def test_half_a_hundredth_goes_up():
    assert points_of(Item("1", "", 1, target=200), 100).points == 1


@pytest.mark.parametrize("target", [0, None])
@pytest.mark.parametrize("figure", [None, 0, 300])
def test_a_target_of_zero_gives_full_points_and_says_so(target, figure):
    found = points_of(Item("1", "", 500, target=target), figure)
    assert (found.points, found.said) == (500, "没有定目标，按满分计")


@pytest.mark.parametrize("figure", [None, 0, -100])
def test_an_empty_village_gets_nothing_and_it_is_said(figure):
    assert points_of(CLASSES, figure).points == 0
    assert points_of(CLASSES, figure).said


def test_a_village_with_one_of_two_classes_has_half_the_points():
    assert points_of(CLASSES, 100).points == 250


# --- totals ----------------------------------------------------------------------------------------------------------


def a_scheme(**more):
    items = (Item("1", "组织", 1500, "组织建设"), Item("2", "阵地", 1000, "阵地建设"), Item("3", "又一项", 500, "组织建设"))
    return Scheme("f" * 32, "140702101000", "方案", 2026, items=items, **more)


def reviewed(code, points, check="year", entry=ITEM, **given):
    return Score(check, entry, code, review=Given(points, **given))


def test_a_check_adds_its_items_by_section_takes_off_and_adds_what_is_extra():
    scores = [reviewed("1", 1450), reviewed("2", 900), reviewed("3", 400), reviewed("k1", 200, entry=DEDUCTION),
              reviewed("j1", 300, entry=EXTRA)]
    total = check_total(a_scheme(), "year", scores)
    assert (total.sections, total.extra, total.deducted, total.total) == ((1850, 900), 300, -200, 2850)
    assert (total.missing, total.scored) == (0, True)


def test_extra_points_are_bounded_and_what_lies_above_is_said():
    scores = [reviewed("1", 1000), *(reviewed(f"j{n}", 400, entry=EXTRA) for n in range(4))]
    total = check_total(a_scheme(), "year", scores)
    assert (total.extra, total.cut, total.total) == (1000, 600, 2000)


def test_deductions_take_a_total_no_lower_than_zero():
    assert check_total(a_scheme(), "year", [reviewed("1", 100), reviewed("k", 500, entry=DEDUCTION)]).total == 0


def test_what_a_unit_says_of_itself_does_not_count():
    total = check_total(a_scheme(), "year", [Score("year", ITEM, "1", own=Given(1500))])
    assert (total.total, total.scored, total.missing) == (0, False, 3)


def test_an_item_gives_no_more_than_it_had_when_it_was_scored():
    assert check_total(a_scheme(), "year", [reviewed("1", 2000, full=1500)]).total == 1500


def test_points_that_do_not_say_what_their_item_was_give_no_more_than_it_has():
    assert check_total(a_scheme(), "year", [reviewed("1", 2000)]).total == 1500


def test_scores_of_an_item_that_the_scheme_lost_count_on():
    total = check_total(a_scheme(), "year", [reviewed("1", 1000), reviewed("9", 700, item="取消了的", full=800)])
    assert (total.total, total.sections, total.old) == (1700, (1000, 0), 1)


@pytest.mark.parametrize(
    ("given", "old"),
    [(Given(100, item="组织", full=1500), False), (Given(100, item="组织", full=1000), True),
     (Given(100, item="别的", full=1500), True), (Given(100, item="组织", full=1500, target=200), True), (Given(100), False),
     (Given(None, item="别的"), False), (None, False)],
)
def test_points_given_under_another_state_of_the_item_are_of_old(given, old):
    assert is_of_old(a_scheme().items[0], given) is old


def test_an_extra_is_of_old_by_its_words_alone():
    extra = Item("j1", "受到表彰", 200, entry="extra")
    assert not is_of_old(extra, Given(200, item="受到表彰"))
    assert is_of_old(extra, Given(200, item="受到县级表彰"))


@pytest.mark.parametrize(
    ("totals", "weights", "total"),
    [({"half": 10350, "year": 10450}, (40, 60), 10410), ({"half": 9750, "year": 9900}, (40, 60), 9840),
     ({"half": 101, "year": 100}, (50, 50), 101), ({"year": 8000}, (40, 60), 8000), ({"half": 8000}, (40, 60), 8000),
     ({"half": 100, "year": 200}, (0, 0), 0)],
)
def test_the_year_is_the_weighted_sum_of_its_checks(totals, weights, total):
    assert year_total(weights, totals) == total


# --- ranks -----------------------------------------------------------------------------------------------------------


def ranked(scores, scheme=None):
    units = [(f"14070210120{n}", f"{n}村") for n in range(1, 6)]
    return rank(scheme or a_scheme(), units, scores)


@pytest.mark.parametrize(
    ("totals", "ranks"),
    [([], []), ([5], [1]), ([9, 9, 8], [1, 1, 3]), ([9, 8, 8, 8, 7], [1, 2, 2, 2, 5]), ([3, 3, 3], [1, 1, 1])],
)
def test_equal_totals_share_a_rank_and_the_next_is_left_out(totals, ranks):
    assert shared_ranks(totals) == ranks


def test_a_ranking_stands_best_first_and_ties_by_code():
    points = {"140702101201": 900, "140702101202": 1400, "140702101203": 900, "140702101204": 1000, "140702101205": 100}
    ranking = ranked({unit: [reviewed("1", p)] for unit, p in points.items()})
    assert [(s.name, s.rank) for s in ranking.standings] == [("2村", 1), ("4村", 2), ("1村", 3), ("3村", 3), ("5村", 5)]
    assert ranking.averages["total"] == 860
    assert ranking.checks == ("year",)


def test_all_tied_are_all_first():
    ranking = ranked({f"14070210120{n}": [reviewed("1", 1000)] for n in range(1, 6)})
    assert {s.rank for s in ranking.standings} == {1}


def test_a_village_without_scores_is_not_ranked_and_does_not_weigh_on_the_average():
    ranking = ranked({"140702101201": [reviewed("1", 1000)], "140702101202": [reviewed("1", 800)]})
    assert [(s.name, s.rank, s.total) for s in ranking.standings][:3] == [("1村", 1, 1000), ("2村", 2, 800), ("3村", None, None)]
    assert ranking.averages["total"] == 900


def test_a_vetoed_village_keeps_its_points_and_has_no_rank():
    veto = reviewed("f1", 100, entry=VETO, note="查实弄虚作假")
    ranking = ranked({"140702101201": [reviewed("1", 1500), veto], "140702101202": [reviewed("1", 800)]})
    assert [(s.name, s.rank, s.total) for s in ranking.standings][:2] == [("2村", 1, 800), ("1村", None, 1500)]
    assert ranking.standings[1].vetoes == ("查实弄虚作假",)
    assert ranking.averages["total"] == 800


def test_with_both_checks_a_missing_one_counts_nothing():
    both = [reviewed("1", 1000, "half"), reviewed("1", 1000)]
    ranking = ranked({"140702101201": both, "140702101202": [reviewed("1", 1000)]})
    assert [(s.name, s.total) for s in ranking.ranked] == [("1村", 1000), ("2村", 600)]
    assert ranking.shown == "year"


def test_nobody_scored_ranks_nobody():
    ranking = ranked({})
    assert (ranking.ranked, ranking.averages, ranking.checks) == ((), {}, ())


def test_averages_have_one_decimal_where_the_points_have_no_more():
    ranking = ranked({f"14070210120{n}": [reviewed("1", p)] for n, p in ((1, 100), (2, 110), (3, 110))})
    assert (ranking.averages["section 0"], ranking.averages["total"]) == (110, 107)


# --- the scheme ------------------------------------------------------------------------------------------------------


def test_the_default_scheme_has_a_hundred_points_in_the_sections_of_the_domain():
    scheme = scheme_of("f" * 32, "140702101000", default_scheme(2026, "方案"))
    points = {section: sum(i.points for i in scheme.items if i.section == section) // 100 for section in scheme.sections}
    assert list(points.values()) == [15, 10, 10, 20, 15, 15, 10, 5]
    assert (scheme.full, scheme.extra_most, scheme.weights) == (10000, 1000, (40, 60))


def test_the_default_scheme_saves_without_a_doubt_and_its_indicators_exist():
    from fulian_desktop.domain.checks import check_record
    from fulian_desktop.domain.indicators import indicator_of

    kind = kind_of("scheme")
    entry = read_entry(kind, default_scheme(2026, "方案"), year=None, today=TODAY)
    numbers = iter(range(1000))
    values, problems = to_values(kind, entry.flat, {}, new_row_id=lambda: f"{next(numbers):012x}")
    assert (problems, entry.problems) == ([], [])
    assert list(check_record(kind, kind.flatten(values))) == []
    for item in scheme_of("f" * 32, "140702101000", entry.flat).items:
        assert not item.computed or indicator_of(item.indicator)


def test_a_scheme_says_what_is_doubtful_in_it():
    flat = {
        "half_weight": 40, "year_weight": 50,
        "items": [{"code": "1", "points": 500}, {"code": "1", "points": 0, "source": "computed"}],
    }
    codes = [problem.code for rule in kind_of("scheme").rules for problem in rule(flat)]
    assert codes == ["weights", "item-twice", "item-points", "item-indicator"]


@pytest.mark.parametrize(
    ("flat", "weights"),
    [({}, (40, 60)), ({"half_weight": 30}, (30, 70)), ({"year_weight": 100}, (0, 100)),
     ({"half_weight": 50, "year_weight": 50}, (50, 50)), ({"half_weight": 0}, (0, 100))],
)
def test_one_weight_leaves_the_rest_to_the_other(flat, weights):
    assert scheme_of("f" * 32, "1" * 12, flat).weights == weights


def test_an_item_without_a_code_is_known_by_its_row():
    scheme = scheme_of("f" * 32, "1" * 12, {"items": [{"row": "0123456789ab", "text": "一项", "points": 100}]})
    assert scheme.items[0].code == "0123456789ab"
