"""What follows in an artifact's line is a version that GTO reads, and the one that GTO would give."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import registries
from gto import api

from dvc_changelog.domain import Level
from dvc_changelog.history import History, TagName
from dvc_changelog.versioning import inferred, next_version

if TYPE_CHECKING:
    from gitrepo import GitRepo

TODAY = date(2024, 3, 15)
STEPS = [
    (Level.PATCH, "rc"),
    (Level.MAJOR, ""),
    (Level.PATCH, ""),
    (Level.MINOR, "beta"),
    (Level.MINOR, "rc"),
    (Level.PATCH, "rc"),
    (Level.MINOR, ""),
    (Level.MAJOR, ""),
]


@pytest.mark.parametrize("artifact", ["churn", "models:churn", "teams/a-b:graph/base", "v2"])
def test_gto_shows_every_version_that_follows(repo: GitRepo, artifact: str) -> None:
    expected = set()
    for level, word in STEPS:
        commit = repo.commit()
        tag = _next(repo.path, artifact, level, word)
        repo.tag(tag, message="A version")
        expected.add((tag.partition("@")[2], commit))
    assert registries.gtos_versions(repo.path) == {artifact: expected}
    assert registries.our_versions(repo.path) == {artifact: expected}


def test_gto_would_give_the_same_next_version(repo: GitRepo) -> None:
    repo.commit()
    api.register(repo.path, "churn", "HEAD", version="v0.9.9")
    for level in (Level.PATCH, Level.MINOR, Level.MAJOR, Level.PATCH, Level.MINOR, Level.MAJOR):
        repo.commit()
        ours = _next(repo.path, "churn", level)
        api.register(
            repo.path,
            "churn",
            "HEAD",
            bump_major=level is Level.MAJOR,
            bump_minor=level is Level.MINOR,
            bump_patch=level is Level.PATCH,
        )
        assert ours == repo.git("tag", "--points-at", "HEAD").partition("#")[0]


def test_gto_reads_a_calendar_version_without_zeros(repo: GitRepo) -> None:
    commit = repo.commit()
    tag = _next(repo.path, "churn", Level.PATCH, calendar="YYYY.MM.MICRO")
    repo.tag(tag, message="A version")
    assert registries.gtos_versions(repo.path) == {"churn": {("v2024.3.0", commit)}}


def _next(path: Path, artifact: str, level: Level, word: str = "", calendar: str = "") -> str:
    tags = _tags(path, artifact)
    scheme = inferred(tags, artifact=artifact, calendar=calendar)
    step = next_version(scheme, tags, level, today=TODAY, pre=word)
    assert step
    return step.tag


def _tags(path: Path, artifact: str) -> list[TagName]:
    history = History(path)
    tags = sorted(history.release_tags(), key=lambda tag: tag.timestamp)
    history.git.close()
    return [tag.name for tag in tags if tag.name.line == artifact]
