"""What a reviewer would want to know of a branch, beyond its rules: that fails nothing. Pure.

Metrics that are not comparable with those before, or moved for another reason than a model; what a run should
have changed and did not; what the target changed as well since.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from dvc_changelog.domain import (
    Cause,
    CauseKind,
    ChangeType,
    Content,
    MetricChange,
    Noticed,
    OutputChange,
    Release,
    Role,
    Since,
    Snapshot,
    Stage,
    Unmoved,
    ValueFile,
    holders,
    same,
    within,
)
from dvc_changelog.insight import Causes
from dvc_changelog.insight.touches import is_data
from dvc_changelog.workflows.rehomed import rehomed
from dvc_changelog.workflows.unheeded import unheeded

_HARMLESS = {CauseKind.FILE, CauseKind.PACKAGE, CauseKind.COMMAND, CauseKind.STAGE}
"""What is often changed so that nothing else does: code is put in order, a script is renamed."""


def noticed(release: Release, old: Snapshot, new: Snapshot) -> Noticed:
    """What is remarkable about the metrics and models of a release between two snapshots."""
    if not release.base:
        return Noticed()
    metrics = [c for c in release.changes if isinstance(c, MetricChange)]
    # Of metrics that a hand or a merge wrote no run tells anything; that they are so is a finding.
    written = {item.path for item in release.stale if item.since is Since.OUTPUT and not item.added}
    moved = [
        c for c in metrics if c.change is ChangeType.MODIFIED and not c.judged.noise and c.path not in written
    ]
    causes = Causes(old, new, release.commits)
    paths = dict.fromkeys(_tracked(change.path, new) or change.path for change in moved)
    # Nor does one that a merge made up.
    made_up = {each.stage for each in release.mixed}
    told = [path for path in paths if not (stage := causes.maker(path)) or stage.address not in made_up]
    alone = bool(moved) and _is_without_model(release, new)
    orphaned = _orphaned(old, new)
    return Noticed(
        shared=_shared(old) | _shared(new),
        other_model=tuple(dict.fromkeys(model for change in moved for model in change.other_model)),
        unexplained=tuple(_unexplained(release)),
        orphaned=orphaned,
        readers=tuple(_readers(orphaned, new)),
        rehomed=rehomed(old, new),
        unmoved=tuple(one for one in release.unmoved if _matters(one, new)),
        without_model=alone,
        unheeded=unheeded(release, old, new),
        because=_together(causes.of(path) for path in paths) if alone else (),
        other_data=tuple(dict.fromkeys(p for path in told for p in _other_data(causes, path, old, new))),
    )


def contested(base: Snapshot, head: Snapshot, target: Snapshot) -> tuple[str, ...]:
    """What a branch and its target both changed since they parted, each in its own way.

    Returns:
        paths of data and models, params as "params.yaml:lr". Of what a pipeline makes, and of metrics, only
        where nothing else is: they follow from the rest.
    """
    outputs = [
        path
        for path, output in head.outputs.items()
        if (before := base.outputs.get(path))
        and (theirs := target.outputs.get(path))
        and _all_differ(before.content, output.content, theirs.content)
    ]
    sources = [p for p in outputs if head.outputs[p].role is Role.SOURCE or head.outputs[p].model]
    params = list(_values(base.params, head.params, target.params))
    return tuple((*sources, *params) or outputs or _values(base.metrics, head.metrics, target.metrics))


def _all_differ(*contents: Content) -> bool:
    one, other, third = contents
    return one.differs(other) and one.differs(third) and other.differs(third)


def _values(
    base: Mapping[str, ValueFile], head: Mapping[str, ValueFile], target: Mapping[str, ValueFile]
) -> Iterator[str]:
    for path, file in head.items():
        before, theirs = base.get(path), target.get(path)
        if not before or not theirs or file is before or theirs is before:
            continue
        was, there = before.values or {}, theirs.values or {}
        for name, value in (file.values or {}).items():
            if name not in was or name not in there:
                continue
            if not (same(was[name], value) or same(was[name], there[name]) or same(value, there[name])):
                yield f"{path}:{name}"


def _is_without_model(release: Release, new: Snapshot) -> bool:
    """Whether there are models, and surely none of them changed."""
    outputs = (c for c in release.changes if isinstance(c, OutputChange) and c.model)
    unchanged = all(change.content_change is ChangeType.RENAMED for change in outputs)
    return unchanged and any(output.model for output in new.outputs.values())


def _matters(one: Unmoved, new: Snapshot) -> bool:
    """Whether a model or metrics stayed the same, for all that is not just code."""
    made = (path in new.metrics or (path in new.outputs and new.outputs[path].model) for path in one.paths)
    return any(cause.kind not in _HARMLESS for cause in one.because) and any(made)


def _other_data(causes: Causes, path: str, old: Snapshot, new: Snapshot) -> Iterator[str]:
    """The data that a metrics file was measured on, where it is not what it was before."""
    stage = causes.maker(path)
    before = old.stages.get(stage.address) if stage else None
    if not stage or not stage.ran or not before or not before.ran:
        return
    was = {dep.path: dep.content for dep in before.ran.deps}
    for dep in stage.ran.deps:
        earlier = was.get(dep.path)
        if earlier and dep.content and earlier.differs(dep.content):
            yield from _parts(dep.path, old, new)


def _parts(path: str, old: Snapshot, new: Snapshot) -> Iterator[str]:
    """What of an input that changed is other data: itself, or of a directory what DVC tracks in it.

    The directory stands for what came or went, and where it changed further since the stage ran.
    """
    was, now = _data_in(path, old), _data_in(path, new)
    differ = [held for held, content in now.items() if held in was and was[held].differs(content)]
    late = any(item.path == path and item.since is Since.INPUT for item in new.stale)
    if differ and not late:
        yield from differ
    elif differ or was.keys() != now.keys() or _is_data(path, new, {}):
        yield path


def _data_in(path: str, side: Snapshot) -> dict[str, Content]:
    known: dict[str, bool] = {}
    return {
        held: side.outputs[held].content
        for held in sorted(_below(path, side))
        if held not in side.metrics and held not in side.plots and _is_data(held, side, known)
    }


def _unexplained(release: Release) -> Iterator[str]:
    """Models that are others, though the run that made them read what the one before did."""
    for change in release.changes:
        if isinstance(change, OutputChange) and change.model and change.content_change is ChangeType.MODIFIED:
            kinds = [(cause.kind, cause.through) for cause in change.because]
            if kinds == [(CauseKind.NOTHING, ())]:
                yield change.path


def _orphaned(old: Snapshot, new: Snapshot) -> tuple[str, ...]:
    """Models, metrics files and what stages read, still there, though no stage makes it any more.

    Of what is read, that is what Git keeps: without what DVC kept a stage cannot run, which is a finding.
    """
    if new.unreadable or new.untold:
        return ()
    models = [path for path, output in old.outputs.items() if output.model and path in new.outputs]
    read = (dep for stage in new.stages.values() for dep in stage.deps)
    kept = (*models, *(path for path in old.metrics if path in new.metrics), *_in_git(read, old, new))
    before, now = _made(old), _made(new)
    return tuple(path for path in dict.fromkeys(kept) if _lies_in(path, before) and not _lies_in(path, now))


def _readers(paths: Iterable[str], new: Snapshot) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Paths with the stages that read them, or what they lie in, or a part of them; no path without any."""
    for path in paths:
        stages = (
            address
            for address, stage in new.stages.items()
            if any(dep and (within(path, dep) or within(dep, path)) for dep in stage.deps)
        )
        if found := tuple(stages):
            yield path, found


