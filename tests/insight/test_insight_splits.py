"""Metrics on several splits of the data: which belong together, and when a gap is told."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from dvc_changelog.config import MetricRule
from dvc_changelog.diff.values import metrics
from dvc_changelog.domain import Snapshot, Split, Value, ValueFile
from dvc_changelog.insight import Judge, splits
from dvc_changelog.insight.splits import place_of

PLACES = [
    ("m.json", "train.auc", ("train", "m.json", "auc")),
    ("m.json", "val_loss", ("val", "m.json", "loss")),
    ("m.json", "validation-loss", ("val", "m.json", "loss")),
    ("m.json", "iou_test", ("test", "m.json", "iou")),
    ("m.json", "accuracy/train", ("train", "m.json", "accuracy")),
    ("m.json", "best_test_acc", ("test", "m.json", "best_acc")),
    ("m.json", "Test.f1", ("test", "m.json", "f1")),
    ("train.json", "auc", ("train", "json", "auc")),
    ("metrics/test/m.json", "auc", ("test", "metrics/m.json", "auc")),
    ("train/m.json", "val_loss", ("val", "train/m.json", "loss")),
    ("m.json", "auc", None),
    ("m.json", "train_test_gap", None),
    ("train/m.json", "train_test_gap", None),
    ("train/test.json", "auc", None),
    ("m.json", "constraint", None),
    ("m.json", "latest", None),
]


@pytest.mark.parametrize(("path", "name", "place"), PLACES)
def test_a_metric_is_on_the_split_that_its_name_says(
    path: str, name: str, place: tuple[str, str, str] | None
) -> None:
    assert place == place_of(path, name)


def told(
    old: Mapping[str, Value], new: Mapping[str, Value], rules: Mapping[str, MetricRule] | None = None
) -> list[Split]:
    """What is told of two states, each {"name" or "file:name": value}."""
    sides = [_files(side) for side in (old, new)]
    changes = list(metrics(*(Snapshot(metrics=side) for side in sides)))
    return list(splits(Judge(rules or {}), changes, *sides))


def _files(values: Mapping[str, Value]) -> Mapping[str, ValueFile]:
    found: dict[str, dict[str, Value]] = {}
    for key, value in values.items():
        path, _, name = key.rpartition(":")
        found.setdefault(path or "m.json", {})[name] = value
    return {path: ValueFile(path, inner) for path, inner in found.items()}


def test_a_gap_that_grows_since_only_test_fell_is_told() -> None:
    old = {"train.auc": 0.95, "val.auc": 0.93, "test.auc": 0.92}
    (family,) = told(old, {**old, "test.auc": 0.87})
    assert family.name == "auc"
    assert [split for split, _, _ in family.splits] == ["train", "val", "test"]
    assert (family.behind, family.grown) == ("test", True)
    assert family.gap == pytest.approx((0.03, 0.08))


def test_of_a_loss_training_is_ahead_where_it_is_lower() -> None:
    (family,) = told({"train_loss": 0.3, "val_loss": 0.35}, {"train_loss": 0.2, "val_loss": 0.4})
    assert family.gap == pytest.approx((0.05, 0.2))
    assert family.grown


GAPS: list[tuple[float, float, dict[str, float], bool]] = [
    # test before and now, beside training at 0.9
    (0.88, 0.86, {}, True),
    (0.88, 0.875, {}, False),
    (0.88, 0.875, {"tolerance": 0.001}, True),
    (0.88, 0.86, {"tolerance": 0.03}, False),
    (0.88, 0.86, {"relative_tolerance": 0.1}, False),
    (0.86, 0.88, {}, False),
    (0.815, 0.805, {"tolerance": 0.01}, False),  # 0.010000000000000009 by subtraction
    (0.88, 0.871, {}, False),  # just a hundredth of 0.9
    (0.99, 0.95, {}, False),  # training stays behind
]


@pytest.mark.parametrize(("before", "now", "rule", "grown"), GAPS)
def test_a_gap_has_grown_beyond_the_tolerance(
    before: float, now: float, rule: Mapping[str, float], grown: bool
) -> None:
    old, new = ({"train.auc": 0.9, "test.auc": value} for value in (before, now))
    (family,) = told(old, new, {"test.auc": MetricRule(**rule)})  # type: ignore[arg-type]
    assert grown is family.grown


NO_FAMILY: list[tuple[dict[str, Value], dict[str, Value]]] = [
    ({"train.auc": 1, "test.auc": 1}, {"train.auc": 1, "test.auc": 1}),  # nothing moved
    ({"val.auc": 1, "test.auc": 1}, {"val.auc": 1, "test.auc": 2}),  # no training split
    ({"train.auc": 1}, {"train.auc": 2}),  # no other
    ({"train.n": 1, "test.n": 1}, {"train.n": 1, "test.n": 2}),  # no goal
    ({"train.mae": -1, "test.mae": -2}, {"train.mae": -1, "test.mae": -3}),  # which way, nobody knows
    ({"train_time": 1, "test_time": 1}, {"train_time": 1, "test_time": 2}),  # what a run takes
    ({"train.auc": 1, "test.auc": "x"}, {"train.auc": 2, "test.auc": "x"}),  # no number
    ({"train.auc": 1, "trn.auc": 1, "test.auc": 1}, {"train.auc": 2, "trn.auc": 1, "test.auc": 1}),
]


@pytest.mark.parametrize(("old", "new"), NO_FAMILY)
def test_where_nothing_can_be_compared_nothing_is_told(
    old: Mapping[str, Value], new: Mapping[str, Value]
) -> None:
    assert told(old, new) == []


def test_files_named_after_splits_are_one_family() -> None:
    old = {"train.json:auc": 0.9, "test.json:auc": 0.88}
    (family,) = told(old, {**old, "test.json:auc": 0.8})
    assert (family.name, family.path, family.behind, family.grown) == ("auc", "", "test", True)


def test_a_split_that_is_new_has_no_gap_before() -> None:
    (family,) = told({"train.auc": 0.9}, {"train.auc": 0.95, "test.auc": 0.8})
    assert (family.gap, family.grown) == (None, False)
