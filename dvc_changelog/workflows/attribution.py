"""Which commits of a release moved its metrics, params, data and models, from what Git told of them already.

No snapshot is made of a commit in between: its raw diff says which files it brought, and of these only those
are read that record what changed, each version once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cache, cached_property, partial
from operator import methodcaller
from typing import Any, TypeVar

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import (
    Change,
    ChangeType,
    Commit,
    Content,
    Gap,
    MetricChange,
    Output,
    OutputChange,
    ParamChange,
    Revision,
    Snapshot,
    Swing,
    Value,
    holders,
    same,
)
from dvc_changelog.history import History
from dvc_changelog.insight import Trail, Way
from dvc_changelog.snapshot import Place, Snapshots, Values, place_of
from dvc_changelog.workflows.followed import UNCOMMITTED, Blobs, Followed, files_of
from dvc_changelog.workflows.making import Makings

_THERE_AND_BACK = 2
"""Commits that a swing takes at least."""

_Places = tuple[Place, ...]
_Read = TypeVar("_Read")
_State = Value | Gap


@dataclass(frozen=True, slots=True)
class Attributed:
    """Changes with the commits that made them, swings, and the commits that moved metrics, newest first.

    `makings` tells of each output how it came to change.
    """

    changes: tuple[Change, ...]
    swings: tuple[Swing, ...]
    movers: tuple[Commit, ...]
    makings: Makings


@dataclass(frozen=True, slots=True)
class Between:
    """What a release compares, and its commits.

    Args:
        history: where commits outside of the release are found.
        snapshots: where files are read.
        sides: what was on both sides.
        revisions: the base, None for the empty state, and the head.
        commits: newest first, merges included.
    """

    history: History
    snapshots: Snapshots
    sides: tuple[Snapshot, Snapshot]
    revisions: tuple[Revision | None, Revision]
    commits: Sequence[Commit]
    touched: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        files = (file for commit in self.commits for file in commit.files)
        touched = {path for file in files for path in (file.old_path, file.path)}
        if self.revisions[1].working:
            touched |= {stage.path for side in self.sides for stage in side.stages.values()}
        object.__setattr__(self, "touched", frozenset(touched))

    def attributed(self, changes: Sequence[Change], wanted: Callable[[str], bool]) -> Attributed:
        """The changes with their commits; swings of metrics in files that are wanted, changed or not."""
        values = cache(self._of_values)
        places = [self._places(change, values) for change in changes]
        steady = {path: values(path, "metrics") for path in self._steady() if wanted(path)}
        files = {file for found in (*places, *steady.values()) for place in found for file in files_of(place)}
        followed = Followed(self.history, self.snapshots, self.revisions, self.commits, files)
        walker = _Walker(self, followed)
        found = [walker.told(change, own) for change, own in zip(changes, places, strict=True)]
        swings = [swing for _, swing in found if swing]
        for path, own in steady.items():
            if len(followed.touched(own)) >= _THERE_AND_BACK:
                swings += walker.swings(path, own)
        told = tuple(change for change, _ in found)
        moved: tuple[MetricChange | Swing, ...] = (
            *(change for change in told if isinstance(change, MetricChange)),
            *swings,
        )
        movers = {step.commit_id for item in moved for step in item.steps}
        makings = Makings(self.snapshots, self.sides, self.base, followed, walker.trails)
        return Attributed(told, tuple(swings), tuple(c for c in self.commits if c.id in movers), makings)

    @property
    def base(self) -> str:
        """The commit compared with, "" for the empty state."""
        base = self.revisions[0]
        return base.commit_id if base else ""

    def _steady(self) -> Iterator[str]:
        """The metrics files that both sides have and can read."""
        old, new = self.sides
        for path, file in new.metrics.items():
            before = old.metrics.get(path)
            if before and before.values and file.values:
                yield path

    def _places(self, change: Change, values: Callable[[str, str], _Places]) -> _Places:
        """Where versions of what changed are to be found; nowhere for what is not followed."""
        match change:
            case MetricChange() | ParamChange() if change.change is ChangeType.UNKNOWN:
                return ()
            case OutputChange(change=ChangeType.UNKNOWN) if not (change.old and change.new):
                return ()
            case MetricChange() if change.change is not ChangeType.RENAMED:
                return values(change.path, "metrics")
            case ParamChange():
                return values(change.path, "params")
            case OutputChange(old=old, new=new):
                was, now = self.sides
                if old and new and _beside(old, was) == _beside(new, now):
                    old = None
                pairs = ((new, now), (old, was))
                return _distinct(self._place(output, side) for output, side in pairs if output)
            case _:
                return ()

    def _place(self, output: Output, side: Snapshot, path: str = "") -> Place | None:
        """Where an output is recorded; its dvc.yaml is asked only where a commit may have changed it."""
        stage = side.stages.get(output.stage)
        renamed = stage is not None and stage.path in self.touched
        return place_of(output, side, path, renamed=renamed)

    def _of_values(self, path: str, kind: str) -> _Places:
        """Where a file is in Git, and where DVC's files record it, as far as it was there on either side."""
        found: list[Place | None] = []
        for side in reversed(self.sides):
            file = (side.metrics if kind == "metrics" else side.params).get(path)
            above = next((above for above in holders(path) if above in side.outputs), "")
            if file and above and file.content and file.content.algorithm != "git":
                found.append(self._place(side.outputs[above], side, path))
            elif file:
                found.insert(0, Place(path))
        return _distinct(found)


