"""What a release cannot land on: where HEAD is, what Git is in the middle of, paths that no commit can hold.

Reads only. What can change until the release lands is looked at once more then, under Git's locks.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from dvc_changelog.errors import GitError
from dvc_changelog.history.git import Git

LITERAL = {"GIT_LITERAL_PATHSPECS": "1"}
"""A file is named, not a pattern, whatever its name begins with."""

_UNDER_WAY = {
    "MERGE_HEAD": ("A merge", "git merge"),
    "CHERRY_PICK_HEAD": ("A cherry-pick", "git cherry-pick"),
    "REVERT_HEAD": ("A revert", "git revert"),
    "rebase-merge": ("A rebase", "git rebase"),
    "rebase-apply": ("A rebase", "git rebase"),
    "BISECT_LOG": ("A bisection", "git bisect"),
    "sequencer": ("A cherry-pick or revert", "git cherry-pick"),
}
_SUBMODULE, _TREE = "160000", "040000"


def standing(git: Git) -> tuple[str, str]:
    """The full name of the branch that HEAD stands for, and the commit it is at.

    Raises:
        GitError: there is no working tree, no branch or no commit, or Git is in the middle of something.
    """
    if git.bare:
        raise GitError("A bare repository has no working tree to release from", "Run this in a clone of it.")
    branch = git.run("symbolic-ref", "--quiet", "HEAD", check=False).strip()
    if not branch.startswith("refs/heads/"):
        raise GitError(
            "HEAD is detached: it is on no branch that could get the release's commit",
            "Check out the branch to release from: `git switch BRANCH`.",
        )
    parent = git.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}", check=False).strip()
    if not parent:
        raise GitError(
            f"Branch {branch.removeprefix('refs/heads/')} has no commit yet",
            "Commit something before you release it.",
        )
    _see_that_nothing_is_under_way(git)
    return branch, parent


def tag_is_free(git: Git, tag: str) -> None:
    """Raises GitError if the tag exists, or if there can be no tag of this name."""
    ref = f"refs/tags/{tag}"
    try:
        git.run("check-ref-format", ref if not tag.startswith("-") else "")
    except GitError as error:
        raise GitError(f"Not a name that a tag can have: {tag}", "Change the tag format.") from error
    if git.run("rev-parse", "--verify", "--quiet", "--end-of-options", ref, check=False):
        raise GitError(
            f"Tag {tag} exists already, and is not moved",
            f"Release another version, or delete it with `git tag -d {tag}` if it was never published.",
        )


def placed(git: Git, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files by the path at which they really lie: what a symbolic link leads to is what is written.

    Raises:
        GitError: a path lies outside of the working tree, in another repository or in Git's own directory,
            is no file, is read-only, or is ignored by Git; it is named.
    """
    root = Path(os.path.realpath(git.root))
    found: dict[str, bytes] = {}
    for path, content in files.items():
        target = Path(os.path.realpath(root / path))
        if root not in target.parents:
            raise GitError(f"{path} lies outside of the repository", "Name a file in the working tree.")
        name = target.relative_to(root).as_posix()
        _see_that_it_can_be_written(path, root, target)
        _see_that_git_takes_it(git, path, name)
        if found.setdefault(name, content) != content:
            raise GitError(f"{path} and another file are one: {name}", "Name it once.")
    return found


def unchanged(git: Git, names: Mapping[str, object]) -> None:
    """See that these files are as they are committed, in the index and on the disk; untracked ones may be.

    Raises:
        GitError: one has changes.
    """
    if not names:
        return
    options = ("--porcelain", "-z", "--untracked-files=no", "--ignore-submodules=all", "--no-renames")
    said = git.feed("status", *options, "--", *names, environment=LITERAL)
    if changed := [entry[3:] for entry in said.split("\0") if entry]:
        raise GitError(
            f"{changed[0]} has changes that are not committed", "Commit or stash them and run this again."
        )


def _see_that_nothing_is_under_way(git: Git) -> None:
    asked = [part for name in (*_UNDER_WAY, "index") for part in ("--git-path", name)]
    *places, index = git.run("rev-parse", *asked).splitlines()
    for (doing, command), place in zip(_UNDER_WAY.values(), places, strict=True):
        if (git.root / place).exists():
            remedy = "git bisect reset" if command == "git bisect" else f"{command} --abort"
            raise GitError(f"{doing} is in progress", f"Finish it, or end it with `{remedy}`.")
    lock = Path(os.path.realpath(git.root / index) + ".lock")
    if lock.exists():
        raise GitError(
            f"Another git is at work here: {lock} exists",
            "Wait for it to end. If none is running, one crashed: delete the file.",
        )


def _see_that_it_can_be_written(path: str, root: Path, target: Path) -> None:
    inside = [target, *target.parents]
    inside = inside[: inside.index(root)]
    if any(part.name.lower() == ".git" for part in inside):
        raise GitError(f"{path} lies in Git's own directory", "Name a file in the working tree.")
    for parent in inside[1:]:
        if os.path.lexists(parent / ".git"):
            raise GitError(f"{path} lies in another repository, {parent.name}", "Name a file of this one.")
        if parent.exists() and not parent.is_dir():
            raise GitError(f"{path} cannot be written: {parent.name} is no directory", "Name another file.")
    if target.exists() and not target.is_file():
        raise GitError(f"{path} is no file", "Name a file.")
    if target.exists() and not target.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise GitError(f"{path} is read-only", "Make it writable, or name another file.")


def _see_that_git_takes_it(git: Git, path: str, name: str) -> None:
    parts = name.split("/")
    for depth in range(1, len(parts) + 1):
        entry = git.feed("ls-tree", "-z", "HEAD", "--", "/".join(parts[:depth]), environment=LITERAL)
        if entry.startswith(_SUBMODULE):
            raise GitError(
                f"{path} lies in the submodule {'/'.join(parts[:depth])}", "Name a file of this one."
            )
        if depth == len(parts) and entry.startswith(_TREE):
            raise GitError(f"{path} is no file but a directory in HEAD", "Name a file.")
    if git.run("check-ignore", "--", f"./{name}", check=False):
        raise GitError(
            f"{path} is ignored by Git, so it cannot be part of the release's commit",
            "Name another file, or take the line that ignores it out of .gitignore.",
        )
    listed = git.feed("ls-files", "-v", "-z", "--", name, environment=LITERAL)
    if listed.upper().startswith("S") and not (git.root / name).exists():
        raise GitError(
            f"{path} lies outside of this sparse checkout",
            f"Check it out with `git sparse-checkout add {parts[0]}`.",
        )
