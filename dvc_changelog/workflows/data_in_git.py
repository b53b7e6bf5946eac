"""Data that Git keeps and stages read, told as what DVC keeps is.

Which file of Git is data, its name alone tells (see `is_data`): a stage that reads a script names it in the
same way. What is told as something else is none: outputs, params, metrics, plots, whatever a stage writes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from dvc_changelog.dataclass import dataclass
from dvc_changelog.diff import pair_up
from dvc_changelog.domain import (
    Change,
    ChangeType,
    Commit,
    Content,
    FileChange,
    MetricChange,
    Output,
    OutputChange,
    Revision,
    Role,
    Snapshot,
    Touch,
    holders,
)
from dvc_changelog.insight.touches import by_name, is_data
from dvc_changelog.snapshot import Snapshots

_Sides = tuple[Snapshot, Snapshot]


def read(sides: _Sides) -> set[str]:
    """What stages of either side read."""
    return {dep for side in sides for stage in side.stages.values() for dep in stage.deps if dep}


def told_otherwise(sides: _Sides) -> set[str]:
    """What is told as something else than as a file of Git that is read, on either side."""
    stages = [stage for side in sides for stage in side.stages.values()]
    told = {path for side in sides for path in (*side.outputs, *side.metrics, *side.params, *side.plots)}
    return told | {path for stage in stages for path in (*stage.outs, *stage.metrics, *stage.plots)}


def is_of_git(change: OutputChange) -> bool:
    """Whether a change is one of these: Git has both sides, and no artifact stands for it."""
    outputs = [output for output in (change.old, change.new) if output]
    return all(output.content.algorithm == "git" and not output.artifact for output in outputs)


@dataclass(frozen=True, slots=True)
class DataInGit:
    """Tells the data of Git that stages read and that changed between two revisions.

    Args:
        snapshots: reads them.
        sides: what was on both sides.
        revisions: the base, None for the empty state, and the head.
        commits: those in between, newest first.
        wanted: whether a path is to be told of.
    """

    snapshots: Snapshots
    sides: _Sides
    revisions: tuple[Revision | None, Revision]
    commits: Sequence[Commit]
    wanted: Callable[[str], bool]

    def among(self, changes: Iterable[Change]) -> tuple[Change, ...]:
        """The other changes with these in their place: of outputs, by their paths."""
        others, own = tuple(changes), tuple(self.changes())
        if not own:
            return others
        outputs = sorted((*own, *(c for c in others if isinstance(c, OutputChange))), key=lambda c: c.path)
        first = (n for n, change in enumerate(others) if not isinstance(change, MetricChange))
        at = next(first, len(others))
        rest = (change for change in others[at:] if not isinstance(change, OutputChange))
        return (*others[:at], *outputs, *rest)

    def changes(self) -> Iterator[OutputChange]:
        """Files that came, went, changed or were renamed; of a directory of data alone, the directory.

        One that stages read from now on, or no more, and that Git has as before, did not change.
        """
        deps = read(self.sides)
        told = told_otherwise(self.sides)
        moved: dict[str, list[str]] = {}
        for file in self._changed(deps - told, *self.revisions) if deps else ():
            dep = next((above for above in holders(file.path) if above in deps), "")
            if dep and is_data(file.path) and self.wanted(file.path) and told.isdisjoint(holders(file.path)):
                moved.setdefault(dep, []).append(file.path)
        if not moved:
            return
        before, now = (dict(self._contents(moved, side, told)) for side in self.revisions)
        renamed = pair_up(before, now, key=lambda content: content.digest)
        came = set(renamed.values())
        for path in sorted({*before, *now} - came):
            old, new = before.get(path), now.get(renamed.get(path, path))
            yield self._change(renamed.get(path, path), old, new, path if path in renamed else "")

    def _contents(
        self, moved: Mapping[str, Sequence[str]], side: Revision | None, told: set[str]
    ) -> Iterator[tuple[str, Content]]:
        """What one side has of what changed, by the path that it is told by."""
        for dep, paths in moved.items():
            if self._is_whole(dep, told):
                files = {path: oid for path, oid in self._below(dep, side).items() if is_data(path)}
                if files:
                    listed = tuple((path.removeprefix(f"{dep}/"), oid, None) for path, oid in files.items())
                    digest = self.snapshots.git_id(dep, side)
                    yield dep, Content("git", digest, nfiles=len(listed), files=listed)
            else:
                found = ((path, self.snapshots.git_id(path, side)) for path in paths)
                yield from ((path, Content("git", oid)) for path, oid in found if oid)

    def _is_whole(self, dep: str, told: set[str]) -> bool:
        """Whether a directory has nothing but data, on both sides: then it is told as one thing."""
        files = {path for side in self.revisions for path in self._below(dep, side)}
        own = [path for path in files if by_name(path) not in {None, Touch.DOCS}]
        return bool(own) and all(is_data(path) and told.isdisjoint(holders(path)) for path in own)

    def _below(self, dep: str, side: Revision | None) -> Mapping[str, str]:
        return self.snapshots.in_git(side).below(dep)

    def _changed(self, places: Collection[str], old: Revision | None, new: Revision) -> Iterable[FileChange]:
        return self.snapshots.in_git(new).changed(places, self.snapshots.in_git(old))

    def _change(self, path: str, old: Content | None, new: Content | None, old_path: str) -> OutputChange:
        fate = ChangeType.MODIFIED if old and new else ChangeType.ADDED if new else ChangeType.DELETED
        return OutputChange(
            ChangeType.RENAMED if old_path else fate,
            path,
            _output(old_path or path, old),
            _output(path, new),
            old_path=old_path,
            commits=tuple(self._commits({path, old_path or path})),
        )

    def _commits(self, paths: Collection[str]) -> Iterator[str]:
        """The commits that touched data there, newest first; "" for what is not committed yet."""
        of_data = _is_data_at(paths)
        if self.revisions[1].working and any(of_data(file.path) for file in self._uncommitted(paths)):
            yield ""
        for commit in self.commits:
            if any(of_data(path) for file in commit.files for path in (file.path, file.old_path)):
                yield commit.id

    def _uncommitted(self, paths: Collection[str]) -> Iterable[FileChange]:
        base, head = self.revisions
        last = self.commits[0] if self.commits else None
        committed = last.revision if last else base
        return self._changed(paths, committed, head)


def _is_data_at(places: Collection[str]) -> Callable[[str], bool]:
    return lambda path: is_data(path) and any(place in places for place in holders(path))


def _output(path: str, content: Content | None) -> Output | None:
    return Output(path, content, Role.SOURCE, cached=False, file=path) if content else None
