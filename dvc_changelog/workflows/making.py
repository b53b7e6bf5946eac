"""By which commits of a release, and by which runs, what its stages make became what it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import partial

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Content, Gap, OutputChange, Snapshot, Stage, Value
from dvc_changelog.insight import Making, Trail, are_two
from dvc_changelog.snapshot import Place, Snapshots
from dvc_changelog.workflows.followed import Blobs, Followed

Trails = Mapping[str, tuple[OutputChange, Trail, tuple[Place, ...]]]
"""What became of outputs along a release, by path, and where they are recorded."""


@dataclass(frozen=True, slots=True)
class Makings:
    """Tells of a path the commits that changed it, oldest first, with the runs around each.

    Nothing is told where not all of them are known, or they lead to something else than the base has. A lock
    is read only when it is asked for, and only where it differs from those of the release's two ends.

    Args:
        snapshots: where locks are read.
        sides: what was on both sides.
        base: the commit compared with.
        followed: the way between the two.
        trails: what became of outputs on it.
    """

    snapshots: Snapshots
    sides: tuple[Snapshot, Snapshot]
    base: str
    followed: Followed
    trails: Trails
    _known: dict[str, tuple[Making, ...]] = field(default_factory=dict)

    def __call__(self, path: str) -> Sequence[Making]:
        """See the class."""
        if path not in self._known:
            change, trail, places = self.trails.get(path, (None, None, ()))
            whole = change and trail and not trail.unread and self._begins(change, trail)
            stages = self._stages(change) if change and whole else None
            known = self._makings(trail, places, stages) if trail and stages else ()
            self._known[path] = tuple(known)
        return self._known[path]

    def _begins(self, change: OutputChange, trail: Trail) -> bool:
        """Whether a trail leads to the base, or, past it, to where the output was what it is there."""
        there, old = _content(trail.start), change.old.content if change.old else None
        return trail.outside == self.base or bool(there and old and (there.same(old) or there.may_equal(old)))

    def _stages(self, change: OutputChange) -> tuple[Stage, Stage] | None:
        """The stages that made an output before and now, where their runs can be told from locks alone."""
        found = [
            side.stages.get(output.stage)
            for output, side in zip((change.old, change.new), self.sides, strict=True)
            if output
        ]
        match found:
            case [Stage() as old, Stage() as new] if old.wdir == new.wdir and old.name and new.name:
                return old, new
            case _:
                return None

    def _makings(
        self, trail: Trail, places: tuple[Place, ...], stages: tuple[Stage, Stage]
    ) -> Iterator[Making]:
        way, blobs = self.followed.way(places)

        def ran(at: str | None, end: str, side: int) -> Stage | None:
            """The stage as a commit has it, None where it has the locks of the release's end."""
            if at is None or blobs[at] == blobs.get(end):
                return None
            return self._ran(places, blobs[at], (stages[side], stages[1 - side]))

        for move in reversed(trail.moves):
            parent = next(iter(way.parents.get(move.commit_id, ())), None)
            yield Making(
                move.commit_id,
                _content(move.old),
                _content(move.new),
                partial(ran, parent, self.base, 0),
                partial(ran, move.commit_id, way.head, 1),
            )

    def _ran(self, places: Sequence[Place], here: Blobs, stages: tuple[Stage, Stage]) -> Stage | None:
        """The stage that made an output with the run that these locks have; None if they have none.

        Args:
            places: where the output is recorded.
            here: the versions there, and those of each place's dvc.yaml.
            stages: that of the nearer end of the release, and that of the other one.
        """
        stage, other = stages
        beside = here[len(places) :] or ("",) * len(places)
        for place, blob, definition in zip(places, here[: len(places)], beside, strict=True):
            if not blob or not place.stage:
                continue
            if run := self.snapshots.past.run(place, blob, definition, stage.wdir):
                recorded = self.snapshots.past.recorded(place, blob, definition)
                name = "" if isinstance(recorded, Gap) else recorded.stage(place)
                if name == other.name and are_two(stage, other, self.sides):
                    return replace(other, ran=run)
                return replace(stage, ran=run)
        return None


def _content(state: Value | Gap) -> Content | None:
    return state if isinstance(state, Content) else None