class _Versions(dict[str, _Read]):
    """What the commits of a way have at a place: each read once, when it is asked for.

    Args:
        way: with the blobs of its commits, see `Followed.way`.
        places: all that it is the way of.
        at: which of them.
        read: reads a version of the file there, with that of its dvc.yaml.
    """

    def __init__(
        self,
        way: tuple[Way, Mapping[str, Blobs]],
        places: _Places,
        at: int,
        read: Callable[[str, str | None], _Read],
    ) -> None:
        super().__init__()
        (self._way, self._blobs), self._at, self._read = way, at, read
        self._beside = len(places) + at if places[at].pipeline else None

    def __missing__(self, commit_id: str) -> _Read | Gap:
        row = self._blobs[commit_id]
        blob = row[self._at]
        if blob is None:
            return Gap.UNREAD
        found = self[commit_id] = self._read(blob, "" if self._beside is None else row[self._beside])
        return found

    @cached_property
    def whole(self) -> Mapping[str, _Read] | None:
        """What each commit has, where all of it is asked for anyway and can be read: on a line of commits."""
        forks = any(len(parents) > 1 for parents in self._way.parents.values())
        if forks or UNCOMMITTED in self._blobs:
            return None
        reads = {commit_id: self[commit_id] for commit_id in self._blobs}
        return None if any(isinstance(read, Gap) for read in reads.values()) else reads


_Source = tuple[_Versions[Any], Callable[[Any], _State]]
"""What commits have at a place, and what to take of a version that can be read."""


