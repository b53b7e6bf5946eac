"""The rules of a review and of `check`: all that a branch must not have, each with who brought it.

A rule is on the state of the head: what was so before the branch is found as well, and said to be.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from dvc_changelog.config import Config
from dvc_changelog.dataclass import dataclass
from dvc_changelog.diff import awaits_run
from dvc_changelog.domain import (
    OF_REVIEW,
    Alert,
    Commit,
    Finding,
    FindingKind,
    MetricChange,
    ParamChange,
    Release,
    Revision,
    Snapshot,
    Verdict,
)
from dvc_changelog.history import History
from dvc_changelog.insight import Judge, renamed_files
from dvc_changelog.insight.tangled import tangled
from dvc_changelog.insight.verdicts import UNREAD
from dvc_changelog.snapshot import Snapshots
from dvc_changelog.workflows import behind, faults, finding, stale
from dvc_changelog.workflows.branch import Branch
from dvc_changelog.workflows.ignored import of_ignored
from dvc_changelog.workflows.readiness import unreadable
from dvc_changelog.workflows.reasons import Reasons, keys_of, moved, unsure
from dvc_changelog.workflows.unchecked import as_unchecked, unchecked

CHEAP = tuple(kind for kind in OF_REVIEW if kind is not FindingKind.OUTDATED)
"""The rules that ask nothing of the history before the branch."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found, in order of weight, and one for each rule that could not be checked; see `Review`."""

    findings: tuple[Finding, ...]
    unchecked: tuple[Finding, ...] = ()


def findings(
    history: History, snapshots: Snapshots, release: Release, config: Config, **options: Any
) -> tuple[Finding, ...]:
    """What `looked` finds, alone."""
    return looked(history, snapshots, release, config, **options).findings


def looked(
    history: History,
    snapshots: Snapshots,
    release: Release,
    config: Config,
    *,
    commits: Sequence[Commit] | None = None,
    target: str = "",
    kinds: Collection[FindingKind] = CHEAP,
) -> Looked:
    """All that a branch must not have, and the rules of which nobody knows.

    Args:
        history: the repository.
        snapshots: reads it.
        release: the branch as it is told, from its base to its head. Where the head is the working tree, it
            must be readable still; what is not committed yet owes no reason.
        config: the limits, and which trailers are reasons.
        commits: those of `base..head`, newest first, merges included; read where they are not given.
        target: how the reader calls what the branch is compared with; by default as the base is called.
        kinds: what is looked for; see `held`. That the changelog is up to date costs as much as writing it.

    Returns:
        each with the commit that brought it, else the head; "" for what is not committed.

    Raises:
        GitError: the history cannot be read.
    """
    if commits is None:
        commits = _commits(history, release)
    branch = _Rules(history, snapshots, release, config, commits, target or _called(release.base))
    found, left = list[Finding](), list[Finding]()
    if not {FindingKind.THRESHOLD, FindingKind.UNREADABLE}.isdisjoint(kinds):
        found += branch.alerts()
    if FindingKind.REGRESSION in kinds:
        found += branch.regressions()
    if FindingKind.UNREADABLE in kinds:
        found += branch.unreadable()
        found += of_ignored(branch)
    if FindingKind.UNDOCUMENTED in kinds:
        found += branch.undocumented()
    if FindingKind.STALE_LOCK in kinds:
        found += behind.found_of(branch)
    if FindingKind.OUTDATED in kinds:
        from dvc_changelog.workflows.standing import not_up_to_date

        found += (told := tuple(not_up_to_date(history, snapshots, release, config, branch.last)))
        left += [as_unchecked(item) for item in told if item.kind is FindingKind.UNREADABLE]
    left += unchecked(release, branch.new, found, branch.wanted, branch.explained())
    asked = [kind for kind in kinds if kind is not FindingKind.UNDOCUMENTED or keys_of(config.note_trailers)]
    return Looked(_sorted(found, kinds), _sorted(left, asked))


