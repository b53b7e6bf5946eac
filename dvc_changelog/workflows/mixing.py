"""Which entries of dvc.lock the merges of a release made up: it reads the merges that wrote a lock anew."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from dvc_changelog.domain import Commit, Finding, FindingKind, Mixed, Snapshot, Stage
from dvc_changelog.errors import GitError
from dvc_changelog.history import History
from dvc_changelog.insight import mixed
from dvc_changelog.insight.mixed import Side
from dvc_changelog.snapshot import Snapshots
from dvc_changelog.workflows import stale
from dvc_changelog.workflows.finding import printable, some

_FAR = 16
"""How many merges are looked at."""


def made_up(
    history: History, snapshots: Snapshots, commits: Sequence[Commit], old: Snapshot, new: Snapshot
) -> tuple[Mixed, ...]:
    """The stages whose entries, as they still are, the merges among some commits made up; see `mixed`.

    Args:
        history: the repository.
        snapshots: reads it.
        commits: those of a release, newest first, merges included.
        old: what is compared with: what its lock has was so before.
        new: the head.
    """
    merges = [c for c in commits if c.is_merge and any(_is_lock(file.path) for file in c.files)]
    return tuple(_found(history, snapshots, merges[:_FAR], old, new)) if merges else ()


def _found(
    history: History, snapshots: Snapshots, merges: Sequence[Commit], old: Snapshot, new: Snapshot
) -> Iterator[Mixed]:
    left = dict[str, Stage]()
    for address, stage in new.stages.items():
        before = old.stages.get(address)
        if not before or before.ran != stage.ran:
            left[address] = stage

    def side(commit_id: str) -> Side:
        return commit_id, snapshots.at(history.at(commit_id, commit_id[:7])).stages

    for merge in merges:
        try:
            found = list(mixed(left, side(merge.id), [side(parent) for parent in merge.parents]))
        except GitError:  # what lies before the cut of a shallow clone is not known
            continue
        yield from found
        left = {address: stage for address, stage in left.items() if address not in {m.stage for m in found}}


def of_mixed(found: Sequence[Mixed], new: Snapshot) -> Iterator[Finding]:
    """What is surely no run, each with the command that makes it one: DVC sees no need for it."""
    for each in found:
        if not each.inputs or each.stage not in new.stages:
            continue
        stage = new.stages[each.stage]
        lock, (one, other) = stale.lock_of(stage.path), (each.inputs[:7], each.outputs[:7])
        it = "it" if len(each.paths) == 1 else "them"
        what = (
            f"What {printable(lock)} has of the stage {each.stage} is no run: its inputs are those of {one}, "
            f"{some(each.paths)} of {other}, which made {it} of other inputs. `dvc status` does not tell."
        )
        remedy = stale.reproduced(stage, new, force=True)
        kind = FindingKind.STALE_LOCK
        yield Finding(kind, what, remedy, path=lock, commit_id=each.merge, subject=each.stage)


def _is_lock(path: str) -> bool:
    return posixpath.basename(path) == "dvc.lock"
