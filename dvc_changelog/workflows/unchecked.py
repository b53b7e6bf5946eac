"""Rules of which nobody knows whether they hold, since what would tell cannot be read. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace

from dvc_changelog.domain import (
    ChangeType,
    Finding,
    FindingKind,
    MetricChange,
    OutputChange,
    Release,
    Snapshot,
)
from dvc_changelog.insight.verdicts import GONE
from dvc_changelog.render.rules import unsure
from dvc_changelog.snapshot import Kind, kind_of
from dvc_changelog.workflows import finding

_OF_DVC = (Kind.DVCFILE, Kind.PIPELINE, Kind.LOCK)
_RULES = (FindingKind.THRESHOLD, FindingKind.REGRESSION, FindingKind.UNDOCUMENTED, FindingKind.STALE_LOCK)


def unchecked(
    release: Release,
    new: Snapshot,
    found: Iterable[Finding],
    wanted: Callable[[str], bool],
    explained: Collection[str] = (),
) -> Iterator[Finding]:
    """One for each rule that could not be checked, but for those that are known not to hold.

    Args:
        release: the branch, told.
        new: its head.
        found: all that was found, with those that say what cannot be read.
        wanted: whether a path is to be told of.
        explained: models that may have changed, and have a reason if they did.
    """
    found = tuple(found)
    broken = {kind: next(_why(kind, release, new, wanted, explained), None) for kind in _RULES}
    gone = (item for item in found if item.kind is FindingKind.STALE_LOCK and item.path not in new.locks)
    reasons = {item.path: item for item in gone if kind_of(item.path) is Kind.LOCK}
    reasons |= {item.path: item for item in found if item.kind is FindingKind.UNREADABLE}
    known = {item.kind for item in found}
    for kind, why in broken.items():
        if why and kind not in known:
            path, said = why
            there = reasons.get(path)
            remedy = there.remedy if there else "`dvc status` tells more."
            yield of_rule(kind, said, remedy, path, there.commit_id if there else "")


def as_unchecked(found: Finding) -> Finding:
    """Of what says that nobody can tell whether a changelog is up to date: that rule, not checked."""
    return replace(found, kind=FindingKind.OUTDATED)


def of_rule(kind: FindingKind, why: str, remedy: str, path: str, commit_id: str = "") -> Finding:
    """A rule that could not be checked; `why` is a sentence without its stop."""
    return Finding(kind, unsure(kind, why), remedy, path=path, commit_id=commit_id)


def _why(
    kind: FindingKind,
    release: Release,
    new: Snapshot,
    wanted: Callable[[str], bool],
    explained: Collection[str],
) -> Iterator[tuple[str, str]]:
    """The files for which a rule could not be checked, each with why."""
    match kind:
        case FindingKind.THRESHOLD:
            yield from _limits(release)
        case FindingKind.REGRESSION:
            yield from _metrics(release, next(_files(new, wanted), None))
        case FindingKind.UNDOCUMENTED:
            yield from _files(new, wanted)
            yield from _models(release, explained)
        case _:
            yield from _files(new, wanted)
            yield from _inputs(new, wanted)


def _limits(release: Release) -> Iterator[tuple[str, str]]:
    for alert in release.alerts:
        if alert.value is None and alert.unchecked != GONE:
            yield alert.path, f"of the limit of {alert.name or alert.path}, {alert.unchecked}"


def _metrics(release: Release, broken: tuple[str, str] | None) -> Iterator[tuple[str, str]]:
    """Metrics that cannot be compared; `broken` is the DVC file at fault where nothing is known of them."""
    for change in release.changes:
        if isinstance(change, MetricChange) and change.unread and not change.name:
            when = " as they were before" if change.unread == "before" else ""
            values = f"the values of {finding.printable(change.path)}{when}"
            if broken and not change.new_content and change.unread != "before":
                yield broken[0], f"{broken[1]}, and it says where {values} are"
            else:
                yield change.path, f"{values} cannot be read here"


def _files(new: Snapshot, wanted: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """DVC files that cannot be read: nobody knows what they track, or what their stages are."""
    for problem in new.problems:
        if kind_of(problem.path) in _OF_DVC and not problem.missing and wanted(problem.path):
            yield problem.path, f"{finding.printable(problem.path)} cannot be read"


def _models(release: Release, explained: Collection[str]) -> Iterator[tuple[str, str]]:
    """Models that may have changed; what is to be written elsewhere is what it was until then."""
    models = (c for c in release.changes if isinstance(c, OutputChange) and c.model and not c.awaited)
    for change in models:
        if change.content_change is ChangeType.UNKNOWN and change.path not in explained:
            output = change.new or change.old
            path = output.file if output else change.path
            yield path, f"whether the model {finding.printable(change.path)} changed is not known"


def _inputs(new: Snapshot, wanted: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """Params files that cannot be read, and stages ask for."""
    used = {file for stage in new.stages.values() if not stage.frozen for file, _ in stage.params}
    for path in sorted(used):
        file = new.params.get(path)
        if file and file.values is None and wanted(path):
            yield path, f"{finding.printable(path)} cannot be read"
