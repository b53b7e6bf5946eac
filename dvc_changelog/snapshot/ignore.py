""".dvcignore: patterns as in .gitignore that hide DVC's files below their directory."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any


class Ignored:
    """Which paths a project's .dvcignore files hide.

    Args:
        files: the text of each .dvcignore by the directory that it lies in ("" for the Git root).
    """

    def __init__(self, files: Mapping[str, str]) -> None:
        self._specs = [
            (f"{directory}/" if directory else "", spec)
            for directory, text in sorted(files.items())
            if (spec := _spec(text))
        ]

    def by(self, path: str, *, is_dir: bool = False) -> tuple[str, str] | None:
        """The .dvcignore that hides a file or directory, and its pattern that does; None where none does."""
        found: tuple[str, str] | None = None
        for prefix, spec in self._specs:
            if path.startswith(prefix):
                inside = path[len(prefix) :]
                asked = spec.check_file(f"{inside}/" if is_dir else inside)
                if asked.include is not None:
                    pattern = spec.patterns[asked.index].pattern
                    found = (f"{prefix}.dvcignore", pattern) if asked.include else None
        return found

    def __bool__(self) -> bool:
        return bool(self._specs)

    def __call__(self, path: str) -> bool:
        """Whether a file is hidden, itself or by a directory above; the nearest file to speak of it wins."""
        hidden = False
        for prefix, spec in self._specs:
            if path.startswith(prefix):
                said = spec.check_file(path[len(prefix) :]).include
                hidden = hidden if said is None else said
        return hidden


@cache  # a file recurs in every revision
def _spec(text: str) -> Any:
    lines = [line.strip() for line in text.splitlines()]
    patterns = [line for line in lines if line and not line.startswith("#")]
    if not patterns:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)
