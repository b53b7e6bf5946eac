"""`review` and `check`: what a branch does, for the person who reviews it, and what it must not have."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from dvc_changelog.config import Config, seen
from dvc_changelog.domain import OF_REVIEW, FindingKind, Picture, Review, Snapshot
from dvc_changelog.errors import UsageError
from dvc_changelog.history import History
from dvc_changelog.history.sides import Asked, Sides, asked, sides
from dvc_changelog.workflows import rules
from dvc_changelog.workflows.common import open_history
from dvc_changelog.workflows.compare import Compared, compared
from dvc_changelog.workflows.completing import Progress
from dvc_changelog.workflows.criteria import criteria
from dvc_changelog.workflows.deepening import deepened
from dvc_changelog.workflows.noticing import contested, noticed
from dvc_changelog.workflows.successor import successor

ON_THRESHOLD = frozenset({FindingKind.THRESHOLD})
"""What `review` fails on where nobody says otherwise."""
CHECKED = frozenset(OF_REVIEW) - {FindingKind.REGRESSION}
"""What `check` does."""


def review(
    repo: History | Path | str = ".",
    base: str | None = None,
    head: str | None = None,
    *,
    config: Config | None = None,
    workspace: bool = False,
    fetch: bool = False,
    deepen: bool = False,
    plots: bool = False,
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
        plots: draw the plots, and the course of the metrics over the last releases.
        progress: called as objects come.

    Raises:
        ShallowCloneError: the clone is too shallow to tell.
        ChangelogError: see `dvc_changelog.errors`.
    """
    history, config = open_history(repo, config)
    what = asked(base, head)
    found = _sides(history, what, config, workspace=workspace, deepen=deepen)
    with _compared(history, config, found, workspace=workspace, fetch=fetch, progress=progress) as told:
        pictures, remarks = _pictures(history, told, config, progress) if plots else ((), ())
        old, new = map(told.snapshots.at, (told.release.base, told.release.head))
        return replace(
            _reviewed(history, config, found, told, ON_THRESHOLD),
            noticed=noticed(told.release, old, new),
            contested=contested(old, new, _at_target(history, found, told)) if found.behind else (),
            successor=successor(history, config, found, told) if found.target else None,
            pictures=pictures,
            command=_command(base, head, workspace=workspace),
            messages=(*_remarks(found, what, workspace=workspace), *told.release.messages, *remarks),
        )


def check(
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
    """Look for what a branch must not have; the arguments are those of `review`.

    Whether the changelog is up to date is looked at only where it would fail for that: it takes the longest.

    Returns:
        the findings, with the release only as far as they need it.
    """
    history, config = open_history(repo, config)
    found = _sides(history, asked(base, head), config, workspace=workspace, deepen=deepen)
    with _compared(
        history, config, found, workspace=workspace, fetch=fetch, progress=progress, weighs=False
    ) as told:
        return replace(
            _reviewed(history, config, found, told, CHECKED),
            command="dvc-changelog check",
            messages=told.release.messages,
        )


def _command(base: str | None, head: str | None, *, workspace: bool) -> str:
    return " ".join(filter(None, ("dvc-changelog review", base, head, "--workspace" if workspace else "")))


def _sides(history: History, what: Asked, config: Config, *, workspace: bool, deepen: bool) -> Sides:
    ci = seen(os.environ)
    if workspace and what.head:
        raise UsageError(f"--workspace describes the working tree, not {what.head}", "Leave one of them out.")
    if deepen:
        deepened(history.git, what, ci, config.target)
    return sides(history.git, what, ci, config.target, fetched=deepen)


@contextmanager
def _compared(
    history: History,
    config: Config,
    found: Sides,
    *,
    workspace: bool,
    fetch: bool,
    progress: Progress | None,
    weighs: bool = True,
) -> Iterator[Compared]:
    old = replace(history.revision(found.base), name=_name_of_base(found))
    new = replace(history.revision(found.head), name=found.head_name)
    options = {"workspace": workspace, "fetch": fetch, "weighs": weighs}
    with compared(history, config, old, new, progress=progress, **options) as told:
        yield told


def _reviewed(
    history: History, config: Config, found: Sides, told: Compared, default: frozenset[FindingKind]
) -> Review:
    """A branch with what was found of it."""
    fails = rules.failing(config.fail_on, default)
    kinds = {*rules.CHEAP, *(fails & {FindingKind.OUTDATED})}
    given = (history, told.snapshots, told.release, config)
    found_of = rules.looked(*given, commits=told.commits, target=found.base_name, kinds=kinds)
    return Review(
        release=told.release,
        target=found.base_name,
        branch="the working tree" if told.release.head.working else found.head_name,
        from_merge_base=bool(found.target),
        behind=found.behind,
        findings=found_of.findings,
        fail_on=fails,
        checked=rules.held(*given, kinds),
        unchecked=found_of.unchecked,
        criteria=criteria(*given, default),
    )


def _pictures(
    history: History, told: Compared, config: Config, progress: Progress | None
) -> tuple[tuple[Picture, ...], tuple[str, ...]]:
    from dvc_changelog.workflows.pictures import pictures

    return pictures(history, told.snapshots, told.release, config, plots=True, progress=progress)


def _at_target(history: History, found: Sides, told: Compared) -> Snapshot:
    return told.snapshots.at(history.at(found.target, found.base_name))


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
