"""What a reviewer must look at, worst first, and whether there is nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from operator import itemgetter
from types import MappingProxyType

from dvc_changelog.config import MetricRule
from dvc_changelog.dataclass import dataclass
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
from dvc_changelog.render import criteria, figures, headline, results
from dvc_changelog.render.comment import noticed
from dvc_changelog.render.comment.order import FIRST, NOTICED, Order
from dvc_changelog.render.comment.wording import marked, some
from dvc_changelog.render.commits import reference
from dvc_changelog.render.phrase import Phrase, code, joined, plain, prose, strong

_OF_METRICS = (FindingKind.THRESHOLD, FindingKind.REGRESSION)
_FEW = 5
_NUMBER = re.compile(r"(?<![A-Za-z\d])\d+")
"""A number in a name; that of `f1` is none."""
_ALL_FAIL = {1: "which fails", 2: "both of which fail"}
_NO_RULES: Mapping[str, MetricRule] = MappingProxyType({})
_UNTRACKED = (PackageChange, FileChanged)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something to look at, of the file at `path`, of `metrics` by their files and names."""

    said: Phrase
    fails: bool = False
    path: str = ""
    metrics: frozenset[tuple[str, str]] = frozenset()


def things(
    review: Review, release: Release, known: Collection[str], rules: Mapping[str, MetricRule] = _NO_RULES
) -> list[Thing]:
    """What is to be looked at, worst first. A metric is one thing, whatever ails it.

    Args:
        review: what was found.
        release: its release, as the comment tells it.
        known: words that are names wherever they stand.
        rules: those of metrics: how far one may move.
    """
    found: dict[object, list[Finding]] = {}
    unsure = (finding for finding in review.unchecked if finding.kind in review.fail_on)
    for number, finding in enumerate((*review.findings, *unsure)):
        if not is_aside(finding, review):
            found.setdefault(metric_of(finding) or number, []).append(finding)
    words, order = Words(release, known, review.noticed.shared), Order(release, rules)
    failing = set(review.failing)
    told: list[tuple[tuple[float, ...], Thing]] = []
    tiny: list[tuple[Finding, Thing]] = []
    alike: dict[tuple[str, str, bool], list[tuple[tuple[float, ...], Finding, Thing]]] = {}
    for first, *others in found.values():
        fails = not failing.isdisjoint((first, *others))
        metric = metric_of(first)
        thing = Thing(words.whole(first), fails, first.path, frozenset(filter(None, (metric,))))
        if first.kind is FindingKind.REGRESSION and not fails and order.is_tiny(first):
            tiny.append((first, thing))
        elif first.kind is FindingKind.REGRESSION and not others:
            alike.setdefault((first.path, _family(first), fails), []).append((order.of(first), first, thing))
        else:
            told.append(((not fails, *order.of(first)), thing))
    for (_, family, fails), group in alike.items():
        told += [((not fails, *rank), thing) for rank, thing in _of_family(family, group)]
    if loosened := criteria.loosened(review):
        told.append(((False, FIRST), Thing(loosened)))
    told += [((True, NOTICED), Thing(said)) for said in noticed.said(review, release)]
    in_order = [thing for _, thing in sorted(told, key=itemgetter(0))]
    return [*in_order, *_summed(tiny)]


def _family(finding: Finding) -> str:
    """As in "class_*.recall" of "class_017.recall"."""
    return _NUMBER.sub("*", finding.subject)


def _of_family(
    family: str, group: Sequence[tuple[tuple[float, ...], Finding, Thing]]
) -> Iterator[tuple[tuple[float, ...], Thing]]:
    """Metrics that differ but by a number in their names got worse: each, or of many the worst."""
    if len(group) <= _FEW:
        yield from ((rank, thing) for rank, _, thing in group)
        return
    rank, worst, thing = min(group, key=itemgetter(0))
    metrics = frozenset(place for _, _, each in group for place in each.metrics)
    how = worst.what.rpartition(" got worse: ")[2]
    lead = plain(f"{len(group):,} metrics ") + code(family) + " got worse, "
    yield rank, replace(thing, said=lead + code(worst.subject) + f" most: {how}", metrics=metrics)


def _summed(tiny: Sequence[tuple[Finding, Thing]]) -> Iterator[Thing]:
    """Moves that hardly are any: one as it is, more in a sentence."""
    if len(tiny) < 2:  # noqa: PLR2004  # nothing to sum up
        yield from (thing for _, thing in tiny)
        return
    names = dict.fromkeys(finding.subject for finding, _ in tiny)
    said = plain(f"{len(tiny):,} metrics got worse by less than 0.1 %: ") + some(map(code, names)) + "."
    yield Thing(said, metrics=frozenset(place for _, thing in tiny for place in thing.metrics))


