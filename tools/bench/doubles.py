"""How many people who were entered twice are suggested as one, and how many suggestions are right.

The people are made up here, and so are the accidents by which one of them comes to be entered a second time: a name written
with another character of the same sound or of a like shape, an ID number left out or mistyped, a birthday mistyped, another
telephone number, an address written otherwise, a move to another village. Nothing here knows by what the program compares:
it is imported to enter the records and to be asked for its suggestions, and for nothing else. What makes it hard is there
too: households of one telephone number, sisters and brothers of like names, twins, people of one name in one village.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random

from tools.bench.harness import Case, expect, median, seconds
from tools.bench.township import TOWN, create, village_units

TOWNS = ("fulian-doubles-1", "fulian-doubles-2", "fulian-doubles-3")
"""Seeds: what depends on chance is measured in more than one town."""

VILLAGES, HOUSEHOLDS = 30, 100
TWICE = 0.08
"""So many of all are entered a second time."""

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟"
WOMEN = "秀桂玉春淑丽美红兰翠凤金银云素爱英梅芳霞敏静华珍琴荣艳玲萍燕洁娟莲菊香花枝仙雪晓婷慧颖欣怡"
MEN = "建志海文国永德明振俊强军平生林涛波鹏伟磊浩宇杰超勇刚辉斌"
SHAPES = (
    "王玉", "李季", "刘列", "陈阵", "杨扬", "徐涂", "孙孩", "朱未", "何河", "郭敦", "淑叔", "丽两", "兰三", "英央", "梅海",
    "霞露", "珍诊", "荣容", "燕蒸", "娟涓", "莲连", "菊掬", "枝技", "雪雷", "慧惠", "明朋", "建健", "志忘", "伟纬", "磊垒",
    "勇男", "辉挥",
)
FIGURES = "〇一二三四五六七八九"
MISTAKES = ("name", "move", "no_id", "id", "birth", "other_phone", "address")


@dataclass(frozen=True)
class Entry:
    """What was typed of a person or of a household's head; "" where nothing was."""

    who: int
    village: str
    name: str
    sex: str = ""
    birth: str = ""
    id_number: str = ""
    phone: str = ""
    address: str = ""


