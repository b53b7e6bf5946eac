"""Runs of stages that a dvc.lock had recorded, and does not any more: the file is gone, or empty. Pure.

`dvc status` takes such stages for new ones; that they ran before, only the other side of a branch tells.
"""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Collection, Iterator

from dvc_changelog.domain import Finding, FindingKind, Snapshot
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


def lock_of(path: str) -> str:
    """The lock beside a dvc.yaml; a stage of a `.dvc` file has none."""
    named = posixpath.basename(path) == "dvc.yaml"
    return posixpath.join(posixpath.dirname(path), "dvc.lock") if named else path
