"""The working tree as a tree of Git, whatever lies in it; nothing runs, and nothing is written."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from gitrepo import GitRepo, isolated, repo

from dvc_changelog.history import History
from dvc_changelog.history.objects import MissingObjectError, Objects

__all__ = ["isolated", "repo"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="names and links that are unknown there")


def _files(objects: Objects, tree: str, below: str = "") -> dict[str, str]:
    """The files of a tree with their text, links with where they lead to."""
    found: dict[str, str] = {}
    for entry in objects.tree(tree):
        path = f"{below}{entry.name}"
        if entry.is_tree:
            found |= _files(objects, entry.oid, f"{path}/")
        else:
            found[path] = ("-> " if entry.is_link else "") + objects.read(entry.oid).decode()
    return found


def _seen(repo: GitRepo) -> dict[str, str]:
    history = History(repo.path)
    with history.workspace(0) as revision:
        return _files(history.git.objects, revision.tree_id)


def _add(names: str) -> Callable[[GitRepo], None]:
    return lambda repo: repo.write({names: "new"})


def _file_to_directory(repo: GitRepo) -> None:
    (repo.path / "a").unlink()
    repo.write({"a/b": "new"})


def _file_to_empty_directory(repo: GitRepo) -> None:
    (repo.path / "a").unlink()
    (repo.path / "a").mkdir()


def _directory_to_file(repo: GitRepo) -> None:
    (repo.path / "d/x").unlink()
    (repo.path / "d").rmdir()
    repo.write({"d": "new"})


def _file_to_link(repo: GitRepo) -> None:
    repo.write({"elsewhere": "new"})
    (repo.path / "a").unlink()
    (repo.path / "a").symlink_to("elsewhere")


def _file_to_broken_link(repo: GitRepo) -> None:
    (repo.path / "a").unlink()
    (repo.path / "a").symlink_to("nowhere")


def _link_to_file(repo: GitRepo) -> None:
    (repo.path / "l").unlink()
    repo.write({"l": "new"})


def _file_to_pipe(repo: GitRepo) -> None:
    (repo.path / "a").unlink()
    os.mkfifo(repo.path / "a")


def _staged_and_gone_from_a_sparse_checkout(repo: GitRepo) -> None:
    repo.write({"d/x": "new"})
    repo.git("add", "d/x")
    repo.git("update-index", "--skip-worktree", "d/x")
    (repo.path / "d/x").unlink()


def _hidden(how: str) -> Callable[[GitRepo], None]:
    def edit(repo: GitRepo) -> None:
        repo.git("update-index", f"--{how}", "a")
        repo.write({"a": "new"})

    return edit


def _intended(repo: GitRepo) -> None:
    repo.write({"n": "new"})
    repo.git("add", "--intent-to-add", "n")


def _unmerged(repo: GitRepo) -> None:
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("theirs", {"a": "theirs"})
    repo.git("checkout", "-q", "main")
    repo.commit("ours", {"a": "ours"})
    with pytest.raises(AssertionError):
        repo.git("merge", "side")
    repo.write({"a": "being merged"})


BEGIN = {"a": "old", "d/x": "old", "l": "-> a"}
EDITS: dict[str, tuple[Callable[[GitRepo], None], dict[str, str | None]]] = {
    "a quote": (_add('"a'), {'"a': "new"}),
    "quotes and backslashes": (_add('a\\"b'), {'a\\"b': "new"}),
    "line ends in a name": (_add("n\ne\r"), {"n\ne\r": "new"}),
    "a directory for a file": (_file_to_directory, {"a": None, "a/b": "new"}),
    "an empty directory for a file": (_file_to_empty_directory, {"a": None}),
    "a file for a directory": (_directory_to_file, {"d/x": None, "d": "new"}),
    "a link for a file, read as DVC reads it": (_file_to_link, {"a": "new", "elsewhere": "new"}),
    "a link to nothing": (_file_to_broken_link, {"a": None}),
    "a file for a link": (_link_to_file, {"l": "new"}),
    "a pipe": (_file_to_pipe, {"a": None}),
    "sparse checkout": (_staged_and_gone_from_a_sparse_checkout, {"d/x": "new"}),
    "assume-unchanged": (_hidden("assume-unchanged"), {"a": "new"}),
    "skip-worktree": (_hidden("skip-worktree"), {"a": "new"}),
    "intent-to-add": (_intended, {"n": "new"}),
    "a merge under way": (_unmerged, {"a": "being merged"}),
}


@pytest.mark.parametrize("name", EDITS)
def test_the_tree_has_what_lies_there(name: str, repo: GitRepo) -> None:
    (repo.path / "l").symlink_to("a")
    repo.commit("Begin", {"a": "old", "d/x": "old"})
    edit, differing = EDITS[name]
    edit(repo)
    expected = {path: text for path, text in (BEGIN | differing).items() if text is not None}
    assert _seen(repo) == expected


@pytest.mark.parametrize("name", ["a:b", 'with "quotes"', "back\\slash"])
def test_a_repository_lies_wherever_it_likes(name: str, tmp_path: Path) -> None:
    repo = GitRepo.init(tmp_path / name)
    repo.commit("Begin", {"a": "old"})
    repo.write({"b": "new"})
    assert _seen(repo) == {"a": "old", "b": "new"}


@pytest.mark.parametrize("name", ["linked", "sha256"])
def test_other_kinds_of_repositories_have_one_too(name: str, repo: GitRepo, tmp_path: Path) -> None:
    if name == "sha256":
        repo = GitRepo.init(tmp_path / "sha256", "--object-format=sha256")
    repo.commit("Begin", {"a": "old", "b": "old"})
    if name == "linked":
        repo.git("worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
        repo = GitRepo(tmp_path / "linked")
    (repo.path / "a").unlink()
    repo.write({"b": "new"})
    assert _seen(repo) == {"b": "new"}


def test_a_partial_clone_needs_no_blob_that_it_lacks(repo: GitRepo, tmp_path: Path) -> None:
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.commit("Begin", {"a": "old", "d/x": "old", "d/y": "old too"})
    clone = GitRepo.clone(repo.path, tmp_path / "clone", "--filter=blob:none", "--sparse")
    clone.write({"a": "new", "d/z": "new"})
    history = History(clone.path)
    with history.workspace(0) as revision:
        top = {entry.name: entry.oid for entry in history.git.objects.tree(revision.tree_id)}
        below = {entry.name for entry in history.git.objects.tree(top["d"])}
    assert below == {"x", "y", "z"}


@pytest.mark.parametrize("setting", ["core.autocrlf=true", "core.autocrlf=input", "core.safecrlf=true"])
def test_line_ends_are_those_that_git_would_commit(setting: str, repo: GitRepo) -> None:
    repo.commit("Begin", {"a": "1\n2\n", ".gitattributes": "a text\n"})
    key, _, value = setting.partition("=")
    repo.git("config", key, value)
    repo.write({"a": "1\r\n3\r\n"})
    assert _seen(repo)["a"] == "1\n3\n"


def test_no_hook_runs(repo: GitRepo) -> None:
    """`core.hooksPath` may lie in the repository, as that of husky does."""
    repo.commit("Begin", {"hooks/post-index-change": "#!/bin/sh\ntouch ran\n"})
    (repo.path / "hooks/post-index-change").chmod(0o755)
    repo.git("config", "core.hooksPath", "hooks")
    repo.write({"a": "new"})
    (repo.path / "ran").unlink(missing_ok=True)
    assert "a" in _seen(repo)
    assert not (repo.path / "ran").exists()


def test_an_untracked_file_that_changes_meanwhile_is_not_read_as_another(repo: GitRepo) -> None:
    repo.commit("Begin", {"a": "old"})
    repo.write({"b": "new"})
    history = History(repo.path)
    with history.workspace(0) as revision:
        oid = next(e.oid for e in history.git.objects.tree(revision.tree_id) if e.name == "b")
        repo.write({"b": "newer"})
        with pytest.raises(MissingObjectError):
            history.git.objects.read(oid)
