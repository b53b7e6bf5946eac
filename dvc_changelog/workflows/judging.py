"""What the metrics and seeds of a release mean: judged by the configuration, by names and by the past."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace
from itertools import count
from typing import TypedDict

from dvc_changelog.dataclass import dataclass
from dvc_changelog.diff import awaits_run
from dvc_changelog.domain import (
    UNJUDGED,
    Alert,
    Change,
    Drift,
    MetricChange,
    Release,
    Revision,
    Seed,
    Snapshot,
    Split,
    Swing,
    Value,
    ValueFile,
    Verdict,
)
from dvc_changelog.insight import (
    Judge,
    is_number,
    renamed_files,
    seeds,
    splits,
    trend,
    verdict_of,
    worse_since,
)
from dvc_changelog.snapshot import Snapshots

_Metrics = Mapping[str, ValueFile]
_SHOWN = 3


class Judged(TypedDict):
    """What the two states of a release tell, under the fields of `Release`."""

    changes: tuple[Change, ...]
    swings: tuple[Swing, ...]
    alerts: tuple[Alert, ...]
    splits: tuple[Split, ...]
    drifts: tuple[Drift, ...]
    seeds: tuple[Seed, ...] | None


def judged(
    judge: Judge,
    changes: Iterable[Change],
    swings: Iterable[Swing],
    sides: tuple[Snapshot, Snapshot],
    wanted: Callable[[str], bool],
) -> Judged:
    """What is known of two states and of the way between. `wanted` says whether a path is to be told of."""
    old, new = sides
    told = tuple(_judged(judge, change) for change in changes)
    metrics = [change for change in told if isinstance(change, MetricChange)]
    moved = renamed_files(metrics)
    before, now = _wanted(old.metrics, wanted), _wanted(new.metrics, wanted)
    awaits = awaits_run(old, new)
    awaited = {path: ValueFile(path, None) for path in before if path not in now and awaits(path)}
    return {
        "changes": told,
        "swings": tuple(filter(judge.swung, swings)),
        "alerts": tuple(judge.alerts(before, {**now, **awaited}, moved, blind=bool(new.unreadable))),
        "splits": tuple(splits(judge, metrics, before, now)) if metrics else (),
        "drifts": tuple(_drifts(judge, before, now, moved)),
        "seeds": seeds(old, new, wanted, told),
    }


def over_time(judge: Judge, told: Release, snapshots: Snapshots, earlier: Iterable[Revision]) -> Release:
    """A release with what only the releases before it tell; these are read where a metric asks for it.

    `earlier` are the releases before it, newest first, from the one that it is compared with.
    """
    slipped = [
        change
        for change in told.changes
        if isinstance(change, MetricChange)
        and change.judged.noise
        and verdict_of(change.judged.goal, change.old, change.new) is Verdict.WORSE
    ]
    if not slipped and not told.drifts:
        return told
    past = _Past(snapshots, iter(earlier))
    trends = (
        trend(change, past.of(change.path, change.name), judge.rule(change.path, change.name))
        for change in slipped
    )
    drifts = (
        replace(drift, since=worse_since(drift.new, past.of(drift.path, drift.name), drift.goal))
        for drift in told.drifts
    )
    return replace(told, trends=tuple(found for found in trends if found), drifts=tuple(drifts))


def unmatched(judge: Judge, snapshot: Snapshot) -> Iterator[str]:
    """A remark on rules that no metric of a state answers to, where all its metrics could be read."""
    if not judge.rules or snapshot.unreadable:
        return
    if any(file.values is None for file in snapshot.metrics.values()):
        return
    keys = judge.unmatched(snapshot.metrics)
    if keys:
        named = ", ".join(f"`{key}`" for key in keys[:_SHOWN])
        more = f" and {len(keys) - _SHOWN:,} more" if len(keys) > _SHOWN else ""
        what = "this rule" if len(keys) == 1 else "these rules"
        yield f"No metric answers to {what} of `metric-rules`: {named}{more}."


@dataclass(slots=True)
class _Past:
    """Earlier releases, read as far as anybody looks back."""

    snapshots: Snapshots
    left: Iterator[Revision]
    seen: list[tuple[str, _Metrics]] = field(default_factory=list)

    def of(self, path: str, name: str) -> Iterator[tuple[str, Value]]:
        """The values of a metric, newest first; None where it has none that can be read."""
        for at in count():
            if at == len(self.seen):
                revision = next(self.left, None)
                if revision is None:
                    return
                self.seen.append((revision.version or revision.name, self.snapshots.at(revision).metrics))
            version, metrics = self.seen[at]
            file = metrics.get(path)
            yield version, ((file.values if file else None) or {}).get(name)


def _judged(judge: Judge, change: Change) -> Change:
    if not isinstance(change, MetricChange):
        return change
    judgement = judge.judgement(change)
    return change if judgement == UNJUDGED else replace(change, judged=judgement)


def _wanted(files: _Metrics, wanted: Callable[[str], bool]) -> _Metrics:
    return {path: file for path, file in files.items() if wanted(path)}


def _drifts(judge: Judge, old: _Metrics, new: _Metrics, moved: Mapping[str, str]) -> Iterator[Drift]:
    """The metrics that a rule says measure drift."""
    if not any(rule.drift for rule in judge.rules.values()):
        return
    for path, file in new.items():
        was = old.get(moved.get(path, path))
        before = (was.values if was else None) or {}
        for name, value in (file.values or {}).items():
            rule = judge.rule(path, name)
            if rule.drift and is_number(value):
                goal = judge.goal(path, name)
                limit = rule.min if goal is goal.HIGHER else rule.max
                yield Drift(path, name, before.get(name), value, limit, "", goal)
