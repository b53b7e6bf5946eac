"""Whether metrics moved for the better, and which are beyond their limits. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import TypeGuard

from dvc_changelog.config import SILENT, MetricRule, covers, rule_of
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import (
    Alert,
    ChangeType,
    Goal,
    Judgement,
    MetricChange,
    Swing,
    Value,
    ValueFile,
    Verdict,
)
from dvc_changelog.insight.goals import goal_of, may_be, unit_of

UNREAD = "its value cannot be read here"
GONE = "it is not there any more"
NO_NUMBER = "its value is no number"
NO_GOAL = "whether higher or lower is better is not known"

_CLOSE = 1e-9
"""A distance that is a bound but for the digits that subtraction loses counts as within it."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges metrics by the rules of the configuration, and by their names where these say nothing."""

    rules: Mapping[str, MetricRule] = field(default_factory=dict)
    _known: dict[tuple[str, str], MetricRule] = field(default_factory=dict)

    def rule(self, path: str, name: str) -> MetricRule:
        """What the configuration says of a metric."""
        if not self.rules:
            return SILENT
        key = (path, name)
        if key not in self._known:
            self._known[key] = rule_of(self.rules, path, name)
        return self._known[key]

    def goal(self, path: str, name: str, *values: Value) -> Goal:
        """Which way a metric is better. Drift is better when it is low, unless a rule says otherwise.

        Without a rule its name tells, unless it has `values` that what is called so cannot have.
        """
        rule = self.rule(path, name)
        if rule.better is not None:
            return rule.better
        if rule.drift:
            return Goal.LOWER
        return goal_of(path, name) if all(may_be(path, name, value) for value in values) else Goal.NONE

    def unit(self, path: str, name: str) -> str:
        """The unit of a metric, "" where none is known."""
        said = self.rule(path, name).unit
        return unit_of(path, name) if said is None else said

    def judgement(self, change: MetricChange) -> Judgement:
        """What is thought of a change. What came, went or is no number is neither better nor worse."""
        path, name = change.path, change.name
        if not name and change.change is ChangeType.UNKNOWN:
            return Judgement()
        rule = self.rule(path, name)
        goal = self.goal(path, name, change.old, change.new)
        told = rule.better is not None or bool(rule.drift)
        moved = change.change is ChangeType.MODIFIED
        noise = moved and within_tolerance(rule, change.old, change.new)
        verdict = verdict_of(goal, change.old, change.new) if moved and not noise else Verdict.NEUTRAL
        return Judgement(verdict, goal, noise, told, self.unit(path, name))

    def swung(self, swing: Swing) -> bool:
        """Whether a swing led farther off than its tolerance, from the nearer one of its ends."""
        end = min(swing.old, swing.new, key=lambda value: abs(value - swing.turn))
        return not within_tolerance(self.rule(swing.path, swing.name), end, swing.turn)

    def alerts(
        self,
        old: Mapping[str, ValueFile],
        new: Mapping[str, ValueFile],
        moved: Mapping[str, str],
        *,
        blind: bool = False,
    ) -> Iterator[Alert]:
        """The metrics that are beyond a limit now, moved or not, and limits that cannot be checked here.

        Args:
            old: the metrics of the release compared with.
            new: the metrics now.
            moved: where a file that is elsewhere now was before, by its path now.
            blind: whether there may be metrics now that nobody sees, as of a dvc.yaml that cannot be read.
        """
        if not any(rule.limited for rule in self.rules.values()):
            return
        for path, file in new.items():
            before = old.get(moved.get(path, path))
            yield from self._in_file(path, file, (before.values if before else None) or {})
        for path in sorted(old.keys() - new.keys() - set(moved.values())):
            for name in old[path].values or ():
                yield from self._unchecked(path, name, UNREAD if blind else GONE)
        yield from self._hidden(old, new, blind=blind)

    def _in_file(self, path: str, file: ValueFile, before: Mapping[str, Value]) -> Iterator[Alert]:
        now = file.values
        for name in before if now is None else (*now, *(name for name in before if name not in now)):
            if now is None or name not in now:
                yield from self._unchecked(path, name, UNREAD if now is None else GONE)
                continue
            rule = self.rule(path, name)
            if rule.limited:
                yield from self._beyond(path, name, rule, before.get(name), now[name])

    def _beyond(self, path: str, name: str, rule: MetricRule, old: Value, new: Value) -> Iterator[Alert]:
        if not is_number(new):
            yield from self._unchecked(path, name, NO_NUMBER)
            return
        unit = self.unit(path, name)
        # Turned round, so that NaN, which is on no side of a limit, is beyond each.
        if rule.min is not None and not new >= rule.min:
            yield Alert(path, name, "min", rule.min, new, old, unit=unit)
        if rule.max is not None and not new <= rule.max:
            yield Alert(path, name, "max", rule.max, new, old, unit=unit)
        if rule.max_drop is None:
            return
        goal = self.goal(path, name, old, new)
        if goal is Goal.NONE:
            yield Alert(path, name, "max-drop", rule.max_drop, None, old, NO_GOAL)
        elif is_number(old) and old == old:  # noqa: PLR0124  # not NaN
            drop = fallen(goal, old, new)
            if not (drop <= rule.max_drop or is_close(drop, rule.max_drop)):
                yield Alert(path, name, "max-drop", rule.max_drop, drop, old, unit=unit)

    def _unchecked(self, path: str, name: str, why: str) -> Iterator[Alert]:
        rule = self.rule(path, name)
        for limit, bound in limits(rule):
            yield Alert(path, name, limit, bound, None, None, why)

    def _hidden(
        self, old: Mapping[str, ValueFile], new: Mapping[str, ValueFile], *, blind: bool
    ) -> Iterator[Alert]:
        """Limits of metrics that were nowhere to be seen, and may be in a file that cannot be read."""
        unread = [path for path, file in new.items() if file.values is None]
        if not unread and not blind:
            return
        for key in self.unmatched(old, new):
            for limit, bound in limits(self.rules[key]):
                yield Alert(unread[0] if len(unread) == 1 else "", key, limit, bound, None, None, UNREAD)

    def unmatched(self, *sides: Mapping[str, ValueFile]) -> tuple[str, ...]:
        """The keys of rules that mean no metric of these."""
        left = list(self.rules)
        for path, name in (
            (path, name) for side in sides for path, file in side.items() for name in file.values or ()
        ):
            if not left:
                break
            left = [key for key in left if not covers(key, path, name)]
        return tuple(left)


