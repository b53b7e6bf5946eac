"""One metric on several splits of the data, side by side, and the gap between training and the rest. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from dvc_changelog.domain import ChangeType, Goal, MetricChange, Split, Value, ValueFile
from dvc_changelog.insight.goals import is_resource
from dvc_changelog.insight.verdicts import Judge, fallen, is_close, is_number
from dvc_changelog.insight.words import SPLIT_ORDER, SPLITS

TRAIN = "train"
_SHARE = 0.01
"""Without a tolerance, a gap counts as grown where it did by this part of what training reached."""

_TOKEN = re.compile(r"[A-Za-z]+|[0-9]+|[^A-Za-z0-9]+")


class _Place(NamedTuple):
    """A metric of a family: what it is called, on which split, and where it stands."""

    split: str
    path: str
    name: str


def splits(
    judge: Judge,
    changes: Iterable[MetricChange],
    old: Mapping[str, ValueFile],
    new: Mapping[str, ValueFile],
) -> Iterator[Split]:
    """The families of metrics that are on a training split and on another, where one of them moved.

    Those whose goal is not known, and what a run takes, are no families: nothing is ahead of anything.
    """
    moved = {(c.path, c.name) for c in changes if c.change is ChangeType.MODIFIED and _split_of(c)}
    if not moved:
        return
    families: dict[tuple[str, str], list[_Place]] = {}
    for path, file in new.items():
        for name, value in (file.values or {}).items():
            place = place_of(path, name)
            if place and is_number(value):
                families.setdefault(place[1:], []).append(_Place(place[0], path, name))
    for (_, name), members in families.items():
        if moved.isdisjoint((member.path, member.name) for member in members):
            continue
        told = _family(judge, name, members, old, new)
        if told:
            yield told


def _split_of(change: MetricChange) -> bool:
    return place_of(change.path, change.name) is not None


@lru_cache(100_000)
def place_of(path: str, name: str) -> tuple[str, str, str] | None:
    """The split that a metric is on, and its path and name without that; None for none, or an unclear one.

    The word stands in the name ("train_loss", "accuracy/val"), else in the path ("test.json").
    """
    found = _without_split(name)
    if found:
        return found[0], path, found[1]
    if any(token.lower() in SPLITS for token in _TOKEN.findall(name)):
        return None  # two of them: which one is meant is not clear
    found = _without_split(path)
    return (found[0], found[1], name) if found else None


def _without_split(text: str) -> tuple[str, str] | None:
    """The split, and the text without its word; None unless there is just one."""
    tokens = _TOKEN.findall(text)
    at = [n for n, token in enumerate(tokens) if token.lower() in SPLITS]
    if len(at) != 1:
        return None
    place = at[0]
    # One separator goes with the word: that behind it, at the end that before it.
    gone = {place, place + 1 if place + 1 < len(tokens) else place - 1}
    return SPLITS[tokens[place].lower()], "".join(token for n, token in enumerate(tokens) if n not in gone)


def _family(
    judge: Judge,
    name: str,
    members: list[_Place],
    old: Mapping[str, ValueFile],
    new: Mapping[str, ValueFile],
) -> Split | None:
    by_split = {member.split: member for member in members}
    train = by_split.pop(TRAIN, None)
    if train is None or not by_split or len(by_split) + 1 < len(members):
        return None  # nothing to compare, or two metrics of one split: they are not one family
    goals = {judge.goal(m.path, m.name, *_values(m, old, new)) for m in members}
    if len(goals) > 1 or Goal.NONE in goals or any(is_resource(m.path, m.name) for m in members):
        return None
    goal = goals.pop()
    before, now = _values(train, old, new)
    order = sorted(by_split, key=SPLIT_ORDER.index)
    values = {split: _values(by_split[split], old, new) for split in order}
    behind, gap = _widest(goal, (before, now), values)
    paths = {member.path for member in members}
    return Split(
        name,
        ((TRAIN, before, now), *((split, *sides) for split, sides in values.items())),
        paths.pop() if len(paths) == 1 else "",
        behind,
        gap,
        gap is not None and is_number(now) and _grown(judge, by_split[behind], gap, now),
    )


def _values(place: _Place, old: Mapping[str, ValueFile], new: Mapping[str, ValueFile]) -> tuple[Value, Value]:
    before = old.get(place.path)
    values = (before.values if before else None) or {}
    return values.get(place.name), (new[place.path].values or {}).get(place.name)


def _widest(
    goal: Goal, train: tuple[Value, Value], others: Mapping[str, tuple[Value, Value]]
) -> tuple[str, tuple[float, float] | None]:
    """The split that training is farthest ahead of now, and how far, before and now."""
    ahead = {split: _ahead(goal, train[1], now) for split, (_, now) in others.items()}
    known = {split: far for split, far in ahead.items() if far is not None}
    if not known:
        return "", None
    behind = max(known, key=lambda split: known[split])
    before = _ahead(goal, train[0], others[behind][0])
    return behind, None if before is None else (before, known[behind])


def _ahead(goal: Goal, train: Value, other: Value) -> float | None:
    """How far training is ahead of another split, negative where it is behind."""
    if not is_number(train) or not is_number(other):
        return None
    far = fallen(goal, train, other)
    return far if math.isfinite(far) else None


def _grown(judge: Judge, other: _Place, gap: tuple[float, float], reached: float) -> bool:
    """Whether training is ahead, by more than before and more than the tolerance."""
    before, now = gap
    rule = judge.rule(other.path, other.name)
    allowed = _SHARE * abs(reached)
    if rule.tolerance is not None or rule.relative_tolerance is not None:
        allowed = max(rule.tolerance or 0, (rule.relative_tolerance or 0) * abs(reached))
    more = now - before
    return now > 0 and more > allowed and not is_close(more, allowed)
