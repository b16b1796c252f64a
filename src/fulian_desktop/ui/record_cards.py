"""The cards of a record's page besides its step: what was checked, what is told with its photos, and how it was scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fulian_desktop.domain.fields import FlatPart, PhotoHash, Table
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.telling import Check, Line, Point, Score
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.cards import Card
from fulian_desktop.ui.cells import photos_text, scalar_text
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.form_banner import shortened
from fulian_desktop.ui.photo_strip import Picture
from fulian_desktop.ui.stage_cards import Pairs
from fulian_desktop.ui.theme import Theme, set_role
from fulian_desktop.ui.widgets import IconLabel, plain_label

MOST_PICTURES = 4
PICTURE_WIDTH, PICTURE_HEIGHT = 166, 72
_ICONS = {Check.CLEAR: ("ok", "ok"), Check.FOUND: ("error", "error"), Check.OPEN: ("minus", "warn")}
_SAID = {Check.FOUND: "没有排除", Check.OPEN: "还没核查"}


def checked_words(points: Sequence[Point]) -> tuple[str, bool]:
    """How the points stand, in words, and whether nothing is left to do about them."""
    left = sum(point.state is Check.OPEN for point in points)
    found = sum(point.state is Check.FOUND for point in points)
    if not left and not found:
        return f"{len(points)} 项都已核查", True
    said = [f"还有 {left} 项没核查"] if left else []
    return "，".join([*said, *([f"{found} 项没有排除"] if found else [])]), False


class ChecksCard(Card):
    """The points in two columns, each with its sign and who looked."""

    def __init__(self, theme: Theme, title: str, points: Sequence[Point], last: str) -> None:
        words, sound = checked_words(points)
        super().__init__(theme, title, "，".join(filter(None, (words, last if sound else ""))))
        if not sound:
            set_role(self.note, "warn")
        half = -(-len(points) // 2)
        line = QHBoxLayout()
        line.setSpacing(theme.px(22))
        self.body.addLayout(line)
        for place, part in enumerate((points[:half], points[half:])):
            if place:
                line.addWidget(_Rule(theme))
            column = QVBoxLayout()
            column.setSpacing(theme.px(2))
            line.addLayout(column, 1)
            for point in part:
                column.addWidget(_PointLine(theme, point))
            column.addStretch(1)
        self.body.addStretch(1)


class _Rule(QWidget):
    """A line down between two columns."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedWidth(1)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(self._theme.tokens.line))


class _PointLine(QWidget):
    def __init__(self, theme: Theme, point: Point) -> None:
        super().__init__()
        said = _SAID.get(point.state, "")
        by = " ".join(filter(None, (said, shortened(point.by))))
        words, who = plain_label(point.words), plain_label(by, role="label" if not said else "warn")
        words.setFont(theme.font(t.DENSE))
        words.setWordWrap(True)
        who.setFont(theme.font(t.HINT))
        self.setAccessibleName(f"{point.words} {by}")
        self.setMinimumHeight(theme.px(28))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(8))
        line.addWidget(IconLabel(theme, *_ICONS[point.state], t.ICON_BUTTON))
        line.addWidget(words, 1)
        line.addWidget(who)


class ToldCard(Card):
    """What is told of a record, its photos first."""

    def __init__(
        self, desk: Desk, kind: Kind, flat: Mapping[str, Any], lines: Sequence[Line], counted: FlatPart | None, year: int
    ) -> None:
        group = kind.flat[kind.told[0][0]].field.group
        super().__init__(desk.theme, f"{group}内容")
        if counted is not None:
            written = len(str(flat.get(counted.flat) or ""))
            self.note.setText(f"{counted.field.label} {written} / {getattr(counted.type, 'most', 0)} 字")
        self._add_photos(desk, kind, flat)
        self.body.addWidget(Pairs(desk.theme, [(line.label, _line_text(line, year)) for line in lines]))
        self.body.addStretch(1)

    def _add_photos(self, desk: Desk, kind: Kind, flat: Mapping[str, Any]) -> None:
        px = desk.theme.px
        hashes = photo_hashes(kind, flat)
        if hashes:
            grid = QGridLayout()
            grid.setSpacing(px(10))
            grid.setColumnStretch(2, 1)
            self.body.addLayout(grid)
            for place, name in enumerate(hashes[:MOST_PICTURES]):
                grid.addWidget(Picture(desk, name, PICTURE_WIDTH, PICTURE_HEIGHT), place // 2, place % 2)
        lacking = photos_text(len(hashes), kind.photos_wanted) if kind.photos_lacking(flat) else ""
        more = f"共 {len(hashes)} 张照片" if len(hashes) > MOST_PICTURES else ""
        if lacking or more:
            words = plain_label(f"{lacking}，要 {kind.photos_wanted} 张" if lacking else more, role="warn" if lacking else "hint")
            words.setFont(desk.theme.font(t.HINT))
            self.body.addWidget(words)


def photo_hashes(kind: Kind, flat: Mapping[str, Any]) -> list[str]:
    """The photos of a record, in their order."""
    found: list[str] = []
    for field in kind.tables:
        assert isinstance(field.type, Table)  # noqa: S101 - a sub-table
        name = next((column.name for column in field.type.columns if isinstance(column.type, PhotoHash)), "")
        order = next((column.name for column in field.type.columns if column.type.sql == "INTEGER"), "")
        rows = sorted(flat.get(field.code) or () if name else (), key=lambda row: row.get(order) or 0)
        found += [str(row[name]) for row in rows if row.get(name)]
    return found


def _line_text(line: Line, year: int) -> str:
    texts = [scalar_text(part.type, value, year) for part, value in line.values]
    return f"{texts[0]}（{'，'.join(texts[1:])}）" if len(texts) > 1 else "".join(texts)


class ScoresCard(Card):
    """What was scored, with a bar each, and the sum."""

    def __init__(self, theme: Theme, title: str, scores: Sequence[Score]) -> None:
        given = [score.points for score in scores if score.points is not None]
        super().__init__(theme, title, f"合计 {sum(given)} 分" if given else "还没有打分")
        px = theme.px
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(2))
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(1, px(60))
        self.body.addLayout(grid)
        top = max([*given, 1])
        for row, score in enumerate(scores):
            words = plain_label(score.words)
            words.setFont(theme.font(t.DENSE))
            words.setWordWrap(True)
            words.setMinimumWidth(px(74))
            words.setMaximumWidth(px(150))
            points = "—" if score.points is None else f"{score.points}"
            figure = plain_label(f"{points} / {score.most}" if score.most else points, role="label")
            figure.setFont(theme.font(t.DENSE))
            grid.addWidget(words, row, 0)
            grid.addWidget(_Bar(theme, (score.points or 0) / (score.most or top)), row, 1)
            grid.addWidget(figure, row, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.body.addStretch(1)


class _Bar(QWidget):
    """A part of a whole as a bar; what it says stands beside it."""

    def __init__(self, theme: Theme, part: float) -> None:
        super().__init__()
        self._theme, self._part = theme, min(max(part, 0.0), 1.0)
        self.setFixedHeight(theme.px(6))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole, and the part over it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = self.height() / 2
        for colour, width in ((self._theme.tokens.line, self.width()), (self._theme.tokens.accent, self.width() * self._part)):
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(QRectF(0, 0, width, self.height()), radius, radius)
