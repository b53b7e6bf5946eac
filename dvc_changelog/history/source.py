"""Another repository, brought here to be read: the one place where Git goes out, when one asks for it.

Git asks nobody for a password there, runs no hook, and speaks to a server by known protocols only.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Collection, Iterable
from pathlib import Path

from dvc_changelog.domain import without_credentials
from dvc_changelog.errors import GitError
from dvc_changelog.history.git import environment

_LARGEST = "4m"
"""Bytes of the largest file that is brought: DVC's files, params and metrics are smaller, data is not."""

_SETTINGS = (
    f"core.hooksPath={os.devnull}",
    "core.fsmonitor=false",
    "credential.interactive=false",
    "fetch.recurseSubmodules=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "http.lowSpeedLimit=1000",  # a server that falls silent is given up
    "http.lowSpeedTime=60",
)
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",  # `ext::` would run a command
    "GIT_TERMINAL_PROMPT": "0",
    "GCM_INTERACTIVE": "never",  # Git's credential manager opens a window else
}
_SSH = "ssh -o BatchMode=yes -o ConnectTimeout=30"
_ADDRESS = re.compile(r"^(?:[a-z][a-z0-9+.-]*://|(?:[^@/:]+@)?[^@/:]{2,}:(?!:))", re.IGNORECASE)
"""What Git takes for a place elsewhere: `https://…`, `git@host:path`."""
_BESIDE = re.compile(r"[Ww]arning: |fatal: Could not read from remote repository")
"""Lines of Git and ssh that say less than those around them."""
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_NOT_THERE = ("not our ref", "unadvertised object", "does not allow request")
"""What servers say that lack a commit, or hand out none by its id."""


def is_address(url: str) -> bool:
    """Whether a URL names a place that Git fetches from; a path of this machine does not."""
    return bool(_ADDRESS.match(url)) and url.isprintable()


def is_commit(text: str) -> bool:
    """Whether a text is the full id of a commit."""
    return bool(_COMMIT.fullmatch(text))


def bring(url: str, commits: Collection[str], place: Path) -> None:
    """Fetch the history of commits into a bare repository at `place`, which is made if there is none.

    Commits that the source does not have are left out, and so are files beyond 4 MB where the server is able
    to leave them out.

    Args:
        url: an address as in `is_address`.
        commits: full ids.
        place: a directory of our own.

    Raises:
        GitError: the source cannot be reached or read, or refuses us; the message is Git's own.
    """
    if not (place / "HEAD").is_file():
        place.mkdir(parents=True, exist_ok=True)
        run(place, url, "init", "--quiet", "--bare", "--template=")
    try:
        _fetch(place, url, (f"+{commit}:refs/asked/{commit}" for commit in commits))
    except GitError as error:
        if not any(words in error.what for words in _NOT_THERE):
            raise
        _fetch(place, url, ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"))


def _fetch(place: Path, url: str, refs: Iterable[str]) -> None:
    run(
        place,
        url,
        *("-c", f"remote.source.url={url}", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head"),
        *(f"--filter=blob:limit={_LARGEST}", "source", *refs),
    )


def run(place: Path, url: str, *args: str) -> None:
    """Run a command of Git that goes out, in a repository.

    Args:
        place: where.
        url: the other side, for the message.
        args: the command.

    Raises:
        GitError: it failed; the message is Git's own.
    """
    settings = (part for setting in _SETTINGS for part in ("-c", setting))
    own = {**environment(here=False), **_ENVIRONMENT}
    if not own.get("GIT_SSH") and not own.get("GIT_SSH_COMMAND") and not _configured_ssh(place, own):
        own["GIT_SSH_COMMAND"] = _SSH
    done = subprocess.run(
        ("git", *settings, *args),
        cwd=place,
        env=own,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        raise GitError(_reason(done.stderr.decode("utf-8", "replace"), url))


def _configured_ssh(place: Path, own: dict[str, str]) -> bool:
    """Whether the user's own configuration says how to call ssh."""
    asked = ("git", "config", "--get", "core.sshCommand")
    return subprocess.run(asked, cwd=place, env=own, capture_output=True, check=False).returncode == 0


def _reason(said: str, url: str) -> str:
    """What went wrong, in Git's or the server's words, without credentials."""
    lines = [line.strip() for line in said.replace(url, without_credentials(url)).splitlines()]
    telling = [line for line in lines if line and not _BESIDE.match(line)]
    mine = [line for line in telling if line.startswith("fatal:")] or telling
    reason = mine[0] if mine else "git fetch failed"
    return without_credentials(re.sub(r"^(?:fatal|ERROR|error): *", "", reason)).rstrip(".")
