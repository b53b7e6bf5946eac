"""The rules of a review and of `check`: all that a branch must not have, each with who brought it.

A rule is on the state of the head: what was so before the branch is found as well, and said to be.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import field, replace
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
    Stale,
    Verdict,
)
from dvc_changelog.history import History
from dvc_changelog.insight import Judge, renamed_files
from dvc_changelog.insight.verdicts import UNREAD
from dvc_changelog.snapshot import Snapshots
from dvc_changelog.workflows import faults, finding, stale
from dvc_changelog.workflows.lost import lock_of, of_frozen, of_lost, of_no_command, of_orphans
from dvc_changelog.workflows.paths import Paths
from dvc_changelog.workflows.readiness import unreadable
from dvc_changelog.workflows.reasons import Reasons, keys_of, moved
from dvc_changelog.workflows.unchecked import as_unchecked, unchecked

CHEAP = tuple(kind for kind in OF_REVIEW if kind is not FindingKind.OUTDATED)
"""The rules that ask nothing of the history before the branch."""

_FAR = 64
"""How many commits are looked at for the one that left a stage behind."""


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
    branch = _Branch(history, snapshots, release, config, commits, target or _called(release.base))
    found, left = list[Finding](), list[Finding]()
    if not {FindingKind.THRESHOLD, FindingKind.UNREADABLE}.isdisjoint(kinds):
        found += branch.alerts()
    if FindingKind.REGRESSION in kinds:
        found += branch.regressions()
    if FindingKind.UNREADABLE in kinds:
        found += branch.unreadable()
    if FindingKind.UNDOCUMENTED in kinds:
        found += branch.undocumented()
    if FindingKind.STALE_LOCK in kinds:
        found += branch.stale()
    if FindingKind.OUTDATED in kinds:
        from dvc_changelog.workflows.standing import not_up_to_date

        found += (told := tuple(not_up_to_date(history, snapshots, release, config, branch.last)))
        left += [as_unchecked(item) for item in told if item.kind is FindingKind.UNREADABLE]
    left += unchecked(release, branch.new, found, branch.wanted)
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
class _Branch:
    """A branch, and what is asked of it; see `findings`."""

    history: History
    snapshots: Snapshots
    release: Release
    config: Config
    commits: Sequence[Commit]
    target: str
    old: Snapshot = field(init=False)
    new: Snapshot = field(init=False)
    wanted: Callable[[str], bool] = field(init=False)

    def __post_init__(self) -> None:
        self.old, self.new = (self.snapshots.at(side) for side in (self.release.base, self.release.head))
        paths = Paths(self.config.include_paths, self.config.exclude_paths)
        self.wanted = paths.narrowed((self.old, self.new))

    @property
    def head(self) -> str:
        """The newest commit, be the working tree what is told."""
        return self.release.head.commit_id or (self.commits[0].id if self.commits else "")

    def last(self, paths: Iterable[str]) -> str:
        """The newest commit that touched one of these files, else the head."""
        wanted = set(paths)
        touching = (c.id for c in self.commits if any({f.path, f.old_path} & wanted for f in c.files))
        return next(touching, self.release.head.commit_id)

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
        told = {found.what for found in of_no_command(self.old)}
        for found in of_no_command(self.new):
            if self.wanted(found.path):
                what = f"{found.what} {faults.already(self.target)}" if found.what in told else found.what
                yield replace(found, what=what, commit_id=self.last([found.path]))
        limits = {alert.path for alert in self.release.alerts if alert.value is None}
        for change in self.release.changes:
            if not isinstance(change, MetricChange | ParamChange) or change.path in limits:
                continue
            if self._is_unread(change):
                reason = reasons.get(change.path) or reasons.get(change.within, "")
                found = faults.of_values(change, self.new, reason)
                yield replace(found, commit_id=self.last(self._records(change.path)))

    def undocumented(self) -> list[Finding]:
        """Models and source data that changed, with no commit that says why."""
        keys = keys_of(self.config.note_trailers)
        if not keys:
            return []
        sides = self.old, self.new
        changed = list(moved(self.release, sides, self.commits, self.snapshots, self.wanted))
        return faults.of_missing(Reasons(self.commits, keys).missing(changed), self.head, keys[0])

    def stale(self) -> Iterator[Finding]:
        """Stages that were not run since what they read, say or write changed."""
        before = {repr(item) for item in self.old.stale}
        by_stage: dict[str, list[Stale]] = {}
        for item in self.release.stale:
            by_stage.setdefault(item.stage, []).append(item)
        for found in stale.findings(self.release.stale, self.new):
            items = by_stage.get(found.subject, self.release.stale)
            so = all(repr(item) in before for item in items)
            what = f"{found.what} {faults.already(self.target)}" if so else found.what
            by = self.release.head.commit_id if so else self._left_behind(items)
            yield replace(found, what=what, commit_id=by, path=lock_of(found.path))
        for found in of_frozen(self.old, self.new):
            if self.wanted(found.path):
                by = self.last(
                    [*self.new.stages[found.subject].deps, *self.new.params] if found.subject else []
                )
                yield replace(found, commit_id=by, path=lock_of(found.path))
        head = self.release.head
        for found in of_orphans(self.old, self.new, lambda path: bool(self.snapshots.git_id(path, head))):
            if self.wanted(found.path):
                yield replace(found, commit_id=self.last(self._gone(found.subject)))
        base = self.release.base.commit_id[:7] if self.release.base else ""
        for found in of_lost(self.old, self.new, by_stage, base):
            if self.wanted(found.path):
                yield replace(found, commit_id=self.last([found.path]))

    def _gone(self, stage: str) -> list[str]:
        """The files of Git that said where the data of a stage is."""
        deps = self.new.stages[stage].deps
        return [self.old.outputs[dep].file for dep in deps if dep in self.old.outputs]

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
        if alert.path not in self.new.metrics and awaits_run(self.old, self.new)(alert.path):
            root = finding.root_of(self.new, alert.path)
            return f"`{finding.dvc_at(root)} repro`, then commit dvc.lock."
        at = self._hidden_by(alert.path) or alert.path
        reason = next((p.reason for p in self.new.problems if p.path == at and not p.missing), "")
        return f"Correct {finding.printable(at)}: {reason.rstrip('.')}." if reason else ""

    def _hidden_by(self, path: str) -> str:
        """The DVC file that cannot be read, where nothing is known of a metrics or params file; else ""."""
        if any(p.path == path for p in self.new.problems if not p.missing):
            return ""
        file = self.new.metrics.get(path) or self.new.params.get(path)
        known = self.new.outputs.get(path) or (file and (file.content or file.values is not None))
        return "" if known else next((found.path for found in unreadable(self.new)), "")

    def _is_unread(self, change: MetricChange | ParamChange) -> bool:
        """Whether it stands for a file that changed, or may have, and cannot be read, on either side.

        One that only was broken before is mended; one that an unread dvc.yaml may declare is told by that.
        """
        if change.name or not change.unread:
            return False
        kind = "metrics" if isinstance(change, MetricChange) else "params"
        old, new = (getattr(side, kind).get(change.path) for side in (self.old, self.new))
        if change.path in self.new.awaited or (new and new.values is None):
            return not self._hidden_by(change.path)
        broken = any(p.path in {change.path, change.within} for p in self.old.problems)
        return bool(new and old and old.values is None and not broken)

    def _left_behind(self, items: Sequence[Stale]) -> str:
        """The commit since which a stage is behind, along the first parents: a merge may have left it so."""
        keys = {_key(item) for item in items}
        known = {commit.id: commit for commit in self.commits}
        at, brought = self.head, self.release.head.commit_id
        for _ in range(_FAR):
            commit = known.get(at)
            if commit is None:
                break
            there = self.snapshots.at(Revision(commit.id, commit.tree_id, commit.timestamp, commit.id[:7]))
            if keys.isdisjoint(map(_key, there.stale)):
                break
            brought, at = commit.id, next(iter(commit.parents), "")
        return brought


def _key(item: Stale) -> tuple[str, ...]:
    return item.stage, item.since, item.path, item.name
