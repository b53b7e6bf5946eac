"""`review`: what a branch does to data, models, params and metrics, for the person who reviews it."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from dvc_changelog.config import Config, seen
from dvc_changelog.domain import FindingKind, Review
from dvc_changelog.errors import UsageError
from dvc_changelog.history import History
from dvc_changelog.history.sides import Asked, Sides, asked, sides
from dvc_changelog.workflows.common import open_history
from dvc_changelog.workflows.compare import compared
from dvc_changelog.workflows.completing import Progress
from dvc_changelog.workflows.deepening import deepened
from dvc_changelog.workflows.successor import successor

ON_THRESHOLD = frozenset({FindingKind.THRESHOLD})


def review(
    repo: History | Path | str = ".",
    base: str | None = None,
    head: str | None = None,
    *,
    config: Config | None = None,
    workspace: bool = False,
    fetch: bool = False,
    deepen: bool = False,
    progress: Progress | None = None,
) -> Review:
    """Tell what a branch does, compared with where it parted from the branch that it goes to.

    Args:
        repo: any place in the repository, or one that is open.
        base: a revision, by default the target branch; or a range, `A..B` or `A...B` as in `git diff`.
        head: a revision, compared with `base` as both are.
        config: options; by default those of the repository's configuration file.
        workspace: describe the working tree, uncommitted changes included; leave `head` out.
        fetch: see `compare`.
        deepen: fetch the history and the target branch that this clone lacks from its Git remote.
        progress: called as objects come.

    Raises:
        ShallowCloneError: the clone is too shallow to tell.
        ChangelogError: see `dvc_changelog.errors`.
    """
    history, config = open_history(repo, config)
    ci, what = seen(os.environ), asked(base, head)
    if workspace and what.head:
        raise UsageError(f"--workspace describes the working tree, not {what.head}", "Leave one of them out.")
    if deepen:
        deepened(history.git, what, ci, config.target)
    found = sides(history.git, what, ci, config.target)
    old = replace(history.revision(found.base), name=_name_of_base(found))
    new = replace(history.revision(found.head), name=found.head_name)
    with compared(
        history, config, old, new, workspace=workspace, fetch=fetch, progress=progress
    ) as seen_so_far:
        release = seen_so_far.release
        return Review(
            release=release,
            target=found.base_name,
            branch="the working tree" if workspace else found.head_name,
            from_merge_base=bool(found.target),
            behind=found.behind,
            fail_on=failing(config, ON_THRESHOLD),
            successor=successor(history, config, found, seen_so_far) if found.target else None,
            messages=(*_remarks(found, what, workspace=workspace), *release.messages),
        )


def failing(config: Config, default: Collection[FindingKind]) -> frozenset[FindingKind]:
    """The kinds of findings that make a review fail: as configured, else the command's own."""
    if not config.fail_on:
        return frozenset(default)
    return frozenset(FindingKind(name) for name in config.fail_on if name != "none")


def _remarks(found: Sides, what: Asked, *, workspace: bool) -> Iterator[str]:
    if found.base == found.head and found.target and not workspace:
        if found.behind:
            yield f"{found.base_name} has all of {found.head_name}: there is nothing to review."
        else:
            yield f"This is {found.base_name} itself: there is nothing to review."
        if not what.base:
            yield "Name what to compare with, for example the last release."


def _name_of_base(found: Sides) -> str:
    """What the base is called: by the target's name only where that is what it is."""
    return found.base_name if not found.target or found.target == found.base else found.base[:7]
