"""A release decided: what is to land, made of files and messages, with nothing of it visible yet."""

from __future__ import annotations

from collections.abc import Mapping

from dvc_changelog.errors import GitError
from dvc_changelog.history.git import Git
from dvc_changelog.history.landing import checks, making
from dvc_changelog.history.landing.value import Landing


def draft(git: Git, parent: str, files: Mapping[str, bytes], message: str, timestamp: int) -> str:
    """The id of a commit on top of `parent` with these files written over; no ref leads to it.

    It is for being read, and is not signed.

    Args:
        git: the repository.
        parent: the id of a commit.
        files: contents as in a working tree, by path from the Git root.
        message: the commit's message.
        timestamp: its date, in seconds of the epoch.

    Raises:
        GitError: a path cannot be committed, or Git knows no identity.
    """
    staged = making.entries(git, parent, checks.placed(git, files))
    return making.commit(git, making.tree(git, parent, staged), parent, message, timestamp, sign=False)


def check(git: Git, files: Mapping[str, bytes], tag: str) -> tuple[str, str, dict[str, bytes]]:
    """See that these files and this tag can land here; nothing is made.

    Returns:
        the branch, the commit it is at, and the files by the path at which they really lie.

    Raises:
        GitError: see `prepare`.
    """
    branch, head = checks.standing(git)
    checks.tag_is_free(git, tag)
    wanted = checks.placed(git, files)
    checks.unchanged(git, wanted)
    return branch, head, wanted


def prepare(
    git: Git,
    *,
    files: Mapping[str, bytes],
    message: str,
    tag: str,
    tag_message: str,
    timestamp: int,
    parent: str | None = None,
) -> Landing:
    """Make commit and tag of a release. No ref, no index and no file of the working tree is touched.

    They carry the identity, line ends, filters and signatures that Git is configured with. No hook is run.
    Messages are taken as they are, lines that begin with # too.

    Args:
        git: the repository.
        files: contents as they go into the working tree, by path from the Git root. A path that is a
            symbolic link stands for what it leads to.
        message: of the commit.
        tag: the name of the tag.
        tag_message: of the tag.
        timestamp: the date of both, in seconds of the epoch.
        parent: the commit that HEAD has to be at, if what is to land was decided by it.

    Raises:
        GitError: HEAD is on no branch or elsewhere, Git is in the middle of something, the tag exists, a file
            has changes or cannot be committed, or Git has no identity or cannot sign.
    """
    branch, head, wanted = check(git, files, tag)
    if parent is not None and head != parent:
        raise GitError(
            f"{branch.removeprefix('refs/heads/')} moved while the release was being prepared",
            "Run this again.",
        )
    before = {name: _content(git, name) for name in wanted}
    staged = making.entries(git, head, wanted)
    commit_id = making.commit(git, making.tree(git, head, staged), head, message, timestamp, sign=True)
    return Landing(
        branch=branch,
        parent=head,
        commit_id=commit_id,
        tag=tag,
        tag_id=making.tag(git, tag, commit_id, tag_message, timestamp),
        subject=next(iter(message.strip().splitlines()), ""),
        files=wanted,
        before=before,
        entries=staged,
    )


def _content(git: Git, name: str) -> bytes | None:
    path = git.root / name
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise GitError(
            f"{name} cannot be read: {error.strerror or error}", "Check the file's permissions."
        ) from error