def held(
    history: History, snapshots: Snapshots, release: Release, config: Config, kinds: Collection[FindingKind]
) -> tuple[FindingKind, ...]:
    """Those of the rules that say something here: what is not found of them does hold.

    No reason can be given where no trailer is one, and no changelog is out of date where there is none.
    """
    silent: set[FindingKind] = set()
    if not keys_of(config.note_trailers):
        silent.add(FindingKind.UNDOCUMENTED)
    if FindingKind.OUTDATED in kinds:
        from dvc_changelog.workflows.standing import ours

        if not ours(history, snapshots, release.head, config):
            silent.add(FindingKind.OUTDATED)
    return tuple(kind for kind in OF_REVIEW if kind in kinds and kind not in silent)


def failing(asked: Collection[str], default: Collection[FindingKind]) -> frozenset[FindingKind]:
    """The kinds to fail on: those asked for ("none" for nothing), else the default."""
    if not asked:
        return frozenset(default)
    return frozenset(kind for kind in OF_REVIEW if kind.value in asked)


def _sorted(found: Iterable[Finding], kinds: Collection[FindingKind]) -> tuple[Finding, ...]:
    """Those of some kinds, in order of weight."""
    of_kinds = (each for each in found if each.kind in kinds)
    return tuple(sorted(of_kinds, key=lambda each: OF_REVIEW.index(each.kind)))


def _called(base: Revision | None) -> str:
    return (base.version or base.name) if base else ""


def _commits(history: History, release: Release) -> list[Commit]:
    head = release.head.commit_id or history.head()
    base = release.base.commit_id if release.base else ""
    return history.commits(base, head) if base != head else []


