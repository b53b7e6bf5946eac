"""What kind of thing a path is, and so what a commit touched."""

from __future__ import annotations

import pytest

from dvc_changelog.domain import (
    Author,
    Commit,
    Content,
    FileChange,
    Output,
    Role,
    Snapshot,
    Stage,
    Touch,
    ValueFile,
)
from dvc_changelog.insight import Known, touches

KNOWN = Known(
    models=frozenset({"model.pkl"}),
    params=frozenset({"conf/train.py"}),
    metrics=frozenset({"eval", "scores.csv"}),
    environment=frozenset({"deploy/run.sh"}),
)


def commit(*paths: str) -> Commit:
    files = tuple(FileChange(path, path, "a", "b") for path in paths)
    return Commit("1" * 40, (), "", 0, Author("", ""), "Work", files=files)


def touched(*paths: str, outputs: tuple[str, ...] = ()) -> list[str]:
    return [touch.value for touch in touches(commit(*paths), KNOWN, lambda _: outputs)]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("src/train.py", "code"),
        ("notebooks/eda.ipynb", "code"),
        ("dvc.yaml", "pipeline"),
        ("sub/dvc.yaml", "pipeline"),
        (".dvc/config", "environment"),
        ("sub/.dvc/config", "environment"),
        (".dvc/plots/smooth.json", "environment"),
        ("conf/train.py", "params"),
        ("scores.csv", "metrics"),
        ("data/x.csv", "data"),
        ("data/x.parquet", "data"),
        ("weights.onnx", "model"),
        ("models/churn_model.pkl", "model"),
        ("features.pkl", "data"),
        ("src/model.py", "code"),
        ("web/model.json", "code"),
        ("old/params.yaml", "params"),
        ("params/sim/large.yaml", "params"),
        ("dvclive/plots/metrics/loss.tsv", "metrics"),
        ("metrics/ml_test_score.json", "metrics"),
        (".coveragerc", "tests"),
        ("requirements.txt", "environment"),
        ("Dockerfile", "environment"),
        (".github/workflows/ci.yml", "environment"),
        ("deploy/run.sh", "environment"),
        ("tests/test_train.py", "tests"),
        ("src/train_test.go", "tests"),
        ("conftest.py", "tests"),
        ("src/contest.py", "code"),
        ("coverage.xml", "tests"),
        ("test_reports/junit.xml", "tests"),
        ("src/coverage.py", "code"),
        ("latest/run.py", "code"),
        ("README.md", "docs"),
        ("README", "docs"),
        ("readme.markdown", "docs"),
        ("src/readme.py", "code"),
        ("docs/conf.py", "docs"),
        ("LICENSE", "docs"),
        ("CITATION.cff", "docs"),
        ("img/plot.png", "docs"),
    ],
)
def test_a_path_is_of_its_kind(path: str, kind: str) -> None:
    assert touched(path) == [kind]


@pytest.mark.parametrize(
    "path",
    [
        *(".gitignore", "data/.gitignore", ".gitattributes", ".pre-commit-config.yaml", "a/.DS_Store"),
        *(".dvcignore", "data/.dvcignore", ".dvc/.gitignore"),
        *("VERSION", "version.txt", ".bumpversion.cfg", ".release-please-manifest.json"),
    ],
)
def test_housekeeping_is_nothing_of_weight(path: str) -> None:
    assert touched(path) == []


@pytest.mark.parametrize(
    ("outputs", "kinds"),
    [
        (("model.pkl",), ["model"]),
        (("data/raw",), ["data"]),
        (("eval",), ["metrics"]),
        (("model.pkl", "data/raw", "eval"), ["model", "data", "metrics"]),
        ((), ["pipeline"]),
    ],
)
def test_a_lock_touches_what_it_recorded_otherwise(outputs: tuple[str, ...], kinds: list[str]) -> None:
    assert touched("dvc.lock", outputs=outputs) == kinds
    assert touched("train.dvc", outputs=outputs) == kinds


def test_a_dvc_file_whose_output_stayed_is_bookkeeping_of_dvc() -> None:
    """Such as `hash: md5` that DVC 3 adds, or a description."""
    assert touched("data/raw.dvc", outputs=()) == ["pipeline"]
    assert touched("data/raw.dvc", outputs=("model.pkl",)) == ["model"]
    assert touched("dvc.lock", outputs=("old/model-v1.pkl",)) == ["model"]


def test_kinds_come_in_order_of_weight_each_once() -> None:
    paths = (
        "README.md",
        "tests/test_a.py",
        "Dockerfile",
        "src/a.py",
        "src/b.py",
        "dvc.yaml",
        "conf/train.py",
    )
    assert touched(*paths) == ["params", "pipeline", "code", "environment", "tests", "docs"]


def test_every_kind_has_a_weight() -> None:
    from dvc_changelog.insight.touches import _WEIGHT

    assert set(_WEIGHT) == set(Touch)


def test_what_snapshots_know_of_paths_is_taken_together() -> None:
    model = Output("m.bin", Content("md5", "1"), Role.DERIVED, model=True)
    stage = Stage("dvc.yaml", "plot", plots=("roc.csv",))
    old = Snapshot(outputs={"m.bin": model}, params={"p.yaml": ValueFile("p.yaml", {})})
    new = Snapshot(stages={"plot": stage}, files={"Dockerfile": "a"}, packages={"uv.lock": {}})
    assert Known.of((old, new)) == Known(
        frozenset({"m.bin"}),
        frozenset({"p.yaml"}),
        frozenset({"roc.csv"}),
        frozenset({"Dockerfile", "uv.lock"}),
    )
