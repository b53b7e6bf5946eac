"""The branch and the tag, moved in one transaction of Git's that is prepared first."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from .plan import JOURNAL, Plan, Refused, told

_REFTABLE = "reftable/tables.list.lock"
"""What Git locks in place of single refs, where it keeps them in tables."""
_PATIENCE = 1.0
"""Seconds that an empty lock must stay as it is before it is taken for one that was left behind."""


class Transaction:
    """A `git update-ref` that waits for its word. The user's `reference-transaction` hook runs with it.

    Args:
        held: the descriptor of the lock, which Git is to hold as well while it lives.
    """

    def __init__(self, plan: Plan, commands: Sequence[str], held: int | None) -> None:
        self._plan = plan
        self._commands = commands
        self._words = ""
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  # it is read after the process ends
        self._process = subprocess.Popen(
            plan.command("update-ref", "-m", plan.reason, "--stdin"),
            cwd=plan.top,
            env=plan.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            bufsize=0,
            pass_fds=() if held is None else (held,),
        )

    def prepare(self) -> None:
        """Lock the refs and see that they are what the plan says. Raises Refused, with everything undone."""
        if not self._answers(("start", *self._commands, "prepare"), "prepare: ok"):
            raise self.refusal()

    def commit(self) -> bool:
        """Move them; False if Git did not say that it did."""
        done = self._answers(("commit",), "commit: ok")
        self.close()
        return done

    def close(self) -> None:
        """End it. What was prepared and not committed is undone by Git."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        if not self._said.closed:
            self._said.seek(0)
            self._words = self._said.read().decode("utf-8", "replace")
            self._said.close()

    def refusal(self) -> Refused:
        """What Git or the hook said against it."""
        self.close()
        return _refusal(self._plan, self._words)

    def _answers(self, commands: Sequence[str], wanted: str) -> bool:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        text = "".join(f"{command}\n" for command in commands)
        try:
            self._process.stdin.write(text.encode("utf-8", "surrogateescape"))
        except OSError:  # Git is gone already
            return False
        answers = b""
        while piece := self._process.stdout.read(1 << 12):
            answers += piece
            if wanted in answers.decode("ascii", "replace").splitlines() and answers.endswith(b"\n"):
                return True
        return False


def moves(plan: Plan, *, branch: bool = True, tag: bool = True) -> list[str]:
    """The commands that move the branch, make the tag, or both. A tag that exists is never moved."""
    return [
        *([f"update {plan.branch} {plan.new} {plan.old}"] if branch else ()),
        *([f"create {plan.tag_ref} {plan.tag_id}"] if tag else ()),
    ]


def value(plan: Plan, ref: str) -> str | None:
    """What a ref holds, None if there is none."""
    _, said = plan.git("rev-parse", "--verify", "--quiet", "--end-of-options", ref)
    return said.strip() or None


def is_checked_out(plan: Plan) -> bool:
    """Whether the working tree of the plan is there and still stands on its branch."""
    return plan.stands and plan.git("symbolic-ref", "--quiet", "HEAD")[1].strip() == plan.branch


def free(plan: Plan, *, killed_inside: bool) -> None:
    """Remove the locks of a Git that was killed with us: they hold our ids, or nothing since our time."""
    common = Path(plan.common_dir)
    for path, held in (
        (common / f"{plan.branch}.lock", plan.new),
        (common / f"{plan.tag_ref}.lock", plan.tag_id),
        (Path(plan.git_dir, "HEAD.lock"), None),
        (common / _REFTABLE, None),
        (Path(plan.git_dir, _REFTABLE), None),
    ):
        try:
            found = path.read_bytes().decode("ascii", "replace").strip()
        except (FileNotFoundError, NotADirectoryError):
            continue
        if found == held or (not found and killed_inside and _is_left(plan, path)):
            path.unlink(missing_ok=True)


def _is_left(plan: Plan, path: Path) -> bool:
    """Whether an empty lock was made after the plan was written down, and nobody works behind it.

    That no process of ours is alive is known, for then the plan's own lock is held.
    """
    try:
        before = path.stat()
        if before.st_mtime < (plan.home / JOURNAL).stat().st_mtime - 1:
            return False
        time.sleep(_PATIENCE)
        after = path.stat()
    except FileNotFoundError:
        return False
    return (before.st_ino, before.st_mtime_ns, 0) == (after.st_ino, after.st_mtime_ns, after.st_size)


def _refusal(plan: Plan, said: str) -> Refused:
    words = told([line for line in said.splitlines() if not line.startswith("hint:")]) or "no message"
    what = f"Git refused to move {plan.branch.removeprefix('refs/heads/')} and make tag {plan.tag}: {words}"
    if "but expected" in said:
        return Refused(what, "The branch moved meanwhile. Look at what came, and run this again.")
    if "reference already exists" in said:
        return Refused(
            what, "The tag was made meanwhile. It is not moved: release another version, or delete it."
        )
    if "aborted by" in said and "hook" in said:
        return Refused(what, "The repository's reference-transaction hook said no: meet what it asks for.")
    if "File exists" in said:
        return Refused(what, "Another git runs here, or one crashed: wait for it, or delete the file named.")
    return Refused(what, "Nothing was changed. Put this right and run it again.")
