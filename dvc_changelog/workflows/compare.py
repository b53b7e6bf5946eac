"""What changed from one revision to another, as they are, told like a release."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dvc_changelog.config import Config
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Commit, Release, Revision
from dvc_changelog.history import History
from dvc_changelog.render.names import namesakes
from dvc_changelog.snapshot import Snapshots
from dvc_changelog.workflows import events
from dvc_changelog.workflows.common import forge_of, now, open_history, snapshots_of
from dvc_changelog.workflows.completing import Progress, completed, fetching
from dvc_changelog.workflows.judging import unmatched
from dvc_changelog.workflows.projects import of_others, project_of, projects_at
from dvc_changelog.workflows.tell import Teller

if TYPE_CHECKING:
    from dvc_changelog.workflows.experiments import Experiments


@dataclass(frozen=True, slots=True)
class Compared:
    """Two states compared: what is told of them, the commits between, newest first, and what was read."""

    release: Release
    commits: Sequence[Commit]
    snapshots: Snapshots
    teller: Teller


def compare(
    repo: History | Path | str,
    base: str,
    head: str = "HEAD",
    *,
    config: Config | None = None,
    workspace: bool = False,
    fetch: bool = False,
    progress: Progress | None = None,
) -> Release:
    """Compare two revisions as they are, ancestors of each other or not.

    Args:
        repo: any place in the repository, or one that is open.
        base: the revision compared with.
        head: the revision described.
        config: options; by default those of the repository's configuration file.
        workspace: describe the working tree, uncommitted changes included; leave `head` out.
        fetch: get values that DVC keeps from its remotes where the cache lacks them, and tell what changed in
            the repositories that data is imported from.
        progress: called as they come.

    Returns:
        the changes between the two states, the commits of `base..head`, and GTO's events on them; with the
        option `experiments` also what was tried on either state or on one of these commits.

    Raises:
        ChangelogError: see `dvc_changelog.errors`.
    """
    history, config = open_history(repo, config)
    sides = history.revision(base), history.revision(head)
    with compared(history, config, *sides, workspace=workspace, fetch=fetch, progress=progress) as found:
        return found.release


@contextmanager
def compared(
    history: History,
    config: Config,
    old: Revision,
    new: Revision,
    *,
    workspace: bool,
    fetch: bool,
    progress: Progress | None,
    weighs: bool = True,
) -> Iterator[Compared]:
    """What `compare` tells of two revisions, with what it was read from, which can be asked meanwhile.

    `weighs` says whether to decide which version it asks for.
    """
    snapshots = snapshots_of(history, config)
    commits = history.commits(old.commit_id, new.commit_id) if old.commit_id != new.commit_id else []
    there = {old.commit_id, new.commit_id, *(commit.id for commit in commits)}
    experiments = _tried(history, snapshots, config, there) if config.experiments else None
    with (
        history.workspace(now()) if workspace else nullcontext(new) as described,
        fetching(history, wanted=fetch) as sources,
    ):
        projects = projects_at(snapshots, config, (old, described))
        teller = Teller(
            history,
            snapshots,
            config,
            namesakes=namesakes((old.name, described.name)),
            forge=forge_of(history, config),
            experiments=experiments,
            weighs=weighs,
        )
        (told,), messages = completed(
            lambda: [teller.between(old, described, commits)], snapshots, sources, progress
        )
        messages = (
            *messages,
            *_of_workspace(snapshots),
            *(() if workspace else unmatched(teller.judge, snapshots.at(described))),
            *(experiments.remarks() if experiments else ()),
        )
        others = of_others({tag.name.line for tag in history.all_tags}, project_of(config) or "", projects)
        deployments, lifecycle = events.on(history, commits, others)
        told = replace(told, review=True, messages=messages, deployments=deployments, lifecycle=lifecycle)
        yield Compared(told, commits, snapshots, teller)


def _tried(history: History, snapshots: Snapshots, config: Config, there: set[str]) -> Experiments:
    """What was tried on these commits."""
    from dvc_changelog.workflows.experiments import between

    return between(history, snapshots, config, there)


def _of_workspace(snapshots: Snapshots) -> Iterator[str]:
    """What is to be said of a working tree that was read."""
    absent = list(dict.fromkeys(snapshots.working.absent))
    if absent:
        what = absent[0] if len(absent) == 1 else f"{absent[0]} and {len(absent) - 1:,} more"
        verb = "is" if len(absent) == 1 else "are"
        yield f"{what} {verb} not in the working tree: told as recorded. `dvc checkout` brings cached data."
