"""Metrics whose stage ran with another model than the one that is recorded now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dvc_changelog.domain import (
    Change,
    ChangeType,
    Content,
    MetricChange,
    Output,
    ParamChange,
    Role,
    Since,
    Snapshot,
    Stage,
    Stale,
)
from dvc_changelog.insight import measured

AUC = MetricChange(ChangeType.MODIFIED, "eval/m.json", "auc", 0.8, 0.9, 0.1)
BEHIND = Stale("m.pkl", "", "2", "1", "evaluate", since=Since.INPUT)
OUTPUTS = {
    path: Output(path, Content("md5", "2"), Role.DERIVED, model=path.endswith(".pkl"))
    for path in ("m.pkl", "eval", "data")
}


@pytest.mark.parametrize(
    ("stale", "change", "expected"),
    [
        ((BEHIND,), AUC, ("m.pkl",)),
        ((BEHIND,), replace(AUC, change=ChangeType.ADDED, old=None), ("m.pkl",)),
        ((BEHIND,), replace(AUC, change=ChangeType.DELETED, new=None), ()),
        ((replace(BEHIND, path="data"),), AUC, ()),
        ((replace(BEHIND, stage="predict"),), AUC, ()),
        ((replace(BEHIND, added=True),), AUC, ()),
        ((BEHIND, Stale("eval/m.json", "", "2", "1", "evaluate", since=Since.OUTPUT)), AUC, ()),
    ],
)
def test_metrics_of_another_model_say_so(
    stale: tuple[Stale, ...], change: MetricChange, expected: tuple[str, ...]
) -> None:
    stages = {"eval": Stage("dvc.yaml", "evaluate")}
    param: Change = ParamChange(ChangeType.MODIFIED, "params.yaml", "lr", 1, 2)
    found = list(measured([param, change], Snapshot(outputs=OUTPUTS, stale=stale), stages.get))
    assert found == [param, replace(change, other_model=expected)]
