"""One DVC project of several, told alone: its releases, its commits, its commands, and what the user sees."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from clirun import Run, run
from gitrepo import once

from dvc_changelog.config import Config
from dvc_changelog.domain import ParamChange, Release
from dvc_changelog.errors import ConfigError, UsageError
from dvc_changelog.render import markdown
from dvc_changelog.workflows import compare, generate
from dvc_changelog.workflows.projects import of_others

if TYPE_CHECKING:
    from gitrepo import GitRepo

__all__ = ["run"]

STAGE = "stages: {train: {cmd: run, params: [lr, {../common.yaml: null}], deps: [../lib]}}\n"


def files_of(project: str, lr: float) -> dict[str, str]:
    """A project's params, its packages, its data."""
    return {
        f"{project}/.dvc/config": "",
        f"{project}/dvc.yaml": STAGE,
        f"{project}/params.yaml": f"lr: {lr}\n",
        f"{project}/requirements.txt": f"pandas=={lr}\n",
        f"{project}/raw.dvc": f"outs: [{{md5: '{lr}', hash: md5, path: raw}}]\n",
    }


@pytest.fixture
@once
def project(repo: GitRepo) -> GitRepo:
    """`churn`, `churn/deep` in it, and `fraud`; releases of the repository, of `churn` and of `fraud`."""
    begin = files_of("churn", 0.1) | files_of("fraud", 0.1)
    repo.release("v1.0.0", "Begin", {**begin, "common.yaml": "seed: 1\n", "requirements.txt": "numpy==1\n"})
    repo.commit("Nest one", files_of("churn/deep", 0.1))
    repo.release("fraud-v1.1.0", "Tune fraud", files_of("fraud", 0.2))
    repo.release("churn-v1.1.0", "Tune churn", files_of("churn", 0.3))
    repo.commit("Tune deep", files_of("churn/deep", 0.4))
    repo.commit("Share a seed", {"common.yaml": "seed: 2\n"})
    repo.commit("Mend the library", {"lib/a.py": "b = 1\n"})
    repo.release("v2.0.0", "Upgrade", {"requirements.txt": "numpy==2\n"})
    return repo


def told(repo: GitRepo, project: str) -> dict[str, Release]:
    """The releases of one project, by their tag."""
    changelog = generate(repo.path, config=Config(project=project))
    return {release.head.version or "": release for release in changelog.releases}


def messages(release: Release) -> list[str]:
    return [commit.message for commit in release.commits]


def test_a_project_has_its_own_releases_commits_and_changes(project: GitRepo) -> None:
    churn = told(project, "churn")
    assert list(churn) == ["v2.0.0", "churn-v1.1.0", "v1.0.0"]  # but not fraud-v1.1.0
    # What its stages read is its own, wherever it lies; what all share besides is no one's.
    assert messages(churn["v2.0.0"]) == ["Mend the library", "Share a seed", "Tune churn"]
    assert churn["v2.0.0"].statistics["other_paths"] == 4
    assert {change.path for change in churn["v2.0.0"].changes} == {
        *("common.yaml", "churn/params.yaml", "churn/raw", "churn/requirements.txt")
    }
    assert churn["v2.0.0"].projects == ("churn",)
    assert "dvc --cd churn checkout`" in markdown.entry(churn["v2.0.0"], Config())


def test_a_project_is_told_from_where_it_began(project: GitRepo) -> None:
    deep = told(project, "churn/deep")
    assert list(deep) == ["v2.0.0"]
    assert {change.change.value for change in deep["v2.0.0"].changes if change.path != "common.yaml"} == {
        "added"
    }


def test_all_together_tell_equal_names_apart(project: GitRepo) -> None:
    entry = markdown.entry(compare(project.path, "v1.0.0", "churn-v1.1.0", config=Config()), Config())
    assert "`lr` in `churn/params.yaml` went from 0.1 to 0.3 and `lr` in `fraud/params.yaml`" in entry
    one = markdown.entry(compare(project.path, "fraud-v1.1.0", "churn-v1.1.0", config=Config()), Config())
    assert "| Parameter in `churn/params.yaml` |" in one
    alone = compare(project.path, "fraud-v1.1.0", "churn-v1.1.0", config=Config(project="churn"))
    assert "| Parameter |" in markdown.entry(alone, Config())


