"""How an old/new pair differs."""

from __future__ import annotations

from enum import StrEnum


class ChangeType(StrEnum):
    """How the pair differs, in the words of `dvc diff`; UNKNOWN: it changed, but a side cannot be read."""

    ADDED = "added"
    DELETED = "deleted"
    MODIFIED = "modified"
    RENAMED = "renamed"
    UNKNOWN = "unknown"
