"""Changes of stages, artifacts and imports: definitions under a name."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

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
    are not compared with what a dvc.yaml defines, and of a stage that is there untold nobody knows.
    """
    unread = old.unreadable | new.unreadable
    was, is_ = (_read(side.stages, unread, lambda stage: stage.path) for side in (old, new))
    moved = pair_up(was, is_, key=_identity)
    moved_to = set(moved.values())
    moved |= pair_up(
        {address: stage for address, stage in was.items() if address not in moved},
        {address: stage for address, stage in is_.items() if address not in moved_to},
        key=_result,
    )
    for fate, _, here, before, after in fates(was, is_, moved):
        if before and after and (before.address in old.from_lock) is not (after.address in new.from_lock):
            continue
        there = {ChangeType.ADDED: old, ChangeType.DELETED: new}.get(fate)
        if there and there.may_have(here.address):
            continue
        if fate is not ChangeType.MODIFIED or not _same(before, after, _definition):
            yield StageChange(fate, here.path, here.name, before, after)


def artifacts(old: Snapshot, new: Snapshot) -> Iterator[ArtifactChange]:
    """Declarations added, deleted, modified and renamed: the same name in another file, or another name.

    One is known again under another name by its type and its content, at its path, or at another one where
    nothing else comes into question. Of content that is not recorded on both sides nothing is known.
    """
    unread = old.unreadable | new.unreadable
    was, is_ = (_read(side.artifacts, unread, lambda artifact: artifact.file) for side in (old, new))
    moved = pair_up(was, is_, key=lambda artifact: artifact.name)
    for at_path in (True, False):
        moved |= _called_otherwise(
            {key: _substance(one, old, at_path=at_path) for key, one in _but(was, is_, moved).items()},
            {
                key: _substance(one, new, at_path=at_path)
                for key, one in _but(is_, was, moved.values()).items()
            },
        )
    for fate, _, here, before, after in fates(was, is_, moved):
        if fate is not ChangeType.MODIFIED or not _same(before, after, _declaration):
            yield ArtifactChange(fate, here.file, here.name, before, after)


def _but(here: Mapping[str, T], there: Mapping[str, T], taken: Collection[str]) -> Mapping[str, T]:
    """What only one side has, and is not paired yet."""
    return {key: item for key, item in here.items() if key not in there and key not in taken}


def _substance(artifact: Artifact, side: Snapshot, *, at_path: bool) -> Hashable | None:
    """What an artifact is whatever it is called; None where that is not recorded, or is nothing."""
    output = side.outputs.get(artifact.path)
    if output is None or output.content.is_empty:
        return None
    content = output.content
    return artifact.type, content.algorithm, content.digest, artifact.path if at_path else ""


def _called_otherwise(
    gone: Mapping[str, Hashable | None], came: Mapping[str, Hashable | None]
) -> dict[str, str]:
    """Old key -> new key of what is the only one of its substance on either side."""
    times = Counter(gone.values()), Counter(came.values())
    keys = {substance: key for key, substance in came.items()}
    return {
        key: keys[substance]
        for key, substance in gone.items()
        if substance is not None and times[0][substance] == times[1][substance] == 1
    }


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
        stage.always_changed,
    )


def _declaration(artifact: Artifact) -> tuple[object, ...]:
    """What is declared, labels in no particular order."""
    return (artifact.path, artifact.type, frozenset(artifact.labels), artifact.desc)
