"""``fulian demo``: the whole story on made-up data, with real files, and every figure proved (DESIGN §11).

A township invites its villages; they join, enter a year's records and hand in sticks; the township approves and
merges them in one action and sends receipts back. In a second round villages edit a part of their records while the
township edits some of the same fields: conflicts. It merges, settles, approves families after a notice, prints, and
sends the results down.

Rules:

* Only services are called, the same ones as from the command line and the window, on files in the folder.
* Each figure is computed from what happened. Where one does not add up (a record lost or doubled, a conflict too
  many, village and township that differ) :class:`ProofFailed` is raised: the demo is a proof or nothing.
* The user's own data folder stays as it is: while the demo runs ``FULIAN_DATA`` lies inside the folder.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fulian_desktop.domain.assessment import CHECKS
from fulian_desktop.domain.kinds import all_kinds, kind_of
from fulian_desktop.errors import InputProblem
from fulian_desktop.progress import Progress
from fulian_desktop.services import assessment, enrol, exchanging, printing, reports, rights, sheets, upkeep
from fulian_desktop.services import conflicts as conflicting
from fulian_desktop.services.batch import add_many, edit_many
from fulian_desktop.services.demo_data import (
    LAST,
    LAST_YEARS_HONOR,
    LEAST_RECORDS,
    MOST_VILLAGES,
    TOWNSHIP,
    TOWNSHIP_NAME,
    YEAR,
    Edit,
    Entry,
    Inventor,
    Village,
    village_name,
)
from fulian_desktop.services.demo_folder import (
    MARK,
    PASSPHRASE,
    RIGHTS_PASSPHRASE,
    files,
    make_room,
    own_data_folder,
    write_readme,
)
from fulian_desktop.services.demo_township import CHAIR, DEPUTY, cases, issued, own_work
from fulian_desktop.services.demo_year import village_of
from fulian_desktop.services.office import Office, create_office
from fulian_desktop.services.rights_figures import statistics
from fulian_desktop.store import queries
from fulian_desktop.store.rebuild import all_results

__all__ = ["MARK", "PASSPHRASE", "RIGHTS_PASSPHRASE", "YEAR", "ProofFailed", "run_demo", "unit_lines"]

EDITED, EDITED_BOTH = 5, 20  # one record in 5 is edited in the second round, one in 20 at both levels
# What others name is entered first: an aid names the donation that paid for it. A village's further kinds follow.
_FIRST = ("family", "person", "activity", "nomination", "donation", "pairing", "visit")
_ROSTERS = ("family", "nomination", "aid")
_CAMPAIGNS = (  # honor, year, what it is called, how many families of a village
    ("most_beautiful_family", YEAR, "最美家庭", 6), ("beautiful_courtyard", YEAR, "美丽庭院", 4),
    (LAST_YEARS_HONOR, LAST, "五好家庭", 3),
)
_PAPERS = ("yearly.pdf", "assessment.pdf", "cadres.pdf", "summary.docx")
_OUTCOMES = ("added", "changed", "unchanged", "conflicts", "refused", "waiting")


class ProofFailed(RuntimeError):
    """What happened is not what must happen: a defect of this program, with the figures."""


def run_demo(folder: Path, *, villages: int = 30, records: int = 3000, progress: Progress | None = None) -> dict[str, Any]:
    """Play the whole story into a folder.

    Args:
        folder: New, empty, or left by an earlier demo (which is then replaced).
        villages: 1 to 200.
        records: How many each village enters, at least 20.
        progress: Told of every step; cancelling leaves what is done so far.

    Returns:
        ``{"villages", "records", "merges", "conflicts_made", "conflicts_found", "digest", "files"}``: records of all
        villages together; the totals of the township's two merges; the digest of the township's records
        (``fulian check``); every file written, relative to the folder.

    Raises:
        InputProblem: The folder holds something else, or a number is out of reach.
        ProofFailed: A figure does not add up.
    """
    if not 1 <= villages <= MOST_VILLAGES or records < LEAST_RECORDS:
        raise InputProblem(f"演示要 1 到 {MOST_VILLAGES} 个村，每村至少 {LEAST_RECORDS} 条记录。", "demo-size")
    make_room(folder)
    with own_data_folder(folder / ".data"), ExitStack() as opened:
        story = _Story(folder, villages, records, progress or Progress(), opened)
        story.prepare()
        story.first_round()
        story.second_round()
        story.cases_come_up()
        story.decide()
        story.assess()
        story.print_all()
        story.send_down("results")
        return story.conclude()


@dataclass
class _Member:
    """A village as the demo follows it: its data, its office, its second-round edits."""

    village: Village
    office: Office
    edits: list[Edit]


class _Story:
    """The chapters, in order."""

    def __init__(self, folder: Path, villages: int, records: int, progress: Progress, opened: ExitStack) -> None:
        self.folder, self.villages, self.records = folder, villages, records
        self.merges: list[dict[str, int]] = []
        self.conflicts_made: set[tuple[str, str]] = set()
        self.conflicts_found: set[tuple[str, str]] = set()
        self._progress, self._opened = progress, opened
        self._done, self._steps = 0, villages * 5 + len(reports.REPORTS) + 20
        self._members: list[_Member] = []
        self._campaigns: dict[str, str] = {}
        self._scheme = ""
        self._open_after_settling = 0

    def _say(self, what: str) -> None:
        self._progress.step(min(self._done, self._steps), self._steps, what)
        self._done += 1

    # --- the township begins ---

    def prepare(self) -> None:
        """The township is set up, names its villages, issues its campaigns and writes the invitation."""
        self._say("开通清溪镇妇联")
        write_readme(self.folder, self.villages, self.records)
        self.township, _ = create_office(
            self.folder / "township", unit=TOWNSHIP, unit_name=TOWNSHIP_NAME, person="李红梅", passphrase=PASSPHRASE,
        )
        self._opened.callback(self.township.close)
        inventor = Inventor(-1)
        names = [(TOWNSHIP, TOWNSHIP_NAME), *map(village_name, range(self.villages))]
        add_many(
            self.township, "unit_name", [{"code": code, "name": name} for code, name in names],
            records=[inventor.new_id() for _ in names],
        )
        self._campaigns = {honor: inventor.new_id() for honor, *_ in _CAMPAIGNS}
        add_many(self.township, "campaign", [
            {"title": f"{year}年度{TOWNSHIP_NAME}{label}评选", "honor": honor, "year": year, "public_days": 5,
             "quota": quota * self.villages, "cycle": "yearly"}
            for honor, year, label, quota in _CAMPAIGNS
        ], records=list(self._campaigns.values()))
        for kind, rows in {**issued(inventor), **own_work(inventor, self.villages)}.items():
            made = add_many(self.township, kind, rows, records=[inventor.new_id() for _ in rows], year=YEAR)
            if kind == "scheme":
                self._scheme = made[0].id
        self._open_room(self.township, inventor)
        self.invitation = self.folder / "sticks" / "invitation.flpkg"
        self.invitation.parent.mkdir()
        enrol.invite(self.township, self.invitation)

    def _open_room(self, office: Office, inventor: Inventor) -> None:
        """A rights room with a year's cases, left open."""
        rights.create_room(office, RIGHTS_PASSPHRASE)
        room, rows = rights.opened(office), cases(inventor, office.unit != TOWNSHIP)
        add_many(room, "rights_case", rows, records=[inventor.new_id() for _ in rows])

    # --- first round ---

    def first_round(self) -> None:
        """Villages join, enter and hand in; the township approves and merges all in one action; receipts go back."""
        for i in range(self.villages):
            self._members.append(self._a_village_begins(i))
        self._say(f"批准并合并 {self.villages} 个村的上报包")
        result = enrol.approve(
            self.township, [self._stick("reports-1")], target=self._stick("receipts") / "certificates.flpkg",
        )
        _expect("approved offices", sum(a["state"] == "approved" for a in result["approved"]), self.villages)
        _prove_merge(result["merge"], self.villages)
        total = result["merge"]["total"]
        entered = self.villages * self.records
        _expect("records added", total["added"], entered)
        _expect("neither added nor known", total["in"] - total["added"] - total["unchanged"], 0)
        self.merges.append(total)
        self._prove_all_there()
        self.send_down("receipts")

    def _a_village_begins(self, number: int) -> _Member:
        inventor = Inventor(number)
        village = village_of(inventor, self.records, self._campaigns, self._scheme)
        self._say(f"{village.name}登记 {self.records} 条并上报")
        home = self.folder / "villages" / village.code
        office, _, _ = enrol.join(
            home, self.invitation, unit=village.code, person=village.chair, passphrase=PASSPHRASE,
        )
        self._opened.callback(office.close)
        for kind in _in_order(village):
            entries = village.records[kind]
            if kind == "score":
                self._score_itself(office, entries)
            else:
                add_many(office, kind, [e.values for e in entries], records=[e.id for e in entries], year=YEAR)
        stick = self._stick("reports-1", village.code)
        enrol.request(office, stick / "request.flpkg")
        exchanging.export_package(office, "up", stick)
        edits = inventor.edits(village, self.records // EDITED, self.records // EDITED_BOTH)
        return _Member(village, office, edits)

    def _score_itself(self, office: Office, entries: list[Entry]) -> None:
        for check in CHECKS:
            marks = [
                assessment.Mark(office.unit, e.values["entry"], e.values["item"], e.values["points"])
                for e in entries if e.values["check"] == check
            ]
            assessment.give_points(office, self._scheme, check, marks, own=True)

    def cases_come_up(self) -> None:
        """The first village makes its rights room; its cases travel sealed and are read in the township's room alone."""
        self._say("维权档案室")
        member, inside = self._members[0], kind_of("rights_case")
        self._open_room(member.office, Inventor(-2))
        stick = self._stick("rights", member.village.code)
        exchanging.export_package(member.office, "up", stick, rights=True)
        exchanging.merge_packages(self.township, [stick])
        room = rights.opened(self.township).workspace
        units = {row.unit for row in queries.list_rows(room.db, inside)}
        _expect("villages whose cases came", units, {TOWNSHIP, member.village.code})

    def _prove_all_there(self) -> None:
        """Each record that was entered is at the township once, under its village, and no other is."""
        entered = {(m.village.code, e.id) for m in self._members for entries in m.village.records.values() for e in entries}
        db = self.township.workspace.db
        held = [(row.unit, row.id) for kind in all_kinds() for row in queries.list_rows(db, kind) if row.unit != TOWNSHIP]
        _expect("records lost or doubled", len(set(held) ^ entered) + len(held) - len(set(held)), 0)

    # --- second round ---

    def second_round(self) -> None:
        """Villages edit one record in five; the township edits a fourth of these fields too, before it hears of it."""
        for member in self._members:
            self._say(f"{member.village.name}修改并再次上报")
            edit_many(member.office, {e.record: {e.name: e.village} for e in member.edits}, label="年中更新")
            exchanging.export_package(member.office, "up", self._stick("reports-2", member.village.code))
            both = {e.record: {e.name: e.township} for e in member.edits if e.township is not None}
            edit_many(self.township, both, label=f"核对{member.village.name}")
            self.conflicts_made |= {(e.record, e.name) for e in member.edits if e.township is not None}
        self._say(f"合并 {self.villages} 个村的第二次上报包")
        report = exchanging.merge_packages(self.township, [self._stick("reports-2")])
        _prove_merge(report, self.villages)
        self.merges.append(report["total"])
        again = exchanging.merge_packages(self.township, [self._stick("reports-2")])
        _expect("states when merged again", {one["state"] for one in again["packages"]}, {"unchanged"})
        self.conflicts_found = self._open_conflicts()
        _expect("conflicts that were not made, or were missed", len(self.conflicts_found ^ self.conflicts_made), 0)
        edited = self.villages * (self.records // EDITED)
        _expect("records in conflict", report["total"]["conflicts"], len(self.conflicts_made))
        _expect("records changed", report["total"]["changed"], edited - len(self.conflicts_made))
        _expect("records from nowhere", report["total"]["added"] + report["total"]["refused"] + report["total"]["waiting"], 0)
        self._prove_all_there()

    def _open_conflicts(self) -> set[tuple[str, str]]:
        return {(c["record"], c["field"]) for c in conflicting.conflicts(self.township)}

    # --- the township decides ---

    def decide(self) -> None:
        """Settle what concerns nominations and two of three others; review, notice and approve within the quota."""
        self._say("处理冲突")
        nominated = {e.id for m in self._members for e in m.village.records["nomination"]}
        open_edits = [e for m in self._members for e in m.edits if e.township is not None]
        chosen = [e for i, e in enumerate(open_edits) if e.record in nominated or i % 3]
        edit_many(self.township, {e.record: {e.name: e.village} for e in chosen}, label="处理冲突", settle=True)
        left = {(e.record, e.name) for e in open_edits} - {(e.record, e.name) for e in chosen}
        self._open_after_settling = len(left)
        _expect("conflicts after settling", len(self._open_conflicts() ^ left), 0)
        finalists = {e.id: self._year_of(e) for m in self._members for e in self._within_quota(m.village)}
        self._say("初评和公示")
        edit_many(self.township, {record: {
            "review_result": "passed", "review_date": f"{year}-10-09", "review_township_person": CHAIR,
            "public_from": f"{year}-10-13", "public_to": f"{year}-10-17",
        } for record, year in finalists.items()}, label="批量初评和公示")
        self._say("审批")
        edit_many(self.township, {
            record: {"approval_result": "passed", "approval_date": f"{year}-10-20", "approver": DEPUTY}
            for record, year in finalists.items()
        }, label="批量审批")
        honored = sum(
            len(printing.honored(self.township, printing.find_campaign(self.township, c))) for c in self._campaigns.values()
        )
        _expect("families honored", honored, len(finalists))

    def _year_of(self, nomination: Entry) -> int:
        return next(year for honor, year, *_ in _CAMPAIGNS if self._campaigns[honor] == nomination.values["campaign"])

    def _within_quota(self, village: Village) -> list[Any]:
        """The first nominations of each campaign, as many as its quota for one village."""
        return [
            entry
            for honor, _, _, quota in _CAMPAIGNS
            for entry in [n for n in village.records["nomination"] if n.values["campaign"] == self._campaigns[honor]][:quota]
        ]

    def assess(self) -> None:
        """Score the villages that scored themselves: computed items by their figures, the others close to what they say."""
        scored = {m.village.code: m.village.records["score"] for m in self._members if "score" in m.village.records}
        for check in CHECKS if scored else ():
            self._say("考核打分")
            given = assessment.proposals(self.township, self._scheme, check, units=list(scored))
            assessment.accept_proposals(self.township, self._scheme, check, given)
            computed = {p.item.code for p in given}
            assessment.give_points(self.township, self._scheme, check, [
                assessment.Mark(unit, e.values["entry"], e.values["item"], _reviewed(place, number, e.values["points"]))
                for number, (unit, entries) in enumerate(scored.items()) for place, e in enumerate(entries)
                if e.values["check"] == check and e.values["item"] not in computed
            ])
        if scored:
            assessment.close_check(self.township, self._scheme, "half", datetime.date(YEAR, 7, 15))
            ranking = assessment.load_board(self.township, self._scheme).ranking
            _expect("villages that have a rank", sum(one.rank is not None for one in ranking.standings), len(scored))

    def print_all(self) -> None:
        """Honor rolls, certificates, rosters and statistical reports."""
        paper, books = self.folder / "paper", self.folder / "sheets"
        paper.mkdir()
        books.mkdir()
        for honor, year, *_ in _CAMPAIGNS:
            campaign, day = self._campaigns[honor], datetime.date(year, 12, 5)
            families = len(printing.honored(self.township, printing.find_campaign(self.township, campaign)))
            if not families:
                continue
            self._say("打印光荣榜和证书")
            name = honor.replace("_", "-")
            roll = printing.print_honor_roll(self.township, paper / f"honor-roll-{name}.pdf", campaign=campaign, date=day)
            given = printing.print_certificates(self.township, paper / f"certificates-{name}.pdf", campaign=campaign, date=day)
            _expect("families on the honor roll", roll["families"], families)
            _expect("certificates", given["certificates"], families)
        for kind in _ROSTERS:
            self._say(f"导出{kind_of(kind).label}花名册")
            report = sheets.export_sheet(self.township, kind, books / f"{kind}.xlsx")
            _expect(f"rows of {kind}", report["rows"], sum(len(m.village.records[kind]) for m in self._members))
        for name in reports.REPORTS:
            self._say("统计")
            made = reports.make_report(self.township, name, YEAR)
            reports.write_report(self.township, made, books / f"{name}.xlsx")
            for file in (file for file in _PAPERS if Path(file).stem == name):
                reports.write_report(self.township, made, paper / file)
        self._say("妇女之家台账")  # each village keeps its own; this is the first one's
        kept = reports.make_report(self.township, "womens-home", YEAR, self._members[0].village.code)
        reports.write_report(self.township, kept, paper / "womens-home.pdf")
        self._say("维权统计")
        reports.write_report(self.township, statistics(rights.opened(self.township), YEAR), paper / "rights.pdf")

    # --- down, and the end ---

    def send_down(self, stick: str) -> None:
        """What each village is not known to hold, one package a village; each merges its own."""
        self._say("下发到村")
        written = {one["to"]: one for one in exchanging.export_package(self.township, "all-below", self._stick(stick))}
        for member in self._members:
            self._say(f"{member.village.name}合并下发包")
            report = exchanging.merge_packages(member.office, [Path(written[member.village.code]["file"])])
            _prove_merge(report, 1)

    def conclude(self) -> dict[str, Any]:
        """Check every workspace, prove that the township holds what its villages hold, and sum up."""
        self._say("核对清溪镇")
        township = upkeep.check(self.township)
        _expect("problems in the township's workspace", township["problems"], [])
        below = hashlib.sha256(unit_lines(self.township, TOWNSHIP))
        for member in self._members:
            code = member.village.code
            self._say(f"核对{member.village.name}")
            village = upkeep.check(member.office, unit=code)
            _expect(f"problems in the workspace of {code}", village["problems"], [])
            _expect(f"records of {code}", village["records"], self.records)
            below.update(unit_lines(member.office, code))
        _expect("digest of what the villages hold", below.hexdigest(), township["digest"])
        silent = [b["unit"] for b in exchanging.roll_call(self.township) if b["state"] != "reported"]
        _expect("silent villages", silent, [])
        self._progress.step(self._steps, self._steps, "完成")
        return {
            "villages": len(self._members), "records": sum(len(e) for m in self._members for e in m.village.records.values()),
            "merges": self.merges, "conflicts_made": len(self.conflicts_made), "conflicts_found": len(self.conflicts_found),
            "conflicts_open": self._open_after_settling, "digest": township["digest"], "files": list(files(self.folder)),
        }

    def _stick(self, *names: str) -> Path:
        path = self.folder.joinpath("sticks", *names)
        path.mkdir(parents=True, exist_ok=True)
        return path


def _in_order(village: Village) -> list[str]:
    return [*(kind for kind in _FIRST if kind in village.records), *(kind for kind in village.records if kind not in _FIRST)]


def _reviewed(place: int, number: int, points: int) -> int:
    """What the township gives of the points that a village gave itself: all, or half a point or a whole one less."""
    return max(0, points - (0, 50, 0, 100, 0)[(place + 2 * number) % 5])


# --- proofs ------------------------------------------------------------------------------------------------


def unit_lines(office: Office, unit: str) -> bytes:
    """The lines of one unit's living records that enter the digest of ``fulian check`` (DESIGN §11), in their order.

    Put one after the other by unit code, the lines of all units give the digest of the office above them: so the
    township's digest is found again from nothing but its villages' own workspaces.
    """
    lines = {
        (key.kind, key.id.hex()): upkeep.digest_line(result)
        for results in all_results(office.workspace.log)
        for key, result in results.items()
        if key.unit == unit and result.kind is not None and result.kind.cls != "restricted"
        and result.folded.exists and not result.folded.deleted
    }
    return b"".join(lines[key] + b"\n" for key in sorted(lines))


def _prove_merge(report: Mapping[str, Any] | None, packages: int) -> None:
    """Every package was merged, and every record counts once: ``in`` is the sum, per package and in all."""
    if report is None:
        raise ProofFailed("no package was merged")
    _expect("packages", len(report["packages"]), packages)
    for one in report["packages"]:
        _expect(f"state of {one['file']} ({one['reason']})", one["state"], "merged")
        _expect(f"records in {one['file']}", one["in"], sum(one[outcome] for outcome in _OUTCOMES))
    total = report["total"]
    _expect("records in all", total["in"], sum(total[outcome] for outcome in _OUTCOMES))
    for name in ("in", *_OUTCOMES):
        _expect(f"{name} in all", total[name], sum(one[name] for one in report["packages"]))


def _expect(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise ProofFailed(f"{what}: {found}, must be {wanted}")
