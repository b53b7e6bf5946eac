"""What a review tells of a branch: what it alone did, and the version that it would become."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from gitrepo import GitRepo, once

from dvc_changelog.config import Config
from dvc_changelog.domain import Level, ParamChange, Review, Successor
from dvc_changelog.errors import UsageError
from dvc_changelog.workflows import next_version, review

if TYPE_CHECKING:
    from pathlib import Path

PIPELINE = """\
stages:
  train:
    cmd: train
    params: [n, depth]
    metrics: [m.json: {cache: false}]
"""


def files(n: int = 1, depth: int = 1, auc: float = 0.9) -> dict[str, str]:
    return {
        "dvc.yaml": PIPELINE,
        ".dvc/config": "",
        "params.yaml": f"n: {n}\ndepth: {depth}\n",
        "m.json": f'{{"auc": {auc}}}\n',
    }


@pytest.fixture
@once
def forked(repo: GitRepo) -> GitRepo:
    """`main` moved on after `tune` parted from it at v1.2.3; `tune` is checked out."""
    repo.commit("Start", files())
    repo.tag("v1.2.3")
    repo.git("switch", "-q", "-c", "tune")
    repo.commit("Deeper trees", files(depth=3))
    repo.git("switch", "-q", "main")
    repo.commit("More trees", files(n=50))
    repo.git("switch", "-q", "tune")
    return repo


def params(told: Review) -> dict[str, tuple[object, object]]:
    return {c.name: (c.old, c.new) for c in told.release.changes if isinstance(c, ParamChange)}


def told(repo: GitRepo, *given: str, **options: object) -> Review:
    return review(repo.path, *given, config=Config(), **options)  # type: ignore[arg-type]


def test_what_landed_on_the_target_meanwhile_is_not_blamed_on_the_branch(forked: GitRepo) -> None:
    found = told(forked)
    assert params(found) == {"depth": (1, 3)}
    assert [commit.message for commit in found.release.commits] == ["Deeper trees"]
    assert (found.target, found.branch, found.behind, found.from_merge_base) == ("main", "tune", 1, True)
    as_they_are = told(forked, "main", "tune")
    assert params(as_they_are) == {"depth": (1, 3), "n": (50, 1)}
    assert (as_they_are.from_merge_base, as_they_are.successor) == (False, None)


def test_what_both_changed_is_told_unless_it_is_the_same(forked: GitRepo) -> None:
    """A merge of it would have to take one side."""
    assert told(forked).contested == ()
    forked.commit("More trees here, too", files(n=50, depth=3))
    assert told(forked).contested == ()
    forked.commit("Fewer trees", files(n=20, depth=3))
    assert told(forked).contested == ("params.yaml:n",)
    assert told(forked, "main", "tune").contested == ()


def test_a_merge_of_both_is_the_branch_in_the_target(forked: GitRepo) -> None:
    """GitHub checks out the merge of a pull request with its target."""
    forked.git("switch", "-q", "--detach", "main")
    forked.write(files(n=50, depth=3))
    forked.git("merge", "-q", "--no-commit", "-s", "ours", "tune")
    forked.commit("Merge", files(n=50, depth=3))
    found = told(forked, "main")
    assert (params(found), found.behind) == ({"depth": (1, 3)}, 0)


def test_the_working_tree_is_told_with_what_the_branch_has(forked: GitRepo) -> None:
    forked.write({"params.yaml": "n: 7\ndepth: 3\n"})
    assert params(told(forked, workspace=True)) == {"depth": (1, 3), "n": (1, 7)}
    assert params(told(forked, "HEAD", workspace=True)) == {"n": (1, 7)}
    with pytest.raises(UsageError, match="--workspace describes the working tree, not tune"):
        told(forked, "main", "tune", workspace=True)


def test_there_is_nothing_to_review(forked: GitRepo) -> None:
    forked.git("switch", "-q", "main")
    assert told(forked).messages[0] == "This is main itself: there is nothing to review."
    forked.git("switch", "-q", "-c", "old", "main~1")
    assert told(forked).messages[0] == "main has all of old: there is nothing to review."
    assert "there is nothing" not in " ".join(told(forked, workspace=True).messages)


MERGED = [
    # the messages of commits on main since v1.2.3; those of the branch; what follows
    ([], ["fix: a"], ("v1.2.4", Level.PATCH)),
    ([], ["docs: a"], ("", Level.NONE)),
    (["feat: a"], ["fix: b"], ("v1.3.0", Level.MINOR)),
    (["fix: a"], ["feat: b"], ("v1.3.0", Level.MINOR)),
    (["feat!: a"], ["docs: b"], ("v2.0.0", Level.MAJOR)),
    (["fix: a @v1.2.4"], ["fix: b"], ("v1.2.5", Level.PATCH)),
    (["feat: a @v1.3.0-rc.1"], ["fix: b"], ("v1.3.0", Level.MINOR)),
]


@pytest.mark.parametrize(("main", "branch", "expected"), MERGED)
def test_the_version_that_it_would_become_is_the_one_after_the_merge(
    repo: GitRepo, main: list[str], branch: list[str], expected: tuple[str, Level]
) -> None:
    repo.commit("Start", files())
    repo.tag("v1.2.3")
    repo.git("switch", "-q", "-c", "tune")
    for at, message in enumerate(branch):
        repo.commit(message, {f"branch{at}": "1"})
    repo.git("switch", "-q", "main")
    for at, text in enumerate(main):
        message, _, tag = text.partition(" @")
        repo.commit(message, {f"main{at}": "1"})
        if tag:
            repo.tag(tag)
    repo.git("switch", "-q", "tune")
    found = told(repo).successor
    assert found
    assert (found.tag, found.level) == expected
    repo.git("merge", "-q", "main")
    after = next_version(repo.path, config=Config())
    assert (after.tag if after.step else "", after.level) == expected


def test_why_no_version_can_be_told(forked: GitRepo, tmp_path: Path) -> None:
    clone = GitRepo.clone(forked.path, tmp_path / "clone", "--branch=tune")
    clone.git("tag", "--delete", "v1.2.3")
    assert told(clone, "origin/main").successor == Successor("v0.1.0", Level.PATCH)
    forked.git("tag", "--delete", "v1.2.3")
    forked.git("switch", "-q", "main")
    forked.commit("Later", {"x": "1"})
    forked.git("switch", "-q", "-c", "late")
    forked.commit("Late", {"y": "1"})
    shallow = GitRepo.clone(forked.path, tmp_path / "shallow", "--depth=2", "--branch=late")
    found = told(shallow, "HEAD~1").successor
    assert found == Successor(
        "", Level.NONE, why="this clone does not have the history since the last version"
    )
