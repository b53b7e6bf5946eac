"""What one version of a dvc.lock or `.dvc` file records, to tell which outputs one commit rewrote.

A history has many more versions of a lock than releases, so as little of each as possible is parsed: of a
lock in DVC's own form only the outputs of the stages in which two versions differ.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache

from dvc_changelog.domain import Content, Dependency, Import, Output, Role, StageRun
from dvc_changelog.snapshot import dvcfile, lockfile
from dvc_changelog.snapshot.datasets import SCHEME
from dvc_changelog.snapshot.entries import join

_OUTS = b"\n    outs:\n"

_Recorded = tuple[str, Content]
"""An output's path, and its content."""


def recorded_outputs(path: str, data: bytes) -> dict[str, object]:
    """Reader: what a dvc.lock or `.dvc` file records, in parts that are equal where the outputs are.

    Of a lock the text of each stage's outputs in DVC's own form, else its runs; of a `.dvc` file its outputs.

    Raises:
        UnreadableError: see `lockfile.parse` and `dvcfile.parse`.
    """
    if posixpath.basename(path) != "dvc.lock":
        read = dvcfile.parse(path, data)
        return {out.path: (out, read.source) for out in read.outputs}
    chunks = None if b"\r" in data else lockfile.chunks_of(data)
    if chunks is None:
        lock = lockfile.parse(data)
        return {**lock.runs, **{out.path: (out, None) for out in _datasets(lock)}}
    return {lockfile.name_of(chunk): _outs(chunk) for chunk in chunks}


def rewritten_outputs(
    path: str, old: Mapping[str, object], new: Mapping[str, object], *, once_more: bool = False
) -> Iterator[str]:
    """The outputs that two readings of `recorded_outputs` record otherwise; only what differs is read.

    A stage under another name, stages in another order and what a mere migration leaves are no difference.
    Nor is, unless asked for, what is recorded `once_more`: by a stage that only one side has, as the other
    side has it for that path. DVC leaves the old entry of a stage that was renamed.
    """
    directory = posixpath.dirname(path)
    differing = [name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]
    was = _by_path(out for name in differing for out in _recorded(old.get(name), directory))
    now = _by_path(out for name in differing for out in _recorded(new.get(name), directory))
    lone = set[str]() if once_more else old.keys() ^ new.keys()
    made = {out for name in lone for side in (old, new) for out, _ in _recorded(side.get(name), directory)}
    sides = [_by_output(side, directory) for side in (old, new)] if made else []
    for out in dict.fromkeys((*was, *now)):
        again = out in made and _again(lone, *(side.get(out, {}) for side in sides))
        if not again and not _alike(was.get(out, []), now.get(out, [])):
            yield out
    yield from (name for name in differing if _moved(old.get(name), new.get(name)))


def contents_of(part: object, directory: str) -> dict[str, Content]:
    """The outputs in a part of what `recorded_outputs` read of a file in a directory."""
    return _in_text(part, directory) if isinstance(part, bytes) else dict(_recorded(part, directory))


def _by_path(recorded: Iterable[_Recorded]) -> dict[str, list[Content]]:
    """The contents by path: a lock says no `wdir`, so several stages may write what looks like one path."""
    contents: dict[str, list[Content]] = {}
    for path, content in recorded:
        contents.setdefault(path, []).append(content)
    return contents


def _alike(old: list[Content], new: list[Content]) -> bool:
    """Whether each content has its like on the other side."""
    left = list(new)
    for content in old:
        like = next((c for c in left if content.same(c)), None)
        like = like or next((c for c in left if content.may_equal(c)), None)
        if like is None:
            return False
        left.remove(like)
    return not left


def _by_output(side: Mapping[str, object], directory: str) -> dict[str, dict[str, Content]]:
    """The contents of each output by the stages that record it."""
    found: dict[str, dict[str, Content]] = {}
    for name, part in side.items():
        for out, content in contents_of(part, directory).items():
            found.setdefault(out, {})[name] = content
    return found


def _again(lone: Collection[str], old: Mapping[str, Content], new: Mapping[str, Content]) -> bool:
    """Whether an output differs but by `lone` stages: what these record, the side without them has too."""
    return _alike(_but_known(lone, old, new.values()), _but_known(lone, new, old.values()))


def _but_known(
    lone: Collection[str], here: Mapping[str, Content], known: Collection[Content]
) -> list[Content]:
    """The contents of one side, but for those that lone stages record, where the other side knows them."""
    return [
        content
        for name, content in here.items()
        if name not in lone or not any(content.same(k) or content.may_equal(k) for k in known)
    ]


def _moved(old: object, new: object) -> bool:
    """Whether an output, its content perhaps the same, comes from elsewhere: another source or revision."""
    match old, new:
        case (_, Import() as before), (_, Import() as after):
            return not before.same(after)
        case (_, before), (_, after):
            return before is not after
        case _:
            return False


def _datasets(lock: lockfile.LockFile) -> Iterator[Output]:
    """The datasets that a lock records, as if they were outputs: a commit that moves one touches data."""
    for entry in lock.datasets:
        yield Output(f"{SCHEME}{entry['name']}", Content("dataset", repr(entry)), Role.SOURCE)


def _outs(chunk: bytes) -> bytes:
    """The text of a stage's outputs, which DVC writes last."""
    at = chunk.find(_OUTS)
    return chunk[at + 1 :] if at >= 0 else b""


def _recorded(part: object, directory: str) -> Iterable[_Recorded]:
    """The outputs of a part; a lock says no `wdir`, so its own directory serves."""
    match part:
        case bytes():
            return _entries(part, directory)
        case StageRun():
            return _joined(part.outs, directory)
        case Output() as output, _:
            return ((output.path, output.content),)
        case _:
            return ()


@cache  # most stages are the same in most versions of a lock
def _in_text(outs: bytes, directory: str) -> dict[str, Content]:
    return dict(_entries(outs, directory))


@cache
def _entries(outs: bytes, directory: str) -> tuple[_Recorded, ...]:
    """The outputs in the text of a stage's outputs."""
    return _joined(lockfile.made_in(outs), directory)


def _joined(outs: Iterable[Dependency], directory: str) -> tuple[_Recorded, ...]:
    return tuple((join(directory, out.path), out.content) for out in outs if out.content)
