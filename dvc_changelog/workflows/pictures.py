"""The pictures of a review: trends of its metrics, and its plots; as files, or where a comment finds them."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dvc_changelog.config import Config
from dvc_changelog.domain import Forge, Picture, Release
from dvc_changelog.errors import DocumentError
from dvc_changelog.history import History
from dvc_changelog.render import links
from dvc_changelog.snapshot import Snapshots

if TYPE_CHECKING:
    from dvc_changelog.workflows.completing import Progress

_NOT_SAFE = re.compile(r"[^a-z0-9._-]+")
_LONGEST = 60


def pictures(
    history: History,
    snapshots: Snapshots,
    release: Release,
    config: Config,
    *,
    plots: bool,
    progress: Progress | None = None,
) -> tuple[tuple[Picture, ...], tuple[str, ...]]:
    """Draw what goes with a review.

    Args:
        history: the repository.
        snapshots: how to read it; what the review read is not read again, but for the working tree.
        release: the review.
        config: which tags are releases, and the limits of metrics.
        plots: whether to draw plots as well, not only trends.
        progress: called as they come.

    Returns:
        the pictures, trends first; and what is to be said of those that there are not.
    """
    from dvc_changelog.render import trend_svg
    from dvc_changelog.workflows.trends import courses

    drawn, messages = courses(history, snapshots, release, config, progress)
    found = [
        Picture(
            title=course.name,
            name=file_name("trend", f"{course.path}:{course.name}", "svg"),
            data=trend_svg.svg(course),
            alt=trend_svg.words(course),
        )
        for course in drawn
    ]
    if plots:
        from dvc_changelog.workflows.plotting import plots as plotted

        working = release.head.working  # as it was reviewed it is gone, unless it is read once more
        with history.workspace(release.head.timestamp) if working else nullcontext(release.head) as head:
            shown, more = plotted(snapshots, replace(release, head=head), config, progress)
        messages += more
        found += [Picture(p.name, file_name("plot", p.name, "png"), p.png, p.alt) for p in shown]
    return tuple(found), tuple(messages)


def file_name(kind: str, name: str, suffix: str) -> str:
    """The name of a picture's file: of safe characters, the same each time, and of no other picture.

    A part of the name's hash tells apart what would be one file, such as names that differ in case.
    """
    plain = _NOT_SAFE.sub("-", name.lower()).strip("-.")[-_LONGEST:].strip("-.")
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return f"{kind}-{plain}-{digest}.{suffix}" if plain else f"{kind}-{digest}.{suffix}"


def written(pictures: Iterable[Picture], directory: Path) -> tuple[Path, ...]:
    """Write pictures into a directory, which is made; each file is there whole or not at all.

    Returns:
        the files, in order.

    Raises:
        DocumentError: one cannot be written.
    """
    files = []
    for picture in pictures:
        file = directory / picture.name
        temporary = file.with_name(f".{picture.name}.{secrets.token_hex(6)}.tmp")
        try:
            directory.mkdir(parents=True, exist_ok=True)
            try:
                temporary.write_bytes(picture.data)
                os.replace(temporary, file)  # noqa: PTH105  # replaces on every system
            finally:
                temporary.unlink(missing_ok=True)
        except OSError as error:
            raise DocumentError(
                str(file),
                f"cannot be written: {error.strerror or error}",
                "Make the directory writable, or name another one.",
            ) from error
        files.append(file)
    return tuple(files)


def published(
    history: History,
    pictures: Iterable[Picture],
    forge: Forge,
    *,
    review: str,
    timestamp: int,
    remote: str = "",
    branch: str = "",
) -> tuple[Picture, ...]:
    """Put pictures on a branch of the remote that holds nothing else; see `history.pictures.published`.

    Args:
        history: the repository.
        pictures: what is to be seen; those of this review that are there already are replaced.
        forge: where the remote's repository is on the web.
        review: what the review is known by: "41", "41-default".
        timestamp: the present.
        remote: the name of the remote; by default as a push would choose it.
        branch: by default `history.pictures.BRANCH`.

    Returns:
        the pictures with the URL where a comment finds each.

    Raises:
        GitError: the remote cannot be reached, or takes no push.
    """
    from dvc_changelog.history.pictures import BRANCH
    from dvc_changelog.history.pictures import published as publish

    shown = tuple(pictures)
    files = {picture.name: picture.data for picture in shown}
    commit_id, directory = publish(
        history.git, files, review=review, timestamp=timestamp, remote=remote, branch=branch or BRANCH
    )
    return tuple(replace(p, url=links.raw(commit_id, f"{directory}/{p.name}", forge)) for p in shown)
