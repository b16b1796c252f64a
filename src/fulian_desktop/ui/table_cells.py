"""How the cells of a list are painted, and the one editor that a cell can have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip, QWidget

from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import badge_width, paint_badge
from fulian_desktop.ui.cell_editing import line_text, make_line, place_of_line, say_beside
from fulian_desktop.ui.cells import NOTHING, STAGE_TONES, hits
from fulian_desktop.ui.columns import Column, Look
from fulian_desktop.ui.lines import CodeLine, TypedLine
from fulian_desktop.ui.table import Index
from fulian_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from fulian_desktop.services.browsing import Listed
    from fulian_desktop.ui.table_view import ListView

PAD = 12
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_ELIDE = Qt.TextElideMode.ElideRight


class CellDelegate(QStyledItemDelegate):
    """Paints a cell: ground of its row, then tick, text with marked hits, badge, figures or marks."""

    def __init__(self, theme: Theme, view: ListView) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view
        self._fonts: dict[float, tuple[QFont, QFontMetrics]] = {}

    def _font(self, points: float) -> tuple[QFont, QFontMetrics]:
        found = self._fonts.get(points)
        if found is None:
            font = self._theme.font(points)
            found = self._fonts[points] = (font, QFontMetrics(font))
        return found

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """One height for all rows."""
        return QSize(0, self._theme.px(t.ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        px, view = self._theme.px, self._view
        place, chosen = index.row(), bool(option.state & QStyle.StateFlag.State_Selected)
        current = place == view.currentIndex().row()
        rect = QRect(option.rect)
        painter.save()
        self._paint_ground(painter, option, rect, place, chosen=chosen, current=current, first=index.column() == 0)
        row = view.rows.row_at(place)
        column = view.rows.columns[index.column()]
        if row is not None:
            room = rect.adjusted(px(PAD), 0, -px(PAD), 0)
            text = view.rows.text(column, row)
            if column.look is Look.TICK:
                self._paint_tick(painter, rect, ticked=chosen and (view.ticking or view.chosen_count() > 1), strong=current)
            elif column.look is Look.MARKS:
                lacking = len(row.flat.get("photos") or ()) < column.photos
                self._paint_marks(painter, room, text, lacking=lacking, conflict=bool(row.conflicts))
            elif column.look is Look.STAGE and row.stage is not None:
                paint_badge(painter, self._theme, room, text, STAGE_TONES[row.stage], view.devicePixelRatioF())
            elif column.look is Look.CODE and text:
                badge = room.adjusted(0, 0, px(PAD), 0) if badge_width(self._theme, text, "mute") > room.width() else room
                paint_badge(painter, self._theme, badge, text, "mute", view.devicePixelRatioF())
            else:
                self._paint_text(painter, room, column, text)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, place: int, *, chosen: bool, current: bool,
        first: bool,
    ) -> None:
        c, px = self._theme.tokens, self._theme.px
        hovered = place == self._view.hovered
        if chosen:
            painter.fillRect(rect, QColor(c.soft))
        elif hovered:
            painter.fillRect(rect, QColor(c.hover))
        elif place % 2:
            painter.fillRect(rect, QColor(c.surface2))
        if current and first:
            painter.fillRect(QRect(rect.left(), rect.top(), px(3), rect.height()), QColor(c.accent))
        if option.state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus():
            painter.setPen(QPen(QColor(c.focus), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))

    def _paint_tick(self, painter: QPainter, rect: QRect, *, ticked: bool, strong: bool) -> None:
        c, px = self._theme.tokens, self._theme.px
        size = px(16)
        box = QRect(rect.left() + px(11), rect.center().y() - size // 2 + 1, size, size)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(c.fill if ticked else c.edge if strong else c.line), 1))
        painter.setBrush(QColor(c.fill if ticked else c.surface))
        painter.drawRoundedRect(box.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), px(t.RADIUS_BADGE), px(t.RADIUS_BADGE))
        if ticked:
            drawn = icons.pixmap("tick", size - px(2), c.on_fill, self._view.devicePixelRatioF())
            painter.drawPixmap(box.left() + px(1), box.top() + px(1), drawn)

    def _paint_marks(self, painter: QPainter, room: QRect, text: str, *, lacking: bool, conflict: bool) -> None:
        """How many photos or that they are lacking, and whether something is in conflict (then two icons: there is no room)."""
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        size, left, ratio = px(t.ICON_BADGE + 2), room.left(), self._view.devicePixelRatioF()
        middle = room.center().y() - size // 2 + 1
        font, metrics = self._font(t.DENSE)
        painter.setFont(font)
        if text:
            icon, colour = ("warn", c.warn) if lacking else ("image", c.text3)
            painter.drawPixmap(left, middle, icons.pixmap(icon, size, colour, ratio))
            left += size + px(4)
            if not (lacking and conflict):
                painter.setPen(QColor(c.text2))
                painter.drawText(QRect(left, room.top(), room.width(), room.height()), _LEFT, text)
                left += metrics.horizontalAdvance(text) + px(8)
        if conflict:
            painter.drawPixmap(left, middle, icons.pixmap("conflict", size, c.conflict, ratio))
        elif not text:
            painter.setPen(QColor(theme.tokens.text3))
            painter.drawText(room, _LEFT, NOTHING)

    def _paint_text(self, painter: QPainter, room: QRect, column: Column, text: str) -> None:
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        font, metrics = self._font(t.BODY)
        painter.setFont(font)
        shown = metrics.elidedText(text or NOTHING, _ELIDE, room.width() + px(4))
        typed = self._view.rows.typed
        declared = column.field
        if text and typed and declared is not None and declared.search and not column.is_right:
            for start, length in hits(shown, typed, by_initials=declared.search == "name"):
                left = room.left() + metrics.horizontalAdvance(shown[:start])
                width = metrics.horizontalAdvance(shown[start : start + length])
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(c.mark))
                box = QRect(left - 1, room.center().y() - px(11) + 1, width + 2, px(22))
                painter.drawRoundedRect(box, px(t.RADIUS_BADGE), px(t.RADIUS_BADGE))
        painter.setPen(QColor(theme.tokens.text if text else theme.tokens.text3))
        if column.is_right:
            painter.drawText(room, _RIGHT, shown)
        else:
            painter.drawText(room.adjusted(0, 0, px(4), 0), _LEFT, shown)

    # --- editing one cell, and what was cut ---

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """The line that the form would have for this field."""
        cell = self._view.rows.columns[index.column()].cell
        assert cell is not None  # noqa: S101 - only what fits a line can be edited
        line = make_line(self._theme, cell)
        line.setParent(parent)
        line.textEdited.connect(lambda _text: say_beside(line, self._view.note, ""))
        if isinstance(line, CodeLine):
            line.settled.connect(lambda: self._end(line))
        return line

    def _end(self, line: QWidget) -> None:
        self.commitData.emit(line)
        self.closeEditor.emit(line, QStyledItemDelegate.EndEditHint.NoHint)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """The value as one would type it, or what was refused before and why."""
        row = self._view.rows.row_at(index.row())
        if not isinstance(editor, TypedLine) or row is None or editor.isModified():
            return
        refused, self._view.refused = self._view.refused, None
        if refused is None:
            editor.setText(self._text(index, row))
        else:
            editor.setText(refused[0])
            editor.setModified(True)  # it is not what the list says, and is not to be replaced by it
            say_beside(editor, self._view.note, refused[1])
        editor.selectAll()

    def _text(self, index: Index, row: Listed) -> str:
        cell = self._view.rows.columns[index.column()].cell
        return line_text(cell, row.flat) if cell is not None else ""

    def setModelData(self, editor: QWidget, _model: object, index: Index) -> None:
        """Hand on what was typed; nothing when it is what stood there."""
        row = self._view.rows.row_at(index.row())
        if isinstance(editor, TypedLine) and row is not None and editor.text() != self._text(index, row):
            self._view.edited.emit(index.row(), index.column(), editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Over the cell, and what is said about it beside it."""
        cell = self._view.rows.columns[index.column()].cell
        if cell is not None:
            editor.setGeometry(place_of_line(self._theme, cell, option.rect, self._view.viewport().rect()))
            self._view.note.place(editor.geometry())

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """While words are offered, Esc puts them away and Enter takes one: the edit itself ends only after that."""
        if isinstance(editor, CodeLine) and editor.list.is_open and isinstance(event, QKeyEvent) \
                and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                editor.list.hide()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and editor.list.take():
                return True
        return super().eventFilter(editor, event)

    def _wide(self, column: Column, place: int, text: str) -> int:
        """The pixels that a cell wants: a text its letters, a stage or a code its badge."""
        row = self._view.rows.row_at(place)
        if column.look is Look.STAGE and row is not None and row.stage is not None:
            return badge_width(self._theme, text, STAGE_TONES[row.stage])
        if column.look is Look.CODE:
            return badge_width(self._theme, text, "mute") - self._theme.px(PAD)  # it may reach into the margin
        return self._font(t.BODY)[1].horizontalAdvance(text)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Show a text that was cut, as plain text: a tooltip would read it as markup."""
        column = self._view.rows.columns[index.column()] if index.isValid() else None
        text = str(index.data() or "") if index.isValid() else ""
        cut = column is not None and self._wide(column, index.row(), text) > option.rect.width() - 2 * self._theme.px(PAD)
        if text and cut:
            escaped = text.replace("&", "&amp;").replace("<", "&lt;")
            QToolTip.showText(event.globalPos(), f"<p>{escaped}</p>", view)
        else:
            QToolTip.hideText()
        return True
