"""What one configuration judges otherwise than another, and which of it lets more pass. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from dvc_changelog.config import SILENT, Config, MetricRule
from dvc_changelog.domain import Alert, Criterion, Goal, Said, ValueFile
from dvc_changelog.insight.verdicts import Judge

_REASON = "reason"
_NOTHING = "none"
_WAYS = {Goal.HIGHER: "higher", Goal.LOWER: "lower", Goal.NONE: "neither"}

Metrics = Mapping[str, ValueFile]


def changed(
    old: Config, new: Config, default: Collection[str], *sides: Metrics, first: bool = False
) -> Iterator[Criterion]:
    """What the second configuration says otherwise, as far as it decides what a review or a check finds.

    Args:
        old: that of the base; where a base has none, the default one.
        new: that of the head, likewise.
        default: what fails where `fail-on` says nothing.
        sides: the metrics of base and head. Rules are compared by what they come to for each of these: an
            earlier one hides a later one.
        first: whether nobody has said anything before. The first tolerance of a metric loosens none.
    """
    for found in _rules(old.metric_rules, new.metric_rules, *sides):
        yield replace(found, looser=found.looser and not (first and found.metrics))
    yield from _failing(old.fail_on, new.fail_on, default)
    yield from _trailers(old.note_trailers, new.note_trailers)
    for option, before, after in (
        ("metrics", old.metrics, new.metrics),
        ("models", old.models, new.models),
    ):
        yield from _list(option, before, after, looser=bool({*before} - {*after}))
    yield from _paths(old, new)
    for option, one, other in (("project", old.project, new.project), ("target", old.target, new.target)):
        if one != other:
            yield Criterion(option, one or None, other or None, looser=True)


def missed(
    old: Config, metrics: tuple[Metrics, Metrics], moved: Mapping[str, str], known: Collection[Alert]
) -> Iterator[Alert]:
    """The limits of a configuration that metrics do not keep, but for those that are known of.

    Args:
        old: the configuration of the base.
        metrics: those of base and head.
        moved: see `Judge.alerts`.
        known: what the configuration that judges finds.
    """
    found = {(alert.path, alert.name, alert.limit) for alert in known}
    for alert in Judge(old.metric_rules).alerts(*metrics, moved):
        if alert.value is not None and (alert.path, alert.name, alert.limit) not in found:
            yield alert


def _rules(
    old: Mapping[str, MetricRule], new: Mapping[str, MetricRule], *sides: Metrics
) -> Iterator[Criterion]:
    if list(old.items()) == list(new.items()):  # their order counts
        return
    before, after = Judge(old), Judge(new)
    known = {
        (path, name): value
        for side in sides
        for path, file in side.items()
        for name, value in (file.values or {}).items()
    }
    found: dict[tuple[str, Said, Said, bool, str], dict[str, None]] = {}
    for (path, name), value in known.items():
        unit = after.unit(path, name)
        goals = before.goal(path, name, value), after.goal(path, name, value)
        for option, one, other, looser in _rule(before.rule(path, name), after.rule(path, name), *goals):
            found.setdefault((option, one, other, looser, unit), {})[name or path] = None
    for key in dict.fromkeys((*before.unmatched(*sides), *after.unmatched(*sides))):
        rules = old.get(key, SILENT), new.get(key, SILENT)
        goals = before.goal("", key), after.goal("", key)
        for option, one, other, looser in _rule(*rules, *goals):
            found.setdefault((option, one, other, looser, rules[1].unit or ""), {})[key] = None
    for (option, one, other, looser, unit), names in found.items():
        yield Criterion(option, one, other, looser, tuple(names), unit)


def _rule(old: MetricRule, new: MetricRule, was: Goal, now: Goal) -> Iterator[tuple[str, Said, Said, bool]]:
    """What is said otherwise of one metric, which was better one way and is another."""
    if old.min != new.min:
        yield "min", old.min, new.min, old.min is not None and (new.min is None or new.min < old.min)
    for option, one, other in (("max", old.max, new.max), ("max-drop", old.max_drop, new.max_drop)):
        if one != other:
            yield option, one, other, one is not None and (other is None or other > one)
    for option, one, other in (
        ("tolerance", old.tolerance, new.tolerance),
        ("relative-tolerance", old.relative_tolerance, new.relative_tolerance),
    ):
        if (one or 0) != (other or 0):
            yield option, one, other, (other or 0) > (one or 0)
    if was is not now:
        yield "better", _WAYS[was], _WAYS[now], was is not Goal.NONE


def _failing(old: tuple[str, ...], new: tuple[str, ...], default: Collection[str]) -> Iterator[Criterion]:
    before, after = ({*said} - {_NOTHING} if said else {*default} for said in (old, new))
    if before != after:
        yield Criterion("fail-on", old or None, new or None, bool(before - after))


def _trailers(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Criterion]:
    """Trailers that give a reason: with another one, or with none, fewer changes lack theirs."""
    before, after = (tuple(key for key, kind in said.items() if kind == _REASON) for said in (old, new))
    looser = bool({*after} - {*before}) or not after
    yield from _list("note-trailers", before, after, looser=looser)


def _paths(old: Config, new: Config) -> Iterator[Criterion]:
    """What is looked at: all, where no path is included."""
    before, after = {*old.include_paths}, {*new.include_paths}
    fewer = bool(after and (not before or before - after))
    yield from _list("include-paths", old.include_paths, new.include_paths, looser=fewer)
    more = bool({*new.exclude_paths} - {*old.exclude_paths})
    yield from _list("exclude-paths", old.exclude_paths, new.exclude_paths, looser=more)


def _list(option: str, old: tuple[str, ...], new: tuple[str, ...], *, looser: bool) -> Iterator[Criterion]:
    if {*old} != {*new}:
        yield Criterion(option, old or None, new or None, looser)
