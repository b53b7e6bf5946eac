"""Better or worse, noise and limits: tables for what is decided, laws for what must hold of any numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dvc_changelog.config import MetricRule
from dvc_changelog.domain import (
    UNJUDGED,
    ChangeType,
    Goal,
    Judgement,
    MetricChange,
    Value,
    ValueFile,
    Verdict,
)
from dvc_changelog.insight import Judge, verdict_of
from dvc_changelog.insight.verdicts import GONE, NO_GOAL, NO_NUMBER, UNREAD, within_tolerance

BETTER, WORSE, NEUTRAL = Verdict
HIGHER, LOWER, NONE = Goal
NAN, INF = math.nan, math.inf
HERE = "metrics.json"


def judged(
    name: str, old: Value, new: Value, change: ChangeType = ChangeType.MODIFIED, **rule: object
) -> Judgement:
    rules = {name: MetricRule(**rule)} if rule else {}  # type: ignore[arg-type]
    return Judge(rules).judgement(MetricChange(change, HERE, name, old, new))


def files(values: Mapping[str, Value] | None) -> Mapping[str, ValueFile]:
    return {HERE: ValueFile(HERE, values)}


@pytest.mark.parametrize(
    ("goal", "old", "new", "verdict"),
    [
        (HIGHER, 0.8, 0.9, BETTER),
        (HIGHER, 0.9, 0.8, WORSE),
        (LOWER, 0.8, 0.9, WORSE),
        (LOWER, 3, 1, BETTER),
        (NONE, 0.8, 0.9, NEUTRAL),
        (HIGHER, 0.8, NAN, WORSE),
        (LOWER, NAN, 0.8, BETTER),
        (LOWER, NAN, NAN, NEUTRAL),
        (NONE, 0.8, NAN, NEUTRAL),
        (LOWER, 0.8, INF, WORSE),
        (HIGHER, -INF, 0, BETTER),
        (HIGHER, False, True, NEUTRAL),
        (HIGHER, "a", "b", NEUTRAL),
        (HIGHER, None, 1, NEUTRAL),
        (HIGHER, 10**400, 1.5, WORSE),
    ],
)
def test_a_verdict(goal: Goal, old: Value, new: Value, verdict: Verdict) -> None:
    assert verdict is verdict_of(goal, old, new)


def test_a_rule_comes_over_the_name() -> None:
    assert judged("auc", 0.8, 0.9) == Judgement(BETTER, HIGHER)
    assert judged("auc", 0.8, 0.9, better=LOWER) == Judgement(WORSE, LOWER, configured=True)
    assert judged("auc", 0.8, 0.9, better=NONE) == Judgement(NEUTRAL, NONE, configured=True)
    assert judged("psi", 0.1, 0.2, drift=True) == Judgement(WORSE, LOWER, configured=True)
    assert judged("latency_ms", 1, 2, unit="µs").unit == "µs"
    assert judged("latency_ms", 1, 2, unit="").unit == ""


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("rmse", -3.2, -3.0, Judgement()),  # as scikit-learn's scorers have it: which way, only a rule tells
        ("error", 0.1, -0.3, Judgement()),
        ("mean_error", -11.92, -12.959, Judgement()),
        ("accuracy", -0.9, -0.8, Judgement()),
        ("loss", 0.1, -0.3, Judgement(BETTER, LOWER)),
        ("r2", -0.1, 0.3, Judgement(BETTER, HIGHER)),
        ("neg_rmse", -3.2, -3.0, Judgement(BETTER, HIGHER)),
        ("neg_rmse", 3.2, 3.0, Judgement()),
    ],
)
def test_what_a_name_tells_holds_of_values_that_it_may_have(
    name: str, old: float, new: float, expected: Judgement
) -> None:
    assert expected == judged(name, old, new)
    if expected == Judgement():
        assert judged(name, old, new, better=HIGHER).verdict is not NEUTRAL


def test_how_far_a_value_of_the_wrong_sign_fell_is_not_known() -> None:
    judge = Judge({"rmse": MetricRule(max_drop=0.1)})
    (alert,) = judge.alerts(files({"rmse": -3.2}), files({"rmse": -3.0}), {})
    assert alert.unchecked == NO_GOAL


def test_what_came_and_went_is_neither_better_nor_worse() -> None:
    for change in (ChangeType.ADDED, ChangeType.DELETED, ChangeType.RENAMED, ChangeType.UNKNOWN):
        assert judged("auc", 0.8, 0.9, change).verdict is NEUTRAL
    assert Judge().judgement(MetricChange(ChangeType.UNKNOWN, HERE, "", None, None)) == UNJUDGED


@pytest.mark.parametrize(
    ("rule", "old", "new", "noise"),
    [
        ({"tolerance": 0.005}, 0.93, 0.925, True),  # 0.0050000000000000044 by subtraction
        ({"tolerance": 0.005}, 0.93, 0.9249, False),
        ({"relative_tolerance": 0.01}, 100, 101, True),
        ({"relative_tolerance": 0.01}, 100, 102, False),
        ({"relative_tolerance": 0.01}, 0, 0.0001, False),
        ({"tolerance": 5, "relative_tolerance": 0.01}, 100, 104, True),
        ({"tolerance": 0.5}, NAN, 1, False),
        ({"tolerance": 0.5}, INF, 1, False),
        ({"tolerance": 0.5}, True, False, False),
        ({"relative_tolerance": 0.5}, 10**400, 10**400 + 1, False),
        ({}, 0.93, 0.93, False),
    ],
)
def test_noise(rule: Mapping[str, float], old: Value, new: Value, noise: bool) -> None:
    assert noise is within_tolerance(MetricRule(**rule), old, new)  # type: ignore[arg-type]


def test_noise_is_neutral_and_told_as_such() -> None:
    assert judged("auc", 0.93, 0.925, tolerance=0.005) == Judgement(NEUTRAL, HIGHER, noise=True)
    assert judged("thing", 1, 2, tolerance=5) == Judgement(NEUTRAL, NONE, noise=True)


ALERTS: list[tuple[dict[str, object], Value, Value, list[tuple[str, float | None, str]]]] = [
    ({"min": 0.9}, 0.95, 0.89, [("min", 0.89, "")]),
    ({"min": 0.9}, 0.89, 0.89, [("min", 0.89, "")]),
    ({"min": 0.9}, 0.89, 0.9, []),
    ({"max": 50}, None, 55, [("max", 55, "")]),
    ({"min": 0.9}, 0.95, "n/a", [("min", None, NO_NUMBER)]),
    ({"min": 0, "max": 1}, 0.5, True, [("min", None, NO_NUMBER), ("max", None, NO_NUMBER)]),
    ({"max_drop": 0.02, "better": HIGHER}, 0.9, 0.88, []),
    ({"max_drop": 0.02, "better": HIGHER}, 0.9, 0.85, [("max-drop", 0.05, "")]),
    ({"max_drop": 0.02, "better": LOWER}, 0.9, 0.85, []),
    ({"max_drop": 5, "better": LOWER}, 50, 56, [("max-drop", 6, "")]),
    ({"max_drop": 5}, 50, 56, [("max-drop", None, NO_GOAL)]),
    ({"max_drop": 5, "better": LOWER}, None, 56, []),
    ({"max_drop": 5, "better": LOWER}, NAN, 56, []),
]


@pytest.mark.parametrize(("rule", "old", "new", "expected"), ALERTS)
def test_limits(
    rule: Mapping[str, object], old: Value, new: Value, expected: list[tuple[str, float | None, str]]
) -> None:
    judge = Judge({"thing": MetricRule(**rule)})  # type: ignore[arg-type]
    before = files({} if old is None else {"thing": old})
    found = list(judge.alerts(before, files({"thing": new}), {}))
    assert [(limit, why) for limit, _, why in expected] == [(a.limit, a.unchecked) for a in found]
    assert [a.value for a in found] == [pytest.approx(value) for _, value, _ in expected]


def test_nan_is_beyond_each_limit() -> None:
    judge = Judge({"auc": MetricRule(min=0.9, max=1, max_drop=0.1)})
    found = list(judge.alerts(files({"auc": 0.95}), files({"auc": NAN}), {}))
    assert [alert.limit for alert in found] == ["min", "max", "max-drop"]
    assert all(alert.value is not None and math.isnan(alert.value) for alert in found)


def test_a_limit_of_what_cannot_be_read_is_not_silent() -> None:
    judge = Judge({"auc": MetricRule(min=0.9), "loss": MetricRule(better=LOWER)})
    told = {
        "known before": list(judge.alerts(files({"auc": 1, "loss": 1}), files(None), {})),
        "never known": list(judge.alerts({}, files(None), {})),
        "gone": list(judge.alerts(files({"auc": 1, "loss": 1}), files({"loss": 1}), {})),
        "file gone": list(judge.alerts(files({"auc": 1, "loss": 1}), {}, {})),
        "not there": list(judge.alerts({}, files({"loss": 1}), {})),
        "blind": list(judge.alerts({}, {}, {}, blind=True)),
        "gone or not": list(judge.alerts(files({"auc": 1}), {}, {}, blind=True)),
    }
    whys = {case: [(a.name, a.path, a.unchecked) for a in alerts] for case, alerts in told.items()}
    assert whys == {
        "known before": [("auc", HERE, UNREAD)],
        "never known": [("auc", HERE, UNREAD)],
        "gone": [("auc", HERE, GONE)],
        "file gone": [("auc", HERE, GONE)],
        "not there": [],
        "blind": [("auc", "", UNREAD)],
        "gone or not": [("auc", HERE, UNREAD)],
    }


def test_a_file_that_moved_is_compared_with_itself() -> None:
    judge = Judge({"auc": MetricRule(max_drop=0.02)})
    now = {"new.json": ValueFile("new.json", {"auc": 0.8})}
    assert [a.limit for a in judge.alerts(files({"auc": 0.9}), now, {"new.json": HERE})] == ["max-drop"]


def test_what_no_metric_answers_to_is_found() -> None:
    judge = Judge(
        {"auc": MetricRule(), "*loss": MetricRule(), "acu": MetricRule(), f"{HERE}:*": MetricRule()}
    )
    assert judge.unmatched(files({"auc": 1, "val.loss": 2})) == ("acu",)


numbers = st.integers(-(10**6), 10**6) | st.floats(allow_nan=True, allow_infinity=True)
bounds = st.floats(0, 10**6)


@given(st.sampled_from([HIGHER, LOWER, NONE]), numbers, numbers)
def test_swapping_the_sides_swaps_better_and_worse(goal: Goal, old: float, new: float) -> None:
    swapped = {BETTER: WORSE, WORSE: BETTER, NEUTRAL: NEUTRAL}
    assert verdict_of(goal, new, old) is swapped[verdict_of(goal, old, new)]


@given(st.sampled_from([HIGHER, LOWER]), numbers, numbers)
def test_the_other_goal_turns_a_verdict_round(goal: Goal, old: float, new: float) -> None:
    assume(not math.isnan(old) and not math.isnan(new))
    other = LOWER if goal is HIGHER else HIGHER
    assert verdict_of(other, old, new) is verdict_of(goal, new, old)


@given(bounds, numbers, numbers)
def test_an_absolute_tolerance_is_symmetric_and_what_is_within_is_neutral(
    tolerance: float, old: float, new: float
) -> None:
    rule = MetricRule(better=HIGHER, tolerance=tolerance)
    assert within_tolerance(rule, old, new) is within_tolerance(rule, new, old)
    verdict = Judge({"m": rule}).judgement(MetricChange(ChangeType.MODIFIED, HERE, "m", old, new))
    assert verdict.noise is within_tolerance(rule, old, new)
    assert not verdict.noise or verdict.verdict is NEUTRAL


@given(st.sampled_from(["min", "max", "max_drop"]), numbers, numbers, st.floats(-(10**6), 10**6), bounds)
def test_a_looser_limit_never_adds_an_alert(
    limit: str, old: float, new: float, bound: float, more: float
) -> None:
    strict = MetricRule(better=HIGHER, **{limit: abs(bound) if limit == "max_drop" else bound})  # type: ignore[arg-type]
    looser = getattr(strict, limit) + (-more if limit == "min" else more)
    loose = replace(strict, **{limit: looser})
    alerts = [
        list(Judge({"m": rule}).alerts(files({"m": old}), files({"m": new}), {})) for rule in (strict, loose)
    ]
    assert len(alerts[1]) <= len(alerts[0])