class Population:
    """Who lives in some villages, and what was typed of them."""

    def __init__(self, seed: str, villages: Sequence[str], households: int) -> None:
        self.random = Random(seed)
        self.villages = list(villages)
        self.people: list[Entry] = []
        self.heads: list[Entry] = []
        for village in self.villages:
            for _ in range(households):
                self._household(village)

    def typed(self, truth: Sequence[Entry]) -> list[Entry]:
        """Every one as first typed, then those that came to be typed again."""
        again = [self._mistaken(one) for one in truth if self.random.random() < TWICE]
        return [self._with_gaps(one) for one in (*truth, *again)]

    # --- who there is ---------------------------------------------------------------------------------------

    def _household(self, village: str) -> None:
        r = self.random
        surname, phone = r.choices(SURNAMES, weights=range(len(SURNAMES) + 4, 4, -1))[0], self._phone()
        address = f"{r.randrange(1, 9)}组{r.randrange(1, 120)}号"

        def somebody(name: str, sex: str, first: int, years: int, own_phone: float, born: str = "") -> Entry:
            birth = born or self._day(first, years)
            return Entry(len(self.people) + len(self.heads), village, name, sex, birth, self._id_number(birth, sex),
                         self._phone() if r.random() < own_phone else phone, address)

        self.heads.append(somebody(surname + self._given(MEN), "male", 1945, 45, 0.2))
        self.people.append(somebody(self._surname() + self._given(WOMEN), "female", 1945, 45, 0.6))
        if r.random() < 0.5:
            sex, shared = r.choice(("female", "male")), r.choice(WOMEN + MEN)
            first = self._child(somebody, surname, sex, shared)
            if r.random() < 0.4:  # a second child, often of the same middle character; sometimes a twin
                twin = first.birth if r.random() < 0.06 else ""
                self._child(somebody, surname, r.choice(("female", "male")), shared if r.random() < 0.5 else "", twin)
        if r.random() < 0.2:
            self.people.append(somebody(self._surname() + self._given(WOMEN), "female", 1930, 20, 0.1))

    def _child(self, somebody: Callable[..., Entry], surname: str, sex: str, shared: str, born: str = "") -> Entry:
        given = shared + self.random.choice(WOMEN if sex == "female" else MEN) if shared else self._given(
            WOMEN if sex == "female" else MEN)
        self.people.append(somebody(surname + given, sex, 2008, 16, 0.05, born))
        return self.people[-1]

    def _surname(self) -> str:
        return self.random.choices(SURNAMES, weights=range(len(SURNAMES) + 4, 4, -1))[0]

    def _given(self, characters: str) -> str:
        return "".join(self.random.choice(characters) for _ in range(2 if self.random.random() < 0.75 else 1))

    def _day(self, first: int, years: int) -> str:
        return (datetime.date(first, 1, 1) + datetime.timedelta(days=self.random.randrange(365 * years))).isoformat()

    def _phone(self) -> str:
        return self.random.choice(("138", "139", "150", "151", "158", "187", "189")) + f"{self.random.randrange(10**8):08d}"

    def _id_number(self, birth: str, sex: str) -> str:
        place = self.random.choice(("140702", "140702", "140702", "140721", "140725"))
        last = self.random.randrange(0, 10, 2) + (sex == "male")
        digits = f"{place}{birth.replace('-', '')}{self.random.randrange(100):02d}{last}"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11]

    # --- how it is typed ------------------------------------------------------------------------------------

    def _with_gaps(self, one: Entry) -> Entry:
        """Not everything is known when somebody is entered; with an ID number the birthday is."""
        r = self.random
        gaps = {"id_number": 0.2, "birth": 0.1, "phone": 0.2, "address": 0.05, "sex": 0.1}
        left = {name: "" for name, share in gaps.items() if r.random() < share}
        if one.id_number and "id_number" not in left:
            left.pop("birth", None)
        return replace(one, **left)

    def _mistaken(self, one: Entry) -> Entry:
        """The same person as somebody else enters her: nothing, one thing or two things are otherwise."""
        r = self.random
        for mistake in r.sample(MISTAKES, r.choices((0, 1, 2), weights=(1, 6, 3))[0]):
            one = getattr(self, f"_{mistake}")(one)
        return one

    def _name(self, one: Entry) -> Entry:
        at = self.random.randrange(len(one.name))
        likes = _same_sound(one.name[at]) if self.random.random() < 0.7 else _same_shape(one.name[at])
        char = self.random.choice(likes or _same_sound(one.name[at]) or one.name[at])
        return replace(one, name=one.name[:at] + char + one.name[at + 1:])

    def _move(self, one: Entry) -> Entry:
        r = self.random
        elsewhere = r.choice([village for village in self.villages if village != one.village])
        moved = replace(one, village=elsewhere, address=f"{r.randrange(1, 9)}组{r.randrange(1, 120)}号")
        return replace(moved, phone=self._phone()) if r.random() < 0.15 else moved

    def _no_id(self, one: Entry) -> Entry:
        return replace(one, id_number="")

    def _id(self, one: Entry) -> Entry:
        return replace(one, id_number=self._slip(one.id_number))

    def _birth(self, one: Entry) -> Entry:
        year, month, day = one.birth.split("-")
        r = self.random
        choices = [f"{int(year) + r.choice((-1, 1, 10))}-{month}-{day}", f"{year}-{month}-{r.randrange(1, 29):02d}"]
        if int(day) <= 12:
            choices.append(f"{year}-{day}-{month}")
        return replace(one, birth=self.random.choice(choices))

    def _other_phone(self, one: Entry) -> Entry:
        return replace(one, phone=self._phone() if self.random.random() < 0.6 else self._slip(one.phone))

    def _address(self, one: Entry) -> Entry:
        group, number = one.address.removesuffix("号").split("组")
        written = f"{FIGURES[int(group)]}组" if self.random.random() < 0.6 else f"第{group}组"
        return replace(one, address=self.random.choice((f"{written}{number}号", f"本村{written}", f"{written} {number} 号", "")))

    def _slip(self, digits: str) -> str:
        """A digit mistyped, or two that changed places."""
        if not digits:
            return digits
        at = self.random.randrange(len(digits) - 1)
        if self.random.random() < 0.5:
            return digits[:at] + str((int(digits[at]) + self.random.randrange(1, 10)) % 10) + digits[at + 1:]
        return digits[:at] + digits[at + 1] + digits[at] + digits[at + 2:]


