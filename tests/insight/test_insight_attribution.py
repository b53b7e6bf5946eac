"""How far each commit moved a metric, what is left as the rest, and what makes a swing."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_changelog.domain import Gap, Rest, Step, Value
from dvc_changelog.insight import Trail, Way, turning_point

A, U = Gap.ABSENT, Gap.UNREAD


def trail(*values: Value | Gap) -> Trail:
    """What became of a value along a line: that of the base first, then of the commits 1, 2, …."""
    parents = {str(at): (str(at - 1),) for at in range(len(values) - 1, 0, -1)}
    return Trail(Way(str(len(values) - 1), parents), lambda commit: values[int(commit)])


@pytest.mark.parametrize(
    ("values", "steps"),
    [
        ((1, 2, 2, 5), [Step("3", 2, 5, 3), Step("1", 1, 2, 1)]),
        ((1, 1), []),
        # What was gone and came back moved from the last number that was known.
        ((1, A, 4), [Step("2", None, 4, 3), Step("1", 1, None)]),
        ((A, 4, 5), [Step("2", 4, 5, 1), Step("1", None, 4)]),
        ((1, "n/a", 4), [Step("2", "n/a", 4, 3), Step("1", 1, "n/a")]),
        (("a", "b"), [Step("1", "a", "b")]),
        ((True, False), [Step("1", True, False)]),
        # Neither side of what cannot be read is anybody's.
        ((1, U, 4), []),
        ((1, 2, U, 4, 5), [Step("4", 4, 5, 1), Step("1", 1, 2, 1)]),
        ((math.nan, math.nan), []),
        ((10**400, 1.5), [Step("1", 10**400, 1.5)]),
    ],
)
def test_the_steps_of_a_line(values: tuple[Value | Gap, ...], steps: list[Step]) -> None:
    assert list(trail(*values).steps()) == steps


@pytest.mark.parametrize(
    ("values", "whole", "base", "rest"),
    [
        ((1, 2, 5), 4, "0", None),
        ((1, 2, U, 5), 4, "0", Rest(3, ("3", "2"))),
        ((1, 2, 5), 4, "elsewhere", None),
        ((3, 2, 5), 4, "elsewhere", Rest(2, (), "0")),
        ((3, U, 5), 4, "elsewhere", Rest(4, ("2", "1"), "0")),
        ((0.1, 0.2, U, 0.2, 0.3), 0.3 - 0.1, "0", None),
    ],
)
def test_what_no_commit_accounts_for(
    values: tuple[Value | Gap, ...], whole: float, base: str, rest: Rest | None
) -> None:
    found = trail(*values)
    assert found.rest(found.steps(), whole, base) == rest


def test_a_move_without_a_distance_has_no_rest() -> None:
    assert trail(U, U, 5).rest((), None, "elsewhere") is None
    assert trail(1, U, math.inf).rest((), math.inf, "0") is None


def test_the_first_commit_of_all_brought_what_it_has() -> None:
    def of(value: Value | Gap) -> Trail:
        return Trail(Way("a", {"a": ()}), lambda _: value)

    assert of(3).steps() == (Step("a", None, 3),)
    assert of(A).steps() == ()
    assert of(3).commits == ("a",)


def test_the_commits_are_those_that_surely_changed_it() -> None:
    assert trail("a", "b", U, "c", "d").commits == ("4", "1")


@pytest.mark.parametrize(
    ("values", "turn"),
    [
        ([0.85, 0.71, 0.86], 0.71),
        ([0.85, 0.71, 0.85], 0.71),
        ([0.85, 0.9, 0.85], 0.9),
        ([1, 3, 2], None),  # back by as much as it moved in the end
        ([1, 4, 2], 4),
        ([1, 0, 2], None),
        ([2, 3, 1], None),
        ([2, 4, 1], 4),
        ([5, 6, 3, 5], 3),
        ([1, 2], None),
        ([1, 1], None),
        ([1], None),
        ([1, math.nan, 1], None),
        ([1, math.inf, 1], None),
        ([1, 10**400, 1], None),
    ],
)
def test_a_swing_goes_back_by_more_than_the_way(values: list[float], turn: float | None) -> None:
    assert turning_point(values) == turn


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=8))
def test_a_turning_point_lies_off_the_way(values: list[int]) -> None:
    turn = turning_point(values)
    if turn is not None:
        assert not min(values[0], values[-1]) <= turn <= max(values[0], values[-1])
    elif values[0] == values[-1]:
        assert set(values) == {values[0]}


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=8))
def test_a_swing_looks_alike_upside_down_and_backwards(values: list[int]) -> None:
    found = turning_point(values) is not None
    assert found == (turning_point([-value for value in values]) is not None)
    assert found == (turning_point(values[::-1]) is not None)


def test_a_swing_is_told_where_all_of_it_is_known() -> None:
    found = trail(5, 3, 6).swing("m.json", "auc")
    assert found
    assert (found.old, found.turn, found.new) == (5, 3, 6)
    assert found.steps == trail(5, 3, 6).steps()
    assert trail(5, U, 5).swing("m.json", "auc") is None
    assert trail(5, A, 5).swing("m.json", "auc") is None


@given(st.lists(st.one_of(st.integers(-9, 9), st.sampled_from([A, U])), min_size=1, max_size=9))
def test_steps_and_rest_add_up(values: list[int | Gap]) -> None:
    """Along a line of numbers without a rest; where some cannot be read, with it."""
    found = trail(*values)
    first, last = values[0], values[-1]
    if isinstance(first, Gap) or isinstance(last, Gap):
        return
    steps = found.steps()
    rest = found.rest(steps, last - first, "0")
    assert sum(step.delta or 0 for step in steps) + (rest.delta if rest else 0) == last - first
    if U not in values:
        assert rest is None
