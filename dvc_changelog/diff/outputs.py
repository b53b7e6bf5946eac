"""Changes of outputs: data sets and models, by the hash that DVC recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dvc_changelog.diff.renames import pair_up
from dvc_changelog.domain import ChangeType, Output, OutputChange


def outputs(old: Mapping[str, Output], new: Mapping[str, Output]) -> Iterator[OutputChange]:
    """Outputs added, deleted, modified and renamed (equal content under another path)."""
    gone = {path: output for path, output in old.items() if path not in new}
    came = {path: output for path, output in new.items() if path not in old}
    moved = pair_up(gone, came, key=lambda output: (output.content.algorithm, output.content.digest))
    moved_to = set(moved.values())
    for path in sorted(old.keys() | new.keys()):
        before, after = old.get(path), new.get(path)
        if path in moved:
            target = moved[path]
            yield OutputChange(ChangeType.RENAMED, target, gone[path], came[target], old_path=path)
        elif before is None and after is not None and path not in moved_to:
            yield OutputChange(ChangeType.ADDED, path, None, after)
        elif after is None and before is not None:
            yield OutputChange(ChangeType.DELETED, path, before, None)
        elif before is not None and after is not None and before is not after:
            yield from _compared(path, before, after)


def _compared(path: str, old: Output, new: Output) -> Iterator[OutputChange]:
    if old.content.same(new.content):
        return
    sure = old.content.algorithm == new.content.algorithm and not old.content.may_equal(new.content)
    yield OutputChange(ChangeType.MODIFIED if sure else ChangeType.UNKNOWN, path, old, new)
