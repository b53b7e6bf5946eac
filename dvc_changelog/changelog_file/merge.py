"""The three-way merge of one section: what the tool wrote, what is in the file, what the tool writes now."""

from __future__ import annotations

from collections.abc import Sequence

from dvc_changelog.changelog_file.body import Body, Line
from dvc_changelog.changelog_file.outline import RELEASE_LEVEL, headings, is_listed, is_row, named
from dvc_changelog.changelog_file.placement import Placement
from dvc_changelog.changelog_file.section import UNRELEASED
from dvc_changelog.changelog_file.trace import Trace
from dvc_changelog.changelog_file.withheld import withheld
from dvc_changelog.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class _Written:
    """A line of the result: its index in the file and in the new text, where it has one."""

    theirs: int | None
    new: int | None


def merged(base: Sequence[str] | None, theirs: Body, new: Body, *, moved: bool = False) -> Body:
    """The new text with what a person did to the old one.

    `base` is the fingerprint of what the tool wrote last, None if it is lost. With `moved` the old text
    belonged to the unreleased part and the new one is a release: then a heading by hand that says
    "Unreleased" is left out.
    """
    if not moved and base is not None and tuple(base) == new.fingerprint:
        # Nothing new: not even a blank line moves. This makes a second run change nothing.
        return theirs
    trace = Trace.of(base, theirs, new)
    dropped = _unreleased_headings(trace) if moved else frozenset()
    out = withheld(trace, keep_heading=moved)
    written = _written(trace, Placement(trace, dropped, moved).pieces(), out)
    lines = [_line(trace, here) for here in written]
    for index in range(1, len(lines)):
        lines[index] = Line(lines[index].text, _gap(trace, written[index - 1], written[index]))
    outer = theirs if theirs.lines else new
    if lines:
        lines[0] = Line(lines[0].text, outer.lines[0].before if outer.lines else ())
    return Body(tuple(lines), outer.trail)


def by_hand(base: Sequence[str] | None, theirs: Body) -> tuple[int, ...]:
    """Indices of the lines that a person wrote."""
    return Trace.of(base, theirs, Body()).hand


def _unreleased_headings(trace: Trace) -> frozenset[int]:
    titles = {heading.index: heading.title for heading in headings(trace.theirs.texts)}
    releases = {t for t in trace.hand if trace.their_levels.get(t) == RELEASE_LEVEL}
    return frozenset(t for t in releases if named(titles[t]) == UNRELEASED)


def _written(trace: Trace, pieces: Sequence[tuple[int, tuple[int, ...]]], out: set[int]) -> list[_Written]:
    """All lines of the result, in order."""
    written: list[_Written] = []
    waiting = list(pieces)
    for n in range(-1, len(trace.new.lines)):
        if n >= 0 and n not in out:
            written.append(_Written(trace.kept.get(n), n))
        while waiting and waiting[0][0] <= n:
            written += [_Written(t, None) for t in waiting.pop(0)[1]]
    return written


def _line(trace: Trace, here: _Written) -> Line:
    """The line as the person has it, where it is in the file: a formatter may have been there."""
    if here.theirs is not None:
        return trace.theirs.lines[here.theirs]
    assert here.new is not None
    return trace.new.lines[here.new]


def _gap(trace: Trace, above: _Written, below: _Written) -> tuple[str, ...]:
    """The blank lines between two lines of the result: as in the file, as in the new text, or as fits."""
    theirs, new = trace.theirs, trace.new
    if above.theirs is not None and below.theirs == above.theirs + 1:
        return theirs.lines[below.theirs].before
    if above.new is not None and below.new is not None:
        return max((line.before for line in new.lines[above.new + 1 : below.new + 1]), key=len)
    first, second = _line(trace, above).text, _line(trace, below).text
    if (is_row(first) and is_row(second)) or (is_listed(first) and is_listed(second)):
        return ()
    around = [*_beside(theirs, above.theirs, below.theirs), *_beside(new, above.new, below.new)]
    return max([*around, ("",)], key=len)


def _beside(body: Body, above: int | None, below: int | None) -> list[tuple[str, ...]]:
    """The blank lines below the one line and above the other, in a text where they are no neighbours."""
    found = []
    if above is not None and above + 1 < len(body.lines):
        found.append(body.lines[above + 1].before)
    if below is not None and below > 0:
        found.append(body.lines[below].before)
    return found
