"""What the tables of the assessment show: all units under a part of a scheme, or one unit under all of it.

Rules:

* Points that count stand in the cell; where nobody reviewed it yet, in grey what the unit says of itself (自评) or what follows
  from the records (算出). Enter on such a cell offers that number, so that two Enters take it over.
* Points given under an earlier state of the scheme are said to be so in the cell.
* A veto is typed as its reason; a blank takes it back.
* A model writes nothing: it says what was typed (``typed``), and shows it until the board is read anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QColor

from fulian_desktop.domain.assessment import EXTRA, ITEM, VETO, Item, Score, Standing, is_of_old
from fulian_desktop.domain.hundredths import format_hundredths
from fulian_desktop.domain.kinds.score import ENTRIES
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.widgets import tip_of

if TYPE_CHECKING:
    from fulian_desktop.services.assessment import Board, Proposal

Index = QModelIndex | QPersistentModelIndex
Proposals = Mapping[tuple[str, str], "Proposal"]

NOTHING = "—"
OF_OLD = "按旧方案评的"
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_MIDDLE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True)
class Head:
    """A column: its head, its least width at 100 %, whether spare width goes to it, and how its text stands.

    ``tip``: the whole of a head that is cut.
    """

    text: str
    width: int
    stretches: bool = False
    left: bool = False
    bold: bool = False
    tip: str = ""


@dataclass(frozen=True)
class Typed:
    """Something typed into a cell: whose, for what, which of the two (points or note) and the text."""

    unit: str
    item: Item
    text: str
    note: bool = False


@dataclass(frozen=True)
class Said:
    """What a cell shows: its text, its colour's token, and more in a tooltip."""

    text: str
    colour: str = "text"
    tip: str = ""


