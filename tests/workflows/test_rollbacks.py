"""What is back in a release: in repositories of real commits, and in the demo as DVC left it."""

from __future__ import annotations

from pathlib import Path

import pytest
from clirun import files_of
from gitrepo import GitRepo, once

from dvc_changelog.config import Config
from dvc_changelog.domain import OutputChange, Release, Revert, Rollback
from dvc_changelog.render import json_, markdown
from dvc_changelog.workflows import Part, generate

A, B = (files_of(trees=n, model=letter * 32, accuracy=n / 200) for n, letter in ((50, "a"), (100, "b")))


@pytest.fixture
@once
def project(repo: GitRepo) -> GitRepo:
    """v1.0.0, another forest in v1.1.0, and the old one again in v1.1.1."""
    repo.release("v1.0.0", "Train", A)
    repo.release("v1.1.0", "Plant more trees", B)
    repo.git("revert", "--no-edit", "HEAD")
    repo.git("commit", "-q", "--amend", "--no-edit", env={"GIT_COMMITTER_DATE": f"{repo.clock + 60} +0000"})
    repo.tag("v1.1.1", date=repo.clock + 60)
    return repo


def told(repo: GitRepo | Path, part: Part = Part.LATEST, config: Config | None = None) -> Release:
    path = repo.path if isinstance(repo, GitRepo) else repo
    return generate(path, part=part, config=config or Config()).releases[0]


def test_a_release_that_has_all_of_an_earlier_one_again_says_so(project: GitRepo) -> None:
    release = told(project)
    assert release.rollbacks == (Rollback("v1.0.0", models=True, params=True, whole=True, tree=True),)
    assert [c.again for c in release.changes if isinstance(c, OutputChange)] == ["v1.0.0"]
    assert "`model.pkl`: same content as in 1.0.0 again (`aaaaaaaa`), rolled back\n" in (
        text := markdown.entry(release, Config())
    )
    assert "- The hyperparameters are those of 1.0.0 again\n" in text


def test_of_a_whole_state_each_output_is_that_of_the_same_release(repo: GitRepo) -> None:
    """A later release had the model too, but not with these hyperparameters."""
    for version, trees, letter in (("1", 50, "a"), ("2", 60, "a"), ("3", 100, "b"), ("4", 50, "a")):
        repo.release(f"v{version}.0.0", "Train", files_of(trees=trees, model=letter * 32, accuracy=0.5))
    release = told(repo)
    assert [(r.version, r.whole) for r in release.rollbacks] == [("v1.0.0", True)]
    assert [c.again for c in release.changes if isinstance(c, OutputChange)] == ["v1.0.0"]


def test_what_a_prerelease_of_the_last_release_had_is_not_made_anew(repo: GitRepo) -> None:
    for version, letter in (
        ("1.0.0", "a"),
        ("1.1.0-rc1", "b"),
        ("1.1.0-rc2", "c"),
        ("1.1.0", "d"),
        ("1.2.0", "b"),
    ):
        repo.release(f"v{version}", "Train", files_of(trees=ord(letter), model=letter * 32, accuracy=0.5))
    release = told(repo)
    assert [c.again for c in release.changes if isinstance(c, OutputChange)] == ["v1.1.0-rc1"]
    assert "`model.pkl` is that of 1.1.0-rc1 again" in markdown.entry(release, Config())
    assert release == told(repo, Part.ALL)


def test_the_latest_release_alone_reads_the_same_as_among_all(project: GitRepo) -> None:
    assert told(project) == told(project, Part.ALL)


def test_the_changelog_of_the_tool_is_nothing_that_differs(project: GitRepo) -> None:
    project.release("v1.1.2", "Write", {"CHANGELOG.md": "# Changelog\n", **B})
    project.release("v1.1.3", "Back", {"CHANGELOG.md": "# Changelog\n\nmore\n", **A})
    assert [r.tree for r in told(project).rollbacks] == [True]
    project.release("v1.1.4", "Forth", B)
    project.release("v1.1.5", "Back", {"src/train.py": "", **A})
    assert [(r.version, r.tree) for r in told(project).rollbacks] == [("v1.1.3", False)]


