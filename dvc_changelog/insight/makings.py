"""How a stage came to make one thing instead of another, commit by commit, and which runs tell the two apart.

The two ends of a release may differ in more than what made an output change: its stage ran on other inputs
and made the same, or something changed after it had. Where the commits are known that changed the output,
what they recorded tells what of it can be a cause. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Content, Stage


@dataclass(frozen=True, slots=True)
class Making:
    """A commit that changed what a stage makes: the contents before and after, None for none.

    `before` and `after` give the stage with the run that the lock right before and right after had; None
    where it is that of the release's own end, or cannot be told.
    """

    commit_id: str
    old: Content | None
    new: Content | None
    before: Callable[[], Stage | None]
    after: Callable[[], Stage | None]


class Stretch(NamedTuple):
    """The makings that led from one content to another, the first and the last of them."""

    first: Making
    last: Making


def stretch(
    makings: Sequence[Making], old: Content | None = None, new: Content | None = None
) -> Stretch | None:
    """The shortest way from one content to another: from the last run before that made the one, to the first
    after it that made the other.

    Args:
        makings: all of a release, oldest first.
        old: the content before, by default that at the beginning.
        new: the content after, by default that at the end.

    Returns:
        None where they do not lead from the one to the other.
    """
    if not makings:
        return None
    contents = [makings[0].old, *(making.new for making in makings)]
    begin = _place(contents, old or contents[0], 0)
    end = None if begin is None else _place(contents, new or contents[-1], begin + 1)
    if begin is None or end is None:
        return None
    start = max(at for at in range(begin, end) if _same(contents[at], contents[begin]))
    return Stretch(makings[start], makings[end - 1])


def _place(contents: Sequence[Content | None], wanted: Content | None, begin: int) -> int | None:
    return next((at for at in range(begin, len(contents)) if _same(contents[at], wanted)), None)


def _same(one: Content | None, other: Content | None) -> bool:
    """Whether both are surely the same; what only may be is told by its own place."""
    return one is other or bool(one and other and one.same(other))
