"""What stands around the pages: navigation on the left, the page, the message line under it.

Rules:

* A page is made when it is first asked for; the form and what is about one thing are made anew each time.
* Leaving asks the page (:meth:`Page.may_leave`); nothing typed is lost by going elsewhere.
* Ctrl+F goes to the page's search box, Ctrl+K asks where to go, F1 explains the page, Alt+← goes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QKeySequence, QPainter, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QSizePolicy,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import TONES, IconButton, KeyButton
from fulian_desktop.ui.desk import Desk, Said
from fulian_desktop.ui.page import Page
from fulian_desktop.ui.places import KEPT, NAV, NavItem, is_behind_the_door, kinds_under, make_page, room_navs
from fulian_desktop.ui.theme import Theme, set_role
from fulian_desktop.ui.widgets import IconLabel, plain_label, tip_of

if TYPE_CHECKING:
    from fulian_desktop.progress import Progress
    from fulian_desktop.services.office import Office

SAID_MS = 4_000
NARROW, FOLDED = 1280, 1000
"""Effective widths (window ÷ scale) under which the navigation becomes a rail, and side panes fold away."""
NAV_GAP, NAV_LEAST = 17, 30
"""The line between the two groups of items, and how low an item may become; pixels at 100 %."""

Index = QModelIndex | QPersistentModelIndex


class Shell(QWidget):
    """Navigation, pages and message line of an opened office."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        set_role(self, "page")
        self.nav = Nav(desk)
        self.pages = QStackedWidget()
        self.line = MessageLine(desk.theme)
        self._kept: dict[str, Page] = {}
        self._trail: list[tuple[str, dict[str, Any]]] = []
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.pages, 1)
        right.addWidget(self.line)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.nav)
        layout.addLayout(right, 1)
        self.nav.chosen.connect(lambda item: self.go(item.place, {"nav": item.code}))
        desk.went.connect(self.go)
        desk.went_back.connect(self.back)
        desk.said.connect(self.line.say)
        desk.changed.connect(self._refresh)
        desk.room_changed.connect(self._room_changed)
        desk.lock_wanted.connect(self.lock_room)
        for key, run in (
            ("Ctrl+F", self._search), ("Ctrl+K", self._ask_where), ("F1", self._help), ("Alt+Left", self.back),
            ("Ctrl+Shift+L", self.lock_room),
        ):
            QShortcut(QKeySequence(key), self).activated.connect(run)

    @property
    def page(self) -> Page | None:
        """The page shown."""
        shown = self.pages.currentWidget()
        return shown if isinstance(shown, Page) else None

    def go(self, place: str, about: Mapping[str, Any]) -> None:
        """Show a page, if the one shown may be left."""
        before = self.page
        if before is not None and not before.may_leave():
            return
        if place == "list" and self.desk.room is None and is_behind_the_door(about):
            place = "room"
        page = self._page_of(place, about)
        self._trail = [*self._trail[-20:], (place, dict(about))]
        self.pages.setCurrentWidget(page)
        if before is not None and before is not page and before not in self._kept.values():
            self.pages.removeWidget(before)
            before.deleteLater()
        self.nav.mark(str(about.get("nav", place)))
        page.opened(about)
        page.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def back(self) -> None:
        """Show the page before this one."""
        if len(self._trail) > 1:
            _, (place, about) = self._trail.pop(), self._trail.pop()
            self.go(place, about)

    def _page_of(self, place: str, about: Mapping[str, Any]) -> Page:
        name = f"{place}/{about.get('nav', '')}"
        page = self._kept.get(name)
        if page is None:
            inside = self.desk.room if about.get("room") and place not in KEPT else None
            page = make_page(inside or self.desk, place)
            self.pages.addWidget(page)
            if place in KEPT:
                self._kept[name] = page
        return page

    def _room_changed(self, is_open: bool) -> None:
        """Pages that know of the rights room are made anew; of a closed one nothing stays, not even where one was."""
        self._trail = [(place, about) for place, about in self._trail if place != "room" and not about.get("room")]
        shown = self.page
        for nav in room_navs():
            page = self._kept.pop(f"list/{nav}", None)
            if page is not None and page is not shown:
                self.pages.removeWidget(page)
                page.deleteLater()
        if not is_open and shown is not None and shown not in self._kept.values():
            self.go("list", {"nav": room_navs()[0]})

    def lock_room(self) -> None:
        """Close the rights room; what is typed in one of its forms is a draft in it by then."""
        desk, shown = self.desk, self.page
        if desk.room is None or (shown is not None and shown.desk is desk.room and not shown.may_leave()):
            return
        desk.leave_room()

        def work(office: Office, _progress: Progress) -> None:
            from fulian_desktop.services.rights import close_room

            close_room(office)

        desk.ask(desk, work, lambda _none: desk.say("维权档案室锁上了。", "info"))

    def _refresh(self, kinds: frozenset[str]) -> None:
        shown = self.page
        for page in {*self._kept.values(), *([shown] if shown else [])}:
            page.refresh(kinds)

    def _search(self) -> None:
        box = self.page.search_box() if self.page else None
        if box is not None:
            box.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _ask_where(self) -> None:
        from fulian_desktop.ui.finder import Finder

        Finder(self.desk, self).open()

    def _help(self) -> None:
        from fulian_desktop.ui.help import Help

        if self.page is not None:
            Help(self.desk.theme, self.page, self).open()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window has a rail instead of words in its navigation."""
        super().resizeEvent(event)
        self.nav.fold(self.width() / self.desk.theme.scale < NARROW)


class MessageLine(QFrame):
    """One sentence with its icon, perhaps a button; goes after four seconds, an error stays until it is closed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        set_role(self, "foot")
        px = theme.px
        self.setFixedHeight(px(48))
        self.words = plain_label()
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._icon = QLabel()
        self._action: KeyButton | None = None
        self._close = IconButton(theme, "close", "收起这句话")
        self._close.clicked.connect(self.hide)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(px(t.PAGE_MARGIN), 0, px(t.PAGE_MARGIN), 0)
        self._line.setSpacing(px(10))
        self._line.addWidget(self._icon)
        self._line.addWidget(self.words, 1)
        self._line.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAID_MS)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def say(self, said: Said) -> None:
        """Show a sentence in place of the one before."""
        if self._action is not None:
            self._line.removeWidget(self._action)
            self._action.deleteLater()
            self._action = None
        if said.action and said.run is not None:
            self._action = KeyButton(self._theme, said.action, said.key)
            self._action.clicked.connect(said.run)
            self._action.clicked.connect(self.hide)
            self._line.insertWidget(2, self._action)
        tone = TONES[said.tone]
        colour = getattr(self._theme.tokens, tone.word)
        size = self._theme.px(t.ICON_BUTTON)
        self._icon.setPixmap(icons.pixmap({"ok": "ok"}.get(said.tone, "error" if said.tone == "error" else "info"), size, colour))
        self.words.setText(said.text)
        self.words.setToolTip(tip_of(said.text))
        self.setAccessibleName(said.text)
        self.show()
        if said.tone == "error":
            self._timer.stop()
        else:
            self._timer.start()