def test_what_is_left_out_is_no_part_of_a_rollback(project: GitRepo) -> None:
    (alone,) = told(project, config=Config(exclude_paths=("model.pkl",))).rollbacks
    assert alone == Rollback("v1.0.0", params=True, whole=True, tree=True)


def test_what_went_and_came_again_is_back(project: GitRepo) -> None:
    data = "outs:\n- md5: {}\n  size: 3\n  path: raw.csv\n  hash: md5\n"
    project.release("v2.0.0", "Add data", {"raw.csv.dvc": data.format("c" * 32)})
    project.git("rm", "-q", "raw.csv.dvc")
    project.release("v2.0.1", "Drop data", {})
    project.release("v2.0.2", "Add data", {"raw.csv.dvc": data.format("c" * 32)})
    text = markdown.entry(told(project), Config())
    assert "- `raw.csv` added again, same content as in 2.0.0, 3 B, `cccccccc`\n" in text


def test_a_revert_says_what_it_took_back_and_of_which_release(project: GitRepo) -> None:
    release = told(project)
    (revert,) = release.reverts
    assert revert == Revert(
        project.git("rev-parse", "v1.1.1"),
        project.git("rev-parse", "v1.1.0"),
        "Plant more trees",
        "v1.1.0",
        ("model.pkl", "train.trees", "accuracy"),
    )
    short = revert.reverted[:7]
    assert f"\n  - takes back `{short}` of 1.1.0: `model.pkl`, `train.trees`, `accuracy`\n" in (
        markdown.entry(release, Config())
    )


def test_what_a_revert_changed_beside_it_did_not_take_back(project: GitRepo) -> None:
    """The model was trained anew, with another result."""
    project.release("v1.2.0", "Plant more trees again", B)
    target = project.git("rev-parse", "HEAD")
    anew = files_of(trees=50, model="c" * 32, accuracy=0.3)
    project.release("v1.2.1", f'Revert "Plant more trees again"\n\nThis reverts commit {target}.\n', anew)
    (revert,) = told(project).reverts
    assert (revert.reverted, revert.undid) == (target, ("train.trees",))


def test_a_revert_takes_back_no_more_than_there_was(project: GitRepo) -> None:
    """What the revert brings back besides had been changed by another commit."""
    project.release("v1.2.0", "Tune", {"params.yaml": "train: {trees: 7}\n"})
    target = project.git("rev-parse", "HEAD")
    project.release("v1.3.0", "Plant more trees", B)
    files = {**A, "params.yaml": project.git("show", f"{target}^:params.yaml") + "\n"}
    project.release("v1.3.1", f'Revert "Tune"\n\nThis reverts commit {target}.\n', files)
    (revert,) = told(project).reverts
    assert (revert.reverted, revert.undid) == (target, ("train.trees",))


def test_the_json_has_what_is_back(project: GitRepo) -> None:
    release = json_.release(told(project))
    assert release["rollbacks"] == [
        {
            "version": "v1.0.0",
            "whole": True,
            "tree": True,
            "data": False,
            "models": True,
            "params": True,
            "params_files": [],
        }
    ]
    assert [revert["version"] for revert in release["reverts"]] == ["v1.1.0"]
    assert {c["again"] for c in release["changes"] if c["kind"] == "model"} == {"v1.0.0"}


def test_the_demo_went_back_once(built_demo: Path) -> None:
    """What its script did: data and params checked out of v1.0.0, and `dvc repro`; the code moved on."""
    releases = generate(built_demo, config=Config()).releases
    found = {r.head.version: r.rollbacks for r in releases if r.rollbacks}
    assert found == {"v1.1.1": (Rollback("v1.0.0", data=True, models=True, params=True, whole=True),)}
    outputs = [(r.head.version, c) for r in releases for c in r.changes if isinstance(c, OutputChange)]
    again = [(version, change.path, change.again) for version, change in outputs if change.again]
    paths = ("data/features", "data/holdout.csv", "data/prepared.csv", "data/raw", "models/router.json")
    assert again == [("v1.1.1", path, "v1.0.0") for path in paths]
