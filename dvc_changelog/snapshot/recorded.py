"""What one version of a dvc.lock or `.dvc` file records, to tell which outputs one commit rewrote."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from dvc_changelog.domain import Output, StageRun
from dvc_changelog.snapshot import dvcfile, lockfile
from dvc_changelog.snapshot.entries import join


def recorded_outputs(path: str, data: bytes) -> dict[str, object]:
    """Reader: what a dvc.lock or `.dvc` file records, in parts that are the same object where they are equal.

    Of a lock the runs by stage, of a `.dvc` file its outputs by path.
    """
    if posixpath.basename(path) == "dvc.lock":
        return dict(lockfile.parse(data).runs)
    return {out.path: out for out in dvcfile.parse(path, data).outputs}


def rewritten_outputs(path: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    """The outputs that two readings of `recorded_outputs` record otherwise; only what differs is read."""
    directory = posixpath.dirname(path)
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        if before is not after:
            was, now = _digests(before, directory), _digests(after, directory)
            yield from (out for out in dict.fromkeys((*was, *now)) if was.get(out) != now.get(out))


def _digests(part: object, directory: str) -> dict[str, tuple[str, str]]:
    """(algorithm, digest) by path of a part; a lock says no `wdir`, so its own directory serves."""
    match part:
        case StageRun():
            return {
                join(directory, out.path): (out.content.algorithm, out.content.digest)
                for out in part.outs
                if out.content
            }
        case Output():
            return {part.path: (part.content.algorithm, part.content.digest)}
        case _:
            return {}
