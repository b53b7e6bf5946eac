"""Which commits changed a state, over lines and merges; what is left of a way once what leads on is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_changelog.insight import Move, Way, moves, simplified, states

LINE = {"c": ("b",), "b": ("a",), "a": ("base",)}
FORK = {"m": ("l", "r"), "l": ("a",), "r": ("a",), "a": ("base",)}
STRAY = {"m": ("l", "r"), "r": ("old",), "l": ("base",)}


def walked(parents: Mapping[str, Sequence[str]], told: Mapping[str, int]) -> tuple[list[str], str]:
    found, end = moves(next(iter(parents)), parents, told.__getitem__)
    return [move.commit_id for move in found], end


@pytest.mark.parametrize(
    ("parents", "told", "movers", "end"),
    [
        (LINE, {"c": 3, "b": 2, "a": 1, "base": 0}, ["c", "b", "a"], "base"),
        (LINE, {"c": 1, "b": 1, "a": 1, "base": 0}, ["a"], "base"),
        (LINE, {"c": 0, "b": 0, "a": 0, "base": 0}, [], "base"),
        (LINE, {"c": 0, "b": 1, "a": 0, "base": 0}, ["c", "b"], "base"),
        # One side brought it, the first or the second; both did the same.
        (FORK, {"m": 1, "l": 1, "r": 0, "a": 0, "base": 0}, ["l"], "base"),
        (FORK, {"m": 1, "l": 0, "r": 1, "a": 0, "base": 0}, ["r"], "base"),
        (FORK, {"m": 1, "l": 1, "r": 1, "a": 0, "base": 0}, ["l"], "base"),
        # None has it: the merge itself moved it, from what its first parent has.
        (FORK, {"m": 3, "l": 1, "r": 2, "a": 0, "base": 0}, ["m", "l"], "base"),
        # A side that left before the base leads elsewhere.
        (STRAY, {"m": 2, "l": 1, "base": 1, "r": 2, "old": 0}, ["r"], "old"),
        ({"a": ()}, {"a": 1}, ["a"], ""),
    ],
)
def test_the_walk_follows_who_brought_it(
    parents: Mapping[str, Sequence[str]], told: Mapping[str, int], movers: list[str], end: str
) -> None:
    assert walked(parents, told) == (movers, end)


def test_the_first_commit_of_all_had_nothing_before() -> None:
    assert moves("a", {"a": ()}, lambda _: 1) == ([Move("a", None, 1)], "")


def test_what_counts_as_the_same_can_be_told() -> None:
    assert moves("c", LINE, {"c": -1, "b": 1, "a": 1, "base": 1}.__getitem__, lambda a, b: a == abs(b)) == (
        [],
        "base",
    )


@pytest.mark.parametrize(
    ("parents", "kept", "left"),
    [
        (LINE, "", {}),
        (LINE, "b", {"b": ("base",)}),
        (FORK, "", {}),
        (FORK, "r", {"m": ("base", "r"), "r": ("base",)}),
        (FORK, "a", {"a": ("base",)}),
        (FORK, "ma", {"m": ("a",), "a": ("base",)}),
        ({"b": ("a",), "a": ()}, "b", {"b": ("a",), "a": ()}),
    ],
)
def test_a_way_is_simplified(
    parents: Mapping[str, Sequence[str]], kept: str, left: Mapping[str, Sequence[str]]
) -> None:
    way = simplified(Way(next(iter(parents)), parents), set(kept))
    assert way.parents == left
    assert way.head == next(iter(left), "base")


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Way, dict[str, int], set[str]]:
    """A way with merges, the state at each commit and outside, and which commits brought what they have.

    Commits are numbered from the oldest; those below 0 lie outside.
    """
    parents: dict[str, tuple[str, ...]] = {}
    state = {"-1": draw(st.integers(0, 3)), "-2": draw(st.integers(0, 3))}
    brought: set[str] = set()
    for number in range(draw(st.integers(0, 12))):
        before = draw(st.lists(st.integers(-2, number - 1), min_size=1, max_size=3, unique=True))
        name, own = str(number), tuple(str(parent) for parent in before)
        parents[name] = own
        kept = {state[parent] for parent in own}
        state[name] = draw(st.sampled_from([state[own[0]], *sorted(kept), 0, 1, 2, 3]))
        if state[name] not in kept or (len(own) == 1 and draw(st.integers(0, 9)) == 0):
            brought.add(name)
    head = draw(st.sampled_from(list(state)))
    return Way(head, dict(reversed(parents.items()))), state, brought


@given(graphs())
def test_moves_telescope_from_the_end_of_the_walk_to_its_head(
    drawn: tuple[Way, dict[str, int], set[str]],
) -> None:
    way, state, brought = drawn
    found, end = moves(way.head, way.parents, state.__getitem__)
    assert sum(move.new - (move.old or 0) for move in found) == state[way.head] - state[end]
    assert end not in way.parents
    for newer, older in pairwise(found):
        assert newer.old == older.new
    assert all(move.commit_id in brought or len(way.parents[move.commit_id]) > 1 for move in found)


@given(graphs())
def test_a_commit_that_changed_nothing_of_its_parents_has_no_move(
    drawn: tuple[Way, dict[str, int], set[str]],
) -> None:
    way, state, _ = drawn
    found, _ = moves(way.head, way.parents, state.__getitem__)
    for move in found:
        assert state[move.commit_id] not in {state[parent] for parent in way.parents[move.commit_id]}


@given(graphs())
def test_a_merge_that_equals_a_side_has_the_moves_of_that_side(
    drawn: tuple[Way, dict[str, int], set[str]],
) -> None:
    way, state, _ = drawn
    for commit, parents in way.parents.items():
        same = [parent for parent in parents if state[parent] == state[commit]]
        if same:
            expected = moves(same[0], way.parents, state.__getitem__)
            assert moves(commit, way.parents, state.__getitem__) == expected


def _asking(state: Mapping[str, int], asked: list[str]) -> Callable[[str], int]:
    def ask(commit: str) -> int:
        asked.append(commit)
        return state[commit]

    return ask


@given(graphs())
def test_a_simplified_way_has_the_same_moves(drawn: tuple[Way, dict[str, int], set[str]]) -> None:
    """And its states follow from what commits brought: others are asked for only outside, and at merges."""
    way, state, brought = drawn
    short = simplified(way, brought)
    asked: list[str] = []
    known = states(short, {commit: state[commit] for commit in brought}, _asking(state, asked), 0)
    assert all(state[commit] == value for commit, value in known.items())
    assert all(commit not in way.parents or len(way.parents[commit]) > 1 for commit in asked)
    expected = moves(way.head, way.parents, state.__getitem__)
    assert moves(short.head, short.parents, known.__getitem__) == expected