@dataclass(frozen=True, slots=True)
class _Walker:
    """Walks from the head of a release back to its base, for one value or output after the other."""

    between: Between
    followed: Followed
    trails: dict[str, tuple[OutputChange, Trail, _Places]] = field(default_factory=dict)
    _versions: dict[tuple[object, ...], _Versions[Any]] = field(default_factory=dict)
    """By the way, which `followed` keeps, and the place on it."""

    def told(self, change: Change, places: _Places) -> tuple[Change, Swing | None]:
        """A change with its commits, and the swing that a metric made."""
        match change:
            case OutputChange() if places:
                ends = tuple(side.content if side else Gap.ABSENT for side in (change.old, change.new))
                way = self.followed.way(places)
                trail = self._trail(way[0], list(self._recorded(way, places)), ends, _alike)
                if trail:
                    self.trails[change.path] = change, trail, places
                return (replace(change, commits=trail.commits) if trail else change), None
            case ParamChange() if places and (trail := self._of_value(change, places, "params")):
                return replace(change, commits=trail.commits), None
            case MetricChange() if places and (trail := self._of_value(change, places, "metrics")):
                steps = trail.steps()
                rest = trail.rest(steps, change.delta, self.between.base)
                return replace(change, steps=steps, rest=rest), self._swing(trail, change.path, change.name)
            case _:
                return change, None

    def swings(self, path: str, places: _Places) -> Iterator[Swing]:
        """The swings of those metrics of a file that are what they were."""
        old, new = (side.metrics[path].values or {} for side in self.between.sides)
        for name, value in new.items():
            if name in old and same(old[name], value):
                steady = MetricChange(ChangeType.MODIFIED, path, name, old[name], value)
                trail = self._of_value(steady, places, "metrics")
                if trail and (swing := self._swing(trail, path, name)):
                    yield swing

    def _swing(self, trail: Trail, path: str, name: str) -> Swing | None:
        """A swing, where the release's own commits lead from one side to the other."""
        return trail.swing(path, name) if trail.outside == self.between.base else None

    def _of_value(self, change: MetricChange | ParamChange, places: _Places, kind: str) -> Trail | None:
        named = methodcaller("get", change.name, Gap.ABSENT)
        way = self.followed.way(places)
        sources = [(versions, named) for versions in self._values(change.path, way, places, kind)]
        # What was renamed is followed under its new name, to where it came.
        new = change.change in {ChangeType.ADDED, ChangeType.RENAMED}
        before = Gap.ABSENT if new else change.old
        now = Gap.ABSENT if change.change is ChangeType.DELETED else change.new
        return self._trail(way[0], sources, (before, now), same)

    def _values(
        self, path: str, way: tuple[Way, Mapping[str, Blobs]], places: _Places, kind: str
    ) -> Iterator[_Versions[Values]]:
        """The versions of a params or metrics file at each of its places."""
        for at, place in enumerate(places):
            key = path, kind, id(way), at
            if key not in self._versions:
                read = partial(self.between.snapshots.past.values, path, place, kind=kind)
                self._versions[key] = _Versions(way, places, at, read)
            yield self._versions[key]

    def _recorded(self, way: tuple[Way, Mapping[str, Blobs]], places: _Places) -> Iterator[_Source]:
        """The versions of what records an output, and the output in them."""
        for at, place in enumerate(places):
            key = id(way), at
            if key not in self._versions:
                read = partial(self.between.snapshots.past.recorded, place)
                self._versions[key] = _Versions(way, places, at, read)
            yield self._versions[key], methodcaller("content", place)

    def _trail(
        self,
        way: Way,
        sources: Sequence[_Source],
        ends: tuple[_State, ...],
        alike: Callable[[object, object], bool],
    ) -> Trail | None:
        """The trail between two ends that the snapshots tell of.

        None where the files, read alone, say otherwise: what the snapshots tell came from elsewhere too (a
        declaration, another file), and no commit of these is to be blamed.
        """
        (before, now), base = ends, self.between.base

        def state(commit_id: str) -> _State:
            if commit_id == UNCOMMITTED:
                return now
            for versions, value in sources:
                read = versions[commit_id]
                found = read if isinstance(read, Gap) else value(read)
                if found is Gap.UNREAD:
                    # What is checked out can be read at an end, though DVC's cache lacks it.
                    return {base: before, way.head: now}.get(commit_id, Gap.UNREAD)
                if found is not Gap.ABSENT:
                    return found
            return Gap.ABSENT

        (versions, value), *others = sources
        if not others and (reads := versions.whole) is not None:
            states = {commit_id: value(read) for commit_id, read in reads.items()}
            trail = Trail(way, states.__getitem__, alike)
        else:
            trail = Trail(way, state, alike)
        sure = alike(trail.end, now) and (trail.outside != base or alike(trail.start, before))
        return trail if sure else None


def _beside(output: Output, side: Snapshot) -> tuple[str, ...]:
    """What decides where an output is recorded."""
    stage = side.stages.get(output.stage)
    return output.path, output.file, output.stage, output.content.algorithm, stage.wdir if stage else ""


def _distinct(places: Iterable[Place | None]) -> _Places:
    return tuple(dict.fromkeys(place for place in places if place))


def _alike(one: object, other: object) -> bool:
    """Whether two contents are the same, or may be but for DVC's version."""
    if isinstance(one, Content) and isinstance(other, Content):
        return one.same(other) or one.may_equal(other)
    return one is other