@pytest.mark.parametrize(
    ("alone", "expected"), [("", ["churn=m#prod#1", "fraud=m#prod#2"]), ("churn", ["churn=m#prod#1"])]
)
def test_a_review_of_one_project_tells_no_events_of_the_others(
    alone: str, expected: list[str], project: GitRepo
) -> None:
    for number, name in enumerate(("churn", "fraud"), 1):
        project.tag(f"{name}=m#prod#{number}", message="Event")
    release = compare(project.path, "v1.0.0", config=Config(project=alone))
    assert [event.tag for event in release.deployments] == expected


def test_nothing_changed_is_said_of_the_project_alone(project: GitRepo) -> None:
    release = compare(project.path, "fraud-v1.1.0", "churn-v1.1.0", config=Config(project="fraud"))
    entry = markdown.entry(release, Config())
    assert "that DVC tracks in `fraud` are unchanged" in entry
    assert "No commits of its own (1 in other paths)" in entry


@pytest.mark.parametrize(
    ("line", "project", "expected"),
    [
        ("", "churn", False),
        ("model", "churn", False),
        ("churn", "churn", False),
        ("fraud", "churn", True),
        ("fraud", "", True),
        ("ml/fraud", "churn", True),
        ("ml-fraud", "churn", True),
        ("churn:model", "churn", False),
        ("churn/deep:model", "churn", True),
        ("churn/in:model", "churn", False),
        ("elsewhere:model", "churn", True),
    ],
)
def test_a_line_named_after_another_project_is_not_its_own(
    line: str, project: str, *, expected: bool
) -> None:
    projects = ("", "churn", "churn/deep", "ml/fraud")
    assert bool(of_others([line], project, projects)) is expected


def test_a_place_without_a_project_is_an_error_that_lists_those_there_are(project: GitRepo) -> None:
    with pytest.raises(UsageError, match=r"no DVC project at lib in HEAD\n.*`churn`, `churn/deep`, `fraud`"):
        generate(project.path, config=Config(project="lib"))
    with pytest.raises(UsageError, match=r"no DVC project at churn/deep in v1\.0\.0 or fraud"):
        compare(project.path, "v1.0.0", "fraud-v1.1.0~2", config=Config(project="churn/deep"))
    assert compare(project.path, "v1.0.0", config=Config(project="churn/deep")).changes
    with pytest.raises(ConfigError, match="lies outside of the repository"):
        Config().replace(project="../other")


@pytest.mark.parametrize(
    ("where", "given", "expected"),
    [
        ("", "churn", "0.3"),
        ("", "./churn/", "0.3"),
        ("churn", ".", "0.3"),
        ("churn", "churn", "0.3"),
        ("churn", "deep", "0.4"),
        ("churn", "churn/deep", "0.4"),
        ("churn/deep", "..", "0.3"),
        ("fraud", "../churn/deep", "0.4"),
    ],
)
def test_a_project_is_named_from_here_or_from_the_root(
    project: GitRepo, run: Run, where: str, given: str, expected: str
) -> None:
    ran = run("review", "v1.0.0", "--project", given, at=project.path / where)
    assert ran.code == 0
    assert f"→ **{expected}**" in ran.out or f"new, {expected}" in ran.out
    assert "cannot be told" not in ran.out


def test_the_changelog_of_a_project_lies_in_it(project: GitRepo, run: Run) -> None:
    ran = run("generate", "--project", "churn")
    assert ran.err == f"Wrote {Path('churn/CHANGELOG.md')}.\n"
    assert not (project.path / "CHANGELOG.md").exists()
    project.commit("Write it", {})
    assert run("generate", "--project", "churn", "--check").code == 0
    assert run("generate", "--project", "churn", "-o", "-").out.startswith("# Changelog")
    assert run("show", "v1.0.0", "--project", "fraud").code == 0


def test_a_project_may_be_configured(project: GitRepo, run: Run) -> None:
    project.write({"dvc-changelog.toml": "project = 'fraud/'\n"})
    ran = run("review", "v1.0.0", "fraud-v1.1.0", at=project.path / "churn")
    assert "0.2" in ran.out
    assert "churn" not in ran.out


def test_a_param_of_two_projects_is_a_change_of_each(project: GitRepo) -> None:
    for name in ("churn", "fraud"):
        changes = compare(project.path, "v1.0.0", config=Config(project=name)).changes
        (seed,) = [c for c in changes if isinstance(c, ParamChange) and c.name == "seed"]
        assert (seed.path, seed.old, seed.new) == ("common.yaml", 1, 2)
