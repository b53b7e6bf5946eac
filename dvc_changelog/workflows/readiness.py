"""What must hold before a release: all that does not is found, and told together."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator

from dvc_changelog.config.complaint import suggest
from dvc_changelog.domain import (
    OF_RELEASE,
    Finding,
    FindingKind,
    Output,
    Release,
    Revision,
    Snapshot,
    holders,
    within,
)
from dvc_changelog.errors import UsageError
from dvc_changelog.history import History
from dvc_changelog.history.uncommitted import uncommitted
from dvc_changelog.snapshot import Kind, Snapshots, kind_of
from dvc_changelog.workflows import finding, stale
from dvc_changelog.workflows.mixing import of_mixed

_OF_DVC = (Kind.DVCFILE, Kind.PIPELINE, Kind.LOCK)


def unready(
    history: History,
    snapshots: Snapshots,
    release: Release,
    *,
    written: Collection[str] = (),
    require_pushed: bool = False,
    allow: Collection[str] = (),
) -> list[Finding]:
    """What keeps what is checked out from being released.

    Data that is not in the working tree is none, nor is a metric that cannot be read here and has no limit:
    where releases are made, DVC's cache is often empty.

    Args:
        history: the repository.
        snapshots: reads it.
        release: what is to be released, as it is told; its head is the commit that is checked out.
        written: the files that the release writes, from the Git root.
        require_pushed: whether DVC's remotes must have the data; they are asked for it.
        allow: kinds (see `FindingKind`) that are let through, and not looked for.

    Returns:
        each with the command that mends it; none where all holds.

    Raises:
        UsageError: the repository is bare, or `allow` names what is no kind.
        GitError: Git cannot tell the state of the working tree.
    """
    kinds = _wanted(allow)
    head, snapshot = release.head, snapshots.at(release.head)
    found: list[Finding] = []
    if FindingKind.DIRTY in kinds:
        found += _dirty(history, snapshots, snapshot, head, written)
    if FindingKind.ALTERED_DATA in kinds or FindingKind.UNREADABLE in kinds:
        found += _altered(snapshots, snapshot, head)
    found += stale.findings(stale.by_stage(release.stale), snapshot)
    found += of_mixed(release.mixed, snapshot)
    found += unreadable(snapshot)
    found += finding.of_alerts(release.alerts)
    if require_pushed and FindingKind.NOT_PUSHED in kinds:
        found += _unpushed(history, snapshot)
    return [item for item in found if item.kind in kinds]


def _wanted(allow: Collection[str]) -> set[FindingKind]:
    for name in allow:
        if name not in OF_RELEASE:
            raise UsageError(f"There is no check `{name}`", suggest(name, OF_RELEASE))
    return {kind for kind in OF_RELEASE if kind not in allow}


def _dirty(
    history: History, snapshots: Snapshots, snapshot: Snapshot, head: Revision, written: Collection[str]
) -> Iterator[Finding]:
    """What is not committed, and untracked files that matter: others are anyone's."""
    found = uncommitted(history.git)
    yield from finding.of_tree(found)
    parts = _parts(snapshot)
    loose = [
        path for path in found.untracked if kind_of(path) in _OF_DVC or not parts.isdisjoint(holders(path))
    ]
    over = [
        path
        for path in dict.fromkeys(written)
        if path not in found.changed
        and os.path.lexists(history.git.root / path)
        and not snapshots.git_id(path, head)
    ]
    yield from finding.of_untracked(loose, over)


def _parts(snapshot: Snapshot) -> set[str]:
    """What the stages read and write, but for what DVC keeps."""
    parts: set[str] = set()
    for stage in snapshot.stages.values():
        parts.update(stage.deps, stage.outs, stage.metrics, stage.plots, (file for file, _ in stage.params))
    return {path for path in parts if path and not _is_cached(snapshot.outputs.get(path))}


def _is_cached(output: Output | None) -> bool:
    return bool(output and output.cached)


def _altered(snapshots: Snapshots, snapshot: Snapshot, head: Revision) -> Iterator[Finding]:
    """Data that lies in the working tree otherwise than recorded; what Git has it tells itself."""
    outputs = [output for path, output in snapshot.outputs.items() if not snapshots.git_id(path, head)]
    for root, mine in _by_project(outputs, snapshot.projects).items():
        altered, unread = snapshots.working.altered(mine, root)
        yield from finding.of_altered(altered, root)
        yield from (finding.of_unread(problem.path, problem.reason) for problem in unread)


def _by_project(outputs: Iterable[Output], roots: Collection[str]) -> dict[str, list[Output]]:
    found: dict[str, list[Output]] = {}
    for output in outputs:
        around = [root for root in roots if within(output.file or output.path, root)]
        if around:
            found.setdefault(max(around, key=len), []).append(output)
    return found


def unreadable(snapshot: Snapshot) -> Iterator[Finding]:
    """DVC files that cannot be read: nobody knows what they track, or whether it is up to date."""
    reasons = {
        problem.path: problem.reason
        for problem in snapshot.problems
        if kind_of(problem.path) in _OF_DVC and not problem.missing
    }
    waiting = {path for project in snapshot.obstacles for path in project.first}
    refused = {path for project in snapshot.obstacles for path in project.unreadable}
    partly = {problem.path for problem in snapshot.problems if problem.partly}
    for path, reason in reasons.items():
        if path in refused or path not in partly | waiting:
            yield finding.of_unread(path, reason)
    for path in sorted(refused - reasons.keys()):
        yield finding.of_unread(path, "DVC 3 does not read this form of dvc.lock")


def _unpushed(history: History, snapshot: Snapshot) -> Iterator[Finding]:
    from dvc_changelog.snapshot.pushed import unpushed

    for root in snapshot.filled:
        for item in unpushed(history.git.root / root, history.git.root):
            yield finding.of_unpushed(item, root)
