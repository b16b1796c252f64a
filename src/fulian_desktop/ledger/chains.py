"""How the stored runs of one stream hang together, and what its limits leave (DESIGN §4 "Limits").

A run is a stretch of changes stored together, new when it arrived. Runs of a stream form a tree by names: one
line when all is well, branches after a fork, loose pieces while an earlier one is missing. Pure: the store
loads runs, this module answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from fulian_desktop.ledger.streams import Stream, start_name


class Run(NamedTuple):
    """A stored stretch: its number, seq of its first and last change, the name before it, the run it hangs on."""

    no: int
    first: int
    last: int
    prev: bytes
    parent: int | None


class Tip(NamedTuple):
    """A change named with its seq; seq 0 is the stream's start."""

    name: bytes
    seq: int


@dataclass(frozen=True)
class Limit:
    """A cap or a cut: only its tips and what lies before them on their chains may count.

    DESIGN names one change; an undo on a stream that was already forked needs one a branch.
    """

    tips: tuple[Tip, ...]


class Chain:
    """The runs of one stream.

    Args:
        stream: Which stream. runs: All its stored runs. limits: All limits on it.
        find: Where a named change stands, (run number, seq), or None. It goes by the name: a seq may lie.
    """

    def __init__(
        self, stream: Stream, runs: Iterable[Run], limits: Iterable[Limit], find: Callable[[Tip], tuple[int, int] | None]
    ) -> None:
        self.stream = stream
        self.runs: dict[int, Run] = {run.no: run for run in runs}
        self._find = find
        self._complete: dict[int, bool] = {}
        parents = [run.parent for run in self.runs.values() if run.parent is not None]
        starts = sum(run.parent is None and run.first == 1 for run in self.runs.values())
        self.forked = len(parents) != len(set(parents)) or starts > 1 or any(
            run.first != self.runs[run.parent].last + 1 for run in self.runs.values() if run.parent is not None
        )
        self._limits = [[self._path_or_seq(tip) for tip in limit.tips] for limit in limits]

    def grow(self, run: Run) -> bool:
        """Take the run at the end, longer by now; False when only a new chain says what then holds."""
        if self.forked or self._limits:
            return False
        self.runs[run.no] = run
        return True

    def complete(self, run: int) -> bool:
        """Whether a run's chain is held back to the stream's start, whatever limits say."""
        known = self._complete.get(run)
        if known is not None:
            return known
        walked: list[int] = []
        at: int | None = run
        answer = False
        while at is not None:
            if at in self._complete:
                answer = self._complete[at]
                break
            walked.append(at)
            here = self.runs[at]
            if here.parent is None:
                answer = here.first == 1
                break
            at = here.parent
        for no in walked:
            self._complete[no] = answer
        return answer

    def path(self, run: int, seq: int) -> dict[int, int]:
        """The chain back from a change: run number → last seq of that run that lies on it."""
        found = {run: seq}
        here = self.runs[run]
        while here.parent is not None:
            found[here.parent] = here.first - 1
            here = self.runs[here.parent]
        return found

    def _path_or_seq(self, tip: Tip) -> tuple[Mapping[int, int] | None, int]:
        if tip.name == start_name(self.stream):
            return {}, 0
        at = self._find(tip)
        if at is None or not self.complete(at[0]):
            return None, tip.seq
        return self.path(*at), tip.seq

    def within(self, run: int, seq: int) -> bool:
        """Whether a change lies within every limit."""
        return all(
            any(seq < at if path is None else path.get(run, 0) >= seq for path, at in tips) for tips in self._limits
        )

    @property
    def limited(self) -> bool:
        """Whether any limit lies on this stream."""
        return bool(self._limits)

    def tips(self) -> list[tuple[int, int]]:
        """(run, seq) of the end of each branch that is held without a gap."""
        inner = {
            run.parent for run in self.runs.values() if run.parent is not None and run.first == self.runs[run.parent].last + 1
        }
        return [(run.no, run.last) for run in self.runs.values() if run.no not in inner and self.complete(run.no)]

    def gaps(self) -> list[Run]:
        """The loose runs: stored, but something before them is missing."""
        return [run for run in self.runs.values() if run.parent is None and run.first != 1]
