"""Setting Chinese: lines, paragraphs and names. Pure: strings and widths in, positions out (PAPER §5).

Rules:

* All widths are thousandths of an em of the text's own size.
* 避头尾: no closing mark begins a line, no opening mark ends one. Adjacent full-width marks lose half an em
  between them; a mark at the line's end and an opener at its start stand flush.
* Between Han and Latin letters or figures stands 0.13 em, unless a space was typed.
* A Latin word, a year in Han figures (二〇二六年) and, where asked, a short quoted title are not broken.
* A paragraph's last line has at least two characters.
* Whatever is longer than a line breaks anywhere: nothing is cut, and every step is linear in the length.
* Names: two characters are opened to three em; three and four stand plain; longer ones take free room on
  the right, then are condensed to no less than 72 %, then made smaller to no less than 84 %, then set in two
  lines.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from fulian_desktop.errors import InputProblem

if TYPE_CHECKING:
    from fulian_desktop.printing.fonts import Stack

EM = 1000.0
HALF = 500.0
LATIN_GAP = 130.0
DOT_GAP = 80.0  # on each side of the middle dot in 买买提·阿不都拉
MOST_STRETCH = 300.0  # per gap; a line that needs more stays ragged
MOST_CHARACTERS = 20_000  # of one paragraph or cell
CONDENSE = 0.72
SHRINK = 0.84

# Full-width marks whose glyph fills the left half (closers) or the right half (openers) of the em.
CLOSERS = frozenset("，。、；：！？）》〉」』】〕〗］｝”’．")
OPENERS = frozenset("（《〈「『【〔〖［｛“‘")
DOTS = frozenset("·•‧・.、 ")  # after which a long name may go to a second line
NO_START = CLOSERS | frozenset("!),.:;?]}%‰℃°…·—～〜々ー％")
NO_END = OPENERS | frozenset("([{￥$￡＄")

_YEAR = re.compile("[〇零一二三四五六七八九]{4}年")
_QUOTED = re.compile("“[^“”]{1,14}”")
_LATIN = re.compile(r"[A-Za-z0-9À-ɏ]")
_WORD = re.compile(r"[A-Za-z0-9À-ɏ'’._@/+#&*-]")
_HAN_RANGES = (
    (0x3005, 0x3007),
    (0x3040, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


class TextTooLong(InputProblem):
    """A text cannot be set in its place."""

    code = "text-too-long"


@dataclass(slots=True)
class Line:
    """One set line.

    Attributes:
        text: Its characters.
        kerns: Extra room after each character (negative where marks close up), thousandths of an em; empty
            when there is none.
        lead: What the first character is moved by (an opener stands flush: negative).
        width: Visible width.
        stretch: Room added in every gap by justifying.
    """

    text: str
    kerns: list[float] = field(default_factory=list)
    lead: float = 0.0
    width: float = 0.0
    stretch: float = 0.0


def is_han(ch: str) -> bool:
    """Say whether a character is Han or kana."""
    code = ord(ch)
    return any(low <= code <= high for low, high in _HAN_RANGES)


def kerns_of(text: str) -> list[float]:
    """Return the room to add after each character of a running text."""
    return [*(_kern(left, right) for left, right in pairwise(text)), *([0.0] if text else [])]


def _kern(left: str, right: str) -> float:
    if left in CLOSERS:
        return -HALF if right in CLOSERS or right in OPENERS else 0.0
    if left in OPENERS:
        return -HALF if right in OPENERS else 0.0
    if left == "(" or right == ")":
        return 0.0
    if left == "·" or right == "·":
        return DOT_GAP if is_han(left) or is_han(right) else 0.0
    if is_han(left):
        return LATIN_GAP if _LATIN.match(right) else 0.0
    if is_han(right):
        return LATIN_GAP if _LATIN.match(left) or left in "%)" else 0.0
    return 0.0


def set_line(text: str, stack: Stack, *, flush: bool = True) -> Line:
    """Set one line without breaking it.

    Args:
        text: Cleaned text.
        stack: The faces it is set in.
        flush: Take off the empty half of a mark at either end, so that centred lines are centred by ink.
    """
    if not text:
        return Line("")
    kerns = kerns_of(text)
    width = stack.width(text) + sum(kerns)
    lead = 0.0
    if flush:
        lead = _lead(text[0], stack)
        width -= -lead + _trail(text[-1], stack)
    return Line(text, kerns if any(kerns) else [], lead, width)


def _lead(ch: str, stack: Stack) -> float:
    return -HALF if ch in OPENERS and stack[ch].width >= EM else 0.0


def _trail(ch: str, stack: Stack) -> float:
    return HALF if ch in CLOSERS and stack[ch].width >= EM else 0.0


def _breaks(text: str, keep_quoted: bool) -> list[bool]:
    """Say for each position whether a line may begin there."""
    allowed = [False] * (len(text) + 1)
    for index in range(1, len(text)):
        left, right = text[index - 1], text[index]
        if right == " ":
            continue
        if left == " ":
            allowed[index] = True
        elif right in NO_START or left in NO_END or (_WORD.match(left) and _WORD.match(right)):
            continue
        else:
            allowed[index] = True
    for pattern in (_YEAR, _QUOTED) if keep_quoted else (_YEAR,):
        for match in pattern.finditer(text):
            for index in range(match.start() + 1, match.end()):
                allowed[index] = False
    allowed[len(text)] = True
    return allowed


class _Paragraph:
    """A paragraph being broken: prefix sums make the width of any stretch a subtraction."""

    def __init__(self, text: str, stack: Stack, keep_quoted: bool) -> None:
        self.text = text
        self.stack = stack
        self.kerns = kerns_of(text)
        self.allowed = _breaks(text, keep_quoted)
        steps = [stack[ch].width + kern for ch, kern in zip(text, self.kerns, strict=True)]
        self.sums = [0.0, *accumulate(steps)]

    def width(self, start: int, end: int) -> float:
        """Return the visible width of text[start:end] as a line."""
        while end > start and self.text[end - 1] == " ":
            end -= 1
        if end == start:
            return 0.0
        raw = self.sums[end] - self.sums[start] - self.kerns[end - 1]
        return raw + _lead(self.text[start], self.stack) - _trail(self.text[end - 1], self.stack)

    def next_break(self, start: int, room: float) -> int:
        """Return the last allowed position that fits, or where the line overflows when there is none."""
        fits = bisect.bisect_right(self.sums, self.sums[start] + room) - 1
        limit = min(len(self.text), fits + 4)  # flush marks at both ends may let a few more in
        while limit < len(self.text) and self.text[limit] == " ":
            limit += 1
        for end in range(limit, start, -1):
            if self.allowed[end] and self.width(start, end) <= room + 0.01:
                return end
        return max(start + 1, min(fits, len(self.text)))

    def line(self, start: int, end: int) -> Line:
        """Return text[start:end] as a line without its outer spaces."""
        while end > start and self.text[end - 1] == " ":
            end -= 1
        kerns = self.kerns[start:end]
        if kerns:
            kerns[-1] = 0.0
        lead = _lead(self.text[start], self.stack) if end > start else 0.0
        return Line(self.text[start:end], kerns if any(kerns) else [], lead, self.width(start, end))


def break_lines(
    text: str,
    stack: Stack,
    measure: float,
    *,
    indent: float = 0.0,
    justify: bool = True,
    keep_quoted: bool = False,
) -> list[Line]:
    """Break a paragraph into lines.

    Args:
        text: Cleaned text, one paragraph.
        stack: The faces it is set in.
        measure: Line width in thousandths of an em.
        indent: Of the first line, thousandths of an em.
        justify: Stretch all lines but the last to the measure.
        keep_quoted: Do not break quoted titles of up to 14 characters.

    Raises:
        TextTooLong: Over 20,000 characters.
    """
    if len(text) > MOST_CHARACTERS:
        raise TextTooLong(f"一段文字超过 {MOST_CHARACTERS} 字，不能排版：“{text[:12]}……”。请分段或删减。")
    text = text.rstrip(" ") if not text.isspace() else ""
    if not text:
        return [Line("")]
    measure = max(measure, EM)
    paragraph = _Paragraph(text, stack, keep_quoted)
    cuts = [0]
    while cuts[-1] < len(text):
        room = measure - (indent if len(cuts) == 1 else 0.0)
        cuts.append(paragraph.next_break(cuts[-1], max(room, EM)))
    _avoid_widow(paragraph, cuts)
    lines = [paragraph.line(start, end) for start, end in pairwise(cuts)]
    if justify:
        for number, line in enumerate(lines[:-1]):
            _stretch(line, measure - (indent if number == 0 else 0.0))
    return lines


def _avoid_widow(paragraph: _Paragraph, cuts: list[int]) -> None:
    """Move the last break back when the last line would hold one character (and its marks)."""
    if len(cuts) < 3:
        return
    last = [ch for ch in paragraph.text[cuts[-2] :] if ch not in NO_START and ch != " "]
    if len(last) > 1:
        return
    earlier = [index for index in range(cuts[-2] - 1, max(cuts[-3], cuts[-2] - 8), -1) if paragraph.allowed[index]]
    if earlier:
        cuts[-2] = earlier[0]


def _stretch(line: Line, measure: float) -> None:
    gaps = len(line.text) - 1
    slack = measure - line.width
    if gaps > 0 and 0 < slack <= gaps * MOST_STRETCH:
        line.stretch = slack / gaps
        line.width = measure


@dataclass(slots=True)
class Fitted:
    """A text made to fit one place.

    Attributes:
        lines: One, or two after a middle dot.
        size: Point size.
        scale: Horizontal scale, 1 = plain, 0.72 = most condensed.
    """

    lines: list[Line]
    size: float
    scale: float = 1.0

    @property
    def width(self) -> float:
        """Visible width of the widest line, points."""
        return max((line.width for line in self.lines), default=0.0) * self.size * self.scale / EM


def open_name(name: str, stack: Stack) -> float:
    """Return the room that opens a name of two Han characters to three em, otherwise 0."""
    if len(name) == 2 and is_han(name[0]) and is_han(name[1]):
        return max(0.0, 3 * EM - stack.width(name))
    return 0.0


def set_name(name: str, stack: Stack) -> Line:
    """Set a name on one line at its natural width, two characters opened."""
    line = set_line(name, stack, flush=False)
    opened = open_name(name, stack)
    if opened:
        line.kerns = [opened, 0.0]
        line.width += opened
    return line


def name_width(name: str, stack: Stack, size: float) -> float:
    """Return the natural width of a name in points: opened, never condensed."""
    return set_name(name, stack).width * size / EM


def fit_name(name: str, stack: Stack, size: float, room: float, free: float = 0.0) -> Fitted:
    """Set a name into a cell; it is never cut.

    Args:
        name: Cleaned.
        stack: The faces.
        size: Points.
        room: Points that the cell gives.
        free: Further points that are free on its right.
    """
    line = set_name(name, stack)
    if len(name) <= 2:
        scale = room / (line.width * size / EM) if line.width else 1.0
        return Fitted([line], size) if scale >= 1 else _condensed([line], size, scale)
    if line.width * size / EM <= room + free:
        return Fitted([line], size)
    room += free
    scale = room / (line.width * size / EM)
    if scale >= CONDENSE * SHRINK:
        return _condensed([line], size, scale)
    halves = split_name(name)
    lines = [set_line(part, stack, flush=False) for part in halves]
    widest = max(part.width for part in lines) * size * SHRINK / EM
    scale = min(1.0, room / widest) if widest else 1.0
    if scale >= CONDENSE:
        return Fitted(lines, size * SHRINK, scale)
    return Fitted(lines, size * SHRINK * scale / CONDENSE, CONDENSE)


def _condensed(lines: list[Line], size: float, scale: float) -> Fitted:
    if scale >= CONDENSE:
        return Fitted(lines, size, scale)
    return Fitted(lines, size * scale / CONDENSE, CONDENSE)


def split_name(name: str) -> tuple[str, str]:
    """Split a long name in two: after the middle dot or space nearest the middle, else in the middle."""
    middle = len(name) / 2
    dots = [index + 1 for index, ch in enumerate(name[:-1]) if ch in DOTS]
    at = min(dots, key=lambda index: abs(index - middle)) if dots else (len(name) + 1) // 2
    return name[:at].rstrip(" "), name[at:].lstrip(" ")


def fit_text(text: str, stack: Stack, size: float, room: float, *, tracking: float = 0.0, least: float = 0.5) -> Fitted:
    """Set a single-line text into a width: tracking goes first, then it is condensed, then made smaller.

    Args:
        text: Cleaned.
        stack: The faces.
        size: Points.
        room: Points.
        tracking: Room after each character, thousandths of an em, given up when there is not enough room.
        least: The least size, as a part of ``size``.

    Raises:
        TextTooLong: It would have to be smaller than that.
    """
    line = set_line(text, stack)
    gaps = max(len(text) - 1, 0)
    natural = line.width * size / EM
    if gaps:
        spare = (room - natural) / gaps / size * EM
        line.stretch = max(0.0, min(tracking, spare))
        line.width += line.stretch * gaps
    if natural <= room:
        return Fitted([line], size)
    fitted = _condensed([line], size, room / natural)
    if fitted.size < size * least:
        raise TextTooLong(f"“{text[:16]}……”太长（{len(text)} 字），在这一行里排不下。请改短后再打印。")
    return fitted


def wrap_fitted(text: str, stack: Stack, size: float, room: float, most_lines: int) -> Fitted:
    """Set a short text (a unit's name) into a narrow column: one line, then condensed, then several lines."""
    line = set_line(text, stack)
    natural = line.width * size / EM
    if natural <= room:
        return Fitted([line], size)
    if room / natural >= CONDENSE:
        return Fitted([line], size, room / natural)
    for scale, share in ((0.86, 1.0), (CONDENSE, 1.0), (CONDENSE, SHRINK), (CONDENSE, 0.7), (CONDENSE, 0.55)):
        lines = break_lines(text, stack, room / (size * share * scale) * EM, justify=False)
        if len(lines) <= most_lines:
            return Fitted(lines, size * share, scale)
    raise TextTooLong(f"“{text[:16]}……”太长（{len(text)} 字），在这一栏里排不下。请改短后再打印。")


def balance(text: str, stack: Stack, measure: float) -> list[Line]:
    """Break a centred title into lines of like length, the first no shorter than the last by choice.

    Args:
        text: Cleaned.
        stack: The faces.
        measure: Thousandths of an em.
    """
    lines = break_lines(text, stack, measure, justify=False, keep_quoted=True)
    if len(lines) < 2:
        return lines
    low, high = max(line.width for line in lines) / len(lines), measure
    for _ in range(12):
        middle = (low + high) / 2
        if len(break_lines(text, stack, middle, justify=False, keep_quoted=True)) <= len(lines):
            high = middle
        else:
            low = middle
    return break_lines(text, stack, high, justify=False, keep_quoted=True)
