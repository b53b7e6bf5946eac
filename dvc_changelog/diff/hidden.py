"""What a file that cannot be read may declare all the same: that it is gone is not to be claimed."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from dvc_changelog.domain import Snapshot, holders, within


def broken(snapshot: Snapshot) -> set[str]:
    """The files that are there and could not be read, wholly or in part."""
    return {problem.path for problem in snapshot.problems if not problem.missing}


def hides(snapshot: Snapshot) -> Callable[[str], bool]:
    """Whether a params or metrics file may be there: its directory or a dvc.yaml of its project is unread."""
    unreadable = snapshot.unreadable

    def project(path: str) -> str:
        return max((root for root in snapshot.projects if within(path, root)), key=len, default="")

    homes = {project(path) for path in unreadable if posixpath.basename(path) == "dvc.yaml"}
    return lambda path: bool(homes and project(path) in homes) or not unreadable.isdisjoint(holders(path))
