"""What stages were not reproduced since, with what only both sides of a release tell together.

A directory that had all that a stage read, and lacks some of it now, is another one. Of one state alone
nobody knows: what DVC recorded may have been more than what Git keeps, byproducts of Python for one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dvc_changelog.domain import Content, Revision, Since, Snapshot, Stale, holders
from dvc_changelog.snapshot import Snapshots


def stale_at(
    snapshots: Snapshots, sides: tuple[Snapshot, Snapshot], revisions: tuple[Revision | None, Revision]
) -> tuple[Stale, ...]:
    """All that is stale at the head of a release.

    Args:
        snapshots: reads them.
        sides: what was on both sides.
        revisions: the base, None for the empty state, and the head.
    """
    stale = sides[1].stale
    return (*stale, *_thinned(snapshots, sides, revisions))


def _thinned(
    snapshots: Snapshots, sides: tuple[Snapshot, Snapshot], revisions: tuple[Revision | None, Revision]
) -> Iterator[Stale]:
    """Directories of Git that stages read and that lack files, in stages that did not run since."""
    base, head = revisions
    new = sides[1]
    known = {(item.stage, item.path) for item in new.stale}
    seen: dict[tuple[str, str], str] = {}
    for address, path, then in _read_alike(*sides):
        if base is None or (address, path) in known:
            continue
        key = (path, then.digest)
        if key not in seen:
            tracked = {above for output in new.outputs for above in holders(output)}
            of_git = path not in tracked and new.outputs.keys().isdisjoint(holders(path))
            seen[key] = _now(snapshots, path, then, (base, head)) if of_git else ""
        if seen[key]:
            yield Stale(path, "", seen[key], then.digest, address, since=Since.INPUT)


def _read_alike(old: Snapshot, new: Snapshot) -> Iterator[tuple[str, str, Content]]:
    """The directories that stages last read, by both locks as the same: stage, path and content."""
    for address, stage in new.stages.items():
        before = old.stages.get(address)
        if stage.frozen or not stage.ran or not before or not before.ran:
            continue
        was = {dep.path: dep.content for dep in before.ran.deps}
        for dep in stage.ran.deps:
            then, had = dep.content, was.get(dep.path)
            if then and had and then.nfiles and dep.path in stage.deps and had.same(then):
                yield address, dep.path, then


def _now(snapshots: Snapshots, path: str, then: Content, revisions: tuple[Revision, Revision]) -> str:
    """The hash that a directory has now, where Git had just what was read of it, and has it no more."""
    base, head = (snapshots.in_git(side) for side in revisions)
    ids = base.id(path), head.id(path)
    if not all(ids) or (ids[0] == ids[1] and base.ignores() == head.ignores()):
        return ""
    now = head.hashes(path, replace(then, nfiles=0))
    if not now or then.digest in now or then.digest not in base.hashes(path, then):
        return ""
    return now[0]
