"""One DVC project of several: that it is there, and which releases are not its own."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable

from dvc_changelog.config import Config
from dvc_changelog.domain import Revision, within
from dvc_changelog.errors import UsageError
from dvc_changelog.snapshot import Snapshots


def project_of(config: Config) -> str | None:
    """The directory of the project to tell alone, "" for the Git root; None for all projects."""
    if not config.project:
        return None
    return "" if config.project == "." else config.project


def projects_at(snapshots: Snapshots, config: Config, revisions: Iterable[Revision]) -> tuple[str, ...]:
    """All projects of these revisions, where one is to be told alone; else none, without a look.

    Raises:
        UsageError: the one that is asked for is not among them.
    """
    project = project_of(config)
    if project is None:
        return ()
    sides = list(revisions)
    found = tuple(dict.fromkeys(root for side in sides for root in snapshots.projects(side)))
    if project not in found:
        where = " or ".join(side.version or side.name or side.commit_id[:7] for side in sides)
        there = ", ".join(f"`{root}`" for root in sorted(root or "." for root in found))
        raise UsageError(
            f"There is no DVC project at {config.project} in {where}",
            (f"Name one of those there: {there}. " if there else "There is none at all. ")
            + f"For a directory inside of a project, take --include-path '{config.project}/**'.",
        )
    return found


def of_others(lines: Iterable[str], project: str, projects: Collection[str]) -> frozenset[str]:
    """The lines of releases that are named after another project than the one told alone.

    A line is named after a project by its path or the last part of it ("churn" of `churn-v1.2.0`), a GTO
    artifact by the project that its directory lies in.
    """
    return frozenset(line for line in lines if (owners := _owners(line, projects)) and project not in owners)


def _owners(line: str, projects: Collection[str]) -> set[str]:
    directory, colon, _ = line.rpartition(":")
    if colon:
        return set(sorted((root for root in projects if within(directory, root)), key=len)[-1:])
    return {
        root for root in projects if root and line in {root, posixpath.basename(root), root.replace("/", "-")}
    }
