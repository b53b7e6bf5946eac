"""Runs that never were: a merge may put the inputs of one run beside what another one made. Pure.

DVC takes such an entry of dvc.lock for up to date. That it is none is sure only where one side of the merge
has just these inputs and made something else of them, while the other made this of other inputs. What a run
made of inputs of both sides may well be what one of them had made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from dvc_changelog.domain import (
    Cause,
    CauseKind,
    Change,
    Content,
    Dependency,
    Mixed,
    OutputChange,
    Stage,
    StageRun,
    Unmoved,
)

Side = tuple[str, Mapping[str, Stage]]
"""A commit, and the stages that it has."""


def mixed(stages: Mapping[str, Stage], merge: Side, parents: Sequence[Side]) -> Iterator[Mixed]:
    """The stages whose entries a merge made up, and those that came to stand beside these.

    Args:
        stages: those that may be; what ran since is not as the merge has it.
        merge: the commit that merged.
        parents: those that it merged.

    Returns:
        each stage whose run is surely none, and where there is such a one, also those of whose runs nobody
        knows: made of inputs that no side had, they are what one side has. Those have no `inputs`.
    """
    commit_id, there = merge
    found: list[Mixed] = []
    for address, stage in stages.items():
        ran = stage.ran
        runs = [(parent, of[address].ran if address in of else None) for parent, of in parents]
        known = [(parent, run) for parent, run in runs if run]
        if ran and address in there and there[address].ran == ran and all(run != ran for _, run in known):
            found += _of(address, commit_id, ran, known)
    if any(each.inputs for each in found):
        yield from found


def _of(address: str, merge: str, ran: StageRun, known: Sequence[tuple[str, StageRun]]) -> Iterator[Mixed]:
    given = [(parent, run) for parent, run in known if _inputs(run) == _inputs(ran)]
    others = [(parent, run) for parent, run in known if _inputs(run) != _inputs(ran)]
    made = _contents(ran.outs)
    sides = [(parent, _contents(run.outs)) for parent, run in given]
    for parent, own in sides or [("", {})]:
        for other, other_run in others:
            theirs = _contents(other_run.outs)
            paths = tuple(path for path, what in made.items() if what and what == theirs.get(path))
            brought = tuple(path for path in paths if made[path] != own.get(path))
            if brought and all(path in paths or made[path] == own.get(path) for path in made):
                yield Mixed(address, merge, parent, other, brought)
                return


def _inputs(run: StageRun) -> object:
    return run.cmd, _contents(run.deps), dict(run.params)


def _contents(items: Iterable[Dependency]) -> dict[str, Content | None]:
    return {item.path: item.content for item in items}


def unmixed(changes: Iterable[Change], found: Sequence[Mixed]) -> Iterator[Change]:
    """The changes, none explained by a run that never was: all that is known is which commit had the output.

    What was made of such an output changed for that, and not for what is recorded of its stage.
    """
    by_stage = {each.stage: each for each in found}
    for change in changes:
        if not isinstance(change, OutputChange) or not change.because or not by_stage:
            yield change
            continue
        own = by_stage.get(change.new.stage) if change.new else None
        if own:
            yield replace(change, because=(_cause(own, change.path),))
        else:
            told: dict[tuple[str, ...], Cause] = {}
            for cause in (_settled(cause, by_stage) for cause in change.because):
                told.setdefault((cause.kind, cause.path, cause.name), cause)
            yield replace(change, because=tuple(told.values()))


def really_unmoved(found: Iterable[Unmoved], mixed_up: Iterable[Mixed]) -> Iterator[Unmoved]:
    """Stages that made the same of other inputs, but for those that did not run on them."""
    stages = {each.stage for each in mixed_up}
    return (one for one in found if one.stage not in stages)


def _settled(cause: Cause, by_stage: Mapping[str, Mixed]) -> Cause:
    at = next((n for n, address in reversed([*enumerate(cause.through)]) if address in by_stage), None)
    if at is None:
        return cause
    own = by_stage[cause.through[at]]
    return replace(_cause(own, own.paths[0]), through=cause.through[at:])


def _cause(own: Mixed, path: str) -> Cause:
    return Cause(CauseKind.UNKNOWN, path, own.stage, commits=(own.outputs,))
