"""What is going to land, and what was found of a landing that was cut off: values."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from dvc_changelog.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Landing:
    """A release that is decided and not visible yet: its commit and tag lie among the objects, without a ref.

    `branch` is the full ref that HEAD stands for and `parent` the commit it is at. `files` are the contents
    as they go into the working tree, by their path from the Git root, and `before` what lay there. `entries`
    are mode and blob id of each in the commit. `subject` is the first line of the commit's message.
    """

    branch: str
    parent: str
    commit_id: str
    tag: str
    tag_id: str
    subject: str
    files: Mapping[str, bytes]
    before: Mapping[str, bytes | None]
    entries: Mapping[str, str]


class Ending(StrEnum):
    """How a landing that was cut off was ended: the release is there, or all is as before it.

    LEFT: the branch is elsewhere by now, a person went on, and nothing was touched.
    """

    COMPLETED = "completed"
    TAKEN_BACK = "taken-back"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Recovered:
    """A landing that was cut off, and how it was ended. `branch` is a full ref."""

    ending: Ending
    tag: str
    branch: str
    commit_id: str
