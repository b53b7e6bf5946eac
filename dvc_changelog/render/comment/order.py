"""What a reviewer must look at first: what is surely wrong, then what moved farthest where it counts."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from dvc_changelog.config import MetricRule, rule_of
from dvc_changelog.domain import Finding, FindingKind, MetricChange, Release
from dvc_changelog.insight import is_number
from dvc_changelog.insight.splits import TRAIN, place_of
from dvc_changelog.render import figures

_RANKS = {
    FindingKind.THRESHOLD: 0,
    FindingKind.UNREADABLE: 1,
    FindingKind.STALE_LOCK: 2,
    FindingKind.REGRESSION: 4,
    FindingKind.UNDOCUMENTED: 5,
    FindingKind.OUTDATED: 6,
}
FIRST = -1
"""The rank of what qualifies all the others."""
NOTICED = 3
"""The rank of what no rule is about."""
_LAST = 7
_GROUND = -0.5
"""The rank of a file of DVC that cannot be read: the values that are missed may be for that."""
_TINY = 0.001
"""A move by a smaller part of the value is no news, unless a tolerance says otherwise."""


class Order:
    """Compares findings: those of metrics by how far these moved, on the training data last."""

    def __init__(self, release: Release, rules: Mapping[str, MetricRule]) -> None:
        self._rules = rules
        self._far = {
            (c.path, c.name): figures.part(c.old, c.new)
            for c in release.changes
            if isinstance(c, MetricChange) and is_number(c.old) and is_number(c.new)
        }

    def of(self, finding: Finding) -> tuple[float, ...]:
        """Its place: less comes first."""
        rank = _RANKS.get(finding.kind, _LAST)
        if finding.kind is FindingKind.UNREADABLE and _is_of_dvc(finding.path):
            return (_GROUND,)
        if finding.kind is not FindingKind.REGRESSION:
            return (rank,)
        place = place_of(finding.path, finding.subject)
        far = self._far.get((finding.path, finding.subject), 0)
        return rank, bool(place and place[0] == TRAIN), -far

    def is_tiny(self, finding: Finding) -> bool:
        """Whether a metric hardly moved, and nobody said how far it may."""
        rule = rule_of(self._rules, finding.path, finding.subject)
        far = self._far.get((finding.path, finding.subject))
        asked = rule.tolerance is not None or rule.relative_tolerance is not None
        return far is not None and far < _TINY and not asked


def _is_of_dvc(path: str) -> bool:
    name = posixpath.basename(path)
    return name in {"dvc.lock", "dvc.yaml", ".dvcignore"} or name.endswith(".dvc")
