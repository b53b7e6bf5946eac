"""A release is pushed with its branch and tag and nothing else, or the reason is said and how to go on."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from gitrepo import EPOCH, HOUR, GitRepo, isolated, isolation, repo
from landings import prepared, ready

from dvc_changelog.errors import GitError
from dvc_changelog.history import Git
from dvc_changelog.history.landing import land, push, remote_for

__all__ = ["isolated", "repo"]

MAIN = "refs/heads/main"
COMMAND = "git push --atomic origin refs/heads/main:refs/heads/main refs/tags/v1:refs/tags/v1"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where `repo` has a release that `remote.git` has not."""
    place = tmp_path_factory.mktemp("released")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in isolation(tmp_path_factory.getbasetemp()).items():
            patch.setenv(name, value)
        repo = ready(GitRepo.init(place / "repo"))
        GitRepo.init(place / "remote.git", "--bare")
        repo.git("remote", "add", "origin", "../remote.git")
        repo.git("push", "--quiet", "--set-upstream", "origin", "main")
        land(Git(repo.path), prepared(repo))
    return place


@pytest.fixture
def released(built: Path, tmp_path: Path, isolated: None) -> GitRepo:
    """A repository with a release, and with a remote that has not got it."""
    for name in ("repo", "remote.git"):
        shutil.copytree(built / name, tmp_path / name, symlinks=True)
    repo = GitRepo(tmp_path / "repo", EPOCH + HOUR)
    repo.git("remote", "set-url", "origin", str(tmp_path / "remote.git"))
    repo.git("update-index", "-q", "--refresh")
    return repo


def _there(repo: GitRepo, name: str = "remote.git") -> dict[str, str]:
    lines = GitRepo(repo.path.with_name(name)).git("for-each-ref", "--format=%(refname) %(objectname)")
    return dict(line.split() for line in lines.splitlines())


