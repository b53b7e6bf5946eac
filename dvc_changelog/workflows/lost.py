"""Runs that a branch owes, though `dvc status` says nothing of them. Pure.

It takes stages for new ones whose runs a dvc.lock had recorded, and does not any more: the file is gone, or
empty. Of frozen stages it does not look at what they read. That a branch did it, only its other side tells.
"""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

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
            by_lock.setdefault(lock_of(stage.path), []).append(address)
    for lock, stages in by_lock.items():
        if not new.unreadable.isdisjoint({lock, posixpath.join(posixpath.dirname(lock), "dvc.yaml")}):
            continue
        fate = "records no run any more" if lock in new.locks else "is gone"
        whose = "the stage" if len(stages) == 1 else "the stages"
        what = f"{printable(lock)} {fate}: nobody knows what {whose} {some(stages)} ran with and made."
        repro = f"`{dvc_at(root_of(new, lock))} repro`, then commit dvc.lock"
        command = f"git checkout {base} -- {shlex.quote(printable(lock))}"
        back = f"`{command}` brings it back; else " if base else ""
        subject = stages[0] if len(stages) == 1 else ""
        yield Finding(FindingKind.STALE_LOCK, what, f"{back}{repro}.", path=lock, subject=subject)


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


def of_orphans(old: Snapshot, new: Snapshot, in_git: Callable[[str], bool]) -> Iterator[Finding]:
    """Stages that read what DVC tracked before, and nothing has any more: a fresh clone cannot run them.

    `in_git` says whether Git has something at a path of the head. Of the others see `of_lost`.
    """
    if new.unreadable or new.untold:
        return
    there = {above for path in (*new.outputs, *new.unrecorded) for above in holders(path)}
    for address, stage in new.stages.items():
        for dep in stage.deps:
            above = set(holders(dep))
            held = dep in there or not above.isdisjoint((*new.outputs, *new.unrecorded))
            if dep in old.outputs and not held and not in_git(dep):
                name = printable(dep)
                what = f"The stage {address} reads {name}, which neither DVC nor Git has any more."
                dvc = dvc_at(root_of(new, stage.path))
                remedy = f"Bring it back (`{dvc} add`), or take it out of the `deps` of {stage.path}."
                yield Finding(FindingKind.STALE_LOCK, what, remedy, path=stage.path, subject=address)


def lock_of(path: str) -> str:
    """The lock beside a dvc.yaml; a stage of a `.dvc` file has none."""
    named = posixpath.basename(path) == "dvc.yaml"
    return posixpath.join(posixpath.dirname(path), "dvc.lock") if named else path
