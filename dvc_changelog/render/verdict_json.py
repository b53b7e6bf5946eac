"""What a release says of its metrics as a whole as JSON: alerts, splits, drift, trends; and its seeds."""

from __future__ import annotations

from typing import Any

from dvc_changelog.domain import Release
from dvc_changelog.render.json_values import plain


def release(told: Release) -> dict[str, Any]:
    """What a release says of its metrics as a whole, and of its seeds."""
    return {
        "alerts": [
            {
                "path": alert.path or None,
                "name": alert.name,
                "limit": alert.limit,
                "bound": plain(alert.bound),
                "value": plain(alert.value),
                "old": plain(alert.old),
                "unit": alert.unit or None,
                "unchecked": alert.unchecked or None,
            }
            for alert in told.alerts
        ],
        "splits": [
            {
                "path": family.path or None,
                "name": family.name,
                "splits": [
                    {"split": split, "old": plain(old), "new": plain(new)}
                    for split, old, new in family.splits
                ],
                "behind": family.behind or None,
                "gap": {"old": family.gap[0], "new": family.gap[1], "grown": family.grown}
                if family.gap
                else None,
            }
            for family in told.splits
        ],
        "drifts": [
            {
                "path": drift.path,
                "name": drift.name,
                "old": plain(drift.old),
                "new": plain(drift.new),
                "limit": plain(drift.limit),
                "since": drift.since or None,
            }
            for drift in told.drifts
        ],
        "trends": [
            {
                "path": trend.path,
                "name": trend.name,
                "old": plain(trend.old),
                "new": plain(trend.new),
                "since": trend.since,
                "releases": trend.releases,
            }
            for trend in told.trends
        ],
        "seeds": None
        if told.seeds is None
        else [
            {
                "path": seed.path,
                "name": seed.name,
                "old": plain(seed.old),
                "new": plain(seed.new),
                "change": seed.change.value if seed.change else None,
            }
            for seed in told.seeds
        ],
    }
