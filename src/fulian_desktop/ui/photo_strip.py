"""The photos of a record: paste, drag or choose files; captions; removing.

Rules:

* A photo is taken in at once (turned upright, bounded: services/photos.py); that it belongs to the record is saved with the
  record, in the same act, and stands in the draft until then.
* Pictures are read and scaled beside the window; a photo that has not arrived yet says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QRect, QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QDialog, QFileDialog, QGridLayout, QVBoxLayout, QWidget

from fulian_desktop.domain.fields import PhotoHash, Table, Text
from fulian_desktop.domain.forms import Cell
from fulian_desktop.errors import NotFound
from fulian_desktop.progress import Progress
from fulian_desktop.services.entering import take_photos
from fulian_desktop.services.office import Office
from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import IconButton
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.editors import Editor
from fulian_desktop.ui.lines import TypedLine
from fulian_desktop.ui.theme import set_role
from fulian_desktop.ui.widgets import plain_label

WIDTH, HEIGHT = 118, 86
ENDINGS = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".heic")
_FILTER = "照片 (*.jpg *.jpeg *.png *.bmp *.gif *.webp *.tif *.tiff)"


def pictures_in(mime: QMimeData) -> list[Path | bytes]:
    """The pictures that lie on the clipboard or are dragged: files, or one picture itself."""
    files = [Path(url.toLocalFile()) for url in mime.urls() if isinstance(url, QUrl) and url.isLocalFile()]
    found: list[Path | bytes] = [file for file in files if file.suffix.lower() in ENDINGS]
    if not found and mime.hasImage():
        image = mime.imageData()
        if isinstance(image, QImage) and not image.isNull():
            found.append(_png(image))
    return found


def holds_pictures(mime: QMimeData) -> bool:
    """Whether there are any, without reading them."""
    is_file = any(Path(url.toLocalFile()).suffix.lower() in ENDINGS for url in mime.urls() if url.isLocalFile())
    return is_file or mime.hasImage()


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # PySide 6.11 wants a str here; its stub says bytes.
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


class PhotoStrip(Editor):
    """The photos of one cell, as tiles with captions, and a tile to add more."""

    counted = Signal(int)
    said = Signal(str)
    """A sentence about a picture that was not taken."""

    def __init__(self, desk: Desk, cell: Cell) -> None:
        assert isinstance(cell.type, Table)  # noqa: S101 - chosen by its type
        self._desk = desk
        self._hash = next(c.name for c in cell.type.columns if isinstance(c.type, PhotoHash))
        self._caption = next((c.name for c in cell.type.columns if isinstance(c.type, Text)), "")
        self._order = next((c.name for c in cell.type.columns if c.type.sql == "INTEGER"), "")
        self.most = cell.type.most
        self.tiles: list[PhotoTile] = []
        holder = QWidget()
        self._grid = QGridLayout(holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(desk.theme.px(10))
        self._grid.setVerticalSpacing(desk.theme.px(10))
        self._grid.setColumnStretch(2, 1)
        super().__init__(desk.theme, cell, holder)
        self.add_tile = AddTile(desk)
        self.add_tile.clicked.connect(self._choose)
        self.hint = plain_label("可以拖进来，\n或按 Ctrl+V 粘贴", role="label")
        self.hint.setFont(desk.theme.font(t.HINT))
        self._place()

    def value(self) -> list[dict[str, Any]]:
        """The rows: hash, caption, order."""
        return [tile.row(self._hash, self._caption, self._order, place) for place, tile in enumerate(self.tiles)]

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        """Show the photos of these rows."""
        for tile in list(self.tiles):
            self._drop(tile)
        rows = [row for row in value or () if isinstance(row, Mapping) and row.get(self._hash)]
        for row in sorted(rows, key=lambda r: int(r.get(self._order) or 0)):
            self._add(str(row[self._hash]), str(row.get(self._caption) or ""), str(row.get("row") or ""))
        self._place()

    def targets(self) -> list[QWidget]:
        """What may have the focus."""
        return [self.add_tile, *(w for tile in self.tiles for w in (tile.picture, tile.caption, tile.remove))]

    def begin(self) -> None:
        """Begin at the tile that adds."""
        self.add_tile.setFocus(Qt.FocusReason.TabFocusReason)

    def lock(self, reason: str) -> None:
        """Only look."""
        super().lock(reason)
        self.edit.setEnabled(True)
        self.add_tile.hide()
        self.hint.hide()
        for tile in self.tiles:
            tile.lock()

    def take(self, pictures: Sequence[Path | bytes]) -> None:
        """Take pictures in, as many as there is room for."""
        if self.locked or not pictures:
            return
        room = self.most - len(self.tiles)
        if len(pictures) > room:
            self.said.emit(f"一条记录最多放 {self.most} 张照片，多出的 {len(pictures) - max(room, 0)} 张没有放。")
        wanted = list(pictures[: max(room, 0)])
        if not wanted:
            return
        self.hint.setText("正在放照片…")

        def work(office: Office, _progress: Progress) -> tuple[list[str], list[str]]:
            return take_photos(office, wanted)

        self._desk.ask(self, work, self._taken, failed=self._refused)

    def _taken(self, answer: tuple[list[str], list[str]]) -> None:
        hashes, refused = answer
        known = {tile.hash for tile in self.tiles}
        new = [hash_ for hash_ in dict.fromkeys(hashes) if hash_ not in known]
        for hash_ in new:
            self._add(hash_, "", "")
        self.hint.setText("可以拖进来，\n或按 Ctrl+V 粘贴")
        self._place()
        if refused:
            self.said.emit(refused[0])
        elif not new:
            self.said.emit("这张照片已经有了。")
        if new:
            self.changed.emit()

    def _refused(self, error: Exception) -> None:
        self.hint.setText("可以拖进来，\n或按 Ctrl+V 粘贴")
        self._desk.problem(error)

    def _choose(self) -> None:
        dialog = QFileDialog(self, "选照片", "", _FILTER)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.take([Path(name) for name in names]))
        dialog.open()

    def _add(self, hash_: str, caption: str, row: str) -> None:
        tile = PhotoTile(self._desk, hash_, caption, row)
        tile.removed.connect(lambda: self._remove(tile))
        tile.caption.textEdited.connect(lambda _text: self.changed.emit())
        tile.caption.entered.connect(self.entered)
        self.tiles.append(tile)

    def _remove(self, tile: PhotoTile) -> None:
        self._drop(tile)
        self._place()
        self.begin()
        self.changed.emit()

    def _drop(self, tile: PhotoTile) -> None:
        self.tiles.remove(tile)
        self._grid.removeWidget(tile)
        tile.hide()
        tile.deleteLater()

    def _place(self) -> None:
        """Two a row; the tile that adds comes last, with its hint beside or under it."""
        for place, widget in enumerate([*self.tiles, self.add_tile, self.hint]):
            self._grid.addWidget(widget, place // 2, place % 2, Qt.AlignmentFlag.AlignTop)
        self.hint.setMinimumHeight(self.theme.px(40))
        self.counted.emit(len(self.tiles))


class PhotoTile(QWidget):
    """One photo with its caption."""

    removed = Signal()

    def __init__(self, desk: Desk, hash_: str, caption: str, row: str) -> None:
        super().__init__()
        px = desk.theme.px
        self.hash, self._row = hash_, row
        self.picture = Picture(desk, hash_)
        self.picture.removed.connect(self.removed)
        self.remove = IconButton(desk.theme, "close", "去掉这张照片")
        self.remove.setParent(self.picture)
        self.remove.move(px(WIDTH - 32), 0)
        self.remove.clicked.connect(self.removed)
        self.caption = TypedLine(desk.theme)
        self.caption.setText(caption)
        self.caption.setPlaceholderText("说明")
        self.caption.setAccessibleName("照片说明")
        self.caption.setFont(desk.theme.font(t.HINT))
        self.caption.setFixedWidth(px(WIDTH))
        self.caption.setCursorPosition(0)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(4))
        box.addWidget(self.picture)
        box.addWidget(self.caption)

    def row(self, hash_name: str, caption_name: str, order_name: str, place: int) -> dict[str, Any]:
        """The row as it is saved."""
        row: dict[str, Any] = {hash_name: self.hash}
        if self._row:
            row["row"] = self._row
        if caption_name and self.caption.text().strip():
            row[caption_name] = self.caption.text()
        if order_name:
            row[order_name] = str(place)
        return row

    def lock(self) -> None:
        """Only look."""
        self.remove.hide()
        self.caption.setReadOnly(True)


class Picture(QAbstractButton):
    """One photo, read and scaled beside the window; a click shows it large, Delete wants it taken away."""

    removed = Signal()

    def __init__(self, desk: Desk, hash_: str, width: int = WIDTH, height: int = HEIGHT) -> None:
        super().__init__()
        self._desk, self._theme, self._hash = desk, desk.theme, hash_
        self._pixmap: QPixmap | None = None
        self._words = ""
        self.setAccessibleName("照片，按空格放大")
        self.setToolTip("放大")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(desk.theme.px(width), desk.theme.px(height))
        self.clicked.connect(self._enlarge)
        side = desk.theme.px(2 * width)

        def work(office: Office, _progress: Progress) -> QImage:
            from fulian_desktop.services.photos import look

            whole = QImage.fromData(look(office, hash_))
            wanted = QSize(side, side)
            return whole.scaled(wanted, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation)

        desk.ask(self, work, self.show_image, failed=self._missing)

    def _missing(self, error: Exception) -> None:
        if isinstance(error, NotFound):
            self.say("照片还没收到")
        else:
            self.say("打不开")
            self._desk.problem(error)

    def _enlarge(self) -> None:
        hash_ = self._hash

        def work(office: Office, _progress: Progress) -> QImage:
            from fulian_desktop.services.photos import look

            return QImage.fromData(look(office, hash_))

        self._desk.ask(self, work, lambda image: PhotoView(self._desk, self, image).open())

    def show_image(self, image: QImage) -> None:
        """Show it."""
        self._pixmap = QPixmap.fromImage(image)
        self.update()

    def say(self, words: str) -> None:
        """Say why there is none."""
        self._words = words
        self.setAccessibleName(words)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the photo away."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture, filling a rounded box; or words in it."""
        theme, c = self._theme, self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        box = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        radius = theme.px(t.RADIUS_CONTROL)
        path = QPainterPath()
        path.addRoundedRect(box, radius, radius)
        painter.fillPath(path, QColor(c.mute_soft))
        if self._pixmap is not None and not self._pixmap.isNull():
            painter.save()
            painter.setClipPath(path)
            painter.drawPixmap(box, self._pixmap, _middle_of(self._pixmap.size(), self.size()))
            painter.restore()
        elif self._words:
            painter.setPen(QColor(c.text2))
            painter.setFont(theme.font(t.HINT))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._words)
        painter.setPen(QPen(QColor(c.focus), 2) if self.hasFocus() else QPen(QColor(c.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)


def _middle_of(whole: QSize, shape: QSize) -> QRectF:
    """The largest part from the middle of a picture that has a shape."""
    part = QSize(shape).scaled(whole, Qt.AspectRatioMode.KeepAspectRatio)
    return QRectF((whole.width() - part.width()) / 2, (whole.height() - part.height()) / 2, part.width(), part.height())


class AddTile(QAbstractButton):
    """The tile that adds a photo."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._theme = desk.theme
        self.setText("加照片")
        self.setAccessibleName("加照片")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(desk.theme.px(WIDTH), desk.theme.px(HEIGHT))
        desk.theme.changed.connect(self.update)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the choice of files too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A box with a plus and the word."""
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(c.focus), 2) if self.hasFocus() else QPen(QColor(c.edge), 1))
        painter.setBrush(QColor(c.hover if self.underMouse() else c.surface2))
        radius = px(t.RADIUS_CONTROL)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), radius, radius)
        size = px(t.ICON_NAV)
        plus = icons.pixmap("plus", size, c.text, self.devicePixelRatioF())
        painter.drawPixmap((self.width() - size) // 2, self.height() // 2 - size, plus)
        painter.setPen(QColor(c.text2))
        painter.setFont(theme.font(t.HINT))
        painter.drawText(QRect(0, self.height() // 2 + px(4), self.width(), px(24)), Qt.AlignmentFlag.AlignCenter, self.text())


class PhotoView(QDialog):
    """A photo as large as the window lets it be."""

    def __init__(self, desk: Desk, parent: QWidget, image: QImage) -> None:
        super().__init__(parent)
        self.setWindowTitle("照片")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_role(self, "page")
        room = parent.window().size() * 0.85
        picture = plain_label()
        smooth = Qt.TransformationMode.SmoothTransformation
        picture.setPixmap(QPixmap.fromImage(image.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, smooth)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(desk.theme.px(12),) * 4)
        layout.addWidget(picture)


