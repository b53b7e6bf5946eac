"""Stages that are not as they last ran, in words, each with the command that mends it. Pure."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dvc_changelog.domain import Dependency, Finding, FindingKind, Since, Snapshot, Stage, Stale, holders
from dvc_changelog.render import figures
from dvc_changelog.workflows.finding import FEW, dvc_at, printable, root_of, some

_USUAL = "params.yaml"
"""The params file that DVC reads where a stage names none."""
_SHORT = 80
"""How many characters two values may have together, to be told in a sentence."""


def by_stage(stale: Iterable[Stale]) -> dict[str, list[Stale]]:
    """What is stale, by the addresses of the stages."""
    found: dict[str, list[Stale]] = {}
    for item in stale:
        found.setdefault(item.stage, []).append(item)
    return found


def findings(
    stages: Mapping[str, Sequence[Stale]],
    snapshot: Snapshot,
    *,
    most: int = FEW,
    before: Mapping[str, Stage] | None = None,
) -> Iterator[Finding]:
    """Stages that `dvc status` says have changed since: each by itself, more than `most` of them together.

    `before` are the stages of what is compared with: what one of them ran with there is not new to it.
    """
    if len(stages) > most:
        behind = [snapshot.stages[address] for address in stages]
        since = f", since {why}" if (why := _in_common([*stages.values()])) else ""
        what = f"{len(stages):,} stages are not as they last ran{since}: {some(list(stages))}."
        yield Finding(FindingKind.STALE_LOCK, what, repaired(behind, snapshot), path=behind[0].path)
        return
    covered = dict[str, str]()
    for address in _upstream_first(stages, snapshot):
        items, stage = stages[address], snapshot.stages[address]
        what = f"The stage {address} {_fate(stage, *_unknown(items, stage, (before or {}).get(address)))}."
        remedy = _back(items, stage, snapshot) + reproduced(stage, snapshot)
        gone = [item for item in items if item.missing]
        if address in covered and not gone and not stage.frozen:
            yield Finding(FindingKind.STALE_LOCK, what, covered[address], path=stage.path, subject=address)
            continue
        if not stage.frozen and not gone:
            run = f"{reproduced(stage, snapshot).partition(', then commit')[0]} runs it too."
            covered |= {below.address: run for below in _anew([stage], snapshot)}
        if gone := [item for item in items if item.missing]:  # DVC refuses to run it
            names, file = some([item.name for item in gone]), printable(gone[0].path)
            remedy = f"Put {names} back into {file}, or take it out of the stage's `params`; then {remedy}"
        yield Finding(FindingKind.STALE_LOCK, what, remedy, path=stage.path, subject=address)


def _upstream_first(stages: Iterable[str], snapshot: Snapshot) -> list[str]:
    """Stages in the order in which they run, as far as one makes what another reads."""
    given = list(stages)
    runs = {
        address: {below.address for below in _anew([snapshot.stages[address]], snapshot)} for address in given
    }
    return sorted(given, key=lambda address: sum(address in runs[other] for other in given))


def _in_common(stages: Sequence[Sequence[Stale]]) -> str:
    """What all of these stages are stale for; "" for nothing, or where it is no single thing."""
    first, *others = (
        {(i.since, "" if i.since is Since.COMMAND else i.path, i.name) for i in items} for items in stages
    )
    shared = first.intersection(*others)
    if any(since is Since.COMMAND for since, _, _ in shared):
        return "their commands changed"
    told = [item for item in stages[0] if (item.since, item.path, item.name) in shared and not item.added]
    params = [_param(item) for item in told if item.since is Since.PARAM]
    inputs = [item.path for item in told if item.since is Since.INPUT]
    return "; ".join([*params[:FEW], *([f"{some(inputs)} changed"] if inputs else [])])


def _unknown(items: Sequence[Stale], stage: Stage, before: Stage | None) -> tuple[Sequence[Stale], str]:
    """What is stale but for what the stage had before, and the lock lacks now; of that, why it does."""
    had = before.ran.paths if before and before.ran else ()
    lost = [item.path for item in items if item.added and item.since is not Since.PARAM and item.path in had]
    if not before or not lost:
        return items, ""
    left = [item for item in items if not item.added or item.path not in lost]
    if before.wdir != stage.wdir:  # the lock's paths are of the directory that it ran in
        return left, f"it works in {_place(stage.wdir)}, not in {_place(before.wdir)}"
    return left, f"{lock_of(stage.path)} records {some(lost)} no more"


def _place(wdir: str) -> str:
    return printable(wdir) if wdir else "the Git root"


def _fate(stage: Stage, items: Sequence[Stale], lost: str = "") -> str:
    """As in "is not as it last ran: its command changed; lr is 0.2, was 0.1; it depends on data.csv too"."""
    if any(item.since is Since.NEVER for item in items):
        return "has not run yet"
    ran = stage.ran
    told = ["its command changed"] if any(item.since is Since.COMMAND for item in items) else []
    told += [lost] if lost else []
    params = [_param(item) for item in items if item.since is Since.PARAM]
    told += params[:FEW]
    if len(params) > FEW:
        told.append(figures.count(len(params) - FEW, "more param") + " changed")
    inputs, outputs = (_paths(items, since) for since in (Since.INPUT, Since.OUTPUT))
    if inputs[False]:
        told.append(f"{some(inputs[False])} changed")
    if inputs[True]:
        told.append(f"it depends on {_instead(inputs[True], ran.deps if ran else (), stage.deps)}")
    if outputs[False]:
        told.append(f"{some(outputs[False])} {'is' if len(outputs[False]) == 1 else 'are'} not what it wrote")
    if outputs[True]:
        told.append(f"it is to write {_instead(outputs[True], ran.outs if ran else (), _writes(stage))}")
    return "is not as it last ran: " + "; ".join(told)


def _instead(added: Sequence[str], then: Sequence[Dependency], now: Sequence[str]) -> str:
    """What came, and what went for it: as in "b.csv, not a.csv", or "b.csv too"."""
    gone = [item.path for item in then if item.path not in now]
    return f"{some(added)}, not {some(gone)}" if gone else f"{some(added)} too"


def _paths(items: Sequence[Stale], since: Since) -> dict[bool, list[str]]:
    """The inputs or outputs that are other than they were, and those the last run did not know of."""
    found = [item for item in items if item.since is since]
    return {added: [item.path for item in found if item.added is added] for added in (False, True)}


def _param(item: Stale) -> str:
    """As in "lr is 0.2, was 0.1", with its file where that is not the usual one."""
    usual = posixpath.basename(item.path) == _USUAL
    name = printable(item.name if usual else f"{item.name} of {item.path}")
    was, now = figures.value(item.locked), figures.value(item.value)
    if item.added:
        return f"{name} is new"
    if item.missing:
        return f"{name} is gone"
    return f"{name} changed" if len(was) + len(now) > _SHORT else f"{name} is {now}, was {was}"


def reproduced(stage: Stage, snapshot: Snapshot, *, force: bool = False) -> str:
    """The command that runs a stage, by `force` though DVC sees no need, and what is to be committed then."""
    root = root_of(snapshot, stage.path)
    file = posixpath.relpath(stage.path, root or ".")
    address = file if not stage.name else stage.name if file == "dvc.yaml" else f"{file}:{stage.name}"
    target = shlex.quote(address)
    run = _anew([stage], snapshot)
    further = (" --force" if force else "") + (" --downstream" if len(run) > 1 else "")
    command = f"`{dvc_at(root)} repro{further} {target}`, then commit"
    files = _written_by(run, snapshot)
    if stage.frozen:  # `dvc repro` leaves it alone, and `dvc commit` would record a run that never was
        unfreeze = f"`{dvc_at(root)} unfreeze {target}` and {command} {some([stage.path, *files])}"
        return f"Take the change back, or {unfreeze}."
    return f"{command} {some(files)}."


def all_reproduced(stages: Iterable[Stage], snapshot: Snapshot) -> str:
    """The commands that run all that is behind of the pipelines of some stages, one for each project."""
    files: dict[str, dict[str, None]] = {}
    for stage in stages:
        root = root_of(snapshot, stage.path)
        files.setdefault(root, {})[posixpath.relpath(stage.path, root or ".")] = None
    return " and ".join(f"`{dvc_at(root)} repro{_targets([*paths])}`" for root, paths in files.items())


def _targets(files: Sequence[str]) -> str:
    """What `dvc repro` is to be told, which by itself takes the dvc.yaml of its project's root.

    `--all-pipelines` would run others as well, so that it is for files too many to be told.
    """
    if len(files) > FEW:
        return " --all-pipelines"
    return "" if files == ["dvc.yaml"] else " " + " ".join(map(shlex.quote, files))


def _back(items: Sequence[Stale], stage: Stage, snapshot: Snapshot) -> str:
    """What brings outputs of stages back that are otherwise in the working tree than recorded, if it is these
    alone: as another branch left them, say; else "".
    """
    root = root_of(snapshot, stage.path)
    outputs = [snapshot.outputs.get(item.path) for item in items]
    if not all(output and output.altered and output.stage and output.cached for output in outputs):
        return ""
    paths = " ".join(shlex.quote(posixpath.relpath(item.path, root or ".")) for item in items)
    return f"`{dvc_at(root)} checkout {paths}` brings back what dvc.lock has; else "


def made_anew(path: str, snapshot: Snapshot) -> str:
    """How a file comes to be that a stage is to write, or wrote when it last ran: a command, what to commit.

    "" where it is of no stage, or of several.
    """
    above = {*holders(path)}
    stages = snapshot.stages.values()
    makers = [stage for stage in stages if not above.isdisjoint(_writes(stage))]
    makers = makers or [s for s in stages if s.ran and any(out.path in above for out in s.ran.outs)]
    return reproduced(makers[0], snapshot) if len(makers) == 1 else ""


def remade(path: str, snapshot: Snapshot) -> str:
    """As `made_anew`; where that is not known, the pipelines of the project that the file is of."""
    root = root_of(snapshot, path)
    stages = [stage for stage in snapshot.stages.values() if root_of(snapshot, stage.path) == root]
    repro = all_reproduced(stages, snapshot) or f"`{dvc_at(root)} repro`"
    return made_anew(path, snapshot) or f"{repro}, then commit what that changes."


def lacking(path: str, snapshot: Snapshot) -> bool:
    """Whether a metrics or params file that a run wrote for Git to keep is not there."""
    file = snapshot.metrics.get(path) or snapshot.params.get(path)
    wrote = file.content if file and file.values is None else None
    return bool(wrote and wrote.algorithm != "git" and snapshot.outputs.keys().isdisjoint(holders(path)))


def repaired(stages: Iterable[Stage], snapshot: Snapshot) -> str:
    """What runs these stages, and those that read what they write, and the files of Git that it changes."""
    run = _anew(stages, snapshot)
    return f"{all_reproduced(run, snapshot)}, then commit {some(_written_by(run, snapshot))}."


def _written_by(stages: Sequence[Stage], snapshot: Snapshot) -> list[str]:
    """The files of Git that runs of these stages write: their locks, then outputs not in DVC's cache."""
    outs = dict.fromkeys(out for stage in stages for out in _writes(stage))
    return [
        *dict.fromkeys(lock_of(stage.path) for stage in stages),
        *(o for o in outs if _in_git(o, snapshot)),
    ]


def _in_git(path: str, snapshot: Snapshot) -> bool:
    """Whether an output is `cache: false`."""
    output = snapshot.outputs.get(path)
    return not output.cached if output else path not in snapshot.unrecorded


def _anew(stages: Iterable[Stage], snapshot: Snapshot) -> list[Stage]:
    """Stages, and all that are behind once these ran, but for the frozen."""
    fresh = list(stages)
    reached = {stage.address: stage for stage in fresh}
    while fresh:
        outs = {out for stage in fresh for out in _writes(stage)}
        above = {path for out in outs for path in holders(out)}
        fresh = [
            other
            for address, other in snapshot.stages.items()
            if address not in reached
            and not other.frozen
            and any(dep in above or not outs.isdisjoint(holders(dep)) for dep in other.deps)
        ]
        reached.update((stage.address, stage) for stage in fresh)
    return list(reached.values())


def _writes(stage: Stage) -> tuple[str, ...]:
    return (*stage.outs, *stage.metrics, *stage.plots)


def lock_of(path: str) -> str:
    """The lock beside a dvc.yaml; a stage of a `.dvc` file has none."""
    named = posixpath.basename(path) == "dvc.yaml"
    return posixpath.join(posixpath.dirname(path), "dvc.lock") if named else path
