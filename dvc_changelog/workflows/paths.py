"""Which paths a person wants to hear of: globs as in .gitignore, from the Git root."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(slots=True)
class Paths:
    """A filter by `include` (empty: all) and `exclude` globs."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    _specs: tuple[GitIgnoreSpec | None, GitIgnoreSpec | None] = field(init=False)

    def __post_init__(self) -> None:
        self._specs = (_spec(self.include), _spec(self.exclude))

    @property
    def everything(self) -> bool:
        """Whether nothing is filtered."""
        return not self.include and not self.exclude

    def __call__(self, path: str) -> bool:
        """Whether a path is wanted."""
        include, exclude = self._specs
        if include is not None and not include.match_file(path):
            return False
        return exclude is None or not exclude.match_file(path)


def _spec(globs: tuple[str, ...]) -> GitIgnoreSpec | None:
    if not globs:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(globs)
