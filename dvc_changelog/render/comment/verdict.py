"""What a reviewer must look at, worst first, and whether there is nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from dvc_changelog.domain import (
    Change,
    ChangeType,
    FileChanged,
    Finding,
    FindingKind,
    MetricChange,
    OutputChange,
    PackageChange,
    ParamChange,
    Release,
    Review,
)
from dvc_changelog.render import figures, headline, results
from dvc_changelog.render.comment.wording import marked
from dvc_changelog.render.commits import reference
from dvc_changelog.render.phrase import Phrase, joined, plain, prose, strong

_OF_METRICS = (FindingKind.THRESHOLD, FindingKind.REGRESSION)
_FEW = 5
_ALL_FAIL = {1: "which fails", 2: "both of which fail"}
_UNTRACKED = (PackageChange, FileChanged)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something to look at, in one or two sentences. `metric` is what it is of: path and name."""

    said: Phrase
    fails: bool
    metric: tuple[str, str] | None = None


def things(review: Review, release: Release, known: Collection[str]) -> list[Thing]:
    """What is to be looked at: those that fail the check first. A metric is one thing, whatever ails it."""
    found: dict[object, list[Finding]] = {}
    for number, finding in enumerate(review.findings):
        if not is_aside(finding, review):
            found.setdefault(metric_of(finding) or number, []).append(finding)
    failing = {finding for finding in review.findings if finding.kind in review.fail_on}
    told = [
        Thing(_said(members[0], release, known), any(m in failing for m in members), metric_of(members[0]))
        for members in found.values()
    ]
    return sorted(told, key=lambda thing: not thing.fails)


def is_aside(finding: Finding, review: Review) -> bool:
    """Whether it stands at the end: a missing reason, or a file that no limit is of, where neither fails."""
    if finding.kind in review.fail_on:
        return False
    unread = finding.kind is FindingKind.UNREADABLE and not finding.subject
    return unread or finding.kind is FindingKind.UNDOCUMENTED


def lead(found: Sequence[Thing], review: Review) -> Phrase:
    """How many things there are, and how many of them fail the check; or what "nothing" means here."""
    if not found:
        return _nothing(review)
    count = strong(f"{figures.count(len(found), 'thing')} to look at")
    failing = sum(thing.fails for thing in found)
    if not failing:
        return strong(f"{figures.count(len(found), 'thing')} to look at.")
    if failing == len(found):
        return count + f", {_ALL_FAIL.get(failing, 'all of which fail')} the check."
    return count + f", {failing:,} of which {'fails' if failing == 1 else 'fail'} the check."


def came(found: Sequence[Thing], release: Release) -> Phrase:
    """What became of the metrics that are not among these things."""
    told = {thing.metric for thing in found}

    def is_rest(change: Change) -> bool:
        return not isinstance(change, MetricChange) or (change.path, change.name) not in told

    rest = replace(
        release,
        changes=tuple(filter(is_rest, release.changes)),
        trends=tuple(trend for trend in release.trends if (trend.path, trend.name) not in told),
        alerts=(),
    )
    if told - {None} and (better := results.all_better(rest)):
        return plain("The rest got better: ") + better + "."
    clauses = [*results.clauses(rest), *results.unread(rest)]
    return headline.sentence(clauses) if clauses else Phrase()


def asides(review: Review, known: Collection[str]) -> Iterator[Phrase]:
    """What is said at the end: reasons that are missing, and what cannot be read, each with its remedy.

    What stands among the problems of the release is told there.
    """
    told = {problem.path for problem in review.release.problems}
    by_remedy: dict[str, list[Finding]] = {}
    for finding in review.findings:
        unread = finding.kind is FindingKind.UNREADABLE
        if is_aside(finding, review) and not (unread and finding.path in told):
            by_remedy.setdefault(finding.remedy, []).append(finding)
    for remedy, found in by_remedy.items():
        said = [_what(finding, review.release, known) for finding in found[:_FEW]]
        if len(found) > _FEW:
            said.append(plain(f"So it is with {len(found) - _FEW:,} more."))
        yield joined(filter(None, (*said, prose(remedy))), " ")


def _nothing(review: Review) -> Phrase:
    release = review.release
    missing = sum(found.kind is FindingKind.UNDOCUMENTED for found in review.findings)
    what = "a reason is" if missing == 1 else f"{missing:,} reasons are"
    if not _all_read(review):
        also = f", and {what} missing" if missing else ""
        return strong("Nothing to look at in what could be read.") + f" Not all could{also}: see below."
    if missing:
        return strong("Nothing to look at") + f", but {what} missing: see below."
    if not release.projects:
        return strong("Nothing to look at.") + " There is no DVC project here."
    if all(isinstance(change, _UNTRACKED) for change in release.changes):
        where = f" in {release.project}" if release.project else ""
        return strong(f"Nothing that DVC tracks{where} changed.")
    return strong("Nothing to look at.")


def _all_read(review: Review) -> bool:
    """Whether all that could change the verdict was read."""
    release = review.release
    problems = any(not problem.missing for problem in release.problems)
    valued = (MetricChange, ParamChange, OutputChange)
    unknown = any(isinstance(c, valued) and c.change is ChangeType.UNKNOWN for c in release.changes)
    unread = any(found.kind is FindingKind.UNREADABLE for found in review.findings)
    return not (problems or unknown or unread)


def metric_of(finding: Finding) -> tuple[str, str] | None:
    """The metric that a finding is of."""
    return (finding.path, finding.subject) if finding.kind in _OF_METRICS and finding.path else None


def _said(finding: Finding, release: Release, known: Collection[str]) -> Phrase:
    place = metric_of(finding)
    if told := _of_metric(finding.kind, place, release) if place else Phrase():
        return headline.sentence([told])
    what = _what(finding, release, known)
    return what if place else joined(filter(None, (what, prose(finding.remedy))), " ")


def _of_metric(kind: FindingKind, place: tuple[str, str], release: Release) -> Phrase:
    """The values of a metric and what is wrong with them, as the release has it."""
    if kind is FindingKind.THRESHOLD:
        alerts: Iterable[Phrase] = (
            results.beyond(alert, release) for alert in release.alerts if (alert.path, alert.name) == place
        )
        return next((told for told in alerts if told), Phrase())
    changes = (c for c in release.changes if isinstance(c, MetricChange) and (c.path, c.name) == place)
    return next((results.step(change, release) for change in changes), Phrase())


def _what(finding: Finding, release: Release, known: Collection[str]) -> Phrase:
    """What is wrong, and where it came from."""
    what, names = finding.what, (finding.subject, finding.path)
    if not finding.commit_id or finding.commit_id[:7] in what:
        return marked(what, names, known)
    by = plain(" (") + reference(finding.commit_id, release.forge) + ")."
    return marked(what.removesuffix("."), names, known) + by
