"""Which paths a person wants to hear of: globs as in .gitignore, from the Git root, or one DVC project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import TYPE_CHECKING

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Scope, Snapshot, within

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(slots=True)
class Paths:
    """A filter by `include` (empty: all) and `exclude` globs, and by the project that is told alone.

    `reads` are what its stages read, wherever it lies: a file that several projects share is of each.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    scope: Scope | None = None
    reads: frozenset[str] = frozenset()
    _specs: tuple[GitIgnoreSpec | None, GitIgnoreSpec | None] = field(init=False)

    def __post_init__(self) -> None:
        self._specs = (_spec(self.include), _spec(self.exclude))

    def narrowed(self, sides: Iterable[Snapshot]) -> Paths:
        """The filter for what became of these snapshots: by their scope, if they have one."""
        scopes = [(side, side.scope) for side in sides if side.scope]
        if not scopes:
            return self
        nested = dict.fromkeys(inner for _, scope in scopes for inner in scope.nested)
        reads = {path for side, _ in scopes for path in _read(side)}
        scope = Scope(scopes[0][1].root, tuple(nested))
        return Paths(self.include, self.exclude, scope, frozenset(path for path in reads if not scope(path)))

    @property
    def everything(self) -> bool:
        """Whether nothing is filtered."""
        return not self.include and not self.exclude and self.scope is None

    def __call__(self, path: str) -> bool:
        """Whether a path is wanted."""
        if self.scope and not self.scope(path) and not any(within(path, read) for read in self.reads):
            return False
        include, exclude = self._specs
        if include is not None and not include.match_file(path):
            return False
        return exclude is None or not exclude.match_file(path)


def _read(snapshot: Snapshot) -> Iterable[str]:
    return (
        *snapshot.params,
        *snapshot.metrics,
        *(dep for stage in snapshot.stages.values() for dep in stage.deps if dep),
    )


def _spec(globs: tuple[str, ...]) -> GitIgnoreSpec | None:
    if not globs:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(globs)
