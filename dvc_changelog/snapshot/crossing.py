"""What became of an output that DVC keeps on the one side, and Git on the other.

What Git has is hashed as DVC does. It is read where the two sides have ids of different kinds, and nowhere
else, so that the cost grows with what changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import ChangeType, Content, Output, OutputChange, RemoteChange, Role, Snapshot
from dvc_changelog.snapshot.in_git import InGit
from dvc_changelog.snapshot.outdated import Outdated

_LACKING = {ChangeType.ADDED: "before", ChangeType.DELETED: "now"}


@dataclass(frozen=True, slots=True)
class Side:
    """What there is before, or now: all that DVC tracks, and all that Git has."""

    snapshot: Snapshot
    git: InGit


@dataclass(slots=True)
class Crossing:
    """Compares two sides; `outdated` makes the hashes."""

    outdated: Outdated
    old: Side
    new: Side
    _crossed: dict[str, bool] = field(default_factory=dict)
    """The outputs that went from the one to the other, each with whether it is the same."""

    def told(self, change: OutputChange) -> OutputChange | None:
        """A change by what became of the content, where Git has the one side of it.

        Returns:
            the change as it came, where Git has neither side or both; None where the content is the same;
            else MODIFIED with both contents, or UNKNOWN where what Git has is no file to compare: too large,
            or kept by Git LFS.
        """
        when = self._when(change)
        known = change.old if when == "now" else change.new
        side = self.new if when == "now" else self.old
        tree = side.git.tree
        if not when or known is None or tree is None:
            return change
        found = self.outdated.digests(change.path, known.content, tree)
        if known.content.digest in found:
            self._crossed[change.path] = True
            return None
        if found:
            legacy = known.content.legacy
            content = Content("md5", found[-1 if legacy else 0], legacy=legacy)
        elif blob := tree.blob(change.path):
            content = Content("git", blob)
        else:
            return change
        self._crossed[change.path] = False
        output = change.new if when == "now" else change.old
        there = replace(output, content=content) if output else _in_git(known, content, side.snapshot)
        fate = ChangeType.MODIFIED if found else ChangeType.UNKNOWN
        if when == "now":
            return replace(change, change=fate, new=there)
        return replace(change, change=fate, old=there)

    def moves(self) -> Iterator[RemoteChange]:
        """What Git keeps on the one side alone; to be asked for when all changes were told."""
        before, now = self.old.snapshot, self.new.snapshot
        both = before.outputs.keys() & now.outputs.keys()
        kept = {path for path in both if before.outputs[path].cached != now.outputs[path].cached}
        kept = {path for path in kept if not (_is_unread(path, before) or _is_unread(path, now))}
        kept |= (before.outputs.keys() ^ now.outputs.keys()) & before.metrics.keys() & now.metrics.keys()
        for path in sorted(kept | self._crossed.keys()):
            old, new = before.outputs.get(path), now.outputs.get(path)
            if old and old.cached and self.new.git.id(path):
                same = self._is_same(path, old, new, self.new)
                yield RemoteChange(ChangeType.MODIFIED, path, old.remote or "", "", "now", same=same)
            elif new and new.cached and self.old.git.id(path):
                same = self._is_same(path, new, old, self.old)
                yield RemoteChange(ChangeType.MODIFIED, path, "", new.remote or "", "before", same=same)

    def _is_same(self, path: str, kept: Output, other: Output | None, side: Side) -> bool:
        """Whether what DVC kept is what Git has."""
        if path in self._crossed:
            return self._crossed[path]
        if other:
            return kept.content.same(other.content)
        tree = side.git.tree
        found = self.outdated.digests(path, kept.content, tree) if tree else ()
        return kept.content.digest in found

    def _when(self, change: OutputChange) -> str:
        """The side that only Git has: "before" or "now"; "" where that is not so."""
        old, new = change.old, change.new
        if change.awaited or change.change is ChangeType.RENAMED:
            return ""
        if old and new:
            in_git = [output.content.algorithm == "git" for output in (old, new)]
            return "" if in_git[0] == in_git[1] else "before" if in_git[0] else "now"
        when = _LACKING.get(change.change, "")
        side = self.new if when == "now" else self.old
        return when if when and side.git.id(change.path) else ""


def _is_unread(path: str, snapshot: Snapshot) -> bool:
    """Whether the dvc.yaml that says who keeps an output cannot be read."""
    stage = snapshot.stages.get(snapshot.outputs[path].stage)
    broken = (problem.path for problem in snapshot.problems if not problem.missing)
    return stage is not None and stage.path in broken


def _in_git(known: Output, content: Content, snapshot: Snapshot) -> Output:
    """The side of an output that Git has, by the other one: of a stage where one still writes it."""
    stage = snapshot.stages.get(known.stage)
    made = stage is not None and known.path in {*stage.outs, *stage.metrics, *stage.plots}
    role, maker = (known.role, known.stage) if made else (Role.SOURCE, "")
    return replace(
        known,
        content=content,
        role=role,
        stage=maker,
        cached=False,
        file="",
        remote="",
        plots=(),
        altered=False,
        artifact=None,
    )
