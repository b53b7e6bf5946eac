"""Whether metrics got better or worse, in words; limits, drift, trends and gaps between splits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from dvc_changelog.domain import Alert, Drift, Goal, MetricChange, Release, Split, Trend, Verdict
from dvc_changelog.insight import SPLIT_ORDER
from dvc_changelog.render import figures, names, units
from dvc_changelog.render.cells import FEW_LINES, named
from dvc_changelog.render.phrase import Phrase, bad, code, good, joined, plain, strong
from dvc_changelog.render.shapes import Fold, Line, Table

_ARROW = " → "
_GAP_DIGITS = 3
_FEW_NAMES = 3


def cell(change: MetricChange, alerts: Sequence[Alert]) -> Phrase:
    """What is thought of one row: "better", "**worse**, over the limit of 50", "within tolerance"."""
    judged = change.judged
    fallen = [_beyond(alert) for alert in alerts if alert.limit == "max-drop" and not _is_no_number(alert)]
    others = [alert for alert in alerts if alert.limit != "max-drop"]
    others = others or [alert for alert in alerts if _is_no_number(alert)]
    limits = ", ".join(map(_beyond, others))
    match judged.verdict:
        case Verdict.WORSE:
            return bad("worse") + "".join(f" {by}" for by in fallen) + (f", {limits}" if limits else "")
        case Verdict.BETTER:
            return good("better") + (", but " + bad(limits) if limits else "")
        case _:
            told = plain("within tolerance" if judged.noise else "")
            limits = ", ".join(filter(None, (limits, *(f"worse {by}" for by in fallen))))
            return told + (", " if told and limits else "") + (bad(limits) if limits else "")


def of_rows(alerts: Iterable[Alert]) -> dict[tuple[str, str], list[Alert]]:
    """The limits that are passed, by metric."""
    found: dict[tuple[str, str], list[Alert]] = {}
    for alert in alerts:
        if not alert.unchecked:
            found.setdefault((alert.path, alert.name), []).append(alert)
    return found


def lines(release: Release, told: Collection[tuple[str, str]], *, full: bool) -> Iterator[Line]:
    """What no row of the table says.

    Args:
        release: whose metrics these are.
        told: the metrics that have a row: their limits stand there.
        full: whether a metric is named with its file.
    """
    if not (release.alerts or release.drifts or release.trends or release.splits):
        return
    apart = {(drift.path, drift.name) for drift in release.drifts}
    passed = [alert for alert in release.alerts if not alert.unchecked]
    yield from _few(
        (
            named(a.path, a.name, full=full) + _still(a, release) + bad(_beyond(a))
            for a in passed
            if (a.path, a.name) not in told and (a.path, a.name) not in apart
        ),
        "metrics are beyond their limits",
    )
    yield from _few((_drift(drift, release, full=full) for drift in release.drifts), "metrics measure drift")
    yield from _few(
        (_trend(trend, release, full=full) for trend in release.trends), "metrics get worse slowly"
    )
    yield from _few((_gap(s) for s in release.splits if s.grown), "metrics are further ahead in training")
    yield from _few(
        (_unchecked(alert, full=full) for alert in release.alerts if alert.unchecked),
        "limits of metrics cannot be checked",
    )


def mixed(changes: Iterable[MetricChange], release: Release) -> bool:
    """Whether the metrics told of are of several files."""
    told = {change.path for change in changes}
    for found in (release.alerts, release.drifts, release.trends):
        told.update(item.path for item in found if item.path)
    return release.several or len(told) > 1


def folds(splits: Sequence[Split]) -> tuple[Fold, ...]:
    """Splits side by side."""
    if not splits:
        return ()
    there = {split for family in splits for split, _, _ in family.splits}
    known = [split for split in SPLIT_ORDER if split in there]
    rows = tuple(
        (code(family.name or family.path), *_sides(family, known), plain(_gap_cell(family)))
        for family in splits
    )
    shown = joined(code(family.name or family.path) for family in splits[:_FEW_NAMES])
    more = f" and {len(splits) - _FEW_NAMES:,} more" if len(splits) > _FEW_NAMES else ""
    header = (plain("Metric"), *map(plain, known), plain("Gap"))
    return (Fold(shown + f"{more} on each split", Table(header, rows, (False, *(True for _ in header[1:])))),)


def _few(phrases: Iterable[Phrase], what: str) -> Iterator[Line]:
    """A line for each; many below one that counts them."""
    found = list(phrases)
    if len(found) > FEW_LINES:
        yield Line(plain(f"{len(found):,} {what}"), tuple(found), len(found))
    else:
        yield from map(Line, found)


def _still(alert: Alert, release: Release) -> str:
    if alert.limit == "max-drop" or alert.value is None:
        return " got worse "
    still = "still " if release.base and alert.old == alert.value else ""
    return f" is {still}{units.number(alert.value, alert.unit)}, "


def _is_no_number(alert: Alert) -> bool:
    return alert.value is None or alert.value != alert.value  # NaN alone differs from itself


def _beyond(alert: Alert) -> str:
    """Beyond which limit: "over the limit of 50"."""
    bound = units.number(alert.bound, alert.unit)
    if _is_no_number(alert):
        at_most = "it may get worse by" if alert.limit == "max-drop" else "the limit is"
        return f"no number where {at_most} {bound}"
    match alert.limit:
        case "min":
            return f"under the limit of {bound}"
        case "max":
            return f"over the limit of {bound}"
        case _:
            return f"by more than the {bound} allowed"


def _unchecked(alert: Alert, *, full: bool) -> Phrase:
    words = {"min": "at least", "max": "at most", "max-drop": "worse by at most"}
    metric = named(alert.path, alert.name, full=full)
    limit = f" ({words[alert.limit]} {figures.number(alert.bound)})"
    return plain("The limit of ") + metric + limit + f" cannot be checked: {alert.unchecked}"


def _drift(drift: Drift, release: Release, *, full: bool) -> Phrase:
    value = figures.number(drift.new) if isinstance(drift.new, int | float) else ""
    if isinstance(drift.old, int | float) and isinstance(drift.new, int | float) and drift.old != drift.new:
        value = _ARROW.join(figures.numbers(drift.old, drift.new))
    told = plain("Drift: ") + named(drift.path, drift.name, full=full) + f" {value}"
    if drift.since:
        way = "falling" if drift.goal is Goal.HIGHER else "growing"
        told += f", {way} since {names.label(drift.since, release)}"
    if drift.limit is None:
        return told
    beyond = any((alert.path, alert.name) == (drift.path, drift.name) for alert in release.alerts)
    limit = f"the limit of {figures.number(drift.limit)}"
    if not beyond:
        return told + f", within {limit}"
    return told + ", " + bad(f"{'under' if drift.goal is Goal.HIGHER else 'over'} {limit}")


def _trend(trend: Trend, release: Release, *, full: bool) -> Phrase:
    """As in "`auc` falls slowly: 0.93 → 0.9 over 4 releases, each step within tolerance, since 1.0.0"."""
    verb = "rises" if trend.new > trend.old else "falls"
    values = _ARROW.join(figures.numbers(trend.old, trend.new))
    over = f"{values} over {figures.count(trend.releases, 'release')}"
    return (
        named(trend.path, trend.name, full=full)
        + " "
        + bad(f"{verb} slowly")
        + f": {over}, each step within tolerance, since {names.label(trend.since, release)}"
    )


def _gap(split: Split) -> Phrase:
    assert split.gap is not None
    before, now = split.gap
    was = f"was {'behind by ' if before < 0 else ''}{figures.number(abs(before), _GAP_DIGITS)}"
    ahead = f": training is ahead of {split.behind} by {figures.number(now, _GAP_DIGITS)}, {was}"
    where = plain(" in ") + code(split.path) if not split.name and split.path else Phrase()
    return code(split.name or split.path) + (ahead if split.name else where + ahead)


def _sides(family: Split, known: Sequence[str]) -> Iterator[Phrase]:
    sides = {split: (old, new) for split, old, new in family.splits}
    for split in known:
        old, new = sides.get(split, (None, None))
        if not isinstance(new, int | float):
            yield plain("")
        elif not isinstance(old, int | float) or old == new:
            yield plain(figures.number(new))
        else:
            before, after = figures.numbers(old, new)
            yield plain(before + _ARROW) + strong(after)


def _gap_cell(family: Split) -> str:
    if family.gap is None:
        return ""
    before, now = (figures.minus(figures.number(gap, _GAP_DIGITS)) for gap in family.gap)
    return now if before == now else before + _ARROW + now