def _shared(snapshot: Snapshot) -> frozenset[str]:
    """The names of metrics that several files have."""
    found = Counter(name for file in snapshot.metrics.values() for name in file.values or {})
    return frozenset(name for name, count in found.items() if count > 1)


def _in_git(paths: Iterable[str], old: Snapshot, new: Snapshot) -> Iterator[str]:
    """Those that DVC keeps on neither side."""
    return (path for path in paths if not (_tracked(path, old) or _tracked(path, new)))


def _made(snapshot: Snapshot) -> set[str]:
    """What stages make, or are to make."""
    stages = snapshot.stages.values()
    told = {path for stage in stages for path in (*stage.outs, *stage.metrics)}
    return told | {out.path for stage in stages if stage.ran for out in stage.ran.outs}


def _lies_in(path: str, places: Collection[str]) -> bool:
    return any(place in places for place in holders(path))


def _tracked(path: str, snapshot: Snapshot) -> str:
    """What DVC tracks a path as: itself, or a directory above it; "" for neither."""
    return next((place for place in holders(path) if place in snapshot.outputs), "")


def _is_data(path: str, snapshot: Snapshot, known: dict[str, bool]) -> bool:
    """Whether DVC tracks it, and no model is it or went into it; or Git keeps it, and it has such a name."""
    if _tracked(path, snapshot):
        return not _has_model(path, snapshot, known)
    told = path in snapshot.metrics or path in snapshot.params or path in snapshot.plots
    return is_data(path) and not told and not _lies_in(path, _made(snapshot))


def _has_model(path: str, snapshot: Snapshot, known: dict[str, bool]) -> bool:
    """Whether what DVC tracks as a path, or in it, is a model or was made with one; `known` is remembered."""
    if path in known:
        return known[path]
    known[path] = False  # so that a circle in a broken lock ends
    place = _tracked(path, snapshot)
    for output in [snapshot.outputs[held] for held in ([place] if place else _below(path, snapshot))]:
        stage: Stage | None = snapshot.stages.get(output.stage)
        deps = stage.ran.deps if stage and stage.ran else ()
        known[path] |= output.model or any(_has_model(dep.path, snapshot, known) for dep in deps)
    return known[path]


def _below(path: str, snapshot: Snapshot) -> Iterator[str]:
    """What DVC tracks in a directory that it does not track as a whole."""
    return (held for held in snapshot.outputs if held != path and within(held, path))


def _together(several: Iterable[Iterable[Cause]]) -> tuple[Cause, ...]:
    """The roots, each once."""
    found: dict[tuple[str, ...], Cause] = {}
    for cause in (cause for causes in several for cause in causes):
        found.setdefault((cause.kind, cause.path, cause.name), cause)
    return tuple(found.values())
