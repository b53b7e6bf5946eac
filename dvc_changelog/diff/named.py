"""Changes of stages, artifacts and imports: definitions under a name."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from dvc_changelog.diff.hidden import broken
from dvc_changelog.diff.renames import fates, pair_up
from dvc_changelog.domain import (
    Artifact,
    ArtifactChange,
    ChangeType,
    ImportChange,
    Snapshot,
    Stage,
    StageChange,
)

T = TypeVar("T")


def stages(old: Snapshot, new: Snapshot) -> Iterator[StageChange]:
    """Stages added, deleted, modified and renamed: another name, the same outputs or the same command; or the
    same name in another dvc.yaml, and the same outputs seen from there, byte for byte.

    Of a dvc.yaml that cannot be read on a side nothing is told: what it defines is not known there. The same
    holds for artifacts and imports. One that is read in part has stages of which only dvc.lock tells: these
    are not compared with what a whole one defines, and of a stage that is there untold nobody knows.
    """
    unread = old.unreadable | new.unreadable
    half = (broken(old) ^ broken(new)) - unread
    was, is_ = (_read(side.stages, unread, lambda stage: stage.path) for side in (old, new))
    moved = pair_up(was, is_, key=_identity)
    moved_to = set(moved.values())
    moved |= pair_up(
        {address: stage for address, stage in was.items() if address not in moved},
        {address: stage for address, stage in is_.items() if address not in moved_to},
        key=_result,
    )
    for fate, _, here, before, after in fates(was, is_, moved):
        if fate is ChangeType.MODIFIED and here.path in half:
            continue
        there = {ChangeType.ADDED: old, ChangeType.DELETED: new}.get(fate)
        if there and there.may_have(here.address):
            continue
        if fate is not ChangeType.MODIFIED or not _same(before, after, _definition):
            yield StageChange(fate, here.path, here.name, before, after)


def artifacts(old: Snapshot, new: Snapshot) -> Iterator[ArtifactChange]:
    """Declarations added, deleted, modified and moved to another file (renamed: the same name there)."""
    unread = old.unreadable | new.unreadable
    was, is_ = (_read(side.artifacts, unread, lambda artifact: artifact.file) for side in (old, new))
    moved = pair_up(was, is_, key=lambda artifact: artifact.name)
    for fate, _, here, before, after in fates(was, is_, moved):
        if fate is not ChangeType.MODIFIED or not _same(before, after, _declaration):
            yield ArtifactChange(fate, here.file, here.name, before, after)


def imports(old: Snapshot, new: Snapshot) -> Iterator[ImportChange]:
    """Imports and datasets added and deleted, and those whose source or locked revision moved.

    RENAMED is one that another file tells of, and that brings in just the same.
    """
    unread = old.unreadable | new.unreadable
    was, is_ = (_read(side.imports, unread, lambda source: source.path) for side in (old, new))
    moved = pair_up(was, is_, key=lambda source: replace(source, path=""))
    for fate, _, here, before, after in fates(was, is_, moved):
        if fate is not ChangeType.MODIFIED or not (before and after and before.same(after)):
            yield ImportChange(fate, here.path, before, after)


def _read(items: Mapping[str, T], unread: Collection[str], file: Callable[[T], str]) -> Mapping[str, T]:
    """The items of the files that both sides can read."""
    return {key: item for key, item in items.items() if file(item) not in unread} if unread else items


def _same(old: T | None, new: T | None, aspect: Callable[[T], object]) -> bool:
    return old is not None and new is not None and aspect(old) == aspect(new)


def _identity(stage: Stage) -> Hashable | None:
    """What a stage keeps under another name: what it makes, or else the command."""
    return ("outs", frozenset(stage.outs)) if stage.outs else (("cmd", stage.cmd) if stage.cmd else None)


def _result(stage: Stage) -> Hashable | None:
    """What a stage keeps in another directory: its name, and what it made, seen from there."""
    if not stage.ran or not stage.name:
        return None
    made = frozenset(
        (posixpath.relpath(out.path, stage.wdir or "."), out.content.algorithm, out.content.digest)
        for out in stage.ran.outs
        if out.content
    )
    return (stage.name, made) if made else None


def _definition(stage: Stage) -> tuple[object, ...]:
    """What dvc.yaml says, in no particular order of lists: DVC does not care for it either."""
    return (
        stage.cmd,
        stage.wdir,
        frozenset(stage.deps),
        frozenset(stage.outs),
        frozenset(stage.params),
        frozenset(stage.metrics),
        frozenset(stage.plots),
        stage.frozen,
    )


def _declaration(artifact: Artifact) -> tuple[object, ...]:
    """What is declared, labels in no particular order."""
    return (artifact.path, artifact.type, frozenset(artifact.labels), artifact.desc)
