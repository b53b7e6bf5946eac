"""Entries of a lock that a merge made up of two runs, and what is still said of what they have."""

from __future__ import annotations

import pytest

from dvc_changelog.domain import (
    Cause,
    CauseKind,
    ChangeType,
    Content,
    Dependency,
    Mixed,
    Output,
    OutputChange,
    Role,
    Stage,
    StageRun,
    Unmoved,
)
from dvc_changelog.insight import mixed, really_unmoved, unmixed


def ran(lr: float, *outs: str, data: str = "1", cmd: str = "x") -> Stage:
    """A stage that ran with these; of its outputs "model2" is one content of `model`."""
    made = tuple(Dependency(out[:-1], Content("md5", out[-1])) for out in outs)
    run = StageRun(cmd, (Dependency("data", Content("md5", data)),), made, ((("params.yaml", "lr"), lr),))
    return Stage("dvc.yaml", "train", cmd=cmd, ran=run)


OURS, THEIRS = ran(0.1, "model1", "log1"), ran(0.2, "model2", "log2")
MADE_UP = [
    pytest.param(ran(0.1, "model2", "log2"), ("ours", "theirs", ("model", "log")), id="all of the other's"),
    pytest.param(ran(0.1, "model2", "log1"), ("ours", "theirs", ("model",)), id="one of the other's"),
    pytest.param(ran(0.2, "model1", "log1"), ("theirs", "ours", ("model", "log")), id="the other way"),
    pytest.param(ran(0.1, "model2", "log3"), None, id="something new: it ran"),
    pytest.param(ran(0.1, "model1", "log1"), None, id="ours"),
    pytest.param(ran(0.2, "model2", "log2"), None, id="theirs"),
    pytest.param(ran(0.3, "model2", "log2"), None, id="what no side ran with may make the same"),
    pytest.param(ran(0.1, "model2", "log2", data="2"), None, id="inputs of both sides"),
    pytest.param(Stage("dvc.yaml", "train"), None, id="never ran"),
]


@pytest.mark.parametrize(("merged", "expected"), MADE_UP)
def test_inputs_of_one_side_and_what_the_other_made_of_others_are_no_run(
    merged: Stage, expected: tuple[str, str, tuple[str, ...]] | None
) -> None:
    sides = [("ours", {"train": OURS}), ("theirs", {"train": THEIRS})]
    found = list(mixed({"train": merged}, ("merge", {"train": merged}), sides))
    assert found == ([Mixed("train", "merge", *expected)] if expected else [])
    again = ran(0.4, "model4", "log4")
    assert list(mixed({"train": again}, ("merge", {"train": merged}), sides)) == []


def test_beside_what_is_no_run_nobody_knows_of_the_others() -> None:
    """What the made up model was scored by: of inputs that no side had, it has what one side has."""
    score = {
        "ours": ran(1, "auc1", data="1"),
        "theirs": ran(2, "auc2", data="2"),
        "merge": ran(1, "auc2", data="2"),
    }
    train = {"ours": OURS, "theirs": THEIRS, "merge": ran(0.1, "model2", "log2")}
    sides = {name: {"train": train[name], "score": score[name]} for name in train}
    merge = sides.pop("merge")
    found = list(mixed(merge, ("merge", merge), list(sides.items())))
    assert [(each.stage, each.inputs, each.outputs) for each in found] == [
        ("train", "ours", "theirs"),
        ("score", "", "theirs"),
    ]


FOUND = [Mixed("train", "merge", "ours", "theirs", ("model",))]
PARAM = Cause(CauseKind.PARAM, "params.yaml", "lr", old=1, new=2)
KNOWN = Cause(CauseKind.UNKNOWN, "model", "train", commits=("theirs",))


@pytest.mark.parametrize(
    ("stage", "because", "expected"),
    [
        ("train", (PARAM,), (KNOWN,)),
        ("train", (), ()),
        ("other", (PARAM,), (PARAM,)),
        (
            "pack",
            (
                PARAM,
                Cause(CauseKind.PARAM, "params.yaml", "lr", through=("train",)),
                Cause(CauseKind.PARAM, "params.yaml", "n", through=("split", "train", "fuse")),
            ),
            (PARAM, Cause(CauseKind.UNKNOWN, "model", "train", through=("train",), commits=("theirs",))),
        ),
    ],
)
def test_a_run_that_never_was_is_no_cause(
    stage: str, because: tuple[Cause, ...], expected: tuple[Cause, ...]
) -> None:
    path = "model" if stage == "train" else "out"
    old, new = (Output(path, Content("md5", digest), Role.DERIVED, stage) for digest in "ab")
    (change,) = unmixed([OutputChange(ChangeType.MODIFIED, path, old, new, because=because)], FOUND)
    assert isinstance(change, OutputChange)
    assert change.because == expected


def test_a_run_that_never_was_made_nothing_the_same() -> None:
    others = Unmoved("score", ("auc",))
    assert list(really_unmoved([Unmoved("train", ("model",)), others], FOUND)) == [others]
