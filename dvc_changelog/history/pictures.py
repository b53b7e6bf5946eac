"""A branch of a remote that holds pictures of reviews and nothing else: a comment needs an address for each.

It has no file of the project, and no commit of it is an ancestor. Each review has a directory with its newest
pictures; the commits before stay, so that no address of an older comment ends. All of it is made in a
repository of its own in a temporary directory: the user's gets no object, no ref and no file of it.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import without_credentials
from dvc_changelog.errors import GitError
from dvc_changelog.history.git import Git
from dvc_changelog.history.landing.making import empty_repository
from dvc_changelog.history.landing.push import environment, reason_of, remote_for

BRANCH = "dvc-changelog-plots"
_ATTEMPTS = 6
"""Other runs publish at the same time: each one that loses takes up what the winner left."""
_PAUSE = 0.3
_LOST = ("stale info", "fetch first", "non-fast-forward", "cannot lock ref", "failed to update ref")
_OURS = ("GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX")
_SETTINGS = ("http.", "credential.", "url.", "user.", "ssh.", "protocol.", "core.sshcommand", "core.gitproxy")
"""How the user's repository reaches its remotes, and who commits; of a remote, see `_OF_REMOTE`."""
_OF_REMOTE = ("url", "pushurl", "proxy", "proxyauthmethod", "uploadpack", "receivepack")
_NOBODY = {"NAME": "dvc-changelog", "EMAIL": "dvc-changelog@localhost"}
_NOT_SAFE = re.compile(r"[^a-z0-9._-]+")


def published(
    git: Git,
    files: Mapping[str, bytes],
    *,
    review: str,
    timestamp: int,
    remote: str = "",
    branch: str = BRANCH,
) -> tuple[str, str]:
    """Put a review's pictures on the branch, in the place of those that it has there.

    Nothing is pushed where they are there already. What another run pushed meanwhile stays.

    Args:
        git: the repository whose remote it is.
        files: the pictures by the names of their files; without any, the review's directory goes.
        review: what the review is known by; its directory is named after it.
        timestamp: the present.
        remote: the name of a remote, or a URL; by default as a push would choose it.
        branch: the name of the branch there.

    Returns:
        the commit that has them, and their directory in it.

    Raises:
        GitError: the remote cannot be reached, takes no push, or has a branch of this name with other things.
    """
    remote = remote or remote_for(git, f"refs/heads/{branch}")
    directory = directory_of(review)
    with tempfile.TemporaryDirectory(prefix="dvc-changelog-", ignore_cleanup_errors=True) as place:
        empty_repository(Path(place), git.run("rev-parse", "--show-object-format").strip())
        there = _There(git.root, place, _environment(git, place, remote, timestamp), remote, branch)
        for left in reversed(range(_ATTEMPTS)):
            tip = there.tip()
            tree = there.tree(tip, directory, files)
            if tip and there.run("rev-parse", f"{tip}^{{tree}}") == tree:
                return tip, directory
            message = f"Pictures of review {directory}\n\n[skip ci]\n"
            parent = ("-p", tip) if tip else ()
            made = there.run("commit-tree", *parent, tree, data=message.encode())
            refused = there.push(made, tip)
            if not refused:
                return made, directory
            if not left or not any(word in refused for word in _LOST):
                raise GitError(
                    f"The pictures could not be pushed to {without_credentials(remote)}: {refused}",
                    f"Allow this run to push to the branch {branch}, or write them to a directory.",
                )
            time.sleep(_PAUSE * random.uniform(0.5, 1.5))  # noqa: S311  # so that two runs do not meet again
    raise AssertionError("the last attempt returns or raises")


