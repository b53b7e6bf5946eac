"""What a person may mean by a name."""

from __future__ import annotations

import pytest

from dvc_changelog.domain import Artifact, Content, Output, Role, Snapshot, ValueFile
from dvc_changelog.insight import targets


def output(path: str, file: str = "dvc.lock") -> Output:
    return Output(path, Content("md5", "1" * 32), Role.DERIVED, file=file)


SNAPSHOT = Snapshot(
    outputs={
        path: output(path, file)
        for path, file in (
            ("data/raw", "data/raw.dvc"),
            ("models/a.pkl", "dvc.lock"),
            ("churn/out.csv", "churn/dvc.lock"),
        )
    },
    unrecorded=frozenset({"models/new.pkl"}),
    artifacts={
        "dvc.yaml:router": Artifact("router", "models/a.pkl", "dvc.yaml"),
        "churn/dvc.yaml:out": Artifact("out", "churn/out.csv", "churn/dvc.yaml"),
        "dvc.yaml:ghost": Artifact("ghost", "nowhere", "dvc.yaml"),
    },
    metrics={
        "metrics.json": ValueFile("metrics.json", {"test.auc": 1, "test.f1": 2, "loss": 3}),
        "churn/metrics.json": ValueFile("churn/metrics.json", {"loss": 3}),
        "score.json": ValueFile("score.json", {"": 0.5}),
        "kept.json": ValueFile("kept.json", None),
    },
    params={
        "params.yaml": ValueFile("params.yaml", {"train.lr": 1, "n est": 3, "a:b": 4, "both": 5}),
        "churn/params.yaml": ValueFile("churn/params.yaml", {"lr": 1, "both": 6}),
    },
    projects=("",),
)


@pytest.mark.parametrize(
    ("target", "here", "expected"),
    [
        ("data/raw", "", ["data/raw"]),
        ("./data/raw/", "", ["data/raw"]),
        ("raw", "data", ["data/raw"]),
        ("../models/a.pkl", "data", ["models/a.pkl"]),
        ("data/raw", "churn", ["data/raw"]),
        ("data/raw.dvc", "", ["data/raw"]),
        ("models/new.pkl", "", ["models/new.pkl"]),
        ("router", "", ["router"]),
        ("out", "", ["churn:out"]),
        ("churn:out", "", ["churn:out"]),
        ("ghost", "", []),
        ("test.auc", "", ["metrics.json:test.auc"]),
        ("loss", "", ["metrics.json:loss", "churn/metrics.json:loss"]),
        ("loss", "churn", ["churn/metrics.json:loss"]),
        ("metrics.json:loss", "", ["metrics.json:loss"]),
        ("churn/metrics.json:loss", "", ["churn/metrics.json:loss"]),
        ("metrics.json:loss", "churn", ["churn/metrics.json:loss"]),
        ("train.lr", "", ["params.yaml:train.lr"]),
        ("n est", "", ["params.yaml:n est"]),
        ("params.yaml:a:b", "", ["params.yaml:a:b"]),
        ("both", "", ["params.yaml:both", "churn/params.yaml:both"]),
        ("score.json", "", ["score.json"]),
        ("kept.json:auc", "", ["kept.json:auc"]),
        ("metrics.json:nothing", "", []),
        ("nothing", "", []),
        ("", "", []),
    ],
)
def test_a_target_means_one_thing_or_several_or_none(target: str, here: str, expected: list[str]) -> None:
    assert [found.target for found in targets.meant(target, SNAPSHOT, here)] == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("test", ["metrics.json:test.auc", "metrics.json:test.f1"]),
        ("metrics.json:test", ["metrics.json:test.auc", "metrics.json:test.f1"]),
        ("churn/params.yaml", ["churn/params.yaml:lr", "churn/params.yaml:both"]),
        ("models", ["models/a.pkl"]),
        ("tes", []),
    ],
)
def test_a_section_a_file_a_directory_have_parts(target: str, expected: list[str]) -> None:
    assert [found.target for found in targets.below(target, SNAPSHOT)] == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("test.acu", "test.auc"),
        ("metrics.json:test.acu", "test.auc"),
        ("auc", "test.auc"),
        ("data/rwa", "data/raw"),
        ("ruoter", "router"),
    ],
)
def test_a_name_with_a_slip_is_near_to_the_right_one(target: str, expected: str) -> None:
    assert targets.near(target, [SNAPSHOT])[0] == expected


def test_a_file_in_a_tracked_directory_is_held_by_it() -> None:
    assert targets.holder("data/raw/2024.csv", SNAPSHOT) == "data/raw"
    assert targets.holder("elsewhere.csv", SNAPSHOT) == ""
