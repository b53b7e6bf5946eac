"""Where lines by hand belong in a section's new text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace
from itertools import pairwise

from dvc_changelog.changelog_file.outline import is_link_definition, is_row, tables
from dvc_changelog.changelog_file.trace import Trace
from dvc_changelog.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines by hand that stay together, as indices into the file's section.

    `previous` and `following` are the tool's lines around the run that the piece is from, by base index.
    `headed`: it starts with a heading; `attached`: it continues a table; `last`: it ends its run.
    """

    lines: tuple[int, ...]
    previous: int
    following: int
    headed: bool
    attached: bool
    last: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """The place below a new line (-1: above all). What is `below` goes after what is not.

    A piece with a heading goes below: else it would take in the lines that follow it.
    """

    line: int
    below: bool = False


@dataclass(slots=True)
class Placement:
    """Finds the slot of each piece. `dropped` are lines by hand to leave out; `moved`: see `merge`."""

    trace: Trace
    dropped: frozenset[int]
    moved: bool
    slots: dict[int, Slot] = field(default_factory=dict)

    def pieces(self) -> list[tuple[int, tuple[int, ...]]]:
        """(new line, lines of the file by hand that go after it), in the order in which they are written."""
        found: list[tuple[Slot, tuple[int, ...]]] = []
        for piece in _pieces(self.trace, self.dropped):
            slot = self._slot(piece)
            if not piece.attached:
                slot = replace(slot, line=self._outside_table(slot.line))
            self.slots.update(dict.fromkeys(piece.lines, slot))
            found.append((slot, piece.lines))
        found.sort(key=lambda entry: (entry[0].line, entry[0].below))
        return [(slot.line, lines) for slot, lines in found]

    def _slot(self, piece: Piece) -> Slot:
        # The section's own heading, reworded, and what is above it, are in their order already.
        below = piece.headed and piece.previous != -1
        edited = self._edited(piece)
        if edited is not None:
            return Slot(edited, below)
        if self.moved and piece.previous == -1 and any(t < piece.lines[0] for t in self.dropped):
            return Slot(self._end_of_subsection(0), piece.headed)
        place = self.trace.place
        ends = self._before_heading(piece)
        if piece.previous == -1 or piece.previous in place:
            line = place.get(piece.previous, -1)
            return Slot(self._end_of_subsection(line) if piece.headed and ends and line >= 0 else line, below)
        if piece.last and not ends and piece.following in place:
            return Slot(place[piece.following] - 1, below)
        return self._near(piece)

    def _edited(self, piece: Piece) -> int | None:
        """The removed line in whose place the piece stands, if the tool would still write it here."""
        trace = self.trace
        low = trace.place.get(piece.previous, -1)
        high = trace.place.get(piece.following, len(trace.new.lines))
        for base in range(piece.previous + 1, piece.following):
            here = trace.place.get(base, -1)
            if not low < here < high or here in trace.kept:
                continue
            if piece.headed and here in trace.new_levels:
                return here
            if not piece.headed:
                return here if not any(low < n <= here for n in trace.new_levels) else None
        return None

    def _before_heading(self, piece: Piece) -> bool:
        """Whether the run by hand ends where a subsection of the tool's begins, or the section ends."""
        texts = self.trace.theirs.texts
        after = next(
            (t for t in range(piece.lines[-1] + 1, len(texts)) if self.trace.owner[t] is not None), None
        )
        return after is None or after in self.trace.their_levels

    def _near(self, piece: Piece) -> Slot:
        """The place in what is left of the old neighbourhood: the subsection, else the section's head."""
        trace = self.trace
        for t in range(piece.lines[0] - 1, -1, -1):
            base = trace.owner[t]
            if base is None:
                if t in trace.their_levels and t in self.slots and not piece.headed:
                    return self.slots[t]
            elif base in trace.place:
                return Slot(self._end_of_subsection(trace.place[base]), piece.headed)
            elif t in trace.their_levels:
                break
        return Slot(self._end_of_subsection(0), piece.headed)

    def _end_of_subsection(self, start: int) -> int:
        """The last line before the next heading, and before link definitions that end the section."""
        texts = self.trace.new.texts
        stop = min((n for n in self.trace.new_levels if n > start), default=len(texts)) - 1
        while stop > start and is_link_definition(texts[stop]):
            stop -= 1
        return stop

    def _outside_table(self, line: int) -> int:
        """The line, or the last one of its table: nothing but a row may stand within."""
        lines = [(each.text, bool(each.before)) for each in self.trace.new.lines]
        return next((table[-1] for table in tables(lines) if line in table), line)


def _pieces(trace: Trace, dropped: frozenset[int]) -> Iterator[Piece]:
    """The runs of lines by hand, cut where they should part."""
    owner = trace.owner
    start = 0
    while start < len(owner):
        if owner[start] is not None:
            start += 1
            continue
        stop = next((t for t in range(start, len(owner)) if owner[t] is not None), len(owner))
        previous = owner[start - 1] if start else None
        following = owner[stop] if stop < len(owner) else None
        for begin, end in pairwise(_cuts(trace, start, stop)):
            lines = tuple(t for t in range(begin, end) if t not in dropped)
            if lines:
                yield Piece(
                    lines,
                    -1 if previous is None else previous,
                    trace.base_length if following is None else following,
                    headed=lines[0] in trace.their_levels,
                    attached=begin == start and _continues_table(trace, start),
                    last=end == stop,
                )
        start = stop


def _cuts(trace: Trace, start: int, stop: int) -> list[int]:
    """The bounds of the pieces of a run: its headings, and the end of rows added to a table of the tool's."""
    cuts = {start, stop, *(t for t in trace.their_levels if start < t < stop)}
    if _continues_table(trace, start):
        texts = trace.theirs.texts
        cuts.add(next((t for t in range(start, stop) if not is_row(texts[t])), stop))
    return sorted(cuts)


def _continues_table(trace: Trace, at: int) -> bool:
    lines = trace.theirs.lines
    return at > 0 and is_row(lines[at].text) and not lines[at].before and is_row(lines[at - 1].text)
