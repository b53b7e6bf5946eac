"""What stages are to write elsewhere, and have not written yet: a run that is owed takes nothing away.

It knows what dvc.yaml lists and what dvc.lock has of each stage, by its name. Which file takes the place of
which it does not guess, unless their names tell.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping

from dvc_changelog.domain import Output, Snapshot, Stage, holders


def owed(old: Snapshot, new: Snapshot) -> Mapping[str, tuple[str, ...]]:
    """What is not written any more, with what is to be written instead.

    Args:
        old: the state compared with.
        new: the state described.

    Returns:
        outputs, metrics and plots that a stage listed before and does not list now, while its run in dvc.lock
        still has them, each with those that it lists now, that did not stand there before, and that neither
        dvc.lock nor anything else has yet. Outputs give way to outputs, metrics to metrics, plots to plots;
        what nothing takes the place of is not in it.
    """
    found: dict[str, tuple[str, ...]] = {}
    for address, stage in new.stages.items():
        before = old.stages.get(address)
        if before and before is not stage and stage.ran:
            found.update(_of_stage(before, stage, new))
    return found


def awaits_run(old: Snapshot, new: Snapshot) -> Callable[[str], bool]:
    """Whether a metrics file has no values but for a run that is not recorded: it is not gone."""
    paths = new.awaited | owed(old, new).keys()
    return lambda path: not paths.isdisjoint(holders(path))


def instead_of(output: Output, owing: Mapping[str, tuple[str, ...]], new: Snapshot) -> tuple[str, ...]:
    """What is to be written instead of an output: where its artifact now points, or else all of `owed`."""
    paths = owing.get(output.path, ())
    artifact = output.artifact
    if artifact is None or len(paths) < 2:  # noqa: PLR2004  # one needs no choice
        return paths
    named = {a.path for a in new.artifacts.values() if a.address == artifact.address}
    return tuple(path for path in paths if path in named) or paths


def _of_stage(before: Stage, stage: Stage, new: Snapshot) -> Iterator[tuple[str, tuple[str, ...]]]:
    ran = {out.path for out in stage.ran.outs} if stage.ran else set()
    written, listed = {*_written(before)}, {*_written(stage)}
    kinds = ((before.outs, stage.outs), (before.metrics, stage.metrics), (before.plots, stage.plots))
    for was, now in kinds:
        if was == now:
            continue
        came = (path for path in now if path not in ran and path not in written)
        awaited = tuple(path for path in came if not _is_there(path, new))
        gone = [path for path in was if path in ran and path not in listed]
        if awaited:
            yield from ((path, _of_name(path, awaited) or awaited) for path in gone)


def _of_name(path: str, awaited: tuple[str, ...]) -> tuple[str, ...]:
    """The one of some files that has the name of another; nothing for none, or for several."""
    named = tuple(each for each in awaited if posixpath.basename(each) == posixpath.basename(path))
    return named if len(named) == 1 else ()


def _written(stage: Stage) -> tuple[str, ...]:
    return (*stage.outs, *stage.metrics, *stage.plots)


def _is_there(path: str, snapshot: Snapshot) -> bool:
    return path in snapshot.outputs or path in snapshot.metrics or path in snapshot.plots
