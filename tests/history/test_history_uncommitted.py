"""What a working tree has that its commit does not, beside what Git itself says of it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from gitrepo import GitRepo, isolated, repo

from dvc_changelog.errors import UsageError
from dvc_changelog.history import Git
from dvc_changelog.history.uncommitted import Uncommitted, uncommitted

__all__ = ["isolated", "repo"]


def _seen(path: Path) -> Uncommitted:
    return uncommitted(Git(path))


def _try(repo: GitRepo, *args: str) -> None:
    """Run what fails by design."""
    env = {**os.environ, "GIT_EDITOR": "false"}
    subprocess.run(["git", *args], cwd=repo.path, check=False, capture_output=True, env=env)


def _apart(repo: GitRepo) -> None:
    """Two branches that conflict, in two commits each."""
    repo.commit("base", {"a": "1\n"})
    repo.git("branch", "other")
    repo.commit("ours", {"a": "2\n"})
    repo.git("switch", "-q", "other")
    repo.commit("theirs", {"a": "3\n"})
    repo.commit("more", {"a": "4\n"})
    repo.git("switch", "-q", "main")


def test_a_clean_tree_has_nothing(repo: GitRepo) -> None:
    repo.commit("base", {"a": "1", ".gitignore": "out\n"})
    repo.write({"out/x": "ignored"})
    assert _seen(repo.path) == Uncommitted()


def test_changes_are_told_by_their_path(repo: GitRepo) -> None:
    names = ["a", "b", "c d", "é/f", "gone", "moved"]
    repo.commit("base", dict.fromkeys(names, "1"))
    repo.write({"a": "2", "c d": "2", "é/f": "2", "new": "1", "dir/other": "1"})
    repo.git("add", "c d", "new")
    repo.git("mv", "moved", "there")
    (repo.path / "gone").unlink()
    seen = _seen(repo.path)
    assert set(seen.changed) == {"a", "c d", "é/f", "gone", "moved", "new", "there"}
    assert seen.untracked == ("dir/other",)
    assert (seen.conflicts, seen.submodules, seen.operation) == ((), (), "")


def test_a_file_that_was_only_touched_has_not_changed(repo: GitRepo) -> None:
    repo.commit("base", {"a": "1"})
    os.utime(repo.path / "a", (1, 1))
    assert _seen(repo.path) == Uncommitted()


def test_in_an_unborn_branch_what_is_staged_has_changed(repo: GitRepo) -> None:
    repo.write({"a": "1"})
    repo.git("add", "a")
    assert _seen(repo.path) == Uncommitted(changed=("a",))


OPERATIONS: list[tuple[str, list[str]]] = [
    ("merge", ["merge", "other"]),
    ("rebase", ["rebase", "other"]),
    ("rebase", ["rebase", "--apply", "other"]),
    ("cherry-pick", ["cherry-pick", "other"]),
    ("revert", ["revert", "--no-edit", "HEAD~1"]),
]


@pytest.mark.parametrize(("name", "command"), OPERATIONS, ids=" ".join)
def test_an_operation_that_is_not_done_is_named(name: str, command: list[str], repo: GitRepo) -> None:
    _apart(repo)
    _try(repo, *command)
    seen = _seen(repo.path)
    assert seen.operation == name
    assert seen.conflicts == ("a",)
    _try(repo, name, "--abort")
    assert _seen(repo.path) == Uncommitted()


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("cherry-pick", ["cherry-pick", "other~1", "other"]),
        ("revert", ["revert", "--no-edit", "HEAD~1", "HEAD"]),
    ],
)
def test_one_of_several_commits_may_be_left(name: str, command: list[str], repo: GitRepo) -> None:
    """The person committed the one that conflicted; Git is still to go on with the next."""
    _apart(repo)
    _try(repo, *command)
    repo.commit("mended", {"a": "5\n"})
    assert _seen(repo.path) == Uncommitted(operation=name)
    repo.git(name, "--quit")
    assert _seen(repo.path) == Uncommitted()


def test_a_mailed_patch_and_a_bisection_are_operations(repo: GitRepo) -> None:
    _apart(repo)
    patch = repo.git("format-patch", "-1", "--stdout", "other")
    (repo.path / ".git/mail").write_text(patch + "\n")
    _try(repo, "am", ".git/mail")
    assert _seen(repo.path).operation == "am"
    _try(repo, "am", "--abort")
    repo.git("bisect", "start")
    assert _seen(repo.path).operation == "bisect"
    repo.git("bisect", "reset")
    assert _seen(repo.path) == Uncommitted()


def test_in_a_linked_worktree_its_own_state_counts(repo: GitRepo, tmp_path: Path) -> None:
    _apart(repo)
    repo.git("worktree", "add", "-q", "-b", "third", str(tmp_path / "linked"))
    linked = GitRepo(tmp_path / "linked")
    _try(linked, "merge", "other")
    assert _seen(linked.path).operation == "merge"
    assert _seen(repo.path) == Uncommitted()


def _none(path: Path) -> None:
    pass


def _committed(path: Path) -> None:
    GitRepo(path).commit("inside", {"b": "2"})


def _changed(path: Path) -> None:
    GitRepo(path).write({"b": "2"})


def _untracked(path: Path) -> None:
    GitRepo(path).write({"new": "2"})


@pytest.mark.parametrize(
    ("change", "expected"), [(_none, ()), (_committed, ("sub",)), (_changed, ("sub",)), (_untracked, ())]
)
def test_a_submodule_is_as_committed_or_not(
    change: Callable[[Path], None], expected: tuple[str, ...], repo: GitRepo, tmp_path: Path
) -> None:
    inner = GitRepo.init(tmp_path / "inner")
    inner.commit("base", {"b": "1"})
    repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.path), "sub")
    repo.commit("base", {})
    change(repo.path / "sub")
    assert _seen(repo.path) == Uncommitted(submodules=expected)


def test_a_bare_repository_has_no_working_tree(tmp_path: Path) -> None:
    repo = GitRepo.init(tmp_path / "bare", "--bare")
    with pytest.raises(UsageError, match="no working tree"):
        _seen(repo.path)
