"""Why a thing asks for a version, in a few plain words that follow its name. Pure; no markup."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence

from dvc_changelog.domain import (
    Artifact,
    Ask,
    Cause,
    CauseKind,
    ChangeType,
    Commit,
    Import,
    ImportChange,
    MetricChange,
    OutputChange,
    PackageChange,
    ParamChange,
    RemoteChange,
    Role,
    Stage,
    Value,
    Verdict,
)
from dvc_changelog.domain.address import without_credentials

FATES = {
    ChangeType.ADDED: "is new",
    ChangeType.DELETED: "was removed",
    ChangeType.MODIFIED: "changed",
    ChangeType.RENAMED: "was renamed",
    ChangeType.UNKNOWN: "may have changed and cannot be read here",
}
_HOW = frozenset((CauseKind.PARAM, CauseKind.PACKAGE, CauseKind.NOTHING))
_IN_GIT = {
    ChangeType.ADDED: "is kept by DVC now, and was in Git",
    ChangeType.DELETED: "is in Git now, and was kept by DVC",
}
_INPUTS = {
    ChangeType.ADDED: "is an input now",
    ChangeType.DELETED: "is no input any more",
    ChangeType.RENAMED: "is at another path",
}
_MANY = 3
_LONG = 40


def sentences(asks: Sequence[Ask]) -> list[str]:
    """What asks for a level, a line each without its stop: "model router was retrained: data/raw changed".

    The file stands there where another has the same name in it; of a package always.
    """
    homes = Counter((ask.kind, ask.name) for ask in asks)
    return [_sentence(ask, placed=ask.kind == "package" or homes[ask.kind, ask.name] > 1) for ask in asks]


def _sentence(ask: Ask, *, placed: bool) -> str:
    if ask.kind == "commit":
        return f"commit {ask.commit_id[:7]} ({ask.name}): {ask.why}"
    if ask.kind == "note":
        return f"note ({ask.name})"
    place = f" in {ask.path}" if placed and ask.path not in {"", ask.name} else ""
    return f"{ask.kind} {ask.name}{place} {ask.why}"


def of_commit(commit: Commit) -> str:
    """What of a commit asks: its type, or what it touched."""
    if commit.breaking is not None:
        return "breaking change"
    return commit.group


def of_output(change: OutputChange, fate: ChangeType, *, in_git: bool = False) -> str:
    """What became of a model or data set, and of what; `in_git`: Git has it where DVC has it not."""
    output = change.new or change.old
    made = bool(output and output.role is Role.DERIVED)
    if in_git and (moved := _IN_GIT.get(fate)):
        return moved
    if change.awaited and change.old:
        verb = "is to be written to" if change.goes_to else "is to give way to"
        return f"{verb} {_and(change.awaited)}, and {change.old.stage} has not run since"
    if fate is ChangeType.RENAMED:
        return f"went from {change.old_path} to {change.path}" if change.old_path else FATES[fate]
    if fate is not ChangeType.MODIFIED or not (made or change.model):
        return FATES[fate]
    verb = ("was retrained" if change.model else "was rebuilt") if made else "has other content"
    if change.again:
        return f"is that of {change.again} again"
    if change.taken_back:
        return "was taken back"
    if not change.because:
        return f"{verb}: why is not recorded" if made else verb
    return f"{verb}: {_causes(change.because)}"


def of_keeper(change: RemoteChange) -> str:
    """Who keeps an output now: another remote, or Git."""
    fates = {"before": _IN_GIT[ChangeType.ADDED], "now": _IN_GIT[ChangeType.DELETED]}
    return fates.get(change.in_git, FATES[change.change])


def of_stage(old: Stage | None, new: Stage | None, fate: ChangeType) -> str:
    """What became of a stage: of a changed one, which parts of its definition."""
    if old is None or new is None:
        return FATES[fate]
    if old.address != new.address:
        return f"was {old.address}"
    parts = {
        "another command": (old.cmd, new.cmd),
        "other deps": (set(old.deps), set(new.deps)),
        "other params": (set(old.params), set(new.params)),
        "other outputs": (set(_written(old)), set(_written(new))),
        "other metrics or plots": (set(old.metrics + old.plots), set(new.metrics + new.plots)),
        "another working directory": (old.wdir, new.wdir),
    }
    moved = [part for part, (before, after) in parts.items() if before != after]
    if moved:
        return f"has {_and(moved)}"
    if old.frozen != new.frozen:
        return "is frozen now" if new.frozen else "is frozen no more"
    if old.always_changed != new.always_changed:
        return "runs each time now" if new.always_changed else "runs each time no more"
    return FATES[fate]


def of_artifact(old: Artifact | None, new: Artifact | None, fate: ChangeType) -> str:
    """What became of the declaration of an artifact."""
    if old is None or new is None:
        return "is declared no more" if new is None and old else FATES[fate]
    if old.address != new.address:
        return f"was renamed from {old.address}"
    parts = {
        "stands for another path": (old.path, new.path),
        "is declared in another file": (old.file, new.file),
        "has another type": (old.type, new.type),
        "has other labels": (set(old.labels), set(new.labels)),
        "has another description": (old.desc, new.desc),
    }
    return _and(part for part, (before, after) in parts.items() if before != after) or FATES[fate]


def of_import(change: ImportChange) -> str:
    """What became of data that is brought in."""
    old, new = change.old, change.new
    if old is None or new is None or change.change is not ChangeType.MODIFIED:
        return FATES[change.change]
    return "was refreshed" if _origin(old) == _origin(new) else "comes from elsewhere"


def of_metric(change: MetricChange) -> str:
    """Where a metric went, and what is thought of it."""
    if change.declared:
        return "is declared now" if change.change is ChangeType.ADDED else "is declared a metric no more"
    if change.change is not ChangeType.MODIFIED or not change.name:
        return FATES[change.change]
    judged = "" if change.judged.verdict is Verdict.NEUTRAL else f", {change.judged.verdict.value}"
    return f"went from {short(change.old)} to {short(change.new)}{judged}"


def of_param(change: ParamChange) -> str:
    """Where a param went."""
    if change.declared:
        return "is used now" if change.change is ChangeType.ADDED else "is no longer used"
    if change.change is not ChangeType.MODIFIED or not change.name:
        return FATES[change.change]
    old, new = short(change.old), short(change.new)
    if old == new:  # 10 and "10", or what is cut before they differ
        old, new = (_quoted(side) for side in (change.old, change.new))
    return f"went from {old} to {new}" if old != new else "changed"


def of_package(change: PackageChange) -> str:
    """Which version of a package is there."""
    if change.old_path and change.old_path != change.path and change.old == change.new:
        return f"was in {change.old_path}"
    if change.old and change.new and change.old != change.new:
        return f"went from {change.old} to {change.new}"
    if change.change is ChangeType.MODIFIED and bool(change.old) != bool(change.new):
        return f"is {change.new} now, and was free" if change.new else f"is free now, and was {change.old}"
    return FATES[change.change]


def _quoted(value: Value) -> str:
    return json.dumps(value, default=str, ensure_ascii=False)[:_LONG]


def short(value: Value) -> str:
    """A value as JSON, rounded to six digits, and cut where it is long."""
    if isinstance(value, float) and math.isfinite(value):
        text = f"{value:.6g}"
    elif value is None:
        text = "nothing"
    else:
        text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def _written(stage: Stage) -> tuple[str, ...]:
    return (*stage.outs, *stage.metrics, *stage.plots)


def _origin(source: Import) -> tuple[str, str]:
    return without_credentials(source.url), source.source


def _and(parts: Iterable[str]) -> str:
    *most, last = (*parts,) or ("",)
    return f"{', '.join(most)} and {last}" if most else last


def _causes(causes: Iterable[Cause]) -> str:
    # What a model learned anew weighs more than how it was trained: it decides the level.
    order = sorted(causes, key=lambda cause: cause.kind in _HOW and not cause.is_other_data)
    told = list(dict.fromkeys(map(_cause, order)))
    more = f" and {len(told) - _MANY} more" if len(told) > _MANY else ""
    return ", ".join(told[:_MANY]) + more


def _other_data(cause: Cause) -> str:
    if cause.recorded:
        return f"{cause.path} changed, why is not recorded"
    return f"what {cause.through[0]} makes changed, perhaps for {cause.name}"


def _cause(cause: Cause) -> str:
    if cause.is_other_data:
        return _other_data(cause)
    match cause.kind:
        case CauseKind.DATA | CauseKind.FILE:
            return f"{cause.path} {_INPUTS.get(cause.change, 'changed')}"
        case CauseKind.IMPORT:
            return f"{cause.path} was refreshed"
        case CauseKind.PARAM if cause.change is ChangeType.MODIFIED:
            return f"{cause.name} went from {short(cause.old)} to {short(cause.new)}"
        case CauseKind.PARAM | CauseKind.STAGE:
            return f"{cause.kind.value} {cause.name} {FATES[cause.change]}"
        case CauseKind.COMMAND:
            return f"the command of {cause.name} changed" if cause.through else "its command changed"
        case CauseKind.PACKAGE:
            return f"{cause.name} {short(cause.old)} → {short(cause.new)}"
        case CauseKind.NOTHING:
            return "nothing that is recorded changed before it"
        case CauseKind.UNKNOWN:
            there = cause.commits[:1]
            return f"recorded with other inputs in {there[0][:7]}" if there else "why is not recorded"
