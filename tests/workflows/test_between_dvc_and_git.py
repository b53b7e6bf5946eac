"""Branches on which outputs went from DVC to Git, or back: what is the same did not come, go or change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from workflows.branches import begun, branch, checked, dvcfile, md5, project, told

from dvc_changelog.domain import MetricChange, OutputChange, RemoteChange, Review

if TYPE_CHECKING:
    from gitrepo import GitRepo

__all__ = ["begun", "branch"]

MODEL_IN_GIT = "stages: {}\nartifacts:\n  router: {path: model.pkl, type: model}\n"


def outputs(review: Review) -> list[tuple[str, str]]:
    changes = (c for c in review.release.changes if isinstance(c, OutputChange))
    return [(c.change.value, c.path) for c in changes]


def moves(review: Review) -> list[tuple[str, str, bool]]:
    changes = (c for c in review.release.changes if isinstance(c, RemoteChange))
    return [(c.path, c.in_git, c.same) for c in changes]


def _to_git(repo: GitRepo, data: str) -> None:
    repo.git("rm", "-q", "data.csv.dvc")
    repo.commit("To Git", {"data.csv": data})


def test_the_same_data_in_git_was_not_removed(branch: GitRepo) -> None:
    _to_git(branch, "1")
    review = checked(branch)
    assert outputs(review) == []
    assert moves(review) == [("data.csv", "now", True)]
    assert told(review) == []


def test_the_working_tree_is_told_alike(branch: GitRepo) -> None:
    branch.git("rm", "-q", "data.csv.dvc")
    branch.write({"data.csv": "1"})
    review = checked(branch, workspace=True)
    assert (outputs(review), moves(review)) == ([], [("data.csv", "now", True)])


def test_other_data_in_git_changed_and_owes_a_reason(branch: GitRepo) -> None:
    _to_git(branch, "2")
    review = checked(branch)
    assert outputs(review) == [("modified", "data.csv")]
    assert moves(review) == [("data.csv", "now", False)]
    assert [found.what for found in review.findings if found.kind.value == "undocumented"] == [
        f"The data data.csv changed with {review.release.head.commit_id[:7]}, and no commit says why."
    ]


@pytest.mark.parametrize(("data", "same"), [("1", True), ("2", False)])
def test_the_way_back_into_dvc_is_told_alike(branch: GitRepo, data: str, *, same: bool) -> None:
    _to_git(branch, "1")
    branch.git("checkout", "-q", "-b", "back")
    branch.git("rm", "-q", "data.csv")
    branch.commit("To DVC", {"data.csv.dvc": dvcfile("data.csv", data)})
    review = checked(branch, "tune", "back")
    assert outputs(review) == ([] if same else [("modified", "data.csv")])
    assert moves(review) == [("data.csv", "before", same)]
    reasons = [found.what for found in review.findings if found.kind.value == "undocumented"]
    assert len(reasons) == (not same)
    assert all("data.csv changed" in what for what in reasons)


@pytest.mark.parametrize(("model", "expected"), [("model 1", []), ("other", [("modified", "model.pkl")])])
def test_an_artifact_is_compared_with_what_git_has(
    branch: GitRepo, model: str, expected: list[tuple[str, str]]
) -> None:
    branch.git("rm", "-q", "dvc.lock")
    branch.commit("Hand it over", {"dvc.yaml": MODEL_IN_GIT, "model.pkl": model})
    review = checked(branch)
    assert outputs(review) == expected
    assert moves(review) == [("model.pkl", "now", not expected)]
    assert [found.kind.value for found in review.unchecked] == []


def test_what_git_lfs_has_cannot_be_compared(branch: GitRepo) -> None:
    _to_git(branch, "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n")
    review = checked(branch)
    assert outputs(review) == [("unknown", "data.csv")]
    assert moves(review) == [("data.csv", "now", False)]


def test_a_directory_is_compared_by_its_listing(branch: GitRepo) -> None:
    listing = f'[{{"md5": "{md5("x")}", "relpath": "a"}}, {{"md5": "{md5("y")}", "relpath": "b"}}]'
    recorded = f"outs:\n- {{path: raw, hash: md5, md5: {md5(listing)}.dir, size: 2, nfiles: 2}}\n"
    branch.commit("Raw", {"raw.dvc": recorded})
    branch.git("checkout", "-q", "-b", "to-git")
    branch.git("rm", "-q", "raw.dvc")
    branch.commit("To Git", {"raw/a": "x", "raw/b": "y"})
    assert outputs(checked(branch, "tune", "to-git")) == []
    branch.commit("More", {"raw/b": "z"})
    assert outputs(checked(branch, "tune", "to-git")) == [("modified", "raw")]
    branch.git("rm", "-q", "raw/a", "raw/b")
    branch.commit("Gone", {"raw/.gitignore": "*\n"})
    review = checked(branch, "tune", "to-git")
    assert (outputs(review), moves(review)) == ([("deleted", "raw")], [])


def test_an_output_that_a_stage_keeps_in_git_now_is_told(branch: GitRepo) -> None:
    files = project()
    written = str(files["dvc.yaml"]).replace("[model.pkl]", "[model.pkl: {cache: false}]")
    branch.commit("Keep it in Git", {"dvc.yaml": written, "model.pkl": "model 1"})
    review = checked(branch)
    assert outputs(review) == []
    assert moves(review) == [("model.pkl", "now", True)]


def test_a_metric_that_is_a_plain_output_now_is_declared_no_more(branch: GitRepo) -> None:
    written = str(project()["dvc.yaml"]).replace(
        "outs: [model.pkl]", "outs: [model.pkl, m.json: {cache: false}]"
    )
    written = written.replace("    metrics: [m.json: {cache: false}]\n", "")
    branch.commit("No metric", {"dvc.yaml": written})
    review = checked(branch, metric_rules={})
    metrics = [c for c in review.release.changes if isinstance(c, MetricChange)]
    assert {(c.change.value, c.name, c.old, c.declared) for c in metrics} == {
        ("deleted", "auc", 0.9, True),
        ("deleted", "latency", 41, True),
    }
    assert (outputs(review), moves(review), review.unchecked) == ([], [], ())
    branch.git("checkout", "-q", "-b", "again")
    branch.commit("A metric", {"dvc.yaml": project()["dvc.yaml"]})
    review = checked(branch, "tune", "again", metric_rules={})
    metrics = [c for c in review.release.changes if isinstance(c, MetricChange)]
    assert {(c.change.value, c.name, c.declared) for c in metrics} == {
        ("added", "auc", True),
        ("added", "latency", True),
    }


def test_data_that_dvc_keeps_now_was_an_input_before(branch: GitRepo) -> None:
    _to_git(branch, "1")
    branch.git("checkout", "-q", "-b", "back")
    branch.git("rm", "-q", "data.csv")
    branch.commit("To DVC, and run", project(data="2", model="2"))
    review = checked(branch, "tune", "back")
    (model,) = (c for c in review.release.changes if isinstance(c, OutputChange) and c.model)
    assert [(c.kind.value, c.path, c.change.value) for c in model.because] == [
        ("data", "data.csv", "modified")
    ]
    assert len(model.because[0].commits) == 1


def test_of_a_broken_dvc_yaml_nobody_knows_who_keeps_what(branch: GitRepo) -> None:
    written = str(project()["dvc.yaml"]).replace("[model.pkl]", "[model.pkl: {cache: false}]")
    branch.commit("Keep it in Git", {"dvc.yaml": written, "model.pkl": "model 1"})
    branch.git("checkout", "-q", "-b", "broken")
    branch.commit("Break", {"dvc.yaml": "{["})
    assert moves(checked(branch, "tune", "broken")) == []
