"""A review, prepared to be set: what all parts of its comment are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from dvc_changelog.config import Config
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import (
    Alert,
    Change,
    ChangeType,
    FindingKind,
    MetricChange,
    Release,
    Review,
    Verdict,
)
from dvc_changelog.render import metrics, view
from dvc_changelog.render.comment import sides, verdict
from dvc_changelog.render.comment.parts import Part, Weight
from dvc_changelog.render.comment.setting import Setting
from dvc_changelog.render.comment.wording import known
from dvc_changelog.render.shapes import Section

_BREAKING = "Breaking changes"
"""What `commits` puts first, under this heading."""


@dataclass(frozen=True, slots=True)
class Given:
    """A review and how its comment is set.

    `release` is that of the review, its sides under the names of the reviewer, and what matters first;
    `told` its parts, without what the verdict says. `names` are words that are set as code.
    """

    review: Review
    config: Config
    release: Release
    told: view.Parts
    setting: Setting
    names: frozenset[str]

    @property
    def commits(self) -> Sequence[Section]:
        """The commits but for the breaking and the quiet ones."""
        return [section for section in self.told.commits.sections if section.heading != _BREAKING]

    @property
    def breaking(self) -> Sequence[Section]:
        """The breaking ones."""
        return [section for section in self.told.commits.sections if section.heading == _BREAKING]

    def part(self, weight: Weight, section: Section, called: str = "", *, fold: bool = False) -> Part:
        """A section as it is."""
        number = sum(line.weight for line in section.lines)
        name = called or section.heading.lower()
        write = partial(self.setting.section, section, inside=fold)
        return Part(weight, write, name if fold else f"{name} ({number:,})", fold)


def given(review: Review, config: Config, *, html: bool) -> Given:
    """Prepare a review."""
    release = _worst_first(review, sides.called(review))
    told = view.parts(_without_told(review, release), config)
    sentences = bool(review.findings or review.successor)
    names = known(release) if sentences else frozenset[str]()
    return Given(review, config, release, told, Setting(config.fold_after, html=html), names)


def _worst_first(review: Review, release: Release) -> Release:
    """The release with its metrics in the order in which they are to be looked at."""
    wanted = {verdict.metric_of(finding) for finding in review.findings}
    beyond = {(alert.path, alert.name) for alert in release.alerts if not alert.unchecked}

    def rank(change: Change) -> int:
        if not isinstance(change, MetricChange):
            return 0
        place = (change.path, change.name)
        order = (
            place in beyond,
            place in wanted,
            change.judged.verdict is Verdict.WORSE,
            change.change is ChangeType.UNKNOWN,
            not change.judged.noise,
        )
        return order.index(True) if any(order) else len(order)

    return replace(release, changes=tuple(sorted(release.changes, key=rank)))


def _without_told(review: Review, release: Release) -> Release:
    """The release without the limits that the verdict tells of and no cell of the table of metrics."""
    moved = metrics.known([change for change in release.changes if isinstance(change, MetricChange)])
    placed = {(c.path, c.name) for c in moved} | {(drift.path, drift.name) for drift in release.drifts}
    told = {(f.kind, f.path, f.subject) for f in review.findings if not verdict.is_aside(f, review)}

    def again(alert: Alert) -> bool:
        # One of a metric that is gone cannot be checked, and is not kept.
        kinds = (
            (FindingKind.UNREADABLE, FindingKind.THRESHOLD) if alert.unchecked else (FindingKind.THRESHOLD,)
        )
        has_cell = not alert.unchecked and (alert.path, alert.name) in placed
        return not has_cell and any((kind, alert.path, alert.name) in told for kind in kinds)

    return replace(release, alerts=tuple(alert for alert in release.alerts if not again(alert)))