@cache
def _by_sound() -> dict[str, list[str]]:
    from pypinyin import Style, lazy_pinyin  # type: ignore[import-not-found, unused-ignore]

    sounds: dict[str, list[str]] = defaultdict(list)
    common = (bytes([high, low]).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFF))
    for char in common:
        sounds[lazy_pinyin(char, style=Style.NORMAL)[0]].append(char)
    return {char: others for chars in sounds.values() for char in chars if (others := [o for o in chars if o != char])}


def _same_sound(char: str) -> list[str]:
    """Characters of the first level of GB 2312 that are read alike, the tone aside."""
    return _by_sound().get(char, [])


def _same_shape(char: str) -> list[str]:
    return [pair.replace(char, "") for pair in SHAPES if char in pair]


# --- measuring ---------------------------------------------------------------------------------------------


def _person(one: Entry) -> dict[str, str]:
    return {"name": one.name, "sex": one.sex, "birth_date": one.birth, "id_number": one.id_number, "phone": one.phone,
            "address": one.address}


def _family(one: Entry) -> dict[str, str]:
    return {"head": one.name, "head_id_number": one.id_number, "phone": one.phone, "address": one.address}


@dataclass
class Count:
    """Of one kind: pairs that were made, pairs that are suggested, and those that are both."""

    made: int = 0
    suggested: int = 0
    right: int = 0


def measure(folder: Path, villages: int = VILLAGES, households: int = HOUSEHOLDS, towns: Sequence[str] = TOWNS) -> list[Case]:
    """``duplicates_…_recall`` and ``…_precision`` of persons and of families, and how long a town's suggestions take."""
    counts, times, records = {"person": Count(), "family": Count()}, [], 0
    for seed in towns:
        took, entered = _measure_town(folder / f"doubles-{seed}", Population(seed, village_units(villages), households), counts)
        times.append(took)
        records += entered
    cases: list[Case] = []
    for kind, count in counts.items():
        cases.append(Case(f"duplicates_{kind}_recall", count.right / count.made, 0.95,
                          note=f"{count.right:,} of {count.made:,} made doubles are suggested"))
        cases.append(Case(f"duplicates_{kind}_precision", count.right / max(1, count.suggested), 0.90,
                          note=f"{count.right:,} of {count.suggested:,} suggestions are doubles"))
    note = f"all suggestions of {records // len(towns):,} records"
    return [*cases, Case("duplicates_s", median(times), at_least=False, unit="s", note=note)]


def _measure_town(folder: Path, made: Population, counts: dict[str, Count]) -> tuple[float, int]:
    """Enter a town's records, ask for its suggestions and count; returns (seconds, records)."""
    from fulian_desktop.services.batch import add_many
    from fulian_desktop.services.pairing import Suspected, suspected_pairs

    doubles: dict[str, set[frozenset[str]]] = {}
    entered = 0
    with create(folder, TOWN, "清溪乡妇女联合会") as office:
        for kind, truth, as_typed in (("person", made.people, _person), ("family", made.heads, _family)):
            typed = made.typed(truth)
            rows = [{name: value for name, value in as_typed(one).items() if value} for one in typed]
            saved = add_many(office, kind, rows, unit=[one.village for one in typed])
            doubles[kind] = set(_pairs([one.id for one in saved], typed))
            entered += len(saved)
        office.workspace.put_away()
        office.workspace.catch_up()
        found: list[Suspected] = []
        took = seconds(lambda: found.extend(suspected_pairs(office, limit=None).pairs))
    for kind, wanted in doubles.items():
        mine = [frozenset(pair.records) for pair in found if pair.kind == kind]
        expect("duplicates", f"{kind} pairs named twice", len(mine) - len(set(mine)), 0)
        counts[kind].made += len(wanted)
        counts[kind].suggested += len(mine)
        counts[kind].right += len(wanted.intersection(mine))
    return took, entered


def _pairs(ids: Sequence[str], typed: Sequence[Entry]) -> Iterator[frozenset[str]]:
    by_who: dict[int, list[str]] = defaultdict(list)
    for record, one in zip(ids, typed, strict=True):
        by_who[one.who].append(record)
    return (frozenset(records) for records in by_who.values() if len(records) == 2)