def is_aside(finding: Finding, review: Review) -> bool:
    """Whether it stands at the end: a reason that is missing, where that does not fail."""
    return finding.kind is FindingKind.UNDOCUMENTED and finding.kind not in review.fail_on


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


def listed(found: Sequence[Thing]) -> list[Phrase]:
    """The things one by one; those that fail say so, where others do not."""
    mixed = len({thing.fails for thing in found}) > 1
    return [strong("Fails:") + " " + thing.said if mixed and thing.fails else thing.said for thing in found]


def came(found: Sequence[Thing], release: Release) -> Phrase:
    """What became of the metrics that are not among these things."""
    told = {place for thing in found for place in thing.metrics}
    unread = {thing.path for thing in found if not thing.metrics}

    def is_rest(change: Change) -> bool:
        if not isinstance(change, MetricChange):
            return False
        is_told = change.change is ChangeType.UNKNOWN and change.path in unread
        return not is_told and (change.path, change.name) not in told

    rest = replace(
        release,
        changes=tuple(filter(is_rest, release.changes)),
        trends=tuple(trend for trend in release.trends if (trend.path, trend.name) not in told),
        alerts=(),
    )
    if told and (better := results.all_better(rest)):
        return plain("The rest got better: ") + better + "."
    clauses = [*results.clauses(rest), *results.unread(rest)]
    return headline.sentence(clauses) if clauses else Phrase()


def asides(review: Review, release: Release, known: Collection[str]) -> Iterator[Phrase]:
    """What is said at the end: reasons that are missing, with the remedy."""
    by_remedy: dict[str, list[Finding]] = {}
    for finding in review.findings:
        if is_aside(finding, review):
            by_remedy.setdefault(finding.remedy, []).append(finding)
    words = Words(release, known, review.noticed.shared)
    for remedy, found in by_remedy.items():
        said = [words.what(finding) for finding in found[:_FEW]]
        if len(found) > _FEW:
            said.append(plain(f"So it is with {len(found) - _FEW:,} more."))
        yield joined(filter(None, (*said, prose(remedy))), " ")


def _nothing(review: Review) -> Phrase:
    release = review.release
    missing = sum(found.kind is FindingKind.UNDOCUMENTED for found in review.findings)
    what = "a reason is" if missing == 1 else f"{missing:,} reasons are"
    if review.unchecked or not _all_read(release):
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


def _all_read(release: Release) -> bool:
    """Whether all that could change the verdict was read."""
    problems = any(not problem.missing for problem in release.problems)
    valued = (MetricChange, ParamChange, OutputChange)
    return not problems and not any(
        isinstance(change, valued) and change.change is ChangeType.UNKNOWN for change in release.changes
    )


def metric_of(finding: Finding) -> tuple[str, str] | None:
    """The metric that a finding is of."""
    return (finding.path, finding.subject) if finding.kind in _OF_METRICS and finding.path else None


class Words:
    """Says what is wrong, with the names in it as code.

        What each sentence asks of a release is looked up once for all. `known` are words that are names
    wherever they stand, `shared` metrics that several files have, be they changed or not.
    """

    def __init__(
        self, release: Release, known: Collection[str], shared: frozenset[str] = frozenset()
    ) -> None:
        self._release, self._known, self._shared = release, known, shared
        metrics = (change for change in release.changes if isinstance(change, MetricChange))
        self._files: dict[str, set[str]] = {}
        for path, name in chain(
            ((c.path, c.name) for c in metrics), ((a.path, a.name) for a in release.alerts)
        ):
            self._files.setdefault(name, set()).add(path)

    def whole(self, finding: Finding) -> Phrase:
        """What is wrong, and what mends it; that a metric is to be better goes without saying."""
        remedy = Phrase() if metric_of(finding) else prose(finding.remedy)
        return joined(filter(None, (self.what(finding), remedy)), " ")

    def what(self, finding: Finding) -> Phrase:
        """What is wrong, and which commit brought it: not the head, which stands for any."""
        release, known = self._release, self._known
        what, names, commit_id = self._bare(finding), (finding.subject, finding.path), finding.commit_id
        if not commit_id:
            return marked(what, names, known)
        by = reference(commit_id, release.forge)
        before, here, after = what.partition(commit_id[:7])
        if here:
            return marked(before, names, known) + by + marked(after, names, known)
        if commit_id == release.head.commit_id:
            return marked(what, names, known)
        return marked(what.removesuffix("."), names, known) + " (" + by + ")."

    def _bare(self, finding: Finding) -> str:
        """The sentence without the file of a metric whose name only one file has."""
        if not finding.subject or self._release.several:
            return finding.what
        if finding.subject in self._shared or self._files.get(finding.subject) != {finding.path}:
            return finding.what
        return finding.what.replace(f"{finding.subject} ({finding.path})", finding.subject, 1)
