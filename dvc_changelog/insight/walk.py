"""Which commits changed a state on the way to a head: along a line each, across a merge one side. Pure."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

S = TypeVar("S")


class Move(NamedTuple, Generic[S]):
    """A commit, the state before it (None before the first commit of all), and the state it left."""

    commit_id: str
    old: S | None
    new: S


class Way(NamedTuple):
    """Commits to walk over: where to begin, and the parents of each in Git's order, children first.

    A parent that has no parents here lies outside.
    """

    head: str
    parents: Mapping[str, Sequence[str]]


def moves(
    head: str,
    parents: Mapping[str, Sequence[str]],
    state: Callable[[str], S],
    alike: Callable[[S, S], bool] = operator.eq,
) -> tuple[list[Move[S]], str]:
    """The commits that changed a state, newest first, and where the walk ended.

    At a merge the walk follows the first parent that has the state the merge has; where none has it, the
    merge itself moved it, from what its first parent has. So each move begins where the next older one ended.

    Args:
        head: where to begin.
        parents: the parents of the commits to walk over, in Git's order.
        state: the state at a commit, among these or a parent of one.
        alike: whether two states are the same.

    Returns:
        the moves, and the first commit that is none of `parents`: "" if it came to the beginning of history.
    """
    found: list[Move[S]] = []
    if head not in parents:
        return found, head
    at, now = head, state(head)
    while at in parents:
        before = parents[at]
        if not before:
            found.append(Move(at, None, now))
            return found, ""
        if len(before) == 1:  # as most have, in the longest histories
            old = state(before[0])
            if old is not now and not alike(old, now):
                found.append(Move(at, old, now))
            at, now = before[0], old
            continue
        sides = [(parent, state(parent)) for parent in before]
        like = next((side for side in sides if alike(side[1], now)), None)
        if like is None:
            found.append(Move(at, sides[0][1], now))
        at, now = like or sides[0]
    return found, at


def simplified(way: Way, kept: Collection[str]) -> Way:
    """A way without the commits that only lead on: those not `kept` that have one parent left.

    A merge stays where its sides lead to different commits that stay.
    """
    instead: dict[str, str] = {}
    found: dict[str, tuple[str, ...]] = {}
    for commit in reversed(list(way.parents)):
        before = tuple(dict.fromkeys(instead.get(parent, parent) for parent in way.parents[commit]))
        if commit in kept or len(before) != 1:
            found[commit] = before
        else:
            instead[commit] = before[0]
    return Way(instead.get(way.head, way.head), dict(reversed(found.items())))


def states(way: Way, brought: Mapping[str, S], ask: Callable[[str], S], nothing: S) -> dict[str, S]:
    """The state at each commit of a way, and at those outside that it leads to.

    Args:
        way: simplified, with all commits of `brought` kept.
        brought: what commits brought, each that changed it.
        ask: what a commit has: asked where the way does not tell, outside of it and at a merge of sides that
            differ.
        nothing: the state before the first commit of all.
    """
    found: dict[str, S] = {}
    for commit in reversed(list(way.parents)):
        before = way.parents[commit]
        for parent in before:
            if parent not in found:
                found[parent] = ask(parent)
        if commit in brought:
            found[commit] = brought[commit]
        elif not before:
            found[commit] = nothing
        elif all(found[parent] == found[before[0]] for parent in before):
            found[commit] = found[before[0]]
        else:
            found[commit] = ask(commit)
    if way.head not in found:
        found[way.head] = ask(way.head)
    return found
