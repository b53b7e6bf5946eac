"""`check`: the rules alone, for a pair of revisions: what a branch must not have, and no more of it."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from dvc_changelog.config import Config
from dvc_changelog.domain import OF_REVIEW, FindingKind, Review
from dvc_changelog.history import History
from dvc_changelog.render.names import namesakes
from dvc_changelog.workflows import rules
from dvc_changelog.workflows.common import now, open_history, snapshots_of
from dvc_changelog.workflows.completing import Progress, completed, fetching
from dvc_changelog.workflows.judging import unmatched
from dvc_changelog.workflows.projects import projects_at
from dvc_changelog.workflows.tell import Teller

FAIL_ON = tuple(kind for kind in OF_REVIEW if kind is not FindingKind.REGRESSION)
"""What `check` fails on where nobody says otherwise."""


def check(
    repo: History | Path | str,
    base: str,
    head: str = "HEAD",
    *,
    config: Config | None = None,
    workspace: bool = False,
    fetch: bool = False,
    fail_on: Collection[str] = (),
    target: str = "",
    branch: str = "",
    progress: Progress | None = None,
) -> Review:
    """Look for what a branch must not have.

    Args:
        repo: any place in the repository, or one that is open.
        base: the revision compared with; "" for the empty state before the first commit.
        head: the revision that is looked at.
        config: options; by default those of the repository's configuration file.
        workspace: look at the working tree, uncommitted changes included; leave `head` out.
        fetch: get values that DVC keeps from its remotes where the cache lacks them.
        fail_on: what makes it fail; by default as configured, else all but a regression. Whether the
            changelog is up to date is looked at only where it would fail for that: it takes the longest.
        target: how the reader calls the base; by default as it was named.
        branch: how the reader calls the head.
        progress: called as values come.

    Returns:
        the findings, with the release only as far as they need it.

    Raises:
        ChangelogError: see `dvc_changelog.errors`.
    """
    history, config = open_history(repo, config)
    old, new = history.revision(base) if base else None, history.revision(head)
    snapshots = snapshots_of(history, config)
    start = old.commit_id if old else ""
    commits = history.commits(start, new.commit_id) if start != new.commit_id else []
    fails = rules.failing(fail_on or config.fail_on, FAIL_ON)
    kinds = {*rules.CHEAP, *(fails & {FindingKind.OUTDATED})}
    with (
        history.workspace(now()) if workspace else nullcontext(new) as described,
        fetching(history, wanted=fetch) as sources,
    ):
        projects_at(snapshots, config, [side for side in (old, described) if side])
        teller = Teller(
            *(history, snapshots, config),
            namesakes=namesakes((base, described.name)),
            weighs=False,
        )
        (told,), messages = completed(
            lambda: [teller.between(old, described, commits)], snapshots, sources, progress
        )
        told = replace(told, review=True)
        target = target or base
        found = rules.findings(history, snapshots, told, config, commits=commits, target=target, kinds=kinds)
        checked = rules.held(history, snapshots, told, config, kinds)
        messages = (*messages, *(() if workspace else unmatched(teller.judge, snapshots.at(described))))
    return Review(
        release=told,
        target=target,
        branch=branch or described.name,
        findings=found,
        fail_on=fails,
        checked=checked,
        command="dvc-changelog check",
        messages=messages,
    )
