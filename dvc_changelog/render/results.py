"""What became of the metrics, in the words of a headline: which are beyond a limit, better, worse."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeGuard

from dvc_changelog.domain import Alert, ChangeType, MetricChange, Release, Trend, Value, Verdict
from dvc_changelog.insight import is_resource
from dvc_changelog.render import figures, names, units
from dvc_changelog.render.cells import named
from dvc_changelog.render.phrase import Phrase, code, joined, listed, plain

_FEW = 3


def alerts(release: Release) -> Phrase:
    """Metrics beyond their limits, and those with a limit that are gone; empty where there are none."""
    first = {(alert.path, alert.name): alert for alert in reversed(release.alerts) if alert.value is not None}
    ordered = (alert for alert in release.alerts if first.get((alert.path, alert.name)) is alert)
    found = [(alert, alert.value) for alert in ordered if alert.value is not None]
    label = _Labels(release)
    gone = [label(path, name) for path, name in lost(release)]
    if len(gone) > _FEW:
        gone = [plain(f"{len(gone):,} metrics")]
    was, has = ("were", "have") if len(lost(release)) > 1 else ("was", "has")
    end = [listed(gone) + f", which {has} a limit, {was} removed"] if gone else []
    if len(found) > _FEW:
        shown = (label(alert.path, alert.name) for alert, _ in found[:_FEW])
        those = listed([*shown, f"{len(found) - _FEW:,} more"])
        return joined([plain(f"{len(found):,} metrics are beyond their limits: ") + those, *end], "; ")
    told = (label(alert.path, alert.name) + _beyond(alert, value) for alert, value in found)
    return joined([*told, *end], "; ")


def all_better(release: Release) -> Phrase:
    """The metrics that moved, where each got better: "`auc` +0.019 (+2.1 %)"; else empty."""
    changes = [c for c in release.changes if isinstance(c, MetricChange)]
    moved = [c for c in changes if is_step(c) and not c.judged.noise]
    if not 0 < len(moved) <= _FEW or any(c.judged.verdict is not Verdict.BETTER for c in moved):
        return Phrase()
    label = _Labels(release)
    return listed(
        label(c.path, c.name) + f" {units.step(c.old, c.new, c.delta, c.judged.unit)}".rstrip() for c in moved
    )


def lost(release: Release) -> list[tuple[str, str]]:
    """The metrics with a limit that were removed."""
    limited = {(alert.path, alert.name) for alert in release.alerts if alert.unchecked}
    removed = (c for c in release.changes if isinstance(c, MetricChange) and c.change is ChangeType.DELETED)
    return [(c.path, c.name) for c in removed if (c.path, c.name) in limited]


def _beyond(alert: Alert, now: float) -> Phrase:
    bound, value = units.number(alert.bound, alert.unit), units.number(now, alert.unit)
    if alert.limit == "max-drop":
        return plain(f" got worse by {value}, more than the {bound} allowed")
    far = f"over its limit of {bound}" if alert.limit == "max" else f"below its minimum of {bound}"
    if _is_nan(now):
        far = f"no number where its limit is {bound}"
    if _is_number(alert.old) and alert.old != now:
        old, new = units.numbers(alert.old, now, alert.unit)
        return plain(f" went from {old} to {new}, {far}")
    return plain(f" is {value}, {far}")


def clauses(release: Release) -> Iterator[Phrase]:
    """What else moved, in a few clauses, and what did so slowly."""
    over = {(alert.path, alert.name) for alert in release.alerts if alert.value is not None}
    changes = [c for c in release.changes if isinstance(c, MetricChange) and (c.path, c.name) not in over]
    moved = [c for c in changes if is_step(c) and not c.judged.noise]
    yield from _moved(moved, _Labels(release))
    if not moved:
        yield from _within_tolerance(changes, release.trends, _Labels(release))
    for trend in [trend for trend in release.trends if (trend.path, trend.name) not in over][:1]:
        since = names.label(trend.since, release)
        old, new = figures.numbers(trend.old, trend.new)
        yield _Labels(release)(trend.path, trend.name) + f" got slowly worse since {since}, {old} → {new}"


def unread(release: Release) -> Iterator[Phrase]:
    """That values which may have moved cannot be read."""
    changes = (c for c in release.changes if isinstance(c, MetricChange))
    files = {c.path for c in changes if c.change is ChangeType.UNKNOWN}
    if len(files) == 1:
        yield plain("the metrics in ") + code(*files) + " cannot be read here"
    elif files:
        yield plain(f"the metrics in {len(files):,} files cannot be read here")


def is_step(change: MetricChange) -> bool:
    """Whether a metric is a number on both sides."""
    return change.change is ChangeType.MODIFIED and _is_number(change.old) and _is_number(change.new)


class _Labels:
    """Names a metric: with its file where another one of that name moved, or where projects are several."""

    def __init__(self, release: Release) -> None:
        files = defaultdict(set)
        for change in release.changes:
            if isinstance(change, MetricChange):
                files[change.name].add(change.path)
        for alert in release.alerts:
            files[alert.name].add(alert.path)
        self._several = release.several
        self._shared = {name for name, paths in files.items() if len(paths) > 1}

    def __call__(self, path: str, name: str) -> Phrase:
        return named(path, name, full=self._several or name in self._shared)


def _moved(changes: Sequence[MetricChange], label: _Labels) -> Iterator[Phrase]:
    """Up to three one by one; of more how many got better and worse, what a run takes apart."""
    if len(changes) <= _FEW:
        order = {Verdict.BETTER: 0, Verdict.NEUTRAL: 1, Verdict.WORSE: 2}
        yield from (_step(c, label) for c in sorted(changes, key=lambda c: order[c.judged.verdict]))
        return
    judged = [c for c in changes if c.judged.verdict is not Verdict.NEUTRAL]
    taken = [c for c in judged if is_resource(c.path, c.name)]
    able = [c for c in judged if c not in taken]
    yield from _by_verdict(able, label)
    apart = list(_by_verdict(taken, label))
    if able and len(taken) > 1:
        yield plain("of what a run takes, ") + joined(apart, ", and ")
    else:
        yield from apart
    rest = [c for c in changes if c.judged.verdict is Verdict.NEUTRAL]
    if rest and not judged:
        yield _step(max(rest, key=_weight), label) + f", and {len(rest) - 1:,} more metrics moved"
    elif rest:
        yield plain(f"{figures.count(len(rest), 'more metric')} moved")


def _by_verdict(changes: Sequence[MetricChange], label: _Labels) -> Iterator[Phrase]:
    """How many got better, and how many worse; a single one by itself."""
    for verdict in (Verdict.BETTER, Verdict.WORSE):
        members = [c for c in changes if c.judged.verdict is verdict]
        if len(members) == 1:
            yield _step(members[0], label)
        elif members:
            yield plain(f"{len(members):,} metrics got {verdict}, ") + _foremost(members, label)


def _foremost(changes: Sequence[MetricChange], label: _Labels) -> Phrase:
    """As in "`loss` most (29.2 → 14.1)"; of what weighs more and did not move most, that it is among them.

    Of two that is both.
    """
    first = max(changes, key=_weight)
    others = [c for c in changes if c is not first]
    shown = [label(c.path, c.name) + f" ({_arrow(c)})" for c in (first, *others[:1])]
    if all(_moved_less(other, first) for other in others):
        return label(first.path, first.name) + f" most ({_arrow(first)})"
    return listed(shown) if len(changes) == len(shown) else plain("among them ") + shown[0]


def _moved_less(one: MetricChange, other: MetricChange) -> bool:
    """Whether it did so by either measure, as a part of its values and in percent, and the table shows it."""
    pairs = list(zip(_far(one), _far(other), strict=True))
    as_shown = _shown(one) != _shown(other)
    return as_shown and all(less < more and not math.isclose(less, more) for less, more in pairs)


def _shown(change: MetricChange) -> str:
    """How far a metric moved, as the table has it, whichever way."""
    return figures.share(change.old, change.new, change.delta).lstrip("+" + figures.MINUS)


def _far(change: MetricChange) -> tuple[float, float]:
    assert isinstance(change.old, int | float)
    assert isinstance(change.new, int | float)
    if _is_nan(change.old) or _is_nan(change.new):
        return math.inf, math.inf
    part = figures.part(change.old, change.new)
    return part, figures.ratio(change.old, change.new)


def _step(change: MetricChange, label: _Labels) -> Phrase:
    assert isinstance(change.old, int | float)
    assert isinstance(change.new, int | float)
    name = label(change.path, change.name)
    old, new = units.numbers(change.old, change.new, change.judged.unit)
    rose = change.new > change.old
    far = figures.share(change.old, change.new, change.delta)
    more = f" ({far})" if far else ""
    match change.judged.verdict:
        case Verdict.WORSE:
            return name + f" got worse, {_arrow(change)}{more}"
        case Verdict.BETTER if not rose:
            return name + f" improved, {_arrow(change)}{more}"
        case Verdict.BETTER:
            distance = figures.distance(change.old, change.new, change.delta)
            return name + f" rose to {new}" + (f" ({distance})" if distance else "")
        case _:
            verb = "went" if _is_nan(change.old) or _is_nan(change.new) else "rose" if rose else "fell"
            return name + f" {verb} from {old} to {new}"


def _arrow(change: MetricChange) -> str:
    assert isinstance(change.old, int | float)
    assert isinstance(change.new, int | float)
    return " → ".join(units.numbers(change.old, change.new, change.judged.unit))


def _within_tolerance(
    changes: Iterable[MetricChange], trends: Sequence[Trend], label: _Labels
) -> Iterator[Phrase]:
    """That what moved moved by no more than noise; a trend is more than that."""
    noise = [c for c in changes if c.judged.noise]
    if len(noise) == 1 and not trends:
        yield label(noise[0].path, noise[0].name) + " moved within its tolerance"
    elif noise and not trends:
        yield plain(f"the {len(noise):,} metrics that moved did so within their tolerance")


def _weight(change: MetricChange) -> tuple[bool, bool, float, float]:
    """What the configuration names weighs more, then what a model can do, then how far a metric moved."""
    assert isinstance(change.old, int | float)
    assert isinstance(change.new, int | float)
    ability = not is_resource(change.path, change.name)
    if _is_nan(change.old) or _is_nan(change.new):
        return change.judged.configured, ability, -1, 0
    return change.judged.configured, ability, figures.part(change.old, change.new), abs(change.delta or 0)


def _is_number(value: Value) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_nan(value: float) -> bool:
    return value != value  # noqa: PLR0124  # an int may be too large for `math.isnan`
