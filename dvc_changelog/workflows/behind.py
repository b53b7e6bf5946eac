"""The rule `stale-lock`: stages that did not run since something changed, and who left them so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dvc_changelog.domain import Finding, Since, Stale, within
from dvc_changelog.workflows import faults, stale
from dvc_changelog.workflows.branch import Branch
from dvc_changelog.workflows.lost import Presence, of_frozen, of_lost, of_orphans
from dvc_changelog.workflows.mixing import of_mixed
from dvc_changelog.workflows.stale import lock_of

_FAR = 64
"""How many commits are looked at for the one that left a stage behind."""


def found_of(branch: Branch) -> Iterator[Finding]:
    """All that is behind: what the branch left so first, then what was so before, several stages as one."""
    before = {repr(item) for item in branch.old.stale}
    by_stage = stale.by_stage(branch.release.stale)
    ours, theirs = dict[str, list[Stale]](), dict[str, list[Stale]]()
    for address, items in by_stage.items():
        (theirs if all(repr(item) in before for item in items) else ours)[address] = items
    for found in stale.findings(ours, branch.new, before=branch.old.stages):
        items = ours.get(found.subject) or [item for items in ours.values() for item in items]
        new = [item for item in items if repr(item) not in before]
        old = [_thing(item) for item in ours.get(found.subject, ()) if repr(item) in before]
        what = f"{found.what} {faults.already(branch.target, old)}" if old else found.what
        yield replace(found, what=what, commit_id=_left_behind(branch, new), path=lock_of(found.path))
    yield from (found for found in of_mixed(branch.release.mixed, branch.new) if branch.wanted(found.path))
    yield from _others(branch, by_stage)
    for found in stale.findings(theirs, branch.new, most=1):
        what = f"{found.what} {faults.already(branch.target)}"
        by = branch.release.head.commit_id
        yield replace(found, what=what, commit_id=by, path=lock_of(found.path))


def _others(branch: Branch, by_stage: dict[str, list[Stale]]) -> Iterator[Finding]:
    """What `release.stale` does not tell: frozen stages, and inputs or records that are gone."""
    old, new = branch.old, branch.new
    for found in of_frozen(old, new):
        if branch.wanted(found.path):
            files = [*new.stages[found.subject].deps, *new.params] if found.subject else []
            yield replace(found, commit_id=branch.last(files), path=lock_of(found.path))
    base = branch.release.base.commit_id[:7] if branch.release.base else ""
    for gone, found in of_orphans(old, new, _in_git(branch, base)):
        if branch.wanted(found.path):
            records = [old.outputs[path].file for path in gone if path in old.outputs]
            yield replace(found, commit_id=branch.last([*records, *_touched(branch, gone)]))
    for found in of_lost(old, new, by_stage, base):
        if branch.wanted(found.path):
            yield replace(found, commit_id=branch.last([found.path]))


def _in_git(branch: Branch, base: str) -> Presence:
    sides, at = branch.release, branch.snapshots

    def renamed(path: str) -> str:
        files = (file for commit in branch.commits for file in commit.files if file.old_path == path)
        return next((file.path for file in files if at.git_id(file.path, sides.head)), "")

    return Presence(
        had=lambda path: bool(at.git_id(path, sides.base)),
        lacks=lambda path: at.blob(path, sides.head) == "",
        renamed=renamed,
        base=base,
    )


def _touched(branch: Branch, places: Sequence[str]) -> set[str]:
    """The files at or below some paths that the branch touched."""
    files = (file for commit in branch.commits for file in commit.files)
    paths = {path for file in files for path in (file.path, file.old_path) if path}
    return {path for path in paths if any(within(path, place) for place in places)}


def _left_behind(branch: Branch, items: Sequence[Stale]) -> str:
    """The commit since which a stage is behind, along the first parents: a merge may have left it so.

    What the head by itself does not tell, the last commit did that touched an input, or hid some of it.
    """
    keys = {_key(item) for item in items}
    if keys.isdisjoint(map(_key, branch.new.stale)):
        files = _touched(branch, [item.path for item in items])
        return branch.last(files or branch.snapshots.in_git(branch.release.head).ignores())
    known = {commit.id: commit for commit in branch.commits}
    at, brought = branch.head, branch.release.head.commit_id
    for _ in range(_FAR):
        commit = known.get(at)
        if commit is None:
            break
        there = branch.snapshots.at(commit.revision)
        if keys.isdisjoint(map(_key, there.stale)):
            break
        brought, at = commit.id, next(iter(commit.parents), "")
    return brought


def _thing(item: Stale) -> str:
    """What it is that changed, by its name."""
    return "The command" if item.since is Since.COMMAND else item.name or item.path


def _key(item: Stale) -> tuple[str, ...]:
    return item.stage, item.since, item.path, item.name
