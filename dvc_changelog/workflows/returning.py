"""Which releases had before what a release has again: read where something changed, each once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field, replace

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import OutputChange, ParamChange, Release, Rollback, Snapshot
from dvc_changelog.history import History, Span
from dvc_changelog.insight import KnownRelease, Past, restored
from dvc_changelog.snapshot import Snapshots
from dvc_changelog.workflows.paths import Paths

_Place = tuple[str, str]
"""A release: its commit, and its tag."""


@dataclass(slots=True)
class Returning:
    """Finds what is back in a release of one of these spans.

    `changelogs` are the files that a release writes itself, which every tree has otherwise.
    """

    history: History
    snapshots: Snapshots
    spans: Sequence[Span]
    paths: Paths
    changelogs: frozenset[str]
    _spans: dict[_Place, Span] = field(default_factory=dict)
    _known: dict[_Place, KnownRelease] = field(default_factory=dict)
    _past: Past = field(init=False)

    def __post_init__(self) -> None:
        self._past = Past(self.paths)
        for span in self.spans:
            if span.tag:
                self._spans[span.commit_id, span.key] = span
                self._spans.setdefault((span.commit_id, ""), span)

    def told(self, release: Release, span: Span) -> Release:
        """A release with what it has again."""
        changed = any(isinstance(change, OutputChange | ParamChange) for change in release.changes)
        if not changed or not span.base_tag:
            return release
        base = self._release((span.base, span.base_tag.name.text))
        known = self._known.get((span.commit_id, span.key))
        found = tuple(self._past.rollbacks(self.snapshots.at(release.head), base, known))
        whole = next((each.version for each in found if each.whole), "")
        again = self._past.again(release.changes, base, whole, self._prereleases(span.base, base.version))
        return replace(
            release,
            changes=tuple(restored(again, release.reverts)),
            rollbacks=tuple(self._with_tree(each, release) for each in found),
        )

    def _prereleases(self, *place: str) -> Iterator[tuple[str, Snapshot]]:
        """What those of a release had, newest first; of no release before it, whose line is long."""
        commit_id, version = place
        span = self._spans.get((commit_id, version))
        for tag in reversed(span.prereleases if span else ()):
            name = tag.name.text
            yield name, self.snapshots.at(self.history.at(tag.commit_id, name, name))

    def _release(self, place: _Place) -> KnownRelease:
        """A release with all that came before it, learned from the oldest on."""
        line: dict[_Place, None] = {}
        here: _Place | None = place
        while here and here not in self._known and here not in line:
            line[here] = None
            here = self._before(here)
        known = self._known.get(here) if here else None
        for commit_id, version in reversed(line):
            snapshot = self.snapshots.at(self.history.at(commit_id, version, version))
            known = self._known[commit_id, version] = self._past.learned(version, known, snapshot)
        return self._known[place]

    def _before(self, place: _Place) -> _Place | None:
        """What a release is compared with; of one that counts in its line by an alias, that of its own."""
        span = self._spans.get(place) or self._spans.get((place[0], ""))
        return (span.base, span.base_tag.name.text) if span and span.base_tag else None

    def _with_tree(self, rollback: Rollback, release: Release) -> Rollback:
        """Whether Git has all else as it was, too."""
        if not rollback.whole:
            return rollback
        places = {known.version: place for place, known in self._known.items()}
        there = self.history.at(places[rollback.version][0], "")
        return replace(rollback, tree=self.changelogs.issuperset(self.history.differing(there, release.head)))