@dataclass(slots=True)
class _Rules(Branch):
    """The rules, each with what it finds of a branch."""

    def alerts(self) -> Iterator[Finding]:
        """Metrics beyond their limits, moved by the branch or not, and limits that cannot be checked."""
        if not self.release.alerts:
            return
        changes = {(c.path, c.name): c for c in self._metrics() if c.name}
        was = renamed_files(self._metrics())
        before = {(a.path, a.name, a.limit, a.unchecked) for a in self._before()}
        told = finding.of_alerts(self.release.alerts)
        for alert, found in zip(self.release.alerts, told, strict=True):
            change = changes.get((alert.path, alert.name))
            old_path = was.get(alert.path, alert.path)
            so = (old_path, alert.name, alert.limit, alert.unchecked) in before
            said = faults.since(alert, change, self.target, was=so)
            remedy = self._correction(alert) or found.remedy
            by = self._by(change, alert.path)
            yield replace(found, what=f"{found.what} {said}".rstrip(), remedy=remedy, commit_id=by)

    def regressions(self) -> Iterator[Finding]:
        """Metrics that got worse by more than their tolerance, but for those beyond a limit."""
        beyond = {(a.path, a.name) for a in self.release.alerts if a.value is not None}
        for change in sorted(self._metrics(), key=faults.by_size):
            if change.judged.verdict is Verdict.WORSE and (change.path, change.name) not in beyond:
                yield replace(faults.of_regression(change), commit_id=self._by(change, change.path))

    def unreadable(self) -> Iterator[Finding]:
        """DVC files that cannot be read, and params and metrics that changed, or may have."""
        before = {(problem.path, problem.reason) for problem in self.old.problems}
        reasons = {problem.path: problem.reason for problem in self.new.problems if not problem.missing}
        for found in unreadable(self.new):
            if self.wanted(found.path):
                so = (found.path, reasons.get(found.path, "")) in before
                what = f"{found.what} {faults.already(self.target)}" if so else found.what
                yield replace(found, what=what, commit_id=self.last([found.path]))
        yield from self._tangled()
        limits = {alert.path for alert in self.release.alerts if alert.value is None}
        for change in self.release.changes:
            if not isinstance(change, MetricChange | ParamChange) or change.path in limits:
                continue
            if self._is_unread(change):
                reason = reasons.get(change.path) or reasons.get(change.within, "")
                found = faults.of_values(change, self.new, reason)
                yield replace(found, commit_id=self.last(self._records(change.path)))

    def _tangled(self) -> Iterator[Finding]:
        was = set(tangled(self.old))
        for path, why in tangled(self.new):
            if self.wanted(path):
                found = finding.of_unread(path, why)
                what = f"{found.what} {faults.already(self.target)}" if (path, why) in was else found.what
                yield replace(found, what=what, commit_id=self.last([path]))

    def undocumented(self) -> list[Finding]:
        """Models and source data that changed, with no commit that says why."""
        keys = keys_of(self.config.note_trailers)
        if not keys:
            return []
        sides = self.old, self.new
        changed = list(moved(self.release, sides, self.commits, self.snapshots, self.wanted))
        return faults.of_missing(Reasons(self.commits, keys).missing(changed), self.head, keys[0])

    def explained(self) -> set[str]:
        """The models that may have changed, and would have a reason for it."""
        doubtful = list(unsure(self.release, self.commits))
        keys = keys_of(self.config.note_trailers)
        left = Reasons(self.commits, keys).missing(doubtful) if doubtful and keys else doubtful
        return {each.path for each in doubtful} - {each.path for each in left}

    def _metrics(self) -> list[MetricChange]:
        return [change for change in self.release.changes if isinstance(change, MetricChange)]

    def _before(self) -> Iterator[Alert]:
        """The limits that what is compared with does not keep, or that could not be checked there."""
        judge = Judge(self.config.metric_rules)
        return judge.alerts({}, self.old.metrics, {}, blind=bool(self.old.unreadable))

    def _by(self, change: MetricChange | None, path: str) -> str:
        """The commit that moved a metric last, else the head."""
        if change is None:
            return self.release.head.commit_id
        return change.steps[0].commit_id if change.steps else self.last(self._records(path))

    def _records(self, path: str) -> list[str]:
        """The files of Git that say what is at a path."""
        outputs = (side.outputs.get(path) for side in (self.new, self.old))
        return [path, *(output.file for output in outputs if output)]

    def _correction(self, alert: Alert) -> str:
        """What to do where a limit cannot be checked, its file being broken or not made yet; "" else."""
        if alert.unchecked != UNREAD or not alert.path:
            return ""
        awaited = alert.path not in self.new.metrics and awaits_run(self.old, self.new)(alert.path)
        if awaited or stale.lacking(alert.path, self.new):
            return stale.remade(alert.path, self.new)
        at = self._hidden_by(alert.path, self.new) or alert.path
        reason = next((p.reason for p in self.new.problems if p.path == at and not p.missing), "")
        return f"Correct {finding.printable(at)}: {reason.rstrip('.')}." if reason else ""

    @staticmethod
    def _hidden_by(path: str, side: Snapshot) -> str:
        """The DVC file that cannot be read, where nothing is known of a metrics or params file; else ""."""
        if any(p.path == path for p in side.problems if not p.missing):
            return ""
        file = side.metrics.get(path) or side.params.get(path)
        known = side.outputs.get(path) or (file and (file.content or file.values is not None))
        return "" if known else next((found.path for found in unreadable(side)), "")

    def _is_unread(self, change: MetricChange | ParamChange) -> bool:
        """Whether it stands for a file that changed, or may have, and cannot be read, on either side.

        One that only was broken before, or that a broken dvc.lock hid, is mended; one that an unread
        dvc.yaml may declare is told by that.
        """
        if change.name or not change.unread:
            return False
        kind = "metrics" if isinstance(change, MetricChange) else "params"
        old, new = (getattr(side, kind).get(change.path) for side in (self.old, self.new))
        if change.path in self.new.awaited or (new and new.values is None):
            return not self._hidden_by(change.path, self.new)
        broken = any(p.path in {change.path, change.within} for p in self.old.problems)
        mended = broken or self._hidden_by(change.path, self.old)
        return bool(new and old and old.values is None and not mended)
