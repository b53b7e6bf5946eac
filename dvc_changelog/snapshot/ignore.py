""".dvcignore: patterns as in .gitignore that hide DVC's files below their directory."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping


class Ignored:
    """Which paths a project's .dvcignore files hide.

    Args:
        files: the text of each .dvcignore by the directory that it lies in ("" for the Git root).
    """

    def __init__(self, files: Mapping[str, str]) -> None:
        self._patterns = {
            directory: lines
            for directory, text in files.items()
            if (lines := [line for line in text.splitlines() if line.strip() and not line.startswith("#")])
        }

    def __bool__(self) -> bool:
        return bool(self._patterns)

    def __call__(self, path: str) -> bool:
        """Whether a file is hidden, itself or by a directory above it."""
        if not self._patterns:
            return False
        from pathspec import GitIgnoreSpec

        for directory, lines in self._patterns.items():
            inside = posixpath.relpath(path, directory) if directory else path
            if not inside.startswith("../") and GitIgnoreSpec.from_lines(lines).match_file(inside):
                return True
        return False
