"""The recovery code: shown once, large enough to copy by hand, printed or not, and no going on before one says so.

Rules:

* The code is never written to a file by itself: it is printed, or copied by hand. A file beside the records would
  open them for whoever finds it.
* What is printed says what it is for and where it belongs; it names the unit and the person, nothing else.
"""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPageSize, QPainter, QPaintEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.fonts import FAMILY, STAND_INS
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.widgets import ProblemLine, plain_label

WHY = "忘了密码时，用它打开记录。只显示这一次：抄下来或打印出来，锁进柜子，不要拍照，不要放在电脑里。"
LATER = "丢了也不要紧：密码还在，就能在“设置”里重新做一个，旧的随即作废。"


class RecoverySheet(QWidget):
    """The code in groups, 打印, and 我记下来了.

    Args:
        code: Eight groups of four.
        unit_name: Whose records it opens, ``person`` who keeps it; both stand on the paper.
        hint: What to do when it is lost.
    """

    kept = Signal()

    def __init__(self, theme: Theme, code: str, *, unit_name: str, person: str, day: date, hint: str = LATER) -> None:
        super().__init__()
        self._theme, self.code = theme, code
        self._about = (unit_name, person, f"{day.year}年{day.month}月{day.day}日")
        why, later = plain_label(WHY), plain_label(hint, role="hint")
        later.setFont(theme.font(t.HINT))
        for label in (why, later):
            label.setWordWrap(True)
        self.print_button = KeyButton(theme, "打印", "Ctrl+P", icon="print")
        self.print_button.setShortcut("Ctrl+P")
        self.kept_button = KeyButton(theme, "我记下来了", "Ctrl+回车", primary=True)
        self.kept_button.setShortcut("Ctrl+Return")
        self.problem = ProblemLine(theme)
        self.print_button.clicked.connect(self._print)
        self.kept_button.clicked.connect(self.kept)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.px(8))
        buttons.addWidget(self.problem, 1)
        buttons.addWidget(self.print_button)
        buttons.addWidget(self.kept_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(14))
        layout.addWidget(why)
        layout.addWidget(CodeBox(theme, code))
        layout.addWidget(later)
        layout.addLayout(buttons)

    def _print(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        dialog = QPrintDialog(printer, self)
        dialog.setWindowTitle("打印恢复码")
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:
            self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        """Put the sheet on paper, and say how it went."""
        painter = QPainter()
        if not painter.begin(printer):
            self.problem.say("打印机没有接上，没有打印。请检查打印机，或用笔抄下来。")
            return
        _paint_paper(painter, printer.resolution() / 25.4, self.code, *self._about)
        painter.end()
        self.problem.say("")


class CodeBox(QWidget):
    """The code, large, in two rows of four groups."""

    def __init__(self, theme: Theme, code: str) -> None:
        super().__init__()
        self._theme, self._groups = theme, code.split("-")
        self.setAccessibleName("恢复码 " + " ".join(self._groups))
        self.setFixedHeight(theme.px(108))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, edge and the groups."""
        theme, c = self._theme, self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(c.line))
        painter.setBrush(QColor(c.surface2))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), theme.px(6), theme.px(6))
        painter.setPen(QColor(c.text))
        font = theme.font(t.PAGE_TITLE, bold=True)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, theme.px(3))
        painter.setFont(font)
        wide, high = self.width() / 4, self.height() / 2
        for no, group in enumerate(self._groups):
            place = QRectF(no % 4 * wide, no // 4 * high, wide, high)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, group)


def _paint_paper(painter: QPainter, mm: float, code: str, unit_name: str, person: str, day: str) -> None:
    """Paint the sheet in the upper half of a page; lengths in millimetres."""

    def write(top: float, points: float, text: str, *, bold: bool = False, height: float = 12) -> None:
        font = QFont([FAMILY, *STAND_INS])
        font.setPointSizeF(points)
        font.setBold(bold)
        painter.setFont(font)
        place = QRectF(20 * mm, top * mm, 160 * mm, height * mm)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap, text)

    groups = code.split("-")
    write(20, 20, "妇联工作台　恢复码", bold=True)
    write(36, 12, f"单位：{unit_name}")
    write(44, 12, f"使用人：{person}　　日期：{day}")
    write(60, 22, "　".join(groups[:4]), bold=True)
    write(74, 22, "　".join(groups[4:]), bold=True)
    write(94, 11, "忘了密码时，在打开记录的那一页，把这 32 个字母和数字当密码填进去（横线和空格可以不填）。", height=16)
    write(112, 11, "请锁进柜子。不要拍照，不要放在电脑或 U 盘里。换人以后这一张作废。", height=16)
