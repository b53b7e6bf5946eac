"""Metrics over releases: slow falls, and drift that grows."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_changelog.config import MetricRule
from dvc_changelog.domain import ChangeType, Goal, Judgement, MetricChange, Trend, Value
from dvc_changelog.insight import trend, worse_since
from dvc_changelog.insight.verdicts import within_tolerance

RULE = MetricRule(tolerance=0.011)


def found(values: list[Value], goal: Goal = Goal.HIGHER, rule: MetricRule = RULE) -> Trend | None:
    """The trend of values given oldest first, as of the last; releases are called v0, v1, …."""
    *past, now = values
    named = [(f"v{n}", value) for n, value in enumerate(past)]
    judged = Judgement(goal=goal, noise=True)
    change = MetricChange(ChangeType.MODIFIED, "m.json", "auc", past[-1], now, judged=judged)
    return trend(change, reversed(named), rule)


TRENDS: list[tuple[list[Value], tuple[str, int] | None]] = [
    ([0.93, 0.92, 0.91, 0.90], ("v0", 3)),
    ([0.93, 0.92, 0.92, 0.91, 0.90], ("v0", 4)),
    ([0.5, 0.93, 0.92, 0.91, 0.90], ("v1", 3)),  # before, it rose
    ([0.99, 0.93, 0.92, 0.91, 0.90], ("v1", 3)),  # before, it fell at once
    ([0.93, 0.93, 0.92, 0.91, 0.90], ("v1", 3)),
    ([None, 0.93, 0.92, 0.91, 0.90], ("v1", 3)),
    (["?", 0.92, 0.91, 0.90], None),
    ([0.92, 0.91, 0.90], None),  # two steps
    ([0.903, 0.902, 0.901, 0.90], None),  # in sum within tolerance
    ([0.90, 0.91, 0.92, 0.93], None),
]


@pytest.mark.parametrize(("values", "expected"), TRENDS)
def test_a_trend_is_of_small_steps_that_sum_up(values: list[Value], expected: tuple[str, int] | None) -> None:
    told = found(values)
    assert expected == (told and (told.since, told.releases))


def test_of_a_loss_a_trend_rises() -> None:
    told = found([0.30, 0.31, 0.32, 0.33], Goal.LOWER)
    assert told == Trend("m.json", "auc", 0.30, 0.33, "v0", 3)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=12))
def test_a_trend_exceeds_the_tolerance_which_none_of_its_steps_does(values: list[float]) -> None:
    told = found(list(values))
    if told:
        steps = values[int(told.since[1:]) :]
        assert len(steps) == told.releases + 1
        assert all(within_tolerance(RULE, a, b) for a, b in pairwise(steps))
        assert not within_tolerance(RULE, told.old, told.new)
        assert sorted(steps, reverse=True) == steps


@pytest.mark.parametrize(
    ("values", "goal", "since"),
    [
        ([0.1, 0.2, 0.3], Goal.LOWER, "v0"),
        ([0.1, 0.05, 0.3], Goal.LOWER, "v1"),
        ([0.1, 0.1], Goal.LOWER, ""),
        ([0.3, 0.2, 0.1], Goal.LOWER, ""),
        ([0.3, 0.2, 0.1], Goal.HIGHER, "v0"),
        ([None, 0.2, 0.3], Goal.LOWER, "v1"),
        ([0.3], Goal.LOWER, ""),
    ],
)
def test_drift_grows_since_it_last_did_not(values: list[Value], goal: Goal, since: str) -> None:
    *past, now = values
    assert since == worse_since(now, reversed([(f"v{n}", v) for n, v in enumerate(past)]), goal)
