"""What a release cannot land on: each is said with its remedy, and nothing is touched."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from gitrepo import EPOCH, GitRepo, isolated, repo
from landings import FILES, prepared, ready, seen, settled

from dvc_changelog.errors import GitError
from dvc_changelog.history import Git
from dvc_changelog.history.landing import Landing, draft, land, prepare

__all__ = ["isolated", "repo"]

posix = pytest.mark.skipif(sys.platform == "win32", reason="links, modes and hooks that are unknown there")


_DIRTY = "CHANGELOG.md has changes that are not committed\nCommit or stash them and run this again."
_DETACHED = (
    "HEAD is detached: it is on no branch that could get the release's commit\n"
    "Check out the branch to release from: `git switch BRANCH`."
)
_EXISTS = (
    "Tag v1 exists already, and is not moved\n"
    "Release another version, or delete it with `git tag -d v1` if it was never published."
)
_LOCKED = (
    "Another git is at work here: {root}/.git/index.lock exists\n"
    "Wait for it to end. If none is running, one crashed: delete the file."
)


def _merging(repo: GitRepo) -> None:
    repo.git("switch", "--quiet", "-c", "side", "HEAD~")
    repo.commit("Side", {"code.py": "side"})
    repo.git("switch", "--quiet", "main")
    subprocess.run(["git", "merge", "side"], cwd=repo.path, capture_output=True, check=False)


def _picking(repo: GitRepo) -> None:
    _merging(repo)
    repo.git("merge", "--abort")
    subprocess.run(["git", "cherry-pick", "side"], cwd=repo.path, capture_output=True, check=False)


def _bisecting(repo: GitRepo) -> None:
    repo.git("bisect", "start")


def _rebasing(repo: GitRepo) -> None:
    (repo.path / ".git/rebase-merge").mkdir()


def _detached(repo: GitRepo) -> None:
    repo.git("switch", "--quiet", "--detach")


def _unborn(repo: GitRepo) -> None:
    repo.git("switch", "--quiet", "--orphan", "fresh")


def _tagged(repo: GitRepo) -> None:
    repo.tag("v1", "HEAD~")


def _locked(repo: GitRepo) -> None:
    (repo.path / ".git/index.lock").write_bytes(b"")


def _changed(repo: GitRepo) -> None:
    repo.write({"CHANGELOG.md": "changed"})


def _staged(repo: GitRepo) -> None:
    repo.write({"CHANGELOG.md": "changed"})
    repo.git("add", "--all")
    repo.write({"CHANGELOG.md": "# Changelog\n"})


@posix
@pytest.mark.parametrize(
    ("arrange", "said"),
    [
        (_merging, "A merge is in progress\nFinish it, or end it with `git merge --abort`."),
        (_picking, "A cherry-pick is in progress\nFinish it, or end it with `git cherry-pick --abort`."),
        (_bisecting, "A bisection is in progress\nFinish it, or end it with `git bisect reset`."),
        (_rebasing, "A rebase is in progress\nFinish it, or end it with `git rebase --abort`."),
        (_detached, _DETACHED),
        (_unborn, "Branch fresh has no commit yet\nCommit something before you release it."),
        (_tagged, _EXISTS),
        (_locked, _LOCKED),
        (_changed, _DIRTY),
        (_staged, _DIRTY),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_where_a_release_cannot_land(repo: GitRepo, arrange: Callable[[GitRepo], None], said: str) -> None:
    repo.commit()
    arrange(ready(repo))
    before = seen(repo)
    with pytest.raises(GitError) as error:
        prepared(repo)
    assert said.format(root=repo.path) == str(error.value)
    assert before == seen(repo)


def _ignored(repo: GitRepo) -> None:
    repo.commit("Ignore", {".gitignore": "*.log\nbuild/\n"})


def _linked_out(repo: GitRepo) -> None:
    (repo.path / "out").symlink_to(repo.path.parent)
    repo.commit("Link", {})


def _nested(repo: GitRepo) -> None:
    GitRepo.init(repo.path / "nested")


def _submodule(repo: GitRepo) -> None:
    commit = repo.git("rev-parse", "HEAD")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{commit},sub")
    repo.record("Submodule")


def _sparse(repo: GitRepo) -> None:
    repo.commit("Directories", {"in/a": "1", "out/b": "2"})
    repo.git("sparse-checkout", "set", "--cone", "in")


def _read_only(repo: GitRepo) -> None:
    (repo.path / "code.py").chmod(0o444)


def _nothing(repo: GitRepo) -> None:
    pass


@posix
@pytest.mark.parametrize(
    ("arrange", "path", "said"),
    [
        (_ignored, "a.log", "a.log is ignored by Git, so it cannot be part of the release's commit"),
        (_ignored, "build/a", "build/a is ignored by Git, so it cannot be part of the release's commit"),
        (_nothing, "../a", "../a lies outside of the repository"),
        (_linked_out, "out/a", "out/a lies outside of the repository"),
        (_nothing, ".git/config", ".git/config lies in Git's own directory"),
        (_nothing, ".", ". lies outside of the repository"),
        (_nested, "nested/a", "nested/a lies in another repository, nested"),
        (_submodule, "sub/a", "sub/a lies in the submodule sub"),
        (_submodule, "sub", "sub lies in the submodule sub"),
        (_sparse, "out/b", "out/b lies outside of this sparse checkout"),
        (_sparse, "in", "in is no file"),
        (_read_only, "code.py", "code.py is read-only"),
        (_nothing, "code.py/a", "code.py/a cannot be written: code.py is no directory"),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else value,
)
def test_files_that_cannot_be_released(
    repo: GitRepo, arrange: Callable[[GitRepo], None], path: str, said: str
) -> None:
    arrange(ready(repo))
    before = seen(repo)
    with pytest.raises(GitError) as error:
        prepared(repo, {path: b"new"})
    assert said == error.value.what
    assert error.value.remedy
    with pytest.raises(GitError):
        draft(Git(repo.path), repo.git("rev-parse", "HEAD"), {path: b"new"}, "m", EPOCH)
    assert before == seen(repo)


def test_one_file_by_two_names(repo: GitRepo) -> None:
    ready(repo)
    (repo.path / "HISTORY.md").symlink_to("CHANGELOG.md")
    repo.commit("Link", {})
    with pytest.raises(GitError, match=r"CHANGELOG\.md and another file are one|HISTORY\.md and another"):
        prepared(repo, {"CHANGELOG.md": b"1", "HISTORY.md": b"2"})


@pytest.mark.parametrize("name", ["v 1", "v1..2", "-v1", "v1.lock", ""])
def test_names_that_no_tag_can_have(repo: GitRepo, name: str) -> None:
    with pytest.raises(GitError, match="Not a name that a tag can have"):
        prepared(ready(repo), tag=name)


def test_a_bare_repository(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="A bare repository has no working tree"):
        prepared(GitRepo.init(tmp_path / "bare.git", "--bare"))


def test_a_branch_that_moved_since_it_was_read(repo: GitRepo) -> None:
    parent = ready(repo).git("rev-parse", "HEAD")
    repo.commit()
    with pytest.raises(GitError, match="main moved while the release was being prepared"):
        prepare(
            Git(repo.path),
            files=FILES,
            message="m",
            tag="v1",
            tag_message="t",
            timestamp=EPOCH,
            parent=parent,
        )


def test_no_identity(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(repo).git("config", "user.useConfigOnly", "true")
    for name in [name for name in os.environ if name.startswith(("GIT_AUTHOR_", "GIT_COMMITTER_"))]:
        monkeypatch.delenv(name)
    with pytest.raises(GitError, match="Git does not know who makes the commit\nTell it: "):
        prepared(repo)


def _commit(repo: GitRepo) -> None:
    repo.commit("Meanwhile", {"code.py": "more"})


def _commit_elsewhere(repo: GitRepo) -> None:
    tree = repo.git("rev-parse", "HEAD^{tree}")
    repo.git("update-ref", "refs/heads/main", repo.git("commit-tree", "-p", "HEAD", "-m", "Meanwhile", tree))


def _tag(repo: GitRepo) -> None:
    repo.tag("v1")


def _tag_above(repo: GitRepo) -> None:
    repo.tag("v1/rc")


def _switch(repo: GitRepo) -> None:
    repo.git("switch", "--quiet", "-c", "side")


def _edit(repo: GitRepo) -> None:
    repo.write({"CHANGELOG.md": "mine\n"})


def _add(repo: GitRepo) -> None:
    repo.write({"docs/in a new place/ä.md": "mine\n"})


def _hold_index(repo: GitRepo) -> None:
    (repo.path / ".git/index.lock").write_bytes(b"")


def _hold_branch(repo: GitRepo) -> None:
    (repo.path / ".git/refs/heads/main.lock").write_bytes(b"")


def _hook(repo: GitRepo) -> None:
    hook = repo.path / ".git/hooks/reference-transaction"
    hook.parent.mkdir()
    hook.write_text('#!/bin/sh\n[ "$1" = prepared ] || exit 0\necho "no releases on Fridays" >&2\nexit 1\n')
    hook.chmod(0o755)


_MEANWHILE: Mapping[Callable[[GitRepo], None], str] = {
    _commit: "The branch moved meanwhile",
    _commit_elsewhere: "The branch moved meanwhile",
    _tag: "The tag was made meanwhile. It is not moved",
    _tag_above: "Git refused to move main and make tag v1",
    _switch: "Another branch was checked out meanwhile",
    _edit: "CHANGELOG.md has changes that are not committed",
    _add: "docs/in a new place/ä.md was changed while the release was being prepared",
    _hold_index: "Another git is at work here: ",
    _hold_branch: "Another git runs here, or one crashed",
    _hook: "no releases on Fridays",
}


@posix
@pytest.mark.parametrize("arrange", _MEANWHILE, ids=lambda arrange: arrange.__name__.strip("_"))
def test_what_came_while_it_was_prepared(repo: GitRepo, arrange: Callable[[GitRepo], None]) -> None:
    landing = prepared(ready(repo))
    arrange(repo)
    before = seen(repo)
    with pytest.raises(GitError) as error:
        land(Git(repo.path), landing)
    assert _MEANWHILE[arrange] in str(error.value)
    assert error.value.remedy
    assert before == seen(repo)
    assert [path.name for path in (repo.path / ".git/dvc-changelog").iterdir()] == ["lock"]


def test_of_two_releases_at_once_one_lands(repo: GitRepo) -> None:
    ready(repo)
    landings = [prepared(repo, {"CHANGELOG.md": tag.encode()}, tag) for tag in ("v1", "v2")]
    said: list[str] = []

    def run(landing: Landing) -> None:
        try:
            land(Git(repo.path), landing)
        except GitError as error:
            said.append(str(error))

    threads = [threading.Thread(target=run, args=[landing]) for landing in landings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 1
    tag = repo.git("tag")
    assert tag in {"v1", "v2"}
    assert repo.git("show", "HEAD:CHANGELOG.md") == tag
    assert settled(repo).status == ""


@posix
def test_a_directory_that_cannot_be_written_to(repo: GitRepo) -> None:
    """The second file cannot be put: the first is taken back."""
    ready(repo).commit("More", {"held/file": "old"})
    landing = prepared(repo, {"CHANGELOG.md": b"new", "held/file": b"new"})
    (repo.path / "held").chmod(0o555)
    if os.access(repo.path / "held", os.W_OK):
        pytest.skip("for this user everything can be written")
    before = seen(repo)
    try:
        with pytest.raises(GitError, match="held/file: cannot be written: Permission denied"):
            land(Git(repo.path), landing)
        assert before == settled(repo)
    finally:
        (repo.path / "held").chmod(0o755)


@posix
def test_a_directory_in_the_place_of_a_file(repo: GitRepo) -> None:
    """The last file cannot be put: those before it are taken back, with the directories that were made."""
    files = {"new/place/a.md": b"new", "CHANGELOG.md": b"new", "last": b"new"}
    landing = prepared(ready(repo), files)
    (repo.path / "last").mkdir()
    (repo.path / "last/file").touch()
    before = seen(repo)
    with pytest.raises(GitError, match="last"):
        land(Git(repo.path), landing)
    assert before == seen(repo)
    assert not (repo.path / "new").exists()
