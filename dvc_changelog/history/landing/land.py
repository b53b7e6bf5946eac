"""Landing and recovering, seen from the tool: a plan is written down, and the moment is started and heard."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from dvc_changelog.dataclass import dataclass
from dvc_changelog.errors import GitError
from dvc_changelog.history.git import Git
from dvc_changelog.history.landing.moment.act import COMPLETED, GONE, LANDED
from dvc_changelog.history.landing.moment.plan import JOURNAL, Plan, Refused, acquire, home_of, load
from dvc_changelog.history.landing.stage import clear, stage
from dvc_changelog.history.landing.value import Ending, Landing, Recovered

_PROGRAM = "import sys; sys.path.append(sys.argv.pop(1)); from moment.act import main; main(sys.argv[1:])"
_ATTEMPTS = 3
"""An editor that watches the repository refreshes the index now and then: it is staged once more."""
_PAUSE = 0.2
_WAIT = 60.0
"""Seconds that another landing is waited for: it takes a few hundredths of one, and hooks a little longer."""
_LAST_WAIT = 10.0
"""Seconds from a second Ctrl-C until a moment that hangs in a hook is left to itself."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the moment said; `outcome` is empty where it refused, and None where it died without a word."""

    outcome: str | None
    what: str = ""
    remedy: str = ""
    again: bool = False


def land(git: Git, landing: Landing) -> None:
    """Move the branch, make the tag, and bring files and index to it: all of it, or nothing.

    From the moment it begins a process of its own does it, which a kill of this one or of its group does not
    reach; it takes hundredths of a second. If that one is killed as well, or the power fails, `recover` ends
    it. The user's `reference-transaction` hook runs and can refuse; no other hook does.

    Raises:
        GitError: something stands in the way, and all is as before: the branch moved, the tag was made, a
            file or the index changed, another Git is at work, a file cannot be written, a hook refused.
        KeyboardInterrupt: it was pressed meanwhile; what had begun was brought to its end first.
    """
    for left in reversed(range(_ATTEMPTS)):
        answer = _attempt(git, landing)
        if answer.outcome in {LANDED, COMPLETED}:
            return
        if not left or not answer.again:
            raise _error(answer)
        time.sleep(_PAUSE)


def recover(git: Git) -> Recovered | None:
    """End what an earlier run left, from this or any other working tree of the repository: None if nothing.

    A landing that is still at work is waited for. What a person changed since is not touched.

    Raises:
        GitError: it cannot be ended now, for the reason told.
    """
    common = _common(git)
    if not (home_of(common) / JOURNAL).exists():
        return None
    with _told(), _Hold(common) as hold:
        plan = load(common)
        if plan is None:
            return None
        answer = _run(git, "settle", plan, hold)
    if answer.outcome == GONE:
        return None
    if not answer.outcome:
        raise _error(answer)
    return Recovered(Ending(answer.outcome), plan.tag, plan.branch, plan.new)


class _Hold:
    """The lock on what is written down, held until the context ends and every process given it has ended."""

    def __init__(self, common: str) -> None:
        self._descriptor: int | None = acquire(home_of(common), _WAIT)

    def handed(self) -> tuple[int, ...]:
        """The descriptor for a child. Where none can be handed down the lock is let go, and the child's."""
        if sys.platform == "win32":
            self.__exit__()
        return () if self._descriptor is None else (self._descriptor,)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _attempt(git: Git, landing: Landing) -> _Answer:
    common = _common(git)
    with _told(), _Hold(common) as hold:
        if load(common) is not None:
            raise GitError(
                "An earlier release was cut off and is not ended yet",
                "Run `dvc-changelog release` again: it begins with that.",
            )
        clear(home_of(common))
        plan = stage(git, landing, common)
        plan.dump()
        answer = _run(git, "land", plan, hold)
    if answer.outcome is not None:
        return answer
    # The lock is let go and asked for anew: a Git that outlived the moment holds it, and is waited for so.
    recovered = recover(git)
    if recovered is not None and recovered.ending == Ending.TAKEN_BACK:
        return _Answer("", "Landing the release was cut off, and taken back", "Run this again.")
    return _Answer(GONE if recovered is None else recovered.ending)


def _run(git: Git, verb: str, plan: Plan, hold: _Hold) -> _Answer:
    handed = hold.handed()
    here = str(Path(__file__).parent)
    process = subprocess.Popen(
        (sys.executable, "-I", "-S", "-c", _PROGRAM, here, verb, plan.common_dir, plan.id, *map(str, handed)),
        cwd=plan.common_dir,
        env=git.variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=sys.platform != "win32",
        pass_fds=handed,
    )
    said = _heard(process)
    try:
        told = json.loads(said)
    except ValueError:
        return _Answer(None)
    return _Answer(
        told.get("outcome", ""), told.get("what", ""), told.get("remedy", ""), told.get("again", False)
    )


def _heard(process: subprocess.Popen[bytes]) -> bytes:
    """What the process says. A Ctrl-C is kept until it has ended."""
    interrupt: KeyboardInterrupt | None = None
    for patience in (None, _LAST_WAIT):
        try:
            said, _ = process.communicate(timeout=patience)
        except KeyboardInterrupt as error:
            interrupt = error
        except subprocess.TimeoutExpired:
            break
        else:
            if interrupt is None:
                return said
            break
    raise interrupt or KeyboardInterrupt


def _common(git: Git) -> str:
    return os.path.realpath(git.root / git.run("rev-parse", "--git-common-dir").removesuffix("\n"))


@contextmanager
def _told() -> Iterator[None]:
    """What stops us, as the error that a user meets."""
    try:
        yield
    except Refused as error:
        raise GitError(error.what, error.remedy) from error
    except OSError as error:
        raise GitError(
            f"{error.filename or 'The Git directory'}: {error.strerror or error}",
            "A release is staged in Git's directory: make it writable, with some room on the disk.",
        ) from error


def _error(answer: _Answer) -> GitError:
    if answer.outcome is None:
        return GitError(
            "Landing the release was cut off", "Run `dvc-changelog release` again: it goes on from there."
        )
    if answer.outcome:
        return GitError(
            "The release was ended by another run that went on from it",
            "Look at `git log` and run this again.",
        )
    return GitError(answer.what, answer.remedy)
