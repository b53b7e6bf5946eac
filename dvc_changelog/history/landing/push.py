"""Sending a release, its branch and tag together: the one place of `history` that sends, when asked to.

Git is run as the user would run it, with the user's `pre-push` hook: that is where Git LFS and DVC send data.
"""

from __future__ import annotations

import shlex
import subprocess
import sys

from dvc_changelog.domain import without_credentials
from dvc_changelog.errors import GitError
from dvc_changelog.history.git import Git

_UNASKED = {"GIT_TERMINAL_PROMPT": "0", "GCM_INTERACTIVE": "never"}
_SSH = "ssh -o BatchMode=yes"
_NOT_OURS = ("GIT_NO_LAZY_FETCH", "GIT_OPTIONAL_LOCKS")
_HINTS = ("To ", "hint:", "Done", "error: failed to push some refs")
"""Lines of `git push` that say less than those around them."""


def remote_for(git: Git, branch: str) -> str:
    """The remote that a branch is pushed to: as Git is configured, else `origin`, else the only one.

    Args:
        git: the repository.
        branch: a full ref.

    Raises:
        GitError: there is no remote, or more than one and none is chosen.
    """
    chosen = git.run("for-each-ref", "--format=%(push:remotename)", "--", branch, check=False).strip()
    if chosen and chosen != ".":
        return chosen
    remotes = git.run("remote").splitlines()
    if "origin" in remotes or len(remotes) == 1:
        return "origin" if "origin" in remotes else remotes[0]
    name = branch.removeprefix("refs/heads/")
    if not remotes:
        raise GitError(
            "There is no remote to push to",
            "Add one with `git remote add origin URL`, or release without --push.",
        )
    raise GitError(
        f"There are several remotes, and none is the one that {name} is pushed to: {', '.join(remotes)}",
        f"Choose one with `git config branch.{name}.pushRemote REMOTE`.",
    )


def push(git: Git, remote: str, branch: str, tag: str) -> None:
    """Push a branch and a tag in one transaction, and nothing else: no other tag, no submodule.

    Nobody is asked for a password where no terminal is.

    Args:
        git: the repository.
        remote: the name of a remote, or its URL.
        branch: a full ref.
        tag: the name of the tag.

    Raises:
        GitError: the other side refuses or cannot be reached. Neither is there then, and the message has the
            command to push them by hand.
    """
    target = _target(git, remote, branch)
    refs = (f"{branch}:{target}", f"refs/tags/{tag}:refs/tags/{tag}")
    done = subprocess.run(
        (
            *("git", "-c", "core.fsmonitor=false", "push", "--atomic", "--porcelain", "--no-follow-tags"),
            *(f"--recurse-submodules={_submodules(git)}", "--", remote, *refs),
        ),
        cwd=git.root,
        env=environment(git),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode == 0:
        return
    said = done.stderr.decode("utf-8", "replace")
    atomic = "does not support --atomic" not in said
    reason = reason_of(done.stdout.decode("utf-8", "replace"), said)
    command = ("git", "push", *(("--atomic",) if atomic else ()), remote, *refs)
    before = _before(reason, without_credentials(remote), target)
    raise GitError(
        f"The release is made, but could not be pushed to {without_credentials(remote)}: {reason}",
        f"{before}ush it with `{without_credentials(shlex.join(command))}`.",
    )


def _target(git: Git, remote: str, branch: str) -> str:
    """The branch there: the one pulled from, where that is of the same remote; else the one of the same name.

    `push.default=simple` would refuse the first where the names differ, and asks the user which was meant: a
    second branch there is not what a release is for.
    """
    fields = "%(push:remoteref)%00%(upstream:remotename)%00%(upstream:remoteref)"
    said = git.run("for-each-ref", f"--format={fields}", "--", branch, check=False).strip("\n").split("\0")
    told, upstream, there = said if len(said) == 3 else ("", "", "")  # noqa: PLR2004  # the fields above
    setting = git.run("config", "--get", "push.default", check=False).strip()
    if upstream == remote and setting in {"", "simple", "upstream", "tracking"}:
        return there or branch
    return told or branch


def environment(git: Git) -> dict[str, str]:
    """The variables that Git reaches a remote with: nobody is asked where no terminal is."""
    own = {name: value for name, value in git.variables.items() if name not in _NOT_OURS}
    if sys.stdin is not None and sys.stdin.isatty():
        return own
    configured = git.run("config", "--get", "core.sshCommand", check=False)
    if not configured and "GIT_SSH" not in own and "GIT_SSH_COMMAND" not in own:
        own["GIT_SSH_COMMAND"] = _SSH
    return {**own, **_UNASKED}


def _submodules(git: Git) -> str:
    """Submodules are not pushed; a user who has them checked keeps that."""
    setting = git.run("config", "--get", "push.recurseSubmodules", check=False).strip()
    return "check" if setting in {"check", "on-demand"} else "no"


def reason_of(printed: str, said: str) -> str:
    """Why, in the words of Git, of a hook or of the other side, without credentials."""
    rejected = [line.split("\t")[2] for line in printed.splitlines() if line.startswith("!\t")]
    mine = [line for line in rejected if "atomic" not in line] or rejected
    spoken = [line.strip() for line in said.splitlines() if line.strip() and not line.startswith(_HINTS)]
    if mine:  # the rest only says that it failed
        spoken = [line for line in spoken if line.startswith("remote:")]
    lines = [*dict.fromkeys(mine), *spoken[:4]] or ["git push failed"]
    return without_credentials(" / ".join(lines))


def _before(reason: str, remote: str, target: str) -> str:
    if "fetch first" in reason or "non-fast-forward" in reason:
        name = target.removeprefix("refs/heads/")
        return (
            f"The branch has moved there. Bring it in with `git pull --no-rebase {remote} {name}`, "
            "which keeps the tag on the released commit, and p"
        )
    if "does not support --atomic" in reason:
        return "It takes them only one by one: p"
    return "Put that right, and p"