def limits(rule: MetricRule) -> Iterator[tuple[str, float]]:
    """The limits of a rule, by their names."""
    for limit, bound in (("min", rule.min), ("max", rule.max), ("max-drop", rule.max_drop)):
        if bound is not None:
            yield limit, bound


def verdict_of(goal: Goal, old: Value, new: Value) -> Verdict:
    """Whether a value is better than another; NaN, which is no result, is worse than any number."""
    if goal is Goal.NONE or not is_number(old) or not is_number(new):
        return Verdict.NEUTRAL
    # NaN alone differs from itself; `math.isnan` cannot take a whole number of hundreds of digits.
    lost, found = new != new, old != old  # noqa: PLR0124
    if lost or found:
        return Verdict.NEUTRAL if lost and found else Verdict.WORSE if lost else Verdict.BETTER
    if new == old:
        return Verdict.NEUTRAL
    return Verdict.BETTER if (new > old) is (goal is Goal.HIGHER) else Verdict.WORSE


def within_tolerance(rule: MetricRule, old: Value, new: Value) -> bool:
    """Whether a move is within one of the tolerances of a rule; NaN and infinities are within none."""
    if not is_number(old) or not is_number(new):
        return False
    if rule.tolerance is None and rule.relative_tolerance is None:
        return False
    try:
        distance = abs(new - old)
        allowed = max(rule.tolerance or 0, (rule.relative_tolerance or 0) * abs(old))
        finite = math.isfinite(distance)
    except OverflowError:  # whole numbers of hundreds of digits
        return False
    return finite and (distance <= allowed or is_close(distance, allowed))


def fallen(goal: Goal, old: float, new: float) -> float:
    """How far a value is worse than another, negative where it is better; NaN where either is."""
    try:
        return old - new if goal is Goal.HIGHER else new - old
    except OverflowError:  # a whole number of hundreds of digits beside a fraction
        return math.inf if verdict_of(goal, old, new) is Verdict.WORSE else -math.inf


def is_number(value: Value) -> TypeGuard[int | float]:
    """Whether a value is a number; truth values are none here."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_close(distance: float, bound: float) -> bool:
    """Whether a distance is a bound but for the digits that subtraction loses: it counts as within it."""
    try:
        return math.isfinite(distance) and math.isclose(distance, bound, rel_tol=_CLOSE)
    except OverflowError:
        return False


def renamed_files(changes: Iterable[MetricChange]) -> dict[str, str]:
    """Where metrics files were before that are elsewhere now, by their path now."""
    return {change.path: change.old_path for change in changes if change.change is ChangeType.RENAMED}
