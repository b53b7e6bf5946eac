"""Which files of a directory came, went and changed, where the record lists them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from dvc_changelog.domain import Content


@dataclass(frozen=True, slots=True)
class Files:
    """How many files of a directory have which fate."""

    added: int = 0
    deleted: int = 0
    modified: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.deleted or self.modified)


def files_between(old: Content, new: Content) -> Files | None:
    """The files' fates; None where a side does not list its files (only cloud-versioned directories do)."""
    if not old.files or not new.files:
        return None
    before = {path: digest for path, digest, _ in old.files}
    after = {path: digest for path, digest, _ in new.files}
    return Files(
        added=len(after.keys() - before.keys()),
        deleted=len(before.keys() - after.keys()),
        modified=sum(1 for path in after.keys() & before.keys() if after[path] != before[path]),
    )
