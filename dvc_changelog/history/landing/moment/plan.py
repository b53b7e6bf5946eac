"""What is written down before a release lands: the plan, whose file is the journal. It does not act."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

JOURNAL, LOCK = "release.json", "lock"
INDEX, FRESH = "index", "index.fresh"
"""In the plan's own directory: the staged index, and a refreshed one. The content of file N is `N.after`, and
what it was before `N.before`."""
_COMMAND = (
    *("git", "--no-pager", "--no-replace-objects", "--literal-pathspecs"),
    *("-c", "core.fsmonitor=false", "-c", "protocol.allow=never"),
)
NO_HOOKS = ("-c", f"core.hooksPath={os.devnull}")


class Refused(Exception):  # noqa: N818  # it is an answer that travels to the caller, who makes an error of it
    """What stands in the way, and the remedy; `again`: it may be gone when everything is staged once more."""

    def __init__(self, what: str, remedy: str = "", *, again: bool = False) -> None:
        self.what = what
        self.remedy = remedy
        self.again = again
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class Put:
    """One file: its name in Git, where it lies, and what it and its entry of the index are before and after.

    `before` and `after` are hashes of contents, `entry_…` is "MODE ID"; None where there is none.
    """

    name: str
    target: str
    before: str | None
    after: str
    entry_before: str | None
    entry_after: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A landing with everything that it touches. Directories are absolute; `made` are those it adds."""

    id: str
    root: str
    git_dir: str
    common_dir: str
    index: str
    index_before: str | None
    branch: str
    old: str
    new: str
    tag: str
    tag_id: str
    reason: str
    puts: tuple[Put, ...]
    made: tuple[str, ...]

    @property
    def home(self) -> Path:
        """The directory of journals."""
        return home_of(self.common_dir)

    @property
    def place(self) -> Path:
        """The plan's own directory, where what will be put waits."""
        return self.home / self.id

    @property
    def tag_ref(self) -> str:
        """The tag's full name."""
        return f"refs/tags/{self.tag}"

    @property
    def index_lock(self) -> Path:
        """The file whose presence keeps every other Git from changing the index."""
        return Path(f"{self.index}.lock")

    def environment(self) -> dict[str, str]:
        """The variables that Git runs with: this repository and working tree, wherever it is called from."""
        of_another = {"GIT_COMMON_DIR", "GIT_PREFIX", "GIT_WORK_TREE", "GIT_INDEX_FILE"}
        own = {name: value for name, value in os.environ.items() if name not in of_another}
        if not self.stands:
            return {**own, "GIT_DIR": self.common_dir}
        return {**own, "GIT_DIR": self.git_dir, "GIT_WORK_TREE": self.root, "GIT_INDEX_FILE": self.index}

    @property
    def stands(self) -> bool:
        """Whether the working tree is still there: a linked one may have been removed."""
        return Path(self.root).is_dir() and Path(self.git_dir).is_dir()

    @property
    def top(self) -> str:
        """The directory to run Git in."""
        return self.root if self.stands else self.common_dir

    def command(self, *args: str) -> tuple[str, ...]:
        """A Git command that runs the user's hooks, unless `NO_HOOKS` stands first."""
        return (*_COMMAND, *args)

    def git(self, *args: str, data: bytes = b"", index: str = "") -> tuple[int, str]:
        """The exit code of a Git command that runs no hook, and its output. `index`: another one."""
        done = subprocess.run(
            self.command(*NO_HOOKS, *args),
            cwd=self.top,
            env={**self.environment(), **({"GIT_INDEX_FILE": index} if index else {})},
            input=data,
            capture_output=True,
            check=False,
        )
        return done.returncode, done.stdout.decode("utf-8", "surrogateescape")

    def dump(self) -> None:
        """Write the plan down, at once and for good."""
        path = self.home / JOURNAL
        temporary = self.place / JOURNAL
        with temporary.open("w", encoding="ascii") as file:
            json.dump(_exchanged(asdict(self), lambda path: _from(path, self.common_dir)), file)
            settle_file(file)
        temporary.replace(path)
        settle_directory(self.home)


def home_of(common_dir: str) -> Path:
    """The directory of journals of a repository."""
    return Path(common_dir, "dvc-changelog")


def load(common_dir: str) -> Plan | None:
    """The plan that is written down, if one is.

    Raises Refused if there is one that this version cannot read.
    """
    path = home_of(common_dir) / JOURNAL
    try:
        written = json.loads(path.read_bytes())
        told = _exchanged(written, lambda part: os.path.normpath(Path(common_dir, part)))
        puts = tuple(Put(**put) for put in told.pop("puts"))
        return Plan(puts=puts, made=tuple(told.pop("made")), **told)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Refused(
            f"{path}: cannot be read, so a release that was interrupted cannot be finished",
            "Use the version of dvc-changelog that wrote it; or bring files and branch in order by hand and "
            "delete this file.",
        ) from error


def _exchanged(told: dict[str, Any], write: Callable[[str], str]) -> dict[str, Any]:
    """What is told with its paths written otherwise: by then the repository may be at another place."""
    paths = {name: write(told[name]) for name in ("root", "git_dir", "common_dir", "index")}
    puts = [{**put, "target": write(put["target"])} for put in told["puts"]]
    return {**told, **paths, "puts": puts, "made": [write(path) for path in told["made"]]}


def _from(path: str, place: str) -> str:
    try:
        return os.path.relpath(path, place)
    except ValueError:  # they are on two drives
        return path


def digest(path: Path | str) -> str | None:
    """A hash of a file's content; None if there is nothing, "" if it is a directory."""
    try:
        return digest_of(Path(path).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        if Path(path).is_dir():
            return ""
        raise


def digest_of(data: bytes) -> str:
    """A hash of a content."""
    return hashlib.sha256(data).hexdigest()


def settle_file(file: IO[Any]) -> None:
    """See that what was written is on the disk."""
    file.flush()
    os.fsync(file.fileno())


def settle_directory(path: Path | str) -> None:
    """See that names are on the disk, where a system can be told so."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):  # some file systems refuse it: then it is as for any program there
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def acquire(home: Path, seconds: float) -> int:
    """Hold the lock on what is written down: the descriptor, to be closed when done.

    A process that is given the descriptor holds it too, so that it is free when all are gone.

    Raises Refused if another holds it for longer than `seconds`; OSError if there can be no lock.
    """
    home.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(home / LOCK, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
    until = time.monotonic() + seconds
    while not _taken(descriptor):
        if time.monotonic() > until:
            os.close(descriptor)
            raise Refused(
                "Another release is at work in this repository",
                f"Wait for it to end; it, or a hook that it started, holds {home / LOCK}.",
            )
        time.sleep(0.02)
    return descriptor


def _taken(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def told(words: Sequence[str]) -> str:
    """Lines of Git and of hooks as one."""
    return " / ".join(line.strip() for line in words[-6:] if line.strip())
