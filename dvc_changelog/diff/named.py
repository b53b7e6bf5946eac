"""Changes of stages, artifacts and imports: definitions under a name."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

from dvc_changelog.diff.renames import pair_up
from dvc_changelog.domain import (
    Artifact,
    ArtifactChange,
    ChangeType,
    Import,
    ImportChange,
    Stage,
    StageChange,
)


def stages(old: Mapping[str, Stage], new: Mapping[str, Stage]) -> Iterator[StageChange]:
    """Stages added, deleted, modified and renamed (another name, the same outputs or the same command)."""
    gone = {name: stage for name, stage in old.items() if name not in new}
    came = {name: stage for name, stage in new.items() if name not in old}
    moved = pair_up(gone, came, key=_identity)
    moved_to = set(moved.values())
    for address in sorted(old.keys() | new.keys()):
        before, after = old.get(address), new.get(address)
        if address in moved:
            target = came[moved[address]]
            yield StageChange(ChangeType.RENAMED, target.path, target.name, before, target)
        elif before is None and after is not None and address not in moved_to:
            yield StageChange(ChangeType.ADDED, after.path, after.name, None, after)
        elif after is None and before is not None:
            yield StageChange(ChangeType.DELETED, before.path, before.name, before, None)
        elif before is not None and after is not None and _definition(before) != _definition(after):
            yield StageChange(ChangeType.MODIFIED, after.path, after.name, before, after)


def artifacts(old: Mapping[str, Artifact], new: Mapping[str, Artifact]) -> Iterator[ArtifactChange]:
    """Declarations added, deleted, modified and moved to another file (renamed: the same name there)."""
    gone = {key: artifact for key, artifact in old.items() if key not in new}
    came = {key: artifact for key, artifact in new.items() if key not in old}
    moved = pair_up(gone, came, key=lambda artifact: artifact.name)
    moved_to = set(moved.values())
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if key in moved:
            target = came[moved[key]]
            yield ArtifactChange(ChangeType.RENAMED, target.file, target.name, before, target)
        elif before is None and after is not None and key not in moved_to:
            yield ArtifactChange(ChangeType.ADDED, after.file, after.name, None, after)
        elif after is None and before is not None:
            yield ArtifactChange(ChangeType.DELETED, before.file, before.name, before, None)
        elif before is not None and after is not None and _declaration(before) != _declaration(after):
            yield ArtifactChange(ChangeType.MODIFIED, after.file, after.name, before, after)


def imports(old: Mapping[str, Import], new: Mapping[str, Import]) -> Iterator[ImportChange]:
    """Imports added and deleted, and those whose source or locked revision moved."""
    for path in sorted(old.keys() | new.keys()):
        before, after = old.get(path), new.get(path)
        if before == after or before is after:
            continue
        if before is None:
            yield ImportChange(ChangeType.ADDED, path, None, after)
        elif after is None:
            yield ImportChange(ChangeType.DELETED, path, before, None)
        elif _source(before) != _source(after):
            yield ImportChange(ChangeType.MODIFIED, path, before, after)


def _identity(stage: Stage) -> Hashable | None:
    """What a stage keeps under another name: what it makes, or else the command."""
    return ("outs", frozenset(stage.outs)) if stage.outs else (("cmd", stage.cmd) if stage.cmd else None)


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


def _source(source: Import) -> tuple[object, ...]:
    content = (source.content.algorithm, source.content.digest) if source.content else None
    return (source.kind, source.url, source.source, source.rev, source.rev_lock, content)
