"""Which files of a directory came, went, changed and moved, where both sides are known. Pure."""

from __future__ import annotations

from dvc_changelog.dataclass import dataclass
from dvc_changelog.diff import pair_up
from dvc_changelog.domain import Content


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a directory by their fate, in the order of their names; `renamed` are (old, new)."""

    added: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.deleted or self.modified or self.renamed)


def files_between(old: Content, new: Content) -> Files | None:
    """The files' fates; None where the files of a side are not known, or hashes of two kinds do not compare.

    A file with the content of one that is gone was renamed.
    """
    if not old.listed or not new.listed or old.legacy != new.legacy:
        return None
    before = {path: digest for path, digest, _ in old.files}
    after = {path: digest for path, digest, _ in new.files}
    moved = pair_up(before, after, key=lambda digest: digest or None)
    came = set(moved.values())
    return Files(
        added=tuple(sorted(path for path in after.keys() - before.keys() if path not in came)),
        deleted=tuple(sorted(path for path in before.keys() - after.keys() if path not in moved)),
        modified=tuple(sorted(path for path in after.keys() & before.keys() if after[path] != before[path])),
        renamed=tuple(sorted(moved.items())),
    )
