"""Runs that a branch owes, though `dvc status` says nothing of them. Pure.

It takes stages for new ones whose runs a dvc.lock had recorded, and does not any more: the file is gone, or
empty. Of frozen stages it does not look at what they read. That a branch did it, only its other side tells.
"""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Finding, FindingKind, Since, Snapshot, Stage, Stale, holders
from dvc_changelog.snapshot.outdated import params_since
from dvc_changelog.workflows import stale
from dvc_changelog.workflows.finding import dvc_at, printable, root_of, some


def of_lost(old: Snapshot, new: Snapshot, told: Collection[str], base: str) -> Iterator[Finding]:
    """The locks that record no run of stages that ran before, each once.

    Args:
        old: what is compared with.
        new: the head.
        told: the addresses of stages that are found as not reproduced anyway.
        base: a revision that has the lock, for the command that brings it back; "" for none.
    """
    by_lock: dict[str, list[str]] = {}
    for address, stage in new.stages.items():
        before = old.stages.get(address)
        if stage.name and stage.ran is None and before and before.ran and address not in told:
            by_lock.setdefault(stale.lock_of(stage.path), []).append(address)
    for lock, stages in by_lock.items():
        if not new.unreadable.isdisjoint({lock, posixpath.join(posixpath.dirname(lock), "dvc.yaml")}):
            continue
        fate = "records no run any more" if lock in new.locks else "is gone"
        whose = "the stage" if len(stages) == 1 else "the stages"
        what = f"{printable(lock)} {fate}: nobody knows what {whose} {some(stages)} ran with and made."
        repro = stale.repaired((new.stages[address] for address in stages), new)
        command = f"git checkout {base} -- {shlex.quote(printable(lock))}"
        back = f"`{command}` brings it back; else " if base else ""
        subject = stages[0] if len(stages) == 1 else ""
        yield Finding(FindingKind.STALE_LOCK, what, back + repro, path=lock, subject=subject)


def of_frozen(old: Snapshot, new: Snapshot) -> Iterator[Finding]:
    """Frozen stages whose params or data were changed since they ran, where that was not so before.

    Of `old` and `new` see `of_lost`. Files of Git that they read are not looked at.
    """
    for address, stage in new.stages.items():
        if stage.frozen and stage.ran:
            before = old.stages.get(address)
            known = {repr(item) for item in _since(before, old)} if before else set()
            brought = [item for item in _since(stage, new) if repr(item) not in known]
            for found in stale.findings(stale.by_stage(brought), new):
                yield replace(found, what=f"{found.what} It is frozen: `dvc repro` does not run it.")


def _since(stage: Stage, snapshot: Snapshot) -> Iterator[Stale]:
    """What of its params and data is not as it was when a stage ran last."""
    if stage.ran is None:
        return
    yield from params_since(stage, stage.ran, snapshot.params)
    for dep in stage.ran.deps:
        output = snapshot.outputs.get(dep.path)
        if dep.content and output and dep.path in stage.deps and dep.content.differs(output.content):
            now, then = output.content.digest, dep.content.digest
            yield Stale(dep.path, "", now, then, stage.address, since=Since.INPUT)


@dataclass(frozen=True, slots=True)
class Presence:
    """What Git has on the two sides of a branch: `had` at a path of its base, `lacks` for sure at its head.

    `renamed` tells the path that a file has now, "" for none. `base` is a revision that has the files of the
    base, "" for none.
    """

    had: Callable[[str], bool]
    lacks: Callable[[str], bool]
    renamed: Callable[[str], str]
    base: str = ""


def of_orphans(old: Snapshot, new: Snapshot, git: Presence) -> Iterator[tuple[tuple[str, ...], Finding]]:
    """Stages that read what DVC or Git had before, and nothing has any more: a fresh clone cannot run them.

    What neither had at the base may lie elsewhere, or be ignored. Of files of Git a frozen stage is not
    asked, as DVC does not. Of `old` and `new` see `of_lost`.

    Returns:
        what is gone, and of those that read it the finding.
    """
    if new.unreadable or new.untold:
        return
    readers: dict[str, list[Stage]] = {}
    for stage in new.stages.values():
        for dep in stage.deps:
            if dep in old.outputs or (not stage.frozen and git.had(dep)):
                readers.setdefault(dep, []).append(stage)
    recorded = {*new.outputs, *new.unrecorded}
    there = {above for path in recorded for above in holders(path)}
    groups: dict[tuple[str, ...], list[str]] = {}
    for dep, stages in readers.items():
        if dep not in there and recorded.isdisjoint(holders(dep)) and git.lacks(dep):
            groups.setdefault(tuple(stage.address for stage in stages), []).append(dep)
    for addresses, gone in groups.items():
        yield tuple(gone), _orphaned(addresses, gone, old, new, git)


def _orphaned(
    addresses: Sequence[str], gone: Sequence[str], old: Snapshot, new: Snapshot, git: Presence
) -> Finding:
    one = len(addresses) == 1
    path = new.stages[addresses[0]].path
    whose = f"The stage {addresses[0]} reads" if one else f"The stages {some(addresses)} read"
    what = f"{whose} {some(gone)}, which neither DVC nor Git has any more."
    them, deps = "it" if len(gone) == 1 else "them", f"the `deps` of {printable(path)}"
    if any(dep in old.outputs for dep in gone):
        back = f"Bring {them} back (`{dvc_at(root_of(new, path))} add`)"
    else:
        files = " ".join(shlex.quote(printable(dep)) for dep in gone)
        back = f"Bring {them} back (`git checkout {git.base or 'COMMIT'} -- {files}`)"
    moved = [now for now in map(git.renamed, gone) if now]
    named = f", name {some(moved)} instead in {deps}" if len(moved) == len(gone) else ""
    remedy = f"{back}{named}, or take {them} out of {'them' if named else deps}."
    return Finding(FindingKind.STALE_LOCK, what, remedy, path=path, subject=addresses[0] if one else "")
