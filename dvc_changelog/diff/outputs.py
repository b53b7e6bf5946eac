"""Changes of outputs: data sets and models, by the hash that DVC recorded; and of where they are kept."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping

from dvc_changelog.diff.hidden import broken
from dvc_changelog.diff.owed import instead_of, owed
from dvc_changelog.diff.renames import fates, pair_up
from dvc_changelog.domain import ChangeType, Output, OutputChange, RemoteChange, Snapshot, holders


def outputs(old: Snapshot, new: Snapshot) -> Iterator[OutputChange]:
    """Outputs added, deleted, modified and renamed (equal content, or the same stage's, at another path).

    One of which only one side is known is UNKNOWN: what cannot be read, or has no hash, is not gone; nor is
    what its stage is to write elsewhere, and has not run since (see `owed`). Metrics that Git keeps on one
    side, and DVC on the other, neither came nor went; their values are told.
    """
    unsure = _unsure(old, new)
    kept = _kept(old, new)
    moved = _renamed(old, new, unsure | kept)
    owing = owed(old, new)
    for fate, path, here, before, after in fates(old.outputs, new.outputs, moved):
        if fate is ChangeType.RENAMED:
            yield OutputChange(fate, here.path, before, after, old_path=path)
        elif before and after:
            yield from _compared(path, before, after)
        elif path in unsure:
            yield OutputChange(ChangeType.UNKNOWN, path, before, after)
        elif before and path in owing:
            awaited = instead_of(before, owing, new)
            yield OutputChange(ChangeType.UNKNOWN, path, before, None, awaited=awaited)
        elif path not in kept:
            yield OutputChange(fate, path, before, after)


def renamed(old: Snapshot, new: Snapshot) -> Mapping[str, str]:
    """Old path -> new path of the outputs that `outputs` calls renamed."""
    return _renamed(old, new, _unsure(old, new) | _kept(old, new))


def _renamed(old: Snapshot, new: Snapshot, without: set[str]) -> Mapping[str, str]:
    was, now = (_without(without, side.outputs) for side in (old, new))
    return _moved(was, now)


def _unsure(old: Snapshot, new: Snapshot) -> set[str]:
    return {*_hidden(old, new), *_hidden(new, old), *(old.outputs.keys() & new.unrecorded)}


def _kept(old: Snapshot, new: Snapshot) -> set[str]:
    """What Git keeps on one side, and DVC on the other."""
    return (old.outputs.keys() ^ new.outputs.keys()) & old.metrics.keys() & new.metrics.keys()


def _hidden(here: Snapshot, there: Snapshot) -> Iterator[str]:
    """The outputs of one side whose DVC file, or stage, cannot be read on the other."""
    unreadable = there.unreadable
    if unreadable or there.untold:
        for path, output in here.outputs.items():
            stage = here.stages.get(output.stage)
            files = (*holders(output.file), stage.path) if stage else holders(output.file)
            hidden = not unreadable.isdisjoint(files) or there.may_have(output.stage)
            if hidden and path not in there.outputs:
                yield path


def _without(unsure: set[str], outputs: Mapping[str, Output]) -> Mapping[str, Output]:
    return {path: output for path, output in outputs.items() if path not in unsure} if unsure else outputs


def remotes(old: Snapshot, new: Snapshot) -> Iterator[RemoteChange]:
    """Outputs that are kept on another remote than before.

    What another repository keeps is on none, nor is what Git keeps: see `Crossing` for what went there. Where
    a dvc.yaml cannot be read, its remotes are not known.
    """
    if old.outputs is new.outputs:
        return
    unread = broken(old) | broken(new)
    for path in sorted(old.outputs.keys() & new.outputs.keys()):
        before, after = old.outputs[path], new.outputs[path]
        if before.cached != after.cached or before.remote == after.remote:
            continue
        if before.remote is None or after.remote is None:
            continue
        stages = (old.stages.get(before.stage), new.stages.get(after.stage))
        if not any(stage and stage.path in unread for stage in stages):
            yield RemoteChange(ChangeType.MODIFIED, path, before.remote, after.remote)


def _moved(old: Mapping[str, Output], new: Mapping[str, Output]) -> dict[str, str]:
    """Old path -> new path: by content, and what is left by the stage where it makes but one of the kind.

    A file's kind is a model or not, else its suffix alone: by its new name a model may not look like one.
    """
    moved = pair_up(old, new, key=lambda output: (output.content.algorithm, output.content.digest))
    moved_to = set(moved.values())
    left = {path: output for path, output in old.items() if path not in new and path not in moved}
    came = {path: output for path, output in new.items() if path not in old and path not in moved_to}
    kinds = _alone(left, came, _kind)
    forms = {path: to for path, to in _alone(left, came, _form).items() if path not in kinds}
    taken = set(kinds.values())
    return moved | kinds | {path: to for path, to in forms.items() if to not in taken}


def _alone(
    left: Mapping[str, Output], came: Mapping[str, Output], kind: Callable[[Output], Hashable | None]
) -> dict[str, str]:
    """What is the only one of its kind on either side."""
    once = _unique(left, kind) & _unique(came, kind)
    pairs = pair_up(left, came, key=lambda output: found if (found := kind(output)) in once else None)
    return {path: to for path, to in pairs.items() if _may_be_one(left[path], came[to])}


def _may_be_one(old: Output, new: Output) -> bool:
    """Two artifacts are two things, whichever stage makes them; and so is what is declared to be no model."""
    if old.artifact and new.artifact:
        return old.artifact.name == new.artifact.name
    other = new if old.model else old
    return old.model == new.model or not (other.artifact and other.artifact.type)


def _unique(outputs: Mapping[str, Output], kind: Callable[[Output], Hashable | None]) -> set[Hashable]:
    """The kinds that occur once."""
    return {found for found, number in Counter(map(kind, outputs.values())).items() if number == 1}


def _kind(output: Output) -> Hashable | None:
    """What a stage makes: a model of whatever form, or data of one suffix; None for what no stage makes."""
    if not output.stage:
        return None
    form = posixpath.splitext(output.path)[1], output.content.is_dir
    return output.stage, "model" if output.model else form


def _form(output: Output) -> Hashable | None:
    """A file of a suffix, a model or not; None for what has no suffix, which says too little."""
    suffix = posixpath.splitext(output.path)[1]
    return (output.stage, suffix, output.content.is_dir) if output.stage and suffix else None


def _compared(path: str, old: Output, new: Output) -> Iterator[OutputChange]:
    if old.content.same(new.content):
        return
    sure = old.content.differs(new.content)
    yield OutputChange(ChangeType.MODIFIED if sure else ChangeType.UNKNOWN, path, old, new)
