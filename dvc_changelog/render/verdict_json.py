"""What a release says of its metrics as a whole as JSON: alerts, splits, drift, trends; and its seeds."""

from __future__ import annotations

from typing import Any

from dvc_changelog.domain import Alert, Drift, Release, Seed, Split, Trend
from dvc_changelog.render.json_values import plain


def release(told: Release) -> dict[str, Any]:
    """What a release says of its metrics as a whole, and of its seeds."""
    return {
        "alerts": [alert(each) for each in told.alerts],
        "splits": [_split(family) for family in told.splits],
        "drifts": [_drift(drift) for drift in told.drifts],
        "trends": [_trend(trend) for trend in told.trends],
        "seeds": None if told.seeds is None else [_seed(seed) for seed in told.seeds],
    }


def alert(told: Alert) -> dict[str, Any]:
    """A metric beyond its limit."""
    return {
        "path": told.path or None,
        "name": told.name,
        "limit": told.limit,
        "bound": plain(told.bound),
        "value": plain(told.value),
        "old": plain(told.old),
        "unit": told.unit or None,
        "unchecked": told.unchecked or None,
    }


def _split(family: Split) -> dict[str, Any]:
    gap = family.gap
    return {
        "path": family.path or None,
        "name": family.name,
        "splits": [
            {"split": split, "old": plain(old), "new": plain(new)} for split, old, new in family.splits
        ],
        "behind": family.behind or None,
        "gap": {"old": gap[0], "new": gap[1], "grown": family.grown} if gap else None,
    }


def _drift(drift: Drift) -> dict[str, Any]:
    return {
        "path": drift.path,
        "name": drift.name,
        "old": plain(drift.old),
        "new": plain(drift.new),
        "limit": plain(drift.limit),
        "since": drift.since or None,
    }


def _trend(trend: Trend) -> dict[str, Any]:
    return {
        "path": trend.path,
        "name": trend.name,
        "old": plain(trend.old),
        "new": plain(trend.new),
        "since": trend.since,
        "releases": trend.releases,
    }


def _seed(seed: Seed) -> dict[str, Any]:
    return {
        "path": seed.path,
        "name": seed.name,
        "old": plain(seed.old),
        "new": plain(seed.new),
        "change": seed.change.value if seed.change else None,
        **({"old_path": seed.old_path, "old_name": seed.old_name} if seed.old_path else {}),
        **({"declared": True} if seed.declared else {}),
    }
