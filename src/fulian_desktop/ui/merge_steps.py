"""How far a merge has come, made of what it says of itself: file by file twice, then its records, then the index. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

SHARES = (45, 15, 25, 15)
"""Of a hundred: opening and verifying the files, putting them beside the log, folding the records, the index."""

READ, PLACED, CHECKED, INDEXED = range(4)
_DOING = ("正在读取", "正在核对", "正在核对记录", "正在整理查找目录")
_WAITS, _NOW, _READ = ("排队", "mute"), ("正在读取", "accent"), ("读好了", "info")


class Steps:
    """Counts a merge's four stages as one.

    Args:
        files: The names of its files, in the order in which they are read, with the place of the line each belongs to; or only
            names, or nothing.
    """

    def __init__(self, files: Mapping[str, int] | Sequence[str]) -> None:
        self._files: Mapping[str, int] = files if isinstance(files, Mapping) else dict.fromkeys(files, 0)
        self._stage, self._done, self._total, self._what = READ, 0, 1, ""
        self.percent = 0

    def take(self, done: int, total: int, what: str) -> None:
        """Hear what the work says: (done, total, file or phrase)."""
        is_file = what in self._files or (not self._files and "." in what)
        if is_file and self._stage == READ:
            if done < self._done:
                self._stage = PLACED  # the files once more: they are read, now they are put beside what is held
        elif not is_file:
            self._stage = CHECKED if self._stage < CHECKED else INDEXED if what != self._what else self._stage
        self._done, self._total, self._what = done, max(total, 1), what
        before = sum(SHARES[: self._stage])
        self.percent = max(self.percent, min(99, before + SHARES[self._stage] * min(done, self._total) // self._total))

    def words(self, name: Callable[[int], str]) -> str:
        """What is being done, as a sentence; ``name`` gives what the line at a place is called."""
        if self._stage in (READ, PLACED):
            of = name(self._files[self._what]) if self._what in self._files else ""
            count = f"第 {min(self._done + 1, self._total):,} 个文件，共 {self._total:,} 个"
            return f"{of}：{_DOING[self._stage]}{count}" if of else f"{_DOING[self._stage]}{count}"
        return f"{_DOING[self._stage]}：第 {self._done:,} 条，共 {self._total:,} 条"

    def going(self) -> dict[int, tuple[str, str]]:
        """The badge of each line that takes part, by its place: word and tone."""
        now = self._files.get(self._what, -1) if self._stage == READ else -1
        waits = self._ahead() if self._stage == READ else set()
        return {place: _NOW if place == now else _WAITS if place in waits else _READ for place in self._files.values()}

    def _ahead(self) -> set[int]:
        """The lines with a file after the one at hand: files are read in order, but not of each one is heard."""
        names = list(self._files)
        at = names.index(self._what) + 1 if self._what in self._files else 0
        return {self._files[name] for name in names[at:]}
