"""Running Git: opening a repository, asking it questions, reading its objects, and translating its errors.

Nothing here touches the network or runs code of the repository: hooks, filters, external diffs and lazy
fetches of a partial clone are all off.
"""

from __future__ import annotations

import os
import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dvc_changelog.errors import GitError, NotARepositoryError, UnknownRevisionError
from dvc_changelog.history.objects import Objects

if TYPE_CHECKING:
    from git import Repo

MINIMUM = (2, 31)
"""Git 2.31 of March 2021 is the first whose `log` separates the keys and values of trailers."""

_SETTINGS = (
    "core.quotePath=false",
    "core.fsmonitor=false",
    "log.showSignature=false",
    "log.showRoot=true",
    "protocol.allow=never",  # a partial clone must not fetch one blob at a time behind the user's back
)


class Git:
    """One repository, read through Git.

    Args:
        path: any directory of the repository, its worktrees or a bare repository.

    `objects` reads its blobs and trees.

    Raises:
        NotARepositoryError: there is none at or above `path`.
        GitError: Git is missing, too old, or distrusts the directory's owner.
    """

    def __init__(self, path: Path) -> None:
        self._repo = _open(path)
        self._check_version()
        self.objects = Objects(self._command(()), self.root, {**os.environ, **self._repo.git.environment()})

    @property
    def root(self) -> Path:
        """The working tree's top directory; in a bare repository the Git directory."""
        return Path(self._repo.working_tree_dir or self._repo.git_dir)

    @property
    def bare(self) -> bool:
        """Whether there is no working tree."""
        return self._repo.bare

    @cached_property
    def shallow(self) -> frozenset[str]:
        """The commits at which a shallow clone cuts its history off."""
        path = Path(self.run("rev-parse", "--git-path", "shallow").strip())
        path = path if path.is_absolute() else self.root / path
        return frozenset(path.read_text(encoding="ascii").split()) if path.is_file() else frozenset()

    @cached_property
    def partial(self) -> bool:
        """Whether the repository is a partial clone, whose blobs may be elsewhere."""
        return bool(self.run("config", "--get-regexp", r"^remote\..*\.promisor$", check=False).strip())

    def run(self, *args: str, check: bool = True) -> str:
        """What a Git command prints, decoded; with `check` false a failing command gives "".

        Raises:
            GitError: the command failed; the message is Git's own.
        """
        return self.run_bytes(*args, check=check).decode("utf-8", "replace")

    def run_bytes(self, *args: str, check: bool = True) -> bytes:
        """What a Git command prints, as bytes. See `run`."""
        from git.exc import GitCommandError

        try:
            out = self._repo.git.execute(
                self._command(args), strip_newline_in_stdout=False, stdout_as_string=False
            )
        except GitCommandError as error:
            if not check:
                return b""
            raise _translated(error, args) from error
        return out if isinstance(out, bytes) else str(out).encode()

    def resolve(self, name: str) -> str:
        """The commit id that a name stands for.

        Raises:
            UnknownRevisionError: there is no such commit.
        """
        if name.startswith("-") or not name.strip():
            raise UnknownRevisionError(name)
        found = self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}", check=False)
        if commit := found.strip():
            return commit.splitlines()[-1]
        hint = ""
        if self.shallow:
            hint = (
                "This is a shallow clone: it may lie beyond the cut. Get the history with "
                "`git fetch --unshallow --tags` (GitHub Actions: `fetch-depth: 0`)."
            )
        raise UnknownRevisionError(name, hint)

    def close(self) -> None:
        """End the processes behind this object."""
        self.objects.close()
        self._repo.close()

    def _command(self, args: tuple[str, ...]) -> list[str]:
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        return ["git", "--no-pager", "--no-replace-objects", *settings, *args]

    def _check_version(self) -> None:
        version = tuple(self._repo.git.version_info[:2])
        if version < MINIMUM:
            have = ".".join(map(str, version))
            need = ".".join(map(str, MINIMUM))
            raise GitError(f"Git {have} is too old", f"Install Git {need} or newer.")


def _open(path: Path) -> Repo:
    if not path.exists():
        raise NotARepositoryError(str(path))
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")  # a missing git is our error, not an import's
    os.environ["GIT_NO_LAZY_FETCH"] = "1"
    os.environ["GIT_OPTIONAL_LOCKS"] = "0"
    import git
    from git.exc import InvalidGitRepositoryError, NoSuchPathError

    try:
        repo = git.Repo(path, search_parent_directories=True)
        repo.git.update_environment(LC_ALL="C", LANGUAGE="C")
        _ = repo.git.version_info
        repo.git.rev_parse("--git-dir")
    except (InvalidGitRepositoryError, NoSuchPathError) as error:
        raise NotARepositoryError(str(path)) from error
    except git.exc.GitCommandNotFound as error:
        raise GitError("Git is not installed, or not on PATH", "Install Git and run this again.") from error
    except git.exc.GitCommandError as error:
        raise _translated(error, ("rev-parse",)) from error
    return repo


def _translated(error: Exception, args: tuple[str, ...]) -> GitError:
    said = str(getattr(error, "stderr", "") or error).strip().strip("'").strip()
    said = re.sub(r"^stderr: '?", "", said)
    if "dubious ownership" in said or "safe.directory" in said:
        return GitError(
            "Git does not trust the owner of this directory",
            "Allow it with `git config --global --add safe.directory <path>`.",
        )
    return GitError(f"git {args[0]} failed: {said.splitlines()[0] if said else 'no message'}")
