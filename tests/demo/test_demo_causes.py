"""The causes that a changelog of the demo tells, beside what its story did (`demo/story.py`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from dvc_changelog.config import Config
from dvc_changelog.domain import Cause, CauseKind, OutputChange
from dvc_changelog.workflows import generate

Roots = set[tuple[str, str, tuple[str, ...]]]
FEATURES, BOTH = ("featurize",), ("prepare", "featurize")
RETRAINED: Roots = {
    ("param", "featurize.max_features", FEATURES),
    ("param", "featurize.ngrams", FEATURES),
    ("param", "featurize.stopwords", FEATURES),
    ("param", "prepare.languages", BOTH),
    ("data", "data/raw", BOTH),
}
ROUTER: dict[str | None, Roots] = {
    "v1.0.0": {
        ("param", "train.epochs", ()),
        ("param", "featurize.max_features", FEATURES),
        ("file", "src/prepare.py", BOTH),
    },
    "v1.1.0": RETRAINED,
    "v1.1.1": RETRAINED,  # all of it taken back
    "v1.2.0": RETRAINED,
    None: {("param", "featurize.max_features", FEATURES), ("data", "data/raw", BOTH)},
}


def root(cause: Cause) -> tuple[str, str, tuple[str, ...]]:
    return cause.kind.value, cause.name or cause.path, cause.through


@pytest.fixture(scope="module")
def told(built_demo: Path) -> dict[str | None, dict[str, tuple[Cause, ...]]]:
    return {
        release.head.version: {c.path: c.because for c in release.changes if isinstance(c, OutputChange)}
        for release in generate(built_demo, config=Config()).releases
    }


@pytest.mark.parametrize("version", ROUTER)
def test_the_router_was_retrained_for_what_the_story_did(
    told: dict[str | None, dict[str, tuple[Cause, ...]]], version: str | None
) -> None:
    assert set(map(root, told[version]["models/router.json"])) == ROUTER[version]


def test_what_a_person_brings_in_and_what_is_new_has_no_cause(
    told: dict[str | None, dict[str, tuple[Cause, ...]]],
) -> None:
    assert not told["v1.2.0"]["data/raw"]
    assert not told["v1.2.0"]["models/threshold.json"]
    assert not any(told["v0.1.0"].values())


def test_the_commit_that_changed_a_source_file_is_named(
    told: dict[str | None, dict[str, tuple[Cause, ...]]],
) -> None:
    [cause] = told["v1.0.0"]["data/prepared.csv"]
    assert (cause.kind, len(cause.commits)) == (CauseKind.FILE, 1)