class ScoreModel(QAbstractTableModel):
    """What both tables have in common: cells that are said, some of which are typed into."""

    typed = Signal(object)
    """A :class:`Typed`."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.heads: tuple[Head, ...] = ()
        self.board: Board | None = None
        self.check = "half"
        self.proposals: Proposals = {}
        self._pending: dict[tuple[int, int], str] = {}

    # --- what a subclass says ---

    def said(self, row: int, column: int) -> Said:
        """What a cell shows."""
        raise AssertionError("each table says its own")  # pragma: no cover

    def editing(self, row: int, column: int) -> str | None:
        """What stands in the line when a cell is typed into; None: it is not."""
        raise AssertionError("each table says its own")  # pragma: no cover

    def takes(self, row: int, column: int, text: str) -> Typed:
        """What is meant when this is typed into a cell."""
        raise AssertionError("each table says its own")  # pragma: no cover

    def called(self, row: int, column: int) -> str:
        """What a cell is, for screen readers."""
        raise AssertionError("each table says its own")  # pragma: no cover

    # --- as Qt asks ---

    def show_again(self, heads: tuple[Head, ...], shape: object, before: object) -> None:
        """Show something else; where rows and columns are the same ones the place in the table stays."""
        self._pending = {}
        if shape == before:
            if self.rowCount():
                self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
            return
        self.beginResetModel()
        self.heads = heads
        self.endResetModel()

    def forget_pending(self) -> None:
        """What was typed was refused: show again what is there."""
        self._pending = {}
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    def columnCount(self, _parent: Index | None = None) -> int:
        """As Qt asks."""
        return len(self.heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """As Qt asks."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.heads[section].text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_of(self.heads[section].tip or self.heads[section].text)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """As Qt asks."""
        row, column = index.row(), index.column()
        pending = self._pending.get((row, column))
        if role == Qt.ItemDataRole.EditRole:
            return pending if pending is not None else self.editing(row, column) or ""
        if role == Qt.ItemDataRole.FontRole:
            return self._theme.font(bold=self.heads[column].bold)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if self.heads[column].left else _MIDDLE
        if role not in (
            Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ForegroundRole, Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return None
        said = self.said(row, column) if pending is None else Said(pending, "text2", "正在保存")
        if role == Qt.ItemDataRole.DisplayRole:
            return said.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.called(row, column)}：{said.text or '没填'}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_of(said.tip or said.text)
        return QBrush(QColor(getattr(self._theme.tokens, said.colour)))

    def flags(self, index: Index) -> Qt.ItemFlag:
        """As Qt asks."""
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual if self.editing(index.row(), index.column()) is None else usual | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: Index, value: Any, _role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: ANN401
        """Say what was typed, where it differs from what counts."""
        row, column, text = index.row(), index.column(), str(value).strip()
        if self.editing(row, column) is None or text == self.standing_text(row, column):
            return False
        self._pending[row, column] = text
        self.dataChanged.emit(index, index)
        self.typed.emit(self.takes(row, column, text))
        return True

    def standing_text(self, row: int, column: int) -> str:
        """What counts in a cell already, as one would type it; grey numbers do not count."""
        raise AssertionError("each table says its own")  # pragma: no cover


# --- one cell ----------------------------------------------------------------------------------------------


def review_said(item: Item, score: Score | None, proposal: Proposal | None) -> Said:
    """What a cell of reviewed points shows."""
    counted = score.counted if score is not None else None
    if item.entry == VETO:
        given = score.review if score is not None else None
        return Said("否决", "error", given.note) if given is not None and given.points else Said("")
    if score is not None and counted is not None and score.review is not None:
        text = format_hundredths(counted)
        tip = "；".join(filter(None, (score.review.note, _done(score.review.figure))))
        if item.entry == ITEM and is_of_old(item, score.review):
            was = format_hundredths(score.review.full or 0)
            return Said(f"{text}  {OF_OLD}", "warn", f"评分时这一项是 {was} 分：{score.review.item}")
        return Said(text, "text", tip)
    suggested, word = suggestion(score, proposal)
    return Said(f"{word} {format_hundredths(suggested)}", "text3") if suggested is not None else Said("")


def _done(figure: int | None) -> str:
    return "" if figure is None else f"完成 {format_hundredths(figure)}"


def suggestion(score: Score | None, proposal: Proposal | None) -> tuple[int | None, str]:
    """The number that is offered where nobody reviewed an item, and where it comes from."""
    if proposal is not None and proposal.known:
        return proposal.points.points, "算出"
    if score is not None and score.own is not None and score.own.points is not None:
        return score.own.points, "自评"
    return None, ""


def review_text(item: Item, score: Score | None) -> str:
    """Reviewed points as one would type them: of a veto its reason."""
    given = score.review if score is not None else None
    if given is None or given.points is None or (not given.points and item.entry == VETO):
        return ""
    return given.note or "是" if item.entry == VETO else format_hundredths(given.points)


# --- all units ---------------------------------------------------------------------------------------------

TOTALS, OTHERS = "totals", "others"


class UnitsModel(ScoreModel):
    """The units, and the items of one part of the scheme: a section, what is extra and taken off, or the totals."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.part: str = TOTALS
        self.items: tuple[Item, ...] = ()
        self.units: list[Standing] = []
        self._totals: list[tuple[str, ...]] = []
        self._shape: object = None

    def show_part(
        self, board: Board, check: str, part: str, proposals: Proposals, totals: Sequence[tuple[str, ...]],
        total_heads: Sequence[str],
    ) -> None:
        """Show a part of a board.

        Args:
            board: The board.
            check: half or year.
            part: ``totals``, ``others``, or a section's place as a text.
            proposals: (unit, item) → what follows from the records.
            totals: Of the totals each unit's texts, in the order of the ranking.
            total_heads: Their heads.
        """
        self.board, self.check, self.part, self.proposals = board, check, part, proposals
        scheme = board.scheme
        self._totals = list(totals)
        standings = board.ranking.standings
        self.units = list(standings) if part == TOTALS else sorted(standings, key=lambda s: s.unit)
        if part == TOTALS:
            self.items = ()
            figures = [Head(text, 64, stretches=True, bold=text == total_heads[-1]) for text in total_heads]
            heads = (Head("名次", 56, bold=True), Head("单位", 130, left=True), *figures)
        else:
            section = "" if part == OTHERS else scheme.sections[int(part)]
            self.items = scheme.others if part == OTHERS else tuple(i for i in scheme.items if i.section == section)
            tail = (Head("加分", 64), Head("扣分", 64)) if part == OTHERS else (Head("小计", 70),)
            items = tuple(_item_head(i, wide=part != OTHERS) for i in self.items)
            name = Head("单位", 130 if part != OTHERS else 110, left=True)
            heads = (name, *items, *tail, Head(_check_words(check), 76, bold=True), Head("名次", 72))
        shape = (scheme.id, part, self.items, tuple(s.unit for s in self.units), tuple(heads))
        before, self._shape = self._shape, shape
        self.show_again(heads, shape, before)

    def rowCount(self, _parent: Index | None = None) -> int:
        """As Qt asks."""
        return len(self.units)

    def item_at(self, column: int) -> Item | None:
        """The item of a column."""
        place = column - 1
        return self.items[place] if self.part != TOTALS and 0 <= place < len(self.items) else None

    def _score(self, row: int, item: Item) -> Score | None:
        assert self.board is not None  # noqa: S101 - there are rows
        return self.board.score(self.units[row].unit, self.check, item.entry, item.code)

    def _proposal(self, row: int, item: Item) -> Proposal | None:
        return self.proposals.get((self.units[row].unit, item.code)) if item.entry == ITEM else None

    def said(self, row: int, column: int) -> Said:
        """What a cell shows."""
        standing = self.units[row]
        if self.part == TOTALS:
            if column == 1:
                return Said(standing.name)
            if column == 0:
                return Said(str(standing.rank or NOTHING), "accent" if (standing.rank or 9) <= 3 else "text")
            return Said(self._totals[row][column - 2])
        item = self.item_at(column)
        if item is not None:
            return review_said(item, self._score(row, item), self._proposal(row, item))
        if column == 0:
            return Said(standing.name)
        return Said(self._tail(standing)[column - 1 - len(self.items)], "text2")

    def _tail(self, standing: Standing) -> list[str]:
        of = standing.checks[self.check]
        rank = "不参评" if standing.vetoes else str(standing.rank or NOTHING)
        total = format_hundredths(of.total, 1) if of.scored else NOTHING
        if self.part == OTHERS:
            return [*(format_hundredths(points, 1) if points else "" for points in (of.extra, of.deducted)), total, rank]
        return [format_hundredths(of.sections[int(self.part)], 1) if of.scored else NOTHING, total, rank]

    def editing(self, row: int, column: int) -> str | None:
        """Points can be typed by the office that reviews, while the check is open."""
        item = self.item_at(column)
        if item is None or self.board is None or not self.board.reviews or self.board.scheme.closed.get(self.check):
            return None
        text = self.standing_text(row, column)
        suggested, _ = suggestion(self._score(row, item), self._proposal(row, item))
        return text or ("" if suggested is None or item.entry == VETO else format_hundredths(suggested))

    def standing_text(self, row: int, column: int) -> str:
        """What counts already."""
        item = self.item_at(column)
        return "" if item is None else review_text(item, self._score(row, item))

    def takes(self, row: int, column: int, text: str) -> Typed:
        """Points, or the reason of a veto."""
        item = self.item_at(column)
        assert item is not None  # noqa: S101 - nothing else is typed into
        return Typed(self.units[row].unit, item, text)

    def called(self, row: int, column: int) -> str:
        """Unit and item."""
        item = self.item_at(column)
        return f"{self.units[row].name}，{item.text if item is not None else self.heads[column].text}"


