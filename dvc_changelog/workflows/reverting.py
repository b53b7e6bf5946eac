"""What the reverts of a release took back, and which release had brought it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field

from dvc_changelog.dataclass import dataclass
from dvc_changelog.diff import diff
from dvc_changelog.domain import (
    Change,
    Commit,
    MetricChange,
    OutputChange,
    ParamChange,
    Revert,
    Snapshot,
    Touch,
)
from dvc_changelog.errors import ChangelogError
from dvc_changelog.history import History, Span, first_releases, without_number
from dvc_changelog.insight import UNDONE, names_a_commit, quoted, reverted
from dvc_changelog.snapshot import Snapshots

_TRACKED = {Touch.MODEL, Touch.DATA, Touch.METRICS, Touch.PARAMS}


@dataclass(slots=True)
class Reverting:
    """Finds what the reverts among some commits took back."""

    history: History
    snapshots: Snapshots
    spans: Sequence[Span]
    _titles: dict[str, list[Commit]] = field(default_factory=dict)
    _releases: dict[str, str] = field(default_factory=dict)

    def told(
        self, commits: Iterable[Commit], release: str, wanted: Callable[[str], bool]
    ) -> Iterator[Revert]:
        """The reverts among the commits of a release, but for what is undone within it.

        Args:
            commits: with what they touched.
            release: the tag's name, "" for none.
            wanted: which paths are told.
        """
        for commit in commits:
            if commit.group != UNDONE and names_a_commit(commit):
                yield self._revert(commit, release, wanted)

    def _revert(self, commit: Commit, release: str, wanted: Callable[[str], bool]) -> Revert:
        known = self.history.known()
        target = reverted(commit, known, self._titled)
        version = self._version(target)
        return Revert(
            commit.id,
            target or commit.reverts,
            known[target].message if target else quoted(commit),
            "" if version == release else version,
            tuple(dict.fromkeys(self._undid(commit, target or commit.reverts, wanted))),
        )

    def _titled(self, title: str) -> Iterable[Commit]:
        if not self._titles:
            self._titles = defaultdict(list)
            for commit in self.history.known().values():
                self._titles[without_number(commit.message)].append(commit)
        return self._titles.get(title, ())

    def _version(self, commit_id: str) -> str:
        """The first release that had a commit; "" if none has it."""
        if not self._releases:
            self._releases = first_releases(self.spans)
        return self._releases.get(commit_id, "")

    def _undid(self, commit: Commit, target: str, wanted: Callable[[str], bool]) -> Iterator[str]:
        """What of the tracked things a revert changed back: if its target is known, what that had changed."""
        before = self._before(commit.id)
        if before is None or _TRACKED.isdisjoint(commit.touches):
            return
        after, once = self._at(commit.id), self._before(target)
        changes = [change for change in diff(before, after) if wanted(change.path)]
        if once:
            brought = set(map(_key, diff(once, self._at(target))))
            left = set(map(_key, diff(once, after)))
            changes = [change for change in changes if _key(change) in brought - left]
        yield from (change.path for change in changes if isinstance(change, OutputChange))
        for kind in (ParamChange, MetricChange):
            yield from (change.name or change.path for change in changes if isinstance(change, kind))

    def _before(self, commit_id: str) -> Snapshot | None:
        """The state that a commit began from; None where that is not here. A review knows few commits."""
        commit = self.history.known().get(commit_id)
        if not commit_id or (commit and not commit.parents):
            return None
        try:
            return self._at(commit.parents[0] if commit else self.history.git.resolve(f"{commit_id}^"))
        except ChangelogError:
            return None

    def _at(self, commit_id: str) -> Snapshot:
        return self.snapshots.at(self.history.at(commit_id, ""))


def _key(change: Change) -> tuple[str, str, str]:
    name = change.name if isinstance(change, ParamChange | MetricChange) else ""
    return type(change).__name__, change.path, name