class Nav(QWidget):
    """Whose records these are, where one can go, and at the foot when they were last backed up."""

    chosen = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        set_role(self, "nav")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme = desk.theme
        px = theme.px
        self.folded = False
        self.unit_name, self.person = plain_label(desk.unit_name), plain_label(desk.person, role="label")
        self.unit_name.setFont(theme.font(t.BODY, bold=True))
        self.unit_name.setWordWrap(True)
        self.person.setFont(theme.font(t.HINT))
        names = QVBoxLayout()
        names.setSpacing(px(2))
        names.addWidget(self.unit_name)
        names.addWidget(self.person)
        head = QHBoxLayout()
        head.setContentsMargins(px(6), 0, 0, 0)
        head.setSpacing(px(10))
        head.addWidget(IconLabel(theme, "app", "accent", 36), 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(names, 1)
        self.model = _NavModel([item for item in NAV if _is_used(item)])
        self.view = _NavView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_NavDelegate(theme, self))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setMouseTracking(True)
        self.view.setAccessibleName("导航")
        set_role(self.view, "nav")
        self.view.clicked.connect(self._clicked)
        self.view.activated.connect(self._clicked)
        self.foot = QVBoxLayout()
        self.foot.setSpacing(px(4))
        self._foot_lines: list[QWidget] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(10), px(12), px(10), px(12))
        layout.setSpacing(px(14))
        layout.addLayout(head)
        layout.addWidget(self.view, 1)
        layout.addLayout(self.foot)
        self.fold(False)

    def fold(self, folded: bool) -> None:
        """Show icons only, or icons and words."""
        self.folded = folded
        self.setFixedWidth(self._theme.px(t.NAV_RAIL if folded else t.NAV_WIDTH))
        for label in (self.unit_name, self.person):
            label.setVisible(not folded)
        for line in self._foot_lines:
            line.setVisible(not folded)
        self.view.doItemsLayout()

    def mark(self, code: str) -> None:
        """Show which item the page stands under; a page under none leaves the mark where it is."""
        for row, item in enumerate(self.model.items):
            if code in (item.code, item.place) and (item.place != "list" or code == item.code):
                self.view.setCurrentIndex(self.model.index(row))
                return

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """The pills beside the items: item's code → how many things wait there."""
        self.model.show_counts(counts)

    def show_foot(self, lines: Iterable[tuple[str, str, str]]) -> None:
        """The lines at the foot: (icon, its colour's token, words)."""
        for line in self._foot_lines:
            self.foot.removeWidget(line)
            line.deleteLater()
        self._foot_lines.clear()
        for icon, colour, text in lines:
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(self._theme.px(8), 0, 0, 0)
            row.setSpacing(self._theme.px(6))
            words = plain_label(text, role="label")
            words.setFont(self._theme.font(t.HINT))
            words.setWordWrap(True)
            row.addWidget(IconLabel(self._theme, icon, colour, t.ICON_BADGE))
            row.addWidget(words, 1)
            self.foot.addWidget(line)  # before it is shown: without a parent it would be a window for a moment
            line.setVisible(not self.folded)
            self._foot_lines.append(line)

    def _clicked(self, index: Index) -> None:
        self.chosen.emit(self.model.items[index.row()])


