"""Which level a release asks for, by rules over its facts. Pure: the order of what it has does not matter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, TypeGuard

from dvc_changelog.config import BumpRule
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Ask, Bump, Forbidden, Level, Release, Value, Verdict
from dvc_changelog.versioning.defaults import RULES
from dvc_changelog.versioning.facts import Fact, facts
from dvc_changelog.versioning.words import short

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


_ORDER = (
    *("model", "artifact", "data", "import", "param", "stage", "metric", "package", "file", "remote", "plot"),
    *("commit", "note"),
)
"""Of several things that ask for one level, what weighs most comes first."""


@dataclass(frozen=True, slots=True)
class MetricNow:
    """A metric as it is at the head, moved or not. `readable` is whether its file can be read here."""

    path: str
    name: str
    value: Value = None
    readable: bool = True


def bump_of(
    release: Release,
    rules: Sequence[BumpRule],
    *,
    internal: Collection[str] = (),
    in_git: Collection[str] = (),
    metrics: Iterable[MetricNow] = (),
) -> Bump:
    """What a release asks for, and what forbids it.

    Args:
        release: told.
        rules: as configured; those built in are read after them.
        internal: see `facts`.
        in_git: see `facts`.
        metrics: what rules with a bound are asked of.

    Returns:
        the highest level asked for, with each thing's own, the highest first.
    """
    found = list(facts(release, internal, in_git))
    asks = _once(asked for fact in found if (asked := _asked(fact, rules)))
    now = list(metrics) if any(rule.bounded for rule in rules) else []
    if found:
        asks += [ask for rule in rules if rule.bounded and rule.level for ask in _raised(rule, now, found)]
    level = max((ask.level for ask in asks), default=Level.NONE)
    asks.sort(key=lambda ask: (-ask.level, _ORDER.index(ask.kind)))
    return Bump(level, tuple(asks), tuple(_forbidden(rules, found, now)))


def _asked(fact: Fact, rules: Sequence[BumpRule]) -> Ask | None:
    for rule in (*rules, *RULES):
        if rule.level is not None and not rule.bounded and _meets(fact, rule):
            label = rule.label if any(rule is one for one in rules) else ""
            first = fact.paths[0] if fact.paths and fact.kind != "commit" else ""
            change = fact.change or fact.why
            return Ask(rule.level, fact.kind, fact.name, first, change, fact.why, fact.commit_id, label)
    return None


def _once(asks: Iterable[Ask]) -> list[Ask]:
    """A thing that is told as two facts (renamed, and retrained) asks for the higher level of them."""
    best: dict[tuple[str, ...], Ask] = {}
    for ask in asks:
        key = (ask.kind, ask.name, ask.path, ask.commit_id)
        if key not in best or ask.level > best[key].level:
            best[key] = ask
    return list(best.values())


def _raised(rule: BumpRule, metrics: Iterable[MetricNow], found: Sequence[Fact]) -> Iterator[Ask]:
    """A bound of a metric that asks for a level."""
    assert rule.level is not None, "asked of rules with a level alone"
    for metric, fact in _named_by(rule, metrics, found):
        if _beyond(rule, metric.value):
            why = f"is {short(metric.value)}, {_bound(rule)}"
            yield Ask(rule.level, "metric", fact.name, metric.path, fact.change, why, rule=rule.label)


def _forbidden(
    rules: Iterable[BumpRule], found: Sequence[Fact], metrics: Sequence[MetricNow]
) -> Iterator[Forbidden]:
    for rule in rules:
        if rule.forbid is None:
            continue
        if rule.bounded:
            yield from _out_of_bounds(rule, rule.forbid, found, metrics)
        else:
            met = (fact for fact in found if _meets(fact, rule))
            yield from (Forbidden(rule.forbid, rule.label, _sentence(fact)) for fact in met)


def _out_of_bounds(
    rule: BumpRule, level: Level, found: Sequence[Fact], metrics: Sequence[MetricNow]
) -> Iterator[Forbidden]:
    """What a bound forbids; where nothing is known of its metric, that it could not be checked."""
    unread = [m.path for m in metrics if not m.readable and (not rule.path or _lies_in(rule.path, m.path))]
    known = False
    for metric, fact in _named_by(rule, metrics, found):
        known = True
        if not _is_number(metric.value):
            why = f"{fact.name} is {short(metric.value)}, which is no number"
            yield Forbidden(level, rule.label, why, unchecked=True)
        elif _beyond(rule, metric.value):
            why = f"{fact.name} is {short(metric.value)}, {_bound(rule)}"
            yield Forbidden(level, rule.label, why)
    if unread and not known:
        yield Forbidden(level, rule.label, f"{unread[0]} cannot be read here", unchecked=True)
    elif not known:
        asked = ", ".join((*rule.name, *rule.path)) or "it"
        yield Forbidden(level, rule.label, f"there is no metric that {asked} names", unchecked=True)


def _named_by(
    rule: BumpRule, metrics: Iterable[MetricNow], found: Sequence[Fact]
) -> Iterator[tuple[MetricNow, Fact]]:
    """The metrics that a rule means, whatever their value, each with what became of it."""
    moved = {(fact.paths[0], fact.name): fact for fact in found if fact.kind == "metric"}
    for metric in metrics:
        name = metric.name or metric.path
        fact = moved.get((metric.path, name), Fact("metric", name, (metric.path,)))
        if metric.readable and _meets(fact, rule):
            yield metric, fact


def _meets(fact: Fact, rule: BumpRule) -> bool:
    """Whether a fact meets all conditions of a rule, but for the bounds of a metric's value."""
    if (rule.kind and fact.kind not in rule.kind) or (rule.bounded and fact.kind != "metric"):
        return False
    of_metric, of_commit = bool(rule.verdict), bool(rule.group) or rule.breaking is not None
    if (of_metric and fact.kind != "metric") or (of_commit and fact.kind not in {"commit", "note"}):
        return False
    return (
        (not rule.change or fact.change in rule.change)
        and (not rule.role or not fact.roles.isdisjoint(rule.role))
        and (not rule.because or not fact.because.isdisjoint(rule.because))
        and (not rule.verdict or (fact.verdict or Verdict.NEUTRAL.value) in rule.verdict)
        and (not rule.group or not fact.groups.isdisjoint(rule.group))
        and (rule.breaking is None or rule.breaking == fact.breaking)
        and (not rule.name or _named(fact, rule.name))
        and (not rule.path or _lies(fact, rule.path))
    )


def _named(fact: Fact, globs: Iterable[str]) -> bool:
    name = fact.scope if fact.kind == "commit" else fact.name
    return any(fnmatchcase(name, glob) for glob in globs)


def _lies(fact: Fact, globs: tuple[str, ...]) -> bool:
    spec = _spec(globs)
    inside = map(spec.match_file, fact.paths)
    return bool(fact.paths) and (all(inside) if fact.kind == "commit" else any(inside))


def _lies_in(globs: tuple[str, ...], path: str) -> bool:
    return bool(_spec(globs).match_file(path))


def _is_number(value: Value) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _beyond(rule: BumpRule, value: Value) -> bool:
    if not _is_number(value):
        return False
    below = rule.below is not None and not value >= rule.below  # so that NaN is below
    return below or (rule.above is not None and not value <= rule.above)


def _bound(rule: BumpRule) -> str:
    bounds = (("below", rule.below), ("above", rule.above))
    return " or ".join(f"{word} {bound}" for word, bound in bounds if bound is not None)


def _sentence(fact: Fact) -> str:
    if fact.kind == "commit":
        return f"commit {fact.commit_id[:7]} ({fact.name})"
    return f"{fact.name} {fact.why}"


@lru_cache(64)
def _spec(globs: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(globs)
