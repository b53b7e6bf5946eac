"""What outputs were in between that a release has as its base had them: something was made of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dvc_changelog.domain import (
    ChangeType,
    Commit,
    Content,
    Gap,
    Output,
    OutputChange,
    Revision,
    Snapshot,
    Value,
)
from dvc_changelog.history import History
from dvc_changelog.insight import Making, Trail
from dvc_changelog.snapshot import Place, Snapshots, place_of
from dvc_changelog.workflows.followed import UNCOMMITTED, Blobs, Followed
from dvc_changelog.workflows.making import Makings


@dataclass(frozen=True, slots=True)
class Steady:
    """Tells of a path the commits that changed it, of one that is back at the end too.

    Args:
        history: where commits outside of the release are found.
        snapshots: where files are read.
        sides: what was on both sides.
        revisions: the base, None for the empty state, and the head.
        commits: those of the release, newest first, merges included.
        makings: what is known of outputs that changed.
    """

    history: History
    snapshots: Snapshots
    sides: tuple[Snapshot, Snapshot]
    revisions: tuple[Revision | None, Revision]
    commits: Sequence[Commit]
    makings: Makings
    _ways: dict[frozenset[str], Followed] = field(default_factory=dict, init=False)
    _known: dict[str, Sequence[Making]] = field(default_factory=dict, init=False)

    def __call__(self, path: str) -> Sequence[Making]:
        """See the class; oldest first."""
        if path not in self._known:
            old, new = (side.outputs.get(path) for side in self.sides)
            steady = (
                old and new and old.stage and new.stage and not new.altered and old.content.same(new.content)
            )
            self._known[path] = self._back(old, new) if old and new and steady else self.makings(path)
        return self._known[path]

    def _back(self, old: Output, new: Output) -> Sequence[Making]:
        """What became of an output on the way from a content to the same."""
        found = [
            place_of(output, side) for output, side in zip((new, old), reversed(self.sides), strict=True)
        ]
        places = tuple(dict.fromkeys(place for place in found if place))
        followed = self._followed(places)
        if not followed.touched(places):
            return ()
        way, blobs = followed.way(places)

        def recorded(commit_id: str) -> Value | Gap:
            return new.content if commit_id == UNCOMMITTED else self._recorded(places, blobs[commit_id])

        trail = Trail(way, recorded, _alike)
        change = OutputChange(ChangeType.MODIFIED, new.path, old, new)
        base = self.revisions[0].commit_id if self.revisions[0] else ""
        return Makings(self.snapshots, self.sides, base, followed, {new.path: (change, trail, places)})(
            new.path
        )

    def _followed(self, places: Sequence[Place]) -> Followed:
        files = frozenset(place.file for place in places)
        if files not in self._ways:
            self._ways[files] = Followed(self.history, self.snapshots, self.revisions, self.commits, files)
        return self._ways[files]

    def _recorded(self, places: Sequence[Place], blobs: Blobs) -> Value | Gap:
        """The content that the first of these places has."""
        for place, blob in zip(places, blobs, strict=True):
            found = Gap.UNREAD if blob is None else self.snapshots.past.content(place, blob)
            if found is not Gap.ABSENT:
                return found
        return Gap.ABSENT


def _alike(one: Value | Gap, other: Value | Gap) -> bool:
    """Whether two contents are the same, or may be but for DVC's version."""
    if isinstance(one, Content) and isinstance(other, Content):
        return one.same(other) or one.may_equal(other)
    return one is other
