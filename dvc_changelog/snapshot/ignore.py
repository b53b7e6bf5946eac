""".dvcignore: patterns as in .gitignore that hide DVC's files below their directory."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from dvc_changelog.snapshot.blobs import Blobs, Complaints
from dvc_changelog.snapshot.tree import Found
from dvc_changelog.snapshot.unreadable import decoded


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


def ignored(files: Iterable[Found], blobs: Blobs, complain: Complaints) -> Ignored:
    """What some .dvcignore files hide."""
    texts: dict[str, str] = {}
    for file in files:
        read = blobs.parsed(file.blob, file.path, lambda _, data: decoded(data), "ignore")
        texts[posixpath.dirname(file.path)] = complain.unless_failed(file.path, read) or ""
    return Ignored(texts)


@cache  # a file recurs in every revision
def _spec(text: str) -> Any:
    lines = [line.strip() for line in text.splitlines()]
    patterns = [line for line in lines if line and not line.startswith("#")]
    if not patterns:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)