def _is_used(item: NavItem) -> bool:
    return item.place != "list" or bool(kinds_under(item.code, room=True))


class _NavView(QListView):
    """The items, all of them in sight: they are laid out anew when there is more or less room."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().height() != event.oldSize().height():
            self.doItemsLayout()


class _NavModel(QAbstractListModel):
    def __init__(self, items: list[NavItem]) -> None:
        super().__init__()
        self.items = items
        self.counts: Mapping[str, int] = {}

    def rowCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            count = self.counts.get(item.code, 0)
            return f"{item.label}，{count} 件" if count else item.label
        return item.label if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) else None

    def show_counts(self, counts: Mapping[str, int]) -> None:
        self.counts = counts
        self.dataChanged.emit(self.index(0), self.index(len(self.items) - 1))


class _NavDelegate(QStyledItemDelegate):
    """Icon, word and count pill; the current item on a light ground with a bar at its left."""

    def __init__(self, theme: Theme, nav: Nav) -> None:
        super().__init__(nav)
        self._theme, self._nav = theme, nav

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        items, row = self._nav.model.items, index.row()
        begins = row > 0 and items[row].below_line and not items[row - 1].below_line
        return QSize(0, self._item_height() + (self._theme.px(NAV_GAP) if begins else 0))

    def _item_height(self) -> int:
        """As high as an item should be; less where the window is too low for all of them, so that none has to be scrolled to."""
        px, room = self._theme.px, self._nav.view.viewport().height() - self._theme.px(NAV_GAP)
        return max(px(NAV_LEAST), min(px(t.NAV_ITEM), room // max(1, len(self._nav.model.items))))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        c, px = self._theme.tokens, self._theme.px
        model, row = self._nav.model, index.row()
        item = model.items[row]
        place = QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if place.height() > (high := self._item_height()):
            painter.fillRect(QRect(place.left(), place.top() + px(8), place.width(), 1), QColor(c.line))
            place.setTop(place.bottom() - high + 1)
        place.adjust(0, 1, 0, -1)
        current = index == self._nav.view.currentIndex()
        if current or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.surface if current else c.hover))
            painter.drawRoundedRect(place, px(t.RADIUS_CONTROL), px(t.RADIUS_CONTROL))
        if current:
            painter.fillRect(QRect(place.left(), place.top() + px(11), px(3), place.height() - px(22)), QColor(c.accent))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(c.focus))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), px(t.RADIUS_CONTROL), px(t.RADIUS_CONTROL))
        self._paint_words(painter, item, place, c.accent if current else c.text2, c.accent if current else c.text)
        painter.restore()

    def _paint_words(self, painter: QPainter, item: NavItem, place: QRect, colour: str, word: str) -> None:
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        size = px(t.ICON_NAV)
        left = place.left() + (px(12) if not self._nav.folded else (place.width() - size) // 2)
        ratio = self._nav.devicePixelRatioF()
        painter.drawPixmap(left, place.center().y() - size // 2 + 1, icons.pixmap(item.icon, size, colour, ratio))
        count = self._nav.model.counts.get(item.code, 0)
        if not self._nav.folded:
            painter.setFont(theme.font(bold=word == c.accent))
            painter.setPen(QColor(word))
            room = QRect(left + size + px(10), place.top(), place.width(), place.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, item.label)
        if count:
            self._paint_pill(painter, place, f"{count}" if count < 100 else "99+")

    def _paint_pill(self, painter: QPainter, place: QRect, text: str) -> None:
        """How many things wait: at the right, on the rail at the icon's shoulder."""
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        folded = self._nav.folded
        edge = px(18 if folded else 22)
        painter.setFont(theme.font(t.HINT, bold=True))
        width = max(edge, painter.fontMetrics().horizontalAdvance(text) + px(8))
        pill = QRect(0, 0, width, edge)
        if folded:
            pill.moveTopRight(QPoint(place.right() - 1, place.top() + 1))
        else:
            pill.moveCenter(QPoint(place.right() - px(8) - width // 2, place.center().y() + 1))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.fill))
        painter.drawRoundedRect(pill, edge / 2, edge / 2)
        painter.setPen(QColor(c.on_fill))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)

    def editorEvent(self, _event: QEvent, _model: object, _option: QStyleOptionViewItem, _index: Index) -> bool:
        return False
