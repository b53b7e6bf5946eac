"""Which commits changed a state on the way to a head: along a line each, across a merge one side. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

S = TypeVar("S")


class Move(NamedTuple, Generic[S]):
    """A commit, the state before it (None before the first commit of all), and the state it left."""

    commit_id: str
    old: S | None
    new: S


def moves(
    head: str, parents: Mapping[str, Sequence[str]], state: Callable[[str], S]
) -> tuple[list[Move[S]], str]:
    """The commits that changed a state, newest first, and where the walk ended.

    At a merge the walk follows the first parent that has the state the merge has; where none has it, the
    merge itself moved it, from what its first parent has. So each move begins where the next older one ended.

    Args:
        head: where to begin.
        parents: the parents of the commits to walk over, in Git's order.
        state: the state at a commit, among these or a parent of one; states are compared with `==`.

    Returns:
        the moves, and the first commit that is none of `parents`: "" if it came to the beginning of history.
    """
    found: list[Move[S]] = []
    at = head
    while at in parents:
        before = parents[at]
        now = state(at)
        if not before:
            found.append(Move(at, None, now))
            return found, ""
        sides = [(parent, state(parent)) for parent in before]
        parent, old = next((side for side in sides if side[1] == now), sides[0])
        if old != now:
            found.append(Move(at, old, now))
        at = parent
    return found, at
