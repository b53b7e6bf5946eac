"""A span of history becomes a Release: snapshots compared, commits grouped, notes collected."""

from __future__ import annotations

import posixpath
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import partial
from typing import TYPE_CHECKING

from dvc_changelog.config import Config
from dvc_changelog.dataclass import dataclass
from dvc_changelog.diff import as_in_git, diff, migrations, with_points
from dvc_changelog.domain import (
    Bump,
    Change,
    ChangeType,
    Commit,
    Forge,
    Level,
    Note,
    Output,
    OutputChange,
    ParamChange,
    PlotChange,
    Problem,
    Release,
    Revision,
    Snapshot,
)
from dvc_changelog.history import History, Span, unsquashed
from dvc_changelog.insight import (
    Causes,
    Judge,
    Known,
    explained,
    grouped,
    measured,
    really_unmoved,
    restored,
    tag_notes,
    unmixed,
    unmoved,
    without_undone,
)
from dvc_changelog.snapshot import Snapshots
from dvc_changelog.versioning import Concern, concern_of, step_of
from dvc_changelog.workflows import judging
from dvc_changelog.workflows.attribution import Between
from dvc_changelog.workflows.bumping import bumped, in_git
from dvc_changelog.workflows.data_in_git import DataInGit
from dvc_changelog.workflows.declaring import as_declared
from dvc_changelog.workflows.events import Events
from dvc_changelog.workflows.housekeeping import Housekeeping
from dvc_changelog.workflows.listing import Listing
from dvc_changelog.workflows.mixing import made_up
from dvc_changelog.workflows.overruled import Overruled
from dvc_changelog.workflows.paths import Paths
from dvc_changelog.workflows.returning import Returning
from dvc_changelog.workflows.reverting import Reverting
from dvc_changelog.workflows.steady import Steady
from dvc_changelog.workflows.thinned import stale_at

if TYPE_CHECKING:
    from dvc_changelog.workflows.experiments import Experiments


_RECORDING = (".dvc", "dvc.lock")