def directory_of(review: str) -> str:
    """The name of a review's directory: of safe characters, and of no other review."""
    plain = _NOT_SAFE.sub("-", review.lower()).strip("-.")[:60].strip("-.")
    if plain == review and plain:
        return plain
    digest = hashlib.sha256(review.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return f"{plain}-{digest}" if plain else digest


@dataclass(frozen=True, slots=True)
class _There:
    """The branch at the remote, seen from the repository at `place`."""

    root: Path
    place: str
    environment: Mapping[str, str]
    remote: str
    branch: str

    def run(self, *args: str, data: bytes = b"") -> str:
        """What a command prints, without its last line break."""
        done = self._done(args, data)
        if done.returncode:
            raise GitError(f"git {args[0]} failed: {_said(done)}", "Look at the message of Git.")
        return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    def tip(self) -> str:
        """The commit that the branch is at, fetched; "" where there is no such branch."""
        ref = f"refs/heads/{self.branch}"
        options = (
            "--quiet",
            "--depth=1",
            "--filter=blob:none",
            "--no-tags",
            "--no-recurse-submodules",
            "--no-write-fetch-head",
        )
        done = self._done(("fetch", *options, "--", self.remote, f"+{ref}:{ref}"))
        if not done.returncode:
            return self.run("rev-parse", ref)
        said = _said(done)
        if "couldn't find remote ref" in said:
            return ""
        raise GitError(
            f"{without_credentials(self.remote)} cannot be read: {said}",
            "Check its URL and your access to it.",
        )

    def tree(self, tip: str, directory: str, files: Mapping[str, bytes]) -> str:
        """The id of the tip's tree with these files as the directory."""
        listed = self.run("ls-tree", "-z", tip).split("\0") if tip else []
        kept = [entry for entry in listed if entry and entry.partition("\t")[2] != directory]
        if strange := [entry for entry in kept if not entry.startswith("040000 tree ")]:
            raise GitError(
                f"The branch {self.branch} of {without_credentials(self.remote)} holds other files: "
                + strange[0].partition("\t")[2],
                "Name a branch that is for pictures alone.",
            )
        if files:
            inner = self._made_tree(
                [f"100644 blob {self._blob(data)}\t{name}" for name, data in sorted(files.items())]
            )
            kept.append(f"040000 tree {inner}\t{directory}")
        return self._made_tree(kept)

    def push(self, commit_id: str, tip: str) -> str:
        """Push a commit onto the branch, if that is still at `tip`; "" or the reason why it was refused."""
        ref = f"refs/heads/{self.branch}"
        lease = f"--force-with-lease={ref}:{tip}"
        done = self._done(
            ("push", "--porcelain", "--no-verify", lease, "--", self.remote, f"{commit_id}:{ref}")
        )
        if not done.returncode:
            return ""
        return reason_of(done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))

    def _blob(self, data: bytes) -> str:
        return self.run("hash-object", "-w", "--no-filters", "--stdin", data=data)

    def _made_tree(self, entries: Sequence[str]) -> str:
        data = "".join(f"{entry}\0" for entry in entries).encode("utf-8", "surrogateescape")
        return self.run("mktree", "-z", "--missing", data=data)  # the other pictures stay where they are

    def _done(self, args: Sequence[str], data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        # A remote may be a path, from the top of the working tree.
        return subprocess.run(
            ("git", "--no-pager", "-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false", *args),
            cwd=self.root,
            env=dict(self.environment),
            input=data,
            capture_output=True,
            check=False,
        )


def _environment(git: Git, place: str, remote: str, timestamp: int) -> dict[str, str]:
    """What Git is run with in the other repository: it reaches the remote as the user's would."""
    own = {name: value for name, value in environment(git).items() if name not in _OURS}
    own |= {"GIT_DIR": place} | _settings(git, remote, int(own.get("GIT_CONFIG_COUNT") or 0))
    for who in ("AUTHOR", "COMMITTER"):
        own[f"GIT_{who}_DATE"] = f"@{timestamp} +0000"
        if not _is_known(git.root, own, who):  # the runners of CI systems have no identity
            own |= {f"GIT_{who}_{key}": value for key, value in _NOBODY.items()}
    return own


def _settings(git: Git, remote: str, first: int) -> dict[str, str]:
    """The settings of the user's repository alone, as variables: the others hold everywhere."""
    listed = git.run("config", "--local", "--includes", "--list", "-z", check=False).split("\0")
    of_remote = tuple(f"remote.{remote}.{key}" for key in _OF_REMOTE)
    told: dict[str, str] = {}
    number = first
    for key, _, value in (entry.partition("\n") for entry in listed if entry):
        if key.startswith(_SETTINGS) or key in of_remote:
            told |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
            number += 1
    return told | {"GIT_CONFIG_COUNT": str(number)} if number else {}


def _is_known(root: Path, own: Mapping[str, str], who: str) -> bool:
    command = ("git", "-c", "user.useConfigOnly=true", "var", f"GIT_{who}_IDENT")
    return not subprocess.run(command, cwd=root, env=dict(own), capture_output=True, check=False).returncode


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return without_credentials(lines[0]) if lines else "no message"
