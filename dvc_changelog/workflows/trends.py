"""The course of each metric that a review tells, over the last releases before its base."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from dvc_changelog.config import Config
from dvc_changelog.domain import (
    Alert,
    ChangeType,
    Judgement,
    MetricChange,
    Release,
    Snapshot,
    Value,
    Verdict,
)
from dvc_changelog.domain.course import Course, Mark
from dvc_changelog.history import History, Selection, Tag
from dvc_changelog.insight import Judge, is_number, renamed_files
from dvc_changelog.render import figures
from dvc_changelog.snapshot import Snapshots
from dvc_changelog.workflows.completing import Progress
from dvc_changelog.workflows.projects import of_others, project_of, projects_at

RELEASES = 10
"""How many releases a trend looks back."""
DRAWN = 12
"""How many metrics are drawn: a comment with more pictures is no longer read."""


def courses(
    history: History,
    snapshots: Snapshots,
    release: Release,
    config: Config,
    progress: Progress | None = None,
) -> tuple[list[Course], list[str]]:
    """The courses of a review's metrics: those beyond a limit first, then what moved most.

    Args:
        history: the repository.
        snapshots: how to read the releases; what both sides have is read already.
        release: the review.
        config: which tags are releases, and the limits of metrics.
        progress: called as releases are read.

    Returns:
        at most `DRAWN` courses, and what is to be said of those that there are not.
    """
    wanted = _metrics(release)
    if not wanted or not release.base:
        return [], []
    tags = _tags(history, snapshots, release, config)
    if not tags:
        return [], [
            f"No trends are drawn: no release is merged into {release.base.name}, as far as is known."
        ]
    states = []
    for number, tag in enumerate(tags, 1):
        name = tag.name.text
        states.append((name, snapshots.at(history.at(tag.commit_id, name, name, tag.timestamp))))
        if progress:
            progress("Reading releases", number, len(tags))
    at_base = tags[-1].commit_id == release.base.commit_id
    judge = Judge(config.metric_rules)
    moved = renamed_files(change for change in release.changes if isinstance(change, MetricChange))
    drawn = [
        Course(
            path=one.path,
            name=one.name,
            marks=(
                *_past(one, states[: -1 if at_base else None], moved.get(one.path, one.path)),
                _mark(tags[-1].name.text if at_base else release.base.name, one.old),
                _mark(release.head.name, one.new),
            ),
            limits=_limits(judge, one),
            verdict=one.judged.verdict,
            beyond=_is_beyond(one, release.alerts),
            unit=one.judged.unit,
        )
        for one in wanted
    ]
    found = [course for course in drawn if _is_course(course)]
    return found[:DRAWN], _left_out(found[DRAWN:])


def _is_course(course: Course) -> bool:
    """Whether there is more than one value to draw."""
    return sum(mark.value is not None for mark in course.marks) > 1


def _metrics(release: Release) -> list[MetricChange]:
    """The metrics with a number to draw, in order of weight; also those that stay beyond a limit."""
    told = {
        (change.path, change.name): change
        for change in release.changes
        if isinstance(change, MetricChange)
        and change.name
        and change.change is not ChangeType.RENAMED
        and (is_number(change.old) or is_number(change.new))
    }
    for alert in release.alerts:
        if alert.value is not None and alert.limit in {"min", "max"}:
            judged = Judgement(unit=alert.unit)
            still = MetricChange(
                ChangeType.MODIFIED, alert.path, alert.name, alert.old, alert.value, judged=judged
            )
            told.setdefault((alert.path, alert.name), still)
    return sorted(told.values(), key=lambda one: (not _is_beyond(one, release.alerts), -_part(one)))


def _tags(history: History, snapshots: Snapshots, release: Release, config: Config) -> list[Tag]:
    assert release.base is not None, "asked for where there is one"
    projects = projects_at(snapshots, config, (release.base,)) if project_of(config) is not None else ()
    lines = {tag.name.line for tag in history.all_tags} if projects else set()
    selection = Selection(
        *(config.tag_pattern, config.ignore_tags, config.skip_tags, config.merge_prereleases),
        artifact=config.artifact,
        not_lines=of_others(lines, project_of(config) or "", projects),
    )
    return history.recent(release.base.commit_id, selection, RELEASES)


def _past(one: MetricChange, states: Sequence[tuple[str, Snapshot]], old_path: str) -> Iterable[Mark]:
    for label, snapshot in states:
        file = snapshot.metrics.get(one.path) or snapshot.metrics.get(old_path)
        if file is None:
            yield Mark(label, None, "absent")
        elif file.values is None:
            yield Mark(label, None, "not readable")
        else:
            yield _mark(label, file.values.get(one.name))


def _mark(label: str, value: Value) -> Mark:
    if value is None:
        return Mark(label, None, "absent")
    try:
        number = float(value) if is_number(value) else math.nan
    except OverflowError:  # a whole number of hundreds of digits
        number = math.inf
    return Mark(label, number) if math.isfinite(number) else Mark(label, None, "no number")


def _limits(judge: Judge, one: MetricChange) -> tuple[tuple[str, float], ...]:
    rule = judge.rule(one.path, one.name)
    pairs = (("min", rule.min), ("max", rule.max))
    return tuple((name, bound) for name, bound in pairs if bound is not None)


def _is_beyond(one: MetricChange, alerts: Iterable[Alert]) -> bool:
    return any((a.path, a.name) == (one.path, one.name) and a.value is not None for a in alerts)


def _part(one: MetricChange) -> float:
    """How far a metric moved, as a part of its values; one that came or went did not."""
    if not is_number(one.old) or not is_number(one.new):
        return 0
    moved = figures.part(one.old, one.new)
    weight = 1 if one.judged.verdict is not Verdict.NEUTRAL or not one.judged.noise else 0.001
    return moved * weight if moved == moved else 1  # noqa: PLR0124  # NaN alone differs from itself


def _left_out(rest: Sequence[Course]) -> list[str]:
    if not rest:
        return []
    names = ", ".join(f"`{one.name}`" for one in rest[:3])
    more = f" and {len(rest) - 3:,} more" if len(rest) > 3 else ""  # noqa: PLR2004  # the three named
    return [f"The trends of the {DRAWN} metrics that matter most are drawn; not those of {names}{more}."]
