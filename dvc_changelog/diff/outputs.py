"""Changes of outputs: data sets and models, by the hash that DVC recorded."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping

from dvc_changelog.diff.renames import pair_up
from dvc_changelog.domain import ChangeType, Output, OutputChange


def outputs(old: Mapping[str, Output], new: Mapping[str, Output]) -> Iterator[OutputChange]:
    """Outputs added, deleted, modified and renamed (equal content, or the same stage's, at another path)."""
    gone = {path: output for path, output in old.items() if path not in new}
    came = {path: output for path, output in new.items() if path not in old}
    moved = _moved(gone, came)
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


def _moved(gone: Mapping[str, Output], came: Mapping[str, Output]) -> dict[str, str]:
    """Old path -> new path: by content, and what is left by the stage where it makes but one of the kind."""
    moved = pair_up(gone, came, key=lambda output: (output.content.algorithm, output.content.digest))
    moved_to = set(moved.values())
    left = {path: output for path, output in gone.items() if path not in moved}
    new = {path: output for path, output in came.items() if path not in moved_to}
    alone = _unique(left) & _unique(new)
    pairs = pair_up(left, new, key=lambda output: kind if (kind := _kind(output)) in alone else None)
    return moved | {path: to for path, to in pairs.items() if _may_be_one(left[path], new[to])}


def _may_be_one(old: Output, new: Output) -> bool:
    """Two artifacts are two things, whichever stage makes them."""
    return not old.artifact or not new.artifact or old.artifact.name == new.artifact.name


def _unique(outputs: Mapping[str, Output]) -> set[Hashable]:
    """The kinds that occur once."""
    return {kind for kind, number in Counter(map(_kind, outputs.values())).items() if number == 1}


def _kind(output: Output) -> Hashable | None:
    """What a stage makes: a model of whatever form, or data of one suffix; None for what no stage makes."""
    if not output.stage:
        return None
    form = posixpath.splitext(output.path)[1], output.content.is_dir
    return output.stage, "model" if output.model else form


def _compared(path: str, old: Output, new: Output) -> Iterator[OutputChange]:
    if old.content.same(new.content):
        return
    sure = old.content.differs(new.content)
    yield OutputChange(ChangeType.MODIFIED if sure else ChangeType.UNKNOWN, path, old, new)
