"""What the demo makes up beside families and their work: two years of one village in every other kind.

Rules:

* A year is a list in the order of its use: first one record of each kind, then the rest, so that a small demo shows them all.
  What names another record comes after it.
* Figures and words are of the size and sound of published year reviews; the year before is a little leaner.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fulian_desktop.domain.default_scheme import default_scheme
from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.services.demo_data import (
    LAST,
    LEAST_RECORDS,
    NIGHT_SCHOOL,
    TOWNSHIP_NAME,
    VOLUNTEERS,
    YEAR,
    Entry,
    Inventor,
    Person,
    Village,
)
from fulian_desktop.services.demo_words import BANKS, GIVERS, HELD, HELPED, PROBLEMS, PROJECTS, STORIES

TERM = {"term": "第七届", "date_from": f"{YEAR - 1}-03-18", "date_to": f"{YEAR + 4}-03-17"}
_FEW, _ENOUGH = 7, 12  # executives beside the chair and two vice chairs; fifteen in all are required
_SCHOOLING = ("senior", "senior", "college", "college", "bachelor", "junior")


def village_of(inventor: Inventor, records: int, campaigns: dict[str, str], scheme: str) -> Village:
    """A village with exactly so many records: its year in every kind and, for the rest, families and what is done for them.

    What does not fit beside the :data:`LEAST_RECORDS` of the mix is left out: self scores first, then from the year's end.

    Args:
        inventor: The village's, new.
        records: How many, of all kinds together.
        campaigns: Honor code → id of the township's campaign.
        scheme: Id of the township's assessment scheme.
    """
    trial = Inventor(inventor.number)
    size = [kind for kind, _ in _Year(trial, trial.village(LEAST_RECORDS, campaigns)).all(scheme)]
    whole, unscored = len(size), len(size) - size.count("score")
    room = records - LEAST_RECORDS
    taken = whole if room >= whole else min(room, unscored)
    village = inventor.village(records - taken, campaigns)
    for kind, entry in list(_Year(inventor, village).all(scheme))[:taken]:
        village.records.setdefault(kind, []).append(entry)
    return village


class _Year:
    def __init__(self, inventor: Inventor, village: Village) -> None:
        self.make, self.village, self.name = inventor, village, village.name
        self.number, self.random = inventor.number, inventor.random
        self.families, self.persons = village.records["family"], village.records["person"]

    def all(self, scheme: str) -> Iterator[tuple[str, Entry]]:
        """One of each kind, the rest, and the self scores. How many there are depends on the village's number alone."""
        parts = [
            list(part) for part in (
                self.profiles(), self.posts(), self.organisations(), self.sites(), self.teams(), self.activities(), self.honors(),
                self.stories(), self.pairs_visits_issues(), self.donations(), self.loans(),
            )
        ]
        seen: set[str] = set()
        later = []
        for one in (entry for part in parts for entry in part):
            if one[0] in seen:
                later.append(one)
            else:
                seen.add(one[0])
                yield one
        yield from later
        yield from self.scores(scheme)

    def entry(self, kind: str, **values: Any) -> tuple[str, Entry]:  # noqa: ANN401 - typed values
        """An entry; where a unit has one record of its values its id is made of them."""
        return kind, Entry(kind_of(kind).keyed_id(self.village.code, values) or self.make.new_id(), values)

    def day(self, year: int, first: int = 1, last: int = 12) -> str:
        return f"{year}-{self.random.randint(first, last):02d}-{self.random.randint(1, 27):02d}"

    def rows(self, names: tuple[str, ...], *rows: tuple[Any, ...]) -> list[dict[str, Any]]:
        return [{"row": self.make.row_id(), **dict(zip(names, row, strict=True))} for row in rows]

    # --- the village and who leads it ---

    def profiles(self) -> Iterator[tuple[str, Entry]]:
        households = max(self.random.randint(260, 520), len(self.families) * 21 // 20)
        people = households * 31 // 10
        for year, more in ((YEAR, 0), (LAST, 9)):
            children = (people + more) * 15 // 100
            yield self.entry(
                "unit_profile", year=year, population=people + more, households=households, women=(people + more) * 485 // 1000,
                children=children, girls=children * 47 // 100, left_behind_women=people // 26,
                left_behind_children=children // 12, single_mothers=people // 190, groups=5 + self.number % 4, grids=3,
                committee_members=7, committee_women=2 + self.number % 2, representatives=30 + self.number % 6,
            )

    def posts(self) -> Iterator[tuple[str, Entry]]:
        """The chair, two vice chairs, executives: fifteen in all in most villages; grids; representatives in one row."""
        seats = ("women_member", "party_member") if self.number % 3 == 1 else ("women_member",)
        yield self.holder(
            "chair", self.village.leader, committee_posts=[] if self.number % 5 == 4 else list(seats), political="party_member",
        )
        few = self.number % 8 == 2
        for place in range(2 + (_FEW if few else _ENOUGH)):
            person = self.make.person("female", 26, 57)
            elected = {} if place < 12 else {"date_from": f"{YEAR}-06-20"}  # two seats were filled later
            seat = {"committee_posts": ["village_director"]} if place == 0 and self.number % 6 == 0 else {}
            yield self.holder("part_time_vice_chair" if place < 2 else "executive", person, **elected, **seat)
        for grid in range(1, 4):
            sex = "male" if grid == 3 and self.number % 2 else "female"
            yield self.holder(
                "grid_leader", self.make.person(sex, 28, 55), grid=f"第{grid}网格", grid_role="走访联系、信息上报",
                households=60 + 7 * grid,
            )
        yield self.holder("grid_member", self.make.person("female", 28, 55), grid="第1网格", households=30)
        yield self.entry("post_holder", name="妇女代表（名单另存）", post="representative", people=30 + self.number % 6, **TERM)

    def holder(self, post: str, person: Person, **more: Any) -> tuple[str, Entry]:  # noqa: ANN401 - the same
        ready = {"political": "party_member" if self.random.random() < 0.4 else "masses"}
        values = {
            "name": person.name, "post": post, **TERM, "sex": person.sex, "birth_date": person.birth.isoformat(),
            "ethnicity": person.ethnicity, "education": self.random.choice(_SCHOOLING), "phone": self.make.phone(),
        }
        return self.entry("post_holder", **{**values, **ready, **more})

    def organisations(self) -> Iterator[tuple[str, Entry]]:
        leader = self.make.person("female", 30, 55).name
        yield self.entry(
            "organisation", name=f"{leader[:1]}姐妇女微家", type="micro_home", belongs_to=self.name, built=True, leader=leader,
            founded_date=self.day(LAST, 3, 9), women=12 + self.number % 9, demonstration=self.number % 4 == 0,
        )
        built = self.number % 6 != 5
        found = {"founded_date": self.day(YEAR if self.number % 2 else LAST, 2, 8)} if built else {}
        yield self.entry(
            "organisation", name=f"{self.name}果蔬合作社妇联", type="new_group", belongs_to=f"{self.name}果蔬合作社",
            required=True, built=built, women=26 + self.number % 14, **found,
        )

    def sites(self) -> Iterator[tuple[str, Entry]]:
        model = self.number % 4 == 0
        fund = {"fund": 2_000_000, "fund_source": "县妇联以奖代补"} if model else {}
        yield self.entry(
            "site", name=f"{self.name}妇女之家", type="womens_home", opened_date=self.day(YEAR if model else 2019),
            place="村委会一楼", area=60 + self.number % 5 * 10, stars=5 if model else 3 + self.number % 2, demonstration=model,
            manager=self.village.chair, **fund,
        )
        if self.number % 7 != 6:
            yield self.entry(
                "site", name=f"{self.name}儿童之家", type="childrens_home", opened_date=self.day(2021), place="村委会二楼",
                area=45, stars=3,
            )
        yield self.entry(
            "site", name=f"{self.name}妇女维权站", type="rights_station", opened_date=self.day(2020), place="村委会一楼"
        )
        yield self.entry("site", name=f"{self.name}家长学校", type="parents_school", opened_date=self.day(LAST), place="村小学")
        sort, label = (("processing_point", "来料加工点"), ("workshop", "巧娘工作室"), ("base", "巾帼种植基地"))[self.number % 3]
        yield self.entry("site", name=f"{self.name}{label}", type=sort, opened_date=self.day(YEAR, 3, 6), staff=16, households=45)

    def teams(self) -> Iterator[tuple[str, Entry]]:
        leader = self.make.person("female", 30, 55).name
        yield self.entry(
            "team", name=f"{self.name}巾帼志愿服务队", type="volunteers", members=22 + self.number % 12,
            founded_date=self.day(2022), leader=leader, service="照看独居老人、环境卫生、邻里调解",
        )
        yield self.entry(
            "team", name=f"{self.name}爱心妈妈团", type="loving_mothers", members=9, founded_date=self.day(YEAR, 2, 4),
            leader=self.village.chair, raised=486_000 + self.number % 7 * 30_000,
        )

    # --- what was done ---

    def activities(self) -> Iterator[tuple[str, Entry]]:
        for place, held in enumerate(HELD):
            if (place + self.number) % 3 == 2:  # not every village does everything
                continue
            more = dict(held.more)
            if "measures" in more:
                more["measures"] = self.rows(("name", "number", "unit"), *more["measures"])
            people = self.random.randint(*held.people)
            yield self.entry(
                "activity",
                **{
                    "title": held.title, "category": held.category, "date": self.day(held.year, held.month, held.month),
                    "place": "妇女之家", "organizer": f"{self.name}妇联",
                    "participants": people if place % 2 else f"{people // 10 * 10}余人", **more,
                },
            )
        if self.number % 3 == 0:
            yield self.entry(
                "activity", title=f"{NIGHT_SCHOOL}第一期开课", category=NIGHT_SCHOOL, date=f"{YEAR}-08-15", place="妇女之家",
                participants=35, **{VOLUNTEERS: 6},
            )
        if self.number % 4 == 1:  # left to be completed: nobody wrote down how many came
            yield self.entry("activity", title="重阳节茶话会", category="festival", date=f"{YEAR}-10-29", place="妇女之家")

    def honors(self) -> Iterator[tuple[str, Entry]]:
        mother, daughter = (self.make.person("female", *ages).name for ages in ((58, 74), (28, 45)))
        given = {"given_by": f"{TOWNSHIP_NAME}妇联", "level": "township", "holder_type": "person"}
        yield self.entry(
            "honor", holder=daughter, title="good_daughter_in_law", called=f"{TOWNSHIP_NAME}好儿媳", date=f"{YEAR}-10-28", **given
        )
        yield self.entry(
            "honor", holder=mother, title="good_mother_in_law", called=f"{TOWNSHIP_NAME}好婆婆", date=f"{YEAR}-10-28", **given
        )
        yield self.entry(
            "honor", holder=self.make.person("female", 30, 50).name, title="good_daughter_in_law",
            called=f"{TOWNSHIP_NAME}好儿媳", date=f"{LAST}-10-30", **given,
        )
        if self.number % 3 == 0:
            yield self.entry(
                "honor", holder=self.village.chair, holder_type="person", title="advanced_worker", level="county",
                called="县优秀妇女工作者", date=f"{YEAR}-03-06", given_by="县妇联",
            )

    def stories(self) -> Iterator[tuple[str, Entry]]:
        for place, (title, medium, name, level) in enumerate(STORIES):
            more = {"number": 2 + self.number % 3} if medium == "wechat" else {}
            yield self.entry(
                "publicity", title=title.format(village=self.name), medium=medium, medium_name=name, level=level,
                date=self.day(YEAR if place < 4 else LAST), author=self.village.chair, **more,
            )

    def pairs_visits_issues(self) -> Iterator[tuple[str, Entry]]:
        """Loving mothers with children, an executive with a household; visits to them, and what was found on the way."""
        children = [p for p in self.persons if "guardian" in p.values][:2] or self.persons[:1]
        pairs = []
        for place, child in enumerate(children):
            helper = self.make.person("female", 30, 55)
            pairs.append(
                self.entry(
                    "pairing", helper=helper.name, helper_phone=self.make.phone(), recipient=child.id, way="loving_mother",
                    date_from=self.day((LAST, YEAR)[place], 3, 6), agreement="每月看望一次，辅导作业，节日添置新衣。",
                    money=60_000,
                )
            )
        pairs.append(
            self.entry(
                "pairing", helper=self.village.chair, recipient=self.families[-1].id, way="executive",
                date_from=self.day(LAST, 3, 6), agreement="帮助落实政策，联系务工岗位。",
            )
        )
        pairs.append(
            self.entry(
                "pairing", helper=f"{self.name}妇联执委", recipient="低收入母亲家庭", way="one_to_one",
                pairs=2 + self.number % 3, date_from=self.day(YEAR, 2, 4),
            )
        )
        yield from pairs
        yield from self.visits(pairs[0][1])

    def visits(self, pair: Entry) -> Iterator[tuple[str, Entry]]:
        satisfied = {"satisfaction": "satisfied"}
        first = self.entry(
            "visit", visitors=self.village.chair, date=self.day(YEAR, 3, 5), purpose="home", recipient=self.families[0].id,
            situation=self.random.choice(HELPED), households=1, **satisfied,
        )
        yield first
        for place, (title, source, work, to, result) in enumerate(self.random.sample(PROBLEMS, 3)):
            year, month = (YEAR if place < 2 else LAST), (6, 4, 5)[place]
            settled = {"settled_date": f"{year}-{month + 2:02d}-16", "result": result} if (place + self.number) % 4 else {}
            seen = {"visit": first[1].id} if place == 0 else {}
            yield self.entry(
                "issue", title=title, source=source, field_of_work=work, found_by=self.village.chair, handed_to=to,
                found_date=f"{year}-{month:02d}-12", handed_date=f"{year}-{month:02d}-20",
                due_date=f"{year}-{month + 3:02d}-30", **seen, **settled,
            )
        for year, months in ((YEAR, (2, 6, 10)), (LAST, (6,))):
            for month in months:
                yield self.entry(
                    "visit", visitors=str(pair.values["helper"]), date=self.day(year, month, month), purpose="pairing",
                    recipient=str(pair.values["recipient"]), pairing=pair.id, situation=HELPED[1], **satisfied,
                )
        for year, times in ((YEAR, 12), (LAST, 9)):
            yield self.entry(
                "visit", visitors=f"{self.village.chair}等", date=self.day(year, 1, 1), purpose="festival",
                place=f"{self.name}各组", times=1, households=times, money=times * 30_000,
                situation="春节前看望困难母亲和老党员。",
            )

    # --- money ---

    def donations(self) -> Iterator[tuple[str, Entry]]:
        """Two gifts of this year, one of them spent in part on two families, and one of last year."""
        giver = self.random.choice(GIVERS)
        cash = 300_000 + self.random.randrange(0, 30) * 10_000
        gift = self.entry(
            "donation", donor=giver, donor_type="enterprise", date=self.day(YEAR, 1, 5), amount=cash, purpose="困难母亲"
        )
        yield gift
        staff = 14 + self.number % 6
        yield self.entry(
            "donation", donor=f"{self.name}妇女干部和妇女代表", donor_type="staff", donors=staff, date=self.day(YEAR, 9, 9),
            amount=staff * 5_000,
        )
        goods = self.rows(("name", "quantity", "unit", "value"), ("书包", 20, "个", 120_000))
        yield self.entry(
            "donation", donor=self.make.person("female", 35, 55).name, donor_type="person", date=self.day(YEAR, 5, 5),
            goods=goods, purpose="“六一”节送给留守儿童",
        )
        yield self.entry("donation", donor=giver, donor_type="enterprise", date=self.day(LAST, 1, 5), amount=200_000)
        for family in self.families[:2]:
            yield self.entry(
                "aid", program="consolation_money", recipient=family.id, date=self.day(YEAR, 6, 8), people=1,
                people_unit="household", amount=100_000, fund_source="donation", donation=gift[1].id,
                operator=self.village.chair, signed_by=family.values["head"],
            )

        for year, people in ((YEAR, 9 + self.number % 7), (LAST, 8 + self.number % 5)):
            yield self.entry(
                "aid", program="consolation_money", recipient="困难母亲", date=f"{year}-01-{16 + self.number % 9}",
                people=people, people_unit="person", amount=people * 50_000, fund_source="own", operator=self.village.chair,
                signed_by="签领表另附",
            )

    def loans(self) -> Iterator[tuple[str, Entry]]:
        for place, year in enumerate((YEAR, YEAR, LAST)):
            if place == 1 and self.number % 2:
                continue
            amount = self.random.randint(3, 10) * 1_000_000
            lent = self.random.randint(3, 9)
            yield self.entry(
                "loan", applicant=self.make.person("female", 26, 52).name, project=self.random.choice(PROJECTS), amount=amount,
                months=24, subsidised=True, subsidy=amount * 3 // 100, guarantee="县创业担保中心", bank=BANKS[self.number % 3],
                applied_date=f"{year}-{lent - 1:02d}-06", lent_date=f"{year}-{lent:02d}-18",
                due_date=f"{year + 2}-{lent:02d}-17", jobs=self.random.randint(1, 5),
            )

    # --- what the village says of its own work ---

    def scores(self, scheme: str) -> Iterator[tuple[str, Entry]]:
        """Points for every item at both checks, a little below the full ones; an extra where the village has one to claim."""
        items = default_scheme(YEAR, "")["items"]
        for check in ("half", "year"):
            for item in items:
                less = self.random.choice((0, 0, 0, 50, 100)) + (50 if check == "half" else 0)
                yield self.score(scheme, check, "", item["code"], item["points"] - (0 if item["source"] == "computed" else less))
        if self.number % 3 == 0:
            yield self.score(scheme, "year", "extra", "j1", 200)

    def score(self, scheme: str, check: str, entry: str, item: str, points: int) -> tuple[str, Entry]:
        values = {"scheme": scheme, "check": check, "entry": entry, "item": item, "points": points}
        return "score", Entry(kind_of("score").keyed_id(self.village.code, values) or "", values)
