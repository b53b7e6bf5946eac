"""Which lines of the new text are not written, because a person removed them or what they belong to."""

from __future__ import annotations

from collections.abc import Iterator

from dvc_changelog.changelog_file.outline import (
    RELEASE_LEVEL,
    folds,
    is_row,
    is_rule_of_table,
    opens_fold,
    tables,
)
from dvc_changelog.changelog_file.trace import Trace


def withheld(trace: Trace, *, keep_heading: bool) -> set[int]:
    """Indices of new lines to leave out.

    A line that the person removed stays away. So do new lines of a subsection, table or fold that the person
    removed as a whole: without their frame they would be read as part of something else. A new table or fold
    brings its whole frame, for the same rule or closing tag may have been removed elsewhere. With
    `keep_heading` the section's heading is written in any case.
    """
    texts = trace.new.texts
    out = {n for n in trace.origin if n not in trace.kept}
    for members in _subsections(trace):
        if _gone(trace, members[0], members) and not _reworded(trace, members[0]):
            out.update(members)
    lines = [(line.text, bool(line.before)) for line in trace.new.lines]
    for members in tables(lines):
        out = _framed_table(trace, members, out)
    for members in folds(texts):
        out = _framed_fold(trace, members, out)
    out -= set(trace.kept)
    if keep_heading:
        out.discard(0)
    elif _has_own_heading(trace):
        out.add(0)
    return out


def _subsections(trace: Trace) -> Iterator[range]:
    """Every heading of the new text with all that stands below it."""
    levels = trace.new_levels
    for index, level in levels.items():
        stop = min((n for n, other in levels.items() if n > index and other <= level), default=None)
        yield range(index, len(trace.new.lines) if stop is None else stop)


def _gone(trace: Trace, frame: int, members: range) -> bool:
    """Whether the person removed the frame and every old line in it."""
    return frame in trace.origin and not any(n in trace.kept for n in members)


def _reworded(trace: Trace, heading: int) -> bool:
    return trace.replaced(trace.origin[heading], lambda text: text.lstrip().startswith("#"))


def _framed_table(trace: Trace, members: range, out: set[int]) -> set[int]:
    header, rule = members[0], members[1]
    if header in trace.kept:
        return out
    if header not in trace.origin:
        own_rule = rule in trace.origin and trace.replaced(trace.origin[rule], is_rule_of_table)
        return out if own_rule or header in out else out - {rule}
    if trace.replaced(trace.origin[header], is_row) or any(n in trace.kept for n in members[2:]):
        return out
    return out | set(members)


def _framed_fold(trace: Trace, members: range, out: set[int]) -> set[int]:
    first, last = members[0], members[-1]
    if first in trace.kept or (first in out and first not in trace.origin):
        return out
    inner = [n for n in members[1:-1] if n in trace.origin]
    some_left = any(n in trace.kept for n in inner)
    if first in trace.origin:
        reopened = trace.replaced(trace.origin[first], opens_fold)
        return out if reopened or some_left else out | set(members)
    if last in trace.kept and _opened_by_hand(trace, trace.kept[last]):
        return out | {first}
    # The first line tells a count, which changes: a fold is known again by what is in it.
    return out | set(members) if inner and not some_left else out - {last}


def _opened_by_hand(trace: Trace, close: int) -> bool:
    """Whether the fold that ends at this line of the file starts with a line by hand."""
    return any(fold[-1] == close and trace.owner[fold[0]] is None for fold in folds(trace.theirs.texts))


def _has_own_heading(trace: Trace) -> bool:
    """Whether the person gave the section a heading instead of ours."""
    by_hand = [trace.owner[t] is None for t, level in trace.their_levels.items() if level == RELEASE_LEVEL]
    return any(by_hand) and all(by_hand) and trace.new_levels.get(0) == RELEASE_LEVEL
