"""A branch under review: its two sides, its commits, and which of them touched a file last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field

from dvc_changelog.config import Config
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Commit, Release, Snapshot
from dvc_changelog.history import History
from dvc_changelog.snapshot import Snapshots
from dvc_changelog.workflows.paths import Paths


@dataclass(slots=True)
class Branch:
    """A branch.

    Args:
        history: the repository.
        snapshots: reads it.
        release: the branch as it is told, from its base to its head.
        config: which paths count.
        commits: those of `base..head`, newest first, merges included.
        target: how the reader calls what the branch is compared with.

    `old` and `new` are the two sides; `wanted` tells whether a path counts.
    """

    history: History
    snapshots: Snapshots
    release: Release
    config: Config
    commits: Sequence[Commit]
    target: str
    old: Snapshot = field(init=False)
    new: Snapshot = field(init=False)
    wanted: Callable[[str], bool] = field(init=False)

    def __post_init__(self) -> None:
        self.old, self.new = (self.snapshots.at(side) for side in (self.release.base, self.release.head))
        paths = Paths(self.config.include_paths, self.config.exclude_paths)
        self.wanted = paths.narrowed((self.old, self.new))

    @property
    def head(self) -> str:
        """The newest commit, be the working tree what is told."""
        return self.release.head.commit_id or (self.commits[0].id if self.commits else "")

    def last(self, paths: Iterable[str]) -> str:
        """The newest commit that touched one of these files, else the head."""
        wanted = set(paths)
        touching = (c.id for c in self.commits if any({f.path, f.old_path} & wanted for f in c.files))
        return next(touching, self.release.head.commit_id)
