"""Experiments as Git has them: which refs are some, what their commits say, who took their files over."""

from __future__ import annotations

import pytest
from gitrepo import EPOCH, HOUR, GitRepo

from dvc_changelog.domain import FileChange
from dvc_changelog.history import History
from dvc_changelog.history.experiments import Trial

BASE = "ab" + "c" * 38
REFS = {
    f"refs/exps/ab/{'c' * 38}/dizzy-sumo": Trial("dizzy-sumo", BASE, ""),
    f"refs/exps/ab/{'c' * 38}/exp.1-é": Trial("exp.1-é", BASE, ""),
    f"refs/exps/ab/{'c' * 38}/with/slash": None,
    f"refs/exps/AB/{'c' * 38}/upper": None,
    f"refs/exps/abc/{'c' * 37}/cut": None,
    f"refs/exps/de/{'f' * 38}": None,
    "refs/exps/stash": None,
    "refs/exps/apply/ORIG_HEAD": None,
    "refs/exps/apply/stash": None,
    "refs/exps/celery/stash": None,
    "refs/exps/celery/failed": None,
    "refs/exps/exec/EXEC_APPLY": None,
    "refs/exps/exec/EXEC_HEAD": None,
    "refs/exps/temp/0123/name": None,
    f"refs/heads/exps/ab/{'c' * 38}/branch": None,
}


@pytest.mark.parametrize("ref", REFS)
def test_a_ref_is_an_experiment_or_not(repo: GitRepo, ref: str) -> None:
    commit = repo.commit()
    repo.git("update-ref", ref, commit)
    expected = REFS[ref]
    found = History(repo.path).trials
    assert [(trial.name, trial.baseline) for trial in found] == (
        [(expected.name, expected.baseline)] if expected else []
    )
    assert all(trial.commit_id == commit for trial in found)


@pytest.mark.parametrize("ref", [ref for ref in REFS if ref.startswith("refs/exps/")])
def test_dvc_takes_the_same_refs_for_experiments(repo: GitRepo, ref: str) -> None:
    """But for those that it does not expect at all, over which it stumbles."""
    from dvc.repo.experiments.exceptions import InvalidExpRefError
    from dvc.repo.experiments.refs import ExpRefInfo
    from dvc.repo.experiments.utils import _ignore_ref

    try:
        info = None if _ignore_ref(ref) else ExpRefInfo.from_ref(ref)
    except InvalidExpRefError:
        info = None
    expected = REFS[ref]
    strange = info is not None and (not info.name or len(ref.split("/")[2]) != 2 or "AB" in ref)
    assert strange or (info and (info.name, info.baseline_sha)) == (
        expected and (expected.name, expected.baseline)
    )


def test_a_repository_without_experiments_has_none(repo: GitRepo) -> None:
    repo.commit()
    assert History(repo.path).trials == ()


def test_the_commit_of_an_experiment_is_read(repo: GitRepo) -> None:
    baseline = repo.commit()
    repo.experiment("quiet", {"a": "1"})
    repo.experiment("said", {"a": "2"}, message="Try a two\n\nwith a body\n")
    history = History(repo.path)
    quiet, said = (history.trial(trial) for trial in history.trials)
    assert quiet is not None
    assert said is not None
    assert (quiet.baseline, quiet.message, quiet.timestamp) == (baseline, "", EPOCH + 2 * HOUR)
    assert said.message == "Try a two"
    assert said.tree_id == repo.git("rev-parse", f"{said.commit_id}^{{tree}}")


def test_what_is_no_commit_is_no_experiment(repo: GitRepo) -> None:
    baseline = repo.commit(files={"a": "text\n\ntext"})
    blob = repo.git("rev-parse", "HEAD:a")
    ref = f"refs/exps/{baseline[:2]}/{baseline[2:]}/blob"
    repo.git("update-ref", ref, blob)
    lost = repo.experiment("lost", {"a": "2"})
    (repo.path / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    history = History(repo.path)
    assert [trial.name for trial in history.trials] == ["blob", "lost"]
    assert [history.trial(trial) for trial in history.trials] == [None, None]


def test_the_files_that_differ_between_two_trees_are_those_of_git(repo: GitRepo) -> None:
    repo.commit(files={"a": "1", "d/b": "1", "d/c": "1", "e/f/g": "1", "h": "1", "i/j": "1", "k": "1"})
    for gone in ("d/c", "h", "i/j"):
        (repo.path / gone).unlink()
    (repo.path / "i").rmdir()
    repo.commit(files={"a": "2", "d/new": "1", "h/now/a/directory": "1", "i": "now a file", "e/f/g": "1"})
    old, new = (repo.git("rev-parse", f"{name}^{{tree}}") for name in ("HEAD~1", "HEAD"))
    expected = []
    for line in repo.git("diff-tree", "-r", "--no-renames", old, new).splitlines():
        fields, path = line.split("\t")
        was, now = ("" if set(oid) == {"0"} else oid for oid in fields.split(" ")[2:4])
        expected.append(FileChange(path, path, was, now))
    found = sorted(History(repo.path).git.objects.changed(old, new))
    assert sorted(expected) == found
    assert len(found) == 7


class TestTakenOver:
    """Which commit took the files of an experiment over."""

    def first(self, repo: GitRepo, files: dict[str, str], after: str) -> str:
        """The subject of the commit that is found; a file's content stands for its blob."""
        history = History(repo.path)
        history.commits("", "HEAD")
        blobs = {
            path: content and repo.git("hash-object", "--stdin", stdin=content.encode())
            for path, content in files.items()
        }
        found = history.timeline().first_with(blobs, after)
        return found and repo.git("log", "-1", "--format=%s", found)

    def test_the_first_commit_with_all_files_that_brought_one(self, repo: GitRepo) -> None:
        start = repo.commit("Start", {"a": "0", "b": "0", "c": "0"})
        repo.commit("One", {"a": "1"})
        repo.commit("Both", {"b": "1"})
        repo.commit("More", {"c": "1"})
        assert self.first(repo, {"a": "1", "b": "1"}, start) == "Both"
        assert self.first(repo, {"a": "1"}, start) == "One"
        assert self.first(repo, {"a": "1", "b": "2"}, start) == ""
        assert self.first(repo, {}, start) == ""

    def test_a_state_from_before_was_not_taken_over(self, repo: GitRepo) -> None:
        repo.commit("Old", {"a": "1"})
        start = repo.commit("Start", {"a": "0"})
        repo.commit("On", {"b": "1"})
        assert self.first(repo, {"a": "1"}, start) == ""
        repo.commit("Back", {"a": "1"})
        assert self.first(repo, {"a": "1"}, start) == "Back"

    def test_a_file_that_went_must_be_gone(self, repo: GitRepo) -> None:
        start = repo.commit("Start", {"a": "0", "d/b": "0"})
        repo.commit("Half", {"a": "1"})
        (repo.path / "d" / "b").unlink()
        repo.commit("Whole", {})
        assert self.first(repo, {"a": "1", "d/b": ""}, start) == "Whole"

    def test_a_commit_on_a_branch_that_was_merged_counts(self, repo: GitRepo) -> None:
        start = repo.commit("Start", {"a": "0"})
        repo.git("checkout", "-q", "-b", "side")
        repo.commit("On the side", {"a": "1"})
        repo.git("checkout", "-q", "main")
        repo.commit("Main", {"b": "1"})
        repo.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
        assert self.first(repo, {"a": "1"}, start) == "On the side"
