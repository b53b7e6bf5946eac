"""What is in another form only: the hashes of DVC 2 and those of DVC 3, locks of another schema."""

from __future__ import annotations

from collections.abc import Container, Iterator

from dvc_changelog.domain import Migration, Snapshot


def migrations(old: Snapshot, new: Snapshot, changed: Container[str] = ()) -> Iterator[Migration]:
    """What moved to the form of another DVC, or back, without a change that could be seen.

    An output counts that has the same hash, or the same size where the hash of text is taken otherwise. One
    that changed as well is told as changed, and proves no migration.

    Args:
        old: what there was.
        new: what there is.
        changed: the outputs of which more than the hashes tells that they changed.
    """
    both = [path for path in old.outputs.keys() & new.outputs.keys() if path not in changed]
    pairs = [(old.outputs[path].content, new.outputs[path].content) for path in both]
    moved = [(was, now) for was, now in pairs if was.migrated(now) and (was.same(now) or was.may_equal(now))]
    for before, after in (("2", "3"), ("3", "2")):
        members = [(was, now) for was, now in moved if was.legacy is (before == "2")]
        if members:
            rehashed = sum(not was.same(now) for was, now in members)
            yield Migration(before, after, outputs=len(members), rehashed=rehashed)
    for path, schema in sorted(new.locks.items()):
        if path in old.locks and old.locks[path] != schema:
            yield Migration(old.locks[path], schema, path)
