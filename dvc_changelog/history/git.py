"""Running Git: opening a repository, asking it questions, reading its objects, and translating its errors.

Nothing here touches the network or runs code of the repository: hooks, external diffs and lazy fetches of a
partial clone are all off. Filters run where the working tree is read, as they do for `git status`: it is the
user's configuration that defines them. What goes out, on demand, is `source` and `landing.push`.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from dvc_changelog.errors import GitError, NotARepositoryError, UnknownRevisionError
from dvc_changelog.history.objects import Objects

MINIMUM = (2, 31)
"""Git 2.31 of March 2021 is the first whose `log` separates the keys and values of trailers."""

_SETTINGS = (
    "core.quotePath=false",
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",  # writing an index of our own would run `post-index-change`
    "core.safecrlf=false",  # else a line end that Git would convert makes hashing fail
    "log.showSignature=false",
    "log.showRoot=true",
    "protocol.allow=never",  # a partial clone must not fetch one blob at a time behind the user's back
)
_COMMAND = ("git", "--no-pager", "--no-replace-objects", *(part for s in _SETTINGS for part in ("-c", s)))
_ENVIRONMENT = {
    "LC_ALL": "C",  # Git's messages are read, so they are asked for in one language
    "LANGUAGE": "C",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
}
_OF_ANOTHER = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
)
"""What a hook of one repository says of it, which is wrong of another one."""

_CHUNK = 1 << 18


def environment(*, here: bool) -> dict[str, str]:
    """The variables that Git runs with; `here`: in the current directory, of which a hook may have told."""
    return {
        **{name: value for name, value in os.environ.items() if here or name not in _OF_ANOTHER},
        **_ENVIRONMENT,
    }


class Git:
    """One repository, read through Git.

    Args:
        path: any directory of the repository, its worktrees or a bare repository.

    `root` is the working tree's top directory; where there is no working tree (`bare`), the Git directory.
    `objects` reads its blobs and trees.

    Raises:
        NotARepositoryError: there is none at or above `path`.
        GitError: Git is missing, too old, or distrusts the directory's owner.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_dir():
            raise NotARepositoryError(str(path))
        self._environment = environment(here=path.resolve() == Path.cwd())
        self.root = path
        self._whole = False
        _check_version(self.run("version"))
        self.root, self.bare = self._places(path)
        self.objects = Objects(_COMMAND, self.root, self._environment)

    @property
    def variables(self) -> Mapping[str, str]:
        """The environment that its commands run with, for programs that go on with the same repository."""
        return self._environment

    def _places(self, path: Path) -> tuple[Path, bool]:
        try:
            told = self.run(
                "rev-parse", "--is-inside-work-tree", "--is-shallow-repository", "--absolute-git-dir"
            )
        except GitError as error:
            if "not a git repository" in error.what:
                raise NotARepositoryError(str(path)) from error
            raise
        inside, cut, rest = told.split("\n", 2)
        self._whole = cut == "false"
        git_dir = Path(rest.removesuffix("\n"))
        if "GIT_DIR" in self._environment:  # it may be relative to `path`, and commands run at the root
            self._environment["GIT_DIR"] = str(git_dir)
        if inside == "true":
            return Path(self.run("rev-parse", "--show-toplevel").removesuffix("\n")), False
        if git_dir.name == ".git":
            return git_dir.parent, False
        return git_dir, True

    @cached_property
    def shallow(self) -> frozenset[str]:
        """The commits at which a shallow clone cuts its history off."""
        if self._whole:
            return frozenset()
        path = self.root / self.run("rev-parse", "--git-path", "shallow").removesuffix("\n")
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
        try:
            return b"".join(self.stream(*args)).decode("utf-8", "replace")
        except GitError:
            if check:
                raise
            return ""

    def stream(self, *args: str) -> Iterator[bytes]:
        """What a Git command prints, piece by piece, while it is at work. See `run`."""
        with tempfile.TemporaryFile() as said:  # not a pipe, which would have to be emptied meanwhile
            try:
                process = subprocess.Popen(
                    (*_COMMAND, *args),
                    cwd=self.root,
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=said,
                    bufsize=0,  # what is there is read, without waiting for a whole chunk
                )
            except FileNotFoundError as error:
                raise GitError(
                    "Git is not installed, or not on PATH", "Install Git and run this again."
                ) from error
            with process:
                assert process.stdout is not None
                try:
                    while piece := process.stdout.read(_CHUNK):
                        yield piece
                except BaseException:  # Ctrl-C, or nobody reads on: Git is not waited for
                    process.kill()
                    raise
            if process.returncode:
                said.seek(0)
                raise self._translated(_subcommand(args), said.read().decode("utf-8", "replace"))

    def feed(self, *args: str, data: bytes = b"", environment: Mapping[str, str] | None = None) -> str:
        """What a Git command prints that reads `data`, file names decoded as Python does it.

        Raises:
            GitError: the command failed; the message is Git's own.
        """
        done = subprocess.run(
            (*_COMMAND, *args),
            cwd=self.root,
            env={**self._environment, **(environment or {})},
            input=data,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise self._translated(_subcommand(args), done.stderr.decode("utf-8", "replace"))
        return done.stdout.decode("utf-8", "surrogateescape")

    def resolve(self, name: str) -> str:
        """The commit id that a name stands for.

        Raises:
            UnknownRevisionError: there is no such commit.
        """
        if name.startswith("-") or not name.strip():
            raise UnknownRevisionError(name)
        found = self.run(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}", check=False
        )
        if commit := found.strip():
            return commit.splitlines()[-1]
        hint = ""
        left, dots, right = name.partition("..")
        if dots:
            hint = f"A range is two revisions here: {left or 'HEAD'} {right.removeprefix('.') or 'HEAD'}."
        elif self.shallow:
            hint = (
                "This is a shallow clone: it may lie beyond the cut. Get the history with "
                "`git fetch --unshallow --tags` (GitHub Actions: `fetch-depth: 0`)."
            )
        raise UnknownRevisionError(name, hint)

    def head(self) -> str:
        """The commit checked out.

        Raises:
            GitError: the branch has no commits yet.
        """
        found = self.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}", check=False).strip()
        if not found:
            raise GitError(
                "There are no commits yet on this branch",
                "Commit something first: `git add -A && git commit`.",
            )
        return found

    def forget(self) -> None:
        """Forget what is known of the clone's cut: history may have come."""
        self._whole = False
        self.__dict__.pop("shallow", None)

    def close(self) -> None:
        """End the process behind this object."""
        self.objects.close()

    def _translated(self, command: str, said: str) -> GitError:
        if "dubious ownership" in said or "safe.directory" in said:
            return GitError(
                "Git does not trust the owner of this directory",
                f"Allow it with `git config --global --add safe.directory {self.root.resolve()}`.",
            )
        lines = said.strip().splitlines()
        remedy = ""
        if command == "log" and self.partial:
            remedy = (
                "This partial clone lacks a part of the history: `git fetch --refetch --no-filter` gets it."
            )
        return GitError(f"git {command} failed: {lines[0] if lines else 'no message'}", remedy)


def _subcommand(args: Sequence[str]) -> str:
    """What Git was asked to do, settings left out."""
    return args[0] if args[0] != "-c" else _subcommand(args[2:])


def _check_version(said: str) -> None:
    found = re.search(r"(\d+)\.(\d+)", said)
    version = (int(found[1]), int(found[2])) if found else (0, 0)
    if version < MINIMUM:
        have = ".".join(map(str, version))
        need = ".".join(map(str, MINIMUM))
        raise GitError(f"Git {have} is too old", f"Install Git {need} or newer.")