def _item_head(item: Item, *, wide: bool) -> Head:
    """The head of an item: its words on two lines at most, its points below."""
    word = "满分" if item.entry == ITEM else ENTRIES.label(item.entry)
    points = f" {format_hundredths(item.points)}" if item.points else ""
    most = 16 if wide else 12
    text = item.text if len(item.text) <= most else f"{item.text[:most - 1]}…"
    return Head(f"{text}\n{word}{points}", 130 if wide else 104, stretches=True, tip=f"{item.text}（{word}{points}）")


def _check_words(check: str) -> str:
    return "半年得分" if check == "half" else "全年得分"


# --- one unit ----------------------------------------------------------------------------------------------

_SECTION, _TEXT, _FULL, _TARGET, _DONE, _OWN, _OWN_NOTE, _EVIDENCE, _REVIEW, _NOTE = range(10)
_SHEET = (
    Head("部分", 84, left=True), Head("考核内容", 200, stretches=True, left=True), Head("分值", 54), Head("目标", 54),
    Head("完成", 60), Head("自评", 62), Head("自评说明", 110, stretches=True, left=True), Head("依据", 54), Head("考评", 96),
    Head("考评说明", 110, stretches=True, left=True),
)


class SheetModel(ScoreModel):
    """One unit's sheet: every item with what the unit says of itself and what was given."""

    def __init__(self, theme: Theme, *, writes_own: bool = False) -> None:
        super().__init__(theme)
        self.unit = ""
        self.writes_own = writes_own
        self.rows: tuple[Item, ...] = ()
        self._shape: object = None

    def show_unit(self, board: Board, check: str, unit: str, proposals: Proposals) -> None:
        """Show a unit's sheet of one check."""
        self.board, self.check, self.unit, self.proposals = board, check, unit, proposals
        self.rows = (*board.scheme.items, *board.scheme.others)
        shape = (board.scheme.id, unit, self.rows)
        before, self._shape = self._shape, shape
        self.show_again(_SHEET, shape, before)

    def rowCount(self, _parent: Index | None = None) -> int:
        """As Qt asks."""
        return len(self.rows)

    def score_at(self, row: int) -> Score | None:
        """What the unit has for the item of a row."""
        item = self.rows[row]
        return self.board.score(self.unit, self.check, item.entry, item.code) if self.board is not None else None

    def _proposal(self, row: int) -> Proposal | None:
        item = self.rows[row]
        return self.proposals.get((self.unit, item.code)) if item.entry == ITEM else None

    def said(self, row: int, column: int) -> Said:
        """What a cell shows."""
        item, score = self.rows[row], self.score_at(row)
        own = score.own if score is not None else None
        if column == _REVIEW:
            reviews = self.board is not None and self.board.reviews
            if not reviews and (score is None or score.review is None):
                return Said("")
            return review_said(item, score, self._proposal(row) if reviews else None)
        if column == _DONE:
            return self._done(row, score)
        texts = {
            _SECTION: item.section if item.entry == ITEM else ENTRIES.label(item.entry), _TEXT: item.text,
            _FULL: format_hundredths(item.points) if item.points else "",
            _TARGET: "" if item.target is None else format_hundredths(item.target),
            _OWN: "" if own is None or own.points is None else format_hundredths(own.points),
            _OWN_NOTE: own.note if own is not None else "",
            _EVIDENCE: f"{score.evidence} 条" if score is not None and score.evidence else "",
            _NOTE: score.review.note if score is not None and score.review is not None else "",
        }
        return Said(texts[column], "text" if column in (_TEXT, _OWN) else "text2")

    def _done(self, row: int, score: Score | None) -> Said:
        """The figure that points were worked out from, else what the records say now."""
        given = score.review if score is not None else None
        if given is not None and given.figure is not None:
            return Said(format_hundredths(given.figure), "text2")
        proposal = self._proposal(row)
        if proposal is None or not proposal.known:
            return Said("", "text2", proposal.points.said if proposal is not None else "")
        return Said(format_hundredths(proposal.figure or 0), "text2", proposal.points.said)

    def editing(self, row: int, column: int) -> str | None:
        """The unit types what it says of itself, the office that reviews what it gives; neither once the check is closed."""
        item, board = self.rows[row], self.board
        if board is None or board.scheme.closed.get(self.check):
            return None
        text = self.standing_text(row, column)
        if column in (_OWN, _OWN_NOTE) and self.writes_own and item.entry in (ITEM, EXTRA):
            proposal = self._proposal(row)
            offered = column == _OWN and not text and proposal is not None and proposal.known
            return format_hundredths(proposal.points.points) if offered and proposal is not None else text
        if column in (_REVIEW, _NOTE) and board.reviews:
            suggested, _ = suggestion(self.score_at(row), self._proposal(row))
            offered = column == _REVIEW and not text and suggested is not None and item.entry != VETO
            return format_hundredths(suggested) if offered and suggested is not None else text
        return None

    def standing_text(self, row: int, column: int) -> str:
        """What stands there already."""
        if column == _REVIEW:
            return review_text(self.rows[row], self.score_at(row))
        return self.said(row, column).text

    def takes(self, row: int, column: int, text: str) -> Typed:
        """Points or words, of the unit or of the office that reviews."""
        return Typed(self.unit, self.rows[row], text, note=column in (_OWN_NOTE, _NOTE))

    def called(self, row: int, column: int) -> str:
        """Item and column."""
        return f"{self.rows[row].text}，{self.heads[column].text}"

    def first_cell(self) -> tuple[int, int]:
        """Where typing begins."""
        return 0, _OWN if self.writes_own else _REVIEW