@dataclass(slots=True)
class Teller:
    """Tells releases of one repository.

    `events` are those of GTO; `namesakes` and `forge` see `Release`; `changelogs` are the files whose own
    commits are no news, by default the one of the options; `experiments` is there where experiments are
    wanted. `spans` are all releases of the repository, whichever are told. `weighs` says whether to decide
    which step each asks for.
    """

    history: History
    snapshots: Snapshots
    config: Config
    events: Events = field(default_factory=Events)
    namesakes: frozenset[str] = frozenset()
    forge: Forge | None = None
    changelogs: frozenset[str] = frozenset()
    experiments: Experiments | None = None
    spans: Sequence[Span] = ()
    weighs: bool = True
    judge: Judge = field(init=False)
    _returning: Returning = field(init=False)
    _reverting: Reverting = field(init=False)
    _listing: Listing = field(init=False)

    def __post_init__(self) -> None:
        self.judge = Judge(self.config.metric_rules)
        self.changelogs = self.changelogs or frozenset((posixpath.normpath(self.config.output),))
        house = Housekeeping(self.changelogs, self.config)
        self._listing = Listing(self.config, house, self.snapshots.rewritten)
        self._reverting = Reverting(self.history, self.snapshots, self.spans)
        self.begin()

    def begin(self) -> None:
        """Tell anew: values may be here that were not before."""
        paths = Paths(self.config.include_paths, self.config.exclude_paths)
        self._returning = Returning(self.history, self.snapshots, self.spans, paths, self.changelogs)

    def release(self, span: Span, names: Mapping[str, str]) -> Release:
        """A release from a span of the history. `names` are what the user called commits."""
        tag = span.tag
        head = self.history.at(
            span.commit_id,
            tag.name.text if tag else names.get(span.commit_id, "HEAD"),
            tag.name.text if tag else None,
            tag.timestamp if tag else None,
        )
        base = None
        if span.base:
            version = span.base_tag.name.text if span.base_tag else None
            base = self.history.at(span.base, version or names.get(span.base, span.base[:7]), version)
        line = span.line if tag else self.config.artifact
        told = self.between(
            base,
            head,
            span.commits,
            span.key,
            shared=span.shared,
            since=span.since,
            concern=self._concern(line, base, head),
        )
        told = judging.over_time(self.judge, told, self.snapshots, self.earlier(span))
        before = self._since(span, base, head) - told.statistics["commits"]
        told = self._returning.told(told, span)
        return replace(
            told,
            line=span.line,
            notes=(*_of_tags(span, self.config.note_trailers), *told.notes),
            aliases=tuple(alias.name.text for alias in span.aliases),
            apart=span.apart,
            steady=self._steady(line, base, head),
            step=step_of(span.base_tag.name, tag.name) if tag and span.base_tag else Level.NONE,
            prerelease=span.prerelease,
            prereleases=tuple(tag.name.text for tag in span.prereleases),
            deployments=self.events.deployments.get(span.key, ()),
            lifecycle=self.events.lifecycle.get(span.key, ()),
            statistics={
                **told.statistics,
                "in_prereleases": max(0, before) if span.prereleases else 0,
            },
        )

    def _steady(self, line: str, base: Revision | None, head: Revision) -> bool:
        """Whether the artifact of a line is declared on both sides, and has the same data in its place."""
        if not line or not base:
            return False
        old, new = (_data_of(line, self.snapshots.at(side)) for side in (base, head))
        return bool(old and new and old.path == new.path and old.content.same(new.content))

    def _concern(self, line: str, base: Revision | None, head: Revision) -> Concern | None:
        """What concerns the artifact of a line, so that its release asks for what `next-version` would."""
        if not line or not self.weighs:
            return None
        return concern_of(line, (self.snapshots.at(base), self.snapshots.at(head)))

    def earlier(self, span: Span) -> Iterator[Revision]:
        """The releases before one, newest first: what it is compared with, what that is compared with, …."""
        known = {(each.commit_id, each.key): each for each in self.spans if each.tag}
        here: Span | None = span
        while here and here.base and here.base_tag:
            tag = here.base_tag
            yield self.history.at(here.base, tag.name.text, tag.name.text, tag.timestamp)
            here = known.get((here.base, tag.name.text))

    def tells(self, span: Span, names: Mapping[str, str]) -> bool:
        """Whether a span has anything to tell, GTO's events apart."""
        told = self.release(span, names)
        return bool(told.commits or told.changes)

    def _since(self, span: Span, base: Revision | None, head: Revision) -> int:
        """How many commits there are since the base, those of the prereleases in between included."""
        if not span.since:
            return 0
        sides = self.snapshots.at(base), self.snapshots.at(head)
        return len(self._listing.listed(span.since, self._paths(sides), Known.of(sides))[0])

    def _paths(self, sides: Iterable[Snapshot]) -> Paths:
        return Paths(self.config.include_paths, self.config.exclude_paths).narrowed(sides)

    def between(
        self,
        base: Revision | None,
        head: Revision,
        commits: Sequence[Commit],
        place: str = "",
        *,
        shared: Container[str] = (),
        since: Sequence[Commit] = (),
        concern: Concern | None = None,
    ) -> Release:
        """What changed from one revision to another, the commits in between, the experiments placed there.

        Commits that are `shared` by the base, which stands on another branch, moved nothing since it. `since`
        are all since the base, where prereleases in between tell the others. `concern` is that of the one
        artifact whose version is asked for.
        """
        old, new = self.snapshots.at(base), self.snapshots.at(head)
        paths = self._paths((old, new))
        known = Known.of((old, new))
        self.snapshots.past.expect(_recording(commits))
        listed, counts = self._listing.listed(commits, paths, known)
        told = self._grouped(listed, known)
        tried = self.experiments.told(place) if self.experiments else None
        way = [commit for commit in since or commits if commit.id not in shared]
        between = Between(self.history, self.snapshots, (old, new), (base, head), way)
        in_git = DataInGit(self.snapshots, (old, new), (base, head), way, paths)
        moved = between.attributed(in_git.among(self._changes((old, new), (base, head), paths)), paths)
        makings = Steady(between, moved.makings)
        causes = Causes(old, new, way, makings, self.snapshots.past.pinned)
        overruled = Overruled(self.history, self.snapshots, way)
        mixed = made_up(self.history, self.snapshots, way, old, new)
        changes, by_merges = overruled.told(unmixed(explained(moved.changes, causes), mixed))
        reverts = (*self._reverting.told(told, place, paths), *by_merges)
        changed = {c.path for c in changes if isinstance(c, OutputChange) and c.change is ChangeType.MODIFIED}
        told_of = measured(restored(changes, reverts), new, causes.maker)
        result = Release(
            head=head,
            base=base,
            project=paths.scope.root if paths.scope else None,
            state=self._listing.state(commits, paths),
            commits=tuple(told),
            movers=moved.movers,
            **judging.judged(self.judge, tuple(told_of), moved.swings, (old, new), paths),
            notes=tuple(self._listing.notes(commits, listed, paths)),
            migrations=tuple(migrations(old, new, changed)),
            experiments=tried,
            # Experiments are not cloned: where none is known, those that a changelog has stay in it.
            held=bool(tried),
            lacking=int(tried is not None and not self.history.trials),
            problems=tuple(p for p in _problems(old, new) if paths(p.path)),
            unmoved=tuple(u for u in really_unmoved(unmoved(causes), mixed) if any(map(paths, u.paths))),
            stale=tuple(s for s in stale_at(self.snapshots, (old, new), (base, head)) if paths(s.path)),
            projects=new.projects,
            filled=new.filled,
            base_filled=old.filled,
            obstacles=new.obstacles,
            base_obstacles=old.obstacles,
            remote=new.remote,
            base_remote=old.remote,
            pipelines=tuple(sorted({stage.path for stage in new.stages.values()})),
            namesakes=self.namesakes,
            forge=self.forge,
            reverts=reverts,
            mixed=mixed,
            merges=counts["merges"],
            statistics=counts,
        )
        if not self.weighs:
            return result
        weighed = result
        if way != list(commits):  # all on the way from its base counts, also what its prereleases tell
            more = self._grouped(self._listing.listed(way, paths, known)[0], known)
            weighed = replace(result, commits=tuple(more))
        return replace(result, bump=self._bump(weighed, paths, concern))

    def _bump(self, told: Release, paths: Paths, concern: Concern | None) -> Bump:
        """What a release asks for by its commits and changes."""
        sides = self.snapshots.at(told.base), self.snapshots.at(told.head)
        places = (partial(self.snapshots.git_id, revision=side) for side in (told.base, told.head))
        kept = in_git(told.changes, *places)
        return bumped(told, sides, self.config, paths, concern=concern, in_git=kept)

    def _grouped(self, listed: Iterable[Commit], known: Known) -> list[Commit]:
        return without_undone(grouped(unsquashed(listed), known, self.snapshots.rewritten))

    def _changes(
        self, sides: tuple[Snapshot, Snapshot], revisions: tuple[Revision | None, Revision], paths: Paths
    ) -> Iterator[Change]:
        """The changes, of outputs with what Git and DVC's cache tell beside, of plots with their points."""
        old, new = sides
        before, after = (partial(self.snapshots.git_id, revision=side) for side in revisions)
        crossing = self.snapshots.crossing(sides, revisions)
        metrics = {*old.metrics, *new.metrics}
        for change in diff(old, new):
            known: Change | None = change if paths(change.path) else None
            if isinstance(known, OutputChange):
                there = as_in_git(known, before, after)
                stored = crossing.told(there) if there else None
                known = self.snapshots.examined(stored, new.projects) if stored else None
            elif isinstance(known, ParamChange):
                known = as_declared(known, before, after, self.snapshots.past)
            elif isinstance(known, PlotChange):
                drawn = as_in_git(known, before, after)
                known = with_points(drawn, self.snapshots.plot_data, metrics) if drawn else None
            if known:
                yield known
        yield from (move for move in crossing.moves() if paths(move.path))


def _recording(commits: Iterable[Commit]) -> Iterator[str]:
    """The blobs that tell which data and models the commits changed."""
    for commit in commits:
        for file in commit.files:
            if file.path.endswith(_RECORDING):
                yield from filter(None, (file.old_blob, file.new_blob))


def _of_tags(span: Span, kinds: Mapping[str, str]) -> list[Note]:
    """What people wrote into the tags of a release, and of the prereleases that it tells."""
    return tag_notes((span.tag, *span.aliases, *reversed(span.folded)), kinds) if span.tag else []


def _data_of(artifact: str, snapshot: Snapshot) -> Output | None:
    """The output that an artifact stands for."""
    found = next((a for a in snapshot.artifacts.values() if a.address == artifact), None)
    return snapshot.outputs.get(found.path) if found else None


def _problems(old: Snapshot, new: Snapshot) -> list[Problem]:
    """What could not be read on either side; what is wrong alike on both is told of the new one.

    What is missing on the old side alone is mended, or gone.
    """
    here = {(problem.path, problem.reason) for problem in new.problems}
    return [
        *new.problems,
        *(p for p in old.problems if not p.missing and (p.path, p.reason) not in here),
    ]
