"""Metrics over several releases: which fall slowly, and since when one that measures drift grows. Pure.

Releases come lazily, newest first: nothing is read that is not asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from dvc_changelog.config import MetricRule
from dvc_changelog.domain import Goal, MetricChange, Trend, Value, Verdict
from dvc_changelog.insight.verdicts import is_number, verdict_of, within_tolerance

FEWEST = 3
"""How many steps for the worse make a trend: two may be chance."""

Past = Iterable[tuple[str, Value]]
"""The values of a metric at earlier releases, newest first, with what these are called; from the base on."""


def trend(change: MetricChange, past: Past, rule: MetricRule) -> Trend | None:
    """The trend that a metric is in: steps for the worse, each within the tolerance, in sum beyond it.

    Releases in which it stayed as it was neither begin nor end one.
    """
    now, goal = change.new, change.judged.goal
    run: list[tuple[str, Value]] = [("", now)]
    for version, value in past:
        step = verdict_of(goal, value, run[-1][1])
        if not is_number(value) or step is Verdict.BETTER or not within_tolerance(rule, value, run[-1][1]):
            break
        run.append((version, value))
    while len(run) > 1 and run[-1][1] == run[-2][1]:
        run.pop()
    falls = sum(
        1 for (_, after), (_, before) in pairwise(run) if verdict_of(goal, before, after) is Verdict.WORSE
    )
    since, first = run[-1]
    if falls < FEWEST or not is_number(now) or not is_number(first) or within_tolerance(rule, first, now):
        return None
    return Trend(change.path, change.name, first, now, since, len(run) - 1)


def worse_since(now: Value, past: Past, goal: Goal) -> str:
    """The release from which on a metric got worse at each one; "" where it did not."""
    since = ""
    for version, value in past:
        if verdict_of(goal, value, now) is not Verdict.WORSE:
            break
        since, now = version, value
    return since
