"""The comment of a review: where it goes, with which images, and what is done where it may not be written."""

from __future__ import annotations

import os
from dataclasses import replace
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from dvc_changelog.cli import console
from dvc_changelog.cli.console import Verbosity
from dvc_changelog.cli.request import Request
from dvc_changelog.config import CI, Config
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Review
from dvc_changelog.errors import ChangelogError
from dvc_changelog.history import History
from dvc_changelog.workflows.common import forge_of, now

if TYPE_CHECKING:
    from dvc_changelog.comments.place import Place


class Sent(Enum):
    """What became of a comment. REFUSED: it may not be written; FAILED: it could not be."""

    NOT = auto()
    DONE = auto()
    REFUSED = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class Comment:
    """The comment that was asked for: which one, on which pull request.

    `posted` says that it is to go there, and not just to be printed; `dry_run` prints what would go there.
    `branch` keeps its images.
    """

    identity: str
    number: int
    branch: str
    posted: bool
    dry_run: bool


def place(history: History, config: Config, ci: CI | None, wanted: Comment) -> Place:
    """Where the comment goes.

    Raises:
        UsageError: something is not known.
    """
    from dvc_changelog.comments.place import place_of

    return place_of(ci, os.environ, forge=forge_of(history, config), number=wanted.number)


def comment(told: Review, config: Config, identity: str = "default", kind: str = "") -> str:
    """A review as the comment of a forge: by default of the one where the repository is."""
    from dvc_changelog.comments.forges import limit_of, speaks_html
    from dvc_changelog.render import comment as rendered

    kind = kind or (told.release.forge.kind if told.release.forge else "github")
    return rendered.comment(told, config, identity=identity, limit=limit_of(kind), html=speaks_html(kind))


def keep(told: Review, directory: Path, request: Request) -> None:
    """Write the images of a review into a directory."""
    from dvc_changelog.workflows.pictures import written

    files = written(told.pictures, directory)
    images = "1 image" if len(files) == 1 else f"{len(files):,} images"
    console.remark(f"Wrote {images} to {directory}.", request.verbosity)


def deliver(
    history: History, config: Config, told: Review, wanted: Comment, *, place: Place, verbosity: Verbosity
) -> Sent:
    """Create or update the comment, or print it for a dry run."""
    from dvc_changelog.comments.ours import Signature
    from dvc_changelog.comments.posting import deliver as sent
    from dvc_changelog.errors import ForgeError, NotPermittedError
    from dvc_changelog.render.comment import HEADING, marks

    if wanted.dry_run:
        console.put(comment(told, config, wanted.identity, place.kind))
        console.remark(f"Nothing was sent: this would be the comment of {place}.", verbosity)
        return Sent.DONE
    shown = _with_images(history, told, place, wanted)
    body = comment(shown, config, wanted.identity, place.kind)
    signature = Signature(marks(wanted.identity), HEADING)
    try:
        posted = sent(place, body, os.environ, signature=signature)
    except NotPermittedError as error:
        console.remark(f"{error.what}.\n{error.remedy}" if error.remedy else f"{error.what}.")
        return Sent.REFUSED
    except ForgeError as error:
        console.complain(error.what, error.remedy)
        return Sent.FAILED
    for message in posted.messages:
        console.remark(message, verbosity)
    became = "is as it was" if posted.unchanged else "was created" if posted.created else "was updated"
    at = f": {posted.url}" if posted.url else "."
    console.remark(f"The comment of {place} {became}{at}", verbosity)
    return Sent.DONE


def summarise(told: Review, config: Config, summary: str, identity: str = "") -> None:
    """Put a review into the summary of CI's job; without an identity, as of a check, what was found alone."""
    from dvc_changelog.cli.summary import append
    from dvc_changelog.render import check

    append(summary, comment(told, config, identity) if identity else check.markdown(told))


def _with_images(history: History, told: Review, place: Place, wanted: Comment) -> Review:
    """The review with the addresses of its images, which are put on a branch of their own."""
    forge = told.release.forge
    if not told.pictures or not forge:
        return told
    from dvc_changelog.workflows.pictures import published

    review = f"{place.number}-{wanted.identity}"
    try:
        pictures = published(
            history, told.pictures, forge, review=review, timestamp=now(), branch=wanted.branch
        )
    except ChangelogError as error:
        console.remark(f"The comment has no images, for they could not be published: {error.what}.")
        return told
    return replace(told, pictures=pictures)