def _hook(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_branch_and_tag_are_pushed_and_nothing_else(released: GitRepo) -> None:
    released.tag("private", message="not to be seen")
    released.git("branch", "side")
    released.git("config", "push.followTags", "true")
    push(Git(released.path), "origin", MAIN, "v1")
    ours = {ref: released.git("rev-parse", ref) for ref in (MAIN, "refs/tags/v1")}
    assert ours == _there(released)
    push(Git(released.path), "origin", MAIN, "v1")


@pytest.mark.parametrize(
    ("setting", "there"),
    [("simple", "trunk"), ("upstream", "trunk"), ("current", "main"), ("nothing", "main")],
)
def test_the_upstream_may_have_another_name(released: GitRepo, setting: str, there: str) -> None:
    released.git("push", "--quiet", "origin", "main~:refs/heads/trunk")
    released.git("branch", "--quiet", "--set-upstream-to=origin/trunk")
    released.git("config", "push.default", setting)
    push(Git(released.path), "origin", MAIN, "v1")
    found = _there(released)
    assert found[f"refs/heads/{there}"] == released.git("rev-parse", "main")
    assert list(found.values()).count(released.git("rev-parse", "main~")) == 1


def test_the_branch_went_on_there(released: GitRepo, tmp_path: Path) -> None:
    other = GitRepo.clone(released.path.with_name("remote.git"), tmp_path / "other")
    other.commit("Theirs")
    other.git("push", "--quiet")
    before = _there(released)
    with pytest.raises(GitError) as error:
        push(Git(released.path), "origin", MAIN, "v1")
    assert str(error.value) == (
        "The release is made, but could not be pushed to origin: [rejected] (fetch first)\n"
        "The branch has moved there. Bring it in with `git pull --no-rebase origin main`, which keeps the "
        f"tag on the released commit, and push it with `{COMMAND}`."
    )
    assert before == _there(released)


def test_the_command_that_is_told_works(released: GitRepo) -> None:
    released.git(*COMMAND.split()[1:])
    assert set(_there(released)) == {MAIN, "refs/tags/v1"}


@pytest.mark.skipif(sys.platform == "win32", reason="hooks are shell scripts here")
def test_the_other_side_refuses(released: GitRepo) -> None:
    _hook(
        released.path.with_name("remote.git") / "hooks/pre-receive",
        "echo 'no releases on Fridays' >&2; exit 1",
    )
    before = _there(released)
    with pytest.raises(GitError) as error:
        push(Git(released.path), "origin", MAIN, "v1")
    assert error.value.what == (
        "The release is made, but could not be pushed to origin: "
        "[remote rejected] (pre-receive hook declined) / remote: no releases on Fridays"
    )
    assert error.value.remedy == f"Put that right, and push it with `{COMMAND}`."
    assert before == _there(released)


@pytest.mark.skipif(sys.platform == "win32", reason="hooks are shell scripts here")
def test_the_hook_that_sends_data_runs(released: GitRepo) -> None:
    _hook(released.path / ".git/hooks/pre-push", "echo 'data cannot be sent' >&2; exit 1")
    before = _there(released)
    with pytest.raises(GitError, match="could not be pushed to origin: data cannot be sent"):
        push(Git(released.path), "origin", MAIN, "v1")
    assert before == _there(released)


def test_the_tag_is_another_one_there(released: GitRepo) -> None:
    released.git("push", "--quiet", "origin", "main~:refs/tags/v1")
    before = _there(released)
    with pytest.raises(GitError, match="already exists"):
        push(Git(released.path), "origin", MAIN, "v1")
    assert before == _there(released)


def test_a_side_that_takes_no_transactions(released: GitRepo) -> None:
    GitRepo(released.path.with_name("remote.git")).git("config", "receive.advertiseAtomic", "false")
    before = _there(released)
    with pytest.raises(GitError) as error:
        push(Git(released.path), "origin", MAIN, "v1")
    assert error.value.remedy == (
        "It takes them only one by one: push it with "
        "`git push origin refs/heads/main:refs/heads/main refs/tags/v1:refs/tags/v1`."
    )
    assert before == _there(released)


def test_no_credentials_are_told(released: GitRepo) -> None:
    url = "https://ada:secret@localhost:1/repo.git"
    for remote in ("origin", url):
        released.git("remote", "set-url", "origin", url)
        with pytest.raises(GitError) as error:
            push(Git(released.path), remote, MAIN, "v1")
        assert "secret" not in str(error.value)
        assert "localhost:1" in str(error.value)


def test_a_remote_that_is_not_there(released: GitRepo) -> None:
    released.git("remote", "set-url", "origin", str(released.path.with_name("gone.git")))
    with pytest.raises(GitError, match=r"does not appear to be a git repository"):
        push(Git(released.path), "origin", MAIN, "v1")


def test_the_remote_is_that_of_the_branch(repo: GitRepo) -> None:
    git = Git(ready(repo).path)
    with pytest.raises(GitError, match="There is no remote to push to"):
        remote_for(git, MAIN)
    repo.git("remote", "add", "one", "one.git")
    assert remote_for(git, MAIN) == "one"
    repo.git("remote", "add", "two", "two.git")
    with pytest.raises(
        GitError, match="several remotes, and none is the one that main is pushed to: one, two"
    ):
        remote_for(git, MAIN)
    repo.git("remote", "add", "origin", "origin.git")
    assert remote_for(git, MAIN) == "origin"
    repo.git("config", "branch.main.remote", ".")
    assert remote_for(git, MAIN) == "origin"
    repo.git("config", "branch.main.remote", "one")
    assert remote_for(git, MAIN) == "one"
    repo.git("config", "remote.pushDefault", "two")
    assert remote_for(git, MAIN) == "two"
    repo.git("config", "branch.main.pushRemote", "one")
    assert remote_for(git, MAIN) == "one"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a shell script stands for ssh")
def test_ssh_asks_nobody_where_no_terminal_is(
    released: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _hook(tmp_path / "bin/ssh", 'echo "$*" >&2; exit 255')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    released.git("remote", "set-url", "origin", "git@example.org:a/b.git")
    with pytest.raises(GitError, match="BatchMode=yes"):
        push(Git(released.path), "origin", MAIN, "v1")
